/* SPDX-License-Identifier: Apache-2.0 */
/* lint report as workflow commands of GitHub Actions. */
#include "render/render.h"

/*
 * Workflow commands of GitHub Actions, a line each:
 *
 *     ::error file=F,line=L,col=C,endLine=L,endColumn=C,title=T::MESSAGE
 *
 * The runner ends a command at the line's end, its properties at "::", and each of them at a comma;
 * it knows no other escapes than those below.
 */
static const char *escape_data(int32_t c, char *buf)
{
	(void)buf;
	switch (c) {
	case '%':
		return "%25";
	case '\r':
		return "%0D";
	case '\n':
		return "%0A";
	default:
		/* The log that shows the line is a terminal's. */
		return c < 0x20 || (c >= 0x7f && c <= 0x9f) ? "?" : NULL;
	}
}

static const char *escape_property(int32_t c, char *buf)
{
	return c == ':' ? "%3A" : c == ',' ? "%2C" : escape_data(c, buf);
}

/* Nothing is left of a command within a command: Azure's runner knows others than GitHub's. */
static void put(struct text *out, const char *words, render_escape *escape)
{
	CLEANUP(text_free) struct text safe = { 0 };

	text_puts(&safe, words);
	render_guard(&safe, RENDER_LINES);
	out->failed |= safe.failed;
	if (!out->failed)
		render_escaped(out, safe.data, escape);
}

static void put_region(struct text *out, const struct hw_lint_result *result,
		       const struct lint_finding *f)
{
	struct where end;

	if (!f->line)
		return;
	text_printf(out, ",line=%u", f->line);
	if (f->column)
		text_printf(out, ",col=%u", f->column);
	if (render_end(result, f, &end))
		text_printf(out, ",endLine=%u,endColumn=%u", end.line, end.column);
}

static void put_uri(struct text *out, const struct rule_text *rule)
{
	CLEANUP(text_free) struct text uri = { 0 };

	rule_uri(&uri, rule);
	out->failed |= uri.failed;
	if (!out->failed)
		put(out, uri.data, escape_data);
}

static void put_finding(struct text *out, const struct hw_lint_result *result,
			const struct lint_finding *f)
{
	static const char *const commands[] = {
		[HW_SEVERITY_NOTE] = "notice",
		[HW_SEVERITY_WARNING] = "warning",
		[HW_SEVERITY_ERROR] = "error",
	};
	const struct rule_text *rule = rule_get(f->rule);

	text_printf(out, "::%s file=", commands[f->severity]);
	put(out, f->path, escape_property);
	put_region(out, result, f);
	text_printf(out, ",title=%s %s%s::", rule->id, rule->name, f->unjudged ? " (unknown)" : "");
	put(out, f->message, escape_data);
	if (!f->omitted) {
		text_puts(out, "%0Ahint: ");
		put(out, render_hint(f), escape_data);
		text_puts(out, "%0A");
		put_uri(out, rule);
	}
	text_puts(out, "\n");
}

/* An annotation cannot be marked as ignored: such findings are left out. */
static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	(void)colour;
	for (size_t i = 0; i < result->n; i++)
		if (!result->findings[i].ignored)
			put_finding(out, result, &result->findings[i]);
}

const struct render_format render_github = { .bundle = put_bundle,
					     .separator = "",
					     .kind = RENDER_COMMANDS };
