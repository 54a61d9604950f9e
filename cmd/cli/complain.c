/* SPDX-License-Identifier: Apache-2.0 */
/* Errors and wrong usage on standard error. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

void print_error(const struct hw_error *err)
{
	char text[sizeof(*err) + 64];

	hw_error_format(err, text, sizeof(text));
	status_erase();
	fprintf(stderr, "%s\n", text);
}

void complain_each(void *ctx, const struct hw_error *err)
{
	struct invocation *in = ctx;

	in->complaints++;
	print_error(err);
}

enum exit_status complain(const struct invocation *in, const struct hw_error *err)
{
	if (!in->complaints)
		print_error(err);
	return STATUS_TROUBLE;
}

enum exit_status misuse(const struct command *command, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	if (text)
		hw_defuse(text, false);
	print_stderr("hookwright %s: %s\n  hint: see 'hookwright %s --help'\n", command->name,
		     text ? text : "out of memory", command->name);
	free(text);
	return STATUS_USAGE;
}
