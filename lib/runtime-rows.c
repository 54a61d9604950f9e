/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of runtime-table.h in words, for 'hookwright lint --runtimes' and the manual. Apart
 * from runtime.c because the wrapper needs none of these texts.
 */
#include <stdio.h>

#include "runtime.h"

struct span {
	unsigned old[3], new[3];
};

#define V(major, minor, patch)      \
	{                           \
		major, minor, patch \
	}
#define EVER              \
	{                 \
		{ 0 },    \
		{         \
			0 \
		}         \
	}
#define SEEN(...) SEEN_(__VA_ARGS__)
#define SEEN_(...)          \
	{                   \
		__VA_ARGS__ \
	}
#define AT(...)                    \
	{                          \
		{ 0 }, __VA_ARGS__ \
	}

static const char *const behaviours[][2] = {
#define BEHAVIOUR(name, words) [name] = { #name, words },
#define ROW(...)
#include "runtime-table.h"
#undef BEHAVIOUR
#undef ROW
};

static const struct {
	enum behaviour behaviour;
	const char *runtime;
	struct span since, until;
	const char *proof;
} rows[] = {
#define RUNC "runc"
#define CRUN "crun"
#define BEHAVIOUR(...)
#define ROW(behaviour, runtime, since, until, proof) { behaviour, runtime, since, until, proof },
#include "runtime-table.h"
};

size_t runtime_rows_count(void)
{
	return ARRAY_SIZE(rows);
}

/* "1.2.0", "after 1.1.15, by 1.3.6", or "". */
static void describe(const struct span *span, char *buf, size_t size)
{
	const unsigned *a = span->old, *b = span->new;

	buf[0] = '\0';
	if (b[0] && a[0])
		snprintf(buf, size, "after %u.%u.%u, by %u.%u.%u", a[0], a[1], a[2], b[0], b[1],
			 b[2]);
	else if (b[0])
		snprintf(buf, size, "%u.%u.%u", b[0], b[1], b[2]);
}

void runtime_row(size_t index, struct runtime_row *ret)
{
	*ret = (struct runtime_row){
		.behaviour = behaviours[rows[index].behaviour][0],
		.words = behaviours[rows[index].behaviour][1],
		.runtime = rows[index].runtime,
		.proof = rows[index].proof,
	};
	describe(&rows[index].since, ret->since, sizeof(ret->since));
	describe(&rows[index].until, ret->before, sizeof(ret->before));
}
