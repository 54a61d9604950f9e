/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions in RE2 syntax, matched in linear time. */
#pragma once

#include "base/budget.h"
#include "base/error.h"

/*
 * Regular expressions as Go's regexp package reads them (RE2 syntax), for policies and hooks.d
 * files: those mean what they mean to the reference engine. "\d" is a digit, "." is a character and
 * not a newline.
 *
 * They run as a set of states, in time proportional to the value and at worst to the expression
 * times the value, all of it from a budget: neither can be hostile. What needs tables of Unicode is
 * refused: \p{...}, and (?i) on characters outside ASCII.
 */
#define RE2_SOURCE_MAX	1024  /* bytes */
#define RE2_PROGRAM_MAX 4096  /* steps, with every repetition written out */
#define RE2_DEPTH_MAX	64    /* groups in groups */
#define RE2_REPEAT_MAX	1000  /* of {n,m}; Go's own limit */
#define RE2_VALUE_MAX	65536 /* bytes */

enum re2_extent {
	RE2_ANYWHERE, /* a match may be anywhere in the value: hooks.d */
	RE2_WHOLE,    /* it is the whole value, as by ^(?:...)$: policies */
};

/*
 * A compiled expression. It is made when values are to be matched and freed after them, by one
 * thread: written out it is large, and it learns from the values.
 */
struct re2;

/*
 * Compile @source, which is UTF-8 and must outlive *@ret. -EINVAL: not an expression of Go's, or
 * one of the limits or refusals above; @at is the place of @source. -ENOMEM.
 */
int re2_new(const char *source, enum re2_extent extent, struct where at, struct re2 **ret,
	    struct hw_error *err) MUST_CHECK;
void re2_free(struct re2 *re); /* NULL is a no-op */

/* The error that re2_new() would give for @source, without keeping anything: quicker. */
int re2_check(const char *source, struct where at, struct hw_error *err) MUST_CHECK;

/*
 * *@ret is whether @value, which is UTF-8, has a match; UNKNOWN if it is longer than RE2_VALUE_MAX,
 * or
 * @budget (NULL: no limit) is spent. 0 or -ENOMEM.
 */
int re2_match(struct re2 *re, const char *value, struct budget *budget, enum truth *ret) MUST_CHECK;

/* Whether a match must be the whole value, or the expression matches every value. */
bool re2_anchored(const struct re2 *re);

/*
 * A part of @source, which compiles, that its author hardly means: other dialects read it in
 * another way. NULL if nothing; else *@hint is what to write instead.
 */
const char *re2_doubt(const char *source, const char **hint);

/*
 * Whether @source, which compiles, ends in a text of \Q that no \E ends: nothing may be appended.
 */
bool re2_is_open(const char *source);

DEFINE_CLEANUP(struct re2 *, re2_free)
