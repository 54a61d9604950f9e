/* SPDX-License-Identifier: Apache-2.0 */
/* lint report as one HTML file for browsers, which loads nothing and can be read without script. */
#include "base/utf8.h"
#include "render/render.h"
#include "render/source.h"

/*
 * The page allows its own style and script by their hashes and nothing else, so that markup in a
 * hostile text, if it ever escaped the escapes, could neither run nor load anything. The script is
 * given no data: it reads the document.
 *
 * After a change of page.css or page.js tests/e2e/page.sh prints the new hash.
 */
#define STYLE_HASH  "sha256-il7dwJFdy9PJRXKBMmJgAY4viAGzNSh2lJwuaUGQxjw="
#define SCRIPT_HASH "sha256-/as7JJoRUzsulF4qJFLMeidKOtL7m77vjW6F0yUKp2A="

#define POLICY                                                                           \
	"default-src 'none'; style-src '" STYLE_HASH "'; script-src '" SCRIPT_HASH "'; " \
	"base-uri 'none'; form-action 'none'"

/* The files as they are, with a NUL behind. */
#define INCLUDE(name, file)                                             \
	extern const char name[] __attribute__((visibility("hidden"))); \
	__asm__(".pushsection .rodata,\"a\",%progbits\n"                \
		".globl " #name "\n.hidden " #name "\n" #name ":\n"     \
		".incbin \"" file "\"\n.byte 0\n.popsection\n")

INCLUDE(render_page_css, "lib/render/page.css");
INCLUDE(render_page_js, "lib/render/page.js");

/* ---- texts ---- */

/*
 * Plain characters only, as everywhere else: a browser would follow a mark of direction, and has its
 * own idea of references to control characters.
 */
static const char *escape_html(int32_t c, char *buf)
{
	if (c == '\'')
		return "&#39;";
	if (c >= 0 && char_is_plain(c))
		return render_xml_content(c, buf);
	return "\xef\xbf\xbd"; /* U+FFFD */
}

static void put(struct text *out, const char *s)
{
	render_escaped(out, s, escape_html);
}

/* What @text holds, escaped. */
static void put_text(struct text *out, const struct text *text)
{
	out->failed |= text->failed;
	if (!out->failed && text->data)
		put(out, text->data);
}

/* ---- lines of config.json ---- */

#define CONTEXT 2 /* lines before and behind that of the value */

/* Behind the first @columns characters of the line @s. */
static size_t columns_in(const char *s, size_t columns)
{
	size_t i = 0;

	while (columns-- && s[i])
		for (i++; ((unsigned char)s[i] & 0xc0) == 0x80; i++)
			;
	return i;
}

static void put_part(struct text *out, const char *s, size_t len)
{
	CLEANUP(text_free) struct text part = { 0 };

	text_add(&part, s, len);
	put_text(out, &part);
}

static void put_marked(struct text *out, const struct source_window *window)
{
	CLEANUP(text_free) struct text line = { 0 };
	size_t from, len;

	source_line(&line, window);
	text_puts(&line, "");
	out->failed |= line.failed;
	if (out->failed)
		return;
	from = columns_in(line.data, window->indent);
	len = columns_in(line.data + from, window->width);
	put_part(out, line.data, from);
	text_puts(out, "<mark>");
	put_part(out, line.data + from, len);
	text_puts(out, "</mark>");
	put(out, line.data + from + len);
}

static void put_number(struct text *out, const char *class, unsigned line)
{
	text_printf(out, "<span%s><i>%4u  </i>", class, line);
}

/* The line that begins at byte @from. */
static void put_context(struct text *out, const struct bundle *b, size_t from, unsigned number)
{
	const struct source_window window = source_window(b->text, b->len, from, from);
	CLEANUP(text_free) struct text line = { 0 };

	source_line(&line, &window);
	put_number(out, "", number);
	put_text(out, &line);
	text_puts(out, "</span>");
}

/* The byte behind the newline before @at, which is the start of a line if @at is in it. */
static size_t line_start(const char *text, size_t at)
{
	while (at && text[at - 1] != '\n')
		at--;
	return at;
}

static void put_before(struct text *out, const struct bundle *b, size_t start, unsigned line)
{
	size_t starts[CONTEXT], n = 0;

	for (; n < CONTEXT && start; n++)
		starts[n] = start = line_start(b->text, start - 1);
	for (; n > 0; n--)
		put_context(out, b, starts[n - 1], line - (unsigned)n);
}

static void put_behind(struct text *out, const struct bundle *b, size_t at, unsigned line)
{
	for (unsigned i = 1; i <= CONTEXT; i++) {
		const char *newline = memchr(b->text + at, '\n', b->len - at);

		if (!newline || newline + 1 == b->text + b->len)
			return;
		at = (size_t)(newline + 1 - b->text);
		put_context(out, b, at, line + i);
	}
}

static void put_source(struct text *out, const struct hw_lint_result *result,
		       const struct lint_finding *f)
{
	const struct bundle *b = &result->bundle;
	struct source_window window;

	if (!f->in_config || !f->line || !b->text || f->start > b->len)
		return;
	window = source_window(b->text, b->len, f->start, f->end);
	text_puts(out, "<pre tabindex=\"0\">");
	put_before(out, b, line_start(b->text, f->start), f->line);
	put_number(out, " class=\"at\"", f->line);
	put_marked(out, &window);
	text_puts(out, "</span>");
	put_behind(out, b, f->start, f->line);
	text_puts(out, "</pre>\n");
}

/* ---- a finding ---- */

static void put_where(struct text *out, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text where = { 0 };

	render_where(&where, f);
	if (!where.failed)
		where.data[where.len - 2] = '\0'; /* ": " */
	text_puts(out, "<div class=\"where\">");
	put_text(out, &where);
	if (f->stage) {
		text_puts(out, " \xc2\xb7 ");
		render_hook(out, f);
	}
	text_puts(out, "</div>\n");
}

static void put_hint(struct text *out, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text hint = { 0 };

	if (f->omitted)
		return;
	if (f->hint)
		text_puts(&hint, f->hint);
	else
		render_remedy(&hint, render_hint(f));
	text_puts(out, "<p class=\"hint\"><b>hint:</b> ");
	put_text(out, &hint);
	text_puts(out, "</p>\n");
}

static void put_ignored(struct text *out, const struct lint_finding *f)
{
	if (!f->ignored)
		return;
	text_printf(out, "<p class=\"dim\">ignored by %s%s",
		    f->ignored_inline ? "an annotation" : "an option", f->ignored[0] ? ": " : "");
	put(out, f->ignored);
	text_puts(out, "</p>\n");
}

static void put_finding(struct text *out, const struct hw_lint_result *result,
			const struct lint_finding *f)
{
	const char *severity = render_severity(f->severity);

	text_printf(out, "<li class=\"%s%s\">\n", severity, f->ignored ? " ignored" : "");
	put_where(out, f);
	text_printf(out, "<p class=\"message\"><b class=\"tone\">%s%s:</b> ", severity,
		    f->unjudged ? ", unknown" : "");
	put(out, f->message);
	text_puts(out, "</p>\n");
	put_source(out, result, f);
	put_hint(out, f);
	put_ignored(out, f);
	text_puts(out, "</li>\n");
}

/* ---- a bundle ---- */

static void put_rule(struct text *out, const struct rule_text *rule)
{
	CLEANUP(text_free) struct text uri = { 0 };

	rule_uri(&uri, rule);
	text_printf(out, "<section data-rule=\"%s\">\n<h3><a rel=\"noreferrer\" href=\"", rule->id);
	put_text(out, &uri);
	text_printf(out, "\">%s</a> %s</h3>\n<p class=\"why\">", rule->id, rule->name);
	put(out, rule->why);
	text_puts(out, "</p>\n<ol>\n");
}

static bool is_first_of_rule(const struct hw_lint_result *result, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (result->findings[k].rule == result->findings[i].rule)
			return false;
	return true;
}

/* The findings from the @first on that are of its rule. */
static void put_group(struct text *out, const struct hw_lint_result *result, size_t first)
{
	const enum rule rule = result->findings[first].rule;

	put_rule(out, rule_get(rule));
	for (size_t i = first; i < result->n; i++)
		if (result->findings[i].rule == rule)
			put_finding(out, result, &result->findings[i]);
	text_puts(out, "</ol>\n</section>\n");
}

static void put_heading(struct text *out, const struct hw_lint_result *result)
{
	static const struct {
		const char *class, *words;
	} verdicts[] = {
		[NO] = { "error", "would fail" },
		[YES] = { "good", "would run" },
		[UNKNOWN] = { "warning", "cannot be judged" },
	};
	const enum truth verdict = render_verdict(result);
	const struct hw_report_totals totals = render_count(result);

	text_printf(out, "<article class=\"%s%s\">\n<h2><span>", verdicts[verdict].class,
		    result->n ? "" : " clean");
	put(out, result->name);
	text_printf(out, "</span> <span><span class=\"tone\">%s</span>%s", verdicts[verdict].words,
		    result->n ? ": " : "");
	render_counts(out, &totals);
	text_puts(out, "</span></h2>\n");
}

static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	(void)colour;
	put_heading(out, result);
	for (size_t i = 0; i < result->n; i++)
		if (is_first_of_rule(result, i))
			put_group(out, result, i);
	text_puts(out, "</article>\n");
}

/* ---- the page ---- */

static void put_form(struct text *out)
{
	static const struct {
		const char *id, *label;
		bool on;
	} boxes[] = {
		{ "error", "errors", true },
		{ "warning", "warnings", true },
		{ "note", "notes", true },
		{ "ignored", "ignored", false },
		{ "clean", "bundles without findings", false },
	};

	text_puts(out, "<form id=\"filter\" hidden><div>\n"
		       "<input type=\"search\" id=\"search\" placeholder=\"Search\" "
		       "aria-label=\"Search\">\n"
		       "<select id=\"rule\" aria-label=\"Rule\">"
		       "<option value=\"\">all rules</option></select>\n"
		       "<select id=\"bundle\" aria-label=\"Bundle\">"
		       "<option value=\"\">all bundles</option></select>\n"
		       "<select id=\"group\" aria-label=\"Order\">"
		       "<option value=\"bundle\">by bundle</option>"
		       "<option value=\"rule\">by rule</option></select>\n");
	for (size_t i = 0; i < ARRAY_SIZE(boxes); i++)
		text_printf(out, "<label><input type=\"checkbox\" id=\"%s\"%s> %s</label>\n",
			    boxes[i].id, boxes[i].on ? " checked" : "", boxes[i].label);
	text_puts(out, "<button type=\"reset\">Reset</button>\n"
		       "<output id=\"count\"></output>\n</div></form>\n");
}

static void put_runtime(struct text *out, const struct hw_lint *lint)
{
	const char *version = lint->options.runtime_version;

	if (strcmp(lint->runtime_name, "any") == 0) {
		text_puts(out, "any runtime");
		return;
	}
	put(out, lint->runtime_name);
	text_puts(out, version ? " " : "");
	put(out, version ? version : "");
}

static void put_begin(struct text *out, const struct hw_lint *lint)
{
	text_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		       "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n"
		       "<meta name=\"referrer\" content=\"no-referrer\">\n"
		       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		       "<title>hookwright lint</title>\n<style>");
	text_puts(out, render_page_css);
	text_printf(out,
		    "</style>\n</head>\n<body>\n<header>\n<h1>hookwright lint</h1>\n"
		    "<p class=\"dim\">version %s; judged for ",
		    hw_version());
	put_runtime(out, lint);
	text_puts(out, "</p>\n</header>\n");
	put_form(out);
	text_puts(out, "<main>\n");
}

static void put_tile(struct text *out, const char *class, size_t n, const char *word)
{
	text_printf(out, "<li%s><b>%zu</b> %s</li>\n", n ? class : "", n, word);
}

static void put_tiles(struct text *out, const struct hw_report_totals *t)
{
	text_puts(out, "<ul>\n");
	put_tile(out, "", t->bundles, "bundles");
	put_tile(out, " class=\"error\"", t->errors, "errors");
	put_tile(out, " class=\"warning\"", t->warnings, "warnings");
	put_tile(out, " class=\"note\"", t->notes, "notes");
	put_tile(out, "", t->ignored, "ignored");
	put_tile(out, " class=\"warning\"", t->unjudged, "bundles not judged in full");
	if (t->unread)
		put_tile(out, " class=\"error\"", t->unread, "bundles unreadable");
	text_puts(out, "</ul>\n");
}

static void put_skipped(struct text *out, const struct hw_report_totals *t)
{
	if (t->links + t->outside + t->foreign == 0)
		return;
	text_printf(
		out,
		"<p class=\"dim\">skipped: %zu links to directories, %zu links out of the tree, "
		"%zu files named config.json that are not OCI configurations</p>\n",
		t->links, t->outside, t->foreign);
}

static void put_end(struct text *out, const struct hw_report_totals *totals, bool colour)
{
	(void)colour;
	text_puts(out, "<p id=\"nothing\" hidden>No finding matches the filters.</p>\n"
		       "</main>\n<div id=\"end\">\n");
	if (totals->incomplete)
		text_puts(out, "<p class=\"alarm\">This report is incomplete: "
			       "not everything was inspected.</p>\n");
	if (!totals->bundles)
		text_puts(out, "<p class=\"alarm\">No bundle was inspected.</p>\n");
	put_tiles(out, totals);
	put_skipped(out, totals);
	text_puts(out, "</div>\n<script>");
	text_puts(out, render_page_js);
	text_puts(out, "</script>\n</body>\n</html>\n");
}

const struct render_format render_html = { put_begin, put_bundle, put_end, "", RENDER_XML };
