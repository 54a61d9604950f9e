/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether mounts allow execution and writing. A bind starts with the flags of the host's
 * mount; a runtime that remounts it drops them, unless a user namespace locks them. When
 * it remounts was measured.
 */
#include <sys/statvfs.h>

#include "view/internal.h"

/* The mount that holds an object, as far as its flags go. */
struct holder {
	const struct vmount *mount;
	bool rootfs, rootfs_read_only;
	bool top;    /* on the mount itself, not on a host mount below it */
	bool noexec; /* flags of the host's mount */
	bool rdonly;
	bool nosuid;
	bool locked; /* by a user namespace */
	enum truth covered_by_readonly_path;
};

/* A verdict and what follows "the bind mount on /n (mounts[3])" in its reason. */
struct judged {
	enum truth value;
	const char *why;
};

#define ALLOWED	     ((struct judged){ YES, "" })
#define REFUSED(...) ((struct judged){ NO, __VA_ARGS__ })
#define DOUBT(...)   ((struct judged){ UNKNOWN, __VA_ARGS__ })

/* Recursive flags count for @h. */
static bool is_recursive(const struct holder *h, struct runtime one)
{
	return h->mount->source || runtime_does(one, RECURSIVE_FLAGS_OF_BINDS_ONLY) == NO;
}

/* Whether a recursive flag counts although the contrary one is given behind it, if that is so. */
static enum truth stays(struct runtime one, bool given, bool contrary_last)
{
	const enum truth last = runtime_does(one, RECURSIVE_LAST_WINS);

	if (!given || !contrary_last)
		return given ? YES : NO;
	return last == UNKNOWN ? UNKNOWN : last == YES ? NO : YES;
}

/* Whether @one keeps the host's flags of a bind: a remount for flags of its own drops them. */
static enum truth keeps_flags(const struct holder *h, struct runtime one)
{
	const struct mount_options *o = &h->mount->options;

	if (runtime_does(one, HOST_FLAGS_KEPT_UNLESS_CHANGED) != YES)
		return !h->rootfs && (o->rro || mount_flags(o, one) & FLAG_RDONLY)
			       ? runtime_does(one, RO_KEEPS_HOST_NOEXEC)
			       : NO;
	if (h->rootfs)
		return h->rootfs_read_only ? NO : YES;
	if (mount_flags(o, one))
		return NO;
	return o->changes ? runtime_does(one, HOST_FLAGS_KEPT_WITH_CLEARED) : YES;
}

static struct judged exec_host(const struct holder *h)
{
	if (!h->top)
		return REFUSED(" has a host mount below it that is noexec");
	return REFUSED(" is noexec on the host, and a user namespace keeps that");
}

/* Whether a remount for readonlyPaths drops the flags. */
static enum truth drops_flags(const struct holder *h, struct runtime one)
{
	const enum truth drops = runtime_does(one, READONLY_PATH_DROPS_FLAGS);

	return h->covered_by_readonly_path == UNKNOWN && drops == YES ? UNKNOWN
	       : h->covered_by_readonly_path == NO		      ? NO
								      : drops;
}

/* The verdict on what is noexec, as @why says, unless a remount for readonlyPaths drops that. */
static struct judged unless_dropped(enum truth dropped, const char *why)
{
	if (dropped == UNKNOWN)
		return DOUBT(" is noexec, which some versions drop below readonlyPaths");
	return dropped == YES ? ALLOWED : REFUSED(why);
}

static struct judged exec_of_host(const struct holder *h, struct runtime one)
{
	if (!h->top || h->locked)
		return unless_dropped(h->locked ? NO : drops_flags(h, one), exec_host(h).why);
	switch (keeps_flags(h, one)) {
	case YES:
		return REFUSED(" is noexec on the host, and the runtime keeps that");
	case UNKNOWN:
		return DOUBT(" is noexec on the host, and some versions of the runtime keep that");
	default:
		return ALLOWED;
	}
}

static struct judged exec_under(const struct holder *h, struct runtime one)
{
	const struct mount_options *o = &h->mount->options;

	switch (is_recursive(h, one) ? stays(one, o->rnoexec, o->rexec_last) : NO) {
	case YES:
		return REFUSED(" is rnoexec");
	case UNKNOWN:
		return DOUBT(" is rnoexec and then rexec, and some versions take the last");
	default:
		break;
	}
	if (is_recursive(h, one) && o->rexec)
		return ALLOWED;
	if (h->top && mount_flags(o, one) & FLAG_NOEXEC)
		return unless_dropped(drops_flags(h, one), " is noexec");
	return h->noexec ? exec_of_host(h, one) : ALLOWED;
}

/* As exec_under(); what keeps a nosuid of the host's mount is measured for noexec only. */
static struct judged setid_under(const struct holder *h, struct runtime one)
{
	const struct mount_options *o = &h->mount->options;

	if (o->rsuid)
		return DOUBT(" has a recursive option about it, which runtimes treat differently");
	if (h->top && mount_flags(o, one) & FLAG_NOSUID)
		return h->covered_by_readonly_path == NO || h->locked
			       ? REFUSED(" is nosuid")
			       : DOUBT(" is nosuid, which some versions drop below readonlyPaths");
	if (!h->nosuid)
		return ALLOWED;
	if (!h->top || h->locked)
		return REFUSED(" is nosuid on the host");
	return DOUBT(" is nosuid on the host, and not every runtime keeps that");
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

static struct judged write_under(const struct holder *h, struct runtime one)
{
	const struct mount_options *o = &h->mount->options;
	const bool binds_only = runtime_does(one, RECURSIVE_FLAGS_OF_BINDS_ONLY) == YES;

	switch (is_recursive(h, one) ? stays(one, o->rro, o->rrw_last) : NO) {
	case YES:
		return REFUSED(" is rro");
	case UNKNOWN:
		return DOUBT(" is rro and then rrw, and some versions take the last");
	default:
		break;
	}
	if (binds_only && h->mount->source && o->rrw)
		return h->rdonly ? PERHAPS_REMOUNTED : ALLOWED;
	if (h->top && mount_flags(o, one) & FLAG_RDONLY)
		return REFUSED(" is read-only");
	if (!h->rdonly)
		return ALLOWED;
	if (!h->top || h->locked)
		return write_host(h);
	return keeps_flags(h, one) == YES
		       ? REFUSED(" is read-only on the host, and the runtime keeps that")
		       : PERHAPS_REMOUNTED;
}

/* While the runtime still makes mount points and process.cwd. */
static struct judged take_under(const struct holder *h, struct runtime one)
{
	const struct mount_options *o = &h->mount->options;

	if (runtime_does(one, FLAGS_SET_WITH_THE_BIND) == YES) {
		if (!h->mount->source)
			return ALLOWED;
		if (!h->rootfs || !h->top)
			return write_under(h, one);
		return h->rdonly ? REFUSED(" is read-only on the host, and the runtime keeps that")
				 : ALLOWED;
	}
	if (o->rro)
		return REFUSED(" is rro");
	if (!h->rdonly)
		return ALLOWED;
	if (!h->top || h->locked)
		return write_host(h);
	return mount_flags(o, one) & FLAG_RDONLY
		       ? REFUSED(" is read-only on the host and remains so")
		       : ALLOWED;
}

/* ---- of an object ---- */

/* As deep as the tree is. */
static enum truth below_readonly_path(struct view *v, const struct node *n)
{
	uint64_t mount_id = n->mount_id;
	enum truth below = NO;
	size_t depth = 0;

	for (; n && below != YES; n = n->parent, depth++)
		if (n->read_only != NO && (n->backing != HOST || n->mount_id == mount_id))
			below = n->read_only;
	budget_charge(v->budget, BUDGET_STEPS, STEPS_COMPARE(2 * depth));
	return below;
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
		.nosuid = flags & ST_NOSUID,
		.locked = v->spec->user_namespace,
		.covered_by_readonly_path = below_readonly_path(v, n),
	};
	return 0;
}

/* The question about an object for each runtime, and the first reason of each value. */
struct question {
	const struct holder *h;
	struct judged (*judge)(const struct holder *h, struct runtime one);
	const char *no, *unknown;
};

static enum truth ask(void *ctx, struct runtime one)
{
	struct question *q = ctx;
	const struct judged j = q->judge(q->h, one);

	if (j.value == NO && !q->no)
		q->no = j.why;
	if (j.value == UNKNOWN && !q->unknown)
		q->unknown = j.why;
	return j.value;
}

/* Where runtimes differ the reason is that of the one that refuses. */
static enum truth choose_of(struct view *v, struct runtime runtime, const struct holder *h,
			    struct judged (*judge)(const struct holder *h, struct runtime one),
			    const struct reason **reason)
{
	struct question q = { .h = h, .judge = judge };
	const struct verdict_by by = runtime_judge(runtime, ask, &q);

	const char *under = by.under;

	if (by.value == UNKNOWN && q.no && !under[0])
		under = " under some versions of the runtime";
	if (by.value != YES)
		*reason = reason_new(v->arena, arena_printf(v->arena, "%s%s%s", h->mount->label,
							    q.no ? q.no : q.unknown, under));
	return by.value;
}

static enum truth choose(struct view *v, const struct holder *h,
			 struct judged (*judge)(const struct holder *h, struct runtime one),
			 const struct reason **reason)
{
	return choose_of(v, v->runtime, h, judge, reason);
}

static enum truth not_known(struct view *v, struct node *n, int r, const struct reason **reason)
{
	const char *path;

	if (budget_is_spent(v->budget)) {
		*reason = view_spent(v);
		return UNKNOWN;
	}
	if (n->backing == OPAQUE) {
		*reason = n->why;
		return UNKNOWN;
	}
	path = node_path(v, n);
	errno = -r;
	*reason = reason_new(
		v->arena,
		path ? arena_printf(v->arena, "cannot determine the mount of %s: %m", path) : NULL);
	return UNKNOWN;
}

enum truth node_mount_exec(struct view *v, struct node *n, const struct reason **reason)
{
	struct holder h;
	int r = n->backing == OPAQUE ? -EAGAIN : hold(v, n, &h);

	if (r < 0)
		return not_known(v, n, r, reason);
	return choose(v, &h, exec_under, reason);
}

/* Copies are made by the runtime, with or without these bits. */
enum truth node_mount_setid(struct view *v, struct node *n, const struct reason **reason)
{
	static const struct reason copied = {
		.text = "it is a copy in a tmpfs",
		.sure = UNKNOWN,
	};
	struct runtime runtime = v->runtime;
	struct holder h;
	int r = n->backing == OPAQUE ? -EAGAIN : hold(v, n, &h);

	/* Neither answer is the worse. */
	if (runtime.kind == RUNTIME_ANY)
		runtime.kind = RUNTIME_NOT_TOLD;
	if (r < 0)
		return not_known(v, n, r, reason);
	if (n->backing == COPY) {
		*reason = &copied;
		return UNKNOWN;
	}
	return choose_of(v, runtime, &h, setid_under, reason);
}

enum truth node_mount_writable(struct view *v, struct node *n, const struct reason **reason)
{
	static const struct reason below_entry = {
		.text = "it is at or below an entry of readonlyPaths",
		.sure = NO,
	};
	static const struct reason by_root = {
		.text = "the rootfs is read-only (root.readonly)",
		.sure = NO,
	};
	static const struct reason entry_of_root = {
		.text = "an entry of readonlyPaths leads to /, which some runtimes do not make "
			"read-only",
		.sure = UNKNOWN,
	};
	struct holder h;
	enum truth may;
	int r = n->backing == OPAQUE ? -EAGAIN : hold(v, n, &h);

	if (r < 0)
		return not_known(v, n, r, reason);
	if (h.mount->masked) {
		*reason =
			reason_new(v->arena, arena_printf(v->arena, "%s hides it", h.mount->label));
		return NO;
	}
	if (h.covered_by_readonly_path == YES) {
		*reason = &below_entry;
		return NO;
	}
	if (h.rootfs && h.top && h.rootfs_read_only) {
		*reason = &by_root;
		return NO;
	}
	may = choose(v, &h, write_under, reason);
	if (may == YES && h.covered_by_readonly_path == UNKNOWN) {
		*reason = &entry_of_root;
		may = UNKNOWN;
	}
	return may;
}

enum truth node_mount_takes(struct view *v, struct node *n, const struct reason **reason)
{
	struct holder h;

	if (n->backing == OPAQUE || hold(v, n, &h) < 0)
		return UNKNOWN;
	return choose(v, &h, take_under, reason);
}
