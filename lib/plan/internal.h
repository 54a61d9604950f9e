/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the parts of the plan. */
#pragma once

#include "plan/plan.h"

/* A policy by its name. */
struct named {
	const char *name;
	size_t number;	/* in the order of the policies */
	bool annotated; /* the container's annotation requests it */
};

/* The working state of one plan_make(). */
struct planner {
	const struct plan_input *in;
	struct arena *arena;
	struct plan *plan;
	struct named *by_name; /* the policies, sorted by name */
	struct runtime runtime;
	struct unsafe_found unsafe;	 /* beside which no hook may be in the container */
	struct unsafe_found unsafe_host; /* or on the host */
	bool after_ldconfig;		 /* an entry that is or comes before runs ldconfig */
	struct hw_error *err;
};

/* "the runtime runsc never runs startContainer hooks", and what to do; with in->hookless only. */
const char *plan_hookless_fact(const struct planner *p);
extern const char plan_hookless_hint[];
/* Whether the policy @name is loaded, which then decides on its entry. */
bool plan_is_loaded(const struct planner *p, const char *name);

/*
 * Decide on every hooks.d file and add its findings; before the policies, whose hooks come after
 * theirs. An entry that is in the file already is judged as if it came now, so that a second run
 * decides alike. 0, -EINVAL, -ENOMEM, or what the facts return.
 */
int plan_decide_hooks(struct planner *p) MUST_CHECK;

/* Refuse a policy that would have its hook, because of p->unsafe. 0 or -ENOMEM. */
int plan_refuse_unsafe(struct planner *p, struct decision *d) MUST_CHECK;

/* Refuse the container because of @found and @what, which are reported; NULL: out of memory. */
int plan_tell_unsafe(struct planner *p, const struct unsafe_found *found,
		     const char *what) MUST_CHECK;

/*
 * Report every entry of hookwright that stays in the file although p->unsafe is there. 0 or
 * -ENOMEM.
 */
int plan_tell_unsafe_stays(struct planner *p) MUST_CHECK;

/* How many changes plan_append_hooks() makes at most. */
size_t plan_hooks_max(const struct planner *p);

/* Append the wanted entries of @stage that are not there to the plan's changes. */
void plan_append_hooks(struct planner *p, enum hook_stage stage);
