/* SPDX-License-Identifier: Apache-2.0 */
/* /etc/ld.so.cache as glibc's loader reads it. */
#pragma once

#include "base/arena.h"

/*
 * /etc/ld.so.cache as ld.so reads it: the format "glibc-ld.so.cache1.1", alone or behind a cache
 * of the old format. Every offset is checked.
 */
#define LDCACHE_MAX ((size_t)4 << 20)

struct ldcache {
	const unsigned char *data; /* the new format's header */
	size_t len;
	size_t n_entries;
	size_t strings_end; /* after the last NUL: strings that begin there do not end */
	bool is_big;
	/*
	 * By ldcache_index(): the first entry of each hash, and the next one of the same;
	 * counted from 1, 0: none.
	 */
	uint32_t *buckets, *following;
	size_t n_buckets;
};

/*
 * @data is borrowed. false: not a cache that this machine's ld.so would use, which then goes on
 * without one.
 */
bool ldcache_parse(const void *data, size_t len, bool is_big, struct ldcache *ret);

/* Make look-ups quick: without an index each walks over all entries. -ENOMEM. */
int ldcache_index(struct ldcache *cache, struct arena *arena) MUST_CHECK;

struct ldcache_entry {
	const char *path;
	uint32_t flags;	  /* which kind of library and machine: FLAG_* of glibc */
	bool conditional; /* only for some processors (hwcaps) */
};

/* The next entry for @name after *@position (start at 0, opaque between); false: no more. */
bool ldcache_next(const struct ldcache *cache, const char *name, size_t *position,
		  struct ldcache_entry *ret);
