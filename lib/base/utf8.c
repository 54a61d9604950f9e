/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 encoding and decoding, and hexadecimal digits, independent of the locale. */
#include "base/utf8.h"

size_t utf8_decode(const unsigned char *p, const unsigned char *end, int32_t *ret)
{
	static const unsigned char lead[] = { 0, 0, 0x1f, 0x0f, 0x07 };
	static const int32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;
	int32_t c;

	if (*p < 0x80) {
		*ret = *p;
		return 1;
	}
	if (len == 0 || (size_t)(end - p) < len)
		return 0;
	c = *p & lead[len];
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return len;
}

size_t utf8_encode(int32_t c, char *out)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (len == 1) {
		*out = (char)c;
		return 1;
	}
	for (size_t i = len - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[len] | c);
	return len;
}

bool char_is_plain(int32_t c)
{
	static const struct {
		int32_t first, last;
	} others[] = {
		{ 0x00, 0x1f },	      { 0x7f, 0x9f },	  { 0xad, 0xad },     { 0x034f, 0x034f },
		{ 0x061c, 0x061c },   { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },
		{ 0x200b, 0x200f },   { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
		{ 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
		{ 0xe0000, 0xe0fff },
	};

	if (c >= 0x20 && c < 0x7f)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (c >= others[i].first && c <= others[i].last)
			return false;
	return true;
}

int utf8_excerpt(const char *text, size_t len)
{
	const size_t max = 64;

	if (len <= max)
		return (int)len;
	len = max;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return (int)len;
}

static int hex_value(int c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int32_t hex4(const unsigned char *p, const unsigned char *end)
{
	int32_t c = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (hex_value(p[i]) < 0)
			return -1;
		c = c << 4 | hex_value(p[i]);
	}
	return c;
}
