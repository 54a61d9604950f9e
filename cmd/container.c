/* SPDX-License-Identifier: Apache-2.0 */
/* Asks engines for a container's bundle and log. They are executed as they are, without a shell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/programs.h"
#include "container.h"

#define SECONDS	    20
#define ANSWER_MAX  8192
#define LOG_MAX	    ((size_t)1 << 20)
#define LINES	    "1000"
#define WORDS	    10
#define NAME_PLACE  "@" /* in a table below: the container's name */
#define STATE	    "io.containerd.runtime.v2.task/"
#define SHIM_BUNDLE "/run/containerd/" STATE

/*
 * What to execute, and where the engine keeps bundles. The first line that 'inspect' prints is the
 * id, or the path of config.json; what follows is the engine's own error.
 */
static const struct engine {
	const char *name, *program;
	const char *inspect[WORDS], *log[WORDS]; /* without the program; no log: it keeps none */
	const char *bundles[2];			 /* directories of ID; none: it answers a path */
	const char *namespaced;			 /* variable whose value is between the two */
	const char *fallback;			 /* if that is not set */
} engines[] = {
	{ .name = "podman",
	  .program = "podman",
	  .inspect = { "container", "inspect", "--format", "{{.OCIConfigPath}}\n{{.State.Error}}",
		       NAME_PLACE },
	  .log = { "logs", "--tail", LINES, NAME_PLACE } },
	{ .name = "docker",
	  .program = "docker",
	  .inspect = { "container", "inspect", "--format", "{{.Id}}\n{{.State.Error}}",
		       NAME_PLACE },
	  .log = { "logs", "--tail", LINES, NAME_PLACE },
	  .bundles = { SHIM_BUNDLE "moby/", "/run/docker/containerd/daemon/" STATE "moby/" } },
	{ .name = "containerd",
	  .program = "ctr",
	  .inspect = { "containers", "info", NAME_PLACE },
	  .bundles = { SHIM_BUNDLE },
	  .namespaced = "CONTAINERD_NAMESPACE",
	  .fallback = "default" },
	{ .name = "crictl",
	  .program = "crictl",
	  .inspect = { "inspect", "--output", "go-template", "--template",
		       "{{.status.id}}\n{{.status.message}}", NAME_PLACE },
	  .log = { "logs", "--tail", LINES, NAME_PLACE },
	  .bundles = { SHIM_BUNDLE "k8s.io/", "/run/k3s/containerd/" STATE "k8s.io/" } },
};

#define ENGINES (sizeof(engines) / sizeof(engines[0]))

/* Names become arguments, and parts of a path: nothing that means more than a name. */
static bool is_name(const char *name)
{
	static const char all[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	return name[0] && !strchr("-.", name[0]) && strlen(name) <= NAME_MAX &&
	       name[strspn(name, all)] == '\0';
}

static void fill(const char *path, const char *const *words, const char *container,
		 const char *argv[WORDS + 2])
{
	size_t n = 0;

	argv[n++] = path;
	for (size_t i = 0; i < WORDS && words[i]; i++)
		argv[n++] = strcmp(words[i], NAME_PLACE) == 0 ? container : words[i];
	argv[n] = NULL;
}

/* ---- the bundle ---- */

/* As far as it is there: config.json is what doctor reads. */
static bool is_bundle(const char *dir)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/config.json", dir) < (int)sizeof(path) &&
	       access(path, F_OK) == 0;
}

static void find_bundle(const struct engine *e, const char *id, char *ret, size_t size)
{
	const char *space = e->namespaced ? getenv(e->namespaced) : "";

	if (e->namespaced && (!space || !is_name(space)))
		space = e->fallback;
	for (size_t i = 0; i < 2 && e->bundles[i]; i++) {
		const int len = snprintf(ret, size, "%s%s%s%s", e->bundles[i], space,
					 space[0] ? "/" : "", id);

		if (len < (int)size && is_bundle(ret))
			return;
	}
	ret[0] = '\0';
}

/* podman's answer is the path of config.json. */
static void take_path(const char *path, char *ret, size_t size)
{
	const char *slash = path[0] == '/' ? strrchr(path, '/') : NULL;

	ret[0] = '\0';
	if (slash && (size_t)(slash - path) < size) {
		memcpy(ret, path, (size_t)(slash - path));
		ret[slash - path] = '\0';
		if (!is_bundle(ret))
			ret[0] = '\0';
	}
}

/* ---- the log ---- */

/* The engine's error, then what the container and its runtime wrote. */
static char *read_log(const struct engine *e, const char *path, const char *container,
		      const char *error)
{
	const size_t len = strlen(error);
	char *text = malloc(len + 2 + LOG_MAX);
	const char *argv[WORDS + 2];

	if (!text)
		return NULL;
	memcpy(text, error, len);
	text[len] = '\n';
	text[len + 1] = '\0';
	fill(path, e->log, container, argv);
	/* A log that cannot be had leaves the error. */
	if (e->log[0] && program_log(argv, SECONDS, text + len + 1, LOG_MAX) < 0)
		print_stderr("hookwright doctor: note: %s does not give the log of '%s'\n", e->name,
			     container);
	return text;
}

/* ---- which engine ---- */

/* Whether @e has the container; then @ret is filled. */
static bool ask(const struct engine *e, const char *container, struct dead_container *ret)
{
	char path[PATH_MAX], answer[ANSWER_MAX], *end;
	const char *argv[WORDS + 2], *error, *id = container;

	if (!find_program(e->program, path, sizeof(path)))
		return false;
	fill(path, e->inspect, container, argv);
	if (program_output(argv, SECONDS, answer, sizeof(answer)) != 0)
		return false;
	end = answer + strcspn(answer, "\n");
	error = *end ? end + 1 : "";
	*end = '\0';
	if (!e->bundles[0]) {
		take_path(answer, ret->bundle, sizeof(ret->bundle));
	} else {
		/* ctr prints the document that it was given, and knows only whole ids. */
		if (e->namespaced)
			error = "";
		else
			id = answer;
		ret->bundle[0] = '\0';
		if (is_name(id))
			find_bundle(e, id, ret->bundle, sizeof(ret->bundle));
	}
	ret->output = read_log(e, path, container, error);
	return true;
}

static enum exit_status not_found(const struct invocation *in)
{
	print_stderr("hookwright doctor: %s%s '%s'\n",
		     in->engine ? in->engine : "no engine that is installed here",
		     in->engine ? " does not know the container" : " knows the container",
		     in->container);
	fputs("  hint: engines of another user or namespace have other containers; "
	      "CONTAINERD_NAMESPACE=NAME names the namespace of containerd\n",
	      stderr);
	return STATUS_TROUBLE;
}

static enum exit_status found(const struct engine *e, const struct invocation *in,
			      const struct dead_container *dead)
{
	if (!dead->output) {
		fputs("hookwright doctor: out of memory\n", stderr);
		return STATUS_TROUBLE;
	}
	if (dead->bundle[0])
		print_stderr("%s: the bundle of '%s' is %s\n", e->name, in->container,
			     dead->bundle);
	else
		print_stderr("%s: the bundle of '%s' does not exist any more; only its log is "
			     "read\n",
			     e->name, in->container);
	return STATUS_OK;
}

enum exit_status container_ask(const struct invocation *in, struct dead_container *ret)
{
	bool known = !in->engine;

	if (!is_name(in->container))
		return misuse(in->command, "'%s' is not a valid name or id of a container",
			      in->container);
	for (size_t i = 0; i < ENGINES; i++) {
		if (in->engine && strcmp(engines[i].name, in->engine) != 0)
			continue;
		known = true;
		if (ask(&engines[i], in->container, ret))
			return found(&engines[i], in, ret);
	}
	if (!known)
		return misuse(in->command,
			      "--engine takes podman, docker, containerd or crictl, not '%s'",
			      in->engine);
	return not_found(in);
}
