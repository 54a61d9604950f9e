/* SPDX-License-Identifier: Apache-2.0 */
/* doctor: explains why a container died, from pasted output, a bundle, or both. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/document.h"
#include "cli/input.h"
#include "commands.h"
#include "container.h"

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

/* Whether the user is asked for a paste: nothing was named, and standard input is a terminal. */
static bool is_pasted(const struct operands *o)
{
	return !o->output && !o->bundle && isatty(STDIN_FILENO);
}

/* Standard input is read when it is named, or when it may be meant: no operand is there. */
static bool reads_stdin(const struct invocation *in, const struct operands *o)
{
	if (o->output)
		return strcmp(o->output, STDIN_NAME) == 0;
	return is_pasted(o) || (in->n_args == 0 && !isatty(STDIN_FILENO));
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

/* Time for the next line of a paste, which may have empty lines in it. */
#define PASTE_PAUSE_MS 300

/* One line, or what there is without its end; 0 at the end of input. */
static ssize_t read_line(char *buf, size_t size)
{
	ssize_t n;

	do
		n = read(STDIN_FILENO, buf, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* What follows at once is part of the paste: left there, a shell would execute it. */
static bool is_last_line(void)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&p, 1, PASTE_PAUSE_MS) == 0;
}

/* What is pasted into the terminal, until an empty line or its end. */
static char *read_paste(size_t *len)
{
	char line[4096], *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool any = false;
	ssize_t n;

	fputs("Paste the output of the runtime or the engine, such as that of 'podman logs NAME'.\n"
	      "An empty line ends it.\n",
	      stderr);
	while (out && (n = read_line(line, sizeof(line))) > 0) {
		const bool empty = n == 1 && line[0] == '\n';

		if (empty && any && is_last_line())
			break;
		any = any || !empty;
		/* One byte too many is refused, as of any input. */
		if (size <= HW_DOCTOR_OUTPUT_MAX)
			fwrite(line, 1, (size_t)n, out);
		fflush(out);
	}
	if (!out || fclose(out) != 0) {
		print_stderr("hookwright doctor: out of memory\n");
		free(text);
		return NULL;
	}
	*len = size;
	return text;
}

static char *read_output(const struct invocation *in, const struct operands *o, size_t *len)
{
	if (!reads_stdin(in, o))
		return read_file(o->output, len);
	if (is_pasted(o))
		return read_paste(len);
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
	struct dead_container dead;
	char *text = NULL;

	status = sort_operands(in, &o);
	if (status != STATUS_OK)
		return status;
	if (in->engine && !in->container)
		return misuse(in->command, "--engine is for --container NAME");
	if (in->container && (o.bundle || o.output))
		return misuse(in->command, "with --container the bundle and the output come from "
					   "the engine");
	if (in->container) {
		status = container_ask(in, &dead);
		if (status != STATUS_OK)
			return status;
		o.bundle = dead.bundle[0] ? dead.bundle : NULL;
		text = dead.output;
		question.len = strlen(text);
	} else if (o.output || reads_stdin(in, &o)) {
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
