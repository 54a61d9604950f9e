/* SPDX-License-Identifier: Apache-2.0 */
/* lint: options and settings are merged, bundles inspected, reports written in their formats. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "cli/input.h"
#include "lint/cmd-lint.h"

#define STDIN_NAME  "-"
#define N_FORMATS   (HW_REPORT_HTML + 1)
#define JOBS_NORMAL 1

/* The formats that contain the totals, and whether these are of all bundles. */
static const bool has_totals[N_FORMATS] = {
	[HW_REPORT_JSON] = true,
	[HW_REPORT_SARIF] = true,
	[HW_REPORT_JUNIT] = true,
	[HW_REPORT_HTML] = true,
};

/* A report while it is being written. */
struct report {
	enum hw_report format;
	bool colour;
	bool has_bundle; /* a piece that is not empty */
	struct output output;
};

/* One call of lint: what the command line and the settings file say together. */
struct lint_run {
	struct invocation *in;
	const struct hw_lint_settings *settings;
	struct hw_options options;
	struct hw_lint_options lint_options;
	struct hw_ignore *ignores; /* of lint_options */
	struct words recursive, operands;
	enum hw_severity fail_on;
	unsigned jobs;
	struct hw_lint *lint;
	struct walk *walk;
	struct report reports[N_FORMATS];
	size_t n_reports;
	struct hw_report_totals totals;
	struct passed_over passed;
	struct progress progress;
	bool broken; /* a piece of the reports is missing */
	enum exit_status status;
};

/* A bundle on its way through the threads. */
struct item {
	char *bundle;
	size_t root;  /* see walk_next() */
	bool foreign; /* it is not one: there are no pieces */
	bool skipped; /* a signal came before its turn */
	char *text;   /* of standard input; NULL: the bundle is on the disk */
	size_t len;
	char *pieces[N_FORMATS]; /* of each report; NULL: out of memory */
	struct hw_report_totals totals;
	enum exit_status status;
	struct hw_error err; /* where status is STATUS_TROUBLE and a piece is missing */
};

static void worsen(struct lint_run *run, enum exit_status status)
{
	if (status > run->status)
		run->status = status;
}

static enum exit_status out_of_memory(void)
{
	fputs("hookwright: out of memory\n", stderr);
	return STATUS_TROUBLE;
}

/* ---- command line and settings file ---- */

#define PREFER(said, other) ((said) ? (said) : (other))

/* The command line's come first: its reason is the one that counts. */
static enum exit_status merge_ignores(struct lint_run *run)
{
	const struct words *said = &run->in->lint.ignores;
	const struct hw_lint_options *file = &run->settings->lint;
	size_t n = 0;

	run->ignores = calloc(said->n + file->n_ignores + 1, sizeof(*run->ignores));
	if (!run->ignores)
		return out_of_memory();
	for (size_t i = 0; i < said->n; i++)
		if (!parse_ignore(run->in, said->items[i], &run->ignores[n++]))
			return STATUS_USAGE;
	for (size_t i = 0; i < file->n_ignores; i++)
		run->ignores[n++] = file->ignores[i];
	run->lint_options.ignores = run->ignores;
	run->lint_options.n_ignores = n;
	return STATUS_OK;
}

static void merge_lint_options(struct lint_run *run)
{
	const struct hw_lint_options *said = &run->in->lint.options, *file = &run->settings->lint;
	const bool selects = run->in->policies.n || run->in->hooks_dirs.n || run->in->requests.n;

	run->lint_options = (struct hw_lint_options){
		.runtime = PREFER(said->runtime, file->runtime),
		.runtime_version = PREFER(said->runtime_version, file->runtime_version),
		.arch = PREFER(said->arch, file->arch),
		.rootfs = PREFER(said->rootfs, file->rootfs),
		.host_mounts = said->host_mounts || file->host_mounts,
		.follow = said->follow,
		.inline_ignore = said->inline_ignore || file->inline_ignore,
		.no_inline_ignore = said->no_inline_ignore || file->no_inline_ignore,
		.no_policies = said->no_policies || (file->no_policies && !selects),
	};
	/* A version is one runtime's; the file's is not that of another. */
	if (said->runtime && !said->runtime_version && file->runtime &&
	    strcmp(said->runtime, file->runtime) != 0)
		run->lint_options.runtime_version = NULL;
}

static void merge_options(struct lint_run *run)
{
	const struct hw_options *file = &run->settings->options;

	run->options = run->in->options;
	if (!run->options.config)
		run->options.config = file->config;
	if (!run->options.n_policies) {
		run->options.policies = file->policies;
		run->options.n_policies = file->n_policies;
	}
	if (!run->options.n_hooks_dirs) {
		run->options.hooks_dirs = file->hooks_dirs;
		run->options.n_hooks_dirs = file->n_hooks_dirs;
	}
	if (!run->options.n_requests) {
		run->options.requests = file->requests;
		run->options.n_requests = file->n_requests;
	}
}

static unsigned processors(void)
{
	cpu_set_t set;
	const int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < HW_LINT_JOBS_MAX ? (unsigned)n : HW_LINT_JOBS_MAX;
}

static void merge_numbers(struct lint_run *run)
{
	const struct lint_args *said = &run->in->lint;
	const struct hw_lint_settings *file = run->settings;
	const int jobs = said->jobs >= 0 ? said->jobs : file->jobs;
	const int fail_on = said->fail_on >= 0 ? said->fail_on : file->fail_on;

	run->fail_on = fail_on >= 0 ? (enum hw_severity)fail_on : HW_SEVERITY_ERROR;
	run->jobs = jobs > 0 ? (unsigned)jobs : jobs == 0 ? processors() : JOBS_NORMAL;
}

/* Without a format on the command line it is the file's, on standard output. */
static void merge_reports(struct lint_run *run)
{
	const struct lint_args *said = &run->in->lint;
	const int format = run->settings->format >= 0 ? run->settings->format : HW_REPORT_TEXT;
	const int when = run->in->when_colour != COLOUR_NOT_SAID ? run->in->when_colour
								 : run->settings->colour;

	for (size_t i = 0; i < said->n_reports; i++)
		run->reports[run->n_reports++].format = said->reports[i].format;
	if (run->n_reports == 0)
		run->reports[run->n_reports++].format = (enum hw_report)format;
	for (size_t i = 0; i < run->n_reports; i++) {
		const bool file = i < said->n_reports && said->reports[i].output;

		run->reports[i].colour = file ? when == COLOUR_ALWAYS : use_colour(when);
	}
}

/* Operands of the command line, else its directories, else the file's, else here. */
static void merge_bundles(struct lint_run *run)
{
	static const char *here[] = { "." };
	const struct hw_lint_settings *file = run->settings;

	run->operands = (struct words){ (const char **)run->in->args, (size_t)run->in->n_args };
	run->recursive = run->in->lint.recursive;
	if (run->operands.n || run->recursive.n)
		return;
	if (file->n_recursive)
		run->recursive =
			(struct words){ (const char **)file->recursive, file->n_recursive };
	else
		run->operands = (struct words){ here, 1 };
}

static size_t reads_stdin(const struct words *operands)
{
	size_t n = 0;

	for (size_t i = 0; i < operands->n; i++)
		n += strcmp(operands->items[i], STDIN_NAME) == 0;
	return n;
}

static enum exit_status check_operands(const struct lint_run *run)
{
	if (reads_stdin(&run->operands) > 1)
		return misuse(run->in->command, "standard input can be read only once");
	return STATUS_OK;
}

static enum exit_status merge(struct lint_run *run)
{
	enum exit_status status;

	merge_lint_options(run);
	merge_options(run);
	merge_numbers(run);
	merge_reports(run);
	merge_bundles(run);
	status = merge_ignores(run);
	return status == STATUS_OK ? check_operands(run) : status;
}

/* ---- one bundle ---- */

static bool next_bundle(void *ctx, void *ret)
{
	struct lint_run *run = ctx;
	struct item *item = ret;

	while (!interrupted() && (item->bundle = walk_next(run->walk, &item->root))) {
		const bool from_stdin =
			item->root == WALK_NAMED && strcmp(item->bundle, STDIN_NAME) == 0;

		if (from_stdin)
			item->text = read_stdin(CONFIG_MAX, &item->len);
		if (item->text || !from_stdin)
			return true;
		worsen(run, STATUS_TROUBLE);
		free(item->bundle);
	}
	return false;
}

static void count(const struct lint_run *run, struct item *item,
		  const struct hw_lint_result *result)
{
	item->totals = (struct hw_report_totals){
		.bundles = 1,
		.errors = hw_lint_result_count(result, HW_SEVERITY_ERROR),
		.warnings = hw_lint_result_count(result, HW_SEVERITY_WARNING),
		.notes = hw_lint_result_count(result, HW_SEVERITY_NOTE),
		.ignored = hw_lint_result_ignored(result),
		.unjudged = !hw_lint_result_judged(result),
		.unread = !hw_lint_result_read(result),
	};
	item->status = (enum exit_status)hw_lint_result_status(result, run->fail_on);
}

static int render(const struct lint_run *run, struct item *item,
		  const struct hw_lint_result *result)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < run->n_reports; i++)
		r = hw_report_bundle(result, run->reports[i].format, run->reports[i].colour,
				     &item->pieces[i], &item->err);
	return r;
}

/* In any thread: what is shared is not changed. */
static void look(void *ctx, void *arg)
{
	const struct lint_run *run = ctx;
	struct hw_lint_result *result = NULL;
	struct item *item = arg;
	int r;

	item->skipped = interrupted();
	if (item->skipped)
		return;
	if (item->text)
		r = hw_lint_text(run->lint, item->text, item->len, "<stdin>", NULL, &result,
				 &item->err);
	else if (item->root == WALK_NAMED)
		r = hw_lint_bundle(run->lint, item->bundle, &result, &item->err);
	else
		r = hw_lint_found(run->lint, item->bundle, &result, &item->err);
	item->foreign = r == 0 && !result;
	if (result) {
		count(run, item, result);
		r = render(run, item, result);
	}
	if (r < 0)
		item->status = STATUS_TROUBLE;
	hw_lint_result_free(result);
}

static void add_totals(struct hw_report_totals *sum, const struct hw_report_totals *one)
{
	sum->bundles += one->bundles;
	sum->errors += one->errors;
	sum->warnings += one->warnings;
	sum->notes += one->notes;
	sum->ignored += one->ignored;
	sum->unjudged += one->unjudged;
	sum->unread += one->unread;
}

static void write_piece(struct report *report, const char *piece)
{
	if (piece[0] && !report->output.path)
		status_erase();
	if (piece[0] && report->has_bundle)
		output_write(&report->output, hw_report_separator(report->format));
	output_write(&report->output, piece);
	report->has_bundle |= piece[0] != '\0';
}

static void write_pieces(struct lint_run *run, struct item *item)
{
	bool complete = true;

	for (size_t i = 0; i < run->n_reports; i++)
		complete = complete && item->pieces[i];
	run->broken = run->broken || !complete;
	for (size_t i = 0; i < run->n_reports; i++) {
		if (!run->broken)
			write_piece(&run->reports[i], item->pieces[i]);
		free(item->pieces[i]);
	}
	if (complete)
		add_totals(&run->totals, &item->totals);
	else
		print_error(&item->err);
	walk_found(run->walk, item->root);
	worsen(run, item->status);
}

static void tell(void *ctx, void *arg)
{
	struct lint_run *run = ctx;
	struct item *item = arg;

	if (item->foreign)
		passed_add(&run->passed, PASSED_FOREIGN, item->bundle);
	else if (!item->skipped)
		write_pieces(run, item);
	progress_step(&run->progress);
	free(item->bundle);
	free(item->text);
}

/* ---- all of them ---- */

typedef int render_fn(const struct lint_run *run, const struct report *report, char **ret,
		      struct hw_error *err);

static int render_begin(const struct lint_run *run, const struct report *report, char **ret,
			struct hw_error *err)
{
	return hw_report_begin(run->lint, report->format, report->colour, ret, err);
}

static int render_end(const struct lint_run *run, const struct report *report, char **ret,
		      struct hw_error *err)
{
	return hw_report_end(run->lint, report->format, &run->totals, report->colour, ret, err);
}

/* The beginning or the end of every report. */
static bool write_each(struct lint_run *run, render_fn *fn)
{
	for (size_t i = 0; i < run->n_reports; i++) {
		struct hw_error err;
		char *text;

		if (fn(run, &run->reports[i], &text, &err) < 0) {
			print_error(&err);
			return false;
		}
		if (!run->reports[i].output.path)
			document_begun();
		output_write(&run->reports[i].output, text);
		free(text);
	}
	return true;
}

static bool open_reports(struct lint_run *run)
{
	const struct lint_args *said = &run->in->lint;
	bool ok = true;

	for (size_t i = 0; i < run->n_reports; i++)
		ok = output_open(i < said->n_reports ? said->reports[i].output : NULL,
				 &run->reports[i].output) &&
		     ok;
	return ok;
}

/* The other formats have no place for it, and half of the findings would be taken for all. */
static bool says_incomplete(enum hw_report format)
{
	return format == HW_REPORT_TEXT || has_totals[format];
}

static bool close_reports(struct lint_run *run, bool keep)
{
	bool ok = true;

	for (size_t i = 0; i < run->n_reports; i++)
		ok = output_close(
			     &run->reports[i].output,
			     keep && (!interrupted() || says_incomplete(run->reports[i].format))) &&
		     ok;
	return ok;
}

static bool write_reports(struct lint_run *run)
{
	static const struct pool_ops ops = {
		.size = sizeof(struct item), .next = next_bundle, .work = look, .done = tell
	};

	if (!write_each(run, render_begin))
		return false;
	if (!pool_run(&ops, run, run->jobs)) {
		out_of_memory();
		return false;
	}
	status_erase();
	run->totals.incomplete = interrupted() || !walk_end(run->walk) || run->broken;
	run->totals.links = run->passed.lists[PASSED_LINK].n;
	run->totals.outside = run->passed.lists[PASSED_OUTSIDE].n;
	run->totals.foreign = run->passed.lists[PASSED_FOREIGN].n;
	return !run->broken && write_each(run, render_end);
}

/* Where a format with the totals is printed, stderr stays for trouble. */
static bool is_told(const struct lint_run *run)
{
	for (size_t i = 0; i < run->n_reports; i++)
		if (!run->reports[i].output.path)
			return has_totals[run->reports[i].format];
	return false;
}

static void end_run(const struct lint_run *run)
{
	if (!run->totals.bundles)
		fputs("hookwright lint: no bundle was inspected\n", stderr);
	if (interrupted())
		print_stderr("hookwright lint: interrupted: not every bundle was inspected\n");
	/* Where both go to one place the summary is last, whatever the libc's buffer holds. */
	(void)fflush(stdout);
	if (!run->in->quiet && !is_told(run))
		summary_print(&run->passed, &run->totals);
}

static void report_all(struct lint_run *run)
{
	bool ok;

	run->passed.verbose = run->in->verbose;
	run->walk = walk_new(&run->operands, &run->recursive, &run->passed);
	progress_start(&run->progress, run->recursive.n ? 0 : run->operands.n, run->in->quiet);
	interrupt_catch(reads_stdin(&run->operands));
	ok = run->walk && open_reports(run) && write_reports(run);
	if (!close_reports(run, ok) || !ok || run->totals.incomplete || !run->totals.bundles)
		worsen(run, STATUS_TROUBLE);
	if (ok)
		end_run(run);
	walk_free(run->walk);
	passed_free(&run->passed);
}

/* An error that is about no file is about an option. */
static enum exit_status lint_all(struct lint_run *run)
{
	struct hw_error err;
	int r = hw_lint_new(&run->options, &run->lint_options, &run->lint, &err);

	if (r == -EINVAL && !err.path[0] && !run->in->complaints)
		return misuse(run->in->command, "%s", err.message);
	if (r < 0)
		return complain(run->in, &err);
	report_all(run);
	hw_lint_free(run->lint);
	return run->status;
}

enum exit_status cmd_lint(struct invocation *in)
{
	static const struct hw_lint_settings none = {
		.jobs = -1, .fail_on = -1, .format = -1, .colour = -1
	};
	const struct hw_lint_settings *loaded = NULL;
	struct lint_run run = { .in = in, .settings = &none };
	enum exit_status status;
	struct hw_error err;

	if (in->lint.runtimes)
		return print_runtimes(in);
	if (in->lint.rules || in->lint.explain)
		return in->lint.rules ? print_rules(in) : explain_rule(in);
	if (!in->lint.no_settings) {
		if (hw_lint_settings_load(in->lint.settings, &loaded, &err) < 0)
			return complain(in, &err);
		run.settings = loaded;
	}
	status = merge(&run);
	if (status == STATUS_OK)
		status = lint_all(&run);
	free(run.ignores);
	hw_lint_settings_free(loaded);
	interrupt_end();
	return status;
}
