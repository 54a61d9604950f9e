/* SPDX-License-Identifier: Apache-2.0 */
/* hookwright podman, docker and nerdctl: become the engine. */
#pragma once

#include "cli/cli.h"

/*
 * Become the engine argv[0] with the rest of @argv, in which --oci-hook NAME after run or
 * create has become a runtime and an annotation. Returns only when that failed.
 */
enum exit_status run_as_engine(int argc, char **argv);
/* Whether @word is an engine's name that run_as_engine() takes. */
bool is_engine(const char *word);
