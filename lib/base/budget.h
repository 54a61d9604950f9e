/* SPDX-License-Identifier: Apache-2.0 */
/* Limits on the work that one container can cause: steps, bytes read, memory. */
#pragma once

#include "base/base.h"

/*
 * The cost limit for inspecting one container. Images, configurations and annotations are hostile:
 * a small file can ask for any amount of work. So every loop over what they hold takes from one
 * budget per container before it works, and stops when that is spent; the answer is then UNKNOWN
 * with the text of budget_reason(), never "yes" and never "no". Work is counted, never time, so
 * that a container is judged alike on every machine. The limits are about a hundred times what real
 * containers need.
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

/*
 * A step is about a tenth of a microsecond: a component of a path that is known already, a line of
 * text. What takes longer costs more steps, and of what is quicker several are one.
 */
#define STEPS_CALL	 32			 /* the few system calls that look at one object */
#define STEPS_COMPARE(n) (1 + (uint64_t)(n) / 8) /* @n strings or table entries */
#define STEPS_SCAN(n)	 (1 + (uint64_t)(n) / 256) /* @n bytes of text, or numbers of an array */

struct budget {
	uint64_t left[BUDGET_KINDS];
	const char *spent; /* why nothing is granted any more; NULL: it is */
};

void budget_init(struct budget *budget);

/*
 * Take @n of @kind. False if less is left, and nothing of any kind is granted from then on: what
 * is asked later would be answered by halves. A NULL @budget grants everything.
 */
bool budget_take(struct budget *budget, enum budget_kind kind, uint64_t n) MUST_CHECK;

/* The same of steps. */
static inline bool budget_steps(struct budget *budget, uint64_t n)
{
	return budget_take(budget, BUDGET_STEPS, n);
}

/* For what is done already, or must be done to the end: the next loop that asks will stop. */
void budget_charge(struct budget *budget, enum budget_kind kind, uint64_t n);

/* Gives back what was taken: scratch memory. */
void budget_return(struct budget *budget, enum budget_kind kind, uint64_t n);

/* Whether any kind is spent; every answer found after that is UNKNOWN. */
bool budget_is_spent(const struct budget *budget);

/*
 * Why an answer is UNKNOWN: "this container needs more than the limit of 2000000 steps"; NULL while
 * nothing is spent. A constant.
 */
const char *budget_reason(const struct budget *budget);
