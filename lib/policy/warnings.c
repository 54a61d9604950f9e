/* SPDX-License-Identifier: Apache-2.0 */
/* Warnings about valid policies: mistakes with shells and other programs, unsafe variables. */
#include "policy/warnings.h"
#include "base/utf8.h"
#include "base/words.h"

static bool is_after(const struct policy_warning *a, const struct policy_warning *b)
{
	return a->line > b->line || (a->line == b->line && a->column > b->column);
}

int policy_warn(const struct decoder *d, struct hw_policy *p, const struct policy_warning *warning)
{
	struct policy_warning *list;
	size_t at = p->n_warnings;

	if (!warning->message)
		return error_oom(d->err);
	list = arena_alloc(d->arena, p->n_warnings + 1, sizeof(*list));
	if (!list)
		return error_oom(d->err);
	for (; at && is_after(&p->warnings[at - 1], warning); at--)
		list[at] = p->warnings[at - 1];
	if (at)
		memcpy(list, p->warnings, at * sizeof(*list));
	list[at] = *warning;
	p->warnings = list;
	p->n_warnings++;
	return 0;
}

static int warn_at(const struct decoder *d, struct hw_policy *p, const struct node *at,
		   const char *message, const char *hint)
{
	const struct policy_warning w = { at->line, at->column, message, hint, true };

	return policy_warn(d, p, &w);
}

/* ---- shells ---- */

static const struct node *item(const struct node *list, size_t index)
{
	const struct node *n = list ? list->first : NULL;

	while (n && index--)
		n = n->next;
	return n;
}

static bool is_shell(const struct hw_policy *p)
{
	return shell_find(p->candidates[0]) || streq(path_base(p->candidates[0]), "busybox");
}

/* Index of the "-c" among the arguments ("-ec", "-euxc"), 0 if there is none. */
static size_t index_of_c(const struct hw_policy *p)
{
	for (size_t i = 1; i < p->n_args && p->args[i][0] == '-' && p->args[i][1] != '-'; i++)
		if (p->args[i][strlen(p->args[i]) - 1] == 'c')
			return i;
	return 0;
}

/* Length of the reference to variable @name at @s, which begins with '$'; 0 if it is another's. */
static size_t refers(const char *s, const char *name)
{
	const size_t len = strlen(name), braces = s[1] == '{';
	const char *end = s + 1 + braces + len;
	static const char word[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

	if (strncmp(s + 1 + braces, name, len) != 0 || strspn(end, word))
		return 0;
	return (size_t)(end - s);
}

/*
 * Whether the shell would split @name's value into words and take '*' in it for file names: a
 * reference outside of quotes that is not an assignment.
 */
static bool is_unquoted(const char *script, const char *name)
{
	bool single = false, twice = false;

	for (const char *s = script; *s; s++) {
		if (*s == '\\' && !single && s[1])
			s++;
		else if (*s == '\'' && !twice)
			single = !single;
		else if (*s == '"' && !single)
			twice = !twice;
		else if (*s == '$' && !single && !twice && refers(s, name) &&
			 (s == script || s[-1] != '='))
			return true;
	}
	return false;
}

static int lint_quotes(const struct decoder *d, struct hw_policy *p, const struct node *script)
{
	for (size_t i = 0; i < p->n_inherit_env; i++) {
		const char *name = p->inherit_env[i];
		int r;

		if (!is_unquoted(script->text, name))
			continue;
		r = warn_at(d, p, script,
			    arena_printf(d->arena,
					 "the script uses $%s, which the container's creator sets, "
					 "without quotation marks",
					 name),
			    arena_printf(d->arena, "write \"$%s\"", name));
		if (r < 0)
			return r;
	}
	return 0;
}

/* Whether the script looks at its arguments. */
static bool uses_arguments(const char *script)
{
	for (const char *s = script; (s = strchr(s, '$')); s++)
		if (s[1] && strchr("@*#0123456789{", s[1]))
			return true;
	return false;
}

static int lint_shell(const struct decoder *d, struct hw_policy *p, const struct node *args)
{
	const size_t c = index_of_c(p);
	const struct node *script = item(args, c + 1), *more = script ? script->next : NULL;
	int r;

	if (!c)
		return 0;
	if (!script)
		return warn_at(d, p, item(args, c), "a shell with -c fails without a script",
			       "write the commands as one text after '-c'");
	r = lint_quotes(d, p, script);
	if (r < 0 || !more || uses_arguments(script->text))
		return r;
	return warn_at(d, p, more,
		       arena_printf(d->arena,
				    "the shell runs '%.40s' without the words "
				    "that follow it in the list",
				    script->text),
		       "write the commands as one text after '-c'");
}

/* Syntax that only a shell understands. */
static int lint_no_shell(const struct decoder *d, struct hw_policy *p, const struct node *args)
{
	static const char *const operators[] = { "&&", "||", "|", ">", ">>", "2>&1" };
	static const char *const takers[] = { "expr", "test", "[", "find" };

	if (IS_ONE_OF(path_base(p->candidates[0]), takers))
		return 0;
	for (const struct node *arg = args ? args->first : NULL; arg; arg = arg->next)
		if (IS_ONE_OF(arg->text, operators))
			return warn_at(
				d, p, arg,
				arena_printf(d->arena,
					     "'%s' is an argument here: it is not read by a shell",
					     arg->text),
				"use a shell: path: /bin/sh, args: [sh, -c, TEXT]");
	return 0;
}

int policy_lint_hook(const struct decoder *d, struct hw_policy *p, const struct node *hook)
{
	const struct node *args = tree_member(hook, "args");

	return is_shell(p) ? lint_shell(d, p, args) : lint_no_shell(d, p, args);
}

/* ---- ldconfig ---- */

static bool mentions(const struct conjunction *c, enum cond_key key)
{
	for (size_t i = 0; i < c->n_terms; i++) {
		const struct cond_term *t = &c->terms[i];

		if (t->key == key)
			return true;
		for (size_t j = 0; t->subs && j < t->n; j++)
			if (mentions(&t->subs[j], key))
				return true;
	}
	return false;
}

static bool asks(const struct hw_policy *p, enum cond_key key)
{
	return mentions(&p->needs, key) || mentions(&p->when, key);
}

static int lint_ldconfig(const struct decoder *d, struct hw_policy *p, const struct node *root)
{
	const struct node *path = tree_member(tree_member(root, "hook"), "path");
	int r = 0;

	if (!hook_runs_ldconfig(p->candidates[0]))
		return 0;
	if (!asks(p, COND_WRITABLE))
		r = warn_at(d, p, path,
			    "ldconfig fails if it cannot write to /etc, and stops the container",
			    "add needs: { uid: 0, writable: /etc, none: [{ mounts: "
			    "/etc/ld.so.cache }] }");
	/* os: names a distribution, which has one C library. */
	if (r == 0 && !asks(p, COND_LIBC) && !asks(p, COND_OS))
		r = warn_at(d, p, path,
			    "only glibc has the cache that ldconfig writes: in an image with musl "
			    "the hook does nothing or fails",
			    "add when: { libc: glibc }");
	return r;
}

/* ---- paths ---- */

/* What to write instead of a star in the value of @key. */
static const char *star_hint(const char *key)
{
	if (streq(key, "exists"))
		return "write existsAny for a pattern of paths";
	return streq(key, "path") ? "write the path of the program; several candidates are a list"
				  : "write each path out; only existsAny has patterns";
}

static int lint_path(const struct decoder *d, struct hw_policy *p, const struct node *at,
		     const char *key)
{
	const char *path = at->text;
	const int len = utf8_excerpt(path, strlen(path));

	if (strpbrk(path, "*?"))
		return warn_at(d, p, at,
			       arena_printf(d->arena,
					    "'%.*s' is one path: the '%c' in it is an ordinary "
					    "character",
					    len, path, *strpbrk(path, "*?")),
			       star_hint(key));
	if (strchr(path, ' '))
		return warn_at(d, p, at,
			       arena_printf(d->arena, "'%.*s' is one path: the blank is part of it",
					    len, path),
			       streq(key, "path") ? "write arguments under args: [NAME, ARGUMENT]"
						  : "write several paths as a list: [A, B]");
	return 0;
}

/* One path, or a list of them: @value. */
static int lint_paths(const struct decoder *d, struct hw_policy *p, const struct node *value,
		      const char *key)
{
	int r = 0;

	if (value && value->kind == NODE_LIST)
		for (const struct node *n = value->first; r == 0 && n; n = n->next)
			r = lint_path(d, p, n, key);
	else if (value)
		r = lint_path(d, p, value, key);
	return r;
}

/* The conditions of @node, a mapping, and of those in its combinators. */
static int lint_condition_paths(const struct decoder *d, struct hw_policy *p,
				const struct node *node)
{
	static const char *const combinators[] = { "all", "any", "none" };
	static const char *const paths[] = { "exists", "writable", "mounts" };
	int r = 0;

	for (size_t i = 0; node && r == 0 && i < ARRAY_SIZE(paths); i++)
		r = lint_paths(d, p, tree_member(node, paths[i]), paths[i]);
	for (size_t i = 0; node && r == 0 && i < ARRAY_SIZE(combinators); i++) {
		const struct node *list = tree_member(node, combinators[i]);

		for (const struct node *n = list ? list->first : NULL; r == 0 && n; n = n->next)
			r = lint_condition_paths(d, p, n);
	}
	return r;
}

/* Who requests a hook is told, so that the word promises what does not happen. */
static int lint_ignore(const struct decoder *d, struct hw_policy *p, const struct node *root)
{
	if (!p->requested || p->otherwise != OTHERWISE_IGNORE)
		return 0;
	return warn_at(d, p, tree_member(root, "otherwise"),
		       "a policy that is applied only on request is never omitted silently",
		       "write 'otherwise: warn', or fail");
}

/* ---- expressions ---- */

static int lint_pattern(const struct decoder *d, struct hw_policy *p,
			const struct cond_pattern *pattern, bool *told)
{
	const char *hint, *doubt = re2_doubt(pattern->source, &hint);

	if (!doubt || *told)
		return 0;
	*told = true;

	const struct policy_warning w = { pattern->line, pattern->column,
					  arena_printf(d->arena, "expression '%.*s': %s",
						       utf8_excerpt(pattern->source,
								    strlen(pattern->source)),
						       pattern->source, doubt),
					  hint, true };

	return policy_warn(d, p, &w);
}

/* One warning a term: who wrote one expression in another dialect wrote the others in it, too. */
static int lint_expressions(const struct decoder *d, struct hw_policy *p, const struct cond_term *t)
{
	bool told = false;
	int r = 0;

	for (size_t i = 0; r == 0 && t->patterns && i < t->n; i++)
		r = lint_pattern(d, p, &t->patterns[i], &told);
	for (size_t i = 0; r == 0 && t->os && i < t->n; i++)
		for (size_t j = 0; r == 0 && j < t->os[i].n_patterns; j++)
			r = lint_pattern(d, p, &t->os[i].patterns[j], &told);
	return r;
}

static int lint_terms(const struct decoder *d, struct hw_policy *p, const struct conjunction *c)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < c->n_terms; i++) {
		const struct cond_term *t = &c->terms[i];

		r = lint_expressions(d, p, t);
		for (size_t j = 0; r == 0 && t->subs && j < t->n; j++)
			r = lint_terms(d, p, &t->subs[j]);
	}
	return r;
}

int policy_lint(const struct decoder *d, struct hw_policy *p, const struct node *root)
{
	int r = lint_ldconfig(d, p, root);

	if (r == 0)
		r = lint_ignore(d, p, root);
	if (r == 0)
		r = lint_paths(d, p, tree_member(tree_member(root, "hook"), "path"), "path");
	if (r == 0)
		r = lint_condition_paths(d, p, tree_member(root, "when"));
	if (r == 0)
		r = lint_condition_paths(d, p, tree_member(root, "needs"));
	if (r == 0)
		r = lint_terms(d, p, &p->when);
	if (r == 0)
		r = lint_terms(d, p, &p->needs);
	return r < 0 ? r : policy_lint_conditions(d, p);
}
