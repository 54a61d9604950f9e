/* SPDX-License-Identifier: Apache-2.0 */
/* A diagnosis: the likely causes of a container's death. */
#pragma once

#include "doctor/symptom.h"
#include "lint/lint.h"

/*
 * Why a container died: what was pasted, judged by what lint finds in the bundle. The public
 * functions hw_diagnos*() are implemented in doctor/doctor.c, but for the report: render/doctor.c.
 */

enum verdict {
	VERDICT_CONFIRMED, /* the bundle shows it */
	VERDICT_POSSIBLE,  /* the bundle hints at it, or it cannot be judged */
	VERDICT_OPEN,	   /* no bundle, or nothing that shows in one */
	VERDICT_RULED_OUT, /* the bundle shows that it was not this */
};

#define REASON_FINDINGS_MAX 3

/* A cause, judged. */
struct suspect {
	const char *id, *title, *why, *remedy; /* why may be NULL */
	enum verdict verdict;
	const struct lint_finding *findings[REASON_FINDINGS_MAX];
	size_t n_findings;
};

#define REASONS_MAX 32

/* A message and its causes, the likeliest first; without a message what the bundle shows. */
struct complaint {
	const struct symptom *symptom; /* NULL: the bundle's own findings */
	enum whose whose;	       /* as in symptom, or better known by the bundle */
	bool hook_missing;	       /* the bundle does not have such a hook */
	struct suspect reasons[REASONS_MAX];
	size_t n;
};

struct hw_diagnosis {
	struct arena *arena; /* owns all but the two below */
	struct hw_lint *lint;
	struct hw_lint_result *bundle; /* NULL: none was named */
	struct symptoms symptoms;
	struct complaint *complaints;
	size_t n;
	bool given;	 /* there was output to look at */
	bool recognised; /* and in it a message whose reason is known */
	const char
		*rootfs; /* that is not mounted, so nothing in it was judged; NULL: it is there */
	bool found;	 /* hw_diagnosis_found() */
	size_t others;	 /* errors in the bundle that belong to no message */
};

/*
 * doctor/host.c: set d->rootfs if the bundle's root file system, or @rootfs in its place (may be
 * NULL), is not mounted: it is empty, or its mount point was removed. 0 or -ENOMEM.
 */
int doctor_find_rootfs(struct hw_diagnosis *d, const char *rootfs, struct hw_error *err) MUST_CHECK;

/* *@ret: the first path of linux.namespaces that does not exist now; NULL: none. 0 or -ENOMEM. */
int doctor_missing_namespace(const struct hw_diagnosis *d, const char **ret,
			     struct hw_error *err) MUST_CHECK;
