/* SPDX-License-Identifier: Apache-2.0 */
/* Signals, and waiting for them and for descriptors at once. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "run/run.h"

static volatile sig_atomic_t child_ended, asked_by;
static sigset_t nothing;

int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

static void note(int signal)
{
	if (signal == SIGCHLD)
		child_ended = 1;
	else
		asked_by = signal;
}

void signals_catch(void)
{
	static const int noted[] = { SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	struct sigaction action = { .sa_handler = note };
	sigset_t all;

	sigemptyset(&nothing);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(noted); i++)
		sigaction(noted[i], &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

/*
 * By the system call: the C library keeps some signals for itself, and does not let their
 * dispositions be changed, though the runtime may have left them ignored.
 */
void signals_reset(void)
{
	static const unsigned char default_action[64]; /* struct sigaction of the kernel: SIG_DFL */

	for (int signal = 1; signal < _NSIG; signal++)
		syscall(SYS_rt_sigaction, signal, default_action, NULL, _NSIG / 8);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, default_action, NULL, _NSIG / 8);
}

bool signals_child(void)
{
	const bool ended = child_ended;

	child_ended = 0;
	return ended;
}

int signals_asked(void)
{
	return asked_by;
}

int wait_for(struct pollfd *fds, size_t n, int64_t until)
{
	const int64_t left = until - now();
	const struct timespec limit = { .tv_sec = left > 0 ? left / SECOND : 0,
					.tv_nsec = left > 0 ? left % SECOND : 0 };

	return ppoll(fds, n, until == NEVER ? NULL : &limit, &nothing) < 0 ? errno : 0;
}
