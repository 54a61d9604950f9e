/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Causes why containers die at their hooks; included with CAUSE() defined, so without a guard. An id is an
 * interface: it never changes its meaning.
 *
 * CAUSE(id, rules of lint that see it in a bundle, title, why, remedy)
 * ON_HOST(id, title, why, remedy): of a program on the host other words; NULL: the same. "{path}" in
 * a remedy is the path that the message names.
 */

/* ---- the program of the hook ---- */

CAUSE(program_missing, RULES(RULE_HW201), "the hook's program does not exist",
      "A startContainer hook is searched for inside the container, a hook of any other stage on "
      "the host. A path that is correct in one of the two is wrong in the other.",
      "add the program to the image, or name its path there")
CAUSE(interpreter_missing, RULES(RULE_HW209, RULE_HW207),
      "the program exists, but its interpreter is missing or cannot be used",
      "The kernel starts the interpreter that a script's first line or an ELF file names, and "
      "reports the program itself as missing. Windows line ends make the name end in a carriage "
      "return; a program for glibc needs a loader that an image with musl does not have.",
      "install the interpreter in the image, or use a static build")
CAUSE(interpreter_unusable, RULES(RULE_HW209), "the program's interpreter cannot be executed",
      "The kernel reports an error of the interpreter as an error of the program.",
      "make the interpreter executable for the container's user, or replace it")
CAUSE(not_executable, RULES(RULE_HW203), "the container's user cannot execute the program",
      "A startContainer hook runs as process.user with its capabilities, not as root.",
      "chmod a+rx the program in the image")
CAUSE(unreachable, RULES(RULE_HW202), "part of the path is not a directory, or cannot be searched",
      "Every part of the path before the program must be a directory and needs the x bit for the "
      "container's user.",
      "allow the user to search the directories on the program's path, or correct the path")
CAUSE(path_broken, RULES(RULE_HW202, RULE_HW201),
      "part of the path is not a directory, or its links form a loop",
      "A path cannot continue after a file, not even with a trailing slash. More than 40 links are "
      "too many, and more than 20 at random: if something is mounted meanwhile the kernel counts "
      "twice.",
      "name the program itself, without a trailing slash")
CAUSE(not_a_file, RULES(RULE_HW204), "the path names a directory or a device",
      "Only a regular file can be executed.", "name the program itself")
CAUSE(noexec, RULES(RULE_HW205), "the program is on a mount that forbids execution",
      "The kernel refuses to execute a file on a noexec mount, whatever its mode.",
      "put it on a mount without noexec")
CAUSE(not_a_program, RULES(RULE_HW206), "the file is neither an ELF program nor a script",
      "Without '#!' in its first line the kernel does not recognise a script. crun passes such a "
      "file to /bin/sh, which interprets it as a script.",
      "begin a script with '#!' and its interpreter")
CAUSE(script_line, RULES(RULE_HW207), "the kernel cannot use the script's first line",
      "It reads 255 bytes of it, splits off only one argument, treats a carriage return as part of "
      "the name, and follows at most 5 scripts.",
      "write '#!' and the interpreter's absolute path, with Unix line ends")
CAUSE(script_unreadable, RULES(RULE_HW208), "the script can be executed but not read",
      "The interpreter opens the script with the privileges of the container's user.",
      "chmod a+r the script in the image")
CAUSE(other_machine, RULES(RULE_HW210), "the program is built for another machine",
      "The kernel cannot execute a program of another architecture.",
      "use a build for the container's machine")
CAUSE(elf_broken, RULES(RULE_HW211), "the program's file is damaged or truncated",
      "A file that is shorter than its header declares crashes when it is started.",
      "replace the file")
CAUSE(library_missing, RULES(RULE_HW212), "the loader does not find a library of the program",
      "It searches LD_LIBRARY_PATH of the hook's own environment, /etc/ld.so.cache and the default "
      "directories, and never reads /etc/ld.so.conf. A hook with env does not inherit the "
      "container's LD_LIBRARY_PATH.",
      "install the library, run ldconfig when the image is built, or in a hook before this one")
CAUSE(library_unusable, RULES(RULE_HW213),
      "a library of the program is damaged, unreadable or too old",
      "The loader refuses a library that does not fit this program: it has the wrong format, or "
      "lacks a symbol or a symbol version.",
      "install the version that the program was built with")
CAUSE(argv0, RULES(RULE_HW214, RULE_HW215),
      "the program's action depends on its name, and args[0] is another "
      "name",
      "args[0] of a hook is argv[0], as in execv(3). busybox and similar programs select their "
      "action by it.",
      "repeat the program's name as the first of args")
CAUSE(own_failure, RULES_NONE, "the program ran and failed by itself",
      "The runtime started it successfully. runc prints the program's output; crun discards it.",
      "run the program by hand in the same image, as the same user, with the hook's env")
CAUSE(command_unusable, RULES_NONE, "a command that the hook's script calls cannot be executed",
      "A shell exits with 126 for a command that it finds but cannot execute: its x bit is not set, is a "
      "directory, is on a mount with noexec, or is not a program.",
      "chmod +x the command, or put it on a mount without noexec; what the hook wrote names it")
CAUSE(text_busy, RULES_NONE, "the program's file is open for writing",
      "The kernel does not execute a file that a process still writes: it is being copied, unpacked "
      "or downloaded, or a process kept it open. The program did not run.",
      "start the container when the file is complete; 'fuser -v {path}' shows who has it open")
CAUSE(arguments_long, RULES_NONE, "the hook's arguments and environment are too large",
      "The kernel accepts 128 KiB for one string and a quarter of the stack's limit for all. A hook "
      "without env inherits process.env. The program did not run.",
      "give the hook a short env of its own, or pass the data in a file")
CAUSE(no_memory, RULES_NONE, "there was not enough memory to start the program",
      "fork or execve needed memory that the cgroup or the host does not have. The program did not "
      "run.",
      "raise linux.resources.memory.limit, or free memory on the host")
CAUSE(read_error, RULES_NONE, "the program's file cannot be read from its disk or network",
      "The kernel found the file and failed to read it. The program did not run.",
      "see 'dmesg'; check the file system, or pull the image again")
CAUSE(files_limit, RULES_NONE, "RLIMIT_NOFILE leaves no room for the hook",
      "Starting a program needs a few file descriptors. The program did not run.",
      "raise the limit in process.rlimits, or that of the runtime's own service")
CAUSE(not_started, RULES_NONE, "the kernel did not start the program",
      "'fork/exec' reports an error of the kernel; the program did not run, so it is not its own "
      "failure.",
      "see execve(2) for the error; try '{path}' by hand in the same place")
CAUSE(processor, RULES_NONE, "the processor lacks an instruction that the program was built for",
      "Programs built for x86-64-v2 or v3, or with -march=native, use instructions that older "
      "processors and some virtual machines do not have.",
      "use a build for a baseline processor, or let the virtual machine pass the host's CPU through")
CAUSE(ended, RULES_NONE, "another process ended the program with a signal",
      "A stop of the container, of the engine or of the host ends its hooks as well.",
      "find out who sent the signal: the engine's log, 'journalctl', a timeout of a CI job")
CAUSE(cpu_limit, RULES_NONE, "RLIMIT_CPU is too low for the hook",
      "process.rlimits are in force when the hook runs.", "raise the limit")
CAUSE(size_limit, RULES_NONE, "RLIMIT_FSIZE is too low for what the hook writes",
      "process.rlimits are in force when the hook runs.", "raise the limit")
CAUSE(host_denied, RULES_NONE, "the host forbids the runtime to start the program",
      "A hook of this stage is not under the container's seccomp profile. A security module, a "
      "seccomp filter of the engine's own service or a nosuid mount refuses it.",
      "see 'dmesg' and the audit log for apparmor or avc; check the engine's service file")
CAUSE(host_limit, RULES_NONE, "the host has reached a limit of processes, files or space",
      "A hook of this stage runs on the host, so limits of the container do not count: TasksMax of "
      "the engine's service, ulimit -u, kernel.pid_max, fs.file-max.",
      "raise TasksMax= and LimitNPROC= of the engine's service; 'ps -eLf | wc -l' counts threads")
CAUSE(crashed, RULES_NONE, "the program crashed by itself",
      "It was started, and then terminated by a signal because of its own error.",
      "run the program by hand in the same image and find the place of the crash")
CAUSE(killed, RULES_NONE,
      "the program was killed from outside: it ran out of memory or exceeded a "
      "timeout",
      "A hook runs in the container's cgroup, and its memory counts there.",
      "raise linux.resources.memory.limit or the hook's timeout; 'dmesg' reports out of memory")
CAUSE(command_missing, RULES_NONE, "a command that the hook's script calls does not exist",
      "A shell exits with 127 for a command that it does not find and with 126 for one that it "
      "cannot execute. A hook whose env does not contain PATH finds only the shell's own commands.",
      "install the command in the image, and give the hook a PATH in its env")
CAUSE(cannot_write, RULES_NONE, "the hook writes to a place that is not writable",
      "It runs as process.user after root.readonly, readonlyPaths and maskedPaths are in force.",
      "add a writable mount there, or do its work when the image is built")
CAUSE(ldconfig, RULES(RULE_HW309), "ldconfig cannot replace /etc/ld.so.cache",
      "It creates a new file in /etc and renames it, which requires a writable root file system, a "
      "user who can write to /etc, and a cache that is not itself a mount.",
      "run the container as root with a writable /etc, or run ldconfig when the image is built; "
      "policy ldconfig-on-start omits the hook if it would fail")

/* ---- the environment of the hook ---- */

CAUSE(pids, RULES(RULE_HW301), "linux.resources.pids.limit leaves no room for the hook",
      "A startContainer hook runs in the container's cgroup, and the threads of runc's own init "
      "also count there.",
      "raise the limit to 16 or more")
CAUSE(nproc, RULES(RULE_HW302), "RLIMIT_NPROC leaves no room for the hook",
      "process.rlimits are in force when the hook is started, and all processes of that user on "
      "the host count.",
      "raise the limit")
CAUSE(seccomp, RULES(RULE_HW303),
      "the seccomp profile forbids a system call needed to start a hook",
      "The filter is in force before startContainer hooks, and also applies to the runtime's init, "
      "which starts them: clone, execve, pipe2, and with crun wait4.",
      "allow these system calls in the profile")
CAUSE(seccomp_kills, RULES(RULE_HW303),
      "the seccomp profile kills the process that starts the hook",
      "With SCMP_ACT_KILL_PROCESS the runtime's init dies of SIGSYS, status 159, and no process is "
      "left to print a message.",
      "allow clone, execve and pipe2 in the profile")
CAUSE(seccomp_own, RULES_NONE, "the seccomp profile kills the hook for one of its own system calls",
      "The filter is in force before startContainer hooks and also applies to their programs: "
      "SIGSYS, status 159.",
      "allow the system calls that the program needs; 'dmesg' or the audit log contains the number "
      "of the call")
CAUSE(cwd, RULES(RULE_HW304), "the container's user cannot enter process.cwd",
      "crun enters process.cwd again before each startContainer hook, then as that user. The same "
      "container runs without the hook.",
      "allow the user to search process.cwd, or select another directory")
CAUSE(stdin_unread, RULES_NONE, "the hook exited without reading its standard input",
      "The runtime writes the container's state to it. crun before 1.17 treats the broken pipe as "
      "a failure, at random; with the host's PID namespace SIGPIPE kills its init, status 141, "
      "without a message.",
      "let the hook read its standard input to the end ('cat >/dev/null'), or use crun 1.17")
CAUSE(timeout_short, RULES_NONE, "the hook takes longer than its timeout",
      "runc kills only the hook's process, and waits for its children; crun's timeout leaves "
      "SIGCHLD blocked in the workload.",
      "raise the timeout or omit it; let a shell exec its last command")
CAUSE(timeout_invalid, RULES(RULE_HW119), "the timeout is not from 1 to 2147483647 whole seconds",
      "runc ends a hook with timeout 0 or less immediately; crun treats 0 as no timeout.",
      "write whole seconds, or omit timeout")

/* ---- config.json ---- */

CAUSE(path_missing, RULES(RULE_HW110, RULE_HW109),
      "a hook does not have a path, or is not an "
      "object",
      "runc does not start a program, crun refuses the container.",
      "give the hook an absolute path")
CAUSE(not_absolute, RULES(RULE_HW111), "the hook's path is not absolute",
      "runc resolves it in the current directory; crun searches PATH for a bare name.",
      "write the absolute path")
CAUSE(string_invalid, RULES(RULE_HW112, RULE_HW116), "a string of the hook contains a NUL",
      "runc refuses it when the hook is started, crun truncates the string there.",
      "remove \\u0000")
CAUSE(not_json, RULES(RULE_HW102), "config.json is not strict JSON",
      "runc refuses comments and a byte order mark, crun refuses bytes after the document, and "
      "both refuse everything else.",
      "correct the syntax; 'hookwright lint' shows the place")
CAUSE(number_invalid, RULES(RULE_HW122),
      "an integer has a fraction or an exponent, or is too large",
      "Tools that use floating point for numbers write 9.2e+18 for a large integer, which runtimes "
      "do not accept.",
      "write all the digits; find the tool that rewrote config.json")
CAUSE(hooks_wrong, RULES(RULE_HW108, RULE_HW109),
      "hooks, a stage of it or an element has the wrong type",
      "hooks is an object of arrays of objects.", "correct the type")
CAUSE(member_wrong, RULES(RULE_HW113, RULE_HW115, RULE_HW119, RULE_HW110),
      "a member of a hook has the wrong type",
      "path is a string, args and env are arrays of strings, timeout is an integer.",
      "correct the type")
CAUSE(config_invalid, RULES(RULE_HW103, RULE_HW313),
      "a member of config.json has the wrong type or is missing",
      "runtime-spec's config.md defines the type of each member.",
      "correct the member that the message names")
CAUSE(config_unreadable, RULES(RULE_HW101), "config.json does not exist or cannot be read",
      "A runtime reads BUNDLE/config.json; BUNDLE is the current directory unless --bundle names "
      "another.",
      "name the correct bundle, or allow the runtime to read the file")
CAUSE(version_refused, RULES(RULE_HW127), "this crun does not support the ociVersion",
      "crun before 1.14.3 refuses a version that does not contain '1.0'.",
      "use crun 1.14.3 or later, or write ociVersion 1.0.2")
CAUSE(rootfs_missing, RULES(RULE_HW125), "the root file system does not exist",
      "root.path is relative to the bundle.", "unpack the image there, or correct root.path")
CAUSE(root_symlink, RULES(RULE_HW124), "root.path is a symbolic link",
      "runc refuses that, crun does not.", "name the target directory of the link")
CAUSE(mount_impossible, RULES(RULE_HW312), "a mount of config.json cannot be made",
      "The source of a bind mount must exist on the host.",
      "create the source, or remove the mount")
CAUSE(identity, RULES(RULE_HW311), "the user namespace does not map process.user",
      "A process cannot use an id that is not mapped.", "map the id, or use one that is mapped")
CAUSE(limit_denied, RULES(RULE_HW313, RULE_HW302),
      "a resource limit of config.json is above what the runtime may set",
      "Without CAP_SYS_RESOURCE a hard limit can only be lowered; an engine in a container or without "
      "root does not have it.",
      "lower process.rlimits ('--ulimit nofile=1024:1024'), or raise the limits of the engine's service")
CAUSE(cgroup_failed, RULES(RULE_HW313),
      "the runtime could not create or fill the container's cgroup",
      "The cgroup hierarchy is not delegated to this user, is mounted read-only or in hybrid mode, or a "
      "limit of linux.resources is not valid there. No hook ran.",
      "check linux.resources and linux.cgroupsPath, '--cgroup-manager', and the delegation of "
      "controllers")
CAUSE(profile_failed, RULES(RULE_HW313), "a security profile of the container could not be applied",
      "The AppArmor profile is not loaded on the host, or the kernel refuses the seccomp filter.",
      "load the profile ('aa-status' lists them), or correct linux.seccomp")
CAUSE(id_used, RULES_NONE, "a container with this id already exists",
      "What is left of an earlier one keeps its id. No hook ran.",
      "delete it with the runtime: 'RUNTIME delete --force ID', with the same --root")
CAUSE(workload_missing, RULES(RULE_HW308), "process.args[0] cannot be started",
      "This is the workload, not a hook. Both runtimes search for it at create, so a hook cannot "
      "create it.",
      "correct the command, or install it in the image")
CAUSE(workload_interpreter, RULES_NONE,
      "the workload exists, but its interpreter or loader does not",
      "The kernel reports a missing interpreter of a script's first line (or one with a Windows line "
      "end), and a missing ELF loader, as if the program were missing. This is the workload, not a "
      "hook.",
      "install the interpreter in the image, write the script with Unix line ends, or use a static "
      "build")
CAUSE(workload_format, RULES_NONE, "the workload is not a program for this machine",
      "The kernel executes ELF files of its own architecture, and scripts whose first two bytes are "
      "'#!'. This is the workload, not a hook.",
      "begin the script with '#!/bin/sh', or pull the image for the host's architecture")
CAUSE(exec_missing, RULES_NONE, "the command that was to be run in the container cannot be started",
      "This is the command of exec or of a health check, not the workload and not a hook.",
      "name a command that the image has; many images have sh but not bash")
CAUSE(namespace_missing, RULES_NONE, "a namespace that config.json joins does not exist",
      "linux.namespaces names the namespace of another process or container, which has ended.",
      "start the container or pod whose namespace it is, or remove the namespace's path")
CAUSE(workload_library, RULES_NONE,
      "a library of the workload is missing, and a hook is not the "
      "cause",
      "The loader finds libraries in /etc/ld.so.cache or in a default directory. A library that is "
      "mounted elsewhere becomes visible when ldconfig runs.",
      "run ldconfig when the image is built, or let policy ldconfig-on-start do it at the start")

/* ---- engines and hookwright ---- */

CAUSE(hook_silent,
      RULES(RULE_HW201, RULE_HW202, RULE_HW203, RULE_HW204, RULE_HW205, RULE_HW206, RULE_HW207,
	    RULE_HW208, RULE_HW209, RULE_HW210, RULE_HW211, RULE_HW212, RULE_HW213, RULE_HW301,
	    RULE_HW302, RULE_HW303, RULE_HW304, RULE_HW309),
      "a startContainer hook failed after create and start had reported success",
      "'create' and 'start' of runc and crun exit with 0 when a startContainer hook fails. The "
      "init then exits with status 1, with runc 1.2 or later 255, and the only line about it is on "
      "the container's standard error.",
      "read the container's own log: 'podman logs', 'docker logs', 'kubectl logs --previous'")
CAUSE(workload_ended, RULES_NONE, "the workload itself ended with this status",
      "A container has the status of its process.", "read the container's own log")
CAUSE(policy_refuses, RULES(RULE_HW501), "a policy of hookwright refuses this container",
      "A need of the policy is unmet, or its program cannot run, and 'otherwise' is 'fail'.",
      "see 'hookwright explain BUNDLE'; 'otherwise: warn' starts the container without the hook")
CAUSE(policy_unknown, RULES(RULE_HW505), "a requested policy does not exist",
      "Annotation io.hookwright.policies, --oci-hook or --request names it.",
      "correct the name; 'hookwright policy list' lists the policies")
CAUSE(hookwright_stopped, RULES_NONE, "hookwright refused the container before the runtime started",
      "Input that it cannot read or understand is an error and never skipped silently.",
      "see the message for the change to make; to disable hookwright, create "
      "/run/hookwright/disable")
CAUSE(engine_hook_file, RULES_NONE, "the engine cannot read a file of its hooks.d",
      "podman and CRI-O fail every container if one file there is broken.",
      "correct or remove the file that the message names; see oci-hooks(5)")
CAUSE(engine_hook_dir, RULES_NONE, "the engine cannot read a directory of hooks",
      "podman and CRI-O fail every container if a directory of hooks.d cannot be read.",
      "allow the engine's user to read the directory, or remove it from hooks_dir")
CAUSE(cdi_unresolvable, RULES_NONE, "no CDI file describes the requested device",
      "The engine reads /etc/cdi and /var/run/cdi (podman: cdi_spec_dirs) on its own host, and ignores "
      "a file that it cannot parse. Docker before 28.2 needs the feature 'cdi' in daemon.json.",
      "write the file there ('hookwright policy export --to cdi NAME'), then compare names: vendor/class=name")
CAUSE(cdi_device, RULES_NONE, "a device that a CDI file names does not exist on the host",
      "The file describes devices as they were when it was generated.",
      "load the driver, or generate the CDI file again")
CAUSE(cdi_invalid, RULES_NONE, "a CDI file is not valid",
      "The engine refuses the edits of the file for every container that requests one of its devices.",
      "correct the file; 'hookwright policy export' writes valid ones")
CAUSE(nri_rejected, RULES_NONE, "the engine rejects what an NRI plugin changes",
      "containerd's default validator may forbid OCI hooks, and docker does not support hooks from "
      "NRI at all.",
      "allow hooks in the validator (reject_oci_hook_adjustment), or deliver the hook by a wrapper or "
      "CDI")
CAUSE(runtime_unstartable, RULES_NONE, "the runtime cannot start itself on the host",
      "It executes a copy of itself, /proc/self/exe, before anything of the container exists. So it is "
      "not a hook, not the image and not the container's profile.",
      "check that /proc is mounted without hidepid or noexec, ulimit -u, TasksMax, user namespaces and "
      "the log of the host's security module")
CAUSE(helper_missing, RULES_NONE, "a program of the engine or of a wrapper is not on the host",
      "The engine or the runtime looks for it on the host, in the PATH of its own service; the image "
      "does not matter.",
      "install the program on the host, or remove the option that needs it; restart the engine")
CAUSE(helper_failed, RULES_NONE, "a program that the engine calls failed",
      "It runs on the host, before or beside the runtime; the image does not matter.",
      "read the engine's own log: 'journalctl -u docker', 'journalctl -u containerd', 'podman "
      "--log-level debug'")
CAUSE(precreate_failed, RULES_NONE, "a precreate hook of the engine failed",
      "podman runs it before the runtime; 'hookwright filter' exits with 1 there if a policy "
      "refuses the container.",
      "if it is hookwright's, see 'journalctl -t hookwright'; else run it by hand: podman discards what "
      "it writes")
CAUSE(wrapper_died, RULES_NONE, "the runtime, or a wrapper in its place, died without a message",
      "The engine did not find a log of the runtime.", "run '{path} --version' by hand as root")
CAUSE(runtime_unknown, RULES_NONE, "this runtime is not registered with the engine",
      "docker needs a runtime's name in daemon.json, podman its path or a name in containers.conf.",
      "see 'hookwright setup docker' or 'hookwright setup podman', and restart docker afterwards")
CAUSE(changed_since, RULES_NONE, "the bundle is not the one that died, or has changed since",
      "It does not contain any of the causes of this message.",
      "name the bundle that the engine created; engines remove it together with the container")

/* ---- of a program on the host ---- */

ON_HOST(program_missing, NULL,
	"A hook of this stage is started on the host, where its path is looked up; the image does not "
	"matter.",
	"install '{path}' on the host, or regenerate what names it: a CDI file, a file of hooks.d, the "
	"engine's configuration")
ON_HOST(interpreter_missing, NULL, NULL,
	"install the interpreter on the host, or use a static build")
ON_HOST(interpreter_unusable, NULL, NULL,
	"make the interpreter on the host executable, or replace it")
ON_HOST(not_executable, "the runtime's user cannot execute the program",
	"A hook of this stage is started on the host with the runtime's privileges.",
	"chmod a+rx '{path}' on the host")
ON_HOST(unreachable, NULL,
	"Every part of the path before the program must be a directory and needs the x bit for the "
	"runtime's user, on the host.",
	"allow the runtime's user to search the directories on the program's path, or correct the path")
ON_HOST(other_machine, NULL, NULL, "use a build for the host's machine")
ON_HOST(library_missing, NULL,
	"The program runs on the host, with the host's libraries and a hook's own env.",
	"install the library on the host, run ldconfig there, or set LD_LIBRARY_PATH in the hook's env")
ON_HOST(own_failure, NULL,
	"It runs on the host. What it wrote, if the runtime prints that, names the "
	"reason.",
	"run it by hand on the host with the state on its standard input: 'RUNTIME state ID | {path}'")
ON_HOST(crashed, NULL, NULL, "run it by hand on the host and find the place of the crash")
ON_HOST(killed, NULL,
	"A hook of this stage runs on the host, in the cgroup of the runtime or engine.",
	"raise the hook's timeout or the memory limit of the engine's service; 'dmesg' reports out of "
	"memory")
ON_HOST(command_missing, NULL, NULL,
	"install the command on the host, and give the hook a PATH in its env")
ON_HOST(cannot_write, NULL, "A hook of this stage writes to the host.",
	"name a place that the runtime's user can write to")
