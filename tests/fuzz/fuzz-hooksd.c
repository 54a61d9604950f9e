/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a hooks.d file: a failure explains itself and yields nothing; of a success the entry
 * is sound, and whether it matches can be said for any container. With the first byte an 'e', the
 * rest is an expression and a value behind a NUL: whatever they are, both end soon.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"
#include "policy/hooksd.h"

static const char config[] =
	"{\"process\":{\"args\":[\"/bin/sh\"],\"user\":{}},\"root\":{\"path\":\"r\"},"
	"\"annotations\":{\"io.x\":\"yes\",\"b\":\"\xc3\xa9\\n\"},"
	"\"mounts\":[{\"destination\":\"/mnt\",\"type\":\"bind\",\"source\":\"/\"}]}";

static void check_entry(const struct hw_hooks_file *file)
{
	const struct json *e = &file->entry;
	const uint32_t path = json_member(e, JSON_ROOT, "path");

	REQUIRE(json_type(e, JSON_ROOT) == JSON_OBJECT);
	REQUIRE(path != JSON_NONE && json_type(e, path) == JSON_STRING && file->program[0]);
	REQUIRE(json_equal(e, JSON_ROOT, e, JSON_ROOT));
	for (uint32_t v = json_first(e, JSON_ROOT); v != JSON_NONE; v = json_next(e, JSON_ROOT, v))
		REQUIRE(json_type(e, v) != JSON_NULL);
}

static void check_match(const struct hw_hooks_file *file)
{
	struct arena *arena = arena_new();
	struct hooksd_match match, again;
	struct json doc;
	struct spec spec;

	REQUIRE(arena && json_scan(&doc, "c", config, sizeof(config) - 1, NULL) == 0);
	REQUIRE(spec_parse(&doc, arena, &spec, NULL) == 0);
	REQUIRE(hooksd_matches(file, &spec, NULL, arena, &match, NULL) == 0);
	REQUIRE(hooksd_matches(file, &spec, NULL, arena, &again, NULL) == 0);
	REQUIRE(match.value == again.value && strcmp(match.why, again.why) == 0);
	REQUIRE(match.n_lines > 0 || match.value == NO);
	REQUIRE(file->always != NO || file->any || match.value == NO);
	json_free(&doc);
	arena_free(arena);
}

static void check_warnings(const struct hw_hooks_file *file)
{
	struct hw_error warning;
	bool note;
	size_t n = 0;

	while (hw_hooks_file_warning(file, n, &warning, &note)) {
		REQUIRE(warning.line && warning.column && warning.message[0]);
		n++;
	}
	REQUIRE(n == file->n_warnings);
}

static void check_file(const uint8_t *data, size_t size)
{
	struct hw_hooks_file *file = NULL;
	struct hw_error err = { 0 };
	int r = hooksd_parse("path", "name", (const char *)data, size, &file, &err);

	if (r < 0) {
		REQUIRE(r == -EINVAL || r == -EFBIG);
		REQUIRE(!file && err.errnum == -r && err.message[0]);
		return;
	}
	check_entry(file);
	check_match(file);
	check_warnings(file);
	hooksd_free(file);
}

static enum truth match(const char *source, enum re2_extent extent, const char *value)
{
	struct re2 *re = NULL;
	enum truth first, second;

	REQUIRE(re2_new(source, extent, NOWHERE, &re, NULL) == 0);
	REQUIRE(re2_match(re, value, NULL, &first) == 0);
	/* States built before do not change the answer. */
	REQUIRE(re2_match(re, value, NULL, &second) == 0 && first == second);
	re2_free(re);
	return first;
}

/* The exported file means the same as the policy. */
static void check_whole(const char *source, const char *value)
{
	char exported[RE2_SOURCE_MAX + 16];
	const enum truth whole = match(source, RE2_WHOLE, value);
	const char *hint = NULL;

	REQUIRE(whole != YES || match(source, RE2_ANYWHERE, value) == YES);
	snprintf(exported, sizeof(exported), "^(?:%s%s)$", source,
		 re2_is_open(source) ? "\\E" : "");
	if (strlen(exported) <= RE2_SOURCE_MAX)
		REQUIRE(match(exported, RE2_ANYWHERE, value) == whole);
	REQUIRE(!re2_doubt(source, &hint) == !hint);
}

static void check_expression(const char *text, size_t len)
{
	const size_t source = strlen(text);
	const char *value = source < len ? text + source + 1 : "";
	struct hw_error err = { 0 };
	struct re2 *re = NULL;
	enum truth got, empty;

	REQUIRE(re2_check(text, NOWHERE, NULL) == re2_check(text, NOWHERE, &err));
	if (re2_new(text, RE2_ANYWHERE, NOWHERE, &re, &err) < 0) {
		REQUIRE(!re && err.errnum == EINVAL && err.message[0]);
		return;
	}
	REQUIRE(re2_match(re, value, NULL, &got) == 0 && re2_match(re, "", NULL, &empty) == 0);
	REQUIRE((got == UNKNOWN) == (strlen(value) > RE2_VALUE_MAX));
	REQUIRE(empty != UNKNOWN);
	re2_free(re);
	if (re2_check(text, NOWHERE, NULL) == 0)
		check_whole(text, value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0 || data[0] != 'e') {
		check_file(data, size);
		return 0;
	}
	text = malloc(size);
	REQUIRE(text);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	check_expression(text, size - 1);
	free(text);
	return 0;
}
