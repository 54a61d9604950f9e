/* SPDX-License-Identifier: Apache-2.0 */
/*
 * process.rlimits that leave a hook, or the runtime before it, no room.
 */
#include <stdio.h>
#include <sys/resource.h>

#include "program/internal.h"

#define STEPS_LIMIT 16 /* what this host allows is asked for each */

/* What a limit that is too low is short of. */
static const struct {
	const char *type, *what;
} shortages[] = {
	{ "RLIMIT_NOFILE", "few descriptors to start" },
	{ "RLIMIT_AS", "little memory for" },
	{ "RLIMIT_STACK", "little stack for" },
	{ "RLIMIT_DATA", "little memory for" },
	{ "RLIMIT_FSIZE", "little room for what is written by" },
};

/* Those that runtimes know; any other one they refuse. */
static const struct type {
	const char *name;
	int resource;
} types[] = {
	{ "RLIMIT_AS", RLIMIT_AS },
	{ "RLIMIT_CORE", RLIMIT_CORE },
	{ "RLIMIT_CPU", RLIMIT_CPU },
	{ "RLIMIT_DATA", RLIMIT_DATA },
	{ "RLIMIT_FSIZE", RLIMIT_FSIZE },
	{ "RLIMIT_LOCKS", RLIMIT_LOCKS },
	{ "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
	{ "RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "RLIMIT_NICE", RLIMIT_NICE },
	{ "RLIMIT_NOFILE", RLIMIT_NOFILE },
	{ "RLIMIT_NPROC", RLIMIT_NPROC },
	{ "RLIMIT_RSS", RLIMIT_RSS },
	{ "RLIMIT_RTPRIO", RLIMIT_RTPRIO },
	{ "RLIMIT_RTTIME", RLIMIT_RTTIME },
	{ "RLIMIT_SIGPENDING", RLIMIT_SIGPENDING },
	{ "RLIMIT_STACK", RLIMIT_STACK },
};

static const struct type *type_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (streq(name, types[i].name))
			return &types[i];
	return NULL;
}

static const char *shortage_of(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(shortages); i++)
		if (streq(type, shortages[i].type))
			return shortages[i].what;
	return NULL;
}

static int check_value(struct judge *j, const struct room_query *query,
		       const struct spec_rlimit *given)
{
	const bool hooks = query->hooks == ROOM_START_HOOKS;
	const char *what = shortage_of(given->type), *hint;
	struct verdict_by room = { .value = YES };
	struct runtime_room most;

	if (what)
		room = room_for(query, given->type, given->soft);
	if (room.value == YES)
		return 0;
	most = runtime_most_room(given->type);
	hint = arena_printf(j->arena, "raise it to %llu or more", (unsigned long long)most.doubt);
	if (!hint)
		return error_oom(j->err);
	return judge_by(j, room.value, NULL, hint, "%s is %llu: %s %s %s%s", given->type,
			(unsigned long long)given->soft, room.value == NO ? "too" : "perhaps too",
			what, hooks ? "a hook" : "the container's program", room.under);
}

/* NR_OPEN_MAX of the kernel's fs/file.c, which fs.nr_open cannot exceed. */
#define NR_OPEN_MAX 2147483584

/* fs.nr_open of this host, asked for once; not known: the kernel's default. */
static unsigned long long nr_open(struct judge *j)
{
	unsigned long long value;
	FILE *f;

	if (j->nr_open)
		return j->nr_open;
	f = fopen("/proc/sys/fs/nr_open", "re");
	if (!f || fscanf(f, "%llu", &value) != 1)
		value = 1048576;
	if (f)
		(void)fclose(f);
	j->nr_open = value;
	return value;
}

/* What the kernel lets nobody raise, or only who is capable in the first user namespace. */
static int check_raise(struct judge *j, const struct type *type, const struct spec_rlimit *given)
{
	static const char hint[] = "lower it";
	const bool files = type->resource == RLIMIT_NOFILE;
	const unsigned long long hard = given->hard;
	struct rlimit own = { 0 };

	if (files && hard > NR_OPEN_MAX)
		return judge_refuse(j, NULL, hint,
				    "the container will not start: the hard limit of RLIMIT_NOFILE "
				    "is above %d, and no kernel allows that",
				    NR_OPEN_MAX);
	/* What we may have ourselves the kernel has allowed before. */
	if (getrlimit(type->resource, &own) == 0 && hard <= own.rlim_max)
		return 0;
	if (files && hard > nr_open(j))
		return judge_doubt(
			j, NULL, hint,
			"the container might not start: the hard limit of RLIMIT_NOFILE, "
			"%llu, is above fs.nr_open, which is %llu on this host",
			hard, nr_open(j));
	if (!j->spec->user_namespace)
		return 0;
	return judge_doubt(
		j, NULL, hint,
		"the container might not start: in a user namespace the hard limit of %s, "
		"%llu, cannot be raised above that of the runtime, which is %llu here",
		given->type, hard, (unsigned long long)own.rlim_max);
}

static int check_limit(struct judge *j, const struct room_query *query,
		       const struct spec_rlimit *given)
{
	const struct type *type = type_of(given->type);
	int r;

	/* The other checks ask for room; these no runtime lets pass. */
	j->topic = TOPIC_CONTAINER;
	j->at = (struct doc_place){ j->spec->rlimits_token, 0 };
	if (!type)
		return judge_refuse(j, NULL, "correct process.rlimits",
				    "the container will not start: there is no limit '%s'",
				    given->type);
	if (given->soft > given->hard)
		return judge_refuse(j, NULL, "correct process.rlimits",
				    "the container will not start: the soft limit of %s is above "
				    "the hard one",
				    given->type);
	r = check_raise(j, type, given);
	if (r < 0)
		return r;
	j->topic = TOPIC_RLIMIT;
	/* SIGXCPU or SIGKILL at the first tick: most short programs end before it, not all. */
	if (streq(given->type, "RLIMIT_CPU") && (given->soft == 0 || given->hard == 0))
		return judge_doubt(j, NULL, "raise it to 1 or more",
				   "RLIMIT_CPU is 0: the kernel ends every process at its first "
				   "tick");
	return check_value(j, query, given);
}

/* Of two equal types the last one counts; to raise the first takes CAP_SYS_RESOURCE. */
static int check_replaced(struct judge *j, size_t at, bool *replaced)
{
	const struct spec_rlimit *given = j->spec->rlimits;
	bool raised = false;

	*replaced = false;
	budget_charge(j->budget, BUDGET_STEPS, STEPS_COMPARE(j->spec->n_rlimits));
	for (size_t i = at + 1; i < j->spec->n_rlimits; i++) {
		if (!streq(given[i].type, given[at].type))
			continue;
		*replaced = true;
		raised = raised || given[i].hard > given[at].hard;
	}
	j->topic = TOPIC_CONTAINER;
	j->at = (struct doc_place){ j->spec->rlimits_token, 0 };
	return judge_by(
		j, raised ? UNKNOWN : YES, NULL, "remove one of them",
		"the container might not start: process.rlimits has %s twice, and the later "
		"hard limit is the higher one",
		given[at].type);
}

int judge_limits(struct judge *j, const struct room_query *query)
{
	const struct spec *spec = j->spec;
	int r = 0;

	for (size_t i = 0; r == 0 && !judge_is_over(j) && i < spec->n_rlimits; i++) {
		bool replaced = false;

		budget_charge(j->budget, BUDGET_STEPS, STEPS_LIMIT);
		/* Nobody lists more than there are; hostile ones must not take square time. */
		if (i < ARRAY_SIZE(types))
			r = check_replaced(j, i, &replaced);
		if (r == 0 && !replaced)
			r = check_limit(j, query, &spec->rlimits[i]);
	}
	return r;
}
