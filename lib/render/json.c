/* SPDX-License-Identifier: Apache-2.0 */
/* lint report as JSON. */
#include "render/render.h"
#include "tools.h"

/*
 * The words of this format are an interface, documented in hookwright(1): they are never changed,
 * only added to. Positions that nobody knows are null.
 */
static const char *const verdicts[] = { [NO] = "fails", [YES] = "works", [UNKNOWN] = "unknown" };

static void put_begin(struct text *out, const struct hw_lint *lint)
{
	struct writer w = { .out = out };
	struct runtime judged[RUNTIME_CANDIDATES_MAX];
	const size_t n = runtime_candidates(lint->runtime, judged);

	writer_open(&w, NULL, '{');
	writer_number(&w, "version", HW_JSON_VERSION);
	writer_string(&w, "hookwright", hw_version());
	writer_string(&w, "runtime", lint->runtime_name);
	writer_open(&w, "runtimeVersions", '[');
	for (size_t i = 0; i < n; i++) {
		char words[RUNTIME_WORDS_MAX];

		runtime_words(judged[i], words);
		writer_string(&w, NULL, words);
	}
	writer_close(&w, ']');
	writer_open(&w, "bundles", '[');
}

static void put_position(struct writer *w, const char *key, unsigned value)
{
	if (value)
		writer_number(w, key, value);
	else
		writer_string(w, key, NULL);
}

static void put_ignored(struct writer *w, const struct lint_finding *f)
{
	if (!f->ignored) {
		writer_string(w, "ignored", NULL);
		return;
	}
	writer_open(w, "ignored", '{');
	writer_string(w, "reason", f->ignored[0] ? f->ignored : NULL);
	writer_flag(w, "inline", f->ignored_inline);
	writer_close(w, '}');
}

/* The members that a finding and the number of those left out have in common. */
static void open_finding(struct writer *w, const struct lint_finding *f)
{
	const struct rule_text *rule = rule_get(f->rule);

	writer_open(w, NULL, '{');
	writer_string(w, "rule", rule->id);
	writer_string(w, "name", rule->name);
	writer_string(w, "severity", render_severity(f->severity));
	writer_flag(w, "unjudged", f->unjudged);
}

static void put_finding(struct writer *w, const struct hw_lint_result *result,
			const struct lint_finding *f)
{
	struct where end = { 0 };

	render_end(result, f, &end);
	open_finding(w, f);
	writer_string(w, "file", f->path);
	put_position(w, "line", f->line);
	put_position(w, "column", f->column);
	put_position(w, "endLine", end.line);
	put_position(w, "endColumn", end.column);
	writer_string(w, "stage", f->stage);
	if (f->stage)
		writer_number(w, "hook", f->index);
	else
		writer_string(w, "hook", NULL);
	writer_string(w, "program", f->program);
	writer_string(w, "policy", f->policy);
	writer_string(w, "message", f->message);
	writer_string(w, "hint", render_hint(f));
	put_ignored(w, f);
	writer_close(w, '}');
}

/* More of a rule and severity than are listed. */
static void put_omitted(struct writer *w, const struct lint_finding *f)
{
	open_finding(w, f);
	writer_number(w, "count", f->omitted);
	put_ignored(w, f);
	writer_close(w, '}');
}

static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	struct writer w = { .out = out, .depth = 2 };

	(void)colour;
	writer_open(&w, NULL, '{');
	writer_string(&w, "bundle", result->name);
	writer_string(&w, "config", result->bundle.config_path);
	writer_number(&w, "hooks", result->n_hooks);
	writer_string(&w, "verdict", verdicts[render_verdict(result)]);
	writer_open(&w, "findings", '[');
	for (size_t i = 0; i < result->n; i++)
		if (!result->findings[i].omitted)
			put_finding(&w, result, &result->findings[i]);
	writer_close(&w, ']');
	writer_open(&w, "omitted", '[');
	for (size_t i = 0; i < result->n; i++)
		if (result->findings[i].omitted)
			put_omitted(&w, &result->findings[i]);
	writer_close(&w, ']');
	writer_close(&w, '}');
}

static void put_end(struct text *out, const struct hw_report_totals *totals, bool colour)
{
	struct writer w = { .out = out, .depth = 2, .comma = totals->bundles > 0 };

	(void)colour;
	writer_close(&w, ']');
	writer_open(&w, "totals", '{');
	writer_number(&w, "bundles", totals->bundles);
	writer_number(&w, "errors", totals->errors);
	writer_number(&w, "warnings", totals->warnings);
	writer_number(&w, "notes", totals->notes);
	writer_number(&w, "ignored", totals->ignored);
	writer_number(&w, "unjudged", totals->unjudged);
	writer_number(&w, "unread", totals->unread);
	writer_number(&w, "linksToDirectories", totals->links);
	writer_number(&w, "linksOutside", totals->outside);
	writer_number(&w, "otherConfigs", totals->foreign);
	writer_flag(&w, "complete", !totals->incomplete);
	writer_close(&w, '}');
	writer_close(&w, '}');
	text_puts(out, "\n");
}

const struct render_format render_json = { put_begin, put_bundle, put_end, ",", RENDER_JSON };
