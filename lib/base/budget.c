/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the work that one container causes; see base/budget.h. */
#include "base/budget.h"

static const struct {
	uint64_t max;
	const char *reason;
} limits[BUDGET_KINDS] = {
	[BUDGET_STEPS] = { BUDGET_STEPS_MAX,
			   "this container needs more than the limit of 2000000 steps" },
	[BUDGET_READ] = { BUDGET_READ_MAX,
			  "this container needs more than the limit of 256 MiB read" },
	[BUDGET_KEPT] = { BUDGET_KEPT_MAX,
			  "this container needs more than the limit of 48 MiB of memory" },
};

void budget_init(struct budget *budget)
{
	*budget = (struct budget){ 0 };
	for (size_t i = 0; i < BUDGET_KINDS; i++)
		budget->left[i] = limits[i].max;
}

bool budget_take(struct budget *budget, enum budget_kind kind, uint64_t n)
{
	if (!budget)
		return true;
	if (n > budget->left[kind] && !budget->spent)
		budget->spent = limits[kind].reason;
	if (budget->spent)
		return false;
	budget->left[kind] -= n;
	return true;
}

void budget_charge(struct budget *budget, enum budget_kind kind, uint64_t n)
{
	(void)!budget_take(budget, kind, n);
}

void budget_return(struct budget *budget, enum budget_kind kind, uint64_t n)
{
	if (budget)
		budget->left[kind] += n;
}

bool budget_is_spent(const struct budget *budget)
{
	return budget && budget->spent;
}

const char *budget_reason(const struct budget *budget)
{
	return budget ? budget->spent : NULL;
}
