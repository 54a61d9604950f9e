/* SPDX-License-Identifier: Apache-2.0 */
/* lint --runtimes: what runc and crun do that verdicts depend on. */
#include <cJSON.h>
#include <string.h>

#include "cmd-lint.h"

#define VERSIONS_MAX 16

/* ---- for machines ---- */

static bool put(cJSON *object, const char *key, const char *value)
{
	cJSON *item = value[0] ? cJSON_CreateString(value) : cJSON_CreateNull();

	if (item && cJSON_AddItemToObject(object, key, item))
		return true;
	cJSON_Delete(item);
	return false;
}

static bool add_behaviour(cJSON *array, size_t index)
{
	struct hw_behaviour b;
	cJSON *o = cJSON_CreateObject();

	hw_behaviours_get(index, &b);
	if (o && put(o, "behaviour", b.name) && put(o, "words", b.words) &&
	    put(o, "runtime", b.runtime) && put(o, "since", b.since) &&
	    put(o, "before", b.before) && put(o, "proof", b.proof) &&
	    cJSON_AddItemToArray(array, o))
		return true;
	cJSON_Delete(o);
	return false;
}

static bool add_version(cJSON *array, const char *version)
{
	cJSON *item = cJSON_CreateString(version);

	if (item && cJSON_AddItemToArray(array, item))
		return true;
	cJSON_Delete(item);
	return false;
}

/* NULL: out of memory. */
static cJSON *runtimes_to_json(void)
{
	char versions[VERSIONS_MAX][HW_RUNTIME_VERSION_MAX];
	const size_t n = hw_runtime_versions(NULL, versions, VERSIONS_MAX);
	cJSON *root = cJSON_CreateObject(),
	      *judged = cJSON_AddArrayToObject(root, "runtimeVersions"),
	      *array = cJSON_AddArrayToObject(root, "behaviours");
	bool ok = judged && array;

	for (size_t i = 0; ok && i < n; i++)
		ok = add_version(judged, versions[i]);
	for (size_t i = 0; ok && i < hw_behaviours_count(); i++)
		ok = add_behaviour(array, i);
	if (ok)
		return root;
	cJSON_Delete(root);
	return NULL;
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

	printf("judged for where no version is told:");
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
		return print_listing(runtimes_to_json());
	list_runtimes();
	return STATUS_OK;
}
