/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as pasted output: each message has what a report needs, does not control a terminal,
 * and does not depend on colours around it.
 */
#include "base/sanitize.h"
#include "doctor/symptom.h"
#include "fuzz.h"

static void expect(bool what)
{
	if (!what)
		__builtin_trap();
}

static void expect_defused(const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (!copy)
		return;
	defuse(copy);
	expect(streq(copy, text));
	free(copy);
}

static void check(const struct symptom *s)
{
	expect(s->n_rows > 0 && s->n_rows <= SYMPTOM_ROWS_MAX);
	expect(s->n_causes <= SYMPTOM_CAUSES_MAX);
	expect(!s->unread || !s->n_causes);
	expect(s->who && s->versions && s->evidence);
	expect(s->hook >= -1 && s->stages < STAGE_BIT(HOOK_STAGES));
	expect_defused(s->evidence);
	expect_defused(s->path);
	expect_defused(s->status);
	expect_defused(s->signal);
	expect_defused(s->kernel);
	expect_defused(s->wrote);
	expect_defused(s->unread);
	for (size_t i = 0; i < s->n_causes; i++)
		for (size_t k = 0; k < i; k++)
			expect(s->causes[i] != s->causes[k]);
}

static void find(const uint8_t *data, size_t size, struct arena *arena, struct symptoms *ret)
{
	struct hw_error err;

	expect(symptoms_find((const char *)data, size, arena, ret, &err) == 0);
	expect(ret->n <= SYMPTOMS_MAX);
	for (size_t i = 0; i < ret->n; i++)
		check(&ret->items[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char colour[] = "\033[1;31m";
	const size_t more = sizeof(colour) - 1;
	struct arena *arena = arena_new();
	uint8_t *coloured = malloc(size + more);
	struct symptoms plain, again;

	if (arena && coloured) {
		memcpy(coloured, colour, more);
		memcpy(coloured + more, data, size);
		find(data, size, arena, &plain);
		find(coloured, size + more, arena, &again);
		expect(plain.n == again.n);
		for (size_t i = 0; i < plain.n; i++)
			expect(streq(plain.items[i].evidence, again.items[i].evidence) &&
			       plain.items[i].hook == again.items[i].hook);
	}
	free(coloured);
	arena_free(arena);
	return 0;
}
