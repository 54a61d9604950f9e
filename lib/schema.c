/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <cJSON.h>

#include "example.h"

#define DEFINITIONS_MAX 8

/*
 * The schema is made from the tables that the loader decodes by, so that neither can know a key
 * that the other does not.
 */
struct maker {
	cJSON *definitions;
	const char *defined[DEFINITIONS_MAX]; /* their names */
	size_t n_defined;
	bool failed; /* memory ran out */
};

static cJSON *schema_of(struct maker *m, const struct type *type);

/* @item becomes @object's, or is gone. */
static void add(struct maker *m, cJSON *object, const char *key, cJSON *item)
{
	if (item && object && cJSON_AddItemToObject(object, key, item))
		return;
	cJSON_Delete(item);
	m->failed = true;
}

static void push(struct maker *m, cJSON *array, cJSON *item)
{
	if (item && array && cJSON_AddItemToArray(array, item))
		return;
	cJSON_Delete(item);
	m->failed = true;
}

static void add_text(struct maker *m, cJSON *object, const char *key, const char *text)
{
	add(m, object, key, cJSON_CreateString(text));
}

static void add_number(struct maker *m, cJSON *object, const char *key, long long n)
{
	add(m, object, key, cJSON_CreateNumber((double)n));
}

static cJSON *new_object(struct maker *m, const char *type)
{
	cJSON *o = cJSON_CreateObject();

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
	cJSON *o = cJSON_CreateObject(), *words = cJSON_CreateArray();

	for (size_t i = 0; i < type->n; i++)
		push(m, words, cJSON_CreateString(type->words[i].word));
	add(m, o, "enum", words);
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
		add(m, o, "const", cJSON_CreateTrue());
	return o;
}

/* What stands beside "$ref" is ignored in draft 7, the description would be lost. */
static cJSON *described(struct maker *m, cJSON *item, const char *text)
{
	cJSON *o = item, *all;

	if (item && cJSON_HasObjectItem(item, "$ref")) {
		o = cJSON_CreateObject();
		all = cJSON_CreateArray();
		push(m, all, item);
		add(m, o, "allOf", all);
	}
	add_text(m, o, "description", text);
	return o;
}

static cJSON *of_object(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "object"), *properties = cJSON_CreateObject(),
	      *required = cJSON_CreateArray();

	for (size_t i = 0; i < type->n; i++) {
		const struct field *f = &type->fields[i];

		if (!f->type)
			continue;
		add(m, properties, f->key, described(m, schema_of(m, f->type), f->text));
		if (f->required)
			push(m, required, cJSON_CreateString(f->key));
	}
	add(m, o, "properties", properties);
	if (cJSON_GetArraySize(required))
		add(m, o, "required", required);
	else
		cJSON_Delete(required);
	add(m, o, "additionalProperties", cJSON_CreateFalse());
	if (type->min)
		add_number(m, o, "minProperties", type->min);
	return o;
}

static cJSON *of_list(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "array"), *either, *any;

	add(m, o, "items", schema_of(m, type->item));
	add_number(m, o, "minItems", type->min);
	add_number(m, o, "maxItems", type->max);
	if (type->unique)
		add(m, o, "uniqueItems", cJSON_CreateTrue());
	if (!type->single)
		return o;
	either = cJSON_CreateObject();
	any = cJSON_CreateArray();
	push(m, any, schema_of(m, type->item));
	push(m, any, o);
	add(m, either, "anyOf", any);
	return either;
}

static cJSON *of_map(struct maker *m, const struct type *type)
{
	cJSON *o = new_object(m, "object"), *names = cJSON_CreateObject();

	add_text(m, names, "pattern", type->pattern);
	add(m, o, "propertyNames", names);
	add(m, o, "additionalProperties", schema_of(m, type->item));
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
	for (size_t i = 0; i < m->n_defined; i++)
		if (streq(m->defined[i], name))
			return;
	assert(m->n_defined < DEFINITIONS_MAX);
	m->defined[m->n_defined++] = name;
	add(m, m->definitions, name, in_place(m, type));
}

static cJSON *schema_of(struct maker *m, const struct type *type)
{
	char ref[64] = "#/definitions/";
	cJSON *o;

	if (!type->define)
		return in_place(m, type);
	define(m, type->define, type);
	o = cJSON_CreateObject();
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
	while (body && body->child) {
		cJSON *member = cJSON_DetachItemViaPointer(body, body->child);

		add(m, root, member->string, member);
	}
	cJSON_Delete(body);
}

static int print(const struct subject *subject, char **ret, struct hw_error *err)
{
	struct maker m = { .definitions = cJSON_CreateObject() };
	cJSON *root = cJSON_CreateObject();
	char *text;

	make(&m, subject, root);
	add(&m, root, "definitions", m.definitions);
	text = m.failed ? NULL : cJSON_Print(root);
	cJSON_Delete(root);
	if (!text)
		return error_oom(err);
	*ret = text;
	return 0;
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
