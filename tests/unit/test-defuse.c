/* SPDX-License-Identifier: Apache-2.0 */
#include "defuse.h"
#include "test.h"

static const struct {
	const char *text, *want;
} rows[] = {
	{ "", "" },
	{ "plain ~ text", "plain ~ text" },
	{ "a\nb\tc\x1b[31m\x7f", "a?b?c?[31m?" },
	{ "gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x98\x80",
	  "gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ "c1 \xc2\x9b\x33", "c1 ??3" },
	{ "overlong \xc0\xaf \xe0\x80\xaf", "overlong ?? ???" },
	{ "surrogate \xed\xa0\x80", "surrogate ???" },
	{ "too high \xf4\x90\x80\x80 \xff", "too high ???? ?" },
	{ "cut \xe2\x82", "cut ??" },
	{ "lonely \x80 end", "lonely ? end" },
	/* Right-to-left override, isolates, marks; line separator. */
	{ "a\xe2\x80\xaehs.c", "a???hs.c" },
	{ "\xe2\x81\xa6x\xe2\x81\xa9 \xd8\x9c \xe2\x80\x8f", "???x??? ?? ???" },
	{ "a\xe2\x80\xa8"
	  "b",
	  "a???b" },
	{ "\xe2\x80\xa7 \xe2\x80\xaf \xe2\x81\xaa \xd8\x9b",
	  "\xe2\x80\xa7 \xe2\x80\xaf \xe2\x81\xaa \xd8\x9b" },
};

static void only_what_is_harmless_stays(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[64];

		strcpy(text, rows[i].text);
		defuse(text);
		CHECK_STR(text, rows[i].want);
	}
}

int main(void)
{
	RUN(only_what_is_harmless_stays);
	return DONE();
}
