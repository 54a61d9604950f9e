/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint: code that a hook of the host loads besides its program: by variables such as LD_PRELOAD,
 * or as the script of an interpreter.
 */
#include <limits.h>
#include <stdio.h>

#include "base/words.h"
#include "lint/internal.h"

/* ---- variables ---- */

static bool is_list(const char *variable)
{
	const struct loading_variable *v = loading_variable_find(variable);

	return v ? v->list : starts_with(variable, "PATH=");
}

/* The real path of @piece (@len bytes), or, if there is no such file, as it is written. */
static const char *real_path(const char *piece, size_t len, const char *cwd,
			     char buf[static PATH_MAX])
{
	char path[PATH_MAX];
	int n = piece[0] == '/' ? snprintf(path, sizeof(path), "%.*s", (int)len, piece)
				: snprintf(path, sizeof(path), "%s/%.*s", cwd, (int)len, piece);

	if (n < 0 || (size_t)n >= sizeof(path))
		return "";
	if (!realpath(path, buf))
		memcpy(buf, path, (size_t)n + 1);
	return buf;
}

static int tell(struct look *l, const struct lint_hook *hook, uint32_t token, const char *what,
		const char *path, bool image)
{
	const struct note note = {
		.rule = RULE_HW408, .severity = HW_SEVERITY_ERROR, .token = token, .hook = hook
	};

	return what ? lint_tell(l, &note, "%s runs on the host as root, and %s %s: %s",
				lint_hook_name(l, hook), what,
				image ? "leads into the image"
				      : "leads to where the container can write",
				path)
		    : error_oom(l->err);
}

static int check_one_variable(struct look *l, const struct lint_hook *hook, const char *variable,
			      const char *cwd)
{
	const size_t name = strcspn(variable, "=");
	const bool list = is_list(variable);
	const char *s = variable + name, *dir = NULL;
	char real[PATH_MAX];
	int r = 0;

	while (r == 0 && *s) {
		const size_t len = strcspn(++s, list ? ":" : ": ,;=\t\n");
		bool image;

		if (s[0] == '/' || list) {
			const char *path = real_path(s, len, cwd, real);

			r = lint_writable(l, path, &dir, &image);
			if (r == 0 && dir)
				return tell(l, hook, hook->env_token,
					    arena_printf(l->arena, "its %.*s", (int)name, variable),
					    path, image);
		}
		s += len;
	}
	return r;
}

/* ---- the script of an interpreter ---- */

static bool is_interpreter(const char *path)
{
	static const char *const names[] = { "python",	"perl", "ruby", "node",
					     "busybox", "env",	"php",	"lua" };
	const char *base = path_base(path);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const size_t len = strlen(names[i]);

		/* python3.11, perl5 */
		if (strncmp(base, names[i], len) == 0 &&
		    base[len + strspn(base + len, "0123456789.")] == '\0')
			return true;
	}
	return shell_find(path) != NULL;
}

static int check_script(struct look *l, const struct lint_hook *hook, const char *cwd)
{
	char real[PATH_MAX];
	int r = 0;

	if (!is_interpreter(hook->path))
		return 0;
	for (size_t i = 1; r == 0 && i < hook->args.n; i++) {
		const char *word = hook->args.items[i], *dir, *path;
		bool image;

		if (word[0] == '-' || !word[0] || strchr(word, '='))
			continue;
		/* A command line of -c: its program is what counts. */
		path = real_path(word, strcspn(word, " \t\n;&|"), cwd, real);
		r = lint_writable(l, path, &dir, &image);
		if (r < 0 || dir)
			return r < 0 ? r
				     : tell(l, hook, hook->args_token, "its script", path, image);
		if (!is_interpreter(word))
			break;
	}
	return r;
}

int lint_host_input(struct look *l, const struct lint_hook *hook, const char *cwd)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < hook->env.n; i++) {
		const char *variable = hook->env.items[i];

		if (loading_variable_find(variable) || starts_with(variable, "PATH="))
			r = check_one_variable(l, hook, variable, cwd);
	}
	return r < 0 ? r : check_script(l, hook, cwd);
}
