/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers which runtime an annotation chose for a container, for its later commands. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "wrapper/dialect.h"

/*
 * Which runtime has a container whose annotation chose another than the usual one: "start" and
 * "delete" name the container only, and must go to the runtime that created it.
 *
 * A file below /run/hookwright/runtimes (rootless: $XDG_RUNTIME_DIR/hookwright/runtimes), named by
 * the runtime's --root and the container's id, has the runtime and what shows that a container is
 * still the one that was created then: config.json as hookwright left it, and, from the first later
 * call on, the runtime's state directory of the container. hookwright does not learn whether a
 * delete or a create succeeded (it has become the runtime by then), so a memory counts for that
 * very container only, and is removed when it is met and its container is gone.
 */

/*
 * Before the container of @call is created: no memory of an earlier one may be left. Return NULL,
 * or why not, for printing: there is such a container, or its memory cannot be removed.
 */
const char *memory_begin(const struct runtime_call *call, bool rootless);

/*
 * Remember @runtime for the container of @call, whose config.json has been
 * edited; false if it cannot be.
 */
bool memory_keep(const struct runtime_call *call, bool rootless, const char *runtime);

/*
 * Whether a runtime is remembered for the container that @call names; *@ret is it then, for
 * free(3), or NULL if it cannot be read.
 */
bool memory_recall(const struct runtime_call *call, bool rootless, char **ret);
