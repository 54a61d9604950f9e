/* SPDX-License-Identifier: Apache-2.0 */
#include "defuse.h"

/* RFC 3629, section 4: what may follow a lead byte; the first continuation byte is narrower. */
static const struct {
	unsigned char first, last; /* lead bytes */
	unsigned char low, high;   /* first continuation byte */
	unsigned char more;	   /* continuation bytes in all */
} sequences[] = {
	{ 0x20, 0x7e, 0, 0, 0 },       { 0xc2, 0xc2, 0xa0, 0xbf, 1 }, /* below: C1 controls */
	{ 0xc3, 0xdf, 0x80, 0xbf, 1 }, { 0xe0, 0xe0, 0xa0, 0xbf, 2 }, { 0xe1, 0xec, 0x80, 0xbf, 2 },
	{ 0xed, 0xed, 0x80, 0x9f, 2 }, { 0xee, 0xef, 0x80, 0xbf, 2 }, { 0xf0, 0xf0, 0x90, 0xbf, 3 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 3 }, { 0xf4, 0xf4, 0x80, 0x8f, 3 },
};

/* Length of the harmless character at @s, 0 if it is none. The NUL at the end stops every test. */
static size_t harmless(const unsigned char *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++) {
		size_t n = 1;

		if (s[0] < sequences[i].first || s[0] > sequences[i].last)
			continue;
		if (sequences[i].more && (s[1] < sequences[i].low || s[1] > sequences[i].high))
			return 0;
		while (n <= sequences[i].more && (s[n] & 0xc0) == 0x80)
			n++;
		return n == sequences[i].more + 1U ? n : 0;
	}
	return 0;
}

void defuse(char *text)
{
	while (*text) {
		size_t n = harmless((const unsigned char *)text);

		if (n == 0)
			*text = '?';
		text += n ? n : 1;
	}
}
