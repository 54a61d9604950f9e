/* SPDX-License-Identifier: Apache-2.0 */
/* Matches a line against the wording of a message, with placeholders. */
#include "base/utf8.h"
#include "doctor/symptom-internal.h"

/*
 * A wording is literal text but for what doctor/symptom-table.h says of blanks, backquotes and percent
 * signs. A percent sign stands for as little as possible, and there is no going back, so time is
 * bounded by the length of the text and the longest that one percent sign may stand for.
 */
#define WORDS_MAX 4096 /* PATH_MAX */

/* Behind a quote at @text, as it is after a shell, Markdown or a word processor; @text if none is. */
static const char *skip_quote(const char *text)
{
	if (*text == '`' || *text == '\'' || *text == '"')
		return text + 1;
	if (starts_with(text, "\xe2\x80\x98") || starts_with(text, "\xe2\x80\x99"))
		return text + 3;
	return text;
}

static bool ends_word(char c)
{
	return c == ' ' || c == '\n' || c == '\v';
}

static const char *skip_blanks(const char *text)
{
	while (ends_word(*text))
		text++;
	return text;
}

/* Behind the literal text that @wording begins with; NULL if it is not at @text. */
static const char *literal(const char **wording, const char *text)
{
	const char *w = *wording;

	for (; *w && *w != '%'; w++) {
		if (*w == ' ')
			text = skip_blanks(text);
		else if (*w == '`')
			text = skip_quote(text);
		else if (*text++ != *w)
			return NULL;
	}
	*wording = w;
	return text;
}

static const char *skip_digits(const char *p)
{
	while (is_digit((unsigned char)*p))
		p++;
	return p;
}

#define STATUS_DIGITS 12

static const char *take_status(const char *text, struct capture *c)
{
	const char *digits = text + (*text == '-');
	const char *end = skip_digits(digits);

	if (end == digits || end - digits > STATUS_DIGITS)
		return NULL;
	c->status = (struct piece){ text, (size_t)(end - text) };
	return end;
}

static const char *take_hook(const char *text, struct capture *c)
{
	const char *end = skip_digits(text);

	if (end == text || end - text > 6)
		return NULL;
	c->hook = strtol(text, NULL, 10);
	return end;
}

static const char *take_stage(const char *text, struct capture *c)
{
	for (size_t i = 0; i < HOOK_STAGES; i++)
		if (starts_with(text, hook_stage_name(i))) {
			c->stages = STAGE_BIT(i);
			return text + strlen(hook_stage_name(i));
		}
	return NULL;
}

/* To the end of the sentence or string. */
static const char *skip_sentence(const char *text)
{
	for (size_t i = 0; i < WORDS_MAX && *text && !strchr(":\n\v\"", *text); i++)
		text++;
	return text;
}

static const char *take_words(char what, const char *text, struct capture *c)
{
	size_t len;
	const uint8_t which = what != 'g' ? error_at(text, &len) : signal_at(text, &len);

	if (!which)
		return what == 'E' ? skip_sentence(text) : NULL;
	c->which = which;
	*(what != 'g' ? &c->error : &c->signal) = (struct piece){ text, len };
	return text + len;
}

/* The word before @start, which a \n is in front of. */
static void take_before(const char *start, struct capture *c)
{
	const char *end = start, *p;

	while (end[-1] == ' ')
		end--;
	for (p = end; !ends_word(p[-1]) && !strchr("\"'`(", p[-1]) && end - p < WORDS_MAX; p--)
		;
	c->path = (struct piece){ end > p ? p : NULL, (size_t)(end - p) };
}

/* What stands for itself and is not any text; NULL if it is not at @text. */
static const char *take_known(char what, const char *text, struct capture *c)
{
	switch (what) {
	case 'c':
		return take_status(text, c);
	case 'n':
		return take_hook(text, c);
	case 's':
		return take_stage(text, c);
	default:
		return take_words(what, text, c);
	}
}

static bool is_text(char what)
{
	return what == 'p' || what == 'f' || what == 'o' || what == 'w' ||
	       is_digit((unsigned char)what);
}

/* Whether @wording may go on with @c: a cheap question, which most bytes answer. */
static bool may_go_on(const char *wording, char c)
{
	if (*wording == '`')
		return c == '`' || c == '\'' || c == '"' || c == '\xe2' ||
		       may_go_on(wording + 1, c);
	if (*wording == ' ')
		return c == ' ' || c == '\n' || c == '\v' || may_go_on(wording + 1, c);
	return c == *wording || *wording == '%' || !*wording;
}

/* Whether @wording goes on at @text: its literal text, and what is known behind that. */
static bool goes_on(const char *wording, const char *text)
{
	struct capture ignored;
	const char *end;

	/* A quote at the end may be missing. */
	if (streq(wording, "`"))
		return skip_quote(text) != text || !*text || ends_word(*text);
	end = literal(&wording, text);
	if (!end)
		return false;
	return *wording != '%' || is_text(wording[1]) || take_known(wording[1], end, &ignored);
}

/* Where a percent sign's text ends at the latest: only any text goes on behind its line. */
static bool is_over(char what, char c)
{
	if (!c || what == 'w')
		return !c;
	return c == '\n' || (what != 'p' && ends_word(c));
}

/* Where @wording goes on, at or behind @text: as near as possible. */
static const char *up_to(char what, const char *wording, const char *text, struct seek *s)
{
	if (!s->from || text < s->from || text > s->to)
		*s = (struct seek){ text, text, false };
	for (; !s->found && (size_t)(s->to - text) < WORDS_MAX; s->to++) {
		s->found = may_go_on(wording, *s->to) && goes_on(wording, s->to);
		if (s->found || is_over(what, *s->to))
			break;
	}
	return s->found && (size_t)(s->to - text) < WORDS_MAX ? s->to : NULL;
}

static const char *take_text(char what, const char *wording, const char *text, struct seek *seek,
			     struct capture *c)
{
	const char *end = what == 'f' && *text != '/' ? NULL : up_to(what, wording, text, seek);

	if (end && what != 'w')
		c->path = (struct piece){ end > text ? text : NULL, (size_t)(end - text) };
	return end;
}

/* That very status: "%127". */
static const char *take_number(const char *digits, size_t len, const char *text, struct capture *c)
{
	const char *end = take_status(text, c);

	return end && (size_t)(end - text) == len && memcmp(text, digits, len) == 0 ? end : NULL;
}

static const struct capture nothing = { .hook = -1 };

bool wording_match(const char *wording, const char *text, struct seeks *seeks, struct capture *ret)
{
	const char *const start = text;
	size_t n = 0;

	text = literal(&wording, text);
	if (!text)
		return false;
	*ret = nothing;
	while (text && (text = literal(&wording, text)) && *wording) {
		const char *what = wording + 1, *next = skip_digits(what);

		if (next > what)
			text = take_number(what, (size_t)(next - what), text, ret);
		else if (is_text(*what))
			text = n < SEEKS_MAX ? take_text(*what, ++next, text, &seeks->at[n++], ret)
					     : NULL;
		else if (*what == 'b')
			take_before(start, (next++, ret));
		else
			text = take_known(*next++, text, ret);
		wording = next;
	}
	if (!text)
		return false;
	ret->len = (size_t)(text - start);
	return true;
}
