/* SPDX-License-Identifier: Apache-2.0 */
/* Reading tar: headers, their extensions, names, owners and where contents are. */
#include "image/tar.h"

#include <stdio.h>
#include <sys/stat.h>

#define BLOCK 512

/* The header as POSIX has it; "star" and GNU put other things in the place of @prefix. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
	char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

/* Of GNU's sparse files: "another block of the map follows", in the header and in such a block. */
#define SPARSE_MORE	  482
#define SPARSE_BLOCK_MORE 504

/* What the extended headers before an entry said. */
struct extended {
	char *name, *link;
	bool has_size, has_uid, has_gid, is_sparse;
	uint64_t size, uid, gid;
	unsigned char capability[TAR_CAPABILITY_MAX];
	size_t capability_len;
};

#define REFUSE(tar, err, ...) \
	error_set(err, EINVAL, IN((tar)->path), "build or save the image again", __VA_ARGS__)

void tar_init(struct tar *tar, const char *path, tar_read_fn *read, void *source)
{
	*tar = (struct tar){ .read = read, .source = source, .path = path };
}

void tar_done(struct tar *tar)
{
	if (tar->arena)
		arena_free(tar->arena);
	tar->arena = NULL;
}

static int truncated(const struct tar *tar, struct hw_error *err)
{
	return REFUSE(tar, err, "the archive is truncated: it ends in the entry at byte %llu",
		      (unsigned long long)tar->at);
}

/* Returns 1 if all of @len bytes were read, 0 at the very end. */
static int read_all(struct tar *tar, uint64_t offset, void *buf, size_t len, struct hw_error *err)
{
	const ssize_t n = tar->read(tar->source, offset, buf, len);

	if (n < 0)
		return error_set(err, (int)-n, IN(tar->path), NULL, "cannot be read: %m");
	if (n == 0)
		return 0;
	return (size_t)n == len ? 1 : truncated(tar, err);
}

/* An octal number, or a big-endian one where the first bit is set (GNU). False: neither. */
static bool parse_number(const char *field, size_t len, uint64_t *ret)
{
	const unsigned char *p = (const unsigned char *)field;
	uint64_t value = 0;
	size_t i = 0;

	if (p[0] & 0x80) {
		value = p[0] & 0x7f; /* a negative number has 0x40, and becomes too large */
		for (i = 1; i < len; i++) {
			if (value >> 56)
				return false;
			value = value << 8 | p[i];
		}
		*ret = value;
		return true;
	}
	while (i < len && p[i] == ' ')
		i++;
	for (; i < len && p[i] >= '0' && p[i] <= '7'; i++)
		value = value << 3 | (uint64_t)(p[i] - '0');
	for (; i < len; i++)
		if (p[i] != ' ' && p[i] != '\0')
			return false;
	*ret = value;
	return true;
}

/* A decimal number of pax; "12.5" of a size is not one. */
static bool parse_decimal(const char *s, size_t len, uint64_t *ret)
{
	uint64_t value = 0;

	if (len == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s[i] - '0'), &value))
			return false;
	}
	*ret = value;
	return true;
}

/* Some old programs summed up signed characters. */
static bool checksum_holds(const struct header *h)
{
	const unsigned char *p = (const unsigned char *)h;
	const size_t from = offsetof(struct header, checksum);
	uint64_t expected;
	int64_t sum = 0, sum_signed = 0;

	if (!parse_number(h->checksum, sizeof(h->checksum), &expected))
		return false;
	for (size_t i = 0; i < BLOCK; i++) {
		const bool own = i >= from && i < from + sizeof(h->checksum);

		sum += own ? ' ' : p[i];
		sum_signed += own ? ' ' : (signed char)p[i];
	}
	return (uint64_t)sum == expected || (uint64_t)sum_signed == expected;
}

static bool is_zero(const struct header *h)
{
	static const char zeros[BLOCK];

	return memcmp(h, zeros, BLOCK) == 0;
}

/* ---- extended headers ---- */

static int keep_name(struct tar *tar, const char *value, size_t len, char **ret,
		     struct hw_error *err)
{
	if (memchr(value, '\0', len))
		return REFUSE(tar, err, "the header at byte %llu has a name with a NUL in it",
			      (unsigned long long)tar->at);
	*ret = arena_strndup(tar->arena, value, len);
	return *ret ? 0 : error_oom(err);
}

static bool key_is(const char *key, size_t len, const char *name)
{
	return len == strlen(name) && memcmp(key, name, len) == 0;
}

struct record_text {
	const char *key, *value;
	size_t key_len, value_len;
};

static bool pax_number(const struct record_text *r, struct extended *x, bool *known)
{
	const struct {
		const char *key;
		uint64_t *value;
		bool *has;
	} numbers[] = {
		{ "size", &x->size, &x->has_size },
		{ "uid", &x->uid, &x->has_uid },
		{ "gid", &x->gid, &x->has_gid },
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!key_is(r->key, r->key_len, numbers[i].key))
			continue;
		*known = true;
		/* "size=" takes back what a header before it said. */
		*numbers[i].has = r->value_len > 0;
		return r->value_len == 0 || parse_decimal(r->value, r->value_len, numbers[i].value);
	}
	return true;
}

static int pax_record(struct tar *tar, const struct record_text *r, struct extended *x,
		      struct hw_error *err)
{
	static const char sparse[] = "GNU.sparse.";
	bool known = false;

	if (!pax_number(r, x, &known))
		return REFUSE(tar, err, "the header at byte %llu has a number that is not one",
			      (unsigned long long)tar->at);
	if (known)
		return 0;
	if (key_is(r->key, r->key_len, "path"))
		return keep_name(tar, r->value, r->value_len, &x->name, err);
	if (key_is(r->key, r->key_len, "linkpath"))
		return keep_name(tar, r->value, r->value_len, &x->link, err);
	if (key_is(r->key, r->key_len, "SCHILY.xattr.security.capability")) {
		if (r->value_len > TAR_CAPABILITY_MAX)
			return REFUSE(tar, err,
				      "the header at byte %llu has a file capability of "
				      "more than %d bytes",
				      (unsigned long long)tar->at, TAR_CAPABILITY_MAX);
		memcpy(x->capability, r->value, r->value_len);
		x->capability_len = r->value_len;
		return 0;
	}
	if (r->key_len > strlen(sparse) && memcmp(r->key, sparse, strlen(sparse)) == 0) {
		x->is_sparse = true;
		if (key_is(r->key, r->key_len, "GNU.sparse.name"))
			return keep_name(tar, r->value, r->value_len, &x->name, err);
	}
	return 0;
}

/* "25 path=...\n": the number counts all of it. Returns its length, 0 if it is not a record. */
static size_t pax_split(const char *p, size_t left, struct record_text *ret)
{
	const char *blank = memchr(p, ' ', left), *equals;
	uint64_t len;

	if (!blank || !parse_decimal(p, (size_t)(blank - p), &len) || len > left)
		return 0;
	if (len < (size_t)(blank - p) + 3 || p[len - 1] != '\n')
		return 0;
	ret->key = blank + 1;
	equals = memchr(ret->key, '=', (size_t)(p + len - ret->key));
	if (!equals || equals == ret->key)
		return 0;
	ret->key_len = (size_t)(equals - ret->key);
	ret->value = equals + 1;
	ret->value_len = (size_t)(p + len - 1 - ret->value);
	return len;
}

static int parse_pax(struct tar *tar, const char *data, size_t size, struct extended *x,
		     struct hw_error *err)
{
	while (size > 0) {
		struct record_text r;
		const size_t len = pax_split(data, size, &r);
		int result;

		if (len == 0)
			return REFUSE(tar, err, "the pax header at byte %llu is malformed",
				      (unsigned long long)tar->at);
		result = pax_record(tar, &r, x, err);
		if (result < 0)
			return result;
		data += len;
		size -= len;
	}
	return 0;
}

static uint64_t padded(uint64_t size)
{
	return (size + BLOCK - 1) / BLOCK * BLOCK;
}

static int read_extended(struct tar *tar, char type, uint64_t size, struct extended *x,
			 struct hw_error *err)
{
	auto_free char *data = NULL;
	int result;

	if (size > TAR_EXTENDED_MAX)
		return REFUSE(tar, err, "the header at byte %llu takes more than %llu bytes",
			      (unsigned long long)tar->at, (unsigned long long)TAR_EXTENDED_MAX);
	data = calloc(1, (size_t)size + 1);
	if (!data)
		return error_oom(err);
	if (size > 0) {
		result = read_all(tar, tar->at + BLOCK, data, (size_t)size, err);
		if (result <= 0)
			return result < 0 ? result : truncated(tar, err);
	}
	if (type == 'x')
		result = parse_pax(tar, data, (size_t)size, x, err);
	else /* a GNU long name ends at its NUL */
		result = keep_name(tar, data, strlen(data), type == 'L' ? &x->name : &x->link, err);
	if (result == 0)
		tar->at += BLOCK + padded(size);
	return result;
}

/* ---- entries ---- */

static const struct type {
	char type;
	bool has_content, has_link;
	uint32_t mode;
} types[] = {
	{ '0', true, false, S_IFREG },	{ '\0', true, false, S_IFREG },
	{ 'S', true, false, S_IFREG },	{ '1', false, true, 0 },
	{ '2', false, true, S_IFLNK },	{ '3', false, false, S_IFCHR },
	{ '4', false, false, S_IFBLK }, { '5', false, false, S_IFDIR },
	{ '6', false, false, S_IFIFO },
};

static const struct type *find_type(char type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].type == type)
			return &types[i];
	return NULL;
}

/* A field of fixed length, which ends with a NUL only if there is room for it. */
static char *field(struct tar *tar, const char *s, size_t size)
{
	return arena_strndup(tar->arena, s, strnlen(s, size));
}

static char *header_name(struct tar *tar, const struct header *h)
{
	char *name = field(tar, h->name, sizeof(h->name));
	char *prefix;

	/* GNU's magic is "ustar " and has no prefix; "star" has one of 131 bytes. */
	if (!name || memcmp(h->magic, "ustar", sizeof(h->magic)) != 0 || !h->prefix[0])
		return name;
	prefix = field(tar, h->prefix, memcmp(h->rest + 8, "tar", 4) == 0 ? 131 : 155);
	return prefix ? arena_join(tar->arena, prefix, "/", name) : NULL;
}

static bool take_owner(const struct header *h, const struct extended *x, struct tar_entry *e)
{
	uint64_t uid = x->uid, gid = x->gid, mode;

	if ((!x->has_uid && !parse_number(h->uid, sizeof(h->uid), &uid)) ||
	    (!x->has_gid && !parse_number(h->gid, sizeof(h->gid), &gid)) ||
	    !parse_number(h->mode, sizeof(h->mode), &mode))
		return false;
	e->uid = (uint32_t)uid;
	e->gid = (uint32_t)gid;
	e->mode |= (uint32_t)mode & 07777;
	return uid < UINT32_MAX && gid < UINT32_MAX;
}

static int take_names(struct tar *tar, const struct header *h, const struct type *type,
		      const struct extended *x, struct tar_entry *e, struct hw_error *err)
{
	e->name = x->name ? x->name : header_name(tar, h);
	if (type->has_link)
		e->link = x->link ? x->link : field(tar, h->link, sizeof(h->link));
	if (!e->name || (type->has_link && !e->link))
		return error_oom(err);
	/* v7 had no type for directories. */
	if (type->type == '\0' && e->name[0] && e->name[strlen(e->name) - 1] == '/')
		e->mode = (e->mode & 07777) | S_IFDIR;
	return 0;
}

/* The blocks between the header of a sparse file and its bytes. */
static int skip_sparse_map(struct tar *tar, const struct header *h, uint64_t *data,
			   struct hw_error *err)
{
	bool more = ((const char *)h)[SPARSE_MORE];

	while (more) {
		char block[BLOCK];
		const int result = read_all(tar, *data, block, BLOCK, err);

		if (result <= 0)
			return result < 0 ? result : truncated(tar, err);
		*data += BLOCK;
		more = block[SPARSE_BLOCK_MORE];
	}
	return 0;
}

/* Where its bytes are; tar->at is then that of the next header. */
static int take_content(struct tar *tar, const struct header *h, const struct type *type,
			const struct extended *x, struct tar_entry *e, struct hw_error *err)
{
	uint64_t data = tar->at + BLOCK, size = x->size;
	char last;
	int result;

	if (!type->has_content) {
		tar->at = data; /* whatever its size is: Go's library has none for these */
		return 0;
	}
	if ((!x->has_size && !parse_number(h->size, sizeof(h->size), &size)) || size >> 62)
		return REFUSE(tar, err, "the entry at byte %llu has a size that is not a number",
			      (unsigned long long)tar->at);
	e->is_sparse = x->is_sparse || type->type == 'S';
	if (type->type == 'S') {
		result = skip_sparse_map(tar, h, &data, err);
		if (result < 0)
			return result;
	}
	if (size > 0) {
		result = read_all(tar, data + size - 1, &last, 1, err);
		if (result <= 0)
			return result < 0 ? result : truncated(tar, err);
	}
	e->offset = data;
	e->size = size;
	tar->at = data + padded(size);
	return 0;
}

static int take_entry(struct tar *tar, const struct header *h, const struct extended *x,
		      struct tar_entry *ret, struct hw_error *err)
{
	const struct type *type = find_type(h->type);
	struct tar_entry e = { 0 };
	int result;

	if (!type)
		return REFUSE(tar, err, "the entry at byte %llu is of an unknown type (0x%02x)",
			      (unsigned long long)tar->at, (unsigned char)h->type);
	e.mode = type->mode;
	e.is_hard_link = type->type == '1';
	if (!take_owner(h, x, &e))
		return REFUSE(tar, err,
			      "the entry at byte %llu has an owner or a mode that is "
			      "not a number",
			      (unsigned long long)tar->at);
	result = take_names(tar, h, type, x, &e, err);
	if (result == 0)
		result = take_content(tar, h, type, x, &e, err);
	if (result < 0)
		return result;
	memcpy(e.capability, x->capability, x->capability_len);
	e.capability_len = x->capability_len;
	*ret = e;
	return 1;
}

/* One zero block and the end, or two of them; what follows two is not looked at. */
static int take_end(struct tar *tar, struct hw_error *err)
{
	struct header h;
	const int result = read_all(tar, tar->at + BLOCK, &h, BLOCK, err);

	if (result <= 0 || is_zero(&h))
		return result < 0 ? result : 0;
	return REFUSE(tar, err, "at byte %llu entries follow a block of zeros",
		      (unsigned long long)tar->at);
}

int tar_next(struct tar *tar, struct tar_entry *ret, struct hw_error *err)
{
	struct extended x = { 0 };
	struct header h;
	uint64_t size;

	tar_done(tar);
	tar->arena = arena_new();
	if (!tar->arena)
		return error_oom(err);
	/* Extended headers keep to TAR_EXTENDED_MAX together, or a run of them fills the memory. */
	for (uint64_t from = tar->at; tar->at - from <= TAR_EXTENDED_MAX + UINT64_C(2) * BLOCK;) {
		int result = read_all(tar, tar->at, &h, BLOCK, err);

		if (result < 0)
			return result;
		if (result == 0) /* an extended header without its entry is cut off */
			return tar->at == from ? 0 : truncated(tar, err);
		if (is_zero(&h))
			return take_end(tar, err);
		if (!checksum_holds(&h))
			return REFUSE(tar, err, "at byte %llu there is not a header of tar",
				      (unsigned long long)tar->at);
		if (!h.type || !strchr("xgLK", h.type))
			return take_entry(tar, &h, &x, ret, err);
		if (!parse_number(h.size, sizeof(h.size), &size) || size >> 62)
			return REFUSE(tar, err,
				      "the header at byte %llu has a size that is not a "
				      "number",
				      (unsigned long long)tar->at);
		if (h.type == 'g') {
			tar->at += BLOCK + padded(size);
			continue;
		}
		result = read_extended(tar, h.type, size, &x, err);
		if (result < 0)
			return result;
	}
	return REFUSE(tar, err, "before byte %llu are too many headers without an entry",
		      (unsigned long long)tar->at);
}
