/* SPDX-License-Identifier: Apache-2.0 */
/* Compiles an expression's tree to a program (Thompson 1968); see format/re2-internal.h. */
#include "base/list.h"
#include "format/re2-internal.h"

/* Steps are made from the end to the beginning, so that each knows where it leads. */
struct compiler {
	struct re2 *re;
	int trouble; /* -ENOMEM, or -E2BIG */
};

static uint32_t emit(struct compiler *c, struct re2_step step)
{
	struct re2 *re = c->re;
	size_t capacity;

	if (re->n == RE2_PROGRAM_MAX)
		c->trouble = c->trouble ? c->trouble : -E2BIG;
	if (c->trouble)
		return 0;
	capacity = re->capacity;
	if (!LIST_ROOM(re->arena, re->steps, re->n, capacity)) {
		c->trouble = -ENOMEM;
		return 0;
	}
	re->capacity = (uint32_t)capacity;
	re->steps[re->n] = step;
	return re->n++;
}

static uint32_t split(struct compiler *c, uint32_t next, uint32_t other)
{
	return emit(c, (struct re2_step){ .op = OP_SPLIT, .next = next, .other = other });
}

static uint32_t look(struct compiler *c, enum re2_place place, uint32_t next)
{
	return emit(c, (struct re2_step){ .op = OP_LOOK, .place = place, .next = next });
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
	/* An empty expression such as () would cost time without any step. */
	for (int i = 0; i < node->min && !c->trouble && (i == 0 || c->re->n > n); i++)
		at = compile(c, node->first, at);
	return at;
}

static uint32_t compile(struct compiler *c, const struct re2_node *node, uint32_t next)
{
	switch (node->kind) {
	case RE2_SET:
		return emit(c, (struct re2_step){ .op = OP_TAKE, .set = node->set, .next = next });
	case RE2_PLACE:
		return look(c, node->place, next);
	case RE2_SEQUENCE:
		return compile_sequence(c, node->first, next);
	case RE2_CHOICE:
		return compile_choice(c, node, next);
	case RE2_REPEAT:
		break;
	}
	return compile_repeat(c, node, next);
}

int re2_compile(struct re2 *re, bool whole, struct where at, struct hw_error *err)
{
	struct compiler c = { .re = re };
	uint32_t end = emit(&c, (struct re2_step){ .op = OP_MATCH });

	if (whole)
		end = look(&c, PLACE_TEXT_END, end);
	re->start = compile(&c, re->tree, end);
	/* As ^(?:...)$ has it: what is accepted here can be exported. */
	if (whole)
		re->start = look(&c, PLACE_TEXT_BEGIN, re->start);
	if (c.trouble == -E2BIG)
		return error_set(err, EINVAL, at, "use smaller intervals",
				 "expression '%.*s' has more than %d steps "
				 "with all intervals expanded",
				 utf8_excerpt(re->source, strlen(re->source)), re->source,
				 RE2_PROGRAM_MAX);
	return c.trouble ? error_oom(err) : 0;
}
