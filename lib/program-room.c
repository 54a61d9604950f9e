/* SPDX-License-Identifier: Apache-2.0 */
#include "program-internal.h"

#define CAP_SYS_ADMIN	 21
#define CAP_SYS_RESOURCE 24

/* ---- processes ---- */

/* The threads of runc's init count, too: Go has four or five, under load some more. */
#define PIDS_TOO_FEW 5
#define PIDS_ENOUGH  16

static int check_pids(struct judge *j, enum runtime runtime)
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
	return judge_by(j, runtime_choose(runtime, limit <= PIDS_TOO_FEW ? NO : UNKNOWN, YES), NULL,
			hint,
			"linux.resources.pids.limit is %lld: too few for a hook under runc, whose "
			"own threads count%s",
			limit, limit <= PIDS_TOO_FEW ? "" : ", if it has many");
}

/* The host's id of the container's user; false where it is not known. */
static bool host_uid(const struct spec *spec, uint32_t *ret)
{
	const struct spec_mappings *map = &spec->uid_mappings;

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
static int check_nproc(struct judge *j)
{
	const uint64_t exempt = UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_SYS_RESOURCE;
	const struct spec *spec = j->spec;
	uint32_t uid;
	bool known;

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

/* What the runtimes' inits call to start a hook, once the filter is on; measured one by one. */
static const struct {
	const char *name;
	bool runc, crun;
} calls[] = {
	{ "clone", true, true },	 { "execve", true, true },
	{ "pipe2", true, true },	 { "dup3", true, false },
	{ "read", true, false },	 { "futex", true, false },
	{ "rt_sigaction", true, false }, { "rt_sigprocmask", true, false },
	{ "wait4", false, true },	 { "chdir", false, true },
	{ "getcwd", false, true },	 { "openat", false, true },
};

static bool names(const struct spec_seccomp_rule *rule, const char *call)
{
	for (size_t i = 0; i < rule->n_names; i++)
		if (streq(rule->names[i], call))
			return true;
	return false;
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
static enum seccomp_action action_for(const struct spec_seccomp *seccomp, const char *call)
{
	enum seccomp_action plain = seccomp->default_action, action = plain;
	bool has_plain = false;

	for (size_t i = 0; i < seccomp->n_rules; i++) {
		const struct spec_seccomp_rule *rule = &seccomp->rules[i];

		if (rule->has_args || !names(rule, call))
			continue;
		action = has_plain && rule->action != action ? SECCOMP_MAYBE : rule->action;
		has_plain = true;
	}
	for (size_t i = 0; !has_plain && i < seccomp->n_rules; i++) {
		const struct spec_seccomp_rule *rule = &seccomp->rules[i];

		if (rule->has_args && names(rule, call))
			action = conditional(call, rule, action);
	}
	return action;
}

static enum truth allowed(enum seccomp_action action, bool needed)
{
	static const enum truth table[] = {
		[SECCOMP_ALLOWED] = YES, [SECCOMP_DENIED] = NO, [SECCOMP_MAYBE] = UNKNOWN
	};

	return needed ? table[action] : YES;
}

static const char *whose(bool runc, bool crun)
{
	return runc && crun ? "a hook" : runc ? "a hook under runc" : "a hook under crun";
}

static int check_seccomp(struct judge *j, enum runtime runtime)
{
	const struct spec_seccomp *seccomp = &j->spec->seccomp;
	int r = 0;

	for (size_t i = 0; seccomp->present && r == 0 && i < ARRAY_SIZE(calls); i++) {
		const enum seccomp_action action = action_for(seccomp, calls[i].name);
		const enum truth truth = runtime_choose(runtime, allowed(action, calls[i].runc),
							allowed(action, calls[i].crun));

		r = judge_by(j, truth, NULL, "allow this system call in the profile",
			     "linux.seccomp %s %s, which it takes to start %s",
			     action == SECCOMP_DENIED ? "denies" : "may deny", calls[i].name,
			     whose(calls[i].runc, calls[i].crun));
	}
	return r;
}

/* ---- the current directory ---- */

/* crun enters process.cwd again for each hook, by then with the rights of the container's user. */
static int check_cwd(struct judge *j, enum runtime runtime)
{
	struct found found;
	const char *why = NULL;
	enum truth may = YES;
	int r = view_resolve(j->view, j->spec->cwd, VIEW_FOLLOW, &j->init, NULL, &found, j->err);

	if (r < 0)
		return r;
	if (found.kind == FOUND_DIR)
		may = view_may(j->view, &found, &j->init, MAY_EXEC, &why);
	else if (found.kind == FOUND_DENIED)
		may = NO;
	else if (found.kind == FOUND_UNKNOWN)
		may = UNKNOWN;
	return judge_by(j, runtime_choose(runtime, YES, may), j->spec->cwd,
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

static int check_start(struct judge *j)
{
	const char *refusal = view_refusal(j->view);

	if (!refusal)
		return check_capabilities(j);
	return judge_refuse(j, NULL,
			    "correct it in config.json, or provide what it names in the rootfs",
			    "the container will not start: %s", refusal);
}

int program_room(struct view *view, const struct spec *spec, enum runtime runtime,
		 struct arena *arena, struct program_verdict *ret, struct hw_error *err)
{
	const struct spec under = spec_under(spec, runtime);
	struct judge j = {
		.view = view,
		.spec = &under,
		.arena = arena,
		.err = err,
		.init = spec_creds_init(&under),
		.hook = spec_creds_hook(&under),
		.part = PART_ROOM,
		.topic = TOPIC_CONTAINER,
		.verdict = { .usable = YES },
	};
	int r = check_start(&j);

	j.topic = TOPIC_PIDS;
	if (r == 0)
		r = check_pids(&j, runtime);
	j.topic = TOPIC_RLIMIT;
	if (r == 0)
		r = check_nproc(&j);
	if (r == 0)
		r = judge_limits(&j, runtime);
	j.topic = TOPIC_SECCOMP;
	if (r == 0)
		r = check_seccomp(&j, runtime);
	j.topic = TOPIC_CWD;
	if (r == 0)
		r = check_cwd(&j, runtime);
	if (r == 0)
		*ret = j.verdict;
	return r;
}
