/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of recognising messages: a wording for each row of the table. */
#include "doctor/symptom.h"
#include "test.h"

/*
 * A wording for each row of doctor/symptom-table.h. tests/e2e/doctor.sh makes those that are measured here
 * happen again with the runtimes that are installed; the literal ones are of versions that are not.
 */
struct sample {
	const char *row, *text;
	enum cause cause; /* the likeliest */
	const char *path, *status;
	long hook;
	unsigned stages;
};

#define NONE		  -1, STAGE_ANY
#define START_OR_POSTSTOP 0, STAGE_BIT(STAGE_START_CONTAINER) | STAGE_BIT(STAGE_POSTSTOP)
#define RUNC		  "error running hook #0: "
#define CRUN(status)	  "error executing hook `/x` (exit code: " status ")"

static const struct sample measured[] = {
	{ "crun", CRUN("7"), CAUSE_own_failure, "/x", "7", NONE },
	{ "runc_create",
	  "runc create failed: unable to start container process: error during container init: "
	  "error running hook #2: fork/exec /x: no such file or directory: unknown",
	  CAUSE_program_missing, "/x", NULL, 2,
	  STAGE_BIT(STAGE_PRESTART) | STAGE_BIT(STAGE_CREATE_RUNTIME) |
		  STAGE_BIT(STAGE_CREATE_CONTAINER) },
	{ "runc_poststart",
	  "runc run failed: error running hook #0: error running hook: exit status 1, stdout: , "
	  "stderr: ",
	  CAUSE_own_failure, NULL, "1", 0, STAGE_BIT(STAGE_POSTSTART) },
	{ "runc", RUNC "something new", CAUSE_own_failure, NULL, NULL, START_OR_POSTSTOP },
	{ "said_library",
	  RUNC "error running hook: exit status 127, stdout: , stderr: /x: error while loading "
	       "shared libraries: liba.so.1: cannot open shared object file: No such file or "
	       "directory",
	  CAUSE_library_missing, NULL, "127", START_OR_POSTSTOP },
	{ "said_ldconfig",
	  RUNC
	  "error running hook: exit status 1, stdout: , stderr: ldconfig: Can't create temporary "
	  "cache file /etc/ld.so.cache~: Permission denied",
	  CAUSE_ldconfig, NULL, NULL, START_OR_POSTSTOP },
	{ "said_ldconfig_rename",
	  RUNC "error running hook: exit status 1, stdout: , stderr: /sbin/ldconfig: Renaming of "
	       "/etc/ld.so.cache~ to /etc/ld.so.cache failed: Device or resource busy",
	  CAUSE_ldconfig, NULL, NULL, START_OR_POSTSTOP },
	{ "said_applet",
	  RUNC "error running hook: exit status 127, stdout: , stderr: x: applet not found",
	  CAUSE_argv0, NULL, "127", START_OR_POSTSTOP },
	{ "said_script",
	  RUNC "error running hook: exit status 2, stdout: , stderr: /bin/sh: can't open "
	       "'/opt/x.sh': Permission denied",
	  CAUSE_script_unreadable, NULL, "2", START_OR_POSTSTOP },
	{ "said_not_found",
	  RUNC "error running hook: exit status 127, stdout: , stderr: sh: nosuch: not found",
	  CAUSE_command_missing, NULL, "127", START_OR_POSTSTOP },
	{ "said_read_only",
	  RUNC "error running hook: exit status 1, stdout: , stderr: sh: can't create /file: "
	       "Read-only file system",
	  CAUSE_cannot_write, NULL, "1", START_OR_POSTSTOP },
	{ "own_refused", "hookwright: p.yaml:2:9: refused: policy 'p' needs 'uid: 0', but",
	  CAUSE_policy_refuses, NULL, NULL, NONE },
	{ "own_unknown", "policy 'nope' was requested, but does not exist", CAUSE_policy_unknown,
	  NULL, NULL, NONE },
	{ "runc_enoent", "fork/exec /sbin/ldconfig: no such file or directory",
	  CAUSE_program_missing, "/sbin/ldconfig", NULL, NONE },
	{ "runc_eacces", RUNC "fork/exec /x: permission denied", CAUSE_not_executable, "/x", NULL,
	  START_OR_POSTSTOP },
	{ "runc_enotdir", RUNC "fork/exec /x/: not a directory", CAUSE_path_broken, "/x/", NULL,
	  START_OR_POSTSTOP },
	{ "runc_eloop", RUNC "fork/exec /l: too many levels of symbolic links", CAUSE_path_broken,
	  "/l", NULL, START_OR_POSTSTOP },
	{ "runc_enoexec", RUNC "fork/exec /x: exec format error", CAUSE_not_a_program, "/x", NULL,
	  START_OR_POSTSTOP },
	{ "runc_elibbad", RUNC "fork/exec /x: accessing a corrupted shared library",
	  CAUSE_interpreter_unusable, "/x", NULL, START_OR_POSTSTOP },
	{ "runc_eagain", RUNC "fork/exec /x: resource temporarily unavailable", CAUSE_pids, "/x",
	  NULL, START_OR_POSTSTOP },
	{ "runc_eperm", RUNC "fork/exec /x: operation not permitted", CAUSE_seccomp, "/x", NULL,
	  START_OR_POSTSTOP },
	{ "runc_einval", RUNC "fork/exec /x: invalid argument", CAUSE_string_invalid, "/x", NULL,
	  START_OR_POSTSTOP },
	{ "runc_nul", RUNC "exec: environment variable contains NUL", CAUSE_string_invalid, NULL,
	  NULL, START_OR_POSTSTOP },
	{ "runc_no_command", RUNC "exec: no command", CAUSE_path_missing, NULL, NULL,
	  START_OR_POSTSTOP },
	{ "runc_pipe", RUNC "pipe2: operation not permitted", CAUSE_seccomp, NULL, NULL,
	  START_OR_POSTSTOP },
	{ "runc_timeout_0", RUNC "hook ran past specified timeout of 0.0s", CAUSE_timeout_invalid,
	  NULL, NULL, START_OR_POSTSTOP },
	{ "runc_timeout_less", RUNC "hook ran past specified timeout of -1.0s",
	  CAUSE_timeout_invalid, NULL, NULL, START_OR_POSTSTOP },
	{ "runc_timeout", RUNC "hook ran past specified timeout of 1.0s", CAUSE_timeout_short, NULL,
	  NULL, START_OR_POSTSTOP },
	{ "runc_127", RUNC "error running hook: exit status 127, stdout: , stderr: ",
	  CAUSE_library_missing, NULL, "127", START_OR_POSTSTOP },
	{ "runc_126", RUNC "error running hook: exit status 126, stdout: , stderr: ",
	  CAUSE_command_missing, NULL, "126", START_OR_POSTSTOP },
	{ "runc_status", RUNC "error running hook: exit status 7, stdout: o, stderr: e",
	  CAUSE_own_failure, NULL, "7", START_OR_POSTSTOP },
	{ "runc_segv", RUNC "error running hook: signal: segmentation fault, stdout: , stderr: ",
	  CAUSE_elf_broken, NULL, NULL, START_OR_POSTSTOP },
	{ "runc_killed", RUNC "error running hook: signal: killed, stdout: , stderr: ",
	  CAUSE_killed, NULL, NULL, START_OR_POSTSTOP },
	{ "runc_sigsys", RUNC "error running hook: signal: bad system call, stdout: , stderr: ",
	  CAUSE_seccomp_own, NULL, NULL, START_OR_POSTSTOP },
	{ "runc_signal", RUNC "error running hook: signal: aborted, stdout: , stderr: ",
	  CAUSE_crashed, NULL, NULL, START_OR_POSTSTOP },
	{ "crun_timeout", CRUN("-1") "\ntimeout expired for `/x`", CAUSE_timeout_invalid, "/x",
	  "-1", NONE },
	{ "crun_eagain", CRUN("-12") "\nfork: Resource temporarily unavailable", CAUSE_pids, "/x",
	  "-12", NONE },
	{ "crun_fork", CRUN("-2") "\nfork: Operation not permitted", CAUSE_seccomp, "/x", "-2",
	  NONE },
	{ "crun_pipe", "pipe: Operation not permitted\n" CRUN("-2"), CAUSE_seccomp, "/x", "-2",
	  NONE },
	{ "crun_wait", CRUN("-2") "\nwaitpid: Operation not permitted", CAUSE_seccomp, "/x", "-2",
	  NONE },
	{ "crun_epipe", "writing to pipe: Broken pipe", CAUSE_stdin_unread, NULL, NULL, NONE },
	{ "crun_127", CRUN("127"), CAUSE_library_missing, "/x", "127", NONE },
	{ "crun_126", CRUN("126"), CAUSE_command_missing, "/x", "126", NONE },
	{ "crun_1", CRUN("1"), CAUSE_program_missing, "/x", "1", NONE },
	{ "crun_1", "error executing hook `/sbin/ldconfig` (exit code: 1)", CAUSE_ldconfig,
	  "/sbin/ldconfig", "1", NONE },
	{ "crun_2", CRUN("2"), CAUSE_script_unreadable, "/x", "2", NONE },
	{ "crun_137", CRUN("137"), CAUSE_killed, "/x", "137", NONE },
	{ "crun_139", CRUN("139"), CAUSE_elf_broken, "/x", "139", NONE },
	{ "crun_141", CRUN("141"), CAUSE_crashed, "/x", "141", NONE },
	{ "crun_159", CRUN("159"), CAUSE_seccomp_own, "/x", "159", NONE },
	{ "crun_less", CRUN("-5"), CAUSE_timeout_invalid, "/x", "-5", NONE },
	{ "crun_status", CRUN("15"), CAUSE_own_failure, "/x", "15", NONE },
	{ "go_hook_member",
	  "runc run failed: json: cannot unmarshal string into Go struct field "
	  "Hook.hooks.startContainer.args of type []string",
	  CAUSE_member_wrong, NULL, NULL, -1, STAGE_BIT(STAGE_START_CONTAINER) },
	{ "go_stage",
	  "runc run failed: json: cannot unmarshal object into Go struct field "
	  "Hooks.hooks.poststop of type []specs.Hook",
	  CAUSE_hooks_wrong, NULL, NULL, -1, STAGE_BIT(STAGE_POSTSTOP) },
	{ "go_hooks",
	  "runc run failed: json: cannot unmarshal array into Go struct field Spec.hooks of type "
	  "specs.Hooks",
	  CAUSE_hooks_wrong, NULL, NULL, NONE },
	{ "go_number",
	  "runc run failed: json: cannot unmarshal number 9.2233720368547758e+18 into Go struct "
	  "field "
	  "LinuxMemory.linux.resources.memory.limit of type int64",
	  CAUSE_number_invalid, NULL, NULL, NONE },
	{ "go_member",
	  "json: cannot unmarshal string into Go struct field Process.process.args of type "
	  "[]string",
	  CAUSE_config_invalid, NULL, NULL, NONE },
	{ "go_syntax", "runc run failed: invalid character '\"' after object key:value pair",
	  CAUSE_not_json, NULL, NULL, NONE },
	{ "go_eof", "runc run failed: unexpected EOF", CAUSE_not_json, NULL, NULL, NONE },
	{ "runc_no_config", "runc run failed: JSON specification file config.json not found",
	  CAUSE_config_unreadable, NULL, NULL, NONE },
	{ "runc_no_process", "runc run failed: process property must not be empty",
	  CAUSE_config_invalid, NULL, NULL, NONE },
	{ "runc_no_root", "runc run failed: root must be specified", CAUSE_config_invalid, NULL,
	  NULL, NONE },
	{ "crun_hook_path", "load `config.json`: Required field 'path' not present",
	  CAUSE_path_missing, NULL, NULL, NONE },
	{ "crun_required", "load `config.json`: Required field 'destination' not present",
	  CAUSE_config_invalid, NULL, NULL, NONE },
	{ "crun_timeout_value",
	  "load `config.json`: Invalid value '2147483648' with type 'integer' for key 'timeout': "
	  "Numerical result out of range",
	  CAUSE_timeout_invalid, NULL, NULL, NONE },
	{ "crun_value",
	  "load `config.json`: Invalid value '1e9' with type 'int64' for key 'limit': Invalid "
	  "argument",
	  CAUSE_number_invalid, NULL, NULL, NONE },
	{ "crun_syntax", "load `config.json`: cannot parse the data: parse error: trailing garbage",
	  CAUSE_not_json, NULL, NULL, NONE },
	{ "crun_no_config", "load `config.json`: cannot read the file: config.json",
	  CAUSE_config_unreadable, NULL, NULL, NONE },
	{ "crun_version", "unknown version specified", CAUSE_version_refused, NULL, NULL, NONE },
	{ "crun_no_root", "invalid config file, no 'root' block specified", CAUSE_config_invalid,
	  NULL, NULL, NONE },
	{ "crun_no_process", "internal error: max number of capabilities not initialized",
	  CAUSE_config_invalid, NULL, NULL, NONE },
	{ "crun_loading", "OCI runtime create failed: error loading config.json: unknown.",
	  CAUSE_not_json, NULL, NULL, NONE },
	{ "runc_workload", "exec: \"/nope\": stat /nope: no such file or directory",
	  CAUSE_workload_missing, "/nope", NULL, NONE },
	{ "runc_workload_path", "exec: \"nope\": executable file not found in $PATH",
	  CAUSE_workload_missing, "nope", NULL, NONE },
	{ "runc_workload_mode", "exec: \"/etc/passwd\": permission denied", CAUSE_workload_missing,
	  "/etc/passwd", NULL, NONE },
	{ "crun_workload", "executable file `/nope` not found in $PATH: No such file or directory",
	  CAUSE_workload_missing, "/nope", NULL, NONE },
	{ "crun_workload_mode", "open executable: Permission denied", CAUSE_workload_missing, NULL,
	  NULL, NONE },
	{ "workload_library_glibc",
	  "/app: error while loading shared libraries: liba.so.1: cannot open shared object file: "
	  "No "
	  "such file or directory",
	  CAUSE_workload_library, NULL, NULL, NONE },
	{ "runc_rootfs",
	  "runc run failed: invalid rootfs: stat /b/rootfs: no such file or directory",
	  CAUSE_rootfs_missing, "/b/rootfs", NULL, NONE },
	{ "runc_root_symlink",
	  "runc run failed: invalid rootfs: not an absolute path, or a symlink", CAUSE_root_symlink,
	  NULL, NULL, NONE },
	{ "crun_rootfs", "make `rootfs` private: No such file or directory", CAUSE_rootfs_missing,
	  "rootfs", NULL, NONE },
	{ "runc_mount",
	  "error mounting \"/nonexist\" to rootfs at \"/x\": stat /nonexist: no such file or "
	  "directory",
	  CAUSE_mount_impossible, "/nonexist", NULL, NONE },
	{ "crun_mount", "error stat'ing file `/nonexist`: No such file or directory",
	  CAUSE_mount_impossible, "/nonexist", NULL, NONE },
	{ "runc_identity",
	  "unable to setup user: cannot set uid to unmapped user in user namespace", CAUSE_identity,
	  NULL, NULL, NONE },
	{ "crun_identity", "cannot setresuid to 5000: Invalid argument", CAUSE_identity, NULL,
	  "5000", NONE },
	{ "podman_precreate", "Error: setting up OCI Hooks: executing []: exit status 1",
	  CAUSE_precreate_failed, NULL, NULL, NONE },
	{ "podman_hook_file",
	  "Error: setting up OCI Hooks: parsing hook \"/etc/x.json\": version check: unexpected "
	  "end",
	  CAUSE_engine_hook_file, "/etc/x.json", NULL, NONE },
	{ "podman_runtime",
	  "Error: no valid executable found for OCI runtime /usr/bin/nosuch: invalid argument",
	  CAUSE_runtime_unknown, NULL, NULL, NONE },
	{ "own_stopped", "hookwright: config.json: not JSON", CAUSE_hookwright_stopped, NULL, NULL,
	  NONE },
	{ "status_159", "x  Exited (159) 3 seconds ago", CAUSE_seccomp_kills, NULL, "159", NONE },
	{ "status_1", "x  Exited (1) 3 seconds ago", CAUSE_hook_silent, NULL, "1", -1,
	  STAGE_BIT(STAGE_START_CONTAINER) },
	{ "code_1", "\"ExitCode\": 1,", CAUSE_hook_silent, NULL, "1", -1,
	  STAGE_BIT(STAGE_START_CONTAINER) },
	{ "code_159", "\"ExitCode\": 159,", CAUSE_seccomp_kills, NULL, "159", NONE },
	{ "state_stopped", "  \"status\": \"stopped\",", CAUSE_hook_silent, NULL, NULL, -1,
	  STAGE_BIT(STAGE_START_CONTAINER) },
};

static const struct sample literal[] = {
	{ "crun_stage", "error running startContainer hook #1: `/x` (exit code: 1)",
	  CAUSE_program_missing, "/x", "1", 1, STAGE_BIT(STAGE_START_CONTAINER) },
	{ "runc_stage", "error running createRuntime hook #3: fork/exec /x: exec format error",
	  CAUSE_not_a_program, "/x", NULL, 3, STAGE_BIT(STAGE_CREATE_RUNTIME) },
	{ "runc_old",
	  "container init caused: Running hook #1:: error running hook: exit status 3, stdout: , "
	  "stderr: time=\\\"2022\\\"",
	  CAUSE_own_failure, NULL, "3", 1,
	  STAGE_BIT(STAGE_PRESTART) | STAGE_BIT(STAGE_CREATE_RUNTIME) |
		  STAGE_BIT(STAGE_CREATE_CONTAINER) | STAGE_BIT(STAGE_START_CONTAINER) },
	{ "said_library_bad",
	  RUNC
	  "error running hook: exit status 127, stdout: , stderr: /x: error while loading shared "
	  "libraries: /lib/liba.so: invalid ELF header",
	  CAUSE_library_unusable, NULL, "127", START_OR_POSTSTOP },
	{ "said_symbol",
	  RUNC
	  "error running hook: exit status 127, stdout: , stderr: /x: symbol lookup error: /x: "
	  "undefined symbol: f",
	  CAUSE_library_unusable, NULL, "127", START_OR_POSTSTOP },
	{ "said_version",
	  RUNC "error running hook: exit status 1, stdout: , stderr: /x: /lib/liba.so: version "
	       "`FOO_2' not found (required by /x)",
	  CAUSE_library_unusable, NULL, "1", START_OR_POSTSTOP },
	{ "said_musl_library",
	  RUNC
	  "error running hook: exit status 127, stdout: , stderr: Error loading shared library "
	  "liba.so: No such file or directory (needed by /x)",
	  CAUSE_library_missing, NULL, "127", START_OR_POSTSTOP },
	{ "said_musl_symbol",
	  RUNC
	  "error running hook: exit status 127, stdout: , stderr: Error relocating /x: f: symbol "
	  "not found",
	  CAUSE_library_unusable, NULL, "127", START_OR_POSTSTOP },
	{ "said_bash_script",
	  RUNC "error running hook: exit status 126, stdout: , stderr: /bin/bash: /opt/x.sh: "
	       "Permission denied",
	  CAUSE_script_unreadable, NULL, "126", START_OR_POSTSTOP },
	{ "said_command",
	  RUNC
	  "error running hook: exit status 127, stdout: , stderr: bash: line 1: nosuch: command "
	  "not found",
	  CAUSE_command_missing, NULL, "127", START_OR_POSTSTOP },
	{ "youki_status", "hook command exited with non-zero exit code: 127", CAUSE_library_missing,
	  NULL, "127", NONE },
	{ "youki_signal", "hook command was killed by a signal", CAUSE_elf_broken, NULL, NULL,
	  NONE },
	{ "youki_timeout", "failed to execute hook command due to a timeout", CAUSE_timeout_invalid,
	  NULL, NULL, NONE },
	{ "youki_exec", "failed to execute hook command", CAUSE_program_missing, NULL, NULL, NONE },
	{ "go_end", "runc run failed: unexpected end of JSON input", CAUSE_not_json, NULL, NULL,
	  NONE },
	{ "workload_library_musl",
	  "Error loading shared library liba.so: No such file or directory (needed by /app)",
	  CAUSE_workload_library, NULL, NULL, NONE },
	{ "docker_runtime", "docker: Error response from daemon: Unknown runtime specified hw.",
	  CAUSE_runtime_unknown, NULL, NULL, NONE },
	{ "docker_runtime_name",
	  "docker: Error response from daemon: unknown or invalid runtime name: hw.",
	  CAUSE_runtime_unknown, NULL, NULL, NONE },
	{ "containerd_died",
	  "OCI runtime create failed: unable to retrieve OCI runtime error (open /run/log.json: no "
	  "such file or directory): hw did not terminate successfully: exit status 1: unknown",
	  CAUSE_wrapper_died, NULL, NULL, NONE },
	{ "status_141", "x  Exited (141) 3 seconds ago", CAUSE_stdin_unread, NULL, "141", NONE },
	{ "status_255", "x  Exited (255) 3 seconds ago", CAUSE_hook_silent, NULL, "255", -1,
	  STAGE_BIT(STAGE_START_CONTAINER) },
	{ "code_141", "\"ExitCode\":141,", CAUSE_stdin_unread, NULL, "141", NONE },
	{ "code_255", "\"ExitCode\": 255,", CAUSE_hook_silent, NULL, "255", -1,
	  STAGE_BIT(STAGE_START_CONTAINER) },
	{ "kubernetes_159", "      Exit Code:    159", CAUSE_seccomp_kills, NULL, "159", NONE },
	{ "kubernetes_141", "      Exit Code:    141", CAUSE_stdin_unread, NULL, "141", NONE },
	{ "kubernetes_255", "      Exit Code:    255", CAUSE_hook_silent, NULL, "255", -1,
	  STAGE_BIT(STAGE_START_CONTAINER) },
	{ "kubernetes_1", "      Exit Code:    1", CAUSE_hook_silent, NULL, "1", -1,
	  STAGE_BIT(STAGE_START_CONTAINER) },
};

static struct arena *arena;

static struct symptoms find(const char *text, size_t len)
{
	struct symptoms found;
	struct hw_error err;

	if (symptoms_find(text, len, arena, &found, &err) < 0)
		FAIL("%s", err.message);
	return found;
}

static bool has_row(const struct symptom *s, const char *row)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (streq(s->rows[i], row))
			return true;
	return false;
}

static void check_samples(const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct sample *want = &samples[i];
		struct symptoms found = find(want->text, strlen(want->text));
		const struct symptom *s = &found.items[0];

		if (found.n != 1 || !has_row(s, want->row))
			FAIL("%zu messages, the first of row %s instead of %s: %s", found.n,
			     found.n ? s->rows[0] : "-", want->row, want->text);
		CHECK_STR(cause_get(s->causes[0])->id, cause_get(want->cause)->id);
		CHECK_STR(s->path, want->path);
		CHECK_STR(s->status, want->status);
		CHECK_INT(s->hook, want->hook);
		CHECK_INT(s->stages, want->stages);
	}
}

static void wordings_measured_here(void)
{
	check_samples(measured, ARRAY_SIZE(measured));
}

static void literal_wordings_of_other_versions(void)
{
	check_samples(literal, ARRAY_SIZE(literal));
}

static bool is_in(const struct sample *samples, size_t n, const char *row)
{
	for (size_t i = 0; i < n; i++)
		if (streq(samples[i].row, row))
			return true;
	return false;
}

static void every_row_has_a_sample(void)
{
	static const char *const rows[] = {
#define SYMPTOM(id, ...) #id,
#include "doctor/symptom-table.h"
#undef SYMPTOM
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!is_in(measured, ARRAY_SIZE(measured), rows[i]) &&
		    !is_in(literal, ARRAY_SIZE(literal), rows[i]))
			FAIL("no sample of row %s", rows[i]);
}

static bool is_a_cause_of_a_sample(const struct sample *samples, size_t n, enum cause cause)
{
	for (size_t i = 0; i < n; i++) {
		struct symptoms found = find(samples[i].text, strlen(samples[i].text));

		for (size_t k = 0; k < found.items[0].n_causes; k++)
			if (found.items[0].causes[k] == cause)
				return true;
	}
	return false;
}

static void every_cause_is_reached(void)
{
	for (int c = 0; c < N_CAUSES; c++) {
		const struct cause_info *info = cause_get((enum cause)c);

		CHECK(info->title[0] && info->why[0] && info->remedy[0]);
		if (c == CAUSE_changed_since) /* of no message; doctor/doctor.c adds it */
			continue;
		if (!is_a_cause_of_a_sample(measured, ARRAY_SIZE(measured), (enum cause)c) &&
		    !is_a_cause_of_a_sample(literal, ARRAY_SIZE(literal), (enum cause)c) &&
		    c != CAUSE_not_absolute)
			FAIL("no sample of cause %s", info->id);
	}
}

/* ---- several lines ---- */

static size_t count(const char *text)
{
	return find(text, strlen(text)).n;
}

static void lines_that_belong_together(void)
{
	/* Two deaths are two messages, a repeated one is one. */
	CHECK_INT(count(CRUN("1") "\nerror executing hook `/y` (exit code: 1)\n"), 2);
	CHECK_INT(count(CRUN("1") "\n" CRUN("1") "\n\n" CRUN("1")), 1);
	CHECK_INT(count(CRUN("-1") "\n" CRUN("-2") "\nfork: Operation not permitted\n"), 2);
	/* What crun says of fork is not of runc's message. */
	CHECK_INT(count(RUNC "exec: no command\nfork: Operation not permitted\n"), 2);
	/* A hook's output has line ends, and none of it is a message without one. */
	CHECK_INT(count(RUNC "error running hook: exit status 1, stdout: a\nb\n, stderr: c\n"
			     "x: applet not found\n"),
		  1);
	CHECK_INT(count("x: applet not found\nRead-only file system\nsh: x: not found\n"), 0);
	/* A status says nothing beside a message. */
	CHECK_INT(count("x Exited (1) \n" CRUN("1")), 1);
	CHECK_INT(count("x Exited (15) \n"), 0);
	CHECK_INT(count("Exit Code: 1599"), 0);
}

static void more_messages_than_are_kept(void)
{
	char text[64 * 60], *p = text;

	for (int i = 0; i < 60; i++)
		p += sprintf(p, "error executing hook `/x%d` (exit code: 1)\n", i);
	CHECK_INT(count(text), SYMPTOMS_MAX);
}

static void unfinished_and_empty(void)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"\033",
		"\033[",
		"\033]0;title",
		"msg=\"",
		"msg=\"\\",
		"msg=\"\\u12",
		"\"msg\" : \"\\ud800\\u0000\"",
		"error executing hook `",
		"error executing hook `/x` (exit code: ",
		"error executing hook `/x` (exit code: -)",
		"error running hook #99999999: ",
		"error running noSuchStage hook #0: ",
		"fork/exec ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		/* Exactly as long as it is, for the sanitizers. */
		const size_t len = strlen(texts[i]);
		char *copy = malloc(len + !len);

		CHECK(copy);
		memcpy(copy, texts[i], len);
		if (find(copy, len).n)
			FAIL("a message in: %s", texts[i]);
		free(copy);
	}
}

static void escapes_in_quotes(void)
{
	const char text[] =
		"{\"msg\":\"error executing hook `/\\u00fc\\/\\\"\\\\x` (exit code: 3)\"}";
	struct symptoms found = find(text, strlen(text));

	CHECK_INT(found.n, 1);
	CHECK_STR(found.items[0].path, "/\xc3\xbc/\"\\x");
	CHECK_STR(found.items[0].evidence, "error executing hook `/\xc3\xbc/\"\\x` (exit code: 3)");
}

/* A status that any container ends with does not keep the message behind it from being found. */
static void weak_messages_make_room(void)
{
	char text[64 * 64], *p = text;
	struct symptoms found;

	for (int i = 1; i < 60; i++)
		p += sprintf(p, "container %d Exited (%d) \n", i, 100 + i % 20);
	sprintf(p, CRUN("3") "\n");
	found = find(text, strlen(text));
	CHECK_INT(found.n, 1);
	CHECK_STR(found.items[0].path, "/x");
}

/* Messages in quotes are kept beyond their line, whatever comes after it. */
static void captures_outlive_their_line(void)
{
	char text[8192], *p = text;
	struct symptoms found;

	for (int i = 0; i < 12; i++)
		p += sprintf(p,
			     "{\"log\":\"error executing hook `/x%d` (exit code: %d)\"}\n"
			     "{\"log\":\"nothing to see here\"}\n",
			     i, i);
	found = find(text, strlen(text));
	CHECK_INT(found.n, 12);
	for (int i = 0; i < 12; i++) {
		char path[8], status[8];

		snprintf(path, sizeof(path), "/x%d", i);
		snprintf(status, sizeof(status), "%d", i);
		CHECK_STR(found.items[i].path, path);
		CHECK_STR(found.items[i].status, status);
	}
}

static const char *const wordings[] = {
	"fork/exec %p: no such file",
	"error running %s hook #%n: `%p` (exit code: %c)",
	"a%w%w:",
	"x",
	": not found",
	"%w blanks",
	"error while %w: cannot %w: end",
};

/* Where each wording fits a line, and what it captures there. */
static void wordings_are_found_wherever_they_stand(void)
{
	static const struct {
		size_t wording;
		const char *line, *path; /* NULL: it does not fit */
	} cases[] = {
		{ 0, "fork/exec /x: no such file", "/x" },
		{ 0, "fork/exec /a: no fork/exec /b: no such file", "/a: no fork/exec /b" },
		{ 0, "fork/exec fork/exec /b:   no   such file", "fork/exec /b" },
		{ 0, "fork/exec : no such fil: no such file", ": no such fil" },
		{ 0, "fork/exec /x: no such filfork/exec", NULL },
		{ 1, "error running x hook #1: error running poststop hook #2: `/y` (exit code: 9)",
		  "/y" },
		{ 1, "error running poststop hook #2: `/y` (exit code: )", NULL },
		{ 6, "error while error while a: cannot b: cannot c: end", NULL },
	};
	struct capture c;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const bool fits = symptom_match(wordings[cases[i].wording], cases[i].line, &c);

		if (cases[i].wording == 6) {
			CHECK(fits);
			continue;
		}
		CHECK_INT(fits, cases[i].path != NULL);
		if (!fits)
			continue;
		CHECK_INT(c.path_len, strlen(cases[i].path));
		CHECK_INT(strncmp(c.path, cases[i].path, c.path_len), 0);
	}
}

/* Whatever fits a line is among those that are to be tried. */
static void the_index_leaves_nothing_out(void)
{
	static const char *const parts[] = {
		"fork/exec ", "/x",  ": no such file", ": not found", "error ", "x",
		"a",	      ":",   "while ",	       " b",	      "blanks", ": cannot ",
		": end",      "nul", "fork",	       "/exec"
	};
	struct wordings *all = calloc(1, sizeof(*all));
	unsigned state = 1, fits = 0;

	CHECK(all);
	for (size_t i = 0; i < ARRAY_SIZE(wordings); i++)
		wordings_add(all, i, wordings[i]);
	for (int round = 0; round < 20000; round++) {
		uint64_t found[WORDINGS_MAX / 64];
		char line[256] = "";
		struct capture c;

		for (int k = 0; k < 8; k++) {
			state = state * 1103515245u + 12345u;
			strcat(line, parts[state >> 16 & 15]);
		}
		(void)wordings_find(all, line, strlen(line), found);
		for (size_t i = 0; i < ARRAY_SIZE(wordings); i++) {
			const bool match = symptom_match(wordings[i], line, &c);

			fits += match;
			if (match && !(found[0] >> i & 1))
				FAIL("'%s' is not tried on: %s", wordings[i], line);
		}
	}
	CHECK(fits > 20000);
	free(all);
}

int main(void)
{
	arena = arena_new();
	if (!arena)
		return 2;
	RUN(weak_messages_make_room);
	RUN(captures_outlive_their_line);
	RUN(wordings_are_found_wherever_they_stand);
	RUN(the_index_leaves_nothing_out);
	RUN(wordings_measured_here);
	RUN(literal_wordings_of_other_versions);
	RUN(every_row_has_a_sample);
	RUN(every_cause_is_reached);
	RUN(lines_that_belong_together);
	RUN(more_messages_than_are_kept);
	RUN(unfinished_and_empty);
	RUN(escapes_in_quotes);
	arena_free(arena);
	return DONE();
}
