/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the reasons that the view, programs and lint hand on. */
#include "view/reason.h"

static struct reason *make(struct arena *arena, const char *text)
{
	struct reason *reason = text ? arena_alloc(arena, 1, sizeof(*reason)) : NULL;

	if (!reason)
		return NULL;
	reason->text = text;
	reason->sure = UNKNOWN;
	return reason;
}

const struct reason *reason_new(struct arena *arena, const char *text)
{
	return make(arena, text);
}

const struct reason *reason_cause(struct arena *arena, struct doc_place at, const char *hint,
				  const char *text)
{
	struct reason *reason = make(arena, text);

	if (!reason)
		return NULL;
	reason->at = at;
	reason->hint = hint;
	reason->cause = reason;
	return reason;
}

const struct reason *reason_from(struct arena *arena, const struct reason *from, const char *text)
{
	struct reason *reason = make(arena, text);

	if (reason && from)
		reason->cause = from->cause;
	return reason;
}

int reason_copy_texts(struct reason *reason, struct arena *arena)
{
	const char **const texts[] = { &reason->text, &reason->hint, &reason->culprit };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!*texts[i])
			continue;
		*texts[i] = arena_strdup(arena, *texts[i]);
		if (!*texts[i])
			return -ENOMEM;
	}
	return 0;
}
