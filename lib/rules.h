/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base.h"
#include "hookwright.h"

/*
 * The rules of lint. rules-table.h is the one place where they are told: lint, its reports,
 * --rules,
 * --explain and the manual hookwright-rules(7) all read it.
 */
enum rule {
#define RULE(id, name, severity, brief, why, remedy) RULE_##id,
#include "rules-table.h"
#undef RULE
	N_RULES
};

/* The row of @rule. */
const struct hw_rule *rule_get(enum rule rule);
