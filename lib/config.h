/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "config-trust.h"
#include "policy.h"

/*
 * The configuration file and the search path: which policies there are, in which order.
 * hw_policies_load() and friends of the public header are implemented here.
 */
struct hw_policies {
	struct arena *arena;	  /* owns the strings and the array; policies own themselves */
	struct hw_policy **items; /* by order, then by name */
	size_t n;
	const char *runtime; /* path of the configuration's "runtime": the first candidate that
				exists; NULL if it names none, or the caller did */
};

/* What the process is and where it may look; a test says it, hw_policies_load() asks the kernel. */
struct config_world {
	struct trust trust;
	bool rootless;	    /* the user's own directories come first */
	const char *home;   /* the user's configuration directory, absolute; NULL: none */
	const char *prefix; /* put before the system's paths */
	const char *path;   /* where runtimes are looked up by name: PATH */
};

int config_load(const struct config_world *world, const struct hw_options *options,
		struct hw_policies **ret, struct hw_error *err) MUST_CHECK;

DEFINE_CLEANUP(struct hw_policies *, hw_policies_free)
