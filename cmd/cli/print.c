/* SPDX-License-Identifier: Apache-2.0 */
/* Printing of text that can contain hostile characters. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static bool lost; /* a part of standard output is missing */

/* ---- the status line ---- */

static bool status_is_shown;

void status_show(const char *text)
{
	fprintf(stderr, "\r%s\033[K", text);
	status_is_shown = true;
}

void status_erase(void)
{
	if (status_is_shown)
		fputs("\r\033[K", stderr);
	status_is_shown = false;
}

/* ---- text ---- */

__attribute__((format(printf, 2, 0))) static void put(FILE *file, const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0) {
		fputs("hookwright: out of memory\n", stderr);
		lost = lost || file == stdout;
		return;
	}
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < 0x20 && *p != '\n' && *p != '\t')
			*p = '?';
	hw_defuse(text, true);
	status_erase();
	fputs(text, file);
	free(text);
}

void print_stderr(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(stderr, fmt, ap);
	va_end(ap);
}

void print_path(const char *before, const char *path, const char *after)
{
	char *line = strdup(path);

	if (!line) {
		fputs("hookwright: out of memory\n", stderr);
		return;
	}
	hw_defuse(line, false);
	print_stderr("%s%s: %s\n", before, line, after);
	free(line);
}

void print_stdout(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(stdout, fmt, ap);
	va_end(ap);
}

bool stdout_is_whole(void)
{
	return !lost;
}

#define WIDTH 80 /* columns of a terminal, and of the manual's pages */

/* The length of what is kept together: a line that begins with a blank, else a word. */
static int unbroken(const char *text)
{
	return (int)strcspn(text, text[0] == ' ' ? "\n" : " \n");
}

void print_wrapped(FILE *out, const char *text, int indent, int column)
{
	bool begun = false; /* this line has a word */

	while (*text) {
		const int len = unbroken(text);
		const bool fits = !begun || column + 1 + len <= WIDTH;

		if (!fits)
			fputc('\n', out);
		if (!fits || column == 0)
			column = len ? fprintf(out, "%*s", indent, "") : 0;
		else if (begun)
			column += fprintf(out, " ");
		column += fprintf(out, "%.*s", len, text);
		begun = true;
		text += len + (text[len] == ' ');
		if (*text != '\n')
			continue;
		fputc('\n', out);
		text++;
		column = 0;
		begun = false;
	}
	if (begun)
		fputc('\n', out);
}
