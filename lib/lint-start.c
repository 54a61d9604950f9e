/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a runtime refuses before it looks into the rootfs. What an engine never writes and a runtime
 * ignores is left alone.
 */
#include "lint-internal.h"

/* ---- telling ---- */

/* @weight: NOTE is no finding. */
static int refuse_as(struct look *l, struct weight weight, const char *under, uint32_t token,
		     const char *hint, const char *message)
{
	const struct note note = {
		RULE_HW313, weight.severity, weight.unjudged, token, NULL, hint
	};

	if (!message)
		return error_oom(l->err);
	if (weight.severity == HW_SEVERITY_NOTE)
		return 0;
	return lint_tell(l, &note, "the container %s not start%s: %s",
			 weight.severity == HW_SEVERITY_ERROR ? "will" : "may", under, message);
}

/* No runtime starts it. */
static int refuse(struct look *l, uint32_t token, const char *hint, const char *message)
{
	return refuse_as(l, lint_weight_of(EFFECT_ERROR), "", token, hint, message);
}

/* Who refuses something: runtimes that have a behaviour, or these. */
#define NOBODY	  N_BEHAVIOURS
#define EVERYBODY (N_BEHAVIOURS + 1)

static int refuse_by(struct look *l, unsigned who, uint32_t token, const char *hint,
		     const char *message)
{
	const enum behaviour behaviour = (enum behaviour)who;

	if (who == NOBODY)
		return 0;
	if (who == EVERYBODY)
		return refuse(l, token, hint, message);
	return refuse_as(l, lint_weight(l, behaviour, EFFECT_ERROR, EFFECT_NONE),
			 runtime_survives(l->lint->runtime, behaviour).under, token, hint, message);
}

/* A member that only the runtime reads has the wrong type, or is not there. */
static int wrong(struct look *l, struct weight weight, uint32_t token, const char *message)
{
	const struct note note = {
		RULE_HW103, weight.severity, weight.unjudged, token, NULL, NULL
	};

	if (!message)
		return error_oom(l->err);
	return weight.severity == HW_SEVERITY_NOTE ? 0 : lint_tell(l, &note, "%s", message);
}

/* ---- values ---- */

#define EACH(l, container, e)                                                                    \
	for (uint32_t e = (container) == JSON_NONE ? JSON_NONE                                   \
						   : json_first(&(l)->bundle->doc, (container)); \
	     e != JSON_NONE; e = json_next(&(l)->bundle->doc, (container), e))

static bool is_text(const struct look *l, uint32_t value)
{
	return value != JSON_NONE && json_type(&l->bundle->doc, value) == JSON_STRING;
}

static bool is_absent(const struct look *l, uint32_t value)
{
	return value == JSON_NONE || json_type(&l->bundle->doc, value) == JSON_NULL;
}

static bool is_empty(const struct look *l, uint32_t value)
{
	const struct json_token *tokens = l->bundle->doc.tokens;

	return is_text(l, value) && tokens[value].end - tokens[value].start == strlen("\"\"");
}

static bool is(const struct look *l, uint32_t value, const char *text)
{
	return is_text(l, value) && json_match_key(&l->bundle->doc, value, text) == JSON_EQUALS;
}

static bool is_one_of(const struct look *l, uint32_t value, const char *const *texts)
{
	for (size_t i = 0; texts[i]; i++)
		if (is(l, value, texts[i]))
			return true;
	return false;
}

/* As it is written there; NULL: no memory. */
static const char *written(const struct look *l, uint32_t value)
{
	const struct json *doc = &l->bundle->doc;
	const struct json_token *t = &doc->tokens[value];
	const size_t len = t->end - t->start;

	return arena_strndup(l->arena, doc->text + t->start, len < 60 ? len : 60);
}

static const char *about(const struct look *l, const char *what, uint32_t value, const char *rest)
{
	const char *text = written(l, value);

	return text ? arena_printf(l->arena, "%s %s %s", what, text, rest) : NULL;
}

static int want_text(struct look *l, struct weight weight, uint32_t value, const char *name)
{
	if (is_absent(l, value) || is_text(l, value))
		return 0;
	return wrong(l, weight, value,
		     arena_printf(l->arena, "'%s' must be a string, not %s", name,
				  json_type_name(json_type(&l->bundle->doc, value))));
}

/* ---- the document ---- */

static int check_version(struct look *l)
{
	const uint32_t version = LINT_AT(l, "ociVersion");

	if (!is_absent(l, version))
		return want_text(l, lint_weight_of(EFFECT_ERROR), version, "ociVersion");
	return wrong(l, lint_weight(l, VERSION_IS_NEEDED, EFFECT_ERROR, EFFECT_NONE), version,
		     "'ociVersion' is missing, which crun refuses");
}

static int check_oom(struct look *l)
{
	const uint32_t score = LINT_AT(l, "process", "oomScoreAdj");
	int64_t value;

	if (score == JSON_NONE || json_type(&l->bundle->doc, score) != JSON_NUMBER ||
	    json_integer(&l->bundle->doc, score, &value, NULL) < 0 ||
	    (value >= -1000 && value <= 1000))
		return 0;
	return refuse(l, score, "write a number from -1000 to 1000",
		      about(l, "process.oomScoreAdj", score, "is out of its range"));
}

static int check_propagation(struct look *l)
{
	static const char *const known[] = { "private", "rprivate", "slave", "rslave",
					     "shared",	"rshared",  NULL };
	const uint32_t value = LINT_AT(l, "linux", "rootfsPropagation");

	if (!is_text(l, value) || is_empty(l, value) || is_one_of(l, value, known))
		return 0;
	return refuse_by(l,
			 is(l, value, "unbindable") || is(l, value, "runbindable")
				 ? UNBINDABLE_REFUSED
				 : PROPAGATION_MUST_BIND,
			 value, "write 'rprivate', 'rslave' or 'rshared'",
			 about(l, "linux.rootfsPropagation", value, "is none that runc can set"));
}

/* ---- namespaces ---- */

static bool has_namespace(const struct look *l, const char *type)
{
	EACH(l, LINT_AT(l, "linux", "namespaces"), each)
	if (is(l, json_member(&l->bundle->doc, each, "type"), type))
		return true;
	return false;
}

/* "time" is for newer versions than many have; that is theirs to say. */
static int check_namespaces(struct look *l)
{
	static const char *const types[] = { "pid", "network", "mount",	 "ipc",
					     "uts", "user",    "cgroup", "time" };
	uint32_t seen[ARRAY_SIZE(types)] = { 0 };
	int r = 0;

	EACH(l, LINT_AT(l, "linux", "namespaces"), each)
	{
		const uint32_t type = json_member(&l->bundle->doc, each, "type");
		size_t i = 0;

		while (i < ARRAY_SIZE(types) && !is(l, type, types[i]))
			i++;
		if (!is_text(l, type) || r < 0)
			continue;
		if (i == ARRAY_SIZE(types))
			r = refuse(l, type, "write one that there is, such as 'network' or 'mount'",
				   about(l, "there is no type", type, "of a namespace"));
		else if (seen[i]++ == 1)
			r = refuse_by(l, NAMESPACE_TWICE_REFUSED, type, "remove one of them",
				      about(l, "the namespace", type, "stands there twice"));
	}
	return r;
}

static int check_name(struct look *l, const char *member, unsigned who)
{
	const uint32_t name = LINT_AT(l, member);

	if (!is_text(l, name) || is_empty(l, name) || has_namespace(l, "uts"))
		return 0;
	return refuse_by(
		l, who, name, "add the namespace, or remove the name",
		arena_printf(l->arena, "'%s' is given, but no uts namespace to set it in", member));
}

static int check_names(struct look *l)
{
	int r = want_text(l, lint_weight(l, HOSTNAME_MUST_BE_TEXT, EFFECT_ERROR, EFFECT_NONE),
			  LINT_AT(l, "hostname"), "hostname");

	if (r == 0)
		r = check_name(l, "hostname", EVERYBODY);
	return r < 0 ? r : check_name(l, "domainname", DOMAINNAME_NEEDS_UTS);
}

/* ---- sysctl ---- */

/* What is a namespace's own; a name that ends with a dot is a prefix. */
static const struct {
	const char *name, *space;
} sysctls[] = {
	{ "net.", "network" },		{ "fs.mqueue.", "ipc" },
	{ "kernel.msgmax", "ipc" },	{ "kernel.msgmnb", "ipc" },
	{ "kernel.msgmni", "ipc" },	{ "kernel.sem", "ipc" },
	{ "kernel.shmall", "ipc" },	{ "kernel.shmmax", "ipc" },
	{ "kernel.shmmni", "ipc" },	{ "kernel.shm_rmid_forced", "ipc" },
	{ "kernel.domainname", "uts" },
};

static const char *namespace_of(const char *sysctl)
{
	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++) {
		const size_t len = strlen(sysctls[i].name);

		if (sysctls[i].name[len - 1] == '.' ? starts_with(sysctl, sysctls[i].name)
						    : streq(sysctl, sysctls[i].name))
			return sysctls[i].space;
	}
	return NULL;
}

static int check_sysctl(struct look *l, uint32_t key)
{
	const char *name, *space;
	int r = json_string(&l->bundle->doc, key, l->arena, &name, NULL);

	if (r < 0)
		return r == -ENOMEM ? error_oom(l->err) : 0;
	/* With slashes they are not looked up, and user.* is what newer versions may take. */
	if (strchr(name, '/') || starts_with(name, "user."))
		return 0;
	space = namespace_of(name);
	if (!space)
		return refuse(l, key, "set it on the host",
			      about(l, "the sysctl", key, "is no namespace's own"));
	if (has_namespace(l, space))
		return 0;
	return refuse(l, key, "add the namespace, or remove the sysctl",
		      arena_printf(l->arena, "the sysctl %.60s needs a namespace of type '%s'",
				   name, space));
}

static int check_sysctls(struct look *l)
{
	int r = 0;

	EACH(l, LINT_AT(l, "linux", "sysctl"), each)
	if (r == 0)
		r = check_sysctl(l, json_key(&l->bundle->doc, each));
	return r;
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
	return refuse(l, action, "write one that it knows, such as 'SCMP_ACT_ERRNO'",
		      about(l, "the action", action, "of linux.seccomp is not known"));
}

/* The decision is a listener's, and runc asks where it is. */
static int check_notify(struct look *l, uint32_t action)
{
	const uint32_t listener = LINT_AT(l, "linux", "seccomp", "listenerPath");

	if (!is(l, action, "SCMP_ACT_NOTIFY") || (is_text(l, listener) && !is_empty(l, listener)))
		return 0;
	return refuse_by(l, NOTIFY_NEEDS_LISTENER, action, "set linux.seccomp.listenerPath",
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
		return refuse_by(l, empty ? (unsigned)SECCOMP_EMPTY_NEEDS_DEFAULT : EVERYBODY,
				 seccomp, "give it one, such as 'SCMP_ACT_ERRNO'",
				 "linux.seccomp has no defaultAction");
	if (is(l, action, "SCMP_ACT_NOTIFY"))
		return refuse(l, action, "name the system calls in rules",
			      "SCMP_ACT_NOTIFY cannot be the default");
	return check_action(l, action);
}

static int check_rules(struct look *l)
{
	const struct json *doc = &l->bundle->doc;
	int r = check_default(l);

	EACH(l, LINT_AT(l, "linux", "seccomp", "syscalls"), rule)
	{
		const uint32_t action = json_member(doc, rule, "action");

		if (r == 0)
			r = check_action(l, action);
		if (r == 0)
			r = check_notify(l, action);
		if (r == 0 && is_absent(l, json_member(doc, rule, "names")))
			r = refuse_by(l, SECCOMP_RULE_NEEDS_NAMES, rule, "name the system calls",
				      "a rule of linux.seccomp has no names");
	}
	return r;
}

/*
 * Who refuses them, as they are written here, and their byte order: the filter of one machine can
 * have no architecture of another order.
 */
static const struct {
	const char *name;
	bool big_endian;
	unsigned refused;
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

/* Who does not know it. */
static unsigned refuses_architecture(const char *name)
{
	const bool prefixed = starts_with(name, ARCH_PREFIX);
	const char *bare = prefixed ? name + strlen(ARCH_PREFIX) : name;

	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++) {
		if (strcasecmp(bare, architectures[i].name) != 0)
			continue;
		return prefixed && streq(bare, architectures[i].name) ? architectures[i].refused
								      : ARCHITECTURE_EXACT;
	}
	return EVERYBODY;
}

/* Of a known one whose byte order this machine does not have. */
static bool is_of_other_order(const char *name)
{
	const char *bare = starts_with(name, ARCH_PREFIX) ? name + strlen(ARCH_PREFIX) : name;
	const bool big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	for (size_t i = 0; i < ARRAY_SIZE(architectures); i++)
		if (strcasecmp(bare, architectures[i].name) == 0)
			return architectures[i].big_endian != big_endian;
	return false;
}

static int check_architecture(struct look *l, uint32_t value)
{
	const char *name;
	int r;

	if (!is_text(l, value))
		return 0;
	r = json_string(&l->bundle->doc, value, l->arena, &name, NULL);
	if (r < 0)
		return r == -ENOMEM ? error_oom(l->err) : 0;
	if (is_of_other_order(name))
		return refuse(l, value, "remove it from linux.seccomp.architectures",
			      about(l, "the architecture", value,
				    "has another byte order than this machine"));
	return refuse_by(l, refuses_architecture(name), value,
			 "write one that it knows, such as 'SCMP_ARCH_X86_64'",
			 about(l, "the architecture", value, "of linux.seccomp is not known"));
}

static int check_flag(struct look *l, uint32_t flag)
{
	static const char *const flags[] = { "SECCOMP_FILTER_FLAG_TSYNC",
					     "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
					     "SECCOMP_FILTER_FLAG_LOG", NULL };
	unsigned who = EVERYBODY;

	if (!is_text(l, flag))
		return 0;
	if (is_one_of(l, flag, flags))
		who = SECCOMP_FLAGS_REFUSED;
	if (is(l, flag, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"))
		who = WAIT_KILLABLE_REFUSED;
	return refuse_by(l, who, flag, "remove it if the runtime does not take it",
			 about(l, "the flag", flag, "of linux.seccomp is not known"));
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
	int r = 0;

	for (size_t i = 0; r == 0 && i < env->n; i++)
		if (env->items[i][0] == '=' || !strchr(env->items[i], '='))
			r = refuse_by(l, VARIABLE_MUST_BE_ONE, LINT_AT(l, "process", "env"),
				      "write NAME=VALUE",
				      arena_printf(l->arena,
						   "process.env has '%.60s', which is no variable",
						   env->items[i]));
	return r;
}

static int check_id(struct look *l, uint32_t id, const char *name)
{
	if (id <= INT32_MAX)
		return 0;
	return refuse_by(
		l, id == UINT32_MAX ? LAST_ID_REFUSED : ID_IS_SIGNED,
		LINT_AT(l, "process", "user", name), "choose a smaller one",
		arena_printf(l->arena, "process.user.%s is %u, which is too large", name, id));
}

/* For the kernel the last one is not an id. */
static int check_group(struct look *l, uint32_t id)
{
	if (id != UINT32_MAX)
		return check_id(l, id, "additionalGids");
	return refuse(l, LINT_AT(l, "process", "user", "additionalGids"), "choose a smaller one",
		      "process.user.additionalGids has 4294967295, which is not an id");
}

static int check_user(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	int r = check_id(l, spec->uid, "uid");

	if (r == 0)
		r = check_id(l, spec->gid, "gid");
	for (size_t i = 0; r == 0 && i < spec->n_groups; i++)
		r = check_group(l, spec->groups[i]);
	return r;
}

static int check_devices(struct look *l)
{
	int r = 0;

	EACH(l, LINT_AT(l, "linux", "devices"), device)
	if (r == 0 && is_absent(l, json_member(&l->bundle->doc, device, "path")))
		r = refuse_by(l, DEVICE_NEEDS_PATH, device, "name the device's path",
			      "a device of linux.devices has no path");
	return r;
}

int lint_start(struct look *l)
{
	static int (*const checks[])(struct look *) = {
		check_version, check_oom,     check_propagation, check_namespaces, check_names,
		check_sysctls, check_seccomp, check_env,	 check_user,	   check_devices,
	};
	int r = 0;

	for (size_t i = 0; l->understood && r == 0 && i < ARRAY_SIZE(checks); i++)
		r = checks[i](l);
	return r;
}
