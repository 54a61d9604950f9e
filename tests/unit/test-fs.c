/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of replacing files, and of reading them while they change. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "base/fs.h"
#include "test.h"

struct place {
	char dir[64];
	int fd;
	struct stat was;
	struct hw_error err;
};

static void place_close(struct place *p)
{
	char command[128];

	close(p->fd);
	snprintf(command, sizeof(command), "rm -rf %s", p->dir);
	if (system(command) != 0)
		printf("# cannot remove %s\n", p->dir);
}

static void put(struct place *p, const char *name, const char *text)
{
	int fd = openat(p->fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void place_open(struct place *p)
{
	snprintf(p->dir, sizeof(p->dir), "/tmp/test-fs.XXXXXX");
	CHECK(mkdtemp(p->dir) != NULL);
	p->fd = open(p->dir, O_RDONLY | O_DIRECTORY);
	put(p, "config.json", "old");
	CHECK_INT(fstatat(p->fd, "config.json", &p->was, 0), 0);
}

static int replace(struct place *p, const char *data, bool sync)
{
	const struct fs_replacement r = { p->fd,   p->dir, "config.json", ".tmp",
					  &p->was, data,   strlen(data),  sync };

	return fs_replace(&r, &p->err);
}

static const char *content(struct place *p)
{
	static char text[64];
	char *data = NULL;
	size_t len;

	CHECK_INT(fs_read_file(p->fd, "config.json", 0, "c", 60, &data, &len, NULL, NULL), 0);
	snprintf(text, sizeof(text), "%s", data);
	free(data);
	return text;
}

static bool alone(struct place *p)
{
	return faccessat(p->fd, ".tmp", F_OK, AT_SYMLINK_NOFOLLOW) < 0;
}

static void the_new_file_keeps_mode_owner_and_attributes(void)
{
	CLEANUP(place_close) struct place p;
	struct stat st;
	char value[16];
	bool attributes;

	place_open(&p);
	CHECK_INT(fchmodat(p.fd, "config.json", 0640, 0), 0);
	if (geteuid() == 0)
		CHECK_INT(fchownat(p.fd, "config.json", 7, 8, 0), 0);
	CHECK_INT(fchdir(p.fd), 0);
	attributes = setxattr("config.json", "user.note", "kept", 4, 0) == 0;
	CHECK_INT(fstatat(p.fd, "config.json", &p.was, 0), 0);
	CHECK_INT(replace(&p, "new", true), 0);
	CHECK_STR(content(&p), "new");
	CHECK_INT(fstatat(p.fd, "config.json", &st, 0), 0);
	CHECK_INT(st.st_mode & 07777, 0640);
	CHECK_INT(st.st_uid, p.was.st_uid);
	CHECK_INT(st.st_gid, p.was.st_gid);
	CHECK(st.st_ino != p.was.st_ino);
	if (attributes)
		CHECK_INT(getxattr("config.json", "user.note", value, sizeof(value)), 4);
	CHECK_INT(chdir("/"), 0);
	CHECK(alone(&p));
}

static void a_file_changed_meanwhile_is_left_alone(void)
{
	CLEANUP(place_close) struct place p;
	char text[1200];

	place_open(&p);
	put(&p, "other", "theirs");
	CHECK_INT(renameat(p.fd, "other", p.fd, "config.json"), 0);
	CHECK_INT(replace(&p, "new", false), -ESTALE);
	snprintf(text, sizeof(text),
		 "%s: cannot replace 'config.json': another program changed it meanwhile\n"
		 "  hint: run again; nothing was written",
		 p.dir);
	char got[1200];

	hw_error_format(&p.err, got, sizeof(got));
	CHECK_STR(got, text);
	CHECK_STR(content(&p), "theirs");
	CHECK(alone(&p));
}

static void a_stale_temporary_is_in_the_way_until_removed(void)
{
	CLEANUP(place_close) struct place p;

	place_open(&p);
	put(&p, ".tmp", "half");
	CHECK_INT(replace(&p, "new", false), -EEXIST);
	CHECK_STR(content(&p), "old");
	fs_remove_stale(p.fd, ".tmp");
	CHECK_INT(replace(&p, "new", false), 0);
	CHECK_STR(content(&p), "new");
}

/* A moment after it was read: the lock keeps nobody out who does not ask for it. */
static void a_file_that_becomes_a_fifo_hangs_nobody(void)
{
	CLEANUP(place_close) struct place p;
	struct stat st;

	place_open(&p);
	CHECK_INT(unlinkat(p.fd, "config.json", 0), 0);
	CHECK_INT(mkfifoat(p.fd, "config.json", 0600), 0);
	alarm(10);
	CHECK_INT(replace(&p, "new", false), -ESTALE);
	alarm(0);
	CHECK_INT(fstatat(p.fd, "config.json", &st, AT_SYMLINK_NOFOLLOW), 0);
	CHECK(S_ISFIFO(st.st_mode));
	CHECK_INT(unlinkat(p.fd, "config.json", 0), 0);
	put(&p, "config.json", "");
	CHECK(alone(&p));
}

static void only_regular_files_are_read(void)
{
	CLEANUP(place_close) struct place p;
	char *data = NULL;
	size_t len;

	place_open(&p);
	CHECK_INT(mkfifoat(p.fd, "fifo", 0644), 0);
	CHECK_INT(fs_read_file(p.fd, "fifo", 0, "fifo", 10, &data, &len, NULL, &p.err), -EINVAL);
	CHECK_STR(p.err.message, "not a regular file but a FIFO");
	CHECK_INT(fs_read_file(p.fd, ".", 0, "dir", 10, &data, &len, NULL, &p.err), -EINVAL);
	CHECK_STR(p.err.message, "not a regular file but a directory");
	CHECK_INT(symlinkat("config.json", p.fd, "link"), 0);
	CHECK_INT(fs_read_file(p.fd, "link", O_NOFOLLOW, "l", 10, &data, &len, NULL, NULL), -ELOOP);
	CHECK_INT(fs_read_file(p.fd, "none", 0, "n", 10, &data, &len, NULL, NULL), -ENOENT);
	CHECK(data == NULL);
}

static void size_is_bounded(void)
{
	CLEANUP(place_close) struct place p;
	char *data = NULL;
	size_t len;

	place_open(&p);
	CHECK_INT(fs_read_file(p.fd, "config.json", 0, "c", 2, &data, &len, NULL, &p.err), -EFBIG);
	CHECK_STR(p.err.message, "larger than 2 bytes");
	CHECK_INT(fs_read_file(p.fd, "config.json", 0, "c", 3, &data, &len, NULL, NULL), 0);
	CHECK_INT(len, 3);
	free(data);
	/* Its st_size is 0, its content is not. */
	CHECK_INT(
		fs_read_file(AT_FDCWD, "/proc/self/status", 0, "s", 65536, &data, &len, NULL, NULL),
		0);
	CHECK(len > 100 && data[len] == '\0');
	free(data);
}

static void a_lock_held_by_another_ends_in_an_error(void)
{
	CLEANUP(place_close) struct place p;
	int other;

	place_open(&p);
	other = open(p.dir, O_RDONLY | O_DIRECTORY);
	CHECK_INT(flock(other, LOCK_EX), 0);
	CHECK_INT(fs_lock_dir(p.fd, p.dir, 1, &p.err), -ETIMEDOUT);
	CHECK_STR(p.err.message, "another process has held the bundle's lock for 1 seconds");
	close(other);
	CHECK_INT(fs_lock_dir(p.fd, p.dir, 1, &p.err), 0);
}

int main(void)
{
	RUN(the_new_file_keeps_mode_owner_and_attributes);
	RUN(a_file_changed_meanwhile_is_left_alone);
	RUN(a_stale_temporary_is_in_the_way_until_removed);
	RUN(a_file_that_becomes_a_fifo_hangs_nobody);
	RUN(only_regular_files_are_read);
	RUN(size_is_bounded);
	RUN(a_lock_held_by_another_ends_in_an_error);
	return DONE();
}
