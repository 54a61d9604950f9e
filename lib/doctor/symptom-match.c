/* SPDX-License-Identifier: Apache-2.0 */
/* Matches a line against the wording of a message, with placeholders. */
#include "base/utf8.h"
#include "doctor/symptom.h"

/*
 * A wording is literal text but for what doctor/symptom-table.h says of blanks and percent signs.
 * There is no going back: a percent sign stands for as little as possible. So time is bounded by
 * the length of the line, the number of places where it is tried and the longest text that one may
 * stand for.
 */
#define PLACES_MAX 64
#define WORDS_MAX  4096 /* PATH_MAX */
#define SEEKS_MAX  4	/* percent signs of a wording that stand for any text */

/* Where @line goes on behind the literal text that @wording begins with; NULL if it does not. */
static const char *literal(const char **wording, const char *line)
{
	const char *w = *wording;

	for (; *w && *w != '%'; w++) {
		if (*w == ' ')
			line += strspn(line, " ");
		else if (*line++ != *w)
			return NULL;
	}
	*wording = w;
	return line;
}

/*
 * The search for one literal text of a wording. The places where a wording is tried only grow, and
 * with them those from which a text is looked for: no byte of the line is looked at twice.
 */
struct seek {
	const char *from, *to; /* it begins nowhere in [from, to) */
	bool found;	       /* but at @to */
};

/* One wording in one line. */
struct match {
	struct capture c;
	struct seek seeks[SEEKS_MAX];
	size_t n; /* of the seeks, those taken at this place */
};

/* What stands before the literal text that @wording goes on with: as little as possible. */
static const char *up_to(const char *wording, const char *line, struct seek *s)
{
	if (!s->from || line < s->from || line > s->to)
		*s = (struct seek){ line, line, false };
	for (; !s->found && (size_t)(s->to - line) < WORDS_MAX; s->to++) {
		const char *rest = wording;

		s->found = literal(&rest, s->to) != NULL;
		if (s->found || !*s->to)
			break;
	}
	return s->found && (size_t)(s->to - line) < WORDS_MAX ? s->to : NULL;
}

#define STATUS_DIGITS 12

static const char *skip_digits(const char *p)
{
	while (is_digit((unsigned char)*p))
		p++;
	return p;
}

static const char *take_status(const char *line, struct capture *c)
{
	const char *digits = line + (*line == '-');
	const char *end = skip_digits(digits);

	if (end == digits || end - digits > STATUS_DIGITS)
		return NULL;
	c->status = line;
	c->status_len = (size_t)(end - line);
	return end;
}

static const char *take_hook(const char *line, struct capture *c)
{
	const char *end = skip_digits(line);

	if (end == line || end - line > 6)
		return NULL;
	c->hook = strtol(line, NULL, 10);
	return end;
}

static const char *take_stage(const char *line, struct capture *c)
{
	for (size_t i = 0; i < HOOK_STAGES; i++) {
		const size_t len = strlen(hook_stage_name(i));

		if (strncmp(line, hook_stage_name(i), len) == 0) {
			c->stages = STAGE_BIT(i);
			return line + len;
		}
	}
	return NULL;
}

static const char *take_text(char what, const char *wording, const char *line, struct match *m)
{
	const char *end = m->n < SEEKS_MAX ? up_to(wording, line, &m->seeks[m->n++]) : NULL;

	if (end && what == 'p') {
		m->c.path = line;
		m->c.path_len = (size_t)(end - line);
	}
	return end;
}

static const char *take(char what, const char *wording, const char *line, struct match *m)
{
	switch (what) {
	case 'c':
		return take_status(line, &m->c);
	case 'n':
		return take_hook(line, &m->c);
	case 's':
		return take_stage(line, &m->c);
	default:
		return take_text(what, wording, line, m);
	}
}

/* That very status: "%127". */
static const char *take_number(const char *digits, size_t len, const char *line, struct capture *c)
{
	const char *end = take_status(line, c);

	return end && (size_t)(end - line) == len && memcmp(line, digits, len) == 0 ? end : NULL;
}

static bool match_here(const char *wording, const char *line, struct match *m)
{
	m->c = (struct capture){ .hook = -1 };
	m->n = 0;
	while (line && (line = literal(&wording, line)) && *wording) {
		const char *digits = wording + 1, *next = skip_digits(digits);

		if (next > digits)
			line = take_number(digits, (size_t)(next - digits), line, &m->c);
		else
			line = take(*digits, ++next, line, m);
		wording = next;
	}
	return line != NULL;
}

bool symptom_match(const char *wording, const char *line, struct capture *ret)
{
	/* Every wording begins with literal text; its first word finds the places. */
	char word[64];
	const size_t blank = strspn(wording, " "), len = strcspn(wording + blank, " %");
	struct match m = { .n = 0 };

	if (len >= sizeof(word))
		return false;
	memcpy(word, wording + blank, len);
	word[len] = '\0';
	for (size_t places = 0; places < PLACES_MAX && (line = strstr(line, word)); places++) {
		if (match_here(wording + blank, line, &m)) {
			*ret = m.c;
			return true;
		}
		line++;
	}
	return false;
}

/* ---- which wordings to try ---- */

#define WORD_LEAST 4

static size_t bucket_of(const char *p)
{
	uint32_t first;

	memcpy(&first, p, sizeof(first));
	return (first * UINT32_C(2654435761)) >> 22;
}

/* Blanks may be left out, and what a percent sign stands for is not known: words end at both. */
static const char *longest_word(const char *wording, size_t *len)
{
	const char *longest = wording;

	*len = 0;
	while (*wording) {
		size_t n = 0;

		while (wording[n] && wording[n] != ' ' && wording[n] != '%')
			n++;
		if (n > *len) {
			longest = wording;
			*len = n;
		}
		wording += n;
		if (*wording == '%')
			wording += wording[1] ? 2 : 1;
		while (*wording == ' ')
			wording++;
	}
	return longest;
}

void wordings_add(struct wordings *all, size_t number, const char *wording)
{
	size_t len;
	const char *word = longest_word(wording, &len);
	uint8_t *bucket;

	_Static_assert(WORDING_BUCKETS == 1 << (32 - 22), "as many as bucket_of() gives");
	_Static_assert(WORDINGS_MAX < UINT8_MAX, "a number plus 1 is a byte");
	if (len < WORD_LEAST || len > UINT8_MAX) {
		all->always[number / 64] |= UINT64_C(1) << number % 64;
		return;
	}
	bucket = &all->buckets[bucket_of(word)];
	all->words[number] = word;
	all->lens[number] = (uint8_t)len;
	all->next[number] = *bucket;
	*bucket = (uint8_t)(number + 1);
}

bool wordings_find(const struct wordings *all, const char *line, size_t len,
		   uint64_t found[WORDINGS_MAX / 64])
{
	memcpy(found, all->always, sizeof(all->always));
	for (size_t at = 0; at + WORD_LEAST <= len; at++)
		for (size_t i = all->buckets[bucket_of(line + at)]; i; i = all->next[i - 1])
			if (all->lens[i - 1] <= len - at &&
			    memcmp(line + at, all->words[i - 1], all->lens[i - 1]) == 0)
				found[(i - 1) / 64] |= UINT64_C(1) << (i - 1) % 64;
	for (size_t i = 0; i < WORDINGS_MAX / 64; i++)
		if (found[i])
			return true;
	return false;
}
