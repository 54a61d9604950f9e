/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads policies and hooks.d files from directories; a later file masks an earlier one of its name.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <strings.h>
#include <sys/sysmacros.h>

#include "base/fs.h"
#include "base/list.h"
#include "config/files.h"

#define POLICY_SIZE_MAX ((size_t)1 << 20)
#define ENTRIES_MAX	10000
#define TEXT_MAX	((size_t)16 << 20) /* of all files: one blob of git can be all of them */
#define SUFFIX		".yaml"

struct config_source {
	const char *path;
	enum trust_level level;
	enum config_mention mention;
	int dir;     /* -1: @path is a file */
	DIR *stream; /* that owns dir; NULL: nobody has listed it yet */
};

struct config_entry {
	const char *name; /* of the policy; of the file if that is not a policy's */
	const char *file; /* below the source's directory; NULL: the source is the file */
	unsigned source;
	bool bad;
};

/* The differences between policies and hooks.d files. */
struct kind {
	const char *what; /* plural, for messages */
	const char *name_it;
	const char *none; /* in a directory that the caller named */
	size_t max;	  /* bytes of a file */
	bool only_dirs;
	bool (*is_other)(const char *file);
	struct config_entry (*make_entry)(struct arena *arena, const char *file, unsigned source);
	int (*parse)(const struct config_source *source, const struct config_entry *entry,
		     const char *path, const char *text, size_t len, void **ret,
		     struct hw_error *err);
};

static const struct kind kinds[2];

/* ---- reading ---- */

struct target {
	const struct trust *trust;
	enum trust_level level;
	int dir; /* -1: @name is a path of its own */
	const char *dir_path, *name;
	const char *path; /* the whole, for messages */
	size_t max;
};

static bool is_null_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

static int read_at(const struct target *t, int dir, const char *name, int flags, char **ret,
		   size_t *len, struct hw_error *err)
{
	auto_free char *text = NULL;
	struct stat st;
	int r = fs_read_file(dir, name, flags, t->path, t->max, &text, len, &st, err);

	if (r == 0)
		r = trust_check(t->trust, t->level, &st, t->path, err);
	if (r == 0)
		*ret = TAKE(text);
	return r;
}

/* *@ret stays NULL for the null device. */
static int read_followed(const struct target *t, char **ret, size_t *len, struct hw_error *err)
{
	struct place place;
	int r = trust_find(t->trust, t->level, t->dir, t->dir_path, t->name, &place, err);

	if (r < 0)
		return r;
	if (place.is_dir)
		r = error_set(err, EINVAL, IN(t->path), NULL, "not a regular file but a directory");
	else if (!is_null_device(&place.st))
		r = read_at(t, place.dir, place.name, O_NOFOLLOW, ret, len, err);
	close(place.dir);
	return r;
}

static int read_named(const struct target *t, char **ret, size_t *len, struct hw_error *err)
{
	const int dir = t->dir < 0 ? AT_FDCWD : t->dir;
	int r = read_at(t, dir, t->name, 0, ret, len, err);
	struct stat st;

	if (r == -EINVAL && fstatat(dir, t->name, &st, 0) == 0 && is_null_device(&st))
		return 0;
	return r;
}

/* *@ret stays NULL for the null device, a mask. */
static int read_target(const struct target *t, char **ret, size_t *len, struct hw_error *err)
{
	*len = 0;
	if (t->level == TRUST_CALLER)
		return read_named(t, ret, len, err);
	/* The directory was walked already: only a link needs the walk again. */
	if (t->dir >= 0) {
		int r = read_at(t, t->dir, t->name, O_NOFOLLOW, ret, len, err);

		if (r != -ELOOP)
			return r;
	}
	return read_followed(t, ret, len, err);
}

int config_read_file(const struct trust *trust, enum trust_level level, const char *path,
		     size_t max, char **ret, size_t *len, struct hw_error *err)
{
	const struct target target = {
		.trust = trust, .level = level, .dir = -1, .name = path, .path = path, .max = max
	};
	int r = read_target(&target, ret, len, err);

	if (r == 0 && !*ret)
		return error_set(err, EINVAL, IN(path), NULL,
				 "not a regular file but a character device");
	return r;
}

/* ---- sources ---- */

int config_add_source(struct config_sources *sources, const char *path, enum trust_level level,
		      enum config_mention mention, struct hw_error *err)
{
	if (!path)
		return error_oom(err);
	if (!LIST_ROOM(NULL, sources->items, sources->n, sources->capacity))
		return error_oom(err);
	sources->items[sources->n++] = (struct config_source){ path, level, mention, -1, NULL };
	return 0;
}

void config_sources_free(struct config_sources *sources)
{
	for (size_t i = 0; i < sources->n; i++) {
		if (sources->items[i].stream)
			closedir(sources->items[i].stream);
		else if (sources->items[i].dir >= 0)
			close(sources->items[i].dir);
	}
	free(sources->items);
	free(sources->entries);
	*sources = (struct config_sources){ 0 };
}

/* Tell it and go on, so that one broken file does not hide another. Only memory ends it all. */
static int report(struct config_sources *sources, const struct hw_error *err)
{
	const struct hw_options *options = sources->options;

	if (err->errnum == ENOMEM)
		return -ENOMEM;
	if (options->complain)
		options->complain(options->complain_ctx, err);
	if (!sources->failed)
		sources->first = *err;
	sources->failed = true;
	return 0;
}

static int no_dir(const struct config_source *source, struct hw_error *err)
{
	return error_set(err, EINVAL, IN(source->path), NULL, "not a directory");
}

static int open_named(const struct config_sources *sources, struct config_source *source,
		      struct hw_error *err)
{
	source->dir = open(source->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (source->dir < 0 && errno != ENOTDIR)
		return error_set(err, errno, IN(source->path),
				 errno == ENOENT ? kinds[sources->kind].name_it : NULL,
				 "cannot open: %m");
	return 0;
}

static int open_trusted(const struct config_sources *sources, struct config_source *source,
			struct hw_error *err)
{
	struct place place;
	int r = trust_find(sources->trust, source->level, -1, NULL, source->path, &place, err);

	if (r < 0)
		return r;
	if (place.is_dir) {
		source->dir = place.dir;
		return 0;
	}
	close(place.dir);
	return source->mention == CONFIG_MAY_BE_ABSENT ? no_dir(source, err) : 0;
}

/* ---- entries ---- */

static int add_entry(struct config_sources *sources, const struct config_entry *entry,
		     struct hw_error *err)
{
	if (!entry->name)
		return error_oom(err);
	if (!LIST_ROOM(NULL, sources->entries, sources->n_entries, sources->entries_capacity))
		return error_oom(err);
	sources->entries[sources->n_entries++] = *entry;
	return 0;
}

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	/* The usual case first: strcasecmp(3) brings its tables into memory. */
	return len >= n && (streq(s + len - n, end) || strcasecmp(s + len - n, end) == 0);
}

/* The entry of a file called @file; a name that is not a policy's is reported later, in order. */
static struct config_entry policy_entry(struct arena *arena, const char *file, unsigned source)
{
	const size_t len = strlen(file), suffix = strlen(SUFFIX);
	const size_t base = len > suffix ? len - suffix : 0;
	struct config_entry entry = { .source = source };

	entry.file = arena_strdup(arena, file);
	entry.bad = !streq(file + base, SUFFIX) || !hook_policy_name_valid(file, base);
	entry.name = entry.bad ? entry.file : arena_strndup(arena, file, base);
	if (!entry.file)
		entry.name = NULL;
	return entry;
}

/* How a caller says that there are to be no policies: a directory without any may be a mistake. */
static bool means_none(const struct config_source *source)
{
	struct stat st;

	return source->mention == CONFIG_NAMED && stat(source->path, &st) == 0 &&
	       is_null_device(&st);
}

static int add_file(struct config_sources *sources, unsigned i, struct arena *arena,
		    struct hw_error *err)
{
	struct config_entry entry;

	if (kinds[sources->kind].only_dirs)
		return no_dir(&sources->items[i], err);
	if (means_none(&sources->items[i]))
		return 0;
	entry = policy_entry(arena, path_base(sources->items[i].path), i);
	entry.file = NULL;
	return add_entry(sources, &entry, err);
}

/* "NAME.test.yaml": what the policy NAME decides, for its author (policy/test-examples.h). */
static bool is_examples(const char *file)
{
	const size_t len = strlen(file), suffix = strlen(EXAMPLES_SUFFIX);

	return len > suffix && streq(file + len - suffix, EXAMPLES_SUFFIX) &&
	       hook_policy_name_valid(file, len - suffix);
}

/* Skipped: hidden files, README, leftovers of editors and package managers. */
static bool is_no_policy(const char *file)
{
	return file[0] == '.' || is_examples(file) ||
	       !(ends_with(file, SUFFIX) || ends_with(file, ".yml"));
}

static int too_many(const struct config_source *source, const char *what, struct hw_error *err)
{
	return error_set(err, EINVAL, IN(source->path), NULL, "more than %d %s", ENTRIES_MAX, what);
}

static int list_dir(struct config_sources *sources, unsigned i, DIR *dir, struct arena *arena,
		    struct hw_error *err)
{
	const struct config_source *source = &sources->items[i];
	const struct kind *kind = &kinds[sources->kind];

	for (;;) {
		const struct dirent *d;
		struct config_entry entry;
		int r;

		errno = 0;
		d = readdir(dir);
		if (!d && errno)
			return error_set(err, errno, IN(source->path), NULL, "cannot read: %m");
		if (!d)
			return 0;
		if (kind->is_other(d->d_name))
			continue;
		if (sources->n_entries >= ENTRIES_MAX)
			return too_many(source, kind->what, err);
		entry = kind->make_entry(arena, d->d_name, i);
		r = add_entry(sources, &entry, err);
		if (r < 0)
			return r;
	}
}

/* Whoever names a directory has something in it checked, or applied: nothing is not that. */
static int check_found(const struct config_sources *sources, unsigned i, size_t before,
		       struct hw_error *err)
{
	const struct config_source *source = &sources->items[i];
	const struct kind *kind = &kinds[sources->kind];

	if (source->mention != CONFIG_NAMED || sources->n_entries > before)
		return 0;
	return error_set(err, ENOENT, IN(source->path), kind->name_it, "%s", kind->none);
}

static int add_dir(struct config_sources *sources, unsigned i, struct arena *arena,
		   struct hw_error *err)
{
	struct config_source *source = &sources->items[i];
	const size_t before = sources->n_entries;
	DIR *dir = fdopendir(source->dir);
	int r;

	if (!dir)
		return error_set(err, errno, IN(source->path), NULL, "cannot read: %m");
	source->stream = dir; /* the descriptor is its from now on, and may be used as before */
	r = list_dir(sources, i, dir, arena, err);
	return r < 0 ? r : check_found(sources, i, before, err);
}

static int add_source(struct config_sources *sources, unsigned i, struct arena *arena,
		      struct hw_error *err)
{
	struct config_source *source = &sources->items[i];
	int r = source->level == TRUST_CALLER ? open_named(sources, source, err)
					      : open_trusted(sources, source, err);

	if (r < 0)
		return r;
	return source->dir < 0 ? add_file(sources, i, arena, err) : add_dir(sources, i, arena, err);
}

/* By name, and of one name what masks the others first: whatever order readdir(3) has. */
static int by_name_and_source(const void *a, const void *b)
{
	const struct config_entry *p = a, *q = b;
	int order = strcmp(p->name, q->name);

	return order ? order : (p->source > q->source) - (p->source < q->source);
}

static int collect(struct config_sources *sources, struct arena *arena, struct hw_error *err)
{
	for (unsigned i = 0; i < sources->n; i++) {
		struct hw_error e;
		int r = add_source(sources, i, arena, &e);

		if ((r == -ENOENT || r == -ENOTDIR) &&
		    sources->items[i].mention == CONFIG_MAY_BE_ABSENT && sources->items[i].dir < 0)
			r = 0;
		if (r < 0 && report(sources, &e) < 0)
			return error_oom(err);
	}
	if (sources->n_entries)
		qsort(sources->entries, sources->n_entries, sizeof(*sources->entries),
		      by_name_and_source);
	return 0;
}

/* ---- policies ---- */

static int refuse_name(const struct config_entry *entry, const char *path, struct hw_error *err)
{
	const char *file = path_base(path);
	char hint[256];

	if (!ends_with(file, SUFFIX) || !streq(file + strlen(file) - strlen(SUFFIX), SUFFIX)) {
		const char *dot = strrchr(file, '.');

		snprintf(hint, sizeof(hint), "rename it to %.*s" SUFFIX,
			 (int)(dot ? (size_t)(dot - file) : strlen(file)), file);
		return error_set(err, EINVAL, IN(path), hint,
				 "the name of a policy file must end in " SUFFIX);
	}
	return error_set(err, EINVAL, IN(path),
			 "names consist of lower-case letters, digits and '-', begin with a letter "
			 "or a digit, and have at most 64 characters",
			 "'%.*s' is not a valid name of a policy",
			 (int)(strlen(entry->name) - strlen(SUFFIX)), entry->name);
}

static const char *path_of(const struct config_source *source, const struct config_entry *entry,
			   struct arena *arena)
{
	size_t dir = strlen(source->path), file;
	char *path;

	if (!entry->file)
		return source->path;
	while (dir > 1 && source->path[dir - 1] == '/')
		dir--;
	/* Not arena_printf(): that is for messages, and changes what terminals must not see. */
	file = strlen(entry->file);
	path = arena_alloc(arena, dir + file + 2, 1);
	if (!path)
		return NULL;
	memcpy(path, source->path, dir);
	path[dir] = '/';
	memcpy(path + dir + 1, entry->file, file + 1);
	return path;
}

static int parse_policy(const struct config_source *source, const struct config_entry *entry,
			const char *path, const char *text, size_t len, void **ret,
			struct hw_error *err)
{
	struct hw_policy *policy;
	int r = policy_parse(path, entry->name, text, len, &policy, err);

	if (r < 0)
		return r;
	policy->by_file = source->mention == CONFIG_NAMED && !entry->file;
	*ret = policy;
	return 0;
}

/* ---- hooks.d ---- */

/* As the reference engine: any name that ends so, also of a hidden file; case counts. */
static bool is_no_hook(const char *file)
{
	const char *dot = strrchr(file, '.');

	return !dot || !streq(dot, ".json");
}

static struct config_entry hooks_entry(struct arena *arena, const char *file, unsigned source)
{
	const char *name = arena_strndup(arena, file, strlen(file));

	return (struct config_entry){ .name = name, .file = name, .source = source };
}

static int parse_hooks(const struct config_source *source, const struct config_entry *entry,
		       const char *path, const char *text, size_t len, void **ret,
		       struct hw_error *err)
{
	struct hw_hooks_file *file;
	int r = hooksd_parse(path, entry->name, text, len, &file, err);

	(void)source;
	if (r == 0)
		*ret = file;
	return r;
}

/* ---- both ---- */

static const struct kind kinds[2] = {
	[CONFIG_POLICIES] = {
		.what = "policy files",
		.none = "there is no policy file, NAME.yaml, in this directory",
		.name_it = "name a policy file, or a directory of them",
		.max = POLICY_SIZE_MAX,
		.is_other = is_no_policy,
		.make_entry = policy_entry,
		.parse = parse_policy,
	},
	[CONFIG_HOOKS] = {
		.what = "hooks.d files",
		.none = "there is no hooks.d file, NAME.json, in this directory",
		.name_it = "name a directory of hooks.d files, oci-hooks(5)",
		.max = HOOKSD_SIZE_MAX,
		.only_dirs = true,
		.is_other = is_no_hook,
		.make_entry = hooks_entry,
		.parse = parse_hooks,
	},
};

/* *@ret stays NULL for a file that masks. */
static int read_file(struct config_sources *sources, const struct config_entry *entry,
		     const char *path, void **ret, struct hw_error *err)
{
	const struct config_source *source = &sources->items[entry->source];
	const struct kind *kind = &kinds[sources->kind];
	const struct target target = {
		.trust = sources->trust,
		.level = source->level,
		.dir = source->dir,
		.dir_path = source->path,
		.name = entry->file ? entry->file : path,
		.path = path,
		.max = kind->max,
	};
	auto_free char *text = NULL;
	size_t len;
	int r = read_target(&target, &text, &len, err);

	if (r == 0 && len == 0 && source->mention == CONFIG_NAMED && !entry->file)
		return error_set(err, EINVAL, IN(path),
				 "write the policy; an empty file masks one of its name only in a "
				 "directory",
				 "the policy file is empty");
	if (r < 0 || len == 0)
		return r;
	sources->text += len;
	if (sources->text > TEXT_MAX)
		return error_set(err, EFBIG, IN(path), NULL,
				 "with the %s before it, larger than %zu bytes", kind->what,
				 TEXT_MAX);
	r = kind->parse(source, entry, path, text, len, ret, err);
	if (r < 0 && target.level == TRUST_CALLER)
		return fs_hide_linked(target.dir < 0 ? AT_FDCWD : target.dir, target.name, path, r,
				      err);
	return r;
}

static int read_entry(struct config_sources *sources, const struct config_entry *entry,
		      struct arena *arena, void **ret, struct hw_error *err)
{
	const char *path = path_of(&sources->items[entry->source], entry, arena);

	if (!path)
		return error_oom(err);
	return entry->bad ? refuse_name(entry, path, err)
			  : read_file(sources, entry, path, ret, err);
}

static int read_entries(struct config_sources *sources, struct arena *arena, void **items,
			size_t *n, struct hw_error *err)
{
	const char *before = NULL;

	for (size_t i = 0; i < sources->n_entries && sources->text <= TEXT_MAX; i++) {
		const struct config_entry *entry = &sources->entries[i];
		void *item = NULL;
		struct hw_error e;
		int r;

		if (before && streq(entry->name, before))
			continue;
		if (!entry->bad)
			before = entry->name;
		r = read_entry(sources, entry, arena, &item, &e);
		if (r < 0 && report(sources, &e) < 0)
			return error_oom(err);
		if (item)
			items[(*n)++] = item;
	}
	return 0;
}

int config_read_sources(struct config_sources *sources, struct arena *arena, void ***ret, size_t *n,
			struct hw_error *err)
{
	int r = collect(sources, arena, err);

	if (r < 0)
		return r;
	*ret = arena_alloc(arena, sources->n_entries, sizeof(**ret));
	if (!*ret)
		return error_oom(err);
	r = read_entries(sources, arena, *ret, n, err);
	if (r == 0 && sources->failed) {
		if (err)
			*err = sources->first;
		r = -sources->first.errnum;
	}
	return r;
}
