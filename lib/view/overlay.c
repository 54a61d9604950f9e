/* SPDX-License-Identifier: Apache-2.0 */
/* What overlayfs refuses of the directories that a mount names. What they show is not merged here. */
#include <sys/stat.h>

#include "view/internal.h"

/* So many lower directories are inspected; the kernel accepts 500. */
#define LAYERS_MAX 500

enum { UPPER, WORK, FIRST_LOWER };

/* The directories, upper and work first; NULL: absent. */
struct overlay {
	const char *dirs[FIRST_LOWER + LAYERS_MAX];
	struct stat st[FIRST_LOWER + LAYERS_MAX];
	size_t n;
	bool strange; /* written in a way that is not taken apart here */
};

static int add_lower(struct view *v, struct overlay *o, const char *list)
{
	o->n = FIRST_LOWER;
	while (*list && !o->strange) {
		const size_t len = strcspn(list, ":");

		o->strange = o->n == ARRAY_SIZE(o->dirs) || len == 0;
		if (!o->strange)
			o->dirs[o->n] = arena_strndup(v->arena, list, len);
		if (!o->strange && !o->dirs[o->n++])
			return -ENOMEM;
		list += len + (list[len] == ':');
	}
	return 0;
}

static int read_part(struct view *v, struct overlay *o, const char *part, size_t len)
{
	static const char *const names[] = { "upperdir=", "workdir=", "lowerdir=" };
	char *text = arena_strndup(v->arena, part, len);
	int r = text ? 0 : -ENOMEM;

	/* "lowerdir+=" adds one. */
	o->strange = o->strange || (text && (strchr(text, '\\') || strstr(text, "dir+")));
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(names); i++) {
		const char *value = text + strlen(names[i]);

		if (!starts_with(text, names[i]))
			continue;
		if (i == FIRST_LOWER)
			r = add_lower(v, o, value);
		else
			o->dirs[i] = value;
		/* Where a relative one begins is the runtime's affair. */
		o->strange = o->strange || value[0] != '/';
	}
	return r;
}

static int read_options(struct view *v, struct overlay *o, const struct spec_mount *mount)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < mount->n_options; i++)
		for (const char *s = mount->options[i]; r == 0 && *s;) {
			const size_t len = strcspn(s, ",");

			r = read_part(v, o, s, len);
			s += len + (s[len] == ',');
		}
	return r;
}

/* What is wrong with what @i names, by itself; NULL: nothing that can be seen from here. */
static const char *look_at(struct view *v, struct overlay *o, size_t i)
{
	auto_close int fd = host_open_source(v, o->dirs[i], v->spec->bundle_only);

	if (fd == -ENOENT || fd == -ENOTDIR)
		return "does not exist";
	if (fd < 0 || fstat(fd, &o->st[i]) < 0) {
		o->st[i] = (struct stat){ 0 };
		return NULL;
	}
	return S_ISDIR(o->st[i].st_mode) ? NULL : "is not a directory";
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino && a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

static bool is_below(struct view *v, const char *path, const char *dir)
{
	const char *a = path_clean(v->arena, path), *b = path_clean(v->arena, dir);

	v->no_memory = v->no_memory || !a || !b;
	return a && b && starts_with(a, b) && a[strlen(b)] == '/';
}

static const char *upper_fault(struct view *v, const struct overlay *o)
{
	const struct stat *upper = &o->st[UPPER], *work = &o->st[WORK];

	if (!o->dirs[WORK])
		return "has an upperdir, but not a workdir";
	if (upper->st_ino && work->st_ino && upper->st_dev != work->st_dev)
		return "has upperdir and workdir on different file systems";
	if (is_same(upper, work) || is_below(v, o->dirs[WORK], o->dirs[UPPER]) ||
	    is_below(v, o->dirs[UPPER], o->dirs[WORK]))
		return "has an upperdir and a workdir that are not separate";
	return NULL;
}

/* What is wrong with all of them together. */
static const char *fault(struct view *v, const struct overlay *o)
{
	const struct stat *st = o->st;
	const size_t lower = o->n - FIRST_LOWER;
	const char *why = o->dirs[UPPER] ? upper_fault(v, o) : NULL;

	if (lower == 0)
		return "does not have a lowerdir";
	if (!o->dirs[UPPER] && lower == 1)
		return "has only one lowerdir, and not an upperdir";
	if (why)
		return why;
	for (size_t i = FIRST_LOWER; i < o->n; i++) {
		if (o->dirs[UPPER] && is_same(&st[i], &st[UPPER]))
			return "has an upperdir that is a lowerdir as well";
		if (i > FIRST_LOWER && is_same(&st[i], &st[i - 1]))
			return "has the same lowerdir twice";
	}
	return NULL;
}

/* 1: something is wrong with one, and reported. */
static int check_each(struct view *v, const struct vmount *m, struct overlay *o)
{
	for (size_t i = 0; i < o->n; i++) {
		const char *why = NULL;

		if (o->dirs[i] && (i != WORK || o->dirs[UPPER]))
			why = look_at(v, o, i);
		if (why)
			return view_refuse(v, m->options_at,
					   "make that directory, or correct the option",
					   "%s: " SHORT " %s", m->label, o->dirs[i], why) < 0
				       ? -ENOMEM
				       : 1;
	}
	return 0;
}

int overlay_check(struct view *v, const struct vmount *m, const struct spec_mount *mount)
{
	struct overlay *o = arena_alloc(v->arena, 1, sizeof(*o));
	const char *why;
	int r;

	if (!o)
		return -ENOMEM;
	o->n = FIRST_LOWER;
	r = read_options(v, o, mount);
	if (r < 0 || o->strange)
		return r;
	r = check_each(v, m, o);
	if (r != 0)
		return r < 0 ? r : 0;
	why = fault(v, o);
	if (v->no_memory)
		return -ENOMEM;
	return why ? view_refuse(
			     v, m->options_at,
			     "name a lowerdir, and an upperdir and a workdir that are separate directories of one file system",
			     "%s %s", m->label, why)
		   : 0;
}
