/* SPDX-License-Identifier: Apache-2.0 */
/* Parses /etc/ld.so.cache as glibc's loader does. */
#include "program/ld/cache.h"

/* sysdeps/generic/dl-cache.h of glibc: the layout has been the same since 2.2. */
#define OLD_MAGIC     "ld.so-1.7.0"
#define OLD_COUNT_AT  12
#define OLD_HEADER    16
#define OLD_ENTRY     12
#define NEW_MAGIC     "glibc-ld.so.cache1.1"
#define NEW_COUNT_AT  20
#define NEW_FLAGS_AT  28
#define NEW_HEADER    48
#define NEW_ENTRY     24
#define NEW_KEY_AT    4
#define NEW_PATH_AT   8
#define NEW_HWCAP_AT  16
#define FLAGS_ORDER   3
#define FLAGS_LITTLE  2
#define FLAGS_BIG     3
#define ALIGNMENT_MAX ((size_t)8)
#define HASHED_MAX    64 /* bytes of a name; ordinary ones are shorter */

static uint32_t u32(const unsigned char *p, bool is_big)
{
	uint32_t n = 0;

	for (size_t i = 0; i < 4; i++)
		n = n << 8 | p[is_big ? i : 3 - i];
	return n;
}

static bool has_magic(const unsigned char *data, size_t len, const char *magic)
{
	return len >= strlen(magic) && memcmp(data, magic, strlen(magic)) == 0;
}

/* The new cache behind an old one, aligned as the machine aligns 64-bit numbers. */
static bool find_behind_old(const unsigned char **data, size_t *len, bool is_big)
{
	size_t end;

	if (*len < OLD_HEADER)
		return false;
	end = u32(*data + OLD_COUNT_AT, is_big);
	if (end > (*len - OLD_HEADER) / OLD_ENTRY)
		return false;
	end = OLD_HEADER + end * OLD_ENTRY;
	for (size_t align = ALIGNMENT_MAX; align >= 4; align /= 2) {
		size_t at = (end + align - 1) / align * align;

		if (at > *len || !has_magic(*data + at, *len - at, NEW_MAGIC))
			continue;
		*data += at;
		*len -= at;
		return true;
	}
	return false;
}

bool ldcache_parse(const void *data, size_t len, bool is_big, struct ldcache *ret)
{
	struct ldcache cache = { .data = data, .len = len, .is_big = is_big };
	unsigned char flags;

	if (has_magic(cache.data, len, OLD_MAGIC) &&
	    !find_behind_old(&cache.data, &cache.len, is_big))
		return false;
	if (cache.len < NEW_HEADER || !has_magic(cache.data, cache.len, NEW_MAGIC))
		return false;
	flags = cache.data[NEW_FLAGS_AT];
	if (flags && (flags & FLAGS_ORDER) != (is_big ? FLAGS_BIG : FLAGS_LITTLE))
		return false;
	cache.n_entries = u32(cache.data + NEW_COUNT_AT, is_big);
	if (cache.n_entries > (cache.len - NEW_HEADER) / NEW_ENTRY)
		return false;
	cache.strings_end = cache.len;
	while (cache.strings_end > 0 && cache.data[cache.strings_end - 1] != '\0')
		cache.strings_end--;
	*ret = cache;
	return true;
}

/* A string within the file, ended there; NULL if it is not. */
static const char *string_at(const struct ldcache *cache, uint32_t offset)
{
	return offset < cache->strings_end ? (const char *)cache->data + offset : NULL;
}

static const unsigned char *entry_at(const struct ldcache *cache, size_t i)
{
	return cache->data + NEW_HEADER + i * NEW_ENTRY;
}

static const char *key_at(const struct ldcache *cache, size_t i)
{
	return string_at(cache, u32(entry_at(cache, i) + NEW_KEY_AT, cache->is_big));
}

/* Of its beginning: a hostile cache has one long string for all entries. */
static uint32_t hash_key(const char *key)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < HASHED_MAX && key[i]; i++)
		hash = (hash ^ (unsigned char)key[i]) * 16777619u;
	return hash ^ hash >> 15;
}

int ldcache_index(struct ldcache *cache, struct arena *arena)
{
	size_t n = 16;

	while (n < cache->n_entries)
		n *= 2;
	cache->buckets = arena_alloc(arena, n, sizeof(*cache->buckets));
	cache->following = arena_alloc(arena, cache->n_entries, sizeof(*cache->following));
	if (!cache->buckets || !cache->following)
		return -ENOMEM;
	cache->n_buckets = n;
	/* From the last one on, so that they follow each other as they are in the file. */
	for (size_t i = cache->n_entries; i-- > 0;) {
		const char *key = key_at(cache, i);
		uint32_t *bucket = key ? &cache->buckets[hash_key(key) % n] : NULL;

		if (!key)
			continue;
		cache->following[i] = *bucket;
		*bucket = (uint32_t)i + 1;
	}
	return 0;
}

/* The entry to try after @position, from 1; 0: none. */
static size_t next_try(const struct ldcache *cache, const char *name, size_t position)
{
	if (!cache->n_buckets)
		return position < cache->n_entries ? position + 1 : 0;
	return position ? cache->following[position - 1]
			: cache->buckets[hash_key(name) % cache->n_buckets];
}

bool ldcache_next(const struct ldcache *cache, const char *name, size_t *position,
		  struct ldcache_entry *ret)
{
	size_t at;

	while ((at = next_try(cache, name, *position))) {
		const unsigned char *entry = entry_at(cache, at - 1);
		const char *key = key_at(cache, at - 1), *path;

		*position = at;
		if (!key || !streq(key, name))
			continue;
		path = string_at(cache, u32(entry + NEW_PATH_AT, cache->is_big));
		if (!path)
			continue;
		*ret = (struct ldcache_entry){
			.path = path,
			.flags = u32(entry, cache->is_big),
			.conditional = u32(entry + NEW_HWCAP_AT, cache->is_big) ||
				       u32(entry + NEW_HWCAP_AT + 4, cache->is_big),
		};
		return true;
	}
	return false;
}
