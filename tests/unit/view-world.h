/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle in a temporary directory, and the view's answers about it as one line each. */
#pragma once

/* A bundle in a temporary directory, and the view's answers about it as one line each. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mount.h>

#include "test.h"
#include "view/view.h"

/* The result of spec_parse() if members are absent. */
static inline struct spec with_defaults(struct spec spec)
{
	spec.root_path = spec.root_path ? spec.root_path : "rootfs";
	spec.cwd = spec.cwd ? spec.cwd : "/";
	spec.umask = -1;
	spec.nproc_soft = UINT64_MAX;
	return spec;
}
#define SPEC(...) with_defaults((struct spec){ __VA_ARGS__ })

#define MOUNTS(...)                                           \
	.mounts = (const struct spec_mount[]){ __VA_ARGS__ }, \
	.n_mounts = sizeof((const struct spec_mount[]){ __VA_ARGS__ }) / sizeof(struct spec_mount)

#define OPTIONS(...)                                     \
	.options = (const char *const[]){ __VA_ARGS__ }, \
	.n_options = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *)

#define STRINGS(...)                                                                  \
	{                                                                             \
		(const char *const[]){ __VA_ARGS__ },                                 \
			sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *) \
	}

#define TMPFS(to, ...)                                                                        \
	{                                                                                     \
		.destination = (to), .type = "tmpfs", .source = "tmpfs", OPTIONS(__VA_ARGS__) \
	}
#define BIND(to, from, ...)                                                                 \
	{                                                                                   \
		.destination = (to), .type = "bind", .source = (from), OPTIONS(__VA_ARGS__) \
	}
#define KERNEL(to, kind)                                              \
	{                                                             \
		.destination = (to), .type = (kind), .source = (kind) \
	}

static char world_dir[64];
static int world_fd = -1;

/* Run a command line of sh(1) in the bundle. */
static inline void sh(const char *script)
{
	char line[8192];

	snprintf(line, sizeof(line), "set -e; cd %s; %s", world_dir, script);
	if (system(line) != 0)
		FAIL("failed: %s", script);
}

static inline void world_end(void)
{
	char line[256];

	if (!world_dir[0])
		return;
	(void)close(world_fd);
	snprintf(line, sizeof(line), "chmod -R u+rwx %s 2>/dev/null; rm -rf --one-file-system %s",
		 world_dir, world_dir);
	if (system(line) != 0)
		printf("# %s is left\n", world_dir);
	world_dir[0] = '\0';
}

/* A fresh bundle with an empty rootfs, in which @script was run. */
static inline void world(const char *script)
{
	const char *tmp = getenv("TMPDIR");

	world_end();
	snprintf(world_dir, sizeof(world_dir), "%.40s/view.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(world_dir) || chmod(world_dir, 0755) < 0)
		FAIL("no directory for the test: %m");
	world_fd = open(world_dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	sh("umask 022; mkdir rootfs");
	sh(script);
}

static inline void need_root(void)
{
	if (geteuid() != 0)
		SKIP("needs root");
}

static struct hw_error view_err;

static inline struct view *view_under(const struct spec *spec, struct runtime runtime)
{
	struct view *v = NULL;

	memset(&view_err, 0xff, sizeof(view_err));
	if (view_new(spec, world_fd, "bundle", runtime, &v, &view_err) < 0)
		FAIL("view_new: %s", view_err.message);
	return v;
}

static inline struct view *view_of(const struct spec *spec, enum runtime_kind kind)
{
	return view_under(spec, (struct runtime){ .kind = kind });
}

/* "crun 1.8.1", or "crun" for all its versions. */
static inline struct runtime runtime_named(const char *text)
{
	char name[8] = "";
	const char *blank = strchr(text, ' ');
	struct runtime runtime;

	snprintf(name, sizeof(name), "%.*s", blank ? (int)(blank - text) : 7, text);
	runtime = runtime_from_name(name);
	if (blank && !runtime_set_version(&runtime, blank + 1))
		FAIL("not a version: %s", blank);
	return runtime;
}

/* The text of view_refusal(); NULL: it is not refused. */
static inline const char *refusal_of(const struct view *v)
{
	const struct reason *refusal = view_refusal(v);

	return refusal ? refusal->text : NULL;
}

static const char *const found_words[] = {
	[FOUND_FILE] = "file",	     [FOUND_DIR] = "directory",	  [FOUND_DEVICE] = "device",
	[FOUND_SPECIAL] = "special", [FOUND_LINK] = "link",	  [FOUND_NOTHING] = "nothing",
	[FOUND_DENIED] = "denied",   [FOUND_UNKNOWN] = "unknown",
};
static const char *const truth_words[] = { [NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown" };

static inline struct found find(struct view *v, const char *path, unsigned flags,
				const struct creds *who)
{
	struct found f;

	memset(&f, 0xff, sizeof(f));
	if (view_resolve(v, path, flags, who, NULL, &f, &view_err) < 0)
		FAIL("view_resolve: %s", view_err.message);
	return f;
}

/* "file /bin/sh", "nothing: no 'x' in /", "denied: ...", "unknown: ..." */
static inline const char *outcome(struct view *v, const char *path, unsigned flags,
				  const struct creds *who)
{
	static char line[8192];
	struct found f = find(v, path, flags, who);

	snprintf(line, sizeof(line), "%s%s%s", found_words[f.kind], f.reason ? ": " : " ",
		 f.reason ? f.reason->text : f.path);
	return line;
}

/* "yes", or "no: reason" */
static inline const char *verdict(enum truth value, const struct reason *reason)
{
	static char line[8192];

	snprintf(line, sizeof(line), "%s%s%s", truth_words[value], value == YES ? "" : ": ",
		 value == YES ? "" : reason->text);
	return line;
}

struct path_row {
	const char *path, *want;
};

/* With less than it takes, every answer is the right one or unknown. */
static inline void check_budget(const struct spec *spec, enum runtime_kind kind,
				const struct path_row *rows, size_t n, uint64_t steps)
{
	static const char spent[] =
		"unknown: this container needs more than the limit of 2000000 steps";
	struct spec limited = *spec;
	struct budget budget;
	struct view *v;
	bool was_spent = false;

	budget_init(&budget);
	budget.left[BUDGET_STEPS] = steps;
	limited.budget = &budget;
	v = view_of(&limited, kind);
	for (size_t i = 0; i < n; i++) {
		const char *got = outcome(v, rows[i].path, VIEW_FOLLOW, NULL);

		if (strcmp(got, was_spent || budget_is_spent(&budget) ? spent : rows[i].want) != 0)
			FAIL("with %llu steps %s is\n#   \"%s\"", (unsigned long long)steps,
			     rows[i].path, got);
		was_spent = budget_is_spent(&budget);
	}
	view_free(v);
}

static inline void check_paths(const struct spec *spec, enum runtime_kind kind,
			       const struct path_row *rows, size_t n)
{
	struct view *v = view_of(spec, kind);

	for (size_t i = 0; i < n; i++) {
		const char *got = outcome(v, rows[i].path, VIEW_FOLLOW, NULL);

		if (strcmp(got, rows[i].want) != 0)
			FAIL("%s is\n#   \"%s\", want\n#   \"%s\"", rows[i].path, got,
			     rows[i].want);
	}
	view_free(v);
	for (uint64_t steps = 0; steps < 400; steps += 23)
		check_budget(spec, kind, rows, n, steps);
	check_budget(spec, kind, rows, n, BUDGET_STEPS_MAX);
}
#define CHECK_PATHS(spec, runtime, rows) check_paths(spec, runtime, rows, ARRAY_SIZE(rows))
