/* SPDX-License-Identifier: Apache-2.0 */
/* What the runtime does after all mounts: devices, process.cwd, masked and read-only paths. */
#include "view/internal.h"

static struct doc_place place_of_item(const struct spec_strings *list, size_t i)
{
	return (struct doc_place){ list->token, (uint32_t)i + 1 };
}

/* ---- devices ---- */

static const char *const dev_nodes[] = { "null", "zero", "full", "random", "urandom", "tty" };

/* runc makes core only where the host has /proc/kcore. */
static const struct {
	const char *name, *target;
} dev_links[] = {
	{ "fd", "/proc/self/fd" },	 { "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
	{ "core", "/proc/kcore" },
};

static int dev_make(struct view *v, struct node *dev, const char *name, mode_t mode,
		    const char *target)
{
	struct node *n;
	int r = node_child(v, dev, name, strlen(name), &n);

	if (r != -ENOENT)
		return r;
	r = node_make(v, dev, dev->mount, name, strlen(name), mode, &n);
	if (r == 0)
		n->text = target;
	return r;
}

static int fill_dev(struct view *v, struct node *dev)
{
	struct node *n;
	static const struct reason terminal = {
		.text = "/dev/console exists only in a container with a terminal",
		.sure = UNKNOWN,
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(dev_nodes); i++)
		r = dev_make(v, dev, dev_nodes[i], S_IFCHR | 0666, NULL);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(dev_links); i++)
		r = dev_make(v, dev, dev_links[i].name, S_IFLNK | 0777, dev_links[i].target);
	/* Whatever is there is replaced. */
	if (r == 0 && !node_known(v, dev, "ptmx", 4)) {
		r = node_make(v, dev, dev->mount, "ptmx", 4, S_IFLNK | 0777, &n);
		if (r == 0)
			n->text = "pts/ptmx";
	}
	if (r == 0 && node_child(v, dev, "console", 7, &n) == -ENOENT)
		r = node_opaque(v, dev, "console", 7, &terminal, &n);
	return r;
}

/* A bind on /dev is left as it is, by both runtimes. 1, 0 or -ENOMEM. */
static int dev_is_bound(struct view *v)
{
	for (size_t i = 0; i < v->spec->n_mounts; i++) {
		const struct spec_mount *m = &v->spec->mounts[i];
		struct mount_options options;
		const char *path;

		/* Whatever else it has in front, it ends so. */
		if (!strstr(m->destination, "dev"))
			continue;
		path = path_clean(v->arena, m->destination);
		if (!path)
			return -ENOMEM;
		if (!streq(path, "/dev"))
			continue;
		mount_options_parse(m, &options);
		if (options.bind)
			return 1;
	}
	return 0;
}

static const char device_hint[] = "correct the path, or mend the way to it in the rootfs";

/* Devices cannot be made in a file system of the kernel's own: it is there, or it is not. */
static int device_in_kernel(struct view *v, const char *path, struct doc_place at, struct node *n)
{
	const char *type = n->mount->type, *inside;
	struct verdict_by by = { UNKNOWN, "" };

	if (!type || !kernel_is_known(type))
		return 0;
	inside = kernel_path(v, n);
	if (!inside)
		return -ENOMEM;
	if (kernel_has(type, inside) == KERNEL_MISSING)
		by.value = NO;
	return view_refuse_by(v, by, at, "remove it from linux.devices",
			      "device " SHORT " of linux.devices: it is in a %s", path, type);
}

/* @of: " of linux.devices", or "" for one that every container has; @at: where it is asked for. */
static int make_device(struct view *v, const char *path, const char *of, struct doc_place at)
{
	struct walk_result where;
	const uint32_t before = (uint32_t)v->n_nodes;
	int r = view_walk(v, view_root(v), path, WALK_MAKE_FILE, v->maker, NULL, &where);
	const char *trouble = r == -ENOTDIR ? where.reason->text : where.trouble;

	if (r == -ENOMEM)
		return r;
	if (r == 0 && made_since(where.at, before))
		where.at->mode = where.at->other_mode = S_IFCHR | 0666;
	if (r == 0 && !trouble && where.at->backing == OPAQUE && of[0])
		return device_in_kernel(v, path, at, where.at);
	return trouble ? view_refuse(v, at, device_hint, "device " SHORT "%s: %s", path, of,
				     trouble)
		       : 0;
}

static int make_devices(struct view *v)
{
	struct walk_result dev;
	int r = dev_is_bound(v);

	if (r != 0)
		return r < 0 ? r : 0;
	r = view_walk(v, view_root(v), "/dev", WALK_FOLLOW, NULL, NULL, &dev);
	if (r == 0 && dev.at->backing != OPAQUE && S_ISDIR(dev.at->mode)) {
		r = make_device(v, "/dev/null", "", dev.at->mount->at);
		if (r == 0)
			r = fill_dev(v, dev.at);
	}
	if (r == -ENOMEM || r == -E2BIG)
		return r;
	r = 0;
	for (size_t i = 0; r == 0 && !budget_is_spent(v->budget) && i < v->spec->devices.n; i++)
		if (v->spec->devices.items[i][0])
			r = make_device(v, v->spec->devices.items[i], " of linux.devices",
					place_of_item(&v->spec->devices, i));
	return r;
}

/* ---- protected paths ---- */

static const char entry_hint[] = "remove the entry, or provide what it names in the rootfs";

/* An entry of maskedPaths or readonlyPaths. */
struct entry {
	const char *list, *path;
	struct doc_place at;
};

/* crun skips paths that the user namespace's root cannot reach, runc does not start then. */
static int closed_protected(struct view *v, const struct entry *e, const char *why)
{
	if (runtime_survives(v->runtime, CLOSED_PROTECTED_PATH_REFUSED).value != NO)
		return 1;
	return view_refuse(v, e->at, entry_hint, "entry " SHORT " of %s: %s", e->path, e->list,
			   why) < 0
		       ? -ENOMEM
		       : 1;
}

/* The node of @path; 1 if there is nothing to protect. Only missing paths are skipped. */
static int find_protected(struct view *v, const struct entry *e, struct walk_result *ret)
{
	int r = view_walk(v, view_root(v), e->path[0] ? e->path : "/", WALK_FOLLOW, v->maker, NULL,
			  ret);

	if (r == 0 && ret->trouble)
		return closed_protected(v, e, ret->trouble);
	if (r == 0 || r == -ENOMEM)
		return r;
	if (r == -ENOENT || r == -EAGAIN)
		return 1;
	return view_refuse(v, e->at, entry_hint, "entry " SHORT " of %s: %s", e->path, e->list,
			   ret->reason->text) < 0
		       ? -ENOMEM
		       : 1;
}

/* Some take no notice of the path "/", or of all that lead there: they stay in the old root. */
static int mask_root(struct view *v, const struct entry *e, struct node **ret)
{
	const bool by_name = streq(e->path, "/") || streq(e->path, "");
	const enum truth seen = runtime_survives(v->runtime, by_name ? MASKED_ROOT_NAME_HIDES_ALL
								     : MASKED_ROOT_HIDES_ALL)
					.value;

	*ret = NULL;
	if (seen == YES)
		return 0;
	if (seen == NO) {
		*ret = v->rootfs->root;
		return 0;
	}
	return mount_lose(v, e->at,
			  arena_printf(v->arena,
				       "the entry " SHORT " of maskedPaths hides the whole "
				       "container under some runtimes",
				       e->path));
}

/* The parts of /proc that runtimes need themselves. */
static const struct {
	const char *path;
	enum behaviour refused;
} needed[] = {
	{ "/proc", MASKED_PROC_REFUSED },
	{ "/proc/self", MASKED_PROC_SELF_REFUSED },
	{ "/proc/self/fd", MASKED_PROC_SELF_REFUSED },
};

static int mask_opaque(struct view *v, struct node *n, const struct entry *e)
{
	const char *at = node_path(v, n);
	int r = at ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(needed); i++)
		if (streq(at, needed[i].path))
			r = view_refuse_by(v, runtime_survives(v->runtime, needed[i].refused),
					   e->at, entry_hint,
					   "entry " SHORT " of maskedPaths hides %s, which the "
					   "runtime needs",
					   e->path, needed[i].path);
	return r;
}

/* A file becomes /dev/null, a directory an empty read-only tmpfs. */
static int mask(struct view *v, const struct entry *e)
{
	struct walk_result where;
	struct vmount *m;
	int r = find_protected(v, e, &where);

	if (r != 0)
		return r < 0 ? r : 0;
	if (where.at->backing == OPAQUE)
		return mask_opaque(v, where.at, e);
	if (where.at == v->rootfs->root)
		r = mask_root(v, e, &where.at);
	if (r < 0 || !where.at)
		return r;
	r = mount_new(v, arena_printf(v->arena, "the entry " SHORT " of maskedPaths", e->path),
		      "masked (maskedPaths)", &m);
	if (r == 0)
		r = mount_made(v, m, S_ISDIR(where.at->mode) ? S_IFDIR | 0755 : S_IFCHR | 0666);
	if (r == 0) {
		m->masked = true;
		m->at = e->at;
		mount_hang(v, m, where.at);
	}
	return r;
}

/*
 * A mount of the root on itself is not seen by a process that is in it. What "/" is then is the old
 * root, and what "/x/.." is the new one.
 */
static enum truth misses_root(const struct view *v, const char *path)
{
	enum behaviour missed = READONLY_ROOT_BY_LINK_MISSED;

	if (has_dotdot(path))
		missed = READONLY_ROOT_BY_DOTS_MISSED;
	else if (streq(path, "/"))
		missed = READONLY_ROOT_BY_NAME_MISSED;
	else if (streq(path, ""))
		missed = READONLY_EMPTY_PATH_MISSED;
	return runtime_does(v->runtime, missed);
}

static int set_read_only(struct view *v, const struct entry *e)
{
	enum truth missed = NO;
	struct walk_result where;
	int r = find_protected(v, e, &where);

	if (r == 0 && where.at == v->rootfs->root)
		missed = misses_root(v, e->path);
	if (r == 0 && where.at->read_only != YES && missed != YES)
		where.at->read_only = missed == NO ? YES : UNKNOWN;
	return r < 0 ? r : 0;
}

static enum truth opens_with(void *ctx, struct runtime one)
{
	return mount_flags(ctx, one) & FLAG_NODEV ? NO : YES;
}

/* Where a user namespace lets nobody make devices, they are binds of the host's, with its flags. */
static enum truth opens_device(struct view *v, const struct node *n)
{
	const enum truth opens = runtime_judge(v->runtime, opens_with, &n->mount->options).value;

	if (opens == YES || n->backing != MADE || !S_ISCHR(n->mode) || v->spec->user_namespace ||
	    v->spec->foreign_owners || !sees_every_id(v))
		return YES;
	return opens;
}

/* Runtimes open /dev/null before they start anything. */
static int need_null(struct view *v)
{
	struct walk_result where;
	int r = view_walk(v, view_root(v), "/dev/null", WALK_FOLLOW, NULL, NULL, &where);

	if (r == -ENOENT && where.at->mount->masked)
		return view_refuse_by(v, runtime_survives(v->runtime, MASKED_NULL_REFUSED),
				      where.at->mount->at, "remove it",
				      "%s hides /dev/null, which the runtime needs",
				      where.at->mount->label);
	if (r == 0 && opens_device(v, where.at) == NO)
		return view_refuse(v, where.at->mount->options_at, "remove the option nodev",
				   "%s is nodev, and runtimes need /dev/null",
				   where.at->mount->label);
	return r == -ENOMEM ? r : 0;
}

/* ---- process.cwd ---- */

/* Whether the user of the container may go to what process.cwd names now. 1, 0 or -ENOMEM. */
static int user_enters_cwd(struct view *v)
{
	const struct creds user = spec_creds_init(v->spec);
	struct walk_result cwd;
	int r = view_walk(v, view_root(v), v->spec->cwd, WALK_FOLLOW, &user, NULL, &cwd);

	if (r == -ENOMEM)
		return r;
	return r == -EAGAIN || (r == 0 && node_may(v, cwd.at, &user, MAY_EXEC) != NO);
}

/*
 * Why nobody may go to @cwd, or the runtime cannot make it, NULL if nothing speaks against it. runc
 * looks as the user namespace's root whether it is there; both then go there as that or the user.
 */
static const char *cwd_closed(struct view *v, const struct walk_result *cwd, bool user_enters)
{
	const struct reason *why;
	const char *path;

	if (v->spec->earlier_hooks ||
	    (user_enters && (!cwd->trouble || !runtime_may(v->runtime, CWD_STAT_AS_ROOT))))
		return NULL;
	if (cwd->trouble || !v->maker || node_may(v, cwd->at, v->maker, MAY_EXEC) != NO)
		return cwd->trouble;
	path = node_path(v, cwd->at);
	why = path ? node_may_reason(v, cwd->at, v->maker, MAY_EXEC, NO, path) : NULL;
	v->no_memory = v->no_memory || !why;
	return why ? why->text : NULL;
}

static const char cwd_hint[] = "correct process.cwd, or provide the directory in the rootfs";

/* The obstacle to a process.cwd, which both runtimes make if it is missing; else NULL. */
static const char *cwd_trouble(int walked, const struct walk_result *cwd)
{
	if (walked == -EAGAIN || (walked == 0 && cwd->at->backing == OPAQUE))
		return NULL;
	if (walked < 0)
		return cwd->reason->text;
	if (cwd->dangling)
		return "it leads through a dangling link";
	return S_ISDIR(cwd->at->mode) ? NULL : "it is not a directory";
}

/* A process.cwd in a file system of the kernel's own cannot be made if it is missing. */
static int check_kernel_cwd(struct view *v, struct node *cwd)
{
	const char *type = cwd->mount->type, *path = "";
	struct verdict_by by = { YES, "" };
	enum kernel_entry entry;

	if (type && kernel_is_known(type))
		path = kernel_path(v, cwd);
	if (!path || !path[0])
		return path ? 0 : -ENOMEM;
	entry = kernel_has(type, path);
	if (entry == KERNEL_PERHAPS && !cwd->mount->process)
		by.value = UNKNOWN;
	else if (entry != KERNEL_PERHAPS && entry != KERNEL_DIRECTORY)
		by.value = NO;
	return view_refuse_by(v, by, (struct doc_place){ v->spec->cwd_token, 0 }, cwd_hint,
			      "process.cwd " SHORT
			      ": it is not a directory of %s, and cannot be made there",
			      v->spec->cwd, type);
}

static int make_cwd(struct view *v)
{
	const char *path = v->spec->cwd, *trouble;
	struct walk_result cwd;
	/* Who may do everything may go where the user may, and the user not where nothing is. */
	const int enters = v->maker ? user_enters_cwd(v) : 0;
	int r = enters < 0 ? enters
			   : view_walk(v, view_root(v), path, WALK_MAKE_DIR, v->maker, NULL, &cwd);

	if (r == -ENOMEM)
		return r;
	trouble = cwd_trouble(r, &cwd);
	if (!trouble && r == 0)
		trouble = cwd_closed(v, &cwd, enters);
	if (!trouble && path[0] != '/' &&
	    runtime_survives(v->runtime, CWD_MUST_BE_ABSOLUTE).value == NO)
		trouble = "it is not absolute, which the runtime refuses";
	if (v->no_memory)
		return -ENOMEM;
	if (!trouble)
		return r == 0 ? check_kernel_cwd(v, cwd.at) : 0;
	return view_refuse(v, (struct doc_place){ v->spec->cwd_token, 0 }, cwd_hint,
			   "process.cwd " SHORT ": %s", path, trouble);
}

/* Whoever goes there finds what is masked by then. */
static int check_cwd_masked(struct view *v)
{
	struct walk_result cwd;
	int r = view_walk(v, view_root(v), v->spec->cwd, WALK_FOLLOW, NULL, NULL, &cwd);

	if (r == -ENOENT || r == -ENOTDIR)
		return view_refuse(v, (struct doc_place){ v->spec->cwd_token, 0 }, cwd_hint,
				   "process.cwd " SHORT ": %s", v->spec->cwd, cwd.reason->text);
	return r == -ENOMEM ? r : 0;
}

static int protect_all(struct view *v, const char *list, const struct spec_strings *paths,
		       int (*one)(struct view *v, const struct entry *e))
{
	int r = 0;

	for (size_t i = 0; r == 0 && !budget_is_spent(v->budget) && i < paths->n; i++) {
		const struct entry e = { list, paths->items[i], place_of_item(paths, i) };

		r = one(v, &e);
	}
	return r;
}

static int protect(struct view *v)
{
	const struct spec *spec = v->spec;
	int r = make_cwd(v);

	if (r == 0)
		r = protect_all(v, "readonlyPaths", &spec->readonly_paths, set_read_only);
	if (r == 0)
		r = protect_all(v, "maskedPaths", &spec->masked_paths, mask);
	if (r == 0)
		r = need_null(v);
	return r == 0 && spec->masked_paths.n ? check_cwd_masked(v) : r;
}

int view_finish(struct view *v)
{
	int r = make_devices(v);

	return r == 0 ? protect(v) : r;
}
