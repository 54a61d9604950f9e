/* SPDX-License-Identifier: Apache-2.0 */
/* lint --runtimes: prints what runc and crun do, by version. */
#include <string.h>

#include "cli/document.h"
#include "lint/cmd-lint.h"

#define VERSIONS_MAX 16

/* ---- for machines ---- */

/* "": no such version */
static void put_version(struct hw_json *json, cJSON *object, const char *key, const char *version)
{
	hw_json_text(json, object, key, version[0] ? version : NULL);
}

static void put_behaviour(struct hw_json *json, cJSON *array, size_t index)
{
	struct hw_behaviour b;
	cJSON *o = hw_json_open(json, array, NULL, '{');

	hw_behaviours_get(index, &b);
	hw_json_text(json, o, "behaviour", b.name);
	hw_json_text(json, o, "words", b.words);
	hw_json_text(json, o, "runtime", b.runtime);
	put_version(json, o, "since", b.since);
	put_version(json, o, "before", b.before);
	hw_json_text(json, o, "proof", b.proof);
}

static enum exit_status print_json(void)
{
	char versions[VERSIONS_MAX][HW_RUNTIME_VERSION_MAX];
	const size_t n = hw_runtime_versions(NULL, versions, VERSIONS_MAX);
	struct hw_json json = { .failed = false };
	cJSON *root = document_new(&json), *array;

	array = hw_json_open(&json, root, "runtimeVersions", '[');
	for (size_t i = 0; i < n; i++)
		hw_json_text(&json, array, NULL, versions[i]);
	array = hw_json_open(&json, root, "behaviours", '[');
	for (size_t i = 0; i < hw_behaviours_count(); i++)
		put_behaviour(&json, array, i);
	return document_print(&json, root);
}

/* ---- for people ---- */

static void print_behaviour(const struct hw_behaviour *b, bool first)
{
	if (first)
		printf("\n%s: the runtime %s\n", b->name, b->words);
	printf("  %s", b->runtime);
	if (b->since[0])
		printf(" since %s", b->since);
	if (b->before[0])
		printf("%s before %s", b->since[0] ? "," : "", b->before);
	printf(" (%s)\n", b->proof);
}

static void list_runtimes(void)
{
	char versions[VERSIONS_MAX][HW_RUNTIME_VERSION_MAX];
	const size_t n = hw_runtime_versions(NULL, versions, VERSIONS_MAX);
	const char *last = "";

	printf("versions assumed if none is given:");
	for (size_t i = 0; i < n; i++)
		printf("%s %s", i ? "," : "", versions[i]);
	putchar('\n');
	for (size_t i = 0; i < hw_behaviours_count(); i++) {
		struct hw_behaviour b;

		hw_behaviours_get(i, &b);
		print_behaviour(&b, strcmp(b.name, last) != 0);
		last = b.name;
	}
}

enum exit_status print_runtimes(const struct invocation *in)
{
	bool json;
	const enum exit_status status = check_listing(in, &json);

	if (status != STATUS_OK)
		return status;
	if (json)
		return print_json();
	list_runtimes();
	return STATUS_OK;
}
