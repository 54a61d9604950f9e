/* SPDX-License-Identifier: Apache-2.0 */
/* Unified diff of two texts. */
#pragma once

#include "base/buffer.h"

/*
 * Append to @out a unified diff (as diff -u, three lines of context) from @old to @new, with the
 * header lines "--- @path" and "+++ @path"; nothing when they are equal. A last line without a
 * newline is marked as patch(1) expects. @path and the lines are defused (base/sanitize.h): a line
 * that holds "##" or a mark of direction is not the file's, and patch(1) may refuse it. @colour:
 * red and green lines, ECMA-48. Pure.
 *
 * One hunk: the texts differ by splices that stand close together, so the lines between the
 * common head and the common tail are shown as removed and added.
 */
void diff_unified(struct text *out, const char *path, const char *old, size_t old_len,
		  const char *new, size_t new_len, bool colour);
