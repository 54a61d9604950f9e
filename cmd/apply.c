/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply, explain and revert: the commands that decide about one bundle on
 * disk and print the result.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli/document.h"
#include "commands.h"

typedef int library_call(const char *bundle, const struct hw_options *options,
			 struct hw_result **ret, struct hw_error *err);

/* The texts for stdout and stderr, made before anything is written to the bundle. */
struct rendered {
	const struct invocation *in;
	enum hw_format format;		/* of what goes to stdout, unless --json */
	char *outline, *out, *messages; /* NULL: nothing */
};

static bool is_explanation(enum hw_format format)
{
	return format == HW_FORMAT_EXPLAIN || format == HW_FORMAT_FOCUS ||
	       format == HW_FORMAT_OUTLINE;
}

static int render(struct rendered *r, const struct hw_result *result, struct hw_error *err)
{
	const struct invocation *in = r->in;
	int res = 0;

	if (in->json)
		return hw_result_json(result, &r->out, err);
	if (in->verbose && !is_explanation(r->format))
		res = hw_result_render(result, HW_FORMAT_OUTLINE, in->colour, &r->outline, err);
	if (res == 0 && (r->format != HW_FORMAT_SUMMARY || !in->quiet))
		res = hw_result_render(result, r->format, in->colour, &r->out, err);
	/* Explain has the messages in it, and so has JSON. */
	if (res == 0 && !is_explanation(r->format))
		res = hw_result_render(result, HW_FORMAT_MESSAGES, false, &r->messages, err);
	return res;
}

static int render_first(void *ctx, const struct hw_result *result, struct hw_error *err)
{
	return render(ctx, result, err);
}

static enum exit_status call(struct invocation *in, library_call *fn, enum hw_format format)
{
	struct rendered rendered = { .in = in, .format = format };
	struct hw_result *result = NULL;
	struct hw_error err;
	enum exit_status status;
	int r;

	in->options.before_write = render_first;
	in->options.before_write_ctx = &rendered;
	r = fn(in->n_args ? in->args[0] : NULL, &in->options, &result, &err);
	if (r == 0 && !rendered.out && !rendered.messages)
		r = render(&rendered, result, &err);
	if (r == 0) {
		if (in->json)
			document_begun();
		fputs(rendered.outline ? rendered.outline : "", stdout);
		fputs(rendered.out ? rendered.out : "", stdout);
		fputs(rendered.messages ? rendered.messages : "", stderr);
		status = hw_result_refused(result) ? STATUS_FINDINGS : STATUS_OK;
	} else {
		status = complain(in, &err);
	}
	free(rendered.outline);
	free(rendered.out);
	free(rendered.messages);
	hw_result_free(result);
	return status;
}

enum exit_status cmd_apply(struct invocation *in)
{
	return call(in, hw_apply, in->diff ? HW_FORMAT_DIFF : HW_FORMAT_SUMMARY);
}

enum exit_status cmd_explain(struct invocation *in)
{
	return call(in, hw_explain,
		    in->svg	  ? HW_FORMAT_SVG
		    : in->quiet	  ? HW_FORMAT_OUTLINE
		    : in->verbose ? HW_FORMAT_EXPLAIN
				  : HW_FORMAT_FOCUS);
}

enum exit_status cmd_revert(struct invocation *in)
{
	return call(in, hw_revert, in->diff ? HW_FORMAT_DIFF : HW_FORMAT_SUMMARY);
}
