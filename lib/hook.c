/* SPDX-License-Identifier: Apache-2.0 */
#include "hook.h"
#include "words.h"

bool hook_policy_name_valid(const char *name, size_t len)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	if (len == 0 || len > HOOK_POLICY_NAME_MAX || !memchr(first, name[0], sizeof(first) - 1))
		return false;
	for (size_t i = 1; i < len; i++)
		if (name[i] != '-' && !memchr(first, name[i], sizeof(first) - 1))
			return false;
	return true;
}

const char *hook_marked_policy(const char *env)
{
	const char *name = env + strlen(HOOK_MARK);

	if (!starts_with(env, HOOK_MARK) || !hook_policy_name_valid(name, strlen(name)))
		return NULL;
	return name;
}

bool hook_runs_ldconfig(const char *path)
{
	const char *base = path_base(path);

	return streq(base, "ldconfig") || streq(base, "ldconfig.real");
}

const char *hook_stage_name(enum hook_stage stage)
{
	static const char *const names[] = {
		[STAGE_PRESTART] = "prestart",
		[STAGE_CREATE_RUNTIME] = "createRuntime",
		[STAGE_CREATE_CONTAINER] = "createContainer",
		[STAGE_START_CONTAINER] = "startContainer",
		[STAGE_POSTSTART] = "poststart",
		[STAGE_POSTSTOP] = "poststop",
	};

	return names[stage];
}

bool hook_may_create(const char *path)
{
	static const char *const harmless[] = { "ldconfig", "ldconfig.real", "true",
						"cat",	    "sleep",	     "echo" };

	return !IS_ONE_OF(path_base(path), harmless);
}
