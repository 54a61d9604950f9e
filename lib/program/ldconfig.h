/* SPDX-License-Identifier: Apache-2.0 */
/* The cache that a call of ldconfig(8) writes. */
#pragma once

#include "base/arena.h"

/* What ldconfig(8) is asked for by its arguments. */
struct ldconfig {
	bool writes;	   /* the cache, which it makes anew and renames */
	const char *cache; /* that one, below -r; NULL: it does not write one */
};

/* @args has args[0]. -ENOMEM, or 0. */
int ldconfig_parse(const char *const *args, size_t n, struct arena *arena,
		   struct ldconfig *ret) MUST_CHECK;
