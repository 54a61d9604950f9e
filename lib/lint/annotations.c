/* SPDX-License-Identifier: Apache-2.0 */
/* lint: annotations that were probably meant for hookwright, whose keys it does not read. */
#include "base/suggest.h"
#include "lint/internal.h"

#define NAMESPACE "io.hookwright."
#define IGNORE	  NAMESPACE "ignore." /* lint/ignore.c reads these */

static const char *const keys[] = { NAMESPACE "policies", NAMESPACE "runtime" };

/* What cannot be near is not compared: there may be thousands of keys. */
static bool has_such_length(const char *key)
{
	const size_t len = strnlen(key, 64);

	return len >= sizeof(NAMESPACE "runtime") - 3 && len <= sizeof(NAMESPACE "policies") + 1;
}

/* The key that was meant, or NULL. */
static const char *meant(const char *key)
{
	struct suggestion s = SUGGEST_FOR(key);

	if (starts_with(key, &NAMESPACE[strlen("io.")]))
		return streq(key + strlen("hookwright."), "runtime") ? keys[1] : keys[0];
	/* "policy" is three edits from it. */
	if (starts_with(key, NAMESPACE "polic"))
		return keys[0];
	for (size_t i = 0; has_such_length(key) && i < ARRAY_SIZE(keys); i++)
		suggest_consider(&s, keys[i]);
	return s.best;
}

static int check(struct look *l, const struct spec_annotation *a)
{
	const char *near, *hint = "the keys are " NAMESPACE "policies, " NAMESPACE
				  "runtime and " IGNORE "RULE";

	/* The last is 'hookwright podman's own, for the wrapper. */
	if (streq(a->key, keys[0]) || streq(a->key, keys[1]) || starts_with(a->key, IGNORE) ||
	    streq(a->key, NAMESPACE "front"))
		return 0;
	near = meant(a->key);
	if (!near && !starts_with(a->key, NAMESPACE))
		return 0;
	if (near)
		hint = arena_printf(l->arena, "did you mean '%s'?", near);
	if (!hint)
		return error_oom(l->err);

	const struct note note = {
		.rule = RULE_HW506,
		.severity = HW_SEVERITY_WARNING,
		.token = a->token,
		.hint = hint,
	};

	return lint_tell(l, &note, "annotation '%.100s' has no effect: hookwright does not read it",
			 a->key);
}

int lint_annotations(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	int r = 0;

	for (size_t i = 0; l->understood && r == 0 && i < spec->n_annotations; i++)
		if (budget_steps(spec->budget,
				 has_such_length(spec->annotations[i].key) ? STEPS_CALL : 1))
			r = check(l, &spec->annotations[i]);
	return r;
}
