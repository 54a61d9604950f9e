/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

#include "hookwright.h"

/* What lasts until the next boot, and only for whoever runs the engine. */

/* Not PATH_MAX: most calls come here, and touch no more stack than they must. */
#define RUN_PATH_MAX 512

/* Below it: while this exists, the wrapper passes every container on as it is. */
#define KILL_SWITCH "/hookwright/disable"

/* Below it: links that remember what an annotation chose, see runtime-memory.h. */
#define RUNTIMES_DIR "/hookwright/runtimes/"

/*
 * "/run@below", rootless "$XDG_RUNTIME_DIR@below", into @buf. False, with @buf empty, where a
 * rootless user has no such directory: the variable is not set, too long, or relative, which the
 * XDG Base Directory Specification wants ignored.
 */
bool run_path(bool rootless, const char *below, char buf[static RUN_PATH_MAX]);

/*
 * run_path() of a place where something may be that counts if hw_config_rootless() is @rootless,
 * which the caller asks when something is there: most often nothing is. It is asked at once where
 * the variable is set, since root looks at no path that comes from the environment.
 */
bool run_place(const struct hw_config *config, bool rootless, const char *below,
	       char buf[static RUN_PATH_MAX]);
