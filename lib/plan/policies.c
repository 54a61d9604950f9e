/* SPDX-License-Identifier: Apache-2.0 */
/* Passes the policies of a configuration to a plan. */
#include "config/config.h"
#include "plan/plan.h"

void plan_input_policies(struct plan_input *in, const struct hw_policies *policies,
			 const struct hw_options *options)
{
	in->policies = (const struct hw_policy *const *)policies->items;
	in->n_policies = policies->n;
	in->hooks = (const struct hw_hooks_file *const *)policies->hooks;
	in->n_hooks = policies->n_hooks;
	in->requests = options->requests;
	in->n_requests = options->n_requests;
	in->deaf = !(policies->annotations & ANNOTATIONS_REQUEST);
	in->allowed = (struct unsafe_allowed){ policies->allowed_annotations,
					       policies->n_allowed_annotations };
	in->harmless = &policies->harmless;
}
