/* SPDX-License-Identifier: Apache-2.0 */
/* Cleans pasted output: terminal sequences, JSON logs, wrapped lines. */
#include "base/utf8.h"
#include "doctor/symptom.h"

/* ---- terminals ---- */

#define ESC 0x1b

/* Past the parameters and the final byte of a control sequence (ECMA-48, 5.4). */
static const unsigned char *skip_csi(const unsigned char *p, const unsigned char *end)
{
	while (p < end && *p >= 0x20 && *p < 0x40)
		p++;
	return p < end && *p >= 0x40 && *p < 0x7f ? p + 1 : p;
}

/* A title or a link: up to BEL or ESC \, but within the line, so that a stray one eats no more. */
static const unsigned char *skip_string(const unsigned char *p, const unsigned char *end)
{
	while (p < end && *p != '\n' && *p != '\a' && *p != ESC)
		p++;
	if (p < end && *p == ESC && p + 1 < end && p[1] == '\\')
		return p + 2;
	return p < end && *p == '\a' ? p + 1 : p;
}

/* @p is behind the ESC. */
static const unsigned char *skip_escape(const unsigned char *p, const unsigned char *end)
{
	if (p == end)
		return p;
	if (*p == '[')
		return skip_csi(p + 1, end);
	if (*p && strchr("]P^_X", *p))
		return skip_string(p + 1, end);
	while (p < end && *p >= 0x20 && *p < 0x30)
		p++;
	return p < end && *p >= 0x30 && *p < 0x7f ? p + 1 : p;
}

char *symptom_clean(const char *text, size_t len, struct arena *arena)
{
	const unsigned char *p = (const unsigned char *)text, *const end = p + len;
	char *clean = arena_alloc(arena, len + 1, 1), *out = clean;

	while (clean && p < end) {
		const unsigned char c = *p++;

		if (c == ESC)
			p = skip_escape(p, end);
		else if (c == '\r') /* a line end, or a line that is written again */
			*out++ = '\n';
		else
			*out++ = (char)(c < 0x20 && c != '\n' ? ' ' : c);
	}
	return clean;
}

/* ---- what engines wrap around a message ---- */

/* How a quoted message begins: "msg": "...", or msg="..."; a blank stands for any number of them.
 */
static const char *const openers[] = {
	"\"msg\" : \"",	    "\"log\" : \"", "\"message\" : \"", "\"error\" : \"",
	"\"MESSAGE\" : \"", "msg=\"",	    "error=\"",		"err=\"",
};

/* What of @opener stands at @s: its length, 0 for none. */
static size_t opens(const char *opener, const char *s)
{
	const char *p = s;

	for (; *opener; opener++) {
		if (*opener == ' ')
			p += strspn(p, " ");
		else if (*p++ != *opener)
			return 0;
	}
	return (size_t)(p - s);
}

static size_t opener_at(const char *s)
{
	size_t len = 0;

	for (size_t i = 0; !len && i < ARRAY_SIZE(openers); i++)
		len = opens(openers[i], s);
	return len;
}

/* The character that \uXXXX at @p is, half a surrogate pair included; -1 for none. */
static int32_t unicode_at(const char *p)
{
	const unsigned char *digits = (const unsigned char *)p + 1;

	return *p == 'u' ? hex4(digits, digits + strnlen(p + 1, 4)) : -1;
}

/* Behind a backslash at @p: to @out; how much was read. */
static size_t unescape(const char *p, char **out)
{
	static const char names[] = "nrtbf", values[] = "\n\n   ";
	const char *known = *p ? strchr(names, *p) : NULL;
	const int32_t c = unicode_at(p);

	if (c >= 0) {
		if (c < 0x20 || (c >= 0xd800 && c < 0xe000))
			*(*out)++ = '?';
		else
			*out += utf8_encode(c, *out);
		return 5;
	}
	*(*out)++ = known ? values[known - names] : *p;
	return 1;
}

/* From behind the opening quote to the closing one, or to the end of what was pasted. */
static size_t quoted_length(const char *p)
{
	const char *const start = p;

	while (*p && *p != '"')
		p += p[0] == '\\' && p[1] ? 2 : 1;
	return (size_t)(p - start);
}

static void unquote(const char *p, size_t len, char *out)
{
	const char *const end = p + len;

	while (p < end) {
		if (*p == '\\' && p + 1 < end)
			p += 1 + unescape(p + 1, &out);
		else
			*out++ = *p++;
	}
	*out = '\0';
}

char *symptom_unwrap(const char *line, size_t *at, struct arena *arena, bool *failed)
{
	const char *p = line + *at;
	size_t len = 0;
	char *inner;

	while (*p && !(len = opener_at(p)))
		p++;
	if (!*p)
		return NULL;
	p += len;
	len = quoted_length(p);
	*at = (size_t)(p - line) + len;
	inner = arena_alloc(arena, len + 1, 1); /* unescaped it is no longer */
	*failed = *failed || !inner;
	if (inner)
		unquote(p, len, inner);
	return inner;
}
