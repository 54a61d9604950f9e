/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What runc and crun do that verdicts depend on. Included with BEHAVIOUR and ROW defined; there is
 * no guard on purpose.
 *
 *   BEHAVIOUR(NAME, WORDS)        what a runtime may do: "the runtime WORDS"
 *   ROW(NAME, RUNTIME, SINCE, UNTIL, PROOF)   that RUNTIME does it
 *
 * A runtime that has no row for a behaviour does not do it. SINCE and UNTIL are two versions each:
 * the newest one that was seen without it and the oldest one that was seen with it (UNTIL: the
 * other way round); between them the answer is unknown. AT() is a change at exactly that version,
 * EVER all versions. PROOF is the case of tests/truth that shows it with the runtimes installed, or
 * "source: ..." where it was read.
 *
 * Run for this table: runc 1.1.5, 1.1.15 and 1.3.6, crun 1.8.1, 1.21 and 1.28, runsc 20221219 and
 * 20240729. Versions of runsc are dates: V(26, 5, 20) is 20260520.
 */

/* ---- the document ---- */

BEHAVIOUR(KEYS_IN_ANY_CASE, "accepts a key of config.json in any letter case")
ROW(KEYS_IN_ANY_CASE, RUNC, EVER, EVER, "a path with other capitals")

BEHAVIOUR(BYTES_BEHIND_THE_DOCUMENT, "ignores bytes after the document in config.json")
ROW(BYTES_BEHIND_THE_DOCUMENT, RUNC, EVER, EVER, "a document behind the document")
ROW(BYTES_BEHIND_THE_DOCUMENT, CRUN, SEEN(V(1, 21, 0), V(1, 28, 0)), EVER,
    "a document behind the document")

BEHAVIOUR(COMMENTS_IN_JSON, "accepts comments in config.json")
ROW(COMMENTS_IN_JSON, CRUN, EVER, EVER, "a comment")

BEHAVIOUR(WRONG_TYPES_IGNORED, "ignores a member of the wrong type")
ROW(WRONG_TYPES_IGNORED, CRUN, EVER, EVER, "args that are a text")

BEHAVIOUR(NUL_ENDS_A_STRING, "treats a NUL in a string as its end")
ROW(NUL_ENDS_A_STRING, CRUN, EVER, EVER, "a NUL in a path")

BEHAVIOUR(VERSION_IS_NEEDED, "refuses a config.json without ociVersion")
ROW(VERSION_IS_NEEDED, CRUN, EVER, EVER, "no ociVersion")

BEHAVIOUR(VERSION_MUST_BE_1_0, "refuses an ociVersion that does not contain \"1.0\"")
ROW(VERSION_MUST_BE_1_0, CRUN, EVER, AT(V(1, 14, 3)), "a version that is later")

/* ---- what is refused at once ---- */

BEHAVIOUR(PROPAGATION_MUST_BIND, "refuses a rootfsPropagation that is not private, slave or shared")
ROW(PROPAGATION_MUST_BIND, RUNC, EVER, EVER, "an unknown propagation")

BEHAVIOUR(UNBINDABLE_REFUSED, "refuses the rootfsPropagation unbindable")
ROW(UNBINDABLE_REFUSED, RUNC, EVER, SEEN(V(1, 1, 5), V(1, 1, 15)),
    "a propagation of a rootfs that cannot be bound")

BEHAVIOUR(NAMESPACE_TWICE_REFUSED, "refuses a type of namespace that is listed twice")
ROW(NAMESPACE_TWICE_REFUSED, RUNC, EVER, EVER, "a namespace twice")
ROW(NAMESPACE_TWICE_REFUSED, CRUN, SEEN(V(1, 8, 1), V(1, 21, 0)), EVER, "a namespace twice")

BEHAVIOUR(DOMAINNAME_NEEDS_UTS, "refuses a domainname without a uts namespace")
ROW(DOMAINNAME_NEEDS_UTS, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "a domainname without a uts namespace")
ROW(DOMAINNAME_NEEDS_UTS, CRUN, EVER, EVER, "a domainname without a uts namespace")

BEHAVIOUR(SYSCTL_AFTER_HOOKS,
	  "sets sysctls after prestart, createRuntime and createContainer hooks")
ROW(SYSCTL_AFTER_HOOKS, RUNC, EVER, EVER, "a sysctl of an interface that a hook makes")

BEHAVIOUR(SYSCTL_BY_ITS_PROC, "sets sysctls by what is mounted on the container's /proc")
ROW(SYSCTL_BY_ITS_PROC, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)),
    "a sysctl where /proc is read-only")

BEHAVIOUR(HOSTNAME_MUST_BE_TEXT, "refuses a hostname that is not a string")
ROW(HOSTNAME_MUST_BE_TEXT, RUNC, EVER, EVER, "a hostname that is a number")

BEHAVIOUR(NOTIFY_NEEDS_LISTENER, "refuses SCMP_ACT_NOTIFY without a listenerPath")
ROW(NOTIFY_NEEDS_LISTENER, RUNC, EVER, EVER, "a seccomp listener that is not there")

BEHAVIOUR(SECCOMP_RULE_NEEDS_NAMES, "refuses a seccomp rule without names")
ROW(SECCOMP_RULE_NEEDS_NAMES, CRUN, EVER, EVER, "a seccomp rule without names")

BEHAVIOUR(SECCOMP_EMPTY_NEEDS_DEFAULT,
	  "refuses a seccomp profile without rules and without a default")
ROW(SECCOMP_EMPTY_NEEDS_DEFAULT, CRUN, EVER, EVER, "seccomp without a default and without rules")

BEHAVIOUR(ARCHITECTURE_EXACT, "accepts seccomp architectures only with "
			      "their prefix and in upper case")
ROW(ARCHITECTURE_EXACT, RUNC, EVER, EVER, "a seccomp architecture without its prefix")

BEHAVIOUR(ARCH_RISCV64_REFUSED, "refuses the seccomp architecture SCMP_ARCH_RISCV64")
ROW(ARCH_RISCV64_REFUSED, RUNC, EVER, SEEN(V(1, 1, 5), V(1, 1, 15)),
    "a seccomp architecture that is new")

BEHAVIOUR(ARCH_LOONGARCH64_REFUSED, "refuses the seccomp architecture SCMP_ARCH_LOONGARCH64")
ROW(ARCH_LOONGARCH64_REFUSED, RUNC, EVER, SEEN(V(1, 1, 5), V(1, 1, 15)),
    "a seccomp architecture that is newer")
ROW(ARCH_LOONGARCH64_REFUSED, CRUN, EVER, SEEN(V(1, 8, 1), V(1, 21, 0)),
    "a seccomp architecture that is newer")

BEHAVIOUR(ARCH_PARISC_REFUSED, "refuses the seccomp architectures SCMP_ARCH_PARISC and PARISC64")
ROW(ARCH_PARISC_REFUSED, RUNC, EVER, EVER, "source: runc 1.3.6, libcontainer/seccomp/config.go")

BEHAVIOUR(ARCH_SH_REFUSED, "refuses the seccomp architectures SCMP_ARCH_SH, SHEB and M68K")
ROW(ARCH_SH_REFUSED, RUNC, EVER, EVER, "a seccomp architecture that only libseccomp knows")
ROW(ARCH_SH_REFUSED, CRUN, EVER, SEEN(V(1, 8, 1), V(1, 21, 0)),
    "a seccomp architecture that only libseccomp knows")

BEHAVIOUR(SECCOMP_FLAGS_REFUSED, "refuses seccomp flags")
ROW(SECCOMP_FLAGS_REFUSED, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)), "a seccomp flag")

BEHAVIOUR(WAIT_KILLABLE_REFUSED, "refuses the seccomp flag SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")
ROW(WAIT_KILLABLE_REFUSED, RUNC, EVER, EVER, "a seccomp flag of a listener")

BEHAVIOUR(VARIABLE_MUST_BE_ONE, "refuses a variable of process.env without a name or \"=\"")
ROW(VARIABLE_MUST_BE_ONE, RUNC, EVER, EVER, "a variable without a name")

BEHAVIOUR(ID_IS_SIGNED, "refuses user and group ids above 2147483647")
ROW(ID_IS_SIGNED, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)), "a user above 2147483647")

BEHAVIOUR(LAST_ID_REFUSED, "refuses 4294967295 for process.user.uid and gid")
ROW(LAST_ID_REFUSED, RUNC, EVER, EVER, "a user of 4294967295")

BEHAVIOUR(BIND_DATA_REFUSED, "refuses a bind mount with an option that is not a flag")
ROW(BIND_DATA_REFUSED, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "a bind with an option of no file system")

BEHAVIOUR(LINKED_ROOT_REFUSED, "refuses a root.path that is a symbolic link")
ROW(LINKED_ROOT_REFUSED, RUNC, EVER, EVER, "a symlinked root.path")

BEHAVIOUR(PROC_IS_NEEDED, "refuses a container without a mount on /proc")
ROW(PROC_IS_NEEDED, RUNC, EVER, EVER, "no mount of proc")

BEHAVIOUR(MAPPING_IS_NEEDED, "refuses a user namespace without mappings")
ROW(MAPPING_IS_NEEDED, RUNC, EVER, EVER, "a user namespace without mappings")

BEHAVIOUR(ROOT_MUST_BE_MAPPED, "refuses a user namespace that does not map its id 0")
ROW(ROOT_MUST_BE_MAPPED, RUNC, EVER, EVER, "a user namespace without the container's root")

BEHAVIOUR(CWD_MUST_BE_ABSOLUTE, "refuses a relative process.cwd")
ROW(CWD_MUST_BE_ABSOLUTE, RUNC, EVER, EVER, "a relative process.cwd")

BEHAVIOUR(DEVICE_NEEDS_PATH, "refuses a device of linux.devices without a path")
ROW(DEVICE_NEEDS_PATH, CRUN, EVER, EVER, "a device without a path")

BEHAVIOUR(CAPABILITY_NAMES_LOOSE, "accepts names of capabilities in any letter case")
ROW(CAPABILITY_NAMES_LOOSE, CRUN, EVER, EVER, "a capability in small letters")

BEHAVIOUR(CAPABILITIES_KEPT,
	  "leaves the process its own capabilities where process.capabilities is absent")
ROW(CAPABILITIES_KEPT, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "a capability, root, no sets at all")
/* ---- devices, limits, labels ---- */

BEHAVIOUR(DEVICE_TYPE_REFUSED, "refuses a device of linux.devices whose type is not b, c, p or u")
ROW(DEVICE_TYPE_REFUSED, RUNC, EVER, EVER, "a device of a type that there is not")

BEHAVIOUR(DEVICE_NUMBER_REFUSED, "refuses numbers of devices that mknod(2) cuts")
ROW(DEVICE_NUMBER_REFUSED, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "a device of a major number that is too large")
ROW(DEVICE_NUMBER_REFUSED, CRUN, EVER, EVER, "a device of a major number that is too large")

BEHAVIOUR(DEVICE_PATH_IS_ABSOLUTE, "refuses a relative path in linux.devices")
ROW(DEVICE_PATH_IS_ABSOLUTE, CRUN, EVER, EVER, "a device with a relative path")

BEHAVIOUR(DEVICE_IS_THE_HOSTS, "binds the host's devices where there is a user namespace")
ROW(DEVICE_IS_THE_HOSTS, RUNC, EVER, EVER,
    "a user namespace and a device that the host does not have")

BEHAVIOUR(LISTED_NULL_NEEDS_RULE, "does not allow a /dev/null that linux.devices has")
ROW(LISTED_NULL_NEEDS_RULE, RUNC, EVER, EVER, "a device that is /dev/null")

BEHAVIOUR(DEVICE_RULE_NEEDS_ACCESS, "refuses a rule of linux.resources.devices without access")
ROW(DEVICE_RULE_NEEDS_ACCESS, RUNC, EVER, EVER, "a rule of devices without access")

BEHAVIOUR(NEGATIVE_PIDS_REFUSED, "cannot set a negative linux.resources.pids.limit")
ROW(NEGATIVE_PIDS_REFUSED, CRUN, EVER, SEEN(V(1, 8, 1), V(1, 21, 0)),
    "a negative limit of processes")

BEHAVIOUR(MEMORY_LIMIT_0, "treats a linux.resources.memory.limit of 0 as no memory at all")
ROW(MEMORY_LIMIT_0, CRUN, EVER, EVER, "a limit of no memory")

BEHAVIOUR(APPARMOR_IS_NEEDED, "refuses an apparmorProfile where the kernel has no AppArmor")
ROW(APPARMOR_IS_NEEDED, RUNC, EVER, EVER, "an AppArmor profile")
ROW(APPARMOR_IS_NEEDED, CRUN, EVER, SEEN(V(1, 21, 0), V(1, 28, 0)), "an AppArmor profile")

BEHAVIOUR(EMPTY_APPARMOR_IS_NEEDED,
	  "refuses an empty apparmorProfile where the kernel has no AppArmor")
ROW(EMPTY_APPARMOR_IS_NEEDED, CRUN, EVER, SEEN(V(1, 21, 0), V(1, 28, 0)),
    "an empty AppArmor profile")

BEHAVIOUR(SELINUX_IS_NEEDED, "refuses a selinuxLabel where the kernel has no SELinux")
ROW(SELINUX_IS_NEEDED, RUNC, EVER, EVER, "a SELinux label")
ROW(SELINUX_IS_NEEDED, CRUN, EVER, EVER, "a SELinux label")

BEHAVIOUR(EMPTY_SELINUX_IS_NEEDED, "refuses an empty selinuxLabel where the kernel has no SELinux")
ROW(EMPTY_SELINUX_IS_NEEDED, CRUN, EVER, EVER, "an empty SELinux label")

BEHAVIOUR(MOUNT_LABEL_IS_NEEDED, "refuses a mountLabel where the kernel has no SELinux")
ROW(MOUNT_LABEL_IS_NEEDED, RUNC, EVER, EVER, "a label of mounts")

BEHAVIOUR(PROTECTED_PATHS_NEED_MOUNT,
	  "refuses maskedPaths and readonlyPaths without a mount namespace")
ROW(PROTECTED_PATHS_NEED_MOUNT, RUNC, EVER, EVER,
    "source: runc 1.3.6, libcontainer/configs/validate/validator.go")

BEHAVIOUR(USER_FILES_ARE_READ, "refuses an /etc/passwd or /etc/group that is a directory")
ROW(USER_FILES_ARE_READ, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)),
    "an /etc/passwd that is a directory")

BEHAVIOUR(ERRNO_OF_OTHERS_REFUSED, "refuses an errnoRet of an action other than ERRNO and TRACE")
ROW(ERRNO_OF_OTHERS_REFUSED, CRUN, EVER, EVER, "a seccomp rule that allows, with an errnoRet")

BEHAVIOUR(DEFAULT_ERRNO_OF_OTHERS_REFUSED,
	  "refuses a defaultErrnoRet of a defaultAction other than ERRNO and TRACE")
ROW(DEFAULT_ERRNO_OF_OTHERS_REFUSED, CRUN, EVER, EVER,
    "seccomp that allows, with a defaultErrnoRet")

BEHAVIOUR(LARGE_ERRNO_REFUSED, "refuses an errnoRet from 4095 on")
ROW(LARGE_ERRNO_REFUSED, RUNC, EVER, EVER, "a seccomp errnoRet of 4095")
ROW(LARGE_ERRNO_REFUSED, CRUN, EVER, EVER, "a seccomp errnoRet of 4095")

BEHAVIOUR(EMPTY_CALL_REFUSED, "refuses an empty name of a system call")
ROW(EMPTY_CALL_REFUSED, RUNC, EVER, EVER, "a seccomp rule with an empty name")

BEHAVIOUR(READS_PRIORITIES, "refuses an ioPriority or a scheduler that it does not understand")
ROW(READS_PRIORITIES, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER, "a scheduler that there is not")
ROW(READS_PRIORITIES, CRUN, SEEN(V(1, 8, 1), V(1, 21, 0)), EVER, "a scheduler that there is not")

BEHAVIOUR(CHECKS_NICE, "refuses a nice of process.scheduler outside of -20 to 19")
ROW(CHECKS_NICE, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER, "a scheduler with a nice of 20")

BEHAVIOUR(READS_CPU_AFFINITY, "refuses a process.execCPUAffinity that is not a list of processors")
ROW(READS_CPU_AFFINITY, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "an execCPUAffinity that is not a list")

BEHAVIOUR(NEEDS_RESCTRL, "refuses linux.intelRdt where /sys/fs/resctrl does not exist")
ROW(NEEDS_RESCTRL, CRUN, SEEN(V(1, 8, 1), V(1, 21, 0)), EVER, "an intelRdt with a closID")

BEHAVIOUR(EMPTY_BIND_SOURCE_REFUSED, "refuses a bind mount with an empty source")
ROW(EMPTY_BIND_SOURCE_REFUSED, CRUN, EVER, EVER, "a bind mount with an empty source")

BEHAVIOUR(READS_PERSONALITY, "refuses a domain of linux.personality other than LINUX and LINUX32")
ROW(READS_PERSONALITY, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER, "a personality that there is not")
ROW(READS_PERSONALITY, CRUN, EVER, EVER, "a personality that there is not")

BEHAVIOUR(TIME_NAMESPACE_REFUSED, "makes no time namespace")
ROW(TIME_NAMESPACE_REFUSED, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)), "a time namespace")
ROW(TIME_NAMESPACE_REFUSED, CRUN, EVER, SEEN(V(1, 8, 1), V(1, 21, 0)), "a time namespace")

BEHAVIOUR(TIME_IN_USER_NAMESPACE_REFUSED, "makes no time namespace where there is a user namespace")
ROW(TIME_IN_USER_NAMESPACE_REFUSED, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)),
    "a user namespace and a time namespace")

BEHAVIOUR(OFFSETS_NEED_TIME, "refuses timeOffsets without a time namespace")
ROW(OFFSETS_NEED_TIME, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "offsets of time without a time namespace")
ROW(OFFSETS_NEED_TIME, CRUN, SEEN(V(1, 8, 1), V(1, 21, 0)), EVER,
    "offsets of time without a time namespace")

BEHAVIOUR(EMPTY_OFFSETS_NEED_TIME, "refuses empty timeOffsets without a time namespace")
ROW(EMPTY_OFFSETS_NEED_TIME, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "empty offsets of time without a time namespace")

BEHAVIOUR(UNKNOWN_CLOCK_REFUSED, "refuses a clock of timeOffsets that there is not")
ROW(UNKNOWN_CLOCK_REFUSED, RUNC, EVER, EVER, "offsets of a clock that there is not")

BEHAVIOUR(EMPTY_NAMESPACE_PATH_REFUSED, "refuses an empty path of a namespace")
ROW(EMPTY_NAMESPACE_PATH_REFUSED, CRUN, EVER, EVER, "a namespace with an empty path")

/* ---- mounts ---- */

BEHAVIOUR(MOUNT_FLAGS_LAST_WINS, "uses the last of two contradicting mount options")
ROW(MOUNT_FLAGS_LAST_WINS, RUNC, EVER, EVER, "a bind with noexec and exec")

BEHAVIOUR(DEV_NOEXEC_BY_DEFAULT, "mounts /dev and /dev/shm noexec if they do not have options")
ROW(DEV_NOEXEC_BY_DEFAULT, CRUN, EVER, EVER, "a bind without options")

BEHAVIOUR(DIRECTORY_ON_DANGLING_LINK_REFUSED, "refuses a mount of a directory on a dangling link")
ROW(DIRECTORY_ON_DANGLING_LINK_REFUSED, CRUN, EVER, EVER, "a destination that is a dangling link")

BEHAVIOUR(DOTDOT_BEFORE_LINKS, "resolves \"..\" in a destination before it follows links")
ROW(DOTDOT_BEFORE_LINKS, RUNC, EVER, EVER, "dots behind a link in a destination")

BEHAVIOUR(DESTINATION_SLASHES_DROPPED, "ignores slashes at the end of a file's destination")
ROW(DESTINATION_SLASHES_DROPPED, RUNC, EVER, EVER, "a slash at the end of a file's destination")

BEHAVIOUR(PROC_IN_LINKED_DIRECTORY_REFUSED, "refuses a mount of proc in a directory that is "
					    "reached by a link")
ROW(PROC_IN_LINKED_DIRECTORY_REFUSED, RUNC, SEEN(V(1, 1, 5), V(1, 1, 15)),
    SEEN(V(1, 1, 15), V(1, 3, 6)), "a proc in a linked directory")

BEHAVIOUR(MOUNT_IN_PROC_REFUSED, "mounts nothing in /proc but what lxcfs has, and a procfs on it")
ROW(MOUNT_IN_PROC_REFUSED, RUNC, EVER, EVER, "a file on /proc/version")

BEHAVIOUR(TMPFS_IN_PROC_REFUSED, "mounts no tmpfs below /proc")
ROW(TMPFS_IN_PROC_REFUSED, RUNC, SEEN(V(1, 1, 5), V(1, 1, 15)), EVER, "a tmpfs on /proc/tty")

BEHAVIOUR(TMPFS_TAKES_COVERED_MODE, "gives a tmpfs without mode= the mode "
				    "of the directory it covers")
ROW(TMPFS_TAKES_COVERED_MODE, RUNC, EVER, EVER, "a tmpfs that covers a closed directory")
ROW(TMPFS_TAKES_COVERED_MODE, CRUN, SEEN(V(1, 8, 1), V(1, 21, 0)), EVER,
    "a tmpfs that covers a closed directory")

BEHAVIOUR(TMPFS_COVERED_MODE_WINS,
	  "gives a tmpfs the mode of the directory it covers despite mode=")
ROW(TMPFS_COVERED_MODE_WINS, RUNC, EVER, SEEN(V(1, 1, 5), V(1, 1, 15)),
    "a tmpfs with a mode that covers a closed directory")

BEHAVIOUR(COPYUP_UNDER_UMASK, "applies its caller's umask to the directories of a tmpcopyup")
ROW(COPYUP_UNDER_UMASK, RUNC, EVER, EVER, "a tmpfs with a copy keeps mode and owner")

BEHAVIOUR(COPYUP_COPIES_ACL, "copies access ACLs with a tmpcopyup")
ROW(COPYUP_COPIES_ACL, CRUN, EVER, EVER, "a tmpfs with a copy keeps no ACL")

BEHAVIOUR(MADE_FILE_IS_PRIVATE, "creates a missing destination of a file with mode 0700")
ROW(MADE_FILE_IS_PRIVATE, CRUN, EVER, EVER, "the file that the runtime makes for a destination")

BEHAVIOUR(RECURSIVE_FLAG_ON_FILE_REFUSED,
	  "refuses a recursive flag such as rro on the bind of a file")
ROW(RECURSIVE_FLAG_ON_FILE_REFUSED, CRUN, EVER, SEEN(V(1, 8, 1), V(1, 21, 0)),
    "an rro bind of a file")

BEHAVIOUR(RECURSIVE_ATIME_REFUSED, "refuses recursive flags of access times such as rnoatime")
ROW(RECURSIVE_ATIME_REFUSED, CRUN, EVER, EVER, "a bind with rnoatime")

BEHAVIOUR(RECURSIVE_ATIME_CLEAR_REFUSED, "refuses ratime and rnostrictatime on a bind")
ROW(RECURSIVE_ATIME_CLEAR_REFUSED, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)), "a bind with ratime")

BEHAVIOUR(RECURSIVE_SYMFOLLOW_UNKNOWN, "passes rsymfollow and rnosymfollow to the file system")
ROW(RECURSIVE_SYMFOLLOW_UNKNOWN, CRUN, EVER, EVER, "a tmpfs with rnosymfollow")

BEHAVIOUR(RECURSIVE_FLAGS_OF_BINDS_ONLY, "sets recursive flags such as rnoexec on binds only")
ROW(RECURSIVE_FLAGS_OF_BINDS_ONLY, RUNC, EVER, EVER, "a bind with rnoexec")

BEHAVIOUR(RECURSIVE_LAST_WINS, "uses the last of two contradicting recursive flags")
ROW(RECURSIVE_LAST_WINS, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER, "a bind with rnoexec and rexec")

BEHAVIOUR(HOST_FLAGS_KEPT_UNLESS_CHANGED, "keeps the host's flags of a bind "
					  "whose options do not set any")
ROW(HOST_FLAGS_KEPT_UNLESS_CHANGED, RUNC, EVER, EVER, "a noexec host mount as source")

BEHAVIOUR(HOST_FLAGS_KEPT_WITH_CLEARED, "keeps the host's flags of a bind whose options clear some")
ROW(HOST_FLAGS_KEPT_WITH_CLEARED, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)),
    "a noexec host mount as source, exec")

BEHAVIOUR(RO_KEEPS_HOST_NOEXEC, "keeps the host's noexec of a bind that it makes read-only")
ROW(RO_KEEPS_HOST_NOEXEC, CRUN, SEEN(V(1, 21, 0), V(1, 28, 0)), EVER,
    "a noexec host mount as source, ro")

BEHAVIOUR(READONLY_PATH_DROPS_FLAGS, "drops the flags of a mount below an entry of readonlyPaths")
ROW(READONLY_PATH_DROPS_FLAGS, CRUN, EVER, SEEN(V(1, 8, 1), V(1, 21, 0)),
    "a read-only path on a noexec host mount in the rootfs")

BEHAVIOUR(FLAGS_SET_WITH_THE_BIND, "sets the flags of a bind before it makes later mount points")
ROW(FLAGS_SET_WITH_THE_BIND, RUNC, EVER, EVER, "a missing destination in a read-only bind")

BEHAVIOUR(BIND_SOURCE_REACHED_INSIDE,
	  "reaches the sources of bind mounts as the root of the user namespace")
ROW(BIND_SOURCE_REACHED_INSIDE, CRUN, EVER, EVER,
    "the mapped root, and a closed directory above a bind source")

/* ---- protected paths, process.cwd ---- */

BEHAVIOUR(CLOSED_PROTECTED_PATH_REFUSED,
	  "refuses an entry of maskedPaths or readonlyPaths that its root cannot reach")
ROW(CLOSED_PROTECTED_PATH_REFUSED, RUNC, EVER, EVER,
    "a user namespace, a masked path in a closed directory")

BEHAVIOUR(MASKED_ROOT_HIDES_ALL, "hides the whole container if an entry of maskedPaths leads to /")
ROW(MASKED_ROOT_HIDES_ALL, CRUN, EVER, EVER, "the root is masked, by dots")

BEHAVIOUR(MASKED_ROOT_NAME_HIDES_ALL,
	  "hides the whole container if maskedPaths has the entry \"/\" or \"\"")
ROW(MASKED_ROOT_NAME_HIDES_ALL, CRUN, SEEN(V(1, 21, 0), V(1, 28, 0)), EVER, "the root is masked")

BEHAVIOUR(MASKED_NULL_REFUSED, "refuses a container whose /dev/null is hidden by maskedPaths")
ROW(MASKED_NULL_REFUSED, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)), "/dev is masked")
ROW(MASKED_NULL_REFUSED, CRUN, EVER, EVER, "/dev is masked")

BEHAVIOUR(MASKED_PROC_REFUSED, "refuses a container whose /proc is masked")
ROW(MASKED_PROC_REFUSED, RUNC, EVER, EVER, "/proc is masked")

BEHAVIOUR(MASKED_PROC_SELF_REFUSED, "refuses a container whose /proc/self is masked")
ROW(MASKED_PROC_SELF_REFUSED, RUNC, EVER, SEEN(V(1, 1, 15), V(1, 3, 6)), "/proc/self is masked")

BEHAVIOUR(READONLY_ROOT_BY_NAME_MISSED,
	  "does not make / read-only for the entry \"/\" of readonlyPaths")
ROW(READONLY_ROOT_BY_NAME_MISSED, CRUN, EVER, SEEN(V(1, 21, 0), V(1, 28, 0)),
    "writing: the root is read-only as '/', /etc")

BEHAVIOUR(READONLY_EMPTY_PATH_MISSED,
	  "does not make / read-only for the entry \"\" of readonlyPaths")
ROW(READONLY_EMPTY_PATH_MISSED, RUNC, EVER, EVER, "writing: the root is read-only as '', /etc")
ROW(READONLY_EMPTY_PATH_MISSED, CRUN, EVER, SEEN(V(1, 21, 0), V(1, 28, 0)),
    "writing: the root is read-only as '', /etc")

BEHAVIOUR(READONLY_ROOT_BY_LINK_MISSED,
	  "does not make / read-only for a link that leads there, or for \"/.\"")
ROW(READONLY_ROOT_BY_LINK_MISSED, CRUN, EVER, EVER,
    "writing: the root is read-only as '/root-link', /etc")

BEHAVIOUR(READONLY_ROOT_BY_DOTS_MISSED, "does not make / read-only for an entry such as \"/x/..\"")
ROW(READONLY_ROOT_BY_DOTS_MISSED, RUNC, EVER, EVER,
    "writing: the root is read-only as '/opt/..', /etc")

BEHAVIOUR(CWD_STAT_AS_ROOT, "first looks up process.cwd as the user namespace's root")
ROW(CWD_STAT_AS_ROOT, RUNC, EVER, EVER, "a user namespace, process.cwd is in a closed directory")

BEHAVIOUR(CWD_ENTERED_FOR_EACH_HOOK, "enters process.cwd as the container's user before each hook")
ROW(CWD_ENTERED_FOR_EACH_HOOK, CRUN, EVER, EVER, "the current directory is closed to the user")

/* ---- annotations ---- */

BEHAVIOUR(OBEYS_RUN_OCI_ANNOTATIONS,
	  "obeys annotations whose name begins with \"run.oci.\" and module.wasm.image/variant")
ROW(OBEYS_RUN_OCI_ANNOTATIONS, CRUN, EVER, EVER,
    "source: crun 1.28, src/libcrun/container.c and custom-handler.c")

/* ---- the workload and hooks ---- */

BEHAVIOUR(LOOKS_UP_AS_GO, "looks the workload up as Go's exec.LookPath() does, by its user")
ROW(LOOKS_UP_AS_GO, RUNC, EVER, EVER, "a workload that is closed to its user before another")

BEHAVIOUR(PATH_EMPTY_IS_HERE, "treats an empty item of PATH as the current directory")
ROW(PATH_EMPTY_IS_HERE, RUNC, EVER, EVER, "an empty item of PATH for the workload")
ROW(PATH_EMPTY_IS_HERE, CRUN, SEEN(V(1, 8, 1), V(1, 21, 0)), EVER,
    "an empty item of PATH for the workload")

BEHAVIOUR(BARE_HOOK_IN_PATH, "looks up a hook's path without a slash in PATH")
ROW(BARE_HOOK_IN_PATH, CRUN, EVER, EVER, "a bare name in PATH")

BEHAVIOUR(ENOEXEC_RUNS_SHELL, "passes a hook that is neither ELF nor a script to /bin/sh")
ROW(ENOEXEC_RUNS_SHELL, CRUN, EVER, EVER, "a script without a mark")

BEHAVIOUR(EMPTY_ENV_INHERITS, "gives a hook with an empty env the variables of the process")
ROW(EMPTY_ENV_INHERITS, RUNC, SEEN(V(1, 1, 15), V(1, 3, 0)), EVER,
    "LD_LIBRARY_PATH of the process and an empty env of the hook")

BEHAVIOUR(CREATE_HOOK_INHERITS_ENV,
	  "gives a createContainer hook without env the variables of the process")
ROW(CREATE_HOOK_INHERITS_ENV, RUNC, EVER, AT(V(1, 3, 0)),
    "createContainer: PATH of the process and no env of the hook")

BEHAVIOUR(CREATE_HOOK_IN_ROOTFS, "runs createContainer hooks with the rootfs as current directory")
ROW(CREATE_HOOK_IN_ROOTFS, RUNC, EVER, EVER, "createContainer: a relative path")

BEHAVIOUR(EMPTY_ARGS_NO_NAME, "runs a hook with empty args without argv[0]")
ROW(EMPTY_ARGS_NO_NAME, CRUN, EVER, EVER, "empty args")

BEHAVIOUR(TIMEOUT_BLOCKS_SIGCHLD,
	  "leaves SIGCHLD blocked in the workload after a hook with a timeout")
ROW(TIMEOUT_BLOCKS_SIGCHLD, CRUN, EVER, EVER, "source: crun 1.8.1, src/libcrun/utils.c")

BEHAVIOUR(TIMEOUT_ENDS_THE_HOOK_ALONE,
	  "ends only the hook at its timeout, and waits for its children")
ROW(TIMEOUT_ENDS_THE_HOOK_ALONE, RUNC, EVER, EVER,
    "source: runc 1.1.5, libcontainer/configs/config.go")

BEHAVIOUR(TIMEOUT_0_ENDS_AT_ONCE, "ends a hook with timeout 0 at once")
ROW(TIMEOUT_0_ENDS_AT_ONCE, RUNC, EVER, EVER, "a timeout of 0")

BEHAVIOUR(TIMEOUT_IS_32_BITS, "reads a timeout above 2147483647 as another number")
ROW(TIMEOUT_IS_32_BITS, CRUN, EVER, EVER, "a timeout of 2147483648")

BEHAVIOUR(REOPENS_PROC, "opens /proc again for its mounts, which needs more descriptors")
ROW(REOPENS_PROC, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "RLIMIT_NOFILE 12, and there is no hook")

BEHAVIOUR(THREADS_CHANGE_USER, "becomes the container's user with all of its threads")
ROW(THREADS_CHANGE_USER, RUNC, SEEN(V(1, 1, 15), V(1, 3, 6)), EVER,
    "RLIMIT_NPROC 2, a user who is nobody else")

/* ---- hooks that are left out ---- */

BEHAVIOUR(SKIPS_START_HOOKS, "does not run startContainer hooks")
ROW(SKIPS_START_HOOKS, RUNSC, EVER, EVER, "tests/truth/runsc.sh")
ROW(SKIPS_START_HOOKS, KATA, EVER, AT(V(4, 0, 0)),
    "source: kata 4.1.0, virtcontainers/kata_agent.go (Go), container_manager/container.rs (Rust)")
ROW(SKIPS_START_HOOKS, RUNV, EVER, EVER, "source: ended before runtime-spec 1.0.2 had the stage")

BEHAVIOUR(SKIPS_CREATE_HOOKS, "does not run createContainer hooks")
ROW(SKIPS_CREATE_HOOKS, RUNSC, EVER, SEEN(V(26, 5, 11), V(26, 5, 20)), "tests/truth/runsc.sh")
ROW(SKIPS_CREATE_HOOKS, RUNV, EVER, EVER, "source: ended before runtime-spec 1.0.2 had the stage")
