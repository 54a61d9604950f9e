/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the names that several modules test for. */
#include "base/words.h"
#include "test.h"

static void shells_are_known_by_name(void)
{
	static const char *const yes[] = {
		"/bin/sh",    "ash",	      "/usr/bin/bash",	  "/bin/dash", "/bin/ksh",
		"/bin/mksh",  "/usr/bin/zsh", "/usr/bin/yash",	  "/bin/lksh", "/usr/bin/posh",
		"/bin/rbash", "/bin/ksh93",   "/usr/bin/zsh-5.9", "/bin/zsh5", "/bin/bash-static"
	};
	static const char *const no[] = { "/bin/busybox", "/usr/bin/rsh",  "/bin/sha",
					  "/bin/ssh",	  "/bin/sh/",	   "",
					  "/bin/bashful", "/usr/bin/fish", "/usr/bin/sh-static-2" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		CHECK(shell_find(yes[i]));
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		CHECK(!shell_find(no[i]));
	CHECK(shell_find("/bin/zsh")->skips_cr && !shell_find("/bin/mksh")->skips_cr);
	CHECK(shell_find("/bin/yash")->takes_blank && !shell_find("/bin/zsh")->takes_blank);
}

static const struct {
	const char *variable;
	bool loads, list;
} variables[] = {
	{ "LD_PRELOAD", true, false },
	{ "LD_LIBRARY_PATH=/lib", true, true },
	{ "LD_AUDIT=", true, false },
	{ "LDFLAGS", false, false },
	{ "LD", false, false },
	{ "BASH_ENV=x", true, false },
	{ "BASH_FUNC_a%%=() { b; }", true, false },
	{ "CDPATH=:", true, true },
	{ "ENV", true, false },
	{ "ENVIRONMENT=x", false, false },
	{ "GCONV_PATH=a", true, true },
	{ "GETCONF_DIR", true, false },
	{ "HOSTALIASES", true, false },
	{ "IFS", true, false },
	{ "JAVA_TOOL_OPTIONS", true, false },
	{ "_JAVA_OPTIONS", true, false },
	{ "LOCPATH=/x", true, true },
	{ "MALLOC_TRACE=/x", true, false },
	{ "MALLOC_ARENA_MAX=2", false, false },
	{ "OPENSSL_CONF", true, false },
	{ "OPENSSL_MODULES", true, false },
	{ "OPENSSL_CONFIG", false, false },
	{ "PERL5LIB=/x", true, true },
	{ "PERL5OPT", true, false },
	{ "PERL_UNICODE=S", false, false },
	{ "PS4", true, false },
	{ "PYTHONPATH=/x", true, true },
	{ "PYTHONHOME", true, false },
	{ "PYTHONPYCACHEPREFIX=/x", true, false },
	{ "PYTHONUNBUFFERED=1", false, false },
	{ "PYTHONDONTWRITEBYTECODE=1", false, false },
	{ "RUBYLIB", true, true },
	{ "SHELLOPTS", true, false },
	{ "ZDOTDIR=/x", true, false },
	{ "PATH=/bin", false, false },
	{ "HOME", false, false },
	{ "", false, false },
	{ "=LD_PRELOAD", false, false },
};

static void variables_that_load_code_are_known(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
		const struct loading_variable *v = loading_variable_find(variables[i].variable);

		CHECK_INT(v != NULL, variables[i].loads);
		CHECK_INT(v && v->list, variables[i].list);
	}
}

static void the_last_value_of_a_variable_counts(void)
{
	static const char *const env[] = { "A=1", "AB=2", "A=3", "B", "C=", "A" };

	CHECK_STR(env_value(env, ARRAY_SIZE(env), "A"), "3");
	CHECK_STR(env_value(env, ARRAY_SIZE(env), "AB"), "2");
	CHECK_STR(env_value(env, ARRAY_SIZE(env), "C"), "");
	CHECK_STR(env_value(env, ARRAY_SIZE(env), "B"), NULL);
	CHECK_STR(env_value(NULL, 0, "A"), NULL);
	CHECK(IS_ONE_OF("B", env) && !IS_ONE_OF("b", env));
}

int main(void)
{
	RUN(shells_are_known_by_name);
	RUN(variables_that_load_code_are_known);
	RUN(the_last_value_of_a_variable_counts);
	return DONE();
}
