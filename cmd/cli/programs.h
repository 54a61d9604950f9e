/* SPDX-License-Identifier: Apache-2.0 */
/* Finding this program's own file and others, and reading what one of them prints. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* This program's file and others: where they are, and what one of them prints. */

/*
 * The directory of the file that is running, links resolved, without a slash at the end, into
 * @buf. False if the kernel does not report it or it does not fit.
 */
bool own_directory(char *buf, size_t size);

/* "DIRECTORY/@name" of the program's own directory into @buf; false if it does not exist. */
bool own_program(const char *name, char *buf, size_t size);

/*
 * Whether @path leads to the file that is running, or to the other of the two programs next to it.
 */
bool is_ourselves(const char *path);

/* The same of a file whose stat(2) is @st. */
bool is_own_file(const struct stat *st);

/* As is_ourselves() for a name or path as engines write it: a bare @name is looked up in PATH. */
bool names_ourselves(const char *name);

/*
 * The first executable file @name in PATH that is not the program that is running, into @buf.
 * So a link with an engine's name to this program is skipped.
 */
bool find_program(const char *name, char *buf, size_t size);

/*
 * Run @argv (@argv[0] is a path) with no standard input; what it writes to standard output goes
 * into @buf, NUL-terminated and cut to @size, and its standard error is dropped. It is killed after
 * @seconds.
 *
 * Return: its exit status, or -1 if it could not be run, was killed or took too long.
 */
int program_output(const char *const *argv, int seconds, char *buf, size_t size);

/* The same with standard error among the output, in the order in which they are written. */
int program_log(const char *const *argv, int seconds, char *buf, size_t size);

/* As program_output() with @env, a list that ends with NULL, for its environment. */
int program_output_in(const char *const *argv, char *const *env, int seconds, char *buf,
		      size_t size);
