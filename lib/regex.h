/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "error.h"

/*
 * POSIX extended regular expressions (regex(7)), anchored at both ends, in the C locale whatever
 * the program's, with bounds: hostile annotations meet them.
 */
#define REGEX_SOURCE_MAX 256
#define REGEX_VALUE_MAX	 4096

struct regex;

/*
 * Compile @source. -EINVAL: empty, over REGEX_SOURCE_MAX bytes, a back-reference (\1 to \9:
 * exponential time), an interval inside or upon a repeated group (huge automata), an interval
 * bound over 255, or what regcomp(3) says; @at is where @source stands. -ENOMEM.
 */
int regex_new(const char *source, struct where at, struct regex **ret,
	      struct hw_error *err) MUST_CHECK;
void regex_free(struct regex *re); /* NULL is a no-op */

/* YES or NO; UNKNOWN if @value is longer than REGEX_VALUE_MAX bytes or memory ran out. */
enum truth regex_match(const struct regex *re, const char *value);

DEFINE_CLEANUP(struct regex *, regex_free)
