/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: program-driver BUNDLE RUNTIME - print the verdict on each startContainer hook of a real
 * bundle: "yes", "no" or "unknown", a colon, the reason; then, indented, the hint and the trail.
 * A hook after one that is named ldconfig is asked about as such.
 */
#include <fcntl.h>
#include <stdio.h>

#include "fs.h"
#include "program.h"

struct bundle {
	struct view *view;
	struct spec spec;
	struct runtime runtime;
	struct arena *arena;
};

static void tell(const struct program_verdict *v, const struct trail *trail)
{
	static const char *const words[] = { [NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown" };

	printf("%s: %s%s\n", words[v->usable], v->reason, v->absent ? " (absent)" : "");
	if (v->hint)
		printf("  hint: %s\n", v->hint);
	for (size_t i = 0; i < trail->n; i++)
		printf("  %s\n", trail->steps[i]);
}

/* As the runtimes do, a hook without an environment of its own gets the container's. */
static int judge(struct bundle *b, const struct spec_hook *hook, bool after_ldconfig,
		 struct hw_error *err)
{
	const struct spec_strings *env = hook->env.n ? &hook->env : &b->spec.env;
	const struct program_query query = {
		.path = hook->path,
		.env = env->items,
		.n_env = env->n,
		.after_ldconfig = after_ldconfig,
		.runtime = b->runtime,
	};
	const struct room_query room_for = { b->runtime, ROOM_START_HOOKS };
	struct trail trail = { .arena = b->arena };
	struct program_verdict verdict, room;
	int r = program_check(b->view, &b->spec, &query, b->arena, &trail, &verdict, err);

	if (r == 0)
		r = program_room(b->view, &b->spec, &room_for, b->arena, &room, err);
	if (r < 0)
		return r;
	if (room.usable == NO || verdict.usable == YES)
		tell(room.usable == YES ? &verdict : &room, &trail);
	else
		tell(&verdict, &trail);
	return 0;
}

static int judge_all(struct bundle *b, struct hw_error *err)
{
	bool after_ldconfig = false;
	int r = 0;

	for (size_t i = 0; r == 0 && i < b->spec.n_start_hooks; i++) {
		const struct spec_hook *hook = &b->spec.start_hooks[i];

		r = hook->path ? judge(b, hook, after_ldconfig, err) : 0;
		if (hook->path && strstr(hook->path, "/ldconfig"))
			after_ldconfig = true;
	}
	return r;
}

static int run(int dir, char **argv, struct arena *arena, struct hw_error *err)
{
	CLEANUP(view_freep) struct view *view = NULL;
	struct bundle b = { .arena = arena, .runtime = runtime_from_name(argv[2]) };
	auto_free char *text = NULL;
	struct json doc;
	size_t len;
	int r = fs_read_file(dir, "config.json", 0, "config.json", 1 << 20, &text, &len, NULL, err);

	if (r < 0)
		return r;
	r = json_scan(&doc, "config.json", text, len, err);
	if (r < 0)
		return r;
	r = spec_parse(&doc, arena, &b.spec, err);
	if (r == 0)
		r = view_new(&b.spec, dir, argv[1], b.runtime, &view, err);
	b.view = view;
	if (r == 0)
		r = judge_all(&b, err);
	json_free(&doc);
	return r;
}

int main(int argc, char **argv)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	auto_close int dir = argc == 3 ? open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	struct hw_error err = { 0 };
	char message[1200];
	int r;

	if (dir < 0 || !arena)
		return 2;
	r = run(dir, argv, arena, &err);
	if (r >= 0)
		return 0;
	hw_error_format(&err, message, sizeof(message));
	printf("error: %s\n", message);
	return 3;
}
