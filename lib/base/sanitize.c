/* SPDX-License-Identifier: Apache-2.0 */
/* Makes control characters and commands of CI runners in hostile text harmless. */
#include <stdio.h>

#include "base/sanitize.h"
#include "base/utf8.h"

/* ---- commands ---- */

enum place {
	ANYWHERE,
	LINE_START, /* blanks and colours may precede it */
	FIRST,	    /* only colours may */
};

/*
 * The beginnings of commands, and which character of each is replaced. The two number
 * signs are refused whatever follows: "##[", "##vso[", "##teamcity[", "##octopus[",
 * "##myget[" and the next one.
 */
static const struct mark {
	const char *text;
	unsigned char broken;
	enum place place;
	bool blank; /* a blank or the line's end follows */
} marks[] = {
	{ "##", 1, ANYWHERE, false },
	{ "section_start:", 7, ANYWHERE, false },
	{ "section_end:", 7, ANYWHERE, false },
	{ "travis_fold:", 6, ANYWHERE, false },
	{ "travis_time:", 6, ANYWHERE, false },
	{ "::", 0, LINE_START, false },
	{ "---", 0, FIRST, true },
	{ "+++", 0, FIRST, true },
	{ "~~~", 0, FIRST, true },
	{ "^^^", 0, FIRST, true },
};

struct scan {
	const char *p;
	bool start, first; /* nothing but what LINE_START, FIRST allow was before @p in its line */
};

#define SCAN(text)                                   \
	{                                            \
		(text), .start = true, .first = true \
	}

/* "\033[1m", or 0. */
static size_t colour_at(const char *p)
{
	size_t len;

	if (p[0] != '\033' || p[1] != '[')
		return 0;
	len = 2 + strspn(p + 2, "0123456789;");
	return p[len] == 'm' || p[len] == 'K' ? len + 1 : 0;
}

/* .NET's String.TrimStart(), which GitHub's runner calls, knows all blanks of Unicode. */
static bool is_blank(int32_t c)
{
	static const struct {
		int32_t first, last;
	} blanks[] = {
		{ '\t', '\t' },	    { '\v', '\r' },	{ ' ', ' ' },	    { 0x85, 0x85 },
		{ 0xa0, 0xa0 },	    { 0x1680, 0x1680 }, { 0x180e, 0x180e }, { 0x2000, 0x200b },
		{ 0x2028, 0x2029 }, { 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x3000, 0x3000 },
		{ 0xfeff, 0xfeff },
	};

	for (size_t i = 0; i < ARRAY_SIZE(blanks); i++)
		if (c >= blanks[i].first && c <= blanks[i].last)
			return true;
	return false;
}

static size_t decode(const char *p, int32_t *c)
{
	return utf8_decode((const unsigned char *)p, (const unsigned char *)p + strnlen(p, 4), c);
}

static size_t blank_at(const char *p)
{
	int32_t c;
	const size_t len = decode(p, &c);

	return len && is_blank(c) ? len : 0;
}

static bool fits(const struct scan *s, const struct mark *mark)
{
	const bool allowed[] = { [ANYWHERE] = true, [LINE_START] = s->start, [FIRST] = s->first };
	const char *after;

	if (*s->p != mark->text[0] || !allowed[mark->place] || !starts_with(s->p, mark->text))
		return false;
	after = s->p + strlen(mark->text);
	return !mark->blank || !*after || *after == '\n' || blank_at(after) || colour_at(after);
}

static const struct mark *mark_at(const struct scan *s)
{
	/* The first characters of the marks: most characters begin none. */
	if (!strchr("#st:-+~^", *s->p))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (fits(s, &marks[i]))
			return &marks[i];
	return NULL;
}

/* Over one character that begins no command. */
static void advance(struct scan *s)
{
	size_t len = s->start ? colour_at(s->p) : 0;

	if (*s->p == '\n') {
		*s = (struct scan)SCAN(s->p + 1);
		return;
	}
	if (!len) {
		s->first = false;
		len = s->start ? blank_at(s->p) : 0;
	}
	s->start = s->start && len;
	s->p += len ? len : 1;
}

/* The next character that has to be broken; NULL: there is no more. */
static const char *next_broken(struct scan *s)
{
	for (;;) {
		const struct mark *mark;
		const char *at;

		/* Here only a mark of ANYWHERE can begin, or a line. */
		if (!s->start)
			s->p += strcspn(s->p, "#st\n");
		if (!*s->p)
			return NULL;
		mark = mark_at(s);
		if (!mark) {
			advance(s);
			continue;
		}
		at = s->p + mark->broken;
		s->p = at + 1;
		s->start = s->first = false;
		return at;
	}
}

static void break_commands(char *text)
{
	struct scan s = SCAN(text);
	const char *at;

	while ((at = next_broken(&s)))
		text[at - text] = '?';
}

/* ---- characters ---- */

/* Those of ASCII only with @ascii. */
static void replace_characters(char *text, bool ascii)
{
	unsigned char *p = (unsigned char *)text, *end = p + strlen(text);

	while (p < end) {
		int32_t c;
		size_t len;

		if (*p >= ' ' && *p <= '~') {
			p++;
			continue;
		}
		len = utf8_decode(p, end, &c);
		if (len && (char_is_plain(c) || (c < 0x7f && !ascii))) {
			p += len;
			continue;
		}
		for (len = len ? len : 1; len; len--)
			*p++ = '?';
	}
}

void defuse(char *text)
{
	replace_characters(text, true);
	break_commands(text);
}

void defuse_lines(char *text)
{
	replace_characters(text, false);
	break_commands(text);
}

/* ---- as escapes ---- */

static void escape_json(struct text *out, int32_t c)
{
	const int32_t pair = c - 0x10000;

	if (c < 0x10000)
		text_printf(out, "\\u%04x", (unsigned)c);
	else
		text_printf(out, "\\u%04x\\u%04x", 0xd800 | (unsigned)(pair >> 10),
			    0xdc00 | (unsigned)(pair & 0x3ff));
}

/* JSON itself is ASCII: all other bytes are in strings. */
static void add_json(struct text *out, const char *s, const char *end)
{
	const char *done = s;

	while (s < end) {
		int32_t c = 0xfffd;
		size_t len = (unsigned char)*s < 0x7f ? 1 : decode(s, &c);

		if ((unsigned char)*s >= 0x7f && (len == 0 || !char_is_plain(c))) {
			text_add(out, done, (size_t)(s - done));
			escape_json(out, c);
			len = len ? len : 1;
			done = s + len;
		}
		s += len;
	}
	text_add(out, done, (size_t)(end - done));
}

void defuse_json(struct text *out, const char *s)
{
	struct scan scan = SCAN(s);
	const char *at;

	while ((at = next_broken(&scan))) {
		add_json(out, s, at);
		escape_json(out, *at);
		s = at + 1;
	}
	add_json(out, s, s + strlen(s));
}

void defuse_xml(struct text *out, const char *s)
{
	struct scan scan = SCAN(s);
	const char *at;

	while ((at = next_broken(&scan))) {
		text_add(out, s, (size_t)(at - s));
		text_printf(out, "&#%d;", *at);
		s = at + 1;
	}
	text_puts(out, s);
}
