/* SPDX-License-Identifier: Apache-2.0 */
/* Containers that are restored from a checkpoint, in which startContainer hooks do not run. */
#include "apply/result.h"

/* The runtime would start a memory image: whether the hook ever ran cannot be seen. */
static int tell_policy(struct hw_result *result, const struct hw_policy *policy, bool refuse,
		       struct hw_error *err)
{
	const struct finding finding = {
		.severity = refuse ? SEVERITY_ERROR : SEVERITY_WARNING,
		.at = IN(policy->path),
		.message = arena_printf(result->arena,
					"%s '%s' cannot be applied to a container that is restored "
					"from a checkpoint: startContainer hooks do not run then",
					refuse ? "refused: policy" : "policy", policy->name),
		.hint = refuse ? "'restore: pass' in the configuration allows it" : NULL,
		.policy = policy->name,
		.outcome = true,
	};

	result->plan.refused = result->plan.refused || refuse;
	return plan_add_finding(&result->plan, result->arena, &finding, err);
}

static int tell_configuration(struct hw_result *result, const struct settings *settings,
			      struct hw_error *err)
{
	const struct finding finding = {
		.severity = SEVERITY_ERROR,
		.at = IN(settings->path),
		.message = "refused: 'restore: fail' applies to every container that is restored "
			   "from a checkpoint",
	};

	result->plan.refused = true;
	return plan_add_finding(&result->plan, result->arena, &finding, err);
}

static int judge(struct hw_result *result, const struct hw_options *options, struct hw_error *err)
{
	const struct settings *settings = &options->loaded->settings;
	int r = 0;

	if (settings->restore == SETTINGS_RESTORE_FAIL)
		return tell_configuration(result, settings, err);
	for (size_t i = 0; r == 0 && i < result->policies->n; i++) {
		const struct hw_policy *policy = result->policies->items[i];

		if (policy_is_wanted(policy, options->requests, options->n_requests))
			r = tell_policy(result, policy,
					settings->restore == SETTINGS_RESTORE_BY_POLICY &&
						policy->otherwise == OTHERWISE_FAIL,
					err);
	}
	return r;
}

int hw_restore(const struct hw_options *options, struct hw_result **ret, struct hw_error *err)
{
	CLEANUP(hw_result_freep) struct hw_result *result = NULL;
	int r = result_new(options, &result, err);

	if (r == 0)
		r = hw_policies_load(options, &result->policies, err);
	if (r == 0)
		r = judge(result, options, err);
	if (r < 0)
		return r;
	*ret = TAKE(result);
	return 0;
}
