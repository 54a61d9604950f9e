/* SPDX-License-Identifier: Apache-2.0 */
/* The process that waits for the wrapper's notice while this one has become the engine. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "front/listen.h"

struct listener {
	const char *engine_name;
	int engine; /* pidfd */
	int socket;
};

static bool make_token(char token[static NOTICE_TOKEN + 1])
{
	unsigned char bytes[NOTICE_TOKEN / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(token + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

static int open_socket(const char *token)
{
	struct sockaddr_un address;
	const int on = 1;
	socklen_t len;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 && notice_address(token, &address, &len) &&
	    bind(fd, (const struct sockaddr *)&address, len) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Nobody but root and this user runs the runtime; in a user namespace, too, the kernel says who. */
static bool is_trusted(struct msghdr *message)
{
	const struct cmsghdr *c = CMSG_FIRSTHDR(message);
	struct ucred who;

	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS)
		return false;
	memcpy(&who, CMSG_DATA(c), sizeof(who));
	return who.uid == 0 || who.uid == getuid();
}

/* The engine may have made the terminal raw by now, where a line break needs a return. */
static void print_notice(const char *engine, char *text)
{
	const char *const end = isatty(STDERR_FILENO) ? "\r\n" : "\n";
	const char *prefix = "warning: ";
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (!*line)
			continue;
		if (*line != ' ')
			print_stderr("hookwright %s: %s%s", engine, prefix, line);
		else
			print_stderr("%s", line);
		fputs(end, stderr);
	}
	fflush(stderr);
}

/* Whether it was the wrapper's; one datagram is all that it sends. */
static bool receive(const struct listener *l)
{
	static char text[NOTICE_MAX + 1];
	union {
		char room[CMSG_SPACE(sizeof(struct ucred))];
		struct cmsghdr align;
	} control;
	struct iovec into = { text, NOTICE_MAX };
	struct msghdr message = {
		.msg_iov = &into,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	const ssize_t n = recvmsg(l->socket, &message, 0);

	if (n < 0 || !is_trusted(&message))
		return false;
	text[n] = '\0';
	print_notice(l->engine_name, text);
	return true;
}

static void wait_for_notice(const struct listener *l)
{
	struct pollfd fds[] = { { l->socket, POLLIN, 0 }, { l->engine, POLLIN, 0 } };

	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents && receive(l))
			return;
		/* What was sent before the end is there by now. */
		if (fds[1].revents && !fds[0].revents)
			return;
	}
}

/* Only what is needed stays open: whoever reads the engine's output waits until it is closed. */
static _Noreturn void watch(const struct listener *l)
{
	const struct listener kept = { l->engine_name, STDIN_FILENO, STDOUT_FILENO };
	int socket = dup(l->socket);
	int engine = dup(l->engine);

	if (socket < 0 || engine < 0 || dup2(engine, kept.engine) < 0 ||
	    dup2(socket, kept.socket) < 0)
		_exit(1);
	(void)syscall(SYS_close_range, STDERR_FILENO + 1U, ~0U, 0U);
	signal(SIGTTOU, SIG_IGN);
	wait_for_notice(&kept);
	_exit(0);
}

/* Twice, so that init reaps it and not the engine, which does not know of it. */
static bool leave_behind(const struct listener *l)
{
	const pid_t child = fork();
	int status;

	if (child == 0) {
		const pid_t watcher = fork();

		if (watcher == 0)
			watch(l);
		_exit(watcher < 0);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

bool listen_begin(const char *engine, char token[static NOTICE_TOKEN + 1])
{
	struct listener l = { .engine_name = engine };
	bool left = false;

	if (!make_token(token))
		return false;
	l.socket = open_socket(token);
	l.engine = (int)syscall(SYS_pidfd_open, getpid(), 0U);
	if (l.socket >= 0 && l.engine >= 0)
		left = leave_behind(&l);
	if (l.socket >= 0)
		close(l.socket);
	if (l.engine >= 0)
		close(l.engine);
	return left;
}
