/* SPDX-License-Identifier: Apache-2.0 */
/* Reads messages as nests of frames; the rows are in doctor/symptom-table.h. */
#include "doctor/symptom-internal.h"

/*
 * One walk over the text. Where the first four bytes of wordings are, those are tried: the first
 * that fits is the next frame of the current message, or begins another one. What a hook wrote is
 * not read as frames: a hook may be a container engine.
 */

#define AWAY_PARTNER 1 /* lines between the two of crun */
#define AWAY_CHAIN   3 /* lines between the causes of an error in Rust, or of a wrapped message */
#define AWAY_OUTPUT  8 /* lines from a message to what its hook printed */
#define OUTPUT_LINES 400
#define TEXT_MOST    4096 /* of a message, without its output */

/* ---- the rows ---- */

#define STAGES_OF_CREATE                                               \
	(STAGE_BIT(STAGE_PRESTART) | STAGE_BIT(STAGE_CREATE_RUNTIME) | \
	 STAGE_BIT(STAGE_CREATE_CONTAINER))
#define STAGES_ON_HOST (STAGES_OF_CREATE | STAGE_BIT(STAGE_POSTSTART) | STAGE_BIT(STAGE_POSTSTOP))
#define EVERY	       "every version"

/* Rows without causes have their wording last. */
#define SYMPTOM(id, who, versions, kind, stages, ...) \
	ROW(id, who, versions, kind, stages, __VA_ARGS__, N_CAUSES)

#define ROW(id_, who_, versions_, kind_, stages_, wording_, ...) \
	{ #id_, who_, versions_, kind_, { __VA_ARGS__ }, stages_, wording_ },
const struct row symptom_rows[] = {
#include "doctor/symptom-table.h"
};
#undef ROW
const size_t n_symptom_rows = ARRAY_SIZE(symptom_rows);

#define ROW(id_, who_, versions_, kind_, stages_, wording_, ...)                                \
	_Static_assert(FITS(#id_, symptom_rows[0].id) && FITS(who_, symptom_rows[0].who) &&     \
			       FITS(versions_, symptom_rows[0].versions) &&                     \
			       FITS(wording_, symptom_rows[0].wording) && sizeof(wording_) > 4, \
		       "a text of " #id_ " does not fit its member");
#include "doctor/symptom-table.h"
#undef ROW
#undef SYMPTOM

/* ---- the walk ---- */

#define FIRST	4
#define BUCKETS 4096

struct reader {
	const struct plain *text;
	struct messages *out;
	struct seeks *seeks;	   /* of each row */
	uint16_t buckets[BUCKETS]; /* the number plus 1 of the first row there; 0: none */
	uint16_t next[ARRAY_SIZE(symptom_rows)];
	struct message *m;	 /* the current one; NULL: none */
	const char *last, *read; /* its last frame, from and to */
	size_t m_line;		 /* that this is in */
	size_t line;		 /* number of the current one */
	const char *line_begin;
	const char *output_end;	     /* where m's output ends, as far as is known */
	uint8_t depth, output_depth; /* of its last frame, and of its output */
};

static size_t bucket_of(const char *p)
{
	uint32_t first;

	memcpy(&first, p, sizeof(first));
	return (first * UINT32_C(2654435761)) >> 20;
}

static void fill_buckets(struct reader *r)
{
	_Static_assert(BUCKETS == 1 << (32 - 20), "as many as bucket_of() gives");
	for (size_t i = ARRAY_SIZE(symptom_rows); i-- > 0;) {
		uint16_t *bucket = &r->buckets[bucket_of(symptom_rows[i].wording)];

		r->next[i] = *bucket;
		*bucket = (uint16_t)(i + 1);
	}
}

static uint8_t depth_at(const struct reader *r, const char *p)
{
	return r->text->depth[p - r->text->data];
}

static const char *text_end(const struct reader *r)
{
	return r->text->data + r->text->len;
}

/* ---- a message ---- */

const struct row *message_frame(const struct message *m, unsigned kinds)
{
	for (size_t i = m->n_frames; i > 0; i--)
		if (kinds & KIND(m->frames[i - 1]->kind))
			return m->frames[i - 1];
	return NULL;
}

static bool has(const struct message *m, unsigned kinds)
{
	return m && message_frame(m, kinds);
}

/* Why its hook failed is known. */
static bool has_reason(const struct message *m)
{
	return has(m, KINDS_REASON) || (m && m->c.status.at);
}

static bool is_inner(const struct message *m)
{
	return has(m, KIND(HOOK) | KINDS_REASON | KINDS_BODY);
}

static bool is_weak(const struct message *m)
{
	return has(m, KIND(WEAK)) &&
	       !has(m, KIND(HOOK) | KINDS_REASON | (KINDS_BODY & ~KIND(WEAK)));
}

/* Whether a string ends between @from and @to that one of them is in: then they are siblings. */
static bool are_siblings(const struct reader *r, const char *from, const char *to)
{
	const uint8_t a = depth_at(r, from), b = depth_at(r, to), least = a < b ? a : b;

	for (const char *p = from; p < to; p++)
		if (depth_at(r, p) < least)
			return true;
	return false;
}

static bool joins_line(const struct reader *r, const struct row *row, const char *p)
{
	const unsigned kind = KIND(row->kind);
	const struct row *hook = message_frame(r->m, KIND(HOOK));

	if (are_siblings(r, r->last, p))
		return !(kind & KINDS_OUTER) && !has_reason(r->m) && !has(r->m, KINDS_BODY);
	if (kind & KINDS_OUTER)
		return !is_inner(r->m);
	if (kind & KIND(HOOK))
		return !has(r->m, KINDS_BODY) &&
		       (!hook || (streq(hook->who, row->who) && !has_reason(r->m)));
	return !(kind & KINDS_BODY) || !hook;
}

static bool same_who(const struct row *a, const struct row *b)
{
	return a && b && streq(a->who, b->who);
}

/* A hook's name, @away lines behind the reason of its failure, or behind its stage. */
static bool joins_as_hook(const struct message *m, const struct row *row, size_t away)
{
	const struct row *hook = message_frame(m, KIND(HOOK));

	if (hook)
		return same_who(hook, row) && !has_reason(m) && away <= AWAY_CHAIN;
	return same_who(message_frame(m, KINDS_REASON), row) && away <= AWAY_PARTNER;
}

static bool joins_as_reason(const struct message *m, const struct row *row, size_t away)
{
	return same_who(message_frame(m, KIND(HOOK)), row) && !has(m, KINDS_REASON) &&
	       away <= (has_reason(m) ? AWAY_PARTNER : AWAY_CHAIN);
}

/* crun and youki print of one failure in several lines, crun in either order. */
static bool joins_lines(const struct reader *r, const struct row *row)
{
	const size_t away = r->line - r->m_line;
	const unsigned kind = KIND(row->kind);

	if (kind & KINDS_OUTER)
		return false;
	if (!is_inner(r->m))
		return away <= AWAY_CHAIN;
	if (kind & KIND(OUTPUT))
		return away <= AWAY_PARTNER && has(r->m, KIND(HOOK)) && !r->m->output.at;
	if (kind & KIND(HOOK))
		return joins_as_hook(r->m, row, away);
	return kind & KINDS_REASON && joins_as_reason(r->m, row, away);
}

static bool joins(const struct reader *r, const struct row *row, const char *p)
{
	if (!r->m)
		return false;
	if (row->kind == SUFFIX)
		return true;
	return r->line == r->m_line ? joins_line(r, row, p) : joins_lines(r, row);
}

static bool in_output(const struct reader *r, const char *p)
{
	return r->m && r->m->output.at && p < r->output_end;
}

/* What a helper says is its reason, even if a runtime says the same of a container. */
static bool is_helpers(const struct reader *r, const struct row *row, const char *p)
{
	const unsigned kinds = KIND(BODY) | KIND(WORKLOAD) | KIND(EXEC) | KIND(REASON);

	return kinds & KIND(row->kind) && has(r->m, KIND(HELPER)) && joins(r, row, p);
}

/* crun discards a hook's output, but the hook may write elsewhere, such as to the container's log. */
static bool is_behind_hook(const struct reader *r)
{
	return has(r->m, KIND(HOOK)) && !r->m->output.at && r->line > r->m_line &&
	       r->line - r->m_line <= AWAY_OUTPUT;
}

/* Whether a frame of this kind, which is only one behind others, may be at @p. */
static bool may_follow(const struct reader *r, const struct row *row, const char *p)
{
	const bool hook = has(r->m, KIND(HOOK));

	if (!r->m || !joins(r, row, p))
		return false;
	if (row->kind == LOOKUP)
		return hook && !has_reason(r->m);
	return hook || row->kind == SUFFIX || (row->kind == OUTPUT && has(r->m, KINDS_REASON));
}

/* Whether a frame of this kind may be at @p. */
static bool may_be(const struct reader *r, const struct row *row, const char *p)
{
	const unsigned behind =
		KIND(STATUS) | KIND(SIGNAL) | KIND(LOOKUP) | KIND(OUTPUT) | KIND(SUFFIX);

	if (in_output(r, p))
		return row->kind == SAID;
	if (row->kind == SAID)
		return is_behind_hook(r);
	if (behind & KIND(row->kind))
		return may_follow(r, row, p);
	return !is_helpers(r, row, p);
}

/* ---- where a message's text is ---- */

/* The end of the string of @depth that @p is in, or of its line if it is in none; @end at most. */
static const char *scope_end(const struct reader *r, const char *p, const char *end, uint8_t depth)
{
	while (p < end && *p != '\n' && depth_at(r, p) >= depth)
		p++;
	return p;
}

static const char *scope_begin(const struct reader *r, const char *p, uint8_t depth)
{
	const char *begin = p;

	while (begin > r->line_begin && begin > r->read && p - begin < TEXT_MOST &&
	       depth_at(r, begin - 1) >= depth)
		begin--;
	if (begin == r->line_begin)
		begin += log_prefix(begin, p);
	return begin;
}

static bool is_trailing(const char *p, size_t len, const char *word)
{
	const size_t n = strlen(word);

	return len >= n && memcmp(p + len - n, word, n) == 0;
}

/* What engines and quoting put behind it. */
static struct piece trim(struct piece piece)
{
	static const char *const behind[] = { ": unknown.", ": unknown", " ", "\n",
					      "\v",	    "\"",	 "`", ".\"" };
	bool again = piece.at != NULL;

	while (again) {
		again = false;
		for (size_t i = 0; i < ARRAY_SIZE(behind); i++)
			if (is_trailing(piece.at, piece.len, behind[i])) {
				piece.len -= strlen(behind[i]);
				again = true;
			}
	}
	while (piece.len && strchr(" \n\v\":", *piece.at)) {
		piece.at++;
		piece.len--;
	}
	return piece;
}

/* ---- what a hook wrote ---- */

/* Lines that begin so are an engine's or a shell's, not a hook's. */
static const char *const records[] = { "time=\"", "level=",   "ERRO[",	 "FATA[", "WARN[", "INFO[",
				       "{\"",	  "docker: ", "Error: ", "$ ",	  "# " };

static bool begins_record(const struct reader *r, const char *line)
{
	const char *const end = text_end(r);

	for (size_t i = 0; i < ARRAY_SIZE(records); i++)
		if (starts_with(line, records[i]))
			return true;
	line += log_prefix(line, end);
	for (size_t i = r->buckets[bucket_of(line)]; i; i = r->next[i - 1]) {
		const struct row *row = &symptom_rows[i - 1];
		struct seeks seeks = { 0 };
		struct capture c;

		if (KIND(row->kind) & (KINDS_OUTER | KIND(HOOK)) &&
		    wording_match(row->wording, line, &seeks, &c))
			return true;
	}
	return false;
}

static void end_output(struct reader *r, const char *end)
{
	r->output_end = end;
	r->m->output.len = (size_t)(end - r->m->output.at);
}

/* A string's end is the output's; without one it goes on behind the line, see next_line(). */
static void begin_output(struct reader *r, const char *from)
{
	r->m->output.at = from;
	r->output_depth = r->depth;
	end_output(r, scope_end(r, from, text_end(r), r->output_depth));
}

/* At the begin of a line: whether the hook's output goes on in it. */
static void go_on_with_output(struct reader *r, const char *line)
{
	const struct message *m = r->m;
	struct piece output;

	if (!m || !m->output.at || r->output_end != line - 1 || r->output_depth ||
	    r->line - r->m_line > OUTPUT_LINES || begins_record(r, line))
		return;
	output = m->output;
	if (is_trailing(output.at, output.len, ": unknown") ||
	    is_trailing(output.at, output.len, ": unknown."))
		return;
	end_output(r, scope_end(r, line, text_end(r), 0));
}

/* ---- complete messages ---- */

static bool same_piece(struct piece a, struct piece b)
{
	return !a.at == !b.at && a.len == b.len && (!a.at || memcmp(a.at, b.at, a.len) == 0);
}

/* What matters of a message: an engine repeats it in its own words. */
static bool same_frames(const struct message *a, const struct message *b)
{
	const unsigned inner = KIND(HOOK) | KINDS_REASON | KINDS_BODY;

	return message_frame(a, inner) == message_frame(b, inner) &&
	       message_frame(a, KIND(HOOK)) == message_frame(b, KIND(HOOK));
}

static bool no_other(struct piece a, struct piece b)
{
	return !b.at || same_piece(a, b);
}

/* Whether @b says nothing that @a does not say. */
static bool says_no_more(const struct message *a, const struct message *b)
{
	return same_frames(a, b) && (b->c.hook < 0 || a->c.hook == b->c.hook) &&
	       (!b->c.stages || a->c.stages == b->c.stages) && a->c.which == b->c.which &&
	       no_other(a->c.path, b->c.path) && no_other(a->c.status, b->c.status) &&
	       (!b->output.at || a->output.at);
}

static bool is_repeated(const struct messages *all, const struct message *m)
{
	for (size_t i = 0; i < all->n; i++)
		if (says_no_more(&all->items[i], m))
			return true;
	return false;
}

/* Those that any container may end with, and wrappers without a message, do not count beside one. */
static bool is_poor(const struct message *m)
{
	return is_weak(m) || !is_inner(m);
}

static void drop_poor(struct messages *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		if (!is_poor(&all->items[i]))
			all->items[n++] = all->items[i];
	all->n = n;
}

static void keep_score(struct messages *all, const struct message *m)
{
	const size_t score = m->n_frames + m->n_said + !!m->c.path.at + !!m->c.status.at +
			     !!m->c.which + !!m->c.stages;

	if (score <= all->score)
		return;
	all->score = score;
	all->best = m->frames[m->n_frames - 1];
}

/* The next one begins at @next. */
static void close_message(struct reader *r, const char *next)
{
	struct messages *all = r->out;
	struct message *m = r->m;
	const char *end;

	r->m = NULL;
	if (!m)
		return;
	end = m->output.at ? r->read : scope_end(r, r->read, next, r->depth);
	m->unread = trim((struct piece){ r->read, (size_t)(end - r->read) });
	m->text.len = end > m->text.at ? (size_t)(end - m->text.at) : 0;
	if (is_repeated(all, m))
		return;
	if (!is_poor(m)) {
		keep_score(all, m);
		if (all->n && is_poor(&all->items[0])) {
			const struct message copy = *m;

			drop_poor(all);
			all->items[all->n++] = copy;
			return;
		}
	} else if (all->n && !is_poor(&all->items[0])) {
		return;
	}
	all->n += all->n < SYMPTOMS_MAX;
}

/* A status is more than the member's name that it is in. */
static void open_message(struct reader *r, const struct row *row, const char *p)
{
	const uint8_t depth = row->kind == WEAK ? 0 : depth_at(r, p);

	close_message(r, p);
	r->m = &r->out->items[r->out->n < SYMPTOMS_MAX ? r->out->n : SYMPTOMS_MAX];
	*r->m = (struct message){ .c = { .hook = -1 }, .text = { scope_begin(r, p, depth), 0 } };
}

/* What an outer frame has captured says more of the hook, what an inner one more of the path. */
static void add_capture(struct capture *all, const struct capture *one, const struct row *row)
{
	if (one->path.at && (!all->path.at || KIND(row->kind) & KINDS_BODY))
		all->path = one->path;
	if (one->status.at && !all->status.at)
		all->status = one->status;
	if (one->signal.at)
		all->signal = one->signal;
	if (one->error.at)
		all->error = one->error;
	if (one->which)
		all->which = one->which;
	if (all->hook < 0)
		all->hook = one->hook;
	if (!all->stages)
		all->stages = one->stages ? one->stages : row->stages;
}

static void add_said(struct reader *r, const struct row *row, const char *p)
{
	struct message *m = r->m;

	for (size_t i = 0; i < m->n_said; i++)
		if (m->said[i] == row)
			return;
	if (m->n_said < ARRAY_SIZE(m->said) / 2)
		m->said[m->n_said++] = row;
	if (!m->output.at) {
		m->output.at = r->line_begin + log_prefix(r->line_begin, p);
		m->output.len =
			(size_t)(scope_end(r, p, text_end(r), depth_at(r, p)) - m->output.at);
		r->output_end = m->output.at + m->output.len;
	}
}

static void add_frame(struct reader *r, const struct row *row, const char *p,
		      const struct capture *c)
{
	struct message *m = r->m;

	if (row->kind != OUTPUT && m->n_frames < FRAMES_MAX)
		m->frames[m->n_frames++] = row;
	add_capture(&m->c, c, row);
	if (row->kind == SUFFIX)
		return;
	r->last = p;
	r->depth = depth_at(r, p);
	r->read = p + c->len;
	r->m_line = r->line;
	for (size_t i = 0; i < c->len; i++)
		r->m_line += p[i] == '\n';
	if (row->kind == OUTPUT) {
		r->read = p;
		begin_output(r, p + c->len);
	}
}

static void take_frame(struct reader *r, const struct row *row, const char *p,
		       const struct capture *c)
{
	if (row->kind == SAID) {
		add_said(r, row, p);
		return;
	}
	if (!joins(r, row, p))
		open_message(r, row, p);
	add_frame(r, row, p, c);
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* A wording that begins with a letter begins a word; "bash: " may be that of /bin/bash. */
static bool begins_word(const char *p, enum kind kind)
{
	const char before = p[-1];

	if (!is_letter(*p))
		return true;
	return !is_letter(before) &&
	       (kind == SAID || (before != '/' && before != '_' && before != '-' && before != '.'));
}

/* A cheap question that most rows answer: whether the first bytes of a wording are at @p. */
static bool may_begin(const char *wording, const char *p)
{
	const char fifth = wording[FIRST];

	return memcmp(p, wording, FIRST) == 0 &&
	       (fifth == p[FIRST] || fifth == ' ' || fifth == '`' || fifth == '%' || !fifth);
}

/* How much of the text a frame at @p reads; 0: there is none. */
static size_t read_at(struct reader *r, const char *p)
{
	for (size_t i = r->buckets[bucket_of(p)]; i; i = r->next[i - 1]) {
		const struct row *row = &symptom_rows[i - 1];
		struct capture c;

		if (!may_begin(row->wording, p) || !begins_word(p, row->kind) ||
		    !may_be(r, row, p) || !wording_match(row->wording, p, &r->seeks[i - 1], &c))
			continue;
		take_frame(r, row, p, &c);
		return c.len;
	}
	return 0;
}

static void next_line(struct reader *r, const char *line)
{
	r->line++;
	r->line_begin = line;
	go_on_with_output(r, line);
}

bool messages_find(const struct plain *text, struct arena *arena, struct messages *ret)
{
	struct reader *r = arena_alloc(arena, 1, sizeof(*r));
	const char *p = text->data, *end = p + text->len;

	*ret = (struct messages){ .n = 0 };
	if (!r)
		return false;
	r->seeks = arena_alloc(arena, ARRAY_SIZE(symptom_rows), sizeof(*r->seeks));
	if (!r->seeks)
		return false;
	r->text = text;
	r->out = ret;
	r->line_begin = p;
	fill_buckets(r);
	while (end - p >= FIRST) {
		const size_t len = r->buckets[bucket_of(p)] ? read_at(r, p) : 0;
		const char *const next = p + (len ? len : 1);

		for (; p < next; p++)
			if (*p == '\n')
				next_line(r, p + 1);
	}
	close_message(r, end);
	return true;
}
