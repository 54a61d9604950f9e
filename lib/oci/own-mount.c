/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts that hookwright adds: their text, whose they are, and where they cannot be. */
#include "oci/own-mount.h"
#include "base/buffer.h"
#include "format/json-escape.h"

/* mount(2) takes a page of options; "ro" and others are flags, and are not in it. */
#define MOUNT_DATA_MAX ((size_t)4095)

bool own_mount_is(const struct spec_mount *mount)
{
	return streq(mount->type, "overlay") && streq(mount->source, OWN_MOUNT_SOURCE) &&
	       streq(mount->destination, OWN_MOUNT_BIN);
}

/* ---- the text ---- */

static int check_lower(const char *path, struct hw_error *err)
{
	if (path[0] != '/')
		return error_set(err, EINVAL, NOWHERE, "write an absolute path",
				 "'%s' cannot be mounted into containers: it is not absolute",
				 path);
	for (const char *p = path; *p; p++)
		if (strchr(",:\\", *p) || (unsigned char)*p < ' ' || *p == 0x7f)
			return error_set(
				err, EINVAL, NOWHERE,
				"move it to a path without commas, colons and backslashes",
				"'%s' cannot be mounted into containers: an overlay's options give '%c' another meaning",
				path, *p);
	return 0;
}

int own_mount_text(const char *directory, const char *empty, char **ret, struct hw_error *err)
{
	const size_t data = strlen("lowerdir=:") + strlen(directory) + strlen(empty);
	struct text t = { 0 }, lower = { 0 };
	int r = check_lower(directory, err);

	if (r == 0)
		r = check_lower(empty, err);
	if (r < 0)
		return r;
	if (data > MOUNT_DATA_MAX)
		return error_set(err, ENAMETOOLONG, NOWHERE, "move it to a shorter path",
				 "'%s' cannot be mounted into containers: %m", directory);
	text_printf(&lower, "lowerdir=%s:%s", directory, empty);
	text_puts(&t, "{\"destination\":\"" OWN_MOUNT_BIN "\",\"type\":\"overlay\",\"source\":"
		      "\"" OWN_MOUNT_SOURCE "\",\"options\":[");
	if (!lower.failed)
		json_put_string(&t, lower.data, lower.len);
	text_puts(&t, ",\"ro\",\"nosuid\",\"nodev\"]}");
	t.failed = t.failed || lower.failed;
	text_free(&lower);
	return text_take(&t, ret) < 0 ? error_oom(err) : 0;
}

/* ---- where ---- */

struct names {
	struct span {
		const char *p;
		size_t len;
	} items[64];
	size_t n;
	bool too_many;
};

static struct names names_of(const char *path)
{
	struct names names = { .n = 0 };

	while (*path) {
		const size_t len = strcspn(path, "/");

		if (len == 2 && strncmp(path, "..", 2) == 0)
			names.n -= names.n > 0;
		else if (names.n == ARRAY_SIZE(names.items))
			names.too_many = true;
		else if (len > 0 && !(len == 1 && *path == '.'))
			names.items[names.n++] = (struct span){ path, len };
		path += len + (path[len] == '/');
	}
	return names;
}

static bool name_is(const struct names *names, size_t i, const char *want)
{
	return i < names->n && names->items[i].len == strlen(want) &&
	       strncmp(names->items[i].p, want, names->items[i].len) == 0;
}

int own_mount_fits(const struct json *doc, const struct spec *spec, struct hw_error *err)
{
	bool dev = false;

	for (size_t i = 0; i < spec->n_mounts; i++) {
		const struct spec_mount *m = &spec->mounts[i];
		const struct names names = names_of(m->destination);

		if (own_mount_is(m))
			continue;
		if (names.too_many ||
		    (name_is(&names, 0, "dev") && name_is(&names, 1, ".hookwright")))
			return error_set(
				err, EINVAL, json_at(doc, m->destination_token),
				"mount it elsewhere; only hookwright mounts there",
				"hookwright's programs cannot be mounted: mounts[%zu] is on '%s'",
				i, m->destination);
		if (names.n == 0)
			dev = false;
		else if (names.n == 1 && name_is(&names, 0, "dev"))
			dev = streq(m->type, "tmpfs");
	}
	if (!dev)
		return error_set(err, EINVAL, IN(doc->path),
				 "mount a tmpfs on /dev, as every engine does",
				 "hookwright's programs cannot be mounted: /dev is not a tmpfs");
	return 0;
}
