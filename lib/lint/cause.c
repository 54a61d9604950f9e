/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What several answers follow from, such as a mount that cannot be inspected, is one finding at the
 * value of config.json that causes it. And in which order lint looks at a program.
 */
#include <stdarg.h>

#include "base/list.h"
#include "lint/internal.h"

/* ---- causes ---- */

/* A cause, and what cannot be judged for it. */
struct blame {
	const struct reason *cause;
	bool reported;
	bool workload;	  /* the container's program */
	struct note note; /* what would be reported of the first alone */
	const char *message;
	const struct lint_hook *last;
	size_t n_hooks;
};

static struct blame *blame_for(struct look *l, const struct reason *cause)
{
	for (size_t i = 0; i < l->n_blames; i++)
		if (l->blames[i].cause == cause)
			return &l->blames[i];
	if (!LIST_ROOM(l->arena, l->blames, l->n_blames, l->blames_capacity))
		return NULL;
	l->blames[l->n_blames] = (struct blame){ .cause = cause };
	return &l->blames[l->n_blames++];
}

static int blame(struct look *l, const struct reason *cause, const struct note *note,
		 const char *message)
{
	struct blame *b = blame_for(l, cause);

	if (!b)
		return error_oom(l->err);
	if (!b->message) {
		b->note = *note;
		b->message = message;
	}
	b->workload = b->workload || !note->hook;
	b->n_hooks += note->hook && note->hook != b->last;
	b->last = note->hook;
	return 0;
}

int lint_tell_for(struct look *l, const struct reason *why, const struct note *note,
		  const char *fmt, ...)
{
	const bool inside = !note->hook || note->hook->stage->in_container;
	const char *message;
	va_list ap;

	va_start(ap, fmt);
	message = arena_vprintf(l->arena, fmt, ap);
	va_end(ap);
	if (!message)
		return error_oom(l->err);
	if (note->unjudged && why->cause && inside)
		return blame(l, why->cause, note, message);
	return lint_tell(l, note, "%s", message);
}

int lint_reported(struct look *l, const struct reason *cause)
{
	struct blame *blame = blame_for(l, cause);

	if (!blame)
		return error_oom(l->err);
	blame->reported = true;
	return 0;
}

uint32_t lint_token_at(const struct look *l, struct doc_place at, uint32_t otherwise)
{
	const struct json *doc = &l->bundle->doc;
	uint32_t element;

	if (!at.token)
		return otherwise;
	if (!at.element || json_type(doc, at.token) != JSON_ARRAY)
		return at.token;
	element = json_first(doc, at.token);
	for (uint32_t i = 1; i < at.element && element != JSON_NONE; i++)
		element = json_next(doc, at.token, element);
	return element == JSON_NONE ? at.token : element;
}

/* "startContainer hook /opt/a and 2 other hooks" */
static const char *subject_of(struct look *l, const struct blame *b)
{
	const size_t others = b->workload ? b->n_hooks : b->n_hooks - 1;
	const char *first =
		b->workload ? "the container's program" : lint_hook_name(l, b->note.hook);

	if (!others)
		return first;
	return arena_printf(l->arena, "%s and %zu %s%s", first, others,
			    b->workload ? "hook" : "other hook", others == 1 ? "" : "s");
}

static int report(struct look *l, const struct blame *b)
{
	const bool one = b->n_hooks + b->workload == 1;
	const struct note note = {
		.rule = RULE_HW315,
		.severity = HW_SEVERITY_WARNING,
		.unjudged = true,
		.token = lint_token_at(l, b->cause->at, LINT_AT(l, "root", "path")),
		.hook = one ? b->note.hook : NULL,
		.hint = b->cause->hint,
	};
	const char *subject;

	/* What no value of config.json is to blame for is about the one thing that it concerns. */
	if (one && !b->cause->at.token)
		return lint_tell(l, &b->note, "%s", b->message);
	subject = subject_of(l, b);
	if (!subject)
		return error_oom(l->err);
	return lint_tell(l, &note, "%s cannot be judged: %s", subject, b->cause->text);
}

int lint_causes(struct look *l)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < l->n_blames; i++)
		if (!l->blames[i].reported)
			r = report(l, &l->blames[i]);
	return r;
}

/* ---- the order ---- */

enum rule lint_rule_of(enum program_part part, enum program_topic topic)
{
	static const enum rule rules[] = {
		[TOPIC_MISSING] = RULE_HW201,
		[TOPIC_UNREACHABLE] = RULE_HW202,
		[TOPIC_KIND] = RULE_HW204,
		[TOPIC_PERMISSION] = RULE_HW203,
		[TOPIC_NOEXEC] = RULE_HW205,
		[TOPIC_FORMAT] = RULE_HW206,
		[TOPIC_MACHINE] = RULE_HW210,
		[TOPIC_CONTENT] = RULE_HW211,
		[TOPIC_NO_INTERPRETER] = RULE_HW207,
		[TOPIC_SCRIPT] = RULE_HW207,
		[TOPIC_UNREADABLE] = RULE_HW208,
		[TOPIC_CONTAINER] = RULE_HW313,
		[TOPIC_VIEW] = RULE_HW315,
		[TOPIC_PIDS] = RULE_HW301,
		[TOPIC_RLIMIT] = RULE_HW302,
		[TOPIC_SECCOMP] = RULE_HW303,
		[TOPIC_CWD] = RULE_HW304,
		[TOPIC_WORK] = RULE_HW211,
	};

	if (topic == TOPIC_SIZE)
		return RULE_HW112;
	if (part == PART_COMMAND)
		return RULE_HW215;
	if (part == PART_LIBRARY)
		return topic == TOPIC_MISSING ? RULE_HW212 : RULE_HW213;
	if (part == PART_INTERPRETER && topic != TOPIC_SCRIPT && topic != TOPIC_NO_INTERPRETER)
		return RULE_HW209;
	return rules[topic];
}

/* Where @rule is first looked at in parts [@from, @end), from 1 on; 0: nowhere. */
static size_t position(enum program_part from, enum program_part end, enum rule rule)
{
	const bool room = from == PART_ROOM;
	const size_t first = room ? TOPIC_CONTAINER : 0;
	const size_t last = room ? TOPIC_CWD : TOPIC_UNREADABLE;
	size_t at = 0;

	for (size_t part = from; part < end; part++)
		for (size_t topic = first; topic <= last; topic++, at++)
			if (lint_rule_of((enum program_part)part, (enum program_topic)topic) ==
			    rule)
				return at + 1;
	return 0;
}

static bool comes_behind(enum program_part from, enum program_part end, enum rule found,
			 enum rule rule)
{
	const size_t stop = position(from, end, found);

	return stop && position(from, end, rule) > stop;
}

bool lint_stops_before(enum rule found, enum rule rule)
{
	/* Without a path there is nothing to look at, and without files neither. */
	if (found == RULE_HW110 || found == RULE_HW112 || found == RULE_HW315)
		if (position(PART_PROGRAM, PART_ROOM, rule) ||
		    (found == RULE_HW315 && (rule == RULE_HW308 || rule == RULE_HW309)))
			return true;
	return comes_behind(PART_PROGRAM, PART_ROOM, found, rule) ||
	       comes_behind(PART_ROOM, PART_ROOM + 1, found, rule);
}
