/* SPDX-License-Identifier: Apache-2.0 */
/* Warns about valid expressions that have another meaning in other dialects. */
#include "format/re2-internal.h"

struct doubt {
	const char *text, *message, *hint;
};

/* Behind a backslash. */
static const struct doubt escapes[] = {
	{ "<", "'\\<' is the character '<'", "write \\b for a word boundary" },
	{ ">", "'\\>' is the character '>'", "write \\b for a word boundary" },
	{ "`", "'\\`' is the character '`'", "write \\A for the beginning of the value" },
	{ "'", "\"\\'\" is the character \"'\"", "write \\z for the end of the value" },
};

/* In brackets. */
static const struct doubt members[] = {
	{ "[.", "'[.' adds two characters to the set", "write the characters themselves" },
	{ "[=", "'[=' adds two characters to the set", "write the characters themselves" },
};

static const struct doubt brace = {
	"{", "'{' does not begin an interval: it is the character",
	"intervals are {2}, {2,} or {2,5}; write \\{ for the character"
};
static const struct doubt class = { "[:",
				    "'[:' begins a class only inside another pair of brackets",
				    "write [[:alpha:]] for a letter" };

static const struct doubt *find(const struct doubt *table, size_t n, const char *at)
{
	for (size_t i = 0; i < n; i++)
		if (starts_with(at, table[i].text))
			return &table[i];
	return NULL;
}

/* Past the text @end from @p on, or past everything. */
static const char *skip_to(const char *p, const char *end)
{
	const char *found = strstr(p, end);

	return found ? found + strlen(end) : p + strlen(p);
}

/* Past the backslash at @p and what belongs to it. */
static const char *skip_escape(const char *p)
{
	if (p[1] == 'Q')
		return skip_to(p, "\\E");
	return p[1] == 'x' && p[2] == '{' ? skip_to(p, "}") : p + 2;
}

/* Past the brackets that begin at @p; *@ret is the first doubt in them, or as it was. */
static const char *skip_brackets(const char *p, const struct doubt **ret)
{
	const char *start = p;

	p += p[1] == '^' ? 2 : 1;
	for (bool first = true; *p && (first || *p != ']'); first = false) {
		const bool named = starts_with(p, "[:") && strstr(p, ":]");

		if (!*ret)
			*ret = find(members, ARRAY_SIZE(members), p);
		p = named ? skip_to(p, ":]") : *p == '\\' ? skip_escape(p) : p + 1;
	}
	if (!*ret && start[1] == ':' && p - start > 2 && p[-1] == ':')
		*ret = &class;
	return p + (*p == ']');
}

static const char *skip_brace(const char *p, const struct doubt **ret)
{
	int min, max;
	const char *end = re2_interval(p, &min, &max);

	if (!end)
		*ret = &brace;
	return end ? end : p + 1;
}

const char *re2_doubt(const char *source, const char **hint)
{
	const struct doubt *doubt = NULL;

	for (const char *p = source; *p && !doubt;) {
		if (*p == '\\') {
			doubt = find(escapes, ARRAY_SIZE(escapes), p + 1);
			p = skip_escape(p);
		} else if (*p == '[') {
			p = skip_brackets(p, &doubt);
		} else if (*p == '{') {
			p = skip_brace(p, &doubt);
		} else {
			p++;
		}
	}
	if (!doubt)
		return NULL;
	*hint = doubt->hint;
	return doubt->message;
}

bool re2_is_open(const char *source)
{
	const struct doubt *ignored = NULL;

	for (const char *p = source; *p;) {
		if (starts_with(p, "\\Q") && !strstr(p, "\\E"))
			return true;
		p = *p == '\\' ? skip_escape(p) : *p == '[' ? skip_brackets(p, &ignored) : p + 1;
	}
	return false;
}
