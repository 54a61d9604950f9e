/* SPDX-License-Identifier: Apache-2.0 */
/* Errors and wrong usage on standard error. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

static struct hw_error *noted;
static size_t n_noted;

void failure_note(const struct hw_error *err)
{
	struct hw_error *more = realloc(noted, (n_noted + 1) * sizeof(*noted));

	if (!more)
		return;
	noted = more;
	noted[n_noted++] = *err;
}

size_t failures(const struct hw_error **ret)
{
	*ret = noted;
	return n_noted;
}

void print_error(const struct hw_error *err)
{
	char text[sizeof(*err) + 64];

	failure_note(err);
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

static void note_misuse(const struct command *command, const char *text)
{
	struct hw_error err = { .errnum = EINVAL };

	snprintf(err.message, sizeof(err.message), "%s", text);
	snprintf(err.hint, sizeof(err.hint), "see 'hookwright %s --help'", command->name);
	failure_note(&err);
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
	note_misuse(command, text ? text : "out of memory");
	print_stderr("hookwright %s: %s\n  hint: see 'hookwright %s --help'\n", command->name,
		     text ? text : "out of memory", command->name);
	free(text);
	return STATUS_USAGE;
}
