/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of a policy as decoded. */
#pragma once

#include "format/decode.h"
#include "format/re2.h"

/*
 * Conditions as written, decoded and checked. A condition mapping is a conjunction: a list of
 * terms, one for each key, in file order.
 */
#define TERM_DEPTH_MAX 16  /* combinators in combinators */
#define TERMS_MAX      256 /* in a policy */

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
	COND_EXISTS_ANY,
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
	const char *source; /* the expression as written; it compiles, as RE2_WHOLE */
	unsigned line, column;
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
	const char *const
		*words; /* capabilities exists existsAny writable mounts libc arch runtime */
	const uint32_t *numbers;  /* uid, gid */
	const struct cond_os *os; /* os */
	bool flag;		  /* hookExists, readonlyRoot */
};

/* For struct decoder, user: what the conditions of one policy share. Zero-initialise. */
struct term_state {
	unsigned depth, n_terms;
};

/* A condition: decodes into a struct conjunction. */
extern const struct type condition_type;

/* Values that conditions have; a policy's examples have the same. */
extern const struct type libc_type;    /* const char * */
extern const struct type arch_type;    /* const char * */
extern const struct type runtime_type; /* const char * */
extern const struct type paths_type;   /* one path or a list of them */
