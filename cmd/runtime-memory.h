/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dialect.h"

/*
 * Which runtime has a container whose annotation chose another than the usual one: "start" and
 * "delete" name the container only, and must go to the runtime that created it. A symbolic link
 * below /run/hookwright/runtimes (rootless: $XDG_RUNTIME_DIR/hookwright/runtimes), named by the
 * runtime's --root and the container's id, leads to the runtime.
 */

/* Remember @runtime for the container of @call; false if it cannot be. */
bool memory_keep(const struct runtime_call *call, bool rootless, const char *runtime);

/*
 * Whether a runtime is remembered for the container that @argv (after the verb) names; *@ret is it
 * then, for free(3), or NULL if it cannot be read. It is forgotten when @call
 * deletes the container for good.
 */
bool memory_recall(const struct runtime_call *call, bool rootless, char *const *argv, char **ret);
