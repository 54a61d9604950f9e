/* SPDX-License-Identifier: Apache-2.0 */
/* The tree of nodes: what is known about each inspected object. */
#include "base/list.h"
#include "view/internal.h"

/* FNV-1a */
uint32_t hash_name(uint32_t seed, const char *name, size_t len)
{
	uint32_t h = 2166136261u ^ seed;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	return h ^ h >> 15;
}

/* Thousands may be on one place: the way that was gone is remembered, since none is taken away. */
struct node *node_top(struct node *n)
{
	struct node *top = n->top ? n->top : n;

	while (top->covered)
		top = top->covered->root;
	if (top != n)
		n->top = top;
	return top;
}

struct node *node_known(struct view *v, struct node *dir, const char *name, size_t len)
{
	struct node *n;
	size_t others = 0;

	if (!v->n_buckets)
		return NULL;
	for (n = v->buckets[hash_name(dir->id, name, len) % v->n_buckets]; n; n = n->next) {
		if (n->parent == dir && strncmp(n->name, name, len) == 0 && !n->name[len])
			break;
		others++;
	}
	/* Names can be made to have one hash. */
	budget_charge(v->budget, BUDGET_STEPS, others / 8);
	return n;
}

static void link_in(struct view *v, struct node *n)
{
	struct node **bucket;

	if (!n->parent)
		return;
	bucket = &v->buckets[hash_name(n->parent->id, n->name, strlen(n->name)) % v->n_buckets];
	n->next = *bucket;
	*bucket = n;
}

static int grow_buckets(struct view *v)
{
	size_t n = v->n_buckets ? v->n_buckets * 4 : 64;
	struct node **grown = calloc(2 * n, sizeof(struct node *));

	if (!grown)
		return -ENOMEM;
	budget_charge(v->budget, BUDGET_KEPT, (2 * n - 2 * v->n_buckets) * sizeof(struct node *));
	free(v->buckets);
	v->buckets = grown;
	v->made_buckets = grown + n;
	v->n_buckets = n;
	for (size_t i = 0; i < v->n_nodes; i++) {
		link_in(v, v->nodes[i]);
		v->nodes[i]->made_linked = false;
		made_link(v, v->nodes[i]);
	}
	return 0;
}

static int grow_nodes(struct view *v)
{
	const size_t before = v->nodes_capacity;

	if (!LIST_ROOM(NULL, v->nodes, v->n_nodes, v->nodes_capacity))
		return -ENOMEM;
	budget_charge(v->budget, BUDGET_KEPT, (v->nodes_capacity - before) * sizeof(struct node *));
	return 0;
}

static int make_room(struct view *v)
{
	int r = 0;

	if (v->n_nodes >= VIEW_NODES_MAX)
		return -E2BIG;
	if (v->n_nodes == v->nodes_capacity)
		r = grow_nodes(v);
	if (r == 0 && v->n_nodes >= v->n_buckets)
		r = grow_buckets(v);
	return r;
}

int node_add(struct view *v, struct node *parent, struct vmount *mount, const char *name,
	     size_t len, struct node **ret)
{
	struct node *n;
	int r = make_room(v);

	if (r < 0)
		return r;
	n = arena_alloc(v->arena, 1, sizeof(*n));
	if (!n)
		return -ENOMEM;
	n->name = len ? arena_strndup(v->arena, name, len) : "";
	if (!n->name)
		return -ENOMEM;
	n->id = (uint32_t)v->n_nodes;
	n->parent = parent;
	n->mount = mount;
	n->fd = n->slot = -1;
	v->nodes[v->n_nodes++] = n;
	link_in(v, n);
	*ret = n;
	return 0;
}

int node_make(struct view *v, struct node *parent, struct vmount *mount, const char *name,
	      size_t len, mode_t mode, struct node **ret)
{
	struct node *n;
	int r = node_add(v, parent, mount, name, len, &n);

	if (r < 0)
		return r;
	n->backing = MADE;
	n->mode = n->other_mode = mode;
	made_link(v, n);
	*ret = n;
	return 0;
}

int node_opaque(struct view *v, struct node *dir, const char *name, size_t len,
		const struct reason *why, struct node **ret)
{
	struct node *n;
	int r = why ? node_add(v, dir, dir->mount, name, len, &n) : -ENOMEM;

	if (r < 0)
		return r;
	n->backing = OPAQUE;
	n->why = why;
	*ret = n;
	return 0;
}

void node_copy(struct node *n, struct node *origin, uint32_t copied_at)
{
	static const struct reason too_often = {
		.text = "it is copied into a tmpfs more than 16 times",
		.sure = UNKNOWN,
	};

	n->backing = COPY;
	n->copied_at = copied_at;
	n->origin = origin;
	n->copies = origin->copies + 1;
	n->mode = origin->mode;
	n->other_mode = origin->other_mode;
	n->size = origin->size;
	if (n->copies > VIEW_COPIES_MAX) {
		n->backing = OPAQUE;
		n->why = &too_often;
	}
}

/* The copy is made at create, with the mounts that exist then: those of the origin's tree. */
static int copied_child(struct view *v, struct node *dir, const char *name, size_t len,
			struct node **ret)
{
	struct node *origin;
	int r = node_child(v, dir->origin, name, len, &origin);

	if (r < 0)
		return r;
	origin = node_top(origin);
	if (made_since(origin, dir->copied_at))
		return -ENOENT;
	if (origin->backing == OPAQUE)
		return node_opaque(v, dir, name, len, origin->why, ret);
	r = node_add(v, dir, dir->mount, name, len, ret);
	if (r < 0)
		return r;
	node_copy(*ret, origin, dir->copied_at);
	if (S_ISDIR(origin->mode) && runtime_may(v->runtime, COPYUP_UNDER_UMASK))
		(*ret)->other_mode &= ~(mode_t)022;
	return 0;
}

static int new_child(struct view *v, struct node *dir, const char *name, size_t len,
		     struct node **ret)
{
	const struct vmount *cover = made_cover(v, dir, name, len);
	int r = -ENOENT;

	if (cover)
		return self_child(v, dir, name, len, cover, ret);
	if (dir->backing == OPAQUE)
		return node_opaque(v, dir, name, len, dir->why, ret);
	if (dir->backing == COPY)
		return copied_child(v, dir, name, len, ret);
	if (dir->backing == HOST)
		r = host_child(v, dir, name, len, ret);
	return r == -ENOENT ? made_child(v, dir, name, len, ret) : r;
}

int node_child(struct view *v, struct node *dir, const char *name, size_t len, struct node **ret)
{
	struct node *known;
	int r;

	if (len > VIEW_NAME_MAX)
		return -ENAMETOOLONG;
	known = node_known(v, dir, name, len);
	if (known) {
		*ret = known;
		return 0;
	}
	r = new_child(v, dir, name, len, ret);
	if (r == -E2BIG) {
		*ret = v->limit;
		return 0;
	}
	return r;
}

struct node *node_base(struct node *n)
{
	while (n->backing == COPY)
		n = n->origin;
	return n;
}

struct node *node_anchor(struct node *n)
{
	while (n && n->backing != HOST)
		n = n->parent;
	return n;
}

int node_link(struct view *v, struct node *n, const char **ret)
{
	struct node *base = node_base(n);
	int r = base->text ? 0 : host_link(v, base);

	if (r == 0)
		*ret = base->text;
	return r;
}

struct node *node_standing(struct node *n)
{
	return !n->parent && n->mount->stands ? n->mount->stands : n;
}

char *node_path(struct view *v, struct node *n)
{
	struct node *end = node_standing(n);
	size_t len = 0, depth = 0;
	char *path;

	for (n = end; n->parent; n = node_standing(n->parent), depth++)
		len += strlen(n->name) + 1;
	budget_charge(v->budget, BUDGET_STEPS, STEPS_COMPARE(depth) + STEPS_SCAN(len));
	if (!len)
		return arena_strdup(v->arena, "/");
	path = arena_alloc(v->arena, len + 1, 1);
	if (!path)
		return NULL;
	for (n = end; n->parent; n = node_standing(n->parent)) {
		size_t part = strlen(n->name);

		len -= part + 1;
		path[len] = '/';
		memcpy(path + len + 1, n->name, part);
	}
	return path;
}
