/* SPDX-License-Identifier: Apache-2.0 */
/* The tree that the layers of an image make, merged: what each name is and where its bytes are. */
#pragma once

#include "image/tar.h"

/* The limits of one image. Real ones have up to some 300000 entries. */
#define INDEX_ENTRIES_MAX 1000000u
#define INDEX_NAMES_MAX	  (UINT64_C(128) << 20) /* bytes of names and links kept */
#define INDEX_STEPS_MAX	  UINT64_C(200000000)	/* names compared, entries looked through */

/* A number of a node or an object; nodes never go away, so a number stays valid. */
#define INDEX_NONE UINT32_MAX
#define INDEX_ROOT 0u

/* What hard links share. */
struct index_object {
	const char *link; /* of a symbolic link */
	const unsigned char *capability;
	uint64_t offset, size; /* in the layer's archive */
	uint32_t mode, uid, gid;
	uint16_t layer; /* counted from 0, the lowest */
	uint8_t capability_len;
	bool is_sparse;
	bool is_implied; /* a directory that no entry makes, but a name below it does: 0755 of root */
};

/* A name in a directory. */
struct index_node {
	const char *name;
	uint32_t parent, child, next; /* the first child, the next of the same parent */
	uint32_t previous;
	uint32_t chain; /* the next of the same hash */
	uint32_t object;
	uint16_t layer; /* that made the name; a directory also belongs to those that changed it */
	uint16_t cleared; /* 1 + the layer in which what is below from lower layers was hidden */
};

struct index;

struct index *index_new(struct hw_error *err) MUST_CHECK;
void index_free(struct index *index);
DEFINE_CLEANUP(struct index *, index_free)

/*
 * Put the next layer on top: the entries of @tar until its end, with the whiteouts and opaque
 * directories of the OCI image specification, which hide what is in lower layers only. -EINVAL for
 * what no engine unpacks, or what they unpack differently: a name with ".." in it, a name below
 * what is not a directory in the same layer, a hard link to what does not exist. -E2BIG beyond the
 * limits. After a failure the index is good for index_free() only.
 */
int index_add_layer(struct index *index, struct tar *tar, struct hw_error *err) MUST_CHECK;

/* The entry @name of the directory @parent, INDEX_NONE: there is none. @name need not end in NUL. */
uint32_t index_child(const struct index *index, uint32_t parent, const char *name, size_t len);

const struct index_node *index_node(const struct index *index, uint32_t node);
const struct index_object *index_object(const struct index *index, uint32_t node);

/* Of memory, in bytes, and of nodes, hidden ones as well. */
size_t index_memory(const struct index *index);
uint32_t index_count(const struct index *index);
