/* SPDX-License-Identifier: Apache-2.0 */
/* Sets up standard descriptors, signals and the stack at the start of both programs. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <ucontext.h>
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

/* A context's function takes no arguments that have room for a pointer. */
static struct {
	int (*program)(int argc, char **argv);
	int argc;
	char **argv;
	int status;
} other;

static void run_other(void)
{
	other.status = other.program(other.argc, other.argv);
}

static int run_elsewhere(void)
{
	ucontext_t here, there;
	void *stack = mmap(NULL, STACK_NEEDED, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

	if (stack == MAP_FAILED || getcontext(&there) < 0) {
		fputs("hookwright: out of memory for a stack\n", stderr);
		return 1;
	}
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = STACK_NEEDED;
	there.uc_link = &here;
	makecontext(&there, run_other, 0);
	if (swapcontext(&here, &there) < 0)
		return 1;
	return other.status;
}

int run_with_stack(int (*program)(int argc, char **argv), int argc, char **argv)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) < 0 || limit.rlim_cur >= STACK_NEEDED)
		return program(argc, argv);
	other.program = program;
	other.argc = argc;
	other.argv = argv;
	return run_elsewhere();
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
