/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of runtimes and engines when a container dies at its start; included with SYMPTOM()
 * defined, so without a guard. tests/data/doctor/cases says where each was printed or read. Of the
 * rows that fit at one place the first counts, so the most specific ones come first.
 *
 * SYMPTOM(id, who prints it, which versions, kind, stages, wording, causes by likelihood)
 *
 * The kinds are those of doctor/symptom-internal.h. In a wording %p is a path, %o one without blanks, %f an absolute one without blanks, %n the number of a hook in
 * its stage, %s a stage, %c a status, %127 that status, %e the words of an errno, %E the same
 * or any text, %g those of a
 * signal, %b the word before the wording, %w any text; a blank matches any number of them, and a
 * backquote any quote or none. The first four bytes are neither of these. Text after the end of a
 * wording is ignored.
 */

/* ---- engines: what they put around a message ---- */

SYMPTOM(docker_daemon, "docker", EVERY, ENGINE, STAGE_ANY, "Error response from daemon: ")
SYMPTOM(docker_oci, "docker", "before 17.06", ENGINE, STAGE_ANY, "oci runtime error: ")
SYMPTOM(docker_task, "docker", "23 and later", ENGINE, STAGE_ANY,
	"failed to create task for container: ")
SYMPTOM(containerd_task, "containerd", EVERY, ENGINE, STAGE_ANY,
	"failed to create containerd task: ")
SYMPTOM(containerd_start, "containerd", EVERY, ENGINE, STAGE_ANY,
	"failed to start containerd task ")
SYMPTOM(containerd_shim_task, "containerd", "1.6 and later", ENGINE, STAGE_ANY,
	"failed to create shim task: ")
SYMPTOM(containerd_shim, "containerd", "before 1.6", ENGINE, STAGE_ANY, "failed to create shim: ")
SYMPTOM(containerd_create, "containerd", EVERY, ENGINE, STAGE_ANY, "OCI runtime create failed: ")
SYMPTOM(containerd_run, "containerd", EVERY, ENGINE, STAGE_ANY, "OCI runtime start failed: ")
SYMPTOM(containerd_exec, "containerd", EVERY, ENGINE, STAGE_ANY, "OCI runtime exec failed: ")
SYMPTOM(kubelet_run, "kubelet", EVERY, ENGINE, STAGE_ANY, "RunContainerError: ")
SYMPTOM(kubelet_create, "kubelet", EVERY, ENGINE, STAGE_ANY, "CreateContainerError: ")
SYMPTOM(cri_error, "kubelet", EVERY, ENGINE, STAGE_ANY, "rpc error: code = ")
SYMPTOM(doing_create, "the engine", EVERY, ENGINE, STAGE_ANY, "failed to create container")
SYMPTOM(doing_start, "the engine", EVERY, ENGINE, STAGE_ANY, "failed to start container")
SYMPTOM(crio_create, "CRI-O", EVERY, ENGINE, STAGE_ANY, "container create failed")
SYMPTOM(podman_runtime_error, "podman", EVERY, ENGINE, STAGE_ANY, "OCI runtime error: ")
SYMPTOM(podman_not_found, "podman", EVERY, SUFFIX, STAGE_ANY,
	"OCI runtime attempted to invoke a command that was not found")
SYMPTOM(podman_denied, "podman", EVERY, SUFFIX, STAGE_ANY, "OCI permission denied")
SYMPTOM(conmon, "conmon", EVERY, ENGINE, STAGE_ANY, "Failed to create container: exit status ")

/* ---- which hook ---- */

SYMPTOM(crun_stage, "crun", "since September 2026", HOOK, STAGE_ANY,
	"error running %s hook #%n: `%p` (exit code: %c)")
SYMPTOM(crun, "crun", "before September 2026", HOOK, STAGE_ANY,
	"error executing hook `%p` (exit code: %c)")
SYMPTOM(crun_poststop, "crun", "1.27 and later", HOOK, STAGE_BIT(STAGE_POSTSTOP),
	"poststop hook failed with exit code: %c")
SYMPTOM(runc_stage, "runc", "1.2 and later", HOOK, STAGE_ANY, "error running %s hook #%n: ")
SYMPTOM(runc_create, "runc", "1.1", HOOK, STAGES_OF_CREATE,
	"error during container init: error running hook #%n: ")
SYMPTOM(runc_poststart, "runc", "1.1", HOOK, STAGE_BIT(STAGE_POSTSTART),
	"runc run failed: error running hook #%n: ")
SYMPTOM(runc_poststart_start, "runc", "1.1", HOOK, STAGE_BIT(STAGE_POSTSTART),
	"start failed: error running hook #%n: ")
SYMPTOM(runc_poststart_warning, "runc", "1.1 and later", HOOK, STAGE_BIT(STAGE_POSTSTART),
	"error running poststart hook: ")
SYMPTOM(runc, "runc", "1.1", HOOK, STAGE_BIT(STAGE_START_CONTAINER) | STAGE_BIT(STAGE_POSTSTOP),
	"error running hook #%n: ")
SYMPTOM(runc_old, "runc", "1.0", HOOK, STAGES_OF_CREATE | STAGE_BIT(STAGE_START_CONTAINER),
	"Running hook #%n:: ")
SYMPTOM(runc_old_poststart, "runc", "1.0", HOOK, STAGE_BIT(STAGE_POSTSTART),
	"Running Poststart hook: ")
SYMPTOM(runc_older, "runc", "before 1.0", HOOK, STAGE_ANY, "running %s hook %n caused")
SYMPTOM(youki_prestart, "youki", EVERY, HOOK, STAGE_BIT(STAGE_PRESTART),
	"failed to run prestart hooks")
SYMPTOM(youki_create_runtime, "youki", EVERY, HOOK, STAGE_BIT(STAGE_CREATE_RUNTIME),
	"failed to run create runtime hooks")
SYMPTOM(youki_create_container, "youki", EVERY, HOOK, STAGE_BIT(STAGE_CREATE_CONTAINER),
	"failed to run create container hooks")
SYMPTOM(youki_start_container, "youki", EVERY, HOOK, STAGE_BIT(STAGE_START_CONTAINER),
	"failed to run start container hooks")
SYMPTOM(youki_poststart, "youki", EVERY, HOOK, STAGE_BIT(STAGE_POSTSTART),
	"failed to run post start hooks")
SYMPTOM(youki_poststop, "youki", EVERY, HOOK, STAGE_BIT(STAGE_POSTSTOP),
	"failed to run post stop hooks")
SYMPTOM(youki_main, "youki", EVERY, HOOK,
	STAGE_BIT(STAGE_PRESTART) | STAGE_BIT(STAGE_CREATE_RUNTIME), "failed hooks ")
SYMPTOM(youki_init, "youki", EVERY, HOOK,
	STAGE_BIT(STAGE_CREATE_CONTAINER) | STAGE_BIT(STAGE_START_CONTAINER), "failed to run hooks")
SYMPTOM(youki_status, "youki", EVERY, HOOK, STAGE_ANY,
	"hook command exited with non-zero exit code: %c")
SYMPTOM(youki_status_field, "youki", EVERY, HOOK, STAGE_ANY, "NonZeroExitCode(%c)")
SYMPTOM(runsc, "runsc", EVERY, HOOK, STAGES_ON_HOST, "failure executing hook `%p`, err: ")
SYMPTOM(runsc_timeout, "runsc", EVERY, HOOK, STAGES_ON_HOST, "timeout executing hook `%p`",
	CAUSE_timeout_short)
SYMPTOM(runsc_relative, "runsc", EVERY, HOOK, STAGES_ON_HOST, "path for hook is not absolute: `%p`",
	CAUSE_not_absolute)
SYMPTOM(runsc_empty, "runsc", EVERY, HOOK, STAGES_ON_HOST, "empty path for hook",
	CAUSE_path_missing)
SYMPTOM(kata_start, "kata", "Rust runtime", HOOK, STAGE_ANY,
	"failed to create subprocess for hook Hook { path: `%p`, ")
SYMPTOM(kata_status, "kata", "Rust runtime", HOOK, STAGE_ANY, "exit status with %c")
SYMPTOM(kata_hook_timeout, "kata", "Rust runtime", HOOK, STAGE_ANY,
	"kata-agent: hook failed: %f: timed out", CAUSE_timeout_short)
SYMPTOM(kata_kmsg_timeout, "kata", "Rust runtime", HOOK, STAGE_ANY,
	"kata: hook failed: %f: timed out", CAUSE_timeout_short)
SYMPTOM(kata_agent_timeout, "kata", "Rust runtime", HOOK, STAGE_ANY, "hook %f failed: timed out",
	CAUSE_timeout_short)
SYMPTOM(kata_hook, "kata", "Rust runtime", HOOK, STAGE_ANY, "kata-agent: hook failed: %f: ")
SYMPTOM(kata_kmsg, "kata", "Rust runtime", HOOK, STAGE_ANY, "kata: hook failed: %f: ")
SYMPTOM(kata_agent, "kata", "Rust runtime", HOOK, STAGE_ANY, "hook %f failed: ")
SYMPTOM(kata_stderr, "kata", "Rust runtime", HOOK, STAGE_ANY, "hook %f stderr: ")
SYMPTOM(runsc_warning, "runsc", EVERY, HOOK, STAGE_BIT(STAGE_POSTSTART) | STAGE_BIT(STAGE_POSTSTOP),
	"Failure to execute hook {Path:%p Args:%w}, err: ")
SYMPTOM(kata_poststart, "kata", "Go runtime", HOOK, STAGE_BIT(STAGE_POSTSTART),
	"Failed to run post-start hooks")
SYMPTOM(kata_poststop, "kata", "Go runtime", HOOK, STAGE_BIT(STAGE_POSTSTOP),
	"Failed to run post-stop hooks")
SYMPTOM(kata_go, "kata", "Go runtime", HOOK, STAGES_OF_CREATE, "hook error")

/* ---- why it failed: runc, and programs in Go ---- */

SYMPTOM(go_exec, "runc", EVERY, EXEC, STAGE_ANY, "fork/exec %p: %e")
SYMPTOM(go_exec_other, "runc", EVERY, EXEC, STAGE_ANY, "fork/exec %p: ")
SYMPTOM(go_lookup, "runc", EVERY, LOOKUP, STAGE_ANY,
	"exec: \"%p\": executable file not found in $PATH", CAUSE_program_missing,
	CAUSE_not_absolute)
SYMPTOM(go_lookup_error, "runc", EVERY, LOOKUP, STAGE_ANY, "exec: \"%p\": %e")
SYMPTOM(go_nul, "runc", EVERY, REASON, STAGE_ANY, "exec: environment variable contains NUL",
	CAUSE_string_invalid)
SYMPTOM(go_no_command, "runc", EVERY, REASON, STAGE_ANY, "exec: no command", CAUSE_path_missing)
SYMPTOM(go_pipe, "runc", EVERY, SPAWN, STAGE_ANY, "pipe2: %e")
SYMPTOM(runc_timeout_0, "runc", EVERY, REASON, STAGE_ANY, "hook ran past specified timeout of 0.0s",
	CAUSE_timeout_invalid)
SYMPTOM(runc_timeout_less, "runc", EVERY, REASON, STAGE_ANY, "hook ran past specified timeout of -",
	CAUSE_timeout_invalid)
SYMPTOM(runc_timeout, "runc", EVERY, REASON, STAGE_ANY, "hook ran past specified timeout of ",
	CAUSE_timeout_short)
SYMPTOM(go_status, "runc", EVERY, STATUS, STAGE_ANY, "exit status %c")
SYMPTOM(go_signal, "runc", EVERY, SIGNAL, STAGE_ANY, "signal: %g")
SYMPTOM(go_stdout, "runc", EVERY, OUTPUT, STAGE_ANY, "stdout: ")

/* ---- the same: crun, which prints them in a line of their own ---- */

SYMPTOM(crun_timeout, "crun", EVERY, REASON, STAGE_ANY, "timeout expired for `%p`",
	CAUSE_timeout_invalid, CAUSE_timeout_short)
SYMPTOM(crun_fork, "crun", EVERY, SPAWN, STAGE_ANY, "fork: %e")
SYMPTOM(crun_pipe, "crun", EVERY, SPAWN, STAGE_ANY, "pipe: %e")
SYMPTOM(crun_wait, "crun", EVERY, SPAWN, STAGE_ANY, "waitpid: %e")
SYMPTOM(crun_epipe, "crun", "before 1.17", REASON, STAGE_ANY, "writing to pipe: Broken pipe",
	CAUSE_stdin_unread)

/* ---- the same: youki, Kata ---- */

SYMPTOM(youki_signal, "youki", EVERY, REASON, STAGE_ANY, "hook command was killed by a signal",
	CAUSE_elf_broken, CAUSE_seccomp_own, CAUSE_killed, CAUSE_crashed)
SYMPTOM(youki_timeout, "youki", EVERY, REASON, STAGE_ANY,
	"failed to execute hook command due to a timeout", CAUSE_timeout_invalid,
	CAUSE_timeout_short)
SYMPTOM(youki_exec, "youki", EVERY, REASON, STAGE_ANY, "failed to execute hook command",
	CAUSE_program_missing, CAUSE_interpreter_missing, CAUSE_not_executable, CAUSE_unreachable,
	CAUSE_noexec, CAUSE_not_a_program, CAUSE_other_machine, CAUSE_not_a_file, CAUSE_script_line)
SYMPTOM(youki_exec_field, "youki", EVERY, SPAWN, STAGE_ANY,
	"CommandExecute(Os { code: %w, message: `%e")
SYMPTOM(youki_state, "youki", EVERY, REASON, STAGE_ANY, "failed to write container state to stdin",
	CAUSE_stdin_unread)
SYMPTOM(youki_signal_field, "youki", EVERY, REASON, STAGE_ANY, "err=Killed", CAUSE_elf_broken,
	CAUSE_seccomp_own, CAUSE_killed, CAUSE_crashed)
SYMPTOM(youki_timeout_field, "youki", EVERY, REASON, STAGE_ANY, "err=Timeout",
	CAUSE_timeout_invalid, CAUSE_timeout_short)
SYMPTOM(rust_error, "kata", "Rust runtime", SPAWN, STAGE_ANY, "Os { code: %w, message: `%e")
SYMPTOM(kata_timeout, "kata", "Go runtime", REASON, STAGE_ANY, "Hook timeout", CAUSE_timeout_short)

/* ---- what a hook wrote ---- */

SYMPTOM(said_library, "ld.so", "glibc", SAID, STAGE_ANY,
	"error while loading shared libraries: %w: cannot open shared object file",
	CAUSE_library_missing)
SYMPTOM(said_library_bad, "ld.so", "glibc", SAID, STAGE_ANY,
	"error while loading shared libraries: ", CAUSE_library_unusable, CAUSE_elf_broken)
SYMPTOM(said_dlopen, "ld.so", "glibc", SAID, STAGE_ANY, "cannot open shared object file",
	CAUSE_library_missing)
SYMPTOM(said_symbol, "ld.so", "glibc", SAID, STAGE_ANY,
	"symbol lookup error: ", CAUSE_library_unusable)
SYMPTOM(said_version, "ld.so", "glibc", SAID, STAGE_ANY, "version `%w' not found",
	CAUSE_library_unusable)
SYMPTOM(said_musl_library, "ld-musl", "musl", SAID, STAGE_ANY, "Error loading shared library ",
	CAUSE_library_missing)
SYMPTOM(said_musl_symbol, "ld-musl", "musl", SAID, STAGE_ANY,
	"Error relocating %p: ", CAUSE_library_unusable)
SYMPTOM(said_ldconfig, "ldconfig", "glibc", SAID, STAGE_ANY, "Can't create temporary cache file ",
	CAUSE_ldconfig)
SYMPTOM(said_ldconfig_rename, "ldconfig", "glibc", SAID, STAGE_ANY, "Renaming of %w to %w failed",
	CAUSE_ldconfig)
SYMPTOM(said_ldconfig_rename, "ldconfig", "glibc", SAID, STAGE_ANY, "ldconfig: Renaming of ",
	CAUSE_ldconfig)
SYMPTOM(said_applet, "busybox", EVERY, SAID, STAGE_ANY, "applet not found", CAUSE_argv0)
SYMPTOM(said_script, "sh", "busybox, dash", SAID, STAGE_ANY, "can't open '%p': Permission denied",
	CAUSE_script_unreadable)
SYMPTOM(said_dash_script, "sh", "dash", SAID, STAGE_ANY, "cannot open %p: Permission denied",
	CAUSE_script_unreadable)
SYMPTOM(said_bash_script, "bash", EVERY, SAID, STAGE_ANY, "bash: %p: Permission denied",
	CAUSE_script_unreadable, CAUSE_command_unusable)
SYMPTOM(said_interpreter, "bash", EVERY, SAID, STAGE_ANY,
	"bad interpreter: ", CAUSE_command_unusable)
SYMPTOM(said_go, "programs in Go", EVERY, SAID, STAGE_ANY, "executable file not found in $PATH",
	CAUSE_command_missing)
SYMPTOM(said_command, "bash", EVERY, SAID, STAGE_ANY, "command not found", CAUSE_command_missing)
SYMPTOM(said_not_found, "sh", "busybox, dash, bash", SAID, STAGE_ANY, ": not found",
	CAUSE_command_missing)
SYMPTOM(said_read_only, "any program", EVERY, SAID, STAGE_ANY, "Read-only file system",
	CAUSE_cannot_write)
SYMPTOM(said_read_only_go, "any program", EVERY, SAID, STAGE_ANY, "read-only file system",
	CAUSE_cannot_write)

/* ---- hookwright ---- */

SYMPTOM(own_refused, "hookwright", EVERY, BODY, STAGE_ANY, "refused: policy '%w' ",
	CAUSE_policy_refuses)
SYMPTOM(own_unknown, "hookwright", EVERY, BODY, STAGE_ANY,
	"policy '%w' was requested, but does not exist", CAUSE_policy_unknown)
SYMPTOM(own_unknown_annotation, "hookwright", EVERY, BODY, STAGE_ANY,
	"policy '%w' was requested by annotation io.hookwright.policies, but does not exist",
	CAUSE_policy_unknown)

/* ---- config.json, runc ---- */

SYMPTOM(go_hook_member, "runc", EVERY, REASON, STAGE_ANY,
	"json: cannot unmarshal %w into Go struct field Hook.hooks.%s.%w of type ",
	CAUSE_member_wrong, CAUSE_number_invalid)
SYMPTOM(go_stage, "runc", EVERY, BODY, STAGE_ANY,
	"json: cannot unmarshal %w into Go struct field Hooks.hooks.%s of type ", CAUSE_hooks_wrong)
SYMPTOM(go_hooks, "runc", EVERY, BODY, STAGE_ANY,
	"json: cannot unmarshal %w into Go struct field Spec.hooks of type ", CAUSE_hooks_wrong)
SYMPTOM(go_number, "runc", EVERY, BODY, STAGE_ANY,
	"json: cannot unmarshal number %w into Go struct field ", CAUSE_number_invalid,
	CAUSE_config_invalid)
SYMPTOM(go_member, "runc", EVERY, BODY, STAGE_ANY,
	"json: cannot unmarshal %w into Go struct field ", CAUSE_config_invalid)
SYMPTOM(go_syntax, "runc", EVERY, BODY, STAGE_ANY, "invalid character '%w' ", CAUSE_not_json)
SYMPTOM(go_eof, "runc", EVERY, BODY, STAGE_ANY, "unexpected EOF", CAUSE_not_json)
SYMPTOM(go_end, "runc", EVERY, BODY, STAGE_ANY, "unexpected end of JSON input", CAUSE_not_json)
SYMPTOM(runc_no_config, "runc", EVERY, BODY, STAGE_ANY, "JSON specification file %p not found",
	CAUSE_config_unreadable)
SYMPTOM(runc_no_process, "runc", EVERY, BODY, STAGE_ANY, "process property must not be empty",
	CAUSE_config_invalid)
SYMPTOM(runc_no_root, "runc", EVERY, BODY, STAGE_ANY, "root must be specified",
	CAUSE_config_invalid)
#define REFUSED(id, versions, wording) \
	SYMPTOM(id, "runc", versions, BODY, STAGE_ANY, wording, CAUSE_config_invalid)
REFUSED(runc_cwd_empty, EVERY, "Cwd property must not be empty")
REFUSED(runc_cwd, EVERY, "Cwd must be an absolute path")
REFUSED(runc_args, EVERY, "args must not be empty")
REFUSED(runc_null, "1.2 and later", "config cannot be null")
REFUSED(runc_network, EVERY, "unable to apply network settings without a private NET namespace")
REFUSED(runc_hostname, EVERY, "unable to set hostname without a private UTS namespace")
REFUSED(runc_domain, "1.2 and later", "unable to set domainname without a private UTS namespace")
REFUSED(runc_paths, EVERY, "unable to restrict sys entries without a private MNT namespace")
REFUSED(runc_selinux, EVERY, "selinux label is specified in config, but selinux is ")
REFUSED(runc_user_off, "1.2 and later", "user namespaces aren't enabled in the kernel")
REFUSED(runc_user_off_old, "1.1", "USER namespaces aren't enabled in the kernel")
REFUSED(runc_no_mapping, "1.1", "User namespaces enabled, but no ")
REFUSED(runc_mapping, "1.2 and later", "user namespaces enabled, but no ")
REFUSED(runc_mapping_both, "1.2 and later", "user namespaces enabled, but both ")
REFUSED(runc_user_missing, "1.2 and later",
	"user namespace mappings specified, but user namespace isn't enabled in the config")
REFUSED(runc_user_missing_old, "1.1",
	"User namespace mappings specified, but USER namespace isn't enabled in the config")
REFUSED(runc_time_missing, "1.2 and later",
	"time namespace offsets specified, but time namespace isn't enabled in the config")
REFUSED(runc_time, "1.2 and later", "time namespace enabled, but both namespace path and ")
REFUSED(runc_time_off, "1.2 and later", "time namespaces aren't enabled in the kernel")
REFUSED(runc_cgroup_off, EVERY, "cgroup namespaces aren't enabled in the kernel")
REFUSED(runc_duplicate, EVERY, "malformed spec file: duplicated ns ")
REFUSED(runc_namespace, EVERY, "namespace `%w` does not exist")
REFUSED(runc_sysctl_ipc, EVERY, "sysctl `%w` is not allowed in the hosts ipc namespace")
REFUSED(runc_sysctl_net, EVERY, "sysctl `%w` not allowed in host network namespace")
REFUSED(runc_sysctl, EVERY, "sysctl `%w` is not in a separate kernel namespace")
REFUSED(runc_sysctl_twice, EVERY, "sysctl `%w` is not allowed as it conflicts with ")
REFUSED(runc_ucounts, "1.4 and later", "setting ucounts without a user namespace not allowed: ")
REFUSED(runc_rdt, "1.4 and later", "intelRdt is specified in config, but ")
REFUSED(runc_clos, EVERY, "invalid intelRdt.ClosID ")
REFUSED(runc_scheduler, "1.2 and later", "invalid scheduler.nice: ")
REFUSED(runc_scheduler_priority, "1.2 and later", "scheduler.priority can only be specified for ")
REFUSED(runc_scheduler_policy, "1.2 and later", "scheduler policy is required")
REFUSED(runc_scheduler_deadline, "1.2 and later", "scheduler runtime/deadline/period can only be ")
REFUSED(runc_io_priority, "1.2 and later", "invalid ioPriority.Priority: ")
REFUSED(runc_io_class, "1.3 and later", "invalid ioPriority.Class: ")
REFUSED(runc_personality, "1.2 and later", "invalid personality domain ")
REFUSED(runc_propagation, EVERY, "rootfsPropagation=%w is not supported")
REFUSED(runc_device_type, EVERY, "invalid device type ")
REFUSED(runc_environment, "1.1.15 and later", "invalid environment variable: ")
REFUSED(runc_environment_old, "1.1", "environment variable name can't ")
REFUSED(runc_environment_value, "1.1", "environment variable value can't contain null")
REFUSED(runc_seccomp_action, EVERY, "is not a valid action for seccomp")
REFUSED(runc_seccomp_flag, "1.2 and later", "seccomp flag %w is not known to runc")
REFUSED(runc_seccomp_flags, "1.1", "seccomp flags are not yet supported by runc")
REFUSED(runc_seccomp_operator, EVERY, "is not a valid operator for seccomp")
REFUSED(runc_seccomp_arch, EVERY, "is not a valid arch for seccomp")
REFUSED(runc_rootless_user, EVERY, "rootless container requires user namespaces")
REFUSED(runc_rootless_mapping, EVERY, "rootless containers requires at least one ")
REFUSED(runc_console, EVERY, "cannot allocate tty if runc will detach without setting console ")
#undef REFUSED

/* ---- config.json, crun ---- */

SYMPTOM(crun_hook_path, "crun", EVERY, BODY, STAGE_ANY, "Required field 'path' not present",
	CAUSE_path_missing, CAUSE_config_invalid)
SYMPTOM(crun_required, "crun", EVERY, BODY, STAGE_ANY, "Required field '%w' not present",
	CAUSE_config_invalid)
SYMPTOM(crun_timeout_value, "crun", EVERY, BODY, STAGE_ANY,
	"Invalid value '%w' with type '%w' for key 'timeout'", CAUSE_timeout_invalid,
	CAUSE_number_invalid)
SYMPTOM(crun_value, "crun", EVERY, BODY, STAGE_ANY, "Invalid value '%w' with type '%w' for key '",
	CAUSE_number_invalid, CAUSE_config_invalid)
SYMPTOM(crun_syntax, "crun", EVERY, BODY, STAGE_ANY, "cannot parse the data", CAUSE_not_json)
SYMPTOM(crun_no_config, "crun", EVERY, BODY, STAGE_ANY, "cannot read the file: %p",
	CAUSE_config_unreadable)
SYMPTOM(crun_version, "crun", "before 1.14.3", BODY, STAGE_ANY, "unknown version specified",
	CAUSE_version_refused)
#define REFUSED(id, versions, wording) \
	SYMPTOM(id, "crun", versions, BODY, STAGE_ANY, wording, CAUSE_config_invalid)
REFUSED(crun_no_root, EVERY, "invalid config file, no `root` block specified")
REFUSED(crun_no_linux, EVERY, "invalid config file, no `linux` block specified")
REFUSED(crun_no_mounts, EVERY, "invalid config file, no `mounts` block specified")
REFUSED(crun_no_process_old, "1.8", "max number of capabilities not initialized")
REFUSED(crun_no_process, "1.9 and later", "block `process` not found")
REFUSED(crun_duplicate, "1.18 and later", "duplicate namespace type: `%w`")
REFUSED(crun_namespace, EVERY, "invalid namespace type: `%w`")
REFUSED(crun_hostname, EVERY, "hostname requires the UTS namespace")
REFUSED(crun_domain, EVERY, "domainname requires the UTS namespace")
REFUSED(crun_seccomp_action, EVERY, "invalid seccomp action `%w`")
REFUSED(crun_seccomp_get, "1.9 and later", "seccomp get action `%w`")
REFUSED(crun_seccomp_arch, EVERY, "seccomp unknown architecture")
REFUSED(crun_seccomp_option, EVERY, "unknown seccomp option ")
REFUSED(crun_sysctl, EVERY, "the sysctl `%w` requires a new ")
REFUSED(crun_sysctl_host, EVERY, "the sysctl `%w` is not namespaced")
REFUSED(crun_environment, EVERY, "putenv `%w`")
#undef REFUSED
SYMPTOM(crun_loading, "crun", "its create", WEAK, STAGE_ANY, "error loading config.json",
	CAUSE_not_json, CAUSE_number_invalid, CAUSE_timeout_invalid, CAUSE_path_missing,
	CAUSE_hooks_wrong, CAUSE_config_invalid, CAUSE_config_unreadable)

/* ---- config.json, youki ---- */

#define REFUSED(id, wording) \
	SYMPTOM(id, "youki", EVERY, BODY, STAGE_ANY, wording, CAUSE_config_invalid)
REFUSED(youki_no_process, "missing process in spec")
REFUSED(youki_no_linux, "missing linux in spec")
REFUSED(youki_no_args, "missing args in the process spec")
REFUSED(youki_no_root, "missing root in the spec")
REFUSED(youki_version, "runtime spec has incompatible version. Only 1.X.Y is supported")
REFUSED(youki_spec, "oci spec error")
#undef REFUSED

/* ---- the workload ---- */

SYMPTOM(runc_workload, "runc", EVERY, WORKLOAD, STAGE_ANY, "exec: \"%p\": %E",
	CAUSE_workload_missing)
SYMPTOM(runc_start_missing, "runc", "1.1 and later", WORKLOAD, STAGE_ANY,
	"exec %f: no such file or directory", CAUSE_workload_interpreter)
SYMPTOM(runc_start_format, "runc", "1.1 and later", WORKLOAD, STAGE_ANY,
	"exec %f: exec format error", CAUSE_workload_format)
SYMPTOM(runc_start, "runc", "1.1 and later", WORKLOAD, STAGE_ANY, "exec %f: %e",
	CAUSE_workload_missing, CAUSE_workload_interpreter)
SYMPTOM(runc_user_missing_file, "runc", "1.0", WORKLOAD, STAGE_ANY,
	"exec user process caused: no such file or directory", CAUSE_workload_interpreter)
SYMPTOM(runc_user_format, "runc", "1.0", WORKLOAD, STAGE_ANY,
	"exec user process caused: exec format error", CAUSE_workload_format)
SYMPTOM(runc_user, "runc", "1.0", WORKLOAD, STAGE_ANY, "exec user process caused: %e",
	CAUSE_workload_missing, CAUSE_workload_interpreter)
SYMPTOM(runc_old_user_missing, "runc", "before 1.0", WORKLOAD, STAGE_ANY,
	"exec user process caused `no such file or directory", CAUSE_workload_interpreter)
SYMPTOM(runc_old_user_format, "runc", "before 1.0", WORKLOAD, STAGE_ANY,
	"exec user process caused `exec format error", CAUSE_workload_format)
SYMPTOM(runc_old_user, "runc", "before 1.0", WORKLOAD, STAGE_ANY, "exec user process caused `%e",
	CAUSE_workload_missing, CAUSE_workload_interpreter)
SYMPTOM(crun_workload, "crun", EVERY, WORKLOAD, STAGE_ANY, "executable file `%p` not found",
	CAUSE_workload_missing)
SYMPTOM(crun_workload_mode, "crun", "before 1.21", WORKLOAD, STAGE_ANY, "open executable: %e",
	CAUSE_workload_missing)
SYMPTOM(crun_workload_file, "crun", "1.21 and later", WORKLOAD, STAGE_ANY,
	"the path `%p` is not a regular file", CAUSE_workload_missing)
SYMPTOM(crun_workload_x, "crun", "1.21 and later", WORKLOAD, STAGE_ANY,
	"the path `%p` exists but it is not executable", CAUSE_workload_missing)
SYMPTOM(crun_workload_empty, "crun", EVERY, WORKLOAD, STAGE_ANY, "cannot find `` in $PATH",
	CAUSE_workload_missing)
SYMPTOM(crun_start_missing, "crun", EVERY, WORKLOAD, STAGE_ANY,
	"exec container process (missing dynamic library?) `%p`: ", CAUSE_workload_interpreter)
SYMPTOM(crun_start_format, "crun", EVERY, WORKLOAD, STAGE_ANY,
	"exec container process `%p`: Exec format error", CAUSE_workload_format)
SYMPTOM(crun_start, "crun", EVERY, WORKLOAD, STAGE_ANY,
	"exec container process `%p`: ", CAUSE_workload_missing, CAUSE_workload_interpreter)
SYMPTOM(youki_workload, "youki", EVERY, WORKLOAD, STAGE_ANY,
	"invalid executable: ", CAUSE_workload_missing)
SYMPTOM(workload_library_glibc, "ld.so", "glibc", WORKLOAD, STAGE_ANY,
	"error while loading shared libraries: %w: cannot open shared object file",
	CAUSE_workload_library)
SYMPTOM(workload_library_musl, "ld-musl", "musl", WORKLOAD, STAGE_ANY,
	"Error loading shared library ", CAUSE_workload_library)

/* ---- what is around the workload ---- */

SYMPTOM(runc_rootfs, "runc", EVERY, BODY, STAGE_ANY,
	"invalid rootfs: stat %p: ", CAUSE_rootfs_missing)
SYMPTOM(runc_rootfs_link, "runc", EVERY, BODY, STAGE_ANY,
	"invalid rootfs: lstat %p: ", CAUSE_rootfs_missing)
SYMPTOM(runc_root_symlink, "runc", EVERY, BODY, STAGE_ANY,
	"invalid rootfs: not an absolute path, or a symlink", CAUSE_root_symlink)
SYMPTOM(crun_rootfs, "crun", EVERY, BODY, STAGE_ANY, "make `%p` private: No such file or directory",
	CAUSE_rootfs_missing)
SYMPTOM(crun_rootfs_path, "crun", "1.29 and later", BODY, STAGE_ANY,
	"the rootfs path `%p` does not exist", CAUSE_rootfs_missing)
SYMPTOM(crun_namespace_path, "crun", EVERY, BODY, STAGE_ANY, "open `/proc/%w/ns/%w`: %e",
	CAUSE_namespace_missing)
SYMPTOM(crun_rootfs_open, "crun", "1.28 and later", BODY, STAGE_ANY,
	"open `%o`: No such file or directory", CAUSE_rootfs_missing, CAUSE_mount_impossible,
	CAUSE_namespace_missing)
SYMPTOM(runc_namespace_path, "runc", EVERY, BODY, STAGE_ANY,
	"namespace path: lstat %p: ", CAUSE_namespace_missing)
SYMPTOM(runc_mount, "runc", EVERY, BODY, STAGE_ANY, "error mounting `%p` to rootfs at ",
	CAUSE_mount_impossible)
SYMPTOM(runc_mount_old, "runc", "before 1.0", BODY, STAGE_ANY, "mounting `%p` to rootfs ",
	CAUSE_mount_impossible)
SYMPTOM(runc_mount_request, "runc", "1.2 and later", BODY, STAGE_ANY,
	"failed to fulfil mount request: open %p: ", CAUSE_mount_impossible)
SYMPTOM(runc_mount_options, "runc", "1.2 and later", BODY, STAGE_ANY,
	"bind mounts cannot have any filesystem-specific options applied", CAUSE_mount_impossible,
	CAUSE_config_invalid)
SYMPTOM(runc_mount_idmap, "runc", "1.2 and later", BODY, STAGE_ANY, "id-mapped mounts ",
	CAUSE_mount_impossible, CAUSE_config_invalid)
SYMPTOM(runc_mount_invalid, "runc", EVERY, BODY, STAGE_ANY,
	"invalid mount %w: mount destination not absolute", CAUSE_mount_impossible,
	CAUSE_config_invalid)
SYMPTOM(crun_mount, "crun", "before 1.22", BODY, STAGE_ANY,
	"error stat'ing file `%p`: ", CAUSE_mount_impossible)
SYMPTOM(crun_mount_stat, "crun", "1.22 and later", BODY, STAGE_ANY, "cannot stat `%p`: %e",
	CAUSE_mount_impossible)
SYMPTOM(crun_mount_to, "crun", EVERY, BODY, STAGE_ANY, "mount `%p` to `%w`: %e",
	CAUSE_mount_impossible)
SYMPTOM(runc_identity, "runc", EVERY, BODY, STAGE_ANY,
	"cannot set uid to unmapped user in user namespace", CAUSE_identity)
SYMPTOM(runc_identity_gid, "runc", EVERY, BODY, STAGE_ANY,
	"cannot set gid to unmapped user in user namespace", CAUSE_identity)
SYMPTOM(crun_identity, "crun", EVERY, BODY, STAGE_ANY, "cannot setresuid to %c: Invalid argument",
	CAUSE_identity)
SYMPTOM(runc_rlimit, "runc", EVERY, BODY, STAGE_ANY, "error setting rlimit type %c: %e",
	CAUSE_limit_denied)
SYMPTOM(crun_rlimit, "crun", EVERY, BODY, STAGE_ANY, "setrlimit `%w`: %e", CAUSE_limit_denied)
SYMPTOM(runc_cgroup, "runc", EVERY, BODY, STAGE_ANY,
	"unable to apply cgroup configuration: ", CAUSE_cgroup_failed)
SYMPTOM(runc_cgroup_old, "runc", "before 1.1", BODY, STAGE_ANY,
	"applying cgroup configuration for process caused", CAUSE_cgroup_failed)
SYMPTOM(crun_cgroup, "crun", EVERY, BODY, STAGE_ANY,
	"creating cgroup directory `%p`: ", CAUSE_cgroup_failed)
SYMPTOM(crun_cgroup_hybrid, "crun", EVERY, BODY, STAGE_ANY, "cgroups in hybrid mode not supported",
	CAUSE_cgroup_failed)
SYMPTOM(runc_apparmor, "runc", EVERY, BODY, STAGE_ANY,
	"unable to apply apparmor profile: ", CAUSE_profile_failed)
SYMPTOM(runc_seccomp_load, "runc", EVERY, BODY, STAGE_ANY, "error loading seccomp filter",
	CAUSE_profile_failed)
SYMPTOM(runc_id, "runc", "1.1 and later", BODY, STAGE_ANY, "container with given ID already exists",
	CAUSE_id_used)
SYMPTOM(runc_id_old, "runc", "before 1.1", BODY, STAGE_ANY,
	"container with id exists: ", CAUSE_id_used)
SYMPTOM(crun_id, "crun", EVERY, BODY, STAGE_ANY, "container `%w` already exists", CAUSE_id_used)
SYMPTOM(runc_cwd_chdir, "runc", EVERY, BODY, STAGE_ANY, "chdir to cwd (`%p`) set in config.json ",
	CAUSE_cwd)
SYMPTOM(crun_cwd_to, "crun", "1.28 and later", BODY, STAGE_ANY, "chdir to `%p`: %e", CAUSE_cwd)
SYMPTOM(crun_cwd, "crun", EVERY, BODY, STAGE_ANY, "chdir `%p`: %e", CAUSE_cwd)

/* ---- the runtime itself ---- */

SYMPTOM(nsenter_unshare, "runc", EVERY, SELF, STAGE_ANY, "failed to unshare ",
	CAUSE_runtime_unstartable)

/* ---- engines ---- */

SYMPTOM(podman_hook_file, "podman", EVERY, HELPER, STAGE_ANY,
	"setting up OCI Hooks: parsing hook `%p`", CAUSE_engine_hook_file)
SYMPTOM(podman_precreate, "podman", EVERY, HELPER, STAGE_ANY, "setting up OCI Hooks: executing ",
	CAUSE_precreate_failed)
SYMPTOM(podman_hook_dir, "podman", EVERY, HELPER, STAGE_ANY,
	"setting up OCI Hooks: open %p: ", CAUSE_engine_hook_dir)
SYMPTOM(podman_hooks, "podman", EVERY, HELPER, STAGE_ANY,
	"setting up OCI Hooks: ", CAUSE_engine_hook_file, CAUSE_engine_hook_dir,
	CAUSE_precreate_failed)
SYMPTOM(podman_runtime, "podman", EVERY, HELPER, STAGE_ANY,
	"no valid executable found for OCI runtime %p:", CAUSE_runtime_unknown)
SYMPTOM(podman_default_runtime, "podman", EVERY, HELPER, STAGE_ANY,
	"default OCI runtime `%p` not found", CAUSE_runtime_unknown)
SYMPTOM(podman_requested_runtime, "podman", EVERY, HELPER, STAGE_ANY,
	"requested OCI runtime %p is not available", CAUSE_runtime_unknown)
SYMPTOM(docker_runtime, "docker", "before 23", HELPER, STAGE_ANY, "Unknown runtime specified ",
	CAUSE_runtime_unknown)
SYMPTOM(docker_runtime_name, "docker", "23 and later", HELPER, STAGE_ANY,
	"unknown or invalid runtime name: ", CAUSE_runtime_unknown)
SYMPTOM(containerd_died, "containerd", EVERY, HELPER, STAGE_ANY,
	"unable to retrieve OCI runtime error (%w): %p did not terminate successfully: exit status %c",
	CAUSE_wrapper_died)
SYMPTOM(containerd_exec_died, "containerd", EVERY, HELPER, STAGE_ANY,
	"unable to retrieve OCI runtime error (%w): fork/exec %p: %e", CAUSE_helper_missing)
SYMPTOM(containerd_not_found, "containerd", EVERY, HELPER, STAGE_ANY,
	"unable to retrieve OCI runtime error (%w): exec: `%p`: executable file not found",
	CAUSE_helper_missing)
SYMPTOM(containerd_lost, "containerd", EVERY, HELPER, STAGE_ANY,
	"unable to retrieve OCI runtime error (", CAUSE_wrapper_died)
SYMPTOM(gorunc_died, "containerd", EVERY, HELPER, STAGE_ANY,
	"did not terminate successfully: exit status %c%b", CAUSE_wrapper_died)
SYMPTOM(gorunc_signal, "containerd", EVERY, HELPER, STAGE_ANY,
	"did not terminate successfully: signal: %g%b", CAUSE_wrapper_died)
SYMPTOM(cdi_unresolvable, "CDI", EVERY, HELPER, STAGE_ANY, "unresolvable CDI devices ",
	CAUSE_cdi_unresolvable)
SYMPTOM(cdi_device, "CDI", EVERY, HELPER, STAGE_ANY,
	"failed to stat CDI host device `%p`: ", CAUSE_cdi_device)
SYMPTOM(cdi_type, "CDI", EVERY, HELPER, STAGE_ANY, "CDI device (`%p`, %w), host type mismatch",
	CAUSE_cdi_device)
SYMPTOM(cdi_spec, "CDI", EVERY, HELPER, STAGE_ANY, "failed to load CDI Spec ", CAUSE_cdi_invalid)
SYMPTOM(cdi_parse, "CDI", EVERY, HELPER, STAGE_ANY, "failed to parse CDI Spec `%p`",
	CAUSE_cdi_invalid)
SYMPTOM(cdi_hook_name, "CDI", EVERY, HELPER, STAGE_ANY, "invalid hook name ", CAUSE_cdi_invalid)
SYMPTOM(cdi_hook_path, "CDI", EVERY, HELPER, STAGE_ANY, "invalid hook `%w` with empty path",
	CAUSE_cdi_invalid)
SYMPTOM(cdi_hook, "CDI", EVERY, HELPER, STAGE_ANY, "unknown hook name ", CAUSE_cdi_invalid)
SYMPTOM(cdi_hook_other, "CDI", EVERY, HELPER, STAGE_ANY, "invalid hook `%w`: ", CAUSE_cdi_invalid)
SYMPTOM(cdi_read, "CDI", EVERY, HELPER, STAGE_ANY, "failed to read CDI Spec `%p`",
	CAUSE_cdi_invalid)
SYMPTOM(cdi_spec_invalid, "CDI", EVERY, HELPER, STAGE_ANY, "invalid CDI Spec: ", CAUSE_cdi_invalid)
SYMPTOM(cdi_unmarshal, "CDI", EVERY, HELPER, STAGE_ANY,
	"failed to unmarshal CDI Spec: ", CAUSE_cdi_invalid)
SYMPTOM(cdi_annotations, "containerd", EVERY, HELPER, STAGE_ANY,
	"failed to parse CDI device annotations: ", CAUSE_cdi_invalid)
SYMPTOM(cdi_gpus, "containerd", EVERY, HELPER, STAGE_ANY,
	"converting GPU indices to CDI device names failed: ", CAUSE_cdi_unresolvable)
SYMPTOM(cdi_edits, "CDI", EVERY, HELPER, STAGE_ANY, "invalid container edits: ", CAUSE_cdi_invalid)
SYMPTOM(cdi_off, "containerd", EVERY, HELPER, STAGE_ANY,
	"requested but CDI support is explicitly disabled", CAUSE_cdi_unresolvable)
SYMPTOM(docker_cdi_driver, "docker", "before 28.2", HELPER, STAGE_ANY,
	"could not select device driver `cdi`", CAUSE_cdi_unresolvable)
SYMPTOM(docker_gpu_driver, "docker", EVERY, HELPER, STAGE_ANY, "could not select device driver ",
	CAUSE_helper_missing)
SYMPTOM(cdi_injection, "CDI", EVERY, HELPER, STAGE_ANY,
	"CDI device injection failed: ", CAUSE_cdi_unresolvable, CAUSE_cdi_invalid,
	CAUSE_cdi_device)
SYMPTOM(nri_hooks, "NRI", "its default validator", HELPER, STAGE_ANY,
	"attempted restricted OCI hook injection", CAUSE_nri_rejected)
SYMPTOM(nri_other, "NRI", "its default validator", HELPER, STAGE_ANY,
	"validation error: ", CAUSE_nri_rejected)
SYMPTOM(docker_nri, "docker", "29 and later", HELPER, STAGE_ANY,
	"unsupported container adjustments: ", CAUSE_nri_rejected)
SYMPTOM(nri_injector, "NRI", "hook-injector", HELPER, STAGE_ANY,
	"hook generation failed: ", CAUSE_engine_hook_file)
SYMPTOM(crio_hook, "CRI-O", EVERY, HELPER, STAGE_ANY, "failed to run pre-create hook for ",
	CAUSE_helper_failed)
SYMPTOM(crio_start_hook, "CRI-O", EVERY, HELPER, STAGE_ANY, "failed to run pre-start hook for ",
	CAUSE_helper_failed)
SYMPTOM(crio_handler, "CRI-O", EVERY, HELPER, STAGE_ANY, "failed to get runtime handler ",
	CAUSE_runtime_unknown)
SYMPTOM(nri_generate, "NRI", "hook-injector", HELPER, STAGE_ANY,
	"failed to generate hooks: ", CAUSE_engine_hook_file)
SYMPTOM(podman_runtime_gone, "podman", EVERY, HELPER, STAGE_ANY,
	"OCI Runtime %p is in use by a container, but is not available", CAUSE_runtime_unknown)
SYMPTOM(nerdctl_cni, "nerdctl", EVERY, HELPER, STAGE_ANY,
	"failed to call cni.Setup: ", CAUSE_helper_failed)
SYMPTOM(runsc_nvidia, "runsc", EVERY, HELPER, STAGE_ANY,
	"nvidia-container-runtime-hook cannot be used together with ", CAUSE_helper_failed)

/* ---- runtimes: what they were doing; behind the rows above, which begin likewise ---- */

SYMPTOM(runc_doing_create, "runc", "1.1 and later", RUNTIME, STAGE_ANY, "runc create failed: ")
SYMPTOM(runc_doing_run, "runc", "1.1 and later", RUNTIME, STAGE_ANY, "runc run failed: ")
SYMPTOM(runc_doing_exec, "runc", EVERY, RUNTIME, STAGE_ANY, "exec failed: ")
SYMPTOM(runc_doing_start, "runc", "1.1 and later", RUNTIME, STAGE_ANY,
	"unable to start container process: ")
SYMPTOM(runc_doing_parent, "runc", "1.1 and later", RUNTIME, STAGE_ANY,
	"unable to create new parent process: ")
SYMPTOM(runc_doing_init, "runc", "1.1 and later", RUNTIME, STAGE_ANY,
	"error during container init: ")
SYMPTOM(runc_system_error, "runc", "before 1.0", RUNTIME, STAGE_ANY, "System error: ")
SYMPTOM(runc_old_start, "runc", "before 1.1", RUNTIME, STAGE_ANY,
	"starting container process caused")
SYMPTOM(runc_old_init, "runc", "before 1.1", RUNTIME, STAGE_ANY, "container init caused")
SYMPTOM(runc_old_new, "runc", "before 1.1", RUNTIME, STAGE_ANY,
	"creating new parent process caused")
SYMPTOM(runc_old_process, "runc", "before 1.1", RUNTIME, STAGE_ANY,
	"starting init process command caused")
SYMPTOM(runc_old_setns, "runc", "before 1.1", RUNTIME, STAGE_ANY, "starting setns process caused")
SYMPTOM(runc_setns, "runc", "1.1 and later", RUNTIME, STAGE_ANY, "error starting setns process: ")
SYMPTOM(runc_start_init, "runc", "1.1 and later", RUNTIME, STAGE_ANY, "unable to start init: ")
SYMPTOM(runc_sync, "runc", "before 1.2", RUNTIME, STAGE_ANY,
	"could not synchronise after executing prestart ")
SYMPTOM(runc_destroy, "runc", "1.2 and later", RUNTIME, STAGE_ANY, "unable to destroy container: ")
SYMPTOM(runc_file, "runc", "before 1.1", RUNTIME, STAGE_ANY, "container_linux.go:")
SYMPTOM(runc_name, "runc", EVERY, RUNTIME, STAGE_ANY, "runc: ")
SYMPTOM(crun_name, "crun", EVERY, RUNTIME, STAGE_ANY, "crun: ")
SYMPTOM(crun_load, "crun", EVERY, RUNTIME, STAGE_ANY, "load `config.json`: ")
SYMPTOM(runsc_doing_create, "runsc", EVERY, RUNTIME, STAGE_ANY, "creating container: ")
SYMPTOM(runsc_doing_start, "runsc", EVERY, RUNTIME, STAGE_ANY, "starting container: ")

/* ---- only a status ---- */

SYMPTOM(status_159, "the engine", EVERY, WEAK, STAGE_ANY, "Exited (%159)", CAUSE_seccomp_kills,
	CAUSE_workload_ended)
SYMPTOM(status_141, "the engine", EVERY, WEAK, STAGE_ANY, "Exited (%141)", CAUSE_stdin_unread,
	CAUSE_workload_ended)
SYMPTOM(status_1, "the engine", EVERY, WEAK, STAGE_BIT(STAGE_START_CONTAINER), "Exited (%1)",
	CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(status_255, "the engine", EVERY, WEAK, STAGE_BIT(STAGE_START_CONTAINER), "Exited (%255)",
	CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(code_159, "the engine", EVERY, WEAK, STAGE_ANY, "ExitCode\": %159", CAUSE_seccomp_kills,
	CAUSE_workload_ended)
SYMPTOM(code_141, "the engine", EVERY, WEAK, STAGE_ANY, "ExitCode\": %141", CAUSE_stdin_unread,
	CAUSE_workload_ended)
SYMPTOM(code_255, "the engine", EVERY, WEAK, STAGE_BIT(STAGE_START_CONTAINER), "ExitCode\": %255",
	CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(code_1, "the engine", EVERY, WEAK, STAGE_BIT(STAGE_START_CONTAINER), "ExitCode\": %1",
	CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(kubernetes_159, "Kubernetes", EVERY, WEAK, STAGE_ANY, "Exit Code: %159",
	CAUSE_seccomp_kills, CAUSE_workload_ended)
SYMPTOM(kubernetes_141, "Kubernetes", EVERY, WEAK, STAGE_ANY, "Exit Code: %141", CAUSE_stdin_unread,
	CAUSE_workload_ended)
SYMPTOM(kubernetes_255, "Kubernetes", EVERY, WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"Exit Code: %255", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(kubernetes_1, "Kubernetes", EVERY, WEAK, STAGE_BIT(STAGE_START_CONTAINER), "Exit Code: %1",
	CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(status_127, "the engine", EVERY, WEAK, STAGE_ANY, "Exited (%127)", CAUSE_workload_missing,
	CAUSE_workload_library, CAUSE_workload_ended)
SYMPTOM(status_126, "the engine", EVERY, WEAK, STAGE_ANY, "Exited (%126)", CAUSE_workload_missing,
	CAUSE_workload_ended)
SYMPTOM(code_127, "the engine", EVERY, WEAK, STAGE_ANY, "ExitCode\": %127", CAUSE_workload_missing,
	CAUSE_workload_library, CAUSE_workload_ended)
SYMPTOM(code_126, "the engine", EVERY, WEAK, STAGE_ANY, "ExitCode\": %126", CAUSE_workload_missing,
	CAUSE_workload_ended)
SYMPTOM(kubernetes_127, "Kubernetes", EVERY, WEAK, STAGE_ANY, "Exit Code: %127",
	CAUSE_workload_missing, CAUSE_workload_library, CAUSE_workload_ended)
SYMPTOM(kubernetes_126, "Kubernetes", EVERY, WEAK, STAGE_ANY, "Exit Code: %126",
	CAUSE_workload_missing, CAUSE_workload_ended)
SYMPTOM(state_stopped, "the runtime", EVERY, WEAK, STAGE_BIT(STAGE_START_CONTAINER),
	"status\": \"stopped\"", CAUSE_hook_silent, CAUSE_workload_ended)
SYMPTOM(own_stopped, "hookwright", EVERY, WEAK, STAGE_ANY, "hookwright: ", CAUSE_hookwright_stopped)
