/* SPDX-License-Identifier: Apache-2.0 */
/* A report of lint as JUnit XML. */
#include "render/render.h"

/*
 * JUnit XML as Jenkins and GitLab read it: a suite for each bundle, a case for each finding. Errors
 * are failures; warnings and notes are cases that passed with a message; ignored findings are
 * skipped. A bundle with no finding has one case, to show that it was inspected.
 */

static void put_begin(struct text *out, const struct hw_lint *lint)
{
	text_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	render_attribute(out, "name", "hookwright lint");
	text_puts(out, ">\n");
	(void)lint;
}

/* "HW203 program-not-executable: startContainer[0]" */
static void describe(struct text *out, const struct hw_lint_result *result,
		     const struct lint_finding *f)
{
	const struct rule_text *rule = rule_get(f->rule);

	(void)result;
	text_printf(out, "%s %s", rule->id, rule->name);
	if (f->stage || f->policy)
		text_puts(out, ": ");
	render_hook(out, f);
	if (f->policy)
		text_printf(out, "%s%s", f->stage ? " " : "", f->policy);
}

/* GitLab takes cases of one suite with equal names for one case: later ones are numbered. */
static void put_name(struct text *out, const struct hw_lint_result *result,
		     const struct lint_finding *f, size_t rank)
{
	CLEANUP(text_free) struct text name = { 0 };

	describe(&name, result, f);
	if (rank)
		text_printf(&name, " (%zu)", rank + 1);
	out->failed |= name.failed;
	if (!out->failed)
		render_attribute(out, "name", name.data);
}

static void put_story(struct text *out, const struct lint_finding *f)
{
	CLEANUP(text_free) struct text story = { 0 };

	render_where(&story, f);
	text_printf(&story, "%s: %s [%s%s]\nhint: %s\n", render_severity(f->severity), f->message,
		    rule_get(f->rule)->id, f->unjudged ? ", unknown" : "", render_hint(f));
	out->failed |= story.failed;
	if (!out->failed)
		render_escaped(out, story.data, render_xml_content);
}

static void put_outcome(struct text *out, const struct lint_finding *f)
{
	if (f->ignored) {
		text_puts(out, "\t\t\t<skipped");
		render_attribute(out, "message", f->ignored[0] ? f->ignored : "ignored");
		text_puts(out, "/>\n");
	} else if (f->severity == HW_SEVERITY_ERROR) {
		text_puts(out, "\t\t\t<failure");
		render_attribute(out, "message", f->message);
		render_attribute(out, "type", rule_get(f->rule)->id);
		text_puts(out, ">");
		put_story(out, f);
		text_puts(out, "</failure>\n");
		return;
	}
	text_puts(out, "\t\t\t<system-out>");
	put_story(out, f);
	text_puts(out, "</system-out>\n");
}

static void put_case(struct text *out, const struct hw_lint_result *result,
		     const struct lint_finding *f, size_t rank)
{
	text_puts(out, "\t\t<testcase");
	put_name(out, result, f, rank);
	render_attribute(out, "classname", result->name);
	render_attribute(out, "file", f->path);
	if (f->line)
		text_printf(out, " line=\"%u\"", f->line);
	text_puts(out, " time=\"0\">\n");
	put_outcome(out, f);
	text_puts(out, "\t\t</testcase>\n");
}

static void put_suite(struct text *out, const struct hw_lint_result *result)
{
	size_t failures = 0, skipped = 0;

	for (size_t i = 0; i < result->n; i++) {
		const struct lint_finding *f = &result->findings[i];

		skipped += f->ignored != NULL;
		failures += !f->ignored && f->severity == HW_SEVERITY_ERROR;
	}
	text_puts(out, "\t<testsuite");
	render_attribute(out, "name", result->name);
	text_printf(out,
		    " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\">\n",
		    result->n ? result->n : 1, failures, skipped);
}

static void put_bundle(struct text *out, const struct hw_lint_result *result, bool colour)
{
	auto_free struct render_name *names = render_names(out, result, describe);

	(void)colour;
	put_suite(out, result);
	for (size_t i = 0; names && i < result->n; i++)
		put_case(out, result, &result->findings[i], names[i].rank);
	if (result->n == 0) {
		text_puts(out, "\t\t<testcase name=\"lint\"");
		render_attribute(out, "classname", result->name);
		text_puts(out, " time=\"0\"/>\n");
	}
	text_puts(out, "\t</testsuite>\n");
}

static void put_property(struct text *out, const char *name, size_t value)
{
	text_printf(out, "\t\t\t<property name=\"%s\" value=\"%zu\"/>\n", name, value);
}

static void put_end(struct text *out, const struct hw_report_totals *totals, bool colour)
{
	(void)colour;
	text_puts(out, "\t<testsuite name=\"hookwright lint\" tests=\"0\" failures=\"0\" "
		       "errors=\"0\" skipped=\"0\" time=\"0\">\n\t\t<properties>\n");
	put_property(out, "bundles", totals->bundles);
	put_property(out, "unread", totals->unread);
	put_property(out, "linksToDirectories", totals->links);
	put_property(out, "linksOutside", totals->outside);
	put_property(out, "otherConfigs", totals->foreign);
	put_property(out, "complete", !totals->incomplete);
	text_puts(out, "\t\t</properties>\n\t</testsuite>\n</testsuites>\n");
}

const struct render_format render_junit = { put_begin, put_bundle, put_end, "", RENDER_XML };
