/* SPDX-License-Identifier: Apache-2.0 */
/* The wrapper's messages and where they are written. */
#pragma once

#include "tools.h"
#include "wrapper/dialect.h"

/*
 * Messages of the wrapper. Engines show the last line of the file that they gave the runtime with
 * --log; that line has the runtime's own form. hookwright's log is a file or the journal. Nothing
 * here can fail the call: a log that cannot be written is not written.
 */
struct wrapper_log {
	const struct runtime_call *call; /* its --log and --log-format */
	struct hw_log own;
};

/* One line, without a newline at its end; newlines in @message become "; ". */
void wrapper_log(const struct wrapper_log *log, enum hw_log_level level, const char *message);
