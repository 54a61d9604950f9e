/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns for paths as in glob(7), compared without looking at a file. */
#pragma once

#include "base/base.h"

/*
 * '*', '?' and '[...]' with ranges, classes such as [:digit:] and '!', and '\' before a character
 * that is meant literally. They are about bytes, whatever the locale; none matches '/', nor '.' at
 * the beginning of a name.
 */

/* Whether @pattern has one of '*', '?', '['. A '\' does not hide it from this. */
bool glob_is_pattern(const char *pattern, size_t len);

/*
 * What is wrong with @pattern, or NULL; *@hint is what to write instead. Both are constants.
 * glob_match_name() and glob_match_path() are for patterns without an error.
 */
const char *glob_error(const char *pattern, const char **hint);

/* Whether @pattern, @len bytes without '/', matches all of @name, which has no '/' either. */
bool glob_match_name(const char *pattern, size_t len, const char *name, size_t name_len);

/* The same of absolute paths, component by component; nothing is resolved. */
bool glob_match_path(const char *pattern, const char *path);
