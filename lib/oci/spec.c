/* SPDX-License-Identifier: Apache-2.0 */
/* Decodes the members of config.json that decisions depend on, by tables. */
#include <stdio.h>

#include "oci/capabilities.h"
#include "oci/spec.h"

/* An object is read by a table: one row a member. The label is what messages call it. */
struct reader {
	const struct json *doc;
	struct arena *arena;
	struct hw_error *err;
	struct spec *spec;
};

struct member;
typedef int read_fn(const struct reader *r, const struct member *m, uint32_t value, void *out);

struct member {
	const char *label; /* "process.user.uid": the key is what follows the last dot */
	read_fn *read;
	size_t offset; /* of the destination */
	bool required;
};

#define MEMBERS_MAX 16

static const char *key_of(const struct member *m)
{
	const char *dot = strrchr(m->label, '.');

	return dot ? dot + 1 : m->label;
}

static int wrong_type(const struct reader *r, const struct member *m, uint32_t value,
		      const char *want)
{
	return error_set(r->err, EINVAL, json_at(r->doc, value), NULL, "'%s' must be %s, not %s",
			 m->label, want, json_type_name(json_type(r->doc, value)));
}

static void *room(const struct reader *r, uint32_t array, size_t size)
{
	return arena_alloc(r->arena, r->doc->tokens[array].count, size);
}

static int missing(const struct reader *r, const struct member *m, uint32_t object, uint32_t value)
{
	const struct where at = json_at(r->doc, value == JSON_NONE ? object : value);
	const char *how = value == JSON_NONE ? "missing" : "null";

	r->spec->refused_by_all = true;
	if (object == JSON_ROOT)
		return error_set(r->err, EINVAL, at,
				 "the config.json of every Linux container has "
				 "it; 'runc spec' creates an example",
				 "not a Linux container: '%s' is %s", m->label, how);
	return error_set(r->err, EINVAL, at, "the OCI runtime specification requires it",
			 "'%s' is %s", m->label, how);
}

/* null is absence, for every runtime. */
static int read_object(const struct reader *r, uint32_t object, const struct member *members,
		       size_t n, void *out)
{
	const char *known[MEMBERS_MAX + 1] = { NULL };
	int res;

	for (size_t i = 0; i < n; i++)
		known[i] = key_of(&members[i]);
	res = json_no_case_variants(r->doc, object, known, r->err);
	for (size_t i = 0; res == 0 && i < n; i++) {
		const struct member *m = &members[i];
		uint32_t value = json_member(r->doc, object, known[i]);

		if (value != JSON_NONE && json_type(r->doc, value) != JSON_NULL)
			res = m->read(r, m, value, (char *)out + m->offset);
		else if (m->required)
			res = missing(r, m, object, value);
	}
	return res;
}

/* READ_OBJECT(name, table): a read_fn for a member that is an object of its own. */
#define READ_OBJECT(name, table)                                                                   \
	static int name(const struct reader *r, const struct member *m, uint32_t value, void *out) \
	{                                                                                          \
		_Static_assert(ARRAY_SIZE(table) <= MEMBERS_MAX, "too many members");              \
		if (json_type(r->doc, value) != JSON_OBJECT)                                       \
			return wrong_type(r, m, value, "an object");                               \
		return read_object(r, value, table, ARRAY_SIZE(table), out);                       \
	}

static int read_element(const struct reader *r, const struct member *m, uint32_t value,
			const char **ret)
{
	if (json_type(r->doc, value) != JSON_STRING)
		return error_set(r->err, EINVAL, json_at(r->doc, value), NULL,
				 "'%s' must contain only strings, not %s", m->label,
				 json_type_name(json_type(r->doc, value)));
	return json_string(r->doc, value, r->arena, ret, r->err);
}

static int read_string(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	if (json_type(r->doc, value) != JSON_STRING)
		return wrong_type(r, m, value, "a string");
	return json_string(r->doc, value, r->arena, out, r->err);
}

/* Joined to the bundle's path, an empty one would be the bundle itself. */
static int read_path(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	const char *path = NULL;
	int res = read_string(r, m, value, &path);

	if (res < 0)
		return res;
	if (!path[0])
		return error_set(r->err, EINVAL, json_at(r->doc, value),
				 "name a directory, absolute or relative to the bundle",
				 "'%s' is empty", m->label);
	*(const char **)out = path;
	return 0;
}

static int read_bool(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	enum json_type type = json_type(r->doc, value);

	if (type != JSON_TRUE && type != JSON_FALSE)
		return wrong_type(r, m, value, "true or false");
	*(bool *)out = type == JSON_TRUE;
	return 0;
}

static int read_int64(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	if (json_type(r->doc, value) != JSON_NUMBER)
		return wrong_type(r, m, value, "an integer");
	return json_integer(r->doc, value, out, r->err);
}

static int read_uint32(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	uint64_t wide;
	int res;

	if (json_type(r->doc, value) != JSON_NUMBER)
		return wrong_type(r, m, value, "an integer");
	res = json_unsigned(r->doc, value, &wide, r->err);
	if (res == -EINVAL)
		return res;
	if (res < 0 || wide > UINT32_MAX)
		return error_set(r->err, ERANGE, json_at(r->doc, value), NULL,
				 "'%s' must be an integer from 0 to %u", m->label, UINT32_MAX);
	*(uint32_t *)out = (uint32_t)wide;
	return 0;
}

static int expect_array(const struct reader *r, const struct member *m, uint32_t value)
{
	return json_type(r->doc, value) == JSON_ARRAY ? 0 : wrong_type(r, m, value, "an array");
}

#define EACH(r, array, e)                                                \
	for (uint32_t e = json_first((r)->doc, (array)); e != JSON_NONE; \
	     e = json_next((r)->doc, (array), e))

static int read_strings(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_strings *list = out;
	const char **items;
	size_t n = 0;
	int res = expect_array(r, m, value);

	if (res < 0)
		return res;
	items = room(r, value, sizeof(*items));
	if (!items)
		return error_oom(r->err);
	EACH(r, value, e)
	{
		res = read_element(r, m, e, &items[n++]);
		if (res < 0)
			return res;
	}
	*list = (struct spec_strings){ items, n, value };
	return 0;
}

/* An array of objects: @table's rows fill elements of @size bytes; *items and *n are set. */
static int read_list(const struct reader *r, const struct member *m, uint32_t value,
		     read_fn *read_item, size_t size, void **items, size_t *n)
{
	size_t i = 0;
	int res = expect_array(r, m, value);

	if (res < 0)
		return res;
	*items = room(r, value, size);
	if (!*items)
		return error_oom(r->err);
	EACH(r, value, e)
	{
		res = read_item(r, m, e, (char *)*items + size * i++);
		if (res < 0)
			return res;
	}
	*n = i;
	return 0;
}

/* ---- process ---- */

#define NAME(name) "CAP_" #name,
static const char *const capability_names[] = { CAPABILITIES(NAME) };
#undef NAME

int spec_capability(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(capability_names); i++)
		if (streq(name, capability_names[i]))
			return (int)i;
	return -1;
}

/* As cap_from_name(3), which crun calls: any case, or a number. */
static int loose_capability(const char *name)
{
	char *end;
	unsigned long number;

	for (size_t i = 0; i < ARRAY_SIZE(capability_names); i++)
		if (strcasecmp(name, capability_names[i]) == 0)
			return (int)i;
	number = strtoul(name, &end, 10);
	return name[0] >= '0' && name[0] <= '9' && !*end && number < ARRAY_SIZE(capability_names)
		       ? (int)number
		       : -1;
}

static void add_capability(int number, uint64_t *set)
{
	if (number >= 0)
		*set |= UINT64_C(1) << number;
}

struct capability_sets {
	struct spec_capabilities exact, loose;
};

/* A name no kernel knows is dropped by both runtimes. @out is in "exact". */
static int read_capability_set(const struct reader *r, const struct member *m, uint32_t value,
			       void *out)
{
	struct spec_strings names;
	int res = read_strings(r, m, value, &names);

	for (size_t i = 0; res == 0 && i < names.n; i++) {
		add_capability(spec_capability(names.items[i]), out);
		add_capability(loose_capability(names.items[i]),
			       (void *)((char *)out + offsetof(struct capability_sets, loose)));
	}
	return res;
}

#define CAPS(name)                                                      \
	{                                                               \
		"process.capabilities." #name, read_capability_set,     \
			offsetof(struct spec_capabilities, name), false \
	}
static const struct member capabilities_members[] = {
	CAPS(bounding), CAPS(effective), CAPS(permitted), CAPS(inheritable), CAPS(ambient),
};

static int read_capabilities(const struct reader *r, const struct member *m, uint32_t value,
			     void *out)
{
	struct spec *spec = out;
	struct capability_sets sets = { 0 };
	int res;

	if (json_type(r->doc, value) != JSON_OBJECT)
		return wrong_type(r, m, value, "an object");
	spec->has_capabilities = true;
	spec->capabilities_token = value;
	res = read_object(r, value, capabilities_members, ARRAY_SIZE(capabilities_members), &sets);
	spec->capabilities = sets.exact;
	spec->loose_capabilities = sets.loose;
	return res;
}

static int read_groups(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec *spec = out;
	void *items;
	int res = read_list(r, m, value, read_uint32, sizeof(uint32_t), &items, &spec->n_groups);

	if (res == 0)
		spec->groups = items;
	return res;
}

static const struct member user_members[] = {
	{ "process.user.uid", read_uint32, offsetof(struct spec, uid), false },
	{ "process.user.gid", read_uint32, offsetof(struct spec, gid), false },
	{ "process.user.umask", read_int64, offsetof(struct spec, umask), false },
	{ "process.user.additionalGids", read_groups, 0, false },
};
READ_OBJECT(read_user, user_members)

/*
 * crun takes a negative number for RLIM_INFINITY, runc refuses the container: both are "no limit".
 */
static int read_limit(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	int64_t narrow;

	if (json_type(r->doc, value) != JSON_NUMBER)
		return wrong_type(r, m, value, "an integer");
	if (json_integer(r->doc, value, &narrow, NULL) == 0 && narrow < 0) {
		*(uint64_t *)out = UINT64_MAX;
		return 0;
	}
	return json_unsigned(r->doc, value, out, r->err);
}

static const struct member rlimit_members[] = {
	{ "process.rlimits[].type", read_string, offsetof(struct spec_rlimit, type), true },
	{ "process.rlimits[].soft", read_limit, offsetof(struct spec_rlimit, soft), false },
	{ "process.rlimits[].hard", read_limit, offsetof(struct spec_rlimit, hard), false },
};
READ_OBJECT(read_rlimit, rlimit_members)

static int read_rlimits(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec *spec = out;
	const struct spec_rlimit *limits;
	void *items;
	int res = read_list(r, m, value, read_rlimit, sizeof(*limits), &items, &spec->n_rlimits);

	if (res < 0)
		return res;
	spec->rlimits = limits = items;
	spec->rlimits_token = value;
	for (size_t i = 0; i < spec->n_rlimits; i++)
		if (streq(limits[i].type, "RLIMIT_NPROC"))
			spec->nproc_soft = limits[i].soft;
	return 0;
}

static int read_cwd(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec *spec = out;

	spec->cwd_token = value;
	return read_string(r, m, value, &spec->cwd);
}

static const struct member process_members[] = {
	{ "process.args", read_strings, offsetof(struct spec, args), false },
	{ "process.env", read_strings, offsetof(struct spec, env), false },
	{ "process.cwd", read_cwd, 0, false },
	{ "process.user", read_user, 0, false },
	{ "process.capabilities", read_capabilities, 0, false },
	{ "process.noNewPrivileges", read_bool, offsetof(struct spec, no_new_privileges), false },
	{ "process.rlimits", read_rlimits, 0, false },
};
READ_OBJECT(read_process, process_members)

/* ---- root and mounts ---- */

static const struct member root_members[] = {
	{ "root.path", read_path, offsetof(struct spec, root_path), true },
	{ "root.readonly", read_bool, offsetof(struct spec, root_readonly), false },
};
READ_OBJECT(read_root, root_members)

static int read_mount_options(const struct reader *r, const struct member *m, uint32_t value,
			      void *out)
{
	struct spec_mount *mount = out;
	struct spec_strings options;
	int res = read_strings(r, m, value, &options);

	if (res < 0)
		return res;
	mount->options = options.items;
	mount->n_options = options.n;
	for (size_t i = 0; i < options.n; i++)
		if (streq(options.items[i], "idmap") || streq(options.items[i], "ridmap"))
			mount->id_mapped = true;
	return 0;
}

static int read_id_mapped(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	int res = expect_array(r, m, value);

	if (res == 0 && r->doc->tokens[value].count > 0)
		*(bool *)out = true;
	return res;
}

static const struct member mount_members[] = {
	{ "mounts[].destination", read_string, offsetof(struct spec_mount, destination), true },
	{ "mounts[].type", read_string, offsetof(struct spec_mount, type), false },
	{ "mounts[].source", read_string, offsetof(struct spec_mount, source), false },
	{ "mounts[].options", read_mount_options, 0, false },
	{ "mounts[].uidMappings", read_id_mapped, offsetof(struct spec_mount, id_mapped), false },
	{ "mounts[].gidMappings", read_id_mapped, offsetof(struct spec_mount, id_mapped), false },
};

static uint32_t member_or_self(const struct json *doc, uint32_t object, const char *key)
{
	const uint32_t member = json_member(doc, object, key);

	return member == JSON_NONE ? object : member;
}

static int read_mount(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_mount *mount = out;

	if (json_type(r->doc, value) != JSON_OBJECT)
		return wrong_type(r, m, value, "an array of objects");
	*mount = (struct spec_mount){ .type = "", .source = "", .token = value };
	mount->destination_token = member_or_self(r->doc, value, "destination");
	mount->options_token = member_or_self(r->doc, value, "options");
	return read_object(r, value, mount_members, ARRAY_SIZE(mount_members), mount);
}

static int read_mounts(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec *spec = out;
	void *items;
	int res = read_list(r, m, value, read_mount, sizeof(struct spec_mount), &items,
			    &spec->n_mounts);

	if (res == 0)
		spec->mounts = items;
	return res;
}

/* ---- linux ---- */

static const struct member mapping_members[] = {
	{ "linux.uidMappings[].containerID", read_uint32, offsetof(struct spec_mapping, container),
	  true },
	{ "linux.uidMappings[].hostID", read_uint32, offsetof(struct spec_mapping, host), true },
	{ "linux.uidMappings[].size", read_uint32, offsetof(struct spec_mapping, size), true },
};
READ_OBJECT(read_mapping, mapping_members)

static int read_mappings(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_mappings *mappings = out;
	void *items;
	int res = read_list(r, m, value, read_mapping, sizeof(struct spec_mapping), &items,
			    &mappings->n);

	if (res == 0)
		mappings->items = items;
	return res;
}

struct named {
	const char *type, *path;
};

static const struct member namespace_members[] = {
	{ "linux.namespaces[].type", read_string, offsetof(struct named, type), true },
	{ "linux.namespaces[].path", read_string, offsetof(struct named, path), false },
};
READ_OBJECT(read_namespace, namespace_members)

static unsigned namespace_flag(const char *type)
{
	static const struct {
		const char *type;
		unsigned flag;
	} flags[] = { { "pid", SPEC_PID },
		      { "network", SPEC_NETWORK },
		      { "ipc", SPEC_IPC },
		      { "cgroup", SPEC_CGROUP } };

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (streq(type, flags[i].type))
			return flags[i].flag;
	return 0;
}

static int read_namespaces(const struct reader *r, const struct member *m, uint32_t value,
			   void *out)
{
	struct spec *spec = out;
	struct named *list;
	void *items;
	size_t n;
	int res = read_list(r, m, value, read_namespace, sizeof(*list), &items, &n);

	if (res < 0)
		return res;
	list = items;
	for (size_t i = 0; i < n; i++) {
		spec->namespaces |= namespace_flag(list[i].type);
		if (!streq(list[i].type, "user"))
			continue;
		spec->user_namespace = true;
		spec->user_namespace_path = list[i].path && list[i].path[0];
		spec->namespaces_token = value;
		spec->user_namespace_element = (uint32_t)i + 1;
	}
	return 0;
}

static const struct member device_members[] = {
	{ "linux.devices[].path", read_string, offsetof(struct named, path), false },
};
READ_OBJECT(read_device, device_members)

static int read_devices(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_strings *paths = out;
	struct named *list;
	const char **items;
	void *devices;
	size_t n;
	int res = read_list(r, m, value, read_device, sizeof(*list), &devices, &n);

	if (res < 0)
		return res;
	list = devices;
	items = arena_alloc(r->arena, n, sizeof(*items));
	if (!items)
		return error_oom(r->err);
	for (size_t i = 0; i < n; i++)
		items[i] = list[i].path ? list[i].path : "";
	*paths = (struct spec_strings){ items, n, value };
	return 0;
}

static const struct member pids_members[] = {
	{ "linux.resources.pids.limit", read_int64, offsetof(struct spec, pids_limit), false },
};
READ_OBJECT(read_pids, pids_members)

static const struct member resources_members[] = {
	{ "linux.resources.pids", read_pids, 0, false },
};
READ_OBJECT(read_resources, resources_members)

/* Actions after which a system call does not do its work; a tracer or a listener may decide so. */
static const struct {
	const char *name;
	enum seccomp_action action;
} seccomp_actions[] = {
	{ "SCMP_ACT_ALLOW", SECCOMP_ALLOWED },	     { "SCMP_ACT_LOG", SECCOMP_ALLOWED },
	{ "SCMP_ACT_ERRNO", SECCOMP_DENIED },	     { "SCMP_ACT_KILL", SECCOMP_DENIED },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_DENIED }, { "SCMP_ACT_KILL_THREAD", SECCOMP_DENIED },
	{ "SCMP_ACT_TRAP", SECCOMP_DENIED },
};

static int read_action(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	const char *name;
	int res = read_string(r, m, value, &name);

	if (res < 0)
		return res;
	*(enum seccomp_action *)out = SECCOMP_MAYBE;
	for (size_t i = 0; i < ARRAY_SIZE(seccomp_actions); i++)
		if (streq(name, seccomp_actions[i].name))
			*(enum seccomp_action *)out = seccomp_actions[i].action;
	return 0;
}

static int read_rule_names(const struct reader *r, const struct member *m, uint32_t value,
			   void *out)
{
	struct spec_seccomp_rule *rule = out;
	struct spec_strings names;
	int res = read_strings(r, m, value, &names);

	if (res < 0)
		return res;
	rule->names = names.items;
	rule->n_names = names.n;
	return 0;
}

/* clone(2): the flags that make namespaces; fork(3) and vfork(2) set none of them. */
#define CLONE_NEW_FLAGS UINT64_C(0x7e020080)

struct condition {
	uint64_t index, value, second;
	const char *op;
};

static const struct member condition_members[] = {
	{ "linux.seccomp.syscalls[].args[].index", read_limit, offsetof(struct condition, index),
	  false },
	{ "linux.seccomp.syscalls[].args[].value", read_limit, offsetof(struct condition, value),
	  false },
	{ "linux.seccomp.syscalls[].args[].valueTwo", read_limit,
	  offsetof(struct condition, second), false },
	{ "linux.seccomp.syscalls[].args[].op", read_string, offsetof(struct condition, op),
	  false },
};
READ_OBJECT(read_condition, condition_members)

/* The flags of fork(3), vfork(3) and Go's os/exec are all below those of new namespaces. */
#define FORK_FLAGS_END UINT64_C(0x02000000)

/* How each comparison with a value from there on ends. */
static const struct {
	const char *op;
	enum truth matches;
} comparisons[] = {
	{ "SCMP_CMP_GT", NO },	{ "SCMP_CMP_GE", NO },	{ "SCMP_CMP_EQ", NO },
	{ "SCMP_CMP_LT", YES }, { "SCMP_CMP_LE", YES }, { "SCMP_CMP_NE", YES },
};

/* seccomp_rule_add(3): SCMP_CMP_MASKED_EQ compares argument & value with valueTwo. */
static enum truth matches_fork(const struct condition *c)
{
	if (c->index != 0 || !c->op)
		return UNKNOWN;
	if (streq(c->op, "SCMP_CMP_MASKED_EQ") && !(c->value & ~CLONE_NEW_FLAGS))
		return c->second == 0 ? YES : NO;
	for (size_t i = 0; c->value >= FORK_FLAGS_END && i < ARRAY_SIZE(comparisons); i++)
		if (streq(c->op, comparisons[i].op))
			return comparisons[i].matches;
	return UNKNOWN;
}

static int read_rule_args(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_seccomp_rule *rule = out;
	const struct condition *conditions;
	void *items;
	size_t n;
	int res = read_list(r, m, value, read_condition, sizeof(*conditions), &items, &n);

	if (res < 0)
		return res;
	conditions = items;
	rule->has_args = n > 0;
	for (size_t i = 0; i < n && rule->forks != NO; i++) {
		const enum truth one = matches_fork(&conditions[i]);

		if (one != YES)
			rule->forks = one;
	}
	return 0;
}

static const struct member rule_members[] = {
	{ "linux.seccomp.syscalls[].names", read_rule_names, 0, false },
	{ "linux.seccomp.syscalls[].action", read_action,
	  offsetof(struct spec_seccomp_rule, action), true },
	{ "linux.seccomp.syscalls[].args", read_rule_args, 0, false },
};

static int read_rule(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_seccomp_rule *rule = out;

	if (json_type(r->doc, value) != JSON_OBJECT)
		return wrong_type(r, m, value, "an object");
	rule->forks = YES;
	return read_object(r, value, rule_members, ARRAY_SIZE(rule_members), rule);
}

static int read_rules(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_seccomp *seccomp = out;
	void *items;
	int res = read_list(r, m, value, read_rule, sizeof(struct spec_seccomp_rule), &items,
			    &seccomp->n_rules);

	if (res == 0)
		seccomp->rules = items;
	return res;
}

static const struct member seccomp_members[] = {
	{ "linux.seccomp.defaultAction", read_action, offsetof(struct spec_seccomp, default_action),
	  false },
	{ "linux.seccomp.syscalls", read_rules, 0, false },
};

static int read_seccomp(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_seccomp *seccomp = out;

	if (json_type(r->doc, value) != JSON_OBJECT)
		return wrong_type(r, m, value, "an object");
	seccomp->present = true;
	return read_object(r, value, seccomp_members, ARRAY_SIZE(seccomp_members), seccomp);
}

static const struct member linux_members[] = {
	{ "linux.namespaces", read_namespaces, 0, false },
	{ "linux.uidMappings", read_mappings, offsetof(struct spec, uid_mappings), false },
	{ "linux.gidMappings", read_mappings, offsetof(struct spec, gid_mappings), false },
	{ "linux.maskedPaths", read_strings, offsetof(struct spec, masked_paths), false },
	{ "linux.readonlyPaths", read_strings, offsetof(struct spec, readonly_paths), false },
	{ "linux.devices", read_devices, offsetof(struct spec, devices), false },
	{ "linux.resources", read_resources, 0, false },
	{ "linux.seccomp", read_seccomp, offsetof(struct spec, seccomp), false },
};
READ_OBJECT(read_linux, linux_members)

/* ---- hooks ---- */

static const char *const hook_keys[] = { "path", "args", "env", "timeout", NULL };

/* A foreign entry may have any form; only hookwright's must be plain to be recognised as equal. */
static int read_hook_strings(const struct reader *r, uint32_t entry, const char *key,
			     struct spec_strings *ret, bool *given, bool *plain)
{
	const struct member m = { .label = key };
	uint32_t value = json_member(r->doc, entry, key);

	if (value == JSON_NONE)
		return 0;
	*given = true;
	if (json_type(r->doc, value) == JSON_ARRAY) {
		bool strings = true;

		EACH(r, value, e)
		strings = strings && json_type(r->doc, e) == JSON_STRING;
		if (strings)
			return read_strings(r, &m, value, ret);
	}
	*plain = false;
	return 0;
}

static bool only_known_members(const struct reader *r, uint32_t entry)
{
	uint32_t known = 0;

	for (size_t i = 0; hook_keys[i]; i++)
		known += json_member(r->doc, entry, hook_keys[i]) != JSON_NONE;
	return known == r->doc->tokens[entry].count;
}

static int read_hook_members(const struct reader *r, uint32_t entry, struct spec_hook *hook)
{
	uint32_t path = json_member(r->doc, entry, "path");
	uint32_t timeout = json_member(r->doc, entry, "timeout");
	int res = json_no_case_variants(r->doc, entry, hook_keys, r->err);

	if (res < 0)
		return res;
	hook->plain = only_known_members(r, entry);
	if (path != JSON_NONE && json_type(r->doc, path) == JSON_STRING)
		res = json_string(r->doc, path, r->arena, &hook->path, r->err);
	/* One of 0 is not the same as none: runc ends the hook at once. */
	if (res == 0 && timeout != JSON_NONE &&
	    (json_type(r->doc, timeout) != JSON_NUMBER ||
	     json_integer(r->doc, timeout, &hook->timeout, NULL) < 0 || hook->timeout == 0))
		hook->plain = false;
	if (res == 0)
		res = read_hook_strings(r, entry, "args", &hook->args, &hook->args_given,
					&hook->plain);
	if (res == 0)
		res = read_hook_strings(r, entry, "env", &hook->env, &hook->env_given,
					&hook->plain);
	return res;
}

static int take_before(const struct reader *r, struct spec_hook *hook)
{
	const size_t n = hook->env.n;
	const char **rest;

	hook->before = n > 1 ? hook_before_find(hook->env.items[1]) : BEFORE_NOTHING;
	if (hook->before == BEFORE_NOTHING)
		return 0;
	rest = arena_alloc(r->arena, n - 1, sizeof(*rest));
	if (!rest)
		return error_oom(r->err);
	rest[0] = hook->env.items[0];
	for (size_t i = 2; i < n; i++)
		rest[i - 1] = hook->env.items[i];
	hook->env.items = rest;
	hook->env.n = n - 1;
	return 0;
}

static int read_hook(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	struct spec_hook *hook = out;
	int res = 0;

	(void)m;
	*hook = (struct spec_hook){ .token = value };
	if (json_type(r->doc, value) == JSON_OBJECT)
		res = read_hook_members(r, value, hook);
	if (res == 0 && hook->env.n > 0)
		hook->ours = hook_marked_policy(hook->env.items[0]);
	return res == 0 && hook->ours ? take_before(r, hook) : res;
}

static int read_start_container(const struct reader *r, const struct member *m, uint32_t value,
				void *out)
{
	struct spec *spec = out;
	void *items;
	int res = read_list(r, m, value, read_hook, sizeof(struct spec_hook), &items,
			    &spec->n_start_hooks);

	if (res == 0)
		spec->start_hooks = items;
	return res;
}

/* Of somebody else's, and for the runtime to refuse: what cannot be read leaves it not plain. */
static int read_host_hook(const struct reader *r, const struct member *m, uint32_t value, void *out)
{
	const struct reader silent = { r->doc, r->arena, NULL, r->spec };
	struct spec_hook hook = { 0 };
	struct spec_host_hook *ret = out;
	int res = json_type(r->doc, value) == JSON_OBJECT ? read_hook_members(&silent, value, &hook)
							  : -EINVAL;

	(void)m;
	if (res == -ENOMEM)
		return error_oom(r->err);
	*ret = (struct spec_host_hook){ hook.path, hook.args, hook.env,
					res == 0 && hook.plain && hook.path };
	return 0;
}

static int read_earlier_stage(const struct reader *r, const struct member *m, uint32_t value,
			      void *out)
{
	struct spec_earlier *stage = out;
	void *items;
	int res = read_list(r, m, value, read_host_hook, sizeof(struct spec_host_hook), &items,
			    &stage->n);

	if (res < 0)
		return res;
	stage->items = items;
	r->spec->earlier_hooks = r->spec->earlier_hooks || stage->n > 0;
	return 0;
}

static int read_other_stage(const struct reader *r, const struct member *m, uint32_t value,
			    void *out)
{
	(void)out;
	return expect_array(r, m, value);
}

static const struct member hooks_members[] = {
	{ "hooks.prestart", read_earlier_stage, offsetof(struct spec, earlier[STAGE_PRESTART]),
	  false },
	{ "hooks.createRuntime", read_earlier_stage,
	  offsetof(struct spec, earlier[STAGE_CREATE_RUNTIME]), false },
	{ "hooks.createContainer", read_earlier_stage,
	  offsetof(struct spec, earlier[STAGE_CREATE_CONTAINER]), false },
	{ "hooks.startContainer", read_start_container, 0, false },
	{ "hooks.poststart", read_other_stage, 0, false },
	{ "hooks.poststop", read_other_stage, 0, false },
};
READ_OBJECT(read_hooks, hooks_members)

/* ---- the document ---- */

#define FEW_ANNOTATIONS 32

static int by_key(const void *one, const void *two)
{
	const struct spec_annotation *const *a = one, *const *b = two;

	return strcmp((*a)->key, (*b)->key);
}

/* Every policy may ask for some: many are not walked through each time. */
static int index_annotations(const struct reader *r, struct spec *spec)
{
	const struct spec_annotation **sorted;

	if (spec->n_annotations <= FEW_ANNOTATIONS)
		return 0;
	sorted = arena_alloc(r->arena, spec->n_annotations, sizeof(*sorted));
	if (!sorted)
		return error_oom(r->err);
	for (size_t i = 0; i < spec->n_annotations; i++)
		sorted[i] = &spec->annotations[i];
	qsort(sorted, spec->n_annotations, sizeof(*sorted), by_key);
	spec->annotations_by_key = sorted;
	return 0;
}

static int read_annotations(const struct reader *r, const struct member *m, uint32_t value,
			    void *out)
{
	struct spec *spec = out;
	struct spec_annotation *items;
	size_t n = 0;

	spec->refused_by_all = json_type(r->doc, value) != JSON_OBJECT;
	if (spec->refused_by_all)
		return wrong_type(r, m, value, "an object");
	items = room(r, value, sizeof(*items));
	if (!items)
		return error_oom(r->err);
	EACH(r, value, e)
	{
		int res = json_string(r->doc, json_key(r->doc, e), r->arena, &items[n].key, r->err);

		spec->refused_by_all = json_type(r->doc, e) != JSON_STRING;
		if (res == 0)
			res = read_element(r, m, e, &items[n].value);
		if (res < 0)
			return res;
		items[n++].token = e;
	}
	spec->annotations = items;
	spec->n_annotations = n;
	return index_annotations(r, spec);
}

static int refuse_platform(const struct reader *r, const struct member *m, uint32_t value,
			   void *out)
{
	(void)out;
	return error_set(r->err, EINVAL, json_at(r->doc, json_key(r->doc, value)),
			 "hookwright supports only Linux containers",
			 "not a Linux container: '%s' is present", m->label);
}

static const struct member document_members[] = {
	{ "vm", refuse_platform, 0, false },
	{ "windows", refuse_platform, 0, false },
	{ "root", read_root, 0, true },
	{ "process", read_process, 0, true },
	{ "mounts", read_mounts, 0, false },
	{ "linux", read_linux, 0, false },
	{ "annotations", read_annotations, 0, false },
	{ "hooks", read_hooks, 0, false }, /* the last, see spec_parse_without_hooks() */
};

static int parse(const struct json *doc, size_t n_members, struct arena *arena, struct spec *ret,
		 struct hw_error *err)
{
	struct spec spec = {
		.cwd = "/",
		.umask = -1,
		.nproc_soft = UINT64_MAX,
		.hooks = JSON_NONE,
		.start_container = JSON_NONE,
	};
	const struct reader r = { doc, arena, err, &spec };
	int res;

	ret->refused_by_all = false;
	if (json_type(doc, JSON_ROOT) != JSON_OBJECT)
		return error_set(err, EINVAL, json_at(doc, JSON_ROOT), NULL,
				 "the document must be an object, not %s",
				 json_type_name(json_type(doc, JSON_ROOT)));
	res = read_object(&r, JSON_ROOT, document_members, n_members, &spec);
	if (res < 0) {
		ret->refused_by_all = spec.refused_by_all;
		return res;
	}
	spec.hooks = json_member(doc, JSON_ROOT, "hooks");
	if (spec.hooks != JSON_NONE && json_type(doc, spec.hooks) == JSON_OBJECT)
		spec.start_container =
			json_member(doc, spec.hooks, hook_stage_name(STAGE_START_CONTAINER));
	*ret = spec;
	return 0;
}

int spec_parse(const struct json *doc, struct arena *arena, struct spec *ret, struct hw_error *err)
{
	return parse(doc, ARRAY_SIZE(document_members), arena, ret, err);
}

int spec_parse_without_hooks(const struct json *doc, struct arena *arena, struct spec *ret,
			     struct hw_error *err)
{
	return parse(doc, ARRAY_SIZE(document_members) - 1, arena, ret, err);
}

const char *spec_annotation(const struct spec *spec, const char *key)
{
	const struct spec_annotation wanted = { .key = key }, *one = &wanted;
	const struct spec_annotation *const *found;

	if (spec->annotations_by_key) {
		found = bsearch(&one, spec->annotations_by_key, spec->n_annotations,
				sizeof(*spec->annotations_by_key), by_key);
		return found ? (*found)->value : NULL;
	}
	for (size_t i = 0; i < spec->n_annotations; i++)
		if (streq(spec->annotations[i].key, key))
			return spec->annotations[i].value;
	return NULL;
}

struct spec spec_under(const struct spec *spec, struct runtime runtime)
{
	const struct spec_capabilities *more = &spec->loose_capabilities;
	struct spec under = *spec;
	struct spec_capabilities *c = &under.capabilities;

	if (!spec->has_capabilities && runtime_does(runtime, CAPABILITIES_KEPT) == YES) {
		*c = (struct spec_capabilities){ .bounding = UINT64_MAX, .permitted = UINT64_MAX };
		/* setuid(2) to another user takes them out of that set, whatever is kept. */
		c->effective = spec->uid == 0 ? UINT64_MAX : 0;
	}
	if (runtime_does(runtime, CAPABILITY_NAMES_LOOSE) != YES)
		return under;
	c->bounding |= more->bounding;
	c->effective |= more->effective;
	c->permitted |= more->permitted;
	c->inheritable |= more->inheritable;
	c->ambient |= more->ambient;
	return under;
}

bool spec_maps(const struct spec_mappings *mappings, uint32_t id)
{
	for (size_t i = 0; i < mappings->n; i++)
		if (id >= mappings->items[i].container &&
		    id - mappings->items[i].container < mappings->items[i].size)
			return true;
	return false;
}

struct creds spec_creds_init(const struct spec *spec)
{
	return (struct creds){ spec->uid, spec->gid, spec->groups, spec->n_groups,
			       spec->capabilities.effective };
}

/* capabilities(7), "Transformation of capabilities during execve()". */
struct creds spec_creds_hook(const struct spec *spec)
{
	const struct spec_capabilities *c = &spec->capabilities;
	struct creds creds = spec_creds_init(spec);

	if (spec->uid != 0)
		creds.capabilities = c->ambient & c->permitted & c->inheritable;
	else
		creds.capabilities = c->inheritable | c->bounding;
	/* Nothing is gained under no_new_privs. */
	if (spec->no_new_privileges)
		creds.capabilities &= c->permitted;
	return creds;
}

bool spec_mount_has(const struct spec_mount *m, const char *option)
{
	for (size_t i = 0; i < m->n_options; i++)
		if (streq(m->options[i], option))
			return true;
	return false;
}

bool spec_mount_binds(const struct spec_mount *m)
{
	return spec_mount_has(m, "bind") || spec_mount_has(m, "rbind");
}
