/* SPDX-License-Identifier: Apache-2.0 */
#include "chars.h"
#include "re2-internal.h"

/*
 * The expression as a program for many hands at once (Thompson 1968): each step takes a character,
 * looks at the place, or splits. All steps that may come next are kept as a set.
 */
enum op { OP_TAKE, OP_LOOK, OP_SPLIT, OP_MATCH };

struct step {
	enum op op;
	enum re2_place place;
	const struct rune_set *set;
	uint32_t next, other; /* other: of a split */
};

struct re2 {
	struct arena *arena; /* owns this struct and everything below */
	struct step *steps;  /* of the program; it begins at start */
	uint32_t n, capacity, start;
	bool anchored;
};

/* ---- compiling ---- */

/* Steps are made from the end to the beginning, so that each knows where it leads. */
struct compiler {
	struct re2 *re;
	int trouble; /* -ENOMEM, or -E2BIG */
};

static uint32_t emit(struct compiler *c, struct step step)
{
	struct re2 *re = c->re;

	if (re->n == RE2_PROGRAM_MAX)
		c->trouble = c->trouble ? c->trouble : -E2BIG;
	if (c->trouble)
		return 0;
	if (re->n == re->capacity) {
		uint32_t capacity = re->capacity ? re->capacity * 2 : 16;
		struct step *steps = arena_alloc(re->arena, capacity, sizeof(*steps));

		if (!steps) {
			c->trouble = -ENOMEM;
			return 0;
		}
		if (re->n)
			memcpy(steps, re->steps, re->n * sizeof(*steps));
		re->steps = steps;
		re->capacity = capacity;
	}
	re->steps[re->n] = step;
	return re->n++;
}

static uint32_t split(struct compiler *c, uint32_t next, uint32_t other)
{
	return emit(c, (struct step){ .op = OP_SPLIT, .next = next, .other = other });
}

static uint32_t compile(struct compiler *c, const struct re2_node *node, uint32_t next);

static uint32_t compile_sequence(struct compiler *c, const struct re2_node *part, uint32_t next)
{
	if (!part || c->trouble)
		return next;
	/* Parts are few: an expression has at most RE2_SOURCE_MAX. */
	return compile(c, part, compile_sequence(c, part->next, next));
}

static uint32_t compile_choice(struct compiler *c, const struct re2_node *node, uint32_t next)
{
	uint32_t at = compile(c, node->first, next);

	for (const struct re2_node *part = node->first->next; part && !c->trouble;
	     part = part->next)
		at = split(c, at, compile(c, part, next));
	return at;
}

static uint32_t compile_repeat(struct compiler *c, const struct re2_node *node, uint32_t next)
{
	const uint32_t n = c->re->n;
	uint32_t at = next;

	if (node->max < 0) {
		/* The loop's split must be known to its body, and the body to the split. */
		at = split(c, next, next);
		const uint32_t body = compile(c, node->first, at);

		if (!c->trouble)
			c->re->steps[at].other = body;
	}
	for (int i = node->min; i < node->max && !c->trouble; i++)
		at = split(c, compile(c, node->first, at), next);
	/* What takes no step, such as (), would take its time for nothing. */
	for (int i = 0; i < node->min && !c->trouble && (i == 0 || c->re->n > n); i++)
		at = compile(c, node->first, at);
	return at;
}

static uint32_t compile(struct compiler *c, const struct re2_node *node, uint32_t next)
{
	switch (node->kind) {
	case RE2_SET:
		return emit(c, (struct step){ .op = OP_TAKE, .set = node->set, .next = next });
	case RE2_PLACE:
		return emit(c, (struct step){ .op = OP_LOOK, .place = node->place, .next = next });
	case RE2_SEQUENCE:
		return compile_sequence(c, node->first, next);
	case RE2_CHOICE:
		return compile_choice(c, node, next);
	case RE2_REPEAT:
		break;
	}
	return compile_repeat(c, node, next);
}

/* ---- what it is tied to ---- */

static bool begins_text(const struct re2_node *node);

/* Every alternative. */
static bool all(const struct re2_node *part, bool (*is)(const struct re2_node *))
{
	for (; part; part = part->next)
		if (!is(part))
			return false;
	return true;
}

static bool begins_text(const struct re2_node *node)
{
	if (node->kind == RE2_PLACE)
		return node->place == PLACE_TEXT_BEGIN;
	if (node->kind == RE2_CHOICE)
		return all(node->first, begins_text);
	return node->kind == RE2_SEQUENCE && node->first && begins_text(node->first);
}

static bool ends_text(const struct re2_node *node)
{
	if (node->kind == RE2_PLACE)
		return node->place == PLACE_TEXT_END;
	if (node->kind == RE2_CHOICE)
		return all(node->first, ends_text);
	return node->kind == RE2_SEQUENCE && node->last && ends_text(node->last);
}

/* ".*", "", ".{0,5}": without an anchor they are found in every value. */
static bool may_be_empty(const struct re2_node *node)
{
	switch (node->kind) {
	case RE2_SET:
	case RE2_PLACE:
		return false;
	case RE2_REPEAT:
		return node->min == 0 || may_be_empty(node->first);
	case RE2_SEQUENCE:
		return all(node->first, may_be_empty);
	case RE2_CHOICE:
		break;
	}
	for (const struct re2_node *part = node->first; part; part = part->next)
		if (may_be_empty(part))
			return true;
	return false;
}

bool re2_anchored(const struct re2 *re)
{
	return re->anchored;
}

/* ---- making one ---- */

static int build(struct re2 *re, const struct re2_node *tree, const char *source, struct where at,
		 struct hw_error *err)
{
	struct compiler c = { .re = re };
	const uint32_t match = emit(&c, (struct step){ .op = OP_MATCH });

	re->start = compile(&c, tree, match);
	re->anchored = (begins_text(tree) && ends_text(tree)) || may_be_empty(tree);
	if (c.trouble == -E2BIG)
		return error_set(err, EINVAL, at, "use smaller intervals",
				 "expression '%s' has more than %d steps when its intervals are "
				 "written out",
				 source, RE2_PROGRAM_MAX);
	return c.trouble ? error_oom(err) : 0;
}

int re2_new(const char *source, struct where at, struct re2 **ret, struct hw_error *err)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct re2 *re = arena ? arena_alloc(arena, 1, sizeof(*re)) : NULL;
	struct re2_node *tree;
	int r;

	if (!re)
		return error_oom(err);
	re->arena = arena;
	r = re2_parse(source, at, arena, &tree, err);
	if (r == 0)
		r = build(re, tree, source, at, err);
	if (r < 0)
		return r;
	(void)TAKE(arena);
	*ret = re;
	return 0;
}

void re2_free(struct re2 *re)
{
	if (re)
		arena_free(re->arena);
}

/* ---- matching ---- */

#define NO_RUNE (-1) /* before the first character and behind the last */

/* The steps that may come next: a set that is emptied in no time. */
struct hands {
	uint32_t *members, *where; /* where[members[i]] == i */
	uint32_t n;
};

struct matcher {
	const struct re2 *re;
	struct hands now, later;
	uint32_t *stack;       /* steps still to be looked at */
	int32_t before, after; /* the characters beside the place */
};

static bool has(const struct hands *hands, uint32_t step)
{
	return hands->where[step] < hands->n && hands->members[hands->where[step]] == step;
}

static bool is_word(int32_t c)
{
	return is_digit(c) || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80);
}

static bool is_at(const struct matcher *m, enum re2_place place)
{
	const bool edge = is_word(m->before) != is_word(m->after);

	switch (place) {
	case PLACE_TEXT_BEGIN:
		return m->before == NO_RUNE;
	case PLACE_TEXT_END:
		return m->after == NO_RUNE;
	case PLACE_LINE_BEGIN:
		return m->before == NO_RUNE || m->before == '\n';
	case PLACE_LINE_END:
		return m->after == NO_RUNE || m->after == '\n';
	case PLACE_WORD_EDGE:
		return edge;
	case PLACE_NO_WORD_EDGE:
		break;
	}
	return !edge;
}

/* Add @step and all that it leads to without taking a character; whether that is the end. */
static bool add(struct matcher *m, struct hands *hands, uint32_t first)
{
	uint32_t n = 0;

	m->stack[n++] = first;
	while (n > 0) {
		const uint32_t at = m->stack[--n];
		const struct step *step = &m->re->steps[at];

		if (has(hands, at))
			continue;
		hands->where[at] = hands->n;
		hands->members[hands->n++] = at;
		if (step->op == OP_MATCH)
			return true;
		if (step->op == OP_SPLIT)
			m->stack[n++] = step->other;
		if (step->op == OP_SPLIT || (step->op == OP_LOOK && is_at(m, step->place)))
			m->stack[n++] = step->next;
	}
	return false;
}

static bool take(struct matcher *m, int32_t c)
{
	const struct hands was = m->now;

	m->later.n = 0;
	for (uint32_t i = 0; i < was.n; i++) {
		const struct step *step = &m->re->steps[was.members[i]];

		if (step->op == OP_TAKE && set_has(step->set, c) && add(m, &m->later, step->next))
			return true;
	}
	m->now = m->later;
	m->later = was;
	return false;
}

/* What is no UTF-8 is read byte by byte, as U+FFFD. */
static int32_t rune_at(const unsigned char *p, const unsigned char *end, size_t *len)
{
	int32_t c = NO_RUNE;

	*len = p < end ? utf8_decode(p, end, &c) : 0;
	if (p < end && *len == 0) {
		*len = 1;
		c = 0xfffd;
	}
	return c;
}

static bool found(struct matcher *m, const char *value)
{
	const unsigned char *p = (const unsigned char *)value, *end = p + strlen(value);
	size_t len, next_len;
	int32_t c;

	m->before = NO_RUNE;
	c = m->after = rune_at(p, end, &len);
	/* A match may begin at every place. */
	while (!add(m, &m->now, m->re->start)) {
		if (c == NO_RUNE)
			return false;
		p += len;
		m->before = c;
		m->after = rune_at(p, end, &next_len);
		if (take(m, c))
			return true;
		c = m->after;
		len = next_len;
	}
	return true;
}

int re2_match(const struct re2 *re, const char *value, enum truth *ret)
{
	const size_t n = re->n;
	/* A step stands on the stack once for each that leads to it: two at most, and the first. */
	auto_free uint32_t *room = calloc(4 * n + 2 * n + 2, sizeof(*room));
	struct matcher m = { .re = re };

	*ret = UNKNOWN;
	if (strnlen(value, RE2_VALUE_MAX + 1) > RE2_VALUE_MAX)
		return 0;
	if (!room)
		return -ENOMEM;
	m.now = (struct hands){ room, room + n, 0 };
	m.later = (struct hands){ room + 2 * n, room + 3 * n, 0 };
	m.stack = room + 4 * n;
	*ret = found(&m, value) ? YES : NO;
	return 0;
}
