/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd-lint.h"

#define CONFIG_NAME "config.json"
#define ROOTFS_NAME "rootfs"
#define MARK	    "\"ociVersion\""

/* A directory that is being looked through: only names are kept, so depth costs no descriptor. */
struct level {
	char *names; /* of its directories, each ends with a NUL */
	size_t len, capacity;
	const char **sorted; /* into @names */
	size_t n, next;
	size_t path_len; /* of the directory's own path */
	dev_t dev;
	ino_t ino;
};

struct walk {
	const struct words *operands, *recursive;
	size_t next_operand, next_recursive;
	struct level *levels;
	size_t depth, levels_capacity;
	char *path;
	size_t path_capacity;
	size_t found; /* bundles below the directory of @recursive that is being looked through */
	bool failed, no_memory;
};

/* What a directory is. */
enum verdict { IS_BUNDLE, IS_DIRECTORY, IS_NOTHING };

static void tell(struct walk *walk, const char *path, const char *why, const char *hint)
{
	struct hw_error err;

	hw_error_set(&err, 0, path, hint, why);
	print_error(&err);
	walk->failed = true;
}

static bool no_memory(struct walk *walk)
{
	if (!walk->no_memory)
		fputs("hookwright: out of memory\n", stderr);
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

/* The path of directory @name in the deepest level. */
static bool set_child(struct walk *walk, const struct level *level, const char *name)
{
	const bool slash = level->path_len && walk->path[level->path_len - 1] == '/';

	return set_path(walk, level->path_len, slash ? "" : "/") &&
	       set_path(walk, level->path_len + !slash, name);
}

/* ---- is it a bundle? ---- */

/* Whether MARK is in the file; it may lie across the border of two reads. */
static bool holds_mark(int fd)
{
	char buf[16384];
	size_t kept = 0, total = 0;
	ssize_t n;

	while (total < CONFIG_MAX && (n = read(fd, buf + kept, sizeof(buf) - kept)) > 0) {
		const size_t len = kept + (size_t)n;

		if (memmem(buf, len, MARK, strlen(MARK)))
			return true;
		kept = len < strlen(MARK) - 1 ? len : strlen(MARK) - 1;
		memmove(buf, buf + len - kept, kept);
		total += (size_t)n;
	}
	return false;
}

static bool has_rootfs(int dir)
{
	struct stat st;

	return fstatat(dir, ROOTFS_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* @flags: O_NOFOLLOW or 0. A FIFO must not make us wait, nor a device do anything. */
static enum verdict look_at_config(int dir, int flags)
{
	const int fd =
		openat(dir, CONFIG_NAME, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
	enum verdict verdict = IS_DIRECTORY;
	struct stat st;

	if (fd < 0)
		return errno == ENOENT || errno == ELOOP ? IS_DIRECTORY : IS_BUNDLE;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (has_rootfs(dir) || holds_mark(fd)))
		verdict = IS_BUNDLE;
	close(fd);
	return verdict;
}

static enum verdict judge(struct walk *walk, int dir)
{
	struct stat st;
	const bool link =
		fstatat(dir, CONFIG_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);

	if (link && look_at_config(dir, 0) == IS_BUNDLE)
		tell(walk, walk->path,
		     CONFIG_NAME " is a symbolic link, which is not followed here",
		     "name the bundle itself, not a directory above it");
	return link ? IS_DIRECTORY : look_at_config(dir, O_NOFOLLOW);
}

/* ---- the directories in it ---- */

static bool add_name(struct walk *walk, struct level *level, const char *name)
{
	const size_t len = strlen(name) + 1;

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
	level->n++;
	return true;
}

static bool is_directory(DIR *dir, const struct dirent *entry)
{
	struct stat st;

	if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
		return false;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode);
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

static bool read_names(struct walk *walk, DIR *dir, struct level *level)
{
	const struct dirent *entry;

	errno = 0;
	while ((entry = readdir(dir))) {
		if (is_directory(dir, entry) && !add_name(walk, level, entry->d_name))
			return false;
		errno = 0;
	}
	if (errno)
		tell(walk, walk->path, strerror(errno), NULL);
	return sort_names(walk, level);
}

/* A bind mount can show a directory below itself. */
static bool is_above(const struct walk *walk, const struct stat *st)
{
	for (size_t i = 0; i < walk->depth; i++)
		if (walk->levels[i].dev == st->st_dev && walk->levels[i].ino == st->st_ino)
			return true;
	return false;
}

static struct level *push(struct walk *walk)
{
	if (walk->depth == walk->levels_capacity) {
		const size_t capacity = 2 * walk->levels_capacity + 16;
		struct level *levels = realloc(walk->levels, capacity * sizeof(*levels));

		if (!levels) {
			no_memory(walk);
			return NULL;
		}
		walk->levels = levels;
		walk->levels_capacity = capacity;
	}
	walk->levels[walk->depth] = (struct level){ 0 };
	return &walk->levels[walk->depth++];
}

static void pop(struct walk *walk)
{
	struct level *level = &walk->levels[--walk->depth];

	free(level->names);
	free(level->sorted);
}

/* Takes @fd. */
static enum verdict enter(struct walk *walk, int fd)
{
	struct level *level;
	struct stat st;
	DIR *dir;

	if (fstat(fd, &st) < 0 || is_above(walk, &st)) {
		close(fd);
		return IS_NOTHING;
	}
	level = push(walk);
	dir = level ? fdopendir(fd) : NULL;
	if (!dir) {
		close(fd);
		if (level)
			no_memory(walk);
		return IS_NOTHING;
	}
	level->dev = st.st_dev;
	level->ino = st.st_ino;
	level->path_len = strlen(walk->path);
	read_names(walk, dir, level);
	closedir(dir);
	return IS_DIRECTORY;
}

/*
 * What walk->path is; a directory is entered. What cannot be opened is left to the report, which
 * says why; what is gone meanwhile, or became something else, is nothing.
 */
static enum verdict visit(struct walk *walk, int flags)
{
	const int fd = open(walk->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? IS_NOTHING
									     : IS_BUNDLE;
	if (judge(walk, fd) == IS_BUNDLE) {
		close(fd);
		return IS_BUNDLE;
	}
	return enter(walk, fd);
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

		if (!level->sorted || level->next == level->n) {
			pop(walk);
			continue;
		}
		if (!set_child(walk, level, level->sorted[level->next++]))
			break;
		if (visit(walk, O_NOFOLLOW) == IS_BUNDLE) {
			walk->found++;
			return copy_of_path(walk, walk->path);
		}
	}
	return NULL;
}

static void tell_if_nothing(struct walk *walk)
{
	if (walk->next_recursive && !walk->found && !walk->no_memory)
		tell(walk, walk->recursive->items[walk->next_recursive - 1],
		     "there is no bundle below this directory",
		     "a bundle is a directory whose " CONFIG_NAME " holds \"ociVersion\"");
	walk->found = 1;
}

/* Enter the next directory that was named. */
static char *next_root(struct walk *walk)
{
	const char *name = walk->recursive->items[walk->next_recursive++];
	enum verdict verdict;

	walk->found = 0;
	if (!set_path(walk, 0, name))
		return NULL;
	errno = 0;
	verdict = visit(walk, 0);
	if (verdict == IS_NOTHING && !walk->no_memory) {
		tell(walk, name, strerror(errno), "name a directory with bundles below it");
		walk->found = 1;
	}
	if (verdict != IS_BUNDLE)
		return NULL;
	walk->found++;
	return copy_of_path(walk, walk->path);
}

char *walk_next(struct walk *walk)
{
	char *bundle;

	if (walk->next_operand < walk->operands->n)
		return copy_of_path(walk, walk->operands->items[walk->next_operand++]);
	while (!walk->no_memory) {
		bundle = next_below(walk);
		if (bundle)
			return bundle;
		tell_if_nothing(walk);
		if (walk->next_recursive == walk->recursive->n)
			break;
		bundle = next_root(walk);
		if (bundle)
			return bundle;
	}
	return NULL;
}

struct walk *walk_new(const struct words *operands, const struct words *recursive)
{
	struct walk *walk = calloc(1, sizeof(*walk));

	if (!walk) {
		fputs("hookwright: out of memory\n", stderr);
		return NULL;
	}
	walk->operands = operands;
	walk->recursive = recursive;
	return walk;
}

void walk_free(struct walk *walk)
{
	if (!walk)
		return;
	while (walk->depth)
		pop(walk);
	free(walk->levels);
	free(walk->path);
	free(walk);
}

bool walk_failed(const struct walk *walk)
{
	return walk->failed;
}
