/* SPDX-License-Identifier: Apache-2.0 */
/* setup --check: the rows that all engines share, and how a row is printed. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/document.h"
#include "cli/input.h"
#include "cli/log.h"
#include "cli/programs.h"
#include "cli/run-dir.h"
#include "setup/check.h"
#include "setup/setup.h"

#define SECONDS 5 /* for an engine to answer */

/* ---- rows ---- */

/* With --json the rows are kept, and not printed. */
static struct {
	struct hw_json json;
	cJSON *root, *rows, *next; /* @next: of the last row */
} document;

__attribute__((format(printf, 3, 0))) static void put_words(cJSON *to, const char *key,
							    const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0) {
		document.json.failed = true;
		return;
	}
	hw_json_text(&document.json, to, key, text);
	free(text);
}

static void begin_document(const char *engine)
{
	document.root = document_new(&document.json);
	hw_json_text(&document.json, document.root, "engine", engine);
	document.rows = hw_json_open(&document.json, document.root, "rows", '[');
}

void row(struct check *c, enum verdict verdict, const char *fmt, ...)
{
	static const char *const words[] = { [GOOD] = "ok", [BAD] = "NOT", [UNKNOWN] = "?" };
	static const char *const json_words[] = {
		[GOOD] = "ok", [BAD] = "bad", [UNKNOWN] = "unknown"
	};
	va_list ap;

	c->troubles += verdict != GOOD;
	if (document.root) {
		cJSON *o = hw_json_open(&document.json, document.rows, NULL, '{');

		hw_json_text(&document.json, o, "subject", c->subject);
		hw_json_text(&document.json, o, "verdict", json_words[verdict]);
		va_start(ap, fmt);
		put_words(o, "message", fmt, ap);
		va_end(ap);
		document.next = hw_json_open(&document.json, o, "next", '[');
		return;
	}
	if (c->quiet && verdict == GOOD)
		return;
	printf("%-4s%-13s", words[verdict], c->subject);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

void next(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (document.root) {
		put_words(document.next, NULL, fmt, ap);
	} else {
		fputs("                 next: ", stdout);
		vprintf(fmt, ap);
		putchar('\n');
	}
	va_end(ap);
}

const char *ask(struct check *c, const char *const *argv)
{
	char path[PATH_MAX];
	const char *words[16] = { path };

	if (!find_program(argv[0], path, sizeof(path)))
		return NULL;
	for (size_t i = 1; i < 15 && argv[i]; i++)
		words[i] = argv[i];
	return program_output(words, SECONDS, c->output, sizeof(c->output)) == 0 ? c->output : NULL;
}

bool read_file(struct check *c, const char *file)
{
	FILE *in = input_file(file);
	size_t len;

	if (!in) {
		row(c, errno == ENOENT ? BAD : UNKNOWN, "%s: %s", file, strerror(errno));
		return false;
	}
	len = fread(c->output, 1, sizeof(c->output) - 1, in);
	fclose(in);
	c->output[len] = '\0';
	return true;
}

/* ---- what every engine needs ---- */

static void check_installed(struct check *c)
{
	c->subject = "installed";
	c->found = find_program(c->engine, c->program, sizeof(c->program));
	if (c->found) {
		row(c, GOOD, "%s", c->program);
	} else {
		row(c, BAD, "cannot find '%s' in PATH", c->engine);
		next("install %s, or run this on a host that has it", c->engine);
	}
}

/* The file at @path must be the wrapper, and of the same version as this program. */
static bool is_own_wrapper(const char *path)
{
	const char *const argv[] = { path, "--hookwright-version", NULL };
	char said[128], want[128];

	snprintf(want, sizeof(want), "hookwright-runtime %s\n", hw_version());
	return program_output(argv, SECONDS, said, sizeof(said)) == 0 && strcmp(said, want) == 0;
}

static void check_links(struct check *c)
{
	static const char *const names[] = { "hookwright-runtime", "hookwright-runc",
					     "hookwright-crun" };
	char path[PATH_MAX] = "";

	c->subject = "hookwright";
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!own_program(names[i], path, sizeof(path)) || !is_own_wrapper(path)) {
			row(c, BAD, "%s does not exist, or is not version %s", path, hw_version());
			next("make install");
			return;
		}
	own_program(names[0], path, sizeof(path));
	row(c, GOOD, "%s, version %s", path, hw_version());
}

static void check_configuration(struct check *c, const struct hw_config *config)
{
	struct hw_error err;
	const char *runtime;

	c->subject = "runtime";
	if (hw_config_runtime(config, NULL, &runtime, &err) < 0) {
		row(c, BAD, "%s", err.message);
		next("install runc or crun, or name the runtime in /etc/hookwright/config.yaml");
	} else if (is_ourselves(runtime)) {
		row(c, BAD, "%s is hookwright itself", runtime);
		next("name the real runtime by 'runtime' in /etc/hookwright/config.yaml");
	} else {
		row(c, GOOD, "hookwright executes %s", runtime);
	}
}

/* Whether a line can be appended to @file, which the first one makes. */
static bool can_log_to(const char *file)
{
	char dir[PATH_MAX];
	char *slash;

	if (eaccess(file, W_OK) == 0)
		return true;
	if (errno != ENOENT || strlen(file) >= sizeof(dir))
		return false;
	slash = strrchr(strcpy(dir, file), '/');
	slash[slash == dir] = '\0';
	return eaccess(dir, W_OK | X_OK) == 0;
}

/* Engines discard the runtime's log of a container that starts; what remains is hookwright's. */
static void check_log(struct check *c, const struct hw_config *config)
{
	struct hw_log log;

	c->subject = "messages";
	hw_config_log(config, &log);
	if (log.journal && access(JOURNAL_SOCKET, F_OK) < 0)
		log.journal = false;
	if (log.file && !can_log_to(log.file)) {
		row(c, BAD, "cannot write %s: %s", log.file, strerror(errno));
		next("name another file by 'log' in the configuration");
	} else if (!log.file && !log.journal) {
		row(c, BAD, "a hook that a policy leaves out is not reported: no log, no journal");
		next("add 'log: { file: /var/log/hookwright.log }' to the configuration");
	} else if (log.level < HW_LOG_WARNING) {
		row(c, BAD,
		    "a hook that a policy leaves out is not reported: 'log' has level error");
		next("write 'level: warning' there");
	} else {
		row(c, GOOD, "a hook that a policy leaves out is reported in %s%s%s",
		    log.file ? log.file : "", log.file && log.journal ? ", and in " : "",
		    log.journal ? "the journal: journalctl -t hookwright" : "");
	}
}

static void check_policies(struct check *c)
{
	struct hw_policies *policies = NULL;
	struct hw_error err;
	size_t n;

	c->subject = "policies";
	if (hw_policies_load(NULL, &policies, &err) < 0) {
		row(c, BAD, "%s%s%s", err.path, err.path[0] ? ": " : "", err.message);
		next("hookwright policy check");
		return;
	}
	n = hw_policies_count(policies);
	hw_policies_free(policies);
	if (n) {
		row(c, GOOD, "%zu, readable by uid %u%s", n, (unsigned)geteuid(),
		    geteuid() == 0 ? ""
				   : "; run this as root to check the policies of root's engine");
	} else {
		row(c, BAD, "none is installed");
		next("put one into /etc/hookwright/policies.d; see hookwright-policy(5)");
	}
}

static void check_kill_switch(struct check *c, bool rootless)
{
	char path[RUN_PATH_MAX];

	c->subject = "kill switch";
	if (!run_path(rootless, KILL_SWITCH, path)) {
		row(c, GOOD, "not possible, XDG_RUNTIME_DIR does not name a directory");
	} else if (access(path, F_OK) == 0) {
		row(c, BAD, "%s exists: no policy is applied to any container", path);
		next("rm %s", path);
	} else {
		row(c, GOOD, "%s does not exist", path);
	}
}

static void check_common(struct check *c)
{
	struct hw_config *config = NULL;
	bool rootless = geteuid() != 0;
	struct hw_error err;

	check_links(c);
	if (hw_config_load(NULL, &config, &err) < 0) {
		c->subject = "runtime";
		row(c, BAD, "%s: %s", err.path, err.message);
	} else {
		check_configuration(c, config);
		check_log(c, config);
		rootless = hw_config_rootless(config);
	}
	hw_config_free(config);
	check_policies(c);
	check_kill_switch(c, rootless);
}

/* ---- the whole ---- */

static const struct {
	const char *engine, *program;
	void (*run)(struct check *c); /* called if the program is there */
} checks[] = {
	{ "docker", "docker", check_docker },	 { "containerd", "containerd", check_containerd },
	{ "crio", "crio", check_crio },		 { "podman", "podman", check_podman },
	{ "nerdctl", "nerdctl", check_nerdctl }, { "buildkit", "buildkitd", check_buildkit },
	{ "compose", "docker", check_compose },	 { "kubernetes", "kubectl", check_kubernetes },
};

enum exit_status check_engine(const struct invocation *in, const char *engine)
{
	struct check *c = calloc(1, sizeof(*c));
	unsigned troubles;
	size_t i = 0;

	if (!c) {
		fputs("hookwright: out of memory\n", stderr);
		return STATUS_TROUBLE;
	}
	while (strcmp(checks[i].engine, engine) != 0)
		i++;
	c->engine = checks[i].program;
	c->quiet = in->quiet;
	if (in->json)
		begin_document(engine);
	check_installed(c);
	check_common(c);
	if (c->found)
		checks[i].run(c);
	troubles = c->troubles;
	free(c);
	if (in->json && document_print(&document.json, document.root) != STATUS_OK)
		return STATUS_TROUBLE;
	return troubles ? STATUS_FINDINGS : STATUS_OK;
}
