/* SPDX-License-Identifier: Apache-2.0 */
/* Queries on a scanned JSON document: members, strings, numbers, positions, twins of keys. */
#include <stdio.h>

#include "base/utf8.h"
#include "format/json.h"

#define END (-1) /* no character any more */

/* ---- the characters of strings ---- */

/* Reads the characters of a string: of a token with its escapes, or of a C string. */
struct cursor {
	const unsigned char *p, *end;
	bool escapes;
};

static const char escape_letters[] = "\"\\/bfnrt";
static const char escape_meanings[] = "\"\\/\b\f\n\r\t";

/* Half a surrogate pair comes out as itself. The escape is known to be well-formed. */
static int32_t next_escape(struct cursor *c)
{
	int32_t high, low = END;

	if (c->p[1] != 'u') {
		c->p += 2;
		return escape_meanings[strchr(escape_letters, c->p[-1]) - escape_letters];
	}
	high = hex4(c->p + 2, c->end);
	c->p += 6;
	/* The quote follows the last character. */
	if (high >= 0xd800 && high <= 0xdbff && c->p[0] == '\\' && c->p[1] == 'u')
		low = hex4(c->p + 2, c->end);
	if (low < 0xdc00 || low > 0xdfff)
		return high;
	c->p += 6;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static int32_t next_char(struct cursor *c)
{
	int32_t ch;
	size_t len;

	if (c->p == c->end)
		return END;
	if (c->escapes && *c->p == '\\')
		return next_escape(c);
	len = utf8_decode(c->p, c->end, &ch);
	if (len > 0) {
		c->p += len;
		return ch;
	}
	/* Only a caller's C string comes here; it must differ from every key of the document. */
	return 0x110000 + *c->p++;
}

/* Go's encoding/json takes these for the letters of a known key. */
static int32_t fold_char(int32_t ch)
{
	if (ch >= 'A' && ch <= 'Z')
		return ch + ('a' - 'A');
	return ch == 0x17f ? 's' : ch == 0x212a ? 'k' : ch;
}

static struct cursor cursor_at(const struct json *doc, uint32_t string)
{
	const struct json_token *t = &doc->tokens[string];
	const unsigned char *text = (const unsigned char *)doc->text;

	return (struct cursor){ text + t->start + 1, text + t->end - 1, t->escaped };
}

static struct cursor cursor_on(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	return (struct cursor){ p, p + strlen(s), false };
}

/* The same byte in both, or two ASCII letters that differ in case, where that does not matter. */
static bool alike(unsigned char a, unsigned char b, bool fold)
{
	return a != '\\' &&
	       (a == b || (fold && a < 0x80 && b < 0x80 && fold_char(a) == fold_char(b)));
}

/* To the first character that may differ, byte by byte: a hostile file compares long keys often. */
static void skip_alike(struct cursor *a, struct cursor *b, bool fold)
{
	const size_t left_a = (size_t)(a->end - a->p), left_b = (size_t)(b->end - b->p);
	const size_t n = left_a < left_b ? left_a : left_b;
	size_t i = 0;

	while (i < n && alike(a->p[i], b->p[i], fold))
		i++;
	/* Half a character does not count. */
	while (i > 0 && ((i < left_a && (a->p[i] & 0xc0) == 0x80) ||
			 (i < left_b && (b->p[i] & 0xc0) == 0x80)))
		i--;
	a->p += i;
	b->p += i;
}

/* By code points, which is the order of the UTF-8 bytes too. */
static int compare(struct cursor a, struct cursor b, bool fold)
{
	for (;;) {
		int32_t ca, cb;

		skip_alike(&a, &b, fold);
		ca = next_char(&a);
		cb = next_char(&b);

		if (fold) {
			ca = fold_char(ca);
			cb = fold_char(cb);
		}
		if (ca != cb)
			return ca < cb ? -1 : 1;
		if (ca == END)
			return 0;
	}
}

static bool same_key(const struct json *doc, uint32_t a, uint32_t b, bool fold)
{
	const struct json_token *x = &doc->tokens[a], *y = &doc->tokens[b];

	if (fold || x->escaped || y->escaped)
		return compare(cursor_at(doc, a), cursor_at(doc, b), fold) == 0;
	return x->end - x->start == y->end - y->start &&
	       memcmp(doc->text + x->start, doc->text + y->start, x->end - x->start) == 0;
}

/* ---- positions ---- */

/* A mark every so many bytes, so that a message about the end of a big file costs no more. */
#define MARK_EVERY ((size_t)4096)

static void advance(struct json_mark *at, const char *text, size_t from, size_t to)
{
	const char *end = text + to, *p = text + from, *newline;

	while ((newline = memchr(p, '\n', (size_t)(end - p)))) {
		*at = (struct json_mark){ at->line + 1, 1 };
		p = newline + 1;
	}
	for (; p < end; p++)
		at->column += ((unsigned char)*p & 0xc0) != 0x80;
}

int json_index(struct json *doc)
{
	if (doc->len < 4 * MARK_EVERY)
		return 0;

	size_t n = doc->len / MARK_EVERY + 1;
	struct json_mark at = { 1, 1 };

	doc->marks = malloc(n * sizeof(*doc->marks));
	if (!doc->marks)
		return -ENOMEM;
	doc->marks[0] = at;
	for (size_t i = 1; i < n; i++) {
		advance(&at, doc->text, (i - 1) * MARK_EVERY, i * MARK_EVERY);
		doc->marks[i] = at;
	}
	return 0;
}

struct where json_where(const struct json *doc, size_t offset)
{
	size_t to = offset < doc->len ? offset : doc->len;
	size_t block = doc->marks ? to / MARK_EVERY : 0;
	struct json_mark at = doc->marks ? doc->marks[block] : (struct json_mark){ 1, 1 };

	advance(&at, doc->text, block * MARK_EVERY, to);
	return (struct where){ doc->path, at.line, at.column };
}

struct where json_at(const struct json *doc, uint32_t value)
{
	return value == JSON_NONE ? IN(doc->path) : json_where(doc, doc->tokens[value].start);
}

/* Tokens are in document order, so their places only grow. */
uint32_t json_find(const struct json *doc, unsigned line, unsigned column)
{
	uint32_t low = 0, high = doc->n_tokens;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		const struct where at = json_at(doc, middle);

		if (at.line == line && at.column == column)
			return middle;
		if (at.line < line || (at.line == line && at.column < column))
			low = middle + 1;
		else
			high = middle;
	}
	return JSON_NONE;
}

/* ---- reading ---- */

enum json_type json_type(const struct json *doc, uint32_t value)
{
	return (enum json_type)doc->tokens[value].type;
}

const char *json_type_name(enum json_type type)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
		[JSON_NUMBER] = "a number",  [JSON_TRUE] = "true",	[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};

	return names[type];
}

uint32_t json_first(const struct json *doc, uint32_t container)
{
	if (container == JSON_NONE || doc->tokens[container].count == 0)
		return JSON_NONE;
	return container + (doc->tokens[container].type == JSON_OBJECT ? 2 : 1);
}

uint32_t json_next(const struct json *doc, uint32_t container, uint32_t value)
{
	uint32_t next = doc->tokens[value].next;

	if (next >= doc->tokens[container].next)
		return JSON_NONE;
	return next + (doc->tokens[container].type == JSON_OBJECT);
}

uint32_t json_key(const struct json *doc, uint32_t value)
{
	(void)doc;
	return value - 1;
}

static bool is_key(const struct json *doc, uint32_t key, const char *name, size_t len)
{
	const struct json_token *t = &doc->tokens[key];

	if (t->escaped)
		return compare(cursor_at(doc, key), cursor_on(name), false) == 0;
	return t->end - t->start - 2 == len && memcmp(doc->text + t->start + 1, name, len) == 0;
}

uint32_t json_member(const struct json *doc, uint32_t object, const char *key)
{
	const size_t len = strlen(key);

	if (object == JSON_NONE || doc->tokens[object].type != JSON_OBJECT)
		return JSON_NONE;
	for (uint32_t v = json_first(doc, object); v != JSON_NONE; v = json_next(doc, object, v))
		if (is_key(doc, json_key(doc, v), key, len))
			return v;
	return JSON_NONE;
}

static uint32_t member_like(const struct json *doc, uint32_t object, const struct json *other,
			    uint32_t key)
{
	for (uint32_t v = json_first(doc, object); v != JSON_NONE; v = json_next(doc, object, v))
		if (compare(cursor_at(doc, json_key(doc, v)), cursor_at(other, key), false) == 0)
			return v;
	return JSON_NONE;
}

/* As many members, and each of one is in the other: no key is there twice. */
static bool equal_objects(const struct json *a, uint32_t x, const struct json *b, uint32_t y)
{
	for (uint32_t v = json_first(a, x); v != JSON_NONE; v = json_next(a, x, v)) {
		const uint32_t w = member_like(b, y, a, json_key(a, v));

		if (w == JSON_NONE || !json_equal(a, v, b, w))
			return false;
	}
	return true;
}

static bool equal_arrays(const struct json *a, uint32_t x, const struct json *b, uint32_t y)
{
	uint32_t v = json_first(a, x), w = json_first(b, y);

	while (v != JSON_NONE && json_equal(a, v, b, w)) {
		v = json_next(a, x, v);
		w = json_next(b, y, w);
	}
	return v == JSON_NONE;
}

bool json_equal(const struct json *a, uint32_t x, const struct json *b, uint32_t y)
{
	const struct json_token *s = &a->tokens[x], *t = &b->tokens[y];

	if (s->type != t->type || s->count != t->count)
		return false;
	switch ((enum json_type)s->type) {
	case JSON_OBJECT:
		return equal_objects(a, x, b, y);
	case JSON_ARRAY:
		return equal_arrays(a, x, b, y);
	case JSON_STRING:
		return compare(cursor_at(a, x), cursor_at(b, y), false) == 0;
	default:
		return s->end - s->start == t->end - t->start &&
		       memcmp(a->text + s->start, b->text + t->start, s->end - s->start) == 0;
	}
}

/* In a span without escapes the bytes are the text; an escape is never shorter than its meaning. */
int json_string(const struct json *doc, uint32_t value, struct arena *arena, const char **ret,
		struct hw_error *err)
{
	struct cursor c = cursor_at(doc, value);
	char *copy = arena_strndup(arena, (const char *)c.p, (size_t)(c.end - c.p)), *out = copy;

	if (!copy)
		return error_oom(err);
	while (c.escapes && c.p < c.end) {
		size_t at = (size_t)((const char *)c.p - doc->text);
		int32_t ch = next_char(&c);

		if (ch == 0)
			return error_set(err, EINVAL, json_where(doc, at), "remove it",
					 "\\u0000 ends the string for some runtimes");
		if (ch >= 0xd800 && ch <= 0xdfff)
			return error_set(
				err, EINVAL, json_where(doc, at),
				"write the character itself, or the complete pair",
				"an unpaired surrogate, which runtimes replace differently");
		out += utf8_encode(ch, out);
	}
	if (c.escapes)
		*out = '\0';
	*ret = copy;
	return 0;
}

/* The digits of number @value as an absolute value. */
static int read_integer(const struct json *doc, uint32_t value, uint64_t *ret, bool *negative,
			struct hw_error *err)
{
	const struct json_token *t = &doc->tokens[value];
	uint64_t n = 0;
	bool fits = true;

	*negative = doc->text[t->start] == '-';
	for (uint32_t i = t->start + *negative; i < t->end; i++) {
		if (!is_digit(doc->text[i]))
			return error_set(err, EINVAL, json_at(doc, value),
					 "write it without fraction and exponent, "
					 "which runtimes refuse here",
					 "%.*s is not an integer",
					 utf8_excerpt(doc->text + t->start, t->end - t->start),
					 doc->text + t->start);
		fits = fits && !__builtin_mul_overflow(n, 10u, &n) &&
		       !__builtin_add_overflow(n, (uint64_t)(doc->text[i] - '0'), &n);
	}
	*ret = n;
	return fits ? 0 : -ERANGE;
}

static int out_of_range(const struct json *doc, uint32_t value, const char *range,
			struct hw_error *err)
{
	const struct json_token *t = &doc->tokens[value];

	return error_set(err, ERANGE, json_at(doc, value), range, "%.*s is out of range",
			 utf8_excerpt(doc->text + t->start, t->end - t->start),
			 doc->text + t->start);
}

int json_integer(const struct json *doc, uint32_t value, int64_t *ret, struct hw_error *err)
{
	bool negative;
	uint64_t n;
	int r = read_integer(doc, value, &n, &negative, err);

	if (r == -EINVAL)
		return r;
	if (r < 0 || n > (uint64_t)INT64_MAX + negative)
		return out_of_range(doc, value,
				    "write one from -9223372036854775808 to 9223372036854775807",
				    err);
	*ret = (int64_t)(negative ? -n : n);
	return 0;
}

int json_unsigned(const struct json *doc, uint32_t value, uint64_t *ret, struct hw_error *err)
{
	bool negative;
	uint64_t n;
	int r = read_integer(doc, value, &n, &negative, err);

	if (r == -EINVAL)
		return r;
	if (r < 0 || negative)
		return out_of_range(doc, value, "write one from 0 to 18446744073709551615", err);
	*ret = n;
	return 0;
}

/* ---- keys that must differ ---- */

/* As many keys are compared each with each; more are sorted, so that no input takes long. */
#define FEW_KEYS 16

/* A key as one number to sort by: its hash, then its token. Equal hashes are compared in full. */
#define SORT_TOKEN(item) ((uint32_t)(item))
#define SORT_HASH(item)	 ((item) >> 32)

static uint64_t sort_item(const struct json *doc, uint32_t key, bool fold)
{
	struct cursor c = cursor_at(doc, key);
	uint32_t hash = 2166136261u; /* FNV-1a */
	int32_t ch;

	while ((ch = next_char(&c)) != END)
		hash = (hash ^ (uint32_t)(fold ? fold_char(ch) : ch)) * 16777619u;
	return (uint64_t)hash << 32 | key;
}

static bool in_order(const struct json *doc, uint64_t a, uint64_t b, bool fold)
{
	if (SORT_HASH(a) != SORT_HASH(b))
		return a < b;
	return compare(cursor_at(doc, SORT_TOKEN(a)), cursor_at(doc, SORT_TOKEN(b)), fold) <= 0;
}

/*
 * A stable merge sort of @n items with room for @n more behind them; returns where they are then.
 * qsort(3) may be a quicksort, for which a hostile file can be slow.
 */
static const uint64_t *sort_items(const struct json *doc, uint64_t *items, size_t n, bool fold)
{
	uint64_t *from = items, *to = items + n;

	for (size_t width = 1; width < n; width *= 2) {
		uint64_t *sorted = to;

		for (size_t lo = 0, out = 0; lo < n; lo += 2 * width) {
			size_t mid = lo + width < n ? lo + width : n;
			size_t hi = mid + width < n ? mid + width : n;
			size_t a = lo, b = mid;

			while (out < hi) {
				bool left = b == hi ||
					    (a < mid && in_order(doc, from[a], from[b], fold));

				to[out++] = left ? from[a++] : from[b++];
			}
		}
		to = from;
		from = sorted;
	}
	return from;
}

/* With @fold only in case, else exactly. */
static bool are_twins(const struct json *doc, uint32_t a, uint32_t b, bool fold)
{
	return same_key(doc, a, b, fold) && !(fold && same_key(doc, a, b, false));
}

static void find_among_few(const struct json *doc, uint32_t object, bool fold,
			   struct json_twins *ret)
{
	uint32_t keys[FEW_KEYS], n = 0;

	for (uint32_t v = json_first(doc, object); v != JSON_NONE; v = json_next(doc, object, v)) {
		keys[n] = json_key(doc, v);
		for (uint32_t i = 0; i < n; i++) {
			if (are_twins(doc, keys[i], keys[n], fold)) {
				*ret = (struct json_twins){ keys[i], keys[n] };
				return;
			}
		}
		n++;
	}
}

static int find_twins(const struct json *doc, uint32_t object, bool fold, struct json_twins *ret)
{
	const size_t n = doc->tokens[object].count;
	auto_free uint64_t *items = NULL;
	const uint64_t *sorted;
	size_t i = 0;

	*ret = (struct json_twins){ JSON_NONE, JSON_NONE };
	if (n <= FEW_KEYS) {
		find_among_few(doc, object, fold, ret);
		return 0;
	}
	items = calloc(2 * n, sizeof(*items));
	if (!items)
		return -ENOMEM;
	for (uint32_t v = json_first(doc, object); v != JSON_NONE; v = json_next(doc, object, v))
		items[i++] = sort_item(doc, json_key(doc, v), fold);
	sorted = sort_items(doc, items, n, fold);
	for (i = 1; i < n; i++) {
		uint32_t a = SORT_TOKEN(sorted[i - 1]), b = SORT_TOKEN(sorted[i]);

		if (b < ret->second && SORT_HASH(sorted[i - 1]) == SORT_HASH(sorted[i]) &&
		    are_twins(doc, a, b, fold))
			*ret = (struct json_twins){ a, b };
	}
	return 0;
}

#define KEY_TEXT(doc, key)                                                   \
	utf8_excerpt((doc)->text + (doc)->tokens[key].start + 1,             \
		     (doc)->tokens[key].end - (doc)->tokens[key].start - 2), \
		(doc)->text + (doc)->tokens[key].start + 1

int json_refuse_twins(const struct json *doc, const struct json_twins *twins, int errnum,
		      struct hw_error *err)
{
	const struct where first = json_at(doc, twins->first);

	return error_set(err, errnum, json_at(doc, twins->second),
			 "keep one of them: runtimes differ in which one they use",
			 "duplicate key '%.*s', first at line %u, column %u",
			 KEY_TEXT(doc, twins->second), first.line, first.column);
}

int json_find_twins(const struct json *doc, uint32_t object, struct json_twins *ret)
{
	return find_twins(doc, object, false, ret);
}

int json_unique_keys(const struct json *doc, uint32_t object, struct hw_error *err)
{
	struct json_twins twins;

	if (json_find_twins(doc, object, &twins) < 0)
		return error_oom(err);
	return twins.first == JSON_NONE ? 0 : json_refuse_twins(doc, &twins, EINVAL, err);
}

/* Whether @key and @name begin with different letters, whatever their case; not if in doubt. */
static bool begin_apart(const struct json *doc, uint32_t key, const char *name)
{
	const unsigned char a = (unsigned char)doc->text[doc->tokens[key].start + 1];
	const unsigned char b = (unsigned char)name[0];

	return a < 0x80 && b < 0x80 && a != '\\' && fold_char(a) != fold_char(b);
}

enum json_match json_match_key(const struct json *doc, uint32_t key, const char *name)
{
	if (begin_apart(doc, key, name))
		return JSON_DIFFERS;
	if (compare(cursor_at(doc, key), cursor_on(name), true) != 0)
		return JSON_DIFFERS;
	return compare(cursor_at(doc, key), cursor_on(name), false) == 0 ? JSON_EQUALS : JSON_FOLDS;
}

static int refuse_variant_of(const struct json *doc, uint32_t key, const char *known,
			     struct hw_error *err)
{
	char hint[128];

	if (json_match_key(doc, key, known) != JSON_FOLDS)
		return 0;
	snprintf(hint, sizeof(hint), "write '%.64s', or remove it", known);
	return error_set(err, ENOTUNIQ, json_at(doc, key), hint,
			 "key '%.*s' is '%.64s' for some runtimes and unknown to others",
			 KEY_TEXT(doc, key), known);
}

/* Of a document whose keys were not checked when it was scanned. */
static int refuse_known_twins(const struct json *doc, uint32_t object, const char *known,
			      struct hw_error *err)
{
	struct json_twins twins = { JSON_NONE, JSON_NONE };

	for (uint32_t v = json_first(doc, object); v != JSON_NONE; v = json_next(doc, object, v)) {
		if (json_match_key(doc, json_key(doc, v), known) != JSON_EQUALS)
			continue;
		twins = (struct json_twins){ twins.second, json_key(doc, v) };
		if (twins.first != JSON_NONE)
			return json_refuse_twins(doc, &twins, ENOTUNIQ, err);
	}
	return 0;
}

int json_no_case_variants(const struct json *doc, uint32_t object, const char *const *known,
			  struct hw_error *err)
{
	struct json_twins twins;
	struct where first;
	int r = 0;

	for (uint32_t v = json_first(doc, object); r == 0 && v != JSON_NONE;
	     v = json_next(doc, object, v))
		for (size_t i = 0; r == 0 && known[i]; i++)
			r = refuse_variant_of(doc, json_key(doc, v), known[i], err);
	for (size_t i = 0; r == 0 && doc->twins && known[i]; i++)
		r = refuse_known_twins(doc, object, known[i], err);
	if (r < 0)
		return r;
	if (find_twins(doc, object, true, &twins) < 0)
		return error_oom(err);
	if (twins.first == JSON_NONE)
		return 0;
	first = json_at(doc, twins.first);
	return error_set(err, ENOTUNIQ, json_at(doc, twins.second),
			 "rename one of them: some runtimes ignore case in keys",
			 "key '%.*s' differs only in case from '%.*s' at line %u, column %u",
			 KEY_TEXT(doc, twins.second), KEY_TEXT(doc, twins.first), first.line,
			 first.column);
}
