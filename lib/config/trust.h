/* SPDX-License-Identifier: Apache-2.0 */
/* Whether another user could change what a path names. */
#pragma once

#include <limits.h>
#include <sys/stat.h>

#include "base/error.h"

/*
 * Whether another user could change what a path names. Files that are read without having been
 * named by the caller must be owned by root or the current user, as must every directory and
 * symbolic link on the path; nobody else may be able to write to them. A sticky directory (/tmp)
 * may be on the way, because only its owner can replace what is in it, but policies may not lie in
 * it directly.
 */
struct trust {
	uid_t self;
	/*
	 * In a user namespace the owner of what is not mapped is shown as the overflow uid, so that
	 * the host's root cannot be distinguished from another user of the host.
	 */
	bool user_namespace;
	uid_t overflow;
};

enum trust_level {
	TRUST_CALLER, /* named on the command line: no check */
	TRUST_USER,   /* the overflow uid may own directories above the first trusted one */
	TRUST_SYSTEM, /* the overflow uid may own everything: it is taken for root */
};

/* Where a path led to. */
struct place {
	int dir; /* the directory itself, or that of the file */
	bool is_dir;
	char name[NAME_MAX +
		  2]; /* of the file in it, no link any more; what is too long stays so */
	struct stat st;
};

/*
 * Follow @path, which is absolute, or relative to directory @dir (trusted already; -1: absolute)
 * that is called @dir_path; @level is not TRUST_CALLER. Fills *@ret, whose dir the caller closes.
 * -EPERM if another user could change it, but only if it exists; -ENOENT, -ELOOP, -ENAMETOOLONG, or
 * as open(2).
 */
int trust_find(const struct trust *trust, enum trust_level level, int dir, const char *dir_path,
	       const char *path, struct place *ret, struct hw_error *err) MUST_CHECK;

/* The same question for a file that is open already. */
int trust_check(const struct trust *trust, enum trust_level level, const struct stat *st,
		const char *path, struct hw_error *err) MUST_CHECK;
