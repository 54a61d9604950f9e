/* SPDX-License-Identifier: Apache-2.0 */
#include "program-memo.h"
#include "words.h"

#define CAP_SYS_ADMIN	 21
#define CAP_SYS_RESOURCE 24

/* ---- processes ---- */

/* The threads of runc's init count, too: Go has four or five, under load some more. */
#define PIDS_TOO_FEW 5
#define PIDS_ENOUGH  16

static int check_pids(struct judge *j, const struct room_query *query)
{
	const long long limit = j->spec->pids_limit;
	static const char hint[] = "raise it to 16 or more";

	if (limit <= 0 || limit >= PIDS_ENOUGH)
		return 0;
	if (limit < 2)
		return judge_refuse(j, NULL, hint,
				    "linux.resources.pids.limit is %lld: there is no room for a "
				    "hook's process",
				    limit);
	return judge_by(j,
			runtime_choose(query->runtime, limit <= PIDS_TOO_FEW ? NO : UNKNOWN, YES),
			NULL, hint,
			"linux.resources.pids.limit is %lld: too few for a hook under runc, whose "
			"own threads count%s",
			limit, limit <= PIDS_TOO_FEW ? "" : ", if it has many");
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
static int check_nproc(struct judge *j, const struct room_query *query)
{
	const uint64_t exempt = UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_SYS_RESOURCE;
	const struct spec *spec = j->spec;
	uint32_t uid;
	bool known;

	(void)query;
	if (spec->nproc_soft > 1)
		return 0;
	if (!spec->user_namespace && (j->init.capabilities & exempt))
		return 0;
	known = host_uid(spec, &uid);
	if (known && uid == 0)
		return 0;
	return judge_by(j, known ? NO : UNKNOWN, NULL, "raise it to 2 or more",
			"RLIMIT_NPROC is %llu: user %u has no room for a hook's process",
			(unsigned long long)spec->nproc_soft, spec->uid);
}

/* ---- seccomp ---- */

/*
 * When a runtime's init makes a call under the filter: to start a hook, in any case, or to become
 * the container's user, which without noNewPrivileges the filter precedes. Doubt is about what
 * another version of the runtime may do without.
 */
enum need {
	NEVER,
	HOOK,
	HOOK_DOUBT,
	EARLY,
	EARLY_DOUBT,
	HOOK_EARLY,
	ALWAYS,
	ALWAYS_DOUBT,
	HOOK_ELSE_DOUBT,
	N_NEEDS
};

/* Whether it works where the call is denied: without hooks and with, late and early. */
static const enum truth without_call[N_NEEDS][2][2] = {
	[NEVER] = { { YES, YES }, { YES, YES } },
	[HOOK] = { { YES, YES }, { NO, NO } },
	[HOOK_DOUBT] = { { YES, YES }, { UNKNOWN, UNKNOWN } },
	[EARLY] = { { YES, NO }, { YES, NO } },
	[EARLY_DOUBT] = { { YES, UNKNOWN }, { YES, UNKNOWN } },
	[HOOK_EARLY] = { { YES, NO }, { NO, NO } },
	[ALWAYS] = { { NO, NO }, { NO, NO } },
	[ALWAYS_DOUBT] = { { UNKNOWN, UNKNOWN }, { UNKNOWN, UNKNOWN } },
	[HOOK_ELSE_DOUBT] = { { UNKNOWN, UNKNOWN }, { NO, NO } },
};

/* Measured one by one, with programs that make hardly a call of their own. */
static const struct call {
	const char *name;
	enum need runc, crun;
} calls[] = {
	{ "clone", HOOK, HOOK },
	{ "execve", ALWAYS, ALWAYS },
	{ "pipe2", HOOK, HOOK },
	{ "close", ALWAYS, HOOK },
	{ "write", ALWAYS, EARLY },
	{ "dup3", HOOK, NEVER },
	{ "read", HOOK_EARLY, NEVER },
	{ "futex", HOOK_ELSE_DOUBT, NEVER },
	{ "rt_sigaction", HOOK, EARLY },
	{ "rt_sigprocmask", HOOK, EARLY },
	{ "rt_sigreturn", HOOK_DOUBT, NEVER },
	{ "wait4", NEVER, HOOK },
	{ "chdir", EARLY, HOOK },
	{ "getcwd", EARLY, HOOK },
	{ "openat", ALWAYS, HOOK },
	/* The hook runs, and what it reads is not the container's state. */
	{ "dup2", NEVER, HOOK_DOUBT },
	{ "setuid", EARLY, NEVER },
	{ "setgid", EARLY, NEVER },
	{ "setgroups", EARLY, NEVER },
	{ "setresuid", NEVER, EARLY },
	{ "setresgid", NEVER, EARLY },
	{ "getppid", EARLY, NEVER },
	{ "capget", EARLY, NEVER },
	{ "capset", EARLY, EARLY },
	{ "prctl", EARLY, EARLY },
	{ "fstat", EARLY_DOUBT, NEVER },
	{ "newfstatat", EARLY_DOUBT, NEVER },
	{ "fstatfs", ALWAYS_DOUBT, NEVER },
	{ "getdents64", ALWAYS_DOUBT, NEVER },
};

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

static enum truth allowed(enum seccomp_action action, enum truth without)
{
	return action == SECCOMP_ALLOWED || without == YES ? YES
	       : action == SECCOMP_DENIED		   ? without
							   : UNKNOWN;
}

static int check_call(struct judge *j, const struct room_query *query, const struct call *call,
		      enum seccomp_action action)
{
	const bool hooks = query->hooks == ROOM_START_HOOKS, early = !j->spec->no_new_privileges;
	const enum truth runc = without_call[call->runc][hooks][early];
	const enum truth crun = without_call[call->crun][hooks][early];
	const bool alone = (runc == YES || without_call[call->runc][0][early] != YES) &&
			   (crun == YES || without_call[call->crun][0][early] != YES);

	return judge_by(
		j, runtime_choose(query->runtime, allowed(action, runc), allowed(action, crun)),
		NULL, "allow this system call in the profile",
		"linux.seccomp %s %s, which it takes to start %s%s",
		action == SECCOMP_DENIED ? "denies" : "may deny", call->name,
		hooks && !alone ? "a hook" : "the container",
		crun == YES   ? " under runc"
		: runc == YES ? " under crun"
			      : "");
}

static int check_seccomp(struct judge *j, const struct room_query *query)
{
	const struct spec_seccomp *seccomp = &j->spec->seccomp;
	int r = 0;

	for (size_t i = 0; seccomp->present && r == 0 && i < ARRAY_SIZE(calls); i++)
		r = check_call(j, query, &calls[i], action_for(j->budget, seccomp, calls[i].name));
	return r;
}

/* ---- the current directory ---- */

/*
 * crun asks where it is, once it has entered process.cwd, and enters that again for each hook, by
 * then with the rights of the container's user: links and dots on the way there no longer count.
 */
static int check_cwd(struct judge *j, const struct room_query *query)
{
	struct found found;
	const char *why = NULL;
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
	return judge_by(j, runtime_choose(query->runtime, YES, may), j->spec->cwd,
			"let the container's user search process.cwd, or choose another",
			"crun enters process.cwd, %s, before a hook, which user %u may not: %s",
			j->spec->cwd, j->spec->uid,
			why	       ? why
			: found.reason ? found.reason
				       : "");
}

/* ---- the container itself ---- */

/* What capset(2) accepts, once the bounding set is what it shall be. */
static int check_capabilities(struct judge *j)
{
	const struct spec_capabilities *c = &j->spec->capabilities;

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

static int check_start(struct judge *j, const struct room_query *query)
{
	const char *refusal = view_refusal(j->view);

	(void)query;
	if (!refusal)
		return check_capabilities(j);
	return judge_refuse(j, NULL,
			    "correct it in config.json, or provide what it names in the rootfs",
			    "the container will not start: %s", refusal);
}

/* What is looked at, in this order, and from which hooks on. */
static const struct step {
	enum program_topic topic;
	enum room_hooks hooks;
	int (*check)(struct judge *j, const struct room_query *query);
} steps[] = {
	{ TOPIC_CONTAINER, ROOM_NO_HOOKS, check_start },
	{ TOPIC_PIDS, ROOM_CREATE_HOOKS, check_pids },
	{ TOPIC_RLIMIT, ROOM_START_HOOKS, check_nproc },
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
