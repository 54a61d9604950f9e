/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the arguments of ldconfig(8). */
#include "program/ldconfig.h"

#include "base/words.h"

#define CACHE "/etc/ld.so.cache"

/* Options with a value, in short and in long; and those after which no cache is written. */
static const char with_value[] = "fCrc";
static const char writes_none[] = "NnlpV?";
static const char *const long_none[] = { "--print-cache", "--version", "--help", "--usage" };

struct scan {
	const char *const *args;
	size_t n, i;
	const char *cache, *root;
	bool none;
};

static void take_value(struct scan *s, char option, const char *value)
{
	if (option == 'C')
		s->cache = value;
	if (option == 'r')
		s->root = value;
}

/* "-vC/cache", "-r" "/alt" */
static void read_short(struct scan *s, const char *arg)
{
	for (const char *p = arg + 1; *p; p++) {
		s->none = s->none || strchr(writes_none, *p);
		if (!strchr(with_value, *p))
			continue;
		if (p[1])
			take_value(s, *p, p + 1);
		else if (s->i + 1 < s->n)
			take_value(s, *p, s->args[++s->i]);
		else
			s->none = true;
		return;
	}
}

/* "--format=old", "--format" "old": the only one with a value. */
static void read_long(struct scan *s, const char *arg)
{
	s->none = s->none || IS_ONE_OF(arg, long_none);
	if (streq(arg, "--format"))
		s->i++;
}

int ldconfig_parse(const char *const *args, size_t n, struct arena *arena, struct ldconfig *ret)
{
	struct scan s = { .args = args, .n = n, .cache = CACHE, .root = "" };

	for (s.i = 1; s.i < n; s.i++) {
		const char *arg = args[s.i];

		if (arg[0] != '-' || !arg[1])
			continue;
		if (arg[1] != '-')
			read_short(&s, arg);
		else if (arg[2])
			read_long(&s, arg);
		else
			break;
	}
	*ret = (struct ldconfig){ .writes = !s.none };
	if (s.none)
		return 0;
	ret->cache = s.root[0] ? arena_printf(arena, "%s/%s", s.root, s.cache) : s.cache;
	return ret->cache ? 0 : -ENOMEM;
}
