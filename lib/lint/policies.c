/* SPDX-License-Identifier: Apache-2.0 */
/* lint: what the installed policies and hooks.d files would do to the bundle. */
#include "lint/internal.h"
#include "plan/plan.h"

/* A finding about a policy as a whole is at its hook's path. */
static struct where place_of(const struct look *l, const struct finding *from)
{
	const struct hw_policy *policy =
		from->policy ? hw_policies_find(l->lint->policies, from->policy) : NULL;
	struct where at = from->at;

	if (policy && !at.line) {
		at.line = policy->path_line;
		at.column = policy->path_column;
	}
	if (!at.path)
		at.path = l->bundle->config_path;
	return at;
}

static int add(struct look *l, enum rule rule, struct weight weight, const struct finding *from)
{
	const struct where at = place_of(l, from);
	const struct lint_finding f = {
		.rule = rule,
		.severity = weight.severity,
		.unjudged = weight.unjudged,
		.path = at.path,
		.elsewhere = !streq(at.path, l->bundle->config_path),
		.line = at.line,
		.column = at.column,
		.message = from->message,
		.hint = from->hint,
		.policy = from->policy,
		.omitted = from->omitted,
	};

	return lint_add(l, &f);
}

static enum rule rule_of(const struct finding *f)
{
	if (f->unknown_request)
		return RULE_HW505;
	if (!f->outcome)
		return RULE_HW504;
	return f->severity == SEVERITY_ERROR ? RULE_HW501 : RULE_HW502;
}

static int tell_findings(struct look *l, const struct plan *plan)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < plan->n_findings; i++) {
		const struct finding *f = &plan->findings[i];
		const bool error = f->severity == SEVERITY_ERROR;
		const struct weight weight = { error ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
					       false };

		r = add(l, rule_of(f), weight, f);
	}
	return r;
}

/*
 * A hook of a policy that is only applied on request is there because somebody requested it: to have
 * apply remove it would be the worst advice.
 */
static const char *change_hint(struct look *l, const struct decision *d)
{
	return d->outcome == OUTCOME_NOT_REQUESTED
		       ? arena_printf(
				 l->arena,
				 "request it here as well, with --request %s, or remove the hook "
				 "with 'hookwright apply'",
				 d->policy->name)
		       : NULL;
}

/* The change that apply would make in the file. */
static int tell_change(struct look *l, const struct decision *d)
{
	const struct finding f = {
		.at = IN(d->policy->path),
		.policy = d->policy->name,
		.hint = change_hint(l, d),
		.message =
			arena_printf(l->arena, "policy '%s' %s%s", d->policy->name,
				     d->action == ACTION_ADDED	    ? "would add its hook, "
				     : d->action == ACTION_REPLACED ? "would replace its hook with "
				     : d->outcome == OUTCOME_NOT_REQUESTED
					     ? "would remove its hook, which nobody requests here"
					     : "would remove its hook",
				     d->hook ? d->hook->path : ""),
	};

	if (d->action == ACTION_NONE || d->action == ACTION_KEPT)
		return 0;
	return add(l, RULE_HW503, (struct weight){ HW_SEVERITY_NOTE, false }, &f);
}

static int tell_places(struct look *l, const struct hooks_decision *d)
{
	int r = 0;

	for (int s = 0; r == 0 && s < HOOK_STAGES; s++) {
		const struct finding f = {
			.at = IN(hw_hooks_file_path(d->file)),
			.message = arena_printf(l->arena, "its hook would be added to %s",
						hook_stage_name((enum hook_stage)s)),
		};

		if (d->places[s].action == ACTION_ADDED)
			r = add(l, RULE_HW503, (struct weight){ HW_SEVERITY_NOTE, false }, &f);
	}
	return r;
}

static int unknown_policy(struct look *l, int r, const struct hw_error *why)
{
	const struct finding f = {
		.at = { l->bundle->config_path, why->line, why->column },
		.message = arena_strdup(l->arena, why->message),
		.hint = why->hint[0] ? arena_strdup(l->arena, why->hint) : NULL,
	};

	if (r != -EINVAL) {
		if (l->err)
			*l->err = *why;
		return r;
	}
	return add(l, RULE_HW505, (struct weight){ HW_SEVERITY_ERROR, false }, &f);
}

/*
 * apply refuses a document that it cannot read: one that only one runtime understands must not hide
 * what a policy for every container would report.
 */
static int tell_undecided(struct look *l)
{
	const struct hw_policies *policies = l->lint->policies;
	const struct hw_options *options = &l->lint->engine;
	struct lint_finding f = {
		.rule = RULE_HW501,
		.severity = HW_SEVERITY_ERROR,
		.unjudged = true,
		.path = l->bundle->config_path,
		.hint = "correct the errors that the other findings report; an engine that runs "
			"hookwright refuses the container as it is",
	};

	for (size_t i = 0; i < policies->n; i++) {
		if (!policy_is_wanted(policies->items[i], options->requests, options->n_requests))
			continue;
		f.policy = policies->items[i]->name;
		f.message = arena_printf(l->arena,
					 "policy '%s' cannot be decided: config.json or its root "
					 "file system cannot be interpreted",
					 f.policy);
		return lint_add(l, &f);
	}
	return 0;
}

int lint_policies(struct look *l)
{
	const struct hw_policies *policies = l->lint->policies;
	const struct hw_options *options = &l->lint->engine;
	struct fact_source facts;
	struct hw_error why;
	struct plan plan;
	int r;

	if (!policies)
		return 0;
	if (!l->plannable || !l->view)
		return tell_undecided(l);
	facts = probe_source(l->probe);

	struct plan_input input = {
		.doc = &l->bundle->doc,
		.spec = &l->bundle->spec,
		.facts = &facts,
		.budget = &l->result->budget,
		.runtime = l->lint->runtime.kind == RUNTIME_ANY ? NULL : l->lint->runtime_name,
		.hookless = runtime_skips_start_hooks(l->lint->runtime_name,
						      l->lint->options.runtime_version)
				    ? l->lint->runtime_name
				    : NULL,
		.runtime_version = l->lint->options.runtime_version,
	};

	plan_input_policies(&input, policies, options);
	r = plan_make(&input, l->arena, &plan, &why);
	if (r < 0)
		return unknown_policy(l, r, &why);
	r = tell_findings(l, &plan);
	for (size_t i = 0; r == 0 && i < plan.n_decisions; i++)
		r = tell_change(l, &plan.decisions[i]);
	for (size_t i = 0; r == 0 && i < plan.n_hooks; i++)
		r = tell_places(l, &plan.hooks[i]);
	return r;
}
