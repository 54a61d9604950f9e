/* SPDX-License-Identifier: Apache-2.0 */
/* Finding the closest known word to a misspelt one. */
#pragma once

#include "base/base.h"

/*
 * For "did you mean": keep the best of several candidates for @word.
 *
 *     struct suggestion s = SUGGEST_FOR(word);
 *     suggest_consider(&s, candidate); ...
 *     if (s.best) ...
 *
 * At most two edits (one for words of up to three bytes), case aside; further is a guess, not
 * help. Candidates are borrowed.
 */
struct suggestion {
	const char *word, *best;
	size_t distance;
};

#define SUGGEST_FOR(w) ((struct suggestion){ .word = (w), .best = NULL, .distance = 3 })

void suggest_consider(struct suggestion *s, const char *candidate);
