/* SPDX-License-Identifier: Apache-2.0 */
/* Opens and locks a bundle directory, and reads and parses its config.json. */
#include <fcntl.h>

#include "base/fs.h"
#include "oci/bundle.h"

#define LOCK_SECONDS 10

static const char *join(struct arena *arena, const char *dir, const char *name)
{
	size_t len = strlen(dir);
	const char *slash = len && dir[len - 1] == '/' ? "" : "/";

	return streq(dir, ".") ? name : arena_printf(arena, "%s%s%s", dir, slash, name);
}

int bundle_is_other(const char *path, const struct recognised *is, struct hw_error *err)
{
	return error_set(err, EINVAL, IN(path), is->hint, "this is %s, not a bundle", is->what);
}

static int not_a_directory(const char *path, struct hw_error *err)
{
	const struct recognised *is = recognise_file(AT_FDCWD, path, 0);

	if (is)
		return bundle_is_other(path, is, err);
	return error_set(err, ENOTDIR, IN(path),
			 "name the directory that contains config.json, or config.json itself",
			 "not a bundle, because it is not a directory");
}

static int open_dir(const char *path, struct hw_error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return error_set(err, ENOENT, IN(path), "name the bundle's directory",
				 "the bundle does not exist");
	if (fd < 0 && errno == ENOTDIR)
		return not_a_directory(path, err);
	return fd < 0 ? error_set(err, errno, IN(path), NULL, "cannot open the bundle: %m") : fd;
}

/* An image's archive, most often. */
static int too_large(const struct bundle *b, int r, struct hw_error *err)
{
	const struct recognised *is = recognise_file(b->config_dir, b->config_name, O_NOFOLLOW);

	return is ? bundle_is_other(b->config_path, is, err) : r;
}

static int no_config(const struct bundle *b, struct hw_error *err)
{
	const struct recognised *is;

	if (b->config_dir != b->dir)
		return error_set(err, ENOENT, IN(b->config_path), "name the file to read",
				 "this file does not exist");
	is = recognise_dir(b->config_dir);
	if (is)
		return bundle_is_other(b->path, is, err);
	return error_set(err, ENOENT, IN(b->path),
			 "name a bundle directory; 'runc spec' creates a config.json",
			 "there is no config.json in this directory");
}

static int read_config(struct bundle *b, enum bundle_mode mode, struct hw_error *err)
{
	int r = fs_read_file(b->config_dir, b->config_name, mode == BUNDLE_READ ? 0 : O_NOFOLLOW,
			     b->config_path, JSON_SIZE_MAX, &b->text, &b->len, &b->st, err);

	if (r == -ENOENT)
		return no_config(b, err);
	if (r == -EFBIG)
		return too_large(b, r, err);
	if (r == -ELOOP && mode == BUNDLE_HERE)
		return error_set(err, ELOOP, IN(b->config_path),
				 "use --follow if the target of the link may be read",
				 "a symbolic link, which is not followed");
	if (r == -ELOOP && mode != BUNDLE_READ)
		return error_set(err, ELOOP, IN(b->config_path),
				 "name the target directory of the link",
				 "a symbolic link, which is not followed for writing");
	return r;
}

static int understand(struct bundle *b, struct hw_error *err)
{
	int r = json_scan(&b->doc, b->config_path, b->text, b->len, err);
	const struct recognised *is = NULL;

	if (r == -EINVAL)
		is = recognise_bytes(b->text, b->len);
	if (r == 0) {
		r = spec_parse(&b->doc, b->arena, &b->spec, err);
		is = r == -EINVAL ? recognise_json(&b->doc) : NULL;
	}
	return is ? bundle_is_other(b->config_path, is, err) : r;
}

/* Where the configuration is; most often it is config.json in the bundle itself. */
static int find_config(struct bundle *b, const char *config, struct hw_error *err)
{
	const char *slash = config ? strrchr(config, '/') : NULL, *dir = ".";
	int fd;

	b->config_name = slash ? slash + 1 : config;
	b->config_path = config;
	if (!config) {
		b->config_name = BUNDLE_CONFIG;
		b->config_path = join(b->arena, b->path, BUNDLE_CONFIG);
		b->config_dir = b->dir;
		return b->config_path ? 0 : error_oom(err);
	}
	if (slash)
		dir = slash == config ? "/"
				      : arena_strndup(b->arena, config, (size_t)(slash - config));
	if (!dir)
		return error_oom(err);
	fd = open_dir(dir, err);
	b->config_dir = fd;
	return fd < 0 ? fd : 0;
}

static int lock(struct bundle *b, struct hw_error *err)
{
	int r = fs_lock_dir(b->config_dir, b->path, LOCK_SECONDS, err);

	b->locked = r == 0;
	if (r == 0)
		fs_remove_stale(b->config_dir, BUNDLE_TEMPORARY);
	return r;
}

/* A file stands for the directory that it is in, as far as it has the name for that. */
static bool names_config(const char *path)
{
	struct stat st;

	return streq(path_base(path), BUNDLE_CONFIG) && lstat(path, &st) == 0 &&
	       !S_ISDIR(st.st_mode);
}

static const char *directory_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
}

static int load(const char *path, const char *config, enum bundle_mode mode, struct arena *arena,
		struct bundle *ret, struct hw_error *err)
{
	int r;

	*ret = (struct bundle){
		.dir = -1, .config_dir = -1, .path = path ? path : ".", .arena = arena
	};
	if (path && !config && names_config(path)) {
		ret->path = directory_of(arena, path);
		config = path;
	}
	if (!ret->path)
		return error_oom(err);
	r = ret->dir = open_dir(ret->path, err);
	if (r >= 0)
		r = find_config(ret, config, err);
	if (r >= 0 && mode == BUNDLE_WRITE)
		r = lock(ret, err);
	if (r >= 0)
		r = read_config(ret, mode, err);
	return r < 0 ? r : 0;
}

int bundle_read(const char *path, const char *config, enum bundle_mode mode, struct arena *arena,
		struct bundle *ret, struct hw_error *err)
{
	return load(path, config, mode, arena, ret, err);
}

int bundle_open(const char *path, const char *config, enum bundle_mode mode, struct arena *arena,
		struct bundle *ret, struct hw_error *err)
{
	int r = load(path, config, mode, arena, ret, err);

	return r < 0 ? r : understand(ret, err);
}

/* Relative paths are relative to the bundle, wherever that is. */
static int refuse_relative(const struct bundle *b, struct hw_error *err)
{
	static const char hint[] = "name the bundle's directory with --bundle";
	const uint32_t root = json_member(&b->doc, JSON_ROOT, "root");

	if (b->spec.root_path[0] != '/')
		return error_set(err, EINVAL, json_at(&b->doc, json_member(&b->doc, root, "path")),
				 hint,
				 "'root.path' is relative, and its base directory is unknown");
	for (size_t i = 0; i < b->spec.n_mounts; i++) {
		const struct spec_mount *m = &b->spec.mounts[i];

		if (streq(m->type, "bind") && m->source[0] != '/')
			return error_set(err, EINVAL, json_at(&b->doc, m->token), hint,
					 "the source of the bind mount on %s is relative, and its "
					 "base directory is unknown",
					 m->destination);
	}
	return 0;
}

int bundle_read_text(const char *path, const char *name, const char *text, size_t len,
		     struct arena *arena, struct bundle *ret, struct hw_error *err)
{
	int r;

	*ret = (struct bundle){ .dir = -1, .config_dir = -1, .path = path, .arena = arena };
	ret->config_path = name;
	r = open_dir(ret->path, err);
	if (r < 0)
		return r;
	ret->dir = r;
	ret->text = malloc(len + 1);
	if (!ret->text)
		return error_oom(err);
	memcpy(ret->text, text, len);
	ret->text[len] = '\0';
	ret->len = len;
	return 0;
}

int bundle_from_text(const char *path, const char *text, size_t len, struct arena *arena,
		     struct bundle *ret, struct hw_error *err)
{
	const char *dir = path && names_config(path) ? directory_of(arena, path) : path;
	int r;

	if (path && !dir)
		return error_oom(err);
	r = bundle_read_text(dir ? dir : "/", "<stdin>", text, len, arena, ret, err);
	if (r == 0)
		r = understand(ret, err);
	return r < 0 || path ? r : refuse_relative(ret, err);
}

void bundle_charge(struct bundle *bundle, struct budget *budget)
{
	const struct json *doc = &bundle->doc;

	bundle->spec.budget = budget;
	arena_charge(bundle->arena, budget);
	budget_charge(budget, BUDGET_KEPT,
		      bundle->len + doc->n_tokens * (uint64_t)sizeof(*doc->tokens));
}

void bundle_unlock(struct bundle *bundle)
{
	/* Closing is not enough: the view has a duplicate, and with it the lock. */
	if (bundle->locked)
		fs_unlock_dir(bundle->config_dir);
	bundle->locked = false;
	if (bundle->config_dir != bundle->dir)
		cleanup_close(&bundle->config_dir);
	cleanup_close(&bundle->dir);
	bundle->config_dir = bundle->dir = -1;
}

void bundle_close(struct bundle *bundle)
{
	json_free(&bundle->doc);
	free(bundle->text);
	bundle_unlock(bundle);
	bundle->text = NULL;
}
