/* SPDX-License-Identifier: Apache-2.0 */
/* Shows on the terminal what hookwright, as the engine's runtime, leaves out. */
#pragma once

#include <stdbool.h>

#include "cli/notice.h"

/*
 * Leave a process behind that prints the notice for @token, in the name of 'hookwright @engine',
 * and ends with this process, which becomes the engine, or with the notice. False, without a token,
 * if that is not possible: the hook is left out all the same, and the log says so.
 */
bool listen_begin(const char *engine, char token[static NOTICE_TOKEN + 1]);
