/* SPDX-License-Identifier: Apache-2.0 */
/* Running the examples of a policy. */
#pragma once

#include "plan/plan.h"
#include "policy/facts.h"
#include "policy/test-examples.h"

/* The result of one example. */
struct trial {
	bool passed;
	unsigned line, column; /* of what is wrong, in the file of examples */
	const char *message;   /* NULL when passed */
	const char *hint;      /* what was decided instead, and why; NULL if none */
};

/* A source of facts that is an example's words. @facts and @arena must outlive it. */
struct trial_facts {
	const struct example_facts *facts;
	struct arena *arena;
};
struct fact_source trial_source(struct trial_facts *facts);

/*
 * Decide about @example as the policy alone would, and compare. Texts are from @arena. 0 also when
 * the example failed; -ENOMEM.
 */
int trial_run(const struct hw_policy *policy, const struct example *example, struct arena *arena,
	      struct trial *ret, struct hw_error *err) MUST_CHECK;
