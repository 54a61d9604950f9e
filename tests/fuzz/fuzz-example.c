/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a policy's examples: a failure has an error; after a success each example is
 * decided, with a message if it fails.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "plan/test.h"

static const char policy_text[] = "version: 1\n"
				  "when: { libc: glibc, hookExists: true, os: { id: d.* } }\n"
				  "needs: { uid: 0, writable: /etc, any: [ { arch: amd64 }, "
				  "{ runtime: runc } ], none: [ { mounts: /etc } ] }\n"
				  "hook: { path: [/bin/a, /bin/b] }\n";

static void try_all(const struct hw_policy *policy, const struct examples *examples,
		    struct arena *arena)
{
	for (size_t i = 0; i < examples->n; i++) {
		const struct example *e = &examples->items[i];
		struct trial trial;
		struct hw_error err;

		REQUIRE(e->name && e->config && e->line && e->expect_line);
		REQUIRE(!e->candidate || e->expect == EXPECT_WANTED);
		REQUIRE(trial_run(policy, e, arena, &trial, &err) == 0);
		REQUIRE(trial.passed == !trial.message);
		REQUIRE(trial.passed || (trial.line && trial.column && trial.hint));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct hw_policy *policy = NULL;
	struct examples examples;
	struct hw_error err;
	int r;

	REQUIRE(arena);
	REQUIRE(policy_parse("p", "p", policy_text, strlen(policy_text), &policy, &err) == 0);
	r = examples_parse(arena, "path", (const char *)data, size, &examples, &err);
	if (r == 0)
		try_all(policy, &examples, arena);
	else
		REQUIRE(r == -EINVAL && err.message[0] && strcmp(err.path, "path") == 0);
	policy_free(policy);
	arena_free(arena);
	return 0;
}
