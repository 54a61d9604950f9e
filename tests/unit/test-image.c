/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the tar reader and of the merged index, with archives of tar(1) and made byte by byte. */
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "image/index.h"
#include "test.h"

static ssize_t read_fd(void *source, uint64_t offset, void *buf, size_t len)
{
	const ssize_t n = pread(*(int *)source, buf, len, (off_t)offset);

	return n < 0 ? -errno : n;
}

/* ---- archives made by tar(1) ---- */

static char place[] = "/tmp/hw-test-image-XXXXXX";

/* A tree with what tar has to say in several ways: long names, links, owners, modes. */
static const char tree[] = "set -e; umask 022; mkdir -p tree/etc tree/usr/bin tree/empty; cd tree;"
			   "printf 'root:x:0:0' >etc/passwd; chmod 4755 etc/passwd;"
			   "printf 'sh' >usr/bin/sh; ln usr/bin/sh usr/bin/ash; ln -s usr/bin bin;"
			   "ln -s /etc/passwd usr/absolute; mkfifo usr/pipe; chmod 1777 empty;"
			   "d=usr/$(printf '%080d' 1)/$(printf '%080d' 2); mkdir -p $d;"
			   "printf long >$d/name; ln -s $(printf '%0150d' 3) $d/link";

static const struct index *walked;
static char differs[256];

static void differ(const char *path, const char *what)
{
	if (!differs[0])
		snprintf(differs, sizeof(differs), "%s: %s", path, what);
}

static uint32_t look_up(const struct index *x, const char *path)
{
	uint32_t at = INDEX_ROOT;

	for (const char *p = path; at != INDEX_NONE && *p;) {
		const size_t len = strcspn(p, "/");

		if (len > 0)
			at = index_child(x, at, p, len);
		p += len + (p[len] == '/');
	}
	return at;
}

static size_t seen;

static int compare(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const uint32_t at = look_up(walked, path + strlen("tree"));
	const struct index_object *o;
	char link[512];
	ssize_t n;

	(void)type;
	(void)ftw;
	seen++;
	if (at == INDEX_NONE) {
		differ(path, "is not in the index");
		return 0;
	}
	o = index_object(walked, at);
	if (o->mode != st->st_mode || o->uid != st->st_uid || o->gid != st->st_gid)
		differ(path, "mode or owner");
	if (S_ISREG(st->st_mode) && o->size != (uint64_t)st->st_size)
		differ(path, "size");
	if (!S_ISLNK(st->st_mode))
		return 0;
	n = readlink(path, link, sizeof(link) - 1);
	link[n < 0 ? 0 : n] = '\0';
	if (!o->link || strcmp(o->link, link) != 0)
		differ(path, "target of the link");
	return 0;
}

static struct index *index_of(const char *file)
{
	struct hw_error err = { 0 };
	struct index *x = index_new(&err);
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct tar tar;
	int result;

	CHECK(x && fd >= 0);
	tar_init(&tar, file, read_fd, &fd);
	result = index_add_layer(x, &tar, &err);
	tar_done(&tar);
	close(fd);
	if (result < 0)
		FAIL("%s: %s", file, err.message);
	return x;
}

static void check_format(const char *command)
{
	struct index *x;
	char byte[4];
	int fd;

	CHECK_INT(system(command), 0);
	walked = x = index_of("layer.tar");
	differs[0] = '\0';
	seen = 0;
	CHECK_INT(nftw("tree", compare, 8, FTW_PHYS), 0);
	CHECK_STR(differs, "");
	CHECK_INT(index_count(x), seen);
	/* Hard links share an object, and the bytes are where it says. */
	CHECK(index_object(x, look_up(x, "usr/bin/sh")) ==
	      index_object(x, look_up(x, "usr/bin/ash")));
	fd = open("layer.tar", O_RDONLY | O_CLOEXEC);
	CHECK_INT(pread(fd, byte, 4, (off_t)index_object(x, look_up(x, "etc/passwd"))->offset), 4);
	close(fd);
	CHECK(memcmp(byte, "root", 4) == 0);
	index_free(x);
}

static void test_tar_gnu(void)
{
	check_format("tar --format=gnu -cf layer.tar -C tree .");
}

static void test_tar_pax(void)
{
	check_format("tar --format=pax -cf layer.tar -C tree .");
}

static void test_tar_sparse(void)
{
	struct index *x;

	/* Four pieces are in the header, so that 40 need more blocks of the map. */
	CHECK_INT(system("for i in $(seq 40); do truncate -s ${i}M holes; echo x >>holes; done; "
			 "tar -S --format=gnu -cf sparse.tar holes -C tree etc"),
		  0);
	x = index_of("sparse.tar");
	CHECK(index_object(x, look_up(x, "holes"))->is_sparse);
	CHECK(look_up(x, "etc/passwd") != INDEX_NONE);
	index_free(x);
}

/* ---- layers made byte by byte ---- */

/* An entry: type, name, link. The name of a type "L" is the contents. */
struct made {
	char type;
	const char *name, *link;
};

struct bytes {
	unsigned char data[65536];
	size_t len;
};

static ssize_t read_bytes(void *source, uint64_t offset, void *buf, size_t len)
{
	const struct bytes *b = source;

	if (offset >= b->len)
		return 0;
	if (len > b->len - offset)
		len = b->len - offset;
	memcpy(buf, b->data + offset, len);
	return (ssize_t)len;
}

static void add(struct bytes *b, const struct made *m)
{
	unsigned char *h = b->data + b->len;
	unsigned sum = 8 * ' ';

	memset(h, 0, 512);
	snprintf((char *)h, 100, "%s", m->name);
	snprintf((char *)h + 100, 8, "%07o", m->type == '5' ? 0755 : 0644);
	memcpy(h + 108, "0000000\0000000000\00000000000000", 28);
	h[156] = (unsigned char)m->type;
	if (m->link)
		snprintf((char *)h + 157, 100, "%s", m->link);
	memcpy(h + 257, "ustar\00000", 8);
	for (size_t i = 0; i < 512; i++)
		sum += h[i];
	snprintf((char *)h + 148, 8, "%06o", sum);
	b->len += 512;
}

#define LAYERS	2
#define ENTRIES 5

static int build(const struct made (*layers)[ENTRIES], struct index *x, struct hw_error *err)
{
	int result = 0;

	for (size_t l = 0; l < LAYERS && result == 0; l++) {
		struct bytes b = { .len = 0 };
		struct tar tar;

		for (size_t i = 0; i < ENTRIES && layers[l][i].name; i++)
			add(&b, &layers[l][i]);
		tar_init(&tar, "layer", read_bytes, &b);
		result = index_add_layer(x, &tar, err);
		tar_done(&tar);
	}
	return result;
}

static void list(const struct index *x, uint32_t at, const char *path, char *out, size_t size)
{
	char below[256];

	for (uint32_t i = index_node(x, at)->child; i != INDEX_NONE; i = index_node(x, i)->next) {
		snprintf(below, sizeof(below), "%s/%s", path, index_node(x, i)->name);
		snprintf(out + strlen(out), size - strlen(out), "%s%c ", below,
			 "-dl"[S_ISDIR(index_object(x, i)->mode)
				       ? 1
				       : 2 * S_ISLNK(index_object(x, i)->mode)]);
		list(x, i, below, out, size);
	}
}

/* What two layers make: the names (newest first, as they are kept), or why it is refused. */
static const struct {
	const char *what;
	struct made layers[LAYERS][ENTRIES];
	const char *expected;
} merges[] = {
	{ "a file over a file", { { { '0', "a", 0 } }, { { '2', "a", "b" } } }, "/al " },
	{ "a directory over a directory keeps",
	  { { { '5', "a/", 0 }, { '0', "a/x", 0 } }, { { '5', "./a", 0 }, { '0', "/a/y", 0 } } },
	  "/ad /a/y- /a/x- " },
	{ "a file over a directory", { { { '0', "a/x", 0 } }, { { '0', "a", 0 } } }, "/a- " },
	{ "a whiteout",
	  { { { '0', "a/x", 0 }, { '0', "a/y", 0 } }, { { '0', "a/.wh.x", 0 } } },
	  "/ad /a/y- " },
	{ "a whiteout spares its own layer",
	  { { { '0', "x", 0 } }, { { '0', "x", 0 }, { '0', ".wh.x", 0 } } },
	  "/x- " },
	{ "a whiteout of a directory that the layer makes anew",
	  { { { '0', "a/old", 0 } }, { { '0', "a/new", 0 }, { '0', ".wh.a", 0 } } },
	  "/ad /a/new- " },
	{ "a whiteout of nothing", { { { '0', ".wh.x", 0 } }, { { '0', "y", 0 } } }, "/y- " },
	{ "an opaque directory",
	  { { { '0', "a/b/old", 0 } }, { { '0', "a/.wh..wh..opq", 0 } } },
	  "/ad " },
	{ "an opaque directory, after its entries",
	  { { { '0', "a/b/old", 0 }, { '0', "a/c", 0 } },
	    { { '0', "a/b/new", 0 }, { '0', "a/.wh..wh..opq", 0 } } },
	  "/ad /a/bd /a/b/new- " },
	{ "an opaque directory twice",
	  { { { '0', "a/old", 0 } },
	    { { '0', "a/.wh..wh..opq", 0 }, { '0', "a/new", 0 }, { '0', "a/.wh..wh..opq", 0 } } },
	  "/ad /a/new- " },
	{ "what aufs kept for itself",
	  { { { '0', ".wh..wh.plnk/1", 0 } }, { { '0', "x", 0 } } },
	  "/x- " },
	{ "a directory in place of a lower link",
	  { { { '2', "lib", "usr/lib" } }, { { '0', "lib/x", 0 } } },
	  "/libd /lib/x- " },
	{ "below a link of the same layer",
	  { { { '2', "a", "/etc" }, { '0', "a/passwd", 0 } } },
	  "has an entry below 'a', which is not a directory in the same layer" },
	{ "out of the image",
	  { { { '0', "a/../../etc/passwd", 0 } } },
	  "has the name 'a/../../etc/passwd', which leads out of the image" },
	{ "a hard link to a hidden file",
	  { { { '0', "x", 0 } }, { { '0', ".wh.x", 0 }, { '1', "y", "x" } } },
	  "has 'y' as a hard link to 'x', which is not a file of the image" },
	{ "a hard link out of the image",
	  { { { '1', "y", "../../etc/shadow" } } },
	  "has 'y' as a hard link to '../../etc/shadow', which is not a file of the image" },
	{ "a hard link to a directory",
	  { { { '5', "d", 0 }, { '1', "y", "d" } } },
	  "has 'y' as a hard link to 'd', which is not a file of the image" },
	{ "a whiteout of ..", { { { '0', ".wh...", 0 } } }, "has a whiteout without a name" },
	{ "a root that is a link",
	  { { { '2', "./", "/etc" } } },
	  "has an entry for '/' that is not a directory" },
	{ "an unknown type",
	  { { { 'Z', "x", 0 } } },
	  "the entry at byte 0 is of an unknown type (0x5a)" },
};

static void test_merge(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(merges); i++) {
		struct hw_error err = { 0 };
		struct index *x = index_new(&err);
		char out[4096] = "";
		int result;

		CHECK(x != NULL);
		result = build(merges[i].layers, x, &err);
		if (result == 0)
			list(x, INDEX_ROOT, "", out, sizeof(out));
		else
			CHECK_INT(result, -EINVAL);
		if (strcmp(result ? err.message : out, merges[i].expected) != 0)
			FAIL("%s: \"%s\"", merges[i].what, result ? err.message : out);
		index_free(x);
	}
}

static void test_truncated(void)
{
	const struct made m = { '0', "x", NULL };
	struct bytes b = { .len = 0 };
	struct hw_error err = { 0 };
	struct tar_entry e;
	struct tar tar;

	add(&b, &m);
	add(&b, &m);
	b.len -= 100;
	tar_init(&tar, "layer", read_bytes, &b);
	CHECK_INT(tar_next(&tar, &e, &err), 1);
	CHECK_INT(tar_next(&tar, &e, &err), -EINVAL);
	CHECK_STR(err.message, "the archive is truncated: it ends in the entry at byte 512");
	b.data[0] ^= 1; /* the sum does not hold */
	tar.at = 0;
	CHECK_INT(tar_next(&tar, &e, &err), -EINVAL);
	CHECK_STR(err.message, "at byte 0 there is not a header of tar");
	tar_done(&tar);
}

/* ---- the size of an image ---- */

static ssize_t read_many(void *source, uint64_t offset, void *buf, size_t len)
{
	const size_t n = *(size_t *)source, i = (size_t)(offset / 512);
	struct bytes b = { .len = 0 };
	char name[64];

	if (i >= n)
		return 0;
	snprintf(name, sizeof(name), "usr/share/%zu/name-of-a-file-%zu", i / 500, i);
	add(&b, &(struct made){ '0', name, NULL });
	memcpy(buf, b.data, len);
	return (ssize_t)len;
}

static void test_memory(void)
{
	struct hw_error err = { 0 };
	struct index *x = index_new(&err);
	size_t n = 50000;
	struct tar tar;

	tar_init(&tar, "layer", read_many, &n);
	CHECK_INT(index_add_layer(x, &tar, &err), 0);
	tar_done(&tar);
	CHECK(index_count(x) > n);
	printf("# %zu entries take %zu KiB\n", n, index_memory(x) / 1024);
	CHECK(index_memory(x) <= (size_t)40 << 20);
	index_free(x);
}

int main(void)
{
	const int start = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (start < 0 || !mkdtemp(place) || chdir(place) < 0 || system(tree) != 0)
		return 1;
	RUN(test_tar_gnu);
	RUN(test_tar_pax);
	RUN(test_tar_sparse);
	RUN(test_merge);
	RUN(test_truncated);
	RUN(test_memory);
	if (system("rm -rf ./*") != 0 || fchdir(start) < 0 || rmdir(place) < 0)
		return 1;
	return DONE();
}
