/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way on the host to what is mounted. In a user namespace the runtime's init goes there once it
 * is the root that the namespace maps, and cannot search what that user cannot.
 */
#include <fcntl.h>
#include <limits.h>

#include "view/internal.h"

#define STEPS_WAY 6

/* The directory that holds what @fd is, by the kernel's name for it: as it is reached. */
static int open_parent(int fd, char path[PATH_MAX])
{
	const ssize_t len = fs_path_of(fd, path, PATH_MAX);
	char *slash = len > 0 && path[0] == '/' ? strrchr(path, '/') : NULL;

	if (!slash)
		return -ENOENT;
	slash[slash == path] = '\0';
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* @fd as an object of the tree, for its mode, owner and ACL only. */
static int as_node(struct view *v, int fd, struct node *ret)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = (struct node){
		.backing = HOST,
		.mount = v->rootfs,
		.name = "",
		.mode = st.st_mode,
		.other_mode = st.st_mode,
		.uid = st.st_uid,
		.gid = st.st_gid,
		.inode = st.st_ino,
		.fd = fd,
		.slot = -1,
	};
	return 0;
}

static bool is_bundle(struct view *v, const struct node *n, int fd)
{
	struct stat dir, st;

	return v->bundle_dir >= 0 && fstat(v->bundle_dir, &dir) == 0 && fstat(fd, &st) == 0 &&
	       n->inode == dir.st_ino && st.st_dev == dir.st_dev;
}

/* Report that @dir, which leads to @label, cannot be searched. */
static int refuse(struct view *v, struct node *dir, enum truth may, struct doc_place at,
		  const char *label, const char *path, struct verdict_by by)
{
	static const char hint[] = "let that user search the directory, or map its owner";
	const struct reason *why = node_may_reason(v, dir, v->maker, MAY_EXEC, may, path);

	if (!why)
		return -ENOMEM;
	if (by.value != YES && may == UNKNOWN)
		by.value = UNKNOWN;
	return view_refuse_by(v, by, at, hint,
			      "%s cannot be reached by the root of the user namespace: %s", label,
			      why->text);
}

int way_check(struct view *v, int fd, struct doc_place at, const char *label, struct verdict_by by)
{
	/* What lies above the bundle is the host's, and not looked at without --host-mounts. */
	const bool inside = v->spec->bundle_only;
	char path[PATH_MAX];
	auto_close int dir = -1;
	int r = 0;

	if (!v->maker || by.value == YES || (inside && !v->spec->root_inside))
		return 0;
	dir = open_parent(fd, path);
	while (dir >= 0 && r == 0) {
		struct node n;
		enum truth may;
		int up;

		if (!budget_steps(v->budget, STEPS_WAY) || as_node(v, dir, &n) < 0)
			return 0;
		may = node_may(v, &n, v->maker, MAY_EXEC);
		if (may != YES)
			return refuse(v, &n, may, at, label, path, by);
		if (streq(path, "/") || (inside && is_bundle(v, &n, dir)))
			return 0;
		up = open_parent(dir, path);
		(void)close(dir);
		dir = up;
	}
	return r;
}
