/* SPDX-License-Identifier: Apache-2.0 */
/* lint: the programs of hooks, judged in the container or on the host. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/words.h"
#include "config/config.h"
#include "lint/internal.h"
#include "oci/engine-hook.h"
#include "oci/hook.h"
#include "program/command.h"
#include "program/ldconfig.h"

/* ---- what a verdict is told as ---- */

static int tell(struct look *l, const struct lint_hook *hook, const struct program_verdict *v,
		const char *hint)
{
	const struct note note = {
		.rule = lint_rule_of(v->part, v->topic),
		.severity = v->usable == NO ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.unjudged = v->usable == UNKNOWN,
		.token = hook->path_token,
		.hook = hook,
		.hint = hint,
	};

	return lint_tell_for(l, &v->why, &note, "%s %s: %s", lint_hook_name(l, hook),
			     v->usable == NO ? "cannot run" : "might not run", v->why.text);
}

/* ---- hints: where the program is instead ---- */

/* The same name in a directory where programs are; *@ret is NULL if it is nowhere. */
static int find_elsewhere(struct look *l, struct view *view, const struct spec *spec,
			  const char *path, const char **ret)
{
	const struct reason *maybe;

	*ret = NULL;
	if (!path_base(path)[0])
		return 0;
	return program_find(view, spec, path_base(path), DEFAULT_PATH, l->arena, ret, &maybe,
			    l->err);
}

static bool is_on_host(const char *path)
{
	struct stat st;

	return path[0] == '/' && stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static int hint_for(struct look *l, struct view *view, const struct spec *spec,
		    const struct lint_hook *hook, const struct program_verdict *v, const char **ret)
{
	const bool in_container = hook->stage->in_container;
	const char *there;
	int r;

	*ret = v->why.hint;
	if (!v->absent)
		return 0;
	r = find_elsewhere(l, view, spec, hook->path, &there);
	if (r < 0)
		return r;
	if (there) {
		*ret = arena_printf(l->arena, "%s exists %s", there,
				    in_container ? "in this rootfs" : "on this host");
		return *ret ? 0 : error_oom(l->err);
	}
	if (in_container && is_on_host(hook->path))
		*ret = "it exists on the host but not in the container, where this stage looks it "
		       "up";
	else if (!in_container)
		*ret = "hooks of this stage are looked up on the host: install it there, or name "
		       "another path";
	return 0;
}

/* What hooks of the same stage may have done before. */
struct before {
	enum truth ldconfig; /* made libraries known */
	bool creator;	     /* made files */
};

/* ---- one program ---- */

/* Where a hook is looked up: in the container or on this host. */
struct world {
	struct view *view;
	const struct spec *spec;
	const char *cwd;
	struct runtime runtime;
};

static const char *effective_path(struct look *l, const struct world *w, const char *path)
{
	const size_t len = strlen(w->cwd);

	if (path[0] == '/')
		return path;
	return arena_printf(l->arena, "%s%s%s", w->cwd, len && w->cwd[len - 1] == '/' ? "" : "/",
			    path);
}

static int check_program(struct look *l, const struct world *w, const struct lint_hook *hook,
			 const char *path, struct spec_strings env, enum truth after_ldconfig,
			 struct program_verdict *ret)
{
	const struct program_query query = {
		.path = effective_path(l, w, path),
		.env = env.items,
		.n_env = env.n,
		.after_ldconfig = after_ldconfig,
		.runtime = w->runtime,
		.args = hook->args_given == GIVEN_ABSENT ? &hook->path : hook->args.items,
		.n_args = hook->args_given == GIVEN_ABSENT ? 1 : hook->args.n,
		.reads_state = true,
	};

	CLEANUP(arena_freep) struct arena *scratch = arena_new();
	int r;

	if (!query.path || !scratch)
		return error_oom(l->err);
	r = program_check(w->view, w->spec, &query, scratch, NULL, ret, l->err);
	/* There may be many hooks: of each what is reported is kept, and not all that was read. */
	if (r == 0 && ret->usable == YES)
		ret->why = (struct reason){ .sure = YES };
	return r < 0 || reason_copy_texts(&ret->why, l->arena) == 0 ? r : error_oom(l->err);
}

static const char in_no_path[] = "it is in no directory of process.env's PATH";
static const char in_no_usual_path[] = "it is in no directory of the usual PATH";

/* A bare name is a path for some runtimes; others look it up in process.env's PATH or their own. */
static int check_bare_name(struct look *l, const struct world *w, const struct lint_hook *hook,
			   struct spec_strings env, struct program_verdict *ret)
{
	const enum truth looks_up = runtime_does(l->lint->runtime, BARE_HOOK_IN_PATH);
	struct program_verdict as_path = { .usable = YES }, as_name = { .usable = YES };
	const bool inside = hook->stage->in_container;
	const char *path =
		inside ? env_value(w->spec->env.items, w->spec->env.n, "PATH") : DEFAULT_PATH;
	const struct reason *maybe;
	const char *found;
	int r = 0;

	if (looks_up != YES)
		r = check_program(l, w, hook, hook->path, env, NO, &as_path);
	if (r == 0 && looks_up != NO) {
		r = program_find(w->view, w->spec, hook->path, path, l->arena, &found, &maybe,
				 l->err);
		if (r == 0 && found)
			r = check_program(l, w, hook, found, env, NO, &as_name);
		else if (r == 0)
			as_name = (struct program_verdict){
				.usable = maybe ? UNKNOWN : NO,
				.why = { .text = inside ? in_no_path : in_no_usual_path,
					 .cause = maybe ? maybe->cause : NULL },
				.absent = true,
				.topic = TOPIC_MISSING,
			};
	}
	*ret = as_path.usable == NO || (as_path.usable == UNKNOWN && as_name.usable != NO)
		       ? as_path
		       : as_name;
	return r;
}

static bool acts_by_name(const char *path)
{
	static const char *const many[] = { "busybox", "toybox", "coreutils" };

	return IS_ONE_OF(path_base(path), many);
}

/* Programs that act by argv[0]: a wrong one is 'applet not found'. */
static int check_name(struct look *l, const struct world *w, const struct lint_hook *hook)
{
	const bool nameless = hook->args_given == GIVEN_EMPTY;
	const char *name = hook->args.n ? path_base(hook->args.items[0]) : "";
	const struct weight weight =
		nameless ? lint_weight(l, EMPTY_ARGS_NO_NAME, EFFECT_ERROR, EFFECT_NONE)
			 : lint_weight_of(EFFECT_UNJUDGED);
	const struct note note = {
		RULE_HW214, weight.severity, weight.unjudged, hook->args_token, hook, NULL
	};
	struct found found;
	int r;

	if (weight.severity == HW_SEVERITY_NOTE ||
	    (hook->args_given != GIVEN_VALUES && !nameless) ||
	    (!nameless && (streq(name, path_base(hook->path)) || streq(name, "busybox") ||
			   busybox_always_has(name))))
		return 0;
	r = view_resolve(w->view, effective_path(l, w, hook->path), VIEW_FOLLOW, NULL, NULL, &found,
			 l->err);
	if (r < 0 || found.kind != FOUND_FILE || !acts_by_name(found.path))
		return r;
	return lint_tell(l, &note, "%s is %s, which acts by argv[0], and that is '%.60s'",
			 lint_hook_name(l, hook), path_base(found.path), name);
}

/*
 * What is neither ELF nor a script crun hands to /bin/sh, for which an empty file is a success and
 * everything else anything.
 */
static void soften_enoexec(const struct look *l, struct program_verdict *v)
{
	const bool enoexec = v->part == PART_PROGRAM &&
			     (v->topic == TOPIC_FORMAT || v->topic == TOPIC_NO_INTERPRETER);

	if (v->usable == NO && enoexec && runtime_does(l->lint->runtime, ENOEXEC_RUNS_SHELL) == YES)
		v->usable = UNKNOWN;
}

static int look_at_program(struct look *l, const struct world *w, const struct lint_hook *hook,
			   struct spec_strings env, struct before before, enum truth *usable)
{
	struct program_verdict v;
	const char *hint;
	int r;

	if (strchr(hook->path, '/'))
		r = check_program(l, w, hook, hook->path, env, before.ldconfig, &v);
	else
		r = check_bare_name(l, w, hook, env, &v);
	if (r < 0)
		return r;
	soften_enoexec(l, &v);
	if (v.usable == NO && v.absent && before.creator)
		v.usable = UNKNOWN; /* as with hooks of earlier stages */
	*usable = v.usable;
	if (v.usable == YES)
		return check_name(l, w, hook);
	r = hint_for(l, w->view, w->spec, hook, &v, &hint);
	return r < 0 ? r : tell(l, hook, &v, hint);
}

/* ---- in the container ---- */

/* What the loader will see; an empty env means one thing or the other, see HW117. */
static struct spec_strings inside_env(const struct look *l, const struct lint_hook *hook)
{
	static const struct spec_strings none;
	const bool inherits = runtime_does(l->lint->runtime, EMPTY_ENV_INHERITS) == YES;

	switch (hook->env_given) {
	case GIVEN_VALUES:
		return hook->env;
	case GIVEN_EMPTY:
		return inherits ? l->bundle->spec.env : none;
	default:
		return l->bundle->spec.env;
	}
}

/* Itself, or as an applet: "sh -c TEXT" and "busybox sh -c TEXT" of busybox. */
static bool is_shell(const struct lint_hook *hook)
{
	bool applet = false;

	if (!hook->path)
		return false;
	for (size_t i = 0; i < hook->args.n && i < 2; i++)
		applet = applet || shell_find(hook->args.items[i]);
	return shell_find(hook->path) || (applet && acts_by_name(hook->path));
}

/* It is then not a shell that the timeout ends: "sh -c 'exec PROGRAM'". */
static bool becomes_program(struct look *l, const struct lint_hook *hook)
{
	const size_t n = hook->args.n;
	const size_t i = n > 1 && acts_by_name(hook->path) && shell_find(hook->args.items[1]);
	const char *name =
		i || acts_by_name(hook->path) ? (n ? hook->args.items[i] : "") : hook->path;
	const struct command c = command_parse(name, hook->args.items + i, n - i);

	return c.kind == COMMAND_TEXT && shell_text_is_exec(c.name, l->arena);
}

static int check_timeout(struct look *l, const struct lint_hook *hook)
{
	struct note note = { .severity = HW_SEVERITY_WARNING,
			     .token = hook->timeout_token,
			     .hook = hook };
	int r = 0;

	if (hook->timeout <= 0)
		return 0;
	if (hook->stage->in_container && runtime_may(l->lint->runtime, TIMEOUT_BLOCKS_SIGCHLD)) {
		note.rule = RULE_HW305;
		r = lint_tell(l, &note,
			      "%s: crun leaves SIGCHLD blocked in the container's program",
			      lint_hook_name(l, hook));
	}
	if (r == 0 && runtime_may(l->lint->runtime, TIMEOUT_ENDS_THE_HOOK_ALONE) &&
	    is_shell(hook) && !becomes_program(l, hook)) {
		note.rule = RULE_HW306;
		r = lint_tell(l, &note,
			      "%s: runc ends the shell alone at the timeout, and waits for its "
			      "children",
			      lint_hook_name(l, hook));
	}
	return r;
}

static int check_ldconfig(struct look *l, const struct lint_hook *hook)
{
	const struct spec under = spec_under(&l->bundle->spec, l->lint->runtime);
	const struct creds who = spec_creds_hook(&under);
	struct note note = { .rule = RULE_HW309, .token = hook->path_token, .hook = hook };
	struct ldconfig asked;
	enum truth writable;
	const struct reason *reason;
	int r;

	if (!hook_runs_ldconfig(hook->path))
		return 0;
	if (ldconfig_parse(hook->args.items, hook->args.n, l->arena, &asked) < 0)
		return error_oom(l->err);
	if (!asked.writes || asked.cache[0] != '/')
		return 0;
	r = view_replaceable(l->view, asked.cache, &who, &writable, &reason, l->err);
	if (r < 0 || writable == YES)
		return r;
	note.severity = writable == NO ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING;
	note.unjudged = writable == UNKNOWN;
	return lint_tell_for(l, reason, &note, "%s %s replace %.200s: %s", lint_hook_name(l, hook),
			     writable == NO ? "cannot" : "might not be able to", asked.cache,
			     reason->text);
}

/* Whether the named runtime leaves out the hooks of that stage. */
static enum truth is_skipped(const struct look *l, const struct lint_hook *hook)
{
	const struct hw_lint *lint = l->lint;

	if (hook->stage->in_container)
		return runtime_skips(lint->runtime_name, lint->options.runtime_version,
				     SKIPS_START_HOOKS);
	if (hook->stage->id == STAGE_CREATE_CONTAINER)
		return runtime_skips(lint->runtime_name, lint->options.runtime_version,
				     SKIPS_CREATE_HOOKS);
	return NO;
}

static int tell_skipped(struct look *l, const struct lint_hook *hook, enum truth skipped)
{
	const struct note note = {
		.rule = RULE_HW307,
		.severity = skipped == YES ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.unjudged = skipped != YES,
		.token = hook->token,
		.hint = skipped == YES ? NULL : "name the version with --runtime-version",
		.hook = hook,
	};

	return lint_tell(l, &note, "%s %s under %s", lint_hook_name(l, hook),
			 skipped == YES ? "never runs" : "does not run in all versions",
			 l->lint->runtime_name);
}

static int look_inside(struct look *l, const struct lint_hook *hook, struct before before)
{
	const struct spec *spec = &l->bundle->spec;
	const struct world inside = { l->view, spec, spec->cwd, l->lint->runtime };
	enum truth usable = NO;
	int r = look_at_program(l, &inside, hook, inside_env(l, hook), before, &usable);

	if (r == 0 && usable != NO)
		r = check_ldconfig(l, hook);
	return r;
}

/* ---- on the host ---- */

bool lint_hook_is_harmless(const struct look *l, const struct lint_hook *hook)
{
	const struct hw_policies *policies = l->lint->policies;
	const struct spec_host_hook as_read = {
		.path = hook->path,
		.args = hook->args,
		.env = hook->env,
		.plain = hook->path && !hook->broken && hook->args_given != GIVEN_WRONG &&
			 hook->env_given != GIVEN_WRONG,
	};

	return engine_hook_is_harmless(&l->bundle->spec, hook->stage->id, &as_read,
				       policies ? &policies->harmless : NULL);
}

/* A daemon that calls itself is there whenever it starts a container; its number is of that run. */
static bool is_running_engine(const struct look *l, const struct lint_hook *hook)
{
	return engine_hook_is_self(hook->path) && lint_hook_is_harmless(l, hook);
}

/* This host, seen by root, as if it were a container's. */
static int open_host(struct look *l)
{
	const char *root = l->understood ? l->bundle->spec.root_path : "rootfs";
	char path[PATH_MAX];
	struct hw_error why;

	if (l->host)
		return 0;
	l->host_cwd = fs_path_of(l->bundle->dir, path, sizeof(path)) < 0
			      ? l->bundle->path
			      : arena_strdup(l->arena, path);
	if (!l->host_cwd)
		return error_oom(l->err);
	l->host_rootfs = root;
	if (root && root[0] != '/')
		l->host_rootfs = arena_join(l->arena, l->host_cwd, "/", root);
	if (!l->host_rootfs)
		return error_oom(l->err);
	l->host_spec = (struct spec){
		.budget = &l->result->budget,
		.root_path = "/",
		.cwd = "/",
		.umask = -1,
		.has_capabilities = true,
		.capabilities = { UINT64_MAX, UINT64_MAX, UINT64_MAX, 0, 0 },
		.hooks = JSON_NONE,
		.start_container = JSON_NONE,
	};
	return view_new(&l->host_spec, AT_FDCWD, "/", l->lint->runtime, &l->host, &why) == -ENOMEM
		       ? error_oom(l->err)
		       : 0;
}

/* Whether the root of the container's user namespace runs @hook, and not who calls the runtime. */
static bool is_run_mapped(const struct look *l, const struct lint_hook *hook)
{
	return hook->stage->id == STAGE_CREATE_CONTAINER && l->understood &&
	       l->bundle->spec.user_namespace;
}

/* This host as seen by that root; open_host() comes first. */
static int open_mapped(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	struct hw_error why;

	if (l->mapped)
		return 0;
	l->mapped_spec = l->host_spec;
	l->mapped_spec.user_namespace = true;
	l->mapped_spec.user_namespace_path = spec->user_namespace_path;
	l->mapped_spec.uid_mappings = spec->uid_mappings;
	l->mapped_spec.gid_mappings = spec->gid_mappings;
	l->mapped_spec.foreign_owners = spec->foreign_owners;
	return view_new(&l->mapped_spec, AT_FDCWD, "/", l->lint->runtime, &l->mapped, &why) ==
			       -ENOMEM
		       ? error_oom(l->err)
		       : 0;
}

/* The current directory of a createContainer hook is the rootfs under runc, else the bundle. */
static bool is_relative_to_rootfs(const struct look *l, const struct lint_hook *hook)
{
	return hook->stage->id == STAGE_CREATE_CONTAINER &&
	       runtime_may(l->lint->runtime, CREATE_HOOK_IN_ROOTFS);
}

/* What the loader will see there; of the runtime's own variables nothing is known. */
static struct spec_strings outside_env(const struct look *l, const struct lint_hook *hook)
{
	static const struct spec_strings none;

	if (hook->env_given == GIVEN_VALUES)
		return hook->env;
	return hook->env_given == GIVEN_ABSENT && hook->stage->id == STAGE_CREATE_CONTAINER &&
			       runtime_does(l->lint->runtime, CREATE_HOOK_INHERITS_ENV) == YES
		       ? l->bundle->spec.env
		       : none;
}

static int look_outside(struct look *l, const struct lint_hook *hook)
{
	struct world host = { NULL, &l->host_spec, NULL, l->lint->runtime };
	enum truth usable = NO;
	struct found found;
	int r = open_host(l);

	if (r < 0 || !l->host)
		return r;
	host.view = l->host;
	if (is_run_mapped(l, hook)) {
		r = open_mapped(l);
		if (r < 0)
			return r;
		host.view = l->mapped ? l->mapped : l->host;
		host.spec = l->mapped ? &l->mapped_spec : &l->host_spec;
	}
	host.cwd = is_relative_to_rootfs(l, hook) ? l->host_rootfs : l->host_cwd;
	r = look_at_program(l, &host, hook, outside_env(l, hook), (struct before){ 0 }, &usable);
	if (r == 0)
		r = view_resolve(l->host, effective_path(l, &host, hook->path), VIEW_FOLLOW, NULL,
				 NULL, &found, l->err);
	if (r < 0)
		return r;
	r = lint_host_hook(l, hook, effective_path(l, &host, hook->path),
			   found.kind == FOUND_FILE ? found.path : NULL);
	return r < 0 ? r : lint_host_input(l, hook, host.cwd);
}

static int look_at(struct look *l, const struct lint_hook *hook, struct before before)
{
	const enum truth skipped = is_skipped(l, hook);
	int r;

	if (skipped == YES)
		return tell_skipped(l, hook, skipped);
	r = skipped == UNKNOWN ? tell_skipped(l, hook, skipped) : 0;
	if (r == 0)
		r = check_timeout(l, hook);
	if (r < 0 || hook->broken || !hook->path || is_running_engine(l, hook))
		return r;
	if (!hook->stage->in_container)
		return look_outside(l, hook);
	return l->view ? look_inside(l, hook, before) : 0;
}

/* Without arguments that name another cache, root, or directories of their own. */
static bool is_plain_ldconfig(const struct lint_hook *hook)
{
	static const char *const harmless[] = { "-v", "--verbose", "-X", "-i",
						"--ignore-aux-cache" };

	for (size_t i = 1; i < hook->args.n; i++) {
		const char *option = hook->args.items[i];

		if (option[0] != '/' && !IS_ONE_OF(option, harmless))
			return false;
	}
	return hook_runs_ldconfig(hook->path) && hook->args_given != GIVEN_WRONG;
}

/* Itself, or by a shell. */
static bool may_run_ldconfig(const struct lint_hook *hook)
{
	if (!hook->stage->in_container || !hook->path)
		return false;
	for (size_t i = 0; i < hook->args.n; i++)
		if (strstr(hook->args.items[i], "ldconfig"))
			return true;
	return hook_runs_ldconfig(hook->path);
}

/* YES: it writes the cache, as ldconfig does without being told otherwise. */
static enum truth runs_ldconfig(const struct look *l, const struct lint_hook *hook)
{
	const enum truth skipped = is_skipped(l, hook);

	if (skipped == YES || !may_run_ldconfig(hook))
		return NO;
	return skipped == NO && is_plain_ldconfig(hook) ? YES : UNKNOWN;
}

enum truth lint_runs_ldconfig(const struct look *l)
{
	enum truth any = NO;

	for (size_t i = 0; any != YES && i < l->n_hooks; i++) {
		const enum truth one = runs_ldconfig(l, &l->hooks[i]);

		any = one == NO ? any : one;
	}
	return any;
}

static bool may_create(const struct lint_hook *hook)
{
	return hook->stage->in_container && hook->path && hook_may_create(hook->path);
}

int lint_programs(struct look *l)
{
	struct before before = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < l->n_hooks; i++) {
		const struct lint_hook *hook = &l->hooks[i];

		r = look_at(l, hook, before);
		if (before.ldconfig != YES && runs_ldconfig(l, hook) != NO)
			before.ldconfig = runs_ldconfig(l, hook);
		before.creator = before.creator || may_create(hook);
	}
	return r;
}
