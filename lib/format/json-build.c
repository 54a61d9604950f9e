/* SPDX-License-Identifier: Apache-2.0 */
/* Builds JSON trees by cJSON; no other file of lib/ calls it. */
#include <cJSON.h>

#include "base/sanitize.h"
#include "tools.h"

cJSON *hw_json_new(struct hw_json *j, char bracket)
{
	cJSON *container = bracket == '{' ? cJSON_CreateObject() : cJSON_CreateArray();

	j->failed = j->failed || !container;
	return container;
}

void hw_json_add(struct hw_json *j, cJSON *to, const char *key, cJSON *item)
{
	if (to && item &&
	    (key ? cJSON_AddItemToObject(to, key, item) : cJSON_AddItemToArray(to, item)))
		return;
	cJSON_Delete(item);
	j->failed = true;
}

cJSON *hw_json_open(struct hw_json *j, cJSON *to, const char *key, char bracket)
{
	cJSON *container = hw_json_new(j, bracket);
	const bool failed = j->failed;

	j->failed = false;
	hw_json_add(j, to, key, container);
	if (j->failed)
		return NULL;
	j->failed = failed;
	return container;
}

void hw_json_text(struct hw_json *j, cJSON *to, const char *key, const char *text)
{
	hw_json_add(j, to, key, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

void hw_json_texts(struct hw_json *j, cJSON *to, const char *key, const char *const *items,
		   size_t n)
{
	cJSON *array = hw_json_open(j, to, key, '[');

	for (size_t i = 0; i < n; i++)
		hw_json_text(j, array, NULL, items[i]);
}

void hw_json_number(struct hw_json *j, cJSON *to, const char *key, double value)
{
	hw_json_add(j, to, key, cJSON_CreateNumber(value));
}

void hw_json_flag(struct hw_json *j, cJSON *to, const char *key, bool value)
{
	hw_json_add(j, to, key, cJSON_CreateBool(value));
}

void hw_json_raw(struct hw_json *j, cJSON *to, const char *key, const char *json)
{
	hw_json_add(j, to, key, cJSON_CreateRaw(json));
}

bool hw_json_is_empty(const cJSON *container)
{
	return !container || !container->child;
}

bool hw_json_has(const cJSON *object, const char *key)
{
	return cJSON_HasObjectItem(object, key);
}

void hw_json_move(struct hw_json *j, cJSON *from, cJSON *to)
{
	while (from && from->child) {
		cJSON *member = cJSON_DetachItemViaPointer(from, from->child);

		hw_json_add(j, to, member->string, member);
	}
	cJSON_Delete(from);
}

void hw_json_free(cJSON *item)
{
	cJSON_Delete(item);
}

int hw_json_print(const struct hw_json *j, cJSON *root, char **ret)
{
	char *printed = j->failed ? NULL : cJSON_Print(root);
	int r = printed ? hw_defuse_json(printed, ret) : -ENOMEM;

	cJSON_free(printed);
	cJSON_Delete(root);
	return r;
}
