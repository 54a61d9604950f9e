/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of "did you mean". */
#include "base/suggest.h"
#include "test.h"
#include "tools.h"

static const char *const keys[] = { "when", "needs", "otherwise", "uid", "gid", "env", "os" };

static const struct {
	const char *word, *best;
} rows[] = {
	{ "when", "when" },
	{ "WHEN", "when" },
	{ "whne", "when" }, /* neighbours swapped: one edit */
	{ "wehn", "when" },
	{ "neeeds", "needs" },
	{ "othrwis", "otherwise" }, /* two edits */
	{ "othrws", NULL },
	{ "uidd", "uid" },
	{ "ui", "uid" },
	{ "udi", "uid" },
	{ "eid", "uid" }, /* the first of equals */
	{ "ab", NULL },
	{ "abc", NULL }, /* three bytes: one edit at most */
	{ "oz", "os" },
	{ "", NULL },
	{ "nothing like it", NULL },
};

static void near_words_are_suggested(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_STR(hw_suggest(rows[i].word, keys, ARRAY_SIZE(keys)), rows[i].best);
}

static void the_nearest_wins_wherever_it_stands(void)
{
	static const char *const forth[] = { "hooks", "hook" }, *const back[] = { "hook", "hooks" };

	CHECK_STR(hw_suggest("hok", forth, 2), "hook");
	CHECK_STR(hw_suggest("hok", back, 2), "hook");
	CHECK_STR(hw_suggest("hookss", forth, 2), "hooks");
	CHECK_STR(hw_suggest("hookss", back, 2), "hooks");
}

static void long_words_have_no_suggestion(void)
{
	char word[66], candidate[66];
	const char *const candidates[] = { candidate };

	memset(word, 'a', sizeof(word));
	memset(candidate, 'a', sizeof(candidate));
	word[63] = candidate[62] = '\0';
	CHECK_STR(hw_suggest(word, candidates, 1), candidate);
	word[63] = 'a';
	word[64] = '\0';
	CHECK_STR(hw_suggest(word, candidates, 1), NULL);
	word[63] = '\0';
	candidate[62] = 'a';
	candidate[64] = '\0';
	CHECK_STR(hw_suggest(word, candidates, 1), NULL);
}

static void no_candidates_no_suggestion(void)
{
	CHECK_STR(hw_suggest("word", NULL, 0), NULL);
}

int main(void)
{
	RUN(near_words_are_suggested);
	RUN(the_nearest_wins_wherever_it_stands);
	RUN(long_words_have_no_suggestion);
	RUN(no_candidates_no_suggestion);
	return DONE();
}
