/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint: settings that a runtime refuses before it reads the rootfs. Mistakes that engines never
 * write and runtimes ignore are not reported.
 */
#include "lint/start.h"

/* ---- values ---- */

static int want_text(struct look *l, struct weight weight, uint32_t value, const char *name)
{
	if (is_absent(l, value) || is_text(l, value))
		return 0;
	return lint_wrong(l, weight, value,
			  arena_printf(l->arena, "'%s' must be a string, not %s", name,
				       json_type_name(json_type(&l->bundle->doc, value))));
}

/* ---- the document ---- */

static int check_version(struct look *l)
{
	const uint32_t version = LINT_AT(l, "ociVersion");

	if (!is_absent(l, version))
		return want_text(l, lint_weight_of(EFFECT_ERROR), version, "ociVersion");
	return lint_wrong(l, lint_weight(l, VERSION_IS_NEEDED, EFFECT_ERROR, EFFECT_NONE), version,
			  "'ociVersion' is missing, which crun refuses");
}

static int check_oom(struct look *l)
{
	const uint32_t score = LINT_AT(l, "process", "oomScoreAdj");
	int64_t value;

	if (score == JSON_NONE || json_type(&l->bundle->doc, score) != JSON_NUMBER ||
	    json_integer(&l->bundle->doc, score, &value, NULL) < 0 || (value >= 0 && value <= 1000))
		return 0;
	if (value >= -1000 && value < 0)
		return l->bundle->spec.user_namespace
			       ? lint_refuse(
					 l, lint_refused_perhaps(), score,
					 "write a number from 0 to 1000",
					 "process.oomScoreAdj %.*s requires CAP_SYS_RESOURCE on "
					 "the host, which a rootless runtime does not have",
					 WRITTEN(l, score))
			       : 0;
	return lint_refuse(l, lint_refused_by_all(), score, "write a number from -1000 to 1000",
			   "process.oomScoreAdj %.*s is out of range", WRITTEN(l, score));
}

static int check_propagation(struct look *l)
{
	static const char *const known[] = { "private", "rprivate", "slave", "rslave",
					     "shared",	"rshared",  NULL };
	const uint32_t value = LINT_AT(l, "linux", "rootfsPropagation");

	if (!is_text(l, value) || is_empty(l, value) || is_one_of(l, value, known))
		return 0;
	return lint_refuse(
		l,
		lint_refused_by(l, is(l, value, "unbindable") || is(l, value, "runbindable")
					   ? UNBINDABLE_REFUSED
					   : PROPAGATION_MUST_BIND),
		value, "write 'rprivate', 'rslave' or 'rshared'",
		"linux.rootfsPropagation %.*s cannot be set", WRITTEN(l, value));
}

/* ---- namespaces ---- */

/* "time" is for newer versions than many have; that is theirs to say. */
static const char *const types[] = { "pid", "network", "mount",	 "ipc",
				     "uts", "user",    "cgroup", "time" };

/* Known from check_namespaces() on, which is called before all who ask. */
bool lint_has_namespace(const struct look *l, const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (streq(types[i], type))
			return l->namespaces & 1u << i;
	return false;
}

bool lint_joins_namespace(const struct look *l, const char *type)
{
	EACH(l, LINT_AT(l, "linux", "namespaces"), each)
	{
		const uint32_t path = json_member(&l->bundle->doc, each, "path");

		if (is(l, json_member(&l->bundle->doc, each, "type"), type) && is_text(l, path) &&
		    !is_empty(l, path))
			return true;
	}
	return false;
}

static int check_namespaces(struct look *l)
{
	uint32_t seen[ARRAY_SIZE(types)] = { 0 };
	int r = 0;

	EACH(l, LINT_AT(l, "linux", "namespaces"), each)
	{
		const uint32_t type = json_member(&l->bundle->doc, each, "type");
		size_t i = 0;

		while (i < ARRAY_SIZE(types) && !is(l, type, types[i]))
			i++;
		if (i < ARRAY_SIZE(types))
			l->namespaces |= 1u << i;
		if (!is_text(l, type) || r < 0)
			continue;
		if (i == ARRAY_SIZE(types))
			r = lint_refuse(l, lint_refused_by_all(), type,
					"write an existing type, such as 'network' or 'mount'",
					"%.*s is not a type of namespace", WRITTEN(l, type));
		else if (seen[i]++ == 1)
			r = lint_refuse(l, lint_refused_by(l, NAMESPACE_TWICE_REFUSED), type,
					"remove one of them", "the namespace %.*s is listed twice",
					WRITTEN(l, type));
	}
	return r;
}

/* The kernel's __NEW_UTS_LEN: who wants the namespace sets the name, too. */
#define UTS_NAME_MAX 64

static int check_length(struct look *l, const char *member, uint32_t name, struct refusal by)
{
	const char *text;
	int r = json_string(&l->bundle->doc, name, l->arena, &text, NULL);

	if (r < 0)
		return r == -ENOMEM ? error_oom(l->err) : 0;
	if (strlen(text) <= UTS_NAME_MAX)
		return 0;
	return lint_refuse(l, by, name, "write a shorter one",
			   "'%s' is longer than the 64 bytes that the kernel takes", member);
}

static int check_name(struct look *l, const char *member, struct refusal by)
{
	const uint32_t name = LINT_AT(l, member);

	if (!is_text(l, name) || is_empty(l, name))
		return 0;
	if (lint_has_namespace(l, "uts"))
		return check_length(l, member, name, by);
	return lint_refuse(l, by, name, "add the namespace, or remove the name",
			   "'%s' is set, but the container does not have its own uts namespace",
			   member);
}

static int check_names(struct look *l)
{
	int r = want_text(l, lint_weight(l, HOSTNAME_MUST_BE_TEXT, EFFECT_ERROR, EFFECT_NONE),
			  LINT_AT(l, "hostname"), "hostname");

	if (r == 0)
		r = check_name(l, "hostname", lint_refused_by_all());
	return r < 0 ? r : check_name(l, "domainname", lint_refused_by(l, DOMAINNAME_NEEDS_UTS));
}

/* ---- seccomp ---- */

static int check_action(struct look *l, uint32_t action)
{
	static const char *const actions[] = { "SCMP_ACT_ALLOW",  "SCMP_ACT_ERRNO",
					       "SCMP_ACT_KILL",	  "SCMP_ACT_KILL_PROCESS",
					       "SCMP_ACT_LOG",	  "SCMP_ACT_TRAP",
					       "SCMP_ACT_TRACE",  "SCMP_ACT_KILL_THREAD",
					       "SCMP_ACT_NOTIFY", NULL };

	if (!is_text(l, action) || is_one_of(l, action, actions))
		return 0;
	return lint_refuse(l, lint_refused_by_all(), action,
			   "write a known action, such as 'SCMP_ACT_ERRNO'",
			   "the action %.*s of linux.seccomp is not known", WRITTEN(l, action));
}

/* The decision is a listener's, and runc asks where it is. */
static int check_notify(struct look *l, uint32_t action, uint32_t listener)
{
	if (!is(l, action, "SCMP_ACT_NOTIFY") || (is_text(l, listener) && !is_empty(l, listener)))
		return 0;
	return lint_refuse(
		l, lint_refused_by(l, NOTIFY_NEEDS_LISTENER), action,
		"set linux.seccomp.listenerPath",
		"SCMP_ACT_NOTIFY needs a listener, and linux.seccomp.listenerPath is not "
		"set");
}

/* Without rules runc takes a profile without a default for none. */
static int check_default(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t seccomp = LINT_AT(l, "linux", "seccomp");
	const uint32_t action = LINT_AT(l, "linux", "seccomp", "defaultAction");
	const uint32_t rules = LINT_AT(l, "linux", "seccomp", "syscalls");
	const bool empty = is_absent(l, rules) || doc->tokens[rules].count == 0;

	if (is_absent(l, seccomp))
		return 0;
	if (is_absent(l, action) || is_empty(l, action))
		return lint_refuse(l,
				   empty ? lint_refused_by(l, SECCOMP_EMPTY_NEEDS_DEFAULT)
					 : lint_refused_by_all(),
				   seccomp, "add one, such as 'SCMP_ACT_ERRNO'",
				   "linux.seccomp does not have a defaultAction");
	if (is(l, action, "SCMP_ACT_NOTIFY"))
		return lint_refuse(l, lint_refused_by_all(), action,
				   "name the system calls in rules",
				   "SCMP_ACT_NOTIFY cannot be the default");
	return check_action(l, action);
}

static int check_rules(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	const uint32_t listener = LINT_AT(l, "linux", "seccomp", "listenerPath");
	int r = check_default(l);

	EACH(l, LINT_AT(l, "linux", "seccomp", "syscalls"), rule)
	{
		const uint32_t action = json_member(doc, rule, "action");

		if (r == 0)
			r = check_action(l, action);
		if (r == 0)
			r = check_notify(l, action, listener);
		if (r == 0 && is_absent(l, json_member(doc, rule, "names")))
			r = lint_refuse(l, lint_refused_by(l, SECCOMP_RULE_NEEDS_NAMES), rule,
					"name the system calls",
					"a rule of linux.seccomp does not have names");
	}
	return r;
}

#define NOBODY N_BEHAVIOURS

/*
 * The runtime that refuses each, and its byte order: the filter of one machine can
 * have no architecture of another order.
 */
static const struct architecture {
	const char *name;
	bool big_endian;
	enum behaviour refused;
} architectures[] = {
	{ "X86", false, NOBODY },
	{ "X86_64", false, NOBODY },
	{ "X32", false, NOBODY },
	{ "ARM", false, NOBODY },
	{ "AARCH64", false, NOBODY },
	{ "MIPS", true, NOBODY },
	{ "MIPS64", true, NOBODY },
	{ "MIPS64N32", true, NOBODY },
	{ "MIPSEL", false, NOBODY },
	{ "MIPSEL64", false, NOBODY },
	{ "MIPSEL64N32", false, NOBODY },
	{ "PPC", true, NOBODY },
	{ "PPC64", true, NOBODY },
	{ "PPC64LE", false, NOBODY },
	{ "S390", true, NOBODY },
	{ "S390X", true, NOBODY },
	{ "PARISC", true, ARCH_PARISC_REFUSED },
	{ "PARISC64", true, ARCH_PARISC_REFUSED },
	{ "RISCV64", false, ARCH_RISCV64_REFUSED },
	{ "LOONGARCH64", false, ARCH_LOONGARCH64_REFUSED },
	{ "M68K", true, ARCH_SH_REFUSED },
	{ "SH", false, ARCH_SH_REFUSED },
	{ "SHEB", true, ARCH_SH_REFUSED },
};

#define ARCH_PREFIX "SCMP_ARCH_"

/* By its name without the prefix, in any case of its letters; NULL: not known. */
static const struct architecture *find_architecture(const char *bare)
{
	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++)
		if (strcasecmp(bare, architectures[i].name) == 0)
			return &architectures[i];
	return NULL;
}

/* The refusal of @name, which is @known: none, or by the runtimes that do not know it. */
static struct refusal architecture_refusal(const struct look *l, const char *name,
					   const struct architecture *known)
{
	if (!known)
		return lint_refused_by_all();
	if (!starts_with(name, ARCH_PREFIX) || !streq(name + strlen(ARCH_PREFIX), known->name))
		return lint_refused_by(l, ARCHITECTURE_EXACT);
	return known->refused == NOBODY ? lint_refused_as(lint_weight_of(EFFECT_NONE))
					: lint_refused_by(l, known->refused);
}

static int check_architecture(struct look *l, uint32_t value)
{
	static const bool big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	const struct architecture *known;
	const char *name;
	int r;

	if (!is_text(l, value))
		return 0;
	r = json_string(&l->bundle->doc, value, l->arena, &name, NULL);
	if (r < 0)
		return r == -ENOMEM ? error_oom(l->err) : 0;
	known = find_architecture(name +
				  (starts_with(name, ARCH_PREFIX) ? strlen(ARCH_PREFIX) : 0));
	if (known && known->big_endian != big_endian)
		return lint_refuse(l, lint_refused_by_all(), value,
				   "remove it from linux.seccomp.architectures",
				   "the architecture %.*s has another byte order than this machine",
				   WRITTEN(l, value));
	return lint_refuse(l, architecture_refusal(l, name, known), value,
			   "write a known architecture, such as 'SCMP_ARCH_X86_64'",
			   "the architecture %.*s of linux.seccomp is not known",
			   WRITTEN(l, value));
}

static int check_flag(struct look *l, uint32_t flag)
{
	static const char *const flags[] = { "SECCOMP_FILTER_FLAG_TSYNC",
					     "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
					     "SECCOMP_FILTER_FLAG_LOG", NULL };
	struct refusal by = lint_refused_by_all();

	if (!is_text(l, flag))
		return 0;
	if (is_one_of(l, flag, flags))
		by = lint_refused_by(l, SECCOMP_FLAGS_REFUSED);
	if (is(l, flag, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"))
		by = lint_refused_by(l, WAIT_KILLABLE_REFUSED);
	return lint_refuse(l, by, flag, "remove it if the runtime does not support it",
			   "the flag %.*s of linux.seccomp is not known", WRITTEN(l, flag));
}

static int check_seccomp(struct look *l)
{
	int r = check_rules(l);

	EACH(l, LINT_AT(l, "linux", "seccomp", "architectures"), each)
	if (r == 0)
		r = check_architecture(l, each);
	EACH(l, LINT_AT(l, "linux", "seccomp", "flags"), each)
	if (r == 0)
		r = check_flag(l, each);
	return r;
}

/* ---- the process ---- */

static int check_env(struct look *l)
{
	const struct spec_strings *env = &l->bundle->spec.env;
	const uint32_t token = LINT_AT(l, "process", "env");
	const struct refusal by = lint_refused_by(l, VARIABLE_MUST_BE_ONE);
	int r = 0;

	for (size_t i = 0; r == 0 && i < env->n; i++)
		if (env->items[i][0] == '=' || !strchr(env->items[i], '='))
			r = lint_refuse(l, by, token, "write NAME=VALUE",
					"process.env has '%.60s', which is not NAME=VALUE",
					env->items[i]);
	return r;
}

static int check_id(struct look *l, uint32_t id, uint32_t token, const char *name)
{
	if (id <= INT32_MAX)
		return 0;
	return lint_refuse(l, lint_refused_by(l, id == UINT32_MAX ? LAST_ID_REFUSED : ID_IS_SIGNED),
			   token, "choose a smaller one",
			   "process.user.%s is %u, which is too large", name, id);
}

/* For the kernel the last one is not an id. */
static int check_group(struct look *l, uint32_t id, uint32_t groups)
{
	if (id != UINT32_MAX)
		return check_id(l, id, groups, "additionalGids");
	return lint_refuse(l, lint_refused_by_all(), groups, "choose a smaller one",
			   "process.user.additionalGids has 4294967295, which is not a valid id");
}

static int check_user(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	const uint32_t user = LINT_AT(l, "process", "user");
	const uint32_t groups = LINT_AT(l, "process", "user", "additionalGids");
	const struct json *doc = &l->bundle->doc;
	int r = check_id(l, spec->uid, json_member(doc, user, "uid"), "uid");

	if (r == 0)
		r = check_id(l, spec->gid, json_member(doc, user, "gid"), "gid");
	for (size_t i = 0; r == 0 && i < spec->n_groups; i++)
		r = check_group(l, spec->groups[i], groups);
	return r;
}

int lint_start(struct look *l)
{
	static int (*const checks[])(struct look *) = {
		check_version,	     check_oom,	   check_propagation,	 check_namespaces,
		check_names,	     lint_sysctls, lint_id_maps,	 check_seccomp,
		lint_seccomp_values, check_env,	   check_user,		 lint_devices,
		lint_resources,	     lint_labels,  lint_mount_namespace, lint_newer,
	};
	int r = 0;

	for (size_t i = 0; l->understood && r == 0 && i < ARRAY_SIZE(checks); i++)
		r = checks[i](l);
	return r;
}
