/* SPDX-License-Identifier: Apache-2.0 */
/* Where the hook's lines and the outcome go: datagrams to the host, or standard error. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "run/run.h"

/* In all, for a reader who does not read; so much again for how it ended. */
#define PATIENCE SECOND
/* What poll(2) calls writable takes so much without blocking: PIPE_BUF. */
#define CHUNK 4096

/* ---- datagrams ---- */

static void put(unsigned char *at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++, value >>= 8)
		at[i] = (unsigned char)value;
}

static uint64_t clock_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static size_t put_end(unsigned char *at, const struct ending *e, int64_t duration)
{
	put(at + RECORD_AT_VALUE, 4, e->value);
	put(at + RECORD_AT_LEFT, 4, e->left);
	put(at + RECORD_AT_DURATION, 8, (uint64_t)(duration / 1000));
	put(at + RECORD_AT_WRITTEN, 8, e->written);
	put(at + RECORD_AT_OMITTED, 8, e->omitted);
	return RECORD_END_SIZE;
}

static size_t put_bytes(unsigned char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return len;
}

static size_t put_record(struct report *r, unsigned char *at, enum record_type type,
			 unsigned detail, const struct ending *ending, const char *text, size_t len)
{
	const struct options *o = r->options;
	const size_t policy = strlen(o->policy), container = strlen(o->container);
	size_t size = RECORD_HEAD_SIZE;

	memcpy(at, RECORD_MAGIC, RECORD_MAGIC_SIZE);
	at[RECORD_AT_TYPE] = (unsigned char)type;
	at[RECORD_AT_DETAIL] = (unsigned char)detail;
	put(at + RECORD_AT_POLICY, 2, policy);
	put(at + RECORD_AT_CONTAINER, 2, container);
	put(at + RECORD_AT_TEXT, 2, len);
	put(at + RECORD_AT_SEQUENCE, 4, r->sequence++);
	put(at + RECORD_AT_TIME, 8, clock_time());
	if (ending)
		size += put_end(at + size, ending, now() - r->start);
	size += put_bytes(at + size, o->policy, policy);
	size += put_bytes(at + size, o->container, container);
	return size + put_bytes(at + size, text, len);
}

/* ---- descriptors whose other end may be slow ---- */

/* Whether @fd takes something before our patience is over. */
static bool wait_writable(struct report *r, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	for (;;) {
		const int64_t before = now();
		int64_t until = before + r->patience;
		int problem;

		if (until > r->not_after)
			until = r->not_after;
		problem = wait_for(&p, 1, until);
		r->patience -= now() - before;
		if (problem == 0 && p.revents)
			return true;
		if ((problem && problem != EINTR) || now() >= until)
			return false;
	}
}

static void write_patiently(struct report *r, int fd, const char *text, size_t len)
{
	while (len > 0 && wait_writable(r, fd)) {
		const ssize_t n = write(fd, text, len < CHUNK ? len : CHUNK);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

/* Whether it went out, or is lost for good. false: nobody is there to read it. */
static bool send_patiently(struct report *r, const unsigned char *record, size_t size)
{
	while (send(r->socket, record, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		if (errno == ECONNREFUSED || errno == ECONNRESET || errno == ENOTCONN ||
		    errno == EPIPE)
			return false;
		if (errno != EINTR && (errno != EAGAIN || !wait_writable(r, r->socket)))
			return true;
	}
	return true;
}

/* ---- routes ---- */

bool report_connected(const struct report *r)
{
	return r->socket >= 0;
}

/* Whether it is reported, or lost; false: there is no socket, or not any more. */
static bool report_record(struct report *r, enum record_type type, unsigned detail,
			  const struct ending *ending, const char *text, size_t len)
{
	unsigned char record[RECORD_SIZE_MAX];
	size_t size;

	if (r->socket < 0)
		return false;
	size = put_record(r, record, type, detail, ending, text, len);
	if (send_patiently(r, record, size))
		return true;
	close(r->socket);
	r->socket = -1;
	return false;
}

/* One line, with its newline or without. */
static void prefixed_line(struct report *r, const char *line, size_t len)
{
	const struct options *o = r->options;
	const int64_t ms = (now() - r->start) / MILLISECOND;
	char text[RECORD_POLICY_MAX + 64 + RECORD_TEXT_MAX];
	int n = snprintf(text, sizeof(text), "hookwright: %s%s[%d.%03d s] ", o->policy,
			 o->policy[0] ? ": " : "", (int)(ms / 1000), (int)(ms % 1000));

	memcpy(text + n, line, len);
	text[(size_t)n + len] = '\n';
	write_patiently(r, STDERR_FILENO, text, (size_t)n + len + 1);
}

void report_stderr(struct report *r, const char *text, size_t len)
{
	const char *end;

	for (; len > 0; text = end + 1) {
		end = memchr(text, '\n', len);
		if (!end) {
			prefixed_line(r, text, len);
			return;
		}
		prefixed_line(r, text, (size_t)(end - text));
		len -= (size_t)(end + 1 - text);
	}
}

void report_output(struct report *r, enum record_stream stream, const char *text, size_t len)
{
	if (report_record(r, RECORD_OUTPUT, stream, NULL, text, len))
		return;
	if (r->options->log || stream == RECORD_FROM_HELPER)
		report_stderr(r, text, len);
	else
		write_patiently(r, stream == RECORD_FROM_STDOUT ? STDOUT_FILENO : STDERR_FILENO,
				text, len);
}

void report_say(struct report *r, const char *fmt, ...)
{
	char words[512];
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	vsnprintf(words, sizeof(words) - 1, fmt, ap);
	va_end(ap);
	len = strlen(words);
	words[len++] = '\n';
	report_output(r, RECORD_FROM_HELPER, words, len);
}

/* 0 or an errno. */
static int connect_to(const char *path, int *ret)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int problem;

	if (fd < 0)
		return errno;
	memcpy(address.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0) {
		*ret = fd;
		return 0;
	}
	problem = errno;
	close(fd);
	return problem;
}

void report_open(struct report *r, const struct options *options)
{
	int problem;

	*r = (struct report){ .options = options,
			      .start = now(),
			      .socket = -1,
			      .patience = PATIENCE,
			      .not_after = NEVER };
	if (!options->log)
		return;
	problem = connect_to(options->log, &r->socket);
	/* That nobody listens is usual: not every way to start a container has somebody who does. */
	if (problem && problem != ENOENT)
		report_say(r, "the log '%s' cannot be reached: %s; lines go to standard error",
			   options->log, strerror(problem));
	report_record(r, RECORD_BEGIN, 0, NULL, options->program,
		      strnlen(options->program, RECORD_TEXT_MAX));
}

void report_end(struct report *r, const struct ending *ending, const char *sentence)
{
	r->patience = PATIENCE;
	r->not_after = NEVER;
	report_record(r, RECORD_END, ending->outcome, ending, sentence, strlen(sentence));
}
