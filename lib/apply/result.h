/* SPDX-License-Identifier: Apache-2.0 */
/* The result of apply, explain, filter, revert or guard. */
#pragma once

#include "apply/explain.h"
#include "config/config.h"
#include "oci/bundle.h"
#include "plan/facts-rootfs.h"
#include "plan/plan.h"

/* The result of one operation on a bundle; the public functions on it are implemented here. */
struct hw_result {
	struct arena *arena; /* owns this struct and every text of the plan */
	struct bundle bundle;
	struct budget budget;	      /* of the container */
	struct hw_policies *policies; /* the plan points into them; NULL for revert */
	struct probe *probe;
	struct fact_source facts; /* of the probe */
	struct plan plan;
	const char *runtime;	     /* base name, NULL: not given */
	const char *runtime_version; /* NULL: not given */
	struct runtime obeys;	     /* whose annotations count; not given where @runtime is NULL */
	const char *hookless; /* what it is called if it never runs startContainer hooks; NULL */
	const char *chosen;   /* path of the runtime that an annotation chose, NULL: none */
	const char *skipped;  /* evidence that it is a pause container; NULL: it is not */
	char *text;	      /* the new config.json; NULL: as it was */
	size_t len;
	bool dry_run;
};

DEFINE_CLEANUP(struct hw_result *, hw_result_free)

int result_new(const struct hw_options *options, struct hw_result **ret,
	       struct hw_error *err) MUST_CHECK;

/*
 * Make the plan for the bundle and the policies that are loaded. The probe looks at what @seen
 * says, below directory @dir: the bundle's own spec and directory, or the container's as it really
 * is.
 * @seen must outlive the questions that are asked of result->facts.
 */
int result_plan(struct hw_result *result, const struct spec *seen, int dir,
		const struct hw_options *options, bool everything, struct hw_error *err) MUST_CHECK;

/* The input of a report; it points into @result. */
struct report_input result_report_input(const struct hw_result *result);

/*
 * Let the bundle's directory, and with it the lock, go: it ends with the work, not with the result.
 */
void result_unlock(struct hw_result *result);
