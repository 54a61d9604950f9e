/* SPDX-License-Identifier: Apache-2.0 */
/* The start of both programs: file descriptors, signals, a stack of known size. */
#pragma once

#include <signal.h>
#include <stdbool.h>

/*
 * The start of both programs. hookwright has every command. hookwright-runtime, which replaces the
 * runtime that an engine expects and is started for each of its calls, has nothing but the wrapper:
 * no tables of lint, no cJSON.
 */

/*
 * A file opened later must not become standard output or error. The replacement of a closed one
 * cannot be written to, so that lost output is still an error, and is gone after execve(2).
 */
void occupy_standard_fds(void);

/*
 * Run @program on a stack that has room for it: a limit such as "ulimit -s 64" must not end in
 * SIGSEGV half-way. Returns its status, or 1 with a message if out of memory for the stack.
 */
int run_with_stack(int (*program)(int argc, char **argv), int argc, char **argv);

/*
 * Ignore @signal, SIGXFSZ or SIGPIPE, so that the system call fails instead and can be reported.
 * Ignored signals are inherited by what is executed: before execve(2) the dispositions go back to
 * what they were, and a child has @set of them at their defaults.
 */
void ignore_signal(int signal);
void restore_signals(void);
void ignored_signals(sigset_t *set);

/*
 * Whether the program was called by a name that makes it a runtime: hookwright-runtime,
 * hookwright-runc or hookwright-crun, of which the last two choose *@runtime (else NULL).
 */
bool called_as_runtime(const char *argv0, const char **runtime);
