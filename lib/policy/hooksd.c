/* SPDX-License-Identifier: Apache-2.0 */
/* Parses hooks.d files, oci-hooks(5), and warns about what engines silently ignore. */
#include <stdarg.h>
#include <stdio.h>

#include "base/buffer.h"
#include "base/list.h"
#include "base/suggest.h"
#include "policy/hooksd.h"

struct reader {
	struct hw_hooks_file *file;
	const struct json *doc;
	struct arena *arena;
	struct hw_error *err;
};

/* ---- warnings ---- */

int hooksd_warn(struct hw_hooks_file *file, const struct hooksd_warning *warning)
{
	if (!warning->message)
		return -ENOMEM;
	if (!LIST_ROOM(file->arena, file->warnings, file->n_warnings, file->warnings_capacity))
		return -ENOMEM;
	file->warnings[file->n_warnings++] = *warning;
	return 0;
}

enum weight { WARNING, NOTE };

/* At most this many of each are reported; some files would have an unlimited number. */
#define TOLD_MAX 20

static int tell_how_many_more(struct hw_hooks_file *file)
{
	static const char *const words[] = { [WARNING] = "warnings", [NOTE] = "notes" };
	int r = 0;

	for (size_t weight = 0; r == 0 && weight < ARRAY_SIZE(words); weight++) {
		struct hooksd_warning more = { .note = weight == NOTE };

		if (file->n_told[weight] <= TOLD_MAX)
			continue;
		more.message = arena_printf(file->arena, "... and %zu more %s about this file",
					    file->n_told[weight] - TOLD_MAX, words[weight]);
		r = hooksd_warn(file, &more);
	}
	return r;
}

PRINTF_LIKE(5, 6)
static int warn(const struct reader *r, enum weight weight, uint32_t token, const char *hint,
		const char *fmt, ...)
{
	struct hooksd_warning warning = { .hint = hint, .note = weight == NOTE };
	struct where at;
	va_list ap;

	if (r->file->n_told[weight]++ >= TOLD_MAX)
		return 0;
	at = json_at(r->doc, token);
	warning.line = at.line;
	warning.column = at.column;
	va_start(ap, fmt);
	warning.message = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	return hooksd_warn(r->file, &warning) < 0 ? error_oom(r->err) : 0;
}

/* ---- members ---- */

/* The value of each known key, JSON_NONE for those that are absent or null. */
struct members {
	const char *const *keys; /* ends with NULL */
	uint32_t *values;
	const char *where; /* "when", for messages; "" for the file itself */
};

static int unknown_key(const struct reader *r, const struct members *m, uint32_t key)
{
	const char *word, *hint = "remove it";
	struct suggestion s;
	int res = json_string(r->doc, key, r->arena, &word, r->err);

	if (res < 0)
		return res;
	s = SUGGEST_FOR(word);
	for (size_t i = 0; m->keys[i]; i++)
		suggest_consider(&s, m->keys[i]);
	if (s.best)
		hint = arena_printf(r->arena, "did you mean '%s'?", s.best);
	if (!hint)
		return error_oom(r->err);
	return warn(r, WARNING, key, hint, "unknown key '%s'%s%s is ignored", word,
		    m->where[0] ? " in " : "", m->where);
}

static int read_member(const struct reader *r, const struct members *m, uint32_t value, bool *seen)
{
	const uint32_t key = json_key(r->doc, value);
	size_t i = 0;

	while (m->keys[i] && json_match_key(r->doc, key, m->keys[i]) == JSON_DIFFERS)
		i++;
	if (!m->keys[i])
		return unknown_key(r, m, key);
	if (seen[i])
		return error_set(r->err, EINVAL, json_at(r->doc, key), "keep one of them",
				 "duplicate key '%s', in another case", m->keys[i]);
	seen[i] = true;
	if (json_type(r->doc, value) != JSON_NULL)
		m->values[i] = value;
	if (json_match_key(r->doc, key, m->keys[i]) == JSON_EQUALS)
		return 0;
	return warn(
		r, WARNING, key,
		"write it as in the specification, because other readers might not recognise it",
		"key '%s' is in another case", m->keys[i]);
}

#define KEYS_MAX 10

/* A key's case does not count, as for Go's encoding/json, which the reference engine reads with. */
static int read_members(const struct reader *r, uint32_t object, const struct members *m)
{
	bool seen[KEYS_MAX] = { false };
	int res = 0;

	for (size_t i = 0; m->keys[i]; i++)
		m->values[i] = JSON_NONE;
	for (uint32_t v = json_first(r->doc, object); res == 0 && v != JSON_NONE;
	     v = json_next(r->doc, object, v))
		res = read_member(r, m, v, seen);
	return res;
}

static int wrong_type(const struct reader *r, uint32_t value, const char *name, const char *want)
{
	return error_set(r->err, EINVAL, json_at(r->doc, value), NULL, "'%s' must be %s, not %s",
			 name, want, json_type_name(json_type(r->doc, value)));
}

static int missing(const struct reader *r, uint32_t object, const char *name, const char *hint)
{
	return error_set(r->err, EINVAL, json_at(r->doc, object), hint, "'%s' is missing", name);
}

static int read_text(const struct reader *r, uint32_t value, const char *name, const char **ret)
{
	if (json_type(r->doc, value) != JSON_STRING)
		return wrong_type(r, value, name, "a string");
	return json_string(r->doc, value, r->arena, ret, r->err);
}

/* JSON_NONE gives none. */
static int read_texts(const struct reader *r, uint32_t value, const char *name,
		      struct spec_strings *ret)
{
	const char **items;
	size_t n = 0;

	*ret = (struct spec_strings){ 0 };
	if (value == JSON_NONE)
		return 0;
	if (json_type(r->doc, value) != JSON_ARRAY)
		return wrong_type(r, value, name, "a list of strings");
	items = arena_alloc(r->arena, r->doc->tokens[value].count, sizeof(*items));
	if (!items)
		return error_oom(r->err);
	for (uint32_t v = json_first(r->doc, value); v != JSON_NONE;
	     v = json_next(r->doc, value, v)) {
		int res = read_text(r, v, name, &items[n++]);

		if (res < 0)
			return res;
	}
	*ret = (struct spec_strings){ items, n };
	return 0;
}

static int read_truth(const struct reader *r, uint32_t value, const char *name, enum truth *ret)
{
	*ret = UNKNOWN;
	if (value == JSON_NONE)
		return 0;
	if (json_type(r->doc, value) != JSON_TRUE && json_type(r->doc, value) != JSON_FALSE)
		return wrong_type(r, value, name, "true or false, without quotes");
	*ret = json_type(r->doc, value) == JSON_TRUE ? YES : NO;
	return 0;
}

/* ---- expressions ---- */

static int compile(const struct reader *r, uint32_t token, const char *source,
		   struct hooksd_pattern *ret)
{
	CLEANUP(re2_freep) struct re2 *re = NULL;
	int res = re2_new(source, RE2_ANYWHERE, json_at(r->doc, token), &re, r->err);

	if (res < 0)
		return res;
	ret->source = source;
	ret->token = token;
	if (re2_anchored(re))
		return 0;
	return warn(r, NOTE, token, "write ^...$ to match the complete value",
		    "expression '%s' matches anywhere in the value", source);
}

/* Each is compiled, and tried on every container. */
#define EXPRESSIONS_MAX 256

static int check_count(const struct reader *r, uint32_t value, const char *name)
{
	const uint32_t n = value == JSON_NONE ? 0 : r->doc->tokens[value].count;

	if (n <= EXPRESSIONS_MAX)
		return 0;
	return error_set(r->err, EINVAL, json_at(r->doc, value), "write one expression for many",
			 "'%s' has %u expressions; at most %d are allowed", name, n,
			 EXPRESSIONS_MAX);
}

static int read_commands(const struct reader *r, uint32_t value, const char *name)
{
	struct hw_hooks_file *file = r->file;
	struct spec_strings sources = { 0 };
	uint32_t v = json_first(r->doc, value);
	int res = check_count(r, value, name);

	if (res == 0)
		res = read_texts(r, value, name, &sources);
	if (res < 0 || sources.n == 0)
		return res;
	file->commands = arena_alloc(r->arena, sources.n, sizeof(*file->commands));
	if (!file->commands)
		return error_oom(r->err);
	for (size_t i = 0; res == 0 && i < sources.n; i++) {
		res = compile(r, v, sources.items[i], &file->commands[i]);
		file->n_commands++;
		v = json_next(r->doc, value, v);
	}
	return res;
}

static int read_annotation(const struct reader *r, uint32_t value, struct hooksd_annotation *ret)
{
	const char *key, *expression;
	int res = json_string(r->doc, json_key(r->doc, value), r->arena, &key, r->err);

	if (res == 0)
		res = read_text(r, value, "when.annotations", &expression);
	if (res == 0)
		res = compile(r, json_key(r->doc, value), key, &ret->key);
	if (res == 0)
		res = compile(r, value, expression, &ret->value);
	return res;
}

static int read_annotations(const struct reader *r, uint32_t object)
{
	struct hw_hooks_file *file = r->file;
	int res = 0;

	if (object == JSON_NONE)
		return 0;
	if (json_type(r->doc, object) != JSON_OBJECT)
		return wrong_type(r, object, "when.annotations", "an object");
	res = check_count(r, object, "when.annotations");
	if (res < 0)
		return res;
	file->annotations =
		arena_alloc(r->arena, r->doc->tokens[object].count, sizeof(*file->annotations));
	if (!file->annotations)
		return error_oom(r->err);
	for (uint32_t v = json_first(r->doc, object); res == 0 && v != JSON_NONE;
	     v = json_next(r->doc, object, v))
		res = read_annotation(r, v, &file->annotations[file->n_annotations++]);
	return res;
}

/* ---- stages ---- */

/* podman runs the hooks of this one itself, before it calls the runtime. */
#define PRECREATE "precreate"

static int unknown_stage(const struct reader *r, uint32_t token, const char *word)
{
	struct suggestion s = SUGGEST_FOR(word);
	const char *hint = "stages are prestart, createRuntime, createContainer, startContainer, "
			   "poststart and poststop";

	for (size_t i = 0; i < HOOK_STAGES; i++)
		suggest_consider(&s, hook_stage_name((enum hook_stage)i));
	if (s.best)
		hint = arena_printf(r->arena, "did you mean '%s'?", s.best);
	if (!hint)
		return error_oom(r->err);
	return error_set(r->err, EINVAL, json_at(r->doc, token), hint, "unknown stage '%s'", word);
}

static int read_stage(const struct reader *r, uint32_t token, const char *word)
{
	size_t stage = 0;

	if (streq(word, PRECREATE))
		return warn(r, WARNING, token, "leave it to podman's --hooks-dir",
			    "stage '" PRECREATE "' is specific to podman and omitted here");
	while (stage < HOOK_STAGES && !streq(word, hook_stage_name((enum hook_stage)stage)))
		stage++;
	if (stage == HOOK_STAGES)
		return unknown_stage(r, token, word);
	if (r->file->stages[stage])
		return warn(r, WARNING, token, "remove it",
			    "duplicate stage '%s'; the hook is added once", word);
	r->file->stages[stage] = true;
	return 0;
}

static int check_stages(const struct reader *r, uint32_t value)
{
	const bool *stages = r->file->stages;
	int res = 0;

	if (r->doc->tokens[value].count == 0)
		return warn(r, WARNING, value, "name a stage", "no stage: the hook is never added");
	if (stages[STAGE_PRESTART] && stages[STAGE_CREATE_RUNTIME])
		res = warn(r, WARNING, value, "keep createRuntime",
			   "prestart is the old name of createRuntime; the hook is added once");
	else if (stages[STAGE_PRESTART])
		res = warn(r, NOTE, value, "createRuntime replaces it",
			   "prestart is deprecated by the OCI runtime specification");
	return res;
}

static int read_stages(const struct reader *r, uint32_t object, uint32_t value)
{
	struct spec_strings words;
	uint32_t v = json_first(r->doc, value);
	int res;

	if (value == JSON_NONE)
		return missing(r, object, "stages", "name at least one stage");
	res = read_texts(r, value, "stages", &words);
	for (size_t i = 0; res == 0 && i < words.n; i++) {
		res = read_stage(r, v, words.items[i]);
		v = json_next(r->doc, value, v);
	}
	return res < 0 ? res : check_stages(r, value);
}

/* ---- the hook's entry ---- */

static void put_token(struct text *out, const struct json *doc, uint32_t value)
{
	const struct json_token *t = &doc->tokens[value];

	text_add(out, doc->text + t->start, t->end - t->start);
}

static int take_entry(const struct reader *r, struct text *text)
{
	struct hw_hooks_file *file = r->file;
	char *copy = text->failed ? NULL : arena_strndup(r->arena, text->data, text->len);
	const size_t len = text->len;

	text_free(text);
	if (!copy)
		return error_oom(r->err);
	return json_scan(&file->entry, file->path, copy, len, r->err);
}

static int check_env(const struct reader *r, uint32_t value)
{
	uint32_t v = json_first(r->doc, value);
	int res = read_texts(r, value, "hook.env", &r->file->env);

	for (size_t i = 0; res == 0 && i < r->file->env.n; i++) {
		const char *item = r->file->env.items[i];

		if (!strchr(item, '=') || item[0] == '=')
			res = warn(r, WARNING, v, "write NAME=VALUE",
				   "'%s' does not set an environment variable", item);
		v = json_next(r->doc, value, v);
	}
	if (res == 0 && r->file->env.n > 0)
		r->file->ours = hook_marked_policy(r->file->env.items[0]);
	if (!r->file->ours)
		return res;
	return warn(
		r, WARNING, value, "use either the policy in hookwright or this file in the engine",
		"this is policy '%s', exported: the policy itself adds the hook", r->file->ours);
}

static int check_timeout(const struct reader *r, uint32_t value)
{
	int64_t timeout;
	int res;

	if (value == JSON_NONE)
		return 0;
	if (json_type(r->doc, value) != JSON_NUMBER)
		return wrong_type(r, value, "hook.timeout", "a whole number");
	res = json_integer(r->doc, value, &timeout, r->err);
	if (res < 0)
		return res;
	r->file->has_timeout = true;
	if (timeout > 0 && timeout <= INT32_MAX)
		return 0;
	return warn(r, WARNING, value, "write seconds from 1 to 2147483647, or remove it",
		    "with a timeout of %lld the hook fails with some runtimes", (long long)timeout);
}

static int read_program(const struct reader *r, uint32_t object, uint32_t value, const char *name)
{
	struct hw_hooks_file *file = r->file;
	const struct where at = json_at(r->doc, value == JSON_NONE ? object : value);
	int res;

	if (value == JSON_NONE)
		return missing(r, object, name, "name the program by its absolute path");
	res = read_text(r, value, name, &file->program);
	if (res == 0 && !file->program[0])
		return missing(r, value, name, "name the program by its absolute path");
	file->line = at.line;
	file->column = at.column;
	return res;
}

enum { HOOK_PATH, HOOK_ARGS, HOOK_ENV, HOOK_TIMEOUT };

/* As the reference engine writes it: what is not known, null or an empty list is left out. */
static int make_entry(const struct reader *r, uint32_t object, const uint32_t *values,
		      const char *const *keys)
{
	struct text text = { 0 };

	text_puts(&text, "{");
	for (uint32_t v = json_first(r->doc, object); v != JSON_NONE;
	     v = json_next(r->doc, object, v)) {
		size_t i = 0;

		while (keys[i] && values[i] != v)
			i++;
		if (!keys[i] || ((i == HOOK_ARGS || i == HOOK_ENV) && !r->doc->tokens[v].count))
			continue;
		text_printf(&text, "%s\"%s\":", text.len > 1 ? "," : "", keys[i]);
		put_token(&text, r->doc, v);
	}
	text_puts(&text, "}");
	return take_entry(r, &text);
}

static int read_hook(const struct reader *r, uint32_t object)
{
	static const char *const keys[] = { [HOOK_PATH] = "path",
					    [HOOK_ARGS] = "args",
					    [HOOK_ENV] = "env",
					    [HOOK_TIMEOUT] = "timeout",
					    NULL };
	uint32_t values[ARRAY_SIZE(keys)];
	const struct members members = { keys, values, "hook" };
	int res;

	if (object == JSON_NONE)
		return missing(r, JSON_ROOT, "hook", "it contains the hook's 'path'");
	if (json_type(r->doc, object) != JSON_OBJECT)
		return wrong_type(r, object, "hook", "an object");
	res = read_members(r, object, &members);
	if (res == 0)
		res = read_program(r, object, values[HOOK_PATH], "hook.path");
	if (res == 0)
		res = read_texts(r, values[HOOK_ARGS], "hook.args", &r->file->args);
	if (res == 0)
		res = check_env(r, values[HOOK_ENV]);
	if (res == 0)
		res = check_timeout(r, values[HOOK_TIMEOUT]);
	return res < 0 ? res : make_entry(r, object, values, keys);
}

/* ---- schema 1.0.0 ---- */

enum { WHEN_ALWAYS, WHEN_ANNOTATIONS, WHEN_COMMANDS, WHEN_BINDS };

static int check_when(const struct reader *r, uint32_t object, const uint32_t *values)
{
	const struct hw_hooks_file *file = r->file;

	if (file->always == NO)
		return warn(r, WARNING, values[WHEN_ALWAYS], "remove it, or write true",
			    "'always' is false: the hook is never added");
	if (file->binds == NO)
		return warn(r, WARNING, values[WHEN_BINDS],
			    "remove it: there is no condition for 'no bind mounts'",
			    "'hasBindMounts' is false: the hook is never added");
	if (file->always == UNKNOWN && file->binds == UNKNOWN && file->n_annotations == 0 &&
	    file->n_commands == 0)
		return warn(r, WARNING, object == JSON_NONE ? JSON_ROOT : object,
			    "write \"when\": {\"always\": true}",
			    "no condition: the hook is never added");
	return 0;
}

static int note_binds(const struct reader *r, uint32_t value)
{
	if (r->file->binds != YES)
		return 0;
	return warn(r, NOTE, value, "hookwright-policy(5), HOOKS.D, lists them",
		    "config.json does not mark bind mounts of the user: those on paths where "
		    "engines mount by themselves do not count");
}

static int read_when(const struct reader *r, uint32_t object)
{
	static const char *const keys[] = { [WHEN_ALWAYS] = "always",
					    [WHEN_ANNOTATIONS] = "annotations",
					    [WHEN_COMMANDS] = "commands",
					    [WHEN_BINDS] = "hasBindMounts",
					    NULL };
	uint32_t values[ARRAY_SIZE(keys)];
	const struct members members = { keys, values, "when" };
	int res;

	if (object != JSON_NONE && json_type(r->doc, object) != JSON_OBJECT)
		return wrong_type(r, object, "when", "an object");
	res = read_members(r, object, &members);
	if (res == 0)
		res = read_truth(r, values[WHEN_ALWAYS], "when.always", &r->file->always);
	if (res == 0)
		res = read_truth(r, values[WHEN_BINDS], "when.hasBindMounts", &r->file->binds);
	if (res == 0)
		res = read_annotations(r, values[WHEN_ANNOTATIONS]);
	if (res == 0)
		res = read_commands(r, values[WHEN_COMMANDS], "when.commands");
	if (res == 0)
		res = note_binds(r, values[WHEN_BINDS]);
	return res < 0 ? res : check_when(r, object, values);
}

static int read_new(const struct reader *r)
{
	enum { VERSION, HOOK, WHEN, STAGES };
	static const char *const keys[] = {
		[VERSION] = "version", [HOOK] = "hook", [WHEN] = "when", [STAGES] = "stages", NULL
	};
	uint32_t values[ARRAY_SIZE(keys)];
	const struct members members = { keys, values, "" };
	int res = read_members(r, JSON_ROOT, &members);

	if (res == 0)
		res = read_hook(r, values[HOOK]);
	if (res == 0)
		res = read_when(r, values[WHEN]);
	return res < 0 ? res : read_stages(r, JSON_ROOT, values[STAGES]);
}

/* ---- schema 0.1.0 ---- */

enum {
	OLD_VERSION,
	OLD_HOOK,
	OLD_ARGUMENTS,
	OLD_STAGE,
	OLD_STAGES,
	OLD_CMD,
	OLD_CMDS,
	OLD_ANNOTATION,
	OLD_ANNOTATIONS,
	OLD_BINDS,
};

/* The schema has two names for some: "cmd" and "cmds". */
static int one_of(const struct reader *r, const uint32_t *values, const char *const *keys, int a,
		  uint32_t *ret)
{
	const int b = a + 1;

	*ret = values[a] == JSON_NONE ? values[b] : values[a];
	if (values[a] == JSON_NONE || values[b] == JSON_NONE)
		return 0;
	return error_set(r->err, EINVAL, json_at(r->doc, values[b]), "keep one of them",
			 "both '%s' and '%s' are given", keys[a], keys[b]);
}

/* The program's own name comes before the arguments, if any are given. */
static int make_old_entry(const struct reader *r, uint32_t program, uint32_t arguments)
{
	struct spec_strings args;
	struct text text = { 0 };
	int res = read_texts(r, arguments, "arguments", &args);

	if (res < 0)
		return res;
	text_puts(&text, "{\"path\":");
	put_token(&text, r->doc, program);
	if (arguments != JSON_NONE) {
		text_puts(&text, ",\"args\":[");
		put_token(&text, r->doc, program);
		for (uint32_t v = json_first(r->doc, arguments); v != JSON_NONE;
		     v = json_next(r->doc, arguments, v)) {
			text_puts(&text, ",");
			put_token(&text, r->doc, v);
		}
		text_puts(&text, "]");
	}
	text_puts(&text, "}");
	return take_entry(r, &text);
}

/* They are one expression, as the reference engine makes it: "a|b", for the value of any key. */
static int read_old_annotations(const struct reader *r, uint32_t value)
{
	struct hw_hooks_file *file = r->file;
	struct spec_strings sources;
	struct text text = { 0 };
	const char *joined;
	int res = read_texts(r, value, "annotations", &sources);

	if (res < 0 || value == JSON_NONE)
		return res;
	text_puts(&text, "");
	for (size_t i = 0; i < sources.n; i++) {
		text_puts(&text, i ? "|" : "");
		text_puts(&text, sources.items[i]);
	}
	joined = text.failed ? NULL : arena_strndup(r->arena, text.data, text.len);
	text_free(&text);
	file->annotations = arena_alloc(r->arena, 1, sizeof(*file->annotations));
	if (!joined || !file->annotations)
		return error_oom(r->err);
	file->n_annotations = 1;
	if (sources.n == 0)
		res = warn(r, WARNING, value, "remove the empty list",
			   "without an expression every container that has an annotation matches");
	if (res == 0)
		res = compile(r, value, ".*", &file->annotations[0].key);
	return res < 0 ? res : compile(r, value, joined, &file->annotations[0].value);
}

static int check_old_conditions(const struct reader *r, const uint32_t *values)
{
	const struct hw_hooks_file *file = r->file;

	if (file->binds == NO) {
		int res = warn(r, WARNING, values[OLD_BINDS], "remove it",
			       "'hasbindmounts' is false: it does not have any effect");

		if (res < 0)
			return res;
	}
	if (file->binds != YES && file->n_annotations == 0 && file->n_commands == 0)
		return warn(r, WARNING, JSON_ROOT, "add 'cmds' or 'annotations'",
			    "no condition: the hook is never added");
	return note_binds(r, values[OLD_BINDS]);
}

static int read_old_conditions(const struct reader *r, const uint32_t *values,
			       const char *const *keys)
{
	uint32_t commands, annotations;
	int res = one_of(r, values, keys, OLD_CMD, &commands);

	if (res == 0)
		res = one_of(r, values, keys, OLD_ANNOTATION, &annotations);
	if (res == 0)
		res = read_commands(r, commands, "cmds");
	if (res == 0)
		res = read_old_annotations(r, annotations);
	if (res == 0)
		res = read_truth(r, values[OLD_BINDS], "hasbindmounts", &r->file->binds);
	return res < 0 ? res : check_old_conditions(r, values);
}

static int read_old(const struct reader *r)
{
	static const char *const keys[] = {
		[OLD_VERSION] = "version",
		[OLD_HOOK] = "hook",
		[OLD_ARGUMENTS] = "arguments",
		[OLD_STAGE] = "stage",
		[OLD_STAGES] = "stages",
		[OLD_CMD] = "cmd",
		[OLD_CMDS] = "cmds",
		[OLD_ANNOTATION] = "annotation",
		[OLD_ANNOTATIONS] = "annotations",
		[OLD_BINDS] = "hasbindmounts",
		NULL,
	};
	uint32_t values[ARRAY_SIZE(keys)], stages = JSON_NONE;
	const struct members members = { keys, values, "" };
	int res = read_members(r, JSON_ROOT, &members);

	_Static_assert(ARRAY_SIZE(keys) <= KEYS_MAX + 1, "too many keys");
	r->file->any = true;
	r->file->always = UNKNOWN;
	if (res == 0)
		res = read_program(r, JSON_ROOT, values[OLD_HOOK], "hook");
	if (res == 0)
		res = make_old_entry(r, values[OLD_HOOK], values[OLD_ARGUMENTS]);
	if (res == 0)
		res = read_old_conditions(r, values, keys);
	if (res == 0)
		res = one_of(r, values, keys, OLD_STAGE, &stages);
	return res < 0 ? res : read_stages(r, JSON_ROOT, stages);
}

/* ---- the whole ---- */

static int find_version(const struct reader *r, const char **ret)
{
	*ret = "";
	for (uint32_t v = json_first(r->doc, JSON_ROOT); v != JSON_NONE;
	     v = json_next(r->doc, JSON_ROOT, v))
		if (json_match_key(r->doc, json_key(r->doc, v), "version") != JSON_DIFFERS &&
		    json_type(r->doc, v) != JSON_NULL)
			return read_text(r, v, "version", ret);
	return 0;
}

static bool is_object(const struct json *doc, const char *key)
{
	const uint32_t value = json_member(doc, JSON_ROOT, key);

	return value != JSON_NONE && json_type(doc, value) == JSON_OBJECT;
}

static int read_file(const struct reader *r)
{
	const char *version;
	int res;

	if (json_type(r->doc, JSON_ROOT) != JSON_OBJECT)
		return wrong_type(r, JSON_ROOT, "the file", "an object");
	res = find_version(r, &version);
	if (res < 0)
		return res;
	if (streq(version, "1.0.0"))
		return read_new(r);
	if (!version[0] && is_object(r->doc, "hook"))
		return missing(r, JSON_ROOT, "version", "write \"version\": \"1.0.0\"");
	if (!version[0] || streq(version, "0.1.0"))
		return read_old(r);
	return error_set(r->err, EINVAL, json_at(r->doc, json_member(r->doc, JSON_ROOT, "version")),
			 "versions are \"1.0.0\" and \"0.1.0\"", "unknown version '%s'", version);
}

static struct hw_hooks_file *file_new(const char *path, const char *name)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_hooks_file *file = arena ? arena_alloc(arena, 1, sizeof(*file)) : NULL;

	if (!file)
		return NULL;
	file->path = arena_strndup(arena, path, strlen(path));
	file->name = arena_strndup(arena, name, strlen(name));
	if (!file->path || !file->name)
		return NULL;
	file->arena = TAKE(arena);
	return file;
}

int hooksd_parse(const char *path, const char *name, const char *text, size_t len,
		 struct hw_hooks_file **ret, struct hw_error *err)
{
	CLEANUP(hooksd_freep) struct hw_hooks_file *file = file_new(path, name);
	char *copy = file ? arena_strndup(file->arena, text, len) : NULL;
	int res;

	if (!copy)
		return error_oom(err);
	res = json_scan(&file->doc, file->path, copy, len, err);
	if (res == 0) {
		const struct reader r = { file, &file->doc, file->arena, err };

		res = read_file(&r);
		if (res == 0 && tell_how_many_more(file) < 0)
			res = error_oom(err);
	}
	/* An integer out of range is one more wrong value. */
	if (res == -ERANGE) {
		res = -EINVAL;
		if (err)
			err->errnum = EINVAL;
	}
	if (res < 0)
		return res;
	*ret = TAKE(file);
	return 0;
}

void hooksd_free(struct hw_hooks_file *file)
{
	if (!file)
		return;
	json_free(&file->entry);
	json_free(&file->doc);
	arena_free(file->arena);
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : (unsigned char)c;
}

int hooksd_compare(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] && lower(a[i]) == lower(b[i]))
		i++;
	if (lower(a[i]) != lower(b[i]))
		return lower(a[i]) < lower(b[i]) ? -1 : 1;
	return strcmp(a, b);
}

/* ---- the public interface ---- */

const char *hw_hooks_file_path(const struct hw_hooks_file *file)
{
	return file->path;
}

bool hw_hooks_file_warning(const struct hw_hooks_file *file, size_t index, struct hw_error *ret,
			   bool *note)
{
	const struct hooksd_warning *w;

	if (index >= file->n_warnings)
		return false;
	w = &file->warnings[index];
	(void)error_set(ret, 0, (struct where){ file->path, w->line, w->column }, w->hint, "%s",
			w->message);
	if (note)
		*note = w->note;
	return true;
}
