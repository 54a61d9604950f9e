/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"

typedef int library_call(const char *bundle, const struct hw_options *options,
			 struct hw_result **ret, struct hw_error *err);

static int print(const struct hw_result *result, enum hw_format format, bool colour, FILE *to,
		 struct hw_error *err)
{
	char *text;
	int r = hw_result_render(result, format, colour, &text, err);

	if (r < 0)
		return r;
	fputs(text, to);
	free(text);
	return 0;
}

/* Data goes to stdout in one form; what must be told goes to stderr. */
static enum exit_status report(const struct invocation *in, const struct hw_result *result,
			       enum hw_format format)
{
	struct hw_error err;
	int r = 0;

	if (in->json)
		r = print(result, HW_FORMAT_JSON, false, stdout, &err);
	else if (!in->quiet || format != HW_FORMAT_SUMMARY)
		r = print(result, format, in->colour, stdout, &err);
	if (r == 0 && !in->json && format != HW_FORMAT_EXPLAIN)
		r = print(result, HW_FORMAT_MESSAGES, false, stderr, &err);
	if (r < 0)
		return complain(in, &err);
	return hw_result_refused(result) ? STATUS_FINDINGS : STATUS_OK;
}

static enum exit_status call(struct invocation *in, library_call *fn, enum hw_format format)
{
	struct hw_result *result = NULL;
	struct hw_error err;
	enum exit_status status;

	if (fn(in->n_args ? in->args[0] : NULL, &in->options, &result, &err) < 0)
		return complain(in, &err);
	status = report(in, result, format);
	hw_result_free(result);
	return status;
}

enum exit_status cmd_apply(struct invocation *in)
{
	return call(in, hw_apply, in->diff ? HW_FORMAT_DIFF : HW_FORMAT_SUMMARY);
}

enum exit_status cmd_explain(struct invocation *in)
{
	return call(in, hw_explain, HW_FORMAT_EXPLAIN);
}

enum exit_status cmd_revert(struct invocation *in)
{
	return call(in, hw_revert, in->diff ? HW_FORMAT_DIFF : HW_FORMAT_SUMMARY);
}
