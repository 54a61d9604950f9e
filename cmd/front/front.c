/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 'hookwright ENGINE ...': replaces --oci-hook by what the engine knows, then executes the engine.
 */
#include <cJSON.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/input.h"
#include "cli/programs.h"
#include "cli/run-dir.h"
#include "cli/start.h"
#include "front/front.h"
#include "front/listen.h"
#include "front/words.h"

/* How often engines and fronts have called each other; without a loop it happens once or twice. */
#define DEPTH_VARIABLE "_HOOKWRIGHT_DEPTH"
#define DEPTH_MAX      8

#define DOCKER_RUNTIME "hookwright" /* its registered name, as 'setup docker' has it */

#define ANNOTATIONS 3 /* that are added at most */

/* One call of an engine, from argv to execve(2). */
struct front {
	enum engine engine;  /* whose command line it is */
	char path[PATH_MAX]; /* of the engine */
	char **argv;
	struct front_words words;
	bool remote;
	const char *runtime;	     /* passed to the engine: a name, a path or NULL */
	char runtime_path[PATH_MAX]; /* ... in here */
	const char *alternative;     /* value of annotation io.hookwright.runtime, or NULL */
};

/* ---- messages ---- */

__attribute__((format(printf, 3, 4))) static void say(const struct front *f, const char *kind,
						      const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	print_stderr("hookwright %s: %s%s\n", f->argv[0], kind, text ? text : "out of memory");
	free(text);
}

/* Here it is an error; where the engine is another host's, that one may know better. */
static enum exit_status unless_remote(const struct front *f)
{
	if (!f->remote)
		return STATUS_USAGE;
	fputs("  hint: the engine is on another host: its policies and its configuration apply, "
	      "not these\n",
	      stderr);
	return STATUS_OK;
}

/* ---- which host ---- */

static bool has_value(const char *variable)
{
	const char *value = getenv(variable);

	return value && value[0];
}

/* Member "currentContext" of docker's own configuration: what 'docker context use' chose. */
static bool other_docker_context(void)
{
	const char *dir = getenv("DOCKER_CONFIG"), *home = getenv("HOME"), *name;
	char path[PATH_MAX], text[65536];
	bool other;
	size_t len;
	cJSON *root;
	FILE *file;

	if (dir && dir[0])
		snprintf(path, sizeof(path), "%s/config.json", dir);
	else
		snprintf(path, sizeof(path), "%s/.docker/config.json", home ? home : "");
	file = input_file(path);
	if (!file)
		return false;
	len = fread(text, 1, sizeof(text), file);
	fclose(file);
	root = cJSON_ParseWithLength(text, len);
	name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, "currentContext"));
	other = name && name[0] && strcmp(name, "default") != 0;
	cJSON_Delete(root);
	return other;
}

static bool is_local_socket(const char *url)
{
	return strncmp(url, "unix:", 5) == 0 || strncmp(url, "fd:", 3) == 0;
}

/* In docker's order: the option, DOCKER_HOST, DOCKER_CONTEXT, the context in use. */
static bool docker_is_remote(const struct front_words *words)
{
	const char *context = getenv("DOCKER_CONTEXT");

	if (words->remote || words->local)
		return words->remote;
	if (has_value("DOCKER_HOST"))
		return !is_local_socket(getenv("DOCKER_HOST"));
	if (has_value("DOCKER_CONTEXT"))
		return strcmp(context, "default") != 0;
	return other_docker_context();
}

static bool is_remote(const struct front *f)
{
	switch (f->engine) {
	case ENGINE_DOCKER:
		return docker_is_remote(&f->words);
	case ENGINE_PODMAN:
		return f->words.remote || has_value("CONTAINER_HOST") ||
		       has_value("CONTAINER_CONNECTION");
	default:
		return false; /* nerdctl talks to containerd, which has no network */
	}
}

/* ---- the policies ---- */

static void list_known(const struct hw_policies *policies)
{
	const size_t n = hw_policies_count(policies);

	if (!n)
		fputs("  no policy is installed; see 'FILES' in hookwright-policy(5)\n", stderr);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "%s%s%s",
			i ? ", " : "  known: ", hw_policy_name(hw_policies_get(policies, i)),
			i + 1 < n ? "" : "\n");
}

static enum exit_status check_hooks(const struct front *f, const struct hw_policies *policies)
{
	enum exit_status status = STATUS_OK;

	for (size_t i = 0; i < f->words.n_hooks && status == STATUS_OK; i++) {
		const char *name = f->words.hooks[i];
		const char *near = hw_policies_closest(policies, name);

		if (hw_policies_find(policies, name))
			continue;
		say(f, f->remote ? "warning: " : "", "policy '%s' does not exist", name);
		if (near)
			fprintf(stderr, "  hint: did you mean '%s'?\n", near);
		list_known(policies);
		status = unless_remote(f);
	}
	return status;
}

/* The runtime will read them again, as root, and then the container's creation fails. */
static enum exit_status cannot_check(const struct front *f, const struct hw_error *err)
{
	if (!f->remote && err->errnum != EACCES) {
		print_error(err);
		return STATUS_TROUBLE;
	}
	say(f, "warning: ", "the policies cannot be read here: %s", err->message);
	return STATUS_OK;
}

static enum exit_status check_policies(const struct front *f)
{
	struct hw_policies *policies = NULL;
	enum exit_status status;
	struct hw_error err;

	if (hw_policies_load(NULL, &policies, &err) < 0)
		return cannot_check(f, &err);
	status = check_hooks(f, policies);
	hw_policies_free(policies);
	return status;
}

/* ---- the runtime ---- */

/* docker's runtime is recognised by its registered name, others by their file. */
static bool is_ours(const struct front *f, const char *runtime)
{
	if (f->engine == ENGINE_DOCKER)
		return strncmp(runtime, DOCKER_RUNTIME, strlen(DOCKER_RUNTIME)) == 0;
	return names_ourselves(runtime);
}

/* The user's --runtime: one that the configuration allows to choose, or hookwright's. */
static enum exit_status check_alternative(struct front *f)
{
	const char *name = f->words.runtime;
	struct hw_config *config = NULL;
	struct hw_error err;
	bool allowed;

	if (hw_config_load(NULL, &config, &err) < 0)
		return cannot_check(f, &err);
	allowed = hw_config_alternative(config, name);
	hw_config_free(config);
	f->alternative = name;
	if (allowed)
		return STATUS_OK;
	say(f, f->remote ? "warning: " : "",
	    "--oci-hook sets the runtime, and '%s' is not one of the configuration's 'runtimes'",
	    name);
	fprintf(stderr,
		"  hint: omit --runtime, or add 'runtimes: { NAME: %s }' to "
		"/etc/hookwright/config.yaml and use --runtime NAME\n",
		strchr(name, '/') ? name : "PATH");
	return unless_remote(f);
}

/* The runtime to pass to the engine; without the links of 'make install' there is none. */
static enum exit_status choose_runtime(struct front *f)
{
	enum exit_status status = STATUS_OK;

	if (f->words.runtime && is_ours(f, f->words.runtime)) {
		f->runtime = f->words.runtime;
		return STATUS_OK;
	}
	if (f->words.runtime)
		status = check_alternative(f);
	if (status != STATUS_OK)
		return status;
	f->runtime = f->engine == ENGINE_DOCKER ? DOCKER_RUNTIME : f->runtime_path;
	if (f->engine == ENGINE_PODMAN && f->remote) {
		f->runtime = NULL;
		say(f, "warning: ",
		    "podman's remote client cannot select a runtime: the hook is only added if "
		    "the other host's podman has hookwright as its runtime");
	} else if (f->engine != ENGINE_DOCKER &&
		   !own_program("hookwright-runtime", f->runtime_path, sizeof(f->runtime_path))) {
		say(f, "", "'hookwright-runtime' does not exist in the directory of this program");
		fputs("  hint: 'make install' creates the links\n", stderr);
		return STATUS_TROUBLE;
	}
	return STATUS_OK;
}

/* The runtime would pass the container on without a word on this terminal. */
static void check_kill_switch(const struct front *f)
{
	/* docker's runtime is run by root, those of podman and nerdctl by whoever runs them. */
	const bool rootless = f->engine != ENGINE_DOCKER && geteuid() != 0;
	char path[RUN_PATH_MAX];

	if (!f->remote && run_path(rootless, KILL_SWITCH, path) && access(path, F_OK) == 0)
		say(f, "warning: ", "switched off by %s: no policy is applied", path);
}

/* ---- docker ---- */

/*
 * docker got --annotation in version 24. What calls itself podman is podman's docker command, which
 * takes a runtime's path and knows no registered name.
 */
static enum exit_status ask_docker(struct front *f)
{
	const char *argv[] = { f->path, "--version", NULL };
	char text[256], *digits;
	long major;

	if (program_output(argv, 10, text, sizeof(text)) != 0)
		return STATUS_OK; /* it will say itself what is wrong with it */
	if (strncmp(text, "podman ", 7) == 0) {
		f->engine = ENGINE_PODMAN;
		return STATUS_OK;
	}
	digits = text + strcspn(text, "0123456789");
	major = strtol(digits, NULL, 10);
	if (major == 0 || major >= 24)
		return STATUS_OK;
	text[strcspn(text, ",\n")] = '\0';
	say(f, "", "this docker does not have --annotation, which requests a policy: %s", text);
	fputs("  hint: it was added in version 24; for older versions register a runtime for each "
	      "policy, as 'hookwright setup docker' shows\n",
	      stderr);
	return STATUS_USAGE;
}

/* ---- the engine's command line ---- */

/* "io.hookwright.policies=A B"; blanks, because podman before 5 splits the value at commas. */
static char *policies_annotation(const struct front_words *words)
{
	size_t size = sizeof(POLICIES_ANNOTATION) + 1;
	char *text, *end;

	size += words->policies ? strlen(words->policies) + 1 : 0;
	for (size_t i = 0; i < words->n_hooks; i++)
		size += strlen(words->hooks[i]) + 1;
	text = malloc(size);
	if (!text)
		return NULL;
	end = stpcpy(text, POLICIES_ANNOTATION "=");
	if (words->policies)
		end = stpcpy(end, words->policies);
	for (size_t i = 0; i < words->n_hooks; i++) {
		if (i || words->policies)
			*end++ = ' ';
		end = stpcpy(end, words->hooks[i]);
	}
	return text;
}

static char *runtime_annotation(const char *name)
{
	char *text;

	return asprintf(&text, "io.hookwright.runtime=%s", name) < 0 ? NULL : text;
}

/* "io.hookwright.front=TOKEN", where the runtime is to report what it leaves out; or NULL. */
static char *front_annotation(const struct front *f)
{
	char token[NOTICE_TOKEN + 1], *text;

	if (f->remote || !listen_begin(f->argv[0], token))
		return NULL;
	return asprintf(&text, NOTICE_ANNOTATION "=%s", token) < 0 ? NULL : text;
}

/* The user's words in their order, with hookwright's in place of --oci-hook. */
static void compose(const struct front *f, char *const *annotations, char **out)
{
	const struct front_words *w = &f->words;

	for (int i = 0; i <= w->verb; i++)
		if (i < w->global_runtime || i >= w->global_runtime + w->global_words)
			*out++ = f->argv[i];
	if (f->runtime) {
		*out++ = (char *)"--runtime";
		*out++ = (char *)f->runtime;
	}
	for (size_t i = 0; i < ANNOTATIONS; i++) {
		if (!annotations[i])
			continue;
		*out++ = (char *)"--annotation";
		*out++ = annotations[i];
	}
	for (size_t i = 0; i < w->n_kept; i++)
		*out++ = w->kept[i];
	for (int i = w->rest; f->argv[i]; i++)
		*out++ = f->argv[i];
	*out = NULL;
}

static enum exit_status become(const struct front *f, char *const *argv)
{
	const char *depth = getenv(DEPTH_VARIABLE);
	const long deep = depth ? strtol(depth, NULL, 10) : 0;
	char text[32];

	if (deep < 0 || deep >= DEPTH_MAX) {
		say(f, "", "%s executes hookwright again", f->path);
		fputs("  hint: put the directory of the real program first in PATH\n", stderr);
		return STATUS_TROUBLE;
	}
	snprintf(text, sizeof(text), "%ld", deep + 1);
	if (setenv(DEPTH_VARIABLE, text, 1) == 0) {
		restore_signals();
		execv(f->path, argv);
	}
	say(f, "", "cannot execute %s: %s", f->path, strerror(errno));
	return STATUS_TROUBLE;
}

static enum exit_status become_with_hooks(const struct front *f, int argc)
{
	char *annotations[ANNOTATIONS] = {
		policies_annotation(&f->words),
		f->alternative ? runtime_annotation(f->alternative) : NULL,
	};
	/* Each with its option, --runtime with its value, and the end. */
	char **argv = calloc((size_t)argc + 2 * ANNOTATIONS + 3, sizeof(*argv));
	enum exit_status status = STATUS_TROUBLE;

	if (annotations[0] && argv && (annotations[1] || !f->alternative)) {
		annotations[2] = front_annotation(f);
		compose(f, annotations, argv);
		status = become(f, argv);
	} else {
		say(f, "", "out of memory");
	}
	free(argv);
	for (size_t i = 0; i < ANNOTATIONS; i++)
		free(annotations[i]);
	return status;
}

/* ---- the whole ---- */

static enum exit_status check_words(const struct front *f, const char *lacking)
{
	if (lacking) {
		say(f, "", "option '%s' needs an argument", lacking);
		fputs("  hint: --oci-hook NAME names a policy, see 'hookwright policy list'\n",
		      stderr);
		return STATUS_USAGE;
	}
	if (!f->words.stray)
		return STATUS_OK;
	say(f, "", "'%s' would override the settings of --oci-hook", f->words.stray);
	fprintf(stderr,
		"  hint: put it directly after --oci-hook; if it belongs to the container, write "
		"'--' before the image\n");
	return STATUS_USAGE;
}

static enum exit_status with_hooks(struct front *f, int argc, const char *lacking)
{
	enum exit_status status = check_words(f, lacking);

	if (status != STATUS_OK)
		return status;
	if (f->engine == ENGINE_DOCKER)
		status = ask_docker(f);
	f->remote = is_remote(f);
	if (status == STATUS_OK)
		status = check_policies(f);
	if (status == STATUS_OK)
		status = choose_runtime(f);
	if (status == STATUS_OK)
		check_kill_switch(f);
	return status == STATUS_OK ? become_with_hooks(f, argc) : status;
}

enum exit_status run_as_engine(int argc, char **argv)
{
	struct front f = { .engine = engine_of(argv[0]), .argv = argv };
	enum exit_status status;
	const char *lacking;

	if (!find_program(argv[0], f.path, sizeof(f.path))) {
		say(&f, "", "cannot find '%s' in PATH", argv[0]);
		return STATUS_TROUBLE;
	}
	f.words.hooks = calloc((size_t)argc, sizeof(*f.words.hooks));
	f.words.kept = calloc((size_t)argc, sizeof(*f.words.kept));
	if (!f.words.hooks || !f.words.kept) {
		say(&f, "", "out of memory");
		free(f.words.hooks);
		free(f.words.kept);
		return STATUS_TROUBLE;
	}
	lacking = front_read(f.engine, argv, &f.words);
	if (f.words.misplaced)
		say(&f, "note: ",
		    "whether '%s' takes a value is not known here, so that the --oci-hook behind it "
		    "is passed to %s; put --oci-hook directly after 'run' or 'create'",
		    f.words.unknown, argv[0]);
	status = f.words.verb ? with_hooks(&f, argc, lacking) : become(&f, argv);
	free(f.words.kept);
	free(f.words.hooks);
	return status;
}

bool is_engine(const char *word)
{
	return engine_of(word) != ENGINES;
}
