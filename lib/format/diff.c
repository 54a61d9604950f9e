/* SPDX-License-Identifier: Apache-2.0 */
/* Unified diff of two texts, with bounded work. */
#include "format/diff.h"
#include "base/sanitize.h"

#define CONTEXT 3

struct lines {
	const char *start, *end;
};

/* Where the line of @p begins; @p may be after the last one. */
static const char *line_start(const char *text, const char *p)
{
	const char *lf = memrchr(text, '\n', (size_t)(p - text));

	return lf ? lf + 1 : text;
}

static const char *line_end(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));

	return lf ? lf + 1 : end;
}

static size_t count(struct lines l)
{
	size_t n = 0;

	for (const char *p = l.start; p < l.end; p = line_end(p, l.end))
		n++;
	return n;
}

/* Take the lines off that both begin with; how many bytes they have. */
static size_t cut_head(struct lines *a, struct lines *b)
{
	const char *p = a->start, *q = b->start;
	size_t len;

	while (p < a->end && q < b->end && *p == *q) {
		p++;
		q++;
	}
	len = (size_t)(line_start(a->start, p) - a->start);
	a->start += len;
	b->start += len;
	return len;
}

static bool begins_line(const struct lines *l, const char *p)
{
	return p == l->start || p[-1] == '\n';
}

/* Take the lines off that both end with. */
static void cut_tail(struct lines *a, struct lines *b)
{
	const char *p = a->end, *q = b->end, *line;

	while (p > a->start && q > b->start && p[-1] == q[-1]) {
		p--;
		q--;
	}
	/* The bytes before it may differ, but then the line differs as well. */
	line = begins_line(a, p) && begins_line(b, q) ? p : line_end(p, a->end);
	q += line - p;
	a->end = line;
	b->end = q;
}

/* A log may be where it is shown: what a CI runner takes for a command becomes harmless. */
static void add_defused(struct text *out, const char *bytes, size_t len)
{
	const size_t start = out->len;

	text_add(out, bytes, len);
	if (!out->failed)
		defuse_lines(out->data + start);
}

static void add_lines(struct text *out, char mark, const char *colour, struct lines l)
{
	for (const char *p = l.start, *next; p < l.end; p = next) {
		bool newline;

		next = line_end(p, l.end);
		newline = next[-1] == '\n';
		text_puts(out, colour);
		text_add(out, &mark, 1);
		add_defused(out, p, (size_t)(next - p) - newline);
		text_puts(out, *colour ? "\033[0m\n" : "\n");
		if (!newline)
			text_puts(out, "\\ No newline at end of file\n");
	}
}

/* "-12,5": the first line's number, and how many; a single one is not counted. */
static void add_range(struct text *out, char mark, size_t first, size_t n)
{
	text_printf(out, "%c%zu", mark, n > 0 ? first : first - 1);
	if (n != 1)
		text_printf(out, ",%zu", n);
}

/* A control character would forge lines; a blank ends the name for patch(1), unless a tab does. */
static void add_name(struct text *out, const char *mark, const char *path)
{
	size_t start;

	text_puts(out, mark);
	start = out->len;
	text_puts(out, path);
	if (!out->failed)
		defuse(out->data + start);
	text_puts(out, strchr(path, ' ') ? "\t\n" : "\n");
}

void diff_unified(struct text *out, const char *path, const char *old, size_t old_len,
		  const char *new, size_t new_len, bool colour)
{
	struct lines removed = { old, old + old_len }, added = { new, new + new_len };
	struct lines before, after;
	size_t first, around;

	if (old_len == new_len && memcmp(old, new, old_len) == 0)
		return;
	before.end = old + cut_head(&removed, &added);
	cut_tail(&removed, &added);

	before.start = before.end;
	after = (struct lines){ removed.end, removed.end };
	for (int i = 0; i < CONTEXT; i++) {
		if (before.start > old)
			before.start = line_start(old, before.start - 1);
		after.end = line_end(after.end, old + old_len);
	}
	first = count((struct lines){ old, before.start }) + 1;
	around = count(before) + count(after);

	add_name(out, "--- ", path);
	add_name(out, "+++ ", path);
	text_puts(out, "@@ ");
	add_range(out, '-', first, around + count(removed));
	text_puts(out, " ");
	add_range(out, '+', first, around + count(added));
	text_puts(out, " @@\n");
	add_lines(out, ' ', "", before);
	add_lines(out, '-', colour ? "\033[31m" : "", removed);
	add_lines(out, '+', colour ? "\033[32m" : "", added);
	add_lines(out, ' ', "", after);
}
