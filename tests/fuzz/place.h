/* SPDX-License-Identifier: Apache-2.0 */
/* A directory in memory, for fuzz targets that need files. */
#pragma once

/*
 * For targets that look at files: a directory in memory, made once for each process and removed at
 * its end, and what every text that is printed must be.
 */

#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hookwright.h"

#define REQUIRE(expr)                     \
	do {                              \
		if (!(expr))              \
			__builtin_trap(); \
	} while (0)

static char place[64];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void remove_place(void)
{
	(void)nftw(place, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int home_fd = -1;

/* It is the current directory until leave_place(). True the first time. */
static bool enter_place(void)
{
	const char *top = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	if (place[0]) {
		REQUIRE(chdir(place) == 0);
		return false;
	}
	home_fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(place, sizeof(place), "%s/hookwright-fuzz.XXXXXX", top);
	REQUIRE(mkdtemp(place) && chmod(place, 0755) == 0 && chdir(place) == 0);
	REQUIRE(setenv("HOME", place, 1) == 0 && setenv("XDG_CONFIG_HOME", place, 1) == 0);
	atexit(remove_place);
	return true;
}

/* The corpus has relative paths. */
static void leave_place(void)
{
	REQUIRE(fchdir(home_fd) == 0);
}

static void put_file(const char *path, const void *data, size_t size, mode_t mode)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	REQUIRE(fd >= 0 && fchmod(fd, mode) == 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

/* Nothing in it drives a terminal: no control character but newline and tab, not those of ISO 6429
 * either.
 */
static void require_plain(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	for (; *s; s++)
		REQUIRE((*s >= 0x20 || *s == '\n' || *s == '\t') && *s != 0x7f &&
			!(*s == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f));
}

static inline void require_error(int r, const struct hw_error *err)
{
	char text[sizeof(*err) + 64];

	REQUIRE(r < 0 && err->errnum == -r && err->message[0]);
	REQUIRE((err->line == 0) == (err->column == 0));
	hw_error_format(err, text, sizeof(text));
	require_plain(text);
}
