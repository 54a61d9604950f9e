/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the datagrams of hookwright-run. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "helper/protocol.h"

/* Bytes of the datagram, not NUL-terminated. */
struct record_bytes {
	const char *p;
	size_t len;
};

struct record {
	enum record_type type;
	enum record_stream stream; /* of OUTPUT */
	uint32_t sequence;
	uint64_t time_ns; /* since the Epoch, by the clock of the container's host */
	struct record_bytes policy, container, text;
	/* Of END only, else 0. */
	enum record_outcome outcome;
	uint32_t value, left;
	uint64_t duration_us, written, omitted;
};

/*
 * Read the datagram @data of @len bytes into *@ret, which points into it. Pure. Nothing in it is to
 * be trusted, and the text is to be defused before it is printed. -EBADMSG: it is not a datagram of
 * this format; *@ret is untouched then.
 */
int record_parse(const void *data, size_t len, struct record *ret) MUST_CHECK;
