/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the rules of lint, through the library and through the programs' header. */
#include "lint/rules.h"
#include "test.h"
#include "tools.h"

static void every_rule_is_given_out(void)
{
	struct hw_rule rule, found;
	size_t n = 0;

	for (; hw_rules_get(n, &rule); n++) {
		const struct rule_text *row = rule_get((enum rule)n);

		CHECK_STR(rule.id, row->id);
		CHECK_STR(rule.name, row->name);
		CHECK_INT(rule.severity, row->severity);
		CHECK_STR(rule.brief, row->brief);
		CHECK_STR(rule.why, row->why);
		CHECK_STR(rule.remedy, row->remedy);
		CHECK(hw_rules_find(rule.name, &found));
		CHECK_STR(found.id, rule.id);
	}
	CHECK_INT(n, hw_rules_count());
	CHECK_INT(n, N_RULES);
}

static void rules_are_found_in_any_case(void)
{
	struct hw_rule rule = { .id = "untouched" };

	CHECK(hw_rules_find("hw201", NULL) && hw_rules_find("PROGRAM-missing", NULL));
	CHECK(!hw_rules_find("HW999", &rule) && !hw_rules_find("", &rule));
	CHECK(!hw_rules_get(hw_rules_count(), &rule));
	CHECK_STR(rule.id, "untouched");
	CHECK(hw_rules_closest("program-mising", &rule));
	CHECK_STR(rule.id, "HW201");
	CHECK(!hw_rules_closest("HW202", &rule) && !hw_rules_closest("nothing like it", &rule));
}

int main(void)
{
	RUN(every_rule_is_given_out);
	RUN(rules_are_found_in_any_case);
	return DONE();
}
