/* SPDX-License-Identifier: Apache-2.0 */
/* Reading policies and hooks.d files from directories. */
#pragma once

#include "config/trust.h"
#include "policy/hooksd.h"
#include "policy/policy.h"

/* Policy and hooks.d files, and directories of them, one masking the other by name. */

enum config_kind { CONFIG_POLICIES, CONFIG_HOOKS };

enum config_mention {
	CONFIG_MAY_BE_ABSENT, /* compiled in, or a package makes it when it needs it */
	CONFIG_LISTED,	      /* in the configuration file */
	CONFIG_NAMED,	      /* by the caller: a file requests its policy */
};

struct config_sources {
	enum config_kind kind;
	const struct trust *trust;	  /* borrowed */
	const struct hw_options *options; /* borrowed; for complain */
	struct config_source *items;	  /* in falling precedence */
	size_t n, capacity;
	struct config_entry *entries;
	size_t n_entries, entries_capacity;
	size_t text; /* bytes read */
	bool failed; /* something was reported; the first is kept */
	struct hw_error first;
};

/*
 * @path comes after what was added before; it must outlive the sources. NULL is taken for memory
 * that ran out. -ENOMEM.
 */
int config_add_source(struct config_sources *sources, const char *path, enum trust_level level,
		      enum config_mention mention, struct hw_error *err) MUST_CHECK;

/*
 * Read what is not masked into *@ret, an array of *@n from @arena, by name: struct hw_policy or, by
 * @sources' kind, struct hw_hooks_file. Everything that is wrong is reported to options->complain;
 * returns the first of it, or -ENOMEM at once; *@ret and *@n hold what was read so far then.
 */
int config_read_sources(struct config_sources *sources, struct arena *arena, void ***ret, size_t *n,
			struct hw_error *err) MUST_CHECK;

void config_sources_free(struct config_sources *sources);

/* fs_read_file() of @path with the checks of @level. */
int config_read_file(const struct trust *trust, enum trust_level level, const char *path,
		     size_t max, char **ret, size_t *len, struct hw_error *err) MUST_CHECK;
