/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of editing hooks in the text of config.json. */
#include "oci/edit.h"
#include "test.h"

/* The hook that every test writes, and what it looks like in a compact file. */
static const char *const hook_args[] = { "h", "-x" };
static const char *const hook_env[] = { HOOK_MARK "p", "PATH=/bin" };
static const struct hook hook = { "/h", hook_args, 2, hook_env, 2, 0 };

#define H "{\"path\":\"/h\",\"args\":[\"h\",\"-x\"],\"env\":[\"" HOOK_MARK "p\",\"PATH=/bin\"]}"

/* An earlier hook of hookwright, and two of somebody else. */
#define O "{\"path\":\"/o\",\"args\":[\"o\"],\"env\":[\"" HOOK_MARK "q\"],\"timeout\":5}"
#define F "{\"path\":\"/f\"}"
#define G "{\"env\":[],\"path\":\"/g\",\"n\":18446744073709551615}"

#define CHANGES_MAX 16

static char shown[2048];

/* What the entries that are removed say of what was before them. */
static enum hook_before removed_say;

static void scan(struct json *doc, const char *text, size_t len)
{
	struct hw_error err = { 0 };

	if (json_scan(doc, "f", text, len, &err) < 0) {
		hw_error_format(&err, shown, sizeof(shown));
		FAIL("%s, in\n%.2000s", shown, text);
	}
}

/*
 * Edit @text as @script says: one letter for each element of the stage, k to keep, r to replace,
 * d to remove it (the rest is kept), then an a for each hook that is appended.
 */
static char *edit_bytes(const char *text, size_t len, const char *script, size_t *ret_len)
{
	struct change changes[CHANGES_MAX];
	struct hw_error err = { 0 };
	uint32_t stage, element;
	struct json doc;
	char *ret = NULL;
	size_t n = 0;
	int r;

	scan(&doc, text, len);
	stage = json_member(&doc, json_member(&doc, JSON_ROOT, "hooks"), "startContainer");
	element = json_first(&doc, stage);
	for (; *script; script++) {
		if (*script != 'a' && element == JSON_NONE)
			FAIL("no element for '%s' in\n%.2000s", script, text);
		if (*script == 'r')
			changes[n++] = (struct change){ .kind = CHANGE_REPLACE,
							.stage = STAGE_START_CONTAINER,
							.element = element,
							.hook = &hook };
		if (*script == 'd')
			changes[n++] = (struct change){ .kind = CHANGE_REMOVE,
							.stage = STAGE_START_CONTAINER,
							.element = element,
							.before = removed_say };
		if (*script == 'a')
			changes[n++] = (struct change){ .kind = CHANGE_APPEND,
							.stage = STAGE_START_CONTAINER,
							.element = JSON_NONE,
							.hook = &hook };
		else
			element = json_next(&doc, stage, element);
	}
	r = edit_hooks(&doc, changes, n, &ret, ret_len, &err);
	json_free(&doc);
	CHECK_INT(r, 0);
	CHECK_INT(ret[*ret_len], '\0');
	return ret;
}

static char *edit(const char *text, const char *script)
{
	size_t len;
	char *ret = edit_bytes(text, strlen(text), script, &len);

	CHECK_INT(strlen(ret), len);
	return ret;
}

/* ---- every shape in every style ---- */

#define STAGE(elements) "\"startContainer\":[" elements "]"
#define HOOKS(members)	"\"hooks\":{" members "}"

static const struct shape {
	const char *text, *script, *want;
} shapes[] = {
	/* no hooks */
	{ "{\"a\":1}", "a", "{\"a\":1," HOOKS(STAGE(H)) "}" },
	{ "{\"a\":1,\"b\":{\"c\":[1,2]}}", "aa",
	  "{\"a\":1,\"b\":{\"c\":[1,2]}," HOOKS(STAGE(H "," H)) "}" },
	{ "{\"a\":1,\"hooks\":null}", "a", "{\"a\":1," HOOKS(STAGE(H)) "}" },
	{ "{\"hooks\":null,\"a\":1}", "aa", "{" HOOKS(STAGE(H "," H)) ",\"a\":1}" },
	{ "{\"a\":1,\"hooks\":{}}", "a", "{\"a\":1," HOOKS(STAGE(H)) "}" },
	{ "{\"hooks\":{}}", "a", "{" HOOKS(STAGE(H)) "}" },
	{ "{\"a\":1,\"hooks\":{},\"b\":2}", "a", "{\"a\":1," HOOKS(STAGE(H)) ",\"b\":2}" },

	/* no stage */
	{ "{\"a\":1,\"hooks\":{\"prestart\":[" F "]}}", "a",
	  "{\"a\":1," HOOKS("\"prestart\":[" F "]," STAGE(H)) "}" },
	{ "{\"hooks\":{\"prestart\":[],\"poststop\":null},\"a\":1}", "aa",
	  "{" HOOKS("\"prestart\":[],\"poststop\":null," STAGE(H "," H)) ",\"a\":1}" },
	{ "{\"hooks\":{\"startContainer\":null}}", "a", "{" HOOKS(STAGE(H)) "}" },
	{ "{\"hooks\":{\"startContainer\":null,\"poststop\":[" F "]}}", "a",
	  "{" HOOKS(STAGE(H) ",\"poststop\":[" F "]") "}" },
	{ "{\"hooks\":{\"prestart\":[" F "],\"startContainer\":[]}}", "aa",
	  "{" HOOKS("\"prestart\":[" F "]," STAGE(H "," H)) "}" },
	{ "{\"hooks\":{\"prestart\":[],\"startContainer\":[],\"poststop\":[]}}", "a",
	  "{" HOOKS("\"prestart\":[]," STAGE(H) ",\"poststop\":[]") "}" },

	/* others in the stage */
	{ "{" HOOKS(STAGE(F)) "}", "a", "{" HOOKS(STAGE(F "," H)) "}" },
	{ "{" HOOKS(STAGE(F "," G)) ",\"a\":1}", "aa",
	  "{" HOOKS(STAGE(F "," G "," H "," H)) ",\"a\":1}" },
	{ "{" HOOKS(STAGE("{}")) "}", "a", "{" HOOKS(STAGE("{}," H)) "}" },
	{ "{" HOOKS(STAGE("null,1,\"s\",[]")) "}", "a",
	  "{" HOOKS(STAGE("null,1,\"s\",[]," H)) "}" },

	/* hookwright's replaced: alone, first, last, between, all */
	{ "{" HOOKS(STAGE(O)) "}", "r", "{" HOOKS(STAGE(H)) "}" },
	{ "{" HOOKS(STAGE(O "," F)) "}", "r", "{" HOOKS(STAGE(H "," F)) "}" },
	{ "{" HOOKS(STAGE(F "," O)) "}", "kr", "{" HOOKS(STAGE(F "," H)) "}" },
	{ "{" HOOKS(STAGE(F "," O "," G)) "}", "kra", "{" HOOKS(STAGE(F "," H "," G "," H)) "}" },
	{ "{" HOOKS(STAGE(O "," O "," O)) "}", "rrr", "{" HOOKS(STAGE(H "," H "," H)) "}" },
	{ "{" HOOKS(STAGE("1," O)) "}", "kr", "{" HOOKS(STAGE("1," H)) "}" },
	{ "{" HOOKS(STAGE("{}")) "}", "r", "{" HOOKS(STAGE(H)) "}" },

	/* hookwright's removed, something stays */
	{ "{" HOOKS(STAGE(O "," F)) "}", "d", "{" HOOKS(STAGE(F)) "}" },
	{ "{" HOOKS(STAGE(F "," O)) "}", "kd", "{" HOOKS(STAGE(F)) "}" },
	{ "{" HOOKS(STAGE(F "," O "," G)) "}", "kd", "{" HOOKS(STAGE(F "," G)) "}" },
	{ "{" HOOKS(STAGE(O "," O "," F)) "}", "dd", "{" HOOKS(STAGE(F)) "}" },
	{ "{" HOOKS(STAGE(F "," O "," O)) "}", "kdd", "{" HOOKS(STAGE(F)) "}" },
	{ "{" HOOKS(STAGE(O "," F "," O "," G "," O)) "}", "dkdkd", "{" HOOKS(STAGE(F "," G)) "}" },
	{ "{" HOOKS(STAGE(O "," O "," O)) "}", "drd", "{" HOOKS(STAGE(H)) "}" },
	{ "{" HOOKS(STAGE(F "," O "," O "," G)) "}", "kdr", "{" HOOKS(STAGE(F "," H "," G)) "}" },

	/* removed and appended */
	{ "{" HOOKS(STAGE(O)) "}", "da", "{" HOOKS(STAGE(H)) "}" },
	{ "{" HOOKS(STAGE(O)) "}", "daa", "{" HOOKS(STAGE(H "," H)) "}" },
	{ "{" HOOKS(STAGE(O "," O "," O)) "}", "ddda", "{" HOOKS(STAGE(H)) "}" },
	{ "{" HOOKS(STAGE(O "," O)) "}", "ddaa", "{" HOOKS(STAGE(H "," H)) "}" },
	{ "{" HOOKS(STAGE(F "," O)) "}", "kda", "{" HOOKS(STAGE(F "," H)) "}" },
	{ "{" HOOKS(STAGE(O "," F)) "}", "dka", "{" HOOKS(STAGE(F "," H)) "}" },

	/* nothing stays: the stage goes, and hooks if it has nothing else */
	{ "{\"a\":1," HOOKS(STAGE(O)) "}", "d", "{\"a\":1}" },
	{ "{" HOOKS(STAGE(O "," O)) ",\"a\":1}", "dd", "{\"a\":1}" },
	{ "{\"a\":1," HOOKS(STAGE(O)) ",\"b\":2}", "d", "{\"a\":1,\"b\":2}" },
	{ "{" HOOKS("\"prestart\":[]," STAGE(O)) "}", "d", "{" HOOKS("\"prestart\":[]") "}" },
	{ "{" HOOKS(STAGE(O) ",\"prestart\":null") "}", "d", "{" HOOKS("\"prestart\":null") "}" },
	{ "{" HOOKS("\"a\":1," STAGE(O) ",\"b\":2") "}", "d", "{" HOOKS("\"a\":1,\"b\":2") "}" },

	/* nothing to do */
	{ "{\"a\":1}", "", "{\"a\":1}" },
	{ "{\"hooks\":{}}", "", "{\"hooks\":{}}" },
	{ "{" HOOKS("\"startContainer\":[]") "}", "", "{" HOOKS("\"startContainer\":[]") "}" },
	{ "{" HOOKS(STAGE(F "," O)) "}", "kk", "{" HOOKS(STAGE(F "," O)) "}" },

	/* keys spelt with escapes, and keys that only look like them */
	{ "{\"ho\\u006fks\":{\"start\\u0043ontainer\":[" F "," O "]}}", "kra",
	  "{\"ho\\u006fks\":{\"start\\u0043ontainer\":[" F "," H "," H "]}}" },
	{ "{\"\\u0068ooks\":{\"startContaine\\u0072\":null},\"a\":1}", "a",
	  "{\"\\u0068ooks\":{\"startContaine\\u0072\":[" H "]},\"a\":1}" },
	{ "{\"\\u0068ooks\":null}", "a", "{\"\\u0068ooks\":{" STAGE(H) "}}" },
	{ "{\"ho\\u006fks\":{\"start\\u0043ontainer\":[" O "]},\"a\":1}", "d", "{\"a\":1}" },
	{ "{\"a\":{" HOOKS(STAGE(F)) "},\"hooks\\u0000\":{},\"hook\":1}", "a",
	  "{\"a\":{" HOOKS(STAGE(F)) "},\"hooks\\u0000\":{},\"hook\":1," HOOKS(STAGE(H)) "}" },
};

static const struct style {
	const char *name, *newline, *unit, *colon, *gap, *pad, *final;
} styles[] = {
	{ "compact", "", "", ":", "", "", "" },
	{ "compact with a newline", "", "", ":", "", "", "\n" },
	{ "one line", "", "", ": ", ", ", "", "\n" },
	{ "one line, padded", "", "", ": ", ", ", " ", "" },
	{ "one line, blanks before colons", "", "", " : ", ", ", "", "" },
	{ "tabs", "\n", "\t", ": ", "", "", "\n" },
	{ "two blanks", "\n", "  ", ": ", "", "", "\n" },
	{ "four blanks, no final newline", "\n", "    ", ": ", "", "", "" },
	{ "CRLF", "\r\n", "  ", ": ", "", "", "\r\n" },
	{ "CRLF and tabs, tight colons", "\r\n", "\t", ":", "", "", "" },
	{ "lines without indent", "\n", "", ":", "", "", "\n" },
	{ "blank lines between", "\n\n", " ", ": ", "", "", "\n" },
};

static char *put(char *out, const char *s)
{
	return stpcpy(out, s);
}

static char *put_break(char *out, const struct style *s, int depth, bool last)
{
	if (!*s->newline)
		return out;
	/* No blank lines before a closing bracket, as people write it. */
	out = put(out, last && s->newline[0] == '\n' ? "\n" : s->newline);
	while (depth-- > 0)
		out = put(out, s->unit);
	return out;
}

/* The string at *@p, which is left at its closing quote. */
static char *put_string(char *out, const char **p)
{
	*out++ = **p;
	do {
		*out++ = *++*p;
		if (**p == '\\')
			*out++ = *++*p;
	} while (**p != '"');
	return out;
}

static char *put_mark(char *out, char mark, const struct style *s, int *depth)
{
	switch (mark) {
	case '{':
	case '[':
		*out++ = mark;
		out = put_break(out, s, ++*depth, false);
		return put(out, mark == '{' ? s->pad : "");
	case '}':
	case ']':
		out = put(out, mark == '}' ? s->pad : "");
		out = put_break(out, s, --*depth, true);
		break;
	case ',':
		out = put(out, *s->gap ? s->gap : ",");
		return put_break(out, s, *depth, false);
	case ':':
		return put(out, s->colon);
	}
	*out++ = mark;
	return out;
}

/* @compact as @s writes it. */
static const char *styled(const char *compact, const struct style *s, char *buf)
{
	char *out = buf;
	int depth = 0;

	for (const char *p = compact; *p; p++) {
		if (*p == '"') {
			out = put_string(out, &p);
		} else if ((*p == '{' || *p == '[') && p[1] == *p + 2) {
			*out++ = *p++;
			*out++ = *p;
		} else {
			out = put_mark(out, *p, s, &depth);
		}
	}
	strcpy(out, s->final);
	return buf;
}

/* The inserted text is what the file's own printer would have written. */
static void every_shape_keeps_every_style(void)
{
	static char text[8192], want[8192];

	for (size_t i = 0; i < ARRAY_SIZE(styles); i++) {
		/* Nested lines do not repeat blank ones; the law of reverting holds for them too.
		 */
		if (strcmp(styles[i].newline, "\n\n") == 0)
			continue;
		for (size_t j = 0; j < ARRAY_SIZE(shapes); j++) {
			auto_free char *got = NULL;

			styled(shapes[j].text, &styles[i], text);
			styled(shapes[j].want, &styles[i], want);
			got = edit(text, shapes[j].script);
			if (strcmp(got, want) != 0)
				FAIL("%s, '%s' on\n%s\n# is\n%s\n# want\n%s", styles[i].name,
				     shapes[j].script, text, got, want);
		}
	}
}

/* The script that removes what @script appended to a stage of @before elements. */
static void inverse(const char *script, size_t before, char *out)
{
	size_t n = 0;

	while (n < before)
		out[n++] = 'k';
	for (; *script; script++)
		if (*script == 'a')
			out[n++] = 'd';
	out[n] = '\0';
}

static size_t count_elements(const char *text, enum hook_before *before)
{
	struct json doc;
	uint32_t stage;
	size_t n = 0;

	scan(&doc, text, strlen(text));
	stage = json_member(&doc, json_member(&doc, JSON_ROOT, "hooks"), "startContainer");
	if (stage != JSON_NONE)
		n = doc.tokens[stage].count;
	*before = edit_before(&doc);
	json_free(&doc);
	return n;
}

/* Applies @script to @text and takes it back; whether something was there before. */
static bool there_and_back(const char *text, const char *script)
{
	auto_free char *applied = NULL, *reverted = NULL;
	char back[CHANGES_MAX + 1];
	enum hook_before before;

	inverse(script, count_elements(text, &before), back);
	applied = edit(text, script);
	removed_say = before;
	reverted = edit(applied, back);
	removed_say = BEFORE_NOTHING;
	CHECK_STR(reverted, text);
	return before != BEFORE_NOTHING;
}

static void reverting_gives_the_original_bytes(void)
{
	static char text[8192];
	size_t n = 0, memories = 0;

	for (size_t i = 0; i < ARRAY_SIZE(styles); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(shapes); j++) {
			if (shapes[j].script[0] != 'a')
				continue;
			styled(shapes[j].text, &styles[i], text);
			memories += there_and_back(text, shapes[j].script);
			n++;
		}
	}
	CHECK(n >= 200 && memories >= 80);
}

static const char *const blanks[] = { "", " ", "\n", "\n\t", "\r\n  ", "\n\n\n   ", "\t \t" };
static const char *const empties[] = { "null",
				       "{@}",
				       "{@\"startContainer\"@:@null@}",
				       "{@\"startContainer\":@[@]@}",
				       "{\"prestart\":[@]@,@\"startContainer\":[@]@}",
				       "{@\"startContainer\":[@],\"poststop\":null@}" };
static const char *const roots[] = { "{\"hooks\":@#}", "{@\"hooks\"@:#@}\n",
				     "{@\"a\":[1],@\"hooks\":@#@}", "{\"hooks\":#@,\n \"a\":1@}",
				     "{@\"ho\\u006fks\": #}" };

/* @root with @empty for '#', and @blank for every '@'. */
static void fill_in(char *out, const char *root, const char *empty, const char *blank)
{
	for (; *root; root++) {
		if (*root == '#') {
			fill_in(out, empty, "", blank);
			out += strlen(out);
		} else if (*root == '@') {
			out = stpcpy(out, blank);
		} else {
			*out++ = *root;
		}
	}
	*out = '\0';
}

static void what_is_empty_comes_back_with_its_blanks(void)
{
	static char text[1024];

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(empties); j++) {
			for (size_t k = 0; k < ARRAY_SIZE(blanks); k++) {
				fill_in(text, roots[i], empties[j], blanks[k]);
				CHECK(there_and_back(text, "a"));
				CHECK(there_and_back(text, "aa"));
			}
		}
	}
}

/* ---- styles of their own ---- */

static void odd_files_are_followed_as_far_as_they_go(void)
{
	static const struct shape rows[] = {
		/* an empty root: no neighbour to follow */
		{ "{}", "a", "{" HOOKS(STAGE(H)) "}" },
		{ " {}\n", "a", " {" HOOKS(STAGE(H)) "}\n" },
		{ "{\n}\n", "a",
		  "{\n  \"hooks\": {\n    \"startContainer\": [\n      {\n        \"path\": "
		  "\"/h\",\n"
		  "        \"args\": [\n          \"h\",\n          \"-x\"\n        ],\n"
		  "        \"env\": [\n          \"" HOOK_MARK "p\",\n          \"PATH=/bin\"\n"
		  "        ]\n      }\n    ]\n  }\n}\n" },
		{ "{" HOOKS(STAGE(O)) "}", "d", "{}" },
		{ "{\n  " HOOKS(STAGE(O)) "\n}", "d", "{\n}" },

		/* elements that begin on the line of their bracket */
		{ "{\n  \"hooks\": {\n    \"startContainer\": [{\n      \"path\": \"/f\"\n    }]\n "
		  " }\n}",
		  "a",
		  "{\n  \"hooks\": {\n    \"startContainer\": [{\n      \"path\": \"/f\"\n    }, "
		  "{\n"
		  "      \"path\": \"/h\",\n      \"args\": [\n        \"h\",\n        \"-x\"\n    "
		  "  ],\n"
		  "      \"env\": [\n        \"" HOOK_MARK "p\",\n        \"PATH=/bin\"\n      ]\n"
		  "    }]\n  }\n}" },

		/* elements on one line each */
		{ "{\n \"hooks\": {\n  \"startContainer\": [\n   {\"path\": \"/f\", \"args\": "
		  "[]},\n   " O "\n  ]\n }\n}",
		  "kraa",
		  "{\n \"hooks\": {\n  \"startContainer\": [\n   {\"path\": \"/f\", \"args\": "
		  "[]},\n   " H ",\n   " H ",\n   " H "\n  ]\n }\n}" },
		{ "{\n\t\"hooks\": {\"startContainer\": [{ \"path\": \"/f\" }]}\n}", "a",
		  "{\n\t\"hooks\": {\"startContainer\": [{ \"path\": \"/f\" }, { \"path\": \"/h\", "
		  "\"args\": "
		  "[\"h\", \"-x\"], \"env\": [\"" HOOK_MARK "p\", \"PATH=/bin\"] }]}\n}" },

		/* hooks on one line of a file of lines, and the other way round */
		{ "{\n\t\"a\": 1,\n\t\"hooks\": {\"prestart\":[]}\n}", "a",
		  "{\n\t\"a\": 1,\n\t\"hooks\": {\"prestart\":[]," STAGE(H) "}\n}" },
		{ "{\"a\":1,\"hooks\":{\n \"prestart\":[]}}", "a",
		  "{\"a\":1,\"hooks\":{\n \"prestart\":[],\n \"startContainer\":[\n   {\n     "
		  "\"path\":\"/h\",\n     \"args\":[\n       \"h\",\n       \"-x\"\n     ],\n     "
		  "\"env\":[\n       \"" HOOK_MARK
		  "p\",\n       \"PATH=/bin\"\n     ]\n   }\n ]}}" },

		/* an indent of its own for the whole document, blanks in odd places */
		{ "    {\n      \"a\" : 1\n    }\n", "a",
		  "    {\n      \"a\" : 1,\n      \"hooks\" : {\n        \"startContainer\" : [\n"
		  "          {\n            \"path\" : \"/h\",\n            \"args\" : [\n"
		  "              \"h\",\n              \"-x\"\n            ],\n            \"env\" "
		  ": [\n"
		  "              \"" HOOK_MARK "p\",\n              \"PATH=/bin\"\n            ]\n"
		  "          }\n        ]\n      }\n    }\n" },
		{ "{\"a\":1 , \"b\" :2 }\t", "a",
		  "{\"a\":1 , \"b\" :2, \"hooks\" :{\"startContainer\" :[{\"path\" :\"/h\", "
		  "\"args\" "
		  ":[\"h\", \"-x\"], \"env\" :[\"" HOOK_MARK "p\", \"PATH=/bin\"]}]} }\t" },
		{ "{\"a\":1,\t\"b\":2}", "a",
		  "{\"a\":1,\t\"b\":2,\t\"hooks\":{\"startContainer\":[{\"path\":\"/"
		  "h\",\t\"args\":[\"h\",\t"
		  "\"-x\"],\t\"env\":[\"" HOOK_MARK "p\",\t\"PATH=/bin\"]}]}}" },
		{ "{\"hooks\":{" STAGE("  " F " ,  " O "  ") "}}", "kr",
		  "{\"hooks\":{" STAGE("  " F " ,  " H "  ") "}}" },
		{ "{\"hooks\":{" STAGE("  " O " ,  " F "  ") "}}", "d",
		  "{\"hooks\":{" STAGE("  " F "  ") "}}" },
		{ "{\"hooks\":{" STAGE("  " F " ,  " O "  ") "}}", "kd",
		  "{\"hooks\":{" STAGE("  " F "  ") "}}" },
		{ "{\"a\"\n:\n1}", "a",
		  "{\"a\"\n:\n1, \"hooks\": {\"startContainer\": [{\"path\": \"/h\", \"args\": "
		  "[\"h\", "
		  "\"-x\"], \"env\": [\"" HOOK_MARK "p\", \"PATH=/bin\"]}]}}" },

		/* an entry that is indented more than the rest, or has another gap than its colon
		 */
		{ "{\n \"hooks\": {\n  \"startContainer\": [\n   {\n       \"path\": \"/f\"\n   "
		  "}\n  ]\n }\n}",
		  "a",
		  "{\n \"hooks\": {\n  \"startContainer\": [\n   {\n       \"path\": \"/f\"\n   "
		  "},\n   {\n"
		  "       \"path\": \"/h\",\n       \"args\": [\n           \"h\",\n           "
		  "\"-x\"\n"
		  "       ],\n       \"env\": [\n           \"" HOOK_MARK
		  "p\",\n           \"PATH=/bin\"\n"
		  "       ]\n   }\n  ]\n }\n}" },
		{ "{" HOOKS(STAGE("{\"path\":\"/f\", \"n\":1}")) "}", "a",
		  "{" HOOKS(STAGE(
			  "{\"path\":\"/f\", \"n\":1},{\"path\":\"/h\", \"args\":[\"h\", \"-x\"], "
			  "\"env\":[\"" HOOK_MARK "p\", \"PATH=/bin\"]}")) "}" },

		/* a member goes with the comma before it */
		{ "{\"a\":1 , " HOOKS(STAGE(O)) "\t,\n\"b\":2}", "d", "{\"a\":1\t,\n\"b\":2}" },
		{ "{ " HOOKS(STAGE(O)) "\t,\n\"b\":2}", "d", "{ \"b\":2}" },

		/* lines of their own, with a comma first */
		{ "{ \"a\": 1\n, \"b\": 2\n}", "a",
		  "{ \"a\": 1\n, \"b\": 2, \"hooks\": { \"startContainer\": [{ \"path\": \"/h\", "
		  "\"args\": "
		  "[\"h\", \"-x\"], \"env\": [\"" HOOK_MARK "p\", \"PATH=/bin\"] }] }\n}" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_free char *got = edit(rows[i].text, rows[i].script);

		CHECK_STR(got, rows[i].want);
	}
}

/* Blanks by the kilobyte are not a style; they must not be multiplied. */
static void absurd_blanks_are_not_repeated(void)
{
	static const char *const frames[][2] = {
		{ "{\"a\":", "1}" },
		{ "{\"a\":1,", "\"b\":1}" },
		{ "{", "\"a\":1}" },
		{ "{\n", "\"a\":1}" },
		{ "{\"a\":1,\n", "\"b\":1}" },
		{ "{\"a\":1,\"hooks\":{\"startContainer\":[", F "]}}" },
		{ "{\"a\":1,\"hooks\":{\"startContainer\":[\n", F "]}}" },
		{ "{\"a\":1,\"hooks\":{\"startContainer\":[{\n", "\"path\":1}]}}" },
		{ "{\"a\":1,\"hooks\":{\"startContainer\":[{\"path\":1,", "\"b\":1}]}}" },
		{ "{", "}" },
		{ "{\n", "}" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		const size_t head = strlen(frames[i][0]), n = 5000;
		auto_free char *text = malloc(head + n + strlen(frames[i][1]) + 1);
		auto_free char *got = NULL;

		CHECK(text);
		memcpy(text, frames[i][0], head);
		memset(text + head, ' ', n);
		strcpy(text + head + n, frames[i][1]);
		got = edit(text, "a");
		CHECK(strlen(got) < strlen(text) + 500);
		there_and_back(text, "a");
	}
}

/* ---- what a hook holds ---- */

static void strings_are_escaped_as_json_needs(void)
{
	static const char *const args[] = { "a\"b\\c/", "\b\t\n\f\r", "\x01\x1f\x7f", "",
					    "\xc3\xa9\xf0\x9f\x90\xb3 <&>" };
	static const char *const env[] = { HOOK_MARK "x" };
	const struct hook odd = { "/x \"y\"", args, ARRAY_SIZE(args), env, 1, 2147483647 };
	const struct change append = { .stage = STAGE_START_CONTAINER,
				       .kind = CHANGE_APPEND,
				       .element = JSON_NONE,
				       .hook = &odd };
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	auto_free char *got = NULL;
	struct hw_error err;
	struct json doc;
	uint32_t value;
	size_t len;

	scan(&doc, "{}", 2);
	CHECK_INT(edit_hooks(&doc, &append, 1, &got, &len, &err), 0);
	json_free(&doc);
	CHECK_STR(got, "{\"hooks\":{\"startContainer\":[{\"path\":\"/x \\\"y\\\"\",\"args\":["
		       "\"a\\\"b\\\\c/\",\"\\b\\t\\n\\f\\r\",\"\\u0001\\u001f\x7f\",\"\","
		       "\"\xc3\xa9\xf0\x9f\x90\xb3 <&>\"],\"env\":[\"" HOOK_MARK
		       "x\"],\"timeout\":2147483647}]}}");

	scan(&doc, got, len);
	value = json_first(&doc, json_first(&doc, json_first(&doc, JSON_ROOT)));
	value = json_member(&doc, value, "args");
	for (size_t i = 0; i < ARRAY_SIZE(args); i++) {
		const char *text;

		CHECK_INT(json_string(&doc, value + 1 + (uint32_t)i, arena, &text, &err), 0);
		CHECK_STR(text, args[i]);
	}
	json_free(&doc);
}

/* ---- survival ---- */

/* Text that a parser and printer would change, before, between and after the place of the edit. */
static const char *const survivors[] = {
	"9223372036854775807",
	"18446744073709551615",
	"-9223372036854775808",
	"123456789012345678901234567890",
	"1e3",
	"1E+3",
	"1.0",
	"-0",
	"0.1e-7",
	"\"\\/\"",
	"\"\\u003c\\u003E\\u0026\"",
	"\"\\u0000\"",
	"\"\\ud800\"",
	"\"\\uD83D\\uDC33\"",
	"\"\xf0\x9f\x90\xb3\xf4\x8f\xbf\xbf\"",
	"\"\xe2\x80\xa8\x7f\"",
	"{\"z\":1,\"a\":2,\"Z\":3}",
	"{ \"unknown\" :\t[ ] , \"\":{ } }",
	"[\r\n1\r\n,\t2 ]",
	"null",
	"true",
};

static void survives(const char *text, size_t len, const char *script, const char *back)
{
	size_t new_len, old_len, head = 0, tail = 0;
	auto_free char *got = edit_bytes(text, len, script, &new_len);
	auto_free char *old = edit_bytes(got, new_len, back, &old_len);

	while (head < len && text[head] == got[head])
		head++;
	while (tail < len - head && text[len - 1 - tail] == got[new_len - 1 - tail])
		tail++;
	CHECK_INT(head + tail, len);
	CHECK_INT(old_len, len);
	CHECK(memcmp(old, text, len) == 0);
}

static void other_bytes_survive(void)
{
	static const struct {
		const char *frame, *back;
	} frames[] = {
		{ "{\"a\":%s,\"b\":%s}", "d" },
		{ "\r\n{\r\n\t\"a\":\t%s ,\r\n\t\"b\": %s\r\n}", "d" },
		{ "{\"hooks\":{\"prestart\":%s},\"b\":%s}", "d" },
		{ "{\"a\":%s,\"hooks\":{\"startContainer\":[%s]}}", "kd" },
		{ "{\n  \"hooks\": {\n    \"startContainer\": [\n      {\"path\": %s}\n    ]\n  "
		  "},\n"
		  "  \"b\": %s\n}\n\n",
		  "kd" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(survivors); j++) {
			char text[512];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(text, sizeof(text), frames[i].frame, survivors[j], survivors[j]);
#pragma GCC diagnostic pop
			survives(text, strlen(text), "a", frames[i].back);
		}
	}
}

static void a_file_of_3_megabytes_survives(void)
{
	const size_t size = 3 << 20;
	auto_free char *text = malloc(size + 512);
	size_t len;

	CHECK(text);
	len = (size_t)sprintf(text, "{\n    \"process\": {},\n    \"annotations\": {\n");
	for (unsigned i = 0; len < size; i++)
		len += (size_t)sprintf(text + len, "%s        \"io.example/%u\": %s",
				       i ? ",\n" : "", i, survivors[i % ARRAY_SIZE(survivors)]);
	len += (size_t)sprintf(text + len,
			       "\n    },\n    \"hooks\": {\n        \"poststop\": null\n"
			       "    },\n    \"linux\": {}\n}\n");
	CHECK(len > size);
	survives(text, len, "aaa", "ddd");
}

static void a_result_over_the_limit_is_refused(void)
{
	const struct change append = { CHANGE_APPEND, STAGE_START_CONTAINER, JSON_NONE, &hook,
				       NULL };
	auto_free char *text = malloc(JSON_SIZE_MAX);
	struct hw_error err = { 0 };
	char *got = NULL;
	struct json doc;
	size_t len;

	CHECK(text);
	memset(text, ' ', JSON_SIZE_MAX);
	memcpy(text, "{\"a\":1", 6);
	text[JSON_SIZE_MAX - 1] = '}';
	scan(&doc, text, JSON_SIZE_MAX);
	CHECK_INT(edit_hooks(&doc, &append, 1, &got, &len, &err), -EFBIG);
	CHECK(!got);
	hw_error_format(&err, shown, sizeof(shown));
	CHECK_STR(shown,
		  "f: with its hooks it would have 16777320 bytes, over the limit of 16777216");
	json_free(&doc);
}

int main(void)
{
	RUN(every_shape_keeps_every_style);
	RUN(reverting_gives_the_original_bytes);
	RUN(what_is_empty_comes_back_with_its_blanks);
	RUN(odd_files_are_followed_as_far_as_they_go);
	RUN(absurd_blanks_are_not_repeated);
	RUN(strings_are_escaped_as_json_needs);
	RUN(other_bytes_survive);
	RUN(a_file_of_3_megabytes_survives);
	RUN(a_result_over_the_limit_is_refused);
	return DONE();
}
