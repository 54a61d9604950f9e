/* SPDX-License-Identifier: Apache-2.0 */
/* A reason: why something is so, how sure that is, and the value of config.json at fault. */
#pragma once

#include "base/arena.h"

/* A value of config.json; token 0, the document itself, where none is to blame. */
struct doc_place {
	uint32_t token;
	uint32_t element; /* of that array, counted from 1; 0: the value itself */
};

#define NO_PLACE ((struct doc_place){ 0, 0 })

/* Why something is so: made when there is something to report, and handed on as it is. */
struct reason {
	struct doc_place at;
	const char *text;    /* one line */
	const char *hint;    /* what to change; NULL if none */
	const char *culprit; /* the path in the container that is at fault; NULL if none */
	enum truth sure;     /* NO: it is so, UNKNOWN: it may be so */
	/*
	 * The reason that many answers can follow from; that one's own cause is itself. One cause is
	 * one object, and is reported once. NULL: this is about one answer only.
	 */
	const struct reason *cause;
};

/* What messages have of it, which may have been out of memory. */
static inline const char *reason_text(const struct reason *reason)
{
	return reason ? reason->text : "";
}

/* Have the texts of @reason in @arena; -ENOMEM. */
int reason_copy_texts(struct reason *reason, struct arena *arena) MUST_CHECK;

/* The texts are kept. All return NULL where @text is NULL, for both are lack of memory. */

/* About one answer. */
const struct reason *reason_new(struct arena *arena, const char *text) MUST_CHECK;

/* A cause, which is UNKNOWN; the value at @at is wrong. */
const struct reason *reason_cause(struct arena *arena, struct doc_place at, const char *hint,
				  const char *text) MUST_CHECK;

/* @text follows from @from, which may be NULL. */
const struct reason *reason_from(struct arena *arena, const struct reason *from,
				 const char *text) MUST_CHECK;
