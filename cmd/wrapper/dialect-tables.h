/* SPDX-License-Identifier: Apache-2.0 */
/* The options of runc's and crun's command lines, by command; read by wrapper/dialect.c. */
#pragma once

/*
 * The options of runc's and crun's commands, of all versions at once: what an option means to the
 * wrapper, and whether it takes a value, which decides where the container's id is. For
 * wrapper/dialect.c.
 */

#include <stdbool.h>
#include <stddef.h>

/* The meaning of an option. Options without interest still matter: they may take a value. */
enum meaning { NOTHING, BUNDLE, CONFIG, LOG, LOG_FORMAT, ROOT, HELP };

enum takes { NO_VALUE, VALUE, OPTIONAL_VALUE };

struct known_option {
	char name[24]; /* text, no pointer: nothing of these tables is corrected at each start */
	char letter;   /* 0: none */
	unsigned char takes;
	unsigned char meaning;
};

#define FLAG(name, letter)                      \
	{                                       \
		name, letter, NO_VALUE, NOTHING \
	}
#define VALUED(name, letter)                 \
	{                                    \
		name, letter, VALUE, NOTHING \
	}

/* ---- runc: urfave/cli adds --help to each command, and --version to the program ---- */

#define RUNC_HELP                           \
	{                                   \
		"help", 'h', NO_VALUE, HELP \
	}

static const struct known_option runc_global[] = {
	FLAG("debug", 0),
	{ "log", 0, VALUE, LOG },
	{ "log-format", 0, VALUE, LOG_FORMAT },
	{ "root", 0, VALUE, ROOT },
	VALUED("criu", 0),
	FLAG("systemd-cgroup", 0),
	VALUED("rootless", 0),
	RUNC_HELP,
	{ "version", 'v', NO_VALUE, HELP },
};

#define RUNC_START_OPTIONS                                                                        \
	{ "bundle", 'b', VALUE, BUNDLE }, VALUED("console-socket", 0), VALUED("pidfd-socket", 0), \
		VALUED("pid-file", 0), FLAG("no-pivot", 0), FLAG("no-new-keyring", 0),            \
		VALUED("preserve-fds", 0), RUNC_HELP

static const struct known_option runc_create[] = { RUNC_START_OPTIONS };

static const struct known_option runc_run[] = {
	RUNC_START_OPTIONS,
	FLAG("detach", 'd'),
	FLAG("keep", 0),
	FLAG("no-subreaper", 0),
};

#define RUNC_CRIU_OPTIONS                                                                       \
	VALUED("image-path", 0), VALUED("work-path", 0), FLAG("tcp-established", 0),            \
		FLAG("ext-unix-sk", 0), FLAG("shell-job", 0), FLAG("lazy-pages", 0),            \
		FLAG("file-locks", 0), VALUED("manage-cgroups-mode", 0), VALUED("empty-ns", 0), \
		FLAG("auto-dedup", 0), RUNC_HELP

static const struct known_option runc_restore[] = {
	RUNC_CRIU_OPTIONS,
	{ "bundle", 'b', VALUE, BUNDLE },
	VALUED("console-socket", 0),
	FLAG("detach", 'd'),
	VALUED("pid-file", 0),
	FLAG("no-subreaper", 0),
	FLAG("no-pivot", 0),
	VALUED("lsm-profile", 0),
	VALUED("lsm-mount-context", 0),
};

static const struct known_option runc_checkpoint[] = {
	RUNC_CRIU_OPTIONS,	VALUED("parent-path", 0), FLAG("leave-running", 0),
	VALUED("status-fd", 0), VALUED("page-server", 0), FLAG("pre-dump", 0),
};

static const struct known_option runc_exec[] = {
	VALUED("console-socket", 0),
	VALUED("pidfd-socket", 0),
	VALUED("cwd", 0),
	VALUED("env", 'e'),
	FLAG("tty", 't'),
	VALUED("user", 'u'),
	VALUED("process", 'p'),
	VALUED("additional-gids", 'g'),
	FLAG("detach", 'd'),
	VALUED("pid-file", 0),
	VALUED("process-label", 0),
	VALUED("apparmor", 0),
	FLAG("no-new-privs", 0),
	VALUED("cap", 'c'),
	VALUED("preserve-fds", 0),
	VALUED("cgroup", 0),
	FLAG("ignore-paused", 0),
	RUNC_HELP,
};

/* Of which crun's are a part. */
#define UPDATE_OPTIONS                                                                           \
	VALUED("resources", 'r'), VALUED("blkio-weight", 0), VALUED("cpu-period", 0),            \
		VALUED("cpu-quota", 0), VALUED("cpu-share", 0), VALUED("cpu-rt-period", 0),      \
		VALUED("cpu-rt-runtime", 0), VALUED("cpuset-cpus", 0), VALUED("cpuset-mems", 0), \
		VALUED("kernel-memory", 0), VALUED("kernel-memory-tcp", 0), VALUED("memory", 0), \
		VALUED("memory-reservation", 0), VALUED("memory-swap", 0), VALUED("pids-limit", 0)

static const struct known_option runc_update[] = {
	UPDATE_OPTIONS,
	VALUED("cpu-burst", 0),
	VALUED("cpu-idle", 0),
	VALUED("l3-cache-schema", 0),
	VALUED("mem-bw-schema", 0),
	RUNC_HELP,
};

static const struct known_option runc_delete[] = { FLAG("force", 'f'), RUNC_HELP };
static const struct known_option runc_kill[] = { FLAG("all", 'a'), RUNC_HELP };
static const struct known_option runc_ps[] = { VALUED("format", 'f'), RUNC_HELP };
static const struct known_option runc_events[] = { VALUED("interval", 0), FLAG("stats", 0),
						   RUNC_HELP };
static const struct known_option runc_plain[] = { RUNC_HELP };

/* ---- crun: argp adds options of its own to each command, some of them hidden ---- */

#define ARGP_OPTIONS                                                     \
	{ "help", '?', NO_VALUE, HELP }, { "usage", 0, NO_VALUE, HELP }, \
		VALUED("program-name", 0),                               \
	{                                                                \
		"HANG", 0, OPTIONAL_VALUE, NOTHING                       \
	}

static const struct known_option crun_global[] = {
	VALUED("cgroup-manager", 0),
	FLAG("debug", 0),
	{ "log", 0, VALUE, LOG },
	{ "log-format", 0, VALUE, LOG_FORMAT },
	VALUED("log-level", 0),
	{ "root", 0, VALUE, ROOT },
	VALUED("rootless", 0),
	FLAG("systemd-cgroup", 0),
	{ "version", 'V', NO_VALUE, HELP },
	{ "version", 'v', NO_VALUE, HELP },
	ARGP_OPTIONS,
};

#define CRUN_START_OPTIONS                                                                   \
	{ "bundle", 'b', VALUE, BUNDLE }, { "config", 'f', VALUE, CONFIG },                  \
		VALUED("console-socket", 0), FLAG("no-new-keyring", 0), FLAG("no-pivot", 0), \
		FLAG("no-subreaper", 0), VALUED("pid-file", 0), VALUED("preserve-fds", 0),   \
		ARGP_OPTIONS

static const struct known_option crun_create[] = { CRUN_START_OPTIONS };

static const struct known_option crun_run[] = {
	CRUN_START_OPTIONS,
	FLAG("detach", 'd'),
	FLAG("keep", 0),
};

#define CRUN_CRIU_OPTIONS                                                            \
	VALUED("image-path", 0), VALUED("work-path", 0), FLAG("tcp-established", 0), \
		FLAG("ext-unix-sk", 0), FLAG("shell-job", 0), FLAG("file-locks", 0), \
		VALUED("manage-cgroups-mode", 0), FLAG("network-lock", 0), ARGP_OPTIONS

static const struct known_option crun_restore[] = {
	CRUN_CRIU_OPTIONS,	  { "bundle", 'b', VALUE, BUNDLE },
	FLAG("tcp-close", 0),	  FLAG("detach", 'd'),
	VALUED("pid-file", 0),	  VALUED("console-socket", 0),
	VALUED("lsm-profile", 0), VALUED("lsm-mount-context", 0),
};

static const struct known_option crun_checkpoint[] = {
	CRUN_CRIU_OPTIONS,
	FLAG("leave-running", 0),
	VALUED("parent-path", 0),
	FLAG("pre-dump", 0),
};

static const struct known_option crun_exec[] = {
	VALUED("apparmor", 0),
	VALUED("cgroup", 0),
	VALUED("console-socket", 0),
	VALUED("cwd", 0),
	VALUED("cap", 'c'),
	FLAG("detach", 'd'),
	VALUED("env", 'e'),
	FLAG("no-new-privs", 0),
	VALUED("pid-file", 0),
	VALUED("preserve-fds", 0),
	VALUED("process-label", 0),
	VALUED("process", 'p'),
	{ "tty", 't', OPTIONAL_VALUE, NOTHING },
	VALUED("user", 'u'),
	ARGP_OPTIONS,
};

static const struct known_option crun_update[] = { UPDATE_OPTIONS, ARGP_OPTIONS };
static const struct known_option crun_delete[] = { FLAG("force", 'f'), FLAG("regex", 'r'),
						   ARGP_OPTIONS };
static const struct known_option crun_kill[] = { FLAG("all", 'a'), FLAG("regex", 'r'),
						 ARGP_OPTIONS };
static const struct known_option crun_ps[] = { VALUED("format", 'f'), ARGP_OPTIONS };
static const struct known_option crun_plain[] = { ARGP_OPTIONS };

/* ---- the commands that name a container ---- */

struct table {
	const struct known_option *rows;
	size_t n;
};

#define TABLE(array)                                        \
	{                                                   \
		(array), sizeof(array) / sizeof((array)[0]) \
	}

struct command {
	const char *name;
	struct table runc, crun; /* nothing: the runtime does not have this command */
	bool in_order;		 /* runc: options after the id are not moved before it */
	bool more;		 /* words may follow the id */
};

static const struct command commands[] = {
	{ "create", TABLE(runc_create), TABLE(crun_create) },
	{ "run", TABLE(runc_run), TABLE(crun_run) },
	{ "start", TABLE(runc_plain), TABLE(crun_plain) },
	{ "state", TABLE(runc_plain), TABLE(crun_plain) },
	{ "delete", TABLE(runc_delete), TABLE(crun_delete) },
	{ "kill", TABLE(runc_kill), TABLE(crun_kill), .more = true },
	{ "exec", TABLE(runc_exec), TABLE(crun_exec), .in_order = true, .more = true },
	{ "pause", TABLE(runc_plain), TABLE(crun_plain) },
	{ "resume", TABLE(runc_plain), TABLE(crun_plain) },
	{ "ps", TABLE(runc_ps), TABLE(crun_ps), .in_order = true, .more = true },
	{ "update", TABLE(runc_update), TABLE(crun_update) },
	{ "events", TABLE(runc_events), { NULL, 0 } },
	{ "restore", TABLE(runc_restore), TABLE(crun_restore) },
	{ "checkpoint", TABLE(runc_checkpoint), TABLE(crun_checkpoint) },
};

#undef FLAG
#undef VALUED
