/* SPDX-License-Identifier: Apache-2.0 */
/* Cleans pasted output: terminal sequences, JSON logs, wrapped lines. */
#include "base/utf8.h"
#include "doctor/symptom-internal.h"

/*
 * A JSON log of logfmt of Go's %q is unescaped in one walk, whatever its depth: a quote behind 0, 1,
 * 3, 7, ... backslashes is one of the string that is so deep. So no string is unescaped twice, and
 * text that was unescaped in part only is read all the same.
 */

#define ESC 0x1b

/* ---- escapes of strings ---- */

struct writer {
	struct plain *out;
	uint32_t open; /* levels of the strings that are open, a bit each */
};

static uint8_t depth_of(uint32_t open)
{
	return open ? (uint8_t)(32 - __builtin_clz(open)) : 0;
}

static void put(struct writer *w, char c)
{
	w->out->data[w->out->len] = c;
	w->out->depth[w->out->len++] = depth_of(w->open);
}

/* A quote behind @backslashes closes its string and those in it, or opens one. */
static void put_quote(struct writer *w, size_t backslashes)
{
	unsigned level = 0;
	uint32_t bit;

	for (; backslashes && level < 30; backslashes /= 2)
		level++;
	bit = UINT32_C(1) << level;
	if (w->open & bit) {
		w->open &= bit - 1;
		put(w, '"');
	} else {
		w->open &= bit - 1;
		put(w, '"');
		w->open |= bit;
	}
}

static void put_character(struct writer *w, int32_t c, size_t backslashes)
{
	char bytes[4];
	size_t len;

	if (c == '"') {
		put_quote(w, backslashes);
		return;
	}
	if (c == 0 || (c >= 0xd800 && c < 0xe000))
		c = '?';
	if (c == '\n' || c == '\r')
		c = '\v';
	len = utf8_encode(c, bytes);
	for (size_t i = 0; i < len; i++)
		put(w, bytes[i]);
}

static int32_t hex_at(const unsigned char *p, const unsigned char *end, size_t digits)
{
	unsigned char padded[4] = "0000";

	if ((size_t)(end - p) < digits)
		return -1;
	memcpy(padded + 4 - digits, p, digits);
	return hex4(padded, padded + 4);
}

/* \uXXXX of JSON, \xXX of Go and C. 0 if it is neither, else how much was read. */
static size_t put_number(struct writer *w, const unsigned char *p, const unsigned char *end,
			 size_t backslashes)
{
	const size_t digits = *p == 'u' ? 4 : 2;
	const int32_t c = *p == 'u' || *p == 'x' ? hex_at(p + 1, end, digits) : -1;

	if (c < 0)
		return 0;
	if (digits == 2 && c >= 0x80)
		put(w, (char)c); /* a byte of a character */
	else
		put_character(w, c, backslashes);
	return digits + 1;
}

/* @p is at a backslash; how much was read. */
static size_t put_escape(struct writer *w, const unsigned char *p, const unsigned char *end)
{
	static const char names[] = "nrtbfa/'`", values[] = "\v\v    /'`";
	const unsigned char *const start = p;
	const char *known;
	size_t backslashes, number;

	while (p < end && *p == '\\')
		p++;
	backslashes = (size_t)(p - start);
	if (p == end || *p == '\n') {
		put(w, '\\');
		return backslashes;
	}
	number = put_number(w, p, end, backslashes);
	if (number)
		return backslashes + number;
	known = *p ? strchr(names, *p) : NULL;
	if (*p == '"')
		put_quote(w, backslashes);
	else if (known)
		put(w, values[known - names]);
	else
		put(w, '\\');
	return backslashes + (*p == '"' || known);
}

static void put_line_end(struct writer *w)
{
	w->open = 0; /* no string of a log goes on behind its line */
	put(w, '\n');
}

static void unescape(const unsigned char *p, const unsigned char *end, struct plain *ret)
{
	struct writer w = { .out = ret };

	while (p < end) {
		if (*p == '\\') {
			p += put_escape(&w, p, end);
			continue;
		}
		if (*p == '"')
			put_quote(&w, 0);
		else if (*p == '\n')
			put_line_end(&w);
		else if (*p != '\r')
			put(&w, *p == '\v' || !*p ? ' ' : (char)*p);
		else if (p + 1 == end || p[1] != '\n') /* a line that is written again */
			put_line_end(&w);
		p++;
	}
}

/* ---- terminals ---- */

/* Past the parameters and the final byte of a control sequence (ECMA-48, 5.4). */
static const char *skip_csi(const char *p, const char *end)
{
	while (p < end && *p >= 0x20 && *p < 0x40)
		p++;
	return p < end && *p >= 0x40 && *p < 0x7f ? p + 1 : p;
}

/* A title or a link: up to BEL or ESC \, but within the line, so that a stray one eats no more. */
static const char *skip_string(const char *p, const char *end)
{
	while (p < end && *p != '\n' && *p != '\a' && *p != ESC)
		p++;
	if (p < end && *p == ESC && p + 1 < end && p[1] == '\\')
		return p + 2;
	return p < end && *p == '\a' ? p + 1 : p;
}

/* @p is behind the ESC. */
static const char *skip_escape(const char *p, const char *end)
{
	if (p == end)
		return p;
	if (*p == '[')
		return skip_csi(p + 1, end);
	if (*p && strchr("]P^_X", *p))
		return skip_string(p + 1, end);
	while (p < end && *p >= 0x20 && *p < 0x30)
		p++;
	return p < end && *p >= 0x30 && *p < 0x7f ? p + 1 : p;
}

/* An escape sequence as syslog, cat -v and shells write it, which colours only. NULL: none. */
static const char *skip_written(const char *p, const char *end)
{
	static const char *const starts[] = { "#033[", "\\033[", "\\e[", "^[[" };

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		const size_t len = strlen(starts[i]);
		const char *q = p + len;

		if ((size_t)(end - p) < len || memcmp(p, starts[i], len) != 0)
			continue;
		while (q < end && (is_digit((unsigned char)*q) || *q == ';'))
			q++;
		return q < end && *q == 'm' ? q + 1 : NULL;
	}
	return NULL;
}

static void drop_sequences(struct plain *plain)
{
	const char *p = plain->data, *const start = p, *const end = p + plain->len;
	size_t len = 0;

	while (p < end) {
		const char c = *p;
		const char *written = NULL;

		if (c == '#' || c == '\\' || c == '^')
			written = skip_written(p, end);
		if (c == ESC || written) {
			p = written ? written : skip_escape(p + 1, end);
			continue;
		}
		plain->depth[len] = plain->depth[p - start];
		plain->data[len++] = (unsigned char)c < 0x20 && c != '\n' && c != '\v' ? ' ' : c;
		p++;
	}
	plain->len = len;
	plain->data[len] = '\0';
}

/* A \n in front; behind it NULs, so that four bytes can be read at any place. */
#define PADDING 8

bool plain_make(const char *text, size_t len, struct arena *arena, struct plain *ret)
{
	const unsigned char *bytes = (const unsigned char *)text;
	char *data = arena_alloc(arena, len + PADDING, 1); /* unescaped it is no longer */
	uint8_t *depth = arena_alloc(arena, len + PADDING, 1);

	if (!data || !depth)
		return false;
	data[0] = '\n';
	*ret = (struct plain){ .data = data + 1, .depth = depth + 1 };
	unescape(bytes, bytes + len, ret);
	drop_sequences(ret);
	return true;
}

/* ---- prefixes of logs ---- */

/*
 * '9': a digit. 'A': a letter. 'T': characters of times. 'w': a word. '_': blanks. '#': digits and
 * blanks. Anything else: itself.
 */
static const char *const prefixes[] = {
	"9999-99-99T",		   /* RFC 3339, in one word or two */
	"99:99:99T",		   /* its second word */
	"AAA_9 99:99:99_w_w[#]:_", /* syslog, journalctl */
	"AAA_99 99:99:99_w_w[#]:_",
	"A9999 99:99:99.#_#_w:#]_", /* klog: kubelet */
	"AAAA[#]_",		    /* logrus on a terminal: podman, docker */
	"w_w[#]:_",		    /* journalctl -o short-iso, behind the time */
	"stderr w_",
	"stdout w_",
	"##[error]", /* CRI, GitHub */
	"w#_|_",     /* docker compose */
	"> ",
};

static bool is_alnum(char c)
{
	return is_digit((unsigned char)c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool is_word(char c)
{
	return is_alnum(c) || (c && strchr("_.@-/", c));
}

static bool is_in_run(char kind, char c)
{
	switch (kind) {
	case 'T':
		return is_digit((unsigned char)c) || (c && strchr(".,:+-TZ", c));
	case 'w':
		return is_word(c);
	case '_':
		return c == ' ';
	default:
		return is_digit((unsigned char)c) || c == ' ';
	}
}

static bool is_one(char kind, char c)
{
	if (kind == '9')
		return is_digit((unsigned char)c);
	return kind == 'A' ? is_alnum(c) : c == kind;
}

#define RUN_MOST 64

/* Its length at @line, 0 if it is not there. */
static size_t prefix_at(const char *prefix, const char *line, const char *end)
{
	const char *p = line;

	for (; *prefix; prefix++) {
		if (strchr("Tw_#", *prefix)) {
			const char *const run = p;

			while (p < end && p - run < RUN_MOST && is_in_run(*prefix, *p))
				p++;
		} else if (p == end || !is_one(*prefix, *p++)) {
			return 0;
		}
	}
	return (size_t)(p - line);
}

#define PREFIXES_MAX 6

size_t log_prefix(const char *line, const char *end)
{
	const char *p = line;

	for (int i = 0; i < PREFIXES_MAX; i++) {
		size_t len = 0;

		while (p < end && *p == ' ')
			p++;
		for (size_t k = 0; !len && k < ARRAY_SIZE(prefixes); k++)
			len = prefix_at(prefixes[k], p, end);
		if (!len)
			break;
		p += len;
	}
	return (size_t)(p - line);
}

/* ---- lines that a terminal has wrapped ---- */

#define COLUMNS_LEAST 20
#define COLUMNS_MOST  1000

/* In characters; *@end is the line's end. */
static size_t line_columns(const char *line, const char *text_end, const char **end)
{
	size_t columns = 0;

	while (line < text_end && *line != '\n') {
		if (*line == ESC) {
			line = skip_escape(line + 1, text_end);
			continue;
		}
		columns += ((unsigned char)*line++ & 0xc0) != 0x80;
	}
	*end = line;
	return columns;
}

static size_t most_columns(const char *text, const char *end)
{
	size_t most = 0;

	while (text < end) {
		const size_t columns = line_columns(text, end, &text);

		most = columns > most ? columns : most;
		text++;
	}
	return most;
}

/* Carriage returns in front of line ends are none of a line's columns. */
static size_t drop_returns(char *text, size_t len)
{
	size_t out = 0;

	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
			text[out++] = text[i];
	return out;
}

/* Each line of a log begins with a prefix, but what a terminal has wrapped does not. */
size_t unwrap_lines(char *text, size_t len)
{
	const char *p = text, *const end = text + drop_returns(text, len), *line_end;
	const size_t most = most_columns(text, end);
	char *out = text;

	if (most < COLUMNS_LEAST || most > COLUMNS_MOST)
		return len;
	while (p < end) {
		const bool full = line_columns(p, end, &line_end) == most;

		memmove(out, p, (size_t)(line_end - p));
		out += line_end - p;
		p = line_end + 1;
		if (line_end < end && (!full || (p < end && log_prefix(p, end))))
			*out++ = '\n';
	}
	return (size_t)(out - text);
}
