/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

/* One row an option; the parser and --help both read it. */
static const struct {
	const char *name;
	char letter;	  /* 0: none */
	const char *what; /* the argument's name; NULL: takes none */
	const char *help;
} rows[OPT_IDS] = {
	[OPT_POLICY] = { "policy", 'p', "FILE|DIR",
			 "use this policy, or the policies of this directory, instead of the "
			 "installed ones;\nnaming a file also requests it; may be repeated, later "
			 "ones mask earlier ones" },
	[OPT_CONFIG] = { "config", 0, "FILE", "read this configuration file" },
	[OPT_REQUEST] = { "request", 'r', "NAME",
			  "request this policy, as annotation io.hookwright.policies does; may be "
			  "repeated" },
	[OPT_RUNTIME] = { "runtime", 0, "NAME",
			  "the runtime that will run the bundle: runc, crun or its path" },
	[OPT_DRY_RUN] = { "dry-run", 'n', NULL, "change nothing" },
	[OPT_DIFF] = { "diff", 0, NULL, "show the change as a unified diff" },
	[OPT_PRUNE] = { "prune", 0, NULL, "remove hooks of ours whose policy is not loaded, too" },
	[OPT_NO_SYNC] = { "no-sync", 0, NULL, "do not wait until the file is on the disk (fsync)" },
	[OPT_JSON] = { "json", 0, NULL, "print one JSON object; see hookwright(1)" },
	[OPT_QUIET] = { "quiet", 'q', NULL, "print only what needs attention" },
	[OPT_COLOR] = { "color", 0, "WHEN", "use colour: auto (default), always or never" },
	[OPT_HELP] = { "help", 'h', NULL, "show this help" },
};

static bool takes(const struct command *command, int id)
{
	return id == OPT_HELP || (command->options & TAKES(id));
}

void print_options(const struct command *command)
{
	for (int id = 0; id < OPT_IDS; id++) {
		char left[64];
		const char *line = rows[id].help, *end;

		if (!takes(command, id))
			continue;
		snprintf(left, sizeof(left), "%c%c%s--%s%s%s", rows[id].letter ? '-' : ' ',
			 rows[id].letter ? rows[id].letter : ' ', rows[id].letter ? ", " : "  ",
			 rows[id].name, rows[id].what ? "=" : "",
			 rows[id].what ? rows[id].what : "");
		printf("  %-24s", left);
		while ((end = strchr(line, '\n'))) {
			printf("%.*s\n%26s", (int)(end - line), line, "");
			line = end + 1;
		}
		printf("%s\n", line);
	}
}

/* getopt_long(3)'s form of the rows that @command takes. */
struct tables {
	struct option longs[OPT_IDS + 1];
	char shorts[2 * OPT_IDS + 3];
};

static void make_tables(const struct command *command, struct tables *t)
{
	size_t n = 0, s = 0;

	t->shorts[s++] = ':'; /* tell a missing argument from an unknown option */
	for (int id = 0; id < OPT_IDS; id++) {
		if (!takes(command, id))
			continue;
		t->longs[n++] = (struct option){ rows[id].name,
						 rows[id].what ? required_argument : no_argument,
						 NULL, id };
		if (rows[id].letter)
			t->shorts[s++] = rows[id].letter;
		if (rows[id].letter && rows[id].what)
			t->shorts[s++] = ':';
	}
	t->shorts[s] = '\0';
	t->longs[n] = (struct option){ 0 };
}

static int id_of_letter(int c)
{
	for (int id = 0; id < OPT_IDS; id++)
		if (rows[id].letter == c)
			return id;
	return -1;
}

/* "--p" for --policy and --prune; 0 when @word is no beginning of two names. */
static size_t ambiguous(const char *word, const char *const *names, size_t n, char *list,
			size_t size)
{
	const size_t len = strlen(word);
	size_t matches = 0, used = 0;

	for (size_t i = 0; i < n; i++) {
		if (strncmp(names[i], word, len) != 0 || used >= size)
			continue;
		used += (size_t)snprintf(list + used, size - used, "%s--%s", matches ? ", " : "",
					 names[i]);
		matches++;
	}
	return matches > 1 ? matches : 0;
}

static enum exit_status unknown_long(const struct command *command, const char *word)
{
	const char *names[OPT_IDS], *near;
	char bare[64], list[256];
	size_t n = 0;

	for (int id = 0; id < OPT_IDS; id++)
		if (takes(command, id))
			names[n++] = rows[id].name;
	snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	if (optopt) /* getopt(3) knows the option, so its value is what is wrong */
		return misuse(command, "option '--%s' takes no argument", bare);
	if (ambiguous(bare, names, n, list, sizeof(list)))
		return misuse(command, "option '--%s' may be one of %s", bare, list);
	near = hw_suggest(bare, names, n);
	if (near)
		return misuse(command, "unknown option '--%s'; did you mean '--%s'?", bare, near);
	return misuse(command, "unknown option '--%s'", bare);
}

/*
 * optopt is the letter, or a long option's id, or 0. Letters may stand together in one word, and
 * then @word may be the one before.
 */
static enum exit_status bad_option(const struct command *command, int c, const char *word)
{
	const bool is_long = strncmp(word, "--", 2) == 0 && optopt < OPT_IDS;

	if (c == ':' && is_long)
		return misuse(command, "option '%s' needs an argument", word);
	if (c == ':')
		return misuse(command, "option '-%c' needs an argument", optopt);
	if (is_long)
		return unknown_long(command, word);
	return misuse(command, "unknown option '-%c'", optopt);
}

static enum exit_status set_colour(struct invocation *in, const char *when)
{
	const char *no_colour = getenv("NO_COLOR"); /* an empty one does not count */
	const bool terminal = isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]);

	if (strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 && strcmp(when, "never") != 0)
		return misuse(in->command, "--color takes auto, always or never, not '%s'", when);
	in->colour = strcmp(when, "always") == 0 || (strcmp(when, "auto") == 0 && terminal);
	return STATUS_OK;
}

static enum exit_status set(struct invocation *in, int id, const char *value, bool *help)
{
	switch ((enum option_id)id) {
	case OPT_POLICY:
		in->policies[in->options.n_policies++] = value;
		break;
	case OPT_REQUEST:
		in->requests[in->options.n_requests++] = value;
		break;
	case OPT_CONFIG:
		in->options.config = value;
		break;
	case OPT_RUNTIME:
		in->options.runtime = value;
		break;
	case OPT_DRY_RUN:
		in->options.dry_run = true;
		break;
	case OPT_PRUNE:
		in->options.prune = true;
		break;
	case OPT_NO_SYNC:
		in->options.no_sync = true;
		break;
	case OPT_DIFF:
		in->diff = true;
		break;
	case OPT_JSON:
		in->json = true;
		break;
	case OPT_QUIET:
		in->quiet = true;
		break;
	case OPT_COLOR:
		return set_colour(in, value);
	case OPT_HELP:
	case OPT_IDS:
		*help = true;
		break;
	}
	return STATUS_OK;
}

static enum exit_status check_args(const struct invocation *in)
{
	if (in->command->max_args >= 0 && in->n_args > in->command->max_args)
		return misuse(in->command, "unexpected argument '%s'",
			      in->args[in->command->max_args]);
	if (in->diff && in->json)
		return misuse(in->command, "--diff and --json exclude each other");
	return STATUS_OK;
}

enum exit_status parse_options(const struct command *command, int argc, char **argv,
			       struct invocation *ret, bool *help)
{
	enum exit_status status = STATUS_OK;
	struct invocation *in = ret;
	struct tables tables;
	int c;

	*in = (struct invocation){ .command = command,
				   .policies = calloc((size_t)argc, sizeof(*in->policies)),
				   .requests = calloc((size_t)argc, sizeof(*in->requests)) };
	if (!in->policies || !in->requests) {
		fputs("hookwright: out of memory\n", stderr);
		return STATUS_TROUBLE;
	}
	in->options.policies = in->policies;
	in->options.requests = in->requests;
	in->options.complain = complain_each;
	in->options.complain_ctx = in;
	set_colour(in, "auto");
	make_tables(command, &tables);
	opterr = 0;
	optind = 1;
	while (status == STATUS_OK &&
	       (c = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			status = bad_option(command, c, argv[optind - 1]);
		else
			status = set(in, c < OPT_IDS ? c : id_of_letter(c), optarg, help);
	}
	in->args = argv + optind;
	in->n_args = argc - optind;
	return status == STATUS_OK && !*help ? check_args(in) : status;
}

void free_invocation(struct invocation *in)
{
	free(in->policies);
	free(in->requests);
}
