/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime-memory.h"

#define RUNTIMES_DIR "/hookwright/runtimes/"

/* NULL if there is no place; a rootless user without a run-time directory has none. */
static const char *run_dir(bool rootless)
{
	const char *dir = rootless ? getenv("XDG_RUNTIME_DIR") : "/run";

	return dir && dir[0] == '/' ? dir : NULL;
}

/* ".../runtimes/ROOT@ID", the slashes of ROOT as '!'. */
static bool name_of(const struct runtime_call *call, bool rootless, const char *id, char *buf,
		    size_t size)
{
	const char *dir = run_dir(rootless), *root = call->root ? call->root : "";
	size_t name;
	int n;

	if (!dir || !id[0] || strchr(id, '/'))
		return false;
	name = strlen(dir) + strlen(RUNTIMES_DIR);
	n = snprintf(buf, size, "%s" RUNTIMES_DIR "%s@%s", dir, root, id);
	if (n < 0 || (size_t)n >= size || (size_t)n - name > NAME_MAX)
		return false;
	for (char *p = buf + name; *p; p++)
		if (*p == '/')
			*p = '!';
	return true;
}

static void make_dirs(const char *dir)
{
	static const char *const parts[] = { "hookwright", "hookwright/runtimes" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, parts[i]);
		(void)mkdir(path, 0755); /* symlink(2) tells if it is not there then */
	}
}

bool memory_keep(const struct runtime_call *call, bool rootless, const char *runtime)
{
	char path[PATH_MAX];

	if (!call->id || !name_of(call, rootless, call->id, path, sizeof(path)))
		return false;
	make_dirs(run_dir(rootless));
	(void)unlink(path); /* of an earlier container of that name */
	return symlink(runtime, path) == 0;
}

static bool deletes_for_good(const struct runtime_call *call, char *const *argv)
{
	if (!call->verb || strcmp(call->verb, "delete") != 0)
		return false;
	for (; *argv; argv++)
		if (strcmp(*argv, "--force") == 0 || strcmp(*argv, "-f") == 0)
			return true;
	return false;
}

bool memory_recall(const struct runtime_call *call, bool rootless, char *const *argv, char **ret)
{
	for (char *const *word = argv; *word; word++) {
		char path[PATH_MAX], runtime[PATH_MAX];
		ssize_t n;

		if (!name_of(call, rootless, *word, path, sizeof(path)))
			continue;
		n = readlink(path, runtime, sizeof(runtime));
		if (n <= 0 || (size_t)n >= sizeof(runtime))
			continue;
		*ret = strndup(runtime, (size_t)n);
		if (*ret && deletes_for_good(call, argv))
			(void)unlink(path);
		return true;
	}
	return false;
}
