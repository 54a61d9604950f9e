/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of runtime/behaviour-table.h, for 'hookwright lint --runtimes' and the manual. Apart from
 * runtime/runtime.c because the wrapper does not need it.
 */
#include <stdio.h>

#include "hookwright.h"
#include "runtime/runtime.h"

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
#include "runtime/behaviour-table.h"
#undef BEHAVIOUR
#undef ROW
};

static const struct {
	enum behaviour behaviour;
	const char *runtime;
	struct span since, until;
	const char *proof;
} rows[] = {
#define RUNC  "runc"
#define CRUN  "crun"
#define RUNSC "runsc"
#define KATA  "kata"
#define RUNV  "runv"
#define BEHAVIOUR(...)
#define ROW(behaviour, runtime, since, until, proof) { behaviour, runtime, since, until, proof },
#include "runtime/behaviour-table.h"
};

size_t hw_behaviours_count(void)
{
	return ARRAY_SIZE(rows);
}

/* "1.2.0", "1.3.6 (not yet in 1.1.15)", or ""; @old: what is to be said of the older version. */
static void describe(const struct span *span, const char *old, char *buf, size_t size)
{
	const unsigned *a = span->old, *b = span->new;

	buf[0] = '\0';
	if (b[0] && a[0])
		snprintf(buf, size, "%u.%u.%u (%s %u.%u.%u)", b[0], b[1], b[2], old, a[0], a[1],
			 a[2]);
	else if (b[0])
		snprintf(buf, size, "%u.%u.%u", b[0], b[1], b[2]);
}

void hw_behaviours_get(size_t index, struct hw_behaviour *ret)
{
	*ret = (struct hw_behaviour){
		.name = behaviours[rows[index].behaviour][0],
		.words = behaviours[rows[index].behaviour][1],
		.runtime = rows[index].runtime,
		.proof = rows[index].proof,
	};
	describe(&rows[index].since, "not yet in", ret->since, sizeof(ret->since));
	describe(&rows[index].until, "still in", ret->before, sizeof(ret->before));
}

size_t hw_runtime_versions(const char *runtime, char versions[][HW_RUNTIME_VERSION_MAX], size_t max)
{
	struct runtime candidates[RUNTIME_CANDIDATES_MAX];
	const size_t n = runtime_candidates(runtime_from_name(runtime), candidates);
	size_t i;

	for (i = 0; i < n && i < max; i++)
		runtime_words(candidates[i], versions[i]);
	return i;
}
