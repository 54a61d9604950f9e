/* SPDX-License-Identifier: Apache-2.0 */
/* Text and JSON of what apply and explain decided. */
#pragma once

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * The report of a plan, as text for people or JSON for machines. Pure: strings in, strings
 * out; the same input gives the same bytes.
 */
struct report_input {
	const char *bundle;	 /* directory as the caller named it */
	const char *config_path; /* of config.json */
	const struct spec *spec;
	const struct plan *plan;
	const char *runtime; /* NULL: not given */
	bool changed;	     /* the new text differs */
	bool dry_run;	     /* nothing was written although it differs */
	bool revert;	     /* no policies were asked */
};

/* Each appends to @out; out->failed is set if out of memory. */
void report_summary(struct text *out, const struct report_input *in);
void report_messages(struct text *out, const struct report_input *in);
/* @focused: where policies are requested by name, the others have one line each. */
void report_explain(struct text *out, const struct report_input *in, bool focused, bool colour);
/* A line for each policy and hooks.d file. */
void report_outline(struct text *out, const struct report_input *in, bool colour);
/* A picture of the explanation, an SVG document that loads nothing. */
void report_svg(struct text *out, const struct report_input *in);
void report_json(struct text *out, const struct report_input *in);
