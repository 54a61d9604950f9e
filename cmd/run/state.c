/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The container's state, which the runtime writes to standard input. All of it is taken, also if
 * the hook never reads: crun before 1.17 fails, and newer ones can be killed, when the pipe is
 * closed while they write, and they wait without a limit when it is full.
 */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "run/run.h"

/* How long the runtime may take, if the hook has no limit. It has the state ready before. */
#define STATE_PATIENCE (30 * SECOND)

/* Read once: the number of bytes, 0 at the end, or a negative errno. */
static ssize_t read_some(char *into, size_t size, int64_t until)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	int problem;
	ssize_t n;

	while ((problem = wait_for(&p, 1, until)) != 0 || p.revents == 0) {
		if (problem && problem != EINTR)
			return -problem;
		if (signals_asked())
			return -EINTR;
		if (now() >= until)
			return -ETIMEDOUT;
	}
	do {
		n = read(STDIN_FILENO, into, size);
	} while (n < 0 && errno == EINTR);
	/* What cannot be read (a directory) has nothing in it for a hook. */
	return n < 0 ? 0 : n;
}

/* It is too large; but whoever writes it shall not be stopped by that. */
static int drain(int64_t until)
{
	char rest[4096];
	ssize_t n;

	do {
		n = read_some(rest, sizeof(rest), until);
	} while (n > 0 && now() < until);
	return E2BIG;
}

int state_read(struct state *s, int64_t deadline)
{
	static char text[STATE_MAX + 1];
	const int64_t patience = now() + STATE_PATIENCE;
	const int64_t until = deadline == NEVER ? patience : deadline;
	ssize_t n;

	*s = (struct state){ .text = text };
	while ((n = read_some(text + s->len, sizeof(text) - s->len, until)) > 0) {
		s->len += (size_t)n;
		if (s->len > STATE_MAX)
			return drain(until);
	}
	return (int)-n;
}

bool state_give(struct state *s, int pipe)
{
	ssize_t n = 0;

	if (s->given < s->len)
		n = write(pipe, s->text + s->given, s->len - s->given);
	if (n < 0)
		return errno != EAGAIN && errno != EINTR;
	s->given += (size_t)n;
	return s->given == s->len;
}
