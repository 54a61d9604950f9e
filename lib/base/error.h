/* SPDX-License-Identifier: Apache-2.0 */
/* Errors with a position and a hint. */
#pragma once

#include "base/base.h"
#include "hookwright.h"

/* A position in a source file; zero-initialised means "no position". */
struct where {
	const char *path;
	unsigned line, column;
};

#define NOWHERE	 ((struct where){ 0 })
#define IN(file) ((struct where){ .path = (file) })

/*
 * Fill @err (may be NULL) and return -@errnum, so that a failing function ends in
 *
 *     return error_set(err, EINVAL, at, "write 'version: 1'", "unknown version %lu", v);
 *
 * %m in @fmt describes @errnum. @hint may be NULL. Text that does not fit ends in "...". The
 * result is defused (base/sanitize.h): file names are hostile, and it goes to terminals and logs.
 */
int error_set(struct hw_error *err, int errnum, struct where at, const char *hint, const char *fmt,
	      ...) PRINTF_LIKE(5, 6);

/* The one text for a failed allocation: "out of memory", -ENOMEM. */
int error_oom(struct hw_error *err);
