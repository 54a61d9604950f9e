/* SPDX-License-Identifier: Apache-2.0 */
/* Report files of lint: written next to their target, renamed over it when complete. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/input.h"
#include "lint/cmd-lint.h"

static bool fail(struct output *o, const char *what)
{
	const char *why = errno == ENOMEM ? "out of memory" : strerror(errno);

	if (!o->failed)
		print_stderr("%s: %s: %s\n", o->path, what, why);
	o->failed = true;
	return false;
}

/* "DIR/.NAME.XXXXXX" */
static char *name_temporary(const char *target)
{
	const char *slash = strrchr(target, '/');
	const int dir_len = slash ? (int)(slash + 1 - target) : 0;
	char *name;

	return asprintf(&name, "%.*s.%s.XXXXXX", dir_len, target, target + dir_len) < 0 ? NULL
											: name;
}

/* mkstemp(3) makes it private; a report is as readable as the umask says. */
static void open_permissions(int fd)
{
	const mode_t mask = umask(0);

	umask(mask);
	(void)fchmod(fd, 0666 & ~mask);
}

static bool open_temporary(struct output *o)
{
	int fd;

	o->temporary = name_temporary(o->target);
	if (!o->temporary)
		return fail(o, "cannot write");
	fd = mkstemp(o->temporary);
	if (fd < 0) {
		free(o->temporary);
		o->temporary = NULL;
		return fail(o, "cannot create a file in the same directory");
	}
	open_permissions(fd);
	o->file = fdopen(fd, "w");
	if (o->file)
		return true;
	close(fd);
	return fail(o, "cannot write");
}

static bool refuse_link(struct output *o)
{
	print_stderr("%s: a symbolic link, which is not followed for writing\n"
		     "  hint: name the file that it leads to\n",
		     o->path);
	o->failed = true;
	return false;
}

/* Whether @real is the directory @here or below it; everything is below "/". */
static bool is_below(const char *real, const char *here)
{
	const size_t len = here[1] ? strlen(here) : 0;

	return strncmp(real, here, len) == 0 && (!real[len] || real[len] == '/');
}

/*
 * Whether the directory of the relative @path is out of the current one by a link. A path with
 * ".." was meant to lead out, and an absolute one is not of a tree that somebody else sent.
 */
static int leads_out(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir, *real = NULL, *here = NULL;
	int r = -1;

	if (!slash || *path == '/' || strstr(path, ".."))
		return 0;
	dir = strndup(path, slash - path);
	if (dir)
		real = realpath(dir, NULL);
	if (real)
		here = realpath(".", NULL);
	if (here)
		r = !is_below(real, here);
	else if (dir && !real && errno == ENOENT)
		r = 0; /* who creates the file says so */
	free(dir);
	free(real);
	free(here);
	return r;
}

/*
 * Reports are written where CI has checked a pull request out, whose author may have put a link
 * there, to a file that is not theirs to write. Only the system's links in /dev are followed, to
 * standard output and the like. Negative and errno on failure.
 */
static int is_foreign(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		return strncmp(path, "/dev/", strlen("/dev/")) != 0;
	return leads_out(path);
}

bool output_open(const char *path, struct output *ret)
{
	struct stat st;
	struct output *o = ret;
	int foreign;

	*o = (struct output){ .path = path };
	if (!path) {
		o->file = stdout;
		return true;
	}
	foreign = is_foreign(path);
	if (foreign)
		return foreign < 0 ? fail(o, "cannot write") : refuse_link(o);
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		o->file = output_file(path);
		return o->file || fail(o, "cannot open");
	}
	/* The file that /dev/stdout leads to is written, not the link. */
	o->target = realpath(path, NULL);
	if (!o->target)
		o->target = strdup(path);
	return o->target ? open_temporary(o) : fail(o, "cannot write");
}

void output_write(struct output *output, const char *text)
{
	fputs(text, output->file);
}

bool output_close(struct output *output, bool keep)
{
	struct output *o = output;

	/* Standard output is checked at the end of the program. */
	if (o->file && o->path) {
		const bool bad = ferror(o->file);

		if (fclose(o->file) != 0 || bad)
			fail(o, "cannot write");
	}
	if (o->temporary && keep && !o->failed && rename(o->temporary, o->target) < 0)
		fail(o, "cannot put it in place");
	if (o->temporary && (!keep || o->failed))
		(void)unlink(o->temporary);
	free(o->temporary);
	free(o->target);
	o->temporary = o->target = NULL;
	o->file = NULL;
	return !o->failed;
}
