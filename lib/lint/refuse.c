/* SPDX-License-Identifier: Apache-2.0 */
/* How the checks of a start report what they find. */
#include <stdarg.h>

#include "lint/start.h"

struct refusal lint_refused_as(struct weight weight)
{
	return (struct refusal){ weight, "" };
}

struct refusal lint_refused_by_all(void)
{
	return lint_refused_as(lint_weight_of(EFFECT_ERROR));
}

struct refusal lint_refused_perhaps(void)
{
	return lint_refused_as(lint_weight_of(EFFECT_UNJUDGED));
}

struct refusal lint_refused_by(const struct look *l, enum behaviour behaviour)
{
	return (struct refusal){
		.weight = lint_weight(l, behaviour, EFFECT_ERROR, EFFECT_NONE),
		.under = runtime_survives(l->lint->runtime, behaviour).under,
	};
}

struct refusal lint_refused_by_host(const struct look *l, enum behaviour behaviour,
				    const char **hint)
{
	struct refusal by = lint_refused_by(l, behaviour);

	if (l->lint->options.host_mounts)
		return by;
	by.weight = lint_weight(l, behaviour, EFFECT_UNJUDGED, EFFECT_NONE);
	*hint = "give --host-mounts on the host that runs the container";
	return by;
}

int lint_refuse(struct look *l, struct refusal by, uint32_t token, const char *hint,
		const char *fmt, ...)
{
	const struct note note = { RULE_HW313, by.weight.severity, by.weight.unjudged, token, NULL,
				   hint };
	const char *message;
	va_list ap;

	if (by.weight.severity == HW_SEVERITY_NOTE || lint_only_counts(l, &note))
		return 0;
	va_start(ap, fmt);
	message = arena_vprintf(l->arena, fmt, ap);
	va_end(ap);
	if (!message)
		return error_oom(l->err);
	return lint_tell(l, &note, "the container %s not start%s: %s",
			 by.weight.severity == HW_SEVERITY_ERROR ? "will" : "might", by.under,
			 message);
}

int lint_wrong(struct look *l, struct weight weight, uint32_t token, const char *message)
{
	const struct note note = {
		RULE_HW103, weight.severity, weight.unjudged, token, NULL, NULL
	};

	if (!message)
		return error_oom(l->err);
	return weight.severity == HW_SEVERITY_NOTE ? 0 : lint_tell(l, &note, "%s", message);
}
