/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluation of a policy's conditions in three-valued logic. */
#pragma once

#include "oci/spec.h"
#include "policy/facts.h"
#include "policy/policy.h"

/*
 * Conditions, evaluated in Kleene's logic on the document and the facts. Pure but for the facts
 * it asks for.
 */
struct cond_context {
	const struct spec *spec;
	const struct fact_source *facts;
	const struct hw_policy *policy; /* its candidates are what hookExists asks about */
	const char *runtime;		/* base name; NULL: not given */
	struct runtime runs;   /* the same with its version, for facts that depend on that */
	struct arena *arena;   /* of the texts */
	struct budget *budget; /* of the container; NULL: no limit */
	bool everything; /* evaluate every term (explain), not only until the value is settled */
};

/*
 * One term, item of a term, combinator or branch of one as it was evaluated. Lines are in file
 * order, and what stands in a combinator or in a branch follows it, one deeper.
 */
struct cond_line {
	unsigned depth;	  /* 0: a key of when or needs itself */
	const char *text; /* "libc: glibc", "none"; "all of": a branch with several lines */
	enum truth value;
	const char *fact; /* what it rests on; "" for a branch */
	bool decides;	  /* of its combinator's branches the one that settles the value */
	unsigned line, column;
	const char *hint; /* what to change where it is not YES; NULL if nothing general */
	const struct cond_term *term; /* NULL: a branch */
	size_t item;
};

struct cond_lines {
	struct cond_line *items;
	size_t n, capacity;
};

/*
 * Evaluate @c: NO if a term is NO, else UNKNOWN if one is, else YES; cheap terms (those that need
 * no look into the rootfs) first. *@culprit (may be NULL) gets the first term that made it not YES.
 * @lines (may be NULL) gets every term evaluated. 0, -ENOMEM, or what the facts return.
 */
int cond_eval(const struct cond_context *ctx, const struct conjunction *c, enum truth *ret,
	      struct cond_line *culprit, struct cond_lines *lines, struct hw_error *err) MUST_CHECK;
