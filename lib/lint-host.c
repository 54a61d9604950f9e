/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "fs.h"
#include "lint-internal.h"

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

static int add_writable(struct look *l, const char *path)
{
	char real[PATH_MAX];
	auto_close int fd = openat(l->bundle->dir, path, O_PATH | O_CLOEXEC);

	if (fd < 0 || fs_path_of(fd, real, sizeof(real)) < 0 || streq(real, "/"))
		return 0;
	l->writable[l->n_writable] = arena_strdup(l->arena, real);
	return l->writable[l->n_writable++] ? 0 : error_oom(l->err);
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
	r = add_writable(l, spec->root_path);
	l->rootfs_first = l->n_writable > 0;
	for (size_t i = 0; r == 0 && i < spec->n_mounts; i++)
		if (spec->mounts[i].source[0] == '/' && !is_read_only(&spec->mounts[i]))
			r = add_writable(l, spec->mounts[i].source);
	return r;
}

static bool lies_in(const char *path, const char *dir)
{
	const size_t len = strlen(dir);

	return strncmp(path, dir, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static int check_place(struct look *l, const struct lint_hook *hook, const char *path)
{
	const struct note note = { .rule = RULE_HW401,
				   .severity = HW_SEVERITY_ERROR,
				   .token = hook->path_token,
				   .hook = hook };
	int r = find_writable(l);

	for (size_t i = 0; r == 0 && i < l->n_writable; i++)
		if (lies_in(path, l->writable[i]))
			return lint_tell(l, &note,
					 "%s runs on the host as root, and %s: it lies in %s",
					 lint_hook_name(l, hook),
					 i == 0 && l->rootfs_first ? "comes out of the image"
								   : "the container can write it",
					 l->writable[i]);
	return r;
}

/* ---- who else can write ---- */

/* Why somebody but root may put another file there, NULL if nobody may. */
static const char *weakness(const struct stat *st)
{
	const bool sticky = S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX);

	if ((st->st_mode & S_IWOTH) && !sticky)
		return "may be written by everybody";
	if ((st->st_mode & S_IWGRP) && st->st_gid != 0 && !sticky)
		return "may be written by its group";
	return geteuid() == 0 && st->st_uid != 0 ? "is not root's" : NULL;
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

static bool is_dangerous(const char *variable)
{
	static const char *const prefixes[] = {
		"LD_",	       "GLIBC_TUNABLES=", "GCONV_PATH=", "BASH_ENV=",	  "ENV=",
		"PYTHONPATH=", "PERL5LIB=",	  "PERL5OPT=",	 "NODE_OPTIONS=", "RUBYOPT="
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (starts_with(variable, prefixes[i]))
			return true;
	return false;
}

/* Only runc's createContainer inherits process.env; from 1.3 it no longer does. */
static int check_inherited(struct look *l, const struct lint_hook *hook)
{
	const struct spec_strings *env = &l->bundle->spec.env;
	struct note note = { .rule = RULE_HW403,
			     .severity = HW_SEVERITY_WARNING,
			     .token = hook->token,
			     .hook = hook };
	const char *worst = NULL;

	if (!streq(hook->stage->name, "createContainer") || hook->env_given == GIVEN_VALUES ||
	    hook->env_given == GIVEN_EMPTY || !l->understood ||
	    !runtime_may(l->lint->runtime, CREATE_HOOK_INHERITS_ENV) || env->n == 0)
		return 0;
	for (size_t i = 0; !worst && i < env->n; i++)
		if (is_dangerous(env->items[i]))
			worst = env->items[i];
	if (worst)
		note.severity = HW_SEVERITY_ERROR;
	return lint_tell(l, &note,
			 "%s runs on the host with the variables of process.env under "
			 "runc before 1.3%s%.*s",
			 lint_hook_name(l, hook), worst ? ", among them " : "",
			 worst ? (int)strcspn(worst, "=") : 0, worst ? worst : "");
}

int lint_host_hook(struct look *l, const struct lint_hook *hook, const char *path)
{
	int r = path ? check_place(l, hook, path) : 0;

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
		return false; /* a path to a secret is none */
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
					      "%s has %.*s in its env, and everybody may read this "
					      "file",
					      lint_hook_name(l, hook),
					      (int)strcspn(hook->env.items[k], "="),
					      hook->env.items[k]);
	}
	return r;
}
