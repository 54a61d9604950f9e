/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "arena.h"
#include "error.h"
#include "hook.h"
#include "regex.h"

/*
 * A policy as written, decoded and checked. Everything lives in the policy's arena.
 *
 * A condition mapping is a conjunction: a list of terms, one for each key, in file order.
 */
enum cond_key {
	COND_ALL,
	COND_ANY,
	COND_NONE,
	COND_ANNOTATIONS,
	COND_COMMAND,
	COND_ENV,
	COND_UID,
	COND_GID,
	COND_CAPABILITIES,
	COND_EXISTS,
	COND_HOOK_EXISTS,
	COND_WRITABLE,
	COND_MOUNTS,
	COND_READONLY_ROOT,
	COND_LIBC,
	COND_OS,
	COND_ARCH,
	COND_RUNTIME,
	COND_KEYS, /* how many */
};

/* The key as it is spelt in a policy, e.g. "hookExists". */
const char *cond_key_name(enum cond_key key);

struct conjunction {
	const struct cond_term *terms;
	size_t n_terms;
	unsigned line, column; /* of the mapping */
};

struct cond_pattern {
	const char *name;   /* annotation or variable; os: "id" or "versionId"; else NULL */
	const char *source; /* the expression as written */
	struct regex *regex;
};

/* Alternatives of one os mapping: every pattern of it must match. */
struct cond_os {
	const struct cond_pattern *patterns;
	size_t n_patterns;
};

struct cond_term {
	enum cond_key key;
	unsigned line, column;		     /* of the key */
	size_t n;			     /* items in the array that the key uses */
	const struct conjunction *subs;	     /* all, any, none */
	const struct cond_pattern *patterns; /* annotations, command, env */
	const char *const *words; /* capabilities exists writable mounts libc arch runtime */
	const uint32_t *numbers;  /* uid, gid */
	const struct cond_os *os; /* os */
	bool flag;		  /* hookExists, readonlyRoot */
};

enum otherwise { OTHERWISE_FAIL, OTHERWISE_WARN, OTHERWISE_IGNORE };

struct variable {
	const char *name, *value;
};

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
	const char *const *args; /* empty: args[0] is the path taken */
	size_t n_args;
	const struct variable *env; /* in file order */
	size_t n_env;
	const char *const *inherit_env;
	size_t n_inherit_env;
	long timeout;			  /* seconds, 0: none */
	int order;			  /* default 50 */
	const struct regex_list *regexes; /* to be freed with the policy */
	/* Findings of the loader that are no errors, e.g. LD_* in env: "policy check" and apply
	 * tell. */
	const struct policy_warning *warnings;
	size_t n_warnings;
};

struct policy_warning {
	unsigned line, column;
	const char *message, *hint;
};

/*
 * Decode @text (@len bytes, need not be NUL-terminated) as policy @name; @path is for messages
 * and kept. -EINVAL with line, column and, where one is close, "did you mean"; -ENOMEM.
 */
int policy_parse(const char *path, const char *name, const char *text, size_t len,
		 struct hw_policy **ret, struct hw_error *err) MUST_CHECK;
void policy_free(struct hw_policy *policy); /* NULL is a no-op */

/* Whether @name (@len bytes) may name a policy: [a-z0-9][a-z0-9-]*, at most 64 bytes. */
bool policy_name_valid(const char *name, size_t len);

DEFINE_CLEANUP(struct hw_policy *, policy_free)
