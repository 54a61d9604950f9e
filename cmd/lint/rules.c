/* SPDX-License-Identifier: Apache-2.0 */
/* lint --rules and --explain, and the parsing of --ignore. */
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "lint/cmd-lint.h"

static const char *severity_of(const struct hw_rule *rule)
{
	return hw_choice_word(HW_CHOICE_SEVERITY, rule->severity);
}

static enum exit_status unknown_rule(const struct invocation *in, const char *word)
{
	struct hw_rule near;

	if (hw_rules_closest(word, &near))
		return misuse(in->command, "unknown rule '%s'; did you mean '%s' (%s)?", word,
			      near.name, near.id);
	return misuse(in->command, "unknown rule '%s'; --rules lists them", word);
}

bool parse_ignore(const struct invocation *in, const char *text, struct hw_ignore *ret)
{
	const size_t len = strcspn(text, ":");
	struct hw_rule rule;
	char word[128];

	snprintf(word, sizeof(word), "%.*s", (int)(len < sizeof(word) ? len : sizeof(word)), text);
	if (!hw_rules_find(word, &rule)) {
		unknown_rule(in, word);
		return false;
	}
	*ret = (struct hw_ignore){ .rule = rule.id };
	if (!text[len])
		return true;
	ret->reason = text + len + 1 + strspn(text + len + 1, " ");
	if (!ret->reason[0])
		misuse(in->command, "--ignore '%s': write a reason after the ':', or omit it",
		       text);
	return ret->reason[0];
}

/* ---- for machines ---- */

static void put_rule(struct hw_json *json, cJSON *array, const struct hw_rule *rule)
{
	cJSON *o = hw_json_open(json, array, NULL, '{');

	hw_json_text(json, o, "id", rule->id);
	hw_json_text(json, o, "name", rule->name);
	hw_json_text(json, o, "severity", severity_of(rule));
	hw_json_text(json, o, "brief", rule->brief);
	hw_json_text(json, o, "why", rule->why);
	hw_json_text(json, o, "remedy", rule->remedy);
}

/* @only: this rule alone; NULL: all. */
static enum exit_status print_json(const struct hw_rule *only)
{
	struct hw_json json = { .failed = false };
	cJSON *root = document_new(&json), *array = hw_json_open(&json, root, "rules", '[');
	struct hw_rule rule;

	if (only)
		put_rule(&json, array, only);
	for (size_t i = 0; !only && hw_rules_get(i, &rule); i++)
		put_rule(&json, array, &rule);
	return document_print(&json, root);
}

/* ---- for people ---- */

static void print_rule(const struct hw_rule *rule)
{
	printf("%s %s (usually: %s)\n", rule->id, rule->name, severity_of(rule));
	print_wrapped(stdout, rule->brief, 0, 0);
	puts("\nWhy:");
	print_wrapped(stdout, rule->why, 2, 0);
	puts("\nRemedy:");
	print_wrapped(stdout, rule->remedy, 2, 0);
}

static void list_rules(void)
{
	struct hw_rule rule;

	for (size_t i = 0; hw_rules_get(i, &rule); i++)
		printf("%s  %-7s  %-26s  %s\n", rule.id, severity_of(&rule), rule.name, rule.brief);
}

enum exit_status check_listing(const struct invocation *in, bool *json)
{
	const struct lint_report *report = in->lint.n_reports ? in->lint.reports : NULL;

	if (in->n_args || in->lint.recursive.n)
		return misuse(in->command,
			      "--rules, --runtimes and --explain do not take a bundle");
	if (in->lint.n_reports > 1 || (report && report->output))
		return misuse(in->command,
			      "--rules, --runtimes and --explain print to standard output");
	if (report && report->format != HW_REPORT_TEXT && report->format != HW_REPORT_JSON)
		return misuse(in->command,
			      "--rules, --runtimes and --explain take --format text or json only");
	*json = report && report->format == HW_REPORT_JSON;
	return STATUS_OK;
}

enum exit_status print_rules(const struct invocation *in)
{
	bool json;
	const enum exit_status status = check_listing(in, &json);

	if (status != STATUS_OK)
		return status;
	if (json)
		return print_json(NULL);
	list_rules();
	return STATUS_OK;
}

enum exit_status explain_rule(const struct invocation *in)
{
	struct hw_rule rule;
	bool json;
	const enum exit_status status = check_listing(in, &json);

	if (status != STATUS_OK)
		return status;
	if (!hw_rules_find(in->lint.explain, &rule))
		return unknown_rule(in, in->lint.explain);
	if (json)
		return print_json(&rule);
	print_rule(&rule);
	return STATUS_OK;
}
