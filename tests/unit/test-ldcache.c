/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of reading ld.so.cache, with caches built by hand. */
#include <fcntl.h>
#include <stdio.h>

#include "base/fs.h"
#include "program/ld/cache.h"
#include "test.h"

/* A cache put together by hand. Offsets of the new format count from its own header. */
struct made {
	unsigned char data[1024];
	size_t len;
	bool is_big;
};

static void put32(struct made *m, size_t at, uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		m->data[at + i] = (unsigned char)(value >> (m->is_big ? 24 - 8 * i : 8 * i));
}

struct line {
	const char *name, *path;
	uint32_t flags;
	uint32_t hwcap;
};

static void make_new(struct made *m, const struct line *lines, size_t n, unsigned char flags)
{
	const size_t start = m->len;
	size_t strings = 48 + 24 * n;

	memcpy(m->data + start, "glibc-ld.so.cache1.1", 20);
	put32(m, start + 20, (uint32_t)n);
	m->data[start + 28] = flags;
	for (size_t i = 0; i < n; i++) {
		const size_t entry = start + 48 + 24 * i;

		put32(m, entry, lines[i].flags);
		put32(m, entry + 4, (uint32_t)strings);
		memcpy(m->data + start + strings, lines[i].name, strlen(lines[i].name) + 1);
		strings += strlen(lines[i].name) + 1;
		put32(m, entry + 8, (uint32_t)strings);
		memcpy(m->data + start + strings, lines[i].path, strlen(lines[i].path) + 1);
		strings += strlen(lines[i].path) + 1;
		put32(m, entry + (m->is_big ? 20 : 16), lines[i].hwcap);
	}
	m->len = start + strings;
}

static void make_old(struct made *m, uint32_t n, size_t align)
{
	memcpy(m->data, "ld.so-1.7.0", 12);
	put32(m, 12, n);
	m->len = (16 + 12 * (size_t)n + align - 1) / align * align;
}

static const struct line lines[] = {
	{ "libz.so.1", "/lib/v3/libz.so.1", 0x0303, 1 },
	{ "libz.so.1", "/lib/libz.so.1", 0x0303, 0 },
	{ "libz.so.1", "/lib32/libz.so.1", 0x0003, 0 },
	{ "libz.so.12", "/lib/libz.so.12", 0x0303, 0 },
	{ "libc.so.6", "/lib/libc.so.6", 0x0303, 0 },
};

/* Everything that the cache says of @name: "PATH FLAGS[?]; " for each entry. */
static const char *all(const struct ldcache *cache, const char *name)
{
	static char text[1024];
	struct ldcache_entry entry;
	size_t position = 0, len = 0;

	text[0] = '\0';
	while (ldcache_next(cache, name, &position, &entry) && len < sizeof(text) - 100)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s %04x%s; ", entry.path,
					entry.flags, entry.conditional ? "?" : "");
	return text;
}

static void entries_are_found_by_whole_names(void)
{
	for (int is_big = 0; is_big <= 1; is_big++) {
		struct made m = { .is_big = is_big };
		struct ldcache cache;

		make_new(&m, lines, ARRAY_SIZE(lines), is_big ? 3 : 2);
		CHECK(ldcache_parse(m.data, m.len, is_big, &cache));
		CHECK_STR(all(&cache, "libz.so.1"),
			  "/lib/v3/libz.so.1 0303?; /lib/libz.so.1 0303; /lib32/libz.so.1 0003; ");
		CHECK_STR(all(&cache, "libc.so.6"), "/lib/libc.so.6 0303; ");
		CHECK_STR(all(&cache, "libz.so"), "");
		CHECK_STR(all(&cache, "z.so.1"), "");
		CHECK_STR(all(&cache, ""), "");
	}
}

static void the_byte_order_must_be_the_machines(void)
{
	static const struct {
		unsigned char flags;
		bool is_big, want;
	} rows[] = {
		{ 0, false, true }, { 2, false, true }, { 3, false, false }, { 1, false, false },
		{ 3, true, true },  { 2, true, false }, { 0, true, true },   { 6, false, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct made m = { .is_big = rows[i].is_big };
		struct ldcache cache;

		make_new(&m, lines, 1, rows[i].flags);
		CHECK_INT(ldcache_parse(m.data, m.len, rows[i].is_big, &cache), rows[i].want);
	}
}

static void a_new_cache_is_found_behind_an_old_one(void)
{
	static const struct {
		uint32_t n;
		size_t align;
	} rows[] = { { 0, 8 }, { 1, 8 }, { 1, 4 }, { 2, 8 }, { 3, 4 }, { 7, 8 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct made m = { .is_big = false };
		struct ldcache cache;

		make_old(&m, rows[i].n, rows[i].align);
		make_new(&m, lines, ARRAY_SIZE(lines), 2);
		CHECK(ldcache_parse(m.data, m.len, false, &cache));
		CHECK_STR(all(&cache, "libc.so.6"), "/lib/libc.so.6 0303; ");
	}
}

static void what_is_no_cache_is_refused(void)
{
	struct made m = { .is_big = false };
	struct ldcache cache;

	CHECK(!ldcache_parse("", 0, false, &cache));
	CHECK(!ldcache_parse("glibc-ld.so.cache1.1", 20, false, &cache));
	make_old(&m, 3, 8);
	CHECK(!ldcache_parse(m.data, m.len, false, &cache));
	put32(&m, 12, UINT32_MAX);
	CHECK(!ldcache_parse(m.data, m.len, false, &cache));
	m = (struct made){ .is_big = false };
	make_new(&m, lines, 1, 2);
	m.data[19] = '2'; /* another version */
	CHECK(!ldcache_parse(m.data, m.len, false, &cache));
	m.data[19] = '1';
	CHECK(ldcache_parse(m.data, m.len, false, &cache));
	put32(&m, 20, 3); /* more entries than there is room for */
	CHECK(!ldcache_parse(m.data, m.len, false, &cache));
	put32(&m, 20, UINT32_MAX);
	CHECK(!ldcache_parse(m.data, m.len, false, &cache));
}

static void offsets_outside_are_passed_over(void)
{
	static const uint32_t wrong[] = { UINT32_MAX, 1023, 300, 0x80000000 };

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct made m = { .is_big = false };
		struct ldcache cache;

		make_new(&m, lines, ARRAY_SIZE(lines), 2);
		put32(&m, 48 + 24 * 1 + 4, wrong[i]); /* the key of the second */
		put32(&m, 48 + 24 * 2 + 8, wrong[i]); /* the path of the third */
		CHECK(ldcache_parse(m.data, m.len, false, &cache));
		CHECK_STR(all(&cache, "libz.so.1"), "/lib/v3/libz.so.1 0303?; ");
	}
}

static void a_path_without_an_end_is_passed_over(void)
{
	struct made m = { .is_big = false };
	struct ldcache cache;

	make_new(&m, lines, ARRAY_SIZE(lines), 2);
	CHECK(ldcache_parse(m.data, m.len - 1, false, &cache));
	CHECK_STR(all(&cache, "libc.so.6"), "");
	CHECK_STR(all(&cache, "libz.so.12"), "/lib/libz.so.12 0303; ");
}

/* The copy is as long as the prefix, so that a sanitizer sees a read beyond it. */
static void every_prefix_is_safe(void)
{
	struct made m = { .is_big = false };

	make_old(&m, 2, 8);
	make_new(&m, lines, ARRAY_SIZE(lines), 2);
	for (size_t len = 0; len <= m.len; len++) {
		auto_free unsigned char *prefix = malloc(len ? len : 1);
		struct ldcache cache;

		CHECK(prefix != NULL);
		memcpy(prefix, m.data, len);
		if (ldcache_parse(prefix, len, false, &cache))
			CHECK(strlen(all(&cache, "libc.so.6")) <= strlen("/lib/libc.so.6 0303; "));
	}
}

static void a_cache_of_the_real_ldconfig_is_read(void)
{
	static const char script[] =
		"cd %s && mkdir -p etc lib && echo /lib >etc/ld.so.conf &&"
		"echo 'int f(void) { return 0; }' >f.c &&"
		"${CC:-cc} -w -shared -fPIC -Wl,-soname,libfoo.so.7 -o lib/libfoo.so.7.1 f.c &&"
		"PATH=$PATH:/sbin:/usr/sbin ldconfig -r . 2>/dev/null";
	char dir[] = "/tmp/test-ldcache.XXXXXX", command[1024], path[64];
	auto_free char *data = NULL;
	struct ldcache cache;
	bool is_there;
	size_t len;
	int made, r = -1;

	if (system("PATH=$PATH:/sbin:/usr/sbin command -v ldconfig >/dev/null") != 0)
		SKIP("ldconfig is not installed");
	CHECK(mkdtemp(dir) != NULL);
	snprintf(command, sizeof(command), script, dir);
	snprintf(path, sizeof(path), "%s/etc/ld.so.cache", dir);
	made = system(command);
	if (made == 0)
		r = fs_read_file(AT_FDCWD, path, 0, path, LDCACHE_MAX, &data, &len, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK_INT(system(command), 0);
	CHECK_INT(made, 0);
	CHECK_INT(r, 0);
	CHECK(ldcache_parse(data, len, __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, &cache));
	is_there = starts_with(all(&cache, "libfoo.so.7"), "/lib/libfoo.so.7 ");
	CHECK(is_there);
	CHECK_STR(all(&cache, "libfoo.so.7.1"), "");
}

/* In the same order as by walking, whatever the offsets; long names have one hash. */
static void an_index_finds_the_same(void)
{
	static const char *const names[] = { "libc.so.6", "libz.so.1", "liba.so", "", "nothing" };
	struct made m = { .is_big = false };
	struct arena *arena = arena_new();
	struct ldcache plain, indexed;

	make_old(&m, 2, 8);
	make_new(&m, lines, ARRAY_SIZE(lines), 2);
	CHECK(arena != NULL);
	CHECK(ldcache_parse(m.data, m.len, false, &plain));
	indexed = plain;
	CHECK_INT(ldcache_index(&indexed, arena), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *want = strdup(all(&plain, names[i]));

		CHECK(want != NULL);
		CHECK_STR(all(&indexed, names[i]), want);
		free(want);
	}
	CHECK(*all(&indexed, "libc.so.6") != '\0');
	arena_free(arena);
}

int main(void)
{
	RUN(entries_are_found_by_whole_names);
	RUN(the_byte_order_must_be_the_machines);
	RUN(a_new_cache_is_found_behind_an_old_one);
	RUN(what_is_no_cache_is_refused);
	RUN(offsets_outside_are_passed_over);
	RUN(a_path_without_an_end_is_passed_over);
	RUN(every_prefix_is_safe);
	RUN(an_index_finds_the_same);
	RUN(a_cache_of_the_real_ldconfig_is_read);
	return DONE();
}
