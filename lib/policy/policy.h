/* SPDX-License-Identifier: Apache-2.0 */
/* A policy as decoded from its file. */
#pragma once

#include "oci/hook.h"
#include "policy/terms.h"

/* Behind NAME in the name of the file with a policy's examples (policy/test-examples.h); it is not a policy. */
#define EXAMPLES_SUFFIX ".test.yaml"

enum otherwise { OTHERWISE_FAIL, OTHERWISE_WARN, OTHERWISE_IGNORE };

struct variable {
	const char *name, *value;
};

/* A policy as written, decoded and checked. Everything lives in the policy's arena. */
struct hw_policy {
	struct arena *arena; /* owns this struct and everything below */
	const char *name;    /* base name without ".yaml" */
	const char *path;
	const char *description;
	bool requested; /* activation: requested */
	bool by_file;	/* named by its own file: that is a request */
	bool has_when, has_needs;
	struct conjunction when, needs;
	enum otherwise otherwise;
	const char *const *candidates; /* hook.path; absolute */
	size_t n_candidates;
	unsigned path_line, path_column; /* of hook.path in the file */
	const char *const *args;	 /* empty: args[0] is the path taken */
	size_t n_args;
	const struct variable *env; /* in file order */
	size_t n_env;
	const char *const *inherit_env;
	size_t n_inherit_env;
	long timeout; /* seconds, 0: none */
	int order;    /* default 50 */
	/*
	 * Findings of the loader that are not errors, e.g. LD_* in env, reported by
	 * "policy check" and apply.
	 */
	const struct policy_warning *warnings;
	size_t n_warnings;
};

struct policy_warning {
	unsigned line, column;
	const char *message, *hint;
	bool author; /* for "policy check" only */
};

/*
 * Decode @text (@len bytes, need not be NUL-terminated) as policy @name; @path is for messages
 * and kept. -EINVAL with line, column and, where one is close, "did you mean"; -ENOMEM.
 */
int policy_parse(const char *path, const char *name, const char *text, size_t len,
		 struct hw_policy **ret, struct hw_error *err) MUST_CHECK;
void policy_free(struct hw_policy *policy); /* NULL is a no-op */

/* Whether @policy is asked for whatever a container says: always, by its file or by @requests. */
bool policy_is_wanted(const struct hw_policy *policy, const char *const *requests,
		      size_t n_requests);

/* The type of a policy, for the schema. */
extern const struct type policy_type;

DEFINE_CLEANUP(struct hw_policy *, policy_free)
