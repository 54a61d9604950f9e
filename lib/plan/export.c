/* SPDX-License-Identifier: Apache-2.0 */
/* The program that an export names: the caller's, what a root file system has, or the best guess. */
#include <fcntl.h>

#include "base/words.h"
#include "policy/export.h"
#include "program/program.h"

/* A root file system that nothing runs in yet, as its root sees it. */
struct image {
	const char *path;
	struct arena *arena;
	struct spec spec;
	struct view *view;
};

static int image_open(struct image *image, const char *path, struct arena *arena,
		      struct hw_error *err)
{
	*image = (struct image){
		.path = path,
		.arena = arena,
		.spec = {
			.root_path = path,
			.cwd = "/",
			.umask = -1,
			.has_capabilities = true,
			.capabilities = { UINT64_MAX, UINT64_MAX, UINT64_MAX, 0, 0 },
			.nproc_soft = UINT64_MAX,
			.hooks = JSON_NONE,
			.start_container = JSON_NONE,
			.foreign_owners = geteuid() != 0,
		},
	};
	return view_new(&image->spec, AT_FDCWD, ".", (struct runtime){ .kind = RUNTIME_ANY },
			&image->view, err);
}

/* The first that can run there, or may: what a mount brings is not here. */
static int choose_in(struct image *image, const struct hw_policy *policy, struct export_choice *ret,
		     struct hw_error *err)
{
	static const char *const env[] = { "PATH=" DEFAULT_PATH };
	const char *guess = ret->program, *trouble = NULL;
	bool there = false;

	for (size_t i = 0; i < policy->n_candidates; i++) {
		const struct program_query query = { .path = policy->candidates[i],
						     .env = env,
						     .n_env = ARRAY_SIZE(env),
						     .runtime = { .kind = RUNTIME_ANY } };
		struct program_verdict v;
		int r = program_check(image->view, &image->spec, &query, image->arena, NULL, &v,
				      err);

		if (r < 0)
			return r;
		if (v.usable != NO) {
			*ret = (struct export_choice){ query.path, image->path, NULL, NULL };
			return 0;
		}
		/* What is there and unfit says more. */
		if (!there && (!v.absent || streq(query.path, guess)))
			trouble = v.why.text;
		there = there || !v.absent;
	}
	ret->where = image->path;
	ret->trouble = trouble;
	return 0;
}

static bool choose_named(const struct hw_policy *policy, const char *program,
			 struct export_choice *ret)
{
	for (size_t i = 0; program && i < policy->n_candidates; i++) {
		if (!streq(policy->candidates[i], program))
			continue;
		*ret = (struct export_choice){ .program = policy->candidates[i],
					       .by_caller = true };
		return true;
	}
	return false;
}

static int choose(const struct hw_policy *policy, const struct hw_export_options *options,
		  struct image *image, struct export_choice *ret, struct hw_error *err)
{
	if (choose_named(policy, options->program, ret))
		return 0;
	*ret = export_choose(policy);
	return image->view ? choose_in(image, policy, ret, err) : 0;
}

int hw_export(const struct hw_policy *const *policies, size_t n, enum hw_export to,
	      const struct hw_export_options *options, hw_export_warning *warn, void *ctx,
	      char **ret, struct hw_error *err)
{
	static const struct hw_export_options no_options;
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct export_choice *choices = arena ? arena_alloc(arena, n, sizeof(*choices)) : NULL;
	struct image image = { 0 };
	int r = 0;

	if (!choices)
		return error_oom(err);
	options = options ? options : &no_options;
	if (options->rootfs)
		r = image_open(&image, options->rootfs, arena, err);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = choose(policies[i], options, &image, &choices[i], err);
	if (r == 0)
		r = export_make(policies, n, to, choices, warn, ctx, ret, err);
	view_free(image.view);
	return r;
}
