/* SPDX-License-Identifier: Apache-2.0 */
/* A container that died, as its engine knows it: for 'doctor --container'. */
#pragma once

#include <limits.h>

#include "cli/cli.h"

struct dead_container {
	char bundle[PATH_MAX]; /* "": it does not exist any more */
	char *output;	       /* what the engine kept: its error, then the log; free() it */
};

/*
 * Ask the engine that --engine names, or those that are installed, for container --container.
 * STATUS_OK, or another with the reason on standard error.
 */
enum exit_status container_ask(const struct invocation *in, struct dead_container *ret);
