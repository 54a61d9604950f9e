/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Binds of the container's own rootfs. Both runtimes mount below the rootfs' path on the host (in a
 * mount namespace of their own) and take the source of a bind by path: where that leads into the
 * rootfs, it leads into what is mounted there already, and a recursive bind brings such mounts
 * along. Those are not followed, only noticed. With a user namespace crun 1.8 opens the sources
 * before it mounts anything and runc does not, so there is no better answer then.
 */
#include <limits.h>

#include "view/internal.h"

/* The path of @fd on the host; NULL with errno. */
static const char *host_path(struct view *v, int fd)
{
	char buf[PATH_MAX];
	ssize_t len = fs_path_of(fd, buf, sizeof(buf));
	const char *path = len < 0 ? NULL : arena_strndup(v->arena, buf, (size_t)len);

	if (!path)
		errno = len < 0 ? (int)-len : ENOMEM;
	return path;
}

/*
 * The rest of @path after directory @dir, without a slash at its
 * beginning; NULL if it is not there.
 */
static const char *below(const char *path, const char *dir)
{
	size_t len = streq(dir, "/") ? 0 : strlen(dir);

	if (strncmp(path, dir, len) != 0 || (path[len] && path[len] != '/'))
		return NULL;
	return path[len] ? path + len + 1 : path + len;
}

static int need_rootfs_path(struct view *v)
{
	int fd = v->rootfs_path ? 0 : host_fd(v, v->rootfs->root);

	if (fd < 0)
		return fd;
	if (!v->rootfs_path)
		v->rootfs_path = host_path(v, fd);
	return v->rootfs_path ? 0 : -errno;
}

/* The first mount on the way along @path in the rootfs. */
static int find_cover(struct view *v, const char *path, const struct vmount **ret)
{
	struct node *n = v->rootfs->root;
	int r = 0;

	*ret = n->covered;
	while (r == 0 && *path && !*ret) {
		size_t len = strcspn(path, "/");

		budget_charge(v->budget, BUDGET_STEPS, 1);
		r = node_child(v, n, path, len, &n);
		if (r == 0)
			*ret = n->covered;
		path += len;
		path += *path == '/';
	}
	/*
	 * An unknown object there does not have a mount on it; one that has
	 * vanished does not matter.
	 */
	return r == -ENOMEM ? r : 0;
}

int self_bind(struct view *v, struct vmount *m, int fd, const char **why)
{
	const struct vmount *cover = NULL;
	const char *path, *inside;
	int r = need_rootfs_path(v);

	path = r == 0 ? host_path(v, fd) : NULL;
	if (!path) {
		r = r == 0 ? -errno : r;
		errno = -r;
		if (r != -ENOMEM)
			*why = arena_printf(v->arena, "cannot determine the path of %s: %m",
					    m->source);
		return *why ? 0 : -ENOMEM;
	}
	inside = below(path, v->rootfs_path);
	m->shows_rootfs = m->recursive && (inside || below(v->rootfs_path, path));
	r = inside ? find_cover(v, inside, &cover) : 0;
	if (r < 0 || !cover)
		return r;
	*why = arena_printf(v->arena, "the source of %s is in the rootfs, where %s covers it",
			    m->label, cover->label);
	return *why ? 0 : -ENOMEM;
}

int self_child(struct view *v, struct node *dir, const char *name, size_t len,
	       const struct vmount *cover, struct node **ret)
{
	const char *why = arena_printf(v->arena, "%s also contains the rootfs with %s in it",
				       dir->mount->label, cover->label);

	return node_opaque(v, dir, name, len, reason_cause(v->arena, dir->mount->at, NULL, why),
			   ret);
}
