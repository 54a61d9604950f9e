/* SPDX-License-Identifier: Apache-2.0 */
/* Strict JSON reader that keeps the byte span of every value. */
#pragma once

#include "base/arena.h"
#include "base/error.h"

/*
 * The strict reader of config.json: RFC 8259 and nothing more, every value with its byte span.
 * It refuses what runtimes read differently: invalid UTF-8, a BOM, comments, trailing commas,
 * trailing bytes, a nesting depth over 64, and an object with two keys that are equal after
 * unescaping. It keeps spans and not values, so that an editor can splice the original text:
 * numbers and escapes that no parser must touch are never converted.
 */

/*
 * The cost of one container is bounded, see base/budget.h: a file at both limits is scanned in about
 * 22 MiB of memory. Files of engines have some 10 KB and far below 10,000 keys and values.
 */
#define JSON_SIZE_MAX	((size_t)16 << 20)
#define JSON_TOKENS_MAX ((uint32_t)1 << 18) /* keys and values */
#define JSON_DEPTH_MAX	64
#define JSON_NONE	UINT32_MAX /* "no such value" */
#define JSON_ROOT	0u

enum json_type {
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

/* Tokens are in document order; an object's members are a key token, then a value's subtree. */
struct json_token {
	uint32_t start, end; /* bytes [start, end) of the text; a string's include its quotes */
	uint32_t next;	     /* index of the first token after this value's subtree */
	uint32_t count;	     /* members of an object, elements of an array */
	uint8_t type;	     /* enum json_type */
	bool escaped;	     /* a string: holds a backslash */
};

/* The defects of a text that is not JSON, as far as runtimes differ in accepting it. */
enum json_fault {
	JSON_MALFORMED, /* no runtime takes it */
	JSON_COMMENT,
	JSON_TRAILING, /* something follows the document */
};

/* A position that is known without counting from the first byte. */
struct json_mark {
	unsigned line, column;
};

struct json {
	const char *text; /* borrowed */
	size_t len;
	const char *path; /* borrowed, for messages */
	struct json_token *tokens;
	uint32_t n_tokens;
	bool twins;		 /* equal keys were let pass */
	enum json_fault fault;	 /* after -EINVAL */
	struct json_mark *marks; /* one each few KiB of a scanned text; NULL if that is short */
};

/*
 * Scan @text (@len bytes; need not be NUL-terminated) into *@ret, to be released with
 * json_free(). @text and @path must outlive it. -EINVAL with a position and a hint, -EFBIG over
 * JSON_SIZE_MAX or JSON_TOKENS_MAX, -ENOMEM; of *@ret only the fault is set then. Half a surrogate pair and
 * \u0000 in a string are let pass: who reads that string with json_string() hears of them.
 */
int json_scan(struct json *ret, const char *path, const char *text, size_t len,
	      struct hw_error *err) MUST_CHECK;

/* The same, but equal keys are let pass; json_member() finds the first of them. */
int json_scan_twins(struct json *ret, const char *path, const char *text, size_t len,
		    struct hw_error *err) MUST_CHECK;
void json_free(struct json *doc);

/* Line and column (in code points, both from 1) of byte @offset. */
struct where json_where(const struct json *doc, size_t offset);

/* The position of a value, for error_set(); of JSON_NONE: the file alone. */
struct where json_at(const struct json *doc, uint32_t value);

/* The value or key that begins at that place, or JSON_NONE. */
uint32_t json_find(const struct json *doc, unsigned line, unsigned column);

/*
 * Value of the member of @object whose unescaped key is exactly @key, or JSON_NONE. @object may be
 * JSON_NONE or not an object; it does not have members then.
 */
uint32_t json_member(const struct json *doc, uint32_t object, const char *key);

/*
 * Walking. Elements: for (e = json_first(d, a); e != JSON_NONE; e = json_next(d, a, e)).
 * Members: the same gives values; json_key() the key token of a member's value.
 */
uint32_t json_first(const struct json *doc, uint32_t container);
uint32_t json_next(const struct json *doc, uint32_t container, uint32_t value);
uint32_t json_key(const struct json *doc, uint32_t value);

/*
 * Whether value @x of @a and value @y of @b are the same JSON value: members in any order, strings
 * by what they mean, numbers by their digits.
 */
bool json_equal(const struct json *a, uint32_t x, const struct json *b, uint32_t y);

enum json_type json_type(const struct json *doc, uint32_t value);
const char *json_type_name(enum json_type type); /* "an object", "a string", ... */

/*
 * Unescaped text of string @value (or key), NUL-terminated, from @arena. -EINVAL with a position
 * if it holds \u0000 (C would see less than the author wrote) or half a surrogate pair (runtimes
 * replace it differently), -ENOMEM. @value must be a string.
 */
int json_string(const struct json *doc, uint32_t value, struct arena *arena, const char **ret,
		struct hw_error *err) MUST_CHECK;

/*
 * Exact integer of number @value. -EINVAL with a position for a fraction or an exponent (both
 * runtimes refuse them in integers), -ERANGE outside the type. @value must be a number.
 * json_integer() clamps nothing: 18446744073709551615 is -ERANGE there, fine in json_unsigned().
 */
int json_integer(const struct json *doc, uint32_t value, int64_t *ret,
		 struct hw_error *err) MUST_CHECK;
int json_unsigned(const struct json *doc, uint32_t value, uint64_t *ret,
		  struct hw_error *err) MUST_CHECK;

/* How the key token @key compares with @name; see json_no_case_variants() for folding. */
enum json_match { JSON_DIFFERS, JSON_FOLDS, JSON_EQUALS };
enum json_match json_match_key(const struct json *doc, uint32_t key, const char *name);

/*
 * -ENOTUNIQ if @object has a key that equals one of @known, or another key of the object, when case
 * is folded as Go's encoding/json folds it (ASCII, U+017F as s, U+212A as k), but is not exactly
 * it: runc would take it for that member, crun would not. Also if it has one of @known twice, which
 * json_scan_twins() lets pass. @known ends with NULL.
 */
int json_no_case_variants(const struct json *doc, uint32_t object, const char *const *known,
			  struct hw_error *err) MUST_CHECK;

/*
 * Two keys of an object that are equal after unescaping; of several pairs, the one that ends first.
 */
struct json_twins {
	uint32_t first, second; /* key tokens; JSON_NONE: there are none */
};

int json_find_twins(const struct json *doc, uint32_t object, struct json_twins *ret) MUST_CHECK;

/* -@errnum with both positions. */
int json_refuse_twins(const struct json *doc, const struct json_twins *twins, int errnum,
		      struct hw_error *err);

/*
 * The parts of json_scan() that need a scanned object or text: -EINVAL if @object has twins,
 * -ENOMEM; and what makes json_where() fast, -ENOMEM.
 */
int json_unique_keys(const struct json *doc, uint32_t object, struct hw_error *err) MUST_CHECK;
int json_index(struct json *doc) MUST_CHECK;
