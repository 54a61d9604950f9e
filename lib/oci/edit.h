/* SPDX-License-Identifier: Apache-2.0 */
/* Editing the hooks and the mounts in the text of config.json. */
#pragma once

#include "format/json.h"
#include "oci/hook.h"

/*
 * Splice @changes into the hooks of @doc and return the new text in *@ret
 * (malloc'd, NUL-terminated, *@ret_len bytes). Pure: no I/O; equal arguments, equal bytes.
 *
 * Every byte outside the spliced spans is copied as it is. The changes of one stage stand
 * together: REPLACE and REMOVE name its elements in ascending order, APPENDs come last and are
 * added in the order given. An entry that is a document of its own is written with the blanks of
 * its new place; its strings and numbers stay byte for byte.
 *
 * Members that are missing (hooks, the stage) are added as last members of their object; a null
 * or empty one is replaced, and the blanks in it stay before the bracket that closes it. A stage that
 * REMOVE leaves empty goes with its member, and so does a hooks object left empty by that; if one of
 * the removed has something in "before", that comes back instead. So removing what was appended gives
 * the original bytes if it says what edit_before() said.
 * The inserted text follows the file: compact stays compact; where members stand on lines of
 * their own, the same indent, newline (LF or CRLF) and space after the colon.
 * A hook beside others is written as they are. Blanks that are no style (hundreds in a row) are not
 * repeated.
 *
 * @doc's root must be an object; hooks and the stages must be absent, null or of the right type
 * (spec_parse() refuses others). The hooks' strings must be UTF-8; quotes, backslashes and control
 * characters in them are escaped. -ENOMEM; -EFBIG if the new text exceeds JSON_SIZE_MAX; *@ret and
 * *@ret_len are untouched then.
 */
int edit_hooks(const struct json *doc, const struct change *changes, size_t n_changes, char **ret,
	       size_t *ret_len, struct hw_error *err) MUST_CHECK;

/* What is in @doc where an entry of startContainer would come. */
enum hook_before edit_before(const struct json *doc);

/*
 * The same for the elements of mounts, by the same laws: REPLACE and REMOVE name them in ascending
 * order, APPENDs come last; what is written is change's entry (oci/own-mount.h makes it), and its
 * stage means nothing. mounts must have an element that stays, which is another's: hookwright's mount
 * needs the one of /dev below it. So removing what was appended gives the original bytes without a
 * note of what was before. -EINVAL if there is none; else as edit_hooks().
 */
int edit_mounts(const struct json *doc, const struct change *changes, size_t n_changes, char **ret,
		size_t *ret_len, struct hw_error *err) MUST_CHECK;
