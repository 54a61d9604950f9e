/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides for each policy whether its hook is added, and derives the
 * changes to config.json. No I/O.
 */
#include <stdio.h>

#include "base/buffer.h"
#include "base/list.h"
#include "base/suggest.h"
#include "base/words.h"
#include "oci/edit.h"
#include "plan/internal.h"

#define REQUEST_ANNOTATION "io.hookwright.policies"
#define UNKNOWN_TOLD	   8
#define HINT_MAX	   192

/* ---- findings ---- */

int plan_add_finding(struct plan *plan, struct arena *arena, const struct finding *finding,
		     struct hw_error *err)
{
	if (!finding->message)
		return error_oom(err);
	if (!LIST_ROOM(arena, plan->findings, plan->n_findings, plan->findings_capacity))
		return error_oom(err);
	plan->findings[plan->n_findings++] = *finding;
	return 0;
}

bool plan_only_counts(struct plan *plan, enum finding_kind kind, enum severity severity)
{
	struct finding_tally *tally = &plan->tallies[kind];

	if (kind == FINDING_SINGLE || tally->n++ < PLAN_FINDINGS_MAX)
		return false;
	if (tally->n == PLAN_FINDINGS_MAX + 1 || severity < tally->worst)
		tally->worst = severity;
	return true;
}

int plan_sum_up(struct plan *plan, struct arena *arena, const char *path, struct hw_error *err)
{
	static const char *const words[] = {
		[FINDING_STAYS] = "hooks of policies that are not loaded",
		[FINDING_NO_PATH] = "startContainer hooks without a path",
		[FINDING_HOOK] = "startContainer hooks that cannot or might not run",
	};
	int r = 0;

	for (size_t kind = FINDING_STAYS; r == 0 && kind < FINDING_KINDS; kind++) {
		struct finding_tally *tally = &plan->tallies[kind];
		const size_t more = tally->n > PLAN_FINDINGS_MAX ? tally->n - PLAN_FINDINGS_MAX : 0;
		const struct finding sum = {
			.severity = tally->worst,
			.at = IN(path),
			.message =
				more ? arena_printf(arena, "... and %zu more %s", more, words[kind])
				     : NULL,
			.omitted = more,
		};

		if (more)
			r = plan_add_finding(plan, arena, &sum, err);
		tally->n = 0;
	}
	return r;
}

static int add_finding(struct planner *p, const struct finding *finding)
{
	return plan_add_finding(p->plan, p->arena, finding, p->err);
}

static struct where at_policy(const struct hw_policy *policy, unsigned line, unsigned column)
{
	return (struct where){ policy->path, line, column };
}

/* ---- requests ---- */

static int by_name(const void *one, const void *two)
{
	return strcmp(((const struct named *)one)->name, ((const struct named *)two)->name);
}

/* A container may name policies as often as it likes: each time the name is looked up. */
static int index_policies(struct planner *p)
{
	const size_t n = p->in->n_policies;

	p->by_name = arena_alloc(p->arena, n, sizeof(*p->by_name));
	if (!p->by_name)
		return error_oom(p->err);
	for (size_t i = 0; i < n; i++)
		p->by_name[i] = (struct named){ p->in->policies[i]->name, i, false };
	if (n)
		qsort(p->by_name, n, sizeof(*p->by_name), by_name);
	return 0;
}

static struct named *find_policy(const struct planner *p, const char *name, size_t len)
{
	char word[HOOK_POLICY_NAME_MAX + 1];
	const struct named wanted = { .name = word };

	if (len >= sizeof(word) || p->in->n_policies == 0)
		return NULL;
	memcpy(word, name, len);
	word[len] = '\0';
	return bsearch(&wanted, p->by_name, p->in->n_policies, sizeof(wanted), by_name);
}

static struct named *find_named(const struct planner *p, const char *name)
{
	return find_policy(p, name, strlen(name));
}

bool plan_is_loaded(const struct planner *p, const char *name)
{
	return find_named(p, name) != NULL;
}

#define NO_SUCH_POLICY "policy '%.*s' was requested%s, but does not exist"

static const char *what_was_meant(const struct planner *p, const char *name, size_t len,
				  char hint[static HINT_MAX])
{
	char word[HOOK_POLICY_NAME_MAX + 1];
	struct suggestion s = SUGGEST_FOR(word);

	snprintf(word, sizeof(word), "%.*s", (int)len, name);
	for (size_t i = 0; i < p->in->n_policies; i++)
		suggest_consider(&s, p->in->policies[i]->name);
	if (s.best)
		snprintf(hint, HINT_MAX, "did you mean '%s'?", s.best);
	else
		snprintf(hint, HINT_MAX, "'hookwright policy list' lists the loaded policies");
	return hint;
}

/*
 * Next name of a list; NULL at the end. Names are separated by commas or blanks: podman before 5
 * takes a comma in --annotation for the end of the annotation.
 */
static const char *next_name(const char **rest, size_t *len)
{
	const char *start = *rest + strspn(*rest, ", \t");

	*len = strcspn(start, ", \t");
	*rest = start + *len;
	return *len ? start : NULL;
}

static struct where at_annotation(const struct plan_input *in)
{
	uint32_t all = json_member(in->doc, JSON_ROOT, "annotations");

	return json_at(in->doc, json_member(in->doc, all, REQUEST_ANNOTATION));
}

/* The caller's own: a slip of the tongue, which no container can cause. */
static int check_requests(const struct planner *p)
{
	char hint[HINT_MAX];

	for (size_t i = 0; i < p->in->n_requests; i++) {
		const char *name = p->in->requests[i];
		const size_t len = strlen(name);

		if (find_policy(p, name, len))
			continue;
		error_set(p->err, EINVAL, NOWHERE, what_was_meant(p, name, len, hint),
			  NO_SUCH_POLICY, (int)len, name, "");
		if (p->err)
			p->err->by_admin = true;
		return -EINVAL;
	}
	return 0;
}

static int tell_unknown(struct planner *p, const char *name, size_t len)
{
	char hint[HINT_MAX];
	const struct finding finding = {
		.severity = SEVERITY_ERROR,
		.at = at_annotation(p->in),
		.message = arena_printf(p->arena, NO_SUCH_POLICY, (int)(len < 200 ? len : 200),
					name, " by annotation " REQUEST_ANNOTATION),
		.hint = arena_strdup(p->arena, what_was_meant(p, name, len, hint)),
		.unknown_request = true,
	};

	p->plan->refused = true;
	return finding.hint ? add_finding(p, &finding) : error_oom(p->err);
}

/* The first few are enough to know by: an annotation can name thousands. */
static int check_annotation(struct planner *p)
{
	const char *list = spec_annotation(p->in->spec, REQUEST_ANNOTATION), *item;
	size_t unknown = 0, len;

	while (list && unknown < UNKNOWN_TOLD && (item = next_name(&list, &len))) {
		int r;

		struct named *policy = find_policy(p, item, len);

		if (policy)
			policy->annotated = true;
		if (policy)
			continue;
		unknown++;
		r = tell_unknown(p, item, len);
		if (r < 0)
			return r;
	}
	return 0;
}

static int tell_unheeded(struct planner *p)
{
	const struct finding finding = {
		.severity = SEVERITY_WARNING,
		.at = at_annotation(p->in),
		.message = "annotation " REQUEST_ANNOTATION " is ignored: 'annotations' in the "
			   "configuration does not contain 'policies'",
		.hint = "request policies with --request, or add 'policies' to 'annotations'",
	};

	return spec_annotation(p->in->spec, REQUEST_ANNOTATION) ? add_finding(p, &finding) : 0;
}

static enum activation activation_of(const struct planner *p, const struct hw_policy *policy)
{
	if (words_have(p->in->requests, p->in->n_requests, policy->name))
		return BY_REQUEST;
	if (policy->by_file)
		return BY_FILE;
	if (!p->in->deaf && find_named(p, policy->name)->annotated)
		return BY_ANNOTATION;
	return policy->requested ? NOT_ACTIVATED : BY_ALWAYS;
}

/* ---- the hook in full ---- */

static const char *policy_variable(const struct hw_policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->n_env; i++)
		if (streq(policy->env[i].name, name))
			return policy->env[i].value;
	return NULL;
}

/* The last one counts, as in runc. */
static const char *process_variable(const struct spec *spec, const char *name)
{
	/* To the end, whatever is left: half an environment would be another hook. */
	budget_charge(spec->budget, BUDGET_STEPS, STEPS_COMPARE(spec->env.n));
	for (size_t i = spec->env.n; i-- > 0;)
		if (value_of_variable(spec->env.items[i], name))
			return spec->env.items[i];
	return NULL;
}

static bool inherits(const struct hw_policy *policy, const struct spec *spec, const char *name)
{
	for (size_t i = 0; i < policy->n_inherit_env; i++)
		if (streq(policy->inherit_env[i], name))
			return process_variable(spec, name) != NULL;
	return false;
}

/*
 * Never empty, nothing inherited: absent and empty env mean different things in different
 * runtimes, and the image's variables (LD_PRELOAD) are hostile.
 */
static int make_env(struct planner *p, const struct hw_policy *policy, struct hook *hook)
{
	const char **env =
		arena_alloc(p->arena, 2 + policy->n_env + policy->n_inherit_env, sizeof(*env));
	size_t n = 0;

	if (!env)
		return error_oom(p->err);
	env[n++] = arena_join(p->arena, HOOK_MARK, policy->name, "");
	if (!policy_variable(policy, "PATH") && !inherits(policy, p->in->spec, "PATH"))
		env[n++] = "PATH=" DEFAULT_PATH;
	for (size_t i = 0; i < policy->n_env; i++)
		env[n++] = arena_join(p->arena, policy->env[i].name, "=", policy->env[i].value);
	for (size_t i = 0; i < policy->n_inherit_env; i++) {
		const char *own = process_variable(p->in->spec, policy->inherit_env[i]);

		if (own && !policy_variable(policy, policy->inherit_env[i]))
			env[n++] = own;
	}
	for (size_t i = 0; i < n; i++)
		if (!env[i])
			return error_oom(p->err);
	hook->env = env;
	hook->n_env = n;
	return 0;
}

/* Under crun a timeout leaves SIGCHLD blocked in the workload: it may hang for ever. */
static int leave_out_timeout(struct planner *p, const struct hw_policy *policy)
{
	const struct finding finding = {
		.severity = SEVERITY_WARNING,
		.at = IN(policy->path),
		.message =
			arena_printf(p->arena,
				     "'%s': the timeout is omitted, because crun would start the "
				     "container's program with SIGCHLD blocked",
				     policy->name),
		.hint = "limit the hook's time inside the program itself",
		.policy = policy->name,
	};

	return add_finding(p, &finding);
}

static int make_hook(struct planner *p, struct decision *d, const char *path)
{
	const struct hw_policy *policy = d->policy;
	struct hook *hook = arena_alloc(p->arena, 1, sizeof(*hook));
	const char **own_name = arena_alloc(p->arena, 1, sizeof(*own_name));
	int r;

	if (!hook || !own_name)
		return error_oom(p->err);
	*own_name = path;
	hook->path = path;
	hook->args = policy->n_args ? policy->args : own_name;
	hook->n_args = policy->n_args ? policy->n_args : 1;
	r = make_env(p, policy, hook);
	if (r == 0 && policy->timeout && runtime_does(p->runtime, TIMEOUT_BLOCKS_SIGCHLD) == YES)
		r = leave_out_timeout(p, policy);
	else
		hook->timeout = policy->timeout;
	d->hook = hook;
	return r;
}

/* ---- one policy ---- */

const char plan_hookless_hint[] =
	"use another runtime for this container, or do the work in the image";

const char *plan_hookless_fact(const struct planner *p)
{
	return arena_printf(p->arena, "the runtime %s never runs startContainer hooks",
			    p->in->hookless);
}

static const enum outcome unmet_outcomes[] = {
	[OTHERWISE_FAIL] = OUTCOME_REFUSED,
	[OTHERWISE_WARN] = OUTCOME_LEFT_OUT,
	[OTHERWISE_IGNORE] = OUTCOME_LEFT_OUT,
};

static int unmet(struct planner *p, struct decision *d, const struct cond_line *line,
		 const char *kind)
{
	d->outcome = unmet_outcomes[d->policy->otherwise];
	d->line = line->line;
	d->column = line->column;
	d->hint = line->hint;
	d->why = arena_printf(p->arena, "%s '%s'%s %s", kind, line->text,
			      line->value == UNKNOWN ? ", which is unknown:" : ", but", line->fact);
	return d->why ? 0 : error_oom(p->err);
}

/* No need is met where no hook runs. */
static int never_runs(struct planner *p, struct decision *d)
{
	d->outcome = unmet_outcomes[d->policy->otherwise];
	d->hint = plan_hookless_hint;
	d->why = arena_printf(p->arena,
			      "cannot work: the runtime %s never runs startContainer hooks",
			      p->in->hookless);
	return d->why ? 0 : error_oom(p->err);
}

/* The program that came closest: present but unfit is more informative than absent. */
static const struct candidate *closest(const struct decision *d)
{
	for (size_t i = 0; i < d->n_candidates; i++)
		if (!d->candidates[i].fact.absent)
			return &d->candidates[i];
	return &d->candidates[0];
}

static const char *none_usable(struct planner *p, const struct decision *d)
{
	const struct candidate *c = closest(d);
	struct text names = { 0 };
	const char *why;

	if (d->n_candidates == 1 || !c->fact.absent)
		return arena_printf(p->arena, "%s %s: %s",
				    c->fact.usable == UNKNOWN ? "cannot be sure of" : "cannot use",
				    c->path, c->fact.text);
	for (size_t i = 0; i < d->n_candidates; i++)
		text_printf(&names, "%s%s", i ? ", " : "", d->candidates[i].path);
	why = names.failed
		      ? NULL
		      : arena_printf(p->arena, "finds none of its programs in the container: %s",
				     names.data);
	text_free(&names);
	return why;
}

static int no_program(struct planner *p, struct decision *d)
{
	d->outcome = d->policy->otherwise == OTHERWISE_FAIL ? OUTCOME_REFUSED : OUTCOME_LEFT_OUT;
	d->why = none_usable(p, d);
	d->hint = closest(d)->fact.hint;
	return d->why ? 0 : error_oom(p->err);
}

/* Not to be asked any more, and not even what they would be asked with. */
static int candidates_unknown(struct decision *d, const char *reason)
{
	for (size_t i = 0; i < d->n_candidates; i++)
		d->candidates[i] = (struct candidate){
			.path = d->policy->candidates[i],
			.asked = true,
			.fact = { .usable = UNKNOWN, .text = reason },
		};
	return 0;
}

static int ask_candidates(struct planner *p, struct decision *d)
{
	const struct hw_policy *policy = d->policy;
	const struct budget *budget = p->in->spec->budget;
	struct hook with_env;
	bool taken = false;
	int r;

	d->n_candidates = policy->n_candidates;
	d->candidates = arena_alloc(p->arena, policy->n_candidates, sizeof(*d->candidates));
	if (!d->candidates)
		return error_oom(p->err);
	if (budget_is_spent(budget))
		return candidates_unknown(d, budget_reason(budget));
	r = make_env(p, policy, &with_env);
	if (r < 0)
		return r;
	for (size_t i = 0; i < policy->n_candidates; i++) {
		struct candidate *c = &d->candidates[i];

		c->path = policy->candidates[i];
		if (taken && !p->in->everything)
			continue;

		const struct fact_program_query query = {
			.path = c->path,
			.env = with_env.env,
			.n_env = with_env.n_env,
			.after_ldconfig = p->after_ldconfig,
			.args = policy->n_args ? policy->args : &c->path,
			.n_args = policy->n_args ? policy->n_args : 1,
		};

		c->asked = true;
		r = p->in->facts->program(p->in->facts->ctx, &query, &c->fact, p->err);
		if (r < 0)
			return r;
		taken = taken || c->fact.usable == YES;
	}
	return 0;
}

static const struct candidate *taken(const struct decision *d)
{
	for (size_t i = 0; i < d->n_candidates; i++)
		if (d->candidates[i].asked && d->candidates[i].fact.usable == YES)
			return &d->candidates[i];
	return NULL;
}

static int eval_section(struct planner *p, struct decision *d, bool has,
			const struct conjunction *section, enum truth *value,
			struct cond_line *culprit, struct cond_lines *lines)
{
	const struct cond_context ctx = {
		.spec = p->in->spec,
		.facts = p->in->facts,
		.policy = d->policy,
		.runtime = p->in->runtime,
		.runs = runtime_versioned(p->in->runtime, p->in->runtime_version),
		.arena = p->arena,
		.budget = p->in->budget,
		.everything = p->in->everything,
	};

	*value = YES;
	if (!has)
		return 0;
	return cond_eval(&ctx, section, value, culprit, p->in->everything ? lines : NULL, p->err);
}

struct sections {
	enum truth when, needs;
	struct cond_line when_line, need_line;
};

/*
 * Only as far as the decision needs it (explain: all): the order of the questions is their price.
 */
static int look(struct planner *p, struct decision *d, struct sections *s)
{
	const struct hw_policy *policy = d->policy;
	const bool everything = p->in->everything;
	int r = eval_section(p, d, policy->has_when, &policy->when, &s->when, &s->when_line,
			     &d->when);

	if (r < 0 || ((s->when != YES || p->in->hookless) && !everything))
		return r;
	r = eval_section(p, d, policy->has_needs, &policy->needs, &s->needs, &s->need_line,
			 &d->needs);
	if (r < 0 || (s->needs != YES && !everything))
		return r;
	return ask_candidates(p, d);
}

static int not_concerned(struct planner *p, struct decision *d, const struct cond_line *line)
{
	d->outcome = OUTCOME_NOT_CONCERNED;
	d->why = arena_printf(p->arena, "'%s' does not hold: %s", line->text, line->fact);
	return d->why ? 0 : error_oom(p->err);
}

static int decide(struct planner *p, struct decision *d)
{
	struct sections s = { 0 };
	int r = 0;

	d->activation = activation_of(p, d->policy);
	if (d->activation != NOT_ACTIVATED || p->in->everything)
		r = look(p, d, &s);
	if (r < 0)
		return r;
	if (d->activation == NOT_ACTIVATED) {
		d->outcome = OUTCOME_NOT_REQUESTED;
		d->why = "nobody requested it";
		return 0;
	}
	if (s.when == NO && d->activation == BY_ALWAYS)
		return not_concerned(p, d, &s.when_line);
	if (s.when != YES)
		return unmet(p, d, &s.when_line, "is for containers with");
	if (p->in->hookless)
		return never_runs(p, d);
	if (s.needs != YES)
		return unmet(p, d, &s.need_line, "needs");
	if (!taken(d))
		return no_program(p, d);
	if (p->unsafe.annotation)
		return plan_refuse_unsafe(p, d);
	d->outcome = OUTCOME_WANTED;
	return make_hook(p, d, taken(d)->path);
}

/* ---- findings ---- */

/* Whoever asked for a hook by name is told that it is left out, whatever 'otherwise' says. */
static bool is_silent(const struct decision *d)
{
	if (d->outcome == OUTCOME_REFUSED)
		return false;
	return d->outcome != OUTCOME_LEFT_OUT ||
	       (d->policy->otherwise == OTHERWISE_IGNORE && d->activation == BY_ALWAYS);
}

static int tell_outcome(struct planner *p, const struct decision *d)
{
	const struct hw_policy *policy = d->policy;
	const bool refused = d->outcome == OUTCOME_REFUSED;
	struct finding finding = {
		.severity = refused ? SEVERITY_ERROR : SEVERITY_WARNING,
		.at = at_policy(policy, d->line, d->column),
		.hint = d->hint,
		.policy = policy->name,
		.outcome = true,
	};

	if (is_silent(d))
		return 0;
	finding.message =
		arena_printf(p->arena, "%s '%s'%s %s", refused ? "refused: policy" : "hook of",
			     policy->name, refused ? "" : " left out: it", d->why);
	return add_finding(p, &finding);
}

static int tell_warnings(struct planner *p, const struct decision *d)
{
	for (size_t i = 0; i < d->policy->n_warnings; i++) {
		const struct policy_warning *w = &d->policy->warnings[i];
		const struct finding finding = {
			.severity = SEVERITY_WARNING,
			.at = at_policy(d->policy, w->line, w->column),
			.message = w->message,
			.hint = w->hint,
			.policy = d->policy->name,
		};
		int r = w->author ? 0 : add_finding(p, &finding);

		if (r < 0)
			return r;
	}
	return 0;
}

static int tell_stays(struct planner *p, const struct spec_hook *hook)
{
	struct finding finding = {
		.kind = FINDING_STAYS,
		.severity = SEVERITY_WARNING,
		.hint = "name its policy with --policy, or remove the hook with 'hookwright apply "
			"--prune'",
		.policy = hook->ours,
	};

	if (plan_only_counts(p->plan, finding.kind, finding.severity))
		return 0;
	finding.at = json_at(p->in->doc, hook->token);
	finding.message = arena_printf(p->arena, "hook of '%s' is kept: its policy is not loaded",
				       hook->ours);
	return add_finding(p, &finding);
}

/* An entry of someone else's is left alone, even one that no container survives. */
static int tell_broken(struct planner *p)
{
	const struct spec *spec = p->in->spec;
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->n_start_hooks; i++) {
		const struct spec_hook *hook = &spec->start_hooks[i];
		struct finding finding = {
			.kind = FINDING_NO_PATH,
			.severity = SEVERITY_WARNING,
			.message = "this startContainer hook does not have a path: runtimes do not "
				   "start the container's program",
			.hint = "remove the entry, or give it a path",
		};

		if ((hook->path && hook->path[0]) ||
		    plan_only_counts(p->plan, finding.kind, finding.severity))
			continue;
		finding.at = json_at(p->in->doc, hook->token);
		r = add_finding(p, &finding);
	}
	return r;
}

/* ---- from decisions to changes ---- */

static bool same_strings(const struct spec_strings *have, const char *const *want, size_t n)
{
	if (have->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!streq(have->items[i], want[i]))
			return false;
	return true;
}

static bool equal(const struct spec_hook *have, const struct hook *want)
{
	return have->plain && have->path && streq(have->path, want->path) &&
	       same_strings(&have->args, want->args, want->n_args) &&
	       same_strings(&have->env, want->env, want->n_env) && have->timeout == want->timeout;
}

static struct decision *decision_of(const struct planner *p, const char *name)
{
	const struct named *policy = find_named(p, name);

	return policy ? &p->plan->decisions[policy->number] : NULL;
}

static struct decision *next_wanted(const struct plan *plan, size_t *at)
{
	while (*at < plan->n_decisions) {
		struct decision *d = &plan->decisions[(*at)++];

		if (d->outcome == OUTCOME_WANTED)
			return d;
	}
	return NULL;
}

static void add_removal(struct plan *plan, const struct spec_hook *hook)
{
	plan->changes[plan->n_changes++] = (struct change){
		.kind = CHANGE_REMOVE,
		.stage = STAGE_START_CONTAINER,
		.element = hook->token,
		.before = hook->before,
	};
}

static void add_hook(struct plan *plan, enum change_kind kind, uint32_t element,
		     const struct hook *hook)
{
	plan->changes[plan->n_changes++] = (struct change){
		.kind = kind,
		.stage = STAGE_START_CONTAINER,
		.element = element,
		.hook = hook,
	};
}

/*
 * What an entry of ours that this run places has to say of what was there before us: what those say
 * that are there, or, if these are the first, the document.
 */
static enum hook_before before_us(const struct planner *p)
{
	const struct spec *spec = p->in->spec;
	enum hook_before before = BEFORE_NOTHING;
	bool first = true;

	for (size_t i = 0; i < spec->n_start_hooks; i++) {
		const struct spec_hook *hook = &spec->start_hooks[i];

		first = first && !hook->ours;
		if (!hook->ours || !hook->before)
			continue;
		if (!p->in->prune && !decision_of(p, hook->ours))
			return BEFORE_NOTHING; /* it stays, and says it itself */
		before = hook->before;
	}
	return first ? edit_before(p->in->doc) : before;
}

/* The hook with that in its env; NULL without memory. */
static const struct hook *hook_with(struct planner *p, const struct hook *hook,
				    enum hook_before before)
{
	struct hook *with;
	const char **env;

	if (!before)
		return hook;
	with = arena_alloc(p->arena, 1, sizeof(*with));
	env = arena_alloc(p->arena, hook->n_env + 1, sizeof(*env));
	if (!with || !env)
		return NULL;
	env[0] = hook->env[0];
	env[1] = hook_before_variable(before);
	for (size_t i = 1; i < hook->n_env; i++)
		env[i + 1] = hook->env[i];
	*with = *hook;
	with->env = env;
	with->n_env++;
	return with;
}

/* Entries whose policy is not loaded are not judged, unless the caller says so. */
static int is_slot(struct planner *p, const struct spec_hook *hook, bool *ret)
{
	struct decision *d = hook->ours ? decision_of(p, hook->ours) : NULL;

	*ret = d != NULL;
	if (d)
		d->action = ACTION_REMOVED; /* until name_actions() knows better */
	if (d || !hook->ours)
		return 0;
	if (!p->in->prune)
		return tell_stays(p, hook);
	p->plan->dropped[p->plan->n_dropped++] = hook->ours;
	*ret = true;
	return 0;
}

/* @d's hook in the place of @old, NULL: at the end. The first of them says what was before. */
static int place(struct planner *p, const struct spec_hook *old, const struct decision *d,
		 enum hook_before *before)
{
	const struct hook *hook = hook_with(p, d->hook, *before);

	if (!hook)
		return error_oom(p->err);
	if (!old)
		add_hook(p->plan, CHANGE_APPEND, JSON_NONE, hook);
	else if (old->before != *before || !equal(old, d->hook))
		add_hook(p->plan, CHANGE_REPLACE, old->token, hook);
	*before = BEFORE_NOTHING;
	return 0;
}

/*
 * The places of hookwright's entries are filled with the wanted hooks in their order; more
 * are appended, places left over are removed. So the order is right whatever was there, a second
 * run finds every place filled as it wants, and no foreign entry moves.
 */
static int make_changes(struct planner *p)
{
	const struct spec *spec = p->in->spec;
	struct plan *plan = p->plan;
	enum hook_before before = before_us(p);
	struct decision *d;
	size_t at = 0;
	int r = 0;

	plan->changes =
		arena_alloc(p->arena, spec->n_start_hooks + plan->n_decisions + plan_hooks_max(p),
			    sizeof(*plan->changes));
	plan->dropped = arena_alloc(p->arena, spec->n_start_hooks, sizeof(*plan->dropped));
	if (!plan->changes || !plan->dropped)
		return error_oom(p->err);
	for (size_t i = 0; r == 0 && i < spec->n_start_hooks; i++) {
		const struct spec_hook *hook = &spec->start_hooks[i];
		bool slot;

		r = is_slot(p, hook, &slot);
		if (r < 0)
			return r;
		if (!slot)
			continue;
		d = next_wanted(plan, &at);
		if (!d)
			add_removal(plan, hook);
		else
			r = place(p, hook, d, &before);
	}
	plan_append_hooks(p, STAGE_START_CONTAINER);
	while (r == 0 && (d = next_wanted(plan, &at)))
		r = place(p, NULL, d, &before);
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (s != STAGE_START_CONTAINER)
			plan_append_hooks(p, (enum hook_stage)s);
	return r;
}

/* The action for each policy's own entry, wherever the places put it. An equal one has its mark. */
static void name_actions(const struct planner *p)
{
	const struct spec *spec = p->in->spec;

	for (size_t i = 0; i < p->plan->n_decisions; i++) {
		struct decision *d = &p->plan->decisions[i];

		if (d->outcome == OUTCOME_WANTED)
			d->action = d->action == ACTION_REMOVED ? ACTION_REPLACED : ACTION_ADDED;
	}
	for (size_t i = 0; i < spec->n_start_hooks; i++) {
		const struct spec_hook *hook = &spec->start_hooks[i];
		struct decision *d = hook->ours ? decision_of(p, hook->ours) : NULL;

		if (d && d->action == ACTION_REPLACED && equal(hook, d->hook))
			d->action = ACTION_KEPT;
	}
}

/* An entry that stays and runs ldconfig. */
static bool ldconfig_stays(const struct planner *p)
{
	const struct plan_input *in = p->in;

	for (size_t i = 0; i < in->spec->n_start_hooks; i++) {
		const struct spec_hook *hook = &in->spec->start_hooks[i];

		if (hook->path && hook_runs_ldconfig(hook->path) &&
		    !(hook->ours && (in->prune || find_named(p, hook->ours))))
			return true;
	}
	return false;
}

static int decide_all(struct planner *p)
{
	struct plan *plan = p->plan;
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->in->n_policies; i++) {
		struct decision *d = &plan->decisions[i];

		d->policy = p->in->policies[i];
		r = decide(p, d);
		if (r == 0)
			r = tell_outcome(p, d);
		if (r == 0 && d->outcome == OUTCOME_WANTED)
			r = tell_warnings(p, d);
		plan->refused = plan->refused || d->outcome == OUTCOME_REFUSED;
		if (d->hook && hook_runs_ldconfig(d->hook->path))
			p->after_ldconfig = true;
	}
	return r;
}

static void find_unsafe(struct planner *p)
{
	const struct plan_input *in = p->in;
	const struct runtime obeys = in->obeys.kind == RUNTIME_NOT_TOLD ? p->runtime : in->obeys;

	p->unsafe = unsafe_find(in->spec, obeys, &in->allowed, false);
	p->unsafe_host = unsafe_find(in->spec, obeys, &in->allowed, true);
}

int plan_make(const struct plan_input *in, struct arena *arena, struct plan *ret,
	      struct hw_error *err)
{
	struct plan plan = { .n_decisions = in->n_policies };
	struct planner p = {
		.in = in,
		.arena = arena,
		.plan = &plan,
		.runtime = runtime_versioned(in->runtime, in->runtime_version),
		.err = err,
	};
	int r = index_policies(&p);

	if (r == 0)
		r = check_requests(&p);
	if (r < 0)
		return r;
	find_unsafe(&p);
	p.after_ldconfig = ldconfig_stays(&p);
	plan.decisions = arena_alloc(arena, in->n_policies, sizeof(*plan.decisions));
	if (!plan.decisions)
		return error_oom(err);
	r = in->deaf ? tell_unheeded(&p) : check_annotation(&p);
	if (r == 0)
		r = tell_broken(&p);
	if (r == 0)
		r = plan_decide_hooks(&p);
	if (r == 0)
		r = decide_all(&p);
	if (r == 0)
		r = plan_tell_unsafe_stays(&p);
	if (r == 0 && !plan.refused) {
		r = make_changes(&p);
		name_actions(&p);
	}
	if (r == 0)
		r = plan_sum_up(&plan, arena, in->doc ? in->doc->path : NULL, err);
	if (r < 0)
		return r;
	*ret = plan;
	return 0;
}

int plan_revert(const struct spec *spec, struct arena *arena, struct plan *ret,
		struct hw_error *err)
{
	struct plan plan = {
		.changes = arena_alloc(arena, spec->n_start_hooks, sizeof(*plan.changes)),
		.dropped = arena_alloc(arena, spec->n_start_hooks, sizeof(*plan.dropped)),
	};

	if (!plan.changes || !plan.dropped)
		return error_oom(err);
	for (size_t i = 0; i < spec->n_start_hooks; i++) {
		if (!spec->start_hooks[i].ours)
			continue;
		add_removal(&plan, &spec->start_hooks[i]);
		plan.dropped[plan.n_dropped++] = spec->start_hooks[i].ours;
	}
	*ret = plan;
	return 0;
}
