/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <stdio.h>

#include "config-files.h"
#include "config.h"
#include "fs.h"
#include "suggest.h"

#define CONFIG_SIZE_MAX ((size_t)1 << 20)
#define RUNTIMES_MAX	16
#define SOURCES_MAX	64
#define DEFAULT_PATH	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* ---- the configuration file ---- */

struct settings {
	const char *const *runtimes;
	size_t n_runtimes;
	const char *const *policies;
	size_t n_policies;
	const char *path;	/* the file they are from; NULL: none */
	enum trust_level level; /* of what it names */
};

static int check_runtime(const struct decoder *d, const struct node *node)
{
	if (strchr(node->text, '/'))
		return check_path(d, node);
	if (node->len == 0 || node->text[strcspn(node->text, " \t\n")])
		return decode_refuse(d, node, "write one name or path; several are a list",
				     "'%s' cannot be the name of a runtime", node->text);
	return 0;
}

static const struct type runtime = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_runtime,
	.size = sizeof(const char *),
	.max = PATH_BYTES_MAX,
	.hint = "write a name or an absolute path",
};
static const struct type runtimes = {
	.shape = SHAPE_LIST,
	.single = true,
	.unique = true,
	.decode = decode_list,
	.min = 1,
	.max = RUNTIMES_MAX,
	.item = &runtime,
};

static const struct type place = {
	.shape = SHAPE_TEXT,
	.decode = decode_text,
	.check = check_path,
	.size = sizeof(const char *),
	.max = PATH_BYTES_MAX,
	.hint = "write an absolute path",
};
static const struct type places = {
	.shape = SHAPE_LIST,
	.single = true,
	.unique = true,
	.decode = decode_list,
	.min = 1,
	.max = SOURCES_MAX,
	.item = &place,
};

static const struct field fields[] = {
	{ "version", &version_type, 0, true, NULL },
	{ "runtime", &runtimes, offsetof(struct settings, runtimes), false, NULL },
	{ "policies", &places, offsetof(struct settings, policies), false, NULL },
	{ "runtimes", NULL, 0, false, "write runtime: one name or path, or a list of them" },
	{ "<<", NULL, 0, false, "write the keys out: there are no merge keys" },
};

static const struct type settings_type = {
	.shape = SHAPE_OBJECT,
	.decode = decode_object,
	.fields = fields,
	.n = ARRAY_SIZE(fields),
};

_Static_assert(offsetof(struct settings, n_runtimes) ==
		       offsetof(struct settings, runtimes) + offsetof(struct array, n),
	       "a list is decoded into a pointer and a count");
_Static_assert(offsetof(struct settings, n_policies) ==
		       offsetof(struct settings, policies) + offsetof(struct array, n),
	       "a list is decoded into a pointer and a count");

static int decode_settings(struct arena *arena, const char *path, const char *text, size_t len,
			   struct settings *ret, struct hw_error *err)
{
	static const struct document document = { "configuration",
						  "begin it with 'version: 1', or remove it",
						  &settings_type };
	const struct decoder d = { .arena = arena, .path = path, .err = err };
	int r = decode_document(&d, &document, text, len, ret);

	if (r == 0)
		ret->path = path;
	return r;
}

static int read_settings(const struct config_world *world, struct arena *arena,
			 enum trust_level level, const char *path, struct settings *ret,
			 struct hw_error *err)
{
	auto_free char *text = NULL;
	size_t len;
	int r = config_read_file(&world->trust, level, path, CONFIG_SIZE_MAX, &text, &len, err);

	if (r < 0)
		return r;
	ret->level = level;
	return decode_settings(arena, path, text, len, ret, err);
}

/* Not arena_printf(): that is for messages, and changes what terminals must not see. */
static const char *join(struct arena *arena, const char *dir, const char *rest)
{
	size_t a = strlen(dir), b = strlen(rest);
	char *path = arena_alloc(arena, a + b + 1, 1);

	if (!path)
		return NULL;
	memcpy(path, dir, a);
	memcpy(path + a, rest, b + 1);
	return path;
}

struct location {
	const char *path;
	enum trust_level level;
};

/* The first file that is there counts; no file at all is fine. */
static int find_settings(const struct config_world *world, const struct hw_options *options,
			 struct arena *arena, struct settings *ret, struct hw_error *err)
{
	const bool home = world->rootless && world->home;
	const struct location files[] = {
		{ join(arena, home ? world->home : "", "/hookwright/config.yaml"), TRUST_USER },
		{ join(arena, world->prefix, "/etc/hookwright/config.yaml"), TRUST_SYSTEM },
	};

	if (options->config)
		return read_settings(world, arena, TRUST_CALLER, options->config, ret, err);
	for (size_t i = home ? 0 : 1; i < ARRAY_SIZE(files); i++) {
		int r;

		if (!files[i].path)
			return error_oom(err);
		r = read_settings(world, arena, files[i].level, files[i].path, ret, err);
		if (r == -EACCES && files[i].level == TRUST_USER)
			return error_set(err, EACCES, IN(files[i].path),
					 "correct HOME or XDG_CONFIG_HOME", "cannot open: %m");
		if (r != -ENOENT && r != -ENOTDIR)
			return r;
	}
	return 0;
}

/* ---- the runtime ---- */

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* *@ret stays NULL if it is nowhere. Relative elements of PATH are a way to be fooled. */
static int look_up(struct arena *arena, const char *name, const char *path, const char **ret,
		   struct hw_error *err)
{
	while (*path && !*ret) {
		size_t len = strcspn(path, ":");

		char file[PATH_MAX];
		int n = snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, name);

		if (*path == '/' && n > 0 && (size_t)n < sizeof(file) && is_program(file)) {
			*ret = arena_strdup(arena, file);
			if (!*ret)
				return error_oom(err);
		}
		path += len + (path[len] == ':');
	}
	return 0;
}

static int find_runtime(const struct config_world *world, const struct settings *settings,
			struct arena *arena, const char **ret, struct hw_error *err)
{
	int r = 0;

	*ret = NULL;
	for (size_t i = 0; r == 0 && !*ret && i < settings->n_runtimes; i++) {
		const char *name = settings->runtimes[i];

		if (!strchr(name, '/'))
			r = look_up(arena, name, world->path, ret, err);
		else if (is_program(name))
			*ret = name;
	}
	if (r == 0 && !*ret && settings->n_runtimes)
		return error_set(err, ENOENT, IN(settings->path),
				 "install one of them, or correct 'runtime'",
				 "'runtime' names no program that exists (%s%s)",
				 settings->runtimes[0], settings->n_runtimes > 1 ? ", ..." : "");
	return r;
}

/* ---- where policies are looked for ---- */

static const char *const system_dirs[] = {
	"/etc/hookwright/policies.d",
	"/run/hookwright/policies.d",
	"/usr/local/share/hookwright/policies.d",
	"/usr/share/hookwright/policies.d",
};

static int add_defaults(const struct config_world *world, struct arena *arena,
			struct config_sources *sources, struct hw_error *err)
{
	int r = 0;

	if (world->rootless && world->home)
		r = config_add_source(sources, join(arena, world->home, "/hookwright/policies.d"),
				      TRUST_USER, CONFIG_MAY_BE_ABSENT, err);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(system_dirs); i++)
		r = config_add_source(sources, join(arena, world->prefix, system_dirs[i]),
				      TRUST_SYSTEM, CONFIG_MAY_BE_ABSENT, err);
	return r;
}

static int add_sources(const struct config_world *world, const struct hw_options *options,
		       const struct settings *settings, struct arena *arena,
		       struct config_sources *sources, struct hw_error *err)
{
	int r = 0;

	/* As with podman's --hooks-dir: what is named later masks what is named earlier. */
	for (size_t i = options->n_policies; r == 0 && i-- > 0;)
		r = config_add_source(sources, options->policies[i], TRUST_CALLER, CONFIG_NAMED,
				      err);
	if (options->n_policies)
		return r;
	for (size_t i = 0; r == 0 && i < settings->n_policies; i++)
		r = config_add_source(sources, settings->policies[i], settings->level,
				      CONFIG_LISTED, err);
	return settings->n_policies ? r : add_defaults(world, arena, sources, err);
}

/* ---- the set ---- */

static int by_order_and_name(const void *a, const void *b)
{
	const struct hw_policy *p = *(struct hw_policy *const *)a,
			       *q = *(struct hw_policy *const *)b;

	if (p->order != q->order)
		return p->order < q->order ? -1 : 1;
	return strcmp(p->name, q->name);
}

static struct hw_policies *policies_new(void)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_policies *set = arena ? arena_alloc(arena, 1, sizeof(*set)) : NULL;

	if (set)
		set->arena = TAKE(arena);
	return set;
}

void hw_policies_free(struct hw_policies *policies)
{
	if (!policies)
		return;
	for (size_t i = 0; i < policies->n; i++)
		policy_free(policies->items[i]);
	arena_free(policies->arena);
}

static int read_policies(const struct config_world *world, const struct hw_options *options,
			 const struct settings *settings, struct hw_policies *set,
			 struct hw_error *err)
{
	CLEANUP(config_sources_free)
	struct config_sources sources = { .trust = &world->trust, .options = options };
	int r = add_sources(world, options, settings, set->arena, &sources, err);

	if (r == 0)
		r = config_read_sources(&sources, set->arena, &set->items, &set->n, err);
	if (r == 0 && set->n)
		qsort(set->items, set->n, sizeof(*set->items), by_order_and_name);
	return r;
}

int config_load(const struct config_world *world, const struct hw_options *options,
		struct hw_policies **ret, struct hw_error *err)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = policies_new();
	struct settings settings = { 0 };
	int r;

	if (!set)
		return error_oom(err);
	r = find_settings(world, options, set->arena, &settings, err);
	/* A caller who says what the runtime is does not depend on the configured one. */
	if (r == 0 && !options->runtime)
		r = find_runtime(world, &settings, set->arena, &set->runtime, err);
	if (r == 0)
		r = read_policies(world, options, &settings, set, err);
	if (r < 0)
		return r;
	*ret = TAKE(set);
	return 0;
}

/* ---- the process ---- */

#define OVERFLOW_DEFAULT 65534

/* Text of a small file of /proc, "" if it cannot be had. */
static void read_proc(const char *path, char *buf, size_t size)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, size - 1);

	buf[n < 0 ? 0 : n] = '\0';
}

/* Without /proc it is taken for the initial one: that trusts fewer. */
static bool in_user_namespace(void)
{
	unsigned inside, outside, count;
	char map[128];

	read_proc("/proc/self/uid_map", map, sizeof(map));
	if (sscanf(map, "%u %u %u", &inside, &outside, &count) != 3)
		return false;
	return inside != 0 || outside != 0 || count != UINT32_MAX;
}

static uid_t overflow_uid(void)
{
	char text[32];

	read_proc("/proc/sys/kernel/overflowuid", text, sizeof(text));
	return text[0] ? (uid_t)strtoul(text, NULL, 10) : OVERFLOW_DEFAULT;
}

/* XDG Base Directory Specification: a relative path is to be ignored. */
static int find_home(char *buf, size_t size, const char **ret, struct hw_error *err)
{
	const char *config = secure_getenv("XDG_CONFIG_HOME"), *home = secure_getenv("HOME");
	int n;

	if (config && config[0] == '/')
		n = snprintf(buf, size, "%s", config);
	else if (home && home[0] == '/')
		n = snprintf(buf, size, "%s/.config", home);
	else
		return 0;
	if (n < 0 || (size_t)n >= size)
		return error_set(err, ENAMETOOLONG, NOWHERE, "correct XDG_CONFIG_HOME or HOME",
				 "the user's configuration directory: %m");
	*ret = buf;
	return 0;
}

int hw_policies_load(const struct hw_options *options, struct hw_policies **ret,
		     struct hw_error *err)
{
	static const struct hw_options none;
	struct config_world world = { .prefix = "", .path = DEFAULT_PATH };
	char home[PATH_MAX];
	int r = 0;

	world.trust.self = geteuid();
	world.trust.user_namespace = in_user_namespace();
	world.trust.overflow = overflow_uid();
	world.rootless = world.trust.user_namespace || world.trust.self != 0;
	/* Engines hand a client's environment through: root listens to none of it. */
	if (world.rootless) {
		const char *path = secure_getenv("PATH");

		world.path = path && *path ? path : DEFAULT_PATH;
		r = find_home(home, sizeof(home), &world.home, err);
	}
	return r < 0 ? r : config_load(&world, options ? options : &none, ret, err);
}

/* ---- the rest of the public interface ---- */

size_t hw_policies_count(const struct hw_policies *policies)
{
	return policies->n;
}

const struct hw_policy *hw_policies_get(const struct hw_policies *policies, size_t index)
{
	return policies->items[index];
}

const struct hw_policy *hw_policies_find(const struct hw_policies *policies, const char *name)
{
	for (size_t i = 0; i < policies->n; i++)
		if (streq(policies->items[i]->name, name))
			return policies->items[i];
	return NULL;
}

const char *hw_policies_closest(const struct hw_policies *policies, const char *name)
{
	struct suggestion s = SUGGEST_FOR(name);

	for (size_t i = 0; i < policies->n; i++)
		suggest_consider(&s, policies->items[i]->name);
	return s.best;
}
