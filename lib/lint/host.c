/* SPDX-License-Identifier: Apache-2.0 */
/* lint: hooks that run on the host: who else can replace their program, and what they inherit. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/words.h"
#include "lint/internal.h"

/* ---- what the container can write ---- */

static bool is_read_only(const struct spec_mount *m)
{
	bool read_only = false;

	for (size_t i = 0; i < m->n_options; i++) {
		read_only = read_only || streq(m->options[i], "ro") || streq(m->options[i], "rro");
		if (streq(m->options[i], "rw"))
			read_only = false;
	}
	return read_only;
}

/* Whoever has CAP_SYS_ADMIN may mount it again, and then write it. */
static bool may_remount(const struct spec *spec)
{
	const uint64_t bit = UINT64_C(1) << spec_capability("CAP_SYS_ADMIN");

	return spec->has_capabilities && (spec->capabilities.bounding & bit);
}

/* A source of the host: without a slash at its beginning only a bind's is a path. */
static bool is_of_host(const struct spec_mount *m)
{
	const bool bind = streq(m->type, "bind") || spec_mount_binds(m);

	return m->source[0] == '/' || (bind && m->source[0]);
}

static int add_writable(struct look *l, const char *path)
{
	char real[PATH_MAX];
	auto_close int fd = fs_open_path(l->bundle->dir, path, true, &l->result->budget);

	if (fd < 0 || fs_path_of(fd, real, sizeof(real)) < 0 || streq(real, "/"))
		return 0;
	l->writable[l->n_writable].dir = arena_strdup(l->arena, real);
	l->writable[l->n_writable].number = l->n_writable;
	return l->writable[l->n_writable++].dir ? 0 : error_oom(l->err);
}

static int by_dir(const void *one, const void *two)
{
	const struct writable *a = one, *b = two;
	const int order = strcmp(a->dir, b->dir);

	return order ? order : a->number < b->number ? -1 : 1;
}

/* A directory that is there several times is kept once, as the first of them. */
static void sort_writable(struct look *l)
{
	size_t n = 0;

	if (l->n_writable)
		qsort(l->writable, l->n_writable, sizeof(*l->writable), by_dir);
	for (size_t i = 0; i < l->n_writable; i++)
		if (n == 0 || !streq(l->writable[i].dir, l->writable[n - 1].dir))
			l->writable[n++] = l->writable[i];
	l->n_writable = n;
}

/* Once for all hooks: the rootfs and every bind that is not read-only. */
static int find_writable(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	int r;

	if (l->writable || !l->understood)
		return 0;
	l->writable = arena_alloc(l->arena, spec->n_mounts + 1, sizeof(*l->writable));
	if (!l->writable)
		return error_oom(l->err);
	r = l->root_outside ? 0 : add_writable(l, spec->root_path);
	l->rootfs_first = l->n_writable > 0;
	for (size_t i = 0; r == 0 && i < spec->n_mounts; i++)
		if (is_of_host(&spec->mounts[i]) &&
		    (may_remount(spec) || !is_read_only(&spec->mounts[i])))
			r = add_writable(l, spec->mounts[i].source);
	sort_writable(l);
	return r;
}

static int compare_dir(const void *dir, const void *writable)
{
	return strcmp(dir, ((const struct writable *)writable)->dir);
}

static const struct writable *writable_dir(const struct look *l, const char *dir)
{
	if (!l->n_writable)
		return NULL;
	return bsearch(dir, l->writable, l->n_writable, sizeof(*l->writable), compare_dir);
}

/* The first of the writable directories that contains @path, or is @path. */
static const struct writable *lies_in(const struct look *l, const char *path)
{
	const struct writable *first = NULL, *found;
	char part[PATH_MAX];

	for (size_t len = 1; len < sizeof(part); len++) {
		if (path[len] && path[len] != '/')
			continue;
		memcpy(part, path, len);
		part[len] = '\0';
		found = writable_dir(l, part);
		if (found && (!first || found->number < first->number))
			first = found;
		if (!path[len])
			break;
	}
	return first;
}

int lint_writable(struct look *l, const char *path, const char **dir, bool *image)
{
	const struct writable *in;
	int r = find_writable(l);

	*dir = NULL;
	if (r < 0)
		return r;
	in = lies_in(l, path);
	if (in) {
		*dir = in->dir;
		*image = in->number == 0 && l->rootfs_first;
	}
	return 0;
}

/* The real directory of the name @path, which may be a link or not exist yet. */
static const char *place_of(const char *path, char buf[static PATH_MAX])
{
	const char *base = path_base(path);
	char dir[PATH_MAX];
	int n = snprintf(dir, sizeof(dir), "%.*s", (int)(base - path), path);

	if (n <= 0 || (size_t)n >= sizeof(dir) || !realpath(dir, buf))
		return path;
	n = (int)strlen(buf);
	if ((size_t)n + strlen(base) + 2 > PATH_MAX)
		return path;
	sprintf(buf + n, "%s%s", n > 1 ? "/" : "", base);
	return buf;
}

static int check_place(struct look *l, const struct lint_hook *hook, const char *named,
		       const char *path)
{
	const struct note note = { .rule = RULE_HW401,
				   .severity = HW_SEVERITY_ERROR,
				   .token = hook->path_token,
				   .hook = hook };
	char place[PATH_MAX];
	const char *dir = NULL;
	bool image = false;
	int r = path ? lint_writable(l, path, &dir, &image) : 0;

	if (r == 0 && !dir)
		r = lint_writable(l, place_of(named, place), &dir, &image);
	if (r < 0 || !dir)
		return r;
	return lint_tell(l, &note, "%s runs on the host as root, and %s: it is in %s",
			 lint_hook_name(l, hook),
			 image ? "comes from the image" : "the container can write to it", dir);
}

/* ---- who else can write ---- */

/* Why somebody but root may put another file there, NULL if nobody may. */
static const char *weakness(const struct stat *st)
{
	const bool sticky = S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX);

	if ((st->st_mode & S_IWOTH) && !sticky)
		return "is writable by everybody";
	if ((st->st_mode & S_IWGRP) && st->st_gid != 0 && !sticky)
		return "is writable by its group";
	return geteuid() == 0 && st->st_uid != 0 ? "is not owned by root" : NULL;
}

static int check_writers(struct look *l, const struct lint_hook *hook, const char *path)
{
	const struct note note = { .rule = RULE_HW402,
				   .severity = HW_SEVERITY_ERROR,
				   .token = hook->path_token,
				   .hook = hook };
	char part[PATH_MAX];
	size_t len = 0;

	do {
		const char *why;
		struct stat st;

		len += strcspn(path + len + 1, "/") + 1;
		if (len >= sizeof(part))
			return 0;
		memcpy(part, path, len);
		part[len] = '\0';
		why = lstat(part, &st) == 0 ? weakness(&st) : NULL;
		if (why)
			return lint_tell(l, &note, "%s runs on the host as root, and %s %s",
					 lint_hook_name(l, hook), part, why);
	} while (path[len]);
	return 0;
}

/* ---- the environment ---- */

/* Of a variable's name, as much as a message shows. */
static int name_len(const char *variable)
{
	const size_t len = strcspn(variable, "=");

	return len < 60 ? (int)len : 60;
}

/* The first of process.env; looked for once, for all hooks. */
static const char *find_dangerous(struct look *l)
{
	const struct spec_strings *env = &l->bundle->spec.env;

	for (; !l->dangerous && l->n_env_seen < env->n; l->n_env_seen++)
		if (loading_variable_find(env->items[l->n_env_seen]))
			l->dangerous = env->items[l->n_env_seen];
	return l->dangerous;
}

/* Only runc's createContainer inherits process.env; from 1.3 it no longer does. */
static int check_inherited(struct look *l, const struct lint_hook *hook)
{
	const struct spec_strings *env = &l->bundle->spec.env;
	struct note note = { .rule = RULE_HW403,
			     .severity = HW_SEVERITY_WARNING,
			     .token = hook->token,
			     .hook = hook };
	const char *worst;

	if (hook->stage->id != STAGE_CREATE_CONTAINER || hook->env_given == GIVEN_VALUES ||
	    hook->env_given == GIVEN_EMPTY || !l->understood ||
	    runtime_is_other(l->lint->runtime) ||
	    !runtime_may(l->lint->runtime, CREATE_HOOK_INHERITS_ENV) || env->n == 0)
		return 0;
	worst = find_dangerous(l);
	if (worst)
		note.severity = HW_SEVERITY_ERROR;
	return lint_tell(l, &note,
			 "%s runs on the host with the variables of process.env under "
			 "runc before 1.3%s%.*s",
			 lint_hook_name(l, hook), worst ? ", including " : "",
			 worst ? name_len(worst) : 0, worst ? worst : "");
}

int lint_host_hook(struct look *l, const struct lint_hook *hook, const char *named,
		   const char *path)
{
	int r = check_place(l, hook, named, path);

	if (r == 0 && path)
		r = check_writers(l, hook, path);
	return r < 0 ? r : check_inherited(l, hook);
}

/* ---- secrets ---- */

static bool looks_secret(const char *variable)
{
	static const char *const words[] = { "PASSWORD",    "PASSWD",	  "SECRET",
					     "TOKEN",	    "APIKEY",	  "API_KEY",
					     "PRIVATE_KEY", "ACCESS_KEY", "CREDENTIALS" };
	const char *value = strchr(variable, '=');

	if (!value || !value[1] || value[1] == '/')
		return false; /* a path to a secret is not a secret */
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *at = strcasestr(variable, words[i]);

		if (at && at < value)
			return true;
	}
	return false;
}

int lint_secrets(struct look *l)
{
	int r = 0;

	if (!(l->bundle->st.st_mode & S_IROTH))
		return 0;
	for (size_t i = 0; r == 0 && i < l->n_hooks; i++) {
		const struct lint_hook *hook = &l->hooks[i];
		const struct note note = { .rule = RULE_HW404,
					   .severity = HW_SEVERITY_WARNING,
					   .token = hook->env_token,
					   .hook = hook };

		for (size_t k = 0; r == 0 && k < hook->env.n; k++)
			if (looks_secret(hook->env.items[k]))
				r = lint_tell(l, &note,
					      "%s has %.*s in its env, and "
					      "everybody can read this file",
					      lint_hook_name(l, hook), name_len(hook->env.items[k]),
					      hook->env.items[k]);
	}
	return r;
}
