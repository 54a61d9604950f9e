/* SPDX-License-Identifier: Apache-2.0 */
#include "chars.h"
#include "symptom.h"

/*
 * A wording is literal text but for what symptom-table.h says of blanks and percent signs. There is
 * no going back: a percent sign stands for as little as possible. So time is bounded by the length
 * of the line, the number of places where it is tried and the longest text that one may stand for.
 */
#define PLACES_MAX 64
#define WORDS_MAX  4096 /* PATH_MAX */

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

/* What stands before the literal text that @wording goes on with: as little as possible. */
static const char *up_to(const char *wording, const char *line)
{
	for (size_t n = 0; n < WORDS_MAX; n++) {
		const char *rest = wording;

		if (literal(&rest, line + n))
			return line + n;
		if (!line[n])
			break;
	}
	return NULL;
}

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

	if (end == digits)
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

static const char *take_text(char what, const char *wording, const char *line, struct capture *c)
{
	const char *end = up_to(wording, line);

	if (end && what == 'p') {
		c->path = line;
		c->path_len = (size_t)(end - line);
	}
	return end;
}

static const char *take(char what, const char *wording, const char *line, struct capture *c)
{
	switch (what) {
	case 'c':
		return take_status(line, c);
	case 'n':
		return take_hook(line, c);
	case 's':
		return take_stage(line, c);
	default:
		return take_text(what, wording, line, c);
	}
}

/* That very status: "%127". */
static const char *take_number(const char *digits, size_t len, const char *line, struct capture *c)
{
	const char *end = take_status(line, c);

	return end && (size_t)(end - line) == len && memcmp(line, digits, len) == 0 ? end : NULL;
}

static bool match_here(const char *wording, const char *line, struct capture *c)
{
	*c = (struct capture){ .hook = -1 };
	while (line && (line = literal(&wording, line)) && *wording) {
		const char *digits = wording + 1, *next = skip_digits(digits);

		if (next > digits)
			line = take_number(digits, (size_t)(next - digits), line, c);
		else
			line = take(*digits, ++next, line, c);
		wording = next;
	}
	return line != NULL;
}

bool symptom_match(const char *wording, const char *line, struct capture *ret)
{
	/* Every wording begins with literal text; its first word finds the places. */
	char word[64];
	const size_t blank = strspn(wording, " "), len = strcspn(wording + blank, " %");
	struct capture c;

	if (len >= sizeof(word))
		return false;
	memcpy(word, wording + blank, len);
	word[len] = '\0';
	for (size_t places = 0; places < PLACES_MAX && (line = strstr(line, word)); places++) {
		if (match_here(wording + blank, line, &c)) {
			*ret = c;
			return true;
		}
		line++;
	}
	return false;
}
