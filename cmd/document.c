/* SPDX-License-Identifier: Apache-2.0 */
/* JSON on standard output: one document for each command, also where it fails. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/document.h"

static bool begun; /* standard output has a document */

void document_begun(void)
{
	begun = true;
}

cJSON *document_new(struct hw_json *json)
{
	cJSON *root = hw_json_new(json, '{');

	hw_json_number(json, root, "version", HW_JSON_VERSION);
	return root;
}

enum exit_status document_print(const struct hw_json *json, cJSON *root)
{
	char *text;

	if (hw_json_print(json, root, &text) < 0) {
		fputs("hookwright: out of memory\n", stderr);
		return STATUS_TROUBLE;
	}
	document_begun();
	puts(text);
	free(text);
	return STATUS_OK;
}

static void put_place(struct hw_json *json, cJSON *o, const char *key, unsigned value)
{
	if (value)
		hw_json_number(json, o, key, value);
	else
		hw_json_text(json, o, key, NULL);
}

static void put_error(struct hw_json *json, cJSON *o, const struct hw_error *err)
{
	hw_json_text(json, o, "message", err->message);
	hw_json_text(json, o, "path", err->path[0] ? err->path : NULL);
	put_place(json, o, "line", err->line);
	put_place(json, o, "column", err->line ? err->column : 0);
	hw_json_text(json, o, "hint", err->hint[0] ? err->hint : NULL);
}

void document_failure(enum exit_status status)
{
	static const struct hw_error unknown = {
		.message = "the command failed; standard error has the reason"
	};
	const struct hw_error *errors;
	const size_t n = failures(&errors);
	struct hw_json json = { .failed = false };
	cJSON *root, *array;

	if (begun || status < STATUS_USAGE)
		return;
	root = document_new(&json);
	put_error(&json, hw_json_open(&json, root, "error", '{'), n ? &errors[0] : &unknown);
	array = hw_json_open(&json, root, "others", '[');
	for (size_t i = 1; i < n; i++)
		put_error(&json, hw_json_open(&json, array, NULL, '{'), &errors[i]);
	(void)document_print(&json, root);
}
