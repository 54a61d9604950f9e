/* SPDX-License-Identifier: Apache-2.0 */
/* Edit distance, for "did you mean". */
#include "base/suggest.h"
#include "tools.h"

#define WORD_MAX 63 /* longer ones are not misspellings, and must not cost time */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

static bool swapped(const char *a, size_t i, const char *b, size_t j)
{
	return i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
	       lower(a[i - 2]) == lower(b[j - 1]);
}

/* Edits from @a to @b, two neighbours swapped being one (optimal string alignment). */
static size_t distance(const char *a, size_t la, const char *b, size_t lb)
{
	size_t rows[3][WORD_MAX + 1], *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= lb; j++)
		above[j] = before[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			bool differ = lower(a[i - 1]) != lower(b[j - 1]);

			row[j] = min3(row[j - 1] + 1, above[j] + 1, above[j - 1] + differ);
			if (swapped(a, i, b, j) && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[lb];
}

void suggest_consider(struct suggestion *s, const char *candidate)
{
	size_t len = strlen(s->word), other = strlen(candidate), d;
	const size_t most = len <= 3 ? 1 : 2;

	if (len == 0 || len > WORD_MAX || other > WORD_MAX)
		return;
	d = distance(s->word, len, candidate, other);
	if (d > most || d >= s->distance)
		return;
	s->best = candidate;
	s->distance = d;
}

const char *hw_suggest(const char *word, const char *const *candidates, size_t n)
{
	struct suggestion s = SUGGEST_FOR(word);

	for (size_t i = 0; i < n; i++)
		suggest_consider(&s, candidates[i]);
	return s.best;
}
