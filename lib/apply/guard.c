/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The createRuntime hook that stops a container whose startContainer hooks
 * cannot run or are missing.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "apply/result.h"

#define STATE_PATH "<stdin>"

/* The OCI state as far as runc and crun agree. */
struct state {
	const char *bundle;
	int64_t pid;
};

static int bad_state(const struct json *doc, uint32_t value, const char *what, struct hw_error *err)
{
	return error_set(err, EINVAL, json_at(doc, value),
			 "only a runtime calls this, as a createRuntime hook", "no OCI state: %s",
			 what);
}

static int read_state(const struct json *doc, struct arena *arena, struct state *ret,
		      struct hw_error *err)
{
	uint32_t bundle = json_member(doc, JSON_ROOT, "bundle");
	uint32_t pid = json_member(doc, JSON_ROOT, "pid");
	int r;

	if (bundle == JSON_NONE || json_type(doc, bundle) != JSON_STRING)
		return bad_state(doc, JSON_ROOT, "'bundle' is missing", err);
	if (pid == JSON_NONE || json_type(doc, pid) != JSON_NUMBER)
		return bad_state(doc, JSON_ROOT, "'pid' is missing", err);
	r = json_string(doc, bundle, arena, &ret->bundle, err);
	if (r == 0)
		r = json_integer(doc, pid, &ret->pid, err);
	if (r == 0 && ret->bundle[0] != '/')
		return bad_state(doc, bundle, "'bundle' is not absolute", err);
	if (r == 0 && (ret->pid <= 1 || ret->pid > INT32_MAX))
		return bad_state(doc, pid, "'pid' is not that of a container's process on the host",
				 err);
	return r;
}

static int parse_state(const char *text, size_t len, struct arena *arena, struct state *ret,
		       struct hw_error *err)
{
	struct json doc = { 0 };
	int r = json_scan(&doc, STATE_PATH, text, len, err);

	if (r == 0)
		r = read_state(&doc, arena, ret, err);
	json_free(&doc);
	return r;
}

/* ---- the container as it really is ---- */

/* /proc/PID/root leads into the container's mount namespace, where its mounts are made already. */
static int open_container(const struct state *state, int *ret, struct hw_error *err)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%lld/root", (long long)state->pid);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, errno == ENOENT ? ESRCH : errno, IN(path), NULL,
				 "cannot inspect the container: %m");
	*ret = fd;
	return 0;
}

/* The rootfs' path on the host, without the slash before it: it is opened below /proc/PID/root. */
static const char *rootfs_of(const struct bundle *b, const struct state *state, struct arena *arena)
{
	const char *path = b->spec.root_path;

	if (path[0] != '/')
		path = arena_join(arena, state->bundle, "/", path);
	return path ? path + strspn(path, "/") : NULL;
}

/* This hook is one of the earlier ones itself, whatever it is called there. */
static bool others_may_create(const struct hw_result *result, const struct spec *spec)
{
	const struct known_hooks *more = &result->policies->harmless;
	const struct spec_earlier *hooks = &spec->earlier[STAGE_CREATE_RUNTIME];
	size_t self = 1;

	for (size_t i = 0; i < hooks->n; i++)
		if (engine_hook_is_guard(&hooks->items[i]))
			self = 0; /* known, and so not counted */
	return engine_hooks_count(spec, STAGE_CREATE_CONTAINER, more) > 0 ||
	       engine_hooks_count(spec, STAGE_CREATE_RUNTIME, more) +
			       engine_hooks_count(spec, STAGE_PRESTART, more) >
		       self;
}

/*
 * The mounts of config.json are there for real and need no imitation; what the runtime does only
 * after these hooks (root.readonly, maskedPaths, readonlyPaths) still does.
 */
static int real_spec(struct hw_result *result, const struct state *state, struct spec *ret,
		     struct hw_error *err)
{
	const struct bundle *b = &result->bundle;

	*ret = b->spec;
	ret->root_path = rootfs_of(b, state, result->arena);
	ret->n_mounts = 0;
	ret->earlier_hooks = others_may_create(result, ret);
	return ret->root_path ? 0 : error_oom(err);
}

/* ---- judging ---- */

static int tell(struct hw_result *result, enum finding_kind kind, enum severity severity,
		uint32_t token, const char *message, const char *hint, struct hw_error *err)
{
	const struct finding finding = {
		.kind = kind,
		.severity = severity,
		.at = json_at(&result->bundle.doc, token),
		.message = message,
		.hint = hint,
	};

	result->plan.refused = result->plan.refused || severity == SEVERITY_ERROR;
	return plan_add_finding(&result->plan, result->arena, &finding, err);
}

static int tell_hook(struct hw_result *result, enum severity severity, uint32_t token,
		     const char *message, const char *hint, struct hw_error *err)
{
	result->plan.refused = result->plan.refused || severity == SEVERITY_ERROR;
	if (plan_only_counts(&result->plan, FINDING_HOOK, severity))
		return 0;
	return tell(result, FINDING_HOOK, severity, token, message, hint, err);
}

/* The environment that its libraries are looked for with. Absent, it inherits. */
static struct spec_strings environment(const struct hw_result *result, const struct spec_hook *hook)
{
	const bool inherits = runtime_may(
		runtime_versioned(result->runtime, result->runtime_version), EMPTY_ENV_INHERITS);

	return hook->env.n || (hook->env_given && !inherits) ? hook->env : result->bundle.spec.env;
}

/* Possible effects of the hooks before: libraries made known, files created. */
struct before {
	bool ldconfig, creator;
};

static int judge_hook(struct hw_result *result, const struct spec_hook *hook, struct before before,
		      const struct fact_source *facts, struct hw_error *err)
{
	const struct spec_strings env = environment(result, hook);
	const struct fact_program_query query = {
		.path = hook->path,
		.env = env.items,
		.n_env = env.n,
		.after_ldconfig = before.ldconfig,
		.args = hook->args_given ? hook->args.items : &hook->path,
		.n_args = hook->args_given ? hook->args.n : 1,
	};
	struct fact_program fact;
	int r;

	if (result->hookless)
		return tell_hook(
			result, SEVERITY_WARNING, hook->token,
			arena_printf(
				result->arena,
				"startContainer hook %.200s does not run: the runtime %s never "
				"runs startContainer hooks",
				hook->path ? hook->path : "without a path", result->hookless),
			"use another runtime for this container, or do the work in the image", err);
	if (!hook->path || hook->path[0] != '/')
		return tell_hook(result, SEVERITY_ERROR, hook->token,
				 "this startContainer hook does not have an absolute path", NULL,
				 err);
	/* The text of what is wrong with it would have it several times. */
	if (strnlen(hook->path, PATH_MAX) == PATH_MAX)
		return tell_hook(
			result, SEVERITY_ERROR, hook->token,
			"the path of this startContainer hook is longer than the kernel accepts",
			NULL, err);
	r = facts->program(facts->ctx, &query, &fact, err);
	if (r < 0 || fact.usable == YES)
		return r;
	if (fact.absent && before.creator)
		fact.usable = UNKNOWN;
	return tell_hook(
		result, fact.usable == NO ? SEVERITY_ERROR : SEVERITY_WARNING, hook->token,
		arena_printf(result->arena, "startContainer hook %.200s %s: %s", hook->path,
			     fact.usable == NO ? "cannot run" : "might not run", fact.text),
		fact.hint, err);
}

static int judge_hooks(struct hw_result *result, const struct fact_source *facts,
		       struct hw_error *err)
{
	const struct spec *spec = &result->bundle.spec;
	struct before before = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->n_start_hooks; i++) {
		const char *path = spec->start_hooks[i].path;

		r = judge_hook(result, &spec->start_hooks[i], before, facts, err);
		before.ldconfig = before.ldconfig || (path && hook_runs_ldconfig(path));
		before.creator = before.creator || (path && hook_may_create(path));
	}
	return r;
}

/* Changes that apply would still have to write, too late now. */
static int judge_policies(struct hw_result *result, struct hw_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < result->plan.n_decisions; i++) {
		const struct decision *d = &result->plan.decisions[i];

		if (d->action != ACTION_ADDED && d->action != ACTION_REPLACED)
			continue;
		r = tell(result, FINDING_SINGLE, SEVERITY_ERROR, result->bundle.spec.hooks,
			 arena_printf(result->arena, "policy '%s' wants its hook here, but %s",
				      d->policy->name,
				      d->action == ACTION_ADDED
					      ? "config.json does not have it"
					      : "config.json has a different entry for it"),
			 "apply the policies before the runtime's create: a hook cannot add a hook",
			 err);
	}
	return r;
}

static int judge_hooks_files(struct hw_result *result, struct hw_error *err)
{
	int r = 0;

	for (size_t i = 0; i < result->plan.n_hooks; i++) {
		const struct hooks_decision *d = &result->plan.hooks[i];

		for (size_t s = 0; r == 0 && s < HOOK_STAGES; s++)
			if (d->places[s].action == ACTION_ADDED)
				r = tell(result, FINDING_SINGLE, SEVERITY_ERROR,
					 result->bundle.spec.hooks,
					 arena_printf(result->arena,
						      "%s wants its hook in %s, but config.json "
						      "does not have it",
						      d->file->path,
						      hook_stage_name((enum hook_stage)s)),
					 "apply it before the runtime's create: "
					 "a hook cannot add a hook",
					 err);
	}
	return r;
}

/* This guard is a hook of the host itself: its own output is what such an annotation is after. */
static int judge_annotations(struct hw_result *result, struct hw_error *err)
{
	const struct bundle *b = &result->bundle;
	const struct unsafe_allowed allowed = { result->policies->allowed_annotations,
						result->policies->n_allowed_annotations };
	const struct unsafe_found found =
		unsafe_find(&b->spec, runtime_from_name(result->runtime), &allowed, true);
	uint32_t annotations = json_member(&b->doc, JSON_ROOT, "annotations");

	if (!found.annotation || result->plan.refused)
		return 0;
	return tell(result, FINDING_SINGLE, SEVERITY_ERROR,
		    json_member(&b->doc, annotations, found.annotation->key),
		    unsafe_text(&found, result->arena), unsafe_hint, err);
}

static int judge(struct hw_result *result, const struct hw_options *options,
		 const struct state *state, int root, struct hw_error *err)
{
	struct spec *real = arena_alloc(result->arena, 1, sizeof(*real));
	int r = real ? real_spec(result, state, real, err) : error_oom(err);

	if (r == 0)
		r = result_plan(result, real, root, options, false, err);
	if (r == 0)
		r = judge_annotations(result, err);
	if (r == 0)
		r = judge_policies(result, err);
	if (r == 0)
		r = judge_hooks_files(result, err);
	if (r == 0)
		r = judge_hooks(result, &result->facts, err);
	return r < 0 ? r
		     : plan_sum_up(&result->plan, result->arena, result->bundle.config_path, err);
}

int hw_guard(const char *state_text, size_t len, const struct hw_options *options,
	     struct hw_result **ret, struct hw_error *err)
{
	static const struct hw_options none;
	CLEANUP(hw_result_freep) struct hw_result *result = NULL;
	auto_close int root = -1;
	struct state state = { 0 };
	int r;

	options = options ? options : &none;
	r = result_new(options, &result, err);
	if (r == 0)
		r = parse_state(state_text, len, result->arena, &state, err);
	if (r == 0)
		r = hw_policies_load(options, &result->policies, err);
	if (r == 0)
		r = bundle_open(state.bundle, NULL, BUNDLE_READ, result->arena, &result->bundle,
				err);
	if (r == 0)
		bundle_charge(&result->bundle, &result->budget);
	if (r == 0)
		r = open_container(&state, &root, err);
	if (r == 0)
		r = judge(result, options, &state, root, err);
	if (r < 0)
		return r;
	result->dry_run = true;
	result_unlock(result);
	*ret = TAKE(result);
	return 0;
}
