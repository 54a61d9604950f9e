/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about the bundle that a diagnosis needs: root file system, namespaces, whose hook it is. */
#include <dirent.h>
#include <fcntl.h>

#include "doctor/doctor.h"

/* What a bundle names on the host, as it is now: the container is dead, and some of it is gone. */

/* ---- a root file system that is not mounted ---- */

static bool is_empty(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t n = 0;

	if (!dir) {
		int saved = errno;

		if (fd >= 0)
			(void)close(fd);
		/* Storage drivers remove the directory that they have mounted on. */
		return fd < 0 && saved == ENOENT && streq(path_base(path), "merged");
	}
	while (n <= 2 && (entry = readdir(dir)))
		n += !streq(entry->d_name, ".") && !streq(entry->d_name, "..");
	(void)closedir(dir);
	return n == 0;
}

/* lint closes the bundle's directory, so the path is joined again. */
int doctor_find_rootfs(struct hw_diagnosis *d, const char *rootfs, struct hw_error *err)
{
	const struct bundle *b = &d->bundle->bundle;
	const char *path = rootfs ? rootfs : b->spec.root_path;

	if (!d->bundle->scanned || !path)
		return 0;
	if (path[0] != '/' && !rootfs)
		path = arena_join(d->arena, b->path, "/", path);
	if (!path)
		return error_oom(err);
	if (is_empty(path))
		d->rootfs = path;
	return 0;
}

/* ---- a namespace of another process, which is gone ---- */

int doctor_missing_namespace(const struct hw_diagnosis *d, const char **ret, struct hw_error *err)
{
	const struct json *doc = &d->bundle->bundle.doc;
	uint32_t list;

	*ret = NULL;
	if (!d->bundle->scanned)
		return 0;
	list = json_member(doc, json_member(doc, JSON_ROOT, "linux"), "namespaces");
	if (list == JSON_NONE || json_type(doc, list) != JSON_ARRAY)
		return 0;
	for (uint32_t e = json_first(doc, list); e != JSON_NONE; e = json_next(doc, list, e)) {
		const uint32_t path = json_member(doc, e, "path");
		const char *text = NULL;

		if (path == JSON_NONE || json_type(doc, path) != JSON_STRING)
			continue;
		if (json_string(doc, path, d->arena, &text, err) == -ENOMEM)
			return error_oom(err);
		if (text && text[0] == '/' && access(text, F_OK) < 0 && errno == ENOENT) {
			*ret = text;
			return 0;
		}
	}
	return 0;
}
