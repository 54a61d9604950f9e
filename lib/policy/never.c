/* SPDX-License-Identifier: Apache-2.0 */
/* Warns about conditions of a policy that can never hold. */
#include "policy/warnings.h"

/*
 * Conditions that can never hold. What a conjunction requires is collected; it can never hold if
 * two terms that name one value have none in common, if a term of 'none' follows from what is
 * required, or if every alternative of 'any' is such a conjunction. More contradictions exist (of
 * expressions, say); those are not looked for.
 */
struct required {
	const struct cond_term *terms[2 * TERMS_MAX];
	size_t n;
};

/* Two terms that exclude each other; @b is the later one. */
struct conflict {
	const struct cond_term *a, *b;
};

static bool names_one_value(enum cond_key key)
{
	return key == COND_UID || key == COND_GID || key == COND_LIBC || key == COND_ARCH ||
	       key == COND_RUNTIME;
}

/* One of the items suffices. */
static bool has_alternatives(enum cond_key key)
{
	return names_one_value(key) || key == COND_EXISTS_ANY;
}

static bool is_flag(enum cond_key key)
{
	return key == COND_READONLY_ROOT || key == COND_HOOK_EXISTS;
}

/* Item @i of @a and item @j of @b, terms of one key. */
static bool same_item(const struct cond_term *a, size_t i, const struct cond_term *b, size_t j)
{
	switch (a->key) {
	case COND_UID:
	case COND_GID:
		return a->numbers[i] == b->numbers[j];
	case COND_ANNOTATIONS:
	case COND_ENV:
		return streq(a->patterns[i].name, b->patterns[j].name) &&
		       streq(a->patterns[i].source, b->patterns[j].source);
	case COND_READONLY_ROOT:
	case COND_HOOK_EXISTS:
		return a->flag == b->flag;
	default: /* combinators, and expressions that say nothing about each other, have no words */
		return a->words && streq(a->words[i], b->words[j]);
	}
}

static bool has_item(const struct cond_term *t, const struct cond_term *of, size_t item)
{
	for (size_t i = 0; i < t->n; i++)
		if (same_item(t, i, of, item))
			return true;
	return false;
}

static bool subset(const struct cond_term *small, const struct cond_term *big)
{
	for (size_t i = 0; i < small->n; i++)
		if (!has_item(big, small, i))
			return false;
	return true;
}

static bool excludes(const struct cond_term *a, const struct cond_term *b)
{
	if (a->key != b->key)
		return false;
	if (is_flag(a->key))
		return a->flag != b->flag;
	if (!names_one_value(a->key))
		return false;
	for (size_t i = 0; i < b->n; i++)
		if (has_item(a, b, i))
			return false;
	return true;
}

/* A writable path exists. */
static bool item_follows(const struct cond_term *t, size_t item, const struct cond_term *from)
{
	if (from->key == t->key)
		return has_item(from, t, item);
	if (t->key != COND_EXISTS || from->key != COND_WRITABLE)
		return false;
	for (size_t i = 0; i < from->n; i++)
		if (streq(from->words[i], t->words[item]))
			return true;
	return false;
}

/* The required term from which @t follows, the last of its items if several; NULL if none. */
static const struct cond_term *follows(const struct required *r, const struct cond_term *t)
{
	const struct cond_term *from = NULL;

	for (size_t i = 0; has_alternatives(t->key) && i < r->n; i++)
		if (r->terms[i]->key == t->key && subset(r->terms[i], t))
			return r->terms[i];
	if (has_alternatives(t->key))
		return NULL;
	for (size_t item = 0; item < t->n; item++) {
		from = NULL;
		for (size_t i = 0; !from && i < r->n; i++)
			if (item_follows(t, item, r->terms[i]))
				from = r->terms[i];
		if (!from)
			return NULL;
	}
	return from;
}

static const struct cond_term *all_follow(const struct required *r, const struct conjunction *c)
{
	const struct cond_term *from = NULL;

	for (size_t i = 0; i < c->n_terms; i++) {
		from = follows(r, &c->terms[i]);
		if (!from)
			return NULL;
	}
	return from;
}

static void collect(struct required *r, const struct conjunction *c)
{
	for (size_t i = 0; i < c->n_terms; i++) {
		const struct cond_term *t = &c->terms[i];

		if (r->n < ARRAY_SIZE(r->terms))
			r->terms[r->n++] = t;
		for (size_t j = 0; t->key == COND_ALL && j < t->n; j++)
			collect(r, &t->subs[j]);
	}
}

static bool conflicting(const struct required *r, struct conflict *ret);

/* Whether no alternative of @any is possible beside what is required. */
static bool impossible(const struct required *r, const struct cond_term *any, struct conflict *ret)
{
	for (size_t i = 0; i < any->n; i++) {
		struct required with = { .n = 0 };
		struct conflict last;

		/* Without the other 'any's: they would be checked again and again. */
		for (size_t j = 0; j < r->n; j++)
			if (r->terms[j]->key != COND_ANY)
				with.terms[with.n++] = r->terms[j];
		collect(&with, &any->subs[i]);
		if (!conflicting(&with, &last))
			return false;
		ret->a = last.a == any ? last.b : last.a;
	}
	ret->b = any;
	return true;
}

static bool conflict_of(const struct required *r, size_t index, struct conflict *ret)
{
	const struct cond_term *t = r->terms[index];

	if (t->key == COND_ANY)
		return impossible(r, t, ret);
	ret->b = t;
	for (size_t i = 0; t->key == COND_NONE && i < t->n; i++) {
		ret->a = all_follow(r, &t->subs[i]);
		if (ret->a)
			return true;
	}
	for (size_t i = 0; i < index; i++) {
		ret->a = r->terms[i];
		if (excludes(r->terms[i], t))
			return true;
	}
	return false;
}

static bool conflicting(const struct required *r, struct conflict *ret)
{
	for (size_t i = 0; i < r->n; i++)
		if (conflict_of(r, i, ret))
			return true;
	return false;
}

int policy_lint_conditions(const struct decoder *d, struct hw_policy *p)
{
	struct required required = { .n = 0 };
	struct policy_warning w = { .author = true };
	struct conflict c;

	/* The hook needs both: in the order of the file, so that the later one is reported. */
	collect(&required, &p->when);
	collect(&required, &p->needs);
	if (!conflicting(&required, &c))
		return 0;
	w.line = c.b->line;
	w.column = c.b->column;
	w.message =
		arena_printf(d->arena, "'%s' can never hold at the same time as '%s' in line %u",
			     cond_key_name(c.b->key), cond_key_name(c.a->key), c.a->line);
	w.hint = "no container can get the hook; remove one of the two";
	return policy_warn(d, p, &w);
}
