/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of regular expressions: syntax, matches, and linear time. */
#include <regex.h>
#include <stdlib.h>
#include <time.h>

#include "format/json.h"
#include "format/re2.h"
#include "test.h"

#define TABLE "tests/data/hooksd/expressions"

/* Whether times say anything: sanitizers are slow. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || !defined(__OPTIMIZE__)
#define PLAIN false
#else
#define PLAIN true
#endif

static enum truth match_in(enum re2_extent extent, const char *source, const char *value,
			   struct budget *budget)
{
	CLEANUP(re2_freep) struct re2 *re = NULL;
	struct hw_error err;
	enum truth got;

	if (re2_new(source, extent, NOWHERE, &re, &err) < 0)
		FAIL("%s: %s", source, err.message);
	CHECK_INT(re2_match(re, value, budget, &got), 0);
	return got;
}

static enum truth match(const char *source, const char *value)
{
	return match_in(RE2_ANYWHERE, source, value, NULL);
}

/* One line of the table: expression, value, answer. */
static void check_row(const char *line)
{
	struct arena *arena = arena_new();
	const char *words[3];
	struct json doc;
	struct re2 *re = NULL;
	struct hw_error err;
	uint32_t v;

	CHECK_INT(json_scan(&doc, TABLE, line, strlen(line), &err), 0);
	v = json_first(&doc, JSON_ROOT);
	for (size_t i = 0; i < 3; i++, v = json_next(&doc, JSON_ROOT, v))
		CHECK_INT(json_string(&doc, v, arena, &words[i], &err), 0);
	if (streq(words[2], "error") || streq(words[2], "refused")) {
		if (re2_new(words[0], RE2_ANYWHERE, NOWHERE, &re, &err) != -EINVAL)
			FAIL("taken: %s", words[0]);
		CHECK(err.message[0]);
	} else if (match(words[0], words[1]) != (streq(words[2], "yes") ? YES : NO)) {
		FAIL("'%s' on '%s' is not %s", words[0], words[1], words[2]);
	}
	json_free(&doc);
	arena_free(arena);
}

static void the_table_holds(void)
{
	char line[8192];
	FILE *file = fopen(TABLE, "re");
	int rows = 0;

	CHECK(file);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		check_row(line);
		rows++;
	}
	fclose(file);
	CHECK(rows > 300);
}

static const struct {
	const char *source, *complaint;
} bad[] = {
	{ "a**", "expression 'a**', character 3: two repetitions in a row are not allowed" },
	{ "(?=a)", "expression '(?=a)', character 3: this kind of group is not supported" },
	{ "a\\1", "expression 'a\\1', character 2: back-references are not supported" },
	{ "\\pL", "expression '\\pL', character 1: Unicode classes are not supported" },
	{ "(?i)é", "expression '(?i)é', character 5: (?i) is supported for ASCII only" },
	{ "[b-a]", "expression '[b-a]', character 2: the range is empty" },
	{ "x(", "expression 'x(', character 2: '(' is never closed" },
	{ "x)", "expression 'x)', character 2: ')' without a '('" },
	{ "[a", "expression '[a', character 1: '[' is never closed" },
	{ "\xff", "expression '\xff', character 1: not UTF-8" },
	{ "a\\", "expression 'a\\', character 2: the expression ends with a backslash" },
	{ "a\\_\\y", "expression 'a\\_\\y', character 4: this character is not valid after a "
		     "backslash" },
	{ "é{3}|*", "expression 'é{3}|*', character 6: it does not follow anything to repeat" },
	{ "a{3,2}", "expression 'a{3,2}', character 2: the interval is empty" },
	{ "a{1001}", "expression 'a{1001}', character 2: the interval is too large" },
	{ "[[:alfa:]]", "expression '[[:alfa:]]', character 2: unknown class" },
	{ "(?P<>a)", "expression '(?P<>a)', character 1: not a valid name of a group" },
	{ "(?i", "expression '(?i', character 1: this group's flags are not complete" },
	/* Of long ones the part at fault is shown. */
	{ "0123456789012345678901234567890123456789012345678901234567890123456789é0123456789\\1",
	  "expression '...890123456789é0123456789\\1', character 82: back-references are not "
	  "supported" },
	{ "(0123456789012345678901234567890123456789012345678901234567890123456789",
	  "expression '(012345678901234567890123456789012345678901234567890123456789012...', "
	  "character 1: '(' is never closed" },
};

static void what_is_refused_is_told(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct re2 *re;
		struct hw_error err;

		CHECK_INT(re2_new(bad[i].source, RE2_ANYWHERE, ((struct where){ "f", 2, 3 }), &re,
				  &err),
			  -EINVAL);
		if (bad[i].source[0] != '\xff')
			CHECK_STR(err.message, bad[i].complaint);
		CHECK_INT(err.line, 2);
	}
}

static char *repeat(const char *s, size_t n)
{
	char *text = calloc(n + 1, strlen(s)), *end = text;

	while (text && n-- > 0)
		end = stpcpy(end, s);
	return text;
}

/* re2_check() says what re2_new() does. */
static void a_check_is_as_strict(void)
{
	auto_free char *longest = repeat("a|", RE2_SOURCE_MAX / 2);
	struct re2 *re = NULL;
	struct hw_error err;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		CHECK_INT(re2_check(bad[i].source, NOWHERE, &err), -EINVAL);
		if (bad[i].source[0] != '\xff')
			CHECK_STR(err.message, bad[i].complaint);
	}
	CHECK(longest);
	CHECK_INT(re2_check(longest, NOWHERE, NULL), 0);
	CHECK_INT(re2_new(longest, RE2_WHOLE, NOWHERE, &re, NULL), 0);
	re2_free(re);
	longest = realloc(longest, RE2_SOURCE_MAX + 2);
	CHECK(longest);
	strcat(longest, "b");
	CHECK_INT(re2_check(longest, NOWHERE, &err), -EINVAL);
	CHECK_STR(err.message, "the expression has 1025 bytes; at most 1024 are allowed");
	CHECK_INT(re2_check("(a)|[b]", NOWHERE, NULL), 0);
}

static void anchors_are_seen(void)
{
	static const struct {
		const char *source;
		bool anchored;
	} rows[] = {
		{ "^a$", true },     { "\\Aa\\z", true },   { "^(a|b)$", true },
		{ "^a$|^b$", true }, { "(^a$|^b$)", true }, { ".*", true },
		{ "", true },	     { "a", false },	    { "^a", false },
		{ "a$", false },     { "^a|b$", false },    { "(?m)^a$", false },
		{ "a?", true },	     { "^a$b", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(re2_freep) struct re2 *re = NULL;

		CHECK_INT(re2_new(rows[i].source, RE2_ANYWHERE, NOWHERE, &re, NULL), 0);
		if (re2_anchored(re) != rows[i].anchored)
			FAIL("%s", rows[i].source);
	}
}

static void refuses(const char *source)
{
	struct re2 *re;

	CHECK_INT(re2_new(source, RE2_ANYWHERE, NOWHERE, &re, NULL), -EINVAL);
}

/* Neither long expressions nor long values take long, and each limit is one. */
static void limits_hold(void)
{
	auto_free char *longest = repeat("a", RE2_SOURCE_MAX + 1), *deep = repeat("(", 100);
	auto_free char *value = repeat("a", RE2_VALUE_MAX + 1), *big = repeat("(a{999})", 5);
	auto_free char *empty = repeat("(", 60), *nested = repeat("(a?", 60);
	char closed[RE2_SOURCE_MAX];

	CHECK(longest && deep && value && big && empty && nested);
	refuses(longest);
	refuses(deep);
	refuses(big);
	longest[RE2_SOURCE_MAX] = '\0';
	CHECK_INT(match(longest, "b"), NO);
	CHECK_INT(match("a", value), UNKNOWN);
	value[RE2_VALUE_MAX] = '\0';
	CHECK_INT(match("(a*)*b$", value), NO);
	CHECK_INT(match("(a?){500}$", value), YES);
	/* Repetitions of nothing in repetitions of nothing. */
	snprintf(closed, sizeof(closed), "%s%s", empty, "");
	for (size_t i = 0; i < 60; i++)
		strcat(closed, "){1}");
	CHECK_INT(match(closed, ""), YES);
}

static const struct {
	const char *source, *value;
	enum truth want;
} whole[] = {
	{ "true", "true", YES },
	{ "true", "untrue", NO },
	{ "true", "truer", NO },
	{ "true", "", NO },
	{ "a|ab", "ab", YES }, /* whichever alternative comes first */
	{ "a|b", "ab", NO },
	{ "a|b", "xb", NO }, /* both alternatives are anchored */
	{ "a|b", "ax", NO },
	{ "a|", "", YES },
	{ "a|", "b", NO },
	{ "^true$", "true", YES },
	{ "^$", "", YES },
	{ "^$", "x", NO },
	{ ".*", "line\nbreak", NO },
	{ "(?s).*", "line\nbreak", YES },
	{ "(?s:.)|b", "\n", YES },
	{ "true", "x\ntrue\n", NO },
	{ "true", "true\n", NO },
	{ "true$", "true\n", NO },
	{ "(?m)^true$", "true\ntrue", NO },
	{ "(?m)(^true$\n?)*", "true\ntrue", YES },
	{ "[[:digit:]]+", "0042", YES },
	{ "\\d+", "0042", YES },
	{ "[0-9]{1,3}(\\.[0-9]{1,3}){3}", "192.168.1.1", YES },
	{ "[0-9]{2}", "123", NO },
	{ "[0-9]{2,}", "123", YES },
	{ "[^]]", "]", NO },
	{ "[\\]]", "\\", NO },
	{ "a]", "a]", YES },
	{ "\\(\\)\\{\\|", "(){|", YES },
	{ "/usr/bin/(\\./)?nginx", "/usr/bin/nginx", YES },
	{ "TRUE", "true", NO },
	{ "(?i)TRUE", "true", YES },
	{ "é*", "éé", YES },
	{ "[éè]", "è", YES },
	{ ".", "é", YES }, /* a character, not a byte */
	{ "..", "é", NO },
	{ "(a*)*b", "aab", YES },
	{ "((a|b)(c?))*", "acb", YES },
	{ "^a$|^b$", "b", YES },
	{ "^a|b$", "ax", NO },
	{ "a^b", "a^b", NO },
	{ "(^|x)a", "ya", NO },
	{ "(^|x)+a", "xa", YES },
	{ ".*\\bsh", "/bin/sh", YES },
	{ ".*\\bsh", "/bin/bash", NO },
	{ "a*?", "aa", YES },
	{ "(?:\\Qa+b\\E)+", "a+ba+b", YES },
};

static void the_whole_value_must_match(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
		if (match_in(RE2_WHOLE, whole[i].source, whole[i].value, NULL) != whole[i].want)
			FAIL("'%s' on '%s'", whole[i].source, whole[i].value);
}

/* States built for one value are valid for the next. */
static void one_is_asked_often(void)
{
	CLEANUP(re2_freep) struct re2 *re = NULL;

	CHECK_INT(re2_new("shop-(7|8)(-canary)?\\b", RE2_WHOLE, NOWHERE, &re, NULL), 0);
	for (size_t i = 0; i < 100; i++) {
		enum truth yes, no, empty;

		CHECK_INT(re2_match(re, "shop-7-canary", NULL, &yes), 0);
		CHECK_INT(re2_match(re, "shop-x", NULL, &no), 0);
		CHECK_INT(re2_match(re, "", NULL, &empty), 0);
		CHECK(yes == YES && no == NO && empty == NO);
	}
}

static unsigned long long state;

static unsigned next(unsigned below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(state >> 33) % below;
}

/* More states than are kept: what is forgotten is made again. */
static void forgotten_states_are_made_again(void)
{
	static char value[40001];

	state = 3;
	for (size_t i = 0; i < sizeof(value) - 1; i++)
		value[i] = "ab"[next(2)];
	for (size_t len = sizeof(value) - 1; len > sizeof(value) - 20; len--) {
		const enum truth want = value[len - 16] == 'a' ? YES : NO;

		value[len] = '\0';
		CHECK_INT(match_in(RE2_WHOLE, "[ab]*a[ab]{15}", value, NULL), want);
		CHECK_INT(match("a.{15}$", value), want);
		CHECK_INT(match("a.{15}$|c", value), want);
	}
}

/* "a+?" is "(a+)?" to POSIX. */
static bool means_the_same(const char *source)
{
	for (const char *p = source; *p; p++)
		if (strchr("*+?}", *p) && p[1] == '?')
			return false;
	return true;
}

/* Both dialects read their common syntax alike: the C library's matcher is another program. */
__attribute__((unused)) static void posix_agrees(void)
{
	static const char alphabet[] = "aab()()[]||*+?.^{2}";
	unsigned accepted = 0, found = 0;

	for (state = 1; accepted < 5000;) {
		char source[12], value[7];
		struct re2 *re = NULL;
		regmatch_t at = { -1, -1 };
		regex_t posix;
		bool matches;
		size_t n = 1 + next(sizeof(source) - 1);

		for (size_t i = 0; i < n; i++)
			source[i] = alphabet[next(sizeof(alphabet) - 1)];
		source[n] = '\0';
		n = next(sizeof(value) - 1);
		for (size_t i = 0; i < n; i++)
			value[i] = "ab(2"[next(4)];
		value[n] = '\0';
		if (!means_the_same(source) || re2_new(source, RE2_WHOLE, NOWHERE, &re, NULL) < 0)
			continue;
		re2_free(re);
		if (regcomp(&posix, source, REG_EXTENDED) != 0)
			continue;
		accepted++;
		/* Leftmost, then longest: a whole match is found if there is one. */
		matches = regexec(&posix, value, 1, &at, 0) == 0;
		found += matches;
		if (match(source, value) != (matches ? YES : NO))
			FAIL("'%s' in '%s': %d", source, value, matches);
		matches = matches && at.rm_so == 0 && at.rm_eo == (regoff_t)n;
		if (match_in(RE2_WHOLE, source, value, NULL) != (matches ? YES : NO))
			FAIL("'%s' on '%s': %d", source, value, matches);
		regfree(&posix);
	}
	CHECK(found > 1000 && found < 4000);
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* Slow ones: for backtracking, for sets of states, for automata, and long ones. */
static const char *const slow[] = {
	"(a|a){900}b",
	"(?:a?){1000}b",
	"(x+x+)+y",
	"[ab]*a[ab]{900}$",
	"([ab]*a[ab]{500}|b*[ab]{500}c)",
	"(.*a.{20}){40}$",
	"(?:(?:[ab][ab]|[ab])*a){300}c",
	"(?:\\ba?\\B){600}c",
	"(?:\\w\\W?){700}$",
	"(?i:(?:k|s|[a-z])*K.{700})",
	"[ab]{0,1000}c|[ab]{0,1000}d",
	"(?m)^(?:.*$){200}c",
};

/* @n of them on values of all kinds. */
static double time_of(size_t n, struct budget *budget, size_t *decided)
{
	static const char *const letters[] = { "aaaaaaaa", "abababba", " ab\nkz-a",
					       "aé\xc3\xff b" };
	static char value[RE2_VALUE_MAX + 1];
	double start;

	state = 7;
	start = seconds();
	for (size_t i = 0; i < n; i++) {
		if (i % ARRAY_SIZE(slow) == 0)
			for (size_t j = 0; j < RE2_VALUE_MAX; j++)
				value[j] = letters[i / ARRAY_SIZE(slow) % 4][next(8)];
		*decided += match_in(i % 2 ? RE2_WHOLE : RE2_ANYWHERE, slow[i % ARRAY_SIZE(slow)],
				     value, budget) != UNKNOWN;
	}
	return seconds() - start;
}

/* No number of expressions and values takes longer than the budget is good for. */
static void work_is_bounded(void)
{
	auto_free char *value = repeat("a", RE2_VALUE_MAX);
	struct budget budget;
	size_t decided = 0;
	double first, more;

	CHECK(value);
	budget_init(&budget);
	first = time_of(100, &budget, &decided);
	CHECK(decided > 3);
	CHECK(budget.spent[BUDGET_STEPS]);
	more = time_of(100, &budget, &decided);
	if (first > 8 || (PLAIN && first > 0.8))
		FAIL("%.2f seconds", first);
	if (more > first)
		FAIL("%.2f seconds after the budget was spent, %.2f before", more, first);
	CHECK_INT(match_in(RE2_WHOLE, "a", "a", &budget), UNKNOWN);
	/* Each byte counts, and ordinary ones need next to nothing of it. */
	budget_init(&budget);
	CHECK_INT(match_in(RE2_ANYWHERE, "b", value, &budget), NO);
	CHECK(budget.left[BUDGET_STEPS] < BUDGET_STEPS_MAX - RE2_VALUE_MAX / 64);
	budget_init(&budget);
	for (size_t i = 0; i < 100; i++)
		CHECK_INT(
			match_in(RE2_WHOLE, "/usr/(local/)?s?bin/[\\w.-]+", "/usr/bin/a", &budget),
			YES);
	CHECK(budget.left[BUDGET_STEPS] > BUDGET_STEPS_MAX - 3000);
}

/* The cases of the finding: more than a second each before. */
static void a_slow_one_is_decided(void)
{
	auto_free char *value = repeat("a", 60000);
	struct budget budget;
	double start = seconds();

	CHECK(value);
	budget_init(&budget);
	for (size_t i = 0; i < 20; i++)
		CHECK_INT(match_in(RE2_ANYWHERE, "(a|a){900}b", value, &budget), NO);
	CHECK(seconds() - start < (PLAIN ? 0.5 : 5));
}

static const struct {
	const char *source, *doubt;
} doubts[] = {
	{ "a{2}b{2,}c{2,3}", NULL },
	{ "a{,3}", "'{' does not begin an interval: it is the character" },
	{ "\\{a[{]\\x{41}\\Q{\\E", NULL },
	{ "\\Q{", NULL },
	{ "\\d{a}", "'{' does not begin an interval: it is the character" },
	{ "[\\]{]{", "'{' does not begin an interval: it is the character" },
	{ "[]{]", NULL },
	{ "[^]{]", NULL },
	{ "a\\<", "'\\<' is the character '<'" },
	{ "\\>a", "'\\>' is the character '>'" },
	{ "\\`a", "'\\`' is the character '`'" },
	{ "a\\'", "\"\\'\" is the character \"'\"" },
	{ "[\\<]", NULL },
	{ "[[:alpha:]]", NULL },
	{ "[:alpha:]", "'[:' begins a class only inside another pair of brackets" },
	{ "[:a]", NULL },
	{ "[[.a.]]", "'[.' adds two characters to the set" },
	{ "[a[=b=]]", "'[=' adds two characters to the set" },
	{ "[\\[.]", NULL },
	{ "[[:alpha:]{[:digit:]]", NULL },
};

static void other_dialects_are_doubted(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(doubts); i++) {
		const char *hint = NULL, *doubt = re2_doubt(doubts[i].source, &hint);

		CHECK_INT(match(doubts[i].source, "") != UNKNOWN, true);
		if (!doubt != !doubts[i].doubt)
			FAIL("'%s': %s", doubts[i].source, doubt ? doubt : "no doubt");
		if (doubt)
			CHECK_STR(doubt, doubts[i].doubt);
		CHECK(!doubt == !hint);
	}
}

static void an_open_text_is_seen(void)
{
	CHECK(re2_is_open("a\\Qb"));
	CHECK(re2_is_open("\\Qa\\E\\Q"));
	CHECK(re2_is_open("[\\]]\\Q("));
	CHECK(!re2_is_open("\\Qa\\E"));
	CHECK(!re2_is_open("\\\\Qa"));
	CHECK(!re2_is_open("[\\\\]Qa"));
	CHECK(!re2_is_open(""));
}

int main(void)
{
	RUN(the_table_holds);
	RUN(what_is_refused_is_told);
	RUN(a_check_is_as_strict);
	RUN(anchors_are_seen);
	RUN(limits_hold);
	RUN(the_whole_value_must_match);
	RUN(one_is_asked_often);
	RUN(forgotten_states_are_made_again);
#ifdef __GLIBC__ /* musl takes a star after an anchor for itself */
	RUN(posix_agrees);
#endif
	RUN(work_is_bounded);
	RUN(a_slow_one_is_decided);
	RUN(other_dialects_are_doubted);
	RUN(an_open_text_is_seen);
	return DONE();
}
