/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LD_PRELOAD: make one call of the process go wrong. Environment:
 *
 *   HW_FAIL=alloc:N          the N-th allocation fails
 *   HW_FAIL=CALL:N:ERRNO     the N-th call of CALL (see below) fails with that number
 *   HW_FAIL=CALL:N:short     the N-th write(2) writes only half
 *   HW_FAIL=CALL:N:before    the process kills itself instead of the N-th call
 *   HW_FAIL=CALL:N:after     ... right after it
 *   HW_FAIL_LOG=FILE         created when that happened, so that the driver knows
 *   HW_FAIL_PROGRAM=NAME     only in the program of this name, not in what it executes
 *
 * CALL "create" is openat(2) with O_CREAT, "openat" all others.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum how { PLAN_NONE, PLAN_ERRNO, PLAN_SHORT, PLAN_BEFORE, PLAN_AFTER };

static struct {
	bool read;
	char call[32];
	long countdown;
	enum how how;
	int errnum;
} plan;

static void parse_how(const char *s)
{
	plan.how = PLAN_ERRNO;
	plan.errnum = atoi(s);
	if (strcmp(s, "short") == 0)
		plan.how = PLAN_SHORT;
	else if (strcmp(s, "before") == 0)
		plan.how = PLAN_BEFORE;
	else if (strcmp(s, "after") == 0)
		plan.how = PLAN_AFTER;
}

static void read_plan(void)
{
	const char *s = getenv("HW_FAIL"), *colon = s ? strchr(s, ':') : NULL;
	const char *program = getenv("HW_FAIL_PROGRAM");

	plan.read = true;
	if (program && strcmp(program, program_invocation_short_name) != 0)
		return;
	if (!colon || (size_t)(colon - s) >= sizeof(plan.call))
		return;
	memcpy(plan.call, s, (size_t)(colon - s));
	plan.countdown = atol(colon + 1);
	colon = strchr(colon + 1, ':');
	parse_how(colon ? colon + 1 : "");
}

static void leave_word(void)
{
	const char *log = getenv("HW_FAIL_LOG");

	/* Raw calls: the wrapped ones are what is being counted. */
	if (log)
		syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT, 0666));
}

/* What is to happen to this call. */
static enum how due(const char *call)
{
	if (!plan.read)
		read_plan();
	if (plan.countdown <= 0 || strcmp(call, plan.call) != 0 || --plan.countdown > 0)
		return PLAN_NONE;
	leave_word();
	if (plan.how == PLAN_BEFORE)
		raise(SIGKILL);
	errno = plan.errnum;
	return plan.how;
}

static bool resolving;

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* dlsym(3) may allocate before we know the real function: serve it from here, never freed. */
static char early[8192];
static size_t early_used;

static void *early_alloc(size_t size)
{
	size_t at = (early_used + 15) & ~(size_t)15;

	if (size > sizeof(early) - at)
		return NULL;
	early_used = at + size;
	return early + at;
}

static bool alloc_fails(void)
{
	if (due("alloc") == PLAN_NONE)
		return false;
	errno = ENOMEM;
	return true;
}

static bool is_early(const void *p)
{
	return (const char *)p >= early && (const char *)p < early + sizeof(early);
}

#define RESOLVE(ret, name, params)            \
	static ret(*real) params;             \
	if (!real && !resolving) {            \
		resolving = true;             \
		*(void **)&real = next(name); \
		resolving = false;            \
	}

EXPORT void *malloc(size_t size)
{
	RESOLVE(void *, "malloc", (size_t));
	if (!real)
		return early_alloc(size);
	if (alloc_fails())
		return NULL;
	return real(size);
}

EXPORT void *calloc(size_t count, size_t size)
{
	RESOLVE(void *, "calloc", (size_t, size_t));
	if (!real)
		return early_alloc(count * size);
	if (alloc_fails())
		return NULL;
	return real(count, size);
}

EXPORT void *realloc(void *p, size_t size)
{
	RESOLVE(void *, "realloc", (void *, size_t));
	if (!real || is_early(p))
		return NULL;
	if (alloc_fails())
		return NULL;
	return real(p, size);
}

EXPORT void free(void *p)
{
	RESOLVE(void, "free", (void *));
	if (real && !is_early(p))
		real(p);
}

#define CALL(ret, name, params, args)                            \
	EXPORT ret name params                                   \
	{                                                        \
		RESOLVE(ret, #name, params);                     \
		enum how how = due(#name);                       \
		ret r = how == PLAN_ERRNO ? (ret)-1 : real args; \
		if (how == PLAN_AFTER)                           \
			raise(SIGKILL);                          \
		return r;                                        \
	}

CALL(int, fsync, (int fd), (fd))
CALL(int, fdatasync, (int fd), (fd))
CALL(int, fchmod, (int fd, mode_t mode), (fd, mode))
CALL(int, fchown, (int fd, uid_t uid, gid_t gid), (fd, uid, gid))
CALL(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
CALL(int, unlinkat, (int dir, const char *name, int flags), (dir, name, flags))
CALL(int, fstat, (int fd, struct stat *st), (fd, st))
CALL(int, fstatat, (int dir, const char *name, struct stat *st, int flags), (dir, name, st, flags))
CALL(ssize_t, read, (int fd, void *buf, size_t len), (fd, buf, len))
CALL(ssize_t, flistxattr, (int fd, char *list, size_t size), (fd, list, size))
CALL(ssize_t, fgetxattr, (int fd, const char *name, void *value, size_t size),
     (fd, name, value, size))
CALL(int, fsetxattr, (int fd, const char *name, const void *value, size_t size, int flags),
     (fd, name, value, size, flags))

CALL(int, access, (const char *path, int mode), (path, mode))
CALL(int, faccessat, (int dir, const char *path, int mode, int flags), (dir, path, mode, flags))
CALL(int, stat, (const char *path, struct stat *st), (path, st))
CALL(int, statx, (int dir, const char *path, int flags, unsigned mask, struct statx *st),
     (dir, path, flags, mask, st))
CALL(int, fstatfs, (int fd, struct statfs *fs), (fd, fs))
CALL(int, unlink, (const char *path), (path))
CALL(int, rename, (const char *from, const char *to), (from, to))
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode))
CALL(ssize_t, readlink, (const char *path, char *buf, size_t size), (path, buf, size))
CALL(ssize_t, readlinkat, (int dir, const char *path, char *buf, size_t size),
     (dir, path, buf, size))
CALL(ssize_t, pread, (int fd, void *buf, size_t len, off_t at), (fd, buf, len, at))
CALL(ssize_t, getxattr, (const char *path, const char *name, void *value, size_t size),
     (path, name, value, size))
CALL(int, setenv, (const char *name, const char *value, int overwrite), (name, value, overwrite))

EXPORT struct dirent *readdir(DIR *dir)
{
	RESOLVE(struct dirent *, "readdir", (DIR *));

	return due("readdir") == PLAN_ERRNO ? NULL : real(dir);
}

EXPORT DIR *fdopendir(int fd)
{
	RESOLVE(DIR *, "fdopendir", (int));

	return due("fdopendir") == PLAN_ERRNO ? NULL : real(fd);
}

/* Plans call it "unlock" where it is that: nobody asks whether it worked. */
EXPORT int flock(int fd, int operation)
{
	RESOLVE(int, "flock", (int, int));
	enum how how = due(operation & LOCK_UN ? "unlock" : "flock");
	int r = how == PLAN_ERRNO ? -1 : real(fd, operation);

	if (how == PLAN_AFTER)
		raise(SIGKILL);
	return r;
}

EXPORT ssize_t write(int fd, const void *buf, size_t len)
{
	RESOLVE(ssize_t, "write", (int, const void *, size_t));
	enum how how = due("write");
	ssize_t n = how == PLAN_ERRNO ? -1 : real(fd, buf, how == PLAN_SHORT ? len / 2 : len);

	if (how == PLAN_AFTER)
		raise(SIGKILL);
	return n;
}

/* The descriptor is closed although close(2) fails, as on Linux. */
EXPORT int close(int fd)
{
	RESOLVE(int, "close", (int));
	enum how how = due("close");
	int r = real(fd);

	if (how == PLAN_AFTER)
		raise(SIGKILL);
	if (how == PLAN_ERRNO)
		return errno = plan.errnum, -1;
	return r;
}

EXPORT int openat(int dir, const char *name, int flags, ...)
{
	RESOLVE(int, "openat", (int, const char *, int, ...));
	enum how how = due(flags & O_CREAT ? "create" : "openat");
	mode_t mode = 0;
	va_list ap;
	int fd;

	va_start(ap, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(ap, mode_t);
	va_end(ap);
	fd = how == PLAN_ERRNO ? -1 : real(dir, name, flags, mode);
	if (how == PLAN_AFTER)
		raise(SIGKILL);
	return fd;
}

int __openat_2(int dir, const char *name, int flags);
EXPORT int __openat_2(int dir, const char *name, int flags)
{
	return openat(dir, name, flags);
}

EXPORT int open(const char *name, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return openat(AT_FDCWD, name, flags, mode);
}

int __open_2(const char *name, int flags);
EXPORT int __open_2(const char *name, int flags)
{
	return openat(AT_FDCWD, name, flags);
}
