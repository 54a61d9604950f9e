/* SPDX-License-Identifier: Apache-2.0 */
/* lint: marks findings as ignored, by options, settings and annotations. */
#include "lint/internal.h"

#define PREFIX "io.hookwright.ignore."

static bool is_security(const struct rule_text *rule)
{
	return starts_with(rule->id, "HW4");
}

static void mark(struct look *l, const struct rule_text *rule, const char *reason, bool annotated)
{
	for (size_t i = 0; i < l->result->n; i++) {
		struct lint_finding *f = &l->result->findings[i];

		if (rule_get(f->rule) != rule || f->ignored)
			continue;
		f->ignored = reason ? reason : "";
		f->ignored_inline = annotated;
	}
}

static void heed_options(struct look *l)
{
	const struct hw_lint_options *o = &l->lint->options;

	for (size_t i = 0; i < o->n_ignores; i++)
		mark(l, rule_find(o->ignores[i].rule), o->ignores[i].reason, false);
}

/* ---- annotations ---- */

static const char *objection(const struct rule_text *rule, const char *reason)
{
	if (!rule)
		return "this rule does not exist";
	if (is_security(rule))
		return "a security rule cannot be ignored by an annotation";
	if (rule == rule_get(RULE_HW314))
		return "this rule reports what was not inspected and "
		       "cannot be ignored by an annotation";
	return reason[strspn(reason, " \t")] ? NULL : "its value must give the reason";
}

/* The author of config.json must not make lint report less, unless the caller trusts it. */
static int tell_unheeded(struct look *l, const struct spec_annotation *a)
{
	const struct note note = {
		.rule = RULE_HW126,
		.severity = HW_SEVERITY_NOTE,
		.token = a->token,
		.hint = "to apply it use --inline-ignore, or 'inlineIgnore: true' in "
			".hookwright.yaml",
	};

	return lint_tell(l, &note,
			 "annotation %.100s is not applied: the author of config.json could "
			 "suppress any rule with it",
			 a->key);
}

static int heed_annotation(struct look *l, const struct spec_annotation *a)
{
	const struct rule_text *rule = rule_find(a->key + strlen(PREFIX));
	const char *why = objection(rule, a->value), *reason;
	const struct note note = {
		.rule = RULE_HW126,
		.severity = HW_SEVERITY_WARNING,
		.token = a->token,
		.hint = rule ? NULL : "'hookwright lint --rules' lists the rules",
	};

	if (why)
		return lint_tell(l, &note, "annotation %.100s: %s", a->key, why);
	reason = lint_shortened(l, a->value);
	if (!reason)
		return error_oom(l->err);
	mark(l, rule, reason, true);
	return 0;
}

static int heed_annotations(struct look *l)
{
	int (*const heed)(struct look *, const struct spec_annotation *) =
		l->lint->options.inline_ignore ? heed_annotation : tell_unheeded;
	const struct spec *spec = &l->bundle->spec;
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->n_annotations; i++)
		if (starts_with(spec->annotations[i].key, PREFIX))
			r = heed(l, &spec->annotations[i]);
	return r;
}

int lint_ignore(struct look *l)
{
	int r = 0;

	if (l->understood && !l->lint->options.no_inline_ignore)
		r = heed_annotations(l);
	heed_options(l);
	return r;
}
