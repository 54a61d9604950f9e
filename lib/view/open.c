/* SPDX-License-Identifier: Apache-2.0 */
/* The view's public functions: opening it, finding a path, permissions, reading files. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/statvfs.h>

#include "view/internal.h"

#define STEPS_READ 4 /* a page that is in memory */

void view_free(struct view *v)
{
	if (!v)
		return;
	host_close(v);
	if (v->bundle_dir >= 0)
		(void)close(v->bundle_dir);
	free(v->nodes);
	free(v->buckets);
	arena_free(v->arena);
	free(v);
}

static int allocate(struct view *v)
{
	static const struct reason too_many = {
		.text = "more than 262144 files were inspected",
		.sure = UNKNOWN,
		.cause = &too_many,
	};

	v->arena = arena_new();
	if (!v->arena)
		return -ENOMEM;
	arena_charge(v->arena, v->budget);
	v->rootfs = arena_alloc(v->arena, 1, sizeof(*v->rootfs));
	v->limit = arena_alloc(v->arena, 1, sizeof(*v->limit));
	if (!v->rootfs || !v->limit)
		return -ENOMEM;
	*v->rootfs = (struct vmount){
		.label = "the rootfs",
		.brief = "rootfs",
		.source = v->spec->root_path,
		.recursive = true,
	};
	*v->limit = (struct node){
		.id = UINT32_MAX,
		.backing = OPAQUE,
		.why = &too_many,
		.name = "",
		.mount = v->rootfs,
		.mode = S_IFDIR,
		.fd = -1,
		.slot = -1,
	};
	return 0;
}

static int open_rootfs(struct view *v, const char *bundle, struct hw_error *err)
{
	const char *path = v->spec->root_path;
	auto_close int fd =
		v->spec->root_inside ? host_open_source(v, path, true) : host_open_rootfs(v);
	int r = fd < 0 ? fd : 0;

	if (r == 0)
		r = host_root(v, v->rootfs, TAKE_FD(fd));
	if (r == 0 && !S_ISDIR(v->rootfs->root->mode))
		r = -ENOTDIR;
	if (r == 0)
		return 0;
	if (r == -ENOMEM)
		return error_oom(err);
	if (r == -EXDEV && v->spec->root_inside)
		return error_set(err, EXDEV, IN(bundle),
				 "use --follow if it may be inspected, or name it with --rootfs",
				 "the rootfs '%s' is outside of the bundle and is not inspected",
				 path);
	return error_set(err, -r, IN(bundle), "unpack or mount the rootfs, or correct 'root.path'",
			 "cannot open the rootfs '%s': %m", path);
}

static int check_way(struct view *v)
{
	const int fd = host_fd(v, v->rootfs->root);

	if (fd < 0)
		return 0;
	return way_check(v, fd, NO_PLACE, "the rootfs", (struct verdict_by){ NO, "" });
}

int view_new(const struct spec *spec, int bundle_dir, const char *bundle, struct runtime runtime,
	     struct view **ret, struct hw_error *err)
{
	CLEANUP(view_freep) struct view *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return error_oom(err);
	v->spec = spec;
	v->budget = spec->budget;
	v->runtime = runtime;
	v->bundle_dir = -1;
	if (allocate(v) < 0)
		return error_oom(err);
	v->bundle_dir = bundle_dir == AT_FDCWD ? AT_FDCWD : fcntl(bundle_dir, F_DUPFD_CLOEXEC, 0);
	if (v->bundle_dir == -1)
		return error_set(err, errno, IN(bundle), NULL, "cannot keep the bundle open: %m");
	v->maker = view_maker(spec);
	r = open_rootfs(v, bundle, err);
	if (r < 0)
		return r;
	if (check_way(v) < 0 || view_mount_all(v) < 0)
		return error_oom(err);
	*ret = TAKE(v);
	return 0;
}

/* ---- resolving ---- */

static enum found_kind kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return FOUND_FILE;
	case S_IFDIR:
		return FOUND_DIR;
	case S_IFLNK:
		return FOUND_LINK;
	case S_IFCHR:
	case S_IFBLK:
		return FOUND_DEVICE;
	default:
		return FOUND_SPECIAL;
	}
}

static const char *kind_word(mode_t mode)
{
	static const char *const words[] = {
		[FOUND_FILE] = "file",
		[FOUND_DIR] = "directory",
		[FOUND_LINK] = "link",
		[FOUND_DEVICE] = "device",
		[FOUND_SPECIAL] = "FIFO or socket",
	};

	return words[kind_of(mode)];
}

static const char *describe(struct arena *arena, const struct node *n, const struct found *f)
{
	const char *by = n->backing == MADE && !n->mount->masked ? ", made by the runtime" : "";
	unsigned mode = f->mode & 07777;

	if (f->uid == UINT32_MAX || f->gid == UINT32_MAX)
		return arena_printf(arena, "%s: %s %04o, owner not mapped%s", f->path,
				    kind_word(n->mode), mode, by);
	if (f->uid == 0 && f->gid == 0)
		return arena_printf(arena, "%s: %s %04o root%s", f->path, kind_word(n->mode), mode,
				    by);
	return arena_printf(arena, "%s: %s %04o %u:%u%s", f->path, kind_word(n->mode), mode, f->uid,
			    f->gid, by);
}

static int found_node(struct view *v, struct node *n, struct trail *trail, struct found *ret)
{
	const struct node *base = node_base(n);
	struct found f = { .node = n->id, .mode = n->mode };

	f.path = node_path(v, n);
	if (!f.path)
		return -ENOMEM;
	if (n->backing == OPAQUE && !n->directory) {
		*ret = (struct found){ .kind = FOUND_UNKNOWN, .reason = n->why };
		return 0;
	}
	f.kind = kind_of(n->mode);
	f.size = f.kind == FOUND_FILE ? base->size : 0;
	f.file = (struct file_id){ base->inode, base->dev_major, base->dev_minor };
	node_owner(v, n, &f.uid, &f.gid);
	*ret = f;
	return trail ? trail_add(trail, describe(trail->arena, n, &f)) : 0;
}

static int not_found(struct view *v, int errnum, const struct reason *reason, struct found *ret)
{
	struct found f = { .errnum = errnum, .reason = reason };

	if (errnum == EAGAIN) {
		f.kind = FOUND_UNKNOWN;
		f.errnum = 0;
	} else if (errnum == EACCES) {
		f.kind = FOUND_DENIED;
	} else if (!v->spec->earlier_hooks) {
		f.kind = FOUND_NOTHING;
	} else {
		f.kind = FOUND_UNKNOWN;
		f.reason = reason_new(v->arena,
				      arena_printf(v->arena, "absent now: %s", reason->text));
	}
	*ret = f;
	return f.reason ? 0 : -ENOMEM;
}

/* It is there, and the kernel may say that it is not. */
static int unsure_links(struct view *v, const char *path, int links, struct found *ret)
{
	const char *text =
		arena_printf(v->arena,
			     "%d symbolic links on the way to %s: beyond %d the kernel can fail "
			     "(ELOOP), depending on mounts that are made meanwhile",
			     links, path, VIEW_LINKS_SURE);

	return not_found(v, EAGAIN, reason_new(v->arena, text), ret);
}

/* A relative path starts in the cwd, which the process is in already, wherever that is. */
static int start_of(struct view *v, const char *path, struct walk_result *ret)
{
	ret->at = view_root(v);
	if (path[0] == '/')
		return 0;
	return view_walk(v, view_root(v), v->spec->cwd, WALK_FOLLOW, NULL, NULL, ret);
}

static int resolve(struct view *v, const char *path, unsigned flags, const struct creds *who,
		   struct trail *trail, struct found *ret)
{
	struct walk_result where;
	int r = start_of(v, path, &where);

	if (r == 0)
		r = view_walk(v, where.at, path,
			      flags & VIEW_NO_FOLLOW ? WALK_NO_FOLLOW : WALK_FOLLOW, who, trail,
			      &where);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		r = not_found(v, -r, where.reason, ret);
	else if (where.links > VIEW_LINKS_SURE)
		r = unsure_links(v, path, where.links, ret);
	else
		r = found_node(v, where.at, trail, ret);
	/* The path beyond an exhausted budget may lead to anything. */
	if (r == 0 && budget_is_spent(v->budget))
		*ret = (struct found){ .kind = FOUND_UNKNOWN, .reason = view_spent(v) };
	return r < 0 || ret->kind != FOUND_UNKNOWN || ret->reason ? r : -ENOMEM;
}

int view_resolve(struct view *v, const char *path, unsigned flags, const struct creds *who,
		 struct trail *trail, struct found *ret, struct hw_error *err)
{
	return resolve(v, path, flags, who, trail, ret) < 0 ? error_oom(err) : 0;
}

struct view_memory *view_memory(struct view *v)
{
	v->memory.arena = v->arena;
	v->memory.budget = v->budget;
	return &v->memory;
}

const struct reason *view_refusal(const struct view *v)
{
	return v->refused.text ? &v->refused : NULL;
}

const struct reason *view_lost(const struct view *v)
{
	return v->lost;
}

const struct reason *view_spent(struct view *v)
{
	if (!v->spent)
		v->spent = reason_cause(v->arena, NO_PLACE, NULL, budget_reason(v->budget));
	return v->spent;
}

/* The first reason stays, but a certain one takes the place of a doubt. */
PRINTF_LIKE(5, 0)
static int refuse(struct view *v, struct verdict_by by, struct doc_place at, const char *hint,
		  const char *fmt, va_list ap)
{
	const char *text;

	if (by.value == YES || (v->refused.text && (v->refused.sure == NO || by.value != NO)))
		return 0;
	text = arena_vprintf(v->arena, fmt, ap);
	if (text && by.under[0])
		text = arena_printf(v->arena, "%s%s", text, by.under);
	v->refused = (struct reason){ .at = at, .text = text, .hint = hint, .sure = by.value };
	return text ? 0 : -ENOMEM;
}

int view_refuse_by(struct view *v, struct verdict_by by, struct doc_place at, const char *hint,
		   const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = refuse(v, by, at, hint, fmt, ap);
	va_end(ap);
	return r;
}

int view_refuse(struct view *v, struct doc_place at, const char *hint, const char *fmt, ...)
{
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = refuse(v, (struct verdict_by){ NO, "" }, at, hint, fmt, ap);
	va_end(ap);
	return r;
}

/* ---- judging ---- */

static struct node *node_of(struct view *v, const struct found *found)
{
	return found->node < v->n_nodes ? v->nodes[found->node] : v->limit;
}

enum truth view_may(struct view *v, const struct found *found, const struct creds *who,
		    unsigned what, const struct reason **reason)
{
	struct node *n = node_of(v, found);
	enum truth may = who ? node_may(v, n, who, what) : YES;

	if (may != YES)
		*reason = v->no_memory ? NULL : node_may_reason(v, n, who, what, may, NULL);
	return may;
}

/* @value, unless the budget ran out while it was found. */
static enum truth unless_spent(struct view *v, enum truth value, const struct reason **reason)
{
	if (!budget_is_spent(v->budget))
		return value;
	*reason = view_spent(v);
	return UNKNOWN;
}

enum truth view_mount_exec(struct view *v, const struct found *found, const struct reason **reason)
{
	return unless_spent(v, node_mount_exec(v, node_of(v, found), reason), reason);
}

enum truth view_mount_setid(struct view *v, const struct found *found, const struct reason **reason)
{
	return unless_spent(v, node_mount_setid(v, node_of(v, found), reason), reason);
}
/*
 * Why an object cannot be written whatever its mode, or NULL. In an append-only
 * directory nothing can be renamed over.
 */
static const char *takes_no_write(const struct node *n, enum found_kind kind)
{
	uint64_t attributes = n->backing == HOST ? n->attributes : 0;

	if (kind == FOUND_SPECIAL)
		return "is a FIFO or socket";
	if (attributes & ATTRIBUTE_IMMUTABLE)
		return "is immutable (chattr +i)";
	return attributes & ATTRIBUTE_APPEND ? "is append-only (chattr +a)" : NULL;
}

static enum truth both(enum truth a, enum truth b)
{
	if (a == NO || b == NO)
		return NO;
	return a == YES && b == YES ? YES : UNKNOWN;
}

static enum truth node_writable(struct view *v, struct node *n, const struct found *f,
				const struct creds *who, const struct reason **reason)
{
	unsigned what = f->kind == FOUND_DIR ? MAY_WRITE | MAY_EXEC : MAY_WRITE;
	const char *refusal = takes_no_write(n, f->kind);
	const struct reason *why = NULL;
	enum truth may, mount = YES, value;

	if (refusal) {
		*reason = reason_new(v->arena, arena_printf(v->arena, "%s %s", f->path, refusal));
		return NO;
	}
	/* A device is written, not the file system that it is in. */
	if (f->kind != FOUND_DEVICE || n->mount->masked)
		mount = node_mount_writable(v, n, &why);
	may = node_may(v, n, who, what);
	value = both(may, mount);
	if (value == YES)
		*reason = reason_new(v->arena,
				     arena_printf(v->arena, "uid %u may write %s%s", who->uid,
						  f->kind == FOUND_DIR ? "to directory " : "",
						  f->path));
	else if (may == value)
		*reason = node_may_reason(v, n, who, what, may, f->path);
	else
		*reason = why ? reason_from(v->arena, why,
					    arena_printf(v->arena,
							 value == NO ? "%s cannot be written: %s"
								     : "whether %s can be written "
								       "is not known: %s",
							 f->path, why->text))
			      : NULL;
	return value;
}

int view_writable(struct view *v, const char *path, const struct creds *who, enum truth *ret,
		  const struct reason **reason, struct hw_error *err)
{
	struct found f;

	if (resolve(v, path, VIEW_FOLLOW, who, NULL, &f) < 0)
		return error_oom(err);
	*reason = f.reason;
	if (f.kind == FOUND_UNKNOWN)
		*ret = UNKNOWN;
	else if (f.kind == FOUND_NOTHING || f.kind == FOUND_DENIED)
		*ret = NO;
	else
		*ret = node_writable(v, node_of(v, &f), &f, who, reason);
	*ret = unless_spent(v, *ret, reason);
	return *reason && !v->no_memory ? 0 : error_oom(err);
}

ssize_t view_read(struct view *v, const struct found *found, uint64_t offset, void *buf, size_t len)
{
	struct node *base = node_base(node_of(v, found));
	int fd = base->backing == HOST ? host_reader(v, base) : -EINVAL;
	ssize_t n;

	if (fd < 0)
		return fd;
	if (offset > INT64_MAX)
		return -EINVAL;
	if (!budget_steps(v->budget, STEPS_READ) || budget_is_spent(v->budget))
		return -ESPENT;
	n = pread(fd, buf, len, (off_t)offset);
	if (n > 0)
		budget_charge(v->budget, BUDGET_READ, (uint64_t)n);
	return n < 0 ? -errno : n;
}

int view_names(struct view *v, const struct found *found, size_t max, struct arena *arena,
	       const char ***names, size_t *n)
{
	struct node *base = node_base(node_of(v, found));

	return base->backing == HOST ? host_list(v, base, max, arena, names, n) : -ENOTSUP;
}
