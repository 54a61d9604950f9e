/* SPDX-License-Identifier: Apache-2.0 */
/* Sets up standard descriptors, signals and the stack at the start of both programs. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/start.h"

void occupy_standard_fds(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0) /* unlike /dev/null, "/" is everywhere */
			(void)open("/", O_RDONLY | O_CLOEXEC);
}

/* ---- signals ---- */

static const int signals[] = { SIGXFSZ, SIGPIPE };

#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static bool was_default[SIGNALS]; /* before it was ignored */

static void set_disposition(int signal, void (*handler)(int), struct sigaction *before)
{
	const struct sigaction action = { .sa_handler = handler };

	(void)sigaction(signal, &action, before);
}

void ignore_signal(int signal)
{
	for (size_t i = 0; i < SIGNALS; i++) {
		struct sigaction before;

		if (signals[i] != signal)
			continue;
		set_disposition(signal, SIG_IGN, &before);
		was_default[i] |= before.sa_handler == SIG_DFL;
	}
}

void restore_signals(void)
{
	for (size_t i = 0; i < SIGNALS; i++)
		if (was_default[i])
			set_disposition(signals[i], SIG_DFL, NULL);
}

void ignored_signals(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < SIGNALS; i++)
		if (was_default[i])
			sigaddset(set, signals[i]);
}

/* ---- the stack ---- */

#define STACK_NEEDED ((size_t)1 << 20)

struct call {
	int (*program)(int argc, char **argv);
	int argc;
	char **argv;
	int status;
};

static void *run_call(void *arg)
{
	struct call *call = (struct call *)arg;

	call->status = call->program(call->argc, call->argv);
	return NULL;
}

/* A thread may execve(2): its process goes on with the same id. */
static int run_elsewhere(struct call *call)
{
	pthread_attr_t attr;
	pthread_t thread;
	int r = pthread_attr_init(&attr);

	if (r == 0)
		r = pthread_attr_setstacksize(&attr, STACK_NEEDED);
	if (r == 0)
		r = pthread_create(&thread, &attr, run_call, call);
	if (r == 0)
		r = pthread_join(thread, NULL);
	if (r == 0)
		return call->status;
	fprintf(stderr,
		"hookwright: cannot make a thread with a stack of %zu KiB: %s\n"
		"  hint: raise the limit of the stack or of processes\n",
		STACK_NEEDED / 1024, strerror(r));
	return 1;
}

int run_with_stack(int (*program)(int argc, char **argv), int argc, char **argv)
{
	struct rlimit limit;
	struct call call;

	if (getrlimit(RLIMIT_STACK, &limit) < 0 || limit.rlim_cur >= STACK_NEEDED)
		return program(argc, argv);
	call = (struct call){ .program = program, .argc = argc, .argv = argv };
	return run_elsewhere(&call);
}

/* ---- names ---- */

bool called_as_runtime(const char *argv0, const char **runtime)
{
	const char *slash = strrchr(argv0, '/'), *base = slash ? slash + 1 : argv0;

	*runtime = NULL;
	if (strcmp(base, "hookwright-runtime") == 0)
		return true;
	if (strcmp(base, "hookwright-runc") == 0 || strcmp(base, "hookwright-crun") == 0)
		*runtime = base + strlen("hookwright-");
	return *runtime != NULL;
}
