/* SPDX-License-Identifier: Apache-2.0 */
/* The findings of lint, for its reports and for doctor. */
#pragma once

#include "config/config.h"
#include "lint/rules.h"
#include "oci/bundle.h"
#include "runtime/runtime.h"

/*
 * The findings of lint. The public functions hw_lint_*() are implemented in lint/lint.c and its parts;
 * the reports that are made of the findings in render/render.c and its parts.
 */
struct lint_finding {
	enum rule rule;
	enum hw_severity severity; /* for the runtime that was named */
	bool unjudged;		   /* says that something cannot be judged */
	const char *path;	   /* of the file it is about, for messages */
	unsigned line, column;	   /* in it, from 1; 0: the file as a whole */
	bool elsewhere;		   /* in a policy or a file of hooks.d */
	bool in_config;		   /* the file is config.json, and bytes [start, end) of its text */
	uint32_t start, end;	   /* are the value at fault */
	const char *stage;	   /* of the hook it is about; NULL: of none */
	uint32_t index;		   /* of the hook in its stage, from 0 */
	const char *program;	   /* the hook's path; NULL: none */
	const char *policy;	   /* name; NULL: none */
	const char *message;	   /* one line */
	const char *hint;	   /* what to change; NULL: the rule's remedy says it */
	const char *ignored;	   /* why it is ignored ("" for no reason); NULL: it counts */
	bool ignored_inline;	   /* by an annotation, not by an option */
	size_t omitted;		   /* not 0: it represents so many more of its rule and severity */
};

/* So many findings of a rule in a bundle are kept, the first by their place; more are counted. */
#define LINT_FINDINGS_MAX 20

/* Texts of the container are reported up to this length, the longest of a path. */
#define LINT_TEXT_MAX 4096

/* How many findings a finding represents. */
static inline size_t lint_finding_weight(const struct lint_finding *f)
{
	return f->omitted ? f->omitted : 1;
}

/*
 * Whether lint, once it has found @found wrong with a program or its container, may not have come to
 * @rule: nothing follows from there being no such finding.
 */
bool lint_stops_before(enum rule found, enum rule rule);

struct hw_lint_result {
	struct arena *arena;  /* owns this struct and every text */
	struct budget budget; /* of the container */
	struct bundle bundle; /* its text is NULL if it could not be read */
	const char *name;     /* of the bundle, as the caller named it */
	/* By position, then by rule; those in other files last, then those that represent more. */
	struct lint_finding *findings;
	size_t n, capacity;
	size_t n_hooks; /* in all stages */
	bool scanned;	/* it is JSON, and bundle.doc is filled */
	bool foreign;	/* the file belongs to another program: there are no findings */
	bool unread;	/* the bundle could not be read: there is one finding, HW101 */
};

struct hw_lint {
	struct arena *arena;
	struct hw_lint_options options;
	struct hw_options engine;     /* requests */
	struct runtime runtime;	      /* of the two whose behaviour is known */
	const char *runtime_name;     /* "any", "runc", ... */
	struct hw_policies *policies; /* NULL with no_policies */
	const char *rootfs;	      /* options.rootfs, absolute; NULL: none */
	const char *arch; /* GOARCH name of the machine that will run them; NULL: not known */
};
