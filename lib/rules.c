/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>

#include "rules.h"

/*
 * Text in the rows and no pointers to it: a position-independent program has every page with a
 * pointer copied and corrected at each start, also when nobody asks for a rule.
 */
static const struct hw_rule rules[] = {
#define RULE(id, name, severity, brief, why, remedy) \
	{ #id, name, HW_SEVERITY_##severity, brief, why, remedy },
#include "rules-table.h"
#undef RULE
};

#define RULE(i, n, s, b, w, r)                                                     \
	_Static_assert(FITS(#i, rules[0].id) && FITS(n, rules[0].name) &&          \
			       FITS(b, rules[0].brief) && FITS(w, rules[0].why) && \
			       FITS(r, rules[0].remedy),                           \
		       "a text of " #i " is longer than its member");
#include "rules-table.h"
#undef RULE

const struct hw_rule *rule_get(enum rule rule)
{
	return &rules[rule];
}

size_t hw_rules_count(void)
{
	return ARRAY_SIZE(rules);
}

const struct hw_rule *hw_rules_get(size_t index)
{
	return index < ARRAY_SIZE(rules) ? &rules[index] : NULL;
}

const struct hw_rule *hw_rules_find(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (strcasecmp(word, rules[i].id) == 0 || strcasecmp(word, rules[i].name) == 0)
			return &rules[i];
	return NULL;
}
