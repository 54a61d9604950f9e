/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of setup --check and the tools to find out what they say. */
#pragma once

#include <limits.h>
#include <stdbool.h>

/*
 * The table of 'setup --check', whose rows are printed as they are determined, and ways
 * to ask an engine.
 */

enum verdict { GOOD, BAD, UNKNOWN };

struct check {
	const char *engine;	/* its program's name */
	const char *subject;	/* of the row that is printed next */
	char program[PATH_MAX]; /* the engine's */
	bool found;
	unsigned troubles;   /* rows that are not good */
	bool quiet;	     /* rows that are good are not shown */
	char output[262144]; /* of ask() and read_file() */
};

/* "ok  policies     3, readable by uid 0"; counts what is not good. */
void row(struct check *c, enum verdict verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The next step of the user about the row above. */
void next(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Run @argv, whose first word is looked up in PATH. Return: c->output, or NULL if it is not there,
 * fails, or does not answer in time.
 */
const char *ask(struct check *c, const char *const *argv);
#define ASK(c, ...) ask(c, (const char *const[]){ __VA_ARGS__, NULL })

/* The whole of @file into c->output; false, with a row that says why, if it is not to be had. */
bool read_file(struct check *c, const char *file);

/* setup/engines.c: the rows of one engine; called if its program is there. */
void check_docker(struct check *c);
void check_containerd(struct check *c);
void check_crio(struct check *c);
void check_podman(struct check *c);
void check_nerdctl(struct check *c);
void check_buildkit(struct check *c);
void check_compose(struct check *c);
void check_kubernetes(struct check *c);
