/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of runtimes and engines when a container dies at its start; included with SYMPTOM()
 * defined, so without a guard. Where several rows fit, their causes count in the order of the rows,
 * so the most specific ones come first.
 *
 * SYMPTOM(id, who prints it, which versions, kind, stages, wording, causes by likelihood)
 *
 * FRAME: names the hook that failed; its causes count if no other row fits. HOOK: gives the reason. BODY:
 * another failure. DETAIL: only counts next to a FRAME. ALONE: only without one. WEAK: only
 * if no better row fits. Of a message the first FRAME counts and the first HOOK or BODY.
 *
 * In a wording %p is a path, %n the number of a hook in its stage, %s a stage, %c a status, %127
 * that status, %w any text; a blank matches any number of them. Text after the end of a
 * wording is ignored.
 */

/* ---- which hook ---- */

SYMPTOM(crun_stage, "crun", "since September 2026", FRAME, STAGE_ANY,
	"error running %s hook #%n: `%p` (exit code: %c)", CAUSE_own_failure)
SYMPTOM(crun, "crun", "before September 2026", FRAME, STAGE_ANY,
	"error executing hook `%p` (exit code: %c)", CAUSE_own_failure)
SYMPTOM(runc_stage, "runc", "1.2 and later", FRAME, STAGE_ANY,
	"error running %s hook #%n: ", CAUSE_own_failure)
SYMPTOM(runc_create, "runc", "1.1", FRAME, STAGES_OF_CREATE,
	"error during container init: error running hook #%n: ", CAUSE_own_failure)
SYMPTOM(runc_poststart, "runc", "1.1", FRAME, STAGE_BIT(STAGE_POSTSTART),
	" failed: error running hook #%n: ", CAUSE_own_failure)
SYMPTOM(runc, "runc", "1.1", FRAME, STAGE_BIT(STAGE_START_CONTAINER) | STAGE_BIT(STAGE_POSTSTOP),
	"error running hook #%n: ", CAUSE_own_failure)
SYMPTOM(runc_old, "runc", "before 1.1", FRAME, STAGES_OF_CREATE | STAGE_BIT(STAGE_START_CONTAINER),
	"Running hook #%n:: ", CAUSE_own_failure)

/* ---- messages of the hook's program itself ---- */

SYMPTOM(said_library, "ld.so", "glibc", DETAIL, STAGE_ANY,
	"error while loading shared libraries: %w: cannot open shared object file",
	CAUSE_library_missing)
SYMPTOM(said_library_bad, "ld.so", "glibc", DETAIL, STAGE_ANY,
	"error while loading shared libraries: ", CAUSE_library_unusable, CAUSE_elf_broken)
SYMPTOM(said_symbol, "ld.so", "glibc", DETAIL, STAGE_ANY,
	"symbol lookup error: ", CAUSE_library_unusable)
SYMPTOM(said_version, "ld.so", "glibc", DETAIL, STAGE_ANY, "version `%w' not found",
	CAUSE_library_unusable)
SYMPTOM(said_musl_library, "ld-musl", "musl", DETAIL, STAGE_ANY, "Error loading shared library ",
	CAUSE_library_missing)
SYMPTOM(said_musl_symbol, "ld-musl", "musl", DETAIL, STAGE_ANY,
	"Error relocating %p: ", CAUSE_library_unusable)
SYMPTOM(said_ldconfig, "ldconfig", "glibc", HOOK, STAGE_ANY, "Can't create temporary cache file ",
	CAUSE_ldconfig)
SYMPTOM(said_ldconfig_rename, "ldconfig", "glibc", HOOK, STAGE_ANY, "ldconfig: Renaming of ",
	CAUSE_ldconfig)
SYMPTOM(said_applet, "busybox", "every version", DETAIL, STAGE_ANY, "applet not found", CAUSE_argv0)
SYMPTOM(said_script, "sh", "busybox, dash", DETAIL, STAGE_ANY, "can't open '%p': Permission denied",
	CAUSE_script_unreadable)
SYMPTOM(said_bash_script, "bash", "every version", DETAIL, STAGE_ANY, "bash: %p: Permission denied",
	CAUSE_script_unreadable, CAUSE_command_missing)
SYMPTOM(said_not_found, "sh", "busybox, dash, bash", DETAIL, STAGE_ANY, ": not found",
	CAUSE_command_missing)
SYMPTOM(said_command, "bash", "every version", DETAIL, STAGE_ANY, ": command not found",
	CAUSE_command_missing)
SYMPTOM(said_read_only, "any program", "every version", DETAIL, STAGE_ANY, "Read-only file system",
	CAUSE_cannot_write)

/* ---- hookwright ---- */

SYMPTOM(own_refused, "hookwright", "every version", BODY, STAGE_ANY, "refused: policy '%w' ",
	CAUSE_policy_refuses)
SYMPTOM(own_unknown, "hookwright", "every version", BODY, STAGE_ANY,
	"policy '%w' was requested, but does not exist", CAUSE_policy_unknown)

/* ---- runc: reasons ---- */

SYMPTOM(runc_enoent, "runc", "every version", HOOK, STAGE_ANY,
	"fork/exec %p: no such file or directory", CAUSE_program_missing, CAUSE_interpreter_missing,
	CAUSE_not_absolute)
SYMPTOM(runc_eacces, "runc", "every version", HOOK, STAGE_ANY, "fork/exec %p: permission denied",
	CAUSE_not_executable, CAUSE_unreachable, CAUSE_noexec, CAUSE_not_a_file,
	CAUSE_interpreter_unusable)
SYMPTOM(runc_enotdir, "runc", "every version", HOOK, STAGE_ANY, "fork/exec %p: not a directory",
	CAUSE_path_broken, CAUSE_program_missing)
SYMPTOM(runc_eloop, "runc", "every version", HOOK, STAGE_ANY,
	"fork/exec %p: too many levels of symbolic links", CAUSE_path_broken, CAUSE_script_line)
SYMPTOM(runc_enoexec, "runc", "every version", HOOK, STAGE_ANY, "fork/exec %p: exec format error",
	CAUSE_not_a_program, CAUSE_other_machine, CAUSE_script_line, CAUSE_elf_broken)
SYMPTOM(runc_elibbad, "runc", "every version", HOOK, STAGE_ANY,
	"fork/exec %p: accessing a corrupted shared library", CAUSE_interpreter_unusable)
SYMPTOM(runc_eagain, "runc", "every version", HOOK, STAGE_ANY,
	"fork/exec %p: resource temporarily unavailable", CAUSE_pids, CAUSE_nproc)
SYMPTOM(runc_eperm, "runc", "every version", HOOK, STAGE_ANY,
	"fork/exec %p: operation not permitted", CAUSE_seccomp)
SYMPTOM(runc_einval, "runc", "every version", HOOK, STAGE_ANY, "fork/exec %p: invalid argument",
	CAUSE_string_invalid)
SYMPTOM(runc_nul, "runc", "every version", HOOK, STAGE_ANY,
	"exec: environment variable contains NUL", CAUSE_string_invalid)
SYMPTOM(runc_no_command, "runc", "every version", HOOK, STAGE_ANY, "exec: no command",
	CAUSE_path_missing)
SYMPTOM(runc_pipe, "runc", "every version", HOOK, STAGE_ANY, "pipe2: operation not permitted",
	CAUSE_seccomp)
SYMPTOM(runc_timeout_0, "runc", "every version", HOOK, STAGE_ANY,
	"hook ran past specified timeout of 0.0s", CAUSE_timeout_invalid)
SYMPTOM(runc_timeout_less, "runc", "every version", HOOK, STAGE_ANY,
	"hook ran past specified timeout of -%w", CAUSE_timeout_invalid)
SYMPTOM(runc_timeout, "runc", "every version", HOOK, STAGE_ANY,
	"hook ran past specified timeout of ", CAUSE_timeout_short)
SYMPTOM(runc_127, "runc", "every version", HOOK, STAGE_ANY,
	"error running hook: exit status %127, stdout: ", CAUSE_library_missing,
	CAUSE_library_unusable, CAUSE_command_missing)
SYMPTOM(runc_126, "runc", "every version", HOOK, STAGE_ANY,
	"error running hook: exit status %126, stdout: ", CAUSE_command_missing, CAUSE_own_failure)
SYMPTOM(runc_status, "runc", "every version", HOOK, STAGE_ANY,
	"error running hook: exit status %c, stdout: ", CAUSE_own_failure, CAUSE_script_line)
SYMPTOM(runc_segv, "runc", "every version", HOOK, STAGE_ANY,
	"error running hook: signal: segmentation fault", CAUSE_elf_broken, CAUSE_crashed)
SYMPTOM(runc_killed, "runc", "every version", HOOK, STAGE_ANY, "error running hook: signal: killed",
	CAUSE_killed)
SYMPTOM(runc_sigsys, "runc", "every version", HOOK, STAGE_ANY,
	"error running hook: signal: bad system call", CAUSE_seccomp_own)
SYMPTOM(runc_signal, "runc", "every version", HOOK, STAGE_ANY,
	"error running hook: signal: ", CAUSE_crashed)

/* ---- crun: reasons; it only prints a status ---- */

SYMPTOM(crun_timeout, "crun", "every version", HOOK, STAGE_ANY, "timeout expired for `%p`",
	CAUSE_timeout_invalid, CAUSE_timeout_short)
SYMPTOM(crun_eagain, "crun", "every version", HOOK, STAGE_ANY,
	"fork: Resource temporarily unavailable", CAUSE_pids, CAUSE_nproc)
SYMPTOM(crun_fork, "crun", "every version", HOOK, STAGE_ANY, "fork: Operation not permitted",
	CAUSE_seccomp)
SYMPTOM(crun_pipe, "crun", "every version", HOOK, STAGE_ANY, "pipe: Operation not permitted",
	CAUSE_seccomp)
SYMPTOM(crun_wait, "crun", "every version", HOOK, STAGE_ANY, "waitpid: Operation not permitted",
	CAUSE_seccomp)
SYMPTOM(crun_epipe, "crun", "before 1.17", HOOK, STAGE_ANY, "writing to pipe: Broken pipe",
	CAUSE_stdin_unread)
SYMPTOM(crun_127, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: 127)",
	CAUSE_library_missing, CAUSE_library_unusable, CAUSE_not_a_program, CAUSE_other_machine,
	CAUSE_command_missing)
SYMPTOM(crun_126, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: 126)",
	CAUSE_command_missing, CAUSE_own_failure)
SYMPTOM(crun_1, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: 1)", CAUSE_ldconfig,
	CAUSE_program_missing, CAUSE_interpreter_missing, CAUSE_own_failure, CAUSE_not_executable,
	CAUSE_unreachable, CAUSE_noexec, CAUSE_not_a_file, CAUSE_interpreter_unusable,
	CAUSE_elf_broken, CAUSE_cwd, CAUSE_library_unusable, CAUSE_seccomp, CAUSE_string_invalid)
SYMPTOM(crun_2, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: 2)",
	CAUSE_script_unreadable, CAUSE_not_a_program, CAUSE_other_machine, CAUSE_script_line,
	CAUSE_own_failure)
SYMPTOM(crun_137, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: 137)", CAUSE_killed)
SYMPTOM(crun_139, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: 139)", CAUSE_elf_broken,
	CAUSE_crashed)
SYMPTOM(crun_141, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: 141)", CAUSE_crashed)
SYMPTOM(crun_159, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: 159)", CAUSE_seccomp_own)
SYMPTOM(crun_less, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: -%c)",
	CAUSE_timeout_invalid, CAUSE_timeout_short, CAUSE_pids, CAUSE_nproc, CAUSE_seccomp)
SYMPTOM(crun_status, "crun", "every version", HOOK, STAGE_ANY, "` (exit code: %c)",
	CAUSE_own_failure, CAUSE_not_a_program)

/* ---- youki ---- */

SYMPTOM(youki_status, "youki", "every version", HOOK, STAGE_ANY,
	"hook command exited with non-zero exit code: %c", CAUSE_library_missing,
	CAUSE_library_unusable, CAUSE_ldconfig, CAUSE_own_failure)
SYMPTOM(youki_signal, "youki", "every version", HOOK, STAGE_ANY,
	"hook command was killed by a signal", CAUSE_elf_broken, CAUSE_seccomp_own, CAUSE_killed,
	CAUSE_crashed)
SYMPTOM(youki_timeout, "youki", "every version", HOOK, STAGE_ANY,
	"failed to execute hook command due to a timeout", CAUSE_timeout_invalid,
	CAUSE_timeout_short)
SYMPTOM(youki_exec, "youki", "every version", HOOK, STAGE_ANY, "failed to execute hook command",
	CAUSE_program_missing, CAUSE_interpreter_missing, CAUSE_not_executable, CAUSE_unreachable,
	CAUSE_noexec, CAUSE_not_a_program, CAUSE_other_machine, CAUSE_not_a_file, CAUSE_script_line)

/* ---- config.json, runc ---- */

SYMPTOM(go_hook_member, "runc", "every version", HOOK, STAGE_ANY,
	"json: cannot unmarshal %w into Go struct field Hook.hooks.%s.%w of type ",
	CAUSE_member_wrong, CAUSE_number_invalid)
SYMPTOM(go_stage, "runc", "every version", BODY, STAGE_ANY,
	"json: cannot unmarshal %w into Go struct field Hooks.hooks.%s of type ", CAUSE_hooks_wrong)
SYMPTOM(go_hooks, "runc", "every version", BODY, STAGE_ANY,
	"json: cannot unmarshal %w into Go struct field Spec.hooks of type ", CAUSE_hooks_wrong)
SYMPTOM(go_number, "runc", "every version", BODY, STAGE_ANY,
	"json: cannot unmarshal number %w into Go struct field ", CAUSE_number_invalid,
	CAUSE_config_invalid)
SYMPTOM(go_member, "runc", "every version", BODY, STAGE_ANY,
	"json: cannot unmarshal %w into Go struct field ", CAUSE_config_invalid)
SYMPTOM(go_syntax, "runc", "every version", BODY, STAGE_ANY, "failed: invalid character '%w' ",
	CAUSE_not_json)
SYMPTOM(go_eof, "runc", "every version", BODY, STAGE_ANY, "failed: unexpected EOF", CAUSE_not_json)
SYMPTOM(go_end, "runc", "every version", BODY, STAGE_ANY, "failed: unexpected end of JSON input",
	CAUSE_not_json)
SYMPTOM(runc_no_config, "runc", "every version", BODY, STAGE_ANY,
	"JSON specification file config.json not found", CAUSE_config_unreadable)
SYMPTOM(runc_no_process, "runc", "every version", BODY, STAGE_ANY,
	"process property must not be empty", CAUSE_config_invalid)
SYMPTOM(runc_no_root, "runc", "every version", BODY, STAGE_ANY, "root must be specified",
	CAUSE_config_invalid)

/* ---- config.json, crun ---- */

SYMPTOM(crun_hook_path, "crun", "every version", BODY, STAGE_ANY,
	"Required field 'path' not present", CAUSE_path_missing, CAUSE_config_invalid)
SYMPTOM(crun_required, "crun", "every version", BODY, STAGE_ANY, "Required field '%w' not present",
	CAUSE_config_invalid)
SYMPTOM(crun_timeout_value, "crun", "every version", BODY, STAGE_ANY,
	"Invalid value '%w' with type '%w' for key 'timeout'", CAUSE_timeout_invalid,
	CAUSE_number_invalid)
SYMPTOM(crun_value, "crun", "every version", BODY, STAGE_ANY,
	"Invalid value '%w' with type '%w' for key '", CAUSE_number_invalid, CAUSE_config_invalid)
SYMPTOM(crun_syntax, "crun", "every version", BODY, STAGE_ANY,
	"load `config.json`: cannot parse the data: ", CAUSE_not_json)
SYMPTOM(crun_no_config, "crun", "every version", BODY, STAGE_ANY,
	"cannot read the file: config.json", CAUSE_config_unreadable)
SYMPTOM(crun_version, "crun", "before 1.14.3", BODY, STAGE_ANY, "unknown version specified",
	CAUSE_version_refused)
SYMPTOM(crun_no_root, "crun", "every version", BODY, STAGE_ANY,
	"invalid config file, no 'root' block specified", CAUSE_config_invalid)
SYMPTOM(crun_no_process, "crun", "1.8", BODY, STAGE_ANY,
	"max number of capabilities not initialized", CAUSE_config_invalid)
SYMPTOM(crun_loading, "crun", "every version, its create", WEAK, STAGE_ANY,
	"error loading config.json", CAUSE_not_json, CAUSE_number_invalid, CAUSE_timeout_invalid,
	CAUSE_path_missing, CAUSE_hooks_wrong, CAUSE_config_invalid, CAUSE_config_unreadable)

/* ---- the container ---- */

SYMPTOM(runc_workload, "runc", "every version", BODY, STAGE_ANY, "exec: \"%p\": stat ",
	CAUSE_workload_missing)
SYMPTOM(runc_workload_path, "runc", "every version", BODY, STAGE_ANY,
	"exec: \"%p\": executable file not found in $PATH", CAUSE_workload_missing)
SYMPTOM(runc_workload_mode, "runc", "every version", BODY, STAGE_ANY,
	"exec: \"%p\": permission denied", CAUSE_workload_missing)
SYMPTOM(crun_workload, "crun", "every version", BODY, STAGE_ANY,
	"executable file `%p` not found in $PATH", CAUSE_workload_missing)
SYMPTOM(crun_workload_mode, "crun", "every version", BODY, STAGE_ANY,
	"open executable: Permission denied", CAUSE_workload_missing)
SYMPTOM(workload_library_glibc, "ld.so", "glibc", ALONE, STAGE_ANY,
	"error while loading shared libraries: %w: cannot open shared object file",
	CAUSE_workload_library)
SYMPTOM(workload_library_musl, "ld-musl", "musl", ALONE, STAGE_ANY, "Error loading shared library ",
	CAUSE_workload_library)
SYMPTOM(runc_rootfs, "runc", "every version", BODY, STAGE_ANY,
	"invalid rootfs: stat %p: ", CAUSE_rootfs_missing)
SYMPTOM(runc_root_symlink, "runc", "every version", BODY, STAGE_ANY,
	"invalid rootfs: not an absolute path, or a symlink", CAUSE_root_symlink)
SYMPTOM(crun_rootfs, "crun", "every version", BODY, STAGE_ANY,
	"make `%p` private: No such file or directory", CAUSE_rootfs_missing)
SYMPTOM(runc_mount, "runc", "every version", BODY, STAGE_ANY, "error mounting \"%p\" to rootfs at ",
	CAUSE_mount_impossible)
SYMPTOM(crun_mount, "crun", "every version", BODY, STAGE_ANY,
	"error stat'ing file `%p`: ", CAUSE_mount_impossible)
SYMPTOM(runc_identity, "runc", "every version", BODY, STAGE_ANY,
	"cannot set uid to unmapped user in user namespace", CAUSE_identity)
SYMPTOM(crun_identity, "crun", "every version", BODY, STAGE_ANY,
	"cannot setresuid to %c: Invalid argument", CAUSE_identity)

/* ---- engines ---- */

SYMPTOM(podman_precreate, "podman", "4", BODY, STAGE_ANY, "setting up OCI Hooks: executing ",
	CAUSE_precreate_failed)
SYMPTOM(podman_hook_file, "podman", "4", BODY, STAGE_ANY,
	"setting up OCI Hooks: parsing hook \"%p\"", CAUSE_engine_hook_file)
SYMPTOM(podman_runtime, "podman", "4", BODY, STAGE_ANY,
	"no valid executable found for OCI runtime ", CAUSE_runtime_unknown)
SYMPTOM(docker_runtime, "docker", "before 23", BODY, STAGE_ANY, "Unknown runtime specified ",
	CAUSE_runtime_unknown)
SYMPTOM(docker_runtime_name, "docker", "23 and later", BODY, STAGE_ANY,
	"unknown or invalid runtime name: ", CAUSE_runtime_unknown)
SYMPTOM(containerd_died, "containerd", "every version", BODY, STAGE_ANY,
	"unable to retrieve OCI runtime error (", CAUSE_wrapper_died)

/* ---- only a status ---- */

SYMPTOM(status_159, "the engine", "every version", WEAK, STAGE_ANY, "Exited (%159)",
	CAUSE_seccomp_kills, CAUSE_workload_ended)
SYMPTOM(status_141, "the engine", "every version", WEAK, STAGE_ANY, "Exited (%141)",
	CAUSE_stdin_unread, CAUSE_workload_ended)
SYMPTOM(status_1, "the engine", "every version", WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"Exited (%1)", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(status_255, "the engine", "every version", WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"Exited (%255)", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(code_159, "the engine", "every version", WEAK, STAGE_ANY, "\"ExitCode\": %159",
	CAUSE_seccomp_kills, CAUSE_workload_ended)
SYMPTOM(code_141, "the engine", "every version", WEAK, STAGE_ANY, "\"ExitCode\": %141",
	CAUSE_stdin_unread, CAUSE_workload_ended)
SYMPTOM(code_255, "the engine", "every version", WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"\"ExitCode\": %255", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(code_1, "the engine", "every version", WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"\"ExitCode\": %1", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(kubernetes_159, "Kubernetes", "every version", WEAK, STAGE_ANY, "Exit Code: %159",
	CAUSE_seccomp_kills, CAUSE_workload_ended)
SYMPTOM(kubernetes_141, "Kubernetes", "every version", WEAK, STAGE_ANY, "Exit Code: %141",
	CAUSE_stdin_unread, CAUSE_workload_ended)
SYMPTOM(kubernetes_255, "Kubernetes", "every version", WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"Exit Code: %255", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(kubernetes_1, "Kubernetes", "every version", WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"Exit Code: %1", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(state_stopped, "the runtime", "every version", WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"\"status\": \"stopped\"", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(own_stopped, "hookwright", "every version", WEAK, STAGE_ANY,
	"hookwright: ", CAUSE_hookwright_stopped)
