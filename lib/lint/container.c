/* SPDX-License-Identifier: Apache-2.0 */
/* lint: the container itself: root file system, workload, process.cwd, mounts and ids. */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "lint/start.h"

/* ---- the root file system ---- */

static int check_root_link(struct look *l)
{
	const struct weight weight =
		lint_weight(l, LINKED_ROOT_REFUSED, EFFECT_ERROR, EFFECT_WARNING);
	const struct note note = {
		RULE_HW124, weight.severity, weight.unjudged, LINT_AT(l, "root", "path"), NULL, NULL
	};
	struct stat st;

	if (fstatat(l->bundle->dir, l->bundle->spec.root_path, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISLNK(st.st_mode))
		return 0;
	return lint_tell(l, &note, "root.path '%.200s' is a symbolic link, which runc refuses",
			 l->bundle->spec.root_path);
}

/*
 * A missing rootfs is an error, because runtimes refuse it; one that only hookwright cannot access
 * proves nothing.
 */
static int no_view(struct look *l, int r, const struct hw_error *why)
{
	const bool missing = r == -ENOENT || r == -ENOTDIR, outside = r == -EXDEV;
	const struct note note = {
		.rule = RULE_HW125,
		.severity = missing || outside ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.unjudged = !missing,
		.token = LINT_AT(l, "root", "path"),
		.hint = why->hint[0] ? arena_strdup(l->arena, why->hint) : NULL,
	};

	l->root_outside = outside;
	return r == -ENOMEM ? error_oom(l->err) : lint_tell(l, &note, "%s", why->message);
}

static bool has_earlier_hooks(const struct look *l)
{
	for (size_t i = 0; i < l->n_hooks; i++)
		if (l->hooks[i].stage->earlier && !lint_hook_is_harmless(l, &l->hooks[i]))
			return true;
	return false;
}

static int open_view(struct look *l)
{
	struct bundle *b = l->bundle;
	struct hw_error why;
	int r;

	if (l->lint->rootfs)
		b->spec.root_path = l->lint->rootfs;
	b->spec.earlier_hooks = has_earlier_hooks(l);
	b->spec.foreign_owners = geteuid() != 0 && !b->spec.user_namespace;
	b->spec.bundle_only = !l->lint->options.host_mounts;
	b->spec.root_inside = !l->lint->options.follow && !l->lint->rootfs;
	bundle_charge(b, &l->result->budget);
	l->probe = probe_new(&b->spec, b->dir, b->path, l->lint->runtime, l->arena);
	if (!l->probe)
		return error_oom(l->err);
	r = probe_view(l->probe, &l->view, &why);
	return r < 0 ? no_view(l, r, &why) : 0;
}

/* ---- the workload ---- */

static int tell_workload(struct look *l, enum truth usable, const struct reason *why)
{
	const struct note note = {
		.rule = RULE_HW308,
		.severity = usable == NO ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.unjudged = usable == UNKNOWN,
		.token = LINT_AT(l, "process", "args") != JSON_NONE ? LINT_AT(l, "process", "args")
								    : LINT_AT(l, "process"),
		.hint = why->hint,
	};

	return lint_tell_for(l, why, &note, "the container's program %s: %s",
			     usable == NO ? "cannot be started" : "might not start", why->text);
}

/* A 32-bit program may run on its 64-bit machine; on any other it does not. */
static enum truth arch_fits(const char *have, const char *want)
{
	static const struct {
		const char *small, *big;
	} related[] = { { "386", "amd64" },
			{ "arm", "arm64" },
			{ "mips", "mips64" },
			{ "mipsle", "mips64le" } };

	if (streq(have, want))
		return YES;
	for (size_t i = 0; i < ARRAY_SIZE(related); i++)
		if (streq(have, related[i].small) && streq(want, related[i].big))
			return UNKNOWN;
	return NO;
}

static int check_arch(struct look *l, const char *path)
{
	struct reason why = {
		.hint = l->lint->options.arch ? "use an image for that machine"
					      : "name the machine that will run it with --arch",
	};
	const char *arch, *reason;
	enum truth fits;
	int r = program_arch(l->view, &l->bundle->spec, path, l->arena, &arch, &reason, l->err);

	if (r < 0 || !arch || !l->lint->arch)
		return r;
	fits = arch_fits(arch, l->lint->arch);
	if (fits == YES)
		return 0;
	why.text = arena_printf(l->arena, "%s, not for %s", reason, l->lint->arch);
	return why.text ? tell_workload(l, fits, &why) : error_oom(l->err);
}

static int check_workload_file(struct look *l, const char *path)
{
	const struct spec *spec = &l->bundle->spec;
	const struct program_query query = {
		.path = path,
		.env = spec->env.items,
		.n_env = spec->env.n,
		.after_ldconfig = lint_runs_ldconfig(l),
		.runtime = l->lint->runtime,
		.args = spec->args.items,
		.n_args = spec->args.n,
	};
	struct program_verdict v;
	int r = program_check(l->view, spec, &query, l->arena, NULL, &v, l->err);

	if (r < 0)
		return r;
	if (v.usable == YES)
		return check_arch(l, path);
	return tell_workload(l, v.usable, &v.why);
}

/* A string that execve(2) does not accept. */
static bool has_long_string(const struct spec_strings *strings)
{
	for (size_t i = 0; i < strings->n; i++)
		if (strlen(strings->items[i]) >= EXEC_STRING_MAX)
			return true;
	return false;
}

/* @maybe: why it may be there all the same, or NULL. */
static int tell_not_found(struct look *l, const struct reason *maybe)
{
	const char *name = l->bundle->spec.args.items[0];
	const struct reason why = {
		.text = arena_printf(l->arena, "'%.200s' %s process.env's PATH%s%s", name,
				     maybe ? "might not be found in" : "is not in any directory of",
				     maybe ? ": " : "", reason_text(maybe)),
		.hint = maybe ? "name the program by its absolute path" : NULL,
		.cause = maybe ? maybe->cause : NULL,
	};

	return why.text ? tell_workload(l, maybe ? UNKNOWN : NO, &why) : error_oom(l->err);
}

static int check_workload(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	static const struct reason no_args = {
		.text = "process.args is empty",
		.hint = "name the program to run",
	};
	static const struct reason long_string = {
		.text = "an argument or a variable is longer than 131071 bytes, the limit of "
			"the kernel",
		.hint = "pass it in a file",
	};
	const struct reason *maybe;
	const char *path;
	int r;

	if (spec->args.n == 0 || !spec->args.items[0][0])
		return tell_workload(l, NO, &no_args);
	if (has_long_string(&spec->args) || has_long_string(&spec->env))
		return tell_workload(l, NO, &long_string);
	r = program_find_workload(l->view, spec, l->lint->runtime, l->arena, &path, &maybe, l->err);
	if (r < 0)
		return r;
	if (path)
		return check_workload_file(l, path);
	return tell_not_found(l, maybe);
}

/* ---- the files of users ---- */

/* Read, if it exists, to look the user up; a FIFO has no writer. */
static int check_user_file(struct look *l, const char *path)
{
	const uint32_t user = LINT_AT(l, "process", "user");
	struct refusal by = lint_refused_by(l, USER_FILES_ARE_READ);
	struct found found;
	int r = view_resolve(l->view, path, VIEW_FOLLOW, NULL, NULL, &found, l->err);

	if (r < 0)
		return r;
	if (found.kind == FOUND_SPECIAL && S_ISFIFO(found.mode))
		return lint_refuse(l, lint_refused_by_all(), user, "replace it by a regular file",
				   "%s is a FIFO, and the runtime waits for what is written to it",
				   path);
	if (found.kind != FOUND_DIR)
		return 0;
	if (l->bundle->spec.user_namespace)
		by.weight = lint_weight(l, USER_FILES_ARE_READ, EFFECT_UNJUDGED, EFFECT_NONE);
	return lint_refuse(l, by, user, "replace it by a regular file, or remove it",
			   "%s is a directory, which the runtime cannot read", path);
}

static int check_user_files(struct look *l)
{
	const int r = check_user_file(l, "/etc/passwd");

	return r < 0 ? r : check_user_file(l, "/etc/group");
}

/* ---- what hooks need of the container ---- */

/* Those that the container's limits bind. */
static enum room_hooks bound_hooks(const struct look *l)
{
	enum room_hooks most = ROOM_NO_HOOKS;

	for (size_t i = 0; i < l->n_hooks; i++)
		if (l->hooks[i].stage->in_container)
			return ROOM_START_HOOKS;
		else if (l->hooks[i].stage->id == STAGE_CREATE_CONTAINER)
			most = ROOM_CREATE_HOOKS;
	return most;
}

/* Without a hook the program is what finds no room. */
static int tell_room(struct look *l, const struct program_verdict *v, bool hooks)
{
	const uint32_t tokens[] = {
		[TOPIC_CONTAINER] = lint_token_at(l, v->why.at, LINT_AT(l, "process")),
		[TOPIC_VIEW] = lint_token_at(l, v->why.at, LINT_AT(l, "root", "path")),
		[TOPIC_PIDS] = LINT_AT(l, "linux", "resources", "pids", "limit"),
		[TOPIC_RLIMIT] = LINT_AT(l, "process", "rlimits"),
		[TOPIC_SECCOMP] = LINT_AT(l, "linux", "seccomp"),
		[TOPIC_CWD] = LINT_AT(l, "process", "cwd"),
		[TOPIC_WORK] = JSON_NONE,
	};
	const bool alone = !hooks && (v->topic == TOPIC_RLIMIT || v->topic == TOPIC_SECCOMP);
	const struct note note = {
		.rule = alone ? RULE_HW308 : lint_rule_of(v->part, v->topic),
		.severity = v->usable == NO ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.unjudged = v->usable == UNKNOWN,
		.token = tokens[v->topic],
		.hint = v->why.hint,
	};

	return lint_tell(l, &note, "%s", v->why.text);
}

static int check_room(struct look *l)
{
	const struct room_query query = { l->lint->runtime, bound_hooks(l) };
	const struct reason *lost = view_lost(l->view);
	struct program_verdict v;
	int r = program_room(l->view, &l->bundle->spec, &query, l->arena, &v, l->err);

	if (r < 0 || v.usable == YES)
		return r;
	r = tell_room(l, &v, query.hooks == ROOM_START_HOOKS);
	/* What is unknown for that is not another cause. */
	if (r == 0 && lost && (v.topic == TOPIC_VIEW || v.topic == TOPIC_CONTAINER))
		r = lint_reported(l, lost);
	return r;
}

/* ---- mounts ---- */

static int check_mount(struct look *l, const struct spec_mount *m)
{
	static const struct {
		const char *sets, *clears;
	} pairs[] = { { "noexec", "exec" },
		      { "ro", "rw" },
		      { "nosuid", "suid" },
		      { "nodev", "dev" },
		      { "noatime", "atime" } };
	const struct note note = { .rule = RULE_HW310,
				   .severity = HW_SEVERITY_WARNING,
				   .token = m->token };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(pairs); i++)
		if (spec_mount_has(m, pairs[i].sets) && spec_mount_has(m, pairs[i].clears))
			r = lint_tell(l, &note,
				      "the mount on %.200s has both '%s' and "
				      "'%s': runc uses the last, crun %s",
				      m->destination, pairs[i].sets, pairs[i].clears,
				      pairs[i].sets);
	return r;
}

/* A source outside of the bundle may be there on the host that will run it. */
static bool source_is_missing(struct look *l, const struct spec_mount *m)
{
	auto_close int fd = -1;

	if (!m->source[0] || (m->source[0] == '/' && !l->lint->options.host_mounts))
		return false;
	fd = fs_open_path(l->bundle->dir, m->source, true, &l->result->budget);
	return fd == -ENOENT || fd == -ENOTDIR;
}

static int check_bind(struct look *l, const struct spec_mount *m)
{
	const bool binds = spec_mount_binds(m);
	const struct note note = { .rule = RULE_HW312,
				   .severity = HW_SEVERITY_ERROR,
				   .token = m->token };

	if (streq(m->type, "bind") && !binds)
		return lint_tell(
			l, &note,
			"the mount on %.200s has type bind, but neither the option bind nor rbind",
			m->destination);
	if (binds && source_is_missing(l, m))
		return lint_tell(l, &note, "%.200s, source of the mount on %.200s, does not exist",
				 m->source, m->destination);
	return 0;
}

/* runc closes descriptors by /proc/self/fd, and crun wants the member, be it empty. */
static int check_proc(struct look *l)
{
	const uint32_t mounts = LINT_AT(l, "mounts");
	const bool absent = mounts == JSON_NONE || json_type(&l->bundle->doc, mounts) == JSON_NULL;
	const struct weight weight =
		lint_weight(l, PROC_IS_NEEDED, EFFECT_ERROR, absent ? EFFECT_ERROR : EFFECT_NONE);
	const struct note note = { RULE_HW312, weight.severity,
				   false,      mounts,
				   NULL,       "mount proc on /proc, as every engine does" };
	const struct spec *spec = &l->bundle->spec;

	for (size_t i = 0; i < spec->n_mounts; i++) {
		const char *clean = path_clean(l->arena, spec->mounts[i].destination);

		if (!clean)
			return error_oom(l->err);
		if (streq(clean, "/proc"))
			return 0;
	}
	if (weight.severity != HW_SEVERITY_ERROR)
		return 0;
	return lint_tell(l, &note, "%s",
			 absent ? "config.json does not have a list of mounts"
				: "nothing is mounted on /proc, which runc requires");
}

/* Both refuse a container without it; a relative one only runc. */
static int check_cwd(struct look *l)
{
	const uint32_t cwd = LINT_AT(l, "process", "cwd");
	const char *path = l->bundle->spec.cwd;
	const bool absent = cwd == JSON_NONE || json_type(&l->bundle->doc, cwd) == JSON_NULL;
	const struct weight weight = lint_weight(l, CWD_MUST_BE_ABSOLUTE, EFFECT_ERROR,
						 absent ? EFFECT_ERROR : EFFECT_WARNING);
	const struct note note = { RULE_HW103,
				   weight.severity,
				   weight.unjudged,
				   absent ? LINT_AT(l, "process") : cwd,
				   NULL,
				   "write an absolute path, such as '/'" };

	if (!absent && path[0] == '/')
		return 0;
	return lint_tell(l, &note, "%s",
			 absent	   ? "'process.cwd' is missing"
			 : path[0] ? "'process.cwd' is not absolute"
				   : "'process.cwd' is empty");
}

static int check_mounts(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->n_mounts; i++) {
		r = check_bind(l, &spec->mounts[i]);
		if (r == 0 && spec->mounts[i].n_options > 1)
			r = check_mount(l, &spec->mounts[i]);
	}
	return r;
}

/* ---- ids ---- */

/*
 * The ids that a user namespace maps, as sorted ranges without overlap: there may be many groups.
 */
struct ranges {
	struct range {
		uint64_t first, end;
	} * items;
	size_t n;
};

static int by_first(const void *one, const void *two)
{
	const struct range *a = one, *b = two;

	return a->first < b->first ? -1 : a->first > b->first;
}

static int find_ranges(struct look *l, const struct spec_mappings *map, struct ranges *ret)
{
	struct range *items = arena_alloc(l->arena, map->n, sizeof(*items));
	size_t n = 0;

	if (!items)
		return error_oom(l->err);
	for (size_t i = 0; i < map->n; i++)
		items[i] = (struct range){ map->items[i].container,
					   (uint64_t)map->items[i].container + map->items[i].size };
	if (map->n)
		qsort(items, map->n, sizeof(*items), by_first);
	for (size_t i = 0; i < map->n; i++) {
		if (n == 0 || items[i].first > items[n - 1].end)
			items[n++] = items[i];
		else if (items[i].end > items[n - 1].end)
			items[n - 1].end = items[i].end;
	}
	*ret = (struct ranges){ items, n };
	return 0;
}

static int compare_id(const void *id, const void *range)
{
	const uint64_t wanted = *(const uint32_t *)id;
	const struct range *r = range;

	return wanted < r->first ? -1 : wanted >= r->end;
}

static bool is_mapped(const struct ranges *ranges, uint32_t id)
{
	return ranges->n &&
	       bsearch(&id, ranges->items, ranges->n, sizeof(*ranges->items), compare_id);
}

/* Without any mapping crun, as root, maps every id to itself. */
static int check_id(struct look *l, const struct ranges *map, uint32_t id, uint32_t token,
		    const char *name)
{
	const struct weight weight = lint_weight(l, MAPPING_IS_NEEDED, EFFECT_ERROR,
						 map->n ? EFFECT_ERROR : EFFECT_NONE);
	const struct note note = {
		RULE_HW311, weight.severity, weight.unjudged, token, NULL, NULL
	};

	if (is_mapped(map, id) || weight.severity == HW_SEVERITY_NOTE)
		return 0;
	return lint_tell(l, &note, "process.user.%s is %u, which the user namespace does not map",
			 name, id);
}

/* runc looks up the host's id of the container's root, whatever user its process has. */
static int check_root_id(struct look *l, const struct spec_mappings *map, const char *name)
{
	const struct weight weight = lint_weight(l, ROOT_MUST_BE_MAPPED, EFFECT_ERROR, EFFECT_NONE);
	const struct note note = { RULE_HW311,
				   weight.severity,
				   weight.unjudged,
				   LINT_AT(l, "linux", name),
				   NULL,
				   "map the container's id 0 as well" };

	if (map->n == 0 || spec_maps(map, 0) || weight.severity == HW_SEVERITY_NOTE)
		return 0;
	return lint_tell(l, &note,
			 "linux.%s does not map the container's id 0, which runc requires", name);
}

static int check_ids(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	const uint32_t groups = LINT_AT(l, "process", "user", "additionalGids");
	struct ranges uids, gids;
	int r;

	if (!spec->user_namespace || spec->user_namespace_path)
		return 0;
	r = find_ranges(l, &spec->uid_mappings, &uids);
	if (r == 0)
		r = find_ranges(l, &spec->gid_mappings, &gids);
	if (r == 0)
		r = check_id(l, &uids, spec->uid, LINT_AT(l, "process", "user", "uid"), "uid");
	if (r == 0)
		r = check_id(l, &gids, spec->gid, LINT_AT(l, "process", "user", "gid"), "gid");
	for (size_t i = 0; r == 0 && i < spec->n_groups; i++)
		r = check_id(l, &gids, spec->groups[i], groups, "additionalGids");
	if (r == 0)
		r = check_root_id(l, &spec->uid_mappings, "uidMappings");
	return r < 0 ? r : check_root_id(l, &spec->gid_mappings, "gidMappings");
}

int lint_container(struct look *l)
{
	int r;

	if (!l->understood)
		return 0;
	r = check_mounts(l);
	if (r == 0)
		r = check_proc(l);
	if (r == 0)
		r = check_cwd(l);
	if (r == 0)
		r = check_ids(l);
	if (r == 0)
		r = open_view(l);
	if (r == 0 && !l->lint->rootfs && !l->root_outside)
		r = check_root_link(l);
	if (r < 0 || !l->view)
		return r;
	r = check_user_files(l);
	if (r == 0)
		r = check_room(l);
	return r < 0 ? r : check_workload(l);
}
