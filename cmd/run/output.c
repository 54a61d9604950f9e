/* SPDX-License-Identifier: Apache-2.0 */
/* The hook's output: read from its pipes, cut into lines, and bounded in bytes and by the second. */
#include <string.h>
#include <unistd.h>

#include "run/run.h"

/* What the pipes hold at most: so much is read after the end, though somebody goes on writing. */
#define PIPES_MAX ((size_t)2 << 20)
/* What the remark about a gap costs of the bounds, or many gaps would be a way around them. */
#define GAP_COST 128

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

static void keep_tail(struct stream *s, const char *text, size_t len)
{
	const size_t room = sizeof(s->tail) - s->tail_len;

	if (len > sizeof(s->tail)) {
		text += len - sizeof(s->tail);
		len = sizeof(s->tail);
	}
	if (len > room) {
		memmove(s->tail, s->tail + (len - room), s->tail_len - (len - room));
		s->tail_len -= len - room;
	}
	memcpy(s->tail + s->tail_len, text, len);
	s->tail_len += len;
}

const char *output_tail(const struct stream *s, size_t *len)
{
	const char *end = s->tail + s->tail_len;
	const char *line = memchr(s->tail, '\n', s->tail_len);
	const bool cut = s->tail_len == sizeof(s->tail);
	const char *from = cut && line && line + 1 < end ? line + 1 : s->tail;

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

static void say_gap(struct output *o, struct stream *s)
{
	const struct options *options = o->report->options;

	if (s->gap)
		report_say(
			o->report,
			"%llu bytes of standard %s are left out here: more than %lld in all, or %lld in a second",
			(unsigned long long)s->gap,
			s->from == RECORD_FROM_STDOUT ? "output" : "error",
			(long long)options->log_bytes, (long long)options->log_rate);
	s->gap = 0;
}

static void emit(struct output *o, struct stream *s, size_t len)
{
	const int64_t cost = (int64_t)len + (s->gap ? GAP_COST : 0);

	keep_tail(s, s->text, len);
	refill(o);
	/* Once it is too much in all, that does not change: short lines do not slip through. */
	if (cost > o->bytes_left)
		o->bytes_left = 0;
	if (cost > o->tokens || cost > o->bytes_left) {
		s->gap += len;
		o->omitted += len;
		return;
	}
	say_gap(o, s);
	o->tokens -= cost;
	o->bytes_left -= cost;
	report_output(o->report, s->from, s->text, len);
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
	emit(o, s, len);
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

/* The end of what was left out last. */
static void emit_tail(struct output *o, struct stream *s)
{
	const char *text;
	size_t len;

	if (s->gap == 0)
		return;
	text = output_tail(s, &len);
	if (len > s->gap) {
		text += len - s->gap;
		len = (size_t)s->gap;
	}
	o->omitted -= len;
	s->gap -= len;
	say_gap(o, s);
	report_output(o->report, s->from, text, len);
}

void output_finish(struct output *o)
{
	const uint64_t limit = o->written + PIPES_MAX;

	for (size_t i = 0; i < ARRAY_SIZE(o->streams); i++) {
		struct stream *s = &o->streams[i];

		while (s->fd >= 0 && o->written < limit && read_once(o, s))
			;
		emit_lines(o, s, true);
	}
	for (size_t i = 0; i < ARRAY_SIZE(o->streams); i++)
		emit_tail(o, &o->streams[i]);
}
