/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes a YAML tree into a struct by tables of fields, and reports mistakes with a remedy. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "base/words.h"
#include "format/decode.h"

/* ---- complaints ---- */

static struct where at(const struct decoder *d, const struct node *node)
{
	return (struct where){ d->path, node->line, node->column };
}

int decode_refuse(const struct decoder *d, const struct node *node, const char *hint,
		  const char *fmt, ...)
{
	char message[2 * sizeof(d->err->message)]; /* error_set() marks what it cuts */
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	return error_set(d->err, EINVAL, at(d, node), hint, "%s", message);
}

/* How many decimal digits @s begins with. Every plain scalar comes here: strspn(3) costs more. */
static size_t digits(const char *s)
{
	size_t n = 0;

	while (is_digit(s[n]))
		n++;
	return n;
}

static bool is_decimal(const char *s)
{
	s += *s == '-' || *s == '+';
	return *s && s[digits(s)] == '\0';
}

static bool is_prefixed(const char *s)
{
	if (s[0] != '0' || !s[1] || !s[2])
		return false;
	return (s[1] == 'x' && s[2 + strspn(s + 2, "0123456789abcdefABCDEF")] == '\0') ||
	       (s[1] == 'o' && s[2 + strspn(s + 2, "01234567")] == '\0');
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_float(const char *s)
{
	size_t whole, fraction = 0;

	s += *s == '-' || *s == '+';
	if (streq(s, ".inf") || streq(s, ".Inf") || streq(s, ".INF"))
		return true;
	whole = digits(s);
	s += whole;
	if (*s == '.') {
		fraction = digits(s + 1);
		s += 1 + fraction;
	}
	if (whole + fraction == 0)
		return false;
	return !*s || ((*s == 'e' || *s == 'E') && is_decimal(s + 1));
}

static bool is_number(const char *s)
{
	return is_decimal(s) || is_prefixed(s) || is_float(s) || streq(s, ".nan") ||
	       streq(s, ".NaN") || streq(s, ".NAN");
}

static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };
static const char *const booleans[] = { "true", "True", "TRUE", "false", "False", "FALSE" };
/* Booleans of YAML 1.1: text here, but not for every tool that reads the file. */
static const char *const old_booleans[] = { "yes", "Yes", "YES", "no",	"No",  "NO",
					    "on",  "On",  "ON",	 "off", "Off", "OFF" };

/* A value's type in words. */
static const char *kind_of(const struct node *node)
{
	if (node->kind != NODE_SCALAR)
		return node->kind == NODE_MAP ? "a mapping" : "a list";
	if (!node->plain)
		return "text";
	if (IS_ONE_OF(node->text, nulls))
		return "nothing";
	if (IS_ONE_OF(node->text, booleans))
		return "a boolean";
	return is_number(node->text) ? "a number" : "text";
}

static bool is_text(const struct node *node)
{
	return streq(kind_of(node), "text");
}

bool decode_is_text(const struct node *node)
{
	return is_text(node);
}

/* 010 is octal for some, +1 and .5 are not JSON. */
static bool is_json_number(const char *s)
{
	size_t whole, fraction;

	s += *s == '-';
	whole = digits(s);
	if (whole == 0 || (*s == '0' && whole > 1))
		return false;
	s += whole;
	if (*s == '.') {
		fraction = digits(s + 1);
		if (fraction == 0)
			return false;
		s += 1 + fraction;
	}
	return !*s || ((*s == 'e' || *s == 'E') && is_decimal(s + 1));
}

bool decode_is_json(const struct node *node)
{
	const char *s = node->text;

	return node->kind == NODE_SCALAR && node->plain &&
	       (streq(s, "null") || streq(s, "true") || streq(s, "false") || is_json_number(s));
}

#define EXCERPT_MAX 64 /* of utf8_excerpt() */

struct subject {
	char text[EXCERPT_MAX + sizeof("an item of ''")];
};

/* The subject of a message. */
static struct subject subject_of(const struct node *node)
{
	struct subject s = { "the file" };

	if (node->key)
		snprintf(s.text, sizeof(s.text), "%s'%.*s'", node->item ? "an item of " : "",
			 utf8_excerpt(node->key->text, strlen(node->key->text)), node->key->text);
	return s;
}

/* A hint how to make the value one of type @want; @buf is for its text. */
static const char *hint_for(const struct type *type, const struct node *node, const char *kind,
			    const char *want, char *buf, size_t size)
{
	const bool scalar = node->kind == NODE_SCALAR;

	if (streq(kind, "nothing"))
		return node->item ? "write a value, or remove the item"
				  : "write a value, or remove the key";
	if (scalar && !node->plain && (is_number(node->text) || IS_ONE_OF(node->text, booleans)))
		return "write it without quotation marks";
	if (type->hint)
		return type->hint;
	if (scalar && streq(want, "text")) {
		snprintf(buf, size, "quote it: '%.*s'",
			 utf8_excerpt(node->text, strlen(node->text)), node->text);
		return buf;
	}
	if (streq(want, "a list"))
		return "write a list: [ ... ], or '- ' before each item";
	return strstr(want, "a mapping") ? "write 'key: value'" : "write one value";
}

int decode_mismatch(const struct decoder *d, const struct type *type, const struct node *node,
		    const char *want)
{
	const char *kind = kind_of(node);
	char buf[EXCERPT_MAX + 32];

	return decode_refuse(d, node, hint_for(type, node, kind, want, buf, sizeof(buf)),
			     "%s must be %s, not %s", subject_of(node).text, want, kind);
}

/* ---- scalars ---- */

int decode_text(const struct decoder *d, const struct type *type, const struct node *node,
		void *out)
{
	char hint[32];
	int r;

	if (!is_text(node))
		return decode_mismatch(d, type, node, "text");
	if (node->plain && IS_ONE_OF(node->text, old_booleans)) {
		snprintf(hint, sizeof(hint), "quote it: '%s'", node->text);
		return decode_refuse(d, node, hint, "'%s' is a boolean for some YAML tools",
				     node->text);
	}
	if (node->len > (size_t)type->max)
		return decode_refuse(d, node, NULL, "%s has %zu bytes; at most %lld are allowed",
				     subject_of(node).text, node->len, type->max);
	r = type->check ? type->check(d, node) : 0;
	if (r == 0)
		memcpy(out, &node->text, sizeof(node->text));
	return r;
}

static const struct word *find_word(const struct type *type, const char *text,
				    struct suggestion *near)
{
	for (size_t i = 0; i < type->n; i++) {
		const struct word *w = &type->words[i];

		if (streq(w->word, text))
			return w;
		suggest_consider(near, w->word);
		if (w->alias && streq(w->alias, text))
			*near = (struct suggestion){ text, w->word, 0 };
	}
	return NULL;
}

/* "known are a, b, c", or @other where that would not fit. */
static void list_words(const struct type *type, const char *other, char *buf, size_t size)
{
	int used = snprintf(buf, size, "known are ");

	for (size_t i = 0; i < type->n; i++)
		if (used >= 0 && (size_t)used < size)
			used += snprintf(buf + used, size - (size_t)used, "%s%s", i ? ", " : "",
					 type->shape == SHAPE_OBJECT ? type->fields[i].key
								     : type->words[i].word);
	if (used < 0 || (size_t)used >= size)
		snprintf(buf, size, "%s", other ? other : "");
}

static int find_word_of(const struct decoder *d, const struct type *type, const struct node *node,
			const struct word **ret)
{
	struct suggestion near = SUGGEST_FOR(node->kind == NODE_SCALAR ? node->text : "");
	const struct word *word = find_word(type, near.word, &near);
	char hint[256];

	/* Only quotes are missing: 386. */
	if (word && !is_text(node))
		return decode_mismatch(d, type, node, "text");
	if (word) {
		*ret = word;
		return 0;
	}
	if (near.best && is_text(node))
		snprintf(hint, sizeof(hint), "did you mean '%s'?", near.best);
	else
		list_words(type, type->hint, hint, sizeof(hint));
	if (!is_text(node))
		return decode_refuse(d, node, hint, "%s must be text, not %s",
				     subject_of(node).text, kind_of(node));
	return decode_refuse(d, node, hint, "%s cannot be '%.*s'", subject_of(node).text,
			     utf8_excerpt(node->text, strlen(node->text)), node->text);
}

int decode_word(const struct decoder *d, const struct type *type, const struct node *node,
		void *out)
{
	const struct word *word;
	int r = find_word_of(d, type, node, &word);

	if (r == 0)
		memcpy(out, &word->word, sizeof(word->word));
	return r;
}

int decode_choice(const struct decoder *d, const struct type *type, const struct node *node,
		  void *out)
{
	const struct word *word;
	int r = find_word_of(d, type, node, &word);

	if (r == 0)
		*(int *)out = (int)(word - type->words);
	return r;
}

int decode_boolean(const struct decoder *d, const struct type *type, const struct node *node,
		   void *out)
{
	const bool bare = node->kind == NODE_SCALAR && node->plain;
	const bool yes = bare && streq(node->text, "true");

	if (bare && !yes && !streq(node->text, "false") &&
	    (IS_ONE_OF(node->text, old_booleans) || IS_ONE_OF(node->text, booleans)))
		return decode_refuse(d, node, type->hint, "%s cannot be '%s'",
				     subject_of(node).text, node->text);
	if (!yes && !(bare && streq(node->text, "false")))
		return decode_mismatch(d, type, node, "true or false");
	if (!yes && type->min == 1)
		return decode_refuse(d, node, type->hint, "%s can only be true",
				     subject_of(node).text);
	*(bool *)out = yes;
	return 0;
}

/* Saturates: every range in the tables is far from the limits. */
static long long to_number(const char *s)
{
	const bool negative = *s == '-';
	long long n = 0;

	for (s += negative; *s; s++)
		if (n < INT64_MAX / 16)
			n = n * 10 + (*s - '0');
	return negative ? -n : n;
}

static int decode_integer(const struct decoder *d, const struct type *type, const struct node *node,
			  long long *ret)
{
	const char *s = node->text;

	if (node->kind != NODE_SCALAR || !node->plain || !is_number(s))
		return decode_mismatch(d, type, node, "a number");
	/* 010 is eight in YAML 1.1 and ten in 1.2. */
	if (!is_decimal(s) || *s == '+' || (s[*s == '-'] == '0' && strlen(s) > 1))
		return decode_refuse(d, node, "write it with decimal digits only",
				     "%s must be a whole number, not %.*s", subject_of(node).text,
				     utf8_excerpt(s, strlen(s)), s);
	*ret = to_number(s);
	if (*ret < type->min || *ret > type->max)
		return decode_refuse(d, node, type->hint, "%s must be from %lld to %lld, not %.*s",
				     subject_of(node).text, type->min, type->max,
				     utf8_excerpt(s, strlen(s)), s);
	return 0;
}

int decode_int(const struct decoder *d, const struct type *type, const struct node *node, void *out)
{
	long long n;
	int r = decode_integer(d, type, node, &n);

	if (r == 0)
		*(int *)out = (int)n;
	return r;
}

int decode_long(const struct decoder *d, const struct type *type, const struct node *node,
		void *out)
{
	long long n;
	int r = decode_integer(d, type, node, &n);

	if (r == 0)
		*(long *)out = (long)n;
	return r;
}

int decode_uint32(const struct decoder *d, const struct type *type, const struct node *node,
		  void *out)
{
	long long n;
	int r = decode_integer(d, type, node, &n);

	if (r == 0)
		*(uint32_t *)out = (uint32_t)n;
	return r;
}

/* ---- mappings with known keys ---- */

static int unknown_key(const struct decoder *d, const struct node *key, const struct type *type)
{
	struct suggestion near = SUGGEST_FOR(key->text);
	struct type known = { .shape = SHAPE_OBJECT, .fields = type->fields };
	char hint[256];

	/* Keys of other formats follow the known ones. */
	for (; known.n < type->n && type->fields[known.n].type; known.n++)
		suggest_consider(&near, type->fields[known.n].key);
	if (near.best)
		snprintf(hint, sizeof(hint), "did you mean '%s'?", near.best);
	else
		list_words(&known, NULL, hint, sizeof(hint));
	return decode_refuse(d, key, hint, "unknown key '%s'", key->text);
}

const struct field *decode_field(const struct decoder *d, const struct node *key,
				 const struct type *type)
{
	for (size_t i = 0; i < type->n; i++) {
		const struct field *f = &type->fields[i];

		if (!streq(f->key, key->text))
			continue;
		if (f->type)
			return f;
		decode_refuse(d, key, f->text, "unknown key '%s'", key->text);
		return NULL;
	}
	unknown_key(d, key, type);
	return NULL;
}

int decode_check_duplicate(const struct decoder *d, const struct node *map,
			   const struct node *value)
{
	for (const struct node *other = map->first; other != value; other = other->next)
		if (streq(other->key->text, value->key->text))
			return decode_refuse(d, value->key, "remove one of the two",
					     "duplicate key '%s'", value->key->text);
	return 0;
}

static int decode_member(const struct decoder *d, const struct type *type, const struct node *map,
			 const struct node *value, void *out)
{
	const struct field *f = decode_field(d, value->key, type);
	int r = f ? decode_check_duplicate(d, map, value) : -EINVAL;

	if (r < 0)
		return r;
	return f->type->decode(d, f->type, value, (char *)out + f->offset);
}

static int missing_key(const struct decoder *d, const struct node *map, const struct field *field)
{
	char hint[256];

	snprintf(hint, sizeof(hint), "add '%s': %s", field->key, field->text);
	return decode_refuse(d, map, hint, "missing key '%s'", field->key);
}

int decode_object(const struct decoder *d, const struct type *type, const struct node *node,
		  void *out)
{
	if (node->kind != NODE_MAP)
		return decode_mismatch(d, type, node, "a mapping");
	for (const struct node *value = node->first; value; value = value->next) {
		int r = decode_member(d, type, node, value, out);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < type->n; i++)
		if (type->fields[i].required && !tree_member(node, type->fields[i].key))
			return missing_key(d, node, &type->fields[i]);
	return 0;
}

/* ---- lists and maps ---- */

static int check_count(const struct decoder *d, const struct type *type, const struct node *node)
{
	const bool map = node->kind == NODE_MAP;

	if (node->len < (size_t)type->min)
		return decode_refuse(d, node, "write at least one, or remove the key",
				     "%s is an empty %s", subject_of(node).text,
				     map ? "mapping" : "list");
	if (node->len > (size_t)type->max)
		return decode_refuse(d, node, NULL, "%s has %zu %s; at most %lld are allowed",
				     subject_of(node).text, node->len, map ? "keys" : "items",
				     type->max);
	return 0;
}

static int check_unique(const struct decoder *d, const struct node *list, const struct node *item)
{
	for (const struct node *other = list->first; other != item; other = other->next)
		if (item->kind == NODE_SCALAR && other->kind == NODE_SCALAR &&
		    streq(item->text, other->text))
			return decode_refuse(d, item, "remove one of the two",
					     "the list contains '%s' twice", item->text);
	return 0;
}

static int new_array(const struct decoder *d, const struct type *type, size_t n, struct array *ret)
{
	void *items = arena_alloc(d->arena, n, type->item->size);

	if (!items)
		return error_oom(d->err);
	*ret = (struct array){ items, n };
	return 0;
}

static int decode_item(const struct decoder *d, const struct type *type, const struct node *item,
		       const struct array *array, size_t i)
{
	return type->item->decode(d, type->item, item, (char *)array->items + type->item->size * i);
}

static int decode_items(const struct decoder *d, const struct type *type, const struct node *node,
			struct array *ret)
{
	size_t i = 0;
	int r = check_count(d, type, node);

	if (r == 0)
		r = new_array(d, type, node->len, ret);
	for (const struct node *item = node->first; r == 0 && item; item = item->next) {
		r = decode_item(d, type, item, ret, i++);
		if (r == 0 && type->unique)
			r = check_unique(d, node, item);
	}
	return r;
}

int decode_list(const struct decoder *d, const struct type *type, const struct node *node,
		void *out)
{
	struct array array = { 0 };
	int r;

	if (node->kind == NODE_LIST) {
		r = decode_items(d, type, node, &array);
	} else if (!type->single) {
		r = decode_mismatch(d, type, node, "a list");
	} else {
		r = new_array(d, type, 1, &array);
		if (r == 0)
			r = decode_item(d, type, node, &array, 0);
	}
	/* By bytes: @out has a pointer to items of their own type, and is not a struct array. */
	if (r == 0)
		memcpy(out, &array, sizeof(array));
	return r;
}

static int decode_entry(const struct decoder *d, const struct type *type, const struct node *map,
			const struct node *value, const struct array *array, size_t i)
{
	int r = type->check ? type->check(d, value->key) : 0;

	if (r == 0)
		r = decode_check_duplicate(d, map, value);
	return r < 0 ? r : decode_item(d, type, value, array, i);
}

int decode_map(const struct decoder *d, const struct type *type, const struct node *node, void *out)
{
	struct array array = { 0 };
	size_t i = 0;
	int r;

	if (node->kind != NODE_MAP)
		return decode_mismatch(d, type, node, "a mapping");
	r = check_count(d, type, node);
	if (r == 0)
		r = new_array(d, type, node->len, &array);
	for (const struct node *value = node->first; r == 0 && value; value = value->next)
		r = decode_entry(d, type, node, value, &array, i++);
	if (r == 0)
		memcpy(out, &array, sizeof(array));
	return r;
}

/* ---- texts that several tables use ---- */

int check_path(const struct decoder *d, const struct node *node)
{
	if (node->text[0] != '/')
		return decode_refuse(d, node, "begin it with '/'", "'%s' is not an absolute path",
				     node->text);
	if (strchr(node->text, '\n') || strchr(node->text, '\r') || strchr(node->text, '\t'))
		return decode_refuse(d, node, "write it on one line, without '|' or '>'",
				     "the path has a line break or a tab in it");
	if (node->len == 1)
		return decode_refuse(d, node, "name a path below it", "'/' itself cannot be used");
	if (node->text[node->len - 1] == '/')
		return decode_refuse(d, node, "remove the '/' at the end", "'%s' ends with '/'",
				     node->text);
	return 0;
}

int check_variable(const struct decoder *d, const struct node *node)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
	static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

	if (strspn(node->text, all) == node->len && strspn(node->text, first))
		return 0;
	return decode_refuse(d, node,
			     "names consist of letters, digits and '_', "
			     "and do not begin with a digit",
			     "'%s' is not a valid name of a variable", node->text);
}

/* ---- the document ---- */

/* "versoin: 1" is more likely a slip than a key of its own. */
static int missing_version(const struct decoder *d, const struct type *type,
			   const struct node *root)
{
	for (const struct node *value = root->first; value; value = value->next)
		if (!decode_field(d, value->key, type))
			return -EINVAL;
	return decode_refuse(d, root, "begin the file with 'version: 1'", "missing key 'version'");
}

/*
 * A file of a later version has keys that are unknown here: say so first, before complaining
 * about one of them.
 */
static int check_version(const struct decoder *d, const struct document *document,
			 const struct node *root)
{
	static const char hint[] = "write 'version: 1'";
	const struct node *version = tree_member(root, "version");
	const char *what = document->what;

	if (!version)
		return missing_version(d, document->type, root);
	if (version->kind != NODE_SCALAR)
		return decode_refuse(d, version, hint, "'version' must be 1, not %s",
				     kind_of(version));
	if (!version->plain)
		return decode_refuse(d, version, hint,
				     "'version' must be 1, without quotation marks");
	if (streq(version->text, "1"))
		return 0;
	if (is_decimal(version->text))
		return decode_refuse(d, version, hint,
				     "unknown %s version %.*s; this program supports version 1",
				     what, utf8_excerpt(version->text, strlen(version->text)),
				     version->text);
	return decode_refuse(d, version, hint, "'version' must be 1, not '%.*s'",
			     utf8_excerpt(version->text, strlen(version->text)), version->text);
}

/* check_version() has done it, before anything else was inspected. */
static int decode_version(const struct decoder *d, const struct type *type, const struct node *node,
			  void *out)
{
	(void)d, (void)type, (void)node, (void)out;
	return 0;
}

const struct type version_type = {
	.shape = SHAPE_INTEGER,
	.decode = decode_version,
	.min = 1,
	.max = 1,
};

int decode_document(const struct decoder *d, const struct document *document, const char *text,
		    size_t len, void *out)
{
	const struct node *root = NULL;
	int r = tree_parse(d->arena, d->path, text, len, &root, d->err);

	if (r < 0)
		return r;
	if (!root)
		return error_set(d->err, EINVAL, IN(d->path), document->hint,
				 "the file does not contain a %s", document->what);
	if (root->kind != NODE_MAP)
		return decode_refuse(d, root, document->hint,
				     "the file must be a mapping of 'key: value', not %s",
				     kind_of(root));
	r = check_version(d, document, root);
	return r < 0 ? r : document->type->decode(d, document->type, root, out);
}
