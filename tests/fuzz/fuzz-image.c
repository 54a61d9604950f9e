/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as two layers of an image, of which the second begins in the middle: what is accepted
 * is a tree whose names are single components and whose bytes lie within the archive.
 */
#include <sys/stat.h>

#include "fuzz.h"
#include "image/index.h"

struct bytes {
	const uint8_t *data;
	size_t len;
};

static ssize_t read_bytes(void *source, uint64_t offset, void *buf, size_t len)
{
	const struct bytes *b = source;

	if (offset >= b->len)
		return 0;
	if (len > b->len - offset)
		len = (size_t)(b->len - offset);
	memcpy(buf, b->data + offset, len);
	return (ssize_t)len;
}

static void check_children(const struct index *x, uint32_t dir, const struct bytes *layers)
{
	for (uint32_t i = index_node(x, dir)->child; i != INDEX_NONE; i = index_node(x, i)->next) {
		const struct index_node *node = index_node(x, i);
		const struct index_object *o = index_object(x, i);

		REQUIRE(node->parent == dir && *node->name && !strchr(node->name, '/'));
		REQUIRE(!streq(node->name, ".") && !streq(node->name, ".."));
		REQUIRE(index_child(x, dir, node->name, strlen(node->name)) == i);
		REQUIRE(o->size <= layers[o->layer].len);
		REQUIRE(o->offset <= layers[o->layer].len - o->size);
		REQUIRE(S_ISDIR(o->mode) || node->child == INDEX_NONE);
		check_children(x, i, layers);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t half = size / 1024 * 512;
	struct bytes layers[] = { { data, half }, { data + half, size - half } };
	CLEANUP(index_freep) struct index *x = index_new(NULL);
	int result = x ? 0 : -ENOMEM;

	for (size_t i = 0; i < ARRAY_SIZE(layers) && result == 0; i++) {
		struct tar tar;

		tar_init(&tar, "layer", read_bytes, &layers[i]);
		result = index_add_layer(x, &tar, NULL);
		tar_done(&tar);
	}
	if (result == 0)
		check_children(x, INDEX_ROOT, layers);
	return 0;
}
