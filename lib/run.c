/* SPDX-License-Identifier: Apache-2.0 */
#include "edit.h"
#include "fs.h"
#include "result.h"

static const struct hw_options no_options;

/* ---- under an engine ---- */

#define RUNTIME_ANNOTATION "io.hookwright.runtime"

/* A pause container holds a pod's namespaces; it is none of the user's. */
static bool is_sandbox(const struct spec *spec)
{
	static const char *const keys[] = {
		"io.kubernetes.cri.container-type",  /* containerd */
		"io.kubernetes.cri-o.ContainerType", /* CRI-O */
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *value = spec_annotation(spec, keys[i]);

		if (value && streq(value, "sandbox"))
			return true;
	}
	return false;
}

/* An annotation is a user's word: it chooses among what root has named, nothing else. */
static int choose_runtime(struct hw_result *result, const struct hw_config *config,
			  struct hw_error *err)
{
	const struct bundle *bundle = &result->bundle;
	const char *name = spec_annotation(&bundle->spec, RUNTIME_ANNOTATION);
	const char *runtime = name ? hw_config_alternative(config, name) : NULL;
	uint32_t annotations = json_member(&bundle->doc, JSON_ROOT, "annotations");

	if (!name)
		return 0;
	if (runtime)
		return hw_config_runtime(config, runtime, &result->chosen, err);
	return error_set(
		err, EINVAL,
		json_at(&bundle->doc, json_member(&bundle->doc, annotations, RUNTIME_ANNOTATION)),
		"name one of those under 'runtimes' in the configuration",
		"annotation " RUNTIME_ANNOTATION ": there is no runtime '%s'", name);
}

static int heed_engine(struct hw_result *result, const struct hw_options *options,
		       struct hw_error *err)
{
	if (!options->engine)
		return 0;
	result->skipped = !options->loaded->settings.sandboxes && is_sandbox(&result->bundle.spec);
	return choose_runtime(result, options->loaded, err);
}

/* Nothing to change leaves the file alone: same inode, same mtime. */
static int carry_out(struct hw_result *result, const struct hw_options *options, bool write,
		     struct hw_error *err)
{
	const struct bundle *bundle = &result->bundle;
	int r;

	if (result->plan.n_changes == 0)
		return 0;
	r = edit_hooks(&bundle->doc, result->plan.changes, result->plan.n_changes, &result->text,
		       &result->len, err);
	if (r < 0 || !write)
		return r;
	if (options->before_write) {
		r = options->before_write(options->before_write_ctx, result, err);
		if (r < 0)
			return r;
	}

	const struct fs_replacement replacement = {
		.dirfd = bundle->config_dir,
		.dir = bundle->path,
		.name = bundle->config_name,
		.temporary = BUNDLE_TEMPORARY,
		.was = &bundle->st,
		.data = result->text,
		.len = result->len,
		.sync = !options->no_sync,
	};

	return fs_replace(&replacement, err);
}

static enum bundle_mode mode_of(const struct hw_options *options)
{
	return options->dry_run ? BUNDLE_DRY : BUNDLE_WRITE;
}

/* Where the bundle comes from and what is done with it. */
struct job {
	const char *path; /* of the bundle's directory, NULL: the current one */
	const char *text; /* of config.json itself, for a filter; else NULL */
	size_t len;
	bool everything, write;
};

static int open_bundle(const struct job *job, const struct hw_options *options,
		       struct hw_result *result, struct hw_error *err)
{
	const enum bundle_mode mode = job->everything ? BUNDLE_READ : mode_of(options);

	if (job->text)
		return bundle_from_text(job->path, job->text, job->len, result->arena,
					&result->bundle, err);
	return bundle_open(job->path, options->config_json, mode, result->arena, &result->bundle,
			   err);
}

static int run(const struct job *job, const struct hw_options *options, struct hw_result **ret,
	       struct hw_error *err)
{
	CLEANUP(hw_result_freep) struct hw_result *result = NULL;
	int r = result_new(options, &result, err);

	/* Policies first: the lock is held no longer than it must be. */
	if (r == 0)
		r = hw_policies_load(options, &result->policies, err);
	if (r == 0)
		r = open_bundle(job, options, result, err);
	if (r == 0)
		bundle_charge(&result->bundle, &result->budget);
	if (r == 0)
		r = heed_engine(result, options, err);
	if (r == 0 && !result->skipped)
		r = result_plan(result, &result->bundle.spec, result->bundle.dir, options,
				job->everything, err);
	if (r < 0)
		return r;
	result->dry_run = !job->write;
	r = carry_out(result, options, job->write, err);
	if (r < 0)
		return r;
	result_unlock(result);
	*ret = TAKE(result);
	return 0;
}

int hw_apply(const char *bundle, const struct hw_options *options, struct hw_result **ret,
	     struct hw_error *err)
{
	const struct job job = { .path = bundle, .write = !options || !options->dry_run };

	return run(&job, options ? options : &no_options, ret, err);
}

int hw_explain(const char *bundle, const struct hw_options *options, struct hw_result **ret,
	       struct hw_error *err)
{
	const struct job job = { .path = bundle, .everything = true };

	return run(&job, options ? options : &no_options, ret, err);
}

int hw_filter(const char *text, size_t len, const char *bundle, const struct hw_options *options,
	      struct hw_result **ret, struct hw_error *err)
{
	const struct job job = { .path = bundle, .text = text, .len = len };

	return run(&job, options ? options : &no_options, ret, err);
}

int hw_revert(const char *path, const struct hw_options *options, struct hw_result **ret,
	      struct hw_error *err)
{
	CLEANUP(hw_result_freep) struct hw_result *result = NULL;
	int r;

	options = options ? options : &no_options;
	r = result_new(options, &result, err);
	if (r == 0)
		r = bundle_open(path, options->config_json, mode_of(options), result->arena,
				&result->bundle, err);
	if (r == 0)
		r = plan_revert(&result->bundle.spec, result->arena, &result->plan, err);
	if (r == 0)
		r = carry_out(result, options, !options->dry_run, err);
	if (r < 0)
		return r;
	result_unlock(result);
	*ret = TAKE(result);
	return 0;
}
