/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one field of an os-release file, os-release(5). */
#include "format/osrelease.h"

/* Take quotes and escapes off [@s, @end); stops at what would end a shell word. */
static char *unquote(const char *s, const char *end, struct arena *arena)
{
	char *value = arena_alloc(arena, (size_t)(end - s) + 1, 1), *out = value;
	char quote = 0;

	if (!value)
		return NULL;
	for (; s < end && *s; s++) {
		if (quote ? *s == quote : *s == '"' || *s == '\'')
			quote = quote ? 0 : *s;
		else if (!quote && (*s == ' ' || *s == '\t' || *s == '\r'))
			break;
		else if (*s == '\\' && quote != '\'' && s + 1 < end)
			*out++ = *++s;
		else
			*out++ = *s;
	}
	return value;
}

const char *osrelease_value(const char *text, size_t len, const char *field, struct arena *arena)
{
	const size_t field_len = strlen(field);
	const char *end = text + len, *next, *found = NULL, *found_end = NULL;

	for (const char *line = text; line < end; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		next = newline ? newline + 1 : end;
		while (line < stop && (*line == ' ' || *line == '\t'))
			line++;
		if ((size_t)(stop - line) <= field_len || memcmp(line, field, field_len) != 0 ||
		    line[field_len] != '=')
			continue;
		found = line + field_len + 1;
		found_end = stop;
	}
	return found ? unquote(found, found_end, arena) : "";
}
