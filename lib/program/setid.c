/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What execve(2) makes of set-user-ID and set-group-ID bits and of file capabilities: a refusal,
 * or another identity, for which ld.so takes no directory from its environment (AT_SECURE).
 */
#include "program/internal.h"

/* Those that there are; the kernel ignores other bits. */
#define CAPABILITIES_KNOWN ((UINT64_C(1) << 41) - 1)

static bool is_mapped(const struct found *found)
{
	return found->uid != UINT32_MAX && found->gid != UINT32_MAX;
}

/* Whether the file's bits change something, by what the kernel's bprm_fill_uid() asks. */
static bool changes_ids(const struct judge *j, const struct found *found, struct creds *who)
{
	const struct creds before = *who;

	if (j->spec->no_new_privileges || !is_mapped(found))
		return false;
	if (found->mode & S_ISUID)
		who->uid = found->uid;
	if ((found->mode & S_ISGID) && (found->mode & S_IXGRP))
		who->gid = found->gid;
	return who->uid != before.uid || who->gid != before.gid;
}

/* What the new identity is capable of, without ambient capabilities, which it loses. */
static uint64_t capabilities_of(const struct judge *j, uint32_t uid,
				const struct file_capabilities *caps)
{
	const struct spec_capabilities *c = &j->spec->capabilities;
	uint64_t has = uid == 0 ? c->bounding | c->inheritable : caps->permitted & c->bounding;

	return j->spec->no_new_privileges ? has & c->permitted : has;
}

/* The kernel refuses a file that wants a capability at once that it cannot have. */
static int check_capabilities(struct judge *j, const struct file *f,
			      const struct file_capabilities *caps, enum truth counts)
{
	const struct spec_capabilities *c = &j->spec->capabilities;
	const bool sure = counts == YES && !caps->of_namespace && !c->inheritable;

	if (!caps->effective || !(caps->permitted & CAPABILITIES_KNOWN & ~c->bounding))
		return 0;
	return judge_by(j, sure ? NO : UNKNOWN, f->path,
			"remove its file capabilities (setcap -r), or add them to "
			"process.capabilities.bounding",
			"%s has file capabilities that %s not in process.capabilities.bounding: "
			"the kernel refuses it",
			f->what, sure ? "are" : "may count and are");
}

static int doubt(struct judge *j, const struct file *f, bool dynamic, const struct reason *why)
{
	if (!dynamic)
		return 0;
	return judge_for(j, UNKNOWN, why, f->path, NULL,
			 "whether %s gets another identity is not known, and so are its libraries",
			 f->what);
}

/* Once what changes it counts for certain. */
static struct identity changed_identity(const struct judge *j, const struct creds *before,
					const struct creds *changed, bool ids,
					const struct file_capabilities *caps)
{
	struct identity ret = { .who = *changed };

	ret.who.capabilities = capabilities_of(j, changed->uid, caps);
	ret.secure = ids || (before->uid != 0 && (caps->effective || ret.who.capabilities));
	if (!ids && !caps->effective && before->uid != 0)
		ret.who.capabilities = 0;
	return ret;
}

/* Whether they count on the file's mount, and in its user namespace. */
static enum truth count(struct judge *j, const struct file *f, const struct file_capabilities *caps,
			const struct reason **why)
{
	static const struct reason of_another = {
		.text = "its capabilities may be of another user namespace",
		.sure = UNKNOWN,
	};
	const enum truth counts = view_mount_setid(j->view, &f->found, why);

	if (counts != YES || !caps->of_namespace)
		return counts;
	*why = &of_another;
	return UNKNOWN;
}

int judge_identity(struct judge *j, const struct file *f, const struct creds *who, bool dynamic,
		   struct identity *ret)
{
	struct file_capabilities caps;
	struct creds changed = *who;
	const struct reason *why = NULL;
	enum truth counts;
	bool ids;
	int r;

	*ret = (struct identity){ .who = j->hook };
	j->topic = TOPIC_PERMISSION;
	if (f->found.kind != FOUND_FILE)
		return 0;
	if (view_file_capabilities(j->view, &f->found, &caps) < 0)
		return judge_doubt(j, f->path, NULL, "the file capabilities of %s cannot be read",
				   f->what);
	ids = changes_ids(j, &f->found, &changed);
	if (!caps.any && !ids)
		return 0;
	counts = count(j, f, &caps, &why);
	if (counts == NO)
		return 0;
	r = check_capabilities(j, f, &caps, counts);
	if (r < 0 || judge_is_over(j))
		return r;
	if (counts == UNKNOWN)
		return doubt(j, f, dynamic, why);
	*ret = changed_identity(j, who, &changed, ids, &caps);
	return 0;
}
