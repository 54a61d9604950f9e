/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base.h"

/* First element of the env of every entry of ours, followed by the policy's name. */
#define HOOK_MARK "_HOOKWRIGHT_POLICY="

/* A hook entry as it is to be written: every member in full (runtime-spec, config.md, Hooks). */
struct hook {
	const char *path;
	const char *const *args; /* args[0] included */
	size_t n_args;		 /* at least 1 */
	const char *const *env;	 /* env[0] is the mark */
	size_t n_env;		 /* at least 1 */
	long timeout;		 /* seconds; 0: the member is left out */
};

/* One step from the stage as it is to the stage as it shall be. */
enum change_kind { CHANGE_REPLACE, CHANGE_REMOVE, CHANGE_APPEND };

struct change {
	enum change_kind kind;
	uint32_t element;	 /* token of the entry replaced or removed; unused for APPEND */
	const struct hook *hook; /* what is written; NULL for REMOVE */
	const char *policy;	 /* name, for reports */
};
