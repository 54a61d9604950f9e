/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of names: shells, and variables by which a program loads code. */
#include "base/words.h"

bool words_have(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (streq(words[i], word))
			return true;
	return false;
}

/* ---- shells ---- */

static const struct shell shells[] = {
	{ "sh" },
	{ "ash" },
	{ "bash" },
	{ "dash" },
	{ "ksh" },
	{ "mksh" },
	{ "lksh" },
	{ "posh" },
	{ "rbash" },
	{ "rksh" },
	{ "yash", .takes_blank = true },
	{ "zsh", .skips_cr = true },
};

/* "ksh93", "zsh-5.9", "bash-static" */
static bool is_version(const char *rest)
{
	return rest[strspn(rest, "-.0123456789")] == '\0' || streq(rest, "-static");
}

const struct shell *shell_find(const char *path)
{
	const char *base = path_base(path);

	for (size_t i = 0; i < ARRAY_SIZE(shells); i++)
		if (starts_with(base, shells[i].name) && is_version(base + strlen(shells[i].name)))
			return &shells[i];
	return NULL;
}

/* ---- variables ---- */

/*
 * Of the dynamic loaders, of what glibc ignores in set-user-ID programs (ld.so(8)), of shells and
 * of interpreters. Those that only tune (MALLOC_ARENA_MAX, PYTHONUNBUFFERED) are left out.
 */
static const struct loading_variable variables[] = {
	{ "BASHOPTS" },
	{ "BASH_ENV" },
	{ "BASH_FUNC_", .prefix = true },
	{ "CDPATH", .list = true },
	{ "ENV" },
	{ "GCONV_PATH", .list = true },
	{ "GETCONF_DIR" },
	{ "GLIBC_TUNABLES" },
	{ "HOSTALIASES" },
	{ "IFS" },
	{ "JAVA_TOOL_OPTIONS" },
	{ "JDK_JAVA_OPTIONS" },
	{ "LD_LIBRARY_PATH", .list = true },
	{ "LD_", .prefix = true },
	{ "LOCALDOMAIN" },
	{ "LOCPATH", .list = true },
	{ "MALLOC_TRACE" },
	{ "NLSPATH", .list = true },
	{ "NODE_OPTIONS" },
	{ "NODE_PATH", .list = true },
	{ "OPENSSL_CONF" },
	{ "OPENSSL_MODULES" },
	{ "PERL5DB" },
	{ "PERL5LIB", .list = true },
	{ "PERL5OPT" },
	{ "PERLLIB", .list = true },
	{ "PS4" },
	{ "PYTHONBREAKPOINT" },
	{ "PYTHONHOME" },
	{ "PYTHONPATH", .list = true },
	{ "PYTHONPLATLIBDIR" },
	{ "PYTHONPYCACHEPREFIX" },
	{ "PYTHONSTARTUP" },
	{ "PYTHONUSERBASE" },
	{ "PYTHONWARNINGS" },
	{ "RESOLV_HOST_CONF" },
	{ "RES_OPTIONS" },
	{ "RUBYLIB", .list = true },
	{ "RUBYOPT" },
	{ "SHELLOPTS" },
	{ "ZDOTDIR" },
	{ "_JAVA_OPTIONS" },
};

const struct loading_variable *loading_variable_find(const char *variable)
{
	const size_t len = strcspn(variable, "=");

	for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
		const struct loading_variable *v = &variables[i];
		const size_t name = strlen(v->name);

		if (strncmp(variable, v->name, name) == 0 && (v->prefix || name == len))
			return v;
	}
	return NULL;
}

const char *value_of_variable(const char *assignment, const char *name)
{
	const size_t len = strlen(name);

	return strncmp(assignment, name, len) == 0 && assignment[len] == '=' ? assignment + len + 1
									     : NULL;
}

const char *env_value(const char *const *env, size_t n_env, const char *name)
{
	for (size_t i = n_env; i-- > 0;) {
		const char *value = value_of_variable(env[i], name);

		if (value)
			return value;
	}
	return NULL;
}
