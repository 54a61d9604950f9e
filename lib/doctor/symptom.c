/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the messages of runtimes and engines in pasted output. */
#include "doctor/symptom.h"
#include "base/error.h"

#define EVIDENCE_MAX	    400
#define NESTING_MAX	    4  /* docker's JSON around containerd's logfmt around runc's JSON */
#define QUOTED_MAX	    16 /* messages in one line */
#define TAIL_LINES	    8  /* that a hook's own output may be away from the message about it */
#define DETAILS_MAX	    (SYMPTOM_ROWS_MAX - 2)
#define CAPTURED_PATH_MAX   4096
#define CAPTURED_STATUS_MAX 16

/* ---- the tables ---- */

/* clang-format off */
#define RULES_NONE { N_RULES }
#define RULES(...) { __VA_ARGS__, N_RULES }
/* clang-format on */

static const struct cause_info causes[N_CAUSES] = {
#define CAUSE(id, rules, title, why, remedy) [CAUSE_##id] = { #id, rules, title, why, remedy },
#include "doctor/causes-table.h"
#undef CAUSE
};

#define CAUSE(i, c, t, w, r)                                                        \
	_Static_assert(FITS(#i, causes[0].id) && FITS(t, causes[0].title) &&        \
			       FITS(w, causes[0].why) && FITS(r, causes[0].remedy), \
		       "a text of " #i " is longer than its member");
#include "doctor/causes-table.h"
#undef CAUSE
_Static_assert(N_RULES <= UINT8_MAX && N_CAUSES <= UINT8_MAX, "rows have bytes for them");

const struct cause_info *cause_get(enum cause cause)
{
	return &causes[cause];
}

enum kind { FRAME, HOOK, BODY, DETAIL, ALONE, WEAK };
#define STAGES_OF_CREATE                                               \
	(STAGE_BIT(STAGE_PRESTART) | STAGE_BIT(STAGE_CREATE_RUNTIME) | \
	 STAGE_BIT(STAGE_CREATE_CONTAINER))
#define ROW_CAUSES_MAX 16

struct row {
	char id[28], who[12], versions[28];
	uint8_t kind;			/* enum kind */
	uint8_t causes[ROW_CAUSES_MAX]; /* enum cause; N_CAUSES ends them */
	unsigned stages;
	char wording[80];
};

static const struct row rows[] = {
#define SYMPTOM(id, who, versions, kind, stages, wording, ...) \
	{ #id, who, versions, kind, { __VA_ARGS__, N_CAUSES }, stages, wording },
#include "doctor/symptom-table.h"
#undef SYMPTOM
};

#define SYMPTOM(i, w, v, k, st, t, ...)                                               \
	_Static_assert(FITS(#i, rows[0].id) && FITS(w, rows[0].who) &&                \
			       FITS(v, rows[0].versions) && FITS(t, rows[0].wording), \
		       "a text of " #i " is longer than its member");
#include "doctor/symptom-table.h"
#undef SYMPTOM

/* ---- one line ---- */

/* What fits a line, or a message of several. */
struct fit {
	const struct row *frame, *body; /* NULL: none */
	const struct row *details[DETAILS_MAX];
	size_t n_details;
	struct capture c;
};

/* What an earlier row has captured says more than what a later one has. */
static void add_capture(struct capture *all, const struct capture *one)
{
	if (!all->path && one->path) {
		all->path = one->path;
		all->path_len = one->path_len;
	}
	if (!all->status && one->status) {
		all->status = one->status;
		all->status_len = one->status_len;
	}
	if (all->hook < 0)
		all->hook = one->hook;
	if (!all->stages)
		all->stages = one->stages;
}

static bool is_body(const struct row *row)
{
	return row->kind == HOOK || row->kind == BODY || row->kind == ALONE || row->kind == WEAK;
}

static bool add_detail(struct fit *fit, const struct row *row)
{
	for (size_t i = 0; i < fit->n_details; i++)
		if (fit->details[i] == row)
			return false;
	if (fit->n_details == DETAILS_MAX)
		return false;
	fit->details[fit->n_details++] = row;
	return true;
}

/* Whether @row may still say something about @fit, for which earlier rows were tried. */
static bool may_count(const struct fit *fit, const struct row *row, bool after_frame)
{
	const bool framed = fit->frame || after_frame;

	switch (row->kind) {
	case FRAME:
		return !fit->frame;
	case DETAIL:
		return framed;
	case ALONE:
		return !framed && !fit->body;
	default:
		return !fit->body;
	}
}

/* @after_frame: a message about a hook stands shortly before. False if nothing fits. */
static bool fit_line(const struct wordings *wordings, const char *line, bool after_frame,
		     struct fit *ret)
{
	uint64_t found[WORDINGS_MAX / 64];

	*ret = (struct fit){ .c = { .hook = -1 } };
	if (!wordings_find(wordings, line, strlen(line), found))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct capture c;

		if (!(found[i / 64] >> i % 64 & 1) || !may_count(ret, row, after_frame) ||
		    !symptom_match(row->wording, line, &c))
			continue;
		if (row->kind == FRAME)
			ret->frame = row;
		else if (is_body(row))
			ret->body = row;
		else if (!add_detail(ret, row))
			continue;
		/* What a hook's program complains of is not the hook. */
		if (row->kind == DETAIL)
			continue;
		if (!c.stages)
			c.stages = row->stages;
		add_capture(&ret->c, &c);
	}
	return ret->frame || ret->body || ret->n_details;
}

/* ---- messages ---- */

/* It keeps what it says: the line may be one of those that are taken out of quotes. */
struct message {
	struct fit fit;
	char line[EVIDENCE_MAX + 2]; /* that says most, or how it begins */
	char path[CAPTURED_PATH_MAX], status[CAPTURED_STATUS_MAX]; /* of fit.c */
	size_t last; /* number of the last line that belongs to it */
};

struct search {
	struct wordings *wordings;
	struct arena *arena;
	struct arena *scratch;	  /* of the current line; NULL: none yet */
	struct message *messages; /* SYMPTOMS_MAX, and one to compare with */
	size_t n;
	size_t line; /* number of the current one */
	bool full;   /* no line can change anything any more */
	bool failed; /* without memory */
};

/* In the order of the table. */
static const struct row *better(const struct row *a, const struct row *b)
{
	return !a || (b && b < a) ? b : a;
}

static void keep_line(struct message *m, const char *line)
{
	const char *begin = line + strspn(line, " ");
	const size_t len = strnlen(begin, sizeof(m->line) - 1);

	memcpy(m->line, begin, len);
	m->line[len] = '\0';
}

static void keep_text(const char **text, size_t *len, char *buf, size_t size)
{
	if (!*text)
		return;
	*len = *len < size ? *len : size;
	memmove(buf, *text, *len); /* it may be there already */
	*text = buf;
}

static void keep_captures(struct message *m)
{
	keep_text(&m->fit.c.path, &m->fit.c.path_len, m->path, sizeof(m->path));
	keep_text(&m->fit.c.status, &m->fit.c.status_len, m->status, sizeof(m->status));
}

/* With what it captured. */
static void move_message(struct message *to, const struct message *from)
{
	if (to == from)
		return;
	*to = *from;
	if (to->fit.c.path)
		to->fit.c.path = to->path;
	if (to->fit.c.status)
		to->fit.c.status = to->status;
}

static void join(struct message *m, const struct fit *fit, const char *line)
{
	if (fit->frame && !m->fit.frame) {
		struct capture c = fit->c;

		add_capture(&c, &m->fit.c);
		m->fit.c = c;
		keep_line(m, line);
	} else {
		add_capture(&m->fit.c, &fit->c);
	}
	m->fit.frame = better(m->fit.frame, fit->frame);
	m->fit.body = better(m->fit.body, fit->body);
	for (size_t i = 0; i < fit->n_details; i++)
		(void)add_detail(&m->fit, fit->details[i]);
	keep_captures(m);
}

static bool same_who(const struct row *a, const struct row *b)
{
	return a && b && streq(a->who, b->who);
}

/*
 * crun tells of one failure in two lines, in either order: which hook, and what failed. A hook's
 * own output has line ends.
 */
static bool belongs(const struct search *s, const struct message *m, const struct fit *fit)
{
	const size_t away = s->line - m->last;

	if (!fit->frame && !fit->body)
		return m->fit.frame && away <= TAIL_LINES;
	if (away > 1 || (fit->frame && m->fit.frame))
		return false;
	return m->fit.frame ? same_who(m->fit.frame, fit->body)
			    : fit->frame && same_who(fit->frame, m->fit.body);
}

static bool same_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return !a == !b && a_len == b_len && (!a || memcmp(a, b, a_len) == 0);
}

static bool equal(const struct fit *a, const struct fit *b)
{
	return a->frame == b->frame && a->body == b->body && a->n_details == b->n_details &&
	       memcmp(a->details, b->details, a->n_details * sizeof(a->details[0])) == 0 &&
	       a->c.hook == b->c.hook && a->c.stages == b->c.stages &&
	       same_text(a->c.path, a->c.path_len, b->c.path, b->c.path_len) &&
	       same_text(a->c.status, a->c.status_len, b->c.status, b->c.status_len);
}

/* The last message is complete: logs repeat them. */
static void drop_if_repeated(struct search *s)
{
	for (size_t i = 0; i + 1 < s->n; i++)
		if (equal(&s->messages[i].fit, &s->messages[s->n - 1].fit)) {
			s->n--;
			return;
		}
}

static bool is_weak(const struct fit *fit)
{
	return !fit->frame && fit->body->kind == WEAK;
}

/* They do not count beside a message that is none. */
static void drop_weak(struct search *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!is_weak(&s->messages[i].fit))
			move_message(&s->messages[n++], &s->messages[i]);
	s->n = n;
}

static void add_message(struct search *s, const struct fit *fit, const char *line)
{
	struct message *m;

	if (!is_weak(fit))
		drop_weak(s);
	if (s->n > SYMPTOMS_MAX) {
		s->full = !is_weak(&s->messages[0].fit);
		return;
	}
	m = &s->messages[s->n++];
	m->fit = *fit;
	m->last = s->line;
	keep_line(m, line);
	keep_captures(m);
}

static void add(struct search *s, const struct fit *fit, const char *line)
{
	struct message *last = s->n ? &s->messages[s->n - 1] : NULL;

	if (last && belongs(s, last, fit)) {
		join(last, fit, line);
		last->last = s->line;
		return;
	}
	drop_if_repeated(s);
	if (fit->frame || fit->body)
		add_message(s, fit, line);
}

/* What is quoted in the line says it without what is around it. */
static bool look_at(struct search *s, const char *line, unsigned nesting);

static bool look_into(struct search *s, const char *line, unsigned nesting)
{
	bool found = false;
	size_t at = 0;
	char *inner;

	if (!strchr(line, '"'))
		return false;
	if (!s->scratch)
		s->scratch = arena_new();
	s->failed = s->failed || !s->scratch;
	if (!s->scratch)
		return false;
	for (int i = 0; i < QUOTED_MAX; i++) {
		inner = symptom_unwrap(line, &at, s->scratch, &s->failed);
		if (!inner)
			break;
		while (inner) {
			char *one = strsep(&inner, "\n");

			found = look_at(s, one, nesting + 1) || found;
		}
	}
	return found;
}

static bool look_at(struct search *s, const char *line, unsigned nesting)
{
	const struct message *last = s->n ? &s->messages[s->n - 1] : NULL;
	struct fit fit;

	if (nesting < NESTING_MAX && look_into(s, line, nesting))
		return true;
	if (!fit_line(s->wordings, line,
		      last && last->fit.frame && s->line - last->last <= TAIL_LINES, &fit))
		return false;
	add(s, &fit, line);
	return true;
}

/* ---- what they say ---- */

/* What the path alone tells: two causes are only for some. */
static bool fits_path(enum cause cause, const char *path)
{
	if (!path)
		return true;
	return cause == CAUSE_ldconfig	     ? strstr(path, "ldconfig") != NULL
	       : cause == CAUSE_not_absolute ? path[0] != '/'
					     : true;
}

static bool has_cause(const struct symptom *symptom, enum cause cause)
{
	for (size_t i = 0; i < symptom->n_causes; i++)
		if (symptom->causes[i] == cause)
			return true;
	return false;
}

static void add_causes(struct symptom *symptom, const struct row *row)
{
	for (size_t i = 0; row->causes[i] != N_CAUSES; i++)
		if (fits_path(row->causes[i], symptom->path) &&
		    !has_cause(symptom, row->causes[i]) && symptom->n_causes < SYMPTOM_CAUSES_MAX)
			symptom->causes[symptom->n_causes++] = row->causes[i];
}

static void add_row(struct symptom *symptom, const struct row *row)
{
	symptom->rows[symptom->n_rows++] = row->id;
	add_causes(symptom, row);
}

static bool comes_after(const struct row *row, const struct row *other)
{
	return row && (!other || row > other);
}

/* What says why, in the order of the table. */
static void add_rows(struct symptom *symptom, const struct fit *fit)
{
	const struct row *said = NULL, *next;

	do {
		next = comes_after(fit->body, said) ? fit->body : NULL;
		for (size_t i = 0; i < fit->n_details; i++)
			if (comes_after(fit->details[i], said))
				next = better(next, fit->details[i]);
		if (next)
			add_row(symptom, next);
		said = next;
	} while (next);
}

static bool copy(struct arena *arena, const char *text, size_t len, const char **ret)
{
	*ret = text ? arena_printf(arena, "%.*s", (int)len, text) : NULL;
	return !text || *ret;
}

static bool tell(const struct message *m, struct arena *arena, struct symptom *ret)
{
	const struct fit *fit = &m->fit;
	const struct row *first = fit->frame ? fit->frame : fit->body;
	const size_t len = strnlen(m->line, EVIDENCE_MAX);

	*ret = (struct symptom){ .who = first->who,
				 .versions = first->versions,
				 .of_hook = fit->frame || fit->body->kind == HOOK,
				 .stages = fit->c.stages,
				 .hook = fit->c.hook };
	ret->evidence = arena_printf(arena, "%.*s%s", (int)len, m->line, m->line[len] ? "..." : "");
	if (!ret->evidence || !copy(arena, fit->c.path, fit->c.path_len, &ret->path) ||
	    !copy(arena, fit->c.status, fit->c.status_len, &ret->status))
		return false;
	add_rows(ret, fit);
	if (fit->frame && ret->n_causes)
		ret->rows[ret->n_rows++] = fit->frame->id;
	else if (fit->frame)
		add_row(ret, fit->frame);
	return true;
}

static bool tell_all(const struct search *s, struct symptoms *ret)
{
	bool strong = false;

	ret->n = 0;
	for (size_t i = 0; i < s->n; i++)
		strong = strong || !is_weak(&s->messages[i].fit);
	for (size_t i = 0; i < s->n && ret->n < SYMPTOMS_MAX; i++) {
		if (strong && is_weak(&s->messages[i].fit))
			continue;
		if (!tell(&s->messages[i], s->arena, &ret->items[ret->n++]))
			return false;
	}
	return true;
}

static struct wordings *new_wordings(struct arena *arena)
{
	struct wordings *wordings = arena_alloc(arena, 1, sizeof(*wordings));

	_Static_assert(ARRAY_SIZE(rows) <= WORDINGS_MAX, "too many rows");
	for (size_t i = 0; wordings && i < ARRAY_SIZE(rows); i++)
		wordings_add(wordings, i, rows[i].wording);
	return wordings;
}

static void look_at_line(struct search *s, const char *line)
{
	s->line++;
	if (!line[strspn(line, " ")])
		return;
	(void)look_at(s, line, 0);
	arena_free(s->scratch);
	s->scratch = NULL;
}

int symptoms_find(const char *text, size_t len, struct arena *arena, struct symptoms *ret,
		  struct hw_error *err)
{
	struct search s = { .arena = arena };
	char *rest = symptom_clean(text, len, arena);

	s.messages = arena_alloc(arena, SYMPTOMS_MAX + 1, sizeof(*s.messages));
	s.wordings = new_wordings(arena);
	if (!rest || !s.messages || !s.wordings)
		return error_oom(err);
	while (rest && !s.full)
		look_at_line(&s, strsep(&rest, "\n"));
	drop_if_repeated(&s);
	if (s.failed || !tell_all(&s, ret))
		return error_oom(err);
	return 0;
}
