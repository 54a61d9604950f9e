/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle.h"
#include "config.h"
#include "diff.h"
#include "edit.h"
#include "fs.h"
#include "plan.h"
#include "probe.h"
#include "report.h"

struct hw_result {
	struct arena *arena; /* owns this struct and every text of the plan */
	struct bundle bundle;
	struct hw_policies *policies; /* the plan points into them; NULL for revert */
	struct probe *probe;
	struct plan plan;
	const char *runtime; /* base name, NULL: not told */
	char *text;	     /* the new config.json; NULL: as it was */
	size_t len;
	bool dry_run;
};

DEFINE_CLEANUP(struct hw_result *, hw_result_free)

static const struct hw_options no_options;

void hw_result_free(struct hw_result *result)
{
	if (!result)
		return;
	probe_free(result->probe);
	bundle_close(&result->bundle);
	hw_policies_free(result->policies);
	free(result->text);
	arena_free(result->arena);
}

static int result_new(const struct hw_options *options, struct hw_result **ret,
		      struct hw_error *err)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_result *result = arena ? arena_alloc(arena, 1, sizeof(*result)) : NULL;

	if (!result)
		return error_oom(err);
	result->arena = TAKE(arena);
	result->bundle.dir = -1;
	result->dry_run = options->dry_run;
	*ret = result;
	return 0;
}

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

static int make_plan(struct hw_result *result, const struct hw_options *options, bool everything,
		     struct hw_error *err)
{
	struct bundle *bundle = &result->bundle;
	const char *runtime = options->runtime ? options->runtime : result->policies->runtime;
	struct fact_source facts;

	result->probe = probe_new(&bundle->spec, bundle->dir, bundle->path, runtime, result->arena);
	if (!result->probe)
		return error_oom(err);
	facts = probe_source(result->probe);
	if (runtime) {
		result->runtime = arena_strdup(result->arena, base_name(runtime));
		if (!result->runtime)
			return error_oom(err);
	}

	const struct plan_input input = {
		.doc = &bundle->doc,
		.spec = &bundle->spec,
		.policies = (const struct hw_policy *const *)result->policies->items,
		.n_policies = result->policies->n,
		.requests = options->requests,
		.n_requests = options->n_requests,
		.facts = &facts,
		.runtime = result->runtime,
		.everything = everything,
		.prune = options->prune,
	};

	return plan_make(&input, result->arena, &result->plan, err);
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

	const struct fs_replacement replacement = {
		.dirfd = bundle->dir,
		.dir = bundle->path,
		.name = BUNDLE_CONFIG,
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

static int run(const char *path, const struct hw_options *options, bool everything,
	       struct hw_result **ret, struct hw_error *err)
{
	CLEANUP(hw_result_freep) struct hw_result *result = NULL;
	const bool write = !everything && !options->dry_run;
	const enum bundle_mode mode = everything ? BUNDLE_READ : mode_of(options);
	int r = result_new(options, &result, err);

	/* Policies first: the lock is held no longer than it must be. */
	if (r == 0)
		r = hw_policies_load(options, &result->policies, err);
	if (r == 0)
		r = bundle_open(path, mode, result->arena, &result->bundle, err);
	if (r == 0)
		r = make_plan(result, options, everything, err);
	if (r == 0)
		r = carry_out(result, options, write, err);
	if (r < 0)
		return r;
	result->dry_run = !write;
	/* The lock ends here, not with the result. */
	cleanup_close(&result->bundle.dir);
	result->bundle.dir = -1;
	*ret = TAKE(result);
	return 0;
}

int hw_apply(const char *bundle, const struct hw_options *options, struct hw_result **ret,
	     struct hw_error *err)
{
	return run(bundle, options ? options : &no_options, false, ret, err);
}

int hw_explain(const char *bundle, const struct hw_options *options, struct hw_result **ret,
	       struct hw_error *err)
{
	return run(bundle, options ? options : &no_options, true, ret, err);
}

int hw_revert(const char *path, const struct hw_options *options, struct hw_result **ret,
	      struct hw_error *err)
{
	CLEANUP(hw_result_freep) struct hw_result *result = NULL;
	int r;

	options = options ? options : &no_options;
	r = result_new(options, &result, err);
	if (r == 0)
		r = bundle_open(path, mode_of(options), result->arena, &result->bundle, err);
	if (r == 0)
		r = plan_revert(&result->bundle.spec, result->arena, &result->plan, err);
	if (r == 0)
		r = carry_out(result, options, !options->dry_run, err);
	if (r < 0)
		return r;
	cleanup_close(&result->bundle.dir);
	result->bundle.dir = -1;
	*ret = TAKE(result);
	return 0;
}

bool hw_result_refused(const struct hw_result *result)
{
	return result->plan.refused;
}

bool hw_result_changed(const struct hw_result *result)
{
	return result->text != NULL;
}

const char *hw_result_text(const struct hw_result *result, size_t *len)
{
	if (len)
		*len = result->text ? result->len : result->bundle.len;
	return result->text ? result->text : result->bundle.text;
}

static void render_diff(struct text *out, const struct hw_result *result, bool colour)
{
	if (result->text)
		diff_unified(out, result->bundle.config_path, result->bundle.text,
			     result->bundle.len, result->text, result->len, colour);
}

static void render(struct text *out, const struct hw_result *result, enum hw_format format,
		   bool colour)
{
	const struct report_input in = {
		.bundle = result->bundle.path,
		.config_path = result->bundle.config_path,
		.spec = &result->bundle.spec,
		.plan = &result->plan,
		.runtime = result->runtime,
		.changed = result->text != NULL,
		.dry_run = result->dry_run,
		.revert = !result->policies,
	};

	switch (format) {
	case HW_FORMAT_SUMMARY:
		report_summary(out, &in);
		break;
	case HW_FORMAT_MESSAGES:
		report_messages(out, &in);
		break;
	case HW_FORMAT_EXPLAIN:
		report_explain(out, &in, colour);
		break;
	case HW_FORMAT_DIFF:
		render_diff(out, result, colour);
		break;
	case HW_FORMAT_JSON:
		report_json(out, &in);
		break;
	}
}

int hw_result_render(const struct hw_result *result, enum hw_format format, bool colour, char **ret,
		     struct hw_error *err)
{
	struct text out = { 0 };

	text_puts(&out, "");
	render(&out, result, format, colour);
	if (out.failed) {
		text_free(&out);
		return error_oom(err);
	}
	*ret = out.data;
	return 0;
}
