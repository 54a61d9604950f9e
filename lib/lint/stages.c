/* SPDX-License-Identifier: Apache-2.0 */
/* lint: the stages: their names and types, the hooks in them, the same hook twice. */
#include <stdio.h>

#include "base/list.h"
#include "base/suggest.h"
#include "lint/internal.h"

#define SHOWN 60 /* bytes of a key that a message shows */

static int key_len(const struct json *doc, uint32_t key)
{
	const uint32_t len = doc->tokens[key].end - doc->tokens[key].start - 2;

	return len < SHOWN ? (int)len : SHOWN;
}

static const char *key_text(const struct json *doc, uint32_t key)
{
	return doc->text + doc->tokens[key].start + 1;
}

/* ---- the version ---- */

static int check_version(struct look *l, const struct stage *stage, uint32_t key)
{
	const struct note note = { .rule = RULE_HW121,
				   .severity = HW_SEVERITY_WARNING,
				   .token = key };
	const unsigned *have = l->version_numbers;

	if (!l->has_version_numbers)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		if (have[i] > stage->since[i])
			return 0;
		if (have[i] < stage->since[i])
			return lint_tell(l, &note,
					 "%s was added in version %u.%u.%u of the specification, "
					 "but ociVersion is %.40s",
					 stage->name, stage->since[0], stage->since[1],
					 stage->since[2], l->version);
	}
	return 0;
}

/* ---- one stage ---- */

static struct lint_hook *add_hook(struct look *l)
{
	if (!LIST_ROOM(l->arena, l->hooks, l->n_hooks, l->capacity))
		return NULL;
	return &l->hooks[l->n_hooks++];
}

/* Nothing is known of what the others do, and of what comes after them. */
static int tell_too_many(struct look *l, const struct stage *stage, uint32_t entry)
{
	const struct note note = { .rule = RULE_HW130,
				   .severity = HW_SEVERITY_WARNING,
				   .unjudged = true,
				   .token = entry };

	return lint_tell(l, &note,
			 "the hooks of %s from here on are not inspected: config.json exceeds "
			 "the limit of %d hooks",
			 stage->name, LINT_HOOKS_MAX);
}

static int read_entries(struct look *l, const struct stage *stage, uint32_t array)
{
	const struct json *doc = &l->bundle->doc;
	uint32_t index = 0;
	int r = 0;

	for (uint32_t e = json_first(doc, array); r == 0 && e != JSON_NONE;
	     e = json_next(doc, array, e)) {
		struct lint_hook *hook;

		if (l->n_hooks == LINT_HOOKS_MAX)
			return tell_too_many(l, stage, e);
		hook = add_hook(l);
		if (!hook)
			return error_oom(l->err);
		*hook = (struct lint_hook){ .stage = stage, .index = index, .token = e };
		index++;
		r = lint_hook_read(l, hook);
	}
	return r;
}

/* A container is not what it should be: runc refuses it, crun passes over it. */
static int wrong_shape(struct look *l, uint32_t value, const char *name, const char *want,
		       enum effect ignored)
{
	const struct weight weight = lint_weight(l, WRONG_TYPES_IGNORED, ignored, EFFECT_ERROR);
	const struct note note = {
		RULE_HW108, weight.severity, weight.unjudged, value, NULL, NULL
	};

	return lint_tell(l, &note, "'%s' must be %s, not %s: %s", name, want,
			 json_type_name(json_type(&l->bundle->doc, value)),
			 runtime_does(l->lint->runtime, WRONG_TYPES_IGNORED) != YES
				 ? "runc refuses the container"
				 : "crun ignores it, and its hooks never run");
}

static int read_stage(struct look *l, const struct stage *stage, uint32_t value)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t key = json_key(doc, value);
	int r = 0;

	if (json_type(doc, value) == JSON_NULL)
		return 0;
	if (json_type(doc, value) != JSON_ARRAY)
		return wrong_shape(l, value, stage->name, "an array", EFFECT_ERROR);
	if (doc->tokens[value].count == 0)
		return 0;
	if (stage->deprecated) {
		const struct note note = { .rule = RULE_HW120,
					   .severity = HW_SEVERITY_WARNING,
					   .token = key };

		r = lint_tell(l, &note, "%s is deprecated since version 1.0.2 of the specification",
			      stage->name);
	}
	if (r == 0)
		r = check_version(l, stage, key);
	return r < 0 ? r : read_entries(l, stage, value);
}

/* ---- keys ---- */

static bool holds_hooks(const struct json *doc, uint32_t value)
{
	const enum json_type type = json_type(doc, value);

	return (type == JSON_ARRAY || type == JSON_OBJECT) && doc->tokens[value].count > 0;
}

static int unknown_stage(struct look *l, uint32_t value)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t key = json_key(doc, value);
	struct note note = {
		.rule = RULE_HW106,
		.severity = holds_hooks(doc, value) ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.token = key,
	};
	char word[SHOWN + 1];
	struct suggestion s = SUGGEST_FOR(word);

	if (lint_only_counts(l, &note))
		return 0;
	snprintf(word, sizeof(word), "%.*s", key_len(doc, key), key_text(doc, key));
	for (size_t i = 0; i < HOOK_STAGES; i++)
		suggest_consider(&s, hook_stages[i].name);
	if (s.best) {
		note.hint = arena_printf(l->arena, "did you mean '%s'?", s.best);
		if (!note.hint)
			return error_oom(l->err);
	}
	return lint_tell(l, &note, "stage '%s' does not exist%s", word,
			 note.severity == HW_SEVERITY_ERROR ? ": its hooks never run" : "");
}

/* "startcontainer": runc reads it, crun does not know it. */
static int variant_stage(struct look *l, const struct stage *stage, uint32_t value)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t key = json_key(doc, value);
	const struct weight weight =
		lint_weight(l, KEYS_IN_ANY_CASE, EFFECT_WARNING,
			    holds_hooks(doc, value) ? EFFECT_ERROR : EFFECT_WARNING);
	struct note note = {
		.rule = RULE_HW105,
		.severity = weight.severity,
		.token = key,
	};
	int r = 0;

	if (!lint_only_counts(l, &note)) {
		note.hint = arena_printf(l->arena, "write '%s'", stage->name);
		r = lint_tell(l, &note,
			      "runc reads '%.*s' as '%s'; crun does not "
			      "know it and does not run its hooks",
			      key_len(doc, key), key_text(doc, key), stage->name);
	}
	return r < 0 || !runtime_may(l->lint->runtime, KEYS_IN_ANY_CASE)
		       ? r
		       : read_stage(l, stage, value);
}

static int read_member(struct look *l, uint32_t value)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t key = json_key(doc, value);

	for (size_t i = 0; i < HOOK_STAGES; i++) {
		switch (json_match_key(doc, key, hook_stages[i].name)) {
		case JSON_EQUALS:
			return read_stage(l, &hook_stages[i], value);
		case JSON_FOLDS:
			return variant_stage(l, &hook_stages[i], value);
		case JSON_DIFFERS:
			break;
		}
	}
	return unknown_stage(l, value);
}

/* "hooks" itself, or what runc takes for it. */
static int find_hooks(struct look *l, uint32_t *ret)
{
	const struct json *doc = &l->bundle->doc;
	int r = 0;

	*ret = json_member(doc, JSON_ROOT, "hooks");
	for (uint32_t v = json_first(doc, JSON_ROOT); r == 0 && v != JSON_NONE;
	     v = json_next(doc, JSON_ROOT, v)) {
		const uint32_t key = json_key(doc, v);
		const bool alone = *ret == JSON_NONE;
		const struct weight weight =
			alone ? lint_weight(l, KEYS_IN_ANY_CASE, EFFECT_WARNING,
					    holds_hooks(doc, v) ? EFFECT_ERROR : EFFECT_WARNING)
			      : lint_weight(l, KEYS_IN_ANY_CASE, EFFECT_UNJUDGED, EFFECT_WARNING);
		const struct note note = { RULE_HW105, weight.severity, weight.unjudged, key,
					   NULL,       "write 'hooks'" };

		if (json_match_key(doc, key, "hooks") != JSON_FOLDS)
			continue;
		r = lint_tell(l, &note, "runc reads '%.*s' as 'hooks'; crun does not know it",
			      key_len(doc, key), key_text(doc, key));
		if (alone && runtime_may(l->lint->runtime, KEYS_IN_ANY_CASE))
			*ret = v;
	}
	return r;
}

/* ---- the same hook twice ---- */

struct twin {
	const struct lint_hook *hook;
	uint64_t hash;
};

static uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211); /* FNV-1a */
	return hash;
}

static uint64_t hash_hook(const struct lint_hook *hook)
{
	uint64_t hash =
		hash_bytes(UINT64_C(14695981039346656037), hook->path, strlen(hook->path) + 1);

	for (size_t i = 0; i < hook->args.n; i++)
		hash = hash_bytes(hash, hook->args.items[i], strlen(hook->args.items[i]) + 1);
	return hash;
}

static bool same_hook(const struct lint_hook *a, const struct lint_hook *b)
{
	if (a->stage != b->stage || a->args.n != b->args.n || !streq(a->path, b->path))
		return false;
	for (size_t i = 0; i < a->args.n; i++)
		if (!streq(a->args.items[i], b->args.items[i]))
			return false;
	return true;
}

static int by_hash(const void *one, const void *two)
{
	const struct twin *a = one, *b = two;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->hook < b->hook ? -1 : a->hook > b->hook;
}

static int check_twins(struct look *l)
{
	struct twin *twins = arena_alloc(l->arena, l->n_hooks, sizeof(*twins));
	size_t n = 0;
	int r = 0;

	if (!twins)
		return error_oom(l->err);
	for (size_t i = 0; i < l->n_hooks; i++)
		if (l->hooks[i].path && l->hooks[i].args_given != GIVEN_WRONG)
			twins[n++] = (struct twin){ &l->hooks[i], hash_hook(&l->hooks[i]) };
	qsort(twins, n, sizeof(*twins), by_hash);
	for (size_t i = 1; r == 0 && i < n; i++) {
		const struct note note = { .rule = RULE_HW123,
					   .severity = HW_SEVERITY_WARNING,
					   .token = twins[i].hook->token,
					   .hook = twins[i].hook };

		if (twins[i].hash == twins[i - 1].hash &&
		    same_hook(twins[i - 1].hook, twins[i].hook))
			r = lint_tell(l, &note,
				      "%s is listed a second time, with the same arguments",
				      lint_hook_name(l, twins[i].hook));
	}
	return r;
}

/* Once for all stages. */
static int read_version(struct look *l)
{
	unsigned *have = l->version_numbers;
	const struct json *doc = &l->bundle->doc;
	const uint32_t value = json_member(doc, JSON_ROOT, "ociVersion");

	if (value == JSON_NONE || json_type(doc, value) != JSON_STRING)
		return 0;
	if (json_string(doc, value, l->arena, &l->version, NULL) == -ENOMEM)
		return error_oom(l->err);
	l->has_version_numbers =
		l->version && sscanf(l->version, "%4u.%4u.%4u", &have[0], &have[1], &have[2]) == 3;
	return 0;
}

int lint_hooks(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	uint32_t hooks = JSON_NONE;
	int r;

	if (!l->result->scanned || json_type(doc, JSON_ROOT) != JSON_OBJECT)
		return 0;
	r = read_version(l);
	if (r == 0)
		r = find_hooks(l, &hooks);
	if (r < 0 || hooks == JSON_NONE || json_type(doc, hooks) == JSON_NULL)
		return r;
	if (json_type(doc, hooks) != JSON_OBJECT)
		return wrong_shape(l, hooks, "hooks", "an object", EFFECT_WARNING);
	for (uint32_t v = json_first(doc, hooks); r == 0 && v != JSON_NONE;
	     v = json_next(doc, hooks, v))
		r = read_member(l, v);
	l->result->n_hooks = l->n_hooks;
	return r < 0 || l->n_hooks < 2 ? r : check_twins(l);
}
