/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "runtime-log.h"

#define LINE_MAX_BYTES 8192

static const struct {
	const char *name;
	int priority; /* syslog(3) */
} levels[] = {
	[HW_LOG_ERROR] = { "error", 3 },
	[HW_LOG_WARNING] = { "warning", 4 },
	[HW_LOG_INFO] = { "info", 6 },
};

/* One write(2) with O_APPEND: lines of several writers do not mix. */
static void append(const char *path, const char *line)
{
	int fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);

	if (fd < 0)
		return;
	/* Nobody is left to tell if it fails. */
	(void)!write(fd, line, strlen(line));
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
 * @message as a JSON string, which runc's text format has, too. One string is no reason to load
 * cJSON at each call of the runtime. @buf has room for six bytes of each of @message's.
 */
static char *quote(const char *message, char *buf)
{
	char escape[HW_JSON_ESCAPE_MAX];

	*buf++ = '"';
	for (; *message; message++) {
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

static void write_runtime_log(const struct runtime_call *call, enum hw_log_level level,
			      const char *message, const char *when)
{
	/* Not on the stack, which may be small; nor from malloc(3), which may be what failed. */
	static char line[6 * LINE_MAX_BYTES + 256];
	char *end;

	if (call->log_json) {
		end = line + sprintf(line, "{\"level\":\"%s\",\"msg\":", levels[level].name);
		end = quote(message, end);
		sprintf(end, ",\"time\":\"%s\"}\n", when);
	} else {
		end = line + sprintf(line, "time=\"%s\" level=%s msg=", when, levels[level].name);
		end = quote(message, end);
		strcpy(end, "\n");
	}
	append(call->log, line);
}

/* systemd's native journal protocol: one datagram of NAME=value lines. */
static void write_journal(enum hw_log_level level, const char *message)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX,
					     .sun_path = "/run/systemd/journal/socket" };
	char datagram[LINE_MAX_BYTES + 128];
	int n = snprintf(datagram, sizeof(datagram),
			 "PRIORITY=%d\nSYSLOG_IDENTIFIER=hookwright\nMESSAGE=%s\n",
			 levels[level].priority, message);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return;
	(void)sendto(fd, datagram, n < (int)sizeof(datagram) ? (size_t)n : sizeof(datagram) - 1,
		     MSG_NOSIGNAL, (const struct sockaddr *)&address, sizeof(address));
	close(fd);
}

static void write_own_log(const char *path, enum hw_log_level level, const char *message,
			  const char *when)
{
	char line[LINE_MAX_BYTES + 128];

	snprintf(line, sizeof(line), "%s %s hookwright[%d]: %s\n", when, levels[level].name,
		 (int)getpid(), message);
	append(path, line);
}

static void one_line(const char *message, char *buf, size_t size)
{
	size_t n = 0;

	for (; *message && n + 3 < size; message++) {
		if (*message != '\n') {
			buf[n++] = *message;
			continue;
		}
		message += strspn(message, "\n ") - 1;
		if (message[1])
			n += (size_t)snprintf(buf + n, size - n, "; ");
	}
	buf[n] = '\0';
}

void wrapper_log(const struct wrapper_log *log, enum hw_log_level level, const char *message)
{
	char line[LINE_MAX_BYTES], when[32];

	one_line(message, line, sizeof(line));
	now(when, sizeof(when));
	if (log->call->log && level <= HW_LOG_WARNING)
		write_runtime_log(log->call, level, line, when);
	if (log->own.file && level <= log->own.level)
		write_own_log(log->own.file, level, line, when);
	if (log->own.journal && level <= log->own.level)
		write_journal(level, line);
}
