/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the plan for hooks.d files: which of their hooks are added to which stage. */
#include "plan/internal.h"

/* Both are the same moment: newer engines write a hook of prestart to createRuntime. */
static bool same_moment(enum hook_stage a, enum hook_stage b)
{
	return a == b || (a <= STAGE_CREATE_RUNTIME && b <= STAGE_CREATE_RUNTIME);
}

/* Stages that run before the container's own, and may create what is absent now. */
static bool is_earlier(enum hook_stage stage)
{
	return stage < STAGE_START_CONTAINER;
}

/* ---- what is in the file ---- */

static uint32_t stage_value(const struct planner *p, enum hook_stage stage)
{
	return json_member(p->in->doc, p->in->spec->hooks, hook_stage_name(stage));
}

static bool holds(const struct planner *p, enum hook_stage stage, const struct json *entry)
{
	const struct json *doc = p->in->doc;
	const uint32_t value = stage_value(p, stage);

	/* To the end, whatever is left: these files have no "otherwise". */
	if (value != JSON_NONE)
		budget_charge(p->in->spec->budget, BUDGET_STEPS, doc->tokens[value].count);
	for (uint32_t e = json_first(doc, value); e != JSON_NONE; e = json_next(doc, value, e))
		if (json_equal(doc, e, entry, JSON_ROOT))
			return true;
	return false;
}

/* Two files may have equal entries, and one file both names of one moment. */
static bool comes_earlier(const struct planner *p, const struct hooks_decision *d,
			  enum hook_stage stage)
{
	for (size_t i = 0; i < p->plan->n_hooks; i++) {
		const struct hooks_decision *other = &p->plan->hooks[i];

		for (size_t s = 0; s < HOOK_STAGES; s++) {
			if (other == d && s == stage)
				return false;
			if (same_moment((enum hook_stage)s, stage) && other->places[s].wanted &&
			    json_equal(&other->file->entry, JSON_ROOT, &d->file->entry, JSON_ROOT))
				return true;
		}
	}
	return false;
}

static bool is_present(const struct planner *p, const struct hooks_decision *d,
		       enum hook_stage stage)
{
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (same_moment((enum hook_stage)s, stage) &&
		    holds(p, (enum hook_stage)s, &d->file->entry))
			return true;
	return false;
}

/* ---- findings ---- */

static int tell(struct planner *p, const struct hw_hooks_file *file, unsigned line, unsigned column,
		const char *message, const char *hint)
{
	const struct finding finding = {
		.severity = SEVERITY_WARNING,
		.at = { file->path, line, column },
		.message = message,
		.hint = hint,
	};

	return plan_add_finding(p->plan, p->arena, &finding, p->err);
}

/* Notes are for those who ask. */
static int tell_warnings(struct planner *p, const struct hw_hooks_file *file)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < file->n_warnings; i++) {
		const struct hooksd_warning *w = &file->warnings[i];

		if (!w->note)
			r = tell(p, file, w->line, w->column, w->message, w->hint);
	}
	return r;
}

static int tell_unusable(struct planner *p, const struct hooks_decision *d, enum hook_stage stage)
{
	const struct hw_hooks_file *file = d->file;
	const struct hooks_place *place = &d->places[stage];
	const char *what = place->usable == UNKNOWN ? "might not run"
			   : place->present	    ? "is present, but cannot run"
						    : "left out";

	return tell(p, file, file->line, file->column,
		    arena_printf(p->arena, "%s hook %s %s: %s", hook_stage_name(stage),
				 file->program, what, place->fact),
		    place->hint);
}

static int tell_timeout(struct planner *p, const struct hw_hooks_file *file)
{
	return tell(p, file, file->line, file->column,
		    arena_printf(p->arena,
				 "startContainer hook %s has a timeout: crun will start the "
				 "container's program with SIGCHLD blocked",
				 file->program),
		    "remove the timeout, and limit the hook's time inside the program itself");
}

/* ---- the decision ---- */

/*
 * Only a container that asks for more than the limits makes this unknown, and what comes from the
 * container must not switch the admin's hook off.
 */
static int refuse_unknown(struct planner *p, const struct hooks_decision *d)
{
	const struct finding finding = {
		.severity = SEVERITY_ERROR,
		.at = { .path = d->file->path },
		.message = arena_printf(p->arena,
					"refused: it is unknown whether this hook "
					"applies to the container: %s",
					d->match.why),
		.hint = "shorten the container's annotations and arguments",
		.outcome = true,
	};

	p->plan->refused = true;
	return plan_add_finding(p->plan, p->arena, &finding, p->err);
}

static int match(struct planner *p, struct hooks_decision *d)
{
	int r = hooksd_matches(d->file, p->in->spec, p->in->budget, p->arena, &d->match, p->err);

	/* The policy decides whether its entry stays: two must not pull at one entry. */
	if (r == 0 && d->file->ours) {
		d->match.value = NO;
		d->match.why = "the policy that it was exported from adds it";
	}
	if (r == 0)
		r = tell_warnings(p, d->file);
	if (r < 0 || d->match.value != UNKNOWN)
		return r;
	return refuse_unknown(p, d);
}

/* A host's hook that cannot be executed fails the container; the engine leaves it out, too. */
static int ask_host(struct planner *p, struct hooks_decision *d)
{
	const char *path = d->file->program;
	struct fact fact = { NO, "the path is not absolute" };
	int r = 0;

	if (path[0] == '/')
		r = p->in->facts->host_program(p->in->facts->ctx, path, &fact, p->err);
	for (size_t s = 0; s < HOOK_STAGES; s++) {
		if (s == STAGE_START_CONTAINER)
			continue;
		d->places[s].usable = fact.value;
		d->places[s].fact = fact.text;
		d->places[s].hint = "programs of this stage are on the host";
	}
	return r;
}

/* Absent or empty, it inherits the process's environment. */
static struct spec_strings environment(const struct planner *p, const struct hw_hooks_file *file)
{
	return file->env.n ? file->env : p->in->spec->env;
}

static int ask_container(struct planner *p, struct hooks_decision *d, bool after_ldconfig)
{
	const struct spec_strings env = environment(p, d->file);
	const struct fact_program_query query = { d->file->program, env.items, env.n,
						  after_ldconfig };
	struct hooks_place *place = &d->places[STAGE_START_CONTAINER];
	struct fact_program fact = { .usable = NO, .text = "the path is not absolute" };
	int r = 0;

	if (p->in->hookless)
		fact.text = plan_hookless_fact(p);
	else if (query.path[0] == '/')
		r = p->in->facts->program(p->in->facts->ctx, &query, &fact, p->err);
	if (!fact.text)
		return error_oom(p->err);
	place->usable = fact.usable;
	place->fact = fact.text;
	place->hint =
		fact.hint ? fact.hint : "programs of startContainer hooks are in the container";
	if (p->in->hookless)
		place->hint = plan_hookless_hint;
	place->steps = fact.steps;
	place->n_steps = fact.n_steps;
	return r;
}

/* Also for an entry that is there: it may be from an earlier run, before the annotation was. */
static int refuse_unsafe(struct planner *p, const struct hooks_decision *d, enum hook_stage stage)
{
	const struct unsafe_found *found =
		stage == STAGE_START_CONTAINER ? &p->unsafe : &p->unsafe_host;

	if (!found->annotation || !d->places[stage].wanted)
		return 0;
	return plan_tell_unsafe(p, found,
				arena_printf(p->arena, "%s wants its %s hook", d->file->path,
					     hook_stage_name(stage)));
}

/* As the engine does, what may work is added: an earlier hook may be about to make the program. */
static int settle(struct planner *p, struct hooks_decision *d, enum hook_stage stage)
{
	struct hooks_place *place = &d->places[stage];
	int r = 0;

	place->wanted = place->usable != NO;
	place->present = is_present(p, d, stage) || (place->wanted && comes_earlier(p, d, stage));
	if (place->usable != YES)
		r = tell_unusable(p, d, stage);
	if (r == 0)
		r = refuse_unsafe(p, d, stage);
	if (r == 0 && place->wanted && stage == STAGE_START_CONTAINER && d->file->has_timeout &&
	    runtime_does(p->runtime, TIMEOUT_BLOCKS_SIGCHLD) == YES)
		r = tell_timeout(p, d->file);
	return r;
}

static bool concerns(const struct hooks_decision *d, enum hook_stage stage)
{
	return d->match.value == YES && d->file->stages[stage];
}

static bool names_host_stage(const struct hw_hooks_file *file)
{
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (file->stages[s] && s != STAGE_START_CONTAINER)
			return true;
	return false;
}

static int decide_host_stages(struct planner *p, struct hooks_decision *d)
{
	int r = 0;

	if (d->match.value != YES || !names_host_stage(d->file))
		return 0;
	r = ask_host(p, d);
	for (size_t s = 0; r == 0 && s < HOOK_STAGES; s++)
		if (s != STAGE_START_CONTAINER && concerns(d, (enum hook_stage)s))
			r = settle(p, d, (enum hook_stage)s);
	return r;
}

static bool may_create(const struct planner *p, const struct hooks_decision *d,
		       enum hook_stage stage)
{
	const struct spec_host_hook hook = { d->file->program, d->file->args, d->file->env, true };

	return d->places[stage].wanted &&
	       !engine_hook_is_harmless(p->in->spec, stage, &hook, p->in->harmless);
}

static void expect_earlier_hooks(const struct planner *p)
{
	bool expected = false;

	for (size_t i = 0; i < p->plan->n_hooks; i++)
		for (size_t s = 0; s < HOOK_STAGES; s++)
			expected =
				expected || (is_earlier((enum hook_stage)s) &&
					     may_create(p, &p->plan->hooks[i], (enum hook_stage)s));
	if (expected)
		p->in->facts->expect_earlier_hooks(p->in->facts->ctx);
}

/* ---- ldconfig ---- */

static bool is_of_hooks(const struct planner *p, uint32_t element)
{
	for (size_t i = 0; i < p->plan->n_hooks; i++) {
		const struct hooks_decision *d = &p->plan->hooks[i];

		if (concerns(d, STAGE_START_CONTAINER) &&
		    json_equal(p->in->doc, element, &d->file->entry, JSON_ROOT))
			return true;
	}
	return false;
}

/* An entry of somebody else, neither a policy's nor a file's, runs ldconfig. */
static bool others_run_ldconfig(const struct planner *p)
{
	for (size_t i = 0; i < p->in->spec->n_start_hooks; i++) {
		const struct spec_hook *hook = &p->in->spec->start_hooks[i];

		if (hook->path && hook_runs_ldconfig(hook->path) && !hook->ours &&
		    !is_of_hooks(p, hook->token))
			return true;
	}
	return false;
}

static int decide_container_stage(struct planner *p)
{
	bool after_ldconfig = others_run_ldconfig(p);
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->plan->n_hooks; i++) {
		struct hooks_decision *d = &p->plan->hooks[i];

		if (!concerns(d, STAGE_START_CONTAINER))
			continue;
		r = ask_container(p, d, after_ldconfig);
		if (r == 0)
			r = settle(p, d, STAGE_START_CONTAINER);
		if (d->places[STAGE_START_CONTAINER].wanted && hook_runs_ldconfig(d->file->program))
			after_ldconfig = p->after_ldconfig = true;
	}
	return r;
}

/* ---- the whole ---- */

int plan_decide_hooks(struct planner *p)
{
	struct plan *plan = p->plan;
	int r = 0;

	plan->hooks = arena_alloc(p->arena, p->in->n_hooks, sizeof(*plan->hooks));
	if (!plan->hooks)
		return error_oom(p->err);
	for (size_t i = 0; r == 0 && i < p->in->n_hooks; i++) {
		plan->hooks[i].file = p->in->hooks[i];
		plan->n_hooks++;
		r = match(p, &plan->hooks[i]);
		if (r == 0)
			r = decide_host_stages(p, &plan->hooks[i]);
	}
	if (r < 0)
		return r;
	expect_earlier_hooks(p);
	return decide_container_stage(p);
}

size_t plan_hooks_max(const struct planner *p)
{
	return p->plan->n_hooks * HOOK_STAGES;
}

void plan_append_hooks(struct planner *p, enum hook_stage stage)
{
	struct plan *plan = p->plan;

	for (size_t i = 0; i < plan->n_hooks; i++) {
		struct hooks_place *place = &plan->hooks[i].places[stage];

		if (!place->wanted)
			continue;
		place->action = place->present ? ACTION_KEPT : ACTION_ADDED;
		if (place->present)
			continue;
		plan->changes[plan->n_changes++] = (struct change){
			.kind = CHANGE_APPEND,
			.stage = stage,
			.element = JSON_NONE,
			.entry = &plan->hooks[i].file->entry,
		};
	}
}
