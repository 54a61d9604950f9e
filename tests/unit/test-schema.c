/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of the schema's form. tests/e2e/schema.sh compares it with the loader by a real validator.
 */
#include <cJSON.h>
#include <stdlib.h>

#include "policy/policy.h"
#include "test.h"

static cJSON *schema(void)
{
	struct hw_error err;
	char *text = NULL;
	cJSON *root;

	CHECK_INT(hw_policy_schema(&text, &err), 0);
	root = cJSON_Parse(text);
	free(text);
	CHECK(root);
	return root;
}

static const cJSON *get(const cJSON *from, const char *a, const char *b, const char *c)
{
	const cJSON *o = cJSON_GetObjectItemCaseSensitive(from, a);

	o = b ? cJSON_GetObjectItemCaseSensitive(o, b) : o;
	return c ? cJSON_GetObjectItemCaseSensitive(o, c) : o;
}

static const char *text(const cJSON *o)
{
	return cJSON_IsString(o) ? o->valuestring : NULL;
}

static void it_is_draft_7(void)
{
	cJSON *root = schema();

	CHECK_STR(text(get(root, "$schema", NULL, NULL)),
		  "http://json-schema.org/draft-07/schema#");
	CHECK_STR(text(get(root, "type", NULL, NULL)), "object");
	CHECK(cJSON_IsFalse(get(root, "additionalProperties", NULL, NULL)));
	CHECK_INT(cJSON_GetArraySize(get(root, "required", NULL, NULL)), 2);
	cJSON_Delete(root);
}

/* Every "$ref" below @o names something in @definitions. */
static void check_references(const cJSON *o, const cJSON *definitions)
{
	static const char prefix[] = "#/definitions/";

	for (; o; o = o->next) {
		if (o->string && strcmp(o->string, "$ref") == 0) {
			CHECK(text(o) && strncmp(text(o), prefix, strlen(prefix)) == 0);
			CHECK(get(definitions, text(o) + strlen(prefix), NULL, NULL));
		}
		check_references(o->child, definitions);
	}
}

static void every_reference_has_a_definition(void)
{
	cJSON *root = schema();
	const cJSON *definitions = get(root, "definitions", NULL, NULL);

	CHECK_INT(cJSON_GetArraySize(definitions), 3);
	check_references(root, definitions);
	cJSON_Delete(root);
}

/* The keys that an editor completes and shows: every key of the loader, and only those. */
static void check_properties(const cJSON *object, const struct type *type)
{
	const cJSON *properties = get(object, "properties", NULL, NULL);
	int n = 0;

	for (size_t i = 0; i < type->n; i++) {
		const struct field *f = &type->fields[i];

		if (!f->type) {
			CHECK(!get(properties, f->key, NULL, NULL));
			continue;
		}
		n++;
		CHECK_STR(text(get(properties, f->key, "description", NULL)), f->text);
	}
	CHECK_INT(cJSON_GetArraySize(properties), n);
	CHECK(cJSON_IsFalse(get(object, "additionalProperties", NULL, NULL)));
}

static void keys_are_those_of_the_loader(void)
{
	cJSON *root = schema();

	check_properties(root, &policy_type);
	check_properties(get(root, "definitions", "condition", NULL), &condition_type);
	CHECK_INT(get(root, "definitions", "condition", "minProperties")->valueint, 1);
	cJSON_Delete(root);
}

static void bounds_are_exact(void)
{
	cJSON *root = schema();
	const cJSON *hook = get(root, "definitions", "hook", "properties");
	const cJSON *uid =
		get(get(root, "definitions", "condition", "properties"), "uid", "anyOf", NULL);

	CHECK_INT((long long)get(hook, "timeout", "maximum", NULL)->valuedouble, 2147483647);
	CHECK_INT((long long)get(hook, "timeout", "minimum", NULL)->valuedouble, 1);
	CHECK_INT((long long)get(uid->child, "maximum", NULL, NULL)->valuedouble, 4294967295);
	CHECK_INT(get(root, "properties", "order", "minimum")->valueint, -1000000);
	cJSON_Delete(root);
}

static void equal_calls_give_equal_texts(void)
{
	char *one = NULL, *two = NULL;

	CHECK_INT(hw_policy_schema(&one, NULL), 0);
	CHECK_INT(hw_policy_schema(&two, NULL), 0);
	CHECK_STR(one, two);
	free(one);
	free(two);
}

int main(void)
{
	RUN(it_is_draft_7);
	RUN(every_reference_has_a_definition);
	RUN(keys_are_those_of_the_loader);
	RUN(bounds_are_exact);
	RUN(equal_calls_give_equal_texts);
	return DONE();
}
