/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a program can run in the container as a hook or as the workload. */
#pragma once

#include "view/view.h"

/*
 * Whether a program will run as a hook: the file, its interpreter, its libraries, room to fork.
 * The message names the culprit that the kernel does not name: "interpreter /bin/bash of
 * /opt/x.sh does not exist: no 'bash' in /usr/bin".
 */
struct program_query {
	const char *path;	/* absolute, in the container */
	const char *const *env; /* the hook's effective environment, NAME=value: it stays as it
				 * is for as long as there is the view */
	size_t n_env;
	/* A hook before it runs ldconfig: a library that it may make known is unknown, not missing.
	 * YES: it surely does, and writes the cache, so that what ld.so.conf leads to is there. */
	enum truth after_ldconfig;
	struct runtime runtime;
	const char *const *args; /* args[0] included, for as long as there is the view; none: */
	size_t n_args;		 /* what it is asked to do is not looked at */
	bool reads_state;	 /* a hook: its standard input is the container's state */
};

/*
 * What a verdict is about, for those who sort verdicts: in the order in which it is inspected. A
 * verdict leaves open what comes behind it.
 */
enum program_part { PART_PROGRAM, PART_INTERPRETER, PART_LIBRARY, PART_COMMAND, PART_ROOM };
enum program_topic {
	TOPIC_MISSING,	   /* nothing is there */
	TOPIC_UNREACHABLE, /* a directory on the way may not be searched, is none, or a loop */
	TOPIC_KIND,	   /* no regular file */
	TOPIC_PERMISSION,
	TOPIC_NOEXEC,
	TOPIC_FORMAT, /* neither ELF nor script */
	TOPIC_MACHINE,
	TOPIC_CONTENT,	      /* the ELF file itself */
	TOPIC_NO_INTERPRETER, /* a script whose line names none that the kernel can read */
	TOPIC_SCRIPT,	      /* its first line */
	TOPIC_UNREADABLE,     /* a script for its interpreter */
	/* of PART_ROOM */
	TOPIC_CONTAINER, /* the runtime refuses it, hook or no hook */
	TOPIC_VIEW,	 /* nothing is known of the files in the container */
	TOPIC_PIDS,
	TOPIC_RLIMIT,
	TOPIC_SECCOMP,
	TOPIC_CWD,
	TOPIC_SIZE, /* of arguments and variables together */
	TOPIC_WORK, /* of any part: the budget is spent */
};

struct program_verdict {
	enum truth usable;
	struct reason why;	/* for YES what it is: "static ELF, x86_64" */
	bool absent;		/* NO or UNKNOWN because nothing is at the path itself */
	enum program_part part; /* of NO and UNKNOWN */
	enum program_topic topic;
};

/*
 * All texts from @arena; a cause from the view. @trail may be NULL. Returns 0 or -ENOMEM. What was asked before is
 * remembered; what takes more than the spec's budget is UNKNOWN.
 */
int program_check(struct view *view, const struct spec *spec, const struct program_query *query,
		  struct arena *arena, struct trail *trail, struct program_verdict *ret,
		  struct hw_error *err) MUST_CHECK;

/*
 * What execvp(3) by process.user would find for @name: itself if it has a slash, else the first
 * file in a directory of @path (as in PATH; NULL: nowhere) that may be executed. *@ret is NULL if
 * there is none, *@maybe then the reason why one is not known, NULL if none is.
 */
int program_find(struct view *view, const struct spec *spec, const char *name, const char *path,
		 struct arena *arena, const char **ret, const struct reason **maybe,
		 struct hw_error *err) MUST_CHECK;

/*
 * The same for process.args[0] in process.env's PATH, as @runtime does it (RUNTIME_ANY: runc and
 * crun). Where nothing can be executed *@ret may be a file that is there, to be judged.
 */
int program_find_workload(struct view *view, const struct spec *spec, struct runtime runtime,
			  struct arena *arena, const char **ret, const struct reason **maybe,
			  struct hw_error *err) MUST_CHECK;

/*
 * "amd64", "arm64", ...: GOARCH name of the ELF file @path, resolved as init would; NULL unless it
 * is one. *@reason is the fact behind it, or why not. Follows no interpreter. A name without a
 * slash is looked up in process.env's PATH.
 */
int program_arch(struct view *view, const struct spec *spec, const char *path, struct arena *arena,
		 const char **arch, const char **reason, struct hw_error *err) MUST_CHECK;

/* The same of the machine that we run on; NULL if it has no such name. */
const char *program_host_arch(void);

enum libc { LIBC_UNKNOWN, LIBC_GLIBC, LIBC_MUSL, LIBC_NONE };

/*
 * The rootfs' C library: by PT_INTERP of /bin/sh, else of process.args[0] (looked up in
 * process.env's PATH when it has no slash), else the only loader there is (/lib*\/ld-*);
 * two kinds of loader: LIBC_UNKNOWN; none: LIBC_NONE. *@reason is the fact behind it.
 */
int program_libc(struct view *view, const struct spec *spec, struct arena *arena, enum libc *ret,
		 const char **reason, struct hw_error *err) MUST_CHECK;

/* Whose hooks need room: of no stage, of createContainer only (the pids limit binds them, too), of
 */
/* startContainer. The container's own program always does. */
enum room_hooks { ROOM_NO_HOOKS, ROOM_CREATE_HOOKS, ROOM_START_HOOKS };

struct room_query {
	struct runtime runtime;
	enum room_hooks hooks;
};

/*
 * Room to run at all: pids limit, RLIMIT_NPROC, the other limits, seccomp, process.cwd (crun enters
 * it as the user). NO or UNKNOWN with reason and hint; YES with reason NULL.
 */
int program_room(struct view *view, const struct spec *spec, const struct room_query *query,
		 struct arena *arena, struct program_verdict *ret, struct hw_error *err) MUST_CHECK;

/* Whether no build of busybox goes without applet @name, so that it need not be looked for. */
bool busybox_always_has(const char *name);
