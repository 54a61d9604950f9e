/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's objects behind nodes. They are opened with O_PATH|O_NOFOLLOW, one component at a time,
 * so that nothing leads out of the rootfs and nothing blocks or is triggered by the inspection. Few
 * descriptors are held: one that was given up is opened again from its parent, and must lead to the
 * same object then.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/vfs.h>

#include "base/fs.h"
#include "base/list.h"
#include "view/internal.h"

#define PROC_MAGIC   0x9fa0
#define AUTOFS_MAGIC 0x0187

/* statx(2) of the object itself, or -errno. */
static int look(int fd, struct statx *st)
{
	return statx(fd, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_MNT_ID,
		     st) < 0
		       ? -errno
		       : 0;
}

static void fill(struct node *n, const struct statx *st)
{
	n->backing = HOST;
	n->mode = n->other_mode = st->stx_mode;
	n->uid = st->stx_uid;
	n->gid = st->stx_gid;
	n->size = st->stx_size;
	n->inode = st->stx_ino;
	n->dev_major = st->stx_dev_major;
	n->dev_minor = st->stx_dev_minor;
	n->attributes = st->stx_attributes & st->stx_attributes_mask;
	n->mount_id = st->stx_mask & STATX_MNT_ID ? st->stx_mnt_id : 0;
}

static bool same_object(const struct node *n, const struct statx *st)
{
	return n->inode == st->stx_ino && n->dev_major == st->stx_dev_major &&
	       n->dev_minor == st->stx_dev_minor && (n->mode & S_IFMT) == (st->stx_mode & S_IFMT);
}

/* ---- descriptors ---- */

static void give_up(struct view *v, int slot)
{
	struct node *n = v->slots[slot];

	if (!n)
		return;
	(void)close(n->fd);
	n->fd = n->slot = -1;
	n->readable = false;
	v->slots[slot] = NULL;
}

void host_close(struct view *v)
{
	for (int i = 0; i < VIEW_FDS; i++)
		give_up(v, i);
}

/* The least recently used one goes; so the two used last are both open. */
static void keep(struct view *v, struct node *n, int fd)
{
	int slot = 0;

	for (int i = 1; i < VIEW_FDS; i++)
		if (v->used[i] < v->used[slot])
			slot = i;
	give_up(v, slot);
	v->slots[slot] = n;
	v->used[slot] = ++v->clock;
	n->fd = fd;
	n->slot = slot;
}

static int open_beneath(int dir, const char *name, struct statx *st)
{
	auto_close int fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int r;

	if (fd < 0)
		return -errno;
	r = look(fd, st);
	return r < 0 ? r : TAKE_FD(fd);
}

static int reopen(struct view *v, struct node *n)
{
	struct statx st;

	if (!budget_steps(v->budget, STEPS_CALL))
		return -ESPENT;

	auto_close int fd = n->parent		    ? open_beneath(n->parent->fd, n->name, &st)
			    : n->mount == v->rootfs ? host_open_rootfs(v)
						    : host_open_source(v, n->mount->source, false);
	int r;

	if (fd < 0)
		return fd;
	if (!n->parent) {
		r = look(fd, &st);
		if (r < 0)
			return r;
	}
	if (!same_object(n, &st))
		return -ESTALE;
	keep(v, n, TAKE_FD(fd));
	return 0;
}

int host_fd(struct view *v, struct node *n)
{
	struct node *top = n;
	int r = 0;

	n->down = NULL;
	for (; top->fd < 0 && top->parent; top = top->parent)
		top->parent->down = top;
	for (; top; top = top->down) {
		if (top->fd < 0)
			r = reopen(v, top);
		if (r < 0)
			return r;
		if (top->slot >= 0)
			v->used[top->slot] = ++v->clock;
	}
	return n->fd;
}

/* Through the descriptor and not by path: what was resolved is what is read. */
int host_reader(struct view *v, struct node *n)
{
	char self[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	int fd;

	if (!S_ISREG(n->mode))
		return -EINVAL;
	fd = host_fd(v, n);
	if (fd < 0 || n->readable)
		return fd;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	fd = open(self, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	(void)close(n->fd);
	n->fd = fd;
	n->readable = true;
	return fd;
}

/* ---- looking ---- */

/* A directory of the host that this process may not search hides everything in it alike. */
static int closed(struct view *v, struct node *dir, const char *name, struct node **ret)
{
	const char *path = dir->why ? NULL : node_path(v, dir);

	errno = EACCES;
	if (path)
		dir->why = reason_cause(v->arena, dir->mount->at,
					"run hookwright as a user who can read it",
					arena_printf(v->arena, "cannot inspect %s: %m", path));
	return node_opaque(v, dir, name, strlen(name), dir->why, ret);
}

static int failed(struct view *v, struct node *dir, const char *name, int errnum, struct node **ret)
{
	const char *path, *text;

	if (errnum == ENOENT || errnum == ENOMEM)
		return -errnum;
	if (errnum == EACCES)
		return closed(v, dir, name, ret);
	if (errnum == ESPENT && budget_is_spent(v->budget))
		return node_opaque(v, dir, name, strlen(name), view_spent(v), ret);
	path = node_path(v, dir);
	if (!path)
		return -ENOMEM;
	if (errnum == ESTALE)
		text = arena_printf(v->arena, "%s was replaced while it was inspected", path);
	else
		text = arena_printf(v->arena, "cannot inspect %s: %s", path, strerror(errnum));
	return node_opaque(v, dir, name, strlen(name), reason_new(v->arena, text), ret);
}

/* Links in proc lead anywhere, and a look into autofs makes it mount something. */
const char *host_pseudo(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return "on a file system of unknown type";
	if (fs.f_type == PROC_MAGIC)
		return "on the host's proc";
	if (fs.f_type == AUTOFS_MAGIC)
		return "on an automount point";
	return NULL;
}

/*
 * Whether the object at @fd, called @name in @dir, is hidden from hookwright: *@why says by what,
 * NULL if it is not. A host mount on it is part of a recursive bind; under another one the
 * container sees the directory beneath, which from here nobody can.
 */
static int hidden(struct view *v, struct node *dir, const char *name, int fd,
		  const struct statx *st, const char **why)
{
	bool told = st->stx_mask & STATX_MNT_ID;
	/*
	 * A device number of its own is not a sign: btrfs and overlayfs have several in one mount.
	 */
	bool crossed =
		told ? dir->mount_id != st->stx_mnt_id
		     : dir->dev_major != st->stx_dev_major || dir->dev_minor != st->stx_dev_minor;
	const char *what = NULL, *tail = dir->mount->label, *path;

	if (crossed && !dir->mount->recursive) {
		what = "below a mount of the host, which is not part of ";
	} else if (crossed) {
		what = host_pseudo(fd);
		tail = ", which is not inspected";
	} else if (!told && !dir->mount->recursive && S_ISDIR(st->stx_mode)) {
		what = "perhaps below a mount of the host (Linux "
		       "before 5.8 does not report it) in ";
	}
	if (!what)
		return 0;
	path = node_path(v, dir);
	if (path)
		*why = arena_printf(v->arena, "%s/%s is %s%s", streq(path, "/") ? "" : path, name,
				    what, tail);
	return *why ? 0 : -ENOMEM;
}

enum truth host_protects_links(void)
{
	auto_close int fd = open("/proc/sys/fs/protected_symlinks", O_RDONLY | O_CLOEXEC);
	char value;

	if (fd < 0 || read(fd, &value, 1) != 1)
		return UNKNOWN;
	return value == '0' ? NO : YES;
}

int host_child(struct view *v, struct node *dir, const char *name, size_t len, struct node **ret)
{
	char component[VIEW_NAME_MAX + 1] = "";
	const char *why = NULL;
	struct statx st;
	auto_close int fd = -1;
	int at = budget_steps(v->budget, STEPS_CALL) ? host_fd(v, dir) : -ESPENT, r;

	memcpy(component, name, len);
	if (at < 0)
		return failed(v, dir, component, at == -ENOENT ? ESTALE : -at, ret);
	fd = open_beneath(at, component, &st);
	if (fd < 0)
		return failed(v, dir, component, -fd, ret);
	r = hidden(v, dir, component, fd, &st, &why);
	if (r < 0)
		return r;
	if (why)
		return node_opaque(v, dir, component, len,
				   reason_cause(v->arena, dir->mount->at, NULL, why), ret);
	r = node_add(v, dir, dir->mount, component, len, ret);
	if (r < 0)
		return r;
	fill(*ret, &st);
	keep(v, *ret, TAKE_FD(fd));
	return 0;
}

/* A magic link, such as /proc/self/fd/3, would be this process's and not the runtime's. */
static int open_source(struct view *v, const char *source)
{
	return fs_open_path(v->bundle_dir, source, false, v->budget);
}

int host_open_rootfs(struct view *v)
{
	return fs_open_path(v->bundle_dir, v->spec->root_path, false, NULL);
}

static bool lies_in(const char *path, const char *dir, size_t len)
{
	return memcmp(path, dir, len) == 0 && (path[len] == '\0' || path[len] == '/' || len == 1);
}

/*
 * An absolute path may be the bundle's. What is outside is -EXDEV whether it exists or not: a
 * hostile config.json must not learn which files there are.
 */
static int open_absolute(struct view *v, const char *source)
{
	char path[PATH_MAX], bundle[PATH_MAX];
	const ssize_t len = fs_path_of(v->bundle_dir, bundle, sizeof(bundle));
	auto_close int fd = open_source(v, source);

	if (len <= 0)
		return -EXDEV;
	if (fd < 0)
		return strncmp(source, bundle, (size_t)len) == 0 &&
				       lies_in(source, bundle, (size_t)len) &&
				       !strstr(source, "/..")
			       ? fd
			       : -EXDEV;
	if (fs_path_of(fd, path, sizeof(path)) < len || !lies_in(path, bundle, (size_t)len))
		return -EXDEV;
	return TAKE_FD(fd);
}

int host_open_source(struct view *v, const char *source, bool inside)
{
	if (!inside)
		return open_source(v, source);
	return source[0] == '/' ? open_absolute(v, source)
				: fs_open_beneath(v->bundle_dir, source, v->budget);
}

int host_flags(struct view *v, struct node *n, unsigned long *ret)
{
	struct statfs fs;
	int fd = budget_steps(v->budget, STEPS_CALL / 4) ? host_fd(v, n) : -ESPENT;

	if (fd < 0)
		return fd;
	if (fstatfs(fd, &fs) < 0)
		return -errno;
	*ret = (unsigned long)fs.f_flags;
	return 0;
}

int host_root(struct view *v, struct vmount *mount, int fd)
{
	struct statx st;
	int r = look(fd, &st);

	if (r == 0)
		r = node_add(v, NULL, mount, "", 0, &mount->root);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	fill(mount->root, &st);
	keep(v, mount->root, fd);
	return 0;
}

int host_link(struct view *v, struct node *n)
{
	/* The size of a link is its length, but where a file system makes links up. */
	size_t room = n->size && n->size < PATH_MAX ? (size_t)n->size + 1 : PATH_MAX;
	int fd = host_fd(v, n);

	if (fd < 0)
		return fd;
	for (;; room = PATH_MAX) {
		char *text = arena_alloc(v->arena, room + 1, 1);
		ssize_t len = text ? readlinkat(fd, "", text, room) : 0;

		if (!text || len < 0)
			return text ? -errno : -ENOMEM;
		if ((size_t)len < room || room == PATH_MAX) {
			n->text = text;
			return 0;
		}
	}
}

static int take_names(DIR *dir, size_t max, struct budget *budget, struct arena *arena,
		      const char ***names, size_t *n)
{
	size_t capacity = 0;
	struct dirent *entry;

	*names = NULL;
	for (*n = 0; *n < max && budget_steps(budget, 1) && (entry = readdir(dir));) {
		if (streq(entry->d_name, ".") || streq(entry->d_name, ".."))
			continue;
		if (!LIST_ROOM(arena, *names, *n, capacity))
			return -ENOMEM;
		(*names)[*n] = arena_strdup(arena, entry->d_name);
		if (!(*names)[(*n)++])
			return -ENOMEM;
	}
	return 0;
}

int host_list(struct view *v, struct node *n, size_t max, struct arena *arena, const char ***names,
	      size_t *n_names)
{
	int at = host_fd(v, n), fd, r;
	DIR *dir;

	if (at < 0)
		return at;
	fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		r = -errno;
		if (fd >= 0)
			(void)close(fd);
		return r;
	}
	r = take_names(dir, max, v->budget, arena, names, n_names);
	(void)closedir(dir);
	return r;
}
