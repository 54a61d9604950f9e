/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "plan.h"

/* The working state of one plan_make(). */
struct planner {
	const struct plan_input *in;
	struct arena *arena;
	struct plan *plan;
	struct runtime runtime;
	bool after_ldconfig; /* an entry that is or comes before runs ldconfig */
	struct hw_error *err;
};

/* Decide on every hooks.d file and tell what is to be told; before the policies, whose hooks come
 * after theirs. What was in the file already is judged as if it came now, so that a second run
 * decides alike. 0, -EINVAL, -ENOMEM, or what the facts return. */
int plan_decide_hooks(struct planner *p) MUST_CHECK;

/* How many changes plan_append_hooks() makes at most. */
size_t plan_hooks_max(const struct planner *p);

/* Append the wanted entries of @stage that are not there to the plan's changes. */
void plan_append_hooks(struct planner *p, enum hook_stage stage);
