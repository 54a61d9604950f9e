/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the owner and mode of a file, and of every directory and link on its path. */
#include <fcntl.h>
#include <stdio.h>

#include "config/trust.h"

#define LINKS_MAX 40

struct walk {
	const struct trust *trust;
	enum trust_level level;
	int fd;	   /* the current directory */
	bool ours; /* a directory of root or of this user was on the path */
	bool violated;
	unsigned links;
	char at[PATH_MAX];   /* what fd is called */
	char rest[PATH_MAX]; /* still to go */
	struct hw_error *err;
};

static bool is_trusted(const struct trust *trust, uid_t uid)
{
	return uid == 0 || uid == trust->self;
}

static bool owner_trusted(const struct trust *trust, enum trust_level level, uid_t uid, bool above)
{
	if (is_trusted(trust, uid))
		return true;
	if (!trust->user_namespace || uid != trust->overflow)
		return false;
	return level == TRUST_SYSTEM || above;
}

static int refuse_owner(const struct stat *st, const char *path, struct hw_error *err)
{
	return error_set(err, EPERM, IN(path), "give it to root, or name it with -p",
			 "user %u owns it and could change it", (unsigned)st->st_uid);
}

static int refuse_mode(const struct stat *st, const char *path, struct hw_error *err)
{
	return error_set(err, EPERM, IN(path), "remove the permission: chmod go-w",
			 "other users can write to it (mode %04o)", (unsigned)st->st_mode & 07777);
}

int trust_check(const struct trust *trust, enum trust_level level, const struct stat *st,
		const char *path, struct hw_error *err)
{
	if (level == TRUST_CALLER)
		return 0;
	if (!owner_trusted(trust, level, st->st_uid, false))
		return refuse_owner(st, path, err);
	return st->st_mode & 022 ? refuse_mode(st, path, err) : 0;
}

static int judge_dir(const struct walk *w, const struct stat *st, const char *path, bool last)
{
	const bool sticky = !last && (st->st_mode & S_ISVTX);

	if (!owner_trusted(w->trust, w->level, st->st_uid, !last && !w->ours))
		return refuse_owner(st, path, w->err);
	return (st->st_mode & 022) && !sticky ? refuse_mode(st, path, w->err) : 0;
}

/* A link's own mode means nothing; its owner chose where it leads. */
static int judge_link(const struct walk *w, const struct stat *st, const char *path)
{
	if (!owner_trusted(w->trust, w->level, st->st_uid, !w->ours))
		return refuse_owner(st, path, w->err);
	return 0;
}

/* Remember the first thing that is wrong on the way: it only matters if the way leads somewhere. */
static void judge(struct walk *w, const struct stat *st, const char *path, bool last)
{
	int r;

	/* The null device masks a policy; everybody may write to it. */
	if (w->violated || S_ISCHR(st->st_mode))
		return;
	if (S_ISDIR(st->st_mode))
		r = judge_dir(w, st, path, last);
	else if (S_ISLNK(st->st_mode))
		r = judge_link(w, st, path);
	else
		r = trust_check(w->trust, w->level, st, path, w->err);
	w->violated = r < 0;
	w->ours = w->ours || (S_ISDIR(st->st_mode) && is_trusted(w->trust, st->st_uid));
}

static int fail(const struct walk *w, int errnum, const char *path)
{
	return error_set(w->err, errnum, IN(path), NULL, "cannot open: %m");
}

static void move_to(struct walk *w, int fd)
{
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
}

static int go_to_root(struct walk *w, bool last)
{
	struct stat st;
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		int errnum = errno;

		if (fd >= 0)
			close(fd);
		return fail(w, errnum, "/");
	}
	move_to(w, fd);
	w->at[0] = '\0';
	w->ours = false;
	judge(w, &st, "/", last);
	return 0;
}

/* Cut the next component off w->rest. False at the end. */
static bool next_component(struct walk *w, char *name, size_t size, bool *last)
{
	const char *start = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(start, "/");
	const char *rest = start + len;

	if (len == 0)
		return false;
	snprintf(name, size, "%.*s", (int)len, start);
	*last = rest[strspn(rest, "/")] == '\0';
	memmove(w->rest, rest, strlen(rest) + 1);
	return true;
}

static int join(const struct walk *w, char *buf, size_t size, const char *name)
{
	int n = snprintf(buf, size, "%s/%s", w->at, name);

	return n < 0 || (size_t)n >= size ? fail(w, ENAMETOOLONG, name) : 0;
}

/* Put a link's target in front of what is left. */
static int follow(struct walk *w, int link, const char *path, bool last)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t len = readlinkat(link, "", target, sizeof(target) - 1);
	int n;

	if (len < 0)
		return fail(w, errno, path);
	if (++w->links > LINKS_MAX)
		return fail(w, ELOOP, path);
	target[len] = '\0';
	n = snprintf(rest, sizeof(rest), "%s/%s", target, w->rest);
	if (n < 0 || (size_t)n >= sizeof(rest))
		return fail(w, ENAMETOOLONG, path);
	/* Nothing behind the link: its target is the last again. */
	if (last)
		rest[len] = '\0';
	memcpy(w->rest, rest, (size_t)n + 1);
	return target[0] == '/' ? go_to_root(w, false) : 0;
}

static void go_up(struct walk *w)
{
	char *slash = strrchr(w->at, '/');

	if (slash)
		*slash = '\0';
}

enum step { STEP_ON, STEP_FILE };

static int take_step(struct walk *w, const char *name, bool last, struct place *ret)
{
	auto_close int fd = openat(w->fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char path[PATH_MAX];
	struct stat st;
	int r = join(w, path, sizeof(path), name);

	if (r < 0)
		return r;
	if (fd < 0 || fstat(fd, &st) < 0)
		return fail(w, errno, path);
	judge(w, &st, path, last);
	if (S_ISLNK(st.st_mode))
		return follow(w, fd, path, last);
	if (!S_ISDIR(st.st_mode)) {
		if (!last)
			return fail(w, ENOTDIR, path);
		memcpy(ret->name, name, strlen(name) + 1);
		ret->st = st;
		return STEP_FILE;
	}
	move_to(w, TAKE_FD(fd));
	if (streq(name, ".."))
		go_up(w);
	else if (!streq(name, "."))
		memcpy(w->at, path, sizeof(path));
	return STEP_ON;
}

/* O_PATH descriptors cannot be listed. */
static int finish_dir(struct walk *w, struct place *ret)
{
	int fd = openat(w->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fail(w, errno, w->at[0] ? w->at : "/");
	if (fstat(fd, &ret->st) < 0) {
		int errnum = errno;

		close(fd);
		return fail(w, errnum, w->at);
	}
	ret->is_dir = true;
	ret->dir = fd;
	return 0;
}

static int walk_all(struct walk *w, struct place *ret)
{
	char name[sizeof(ret->name)];
	bool last;

	while (next_component(w, name, sizeof(name), &last)) {
		int r = take_step(w, name, last, ret);

		if (r < 0)
			return r;
		if (r == STEP_FILE) {
			ret->is_dir = false;
			ret->dir = TAKE_FD(w->fd);
			return 0;
		}
	}
	return finish_dir(w, ret);
}

static int start(struct walk *w, int dir, const char *dir_path, const char *path)
{
	int n = snprintf(w->rest, sizeof(w->rest), "%s", path);

	if (n < 0 || (size_t)n >= sizeof(w->rest))
		return fail(w, ENAMETOOLONG, path);
	if (dir < 0)
		return go_to_root(w, false);
	n = snprintf(w->at, sizeof(w->at), "%s", dir_path);
	if (n < 0 || (size_t)n >= sizeof(w->at))
		return fail(w, ENAMETOOLONG, path);
	w->ours = true;
	w->fd = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	return w->fd < 0 ? fail(w, errno, dir_path) : 0;
}

int trust_find(const struct trust *trust, enum trust_level level, int dir, const char *dir_path,
	       const char *path, struct place *ret, struct hw_error *err)
{
	struct hw_error own = { 0 };
	struct walk w = { .trust = trust, .level = level, .fd = -1, .err = err ? err : &own };
	struct place place = { .dir = -1 };
	int r = start(&w, dir, dir_path, path);

	if (r == 0)
		r = walk_all(&w, &place);
	if (w.fd >= 0)
		close(w.fd);
	if (r == 0 && w.violated) {
		close(place.dir);
		return -EPERM;
	}
	if (r == 0)
		*ret = place;
	return r;
}
