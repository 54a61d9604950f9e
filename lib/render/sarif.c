/* SPDX-License-Identifier: Apache-2.0 */
/* lint report as SARIF 2.1.0. */
#include <inttypes.h>
#include <stdio.h>

#include "render/render.h"

/*
 * SARIF 2.1.0 (OASIS), as GitHub's code scanning and GitLab read it: every result has a location,
 * and a fingerprint that outlives edits elsewhere in the file. Sections of the standard are named
 * where it decides.
 */
#define SCHEMA                                                                \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/" \
	"sarif-schema-2.1.0.json"

/* The directory in which lint ran; consumers know the name as the top of the source tree. */
#define BASE "%SRCROOT%"

/* ---- the tool ---- */

static const char *family_of(const struct rule_text *rule)
{
	static const char *const families[] = { "config", "program", "environment", "security",
						"policy" };
	const size_t i = (size_t)(rule->id[strlen("HW")] - '1');

	return i < ARRAY_SIZE(families) ? families[i] : "other";
}

static void put_text(struct writer *w, const char *key, const char *words)
{
	writer_open(w, key, '{');
	writer_string(w, "text", words);
	writer_close(w, '}');
}

/* §3.49.13: help has both forms, or viewers of Markdown have none. */
static void put_help(struct writer *w, const struct rule_text *rule)
{
	CLEANUP(text_free) struct text plain = { 0 }, markdown = { 0 };

	text_printf(&plain, "%s\n\n%s", rule->why, rule->remedy);
	text_printf(&markdown, "**Why:** %s\n\n**Remedy:** %s", rule->why, rule->remedy);
	w->out->failed |= plain.failed || markdown.failed;
	if (w->out->failed)
		return;
	writer_open(w, "help", '{');
	writer_string(w, "text", plain.data);
	writer_string(w, "markdown", markdown.data);
	writer_close(w, '}');
}

static void put_help_uri(struct writer *w, const struct rule_text *rule)
{
	CLEANUP(text_free) struct text uri = { 0 };

	rule_uri(&uri, rule);
	w->out->failed |= uri.failed;
	if (!w->out->failed)
		writer_string(w, "helpUri", uri.data);
}

static void put_rule(struct writer *w, const struct rule_text *rule)
{
	const char *level = render_severity(rule->severity);

	writer_open(w, NULL, '{');
	writer_string(w, "id", rule->id);
	writer_string(w, "name", rule->name);
	put_text(w, "shortDescription", rule->brief);
	put_text(w, "fullDescription", rule->why);
	put_help(w, rule);
	put_help_uri(w, rule);
	writer_open(w, "defaultConfiguration", '{');
	writer_string(w, "level", level);
	writer_close(w, '}');
	writer_open(w, "properties", '{');
	writer_open(w, "tags", '[');
	writer_string(w, NULL, family_of(rule));
	writer_close(w, ']');
	/* GitHub's word for the level; "note" is "recommendation" there. */
	writer_string(w, "problem.severity",
		      rule->severity == HW_SEVERITY_NOTE ? "recommendation" : level);
	writer_close(w, '}');
	writer_close(w, '}');
}

static void put_driver(struct writer *w)
{
	writer_open(w, "tool", '{');
	writer_open(w, "driver", '{');
	writer_string(w, "name", "hookwright");
	writer_string(w, "version", hw_version());
	writer_string(w, "semanticVersion", hw_version());
	writer_open(w, "rules", '[');
	for (size_t i = 0; i < N_RULES; i++)
		put_rule(w, rule_get((enum rule)i));
	writer_close(w, ']');
	writer_close(w, '}');
	writer_close(w, '}');
}

static void put_begin(struct text *out, const struct hw_lint *lint)
{
	struct writer w = { .out = out };

	writer_open(&w, NULL, '{');
	writer_string(&w, "$schema", SCHEMA);
	writer_string(&w, "version", "2.1.0");
	writer_open(&w, "runs", '[');
	writer_open(&w, NULL, '{');
	put_driver(&w);
	/* §3.14.14: where it is, is for the consumer to know. */
	writer_open(&w, "originalUriBaseIds", '{');
	writer_open(&w, BASE, '{');
	put_text(&w, "description", "the directory in which hookwright lint was run");
	writer_close(&w, '}');
	writer_close(&w, '}');
	writer_string(&w, "columnKind", "unicodeCodePoints");
	writer_open(&w, "properties", '{');
	writer_string(&w, "runtime", lint->runtime_name);
	writer_close(&w, '}');
	writer_open(&w, "results", '[');
}

/* ---- a result ---- */

static void put_message(struct writer *w, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text words = { 0 };

	text_puts(&words, f->message);
	if (f->hint)
		text_printf(&words, "\nhint: %s", f->hint);
	w->out->failed |= words.failed;
	if (!w->out->failed)
		put_text(w, "message", words.data);
}

/*
 * @path as a URI (RFC 3986): its bytes, whatever they are; a colon in a first segment would make a
 * scheme of it.
 */
static void add_uri(struct text *uri, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";

	while (starts_with(path, "./") && path[2])
		path += 2;
	if (path[0] == '/')
		text_puts(uri, "file://");
	for (size_t n; *path; path += n) {
		n = strspn(path, plain);
		text_add(uri, path, n);
		if (n == 0)
			text_printf(uri, "%%%02X", (unsigned)(unsigned char)path[n++]);
	}
}

static void put_artifact(struct writer *w, const char *path)
{
	CLEANUP(text_free) struct text uri = { 0 };

	add_uri(&uri, path);
	w->out->failed |= uri.failed;
	if (w->out->failed)
		return;
	writer_open(w, "artifactLocation", '{');
	writer_string(w, "uri", uri.data ? uri.data : "");
	if (path[0] != '/')
		writer_string(w, "uriBaseId", BASE);
	writer_close(w, '}');
}

/* GitHub takes no result without a line: a finding about a file as a whole is about its first. */
static void put_region(struct writer *w, const struct hw_lint_result *result,
		       const struct lint_finding *f)
{
	struct where end;

	writer_open(w, "region", '{');
	writer_number(w, "startLine", f->line ? f->line : 1);
	if (f->line && f->column)
		writer_number(w, "startColumn", f->column);
	if (render_end(result, f, &end)) {
		writer_number(w, "endLine", end.line);
		writer_number(w, "endColumn", end.column);
	}
	writer_close(w, '}');
}

/* §3.33.4: in JSON, a logical location is named by a JSON pointer. */
static void put_logical(struct writer *w, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text pointer = { 0 };

	if (!f->stage || !f->in_config)
		return;
	text_printf(&pointer, "/hooks/%s/%u", f->stage, f->index);
	w->out->failed |= pointer.failed;
	if (w->out->failed)
		return;
	writer_open(w, "logicalLocations", '[');
	writer_open(w, NULL, '{');
	writer_string(w, "fullyQualifiedName", pointer.data);
	writer_string(w, "kind", "object");
	writer_close(w, '}');
	writer_close(w, ']');
}

static void put_locations(struct writer *w, const struct hw_lint_result *result,
			  const struct lint_finding *f)
{
	writer_open(w, "locations", '[');
	writer_open(w, NULL, '{');
	writer_open(w, "physicalLocation", '{');
	put_artifact(w, f->path);
	put_region(w, result, f);
	writer_close(w, '}');
	put_logical(w, f);
	writer_close(w, '}');
	writer_close(w, ']');
}

/* GitHub reads no fingerprint but its own; the line it would hash may be the whole file. */
static void put_fingerprints(struct writer *w, const struct render_name *name)
{
	static const char *const keys[] = { "hookwrightFinding/v1", "primaryLocationLineHash" };
	char print[48];

	snprintf(print, sizeof(print), "%016" PRIx64 ":%zu", name->hash, name->rank + 1);
	writer_open(w, "partialFingerprints", '{');
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		writer_string(w, keys[i], print);
	writer_close(w, '}');
}

static void put_suppressions(struct writer *w, const struct lint_finding *f)
{
	if (!f->ignored)
		return;
	writer_open(w, "suppressions", '[');
	writer_open(w, NULL, '{');
	writer_string(w, "kind", f->ignored_inline ? "inSource" : "external");
	if (f->ignored[0])
		writer_string(w, "justification", f->ignored);
	writer_close(w, '}');
	writer_close(w, ']');
}

static void put_properties(struct writer *w, const struct hw_lint_result *result,
			   const struct lint_finding *f)
{
	writer_open(w, "properties", '{');
	writer_string(w, "bundle", result->name);
	writer_flag(w, "unjudged", f->unjudged);
	if (f->stage) {
		writer_string(w, "stage", f->stage);
		writer_number(w, "hook", f->index);
	}
	if (f->program)
		writer_string(w, "program", f->program);
	if (f->policy)
		writer_string(w, "policy", f->policy);
	if (f->omitted)
		writer_number(w, "omitted", f->omitted);
	writer_close(w, '}');
}

static void put_result(struct writer *w, const struct hw_lint_result *result,
		       const struct lint_finding *f, const struct render_name *name)
{
	writer_open(w, NULL, '{');
	writer_string(w, "ruleId", rule_get(f->rule)->id);
	writer_number(w, "ruleIndex", f->rule);
	writer_string(w, "level", render_severity(f->severity));
	put_message(w, f);
	put_locations(w, result, f);
	put_fingerprints(w, name);
	put_suppressions(w, f);
	put_properties(w, result, f);
	writer_close(w, '}');
}

static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	struct writer w = { .out = out, .depth = 4 };
	auto_free struct render_name *names = render_names(out, result, render_identity);

	(void)colour;
	for (size_t i = 0; names && i < result->n; i++)
		put_result(&w, result, &result->findings[i], &names[i]);
}

static void put_totals(struct writer *w, const struct hw_report_totals *totals)
{
	writer_open(w, "properties", '{');
	writer_number(w, "bundles", totals->bundles);
	writer_number(w, "unread", totals->unread);
	writer_number(w, "linksToDirectories", totals->links);
	writer_number(w, "linksOutside", totals->outside);
	writer_number(w, "otherConfigs", totals->foreign);
	writer_close(w, '}');
}

static void put_end(struct text *out, const struct hw_report_totals *totals, bool colour)
{
	struct writer w = { .out = out, .depth = 4, .comma = true };

	(void)colour;
	writer_close(&w, ']');
	/* §3.20: a notification is not due, but consumers must not take "no result" for "sound". */
	writer_open(&w, "invocations", '[');
	writer_open(&w, NULL, '{');
	writer_flag(&w, "executionSuccessful", !totals->incomplete && totals->bundles);
	put_totals(&w, totals);
	writer_close(&w, '}');
	writer_close(&w, ']');
	writer_close(&w, '}');
	writer_close(&w, ']');
	writer_close(&w, '}');
	text_puts(out, "\n");
}

const struct render_format render_sarif = { put_begin, put_bundle, put_end, ",", RENDER_JSON };
