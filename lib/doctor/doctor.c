/* SPDX-License-Identifier: Apache-2.0 */
/* doctor: combines the messages found in a pasted text with what lint finds in the bundle. */
#include "doctor/doctor.h"

/* ---- what a finding is about ---- */

static bool stage_is_in(const char *stage, unsigned stages)
{
	for (size_t i = 0; i < HOOK_STAGES; i++)
		if ((!stages || (stages & STAGE_BIT(i))) && streq(stage, hook_stage_name(i)))
			return true;
	return false;
}

/*
 * Whether the hook that @s tells of may be this one; of what is not known any will do. A path that
 * holds a NUL is not known, and not printed as it stands.
 */
static bool is_hook_of(const struct symptom *s, const char *stage, size_t index, const char *path)
{
	if (!stage_is_in(stage, s->stages))
		return false;
	if (s->hook >= 0 && (size_t)s->hook != index)
		return false;
	return !s->of_hook || !s->path || !path || streq(s->path, path);
}

static bool concerns(const struct symptom *s, const struct lint_finding *f)
{
	return !f->stage || is_hook_of(s, f->stage, f->index, f->program);
}

/* ---- whether the bundle has the hook at all ---- */

static int any_hook_in(const struct symptom *s, const struct bundle *b, size_t stage,
		       struct arena *arena, unsigned *ret, struct hw_error *err)
{
	const struct json *doc = &b->doc;
	const uint32_t list =
		json_member(doc, json_member(doc, JSON_ROOT, "hooks"), hook_stage_name(stage));
	size_t index = 0;

	if (list == JSON_NONE || json_type(doc, list) != JSON_ARRAY)
		return 0;
	for (uint32_t e = json_first(doc, list); e != JSON_NONE; e = json_next(doc, list, e)) {
		const uint32_t path = json_member(doc, e, "path");
		const char *text = NULL;

		if (path != JSON_NONE && json_type(doc, path) == JSON_STRING &&
		    json_string(doc, path, arena, &text, err) == -ENOMEM)
			return -ENOMEM;
		if (is_hook_of(s, hook_stage_name(stage), index++, text))
			*ret |= STAGE_BIT(stage);
	}
	return 0;
}

/* The stages of the hooks that @s may be of. For every message all hooks may be read. */
static int find_hooks(const struct symptom *s, const struct hw_lint_result *result, unsigned *ret,
		      struct hw_error *err)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	int r = 0;

	if (!arena)
		return -ENOMEM;

	*ret = 0;
	for (size_t i = 0; r == 0 && i < HOOK_STAGES; i++)
		r = any_hook_in(s, &result->bundle, i, arena, ret, err);
	return r;
}

/*
 * 'fork/exec PATH: ...' alone is what an engine or a runtime says of its own programs, unless the
 * bundle has a hook with that path.
 */
static int recognise_hook(const struct hw_diagnosis *d, struct symptom *s, struct complaint *c,
			  struct hw_error *err)
{
	struct symptom as_hook = *s;
	unsigned stages = 0;
	int r;

	c->whose = s->whose;
	if (!d->bundle || !d->bundle->scanned)
		return 0;
	if (!s->of_hook && !symptom_as_hook(&as_hook))
		return 0;
	r = find_hooks(&as_hook, d->bundle, &stages, err);
	if (r < 0)
		return error_oom(err);
	if (!s->of_hook && stages)
		*s = as_hook;
	c->hook_missing = s->of_hook && !stages;
	if (s->of_hook && stages)
		c->whose = whose_hook(stages);
	return 0;
}

/* ---- what is not there any more: doctor/host.c ---- */

/* It may have been there when the container died, so this proves nothing. */
static int judge_namespace(struct hw_diagnosis *d, struct suspect *reason, struct hw_error *err)
{
	const char *path;
	int r = doctor_missing_namespace(d, &path, err);

	if (r < 0 || !path)
		return r;
	reason->verdict = VERDICT_POSSIBLE;
	reason->why = arena_printf(d->arena,
				   "linux.namespaces joins '%s', which does not exist "
				   "(any more).",
				   path);
	return reason->why ? 0 : error_oom(err);
}

static const enum rule rootfs_rules[] = { RULE_HW125, RULE_HW304, RULE_HW308,
					  RULE_HW309, RULE_HW312, RULE_HW315 };

/* Whether what @rule finds of a program in stage @stage (NULL: of no hook) is in the rootfs. */
static bool needs_rootfs(enum rule rule, const char *stage)
{
	for (size_t i = 0; i < ARRAY_SIZE(rootfs_rules); i++)
		if (rule == rootfs_rules[i])
			return true;
	return rule_get(rule)->id[2] == '2' &&
	       (!stage || streq(stage, hook_stage_name(STAGE_START_CONTAINER)));
}

/* A finding about what is not there to look at is none. */
static bool is_void(const struct hw_diagnosis *d, const struct lint_finding *f)
{
	return d->rootfs && needs_rootfs(f->rule, f->stage);
}

static bool needs_rootfs_for(const struct hw_diagnosis *d, const struct cause_info *cause,
			     const struct complaint *c)
{
	const char *stage = c->whose == WHOSE_HOST ? hook_stage_name(STAGE_PRESTART) : NULL;

	for (size_t i = 0; d->rootfs && cause->rules[i] != N_RULES; i++)
		if (needs_rootfs(cause->rules[i], stage))
			return true;
	return false;
}

/* ---- judging a cause ---- */

static bool has_rule(const struct cause_info *cause, enum rule rule)
{
	for (size_t i = 0; cause->rules[i] != N_RULES; i++)
		if (cause->rules[i] == rule)
			return true;
	return false;
}

/* The finding at which lint stopped before it came to @cause, NULL if it did come. */
static const struct lint_finding *stopped_at(const struct cause_info *cause,
					     const struct symptom *s,
					     const struct hw_lint_result *result)
{
	for (size_t i = 0; i < result->n; i++) {
		const struct lint_finding *f = &result->findings[i];

		for (size_t k = 0; concerns(s, f) && cause->rules[k] != N_RULES; k++)
			if (lint_stops_before(f->rule, cause->rules[k]))
				return f;
	}
	return NULL;
}

/* A file that cannot be read leaves the rest unjudged, but is certain itself. */
static bool is_certain(const struct lint_finding *f)
{
	return f->severity == HW_SEVERITY_ERROR && !f->omitted &&
	       (!f->unjudged || f->rule == RULE_HW101);
}

static void add_finding(struct suspect *reason, const struct lint_finding *f)
{
	if (!reason->n_findings || is_certain(f))
		reason->verdict = is_certain(f) ? VERDICT_CONFIRMED : VERDICT_POSSIBLE;
	if (reason->n_findings < REASON_FINDINGS_MAX)
		reason->findings[reason->n_findings++] = f;
}

/* What lint was asked to ignore happened all the same. */
static void judge(const struct cause_info *cause, const struct complaint *c,
		  const struct hw_diagnosis *d, struct suspect *reason)
{
	const struct hw_lint_result *result = d->bundle;
	const struct lint_finding *stop;

	if (!result || cause->rules[0] == N_RULES)
		return;
	for (size_t i = 0; i < result->n; i++)
		if (has_rule(cause, result->findings[i].rule) &&
		    !is_void(d, &result->findings[i]) && concerns(c->symptom, &result->findings[i]))
			add_finding(reason, &result->findings[i]);
	if (reason->n_findings || !result->scanned || c->hook_missing ||
	    needs_rootfs_for(d, cause, c))
		return;
	stop = stopped_at(cause, c->symptom, result);
	if (!stop)
		reason->verdict = VERDICT_RULED_OUT;
	else if (stop->rule == RULE_HW315)
		add_finding(reason, stop);
}

/* ---- a message ---- */

/* @remedy with the path that the message names; NULL without memory. */
static const char *with_path(struct arena *arena, const char *remedy, const char *path)
{
	const char *mark = strstr(remedy, REMEDY_PATH);

	if (!mark)
		return remedy;
	return arena_printf(arena, "%.*s%s%s", (int)(mark - remedy), remedy, path ? path : "PATH",
			    mark + strlen(REMEDY_PATH));
}

static struct suspect reason_of(struct hw_diagnosis *d, const struct complaint *c, enum cause cause)
{
	const struct cause_words words = cause_words(cause, c->whose);

	return (struct suspect){ .id = cause_get(cause)->id,
				 .title = words.title,
				 .why = words.why,
				 .remedy = with_path(d->arena, words.remedy, c->symptom->path),
				 .verdict = VERDICT_OPEN };
}

static struct suspect reason_of_finding(const struct lint_finding *f)
{
	const struct rule_text *rule = rule_get(f->rule);
	struct suspect reason = { .id = rule->name,
				  .title = rule->brief,
				  .why = rule->why,
				  .remedy = f->hint ? f->hint : rule->remedy };

	add_finding(&reason, f);
	return reason;
}

static bool is_told(const struct complaint *c, const struct lint_finding *f)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = 0; k < c->reasons[i].n_findings; k++)
			if (c->reasons[i].findings[k]->rule == f->rule)
				return true;
	return false;
}

/* Rules on security and on policies do not say that a container dies; see their table. */
static bool kills(const struct lint_finding *f)
{
	const char family = rule_get(f->rule)->id[2];

	return f->severity == HW_SEVERITY_ERROR && !f->unjudged && family != '4' &&
	       (family != '5' || f->rule == RULE_HW501 || f->rule == RULE_HW505);
}

/* What is wrong with that very hook is a cause, even if nobody expects it of this message. */
static void add_unexpected(struct complaint *c, const struct hw_diagnosis *d)
{
	const struct hw_lint_result *result = d->bundle;

	for (size_t i = 0; result && i < result->n && c->n < REASONS_MAX; i++) {
		const struct lint_finding *f = &result->findings[i];

		if (kills(f) && f->stage && !is_void(d, f) && c->symptom->of_hook &&
		    concerns(c->symptom, f) && !is_told(c, f))
			c->reasons[c->n++] = reason_of_finding(f);
	}
}

/* Stable: within a verdict the order of the table is that of likelihood. */
static void rank(struct complaint *c)
{
	for (size_t i = 1; i < c->n; i++) {
		const struct suspect reason = c->reasons[i];
		size_t k = i;

		for (; k > 0 && c->reasons[k - 1].verdict > reason.verdict; k--)
			c->reasons[k] = c->reasons[k - 1];
		c->reasons[k] = reason;
	}
}

static bool all_ruled_out(const struct complaint *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->reasons[i].verdict != VERDICT_RULED_OUT)
			return false;
	return true;
}

static int add_reasons(struct hw_diagnosis *d, struct complaint *c, struct hw_error *err)
{
	const struct symptom *s = c->symptom;

	for (size_t i = 0; i < s->n_causes; i++) {
		struct suspect reason = reason_of(d, c, s->causes[i]);

		if (!reason.remedy)
			return error_oom(err);
		judge(cause_get(s->causes[i]), c, d, &reason);
		if (d->bundle && s->causes[i] == CAUSE_namespace_missing &&
		    judge_namespace(d, &reason, err) < 0)
			return -ENOMEM;
		/* Of two causes that the same finding shows the likelier one is enough. */
		if (!reason.n_findings || reason.findings[0]->rule == RULE_HW315 ||
		    !is_told(c, reason.findings[0]))
			c->reasons[c->n++] = reason;
	}
	return 0;
}

static int consider(struct hw_diagnosis *d, struct symptom *s, struct complaint *c,
		    struct hw_error *err)
{
	int r;

	c->symptom = s;
	r = recognise_hook(d, s, c, err);
	if (r == 0)
		r = add_reasons(d, c, err);
	if (r < 0)
		return r;
	add_unexpected(c, d);
	if (s->n_causes && all_ruled_out(c) && c->n < REASONS_MAX)
		c->reasons[c->n++] = reason_of(d, c, CAUSE_changed_since);
	rank(c);
	d->recognised = d->recognised || c->n;
	return 0;
}

/* ---- a bundle without a message ---- */

static int add_namespace(struct hw_diagnosis *d, struct complaint *c, struct hw_error *err)
{
	const struct cause_words words = cause_words(CAUSE_namespace_missing, WHOSE_CONTAINER);
	struct suspect reason = { .id = cause_get(CAUSE_namespace_missing)->id,
				  .title = words.title,
				  .remedy = words.remedy,
				  .verdict = VERDICT_OPEN };
	int r = judge_namespace(d, &reason, err);

	if (r == 0 && reason.verdict != VERDICT_OPEN && c->n < REASONS_MAX)
		c->reasons[c->n++] = reason;
	return r;
}

static int consider_bundle(struct hw_diagnosis *d, struct hw_error *err)
{
	struct complaint *c = &d->complaints[d->n];

	for (size_t i = 0; i < d->bundle->n && c->n < REASONS_MAX; i++) {
		const struct lint_finding *f = &d->bundle->findings[i];

		if (!f->omitted && !is_void(d, f) &&
		    (kills(f) || (f->unjudged && f->rule != RULE_HW101)))
			c->reasons[c->n++] = reason_of_finding(f);
	}
	if (add_namespace(d, c, err) < 0)
		return -ENOMEM;
	rank(c);
	d->n += c->n > 0;
	return 0;
}

static void count_others(struct hw_diagnosis *d)
{
	for (size_t i = 0; i < d->bundle->n; i++) {
		bool told = !kills(&d->bundle->findings[i]) || is_void(d, &d->bundle->findings[i]);

		for (size_t k = 0; k < d->n; k++)
			told = told || is_told(&d->complaints[k], &d->bundle->findings[i]);
		d->others += told ? 0 : lint_finding_weight(&d->bundle->findings[i]);
	}
}

/* ---- all of it ---- */

void hw_diagnosis_free(struct hw_diagnosis *d)
{
	if (!d)
		return;
	hw_lint_result_free(d->bundle);
	hw_lint_free(d->lint);
	arena_free(d->arena);
}

DEFINE_CLEANUP(struct hw_diagnosis *, hw_diagnosis_free)

/* The runtime whose words these are, if its behaviour is known. */
static const char *runtime_of(const struct symptoms *symptoms)
{
	static const char *const known[] = { "runc", "crun", "youki", "runsc", "kata" };

	for (size_t i = 0; i < symptoms->n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(known); k++)
			if (streq(symptoms->items[i].who, known[k]))
				return known[k];
	return NULL;
}

static bool is_about_policies(const struct symptoms *symptoms)
{
	for (size_t i = 0; i < symptoms->n; i++)
		if (streq(symptoms->items[i].who, "hookwright"))
			return true;
	return false;
}

/* A bundle that cannot be read is bad input, unless that is what a message says. */
static int refuse_unread(const struct hw_diagnosis *d, struct hw_error *err)
{
	const struct lint_finding *f = &d->bundle->findings[0];

	if (!d->bundle->unread || d->symptoms.n)
		return 0;
	return error_set(err, EINVAL, IN(f->path), f->hint, "%s", f->message);
}

static int examine(struct hw_diagnosis *d, const struct hw_doctor *question, struct hw_error *err)
{
	struct hw_lint_options options = question->lint;
	int r;

	if (!options.runtime)
		options.runtime = runtime_of(&d->symptoms);
	options.follow = true; /* the bundle is the engine's, on the host where it ran */
	options.no_policies = options.no_policies || !is_about_policies(&d->symptoms);
	r = hw_lint_new(question->options, &options, &d->lint, err);
	if (r == 0)
		r = hw_lint_bundle(d->lint, question->bundle, &d->bundle, err);
	if (r < 0)
		return r;
	r = doctor_find_rootfs(d, options.rootfs, err);
	return r < 0 ? r : refuse_unread(d, err);
}

static int conclude(struct hw_diagnosis *d, struct hw_error *err)
{
	int r = 0;

	d->complaints = arena_alloc(d->arena, d->symptoms.n + 1, sizeof(*d->complaints));
	if (!d->complaints)
		return error_oom(err);
	for (; r == 0 && d->n < d->symptoms.n; d->n++)
		r = consider(d, &d->symptoms.items[d->n], &d->complaints[d->n], err);
	if (r < 0)
		return r;
	if (d->bundle && !d->recognised)
		r = consider_bundle(d, err);
	if (r < 0)
		return r;
	if (d->bundle)
		count_others(d);
	/* A bundle alone has causes that are certain, or it has none. */
	d->found =
		d->recognised || (d->n > d->symptoms.n &&
				  d->complaints[d->n - 1].reasons[0].verdict == VERDICT_CONFIRMED);
	return 0;
}

int hw_diagnose(const struct hw_doctor *question, struct hw_diagnosis **ret, struct hw_error *err)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	CLEANUP(hw_diagnosis_freep) struct hw_diagnosis *d = NULL;
	int r = 0;

	d = arena ? arena_alloc(arena, 1, sizeof(*d)) : NULL;
	if (!d)
		return error_oom(err);
	d->arena = TAKE(arena);
	if (question->len > HW_DOCTOR_OUTPUT_MAX)
		return error_set(err, EFBIG, NOWHERE, "pass only the last lines",
				 "larger than %zu bytes", HW_DOCTOR_OUTPUT_MAX);
	d->given = question->output && question->len;
	if (question->output)
		r = symptoms_find(question->output, question->len, d->arena, &d->symptoms, err);
	if (r == 0 && question->bundle)
		r = examine(d, question, err);
	if (r == 0)
		r = conclude(d, err);
	if (r == 0)
		*ret = TAKE(d);
	return r;
}

bool hw_diagnosis_found(const struct hw_diagnosis *d)
{
	return d->found;
}
