/* SPDX-License-Identifier: Apache-2.0 */
/*
 * linux.resources: what the kernel's control groups accept, of both versions where nothing else is
 * stated. Which version a host has, and with which controllers, is not in the bundle.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "lint/start.h"

#define RESOURCE(l, ...) LINT_AT(l, "linux", "resources", __VA_ARGS__)

/* ---- numbers ---- */

/* The range of a number, except for 0, which is as if absent, and negative ones, without a limit. */
static const struct {
	const char *group, *name;
	int64_t min, max;
	const char *hint;
} ranges[] = {
	{ "cpu", "period", 1000, 1000000, "write a number from 1000 to 1000000" },
	{ "cpu", "quota", 1000, INT64_MAX, "write a number from 1000 on" },
	{ "pids", "limit", 1, 4194304, "write a number from 1 to 4194304" },
};

static int check_ranges(struct look *l)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(ranges); i++) {
		const uint32_t value = RESOURCE(l, ranges[i].group, ranges[i].name);
		int64_t number;

		if (!is_integer(l, value, &number) || number <= 0 ||
		    (number >= ranges[i].min && number <= ranges[i].max))
			continue;
		r = lint_refuse(l, lint_refused_by_all(), value, ranges[i].hint,
				"linux.resources.%s.%s %.*s is not in the range that the kernel "
				"accepts",
				ranges[i].group, ranges[i].name, WRITTEN(l, value));
	}
	return r;
}

static int check_negative(struct look *l)
{
	const uint32_t pids = RESOURCE(l, "pids", "limit");
	int64_t number;

	if (!is_integer(l, pids, &number) || number >= 0)
		return 0;
	return lint_refuse(l, lint_refused_by(l, NEGATIVE_PIDS_REFUSED), pids,
			   "remove it, or write 0", "linux.resources.pids.limit is negative");
}

/* No process starts in less than a page or two. */
#define MEMORY_MIN 8192

static int check_memory(struct look *l)
{
	const uint32_t limit = RESOURCE(l, "memory", "limit");
	const uint32_t swap = RESOURCE(l, "memory", "swap");
	int64_t most = 0, both = 0;
	const bool limited = is_integer(l, limit, &most);
	int r = 0;

	if (limited && most == 0)
		r = lint_refuse(l, lint_refused_by(l, MEMORY_LIMIT_0), limit, "remove it",
				"linux.resources.memory.limit is 0");
	else if (limited && most > 0 && most < MEMORY_MIN)
		r = lint_refuse(l, lint_refused_by_all(), limit, "raise it",
				"linux.resources.memory.limit is %lld bytes, too few to start "
				"anything",
				(long long)most);
	if (r < 0 || !is_integer(l, swap, &both) || both <= 0 || (limited && both >= most))
		return r;
	return lint_refuse(l, lint_refused_by_all(), swap,
			   "write at least memory.limit: it is memory and swap together",
			   limited && most > 0
				   ? "linux.resources.memory.swap is below memory.limit"
				   : "linux.resources.memory.swap is set without memory.limit");
}

/* ---- sets of processors ---- */

/* "0-3,5" */
static bool is_set(const char *text)
{
	while (*text) {
		unsigned long first, last;
		char *end;

		text += *text == ',';
		if (!*text || *text == '\n')
			break;
		if (!is_digit(*text))
			return false;
		first = last = strtoul(text, &end, 10);
		if (*end == '-' && !is_digit(end[1]))
			return false;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (last < first || (*end && *end != ',' && *end != '\n'))
			return false;
		text = end;
	}
	return true;
}

static int check_set(struct look *l, const char *name)
{
	const uint32_t value = RESOURCE(l, "cpu", name);
	const char *text;
	int r;

	if (!is_text(l, value))
		return 0;
	r = json_string(&l->bundle->doc, value, l->arena, &text, NULL);
	if (r < 0)
		return r == -ENOMEM ? error_oom(l->err) : 0;
	if (is_set(text))
		return 0;
	return lint_refuse(l, lint_refused_by_all(), value, "write numbers such as '0-3,5'",
			   "linux.resources.cpu.%s %.*s is not a set of numbers", name,
			   WRITTEN(l, value));
}

static int check_sets(struct look *l)
{
	const int r = check_set(l, "cpus");

	return r < 0 ? r : check_set(l, "mems");
}

/* ---- what not every host has ---- */

static const char *const of_some_hosts[][2] = {
	{ "hugepageLimits", "a controller for huge pages" },
	{ "unified", "control groups of version 2" },
	{ "network", "a controller of version 1 for networks" },
	{ "rdma", "a controller for RDMA" },
};

static int check_hosts(struct look *l)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(of_some_hosts); i++) {
		const uint32_t value = LINT_AT(l, "linux", "resources", of_some_hosts[i][0]);

		if (is_absent(l, value) || l->bundle->doc.tokens[value].count == 0)
			continue;
		r = lint_refuse(l, lint_refused_perhaps(), value,
				"remove it, unless each host has that",
				"linux.resources.%s requires %s, which not every host has",
				of_some_hosts[i][0], of_some_hosts[i][1]);
	}
	return r;
}

/* ---- rules of devices ---- */

static int check_rule(struct look *l, uint32_t rule)
{
	static const char *const types[] = { "a", "b", "c", NULL };
	const uint32_t type = json_member(&l->bundle->doc, rule, "type");
	const uint32_t access = json_member(&l->bundle->doc, rule, "access");
	struct refusal by;

	if (is_text(l, type) && !is_empty(l, type) && !is_one_of(l, type, types))
		return lint_refuse(l, lint_refused_by_all(), type, "write 'a', 'b' or 'c'",
				   "a rule of linux.resources.devices has the type %.*s",
				   WRITTEN(l, type));
	if (!is_absent(l, access) && !is_empty(l, access))
		return 0;
	by = lint_refused_by(l, DEVICE_RULE_NEEDS_ACCESS);
	by.weight = lint_weight(l, DEVICE_RULE_NEEDS_ACCESS, EFFECT_ERROR, EFFECT_UNJUDGED);
	return lint_refuse(l, by, rule, "write 'rwm', or the part of it that is meant",
			   "a rule of linux.resources.devices does not have an access");
}

static int check_rules(struct look *l)
{
	int r = 0;

	EACH(l, RESOURCE(l, "devices"), rule)
	if (r == 0)
		r = check_rule(l, rule);
	return r;
}

int lint_resources(struct look *l)
{
	static int (*const checks[])(struct look *) = { check_ranges, check_negative, check_memory,
							check_sets,   check_hosts,    check_rules };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(checks); i++)
		r = checks[i](l);
	return r;
}
