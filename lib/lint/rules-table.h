/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of lint, in the order of their ids; included with RULE() defined, so without a guard.
 * An id never changes its meaning and is never used again.
 *
 * RULE(id, name, usual severity, brief, why, remedy)
 */

/* ---- HW1xx: config.json ---- */

RULE(HW101, "bundle-unreadable", ERROR, "the bundle or its config.json cannot be read",
     "A runtime reads BUNDLE/config.json at create. A file that cannot be read cannot be judged.",
     "Name a directory that contains config.json and is readable by this user.")
RULE(HW102, "not-json", ERROR, "config.json is not strict JSON (RFC 8259)",
     "The runtimes' parsers tolerate different errors: runc accepts bytes after the document and "
     "refuses comments, crun 1.8 does the opposite; both refuse everything else.",
     "Correct the syntax at the place shown.")
RULE(HW103, "config-invalid", ERROR, "config.json is not a valid Linux container's configuration",
     "runc refuses a member of a wrong type at create. crun silently ignores some of them, so that "
     "the container runs with settings other than those in the file.",
     "Give the member the type that runtime-spec's config.md requires.")
RULE(HW104, "duplicate-key", WARNING, "an object has the same key twice",
     "runc takes the last and merges arrays element by element, crun 1.8 takes the first, so the "
     "container might not run as it was reviewed.",
     "Remove one of the two.")
RULE(HW105, "case-variant-key", ERROR, "a key differs from a known one only in case",
     "runc ignores the case of keys, crun does not: the same file has the member for one runtime "
     "and not for the other.",
     "Write the key as the specification does.")
RULE(HW106, "unknown-stage", ERROR, "hooks are in a stage that does not exist",
     "Runtimes ignore unknown members: these hooks never run.",
     "The stages are prestart, createRuntime, "
     "createContainer, startContainer, poststart and poststop.")
RULE(HW107, "unknown-hook-key", WARNING, "a hook has a member that does not exist",
     "Runtimes ignore unknown members. The members of a hook are path, args, env and timeout.",
     "Correct the spelling or remove the member.")
RULE(HW108, "hooks-not-object", ERROR, "hooks, or a stage of it, has the wrong type",
     "runc refuses the container at create. crun ignores the value, so that the hooks never run.",
     "hooks is an object of arrays of hooks.")
RULE(HW109, "hook-not-object", ERROR, "a stage contains something that is not a hook",
     "Both runtimes refuse such a container, runc for null only when the hook is started.",
     "Write an object with a path, or remove the element.")
RULE(HW110, "path-missing", ERROR, "a hook does not have a path",
     "runc does not start a program and reports 'exec: no "
     "command', crun refuses the container at create.",
     "Give the hook the absolute path of its program.")
RULE(HW111, "path-not-absolute", WARNING, "a hook's path is not absolute",
     "The specification requires an absolute path. runc resolves a relative one in the current "
     "directory and never searches PATH; crun searches process.env's PATH for a bare name; gVisor "
     "and Kata refuse it.",
     "Write the absolute path.")
RULE(HW112, "string-invalid", ERROR,
     "a hook's string contains a NUL or an unpaired surrogate, or is too long",
     "runc refuses a NUL. crun truncates the string there and runs another program. An unpaired "
     "surrogate becomes U+FFFD with runc and a question mark with crun. The kernel refuses a string "
     "of 131072 bytes, and strings of more than a quarter of the stack limit.",
     "Remove the escape, or pass the text in a file.")
RULE(HW113, "args-invalid", ERROR, "a hook's args is not an array of strings",
     "runc refuses the container at create. crun ignores the "
     "value and runs the program without arguments.",
     "Write an array of strings, the program's name first.")
RULE(HW114, "args-missing", NOTE, "a hook does not have args",
     "Without args both runtimes pass the path as argv[0]; with an empty array crun does not pass "
     "argv[0] at all, and programs that use their name, such as busybox, fail.",
     "Add args, with the program's name first.")
RULE(HW115, "env-invalid", ERROR, "a hook's env is not an array of strings",
     "runc refuses the container at create. crun ignores the value, so that the hook inherits an "
     "environment other than that in the file.",
     "Write an array of NAME=VALUE strings.")
RULE(HW116, "env-entry-invalid", WARNING, "an entry of a hook's env is not NAME=VALUE",
     "It is passed on unchanged, and programs do not recognise it as a variable.",
     "Write NAME=VALUE.")
RULE(HW117, "env-empty", WARNING, "a hook's env is an empty array",
     "runc before 1.3 and crun give the hook an empty "
     "environment; runc from 1.3 gives it process.env.",
     "List the variables that the hook needs, at least PATH; or omit env to inherit.")
RULE(HW118, "env-inherited", NOTE, "a hook does not have env and inherits one",
     "In startContainer it is process.env, which the image's author wrote; in createContainer it "
     "is process.env under runc before 1.3 and the runtime's own under crun; elsewhere the "
     "runtime's; under Kata it is empty.",
     "List the variables that the hook needs, PATH at least.")
RULE(HW119, "timeout-invalid", ERROR, "a hook's timeout is not an integer from 1 to 2147483647",
     "runc ends a hook with timeout 0 or less immediately and refuses the container for a "
     "fraction or a string; crun treats 0 as no timeout, ignores a string, and refuses fractions "
     "and larger numbers.",
     "Write whole seconds from 1 to 2147483647, or omit timeout.")
RULE(HW120, "stage-deprecated", WARNING, "prestart is deprecated",
     "Since 1.0.2 the specification deprecates it in favour of createRuntime, createContainer and "
     "startContainer; it runs in the runtime's namespaces, like createRuntime.",
     "Move the hook to createRuntime.")
RULE(HW121, "stage-too-new", WARNING, "a stage is newer than the document's ociVersion",
     "createRuntime, createContainer and startContainer were added in 1.0.2, poststart in 0.2.0. A "
     "runtime that checks ociVersion may ignore them.",
     "Raise ociVersion.")
RULE(HW122, "number-invalid", ERROR, "an integer has a fraction or an exponent, or is too large",
     "Both runtimes refuse the container at create, whatever the value. Tools that use floating "
     "point for numbers write large integers this way.",
     "Write all the digits.")
RULE(HW123, "duplicate-hook", WARNING, "a stage has the same hook twice",
     "Both runtimes run it twice, Kata once. Injectors that "
     "do not check for it add one at every run.",
     "Remove one of the two.")
RULE(HW124, "root-symlink", ERROR, "root.path is a symbolic link",
     "runc refuses the container, crun runs it.", "Name the target directory of the link.")
RULE(HW125, "rootfs-missing", ERROR, "the root file system does not exist",
     "Both runtimes refuse the container at create.",
     "Unpack the image there, or name the directory with --rootfs.")
RULE(HW126, "ignore-invalid", WARNING, "an annotation that ignores a rule has no effect",
     "An annotation io.hookwright.ignore.ID is used only with --inline-ignore, because the "
     "author of config.json controls it. Its value must be the reason, and it cannot ignore "
     "security rules.",
     "Write the rule's id into the key and the reason into the value.")

RULE(HW127, "version-refused", WARNING, "some versions of a runtime refuse this ociVersion",
     "crun before 1.14.3 refuses a container whose ociVersion does not contain '1.0': 'unknown "
     "version specified'. runc does not check it.",
     "Use crun 1.14.3 or later, or write 1.0.2; name the version with --runtime-version.")

RULE(HW130, "limit-exceeded", WARNING, "config.json holds more than is inspected",
     "The work that one container can ask for is bounded: a file of hundreds of thousands of "
     "values or of thousands of hooks is not what an engine writes. The rest of it is not "
     "inspected, so that nothing is known about it.",
     "Remove what the container does not need.")

/* ---- HW2xx: the program ---- */

RULE(HW201, "program-missing", ERROR, "a hook's program does not exist",
     "A startContainer hook is searched for inside the container, every other hook on the host. If "
     "such a hook cannot be started, 'create' and 'start' of both runtimes still report success "
     "and the workload never runs.",
     "Add the program to the image, or name another path.")
RULE(HW202, "program-unreachable", ERROR, "a directory on a program's path cannot be searched",
     "The program is opened with the privileges of the "
     "container's process at that time, not of root.",
     "Allow the container's user to search the directory.")
RULE(HW203, "program-not-executable", ERROR, "a hook's program cannot be executed",
     "The mode, the owner and the ACL are judged for the container's user with its capabilities; "
     "the owner is held to the owner bits, even if others would be allowed more.",
     "Make it executable for the container's user.")
RULE(HW204, "program-not-regular", ERROR, "a hook's program is not a regular file",
     "A directory, a device or a FIFO cannot be executed.", "Name the program itself.")
RULE(HW205, "program-noexec", ERROR, "a hook's program is on a mount that forbids execution",
     "The kernel refuses execve(2) below a noexec mount. runc and crun differ in which option of a "
     "mount takes precedence and in whether the flag of the host's mount is kept.",
     "Put it on a mount that allows execution.")
RULE(HW206, "program-format", ERROR, "a hook's program is neither an ELF file nor a script",
     "runc reports 'exec format error'. crun passes such a file "
     "to /bin/sh, which interprets it as a script.",
     "Begin a script with '#!' and its interpreter.")
RULE(HW207, "script-invalid", ERROR, "the kernel cannot use a script's first line",
     "The kernel reads at most 255 bytes of it, splits off only one argument, treats a carriage "
     "return as part of the name, and follows at most 5 scripts.",
     "Write '#!' and the interpreter's absolute path, with Unix line ends.")
RULE(HW208, "script-unreadable", ERROR, "a script can be executed but not read",
     "The interpreter opens the script with the privileges of the container's user.",
     "Make the script readable for the container's user.")
RULE(HW209, "interpreter-unusable", ERROR, "a program's interpreter cannot be used",
     "The kernel starts the interpreter that a script or an ELF file names, and reports the "
     "program as missing if the interpreter is: 'no such file or directory'.",
     "Install the interpreter in the image, or use a static build.")
RULE(HW210, "machine-mismatch", ERROR, "a program is built for another machine",
     "The kernel refuses it: 'exec format error'.", "Use a build for the container's machine.")
RULE(HW211, "elf-invalid", ERROR, "a program is not a sound ELF file",
     "The kernel or the loader refuses it, or it ends with a segmentation fault.",
     "Replace the file.")
RULE(HW212, "library-missing", ERROR, "a library of a program is not found",
     "The loader searches RPATH, LD_LIBRARY_PATH, RUNPATH, /etc/ld.so.cache and the default "
     "directories; it never reads /etc/ld.so.conf. The hook ends with status 127.",
     "Install the library, or run ldconfig when the image is built.")
RULE(HW213, "library-unusable", ERROR, "a library of a program cannot be used",
     "The loader exits with status 127 if it cannot read a library or the library does not fit, "
     "and with status 1 if no library defines a symbol version.",
     "Replace the library with one that fits the program.")
RULE(HW214, "program-argv0", WARNING, "a program whose action depends on its name has another name",
     "busybox and similar programs select their action by argv[0]. args[0] of a hook is argv[0].",
     "Repeat the program's name as the first of args.")
RULE(HW215, "command-unusable", ERROR, "what a hook's arguments name cannot be run or read",
     "A shell is given a script or a command, env(1) a program, busybox an applet. If that is "
     "missing, the hook ends with status 127 or 126. A shell that is given neither takes the "
     "container's state on its standard input for commands.",
     "Name a script or a program that is in the container.")

/* ---- HW3xx: the environment of the hook ---- */

RULE(HW301, "pids-limit", ERROR, "linux.resources.pids.limit leaves no room for a hook",
     "A startContainer hook runs in the container's cgroup. With runc the threads of its own init "
     "count too: below 6 it fails, below 16 it may fail.",
     "Raise the limit to 16 or more.")
RULE(HW302, "rlimit", ERROR, "a resource limit of the process leaves no room for a hook",
     "The limits of process.rlimits are in force when a startContainer hook is started.",
     "Raise the limit.")
RULE(HW303, "seccomp", ERROR, "the seccomp profile denies a system call needed to start a hook",
     "The filter is in force before the startContainer hooks, and also applies to the runtime's "
     "init, which starts them.",
     "Allow the system call in the profile.")
RULE(HW304, "cwd-unsearchable", ERROR, "the container's user cannot enter process.cwd",
     "crun enters process.cwd again for each startContainer hook, then with the privileges of the "
     "container's user. runc does not.",
     "Allow the container's user to search process.cwd, or select another directory.")
RULE(HW305, "timeout-blocks-sigchld", WARNING, "with crun a timeout harms the workload",
     "crun leaves SIGCHLD blocked in the workload after a startContainer hook with a timeout: a "
     "shell that waits for a child hangs forever.",
     "Omit timeout in startContainer hooks.")
RULE(HW306, "timeout-spares-children", WARNING, "runc's timeout does not end a shell's children",
     "runc kills only the hook's process and then waits until its output is closed, which its "
     "children keep open.",
     "Give 'sh -c' a single command, 'exec PROGRAM', or have timeout(1) run the shell: it ends the "
     "children as well.")
RULE(HW307, "stage-skipped", ERROR, "the runtime does not run hooks of this stage",
     "gVisor's runsc logs a warning and skips startContainer hooks, although 'runsc features' "
     "lists them, and before 20260520 createContainer hooks; Kata's Go runtime, the usual one "
     "before 4.0, silently drops startContainer hooks.",
     "Use another runtime for this container, or do the work in the image.")
RULE(HW308, "workload-missing", ERROR, "process.args[0] cannot be started",
     "Both runtimes search for the workload's program at create, before startContainer hooks run: "
     "a hook cannot create it.",
     "Install the program in the image.")
RULE(HW309, "ldconfig-cannot-write", ERROR, "an ldconfig hook cannot replace /etc/ld.so.cache",
     "The hook runs as process.user after root.readonly is in "
     "force. If it fails, the container is stopped.",
     "Run it as a user who can write to /etc in a writable root file system; or run ldconfig when "
     "the image is built.")
RULE(HW310, "mount-options-differ", WARNING, "runc and crun read these mount options differently",
     "If options contradict each other runc uses the last; "
     "crun keeps each flag that any of them sets.",
     "Remove one of the two options.")
RULE(HW311, "namespace-mismatch", ERROR, "the process cannot get an id that config.json requests",
     "A process cannot use an id that the user namespace does "
     "not map: the runtime refuses the container.",
     "Map the id, or use one that is mapped.")

RULE(HW312, "mount-impossible", ERROR, "a mount of config.json cannot be made",
     "Both runtimes refuse a container when one of its mounts fails: the source of a bind does not "
     "exist, or the type is 'bind' and neither bind nor rbind is among the options. runc needs a "
     "mount on /proc, crun a list of mounts.",
     "Correct the source, or add the option rbind.")

RULE(HW313, "container-refused", ERROR, "the container cannot start, with or without hooks",
     "The kernel or the runtime refuses a setting in config.json: capabilities that the process "
     "cannot have, limits too small for the runtime, sysctls of the host. Labels that engines write "
     "by default are judged with --host-mounts only.",
     "See the message.")
RULE(HW314, "work-limit", WARNING, "inspecting the container takes more work than is allowed",
     "What is counted are steps, bytes read and bytes of memory, about a hundred times what real "
     "containers need. What was not inspected is unknown: programs of hooks, mounts, directories.",
     "Look for what is larger or more numerous than it should be: mounts, symbolic links, "
     "libraries, variables, hooks.")
RULE(HW315, "files-unknown", WARNING, "what the container's files are is not known",
     "A mount, a masked path, a user namespace or the rights of hookwright itself leave open which "
     "files the container has, or who owns them. What depends on that is not judged: programs of "
     "hooks and the container's own. The cause is reported once.",
     "Correct the value that the message names, or inspect the bundle where it will run.")

/* ---- HW4xx: security ---- */

RULE(HW401, "host-hook-in-rootfs", ERROR, "a host stage runs a program from the image",
     "Hooks of every stage except startContainer run with the runtime's privileges on the host, as "
     "root. A user who can write to the root file system, or to a mount writable by the container, "
     "is root on the host.",
     "Keep programs of host stages out of everything that containers can write to.")
RULE(HW402, "host-hook-writable", ERROR, "others can replace the program of a host stage",
     "Hooks of every stage except startContainer run with the runtime's privileges on the host, as "
     "root. A user who can write to the program or a directory on its path is root on the host.",
     "Allow only root to write to the program and the directories on its path.")
RULE(HW403, "host-hook-inherits-env", ERROR, "a host stage inherits the image's environment",
     "runc before 1.3 gives a createContainer hook without env the "
     "variables of process.env, while it runs a program of the host with "
     "all capabilities: LD_PRELOAD of an image runs code as root.",
     "List the variables that the hook needs in its env.")
RULE(HW404, "secret-in-config", WARNING, "a possible secret is in a readable file",
     "Anyone who can read config.json can read a hook's env.",
     "Pass secrets in a file, or remove read permission for others (chmod o-r).")
RULE(HW405, "annotation-turns-hooks", ERROR, "an annotation decides what becomes of hooks",
     "crun makes the file of the host that run.oci.hooks.stdout or .stderr names and appends what "
     "every hook prints, also the image's program. Others replace the filter of system calls, or "
     "leave the hook outside of the workload's virtual machine.",
     "Remove the annotation; some engines take it from the image.")
RULE(HW406, "annotation-reaches-host", WARNING, "an annotation makes the runtime act on the host",
     "With hooks or without: the runtime, as root, opens a socket or a file of the host that the "
     "annotation names, or hands it to systemd. See hookwright-security(7).",
     "Remove the annotation, unless the engine has set it.")
RULE(HW407, "path-through-process", ERROR, "a path leads through what a process has open",
     "The runtime itself follows process.cwd and starts programs: below /proc/self/fd it may "
     "find a directory of the host that it has left open, and the container is on the host "
     "(CVE-2024-21626).",
     "Name a directory or a program of the image.")
RULE(HW408, "host-hook-input", ERROR, "a host stage takes code from where the container can write",
     "A variable such as LD_PRELOAD or PATH, or the script that an interpreter is started with, "
     "names a file in the root file system, or in a mount that the container may write, while the "
     "hook runs on the host as root.",
     "Let variables and arguments of host stages name what only root can write.")

/* ---- HW5xx: policies ---- */

RULE(HW501, "policy-refuses", ERROR, "a policy refuses this container",
     "A need of the policy is unmet or unknown, or none of its programs can be used, and "
     "'otherwise' is 'fail'.",
     "See 'hookwright explain' for each of the conditions.")
RULE(HW502, "policy-left-out", WARNING, "a policy does not add its hook to this container",
     "A need of the policy is unmet or unknown, or none of its programs can be used, and "
     "'otherwise' is 'warn', or 'ignore' and the policy was requested by name.",
     "See 'hookwright explain' for each of the conditions.")
RULE(HW503, "policy-not-applied", NOTE, "applying the policies would change config.json",
     "The bundle does not have the hooks that the policies want. A wrapper runtime or a precreate "
     "hook adds them at create.",
     "Run 'hookwright apply' with the same --policy, --hooks-dir and --request, unless the engine "
     "does it at create.")
RULE(HW504, "policy-remark", WARNING, "a policy or a hooks.d file is probably not as intended",
     "See the message.", "See the message.")
RULE(HW505, "policy-unknown", ERROR, "a requested policy does not exist",
     "An engine that runs hookwright refuses a container whose annotation io.hookwright.policies "
     "names a policy that is not installed.",
     "Correct the name, or install the policy.")
RULE(HW506, "annotation-unknown", WARNING, "an annotation is probably meant for hookwright",
     "hookwright reads io.hookwright.policies, io.hookwright.runtime and keys that begin with "
     "io.hookwright.ignore: others have no effect, so that a policy is not requested, or another "
     "runtime is used.",
     "Correct the key, or remove the annotation.")
