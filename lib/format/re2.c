/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions from source to match; see format/re2.h. */
#include "format/re2-internal.h"

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

int re2_new(const char *source, enum re2_extent extent, struct where at, struct re2 **ret,
	    struct hw_error *err)
{
	const bool whole = extent == RE2_WHOLE;
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct re2 *re = arena ? arena_alloc(arena, 1, sizeof(*re)) : NULL;
	struct re2_node *tree;
	int r;

	if (!re)
		return error_oom(err);
	re->arena = arena;
	re->source = source;
	r = re2_parse(source, at, arena, &tree, err);
	if (r < 0)
		return r;
	re->tree = tree;
	re->begins = whole || begins_text(tree);
	re->anchored = whole || (begins_text(tree) && ends_text(tree)) || may_be_empty(tree);
	r = re2_compile(re, whole, at, err);
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

int re2_check(const char *source, struct where at, struct hw_error *err)
{
	/* Most expressions have nothing in them that could be wrong: names and paths. */
	static const char sound[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_/:.|-";
	const size_t len = strlen(source);
	struct re2 *re = NULL;
	int r;

	if (len <= RE2_SOURCE_MAX && strspn(source, sound) == len)
		return 0;
	r = re2_new(source, RE2_WHOLE, at, &re, err);
	re2_free(re);
	return r;
}
