/* SPDX-License-Identifier: Apache-2.0 */
/* The arguments of hookwright-run: a table, and no second way to write anything. */
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "run/run.h"

struct row {
	const char *name;
	bool (*read)(const char *value, void *field);
	size_t field;
	const char *expected;
};

/* Digits, up to @limit; where they end in *@end. */
static bool read_digits(const char *value, int64_t limit, const char **end, int64_t *ret)
{
	int64_t n = 0;

	if (*value < '0' || *value > '9')
		return false;
	for (; *value >= '0' && *value <= '9'; value++) {
		n = n * 10 + (*value - '0');
		if (n > limit)
			return false;
	}
	*end = value;
	*ret = n;
	return true;
}

static bool read_seconds(const char *value, void *field)
{
	int64_t seconds, unit = SECOND, fraction = 0;
	const char *p;

	if (!read_digits(value, SECONDS_MAX, &p, &seconds))
		return false;
	if (*p == '.' && p[1]) {
		for (p++; *p >= '0' && *p <= '9' && unit > MILLISECOND; p++) {
			unit /= 10;
			fraction += (*p - '0') * unit;
		}
	}
	*(int64_t *)field = seconds * SECOND + fraction;
	return *p == '\0';
}

static bool read_positive_seconds(const char *value, void *field)
{
	return read_seconds(value, field) && *(int64_t *)field > 0;
}

static bool read_bytes(const char *value, void *field)
{
	const char *end;

	return read_digits(value, SECONDS_MAX, &end, field) && *end == '\0';
}

static bool read_on_failure(const char *value, void *field)
{
	static const char *const words[] = {
		[FAIL] = "fail", [WARN] = "warn", [IGNORE] = "ignore"
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(value, words[i]) == 0) {
			*(enum on_failure *)field = (enum on_failure)i;
			return true;
		}
	return false;
}

static bool read_path(const char *value, void *field)
{
	*(const char **)field = value;
	return value[0] == '/' && strlen(value) < sizeof(((struct sockaddr_un *)0)->sun_path);
}

static bool read_name(const char *value, void *field, size_t max)
{
	*(const char **)field = value;
	for (const char *p = value; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return value[0] && strlen(value) <= max;
}

static bool read_policy(const char *value, void *field)
{
	return read_name(value, field, RECORD_POLICY_MAX);
}

static bool read_container(const char *value, void *field)
{
	return read_name(value, field, RECORD_CONTAINER_MAX);
}

#define FIELD(name) offsetof(struct options, name)
#define A_NAME	    "a name without control characters"

static const struct row rows[] = {
	{ "timeout", read_positive_seconds, FIELD(timeout), "seconds above 0, like 5 or 0.5" },
	{ "kill-after", read_seconds, FIELD(kill_after), "seconds, like 2 or 0.5" },
	{ "on-failure", read_on_failure, FIELD(on_failure), "fail, warn or ignore" },
	{ "log", read_path, FIELD(log), "the absolute path of a socket, below 108 bytes" },
	{ "log-bytes", read_bytes, FIELD(log_bytes), "a number of bytes" },
	{ "log-rate", read_bytes, FIELD(log_rate), "a number of bytes" },
	{ "policy", read_policy, FIELD(policy), A_NAME " of at most 255 bytes" },
	{ "container", read_container, FIELD(container), A_NAME " of at most 1024 bytes" },
};

static const struct row *find_row(const char *arg)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t len = strlen(rows[i].name);

		if (strncmp(arg, "--", 2) == 0 && strncmp(arg + 2, rows[i].name, len) == 0 &&
		    arg[2 + len] == '=')
			return &rows[i];
	}
	return NULL;
}

static bool read_option(const char *arg, struct options *o, unsigned *seen, struct complaint *why)
{
	const struct row *row = find_row(arg);
	const unsigned bit = row ? 1u << (row - rows) : 0;

	if (!row)
		snprintf(why->text, sizeof(why->text),
			 "'%.100s' is not an option of it: options are --NAME=VALUE, before '--'",
			 arg);
	else if (*seen & bit)
		snprintf(why->text, sizeof(why->text), "--%s is there twice: leave one of them out",
			 row->name);
	else if (!row->read(arg + strlen(row->name) + 3, (char *)o + row->field))
		snprintf(why->text, sizeof(why->text), "'%.100s' is not right: write %s", arg,
			 row->expected);
	else
		return *seen |= bit;
	return false;
}

bool options_parse(char **args, struct options *ret, struct complaint *why)
{
	struct options o = { .timeout = NEVER,
			     .kill_after = KILL_AFTER,
			     .log_bytes = LOG_BYTES,
			     .log_rate = LOG_RATE,
			     .policy = "",
			     .container = "" };
	unsigned seen = 0;

	for (; *args && strcmp(*args, "--") != 0; args++)
		if (!read_option(*args, &o, &seen, why))
			return false;
	if (!args[0] || !args[1] || !args[2]) {
		snprintf(why->text, sizeof(why->text),
			 "a program is missing: end with '-- PROGRAM ARGV0 [ARG]...'");
		return false;
	}
	o.program = args[1];
	o.argv = args + 2;
	if (o.program[0] != '/') {
		snprintf(why->text, sizeof(why->text),
			 "'%.100s' is not an absolute path: write the one in the container",
			 o.program);
		return false;
	}
	*ret = o;
	return true;
}
