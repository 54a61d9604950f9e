/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

typedef enum exit_status setter(struct invocation *in, const char *value, size_t offset);

static enum exit_status set_true(struct invocation *in, const char *value, size_t offset)
{
	(void)value;
	*(bool *)((char *)in + offset) = true;
	return STATUS_OK;
}

static enum exit_status set_text(struct invocation *in, const char *value, size_t offset)
{
	*(const char **)((char *)in + offset) = value;
	return STATUS_OK;
}

static enum exit_status add_text(struct invocation *in, const char *value, size_t offset)
{
	struct words *list = (struct words *)((char *)in + offset);

	list->items[list->n++] = value;
	return STATUS_OK;
}

static enum exit_status set_colour(struct invocation *in, const char *when, size_t offset)
{
	const char *no_colour = getenv("NO_COLOR"); /* an empty one does not count */
	const bool terminal = isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]);

	if (strcmp(when, "auto") != 0 && strcmp(when, "always") != 0 && strcmp(when, "never") != 0)
		return misuse(in->command, "--color takes auto, always or never, not '%s'", when);
	*(bool *)((char *)in + offset) =
		strcmp(when, "always") == 0 || (strcmp(when, "auto") == 0 && terminal);
	return STATUS_OK;
}

#define AT(member) offsetof(struct invocation, member)

/* One row an option; the parser and --help both read it. Two may have one name: of two commands. */
static const struct {
	const char *name;
	char letter;	  /* 0: none */
	const char *what; /* the argument's name; NULL: takes none */
	const char *help;
	setter *set;
	size_t offset; /* of what @set changes, in struct invocation */
} rows[OPT_IDS] = {
	[OPT_POLICY] = { "policy", 'p', "FILE|DIR",
			 "use this policy, or the policies of this directory, instead of the "
			 "installed ones;\nnaming a file also requests it; may be repeated, later "
			 "ones mask earlier ones",
			 add_text, AT(policies) },
	[OPT_CONFIG] = { "config", 0, "FILE", "read this configuration file", set_text,
			 AT(options.config) },
	[OPT_REQUEST] = { "request", 'r', "NAME",
			  "request this policy, as annotation io.hookwright.policies does; may be "
			  "repeated",
			  add_text, AT(requests) },
	[OPT_RUNTIME] = { "runtime", 0, "NAME",
			  "the runtime that will run the bundle: runc, crun or its path", set_text,
			  AT(options.runtime) },
	[OPT_DRY_RUN] = { "dry-run", 'n', NULL, "change nothing", set_true, AT(options.dry_run) },
	[OPT_DIFF] = { "diff", 0, NULL, "show the change as a unified diff", set_true, AT(diff) },
	[OPT_PRUNE] = { "prune", 0, NULL, "remove hooks of ours whose policy is not loaded, too",
			set_true, AT(options.prune) },
	[OPT_NO_SYNC] = { "no-sync", 0, NULL, "do not wait until the file is on the disk (fsync)",
			  set_true, AT(options.no_sync) },
	[OPT_JSON] = { "json", 0, NULL, "print one JSON object; see hookwright(1)", set_true,
		       AT(json) },
	[OPT_QUIET] = { "quiet", 'q', NULL, "print only what needs attention", set_true,
			AT(quiet) },
	[OPT_COLOR] = { "color", 0, "WHEN", "use colour: auto (default), always or never",
			set_colour, AT(colour) },
	[OPT_BUNDLE] = { "bundle", 'b', "DIR", "what relative paths are relative to", set_text,
			 AT(bundle) },
	[OPT_HELP] = { "help", 'h', NULL, "show this help", set_true, AT(help) },
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

/* Below every letter, so that one number tells them apart. */
_Static_assert(OPT_IDS < ':', "an option's id is no letter, nor what getopt(3) returns for errors");

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

static int id_of_letter(const struct command *command, int c)
{
	for (int id = 0; id < OPT_IDS; id++)
		if (takes(command, id) && rows[id].letter == c)
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

static enum exit_status check_args(const struct invocation *in)
{
	if (in->command->max_args >= 0 && in->n_args > in->command->max_args)
		return misuse(in->command, "unexpected argument '%s'",
			      in->args[in->command->max_args]);
	if (in->diff && in->json)
		return misuse(in->command, "--diff and --json exclude each other");
	return STATUS_OK;
}

/* Room for as many words as the command line can have, for every list. */
static bool make_lists(struct invocation *in, int argc)
{
	struct words *const lists[] = { &in->policies, &in->requests };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		lists[i]->items = calloc((size_t)argc, sizeof(*lists[i]->items));
		if (!lists[i]->items)
			return false;
	}
	return true;
}

static enum exit_status read_options(struct invocation *in, int argc, char **argv)
{
	enum exit_status status = STATUS_OK;
	struct tables tables;
	int c;

	make_tables(in->command, &tables);
	opterr = 0;
	optind = 1;
	while (status == STATUS_OK &&
	       (c = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
		const int id = c < OPT_IDS ? c : id_of_letter(in->command, c);

		if (c == '?' || c == ':')
			status = bad_option(in->command, c, argv[optind - 1]);
		else
			status = rows[id].set(in, optarg, rows[id].offset);
	}
	in->args = argv + optind;
	in->n_args = argc - optind;
	return status;
}

enum exit_status parse_options(const struct command *command, int argc, char **argv,
			       struct invocation *ret)
{
	enum exit_status status;
	struct invocation *in = ret;

	*in = (struct invocation){ .command = command };
	if (!make_lists(in, argc)) {
		fputs("hookwright: out of memory\n", stderr);
		return STATUS_TROUBLE;
	}
	in->options.complain = complain_each;
	in->options.complain_ctx = in;
	set_colour(in, "auto", AT(colour));
	status = read_options(in, argc, argv);
	in->options.policies = in->policies.items;
	in->options.n_policies = in->policies.n;
	in->options.requests = in->requests.items;
	in->options.n_requests = in->requests.n;
	return status == STATUS_OK && !in->help ? check_args(in) : status;
}

void free_invocation(struct invocation *in)
{
	free(in->policies.items);
	free(in->requests.items);
}
