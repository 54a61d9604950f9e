/* SPDX-License-Identifier: Apache-2.0 */
/* The option --runtime-version, as all commands take it. */
#include "runtime/version.h"

int version_set(struct runtime *runtime, bool named, const char *text, struct hw_error *err)
{
	if (text && !runtime_set_version(runtime, text))
		return error_set(err, EINVAL, NOWHERE, NOT_A_VERSION_HINT, NOT_A_VERSION,
				 "--runtime-version", text);
	if (text && !named)
		return error_set(err, EINVAL, NOWHERE, "name the runtime with --runtime as well",
				 "--runtime-version means nothing without the runtime's name");
	return 0;
}
