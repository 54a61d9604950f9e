/* SPDX-License-Identifier: Apache-2.0 */
/* How the hook ended, as a sentence with a remedy, and as a status. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "run/run.h"

struct seconds {
	char text[32];
};

/* "5", "0.5": without zeros at the end. */
static struct seconds seconds_of(int64_t time)
{
	struct seconds s;
	const int64_t ms = time / MILLISECOND;
	size_t len = (size_t)snprintf(s.text, sizeof(s.text), "%lld.%03d", (long long)(ms / 1000),
				      (int)(ms % 1000));

	while (s.text[len - 1] == '0')
		s.text[--len] = '\0';
	if (s.text[len - 1] == '.')
		s.text[len - 1] = '\0';
	return s;
}

static const char *name_of(int signal)
{
	return signal == SIGKILL ? "SIGKILL" : "SIGTERM";
}

/* "the hook ended with status 3", or "was killed by signal 11 (Segmentation fault)" */
static void ended(struct verdict *v, int status)
{
	const bool killed = WIFSIGNALED(status);
	const int value = killed ? WTERMSIG(status) : WEXITSTATUS(status);

	v->ending.outcome = killed ? RECORD_SIGNALED : RECORD_EXITED;
	v->ending.value = (uint32_t)value;
	if (killed)
		snprintf(v->sentence, sizeof(v->sentence), "the hook was killed by signal %d (%s)",
			 value, strsignal(value));
	else
		snprintf(v->sentence, sizeof(v->sentence), "the hook ended with status %d", value);
}

static void not_executed(struct verdict *v, int errnum, const struct options *o)
{
	const char *remedy = "look at the file's owner and mode, and at the mount's options";

	if (errnum == ENOENT)
		remedy = "it, or the interpreter or loader that it names, is not in the container";
	else if (errnum == ENOEXEC)
		remedy = "it is not for this machine, or a script that does not begin with '#!'";
	v->ending.outcome = RECORD_NOT_EXECUTED;
	v->ending.value = (uint32_t)errnum;
	snprintf(v->sentence, sizeof(v->sentence), "'%.300s' cannot be executed: %s: %s",
		 o->program, strerror(errnum), remedy);
}

/* Up to "what the hook started did not end within 5 s". */
static void timed_out(struct verdict *v, const struct watch *w, const struct options *o)
{
	const struct seconds limit = seconds_of(o->timeout);
	const char *who = w->early ? "what the hook started, and left behind," : "the hook";

	v->ending.outcome = RECORD_TIMED_OUT;
	v->ending.value = w->gave_up ? 0 : (uint32_t)w->last_signal;
	if (w->gave_up)
		snprintf(v->sentence, sizeof(v->sentence),
			 "%s did not end within %s s, nor after SIGKILL", who, limit.text);
	else
		snprintf(
			v->sentence, sizeof(v->sentence),
			"%s did not end within %s s and was stopped by %s: raise hook.timeout, or find out from its output what it waits for",
			who, limit.text, name_of(w->last_signal));
}

static void asked_to_stop(struct verdict *v, int signal)
{
	v->ending.outcome = RECORD_STOPPED;
	v->ending.value = (uint32_t)signal;
	snprintf(v->sentence, sizeof(v->sentence),
		 "the hook was stopped, because hookwright-run got signal %d", signal);
}

static void left_over(struct verdict *v, const struct watch *w)
{
	const size_t len = strlen(v->sentence);

	v->ending.left = w->tree.count ? w->tree.count : 1;
	if (w->tree.seen)
		snprintf(
			v->sentence + len, sizeof(v->sentence) - len,
			": %u of its processes are still there, which another user owns, or the kernel keeps",
			v->ending.left);
	else
		snprintf(
			v->sentence + len, sizeof(v->sentence) - len,
			": processes that left its group cannot be found without the container's /proc: mount it");
}

void verdict_of(const struct watch *w, const struct options *o, struct verdict *ret)
{
	*ret = (struct verdict){ 0 };
	if (w->exec_errno)
		not_executed(ret, w->exec_errno, o);
	else if (w->phase != RUNNING && w->late)
		timed_out(ret, w, o);
	else if (w->phase != RUNNING)
		asked_to_stop(ret, w->asked);
	else
		ended(ret, w->status);
	if (w->gave_up)
		left_over(ret, w);
	ret->ending.written = w->output->written;
	ret->ending.omitted = w->output->omitted;
}

void verdict_not_started(int errnum, const struct options *o, struct verdict *ret)
{
	*ret = (struct verdict){ 0 };
	ret->ending.outcome = RECORD_NOT_STARTED;
	ret->ending.value = (uint32_t)errnum;
	if (errnum == EINTR)
		asked_to_stop(ret, signals_asked());
	else if (errnum == E2BIG)
		snprintf(
			ret->sentence, sizeof(ret->sentence),
			"the hook was not started: the container's state has more than %zu bytes: shorten its annotations",
			STATE_MAX);
	else if (errnum == ETIMEDOUT)
		snprintf(
			ret->sentence, sizeof(ret->sentence),
			"the hook was not started: the runtime did not end the container's state on standard input%s",
			o->timeout == NEVER ? "" : " in time: raise hook.timeout");
	else if (errnum == EAGAIN)
		snprintf(
			ret->sentence, sizeof(ret->sentence),
			"the hook was not started: no more processes are allowed: raise pids.limit, or RLIMIT_NPROC");
	else
		snprintf(ret->sentence, sizeof(ret->sentence), "the hook was not started: %s",
			 strerror(errnum));
}

int verdict_status(const struct verdict *v)
{
	const int value = (int)v->ending.value;

	switch (v->ending.outcome) {
	case RECORD_EXITED:
		return value;
	case RECORD_SIGNALED:
	case RECORD_STOPPED:
		return STATUS_SIGNAL + value;
	case RECORD_TIMED_OUT:
		return STATUS_TIMED_OUT;
	case RECORD_NOT_EXECUTED:
		return value == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTED;
	case RECORD_NOT_STARTED:
		break;
	}
	return value == ETIMEDOUT ? STATUS_TIMED_OUT : STATUS_TROUBLE;
}
