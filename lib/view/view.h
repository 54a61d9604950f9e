/* SPDX-License-Identifier: Apache-2.0 */
/* The container's file system as its process will see it, without entering the container. */
#pragma once

#include <sys/stat.h>

#include "oci/spec.h"
#include "runtime/runtime.h"
#include "view/reason.h"

/*
 * The container's view: what a path names for the hook, without entering the container.
 *
 * The mounts of config.json are replayed in order into a small mount tree: each destination is
 * resolved in the tree as it is then, a missing one is created (a directory 0755 of root, a
 * file for a file bind), and a mount hangs on (mount, inode), so that a later mount over a parent
 * hides its children. maskedPaths and readonlyPaths follow. Then paths are walked component by
 * component with O_PATH|O_NOFOLLOW descriptors: links resolve inside the container's root, ".."
 * stops at it, mounts are crossed by the tree. Nothing but regular files and, in view_names()
 * and view_glob(), directories is ever opened for reading, nothing is written, nothing outside the rootfs and the
 * bind sources is reached.
 */
struct view;

/* One remembered step of a resolution, for people: "/sbin -> usr/sbin", "/etc: tmpfs mount". */
struct trail {
	struct arena *arena;
	const char **steps;
	size_t n, capacity;
};

/* Add @step, NULL meaning out of memory; -ENOMEM. */
int trail_add(struct trail *trail, const char *step) MUST_CHECK;

/* The object that a path names. */
enum found_kind {
	FOUND_FILE, /* regular file */
	FOUND_DIR,
	FOUND_DEVICE,  /* character or block device; also a masked file */
	FOUND_SPECIAL, /* FIFO, socket */
	FOUND_LINK,    /* symbolic link, only with VIEW_NO_FOLLOW */
	FOUND_NOTHING, /* ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, see errnum */
	FOUND_DENIED,  /* EACCES: a directory on the way cannot be searched by @who */
	FOUND_UNKNOWN, /* cannot be known from here */
};

/* One object of the host has one, wherever in the container it is seen; inode 0: none. */
struct file_id {
	uint64_t inode;
	uint32_t dev_major, dev_minor;
};

struct found {
	enum found_kind kind;
	int errnum; /* for NOTHING and DENIED; for UNKNOWN if it is absent now, else 0 */
	const struct reason *reason; /* for NOTHING, DENIED, UNKNOWN: why, naming the culprit */
	const char *path;	     /* the resolved path in the container; NULL unless found */
	uint32_t node;		     /* the view's handle of the object */
	mode_t mode;		     /* as in stat(2) */
	uint32_t uid, gid;	     /* the container's ids; UINT32_MAX where unmapped */
	uint64_t size;		     /* bytes, of a regular file */
	struct file_id file;
};

enum view_flags { VIEW_FOLLOW = 0, VIEW_NO_FOLLOW = 1 };

/*
 * Open the rootfs of @spec (relative to @bundle_dir, path @bundle for messages) and replay the
 * mounts. -ENOENT or -ENOTDIR if there is no rootfs directory, -ENOMEM. Mounts that cannot be
 * judged make everything below them unknown, they are not errors. @spec must outlive the view.
 */
int view_new(const struct spec *spec, int bundle_dir, const char *bundle, struct runtime runtime,
	     struct view **ret, struct hw_error *err) MUST_CHECK;
void view_free(struct view *view); /* NULL is a no-op */

/*
 * Resolve absolute or cwd-relative (process.cwd) @path as @who would (NULL: as one who may search
 * everything). At most 40 links, 4095 bytes, 255 bytes a component; over more than 20 links the
 * kernel finds at random what is there, so that it is unknown. @trail (may be NULL) gets the steps.
 * Returns -ENOMEM or 0; every other outcome is in *@ret.
 */
int view_resolve(struct view *view, const char *path, unsigned flags, const struct creds *who,
		 struct trail *trail, struct found *ret, struct hw_error *err) MUST_CHECK;

/*
 * Why the runtime will not start this container at all, as far as the view notices while it
 * replays: "entry /x/y of maskedPaths: /x is not a directory". NULL if nothing speaks against it.
 * It is UNKNOWN where only some of the runtimes that may be meant refuse it.
 */
const struct reason *view_refusal(const struct view *view);

/* Why nothing is known of what is in the container, UNKNOWN; NULL: something is. */
const struct reason *view_lost(const struct view *view);

/* The reason that the budget is spent; NULL while it is not, and if out of memory. */
const struct reason *view_spent(struct view *view);

/* Caches of other modules for this container, with the lifetime of the view. */
struct view_memory {
	struct arena *arena;   /* of the view */
	struct budget *budget; /* of the container; NULL: none */
	void *programs;	       /* NULL, until program/program.h has something there */
};

struct view_memory *view_memory(struct view *view);

enum { MAY_EXEC = 1, MAY_WRITE = 2, MAY_READ = 4 }; /* as in access(2) */

/*
 * Whether @who may do @what with @found by its mode: owner, group, others, capabilities, id
 * mappings, access ACL. Ignores the directories above (view_resolve() did) nor at mount flags. @who
 * NULL may do everything. *@reason is set unless YES: "mode 0700, uid 1000 cannot execute it"; from
 * the view's arena, NULL if out of memory.
 */
enum truth view_may(struct view *view, const struct found *found, const struct creds *who,
		    unsigned what, const struct reason **reason);

/* The capabilities that the kernel adds at execve(2) of a file, see capabilities(7). */
struct file_capabilities {
	bool any;
	bool effective;	    /* asked for at once: lacking one of them is EPERM */
	bool of_namespace;  /* only in the user namespaces of one root */
	uint64_t permitted; /* by number */
};

/*
 * The capabilities of regular file @found, as the attribute security.capability has them: nosuid
 * mounts and user namespaces may make the kernel ignore it. A negative errno if it cannot be read.
 */
int view_file_capabilities(struct view *view, const struct found *found,
			   struct file_capabilities *ret) MUST_CHECK;

/* Whether execution is allowed by the mount that holds @found (noexec, per runtime). */
enum truth view_mount_exec(struct view *view, const struct found *found,
			   const struct reason **reason);

/* Whether set-ID bits and file capabilities of @found count on its mount (nosuid, per runtime). */
enum truth view_mount_setid(struct view *view, const struct found *found,
			    const struct reason **reason);

/*
 * Whether @who can, when the hook runs, create and rename in directory @path, or open file @path
 * for writing. @reason is the fact behind it, set for every value.
 */
int view_writable(struct view *view, const char *path, const struct creds *who, enum truth *ret,
		  const struct reason **reason, struct hw_error *err) MUST_CHECK;

/*
 * The same for a file that is renamed to @path, an absolute one: its directory is writable, and
 * what is there can be replaced. A mount cannot: EBUSY.
 */
int view_replaceable(struct view *view, const char *path, const struct creds *who, enum truth *ret,
		     const struct reason **reason, struct hw_error *err) MUST_CHECK;

/*
 * Read up to @len bytes at @offset of regular file @found into @buf; returns bytes read or a
 * negative errno, -ESTALE if another file is in its place by now. Read through the descriptor that
 * was resolved, never by path again; this needs a mounted /proc.
 */
ssize_t view_read(struct view *view, const struct found *found, uint64_t offset, void *buf,
		  size_t len);

/*
 * The names in directory @found of the image or a bind, without "." and "..", in no order: at most
 * @max of them, more are left out. From @arena. 0 or a negative errno, -ENOTSUP for another one.
 */
int view_names(struct view *view, const struct found *found, size_t max, struct arena *arena,
	       const char ***names, size_t *n) MUST_CHECK;

/*
 * Whether something exists that @pattern, an absolute one of base/glob.h, matches: links are
 * followed, as one who may search everything. *@fact names the first path that matches, in the
 * order of bytes, or why there is none, or what cannot be inspected. 0 or -ENOMEM.
 */
int view_glob(struct view *view, const char *pattern, enum truth *ret, const char **fact,
	      struct hw_error *err) MUST_CHECK;

/*
 * Like view_resolve() where absence may change until the hook runs: hooks of earlier stages, not
 * hookwright's, might create it. A FOUND_NOTHING then becomes FOUND_UNKNOWN with a reason that
 * begins "absent now: ". All of view_resolve() behaves so when @spec has such hooks.
 */

/*
 * Whether the way to @path leads through a process's own entries of a procfs (/proc/self/fd/7), in
 * whatever spelling and by whichever links, procfs mounts and binds of one; @view NULL: as far as
 * its letters show. 0 or -ENOMEM.
 */
int view_enters_process(struct view *view, const char *path, struct arena *arena,
			bool *ret) MUST_CHECK;

/* A destination without looking: "/b" of "/a/../b" and of "b". NULL: lack of memory. */
char *path_clean(struct arena *arena, const char *path);

DEFINE_CLEANUP(struct view *, view_free)
