/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

/*
 * What both programs do first. hookwright has every command. hookwright-runtime, which stands where
 * an engine expects a runtime and is started for each of its calls, has nothing but the wrapper: no
 * tables of lint, no cJSON.
 */

/*
 * A file opened later must not become standard output or error. What stands in for a closed one
 * cannot be written to, so that lost output is still an error, and is gone after execve(2).
 */
void occupy_standard_fds(void);

/*
 * Whether the program was called by a name that makes it a runtime: hookwright-runtime,
 * hookwright-runc or hookwright-crun, of which the last two choose *@runtime (else NULL).
 */
bool called_as_runtime(const char *argv0, const char **runtime);
