/* SPDX-License-Identifier: Apache-2.0 */
/* Writes to hookwright's own log. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cli/log.h"

static const struct {
	const char *name;
	int priority; /* syslog(3) */
} levels[] = {
	[HW_LOG_ERROR] = { "error", 3 },
	[HW_LOG_WARNING] = { "warning", 4 },
	[HW_LOG_INFO] = { "info", 6 },
};

const char *log_level_name(enum hw_log_level level)
{
	return levels[level].name;
}

/* One writev(2) with O_APPEND: lines of several writers do not mix. */
void log_append(const char *path, const char *head, const char *text, const char *tail)
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

void log_line_make(struct log_line *ret, enum hw_log_level level, const char *message)
{
	const size_t len = strlen(message);
	const bool fits = 2 * len < sizeof(ret->room);
	char *text;

	ret->level = level;
	ret->more = fits ? NULL : malloc(2 * len + 1);
	text = ret->more ? ret->more : ret->room;
	one_line(message, text, fits || ret->more ? len : LOG_LINE_MAX / 2);
	ret->text = text;
	now(ret->when, sizeof(ret->when));
}

void log_line_free(struct log_line *line)
{
	free(line->more);
}

/* How much of @text goes into one datagram: as many whole messages as fit. */
static size_t piece(const char *text)
{
	size_t len = strlen(text);

	if (len <= LOG_LINE_MAX)
		return len;
	for (len = LOG_LINE_MAX; len > 2; len--)
		if (memcmp(text + len - 2, "; ", 2) == 0)
			return len;
	return LOG_LINE_MAX;
}

/* systemd's native journal protocol: one datagram of NAME=value lines. */
static void write_journal(enum hw_log_level level, const char *message)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = JOURNAL_SOCKET };
	char datagram[LOG_LINE_MAX + 128];
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
	log_append(path, head, message, "\n");
}

void log_write(const struct hw_log *log, const struct log_line *line)
{
	if (line->level > log->level)
		return;
	if (log->file)
		write_own_log(log->file, line->level, line->text, line->when);
	if (log->journal)
		write_journal(line->level, line->text);
}
