/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <regex.h>
#include <stdatomic.h>
#include <stdio.h>

#include "regex.h"

#define DEPTH_MAX (REGEX_SOURCE_MAX / 2 + 1)

/* regcomp(3) is a fifth of the time that a policy takes to load, and most are never asked. */
struct regex {
	const char *source;
	size_t weight;
	_Atomic(regex_t *) compiled; /* by whichever thread needs it first; NULL before */
};

/* ---- the check before regcomp(3) ---- */

/* A group that is open, or the whole. */
struct level {
	size_t weight; /* characters so far, with the intervals written out */
	bool empty;    /* nothing in this alternative yet */
	bool nullable; /* this alternative may match nothing, so far */
	bool any;      /* one before may */
};

struct scan {
	const char *source;
	const char *p;
	struct where at;
	struct hw_error *err;
	struct level levels[DEPTH_MAX];
	unsigned depth;
	size_t last;   /* weight of what a repetition here would repeat; 0: nothing */
	bool nullable; /* that may match nothing */
	bool repeated; /* a repetition stands just before */
};

static int refuse(const struct scan *s, const char *hint, const char *what)
{
	return error_set(s->err, EINVAL, s->at, hint, "expression '%s', character %zu: %s",
			 s->source, (size_t)(s->p - s->source) + 1, what);
}

static struct level *level(struct scan *s)
{
	return &s->levels[s->depth];
}

/* What stands before can no longer be repeated. */
static void settle(struct scan *s)
{
	if (s->last)
		level(s)->nullable = level(s)->nullable && s->nullable;
	s->last = 0;
	s->repeated = false;
}

static void add(struct scan *s, size_t weight, bool nullable)
{
	settle(s);
	level(s)->weight += weight;
	level(s)->empty = false;
	s->last = weight;
	s->nullable = nullable;
}

static int start_alternative(struct scan *s)
{
	level(s)->empty = true;
	level(s)->nullable = true;
	s->p++;
	return 0;
}

static int scan_open(struct scan *s)
{
	if (s->p[1] == '?')
		return refuse(s, "write a plain group: (...)",
			      "'(?' is not in POSIX extended expressions");
	if (s->depth + 1 >= DEPTH_MAX)
		return refuse(s, NULL, "groups nested too deeply");
	settle(s);
	s->levels[++s->depth] = (struct level){ 0 };
	return start_alternative(s);
}

static int end_alternative(struct scan *s)
{
	if (level(s)->empty)
		return refuse(s, "write (x)? for 'x or nothing'", "an alternative is empty");
	settle(s);
	level(s)->any = level(s)->any || level(s)->nullable;
	return 0;
}

static int scan_bar(struct scan *s)
{
	int r = end_alternative(s);

	return r < 0 ? r : start_alternative(s);
}

static int scan_close(struct scan *s)
{
	struct level group;
	int r;

	if (s->depth == 0)
		return refuse(s, "write \\) for the character itself", "')' without a '('");
	r = end_alternative(s);
	if (r < 0)
		return r;
	group = s->levels[s->depth--];
	add(s, group.weight, group.any);
	s->p++;
	return 0;
}

static int scan_repeatable(const struct scan *s)
{
	if (s->repeated)
		return refuse(s, "write one of them, or put the first into a group",
			      "two repetitions in a row are not defined");
	if (!s->last)
		return refuse(s, "write a backslash before it for the character itself",
			      "there is nothing to repeat before it");
	/* The C locale knows bytes: only the last one of the character would be repeated. */
	if ((unsigned char)s->p[-1] >= 0x80)
		return refuse(s, "put the character into a group: (...)",
			      "a character outside ASCII is repeated");
	return 0;
}

/* "((a*)*){60}" keeps glibc's regcomp(3) busy for hours. */
static int check_rounds(const struct scan *s)
{
	if (s->nullable)
		return refuse(s, "let each round match a character: (a)* instead of (a*)*",
			      "what is repeated may match nothing");
	return 0;
}

static int scan_optional(struct scan *s)
{
	int r = scan_repeatable(s);

	s->nullable = true;
	s->repeated = true;
	s->p++;
	return r;
}

static int scan_star(struct scan *s)
{
	int r = scan_repeatable(s);

	if (r == 0)
		r = check_rounds(s);
	return r < 0 ? r : scan_optional(s);
}

static int scan_plus(struct scan *s)
{
	int r = scan_repeatable(s);

	if (r == 0)
		r = check_rounds(s);
	s->repeated = true;
	s->p++;
	return r;
}

/* Digits at @p as a number that saturates above REGEX_BOUND_MAX. */
static unsigned bound(const char **p)
{
	unsigned n = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++)
		if (n <= REGEX_BOUND_MAX)
			n = n * 10 + (unsigned)(**p - '0');
	return n;
}

static int scan_interval(struct scan *s)
{
	static const char help[] = "intervals are {2}, {2,} or {2,5}; write \\{ for the character";
	const char *p = s->p + 1;
	unsigned low, high;
	int r = scan_repeatable(s);

	if (r < 0)
		return r;
	if (*p < '0' || *p > '9')
		return refuse(s, help, "'{' begins no interval");
	low = high = bound(&p);
	if (*p == ',' && p[1] == '}')
		p++;
	else if (*p == ',' && p[1] >= '0' && p[1] <= '9')
		p++, high = bound(&p);
	if (*p != '}')
		return refuse(s, help, "'{' begins no interval");
	if (high > REGEX_BOUND_MAX)
		return refuse(s, "an interval's bound is at most 255", "the interval is too large");
	if (low > high)
		return refuse(s, "write the smaller bound first", "the interval is empty");
	if (high > 1) {
		r = check_rounds(s);
		level(s)->weight += (high - 1) * s->last;
	}
	s->nullable = s->nullable || low == 0;
	s->repeated = true;
	s->p = p + 1;
	return r;
}

/* After "[" of [:alpha:], [.x.] or [=x=]: past its end, or NULL. */
static const char *skip_class(const char *p)
{
	const char kind = *p;

	for (p++; *p; p++)
		if (*p == kind && p[1] == ']')
			return p + 2;
	return NULL;
}

static int scan_bracket(struct scan *s)
{
	const char *p = s->p + 1;

	p += *p == '^';
	p += *p == ']'; /* first in the list it is a member */
	while (*p && *p != ']') {
		if ((unsigned char)*p >= 0x80)
			return refuse(s, "write alternatives: (x|y)",
				      "a character outside ASCII in brackets");
		if (*p == '[' && p[1] && strchr(":.=", p[1]))
			p = skip_class(p + 1);
		else
			p++;
		if (!p)
			break;
	}
	if (!p || !*p)
		return refuse(s, "write \\[ for the character itself", "'[' is never closed");
	s->p = p + 1;
	add(s, 1, false);
	return 0;
}

/* GNU gives letters and <, >, ` and ' a meaning after a backslash, others give them another. */
static bool is_escapable(char c)
{
	return c > ' ' && c < 0x7f && !strchr("<>`'_", c) && !(c >= '0' && c <= '9') &&
	       !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
}

static int scan_backslash(struct scan *s)
{
	const char c = s->p[1];

	if (!c)
		return refuse(s, "write two backslashes for the character itself",
			      "a backslash stands at the end");
	if (c >= '1' && c <= '9')
		return refuse(s, "spell the text out", "back-references are not supported");
	if (!is_escapable(c))
		return refuse(s, "write [0-9], [[:alpha:]_], [[:space:]] and the like",
			      "this character has no meaning after a backslash");
	s->p += 2;
	add(s, 1, false);
	return 0;
}

/* In repeated groups they keep glibc's regcomp(3) busy for hours. */
static int scan_anchor(struct scan *s)
{
	if (s->depth > 0)
		return refuse(s,
			      "leave it out: the whole value must match anyhow; for the character "
			      "itself write a backslash before it",
			      "an anchor in a group");
	add(s, 1, true);
	s->last = 0; /* not to be repeated */
	s->p++;
	return 0;
}

static int scan_plain(struct scan *s)
{
	add(s, 1, false);
	s->p++;
	return 0;
}

static int scan_one(struct scan *s)
{
	static const struct {
		char c;
		int (*scan)(struct scan *s);
	} special[] = {
		{ '(', scan_open },    { ')', scan_close },    { '|', scan_bar },
		{ '*', scan_star },    { '+', scan_plus },     { '?', scan_optional },
		{ '[', scan_bracket }, { '{', scan_interval }, { '\\', scan_backslash },
		{ '^', scan_anchor },  { '$', scan_anchor },
	};

	for (size_t i = 0; i < ARRAY_SIZE(special); i++)
		if (*s->p == special[i].c)
			return special[i].scan(s);
	return scan_plain(s);
}

/* *@ret_weight is how many characters the expression has with its intervals written out. */
static int check_source(const char *source, struct where at, size_t *ret_weight,
			struct hw_error *err)
{
	struct scan s = { .source = source, .p = source, .at = at, .err = err };
	size_t len = strlen(source);
	int r = 0;

	if (len == 0)
		return error_set(err, EINVAL, at, "'.*' matches every value, '^$' an empty one",
				 "the expression is empty");
	if (len > REGEX_SOURCE_MAX)
		return error_set(err, EINVAL, at, NULL,
				 "the expression has %zu bytes; at most %d are allowed", len,
				 REGEX_SOURCE_MAX);
	s.levels[0].empty = s.levels[0].nullable = true;
	while (r == 0 && *s.p) {
		r = scan_one(&s);
		/* Checked at every step, so that products never overflow. */
		if (r == 0 && level(&s)->weight > REGEX_EXPANSION_MAX)
			return error_set(err, EINVAL, at, "use smaller intervals",
					 "expression '%s' is longer than %d characters when its "
					 "intervals are written out",
					 source, REGEX_EXPANSION_MAX);
	}
	if (r == 0)
		r = end_alternative(&s);
	if (r == 0 && s.depth > 0)
		return refuse(&s, "write \\( for the character itself", "a ')' is missing");
	*ret_weight = s.levels[0].weight;
	return r;
}

/* ---- compiling and matching ---- */

/*
 * glibc 2.36 frees memory twice when it cannot enlarge the table of an expression's nodes. It
 * begins with as many as the text has bytes: something that is long and matches nothing,
 * "[aaa]{0}", makes room for those that intervals and anchors add.
 */
#define PADDING_FACTOR 4
#define PADDING_MAX    (PADDING_FACTOR * (REGEX_SOURCE_MAX + REGEX_EXPANSION_MAX) + 16)

static void anchor(char *buf, size_t size, const char *source, size_t weight)
{
	char padding[PADDING_MAX + 1];
	size_t n = PADDING_FACTOR * (strlen(source) + weight) + 16;

	memset(padding, 'a', n);
	padding[n] = '\0';
	snprintf(buf, size, "^[%s]{0}(%s)$", padding, source);
}

/* Returns what regcomp(3) does; *@ret is for regfree(3) and free(3). */
static int compile(const struct regex *re, regex_t **ret)
{
	char anchored[PADDING_MAX + REGEX_SOURCE_MAX + sizeof("^[]{0}()$")];
	auto_free regex_t *compiled = malloc(sizeof(*compiled));
	int code;

	if (!compiled)
		return REG_ESPACE;
	anchor(anchored, sizeof(anchored), re->source, re->weight);
	code = regcomp(compiled, anchored, REG_EXTENDED | REG_NOSUB);
	if (code == 0)
		*ret = TAKE(compiled);
	return code;
}

static void compiled_free(regex_t *compiled)
{
	if (!compiled)
		return;
	regfree(compiled);
	free(compiled);
}

/* Not setlocale(3): other threads have a say in that one. */
static locale_t enter_c_locale(locale_t *before)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);

	if (c)
		*before = uselocale(c);
	return c;
}

static void leave_c_locale(locale_t c, locale_t before)
{
	uselocale(before);
	freelocale(c);
}

/* In the C locale. Two threads may both compile it; one of them keeps its own for all. */
static int need_compiled(struct regex *re, const regex_t **ret)
{
	regex_t *first = atomic_load(&re->compiled), *own;
	int code;

	*ret = first;
	if (first)
		return 0;
	code = compile(re, &own);
	if (code != 0)
		return code;
	*ret = own;
	if (!atomic_compare_exchange_strong(&re->compiled, &first, own)) {
		compiled_free(own);
		*ret = first;
	}
	return 0;
}

/* What check_source() does not know: ranges and names in brackets. */
static int check_brackets(struct regex *re, struct where at, struct hw_error *err)
{
	const regex_t *compiled;
	locale_t before, c;
	char why[128];
	int code;

	if (!strchr(re->source, '['))
		return 0;
	c = enter_c_locale(&before);
	if (!c)
		return error_oom(err);
	code = need_compiled(re, &compiled);
	if (code != 0)
		regerror(code, NULL, why, sizeof(why));
	leave_c_locale(c, before);
	if (code == REG_ESPACE)
		return error_oom(err);
	if (code != 0)
		return error_set(err, EINVAL, at, "regex(7) describes extended regular expressions",
				 "expression '%s': %s", re->source, why);
	return 0;
}

int regex_new(const char *source, struct where at, struct regex **ret, struct hw_error *err)
{
	auto_free struct regex *re = calloc(1, sizeof(*re));
	int r;

	if (!re)
		return error_oom(err);
	re->source = source;
	r = check_source(source, at, &re->weight, err);
	if (r == 0)
		r = check_brackets(re, at, err);
	if (r == 0)
		*ret = TAKE(re);
	return r;
}

void regex_free(struct regex *re)
{
	if (!re)
		return;
	compiled_free(atomic_load(&re->compiled));
	free(re);
}

static int match(struct regex *re, const char *value)
{
	const regex_t *compiled;
	int code = need_compiled(re, &compiled);

	if (code != 0)
		return code;
	errno = 0;
	code = regexec(compiled, value, 0, NULL, 0);
	/* glibc says "no match" when its memory ran out; only malloc(3) tells. */
	return code != 0 && errno == ENOMEM ? REG_ESPACE : code;
}

int regex_match(struct regex *re, const char *value, enum truth *ret)
{
	locale_t c, before;
	int code;

	*ret = UNKNOWN;
	if (strnlen(value, REGEX_VALUE_MAX + 1) > REGEX_VALUE_MAX)
		return 0;
	c = enter_c_locale(&before);
	if (!c)
		return -ENOMEM;
	code = match(re, value);
	leave_c_locale(c, before);
	if (code != 0 && code != REG_NOMATCH)
		return -ENOMEM;
	*ret = code == 0 ? YES : NO;
	return 0;
}
