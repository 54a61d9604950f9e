/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the report formats of lint. */
#pragma once

#include "base/buffer.h"
#include "lint/lint.h"

/*
 * Reports on what lint found. Pure: findings in, text out; equal findings give equal bytes. The
 * findings quote file names and texts of images, which are hostile: each format has its own way to
 * write them so that they stay data, and nothing of them reaches a terminal as a control sequence.
 */

/* How a text is guarded against what a CI runner would take for a command, see base/sanitize.h. */
enum render_kind { RENDER_LINES, RENDER_JSON, RENDER_XML, RENDER_COMMANDS };

/*
 * Guard all of @out, the last thing that is done to it. RENDER_COMMANDS are exempt: they are
 * hookwright's commands, and each part of them was defused.
 */
void render_guard(struct text *out, enum render_kind kind);

/*
 * A format: hw_report_begin(), hw_report_bundle() and hw_report_end(); begin and end may be NULL.
 */
struct render_format {
	void (*begin)(struct text *out, const struct hw_lint *lint);
	void (*bundle)(struct text *out, const struct hw_lint_result *result, bool colour);
	void (*end)(struct text *out, const struct hw_report_totals *totals, bool colour);
	const char *separator; /* hw_report_separator() */
	enum render_kind kind;
};

extern const struct render_format render_text, render_json, render_sarif, render_junit,
	render_github, render_gcc, render_checkstyle, render_codeclimate, render_html;

/* ---- what the formats have in common ---- */

/* "error", "warning", "note" */
const char *render_severity(enum hw_severity severity);

/* Whether the bundle's hooks and its workload would run, as far as known. */
enum truth render_verdict(const struct hw_lint_result *result);

/* The counts of one bundle. */
struct hw_report_totals render_count(const struct hw_lint_result *result);
/* "2 errors, 1 warning, 3 ignored"; nothing if all are 0. */
void render_counts(struct text *out, const struct hw_report_totals *totals);

/* The remedy: the finding's own hint or that of its rule. */
const char *render_hint(const struct lint_finding *f);

/*
 * A rule's remedy is sentences; a hint does not have a capital at its beginning
 * or a full stop at its end.
 */
void render_remedy(struct text *out, const char *remedy);

/* Where the value at fault ends: behind its last character. False if nobody knows. */
bool render_end(const struct hw_lint_result *result, const struct lint_finding *f,
		struct where *ret);

/* "path:line:column: ", without what is not known; as it is, not defused. */
void render_where(struct text *out, const struct lint_finding *f);

/* "startContainer[0]"; nothing for a finding that is about no hook. */
void render_hook(struct text *out, const struct lint_finding *f);

/* Writes what distinguishes a finding; at least one byte. */
typedef void render_describe(struct text *out, const struct hw_lint_result *result,
			     const struct lint_finding *f);

/*
 * A unique name for every finding of @result: the hash of what @describe writes about it,
 * and how many of the findings before it have that hash. free() it; NULL, with
 * out->failed set, if out of memory.
 */
struct render_name {
	uint64_t hash;
	size_t rank;
};
struct render_name *render_names(struct text *out, const struct hw_lint_result *result,
				 render_describe *describe);

/*
 * A render_describe: the parts that make a finding what it is, but not where it stands: an edit above
 * it, or another hook before its own, does not make a new one of it.
 */
render_describe render_identity;

/* ---- writing ---- */

/* As defuse(): control characters and bytes that are not UTF-8 become '?'. */
void render_safe(struct text *out, const char *s);

/*
 * How character @c is written where it is not allowed as it is, possibly in @buf; NULL: as it is.
 * @c is -1 for a byte that is not UTF-8.
 */
#define RENDER_ESCAPE_MAX 16
typedef const char *render_escape(int32_t c, char *buf);
void render_escaped(struct text *out, const char *s, render_escape *escape);

/* A text between tags, and one in an attribute's double quotes (XML 1.0). */
render_escape render_xml_content, render_xml_attribute;

/* ' NAME="VALUE"' */
void render_attribute(struct text *out, const char *name, const char *value);

/* A JSON document, indented with tabs, written piece by piece. */
struct writer {
	struct text *out;
	unsigned depth;
	bool comma; /* the container that is open has something already */
};

/* @key: NULL in an array. @bracket: '{' or '['. */
void writer_open(struct writer *w, const char *key, char bracket);
void writer_close(struct writer *w, char bracket);
void writer_string(struct writer *w, const char *key, const char *value); /* NULL: null */
void writer_number(struct writer *w, const char *key, size_t value);
void writer_flag(struct writer *w, const char *key, bool value);
