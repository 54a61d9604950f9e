/* SPDX-License-Identifier: Apache-2.0 */
/* doctor: explains why a container died, from pasted output, a bundle, or both. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/document.h"
#include "cli/input.h"
#include "commands.h"

#define STDIN_NAME "-"

/* The operands: at most one of each. */
struct operands {
	const char *bundle;
	const char *output; /* file or STDIN_NAME */
};

/* A directory, or the config.json in it. */
static bool is_bundle(const char *name)
{
	const char *slash = strrchr(name, '/');
	struct stat st;

	if (stat(name, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	return strcmp(slash ? slash + 1 : name, "config.json") == 0;
}

static enum exit_status sort_operands(const struct invocation *in, struct operands *ret)
{
	*ret = (struct operands){ .bundle = in->bundle };
	for (int i = 0; i < in->n_args; i++) {
		const char *word = in->args[i];
		const bool bundle = strcmp(word, STDIN_NAME) != 0 && is_bundle(word);
		const char **place = bundle ? &ret->bundle : &ret->output;

		if (*place)
			return misuse(in->command,
				      bundle ? "'%s' is a second bundle"
					     : "'%s' is a second output",
				      word);
		*place = word;
	}
	return STATUS_OK;
}

/* Whether to prompt for input: no operand was given and standard input is a terminal. */
static bool is_waiting(const struct operands *o)
{
	return !o->output && isatty(STDIN_FILENO);
}

/* Standard input is read when it is named, or when it may be meant: no operand is there. */
static bool reads_stdin(const struct invocation *in, const struct operands *o)
{
	if (o->output)
		return strcmp(o->output, STDIN_NAME) == 0;
	return in->n_args == 0 && !is_waiting(o);
}

static char *read_file(const char *name, size_t *len)
{
	int fd = input_open(name);
	char *text;

	if (fd < 0) {
		print_stderr("%s: cannot open: %s\n", name, strerror(errno));
		return NULL;
	}
	text = read_all(fd, name, HW_DOCTOR_OUTPUT_MAX, len);
	close(fd);
	return text;
}

static char *read_output(const struct invocation *in, const struct operands *o, size_t *len)
{
	if (!reads_stdin(in, o))
		return read_file(o->output, len);
	if (isatty(STDIN_FILENO))
		fputs("paste the output of the runtime or the engine, then press Ctrl-D\n", stderr);
	return read_stdin(HW_DOCTOR_OUTPUT_MAX, len);
}

static enum exit_status print_diagnosis(const struct invocation *in,
					const struct hw_diagnosis *diagnosis)
{
	struct hw_error err;
	char *text;

	if (hw_diagnosis_render(diagnosis, in->json, in->colour, &text, &err) < 0)
		return complain(in, &err);
	if (in->json)
		document_begun();
	fputs(text, stdout);
	free(text);
	return hw_diagnosis_found(diagnosis) ? STATUS_OK : STATUS_FINDINGS;
}

static enum exit_status diagnose(struct invocation *in, struct hw_doctor *question)
{
	struct hw_diagnosis *diagnosis = NULL;
	enum exit_status status;
	struct hw_error err;
	int r = hw_diagnose(question, &diagnosis, &err);

	if (r == -EINVAL && !err.path[0] && !in->complaints)
		return misuse(in->command, "%s", err.message); /* about an option */
	if (r < 0)
		return complain(in, &err);
	status = print_diagnosis(in, diagnosis);
	hw_diagnosis_free(diagnosis);
	return status;
}

enum exit_status cmd_doctor(struct invocation *in)
{
	struct hw_doctor question = { .options = &in->options, .lint = in->lint.options };
	enum exit_status status;
	struct operands o;
	char *text = NULL;

	status = sort_operands(in, &o);
	if (status != STATUS_OK)
		return status;
	if (!o.bundle && is_waiting(&o))
		return misuse(in->command, "paste the output of the runtime or the engine into "
					   "a file or a pipe, or name the bundle: 'podman logs "
					   "NAME 2>&1 | hookwright doctor'");
	if (o.output || reads_stdin(in, &o)) {
		text = read_output(in, &o, &question.len);
		if (!text)
			return STATUS_TROUBLE;
	}
	question.output = text;
	question.bundle = o.bundle;
	/* It ran here, with these mounts. */
	question.lint.host_mounts = true;
	status = diagnose(in, &question);
	free(text);
	return status;
}
