/* SPDX-License-Identifier: Apache-2.0 */
/* The hook's output: read from its pipes, cut into lines, and bounded in bytes and by the second. */
#include <string.h>
#include <unistd.h>

#include "run/run.h"

/* What the pipes hold at most: so much is read after the end, though somebody goes on writing. */
#define PIPES_MAX ((size_t)2 << 20)

void output_open(struct output *o, struct report *report, int out, int err)
{
	const struct options *options = report->options;

	o->report = report;
	o->streams[0].fd = out;
	o->streams[0].from = RECORD_FROM_STDOUT;
	o->streams[1].fd = err;
	o->streams[1].from = RECORD_FROM_STDERR;
	o->bytes_left = options->log_bytes;
	o->tokens = options->log_rate;
	o->refilled = now();
}

static void keep_tail(struct output *o, const char *text, size_t len)
{
	size_t room = sizeof(o->tail) - o->tail_len;

	if (len > sizeof(o->tail)) {
		text += len - sizeof(o->tail);
		len = sizeof(o->tail);
	}
	if (len > room) {
		memmove(o->tail, o->tail + (len - room), o->tail_len - (len - room));
		o->tail_len -= len - room;
	}
	memcpy(o->tail + o->tail_len, text, len);
	o->tail_len += len;
}

const char *output_tail(const struct output *o, size_t max, size_t *len)
{
	const bool cut = max < o->tail_len || o->written > o->tail_len;
	const char *end = o->tail + o->tail_len;
	const char *from = max < o->tail_len ? end - max : o->tail;
	const char *line = memchr(from, '\n', (size_t)(end - from));

	if (cut && line && line + 1 < end)
		from = line + 1;
	*len = (size_t)(end - from);
	return from;
}

/* A bucket that holds what one second gives. Time that is too short for a byte counts later. */
static void refill(struct output *o)
{
	const int64_t rate = o->report->options->log_rate, passed = now() - o->refilled;
	const int64_t gained = passed < SECOND ? rate * (passed / 1000) / (SECOND / 1000) : rate;

	if (gained == 0)
		return;
	o->tokens = o->tokens + gained < rate ? o->tokens + gained : rate;
	o->refilled += passed < SECOND ? gained * SECOND / rate : passed;
}

static void say_gap(struct output *o)
{
	if (o->gap)
		report_say(
			o->report,
			"%llu bytes of output are left out here: more than %lld in all, or %lld in a second",
			(unsigned long long)o->gap, (long long)o->report->options->log_bytes,
			(long long)o->report->options->log_rate);
	o->gap = 0;
}

static void emit(struct output *o, enum record_stream from, const char *text, size_t len)
{
	const int64_t cost = (int64_t)len;

	keep_tail(o, text, len);
	refill(o);
	if (cost > o->tokens || cost > o->bytes_left) {
		o->gap += len;
		o->omitted += len;
		return;
	}
	say_gap(o);
	o->tokens -= cost;
	o->bytes_left -= cost;
	report_output(o->report, from, text, len);
}

/* Whole lines go on; so does one that is too long to wait for its end, and at the end the rest. */
static void emit_lines(struct output *o, struct stream *s, bool all)
{
	const char *newline = memrchr(s->text, '\n', s->len);
	size_t len = newline ? (size_t)(newline + 1 - s->text) : 0;

	if (all || (!newline && s->len == sizeof(s->text)))
		len = s->len;
	if (len == 0)
		return;
	emit(o, s->from, s->text, len);
	s->len -= len;
	memmove(s->text, s->text + len, s->len);
}

/* false: there is nothing now. */
static bool read_once(struct output *o, struct stream *s)
{
	const ssize_t n = read(s->fd, s->text + s->len, sizeof(s->text) - s->len);

	if (n > 0) {
		s->len += (size_t)n;
		o->written += (uint64_t)n;
		emit_lines(o, s, false);
		return true;
	}
	if (n == 0) {
		close(s->fd);
		s->fd = -1;
	}
	return false;
}

void output_read(struct output *o, struct stream *s)
{
	(void)read_once(o, s);
}

void output_finish(struct output *o)
{
	const uint64_t limit = o->written + PIPES_MAX;
	const char *text;
	size_t len;

	for (size_t i = 0; i < ARRAY_SIZE(o->streams); i++) {
		struct stream *s = &o->streams[i];

		while (s->fd >= 0 && o->written < limit && read_once(o, s))
			;
		emit_lines(o, s, true);
	}
	if (o->gap == 0)
		return;
	text = output_tail(o, o->gap < TAIL_SIZE ? (size_t)o->gap : TAIL_SIZE, &len);
	o->omitted -= len;
	o->gap -= len;
	say_gap(o);
	report_output(o->report, RECORD_FROM_BOTH, text, len);
}
