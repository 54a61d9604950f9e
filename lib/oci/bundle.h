/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle directory with its parsed config.json. */
#pragma once

#include <sys/stat.h>

#include "oci/recognise.h"
#include "oci/spec.h"

/* A bundle directory and its config.json, read once, scanned and understood. */
struct bundle {
	int dir;		 /* open directory, of root.path and bind sources; -1: none */
	int config_dir;		 /* directory of the configuration; may be dir */
	bool locked;		 /* config_dir holds the lock */
	const char *config_name; /* in that directory: "config.json" */
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
	BUNDLE_HERE,  /* no lock; a symbolic link is -ELOOP */
	BUNDLE_DRY,   /* no lock, but what BUNDLE_WRITE would refuse is refused */
	BUNDLE_WRITE, /* locked; a symbolic link is -ELOOP; what a killed run left is removed */
};

/* That @path is none, but what was recognised: -EINVAL. */
int bundle_is_other(const char *path, const struct recognised *is, struct hw_error *err);

/*
 * Load the bundle at directory @path (NULL: the current directory), whose configuration is file
 * @config (NULL: config.json in it; relative to the current directory) into @ret, to be released
 * with bundle_close() also after a failure. @arena must outlive it. -ENOENT, -ELOOP, -EINVAL,
 * -ETIMEDOUT, -EFBIG, -ENOMEM as hw_apply().
 */
int bundle_open(const char *path, const char *config, enum bundle_mode mode, struct arena *arena,
		struct bundle *ret, struct hw_error *err) MUST_CHECK;

/*
 * The same for @text (@len bytes, copied) that will be the config.json of the bundle at @path.
 * NULL: nobody says where that is; then a relative root.path or bind source is -EINVAL.
 */
int bundle_from_text(const char *path, const char *text, size_t len, struct arena *arena,
		     struct bundle *ret, struct hw_error *err) MUST_CHECK;

/*
 * bundle_open(), and bundle_from_text(), as far as the text: doc and spec are left
 * empty, for who takes more than they do. bundle_read_text() calls the file @name in messages.
 */
int bundle_read(const char *path, const char *config, enum bundle_mode mode, struct arena *arena,
		struct bundle *ret, struct hw_error *err) MUST_CHECK;
int bundle_read_text(const char *path, const char *name, const char *text, size_t len,
		     struct arena *arena, struct bundle *ret, struct hw_error *err) MUST_CHECK;

/*
 * From now on looking at the container takes from @budget, which must outlive the arena: to begin
 * with, the memory that the text and what was made of it take.
 */
void bundle_charge(struct bundle *bundle, struct budget *budget);

/* Let the directories, and with them the lock, go; the texts stay. */
void bundle_unlock(struct bundle *bundle);
void bundle_close(struct bundle *bundle);
