/* SPDX-License-Identifier: Apache-2.0 */
/* Parses RE2 syntax into a tree, and reports mistakes with a remedy. */
#include <stdio.h>

#include "format/re2-internal.h"

/* The letters of (?ims). U, which makes repetitions short, changes nothing here. */
#define FLAG_FOLD  1u /* i: case does not count */
#define FLAG_LINES 2u /* m: ^ and $ are a line's, too */
#define FLAG_DOT   4u /* s: a dot is a newline, too */

struct parser {
	const char *source;
	const char *p;
	unsigned flags;
	unsigned depth;
	struct where at;
	struct arena *arena;
	struct hw_error *err;
};

#define SHOWN_BEFORE 24 /* bytes of a long expression before the place at fault */

static size_t characters(const char *from, const char *to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += ((unsigned char)*from & 0xc0) != 0x80;
	return n;
}

/* Of a long expression the part around @where is shown. */
static int refuse_at(const struct parser *p, const char *where, const char *hint, const char *what)
{
	const char *from = p->source, *end = p->source + strlen(p->source);
	int shown;

	if (utf8_excerpt(from, (size_t)(end - from)) < end - from && where - from > SHOWN_BEFORE)
		from = where - SHOWN_BEFORE;
	while (from > p->source && ((unsigned char)*from & 0xc0) == 0x80)
		from--;
	shown = utf8_excerpt(from, (size_t)(end - from));
	return error_set(p->err, EINVAL, p->at, hint, "expression '%s%.*s%s', character %zu: %s",
			 from > p->source ? "..." : "", shown, from,
			 from + shown < end ? "..." : "", characters(p->source, where) + 1, what);
}

static int refuse(const struct parser *p, const char *hint, const char *what)
{
	return refuse_at(p, p->p, hint, what);
}

/* ---- the tree ---- */

static struct re2_node *node_new(struct parser *p, enum re2_kind kind)
{
	struct re2_node *node = arena_alloc(p->arena, 1, sizeof(*node));

	if (node)
		node->kind = kind;
	return node;
}

static void add_part(struct re2_node *whole, struct re2_node *part)
{
	if (whole->last)
		whole->last->next = part;
	else
		whole->first = part;
	whole->last = part;
}

static int add_place(struct parser *p, struct re2_node *sequence, enum re2_place place)
{
	struct re2_node *node = node_new(p, RE2_PLACE);

	if (!node)
		return error_oom(p->err);
	node->place = place;
	add_part(sequence, node);
	return 0;
}

static struct rune_set *set_new(struct parser *p)
{
	return arena_alloc(p->arena, 1, sizeof(struct rune_set));
}

/* The set is complete but for its letters' other case. */
static int finish_set(struct parser *p, struct rune_set *set, bool negated, const char *start)
{
	int r = p->flags & FLAG_FOLD ? set_fold(set, p->arena) : 0;

	if (r == -EDOM)
		return refuse_at(p, start, "write the characters in both cases, without (?i)",
				 "(?i) is supported for ASCII only");
	if (r == 0)
		r = set_finish(set, p->arena, negated);
	return r < 0 ? error_oom(p->err) : 0;
}

static int add_set(struct parser *p, struct re2_node *sequence, const struct rune_set *set)
{
	struct re2_node *node = node_new(p, RE2_SET);

	if (!node)
		return error_oom(p->err);
	node->set = set;
	add_part(sequence, node);
	return 0;
}

static int add_rune(struct parser *p, struct re2_node *sequence, int32_t c, const char *start)
{
	struct rune_set *set = set_new(p);
	int r;

	if (!set || set_add(set, p->arena, c, c) < 0)
		return error_oom(p->err);
	r = finish_set(p, set, false, start);
	return r < 0 ? r : add_set(p, sequence, set);
}

/* ---- characters ---- */

static int next_rune(struct parser *p, int32_t *ret)
{
	const unsigned char *s = (const unsigned char *)p->p;
	size_t len = utf8_decode(s, s + strlen(p->p), ret);

	if (len == 0)
		return refuse(p, "write it in UTF-8", "not UTF-8");
	p->p += len;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* After "\x": two digits, or any number of them in braces. */
static int parse_hex(struct parser *p, int32_t *ret)
{
	static const char help[] = "write \\x41 or \\x{1F600}";
	const bool braces = *p->p == '{';
	int32_t c = 0;
	int n = 0;

	p->p += braces;
	for (; hex_digit(*p->p) >= 0 && (braces || n < 2) && c <= RUNE_MAX; n++, p->p++)
		c = c * 16 + hex_digit(*p->p);
	if (c > RUNE_MAX || n == 0 || (!braces && n < 2) || (braces && *p->p != '}'))
		return refuse(p, help, "not the number of a character");
	p->p += braces;
	*ret = c;
	return 0;
}

/* "\0", "\012", "\12": at most three digits; a single one is a back-reference elsewhere. */
static int parse_octal(struct parser *p, int32_t *ret)
{
	int32_t c = 0;

	for (int n = 0; n < 3 && *p->p >= '0' && *p->p <= '7'; n++)
		c = c * 8 + (*p->p++ - '0');
	*ret = c;
	return 0;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* A backslash at p->p that denotes one character. */
static int parse_escape(struct parser *p, int32_t *ret)
{
	static const char letters[] = "afnrtv", meanings[] = "\a\f\n\r\t\v";
	const char c = p->p[1], *letter;

	if (!c)
		return refuse(p, "write two backslashes for the character itself",
			      "the expression ends with a backslash");
	if (c == '0' || (c >= '1' && c <= '7' && p->p[2] >= '0' && p->p[2] <= '7')) {
		p->p++;
		return parse_octal(p, ret);
	}
	if (c >= '1' && c <= '9')
		return refuse(p, "write the text itself", "back-references are not supported");
	if (c == 'x') {
		p->p += 2;
		return parse_hex(p, ret);
	}
	letter = strchr(letters, c);
	if (letter)
		*ret = meanings[letter - letters];
	else if ((unsigned char)c < 0x80 && !is_alnum(c))
		*ret = (unsigned char)c;
	else
		return refuse(p, "omit it for the character itself; \\b, \\d, \\s and \\w exist",
			      "this character is not valid after a backslash");
	p->p += 2;
	return 0;
}

static int parse_rune(struct parser *p, int32_t *ret)
{
	return *p->p == '\\' ? parse_escape(p, ret) : next_rune(p, ret);
}

/* ---- sets ---- */

/* Add a set that has a name; the other case comes first, then what is left out. */
static int add_named(struct parser *p, struct rune_set *to, const char *name, size_t len,
		     bool negated)
{
	struct rune_set set = { 0 };
	int r = set_add_pairs(&set, p->arena, set_named(name, len));

	/*
	 * Strings cannot spell it; only the named ones that are a set of
	 * control characters have it.
	 */
	if (r == 0 &&
	    (len == 5 && (memcmp(name, "ascii", 5) == 0 || memcmp(name, "cntrl", 5) == 0)))
		r = set_add(&set, p->arena, 0, 0);
	if (r == 0 && (p->flags & FLAG_FOLD))
		r = set_fold(&set, p->arena);
	if (r == 0)
		r = set_finish(&set, p->arena, negated);
	for (size_t i = 0; r == 0 && i < set.n; i++)
		r = set_add(to, p->arena, set.ranges[i].lo, set.ranges[i].hi);
	return r < 0 ? error_oom(p->err) : 0;
}

static bool is_letter_class(const char *p)
{
	return p[0] == '\\' && p[1] && strchr("dswDSW", p[1]);
}

static bool is_unicode_class(const char *p)
{
	return p[0] == '\\' && (p[1] == 'p' || p[1] == 'P');
}

static int refuse_unicode(const struct parser *p)
{
	return refuse(p, "name the characters: [A-Za-z]", "Unicode classes are not supported");
}

/* "\d", "\W": lower case names the set, upper case what is not in it. */
static int add_letter_class(struct parser *p, struct rune_set *to)
{
	const char lower = (char)(p->p[1] | 0x20);
	const bool negated = p->p[1] != lower;

	p->p += 2;
	return add_named(p, to, &lower, 1, negated);
}

/* "[:alpha:]" at p->p; without ":]" it is just characters. */
static const char *end_of_class(const char *p)
{
	return p[0] == '[' && p[1] == ':' ? strstr(p + 2, ":]") : NULL;
}

static int add_posix_class(struct parser *p, struct rune_set *to, const char *end)
{
	const char *name = p->p + 2;
	const bool negated = *name == '^';

	name += negated;
	if (!set_named(name, (size_t)(end - name)) || end - name == 1)
		return refuse(p,
			      "classes are alnum, alpha, ascii, blank, cntrl, digit, graph, lower, "
			      "print, punct, space, upper, word and xdigit",
			      "unknown class");
	p->p = end + 2;
	return add_named(p, to, name, (size_t)(end - name), negated);
}

static int add_range(struct parser *p, struct rune_set *to)
{
	const char *start = p->p;
	int32_t lo, hi;
	struct rune_set set = { 0 };
	int r = parse_rune(p, &lo);

	hi = lo;
	if (r == 0 && p->p[0] == '-' && p->p[1] && p->p[1] != ']') {
		p->p++;
		r = parse_rune(p, &hi);
	}
	if (r < 0)
		return r;
	if (hi < lo)
		return refuse_at(p, start, "write the smaller character first",
				 "the range is empty");
	if (set_add(&set, p->arena, lo, hi) < 0)
		return error_oom(p->err);
	r = finish_set(p, &set, false, start);
	for (size_t i = 0; r == 0 && i < set.n; i++)
		if (set_add(to, p->arena, set.ranges[i].lo, set.ranges[i].hi) < 0)
			return error_oom(p->err);
	return r;
}

static int add_member(struct parser *p, struct rune_set *set)
{
	const char *end = end_of_class(p->p);

	if (end)
		return add_posix_class(p, set, end);
	if (is_unicode_class(p->p))
		return refuse_unicode(p);
	return is_letter_class(p->p) ? add_letter_class(p, set) : add_range(p, set);
}

static int parse_brackets(struct parser *p, struct re2_node *sequence)
{
	const char *start = p->p++;
	struct rune_set *set = set_new(p);
	const bool negated = *p->p == '^';
	int r = set ? 0 : error_oom(p->err);

	p->p += negated;
	for (bool first = true; r == 0 && (first || *p->p != ']'); first = false) {
		if (!*p->p)
			return refuse_at(p, start, "write \\[ for the character itself",
					 "'[' is never closed");
		r = add_member(p, set);
	}
	if (r < 0)
		return r;
	p->p++;
	if (set_finish(set, p->arena, negated) < 0)
		return error_oom(p->err);
	return add_set(p, sequence, set);
}

static int parse_dot(struct parser *p, struct re2_node *sequence)
{
	struct rune_set *set = set_new(p);
	int r = set ? 0 : -ENOMEM;

	p->p++;
	if (r == 0 && !(p->flags & FLAG_DOT))
		r = set_add(set, p->arena, '\n', '\n');
	if (r == 0)
		r = set_finish(set, p->arena, true);
	return r < 0 ? error_oom(p->err) : add_set(p, sequence, set);
}

/* ---- backslashes ---- */

/* "\Q...\E": the characters themselves, to the end if there is no \E. */
static int parse_quoted(struct parser *p, struct re2_node *sequence)
{
	int r = 0;

	p->p += 2;
	while (r == 0 && *p->p && !starts_with(p->p, "\\E")) {
		const char *start = p->p;
		int32_t c;

		r = next_rune(p, &c);
		if (r == 0)
			r = add_rune(p, sequence, c, start);
	}
	if (*p->p)
		p->p += 2;
	return r;
}

static bool is_place(char letter, enum re2_place *ret)
{
	static const struct {
		char letter;
		enum re2_place place;
	} places[] = {
		{ 'A', PLACE_TEXT_BEGIN },
		{ 'z', PLACE_TEXT_END },
		{ 'b', PLACE_WORD_EDGE },
		{ 'B', PLACE_NO_WORD_EDGE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (places[i].letter != letter)
			continue;
		*ret = places[i].place;
		return true;
	}
	return false;
}

static int parse_letter_class(struct parser *p, struct re2_node *sequence)
{
	struct rune_set *set = set_new(p);
	int r = set ? add_letter_class(p, set) : error_oom(p->err);

	if (r < 0)
		return r;
	if (set_finish(set, p->arena, false) < 0)
		return error_oom(p->err);
	return add_set(p, sequence, set);
}

static int parse_backslash(struct parser *p, struct re2_node *sequence)
{
	const char *start = p->p;
	enum re2_place place;
	int32_t c;
	int r;

	if (p->p[1] == 'Q')
		return parse_quoted(p, sequence);
	if (is_letter_class(p->p))
		return parse_letter_class(p, sequence);
	if (is_unicode_class(p->p))
		return refuse_unicode(p);
	if (is_place(p->p[1], &place)) {
		p->p += 2;
		return add_place(p, sequence, place);
	}
	r = parse_escape(p, &c);
	return r < 0 ? r : add_rune(p, sequence, c, start);
}

/* ---- groups ---- */

static int parse_choice(struct parser *p, struct re2_node **ret);

static int parse_body(struct parser *p, struct re2_node *sequence, const char *start)
{
	const unsigned flags = p->flags;
	struct re2_node *inner;
	int r;

	if (++p->depth > RE2_DEPTH_MAX)
		return refuse_at(p, start, "at most 64 groups may be nested",
				 "groups nested too deeply");
	r = parse_choice(p, &inner);
	if (r < 0)
		return r;
	if (*p->p != ')')
		return refuse_at(p, start, "write \\( for the character itself",
				 "'(' is never closed");
	p->p++;
	p->depth--;
	p->flags = flags;
	add_part(sequence, inner);
	return 0;
}

/* "(?P<name>" */
static int parse_name(struct parser *p)
{
	const char *name = p->p + strlen("(?P<"), *end = name;

	while (is_alnum(*end) || *end == '_')
		end++;
	if (end == name || *end != '>')
		return refuse(p, "write (?P<name>...) or a plain group",
			      "not a valid name of a group");
	p->p = end + 1;
	return 0;
}

static unsigned flag_of(char c)
{
	return c == 'i' ? FLAG_FOLD : c == 'm' ? FLAG_LINES : c == 's' ? FLAG_DOT : 0;
}

/* "(?i-s)" for the rest of the group, or "(?i-s:...)" for a group of its own. */
static int parse_flags(struct parser *p, struct re2_node *sequence)
{
	const char *start = p->p;
	const unsigned before = p->flags;
	unsigned flags = before;
	bool minus = false, named = true;
	int r;

	for (p->p += 2; *p->p && *p->p != ')' && *p->p != ':'; p->p++) {
		if (*p->p == '-' && !minus) {
			minus = true;
			named = false;
		} else if (*p->p == 'U' || flag_of(*p->p)) {
			flags = minus ? flags & ~flag_of(*p->p) : flags | flag_of(*p->p);
			named = true;
		} else {
			return refuse(p,
				      "Go supports (?:...), (?i), (?m), "
				      "(?s), (?U) and (?P<name>...)",
				      "this kind of group is not supported");
		}
	}
	if (!*p->p || !named)
		return refuse_at(p, start, "write (?i) or (?i:...)",
				 "this group's flags are not complete");
	p->flags = flags;
	if (*p->p++ == ')')
		return 0;
	r = parse_body(p, sequence, start);
	p->flags = before;
	return r;
}

static int parse_group(struct parser *p, struct re2_node *sequence)
{
	const char *start = p->p;
	int r = 0;

	if (starts_with(p->p, "(?P<"))
		r = parse_name(p);
	else if (p->p[1] == '?')
		return parse_flags(p, sequence);
	else
		p->p++;
	return r < 0 ? r : parse_body(p, sequence, start);
}

/* ---- repetitions ---- */

/* Digits as a number that saturates above RE2_REPEAT_MAX; false: none, or a zero before others. */
static bool parse_number(const char **p, int *ret)
{
	int n = 0;

	if (!is_digit(**p) || (**p == '0' && is_digit((*p)[1])))
		return false;
	for (; is_digit(**p); (*p)++)
		n = n > RE2_REPEAT_MAX ? n : n * 10 + (**p - '0');
	*ret = n;
	return true;
}

const char *re2_interval(const char *p, int *min, int *max)
{
	p++;
	if (!parse_number(&p, min))
		return NULL;
	*max = *min;
	if (*p == ',') {
		p++;
		*max = -1;
		if (*p != '}' && !parse_number(&p, max))
			return NULL;
	}
	return *p == '}' ? p + 1 : NULL;
}

/* The bounds of a repetition at @p and its end; NULL: there is none. */
static const char *parse_repetition(const char *p, int *min, int *max)
{
	*min = *p == '+';
	*max = *p == '?' ? 1 : -1;
	if (*p && strchr("*+?", *p))
		return p + 1;
	return *p == '{' ? re2_interval(p, min, max) : NULL;
}

static int check_repetition(const struct parser *p, const struct re2_node *sequence, bool repeated,
			    int min, int max)
{
	if (repeated)
		return refuse(p, "put the first into a group: (?:a*)*",
			      "two repetitions in a row are not allowed");
	if (!sequence->last)
		return refuse(p, "write a backslash before it for the character itself",
			      "it does not follow anything to repeat");
	if (min > RE2_REPEAT_MAX || max > RE2_REPEAT_MAX)
		return refuse(p, "an interval's bound is at most 1000",
			      "the interval is too large");
	if (max >= 0 && min > max)
		return refuse(p, "write the smaller bound first", "the interval is empty");
	return 0;
}

/* As Go: what is written out may repeat a thing 1000 times, also by repetitions in repetitions. */
static bool is_repeatable(const struct re2_node *node, int times)
{
	if (node->kind == RE2_REPEAT) {
		const int n = node->max < 0 ? node->min : node->max;

		if (node->max == 0)
			return true;
		if (n > times)
			return false;
		times = n > 0 ? times / n : times;
	}
	for (const struct re2_node *part = node->first; part; part = part->next)
		if (!is_repeatable(part, times))
			return false;
	return true;
}

/* The last part of @sequence becomes a repetition of what it was. */
static int repeat_last(struct parser *p, struct re2_node *sequence, int min, int max)
{
	struct re2_node *what = node_new(p, sequence->last->kind);

	if (!what)
		return error_oom(p->err);
	*what = *sequence->last;
	*sequence->last = (struct re2_node){
		.kind = RE2_REPEAT, .first = what, .last = what, .min = min, .max = max
	};
	if ((min >= 2 || max >= 2) && !is_repeatable(sequence->last, RE2_REPEAT_MAX))
		return refuse(p, "use smaller intervals",
			      "nested repetitions amount to more than 1000");
	return 0;
}

/* All repetitions here: a second one is an error. The mark for short matches is ignored. */
static int parse_repetitions(struct parser *p, struct re2_node *sequence, bool *found)
{
	bool repeated = false;
	const char *end;
	int min, max;

	while ((end = parse_repetition(p->p, &min, &max))) {
		int r = check_repetition(p, sequence, repeated, min, max);

		if (r == 0)
			r = repeat_last(p, sequence, min, max);
		if (r < 0)
			return r;
		p->p = end + (*end == '?');
		repeated = true;
	}
	*found = repeated;
	return 0;
}

/* ---- the whole ---- */

static int parse_anchor(struct parser *p, struct re2_node *sequence)
{
	const bool lines = p->flags & FLAG_LINES, begin = *p->p++ == '^';
	const enum re2_place text = begin ? PLACE_TEXT_BEGIN : PLACE_TEXT_END;
	const enum re2_place line = begin ? PLACE_LINE_BEGIN : PLACE_LINE_END;

	return add_place(p, sequence, lines ? line : text);
}

static int parse_plain(struct parser *p, struct re2_node *sequence)
{
	const char *start = p->p;
	int32_t c;
	int r = next_rune(p, &c);

	return r < 0 ? r : add_rune(p, sequence, c, start);
}

static int parse_one(struct parser *p, struct re2_node *sequence)
{
	static const struct {
		char c;
		int (*parse)(struct parser *p, struct re2_node *sequence);
	} special[] = {
		{ '(', parse_group }, { '[', parse_brackets }, { '\\', parse_backslash },
		{ '.', parse_dot },   { '^', parse_anchor },   { '$', parse_anchor },
	};

	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (*p->p == special[i].c)
			return special[i].parse(p, sequence);
	return parse_plain(p, sequence);
}

static int parse_sequence(struct parser *p, struct re2_node **ret)
{
	struct re2_node *sequence = node_new(p, RE2_SEQUENCE);
	int r = sequence ? 0 : error_oom(p->err);

	while (r == 0 && *p->p && *p->p != '|' && *p->p != ')') {
		bool repeated;

		r = parse_repetitions(p, sequence, &repeated);
		if (r == 0 && !repeated)
			r = parse_one(p, sequence);
	}
	*ret = sequence;
	return r;
}

static int parse_choice(struct parser *p, struct re2_node **ret)
{
	struct re2_node *choice = node_new(p, RE2_CHOICE), *sequence;
	int r;

	if (!choice)
		return error_oom(p->err);
	for (;;) {
		r = parse_sequence(p, &sequence);
		if (r < 0)
			return r;
		add_part(choice, sequence);
		if (*p->p != '|')
			break;
		p->p++;
	}
	*ret = choice;
	return 0;
}

int re2_parse(const char *source, struct where at, struct arena *arena, struct re2_node **ret,
	      struct hw_error *err)
{
	struct parser p = { .source = source, .p = source, .at = at, .arena = arena, .err = err };
	int r;

	if (strlen(source) > RE2_SOURCE_MAX)
		return error_set(err, EINVAL, at, NULL,
				 "the expression has %zu bytes; at most %d are allowed",
				 strlen(source), RE2_SOURCE_MAX);
	r = parse_choice(&p, ret);
	if (r == 0 && *p.p)
		return refuse(&p, "write \\) for the character itself", "')' without a '('");
	return r;
}
