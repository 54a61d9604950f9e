/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "error.h"

/*
 * Regular expressions as Go's regexp package reads them (RE2 syntax), for hooks.d files: those mean
 * what they mean to the reference engine, which is not what they mean in POSIX. "\d" is a digit,
 * "." is a character and not a newline, a match may stand anywhere in the value.
 *
 * They run as a set of states, in time proportional to the expression times the value: neither can
 * be hostile. What needs tables of Unicode is refused: \p{...}, and (?i) on characters outside
 * ASCII.
 */
#define RE2_SOURCE_MAX	1024  /* bytes */
#define RE2_PROGRAM_MAX 4096  /* steps, with every repetition written out */
#define RE2_DEPTH_MAX	64    /* groups in groups */
#define RE2_REPEAT_MAX	1000  /* of {n,m}; Go's own limit */
#define RE2_VALUE_MAX	65536 /* bytes */

struct re2;

/*
 * Compile @source, which is UTF-8. -EINVAL: not an expression of Go's, or one of the limits or
 * refusals above; @at is where @source stands. -ENOMEM.
 */
int re2_new(const char *source, struct where at, struct re2 **ret, struct hw_error *err) MUST_CHECK;
void re2_free(struct re2 *re); /* NULL is a no-op */

/*
 * *@ret is whether @value, which is UTF-8, has a match; UNKNOWN if it is longer than RE2_VALUE_MAX.
 * 0 or -ENOMEM.
 */
int re2_match(const struct re2 *re, const char *value, enum truth *ret) MUST_CHECK;

/* Whether a match must be the whole value, or the expression matches every value. */
bool re2_anchored(const struct re2 *re);

DEFINE_CLEANUP(struct re2 *, re2_free)
