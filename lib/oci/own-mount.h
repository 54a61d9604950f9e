/* SPDX-License-Identifier: Apache-2.0 */
/* The mounts that hookwright adds to config.json, by which the container gets hookwright-run. */
#pragma once

#include "oci/spec.h"

/*
 * Everything of hookwright in a container is below OWN_MOUNTS, on the tmpfs of /dev, which the
 * runtime makes: nothing of the image is there, and no link of it leads away.
 *
 * A program of the host's is given to the container by an overlay without an upper directory:
 *
 *	{ "destination": "/dev/.hookwright/bin", "type": "overlay", "source": "hookwright",
 *	  "options": ["lowerdir=DIRECTORY:EMPTY", "ro", "nosuid", "nodev"] }
 *
 * A bind mount is not safe: with CAP_SYS_ADMIN the workload remounts it writable, and overwrites the
 * host's file. An overlay without an upper directory cannot become writable (EROFS), works with every
 * user, with a user namespace, and from a file system that is mounted noexec. It needs two lower
 * directories; the second is empty. The source of an overlay is a label that the kernel does not
 * read: it says whose the mount is.
 *
 * The mount is the last of all, so that nothing covers it.
 */
#define OWN_MOUNTS	 "/dev/.hookwright"
#define OWN_MOUNT_BIN	 OWN_MOUNTS "/bin"
#define OWN_MOUNT_SOURCE "hookwright"

/* Whether hookwright added it. */
bool own_mount_is(const struct spec_mount *mount);

/*
 * Write the mount of @directory with @empty into *@ret (malloc'd, NUL-terminated JSON), for
 * edit_mounts(). Pure. -EINVAL if a path is not absolute, or has a character that is special in an
 * option of an overlay: ',', ':', '\' or a control character; -ENAMETOOLONG if the kernel would not
 * take the options; -ENOMEM.
 */
int own_mount_text(const char *directory, const char *empty, char **ret,
		   struct hw_error *err) MUST_CHECK;

/*
 * Whether it can be mounted in the container of @spec, which is @doc: a tmpfs is on /dev, and
 * nothing else is below OWN_MOUNTS. By the words of the destinations only, and by ".." in them;
 * what a link of the image makes of them the view knows. Pure. 0, or -EINVAL with a place and a
 * remedy.
 */
int own_mount_fits(const struct json *doc, const struct spec *spec,
		   struct hw_error *err) MUST_CHECK;
