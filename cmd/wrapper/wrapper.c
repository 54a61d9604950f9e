/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wrapper: applies the policies on create and run, then executes the real runtime in its place.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/notice.h"
#include "cli/programs.h"
#include "cli/run-dir.h"
#include "cli/start.h"
#include "wrapper/chosen.h"
#include "wrapper/log.h"
#include "wrapper/options.h"
#include "wrapper/version.h"
#include "wrapper/wrapper.h"

#define PID_VARIABLE "_HOOKWRIGHT_PID"

/*
 * Functions with large buffers that are seldom called: separate, so that
 * other calls use less stack.
 */
#define SELDOM __attribute__((noinline, cold))

/* One call by an engine, from argv to execve(2). */
struct wrapper {
	struct wrapper_options options;
	const char *default_name; /* "runc" when called as hookwright-runc; else NULL */
	const char *own_name;	  /* as hookwright was called */
	int argc;
	char **argv; /* the runtime's; argv[0] is replaced by the path executed */
	struct hw_config *config;
	struct hw_result *result;	   /* of a create */
	const char *runtime;		   /* path that will be executed */
	char version[RUNTIME_VERSION_MAX]; /* of the one that will be executed */
	char *remembered; /* it, if an annotation chose it when the container was created */
	bool read;	  /* call is filled by the right dialect */
	struct runtime_call call;
	struct wrapper_log log;
	struct hw_error err; /* filled when a call fails */
};

/* ---- stopping ---- */

/*
 * stderr is for a user who runs the wrapper by hand; an engine shows the last
 * line of the runtime's log.
 */
static SELDOM enum exit_status stop(struct wrapper *w, const char *message)
{
	/* Before the dialect is known either will do: both have the options of the log. */
	if (!w->read)
		(void)dialect_parse(DIALECT_CRUN, w->argc, w->argv, &w->call);
	fprintf(stderr, "hookwright: %s%s", message,
		message[0] && message[strlen(message) - 1] == '\n' ? "" : "\n");
	wrapper_log(&w->log, HW_LOG_ERROR, message);
	return STATUS_FINDINGS;
}

static SELDOM enum exit_status stop_error(struct wrapper *w)
{
	char text[sizeof(w->err) + 64];

	hw_error_format(&w->err, text, sizeof(text));
	return stop(w, text);
}

/* ---- the way to the runtime ---- */

/* exec keeps the pid: if it is in the environment already, the runtime led back here. */
bool runtime_led_back(void)
{
	const char *pid = getenv(PID_VARIABLE);

	return pid && strtol(pid, NULL, 10) == (long)getpid();
}

/* @n as snprintf(3) would write it, which every call would have to bring into memory. */
static const char *decimal(unsigned n, char buf[static 16])
{
	char *p = buf + 15;

	*p = '\0';
	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	return p;
}

/* A limit or a closed stderr must not kill the wrapper before the engine's log has the reason. */
static void ignore_signals(void)
{
	ignore_signal(SIGXFSZ);
	ignore_signal(SIGPIPE);
}

static enum exit_status become(struct wrapper *w)
{
	char pid[16];

	if (setenv(PID_VARIABLE, decimal((unsigned)getpid(), pid), 1) < 0)
		return stop(w, "out of memory");
	/* crun chooses its handler by argv[0]. */
	w->argv[0] = (char *)w->runtime;
	restore_signals();
	execv(w->runtime, w->argv);
	ignore_signals();
	snprintf(w->err.message, sizeof(w->err.message), "cannot execute the runtime %s: %s",
		 w->runtime, strerror(errno));
	return stop(w, w->err.message);
}

#define LOOP_HINT "\n  hint: name the real runtime by 'runtime' in the configuration"

/* Seen before it is executed. */
static SELDOM enum exit_status stop_loop(struct wrapper *w)
{
	char text[PATH_MAX + 128];

	snprintf(text, sizeof(text), "the runtime %s leads back to hookwright" LOOP_HINT,
		 w->runtime);
	return stop(w, text);
}

/* Detected by the second wrapper, which need not know what the first one took for the runtime. */
static SELDOM enum exit_status stop_back(struct wrapper *w)
{
	char text[PATH_MAX + 128];

	snprintf(text, sizeof(text),
		 "the runtime leads back to hookwright, which was called again as %s" LOOP_HINT,
		 w->own_name);
	return stop(w, text);
}

static enum exit_status find_runtime(struct wrapper *w)
{
	const char *name = w->options.runtime ? w->options.runtime : w->default_name;

	if (hw_config_runtime(w->config, name, &w->runtime, &w->err) < 0)
		return stop_error(w);
	return STATUS_OK;
}

static enum dialect dialect(const struct wrapper *w)
{
	const char *configured = hw_config_dialect(w->config);

	return dialect_of(configured ? configured : w->runtime);
}

/* ---- create and run ---- */

static SELDOM void tell_off(struct wrapper *w, const char *path)
{
	char text[PATH_MAX + 64];

	snprintf(text, sizeof(text), "switched off by %s: no policy was applied", path);
	wrapper_log(&w->log, HW_LOG_WARNING, text);
}

/* Whether the kill switch @path is on; that is logged on every create. */
static bool is_off(struct wrapper *w, const char *path)
{
	if (access(path, F_OK) < 0)
		return false;
	tell_off(w, path);
	return true;
}

static bool passes(struct wrapper *w)
{
	char path[RUN_PATH_MAX];

	return run_path(hw_config_rootless(w->config), KILL_SWITCH, path) && is_off(w, path);
}

static const char *messages(const struct hw_result *result, char **text)
{
	*text = NULL;
	return hw_result_render(result, HW_FORMAT_MESSAGES, false, text, NULL) < 0 ? "out of memory"
										   : *text;
}

static long long microseconds_since(const struct timespec *start)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	return (end.tv_sec - start->tv_sec) * 1000000LL + (end.tv_nsec - start->tv_nsec) / 1000;
}

/* One line for each create: who, what was done and why, how long it took. */
static SELDOM void log_create(struct wrapper *w, const struct hw_result *result,
			      const struct timespec *start)
{
	const char *skipped = hw_result_skipped(result);
	char line[4096];
	char *summary = NULL;

	if ((!w->log.own.file && !w->log.own.journal) || w->log.own.level < HW_LOG_INFO)
		return;
	if (hw_result_render(result, HW_FORMAT_SUMMARY, false, &summary, NULL) < 0)
		return;
	snprintf(line, sizeof(line), "container %s, bundle %s: %s%s%s(%lld us)",
		 w->call.id ? w->call.id : "?", w->call.bundle ? w->call.bundle : ".",
		 skipped ? "a pause container, passed through: " : "", skipped ? skipped : summary,
		 skipped ? " " : "", microseconds_since(start));
	wrapper_log(&w->log, HW_LOG_INFO, line);
	free(summary);
}

/* The annotation's runtime must find the same bundle in this command line. */
static enum exit_status change_runtime(struct wrapper *w, const char *runtime)
{
	struct runtime_call other;
	const char *trouble = dialect_parse(dialect_of(runtime), w->argc, w->argv, &other);
	const char *a = w->call.bundle ? w->call.bundle : ".";
	const char *b = other.bundle ? other.bundle : ".";

	if (trouble || strcmp(a, b) != 0 || other.config || w->call.config)
		return stop(w, "the runtime that the annotation chose reads "
			       "this command line differently");
	if (is_ourselves(runtime))
		return stop(w, "the runtime that the annotation chose leads back to hookwright");
	/* Later calls name the container only; what cannot be remembered would be lost. */
	if (strcmp(runtime, w->runtime) != 0 &&
	    !memory_keep(&w->call, hw_config_rootless(w->config), runtime))
		return stop(w, "cannot remember below the run-time directory which runtime the "
			       "annotation chose");
	w->runtime = runtime;
	return STATUS_OK;
}

/* Containers whose annotation chose another runtime stay with it. */
static enum exit_status pass_on(struct wrapper *w)
{
	struct runtime_call other;

	if (!memory_recall(&w->call, hw_config_rootless(w->config), &w->remembered))
		return STATUS_OK;
	w->runtime = w->remembered;
	if (!w->runtime)
		return stop(w, "cannot read which runtime an annotation chose when the "
			       "container was created");
	(void)dialect_parse(dialect_of(w->runtime), w->argc, w->argv, &other);
	if (!other.id || strcmp(other.id, w->call.id) != 0)
		return stop(w, "the runtime that an annotation chose when the container was "
			       "created reads this command line differently");
	return STATUS_OK;
}

static enum exit_status finish(struct wrapper *w, const struct timespec *start)
{
	const struct hw_result *result = w->result;
	enum exit_status status = STATUS_OK;
	char *text;
	const char *told = messages(result, &text);

	log_create(w, result, start);
	if (hw_result_refused(result))
		status = stop(w, told);
	else if (told[0])
		wrapper_log(&w->log, HW_LOG_WARNING, told);
	/* Where it is stopped, the engine prints why. */
	notice_send(hw_result_annotation(result, NOTICE_ANNOTATION),
		    status == STATUS_OK ? told : "");
	if (status == STATUS_OK && hw_result_runtime(result))
		status = change_runtime(w, hw_result_runtime(result));
	free(text);
	return status;
}

/*
 * The administrator's trouble, such as a broken policy file: the configuration says what that
 * means. What a container can cause, or make look so, stops it always.
 */
static SELDOM enum exit_status trouble(struct wrapper *w)
{
	char text[sizeof(w->err) + 64];

	if (!w->err.by_admin || !hw_config_tolerates_errors(w->config))
		return stop_error(w);
	hw_error_format(&w->err, text, sizeof(text));
	wrapper_log(&w->log, HW_LOG_WARNING, text);
	return STATUS_OK;
}

static struct hw_options library_options(const struct wrapper *w, const struct hw_call *call)
{
	return (struct hw_options){
		.policies = w->options.policies.items,
		.n_policies = w->options.policies.n,
		.hooks_dirs = w->options.hooks_dirs.items,
		.n_hooks_dirs = w->options.hooks_dirs.n,
		.requests = w->options.requests.items,
		.n_requests = w->options.requests.n,
		.runtime = w->runtime,
		.no_sync = true, /* the bundle does not outlive a power cut */
		.loaded = w->config,
		.engine = call,
		.config_json = w->call.config,
	};
}

/* NULL: unknown. */
static const char *version_of_file(struct wrapper *w, const char *runtime, const struct stat *file)
{
	return dialect_of(runtime) != DIALECT_UNKNOWN &&
			       runtime_version(runtime, file, hw_config_rootless(w->config),
					       w->version)
		       ? w->version
		       : NULL;
}

/* Of the runtime that the annotation chose. One that leads back to hookwright is refused later. */
static SELDOM const char *version_of(void *ctx, const char *runtime)
{
	struct stat file;

	if (stat(runtime, &file) < 0 || is_own_file(&file))
		return NULL;
	return version_of_file(ctx, runtime, &file);
}

static enum exit_status apply(struct wrapper *w)
{
	const struct hw_call call = { w->call.id, w->call.root, w->call.bundle };
	struct hw_options options = library_options(w, &call);
	struct timespec start;
	struct stat file;

	if (passes(w))
		return STATUS_OK;
	/* Any other loop shows when it comes back; this one need not touch the bundle first. */
	if (stat(w->runtime, &file) == 0) {
		if (is_own_file(&file))
			return stop_loop(w);
		options.runtime_version = version_of_file(w, w->runtime, &file);
	}
	options.version_of = version_of;
	options.version_of_ctx = w;
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (hw_apply(w->call.bundle, &options, &w->result, &w->err) < 0)
		return trouble(w);
	return finish(w, &start);
}

static enum exit_status create(struct wrapper *w)
{
	const char *unclear = memory_begin(&w->call, hw_config_rootless(w->config));

	return unclear ? stop(w, unclear) : apply(w);
}

/* ---- restore ---- */

/* It starts a container as create does, but without running startContainer hooks. */
static SELDOM enum exit_status restore(struct wrapper *w)
{
	const struct hw_options options = library_options(w, NULL);
	enum exit_status status = STATUS_OK;
	const char *told;
	char *text;

	if (passes(w))
		return pass_on(w);
	if (hw_restore(&options, &w->result, &w->err) < 0) {
		status = trouble(w);
		return status == STATUS_OK ? pass_on(w) : status;
	}
	told = messages(w->result, &text);
	if (hw_result_refused(w->result))
		status = stop(w, told);
	else if (told[0])
		wrapper_log(&w->log, HW_LOG_WARNING, told);
	free(text);
	return status == STATUS_OK ? pass_on(w) : status;
}

/* ---- the whole ---- */

static enum exit_status prepare(struct wrapper *w)
{
	const char *unclear;
	enum exit_status status;
	int r = hw_config_load(w->options.config, &w->config, &w->err);

	if (r == 0)
		hw_config_log(w->config, &w->log.own);
	/* Only now, so that it is also written to hookwright's log. */
	if (runtime_led_back())
		return stop_back(w);
	if (r < 0)
		return stop_error(w);
	status = find_runtime(w);
	if (status != STATUS_OK)
		return status;
	unclear = dialect_parse(dialect(w), w->argc, w->argv, &w->call);
	w->read = true;
	/*
	 * A call that does not create goes to the runtime, which reports
	 * best what is wrong with it.
	 */
	if (unclear && (w->call.creates || !w->call.verb))
		return w->call.creates ? stop(w, unclear) : pass_on(w);
	if (w->call.verb && strcmp(w->call.verb, "restore") == 0)
		return restore(w);
	return w->call.creates ? create(w) : pass_on(w);
}

/* --version is the runtime's. */
static enum exit_status tell_version(void)
{
	printf("hookwright-runtime %s\n", hw_version());
	return fflush(stdout) == 0 ? STATUS_OK : STATUS_FINDINGS;
}

enum exit_status run_as_runtime(const char *default_name, int argc, char **argv)
{
	struct wrapper w = { .default_name = default_name, .own_name = argv[0] };
	enum exit_status status;
	char trouble[512];
	int own;

	ignore_signals();
	w.log.call = &w.call;
	if (argc == 2 && strcmp(argv[1], "--hookwright-version") == 0)
		return tell_version();
	own = wrapper_options_read(argc, argv, &w.options, trouble, sizeof(trouble));
	w.argv = argv + own;
	w.argc = argc - own;
	status = trouble[0] ? stop(&w, trouble) : prepare(&w);
	/* The kernel frees the rest: descriptors are closed at execve(2) as well. */
	if (status == STATUS_OK)
		status = become(&w);
	hw_result_free(w.result);
	hw_config_free(w.config);
	free(w.remembered);
	wrapper_options_free(&w.options);
	return status;
}
