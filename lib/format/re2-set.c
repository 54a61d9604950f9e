/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of characters: ranges, named classes, folding of case. */
#include "base/list.h"
#include "format/re2-internal.h"

int set_add(struct rune_set *set, struct arena *arena, int32_t lo, int32_t hi)
{
	if (!LIST_ROOM(arena, set->ranges, set->n, set->capacity))
		return -ENOMEM;
	set->ranges[set->n++] = (struct rune_range){ lo, hi };
	return 0;
}

int set_add_pairs(struct rune_set *set, struct arena *arena, const char *pairs)
{
	int r = 0;

	for (; r == 0 && *pairs; pairs += 2)
		r = set_add(set, arena, pairs[0], pairs[1]);
	return r;
}

/* Unicode folds two characters outside ASCII to letters in it: KELVIN SIGN and LONG S. */
static int add_other_case(struct rune_set *set, struct arena *arena, int32_t c)
{
	const int32_t lower = c | 0x20;
	int r;

	if (lower < 'a' || lower > 'z')
		return 0;
	r = set_add(set, arena, c ^ 0x20, c ^ 0x20);
	if (r == 0 && lower == 'k')
		r = set_add(set, arena, 0x212a, 0x212a);
	if (r == 0 && lower == 's')
		r = set_add(set, arena, 0x17f, 0x17f);
	return r;
}

int set_fold(struct rune_set *set, struct arena *arena)
{
	const size_t n = set->n;
	int r = 0;

	for (size_t i = 0; i < n; i++)
		if (set->ranges[i].hi > 0x7f)
			return -EDOM;
	for (size_t i = 0; i < n; i++) {
		const struct rune_range range = set->ranges[i];

		for (int32_t c = range.lo; r == 0 && c <= range.hi; c++)
			r = add_other_case(set, arena, c);
	}
	return r;
}

static int by_start(const void *a, const void *b)
{
	const struct rune_range *p = a, *q = b;

	return (p->lo > q->lo) - (p->lo < q->lo);
}

static void merge(struct rune_set *set)
{
	size_t n = 0;

	if (set->n > 1)
		qsort(set->ranges, set->n, sizeof(*set->ranges), by_start);
	for (size_t i = 0; i < set->n; i++) {
		const struct rune_range range = set->ranges[i];

		if (n > 0 && range.lo <= set->ranges[n - 1].hi + 1) {
			if (range.hi > set->ranges[n - 1].hi)
				set->ranges[n - 1].hi = range.hi;
		} else {
			set->ranges[n++] = range;
		}
	}
	set->n = n;
}

int set_finish(struct rune_set *set, struct arena *arena, bool negated)
{
	struct rune_set others = { 0 };
	int32_t from = 0;
	int r = 0;

	merge(set);
	if (!negated)
		return 0;
	for (size_t i = 0; r == 0 && i < set->n; i++) {
		if (set->ranges[i].lo > from)
			r = set_add(&others, arena, from, set->ranges[i].lo - 1);
		from = set->ranges[i].hi + 1;
	}
	if (r == 0 && from <= RUNE_MAX)
		r = set_add(&others, arena, from, RUNE_MAX);
	*set = others;
	return r;
}

bool set_has(const struct rune_set *set, int32_t c)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (c < set->ranges[middle].lo)
			high = middle;
		else if (c > set->ranges[middle].hi)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

/* ASCII only, all of them; \s has no vertical tab, [:space:] has. */
const char *set_named(const char *name, size_t len)
{
	static const struct {
		const char *name, *pairs;
	} sets[] = {
		{ "d", "09" },		 { "s", "\t\n\f\r  " },
		{ "w", "09AZ__az" },	 { "alnum", "09AZaz" },
		{ "alpha", "AZaz" },	 { "ascii", NULL },
		{ "blank", "\t\t  " },	 { "cntrl", "\x01\x1f\x7f\x7f" },
		{ "digit", "09" },	 { "graph", "!~" },
		{ "lower", "az" },	 { "print", " ~" },
		{ "punct", "!/:@[`{~" }, { "space", "\t\r  " },
		{ "upper", "AZ" },	 { "word", "09AZaz__" },
		{ "xdigit", "09AFaf" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		if (strlen(sets[i].name) == len && memcmp(sets[i].name, name, len) == 0)
			return sets[i].pairs ? sets[i].pairs : "\x01\x7f";
	return NULL;
}
