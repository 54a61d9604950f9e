/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the mounts that hookwright adds: their text, whose they are, where they cannot be. */
#include "oci/edit.h"
#include "oci/own-mount.h"
#include "test.h"

#define OURS                                                                         \
	"{\"destination\":\"/dev/.hookwright/bin\",\"type\":\"overlay\",\"source\":" \
	"\"hookwright\",\"options\":[\"lowerdir=/in:/empty\",\"ro\",\"nosuid\",\"nodev\"]}"
#define DEV "{\"destination\":\"/dev\",\"type\":\"tmpfs\",\"source\":\"tmpfs\"}"
#define ROOT \
	"\"ociVersion\":\"1.0.2\",\"root\":{\"path\":\"r\"},\"process\":{\"cwd\":\"/\",\"args\":[\"a\"]}"

static char shown[2048];

static const char *error_text(const struct hw_error *err)
{
	hw_error_format(err, shown, sizeof(shown));
	return shown;
}

static void text_is_an_overlay_without_upper_directory(void)
{
	struct hw_error err = { 0 };
	char *text;

	CHECK_INT(own_mount_text("/in", "/empty", &text, &err), 0);
	CHECK_STR(text, OURS);
	free(text);
	CHECK_INT(own_mount_text("/a \"b", "/\xc3\xa9", &text, &err), 0);
	CHECK(strstr(text, "\"lowerdir=/a \\\"b:/\xc3\xa9\""));
	free(text);
}

static void paths_that_options_cannot_hold_are_refused(void)
{
	static const struct {
		const char *in, *empty, *message;
	} rows[] = {
		{ "in", "/e",
		  "'in' cannot be mounted into containers: it is not absolute\n"
		  "  hint: write an absolute path" },
		{ "/in", "e",
		  "'e' cannot be mounted into containers: it is not absolute\n"
		  "  hint: write an absolute path" },
#define SPECIAL(path, c)                                                              \
	"'" path "' cannot be mounted into containers: an overlay's options give '" c \
	"' another meaning\n  hint: move it to a path without commas, colons and backslashes"
		{ "/a,b", "/e", SPECIAL("/a,b", ",") },
		{ "/a", "/e:f", SPECIAL("/e:f", ":") },
		{ "/a\\b", "/e", SPECIAL("/a\\b", "\\") },
	};
	struct hw_error err;
	char long_path[4100], *text = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		err = (struct hw_error){ 0 };
		CHECK_INT(own_mount_text(rows[i].in, rows[i].empty, &text, &err), -EINVAL);
		CHECK_STR(error_text(&err), rows[i].message);
	}
	CHECK_INT(own_mount_text("/a\nb", "/e", &text, NULL), -EINVAL);
	memset(long_path, 'a', sizeof(long_path));
	long_path[0] = '/';
	long_path[4095 - strlen("lowerdir=:/e")] = '\0';
	CHECK_INT(own_mount_text(long_path, "/e", &text, NULL), 0);
	free(text);
	CHECK_INT(own_mount_text(long_path, "/ee", &text, NULL), -ENAMETOOLONG);
}

/* ---- where ---- */

static int fits(const char *mounts, struct hw_error *err)
{
	struct arena *arena = arena_new();
	char *text = NULL;
	struct spec spec;
	struct json doc;
	int r;

	*err = (struct hw_error){ 0 };
	if (!arena || asprintf(&text, "{" ROOT "%s%s%s}", mounts ? ",\"mounts\":[" : "",
			       mounts ? mounts : "", mounts ? "]" : "") < 0)
		return -ENOMEM;
	if (json_scan(&doc, "f", text, strlen(text), err) < 0 ||
	    spec_parse(&doc, arena, &spec, err) < 0)
		FAIL("%s", error_text(err));
	r = own_mount_fits(&doc, &spec, err);
	json_free(&doc);
	arena_free(arena);
	free(text);
	return r;
}

#define ON(path, type) "{\"destination\":\"" path "\",\"type\":\"" type "\"}"

static void it_needs_a_tmpfs_on_dev_and_nobody_else(void)
{
	static const struct {
		const char *mounts, *message; /* NULL: it fits */
	} rows[] = {
#define NO_DEV	    "hookwright's programs cannot be mounted: /dev is not a tmpfs"
#define TAKEN(path) "hookwright's programs cannot be mounted: mounts[1] is on '" path "'"
		{ DEV, NULL },
		{ DEV "," ON("/proc", "proc"), NULL },
		{ DEV "," ON("/dev/shm", "tmpfs"), NULL },
		{ DEV "," ON("/dev/.hookwrights", "tmpfs"), NULL },
		{ DEV "," ON("/var/dev/.hookwright", "bind"), NULL },
		{ ON("//dev/.", "tmpfs"), NULL },
		{ ON("/dev", "bind") "," DEV, NULL },
		{ DEV "," OURS, NULL }, /* there already */
		{ NULL, NO_DEV },
		{ "", NO_DEV },
		{ ON("/dev", "bind"), NO_DEV },
		{ DEV "," ON("/dev/", "bind"), NO_DEV },
		{ DEV "," ON("/", "tmpfs"), NO_DEV },
		{ DEV "," ON("/x/..", "tmpfs"), NO_DEV },
		{ ON("/devices", "tmpfs"), NO_DEV },
		{ DEV "," ON("/dev/.hookwright", "bind"), TAKEN("/dev/.hookwright") },
		{ DEV "," ON("/dev/.hookwright/bin", "overlay"), TAKEN("/dev/.hookwright/bin") },
		{ DEV "," ON("/dev/.hookwright/bin/run", "bind"),
		  TAKEN("/dev/.hookwright/bin/run") },
		{ DEV "," ON("dev/./x/../.hookwright/", "bind"), TAKEN("dev/./x/../.hookwright/") },
	};
	struct hw_error err;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const int r = fits(rows[i].mounts, &err);

		if (r != (rows[i].message ? -EINVAL : 0) ||
		    (r < 0 && (!strstr(err.message, rows[i].message) || !err.hint[0])))
			FAIL("row %zu: %d: %s", i, r, error_text(&err));
	}
}

static void a_path_of_too_many_names_is_not_trusted(void)
{
	char mounts[1024] = DEV ",{\"destination\":\"";
	struct hw_error err;

	for (int i = 0; i < 65; i++)
		strcat(mounts, "/a");
	strcat(mounts, "\"}");
	CHECK_INT(fits(mounts, &err), -EINVAL);
	CHECK(strstr(err.message, "mounts[1] is on"));
}

/* ---- its place in the text ---- */

static const struct {
	const char *text, *want;
} places[] = {
	{ "{\"mounts\":[" DEV "],\"a\":18446744073709551615}",
	  "{\"mounts\":[" DEV "," OURS "],\"a\":18446744073709551615}" },
	{ "{ \"mounts\": [ 1, null ] }",
	  "{ \"mounts\": [ 1, null, "
	  "{ \"destination\": \"/dev/.hookwright/bin\", \"type\": \"overlay\", \"source\": \"hookwright\", "
	  "\"options\": [\"lowerdir=/in:/empty\", \"ro\", \"nosuid\", \"nodev\"] } ] }" },
	{ "{\n\t\"mounts\": [\n\t\t{\n\t\t\t\"destination\": \"/dev\"\n\t\t}\n\t]\n}\n",
	  "{\n\t\"mounts\": [\n\t\t{\n\t\t\t\"destination\": \"/dev\"\n\t\t},\n\t\t{\n"
	  "\t\t\t\"destination\": \"/dev/.hookwright/bin\",\n\t\t\t\"type\": \"overlay\",\n"
	  "\t\t\t\"source\": \"hookwright\",\n\t\t\t\"options\": [\n"
	  "\t\t\t\t\"lowerdir=/in:/empty\",\n\t\t\t\t\"ro\",\n\t\t\t\t\"nosuid\",\n"
	  "\t\t\t\t\"nodev\"\n\t\t\t]\n\t\t}\n\t]\n}\n" },
	{ "{\r\n  \"mounts\": [\r\n    {\r\n      \"destination\": \"/dev\"\r\n    }\r\n  ]\r\n}",
	  "{\r\n  \"mounts\": [\r\n    {\r\n      \"destination\": \"/dev\"\r\n    },\r\n    {\r\n"
	  "      \"destination\": \"/dev/.hookwright/bin\",\r\n      \"type\": \"overlay\",\r\n"
	  "      \"source\": \"hookwright\",\r\n      \"options\": [\r\n"
	  "        \"lowerdir=/in:/empty\",\r\n        \"ro\",\r\n        \"nosuid\",\r\n"
	  "        \"nodev\"\r\n      ]\r\n    }\r\n  ]\r\n}" },
};

/* Edit the element at @index of mounts, or append; NULL: refused. */
static char *edited(const char *text, enum change_kind kind, size_t index)
{
	struct change change = { .kind = kind };
	struct json doc, entry;
	char *ours, *ret = NULL;
	uint32_t mounts;
	size_t len;

	CHECK_INT(own_mount_text("/in", "/empty", &ours, NULL), 0);
	CHECK_INT(json_scan(&doc, "f", text, strlen(text), NULL), 0);
	CHECK_INT(json_scan(&entry, "ours", ours, strlen(ours), NULL), 0);
	mounts = json_member(&doc, JSON_ROOT, "mounts");
	if (mounts != JSON_NONE)
		change.element = json_first(&doc, mounts);
	for (; index > 0; index--)
		change.element = json_next(&doc, mounts, change.element);
	if (kind != CHANGE_REMOVE)
		change.entry = &entry;
	if (edit_mounts(&doc, &change, 1, &ret, &len, NULL) == 0)
		CHECK_INT(strlen(ret), len);
	json_free(&entry);
	json_free(&doc);
	free(ours);
	return ret;
}

static void it_is_written_as_the_others_and_goes_without_a_trace(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const size_t last = strstr(places[i].text, "null") ? 2 : 1;
		char *with = edited(places[i].text, CHANGE_APPEND, 0), *again, *without;

		CHECK_STR(with, places[i].want);
		again = edited(with, CHANGE_REPLACE, last);
		CHECK_STR(again, places[i].want);
		without = edited(with, CHANGE_REMOVE, last);
		CHECK_STR(without, places[i].text);
		free(with);
		free(again);
		free(without);
	}
}

static void another_one_is_replaced_in_its_place(void)
{
	char *text = edited("{\"mounts\":[" DEV ",{\"old\":1}," DEV "]}", CHANGE_REPLACE, 1);

	CHECK_STR(text, "{\"mounts\":[" DEV "," OURS "," DEV "]}");
	free(text);
}

static void it_is_not_the_only_mount(void)
{
	CHECK_STR(edited("{}", CHANGE_APPEND, 0), NULL);
	CHECK_STR(edited("{\"mounts\":null}", CHANGE_APPEND, 0), NULL);
	CHECK_STR(edited("{\"mounts\":[]}", CHANGE_APPEND, 0), NULL);
	CHECK_STR(edited("{\"mounts\":[" OURS "]}", CHANGE_REMOVE, 0), NULL);
}

int main(void)
{
	RUN(text_is_an_overlay_without_upper_directory);
	RUN(paths_that_options_cannot_hold_are_refused);
	RUN(it_needs_a_tmpfs_on_dev_and_nobody_else);
	RUN(a_path_of_too_many_names_is_not_trusted);
	RUN(it_is_written_as_the_others_and_goes_without_a_trace);
	RUN(another_one_is_replaced_in_its_place);
	RUN(it_is_not_the_only_mount);
	return DONE();
}
