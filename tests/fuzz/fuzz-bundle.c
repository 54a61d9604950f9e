/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as the files of a bundle, through lint, explain, apply and doctor: nothing that is
 * printed drives a terminal, what is written is JSON, and a second apply changes nothing.
 *
 * Of the input 0xff 0xfe and a letter begin a file; what is not there has a sound content.
 */
#include <cjson/cJSON.h>

#include "fuzz.h"
#include "place.h"

static const struct {
	const char *path;
	mode_t mode;
	const char *usual; /* NULL: it is not there */
} files[] = {
	{ "b/config.json", 0644,
	  "{\"ociVersion\":\"1.0.2\",\"process\":{\"user\":{\"uid\":0,\"gid\":0},\"args\":["
	  "\"prog\"],"
	  "\"env\":[\"PATH=/bin\"],\"cwd\":\"/\"},\"root\":{\"path\":\"rootfs\"},\"hooks\":"
	  "{\"startContainer\":[{\"path\":\"/bin/script\",\"args\":[\"script\",\"x\"]}]},"
	  "\"annotations\":{\"a\":\"b\"},\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]}}" },
	{ "b/rootfs/bin/prog", 0755, "#!/bin/script\n" },
	{ "b/rootfs/bin/script", 0755, "#! /bin/prog -x\n" },
	{ "b/rootfs/lib/libx.so.1", 0755, NULL },
	{ "b/rootfs/lib/ld-x.so", 0755, NULL },
	{ "b/rootfs/etc/ld.so.cache", 0644, NULL },
	{ "b/rootfs/etc/ld.so.conf", 0644, NULL },
	{ "b/rootfs/etc/os-release", 0644, "ID=x\n" },
	{ "b/rootfs/etc/passwd", 0644, NULL },
	{ "b/rootfs/etc/group", 0644, NULL },
	{ "b/rootfs/etc/ld-musl-x86_64.path", 0644, NULL },
	{ "output", 0644, "exec: \"/bin/script\": no such file or directory" },
};

#define FILES (sizeof(files) / sizeof(files[0]))

#define FIRST_POLICY                                                                             \
	"version: 1\notherwise: warn\n"                                                          \
	"when: { any: [ { libc: [glibc, musl], os: { id: 'x|y.*' } }, { annotations: { a: '.*' " \
	"} } ] }\n"                                                                              \
	"hook: { path: [/bin/prog, /bin/script] }\n"
#define SECOND_POLICY                                                                         \
	"version: 1\notherwise: warn\nneeds: { uid: 0, writable: /etc, exists: /bin/prog }\n" \
	"hook: { path: /bin/script, args: [script, a], timeout: 3 }\n"
#define THIRD_POLICY \
	"version: 1\nactivation: requested\notherwise: ignore\nhook: { path: /bin/prog }\n"

static const char *const policies[] = { FIRST_POLICY, SECOND_POLICY, THIRD_POLICY };

static char *output; /* what doctor is to diagnose */
static size_t output_len;
static struct hw_lint *lint;

static const char *const policy_dir = "policies";
static const struct hw_options options = {
	.config = "config.yaml",
	.policies = &policy_dir,
	.n_policies = 1,
	.no_sync = true,
};

static void prepare(void)
{
	static const char *const dirs[] = {
		"b", "b/rootfs", "b/rootfs/bin", "b/rootfs/lib", "b/rootfs/etc", "policies"
	};
	struct hw_error err;

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		REQUIRE(mkdir(dirs[i], 0755) == 0);
	put_file("config.yaml", "version: 1\n", strlen("version: 1\n"), 0644);
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		char path[32];

		snprintf(path, sizeof(path), "policies/p%zu.yaml", i);
		put_file(path, policies[i], strlen(policies[i]), 0644);
	}
	REQUIRE(hw_lint_new(&options, NULL, &lint, &err) == 0);
}

static void put_one(size_t index, const void *data, size_t size)
{
	if (index + 1 == FILES) {
		free(output);
		output = malloc(size + 1);
		REQUIRE(output);
		memcpy(output, data, size);
		output_len = size;
	} else {
		put_file(files[index].path, data, size, files[index].mode);
	}
}

static const uint8_t *next_mark(const uint8_t *p, const uint8_t *end)
{
	for (; end - p >= 3; p++)
		if (p[0] == 0xff && p[1] == 0xfe && p[2] >= 'a' && p[2] < 'a' + (int)FILES)
			return p;
	return end;
}

static void put_bundle(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;

	for (size_t i = 0; i < FILES; i++) {
		if (files[i].usual)
			put_one(i, files[i].usual, strlen(files[i].usual));
		else
			(void)unlink(files[i].path);
	}
	for (const uint8_t *p = next_mark(data, end); p < end;) {
		const uint8_t *next = next_mark(p + 3, end);

		put_one((size_t)(p[2] - 'a'), p + 3, (size_t)(next - p - 3));
		p = next;
	}
}

static void check_lint(void)
{
	struct hw_lint_result *result = NULL;
	struct hw_error err;

	REQUIRE(hw_lint_bundle(lint, "b", &result, &err) == 0);
	for (int report = HW_REPORT_TEXT; report <= HW_REPORT_HTML; report++) {
		char *text = NULL;

		REQUIRE(hw_report_bundle(result, (enum hw_report)report, false, &text, &err) == 0);
		require_plain(text);
		free(text);
	}
	hw_lint_result_free(result);
}

static void check_texts(const struct hw_result *result)
{
	for (int format = HW_FORMAT_SUMMARY; format <= HW_FORMAT_EXPLAIN; format++) {
		struct hw_error err;
		char *text = NULL;

		REQUIRE(hw_result_render(result, (enum hw_format)format, false, &text, &err) == 0);
		require_plain(text);
		free(text);
	}
}

static void check_explain(void)
{
	struct hw_result *result = NULL;
	struct hw_error err = { 0 };
	int r = hw_explain("b", &options, &result, &err);

	if (r < 0)
		require_error(r, &err);
	else
		check_texts(result);
	hw_result_free(result);
}

/* The text that apply makes of the bundle, for free(3); NULL if it makes none. */
static char *apply(bool dry, bool *changed)
{
	struct hw_options how = options;
	struct hw_result *result = NULL;
	struct hw_error err = { 0 };
	char *text = NULL;
	size_t len;
	int r;

	how.dry_run = dry;
	r = hw_apply("b", &how, &result, &err);
	*changed = false;
	if (r < 0) {
		require_error(r, &err);
	} else {
		check_texts(result);
		if (!hw_result_refused(result)) {
			text = strdup(hw_result_text(result, &len));
			REQUIRE(text && strlen(text) == len);
			*changed = hw_result_changed(result);
		}
	}
	hw_result_free(result);
	return text;
}

static void check_apply(void)
{
	bool would, did, again;
	char *promised = apply(true, &would), *text = apply(false, &did), *second;

	REQUIRE(!promised == !text && would == did);
	if (text) {
		cJSON *root = cJSON_ParseWithLength(text, strlen(text));

		REQUIRE(strcmp(promised, text) == 0);
		REQUIRE(!did || root);
		cJSON_Delete(root);
		second = apply(false, &again);
		REQUIRE(second && strcmp(second, text) == 0 && !again);
		free(second);
	}
	free(promised);
	free(text);
}

static void check_doctor(void)
{
	const struct hw_doctor question = {
		.output = output, .len = output_len, .bundle = "b", .options = &options
	};
	struct hw_diagnosis *diagnosis = NULL;
	struct hw_error err = { 0 };
	int r = hw_diagnose(&question, &diagnosis, &err);

	if (r < 0)
		require_error(r, &err);
	for (int json = 0; r == 0 && json < 2; json++) {
		char *text = NULL;

		REQUIRE(hw_diagnosis_render(diagnosis, json, false, &text, &err) == 0);
		require_plain(text);
		free(text);
	}
	hw_diagnosis_free(diagnosis);
}

static void finish(void)
{
	hw_lint_free(lint);
	free(output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (enter_place()) {
		prepare();
		atexit(finish);
	}
	put_bundle(data, size);
	check_lint();
	check_explain();
	check_doctor();
	check_apply();
	leave_place();
	return 0;
}
