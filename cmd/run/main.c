/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a hook in the container, with a limit and a log; run.h is its manual. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "run/run.h"

static int complain(const char *what)
{
	char text[600];
	const int n = snprintf(
		text, sizeof(text),
		"hookwright-run: %s; hookwright writes these arguments: apply its policies again\n",
		what);

	(void)!write(STDERR_FILENO, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
	return STATUS_TROUBLE;
}

static void run_hook(const struct options *o, struct report *report, struct output *output,
		     struct verdict *verdict)
{
	struct watch w = { .output = output, .report = report };
	struct state state;
	int problem;

	w.deadline = o->timeout == NEVER ? NEVER : report->start + o->timeout;
	w.state = &state;
	problem = state_read(&state, w.deadline);
	if (problem == 0)
		problem = hook_start(o, &w.hook);
	if (problem) {
		verdict_not_started(problem, o, verdict);
		return;
	}
	output_open(output, report, w.hook.out, w.hook.err);
	watch(&w, o);
	output_finish(output);
	verdict_of(&w, o, verdict);
}

/* A failing hook's last words, where its lines did not go anyway, and the reason. */
static void explain(struct report *r, const struct output *o, const char *sentence)
{
	const char *tail;
	size_t len;

	for (size_t i = 0; report_connected(r) && i < ARRAY_SIZE(o->streams); i++) {
		tail = output_tail(&o->streams[i], &len);
		report_stderr(r, tail, len);
	}
	report_stderr(r, sentence, strlen(sentence));
}

static int conclude(const struct options *o, struct report *r, const struct output *output,
		    const struct verdict *v)
{
	const int status = verdict_status(v);

	report_end(r, &v->ending, v->sentence);
	if (status == 0)
		return 0;
	if (o->on_failure != IGNORE)
		explain(r, output, v->sentence);
	return o->on_failure == FAIL ? status : 0;
}

int main(int argc, char **argv)
{
	static struct output output;
	struct complaint why;
	struct options options;
	struct verdict verdict;
	struct report report;
	int problem;

	(void)argc;
	signals_catch();
	problem = descriptors_clean();
	if (!argv[0] || !options_parse(argv + 1, &options, &why))
		return complain(argv[0] ? why.text : "there are no arguments");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	report_open(&report, &options);
	if (problem)
		verdict_not_started(problem, &options, &verdict);
	else
		run_hook(&options, &report, &output, &verdict);
	return conclude(&options, &report, &output, &verdict);
}
