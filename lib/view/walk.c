/* SPDX-License-Identifier: Apache-2.0 */
/* Path resolution as in path_resolution(7), inside the container's root and over its mounts. */
#include <fcntl.h>

#include "base/list.h"
#include "view/internal.h"

struct walk {
	struct view *v;
	const struct creds *who;
	struct trail *trail;
	unsigned flags;
	struct node *at;
	/*
	 * The rest of the path, and below it of the links being followed, nested as in the kernel.
	 */
	const char *rest[VIEW_LINKS_MAX + 1];
	int depth;
	struct node *followed[VIEW_LINKS_MAX];
	int links;
	struct node *dangling; /* the last link that led to what had to be made */
	bool directory;	       /* a slash follows the last component */
	bool loop;
	const struct reason *reason;
	const char *trouble; /* see struct walk_result; the first one stays */
};

/* Fail the walk with a reason; @errnum EAGAIN: unknown. */
static int fail_for(struct walk *w, int errnum, const struct reason *reason)
{
	w->reason = reason;
	return reason ? -errnum : -ENOMEM;
}

static int fail(struct walk *w, int errnum, const char *text)
{
	return fail_for(w, errnum, reason_new(w->v->arena, text));
}

static int spent(struct walk *w)
{
	return fail_for(w, EAGAIN, view_spent(w->v));
}

static bool is_runtime(const struct walk *w)
{
	return w->who == w->v->maker;
}

/* The runtime gets no further, which is reported; the rest is judged all the same. */
static int note_trouble(struct walk *w, const char *why)
{
	if (!w->trouble)
		w->trouble = why;
	return why ? 0 : -ENOMEM;
}

int trail_add(struct trail *trail, const char *step)
{
	if (!step)
		return -ENOMEM;
	if (!LIST_ROOM(trail->arena, trail->steps, trail->n, trail->capacity))
		return -ENOMEM;
	trail->steps[trail->n++] = step;
	return 0;
}

/* "/" + "bin" is "/bin". */
static const char *below(const char *dir)
{
	return streq(dir, "/") ? "" : dir;
}

/* A piece of a path between slashes. */
struct component {
	const char *name;
	size_t len;
	bool last;
};

static const char *skip_slashes(const char *s)
{
	return s + strspn(s, "/");
}

/* The next component, or false at the end of the path. */
static bool next_component(struct walk *w, struct component *c)
{
	const char *s;

	while (w->depth > 0 && !*skip_slashes(w->rest[w->depth]))
		w->depth--;
	s = skip_slashes(w->rest[w->depth]);
	if (!*s)
		return false;
	c->name = s;
	c->len = strcspn(s, "/");
	w->rest[w->depth] = skip_slashes(s + c->len);
	c->last = true;
	for (int i = 0; i <= w->depth; i++)
		c->last = c->last && !*skip_slashes(w->rest[i]);
	if (c->last && s[c->len] == '/')
		w->directory = true;
	return true;
}

static int not_a_directory(struct walk *w)
{
	const char *path = node_path(w->v, w->at);

	return fail(w, ENOTDIR,
		    path ? arena_printf(w->v->arena, "%s is not a directory", path) : NULL);
}

/* Search permission is asked for before every component, even "." and "..". */
static int may_search(struct walk *w)
{
	const struct reason *why;
	const char *path;
	enum truth may;

	if (w->at->backing == OPAQUE)
		return 0;
	if (!S_ISDIR(w->at->mode))
		return not_a_directory(w);
	may = w->who ? node_may(w->v, w->at, w->who, MAY_EXEC) : YES;
	if (may == YES || (may == UNKNOWN && is_runtime(w)))
		return 0;
	path = w->v->no_memory ? NULL : node_path(w->v, w->at);
	why = path ? node_may_reason(w->v, w->at, w->who, MAY_EXEC, may, path) : NULL;
	if (is_runtime(w))
		return note_trouble(w, why ? why->text : NULL);
	return fail_for(w, may == NO ? EACCES : EAGAIN, why);
}

static int go_up(struct walk *w)
{
	struct node *n = w->at;

	/* An unknown object may be a link to somewhere else. */
	if (n->backing == OPAQUE && !n->directory)
		return fail_for(w, EAGAIN, n->why);
	n = node_standing(n);
	w->at = node_top(n->parent ? n->parent : n);
	return 0;
}

static int absent(struct walk *w, const struct component *c)
{
	struct view *v = w->v;
	struct node *hidden, *covers = w->at->parent ? NULL : w->at->mount->covers;
	const char *path = node_path(v, w->at);
	int r = -ENOENT;

	if (!path)
		return -ENOMEM;
	if (covers && covers->backing != OPAQUE && S_ISDIR(covers->mode))
		r = node_child(v, covers, c->name, c->len, &hidden);
	if (r == -ENOMEM)
		return r;
	if (r == 0)
		return fail(w, ENOENT,
			    arena_printf(v->arena, "%s/%.*s is hidden by %s", below(path),
					 (int)c->len, c->name, w->at->mount->label));
	return fail(w, ENOENT,
		    arena_printf(v->arena, "no '%.*s' in %s", (int)c->len, c->name, path));
}

/* Note why the runtime cannot make @c where it is missing, if so. */
static int may_make(struct walk *w, const struct component *c)
{
	struct view *v = w->v;
	const struct reason *why = NULL;
	const char *path;
	bool may = true;

	if (w->trouble)
		return 0;
	path = node_path(v, w->at);
	if (!path)
		return -ENOMEM;
	if (w->who && node_may(v, w->at, w->who, MAY_WRITE | MAY_EXEC) == NO) {
		may = false;
		why = node_may_reason(v, w->at, w->who, MAY_WRITE | MAY_EXEC, NO, path);
	} else if (node_mount_takes(v, w->at, &why) == NO) {
		may = false;
	}
	if (may)
		return v->no_memory ? -ENOMEM : 0;
	return note_trouble(w, why ? arena_printf(v->arena, "no '%.*s' in %s, and %s", (int)c->len,
						  c->name, path, why->text)
				   : NULL);
}

static void set_made_mode(struct view *v, struct node *file)
{
	const enum truth is_private = runtime_does(v->runtime, MADE_FILE_IS_PRIVATE);

	if (is_private != NO)
		file->other_mode = S_IFREG | 0700;
	if (is_private == YES)
		file->mode = S_IFREG | 0700;
}

/* The runtime creates what is missing on the way to a mount point. */
static int make_missing(struct walk *w, const struct component *c, struct node **ret)
{
	const bool file = c->last && w->flags & WALK_MAKE_FILE;
	int r = may_make(w, c);

	if (r == 0)
		r = node_make(w->v, w->at, w->at->mount, c->name, c->len,
			      file ? S_IFREG | 0755 : S_IFDIR | 0755, ret);
	/* The name is in a link. */
	if (w->depth > 0)
		w->dangling = w->followed[w->links - 1];
	if (r == 0 && file)
		set_made_mode(w->v, *ret);
	if (r == -E2BIG) {
		*ret = w->v->limit;
		r = 0;
	}
	return r;
}

static int look_up(struct walk *w, const struct component *c, struct node **ret)
{
	struct view *v = w->v;
	const char *path;
	int r = node_child(v, w->at, c->name, c->len, ret);

	if (r == -ENOENT && w->flags & (WALK_MAKE_DIR | WALK_MAKE_FILE))
		r = make_missing(w, c, ret);
	if (r == 0 || r == -ENOMEM)
		return r;
	if (r == -ENOENT)
		return absent(w, c);
	path = node_path(v, w->at);
	return fail(w, -r,
		    path ? arena_printf(v->arena, "a name in %s is longer than %u bytes", path,
					VIEW_NAME_MAX)
			 : NULL);
}

static int too_many_links(struct walk *w, struct node *link)
{
	const char *path = node_path(w->v, link);

	if (!path)
		return -ENOMEM;
	for (int i = 0; i < w->links; i++)
		w->loop = w->loop || w->followed[i] == link;
	w->at = link;
	return fail(w, ELOOP,
		    w->loop ? arena_printf(w->v->arena, "%s is a symbolic link loop", path)
			    : arena_printf(w->v->arena,
					   "more than %d symbolic links on the way to %s",
					   VIEW_LINKS_MAX, path));
}

/*
 * fs.protected_symlinks (proc_sys_fs(5)): the last link of a path is not followed out of a sticky
 * directory that everybody can write, unless its owner is the user who follows, or the directory's.
 */
static int protected_link(struct walk *w, struct node *link, const char *path)
{
	const mode_t shared = S_ISVTX | S_IWOTH;
	uint32_t uid, dir_uid, gid;
	enum truth on;

	if (is_runtime(w) || !w->who || (w->at->mode & shared) != shared)
		return 0;
	node_owner(w->v, link, &uid, &gid);
	node_owner(w->v, w->at, &dir_uid, &gid);
	if (uid != UINT32_MAX && (uid == w->who->uid || uid == dir_uid))
		return 0;
	budget_charge(w->v->budget, BUDGET_STEPS, STEPS_CALL);
	on = uid == UINT32_MAX ? UNKNOWN : host_protects_links();
	if (on == NO)
		return 0;
	return fail(w, on == YES ? EACCES : EAGAIN,
		    arena_printf(w->v->arena,
				 on == YES ? "fs.protected_symlinks forbids uid %u to follow %s"
					   : "whether fs.protected_symlinks lets uid %u follow "
					     "%s is not known",
				 w->who->uid, path));
}

static int follow(struct walk *w, struct node *link, bool last)
{
	struct view *v = w->v;
	const char *path = node_path(v, link), *target;
	int r = node_link(v, link, &target);

	if (!path || r == -ENOMEM)
		return -ENOMEM;
	if (r == 0 && last) {
		r = protected_link(w, link, path);
		if (r < 0)
			return r;
	}
	if (r < 0 && budget_is_spent(v->budget))
		return spent(w);
	if (r < 0) {
		errno = -r;
		return fail(w, EAGAIN, arena_printf(v->arena, "cannot read the link %s: %m", path));
	}
	if (w->links == VIEW_LINKS_MAX)
		return too_many_links(w, link);
	w->followed[w->links++] = link;
	if (w->trail) {
		r = trail_add(w->trail, arena_printf(w->trail->arena, "%s -> %s", path, target));
		if (r < 0)
			return r;
	}
	w->rest[++w->depth] = target;
	if (target[0] == '/')
		w->at = view_root(v);
	return 0;
}

static int enter(struct walk *w, struct node *n)
{
	const struct vmount *from = w->at->mount;
	const char *path;

	w->at = n;
	if (!w->trail || n->mount == from)
		return 0;
	path = node_path(w->v, n);
	return path ? trail_add(w->trail,
				arena_printf(w->trail->arena, "%s: %s", path, n->mount->brief))
		    : -ENOMEM;
}

static int step(struct walk *w, const struct component *c)
{
	struct node *n;
	bool link;
	int r = budget_steps(w->v->budget, 1) ? may_search(w) : spent(w);

	if (r < 0)
		return r;
	if (c->len == 1 && c->name[0] == '.')
		return 0;
	if (c->len == 2 && c->name[0] == '.' && c->name[1] == '.')
		return go_up(w);
	r = look_up(w, c, &n);
	if (r < 0)
		return r;
	n = node_top(n);
	link = n->backing != OPAQUE && S_ISLNK(n->mode);
	if (link && (!c->last || w->directory || !(w->flags & WALK_NO_FOLLOW)))
		return follow(w, n, c->last);
	return enter(w, n);
}

struct node *view_root(struct view *v)
{
	return node_top(v->rootfs->root);
}

static int go(struct walk *w)
{
	struct component c;
	int r = 0;

	while (r == 0 && next_component(w, &c))
		r = step(w, &c);
	if (r == 0 && w->directory && w->at->backing != OPAQUE && !S_ISDIR(w->at->mode))
		r = not_a_directory(w);
	return r;
}

int view_walk(struct view *v, struct node *from, const char *path, unsigned flags,
	      const struct creds *who, struct trail *trail, struct walk_result *ret)
{
	struct walk w = { .v = v, .who = who, .trail = trail, .flags = flags, .at = from };
	int r;

	if (path[0] == '/')
		w.at = view_root(v);
	w.rest[0] = path;
	if (!budget_steps(v->budget, STEPS_COMPARE(0)))
		r = spent(&w);
	else if (!path[0])
		r = fail(&w, ENOENT, "the path is empty");
	else if (strnlen(path, VIEW_PATH_MAX + 1) > VIEW_PATH_MAX)
		r = fail(&w, ENAMETOOLONG,
			 arena_printf(v->arena, "the path is longer than %u bytes", VIEW_PATH_MAX));
	else
		r = go(&w);
	*ret = (struct walk_result){ w.at, w.reason, w.dangling, w.loop, w.links, w.trouble };
	return r;
}
