/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "json.h"
#include "re2.h"
#include "test.h"

#define TABLE "tests/data/hooksd/expressions"

static enum truth match(const char *source, const char *value)
{
	CLEANUP(re2_freep) struct re2 *re = NULL;
	struct hw_error err;
	enum truth got;

	if (re2_new(source, NOWHERE, &re, &err) < 0)
		FAIL("%s: %s", source, err.message);
	CHECK_INT(re2_match(re, value, &got), 0);
	return got;
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
		if (re2_new(words[0], NOWHERE, &re, &err) != -EINVAL)
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
};

static void what_is_refused_is_told(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct re2 *re;
		struct hw_error err;

		CHECK_INT(re2_new(bad[i].source, ((struct where){ "f", 2, 3 }), &re, &err),
			  -EINVAL);
		if (bad[i].source[0] != '\xff')
			CHECK_STR(err.message, bad[i].complaint);
		CHECK_INT(err.line, 2);
	}
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

		CHECK_INT(re2_new(rows[i].source, NOWHERE, &re, NULL), 0);
		if (re2_anchored(re) != rows[i].anchored)
			FAIL("%s", rows[i].source);
	}
}

static char *repeat(const char *s, size_t n)
{
	char *text = calloc(n + 1, strlen(s)), *end = text;

	while (text && n-- > 0)
		end = stpcpy(end, s);
	return text;
}

static void refuses(const char *source)
{
	struct re2 *re;

	CHECK_INT(re2_new(source, NOWHERE, &re, NULL), -EINVAL);
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

int main(void)
{
	RUN(the_table_holds);
	RUN(what_is_refused_is_told);
	RUN(anchors_are_seen);
	RUN(limits_hold);
	return DONE();
}
