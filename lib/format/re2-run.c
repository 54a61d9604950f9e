/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matching: the set of steps that can come next is the state of an automaton, created
 * when a value first needs it (Thompson 1968, Cox 2007) and remembered, so that most
 * characters cost one table lookup.
 */
#include "base/utf8.h"
#include "format/re2-internal.h"

#define CACHE_MAX     ((size_t)256 << 10) /* bytes of all states; when it is full all are forgotten */
#define STATES_FIRST  ((size_t)16)	  /* a power of two */
#define WORK_PER_STEP 32		  /* a step of the budget is a look-up; these are cheaper */

/* The transitions of a state. */
enum { STATE_NEW, STATE_FOUND, STATE_DEAD, STATE_NUMBERS };

/* The neighbours of a place, as far as the program asks. */
enum beside { BESIDE_NOTHING, BESIDE_NEWLINE, BESIDE_WORD, BESIDE_OTHER };

struct re2_run {
	struct re2 *re;
	bool lines_or_words; /* the program asks for the characters beside a place */
	/*
	 * Characters that the program does not distinguish are one class; bounds[i] is the first of
	 * class i, and n_bounds the class of the end.
	 */
	int32_t *bounds;
	size_t n_bounds;
	uint16_t ascii[0x80]; /* the class of each */
	/* States, by number - STATE_NUMBERS. */
	size_t n, capacity, limit;
	size_t words;	    /* of a set, which has a bit for each step */
	uint64_t *sets;	    /* @words each */
	uint8_t *befores;   /* the character before the place: enum beside */
	uint16_t *nexts;    /* n_bounds + 1 each: the state by the next class */
	uint16_t *slots;    /* the states' numbers by hash; twice the capacity */
	unsigned forgotten; /* how often */
	/* One step. */
	uint64_t *now, *later; /* sets */
	uint32_t *stack;       /* steps still to be processed */
	enum beside before, after;
};

/* ---- classes ---- */

static const int32_t beside_bounds[] = { '\n',	  '\n' + 1, '0',     '9' + 1, 'A',
					 'Z' + 1, '_',	    '_' + 1, 'a',     'z' + 1 };

static bool is_word(int32_t c)
{
	return is_digit(c) || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80);
}

static enum beside beside(const struct re2_run *run, int32_t c)
{
	if (!run->lines_or_words)
		return BESIDE_OTHER;
	return c == '\n' ? BESIDE_NEWLINE : is_word(c) ? BESIDE_WORD : BESIDE_OTHER;
}

/* Write where the ranges of @node's sets begin and end to @out (unless NULL); how many. */
static size_t put_bounds(const struct re2_node *node, int32_t *out)
{
	size_t n = 0;

	for (size_t i = 0; node->kind == RE2_SET && i < node->set->n; i++) {
		if (out)
			out[n] = node->set->ranges[i].lo;
		if (out)
			out[n + 1] = node->set->ranges[i].hi + 1;
		n += 2;
	}
	for (const struct re2_node *part = node->first; part; part = part->next)
		n += put_bounds(part, out ? out + n : NULL);
	return n;
}

static int by_number(const void *a, const void *b)
{
	const int32_t *p = a, *q = b;

	return (*p > *q) - (*p < *q);
}

static size_t class_of(const struct re2_run *run, int32_t c)
{
	size_t low = 0, high = run->n_bounds;

	while (high - low > 1) {
		const size_t middle = low + (high - low) / 2;

		if (run->bounds[middle] <= c)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static int make_classes(struct re2_run *run)
{
	const size_t own = put_bounds(run->re->tree, NULL);
	size_t n = 1, unique = 1;

	run->bounds = arena_alloc(run->re->arena, 1 + own + ARRAY_SIZE(beside_bounds),
				  sizeof(*run->bounds));
	if (!run->bounds)
		return -ENOMEM;
	n += put_bounds(run->re->tree, run->bounds + n);
	if (run->lines_or_words) {
		memcpy(run->bounds + n, beside_bounds, sizeof(beside_bounds));
		n += ARRAY_SIZE(beside_bounds);
	}
	qsort(run->bounds, n, sizeof(*run->bounds), by_number);
	for (size_t i = 1; i < n; i++)
		if (run->bounds[i] != run->bounds[unique - 1])
			run->bounds[unique++] = run->bounds[i];
	run->n_bounds = unique;
	for (int32_t c = 0; c < 0x80; c++)
		run->ascii[c] = (uint16_t)class_of(run, c);
	return 0;
}

/* ---- sets of steps ---- */

static bool is_at(const struct re2_run *run, enum re2_place place)
{
	const bool edge = (run->before == BESIDE_WORD) != (run->after == BESIDE_WORD);

	switch (place) {
	case PLACE_TEXT_BEGIN:
		return run->before == BESIDE_NOTHING;
	case PLACE_TEXT_END:
		return run->after == BESIDE_NOTHING;
	case PLACE_LINE_BEGIN:
		return run->before == BESIDE_NOTHING || run->before == BESIDE_NEWLINE;
	case PLACE_LINE_END:
		return run->after == BESIDE_NOTHING || run->after == BESIDE_NEWLINE;
	case PLACE_WORD_EDGE:
		return edge;
	case PLACE_NO_WORD_EDGE:
		break;
	}
	return !edge;
}

/*
 * Add @first and all that it leads to without taking a character; whether that is the end. Places
 * are checked only @here: for a set to come, the character behind the place is not known yet.
 */
static bool add(struct re2_run *run, uint64_t *set, uint32_t first, bool here)
{
	uint32_t n = 0;

	run->stack[n++] = first;
	while (n > 0) {
		const uint32_t at = run->stack[--n];
		const struct re2_step *step = &run->re->steps[at];
		const uint64_t bit = UINT64_C(1) << at % 64;

		run->re->work++;
		if (set[at / 64] & bit)
			continue;
		set[at / 64] |= bit;
		if (step->op == OP_MATCH)
			return true;
		if (step->op == OP_SPLIT)
			run->stack[n++] = step->other;
		if (step->op == OP_SPLIT ||
		    (step->op == OP_LOOK && here && is_at(run, step->place)))
			run->stack[n++] = step->next;
	}
	return false;
}

/* Go on from the places of run->now that are where they must be; whether that is the end. */
static bool pass_places(struct re2_run *run)
{
	for (size_t w = 0; w < run->words; w++) {
		for (uint64_t bits = run->now[w]; bits; bits &= bits - 1) {
			const struct re2_step *step =
				&run->re->steps[w * 64 + (size_t)__builtin_ctzll(bits)];

			if (step->op == OP_LOOK && is_at(run, step->place) &&
			    add(run, run->now, step->next, true))
				return true;
		}
	}
	return false;
}

/* The step by character @c: from run->now to run->later; whether that is the end. */
static bool take(struct re2_run *run, int32_t c)
{
	const struct rune_set *last = NULL;
	bool has = false;

	memset(run->later, 0, run->words * sizeof(*run->later));
	for (size_t w = 0; w < run->words; w++) {
		for (uint64_t bits = run->now[w]; bits; bits &= bits - 1) {
			const struct re2_step *step =
				&run->re->steps[w * 64 + (size_t)__builtin_ctzll(bits)];

			run->re->work++;
			if (step->op != OP_TAKE)
				continue;
			/* Repetitions share their set. */
			if (step->set != last)
				has = set_has(step->set, c);
			last = step->set;
			if (has && add(run, run->later, step->next, false))
				return true;
		}
	}
	/* A match may begin at every place. */
	return !run->re->begins && add(run, run->later, run->re->start, false);
}

static bool is_empty(const struct re2_run *run, const uint64_t *set)
{
	for (size_t w = 0; w < run->words; w++)
		if (set[w])
			return false;
	return true;
}

/* ---- states ---- */

/* The slot of the state of @set; if it is zero, where the state belongs. */
static uint16_t *slot_of(struct re2_run *run, const uint64_t *set, enum beside before)
{
	const size_t mask = 2 * run->capacity - 1;
	uint64_t hash = (uint64_t)before;

	for (size_t w = 0; w < run->words; w++) {
		hash = (hash ^ set[w]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	for (size_t at = hash & mask;; at = (at + 1) & mask) {
		const size_t i = (size_t)run->slots[at] - STATE_NUMBERS;

		run->re->work += run->words;
		if (!run->slots[at] ||
		    (run->befores[i] == before &&
		     memcmp(&run->sets[i * run->words], set, run->words * sizeof(*set)) == 0))
			return &run->slots[at];
	}
}

static int allocate(struct re2_run *run, size_t capacity)
{
	struct arena *arena = run->re->arena;

	run->capacity = capacity;
	run->sets = arena_alloc(arena, capacity * run->words, sizeof(*run->sets));
	run->befores = arena_alloc(arena, capacity, sizeof(*run->befores));
	run->nexts = arena_alloc(arena, capacity * (run->n_bounds + 1), sizeof(*run->nexts));
	run->slots = arena_alloc(arena, 2 * capacity, sizeof(*run->slots));
	return run->sets && run->befores && run->nexts && run->slots ? 0 : -ENOMEM;
}

/* Twice the room, or the room of all that is there. */
static int make_room(struct re2_run *run)
{
	const struct re2_run was = *run;

	if (run->capacity == run->limit) {
		memset(run->slots, 0, 2 * run->capacity * sizeof(*run->slots));
		run->n = 0;
		run->forgotten++;
		return 0;
	}
	if (allocate(run, 2 * run->capacity) < 0)
		return -ENOMEM;
	memcpy(run->sets, was.sets, was.n * was.words * sizeof(*was.sets));
	memcpy(run->befores, was.befores, was.n * sizeof(*was.befores));
	memcpy(run->nexts, was.nexts, was.n * (was.n_bounds + 1) * sizeof(*was.nexts));
	for (size_t i = 0; i < run->n; i++)
		*slot_of(run, &run->sets[i * run->words], (enum beside)run->befores[i]) =
			(uint16_t)(i + STATE_NUMBERS);
	return 0;
}

static int state_of(struct re2_run *run, const uint64_t *set, enum beside before, size_t *ret)
{
	const size_t row = run->n_bounds + 1;
	uint16_t *slot = slot_of(run, set, before);

	if (!*slot) {
		if (run->n == run->capacity) {
			if (make_room(run) < 0)
				return -ENOMEM;
			slot = slot_of(run, set, before);
		}
		memcpy(&run->sets[run->n * run->words], set, run->words * sizeof(*set));
		run->befores[run->n] = (uint8_t)before;
		memset(&run->nexts[run->n * row], 0, row * sizeof(*run->nexts));
		*slot = (uint16_t)(run->n++ + STATE_NUMBERS);
	}
	*ret = *slot;
	return 0;
}

/* Where @class leads from @state. */
static int follow(struct re2_run *run, size_t state, size_t class, size_t *ret)
{
	const bool end = class == run->n_bounds;
	const size_t from = state - STATE_NUMBERS;

	memcpy(run->now, &run->sets[from * run->words], run->words * sizeof(*run->now));
	run->before = (enum beside)run->befores[from];
	run->after = end ? BESIDE_NOTHING : beside(run, run->bounds[class]);
	*ret = STATE_FOUND;
	if (pass_places(run) || (!end && take(run, run->bounds[class])))
		return 0;
	*ret = STATE_DEAD;
	if (end || is_empty(run, run->later))
		return 0;
	return state_of(run, run->later, run->after, ret);
}

static int begin(struct re2_run *run, size_t *ret)
{
	memset(run->later, 0, run->words * sizeof(*run->later));
	*ret = STATE_FOUND;
	if (add(run, run->later, run->re->start, false))
		return 0;
	return state_of(run, run->later, BESIDE_NOTHING, ret);
}

/* ---- the whole ---- */

static bool asks_beside(const struct re2 *re)
{
	for (uint32_t i = 0; i < re->n; i++)
		if (re->steps[i].op == OP_LOOK && re->steps[i].place != PLACE_TEXT_BEGIN &&
		    re->steps[i].place != PLACE_TEXT_END)
			return true;
	return false;
}

static struct re2_run *run_new(struct re2 *re)
{
	struct re2_run *run = arena_alloc(re->arena, 1, sizeof(*run));
	size_t bytes, limit = STATES_FIRST;

	if (!run)
		return NULL;
	run->re = re;
	run->lines_or_words = asks_beside(re);
	run->words = (re->n + 63) / 64;
	run->now = arena_alloc(re->arena, 2 * run->words, sizeof(*run->now));
	/* A step is on the stack once for each that leads to it: two at most, and the first. */
	run->stack = arena_alloc(re->arena, 2 * (size_t)re->n + 2, sizeof(*run->stack));
	if (!run->now || !run->stack || make_classes(run) < 0)
		return NULL;
	run->later = run->now + run->words;
	bytes = run->words * sizeof(*run->sets) + (run->n_bounds + 1) * sizeof(*run->nexts);
	while (2 * limit * bytes <= CACHE_MAX)
		limit *= 2;
	run->limit = limit;
	/* Including the cost of compiling it. */
	re->work += 16 * strlen(re->source) + re->n;
	return allocate(run, STATES_FIRST) < 0 ? NULL : run;
}

/* The class of the character at *@p, which moves on. What is not UTF-8 is read as U+FFFD. */
static size_t next_class(const struct re2_run *run, const unsigned char **p,
			 const unsigned char *end)
{
	int32_t c = 0xfffd;
	size_t len;

	if (*p == end)
		return run->n_bounds;
	if (**p < 0x80)
		return run->ascii[*(*p)++];
	len = utf8_decode(*p, end, &c);
	*p += len ? len : 1;
	return class_of(run, c);
}

/* Charge the work done; false: the budget is spent. */
static bool pay(struct re2 *re, struct budget *budget)
{
	const uint64_t steps = re->work / WORK_PER_STEP;

	re->work %= WORK_PER_STEP;
	return budget_take(budget, BUDGET_STEPS, steps);
}

static int search(struct re2_run *run, const char *value, size_t len, struct budget *budget,
		  enum truth *ret)
{
	const unsigned char *p = (const unsigned char *)value, *end = p + len;
	const size_t row = run->n_bounds + 1;
	size_t state;
	int r = begin(run, &state);

	while (r == 0 && state >= STATE_NUMBERS) {
		const size_t class = next_class(run, &p, end);
		const size_t at = (state - STATE_NUMBERS) * row + class;
		const unsigned forgotten = run->forgotten;
		size_t next = run->nexts[at];

		if (next == STATE_NEW) {
			if (!pay(run->re, budget))
				return 0;
			r = follow(run, state, class, &next);
			if (r == 0 && run->forgotten == forgotten)
				run->nexts[at] = (uint16_t)next;
		}
		state = next;
	}
	if (r == 0)
		*ret = state == STATE_FOUND ? YES : NO;
	return r;
}

int re2_match(struct re2 *re, const char *value, struct budget *budget, enum truth *ret)
{
	size_t len;

	*ret = UNKNOWN;
	re->work += WORK_PER_STEP;
	if (!pay(re, budget))
		return 0;
	len = strnlen(value, RE2_VALUE_MAX + 1);
	if (len > RE2_VALUE_MAX)
		return 0;
	if (!re->run)
		re->run = run_new(re);
	if (!re->run)
		return -ENOMEM;
	re->work += len;
	return pay(re, budget) ? search(re->run, value, len, budget, ret) : 0;
}
