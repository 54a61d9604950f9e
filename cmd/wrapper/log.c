/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the wrapper's messages to the engine's log, and to hookwright's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/log.h"
#include "wrapper/log.h"

/*
 * @message as a JSON string, which runc's text format also uses. One string does not justify
 * loading cJSON at each call of the runtime. @buf has room for six bytes of each of @message's.
 */
static char *quote(const char *message, size_t len, char *buf)
{
	const char *const end = message + len;
	char escape[HW_JSON_ESCAPE_MAX];

	*buf++ = '"';
	for (; message < end; message++) {
		const char *instead = *message == 0x7f
					      ? "\\u007f"
					      : hw_json_escape((unsigned char)*message, escape);

		if (instead)
			buf = stpcpy(buf, instead);
		else
			*buf++ = *message;
	}
	return stpcpy(buf, "\"");
}

/* Engines show the last line of this file, so that all of @message is in one. */
static void write_runtime_log(const struct runtime_call *call, const struct log_line *line)
{
	/* Not on the stack, which may be small; nor from malloc(3), which may be what failed. */
	static char room[6 * LOG_LINE_MAX + 3];
	const size_t len = strlen(line->text);
	char *const more = len > LOG_LINE_MAX ? malloc(6 * len + 3) : NULL;
	char *const text = more ? more : room;
	char head[80], tail[64];

	(void)quote(line->text, len > LOG_LINE_MAX && !more ? LOG_LINE_MAX : len, text);
	if (call->log_json) {
		sprintf(head, "{\"level\":\"%s\",\"msg\":", log_level_name(line->level));
		sprintf(tail, ",\"time\":\"%s\"}\n", line->when);
	} else {
		sprintf(head, "time=\"%s\" level=%s msg=", line->when, log_level_name(line->level));
		strcpy(tail, "\n");
	}
	log_append(call->log, head, text, tail);
	free(more);
}

void wrapper_log(const struct wrapper_log *log, enum hw_log_level level, const char *message)
{
	struct log_line line;

	log_line_make(&line, level, message);
	if (log->call->log && level <= HW_LOG_WARNING)
		write_runtime_log(log->call, &line);
	log_write(&log->own, &line);
	log_line_free(&line);
}
