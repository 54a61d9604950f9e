/* SPDX-License-Identifier: Apache-2.0 */
/* The first line of a script. */
#pragma once

#include "base/base.h"

/*
 * The first bytes of a file as the kernel reads them (fs/binfmt_script.c); it does not read more.
 */
#define SCRIPT_HEAD 256

/* A script may name a script, this many in a row (fs/exec.c). */
#define SCRIPT_DEPTH 5

enum script_kind {
	SCRIPT_NONE,	 /* does not begin with "#!" */
	SCRIPT_RUNS,	 /* names an interpreter */
	SCRIPT_NAMELESS, /* nothing but blanks after "#!" */
	SCRIPT_CUT,	 /* the interpreter's path does not end within SCRIPT_HEAD bytes */
};

struct script {
	char interpreter[SCRIPT_HEAD];
	char argument[SCRIPT_HEAD]; /* "" if none; a long one is cut off, as the kernel does */
	bool has_argument;
};

/* @head: the file's first @len bytes; those past SCRIPT_HEAD are ignored. *@ret if it RUNS. */
enum script_kind script_parse(const void *head, size_t len, struct script *ret);

/*
 * The command that env(1) looks for in PATH, for an interpreter line "#!/usr/bin/env ...". The
 * kernel hands the whole rest of the line over as one argument.
 */
enum env_kind {
	ENV_COMMAND,  /* "python3": *@ret is the command */
	ENV_ONE_NAME, /* "python3 -u": so is *@ret, as a whole */
	ENV_SPLIT,    /* "-S python3 -u": so is *@ret; not every env(1) has this option */
	ENV_LOOP,     /* nothing: env runs the script again, for ever */
	ENV_UNKNOWN,  /* other options, assignments, quotes: not followed */
};

enum env_kind script_env_command(const struct script *script, char ret[SCRIPT_HEAD]);
