/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "policy.h"

/*
 * The configuration file and the search path: which policies there are, in which order.
 * hw_policies_load() and friends of the public header are implemented here.
 */
struct hw_policies {
	struct arena *arena;	  /* owns the strings and the array; policies own themselves */
	struct hw_policy **items; /* by order, then by name */
	size_t n;
	const char
		*runtime; /* the configuration's "runtime": first candidate that exists; or NULL */
};

DEFINE_CLEANUP(struct hw_policies *, hw_policies_free)
