/* SPDX-License-Identifier: Apache-2.0 */
/* Interface to the facts about a container's files, so that the decision itself does no I/O. */
#pragma once

#include "base/arena.h"
#include "base/error.h"

/*
 * Facts about the container's file system. The decision itself does no I/O: it gets a source of
 * facts, a few functions; a test passes a literal table.
 *
 * Every function returns 0 or a negative errno with @err filled (I/O trouble that must stop the
 * run: no rootfs, no memory). A thing that cannot be known is a fact as well: UNKNOWN with its
 * reason. Texts live as long as the source.
 */
struct fact {
	enum truth value;
	const char
		*text; /* the fact behind the value: "/bin/sh asks for /lib/ld-musl-x86_64.so.1" */
};

/* A value in words (libc, architecture, an os-release field); NULL is unknown. */
struct fact_word {
	const char *word;
	const char *text; /* the fact behind it, or why it is unknown */
};

struct fact_program {
	enum truth usable;
	const char *text;	  /* what it is, or why it cannot be used */
	const char *hint;	  /* NULL if none */
	bool absent;		  /* nothing is at the path itself */
	const char *const *steps; /* how the path resolved */
	size_t n_steps;
};

struct fact_program_query {
	const char *path;
	const char *const *env;
	size_t n_env;
	bool after_ldconfig;
	const char *const *args; /* args[0] included; none: they are not looked at */
	size_t n_args;
};

struct fact_source {
	void *ctx;
	int (*exists)(void *ctx, const char *path, struct fact *ret, struct hw_error *err);
	/* Whether a path exists that @pattern, one of base/glob.h, matches. */
	int (*exists_any)(void *ctx, const char *pattern, struct fact *ret, struct hw_error *err);
	int (*writable)(void *ctx, const char *path, struct fact *ret, struct hw_error *err);
	int (*libc)(void *ctx, struct fact_word *ret, struct hw_error *err); /* glibc musl none */
	int (*arch)(void *ctx, struct fact_word *ret, struct hw_error *err); /* GOARCH of args[0] */
	/* @field: "ID" or "VERSION_ID"; word "" when os-release lacks it */
	int (*os)(void *ctx, const char *field, struct fact_word *ret, struct hw_error *err);
	int (*program)(void *ctx, const struct fact_program_query *query, struct fact_program *ret,
		       struct hw_error *err);
	/* Whether @path can be executed on the host, where hooks of the other stages are found. */
	int (*host_program)(void *ctx, const char *path, struct fact *ret, struct hw_error *err);
	/*
	 * Hooks of earlier stages will run that the document does not have yet: what is absent may
	 * come. Before the first question.
	 */
	void (*expect_earlier_hooks)(void *ctx);
};
