/* SPDX-License-Identifier: Apache-2.0 */
/* Whether limits, cgroups and seccomp leave a hook room to start. */
#include "base/words.h"
#include "program/memo-internal.h"

#define CAP_SYS_ADMIN	 21
#define CAP_SYS_RESOURCE 24

/* ---- processes ---- */

struct room_question {
	const char *limit;
	uint64_t value;
	bool hook;
};

static enum truth has_room(void *ctx, struct runtime one)
{
	const struct room_question *q = ctx;
	struct runtime_room room;

	if (!runtime_needs_room(one, q->limit, q->hook, &room) || q->value >= room.doubt)
		return YES;
	return q->value < room.no ? NO : UNKNOWN;
}

struct verdict_by room_for(const struct room_query *query, const char *limit, uint64_t value)
{
	struct room_question question = { limit, value, query->hooks == ROOM_START_HOOKS };

	return runtime_judge(query->runtime, has_room, &question);
}

static int check_pids(struct judge *j, const struct room_query *query)
{
	const long long limit = j->spec->pids_limit;
	static const char hint[] = "raise it to 16 or more";
	struct verdict_by room;

	if (limit <= 0)
		return 0;
	if (limit < 2)
		return judge_refuse(j, NULL, hint,
				    "linux.resources.pids.limit is %lld: there is no room for a "
				    "hook's process",
				    limit);
	room = room_for(query, "pids.limit", (uint64_t)limit);
	return judge_by(j, room.value, NULL, hint,
			"linux.resources.pids.limit is %lld: %s few for a hook%s, and the "
			"runtime's own threads count",
			limit, room.value == NO ? "too" : "perhaps too", room.under);
}

/* The host's id of the container's user; false where it is not known. */
static bool host_uid(const struct spec *spec, uint32_t *ret)
{
	const struct spec_mappings *map = &spec->uid_mappings;

	budget_charge(spec->budget, BUDGET_STEPS, STEPS_COMPARE(map->n));
	*ret = spec->uid;
	if (!spec->user_namespace)
		return true;
	for (size_t i = 0; i < map->n; i++) {
		const struct spec_mapping *m = &map->items[i];

		if (spec->uid < m->container || spec->uid - m->container >= m->size)
			continue;
		*ret = m->host + (spec->uid - m->container);
		return true;
	}
	return false;
}

/* kernel/fork.c: the host's root is exempt, and who is capable in the first user namespace. */
static bool nproc_binds(const struct judge *j, bool *known)
{
	const uint64_t exempt = UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_SYS_RESOURCE;
	uint32_t uid = 0;

	if (!j->spec->user_namespace && (j->init.capabilities & exempt))
		return false;
	*known = host_uid(j->spec, &uid);
	return !*known || uid != 0;
}

static int check_nproc(struct judge *j, const struct room_query *query)
{
	const struct verdict_by room = room_for(query, "RLIMIT_NPROC", j->spec->nproc_soft);
	const bool hooks = query->hooks == ROOM_START_HOOKS;
	bool known;

	if (room.value == YES || !nproc_binds(j, &known))
		return 0;
	return judge_by(j, known ? room.value : UNKNOWN, NULL, "raise it to 16 or more",
			"RLIMIT_NPROC is %llu: user %u has %s%s%s",
			(unsigned long long)j->spec->nproc_soft, j->spec->uid,
			room.value == NO ? "no room for " : "perhaps no room for ",
			hooks ? "a hook's process" : "the container's program", room.under);
}

/* ---- seccomp ---- */

static bool names(struct budget *budget, const struct spec_seccomp_rule *rule, const char *call)
{
	budget_charge(budget, BUDGET_STEPS, rule->n_names / 8);
	return words_have(rule->names, rule->n_names, call);
}

/* Of conditions only those on clone(2) are read: profiles have them about new namespaces. */
static enum seccomp_action conditional(const char *call, const struct spec_seccomp_rule *rule,
				       enum seccomp_action before)
{
	const enum truth matches = streq(call, "clone") ? rule->forks : UNKNOWN;

	if (rule->action == before || matches == NO)
		return before;
	return matches == YES ? rule->action : SECCOMP_MAYBE;
}

/* libseccomp: a rule without conditions supersedes those with. */
static enum seccomp_action action_for(struct budget *budget, const struct spec_seccomp *seccomp,
				      const char *call)
{
	enum seccomp_action plain = seccomp->default_action, action = plain;
	bool has_plain = false;

	budget_charge(budget, BUDGET_STEPS, STEPS_COMPARE(2 * seccomp->n_rules));
	for (size_t i = 0; !budget_is_spent(budget) && i < seccomp->n_rules; i++) {
		const struct spec_seccomp_rule *rule = &seccomp->rules[i];

		if (rule->has_args || !names(budget, rule, call))
			continue;
		action = has_plain && rule->action != action ? SECCOMP_MAYBE : rule->action;
		has_plain = true;
	}
	for (size_t i = 0; !has_plain && !budget_is_spent(budget) && i < seccomp->n_rules; i++) {
		const struct spec_seccomp_rule *rule = &seccomp->rules[i];

		if (rule->has_args && names(budget, rule, call))
			action = conditional(call, rule, action);
	}
	return action;
}

struct call_question {
	size_t call;
	enum seccomp_action action;
	bool hook, early;
};

static enum truth works_without(void *ctx, struct runtime one)
{
	const struct call_question *q = ctx;
	const enum truth without = runtime_works_without(one, q->call, q->hook, q->early);

	if (q->action == SECCOMP_ALLOWED || without == YES)
		return YES;
	return q->action == SECCOMP_DENIED ? without : UNKNOWN;
}

static int check_call(struct judge *j, const struct room_query *query, size_t call,
		      enum seccomp_action action)
{
	struct call_question question = { call, action, query->hooks == ROOM_START_HOOKS,
					  !j->spec->no_new_privileges };
	const struct verdict_by with = runtime_judge(query->runtime, works_without, &question);
	enum truth alone;

	question.hook = false;
	alone = with.value == YES ? YES
				  : runtime_judge(query->runtime, works_without, &question).value;
	return judge_by(j, with.value, NULL, "allow this system call in the profile",
			"linux.seccomp %s %s, which it takes to start %s%s",
			action == SECCOMP_DENIED ? "denies" : "may deny", runtime_call_name(call),
			alone == YES ? "a hook" : "the container", with.under);
}

static int check_seccomp(struct judge *j, const struct room_query *query)
{
	const struct spec_seccomp *seccomp = &j->spec->seccomp;
	int r = 0;

	for (size_t i = 0; seccomp->present && r == 0 && i < runtime_calls_count(); i++)
		r = check_call(j, query, i, action_for(j->budget, seccomp, runtime_call_name(i)));
	return r;
}

/* ---- the current directory ---- */

/*
 * crun asks where it is, once it has entered process.cwd, and enters that again for each hook, by
 * then with the rights of the container's user: links and dots on the way there no longer count.
 */
static enum truth enters_cwd(void *ctx, struct runtime one)
{
	return runtime_does(one, CWD_ENTERED_FOR_EACH_HOOK) == NO ? YES : *(enum truth *)ctx;
}

static int check_cwd(struct judge *j, const struct room_query *query)
{
	struct verdict_by entered;
	struct found found;
	const struct reason *why = NULL;
	enum truth may = YES;
	int r = view_resolve(j->view, j->spec->cwd, VIEW_FOLLOW, NULL, NULL, &found, j->err);

	if (r == 0 && found.kind == FOUND_DIR)
		r = view_resolve(j->view, found.path, VIEW_FOLLOW, &j->init, NULL, &found, j->err);
	if (r < 0)
		return r;
	if (found.kind == FOUND_DIR)
		may = view_may(j->view, &found, &j->init, MAY_EXEC, &why);
	else if (found.kind == FOUND_DENIED)
		may = NO;
	else if (found.kind == FOUND_UNKNOWN)
		may = UNKNOWN;
	entered = runtime_judge(query->runtime, enters_cwd, &may);
	return judge_for(j, entered.value, why ? why : found.reason, j->spec->cwd,
			 "let the container's user search process.cwd, or choose another",
			 "crun enters process.cwd, %s, before a hook, which user %u may not",
			 j->spec->cwd, j->spec->uid);
}

/* ---- the container itself ---- */

/* What capset(2) accepts, once the bounding set is what it shall be. */
static int check_capabilities(struct judge *j)
{
	const struct spec_capabilities *c = &j->spec->capabilities;

	j->at = (struct doc_place){ j->spec->capabilities_token, 0 };
	if (c->effective & ~c->permitted)
		return judge_refuse(j, NULL, "give both the same capabilities",
				    "the container will not start: "
				    "process.capabilities.effective has capabilities that "
				    "permitted lacks");
	if (c->inheritable & ~c->bounding)
		return judge_refuse(j, NULL, "leave inheritable empty",
				    "the container will not start: "
				    "process.capabilities.inheritable has capabilities that "
				    "bounding lacks");
	return 0;
}

/* Where nothing is known of the files, nothing that is looked up there can be judged. */
static int check_lost(struct judge *j, const struct room_query *query)
{
	const struct reason *lost = view_lost(j->view);

	(void)query;
	if (!lost)
		return 0;
	j->at = lost->at;
	return judge_for(j, lost->sure, lost, NULL, lost->hint,
			 "what the container's files are is not known");
}

static int check_start(struct judge *j, const struct room_query *query)
{
	const struct reason *refusal = view_refusal(j->view);

	(void)query;
	if (!refusal)
		return check_capabilities(j);
	j->at = refusal->at;
	return judge_by(j, refusal->sure, NULL,
			refusal->hint ? refusal->hint : "correct it in config.json",
			"the container %s not start: %s", refusal->sure == NO ? "will" : "may",
			refusal->text);
}

/* What is looked at, in the order of the topics, and from which hooks on. */
static const struct step {
	enum program_topic topic;
	enum room_hooks hooks;
	int (*check)(struct judge *j, const struct room_query *query);
} steps[] = {
	{ TOPIC_CONTAINER, ROOM_NO_HOOKS, check_start },
	{ TOPIC_VIEW, ROOM_NO_HOOKS, check_lost },
	{ TOPIC_PIDS, ROOM_CREATE_HOOKS, check_pids },
	{ TOPIC_RLIMIT, ROOM_NO_HOOKS, check_nproc },
	{ TOPIC_RLIMIT, ROOM_NO_HOOKS, judge_limits },
	{ TOPIC_SECCOMP, ROOM_NO_HOOKS, check_seccomp },
	{ TOPIC_CWD, ROOM_START_HOOKS, check_cwd },
};

static int look_for_room(struct view *view, const struct spec *spec, const struct room_query *query,
			 struct arena *arena, struct program_verdict *ret, struct hw_error *err)
{
	const struct spec under = spec_under(spec, query->runtime);
	struct judge j = {
		.view = view,
		.spec = &under,
		.budget = spec->budget,
		.arena = arena,
		.err = err,
		.init = spec_creds_init(&under),
		.hook = spec_creds_hook(&under),
		.part = PART_ROOM,
		.verdict = { .usable = YES },
	};
	int r = 0;

	for (size_t i = 0; r == 0 && !judge_is_over(&j) && i < ARRAY_SIZE(steps); i++) {
		j.topic = steps[i].topic;
		j.at = NO_PLACE;
		if (query->hooks >= steps[i].hooks)
			r = steps[i].check(&j, query);
	}
	if (r == 0)
		*ret = j.verdict;
	return r;
}

int program_room(struct view *view, const struct spec *spec, const struct room_query *query,
		 struct arena *arena, struct program_verdict *ret, struct hw_error *err)
{
	struct memo *memo = memo_of(view);
	int r;

	if (!memo)
		return error_oom(err);
	r = memo_know_room(memo, query, arena, ret);
	if (r != 0)
		return r < 0 ? error_oom(err) : 0;
	r = look_for_room(view, spec, query, arena, ret, err);
	if (r < 0)
		return r;
	judge_unless_spent(spec->budget, ret);
	return memo_keep_room(memo, query, ret) < 0 ? error_oom(err) : 0;
}
