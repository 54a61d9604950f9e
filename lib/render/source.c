/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts the line at fault out of config.json for display, with the value marked. */
#include "render/source.h"
#include "base/sanitize.h"
#include "base/utf8.h"

#define WINDOW 88 /* columns of a line that are shown; with the margin, less than 100 */
#define BEHIND 60 /* of them those from the value's start on, when the line is that long */
#define TAB    4

#define ELLIPSIS "\xe2\x80\xa6"

/* A character as it is shown. */
struct glyph {
	size_t len; /* bytes; 0: the line ends */
	size_t width;
	bool plain; /* can be shown as it is */
};

static struct glyph glyph_at(const char *p, const char *end)
{
	int32_t c = -1;
	size_t len;

	if (p == end || *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] == '\n')))
		return (struct glyph){ 0 };
	if (*p == '\t')
		return (struct glyph){ .len = 1, .width = TAB };
	len = utf8_decode((const unsigned char *)p, (const unsigned char *)end, &c);
	if (len == 0 || !char_is_plain(c))
		return (struct glyph){ .len = len ? len : 1, .width = 1 };
	return (struct glyph){ .len = len, .width = 1, .plain = true };
}

/* Go on from @p while it fits into *@columns, at most to @end; *@columns is what was taken. */
static const char *forward(const char *p, const char *end, size_t *columns)
{
	const size_t room = *columns;

	*columns = 0;
	while (p < end) {
		const struct glyph g = glyph_at(p, end);

		if (g.len == 0 || *columns + g.width > room)
			break;
		*columns += g.width;
		p += g.len;
	}
	return p;
}

/* The character that ends before @p. */
static const char *step_back(const char *begin, const char *p)
{
	const char *q = p - 1;

	while (q > begin && p - q < 4 && ((unsigned char)*q & 0xc0) == 0x80)
		q--;
	return glyph_at(q, p).len == (size_t)(p - q) ? q : p - 1;
}

static bool begins_line(const char *begin, const char *p)
{
	return p == begin || p[-1] == '\n';
}

/* Go back from @p in its line, of a text that ends at @stop, while it fits into @columns. */
static const char *back(const char *begin, const char *p, const char *stop, size_t columns)
{
	while (!begins_line(begin, p)) {
		const char *q = step_back(begin, p);
		const struct glyph g = glyph_at(q, stop);

		if (g.width > columns)
			break;
		columns -= g.width;
		p = q;
	}
	return p;
}

/* A single character that is cut off has the room of the mark that would say so. */
static void spare_single(const char *text, const char *stop, struct source_window *w)
{
	const struct glyph last = glyph_at(w->end, stop);

	if (last.width == 1 && glyph_at(w->end + last.len, stop).len == 0)
		w->end += last.len;
	if (!begins_line(text, w->start)) {
		const char *first = step_back(text, w->start);

		if (begins_line(text, first) && glyph_at(first, stop).width == 1)
			w->start = first;
	}
}

struct source_window source_window(const char *text, size_t len, size_t from, size_t to)
{
	const char *const stop = text + len, *const value = text + from;
	const char *value_end = to > from && to <= len ? text + to : value;
	struct source_window w = { .stop = stop };
	size_t columns = BEHIND;

	forward(value, stop, &columns);
	w.start = back(text, value, stop, WINDOW - columns);
	columns = WINDOW;
	w.end = forward(w.start, stop, &columns);
	spare_single(text, stop, &w);
	w.cut_left = !begins_line(text, w.start);
	w.cut_right = glyph_at(w.end, stop).len != 0;

	w.indent = WINDOW + 1;
	forward(w.start, value, &w.indent);
	w.indent += w.cut_left;
	w.width = WINDOW;
	forward(value, value_end < w.end ? value_end : w.end, &w.width);
	if (w.width == 0)
		w.width = 1;
	return w;
}

void source_line(struct text *out, const struct source_window *window)
{
	const size_t start = out->len;
	struct glyph g;

	if (window->cut_left)
		text_puts(out, ELLIPSIS);
	for (const char *p = window->start; p < window->end; p += g.len) {
		g = glyph_at(p, window->stop);
		if (g.len == 0)
			break;
		if (g.plain)
			text_add(out, p, g.len);
		else if (*p == '\t')
			text_pad(out, TAB);
		else
			text_puts(out, "?");
	}
	if (window->cut_right)
		text_puts(out, ELLIPSIS);
	if (!out->failed && out->data)
		defuse_lines(out->data + start);
}
