/* SPDX-License-Identifier: Apache-2.0 */
/* Matches names against patterns of glob(7); see base/glob.h. */
#include "base/glob.h"

#define RANGE_OF(from, to) (c >= (from) && c <= (to))

static bool is_lower(unsigned char c)
{
	return RANGE_OF('a', 'z');
}

static bool is_upper(unsigned char c)
{
	return RANGE_OF('A', 'Z');
}

static bool is_digit(unsigned char c)
{
	return RANGE_OF('0', '9');
}

static bool is_alpha(unsigned char c)
{
	return is_lower(c) || is_upper(c);
}

static bool is_alnum(unsigned char c)
{
	return is_alpha(c) || is_digit(c);
}

static bool is_xdigit(unsigned char c)
{
	return is_digit(c) || RANGE_OF('a', 'f') || RANGE_OF('A', 'F');
}

static bool is_punct(unsigned char c)
{
	return RANGE_OF('!', '~') && !is_alnum(c);
}

/* The classes that file names are made of; as in the C locale. */
static const struct class
{
	const char *name;
	bool (*has)(unsigned char c);
} classes[] = {
	{ "alnum", is_alnum },	 { "alpha", is_alpha }, { "digit", is_digit },
	{ "lower", is_lower },	 { "punct", is_punct }, { "upper", is_upper },
	{ "xdigit", is_xdigit },
};

/* The class at @s, "[:NAME:]" before @end; NULL if there is none. *@after: behind it. */
static const struct class *class_at(const char *s, const char *end, const char **after)
{
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		const size_t len = strlen(classes[i].name);

		if ((size_t)(end - s) >= len + 4 && s[0] == '[' && s[1] == ':' &&
		    strncmp(s + 2, classes[i].name, len) == 0 && s[len + 2] == ':' &&
		    s[len + 3] == ']') {
			*after = s + len + 4;
			return &classes[i];
		}
	}
	return NULL;
}

/* One character of a set, behind a '\' or not; *@s moves on. */
static unsigned char literal(const char **s, const char *end)
{
	if (**s == '\\' && *s + 1 < end)
		(*s)++;
	return (unsigned char)*(*s)++;
}

/* A set, behind its '[': whether it is complete, where it ends, and whether @c is in it. */
struct set {
	const char *end; /* behind the ']'; NULL: there is none */
	bool has;
	bool backwards; /* a range such as z-a */
	bool strange;	/* "[:", "[=" or "[." that begins no class */
};

/* A character or a range of them. */
static void read_range(struct set *set, const char **s, const char *end, unsigned char c)
{
	unsigned char from, to;

	set->strange = set->strange || (**s == '[' && *s + 1 < end && strchr(":=.", (*s)[1]));
	to = from = literal(s, end);
	if (*s + 1 < end && **s == '-' && (*s)[1] != ']') {
		(*s)++;
		to = literal(s, end);
	}
	set->backwards = set->backwards || to < from;
	set->has = set->has || RANGE_OF(from, to);
}

static struct set read_set(const char *s, const char *end, unsigned char c)
{
	struct set set = { 0 };
	const bool negated = s < end && *s == '!';
	const char *first;

	s += negated;
	for (first = s; s < end && (*s != ']' || s == first);) {
		const struct class *class = class_at(s, end, &s);

		if (class) {
			set.has = set.has || class->has(c);
			continue;
		}
		read_range(&set, &s, end, c);
	}
	set.has = set.has != negated;
	if (s < end)
		set.end = s + 1;
	return set;
}

/* Whether what is at @p, not a '*', matches @c; *@after: behind it. */
static bool matches_one(const char *p, const char *end, char c, const char **after)
{
	struct set set;

	*after = p + 1;
	if (*p == '?')
		return true;
	if (*p == '[') {
		set = read_set(p + 1, end, (unsigned char)c);
		*after = set.end ? set.end : end;
		return set.end && set.has;
	}
	*after = p;
	return (char)literal(after, end) == c;
}

bool glob_match_name(const char *pattern, size_t len, const char *name, size_t name_len)
{
	const char *p = pattern, *end = pattern + len, *star = NULL;
	const char *s = name, *name_end = name + name_len, *retry = NULL, *after;

	if (name_len && name[0] == '.' && !(len && (p[0] == '.' || (p[0] == '\\' && p[1] == '.'))))
		return false;
	while (s < name_end) {
		if (p < end && *p == '*') {
			/* The last star alone is tried again: one before it gains nothing. */
			star = ++p;
			retry = s;
		} else if (p < end && matches_one(p, end, *s, &after)) {
			p = after;
			s++;
		} else if (star) {
			p = star;
			s = ++retry;
		} else {
			return false;
		}
	}
	while (p < end && *p == '*')
		p++;
	return p == end;
}

bool glob_match_path(const char *pattern, const char *path)
{
	for (;;) {
		const size_t slashes = strspn(pattern, "/");
		size_t len, path_len;

		if (!slashes != !strspn(path, "/"))
			return false;
		pattern += slashes;
		path += strspn(path, "/");
		len = strcspn(pattern, "/");
		path_len = strcspn(path, "/");
		if (!glob_match_name(pattern, len, path, path_len))
			return false;
		if (!len || !path_len)
			return len == path_len;
		pattern += len;
		path += path_len;
		if (!*pattern && !*path)
			return true;
	}
}

bool glob_is_pattern(const char *pattern, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr("*?[", pattern[i]))
			return true;
	return false;
}

static const char *name_error(const char *p, const char *end, const char **hint)
{
	if (end - p == 2 && p[0] == '*' && p[1] == '*') {
		*hint = "write one '*' for each directory on the way";
		return "'**' does not enter directories: it is the same as '*'";
	}
	while (p < end) {
		struct set set;

		if (*p == '\\') {
			*hint = "write '\\\\' for the character itself";
			if (p + 1 == end)
				return "a '\\' is at the end of a component";
			p += 2;
			continue;
		}
		if (*p++ != '[')
			continue;
		set = read_set(p, end, 0);
		*hint = "write '\\[' for the character itself";
		if (!set.end)
			return "a '[' has no ']' in the same component of the path";
		*hint = "write the lower end first";
		if (set.backwards)
			return "a range in '[...]' has its ends in the wrong order";
		*hint = "write one of alnum, alpha, digit, lower, punct, upper, xdigit: [[:digit:]]";
		if (set.strange)
			return "'[...]' names a class that is not known";
		p = set.end;
	}
	return NULL;
}

const char *glob_error(const char *pattern, const char **hint)
{
	while (*pattern) {
		const size_t len = strcspn(pattern, "/");
		const char *error = name_error(pattern, pattern + len, hint);

		if (error)
			return error;
		pattern += len;
		pattern += strspn(pattern, "/");
	}
	return NULL;
}
