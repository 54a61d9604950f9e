/* SPDX-License-Identifier: Apache-2.0 */
/* policy export: policies as hooks.d files or as a CDI specification. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/input.h"
#include "commands.h"

#define TARGETS 2
const char *const export_targets[TARGETS + 1] = {
	[HW_EXPORT_OCI_HOOKS] = "oci-hooks",
	[HW_EXPORT_CDI] = "cdi",
};

/* The policies that the command line names. */
struct selection {
	const struct hw_policy **items;
	size_t n;
};

static void print_warning(void *ctx, const struct hw_error *warning)
{
	(void)ctx;
	print_error(warning);
}

static enum exit_status find_target(const struct invocation *in, enum hw_export *ret)
{
	const char *near;

	if (!in->export_to)
		return misuse(in->command, "name the target: --to oci-hooks or --to cdi");
	for (size_t i = 0; i < TARGETS; i++) {
		if (strcmp(in->export_to, export_targets[i]) != 0)
			continue;
		*ret = (enum hw_export)i;
		return STATUS_OK;
	}
	near = hw_suggest(in->export_to, export_targets, TARGETS);
	return misuse(in->command, "--to takes oci-hooks or cdi, not '%s'%s%s%s", in->export_to,
		      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static enum exit_status select_policies(const struct invocation *in,
					const struct hw_policies *policies, struct selection *ret)
{
	ret->items = calloc((size_t)in->n_args, sizeof(*ret->items));
	if (!ret->items) {
		fputs("hookwright: out of memory\n", stderr);
		return STATUS_TROUBLE;
	}
	for (int i = 0; i < in->n_args; i++) {
		const struct hw_policy *policy = hw_policies_find(policies, in->args[i]);

		if (!policy)
			return unknown_policy(policies, in->args[i]);
		ret->items[ret->n++] = policy;
	}
	return STATUS_OK;
}

/* ---- writing ---- */

static enum exit_status cannot_write(const char *path)
{
	print_stderr("%s: cannot write: %s\n", path, strerror(errno));
	return STATUS_TROUBLE;
}

/* Engines read such directories at any moment: a file is there whole, or not at all. */
static enum exit_status write_file(const char *dir, const char *name, const char *text)
{
	char path[4096], temporary[4096 + 16];
	FILE *file;
	bool bad;

	if (snprintf(path, sizeof(path), "%s/%s.json", dir, name) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return cannot_write(dir);
	}
	snprintf(temporary, sizeof(temporary), "%s.new", path);
	file = output_new_file(temporary);
	if (!file)
		return cannot_write(temporary);
	bad = fprintf(file, "%s\n", text) < 0;
	bad = fclose(file) != 0 || bad;
	if (!bad && rename(temporary, path) == 0)
		return STATUS_OK;
	(void)cannot_write(path);
	(void)unlink(temporary);
	return STATUS_TROUBLE;
}

static enum exit_status export_one(const struct invocation *in, enum hw_export to,
				   const struct hw_policy *const *policies, size_t n,
				   const char *name)
{
	const struct hw_export_options options = { in->program, in->lint.options.rootfs };
	enum exit_status status = STATUS_OK;
	struct hw_error err;
	char *text;

	if (hw_export(policies, n, to, &options, print_warning, NULL, &text, &err) < 0)
		return complain(in, &err);
	if (in->export_dir)
		status = write_file(in->export_dir, name, text);
	else
		puts(text);
	free(text);
	return status;
}

static enum exit_status export_all(const struct invocation *in, enum hw_export to,
				   const struct selection *selected)
{
	enum exit_status status = STATUS_OK;

	if (to == HW_EXPORT_CDI)
		return export_one(in, to, selected->items, selected->n, "hookwright");
	if (selected->n > 1 && !in->export_dir)
		return misuse(in->command, "a hooks.d file contains one hook: name a directory for "
					   "several with --output");
	for (size_t i = 0; status == STATUS_OK && i < selected->n; i++)
		status = export_one(in, to, &selected->items[i], 1,
				    hw_policy_name(selected->items[i]));
	return status;
}

enum exit_status cmd_policy_export(struct invocation *in)
{
	struct hw_policies *policies = NULL;
	struct selection selected = { 0 };
	enum hw_export to = HW_EXPORT_CDI;
	struct hw_error err;
	enum exit_status status = find_target(in, &to);

	if (status != STATUS_OK)
		return status;
	if (in->n_args == 0)
		return misuse(in->command, "name the policies to export");
	if (hw_policies_load(&in->options, &policies, &err) < 0)
		return complain(in, &err);
	status = select_policies(in, policies, &selected);
	if (status == STATUS_OK)
		status = export_all(in, to, &selected);
	free(selected.items);
	hw_policies_free(policies);
	return status;
}
