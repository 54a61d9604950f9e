/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "lint-internal.h"

/* ---- JSON ---- */

/* What only one of the runtimes forgives: runc bytes after the end, crun comments. */
static struct weight syntax_weight(const struct look *l, const struct hw_error *why)
{
	if (starts_with(why->message, "the end is expected"))
		return lint_weight(l, EFFECT_UNJUDGED, EFFECT_ERROR);
	if (streq(why->message, "a comment is not JSON"))
		return lint_weight(l, EFFECT_ERROR, EFFECT_UNJUDGED);
	return lint_weight(l, EFFECT_ERROR, EFFECT_ERROR);
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

static int tell_twins(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	int r = 0;

	for (uint32_t t = 0; r == 0 && t < doc->n_tokens; t++) {
		struct hw_error why;

		if (doc->tokens[t].type != JSON_OBJECT)
			continue;
		r = json_unique_keys(doc, t, &why);
		if (r == -EINVAL)
			r = tell_at(l, RULE_HW104, (struct weight){ HW_SEVERITY_WARNING, true },
				    &why);
	}
	return r == -ENOMEM ? error_oom(l->err) : r;
}

/* ---- numbers ---- */

/* The members that hold integers, by name; all numbers of linux.resources do. */
static const char *const integers[] = {
	"uid",
	"gid",
	"umask",
	"additionalGids",
	"height",
	"width",
	"soft",
	"hard",
	"oomScoreAdj",
	"priority",
	"nice",
	"runtime",
	"deadline",
	"period",
	"containerID",
	"hostID",
	"size",
	"major",
	"minor",
	"fileMode",
	"errnoRet",
	"defaultErrnoRet",
	"index",
	"value",
	"valueTwo",
	"secs",
	"nanosecs",
	"timeout",
	"limit",
	"reservation",
	"swap",
	"kernel",
	"kernelTCP",
	"swappiness",
	"shares",
	"quota",
	"burst",
	"realtimeRuntime",
	"realtimePeriod",
	"idle",
	"weight",
	"leafWeight",
	"rate",
	"classID",
	"hcaHandles",
	"hcaObjects",
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

static bool holds_integer(const struct json *doc, uint32_t key)
{
	for (size_t i = 0; key != JSON_NONE && i < ARRAY_SIZE(integers); i++)
		if (json_match_key(doc, key, integers[i]) == JSON_EQUALS)
			return true;
	return false;
}

static int tell_number(struct look *l, uint32_t number)
{
	const struct json *doc = &l->bundle->doc;
	const struct json_token *t = &doc->tokens[number];
	const bool integer = holds_integer(doc, key_above(doc, number));
	const struct note note = {
		.rule = RULE_HW122,
		.severity = integer ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.token = number,
	};
	const int len = t->end - t->start < 40 ? (int)(t->end - t->start) : 40;

	return lint_tell(l, &note, "%.*s is not written as an integer%s", len, doc->text + t->start,
			 integer ? ": runc and crun refuse the container" : "");
}

static int check_numbers(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	int r = 0;

	for (uint32_t t = 0; r == 0 && t < doc->n_tokens; t++)
		if (doc->tokens[t].type == JSON_NUMBER &&
		    !is_integral(doc->text + doc->tokens[t].start,
				 doc->tokens[t].end - doc->tokens[t].start))
			r = tell_number(l, t);
	return r;
}

/* ---- understanding ---- */

static bool told_already(const struct look *l, const struct hw_error *why)
{
	for (size_t i = 0; i < l->result->n; i++)
		if (l->result->findings[i].line == why->line &&
		    l->result->findings[i].column == why->column && why->line)
			return true;
	return false;
}

/* crun takes much for what it is not; nobody told us what for. What is missing both refuse. */
static int tell_misunderstood(struct look *l, int r, const struct hw_error *why)
{
	struct weight weight = lint_weight(l, EFFECT_ERROR, EFFECT_UNJUDGED);

	if (r == -ENOMEM)
		return error_oom(l->err);
	if (told_already(l, why))
		return 0;
	if (r == -ENOTUNIQ)
		return tell_at(l, RULE_HW105, (struct weight){ HW_SEVERITY_WARNING, true }, why);
	if (strstr(why->message, " is missing") || strstr(why->message, " is null"))
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
	return r < 0 ? r : understand(l);
}
