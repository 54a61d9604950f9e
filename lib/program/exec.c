/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether execve(2) takes all arguments and variables together: "Limits on size of arguments and
 * environment" there. A quarter of the stack limit, at least 128 KiB and at most 6 MiB, is for the
 * strings and for a pointer to each.
 */
#include <sys/resource.h>

#include "program/internal.h"

#define KIB UINT64_C(1024)

#define SIZE_ALWAYS (128 * KIB)	 /* ARG_MAX, whatever the stack limit is */
#define SIZE_NEVER  (6144 * KIB) /* three quarters of the kernel's default stack limit */
#define STACK_USUAL (8192 * KIB)

/* Scripts add interpreters, runtimes a variable or two, and the stack begins at any place. */
#define SIZE_MARGIN (8 * KIB)

static uint64_t size_of(const char *const *strings, size_t n)
{
	uint64_t size = 0;

	for (size_t i = 0; i < n; i++)
		size += strlen(strings[i]) + 1 + sizeof(char *);
	return size;
}

/* Of two equal types the last one counts. */
static const struct spec_rlimit *stack_limit(const struct spec *spec)
{
	const struct spec_rlimit *ret = NULL;

	for (size_t i = 0; i < spec->n_rlimits; i++)
		if (streq(spec->rlimits[i].type, "RLIMIT_STACK"))
			ret = &spec->rlimits[i];
	return ret;
}

/* What the kernel takes where the stack may grow to @stack bytes. */
static uint64_t size_for(uint64_t stack)
{
	const uint64_t quarter = stack / 4;
	const uint64_t size = quarter < SIZE_ALWAYS  ? SIZE_ALWAYS
			      : quarter > SIZE_NEVER ? SIZE_NEVER
						     : quarter;

	return size < stack ? size : stack;
}

static enum truth fits(uint64_t size, uint64_t limit)
{
	if (size + SIZE_MARGIN <= limit)
		return YES;
	return size > limit + SIZE_MARGIN ? NO : UNKNOWN;
}

int judge_size(struct judge *j, const struct program_query *query)
{
	const struct spec_rlimit *stack = stack_limit(j->spec);
	const uint64_t size = size_of(query->args, query->n_args) +
			      size_of(query->env, query->n_env) + strlen(query->path) + 1;
	const uint64_t limit = size_for(stack ? stack->soft : STACK_USUAL);
	enum truth takes = fits(size, limit);

	budget_charge(j->budget, BUDGET_STEPS,
		      STEPS_COMPARE(query->n_args + query->n_env + j->spec->n_rlimits) + size / 64);
	/* The runtime's own limit is not known; most have the usual one, or none. */
	if (!stack && takes == NO && fits(size, SIZE_NEVER) != NO)
		takes = UNKNOWN;
	j->topic = TOPIC_SIZE;
	return judge_by(j, takes, NULL, "pass them in a file, or raise RLIMIT_STACK",
			"its arguments and variables have %llu bytes together: the kernel accepts "
			"%llu where the stack limit is %llu",
			(unsigned long long)size, (unsigned long long)limit,
			(unsigned long long)(stack ? stack->soft : STACK_USUAL));
}
