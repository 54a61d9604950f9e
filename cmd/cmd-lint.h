/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdio.h>

#include "cmd.h"

/* ---- lint-walk.c: which bundles ---- */

/*
 * The operands in their order, then the bundles below each directory of @recursive in theirs,
 * each directory's entries sorted by their bytes. A bundle is a directory whose config.json holds
 * "ociVersion" or stands beside a rootfs; what is below it belongs to it and is not looked at.
 * Symbolic links are not followed, except of the directories that were named. What cannot be looked
 * into counts as a bundle, so that the report says why.
 */
struct walk;

/* Both lists must outlive the walk. NULL: no memory, and stderr says so. */
struct walk *walk_new(const struct words *operands, const struct words *recursive);
void walk_free(struct walk *walk);
/* Path of the next bundle, free() it; NULL: that was all. */
char *walk_next(struct walk *walk);
/* Whether something was told on stderr about what could not be looked at. */
bool walk_failed(const struct walk *walk);

/* ---- lint-pool.c: several at once ---- */

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

/* ---- lint-output.c: where reports go ---- */

/*
 * A report's file is written beside its place and moved there when it is complete, so that nobody
 * reads half of one. What is no regular file (a pipe, /dev/null) is written as it is.
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

/* ---- lint-rules.c: --rules and --explain; lint-runtimes.c: --runtimes ---- */

enum exit_status print_rules(const struct invocation *in);
enum exit_status print_runtimes(const struct invocation *in);

/* The two forms, text and JSON, of what looks at no bundle. STATUS_OK: go on, @json says which. */
enum exit_status check_listing(const struct invocation *in, bool *json);

/* @root or NULL; it is freed. */
struct cJSON;
enum exit_status print_listing(struct cJSON *root);
enum exit_status explain_rule(const struct invocation *in);
/* "ID[:REASON]"; false with the reason on stderr. */
bool parse_ignore(const struct invocation *in, const char *text, struct hw_ignore *ret);
