/* SPDX-License-Identifier: Apache-2.0 */
/* Which path in the container matches a pattern of glob(7). */
#include "base/glob.h"
#include "base/list.h"
#include "view/internal.h"

/* Names in one directory; the same one may be there twice. */
struct names {
	const char **items;
	size_t n, capacity;
};

struct search {
	struct view *v;
	char path[VIEW_PATH_MAX + 1]; /* that is tried */
	const char *match;	      /* the first that exists */
	const struct reason *unknown; /* the first thing that could not be inspected */
	const struct reason *absent;  /* why there is nothing before the first wildcard */
	bool wild;		      /* a wildcard was passed */
};

static int note_unknown(struct search *s, const struct reason *why)
{
	if (!s->unknown)
		s->unknown = why;
	return why ? 0 : -ENOMEM;
}

static int cannot_list(struct search *s, struct node *n, int errnum)
{
	const char *path = node_path(s->v, n);

	if (errnum == ENOMEM || !path)
		return -ENOMEM;
	if (budget_is_spent(s->v->budget))
		return note_unknown(s, view_spent(s->v));
	return note_unknown(s, reason_cause(s->v->arena, n->mount->at,
					    "run hookwright as a user who can read it",
					    arena_printf(s->v->arena, "cannot list %s: %s", path,
							 strerror(errnum))));
}

static int add_name(struct search *s, struct names *names, const char *name, const char *pattern,
		    size_t len)
{
	if (!glob_match_name(pattern, len, name, strlen(name)))
		return 0;
	if (!LIST_ROOM(s->v->arena, names->items, names->n, names->capacity))
		return -ENOMEM;
	names->items[names->n++] = name;
	return 0;
}

/* What the host has there. Most of it does not match, and is not kept. */
static int host_names(struct search *s, struct node *dir, struct names *names, const char *pattern,
		      size_t len)
{
	struct node *base = node_base(dir);
	const char **all;
	size_t n;
	int r;

	if (base->backing != HOST)
		return 0;
	r = budget_steps(s->v->budget, STEPS_CALL)
		    ? host_list(s->v, base, SIZE_MAX, s->v->arena, &all, &n)
		    : -ESPENT;
	if (r < 0)
		return cannot_list(s, dir, -r);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = add_name(s, names, all[i], pattern, len);
	return r;
}

/* What runtimes make, and mount points, are nodes already; which directory has them, it knows. */
static int made_names(struct search *s, struct names *names, const char *pattern, size_t len)
{
	struct view *v = s->v;
	int r = 0;

	if (!budget_steps(v->budget, STEPS_COMPARE(v->n_nodes)))
		return note_unknown(s, view_spent(v));
	for (size_t i = 0; r == 0 && i < v->n_nodes; i++)
		if (v->nodes[i]->parent && (v->nodes[i]->backing != HOST || v->nodes[i]->covered))
			r = add_name(s, names, v->nodes[i]->name, pattern, len);
	return r;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_names(struct names *names)
{
	size_t kept = 0;

	if (names->n)
		qsort(names->items, names->n, sizeof(*names->items), by_name);
	for (size_t i = 0; i < names->n; i++)
		if (!kept || !streq(names->items[kept - 1], names->items[i]))
			names->items[kept++] = names->items[i];
	names->n = kept;
}

/* Whether there is a directory at s->path, or anything; what is unknown is noted. */
static int look(struct search *s, struct found *f)
{
	struct hw_error err;

	if (view_resolve(s->v, s->path, VIEW_FOLLOW, NULL, NULL, f, &err) < 0)
		return -ENOMEM;
	if (f->kind == FOUND_NOTHING || (f->kind == FOUND_UNKNOWN && f->errnum)) {
		if (!s->wild && !s->absent)
			s->absent = f->reason;
		/* Hooks of earlier stages may come to make it. */
		return f->kind == FOUND_NOTHING ? 0 : note_unknown(s, f->reason);
	}
	return f->kind == FOUND_UNKNOWN || f->kind == FOUND_DENIED ? note_unknown(s, f->reason) : 0;
}

/* A name of a directory, or a component without wildcards, whose '\\' are for this. */
static bool append(struct search *s, size_t *at, const char *name, size_t len, bool escaped)
{
	if (*at + 1 + len > VIEW_PATH_MAX)
		return false;
	s->path[(*at)++] = '/';
	for (size_t i = 0; i < len; i++) {
		if (escaped && name[i] == '\\' && i + 1 < len)
			i++;
		s->path[(*at)++] = name[i];
	}
	s->path[*at] = '\0';
	return true;
}

static int expand(struct search *s, const char *rest, size_t at);

static int try_names(struct search *s, const struct names *names, const char *rest, size_t at)
{
	int r = 0;

	for (size_t i = 0; r == 0 && !s->match && i < names->n; i++) {
		size_t end = at;

		if (append(s, &end, names->items[i], strlen(names->items[i]), false))
			r = expand(s, rest, end);
	}
	return r;
}

static int expand_wild(struct search *s, const char *name, size_t len, size_t at)
{
	struct names names = { 0 };
	struct node *dir;
	struct found f;
	int r;

	if (at == 0)
		memcpy(s->path, "/", sizeof("/"));
	r = look(s, &f);
	s->wild = true;
	if (r < 0 || f.kind != FOUND_DIR)
		return r;
	dir = s->v->nodes[f.node];
	if (dir->backing == OPAQUE)
		return note_unknown(s, dir->why);
	r = host_names(s, dir, &names, name, len);
	if (r == 0)
		r = made_names(s, &names, name, len);
	sort_names(&names);
	return r < 0 ? r : try_names(s, &names, name + len, at);
}

static int keep_match(struct search *s)
{
	struct found f;
	int r = look(s, &f);

	if (r < 0 || f.kind == FOUND_NOTHING || f.kind == FOUND_UNKNOWN || f.kind == FOUND_DENIED)
		return r;
	s->match = arena_strdup(s->v->arena, s->path);
	return s->match ? 0 : -ENOMEM;
}

/* The @at bytes of s->path are what the pattern before @rest has become. */
static int expand(struct search *s, const char *rest, size_t at)
{
	while (budget_steps(s->v->budget, 1)) {
		const char *name = rest + strspn(rest, "/");
		const size_t len = strcspn(name, "/");

		if (!len)
			return keep_match(s);
		if (glob_is_pattern(name, len))
			return expand_wild(s, name, len, at);
		if (!append(s, &at, name, len, true))
			return 0;
		rest = name + len;
	}
	return note_unknown(s, view_spent(s->v));
}

static const char *word_absence(const struct search *s)
{
	if (!s->absent)
		return "nothing matches it";
	return arena_printf(s->v->arena, "nothing matches it: %s", s->absent->text);
}

int view_glob(struct view *v, const char *pattern, enum truth *ret, const char **fact,
	      struct hw_error *err)
{
	struct search s = { .v = v };

	if (expand(&s, pattern, 0) < 0)
		return error_oom(err);
	*ret = s.match ? YES : s.unknown ? UNKNOWN : NO;
	if (budget_is_spent(v->budget)) {
		*ret = UNKNOWN;
		s.unknown = view_spent(v);
	}
	if (*ret == YES)
		*fact = arena_printf(v->arena, "%s matches it", s.match);
	else
		*fact = *ret == NO ? word_absence(&s) : s.unknown ? s.unknown->text : NULL;
	if (*ret == NO && v->spec->earlier_hooks) {
		*ret = UNKNOWN;
		*fact = *fact ? arena_printf(v->arena, "absent now: %s", *fact) : NULL;
	}
	return *fact ? 0 : error_oom(err);
}
