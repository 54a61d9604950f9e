/* SPDX-License-Identifier: Apache-2.0 */
/* The result of apply and explain as text. */
#include <stdio.h>

#include "apply/explain.h"
#include "base/sanitize.h"

/* Column at which the fact behind a condition starts, counted from the term. */
#define TERM_WIDTH 28

static const char *const outcome_words[] = {
	[OUTCOME_NOT_REQUESTED] = "not requested",
	[OUTCOME_NOT_CONCERNED] = "does not concern this container",
	[OUTCOME_WANTED] = "hook wanted",
	[OUTCOME_LEFT_OUT] = "hook left out",
	[OUTCOME_REFUSED] = "container refused",
};

static const char *const activation_words[] = {
	[BY_ALWAYS] = "always active",
	[BY_ANNOTATION] = "requested by annotation io.hookwright.policies",
	[BY_REQUEST] = "requested by --request",
	[BY_FILE] = "requested by its file",
	[NOT_ACTIVATED] = "only on request, and nobody requested it",
};

static const char *const truth_words[] = { [NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown" };

static const char *const truth_colours[] = {
	[NO] = "\033[31m",
	[YES] = "\033[32m",
	[UNKNOWN] = "\033[33m",
};

/* ---- findings ---- */

/* For what comes from config.json or the image; facts and messages are harmless already. */
static void put_safe(struct text *out, const char *s)
{
	const size_t start = out->len;

	text_puts(out, s);
	if (!out->failed)
		defuse(out->data + start);
}

/* Names of bundles and policies are in every line. */
static void defuse_whole(struct text *out)
{
	if (!out->failed && out->data)
		defuse_lines(out->data);
}

#define SHORT_MAX 4096 /* as long as a path can be */

/* The same of what may be as long as config.json. */
static void put_short(struct text *out, const char *s)
{
	const size_t start = out->len, len = strnlen(s, SHORT_MAX + 1);

	text_add(out, s, len > SHORT_MAX ? SHORT_MAX : len);
	text_puts(out, len > SHORT_MAX ? "..." : "");
	if (!out->failed)
		defuse(out->data + start);
}

static void put_where(struct text *out, struct where at)
{
	if (at.path)
		put_safe(out, at.path);
	if (at.path && at.line)
		text_printf(out, ":%u:%u", at.line, at.column);
	if (at.path)
		text_puts(out, ": ");
}

static void put_finding(struct text *out, const struct finding *f)
{
	put_where(out, f->at);
	text_printf(out, "%s\n", f->message);
	if (f->hint)
		text_printf(out, "  hint: %s\n", f->hint);
}

void report_messages(struct text *out, const struct report_input *in)
{
	for (size_t i = 0; i < in->plan->n_findings; i++)
		put_finding(out, &in->plan->findings[i]);
	defuse_whole(out);
}

/* ---- summary ---- */

static void put_change(struct text *out, const struct report_input *in, const char *verb,
		       const char *policy, const struct hook *hook)
{
	put_safe(out, in->config_path);
	text_printf(out, ": %s%s hook of '%s'", in->dry_run ? "would have " : "", verb, policy);
	if (hook)
		text_printf(out, ": %s", hook->path);
	text_puts(out, "\n");
}

/* Silence would hide that nobody asked for any hook. */
static void put_unchanged(struct text *out, const struct report_input *in)
{
	size_t kept = 0;

	for (size_t i = 0; i < in->plan->n_decisions; i++)
		kept += in->plan->decisions[i].action == ACTION_KEPT;
	for (size_t i = 0; i < in->plan->n_hooks; i++)
		for (size_t s = 0; s < HOOK_STAGES; s++)
			kept += in->plan->hooks[i].places[s].action == ACTION_KEPT;
	if (in->plan->refused)
		return;
	put_safe(out, in->config_path);
	text_puts(out, ": unchanged: ");
	if (kept)
		text_printf(out, "%zu hook%s in place\n", kept, kept == 1 ? " is" : "s are");
	else if (in->revert)
		text_puts(out, "it does not have hooks of hookwright\n");
	else if (in->plan->n_decisions + in->plan->n_hooks == 0)
		text_puts(out, "no policy is loaded\n");
	else if (in->plan->n_decisions == 0)
		text_printf(out,
			    "none of %zu hooks.d file%s adds a hook here (see 'hookwright "
			    "explain')\n",
			    in->plan->n_hooks, in->plan->n_hooks == 1 ? "" : "s");
	else
		text_printf(out,
			    "none of %zu loaded polic%s wants a hook here (see 'hookwright "
			    "explain')\n",
			    in->plan->n_decisions, in->plan->n_decisions == 1 ? "y" : "ies");
}

static void put_added_hooks(struct text *out, const struct report_input *in,
			    const struct hooks_decision *d)
{
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (d->places[s].action == ACTION_ADDED) {
			put_safe(out, in->config_path);
			text_printf(out, ": %sadded hook of '%s' to %s: %s\n",
				    in->dry_run ? "would have " : "", d->file->name,
				    hook_stage_name((enum hook_stage)s), d->file->program);
		}
}

void report_summary(struct text *out, const struct report_input *in)
{
	static const char *const verbs[] = {
		[ACTION_ADDED] = "added",
		[ACTION_REPLACED] = "replaced",
		[ACTION_REMOVED] = "removed",
	};

	if (!in->changed)
		put_unchanged(out, in);
	for (size_t i = 0; i < in->plan->n_hooks; i++)
		put_added_hooks(out, in, &in->plan->hooks[i]);
	for (size_t i = 0; i < in->plan->n_decisions; i++) {
		const struct decision *d = &in->plan->decisions[i];

		if (d->action != ACTION_NONE && d->action != ACTION_KEPT)
			put_change(out, in, verbs[d->action], d->policy->name, d->hook);
	}
	for (size_t i = 0; i < in->plan->n_dropped && i < PLAN_FINDINGS_MAX; i++)
		put_change(out, in, "removed", in->plan->dropped[i], NULL);
	if (in->plan->n_dropped > PLAN_FINDINGS_MAX)
		text_printf(out, "%s: %sremoved %zu more hooks of policies that are not loaded\n",
			    in->config_path, in->dry_run ? "would have " : "",
			    in->plan->n_dropped - PLAN_FINDINGS_MAX);
	defuse_whole(out);
}

/* ---- explain ---- */

struct page {
	struct text *out;
	bool colour;
};

static void put_coloured(const struct page *p, const char *colour, const char *word, size_t width)
{
	text_printf(p->out, "%s%s%s", p->colour ? colour : "", word, p->colour ? "\033[0m" : "");
	if (strlen(word) < width)
		text_pad(p->out, width - strlen(word));
}

static void put_truth(const struct page *p, enum truth value)
{
	put_coloured(p, truth_colours[value], truth_words[value], 9);
}

/* Whether a line at @depth comes after line @at in what both stand in. */
static bool has_sibling(const struct cond_lines *lines, size_t at, unsigned depth)
{
	size_t i = at + 1;

	while (i < lines->n && lines->items[i].depth > depth)
		i++;
	return i < lines->n && lines->items[i].depth == depth;
}

/* "|  `- ", three columns for each level. */
static void put_branches(struct text *out, const struct cond_lines *lines, size_t at)
{
	const unsigned depth = lines->items[at].depth;

	for (unsigned d = 1; d < depth; d++)
		text_puts(out, has_sibling(lines, at, d) ? "|  " : "   ");
	if (depth)
		text_puts(out, has_sibling(lines, at, depth) ? "|- " : "`- ");
}

static void put_conditions(const struct page *p, const char *title, bool has,
			   const struct cond_lines *lines)
{
	if (!has)
		return;
	text_printf(p->out, "  %s\n", title);
	for (size_t i = 0; i < lines->n; i++) {
		const struct cond_line *line = &lines->items[i];
		const size_t len = strlen(line->text) + 3 * line->depth;

		text_puts(p->out, "    ");
		put_truth(p, line->value);
		put_branches(p->out, lines, i);
		text_puts(p->out, line->text);
		if (line->fact[0] || line->decides)
			text_pad(p->out, len < TERM_WIDTH ? TERM_WIDTH - len : 2);
		text_printf(p->out, "%s%s%s\n", line->fact,
			    line->fact[0] && line->decides ? "   " : "",
			    line->decides ? "<- decides" : "");
	}
}

static void put_candidate(const struct page *p, const struct candidate *c, bool taken)
{
	static const char *const words[] = {
		[NO] = "unusable",
		[YES] = "usable",
		[UNKNOWN] = "unknown",
	};

	text_puts(p->out, "    ");
	put_coloured(p, truth_colours[c->fact.usable], words[c->fact.usable], 9);
	text_printf(p->out, "%s%s\n", c->path, taken ? "   <- taken" : "");
	for (size_t i = 0; i < c->fact.n_steps; i++)
		text_printf(p->out, "               %s\n", c->fact.steps[i]);
	text_printf(p->out, "             = %s\n", c->fact.text);
}

static void put_candidates(const struct page *p, const struct decision *d)
{
	text_puts(p->out, "  program\n");
	for (size_t i = 0; i < d->n_candidates; i++) {
		const struct candidate *c = &d->candidates[i];

		put_candidate(p, c, d->hook && streq(d->hook->path, c->path));
	}
}

static void put_strings(const struct page *p, const char *title, const char *const *items, size_t n)
{
	text_printf(p->out, "    %-8s", title);
	for (size_t i = 0; i < n; i++) {
		text_puts(p->out, i ? " " : "");
		put_safe(p->out, items[i]);
	}
	text_puts(p->out, "\n");
}

static void put_hook(const struct page *p, const struct hook *hook)
{
	put_strings(p, "path", &hook->path, 1);
	put_strings(p, "args", hook->args, hook->n_args);
	put_strings(p, "env", hook->env, hook->n_env);
	if (hook->timeout)
		text_printf(p->out, "    %-8s%ld s\n", "timeout", hook->timeout);
}

static const char *in_file(const struct report_input *in, const struct decision *d)
{
	static const char *const words[] = {
		[ACTION_NONE] = "",
		[ACTION_KEPT] = "; it is in the file already",
		[ACTION_ADDED] = "; apply adds it",
		[ACTION_REPLACED] = "; apply replaces the entry in the file",
		[ACTION_REMOVED] = "; apply removes the entry from the file",
	};

	return in->plan->refused ? "" : words[d->action];
}

static void put_outcome(const struct page *p, const struct report_input *in,
			const struct decision *d)
{
	static const enum truth tones[] = {
		[OUTCOME_NOT_REQUESTED] = UNKNOWN,
		[OUTCOME_NOT_CONCERNED] = UNKNOWN,
		[OUTCOME_WANTED] = YES,
		[OUTCOME_LEFT_OUT] = UNKNOWN,
		[OUTCOME_REFUSED] = NO,
	};

	put_coloured(p, truth_colours[tones[d->outcome]], outcome_words[d->outcome], 0);
	if (d->why && d->outcome != OUTCOME_NOT_REQUESTED)
		text_printf(p->out, ": %s", d->why);
	text_printf(p->out, "%s\n", in_file(in, d));
}

static void put_decision(const struct page *p, const struct report_input *in,
			 const struct decision *d)
{
	text_puts(p->out, "  decision\n    ");
	put_outcome(p, in, d);
	if (d->hint)
		text_printf(p->out, "    hint: %s\n", d->hint);
	if (d->hook)
		put_hook(p, d->hook);
}

static void put_policy(const struct page *p, const struct report_input *in,
		       const struct decision *d)
{
	text_puts(p->out, "\n");
	put_coloured(p, "\033[1m", d->policy->name, 0);
	text_printf(p->out, "  (%s)\n", d->policy->path);
	if (d->policy->description[0])
		text_printf(p->out, "  %s\n", d->policy->description);
	text_printf(p->out, "  %s\n", activation_words[d->activation]);
	put_conditions(p, "when", d->policy->has_when, &d->when);
	put_conditions(p, "needs", d->policy->has_needs, &d->needs);
	put_candidates(p, d);
	put_decision(p, in, d);
}

/* ---- hooks.d ---- */

static const char *place_in_file(const struct hooks_place *place)
{
	static const char *const words[] = {
		[ACTION_NONE] = "",
		[ACTION_KEPT] = "; it is in the file already",
		[ACTION_ADDED] = "; apply adds it",
	};

	return words[place->action];
}

static void put_place(const struct page *p, const struct hooks_decision *d, enum hook_stage stage)
{
	const struct hooks_place *place = &d->places[stage];

	text_printf(p->out, "    %s: ", hook_stage_name(stage));
	put_coloured(p, truth_colours[place->wanted ? YES : NO],
		     place->wanted ? "hook wanted" : "hook left out", 0);
	text_printf(p->out, "%s\n", place_in_file(place));
	for (size_t i = 0; i < place->n_steps; i++)
		text_printf(p->out, "               %s\n", place->steps[i]);
	text_printf(p->out, "             = %s\n", place->fact);
}

static void put_places(const struct page *p, const struct hooks_decision *d)
{
	text_puts(p->out, "  entry\n    ");
	put_safe(p->out, d->file->entry.text);
	text_puts(p->out, "\n  stages\n");
	for (size_t s = 0; s < HOOK_STAGES; s++)
		if (d->file->stages[s])
			put_place(p, d, (enum hook_stage)s);
}

static void put_notes(const struct page *p, const struct hw_hooks_file *file)
{
	for (size_t i = 0; i < file->n_warnings; i++)
		if (file->warnings[i].note)
			text_printf(p->out, "  note, line %u: %s\n", file->warnings[i].line,
				    file->warnings[i].message);
}

static void put_hooks_file(const struct page *p, const struct hooks_decision *d)
{
	text_puts(p->out, "\n");
	put_coloured(p, "\033[1m", d->file->name, 0);
	text_printf(p->out, "  (%s)\n  hooks.d file, schema %s\n", d->file->path,
		    d->file->any ? "0.1.0: one condition is enough"
				 : "1.0.0: every condition must hold");
	put_notes(p, d->file);
	text_puts(p->out, "  when\n");
	for (size_t i = 0; i < d->match.n_lines; i++) {
		const struct hooksd_line *line = &d->match.lines[i];
		const size_t len = strlen(line->text);

		text_puts(p->out, "    ");
		put_truth(p, line->value);
		text_puts(p->out, line->text);
		text_pad(p->out, len < TERM_WIDTH ? TERM_WIDTH - len : 2);
		text_printf(p->out, "%s\n", line->fact);
	}
	if (d->match.value == YES) {
		put_places(p, d);
		return;
	}
	text_puts(p->out, "  decision\n    ");
	put_coloured(p, truth_colours[UNKNOWN], "does not concern this container", 0);
	text_printf(p->out, ": %s\n", d->match.why);
}

/* The decisions were printed above, each with its policy. */
static void put_other_findings(const struct page *p, const struct report_input *in)
{
	for (size_t i = 0; i < in->plan->n_findings; i++) {
		if (in->plan->findings[i].outcome)
			continue;
		text_puts(p->out, "\n");
		put_finding(p->out, &in->plan->findings[i]);
	}
}

/* ---- one line each ---- */

/* What was asked for by name, where anything was. */
static bool is_asked_for(const struct decision *d)
{
	return d->activation == BY_REQUEST || d->activation == BY_FILE;
}

static size_t name_width(const struct plan *plan)
{
	size_t width = 0;

	for (size_t i = 0; i < plan->n_decisions; i++)
		if (strlen(plan->decisions[i].policy->name) > width)
			width = strlen(plan->decisions[i].policy->name);
	for (size_t i = 0; i < plan->n_hooks; i++)
		if (strlen(plan->hooks[i].file->name) > width)
			width = strlen(plan->hooks[i].file->name);
	return width;
}

static void put_name(const struct page *p, const char *name, size_t width)
{
	text_puts(p->out, "  ");
	put_coloured(p, "\033[1m", name, width + 2);
}

static void put_hooks_line(const struct page *p, const struct hooks_decision *d, size_t width)
{
	const char *separator = "";

	put_name(p, d->file->name, width);
	if (d->match.value != YES) {
		text_printf(p->out, "does not concern this container: %s\n", d->match.why);
		return;
	}
	for (size_t s = 0; s < HOOK_STAGES; s++) {
		if (!d->file->stages[s])
			continue;
		text_printf(p->out, "%s%s: %s%s", separator, hook_stage_name((enum hook_stage)s),
			    d->places[s].wanted ? "hook wanted" : "hook left out",
			    place_in_file(&d->places[s]));
		separator = ", ";
	}
	text_puts(p->out, "\n");
}

/* @rest: but those that were asked for. */
static void put_outline(const struct page *p, const struct report_input *in, bool rest)
{
	const struct plan *plan = in->plan;
	const size_t width = name_width(plan);

	for (size_t i = 0; i < plan->n_hooks; i++)
		put_hooks_line(p, &plan->hooks[i], width);
	for (size_t i = 0; i < plan->n_decisions; i++) {
		const struct decision *d = &plan->decisions[i];

		if (rest && is_asked_for(d))
			continue;
		put_name(p, d->policy->name, width);
		put_outcome(p, in, d);
	}
}

void report_outline(struct text *out, const struct report_input *in, bool colour)
{
	const struct page p = { out, colour };

	put_outline(&p, in, false);
	defuse_whole(out);
}

/* ---- the whole ---- */

static void put_head(const struct page *p, const struct report_input *in)
{
	const struct spec *spec = in->spec;
	struct text *out = p->out;

	text_puts(out, "bundle   ");
	put_safe(out, in->bundle);
	text_puts(out, "\nrootfs   ");
	put_safe(out, spec->root_path);
	text_puts(out, spec->root_readonly ? " (read-only)" : "");
	text_printf(out, "\nprocess  uid %u, gid %u: ", spec->uid, spec->gid);
	put_short(out, spec->args.n ? spec->args.items[0] : "(no args)");
	text_puts(out, "\n");
	text_printf(out, "runtime  %s\n", in->runtime ? in->runtime : "not given");
	if (in->plan->n_decisions + in->plan->n_hooks == 0)
		text_puts(out, "\nno policy is loaded\n");
}

static size_t count_asked_for(const struct plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_decisions; i++)
		n += is_asked_for(&plan->decisions[i]);
	return n;
}

void report_explain(struct text *out, const struct report_input *in, bool focused, bool colour)
{
	const struct page p = { out, colour };
	const struct plan *plan = in->plan;
	const size_t asked = count_asked_for(plan);
	const bool rest = focused && asked && asked < plan->n_decisions + plan->n_hooks;

	put_head(&p, in);
	for (size_t i = 0; !rest && i < plan->n_hooks; i++)
		put_hooks_file(&p, &plan->hooks[i]);
	for (size_t i = 0; i < plan->n_decisions; i++)
		if (!rest || is_asked_for(&plan->decisions[i]))
			put_policy(&p, in, &plan->decisions[i]);
	if (rest) {
		text_puts(out, "\nothers (--verbose shows them in full)\n");
		put_outline(&p, in, true);
	}
	put_other_findings(&p, in);
	defuse_whole(out);
}
