/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of budgets: what is counted, and what happens when it is spent. */
#include "base/arena.h"
#include "base/budget.h"
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
	CHECK(!budget_take(&b, BUDGET_STEPS, 1));
	CHECK(budget_is_spent(&b));
	CHECK_STR(budget_reason(&b), "this container needs more than the limit of 256 MiB read");
}

/* Work that was done without asking counts, and what spent it first is the reason. */
static void what_is_charged_is_spent(void)
{
	struct budget b;

	budget_init(&b);
	budget_charge(&b, BUDGET_KEPT, BUDGET_KEPT_MAX);
	CHECK(budget_steps(&b, 1));
	budget_charge(&b, BUDGET_KEPT, 1);
	CHECK(!budget_steps(&b, BUDGET_STEPS_MAX + 1));
	CHECK_STR(budget_reason(&b),
		  "this container needs more than the limit of 48 MiB of memory");
}

static void an_arena_counts_what_it_takes(void)
{
	struct budget b;
	struct arena *arena = arena_new();

	budget_init(&b);
	CHECK(arena != NULL && arena_alloc(arena, 1, 1 << 20) != NULL);
	CHECK(b.left[BUDGET_KEPT] == BUDGET_KEPT_MAX);
	arena_charge(arena, &b);
	CHECK(b.left[BUDGET_KEPT] <= BUDGET_KEPT_MAX - (1 << 20));
	CHECK(arena_alloc(arena, 1, 1 << 20) != NULL);
	CHECK(b.left[BUDGET_KEPT] <= BUDGET_KEPT_MAX - (2 << 20));
	CHECK(!budget_is_spent(&b));
	/* Memory over the limit is given all the same: no call fails for it. */
	CHECK(arena_alloc(arena, 1, BUDGET_KEPT_MAX) != NULL);
	CHECK(budget_is_spent(&b));
	arena_free(arena);
	CHECK(b.left[BUDGET_KEPT] == BUDGET_KEPT_MAX);
	CHECK(budget_is_spent(&b));
}

static void no_budget_is_no_limit(void)
{
	CHECK(budget_take(NULL, BUDGET_KEPT, UINT64_MAX));
	budget_charge(NULL, BUDGET_KEPT, UINT64_MAX);
	CHECK(!budget_is_spent(NULL));
}

int main(void)
{
	RUN(what_is_left_is_granted);
	RUN(spent_stays_spent);
	RUN(what_is_charged_is_spent);
	RUN(an_arena_counts_what_it_takes);
	RUN(no_budget_is_no_limit);
	return DONE();
}
