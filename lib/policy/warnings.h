/* SPDX-License-Identifier: Apache-2.0 */
/* Warnings about valid policies. */
#pragma once

#include "policy/policy.h"

/*
 * Warnings for the author of a valid policy: conditions that can never hold, unmet
 * requirements of programs, traps of shells. Each is certain, or certain to deserve a look;
 * a guess is not a warning.
 */

/* One more warning, in the order of the file; -ENOMEM, also for one without a message. */
int policy_warn(const struct decoder *d, struct hw_policy *p, const struct policy_warning *warning);

/* Of @hook, the mapping with path and args, whose members are decoded. */
int policy_lint_hook(const struct decoder *d, struct hw_policy *p, const struct node *hook);

/* Of when and needs. */
int policy_lint_conditions(const struct decoder *d, struct hw_policy *p);

/* Of the whole policy; @root is its mapping. */
int policy_lint(const struct decoder *d, struct hw_policy *p, const struct node *root);
