/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the runtime that will be executed, without starting it each time. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

/*
 * The version of the runtime that will be executed. 'RUNTIME --version' is run once for each file,
 * and what it printed is remembered below the run-time directory by device, inode and time of
 * change (ctime): a link VERSIONS_DIR DEVICE-INODE-SECONDS.NANOSECONDS, in hexadecimal, to "1.1.5",
 * or for a minute to "-" where there is no answer. Only programs are asked: a script may start
 * another one tomorrow.
 */
#define VERSIONS_DIR "/hookwright/versions/"

/* "1234.1234.1234" */
#define RUNTIME_VERSION_MAX 16

/*
 * The version of @path, whose stat(2) is @file, into @buf. False, with @buf empty, where it cannot
 * be had, or could not be remembered: it is not asked for at every start.
 */
bool runtime_version(const char *path, const struct stat *file, bool rootless,
		     char buf[static RUNTIME_VERSION_MAX]);
