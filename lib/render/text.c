/* SPDX-License-Identifier: Apache-2.0 */
/* lint report as text for people. */
#include "base/sanitize.h"
#include "render/render.h"
#include "render/source.h"

/*
 * For people, quiet where nothing is wrong:
 *
 *     web: would fail: 1 error, 1 warning
 *
 *     web/config.json:23:18: error: '/sbin/x' does not exist in the container [HW201]
 *        23 |         "path": "/sbin/x"
 *           |                 ^~~~~~~~~
 *       hint: add the program to the image, or name another path
 */
struct page {
	struct text *out;
	bool colour;
};

enum paint { BOLD, RED, YELLOW, CYAN, GREEN, DIM };

static void paint(const struct page *p, enum paint paint)
{
	static const char *const codes[] = {
		[BOLD] = "\033[1m",    [RED] = "\033[1;31m",   [YELLOW] = "\033[1;33m",
		[CYAN] = "\033[1;36m", [GREEN] = "\033[1;32m", [DIM] = "\033[2m",
	};

	if (p->colour)
		text_puts(p->out, codes[paint]);
}

static void unpaint(const struct page *p)
{
	if (p->colour)
		text_puts(p->out, "\033[0m");
}

static enum paint paint_of(const struct lint_finding *f)
{
	static const enum paint paints[] = {
		[HW_SEVERITY_NOTE] = CYAN,
		[HW_SEVERITY_WARNING] = YELLOW,
		[HW_SEVERITY_ERROR] = RED,
	};

	return paints[f->severity];
}

/* ---- counts ---- */

static void put_count(struct text *out, size_t n, const char *word, const char **separator)
{
	if (n == 0)
		return;
	text_printf(out, "%s%zu %s%s", *separator, n, word, n == 1 ? "" : "s");
	*separator = ", ";
}

void render_counts(struct text *out, const struct hw_report_totals *t)
{
	const char *separator = "";

	put_count(out, t->errors, "error", &separator);
	put_count(out, t->warnings, "warning", &separator);
	put_count(out, t->notes, "note", &separator);
	if (t->ignored)
		text_printf(out, "%s%zu ignored", separator, t->ignored);
}

struct hw_report_totals render_count(const struct hw_lint_result *result)
{
	struct hw_report_totals t = { .bundles = 1 };
	size_t *const counts[] = {
		[HW_SEVERITY_NOTE] = &t.notes,
		[HW_SEVERITY_WARNING] = &t.warnings,
		[HW_SEVERITY_ERROR] = &t.errors,
	};

	for (size_t i = 0; i < result->n; i++) {
		const struct lint_finding *f = &result->findings[i];

		*(f->ignored ? &t.ignored : counts[f->severity]) += lint_finding_weight(f);
	}
	return t;
}

/* ---- a finding ---- */

static void put_message(const struct page *p, const struct lint_finding *f)
{
	size_t start;

	paint(p, BOLD);
	start = p->out->len;
	render_where(p->out, f);
	if (!p->out->failed)
		defuse(p->out->data + start);
	unpaint(p);
	paint(p, paint_of(f));
	text_printf(p->out, "%s:", render_severity(f->severity));
	unpaint(p);
	text_puts(p->out, " ");
	render_safe(p->out, f->message);
	paint(p, DIM);
	text_printf(p->out, " [%s%s]", rule_get(f->rule)->id, f->unjudged ? ", unknown" : "");
	unpaint(p);
	text_puts(p->out, "\n");
}

static void put_source(const struct page *p, const struct hw_lint_result *result,
		       const struct lint_finding *f)
{
	const struct bundle *b = &result->bundle;
	struct source_window window;

	if (!f->in_config || !f->line || !b->text || f->start > b->len)
		return;
	window = source_window(b->text, b->len, f->start, f->end);
	paint(p, DIM);
	text_printf(p->out, "%6u |", f->line);
	unpaint(p);
	text_puts(p->out, " ");
	source_line(p->out, &window);
	text_puts(p->out, "\n");
	paint(p, DIM);
	text_puts(p->out, "       |");
	unpaint(p);
	text_puts(p->out, " ");
	text_pad(p->out, window.indent);
	paint(p, paint_of(f));
	text_puts(p->out, "^");
	for (size_t i = 1; i < window.width; i++)
		text_puts(p->out, "~");
	unpaint(p);
	text_puts(p->out, "\n");
}

static void put_hint(const struct page *p, const struct lint_finding *f)
{
	paint(p, GREEN);
	text_puts(p->out, "  hint:");
	unpaint(p);
	text_puts(p->out, " ");
	if (f->hint)
		render_safe(p->out, f->hint);
	else
		render_remedy(p->out, render_hint(f));
	text_puts(p->out, "\n");
}

/* ---- the pieces ---- */

/* The hook runs, but apply and the wrapper stop at what is asked of the policies. */
static bool is_refused(const struct hw_lint_result *result)
{
	for (size_t i = 0; i < result->n; i++) {
		const struct lint_finding *f = &result->findings[i];

		if (!f->ignored && f->severity == HW_SEVERITY_ERROR && !f->unjudged &&
		    rule_get(f->rule)->id[2] == '5')
			return true;
	}
	return false;
}

static void put_heading(const struct page *p, const struct hw_lint_result *result,
			const struct hw_report_totals *totals)
{
	static const char *const words[] = {
		[NO] = "would fail",
		[YES] = "would run",
		[UNKNOWN] = "cannot be judged",
	};
	static const enum paint paints[] = { [NO] = RED, [YES] = GREEN, [UNKNOWN] = YELLOW };
	const enum truth verdict = render_verdict(result);

	paint(p, BOLD);
	render_safe(p->out, result->name);
	unpaint(p);
	text_puts(p->out, ": ");
	if (verdict == YES && is_refused(result)) {
		paint(p, RED);
		text_puts(p->out, "would be refused");
	} else {
		paint(p, paints[verdict]);
		text_puts(p->out, words[verdict]);
	}
	unpaint(p);
	text_puts(p->out, ": ");
	render_counts(p->out, totals);
	text_puts(p->out, "\n\n");
}

static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	const struct page page = { out, colour };
	const struct hw_report_totals totals = render_count(result);

	if (totals.errors + totals.warnings + totals.notes == 0)
		return;
	put_heading(&page, result, &totals);
	for (size_t i = 0; i < result->n; i++) {
		const struct lint_finding *f = &result->findings[i];

		if (f->ignored)
			continue;
		put_message(&page, f);
		put_source(&page, result, f);
		if (!f->omitted)
			put_hint(&page, f);
		text_puts(out, "\n");
	}
}

static void put_end(struct text *out, const struct hw_report_totals *totals, bool colour)
{
	const struct page page = { out, colour };

	if (totals->incomplete)
		text_puts(out, "incomplete: not everything was inspected\n");
	if (totals->errors + totals->warnings + totals->notes == 0)
		return;
	paint(&page, BOLD);
	text_printf(out, "%zu bundle%s: ", totals->bundles, totals->bundles == 1 ? "" : "s");
	render_counts(out, totals);
	if (totals->unjudged)
		text_printf(out, "; %zu cannot be judged in full", totals->unjudged);
	unpaint(&page);
	text_puts(out, "\n");
}

const struct render_format render_text = { NULL, put_bundle, put_end, "", RENDER_LINES };
