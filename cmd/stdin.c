/* SPDX-License-Identifier: Apache-2.0 */
/* filter and oci-hook: the commands that read config.json or the OCI state from standard input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/input.h"
#include "cli/log.h"
#include "commands.h"

#define STATE_MAX ((size_t)1 << 20) /* annotations make it large, a runtime never this large */

static int log_text(const struct invocation *in, enum hw_log_level level, const char *text,
		    struct hw_error *err)
{
	struct hw_config *config;
	struct log_line line;
	struct hw_log log;
	int r = hw_config_load(in->options.config, &config, err);

	if (r < 0)
		return r;
	hw_config_log(config, &log);
	log_line_make(&line, level, text);
	log_write(&log, &line);
	log_line_free(&line);
	hw_config_free(config);
	return 0;
}

/*
 * Standard output is the document's, or nobody's. Standard error is read by somebody if it is a
 * terminal: engines discard what a hook writes that succeeds, and podman 4 also the reason of one
 * that fails.
 */
static int tell_messages(const struct invocation *in, const struct hw_result *result,
			 struct hw_error *err)
{
	const enum hw_log_level level = hw_result_refused(result) ? HW_LOG_ERROR : HW_LOG_WARNING;
	char *text;
	int r = hw_result_render(result, HW_FORMAT_MESSAGES, false, &text, err);

	if (r < 0)
		return r;
	fputs(text, stderr);
	if (text[0] && !isatty(STDERR_FILENO))
		r = log_text(in, level, text, err);
	free(text);
	return r;
}

static int tell_outline(const struct hw_result *result, struct hw_error *err)
{
	char *text;
	int r = hw_result_render(result, HW_FORMAT_OUTLINE, false, &text, err);

	if (r < 0)
		return r;
	fputs(text, stderr);
	free(text);
	return 0;
}

static enum exit_status tell(const struct invocation *in, const struct hw_result *result)
{
	struct hw_error err;

	if ((in->verbose && tell_outline(result, &err) < 0) || tell_messages(in, result, &err) < 0)
		return complain(in, &err);
	return hw_result_refused(result) ? STATUS_FINDINGS : STATUS_OK;
}

enum exit_status cmd_filter(struct invocation *in)
{
	struct hw_result *result = NULL;
	struct hw_error err;
	enum exit_status status;
	size_t len;
	char *text = read_stdin(CONFIG_MAX, &len);

	if (!text)
		return STATUS_TROUBLE;
	if (hw_filter(text, len, in->bundle, &in->options, &result, &err) < 0) {
		free(text);
		return complain(in, &err);
	}
	free(text);
	status = tell(in, result);
	if (status == STATUS_OK) {
		const char *changed = hw_result_text(result, &len);

		fwrite(changed, 1, len, stdout);
	}
	hw_result_free(result);
	return status;
}

/* Stages whose hooks run on the host, beside a container whose mounts are made. */
static bool can_guard(const char *stage)
{
	return strcmp(stage, "createRuntime") == 0 || strcmp(stage, "prestart") == 0;
}

static enum exit_status guard(struct invocation *in)
{
	struct hw_result *result = NULL;
	struct hw_error err;
	enum exit_status status;
	size_t len;
	char *text = read_stdin(STATE_MAX, &len);

	if (!text)
		return STATUS_TROUBLE;
	if (hw_guard(text, len, &in->options, &result, &err) < 0) {
		free(text);
		return complain(in, &err);
	}
	free(text);
	status = tell(in, result);
	hw_result_free(result);
	return status;
}

/* Any status but 0 stops the container; a hook has but one other. */
enum exit_status cmd_oci_hook(struct invocation *in)
{
	if (in->n_args == 0)
		return misuse(in->command, "name the stage: createRuntime");
	if (!can_guard(in->args[0]))
		return misuse(in->command,
			      "'%s' is not a stage that can guard; configure it as a "
			      "createRuntime hook",
			      in->args[0]);
	return guard(in) == STATUS_OK ? STATUS_OK : STATUS_FINDINGS;
}
