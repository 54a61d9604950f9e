/* SPDX-License-Identifier: Apache-2.0 */
/* Code Climate issues as GitLab reads them: one JSON array, paths relative to the repository. */
#include <inttypes.h>
#include <stdio.h>

#include "render/render.h"

static const char *const severities[] = {
	[HW_SEVERITY_NOTE] = "info",
	[HW_SEVERITY_WARNING] = "minor",
	[HW_SEVERITY_ERROR] = "critical",
};

/* The families of rules, by the digit after "HW", in the categories of the format. */
static const char *category_of(const struct rule_text *rule)
{
	return rule->id[strlen("HW")] == '4' ? "Security" : "Bug Risk";
}

static void put_description(struct writer *w, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text words = { 0 };

	text_printf(&words, "%s [%s%s]", f->message, rule_get(f->rule)->id,
		    f->unjudged ? ", unknown" : "");
	w->out->failed |= words.failed;
	if (!w->out->failed)
		writer_string(w, "description", words.data);
}

/* The remedy, and where to read more. */
static void put_content(struct writer *w, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text body = { 0 };

	text_printf(&body, "%s\n\n", render_hint(f));
	rule_uri(&body, rule_get(f->rule));
	w->out->failed |= body.failed;
	if (w->out->failed)
		return;
	writer_open(w, "content", '{');
	writer_string(w, "body", body.data);
	writer_close(w, '}');
}

/* GitLab compares issues of two branches by it, and drops a second one of the same report. */
static void put_fingerprint(struct writer *w, const struct render_name *name)
{
	char print[40];

	snprintf(print, sizeof(print), "%016" PRIx64 "%08zx", name->hash, name->rank);
	writer_string(w, "fingerprint", print);
}

/* GitLab takes no path that begins with "./", and no issue without a line. */
static void put_location(struct writer *w, const struct hw_lint_result *result,
			 const struct lint_finding *f)
{
	const char *path = f->path;
	struct where end;

	while (starts_with(path, "./") && path[2])
		path += 2;
	writer_open(w, "location", '{');
	writer_string(w, "path", path);
	writer_open(w, "lines", '{');
	writer_number(w, "begin", f->line ? f->line : 1);
	if (f->line && render_end(result, f, &end))
		writer_number(w, "end", end.line);
	writer_close(w, '}');
	writer_close(w, '}');
}

static void put_finding(struct writer *w, const struct hw_lint_result *result,
			const struct lint_finding *f, const struct render_name *name)
{
	const struct rule_text *rule = rule_get(f->rule);

	writer_open(w, NULL, '{');
	writer_string(w, "type", "issue");
	writer_string(w, "check_name", rule->id);
	put_description(w, f);
	put_content(w, f);
	writer_open(w, "categories", '[');
	writer_string(w, NULL, category_of(rule));
	writer_close(w, ']');
	writer_string(w, "severity", severities[f->severity]);
	put_fingerprint(w, name);
	put_location(w, result, f);
	writer_close(w, '}');
}

static void put_begin(struct text *out, const struct hw_lint *lint)
{
	struct writer w = { .out = out };

	(void)lint;
	writer_open(&w, NULL, '[');
}

static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	struct writer w = { .out = out, .depth = 1 };
	auto_free struct render_name *names = render_names(out, result, render_identity);

	(void)colour;
	for (size_t i = 0; names && i < result->n; i++)
		if (!result->findings[i].ignored)
			put_finding(&w, result, &result->findings[i], &names[i]);
}

static void put_end(struct text *out, const struct hw_report_totals *totals, bool colour)
{
	struct writer w = { .out = out, .depth = 1, .comma = totals->bundles > 0 };

	(void)colour;
	writer_close(&w, ']');
	text_puts(out, "\n");
}

const struct render_format render_codeclimate = { put_begin, put_bundle, put_end, ",",
						  RENDER_JSON };
