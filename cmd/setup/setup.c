/* SPDX-License-Identifier: Apache-2.0 */
/* setup: prints what an engine's configuration needs; --check is in setup/check.c. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "cli/input.h"
#include "cli/programs.h"
#include "setup/setup.h"

/* The values of the placeholders. */
struct paths {
	char directory[PATH_MAX - 32];
	char program[PATH_MAX], runtime[PATH_MAX], runc[PATH_MAX], crun[PATH_MAX];
};

/* ---- the engines ---- */

static const struct snippet *find_snippet(const char *engine, const char *form)
{
	for (size_t i = 0; i < n_snippets; i++)
		if (strcmp(snippets[i].engine, engine) == 0 &&
		    (!form || (snippets[i].form && strcmp(snippets[i].form, form) == 0)))
			return &snippets[i];
	return NULL;
}

static enum exit_status list_json(void)
{
	struct hw_json json = { .failed = false };
	cJSON *root = document_new(&json), *array = hw_json_open(&json, root, "snippets", '[');

	for (size_t i = 0; i < n_snippets; i++) {
		cJSON *o = hw_json_open(&json, array, NULL, '{');

		hw_json_text(&json, o, "engine", snippets[i].engine);
		hw_json_text(&json, o, "form", snippets[i].form);
		hw_json_text(&json, o, "file", snippets[i].file);
	}
	return document_print(&json, root);
}

/* "  podman       precreate     /usr/share/..." */
static enum exit_status list_engines(void)
{
	const char *last = "";

	puts("  ENGINE      --form        destination");
	for (size_t i = 0; i < n_snippets; i++) {
		const struct snippet *s = &snippets[i];

		printf("  %-11s %-13s %s\n", strcmp(last, s->engine) == 0 ? "" : s->engine,
		       s->form ? s->form : "", s->file);
		last = s->engine;
	}
	return STATUS_OK;
}

static enum exit_status unknown_engine(const struct invocation *in)
{
	const char *names[32], *near;
	size_t n = 0;

	for (size_t i = 0; i < n_snippets && n < 32; i++)
		names[n++] = snippets[i].engine;
	near = hw_suggest(in->args[0], names, n);
	if (near)
		return misuse(in->command, "unknown engine '%s'; did you mean '%s'?", in->args[0],
			      near);
	return misuse(in->command, "unknown engine '%s'; 'hookwright setup' lists them",
		      in->args[0]);
}

static enum exit_status unknown_form(const struct invocation *in)
{
	const char *engine = in->args[0];
	char forms[128] = "";
	size_t used = 0;

	for (size_t i = 0; i < n_snippets; i++)
		if (strcmp(snippets[i].engine, engine) == 0 && snippets[i].form)
			used += (size_t)snprintf(forms + used, sizeof(forms) - used, "%s%s",
						 used ? ", " : "", snippets[i].form);
	if (!used)
		return misuse(in->command, "%s has only one snippet and does not support --form",
			      engine);
	return misuse(in->command, "--form of %s must be one of %s", engine, forms);
}

/* ---- the paths ---- */

/*
 * A path goes into JSON, TOML, YAML and shell text as it is; these characters mean themselves in
 * all of them.
 */
static bool is_plain(const char *path)
{
	return path[strspn(
		       path,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-")] ==
	       '\0';
}

static bool find_paths(struct paths *p)
{
	static const char *const names[] = { "hookwright", "hookwright-runtime", "hookwright-runc",
					     "hookwright-crun" };
	char *const to[] = { p->program, p->runtime, p->runc, p->crun };

	if (!own_directory(p->directory, sizeof(p->directory)) || !is_plain(p->directory)) {
		fputs("hookwright setup: this program's directory is unknown, or its name contains "
		      "characters that need quoting\n"
		      "  hint: install it at a path of letters, digits and '._+-' only\n",
		      stderr);
		return false;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char found[PATH_MAX];

		snprintf(to[i], PATH_MAX, "%s/%s", p->directory, names[i]);
		if (!own_program(names[i], found, sizeof(found)))
			print_stderr("hookwright setup: warning: %s does not exist\n"
				     "  hint: 'make install' creates it\n",
				     to[i]);
	}
	return true;
}

/* ---- the installed policies, as members of a ConfigMap ---- */

/* A block of text with explicit indentation, so that it may begin with blanks itself. */
static bool print_policy(const struct hw_policy *policy)
{
	FILE *file = input_file(hw_policy_path(policy));
	bool bad, begin = true;
	int c;

	if (!file)
		return false;
	printf("  %s.yaml: |2\n", hw_policy_name(policy));
	while ((c = getc(file)) != EOF) {
		if (begin && c != '\n')
			fputs("    ", stdout);
		putchar(c);
		begin = c == '\n';
	}
	if (!begin)
		putchar('\n');
	bad = ferror(file);
	fclose(file);
	return !bad;
}

static enum exit_status print_policies(struct invocation *in)
{
	struct hw_policies *policies = NULL;
	enum exit_status status = STATUS_OK;
	struct hw_error err;

	if (hw_policies_load(&in->options, &policies, &err) < 0)
		return complain(in, &err);
	if (!hw_policies_count(policies))
		puts("  {}");
	for (size_t i = 0; i < hw_policies_count(policies) && status == STATUS_OK; i++) {
		const struct hw_policy *policy = hw_policies_get(policies, i);

		if (print_policy(policy))
			continue;
		print_stderr("%s: cannot read: %s\n", hw_policy_path(policy), strerror(errno));
		status = STATUS_TROUBLE;
	}
	hw_policies_free(policies);
	return status;
}

/* ---- printing ---- */

static enum exit_status print_text(struct invocation *in, const struct paths *p, const char *text)
{
	const struct {
		const char *name, *value; /* NULL: the policies */
	} words[] = {
		{ "@DIRECTORY@", p->directory }, { "@PROGRAM@", p->program },
		{ "@RUNTIME@", p->runtime },	 { "@RUNC@", p->runc },
		{ "@CRUN@", p->crun },		 { "@VERSION@", hw_version() },
		{ "@POLICIES@", NULL },
	};
	enum exit_status status = STATUS_OK;

	while (*text && status == STATUS_OK) {
		size_t len = strcspn(text, "@"), i = 0;

		fwrite(text, 1, len, stdout);
		text += len;
		while (i < sizeof(words) / sizeof(words[0]) &&
		       strncmp(text, words[i].name, strlen(words[i].name)) != 0)
			i++;
		if (i == sizeof(words) / sizeof(words[0])) {
			if (*text)
				putchar(*text++);
			continue;
		}
		text += strlen(words[i].name);
		if (words[i].value)
			fputs(words[i].value, stdout);
		else
			status = print_policies(in);
	}
	return status;
}

/* containerd's form is that of the containerd that is here. */
static const char *installed_form(const char *engine)
{
	char path[PATH_MAX], text[256];
	const char *const argv[] = { path, "--version", NULL };
	const char *version;

	if (strcmp(engine, "containerd") != 0 || !find_program(engine, path, sizeof(path)) ||
	    program_output(argv, 10, text, sizeof(text)) != 0)
		return NULL;
	/*
	 * "containerd github.com/containerd/containerd/v2 v2.1.4 ...", "containerd ... 1.6.20~ds1"
	 */
	version = strchr(text, ' ');
	version = version ? strchr(version + 1, ' ') : NULL;
	if (!version)
		return NULL;
	return strtol(version + strspn(version, " v"), NULL, 10) == 1 ? "1.7" : NULL;
}

/* Without --form Kubernetes gets all it needs, as one stream; others the first, which is usual. */
static enum exit_status print_snippets(struct invocation *in, const char *form)
{
	const bool all = !form && strcmp(in->args[0], "kubernetes") == 0;
	const struct snippet *s = find_snippet(in->args[0], form), *end = snippets + n_snippets;
	enum exit_status status = STATUS_OK;
	struct paths paths;

	if (!find_paths(&paths))
		return STATUS_TROUBLE;
	for (; s < end && strcmp(s->engine, in->args[0]) == 0 && status == STATUS_OK; s++) {
		status = print_text(in, &paths, s->text);
		if (s->notes)
			fputs(s->notes, stderr);
		if (!all)
			break;
		if (s + 1 < end && strcmp(s[1].engine, s->engine) == 0)
			puts("---");
	}
	return status;
}

enum exit_status cmd_setup(struct invocation *in)
{
	const char *form = in->form;

	if (in->n_args == 0)
		return in->check || form ? misuse(in->command, "name the engine")
		       : in->json	 ? list_json()
					 : list_engines();
	if (!find_snippet(in->args[0], NULL))
		return unknown_engine(in);
	if (in->check && form)
		return misuse(in->command, "--check and --form exclude each other");
	if (in->json && !in->check)
		return misuse(in->command,
			      "--json needs --check, or no engine: the snippet is not JSON");
	if (in->check)
		return check_engine(in, in->args[0]);
	if (!form)
		form = installed_form(in->args[0]);
	if (form && !find_snippet(in->args[0], form))
		return unknown_form(in);
	return print_snippets(in, form);
}
