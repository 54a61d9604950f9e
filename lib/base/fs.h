/* SPDX-License-Identifier: Apache-2.0 */
/* File operations that need care: bounded, beneath a directory, atomic. */
#pragma once

#include <sys/stat.h>

#include "base/budget.h"
#include "base/error.h"

/*
 * Read file @name below directory @dirfd (AT_FDCWD allowed), at most @max bytes. *@ret is
 * NUL-terminated (not counted in *@ret_len), free() it. *@st (may be NULL) is the fstat(2) of what
 * was read. @flags are more open(2) flags, such as O_NOFOLLOW. @path is for messages only.
 * Only a regular file is read: a FIFO or a device is -EINVAL, never a hang. -EFBIG over @max,
 * -ELOOP for a symbolic link with O_NOFOLLOW, -ENOMEM, or as open(2) and read(2).
 */
int fs_read_file(int dirfd, const char *name, int flags, const char *path, size_t max, char **ret,
		 size_t *ret_len, struct stat *st, struct hw_error *err) MUST_CHECK;

/*
 * Open @path with O_PATH where it does not leave directory @dirfd (AT_FDCWD allowed): it is
 * relative and neither ".." nor a symbolic link in it leads out. -EXDEV if it does, whatever is
 * there: what lies outside is not asked for. -ESPENT as fs_open_path(). Else as open(2).
 */
int fs_open_beneath(int dirfd, const char *path, struct budget *budget) MUST_CHECK;

/*
 * Call it with the failure @r of understanding the text of file @name (of @dirfd, @path in
 * messages): if the name is a symbolic link that leaves its directory, the error is replaced by one
 * that quotes nothing of it. A file of a pull request may lead to what is not the author's. Its
 * result is @r.
 */
int fs_hide_linked(int dirfd, const char *name, const char *path, int r,
		   struct hw_error *err) MUST_CHECK;

/*
 * Hold flock(2) LOCK_EX on directory @fd until fs_unlock_dir(), or until it and all its duplicates
 * are closed; @path is for messages. Waits at most @seconds, then -ETIMEDOUT: a lock held for ever
 * must not hang a container's start.
 */
int fs_lock_dir(int fd, const char *path, unsigned seconds, struct hw_error *err) MUST_CHECK;
void fs_unlock_dir(int fd);

/*
 * The path of what @fd is open at (AT_FDCWD: the current directory), as the kernel knows it; needs
 * a mounted /proc. Its length, or a negative errno; -ENAMETOOLONG if it has @size bytes or more.
 */
ssize_t fs_path_of(int fd, char *buf, size_t size) MUST_CHECK;

/*
 * An O_PATH descriptor of @path, which somebody hostile wrote. The kernel walks, and does not
 * report how far: over links that may be 40 times 4095 bytes, which takes milliseconds. So one that
 * has links costs more steps of @budget. Magic links (proc(5)) lead on only if @magic. -ESPENT if
 * the budget is spent, -ELOOP for a magic link, or as openat(2).
 */
#define ESPENT EDQUOT
int fs_open_path(int dirfd, const char *path, bool magic, struct budget *budget) MUST_CHECK;

/* The file to replace, and how. */
struct fs_replacement {
	int dirfd;		/* of the directory, locked */
	const char *dir;	/* its path, for messages */
	const char *name;	/* of the file */
	const char *temporary;	/* fixed name of the temporary, in the same directory */
	const struct stat *was; /* the file as it was read */
	const char *data;
	size_t len;
	bool sync; /* fsync(2) file and directory */
};

/*
 * Replace a file so that at any kill, I/O error or full disk it is the old file or the new one,
 * complete. The new one gets the old one's mode, owner and the extended attributes that carry
 * over (security.selinux, system.posix_acl_access, user.*; never security.ima or security.evm,
 * which vouch for bytes). -ESTALE if the file is no longer the one that was read (device, inode,
 * size, mtime, ctime). On every failure the temporary is removed. Errors name the step and what
 * to do about it (full disk, read-only directory).
 */
int fs_replace(const struct fs_replacement *r, struct hw_error *err) MUST_CHECK;

/*
 * Remove the temporary that a killed run left; the caller holds the lock. Absence is not an error.
 */
void fs_remove_stale(int dirfd, const char *temporary);
