/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes a policy file by tables, and checks the hook that it describes. */
#include <stdio.h>

#include "base/words.h"
#include "policy/warnings.h"

#define DESCRIPTION_MAX 1024
#define CANDIDATES_MAX	16
#define ARGS_MAX	256
#define ENV_MAX		256
#define TEXT_MAX	32768 /* bytes of an argument or a variable's value */
#define TIMEOUT_MAX	INT32_MAX
#define ORDER_LIMIT	1000000
#define ORDER_DEFAULT	50

/* ---- the hook's environment ---- */

/* @assignment: NAME= */
static bool is_name_in(const char *assignment, const struct node *node)
{
	return node->len + 1 == strlen(assignment) && starts_with(assignment, node->text);
}

static int check_hook_variable(const struct decoder *d, const struct node *node)
{
	if (is_name_in(HOOK_MARK, node) || is_name_in(HOOK_BEFORE, node))
		return decode_refuse(d, node, "remove it: it is set automatically",
				     "'%s' is the mark of hookwright's hooks", node->text);
	return check_variable(d, node);
}

static int decode_variable(const struct decoder *d, const struct type *type,
			   const struct node *node, void *out)
{
	struct variable *v = out;

	v->name = node->key->text;
	return decode_text(d, type, node, &v->value);
}

/* ---- tables ---- */

static const struct type description = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.max = DESCRIPTION_MAX,
};

static const struct word activation_words[] = { { "always", NULL }, { "requested", NULL } };

static int decode_activation(const struct decoder *d, const struct type *type,
			     const struct node *node, void *out)
{
	int choice, r = decode_choice(d, type, node, &choice);

	if (r == 0)
		*(bool *)out = choice == 1;
	return r;
}

static const struct type activation = {
	.shape = SHAPE_WORD,
	.decode = decode_activation,
	.words = activation_words,
	.n = ARRAY_SIZE(activation_words),
};

static const struct word otherwise_words[] = {
	[OTHERWISE_FAIL] = { "fail", "error" },
	[OTHERWISE_WARN] = { "warn", "warning" },
	[OTHERWISE_IGNORE] = { "ignore", "skip" },
};

static int decode_otherwise(const struct decoder *d, const struct type *type,
			    const struct node *node, void *out)
{
	int choice, r = decode_choice(d, type, node, &choice);

	if (r == 0)
		*(enum otherwise *)out = (enum otherwise)choice;
	return r;
}

static const struct type otherwise = {
	.shape = SHAPE_WORD,
	.decode = decode_otherwise,
	.words = otherwise_words,
	.n = ARRAY_SIZE(otherwise_words),
};

static const struct type order = {
	.shape = SHAPE_INTEGER,
	.decode = decode_int,
	.min = -ORDER_LIMIT,
	.max = ORDER_LIMIT,
	.hint = "write a number; lower comes first, the default is 50",
};

static const struct type candidate = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_path,
	.size = sizeof(const char *),
	.pattern = PATH_PATTERN,
	.max = PATH_BYTES_MAX,
	.hint = "write an absolute path",
};
static const struct type candidates = SET_TYPE(&candidate, CANDIDATES_MAX);

static const struct type arg = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.size = sizeof(const char *),
	.max = TEXT_MAX,
};
static const struct type args = {
	.shape = SHAPE_LIST,
	.decode = decode_list,
	.min = 1,
	.max = ARGS_MAX,
	.item = &arg,
	.hint = "write a list with the program's own name first: [NAME, ...]",
};

static const struct type variable_value = {
	.shape = SHAPE_TEXT,
	.decode = decode_variable,
	.size = sizeof(struct variable),
	.max = TEXT_MAX,
};
static const struct type env = {
	.shape = SHAPE_MAP,
	.decode = decode_map,
	.check = check_hook_variable,
	.pattern = "^(?!_HOOKWRIGHT_(POLICY|BEFORE)$)[A-Za-z_][A-Za-z0-9_]*$",
	.min = 1,
	.max = ENV_MAX,
	.item = &variable_value,
	.hint = "write { NAME: VALUE }",
};

static const struct type variable_name = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_hook_variable,
	.size = sizeof(const char *),
	.pattern = "^(?!_HOOKWRIGHT_(POLICY|BEFORE)$)[A-Za-z_][A-Za-z0-9_]*$",
	.max = TEXT_MAX,
	.hint = "write the name of a variable",
};
static const struct type inherit_env = SET_TYPE(&variable_name, ENV_MAX);

static const struct type timeout = {
	.shape = SHAPE_INTEGER,
	.decode = decode_long,
	.min = 1,
	.max = TIMEOUT_MAX,
	.hint = "write whole seconds, without a unit",
};

/* A list or a map is decoded into a pointer and the count after it. */
#define PAIR(list, count)                                                                        \
	_Static_assert(offsetof(struct hw_policy, count) == offsetof(struct hw_policy, list) +   \
								    offsetof(struct array, n) && \
			       sizeof(((struct hw_policy *)0)->count) == sizeof(size_t),         \
		       #count " follows " #list)

PAIR(candidates, n_candidates);
PAIR(args, n_args);
PAIR(env, n_env);
PAIR(inherit_env, n_inherit_env);

#define FIELD(name, type, member, required, text)                                      \
	{                                                                              \
		(name), (type), offsetof(struct hw_policy, member), (required), (text) \
	}
#define OTHERS(name, text)                     \
	{                                      \
		(name), NULL, 0, false, (text) \
	}

static const struct field hook_fields[] = {
	FIELD("path", &candidates, candidates, true,
	      "the program in the container; of several, the first usable one is used"),
	FIELD("args", &args, args, false,
	      "argv, including the program's own name; default: the path that is used"),
	FIELD("env", &env, env, false,
	      "environment, in addition to a default PATH; nothing is inherited"),
	FIELD("inheritEnv", &inherit_env, inherit_env, false,
	      "variables copied from process.env if they are set there"),
	FIELD("timeout", &timeout, timeout, false,
	      "seconds; omitted with crun, which would start the container with SIGCHLD blocked"),
	OTHERS("command", "write path: PATH and, with the name first, args: [NAME, ...]"),
	OTHERS("stage", "omit it: the stage of all hooks of policies is startContainer"),
	OTHERS("cwd", "omit it: the runtime determines the directory of a hook"),
	OTHERS("user", "omit it: a hook runs as process.user"),
	OTHERS("<<", "write the keys out: there are no merge keys"),
};

static int decode_hook(const struct decoder *d, const struct type *type, const struct node *node,
		       void *out);

static const struct type hook = {
	.shape = SHAPE_OBJECT,
	.decode = decode_hook,
	.fields = hook_fields,
	.n = ARRAY_SIZE(hook_fields),
	.hint = "write 'hook: { path: PATH }'",
	.define = "hook",
};

static const struct field policy_fields[] = {
	{ "version", &version_type, 0, true, "version of the policy format" },
	FIELD("description", &description, description, false, "the purpose of the policy"),
	FIELD("activation", &activation, requested, false,
	      "always (default), or requested: only for containers whose annotation "
	      "io.hookwright.policies names it, or if the caller does"),
	FIELD("when", &condition_type, when, false,
	      "the containers the policy applies to; default: every one"),
	FIELD("needs", &condition_type, needs, false,
	      "the requirements of the hook in a container that the policy applies to"),
	FIELD("otherwise", &otherwise, otherwise, false,
	      "the action if a need is unmet or no program is usable: fail (default), warn, or "
	      "ignore, which is warn where the policy was requested"),
	/* Its fields are the policy's own: no offset. */
	{ "hook", &hook, 0, true, "the hook that is added to hooks.startContainer" },
	FIELD("order", &order, order, false, "lower comes first; default 50"),
	OTHERS("name", "omit it: the file's base name is the policy's name"),
	OTHERS("stage", "omit it: the stage of all hooks of policies is startContainer"),
	OTHERS("stages", "omit it: the stage of all hooks of policies is startContainer"),
	OTHERS("path", "write it below 'hook:'"),
	OTHERS("args", "write it below 'hook:'"),
	OTHERS("env", "write it below 'hook:', or as a condition below 'when:' or 'needs:'"),
	OTHERS("timeout", "write it below 'hook:'"),
	OTHERS("if", "write when:"),
	OTHERS("onError", "write otherwise: fail, warn or ignore"),
	OTHERS("<<", "write the keys out: there are no merge keys"),
};

static int decode_policy(const struct decoder *d, const struct type *type, const struct node *node,
			 void *out);

const struct type policy_type = {
	.shape = SHAPE_OBJECT,
	.decode = decode_policy,
	.fields = policy_fields,
	.n = ARRAY_SIZE(policy_fields),
};

/* ---- what tables do not say ---- */

/* The field's habit "args: [-v]" must not become a program that takes -v for its name. */
static int check_args(const struct decoder *d, const struct hw_policy *p, const struct node *node)
{
	const struct node *list = tree_member(node, "args");
	char hint[256];

	if (!list)
		return 0;
	for (size_t i = 0; i < p->n_candidates; i++)
		if (streq(p->args[0], p->candidates[i]) ||
		    streq(p->args[0], path_base(p->candidates[i])))
			return 0;
	snprintf(hint, sizeof(hint), "begin with the program's own name: [%.64s, ...]",
		 path_base(p->candidates[0]));
	return decode_refuse(d, list->first, hint,
			     "args[0] '%s' is neither a path of 'path' nor its base name",
			     p->args[0]);
}

static int check_inherited(const struct decoder *d, const struct hw_policy *p,
			   const struct node *node)
{
	const struct node *set = tree_member(node, "env"),
			  *inherited = tree_member(node, "inheritEnv");

	for (size_t i = 0; set && i < p->n_inherit_env; i++) {
		const struct node *value = tree_member(set, p->inherit_env[i]);

		if (value)
			return decode_refuse(d, inherited, "keep it in only one of them",
					     "'%s' is in env and in inheritEnv", p->inherit_env[i]);
	}
	return 0;
}

static int warn(const struct decoder *d, struct hw_policy *p, const struct node *at,
		const char *name, bool inherited)
{
	struct policy_warning w = {
		.line = at->line,
		.column = at->column,
		.hint = "remove it, unless that is the purpose of the policy",
	};

	if (!loading_variable_find(name))
		return 0;
	w.message = arena_printf(d->arena,
				 inherited ? "inheritEnv: with %s the container's own environment "
					     "controls the code that the hook loads or runs"
					   : "env: %s controls the code that the "
					     "hook's programs load or run",
				 name);
	return policy_warn(d, p, &w);
}

static int find_warnings(const struct decoder *d, struct hw_policy *p, const struct node *node)
{
	const struct node *set = tree_member(node, "env"),
			  *inherited = tree_member(node, "inheritEnv");
	int r = 0;

	for (const struct node *v = set ? set->first : NULL; r == 0 && v; v = v->next)
		r = warn(d, p, v->key, v->key->text, false);
	if (inherited && inherited->kind == NODE_SCALAR)
		return r < 0 ? r : warn(d, p, inherited, inherited->text, true);
	for (const struct node *v = inherited ? inherited->first : NULL; r == 0 && v; v = v->next)
		r = warn(d, p, v, v->text, true);
	return r;
}

static int decode_hook(const struct decoder *d, const struct type *type, const struct node *node,
		       void *out)
{
	struct hw_policy *p = out;
	const struct node *path = tree_member(node, "path");
	int r = decode_object(d, type, node, p);

	if (path) {
		p->path_line = path->line;
		p->path_column = path->column;
	}
	if (r == 0)
		r = check_args(d, p, node);
	if (r == 0)
		r = check_inherited(d, p, node);
	if (r == 0)
		r = find_warnings(d, p, node);
	return r < 0 ? r : policy_lint_hook(d, p, node);
}

static int decode_policy(const struct decoder *d, const struct type *type, const struct node *node,
			 void *out)
{
	int r = decode_object(d, type, node, out);

	return r < 0 ? r : policy_lint(d, out, node);
}

/* ---- policies ---- */

static struct hw_policy *policy_new(const char *path, const char *name)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_policy *p = arena ? arena_alloc(arena, 1, sizeof(*p)) : NULL;

	if (!p)
		return NULL;
	p->path = arena_strdup(arena, path);
	p->name = arena_strdup(arena, name);
	if (!p->path || !p->name)
		return NULL;
	p->order = ORDER_DEFAULT;
	p->description = "";
	p->arena = TAKE(arena);
	return p;
}

int policy_parse(const char *path, const char *name, const char *text, size_t len,
		 struct hw_policy **ret, struct hw_error *err)
{
	static const struct document document = {
		"policy", "begin it with 'version: 1'; a file that masks others must be empty",
		&policy_type
	};
	CLEANUP(policy_freep) struct hw_policy *p = policy_new(path, name);
	struct term_state state = { 0 };
	int r;

	if (!p)
		return error_oom(err);

	const struct decoder d = { .arena = p->arena, .path = p->path, .err = err, .user = &state };

	r = decode_document(&d, &document, text, len, p);
	if (r < 0)
		return r;
	p->has_when = p->when.n_terms > 0;
	p->has_needs = p->needs.n_terms > 0;
	*ret = TAKE(p);
	return 0;
}

void policy_free(struct hw_policy *policy)
{
	if (policy)
		arena_free(policy->arena);
}

const char *hw_policy_name(const struct hw_policy *policy)
{
	return policy->name;
}

const char *hw_policy_path(const struct hw_policy *policy)
{
	return policy->path;
}

const char *hw_policy_description(const struct hw_policy *policy)
{
	return policy->description;
}

bool policy_is_wanted(const struct hw_policy *policy, const char *const *requests,
		      size_t n_requests)
{
	return words_have(requests, n_requests, policy->name) || policy->by_file ||
	       !policy->requested;
}

bool hw_policy_requested_only(const struct hw_policy *policy)
{
	return policy->requested;
}

int hw_policy_order(const struct hw_policy *policy)
{
	return policy->order;
}

bool hw_policy_warning(const struct hw_policy *policy, size_t index, struct hw_error *ret)
{
	const struct policy_warning *w;

	if (index >= policy->n_warnings)
		return false;
	w = &policy->warnings[index];
	error_set(ret, 0, (struct where){ policy->path, w->line, w->column }, w->hint, "%s",
		  w->message);
	return true;
}
