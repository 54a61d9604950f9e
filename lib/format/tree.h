/* SPDX-License-Identifier: Apache-2.0 */
/* A YAML document as a tree with positions. */
#pragma once

#include "base/arena.h"
#include "base/error.h"

/*
 * A YAML document as a tree of what is in the file, with positions. The YAML used is a
 * subset: one document, no anchors, aliases, tags or directives, scalars without NUL, keys that
 * are scalars. Anything that a parser would silently ignore or expand is an error with its place.
 *
 * Built from libyaml's events and not from its documents: those do not show anchors.
 */
#define TREE_DEPTH_MAX 64
#define TREE_NODES_MAX 20000

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
	enum node_kind kind;
	unsigned line, column; /* both from 1, the column in code points */
	bool plain;	       /* a scalar without quotes, so that true and 5 are not text */
	bool item;	       /* of a list */
	const char *text;      /* of a scalar */
	size_t len;	       /* of the text, or how many children */
	/* A member's key. An item has its list's, so that messages can name it. Root: NULL. */
	const struct node *key;
	const struct node *first, *next; /* children, in file order */
};

/*
 * Parse @text (@len bytes, need not be NUL-terminated) into *@ret, NULL if there is no document;
 * everything is from @arena. @path is for messages. -EINVAL with a position and a hint, -ENOMEM.
 */
int tree_parse(struct arena *arena, const char *path, const char *text, size_t len,
	       const struct node **ret, struct hw_error *err) MUST_CHECK;

/* The first member of mapping @map with this key, or NULL. */
const struct node *tree_member(const struct node *map, const char *key);
