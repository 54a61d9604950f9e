/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/input.h"
#include "commands.h"

static enum exit_status no_memory(void)
{
	fputs("hookwright: out of memory\n", stderr);
	return STATUS_TROUBLE;
}

static enum exit_status print_json(const struct hw_json *json, cJSON *root)
{
	char *text;

	if (hw_json_print(json, root, &text) < 0)
		return no_memory();
	puts(text);
	free(text);
	return STATUS_OK;
}

/* ---- check ---- */

struct findings {
	bool json;
	struct hw_json out;
	cJSON *array;
	unsigned errors, warnings, unreadable;
};

static void put_finding(struct findings *f, const char *severity, const struct hw_error *err)
{
	cJSON *o = hw_json_open(&f->out, f->array, NULL, '{');

	hw_json_text(&f->out, o, "severity", severity);
	hw_json_text(&f->out, o, "path", err->path);
	hw_json_number(&f->out, o, "line", err->line);
	hw_json_number(&f->out, o, "column", err->column);
	hw_json_text(&f->out, o, "message", err->message);
	hw_json_text(&f->out, o, "hint", err->hint[0] ? err->hint : NULL);
}

static void tell(struct findings *f, const char *severity, const struct hw_error *err)
{
	char text[sizeof(*err) + 64];

	if (f->json) {
		put_finding(f, severity, err);
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
	root = hw_json_new(&f->out, '{');
	hw_json_number(&f->out, root, "policies", (double)checked);
	hw_json_add(&f->out, root, "findings", f->array);
	status = print_json(&f->out, root);
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
		found_error(&f, &err); /* a directory that cannot be read is no broken file */
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
	cJSON *root = hw_json_new(&out, '{'), *array = hw_json_open(&out, root, "policies", '[');

	for (size_t i = 0; i < hw_policies_count(policies); i++)
		put_policy(&out, array, hw_policies_get(policies, i));
	return print_json(&out, root);
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
		fputs("no policy is installed\n"
		      "  hint: see FILES in hookwright-policy(5) for the directories of policies\n",
		      stderr);
	hw_policies_free(policies);
	return status;
}

/* ---- show ---- */

enum exit_status unknown_policy(const struct hw_policies *policies, const char *name)
{
	const char *near = hw_policies_closest(policies, name);

	print_stderr("policy '%s' does not exist\n", name);
	if (near)
		print_stderr("  hint: did you mean '%s'?\n", near);
	else
		fputs("  hint: 'hookwright policy list' shows them\n", stderr);
	return STATUS_TROUBLE;
}

/* As "systemctl cat": the file as it is, its path in a comment above. */
static enum exit_status show_file(const char *path)
{
	FILE *file = input_file(path);
	char buf[4096];
	size_t n;
	bool bad;

	if (!file) {
		print_stderr("%s: cannot open: %s\n", path, strerror(errno));
		return STATUS_TROUBLE;
	}
	print_stdout("# %s\n", path);
	while ((n = fread(buf, 1, sizeof(buf), file)) > 0)
		fwrite(buf, 1, n, stdout);
	bad = ferror(file);
	fclose(file);
	if (bad)
		print_stderr("%s: cannot read\n", path);
	return bad ? STATUS_TROUBLE : STATUS_OK;
}

enum exit_status cmd_policy_show(struct invocation *in)
{
	struct hw_policies *policies = NULL;
	enum exit_status status = STATUS_OK;
	struct hw_error err;

	if (in->n_args == 0)
		return misuse(in->command, "name the policies to show");
	if (hw_policies_load(&in->options, &policies, &err) < 0)
		return complain(in, &err);
	for (int i = 0; status == STATUS_OK && i < in->n_args; i++) {
		const struct hw_policy *policy = hw_policies_find(policies, in->args[i]);

		status = policy ? show_file(hw_policy_path(policy))
				: unknown_policy(policies, in->args[i]);
	}
	hw_policies_free(policies);
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
