/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <sys/stat.h>

#include "spec.h"

/* A bundle directory and its config.json, read once, scanned and understood. */
struct bundle {
	int dir;		 /* open directory; holds the lock if it was asked for; -1: none */
	const char *path;	 /* of the directory, as the caller named it */
	const char *config_path; /* of config.json, for messages */
	char *text;
	size_t len;
	struct stat st; /* of config.json when it was read */
	struct json doc;
	struct spec spec;
	struct arena *arena; /* of paths and spec; borrowed */
};

/* Name of the file, and of the temporary that replaces it. */
#define BUNDLE_CONFIG	 "config.json"
#define BUNDLE_TEMPORARY ".config.json.hookwright"

enum bundle_mode {
	BUNDLE_READ,  /* no lock; config.json may be a symbolic link */
	BUNDLE_DRY,   /* no lock, but what BUNDLE_WRITE would refuse is refused */
	BUNDLE_WRITE, /* locked; a symbolic link is -ELOOP; what a killed run left is removed */
};

/*
 * Load the bundle at directory @path (NULL: the current directory) into @ret, to be released with
 * bundle_close() also after a failure. @arena must outlive it. -ENOENT, -ELOOP, -EINVAL,
 * -ETIMEDOUT, -EFBIG, -ENOMEM as hw_apply().
 */
int bundle_open(const char *path, enum bundle_mode mode, struct arena *arena, struct bundle *ret,
		struct hw_error *err) MUST_CHECK;
void bundle_close(struct bundle *bundle);
