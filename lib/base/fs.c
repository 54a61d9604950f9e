/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File operations: bounded reads, paths beneath a directory, the bundle's lock, atomic
 * replacement.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <time.h>

#include "base/fs.h"

#define FIRST_READ   ((size_t)16384)
#define XATTR_MAX    ((size_t)65536)
#define LOCK_STEP_NS 2000000L
#define STEPS_LINKS  24000

/*
 * Not @size alone: it is 0 in /proc and may change meanwhile. But a read of one byte more than it
 * that ends there need not be followed by another.
 */
static int read_all(int fd, size_t size, size_t max, char **ret, size_t *ret_len)
{
	const size_t guess = size ? size : FIRST_READ;
	size_t capacity = guess < max ? guess : max, got = 0;
	auto_free char *buf = malloc(capacity + 2);
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	for (;;) {
		/* One byte more than allowed shows that there is more. */
		n = read(fd, buf + got, capacity + 1 - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		got += (size_t)n;
		if (got > max)
			return -EFBIG;
		if (n == 0 || (size && got == size))
			break;
		if (got > capacity) {
			char *bigger;

			capacity = capacity < max / 2 ? capacity * 2 : max;
			bigger = realloc(buf, capacity + 2);
			if (!bigger)
				return -ENOMEM;
			buf = bigger;
		}
	}
	buf[got] = '\0';
	*ret = TAKE(buf);
	*ret_len = got;
	return 0;
}

static int not_readable(int errnum, const char *path, size_t max, struct hw_error *err)
{
	if (errnum == ENOMEM)
		return error_oom(err);
	if (errnum == EFBIG)
		return error_set(err, EFBIG, IN(path), NULL, "larger than %zu bytes", max);
	return error_set(err, errnum, IN(path), NULL, "cannot read: %m");
}

static int not_regular(mode_t mode, const char *path, struct hw_error *err)
{
	static const struct {
		mode_t type;
		const char *name;
	} types[] = {
		{ S_IFDIR, "directory" },    { S_IFIFO, "FIFO" },
		{ S_IFSOCK, "socket" },	     { S_IFCHR, "character device" },
		{ S_IFBLK, "block device" },
	};
	const char *name = "special file";

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if ((mode & S_IFMT) == types[i].type)
			name = types[i].name;
	return error_set(err, EINVAL, IN(path), NULL, "not a regular file but a %s", name);
}

int fs_read_file(int dirfd, const char *name, int flags, const char *path, size_t max, char **ret,
		 size_t *ret_len, struct stat *st, struct hw_error *err)
{
	/* O_NONBLOCK: opening a FIFO must not wait for a writer. */
	auto_close int fd =
		openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);
	struct stat own;
	int r;

	if (fd < 0 && errno == ENXIO) /* what open(2) says of a socket */
		return not_regular(S_IFSOCK, path, err);
	if (fd < 0)
		return error_set(err, errno, IN(path), NULL, "cannot open: %m");
	if (fstat(fd, &own) < 0)
		return error_set(err, errno, IN(path), NULL, "cannot stat: %m");
	if (!S_ISREG(own.st_mode))
		return not_regular(own.st_mode, path, err);
	r = read_all(fd, own.st_size > 0 ? (size_t)own.st_size : 0, max, ret, ret_len);
	if (r < 0)
		return not_readable(-r, path, max, err);
	if (st)
		*st = own;
	return 0;
}

/* Kernels before 5.6, and seccomp filters older than that: no link is followed then. */
static int open_unlinked(int dirfd, const char *path)
{
	auto_free char *copy = strdup(path);
	char *rest = copy, *name;
	auto_close int fd = openat(dirfd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (!copy)
		return -ENOMEM;
	while (fd >= 0 && (name = strsep(&rest, "/"))) {
		struct stat st;
		int next;

		if (!name[0] || streq(name, "."))
			continue;
		if (streq(name, ".."))
			return -EXDEV;
		next = openat(fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -errno;
		(void)close(fd);
		fd = next;
		if (fstat(fd, &st) < 0)
			return -errno;
		if (S_ISLNK(st.st_mode))
			return -EXDEV;
	}
	return fd < 0 ? -errno : TAKE_FD(fd);
}

static int open_inside(int dirfd, const char *path, uint64_t resolve)
{
	const struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				      .resolve = RESOLVE_BENEATH | resolve };

	return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
}

int fs_open_beneath(int dirfd, const char *path, struct budget *budget)
{
	int fd;

	if (path[0] == '/')
		return -EXDEV;
	if (!budget_steps(budget, STEPS_CALL + strnlen(path, PATH_MAX) / 4))
		return -ESPENT;
	fd = open_inside(dirfd, path, RESOLVE_NO_SYMLINKS);
	if (fd < 0 && errno == ELOOP) {
		if (!budget_steps(budget, STEPS_LINKS))
			return -ESPENT;
		fd = open_inside(dirfd, path, RESOLVE_NO_MAGICLINKS);
	}
	if (fd >= 0)
		return fd;
	if (errno == ENOSYS || errno == EPERM)
		return open_unlinked(dirfd, path);
	/* EAGAIN: something was renamed meanwhile, so that nobody knows. */
	return errno == EAGAIN ? -EXDEV : -errno;
}

int fs_hide_linked(int dirfd, const char *name, const char *path, int r, struct hw_error *err)
{
	const char *base = path_base(name);
	auto_free char *dir = base == name ? strdup(".") : strndup(name, (size_t)(base - name));
	auto_close int parent = dir ? openat(dirfd, dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	auto_close int target = -1;
	struct stat st;

	if (r == -ENOMEM || !dir)
		return error_oom(err);
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISLNK(st.st_mode))
		return r;
	target = parent < 0 ? -1 : fs_open_beneath(parent, base, NULL);
	if (target >= 0)
		return r;
	return error_set(
		err, -r, IN(path), "name the file itself to see its errors",
		"a symbolic link out of its directory, to a file that cannot be used here");
}

int fs_lock_dir(int fd, const char *path, unsigned seconds, struct hw_error *err)
{
	const struct timespec step = { .tv_nsec = LOCK_STEP_NS };
	struct timespec start, now;

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_set(err, errno, IN(path), NULL, "cannot lock the bundle: %m");
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - start.tv_sec >= (time_t)seconds)
			return error_set(
				err, ETIMEDOUT, IN(path),
				"find the process that holds it with fuser -v, or in /proc/locks",
				"another process has held the bundle's lock for %u seconds",
				seconds);
		nanosleep(&step, NULL);
	}
	return 0;
}

void fs_unlock_dir(int fd)
{
	/* It can only fail if the lock is not held. */
	(void)flock(fd, LOCK_UN);
}

/* Where a replacement failed, and what the user can do about the common reasons. */
static int failed(const struct fs_replacement *r, int errnum, const char *step,
		  struct hw_error *err)
{
	static const struct {
		int errnum;
		const char *hint;
	} hints[] = {
		{ ENOENT, "it was removed meanwhile: nothing was written" },
		{ ENOSPC, "free some space on the file system of the bundle, then run again" },
		{ EDQUOT, "the disk quota is used up: free some space, then run again" },
		{ EFBIG, "the limit on the size of files (ulimit -f) is too small for it" },
		{ EROFS, "the bundle is on a read-only file system: use a writable copy" },
		{ EACCES, "hookwright must be able to create files in the bundle directory" },
		{ EPERM,
		  "the directory or file may be immutable (lsattr) or owned by another user" },
	};
	const char *hint = "the old file is intact";
	char in_the_way[96];

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (hints[i].errnum == errnum)
			hint = hints[i].hint;
	if (errnum == EEXIST) {
		snprintf(in_the_way, sizeof(in_the_way), "'%s' is in the way: remove it",
			 r->temporary);
		hint = in_the_way;
	}
	return error_set(err, errnum, (struct where){ .path = r->dir }, hint,
			 "cannot replace '%s': %s: %m", r->name, step);
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

/* IMA and EVM attributes vouch for the old bytes; capabilities mean nothing on a text. */
static bool carries_over(const char *attribute)
{
	return streq(attribute, "security.selinux") ||
	       streq(attribute, "system.posix_acl_access") || starts_with(attribute, "user.");
}

/* A label that the new file already has, or that this file system refuses, is not an error. */
static int copy_xattr(int from, int to, const char *name)
{
	auto_free char *value = malloc(XATTR_MAX);
	ssize_t n;

	if (!value)
		return -ENOMEM;
	n = fgetxattr(from, name, value, XATTR_MAX);
	if (n < 0)
		return errno == ENODATA ? 0 : -errno;
	return fsetxattr(to, name, value, (size_t)n, 0) < 0 ? -errno : 0;
}

static int copy_xattrs(int from, int to)
{
	ssize_t size = flistxattr(from, NULL, 0);
	auto_free char *names = NULL;

	if (size <= 0)
		return size < 0 && errno != ENOTSUP ? -errno : 0;
	names = malloc((size_t)size);
	if (!names)
		return -ENOMEM;
	size = flistxattr(from, names, (size_t)size);
	if (size < 0)
		return -errno;
	for (const char *name = names; name < names + size; name += strlen(name) + 1) {
		int r = carries_over(name) ? copy_xattr(from, to, name) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

/* The same file, unchanged: an exchange within the clock's granularity still has another inode. */
static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static int check_identity(const struct fs_replacement *r, struct hw_error *err)
{
	struct stat now;

	if (fstatat(r->dirfd, r->name, &now, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(r, errno, "looking at it again", err);
	if (!is_same(r->was, &now))
		return error_set(err, ESTALE, IN(r->dir), "run again; nothing was written",
				 "cannot replace '%s': another program changed it meanwhile",
				 r->name);
	return 0;
}

/* Owner first: chown(2) clears set-id bits, and the mode must never be wider than its owner's. */
static int dress(const struct fs_replacement *r, int fd, struct hw_error *err)
{
	/* It may be another one by now, a FIFO even; check_identity() finds that. */
	auto_close int old = openat(r->dirfd, r->name,
				    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	int res;

	if (old < 0)
		return failed(r, errno, "opening it again", err);
	if (fstat(fd, &st) < 0)
		return failed(r, errno, "fstat", err);
	if ((st.st_uid != r->was->st_uid || st.st_gid != r->was->st_gid) &&
	    fchown(fd, r->was->st_uid, r->was->st_gid) < 0)
		return failed(r, errno, "setting the owner", err);
	if (fchmod(fd, r->was->st_mode & 07777) < 0)
		return failed(r, errno, "setting the mode", err);
	res = copy_xattrs(old, fd);
	return res < 0 ? failed(r, -res, "copying extended attributes", err) : 0;
}

static int fill(const struct fs_replacement *r, int fd, struct hw_error *err)
{
	int res = write_all(fd, r->data, r->len);

	if (res < 0)
		return failed(r, -res, "writing", err);
	res = dress(r, fd, err);
	if (res < 0)
		return res;
	if (r->sync && fsync(fd) < 0)
		return failed(r, errno, "fsync", err);
	return check_identity(r, err);
}

void fs_remove_stale(int dirfd, const char *temporary)
{
	struct stat st;

	/* Look first: a run that changes nothing must not try to write. */
	if (fstatat(dirfd, temporary, &st, AT_SYMLINK_NOFOLLOW) == 0)
		(void)unlinkat(dirfd, temporary, 0);
}

int fs_replace(const struct fs_replacement *r, struct hw_error *err)
{
	/* linkat(2) of an O_TMPFILE cannot replace a name, so the temporary has one. */
	auto_close int fd = openat(r->dirfd, r->temporary,
				   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int res;

	if (fd < 0)
		return failed(r, errno, "creating the new one", err);
	res = fill(r, fd, err);
	/* On network file systems a lost write shows up at close. */
	if (res == 0 && close(TAKE_FD(fd)) < 0)
		res = failed(r, errno, "closing", err);
	if (res == 0 && renameat(r->dirfd, r->temporary, r->dirfd, r->name) < 0)
		res = failed(r, errno, "renaming the new one over it", err);
	if (res < 0) {
		(void)unlinkat(r->dirfd, r->temporary, 0);
		return res;
	}
	if (r->sync && fsync(r->dirfd) < 0)
		return error_set(
			err, errno, IN(r->dir), "run again; the new file is in place",
			"'%s' could be lost in a power failure: fsync of its directory: %m",
			r->name);
	return 0;
}

ssize_t fs_path_of(int fd, char *buf, size_t size)
{
	char self[sizeof("/proc/self/fd/") + 3 * sizeof(int)] = "/proc/self/cwd";
	ssize_t n;

	if (fd != AT_FDCWD)
		snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	n = readlink(self, buf, size);
	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	buf[n] = '\0';
	return n;
}

static int open_path(int dirfd, const char *path, uint64_t resolve)
{
	const struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = resolve };
	int fd = (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));

	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return fd < 0 ? -errno : fd;
	if (resolve && starts_with(path, "/proc/"))
		return -ELOOP;
	fd = openat(dirfd, path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int fs_open_path(int dirfd, const char *path, bool magic, struct budget *budget)
{
	int fd;

	if (!budget_steps(budget, STEPS_CALL + strnlen(path, PATH_MAX) / 4))
		return -ESPENT;
	fd = open_path(dirfd, path, RESOLVE_NO_SYMLINKS);
	if (fd != -ELOOP)
		return fd;
	if (!budget_steps(budget, STEPS_LINKS))
		return -ESPENT;
	return open_path(dirfd, path, magic ? 0 : RESOLVE_NO_MAGICLINKS);
}
