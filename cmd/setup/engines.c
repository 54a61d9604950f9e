/* SPDX-License-Identifier: Apache-2.0 */
/* setup --check: the rows of each engine, from its own answer where it gives one. */
#include <cJSON.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/programs.h"
#include "setup/check.h"

/*
 * Engines are asked rather than their files read: they know which files count and what overrides
 * what. Where one is not there to be asked, the row says what was looked for instead.
 */

/* ---- docker ---- */

/* The name of a runtime in {"NAME": {"path": PATH}, ...} that is hookwright's, or NULL. */
static const char *our_runtime(const cJSON *runtimes)
{
	const cJSON *each;

	cJSON_ArrayForEach(each, runtimes)
	{
		const char *path =
			cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(each, "path"));

		if (path && names_ourselves(path))
			return each->string;
	}
	return NULL;
}

/* The number of the line that @end, somewhere in @text, is in. */
static unsigned line_of(const char *text, const char *end)
{
	unsigned line = 1;

	for (; text < end; text++)
		line += *text == '\n';
	return line;
}

static void check_daemon_json(struct check *c)
{
	const char *file = "/etc/docker/daemon.json", *name, *end;
	cJSON *root;

	c->subject = "registered";
	if (!read_file(c, file)) {
		next("hookwright setup docker >%s, as root", file);
		return;
	}
	root = cJSON_ParseWithOpts(c->output, &end, true);
	name = our_runtime(cJSON_GetObjectItemCaseSensitive(root, "runtimes"));
	if (!root) {
		row(c, BAD, "%s is not valid JSON", file);
		next("correct it in line %u, or before", line_of(c->output, end));
	} else if (!name) {
		row(c, BAD, "%s does not have a runtime with hookwright's path", file);
		next("add the member 'runtimes' that 'hookwright setup docker' prints");
	} else {
		row(c, GOOD, "%s calls it '%s'", file, name);
	}
	cJSON_Delete(root);
}

void check_docker(struct check *c)
{
	const char *text, *name;
	cJSON *root;

	check_daemon_json(c);
	c->subject = "in effect";
	text = ASK(c, "docker", "info", "--format", "{{json .Runtimes}}");
	root = cJSON_Parse(text ? text : "");
	name = our_runtime(root);
	if (!cJSON_IsObject(root)) {
		row(c, UNKNOWN, "docker does not answer");
		next("start it, or run this as a user who is allowed to connect to it");
	} else if (!name) {
		row(c, BAD, "the daemon does not have a runtime with hookwright's path");
		next("systemctl reload docker");
	} else {
		row(c, GOOD, "docker run --runtime %s", name);
	}
	cJSON_Delete(root);
}

void check_compose(struct check *c)
{
	check_docker(c);
	c->subject = "compose";
	if (ASK(c, "docker", "compose", "version"))
		row(c, GOOD, "docker compose is installed");
	else
		row(c, BAD, "docker does not have a command 'compose'");
}

/* ---- podman ---- */

#define CONF_D "/etc/containers/containers.conf.d"

/* The runtime that 'podman [OPTION VALUE] info' shows, or NULL. */
static const char *podman_runtime(struct check *c, const char *option, const char *value)
{
	const char *format = "{{.Host.OCIRuntime.Path}}";
	const char *path = option ? ASK(c, "podman", option, value, "info", "--format", format)
				  : ASK(c, "podman", "info", "--format", format);

	if (path)
		c->output[strcspn(c->output, "\n")] = '\0';
	return path;
}

void check_podman(struct check *c)
{
	char usual[PATH_MAX];
	const char *path = podman_runtime(c, NULL, NULL);

	c->subject = "in effect";
	if (!path) {
		row(c, UNKNOWN, "'podman info' fails");
		return;
	}
	snprintf(usual, sizeof(usual), "%s", path);
	c->subject = "registered";
	path = podman_runtime(c, "--runtime", "hookwright-runtime");
	if (!path || !names_ourselves(path)) {
		row(c, BAD,
		    "podman does not have a runtime 'hookwright-runtime' with hookwright's path");
		next("mkdir -p " CONF_D " && hookwright setup podman >" CONF_D
		     "/50-hookwright.conf, as root");
		return;
	}
	row(c, GOOD, "podman's 'hookwright-runtime' is %s", path);
	c->subject = "in effect";
	if (names_ourselves(usual))
		row(c, GOOD, "for every container");
	else
		row(c, GOOD, "for containers with --oci-hook or --runtime; others get %s", usual);
}

/* ---- lines of TOML ---- */

/*
 * The string after "@key =" in @line, or NULL. What an engine prints of its configuration, and what
 * people write, has one key a line; a table in a line ("{ BinaryName = ... }") is searched.
 */
static const char *toml_string(const char *line, const char *key, char *buf, size_t size)
{
	const char *at = strstr(line, key), *hash = strchr(line, '#');
	char quote;
	size_t len;

	if (!at || (hash && hash < at))
		return NULL;
	at += strlen(key);
	at += strspn(at, " \t");
	if (*at++ != '=')
		return NULL;
	at += strspn(at, " \t");
	quote = *at++;
	if (quote != '"' && quote != '\'')
		return NULL;
	for (len = 0; at[len] && at[len] != quote && len + 1 < size; len++)
		buf[len] = at[len];
	buf[len] = '\0';
	return buf;
}

/* ---- containerd ---- */

struct handler {
	char name[128]; /* of the runtime whose section it is */
	bool annotations;
};

/* "[plugins....containerd.runtimes.NAME]" */
static void read_header(const char *line, struct handler *h)
{
	const char *at = strstr(line, ".containerd.runtimes.");
	size_t len;

	if (!at)
		return;
	at += strlen(".containerd.runtimes.");
	len = strcspn(at, "].");
	if (len < sizeof(h->name) && at[len] == ']') {
		snprintf(h->name, sizeof(h->name), "%.*s", (int)len, at);
		h->annotations = false;
	}
}

/* The handler with hookwright's path; @found->name is "" if there is none. */
static void find_handler(char *dump, struct handler *found)
{
	struct handler h = { "", false };
	char *save = NULL, path[PATH_MAX];

	found->name[0] = '\0';
	for (char *line = strtok_r(dump, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *text = line + strspn(line, " \t");

		if (*text == '[')
			read_header(text, &h);
		else if (strncmp(text, "pod_annotations", 15) == 0)
			h.annotations = strstr(text, "io.hookwright.");
		else if (toml_string(text, "BinaryName", path, sizeof(path)) && path[0] &&
			 names_ourselves(path))
			*found = h;
	}
}

void check_containerd(struct check *c)
{
	struct handler h;
	const char *dump = ASK(c, "containerd", "config", "dump");

	c->subject = "registered";
	if (!dump) {
		row(c, UNKNOWN, "'containerd config dump' fails");
		return;
	}
	find_handler(c->output, &h);
	if (!h.name[0]) {
		row(c, BAD,
		    "its configuration does not have a runtime whose BinaryName is hookwright's");
		next("add the output of 'hookwright setup containerd' to "
		     "/etc/containerd/config.toml; ctr and nerdctl do not need it");
		return;
	}
	row(c, GOOD, "its configuration calls it '%s'", h.name);
	c->subject = "annotations";
	if (h.annotations) {
		row(c, GOOD, "pods can request policies, if containerd was restarted since");
	} else {
		row(c, BAD, "pod_annotations of '%s' lacks \"io.hookwright.*\"", h.name);
		next("without it pods cannot request policies; see 'hookwright setup containerd'");
	}
}

/* ---- others ---- */

/* A line of @text with @key = "PATH" that has hookwright's path. */
static bool has_our_path(char *text, const char *key)
{
	char *save = NULL, path[PATH_MAX];

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (toml_string(line, key, path, sizeof(path)) && path[0] && names_ourselves(path))
			return true;
	return false;
}

void check_crio(struct check *c)
{
	c->subject = "in effect";
	if (!ASK(c, "crio", "status", "config")) {
		row(c, UNKNOWN, "crio does not answer 'crio status config'");
		next("start it, and run this as root");
	} else if (has_our_path(c->output, "runtime_path")) {
		row(c, GOOD, "the daemon has a runtime with hookwright's path");
	} else {
		row(c, BAD, "the daemon does not have a runtime with hookwright's path");
		next("hookwright setup crio >/etc/crio/crio.conf.d/50-hookwright.conf && "
		     "systemctl restart crio");
	}
}

void check_nerdctl(struct check *c)
{
	c->subject = "in effect";
	if (!ASK(c, "nerdctl", "run", "--help")) {
		row(c, UNKNOWN, "'nerdctl run --help' fails");
	} else if (strstr(c->output, "--annotation")) {
		row(c, GOOD, "registration is not needed: hookwright nerdctl run --oci-hook NAME");
	} else {
		row(c, BAD, "this nerdctl does not have --annotation, which requests a policy");
		next("upgrade nerdctl");
	}
}

void check_buildkit(struct check *c)
{
	const char *file = "/etc/buildkit/buildkitd.toml";
	char *copy;

	c->subject = "registered";
	if (!read_file(c, file)) {
		next("hookwright setup buildkit >%s, as root; then restart buildkitd", file);
		return;
	}
	copy = strdup(c->output);
	if (has_our_path(c->output, "binary") || (copy && has_our_path(copy, "BinaryName"))) {
		row(c, GOOD, "%s names hookwright's path, if buildkitd was restarted since", file);
	} else {
		row(c, BAD,
		    "%s does not have a line 'binary' or 'BinaryName' with hookwright's path",
		    file);
		next("hookwright setup buildkit prints it");
	}
	free(copy);
}

void check_kubernetes(struct check *c)
{
	c->subject = "registered";
	if (!ASK(c, "kubectl", "get", "runtimeclass", "hookwright", "-o", "jsonpath={.handler}")) {
		row(c, BAD, "kubectl does not find RuntimeClass 'hookwright'");
		next("hookwright setup kubernetes --form runtimeclass | kubectl apply -f -");
	} else {
		row(c, GOOD, "RuntimeClass 'hookwright' has handler '%s'", c->output);
	}
	printf("%-17son each node: hookwright setup --check containerd, or crio\n", "");
}
