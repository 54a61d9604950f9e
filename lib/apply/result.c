/* SPDX-License-Identifier: Apache-2.0 */
/* The result of one operation on a bundle: opening it, planning, and the public accessors. */
#include "apply/result.h"
#include "format/diff.h"
#include "runtime/version.h"
#include "tools.h"

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

int result_new(const struct hw_options *options, struct hw_result **ret, struct hw_error *err)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_result *result = arena ? arena_alloc(arena, 1, sizeof(*result)) : NULL;

	if (!result)
		return error_oom(err);
	result->arena = TAKE(arena);
	budget_init(&result->budget);
	result->bundle.dir = result->bundle.config_dir = -1;
	result->dry_run = options->dry_run;
	*ret = result;
	return 0;
}

/*
 * "runc" may be a link to crun, or to runsc (update-alternatives(1)): whether hooks run and whose
 * annotations are obeyed shows the file that will run.
 */
static int name_runtime(struct hw_result *result, const char *runtime, struct hw_error *err)
{
	auto_free char *real = NULL;
	const char *file = runtime, *hookless = NULL;

	if (strchr(runtime, '/')) {
		real = realpath(runtime, NULL);
		if (!real && errno == ENOMEM)
			return error_oom(err);
		file = real ? real : runtime;
	}
	result->obeys = runtime_from_name(file);
	if (runtime_skips_start_hooks(runtime, result->runtime_version))
		hookless = runtime;
	else if (runtime_skips_start_hooks(file, result->runtime_version))
		hookless = file;
	result->runtime = arena_strdup(result->arena, path_base(runtime));
	if (hookless)
		result->hookless = arena_strdup(result->arena, path_base(hookless));
	return !result->runtime || (hookless && !result->hookless) ? error_oom(err) : 0;
}

/*
 * The options' version is not that of another runtime, which an annotation chose. The choice must
 * not make the version unknown, and with it what a policy asks for.
 */
static const char *version_of(const struct hw_result *result, const struct hw_options *options)
{
	const char *chosen = result->chosen;

	if (!chosen || (options->runtime && streq(chosen, options->runtime)))
		return options->runtime_version;
	return options->version_of ? options->version_of(options->version_of_ctx, chosen) : NULL;
}

static int keep_version(struct hw_result *result, const char *runtime,
			const struct hw_options *options, struct hw_error *err)
{
	const char *version = version_of(result, options);
	struct runtime told = { 0 };
	int r = version_set(&told, runtime, version, err);

	if (r < 0 || !version)
		return r;
	result->runtime_version = arena_strdup(result->arena, version);
	return result->runtime_version ? 0 : error_oom(err);
}

int result_plan(struct hw_result *result, const struct spec *seen, int dir,
		const struct hw_options *options, bool everything, struct hw_error *err)
{
	const struct bundle *bundle = &result->bundle;
	const char *runtime = options->runtime ? options->runtime : result->policies->runtime;
	int r;

	if (result->chosen)
		runtime = result->chosen;
	r = keep_version(result, runtime, options, err);
	if (r == 0 && runtime)
		r = name_runtime(result, runtime, err);
	if (r < 0)
		return r;
	result->probe = probe_new(seen, dir, bundle->path,
				  runtime_versioned(result->runtime, result->runtime_version),
				  result->arena);
	if (!result->probe)
		return error_oom(err);
	result->facts = probe_source(result->probe);

	struct plan_input input = {
		.doc = &bundle->doc,
		.spec = &bundle->spec,
		.facts = &result->facts,
		.budget = &result->budget,
		.runtime = result->runtime,
		.hookless = result->hookless,
		.obeys = result->obeys,
		.runtime_version = result->runtime_version,
		.everything = everything,
		.prune = options->prune,
	};

	plan_input_policies(&input, result->policies, options);
	return plan_make(&input, result->arena, &result->plan, err);
}

void result_unlock(struct hw_result *result)
{
	bundle_unlock(&result->bundle);
}

bool hw_result_refused(const struct hw_result *result)
{
	return result->plan.refused;
}

const char *hw_result_skipped(const struct hw_result *result)
{
	return result->skipped;
}

const char *hw_result_runtime(const struct hw_result *result)
{
	return result->chosen;
}

const char *hw_result_annotation(const struct hw_result *result, const char *name)
{
	return spec_annotation(&result->bundle.spec, name);
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

struct report_input result_report_input(const struct hw_result *result)
{
	return (struct report_input){
		.bundle = result->bundle.path,
		.config_path = result->bundle.config_path,
		.spec = &result->bundle.spec,
		.plan = &result->plan,
		.runtime = result->runtime,
		.changed = result->text != NULL,
		.dry_run = result->dry_run,
		.revert = !result->policies,
	};
}

static void render(struct text *out, const struct hw_result *result, enum hw_format format,
		   bool colour)
{
	const struct report_input in = result_report_input(result);

	switch (format) {
	case HW_FORMAT_SUMMARY:
		report_summary(out, &in);
		break;
	case HW_FORMAT_MESSAGES:
		report_messages(out, &in);
		break;
	case HW_FORMAT_EXPLAIN:
	case HW_FORMAT_FOCUS:
		report_explain(out, &in, format == HW_FORMAT_FOCUS, colour);
		break;
	case HW_FORMAT_OUTLINE:
		report_outline(out, &in, colour);
		break;
	case HW_FORMAT_DIFF:
		render_diff(out, result, colour);
		break;
	case HW_FORMAT_SVG:
		report_svg(out, &in);
		break;
	}
}

int hw_result_render(const struct hw_result *result, enum hw_format format, bool colour, char **ret,
		     struct hw_error *err)
{
	struct text out = { 0 };

	text_puts(&out, "");
	render(&out, result, format, colour);
	return text_take(&out, ret) < 0 ? error_oom(err) : 0;
}
