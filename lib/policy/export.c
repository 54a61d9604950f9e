/* SPDX-License-Identifier: Apache-2.0 */
/* Writes policies as hooks.d files or CDI devices, and warns about what those cannot express. */
#include <stdio.h>

#include "base/buffer.h"
#include "base/words.h"
#include "format/re2.h"
#include "policy/export.h"
#include "tools.h"

/*
 * Policies as files that engines read without hookwright. The container is not inspected then: each
 * thing that a target cannot express is reported, never silently omitted.
 */
#define REQUEST_EXPRESSION "^io\\.hookwright\\.policies$"
#define CDI_KIND	   "hookwright.io/policy"

struct exporter {
	const struct hw_policy *policy;
	const struct export_choice *choice;
	enum hw_export to;
	hw_export_warning *warn;
	void *ctx;
	struct hw_json json;
};

/* ---- warnings ---- */

PRINTF_LIKE(5, 6)
static void tell(const struct exporter *e, unsigned line, unsigned column, const char *hint,
		 const char *fmt, ...)
{
	struct hw_error warning;
	char text[sizeof(warning.message)];
	va_list ap;

	if (!e->warn)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)error_set(&warning, 0, (struct where){ e->policy->path, line, column }, hint, "%s",
			text);
	e->warn(e->ctx, &warning);
}

static const char *target_name(const struct exporter *e)
{
	return e->to == HW_EXPORT_CDI ? "a CDI device" : "a hooks.d file";
}

static void tell_terms(const struct exporter *e, const char *section,
		       const struct conjunction *terms, const bool *expressed)
{
	for (size_t i = 0; i < terms->n_terms; i++) {
		const struct cond_term *t = &terms->terms[i];

		if (!expressed || !expressed[t->key])
			tell(e, t->line, t->column,
			     "make sure that only such containers get the hook",
			     "%s '%s' cannot be expressed in %s: it is not checked", section,
			     cond_key_name(t->key), target_name(e));
	}
}

static void tell_candidates(const struct exporter *e)
{
	static const char others[] = "images that have another one need an export of their own";
	const struct export_choice *c = e->choice;
	const char *hint = c->by_caller
				   ? others
				   : "give --rootfs with an image where it is meant to run, or "
				     "select another with --program";
	const size_t n = e->policy->n_candidates;

	if (c->trouble)
		tell(e, 0, 0, "install it there, or export another policy for such images",
		     "none of its programs can run in %s: %s", c->where, c->trouble);
	if (n == 1)
		return;
	if (c->where && !c->trouble)
		tell(e, 0, 0, others,
		     "of its %zu programs only %s is named, which %s has: %s knows one", n,
		     c->program, c->where, target_name(e));
	else if (c->rival)
		tell(e, 0, 0, hint,
		     "of its %zu programs only %s is named, which more images have than %s: %s "
		     "knows one",
		     n, c->program, c->rival, target_name(e));
	else
		tell(e, 0, 0, hint, "of its %zu programs only %s is named: %s knows one", n,
		     c->program, target_name(e));
}

static void tell_rest(const struct exporter *e)
{
	const struct hw_policy *p = e->policy;

	for (size_t i = 0; i < p->n_inherit_env; i++)
		tell(e, 0, 0, "write its value under 'env'",
		     "variable %s is not inherited: its value is "
		     "unknown before the container exists",
		     p->inherit_env[i]);
	if (p->order != 50)
		tell(e, 0, 0,
		     e->to == HW_EXPORT_CDI ? "name the devices in that order"
					    : "rename the file: engines use the order of the names",
		     "order %d cannot be expressed in %s", p->order, target_name(e));
	if (p->timeout)
		tell(e, 0, 0, "remove the timeout if crun is the runtime",
		     "the timeout makes crun start the container's program with SIGCHLD blocked");
	if (p->requested && e->to == HW_EXPORT_CDI)
		return;
	if (!p->requested && e->to == HW_EXPORT_CDI)
		tell(e, 0, 0, "name the device with each of them",
		     "it applies to every container, but a CDI device only to those that request it");
}

/* ---- expressions ---- */

/* The whole value, as policies mean it. */
static char *whole_value(struct exporter *e, const char *expression)
{
	struct text t = { 0 };

	text_printf(&t, "^(?:%s%s)$", expression, re2_is_open(expression) ? "\\E" : "");
	e->json.failed = e->json.failed || t.failed;
	return t.data;
}

static char *exact_text(struct exporter *e, const char *word)
{
	struct text t = { 0 };

	text_puts(&t, "^");
	for (; *word; word++) {
		if (strchr("\\.+*?()|[]{}^$", *word))
			text_puts(&t, "\\");
		text_add(&t, word, 1);
	}
	text_puts(&t, "$");
	e->json.failed = e->json.failed || t.failed;
	return t.data;
}

/* ---- JSON ---- */

static void add_text(struct exporter *e, cJSON *to, const char *key, const char *text)
{
	hw_json_text(&e->json, to, key, text);
}

/* ---- the hook ---- */

/* Whether @path is @other with an ending: what a distribution keeps where it put a wrapper. */
static bool is_kept_behind(const char *path, const char *other)
{
	const size_t len = strlen(other);

	return strncmp(path, other, len) == 0 && path[len] == '.' && !strchr(path + len, '/');
}

/* The first, or what it is kept behind: only some distributions have "ldconfig.real". */
struct export_choice export_choose(const struct hw_policy *policy)
{
	const char *first = policy->candidates[0];

	for (size_t i = 1; i < policy->n_candidates; i++)
		if (is_kept_behind(first, policy->candidates[i]))
			return (struct export_choice){ .program = policy->candidates[i],
						       .rival = first };
	return (struct export_choice){ .program = first };
}

static void add_variable(struct exporter *e, cJSON *env, const char *name, const char *value)
{
	struct text t = { 0 };

	text_printf(&t, "%s=%s", name, value);
	if (t.failed)
		e->json.failed = true;
	else
		add_text(e, env, NULL, t.data);
	text_free(&t);
}

/* As apply writes it, with hookwright's mark: where both are in use, neither is added twice. */
static void add_hook(struct exporter *e, cJSON *to)
{
	const struct hw_policy *p = e->policy;
	const char *program = e->choice->program;
	bool path = false;
	cJSON *items;

	add_text(e, to, "path", program);
	items = hw_json_open(&e->json, to, "args", '[');
	for (size_t i = 0; i < p->n_args; i++)
		add_text(e, items, NULL, p->args[i]);
	if (p->n_args == 0)
		add_text(e, items, NULL, program);
	items = hw_json_open(&e->json, to, "env", '[');
	add_variable(e, items, "_HOOKWRIGHT_POLICY", p->name);
	for (size_t i = 0; i < p->n_env; i++)
		path = path || streq(p->env[i].name, "PATH");
	if (!path)
		add_text(e, items, NULL, "PATH=" DEFAULT_PATH);
	for (size_t i = 0; i < p->n_env; i++)
		add_variable(e, items, p->env[i].name, p->env[i].value);
	if (p->timeout)
		hw_json_number(&e->json, to, "timeout", (double)p->timeout);
	tell_candidates(e);
}

/* ---- hooks.d ---- */

static void add_annotations(struct exporter *e, cJSON *annotations, const struct cond_term *t)
{
	for (size_t i = 0; i < t->n; i++) {
		auto_free char *key = exact_text(e, t->patterns[i].name);
		auto_free char *value = whole_value(e, t->patterns[i].source);

		if (key && value)
			add_text(e, annotations, key, value);
	}
}

static void add_commands(struct exporter *e, cJSON *when, const struct cond_term *t)
{
	cJSON *commands = hw_json_open(&e->json, when, "commands", '[');

	for (size_t i = 0; i < t->n; i++) {
		auto_free char *value = whole_value(e, t->patterns[i].source);

		if (value)
			add_text(e, commands, NULL, value);
	}
}

static void add_request(struct exporter *e, cJSON *annotations)
{
	struct text t = { 0 };

	text_printf(&t, "(^|,)[ \\t]*%s[ \\t]*(,|$)", e->policy->name);
	if (t.failed)
		e->json.failed = true;
	else
		add_text(e, annotations, REQUEST_EXPRESSION, t.data);
	text_free(&t);
}

static void add_when(struct exporter *e, cJSON *root)
{
	const struct hw_policy *p = e->policy;
	static const bool expressed[COND_KEYS] = {
		[COND_ANNOTATIONS] = true, [COND_COMMAND] = true
	};
	cJSON *when = hw_json_open(&e->json, root, "when", '{');
	cJSON *annotations = hw_json_new(&e->json, '{');

	if (p->requested)
		add_request(e, annotations);
	for (size_t i = 0; p->has_when && i < p->when.n_terms; i++) {
		const struct cond_term *t = &p->when.terms[i];

		if (t->key == COND_ANNOTATIONS)
			add_annotations(e, annotations, t);
		if (t->key == COND_COMMAND)
			add_commands(e, when, t);
	}
	if (!hw_json_is_empty(annotations))
		hw_json_add(&e->json, when, "annotations", annotations);
	else
		hw_json_free(annotations);
	if (when && hw_json_is_empty(when))
		hw_json_flag(&e->json, when, "always", true);
	if (p->has_when)
		tell_terms(e, "condition", &p->when, expressed);
}

static void add_hooks_file(struct exporter *e, cJSON *root)
{
	cJSON *stages;

	add_text(e, root, "version", "1.0.0");
	add_hook(e, hw_json_open(&e->json, root, "hook", '{'));
	add_when(e, root);
	stages = hw_json_open(&e->json, root, "stages", '[');
	add_text(e, stages, NULL, "startContainer");
	tell(e, 0, 0, "put it there as well, or use CDI or hookwright itself",
	     "podman and CRI-O add the hook only if %s also exists on the host",
	     e->choice->program);
}

/* ---- CDI ---- */

static void add_device(struct exporter *e, cJSON *devices)
{
	cJSON *device = hw_json_open(&e->json, devices, NULL, '{'), *edits, *hooks, *hook;

	add_text(e, device, "name", e->policy->name);
	edits = hw_json_open(&e->json, device, "containerEdits", '{');
	hooks = hw_json_open(&e->json, edits, "hooks", '[');
	hook = hw_json_open(&e->json, hooks, NULL, '{');
	add_text(e, hook, "hookName", "startContainer");
	add_hook(e, hook);
	if (e->policy->has_when)
		tell_terms(e, "condition", &e->policy->when, NULL);
}

/* A device's name may begin with a digit since 0.5.0; hooks are there since 0.3.0. */
static const char *cdi_version(const struct hw_policy *const *policies, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (policies[i]->name[0] >= '0' && policies[i]->name[0] <= '9')
			return "0.5.0";
	return "0.3.0";
}

/* ---- the whole ---- */

static void tell_unchecked(const struct exporter *e)
{
	if (e->policy->has_needs)
		tell_terms(e, "need", &e->policy->needs, NULL);
	tell_rest(e);
	tell(e, 0, 0, "'hookwright explain' checks a given container",
	     "the container is not inspected: if the program cannot run there, the container's own "
	     "program never starts");
}

int export_make(const struct hw_policy *const *policies, size_t n, enum hw_export to,
		const struct export_choice *choices, hw_export_warning *warn, void *ctx, char **ret,
		struct hw_error *err)
{
	struct exporter e = { .to = to, .warn = warn, .ctx = ctx };
	cJSON *root = hw_json_new(&e.json, '{'), *devices = NULL;

	if (to == HW_EXPORT_OCI_HOOKS && n != 1) {
		hw_json_free(root);
		return error_set(err, EINVAL, NOWHERE, "export them one by one",
				 "a hooks.d file contains one hook, not %zu", n);
	}
	if (to == HW_EXPORT_CDI) {
		add_text(&e, root, "cdiVersion", cdi_version(policies, n));
		add_text(&e, root, "kind", CDI_KIND);
		devices = hw_json_open(&e.json, root, "devices", '[');
	}
	for (size_t i = 0; i < n; i++) {
		e.policy = policies[i];
		e.choice = &choices[i];
		if (to == HW_EXPORT_CDI)
			add_device(&e, devices);
		else
			add_hooks_file(&e, root);
		tell_unchecked(&e);
	}
	return hw_json_print(&e.json, root, ret) < 0 ? error_oom(err) : 0;
}
