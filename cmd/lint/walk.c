/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the bundles that lint inspects: those that are named, and all below named directories. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lint/cmd-lint.h"

#define CONFIG_NAME "config.json"
#define ROOTFS_NAME "rootfs"

/* Memory for the names of directories that are still to be searched. */
#define NAMES_MAX ((size_t)256 << 20)

/* A directory whose directories are being looked through, in the order of their names' bytes. */
struct level {
	char *names; /* each ends with a NUL */
	size_t len, capacity;
	const char **sorted; /* into @names */
	size_t n, next;
	size_t path_len; /* of the directory's own path */
	dev_t dev;
	ino_t ino;
};

/* A directory that was named. */
struct root {
	const char *name;
	size_t bundles; /* found below it */
	bool told;	/* stderr has why it cannot be looked through */
};

struct walk {
	const struct words *operands;
	struct passed_over *passed;
	struct root *roots;
	size_t n_roots, next_operand, next_root; /* the root before next_root is looked through */
	struct level *levels;
	size_t depth, levels_capacity;
	int dir;      /* of the deepest level; -1: there is none */
	int root_dir; /* of the first */
	size_t root_len;
	size_t names_len; /* of all levels */
	char *path;
	size_t path_capacity;
	bool failed, no_memory;
};

/* The result of listing a directory. */
struct listing {
	bool config;	 /* there is a config.json, whatever it is */
	bool config_dir; /* and that is a directory */
	bool rootfs;
};

static void tell(struct walk *walk, const char *path, const char *why, const char *hint)
{
	struct hw_error err;

	hw_error_set(&err, 0, path, hint, why);
	print_error(&err);
	walk->failed = true;
	if (walk->next_root)
		walk->roots[walk->next_root - 1].told = true;
}

static bool no_memory(struct walk *walk)
{
	if (!walk->no_memory)
		print_stderr("hookwright: out of memory\n");
	walk->no_memory = walk->failed = true;
	return false;
}

/* ---- the path ---- */

/* Make @rest follow the first @len bytes of the path. */
static bool set_path(struct walk *walk, size_t len, const char *rest)
{
	const size_t rest_len = strlen(rest);

	if (len + rest_len + 1 > walk->path_capacity) {
		const size_t capacity = 2 * (len + rest_len + 1);
		char *path = realloc(walk->path, capacity);

		if (!path)
			return no_memory(walk);
		walk->path = path;
		walk->path_capacity = capacity;
	}
	memcpy(walk->path + len, rest, rest_len + 1);
	return true;
}

/* The path of @name in the directory whose path has @len bytes. */
static bool set_child(struct walk *walk, size_t len, const char *name)
{
	const bool slash = len && walk->path[len - 1] == '/';

	return set_path(walk, len, slash ? "" : "/") && set_path(walk, len + !slash, name);
}

/* ---- what is in a directory ---- */

static bool add_name(struct walk *walk, struct level *level, const char *name)
{
	const size_t len = strlen(name) + 1;

	if (walk->names_len + len > NAMES_MAX) {
		tell(walk, walk->path, "the names of directories exceed 256 MiB",
		     "inspect its subdirectories separately");
		return false;
	}
	if (level->len + len > level->capacity) {
		const size_t capacity = 2 * (level->len + len) + 256;
		char *names = realloc(level->names, capacity);

		if (!names)
			return no_memory(walk);
		level->names = names;
		level->capacity = capacity;
	}
	memcpy(level->names + level->len, name, len);
	level->len += len;
	walk->names_len += len;
	level->n++;
	return true;
}

/*
 * A link is not followed, but who reads the end of the run must see that there may be more. Of what
 * lies outside of the tree not even its kind is asked for.
 */
static bool note_link(struct walk *walk, size_t path_len, const char *name)
{
	static const struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
					     .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
	const char *relative;
	int fd;

	if (!set_child(walk, path_len, name))
		return false;
	relative = walk->path + walk->root_len;
	relative += strspn(relative, "/");
	fd = (int)syscall(SYS_openat2, walk->root_dir, relative, &how, sizeof(how));
	if (fd >= 0)
		passed_add(walk->passed, PASSED_LINK, walk->path);
	else if (errno != ENOTDIR && errno != ENOENT && errno != ELOOP)
		passed_add(walk->passed, PASSED_OUTSIDE, walk->path);
	if (fd >= 0)
		close(fd);
	walk->path[path_len] = '\0';
	return true;
}

static unsigned char type_of(int dir, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	return fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0
		       ? (unsigned char)IFTODT(st.st_mode)
		       : DT_UNKNOWN;
}

static bool take_entry(struct walk *walk, DIR *dir, const struct dirent *entry, struct level *level,
		       struct listing *found)
{
	const char *name = entry->d_name;
	const bool config = strcmp(name, CONFIG_NAME) == 0;
	unsigned char type;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	type = type_of(dirfd(dir), entry);
	found->config = found->config || config;
	found->config_dir = found->config_dir || (config && type == DT_DIR);
	found->rootfs = found->rootfs || strcmp(name, ROOTFS_NAME) == 0;
	if (type == DT_DIR)
		return add_name(walk, level, name);
	return type != DT_LNK || config || note_link(walk, level->path_len, name);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The order in which a file system lists names differs from machine to machine. */
static bool sort_names(struct walk *walk, struct level *level)
{
	const char *name = level->names;

	if (level->n == 0)
		return true;
	level->sorted = calloc(level->n, sizeof(*level->sorted));
	if (!level->sorted)
		return no_memory(walk);
	for (size_t i = 0; i < level->n; i++, name += strlen(name) + 1)
		level->sorted[i] = name;
	qsort(level->sorted, level->n, sizeof(*level->sorted), by_bytes);
	return true;
}

/* False: the directory is not looked through further, and stderr says why. */
static bool read_names(struct walk *walk, DIR *dir, struct level *level, struct listing *found)
{
	const struct dirent *entry;

	errno = 0;
	while ((entry = readdir(dir))) {
		if (!take_entry(walk, dir, entry, level, found))
			return false;
		errno = 0;
	}
	if (errno)
		tell(walk, walk->path, strerror(errno), NULL);
	return sort_names(walk, level);
}

/* ---- down and up ---- */

/* A bind mount can show a directory below itself: its contents were inspected already. */
static bool is_above(const struct walk *walk, const struct stat *st)
{
	for (size_t i = 0; i < walk->depth; i++)
		if (walk->levels[i].dev == st->st_dev && walk->levels[i].ino == st->st_ino)
			return true;
	return false;
}

static void set_dir(struct walk *walk, int fd)
{
	if (walk->dir >= 0)
		close(walk->dir);
	walk->dir = fd;
}

static void free_level(struct walk *walk, struct level *level)
{
	walk->names_len -= level->len;
	free(level->names);
	free(level->sorted);
}

/* Takes @level, whose directory becomes the deepest one; @fd stays the caller's. */
static bool push(struct walk *walk, struct level *level, int fd)
{
	const int kept = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (kept < 0) {
		tell(walk, walk->path, strerror(errno), NULL);
		free_level(walk, level);
		return false;
	}
	if (walk->depth == walk->levels_capacity) {
		const size_t capacity = 2 * walk->levels_capacity + 16;
		struct level *levels = realloc(walk->levels, capacity * sizeof(*levels));

		if (!levels) {
			close(kept);
			free_level(walk, level);
			return no_memory(walk);
		}
		walk->levels = levels;
		walk->levels_capacity = capacity;
	}
	walk->levels[walk->depth++] = *level;
	set_dir(walk, kept);
	return true;
}

static void drop_all(struct walk *walk)
{
	while (walk->depth)
		free_level(walk, &walk->levels[--walk->depth]);
	set_dir(walk, -1);
	if (walk->root_dir >= 0)
		close(walk->root_dir);
	walk->root_dir = -1;
}

/* Only the deepest directory is open: the one above is "..", if nobody moved it meanwhile. */
static void pop(struct walk *walk)
{
	const struct level *above;
	struct stat st;
	int fd;

	if (walk->depth == 1) {
		drop_all(walk);
		return;
	}
	free_level(walk, &walk->levels[--walk->depth]);
	above = &walk->levels[walk->depth - 1];
	walk->path[above->path_len] = '\0';
	fd = openat(walk->dir, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	set_dir(walk, fd);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_dev == above->dev && st.st_ino == above->ino)
		return;
	tell(walk, walk->path, "it was moved while it was being searched", "run lint again");
	drop_all(walk);
}

/* Takes @fd, the directory at walk->path. Whether a report on it is due. */
static bool enter(struct walk *walk, int fd)
{
	struct level level = { .path_len = strlen(walk->path) };
	struct listing found = { 0 };
	struct stat st;
	DIR *dir;

	if (fstat(fd, &st) < 0 || is_above(walk, &st)) {
		close(fd);
		return false;
	}
	level.dev = st.st_dev;
	level.ino = st.st_ino;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return no_memory(walk);
	}
	if (!read_names(walk, dir, &level, &found) || level.n == 0)
		free_level(walk, &level);
	else
		push(walk, &level, dirfd(dir));
	closedir(dir);
	walk->path[level.path_len] = '\0';
	return found.config && (!found.config_dir || found.rootfs);
}

/*
 * The kind of walk->path, which is @name in @dir. A file that cannot be opened gets a report that
 * says why; one that is gone meanwhile, or became something else, does not.
 */
static bool visit(struct walk *walk, int dir, const char *name)
{
	int fd;

	if (strlen(walk->path) >= PATH_MAX)
		return true;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		return enter(walk, fd);
	return errno != ENOENT && errno != ENOTDIR && errno != ELOOP;
}

/* ---- one after the other ---- */

static char *copy_of_path(struct walk *walk, const char *path)
{
	char *copy = strdup(path);

	if (!copy)
		no_memory(walk);
	return copy;
}

/* The next bundle below what was entered. */
static char *next_below(struct walk *walk)
{
	while (walk->depth && !walk->no_memory) {
		struct level *level = &walk->levels[walk->depth - 1];
		const char *name;

		if (level->next == level->n) {
			pop(walk);
			continue;
		}
		name = level->sorted[level->next++];
		if (!set_child(walk, level->path_len, name))
			break;
		if (visit(walk, walk->dir, name))
			return copy_of_path(walk, walk->path);
	}
	return NULL;
}

/* Enter the next directory that was named; a link is the caller's word. */
static char *next_root(struct walk *walk)
{
	const char *name = walk->roots[walk->next_root++].name;
	int fd;

	drop_all(walk);
	if (!set_path(walk, 0, name))
		return NULL;
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
			return copy_of_path(walk, name);
		tell(walk, name, strerror(errno), "name a directory with bundles below it");
		return NULL;
	}
	walk->root_len = strlen(name);
	walk->root_dir = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return enter(walk, fd) ? copy_of_path(walk, name) : NULL;
}

char *walk_next(struct walk *walk, size_t *root)
{
	char *bundle;

	*root = WALK_NAMED;
	if (walk->next_operand < walk->operands->n)
		return copy_of_path(walk, walk->operands->items[walk->next_operand++]);
	while (!walk->no_memory) {
		bundle = next_below(walk);
		if (!bundle && !walk->no_memory && walk->next_root < walk->n_roots)
			bundle = next_root(walk);
		else if (!bundle)
			break;
		*root = walk->next_root - 1;
		if (bundle)
			return bundle;
	}
	return NULL;
}

void walk_found(struct walk *walk, size_t root)
{
	if (root != WALK_NAMED)
		walk->roots[root].bundles++;
}

bool walk_end(struct walk *walk)
{
	for (size_t i = 0; i < walk->n_roots && !walk->no_memory; i++)
		if (!walk->roots[i].bundles && !walk->roots[i].told) {
			walk->next_root = i + 1;
			tell(walk, walk->roots[i].name, "no bundle found below this directory",
			     "a bundle is a directory whose " CONFIG_NAME
			     " is an OCI configuration");
		}
	return !walk->failed;
}

struct walk *walk_new(const struct words *operands, const struct words *recursive,
		      struct passed_over *passed)
{
	struct walk *walk = calloc(1, sizeof(*walk));

	if (walk)
		walk->roots = calloc(recursive->n + 1, sizeof(*walk->roots));
	if (!walk || !walk->roots) {
		fputs("hookwright: out of memory\n", stderr);
		free(walk);
		return NULL;
	}
	for (size_t i = 0; i < recursive->n; i++)
		walk->roots[i].name = recursive->items[i];
	walk->n_roots = recursive->n;
	walk->operands = operands;
	walk->passed = passed;
	walk->dir = walk->root_dir = -1;
	return walk;
}

void walk_free(struct walk *walk)
{
	if (!walk)
		return;
	drop_all(walk);
	free(walk->levels);
	free(walk->roots);
	free(walk->path);
	free(walk);
}
