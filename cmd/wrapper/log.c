/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the wrapper's messages to the engine's log, the configured log, and standard error. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "wrapper/log.h"

#define LINE_MAX_BYTES 8192

static const struct {
	const char *name;
	int priority; /* syslog(3) */
} levels[] = {
	[HW_LOG_ERROR] = { "error", 3 },
	[HW_LOG_WARNING] = { "warning", 4 },
	[HW_LOG_INFO] = { "info", 6 },
};

/* One writev(2) with O_APPEND: lines of several writers do not mix. */
static void append(const char *path, const char *head, const char *text, const char *tail)
{
	const char *const parts[] = { head, text, tail };
	struct iovec line[sizeof(parts) / sizeof(parts[0])];
	int fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);

	if (fd < 0)
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		line[i] = (struct iovec){ (char *)parts[i], strlen(parts[i]) };
	/* There is nowhere to report a failure. */
	(void)!writev(fd, line, sizeof(parts) / sizeof(parts[0]));
	close(fd);
}

/* RFC 3339, as runc writes it. */
static void now(char *buf, size_t size)
{
	time_t t = time(NULL);
	struct tm tm;

	if (!gmtime_r(&t, &tm) || strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(buf, size, "1970-01-01T00:00:00Z");
}

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
static void write_runtime_log(const struct runtime_call *call, enum hw_log_level level,
			      const char *message, const char *when)
{
	/* Not on the stack, which may be small; nor from malloc(3), which may be what failed. */
	static char room[6 * LINE_MAX_BYTES + 3];
	const size_t len = strlen(message);
	char *const more = len > LINE_MAX_BYTES ? malloc(6 * len + 3) : NULL;
	char *const text = more ? more : room;
	char head[80], tail[64];

	(void)quote(message, len > LINE_MAX_BYTES && !more ? LINE_MAX_BYTES : len, text);
	if (call->log_json) {
		sprintf(head, "{\"level\":\"%s\",\"msg\":", levels[level].name);
		sprintf(tail, ",\"time\":\"%s\"}\n", when);
	} else {
		sprintf(head, "time=\"%s\" level=%s msg=", when, levels[level].name);
		strcpy(tail, "\n");
	}
	append(call->log, head, text, tail);
	free(more);
}

/* How much of @text goes into one datagram: as many whole messages as fit. */
static size_t piece(const char *text)
{
	size_t len = strlen(text);

	if (len <= LINE_MAX_BYTES)
		return len;
	for (len = LINE_MAX_BYTES; len > 2; len--)
		if (memcmp(text + len - 2, "; ", 2) == 0)
			return len;
	return LINE_MAX_BYTES;
}

/* systemd's native journal protocol: one datagram of NAME=value lines. */
static void write_journal(enum hw_log_level level, const char *message)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX,
					     .sun_path = "/run/systemd/journal/socket" };
	char datagram[LINE_MAX_BYTES + 128];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	while (fd >= 0 && *message) {
		const size_t len = piece(message);
		const int n = snprintf(datagram, sizeof(datagram),
				       "PRIORITY=%d\nSYSLOG_IDENTIFIER=hookwright\nMESSAGE=%.*s\n",
				       levels[level].priority, (int)len, message);

		(void)sendto(fd, datagram, (size_t)n, MSG_NOSIGNAL,
			     (const struct sockaddr *)&address, sizeof(address));
		message += len;
	}
	if (fd >= 0)
		close(fd);
}

static void write_own_log(const char *path, enum hw_log_level level, const char *message,
			  const char *when)
{
	char head[96];

	snprintf(head, sizeof(head), "%s %s hookwright[%d]: ", when, levels[level].name,
		 (int)getpid());
	append(path, head, message, "\n");
}

/* @buf has room for two bytes of each of @message's first @max. */
static void one_line(const char *message, char *buf, size_t max)
{
	const char *const end = message + strnlen(message, max);

	for (; message < end; message++) {
		if (*message != '\n') {
			*buf++ = *message;
			continue;
		}
		message += strspn(message, "\n ") - 1;
		if (message[1])
			buf = stpcpy(buf, "; ");
	}
	*buf = '\0';
}

static void write_logs(const struct wrapper_log *log, enum hw_log_level level, const char *line)
{
	char when[32];

	now(when, sizeof(when));
	if (log->call->log && level <= HW_LOG_WARNING)
		write_runtime_log(log->call, level, line, when);
	if (log->own.file && level <= log->own.level)
		write_own_log(log->own.file, level, line, when);
	if (log->own.journal && level <= log->own.level)
		write_journal(level, line);
}

/*
 * Messages are never truncated, however long a container makes them; only if out of memory, to what
 * fits on the stack.
 */
void wrapper_log(const struct wrapper_log *log, enum hw_log_level level, const char *message)
{
	char room[LINE_MAX_BYTES + 1];
	const size_t len = strlen(message);
	char *const more = 2 * len < sizeof(room) ? NULL : malloc(2 * len + 1);
	char *const line = more ? more : room;

	one_line(message, line, more ? len : LINE_MAX_BYTES / 2);
	write_logs(log, level, line);
	free(more);
}
