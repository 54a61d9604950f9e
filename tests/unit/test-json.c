/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the strict JSON reader. */
#include "format/json.h"
#include "test.h"

static char shown[2048];

static const char *error_text(const struct hw_error *err)
{
	hw_error_format(err, shown, sizeof(shown));
	return shown;
}

/*
 * Scan a copy that ends where its memory ends, so that a sanitizer sees a byte read too many. The
 * copy lives until the next call: one document at a time.
 */
static char *text_copy;

static int scan_bytes(struct json *doc, const char *text, size_t len, struct hw_error *err)
{
	free(text_copy);
	text_copy = malloc(len ? len : 1);
	if (!text_copy)
		return -ENOMEM;
	memcpy(text_copy, text, len);
	*err = (struct hw_error){ 0 };
	return json_scan(doc, "f", text_copy, len, err);
}

static int scan(struct json *doc, const char *text, struct hw_error *err)
{
	return scan_bytes(doc, text, strlen(text), err);
}

#define SCANNED(doc, text)                    \
	struct json doc;                      \
	struct hw_error doc##_err;            \
	if (scan(&doc, text, &doc##_err) < 0) \
	FAIL("\"%s\" is refused: %s", text, error_text(&doc##_err))

/* ---- refusals: the text, and what the user reads ---- */

#define COMMENT	   "a comment is not JSON\n  hint: remove it"
#define NO_LITERAL "\n  hint: write a string in double quotes"
#define NO_NAN	   "\n  hint: JSON does not have NaN or infinity"
#define ANY_VALUE  "\n  hint: write an object, array, string, number, true, false or null"
#define A_NUMBER   "\n  hint: a number begins with a digit, or with '-' and a digit"
#define NO_NUMBER  "\n  hint: write a decimal number, and nothing after it"
#define UTF8	   " is not valid UTF-8 here\n  hint: save the file as UTF-8"
#define UNENDED                                  \
	"this string does not end on its line\n" \
	"  hint: close it with '\"'; a newline in it is written \\n"
#define NO_ESCAPE                          \
	"this is not an escape sequence\n" \
	"  hint: write a backslash as \\\\"
#define NO_HEX                                              \
	"\\u must be followed by four hexadecimal digits\n" \
	"  hint: write the code point as \\u and four digits, like \\u00e9"
#define KEYS	"\n  hint: write a key in double quotes"
#define COLON	"\n  hint: write ':' between a key and its value"
#define ONE_DOC "\n  hint: remove what follows the document"
#define TWICE	"\n  hint: keep one of them: runtimes differ in which one they use"

static const struct refusal {
	const char *text, *message;
} refusals[] = {
	/* nothing, or not all */
	{ "", "f:1:1: the document is empty\n  hint: a JSON object is expected" },
	{ " \r\n\t", "f:2:2: the document is empty\n  hint: a JSON object is expected" },
	{ "{", "f:1:2: the document ends inside an object\n"
	       "  hint: close the object opened at line 1, column 1" },
	{ "{\"a\":\n [1,", "f:2:5: the document ends inside an array\n"
			   "  hint: close the array opened at line 2, column 2" },
	{ "{\"a\"", "f:1:5: the document ends inside an object\n"
		    "  hint: close the object opened at line 1, column 1" },
	{ "{\"a\":", "f:1:6: the document ends inside an object\n"
		     "  hint: close the object opened at line 1, column 1" },
	{ "{\"a\":1", "f:1:7: the document ends inside an object\n"
		      "  hint: close the object opened at line 1, column 1" },
	{ "[[]", "f:1:4: the document ends inside an array\n"
		 "  hint: close the array opened at line 1, column 1" },

	/* the encoding */
	{ "\xef\xbb\xbf{}", "f:1:1: a byte order mark is not JSON\n"
			    "  hint: save the file as UTF-8 without BOM" },
	{ "{\xef\xbb\xbf}", "f:1:2: a key is expected here, not U+FEFF" KEYS },
	{ "\xff\xfe{", "f:1:1: byte 0xff" UTF8 },
	{ "[\"\x80\"]", "f:1:3: byte 0x80" UTF8 },
	{ "[\"\xc0\x80\"]", "f:1:3: byte 0xc0" UTF8 },
	{ "[\"\xc1\xbf\"]", "f:1:3: byte 0xc1" UTF8 },
	{ "[\"\xe0\x9f\xbf\"]", "f:1:3: byte 0xe0" UTF8 },
	{ "[\"\xf0\x8f\xbf\xbf\"]", "f:1:3: byte 0xf0" UTF8 },
	{ "[\"\xed\xa0\x80\"]", "f:1:3: byte 0xed" UTF8 },
	{ "[\"\xed\xbf\xbf\"]", "f:1:3: byte 0xed" UTF8 },
	{ "[\"\xf4\x90\x80\x80\"]", "f:1:3: byte 0xf4" UTF8 },
	{ "[\"\xf5\x80\x80\x80\"]", "f:1:3: byte 0xf5" UTF8 },
	{ "[\"\xe2\x82", "f:1:3: byte 0xe2" UTF8 },
	{ "[\"\xe2\x82\"]", "f:1:3: byte 0xe2" UTF8 },
	{ "[\"\xc3\xa9\xf0\x9f\x90\xb3\", \"\xc3(\"]", "f:1:9: byte 0xc3" UTF8 },
	{ "{\"\xe9\":1}", "f:1:3: byte 0xe9" UTF8 },
	{ "[1]\xa0", "f:1:4: byte 0xa0" UTF8 },

	/* blanks that JSON does not allow, and other stray characters */
	{ "[\xc2\xa0"
	  "1]",
	  "f:1:2: a value is expected here, not U+00A0" ANY_VALUE },
	{ "[\v1]", "f:1:2: a value is expected here, not U+000B" ANY_VALUE },
	{ "[1\f]", "f:1:3: ',' or ']' is expected here, not U+000C\n"
		   "  hint: write ',' or close the array opened at line 1, column 1" },
	{ "[\xf0\x9f\x90\xb3]", "f:1:2: a value is expected here, not U+1F433" ANY_VALUE },
	{ "]", "f:1:1: a value is expected here, not ']'" ANY_VALUE },

	/* comments */
	{ "// hi\n{}", "f:1:1: " COMMENT },
	{ "{\n  /* hi */ \"a\": 1}", "f:2:3: " COMMENT },
	{ "{\"a\" /**/: 1}", "f:1:6: " COMMENT },
	{ "{\"a\": # hi\n1}", "f:1:7: " COMMENT },
	{ "[1 // hi\n]", "f:1:4: " COMMENT },
	{ "{}\n// hi", "f:2:1: " COMMENT },
	{ "[1 /]", "f:1:4: ',' or ']' is expected here, not '/'\n"
		   "  hint: write ',' or close the array opened at line 1, column 1" },

	/* commas, colons and brackets */
	{ "[1,]", "f:1:3: a comma before ']' is not JSON\n  hint: remove the comma" },
	{ "{\"a\": 1 ,\n}", "f:1:9: a comma before '}' is not JSON\n  hint: remove the comma" },
	{ "[1,,2]", "f:1:4: a value is expected here, not ','" ANY_VALUE },
	{ "[,1]", "f:1:2: a value is expected here, not ','" ANY_VALUE },
	{ "{,}", "f:1:2: a key is expected here, not ','" KEYS },
	{ "{\"a\":1,,}", "f:1:8: a key is expected here, not ','" KEYS },
	{ "[1 22]", "f:1:4: ',' or ']' is expected here, not '22'\n"
		    "  hint: write ',' or close the array opened at line 1, column 1" },
	{ "{\"a\": 1\n \"b\": 2}", "f:2:2: ',' or '}' is expected here, not '\"'\n"
				   "  hint: write ',' or close the object opened at line 1, "
				   "column 1" },
	{ "{\"a\" 1}", "f:1:6: ':' is expected here, not '1'" COLON },
	{ "{\"a\"}", "f:1:5: ':' is expected here, not '}'" COLON },
	{ "{\"a\"=1}", "f:1:5: ':' is expected here, not '='" COLON },
	{ "{\"a\":}", "f:1:6: a value is expected here, not '}'" ANY_VALUE },
	{ "{a: 1}", "f:1:2: a key is expected here, not 'a'" KEYS },
	{ "{1: 1}", "f:1:2: a key is expected here, not '1'" KEYS },
	{ "{'a': 1}", "f:1:2: a string in single quotes is not JSON\n"
		      "  hint: write it in double quotes" },
	{ "['a']", "f:1:2: a string in single quotes is not JSON\n"
		   "  hint: write it in double quotes" },
	{ "[1}", "f:1:3: ',' or ']' is expected here, not '}'\n"
		 "  hint: write ',' or close the array opened at line 1, column 1" },
	{ "{\"a\":[{}\n]]", "f:2:2: ',' or '}' is expected here, not ']'\n"
			    "  hint: write ',' or close the object opened at line 1, column 1" },
	{ "{} x", "f:1:4: the end is expected here, not 'x'" ONE_DOC },
	{ "{}\n{}", "f:2:1: the end is expected here, not '{'" ONE_DOC },
	{ "null,", "f:1:5: the end is expected here, not ','" ONE_DOC },

	/* words */
	{ "{\"a\":True}", "f:1:6: 'True' is not a JSON value\n  hint: write true" },
	{ "[FALSE]", "f:1:2: 'FALSE' is not a JSON value\n  hint: write false" },
	{ "[None]", "f:1:2: 'None' is not a JSON value\n  hint: write null" },
	{ "[undefined]", "f:1:2: 'undefined' is not a JSON value\n  hint: write null" },
	{ "[nulls]", "f:1:2: 'nulls' is not a JSON value" NO_LITERAL },
	{ "[tru]", "f:1:2: 'tru' is not a JSON value" NO_LITERAL },
	{ "[NaN]", "f:1:2: 'NaN' is not a JSON value" NO_NAN },
	{ "[Infinity]", "f:1:2: 'Infinity' is not a JSON value" NO_NAN },
	{ "[-Infinity]", "f:1:2: '-Infinity' is not a JSON number" NO_NAN },
	{ "[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]",
	  "f:1:2: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is not a "
	  "JSON value" NO_LITERAL },

	/* numbers */
	{ "[01]", "f:1:2: '01' is not a JSON number\n  hint: write it without the leading zero" },
	{ "[-012]", "f:1:2: '-012' is not a JSON number\n"
		    "  hint: write it without the leading zero" },
	{ "[+1]", "f:1:2: '+1' is not a JSON number" A_NUMBER },
	{ "[.5]", "f:1:2: '.5' is not a JSON number" A_NUMBER },
	{ "[-]", "f:1:2: '-' is not a JSON number" A_NUMBER },
	{ "[--1]", "f:1:2: '--1' is not a JSON number" A_NUMBER },
	{ "[1.]", "f:1:2: '1.' is not a JSON number\n  hint: write a digit after '.'" },
	{ "[1.e3]", "f:1:2: '1.e3' is not a JSON number\n  hint: write a digit after '.'" },
	{ "[1e]", "f:1:2: '1e' is not a JSON number\n  hint: write a digit in the exponent" },
	{ "[1E+]", "f:1:2: '1E+' is not a JSON number\n  hint: write a digit in the exponent" },
	{ "[0x10]", "f:1:2: '0x10' is not a JSON number" NO_NUMBER },
	{ "[1_000]", "f:1:2: '1_000' is not a JSON number" NO_NUMBER },
	{ "[10s]", "f:1:2: '10s' is not a JSON number" NO_NUMBER },
	{ "[1.2.3]", "f:1:2: '1.2.3' is not a JSON number" NO_NUMBER },
	{ "-", "f:1:1: '-' is not a JSON number" A_NUMBER },

	/* strings */
	{ "[\"a", "f:1:2: " UNENDED },
	{ "\"", "f:1:1: " UNENDED },
	{ "{\"a\": \"b\n\"}", "f:1:7: " UNENDED },
	{ "{\"a\r\": 1}", "f:1:2: " UNENDED },
	{ "[\"a\\", "f:1:4: " NO_ESCAPE },
	{ "[\"a\tb\"]", "f:1:4: a tab in a string is not JSON\n  hint: write it as \\t" },
	{ "[\"\x1b[m\"]", "f:1:3: control character U+001B in a string is not JSON\n"
			  "  hint: write it as \\u001b" },
	{ "[\"\x1f\"]", "f:1:3: control character U+001F in a string is not JSON\n"
			"  hint: write it as \\u001f" },
	{ "[\"\\x\"]", "f:1:3: " NO_ESCAPE },
	{ "[\"C:\\dir\"]", "f:1:5: " NO_ESCAPE },
	{ "[\"\\'\"]", "f:1:3: " NO_ESCAPE },
	{ "[\"\\U0000\"]", "f:1:3: " NO_ESCAPE },
	{ "[\"\\u12\"]", "f:1:3: " NO_HEX },
	{ "[\"\\u12g4\"]", "f:1:3: " NO_HEX },
	{ "[\"\\u-001\"]", "f:1:3: " NO_HEX },
	{ "[\"\\u12", "f:1:3: " NO_HEX },

	/* equal keys */
	{ "{\"a\":1,\n\"b\":2,\"a\":3}",
	  "f:2:7: duplicate key 'a', first at line 1, column 2" TWICE },
	{ "{\"hooks\":{},\"ho\\u006fks\":{}}",
	  "f:1:13: duplicate key 'ho\\u006fks', first at line 1, column 2" TWICE },
	{ "{\"\\ud83d\\udc33\":1,\"\xf0\x9f\x90\xb3\":2}",
	  "f:1:19: duplicate key '\xf0\x9f\x90\xb3', first at line 1, column 2" TWICE },
	{ "{\"\\/\":1,\"\\u002F\":2}",
	  "f:1:9: duplicate key '\\u002F', first at line 1, column 2" TWICE },
	{ "[{\"a\":{\"\":1,\"\":2}}]",
	  "f:1:13: duplicate key '', first at line 1, column 8" TWICE },
	{ "{\"a\":1,\"b\":2,\"b\":3,\"a\":4,\"a\":5}",
	  "f:1:14: duplicate key 'b', first at line 1, column 8" TWICE },
	{ "{\"\\ud83d\":1,\"\\uD83D\":2}",
	  "f:1:13: duplicate key '\\uD83D', first at line 1, column 2" TWICE },
	{ "{\"\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "123\xf0\x9f\x90\xb3\":1,"
	  "\"\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "123\xf0\x9f\x90\xb3\":1}",
	  "f:1:26: duplicate key '\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3\xf0\x9f\x90\xb3"
	  "\xf0\x9f\x90\xb3"
	  "123', first at line 1, column 2" TWICE },
};

static void bad_texts_are_refused_with_place_and_advice(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		struct hw_error err;
		struct json doc;
		int r = scan(&doc, refusals[i].text, &err);

		if (r == 0)
			FAIL("\"%s\" is accepted", refusals[i].text);
		CHECK_STR(error_text(&err), refusals[i].message);
		CHECK_INT(err.errnum, EINVAL);
		CHECK_INT(r, -EINVAL);
	}
}

static void a_nul_byte_is_refused_everywhere(void)
{
	static const struct {
		const char *text;
		size_t len;
		const char *message;
	} rows[] = {
		{ "{}\0", 3, "f:1:3: the end is expected here, not U+0000" ONE_DOC },
		{ "[\0]", 3, "f:1:2: a value is expected here, not U+0000" ANY_VALUE },
		{ "[\"a\0b\"]", 7,
		  "f:1:4: control character U+0000 in a string is not JSON\n"
		  "  hint: write it as \\u0000" },
		{ "[\"\\\0\"]", 6, "f:1:3: " NO_ESCAPE },
		{ "[1\0]", 4,
		  "f:1:3: ',' or ']' is expected here, not U+0000\n"
		  "  hint: write ',' or close the array opened at line 1, column 1" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct hw_error err;
		struct json doc;

		CHECK_INT(scan_bytes(&doc, rows[i].text, rows[i].len, &err), -EINVAL);
		CHECK_STR(error_text(&err), rows[i].message);
	}
}

/* Every head of an accepted object is incomplete; none may be read past its end. */
static void every_truncation_is_refused(void)
{
	static const char text[] =
		"{\"a\\u0041\": [1.5e-3, -0, true, false, null, \"\\n\xc3\xa9\"],"
		" \"\xf0\x9f\x90\xb3\": {\"b\": {}}}";

	for (size_t len = 0; len <= strlen(text); len++) {
		struct json doc;
		struct hw_error err;
		int r = scan_bytes(&doc, text, len, &err);

		if (r == 0)
			json_free(&doc);
		CHECK_INT(r, len < strlen(text) ? -EINVAL : 0);
		CHECK(r == 0 || (err.line == 1 && err.column <= len + 1));
	}
}

/* ---- what is accepted ---- */

static void unusual_but_right_texts_are_accepted(void)
{
	static const char *const texts[] = {
		"null",
		" \t\r\n{ }\r\n",
		"\"\"",
		"0",
		"-0",
		"-0.0e-0",
		"1E400",
		"9223372036854775807",
		"18446744073709551615",
		"123456789012345678901234567890",
		"1e3",
		"1.0",
		"[\"\\/\", \"\\u003c\", \"\\ud800\", \"\\u0000\", \"\\uDC00\\uD800\", \"\x7f\"]",
		"[\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"]",
		"[\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"]",
		"[\"\xef\xbb\xbf\xe2\x80\xa8\"]",
		"{\"a\":1,\"A\":2,\"a \":3,\"\\u0061\\u0000\":4,\"\":5}",
		"[{\"a\":1},{\"a\":1}]",
		"{\"a\":{\"a\":{\"a\":1}}}",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		SCANNED(doc, texts[i]);
		json_free(&doc);
	}
}

static void nest(char *text, size_t depth, char open, char close)
{
	memset(text, open, depth);
	memset(text + depth, close, depth);
	text[2 * depth] = '\0';
}

static void depth_is_limited_to_64(void)
{
	char text[512];
	struct hw_error err;
	struct json doc;

	nest(text, 64, '[', ']');
	CHECK_INT(scan(&doc, text, &err), 0);
	json_free(&doc);
	nest(text, 65, '[', ']');
	CHECK_INT(scan(&doc, text, &err), -EINVAL);
	CHECK_STR(error_text(&err), "f:1:65: objects and arrays are nested deeper than 64\n"
				    "  hint: remove some levels");
}

static void sizes_are_limited(void)
{
	const size_t elements = JSON_TOKENS_MAX;
	auto_free char *text = calloc(2, elements);
	struct hw_error err = { 0 };
	struct json doc;

	CHECK(text);
	/* Never read: the length alone decides. */
	CHECK_INT(json_scan(&doc, "f", text, JSON_SIZE_MAX + 1, &err), -EFBIG);
	CHECK_STR(error_text(&err), "f: 16777217 bytes are over the limit of 16777216");

	for (size_t i = 0; i < elements; i++)
		memcpy(text + 2 * i, ",0", 2);
	text[0] = '[';
	text[2 * elements - 1] = ']';
	text[2 * elements - 2] = ' ';
	CHECK_INT(json_scan(&doc, "f", text, 2 * elements, &err), 0);
	CHECK_INT(doc.n_tokens, JSON_TOKENS_MAX);
	json_free(&doc);
	text[2 * elements - 1] = '0';
	text[2 * elements - 2] = ',';
	CHECK_INT(json_scan(&doc, "f", text, 2 * elements, &err), -EFBIG);
	CHECK_STR(error_text(&err), "f:1:524288: more than the limit of 262144 keys and values");
}

static void a_refusal_leaves_the_result_alone(void)
{
	struct json doc = { .path = "untouched" };
	struct hw_error err;

	CHECK_INT(scan(&doc, "[1, [2, {\"a\": tru}]]", &err), -EINVAL);
	CHECK_STR(doc.path, "untouched");
	CHECK(!doc.tokens);
	CHECK_INT(json_scan(&doc, "f", "[", 1, NULL), -EINVAL);
}

static void tokens_hold_spans_and_structure(void)
{
	static const struct json_token want[] = {
		{ 1, 36, 10, 3, JSON_OBJECT, false }, { 2, 5, 2, 0, JSON_STRING, false },
		{ 7, 18, 6, 3, JSON_ARRAY, false },   { 8, 9, 4, 0, JSON_NUMBER, false },
		{ 10, 14, 5, 0, JSON_NULL, false },   { 15, 17, 6, 0, JSON_OBJECT, false },
		{ 19, 24, 7, 0, JSON_STRING, true },  { 25, 29, 8, 0, JSON_TRUE, false },
		{ 30, 32, 9, 0, JSON_STRING, false }, { 33, 35, 10, 0, JSON_ARRAY, false },
	};
	SCANNED(doc, " {\"a\": [1,null,{}],\"\\nb\":true,\"\":[]}");

	CHECK_INT(doc.n_tokens, ARRAY_SIZE(want));
	for (uint32_t i = 0; i < ARRAY_SIZE(want); i++) {
		CHECK_INT(doc.tokens[i].start, want[i].start);
		CHECK_INT(doc.tokens[i].end, want[i].end);
		CHECK_INT(doc.tokens[i].next, want[i].next);
		CHECK_INT(doc.tokens[i].count, want[i].count);
		CHECK_INT(doc.tokens[i].type, want[i].type);
		CHECK_INT(doc.tokens[i].escaped, want[i].escaped);
	}
	json_free(&doc);
}

/* ---- reading ---- */

static void members_and_elements_are_walked_in_order(void)
{
	uint32_t value, element;

	SCANNED(doc, "{\"a\":[[],{\"x\":0},7], \"b\":{}, \"c\":\"s\"}");
	value = json_first(&doc, JSON_ROOT);
	CHECK_INT(value, json_member(&doc, JSON_ROOT, "a"));
	CHECK_INT(json_key(&doc, value), value - 1);
	element = json_first(&doc, value);
	CHECK_INT(json_type(&doc, element), JSON_ARRAY);
	CHECK_INT(json_first(&doc, element), JSON_NONE);
	element = json_next(&doc, value, element);
	CHECK_INT(json_type(&doc, element), JSON_OBJECT);
	CHECK_INT(json_next(&doc, element, json_first(&doc, element)), JSON_NONE);
	element = json_next(&doc, value, element);
	CHECK_INT(json_type(&doc, element), JSON_NUMBER);
	CHECK_INT(json_next(&doc, value, element), JSON_NONE);

	value = json_next(&doc, JSON_ROOT, value);
	CHECK_INT(value, json_member(&doc, JSON_ROOT, "b"));
	CHECK_INT(json_first(&doc, value), JSON_NONE);
	value = json_next(&doc, JSON_ROOT, value);
	CHECK_INT(value, json_member(&doc, JSON_ROOT, "c"));
	CHECK_INT(json_next(&doc, JSON_ROOT, value), JSON_NONE);
	CHECK_INT(json_first(&doc, value), JSON_NONE);
	json_free(&doc);
}

static void members_are_found_by_their_unescaped_key(void)
{
	SCANNED(doc,
		"{\"ho\\u006fks\":1,\"Hooks\":2,\"hook\":3,\"\\u0001\\/\\\"\\\\\\b\\f\\n\\r\\t\":4,"
		"\"\\ud83d\\udc33\":5,\"\xc3\xa9\":6,\"\":7}");
	static const struct {
		const char *key;
		char value;
	} rows[] = {
		{ "hooks", '1' },
		{ "Hooks", '2' },
		{ "hook", '3' },
		{ "\x01/\"\\\b\f\n\r\t", '4' },
		{ "\xf0\x9f\x90\xb3", '5' },
		{ "\xc3\xa9", '6' },
		{ "", '7' },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint32_t value = json_member(&doc, JSON_ROOT, rows[i].key);

		CHECK(value != JSON_NONE);
		CHECK_INT(doc.text[doc.tokens[value].start], rows[i].value);
		CHECK_INT(json_member(&doc, value, "x"), JSON_NONE);
	}
	CHECK_INT(json_member(&doc, JSON_ROOT, "HOOKS"), JSON_NONE);
	CHECK_INT(json_member(&doc, JSON_ROOT, "hookss"), JSON_NONE);
	CHECK_INT(json_member(&doc, JSON_ROOT, "ho\\u006fks"), JSON_NONE);
	CHECK_INT(json_member(&doc, JSON_ROOT, "\xe9"), JSON_NONE);
	CHECK_INT(json_member(&doc, JSON_NONE, "hooks"), JSON_NONE);
	json_free(&doc);
}

static void positions_count_lines_and_characters(void)
{
	SCANNED(doc, "{\r\n\t\"\xc3\xa9\xf0\x9f\x90\xb3\": 1, \"b\":\n2}");
	struct where at = json_at(&doc, json_member(&doc, JSON_ROOT, "b"));

	CHECK_STR(at.path, "f");
	CHECK_INT(at.line, 3);
	CHECK_INT(at.column, 1);
	at = json_at(&doc, json_key(&doc, json_member(&doc, JSON_ROOT, "b")));
	CHECK_INT(at.line, 2);
	CHECK_INT(at.column, 11);
	at = json_where(&doc, 1 << 20);
	CHECK_INT(at.line, 3);
	CHECK_INT(at.column, 3);
	at = json_at(&doc, JSON_NONE);
	CHECK_STR(at.path, "f");
	CHECK_INT(at.line, 0);
	json_free(&doc);
}

/* A position found from the nearest mark must be the one found by counting. */
static void positions_in_a_long_text_agree_with_counting(void)
{
	static char text[20000];
	unsigned line = 1, column = 1;
	size_t len = 0;
	struct hw_error err;
	struct json doc;

	text[len++] = '[';
	for (unsigned i = 0; len < sizeof(text) - 64; i++)
		len += (size_t)sprintf(text + len, "\"\xc3\xa9\xf0\x9f\x90\xb3%u\",%s", i,
				       i % 7 == 0 ? "\n" : "");
	len += (size_t)sprintf(text + len, "0]");
	CHECK_INT(scan_bytes(&doc, text, len, &err), 0);
	for (size_t i = 0; i < len; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80) {
			struct where at = json_where(&doc, i);

			CHECK_INT(at.line, line);
			CHECK_INT(at.column, column);
			column++;
		}
		if (text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	json_free(&doc);
}

static void types_have_names(void)
{
	static const char *const names[] = { "an object", "an array", "a string", "a number",
					     "true",	  "false",    "null" };
	SCANNED(doc, "[{},[],\"\",0,true,false,null]");
	uint32_t e = json_first(&doc, JSON_ROOT);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK_STR(json_type_name(json_type(&doc, e)), names[i]);
		e = json_next(&doc, JSON_ROOT, e);
	}
	json_free(&doc);
}

static void strings_are_unescaped(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "\"\"", "" },
		{ "\"plain \x7f \xf0\x9f\x90\xb3\"", "plain \x7f \xf0\x9f\x90\xb3" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t" },
		{ "\"\\u0041\\u00e9\\u07fF\\u0800\\uFFFF\\u007f\\u0080\"",
		  "A\xc3\xa9\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\x7f\xc2\x80" },
		{ "\"\\ud800\\udc00\\uDBFF\\uDFFF.\"", "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf." },
		{ "\"\\\\u0000\"", "\\u0000" },
		{ "\"\\\\\\u005cu0000\"", "\\\\u0000" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(arena_freep) struct arena *arena = arena_new();
		const char *got;

		SCANNED(doc, rows[i].text);
		CHECK_INT(json_string(&doc, JSON_ROOT, arena, &got, &doc_err), 0);
		CHECK_STR(got, rows[i].want);
		json_free(&doc);
	}
}

static void strings_that_c_cannot_hold_are_refused(void)
{
#define HALF                                                          \
	"an unpaired surrogate, which runtimes replace differently\n" \
	"  hint: write the character itself, or the complete pair"
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "\"/bin/x\\u0000y\"",
		  "f:1:8: \\u0000 ends the string for some runtimes\n  hint: remove it" },
		{ "\"\\ud800\"", "f:1:2: " HALF },
		{ "\"a\\udc00\"", "f:1:3: " HALF },
		{ "\"\\udc00\\ud800\"", "f:1:2: " HALF },
		{ "\"\\ud800\\u0041\"", "f:1:2: " HALF },
		{ "\"\\ud800\\ue000\"", "f:1:2: " HALF },
		{ "\"\\udc00\\udc00\"", "f:1:2: " HALF },
		{ "\"\\ud800\\ud800\\udc00\"", "f:1:2: " HALF },
		{ "\"\\ud800\\n\\n\\n\"", "f:1:2: " HALF },
		{ "\"\\ud800udc00\"", "f:1:2: " HALF },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(arena_freep) struct arena *arena = arena_new();
		const char *got = "untouched";

		SCANNED(doc, rows[i].text);
		CHECK_INT(json_string(&doc, JSON_ROOT, arena, &got, &doc_err), -EINVAL);
		CHECK_STR(error_text(&doc_err), rows[i].message);
		CHECK_STR(got, "untouched");
		json_free(&doc);
	}
}

/* ---- integers ---- */

#define WHOLE                  \
	" is not an integer\n" \
	"  hint: write it without fraction and exponent, which runtimes refuse here"
#define SIGNED                       \
	" is out of range\n  hint: " \
	"write one from -9223372036854775808 to 9223372036854775807"
#define UNSIGNED " is out of range\n  hint: write one from 0 to 18446744073709551615"

static void integers_are_exact(void)
{
	static const struct {
		const char *text;
		int64_t want;
		const char *message;
	} rows[] = {
		{ "0", 0, NULL },
		{ "-0", 0, NULL },
		{ "-1", -1, NULL },
		{ "9007199254740993", 9007199254740993, NULL },
		{ "9223372036854775807", INT64_MAX, NULL },
		{ "-9223372036854775808", INT64_MIN, NULL },
		{ "9223372036854775808", 0, "f:1:1: 9223372036854775808" SIGNED },
		{ "-9223372036854775809", 0, "f:1:1: -9223372036854775809" SIGNED },
		{ "18446744073709551615", 0, "f:1:1: 18446744073709551615" SIGNED },
		{ "18446744073709551616", 0, "f:1:1: 18446744073709551616" SIGNED },
		{ "-99999999999999999999999", 0, "f:1:1: -99999999999999999999999" SIGNED },
		{ "1e3", 0, "f:1:1: 1e3" WHOLE },
		{ "1E400", 0, "f:1:1: 1E400" WHOLE },
		{ "1.0", 0, "f:1:1: 1.0" WHOLE },
		{ "-0.0", 0, "f:1:1: -0.0" WHOLE },
		{ "99999999999999999999999.5", 0, "f:1:1: 99999999999999999999999.5" WHOLE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t got = 0;
		int r;

		SCANNED(doc, rows[i].text);
		r = json_integer(&doc, JSON_ROOT, &got, &doc_err);
		CHECK_INT(r, -doc_err.errnum);
		CHECK_STR(r < 0 ? error_text(&doc_err) : NULL, rows[i].message);
		CHECK_INT(got, rows[i].want);
		json_free(&doc);
	}
}

static void unsigned_integers_are_exact(void)
{
	static const struct {
		const char *text;
		uint64_t want;
		const char *message;
	} rows[] = {
		{ "0", 0, NULL },
		{ "18446744073709551615", UINT64_MAX, NULL },
		{ "18446744073709551616", 0, "f:1:1: 18446744073709551616" UNSIGNED },
		{ "18446744073709551620", 0, "f:1:1: 18446744073709551620" UNSIGNED },
		{ "184467440737095516160", 0, "f:1:1: 184467440737095516160" UNSIGNED },
		{ "-1", 0, "f:1:1: -1" UNSIGNED },
		{ "-0", 0, "f:1:1: -0" UNSIGNED },
		{ "1e3", 0, "f:1:1: 1e3" WHOLE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t got = 0;
		int r;

		SCANNED(doc, rows[i].text);
		r = json_unsigned(&doc, JSON_ROOT, &got, &doc_err);
		CHECK_INT(r, -doc_err.errnum);
		CHECK_STR(r < 0 ? error_text(&doc_err) : NULL, rows[i].message);
		CHECK(got == rows[i].want);
		json_free(&doc);
	}
}

/* ---- keys ---- */

static void case_variants_are_refused(void)
{
#define KNOWN(variant, known, here)                                                                \
	"f:1:" here ": key '" variant "' is '" known "' for some runtimes and unknown to others\n" \
	"  hint: write '" known "', or remove it"
#define PAIR "\n  hint: rename one of them: some runtimes ignore case in keys"
	static const char *const known[] = { "path", "startContainer", "masks", NULL };
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "{\"path\":1,\"startContainer\":2,\"masks\":3,\"other\":4}", NULL },
		{ "{}", NULL },
		{ "{\"other\":1,\"Path\":2}", KNOWN("Path", "path", "12") },
		{ "{\"path\":1,\"pAtH\":2}", KNOWN("pAtH", "path", "11") },
		{ "{\"STARTCONTAINER\":2}", KNOWN("STARTCONTAINER", "startContainer", "2") },
		{ "{\"\\u0050ath\":2}", KNOWN("\\u0050ath", "path", "2") },
		{ "{\"\xc5\xbftartContainer\":2}",
		  KNOWN("\xc5\xbftartContainer", "startContainer", "2") },
		{ "{\"mas\\u212as\":2}", KNOWN("mas\\u212as", "masks", "2") },
		{ "{\"p\\u0061th\":1}", NULL },
		{ "{\"paths\":1,\"pat\":2,\"pa\\u0000th\":3}", NULL },
		{ "{\"x\":1,\"Foo\":2,\"fOo\":3}",
		  "f:1:16: key 'fOo' differs only in case from 'Foo' at line 1, column 8" PAIR },
		{ "{\"\xc3\x89\":1,\"\xc3\xa9\":2}", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int r;

		SCANNED(doc, rows[i].text);
		r = json_no_case_variants(&doc, JSON_ROOT, known, &doc_err);
		CHECK_INT(r, -doc_err.errnum);
		CHECK_STR(r < 0 ? error_text(&doc_err) : NULL, rows[i].message);
		json_free(&doc);
	}
}

/* Equal keys that the scan let pass are of no interest, unless somebody reads them. */
static void equal_keys_are_refused_where_they_are_known(void)
{
	static const char *const known[] = { "path", "args", NULL };
	static const struct {
		const char *text, *message; /* NULL: accepted */
	} rows[] = {
		{ "{\"x\":1,\"x\":2}", NULL },
		{ "{\"x\":1,\"path\":1,\"x\":2,\"args\":1}", NULL },
		{ "{\"path\":1,\"x\":2,\"p\\u0061th\":3}",
		  "f:1:17: duplicate key 'p\\u0061th', first at line 1, column 2\n"
		  "  hint: keep one of them: runtimes differ in which one they use" },
		{ "{\"x\":1,\"x\":2,\"X\":3}",
		  "f:1:14: key 'X' differs only in case from 'x' at line 1, column 2" PAIR },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct hw_error err = { 0 };
		struct json doc;
		int r;

		CHECK_INT(json_scan_twins(&doc, "f", rows[i].text, strlen(rows[i].text), &err), 0);
		r = json_no_case_variants(&doc, JSON_ROOT, known, &err);
		CHECK_INT(r, -err.errnum);
		CHECK_STR(r < 0 ? error_text(&err) : NULL, rows[i].message);
		json_free(&doc);
	}
}

/* Many keys take another way than few; it must find the same. */
static void equal_keys_among_many_are_found(void)
{
	static const char *const none[] = { NULL };

	for (size_t n = 2; n < 60; n++) {
		for (size_t second = 1; second < n; second++) {
			char text[2048], want[128];
			size_t first = second * 7 % n, len = 0, at[64];
			struct hw_error err;
			struct json doc;
			int r;

			first = first < second ? first : second - 1;
			for (size_t i = 0; i < n; i++) {
				bool twin = i == first || i == second;

				at[i] = len + 1;
				len += (size_t)sprintf(text + len, "%c\"%s%zu\":0", i ? ',' : '{',
						       i == second ? "\\u006b" : "k",
						       twin ? first : i);
			}
			strcpy(text + len, "}");
			r = scan(&doc, text, &err);
			snprintf(want, sizeof(want), "first at line 1, column %zu", at[first] + 1);
			CHECK_INT(r, -EINVAL);
			CHECK(strstr(err.message, want));
			CHECK_INT(err.column, at[second] + 1);

			/* The same, differing in case only. */
			memcpy(text + at[second] + 1, "\\u004b", 6);
			CHECK_INT(scan(&doc, text, &err), 0);
			CHECK_INT(json_no_case_variants(&doc, JSON_ROOT, none, &err), -ENOTUNIQ);
			CHECK(strstr(err.message, want + strlen("first ")));
			CHECK_INT(err.column, at[second] + 1);
			json_free(&doc);
		}
	}
}

/* Of several pairs the one that ends first is reported, however the keys are sorted. */
static void the_first_of_many_pairs_is_told(void)
{
	for (unsigned rotate = 0; rotate < 30; rotate++) {
		char text[1024], want[64];
		size_t len = 0;
		struct hw_error err;
		struct json doc;

		for (unsigned i = 0; i < 60; i++)
			len += (size_t)sprintf(text + len, "%c\"%02u\":0", i ? ',' : '{',
					       (i + rotate) % 30);
		strcpy(text + len, "}");
		CHECK_INT(scan(&doc, text, &err), -EINVAL);
		snprintf(want, sizeof(want), "duplicate key '%02u', first at line 1, column 2",
			 rotate);
		CHECK_STR(err.message, want);
	}
}

/* 100,000 keys that differ at their very end, and as many again in another object. */
static void huge_objects_take_no_quadratic_time(void)
{
	const unsigned n = 100000;
	auto_free char *text = malloc(n * 32);
	size_t len = 0;
	struct hw_error err;
	struct json doc;

	CHECK(text);
	for (unsigned i = 0; i < n; i++)
		len += (size_t)sprintf(text + len, "%c\"annotation.%06u\":1", i ? ',' : '{', i);
	text[len++] = '}';
	CHECK_INT(scan_bytes(&doc, text, len, &err), 0);
	CHECK_INT(doc.tokens[0].count, n);
	json_free(&doc);
	memcpy(strstr(text, "099999"), "000007", 6);
	CHECK_INT(scan_bytes(&doc, text, len, &err), -EINVAL);
	CHECK(strstr(err.message,
		     "duplicate key 'annotation.000007', first at line 1, column 156"));
}

/* Asked for every value of a big document, whose lines differ in what they hold. */
static void every_value_is_found_by_its_place(void)
{
	const unsigned n = 2000;
	auto_free char *text = malloc(n * 48);
	size_t len = 0;
	struct hw_error err;
	struct json doc;

	CHECK(text);
	for (unsigned i = 0; i < n; i++)
		len += (size_t)sprintf(text + len,
				       "%c \"%u\": [ \"gr\xc3\xbc\xc3\x9f\", {}, %u ]%s",
				       i ? ',' : '{', i, i, i % 3 ? "" : "\n");
	text[len++] = '}';
	CHECK_INT(scan_bytes(&doc, text, len, &err), 0);
	for (uint32_t t = 0; t < doc.n_tokens; t++) {
		const struct where at = json_at(&doc, t);

		CHECK_INT(json_find(&doc, at.line, at.column), t);
		CHECK_INT(json_find(&doc, at.line, at.column + 100000), JSON_NONE);
	}
	CHECK_INT(json_find(&doc, 0, 0), JSON_NONE);
	json_free(&doc);
}

/* The text between the quotes is compared, with its escapes read. */
static void members_are_found_by_what_their_keys_mean(void)
{
	static const char text[] = "{\"a\":1,\"ab\":2,\"\\u0061bc\":3,\"\":4,\"abcd\":5}";
	static const struct {
		const char *key, *value;
	} rows[] = { { "a", "1" },    { "ab", "2" },	 { "abc", "3" }, { "", "4" },
		     { "abcd", "5" }, { "abcde", NULL }, { "b", NULL },	 { "A", NULL } };
	struct hw_error err;
	struct json doc;

	CHECK_INT(scan(&doc, text, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const uint32_t value = json_member(&doc, JSON_ROOT, rows[i].key);

		CHECK_INT(value != JSON_NONE, rows[i].value != NULL);
		if (rows[i].value)
			CHECK_INT(text[doc.tokens[value].start], rows[i].value[0]);
	}
	json_free(&doc);
}

int main(void)
{
	RUN(bad_texts_are_refused_with_place_and_advice);
	RUN(a_nul_byte_is_refused_everywhere);
	RUN(every_truncation_is_refused);
	RUN(unusual_but_right_texts_are_accepted);
	RUN(depth_is_limited_to_64);
	RUN(sizes_are_limited);
	RUN(a_refusal_leaves_the_result_alone);
	RUN(tokens_hold_spans_and_structure);
	RUN(members_and_elements_are_walked_in_order);
	RUN(members_are_found_by_their_unescaped_key);
	RUN(positions_count_lines_and_characters);
	RUN(positions_in_a_long_text_agree_with_counting);
	RUN(types_have_names);
	RUN(strings_are_unescaped);
	RUN(strings_that_c_cannot_hold_are_refused);
	RUN(integers_are_exact);
	RUN(unsigned_integers_are_exact);
	RUN(case_variants_are_refused);
	RUN(equal_keys_are_refused_where_they_are_known);
	RUN(equal_keys_among_many_are_found);
	RUN(the_first_of_many_pairs_is_told);
	RUN(huge_objects_take_no_quadratic_time);
	RUN(every_value_is_found_by_its_place);
	RUN(members_are_found_by_what_their_keys_mean);
	free(text_copy);
	return DONE();
}
