/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>

#include "bundle.h"
#include "fs.h"

#define LOCK_SECONDS 10

static const char *join(struct arena *arena, const char *dir, const char *name)
{
	size_t len = strlen(dir);
	const char *slash = len && dir[len - 1] == '/' ? "" : "/";

	return streq(dir, ".") ? name : arena_printf(arena, "%s%s%s", dir, slash, name);
}

static int open_dir(const char *path, struct hw_error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return error_set(err, ENOENT, IN(path), "name the bundle's directory",
				 "there is no such bundle");
	if (fd < 0 && errno == ENOTDIR)
		return error_set(err, ENOTDIR, IN(path),
				 "name the directory that holds config.json, not the file",
				 "not a directory");
	return fd < 0 ? error_set(err, errno, IN(path), NULL, "cannot open the bundle: %m") : fd;
}

static int read_config(struct bundle *b, enum bundle_mode mode, struct hw_error *err)
{
	int r = fs_read_file(b->dir, BUNDLE_CONFIG, mode == BUNDLE_READ ? 0 : O_NOFOLLOW,
			     b->config_path, JSON_SIZE_MAX, &b->text, &b->len, &b->st, err);

	if (r == -ENOENT)
		return error_set(err, ENOENT, IN(b->path),
				 "name a bundle directory; 'runc spec' makes a config.json",
				 "there is no config.json here");
	if (r == -ELOOP && mode != BUNDLE_READ)
		return error_set(err, ELOOP, IN(b->config_path),
				 "name the directory the link leads to",
				 "a symbolic link, which is not followed for writing");
	return r;
}

int bundle_open(const char *path, enum bundle_mode mode, struct arena *arena, struct bundle *ret,
		struct hw_error *err)
{
	int r;

	*ret = (struct bundle){ .dir = -1, .path = path ? path : ".", .arena = arena };
	ret->config_path = join(arena, ret->path, BUNDLE_CONFIG);
	if (!ret->config_path)
		return error_oom(err);
	r = open_dir(ret->path, err);
	if (r < 0)
		return r;
	ret->dir = r;
	r = 0;
	if (mode == BUNDLE_WRITE) {
		r = fs_lock_dir(ret->dir, ret->path, LOCK_SECONDS, err);
		if (r == 0)
			fs_remove_stale(ret->dir, BUNDLE_TEMPORARY);
	}
	if (r == 0)
		r = read_config(ret, mode, err);
	if (r == 0)
		r = json_scan(&ret->doc, ret->config_path, ret->text, ret->len, err);
	return r < 0 ? r : spec_parse(&ret->doc, arena, &ret->spec, err);
}

void bundle_close(struct bundle *bundle)
{
	json_free(&bundle->doc);
	free(bundle->text);
	cleanup_close(&bundle->dir);
	bundle->text = NULL;
	bundle->dir = -1;
}
