/* SPDX-License-Identifier: Apache-2.0 */
/* Of linux.seccomp: what actions return, conditions, names, the listener. */
#include "lint/start.h"

/* libseccomp's limit. */
#define ERRNO_MAX 4095

/* Actions that return a number. */
static const char *const returning[] = { "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE", NULL };

static int check_errno(struct look *l, uint32_t action, uint32_t value, enum behaviour of_others)
{
	int64_t number;

	if (!is_integer(l, value, &number) || !is_text(l, action))
		return 0;
	if (!is_one_of(l, action, returning))
		return lint_refuse(l, lint_refused_by(l, of_others), value, "remove it",
				   "linux.seccomp has a number to return with %.*s, which does not "
				   "return one",
				   WRITTEN(l, action));
	/* 16 bits are read. */
	if (!is(l, action, "SCMP_ACT_ERRNO") || (number & 0xffff) < ERRNO_MAX)
		return 0;
	return lint_refuse(l, lint_refused_by(l, LARGE_ERRNO_REFUSED), value,
			   "write the number of an error",
			   "linux.seccomp returns %.*s, which is not the number of an error",
			   WRITTEN(l, value));
}

static int check_condition(struct look *l, uint32_t condition)
{
	static const char *const ops[] = { "SCMP_CMP_NE",	 "SCMP_CMP_LT", "SCMP_CMP_LE",
					   "SCMP_CMP_EQ",	 "SCMP_CMP_GE", "SCMP_CMP_GT",
					   "SCMP_CMP_MASKED_EQ", NULL };
	const uint32_t op = json_member(&l->bundle->doc, condition, "op");
	const uint32_t index = json_member(&l->bundle->doc, condition, "index");
	int64_t number;

	if (!is_text(l, op) || !is_one_of(l, op, ops))
		return lint_refuse(l, lint_refused_by_all(), condition,
				   "write a known comparison, such as 'SCMP_CMP_EQ'",
				   "a condition of linux.seccomp does not have a known comparison");
	if (!is_integer(l, index, &number) || (number >= 0 && number <= 5))
		return 0;
	return lint_refuse(
		l, lint_refused_by_all(), index, "write a number from 0 to 5",
		"a condition of linux.seccomp is about argument %.*s, which does not exist",
		WRITTEN(l, index));
}

static int check_names(struct look *l, uint32_t rule)
{
	int r = 0;

	EACH(l, json_member(&l->bundle->doc, rule, "names"), name)
	if (r == 0 && is_empty(l, name))
		r = lint_refuse(l, lint_refused_by(l, EMPTY_CALL_REFUSED), name,
				"name the system call",
				"a rule of linux.seccomp has an empty name");
	return r;
}

static int check_rule(struct look *l, uint32_t rule)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t action = json_member(doc, rule, "action");
	int r = check_names(l, rule);

	if (r == 0 && (is_absent(l, action) || is_empty(l, action)))
		r = lint_refuse(l, lint_refused_by_all(), rule, "add one, such as 'SCMP_ACT_ERRNO'",
				"a rule of linux.seccomp does not have an action");
	if (r == 0)
		r = check_errno(l, action, json_member(doc, rule, "errnoRet"),
				ERRNO_OF_OTHERS_REFUSED);
	EACH(l, json_member(doc, rule, "args"), condition)
	if (r == 0)
		r = check_condition(l, condition);
	return r;
}

/* The listener is on the host, and must be there before the container starts. */
static int check_listener(struct look *l)
{
	const uint32_t token = LINT_AT(l, "linux", "seccomp", "listenerPath");

	if (!is_text(l, token) || is_empty(l, token))
		return 0;
	return lint_refuse(l, lint_refused_perhaps(), token,
			   "start the listener before the container",
			   "linux.seccomp.listenerPath %.*s requires a program that listens "
			   "there",
			   WRITTEN(l, token));
}

int lint_seccomp_values(struct look *l)
{
	int r = check_errno(l, LINT_AT(l, "linux", "seccomp", "defaultAction"),
			    LINT_AT(l, "linux", "seccomp", "defaultErrnoRet"),
			    DEFAULT_ERRNO_OF_OTHERS_REFUSED);

	EACH(l, LINT_AT(l, "linux", "seccomp", "syscalls"), rule)
	if (r == 0)
		r = check_rule(l, rule);
	return r < 0 ? r : check_listener(l);
}
