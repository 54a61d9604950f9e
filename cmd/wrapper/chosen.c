/* SPDX-License-Identifier: Apache-2.0 */
/* Remembers the runtimes that annotations chose, in one file for each container; see the header. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/run-dir.h"
#include "wrapper/chosen.h"

#define HEAD	       "hookwright-runtime 1"
#define MEMORY_MAX     (3 * PATH_MAX + 256)
#define IDENTITY_MAX   80
#define SWEPT_AT_ONCE  128
#define NEVER_A_MEMORY "+" /* begins the name of a temporary: those of memories have an '@' */

/* The strings of a file, each with its NUL. */
enum field { FORM, RUNTIME, CONFIG_PATH, CONFIG_ID, STATE_PATH, STATE_ID, FIELDS };

struct memory {
	char path[RUN_PATH_MAX + NAME_MAX + 1];
	const char *field[FIELDS];
	char config_id[IDENTITY_MAX], state_id[IDENTITY_MAX];
	char config_path[PATH_MAX], state_path[PATH_MAX];
	char text[MEMORY_MAX]; /* as it was read */
};

/* ---- names ---- */

/* Appends, if there is room; NULL is passed on. */
static char *put(char *to, const char *end, const char *text)
{
	const size_t n = strlen(text);

	if (!to || n > (size_t)(end - to))
		return NULL;
	memcpy(to, text, n + 1);
	return to + n;
}

/* The @len bytes of one part of a path, so that there is neither a '!' nor an '@' in it. */
static char *put_part(char *to, const char *end, const char *part, size_t len)
{
	static const char special[] = "%@!";
	static const char *const instead[] = { "%25", "%40", "%21" };

	to = put(to, end, "!");
	for (size_t i = 0; i < len; i++) {
		const char one[2] = { part[i], '\0' }, *found = strchr(special, part[i]);

		to = put(to, end, found ? instead[found - special] : one);
	}
	return to;
}

/*
 * @path with '!' before each part: no two directories have one form, and one directory has one in
 * all spellings that need no look at it ("//", "/./").
 */
static char *put_parts(char *to, const char *end, const char *path)
{
	while (*path) {
		const size_t len = strcspn(path, "/");

		if (len > 1 || (len == 1 && path[0] != '.'))
			to = put_part(to, end, path, len);
		path += len + (path[len] == '/');
	}
	return to;
}

/* Not the same as no root at all, whatever it is. A relative one is elsewhere for each caller. */
static char *put_root(char *to, const char *end, const char *root)
{
	char *cwd = root[0] == '/' ? NULL : getcwd(NULL, 0);
	char *const start = to;

	if (root[0] != '/')
		to = cwd ? put_parts(to, end, cwd) : NULL;
	free(cwd);
	to = put_parts(to, end, root);
	return to == start ? put(to, end, "!") : to;
}

/* ".../runtimes/ROOT@ID"; false if that is not a name or is too long. */
static bool path_of(const struct runtime_call *call, bool rootless, char buf[], size_t size)
{
	const char *end;
	char *name;

	if (!call->id || !call->id[0] || strchr(call->id, '/') ||
	    !run_path(rootless, RUNTIMES_DIR, buf))
		return false;
	name = buf + strlen(buf);
	end = name + NAME_MAX;
	if (end >= buf + size)
		return false;
	if (call->root)
		name = put_root(name, end, call->root);
	return put(put(name, end, "@"), end, call->id) != NULL;
}

/* ---- identities ---- */

/* Attributes by which a file differs from another one put in its place; "" if it does not exist. */
static void identity(const char *path, unsigned kind, char buf[static IDENTITY_MAX])
{
	struct statx st;
	const struct statx_timestamp *t = kind == STATX_BTIME ? &st.stx_btime : &st.stx_ctime;

	buf[0] = '\0';
	if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_CTIME | STATX_BTIME, &st) <
	    0)
		return;
	/*
	 * The names in a directory change, and its ctime with them; birth is not known everywhere.
	 */
	snprintf(buf, IDENTITY_MAX, "%x:%x:%llx:%lld.%09u", st.stx_dev_major, st.stx_dev_minor,
		 (unsigned long long)st.stx_ino, st.stx_mask & kind ? (long long)t->tv_sec : 0LL,
		 st.stx_mask & kind ? t->tv_nsec : 0U);
}

static bool is_still(const char *path, unsigned kind, const char *was)
{
	char now[IDENTITY_MAX];

	identity(path, kind, now);
	return now[0] && strcmp(now, was) == 0;
}

/* ---- the runtime's own state of a container ---- */

enum state { STATE_UNKNOWN, STATE_NONE, STATE_FOUND };

/* The file that a runtime keeps in a container's directory, and the name of its own directory. */
struct state_form {
	const char *directory, *file;
};

static const struct state_form *form_of(const char *runtime)
{
	static const struct state_form forms[] = {
		[DIALECT_RUNC] = { "runc", "state.json" },
		[DIALECT_CRUN] = { "crun", "status" },
	};
	const enum dialect dialect = dialect_of(runtime);

	return dialect == DIALECT_UNKNOWN ? NULL : &forms[dialect];
}

/* In directory @base, or @base/@below; @buf is the container's directory then. */
static enum state look_at(const char *base, const char *below, const struct runtime_call *call,
			  const char *file, char buf[static PATH_MAX])
{
	const int dir = snprintf(buf, PATH_MAX, "%s/%s", base, below);
	int n;

	if (dir >= PATH_MAX || access(buf, F_OK) < 0)
		return STATE_UNKNOWN;
	n = dir + snprintf(buf + dir, (size_t)(PATH_MAX - dir), "/%s", call->id);
	if (n + (int)sizeof("/state.json") >= PATH_MAX)
		return STATE_UNKNOWN;
	snprintf(buf + n, (size_t)(PATH_MAX - n), "/%s", file);
	if (access(buf, F_OK) < 0)
		return STATE_NONE;
	buf[n] = '\0';
	return STATE_FOUND;
}

/* @m->state_path is it if it is found. */
static enum state find_state(const struct runtime_call *call, struct memory *m)
{
	const struct state_form *form = form_of(m->field[RUNTIME]);
	const char *bases[] = { "/run", getenv("XDG_RUNTIME_DIR") };
	enum state best = STATE_UNKNOWN;

	if (!form)
		return STATE_UNKNOWN;
	if (call->root)
		return look_at(call->root, ".", call, form->file, m->state_path);
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]) && best != STATE_FOUND; i++) {
		const enum state found = bases[i] ? look_at(bases[i], form->directory, call,
							    form->file, m->state_path)
						  : STATE_UNKNOWN;

		best = found > best ? found : best;
	}
	return best;
}

/* ---- files ---- */

static ssize_t read_text(const char *path, char *buf, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	ssize_t n = -EINVAL;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		n = read(fd, buf, size);
	close(fd);
	return n;
}

enum loaded { LOADED, ABSENT, UNREADABLE };

static enum loaded load(struct memory *m)
{
	const ssize_t n = read_text(m->path, m->text, sizeof(m->text));
	const char *p = m->text, *end = m->text + n;

	if (n < 0)
		return n == -ENOENT ? ABSENT : UNREADABLE;
	for (size_t i = 0; i < FIELDS; i++) {
		const char *nul = memchr(p, '\0', (size_t)(end - p));

		if (!nul)
			return UNREADABLE;
		m->field[i] = p;
		p = nul + 1;
	}
	return p == end && strcmp(m->field[FORM], HEAD) == 0 ? LOADED : UNREADABLE;
}

static bool write_text(int fd, const struct memory *m)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const size_t n = strlen(m->field[i]) + 1;

		if (write(fd, m->field[i], n) != (ssize_t)n)
			return false;
	}
	return true;
}

/* At any moment the file is the old one, the new one or none. */
static bool save(const struct memory *m, bool rootless)
{
	char temporary[RUN_PATH_MAX + 32];
	size_t n;
	bool saved;
	int fd;

	if (!run_path(rootless, RUNTIMES_DIR, temporary))
		return false;
	n = strlen(temporary);
	snprintf(temporary + n, sizeof(temporary) - n, NEVER_A_MEMORY "%d", (int)getpid());
	(void)unlink(temporary); /* of a process of that number which was killed */
	fd = open(temporary,
		  O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
		  0600);
	if (fd < 0)
		return false;
	saved = write_text(fd, m);
	saved = close(fd) == 0 && saved && rename(temporary, m->path) == 0;
	if (!saved)
		(void)unlink(temporary);
	return saved;
}

/* ---- memories ---- */

static bool is_bound(const struct memory *m)
{
	return m->field[STATE_ID][0] != '\0';
}

static bool is_config_unchanged(const struct memory *m)
{
	return is_still(m->field[CONFIG_PATH], STATX_CTIME, m->field[CONFIG_ID]);
}

/* Whether it is sure that the container of @m is gone. */
static bool is_over(const struct memory *m)
{
	return is_bound(m) ? !is_still(m->field[STATE_PATH], STATX_BTIME, m->field[STATE_ID])
			   : !is_config_unchanged(m);
}

/* From now on the state directory identifies the container. */
static void bind(struct memory *m, bool rootless)
{
	identity(m->state_path, STATX_BTIME, m->state_id);
	if (m->state_path[0] != '/') /* a relative --root: config.json has to do */
		return;
	m->field[STATE_PATH] = m->state_path;
	m->field[STATE_ID] = m->state_id;
	(void)save(m, rootless);
}

/*
 * Whether @m is of the container that @call means, and not of another of the same name. What is
 * sure to be over is removed.
 */
static bool counts(struct memory *m, const struct runtime_call *call, bool rootless)
{
	enum state state;

	if (is_over(m)) {
		(void)unlink(m->path);
		return false;
	}
	if (is_bound(m))
		return true;
	state = find_state(call, m);
	if (state == STATE_FOUND)
		bind(m, rootless);
	/*
	 * It has none yet, or its create failed: both runtimes report that the
	 * container does not exist.
	 */
	return state != STATE_NONE;
}

/* For free(3). NULL with ENOMEM, or with 0 for a container that has no name for a file. */
static struct memory *memory_of(const struct runtime_call *call, bool rootless)
{
	char path[RUN_PATH_MAX + NAME_MAX + 1];
	struct memory *m;

	errno = 0;
	if (!path_of(call, rootless, path, sizeof(path))) {
		errno = 0;
		return NULL;
	}
	m = malloc(sizeof(*m));
	if (m)
		strcpy(m->path, path);
	return m;
}

/*
 * Old memories are removed now and then: nothing else removes those whose name is never used again.
 */
static void sweep(bool rootless, struct memory *m)
{
	char dir[RUN_PATH_MAX];
	struct dirent *entry;
	DIR *d = run_path(rootless, RUNTIMES_DIR, dir) ? opendir(dir) : NULL;

	for (int i = 0; d && i < SWEPT_AT_ONCE && (entry = readdir(d)) != NULL; i++) {
		if (!strchr(entry->d_name, '@'))
			continue;
		snprintf(m->path, sizeof(m->path), "%s%s", dir, entry->d_name);
		if (load(m) == LOADED && is_over(m))
			(void)unlink(m->path);
	}
	if (d)
		closedir(d);
}

const char *memory_begin(const struct runtime_call *call, bool rootless)
{
	struct memory *m = memory_of(call, rootless);
	const char *trouble = NULL;
	enum loaded loaded;

	/* Where there is no name for it no call can ask for it, and memory_keep() refuses. */
	if (!m)
		return errno == ENOMEM ? "out of memory" : NULL;
	loaded = load(m);
	if (loaded == LOADED && counts(m, call, rootless) && is_bound(m))
		trouble = "a container of this id exists in the runtime that its annotation chose";
	else if (loaded != ABSENT && unlink(m->path) < 0 && errno != ENOENT)
		trouble = "cannot remove what is remembered of an earlier container of this id "
			  "below the run-time directory";
	free(m);
	return trouble;
}

static bool keep(struct memory *m, const struct runtime_call *call, bool rootless,
		 const char *runtime)
{
	char *bundle = realpath(call->bundle ? call->bundle : ".", NULL);
	const int n =
		bundle ? snprintf(m->config_path, sizeof(m->config_path), "%s/config.json", bundle)
		       : PATH_MAX;

	free(bundle);
	if (n >= PATH_MAX || strlen(runtime) >= PATH_MAX)
		return false;
	identity(m->config_path, STATX_CTIME, m->config_id);
	if (!m->config_id[0])
		return false;
	m->field[FORM] = HEAD;
	m->field[RUNTIME] = runtime;
	m->field[CONFIG_PATH] = m->config_path;
	m->field[CONFIG_ID] = m->config_id;
	m->field[STATE_PATH] = m->field[STATE_ID] = "";
	return save(m, rootless);
}

bool memory_keep(const struct runtime_call *call, bool rootless, const char *runtime)
{
	struct memory *m = memory_of(call, rootless);
	bool kept = false;

	if (m) {
		run_make_dir(rootless, RUNTIMES_DIR);
		kept = keep(m, call, rootless, runtime);
		sweep(rootless, m);
	}
	free(m);
	return kept;
}

/* Most calls end here: the directory is there only once an annotation has chosen a runtime. */
static bool is_any(bool rootless)
{
	char dir[RUN_PATH_MAX];

	return run_path(rootless, RUNTIMES_DIR, dir) && access(dir, F_OK) == 0;
}

bool memory_recall(const struct runtime_call *call, bool rootless, char **ret)
{
	struct memory *m;
	enum loaded loaded;
	bool found;

	*ret = NULL;
	if (!call->id || !is_any(rootless))
		return false;
	m = memory_of(call, rootless);
	if (!m)
		return errno == ENOMEM;
	loaded = load(m);
	found = loaded == UNREADABLE || (loaded == LOADED && counts(m, call, rootless));
	if (found && loaded == LOADED)
		*ret = strdup(m->field[RUNTIME]);
	free(m);
	return found;
}
