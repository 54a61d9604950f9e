/* SPDX-License-Identifier: Apache-2.0 */
/* Access to the rules of lint by number, id or name. */
#include <strings.h>

#include "lint/rules.h"

static const struct rule_text rules[] = {
#define RULE(id, name, severity, brief, why, remedy) \
	{ #id, name, HW_SEVERITY_##severity, brief, why, remedy },
#include "lint/rules-table.h"
#undef RULE
};

#define RULE(i, n, s, b, w, r)                                                     \
	_Static_assert(FITS(#i, rules[0].id) && FITS(n, rules[0].name) &&          \
			       FITS(b, rules[0].brief) && FITS(w, rules[0].why) && \
			       FITS(r, rules[0].remedy),                           \
		       "a text of " #i " is longer than its member");
#include "lint/rules-table.h"
#undef RULE

const struct rule_text *rule_get(enum rule rule)
{
	return &rules[rule];
}

const struct rule_text *rule_find(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (strcasecmp(word, rules[i].id) == 0 || strcasecmp(word, rules[i].name) == 0)
			return &rules[i];
	return NULL;
}

void rule_uri(struct text *out, const struct rule_text *rule)
{
	text_printf(out, HW_RULES_URI "#%s", rule->id);
}

/* ---- the public form ---- */

static bool give(const struct rule_text *rule, struct hw_rule *ret)
{
	if (rule && ret)
		*ret = (struct hw_rule){ rule->id,    rule->name, rule->severity,
					 rule->brief, rule->why,  rule->remedy };
	return rule;
}

size_t hw_rules_count(void)
{
	return ARRAY_SIZE(rules);
}

bool hw_rules_get(size_t index, struct hw_rule *ret)
{
	return give(index < ARRAY_SIZE(rules) ? &rules[index] : NULL, ret);
}

bool hw_rules_find(const char *word, struct hw_rule *ret)
{
	return give(rule_find(word), ret);
}
