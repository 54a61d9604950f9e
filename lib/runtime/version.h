/* SPDX-License-Identifier: Apache-2.0 */
/* A runtime version as users write it: the parser and the message. */
#pragma once

#include "base/error.h"
#include "runtime/runtime.h"

/* What is reported of an option or a settings key, and its text, which is not a version. */
#define NOT_A_VERSION	   "%s: '%.40s' is not a version"
#define NOT_A_VERSION_HINT "write it as the runtime's --version prints it, such as '1.1.5'"

/*
 * Add the version @text of --runtime-version to @runtime; NULL: none was given. @named: somebody
 * said which runtime it is. 0 or -EINVAL.
 */
int version_set(struct runtime *runtime, bool named, const char *text,
		struct hw_error *err) MUST_CHECK;
