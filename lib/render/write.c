/* SPDX-License-Identifier: Apache-2.0 */
/* Streaming output of JSON and escaped text, for the renderers. */
#include <stdio.h>

#include "base/sanitize.h"
#include "base/utf8.h"
#include "render/render.h"
#include "tools.h"

void render_safe(struct text *out, const char *s)
{
	const size_t start = out->len;

	text_puts(out, s);
	if (!out->failed)
		defuse(out->data + start);
}

void render_escaped(struct text *out, const char *s, render_escape *escape)
{
	const char *const end = s + strlen(s);
	const char *done = s;

	while (s < end) {
		char buf[RENDER_ESCAPE_MAX];
		int32_t c = -1;
		size_t len = utf8_decode((const unsigned char *)s, (const unsigned char *)end, &c);
		const char *instead = escape(len ? c : -1, buf);

		len = len ? len : 1;
		if (instead) {
			text_add(out, done, (size_t)(s - done));
			text_puts(out, instead);
			done = s + len;
		}
		s += len;
	}
	text_add(out, done, (size_t)(s - done));
}

/* ---- JSON ---- */

/*
 * RFC 8259, section 7. Bytes that are not UTF-8 cannot be represented in JSON. DEL, the C1 controls
 * and the two line ends of Unicode are allowed in a string, but not in a log.
 */
static const char *escape_json(int32_t c, char *buf)
{
	if (c < 0)
		return "\xef\xbf\xbd"; /* U+FFFD */
	if (c < 0x7f)
		return hw_json_escape((unsigned char)c, buf);
	if (c > 0x9f && c != 0x2028 && c != 0x2029)
		return NULL;
	snprintf(buf, RENDER_ESCAPE_MAX, "\\u%04x", (unsigned)c);
	return buf;
}

static void put_string(struct text *out, const char *s)
{
	text_puts(out, "\"");
	render_escaped(out, s, escape_json);
	text_puts(out, "\"");
}

static void new_line(struct writer *w)
{
	text_puts(w->out, "\n");
	for (unsigned i = 0; i < w->depth; i++)
		text_puts(w->out, "\t");
}

/* The separator before a value. */
static void begin_value(struct writer *w, const char *key)
{
	if (w->comma)
		text_puts(w->out, ",");
	if (w->depth)
		new_line(w);
	if (key) {
		put_string(w->out, key);
		text_puts(w->out, ": ");
	}
	w->comma = true;
}

void writer_open(struct writer *w, const char *key, char bracket)
{
	begin_value(w, key);
	text_add(w->out, &bracket, 1);
	w->depth++;
	w->comma = false;
}

void writer_close(struct writer *w, char bracket)
{
	w->depth--;
	if (w->comma)
		new_line(w);
	text_add(w->out, &bracket, 1);
	w->comma = true;
}

void writer_string(struct writer *w, const char *key, const char *value)
{
	begin_value(w, key);
	if (value)
		put_string(w->out, value);
	else
		text_puts(w->out, "null");
}

void writer_number(struct writer *w, const char *key, size_t value)
{
	begin_value(w, key);
	text_printf(w->out, "%zu", value);
}

void writer_flag(struct writer *w, const char *key, bool value)
{
	begin_value(w, key);
	text_puts(w->out, value ? "true" : "false");
}
