/* SPDX-License-Identifier: Apache-2.0 */
/* A tar archive, entry by entry: v7, ustar, GNU and pax, as the layers of images are. */
#pragma once

#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"

/* The most that one extended header (a pax header, a GNU long name) may take. */
#define TAR_EXTENDED_MAX (UINT64_C(1) << 20)

/* A file capability is 24 bytes at most (linux/capability.h). */
#define TAR_CAPABILITY_MAX 24

/*
 * Reads up to @len bytes at @offset into @buf. Returns how many, fewer only at the end of the
 * archive, or -errno.
 */
typedef ssize_t tar_read_fn(void *source, uint64_t offset, void *buf, size_t len);

struct tar_entry {
	const char *name; /* as in the archive: it may begin with "/", or have ".." in it */
	const char *link; /* of a symbolic or a hard link; else NULL */
	uint32_t mode;	  /* S_IFMT as well; of a hard link permissions only */
	uint32_t uid, gid;
	uint64_t offset, size; /* of the bytes of a regular file in the archive */
	bool is_hard_link;
	bool is_sparse; /* the bytes in the archive are a map and pieces, not the file's content */
	unsigned char capability[TAR_CAPABILITY_MAX]; /* security.capability */
	size_t capability_len;			      /* 0: has none */
};

/* Initialise with tar_init(). What tar_next() returns lives until the next call of it. */
struct tar {
	tar_read_fn *read;
	void *source;
	const char *path; /* for messages */
	uint64_t at;	  /* of the next header */
	struct arena *arena;
};

void tar_init(struct tar *tar, const char *path, tar_read_fn *read, void *source);
void tar_done(struct tar *tar);

/*
 * The next entry. Returns 1; 0 at the end; -EINVAL for what is not a tar archive, is truncated or
 * has an entry of an unknown type, each a layer that engines refuse as well; or -errno of reading.
 * Global pax headers are skipped, since engines, which read tar with Go's library, do so.
 */
int tar_next(struct tar *tar, struct tar_entry *ret, struct hw_error *err) MUST_CHECK;
