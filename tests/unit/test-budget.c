/* SPDX-License-Identifier: Apache-2.0 */
#include "budget.h"
#include "test.h"

static void what_is_left_is_granted(void)
{
	struct budget b;

	budget_init(&b);
	CHECK(budget_take(&b, BUDGET_STEPS, BUDGET_STEPS_MAX));
	CHECK(!budget_is_spent(&b));
	CHECK(budget_reason(&b) == NULL);
}

static void spent_stays_spent(void)
{
	struct budget b;

	budget_init(&b);
	CHECK(!budget_take(&b, BUDGET_READ, BUDGET_READ_MAX + 1));
	CHECK(!budget_take(&b, BUDGET_READ, 0));
	CHECK(budget_take(&b, BUDGET_STEPS, 1));
	CHECK(budget_is_spent(&b));
	CHECK_STR(budget_reason(&b), "this container needs more than the limit of 256 MiB read");
}

static void no_budget_is_no_limit(void)
{
	CHECK(budget_take(NULL, BUDGET_KEPT, UINT64_MAX));
	CHECK(!budget_is_spent(NULL));
}

int main(void)
{
	RUN(what_is_left_is_granted);
	RUN(spent_stays_spent);
	RUN(no_budget_is_no_limit);
	return DONE();
}
