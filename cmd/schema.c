/* SPDX-License-Identifier: Apache-2.0 */
/* 'hookwright schema': JSON Schemas of what commands print, made from the table of members. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "commands.h"

static const struct {
	const char *name, *object, *title;
} documents[] = {
#define DOCUMENT(name, object, title) { name, object, title },
#define MEMBER(object, member, type, description)
#include "schema-table.h"
#undef DOCUMENT
#undef MEMBER
};

static const struct member {
	const char *object, *member, *type, *description;
} members[] = {
#define DOCUMENT(name, object, title)
#define MEMBER(object, member, type, description) { object, member, type, description },
#include "schema-table.h"
#undef DOCUMENT
#undef MEMBER
};

#define DOCUMENTS (sizeof(documents) / sizeof(documents[0]))
#define MEMBERS	  (sizeof(members) / sizeof(members[0]))
#define NAME_MAX_ 64

/* ---- types ---- */

static void put_ref(struct hw_json *json, cJSON *to, const char *object, size_t len)
{
	char ref[NAME_MAX_];

	snprintf(ref, sizeof(ref), "#/$defs/%.*s", (int)len, object);
	hw_json_text(json, to, "$ref", ref);
}

/* "one|of|these" */
static void put_words(struct hw_json *json, cJSON *to, const char *words, size_t len)
{
	cJSON *array = hw_json_open(json, to, "enum", '[');
	const char *end = words + len;

	while (words < end) {
		const size_t n = strcspn(words, "|") < (size_t)(end - words)
					 ? strcspn(words, "|")
					 : (size_t)(end - words);
		char word[NAME_MAX_];

		snprintf(word, sizeof(word), "%.*s", (int)n, words);
		hw_json_text(json, array, NULL, word);
		words += n + 1;
	}
}

static bool is_simple(const char *type, size_t len)
{
	static const char *const simple[] = { "string", "integer", "boolean" };

	for (size_t i = 0; i < sizeof(simple) / sizeof(simple[0]); i++)
		if (strlen(simple[i]) == len && memcmp(type, simple[i], len) == 0)
			return true;
	return false;
}

/* The keywords of a type that is not null, into @to. */
static void put_type(struct hw_json *json, cJSON *to, const char *type, size_t len)
{
	char word[NAME_MAX_];

	if (type[0] == '=') {
		put_words(json, to, type + 1, len - 1);
	} else if (type[0] == '[') {
		hw_json_text(json, to, "type", "array");
		put_type(json, hw_json_open(json, to, "items", '{'), type + 1, len - 2);
	} else if (is_simple(type, len)) {
		snprintf(word, sizeof(word), "%.*s", (int)len, type);
		hw_json_text(json, to, "type", word);
	} else if (len != strlen("any") || memcmp(type, "any", len) != 0) {
		put_ref(json, to, type, len);
	}
}

static void put_member(struct hw_json *json, cJSON *properties, const struct member *m)
{
	const size_t len = strlen(m->type), name = strcspn(m->member, "?");
	const bool nullable = m->type[len - 1] == '?';
	char key[NAME_MAX_];
	cJSON *o, *any;

	snprintf(key, sizeof(key), "%.*s", (int)name, m->member);
	o = hw_json_open(json, properties, key, '{');
	hw_json_text(json, o, "description", m->description);
	if (!nullable) {
		put_type(json, o, m->type, len);
		return;
	}
	any = hw_json_open(json, o, "anyOf", '[');
	put_type(json, hw_json_open(json, any, NULL, '{'), m->type, len - 1);
	hw_json_text(json, hw_json_open(json, any, NULL, '{'), "type", "null");
}

/* ---- objects ---- */

static void put_version(struct hw_json *json, cJSON *properties)
{
	cJSON *o = hw_json_open(json, properties, "version", '{');

	hw_json_text(json, o, "description", "of the format");
	hw_json_number(json, o, "const", HW_JSON_VERSION);
}

/* @root: a whole document, which has a version. */
static void put_object(struct hw_json *json, cJSON *defs, const char *object, bool root)
{
	cJSON *o = hw_json_open(json, defs, object, '{'), *properties, *required;

	hw_json_text(json, o, "type", "object");
	properties = hw_json_open(json, o, "properties", '{');
	required = hw_json_open(json, o, "required", '[');
	if (root) {
		put_version(json, properties);
		hw_json_text(json, required, NULL, "version");
	}
	for (size_t i = 0; i < MEMBERS; i++) {
		if (strcmp(members[i].object, object) != 0)
			continue;
		put_member(json, properties, &members[i]);
		if (!strchr(members[i].member, '?'))
			hw_json_text(json, required, NULL, members[i].member);
	}
}

/* The object that @type is made of, into @buf. */
static void object_of(const char *type, char *buf, size_t size)
{
	const size_t begin = strspn(type, "[=");

	snprintf(buf, size, "%.*s", (int)strcspn(type + begin, "]?"), type + begin);
}

static bool is_object(const char *name)
{
	for (size_t i = 0; i < MEMBERS; i++)
		if (strcmp(members[i].object, name) == 0)
			return true;
	return false;
}

/* @object and, as they are met, the objects that it is made of. */
static void put_objects(struct hw_json *json, cJSON *defs, const char *object, bool root)
{
	if (hw_json_has(defs, object))
		return;
	put_object(json, defs, object, root);
	for (size_t i = 0; i < MEMBERS && !json->failed; i++) {
		char name[NAME_MAX_];

		object_of(members[i].type, name, sizeof(name));
		if (strcmp(members[i].object, object) == 0 && is_object(name))
			put_objects(json, defs, name, false);
	}
}

/* ---- the command ---- */

static enum exit_status print_schema(size_t index)
{
	static const char *const alternatives[] = { NULL, "failure" };
	struct hw_json json = { .failed = false };
	cJSON *root = hw_json_new(&json, '{'), *any, *defs;
	char id[NAME_MAX_];

	/* A name and no address: nothing is fetched from there. */
	snprintf(id, sizeof(id), "urn:hookwright:schema:%s:%d", documents[index].name,
		 HW_JSON_VERSION);
	hw_json_text(&json, root, "$schema", "https://json-schema.org/draft/2020-12/schema");
	hw_json_text(&json, root, "$id", id);
	hw_json_text(&json, root, "title", documents[index].title);
	any = hw_json_open(&json, root, "oneOf", '[');
	defs = hw_json_open(&json, root, "$defs", '{');
	for (size_t i = 0; i < 2; i++) {
		const char *object = alternatives[i] ? alternatives[i] : documents[index].object;

		put_ref(&json, hw_json_open(&json, any, NULL, '{'), object, strlen(object));
		put_objects(&json, defs, object, true);
	}
	return document_print(&json, root);
}

const char *schema_name(size_t index)
{
	return index < DOCUMENTS ? documents[index].name : NULL;
}

enum exit_status cmd_schema(struct invocation *in)
{
	const char *names[DOCUMENTS], *near;

	for (size_t i = 0; i < DOCUMENTS; i++) {
		names[i] = documents[i].name;
		if (in->n_args == 0)
			printf("%-14s %s\n", documents[i].name, documents[i].title);
		else if (strcmp(in->args[0], names[i]) == 0)
			return print_schema(i);
	}
	if (in->n_args == 0)
		return STATUS_OK;
	near = hw_suggest(in->args[0], names, DOCUMENTS);
	if (near)
		return misuse(in->command, "unknown schema '%s'; did you mean '%s'?", in->args[0],
			      near);
	return misuse(in->command, "unknown schema '%s'; 'hookwright schema' lists them",
		      in->args[0]);
}
