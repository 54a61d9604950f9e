/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a runtime's command line in its own dialect. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * A runtime's command line, read as that runtime reads it. runc (Go's flag package under
 * urfave/cli) and crun (argp) differ in what "-b=X", "-bX", "-bundle X", "--bun X" and an option
 * after the container's id mean: a wrapper that guesses looks at another bundle than the runtime.
 */
enum dialect { DIALECT_UNKNOWN, DIALECT_RUNC, DIALECT_CRUN };

struct runtime_call {
	const char *verb;   /* "create", ...; NULL if there is none */
	bool creates;	    /* verb is create or run: the bundle will be read; also if it may be */
	const char *bundle; /* NULL: the current directory */
	const char *config; /* crun -f: name of the configuration file; NULL: config.json */
	const char *id;	    /* of the container that the command names; NULL if it names none */
	const char *root;   /* --root DIR; NULL */
	const char *log;    /* --log FILE; NULL */
	bool log_json;	    /* --log-format json */
	bool version;	    /* --version: nothing else is done */
};

/* From the base name of the file that will be executed: "runc", "crun-1.8", ... */
enum dialect dialect_of(const char *path);

/*
 * Read @argv (@argv[0] is ignored, NULL-terminated, @argc entries). Strings of @ret point
 * into @argv. For DIALECT_UNKNOWN both readings must agree.
 *
 * Return: NULL, or why the call cannot be understood; the runtime itself would refuse it (so it may
 * be passed on where nothing is created), or the two readings differ. @ret is filled as far as
 * it was understood, its log at least.
 */
const char *dialect_parse(enum dialect dialect, int argc, char *const *argv,
			  struct runtime_call *ret);
