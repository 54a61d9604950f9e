/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any datagram as a report of hookwright-run: what is accepted lies within it, keeps to the limits
 * of the format, and no byte is left over.
 */
#include "fuzz.h"
#include "helper/record.h"

static const char *check_bytes(struct record_bytes bytes, const char *expected, size_t max)
{
	REQUIRE(bytes.p == expected && bytes.len <= max);
	return bytes.p + bytes.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record r = { .sequence = 77 };
	const char *p = (const char *)data;
	const int result = record_parse(data, size, &r);

	if (result < 0) {
		REQUIRE(result == -EBADMSG && r.sequence == 77 && r.type == 0);
		return 0;
	}
	REQUIRE(result == 0 && size <= RECORD_SIZE_MAX);
	REQUIRE(r.type >= RECORD_BEGIN && r.type <= RECORD_END && r.stream <= RECORD_FROM_STDERR);
	REQUIRE((r.type == RECORD_END) == (r.outcome != 0));
	REQUIRE(r.omitted <= r.written);
	p += RECORD_HEAD_SIZE + (r.type == RECORD_END ? RECORD_END_SIZE : 0);
	p = check_bytes(r.policy, p, RECORD_POLICY_MAX);
	p = check_bytes(r.container, p, RECORD_CONTAINER_MAX);
	p = check_bytes(r.text, p, RECORD_TEXT_MAX);
	REQUIRE(p == (const char *)data + size);
	for (size_t i = 0; i < r.policy.len + r.container.len; i++)
		REQUIRE((unsigned char)r.policy.p[i] >= ' ');
	return 0;
}
