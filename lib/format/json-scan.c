/* SPDX-License-Identifier: Apache-2.0 */
/* Strict JSON tokenizer (RFC 8259): every value with its span, mistakes with a remedy. */
#include <stdio.h>

#include "base/utf8.h"
#include "format/json.h"

#define END (-1) /* no byte any more */

struct scanner {
	struct json doc;
	size_t pos;
	uint32_t capacity;
	uint32_t depth;
	uint32_t open[JSON_DEPTH_MAX]; /* containers that are not closed yet */
	struct hw_error *err;
};

#define FAIL(s, at, hint, ...) \
	error_set((s)->err, EINVAL, json_where(&(s)->doc, (at)), (hint), __VA_ARGS__)

static int byte_at(const struct scanner *s, size_t pos)
{
	return pos < s->doc.len ? (unsigned char)s->doc.text[pos] : END;
}

static const unsigned char *bytes_at(const struct scanner *s, size_t pos)
{
	return (const unsigned char *)s->doc.text + pos;
}

static void skip_blanks(struct scanner *s)
{
	const char *text = s->doc.text;
	size_t pos = s->pos;

	while (pos < s->doc.len &&
	       (text[pos] == ' ' || text[pos] == '\n' || text[pos] == '\t' || text[pos] == '\r'))
		pos++;
	s->pos = pos;
}

static bool in_word(int c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c > 0 && strchr("_$.+-", c));
}

/* The text at @pos as one word: a number or a literal, right or wrong. */
static size_t word_len(const struct scanner *s, size_t pos)
{
	size_t end = pos;

	while (in_word(byte_at(s, end)))
		end++;
	return end - pos;
}

/* Things that people and other programs write, and what to do about each. */
static const struct mistake {
	const char *word, *hint;
} word_mistakes[] = {
	{ "True", "write true" },
	{ "TRUE", "write true" },
	{ "yes", "write true" },
	{ "False", "write false" },
	{ "FALSE", "write false" },
	{ "no", "write false" },
	{ "None", "write null" },
	{ "NULL", "write null" },
	{ "Null", "write null" },
	{ "nil", "write null" },
	{ "undefined", "write null" },
	{ "NaN", "JSON does not have NaN or infinity" },
	{ "-NaN", "JSON does not have NaN or infinity" },
	{ "Infinity", "JSON does not have NaN or infinity" },
	{ "-Infinity", "JSON does not have NaN or infinity" },
	{ "inf", "JSON does not have NaN or infinity" },
	{ "-inf", "JSON does not have NaN or infinity" },
};

static const struct mistake start_mistakes[] = {
	{ "//", "remove it" },
	{ "/*", "remove it" },
	{ "#", "remove it" },
};

static int bad_word(const struct scanner *s, size_t pos, const char *what, const char *hint)
{
	const char *word = s->doc.text + pos;
	size_t len = word_len(s, pos);

	for (size_t i = 0; i < ARRAY_SIZE(word_mistakes); i++)
		if (len == strlen(word_mistakes[i].word) &&
		    memcmp(word, word_mistakes[i].word, len) == 0)
			hint = word_mistakes[i].hint;
	return FAIL(s, pos, hint, "'%.*s' is not a JSON %s", utf8_excerpt(word, len), word, what);
}

static int not_utf8(const struct scanner *s, size_t pos)
{
	return FAIL(s, pos, "save the file as UTF-8", "byte 0x%02x is not valid UTF-8 here",
		    (unsigned)byte_at(s, pos));
}

static const char *container_name(const struct scanner *s)
{
	return s->doc.tokens[s->open[s->depth - 1]].type == JSON_OBJECT ? "object" : "array";
}

static int unfinished(const struct scanner *s)
{
	char hint[128];
	struct where at;

	if (s->depth == 0)
		return FAIL(s, s->pos, "a JSON object is expected", "the document is empty");
	at = json_at(&s->doc, s->open[s->depth - 1]);
	snprintf(hint, sizeof(hint), "close the %s opened at line %u, column %u", container_name(s),
		 at.line, at.column);
	return FAIL(s, s->pos, hint, "the document ends inside an %s", container_name(s));
}

/* The text at the place where something else is expected. */
static int unexpected(struct scanner *s, const char *want, const char *hint)
{
	const char *text = s->doc.text + s->pos;
	size_t left = s->doc.len - s->pos;
	int32_t ch;

	if (left == 0)
		return unfinished(s);
	for (size_t i = 0; i < ARRAY_SIZE(start_mistakes); i++) {
		size_t len = strlen(start_mistakes[i].word);

		if (left >= len && memcmp(text, start_mistakes[i].word, len) == 0) {
			s->doc.fault = JSON_COMMENT;
			return FAIL(s, s->pos, start_mistakes[i].hint, "a comment is not JSON");
		}
	}
	if (*text == '\'')
		return FAIL(s, s->pos, "write it in double quotes",
			    "a string in single quotes is not JSON");
	if (utf8_decode(bytes_at(s, s->pos), bytes_at(s, s->doc.len), &ch) == 0)
		return not_utf8(s, s->pos);
	if (ch < 0x20 || ch > 0x7e)
		return FAIL(s, s->pos, hint, "%s is expected here, not U+%04X", want, (unsigned)ch);
	if (in_word(ch))
		left = word_len(s, s->pos);
	else
		left = 1;
	return FAIL(s, s->pos, hint, "%s is expected here, not '%.*s'", want,
		    utf8_excerpt(text, left), text);
}

static int push(struct scanner *s, enum json_type type, size_t start, size_t end)
{
	struct json *doc = &s->doc;

	if (doc->n_tokens == JSON_TOKENS_MAX)
		return error_set(s->err, EFBIG, json_where(doc, start), NULL,
				 "more than the limit of %u keys and values", JSON_TOKENS_MAX);
	if (doc->n_tokens == s->capacity) {
		uint32_t capacity = s->capacity + s->capacity / 2;
		struct json_token *tokens;

		if (s->capacity == 0)
			capacity = (uint32_t)(doc->len / 16) + 16;
		if (capacity > JSON_TOKENS_MAX)
			capacity = JSON_TOKENS_MAX;
		tokens = realloc(doc->tokens, capacity * sizeof(*tokens));
		if (!tokens)
			return error_oom(s->err);
		doc->tokens = tokens;
		s->capacity = capacity;
	}
	doc->tokens[doc->n_tokens] = (struct json_token){
		.start = (uint32_t)start,
		.end = (uint32_t)end,
		.next = doc->n_tokens + 1,
		.type = (uint8_t)type,
	};
	doc->n_tokens++;
	return 0;
}

/* The bytes that may be in a string as they are. */
static const bool plain[256] = {
	[0x20 ... 0x21] = true,
	[0x23 ... 0x5b] = true,
	[0x5d ... 0x7f] = true,
};

/* Length of the escape sequence at @pos. */
static int escape_len(const struct scanner *s, size_t pos)
{
	int letter = byte_at(s, pos + 1);

	if (letter == 'u') {
		if (hex4(bytes_at(s, pos + 2), bytes_at(s, s->doc.len)) >= 0)
			return 6;
		return FAIL(s, pos, "write the code point as \\u and four digits, like \\u00e9",
			    "\\u must be followed by four hexadecimal digits");
	}
	if (letter > 0 && strchr("\"\\/bfnrt", letter))
		return 2;
	return FAIL(s, pos, "write a backslash as \\\\", "this is not an escape sequence");
}

/* Length of the character at @pos in the string that begins at @start and is not plain. */
static int special_len(const struct scanner *s, size_t start, size_t pos)
{
	char hint[64];
	int32_t ch;
	int c = byte_at(s, pos);

	if (c == '\\')
		return escape_len(s, pos);
	if (c >= 0x80) {
		size_t len = utf8_decode(bytes_at(s, pos), bytes_at(s, s->doc.len), &ch);

		return len > 0 ? (int)len : not_utf8(s, pos);
	}
	if (c == END || c == '\n' || c == '\r')
		return FAIL(s, start, "close it with '\"'; a newline in it is written \\n",
			    "this string does not end on its line");
	if (c == '\t')
		return FAIL(s, pos, "write it as \\t", "a tab in a string is not JSON");
	snprintf(hint, sizeof(hint), "write it as \\u%04x", (unsigned)c);
	return FAIL(s, pos, hint, "control character U+%04X in a string is not JSON", (unsigned)c);
}

static int scan_string(struct scanner *s)
{
	const unsigned char *text = bytes_at(s, 0);
	const size_t len = s->doc.len, start = s->pos;
	size_t pos = start + 1;
	bool escaped = false;
	int r;

	for (;;) {
		while (pos < len && plain[text[pos]])
			pos++;
		if (pos < len && text[pos] == '"')
			break;
		r = special_len(s, start, pos);
		if (r < 0)
			return r;
		escaped = escaped || text[pos] == '\\';
		pos += (size_t)r;
	}
	r = push(s, JSON_STRING, start, pos + 1);
	if (r < 0)
		return r;
	s->doc.tokens[s->doc.n_tokens - 1].escaped = escaped;
	s->pos = pos + 1;
	return 0;
}

static size_t skip_digits(const struct scanner *s, size_t pos)
{
	while (is_digit(byte_at(s, pos)))
		pos++;
	return pos;
}

/* Where the number at the scanner ends by RFC 8259's grammar; if it breaks it, @hint says how. */
static size_t number_end(const struct scanner *s, const char **hint)
{
	size_t pos = s->pos + (byte_at(s, s->pos) == '-'), digits = pos;

	pos = skip_digits(s, digits);
	if (pos == digits)
		*hint = "a number begins with a digit, or with '-' and a digit";
	else if (byte_at(s, digits) == '0' && pos > digits + 1)
		*hint = "write it without the leading zero";
	if (byte_at(s, pos) == '.') {
		digits = pos + 1;
		pos = skip_digits(s, digits);
		if (pos == digits)
			*hint = "write a digit after '.'";
	}
	if (byte_at(s, pos) == 'e' || byte_at(s, pos) == 'E') {
		digits = pos + 1;
		digits += byte_at(s, digits) == '+' || byte_at(s, digits) == '-';
		pos = skip_digits(s, digits);
		if (pos == digits)
			*hint = "write a digit in the exponent";
	}
	return pos;
}

static int scan_number(struct scanner *s)
{
	const char *hint = NULL;
	size_t end = number_end(s, &hint);
	int r;

	if (!hint && in_word(byte_at(s, end)))
		hint = "write a decimal number, and nothing after it";
	if (hint)
		return bad_word(s, s->pos, "number", hint);
	r = push(s, JSON_NUMBER, s->pos, end);
	s->pos = end;
	return r;
}

static int scan_word(struct scanner *s)
{
	static const struct {
		const char *word;
		enum json_type type;
	} literals[] = { { "true", JSON_TRUE }, { "false", JSON_FALSE }, { "null", JSON_NULL } };
	size_t start = s->pos, len = word_len(s, start);

	for (size_t i = 0; i < ARRAY_SIZE(literals); i++) {
		if (len == strlen(literals[i].word) &&
		    memcmp(s->doc.text + start, literals[i].word, len) == 0) {
			s->pos += len;
			return push(s, literals[i].type, start, s->pos);
		}
	}
	return bad_word(s, start, "value", "write a string in double quotes");
}

/* ---- structure ---- */

static uint32_t innermost(const struct scanner *s)
{
	return s->open[s->depth - 1];
}

static bool in_object(const struct scanner *s)
{
	return s->doc.tokens[innermost(s)].type == JSON_OBJECT;
}

static int scan_key(struct scanner *s)
{
	int r;

	if (byte_at(s, s->pos) != '"')
		return unexpected(s, "a key", "write a key in double quotes");
	r = scan_string(s);
	if (r < 0)
		return r;
	skip_blanks(s);
	if (byte_at(s, s->pos) != ':')
		return unexpected(s, "':'", "write ':' between a key and its value");
	s->pos++;
	return 0;
}

static int close_container(struct scanner *s)
{
	uint32_t container = innermost(s);
	struct json_token *t = &s->doc.tokens[container];

	s->pos++;
	s->depth--;
	t->end = (uint32_t)s->pos;
	t->next = s->doc.n_tokens;
	return t->type == JSON_OBJECT && !s->doc.twins
		       ? json_unique_keys(&s->doc, container, s->err)
		       : 0;
}

/* 1 when a value must follow, 0 when this one is complete already, as all the others do. */
static int open_container(struct scanner *s, enum json_type type, int closer)
{
	int r;

	if (s->depth == JSON_DEPTH_MAX)
		return FAIL(s, s->pos, "remove some levels",
			    "objects and arrays are nested deeper than %d", JSON_DEPTH_MAX);
	r = push(s, type, s->pos, s->pos + 1);
	if (r < 0)
		return r;
	s->open[s->depth++] = s->doc.n_tokens - 1;
	s->pos++;
	skip_blanks(s);
	if (byte_at(s, s->pos) == closer)
		return close_container(s);
	r = in_object(s) ? scan_key(s) : 0;
	return r < 0 ? r : 1;
}

static int begin_value(struct scanner *s)
{
	int c;

	skip_blanks(s);
	c = byte_at(s, s->pos);
	if (s->depth > 0)
		s->doc.tokens[innermost(s)].count++;
	if (c == '{')
		return open_container(s, JSON_OBJECT, '}');
	if (c == '[')
		return open_container(s, JSON_ARRAY, ']');
	if (c == '"')
		return scan_string(s);
	if (is_digit(c) || (c > 0 && strchr("-+.", c)))
		return scan_number(s);
	if (in_word(c))
		return scan_word(s);
	return unexpected(s, "a value",
			  "write an object, array, string, number, true, false or null");
}

static int missing_comma(struct scanner *s)
{
	struct where at = json_at(&s->doc, innermost(s));
	char hint[128];

	snprintf(hint, sizeof(hint), "write ',' or close the %s opened at line %u, column %u",
		 container_name(s), at.line, at.column);
	return unexpected(s, in_object(s) ? "',' or '}'" : "',' or ']'", hint);
}

/* The text after a value in a container: 1 when another value must come, 0 when it was closed. */
static int end_value(struct scanner *s)
{
	const int closer = in_object(s) ? '}' : ']';
	size_t comma;
	int r;

	skip_blanks(s);
	if (byte_at(s, s->pos) == closer)
		return close_container(s);
	if (byte_at(s, s->pos) != ',')
		return missing_comma(s);
	comma = s->pos++;
	skip_blanks(s);
	if (byte_at(s, s->pos) == closer)
		return FAIL(s, comma, "remove the comma", "a comma before '%c' is not JSON",
			    closer);
	r = in_object(s) ? scan_key(s) : 0;
	return r < 0 ? r : 1;
}

static int scan_document(struct scanner *s)
{
	int r;

	if (s->doc.len >= 3 && memcmp(s->doc.text, "\xef\xbb\xbf", 3) == 0)
		return FAIL(s, 0, "save the file as UTF-8 without BOM",
			    "a byte order mark is not JSON");
	do {
		r = begin_value(s);
		while (r == 0 && s->depth > 0)
			r = end_value(s);
	} while (r > 0);
	if (r < 0)
		return r;
	skip_blanks(s);
	if (s->pos < s->doc.len) {
		s->doc.fault = JSON_TRAILING;
		return unexpected(s, "the end", "remove what follows the document");
	}
	return json_index(&s->doc) < 0 ? error_oom(s->err) : 0;
}

static int scan(struct json *ret, const char *path, const char *text, size_t len, bool twins,
		struct hw_error *err)
{
	struct scanner s = {
		.doc = { .text = text, .len = len, .path = path, .twins = twins },
		.err = err,
	};
	int r;

	if (len > JSON_SIZE_MAX)
		return error_set(err, EFBIG, IN(path), NULL, "%zu bytes are over the limit of %zu",
				 len, JSON_SIZE_MAX);
	r = scan_document(&s);
	if (r < 0) {
		json_free(&s.doc);
		ret->fault = s.doc.fault;
		return r;
	}
	*ret = s.doc;
	return 0;
}

int json_scan(struct json *ret, const char *path, const char *text, size_t len,
	      struct hw_error *err)
{
	return scan(ret, path, text, len, false, err);
}

int json_scan_twins(struct json *ret, const char *path, const char *text, size_t len,
		    struct hw_error *err)
{
	return scan(ret, path, text, len, true, err);
}

void json_free(struct json *doc)
{
	free(doc->tokens);
	free(doc->marks);
	doc->tokens = NULL;
	doc->marks = NULL;
	doc->n_tokens = 0;
}
