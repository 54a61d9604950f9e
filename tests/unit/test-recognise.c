/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the recognisers of files that are not bundles. */
#include "oci/recognise.h"
#include "test.h"

static const struct {
	const char *text, *what; /* NULL: nothing that is known */
} rows[] = {
	{ "", "an empty file" },
	{ "\x7f"
	  "ELF",
	  "an ELF program" },
	{ "\x7f"
	  "EL",
	  NULL },
	{ "#!/bin/sh\n", "a script" },
	{ "---\n", "a YAML file" },
	{ "%YAML 1.2\n", "a YAML file" },
	{ "# x\n\n  # y\r\nversion: 1\r\nhook:\r\n  path: /x\r\n", "a policy" },
	{ "hook:\nversion:", "a policy" },
	{ " hook:\nversion: 1\n", NULL },
	{ "version: 1\nhooks: x\n", "a YAML file" },
	{ "version:1\n", NULL },
	{ "hello world\nversion: 1\n", NULL },
	{ "{\"cdiVersion\": 1, \"kind\"", NULL },
	{ "[", NULL },
	{ "hello", NULL },
};

static void first_bytes_tell(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct recognised *is = recognise_bytes(rows[i].text, strlen(rows[i].text));

		if (!is != !rows[i].what || (is && strcmp(is->what, rows[i].what) != 0))
			FAIL("%s is %s", rows[i].text, is ? is->what : "nothing");
	}
}

/* A header of tar(5) for @name with @size in octal. */
static void put_header(char *block, const char *name, const char *size)
{
	memset(block, 0, 512);
	strcpy(block, name);
	strcpy(block + 124, size);
	strcpy(block + 257, "ustar");
}

static void archives_are_walked_as_far_as_they_go(void)
{
	static const struct {
		const char *size, *second, *what;
	} archives[] = {
		{ "0", "oci-layout", "an archive of an OCI image layout" },
		{ "1000", "./index.json", "an archive of an OCI image layout" },
		{ "1000", "repositories", "a docker-archive, as 'docker save' writes it" },
		{ "1001", "repositories", "a tar archive" },
		{ "77777777777", "oci-layout", "a tar archive" },
		{ "", "x", "a tar archive" },
		{ "9x", "oci-layout", "an archive of an OCI image layout" },
	};
	const size_t len = 3 * 512;

	for (size_t i = 0; i < ARRAY_SIZE(archives); i++) {
		char *text = calloc(1, len);
		const size_t at = archives[i].size[0] == '1' ? 1024 : 512;

		CHECK(text);
		put_header(text, "first", archives[i].size);
		put_header(text + at, archives[i].second, "0");
		CHECK_STR(recognise_bytes(text, len)->what, archives[i].what);
		for (size_t n = 0; n < len; n += 7) {
			char *part = malloc(n ? n : 1);

			CHECK(part);
			memcpy(part, text, n);
			(void)recognise_bytes(part, n);
			free(part);
		}
		free(text);
	}
}

static const struct {
	const char *text, *what;
} documents[] = {
	{ "{}", NULL },
	{ "[]", NULL },
	{ "[1]", NULL },
	{ "5", NULL },
	{ "{\"cdiVersion\":\"1\",\"kind\":\"x\"}",
	  "a specification of the Container Device Interface" },
	/* What a runtime may take is for it to judge, in any spelling. */
	{ "{\"cdiVersion\":\"1\",\"kind\":\"x\",\"process\":{}}", NULL },
	{ "{\"cdiVersion\":\"1\",\"kind\":\"x\",\"ROOT\":{}}", NULL },
	{ "{\"cdiVersion\":\"1\",\"kind\":\"x\",\"ro\\u006ft\":1}", NULL },
	{ "{\"bundle\":\"/b\",\"pid\":1,\"status\":\"running\"}", "the state of a container" },
	{ "[{\"Id\":\"\",\"State\":{},\"HostConfig\":{}}]", "the output of 'docker inspect'" },
	{ "{\"Id\":\"\",\"State\":{},\"HostConfig\":{}}", NULL },
	{ "[{\"process\":{},\"cdiVersion\":1,\"kind\":2}]", NULL },
};

static void keys_tell(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		const struct recognised *is;
		struct json doc = { 0 };

		CHECK_INT(json_scan(&doc, "", documents[i].text, strlen(documents[i].text), NULL),
			  0);
		is = recognise_json(&doc);
		if (!is != !documents[i].what || (is && strcmp(is->what, documents[i].what) != 0))
			FAIL("%s is %s", documents[i].text, is ? is->what : "nothing");
		json_free(&doc);
	}
}

int main(void)
{
	RUN(first_bytes_tell);
	RUN(archives_are_walked_as_far_as_they_go);
	RUN(keys_tell);
	return DONE();
}
