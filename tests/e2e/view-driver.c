/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: view-driver BUNDLE RUNTIME exec|write|exists PATH - print the view's verdict on a path of
 * a real bundle: "yes", "no" or "unknown", a colon and the reason; then, indented, the trail.
 */
#include <fcntl.h>
#include <stdio.h>

#include "fs.h"
#include "view.h"

static const char *const words[] = { [NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown" };

static int tell(enum truth value, const char *reason, const struct trail *trail)
{
	printf("%s: %s\n", words[value], reason ? reason : "");
	for (size_t i = 0; i < trail->n; i++)
		printf("  %s\n", trail->steps[i]);
	return 0;
}

static enum truth of_kind(const struct found *f)
{
	if (f->kind == FOUND_UNKNOWN)
		return UNKNOWN;
	return f->kind == FOUND_NOTHING || f->kind == FOUND_DENIED ? NO : YES;
}

/* What the program check does before it looks into the file. */
static enum truth judge_exec(struct view *v, const struct found *f, const struct creds *who,
			     const char **reason)
{
	enum truth value = of_kind(f), mount;
	const char *why = NULL;

	*reason = f->reason;
	if (value != YES)
		return value;
	*reason = "not a regular file";
	if (f->kind != FOUND_FILE)
		return NO;
	*reason = NULL;
	value = view_may(v, f, who, MAY_EXEC, reason);
	mount = view_mount_exec(v, f, &why);
	if (value == NO || mount == YES)
		return value;
	*reason = why;
	return mount;
}

static int judge(struct view *v, const struct spec *spec, const char *what, const char *path,
		 struct trail *trail)
{
	struct creds init = spec_creds_init(spec), hook = spec_creds_hook(spec);
	struct hw_error err;
	struct found f;
	const char *reason = NULL;
	enum truth value;

	if (strcmp(what, "write") == 0)
		return view_writable(v, path, &hook, &value, &reason, &err) < 0
			       ? 3
			       : tell(value, reason, trail);
	if (view_resolve(v, path, VIEW_FOLLOW, strcmp(what, "exec") == 0 ? &init : NULL, trail, &f,
			 &err) < 0)
		return 3;
	if (strcmp(what, "exists") == 0)
		return tell(of_kind(&f), f.reason, trail);
	value = judge_exec(v, &f, &init, &reason);
	return tell(value, reason, trail);
}

static int run(int dir, char **argv, struct arena *arena, struct hw_error *err)
{
	CLEANUP(view_freep) struct view *v = NULL;
	struct trail trail = { .arena = arena };
	auto_free char *text = NULL;
	struct json doc;
	struct spec spec;
	size_t len;
	int r = fs_read_file(dir, "config.json", 0, "config.json", 1 << 20, &text, &len, NULL, err);

	if (r < 0)
		return r;
	r = json_scan(&doc, "config.json", text, len, err);
	if (r < 0)
		return r;
	r = spec_parse(&doc, arena, &spec, err);
	if (r == 0)
		spec = spec_under(&spec, runtime_from_name(argv[2]));
	if (r == 0)
		r = view_new(&spec, dir, argv[1], runtime_from_name(argv[2]), &v, err);
	if (r == 0)
		r = judge(v, &spec, argv[3], argv[4], &trail);
	json_free(&doc);
	return r;
}

int main(int argc, char **argv)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	auto_close int dir = argc == 5 ? open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	struct hw_error err = { 0 };
	char message[1200];
	int r;

	if (dir < 0 || !arena)
		return 2;
	r = run(dir, argv, arena, &err);
	if (r >= 0)
		return r;
	hw_error_format(&err, message, sizeof(message));
	printf("error: %s\n", message);
	return 3;
}
