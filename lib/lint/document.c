/* SPDX-License-Identifier: Apache-2.0 */
/* lint: config.json as a document: syntax, duplicate keys, wrong types, numbers. */
#include <stdio.h>

#include "lint/internal.h"

/* ---- JSON ---- */

/* Mistakes that only some of the runtimes tolerate. */
static struct weight syntax_weight(const struct look *l, enum json_fault fault)
{
	switch (fault) {
	case JSON_TRAILING:
		return lint_weight(l, BYTES_BEHIND_THE_DOCUMENT, EFFECT_UNJUDGED, EFFECT_ERROR);
	case JSON_COMMENT:
		return lint_weight(l, COMMENTS_IN_JSON, EFFECT_UNJUDGED, EFFECT_ERROR);
	default:
		return lint_weight_of(EFFECT_ERROR);
	}
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

/* An error with a place in the scanned document, whose value is then known, too. */
static int tell_at(struct look *l, enum rule rule, struct weight weight, const struct hw_error *why)
{
	const struct note note = {
		.rule = rule,
		.severity = weight.severity,
		.unjudged = weight.unjudged,
		.token = json_find(&l->bundle->doc, why->line, why->column),
		.hint = why->hint[0] ? arena_strdup(l->arena, why->hint) : NULL,
	};

	return lint_tell(l, &note, "%s", why->message);
}

/* ---- duplicate keys ---- */

/* Whether what differs below that member of the document would make a difference to a verdict. */
static bool is_read(const struct json *doc, uint32_t key)
{
	static const char *const read[] = { "root", "process", "mounts", "linux", "hooks" };

	for (size_t i = 0; i < ARRAY_SIZE(read); i++)
		if (json_match_key(doc, key, read[i]) == JSON_EQUALS)
			return true;
	return false;
}

static int tell_pair(struct look *l, const struct json_twins *twins, bool unjudged)
{
	const struct note note = { .rule = RULE_HW104,
				   .severity = HW_SEVERITY_WARNING,
				   .unjudged = unjudged,
				   .token = twins->second };
	struct hw_error why;

	if (lint_only_counts(l, &note))
		return 0;
	json_refuse_twins(&l->bundle->doc, twins, EINVAL, &why);
	return tell_at(l, note.rule, (struct weight){ note.severity, unjudged }, &why);
}

/* @key: of the member of the document that the object is in; JSON_NONE: it is the document. */
static int check_object(struct look *l, uint32_t object, uint32_t key)
{
	const struct json *doc = &l->bundle->doc;
	struct json_twins twins;

	if (json_find_twins(doc, object, &twins) < 0)
		return error_oom(l->err);
	if (twins.first == JSON_NONE)
		return 0;
	return tell_pair(l, &twins, is_read(doc, key == JSON_NONE ? twins.second : key));
}

/* In one walk, which goes along with the members of the document. */
static int tell_twins(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	const bool has_members = json_type(doc, JSON_ROOT) == JSON_OBJECT;
	uint32_t member = has_members ? json_first(doc, JSON_ROOT) : JSON_NONE, key = JSON_NONE;
	int r = 0;

	for (uint32_t t = 0; r == 0 && t < doc->n_tokens; t++) {
		if (t == member) {
			key = json_key(doc, member);
			member = json_next(doc, JSON_ROOT, member);
		}
		if (doc->tokens[t].type == JSON_OBJECT)
			r = check_object(l, t, key);
	}
	return r;
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

/* A container that is open, in a walk over all tokens. */
struct level {
	uint32_t end; /* the first token behind it */
	uint32_t key; /* whose value it is, or is an element of; JSON_NONE: none */
	bool is_object;
};

struct number_walk {
	struct level levels[JSON_DEPTH_MAX];
	size_t depth;
	uint32_t asked; /* the key that was looked up last: an array has many numbers */
	bool integer;	/* what it holds */
	enum width width;
};

/* The key whose value @value is, or is an element of. */
static uint32_t key_above(const struct number_walk *w, const struct json *doc, uint32_t value)
{
	const struct level *in = w->depth ? &w->levels[w->depth - 1] : NULL;

	return !in ? JSON_NONE : in->is_object ? json_key(doc, value) : in->key;
}

static void leave_containers(struct number_walk *w, uint32_t token)
{
	while (w->depth && token >= w->levels[w->depth - 1].end)
		w->depth--;
}

static void enter_container(struct number_walk *w, const struct json *doc, uint32_t token)
{
	const struct level level = { doc->tokens[token].next, key_above(w, doc, token),
				     doc->tokens[token].type == JSON_OBJECT };

	w->levels[w->depth++] = level;
}

static bool holds_integer(struct number_walk *w, const struct json *doc, uint32_t key)
{
	if (key == w->asked)
		return w->integer;
	w->asked = key;
	w->integer = false;
	for (size_t i = 0; !w->integer && key != JSON_NONE && i < ARRAY_SIZE(integers); i++) {
		w->width = integers[i].width;
		w->integer = json_match_key(doc, key, integers[i].name) == JSON_EQUALS;
	}
	return w->integer;
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

static int check_number(struct look *l, struct number_walk *w, uint32_t number)
{
	const struct json *doc = &l->bundle->doc;
	const struct json_token *t = &doc->tokens[number];
	const bool integral = is_integral(doc->text + t->start, t->end - t->start);
	bool integer;

	/* Small ones fit everywhere: most need no look at what they are. */
	if (integral && t->end - t->start < 10)
		return 0;
	integer = holds_integer(w, doc, key_above(w, doc, number));
	if (!integral)
		return tell_number(l, number, "is not written as an integer", integer);
	return !integer || fits(doc, number, w->width)
		       ? 0
		       : tell_number(l, number, "is too large for this member", true);
}

static int check_numbers(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	struct number_walk w = { .asked = JSON_NONE };
	int r = 0;

	for (uint32_t t = 0; r == 0 && t < doc->n_tokens; t++) {
		const enum json_type type = json_type(doc, t);

		leave_containers(&w, t);
		if (type == JSON_OBJECT || type == JSON_ARRAY)
			enter_container(&w, doc, t);
		else if (type == JSON_NUMBER)
			r = check_number(l, &w, t);
	}
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

/*
 * crun accepts many wrong types, and how it reads them is not known. Both refuse missing members.
 */
static int tell_misunderstood(struct look *l, int r, const struct hw_error *why)
{
	struct weight weight = lint_weight(l, WRONG_TYPES_IGNORED, EFFECT_UNJUDGED, EFFECT_ERROR);

	if (r == -ENOMEM)
		return error_oom(l->err);
	if (told_already(l, why))
		return 0;
	if (r == -ENOTUNIQ)
		return tell_at(l, RULE_HW105, (struct weight){ HW_SEVERITY_WARNING, true }, why);
	if (l->bundle->spec.refused_by_all)
		weight = (struct weight){ HW_SEVERITY_ERROR, false };
	return tell_at(l, RULE_HW103, weight, why);
}

/* With hooks as the policies want them; else without, and hooks are inspected one by one. */
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

/* Engines write later versions today, so that it is an error only if the version is given. */
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

	if (runtime_is_other(l->lint->runtime) ||
	    !runtime_may(l->lint->runtime, VERSION_MUST_BE_1_0) || value == JSON_NONE ||
	    json_type(doc, value) != JSON_STRING ||
	    json_string(doc, value, l->arena, &text, NULL) < 0 || strstr(text, "1.0"))
		return 0;
	return lint_tell(l, &note, "crun before 1.14.3 refuses ociVersion '%.40s'", text);
}

/* Our limit, not one of the runtimes: nothing is known about the container then. */
static int tell_too_many(struct look *l, const struct hw_error *why)
{
	return tell_error(l, RULE_HW130, (struct weight){ HW_SEVERITY_WARNING, true }, why);
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
	if (r == -EFBIG)
		return tell_too_many(l, &why);
	if (r < 0)
		return tell_error(l, RULE_HW102, syntax_weight(l, b->doc.fault), &why);
	l->result->scanned = true;
	if (twins)
		r = tell_twins(l);
	if (r == 0)
		r = check_numbers(l);
	if (r == 0)
		r = check_version(l);
	return r < 0 ? r : understand(l);
}
