/* SPDX-License-Identifier: Apache-2.0 */
/* Opening files that another user may have replaced by a FIFO or a device. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Files in places that another user may write to, who may put a FIFO or a device
 * there at any moment: opening never waits. Each returns -1 or NULL with errno,
 * EINVAL for a file of a wrong type.
 */

/*
 * For reading by read(2): a regular file, a character device (which is not waited for) or a pipe
 * that this process has open already, as by /dev/fd/N.
 */
int input_open(const char *path);

/* A regular file for reading. */
FILE *input_file(const char *path);

/* For writing whatever is there, as a user asked: a FIFO needs a reader. */
FILE *output_file(const char *path);

/* A new file, in place of what has that name. */
FILE *output_new_file(const char *path);

/* All of standard input, at most @max bytes; NULL with the reason on stderr. */
char *read_stdin(size_t max, size_t *len);
/* The same of @fd, which messages call @name. */
char *read_all(int fd, const char *name, size_t max, size_t *len);
#define CONFIG_MAX ((size_t)16 << 20)
