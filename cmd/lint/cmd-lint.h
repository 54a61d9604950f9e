/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the lint command: walking directories, the pool of threads,
 * output files, the summary.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "cli/cli.h"

enum exit_status cmd_lint(struct invocation *in);

/* ---- lint/summary.c: what was inspected and what was skipped ---- */

enum passed { PASSED_LINK, PASSED_OUTSIDE, PASSED_FOREIGN, N_PASSED };

struct passed_list {
	size_t n;
	char **names; /* of the first @kept */
	size_t kept;
};

/* The files skipped below directories: all are counted, some are listed. */
struct passed_over {
	bool verbose; /* list more */
	struct passed_list lists[N_PASSED];
};

void passed_add(struct passed_over *passed, enum passed kind, const char *path);
void passed_free(struct passed_over *passed);
/* On stderr. */
void summary_print(const struct passed_over *passed, const struct hw_report_totals *totals);

/* ---- lint/walk.c: which bundles ---- */

/*
 * The operands in their order, then every directory with a config.json below each directory of
 * @recursive, in the order of the names' bytes: also below bundles and in root file systems, for a
 * bundle can be anywhere. hw_lint_found() decides what a config.json is. Symbolic links are counted
 * in @passed and not followed, except of the directories that were named. A directory that cannot
 * be read is returned as well, so that the report says why.
 *
 * Memory is that of the names in the directories from the root to the one that is searched; three
 * descriptors are open.
 */
struct walk;

#define WALK_NAMED SIZE_MAX

/* The lists must outlive the walk. NULL: no memory, and stderr says so. */
struct walk *walk_new(const struct words *operands, const struct words *recursive,
		      struct passed_over *passed);
void walk_free(struct walk *walk);
/*
 * Path of the next bundle, free() it; NULL: that was all. *@root is the directory of @recursive
 * below which it is, or WALK_NAMED for an operand.
 */
char *walk_next(struct walk *walk, size_t *root);
/* The directory that walk_next() returned with @root was a bundle. */
void walk_found(struct walk *walk, size_t root);
/* Report on stderr the directories below which there was none; false if anything was reported. */
bool walk_end(struct walk *walk);

/* ---- lint/progress.c: how far it is, and its end by a signal ---- */

/* A line on the terminal that is overwritten; nothing where stderr is not one that can. */
struct progress {
	bool shown;
	size_t done, total;  /* bundles; total 0: not known */
	uint64_t start, due; /* ns: of the run, of the next line */
};

void progress_start(struct progress *p, size_t total, bool quiet);
void progress_step(struct progress *p);

/*
 * SIGINT and SIGTERM end the search for bundles, not the program: what is being written becomes
 * whole. After that interrupt_end() ends the program by the signal that was received, if any.
 */
void interrupt_catch(bool reads_stdin);
bool interrupted(void);
void interrupt_end(void);

/* ---- lint/pool.c: several at once ---- */

/*
 * Work on items in up to @jobs threads; an item is @size bytes, zeroed before next(). However many
 * items there are, only a few for each thread exist at a time.
 */
struct pool_ops {
	size_t size;
	bool (*next)(void *ctx, void *item); /* fill it; false: there are no more */
	void (*work)(void *ctx, void *item); /* in any thread */
	void (*done)(void *ctx, void *item); /* in the order of next() */
};

/* next() and done() run in the calling thread. False: no memory, and nothing was done. */
bool pool_run(const struct pool_ops *ops, void *ctx, unsigned jobs);

/* ---- lint/output.c: where reports go ---- */

/*
 * A report's file is written beside its place and moved there when it is complete, so that nobody
 * reads half of one. A target that is not a regular file (a pipe, /dev/null) is written directly.
 */
struct output {
	const char *path; /* NULL: standard output */
	char *temporary;  /* NULL: written in place */
	char *target;	  /* @path without symbolic links */
	FILE *file;
	bool failed; /* and stderr says why */
};

bool output_open(const char *path, struct output *ret);
void output_write(struct output *output, const char *text);
/* Move it to its place, or if @keep is false or something failed remove it. False: failed. */
bool output_close(struct output *output, bool keep);

/* ---- lint/rules.c: --rules and --explain; lint/runtimes.c: --runtimes ---- */

enum exit_status print_rules(const struct invocation *in);
enum exit_status print_runtimes(const struct invocation *in);

/* The two forms, text and JSON, of what looks at no bundle. STATUS_OK: go on, @json says which. */
enum exit_status check_listing(const struct invocation *in, bool *json);

enum exit_status explain_rule(const struct invocation *in);
/* "ID[:REASON]"; false with the reason on stderr. */
bool parse_ignore(const struct invocation *in, const char *text, struct hw_ignore *ret);
