/* SPDX-License-Identifier: Apache-2.0 */
/* From the start of the hook to its end, or to that of its time. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/run.h"

/* After SIGKILL: how often what was born meanwhile is looked for, and when that is given up. */
#define KILL_AGAIN (20 * MILLISECOND)
#define GIVE_UP	   (500 * MILLISECOND)
/* A hook that makes processes without end must not keep us from looking at the clock. */
#define REAPED_AT_ONCE 256

enum { TO_HOOK, FROM_OUT, FROM_ERR, FROM_EXEC, N_FDS };

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void reap(struct watch *w)
{
	int status;
	pid_t pid = 0;

	for (int i = 0; i < REAPED_AT_ONCE; i++) {
		pid = waitpid(-1, &status, WNOHANG);
		if (pid <= 0)
			break;
		if (pid == w->hook.pid) {
			w->hook_ended = w->tree.reaped = true;
			w->status = status;
		}
	}
	w->all_ended = pid < 0 && errno == ECHILD;
	w->more_children = pid > 0;
}

/* The errno, or the end if it was executed. */
static void read_failure(struct watch *w)
{
	int problem;

	if (read(w->hook.failure, &problem, sizeof(problem)) == sizeof(problem))
		w->exec_errno = problem;
	close_fd(&w->hook.failure);
}

static void serve(struct watch *w, const struct pollfd *fds)
{
	if (fds[TO_HOOK].revents && state_give(w->state, w->hook.in))
		close_fd(&w->hook.in);
	for (int i = 0; i < 2; i++)
		if (fds[FROM_OUT + i].revents)
			output_read(w->output, &w->output->streams[i]);
	if (fds[FROM_EXEC].revents)
		read_failure(w);
}

/* A filter forbids to wait: nothing but an end is safe, and no signal will report children. */
static void blind(struct watch *w)
{
	w->asked = SIGKILL;
	w->more_children = true;
}

static void wait_and_serve(struct watch *w)
{
	struct pollfd fds[N_FDS] = {
		[TO_HOOK] = { .fd = w->hook.in, .events = POLLOUT },
		[FROM_OUT] = { .fd = w->output->streams[0].fd, .events = POLLIN },
		[FROM_ERR] = { .fd = w->output->streams[1].fd, .events = POLLIN },
		[FROM_EXEC] = { .fd = w->hook.failure, .events = POLLIN },
	};
	const int problem = wait_for(fds, N_FDS, w->more_children ? 0 : w->next);

	if (problem == 0)
		serve(w, fds);
	else if (problem != EINTR)
		blind(w);
}

static void send_to_all(struct watch *w, int signal)
{
	descendants_signal(&w->tree, signal);
	w->last_signal = signal;
}

/* What is due at this time. */
static void advance(struct watch *w, const struct options *o)
{
	const int64_t at = now();

	if (w->asked == 0)
		w->asked = signals_asked();
	if (w->phase == RUNNING && (at >= w->deadline || w->asked)) {
		w->late = at >= w->deadline;
		w->early = w->hook_ended;
		w->phase = TERMINATING;
		w->next = at + o->kill_after;
		send_to_all(w, SIGTERM);
	}
	if (w->phase == TERMINATING && (now() >= w->next || w->asked == SIGKILL)) {
		w->phase = KILLING;
		w->next = w->give_up = now();
		w->give_up += GIVE_UP;
	}
	if (w->phase == KILLING && now() >= w->next) {
		send_to_all(w, SIGKILL);
		w->next = now() + KILL_AGAIN;
		w->gave_up = now() >= w->give_up;
	}
	w->report->not_after = w->next;
}

/* Without a limit what the hook leaves behind is none of our business. */
static bool is_over(const struct watch *w)
{
	return w->all_ended || w->gave_up ||
	       (w->hook_ended && w->phase == RUNNING && w->deadline == NEVER);
}

void watch(struct watch *w, const struct options *o)
{
	w->tree.hook = w->hook.pid;
	w->tree.below_init = getppid() == 1;
	w->next = w->deadline;
	while (!is_over(w)) {
		wait_and_serve(w);
		if (signals_child() || w->more_children)
			reap(w);
		if (!is_over(w))
			advance(w, o);
	}
	/* It may have failed between two looks. */
	if (w->hook.failure >= 0)
		read_failure(w);
	close_fd(&w->hook.in);
}
