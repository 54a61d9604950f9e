/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A TAP harness in forty lines. A failed check reports both values and ends the test. */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

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
	printf(how == 2 ? " # SKIP %s\n" : "\n", test_skip);
	/* A later crash must not take this line with it. */
	fflush(stdout);
}

#define RUN(test)                              \
	do {                                   \
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

#define DONE() (printf("1..%d\n", test_count), test_failures != 0)
