/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the settings file of lint. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "tools.h"

static char dir[] = "/tmp/hookwright-settings.XXXXXX";

/* @text as FILE in the directory, and its path. */
static const char *put(const char *name, const char *text)
{
	static char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	CHECK(file);
	CHECK(fputs(text, file) >= 0);
	CHECK(fclose(file) == 0);
	return path;
}

static const struct hw_lint_settings *load(const char *text)
{
	const struct hw_lint_settings *settings = NULL;
	struct hw_error err;

	if (hw_lint_settings_load(put("s.yaml", text), &settings, &err) < 0)
		FAIL("%u:%u: %s", err.line, err.column, err.message);
	return settings;
}

/* A path of the file as the caller gets it. */
static const char *below(const char *rest)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, rest);
	return path;
}

static void everything_can_be_said(void)
{
	const struct hw_lint_settings *s =
		load("version: 1\nrecursive: [bundles, /srv/b]\nrootfs: ../rootfs\nruntime: crun\n"
		     "runtimeVersion: '1.8.1'\narch: arm64\nhostMounts: true\npolicies: p.d\n"
		     "hooksDirs: [hooks.d]\nrequests: [ldconfig-on-start]\nconfig: "
		     "hw.yaml\nnoPolicies: false\n"
		     "failOn: note\nignore:\n  HW118: the image sets its own\n"
		     "  Program-Missing: comes with a later layer\ninlineIgnore: "
		     "true\nnoInlineIgnore: true\n"
		     "format: sarif\ncolor: never\njobs: 4\n");

	CHECK_INT(s->n_recursive, 2);
	CHECK_STR(s->recursive[0], below("bundles"));
	CHECK_STR(s->recursive[1], "/srv/b");
	CHECK_STR(s->lint.rootfs, below("../rootfs"));
	CHECK_STR(s->lint.runtime, "crun");
	CHECK_STR(s->lint.runtime_version, "1.8.1");
	CHECK_STR(s->lint.arch, "arm64");
	CHECK(s->lint.host_mounts && s->lint.inline_ignore && s->lint.no_inline_ignore &&
	      !s->lint.no_policies);
	CHECK_INT(s->options.n_policies, 1);
	CHECK_STR(s->options.policies[0], below("p.d"));
	CHECK_INT(s->options.n_hooks_dirs, 1);
	CHECK_STR(s->options.hooks_dirs[0], below("hooks.d"));
	CHECK_INT(s->options.n_requests, 1);
	CHECK_STR(s->options.requests[0], "ldconfig-on-start");
	CHECK_STR(s->options.config, below("hw.yaml"));
	CHECK_INT(s->lint.n_ignores, 2);
	CHECK_STR(s->lint.ignores[0].rule, "HW118");
	CHECK_STR(s->lint.ignores[0].reason, "the image sets its own");
	CHECK_STR(s->lint.ignores[1].rule, "HW201");
	CHECK_INT(s->fail_on, HW_SEVERITY_NOTE);
	CHECK_INT(s->format, HW_REPORT_SARIF);
	CHECK_STR(hw_choice_word(HW_CHOICE_COLOUR, (size_t)s->colour), "never");
	CHECK_INT(s->jobs, 4);
	hw_lint_settings_free(s);
}

static void nothing_need_be_said(void)
{
	const struct hw_lint_settings *s = load("version: 1\n");

	CHECK(s->jobs == -1 && s->fail_on == -1 && s->format == -1 && s->colour == -1);
	CHECK(!s->lint.runtime && !s->lint.rootfs && !s->options.config && !s->n_recursive);
	CHECK(!s->lint.host_mounts && !s->lint.no_policies && !s->lint.no_inline_ignore &&
	      !s->lint.inline_ignore);
	hw_lint_settings_free(s);
}

static const struct {
	const char *text;
	unsigned line, column;
	const char *message, *hint;
} mistakes[] = {
	{ "", 0, 0, "the file does not contain a configuration",
	  "begin it with 'version: 1', or remove it" },
	{ "runtime: crun\n", 1, 1, "missing key 'version'", "begin the file with 'version: 1'" },
	{ "version: 1\nruntme: crun\n", 2, 1, "unknown key 'runtme'", "did you mean 'runtime'?" },
	{ "version: 1\nruntime: docker\n", 2, 10, "'runtime' cannot be 'docker'",
	  "known are any, runc, crun, youki, runsc, kata" },
	{ "version: 1\nruntime: lxc\n", 2, 10, "'runtime' cannot be 'lxc'",
	  "known are any, runc, crun, youki, runsc, kata" },
	{ "version: 1\narch: x86_64\n", 2, 7, "'arch' cannot be 'x86_64'",
	  "did you mean 'amd64'?" },
	{ "version: 1\narch: 386\n", 2, 7, "'arch' must be text, not a number", "quote it: '386'" },
	{ "version: 1\nruntimeVersion: 1.1\n", 2, 17, "'runtimeVersion' must be text, not a number",
	  "quote it: '1.1'" },
	{ "version: 1\nruntimeVersion: latest\n", 2, 17,
	  "runtimeVersion: 'latest' is not a version",
	  "write it as the runtime's --version prints it, such as '1.1.5'" },
	{ "version: 1\nruntimeVersion: 1.2x\n", 2, 17, "runtimeVersion: '1.2x' is not a version",
	  "write it as the runtime's --version prints it, such as '1.1.5'" },
	{ "version: 1\nfailOn: warn\n", 2, 9, "'failOn' cannot be 'warn'",
	  "did you mean 'warning'?" },
	{ "version: 1\nformat: xml\n", 2, 9, "'format' cannot be 'xml'", "did you mean 'junit'?" },
	{ "version: 1\nhostMounts: yes\n", 2, 13, "'hostMounts' cannot be 'yes'", "" },
	{ "version: 1\njobs: 257\n", 2, 7, "'jobs' must be from 0 to 256, not 257", "" },
	{ "version: 1\nrootfs: ''\n", 2, 9, "'' cannot be a path",
	  "write a path, relative to this file or absolute" },
	{ "version: 1\nrecursive: []\n", 2, 12, "'recursive' is an empty list",
	  "write at least one, or remove the key" },
	{ "version: 1\nignore: [HW118]\n", 2, 9, "'ignore' must be a mapping, not a list",
	  "write 'HW118: why it does not count here' for each rule" },
	{ "version: 1\nignore: { HW118: }\n", 2, 18, "'HW118' must be text, not nothing",
	  "write a value, or remove the key" },
	{ "version: 1\nignore: { HW118: ' ' }\n", 2, 18, "the reason is empty",
	  "write why the rule does not count here" },
	{ "version: 1\nignore: { HW18: because }\n", 2, 11, "unknown rule 'HW18'",
	  "'hookwright lint --rules' lists the rules" },
	{ "version: 1\nignore: { program-mising: because }\n", 2, 11,
	  "unknown rule 'program-mising'", "did you mean 'program-missing' (HW201)?" },
	{ "version: 1\nignore: { frobnicate: because }\n", 2, 11, "unknown rule 'frobnicate'",
	  "'hookwright lint --rules' lists the rules" },
	{ "version: 1\noutput: x.sarif\n", 2, 1, "unknown key 'output'",
	  "only the command line says which files are written: --format and --output" },
	{ "version: 1\njobs: 2\njobs: 3\n", 3, 1, "duplicate key 'jobs'", "remove one of the two" },
	{ "version: 2\nnew: 1\n", 1, 10,
	  "unknown configuration version 2; this program supports version 1",
	  "write 'version: 1'" },
};

static void mistakes_have_a_place_and_a_remedy(void)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		const struct hw_lint_settings *settings = NULL;
		const char *path = put("bad.yaml", mistakes[i].text);
		struct hw_error err = { 0 };

		CHECK_INT(hw_lint_settings_load(path, &settings, &err), -EINVAL);
		CHECK(!settings);
		CHECK_STR(err.path, path);
		CHECK_STR(err.message, mistakes[i].message);
		CHECK_STR(err.hint, mistakes[i].hint);
		CHECK_INT(err.line, mistakes[i].line);
		CHECK_INT(err.column, mistakes[i].column);
	}
}

static void absence_is_an_error_only_where_it_was_named(void)
{
	const struct hw_lint_settings *settings = NULL;
	struct hw_error err;

	CHECK(chdir(dir) == 0);
	(void)unlink(".hookwright.yaml");
	CHECK_INT(hw_lint_settings_load(NULL, &settings, &err), 0);
	CHECK(settings->jobs == -1);
	hw_lint_settings_free(settings);
	CHECK_INT(hw_lint_settings_load("absent.yaml", &settings, &err), -ENOENT);
	put(".hookwright.yaml", "version: 1\nrootfs: here\njobs: 1\n");
	CHECK_INT(hw_lint_settings_load(NULL, &settings, &err), 0);
	CHECK_STR(settings->lint.rootfs, "here");
	hw_lint_settings_free(settings);
	/* A FIFO must not make it wait for a writer. */
	CHECK(unlink(".hookwright.yaml") == 0 && mkfifo(".hookwright.yaml", 0600) == 0);
	CHECK_INT(hw_lint_settings_load(NULL, &settings, &err), -EINVAL);
	CHECK(unlink(".hookwright.yaml") == 0);
}

static void words_are_found_and_suggested(void)
{
	static const struct {
		enum hw_choice choice;
		const char *word;
		int index;
		const char *near;
	} rows[] = {
		{ HW_CHOICE_RUNTIME, "any", 0, NULL },
		{ HW_CHOICE_RUNTIME, "rnc", -1, "runc" },
		{ HW_CHOICE_RUNTIME, "gvisor", -1, "runsc" },
		{ HW_CHOICE_RUNTIME, "", -1, NULL },
		{ HW_CHOICE_ARCH, "aarch64", -1, "arm64" },
		{ HW_CHOICE_REPORT, "github", HW_REPORT_GITHUB, NULL },
		{ HW_CHOICE_REPORT, "gitlab", -1, "codeclimate" },
		{ HW_CHOICE_SEVERITY, "error", HW_SEVERITY_ERROR, NULL },
		{ HW_CHOICE_COLOUR, "frobnicate", -1, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *near = NULL;

		CHECK_INT(hw_choice_find(rows[i].choice, rows[i].word, &near), rows[i].index);
		CHECK_STR(near, rows[i].near);
	}
	CHECK(hw_choice_word(HW_CHOICE_COLOUR, 2) && !hw_choice_word(HW_CHOICE_COLOUR, 3));
}

int main(void)
{
	if (!mkdtemp(dir))
		return 1;
	RUN(everything_can_be_said);
	RUN(nothing_need_be_said);
	RUN(mistakes_have_a_place_and_a_remedy);
	RUN(absence_is_an_error_only_where_it_was_named);
	RUN(words_are_found_and_suggested);
	(void)unlink(below("s.yaml"));
	(void)unlink(below("bad.yaml"));
	(void)rmdir(dir);
	return DONE();
}
