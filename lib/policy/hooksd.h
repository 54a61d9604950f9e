/* SPDX-License-Identifier: Apache-2.0 */
/* hooks.d files, oci-hooks(5), schema 1.0.0 and 0.1.0. */
#pragma once

#include "format/re2.h"
#include "oci/hook.h"
#include "oci/spec.h"

/*
 * A file of oci-hooks(5), schema 1.0.0 or 0.1.0, as podman and CRI-O read it: which hook, in which
 * stages, for which containers. What matches there matches here. What the reference engine passes
 * over in silence is a warning with its position; what it reads by guessing is an error.
 */
#define HOOKSD_SIZE_MAX ((size_t)1 << 20)

struct hooksd_pattern {
	const char *source; /* it compiles, as RE2_ANYWHERE */
	uint32_t token;
};

struct hooksd_annotation {
	struct hooksd_pattern key, value;
};

/* A thing that the file's author should know. */
struct hooksd_warning {
	unsigned line, column;
	const char *message, *hint; /* hint NULL if none */
	bool note;		    /* nothing is wrong with it */
};

struct hw_hooks_file {
	struct arena *arena; /* owns this struct and everything below */
	const char *name;    /* of the file, without its directory */
	const char *path;
	struct json doc;
	bool any; /* 0.1.0: one condition is enough; 1.0.0: all that are given must hold */
	const char *program;
	struct spec_strings args, env; /* of the hook */
	bool has_timeout;
	const char *ours;      /* the policy's name if the entry has the mark, else NULL */
	unsigned line, column; /* of the program's path */
	struct json entry;     /* as it is to be written: the hook's own members, no others */
	bool stages[HOOK_STAGES];
	enum truth always, binds; /* UNKNOWN: not given */
	struct hooksd_annotation *annotations;
	size_t n_annotations;
	struct hooksd_pattern *commands;
	size_t n_commands;
	struct hooksd_warning *warnings;
	size_t n_told[2]; /* of warnings and of notes: how many there were, reported or not */
	size_t n_warnings, warnings_capacity;
};

/*
 * Read @text (@len bytes) as file @name at @path; both are copied. -EINVAL with a position: not
 * strict JSON, a wrong type, a missing member, an unknown version or stage, an expression that
 * re2_new() refuses. -ENOMEM.
 */
int hooksd_parse(const char *path, const char *name, const char *text, size_t len,
		 struct hw_hooks_file **ret, struct hw_error *err) MUST_CHECK;
void hooksd_free(struct hw_hooks_file *file); /* NULL is a no-op */

/* One condition of the file and what is behind it. */
struct hooksd_line {
	const char *text;
	enum truth value;
	const char *fact;
};

struct hooksd_match {
	enum truth value;
	struct hooksd_line *lines;
	size_t n_lines;
	const char *why; /* one line */
};

/*
 * Whether @file concerns the container; texts are from @arena. UNKNOWN if a value is too long to be
 * matched, or @budget (NULL: no limit) is spent. -EINVAL where the reference engine fails:
 * commands, and process.args is empty.
 */
int hooksd_matches(const struct hw_hooks_file *file, const struct spec *spec, struct budget *budget,
		   struct arena *arena, struct hooksd_match *ret, struct hw_error *err) MUST_CHECK;

/* The order of files: by name, case aside; names that are equal but for case, by their bytes. */
int hooksd_compare(const char *a, const char *b);

/* Add a warning of the loader's; line and column 0: none. -ENOMEM. */
int hooksd_warn(struct hw_hooks_file *file, const struct hooksd_warning *warning) MUST_CHECK;

DEFINE_CLEANUP(struct hw_hooks_file *, hooksd_free)
