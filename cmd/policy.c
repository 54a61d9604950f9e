/* SPDX-License-Identifier: Apache-2.0 */
/* policy check, list, show and schema: commands about policy files, without a container. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "cli/input.h"
#include "commands.h"

static enum exit_status no_memory(void)
{
	fputs("hookwright: out of memory\n", stderr);
	return STATUS_TROUBLE;
}

/* ---- check ---- */

struct findings {
	bool json;
	struct hw_json out;
	cJSON *array;
	unsigned errors, warnings, unreadable;
};

void policy_finding(struct hw_json *json, cJSON *array, const char *severity,
		    const struct hw_error *err)
{
	cJSON *o = hw_json_open(json, array, NULL, '{');

	hw_json_text(json, o, "severity", severity);
	hw_json_text(json, o, "path", err->path);
	hw_json_number(json, o, "line", err->line);
	hw_json_number(json, o, "column", err->column);
	hw_json_text(json, o, "message", err->message);
	hw_json_text(json, o, "hint", err->hint[0] ? err->hint : NULL);
}

static void tell(struct findings *f, const char *severity, const struct hw_error *err)
{
	char text[sizeof(*err) + 64];

	if (f->json) {
		policy_finding(&f->out, f->array, severity, err);
		return;
	}
	hw_error_format(err, text, sizeof(text));
	puts(text);
}

static void found_error(void *ctx, const struct hw_error *err)
{
	struct findings *f = ctx;

	f->errors++;
	f->unreadable += err->errnum != EINVAL && err->errnum != EFBIG;
	tell(f, "error", err);
}

static void find_warnings(struct findings *f, const struct hw_policies *policies, bool verbose)
{
	struct hw_error warning;

	for (size_t i = 0; i < hw_policies_count(policies); i++) {
		const struct hw_policy *policy = hw_policies_get(policies, i);
		size_t n = 0;

		for (; hw_policy_warning(policy, n, &warning); n++)
			tell(f, "warning", &warning);
		f->warnings += (unsigned)n;
		if (verbose && !f->json && !n)
			print_stdout("%s: sound\n", hw_policy_path(policy));
	}
}

/* Not even a broken one: who checks has a wrong path, or none. */
static void found_nothing(struct findings *f)
{
	struct hw_error err = { .errnum = ENOENT };

	snprintf(err.message, sizeof(err.message), "nothing was checked: no policy is loaded");
	snprintf(err.hint, sizeof(err.hint),
		 "name a policy file, or a directory of them; an empty file is not a policy");
	found_error(f, &err);
}

static enum exit_status check_status(const struct findings *f)
{
	if (f->unreadable)
		return STATUS_TROUBLE;
	return f->errors || f->warnings ? STATUS_FINDINGS : STATUS_OK;
}

static enum exit_status print_findings(struct findings *f, size_t checked, bool quiet)
{
	enum exit_status status;
	cJSON *root;

	if (!f->json) {
		if (!quiet && !f->errors && !f->warnings)
			printf("%zu polic%s sound\n", checked, checked == 1 ? "y is" : "ies are");
		return check_status(f);
	}
	root = document_new(&f->out);
	hw_json_number(&f->out, root, "policies", (double)checked);
	hw_json_add(&f->out, root, "findings", f->array);
	status = document_print(&f->out, root);
	return status == STATUS_OK ? check_status(f) : status;
}

enum exit_status cmd_policy_check(struct invocation *in)
{
	struct findings f = { .json = in->json };
	struct hw_policies *policies = NULL;
	struct hw_error err;
	enum exit_status status;
	int r;

	if (f.json)
		f.array = hw_json_new(&f.out, '[');
	in->options.policies = (const char *const *)in->args;
	in->options.n_policies = (size_t)in->n_args;
	in->options.complain = found_error;
	in->options.complain_ctx = &f;
	r = hw_policies_load(&in->options, &policies, &err);
	if (r == -ENOMEM) {
		hw_json_free(f.array);
		return no_memory();
	}
	if (r == 0)
		find_warnings(&f, policies, in->verbose);
	else if (f.errors == 0)
		found_error(&f, &err); /* a directory that cannot be read is not a broken file */
	if (r == 0 && hw_policies_count(policies) == 0)
		found_nothing(&f);
	status = print_findings(&f, policies ? hw_policies_count(policies) : 0, in->quiet);
	hw_policies_free(policies);
	return status;
}

/* ---- list ---- */

static void put_policy(struct hw_json *out, cJSON *array, const struct hw_policy *policy)
{
	cJSON *o = hw_json_open(out, array, NULL, '{');

	hw_json_text(out, o, "name", hw_policy_name(policy));
	hw_json_text(out, o, "path", hw_policy_path(policy));
	hw_json_text(out, o, "activation",
		     hw_policy_requested_only(policy) ? "requested" : "always");
	hw_json_number(out, o, "order", hw_policy_order(policy));
	hw_json_text(out, o, "description", hw_policy_description(policy));
}

static enum exit_status list_json(const struct hw_policies *policies)
{
	struct hw_json out = { .failed = false };
	cJSON *root = document_new(&out), *array = hw_json_open(&out, root, "policies", '[');

	for (size_t i = 0; i < hw_policies_count(policies); i++)
		put_policy(&out, array, hw_policies_get(policies, i));
	return document_print(&out, root);
}

/* Columns stay columns, however long a name is. */
static int name_width(const struct hw_policies *policies)
{
	size_t width = 0;

	for (size_t i = 0; i < hw_policies_count(policies); i++) {
		const size_t len = strlen(hw_policy_name(hw_policies_get(policies, i)));

		width = len > width ? len : width;
	}
	return (int)width;
}

static void list_text(const struct hw_policies *policies, bool quiet)
{
	const int width = name_width(policies);

	for (size_t i = 0; i < hw_policies_count(policies); i++) {
		const struct hw_policy *policy = hw_policies_get(policies, i);

		if (quiet) {
			print_stdout("%s\n", hw_policy_name(policy));
			continue;
		}
		print_stdout("%-*s  %-9s  %4d  %s\n", width, hw_policy_name(policy),
			     hw_policy_requested_only(policy) ? "requested" : "always",
			     hw_policy_order(policy), hw_policy_path(policy));
		if (hw_policy_description(policy)[0])
			print_stdout("    %s\n", hw_policy_description(policy));
	}
}

enum exit_status cmd_policy_list(struct invocation *in)
{
	struct hw_policies *policies = NULL;
	enum exit_status status = STATUS_OK;
	struct hw_error err;

	if (hw_policies_load(&in->options, &policies, &err) < 0)
		return complain(in, &err);
	if (in->json)
		status = list_json(policies);
	else
		list_text(policies, in->quiet);
	if (!in->json && hw_policies_count(policies) == 0)
		fputs("no policy is installed\n  hint: see FILES in hookwright-policy(5) for the "
		      "directories of policies\n",
		      stderr);
	hw_policies_free(policies);
	return status;
}

/* ---- show ---- */

enum exit_status unknown_policy(const struct hw_policies *policies, const char *name)
{
	const char *near = hw_policies_closest(policies, name);

	struct hw_error err = { .errnum = ENOENT };

	snprintf(err.message, sizeof(err.message), "policy '%s' does not exist", name);
	hw_defuse(err.message, false);
	if (near)
		snprintf(err.hint, sizeof(err.hint), "did you mean '%s'?", near);
	else
		snprintf(err.hint, sizeof(err.hint), "'hookwright policy list' shows them");
	print_error(&err);
	return STATUS_TROUBLE;
}

static enum exit_status cannot(const char *path, const char *what)
{
	struct hw_error err = { .errnum = errno };

	snprintf(err.path, sizeof(err.path), "%s", path);
	hw_defuse(err.path, false);
	snprintf(err.message, sizeof(err.message), "cannot %s: %s", what, strerror(errno));
	print_error(&err);
	return STATUS_TROUBLE;
}

/* A policy that was loaded is no larger than this. */
#define POLICY_MAX ((size_t)1 << 20)

/* The file as it is, NUL-terminated; free() it. */
static char *file_text(const char *path)
{
	FILE *file = input_file(path);
	char *text = file ? calloc(1, POLICY_MAX + 1) : NULL;
	size_t n;

	if (!text) {
		(void)cannot(path, file ? "read" : "open");
		if (file)
			fclose(file);
		return NULL;
	}
	n = fread(text, 1, POLICY_MAX, file);
	text[n] = '\0';
	if (ferror(file)) {
		(void)cannot(path, "read");
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

/* As "systemctl cat": the file as it is, its path in a comment above. */
static enum exit_status show_policy(struct findings *f, const struct hw_policy *policy)
{
	const char *path = hw_policy_path(policy);
	char *text = file_text(path);
	cJSON *o;

	if (!text)
		return STATUS_TROUBLE;
	if (f->json) {
		o = hw_json_open(&f->out, f->array, NULL, '{');
		hw_json_text(&f->out, o, "name", hw_policy_name(policy));
		hw_json_text(&f->out, o, "path", path);
		hw_json_text(&f->out, o, "text", text);
	} else {
		print_stdout("# %s\n", path);
		fputs(text, stdout);
	}
	free(text);
	return STATUS_OK;
}

static enum exit_status show_all(const struct invocation *in, struct findings *f,
				 const struct hw_policies *policies)
{
	enum exit_status status = STATUS_OK;

	for (int i = 0; status == STATUS_OK && i < in->n_args; i++) {
		const struct hw_policy *policy = hw_policies_find(policies, in->args[i]);

		status = policy ? show_policy(f, policy) : unknown_policy(policies, in->args[i]);
	}
	return status;
}

enum exit_status cmd_policy_show(struct invocation *in)
{
	struct findings f = { .json = in->json };
	struct hw_policies *policies = NULL;
	enum exit_status status;
	struct hw_error err;
	cJSON *root;

	if (in->n_args == 0)
		return misuse(in->command, "name the policies to show");
	if (hw_policies_load(&in->options, &policies, &err) < 0)
		return complain(in, &err);
	root = f.json ? document_new(&f.out) : NULL;
	f.array = f.json ? hw_json_open(&f.out, root, "policies", '[') : NULL;
	status = show_all(in, &f, policies);
	hw_policies_free(policies);
	if (!f.json)
		return status;
	if (status == STATUS_OK)
		return document_print(&f.out, root);
	hw_json_free(root);
	return status;
}

enum exit_status cmd_policy_schema(struct invocation *in)
{
	struct hw_error err;
	char *text;
	int r;

	r = in->test ? hw_policy_examples_schema(&text, &err) : hw_policy_schema(&text, &err);
	if (r < 0)
		return complain(in, &err);
	puts(text);
	free(text);
	return STATUS_OK;
}
