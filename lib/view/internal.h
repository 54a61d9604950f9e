/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the parts of the view: the tree of nodes, mounts, and the walk. */
#pragma once

#include "base/fs.h"
#include "view/reason.h"
#include "view/view.h"

/*
 * Inside the view. Its tree has a node for every inspected object, in the container's terms:
 * (parent, name) is unique, and a mount hangs on the node it covers. Nodes live in the view's arena
 * until the view is freed; found.node is a node's number.
 *
 * The functions here return 0 or a negative errno and leave reporting to the callers. -ENOMEM is
 * the only failure of the view itself: what cannot be inspected becomes a node of kind OPAQUE.
 */
#define VIEW_PATH_MAX  4095u /* as the kernel, which counts the NUL too */
#define VIEW_NAME_MAX  255u
#define VIEW_LINKS_MAX 40
/*
 * Links that the kernel follows for certain. A walk that it must begin anew, because something was
 * mounted, unmounted or renamed meanwhile, goes on with the count of the first attempt (namei.c,
 * seen with Linux 6.18): from 21 links on it can come to more than 40, ELOOP.
 */
#define VIEW_LINKS_SURE (VIEW_LINKS_MAX / 2)
#define VIEW_NODES_MAX	262144u /* a bound on memory against hostile configurations */
#define VIEW_MOUNTS_MAX 4096u	/* as VIEW_NODES_MAX, and on time */
#define VIEW_COPIES_MAX 16u	/* copies of copies: they are recursion */
#define VIEW_FDS	32	/* descriptors held at a time */

#define ATTRIBUTE_IMMUTABLE 0x10u /* STATX_ATTR_* */
#define ATTRIBUTE_APPEND    0x20u

enum backing {
	HOST,	/* an object of a host file system, shown by the rootfs or a bind mount */
	MADE,	/* the runtime will make it: a mount point, a device, the root of a tmpfs */
	COPY,	/* tmpcopyup: the runtime will copy it from "origin" */
	OPAQUE, /* not known, nor what is below it; "why" says why */
};

enum acl_state { ACL_NOT_READ, ACL_NONE, ACL_PRESENT, ACL_UNREADABLE };

struct node {
	uint32_t id;
	enum backing backing;
	struct node *parent;	/* NULL: root of its mount */
	struct node *next;	/* in its hash bucket */
	struct node *made_next; /* likewise, of the objects that the runtime makes */
	struct node *down;	/* scratch of node_fd() */
	struct node *origin;	/* of a COPY */
	struct node *first;	/* MADE: as it was seen first, through another mount; else NULL */
	unsigned copies;	/* of copies that it is */
	uint32_t
		copied_at; /* of a COPY: what was made later, with this id or above, is not in it */
	struct vmount *mount;	/* that holds it */
	struct vmount *covered; /* the mount on top of it, or NULL */
	struct node *top;	/* on the way from it to node_top(); NULL: itself */
	const char *name;	/* "" for the root of a mount */
	union {
		const char *text;	  /* target of a link; NULL: not read yet */
		const struct reason *why; /* OPAQUE; a HOST directory: why nothing in it is seen */
	};
	mode_t mode;
	mode_t other_mode; /* what it is under other runtimes or versions of them; else == mode */
	uint32_t uid, gid; /* HOST: as this process sees them; MADE: the container's */
	uint64_t size, inode, mount_id, attributes;
	uint32_t dev_major, dev_minor;
	int fd;	  /* O_PATH, or for reading; -1: not open */
	int slot; /* of the descriptor; -1: not in one */
	bool readable;
	bool made_linked;  /* with made_next */
	uint8_t read_only; /* enum truth: named by readonlyPaths */
	bool directory;	   /* OPAQUE: it is one for sure */
	enum acl_state acl_state;
	const unsigned char *acl; /* value of system.posix_acl_access */
	size_t acl_len;
};

/* Mount flags that options can set or clear; the values are internal. */
enum {
	FLAG_RDONLY = 1,
	FLAG_NOEXEC = 2,
	FLAG_NOSUID = 4,
	FLAG_NODEV = 8 /* others: higher bits */
};

struct mount_options {
	uint32_t last; /* flags when the last option wins */
	uint32_t kept; /* flags when what is once set stays set */
	bool dev;      /* a mount of /dev or /dev/shm without a list of options */
	bool changes;  /* some option sets or clears a flag */
	bool rnoexec, rexec, rro, rrw;
	bool rsuid;		   /* or rnosuid */
	bool rexec_last, rrw_last; /* behind the contrary one */
	bool bind, recursive, copyup;
	const char *strange; /* an option after which nothing is known */
	const char *bad;     /* the first one that the kernel takes for no tmpfs, or NULL */
	size_t bad_len;
	bool has_mode, has_uid, has_gid, malformed;
	uint32_t mode, uid, gid;
};

struct vmount {
	struct node *covers; /* NULL for the rootfs */
	struct node *stands; /* what that is below all mounts: where a path to the mount ends */
	struct node *root;
	const char *label;  /* "the tmpfs mount on /opt (mounts[3])" */
	const char *brief;  /* "tmpfs mount (mounts[3])" */
	const char *source; /* on the host, of the rootfs or a bind; else NULL */
	const char *type;   /* of the kernel's, such as "proc"; NULL: a bind, a tmpfs */
	bool recursive;	    /* with the host mounts below it */
	bool shows_rootfs;  /* and with those that the container has had so far */
	bool masked;	    /* by maskedPaths */
	bool process;	    /* a procfs, or a part of one */
	struct doc_place at, options_at; /* in config.json */
	struct mount_options options;
};

struct view {
	const struct spec *spec;
	struct budget *budget; /* of the spec */
	struct runtime runtime;
	struct arena *arena;
	int bundle_dir;
	struct vmount *rootfs;
	const char *rootfs_path; /* on the host, resolved; NULL: not asked for yet */
	struct node **nodes;
	size_t n_nodes, nodes_capacity;
	struct node **buckets, **made_buckets;
	size_t n_buckets;   /* of each */
	struct node *limit; /* represents every node over VIEW_NODES_MAX */
	struct node *slots[VIEW_FDS];
	uint64_t used[VIEW_FDS], clock;
	struct view_memory memory;
	const struct creds *maker;	  /* see view_maker() */
	struct reason refused;		  /* see view_refusal(); the first reason stays */
	const struct reason *lost;	  /* see view_lost() */
	const struct reason *spent;	  /* see view_spent() */
	const struct reason *no_owners;	  /* once there is something to report */
	bool no_memory;			  /* noticed where there is no way to return it */
	bool own_ids_read, own_ids_whole; /* whether this process sees every id as it is */
};

/* ---- view/node.c ---- */

/* The topmost of what is mounted on @n: what a path that leads to @n names. */
struct node *node_top(struct node *n);

uint32_t hash_name(uint32_t seed, const char *name, size_t len);

/* A child that is there already, or NULL. */
struct node *node_known(struct view *v, struct node *dir, const char *name, size_t len);

/*
 * Add a node under @parent (NULL: root of @mount). -ENOMEM, or -E2BIG over VIEW_NODES_MAX. _make:
 * one that the runtime will make, owned by the container's root; _opaque: one that is not known,
 * with the reason @why (NULL: out of memory).
 */
int node_add(struct view *v, struct node *parent, struct vmount *mount, const char *name,
	     size_t len, struct node **ret) MUST_CHECK;
int node_make(struct view *v, struct node *parent, struct vmount *mount, const char *name,
	      size_t len, mode_t mode, struct node **ret) MUST_CHECK;
int node_opaque(struct view *v, struct node *parent, const char *name, size_t len,
		const struct reason *why, struct node **ret) MUST_CHECK;

/* Turn a fresh @n into a COPY of @origin, made when node @copied_at was the next one. */
void node_copy(struct node *n, struct node *origin, uint32_t copied_at);

/*
 * Child @name of directory @dir, before mounts: -ENOENT, -ENAMETOOLONG, -ENOMEM. One that cannot be
 * inspected is an OPAQUE node.
 */
int node_child(struct view *v, struct node *dir, const char *name, size_t len,
	       struct node **ret) MUST_CHECK;

/* The original of a COPY; other nodes themselves. */
struct node *node_base(struct node *n);

/* The nearest HOST node at or above @n in its mount, NULL if there is none. */
struct node *node_anchor(struct node *n);

/* Target of symbolic link @n, or a negative errno. */
int node_link(struct view *v, struct node *n, const char **ret) MUST_CHECK;

/* The path at which @n is seen: the root of a mount is where the mount is. */
struct node *node_standing(struct node *n);

/* The path of @n in the container, exact; NULL if out of memory. */
char *node_path(struct view *v, struct node *n);

/* ---- view/made.c: one directory shows what is made in it in every mount that has it ---- */

/* Enter @n, which the runtime makes or mounts something on, if something else may show that. */
void made_link(struct view *v, struct node *n);

/* As node_child(), of what the runtime makes in @dir through this or another mount. */
int made_child(struct view *v, struct node *dir, const char *name, size_t len,
	       struct node **ret) MUST_CHECK;

/* Whether the runtime makes @n only after node @id was there. */
bool made_since(const struct node *n, uint32_t id);

/* The mount on @name in @dir that exists because the mount of @dir shows the rootfs, or NULL. */
const struct vmount *made_cover(struct view *v, const struct node *dir, const char *name,
				size_t len);

/* ---- view/self.c ---- */

/*
 * Bind mount @m has the source @fd: whether that is in the rootfs, or has it below, is set in @m.
 * *@why is set where what it is cannot be known.
 */
int self_bind(struct view *v, struct vmount *m, int fd, const char **why) MUST_CHECK;

/* Child @name of @dir is not known, as its mount shows the rootfs with @cover. */
int self_child(struct view *v, struct node *dir, const char *name, size_t len,
	       const struct vmount *cover, struct node **ret) MUST_CHECK;

/* ---- view/host.c: a negative errno of the host, -ESTALE if there is another object now ---- */

/* Descriptor of HOST node @n, borrowed until the next call. _reader: open for reading. */
int host_fd(struct view *v, struct node *n) MUST_CHECK;
int host_reader(struct view *v, struct node *n) MUST_CHECK;

int host_child(struct view *v, struct node *dir, const char *name, size_t len,
	       struct node **ret) MUST_CHECK;
int host_link(struct view *v, struct node *n) MUST_CHECK; /* sets n->text */

/* The names in directory @n, as view_names() has them, at most @max. */
int host_list(struct view *v, struct node *n, size_t max, struct arena *arena, const char ***names,
	      size_t *n_names) MUST_CHECK;
int host_flags(struct view *v, struct node *n, unsigned long *ret) MUST_CHECK; /* statfs(2) */

/*
 * A descriptor of @source, -ESPENT; then, which takes it over, the root node of @mount. @inside:
 * only if it lies in the bundle, else -EXDEV.
 */
int host_open_source(struct view *v, const char *source, bool inside) MUST_CHECK;
int host_open_rootfs(struct view *v) MUST_CHECK; /* spends nothing */
int host_root(struct view *v, struct vmount *mount, int fd) MUST_CHECK;

/* fs.protected_symlinks; UNKNOWN if it cannot be read. */
enum truth host_protects_links(void);

/* The kind of a file system that must not be inspected, or NULL. */
const char *host_pseudo(int fd);
void host_close(struct view *v);

/* ---- view/way.c ---- */

/*
 * Refuse, as @by says, where the root of the user namespace may not search a directory above @fd,
 * which is a source on the host that @label, a value at @at, is about.
 */
int way_check(struct view *v, int fd, struct doc_place at, const char *label,
	      struct verdict_by by) MUST_CHECK;

/* ---- view/walk.c ---- */

/* The MAKE flags: what is missing, the runtime makes, the last component a directory or a file. */
enum { WALK_FOLLOW = 0, WALK_NO_FOLLOW = 1, WALK_MAKE_DIR = 2, WALK_MAKE_FILE = 4 };

/*
 * Walk @path from directory @from (the container's root where it is absolute). ret->at is the node
 * found, or the one where it ended. Returns 0, a negative errno of the walk with ret->reason,
 * -EAGAIN where it is unknown how it goes on, with ret->reason, or -ENOMEM.
 */
struct walk_result {
	struct node *at;
	const struct reason *reason;
	struct node *dangling; /* a link through which something was made, or NULL */
	bool loop;	       /* with -ELOOP: however many links are followed */
	int links;	       /* that were followed */
	/*
	 * As view->maker: why the runtime cannot search or make something on the way, or NULL; the
	 * walk goes on as if it might.
	 */
	const char *trouble;
};
int view_walk(struct view *v, struct node *from, const char *path, unsigned flags,
	      const struct creds *who, struct trail *trail, struct walk_result *ret) MUST_CHECK;

/*
 * Note why the runtime will not start the container, which value of config.json is wrong, and what
 * to change (NULL: what the message names).
 */
int view_refuse(struct view *v, struct doc_place at, const char *hint, const char *fmt, ...)
	PRINTF_LIKE(4, 5) MUST_CHECK;

/* The same by @by: NO refuses, UNKNOWN may refuse, YES does nothing. */
int view_refuse_by(struct view *v, struct verdict_by by, struct doc_place at, const char *hint,
		   const char *fmt, ...) PRINTF_LIKE(5, 6) MUST_CHECK;

/* The root directory as the container sees it. */
struct node *view_root(struct view *v);

/* ---- view/mounts.c ---- */

int view_mount_all(struct view *v) MUST_CHECK;

/* A type or path for a label: hostile ones are long. */
#define SHORT "%.200s"

/* A mount, its root that the runtime makes, and its place on top of what is on @covers. */
int mount_new(struct view *v, const char *label, const char *brief, struct vmount **ret) MUST_CHECK;
int mount_made(struct view *v, struct vmount *m, mode_t mode) MUST_CHECK;
void mount_hang(struct view *v, struct vmount *m, struct node *covers);

/* Take @n steps; false, and then nothing is known any more, if they are not there. */
bool mount_steps(struct view *v, uint64_t n, int *r);

/* Nothing is known any more, for what is at @at; @why NULL: out of memory. */
int mount_lose(struct view *v, struct doc_place at, const char *why) MUST_CHECK;

/* Whether @path has a component "..". */
bool has_dotdot(const char *path);

/* ---- view/finish.c ---- */

int view_finish(struct view *v) MUST_CHECK;

/* ---- view/options.c ---- */

void mount_options_parse(const struct spec_mount *mount, struct mount_options *ret);

/* Whether it is for the mount, or its propagation, and no text for the file system. */
bool mount_option_is_flag(const char *option);

/* The first option that is not a flag: one of a file system, or unknown; NULL if there is none. */
const char *mount_options_data(const struct spec_mount *mount);

/* The flags as @one, a runtime with a version, understands them. */
uint32_t mount_flags(const struct mount_options *options, struct runtime one);

/* ---- view/kernel.c: the kernel's own file systems ---- */

/* What the kernel, or a runtime, refuses of @mount; _place: of what it is mounted on. */
int kernel_check_options(struct view *v, const struct vmount *m,
			 const struct spec_mount *mount) MUST_CHECK;
int kernel_check_type(struct view *v, const struct vmount *m,
		      const struct spec_mount *mount) MUST_CHECK;
int kernel_check_namespaces(struct view *v, const struct vmount *m,
			    const struct spec_mount *mount) MUST_CHECK;
int kernel_check_place(struct view *v, const struct vmount *m, const struct spec_mount *mount,
		       struct node *at) MUST_CHECK;

/*
 * What is at @path, "" or relative to the root of a file system of @type, of which something is
 * known. NEW_FILE: nothing, but a file can be made.
 */
enum kernel_entry {
	KERNEL_MISSING,
	KERNEL_PERHAPS,
	KERNEL_FILE,
	KERNEL_DIRECTORY,
	KERNEL_NEW_FILE
};
enum kernel_entry kernel_has(const char *type, const char *path);
bool kernel_is_known(const char *type);

/* The path of @n below the root of its mount; NULL if out of memory. */
const char *kernel_path(struct view *v, struct node *n);

/* ---- view/overlay.c: what overlayfs refuses of the directories that @mount names ---- */
int overlay_check(struct view *v, const struct vmount *m,
		  const struct spec_mount *mount) MUST_CHECK;

/* ---- view/perm.c ---- */

/* Whether @who may do @what with @n by its mode. */
enum truth node_may(struct view *v, struct node *n, const struct creds *who, unsigned what);

/*
 * The text for a NO or UNKNOWN of node_may(): "directory /root has mode 0700, uid 1000 cannot
 * search it"; with @path NULL "mode 0700, uid 1000 cannot search it". NULL if out of memory.
 */
const struct reason *node_may_reason(struct view *v, struct node *n, const struct creds *who,
				     unsigned what, enum truth value, const char *path);

/*
 * Whether this process is in no user namespace of its own: in one, ids that it does not map all
 * look like 65534.
 */
bool sees_every_id(struct view *v);

/*
 * Who searches and makes on the runtime's behalf: in a user namespace with mappings the
 * root of it, as user_namespaces(7) restricts that. NULL may do everything: without one, or
 * where it cannot be known.
 */
const struct creds *view_maker(const struct spec *spec);

/* Owner ids as the container sees them, UINT32_MAX where unmapped or not known. */
void node_owner(struct view *v, struct node *n, uint32_t *uid, uint32_t *gid);

/* ---- view/verdict.c ---- */

/* Whether the runtime, while it mounts, can make something in directory @n by its mount. */
enum truth node_mount_takes(struct view *v, struct node *n, const struct reason **reason);

/* As view_mount_exec() and view_mount_writable(). */
enum truth node_mount_exec(struct view *v, struct node *n, const struct reason **reason);
enum truth node_mount_setid(struct view *v, struct node *n, const struct reason **reason);
enum truth node_mount_writable(struct view *v, struct node *n, const struct reason **reason);
