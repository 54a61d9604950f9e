/* SPDX-License-Identifier: Apache-2.0 */
/* hookwright-run: runs a hook in the container, with a limit and a log. */
#pragma once

/*
 *	run [--timeout=SECONDS] [--kill-after=SECONDS] [--on-failure=fail|warn|ignore]
 *	    [--log=SOCKET] [--log-bytes=N] [--log-rate=N] [--policy=NAME] [--container=ID]
 *	    -- PROGRAM ARGV0 [ARG]...
 *
 * A static program that the runtime starts in place of the hook, and that has no other input than
 * its arguments and its standard input: no file, and no variable of its environment, which goes on
 * to the hook. It runs as the hook would: the same user, capabilities, seccomp filter.
 *
 * PROGRAM is an absolute path; ARGV0 and what follows are its argv. SECONDS have up to three
 * decimals, at most SECONDS_MAX. An option may stand there once.
 *
 *	--timeout	the hook, and every process that it started, must have ended by then. Else
 *			all of them get SIGTERM (and SIGCONT), and after --kill-after SIGKILL: the
 *			hook's process group, and what left it but is found in /proc, if that is
 *			the container's own. (If the container has a PID namespace of its own,
 *			all others in it stand still while these are looked up.) Without it the hook
 *			ends with its process, and what that leaves behind goes on, without
 *			standard output and error.
 *	--kill-after	default: KILL_AFTER. 0: SIGKILL follows at once.
 *	--on-failure	what a hook does that fails, is stopped or cannot be run: "fail" (default):
 *			the status is its own; "warn": a reason on standard error, status 0;
 *			"ignore": status 0
 *	--log		a unix datagram socket to which lines and the outcome go, in the format of
 *			helper/protocol.h. If nobody is there, lines go to standard error, with a
 *			prefix. Without it the hook's output goes to the same streams as it came
 *			from. In all cases it goes through pipes of the helper, so that the runtime
 *			does not wait for what holds them open. The hook's user must be allowed to
 *			write to the socket. A reader that does not read costs the hook 1 s in all,
 *			and 1 s more at its end.
 *	--log-bytes	so many bytes of output are kept; default: LOG_BYTES
 *	--log-rate	so many in a second; default: LOG_RATE. Of what is left out the last
 *			TAIL_SIZE bytes of each stream are kept all the same: they often are the
 *			reason.
 *	--policy, --container   what a record names; without control characters
 *
 * The status is the hook's own; 128 + N if it was killed by signal N, or the helper got N; 124 if
 * it had to be stopped, 126 if PROGRAM cannot be executed and 127 if it is missing, as a shell
 * says it, but with a script without "#!", which is not executed; 125 if the hook was not started
 * for another reason, and, whatever --on-failure says, if these arguments are wrong.
 *
 * The hook gets the state (at most STATE_MAX bytes; more is an error) on a pipe as standard input,
 * which runtimes may close at once; standard output and error as above, and no other descriptor:
 * runc hands its hooks what 'runc run --preserve-fds' is given, crun does not, so hooks cannot count
 * on it, and a process that outlives the hook must not keep a host's socket. All signals have their
 * default disposition and none is blocked; the process leads a group of its own, and gets SIGKILL
 * when the helper dies. The helper does not set no_new_privs, nor anything else that a process
 * inherits.
 *
 * The system calls it makes, all of which docker's and podman's default profiles allow: clone
 * (without any flag), execve, wait4, kill, setpgid, prctl, ppoll, pipe2, dup3, read, write, close,
 * fcntl, rt_sigaction, rt_sigprocmask, rt_sigreturn, clock_gettime, getpid, getppid, exit_group;
 * with --log socket, connect, sendto; to stop what it started open, openat, fstatfs, readlinkat,
 * getdents64; and close_range, for which it has a fallback with prlimit64. (Built with glibc it makes
 * a few more before main().)
 *
 * A hook that stops its helper (SIGSTOP: it is the same user) is not bounded by it, so the host
 * needs a deadline of its own.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "helper/protocol.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define SECOND	      INT64_C(1000000000) /* times are nanoseconds of CLOCK_MONOTONIC */
#define MILLISECOND   INT64_C(1000000)
#define NEVER	      INT64_MAX
#define SECONDS_MAX   INT64_C(2147483647)
#define KILL_AFTER    (2 * SECOND)
#define LOG_BYTES     (256 << 10)
#define LOG_RATE      (64 << 10)
#define STATE_MAX     ((size_t)1 << 20)
#define TAIL_SIZE     2048

enum {
	STATUS_TIMED_OUT = 124,
	STATUS_TROUBLE = 125,
	STATUS_NOT_EXECUTED = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNAL = 128, /* and its number */
};

int64_t now(void);

/* ---- options.c ---- */

enum on_failure { FAIL, WARN, IGNORE };

struct options {
	int64_t timeout; /* NEVER: none */
	int64_t kill_after;
	enum on_failure on_failure;
	const char *log; /* NULL: none */
	int64_t log_bytes, log_rate;
	const char *policy, *container; /* "" if not given */
	const char *program;
	char **argv;
};

struct complaint {
	char text[512];
};

/* Read the arguments after argv[0]. Pure. false: *@why says what is wrong, and how it is right. */
bool options_parse(char **args, struct options *ret, struct complaint *why);

/* ---- report.c: where lines and the outcome go ---- */

struct report {
	const struct options *options;
	int64_t start;
	int socket; /* -1: none */
	uint32_t sequence;
	/* How long to wait for a reader who is slow, in all, and until when at most. */
	int64_t patience, not_after;
};

struct ending {
	enum record_outcome outcome;
	uint32_t value, left;
	uint64_t written, omitted;
};

void report_open(struct report *r, const struct options *options);
/* Lines of the hook. */
void report_output(struct report *r, enum record_stream stream, const char *text, size_t len);
/* A remark of the helper. */
void report_say(struct report *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* On standard error, too, behind the prefix, whatever --log says. */
void report_stderr(struct report *r, const char *text, size_t len);
void report_end(struct report *r, const struct ending *ending, const char *sentence);
/* Whether lines reach somebody by the socket. */
bool report_connected(const struct report *r);

/* ---- output.c: the hook's output, by lines, bounded ---- */

struct stream {
	int fd; /* -1: closed */
	enum record_stream from;
	char text[RECORD_TEXT_MAX];
	size_t len;
	char tail[TAIL_SIZE]; /* the end of all that came */
	size_t tail_len;
	uint64_t gap; /* bytes left out since the last that was not */
};

struct output {
	struct report *report;
	struct stream streams[2];
	uint64_t written, omitted;
	int64_t bytes_left, tokens, refilled;
};

void output_open(struct output *o, struct report *report, int out, int err);
void output_read(struct output *o, struct stream *s);
/* Take what is in the pipes now, without waiting for more. */
void output_finish(struct output *o);
/* The last whole lines. */
const char *output_tail(const struct stream *s, size_t *len);

/* ---- state.c: the container's state, from the runtime to the hook ---- */

struct state {
	char *text;
	size_t len, given;
};

/* 0 or an errno: E2BIG, ETIMEDOUT after @deadline, EINTR when asked to stop. */
int state_read(struct state *s, int64_t deadline);
/* Write what the pipe takes; true when nothing more is to be written. */
bool state_give(struct state *s, int pipe);

/* ---- signals.c ---- */

/* Block all; note SIGCHLD and requests to stop; these arrive in wait_for() only. */
void signals_catch(void);
/* For the hook: all dispositions and the mask as they are in a new process. */
void signals_reset(void);
bool signals_child(void); /* whether a child ended since the last call */
int signals_asked(void);  /* 0, or the signal that asked to stop */

struct pollfd;
/* ppoll(2) until @until, or a signal; an errno, 0 or EINTR. */
int wait_for(struct pollfd *fds, size_t n, int64_t until);

/* ---- hook.c: starting it ---- */

struct hook {
	pid_t pid;
	int in, out, err;
	int failure; /* from here comes the errno of execve(2), or the end when it succeeded */
};

/* 0 or an errno. */
int hook_start(const struct options *o, struct hook *h);
/* Descriptors 0, 1 and 2 are open, and no others. 0 or an errno. */
int descriptors_clean(void);

/* ---- stop.c: all that it started ---- */

struct descendants {
	pid_t hook;
	bool below_init; /* the parent was process 1 at the start */
	bool reaped;	 /* the hook itself: its number can be another process's */
	bool seen;	 /* /proc was there, and the container's own */
	unsigned count;	 /* those found last */
};

/* Send @signal to the hook's group and to every process below this one. */
void descendants_signal(struct descendants *d, int signal);

/* ---- watch.c: from the start to the end ---- */

struct watch {
	struct hook hook;
	struct state *state;
	struct output *output;
	struct report *report;
	struct descendants tree;
	int64_t deadline, next, give_up;
	enum { RUNNING, TERMINATING, KILLING } phase;
	bool hook_ended, all_ended, more_children, gave_up, late;
	bool early;	 /* the hook itself had ended before it was to be stopped */
	int status;	 /* of wait4(2) */
	int exec_errno;	 /* 0: it was executed */
	int last_signal; /* that was sent, 0: none */
	int asked;	 /* the signal that asked to stop */
};

void watch(struct watch *w, const struct options *o);

/* ---- verdict.c: how it ended, in words and as a status ---- */

struct verdict {
	struct ending ending;
	char sentence[512];
};

void verdict_of(const struct watch *w, const struct options *o, struct verdict *ret);
void verdict_not_started(int errnum, const struct options *o, struct verdict *ret);
int verdict_status(const struct verdict *v);
