/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scanner against cJSON, a parser that is laxer: what the scanner accepts, cJSON must accept
 * and understand in the same way; what cJSON prints, the scanner must accept. cJSON differs in
 * three ways that are known: it refuses half a surrogate pair, ends a string at \u0000, and cuts a
 * number after 63 characters.
 */
#include <cjson/cJSON.h>
#include <regex.h>
#include <stdio.h>

#include "format/json.h"
#include "fuzz.h"

#define CJSON_NUMBER_MAX 62

/* ---- refusal ---- */

/* Its position is in the text, or right behind it. */
static void check_position(const struct hw_error *err, const char *text, size_t len)
{
	const char *end = text + len, *lf;
	unsigned column = 1;

	for (unsigned line = 1; line < err->line; line++) {
		lf = memchr(text, '\n', (size_t)(end - text));
		REQUIRE(lf);
		text = lf + 1;
	}
	for (; text < end && *text != '\n'; text++)
		column += ((unsigned char)*text & 0xc0) != 0x80;
	REQUIRE(err->line >= 1 && err->column >= 1 && err->column <= column);
}

static void check_refusal(int r, const struct hw_error *err, const char *text, size_t len)
{
	char shown[1200];

	REQUIRE(r == -err->errnum && (r == -EINVAL || r == -EFBIG));
	REQUIRE(err->message[0] && !strcmp(err->path, "fuzz"));
	REQUIRE(hw_error_format(err, shown, sizeof(shown)) < sizeof(shown));
	check_position(err, text, len);
}

/* ---- the tree ---- */

/* RFC 8259, section 6, as an expression. */
static void check_number_text(const char *p, size_t len)
{
	static regex_t grammar;
	static bool compiled;
	char *text = strndup(p, len);

	if (!compiled)
		REQUIRE(regcomp(&grammar, "^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?$",
				REG_EXTENDED | REG_NOSUB) == 0);
	compiled = true;
	REQUIRE(text && regexec(&grammar, text, 0, NULL, 0) == 0);
	free(text);
}

/* The well-formed byte sequences of the Unicode Standard, table 3-7. */
static size_t sequence_len(const unsigned char *p, size_t left)
{
	static const struct {
		unsigned char first, last, from, to;
		size_t len;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (*p < rows[i].first || *p > rows[i].last || left < rows[i].len)
			continue;
		for (size_t k = 1; k < rows[i].len; k++)
			if (p[k] < (k == 1 ? rows[i].from : 0x80) ||
			    p[k] > (k == 1 ? rows[i].to : 0xbf))
				return 0;
		return rows[i].len;
	}
	return 0;
}

static void check_string_text(const char *p, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		REQUIRE((unsigned char)p[i] >= 0x20);
		n = sequence_len((const unsigned char *)p + i, len - i);
		REQUIRE(n > 0);
	}
}

static void check_span(const struct json *doc, uint32_t value)
{
	static const char first[] = { [JSON_OBJECT] = '{', [JSON_ARRAY] = '[', [JSON_STRING] = '"',
				      [JSON_TRUE] = 't',   [JSON_FALSE] = 'f', [JSON_NULL] = 'n' };
	static const char last[] = { [JSON_OBJECT] = '}', [JSON_ARRAY] = ']', [JSON_STRING] = '"',
				     [JSON_TRUE] = 'e',	  [JSON_FALSE] = 'e', [JSON_NULL] = 'l' };
	const struct json_token *t = &doc->tokens[value];
	const char *p = doc->text + t->start;

	REQUIRE(t->start < t->end && t->end <= doc->len);
	REQUIRE(t->type <= JSON_NULL && t->next > value && t->next <= doc->n_tokens);
	if (t->type == JSON_NUMBER) {
		check_number_text(p, t->end - t->start);
		return;
	}
	if (t->type == JSON_STRING)
		check_string_text(p, t->end - t->start);
	REQUIRE(*p == first[t->type] && doc->text[t->end - 1] == last[t->type]);
	REQUIRE(t->type != JSON_STRING ||
		t->escaped == (memchr(p, '\\', t->end - t->start) != NULL));
}

/* Children lie one behind the other in their container; keys are strings. */
static void check_tree(const struct json *doc, uint32_t value)
{
	const struct json_token *t = &doc->tokens[value];
	uint32_t at = value + 1, end = t->start + 1;

	check_span(doc, value);
	for (uint32_t i = 0; i < t->count; i++) {
		if (t->type == JSON_OBJECT) {
			REQUIRE(doc->tokens[at].type == JSON_STRING &&
				doc->tokens[at].start >= end);
			check_span(doc, at);
			end = doc->tokens[at].end;
			at = doc->tokens[at].next;
		}
		REQUIRE(doc->tokens[at].start >= end && doc->tokens[at].end < t->end);
		check_tree(doc, at);
		end = doc->tokens[at].end;
		at = doc->tokens[at].next;
	}
	REQUIRE(at == t->next);
	REQUIRE(t->count == 0 || t->type == JSON_OBJECT || t->type == JSON_ARRAY);
}

static bool blank(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr(" \t\r\n", p[i]))
			return false;
	return true;
}

static void check_document(const struct json *doc)
{
	const struct json_token *root = doc->tokens;

	REQUIRE(doc->n_tokens > 0 && root->next == doc->n_tokens);
	REQUIRE(blank(doc->text, root->start));
	REQUIRE(blank(doc->text + root->end, doc->len - root->end));
	check_tree(doc, JSON_ROOT);
}

/* ---- cJSON ---- */

static void check_string(const struct json *doc, uint32_t string, const char *oracle)
{
	struct arena *arena = arena_new();
	const char *text;

	REQUIRE(arena && json_string(doc, string, arena, &text, NULL) == 0);
	REQUIRE(strcmp(text, oracle) == 0);
	arena_free(arena);
}

static void check_number(const struct json *doc, uint32_t value, double oracle)
{
	const struct json_token *t = &doc->tokens[value];
	const bool negative = doc->text[t->start] == '-';
	bool whole = true;
	int64_t narrow;
	uint64_t wide;
	int r;

	for (uint32_t i = t->start; i < t->end; i++)
		whole = whole && !strchr(".eE", doc->text[i]);
	r = json_integer(doc, value, &narrow, NULL);
	REQUIRE((r == -EINVAL) == !whole);
	REQUIRE(r < 0 || (double)narrow == oracle);
	REQUIRE(r != -ERANGE || oracle >= 0x1p63 || oracle <= -0x1p63);
	r = json_unsigned(doc, value, &wide, NULL);
	REQUIRE((r == -EINVAL) == !whole);
	REQUIRE(r < 0 || (double)wide == oracle);
	REQUIRE(r != -ERANGE || negative || oracle >= 0x1p64);
}

static void check_like(const struct json *doc, uint32_t value, const cJSON *oracle)
{
	static const int types[] = { [JSON_OBJECT] = cJSON_Object, [JSON_ARRAY] = cJSON_Array,
				     [JSON_STRING] = cJSON_String, [JSON_NUMBER] = cJSON_Number,
				     [JSON_TRUE] = cJSON_True,	   [JSON_FALSE] = cJSON_False,
				     [JSON_NULL] = cJSON_NULL };
	const cJSON *child = oracle->child;
	uint32_t n = 0;

	REQUIRE(oracle->type == types[json_type(doc, value)]);
	if (cJSON_IsString(oracle))
		check_string(doc, value, oracle->valuestring);
	if (cJSON_IsNumber(oracle))
		check_number(doc, value, oracle->valuedouble);
	for (uint32_t v = json_first(doc, value); v != JSON_NONE; v = json_next(doc, value, v)) {
		REQUIRE(child);
		if (cJSON_IsObject(oracle))
			check_string(doc, json_key(doc, v), child->string);
		check_like(doc, v, child);
		child = child->next;
		n++;
	}
	REQUIRE(!child && n == doc->tokens[value].count);
}

/* No two keys are equal, and each is found by its text. */
static void check_keys(const struct json *doc, uint32_t object)
{
	struct arena *arena = arena_new();
	const char *key;

	REQUIRE(arena);
	if (doc->tokens[object].count <= 64) {
		for (uint32_t v = json_first(doc, object); v != JSON_NONE;
		     v = json_next(doc, object, v))
			if (json_string(doc, json_key(doc, v), arena, &key, NULL) == 0)
				REQUIRE(json_member(doc, object, key) == v);
	}
	arena_free(arena);
}

/* A string that C cannot hold is refused with a position inside it. */
static bool holds_for_c(const struct json *doc, uint32_t string)
{
	struct where at = json_at(doc, string);
	struct arena *arena = arena_new();
	struct hw_error err = { 0 };
	const char *text;
	int r;

	REQUIRE(arena);
	r = json_string(doc, string, arena, &text, &err);
	arena_free(arena);
	REQUIRE(r == -err.errnum && (r == 0 || (r == -EINVAL && doc->tokens[string].escaped)));
	REQUIRE(r == 0 || (err.line == at.line && err.column > at.column && err.hint[0]));
	return r == 0;
}

static bool differs_from_cjson(const struct json *doc)
{
	bool differs = false;

	for (uint32_t i = 0; i < doc->n_tokens; i++) {
		const struct json_token *t = &doc->tokens[i];

		if (t->type == JSON_NUMBER && t->end - t->start > CJSON_NUMBER_MAX)
			differs = true;
		if (t->type == JSON_STRING && !holds_for_c(doc, i))
			differs = true;
	}
	return differs;
}

static void check_printed(const cJSON *oracle, uint32_t n_tokens)
{
	char *printed = cJSON_Print(oracle);
	struct json doc;

	REQUIRE(printed);
	REQUIRE(json_scan(&doc, "fuzz", printed, strlen(printed), NULL) == 0);
	REQUIRE(doc.n_tokens == n_tokens);
	json_free(&doc);
	cJSON_free(printed);
}

static void check_with_cjson(const struct json *doc)
{
	char *text = strndup(doc->text, doc->len);
	cJSON *oracle;

	/* Here the NUL counts: cJSON must get to the very end. */
	REQUIRE(text && strlen(text) == doc->len);
	oracle = cJSON_ParseWithLengthOpts(text, doc->len + 1, NULL, true);
	if (differs_from_cjson(doc)) {
		cJSON_Delete(oracle);
		free(text);
		return;
	}
	REQUIRE(oracle);
	check_like(doc, JSON_ROOT, oracle);
	check_printed(oracle, doc->n_tokens);
	cJSON_Delete(oracle);
	free(text);
}

/* ---- the target ---- */

static void check_same(const struct json *a, const struct json *b)
{
	REQUIRE(a->n_tokens == b->n_tokens);
	for (uint32_t i = 0; i < a->n_tokens; i++) {
		const struct json_token *x = &a->tokens[i], *y = &b->tokens[i];

		REQUIRE(x->start == y->start && x->end == y->end && x->next == y->next &&
			x->count == y->count && x->type == y->type && x->escaped == y->escaped);
	}
}

static void check_accepted(const struct json *doc)
{
	static const char *const known[] = { "hooks", "startContainer", "path", NULL };

	check_document(doc);
	for (uint32_t i = 0; i < doc->n_tokens; i++) {
		struct hw_error err = { 0 };

		if (json_type(doc, i) != JSON_OBJECT)
			continue;
		check_keys(doc, i);
		if (json_no_case_variants(doc, i, known, &err) < 0)
			REQUIRE(err.errnum == ENOTUNIQ && err.line && err.hint[0]);
	}
	check_with_cjson(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hw_error err = { 0 }, again = { 0 };
	char *copy = malloc(size ? size : 1);
	struct json doc, other;
	int r;

	REQUIRE(copy);
	if (size)
		memcpy(copy, data, size);
	r = json_scan(&doc, "fuzz", copy, size, &err);
	REQUIRE(json_scan(&other, "fuzz", (const char *)data, size, &again) == r);
	if (r < 0) {
		REQUIRE(memcmp(&err, &again, sizeof(err)) == 0);
		check_refusal(r, &err, copy, size);
	} else {
		REQUIRE(err.errnum == 0);
		check_same(&doc, &other);
		check_accepted(&doc);
		json_free(&doc);
		json_free(&other);
	}
	free(copy);
	return 0;
}
