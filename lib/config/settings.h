/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of the configuration file config.yaml. */
#pragma once

#include "config/trust.h"
#include "format/decode.h"
#include "oci/engine-hook.h"

/* The configuration file, hookwright-policy(5), CONFIGURATION. */

/* Attributes of the process and its search directories, from a test or by settings_ask_world(). */
struct config_world {
	struct trust trust;
	bool rootless;	    /* the user's own directories come first */
	const char *home;   /* the user's configuration directory, absolute; NULL: none */
	const char *prefix; /* put before the system's paths */
	const char *path;   /* where runtimes are looked up by name: PATH */
};

struct named_runtime {
	const char *name, *runtime; /* runtime: name or path */
};

/* As the dialect of a runtime's command line is called in the file. */
enum settings_dialect { SETTINGS_DIALECT_BY_NAME, SETTINGS_DIALECT_RUNC, SETTINGS_DIALECT_CRUN };

/* How to treat a restore from a checkpoint, in which startContainer hooks do not run. */
enum settings_restore { SETTINGS_RESTORE_BY_POLICY, SETTINGS_RESTORE_PASS, SETTINGS_RESTORE_FAIL };

enum settings_log { SETTINGS_LOG_WARNING, SETTINGS_LOG_INFO, SETTINGS_LOG_ERROR };

/* The permissions of a container's annotations. */
enum annotation_power {
	ANNOTATIONS_REQUEST = 1, /* io.hookwright.policies: request policies */
	ANNOTATIONS_CHOOSE = 2,	 /* io.hookwright.runtime: choose one of "runtimes" */
};

struct settings {
	const char *const *runtimes;
	size_t n_runtimes;
	const char *const *policies;
	size_t n_policies;
	const char *const *hooks_dirs;
	size_t n_hooks_dirs;
	const struct named_runtime *alternatives; /* "runtimes": what an annotation may choose */
	size_t n_alternatives;
	bool annotations_given;
	unsigned annotations; /* of enum annotation_power, if given; see settings_annotations() */
	enum settings_restore restore;
	const char *const *allowed_annotations; /* beside which hooks are written all the same */
	size_t n_allowed_annotations;
	const struct known_hook *harmless_hooks; /* of engines, see oci/engine-hook.h */
	size_t n_harmless_hooks;
	enum settings_dialect dialect;
	bool sandboxes; /* apply to Kubernetes' pause containers, too */
	bool tolerant;	/* onError: warn */
	enum settings_log log_level;
	const char *log_file;	/* of hookwright's log; NULL: none */
	bool no_journal;	/* hookwright's log does not go to the journal as well */
	const char *path;	/* the file they are from; NULL: none */
	enum trust_level level; /* of what it names */
};

/*
 * Read the configuration file that @options or @world leads to; none at all gives the defaults.
 * Texts are from @arena. -EINVAL, -EACCES, -EFBIG, -ENOENT (a file that was named), -ENOMEM.
 */
int settings_find(const struct config_world *world, const struct hw_options *options,
		  struct arena *arena, struct settings *ret, struct hw_error *err) MUST_CHECK;

/*
 * The permissions of annotations: those in the file, else request policies and, where the
 * administrator wrote "runtimes", choose among those.
 */
unsigned settings_annotations(const struct settings *settings);

/*
 * Path of the first of @names (names are looked up in @world's PATH) that is a program. *@ret
 * stays NULL if none is. -ENOMEM.
 */
int settings_find_program(const struct config_world *world, const char *const *names, size_t n,
			  struct arena *arena, const char **ret, struct hw_error *err) MUST_CHECK;

/* The file's runtime; NULL if it names none. -ENOENT if none of those that it names exists. */
int settings_find_runtime(const struct config_world *world, const struct settings *settings,
			  struct arena *arena, const char **ret, struct hw_error *err) MUST_CHECK;

/*
 * The world as the process finds it, its texts from @arena. Root in the initial user namespace
 * listens to no environment variable: engines hand a client's environment through.
 */
int settings_ask_world(struct arena *arena, struct config_world *ret,
		       struct hw_error *err) MUST_CHECK;
