/* SPDX-License-Identifier: Apache-2.0 */
/* lint: other ways to get power over the host than by hooks: annotations, and paths in /proc. */
#include "oci/unsafe.h"
#include "lint/internal.h"

/* ---- annotations ---- */

static bool has_hook_for(const struct look *l, const struct unsafe_row *row)
{
	for (size_t i = 0; i < l->n_hooks; i++)
		if (row->host_stages || l->hooks[i].stage->in_container)
			return true;
	return false;
}

static int tell_annotation(struct look *l, const struct unsafe_found *found)
{
	const bool of_hooks = found->row->danger == UNSAFE_HOOK;
	const bool now = of_hooks && has_hook_for(l, found->row);
	const char *text = unsafe_text(found, l->arena);
	const struct note note = {
		.rule = of_hooks ? RULE_HW405 : RULE_HW406,
		.severity = now ? HW_SEVERITY_ERROR : HW_SEVERITY_WARNING,
		.token = found->annotation->token,
	};

	if (!text)
		return error_oom(l->err);
	return lint_tell(l, &note, "%s%s", text, of_hooks && !now ? ", once there is a hook" : "");
}

static int check_annotations(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	const char *program = spec->args.n ? spec->args.items[0] : NULL;
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->n_annotations; i++) {
		const struct spec_annotation *a = &spec->annotations[i];
		const struct unsafe_found found = { a, unsafe_row(a->key, a->value, program,
								  l->lint->runtime) };

		if (found.row && found.row->danger != UNSAFE_NOT)
			r = tell_annotation(l, &found);
	}
	return r;
}

/* ---- paths ---- */

static int check_container_path(struct look *l, const char *what, const char *path,
				struct note note)
{
	bool enters;
	int r;

	if (!path || path[0] != '/')
		return 0;
	r = view_enters_process(l->view, path, l->arena, &enters);
	if (r < 0)
		return error_oom(l->err);
	note.rule = RULE_HW407;
	note.severity = HW_SEVERITY_ERROR;
	if (!enters)
		return 0;
	return lint_tell(l, &note, "%s '%.200s' leads through what a process has open", what, path);
}

static int check_paths(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	const char *program = spec->args.n ? spec->args.items[0] : NULL;
	int r = check_container_path(l, "process.cwd", spec->cwd,
				     (struct note){ .token = LINT_AT(l, "process", "cwd") });

	if (r == 0)
		r = check_container_path(l, "the container's program", program,
					 (struct note){ .token = LINT_AT(l, "process", "args") });
	for (size_t i = 0; r == 0 && i < l->n_hooks; i++) {
		const struct lint_hook *hook = &l->hooks[i];

		if (hook->stage->in_container)
			r = check_container_path(
				l, "the startContainer hook", hook->path,
				(struct note){ .token = hook->path_token, .hook = hook });
	}
	return r;
}

int lint_unsafe(struct look *l)
{
	int r = l->understood ? check_annotations(l) : 0;

	return r < 0 || !l->understood ? r : check_paths(l);
}
