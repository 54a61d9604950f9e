/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as lint's settings file and as the configuration: a failure has an error and no
 * result, and the values of a success are within their bounds.
 */
#include "fuzz.h"
#include "place.h"
#include "tools.h"

static void check_settings(const struct hw_lint_settings *s)
{
	REQUIRE(s->jobs >= -1 && s->jobs <= HW_LINT_JOBS_MAX);
	REQUIRE(s->fail_on >= -1 &&
		(s->fail_on < 0 || hw_choice_word(HW_CHOICE_SEVERITY, (size_t)s->fail_on)));
	REQUIRE(s->format >= -1 &&
		(s->format < 0 || hw_choice_word(HW_CHOICE_REPORT, (size_t)s->format)));
	REQUIRE(s->colour >= -1 &&
		(s->colour < 0 || hw_choice_word(HW_CHOICE_COLOUR, (size_t)s->colour)));
	for (size_t i = 0; i < s->lint.n_ignores; i++)
		REQUIRE(s->lint.ignores[i].rule[0] && s->lint.ignores[i].reason[0]);
	for (size_t i = 0; i < s->n_recursive; i++)
		REQUIRE(s->recursive[i][0]);
	for (size_t i = 0; i < s->options.n_policies; i++)
		REQUIRE(s->options.policies[i][0]);
	for (size_t i = 0; i < s->options.n_hooks_dirs; i++)
		REQUIRE(s->options.hooks_dirs[i][0]);
	for (size_t i = 0; i < s->options.n_requests; i++)
		REQUIRE(s->options.requests[i][0]);
}

static void load_settings(void)
{
	const struct hw_lint_settings *settings = NULL;
	struct hw_error err = { 0 };
	int r = hw_lint_settings_load(NULL, &settings, &err);

	if (r == 0)
		check_settings(settings);
	else
		require_error(r, &err);
	hw_lint_settings_free(settings);
}

static void check_config(const struct hw_config *config)
{
	const char *names[] = { NULL, "runc", "other", "" }, *path, *dialect;
	struct hw_log log;

	hw_config_log(config, &log);
	REQUIRE(log.level <= HW_LOG_INFO);
	REQUIRE(!log.file || log.file[0] == '/');
	dialect = hw_config_dialect(config);
	REQUIRE(!dialect || strcmp(dialect, "runc") == 0 || strcmp(dialect, "crun") == 0);
	(void)hw_config_tolerates_errors(config);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct hw_error err = { 0 };
		int r = hw_config_runtime(config, names[i], &path, &err);

		if (r < 0)
			require_error(r, &err);
		else
			REQUIRE(path[0] == '/');
		if (names[i])
			(void)hw_config_alternative(config, names[i]);
	}
}

static void load_config(void)
{
	struct hw_config *config = NULL;
	struct hw_policies *policies = NULL;
	const struct hw_options options = { .config = "config.yaml" };
	struct hw_error err = { 0 };
	int r = hw_config_load("config.yaml", &config, &err);

	if (r == 0) {
		check_config(config);
	} else {
		REQUIRE(!config);
		require_error(r, &err);
	}
	hw_config_free(config);
	memset(&err, 0, sizeof(err));
	r = hw_policies_load(&options, &policies, &err);
	if (r < 0)
		require_error(r, &err);
	hw_policies_free(policies);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)enter_place();
	put_file(".hookwright.yaml", data, size, 0644);
	put_file("config.yaml", data, size, 0644);
	load_settings();
	load_config();
	leave_place();
	return 0;
}
