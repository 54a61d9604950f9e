/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the datagrams of hookwright-run, which a hostile container can write, too. */
#include <errno.h>
#include <string.h>

#include "helper/record.h"

enum { ERRNO_MAX = 4095, SIGNAL_MAX = 127, STATUS_MAX = 255 };

/* By outcome: what the value can be. */
static const struct {
	uint32_t min, max;
} values[] = {
	[RECORD_EXITED] = { 0, STATUS_MAX },	  [RECORD_SIGNALED] = { 1, SIGNAL_MAX },
	[RECORD_TIMED_OUT] = { 0, SIGNAL_MAX },	  [RECORD_STOPPED] = { 1, SIGNAL_MAX },
	[RECORD_NOT_EXECUTED] = { 1, ERRNO_MAX }, [RECORD_NOT_STARTED] = { 1, ERRNO_MAX },
};

static uint64_t number_at(const unsigned char *p, size_t size)
{
	uint64_t value = 0;

	while (size-- > 0)
		value = value << 8 | p[size];
	return value;
}

/* Take @len bytes, which must be there. */
static struct record_bytes take(const unsigned char **p, size_t len)
{
	const struct record_bytes bytes = { (const char *)*p, len };

	*p += len;
	return bytes;
}

static bool is_name(struct record_bytes name, size_t max)
{
	if (name.len > max)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == 0x7f)
			return false;
	return true;
}

static bool read_end(const unsigned char *p, unsigned outcome, struct record *r)
{
	if (outcome < RECORD_EXITED || outcome > RECORD_NOT_STARTED)
		return false;
	r->outcome = (enum record_outcome)outcome;
	r->value = (uint32_t)number_at(p + RECORD_AT_VALUE, 4);
	r->left = (uint32_t)number_at(p + RECORD_AT_LEFT, 4);
	r->duration_us = number_at(p + RECORD_AT_DURATION, 8);
	r->written = number_at(p + RECORD_AT_WRITTEN, 8);
	r->omitted = number_at(p + RECORD_AT_OMITTED, 8);
	return r->value >= values[outcome].min && r->value <= values[outcome].max &&
	       r->omitted <= r->written;
}

/* What is fixed of the datagram; *@p goes to what is not. */
static bool read_head(const unsigned char **p, size_t len, struct record *r)
{
	const unsigned char *head = *p;
	const unsigned detail = len > RECORD_AT_DETAIL ? head[RECORD_AT_DETAIL] : 0;

	if (len < RECORD_HEAD_SIZE || memcmp(head, RECORD_MAGIC, RECORD_MAGIC_SIZE) != 0)
		return false;
	*p += RECORD_HEAD_SIZE;
	r->sequence = (uint32_t)number_at(head + RECORD_AT_SEQUENCE, 4);
	r->time_ns = number_at(head + RECORD_AT_TIME, 8);
	switch (head[RECORD_AT_TYPE]) {
	case RECORD_BEGIN:
		r->type = RECORD_BEGIN;
		return detail == 0;
	case RECORD_OUTPUT:
		r->type = RECORD_OUTPUT;
		r->stream = (enum record_stream)detail;
		return detail <= RECORD_FROM_STDERR;
	case RECORD_END:
		r->type = RECORD_END;
		*p += RECORD_END_SIZE;
		return len >= RECORD_HEAD_SIZE + RECORD_END_SIZE &&
		       read_end(head + RECORD_HEAD_SIZE, detail, r);
	default:
		return false;
	}
}

int record_parse(const void *data, size_t len, struct record *ret)
{
	const unsigned char *head = data, *p = data;
	struct record r = { 0 };
	size_t policy, container, text;

	if (!read_head(&p, len, &r))
		return -EBADMSG;
	policy = number_at(head + RECORD_AT_POLICY, 2);
	container = number_at(head + RECORD_AT_CONTAINER, 2);
	text = number_at(head + RECORD_AT_TEXT, 2);
	if (len - (size_t)(p - head) != policy + container + text || text > RECORD_TEXT_MAX)
		return -EBADMSG;
	r.policy = take(&p, policy);
	r.container = take(&p, container);
	r.text = take(&p, text);
	if (!is_name(r.policy, RECORD_POLICY_MAX) || !is_name(r.container, RECORD_CONTAINER_MAX))
		return -EBADMSG;
	*ret = r;
	return 0;
}
