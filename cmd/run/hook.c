/* SPDX-License-Identifier: Apache-2.0 */
/* Starting the hook: its descriptors, its group, and how execve(2) went. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run/run.h"

extern char **environ;

/* Musl does not name it. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
/* Without close_range(2), older filters forbid it, so many are tried. */
#define DESCRIPTORS_MAX 65536

static void close_others(void)
{
	struct rlimit limit = { .rlim_cur = DESCRIPTORS_MAX };

	if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0) == 0)
		return;
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur > DESCRIPTORS_MAX)
		limit.rlim_cur = DESCRIPTORS_MAX;
	for (int fd = STDERR_FILENO + 1; fd < (int)limit.rlim_cur; fd++)
		close(fd);
}

/*
 * Make @fd, the lowest that is closed, a pipe whose other end is closed: at its end when read,
 * broken when written to.
 */
static int open_closed(int fd)
{
	int ends[2], problem = 0;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	if (fd != STDIN_FILENO && dup3(ends[1], fd, O_CLOEXEC) < 0)
		problem = errno;
	close(ends[1]);
	return problem;
}

int descriptors_clean(void)
{
	close_others();
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		const int problem = fcntl(fd, F_GETFD) < 0 ? open_closed(fd) : 0;

		if (problem)
			return problem;
	}
	return 0;
}

/* fork(2), by the one call that every filter must allow for hooks to run at all. */
static pid_t fork_plainly(void)
{
#if defined(__s390__) || defined(__CRIS__)
	return (pid_t)syscall(SYS_clone, NULL, SIGCHLD, NULL, NULL, NULL);
#else
	return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
#endif
}

/* In the child. Returns if it failed, with the errno. */
static int become_hook(const struct options *o, const int ours[3], pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Whether it died before that. */
	if (getppid() != parent)
		return ESRCH;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup3(ours[fd], fd, 0) < 0)
			return errno;
	signals_reset();
	execve(o->program, o->argv, environ);
	return errno;
}

/* Four pipes; [i][0] is read from. */
struct pipes {
	int ends[4][2];
};

static void close_pipes(struct pipes *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(p->ends); i++)
		for (size_t end = 0; end < 2; end++)
			if (p->ends[i][end] >= 0)
				close(p->ends[i][end]);
}

/* Which end of each is ours: of the first, standard input, the one that is written to. */
static size_t our_end(size_t pipe)
{
	return pipe == STDIN_FILENO ? 1 : 0;
}

/* Ours never waits; the hook's has flags of its own. */
static int open_pipes(struct pipes *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(p->ends); i++)
		p->ends[i][0] = p->ends[i][1] = -1;
	for (size_t i = 0; i < ARRAY_SIZE(p->ends); i++)
		if (pipe2(p->ends[i], O_CLOEXEC) < 0 ||
		    fcntl(p->ends[i][our_end(i)], F_SETFL, O_NONBLOCK) < 0) {
			const int problem = errno;

			close_pipes(p);
			return problem;
		}
	return 0;
}

/* Our end; the other is closed. */
static int keep(const struct pipes *p, size_t pipe)
{
	close(p->ends[pipe][!our_end(pipe)]);
	return p->ends[pipe][our_end(pipe)];
}

int hook_start(const struct options *o, struct hook *h)
{
	const pid_t self = getpid();
	struct pipes p;
	int problem = open_pipes(&p);

	if (problem)
		return problem;
	h->pid = fork_plainly();
	if (h->pid < 0) {
		problem = errno;
		close_pipes(&p);
		return problem;
	}
	if (h->pid == 0) {
		const int ours[] = { p.ends[0][0], p.ends[1][1], p.ends[2][1] };

		problem = become_hook(o, ours, self);
		(void)!write(p.ends[3][1], &problem, sizeof(problem));
		_exit(STATUS_NOT_EXECUTED);
	}
	setpgid(h->pid, h->pid);
	h->in = keep(&p, 0);
	h->out = keep(&p, 1);
	h->err = keep(&p, 2);
	h->failure = keep(&p, 3);
	return 0;
}
