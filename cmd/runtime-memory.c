/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run-dir.h"
#include "runtime-memory.h"

struct link {
	char path[RUN_PATH_MAX + NAME_MAX];
};

/* ".../runtimes/ROOT@ID", the slashes of ROOT as '!'; false if that is no name or too long. */
static bool link_of(const struct runtime_call *call, bool rootless, const char *id,
		    struct link *ret)
{
	const char *root = call->root ? call->root : "";
	char *name, *end;

	if (!id[0] || strchr(id, '/') || strlen(root) + 1 + strlen(id) > NAME_MAX ||
	    !run_path(rootless, RUNTIMES_DIR, ret->path))
		return false;
	name = ret->path + strlen(ret->path);
	end = stpcpy(name, root);
	for (; name < end; name++)
		if (*name == '/')
			*name = '!';
	*end++ = '@';
	strcpy(end, id);
	return true;
}

/* What is not there then, symlink(2) tells. */
static void make_dirs(bool rootless)
{
	static const char *const parts[] = { "/hookwright", "/hookwright/runtimes" };
	char path[RUN_PATH_MAX];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (run_path(rootless, parts[i], path))
			(void)mkdir(path, 0755);
}

bool memory_keep(const struct runtime_call *call, bool rootless, const char *runtime)
{
	struct link link;

	if (!call->id || !link_of(call, rootless, call->id, &link))
		return false;
	make_dirs(rootless);
	(void)unlink(link.path); /* of an earlier container of that name */
	return symlink(runtime, link.path) == 0;
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

/* Where it leads, for free(3), or NULL; errno is ENOENT if it is gone by now. */
static char *target_of(const struct link *link)
{
	char *target = malloc(PATH_MAX);
	ssize_t n = target ? readlink(link->path, target, PATH_MAX) : -1;

	if (n > 0 && n < PATH_MAX) {
		target[n] = '\0';
		return target;
	}
	free(target); /* which leaves errno alone */
	return NULL;
}

bool memory_recall(const struct runtime_call *call, bool rootless, char *const *argv, char **ret)
{
	for (char *const *word = argv; *word; word++) {
		struct link link;
		struct stat st;

		if (!link_of(call, rootless, *word, &link) || lstat(link.path, &st) < 0 ||
		    !S_ISLNK(st.st_mode))
			continue;
		*ret = target_of(&link);
		if (!*ret && errno == ENOENT) /* another "delete --force" came first */
			continue;
		if (*ret && deletes_for_good(call, argv))
			(void)unlink(link.path);
		return true;
	}
	return false;
}
