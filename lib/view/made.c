/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mount point or process.cwd that the runtime makes below a bind is made in a directory of the
 * host, and every other bind of that directory then shows it as well. So such objects are looked up
 * by what their directory is, not by the node it was reached as. So are the mount points of the
 * rootfs, for a recursive bind of the rootfs shows what is mounted there.
 */
#include "view/internal.h"

/* The identity of a directory, whichever mount shows it. */
struct identity {
	uint64_t number;
	uint32_t dev_major, dev_minor;
};

static const struct node *first_of(const struct node *n)
{
	return n->first ? n->first : n;
}

/* False for what no two mounts show. */
static bool identify(const struct node *dir, struct identity *ret)
{
	if (dir->backing == HOST)
		*ret = (struct identity){ dir->inode, dir->dev_major, dir->dev_minor };
	else if (dir->backing == MADE)
		*ret = (struct identity){ first_of(dir)->id, UINT32_MAX, UINT32_MAX };
	else
		return false;
	return true;
}

static bool same(const struct identity *a, const struct identity *b)
{
	return a->number == b->number && a->dev_major == b->dev_major &&
	       a->dev_minor == b->dev_minor;
}

static struct node **bucket_of(struct view *v, const struct identity *dir, const char *name,
			       size_t len)
{
	uint32_t h = hash_name((uint32_t)(dir->number ^ dir->number >> 32) ^ dir->dev_major << 20 ^
				       dir->dev_minor,
			       name, len);

	return &v->made_buckets[h % v->n_buckets];
}

static bool is_made(const struct view *v, const struct node *n)
{
	(void)v;
	return n->backing == MADE && !n->first;
}

static bool is_cover(const struct view *v, const struct node *n)
{
	return n->covered && n->mount == v->rootfs;
}

void made_link(struct view *v, struct node *n)
{
	struct identity dir;
	struct node **bucket;

	if (n->made_linked || !n->parent || (!is_made(v, n) && !is_cover(v, n)) ||
	    !identify(n->parent, &dir))
		return;
	n->made_linked = true;
	bucket = bucket_of(v, &dir, n->name, strlen(n->name));
	n->made_next = *bucket;
	*bucket = n;
}

typedef bool made_fn(const struct view *v, const struct node *n);

static struct node *find(struct view *v, const struct node *in, const char *name, size_t len,
			 made_fn *wanted)
{
	struct identity dir, other;

	if (!v->n_buckets || !identify(in, &dir))
		return NULL;
	for (struct node *n = *bucket_of(v, &dir, name, len); n; n = n->made_next)
		if (wanted(v, n) && strncmp(n->name, name, len) == 0 && !n->name[len] &&
		    identify(n->parent, &other) && same(&dir, &other))
			return n;
	return NULL;
}

int made_child(struct view *v, struct node *dir, const char *name, size_t len, struct node **ret)
{
	struct node *first = find(v, dir, name, len, is_made), *n;
	int r;

	if (!first)
		return -ENOENT;
	r = node_add(v, dir, dir->mount, name, len, &n);
	if (r < 0)
		return r;
	n->backing = MADE;
	n->first = first;
	n->mode = first->mode;
	n->other_mode = first->other_mode;
	n->uid = first->uid;
	n->gid = first->gid;
	n->text = first->text;
	*ret = n;
	return 0;
}

bool made_since(const struct node *n, uint32_t id)
{
	return n->backing == MADE && first_of(n)->id >= id;
}

const struct vmount *made_cover(struct view *v, const struct node *dir, const char *name,
				size_t len)
{
	const struct node *n = dir->mount->shows_rootfs ? find(v, dir, name, len, is_cover) : NULL;

	/* Later mounts are not part of the bind: it is of what there was. */
	return n && n->covered->root->id < dir->mount->root->id ? n->covered : NULL;
}
