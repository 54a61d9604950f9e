/* SPDX-License-Identifier: Apache-2.0 */
/* Entry point of hookwright: finds the command, wrapper or engine that this call is for. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/start.h"
#include "commands.h"
#include "front/front.h"
#include "wrapper/wrapper.h"

static void usage(FILE *out)
{
	fputs("usage: hookwright COMMAND [OPTION...] [ARG...]\n"
	      "       hookwright --help | --version\n\n"
	      "Add OCI startContainer hooks to a container's bundle by policy, and only hooks that "
	      "will work.\n\n",
	      out);
	for (size_t i = 0; i < n_commands; i++)
		fprintf(out, "  %-14s %-14s %s\n", commands[i].name, commands[i].args,
			commands[i].brief);
	fputs("\n"
	      "'hookwright COMMAND --help' shows a command's options; see also hookwright(1) and "
	      "hookwright-policy(5).\n",
	      out);
}

static void command_help(const struct command *command)
{
	printf("usage: hookwright %s [OPTION...]%s%s\n\n%c%s.\n\n%s\nOptions:\n", command->name,
	       command->args[0] ? " " : "", command->args, command->brief[0] - 'a' + 'A',
	       command->brief + 1, command->help);
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
			fprintf(out, "  hookwright %-14s %s\n", commands[i].name,
				commands[i].brief);
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

static enum exit_status run_command(const struct command *command, int argc, char **argv)
{
	struct invocation in;
	enum exit_status status = parse_options(command, argc, argv, &in);

	if (status == STATUS_OK && in.help)
		command_help(command);
	else if (status == STATUS_OK)
		status = command->run(&in);
	free_invocation(&in);
	return status;
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

static enum exit_status start(int argc, char **argv)
{
	const char *runtime;

	if (argc > 0 && (called_as_runtime(argv[0], &runtime) || runtime_led_back()))
		return run_as_runtime(runtime, argc, argv);
	/* "runtime --help" asks the runtime; "runtime" alone is nothing an engine calls. */
	if (argc > 2 && strcmp(argv[1], "runtime") == 0)
		return run_as_runtime(NULL, argc - 1, argv + 1);
	/* All options are the engine's, including --help, so that an alias can replace it. */
	if (argc > 1 && is_engine(argv[1]))
		return run_as_engine(argc - 1, argv + 1);
	buffer_output();
	if (argc < 2) {
		usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		usage(stdout);
		return STATUS_OK;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("hookwright %s\n", hw_version());
		return STATUS_OK;
	}
	if (argv[1][0] == '-') {
		print_stderr("hookwright: unknown option '%s'\n"
			     "  hint: options follow the command; see 'hookwright --help'\n",
			     argv[1]);
		return STATUS_USAGE;
	}
	return dispatch(argc - 1, argv + 1);
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
