/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Refuses to add a hook to a container whose annotations would turn it against the host.
 * 'otherwise' does not apply: an annotation must neither leave a policy out nor get its hook.
 */
#include "plan/internal.h"

int plan_refuse_unsafe(struct planner *p, struct decision *d)
{
	const char *text = unsafe_text(&p->unsafe, p->arena);

	d->outcome = OUTCOME_REFUSED;
	d->why = text ? arena_printf(p->arena, "cannot add its hook together with %s", text) : NULL;
	d->hint = unsafe_hint;
	return d->why ? 0 : error_oom(p->err);
}

static struct where at(const struct planner *p, const struct unsafe_found *found)
{
	return json_at(p->in->doc, found->annotation->token);
}

int plan_tell_unsafe(struct planner *p, const struct unsafe_found *found, const char *what)
{
	const char *text = unsafe_text(found, p->arena);
	const struct finding finding = {
		.severity = SEVERITY_ERROR,
		.at = at(p, found),
		.message = text && what ? arena_printf(p->arena, "refused: %s together with %s",
						       what, text)
					: NULL,
		.hint = unsafe_hint,
	};

	p->plan->refused = true;
	return plan_add_finding(p->plan, p->arena, &finding, p->err);
}

int plan_tell_unsafe_stays(struct planner *p)
{
	const struct spec *spec = p->in->spec;

	if (!p->unsafe.annotation || p->in->prune)
		return 0;
	for (size_t i = 0; i < spec->n_start_hooks; i++) {
		const char *ours = spec->start_hooks[i].ours;

		/* One is enough to refuse the container by. */
		if (ours && !plan_is_loaded(p, ours))
			return plan_tell_unsafe(
				p, &p->unsafe,
				arena_printf(p->arena, "the hook of '%s' is in config.json", ours));
	}
	return 0;
}
