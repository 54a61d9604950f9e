/* SPDX-License-Identifier: Apache-2.0 */
/* Decides one example and compares the decision with the expected one. */
#include "plan/test.h"

struct court {
	const struct example *example;
	struct arena *arena;
	struct trial *trial;
	struct hw_error *err;
};

static int fail(const struct court *c, unsigned line, unsigned column, const char *message,
		const char *hint)
{
	if (!message || !hint)
		return error_oom(c->err);
	*c->trial = (struct trial){ false, line, column, message, hint };
	return 0;
}

/* The example itself is wrong: its config is not a container's, or asks for another policy. */
static int fail_config(const struct court *c, const char *message, const char *hint)
{
	return fail(c, c->example->line, c->example->column,
		    arena_printf(c->arena, "'%s': its config: %s", c->example->name, message),
		    hint);
}

static int fail_early(const struct court *c, const struct hw_error *why)
{
	if (why->errnum == ENOMEM)
		return error_oom(c->err);
	return fail_config(c, why->message,
			   why->hint[0] ? arena_strdup(c->arena, why->hint)
					: "write a value that is valid in config.json");
}

static const struct finding *unknown_request(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_findings; i++)
		if (plan->findings[i].unknown_request)
			return &plan->findings[i];
	return NULL;
}

static enum expectation outcome_of(const struct decision *d)
{
	static const enum expectation outcomes[] = {
		[OUTCOME_NOT_REQUESTED] = EXPECT_NOT_REQUESTED,
		[OUTCOME_NOT_CONCERNED] = EXPECT_NOT_CONCERNED,
		[OUTCOME_WANTED] = EXPECT_WANTED,
		[OUTCOME_LEFT_OUT] = EXPECT_LEFT_OUT,
		[OUTCOME_REFUSED] = EXPECT_REFUSED,
	};

	return outcomes[d->outcome];
}

static const char *reason_of(const struct court *c, const struct decision *d)
{
	return d->hook ? arena_printf(c->arena, "the hook would run %s", d->hook->path)
		       : arena_printf(c->arena, "because: it %s", d->why);
}

static int compare(const struct court *c, const struct decision *d)
{
	const struct example *e = c->example;
	const enum expectation got = outcome_of(d);
	const char *message = NULL;

	*c->trial = (struct trial){ .passed = true };
	if (got != e->expect)
		message = arena_printf(c->arena, "'%s': expected %s, but it is %s", e->name,
				       expectation_word(e->expect), expectation_word(got));
	else if (e->candidate && !streq(e->candidate, d->hook->path))
		message = arena_printf(c->arena, "'%s': expected %s to be selected", e->name,
				       e->candidate);
	else if (e->reason && !strstr(d->why, e->reason))
		message = arena_printf(c->arena, "'%s': the reason does not contain '%s'", e->name,
				       e->reason);
	else
		return 0;
	return fail(c, e->expect_line, e->expect_column, message, reason_of(c, d));
}

static int decide(const struct court *c, const struct hw_policy *policy, const struct json *doc,
		  struct plan *ret, struct hw_error *err)
{
	const struct example *e = c->example;
	const bool requested = e->requested_given ? e->requested : policy->requested;
	struct trial_facts words = { &e->facts, c->arena };
	const struct fact_source source = trial_source(&words);
	struct hw_policy alone = *policy;
	const struct hw_policy *policies[] = { &alone };
	struct budget budget;
	struct spec spec;
	int r = spec_parse(doc, c->arena, &spec, err);

	/* How its file was named here says nothing about the example's container. */
	alone.by_file = false;
	budget_init(&budget);

	const struct plan_input in = {
		.doc = doc,
		.spec = &spec,
		.policies = policies,
		.n_policies = 1,
		.requests = &policy->name,
		.n_requests = requested,
		.facts = &source,
		.budget = &budget,
		.runtime = e->runtime,
		.hookless = runtime_skips_start_hooks(e->runtime, NULL) ? e->runtime : NULL,
	};

	return r < 0 ? r : plan_make(&in, c->arena, ret, err);
}

int trial_run(const struct hw_policy *policy, const struct example *example, struct arena *arena,
	      struct trial *ret, struct hw_error *err)
{
	const struct court c = { example, arena, ret, err };
	struct hw_error why;
	const struct finding *asked;
	struct plan plan;
	struct json doc;
	int r = json_scan(&doc, "config", example->config, strlen(example->config), &why);

	if (r < 0)
		return fail_early(&c, &why);
	r = decide(&c, policy, &doc, &plan, &why);
	asked = r < 0 ? NULL : unknown_request(&plan);
	if (r < 0)
		r = fail_early(&c, &why);
	else if (asked)
		r = fail_config(&c, asked->message, asked->hint);
	else
		r = compare(&c, &plan.decisions[0]);
	json_free(&doc);
	return r;
}
