/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of making hostile text harmless. */
#include "base/sanitize.h"
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
	  "\xe2\x80\xa7 \xe2\x80\xaf ??? \xd8\x9b" },
	/* Characters without a width, which make two names look alike. */
	{ "a\xe2\x80\x8b"
	  "b\xe2\x80\x8d\xef\xbb\xbf\xc2\xad.",
	  "a???b????????." },
	{ "tag \xf3\xa0\x81\x81.", "tag ????." },
	/* Commands. */
	{ "::error::x", "?:error::x" },
	{ " \xc2\xa0\xe3\x80\x80::stop-commands::t", " \xc2\xa0\xe3\x80\x80?:stop-commands::t" },
	{ "a ::error::x", "a ::error::x" },
	{ "##[error]x", "#?[error]x" },
	{ "a##vso[task.complete]", "a#?vso[task.complete]" },
	{ "a ##teamcity[x", "a #?teamcity[x" },
	{ "###[x] ####", "#?#[x] #?#?" },
	{ "# [x] a#b", "# [x] a#b" },
	{ "a section_start:1:b", "a section?start:1:b" },
	{ "section_end:1:b", "section?end:1:b" },
	{ "section_start", "section_start" },
	{ "travis_fold:start:x travis_time:", "travis?fold:start:x travis?time:" },
	{ "--- x", "?-- x" },
	{ "+++\xc2\xa0x", "?++\xc2\xa0x" },
	{ "~~~", "?~~" },
	{ "^^^ +++", "?^^ +++" },
	{ "---x", "---x" },
	{ " --- x", " --- x" },
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

static void twice_is_once(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[64];

		strcpy(text, rows[i].want);
		defuse(text);
		CHECK_STR(text, rows[i].want);
	}
}

/* Of hookwright's own lines only the commands. */
static void every_line_is_looked_at(void)
{
	static const struct {
		const char *text, *want;
	} lines[] = {
		{ "a\n::error::b\n\t::x\n--- y", "a\n?:error::b\n\t?:x\n?-- y" },
		{ "\033[1m::error::b\033[0m\n", "\033[1m?:error::b\033[0m\n" },
		{ "\033[1;31m--- b", "\033[1;31m?-- b" },
		{ "\t##[x]\n#", "\t#?[x]\n#" },
		{ "#\n#[x]", "#\n#[x]" },
		{ "\xe2\x80\xaex\xff", "???x?" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		char text[64];

		strcpy(text, lines[i].text);
		defuse_lines(text);
		CHECK_STR(text, lines[i].want);
	}
}

/* The data stays the same. */
static void escapes_say_the_same(void)
{
	static const struct {
		const char *text, *json, *xml;
	} texts[] = {
		{ "\"a##[b] section_end:\"", "\"a#\\u0023[b] section\\u005fend:\"",
		  "\"a#&#35;[b] section&#95;end:\"" },
		{ "\n::error::", "\n\\u003a:error::", "\n&#58;:error::" },
		{ "\xc3\xa4\xe2\x80\xae#", "\xc3\xa4\\u202e#", "\xc3\xa4\xe2\x80\xae#" },
		{ "\xf3\xa0\x81\x81\x7f\xff", "\\udb40\\udc41\\u007f\\ufffd",
		  "\xf3\xa0\x81\x81\x7f\xff" },
		{ "", "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct text json = { 0 }, xml = { 0 };

		defuse_json(&json, texts[i].text);
		defuse_xml(&xml, texts[i].text);
		CHECK_STR(json.data, texts[i].json);
		CHECK_STR(xml.data, texts[i].xml);
		text_free(&json);
		text_free(&xml);
	}
}

int main(void)
{
	RUN(only_what_is_harmless_stays);
	RUN(twice_is_once);
	RUN(every_line_is_looked_at);
	RUN(escapes_say_the_same);
	return DONE();
}
