/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of parsing the first line of a script. */
#include "program/script.h"
#include "test.h"

/* The parsed line as one text: "runs INTERPRETER" or "runs INTERPRETER [ARGUMENT]". */
static const char *said(const void *head, size_t len)
{
	static const char *const words[] = {
		[SCRIPT_NONE] = "none",
		[SCRIPT_NAMELESS] = "nameless",
		[SCRIPT_CUT] = "cut",
	};
	static char text[2 * SCRIPT_HEAD + 16];
	struct script script;
	enum script_kind kind = script_parse(head, len, &script);

	if (kind != SCRIPT_RUNS)
		return words[kind];
	if (script.has_argument)
		snprintf(text, sizeof(text), "runs %s [%s]", script.interpreter, script.argument);
	else
		snprintf(text, sizeof(text), "runs %s", script.interpreter);
	return text;
}

#define ROW(text, want)                      \
	{                                    \
		text, sizeof(text) - 1, want \
	}

static void the_first_line_is_read_as_the_kernel_does(void)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want;
	} rows[] = {
		ROW("", "none"),
		ROW("#", "none"),
		ROW(" #!/bin/sh\n", "none"),
		ROW("\177ELF", "none"),
		ROW("#!", "nameless"),
		ROW("#!\n", "nameless"),
		ROW("#! \t \n/bin/sh\n", "nameless"),
		ROW("#! \t ", "nameless"),
		ROW("#!\0/bin/sh\n", "nameless"),
		ROW("#!/bin/sh\n", "runs /bin/sh"),
		ROW("#!/bin/sh", "runs /bin/sh"),
		ROW("#!/bin/sh\0junk\n", "runs /bin/sh"),
		ROW("#! \t /bin/sh \t \n", "runs /bin/sh"),
		ROW("#!bin/sh\n", "runs bin/sh"),
		ROW("#!/bin/sh\r\n", "runs /bin/sh\r"),
		ROW("#!/bin/sh -e\n", "runs /bin/sh [-e]"),
		ROW("#!/bin/sh -e \n", "runs /bin/sh [-e]"),
		ROW("#!/bin/sh \t -e\t-x\n", "runs /bin/sh [-e\t-x]"),
		ROW("#!/bin/sh -e", "runs /bin/sh [-e]"),
		ROW("#!/bin/sh ", "runs /bin/sh []"),
		ROW("#!/bin/sh -e\0 -x\n", "runs /bin/sh [-e]"),
		ROW("#!/bin/sh -e\n-x\n", "runs /bin/sh [-e]"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_STR(said(rows[i].text, rows[i].len), rows[i].want);
}

/* "#!" and @blanks blanks, a name that fills the line to @length bytes, then @after. */
static const char *said_of(size_t blanks, size_t length, const char *after)
{
	char head[600];

	memset(head, 'x', sizeof(head));
	memcpy(head, "#!", 2);
	memset(head + 2, ' ', blanks);
	memcpy(head + length, after, strlen(after));
	return said(head, length + strlen(after));
}

static void a_name_must_end_within_the_kernels_buffer(void)
{
	CHECK_INT(strlen(said_of(0, 255, "\n")), strlen("runs ") + 253);
	CHECK_STR(said_of(0, 256, "\n"), "cut");
	CHECK_STR(said_of(0, 300, "\n"), "cut");
	/* The blank that ends the name is the last byte seen: no argument. */
	CHECK_INT(strlen(said_of(0, 255, " -e")), strlen("runs ") + 253);
	CHECK_STR(said_of(0, 256, " -e"), "cut");
	/* Without a newline, the file must end before the buffer does. */
	CHECK_INT(strlen(said_of(0, 255, "")), strlen("runs ") + 253);
	CHECK_STR(said_of(0, 256, ""), "cut");
	CHECK_STR(said_of(252, 255, "\n"), "runs x");
	CHECK_STR(said_of(252, 256, "\n"), "cut");
	CHECK_STR(said_of(254, 256, "\n"), "nameless");
	CHECK_STR(said_of(298, 300, "/bin/sh\n"), "nameless");
}

static void a_long_argument_is_cut_off(void)
{
	char head[400] = "#!/bin/sh -e";

	memset(head + 12, 'e', sizeof(head) - 13);
	head[sizeof(head) - 1] = '\n';
	CHECK_INT(strlen(said(head, sizeof(head))), strlen("runs /bin/sh []") + 255 - 10);
}

/* Whatever the bytes: an answer, and strings that end. */
static void every_prefix_of_any_line_is_safe(void)
{
	static const char letters[] = "#! \t\n\r\0a/-";
	unsigned seed = 1;

	for (int round = 0; round < 20000; round++) {
		char head[300] = "#!";
		size_t len = 2 + seed % 298;

		for (size_t i = 2; i < len; i++) {
			seed = seed * 1103515245u + 12345u;
			head[i] = letters[seed / 65536 % (sizeof(letters) - 1)];
		}
		CHECK(strlen(said(head, len)) < 2 * SCRIPT_HEAD + 16);
	}
}

static void env_is_asked_for_one_command(void)
{
	static const struct {
		const char *line;
		enum env_kind kind;
		const char *command;
	} rows[] = {
		{ "#!/usr/bin/env python3\n", ENV_COMMAND, "python3" },
		{ "#!/usr/bin/env   python3   \n", ENV_COMMAND, "python3" },
		{ "#!/usr/bin/env /bin/sh\n", ENV_COMMAND, "/bin/sh" },
		{ "#!/usr/bin/env python3 -u\n", ENV_ONE_NAME, "python3 -u" },
		{ "#!/usr/bin/env -S python3 -u\n", ENV_SPLIT, "python3" },
		{ "#!/usr/bin/env -Spython3\n", ENV_SPLIT, "python3" },
		{ "#!/usr/bin/env -vS python3\n", ENV_SPLIT, "python3" },
		{ "#!/usr/bin/env --split-string=python3 -u\n", ENV_SPLIT, "python3" },
		{ "#!/usr/bin/env -S A=1 B=2 python3\n", ENV_SPLIT, "python3" },
		{ "#!/usr/bin/env -S PATH=/bin python3\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env -S A=1 LD_LIBRARY_PATH=/l python3\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env -S python3 PATH=/bin\n", ENV_SPLIT, "python3" },
		{ "#!/usr/bin/env -S A=1\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env -S -i python3\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env -S 'python3'\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env -S ${PYTHON}\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env -S\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env -i\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env A=1 python3\n", ENV_UNKNOWN, NULL },
		{ "#!/usr/bin/env\n", ENV_LOOP, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char command[SCRIPT_HEAD] = "";
		struct script script;

		CHECK_INT(script_parse(rows[i].line, strlen(rows[i].line), &script), SCRIPT_RUNS);
		CHECK_INT(script_env_command(&script, command), rows[i].kind);
		if (rows[i].command)
			CHECK_STR(command, rows[i].command);
	}
}

int main(void)
{
	RUN(the_first_line_is_read_as_the_kernel_does);
	RUN(a_name_must_end_within_the_kernels_buffer);
	RUN(a_long_argument_is_cut_off);
	RUN(every_prefix_of_any_line_is_safe);
	RUN(env_is_asked_for_one_command);
	return DONE();
}
