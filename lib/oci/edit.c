/* SPDX-License-Identifier: Apache-2.0 */
/* Splices hooks and mounts into the text of config.json; all other bytes stay as they are. */
#include "oci/edit.h"
#include "base/buffer.h"
#include "format/json-escape.h"

struct span {
	const char *p;
	size_t len;
};

#define SPAN(literal) ((struct span){ (literal), sizeof(literal) - 1 })

/* The changes of one stage, or of the mounts. */
struct stage_edit {
	const char *name;
	uint32_t object;	    /* that it is a member of */
	uint32_t value;		    /* JSON_NONE: not there */
	const struct change *steps; /* REPLACE and REMOVE */
	size_t n_steps, n_removed;
	const struct change *appends;
	size_t n_appends;
};

struct editor {
	const struct json *doc;
	struct span unit; /* the indent of one level */
	uint32_t hooks;	  /* JSON_NONE: not there */
	struct stage_edit stages[HOOK_STAGES];
	enum hook_before before; /* what one of the removed says */
	struct text out;
	size_t done; /* so many bytes of the document are copied or left out */
};

/* ---- how the file is laid out ---- */

/* More blanks than these are not a style to follow, and would be repeated on every line. */
#define INDENT_MAX    ((size_t)256)
#define GAP_MAX	      ((size_t)16)
#define SEPARATOR_MAX ((size_t)1024)

/* How to write a value at one place. Level 0 is the line on which the value begins. */
struct layout {
	struct span separator; /* between the comma and an item that follows the model */
	struct span colon;     /* between a key and its value */
	bool lines;	       /* every item is on a line of its own */
	struct span newline, base, unit;
	unsigned level;	 /* of the value itself, if its line has more indent than @base */
	struct span gap; /* on one line: after a comma */
	struct span pad; /* on one line: inside braces */
};

static struct span limited(struct span s, size_t max)
{
	return s.len > max ? SPAN("") : s;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct span blanks_before(const struct json *doc, size_t pos)
{
	size_t start = pos;

	while (start > 0 && is_blank(doc->text[start - 1]))
		start--;
	return (struct span){ doc->text + start, pos - start };
}

static struct span blanks_before_key(const struct json *doc, uint32_t value)
{
	return blanks_before(doc, doc->tokens[json_key(doc, value)].start);
}

static bool follows_comma(const struct json *doc, struct span blanks)
{
	return blanks.p > doc->text && blanks.p[-1] == ',';
}

/* Whether @blanks break the line; then with what, and how far the new line is indented. */
static bool breaks_line(struct span blanks, struct span *newline, struct span *indent)
{
	const char *lf = memrchr(blanks.p, '\n', blanks.len);
	bool crlf = lf && lf > blanks.p && lf[-1] == '\r';

	if (!lf)
		return false;
	*newline = crlf ? SPAN("\r\n") : SPAN("\n");
	*indent = limited((struct span){ lf + 1, (size_t)(blanks.p + blanks.len - lf - 1) },
			  INDENT_MAX);
	return true;
}

/* The rest of @indent after @base, or @otherwise if it does not begin like it. */
static struct span deeper(struct span indent, struct span base, struct span otherwise)
{
	if (indent.len < base.len || memcmp(indent.p, base.p, base.len) != 0)
		return otherwise;
	return (struct span){ indent.p + base.len, indent.len - base.len };
}

static struct span colon_of(const struct json *doc, uint32_t value)
{
	size_t start = doc->tokens[json_key(doc, value)].end;
	const struct span colon = { doc->text + start, doc->tokens[value].start - start };

	return colon.len > GAP_MAX || memchr(colon.p, '\n', colon.len) ? SPAN(": ") : colon;
}

/* A file with ": " has ", " too, where no comma shows it. */
static struct span gap_like_colon(struct span colon)
{
	return is_blank(colon.p[colon.len - 1]) ? SPAN(" ") : SPAN("");
}

static struct span gap_before(const struct json *doc, struct span blanks, struct span colon)
{
	if (!follows_comma(doc, blanks) || memchr(blanks.p, '\n', blanks.len))
		return gap_like_colon(colon);
	return limited(blanks, GAP_MAX);
}

/* The layout of an item with @blanks before it. */
static void follow_item(const struct json *doc, struct span blanks, struct layout *l)
{
	l->lines = breaks_line(blanks, &l->newline, &l->base);
	l->gap = gap_before(doc, blanks, l->colon);
	l->separator = l->lines ? limited(blanks, SEPARATOR_MAX) : l->gap;
}

static struct span pad_of(const struct json *doc, uint32_t object)
{
	struct span pad = blanks_before_key(doc, json_first(doc, object));

	return memchr(pad.p, '\n', pad.len) ? SPAN("") : limited(pad, GAP_MAX);
}

/* The indent of one level, as the members of the root show it. */
static struct span unit_of(const struct json *doc)
{
	struct span newline, indent, base = SPAN("");
	uint32_t first = json_first(doc, JSON_ROOT);

	if (first == JSON_NONE || !breaks_line(blanks_before_key(doc, first), &newline, &indent))
		return SPAN("  ");
	(void)breaks_line(blanks_before(doc, doc->tokens[JSON_ROOT].end - 1), &newline, &base);
	return deeper(indent, base, indent);
}

static struct layout layout_of_member(const struct editor *e, uint32_t object, uint32_t value)
{
	const struct json *doc = e->doc;
	struct layout l = { .unit = e->unit, .colon = colon_of(doc, value) };

	follow_item(doc, blanks_before_key(doc, value), &l);
	if (!l.lines)
		l.pad = pad_of(doc, object);
	return l;
}

/* An object with members shows how its like is written better than its place does. */
static void follow_object(const struct json *doc, uint32_t object, struct layout *l)
{
	const uint32_t first = json_first(doc, object);
	const uint32_t second = json_next(doc, object, first);
	const struct span blanks = blanks_before_key(doc, first);
	struct span newline, indent, base = l->lines ? l->base : SPAN("");

	l->colon = colon_of(doc, first);
	l->lines = breaks_line(blanks, &l->newline, &indent);
	if (l->lines) {
		(void)breaks_line(blanks_before(doc, doc->tokens[object].end - 1), &newline, &base);
		l->base = base;
		l->unit = deeper(indent, base, l->unit);
		return;
	}
	l->pad = pad_of(doc, object);
	l->gap = second == JSON_NONE ? gap_like_colon(l->colon)
				     : gap_before(doc, blanks_before_key(doc, second), l->colon);
}

static struct layout layout_of_element(const struct editor *e, const struct stage_edit *stage,
				       uint32_t element)
{
	const struct json *doc = e->doc;
	struct layout l = { .unit = e->unit, .colon = colon_of(doc, stage->value) };

	follow_item(doc, blanks_before(doc, doc->tokens[element].start), &l);
	if (!l.lines)
		l.pad = pad_of(doc, stage->object);
	if (json_type(doc, element) == JSON_OBJECT && json_first(doc, element) != JSON_NONE)
		follow_object(doc, element, &l);
	return l;
}

/* For the first member of an object that has none; its blanks stay behind that member. */
static struct layout layout_of_empty(const struct editor *e, uint32_t object)
{
	const struct json *doc = e->doc;
	const struct span blanks = blanks_before(doc, doc->tokens[object].end - 1);
	struct layout l = { .unit = e->unit, .level = 1 };

	l.colon = blanks.len ? SPAN(": ") : SPAN(":");
	follow_item(doc, blanks, &l);
	l.separator = SPAN("");
	return l;
}

/* ---- writing values ---- */

struct writer {
	struct text *out;
	const struct layout *layout;
	unsigned level;
	char opened;	  /* the bracket, while nothing follows it; else 0 */
	struct span tail; /* blanks to write before the last bracket; none: as the layout says */
};

static void put(struct writer *w, struct span s)
{
	text_add(w->out, s.p, s.len);
}

static void put_break(struct writer *w)
{
	put(w, w->layout->newline);
	put(w, w->layout->base);
	for (unsigned i = 0; i < w->level; i++)
		put(w, w->layout->unit);
}

static void put_item(struct writer *w)
{
	if (!w->opened)
		text_add(w->out, ",", 1);
	if (w->layout->lines)
		put_break(w);
	else if (!w->opened)
		put(w, w->layout->gap);
	else if (w->opened == '{')
		put(w, w->layout->pad);
	w->opened = 0;
}

static void put_open(struct writer *w, char bracket)
{
	text_add(w->out, &bracket, 1);
	w->level++;
	w->opened = bracket;
}

static void put_close(struct writer *w, char bracket)
{
	w->level--;
	if (w->tail.len && w->level == w->layout->level)
		put(w, w->tail);
	else if (w->layout->lines && !w->opened)
		put_break(w);
	else if (bracket == '}' && !w->opened)
		put(w, w->layout->pad);
	w->opened = 0;
	text_add(w->out, &bracket, 1);
}

static void put_string(struct writer *w, const char *s)
{
	json_put_string(w->out, s, strlen(s));
}

static void put_key(struct writer *w, const char *key)
{
	put_item(w);
	put_string(w, key);
	put(w, w->layout->colon);
}

static void put_strings(struct writer *w, const char *key, const char *const *items, size_t n)
{
	put_key(w, key);
	put_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		put_item(w);
		put_string(w, items[i]);
	}
	put_close(w, ']');
}

static void put_hook(struct writer *w, const struct hook *hook)
{
	put_open(w, '{');
	put_key(w, "path");
	put_string(w, hook->path);
	put_strings(w, "args", hook->args, hook->n_args);
	put_strings(w, "env", hook->env, hook->n_env);
	if (hook->timeout) {
		put_key(w, "timeout");
		text_printf(w->out, "%ld", hook->timeout);
	}
	put_close(w, '}');
}

/* A value of another document, each string and number byte for byte. */
static void put_value(struct writer *w, const struct json *doc, uint32_t value)
{
	const struct json_token *t = &doc->tokens[value];
	const bool object = t->type == JSON_OBJECT;

	if (!object && t->type != JSON_ARRAY) {
		text_add(w->out, doc->text + t->start, t->end - t->start);
		return;
	}
	put_open(w, object ? '{' : '[');
	for (uint32_t v = json_first(doc, value); v != JSON_NONE; v = json_next(doc, value, v)) {
		put_item(w);
		if (object) {
			put_value(w, doc, json_key(doc, v));
			put(w, w->layout->colon);
		}
		put_value(w, doc, v);
	}
	put_close(w, object ? '}' : ']');
}

static void put_entry(struct writer *w, const struct change *change)
{
	if (change->entry)
		put_value(w, change->entry, JSON_ROOT);
	else
		put_hook(w, change->hook);
}

/* ---- splicing ---- */

/* Leave out [@start, @end) of the document; what is written next takes its place. */
static void splice(struct editor *e, size_t start, size_t end)
{
	text_add(&e->out, e->doc->text + e->done, start - e->done);
	e->done = end;
}

static struct writer write_with(struct editor *e, const struct layout *l)
{
	return (struct writer){ .out = &e->out, .layout = l, .level = l->level };
}

static void write_stage(struct writer *w, const struct stage_edit *stage)
{
	put_open(w, '[');
	for (size_t i = 0; i < stage->n_appends; i++) {
		put_item(w);
		put_entry(w, &stage->appends[i]);
	}
	put_close(w, ']');
}

static void write_hooks(struct writer *w, const struct editor *e)
{
	put_open(w, '{');
	for (size_t i = 0; i < HOOK_STAGES; i++) {
		if (e->stages[i].n_appends == 0)
			continue;
		put_key(w, e->stages[i].name);
		write_stage(w, &e->stages[i]);
	}
	put_close(w, '}');
}

/* Write @stage, or with NULL all of hooks, in place of @value. */
static void replace_value(struct editor *e, uint32_t object, uint32_t value,
			  const struct stage_edit *stage)
{
	const struct json_token *t = &e->doc->tokens[value];
	const struct layout l = layout_of_member(e, object, value);
	struct writer w = write_with(e, &l);

	if (t->type != JSON_NULL)
		w.tail = blanks_before(e->doc, t->end - 1);
	splice(e, t->start, t->end);
	if (stage)
		write_stage(&w, stage);
	else
		write_hooks(&w, e);
}

static uint32_t last_value(const struct json *doc, uint32_t container)
{
	uint32_t last = JSON_NONE;

	for (uint32_t v = json_first(doc, container); v != JSON_NONE;
	     v = json_next(doc, container, v))
		last = v;
	return last;
}

/* ---- what was there before ---- */

/* By enum hook_before: how the value is written; NULL: it goes as a member. */
static const struct old_value {
	bool of_stage, blank;
	const char *text;
} old_values[] = {
	[BEFORE_NOTHING] = { false, false, NULL },
	[BEFORE_HOOKS_NULL] = { false, false, "null" },
	[BEFORE_HOOKS_EMPTY] = { false, false, "{}" },
	[BEFORE_HOOKS_BLANK] = { false, true, "{}" },
	[BEFORE_STAGE_NULL] = { true, false, "null" },
	[BEFORE_STAGE_EMPTY] = { true, false, "[]" },
	[BEFORE_STAGE_BLANK] = { true, true, "[]" },
};

static enum hook_before before_of(const struct json *doc, uint32_t value, bool of_stage)
{
	const struct json_token *t = &doc->tokens[value];
	const bool null = t->type == JSON_NULL, blank = !null && t->end - t->start > 2;

	if (!null && t->count > 0)
		return BEFORE_NOTHING;
	for (size_t i = BEFORE_NOTHING + 1; i < ARRAY_SIZE(old_values); i++)
		if (old_values[i].of_stage == of_stage && old_values[i].blank == blank &&
		    streq(old_values[i].text, "null") == null)
			return (enum hook_before)i;
	return BEFORE_NOTHING;
}

enum hook_before edit_before(const struct json *doc)
{
	const uint32_t hooks = json_member(doc, JSON_ROOT, "hooks");
	uint32_t stage;

	if (hooks == JSON_NONE)
		return BEFORE_NOTHING;
	stage = json_member(doc, hooks, hook_stage_name(STAGE_START_CONTAINER));
	return stage == JSON_NONE ? before_of(doc, hooks, false) : before_of(doc, stage, true);
}

/* Write it in the place of @value, whose elements are all removed. */
static void bring_back(struct editor *e, uint32_t value)
{
	const struct json_token *t = &e->doc->tokens[value];
	const struct old_value *old = &old_values[e->before];
	const struct span blanks = old->blank ? blanks_before(e->doc, t->end - 1) : SPAN("");

	splice(e, t->start, t->end);
	if (!old->blank) {
		text_puts(&e->out, old->text);
		return;
	}
	text_add(&e->out, old->text, 1);
	text_add(&e->out, blanks.p, blanks.len);
	text_add(&e->out, old->text + 1, 1);
}

/* A new member at the end of what is written so far: a stage, or with NULL all of hooks. */
static void put_member(struct editor *e, const struct layout *l, const char *key,
		       const struct stage_edit *stage)
{
	struct writer w = write_with(e, l);

	if (l->lines && l->separator.len == 0)
		put_break(&w);
	put(&w, l->separator);
	put_string(&w, key);
	put(&w, l->colon);
	if (stage)
		write_stage(&w, stage);
	else
		write_hooks(&w, e);
}

static void insert_hooks(struct editor *e)
{
	const uint32_t last = last_value(e->doc, JSON_ROOT);
	const bool empty = last == JSON_NONE;
	const struct layout l =
		empty ? layout_of_empty(e, JSON_ROOT) : layout_of_member(e, JSON_ROOT, last);
	const size_t at = empty ? e->doc->tokens[JSON_ROOT].start + 1 : e->doc->tokens[last].end;

	splice(e, at, at);
	if (!empty)
		text_add(&e->out, ",", 1);
	put_member(e, &l, "hooks", NULL);
}

/* With the comma before it, if there is one: the inverse of insert_hooks(). */
static void remove_hooks(struct editor *e)
{
	const struct json *doc = e->doc;
	const uint32_t value = e->hooks, next = json_next(doc, JSON_ROOT, value);
	uint32_t before = JSON_NONE;

	for (uint32_t v = json_first(doc, JSON_ROOT); v != value; v = json_next(doc, JSON_ROOT, v))
		before = v;
	if (before != JSON_NONE)
		splice(e, doc->tokens[before].end, doc->tokens[value].end);
	else if (next != JSON_NONE)
		splice(e, doc->tokens[json_key(doc, value)].start,
		       doc->tokens[json_key(doc, next)].start);
	else
		splice(e, doc->tokens[JSON_ROOT].start + 1, doc->tokens[value].end);
}

static void replace_element(struct editor *e, const struct stage_edit *stage, uint32_t element,
			    const struct change *change)
{
	const struct layout l = layout_of_element(e, stage, element);
	struct writer w = write_with(e, &l);

	splice(e, e->doc->tokens[element].start, e->doc->tokens[element].end);
	put_entry(&w, change);
}

static void append_elements(struct editor *e, const struct stage_edit *stage, uint32_t last,
			    size_t from)
{
	const struct layout l = layout_of_element(e, stage, last);

	splice(e, e->doc->tokens[last].end, e->doc->tokens[last].end);
	for (size_t i = from; i < stage->n_appends; i++) {
		struct writer w = write_with(e, &l);

		text_add(&e->out, ",", 1);
		put(&w, l.separator);
		put_entry(&w, &stage->appends[i]);
	}
}

/* Something is left in the stage: elements come and go one by one, the first with no comma. */
static void edit_elements(struct editor *e, const struct stage_edit *stage)
{
	const struct json_token *tokens = e->doc->tokens;
	const uint32_t first = json_first(e->doc, stage->value);
	uint32_t last = JSON_NONE;
	size_t step = 0;
	bool kept = false;

	for (uint32_t v = first; v != JSON_NONE; v = json_next(e->doc, stage->value, v)) {
		bool named = step < stage->n_steps && stage->steps[step].element == v;
		bool removed = named && stage->steps[step].kind == CHANGE_REMOVE;

		if (removed && kept)
			splice(e, tokens[last].end, tokens[v].end);
		else if (!removed && !kept && v != first)
			splice(e, tokens[first].start, tokens[v].start);
		if (named && !removed)
			replace_element(e, stage, v, &stage->steps[step]);
		kept = kept || !removed;
		step += named;
		last = v;
	}
	if (kept) {
		append_elements(e, stage, last, 0);
		return;
	}
	if (stage->n_appends == 0) {
		bring_back(e, stage->value);
		return;
	}
	/* All are removed, so the first of the new takes the place of the first of the old. */
	replace_element(e, stage, first, &stage->appends[0]);
	splice(e, tokens[first].end, tokens[last].end);
	append_elements(e, stage, last, 1);
}

static void edit_stage(struct editor *e, const struct stage_edit *stage)
{
	const uint32_t n = e->doc->tokens[stage->value].count;

	if (stage->n_steps + stage->n_appends == 0)
		return;
	if (n > 0)
		edit_elements(e, stage);
	else
		replace_value(e, e->hooks, stage->value, stage);
}

/* The stage that member @value of hooks is; NULL: none that is known. */
static const struct stage_edit *stage_at(const struct editor *e, uint32_t value)
{
	for (size_t i = 0; i < HOOK_STAGES; i++)
		if (e->stages[i].value == value)
			return &e->stages[i];
	return NULL;
}

/* Whether the changes leave nothing in a stage that had something: then its member goes, too. */
static bool goes(const struct editor *e, const struct stage_edit *stage)
{
	return stage && !old_values[e->before].of_stage && stage->n_removed > 0 &&
	       stage->n_appends == 0 && e->doc->tokens[stage->value].count == stage->n_removed;
}

static uint32_t last_kept(const struct editor *e)
{
	uint32_t last = JSON_NONE;

	for (uint32_t v = json_first(e->doc, e->hooks); v != JSON_NONE;
	     v = json_next(e->doc, e->hooks, v))
		if (!goes(e, stage_at(e, v)))
			last = v;
	return last;
}

/* Members come and go as elements do; new ones follow @model, the last that stays. */
static void edit_members(struct editor *e, uint32_t model)
{
	const struct json *doc = e->doc;
	const uint32_t first = json_first(doc, e->hooks);
	const struct layout l = layout_of_member(e, e->hooks, model);
	uint32_t last = JSON_NONE;
	bool kept = false;

	for (uint32_t v = first; v != JSON_NONE; v = json_next(doc, e->hooks, v)) {
		const struct stage_edit *stage = stage_at(e, v);
		const bool removed = goes(e, stage);

		if (removed && kept)
			splice(e, doc->tokens[last].end, doc->tokens[v].end);
		else if (!removed && !kept && v != first)
			splice(e, doc->tokens[json_key(doc, first)].start,
			       doc->tokens[json_key(doc, v)].start);
		if (stage && !removed)
			edit_stage(e, stage);
		kept = kept || !removed;
		last = v;
	}
	for (size_t i = 0; i < HOOK_STAGES; i++) {
		if (e->stages[i].value != JSON_NONE || e->stages[i].n_appends == 0)
			continue;
		splice(e, doc->tokens[last].end, doc->tokens[last].end);
		text_add(&e->out, ",", 1);
		put_member(e, &l, e->stages[i].name, &e->stages[i]);
	}
}

static void edit_all(struct editor *e)
{
	const bool some = e->hooks != JSON_NONE && e->doc->tokens[e->hooks].count > 0;
	const uint32_t model = some ? last_kept(e) : JSON_NONE;
	size_t n_appends = 0;

	for (size_t i = 0; i < HOOK_STAGES; i++)
		n_appends += e->stages[i].n_appends;
	if (model != JSON_NONE)
		edit_members(e, model);
	else if (n_appends == 0 && some && old_values[e->before].text)
		bring_back(e, e->hooks);
	else if (n_appends == 0 && some)
		remove_hooks(e);
	else if (n_appends == 0)
		return;
	else if (e->hooks != JSON_NONE)
		replace_value(e, JSON_ROOT, e->hooks, NULL);
	else
		insert_hooks(e);
}

static void add_change(struct stage_edit *stage, const struct change *change)
{
	if (change->kind == CHANGE_APPEND) {
		if (stage->n_appends++ == 0)
			stage->appends = change;
		return;
	}
	if (stage->n_steps++ == 0)
		stage->steps = change;
	stage->n_removed += change->kind == CHANGE_REMOVE;
}

static void sort_changes(struct editor *e, const struct change *changes, size_t n)
{
	for (size_t i = 0; i < HOOK_STAGES; i++) {
		const char *name = hook_stage_name((enum hook_stage)i);

		e->stages[i] = (struct stage_edit){
			.name = name,
			.object = e->hooks,
			.value = json_member(e->doc, e->hooks, name),
		};
	}
	for (size_t i = 0; i < n; i++) {
		add_change(&e->stages[changes[i].stage], &changes[i]);
		if (changes[i].kind == CHANGE_REMOVE && changes[i].before)
			e->before = changes[i].before;
	}
}

static int finish(struct editor *e, char **ret, size_t *ret_len, struct hw_error *err)
{
	const size_t end = e->doc->len;

	splice(e, end, end);
	if (e->out.failed || e->out.len > JSON_SIZE_MAX) {
		const bool failed = e->out.failed;
		const size_t len = e->out.len;

		text_free(&e->out);
		if (failed)
			return error_oom(err);
		return error_set(err, EFBIG, IN(e->doc->path), NULL,
				 "with its hooks it would have %zu bytes, over the limit of %zu",
				 len, JSON_SIZE_MAX);
	}
	*ret_len = e->out.len;
	*ret = e->out.data;
	return 0;
}

int edit_hooks(const struct json *doc, const struct change *changes, size_t n_changes, char **ret,
	       size_t *ret_len, struct hw_error *err)
{
	struct editor e = { .doc = doc, .unit = unit_of(doc) };

	e.hooks = json_member(doc, JSON_ROOT, "hooks");
	sort_changes(&e, changes, n_changes);
	edit_all(&e);
	return finish(&e, ret, ret_len, err);
}

int edit_mounts(const struct json *doc, const struct change *changes, size_t n_changes, char **ret,
		size_t *ret_len, struct hw_error *err)
{
	struct editor e = { .doc = doc, .unit = unit_of(doc), .hooks = JSON_NONE };
	struct stage_edit mounts = { .name = "mounts", .object = JSON_ROOT };

	mounts.value = json_member(doc, JSON_ROOT, mounts.name);
	for (size_t i = 0; i < n_changes; i++)
		add_change(&mounts, &changes[i]);
	if (mounts.value == JSON_NONE || json_type(doc, mounts.value) != JSON_ARRAY ||
	    doc->tokens[mounts.value].count <= mounts.n_removed)
		return error_set(err, EINVAL, IN(doc->path), NULL,
				 "'mounts' does not have a mount of the container's own");
	edit_elements(&e, &mounts);
	return finish(&e, ret, ret_len, err);
}
