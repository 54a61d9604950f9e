/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions of reports, and what all formats share. */
#include "render/render.h"
#include "base/sanitize.h"

static const struct render_format *const formats[] = {
	[HW_REPORT_TEXT] = &render_text,
	[HW_REPORT_JSON] = &render_json,
	[HW_REPORT_SARIF] = &render_sarif,
	[HW_REPORT_JUNIT] = &render_junit,
	[HW_REPORT_GITHUB] = &render_github,
	[HW_REPORT_GCC] = &render_gcc,
	[HW_REPORT_CHECKSTYLE] = &render_checkstyle,
	[HW_REPORT_CODECLIMATE] = &render_codeclimate,
	[HW_REPORT_HTML] = &render_html,
};

/* ---- the public functions ---- */

static void rewrite(struct text *out, void (*fn)(struct text *, const char *))
{
	struct text guarded = { 0 };

	fn(&guarded, out->data);
	text_free(out);
	*out = guarded;
}

void render_guard(struct text *out, enum render_kind kind)
{
	if (out->failed || !out->data)
		return;
	if (kind == RENDER_LINES)
		defuse_lines(out->data);
	else if (kind == RENDER_JSON)
		rewrite(out, defuse_json);
	else if (kind == RENDER_XML)
		rewrite(out, defuse_xml);
}

/* Hand a piece over; one of nothing is "". */
static int finish(struct text *out, enum hw_report report, char **ret, struct hw_error *err)
{
	text_puts(out, "");
	render_guard(out, formats[report]->kind);
	return text_take(out, ret) < 0 ? error_oom(err) : 0;
}

int hw_report_begin(const struct hw_lint *lint, enum hw_report report, bool colour, char **ret,
		    struct hw_error *err)
{
	struct text out = { 0 };

	(void)colour;
	if (formats[report]->begin)
		formats[report]->begin(&out, lint);
	return finish(&out, report, ret, err);
}

int hw_report_bundle(const struct hw_lint_result *result, enum hw_report report, bool colour,
		     char **ret, struct hw_error *err)
{
	struct text out = { 0 };

	formats[report]->bundle(&out, result, colour);
	return finish(&out, report, ret, err);
}

const char *hw_report_separator(enum hw_report report)
{
	return formats[report]->separator;
}

int hw_report_end(const struct hw_lint *lint, enum hw_report report,
		  const struct hw_report_totals *totals, bool colour, char **ret,
		  struct hw_error *err)
{
	struct text out = { 0 };

	(void)lint;
	if (formats[report]->end)
		formats[report]->end(&out, totals, colour);
	return finish(&out, report, ret, err);
}

/* ---- what the formats have in common ---- */

const char *render_severity(enum hw_severity severity)
{
	static const char *const words[] = {
		[HW_SEVERITY_NOTE] = "note",
		[HW_SEVERITY_WARNING] = "warning",
		[HW_SEVERITY_ERROR] = "error",
	};

	return words[severity];
}

/* Security holes run well, and policies speak of hooks that are not there yet. */
static bool tells_of_the_run(enum rule rule)
{
	const char family = rule_get(rule)->id[strlen("HW")];

	return family != '4' && family != '5';
}

enum truth render_verdict(const struct hw_lint_result *result)
{
	enum truth verdict = YES;

	if (result->unread)
		return UNKNOWN;
	for (size_t i = 0; i < result->n; i++) {
		const struct lint_finding *f = &result->findings[i];

		if (f->ignored)
			continue;
		if (f->severity == HW_SEVERITY_ERROR && !f->unjudged && tells_of_the_run(f->rule))
			return NO;
		if (f->unjudged)
			verdict = UNKNOWN;
	}
	return verdict;
}

const char *render_hint(const struct lint_finding *f)
{
	return f->hint ? f->hint : rule_get(f->rule)->remedy;
}

bool render_end(const struct hw_lint_result *result, const struct lint_finding *f,
		struct where *ret)
{
	const struct bundle *b = &result->bundle;

	if (!f->in_config || !f->line || !b->doc.text || f->end < f->start || f->end > b->len)
		return false;
	*ret = json_where(&b->doc, f->end);
	return true;
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

void render_remedy(struct text *out, const char *remedy)
{
	const size_t len = strlen(remedy);
	const bool sentence = len > 1 && is_lower(remedy[1]); /* and not "PATH ..." */
	const char first = (char)(sentence ? remedy[0] | 0x20 : remedy[0]);

	text_add(out, &first, len > 0);
	if (len > 1)
		text_add(out, remedy + 1, len - 1 - (remedy[len - 1] == '.'));
}

void render_where(struct text *out, const struct lint_finding *f)
{
	text_printf(out, "%s:", f->path);
	if (f->line)
		text_printf(out, "%u:", f->line);
	if (f->line && f->column)
		text_printf(out, "%u:", f->column);
	text_puts(out, " ");
}

void render_hook(struct text *out, const struct lint_finding *f)
{
	if (f->stage)
		text_printf(out, "%s[%u]", f->stage, f->index);
}

/* ---- names ---- */

/* FNV-1a: no secret is kept and no table filled, a short hash that never changes will do. */
static uint64_t hash_of(const char *s, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * UINT64_C(0x100000001b3);
	return h;
}

struct hashed {
	uint64_t hash;
	size_t finding;
};

static int by_hash(const void *a, const void *b)
{
	const struct hashed *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->finding < y->finding ? -1 : 1;
}

/* Hash all findings, to @sorted in the order of the hashes; equal ones in their own order. */
static bool hash_all(const struct hw_lint_result *result, render_describe *describe,
		     struct hashed *sorted)
{
	CLEANUP(text_free) struct text words = { 0 };

	for (size_t i = 0; i < result->n && !words.failed; i++) {
		words.len = 0;
		describe(&words, result, &result->findings[i]);
		sorted[i] = (struct hashed){ words.failed ? 0 : hash_of(words.data, words.len), i };
	}
	if (!words.failed)
		qsort(sorted, result->n, sizeof(*sorted), by_hash);
	return !words.failed;
}

static void rank_all(const struct hashed *sorted, size_t n, struct render_name *names)
{
	size_t rank = 0;

	for (size_t i = 0; i < n; i++) {
		rank = i > 0 && sorted[i].hash == sorted[i - 1].hash ? rank + 1 : 0;
		names[sorted[i].finding] = (struct render_name){ sorted[i].hash, rank };
	}
}

struct render_name *render_names(struct text *out, const struct hw_lint_result *result,
				 render_describe *describe)
{
	struct hashed *sorted = calloc(result->n + 1, sizeof(*sorted));
	struct render_name *names = calloc(result->n + 1, sizeof(*names));

	if (sorted && names && hash_all(result, describe, sorted)) {
		rank_all(sorted, result->n, names);
	} else {
		out->failed = true;
		free(names);
		names = NULL;
	}
	free(sorted);
	return names;
}

/* Parts are kept apart by a byte that none of them holds. */
void render_identity(struct text *out, const struct hw_lint_result *result,
		     const struct lint_finding *f)
{
	const char *parts[] = { rule_get(f->rule)->id,
				result->name,
				f->path,
				f->stage,
				f->program,
				f->policy,
				f->omitted ? "omitted" : f->message };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		text_puts(out, parts[i] ? parts[i] : "");
		text_add(out, "\0", 1);
	}
	if (f->stage && !f->program)
		text_printf(out, "%u", f->index);
}
