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

static int any_hook_in(const struct symptom *s, const struct bundle *b, const char *stage,
		       struct arena *arena, bool *ret, struct hw_error *err)
{
	const struct json *doc = &b->doc;
	const uint32_t list = json_member(doc, json_member(doc, JSON_ROOT, "hooks"), stage);
	size_t index = 0;

	if (list == JSON_NONE || json_type(doc, list) != JSON_ARRAY)
		return 0;
	for (uint32_t e = json_first(doc, list); !*ret && e != JSON_NONE;
	     e = json_next(doc, list, e)) {
		const uint32_t path = json_member(doc, e, "path");
		const char *text = NULL;

		if (path != JSON_NONE && json_type(doc, path) == JSON_STRING &&
		    json_string(doc, path, arena, &text, err) == -ENOMEM)
			return -ENOMEM;
		*ret = is_hook_of(s, stage, index++, text);
	}
	return 0;
}

/* For every message all hooks may be read: nothing of them is kept. */
static int has_hook(const struct symptom *s, const struct hw_lint_result *result, bool *ret,
		    struct hw_error *err)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	int r = 0;

	if (!arena)
		return -ENOMEM;

	*ret = !s->of_hook;
	for (size_t i = 0; r == 0 && !*ret && i < HOOK_STAGES; i++)
		r = any_hook_in(s, &result->bundle, hook_stage_name(i), arena, ret, err);
	return r;
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
		  const struct hw_lint_result *result, struct suspect *reason)
{
	const struct lint_finding *stop;

	if (!result || cause->rules[0] == N_RULES)
		return;
	for (size_t i = 0; i < result->n; i++)
		if (has_rule(cause, result->findings[i].rule) &&
		    concerns(c->symptom, &result->findings[i]))
			add_finding(reason, &result->findings[i]);
	if (reason->n_findings || !result->scanned || c->hook_missing)
		return;
	stop = stopped_at(cause, c->symptom, result);
	if (!stop)
		reason->verdict = VERDICT_RULED_OUT;
	else if (stop->rule == RULE_HW315)
		add_finding(reason, stop);
}

/* ---- a message ---- */

static struct suspect reason_of(enum cause cause)
{
	const struct cause_info *info = cause_get(cause);

	return (struct suspect){ .id = info->id,
				 .title = info->title,
				 .why = info->why,
				 .remedy = info->remedy,
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
static void add_unexpected(struct complaint *c, const struct hw_lint_result *result)
{
	for (size_t i = 0; result && i < result->n && c->n < REASONS_MAX; i++) {
		const struct lint_finding *f = &result->findings[i];

		if (kills(f) && f->stage && c->symptom->of_hook && concerns(c->symptom, f) &&
		    !is_told(c, f))
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

static int consider(struct hw_diagnosis *d, const struct symptom *s, struct complaint *c,
		    struct hw_error *err)
{
	bool there = true;
	int r = 0;

	c->symptom = s;
	if (d->bundle && d->bundle->scanned)
		r = has_hook(s, d->bundle, &there, err);
	if (r < 0)
		return error_oom(err);
	c->hook_missing = !there;
	for (size_t i = 0; i < s->n_causes; i++) {
		struct suspect reason = reason_of(s->causes[i]);

		judge(cause_get(s->causes[i]), c, d->bundle, &reason);
		/* Of two causes that the same finding shows the likelier one is enough. */
		if (!reason.n_findings || reason.findings[0]->rule == RULE_HW315 ||
		    !is_told(c, reason.findings[0]))
			c->reasons[c->n++] = reason;
	}
	add_unexpected(c, d->bundle);
	if (all_ruled_out(c) && c->n < REASONS_MAX)
		c->reasons[c->n++] = reason_of(CAUSE_changed_since);
	rank(c);
	return 0;
}

/* ---- a bundle without a message ---- */

static void consider_bundle(struct hw_diagnosis *d)
{
	struct complaint *c = &d->complaints[d->n];

	for (size_t i = 0; i < d->bundle->n && c->n < REASONS_MAX; i++) {
		const struct lint_finding *f = &d->bundle->findings[i];

		if (!f->omitted && (kills(f) || (f->unjudged && f->rule != RULE_HW101)))
			c->reasons[c->n++] = reason_of_finding(f);
	}
	rank(c);
	d->n += c->n > 0;
}

static void count_others(struct hw_diagnosis *d)
{
	for (size_t i = 0; i < d->bundle->n; i++) {
		bool told = !kills(&d->bundle->findings[i]);

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
	static const char *const known[] = { "runc", "crun", "youki" };

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
	if (d->bundle && !d->symptoms.n)
		consider_bundle(d);
	if (d->bundle)
		count_others(d);
	/* A message always has causes; a bundle alone has some that are certain, or it has none. */
	d->found =
		d->symptoms.n || (d->n && d->complaints[0].reasons[0].verdict == VERDICT_CONFIRMED);
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
