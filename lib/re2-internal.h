/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "arena.h"
#include "re2.h"

#define RUNE_MAX 0x10ffff

/* Characters from lo to hi. */
struct rune_range {
	int32_t lo, hi;
};

/* A set of characters: sorted, no two ranges touch, once set_finish() is done. */
struct rune_set {
	struct rune_range *ranges;
	size_t n, capacity;
};

/* Places between characters. */
enum re2_place {
	PLACE_TEXT_BEGIN,
	PLACE_TEXT_END,
	PLACE_LINE_BEGIN,
	PLACE_LINE_END,
	PLACE_WORD_EDGE,
	PLACE_NO_WORD_EDGE,
};

enum re2_kind {
	RE2_SET,
	RE2_PLACE,
	RE2_SEQUENCE,
	RE2_CHOICE,
	RE2_REPEAT,
};

/* An expression as a tree. */
struct re2_node {
	enum re2_kind kind;
	struct re2_node *first, *last; /* parts of a sequence, a choice or a repetition */
	struct re2_node *next;	       /* of the same sequence or choice */
	const struct rune_set *set;
	enum re2_place place;
	int min, max; /* of a repetition; max -1: no limit */
};

/* re2-parse.c: @source as a tree from @arena. -EINVAL, -ENOMEM. */
int re2_parse(const char *source, struct where at, struct arena *arena, struct re2_node **ret,
	      struct hw_error *err) MUST_CHECK;

/* re2-set.c. All but has() return 0 or -ENOMEM. */
int set_add(struct rune_set *set, struct arena *arena, int32_t lo, int32_t hi) MUST_CHECK;
/* The other case of every letter, as Unicode folds ASCII; -EDOM: not all of them are ASCII. */
int set_fold(struct rune_set *set, struct arena *arena) MUST_CHECK;
int set_finish(struct rune_set *set, struct arena *arena, bool negated) MUST_CHECK;
bool set_has(const struct rune_set *set, int32_t c);
/* The sets that have names: "d", "s", "w" of \d, and [:alpha:]'s; NULL if there is none. */
const char *set_named(const char *name, size_t len);
/* Add the ranges that @pairs spells: "09AZaz". */
int set_add_pairs(struct rune_set *set, struct arena *arena, const char *pairs) MUST_CHECK;
