/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reading what hookwright-run reports; tests/e2e/run.sh has it write the datagrams. */
#include "helper/record.h"
#include "test.h"

#define HEAD_OF(type, detail, policy, container, text)           \
	"HWR\001" type detail policy container text "\x05\0\0\0" \
	"\x15\xcd\x5b\x07\0\0\0\0"
#define EMPTY(type, detail)	       HEAD_OF(type, detail, "\0\0", "\0\0", "\0\0")
#define BEGIN(policy, container, text) HEAD_OF("\x01", "\0", policy, container, text)
#define END(outcome, value, omitted)                     \
	HEAD_OF("\x03", outcome, "\1\0", "\0\0", "\2\0") \
	value "\x02\0\0\0"                               \
	      "\xe8\3\0\0\0\0\0\0"                       \
	      "\0\1\0\0\0\0\0\0" omitted "pok"
#define NONE "\0\0\0\0\0\0\0\0"

/* A copy that ends where its memory ends, so that a sanitizer sees a byte read too many. */
static char *copy_of(const char *data, size_t len)
{
	static char *copy;

	free(copy);
	copy = malloc(len ? len : 1);
	if (copy && len)
		memcpy(copy, data, len);
	return copy;
}

#define PARSE(literal, r) (len = sizeof(literal) - 1, record_parse(copy_of(literal, len), len, r))

static bool is_text(struct record_bytes bytes, const char *want)
{
	return bytes.len == strlen(want) && memcmp(bytes.p, want, bytes.len) == 0;
}

static void test_begin(void)
{
	struct record r;
	size_t len;

	CHECK(PARSE(BEGIN("\2\0", "\3\0", "\4\0") "po"
						  "con"
						  "/bin",
		    &r) == 0);
	CHECK(r.type == RECORD_BEGIN);
	CHECK_INT(r.sequence, 5);
	CHECK_INT(r.time_ns, 123456789);
	CHECK(is_text(r.policy, "po"));
	CHECK(is_text(r.container, "con"));
	CHECK(is_text(r.text, "/bin"));
	CHECK_INT(r.outcome, 0);
}

static void test_output(void)
{
	struct record r;
	size_t len;

	CHECK(PARSE(HEAD_OF("\2", "\2", "\0\0", "\0\0", "\4\0") "a\0\n\xff", &r) == 0);
	CHECK(r.type == RECORD_OUTPUT);
	CHECK(r.stream == RECORD_FROM_STDERR);
	CHECK_INT(r.text.len, 4);
	CHECK(memcmp(r.text.p, "a\0\n\xff", 4) == 0);
	CHECK_INT(r.policy.len, 0);
	CHECK(PARSE(HEAD_OF("\2", "\0", "\0\0", "\0\0", "\0\0"), &r) == 0);
	CHECK(r.stream == RECORD_FROM_HELPER);
}

static void test_end(void)
{
	struct record r;
	size_t len;

	CHECK(PARSE(END("\3", "\x09\0\0\0", "\x80\0\0\0\0\0\0\0"), &r) == 0);
	CHECK(r.type == RECORD_END);
	CHECK(r.outcome == RECORD_TIMED_OUT);
	CHECK_INT(r.value, 9);
	CHECK_INT(r.left, 2);
	CHECK_INT(r.duration_us, 1000);
	CHECK_INT(r.written, 256);
	CHECK_INT(r.omitted, 128);
	CHECK(is_text(r.policy, "p"));
	CHECK(is_text(r.text, "ok"));
}

#define ROW(text)                      \
	{                              \
		text, sizeof(text) - 1 \
	}

/* Each is right but for one thing. */
static const struct {
	const char *data;
	size_t len;
} refused[] = {
	ROW(""),
	ROW("HWR"),
	ROW("HWR\001\1"),
	ROW("HWS\001\1\0\0\0\0\0\0\0\5\0\0\0" NONE), /* not the magic */
	ROW("HWR\002\1\0\0\0\0\0\0\0\5\0\0\0" NONE), /* another version */
	ROW(EMPTY("\0", "\0")),			     /* no such type */
	ROW(EMPTY("\4", "\0")),
	ROW(EMPTY("\1", "\1")), /* a detail that is not one */
	ROW(EMPTY("\2", "\3")),
	ROW(BEGIN("\0\0", "\0\0", "\0\0") "x"), /* longer and shorter than it says */
	ROW(BEGIN("\0\0", "\0\0", "\2\0") "x"),
	ROW(BEGIN("\2\0", "\0\0", "\0\0") "x"),
	ROW(BEGIN("\xff\xff", "\xff\xff", "\xff\xff") "x"),
	ROW(BEGIN("\1\0", "\0\0", "\0\0") "\n"), /* names with control characters */
	ROW(BEGIN("\1\0", "\0\0", "\0\0") "\0"),
	ROW(BEGIN("\0\0", "\1\0", "\0\0") "\x7f"),
	ROW(END("\0", "\1\0\0\0", NONE)), /* outcomes, and values that these do not have */
	ROW(END("\7", "\1\0\0\0", NONE)),
	ROW(END("\1", "\0\1\0\0", NONE)),
	ROW(END("\2", "\0\0\0\0", NONE)),
	ROW(END("\2", "\x80\0\0\0", NONE)),
	ROW(END("\3", "\x80\0\0\0", NONE)),
	ROW(END("\4", "\0\0\0\0", NONE)),
	ROW(END("\5", "\0\0\0\0", NONE)),
	ROW(END("\6", "\0\x10\0\0", NONE)),
	ROW(END("\1", "\0\0\0\0", "\1\1\0\0\0\0\0\0")), /* more left out than written */
	ROW(EMPTY("\3", "\1")),				/* without its numbers */
};

static void test_refused(void)
{
	struct record r = { .sequence = 77 };

	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		if (record_parse(copy_of(refused[i].data, refused[i].len), refused[i].len, &r) !=
			    -EBADMSG ||
		    r.sequence != 77)
			FAIL("row %zu is accepted, or changed the record", i);
}

/* Lengths at and above their limits. */
static void test_limits(void)
{
	static const struct {
		size_t policy, container, text;
		int want;
	} rows[] = {
		{ RECORD_POLICY_MAX, RECORD_CONTAINER_MAX, RECORD_TEXT_MAX, 0 },
		{ RECORD_POLICY_MAX + 1, 1, 1, -EBADMSG },
		{ 1, RECORD_CONTAINER_MAX + 1, 1, -EBADMSG },
		{ 1, 1, RECORD_TEXT_MAX + 1, -EBADMSG },
	};
	static const char head[] = BEGIN("\0\0", "\0\0", "\0\0");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t len =
			RECORD_HEAD_SIZE + rows[i].policy + rows[i].container + rows[i].text;
		char *data = malloc(len);
		struct record r;

		CHECK(data);
		memset(data, 'x', len);
		memcpy(data, head, RECORD_HEAD_SIZE);
		memcpy(data + RECORD_AT_POLICY,
		       (uint8_t[]){ rows[i].policy & 0xff, (uint8_t)(rows[i].policy >> 8) }, 2);
		memcpy(data + RECORD_AT_CONTAINER,
		       (uint8_t[]){ rows[i].container & 0xff, (uint8_t)(rows[i].container >> 8) },
		       2);
		memcpy(data + RECORD_AT_TEXT,
		       (uint8_t[]){ rows[i].text & 0xff, (uint8_t)(rows[i].text >> 8) }, 2);
		CHECK_INT(record_parse(data, len, &r), rows[i].want);
		free(data);
	}
}

int main(void)
{
	RUN(test_begin);
	RUN(test_output);
	RUN(test_end);
	RUN(test_refused);
	RUN(test_limits);
	return DONE();
}
