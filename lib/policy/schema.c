/* SPDX-License-Identifier: Apache-2.0 */
/* Generates the JSON Schema of policies and examples from the tables that decode them. */
#include <assert.h>

#include "base/words.h"
#include "policy/test-examples.h"
#include "tools.h"

#define DEFINITIONS_MAX 8

/*
 * The schema is made from the tables that the loader decodes by, so that neither can know a key
 * that the other does not.
 */
struct maker {
	cJSON *definitions;
	const char *defined[DEFINITIONS_MAX]; /* their names */
	size_t n_defined;
	struct hw_json json;
};

static cJSON *schema_of(struct maker *m, const struct type *type);

static void add_text(struct maker *m, cJSON *object, const char *key, const char *text)
{
	hw_json_text(&m->json, object, key, text);
}

static void add_number(struct maker *m, cJSON *object, const char *key, long long n)
{
	hw_json_number(&m->json, object, key, (double)n);
}

static cJSON *new_object(struct maker *m, const char *type)
{
	cJSON *o = hw_json_new(&m->json, '{');

	add_text(m, o, "type", type);
	return o;
}

/* ---- one function a shape ---- */

static cJSON *of_text(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "string");

	/* In characters, where the loader counts bytes: it refuses more, never less. */
	add_number(m, o, "maxLength", type->max);
	add_text(m, o, "pattern", type->pattern ? type->pattern : NO_NUL_PATTERN);
	return o;
}

static cJSON *of_word(struct maker *m, const struct type *type)
{
	cJSON *o = hw_json_new(&m->json, '{'), *words = hw_json_new(&m->json, '[');

	for (size_t i = 0; i < type->n; i++)
		hw_json_text(&m->json, words, NULL, type->words[i].word);
	hw_json_add(&m->json, o, "enum", words);
	return o;
}

static cJSON *of_integer(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "integer");

	add_number(m, o, "minimum", type->min);
	add_number(m, o, "maximum", type->max);
	return o;
}

static cJSON *of_boolean(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "boolean");

	if (type->min == 1)
		hw_json_flag(&m->json, o, "const", true);
	return o;
}

/* Draft 7 ignores members beside "$ref", so the description would be lost. */
static cJSON *described(struct maker *m, cJSON *item, const char *text)
{
	cJSON *o = item, *all;

	if (item && hw_json_has(item, "$ref")) {
		o = hw_json_new(&m->json, '{');
		all = hw_json_new(&m->json, '[');
		hw_json_add(&m->json, all, NULL, item);
		hw_json_add(&m->json, o, "allOf", all);
	}
	add_text(m, o, "description", text);
	return o;
}

static cJSON *of_object(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "object"), *properties = hw_json_new(&m->json, '{'),
	      *required = hw_json_new(&m->json, '[');

	for (size_t i = 0; i < type->n; i++) {
		const struct field *f = &type->fields[i];

		if (!f->type)
			continue;
		hw_json_add(&m->json, properties, f->key,
			    described(m, schema_of(m, f->type), f->text));
		if (f->required)
			hw_json_text(&m->json, required, NULL, f->key);
	}
	hw_json_add(&m->json, o, "properties", properties);
	if (!hw_json_is_empty(required))
		hw_json_add(&m->json, o, "required", required);
	else
		hw_json_free(required);
	hw_json_flag(&m->json, o, "additionalProperties", false);
	if (type->min)
		add_number(m, o, "minProperties", type->min);
	return o;
}

static cJSON *of_list(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "array"), *either, *any;

	hw_json_add(&m->json, o, "items", schema_of(m, type->item));
	add_number(m, o, "minItems", type->min);
	add_number(m, o, "maxItems", type->max);
	if (type->unique)
		hw_json_flag(&m->json, o, "uniqueItems", true);
	if (!type->single)
		return o;
	either = hw_json_new(&m->json, '{');
	any = hw_json_new(&m->json, '[');
	hw_json_add(&m->json, any, NULL, schema_of(m, type->item));
	hw_json_add(&m->json, any, NULL, o);
	hw_json_add(&m->json, either, "anyOf", any);
	return either;
}

static cJSON *of_map(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "object"), *names = hw_json_new(&m->json, '{');

	add_text(m, names, "pattern", type->pattern);
	hw_json_add(&m->json, o, "propertyNames", names);
	hw_json_add(&m->json, o, "additionalProperties", schema_of(m, type->item));
	add_number(m, o, "minProperties", type->min);
	add_number(m, o, "maxProperties", type->max);
	return o;
}

static cJSON *of_tree(struct maker *m, const struct type *type)
{
	(void)type;
	return new_object(m, "object");
}

static cJSON *in_place(struct maker *m, const struct type *type)
{
	static cJSON *(*const makers[])(struct maker *, const struct type *) = {
		[SHAPE_TEXT] = of_text,	      [SHAPE_WORD] = of_word,
		[SHAPE_INTEGER] = of_integer, [SHAPE_BOOLEAN] = of_boolean,
		[SHAPE_OBJECT] = of_object,   [SHAPE_LIST] = of_list,
		[SHAPE_MAP] = of_map,	      [SHAPE_TREE] = of_tree,
	};

	return makers[type->shape](m, type);
}

/* A condition has conditions in it: its name is taken before it is made. */
static void define(struct maker *m, const char *name, const struct type *type)
{
	if (words_have(m->defined, m->n_defined, name))
		return;
	assert(m->n_defined < DEFINITIONS_MAX);
	m->defined[m->n_defined++] = name;
	hw_json_add(&m->json, m->definitions, name, in_place(m, type));
}

static cJSON *schema_of(struct maker *m, const struct type *type)
{
	char ref[64] = "#/definitions/";
	cJSON *o;

	if (!type->define)
		return in_place(m, type);
	define(m, type->define, type);
	o = hw_json_new(&m->json, '{');
	strncat(ref, type->define, sizeof(ref) - strlen(ref) - 1);
	add_text(m, o, "$ref", ref);
	return o;
}

struct subject {
	const char *title, *description;
	const struct type *type;
};

static void make(struct maker *m, const struct subject *subject, cJSON *root)
{
	cJSON *body;

	/* A name and no address: nothing is fetched from there. */
	add_text(m, root, "$schema", "http://json-schema.org/draft-07/schema#");
	add_text(m, root, "title", subject->title);
	add_text(m, root, "description", subject->description);
	body = in_place(m, subject->type);
	hw_json_move(&m->json, body, root);
}

static int print(const struct subject *subject, char **ret, struct hw_error *err)
{
	struct maker m = { .n_defined = 0 };
	cJSON *root = hw_json_new(&m.json, '{');

	m.definitions = hw_json_new(&m.json, '{');
	make(&m, subject, root);
	hw_json_add(&m.json, root, "definitions", m.definitions);
	return hw_json_print(&m.json, root, ret) < 0 ? error_oom(err) : 0;
}

int hw_policy_schema(char **ret, struct hw_error *err)
{
	static const struct subject subject = {
		"hookwright policy",
		"Adds a startContainer hook to the containers that it applies to, if the hook will "
		"work there; see hookwright-policy(5).",
		&policy_type,
	};

	return print(&subject, ret, err);
}

int hw_policy_examples_schema(char **ret, struct hw_error *err)
{
	static const struct subject subject = {
		"examples of a hookwright policy",
		"The expected decision of a policy for each example, for 'hookwright policy test'; "
		"see hookwright-policy(5).",
		&examples_type,
	};

	return print(&subject, ret, err);
}
