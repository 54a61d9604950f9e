/* SPDX-License-Identifier: Apache-2.0 */
#include <cJSON.h>

#include "defuse.h"
#include "report.h"

/*
 * The words of --json are an interface, documented in hookwright(1): they are never changed, only
 * added to. Every cJSON call that runs out of memory gives NULL, and adding NULL fails: one flag
 * collects that.
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

struct builder {
	bool failed;
};

static void add(struct builder *b, cJSON *to, const char *key, cJSON *item)
{
	bool ok = to && item &&
		  (key ? cJSON_AddItemToObject(to, key, item) : cJSON_AddItemToArray(to, item));

	if (!ok) {
		cJSON_Delete(item);
		b->failed = true;
	}
}

static cJSON *string_or_null(const char *s)
{
	return s ? cJSON_CreateString(s) : cJSON_CreateNull();
}

/* A container that is added at once: its children are added through the pointer returned. */
static cJSON *open_in(struct builder *b, cJSON *to, const char *key, cJSON *container)
{
	bool failed = b->failed;

	b->failed = false;
	add(b, to, key, container);
	if (b->failed)
		return NULL;
	b->failed = failed;
	return container;
}

static void add_strings(struct builder *b, cJSON *to, const char *key, const char *const *items,
			size_t n)
{
	cJSON *array = open_in(b, to, key, cJSON_CreateArray());

	for (size_t i = 0; i < n; i++)
		add(b, array, NULL, cJSON_CreateString(items[i]));
}

static void add_conditions(struct builder *b, cJSON *to, const char *key,
			   const struct cond_lines *lines)
{
	cJSON *array = open_in(b, to, key, cJSON_CreateArray());

	for (size_t i = 0; i < lines->n; i++) {
		const struct cond_line *line = &lines->items[i];
		cJSON *o = open_in(b, array, NULL, cJSON_CreateObject());

		add(b, o, "depth", cJSON_CreateNumber(line->depth));
		add(b, o, "condition", cJSON_CreateString(line->text));
		add(b, o, "value", cJSON_CreateString(truths[line->value]));
		add(b, o, "fact", cJSON_CreateString(line->fact));
		add(b, o, "line", cJSON_CreateNumber(line->line));
	}
}

static void add_candidates(struct builder *b, cJSON *to, const struct decision *d)
{
	cJSON *array = open_in(b, to, "candidates", cJSON_CreateArray());

	for (size_t i = 0; i < d->n_candidates; i++) {
		const struct candidate *c = &d->candidates[i];
		cJSON *o;

		if (!c->asked)
			continue;
		o = open_in(b, array, NULL, cJSON_CreateObject());
		add(b, o, "path", cJSON_CreateString(c->path));
		add(b, o, "verdict", cJSON_CreateString(usables[c->fact.usable]));
		add(b, o, "reason", string_or_null(c->fact.text));
		add(b, o, "hint", string_or_null(c->fact.hint));
		add_strings(b, o, "steps", c->fact.steps, c->fact.n_steps);
	}
}

static void add_hook(struct builder *b, cJSON *to, const struct hook *hook)
{
	cJSON *o;

	if (!hook) {
		add(b, to, "hook", cJSON_CreateNull());
		return;
	}
	o = open_in(b, to, "hook", cJSON_CreateObject());
	add(b, o, "path", cJSON_CreateString(hook->path));
	add_strings(b, o, "args", hook->args, hook->n_args);
	add_strings(b, o, "env", hook->env, hook->n_env);
	if (hook->timeout)
		add(b, o, "timeout", cJSON_CreateNumber((double)hook->timeout));
}

static void add_decision(struct builder *b, cJSON *array, const struct decision *d)
{
	cJSON *o = open_in(b, array, NULL, cJSON_CreateObject());

	add(b, o, "name", cJSON_CreateString(d->policy->name));
	add(b, o, "path", cJSON_CreateString(d->policy->path));
	add(b, o, "activation", cJSON_CreateString(activations[d->activation]));
	add(b, o, "outcome", cJSON_CreateString(outcomes[d->outcome]));
	add(b, o, "action", cJSON_CreateString(actions[d->action]));
	add(b, o, "why", string_or_null(d->why));
	add(b, o, "hint", string_or_null(d->hint));
	add_conditions(b, o, "when", &d->when);
	add_conditions(b, o, "needs", &d->needs);
	add_candidates(b, o, d);
	add_hook(b, o, d->hook);
}

static void add_place(struct builder *b, cJSON *array, const struct hooks_decision *d,
		      enum hook_stage stage)
{
	const struct hooks_place *place = &d->places[stage];
	cJSON *o = open_in(b, array, NULL, cJSON_CreateObject());

	add(b, o, "stage", cJSON_CreateString(hook_stage_name(stage)));
	add(b, o, "outcome", cJSON_CreateString(place->wanted ? "wanted" : "left-out"));
	add(b, o, "action", cJSON_CreateString(actions[place->action]));
	add(b, o, "verdict", cJSON_CreateString(usables[place->usable]));
	add(b, o, "reason", string_or_null(place->fact));
}

static void add_hooks_file(struct builder *b, cJSON *array, const struct hooks_decision *d)
{
	const struct json_token *entry = &d->file->entry.tokens[JSON_ROOT];
	cJSON *o = open_in(b, array, NULL, cJSON_CreateObject()), *items;

	add(b, o, "name", cJSON_CreateString(d->file->name));
	add(b, o, "path", cJSON_CreateString(d->file->path));
	add(b, o, "matches", cJSON_CreateString(truths[d->match.value]));
	add(b, o, "why", cJSON_CreateString(d->match.why));
	/* As it is: cJSON would read its numbers and write others. The text ends with it. */
	add(b, o, "entry", cJSON_CreateRaw(d->file->entry.text + entry->start));
	items = open_in(b, o, "conditions", cJSON_CreateArray());
	for (size_t i = 0; i < d->match.n_lines; i++) {
		cJSON *line = open_in(b, items, NULL, cJSON_CreateObject());

		add(b, line, "condition", cJSON_CreateString(d->match.lines[i].text));
		add(b, line, "value", cJSON_CreateString(truths[d->match.lines[i].value]));
		add(b, line, "fact", cJSON_CreateString(d->match.lines[i].fact));
	}
	items = open_in(b, o, "stages", cJSON_CreateArray());
	for (size_t s = 0; d->match.value == YES && s < HOOK_STAGES; s++)
		if (d->file->stages[s])
			add_place(b, items, d, (enum hook_stage)s);
}

static void add_finding(struct builder *b, cJSON *array, const struct finding *f)
{
	cJSON *o = open_in(b, array, NULL, cJSON_CreateObject());

	add(b, o, "severity",
	    cJSON_CreateString(f->severity == SEVERITY_ERROR ? "error" : "warning"));
	add(b, o, "policy", string_or_null(f->policy));
	add(b, o, "path", string_or_null(f->at.path));
	add(b, o, "line", cJSON_CreateNumber(f->at.line));
	add(b, o, "column", cJSON_CreateNumber(f->at.column));
	add(b, o, "message", cJSON_CreateString(f->message));
	add(b, o, "hint", string_or_null(f->hint));
	if (f->omitted)
		add(b, o, "omitted", cJSON_CreateNumber((double)f->omitted));
}

static void add_plan(struct builder *b, cJSON *root, const struct report_input *in)
{
	cJSON *array;

	add(b, root, "bundle", cJSON_CreateString(in->bundle));
	add(b, root, "config", cJSON_CreateString(in->config_path));
	add(b, root, "runtime", string_or_null(in->runtime));
	add(b, root, "changed", cJSON_CreateBool(in->changed));
	add(b, root, "written", cJSON_CreateBool(in->changed && !in->dry_run));
	add(b, root, "refused", cJSON_CreateBool(in->plan->refused));
	array = open_in(b, root, "policies", cJSON_CreateArray());
	for (size_t i = 0; i < in->plan->n_decisions; i++)
		add_decision(b, array, &in->plan->decisions[i]);
	array = open_in(b, root, "hooks.d", cJSON_CreateArray());
	for (size_t i = 0; i < in->plan->n_hooks; i++)
		add_hooks_file(b, array, &in->plan->hooks[i]);
	add_strings(b, root, "removed", in->plan->dropped, in->plan->n_dropped);
	array = open_in(b, root, "findings", cJSON_CreateArray());
	for (size_t i = 0; i < in->plan->n_findings; i++)
		add_finding(b, array, &in->plan->findings[i]);
}

void report_json(struct text *out, const struct report_input *in)
{
	struct builder b = { .failed = false };
	cJSON *root = cJSON_CreateObject();
	char *printed;

	add_plan(&b, root, in);
	printed = b.failed ? NULL : cJSON_Print(root);
	if (printed)
		defuse_json(out, printed);
	else
		out->failed = true;
	text_puts(out, "\n");
	cJSON_free(printed);
	cJSON_Delete(root);
}
