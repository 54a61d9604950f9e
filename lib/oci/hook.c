/* SPDX-License-Identifier: Apache-2.0 */
/* The stages of hooks, the mark of hookwright's own hooks, and the valid names of policies. */
#include "oci/hook.h"
#include "base/words.h"

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

static const char *const before_variables[] = {
	[BEFORE_HOOKS_NULL] = HOOK_BEFORE "hooks:null",
	[BEFORE_HOOKS_EMPTY] = HOOK_BEFORE "hooks:{}",
	[BEFORE_HOOKS_BLANK] = HOOK_BEFORE "hooks:{ }",
	[BEFORE_STAGE_NULL] = HOOK_BEFORE "startContainer:null",
	[BEFORE_STAGE_EMPTY] = HOOK_BEFORE "startContainer:[]",
	[BEFORE_STAGE_BLANK] = HOOK_BEFORE "startContainer:[ ]",
};

const char *hook_before_variable(enum hook_before before)
{
	return before_variables[before];
}

enum hook_before hook_before_find(const char *env)
{
	for (size_t i = BEFORE_NOTHING + 1; i < ARRAY_SIZE(before_variables); i++)
		if (streq(env, before_variables[i]))
			return (enum hook_before)i;
	return BEFORE_NOTHING;
}

bool hook_runs_ldconfig(const char *path)
{
	const char *base = path_base(path);

	return streq(base, "ldconfig") || streq(base, "ldconfig.real");
}

/* runtime-spec, config.md, "POSIX-platform Hooks"; since: the tags of the specification. */
const struct stage hook_stages[HOOK_STAGES] = {
	[STAGE_PRESTART] = { "prestart", false, true, true, { 0, 1, 1 }, STAGE_PRESTART },
	[STAGE_CREATE_RUNTIME] = { "createRuntime",
				   false,
				   true,
				   false,
				   { 1, 0, 2 },
				   STAGE_CREATE_RUNTIME },
	[STAGE_CREATE_CONTAINER] = { "createContainer",
				     false,
				     true,
				     false,
				     { 1, 0, 2 },
				     STAGE_CREATE_CONTAINER },
	[STAGE_START_CONTAINER] = { "startContainer",
				    true,
				    false,
				    false,
				    { 1, 0, 2 },
				    STAGE_START_CONTAINER },
	[STAGE_POSTSTART] = { "poststart", false, false, false, { 0, 2, 0 }, STAGE_POSTSTART },
	[STAGE_POSTSTOP] = { "poststop", false, false, false, { 0, 1, 1 }, STAGE_POSTSTOP },
};

const char *hook_stage_name(enum hook_stage stage)
{
	return hook_stages[stage].name;
}

bool hook_may_create(const char *path)
{
	static const char *const harmless[] = { "ldconfig", "ldconfig.real", "true",
						"cat",	    "sleep",	     "echo" };

	return !IS_ONE_OF(path_base(path), harmless);
}
