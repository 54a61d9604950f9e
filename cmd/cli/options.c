/* SPDX-License-Identifier: Apache-2.0 */
/* The table of long options, and the parser that fills in an invocation from it. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

struct row;
typedef enum exit_status setter(struct invocation *in, const struct row *row, const char *value);

struct row {
	const char *name;
	char letter;	  /* 0: none */
	const char *what; /* the argument's name; NULL: takes none */
	const char *help;
	setter *set;
	size_t offset; /* of what @set changes, in struct invocation */
	enum hw_choice choice;
	enum value value;
};

static void *destination(struct invocation *in, const struct row *row)
{
	return (char *)in + row->offset;
}

static enum exit_status set_true(struct invocation *in, const struct row *row, const char *value)
{
	(void)value;
	*(bool *)destination(in, row) = true;
	return STATUS_OK;
}

static enum exit_status set_text(struct invocation *in, const struct row *row, const char *value)
{
	*(const char **)destination(in, row) = value;
	return STATUS_OK;
}

static enum exit_status add_text(struct invocation *in, const struct row *row, const char *value)
{
	struct words *list = destination(in, row);

	list->items[list->n++] = value;
	return STATUS_OK;
}

/* "auto, always or never" */
static void list_choices(enum hw_choice choice, char *buf, size_t size)
{
	const char *word, *after;
	size_t used = 0;

	for (size_t i = 0; (word = hw_choice_word(choice, i)) && used < size; i++) {
		after = !hw_choice_word(choice, i + 1)	? ""
			: hw_choice_word(choice, i + 2) ? ", "
							: " or ";
		used += (size_t)snprintf(buf + used, size - used, "%s%s", word, after);
	}
}

static enum exit_status find_choice(const struct invocation *in, const struct row *row,
				    const char *value, int *ret)
{
	const char *near = NULL;
	char list[256];

	*ret = hw_choice_find(row->choice, value, &near);
	if (*ret >= 0)
		return STATUS_OK;
	list_choices(row->choice, list, sizeof(list));
	return misuse(in->command, "--%s takes %s, not '%s'%s%s%s", row->name, list, value,
		      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static enum exit_status set_choice(struct invocation *in, const struct row *row, const char *value)
{
	return find_choice(in, row, value, destination(in, row));
}

/* The word itself and not its number. */
static enum exit_status set_word(struct invocation *in, const struct row *row, const char *value)
{
	int index;
	enum exit_status status = find_choice(in, row, value, &index);

	if (status == STATUS_OK)
		*(const char **)destination(in, row) = hw_choice_word(row->choice, (size_t)index);
	return status;
}

/* Engines are named where runtimes are meant, because that is where people meet them. */
static enum exit_status set_runtime(struct invocation *in, const struct row *row, const char *value)
{
	const char *word, *near, *theirs = hw_engine_runtime(value);
	char list[256];

	if (hw_runtime_find(value, &word, &near)) {
		in->lint.options.runtime = word;
		/* A path is kept: what it leads to counts. */
		in->options.runtime = strcmp(word, "any") == 0 ? NULL
				      : strchr(value, '/')     ? value
							       : word;
		return STATUS_OK;
	}
	if (theirs)
		return misuse(in->command,
			      "--%s names a runtime, and '%s' is an engine; by default it uses %s",
			      row->name, value, theirs);
	list_choices(row->choice, list, sizeof(list));
	return misuse(in->command, "--%s takes %s, not '%s'%s%s%s", row->name, list, value,
		      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static enum exit_status set_version(struct invocation *in, const struct row *row, const char *value)
{
	(void)row;
	in->lint.options.runtime_version = value;
	in->options.runtime_version = value;
	return STATUS_OK;
}

static enum exit_status set_jobs(struct invocation *in, const struct row *row, const char *value)
{
	char *end;
	const long n = strtol(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end || n > HW_LINT_JOBS_MAX)
		return misuse(in->command, "--%s takes a number from 0 to %d, not '%s'", row->name,
			      HW_LINT_JOBS_MAX, value);
	*(int *)destination(in, row) = (int)n;
	return STATUS_OK;
}

/* lint: an --output applies to the preceding --format. */
static enum exit_status add_format(struct invocation *in, const struct row *row, const char *value)
{
	int index;
	enum exit_status status = find_choice(in, row, value, &index);

	for (size_t i = 0; status == STATUS_OK && i < in->lint.n_reports; i++)
		if ((int)in->lint.reports[i].format == index)
			status = misuse(in->command, "--format %s is given twice", value);
	if (status == STATUS_OK)
		in->lint.reports[in->lint.n_reports++].format = (enum hw_report)index;
	return status;
}

static enum exit_status set_form(struct invocation *in, const struct row *row, const char *value)
{
	int index;
	const enum exit_status status = find_choice(in, row, value, &index);

	in->json = status == STATUS_OK && index == 1;
	in->svg = status == STATUS_OK && index == 2;
	return status;
}

static enum exit_status set_json(struct invocation *in, const struct row *row, const char *value)
{
	const struct row format = { .name = "format", .choice = HW_CHOICE_REPORT };

	(void)row;
	(void)value;
	in->json = true;
	return in->command->options & TAKES(OPT_FORMAT) ? add_format(in, &format, "json")
							: STATUS_OK;
}

static enum exit_status set_output(struct invocation *in, const struct row *row, const char *value)
{
	struct lint_report *last = in->lint.reports + in->lint.n_reports - 1;

	(void)row;
	if (in->lint.n_reports == 0)
		return misuse(in->command, "--output applies to the preceding --format: write "
					   "'--format FORMAT --output FILE'");
	if (last->output)
		return misuse(in->command, "--format %s has two --output",
			      hw_choice_word(HW_CHOICE_REPORT, last->format));
	if (!value[0])
		return misuse(in->command, "--output needs the name of a file");
	last->output = value;
	return STATUS_OK;
}

#define AT(member) offsetof(struct invocation, member)

/* One row for each option, for the parser and --help. Options of different commands may share a name. */
static const struct row rows[OPT_IDS] = {
	[OPT_POLICY] = { "policy", 'p', "FILE|DIR",
			 "use this policy, or the policies of this directory, instead of the "
			 "installed ones; "
			 "naming a file also requests it; may be repeated, later ones mask earlier "
			 "ones",
			 add_text, AT(policies), .value = VALUE_FILE },
	[OPT_HOOKS_DIR] = { "hooks-dir", 0, "DIR",
			    "read the hooks.d files, oci-hooks(5), of this directory; may be "
			    "repeated, files of "
			    "later ones mask files of earlier ones by name",
			    add_text, AT(hooks_dirs), .value = VALUE_DIR },
	[OPT_CONFIG] = { "config", 0, "FILE", "read this configuration file", set_text,
			 AT(options.config), .value = VALUE_FILE },
	[OPT_REQUEST] = { "request", 'r', "NAME",
			  "request this policy, as annotation io.hookwright.policies does; may be "
			  "repeated",
			  add_text, AT(requests), .value = VALUE_POLICY },
	[OPT_RUNTIME] = { "runtime", 0, "NAME",
			  "the runtime that will run the bundle: runc, crun, youki, runsc or kata, "
			  "or the path of one; any: it is not known (default)",
			  set_runtime, 0, HW_CHOICE_RUNTIME, .value = VALUE_CHOICE },
	[OPT_RUNTIME_VERSION] = { "runtime-version", 0, "VERSION",
				  "its version, as in 1.1.5; default: those of current distributions",
				  set_version },
	[OPT_DRY_RUN] = { "dry-run", 'n', NULL, "do not change anything", set_true,
			  AT(options.dry_run) },
	[OPT_DIFF] = { "diff", 0, NULL, "show the change as a unified diff", set_true, AT(diff) },
	[OPT_PRUNE] = { "prune", 0, NULL,
			"also remove hookwright's hooks whose policy is not loaded", set_true,
			AT(options.prune) },
	[OPT_NO_SYNC] = { "no-sync", 0, NULL, "do not wait until the file is on the disk (fsync)",
			  set_true, AT(options.no_sync) },
	[OPT_RECURSIVE] = { "recursive", 0, "DIR",
			    "inspect every bundle below this directory; may be repeated", add_text,
			    AT(lint.recursive), .value = VALUE_DIR },
	[OPT_ROOTFS] = { "rootfs", 0, "DIR", "inspect this root file system instead of root.path",
			 set_text, AT(lint.options.rootfs), .value = VALUE_DIR },
	[OPT_ARCH] = { "arch", 0, "ARCH",
		       "the machine that will run the bundles, by its name in Go: amd64, arm64, ...",
		       set_word, AT(lint.options.arch), HW_CHOICE_ARCH, .value = VALUE_CHOICE },
	[OPT_HOST_MOUNTS] = { "host-mounts", 0, NULL,
			      "follow bind mounts of directories outside the bundle", set_true,
			      AT(lint.options.host_mounts) },
	[OPT_FOLLOW] = { "follow", 0, NULL,
			 "read a config.json that is a symbolic link, and inspect a root file "
			 "system outside the bundle; for your own bundles only",
			 set_true, AT(lint.options.follow) },
	[OPT_NO_POLICIES] = { "no-policies", 0, NULL,
			      "inspect only the hooks that are already in config.json", set_true,
			      AT(lint.options.no_policies) },
	[OPT_JOBS] = { "jobs", 'j', "N",
		       "inspect N bundles at once (default 1; 0: the number of processors)",
		       set_jobs, AT(lint.jobs) },
	[OPT_FAIL_ON] = { "fail-on", 0, "SEVERITY",
			  "exit with 1 for findings of this severity or worse: error (default), "
			  "warning or note",
			  set_choice, AT(lint.fail_on), HW_CHOICE_SEVERITY, .value = VALUE_CHOICE },
	[OPT_IGNORE] = { "ignore", 0, "ID[:REASON]", "do not count this rule; may be repeated",
			 add_text, AT(lint.ignores), .value = VALUE_RULE },
	[OPT_INLINE_IGNORE] = { "inline-ignore", 0, NULL,
				"apply annotations of config.json that ignore rules", set_true,
				AT(lint.options.inline_ignore) },
	[OPT_NO_INLINE_IGNORE] = { "no-inline-ignore", 0, NULL,
				   "do not apply annotations that ignore rules", set_true,
				   AT(lint.options.no_inline_ignore) },
	[OPT_FORMAT] = { "format", 'f', "FORMAT",
			 "text (default), json, sarif, junit, github, gcc, checkstyle, "
			 "codeclimate or html; may be repeated",
			 add_format, 0, HW_CHOICE_REPORT, .value = VALUE_CHOICE },
	[OPT_OUTPUT] = { "output", 'o', "FILE",
			 "write the report of the preceding --format to FILE", set_output,
			 .value = VALUE_FILE },
	[OPT_SETTINGS] = { "settings", 0, "FILE",
			   "read this settings file instead of .hookwright.yaml", set_text,
			   AT(lint.settings), .value = VALUE_FILE },
	[OPT_NO_SETTINGS] = { "no-settings", 0, NULL, "do not read a settings file", set_true,
			      AT(lint.no_settings) },
	[OPT_RULES] = { "rules", 0, NULL, "list the rules", set_true, AT(lint.rules) },
	[OPT_RUNTIMES] = { "runtimes", 0, NULL, "list what runtimes do, by version", set_true,
			   AT(lint.runtimes) },
	[OPT_EXPLAIN] = { "explain", 0, "RULE", "print one rule in full, by its id or name",
			  set_text, AT(lint.explain), .value = VALUE_RULE },
	[OPT_JSON] = { "json", 0, NULL,
		       "as --format json: one JSON object; see 'hookwright schema'", set_json },
	[OPT_PLAIN_FORMAT] = { "format", 'f', "FORMAT", "text (default) or json", set_form, 0,
			       HW_CHOICE_FORM, .value = VALUE_CHOICE },
	[OPT_EXPLAIN_FORMAT] = { "format", 'f', "FORMAT",
				 "text (default), json or svg, a picture of mounts, paths and "
				 "verdicts",
				 set_form, 0, HW_CHOICE_PICTURE, .value = VALUE_CHOICE },
	[OPT_QUIET] = { "quiet", 'q', NULL, "print only what needs attention", set_true,
			AT(quiet) },
	[OPT_VERBOSE] = { "verbose", 'v', NULL, "print more: what was passed over, and why",
			  set_true, AT(verbose) },
	[OPT_COLOR] = { "color", 0, "WHEN", "use colour: auto (default), always or never",
			set_choice, AT(when_colour), HW_CHOICE_COLOUR, .value = VALUE_CHOICE },
	[OPT_BUNDLE] = { "bundle", 'b', "DIR", "the directory that relative paths are relative to",
			 set_text, AT(bundle), .value = VALUE_FILE },
	[OPT_DEAD_BUNDLE] = { "bundle", 'b', "DIR", "the bundle of the container that died",
			      set_text, AT(bundle), .value = VALUE_FILE },
	[OPT_CONTAINER] = { "container", 0, "NAME",
			    "ask an engine for this container's bundle and log", set_text,
			    AT(container) },
	[OPT_ENGINE] = { "engine", 0, "NAME",
			 "ask podman, docker, containerd or crictl; default: each that is here",
			 set_text, AT(engine) },
	[OPT_FORM] = { "form", 0, "NAME", "print this one of the engine's snippets", set_text,
		       AT(form), .value = VALUE_FORM },
	[OPT_TO] = { "to", 0, "TARGET", "oci-hooks: a hooks.d file; cdi: a CDI specification",
		     set_text, AT(export_to), .value = VALUE_TARGET },
	[OPT_PROGRAM] = { "program", 0, "PATH",
			  "use this one of the policy's programs; default: the first that "
			  "can run in --rootfs, or the one that most images have",
			  set_text, AT(program), .value = VALUE_FILE },
	[OPT_EXPORT_DIR] = { "output", 'o', "DIR",
			     "write files into this directory: NAME.json each, or hookwright.json",
			     set_text, AT(export_dir), .value = VALUE_DIR },
	[OPT_CHECK] = { "check", 0, NULL, "check this host instead, and report the next step",
			set_true, AT(check) },
	[OPT_TEST] = { "test", 0, NULL, "print the schema of examples, NAME.test.yaml", set_true,
		       AT(test) },
	[OPT_HELP] = { "help", 'h', NULL, "show this help", set_true, AT(help) },
};

static bool takes(const struct command *command, int id)
{
	return id == OPT_HELP || (command->options & TAKES(id));
}

bool option_get(const struct command *command, int id, struct option_info *ret)
{
	const struct row *row = &rows[id];

	*ret = (struct option_info){ row->name, row->letter, row->what,
				     row->help, row->value,  row->choice };
	return takes(command, id);
}

#define HELP_COLUMN 26

void print_options(const struct command *command)
{
	for (int id = 0; id < OPT_IDS; id++) {
		char left[64];

		if (!takes(command, id))
			continue;
		snprintf(left, sizeof(left), "  %c%c%s--%s%s%s", rows[id].letter ? '-' : ' ',
			 rows[id].letter ? rows[id].letter : ' ', rows[id].letter ? ", " : "  ",
			 rows[id].name, rows[id].what ? "=" : "",
			 rows[id].what ? rows[id].what : "");
		/* At least two spaces; a long one has its text below. */
		if (strlen(left) > HELP_COLUMN - 2)
			printf("%s\n%*s", left, HELP_COLUMN, "");
		else
			printf("%-*s", HELP_COLUMN, left);
		print_wrapped(stdout, rows[id].help, HELP_COLUMN, HELP_COLUMN);
	}
}

/* Less than every letter, so that ids and letters are distinct. */
_Static_assert(OPT_IDS < ':', "an option's id is not a letter or a value "
			      "that getopt(3) returns for errors");

/* getopt_long(3)'s form of the rows that @command takes. */
struct tables {
	struct option longs[OPT_IDS + 1];
	char shorts[2 * OPT_IDS + 3];
};

static void make_tables(const struct command *command, struct tables *t)
{
	size_t n = 0, s = 0;

	t->shorts[s++] = ':'; /* distinguish a missing argument from an unknown option */
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

/* "--p" for --policy and --prune; 0 if @word is not the beginning of two names. */
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
 * optopt is the letter, or a long option's id, or 0. Letters may be combined in one word, and
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

static enum exit_status check_lint(const struct invocation *in)
{
	const struct lint_args *lint = &in->lint;
	size_t n_stdout = 0;

	for (size_t i = 0; i < lint->n_reports; i++)
		n_stdout += !lint->reports[i].output;
	if (n_stdout > 1)
		return misuse(in->command, "only one --format can go to standard output; "
					   "give the others --output FILE");
	if (lint->settings && lint->no_settings)
		return misuse(in->command, "--settings and --no-settings exclude each other");
	if (lint->rules + lint->runtimes + (lint->explain != NULL) > 1)
		return misuse(in->command, "--rules, --runtimes and --explain exclude each other");
	if (lint->options.no_policies && (in->policies.n || in->hooks_dirs.n || in->requests.n))
		return misuse(in->command,
			      "--no-policies excludes --policy, --hooks-dir and --request");
	return STATUS_OK;
}

static bool is_policy(const struct invocation *in, const char *name)
{
	struct hw_options options = in->options;
	struct hw_policies *policies = NULL;
	struct hw_error err;
	bool is = false;

	options.complain = NULL;
	if (hw_policies_load(&options, &policies, &err) == 0)
		is = hw_policies_find(policies, name) != NULL;
	hw_policies_free(policies);
	return is;
}

/* A policy's name where the bundle is named; the library recognises a policy's file. */
static enum exit_status check_bundle(const struct invocation *in)
{
	const char *word = in->args[0];

	if (access(word, F_OK) == 0 || !is_policy(in, word))
		return STATUS_OK;
	return misuse(in->command,
		      "'%s' is a policy and not a bundle; did you mean '--request %s'?", word,
		      word);
}

static enum exit_status check_args(const struct invocation *in)
{
	const bool one_bundle =
		in->command->operands == OPERAND_BUNDLE && in->command->max_args == 1;

	if (one_bundle && in->n_args && takes(in->command, OPT_POLICY) &&
	    check_bundle(in) != STATUS_OK)
		return STATUS_USAGE;
	if (in->command->max_args >= 0 && in->n_args > in->command->max_args)
		return misuse(in->command, "unexpected argument '%s'",
			      in->args[in->command->max_args]);
	if (in->diff && in->json)
		return misuse(in->command, "--diff and --json exclude each other");
	return check_lint(in);
}

/* Room for as many words as the command line can have, for every list. */
static bool make_lists(struct invocation *in, int argc)
{
	struct words *const lists[] = { &in->policies, &in->hooks_dirs, &in->requests,
					&in->lint.recursive, &in->lint.ignores };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		lists[i]->items = calloc((size_t)argc, sizeof(*lists[i]->items));
		if (!lists[i]->items)
			return false;
	}
	in->lint.reports = calloc((size_t)argc, sizeof(*in->lint.reports));
	return in->lint.reports;
}

bool use_colour(int when)
{
	const char *no_colour = getenv("NO_COLOR"); /* an empty one does not count */

	if (when > COLOUR_AUTO)
		return when == COLOUR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]);
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
			status = bad_option(in->command, c,
					    argv[(optind < argc ? optind : argc) - 1]);
		else
			status = rows[id].set(in, &rows[id], optarg);
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

	*in = (struct invocation){ .command = command,
				   .when_colour = COLOUR_NOT_SAID,
				   .lint = { .jobs = -1, .fail_on = -1 } };
	if (!make_lists(in, argc)) {
		fputs("hookwright: out of memory\n", stderr);
		return STATUS_TROUBLE;
	}
	in->options.complain = complain_each;
	in->options.complain_ctx = in;
	status = read_options(in, argc, argv);
	in->colour = use_colour(in->when_colour);
	in->options.policies = in->policies.items;
	in->options.n_policies = in->policies.n;
	in->options.hooks_dirs = in->hooks_dirs.items;
	in->options.n_hooks_dirs = in->hooks_dirs.n;
	in->options.requests = in->requests.items;
	in->options.n_requests = in->requests.n;
	return status == STATUS_OK && !in->help ? check_args(in) : status;
}

void free_invocation(struct invocation *in)
{
	free(in->policies.items);
	free(in->hooks_dirs.items);
	free(in->requests.items);
	free(in->lint.recursive.items);
	free(in->lint.ignores.items);
	free(in->lint.reports);
}
