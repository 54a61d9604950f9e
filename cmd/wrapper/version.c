/* SPDX-License-Identifier: Apache-2.0 */
/* Asks a runtime for its version once, and remembers the answer until the next boot. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/programs.h"
#include "cli/run-dir.h"
#include "tools.h"
#include "wrapper/version.h"

#define SELDOM __attribute__((noinline, cold))

#define NO_ANSWER   "-"
#define PATIENCE    2  /* seconds */
#define SILENCE	    60 /* seconds until one that had no answer is asked again */
#define OUTPUT_MAX  4096
#define NAME_LENGTH 96
#define ENTRIES_MAX 16 /* more are of files that are gone */

struct entry {
	char path[RUN_PATH_MAX + NAME_LENGTH];
};

/* @n in hexadecimal; snprintf(3) would have to be brought into memory by every call. */
static char *put_number(char *p, unsigned long long n, char behind)
{
	char digits[16];
	size_t len = 0;

	do {
		digits[len++] = "0123456789abcdef"[n % 16];
		n /= 16;
	} while (n);
	while (len)
		*p++ = digits[--len];
	*p++ = behind;
	return p;
}

static bool entry_of(const struct stat *file, bool rootless, struct entry *ret)
{
	char *p = ret->path;

	if (!run_path(rootless, VERSIONS_DIR, p))
		return false;
	p = put_number(p + strlen(p), file->st_dev, '-');
	p = put_number(p, file->st_ino, '-');
	/* Nix and OSTree give all files one mtime, and others put the archive's back. */
	p = put_number(p, (unsigned long long)file->st_ctim.tv_sec, '.');
	(void)put_number(p, (unsigned long long)file->st_ctim.tv_nsec, '\0');
	return true;
}

/* ---- reading ---- */

/* The numbers that @text begins with; what follows is not looked at. */
static bool read_version(const char *text, char buf[static RUNTIME_VERSION_MAX])
{
	const size_t len = hw_version_length(text);

	if (len < RUNTIME_VERSION_MAX)
		memcpy(buf, text, len);
	buf[len < RUNTIME_VERSION_MAX ? len : 0] = '\0';
	return *buf;
}

/*
 * A user who keeps the host busy, or fills its process table, can prevent the answer: that must not
 * last until the next boot.
 */
static bool is_recent(const struct stat *link)
{
	const time_t age = time(NULL) - link->st_mtim.tv_sec;

	return age >= 0 && age < SILENCE;
}

/*
 * The content of @link, if root or this user made it: 1 a version, 0 that there
 * is no answer, -1 nothing.
 */
static int recall(const struct entry *entry, char buf[static RUNTIME_VERSION_MAX])
{
	char text[RUNTIME_VERSION_MAX + 1];
	struct stat st;
	ssize_t n;

	if (lstat(entry->path, &st) < 0 || !S_ISLNK(st.st_mode) ||
	    (st.st_uid != 0 && st.st_uid != geteuid()))
		return -1;
	n = readlink(entry->path, text, sizeof(text));
	if (n <= 0 || n >= (ssize_t)sizeof(text))
		return -1;
	text[n] = '\0';
	if (strcmp(text, NO_ANSWER) == 0)
		return is_recent(&st) ? 0 : -1;
	return read_version(text, buf) && strcmp(text, buf) == 0 ? 1 : -1;
}

/* ---- asking ---- */

static bool is_program(const char *path)
{
	char magic[4] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const bool is = fd >= 0 && read(fd, magic, 4) == 4 && memcmp(magic, "\177ELF", 4) == 0;

	if (fd >= 0)
		(void)close(fd);
	return is;
}

/* "runc version 1.1.5+ds1", "crun version 1.8.1" in the first line. */
static bool ask(const char *path, char buf[static RUNTIME_VERSION_MAX])
{
	static const char word[] = " version ";
	const char *const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
					    NULL };
	const char *const argv[] = { path, "--version", NULL };
	char output[OUTPUT_MAX];
	char *at;

	if (!is_program(path) || program_output_in(argv, (char *const *)environment, PATIENCE,
						   output, sizeof(output)) != 0)
		return false;
	output[strcspn(output, "\n")] = '\0';
	at = strstr(output, word);
	return at && read_version(at + strlen(word), buf);
}

/* ---- remembering ---- */

/* Of files that have been replaced nobody will ask; which those are is not known. */
static void remove_stale(bool rootless)
{
	char path[RUN_PATH_MAX];
	const struct dirent *e;
	size_t n = 0;
	DIR *dir = run_path(rootless, VERSIONS_DIR, path) ? opendir(path) : NULL;

	if (!dir)
		return;
	while (readdir(dir))
		n++;
	rewinddir(dir);
	while (n > ENTRIES_MAX + 2 && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), e->d_name, 0);
	(void)closedir(dir);
}

/* Where nothing can be remembered, nothing is asked. */
static SELDOM bool ask_once(const char *path, const struct entry *entry, bool rootless,
			    char buf[static RUNTIME_VERSION_MAX])
{
	char temporary[sizeof(entry->path) + 24];
	bool known;

	run_make_dir(rootless, VERSIONS_DIR);
	remove_stale(rootless);
	(void)snprintf(temporary, sizeof(temporary), "%s.%ld", entry->path, (long)getpid());
	(void)unlink(temporary);
	if (symlink(NO_ANSWER, temporary) < 0)
		return false;
	known = ask(path, buf);
	(void)unlink(temporary);
	if (symlink(known ? buf : NO_ANSWER, temporary) < 0 || rename(temporary, entry->path) < 0)
		(void)unlink(temporary);
	return known;
}

bool runtime_version(const char *path, const struct stat *file, bool rootless,
		     char buf[static RUNTIME_VERSION_MAX])
{
	struct entry entry = { .path = "" };
	int r;

	*buf = '\0';
	if (!entry_of(file, rootless, &entry))
		return false;
	r = recall(&entry, buf);
	return r < 0 ? ask_once(path, &entry, rootless, buf) : r > 0;
}
