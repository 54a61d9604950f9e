/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Paths through what a process has open. /proc/self/fd/N, as the runtime follows it, is an object
 * of the host if the runtime has left one open: CVE-2024-21626.
 */
#include "base/utf8.h"
#include "view/internal.h"

/* Names below a procfs that denote a process: "self", "thread-self", "1". */
static bool is_process(const char *name, size_t len)
{
	size_t digits = 0;

	while (digits < len && is_digit(name[digits]))
		digits++;
	return (len == 4 && memcmp(name, "self", len) == 0) ||
	       (len == 11 && memcmp(name, "thread-self", len) == 0) || (len > 0 && digits == len);
}

/* The rest of @path, a clean one, below directory @dir; NULL if it is not below it. */
static const char *below(const char *path, const char *dir)
{
	const size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

/* By its letters, if nothing can be inspected: only a procfs is ever mounted on /proc. */
static bool is_by_name(const char *clean)
{
	const char *rest = below(clean, "/proc");

	return below(clean, "/dev/fd") || (rest && is_process(rest, strcspn(rest, "/")));
}

/* The node of the mount's root's own child on the way to @n; NULL if @n is the root. */
static const struct node *first_component(const struct node *n)
{
	while (n->parent && n->parent->parent)
		n = n->parent;
	return n->parent ? n : NULL;
}

/* A bind of what belongs to one process shows nothing else. */
static bool is_part(struct view *view, const struct vmount *m)
{
	const char *clean = m->source ? path_clean(view->arena, m->source) : NULL;

	return clean && is_by_name(clean);
}

int view_enters_process(struct view *view, const char *path, struct arena *arena, bool *ret)
{
	const char *clean = path_clean(arena, path);
	const struct node *first;
	struct walk_result where;
	int r;

	if (!clean)
		return -ENOMEM;
	*ret = is_by_name(clean);
	if (*ret || !view)
		return 0;
	r = view_walk(view, view_root(view), path, WALK_FOLLOW, NULL, NULL, &where);
	if (r == -ENOMEM || !where.at->mount->process)
		return r == -ENOMEM ? r : 0;
	/* The target of "/proc/x/.." depends on the link x. */
	first = first_component(where.at);
	*ret = r == -EAGAIN || is_part(view, where.at->mount) ||
	       (first && is_process(first->name, strlen(first->name)));
	return 0;
}
