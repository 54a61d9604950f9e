/* SPDX-License-Identifier: Apache-2.0 */
/* Merging the layers of an image into one tree: names, whiteouts, hard links. */
#include "image/index.h"

#include <limits.h>
#include <sys/stat.h>

#include "base/list.h"

#define WHITEOUT ".wh."
/* What aufs kept for itself, and the mark of a directory that hides all below it. */
#define META   ".wh..wh."
#define OPAQUE ".wh..wh..opq"

struct index {
	struct arena *arena; /* names, links, capabilities */
	struct index_node *nodes;
	struct index_object *objects;
	uint32_t *buckets; /* a power of two of them, at least as many as nodes */
	size_t n_nodes, nodes_capacity, n_objects, objects_capacity, n_buckets;
	uint64_t names, steps;
	uint16_t layer, n_layers;
};

#define REFUSE(tar, err, ...) \
	error_set(err, EINVAL, IN((tar)->path), "build the image without this entry", __VA_ARGS__)

static int too_large(const char *path, struct hw_error *err)
{
	return error_set(err, E2BIG, IN(path), "look at a smaller image",
			 "the image has more entries or names than the limit");
}

/* FNV-1a. Who looks for collisions finds them: INDEX_STEPS_MAX bounds what that costs. */
static uint32_t hash(uint32_t parent, const char *name, size_t len)
{
	uint32_t h = 2166136261u ^ (parent * 2654435761u);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	return h ^ h >> 15;
}

static uint32_t *bucket(const struct index *x, uint32_t parent, const char *name, size_t len)
{
	return &x->buckets[hash(parent, name, len) & (x->n_buckets - 1)];
}

static bool is_named(const struct index_node *node, uint32_t parent, const char *name, size_t len)
{
	return node->parent == parent && strncmp(node->name, name, len) == 0 && !node->name[len];
}

/* As index_child(); every name compared is added to @steps. */
static uint32_t find(const struct index *x, uint32_t parent, const char *name, size_t len,
		     uint64_t *steps)
{
	uint32_t at = *bucket(x, parent, name, len);

	while (at != INDEX_NONE && !is_named(&x->nodes[at], parent, name, len)) {
		at = x->nodes[at].chain;
		++*steps;
	}
	return at;
}

uint32_t index_child(const struct index *x, uint32_t parent, const char *name, size_t len)
{
	uint64_t steps = 0;

	return find(x, parent, name, len, &steps);
}

const struct index_node *index_node(const struct index *x, uint32_t node)
{
	return &x->nodes[node];
}

const struct index_object *index_object(const struct index *x, uint32_t node)
{
	return &x->objects[x->nodes[node].object];
}

size_t index_memory(const struct index *x)
{
	return x->nodes_capacity * sizeof(*x->nodes) + x->objects_capacity * sizeof(*x->objects) +
	       x->n_buckets * sizeof(*x->buckets) + (size_t)x->names;
}

uint32_t index_count(const struct index *x)
{
	return (uint32_t)x->n_nodes;
}

/* ---- making and hiding ---- */

static bool grow_buckets(struct index *x)
{
	const size_t n = x->n_buckets ? 2 * x->n_buckets : 1024;
	uint32_t *buckets = malloc(n * sizeof(*buckets));

	if (!buckets)
		return false;
	free(x->buckets);
	x->buckets = buckets;
	x->n_buckets = n;
	memset(buckets, 0xff, n * sizeof(*buckets)); /* INDEX_NONE */
	for (uint32_t i = 1; i < x->n_nodes; i++) {
		struct index_node *node = &x->nodes[i];
		uint32_t *head;

		if (node->parent == INDEX_NONE)
			continue; /* hidden */
		head = bucket(x, node->parent, node->name, strlen(node->name));
		node->chain = *head;
		*head = i;
	}
	return true;
}

static uint32_t new_object(struct index *x)
{
	if (!LIST_ROOM(NULL, x->objects, x->n_objects, x->objects_capacity))
		return INDEX_NONE;
	x->objects[x->n_objects] = (struct index_object){ .layer = x->layer };
	return (uint32_t)x->n_objects++;
}

static char *keep(struct index *x, const char *s, size_t len)
{
	x->names += len + 1;
	return arena_strndup(x->arena, s, len);
}

static void link_node(struct index *x, uint32_t at)
{
	struct index_node *node = &x->nodes[at], *parent = &x->nodes[node->parent];
	uint32_t *head = bucket(x, node->parent, node->name, strlen(node->name));

	node->chain = *head;
	*head = at;
	node->next = parent->child;
	if (node->next != INDEX_NONE)
		x->nodes[node->next].previous = at;
	parent->child = at;
}

/* INDEX_NONE: out of memory. The caller gives the node an object. */
static uint32_t new_node(struct index *x, uint32_t parent, const char *name, size_t len)
{
	char *kept = keep(x, name, len);

	if (!kept || (x->n_nodes >= x->n_buckets && !grow_buckets(x)) ||
	    !LIST_ROOM(NULL, x->nodes, x->n_nodes, x->nodes_capacity))
		return INDEX_NONE;
	x->nodes[x->n_nodes] = (struct index_node){
		.name = kept,
		.parent = parent,
		.child = INDEX_NONE,
		.next = INDEX_NONE,
		.previous = INDEX_NONE,
		.object = INDEX_NONE,
		.layer = x->layer,
	};
	if (parent != INDEX_NONE)
		link_node(x, (uint32_t)x->n_nodes);
	return (uint32_t)x->n_nodes++;
}

/* Take the name out of its directory. Nothing finds what is below it then. */
static void hide(struct index *x, uint32_t at)
{
	struct index_node *node = &x->nodes[at];
	uint32_t *p = bucket(x, node->parent, node->name, strlen(node->name));

	while (*p != at) {
		p = &x->nodes[*p].chain;
		x->steps++;
	}
	*p = node->chain;
	if (node->previous != INDEX_NONE)
		x->nodes[node->previous].next = node->next;
	else
		x->nodes[node->parent].child = node->next;
	if (node->next != INDEX_NONE)
		x->nodes[node->next].previous = node->previous;
	node->parent = INDEX_NONE;
}

static bool is_dir(const struct index *x, uint32_t at)
{
	return S_ISDIR(x->objects[x->nodes[at].object].mode);
}

/*
 * Hide what lower layers have below the directory @at. Each directory is looked through once in a
 * layer, since what comes into it later is of this layer; so many marks cost no more than one.
 * The depth is that of names, which PATH_MAX bounds.
 */
static void clear_lower(struct index *x, uint32_t at)
{
	uint32_t next;

	if (x->nodes[at].cleared == x->layer + 1)
		return;
	x->nodes[at].cleared = (uint16_t)(x->layer + 1);
	for (uint32_t i = x->nodes[at].child; i != INDEX_NONE; i = next) {
		next = x->nodes[i].next;
		x->steps++;
		if (x->nodes[i].layer != x->layer)
			hide(x, i);
		else if (is_dir(x, i))
			clear_lower(x, i);
	}
}

/* ---- names ---- */

/* The next component of *@p, and its length in *@len. False: there is none. "." is left out. */
static bool next_component(const char **p, size_t *len)
{
	do {
		*p += *len;
		*p += strspn(*p, "/");
		*len = strcspn(*p, "/");
	} while (*len == 1 && **p == '.');
	return *len > 0;
}

static int check_name(const struct tar *tar, const char *name, struct hw_error *err)
{
	const char *p = name;
	size_t len = 0;

	if (strlen(name) >= PATH_MAX)
		return REFUSE(tar, err, "has a name of %zu bytes, which no system unpacks",
			      strlen(name));
	while (next_component(&p, &len)) {
		if (len > NAME_MAX)
			return REFUSE(tar, err, "has a name with a part of %zu bytes", len);
		if (len == 2 && memcmp(p, "..", 2) == 0)
			return REFUSE(tar, err, "has the name '%s', which leads out of the image",
				      name);
	}
	return 0;
}

/* Of aufs's own, and below it. */
static bool is_meta(const char *name)
{
	const char *p = name;
	size_t len = 0;

	while (next_component(&p, &len)) {
		if (strncmp(p, META, strlen(META)) == 0 &&
		    !(len == strlen(OPAQUE) && memcmp(p, OPAQUE, len) == 0))
			return true;
	}
	return false;
}

static int implied_dir(struct index *x, uint32_t parent, const char *name, size_t len,
		       uint32_t *ret, struct hw_error *err)
{
	const uint32_t node = new_node(x, parent, name, len);
	const uint32_t object = node == INDEX_NONE ? INDEX_NONE : new_object(x);

	if (object == INDEX_NONE)
		return error_oom(err);
	x->nodes[node].object = object;
	x->objects[object].mode = S_IFDIR | 0755;
	x->objects[object].is_implied = true;
	*ret = node;
	return 0;
}

/*
 * One step down to the directory that an entry is in. Layers are laid over each other, so what a
 * lower one has as a link or a file gives way to a directory, and is not followed.
 */
static int step_into(struct index *x, const struct tar *tar, uint32_t *at, const char *name,
		     size_t len, struct hw_error *err)
{
	const uint32_t parent = *at;
	uint32_t found = find(x, parent, name, len, &x->steps);

	if (found != INDEX_NONE && is_dir(x, found)) {
		x->nodes[found].layer = x->layer; /* or a mark above it would hide the entry */
		*at = found;
		return 0;
	}
	if (found != INDEX_NONE && x->nodes[found].layer == x->layer)
		return REFUSE(tar, err,
			      "has an entry below '%s', which is not a directory in the "
			      "same layer",
			      x->nodes[found].name);
	if (found != INDEX_NONE)
		hide(x, found);
	return implied_dir(x, parent, name, len, at, err);
}

/* An entry's place: the directory it is in, and its last name; none for the root itself. */
struct place {
	uint32_t parent;
	const char *name;
	size_t len;
};

static int find_place(struct index *x, const struct tar *tar, const char *name, struct place *ret,
		      struct hw_error *err)
{
	const char *p = name;
	size_t len = 0;
	int result = 0;

	*ret = (struct place){ .parent = INDEX_ROOT };
	while (result == 0 && next_component(&p, &len)) {
		if (ret->name)
			result = step_into(x, tar, &ret->parent, ret->name, ret->len, err);
		ret->name = p;
		ret->len = len;
	}
	return result;
}

static uint32_t find_path(struct index *x, const char *name)
{
	uint32_t at = INDEX_ROOT;
	const char *p = name;
	size_t len = 0;

	while (at != INDEX_NONE && next_component(&p, &len))
		at = find(x, at, p, len, &x->steps);
	return at;
}

/* ---- entries ---- */

static int add_whiteout(struct index *x, const struct tar *tar, const struct place *place,
			struct hw_error *err)
{
	const char *name = place->name + strlen(WHITEOUT);
	const size_t len = place->len - strlen(WHITEOUT);
	uint32_t found;

	if (place->len == strlen(OPAQUE) && memcmp(place->name, OPAQUE, place->len) == 0) {
		clear_lower(x, place->parent);
		return 0;
	}
	if (len == 0 || (len <= 2 && memcmp(name, "..", len) == 0))
		return REFUSE(tar, err, "has a whiteout without a name");
	found = find(x, place->parent, name, len, &x->steps);
	if (found == INDEX_NONE)
		return 0;
	if (x->nodes[found].layer != x->layer)
		hide(x, found);
	else if (is_dir(x, found))
		clear_lower(x, found);
	return 0;
}

static int fill_object(struct index *x, const struct tar_entry *e, uint32_t *ret,
		       struct hw_error *err)
{
	const uint32_t at = new_object(x);
	struct index_object *o;

	if (at == INDEX_NONE)
		return error_oom(err);
	o = &x->objects[at];
	o->mode = e->mode;
	o->uid = e->uid;
	o->gid = e->gid;
	o->offset = e->offset;
	o->size = e->size;
	o->is_sparse = e->is_sparse;
	if (e->link) {
		o->link = keep(x, e->link, strlen(e->link));
		if (!o->link)
			return error_oom(err);
	}
	if (e->capability_len > 0) {
		unsigned char *kept = arena_alloc(x->arena, e->capability_len, 1);

		if (!kept)
			return error_oom(err);
		memcpy(kept, e->capability, e->capability_len);
		x->names += e->capability_len;
		o->capability = kept;
		o->capability_len = (uint8_t)e->capability_len;
	}
	*ret = at;
	return 0;
}

/* A hard link has the object that its target has. */
static int find_object(struct index *x, const struct tar *tar, const struct tar_entry *e,
		       uint32_t *ret, struct hw_error *err)
{
	uint32_t target;

	if (!e->is_hard_link)
		return fill_object(x, e, ret, err);
	target = check_name(tar, e->link, err) < 0 ? INDEX_NONE : find_path(x, e->link);
	if (target == INDEX_NONE || is_dir(x, target))
		return REFUSE(tar, err,
			      "has '%s' as a hard link to '%s', which is not a file of "
			      "the image",
			      e->name, e->link);
	*ret = x->nodes[target].object;
	return 0;
}

/* A directory over a directory changes what it is, and keeps what is in it; all else replaces. */
static int put_node(struct index *x, const struct place *place, uint32_t object,
		    struct hw_error *err)
{
	uint32_t at = INDEX_ROOT;

	if (place->name) {
		at = find(x, place->parent, place->name, place->len, &x->steps);
		if (at != INDEX_NONE && !(is_dir(x, at) && S_ISDIR(x->objects[object].mode))) {
			hide(x, at);
			at = INDEX_NONE;
		}
	}
	if (at == INDEX_NONE)
		at = new_node(x, place->parent, place->name, place->len);
	if (at == INDEX_NONE)
		return error_oom(err);
	x->nodes[at].object = object;
	x->nodes[at].layer = x->layer;
	return 0;
}

static int add_entry(struct index *x, const struct tar *tar, const struct tar_entry *e,
		     struct hw_error *err)
{
	struct place place;
	uint32_t object = INDEX_NONE;
	int result = check_name(tar, e->name, err);

	if (result < 0 || is_meta(e->name))
		return result;
	result = find_place(x, tar, e->name, &place, err);
	if (result < 0)
		return result;
	if (place.name && strncmp(place.name, WHITEOUT, strlen(WHITEOUT)) == 0)
		return add_whiteout(x, tar, &place, err);
	if (!place.name && !S_ISDIR(e->mode))
		return REFUSE(tar, err, "has an entry for '/' that is not a directory");
	result = find_object(x, tar, e, &object, err);
	return result < 0 ? result : put_node(x, &place, object, err);
}

int index_add_layer(struct index *x, struct tar *tar, struct hw_error *err)
{
	struct tar_entry e;
	int result;

	if (x->n_layers == UINT16_MAX - 1)
		return too_large(tar->path, err);
	x->layer = x->n_layers++;
	while ((result = tar_next(tar, &e, err)) > 0) {
		result = add_entry(x, tar, &e, err);
		if (result < 0)
			return result;
		if (x->n_nodes > INDEX_ENTRIES_MAX || x->n_objects > INDEX_ENTRIES_MAX ||
		    x->names > INDEX_NAMES_MAX || x->steps > INDEX_STEPS_MAX)
			return too_large(tar->path, err);
	}
	return result;
}

void index_free(struct index *x)
{
	if (!x)
		return;
	if (x->arena)
		arena_free(x->arena);
	free(x->nodes);
	free(x->objects);
	free(x->buckets);
	free(x);
}

struct index *index_new(struct hw_error *err)
{
	CLEANUP(index_freep) struct index *x = calloc(1, sizeof(*x));
	uint32_t root;

	if (x)
		x->arena = arena_new();
	if (!x || !x->arena || implied_dir(x, INDEX_NONE, "", 0, &root, err) < 0) {
		(void)error_oom(err);
		return NULL;
	}
	return TAKE(x);
}
