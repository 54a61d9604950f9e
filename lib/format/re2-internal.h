/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the parts of the RE2 engine: the parsed tree, sets of characters, the program. */
#pragma once

#include "base/arena.h"
#include "base/utf8.h"
#include "format/re2.h"

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

enum re2_op { OP_TAKE, OP_LOOK, OP_SPLIT, OP_MATCH };

/* Of a program: take a character of a set, look at the place, or go on at two steps. */
struct re2_step {
	enum re2_op op;
	enum re2_place place;
	const struct rune_set *set;
	uint32_t next, other; /* other: of a split */
};

struct re2 {
	struct arena *arena; /* owns this struct and everything below but the source */
	const char *source;
	const struct re2_node *tree;
	struct re2_step *steps; /* the program; it begins at start */
	uint32_t n, capacity, start;
	bool begins;	     /* a match begins where the value does, nowhere else */
	bool anchored;	     /* see re2_anchored() */
	uint64_t work;	     /* done, and not yet taken from a budget */
	struct re2_run *run; /* what matching has learnt; NULL before the first value */
};

/*
 * format/re2-compile.c: the program of re->tree; with @whole a match must end where the value
 * does.
 */
int re2_compile(struct re2 *re, bool whole, struct where at, struct hw_error *err) MUST_CHECK;

/* format/re2-parse.c: @source as a tree from @arena. -EINVAL, -ENOMEM. */
int re2_parse(const char *source, struct where at, struct arena *arena, struct re2_node **ret,
	      struct hw_error *err) MUST_CHECK;

/* "{2}", "{2,}" or "{2,5}" at @p: what follows it; NULL: the brace is a character. */
const char *re2_interval(const char *p, int *min, int *max);

/* format/re2-set.c. All but has() return 0 or -ENOMEM. */
int set_add(struct rune_set *set, struct arena *arena, int32_t lo, int32_t hi) MUST_CHECK;
/* The other case of every letter, as Unicode folds ASCII; -EDOM: not all of them are ASCII. */
int set_fold(struct rune_set *set, struct arena *arena) MUST_CHECK;
int set_finish(struct rune_set *set, struct arena *arena, bool negated) MUST_CHECK;
bool set_has(const struct rune_set *set, int32_t c);
/* The sets that have names: "d", "s", "w" of \d, and [:alpha:]'s; NULL if there is none. */
const char *set_named(const char *name, size_t len);
/* Add the ranges that @pairs spells: "09AZaz". */
int set_add_pairs(struct rune_set *set, struct arena *arena, const char *pairs) MUST_CHECK;
