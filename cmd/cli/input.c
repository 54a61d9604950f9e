/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens files that another user may have replaced; never blocks on a FIFO or a device. Reads all of
 * an input.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/input.h"

/* A pipe of this process's own descriptors, such as bash's <(COMMAND). */
static bool is_own_pipe(int fd, const struct stat *st)
{
	struct statfs fs;

	return S_ISFIFO(st->st_mode) && fstatfs(fd, &fs) == 0 && fs.f_type == PIPEFS_MAGIC;
}

/* Reads of what was opened wait again, as those of a pipe should. */
static bool wait_from_now_on(int fd)
{
	const int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

static int refuse(int fd, int errnum)
{
	(void)close(fd);
	errno = errnum;
	return -1;
}

int input_open(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		return refuse(fd, errno);
	if (is_own_pipe(fd, &st))
		return wait_from_now_on(fd) ? fd : refuse(fd, EIO);
	if (S_ISFIFO(st.st_mode) || S_ISBLK(st.st_mode) || S_ISSOCK(st.st_mode))
		return refuse(fd, EINVAL);
	return fd;
}

FILE *input_file(const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	FILE *file;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)refuse(fd, EINVAL);
		return NULL;
	}
	file = fdopen(fd, "r");
	if (!file)
		(void)refuse(fd, errno);
	return file;
}

FILE *output_file(const char *path)
{
	const int fd =
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
	FILE *file;

	if (fd < 0)
		return NULL;
	file = wait_from_now_on(fd) ? fdopen(fd, "w") : NULL;
	if (!file)
		(void)refuse(fd, errno);
	return file;
}

FILE *output_new_file(const char *path)
{
	FILE *file;
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (fd >= 0 && !file)
		(void)refuse(fd, errno);
	return file;
}

char *read_all(int fd, const char *name, size_t max, size_t *len)
{
	size_t capacity = 65536, got = 0;
	char *buf = malloc(capacity);

	while (buf) {
		ssize_t n = read(fd, buf + got, capacity - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || got > max)
			break;
		if (n == 0) {
			*len = got;
			return buf;
		}
		got += (size_t)n;
		if (got == capacity) {
			char *bigger = realloc(buf, capacity *= 2);

			if (!bigger)
				free(buf);
			buf = bigger;
		}
	}
	if (!buf)
		print_stderr("%s: out of memory\n", name);
	else if (got > max)
		print_stderr("%s: larger than %zu bytes\n", name, max);
	else
		print_stderr("%s: cannot read: %s\n", name, strerror(errno));
	free(buf);
	return NULL;
}

char *read_stdin(size_t max, size_t *len)
{
	return read_all(STDIN_FILENO, "<stdin>", max, len);
}
