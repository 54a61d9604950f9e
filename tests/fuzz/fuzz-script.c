/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the head of a file: the answer equals that of a second, slower parser. */
#include "fuzz.h"
#include "program/script.h"

static void expect(bool what)
{
	if (!what)
		__builtin_trap();
}

struct line {
	char text[SCRIPT_HEAD + 1];
	bool whole; /* it ends in a newline, or the file does */
};

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

static void trim_end(char *s)
{
	for (size_t len = strlen(s); len && blank(s[len - 1]); len--)
		s[len - 1] = '\0';
}

/* The text after "#!": up to a newline, else a NUL, else what there is. */
static struct line line_of(const char head[SCRIPT_HEAD])
{
	struct line line = { .text = "" };
	const size_t len = strnlen(head, SCRIPT_HEAD);
	const char *newline = memchr(head, '\n', len);

	line.whole = newline || len < SCRIPT_HEAD;
	memcpy(line.text, head + 2, newline ? (size_t)(newline - head) - 2 : len - 2);
	if (newline || len == SCRIPT_HEAD - 1)
		trim_end(line.text);
	return line;
}

static enum script_kind expected(const char head[SCRIPT_HEAD], struct script *ret)
{
	struct line line = line_of(head);
	char *name = line.text + strspn(line.text, " \t");
	const size_t len = strcspn(name, " \t");

	if (len == 0)
		return SCRIPT_NAMELESS;
	if (!line.whole && !name[len])
		return SCRIPT_CUT;
	memcpy(ret->interpreter, name, len);
	if (name[len]) {
		/* The last byte of a line that goes on is never read. */
		if (!line.whole) {
			line.text[SCRIPT_HEAD - 3] = '\0';
			trim_end(line.text);
		}
		strcpy(ret->argument, name + len + strspn(name + len, " \t"));
		ret->has_argument = line.whole || ret->argument[0];
	}
	return SCRIPT_RUNS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char head[SCRIPT_HEAD] = { 0 }, command[SCRIPT_HEAD] = "";
	struct script got = { .has_argument = false }, want = got;
	enum script_kind kind = script_parse(data, size, &got);

	memcpy(head, data, size < sizeof(head) ? size : sizeof(head));
	if (memcmp(head, "#!", 2) != 0) {
		expect(kind == SCRIPT_NONE);
		return 0;
	}
	expect(kind == expected(head, &want));
	if (kind != SCRIPT_RUNS)
		return 0;
	expect(streq(got.interpreter, want.interpreter) && streq(got.argument, want.argument));
	expect(got.has_argument == want.has_argument);
	if (script_env_command(&got, command) <= ENV_SPLIT)
		expect(strstr(got.argument, command) != NULL);
	return 0;
}
