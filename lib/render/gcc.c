/* SPDX-License-Identifier: Apache-2.0 */
/* One line for each finding, as gcc(1) writes diagnostics: the editors' common form. */
#include "render/render.h"

static void put_finding(struct text *out, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text line = { 0 };

	render_where(&line, f);
	text_printf(&line, "%s: %s [%s%s]", render_severity(f->severity), f->message,
		    rule_get(f->rule)->id, f->unjudged ? ", unknown" : "");
	out->failed |= line.failed;
	if (out->failed)
		return;
	render_safe(out, line.data); /* a newline of a name, too */
	text_puts(out, "\n");
}

static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	(void)colour;
	for (size_t i = 0; i < result->n; i++)
		if (!result->findings[i].ignored)
			put_finding(out, &result->findings[i]);
}

const struct render_format render_gcc = { .bundle = put_bundle,
					  .separator = "",
					  .kind = RENDER_LINES };
