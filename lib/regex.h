/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "error.h"

/*
 * POSIX extended regular expressions (regex(7)), anchored at both ends, in the C locale whatever
 * the program's, with bounds: hostile annotations meet them.
 *
 * What POSIX leaves undefined is refused, because C libraries differ there and because it is
 * nearly always another dialect's: \d and other letters after a backslash, (?:, *?, empty
 * alternatives, a repetition of nothing. So is what makes compiling it take for ever, and says
 * nothing that cannot be said otherwise: an anchor in a group, a repetition of what may match
 * nothing, as in (a*)*.
 */
#define REGEX_SOURCE_MAX    256
#define REGEX_BOUND_MAX	    255 /* RE_DUP_MAX that POSIX guarantees */
#define REGEX_EXPANSION_MAX 256 /* characters, with every interval written out */
#define REGEX_VALUE_MAX	    4096

struct regex;

/*
 * Check @source, which must outlive *@ret; it is compiled when it is first needed. -EINVAL: empty,
 * over REGEX_SOURCE_MAX bytes, a back-reference (\1 to \9: exponential time), an interval bound
 * over REGEX_BOUND_MAX, intervals that together write out to more than REGEX_EXPANSION_MAX
 * characters (huge automata), what is refused as said above, or what regcomp(3) says; @at is where
 * @source stands. -ENOMEM.
 */
int regex_new(const char *source, struct where at, struct regex **ret,
	      struct hw_error *err) MUST_CHECK;
void regex_free(struct regex *re); /* NULL is a no-op */

/*
 * *@ret is YES or NO; UNKNOWN if @value is longer than REGEX_VALUE_MAX bytes. 0 or -ENOMEM. Threads
 * may share @re.
 */
int regex_match(struct regex *re, const char *value, enum truth *ret) MUST_CHECK;

DEFINE_CLEANUP(struct regex *, regex_free)
