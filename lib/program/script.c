/* SPDX-License-Identifier: Apache-2.0 */
/* Parses the first line of a script as the kernel does, and the words of env(1). */
#include "program/script.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *from, const char *end)
{
	while (from < end && is_blank(*from))
		from++;
	return from;
}

static const char *skip_name(const char *from, const char *end)
{
	while (from < end && !is_blank(*from) && *from != '\0')
		from++;
	return from;
}

static void keep(char to[SCRIPT_HEAD], const char *from, const char *end)
{
	/* The kernel's strings end at the first NUL, too. */
	size_t len = strnlen(from, (size_t)(end - from));

	memcpy(to, from, len);
	to[len] = '\0';
}

/*
 * The end of the first line. The kernel's buffer is padded with NULs, which end a name as a blank
 * does: so "#!/bin/sh" without a newline is sound, and a name that fills the buffer is not, since
 * it may have been cut. NULL for the latter.
 */
static const char *line_end(const char head[SCRIPT_HEAD])
{
	const char *last = head + (SCRIPT_HEAD - 1);
	const char *newline = memchr(head, '\n', strnlen(head, SCRIPT_HEAD));
	const char *name;

	if (newline)
		return newline;
	name = skip_blanks(head + 2, last + 1);
	return skip_name(name, last + 1) > last ? NULL : last;
}

enum script_kind script_parse(const void *bytes, size_t len, struct script *ret)
{
	char head[SCRIPT_HEAD] = { 0 };
	const char *end, *name, *stop;

	memcpy(head, bytes, len < sizeof(head) ? len : sizeof(head));
	if (head[0] != '#' || head[1] != '!')
		return SCRIPT_NONE;
	end = line_end(head);
	if (!end)
		return skip_blanks(head + 2, head + sizeof(head)) == head + sizeof(head)
			       ? SCRIPT_NAMELESS
			       : SCRIPT_CUT;
	while (end > head + 2 && is_blank(end[-1]))
		end--;
	name = skip_blanks(head + 2, end);
	stop = skip_name(name, end);
	if (stop == name)
		return SCRIPT_NAMELESS;
	*ret = (struct script){ 0 };
	keep(ret->interpreter, name, stop);
	if (stop < end && *stop != '\0') {
		name = skip_blanks(stop, end);
		keep(ret->argument, name, end);
		ret->has_argument = true;
	}
	return SCRIPT_RUNS;
}

/* Variables that decide where the command and its libraries are searched. */
static bool is_decisive(const char *word)
{
	return starts_with(word, "PATH=") || starts_with(word, "LD_");
}

/* The first word that is not an assignment; what env(1) would unquote or expand is not followed. */
static enum env_kind split_command(const char *text, char ret[SCRIPT_HEAD])
{
	const char *end = text + strlen(text);

	if (strpbrk(text, "\\\"'$#"))
		return ENV_UNKNOWN;
	for (const char *word = skip_blanks(text, end); word < end;) {
		const char *stop = skip_name(word, end);

		if (*word == '-' || is_decisive(word))
			return ENV_UNKNOWN;
		if (!memchr(word, '=', (size_t)(stop - word))) {
			keep(ret, word, stop);
			return ENV_SPLIT;
		}
		word = skip_blanks(stop, end);
	}
	return ENV_UNKNOWN;
}

enum env_kind script_env_command(const struct script *script, char ret[SCRIPT_HEAD])
{
	static const char *const split[] = { "-S", "-vS", "--split-string=" };
	const char *argument = script->argument;

	if (!script->has_argument)
		return ENV_LOOP;
	for (size_t i = 0; i < ARRAY_SIZE(split); i++)
		if (starts_with(argument, split[i]))
			return split_command(argument + strlen(split[i]), ret);
	if (argument[0] == '-' || strchr(argument, '='))
		return ENV_UNKNOWN;
	keep(ret, argument, argument + strlen(argument));
	return strpbrk(argument, " \t") ? ENV_ONE_NAME : ENV_COMMAND;
}
