/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replays the mounts of the runtime in its order. A mount that cannot be judged makes all that it
 * may hide unknown; it is never left out.
 */
#include <limits.h>

#include "base/words.h"
#include "view/internal.h"

#define STEPS_MOUNT 16 /* its labels, and where its source is */

int mount_new(struct view *v, const char *label, const char *brief, struct vmount **ret)
{
	struct vmount *m = arena_alloc(v->arena, 1, sizeof(*m));

	if (!m || !label || !brief)
		return -ENOMEM;
	m->label = label;
	m->brief = brief;
	*ret = m;
	return 0;
}

void mount_hang(struct view *v, struct vmount *m, struct node *covers)
{
	covers = node_top(covers);
	m->covers = covers;
	m->stands = node_standing(covers);
	covers->covered = m;
	made_link(v, covers);
}

int mount_lose(struct view *v, struct doc_place at, const char *why)
{
	struct vmount *m;
	int r;

	if (view_root(v) == v->limit)
		return 0;
	v->lost = reason_cause(v->arena, at, "correct it, so that the files can be inspected", why);
	r = v->lost ? mount_new(v, v->rootfs->label, v->rootfs->brief, &m) : -ENOMEM;
	if (r < 0)
		return r;
	v->limit->why = v->lost;
	m->root = v->limit;
	v->rootfs->root->covered = m;
	v->rootfs->root->top = NULL;
	return 0;
}

bool mount_steps(struct view *v, uint64_t n, int *r)
{
	if (budget_steps(v->budget, n))
		return true;
	*r = mount_lose(v, NO_PLACE, budget_reason(v->budget));
	return false;
}

static int lose_to_limit(struct view *v)
{
	return mount_lose(v, NO_PLACE, "config.json leads to more than 262144 files");
}

int mount_made(struct view *v, struct vmount *m, mode_t mode)
{
	return node_make(v, NULL, m, "", 0, mode, &m->root);
}

static int root_opaque(struct view *v, struct vmount *m, const struct reason *why)
{
	int r = why ? mount_made(v, m, S_IFDIR | 0555) : -ENOMEM;

	if (r < 0)
		return r;
	m->root->backing = OPAQUE;
	m->root->why = why;
	return 0;
}

/* The files of mount @m are not known, as @text says; @hint may be NULL. */
static int mount_opaque(struct view *v, struct vmount *m, const char *hint, const char *text)
{
	return root_opaque(v, m, reason_cause(v->arena, m->at, hint, text));
}

/* The object that @n names is not known. */
static int hide(struct view *v, struct node *n, const struct vmount *like, const struct reason *why)
{
	struct vmount *m;
	int r = mount_new(v, like->label, like->brief, &m);

	if (r == 0)
		r = root_opaque(v, m, why);
	if (r == 0)
		mount_hang(v, m, n);
	return r;
}

/* ---- where ---- */

bool has_dotdot(const char *path)
{
	for (const char *s = path; (s = strstr(s, "..")); s += 2)
		if ((s == path || s[-1] == '/') && (!s[2] || s[2] == '/'))
			return true;
	return false;
}

char *path_clean(struct arena *arena, const char *path)
{
	char *out = arena_alloc(arena, strlen(path) + 2, 1);
	size_t len = 0;

	for (const char *s = path; out && *s;) {
		size_t n = strcspn(s, "/");

		if (n == 2 && s[0] == '.' && s[1] == '.') {
			while (len && out[--len] != '/')
				;
		} else if (n && !(n == 1 && s[0] == '.')) {
			out[len++] = '/';
			memcpy(out + len, s, n);
			len += n;
		}
		s += n + (s[n] == '/');
	}
	if (out) {
		out[len] = '\0';
		if (!len)
			memcpy(out, "/", 2);
	}
	return out;
}

static const char place_hint[] = "correct the destination, or mend the way to it in the rootfs";

/* @path cannot be reached as a mount point: the obstacle is unknown from now on. */
static int misplaced(struct view *v, const struct vmount *m, int r, const struct walk_result *where)
{
	const char *why;

	if (r == -ENOMEM)
		return r;
	why = arena_printf(v->arena, "%s cannot be made: %s", m->label, where->reason->text);
	if (!why)
		return -ENOMEM;
	/* Some runtimes follow more links in a row, if they are not a loop. */
	if (r != -EAGAIN && (r != -ELOOP || where->loop) &&
	    view_refuse(v, m->at, place_hint, "%s", why) < 0)
		return -ENOMEM;
	if (r == -EAGAIN)
		return mount_lose(v, m->at, why);
	return hide(v, where->at, m, reason_cause(v->arena, m->at, NULL, why));
}

/* A mount of a directory on a link that leads nowhere. Files are common there and do no harm. */
static int through_dangling(struct view *v, const struct vmount *m, struct node *link)
{
	const struct verdict_by starts =
		runtime_survives(v->runtime, DIRECTORY_ON_DANGLING_LINK_REFUSED);
	const char *path = node_path(v, link);
	const char *why = path ? arena_printf(v->arena, "%s leads through the dangling link %s",
					      m->label, path)
			       : NULL;
	int r = why ? view_refuse_by(v, starts, m->at, place_hint, "%s", why) : -ENOMEM;

	return r < 0 ? r : mount_lose(v, m->at, why);
}

/* ".." behind a link leads to one place or the other. */
static int twofold(struct view *v, const struct vmount *m, struct node *one, struct node *other)
{
	const char *text = arena_printf(
		v->arena, "%s has '..' after a link, which runtimes resolve differently", m->label);
	const struct reason *why =
		reason_cause(v->arena, m->at, "write the destination without '..'", text);
	int r = hide(v, one, m, why);

	return r == 0 ? hide(v, other, m, why) : r;
}

/* Walk to @path, making what is missing; @other is where another runtime ends. */
static int walk_to(struct view *v, const char *path, unsigned make, struct walk_result *where,
		   struct walk_result *other)
{
	const enum truth dots_first =
		has_dotdot(path) ? runtime_does(v->runtime, DOTDOT_BEFORE_LINKS) : NO;
	const char *lexical = dots_first == NO ? path : path_clean(v->arena, path);
	int r = 0;

	if (!lexical)
		return -ENOMEM;
	if (dots_first == UNKNOWN)
		r = view_walk(v, view_root(v), path, make, v->maker, NULL, where);
	if (r < 0)
		return r;
	r = view_walk(v, view_root(v), lexical, make, v->maker, NULL, other);
	if (r < 0 || dots_first != UNKNOWN)
		*where = *other;
	return r;
}

/* Without slashes at the end. NULL: out of memory. */
static const char *without_slashes(struct view *v, const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	return arena_strndup(v->arena, path, len);
}

/*
 * Where @path is, made if it is missing. 0, 1 when it is settled that nothing is known there,
 * or -ENOMEM. What is covered is seen all the same where its directory is bound twice.
 */
static int place(struct view *v, const struct vmount *m, const char *path, struct node **ret)
{
	const unsigned make = m->root && !S_ISDIR(m->root->mode) ? WALK_MAKE_FILE : WALK_MAKE_DIR;
	struct walk_result where, other;
	int r;

	if (make == WALK_MAKE_FILE && runtime_does(v->runtime, DESTINATION_SLASHES_DROPPED) == YES)
		path = without_slashes(v, path);
	r = path ? walk_to(v, path, make, &where, &other) : -ENOMEM;
	if (r < 0) {
		r = misplaced(v, m, r, &where);
	} else if (where.at == v->limit || other.at == v->limit) {
		r = lose_to_limit(v);
	} else if (where.dangling && make == WALK_MAKE_DIR &&
		   runtime_may(v->runtime, DIRECTORY_ON_DANGLING_LINK_REFUSED)) {
		r = through_dangling(v, m, where.dangling);
	} else if (where.at != other.at) {
		r = twofold(v, m, where.at, other.at);
	} else {
		*ret = where.at;
		return where.trouble ? view_refuse(v, m->at, place_hint, "%s cannot be made: %s",
						   m->label, where.trouble)
				     : 0;
	}
	return r < 0 ? r : 1;
}

/* ---- what ---- */

/* Types whose root is a directory for sure, though what is in it is not known: of the kernel's own
 * files, and of others. */
static const char *const kernel_types[] = {
	"proc",	    "sysfs",	  "devpts",  "mqueue",	"cgroup", "cgroup2",
	"devtmpfs", "securityfs", "debugfs", "tracefs", "bpf",	  "configfs",
};
static const char *const directory_types[] = { "overlay", "hugetlbfs" };

static int opaque_mount(struct view *v, struct vmount *m, const struct spec_mount *spec)
{
	const char *text = arena_printf(v->arena, "%s is not inspected", m->label);
	const bool kernel = IS_ONE_OF(spec->type, kernel_types);
	int r;

	m->process = streq(spec->type, "proc");
	m->type = spec->type;
	/* Nobody expects a program among what the kernel makes up. */
	if (kernel)
		r = root_opaque(v, m, reason_new(v->arena, text));
	else
		r = mount_opaque(v, m, "bind a directory instead, which can be inspected", text);
	if (r == 0)
		m->root->directory = kernel || IS_ONE_OF(spec->type, directory_types);
	return r;
}

/* Why nothing is known of @spec, NULL if nothing speaks against it. */
static const char *doubt(struct view *v, const struct vmount *m, const struct spec_mount *spec)
{
	const struct mount_options *o = &m->options;

	if (spec->id_mapped)
		return arena_printf(v->arena, "%s maps ids", m->label);
	if (o->strange)
		return arena_printf(v->arena, "%s has the option %s", m->label, o->strange);
	if (streq(spec->type, "bind") && !o->bind)
		return arena_printf(v->arena,
				    "%s has type bind, but neither the option bind nor rbind",
				    m->label);
	if (streq(spec->type, "tmpfs") && !o->bind && o->malformed)
		return arena_printf(v->arena, "%s has a malformed mode=, uid= or gid=", m->label);
	return NULL;
}

static int process_source(struct view *v, struct vmount *m, const char *source)
{
	const char *clean = source[0] == '/' ? path_clean(v->arena, source) : "";

	m->process = clean && (streq(clean, "/proc") || starts_with(clean, "/proc/"));
	return clean ? 0 : -ENOMEM;
}

static int bind_mount(struct view *v, struct vmount *m, const struct spec_mount *spec)
{
	auto_close int fd = host_open_source(v, spec->source, v->spec->bundle_only);
	const char *pseudo, *why = NULL;
	int r;

	m->source = spec->source;
	r = process_source(v, m, spec->source);
	if (r < 0)
		return r;
	m->recursive = m->options.recursive;
	if (fd == -EXDEV && v->spec->bundle_only)
		return mount_opaque(v, m, "give --host-mounts on the host that runs the container",
				    arena_printf(v->arena,
						 "%s comes from %s, outside of the bundle, which "
						 "is inspected only with --host-mounts",
						 m->label, spec->source));
	if (fd == -ESPENT && budget_is_spent(v->budget))
		return root_opaque(v, m, view_spent(v));
	if (fd < 0)
		return mount_opaque(v, m, NULL,
				    arena_printf(v->arena, "cannot inspect %s, source of %s: %s",
						 spec->source, m->label, strerror(-fd)));
	pseudo = host_pseudo(fd);
	if (pseudo)
		return mount_opaque(v, m, NULL,
				    arena_printf(v->arena, "%s is %s, which is not inspected",
						 m->label, pseudo));
	r = way_check(v, fd, m->at, m->label,
		      runtime_survives(v->runtime, BIND_SOURCE_REACHED_INSIDE));
	if (r < 0)
		return r;
	r = self_bind(v, m, fd, &why);
	if (r == 0 && why)
		return mount_opaque(v, m, NULL, why);
	return r < 0 ? r : host_root(v, m, TAKE_FD(fd));
}

/* The permissions that all possible modes allow, and those that some do. */
struct modes {
	mode_t all, some;
};

static void add_mode(struct modes *modes, mode_t mode)
{
	modes->all &= mode;
	modes->some |= mode;
}

/* The mode that @one gives to a tmpfs which covers a directory of mode @below, if one was there. */
static void add_modes_under(struct modes *modes, const struct mount_options *o, struct runtime one,
			    mode_t below, bool existed)
{
	enum truth covered = NO;

	if (existed)
		covered = runtime_does(one, o->has_mode ? TMPFS_COVERED_MODE_WINS
							: TMPFS_TAKES_COVERED_MODE);
	if (covered != NO)
		add_mode(modes, below);
	if (covered != YES)
		add_mode(modes, o->has_mode ? o->mode : 01777);
}

static void tmpfs_mode(struct view *v, struct node *root, const struct mount_options *o,
		       const struct node *covers, bool existed)
{
	struct runtime candidates[RUNTIME_CANDIDATES_MAX];
	const size_t n = runtime_candidates(v->runtime, candidates);
	struct modes modes = { 07777, 0 };
	mode_t below[2] = { 0755, 0755 };

	if (existed && covers->backing == OPAQUE) {
		below[0] = 0;
		below[1] = 0777;
	} else if (existed) {
		below[0] = covers->mode & 07777;
		below[1] = covers->other_mode & 07777;
	}
	for (size_t i = 0; i < 2 * n; i++)
		add_modes_under(&modes, o, candidates[i / 2], below[i % 2], existed);
	root->mode = S_IFDIR | modes.all;
	root->other_mode = S_IFDIR | modes.some;
}

static int tmpfs_mount(struct view *v, struct vmount *m, struct node *covers, bool existed)
{
	const struct mount_options *o = &m->options;
	int r = mount_made(v, m, S_IFDIR);

	if (r < 0)
		return r;
	if (o->copyup && covers->backing == OPAQUE) {
		m->root->backing = OPAQUE;
		m->root->why = covers->why;
		return 0;
	}
	if (o->copyup && existed)
		node_copy(m->root, covers, m->root->id);
	tmpfs_mode(v, m->root, o, covers, existed);
	m->root->uid = o->uid;
	m->root->gid = o->gid;
	return 0;
}

static int describe(struct view *v, size_t i, struct vmount **ret)
{
	const struct spec_mount *spec = &v->spec->mounts[i];
	struct mount_options options;
	const char *type;

	mount_options_parse(spec, &options);
	type = options.bind ? "bind" : spec->type[0] ? spec->type : "untyped";
	if (mount_new(v,
		      arena_printf(v->arena, "the " SHORT " mount on " SHORT " (mounts[%zu])", type,
				   spec->destination, i),
		      arena_printf(v->arena, SHORT " mount (mounts[%zu])", type, i), ret) < 0)
		return -ENOMEM;
	(*ret)->at = (struct doc_place){ spec->destination_token, 0 };
	(*ret)->options_at = (struct doc_place){ spec->options_token, 0 };
	(*ret)->options = options;
	(*ret)->options.dev = !spec->options && (streq(spec->destination, "/dev") ||
						 streq(spec->destination, "/dev/shm"));
	return 0;
}

static bool is_no_id(const struct mount_options *o)
{
	return (o->has_uid && o->uid == UINT32_MAX) || (o->has_gid && o->gid == UINT32_MAX);
}

/* Options of a tmpfs that mount(2) does not accept. Without mappings all is the host's. */
static int check_data(struct view *v, const struct vmount *m)
{
	const struct mount_options *o = &m->options;
	const struct spec *spec = v->spec;
	const char *id = NULL;

	if (o->bad)
		return view_refuse(v, m->options_at, "remove the option",
				   "%s has the option %.*s, which the kernel does not accept",
				   m->label, (int)(o->bad_len < 200 ? o->bad_len : 200), o->bad);
	if (is_no_id(o))
		return view_refuse(
			v, m->options_at, "remove the option",
			"%s has an option uid= or gid= of 4294967295, which is not a valid id",
			m->label);
	if (o->malformed || !spec->user_namespace || spec->user_namespace_path)
		return 0;
	if (o->has_uid && spec->uid_mappings.n && !spec_maps(&spec->uid_mappings, o->uid))
		id = "uid=";
	else if (o->has_gid && spec->gid_mappings.n && !spec_maps(&spec->gid_mappings, o->gid))
		id = "gid=";
	return id ? view_refuse(v, m->options_at, "map that id, or remove the option",
				"%s has an option %s whose id the user namespace does not map",
				m->label, id)
		  : 0;
}

/* Options of a bind that a runtime refuses, because it does not mount a file system. */
static int check_bind_data(struct view *v, const struct vmount *m, const struct spec_mount *spec)
{
	const char *data;

	if (!m->options.bind || !runtime_may(v->runtime, BIND_DATA_REFUSED))
		return 0;
	data = mount_options_data(spec);
	return !data ? 0
		     : view_refuse_by(v, runtime_survives(v->runtime, BIND_DATA_REFUSED),
				      m->options_at, "remove the option",
				      "%s has the option %.200s, which is not a flag", m->label,
				      data);
}

static int check_kernel(struct view *v, const struct vmount *m, const struct spec_mount *spec)
{
	int r = kernel_check_options(v, m, spec);

	if (r == 0)
		r = kernel_check_type(v, m, spec);
	if (r == 0)
		r = kernel_check_namespaces(v, m, spec);
	return r < 0 || !streq(spec->type, "overlay") ? r : overlay_check(v, m, spec);
}

/* The root node, as far as it does not depend on what is covered; NULL for a tmpfs. */
static int prepare(struct view *v, struct vmount *m, const struct spec_mount *spec)
{
	const bool tmpfs = !m->options.bind && streq(spec->type, "tmpfs");
	const char *why = doubt(v, m, spec);
	int r = tmpfs		  ? check_data(v, m)
		: m->options.bind ? check_bind_data(v, m, spec)
				  : check_kernel(v, m, spec);

	if (r == 0 && !m->options.bind && !m->options.strange && !spec->type[0])
		r = view_refuse(v, m->options_at, "give it a type, or the option bind",
				"%s has neither a type nor the option bind or rbind", m->label);
	if (r < 0)
		return r;
	if (why)
		return root_opaque(v, m, reason_cause(v->arena, m->options_at, NULL, why));
	if (m->options.bind)
		return bind_mount(v, m, spec);
	return tmpfs ? 0 : opaque_mount(v, m, spec);
}

/* On the way to @destination there is a link that leads elsewhere than @path; -ENOMEM. */
static int is_linked(struct view *v, const char *path, const char *destination)
{
	const char *clean = path_clean(v->arena, destination);

	return clean ? !streq(clean, path) : -ENOMEM;
}

static const char link_hint[] = "name the directory itself, without links";

/* No runtime mounts proc and sysfs on a link, and some in no directory that is reached by one. */
static int check_link(struct view *v, const struct vmount *m, const struct spec_mount *spec,
		      struct node *at)
{
	const bool is_kernel = streq(spec->type, "proc") || streq(spec->type, "sysfs");
	const char *path = is_kernel ? node_path(v, at) : "";
	struct walk_result where;
	int r;

	if (!path)
		return -ENOMEM;
	/* No link leads to where it is. */
	if (!is_kernel || m->options.bind || streq(path, spec->destination))
		return 0;
	r = view_walk(v, view_root(v), spec->destination, WALK_NO_FOLLOW, NULL, NULL, &where);
	if (r == 0 && where.at->backing != OPAQUE && S_ISLNK(where.at->mode))
		return view_refuse(v, m->at, link_hint, "%s is on a symbolic link", m->label);
	if (r == 0)
		r = is_linked(v, path, spec->destination);
	if (r == 1)
		return view_refuse_by(
			v, runtime_survives(v->runtime, PROC_IN_LINKED_DIRECTORY_REFUSED), m->at,
			link_hint, "%s is in a directory that is reached by a link", m->label);
	return r == -ENOMEM ? r : 0;
}

/* A directory is mounted on a directory only, anything else on anything else only. */
static int check_kinds(struct view *v, const struct vmount *m, const struct node *at)
{
	const bool directory = !m->root || S_ISDIR(m->root->mode);

	if ((m->root && m->root->backing == OPAQUE && !m->root->directory) ||
	    at->backing == OPAQUE || directory == S_ISDIR(at->mode))
		return 0;
	return view_refuse(v, m->at, "mount a directory on a directory, and a file on a file",
			   directory ? "%s mounts a directory, but its destination is not one"
				     : "%s does not mount a directory, but its destination is one",
			   m->label);
}

/* Recursive flags such as rro on the bind of a file. */
static int check_recursive(struct view *v, const struct vmount *m)
{
	const struct mount_options *o = &m->options;

	if (!(o->rro || o->rrw || o->rexec || o->rnoexec) || !m->root ||
	    m->root->backing == OPAQUE || S_ISDIR(m->root->mode))
		return 0;
	return view_refuse_by(v, runtime_survives(v->runtime, RECURSIVE_FLAG_ON_FILE_REFUSED),
			      m->options_at, "remove the option, or bind a directory",
			      "%s binds a file with a recursive option such as rro", m->label);
}

/* Options that set nothing here, and that some runtimes or the kernel below them refuse. */
static const struct refused_option {
	const char *option;
	bool bind, other; /* of which mounts */
	enum behaviour behaviour;
} refused_options[] = {
	{ "rdiratime", true, true, RECURSIVE_ATIME_REFUSED },
	{ "rnodiratime", true, true, RECURSIVE_ATIME_REFUSED },
	{ "rnoatime", true, true, RECURSIVE_ATIME_REFUSED },
	{ "rstrictatime", true, true, RECURSIVE_ATIME_REFUSED },
	{ "ratime", true, true, RECURSIVE_ATIME_REFUSED },
	{ "rnostrictatime", true, true, RECURSIVE_ATIME_REFUSED },
	{ "ratime", true, false, RECURSIVE_ATIME_CLEAR_REFUSED },
	{ "rnostrictatime", true, false, RECURSIVE_ATIME_CLEAR_REFUSED },
	{ "rsymfollow", false, true, RECURSIVE_SYMFOLLOW_UNKNOWN },
	{ "rnosymfollow", false, true, RECURSIVE_SYMFOLLOW_UNKNOWN },
};

static int check_refused_option(struct view *v, const struct vmount *m, const char *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused_options); i++) {
		const struct refused_option *o = &refused_options[i];
		int r;

		if (!streq(option, o->option) || !(m->options.bind ? o->bind : o->other))
			continue;
		r = view_refuse_by(v, runtime_survives(v->runtime, o->behaviour), m->options_at,
				   "remove the option", "%s has the option %s, which is refused",
				   m->label, option);
		if (r < 0)
			return r;
	}
	return 0;
}

/* mount_setattr(2) takes one of the kinds of atime. */
static int check_atimes(struct view *v, const struct vmount *m, const struct spec_mount *spec)
{
	bool never = false, strict = false;

	for (size_t i = 0; i < spec->n_options; i++) {
		never = never || streq(spec->options[i], "rnoatime");
		strict = strict || streq(spec->options[i], "rstrictatime");
	}
	if (!m->options.bind || !never || !strict)
		return 0;
	return view_refuse(v, m->options_at, "remove one of them",
			   "%s has both rnoatime and rstrictatime", m->label);
}

static int check_refused_options(struct view *v, const struct vmount *m,
				 const struct spec_mount *spec)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->n_options; i++)
		if (spec->options[i][0] == 'r')
			r = check_refused_option(v, m, spec->options[i]);
	return r < 0 ? r : check_atimes(v, m, spec);
}

static int mount_one(struct view *v, size_t i)
{
	const struct spec_mount *spec = &v->spec->mounts[i];
	const uint32_t before = (uint32_t)v->n_nodes;
	struct node *at;
	struct vmount *m;
	int r;

	if (!mount_steps(v, STEPS_MOUNT + 4 * (uint64_t)spec->n_options, &r))
		return r;
	r = describe(v, i, &m);
	if (r == 0)
		r = prepare(v, m, spec);
	if (r < 0)
		return r == -E2BIG ? lose_to_limit(v) : r;
	r = place(v, m, spec->destination, &at);
	if (r != 0)
		return r < 0 ? r : 0;
	if (at == v->rootfs->root)
		return mount_lose(
			v, m->at,
			arena_printf(v->arena, "%s covers the whole container", m->label));
	r = check_link(v, m, spec, at);
	if (r == 0)
		r = check_kinds(v, m, at);
	if (r == 0)
		r = kernel_check_place(v, m, spec, at);
	if (r == 0 && !m->root)
		r = tmpfs_mount(v, m, at, !made_since(at, before));
	if (r == 0) {
		mount_hang(v, m, at);
		r = check_recursive(v, m);
	}
	if (r == 0)
		r = check_refused_options(v, m, spec);
	return r == -E2BIG ? lose_to_limit(v) : r;
}

int view_mount_all(struct view *v)
{
	int r = 0;

	if (v->spec->n_mounts > VIEW_MOUNTS_MAX)
		return mount_lose(v, NO_PLACE,
				  arena_printf(v->arena,
					       "config.json has %zu mounts; at "
					       "most %u are inspected",
					       v->spec->n_mounts, VIEW_MOUNTS_MAX));
	for (size_t i = 0; r == 0 && i < v->spec->n_mounts && !budget_is_spent(v->budget); i++)
		r = mount_one(v, i);
	if (r == 0 && mount_steps(v, 1, &r))
		r = view_finish(v);
	/* Mounts beyond the limit may cover anything. */
	if (r == 0 && budget_is_spent(v->budget))
		r = mount_lose(v, NO_PLACE, budget_reason(v->budget));
	return r == -E2BIG ? lose_to_limit(v) : r;
}
