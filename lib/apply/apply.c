/* SPDX-License-Identifier: Apache-2.0 */
/* apply, explain, filter and revert: lock, read, plan, edit, write. */
#include "apply/result.h"
#include "base/fs.h"
#include "oci/edit.h"
#include "oci/sandbox.h"

static const struct hw_options no_options;

/* ---- under an engine ---- */

#define RUNTIME_ANNOTATION "io.hookwright.runtime"

/* The effect of annotation io.hookwright.runtime. */
enum choice { CHOICE_NONE, CHOICE_MADE, CHOICE_UNHEEDED, CHOICE_UNKNOWN, CHOICE_MISSING };

/* The parts of the decision that an engine's call adds. */
struct engine_look {
	struct sandbox_look sandbox;
	enum choice choice;
	const char *name; /* that the annotation has; of CHOICE_NONE nothing */
};

/* An annotation is a user's word: it chooses among what root has named, nothing else. */
static int choose_runtime(struct hw_result *result, const struct hw_config *config,
			  struct engine_look *look, struct hw_error *err)
{
	struct hw_error why;
	const char *runtime;
	int r;

	look->name = spec_annotation(&result->bundle.spec, RUNTIME_ANNOTATION);
	if (!look->name)
		return 0;
	look->choice = CHOICE_UNHEEDED;
	if (!(settings_annotations(&config->settings) & ANNOTATIONS_CHOOSE))
		return 0;
	runtime = hw_config_alternative(config, look->name);
	look->choice = CHOICE_UNKNOWN;
	if (!runtime)
		return 0;
	r = hw_config_runtime(config, runtime, &result->chosen, &why);
	if (r == -ENOMEM)
		return error_oom(err);
	look->choice = r < 0 ? CHOICE_MISSING : CHOICE_MADE;
	return 0;
}

static int heed_engine(struct hw_result *result, const struct hw_options *options,
		       struct engine_look *look, struct hw_error *err)
{
	if (!options->engine)
		return 0;
	if (!options->loaded->settings.sandboxes)
		look->sandbox = sandbox_look(&result->bundle.spec, options->engine);
	result->skipped = look->sandbox.evidence;
	return choose_runtime(result, options->loaded, look, err);
}

static int tell_annotation(struct hw_result *result, enum severity severity, const char *key,
			   const char *message, const char *hint, struct hw_error *err)
{
	const struct json *doc = &result->bundle.doc;
	const uint32_t annotations = json_member(doc, JSON_ROOT, "annotations");
	const struct finding finding = {
		.severity = severity,
		.at = json_at(doc, json_member(doc, annotations, key)),
		.message = message,
		.hint = hint,
	};

	return plan_add_finding(&result->plan, result->arena, &finding, err);
}

static int tell_sandbox(struct hw_result *result, const struct sandbox_look *look,
			struct hw_error *err)
{
	if (look->is != SANDBOX_CLAIMED)
		return 0;
	return tell_annotation(
		result, SEVERITY_WARNING, look->key,
		arena_printf(result->arena,
			     "annotation %s marks a pause container, but the call is not from a "
			     "CRI engine: policies are applied",
			     look->key),
		NULL, err);
}

/* A request that cannot be met refuses the container: another runtime may isolate it less. */
static int tell_choice(struct hw_result *result, const struct engine_look *look,
		       struct hw_error *err)
{
	static const struct {
		enum severity severity;
		const char *what, *hint;
	} rows[] = {
		[CHOICE_UNHEEDED] = { SEVERITY_WARNING,
				      "is ignored: 'annotations' in the configuration does not "
				      "contain 'runtime', or 'runtimes' is not set",
				      "list the runtimes that annotations "
				      "can select in 'runtimes'" },
		[CHOICE_UNKNOWN] = { SEVERITY_ERROR,
				     "'runtimes' in the configuration does not contain",
				     "name a runtime from that list, or add this one to it" },
		[CHOICE_MISSING] = { SEVERITY_ERROR, "this host does not have the runtime",
				     "install it, or correct 'runtimes' in the configuration" },
	};
	const bool error = look->choice >= CHOICE_UNKNOWN;
	const char *message;

	if (look->choice < CHOICE_UNHEEDED)
		return 0;
	if (error)
		message = arena_printf(result->arena,
				       "annotation " RUNTIME_ANNOTATION ": %s '%.200s'",
				       rows[look->choice].what, look->name);
	else
		message = arena_printf(result->arena, "annotation " RUNTIME_ANNOTATION " %s",
				       rows[look->choice].what);
	if (error) {
		result->plan.refused = true;
		result->plan.n_changes = 0;
	}
	return tell_annotation(result, rows[look->choice].severity, RUNTIME_ANNOTATION, message,
			       rows[look->choice].hint, err);
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

static int decide(struct hw_result *result, const struct job *job, const struct hw_options *options,
		  struct hw_error *err)
{
	struct engine_look look = { 0 };
	int r = heed_engine(result, options, &look, err);

	result->bundle.spec.earlier_hooks =
		engine_hooks_may_create(&result->bundle.spec, &result->policies->harmless);
	if (r == 0 && !result->skipped)
		r = result_plan(result, &result->bundle.spec, result->bundle.dir, options,
				job->everything, err);
	if (r == 0)
		r = tell_sandbox(result, &look.sandbox, err);
	return r < 0 ? r : tell_choice(result, &look, err);
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
		r = decide(result, job, options, err);
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
