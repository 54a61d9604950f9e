/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all commands share: exit statuses, the parsed command line, the table of commands, messages.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "hookwright.h"
#include "tools.h"

/* The statuses of every command; see hookwright(1), EXIT STATUS. */
enum exit_status {
	STATUS_OK = 0,
	STATUS_FINDINGS = 1, /* a policy refused, or a check found something */
	STATUS_USAGE = 2,
	STATUS_TROUBLE = 3, /* bad input or a failed system call */
};

/* Every option there is; a command names those it takes. */
enum option_id {
	OPT_POLICY,
	OPT_HOOKS_DIR,
	OPT_CONFIG,
	OPT_REQUEST,
	OPT_RUNTIME,
	OPT_RUNTIME_VERSION,
	OPT_DRY_RUN,
	OPT_DIFF,
	OPT_PRUNE,
	OPT_NO_SYNC,
	OPT_RECURSIVE,
	OPT_ROOTFS,
	OPT_ARCH,
	OPT_HOST_MOUNTS,
	OPT_FOLLOW,
	OPT_NO_POLICIES,
	OPT_FAIL_ON,
	OPT_IGNORE,
	OPT_INLINE_IGNORE,
	OPT_NO_INLINE_IGNORE,
	OPT_FORMAT,
	OPT_OUTPUT,
	OPT_JOBS,
	OPT_SETTINGS,
	OPT_NO_SETTINGS,
	OPT_RULES,
	OPT_RUNTIMES,
	OPT_EXPLAIN,
	OPT_EXPLAIN_FORMAT,
	OPT_JSON,
	OPT_PLAIN_FORMAT,
	OPT_QUIET,
	OPT_VERBOSE,
	OPT_COLOR,
	OPT_BUNDLE,
	OPT_DEAD_BUNDLE,
	OPT_CONTAINER,
	OPT_ENGINE,
	OPT_FORM,
	OPT_TO,
	OPT_PROGRAM,
	OPT_EXPORT_DIR,
	OPT_CHECK,
	OPT_TEST,
	OPT_HELP,
	OPT_IDS, /* how many */
};

typedef unsigned long long option_set;
#define TAKES(id) (1ULL << (id))

/* A list that the command line gave; has room for all of its words. */
struct words {
	const char **items;
	size_t n;
};

/* The words of HW_CHOICE_COLOUR. */
enum colour { COLOUR_NOT_SAID = -1, COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* A report that is to be written. */
struct lint_report {
	enum hw_report format;
	const char *output; /* file; NULL: standard output */
};

/* Options of lint alone. */
struct lint_args {
	struct hw_lint_options options; /* but the ignores */
	struct words recursive;
	struct words ignores; /* each ID[:REASON] */
	struct lint_report *reports;
	size_t n_reports;
	const char *settings, *explain;
	bool no_settings, rules, runtimes;
	int jobs, fail_on; /* -1: not said */
};

/* The parsed command line. */
struct invocation {
	const struct command *command;
	struct words policies, hooks_dirs, requests;
	struct hw_options options; /* points to the three above */
	struct lint_args lint;
	bool help, diff, json, svg, quiet, verbose, check, test;
	int when_colour;			      /* enum colour */
	bool colour;				      /* on standard output */
	unsigned complaints;			      /* broken policy files reported so far */
	const char *bundle;			      /* --bundle */
	const char *container, *engine;		      /* --container, --engine */
	const char *form;			      /* --form */
	const char *export_to, *program, *export_dir; /* --to, --program, --output DIR */
	char **args;				      /* operands */
	int n_args;
};

/* The kind of an option's value, for completion. */
enum value {
	VALUE_OTHER,
	VALUE_FILE,
	VALUE_DIR,
	VALUE_CHOICE, /* a word of its choice */
	VALUE_POLICY,
	VALUE_RULE,
	VALUE_FORM,
	VALUE_TARGET,
};

/* The kind of a command's operands, for completion and for what is said of a wrong one. */
enum operand {
	OPERAND_NONE,
	OPERAND_BUNDLE,
	OPERAND_FILE,
	OPERAND_POLICY, /* by name */
	OPERAND_ENGINE,
	OPERAND_STAGE,
	OPERAND_SCHEMA,
	OPERAND_THEIRS, /* main() passes the arguments on unchanged, including --help */
};

struct command {
	const char *name;   /* "apply", "policy check" */
	const char *args;   /* operands as usage shows them */
	const char *brief;  /* one line */
	const char *help;   /* paragraphs for --help, and lines that begin with a blank */
	option_set options; /* TAKES() of each */
	int max_args;	    /* operands; -1: any number */
	enum operand operands;
	enum exit_status (*run)(struct invocation *in);
};

/*
 * cli/options.c: parse @argv (@argv[0] is the command's name) by @command's options. STATUS_OK, or
 * STATUS_USAGE with the reason on stderr. Call free_invocation() in any case.
 */
enum exit_status parse_options(const struct command *command, int argc, char **argv,
			       struct invocation *ret);
void print_options(const struct command *command);

/* What completion needs to know of an option. */
struct option_info {
	const char *name;
	char letter;	  /* 0: none */
	const char *what; /* the argument's name; NULL: takes none */
	const char *help;
	enum value value;
	enum hw_choice choice; /* of VALUE_CHOICE */
};

/* Option @id; false if @command does not take it. */
bool option_get(const struct command *command, int id, struct option_info *ret);
void free_invocation(struct invocation *in);

/* Whether standard output is to have colours. */
bool use_colour(int when);

/*
 * cli/print.c: as printf(3), on stderr and on stdout, for lines that contain hostile words: file
 * names, options. Characters that a terminal or a CI runner would obey become '?'.
 */
void print_stderr(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* One line on stderr: "@before@path: @after", whatever @path holds. */
void print_path(const char *before, const char *path, const char *after);
void print_stdout(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/*
 * @text on @out in lines of at most 80 columns, each after @indent blanks; of the first line
 * @column columns are printed already. A line of @text that begins with a blank stays as it is.
 */
void print_wrapped(FILE *out, const char *text, int indent, int column);
/*
 * A line on stderr, a terminal, that the next one overwrites. print_stderr() and print_error()
 * erase it; who prints otherwise calls status_erase() before.
 */
void status_show(const char *text);
void status_erase(void);

/* False if a print_stdout() ran out of memory: the exit status must not be success. */
bool stdout_is_whole(void);

/*
 * cli/complain.c: what failed, for the document of --json. print_error() and misuse() note what
 * they print.
 */
void failure_note(const struct hw_error *err);
size_t failures(const struct hw_error **ret);

/* Print @err on stderr. */
void print_error(const struct hw_error *err);
/* The same for every broken policy file; @ctx is the invocation, which counts them. */
void complain_each(void *ctx, const struct hw_error *err);
/* Print why a call failed, unless complain_each() did; always STATUS_TROUBLE. */
enum exit_status complain(const struct invocation *in, const struct hw_error *err);
/* "hookwright COMMAND: MESSAGE" on stderr, with where to read more. */
enum exit_status misuse(const struct command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
