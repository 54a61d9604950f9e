/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What mounts allow. A bind starts with the flags of the host's mount. A runtime that remounts it
 * to set flags of its own drops them, unless a user namespace locks them; which runtime and version
 * remounts when, is measured.
 */
#include <sys/statvfs.h>

#include "view-internal.h"

/* The mount that holds an object, as far as its flags go. */
struct holder {
	const struct vmount *mount;
	bool rootfs, rootfs_read_only;
	bool top;    /* on the mount itself, not on a host mount below it */
	bool noexec; /* flags of the host's mount */
	bool rdonly;
	bool locked; /* by a user namespace */
	bool covered_by_readonly_path;
};

/* A verdict and what follows "the bind mount on /n (mounts[3])" in its reason. */
struct judged {
	enum truth value;
	const char *why;
};

#define ALLOWED	     ((struct judged){ YES, "" })
#define REFUSED(...) ((struct judged){ NO, __VA_ARGS__ })
#define DOUBT(...)   ((struct judged){ UNKNOWN, __VA_ARGS__ })

/* Whether runc keeps the host's flags of a bind: it remounts only for flags. */
static enum truth runc_keeps(const struct holder *h)
{
	if (h->rootfs)
		return h->rootfs_read_only ? NO : YES;
	if (h->mount->options.runc)
		return NO;
	return h->mount->options.changes ? UNKNOWN : YES;
}

static struct judged exec_host(const struct holder *h)
{
	if (!h->top)
		return REFUSED(" has a host mount below it that is noexec");
	return REFUSED(" is noexec on the host, and a user namespace keeps that");
}

static struct judged exec_runc(const struct holder *h)
{
	const struct mount_options *o = &h->mount->options;
	bool bind = h->mount->source;

	if (bind && o->rnoexec)
		return REFUSED(" is rnoexec");
	if (bind && o->rexec)
		return ALLOWED;
	if (h->top && o->runc & FLAG_NOEXEC)
		return REFUSED(" is noexec");
	if (!h->noexec)
		return ALLOWED;
	if (!h->top || h->locked)
		return exec_host(h);
	switch (runc_keeps(h)) {
	case YES:
		return REFUSED(" is noexec on the host, and runc keeps that");
	case UNKNOWN:
		return DOUBT(" is noexec on the host, runc 1.1 keeps that and runc 1.3 does not");
	default:
		return ALLOWED;
	}
}

static struct judged exec_crun(const struct holder *h)
{
	const struct mount_options *o = &h->mount->options;

	if (o->rnoexec)
		return REFUSED(" is rnoexec");
	if (o->rexec)
		return ALLOWED;
	if (h->top && o->crun & FLAG_NOEXEC)
		return h->covered_by_readonly_path
			       ? DOUBT(" is noexec, which crun drops below readonlyPaths")
			       : REFUSED(" is noexec");
	if (!h->noexec)
		return ALLOWED;
	if (!h->top && !h->locked && h->covered_by_readonly_path)
		return DOUBT(" has a host mount below it that is noexec, which crun drops below "
			     "readonlyPaths");
	if (!h->top || h->locked)
		return exec_host(h);
	if (!h->rootfs && o->crun & FLAG_RDONLY)
		return DOUBT(" is noexec on the host, crun 1.8 drops that and crun 1.28 keeps it");
	return ALLOWED;
}

static struct judged write_host(const struct holder *h)
{
	if (!h->top)
		return REFUSED(" has a host mount below it that is read-only");
	return REFUSED(" is read-only on the host, and a user namespace keeps that");
}

/* A file system that is read-only itself stays so; a mount of it, after a remount, does not. */
#define PERHAPS_REMOUNTED                                                                     \
	DOUBT(" is read-only on the host; whether the runtime's remount changes that is not " \
	      "known")

static struct judged write_runc(const struct holder *h)
{
	const struct mount_options *o = &h->mount->options;
	bool bind = h->mount->source;

	if (bind && o->rro)
		return REFUSED(" is rro");
	if (bind && o->rrw)
		return h->rdonly ? PERHAPS_REMOUNTED : ALLOWED;
	if (h->top && o->runc & FLAG_RDONLY)
		return REFUSED(" is read-only");
	if (!h->rdonly)
		return ALLOWED;
	if (!h->top || h->locked)
		return write_host(h);
	return runc_keeps(h) == YES ? REFUSED(" is read-only on the host, and runc keeps that")
				    : PERHAPS_REMOUNTED;
}

static struct judged write_crun(const struct holder *h)
{
	const struct mount_options *o = &h->mount->options;

	if (o->rro)
		return REFUSED(" is rro");
	if (h->top && o->crun & FLAG_RDONLY)
		return REFUSED(" is read-only");
	if (!h->rdonly)
		return ALLOWED;
	return !h->top || h->locked ? write_host(h) : PERHAPS_REMOUNTED;
}

/*
 * While the runtime still makes mount points and process.cwd. runc sets the flags of a bind with
 * the bind and those of the rest in the end; crun all of them in the end, but for rro.
 */
static struct judged take_runc(const struct holder *h)
{
	if (!h->mount->source)
		return ALLOWED;
	if (h->rootfs && h->top)
		return h->rdonly ? REFUSED(" is read-only on the host, and runc keeps that")
				 : ALLOWED;
	return write_runc(h);
}

static struct judged take_crun(const struct holder *h)
{
	const struct mount_options *o = &h->mount->options;

	if (o->rro)
		return REFUSED(" is rro");
	if (!h->rdonly)
		return ALLOWED;
	if (!h->top || h->locked)
		return write_host(h);
	return o->crun & FLAG_RDONLY ? REFUSED(" is read-only on the host and remains so")
				     : ALLOWED;
}

/* ---- of an object ---- */

/* As deep as the tree is. */
static bool below_readonly_path(struct view *v, const struct node *n)
{
	uint64_t mount_id = n->mount_id;
	size_t depth = 0;

	for (; n; n = n->parent, depth++)
		if (n->read_only && (n->backing != HOST || n->mount_id == mount_id))
			break;
	budget_charge(v->budget, BUDGET_STEPS, STEPS_COMPARE(2 * depth));
	return n;
}

static int hold(struct view *v, struct node *n, struct holder *h)
{
	struct node *host = node_anchor(n);
	unsigned long flags = 0;
	int r = host ? host_flags(v, host, &flags) : 0;

	if (r < 0)
		return r;
	*h = (struct holder){
		.mount = n->mount,
		.rootfs = n->mount == v->rootfs,
		.rootfs_read_only = v->spec->root_readonly,
		.top = !host || host->mount_id == n->mount->root->mount_id,
		.noexec = flags & ST_NOEXEC,
		.rdonly = flags & ST_RDONLY,
		.locked = v->spec->user_namespace,
		.covered_by_readonly_path = below_readonly_path(v, n),
	};
	return 0;
}

static const char *words(struct view *v, const struct holder *h, struct judged j, const char *under)
{
	return arena_printf(v->arena, "%s%s%s", h->mount->label, j.why, under);
}

/* The named runtime's; with none named the worse, naming the runtime if only one says so. */
static enum truth choose(struct view *v, const struct holder *h, struct judged runc,
			 struct judged crun, const char **reason)
{
	const struct judged *worse = &runc;
	const char *under = "";

	if (v->runtime == RUNTIME_CRUN)
		worse = &crun;
	else if (v->runtime != RUNTIME_RUNC && runc.value != crun.value) {
		if (runc.value == YES || crun.value == NO)
			worse = &crun;
		if (!strstr(worse->why, "runc") && !strstr(worse->why, "crun"))
			under = worse == &runc ? " under runc" : " under crun";
	}
	if (worse->value != YES)
		*reason = words(v, h, *worse, under);
	return worse->value;
}

static enum truth not_known(struct view *v, struct node *n, int r, const char **reason)
{
	const char *path;

	if (budget_is_spent(v->budget)) {
		*reason = budget_reason(v->budget);
		return UNKNOWN;
	}
	if (n->backing == OPAQUE) {
		*reason = n->text;
		return UNKNOWN;
	}
	path = node_path(v, n);
	errno = -r;
	*reason = path ? arena_printf(v->arena, "cannot ask for the mount of %s: %m", path) : NULL;
	return UNKNOWN;
}

enum truth node_mount_exec(struct view *v, struct node *n, const char **reason)
{
	struct holder h;
	int r = n->backing == OPAQUE ? -EAGAIN : hold(v, n, &h);

	if (r < 0)
		return not_known(v, n, r, reason);
	return choose(v, &h, exec_runc(&h), exec_crun(&h), reason);
}

enum truth node_mount_writable(struct view *v, struct node *n, const char **reason)
{
	struct holder h;
	int r = n->backing == OPAQUE ? -EAGAIN : hold(v, n, &h);

	if (r < 0)
		return not_known(v, n, r, reason);
	if (h.mount->masked) {
		*reason = arena_printf(v->arena, "%s hides it", h.mount->label);
		return NO;
	}
	if (h.covered_by_readonly_path) {
		*reason = "it is at or below an entry of readonlyPaths";
		return NO;
	}
	if (h.rootfs && h.top && h.rootfs_read_only) {
		*reason = "the rootfs is read-only (root.readonly)";
		return NO;
	}
	return choose(v, &h, write_runc(&h), write_crun(&h), reason);
}

enum truth node_mount_takes(struct view *v, struct node *n, const char **reason)
{
	struct judged runc, crun;
	struct holder h;

	if (n->backing == OPAQUE || hold(v, n, &h) < 0)
		return UNKNOWN;
	runc = take_runc(&h);
	crun = take_crun(&h);
	(void)choose(v, &h, runc, crun, reason);
	return runtime_choose(v->runtime, runc.value, crun.value);
}
