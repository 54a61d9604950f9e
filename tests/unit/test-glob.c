/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of patterns for paths; fnmatch(3) of the C library is the oracle. */
#include <fnmatch.h>

#include "base/glob.h"
#include "test.h"

static const char *const patterns[] = {
	"*",
	"?",
	"a*",
	"*a",
	"*a*b*",
	"a?c",
	"[ab]",
	"[!ab]",
	"[a-c]x",
	"[]a]",
	"[!]a]",
	"[a-]",
	"\\*",
	"\\?",
	"a\\b",
	"[\\]]",
	"[[:digit:]]*",
	"[[:alpha:][:digit:]]",
	"[![:upper:]]",
	".*",
	"[.]a",
	"?a",
	"*.so.*",
	"lib*.so.[0-9]",
	"**",
	"a**b",
	"*?*?",
	"[[]",
	"[a",
	"[[:punct:]]",
	"[[:xdigit:]]",
	"[[:alnum:]]",
	"[[:lower:]]",
	"\\.a",
	"",
	"a",
	"[a-c-]",
	"[*]",
	"[?]x",
};

static const char *const names[] = {
	"a",
	"b",
	"c",
	"ab",
	"abc",
	"aab",
	"ba",
	"aXbYb",
	"]",
	"-",
	"*",
	"?",
	"ax",
	"cx",
	"dx",
	"\\",
	".a",
	".",
	"..",
	"1",
	"12",
	"Z",
	"libcuda.so.535",
	"libcuda.so.1",
	"lib.so.5",
	"x.so.",
	"[",
	"[a",
	"!",
	"f",
	"g",
	"_",
	"~",
	"",
	"\xc3\xa4",
	"ab.so.1.2",
	"?x",
	"aaaaaaab",
};

static void names_match_as_in_the_c_library(void)
{
	const char *hint;

	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
		for (size_t j = 0; j < ARRAY_SIZE(names); j++) {
			const bool wanted = fnmatch(patterns[i], names[j], FNM_PERIOD) == 0;
			const bool got = glob_match_name(patterns[i], strlen(patterns[i]), names[j],
							 strlen(names[j]));

			/* What has an error is never asked about. */
			if (wanted != got &&
			    (!glob_error(patterns[i], &hint) || strcmp(patterns[i], "**") == 0))
				FAIL("'%s' and '%s': %d", patterns[i], names[j], got);
		}
}

static const struct {
	const char *pattern, *path;
	bool matches;
} paths[] = {
	{ "/usr/lib/*/libcuda.so.*", "/usr/lib/x86_64-linux-gnu/libcuda.so.1", true },
	{ "/usr/lib/*/libcuda.so.*", "/usr/lib/libcuda.so.1", false },
	{ "/usr/lib/*/libcuda.so.*", "/usr/lib/a/b/libcuda.so.1", false },
	{ "/usr/lib/*", "/usr/lib/.hidden", false },
	{ "/usr/lib/*", "/usr/lib", false },
	{ "/*", "/usr", true },
	{ "/*", "/", false },
	{ "//usr//l*", "/usr/lib", true },
	{ "/a[/]b*", "/a/b", false },
};

static void paths_match_name_by_name(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (glob_match_path(paths[i].pattern, paths[i].path) != paths[i].matches)
			FAIL("'%s' and '%s'", paths[i].pattern, paths[i].path);
}

static void many_stars_take_no_time(void)
{
	char pattern[201], name[256];

	for (size_t i = 0; i < 100; i++)
		memcpy(pattern + 2 * i, "*a", 2);
	pattern[200] = '\0';
	memset(name, 'a', sizeof(name));
	name[255] = 'b';
	for (int i = 0; i < 1000; i++)
		CHECK(!glob_match_name(pattern, 200, name, sizeof(name)));
}

static void mistakes_are_found(void)
{
	static const char *const sound[] = {
		"/a*", "/[]]", "/[!]]", "/\\[", "/[[:digit:]]", "/a**"
	};
	static const char *const bad[] = { "/**/a",	 "/a/**",      "/[a",	       "/[a/b]",
					   "/[z-a]*",	 "/a\\",       "/[[:space:]]", "/[[=a=]]",
					   "/[[:digit]", "/[[.a.]]b*", "/[\\]" };
	const char *hint;

	for (size_t i = 0; i < ARRAY_SIZE(sound); i++)
		if (glob_error(sound[i], &hint))
			FAIL("'%s': %s", sound[i], glob_error(sound[i], &hint));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (!glob_error(bad[i], &hint))
			FAIL("'%s' has no error", bad[i]);
}

int main(void)
{
	RUN(names_match_as_in_the_c_library);
	RUN(paths_match_name_by_name);
	RUN(many_stars_take_no_time);
	RUN(mistakes_are_found);
	return DONE();
}
