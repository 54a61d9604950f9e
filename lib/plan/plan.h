/* SPDX-License-Identifier: Apache-2.0 */
/* The plan: which hooks must be in which stage, and why. */
#pragma once

#include "oci/engine-hook.h"
#include "oci/hook.h"
#include "oci/unsafe.h"
#include "policy/cond.h"
#include "policy/hooksd.h"
#include "runtime/runtime.h"

/*
 * The decision: which hooks must be in which stage, and why. plan_make() opens nothing
 * and reads no clock and no environment; equal arguments give equal plans.
 */
enum activation { BY_ALWAYS, BY_ANNOTATION, BY_REQUEST, BY_FILE, NOT_ACTIVATED };

enum outcome {
	OUTCOME_NOT_REQUESTED, /* activation: requested, and nobody did */
	OUTCOME_NOT_CONCERNED, /* when is false and the policy was not requested */
	OUTCOME_WANTED,
	OUTCOME_LEFT_OUT, /* otherwise: warn or ignore; silent if ignored and not requested */
	OUTCOME_REFUSED,  /* otherwise: fail */
};

/* The action for the entry in the file. */
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

/* The action for the entry of a hooks.d file in one of its stages. */
struct hooks_place {
	bool wanted;		  /* the file names the stage, and the program can be used */
	bool present;		  /* an equal entry is there, or comes by an earlier file */
	enum truth usable;	  /* the program; when the file matches and names the stage */
	const char *fact, *hint;  /* behind that; hint NULL if none */
	const char *const *steps; /* how the path resolved in the container */
	size_t n_steps;
	enum action action; /* NONE, KEPT or ADDED */
};

struct hooks_decision {
	const struct hw_hooks_file *file;
	struct hooksd_match match;
	struct hooks_place places[HOOK_STAGES];
};

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* Limit for findings of which a hostile container may cause thousands; the rest is counted. */
#define PLAN_FINDINGS_MAX 20

enum finding_kind {
	FINDING_SINGLE, /* reported whatever others there are */
	FINDING_STAYS,	/* an entry of a policy that is not loaded */
	FINDING_NO_PATH,
	FINDING_HOOK, /* an entry whose program is not sound */
	FINDING_KINDS,
};

/* Something to report; data, not an error of the call. */
struct finding {
	enum finding_kind kind;
	enum severity severity;
	struct where at;
	const char *message, *hint; /* hint NULL if none */
	const char *policy;	    /* NULL if none */
	bool outcome;		    /* it reports the policy's decision */
	bool unknown_request;	    /* an annotation asks for a policy that does not exist */
	size_t omitted;		    /* not 0: it represents so many more of its kind */
};

/* Those of a kind. */
struct finding_tally {
	size_t n;
	enum severity worst; /* of those that are only counted */
};

struct plan {
	struct decision *decisions; /* in policy order */
	size_t n_decisions;
	struct hooks_decision *hooks; /* of hooks.d files, in their order */
	size_t n_hooks;
	struct finding *findings;
	size_t n_findings, findings_capacity;
	struct finding_tally tallies[FINDING_KINDS];
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
	const struct hw_hooks_file *const *hooks; /* in their order */
	size_t n_hooks;
	const char *const *requests;
	size_t n_requests;
	const struct fact_source *facts;
	struct budget *budget;		       /* of the container; NULL: no limit */
	const char *runtime, *runtime_version; /* base name, version; NULL: not given */
	const char *hookless; /* what it is called if it never runs startContainer hooks; or NULL */
	struct runtime obeys; /* whose annotations count: what the runtime's file is, link or not */
	struct unsafe_allowed allowed;
	const struct known_hooks *harmless; /* the configuration's; NULL: none */
	bool deaf;	 /* annotation io.hookwright.policies may request nothing */
	bool everything; /* for explain: evaluate all */
	bool prune;
};

struct hw_policies;

/*
 * Fill in what @policies and the requests of @options determine: its
 * policies, hooks, deaf, allowed.
 */
void plan_input_policies(struct plan_input *in, const struct hw_policies *policies,
			 const struct hw_options *options);

/*
 * Fill *@ret from @arena. 0, -EINVAL for one of @requests that no policy's name is or for a hooks.d
 * file that cannot be judged (hooksd_matches()), -ENOMEM, or what the facts return. A request by
 * annotation that cannot be met is not an error: it refuses the container.
 */
int plan_make(const struct plan_input *in, struct arena *arena, struct plan *ret,
	      struct hw_error *err) MUST_CHECK;

/*
 * Whether enough findings of @kind are kept: then one more is counted, and need not be made.
 * plan_sum_up() adds those that represent the counted ones, as about file @path.
 */
bool plan_only_counts(struct plan *plan, enum finding_kind kind, enum severity severity);
int plan_sum_up(struct plan *plan, struct arena *arena, const char *path,
		struct hw_error *err) MUST_CHECK;

/* Add a finding; -ENOMEM, also for one without a message. */
int plan_add_finding(struct plan *plan, struct arena *arena, const struct finding *finding,
		     struct hw_error *err) MUST_CHECK;

/* The plan that removes every entry of hookwright. */
int plan_revert(const struct spec *spec, struct arena *arena, struct plan *ret,
		struct hw_error *err) MUST_CHECK;
