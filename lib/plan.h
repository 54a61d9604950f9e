/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cond.h"
#include "hook.h"
#include "runtime.h"

/*
 * The decision: which hooks shall be in hooks.startContainer, and why. plan_make() opens nothing
 * and reads no clock and no environment; equal arguments give equal plans.
 */
enum activation { BY_ALWAYS, BY_ANNOTATION, BY_REQUEST, BY_FILE, NOT_ACTIVATED };

enum outcome {
	OUTCOME_NOT_REQUESTED, /* activation: requested, and nobody did */
	OUTCOME_NOT_CONCERNED, /* when is false and the policy was not requested */
	OUTCOME_WANTED,
	OUTCOME_LEFT_OUT, /* otherwise: warn or ignore */
	OUTCOME_REFUSED,  /* otherwise: fail */
};

/* What becomes of the entry in the file. */
enum action { ACTION_NONE, ACTION_KEPT, ACTION_ADDED, ACTION_REPLACED, ACTION_REMOVED };

struct candidate {
	const char *path;
	bool asked; /* false: an earlier one was taken */
	struct fact_program fact;
};

struct decision {
	const struct hw_policy *policy;
	enum activation activation;
	struct cond_lines when, needs;
	struct candidate *candidates;
	size_t n_candidates;
	enum outcome outcome;
	enum action action;
	const char *why;	 /* one line, set unless WANTED */
	unsigned line, column;	 /* of the term at fault, in the policy; 0: none */
	const char *hint;	 /* NULL if none */
	const struct hook *hook; /* when WANTED */
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* Something that must be told; data, not an error of the call. */
struct finding {
	enum severity severity;
	struct where at;
	const char *message, *hint; /* hint NULL if none */
	const char *policy;	    /* NULL if none */
	bool outcome;		    /* it is the policy's decision that is told */
};

struct plan {
	struct decision *decisions; /* in policy order */
	size_t n_decisions;
	struct finding *findings;
	size_t n_findings, findings_capacity;
	struct change *changes; /* for edit_hooks(); none when refused */
	size_t n_changes;
	const char **dropped; /* policies that are not loaded, whose entries go */
	size_t n_dropped;
	bool refused;
};

struct plan_input {
	const struct json *doc;
	const struct spec *spec;
	const struct hw_policy *const *policies; /* by order, then by name */
	size_t n_policies;
	const char *const *requests;
	size_t n_requests;
	const struct fact_source *facts;
	const char *runtime; /* base name, NULL: not told */
	bool everything;     /* for explain: evaluate all */
	bool prune;
};

/*
 * Fill *@ret from @arena. 0, -EINVAL for a request (argument or annotation) that no policy's name
 * is, -ENOMEM, or what the facts return.
 */
int plan_make(const struct plan_input *in, struct arena *arena, struct plan *ret,
	      struct hw_error *err) MUST_CHECK;

/* The plan that removes every entry of ours. */
int plan_revert(const struct spec *spec, struct arena *arena, struct plan *ret,
		struct hw_error *err) MUST_CHECK;
