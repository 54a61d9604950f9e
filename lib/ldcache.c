/* SPDX-License-Identifier: Apache-2.0 */
#include "ldcache.h"

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
	*ret = cache;
	return true;
}

/* A string within the file, ended there; NULL if it is not. */
static const char *string_at(const struct ldcache *cache, uint32_t offset)
{
	const unsigned char *s = cache->data + offset;

	if (offset >= cache->len || !memchr(s, '\0', cache->len - offset))
		return NULL;
	return (const char *)s;
}

bool ldcache_next(const struct ldcache *cache, const char *name, size_t *position,
		  struct ldcache_entry *ret)
{
	const size_t name_len = strlen(name) + 1;

	while (*position < cache->n_entries) {
		const unsigned char *entry = cache->data + NEW_HEADER + *position * NEW_ENTRY;
		const uint32_t key = u32(entry + NEW_KEY_AT, cache->is_big);
		const char *path;

		++*position;
		if (key >= cache->len || cache->len - key < name_len ||
		    memcmp(cache->data + key, name, name_len) != 0)
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
