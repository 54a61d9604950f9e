/* SPDX-License-Identifier: Apache-2.0 */
/* statx(2), which musl has only since 1.2.4: the Makefile includes this before each source for it. */
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#ifndef STATX_BTIME
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int statx(int dir, const char *path, int flags, unsigned mask, struct statx *ret)
{
	return (int)syscall(SYS_statx, dir, path, flags, mask, ret);
}
#endif
