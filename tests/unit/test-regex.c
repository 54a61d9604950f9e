/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <pthread.h>
#include <regex.h>
#include <stdlib.h>

#include "regex.h"
#include "test.h"

static struct hw_error err;

static enum truth value_of(struct regex *re, const char *value)
{
	enum truth matches;

	CHECK_INT(regex_match(re, value, &matches), 0);
	return matches;
}

static enum truth match(const char *source, const char *value)
{
	CLEANUP(regex_freep) struct regex *re = NULL;

	if (regex_new(source, NOWHERE, &re, &err) < 0)
		FAIL("'%s': %s", source, err.message);
	return value_of(re, value);
}

static const struct {
	const char *source, *value;
	enum truth want;
} matches[] = {
	{ "true", "true", YES },
	{ "true", "untrue", NO },
	{ "true", "truer", NO },
	{ "true", "", NO },
	{ "a|b", "a", YES },
	{ "a|b", "b", YES },
	{ "a|ab", "ab", YES }, /* the whole, whichever alternative comes first */
	{ "a|b", "ab", NO },
	{ "a|b", "xb", NO }, /* both alternatives are anchored */
	{ "a|b", "ax", NO },
	{ "(a|b)c", "bc", YES },
	{ "^true$", "true", YES },
	{ "^(a|b)$", "b", YES },
	{ "^$", "", YES },
	{ "^$", "x", NO },
	{ ".*", "", YES },
	{ ".*", "line\nbreak", YES },
	{ "line.break", "line\nbreak", YES },
	{ "true", "x\ntrue\n", NO },
	{ "true", "true\n", NO },
	{ "[[:digit:]]+", "0042", YES },
	{ "[0-9]{1,3}(\\.[0-9]{1,3}){3}", "192.168.1.1", YES },
	{ "[0-9]{2}", "123", NO },
	{ "[0-9]{2,}", "123", YES },
	{ "a{0}b", "b", YES },
	{ "[]]", "]", YES },
	{ "[^]]", "]", NO },
	{ "[)]", ")", YES },
	{ "[(]", "(", YES },
	{ "[\\]", "\\", YES },
	{ "[[:alpha:])]+", "a)", YES },
	{ "a]", "a]", YES },
	{ "a}", "a}", YES },
	{ "\\(\\)\\{\\|", "(){|", YES },
	{ "/usr/bin/(\\./)?nginx", "/usr/bin/nginx", YES },
	{ "/opt/\\$x\\/y", "/opt/$x/y", YES },
	{ "TRUE", "true", NO },
	{ "é", "é", YES },
	{ "(é)+", "éé", YES },
	{ ".", "é", NO }, /* the C locale: one byte */
	{ "..", "é", YES },
	{ "(a*b)*", "aabb", YES },
	{ "(a*b|c+)*", "abccb", YES },
	{ "(a*)?(b*){0,1}", "aab", YES },
	{ "((a|b)(c?))*", "acb", YES },
	{ "^a$|^b$", "b", YES },
	{ "^a|b$", "ax", NO },
	{ "a^b", "a^b", NO },
	{ "a\\^b\\$", "a^b$", YES },
};

static void the_whole_value_must_match(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(matches); i++)
		if (match(matches[i].source, matches[i].value) != matches[i].want)
			FAIL("'%s' on '%s'", matches[i].source, matches[i].value);
}

static const struct {
	const char *source, *message, *hint;
} refused[] = {
	{ "", "the expression is empty", "'.*' matches every value, '^$' an empty one" },
	{ "a)|(b", "expression 'a)|(b', character 2: ')' without a '('",
	  "write \\) for the character itself" },
	{ "(a", "expression '(a', character 3: a ')' is missing",
	  "write \\( for the character itself" },
	{ "(a|b))", "expression '(a|b))', character 6: ')' without a '('",
	  "write \\) for the character itself" },
	{ "a||b", "expression 'a||b', character 3: an alternative is empty",
	  "write (x)? for 'x or nothing'" },
	{ "|a", "expression '|a', character 1: an alternative is empty",
	  "write (x)? for 'x or nothing'" },
	{ "a|", "expression 'a|', character 3: an alternative is empty",
	  "write (x)? for 'x or nothing'" },
	{ "()", "expression '()', character 2: an alternative is empty",
	  "write (x)? for 'x or nothing'" },
	{ "(a|)", "expression '(a|)', character 4: an alternative is empty",
	  "write (x)? for 'x or nothing'" },
	{ "*.example", "expression '*.example', character 1: there is nothing to repeat before it",
	  "write a backslash before it for the character itself" },
	{ "a(*b)", "expression 'a(*b)', character 3: there is nothing to repeat before it",
	  "write a backslash before it for the character itself" },
	{ "a|+", "expression 'a|+', character 3: there is nothing to repeat before it",
	  "write a backslash before it for the character itself" },
	{ "^*", "expression '^*', character 2: there is nothing to repeat before it",
	  "write a backslash before it for the character itself" },
	{ "{2}", "expression '{2}', character 1: there is nothing to repeat before it",
	  "write a backslash before it for the character itself" },
	{ "a**", "expression 'a**', character 3: two repetitions in a row are not defined",
	  "write one of them, or put the first into a group" },
	{ ".*?x", "expression '.*?x', character 3: two repetitions in a row are not defined",
	  "write one of them, or put the first into a group" },
	{ "a{2}{3}", "expression 'a{2}{3}', character 5: two repetitions in a row are not defined",
	  "write one of them, or put the first into a group" },
	{ "a{", "expression 'a{', character 2: '{' begins no interval",
	  "intervals are {2}, {2,} or {2,5}; write \\{ for the character" },
	{ "a{x}", "expression 'a{x}', character 2: '{' begins no interval",
	  "intervals are {2}, {2,} or {2,5}; write \\{ for the character" },
	{ "a{,3}", "expression 'a{,3}', character 2: '{' begins no interval",
	  "intervals are {2}, {2,} or {2,5}; write \\{ for the character" },
	{ "a{2", "expression 'a{2', character 2: '{' begins no interval",
	  "intervals are {2}, {2,} or {2,5}; write \\{ for the character" },
	{ "a{2,x}", "expression 'a{2,x}', character 2: '{' begins no interval",
	  "intervals are {2}, {2,} or {2,5}; write \\{ for the character" },
	{ "a{256}", "expression 'a{256}', character 2: the interval is too large",
	  "an interval's bound is at most 255" },
	{ "a{99999999999999999999}",
	  "expression 'a{99999999999999999999}', character 2: the interval is too large",
	  "an interval's bound is at most 255" },
	{ "a{1,256}", "expression 'a{1,256}', character 2: the interval is too large",
	  "an interval's bound is at most 255" },
	{ "a{3,2}", "expression 'a{3,2}', character 2: the interval is empty",
	  "write the smaller bound first" },
	{ "(a{20}){20}",
	  "expression '(a{20}){20}' is longer than 256 characters when its intervals are written "
	  "out",
	  "use smaller intervals" },
	{ "((((a{4}){4}){4}){4}){4}",
	  "expression '((((a{4}){4}){4}){4}){4}' is longer than 256 characters when its intervals "
	  "are written out",
	  "use smaller intervals" },
	{ "(a*)*", "expression '(a*)*', character 5: what is repeated may match nothing",
	  "let each round match a character: (a)* instead of (a*)*" },
	{ "(a*|b){2}", "expression '(a*|b){2}', character 7: what is repeated may match nothing",
	  "let each round match a character: (a)* instead of (a*)*" },
	{ "(a?)+", "expression '(a?)+', character 5: what is repeated may match nothing",
	  "let each round match a character: (a)* instead of (a*)*" },
	{ "(a|b*){2}", "expression '(a|b*){2}', character 7: what is repeated may match nothing",
	  "let each round match a character: (a)* instead of (a*)*" },
	{ "(a{0,3}b?){0,9}",
	  "expression '(a{0,3}b?){0,9}', character 11: what is repeated may match nothing",
	  "let each round match a character: (a)* instead of (a*)*" },
	{ "((a)?)*", "expression '((a)?)*', character 7: what is repeated may match nothing",
	  "let each round match a character: (a)* instead of (a*)*" },
	{ "(x(a*)|(b?c*)){2,}",
	  "expression '(x(a*)|(b?c*)){2,}', character 15: what is repeated may match nothing",
	  "let each round match a character: (a)* instead of (a*)*" },
	{ "(^|x)a", "expression '(^|x)a', character 2: an anchor in a group",
	  "leave it out: the whole value must match anyhow; for the character itself write a "
	  "backslash before it" },
	{ "(a$)*", "expression '(a$)*', character 3: an anchor in a group",
	  "leave it out: the whole value must match anyhow; for the character itself write a "
	  "backslash before it" },
	{ "^{2}", "expression '^{2}', character 2: there is nothing to repeat before it",
	  "write a backslash before it for the character itself" },
	{ "(a)\\1", "expression '(a)\\1', character 4: back-references are not supported",
	  "spell the text out" },
	{ "\\d+", "expression '\\d+', character 1: this character has no meaning after a backslash",
	  "write [0-9], [[:alpha:]_], [[:space:]] and the like" },
	{ "a\\<b",
	  "expression 'a\\<b', character 2: this character has no meaning after a backslash",
	  "write [0-9], [[:alpha:]_], [[:space:]] and the like" },
	{ "a\\'", "expression 'a\\'', character 2: this character has no meaning after a backslash",
	  "write [0-9], [[:alpha:]_], [[:space:]] and the like" },
	{ "\\é", "expression '\\é', character 1: this character has no meaning after a backslash",
	  "write [0-9], [[:alpha:]_], [[:space:]] and the like" },
	{ "a\\", "expression 'a\\', character 2: a backslash stands at the end",
	  "write two backslashes for the character itself" },
	{ "(?:a)", "expression '(?:a)', character 1: '(?' is not in POSIX extended expressions",
	  "write a plain group: (...)" },
	{ "[a", "expression '[a', character 1: '[' is never closed",
	  "write \\[ for the character itself" },
	{ "[]", "expression '[]', character 1: '[' is never closed",
	  "write \\[ for the character itself" },
	{ "[^]", "expression '[^]', character 1: '[' is never closed",
	  "write \\[ for the character itself" },
	{ "[[:alpha:]", "expression '[[:alpha:]', character 1: '[' is never closed",
	  "write \\[ for the character itself" },
	{ "[[:alpha", "expression '[[:alpha', character 1: '[' is never closed",
	  "write \\[ for the character itself" },
	{ "é*", "expression 'é*', character 3: a character outside ASCII is repeated",
	  "put the character into a group: (...)" },
	{ "[éè]", "expression '[éè]', character 1: a character outside ASCII in brackets",
	  "write alternatives: (x|y)" },
	{ "[z-a]", "expression '[z-a]': Invalid range end",
	  "regex(7) describes extended regular expressions" },
	{ "[[:alfa:]]", "expression '[[:alfa:]]': Invalid character class name",
	  "regex(7) describes extended regular expressions" },
};

static void what_is_refused_is_explained(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct regex *re = NULL;
		const struct where at = { "p.yaml", 3, 7 };

		if (regex_new(refused[i].source, at, &re, &err) != -EINVAL)
			FAIL("'%s' is accepted", refused[i].source);
		CHECK(!re);
		CHECK_STR(err.message, refused[i].message);
		CHECK_STR(err.hint, refused[i].hint);
		CHECK_STR(err.path, "p.yaml");
		CHECK_INT(err.line, 3);
		CHECK_INT(err.column, 7);
		CHECK_INT(regex_new(refused[i].source, at, &re, NULL), -EINVAL);
	}
}

static void the_largest_source_and_value_are_accepted(void)
{
	char source[REGEX_SOURCE_MAX + 2], value[REGEX_VALUE_MAX + 2];
	struct regex *re = NULL;

	memset(source, 'a', sizeof(source));
	memset(value, 'a', sizeof(value));
	source[REGEX_SOURCE_MAX] = '\0';
	value[REGEX_VALUE_MAX] = '\0';
	CHECK_INT(match("a*", value), YES);
	CHECK_INT(match(source, source), YES);
	source[REGEX_SOURCE_MAX] = 'a';
	source[REGEX_SOURCE_MAX + 1] = '\0';
	CHECK_INT(regex_new(source, NOWHERE, &re, &err), -EINVAL);
	CHECK_STR(err.message, "the expression has 257 bytes; at most 256 are allowed");
	value[REGEX_VALUE_MAX] = 'a';
	value[REGEX_VALUE_MAX + 1] = '\0';
	CHECK_INT(match("a*", value), UNKNOWN);
}

static void intervals_have_a_common_bound(void)
{
	char value[256];

	memset(value, 'a', 255);
	value[255] = '\0';
	CHECK_INT(match("a{255}", value), YES);
	CHECK_INT(match("(a{16}){15}", value + 15), YES);
	CHECK_INT(match("a{0,255}", value), YES);
	CHECK_INT(match("[0-9]{1,3}a{1,252}", value), NO);
}

/* In Estonian z sorts before t, and toupper(3) is another matter in Turkish: never ask. */
static void the_locale_of_the_program_does_not_matter(void)
{
	static const char *const names[] = { "C.UTF-8", "en_US.UTF-8", "et_EE.UTF-8",
					     "tr_TR.UTF-8" };
	char before[64];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!setlocale(LC_ALL, names[i]))
			continue;
		snprintf(before, sizeof(before), "%s", setlocale(LC_ALL, NULL));
		CHECK_INT(match(".", "é"), NO);
		CHECK_INT(match("[a-z]", "t"), YES);
		CHECK_STR(setlocale(LC_ALL, NULL), before);
		CHECK(uselocale((locale_t)0) == LC_GLOBAL_LOCALE);
	}
	setlocale(LC_ALL, "C");
}

#define THREADS 8

static void *ask_often(void *re)
{
	size_t right = 0;

	for (size_t i = 0; i < 100; i++)
		right += value_of(re, "shop-7-canary") == YES && value_of(re, "shop-x") == NO;
	return (void *)right;
}

/* Whoever comes first compiles it, and nobody waits. */
static void threads_may_share_one(void)
{
	for (size_t round = 0; round < 20; round++) {
		CLEANUP(regex_freep) struct regex *re = NULL;
		pthread_t threads[THREADS];

		CHECK_INT(regex_new("shop-(7|8)(-canary)?", NOWHERE, &re, &err), 0);
		for (size_t i = 0; i < THREADS; i++)
			CHECK_INT(pthread_create(&threads[i], NULL, ask_often, re), 0);
		for (size_t i = 0; i < THREADS; i++) {
			void *right;

			CHECK_INT(pthread_join(threads[i], &right), 0);
			CHECK_INT((size_t)right, 100);
		}
	}
}

static unsigned long long state;

static unsigned next(unsigned below)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(state >> 33) % below;
}

/*
 * The group that anchors an expression is sound only if the expression is so by itself. What
 * regex_new() accepts, regcomp(3) must accept alone, and find the value whole in it.
 */
static void what_is_accepted_is_sound_by_itself(void)
{
	static const char alphabet[] = "aab()[]|*+?{}2,\\^$.-:=";
	unsigned accepted = 0;

	for (state = 1; accepted < 3000;) {
		char source[10], value[6];
		struct regex *re = NULL;
		regmatch_t found = { -1, -1 };
		regex_t alone;
		size_t n = 1 + next(sizeof(source) - 1);
		bool whole;

		for (size_t i = 0; i < n; i++)
			source[i] = alphabet[next(sizeof(alphabet) - 1)];
		source[n] = '\0';
		n = next(sizeof(value) - 1);
		for (size_t i = 0; i < n; i++)
			value[i] = "ab()"[next(4)];
		value[n] = '\0';
		if (regex_new(source, NOWHERE, &re, &err) < 0)
			continue;
		accepted++;
		if (regcomp(&alone, source, REG_EXTENDED) != 0)
			FAIL("regcomp refuses '%s'", source);
		/* POSIX: leftmost, then longest. So a whole match is found if there is one. */
		whole = regexec(&alone, value, 1, &found, 0) == 0 && found.rm_so == 0 &&
			found.rm_eo == (regoff_t)n;
		if (value_of(re, value) != (whole ? YES : NO))
			FAIL("'%s' on '%s': whole match %d", source, value, whole);
		regfree(&alone);
		regex_free(re);
	}
}

static void nothing_is_freed_for_null(void)
{
	regex_free(NULL);
}

int main(void)
{
	RUN(the_whole_value_must_match);
	RUN(what_is_refused_is_explained);
	RUN(the_largest_source_and_value_are_accepted);
	RUN(intervals_have_a_common_bound);
	RUN(the_locale_of_the_program_does_not_matter);
	RUN(threads_may_share_one);
	RUN(what_is_accepted_is_sound_by_itself);
	RUN(nothing_is_freed_for_null);
	return DONE();
}
