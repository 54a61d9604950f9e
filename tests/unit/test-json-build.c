/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the JSON builder. */
#include <cJSON.h>

#include "format/json-escape.h"
#include "test.h"
#include "tools.h"

static void everything_is_built(void)
{
	static const char *const words[] = { "a", "##[b]" };
	struct hw_json j = { .failed = false };
	cJSON *root = hw_json_new(&j, '{'), *loose = hw_json_new(&j, '{'), *array;
	auto_free char *text = NULL;

	CHECK(hw_json_is_empty(root) && hw_json_is_empty(NULL));
	hw_json_text(&j, root, "text", "\"\x1b");
	hw_json_text(&j, root, "null", NULL);
	hw_json_number(&j, root, "number", 4294967295.0);
	hw_json_flag(&j, root, "flag", true);
	hw_json_raw(&j, root, "raw", "1.50");
	hw_json_texts(&j, root, "texts", words, ARRAY_SIZE(words));
	array = hw_json_open(&j, root, "array", '[');
	hw_json_flag(&j, array, NULL, false);
	hw_json_add(&j, array, NULL, hw_json_new(&j, '{'));
	hw_json_text(&j, loose, "moved", "x");
	hw_json_move(&j, loose, root);
	CHECK(hw_json_has(root, "moved") && !hw_json_has(root, "nothing"));
	CHECK(!hw_json_is_empty(root));
	CHECK_INT(hw_json_print(&j, root, &text), 0);
	CHECK_STR(text,
		  "{\n\t\"text\":\t\"\\\"\\u001b\",\n\t\"null\":\tnull,\n"
		  "\t\"number\":\t4294967295,\n\t\"flag\":\ttrue,\n\t\"raw\":\t1.50,\n"
		  "\t\"texts\":\t[\"a\", \"#\\u0023[b]\"],\n\t\"array\":\t[false, {\n\t\t}],\n"
		  "\t\"moved\":\t\"x\"\n}");
}

/* So many allocations succeed. */
static size_t left;

static void *take(size_t size)
{
	return left && left-- ? malloc(size) : NULL;
}

static int build(struct hw_json *j, char **ret)
{
	cJSON *root = hw_json_new(j, '{'), *array = hw_json_open(j, root, "array", '[');
	cJSON *o = hw_json_open(j, array, NULL, '{');

	hw_json_text(j, o, "text", "a");
	hw_json_number(j, o, "number", 1);
	hw_json_flag(j, array, NULL, true);
	return hw_json_print(j, root, ret);
}

static void lack_of_memory_is_told_at_the_end(void)
{
	size_t failures = 0;
	int r = -ENOMEM;

	for (size_t n = 0; r < 0 && n < 1000; n++) {
		struct hw_json j = { .failed = false };
		auto_free char *text = NULL;

		left = n;
		cJSON_InitHooks(&(cJSON_Hooks){ .malloc_fn = take, .free_fn = free });
		r = build(&j, &text);
		cJSON_InitHooks(NULL);
		if (r < 0)
			CHECK_INT(r, -ENOMEM);
		failures += r < 0;
		CHECK(r == 0 || !text);
	}
	CHECK_INT(r, 0);
	CHECK(failures > 8);
}

static void bytes_are_escaped(void)
{
	static const char bytes[] = "a\"\\/\b\f\n\r\t\1\x1f\x7f\0\xc3\xa9";
	struct text t = { 0 };
	char buf[HW_JSON_ESCAPE_MAX];

	json_put_string(&t, bytes, sizeof(bytes) - 1);
	CHECK_STR(t.data, "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\\u0000\xc3\xa9\"");
	text_free(&t);
	for (unsigned c = 0; c <= 0xff; c++)
		CHECK_INT(hw_json_escape((unsigned char)c, buf) != NULL,
			  c < 0x20 || c == '"' || c == '\\');
}

int main(void)
{
	RUN(bytes_are_escaped);
	RUN(everything_is_built);
	RUN(lack_of_memory_is_told_at_the_end);
	return DONE();
}
