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

/*
 * A reading of a build's table of applets, in which busybox itself searches: their names one after
 * the other in ascending order, each with a NUL at its end. Other tables are there, too; of this
 * kind, with one of the usual names, is only that one.
 */
#define NAME_MAX_LEN 32
#define TABLE_MIN    12

struct table {
	const char *name; /* that is looked for */
	char last[NAME_MAX_LEN], now[NAME_MAX_LEN];
	size_t len, n;
	bool has_name, has_usual;
	enum truth ret;
};

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("[_-.", c));
}

static void end_table(struct table *t)
{
	if (t->n >= TABLE_MIN && t->has_usual && t->ret == UNKNOWN)
		t->ret = t->has_name ? YES : NO;
	t->n = 0;
	t->has_name = t->has_usual = false;
	t->last[0] = '\0';
}

static void add_name(struct table *t)
{
	static const char *const usual[] = { "ash", "sh", "cat", "echo", "ls" };

	t->now[t->len] = '\0';
	if (strcmp(t->last, t->now) >= 0)
		end_table(t);
	t->n++;
	t->has_name = t->has_name || streq(t->now, t->name);
	t->has_usual = t->has_usual || IS_ONE_OF(t->now, usual);
	memcpy(t->last, t->now, t->len + 1);
}

static void add_byte(struct table *t, char c)
{
	if (is_name_byte(c) && t->len < NAME_MAX_LEN - 1) {
		t->now[t->len++] = c;
		return;
	}
	if (c == '\0' && t->len)
		add_name(t);
	else
		end_table(t);
	t->len = 0;
}

/* How far a table goes before and behind the name by which it is found; the longest has 3 KB. */
#define TABLE_BEFORE 4096
#define TABLE_WINDOW 16384

/* The table that has its "cat" at @at of the file; UNKNOWN: there is none. */
static enum truth look_around(const struct file *f, const char *name, uint64_t at)
{
	struct table t = { .name = name, .ret = UNKNOWN };
	const uint64_t from = at > TABLE_BEFORE ? at - TABLE_BEFORE : 0;
	char buf[TABLE_WINDOW];
	const ssize_t n = view_read(f->view, &f->found, from, buf, sizeof(buf));

	for (ssize_t i = 0; i < n && t.ret == UNKNOWN; i++)
		add_byte(&t, buf[i]);
	return t.ret;
}

/* UNKNOWN: no such table can be found. Every build has cat. */
static enum truth look_in_table(const struct file *f, const char *name)
{
	static const char mark[] = "\0cat"; /* and a NUL */
	char buf[TABLE_WINDOW];
	size_t kept = 0;
	ssize_t n;

	for (uint64_t at = 0; at < BUSYBOX_MAX; at += (uint64_t)n) {
		const char *p = buf;
		enum truth ret;

		n = view_read(f->view, &f->found, at, buf + kept, sizeof(buf) - kept);
		if (n <= 0)
			break;
		kept += (size_t)n;
		while ((p = memmem(p, (size_t)(buf + kept - p), mark, sizeof(mark)))) {
			ret = look_around(f, name, at + (uint64_t)n - (uint64_t)(buf + kept - p));
			if (ret != UNKNOWN)
				return ret;
			p++;
		}
		if (kept >= sizeof(mark)) {
			memmove(buf, buf + kept - (sizeof(mark) - 1), sizeof(mark) - 1);
			kept = sizeof(mark) - 1;
		}
	}
	return UNKNOWN;
}

bool busybox_always_has(const char *name)
{
	static const char *const applets[] = { "sh",	"ash",	 "awk",	  "cat", "cp",
					       "echo",	"env",	 "false", "id",	 "ln",
					       "ls",	"mkdir", "mv",	  "rm",	 "sed",
					       "sleep", "test",	 "touch", "true" };

	return IS_ONE_OF(name, applets);
}

enum truth busybox_has(const struct file *f, const char *name)
{
	enum truth has;

	if (busybox_always_has(name))
		return YES;
	has = *name == '-' ? UNKNOWN : look_in_table(f, name);
	if (has != UNKNOWN)
		return has;
	if (*name == '-' || holds_string(f, name))
		return UNKNOWN;
	return holds_string(f, "sh") ? NO : UNKNOWN;
}
