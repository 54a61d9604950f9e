/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loads the configuration as a whole: settings, policies and hooks.d files, checked and in order.
 */
#include <fcntl.h>
#include <stdio.h>
#include <strings.h>

#include "base/fs.h"
#include "base/suggest.h"
#include "config/config.h"
#include "config/files.h"
#include "tools.h"

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
		r = config_add_source(sources,
				      arena_join(arena, world->home, "/hookwright/policies.d", ""),
				      TRUST_USER, CONFIG_MAY_BE_ABSENT, err);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(system_dirs); i++)
		r = config_add_source(sources, arena_join(arena, world->prefix, system_dirs[i], ""),
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
	for (size_t i = 0; i < policies->n_hooks; i++)
		hooksd_free(policies->hooks[i]);
	arena_free(policies->arena);
}

static int keep_policies(struct hw_policies *set, void *const *items, size_t n)
{
	set->items = arena_alloc(set->arena, n, sizeof(*set->items));
	for (size_t i = 0; i < n; i++) {
		if (set->items)
			set->items[set->n++] = items[i];
		else
			policy_free(items[i]);
	}
	return set->items ? 0 : -ENOMEM;
}

static int read_policies(const struct config_world *world, const struct hw_options *options,
			 const struct settings *settings, struct hw_policies *set,
			 struct hw_error *err)
{
	CLEANUP(config_sources_free)
	struct config_sources sources = { .trust = &world->trust, .options = options };
	void **items;
	size_t n = 0;
	int r = add_sources(world, options, settings, set->arena, &sources, err);

	if (r == 0)
		r = config_read_sources(&sources, set->arena, &items, &n, err);
	/* Files that were read belong to the set even if others were broken. */
	if (n && keep_policies(set, items, n) < 0)
		return error_oom(err);
	if (r == 0 && set->n)
		qsort(set->items, set->n, sizeof(*set->items), by_order_and_name);
	return r;
}

/* ---- hooks.d ---- */

/* As with podman: the later masks the earlier, by the file's name. */
static int add_hooks_dirs(const struct hw_options *options, const struct settings *settings,
			  struct config_sources *sources, struct hw_error *err)
{
	const size_t n = settings->n_hooks_dirs;
	int r = 0;

	for (size_t i = options->n_hooks_dirs; r == 0 && i-- > 0;)
		r = config_add_source(sources, options->hooks_dirs[i], TRUST_CALLER, CONFIG_NAMED,
				      err);
	for (size_t i = options->n_hooks_dirs ? 0 : n; r == 0 && i-- > 0;)
		r = config_add_source(sources, settings->hooks_dirs[i], settings->level,
				      CONFIG_MAY_BE_ABSENT, err);
	return r;
}

static int by_file_name(const void *a, const void *b)
{
	const struct hw_hooks_file *p = *(struct hw_hooks_file *const *)a,
				   *q = *(struct hw_hooks_file *const *)b;

	return hooksd_compare(p->name, q->name);
}

static int warn_of_twins(const struct hw_policies *set, struct hw_error *err)
{
	for (size_t i = 1; i < set->n_hooks; i++) {
		struct hw_hooks_file *file = set->hooks[i];
		const struct hooksd_warning warning = {
			.message = arena_printf(file->arena,
						"its name differs from '%s' only in case: engines "
						"order them at random",
						set->hooks[i - 1]->name),
			.hint = "rename one of them",
		};

		if (strcasecmp(set->hooks[i - 1]->name, file->name) == 0 &&
		    hooksd_warn(file, &warning) < 0)
			return error_oom(err);
	}
	return 0;
}

static int keep_hooks(struct hw_policies *set, void *const *items, size_t n)
{
	set->hooks = arena_alloc(set->arena, n, sizeof(*set->hooks));
	for (size_t i = 0; i < n; i++) {
		if (set->hooks)
			set->hooks[set->n_hooks++] = items[i];
		else
			hooksd_free(items[i]);
	}
	return set->hooks ? 0 : -ENOMEM;
}

static int read_hooks(const struct config_world *world, const struct hw_options *options,
		      const struct settings *settings, struct hw_policies *set,
		      struct hw_error *err)
{
	CLEANUP(config_sources_free)
	struct config_sources sources = { .kind = CONFIG_HOOKS,
					  .trust = &world->trust,
					  .options = options };
	void **items;
	size_t n = 0;
	int r = add_hooks_dirs(options, settings, &sources, err);

	if (r == 0)
		r = config_read_sources(&sources, set->arena, &items, &n, err);
	if (n && keep_hooks(set, items, n) < 0)
		return error_oom(err);
	if (r < 0)
		return r;
	if (set->n_hooks)
		qsort(set->hooks, set->n_hooks, sizeof(*set->hooks), by_file_name);
	return warn_of_twins(set, err);
}

static int load(const struct config_world *world, const struct settings *settings,
		const struct hw_options *options, struct hw_policies *set, struct hw_error *err)
{
	int r = 0, hooks;

	set->annotations = settings_annotations(settings);
	set->allowed_annotations = settings->allowed_annotations;
	set->n_allowed_annotations = settings->n_allowed_annotations;
	set->harmless =
		(struct known_hooks){ settings->harmless_hooks, settings->n_harmless_hooks };
	/* A caller who says what the runtime is does not depend on the configured one. */
	if (!options->runtime)
		r = settings_find_runtime(world, settings, set->arena, &set->runtime, err);
	if (r < 0)
		return r;
	/* A broken policy does not hide a broken hooks.d file. */
	r = read_policies(world, options, settings, set, err);
	hooks = r == -ENOMEM ? 0 : read_hooks(world, options, settings, set, r < 0 ? NULL : err);
	return r < 0 ? r : hooks;
}

int config_load(const struct config_world *world, const struct hw_options *options,
		struct hw_policies **ret, struct hw_error *err)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = policies_new();
	struct settings settings = { 0 };
	int r;

	if (!set)
		return error_oom(err);
	r = settings_find(world, options, set->arena, &settings, err);
	if (r == 0)
		r = load(world, &settings, options, set, err);
	if (r < 0)
		return r;
	*ret = TAKE(set);
	return 0;
}

/* The set must not outlive the configuration it was loaded by: it shares its texts. */
static int load_again(const struct hw_config *config, const struct hw_options *options,
		      struct hw_policies **ret, struct hw_error *err)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = policies_new();
	int r = set ? load(&config->world, &config->settings, options, set, err) : error_oom(err);

	if (r == 0)
		*ret = TAKE(set);
	return r;
}

static int load_policies(const struct hw_options *options, struct hw_policies **ret,
			 struct hw_error *err)
{
	static const struct hw_options none;
	CLEANUP(arena_freep) struct arena *arena = NULL;
	struct config_world world;
	int r;

	options = options ? options : &none;
	if (options->loaded)
		return load_again(options->loaded, options, ret, err);
	arena = arena_new();
	r = arena ? settings_ask_world(arena, &world, err) : error_oom(err);
	return r < 0 ? r : config_load(&world, options, ret, err);
}

/* Nothing of a container was read yet. Memory may be short because of one all the same. */
int hw_policies_load(const struct hw_options *options, struct hw_policies **ret,
		     struct hw_error *err)
{
	int r = load_policies(options, ret, err);

	if (r < 0 && r != -ENOMEM && err)
		err->by_admin = true;
	return r;
}

/* ---- the configuration by itself ---- */

void hw_config_free(struct hw_config *config)
{
	if (config)
		arena_free(config->arena);
}

static struct hw_config *config_new(void)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_config *config = arena ? arena_alloc(arena, 1, sizeof(*config)) : NULL;

	if (config)
		config->arena = TAKE(arena);
	return config;
}

int hw_config_load(const char *file, struct hw_config **ret, struct hw_error *err)
{
	CLEANUP(hw_config_freep) struct hw_config *config = config_new();
	const struct hw_options options = { .config = file };
	int r;

	if (!config)
		return error_oom(err);
	r = settings_ask_world(config->arena, &config->world, err);
	if (r == 0)
		r = settings_find(&config->world, &options, config->arena, &config->settings, err);
	if (r < 0)
		return r;
	*ret = TAKE(config);
	return 0;
}

int hw_config_runtime(const struct hw_config *config, const char *name, const char **ret,
		      struct hw_error *err)
{
	static const char *const usual[] = { "runc", "crun" };
	const char *found = NULL;
	int r;

	if (name)
		r = settings_find_program(&config->world, &name, 1, config->arena, &found, err);
	else
		r = settings_find_runtime(&config->world, &config->settings, config->arena, &found,
					  err);
	if (r == 0 && !found && !name)
		r = settings_find_program(&config->world, usual, ARRAY_SIZE(usual), config->arena,
					  &found, err);
	if (r == 0 && !found)
		return error_set(err, ENOENT, NOWHERE,
				 "install it, or name another with 'runtime' in the configuration",
				 "the runtime '%s' is not installed", name ? name : "runc or crun");
	if (r == 0)
		*ret = found;
	return r;
}

const char *hw_config_alternative(const struct hw_config *config, const char *name)
{
	for (size_t i = 0; i < config->settings.n_alternatives; i++)
		if (streq(config->settings.alternatives[i].name, name))
			return config->settings.alternatives[i].runtime;
	return NULL;
}

const char *hw_config_dialect(const struct hw_config *config)
{
	static const char *const names[] = {
		[SETTINGS_DIALECT_BY_NAME] = NULL,
		[SETTINGS_DIALECT_RUNC] = "runc",
		[SETTINGS_DIALECT_CRUN] = "crun",
	};

	return names[config->settings.dialect];
}

bool hw_config_tolerates_errors(const struct hw_config *config)
{
	return config->settings.tolerant;
}

bool hw_config_rootless(const struct hw_config *config)
{
	return config->world.rootless;
}

void hw_config_log(const struct hw_config *config, struct hw_log *ret)
{
	static const enum hw_log_level levels[] = {
		[SETTINGS_LOG_WARNING] = HW_LOG_WARNING,
		[SETTINGS_LOG_INFO] = HW_LOG_INFO,
		[SETTINGS_LOG_ERROR] = HW_LOG_ERROR,
	};

	*ret = (struct hw_log){
		.level = levels[config->settings.log_level],
		.file = config->settings.log_file,
		.journal = !config->settings.no_journal,
	};
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

size_t hw_policies_hooks_count(const struct hw_policies *policies)
{
	return policies->n_hooks;
}

const struct hw_hooks_file *hw_policies_hooks_get(const struct hw_policies *policies, size_t index)
{
	return policies->hooks[index];
}
