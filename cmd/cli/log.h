/* SPDX-License-Identifier: Apache-2.0 */
/* hookwright's own log, of the programs that nobody watches: a file, the journal, or both. */
#pragma once

#include "tools.h"

#define LOG_LINE_MAX   8192
#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* A message on its way into one or more logs, as one line without a newline at its end. */
struct log_line {
	enum hw_log_level level;
	const char *text;
	char when[32]; /* RFC 3339, as runc writes it */
	char room[LOG_LINE_MAX + 1];
	char *more; /* what log_line_free() frees */
};

/*
 * Newlines in @message become "; ". Messages are never truncated, however long a container makes
 * them; only if out of memory, to what fits into @ret.
 */
void log_line_make(struct log_line *ret, enum hw_log_level level, const char *message);
void log_line_free(struct log_line *line);

/* "error", "warning" or "info". */
const char *log_level_name(enum hw_log_level level);

/* Lines of several writers do not mix. A log that cannot be written is not written. */
void log_append(const char *path, const char *head, const char *text, const char *tail);

/* Into hookwright's own log, if @line is as severe as that asks for. */
void log_write(const struct hw_log *log, const struct log_line *line);
