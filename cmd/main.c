/* SPDX-License-Identifier: Apache-2.0 */
/* Entry point of hookwright: finds the command, wrapper or engine that this call is for. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/document.h"
#include "cli/start.h"
#include "commands.h"
#include "front/front.h"
#include "wrapper/wrapper.h"

static void list_command(FILE *out, const char *before, const struct command *command)
{
	const int column = fprintf(out, "  %s%-14s  ", before, command->name);

	print_wrapped(out, command->brief, column, column);
}

static void usage(FILE *out)
{
	fputs("usage: hookwright COMMAND [OPTION...] [ARG...]\n"
	      "       hookwright help [COMMAND] | version\n\n",
	      out);
	print_wrapped(out,
		      "Add OCI startContainer hooks to a container's bundle by policy, and only "
		      "hooks that will work.\n\n",
		      0, 0);
	for (size_t i = 0; i < n_commands; i++)
		list_command(out, "", &commands[i]);
	fputc('\n', out);
	print_wrapped(out,
		      "'hookwright help COMMAND' shows a command's options; see also "
		      "hookwright(1) and hookwright-policy(5).",
		      0, 0);
}

static void command_help(const struct command *command)
{
	char brief[128];

	printf("usage: hookwright %s%s%s%s\n\n", command->name, command->run ? " [OPTION...]" : "",
	       command->args[0] ? " " : "", command->args);
	snprintf(brief, sizeof(brief), "%c%s.\n\n", command->brief[0] - 'a' + 'A',
		 command->brief + 1);
	print_wrapped(stdout, brief, 0, 0);
	print_wrapped(stdout, command->help, 0, 0);
	if (!command->run)
		return;
	puts("\nOptions:");
	print_options(command);
}

/* How many words of @argv spell @name ("policy check" is two); 0 if they do not. */
static int words_of(const char *name, int argc, char **argv)
{
	int n = 0;

	while (*name) {
		size_t len = strcspn(name, " ");

		if (n == argc || strlen(argv[n]) != len || memcmp(argv[n], name, len) != 0)
			return 0;
		n++;
		name += len + strspn(name + len, " ");
	}
	return n;
}

static bool is_group(const char *word)
{
	const size_t len = strlen(word);

	for (size_t i = 0; i < n_commands; i++)
		if (strncmp(commands[i].name, word, len) == 0 && commands[i].name[len] == ' ')
			return true;
	return false;
}

static void list_group(FILE *out, const char *group)
{
	for (size_t i = 0; i < n_commands; i++)
		if (strncmp(commands[i].name, group, strlen(group)) == 0)
			list_command(out, "hookwright ", &commands[i]);
}

/* A group alone is not a command; with --help it lists its commands. */
static enum exit_status group_alone(int argc, char **argv)
{
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		list_group(stdout, argv[0]);
		return STATUS_OK;
	}
	print_stderr("hookwright: '%s' needs a subcommand\n", argv[0]);
	list_group(stderr, argv[0]);
	return STATUS_USAGE;
}

static enum exit_status unknown_command(int argc, char **argv)
{
	char words[64];
	const char *names[32], *near;
	const bool group = is_group(argv[0]), two = group && argc > 1 && argv[1][0] != '-';
	size_t n = 0;

	if (group && !two)
		return group_alone(argc, argv);
	names[n++] = "policy";
	names[n++] = "help";
	names[n++] = "version";
	for (size_t i = 0; i < n_commands && n < 32; i++)
		names[n++] = commands[i].name;
	snprintf(words, sizeof(words), "%s%s%s", argv[0], two ? " " : "", two ? argv[1] : "");
	near = hw_suggest(words, names, n);
	print_stderr("hookwright: unknown command '%s'\n", words);
	if (near)
		print_stderr("  hint: did you mean '%s'?\n", near);
	else
		fputs("  hint: 'hookwright --help' lists the commands\n", stderr);
	return STATUS_USAGE;
}

/*
 * By the words: also where they are not understood. A report of lint that goes to a file does not
 * count, and neither does what has an --output.
 */
static bool wants_json(const struct command *command, int argc, char **argv)
{
	bool json = false;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *before = argv[i - 1];
		const bool value = strcmp(before, "-f") == 0 || strcmp(before, "--format") == 0;

		json = json || strcmp(argv[i], "--json") == 0 ||
		       strcmp(argv[i], "--format=json") == 0 || strcmp(argv[i], "-fjson") == 0 ||
		       (value && strcmp(argv[i], "json") == 0);
		if (strncmp(argv[i], "-o", 2) == 0 || strncmp(argv[i], "--out", 5) == 0)
			return false;
	}
	return json && (command->options & TAKES(OPT_JSON));
}

static enum exit_status run_command(const struct command *command, int argc, char **argv)
{
	struct invocation in;
	enum exit_status status = parse_options(command, argc, argv, &in);
	const bool json = wants_json(command, argc, argv);

	if (status == STATUS_OK && in.help)
		command_help(command);
	else if (status == STATUS_OK)
		status = command->run(&in);
	if (json && !in.help)
		document_failure(status);
	free_invocation(&in);
	return status;
}

/* "help COMMAND": as "COMMAND --help", also of those that pass their arguments on. */
static enum exit_status help(int argc, char **argv)
{
	static char option[] = "--help";
	char *words[] = { argc > 0 ? argv[0] : NULL, option, NULL };

	if (argc == 0) {
		usage(stdout);
		return STATUS_OK;
	}
	for (size_t i = 0; i < n_commands; i++) {
		const int n = words_of(commands[i].name, argc, argv);

		if (!n)
			continue;
		if (n < argc)
			return misuse(&commands[i], "unexpected argument '%s' of help", argv[n]);
		command_help(&commands[i]);
		return STATUS_OK;
	}
	return argc == 1 && is_group(argv[0]) ? group_alone(2, words) : unknown_command(argc, argv);
}

static enum exit_status version(void)
{
	printf("hookwright %s\n", hw_version());
	return STATUS_OK;
}

static enum exit_status dispatch(int argc, char **argv)
{
	for (size_t i = 0; i < n_commands; i++) {
		int words = words_of(commands[i].name, argc, argv);

		/* getopt(3) takes the last word of the name for the program's. */
		if (words && !commands[i].run) {
			command_help(&commands[i]);
			return STATUS_OK;
		}
		if (words)
			return run_command(&commands[i], argc - words + 1, argv + words - 1);
	}
	return unknown_command(argc, argv);
}

/* Running out of memory must not suppress the report of what was done. */
static void buffer_output(void)
{
	static char buffer[BUFSIZ];

	(void)setvbuf(stdout, buffer, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, sizeof(buffer));
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/*
 * Of a command that passes its arguments on, --help alone shows our part, and then the program's
 * own, so that an alias can stand for it.
 */
static void help_before(int argc, char **argv)
{
	if (argc != 3 || strcmp(argv[2], "--help") != 0)
		return;
	help(1, argv + 1);
	printf("\n");
	fflush(stdout);
}

static enum exit_status own_words(int argc, char **argv)
{
	if (argc < 2) {
		usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], COMPLETE) == 0)
		return complete(argc - 2, argv + 2);
	if (is_one_of(argv[1], "help", "--help", "-h"))
		return help(argc - 2, argv + 2);
	if (is_one_of(argv[1], "version", "--version", "-V"))
		return version();
	if (argv[1][0] == '-') {
		print_stderr("hookwright: unknown option '%s'\n"
			     "  hint: options follow the command; see 'hookwright --help'\n",
			     argv[1]);
		return STATUS_USAGE;
	}
	return dispatch(argc - 1, argv + 1);
}

static enum exit_status start(int argc, char **argv)
{
	const char *runtime;

	if (argc > 0 && (called_as_runtime(argv[0], &runtime) || runtime_led_back()))
		return run_as_runtime(runtime, argc, argv);
	if (argc > 1 && (strcmp(argv[1], "runtime") == 0 || is_engine(argv[1])))
		help_before(argc, argv);
	/* "runtime" alone is nothing an engine calls. */
	if (argc > 2 && strcmp(argv[1], "runtime") == 0)
		return run_as_runtime(NULL, argc - 1, argv + 1);
	/* All options are the engine's, including --help, so that an alias can replace it. */
	if (argc > 1 && is_engine(argv[1]))
		return run_as_engine(argc - 1, argv + 1);
	buffer_output();
	return own_words(argc, argv);
}

static int run(int argc, char **argv)
{
	enum exit_status status;

	ignore_signal(SIGXFSZ);
	status = start(argc, argv);

	/* A full disk or a closed pipe must not look like success. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("hookwright: standard output");
		return STATUS_TROUBLE;
	}
	if (!stdout_is_whole())
		return STATUS_TROUBLE;
	return (int)status;
}

int main(int argc, char **argv)
{
	occupy_standard_fds();
	return run_with_stack(run, argc, argv);
}
