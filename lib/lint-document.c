/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "lint-internal.h"

/* ---- JSON ---- */

/* What only some of the runtimes forgive. */
static struct weight syntax_weight(const struct look *l, const struct hw_error *why)
{
	if (starts_with(why->message, "the end is expected"))
		return lint_weight(l, BYTES_BEHIND_THE_DOCUMENT, EFFECT_UNJUDGED, EFFECT_ERROR);
	if (streq(why->message, "a comment is not JSON"))
		return lint_weight(l, COMMENTS_IN_JSON, EFFECT_UNJUDGED, EFFECT_ERROR);
	return lint_weight_of(EFFECT_ERROR);
}

static int tell_error(struct look *l, enum rule rule, struct weight weight,
		      const struct hw_error *why)
{
	const struct lint_finding f = {
		.rule = rule,
		.severity = weight.severity,
		.unjudged = weight.unjudged,
		.path = l->bundle->config_path,
		.line = why->line,
		.column = why->column,
		.message = arena_strdup(l->arena, why->message),
		.hint = why->hint[0] ? arena_strdup(l->arena, why->hint) : NULL,
	};

	return lint_add(l, &f);
}

/* The token that begins at that place. */
static uint32_t token_at(const struct look *l, unsigned line, unsigned column)
{
	const struct json *doc = &l->bundle->doc;

	for (uint32_t t = 0; line && t < doc->n_tokens; t++) {
		const struct where at = json_at(doc, t);

		if (at.line == line && at.column == column)
			return t;
	}
	return JSON_NONE;
}

/* An error with a place in the scanned document, whose value is then known, too. */
static int tell_at(struct look *l, enum rule rule, struct weight weight, const struct hw_error *why)
{
	const struct note note = {
		.rule = rule,
		.severity = weight.severity,
		.unjudged = weight.unjudged,
		.token = token_at(l, why->line, why->column),
		.hint = why->hint[0] ? arena_strdup(l->arena, why->hint) : NULL,
	};

	return lint_tell(l, &note, "%s", why->message);
}

/* ---- keys that stand twice ---- */

/* Whether what differs there would make a difference to a verdict. */
static bool is_read(const struct json *doc, uint32_t object, uint32_t key)
{
	static const char *const read[] = { "root", "process", "mounts", "linux", "hooks" };

	/* The member of the document that holds the object, or is the twin itself. */
	for (uint32_t v = json_first(doc, JSON_ROOT); object != JSON_ROOT && v != JSON_NONE;
	     v = json_next(doc, JSON_ROOT, v))
		if (object >= v && object < doc->tokens[v].next)
			key = json_key(doc, v);
	for (size_t i = 0; key != JSON_NONE && i < ARRAY_SIZE(read); i++)
		if (json_match_key(doc, key, read[i]) == JSON_EQUALS)
			return true;
	return false;
}

static int tell_twins(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	int r = 0;

	for (uint32_t t = 0; r == 0 && t < doc->n_tokens; t++) {
		struct weight weight = { HW_SEVERITY_WARNING, false };
		struct hw_error why;

		if (doc->tokens[t].type != JSON_OBJECT)
			continue;
		r = json_unique_keys(doc, t, &why);
		if (r != -EINVAL)
			continue;
		weight.unjudged = is_read(doc, t, token_at(l, why.line, why.column));
		r = tell_at(l, RULE_HW104, weight, &why);
	}
	return r == -ENOMEM ? error_oom(l->err) : r;
}

/* ---- numbers ---- */

/* The members that hold integers, by name; the specification's Go types say how large. */
enum width { INT64, UINT64, UINT32 };
static const struct {
	const char *name;
	enum width width;
} integers[] = {
	{ "uid", UINT32 },
	{ "gid", UINT32 },
	{ "umask", UINT32 },
	{ "additionalGids", UINT32 },
	{ "height", UINT64 },
	{ "width", UINT64 },
	{ "soft", UINT64 },
	{ "hard", UINT64 },
	{ "oomScoreAdj", INT64 },
	{ "priority", INT64 },
	{ "nice", INT64 },
	{ "runtime", INT64 },
	{ "deadline", UINT64 },
	{ "period", UINT64 },
	{ "containerID", UINT32 },
	{ "hostID", UINT32 },
	{ "size", UINT32 },
	{ "major", INT64 },
	{ "minor", INT64 },
	{ "fileMode", UINT32 },
	{ "errnoRet", UINT64 },
	{ "defaultErrnoRet", UINT64 },
	{ "index", UINT64 },
	{ "value", UINT64 },
	{ "valueTwo", UINT64 },
	{ "secs", INT64 },
	{ "nanosecs", UINT32 },
	{ "timeout", INT64 },
	{ "limit", INT64 },
	{ "reservation", INT64 },
	{ "swap", INT64 },
	{ "kernel", INT64 },
	{ "kernelTCP", INT64 },
	{ "swappiness", UINT64 },
	{ "shares", UINT64 },
	{ "quota", INT64 },
	{ "burst", UINT64 },
	{ "realtimeRuntime", INT64 },
	{ "realtimePeriod", UINT64 },
	{ "idle", INT64 },
	{ "weight", UINT64 },
	{ "leafWeight", UINT64 },
	{ "rate", UINT64 },
	{ "classID", UINT32 },
	{ "hcaHandles", UINT32 },
	{ "hcaObjects", UINT32 },
};

static bool is_integral(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '.' || text[i] == 'e' || text[i] == 'E')
			return false;
	return true;
}

/* The key whose value @number is, or is an element of; JSON_NONE if there is none. */
static uint32_t key_above(const struct json *doc, uint32_t number)
{
	uint32_t child = number;

	for (uint32_t t = number; t-- > 0;) {
		if (doc->tokens[t].next <= number)
			continue;
		if (doc->tokens[t].type == JSON_OBJECT)
			return json_key(doc, child);
		if (doc->tokens[t].type == JSON_ARRAY)
			child = t;
	}
	return JSON_NONE;
}

static bool holds_integer(const struct json *doc, uint32_t key, enum width *width)
{
	for (size_t i = 0; key != JSON_NONE && i < ARRAY_SIZE(integers); i++) {
		*width = integers[i].width;
		if (json_match_key(doc, key, integers[i].name) == JSON_EQUALS)
			return true;
	}
	return false;
}

/* No larger than the member can hold; what is below zero is spec_parse()'s business. */
static bool fits(const struct json *doc, uint32_t number, enum width width)
{
	uint64_t large = 0;
	int64_t small;
	const bool is_small = json_integer(doc, number, &small, NULL) == 0;

	if (width == INT64 || (is_small && small < 0))
		return is_small;
	return json_unsigned(doc, number, &large, NULL) == 0 &&
	       (width == UINT64 || large <= UINT32_MAX);
}

static int tell_number(struct look *l, uint32_t number, const char *what, bool integer)
{
	const struct json *doc = &l->bundle->doc;
	const struct json_token *t = &doc->tokens[number];
	const struct note note = {
		.rule = RULE_HW122,
		.severity = integer ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.token = number,
	};
	const int len = t->end - t->start < 40 ? (int)(t->end - t->start) : 40;

	return lint_tell(l, &note, "%.*s %s%s", len, doc->text + t->start, what,
			 integer ? ": runc and crun refuse the container" : "");
}

static int check_number(struct look *l, uint32_t number)
{
	const struct json *doc = &l->bundle->doc;
	const struct json_token *t = &doc->tokens[number];
	const bool integral = is_integral(doc->text + t->start, t->end - t->start);
	enum width width = INT64;
	bool integer;

	/* Small ones fit everywhere: most need no look at what they are. */
	if (integral && t->end - t->start < 10)
		return 0;
	integer = holds_integer(doc, key_above(doc, number), &width);
	if (!integral)
		return tell_number(l, number, "is not written as an integer", integer);
	return !integer || fits(doc, number, width)
		       ? 0
		       : tell_number(l, number, "is too large for what it stands for", true);
}

static int check_numbers(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	int r = 0;

	for (uint32_t t = 0; r == 0 && t < doc->n_tokens; t++)
		if (doc->tokens[t].type == JSON_NUMBER)
			r = check_number(l, t);
	return r;
}

/* ---- understanding ---- */

/* If so, it keeps the rest from being judged, whatever it was taken for. */
static bool told_already(struct look *l, const struct hw_error *why)
{
	for (size_t i = 0; why->line && i < l->result->n; i++) {
		struct lint_finding *told = &l->result->findings[i];

		if (told->line != why->line || told->column != why->column)
			continue;
		told->unjudged = told->unjudged || told->severity != HW_SEVERITY_ERROR;
		return true;
	}
	return false;
}

/* crun takes much for what it is not; nobody told us what for. What is missing both refuse. */
static int tell_misunderstood(struct look *l, int r, const struct hw_error *why)
{
	struct weight weight = lint_weight(l, WRONG_TYPES_IGNORED, EFFECT_UNJUDGED, EFFECT_ERROR);

	if (r == -ENOMEM)
		return error_oom(l->err);
	if (told_already(l, why))
		return 0;
	if (r == -ENOTUNIQ)
		return tell_at(l, RULE_HW105, (struct weight){ HW_SEVERITY_WARNING, true }, why);
	if (strstr(why->message, " is missing") || strstr(why->message, " is null") ||
	    starts_with(why->message, "'annotations'"))
		weight = (struct weight){ HW_SEVERITY_ERROR, false };
	return tell_at(l, RULE_HW103, weight, why);
}

/* With hooks as the policies want them; else without, and hooks are looked at one by one. */
static int understand(struct look *l)
{
	struct bundle *b = l->bundle;
	struct hw_error why;
	int r = spec_parse(&b->doc, l->arena, &b->spec, &why);

	l->plannable = r == 0;
	if (r < 0 && r != -ENOMEM)
		r = spec_parse_without_hooks(&b->doc, l->arena, &b->spec, &why);
	l->understood = r == 0;
	return r < 0 ? tell_misunderstood(l, r, &why) : 0;
}

/* ---- ociVersion ---- */

/* Engines write later versions today, so that it is an error only where the version is told. */
static int check_version(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t value = json_member(doc, JSON_ROOT, "ociVersion");
	const struct weight weight =
		lint_weight(l, VERSION_MUST_BE_1_0,
			    l->lint->runtime.known ? EFFECT_ERROR : EFFECT_WARNING, EFFECT_NONE);
	const struct note note = {
		RULE_HW127, weight.severity, weight.unjudged, value, NULL, NULL
	};
	const char *text;

	if (!runtime_may(l->lint->runtime, VERSION_MUST_BE_1_0) || value == JSON_NONE ||
	    json_type(doc, value) != JSON_STRING ||
	    json_string(doc, value, l->arena, &text, NULL) < 0 || strstr(text, "1.0"))
		return 0;
	return lint_tell(l, &note, "crun before 1.14.3 refuses ociVersion '%.40s'", text);
}

int lint_document(struct look *l)
{
	struct bundle *b = l->bundle;
	struct hw_error why;
	bool twins = false;
	int r = json_scan(&b->doc, b->config_path, b->text, b->len, &why);

	if (r == -EINVAL) {
		r = json_scan_twins(&b->doc, b->config_path, b->text, b->len, &why);
		twins = r == 0;
	}
	if (r == -ENOMEM)
		return error_oom(l->err);
	if (r < 0)
		return tell_error(l, RULE_HW102, syntax_weight(l, &why), &why);
	l->result->scanned = true;
	if (twins)
		r = tell_twins(l);
	if (r == 0)
		r = check_numbers(l);
	if (r == 0)
		r = check_version(l);
	return r < 0 ? r : understand(l);
}
