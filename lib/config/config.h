/* SPDX-License-Identifier: Apache-2.0 */
/* The loaded configuration: settings, policies and hooks.d files. */
#pragma once

#include "config/settings.h"
#include "policy/hooksd.h"
#include "policy/policy.h"

/*
 * The configuration file and the search path: which policies there are, in which order.
 * hw_policies_load() and friends of the public header are implemented here.
 */
struct hw_policies {
	struct arena *arena;	  /* owns the strings and the array; policies own themselves */
	struct hw_policy **items; /* by order, then by name */
	size_t n;
	struct hw_hooks_file **hooks; /* by name, case aside; they own themselves, too */
	size_t n_hooks;
	unsigned annotations; /* what annotations may do: settings_annotations() */
	const char *const *allowed_annotations; /* the configuration's, see oci/unsafe.h */
	size_t n_allowed_annotations;
	struct known_hooks harmless; /* the configuration's, see oci/engine-hook.h */
	const char *runtime; /* path of the configuration's "runtime": the first candidate that
				exists; NULL if it names none, or the caller did */
};

struct hw_config {
	struct arena *arena; /* owns this struct and every text */
	struct config_world world;
	struct settings settings;
};

int config_load(const struct config_world *world, const struct hw_options *options,
		struct hw_policies **ret, struct hw_error *err) MUST_CHECK;

DEFINE_CLEANUP(struct hw_policies *, hw_policies_free)
DEFINE_CLEANUP(struct hw_config *, hw_config_free)
