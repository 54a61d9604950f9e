/* SPDX-License-Identifier: Apache-2.0 */
/* lint: the members of one hook: path, args, env and timeout. */
#include <stdarg.h>
#include <stdio.h>

#include "base/suggest.h"
#include "lint/internal.h"

static const char *const keys[] = { "path", "args", "env", "timeout" };
enum { KEY_PATH, KEY_ARGS, KEY_ENV, KEY_TIMEOUT, N_KEYS };

/* The members that a hook can have, as the runtime finds them. */
struct members {
	uint32_t values[N_KEYS]; /* JSON_NONE: absent */
};

/* The message begins with the hook's name. */
PRINTF_LIKE(6, 7)
static int tell(struct look *l, const struct lint_hook *hook, enum rule rule, uint32_t token,
		struct weight weight, const char *fmt, ...)
{
	const struct note note = { rule, weight.severity, weight.unjudged, token, hook, NULL };
	const char *message;
	va_list ap;

	if (lint_only_counts(l, &note))
		return 0;
	va_start(ap, fmt);
	message = arena_vprintf(l->arena, fmt, ap);
	va_end(ap);
	if (!message)
		return error_oom(l->err);
	return lint_tell(l, &note, "%s: %s", lint_hook_name(l, hook), message);
}

/* ---- keys ---- */

static int unknown_key(struct look *l, const struct lint_hook *hook, uint32_t key)
{
	const struct json *doc = &l->bundle->doc;
	struct note note = {
		.rule = RULE_HW107, .severity = HW_SEVERITY_WARNING, .token = key, .hook = hook
	};
	const size_t len = doc->tokens[key].end - doc->tokens[key].start - 2;
	char word[128]; /* longer ones are not misspellings */
	struct suggestion s = SUGGEST_FOR(word);

	if (lint_only_counts(l, &note))
		return 0;
	snprintf(word, sizeof(word), "%.*s", (int)(len < sizeof(word) ? len : sizeof(word)),
		 doc->text + doc->tokens[key].start + 1);
	for (size_t i = 0; i < N_KEYS; i++)
		suggest_consider(&s, keys[i]);
	if (s.best)
		note.hint = arena_printf(l->arena, "did you mean '%s'?", s.best);
	return lint_tell(l, &note, "a hook does not have a member '%.60s'; runtimes ignore it",
			 word);
}

/* runc reads it as the member; crun does not know it, so that the member is missing. */
static int variant_key(struct look *l, const struct lint_hook *hook, uint32_t key, size_t which)
{
	const struct weight weight =
		lint_weight(l, KEYS_IN_ANY_CASE, EFFECT_WARNING,
			    which == KEY_PATH ? EFFECT_WARNING : EFFECT_UNJUDGED);
	struct note note = {
		.rule = RULE_HW105,
		.severity =
			l->lint->runtime.kind == RUNTIME_ANY ? HW_SEVERITY_ERROR : weight.severity,
		.unjudged = weight.unjudged,
		.token = key,
		.hook = hook,
	};

	if (lint_only_counts(l, &note))
		return 0;
	note.hint = arena_printf(l->arena, "write '%s'", keys[which]);
	return lint_tell(l, &note, "runc reads this key as '%s', crun does not know it",
			 keys[which]);
}

static int find_member(struct look *l, const struct lint_hook *hook, uint32_t value,
		       struct members *m)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t key = json_key(doc, value);

	for (size_t i = 0; i < N_KEYS; i++) {
		const enum json_match match = json_match_key(doc, key, keys[i]);

		if (match == JSON_DIFFERS)
			continue;
		if (match == JSON_EQUALS || runtime_may(l->lint->runtime, KEYS_IN_ANY_CASE))
			m->values[i] = value;
		return match == JSON_EQUALS ? 0 : variant_key(l, hook, key, i);
	}
	return unknown_key(l, hook, key);
}

static int find_members(struct look *l, const struct lint_hook *hook, struct members *m)
{
	const struct json *doc = &l->bundle->doc;
	int r = 0;

	for (size_t i = 0; i < N_KEYS; i++)
		m->values[i] = JSON_NONE;
	for (uint32_t v = json_first(doc, hook->token); r == 0 && v != JSON_NONE;
	     v = json_next(doc, hook->token, v))
		r = find_member(l, hook, v, m);
	for (size_t i = 0; i < N_KEYS; i++)
		if (m->values[i] != JSON_NONE && json_type(doc, m->values[i]) == JSON_NULL)
			m->values[i] = JSON_NONE;
	return r;
}

/* ---- strings ---- */

/* *@ret is NULL where the string is one that runtimes take for different things. */
static int read_text(struct look *l, struct lint_hook *hook, uint32_t value, const char *what,
		     const char **ret)
{
	const struct json *doc = &l->bundle->doc;
	const struct json_token *t = &doc->tokens[value];
	struct hw_error why;
	int r = json_string(doc, value, l->arena, ret, &why);
	bool nul;

	if (r == 0 && strlen(*ret) < EXEC_STRING_MAX)
		return 0;
	if (r == -ENOMEM)
		return error_oom(l->err);
	*ret = NULL;
	hook->broken = true;
	if (r == 0)
		return tell(l, hook, RULE_HW112, value, lint_weight_of(EFFECT_ERROR),
			    "%s is longer than 131071 bytes, the limit of the kernel", what);
	nul = memmem(doc->text + t->start, t->end - t->start, "\\u0000", 6);
	if (nul)
		return tell(l, hook, RULE_HW112, value,
			    lint_weight(l, NUL_ENDS_A_STRING, EFFECT_UNJUDGED, EFFECT_ERROR),
			    "%s contains a NUL, which runc refuses and crun treats as its end",
			    what);
	return tell(l, hook, RULE_HW112, value, lint_weight_of(EFFECT_UNJUDGED),
		    "%s contains an unpaired surrogate", what);
}

/* How an array of strings may be wrong: one row each for args and env. */
static const struct array_rules {
	const char *name;
	enum rule wrong;
} array_rules[] = {
	[KEY_ARGS] = { "args", RULE_HW113 },
	[KEY_ENV] = { "env", RULE_HW115 },
};

/* crun drops what it does not expect; null is "" for both. */
static int wrong_array(struct look *l, struct lint_hook *hook, uint32_t value, size_t which)
{
	const struct array_rules *rules = &array_rules[which];
	const struct json *doc = &l->bundle->doc;

	return tell(l, hook, rules->wrong, value,
		    lint_weight(l, WRONG_TYPES_IGNORED, EFFECT_WARNING, EFFECT_ERROR),
		    "'%s' must be an array of strings; runc refuses %s here, crun ignores it",
		    rules->name, json_type_name(json_type(doc, value)));
}

static int read_element(struct look *l, struct lint_hook *hook, uint32_t e, size_t which,
			const char **ret, bool *wrong)
{
	const struct json *doc = &l->bundle->doc;

	*ret = "";
	if (json_type(doc, e) == JSON_STRING)
		return read_text(l, hook, e, which == KEY_ARGS ? "an argument" : "a variable", ret);
	if (json_type(doc, e) == JSON_NULL)
		return tell(l, hook, array_rules[which].wrong, e, lint_weight_of(EFFECT_WARNING),
			    "runtimes read null as an empty string");
	*wrong = true;
	*ret = NULL;
	return wrong_array(l, hook, e, which);
}

static int read_array(struct look *l, struct lint_hook *hook, uint32_t value, size_t which,
		      enum given *given, struct spec_strings *ret)
{
	const struct json *doc = &l->bundle->doc;
	const char **items;
	bool wrong = false;
	size_t n = 0;
	int r = 0;

	*given = GIVEN_ABSENT;
	if (value == JSON_NONE)
		return 0;
	*given = GIVEN_WRONG;
	if (json_type(doc, value) != JSON_ARRAY)
		return wrong_array(l, hook, value, which);
	items = arena_alloc(l->arena, doc->tokens[value].count, sizeof(*items));
	if (!items)
		return error_oom(l->err);
	for (uint32_t e = json_first(doc, value); r == 0 && e != JSON_NONE;
	     e = json_next(doc, value, e)) {
		r = read_element(l, hook, e, which, &items[n], &wrong);
		n += items[n] != NULL;
	}
	*given = wrong			    ? GIVEN_WRONG
		 : n			    ? GIVEN_VALUES
		 : doc->tokens[value].count ? GIVEN_WRONG
					    : GIVEN_EMPTY;
	*ret = (struct spec_strings){ items, n };
	return r;
}

/* ---- path ---- */

static int read_path(struct look *l, struct lint_hook *hook, uint32_t value)
{
	const struct json *doc = &l->bundle->doc;
	int r;

	hook->path_token = value;
	if (value == JSON_NONE || json_type(doc, value) != JSON_STRING) {
		hook->broken = true;
		return tell(l, hook, RULE_HW110, value == JSON_NONE ? hook->token : value,
			    lint_weight_of(EFFECT_ERROR),
			    value == JSON_NONE ? "it does not have a path"
					       : "its path is not a string");
	}
	r = read_text(l, hook, value, "the path", &hook->path);
	if (r < 0 || !hook->path)
		return r;
	if (!hook->path[0]) {
		hook->broken = true;
		return tell(l, hook, RULE_HW110, value, lint_weight_of(EFFECT_ERROR),
			    "its path is empty");
	}
	if (hook->path[0] == '/')
		return 0;
	return tell(l, hook, RULE_HW111, value, lint_weight_of(EFFECT_WARNING),
		    strchr(hook->path, '/')
			    ? "its path is relative: it is resolved in the current directory"
			    : "its path is a bare name: runc looks in the current directory, crun "
			      "in process.env's PATH");
}

/* ---- args and env ---- */

static int check_args(struct look *l, const struct lint_hook *hook)
{
	if (hook->args_given == GIVEN_ABSENT)
		return tell(l, hook, RULE_HW114, hook->token, lint_weight_of(EFFECT_NOTE),
			    "it does not have args: the path becomes argv[0]");
	if (hook->args_given == GIVEN_EMPTY)
		return tell(l, hook, RULE_HW114, hook->args_token,
			    lint_weight(l, EMPTY_ARGS_NO_NAME, EFFECT_WARNING, EFFECT_NOTE),
			    "its args is empty: crun starts the program without argv[0]");
	return 0;
}

static int check_entries(struct look *l, const struct lint_hook *hook)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < hook->env.n; i++)
		if (hook->env.items[i][0] == '=' || !strchr(hook->env.items[i], '='))
			r = tell(l, hook, RULE_HW116, hook->env_token,
				 lint_weight_of(EFFECT_WARNING),
				 "its env has '%.60s', which is not NAME=VALUE",
				 hook->env.items[i]);
	return r;
}

static int check_env(struct look *l, const struct lint_hook *hook)
{
	if (hook->env_given == GIVEN_ABSENT)
		return tell(l, hook, RULE_HW118, hook->token, lint_weight_of(EFFECT_NOTE),
			    hook->stage->in_container
				    ? "it does not have env and inherits process.env"
				    : "it does not have env and inherits one "
				      "that depends on the runtime");
	if (hook->env_given == GIVEN_EMPTY)
		return tell(l, hook, RULE_HW117, hook->env_token, lint_weight_of(EFFECT_WARNING),
			    "its env is empty: it gets no variables or, with some runtimes, "
			    "those of the process");
	return check_entries(l, hook);
}

/* ---- timeout ---- */

#define TIMEOUT_MAX	INT64_C(2147483647)
#define NANOSECONDS_MAX INT64_C(9223372036) /* more overflows a count of nanoseconds */

/* How the two read a whole number of seconds. */
static int check_seconds(struct look *l, struct lint_hook *hook, uint32_t value)
{
	const int64_t s = hook->timeout;

	if (s > 0 && s <= TIMEOUT_MAX)
		return 0;
	if (s == 0)
		return tell(l, hook, RULE_HW119, value,
			    lint_weight(l, TIMEOUT_0_ENDS_AT_ONCE, EFFECT_ERROR, EFFECT_WARNING),
			    "with timeout 0 runc ends it at once and crun does not limit its time");
	if (s < 0)
		return tell(l, hook, RULE_HW119, value, lint_weight_of(EFFECT_ERROR),
			    "a negative timeout ends it at once");
	return tell(l, hook, RULE_HW119, value,
		    lint_weight(l, TIMEOUT_IS_32_BITS, EFFECT_ERROR,
				s > NANOSECONDS_MAX ? EFFECT_ERROR : EFFECT_WARNING),
		    "its timeout is over 2147483647 seconds");
}

static int read_timeout(struct look *l, struct lint_hook *hook, uint32_t value)
{
	const struct json *doc = &l->bundle->doc;

	hook->timeout_token = value;
	if (value == JSON_NONE)
		return 0;
	if (json_type(doc, value) != JSON_NUMBER)
		return tell(
			l, hook, RULE_HW119, value,
			lint_weight(l, WRONG_TYPES_IGNORED, EFFECT_WARNING, EFFECT_ERROR),
			"its timeout is not a number: runc refuses the container, crun does not "
			"limit its time");
	switch (json_integer(doc, value, &hook->timeout, NULL)) {
	case 0:
		return check_seconds(l, hook, value);
	default: /* a fraction, or far too large: HW122 reports it */
		return 0;
	}
}

int lint_hook_read(struct look *l, struct lint_hook *hook)
{
	struct members m;
	int r;

	hook->path_token = hook->args_token = hook->env_token = hook->timeout_token = JSON_NONE;
	if (json_type(&l->bundle->doc, hook->token) != JSON_OBJECT) {
		hook->broken = true;
		return tell(l, hook, RULE_HW109, hook->token, lint_weight_of(EFFECT_ERROR),
			    "a hook must be an object, not %s",
			    json_type_name(json_type(&l->bundle->doc, hook->token)));
	}
	r = find_members(l, hook, &m);
	hook->args_token = m.values[KEY_ARGS];
	hook->env_token = m.values[KEY_ENV];
	if (r == 0)
		r = read_path(l, hook, m.values[KEY_PATH]);
	if (r == 0)
		r = read_array(l, hook, hook->args_token, KEY_ARGS, &hook->args_given, &hook->args);
	if (r == 0)
		r = read_array(l, hook, hook->env_token, KEY_ENV, &hook->env_given, &hook->env);
	if (r == 0)
		r = read_timeout(l, hook, m.values[KEY_TIMEOUT]);
	if (r == 0)
		r = check_args(l, hook);
	return r < 0 ? r : check_env(l, hook);
}
