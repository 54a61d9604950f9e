/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base.h"

/*
 * What inspecting one container may cost. Images, configurations and annotations are hostile: a
 * small file can ask for any amount of work. So every loop over what they hold takes from one
 * budget per container before it works, and stops when that is spent; the answer is then UNKNOWN
 * with the text of budget_reason(), never "yes" and never "no". The limits are about a hundred
 * times what real containers need.
 */
enum budget_kind {
	BUDGET_STEPS, /* path components walked, look-ups, comparisons, table entries read */
	BUDGET_READ,  /* bytes read from the container's files */
	BUDGET_KEPT,  /* bytes of memory kept until the container is done */
	BUDGET_KINDS,
};

#define BUDGET_STEPS_MAX UINT64_C(2000000)
#define BUDGET_READ_MAX	 (UINT64_C(256) << 20)
#define BUDGET_KEPT_MAX	 (UINT64_C(48) << 20)

struct budget {
	uint64_t left[BUDGET_KINDS];
	bool spent[BUDGET_KINDS];
};

void budget_init(struct budget *budget);

/*
 * Take @n of @kind. False, and nothing more of that kind is granted from then on, if less is left.
 * A NULL @budget grants everything.
 */
bool budget_take(struct budget *budget, enum budget_kind kind, uint64_t n) MUST_CHECK;

/* Whether any kind is spent; every answer found after that is UNKNOWN. */
bool budget_is_spent(const struct budget *budget);

/*
 * Why an answer is UNKNOWN: "this container needs more than the limit of 2000000 steps"; NULL while
 * nothing is spent. A constant.
 */
const char *budget_reason(const struct budget *budget);
