/* SPDX-License-Identifier: Apache-2.0 */
/* Which programs a build of busybox is made of. */
#include "base/words.h"
#include "program/internal.h"

/* How much of it is looked through for a name. */
#define BUSYBOX_MAX ((uint64_t)16 << 20)

bool is_busybox(const struct file *f)
{
	return f->found.kind == FOUND_FILE && starts_with(path_base(f->found.path), "busybox");
}

/* The names of its programs are strings in it; others may be, too. */
static bool holds_string(const struct file *f, const char *name)
{
	const size_t len = strlen(name) + 2; /* between two NULs */
	char pattern[SCRIPT_HEAD + 2] = { 0 }, buf[8192];
	size_t kept = 0, n_tail;
	ssize_t n = 1;

	if (len > sizeof(pattern))
		return true;
	memcpy(pattern + 1, name, len - 2);
	for (uint64_t at = 0; n > 0 && at < BUSYBOX_MAX; at += (uint64_t)n) {
		n = view_read(f->view, &f->found, at, buf + kept, sizeof(buf) - kept);
		if (n <= 0)
			break;
		kept += (size_t)n;
		if (memmem(buf, kept, pattern, len))
			return true;
		/* What may be the beginning of it stays. */
		n_tail = kept < len ? kept : len - 1;
		memmove(buf, buf + kept - n_tail, n_tail);
		kept = n_tail;
	}
	return n > 0;
}

/* No build goes without a shell, whose name is there if any can be read. */
enum truth busybox_has(const struct file *f, const char *name)
{
	static const char *const usual[] = { "sh", "ash", "env", "awk", "sed" };

	if (IS_ONE_OF(name, usual))
		return YES;
	if (*name == '-' || holds_string(f, name))
		return UNKNOWN;
	return holds_string(f, "sh") ? NO : UNKNOWN;
}
