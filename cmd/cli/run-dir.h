/* SPDX-License-Identifier: Apache-2.0 */
/* The run-time directory, whose files last until the next boot. */
#pragma once

#include <stdbool.h>

/* Files that last until the next boot, for the user who runs the engine. */

/* Not PATH_MAX: most calls come here, and touch no more stack than they must. */
#define RUN_PATH_MAX 512

/* Below it: while this exists, the wrapper passes every container on as it is. */
#define KILL_SWITCH "/hookwright/disable"

/* Below it: links that remember what an annotation chose, see wrapper/chosen.h. */
#define RUNTIMES_DIR "/hookwright/runtimes/"

/*
 * "/run@below", rootless "$XDG_RUNTIME_DIR@below", into @buf. False, with @buf empty, if a rootless
 * user does not have such a directory: the variable is not set, too long, or relative, which the
 * XDG Base Directory Specification wants ignored.
 */
bool run_path(bool rootless, const char *below, char buf[static RUN_PATH_MAX]);

/*
 * Make directory @below of it, such as RUNTIMES_DIR, and the one that it is in. What could not be
 * made shows when something is written there.
 */
void run_make_dir(bool rootless, const char *below);
