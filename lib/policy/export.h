/* SPDX-License-Identifier: Apache-2.0 */
/* Export of policies as hooks.d files and CDI devices, and the program that they name. */
#pragma once

#include "policy/policy.h"

/* Which of a policy's programs an export names, for an engine that tries only one. */
struct export_choice {
	const char *program;
	const char *where;   /* the root file system that has it; NULL: nobody looked into one */
	const char *rival;   /* what fewer images have than @program; NULL: none */
	bool by_caller;	     /* who selected @program; nobody need select another */
	const char *trouble; /* why none can run in the root file system; NULL: one can */
};

/* By their names alone. */
struct export_choice export_choose(const struct hw_policy *policy);

/* hw_export() with a choice for each policy; pure. */
int export_make(const struct hw_policy *const *policies, size_t n, enum hw_export to,
		const struct export_choice *choices, hw_export_warning *warn, void *ctx, char **ret,
		struct hw_error *err) MUST_CHECK;
