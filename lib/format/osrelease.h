/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of an os-release file. */
#pragma once

#include "base/arena.h"

/*
 * Value of @field ("ID", "VERSION_ID") in the text of an os-release file (os-release(5): shell-like
 * assignments; quotes and backslash escapes are taken off, the last assignment counts). "" if it is
 * not there; NULL if out of memory. @text is hostile; at most @len bytes are read.
 */
const char *osrelease_value(const char *text, size_t len, const char *field,
			    struct arena *arena) MUST_CHECK;
