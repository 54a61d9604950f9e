/* SPDX-License-Identifier: Apache-2.0 */
/* The result of apply and explain as JSON. */
#include "apply/explain.h"
#include "tools.h"

/*
 * The words of --json are an interface, documented in hookwright(1): they are
 * never changed, only added to.
 */
static const char *const outcomes[] = {
	[OUTCOME_NOT_REQUESTED] = "not-requested",
	[OUTCOME_NOT_CONCERNED] = "not-concerned",
	[OUTCOME_WANTED] = "wanted",
	[OUTCOME_LEFT_OUT] = "left-out",
	[OUTCOME_REFUSED] = "refused",
};

static const char *const activations[] = {
	[BY_ALWAYS] = "always", [BY_ANNOTATION] = "annotation", [BY_REQUEST] = "request",
	[BY_FILE] = "file",	[NOT_ACTIVATED] = "none",
};

static const char *const actions[] = {
	[ACTION_NONE] = "none",		[ACTION_KEPT] = "kept",	      [ACTION_ADDED] = "added",
	[ACTION_REPLACED] = "replaced", [ACTION_REMOVED] = "removed",
};

static const char *const truths[] = { [NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown" };
static const char *const usables[] = {
	[NO] = "unusable",
	[YES] = "usable",
	[UNKNOWN] = "unknown",
};

/* The lines from @at that are at least @depth deep; the index after them. */
static size_t add_lines(struct hw_json *b, cJSON *array, const struct cond_lines *lines, size_t at,
			unsigned depth)
{
	while (at < lines->n && lines->items[at].depth >= depth) {
		const struct cond_line *line = &lines->items[at];
		cJSON *o = hw_json_open(b, array, NULL, '{');

		hw_json_text(b, o, "condition", line->text);
		hw_json_text(b, o, "value", truths[line->value]);
		hw_json_text(b, o, "fact", line->fact[0] ? line->fact : NULL);
		hw_json_flag(b, o, "decides", line->decides);
		if (line->line)
			hw_json_number(b, o, "line", line->line);
		else
			hw_json_text(b, o, "line", NULL);
		at = add_lines(b, hw_json_open(b, o, "conditions", '['), lines, at + 1, depth + 1);
	}
	return at;
}

static void add_conditions(struct hw_json *b, cJSON *to, const char *key,
			   const struct cond_lines *lines)
{
	(void)add_lines(b, hw_json_open(b, to, key, '['), lines, 0, 0);
}

static void add_candidates(struct hw_json *b, cJSON *to, const struct decision *d)
{
	cJSON *array = hw_json_open(b, to, "candidates", '[');

	for (size_t i = 0; i < d->n_candidates; i++) {
		const struct candidate *c = &d->candidates[i];
		cJSON *o;

		if (!c->asked)
			continue;
		o = hw_json_open(b, array, NULL, '{');
		hw_json_text(b, o, "path", c->path);
		hw_json_text(b, o, "verdict", usables[c->fact.usable]);
		hw_json_text(b, o, "reason", c->fact.text);
		hw_json_text(b, o, "hint", c->fact.hint);
		hw_json_texts(b, o, "steps", c->fact.steps, c->fact.n_steps);
	}
}

static void add_hook(struct hw_json *b, cJSON *to, const struct hook *hook)
{
	cJSON *o;

	if (!hook) {
		hw_json_text(b, to, "hook", NULL);
		return;
	}
	o = hw_json_open(b, to, "hook", '{');
	hw_json_text(b, o, "path", hook->path);
	hw_json_texts(b, o, "args", hook->args, hook->n_args);
	hw_json_texts(b, o, "env", hook->env, hook->n_env);
	if (hook->timeout)
		hw_json_number(b, o, "timeout", (double)hook->timeout);
}

static void add_decision(struct hw_json *b, cJSON *array, const struct decision *d)
{
	cJSON *o = hw_json_open(b, array, NULL, '{');

	hw_json_text(b, o, "name", d->policy->name);
	hw_json_text(b, o, "path", d->policy->path);
	hw_json_text(b, o, "activation", activations[d->activation]);
	hw_json_text(b, o, "outcome", outcomes[d->outcome]);
	hw_json_text(b, o, "action", actions[d->action]);
	hw_json_text(b, o, "why", d->why);
	hw_json_text(b, o, "hint", d->hint);
	add_conditions(b, o, "when", &d->when);
	add_conditions(b, o, "needs", &d->needs);
	add_candidates(b, o, d);
	add_hook(b, o, d->hook);
}

static void add_place(struct hw_json *b, cJSON *array, const struct hooks_decision *d,
		      enum hook_stage stage)
{
	const struct hooks_place *place = &d->places[stage];
	cJSON *o = hw_json_open(b, array, NULL, '{');

	hw_json_text(b, o, "stage", hook_stage_name(stage));
	hw_json_text(b, o, "outcome", place->wanted ? "wanted" : "left-out");
	hw_json_text(b, o, "action", actions[place->action]);
	hw_json_text(b, o, "verdict", usables[place->usable]);
	hw_json_text(b, o, "reason", place->fact);
}

static void add_hooks_file(struct hw_json *b, cJSON *array, const struct hooks_decision *d)
{
	const struct json_token *entry = &d->file->entry.tokens[JSON_ROOT];
	cJSON *o = hw_json_open(b, array, NULL, '{'), *items;

	hw_json_text(b, o, "name", d->file->name);
	hw_json_text(b, o, "path", d->file->path);
	hw_json_text(b, o, "matches", truths[d->match.value]);
	hw_json_text(b, o, "why", d->match.why);
	/* As it is: cJSON would read its numbers and write others. The text ends with it. */
	hw_json_raw(b, o, "entry", d->file->entry.text + entry->start);
	items = hw_json_open(b, o, "conditions", '[');
	for (size_t i = 0; i < d->match.n_lines; i++) {
		cJSON *line = hw_json_open(b, items, NULL, '{');

		hw_json_text(b, line, "condition", d->match.lines[i].text);
		hw_json_text(b, line, "value", truths[d->match.lines[i].value]);
		hw_json_text(b, line, "fact", d->match.lines[i].fact);
	}
	items = hw_json_open(b, o, "stages", '[');
	for (size_t s = 0; d->match.value == YES && s < HOOK_STAGES; s++)
		if (d->file->stages[s])
			add_place(b, items, d, (enum hook_stage)s);
}

static void add_finding(struct hw_json *b, cJSON *array, const struct finding *f)
{
	cJSON *o = hw_json_open(b, array, NULL, '{');

	hw_json_text(b, o, "severity", f->severity == SEVERITY_ERROR ? "error" : "warning");
	hw_json_text(b, o, "policy", f->policy);
	hw_json_text(b, o, "path", f->at.path);
	hw_json_number(b, o, "line", f->at.line);
	hw_json_number(b, o, "column", f->at.column);
	hw_json_text(b, o, "message", f->message);
	hw_json_text(b, o, "hint", f->hint);
	if (f->omitted)
		hw_json_number(b, o, "omitted", (double)f->omitted);
}

static void add_plan(struct hw_json *b, cJSON *root, const struct report_input *in)
{
	cJSON *array;

	hw_json_number(b, root, "version", HW_JSON_VERSION);
	hw_json_text(b, root, "bundle", in->bundle);
	hw_json_text(b, root, "config", in->config_path);
	hw_json_text(b, root, "runtime", in->runtime);
	hw_json_flag(b, root, "changed", in->changed);
	hw_json_flag(b, root, "written", in->changed && !in->dry_run);
	hw_json_flag(b, root, "refused", in->plan->refused);
	array = hw_json_open(b, root, "policies", '[');
	for (size_t i = 0; i < in->plan->n_decisions; i++)
		add_decision(b, array, &in->plan->decisions[i]);
	array = hw_json_open(b, root, "hooksd", '[');
	for (size_t i = 0; i < in->plan->n_hooks; i++)
		add_hooks_file(b, array, &in->plan->hooks[i]);
	hw_json_texts(b, root, "removed", in->plan->dropped, in->plan->n_dropped);
	array = hw_json_open(b, root, "findings", '[');
	for (size_t i = 0; i < in->plan->n_findings; i++)
		add_finding(b, array, &in->plan->findings[i]);
}

void report_json(struct text *out, const struct report_input *in)
{
	struct hw_json b = { .failed = false };
	cJSON *root = hw_json_new(&b, '{');
	auto_free char *printed = NULL;

	add_plan(&b, root, in);
	if (hw_json_print(&b, root, &printed) < 0)
		out->failed = true;
	else
		text_printf(out, "%s\n", printed);
}
