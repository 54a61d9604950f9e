/* SPDX-License-Identifier: Apache-2.0 */
/* Finds this program's file and other programs in PATH, and runs one to read its output. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/programs.h"
#include "cli/start.h"

#define OWN_FILE "/proc/self/exe"

/* ---- where ---- */

bool own_directory(char *buf, size_t size)
{
	ssize_t n = readlink(OWN_FILE, buf, size);
	char *slash;

	if (n <= 0 || (size_t)n >= size)
		return false;
	buf[n] = '\0';
	slash = strrchr(buf, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool own_program(const char *name, char *buf, size_t size)
{
	char dir[PATH_MAX];
	int n;

	if (!own_directory(dir, sizeof(dir)))
		return false;
	n = snprintf(buf, size, "%s/%s", dir, name);
	return n > 0 && (size_t)n < size && is_program(buf);
}

static bool is_file(const char *path, const struct stat *st)
{
	struct stat own;

	return stat(path, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

bool is_own_file(const struct stat *st)
{
	static const char *const programs[] = { "/hookwright", "/hookwright-runtime" };
	char own[PATH_MAX + sizeof("/hookwright-runtime")];
	size_t len;

	if (is_file(OWN_FILE, st))
		return true;
	if (!own_directory(own, PATH_MAX))
		return false;
	len = strlen(own);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		strcpy(own + len, programs[i]);
		if (is_file(own, st))
			return true;
	}
	return false;
}

bool is_ourselves(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && is_own_file(&st);
}

/* An empty entry of PATH is the current directory, as for the shell. */
static bool find_in_path(const char *name, bool ours_too, char *buf, size_t size)
{
	const char *dir = getenv("PATH");

	for (dir = dir ? dir : "/usr/local/bin:/usr/bin:/bin"; dir; dir = strchr(dir, ':')) {
		int len, n;

		dir += *dir == ':';
		len = (int)strcspn(dir, ":");
		n = snprintf(buf, size, "%.*s%s%s", len, dir, len ? "/" : "./", name);
		if (n > 0 && (size_t)n < size && is_program(buf) &&
		    (ours_too || !is_ourselves(buf)))
			return true;
	}
	return false;
}

bool find_program(const char *name, char *buf, size_t size)
{
	return find_in_path(name, false, buf, size);
}

bool names_ourselves(const char *name)
{
	char path[PATH_MAX];

	if (strchr(name, '/'))
		return is_ourselves(name);
	return find_in_path(name, true, path, sizeof(path)) && is_ourselves(path);
}

/* ---- what it prints ---- */

static int milliseconds_until(const struct timespec *end)
{
	struct timespec now;
	long long left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left = (end->tv_sec - now.tv_sec) * 1000LL + (end->tv_nsec - now.tv_nsec) / 1000000;
	return left > 0 ? (int)left : 0;
}

/* False when the time is over. What does not fit is read all the same, so that nobody blocks. */
static bool read_all(int fd, const struct timespec *end, char *buf, size_t size)
{
	char rest[512];
	size_t used = 0;

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		const bool full = used + 1 >= size;
		int ready = poll(&p, 1, milliseconds_until(end));
		ssize_t n;

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			break;
		n = full ? read(fd, rest, sizeof(rest)) : read(fd, buf + used, size - 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			buf[used] = '\0';
			return n == 0;
		}
		used += full ? 0 : (size_t)n;
	}
	buf[used] = '\0';
	return false;
}

/* The end of the output is not the end of the program: that one has until @end, too. */
static int await(pid_t pid, const struct timespec *end, bool kill_it)
{
	const struct timespec pause = { .tv_nsec = 5000000 };
	int status;
	pid_t got;

	for (;;) {
		if (kill_it || !milliseconds_until(end))
			(void)kill(-pid, SIGKILL);
		got = waitpid(pid, &status, WNOHANG);
		if (got == pid)
			return WIFEXITED(status) && !kill_it ? WEXITSTATUS(status) : -1;
		if (got < 0 && errno != EINTR)
			return -1;
		(void)nanosleep(&pause, NULL);
	}
}

/* In a process group of its own, so that what it starts can be ended with it. */
static int spawn(const char *const *argv, char *const *env, int out, bool all, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t ignored;
	int r;

	if (posix_spawn_file_actions_init(&files) != 0)
		return -1;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return -1;
	}
	ignored_signals(&ignored);
	r = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
	    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO) ||
	    (all ? posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO)
		 : posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY,
						    0)) ||
	    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF) ||
	    posix_spawnattr_setsigdefault(&attributes, &ignored) ||
	    posix_spawnattr_setpgroup(&attributes, 0) ||
	    posix_spawn(pid, argv[0], &files, &attributes, (char *const *)argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return r ? -1 : 0;
}

static bool is_child_signal_pending(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && sigismember(&pending, SIGCHLD) == 1;
}

/* If SIGCHLD is blocked, that of this child would stay pending for the program executed later. */
static void take_child_signal(void)
{
	const struct timespec none = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	(void)sigtimedwait(&set, NULL, &none);
}

static int output_of(const char *const *argv, char *const *env, bool all, int seconds, char *buf,
		     size_t size)
{
	const bool pending = is_child_signal_pending();
	struct timespec end;
	int fds[2], r;
	pid_t pid;

	buf[0] = '\0';
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds;
	r = spawn(argv, env, fds[1], all, &pid);
	(void)close(fds[1]);
	if (r == 0)
		r = await(pid, &end, !read_all(fds[0], &end, buf, size));
	(void)close(fds[0]);
	if (!pending && is_child_signal_pending())
		take_child_signal();
	return r;
}

int program_output_in(const char *const *argv, char *const *env, int seconds, char *buf,
		      size_t size)
{
	return output_of(argv, env, false, seconds, buf, size);
}

int program_log(const char *const *argv, int seconds, char *buf, size_t size)
{
	extern char **environ;

	return output_of(argv, environ, true, seconds, buf, size);
}

int program_output(const char *const *argv, int seconds, char *buf, size_t size)
{
	extern char **environ;

	return program_output_in(argv, environ, seconds, buf, size);
}
