/* SPDX-License-Identifier: Apache-2.0 */
/* Examples of a policy: containers described in YAML, with the expected decision. */
#pragma once

#include "policy/policy.h"

/*
 * Examples beside a policy, NAME.test.yaml: for each a container, in words instead of files, and
 * what the policy must decide about it.
 */
struct paths {
	const char *const *items;
	size_t n;
};

/*
 * The content of the container. What is not named does not exist, or is
 * unknown where that is a value.
 */
struct example_facts {
	const char *libc, *arch;	/* NULL: unknown */
	const char *os_id, *os_version; /* NULL: os-release does not have it */
	struct paths exists;
	struct paths writable; /* exists, too */
	struct paths programs; /* exist and are usable */
	struct paths broken;   /* exist and are not */
	struct paths unknown;  /* nothing can be said about them */
};

/* In the words of "explain --json". */
enum expectation {
	EXPECT_WANTED,
	EXPECT_LEFT_OUT,
	EXPECT_REFUSED,
	EXPECT_NOT_CONCERNED,
	EXPECT_NOT_REQUESTED,
};

struct example {
	const char *name;
	unsigned line, column;
	const char *config; /* a whole config.json */
	struct example_facts facts;
	const char *runtime; /* base name; NULL: not given */
	bool requested_given, requested;
	enum expectation expect;
	unsigned expect_line, expect_column;
	const char *candidate; /* that was taken; NULL: any */
	const char *reason;    /* part of why not; NULL: any */
};

struct examples {
	const struct example *items;
	size_t n;
};

/* The type of a file of examples, for the schema. */
extern const struct type examples_type;

/* The word of @expectation. */
const char *expectation_word(enum expectation expectation);

/*
 * Decode @text (@len bytes) into @ret; all is from @arena. @path is for messages. -EINVAL with a
 * position, -ENOMEM.
 */
int examples_parse(struct arena *arena, const char *path, const char *text, size_t len,
		   struct examples *ret, struct hw_error *err) MUST_CHECK;

/*
 * The config.json that fragment @over, a mapping, describes: a plain container's, in which its
 * members replace those of the same key, mappings member by member. @ret is from d->arena.
 */
int example_config(const struct decoder *d, const struct node *over, const char **ret) MUST_CHECK;
