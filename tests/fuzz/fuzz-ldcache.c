/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as /etc/ld.so.cache: results are inside of the file, and the search ends. */
#include "fuzz.h"
#include "program/ld/cache.h"

static void expect(bool what)
{
	if (!what)
		__builtin_trap();
}

static void check_name(const struct ldcache *cache, const char *name, const uint8_t *data,
		       size_t size)
{
	struct ldcache_entry entry;
	size_t position = 0, found = 0;

	while (ldcache_next(cache, name, &position, &entry)) {
		const uint8_t *path = (const uint8_t *)entry.path;

		expect(path >= data && path < data + size);
		expect(memchr(path, '\0', (size_t)(data + size - path)) != NULL);
		expect(++found <= cache->n_entries && position <= cache->n_entries);
	}
	expect(position == cache->n_entries);
}

/* An index changes nothing but the time it takes. */
static void check_index(const struct ldcache *cache, const char *name)
{
	struct arena *arena = arena_new();
	struct ldcache indexed = *cache;
	struct ldcache_entry a, b;
	size_t at = 0, indexed_at = 0;
	bool more = arena && ldcache_index(&indexed, arena) == 0;

	while (more) {
		more = ldcache_next(cache, name, &at, &a);
		expect(ldcache_next(&indexed, name, &indexed_at, &b) == more);
		expect(!more || (a.path == b.path && a.flags == b.flags && at == indexed_at));
	}
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "libc.so.6", "libz.so.1", "a", "" };

	for (int is_big = 0; is_big <= 1; is_big++) {
		struct ldcache cache;

		if (!ldcache_parse(data, size, is_big, &cache))
			continue;
		expect(cache.data >= data && cache.data + cache.len == data + size);
		expect(cache.n_entries <= size / 24);
		for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
			check_name(&cache, names[i], data, size);
			check_index(&cache, names[i]);
		}
	}
	return 0;
}
