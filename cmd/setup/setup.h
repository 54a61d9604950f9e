/* SPDX-License-Identifier: Apache-2.0 */
/* The snippets of setup, and the engines they are for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/cli.h"

enum exit_status cmd_setup(struct invocation *in);

/* The snippets of 'hookwright setup', and the checks of 'setup --check'. */

/*
 * A piece of an engine's configuration. In @text, @RUNTIME@, @RUNC@ and @CRUN@ stand for the paths
 * of the links beside the program, @PROGRAM@ and @DIRECTORY@ for its own path and directory,
 * @VERSION@ for its version, and @POLICIES@ for the installed policies, as members of a ConfigMap.
 */
struct snippet {
	const char *engine;
	const char *form;  /* what --form calls it; NULL: the engine has one snippet only */
	const char *file;  /* where it belongs, for the list of engines */
	const char *notes; /* for stderr, if the format does not have comments; or NULL */
	const char *text;
};

/* In the order in which they are shown; an engine's are adjacent, its default first. */
extern const struct snippet snippets[];
extern const size_t n_snippets;

/* setup/check.c: look at this host for @engine, a table on stdout. */
enum exit_status check_engine(const struct invocation *in, const char *engine);
