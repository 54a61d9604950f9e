/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Permission as the kernel decides it (fs/namei.c, generic_permission(); acl(5); capabilities(7);
 * user_namespaces(7)). Where an id or a mode is not known for sure, every possibility is tried: if
 * all agree, that is the answer.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/xattr.h>

#include "view/internal.h"

#define CAP_BIT(name)	(UINT64_C(1) << (name))
#define DAC_OVERRIDE	1
#define DAC_READ_SEARCH 2
#define OVERFLOW_ID	65534u
#define ACL_SIZE_MAX	65536
#define ACL_ENTRY	8
#define ACL_HEADER	4

/* ---- ids ---- */

enum id_state { ID_KNOWN, ID_UNMAPPED, ID_UNSURE };

struct id {
	enum id_state state;
	uint32_t id; /* of ID_KNOWN */
};

bool sees_every_id(struct view *v)
{
	char map[64] = "";
	auto_close int fd = -1;
	unsigned first, host, size;
	ssize_t n;

	if (v->own_ids_read)
		return v->own_ids_whole;
	v->own_ids_read = true;
	fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, map, sizeof(map) - 1);
	v->own_ids_whole = n > 0 && sscanf(map, "%u %u %u", &first, &host, &size) == 3 &&
			   first == 0 && host == 0 && size == UINT32_MAX;
	return v->own_ids_whole;
}

/* Permissions beyond the budget are not sure either. */
static struct id map_id(struct view *v, uint32_t host, const struct spec_mappings *mappings)
{
	if (v->spec->foreign_owners || (host == OVERFLOW_ID && !sees_every_id(v)))
		return (struct id){ ID_UNSURE, 0 };
	if (!v->spec->user_namespace)
		return (struct id){ ID_KNOWN, host };
	if (v->spec->user_namespace_path || !budget_take(v->budget, BUDGET_STEPS, mappings->n / 64))
		return (struct id){ ID_UNSURE, 0 };
	for (size_t i = 0; i < mappings->n; i++) {
		const struct spec_mapping *m = &mappings->items[i];

		if (host >= m->host && host - m->host < m->size)
			return (struct id){ ID_KNOWN, m->container + (host - m->host) };
	}
	return (struct id){ ID_UNMAPPED, 0 };
}

const struct creds *view_maker(const struct spec *spec)
{
	static const struct creds root = { .capabilities = UINT64_MAX };
	const bool known = spec->user_namespace && !spec->user_namespace_path &&
			   spec_maps(&spec->uid_mappings, 0) && spec_maps(&spec->gid_mappings, 0);

	return known ? &root : NULL;
}

/* The root of a tmpfs is its own, what is copied into it keeps owner and mode. */
static struct node *inode_of(struct node *n)
{
	return n->parent ? node_base(n) : n;
}

static struct id owner_of(struct view *v, struct node *n)
{
	n = inode_of(n);
	return n->backing == HOST ? map_id(v, n->uid, &v->spec->uid_mappings)
				  : (struct id){ ID_KNOWN, n->uid };
}

static struct id group_of(struct view *v, struct node *n)
{
	n = inode_of(n);
	return n->backing == HOST ? map_id(v, n->gid, &v->spec->gid_mappings)
				  : (struct id){ ID_KNOWN, n->gid };
}

void node_owner(struct view *v, struct node *n, uint32_t *uid, uint32_t *gid)
{
	struct id owner = owner_of(v, n), group = group_of(v, n);

	*uid = owner.state == ID_KNOWN ? owner.id : UINT32_MAX;
	*gid = group.state == ID_KNOWN ? group.id : UINT32_MAX;
}

static bool in_group(struct view *v, const struct creds *who, uint32_t gid)
{
	bool in = who->gid == gid;

	budget_charge(v->budget, BUDGET_STEPS, who->n_groups / 256);
	for (size_t i = 0; !in && i < who->n_groups; i++)
		in = who->groups[i] == gid;
	return in;
}

/* ---- access ACL ---- */

enum { USER_OBJ = 1, USER = 2, GROUP_OBJ = 4, GROUP = 8, MASK = 16, OTHER = 32 };

static unsigned little(const unsigned char *p, unsigned bytes)
{
	unsigned value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

/* Read once. /proc/self/fd, because no *xattr(2) takes an O_PATH descriptor. */
static void read_acl(struct view *v, struct node *n)
{
	char self[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	int fd = host_fd(v, n);
	unsigned char *buf;
	ssize_t len;

	n->acl_state = ACL_UNREADABLE;
	if (fd < 0)
		return;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	len = getxattr(self, "system.posix_acl_access", NULL, 0);
	if (len < 0 && (errno == ENODATA || errno == ENOTSUP))
		n->acl_state = ACL_NONE;
	if (len < ACL_HEADER || len > ACL_SIZE_MAX)
		return;
	buf = arena_alloc(v->arena, (size_t)len, 1);
	v->no_memory = v->no_memory || !buf;
	if (!buf || getxattr(self, "system.posix_acl_access", buf, (size_t)len) != len)
		return;
	if (little(buf, 4) != 2 || (len - ACL_HEADER) % ACL_ENTRY != 0)
		return;
	n->acl = buf;
	n->acl_len = (size_t)len;
	n->acl_state = ACL_PRESENT;
}

/* Headers of struct vfs_cap_data in linux/capability.h: revision 1 has 32 capabilities only. */
#define CAPS_HEADER    4
#define CAPS_SET       4
#define CAPS_SIZE_MAX  24
#define CAPS_EFFECTIVE 1U

int view_file_capabilities(struct view *v, const struct found *found, struct file_capabilities *ret)
{
	char self[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	struct node *n = inode_of(v->nodes[found->node]);
	unsigned char buf[CAPS_SIZE_MAX];
	ssize_t len;
	int fd;

	*ret = (struct file_capabilities){ 0 };
	if (n->backing != HOST)
		return 0;
	fd = host_fd(v, n);
	if (fd < 0)
		return fd;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	len = getxattr(self, "security.capability", buf, sizeof(buf));
	if (len < 0)
		return errno == ENODATA || errno == ENOTSUP ? 0 : -errno;
	if (len < CAPS_HEADER + 2 * CAPS_SET)
		return -EINVAL;
	ret->any = true;
	ret->effective = little(buf, 4) & CAPS_EFFECTIVE;
	ret->permitted = little(buf + CAPS_HEADER, CAPS_SET);
	ret->of_namespace = len > CAPS_HEADER + 4 * CAPS_SET;
	if (len >= CAPS_HEADER + 4 * CAPS_SET)
		ret->permitted |= (uint64_t)little(buf + CAPS_HEADER + 2 * CAPS_SET, CAPS_SET)
				  << 32;
	return 0;
}

static unsigned acl_mask(const struct node *n)
{
	for (size_t i = ACL_HEADER; i < n->acl_len; i += ACL_ENTRY)
		if (little(n->acl + i, 2) == MASK)
			return little(n->acl + i + 2, 2);
	return 7;
}

/* Whether entry @p is about @who; UNKNOWN if its id is not sure. @group: of the file. */
static enum truth acl_entry_matches(struct view *v, const unsigned char *p, const struct creds *who,
				    struct id group)
{
	unsigned tag = little(p, 2), id = little(p + 4, 4);
	struct id named;

	if (tag == GROUP_OBJ)
		named = group;
	else if (tag == USER)
		named = map_id(v, id, &v->spec->uid_mappings);
	else if (tag == GROUP)
		named = map_id(v, id, &v->spec->gid_mappings);
	else
		return NO;
	if (named.state == ID_UNSURE)
		return UNKNOWN;
	if (named.state == ID_UNMAPPED)
		return NO;
	if (tag == USER)
		return named.id == who->uid ? YES : NO;
	return in_group(v, who, named.id) ? YES : NO;
}

/* posix_acl_permission() for one who is not the owner; entries are sorted by tag. */
static enum truth acl_may(struct view *v, const struct node *n, const struct creds *who,
			  unsigned what, struct id group)
{
	unsigned mask = acl_mask(n);
	bool in_some_group = false;

	budget_charge(v->budget, BUDGET_STEPS, n->acl_len / ACL_ENTRY / 8);
	for (size_t i = ACL_HEADER; i < n->acl_len; i += ACL_ENTRY) {
		const unsigned char *p = n->acl + i;
		unsigned tag = little(p, 2), perm = little(p + 2, 2);
		enum truth matches = acl_entry_matches(v, p, who, group);

		if (matches == UNKNOWN || budget_is_spent(v->budget))
			return UNKNOWN;
		if (tag == OTHER)
			return !in_some_group && (perm & what) == what ? YES : NO;
		if (matches == NO)
			continue;
		if (tag == USER || (perm & what) == what)
			return (perm & mask & what) == what ? YES : NO;
		in_some_group = true;
	}
	return NO;
}

/* ---- the decision ---- */

/* One possibility for what is not sure: the file's mode, and who its owner and group are. */
struct guess {
	mode_t mode;
	bool owner_is_me, group_is_mine;
	bool mapped; /* both ids have a mapping: capabilities count */
};

static bool by_capability(const struct guess *g, const struct creds *who, unsigned what)
{
	bool override = who->capabilities & CAP_BIT(DAC_OVERRIDE);
	bool search = who->capabilities & CAP_BIT(DAC_READ_SEARCH);

	if (!g->mapped)
		return false;
	if (S_ISDIR(g->mode))
		return override || (search && !(what & MAY_WRITE));
	if (search && what == MAY_READ)
		return true;
	return override && (!(what & MAY_EXEC) || g->mode & 0111);
}

static bool by_mode(const struct guess *g, unsigned what)
{
	unsigned bits = g->mode;

	if (g->owner_is_me)
		bits >>= 6;
	else if (g->group_is_mine)
		bits >>= 3;
	return (bits & what) == what;
}

/* The ACL counts for all but the owner, unless the mode's group bits (its mask) are empty. */
/* The permissions of a copy, with its access ACL and without. */
struct copied {
	enum truth with, without;
};

static enum truth ask_copied(void *ctx, struct runtime one)
{
	const struct copied *copied = ctx;

	return runtime_does(one, COPYUP_COPIES_ACL) == YES ? copied->with : copied->without;
}

static enum truth by_acl(struct view *v, struct node *n, const struct guess *g,
			 const struct creds *who, unsigned what)
{
	struct node *base = inode_of(n);
	enum truth plain = by_mode(g, what) ? YES : NO, acl;
	struct copied copied = { .without = plain };

	if (g->owner_is_me || !(g->mode & 070) || base->backing != HOST)
		return plain;
	if (base->acl_state == ACL_NOT_READ)
		read_acl(v, base);
	if (base->acl_state == ACL_NONE)
		return plain;
	if (base->acl_state == ACL_UNREADABLE)
		return UNKNOWN;
	acl = acl_may(v, base, who, what, group_of(v, base));
	copied.with = acl;
	return n->backing == COPY ? runtime_judge(v->runtime, ask_copied, &copied).value : acl;
}

static enum truth decide(struct view *v, struct node *n, const struct guess *g,
			 const struct creds *who, unsigned what)
{
	return by_capability(g, who, what) ? YES : by_acl(v, n, g, who, what);
}

struct tally {
	bool yes, no, unknown;
};

static void count(struct tally *t, enum truth value)
{
	t->yes = t->yes || value == YES;
	t->no = t->no || value == NO;
	t->unknown = t->unknown || value == UNKNOWN;
}

/* Bits 0 to 2 of @states: the id is unmapped, is mapped and mine, is mapped and another's. */
static unsigned possible(struct id id, bool mine)
{
	if (id.state == ID_UNSURE)
		return 7;
	if (id.state == ID_UNMAPPED)
		return 1;
	return mine ? 2 : 4;
}

enum truth node_may(struct view *v, struct node *n, const struct creds *who, unsigned what)
{
	struct id owner, group;
	struct tally t = { false, false, false };
	unsigned owners, groups;

	if (n->backing == OPAQUE)
		return UNKNOWN;
	owner = owner_of(v, n);
	group = group_of(v, n);
	owners = possible(owner, owner.id == who->uid);
	groups = possible(group, in_group(v, who, group.id));
	for (unsigned o = 1; o <= 4; o *= 2)
		for (unsigned g = 1; g <= 4; g *= 2) {
			struct guess guess = { n->mode, o == 2, g == 2, o > 1 && g > 1 };

			if (!(owners & o && groups & g))
				continue;
			count(&t, decide(v, n, &guess, who, what));
			guess.mode = n->other_mode;
			if (n->other_mode != n->mode)
				count(&t, decide(v, n, &guess, who, what));
		}
	if (t.unknown || (t.yes && t.no) || budget_is_spent(v->budget))
		return UNKNOWN;
	return t.yes ? YES : NO;
}

/* ---- telling ---- */

static const char *verb(struct node *n, unsigned what)
{
	if (what & MAY_EXEC && S_ISDIR(n->mode))
		return what & MAY_WRITE ? "write to" : "search";
	if (what & MAY_EXEC)
		return "execute";
	return what & MAY_WRITE ? "write" : "read";
}

/* Who owns what is not known: the cause of every answer that takes owners. */
static const struct reason *no_owners(struct view *v)
{
	const struct doc_place at = { v->spec->namespaces_token, v->spec->user_namespace_element };
	static const char as_root[] = "run hookwright as root, outside of a user namespace";

	if (v->no_owners)
		return v->no_owners;
	if (v->spec->user_namespace_path)
		v->no_owners = reason_cause(
			v->arena, at,
			"let the runtime make the namespace, with its mappings in config.json",
			"the user namespace is joined by path, so its mappings are unknown");
	else if (v->spec->foreign_owners)
		v->no_owners = reason_cause(v->arena, NO_PLACE, as_root,
					    "hookwright does not run as root, so the owners of "
					    "files here prove nothing");
	else
		v->no_owners = reason_cause(v->arena, NO_PLACE, as_root,
					    "the user namespace that hookwright runs in hides the "
					    "owners of files");
	return v->no_owners;
}

static const struct reason *why_unknown(struct view *v, struct node *n)
{
	static const struct reason mode = {
		.text = "the mode of a tmpfs depends on the runtime and its version",
		.sure = UNKNOWN,
	};
	static const struct reason unread_acl = {
		.text = "its access ACL cannot be read",
		.sure = UNKNOWN,
	};
	static const struct reason copied_acl = {
		.text = "runc does not copy access ACLs into a tmpfs, crun does",
		.sure = UNKNOWN,
	};

	if (budget_is_spent(v->budget))
		return view_spent(v);
	if (n->backing == OPAQUE)
		return n->why;
	if (n->mode != n->other_mode)
		return &mode;
	if (v->spec->user_namespace_path || owner_of(v, n).state == ID_UNSURE ||
	    group_of(v, n).state == ID_UNSURE)
		return no_owners(v);
	return inode_of(n)->acl_state == ACL_UNREADABLE ? &unread_acl : &copied_acl;
}

static const char *denied(struct view *v, struct node *n, const struct creds *who, unsigned what)
{
	unsigned mode = n->mode & 07777;
	struct arena *a = v->arena;
	const char *do_it = verb(n, what);

	if (owner_of(v, n).state == ID_UNMAPPED || group_of(v, n).state == ID_UNMAPPED)
		return arena_printf(a,
				    "mode %04o and an owner that the user namespace does not "
				    "map, uid %u cannot %s it",
				    mode, who->uid, do_it);
	if (what & MAY_EXEC && !S_ISDIR(n->mode) && !(mode & 0111))
		return arena_printf(a, "mode %04o, no execute bit", mode);
	return arena_printf(a, "mode %04o%s, uid %u cannot %s it", mode,
			    inode_of(n)->acl_state == ACL_PRESENT ? " and an access ACL" : "",
			    who->uid, do_it);
}

const struct reason *node_may_reason(struct view *v, struct node *n, const struct creds *who,
				     unsigned what, enum truth value, const char *path)
{
	const char *kind = S_ISDIR(n->mode) && n->backing != OPAQUE ? "directory " : "";
	const struct reason *why;
	const char *text;

	if (value == UNKNOWN) {
		why = why_unknown(v, n);
		if (!why)
			return NULL;
		text = arena_printf(v->arena, "whether uid %u may %s %s%s is not known: %s",
				    who->uid, verb(n, what), path ? kind : "", path ? path : "it",
				    why->text);
		return reason_from(v->arena, why, text);
	}
	text = denied(v, n, who, what);
	if (text && path)
		text = arena_printf(v->arena, "%s%s has %s", kind, path, text);
	return reason_new(v->arena, text);
}
