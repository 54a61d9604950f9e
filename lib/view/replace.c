/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a file can be renamed over another: rename(2). */
#include "view/internal.h"

/* Why nothing can be renamed over @n by any user; NULL if it can. */
static const char *refusal_of(struct view *v, struct node *n, const char *path)
{
	if (!n->parent && n->mount->covers)
		return arena_printf(v->arena, "%s is there: no file can be renamed over a mount",
				    n->mount->label);
	if (n->parent && n->backing == HOST && n->parent->backing == HOST &&
	    n->mount_id != n->parent->mount_id)
		return arena_printf(v->arena,
				    "a mount of the host is on %s: no file can be renamed over it",
				    path);
	if (n->read_only == YES)
		return arena_printf(v->arena,
				    "readonlyPaths make %s a mount: no file can be renamed over it",
				    path);
	if (n->backing != OPAQUE && S_ISDIR(n->mode))
		return arena_printf(v->arena, "%s is a directory", path);
	if (n->backing == HOST && n->attributes & (ATTRIBUTE_IMMUTABLE | ATTRIBUTE_APPEND))
		return arena_printf(v->arena, "%s is immutable or append-only (chattr)", path);
	return NULL;
}

static int judge_target(struct view *v, const char *path, const struct creds *who, enum truth *ret,
			const struct reason **reason)
{
	struct walk_result walk;
	static const struct reason may_be_mount = {
		.text = "readonlyPaths may make it a mount",
		.sure = UNKNOWN,
	};
	const char *refusal;
	int r = view_walk(v, view_root(v), path, WALK_NO_FOLLOW, who, NULL, &walk);

	if (r == -ENOMEM)
		return r;
	/* Nothing is there, or the directory is already reported. */
	if (r < 0)
		return 0;
	refusal = refusal_of(v, walk.at, path);
	if (refusal) {
		*ret = NO;
		*reason = reason_new(v->arena, refusal);
	} else if (walk.at->read_only == UNKNOWN) {
		*ret = UNKNOWN;
		*reason = &may_be_mount;
	}
	return v->no_memory ? -ENOMEM : 0;
}

int view_replaceable(struct view *v, const char *path, const struct creds *who, enum truth *ret,
		     const struct reason **reason, struct hw_error *err)
{
	const size_t len = (size_t)(path_base(path) - path);
	const char *dir = len > 1 ? arena_strndup(v->arena, path, len - 1) : "/";
	int r = dir ? view_writable(v, dir, who, ret, reason, err) : error_oom(err);

	if (r < 0 || *ret == NO)
		return r;
	r = judge_target(v, path, who, ret, reason);
	return r < 0 || !*reason ? error_oom(err) : 0;
}
