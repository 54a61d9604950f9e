/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of lint: number, id, name and texts of each. */
#pragma once

#include "base/buffer.h"
#include "hookwright.h"

/*
 * The rules of lint. lint/rules-table.h is the one place that defines them: lint, its reports,
 * --rules,
 * --explain and the manual hookwright-rules(7) all read it.
 */
enum rule {
#define RULE(id, name, severity, brief, why, remedy) RULE_##id,
#include "lint/rules-table.h"
#undef RULE
	N_RULES
};

/*
 * Text in the rows and no pointers to it: a position-independent program has every page with a
 * pointer copied and corrected at each start, also when nobody asks for a rule.
 */
struct rule_text {
	char id[8], name[32];
	enum hw_severity severity;
	char brief[80], why[256], remedy[128];
};

/* The row of @rule. */
const struct rule_text *rule_get(enum rule rule);
/* By id or name, in any case; NULL if there is none. */
const struct rule_text *rule_find(const char *word);

/* Where the rule is described: the page of rules (RULES_URI in the Makefile), at its id. */
void rule_uri(struct text *out, const struct rule_text *rule);
