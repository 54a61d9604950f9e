/* SPDX-License-Identifier: Apache-2.0 */
/* A small TAP harness. A failed check reports both values and ends the test. */
#pragma once

/*
 * A small TAP harness. A failed check reports both values and ends the test.
 *
 * HW_ONLY=PATTERN runs only the tests with PATTERN, a shell pattern, somewhere in their name.
 * HW_SLOW=1 also runs those of RUN_SLOW(), as .ci/run does; so does an HW_ONLY that matches them.
 */
#include <fnmatch.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strerror(3) of ELOOP, in tables; musl has words of its own. */
#ifdef __GLIBC__
#define TEST_ELOOP "Too many levels of symbolic links"
#else
#define TEST_ELOOP "Symbolic link loop"
#endif

static jmp_buf test_exit;
static int test_count, test_failures;
static const char *test_skip;

#define FAIL(...)                                        \
	do {                                             \
		printf("# %s:%d: ", __FILE__, __LINE__); \
		printf(__VA_ARGS__);                     \
		printf("\n");                            \
		longjmp(test_exit, 1);                   \
	} while (0)

#define CHECK(expr)                                  \
	do {                                         \
		if (!(expr))                         \
			FAIL("not true: %s", #expr); \
	} while (0)

#define CHECK_INT(got, want)                                              \
	do {                                                              \
		long long got_ = (got), want_ = (want);                   \
		if (got_ != want_)                                        \
			FAIL("%s is %lld, want %lld", #got, got_, want_); \
	} while (0)

/* NULL equals only NULL. */
#define CHECK_STR(got, want)                                                                      \
	do {                                                                                      \
		const char *got_ = (got), *want_ = (want);                                        \
		if (!got_ || !want_ ? got_ != want_ : strcmp(got_, want_) != 0)                   \
			FAIL("%s is\n#   \"%s\", want\n#   \"%s\"", #got, got_ ? got_ : "(null)", \
			     want_ ? want_ : "(null)");                                           \
	} while (0)

/* End the test as skipped: for what needs root or a tool that is not there. */
#define SKIP(reason)                   \
	do {                           \
		test_skip = (reason);  \
		longjmp(test_exit, 2); \
	} while (0)

static inline void test_report(int how, const char *name)
{
	test_failures += how == 1;
	printf("%sok %d - %s", how == 1 ? "not " : "", test_count, name);
	if (how == 2)
		printf(" # SKIP %s", test_skip ? test_skip : "");
	printf("\n");
	/* A later crash must not take this line with it. */
	fflush(stdout);
}

/* Whether HW_ONLY asks for this test; @otherwise if it is not set. */
static inline bool test_is_chosen(const char *name, bool otherwise)
{
	const char *only = getenv("HW_ONLY");
	char pattern[1024];

	if (!only || !*only)
		return otherwise;
	snprintf(pattern, sizeof(pattern), "*%s*", only);
	return fnmatch(pattern, name, 0) == 0;
}

#define RUN_IF(chosen, test)                   \
	do {                                   \
		if (!(chosen))                 \
			break;                 \
		test_count++;                  \
		switch (setjmp(test_exit)) {   \
		case 0:                        \
			test();                \
			test_report(0, #test); \
			break;                 \
		case 1:                        \
			test_report(1, #test); \
			break;                 \
		default:                       \
			test_report(2, #test); \
		}                              \
	} while (0)

#define RUN(test) RUN_IF(test_is_chosen(#test, true), test)

/* For a test that takes seconds. */
#define RUN_SLOW(test) RUN_IF(test_is_chosen(#test, getenv("HW_SLOW") != NULL), test)

static inline int test_done(void)
{
	if (test_count == 0)
		printf("# no test matches %s\n", getenv("HW_ONLY"));
	printf("1..%d\n", test_count);
	return test_failures != 0;
}

#define DONE() test_done()
