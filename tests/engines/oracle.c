/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two ways to see what paths name in a container, in the same words: "file 644 TEXT", "dir 755",
 * "nothing", "other", "unknown"; "dir 755 or 700" where versions of the runtime differ.
 *
 * usage: oracle seen BUNDLE RUNTIME <PATHS    the view's, from config.json
 *        oracle real ROOTFS PATHS OUT <STATE  the kernel's, as a createRuntime hook: openat2(2) in
 *                                             the container's own mount namespace
 */
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "base/fs.h"
#include "view/internal.h"

#define TEXT_MAX 32

/* Not the sticky bit, which crun sets on the directories that it makes. */
static void print_object(FILE *out, const char *path, mode_t mode, mode_t other, const char *text)
{
	const char *kind = S_ISREG(mode) ? "file" : "dir";

	if (!S_ISREG(mode) && !S_ISDIR(mode))
		fprintf(out, "%s other\n", path);
	else if ((mode & 0777) == 0 && (other & 0777) == 0777)
		fprintf(out, "%s unknown mode\n", path);
	else if ((mode & 0777) != (other & 0777))
		fprintf(out, "%s %s %03o or %03o %s\n", path, kind, mode & 0777, other & 0777,
			text);
	else
		fprintf(out, "%s %s %03o %s\n", path, kind, mode & 0777, text);
}

/* ---- the view ---- */

static void see(struct view *v, const char *path)
{
	char text[TEXT_MAX + 1] = "";
	struct found f;

	if (view_resolve(v, path, VIEW_FOLLOW, NULL, NULL, &f, NULL) < 0)
		return;
	if (f.kind == FOUND_UNKNOWN)
		printf("%s unknown %s\n", path, f.reason);
	else if (f.kind == FOUND_NOTHING)
		printf("%s nothing\n", path);
	else {
		if (f.kind == FOUND_FILE)
			(void)view_read(v, &f, 0, text, TEXT_MAX);
		print_object(stdout, path, f.mode, v->nodes[f.node]->other_mode, text);
	}
}

static int seen(const char *bundle, const char *runtime)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	CLEANUP(view_freep) struct view *v = NULL;
	auto_free char *config = NULL;
	auto_close int dir = open(bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct json doc = { 0 };
	struct spec spec;
	char path[4096];
	size_t len;
	int r = dir < 0 || !arena ? -1 : 0;

	if (r == 0)
		r = fs_read_file(dir, "config.json", 0, "config.json", 1 << 20, &config, &len, NULL,
				 NULL);
	if (r == 0)
		r = json_scan(&doc, "config.json", config, len, NULL);
	if (r == 0)
		r = spec_parse(&doc, arena, &spec, NULL);
	if (r == 0) {
		spec.earlier_hooks = false; /* there is one, but it only looks */
		r = view_new(&spec, dir, bundle, runtime_from_name(runtime), &v, NULL);
	}
	if (r == 0 && view_refusal(v))
		fprintf(stderr, "%s\n", view_refusal(v)->text);
	while (r == 0 && fgets(path, sizeof(path), stdin)) {
		path[strcspn(path, "\n")] = '\0';
		see(v, path);
	}
	json_free(&doc);
	return r ? 3 : 0;
}

/* ---- the kernel ---- */

static void look(FILE *out, int root, const char *path)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	auto_close int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	char text[TEXT_MAX + 1] = "", proc[64];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		fprintf(out, "%s nothing\n", path);
		return;
	}
	if (S_ISREG(st.st_mode)) {
		snprintf(proc, sizeof(proc), "/proc/self/fd/%d", fd);

		auto_close int reader = open(proc, O_RDONLY | O_CLOEXEC);

		if (reader >= 0 && read(reader, text, TEXT_MAX) < 0)
			text[0] = '?';
	}
	print_object(out, path, st.st_mode, st.st_mode, text);
}

static int container_root(const char *rootfs)
{
	char state[65536], path[4096];
	size_t n = fread(state, 1, sizeof(state) - 1, stdin);
	const char *pid;

	state[n] = '\0';
	pid = strstr(state, "\"pid\":");
	if (!pid)
		return -1;
	snprintf(path, sizeof(path), "/proc/%ld/root%s", strtol(pid + 6, NULL, 10), rootfs);
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int real(const char *rootfs, const char *paths, const char *output)
{
	auto_close int root = container_root(rootfs);
	FILE *in = fopen(paths, "re"), *out = fopen(output, "we");
	char path[4096];

	if (root < 0 || !in || !out)
		return 3;
	while (fgets(path, sizeof(path), in)) {
		path[strcspn(path, "\n")] = '\0';
		look(out, root, path);
	}
	fclose(in);
	return fclose(out) == 0 ? 0 : 3;
}

int main(int argc, char **argv)
{
	if (argc == 4 && streq(argv[1], "seen"))
		return seen(argv[2], argv[3]);
	return argc == 5 && streq(argv[1], "real") ? real(argv[2], argv[3], argv[4]) : 2;
}
