/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 and hexadecimal digits, independent of the locale. */
#pragma once

#include "base/base.h"

/* Characters as JSON has them, whatever the locale. */

/*
 * Length of the UTF-8 sequence at @p and its code point in *@ret, or 0 for an invalid one: overlong
 * forms, surrogates and code points over U+10FFFF included. @p < @end.
 */
size_t utf8_decode(const unsigned char *p, const unsigned char *end, int32_t *ret);

/* Write code point @c, no surrogate, to @out (room for 4 bytes); its length. */
size_t utf8_encode(int32_t c, char *out);

/* How much of @text (@len bytes) a message takes, in whole characters; for "%.*s". */
int utf8_excerpt(const char *text, size_t len);

/* The number that the four hexadecimal digits at @p are, or -1. */
int32_t hex4(const unsigned char *p, const unsigned char *end);

/*
 * Whether @c can be shown to people as it is: not a control character (C0, DEL, C1), no separator
 * of lines or paragraphs, nothing that changes the direction of the text around it (UAX #9), and
 * nothing that has no width, so that two names that look alike are alike.
 */
bool char_is_plain(int32_t c);

static inline bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}
