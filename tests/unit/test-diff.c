/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of unified diffs, compared with patch(1). */
#include <sys/wait.h>

#include "base/base.h"
#include "format/diff.h"
#include "test.h"

#define NO_NEWLINE "\\ No newline at end of file\n"
#define HEADER	   "--- f\n+++ f\n"

static const struct row {
	const char *old, *new, *want;
	bool as_diff; /* diff -u says the same */
} rows[] = {
	{ "", "", "", true },
	{ "a\nb\n", "a\nb\n", "", true },
	{ "a", "a", "", true },

	/* one line */
	{ "a\n", "b\n", HEADER "@@ -1 +1 @@\n-a\n+b\n", true },
	{ "a", "b", HEADER "@@ -1 +1 @@\n-a\n" NO_NEWLINE "+b\n" NO_NEWLINE, true },
	{ "a", "a\n", HEADER "@@ -1 +1 @@\n-a\n" NO_NEWLINE "+a\n", true },
	{ "a\n", "a", HEADER "@@ -1 +1 @@\n-a\n+a\n" NO_NEWLINE, true },
	{ "{\"a\":1}", "{\"a\":1,\"hooks\":{}}",
	  HEADER "@@ -1 +1 @@\n-{\"a\":1}\n" NO_NEWLINE "+{\"a\":1,\"hooks\":{}}\n" NO_NEWLINE,
	  true },

	/* nothing on one side */
	{ "", "a\nb\n", HEADER "@@ -0,0 +1,2 @@\n+a\n+b\n", true },
	{ "a\nb\n", "", HEADER "@@ -1,2 +0,0 @@\n-a\n-b\n", true },
	{ "", "a", HEADER "@@ -0,0 +1 @@\n+a\n" NO_NEWLINE, true },

	/* lines come, go and change */
	{ "a\nb\n", "a\nx\nb\n", HEADER "@@ -1,2 +1,3 @@\n a\n+x\n b\n", true },
	{ "a\nx\nb\n", "a\nb\n", HEADER "@@ -1,3 +1,2 @@\n a\n-x\n b\n", true },
	{ "a\nb", "a\nx\nb", HEADER "@@ -1,2 +1,3 @@\n a\n+x\n b\n" NO_NEWLINE, true },
	{ "a\nb", "a\nb\nc", HEADER "@@ -1,2 +1,3 @@\n a\n-b\n" NO_NEWLINE "+b\n+c\n" NO_NEWLINE,
	  true },
	{ "a\nb\nc", "a\nb\n", HEADER "@@ -1,3 +1,2 @@\n a\n b\n-c\n" NO_NEWLINE, true },
	{ "\n\n", "\n\n\n", HEADER "@@ -1,2 +1,3 @@\n \n \n+\n", true },
	{ "a\nbc\n", "a\nxc\n", HEADER "@@ -1,2 +1,2 @@\n a\n-bc\n+xc\n", true },
	{ "ab\nc\n", "c\n", HEADER "@@ -1,2 +1 @@\n-ab\n c\n", true },

	/* three lines of context, wherever they are */
	{ "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
	  HEADER "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n", true },
	{ "1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\n4\n5\n6\nx\ny\n8\n9",
	  HEADER "@@ -4,6 +4,7 @@\n 4\n 5\n 6\n-7\n+x\n+y\n 8\n 9\n" NO_NEWLINE, true },
	{ "1\n2\n3\n4\n5\n", "1\n2\n3\n4\n5\n6\n", HEADER "@@ -3,3 +3,4 @@\n 3\n 4\n 5\n+6\n",
	  true },

	/* carriage returns are bytes of their line */
	{ "{\r\n  1\r\n}\r\n", "{\r\n  2\r\n}\r\n",
	  HEADER "@@ -1,3 +1,3 @@\n {\r\n-  1\r\n+  2\r\n }\r\n", true },

	/* one hunk, also where diff would make two or find a common line in between */
	{ "a\n=\nb\n", "c\n=\nd\n", HEADER "@@ -1,3 +1,3 @@\n-a\n-=\n-b\n+c\n+=\n+d\n", false },
};

static void diff_rows_read_as_expected(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(text_free) struct text out = { 0 };

		diff_unified(&out, "f", rows[i].old, strlen(rows[i].old), rows[i].new,
			     strlen(rows[i].new), false);
		CHECK(!out.failed);
		CHECK_STR(out.data ? out.data : "", rows[i].want);
	}
}

static void colours_mark_removed_and_added_lines(void)
{
	CLEANUP(text_free) struct text out = { 0 };

	diff_unified(&out, "f", "a\nb\r\n", 5, "a\nc", 3, true);
	CHECK_STR(out.data, HEADER "@@ -1,2 +1,2 @@\n a\n\033[31m-b\r\033[0m\n\033[32m+c\033[0m\n"
				   "\\ No newline at end of file\n");
}

static void names_cannot_forge_lines(void)
{
	CLEANUP(text_free) struct text out = { 0 };

	diff_unified(&out, "a b\n\033[m\x7f/\xc3\xa9", "a\n", 2, "b\n", 2, false);
	CHECK_STR(out.data,
		  "--- a b??[m?/\xc3\xa9\t\n+++ a b??[m?/\xc3\xa9\t\n@@ -1 +1 @@\n-a\n+b\n");
}

/* Bytes outside the two texts must not be read: they need not end in NUL or newline. */
static void texts_are_bounded_by_their_length(void)
{
	CLEANUP(text_free) struct text out = { 0 };
	auto_free char *old = malloc(3), *new = malloc(2);

	CHECK(old && new);
	memcpy(old, "a\nb", 3);
	memcpy(new, "a\n", 2);
	diff_unified(&out, "f", old, 3, new, 2, false);
	CHECK_STR(out.data, HEADER "@@ -1,2 +1 @@\n a\n-b\n" NO_NEWLINE);
}

/* ---- the tools ---- */

static char dir[64];

static void write_file(const char *name, const char *data, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	CHECK(f);
	CHECK_INT(fwrite(data, 1, len, f), len);
	CHECK_INT(fclose(f), 0);
}

static size_t read_file(const char *name, char *data, size_t size)
{
	char path[128];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	CHECK(f);
	len = fread(data, 1, size - 1, f);
	CHECK_INT(fclose(f), 0);
	data[len] = '\0';
	return len;
}

static int run_in_dir(const char *command)
{
	char line[256];
	int status;

	snprintf(line, sizeof(line), "cd %s && %s", dir, command);
	fflush(stdout);
	status = system(line);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void need(const char *tool)
{
	char line[64];

	snprintf(line, sizeof(line), "command -v %s >/dev/null", tool);
	if (run_in_dir(line) != 0)
		SKIP("diff or patch is not installed");
}

static void rows_are_what_diff_says(void)
{
	char got[4096];

	need("diff");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(text_free) struct text out = { 0 };

		if (!rows[i].as_diff)
			continue;
		write_file("old", rows[i].old, strlen(rows[i].old));
		write_file("new", rows[i].new, strlen(rows[i].new));
		CHECK_INT(run_in_dir("LC_ALL=C diff -u --label f --label f old new >out"),
			  *rows[i].want != '\0');
		read_file("out", got, sizeof(got));
		diff_unified(&out, "f", rows[i].old, strlen(rows[i].old), rows[i].new,
			     strlen(rows[i].new), false);
		CHECK_STR(out.data ? out.data : "", got);
	}
}

static void patch_makes_new_of_old(const char *old, size_t old_len, const char *new, size_t new_len)
{
	CLEANUP(text_free) struct text out = { 0 };
	char got[4096];

	diff_unified(&out, "f", old, old_len, new, new_len, false);
	write_file("f", old, old_len);
	write_file("d", out.data ? out.data : "", out.len);
	CHECK_INT(run_in_dir("patch -s --binary -p0 <d"), 0);
	CHECK_INT(read_file("f", got, sizeof(got)), new_len);
	CHECK_STR(got, new);
}

static void patch_applies_every_row(void)
{
	need("patch");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (*rows[i].new &&*rows[i].want)
			patch_makes_new_of_old(rows[i].old, strlen(rows[i].old), rows[i].new,
					       strlen(rows[i].new));
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static size_t soup(uint32_t *seed, char *text, size_t lines)
{
	static const char *const words[] = {
		"}", "},", "\t\"a\": 1,", "", "{\r", "- x", "+", "\\"
	};
	size_t len = 0;

	for (size_t i = 0; i < lines; i++)
		len += (size_t)sprintf(text + len, "%s\n", words[next_random(seed) % 8]);
	return len;
}

/* Lines that repeat themselves: where the common head and tail overlap, and at every edge. */
static void patch_applies_random_changes(void)
{
	uint32_t seed = 1;

	need("patch");
	for (int i = 0; i < 150; i++) {
		char old[1024], new[1024];
		size_t len = soup(&seed, old, 1 + next_random(&seed) % 12), new_len;
		size_t from = next_random(&seed) % len,
		       to = from + next_random(&seed) % (len - from);

		memcpy(new, old, from);
		new_len = from + soup(&seed, new + from, next_random(&seed) % 4);
		memcpy(new + new_len, old + to, len - to);
		new_len += len - to;
		new_len -= i % 3 == 0;
		len -= i % 5 == 0;
		old[len] = new[new_len] = '\0';
		if (new_len > 0)
			patch_makes_new_of_old(old, len, new, new_len);
	}
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%.40s/hw-diff.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		return 1;
	RUN(diff_rows_read_as_expected);
	RUN(colours_mark_removed_and_added_lines);
	RUN(names_cannot_forge_lines);
	RUN(texts_are_bounded_by_their_length);
	RUN(rows_are_what_diff_says);
	RUN(patch_applies_every_row);
	RUN(patch_applies_random_changes);
	(void)run_in_dir("rm -f old new out f d f.orig f.rej");
	(void)rmdir(dir);
	return DONE();
}
