/* SPDX-License-Identifier: Apache-2.0 */
/* hookwright-runtime and hookwright runtime: apply the policies, then become the runtime. */
#pragma once

#include "cli/cli.h"

/*
 * Apply the policies if the runtime's command line creates a container, then become
 * the runtime. @argv is the runtime's, with our own options before it; @argv[0] is not looked at.
 * @default_name: the runtime that our own name chooses, or NULL. Returns only when stopped.
 */
enum exit_status run_as_runtime(const char *default_name, int argc, char **argv);
/* Whether this process was a wrapper before: what it took for the runtime is hookwright again. */
bool runtime_led_back(void);
