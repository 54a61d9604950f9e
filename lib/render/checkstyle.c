/* SPDX-License-Identifier: Apache-2.0 */
/* Checkstyle's XML: a file element for findings in a row that are about one file. */
#include "render/render.h"

/* Readers ask for the version of the format that they know; all of them know this one. */
static void put_begin(struct text *out, const struct hw_lint *lint)
{
	(void)lint;
	text_puts(out,
		  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
}

static void put_words(struct text *out, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text words = { 0 };

	text_printf(&words, "%s%s", f->message, f->unjudged ? " (unknown)" : "");
	if (!f->omitted)
		text_printf(&words, "\nhint: %s", render_hint(f));
	out->failed |= words.failed;
	if (!out->failed)
		render_attribute(out, "message", words.data);
}

/* A finding about a file as a whole is about its first line: readers require one. */
static void put_finding(struct text *out, const struct lint_finding *f)
{
	static const char *const severities[] = {
		[HW_SEVERITY_NOTE] = "info",
		[HW_SEVERITY_WARNING] = "warning",
		[HW_SEVERITY_ERROR] = "error",
	};

	text_printf(out, "\t\t<error line=\"%u\"", f->line ? f->line : 1);
	if (f->line && f->column)
		text_printf(out, " column=\"%u\"", f->column);
	text_printf(out, " severity=\"%s\"", severities[f->severity]);
	put_words(out, f);
	text_printf(out, " source=\"hookwright.%s\"/>\n", rule_get(f->rule)->id);
}

static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	const char *open = NULL;

	(void)colour;
	for (size_t i = 0; i < result->n; i++) {
		const struct lint_finding *f = &result->findings[i];

		if (f->ignored)
			continue;
		if (!open || !streq(open, f->path)) {
			text_puts(out, open ? "\t</file>\n\t<file" : "\t<file");
			render_attribute(out, "name", f->path);
			text_puts(out, ">\n");
			open = f->path;
		}
		put_finding(out, f);
	}
	if (open)
		text_puts(out, "\t</file>\n");
}

static void put_end(struct text *out, const struct hw_report_totals *totals, bool colour)
{
	(void)totals;
	(void)colour;
	text_puts(out, "</checkstyle>\n");
}

const struct render_format render_checkstyle = { put_begin, put_bundle, put_end, "", RENDER_XML };
