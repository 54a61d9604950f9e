/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the messages of runtimes and engines in pasted output, and their causes. */
#include "base/error.h"
#include "base/utf8.h"
#include "doctor/symptom-internal.h"

/* What messages say: whose program it is, and which causes there may be. */

#define EVIDENCE_MAX 400
#define LINE_MAX     300

/* ---- the causes ---- */

/* clang-format off */
#define RULES_NONE { N_RULES }
#define RULES(...) { __VA_ARGS__, N_RULES }
/* clang-format on */

#define ON_HOST(id, title, why, remedy)
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
#undef ON_HOST
_Static_assert(N_RULES <= UINT8_MAX && N_CAUSES <= UINT8_MAX, "rows have bytes for them");

#define CAUSE(...)
#define ON_HOST(id, title, why, remedy) { CAUSE_##id, { title, why, remedy } },
static const struct {
	enum cause cause;
	struct cause_words words;
} on_host[] = {
#include "doctor/causes-table.h"
};
#undef CAUSE
#undef ON_HOST

const struct cause_info *cause_get(enum cause cause)
{
	return &causes[cause];
}

static bool is_on_host(enum whose whose)
{
	return whose == WHOSE_HOST || whose == WHOSE_HELPER;
}

struct cause_words cause_words(enum cause cause, enum whose whose)
{
	struct cause_words words = { causes[cause].title, causes[cause].why, causes[cause].remedy };

	for (size_t i = 0; is_on_host(whose) && i < ARRAY_SIZE(on_host); i++) {
		const struct cause_words *other = &on_host[i].words;

		if (on_host[i].cause != cause)
			continue;
		words.title = other->title ? other->title : words.title;
		words.why = other->why ? other->why : words.why;
		words.remedy = other->remedy ? other->remedy : words.remedy;
	}
	return words;
}

/* ---- whose program it is ---- */

const char *whose_name(enum whose whose)
{
	static const char *const names[N_WHOSE] = {
		[WHOSE_CONTAINER] = "container", [WHOSE_HOOK] = "hook",
		[WHOSE_START] = "start-hook",	 [WHOSE_HOST] = "host-hook",
		[WHOSE_WORKLOAD] = "workload",	 [WHOSE_RUNTIME] = "runtime",
		[WHOSE_HELPER] = "helper"
	};

	return names[whose];
}

/* A reason that only hooks have, without the frame that names the hook. */
static bool is_of_hook(const struct message *m)
{
	return message_frame(m, KIND(HOOK)) ||
	       (message_frame(m, KIND(REASON) | KIND(SPAWN)) && !message_frame(m, KINDS_BODY));
}

static bool begins_with(struct piece piece, const char *text)
{
	const size_t len = strlen(text);

	return piece.at && piece.len >= len && memcmp(piece.at, text, len) == 0;
}

/* It has the words of a workload, but the engine says them, not what starts a workload. */
static bool is_engines_own(const struct message *m)
{
	return is_helper(m->c.path) ||
	       (message_frame(m, KIND(ENGINE)) && !message_frame(m, KIND(RUNTIME)) &&
		m->n_frames == 2 && m->c.path.at &&
		memchr(m->c.path.at, '/', m->c.path.len) == NULL);
}

enum whose whose_hook(unsigned stages)
{
	const unsigned start = STAGE_BIT(STAGE_START_CONTAINER);

	if (!stages || ((stages & start) && (stages & ~start)))
		return WHOSE_HOOK;
	return stages & start ? WHOSE_START : WHOSE_HOST;
}

static enum whose whose_of(const struct message *m)
{
	const struct row *body = message_frame(m, KINDS_BODY);

	if (is_of_hook(m))
		return whose_hook(m->c.stages);
	if (body && body->kind == WORKLOAD)
		return is_engines_own(m) ? WHOSE_HELPER : WHOSE_WORKLOAD;
	if (body && body->kind != WEAK)
		return body->kind == SELF     ? WHOSE_RUNTIME
		       : body->kind == HELPER ? WHOSE_HELPER
					      : WHOSE_CONTAINER;
	if (message_frame(m, KIND(EXEC)))
		return begins_with(m->c.path, "/proc/self/") ? WHOSE_RUNTIME : WHOSE_HELPER;
	return WHOSE_CONTAINER;
}

/* ---- causes ---- */

/* Three causes are only for some paths. */
static bool fits_path(enum cause cause, const char *path)
{
	if (!path)
		return true;
	return cause == CAUSE_ldconfig	     ? strstr(path, "ldconfig") != NULL
	       : cause == CAUSE_not_absolute ? path[0] != '/'
					     : true;
}

static void add_cause(struct symptom *s, enum cause cause)
{
	for (size_t i = 0; i < s->n_causes; i++)
		if (s->causes[i] == cause)
			return;
	if (fits_path(cause, s->path) && s->n_causes < SYMPTOM_CAUSES_MAX)
		s->causes[s->n_causes++] = cause;
}

static void add_causes(struct symptom *s, const uint8_t *list)
{
	for (; list && *list != N_CAUSES; list++)
		add_cause(s, *list);
}

static void add_meaning(struct symptom *s, const struct meaning *meaning)
{
	const bool other = s->whose == WHOSE_HOST && meaning->host[0] != N_CAUSES;

	add_causes(s, other ? meaning->host : meaning->causes);
	/* Which of the two it is in is not known. */
	if (s->whose == WHOSE_HOOK && meaning->host[0] != N_CAUSES)
		add_causes(s, meaning->host);
}

/* @status is how the program of a hook ended. */
static void add_status(struct symptom *s, const char *who, const char *status)
{
	const long n = strtol(status, NULL, 10);
	const uint8_t *own = status_causes(who, n);
	const struct meaning *meaning = status_meaning(n);

	if (own)
		add_causes(s, own);
	else if (meaning)
		add_meaning(s, meaning);
	else
		add_cause(s, CAUSE_own_failure);
	if (n == 126)
		add_cause(s, CAUSE_own_failure);
}

/* Of the innermost frame that says why a hook failed, or a program did not start. */
static void add_reason(struct symptom *s, const struct message *m)
{
	const struct row *reason = message_frame(m, KINDS_REASON);
	const struct row *hook = message_frame(m, KIND(HOOK));
	const bool typed = reason && (KIND(reason->kind) & (KIND(EXEC) | KIND(SPAWN)) ||
				      (reason->kind == LOOKUP && m->c.which));

	if (typed) {
		if (m->c.which)
			add_meaning(s, &symptom_errors[m->c.which - 1]);
		else
			add_cause(s, CAUSE_not_started);
	} else if (reason && reason->kind == SIGNAL) {
		add_meaning(s, &symptom_signals[m->c.which - 1]);
	} else if (reason && reason->kind != STATUS) {
		add_causes(s, reason->causes);
	} else if (s->status) {
		add_status(s, hook->who, s->status);
	}
	if (hook)
		add_causes(s, hook->causes);
}

/* A program that is the host's and not a hook's. */
static void add_helper(struct symptom *s, const struct message *m)
{
	const struct row *body = message_frame(m, KIND(HELPER));
	const struct meaning *error = m->c.which ? &symptom_errors[m->c.which - 1] : NULL;

	if (body)
		add_causes(s, body->causes);
	else if (!error || error == &symptom_errors[0]) /* it does not exist */
		add_cause(s, CAUSE_helper_missing);
	else
		add_causes(s, error->host[0] != N_CAUSES ? error->host : error->causes);
}

/* The engine was to execute another command in the container. */
static bool is_exec(const struct message *m)
{
	for (size_t i = 0; i < m->n_frames; i++)
		if (strstr(m->frames[i]->id, "_exec") && KIND(m->frames[i]->kind) & KINDS_OUTER)
			return true;
	return false;
}

static void choose_causes(struct symptom *s, const struct message *m)
{
	const struct row *body = message_frame(m, KINDS_BODY);

	for (size_t i = 0; i < m->n_said; i++)
		add_causes(s, m->said[i]->causes);
	if (s->whose == WHOSE_RUNTIME)
		add_cause(s, CAUSE_runtime_unstartable);
	else if (s->whose == WHOSE_HELPER)
		add_helper(s, m);
	else if (s->of_hook)
		add_reason(s, m);
	else if (s->whose == WHOSE_WORKLOAD && is_exec(m))
		add_cause(s, CAUSE_exec_missing);
	else if (body)
		add_causes(s, body->causes);
}

/* ---- texts ---- */

/* A line's end, and the blanks that the next one begins with, become one blank. */
static void join_lines(char *text)
{
	char *out = text;

	for (; *text; text++) {
		if (*text != '\n' && *text != '\v') {
			*out++ = *text;
			continue;
		}
		while (text[1] == ' ' || text[1] == '\n' || text[1] == '\v')
			text++;
		if (out[-1] != ' ')
			*out++ = ' ';
	}
	*out = '\0';
}

/* From the arena, in one line and defused; NULL for none. */
static bool copy(struct arena *arena, struct piece piece, size_t most, const char **ret)
{
	const size_t len = piece.len < most ? piece.len : (size_t)utf8_excerpt(piece.at, most);
	char *text;

	*ret = NULL;
	if (!piece.at || !piece.len)
		return true;
	text = arena_strndup(arena, piece.at, len);
	if (text)
		join_lines(text);
	*ret = text ? arena_printf(arena, "%s%s", text, len < piece.len ? "..." : "") : NULL;
	return *ret;
}

static bool is_blank(const char *p, const char *end)
{
	while (p < end && strchr(" \"`", *p))
		p++;
	return p == end;
}

static bool ends_line(char c)
{
	return c == '\n' || c == '\v';
}

static const char *find(struct piece line, const char *word)
{
	const size_t len = strlen(word);

	for (size_t i = 0; i + len <= line.len; i++)
		if (memcmp(line.at + i, word, len) == 0)
			return line.at + i;
	return NULL;
}

/* The line may be the last of standard output and the first of standard error. */
static struct piece without_streams(struct piece line)
{
	static const char *const words[] = { ", stderr: ", "stderr: " };
	const char *end = line.at + line.len;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *at = find(line, words[i]), *behind = at ? at + strlen(words[i]) : NULL;

		if (at && is_blank(behind, end))
			return (struct piece){ line.at, (size_t)(at - line.at) };
		if (at)
			return (struct piece){ behind, (size_t)(end - behind) };
	}
	return line;
}

static struct piece strip(struct piece line)
{
	static const char *const suffix = ": unknown";

	while (line.len && strchr(" .\"`", line.at[line.len - 1]) && line.at[line.len - 1])
		line.len--;
	if (line.len >= strlen(suffix) &&
	    memcmp(line.at + line.len - strlen(suffix), suffix, strlen(suffix)) == 0)
		line.len -= strlen(suffix);
	while (line.len && strchr(" \"`", *line.at)) {
		line.at++;
		line.len--;
	}
	return line;
}

/* Without what follows the end of an engine's message, which is in the same string of a log. */
static struct piece until_suffix(struct piece output)
{
	static const char suffix[] = ": unknown";
	const size_t len = sizeof(suffix) - 1;

	for (size_t i = 0; i + len < output.len; i++) {
		const char *behind = output.at + i + len;

		if (memcmp(output.at + i, suffix, len) == 0 &&
		    ends_line(behind[*behind == '.' && i + len + 1 < output.len]))
			return (struct piece){ output.at, i };
	}
	return output;
}

/* The last line of @output that says something. */
static struct piece last_line(struct piece output)
{
	const char *end = output.at ? output.at + output.len : NULL;

	while (end > output.at) {
		const char *begin = end;
		struct piece line;

		while (begin > output.at && !ends_line(begin[-1]))
			begin--;
		begin += log_prefix(begin, end);
		line = strip(without_streams((struct piece){ begin, (size_t)(end - begin) }));
		if (line.len)
			return line;
		while (begin > output.at && !ends_line(begin[-1]))
			begin--;
		end = begin > output.at ? begin - 1 : output.at;
	}
	return (struct piece){ NULL, 0 };
}

static bool copy_texts(const struct message *m, struct arena *arena, struct symptom *s)
{
	const struct row *reason = message_frame(m, KINDS_REASON);
	const bool other_error = reason && reason->kind == EXEC && !m->c.which;

	return copy(arena, m->text, EVIDENCE_MAX, &s->evidence) &&
	       copy(arena, m->c.path, EVIDENCE_MAX * 10, &s->path) &&
	       copy(arena, m->c.status, LINE_MAX, &s->status) &&
	       copy(arena, m->c.signal, LINE_MAX, &s->signal) &&
	       copy(arena, other_error ? m->unread : m->c.error, LINE_MAX, &s->kernel) &&
	       copy(arena, last_line(until_suffix(m->output)), LINE_MAX, &s->wrote);
}

/* ---- a message ---- */

static void add_row(struct symptom *s, const struct row *row)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (s->rows[i] == row->id)
			return;
	if (s->n_rows < SYMPTOM_ROWS_MAX)
		s->rows[s->n_rows++] = row->id;
}

static void add_rows(struct symptom *s, const struct message *m)
{
	for (size_t i = 0; i < m->n_said; i++)
		add_row(s, m->said[i]);
	for (size_t i = m->n_frames; i > 0; i--)
		add_row(s, m->frames[i - 1]);
}

/* Who printed it: the innermost that is not an engine; for engines' own messages the engine. */
static const struct row *printer(const struct message *m)
{
	const struct row *row = message_frame(m, KIND(HOOK));

	if (!row)
		row = message_frame(m, KINDS_BODY | KINDS_REASON);
	if (!row)
		row = message_frame(m, KIND(RUNTIME));
	return row ? row : m->frames[0];
}

/* The outermost, whose command printed it. */
static const struct row *engine_of(const struct message *m)
{
	for (size_t i = 0; i < m->n_frames; i++)
		if (KIND(m->frames[i]->kind) & (KIND(ENGINE) | KIND(SUFFIX)))
			return m->frames[i];
	return NULL;
}

static bool describe(const struct message *m, struct arena *arena, struct symptom *s)
{
	const struct row *who = printer(m), *engine = engine_of(m);

	*s = (struct symptom){ .who = who->who,
			       .versions = who->versions,
			       .engine = engine ? engine->who : NULL,
			       .of_hook = is_of_hook(m),
			       .weak = who->kind == WEAK,
			       .stages = m->c.stages,
			       .hook = m->c.hook,
			       .whose = whose_of(m) };
	if (!copy_texts(m, arena, s))
		return false;
	add_rows(s, m);
	choose_causes(s, m);
	return s->n_causes || copy(arena, m->unread, LINE_MAX, &s->unread);
}

bool symptom_as_hook(struct symptom *s)
{
	size_t len;
	const uint8_t which = s->kernel ? error_at(s->kernel, &len) : 0;

	if ((s->whose != WHOSE_HELPER && s->whose != WHOSE_RUNTIME) || !s->path || !which)
		return false;
	s->of_hook = true;
	s->whose = WHOSE_HOOK;
	s->n_causes = 0;
	add_meaning(s, &symptom_errors[which - 1]);
	return true;
}

/* ---- all of them ---- */

/* Whether @s may be of a hook that ran when the container was gone. */
static bool may_be_sequel(const struct symptom *s)
{
	const unsigned late = STAGE_BIT(STAGE_POSTSTOP), start = STAGE_BIT(STAGE_START_CONTAINER);

	return s->of_hook && (s->stages & late) && !(s->stages & ~(late | start));
}

static bool is_first(const struct symptom *s)
{
	return !s->weak && s->n_causes && !may_be_sequel(s) && (!s->of_hook || s->stages);
}

/* The container could not start, and then its poststop hook failed as well, or was reported first. */
static void sort_out_sequels(struct symptoms *all)
{
	struct symptom sequels[SYMPTOMS_MAX] = { 0 };
	size_t n = 0, n_sequels = 0;
	bool first = false;

	for (size_t i = 0; i < all->n; i++)
		first = first || is_first(&all->items[i]);
	for (size_t i = 0; first && i < all->n; i++) {
		struct symptom *s = &all->items[i];

		if (!may_be_sequel(s)) {
			all->items[n++] = *s;
			continue;
		}
		sequels[n_sequels] = *s;
		sequels[n_sequels].sequel = true;
		sequels[n_sequels].stages = STAGE_BIT(STAGE_POSTSTOP);
		sequels[n_sequels++].whose = WHOSE_HOST;
	}
	for (size_t i = 0; i < n_sequels; i++)
		all->items[n + i] = sequels[i];
}

/* Rows that come first read more; without any, more wrappers do. */
static bool says_more(const struct messages *a, const struct messages *b)
{
	if (a->score != b->score)
		return a->score > b->score;
	return a->score ? a->best < b->best : a->n > b->n;
}

/* As the text is, and, if that says more, without the line ends that a terminal put into it. */
static bool read_text(const char *text, size_t len, struct arena *arena, struct messages *ret)
{
	struct messages *other = arena_alloc(arena, 1, sizeof(*other));
	char *joined = arena_alloc(arena, len + 1, 1);
	struct plain plain;
	size_t shorter;

	if (!other || !joined || !plain_make(text, len, arena, &plain) ||
	    !messages_find(&plain, arena, ret))
		return false;
	memcpy(joined, text, len);
	shorter = unwrap_lines(joined, len);
	if (shorter == len)
		return true;
	if (!plain_make(joined, shorter, arena, &plain) || !messages_find(&plain, arena, other))
		return false;
	if (says_more(other, ret))
		*ret = *other;
	return true;
}

int symptoms_find(const char *text, size_t len, struct arena *arena, struct symptoms *ret,
		  struct hw_error *err)
{
	struct messages *messages = arena_alloc(arena, 1, sizeof(*messages));

	ret->n = 0;
	if (!messages || !read_text(text, len, arena, messages))
		return error_oom(err);
	for (; ret->n < messages->n; ret->n++)
		if (!describe(&messages->items[ret->n], arena, &ret->items[ret->n]))
			return error_oom(err);
	sort_out_sequels(ret);
	return 0;
}
