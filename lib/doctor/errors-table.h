/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What errnos of starting a program, signals and exit statuses come from; included with ERROR(),
 * SIGNAL_(), STATUS_() and STATUS_OF() defined, so without a guard. Words are those of Go 1.19 (syscall) and glibc 2.36, which
 * differ in their first letter, and of musl 1.2 where it has other ones. Causes are by likelihood:
 * in a container, and on the host where that differs.
 *
 * ERROR(words, causes in a container, causes on the host)
 * SIGNAL_(words, number, causes in a container, causes on the host)
 * STATUS_(status, causes in a container, causes on the host)
 * STATUS_OF(who, from, to, causes): what those statuses mean where @who prints them as a hook's
 */

/* ---- a program that was not started ---- */

ERROR("no such file or directory",
      L(CAUSE_program_missing, CAUSE_interpreter_missing, CAUSE_not_absolute), SAME)
ERROR("permission denied",
      L(CAUSE_not_executable, CAUSE_unreachable, CAUSE_noexec, CAUSE_not_a_file,
	CAUSE_interpreter_unusable),
      SAME)
ERROR("operation not permitted", L(CAUSE_seccomp), L(CAUSE_host_denied))
ERROR("not a directory", L(CAUSE_path_broken, CAUSE_program_missing), SAME)
ERROR("too many levels of symbolic links", L(CAUSE_path_broken, CAUSE_script_line), SAME)
ERROR("symbolic link loop", L(CAUSE_path_broken, CAUSE_script_line), SAME)
ERROR("file name too long", L(CAUSE_path_broken), SAME)
ERROR("exec format error",
      L(CAUSE_not_a_program, CAUSE_other_machine, CAUSE_script_line, CAUSE_elf_broken), SAME)
ERROR("accessing a corrupted shared library", L(CAUSE_interpreter_unusable), SAME)
ERROR("is a directory", L(CAUSE_not_a_file), SAME)
ERROR("invalid argument", L(CAUSE_string_invalid, CAUSE_elf_broken), SAME)
ERROR("resource temporarily unavailable", L(CAUSE_pids, CAUSE_nproc), L(CAUSE_host_limit))
ERROR("text file busy", L(CAUSE_text_busy), SAME)
ERROR("argument list too long", L(CAUSE_arguments_long), SAME)
ERROR("cannot allocate memory", L(CAUSE_no_memory), SAME)
ERROR("out of memory", L(CAUSE_no_memory), SAME)
ERROR("input/output error", L(CAUSE_read_error), SAME)
ERROR("i/o error", L(CAUSE_read_error), SAME)
ERROR("too many open files in system", L(CAUSE_host_limit), SAME)
ERROR("too many open files", L(CAUSE_files_limit), SAME)
ERROR("stale file handle", L(CAUSE_read_error), SAME)
ERROR("transport endpoint is not connected", L(CAUSE_read_error), SAME)
ERROR("function not implemented", L(CAUSE_seccomp), L(CAUSE_host_denied))
ERROR("no space left on device", L(CAUSE_host_limit), SAME)
ERROR("broken pipe", L(CAUSE_stdin_unread), SAME)
ERROR("bad address", L(CAUSE_not_started), SAME)
ERROR("bad file descriptor", L(CAUSE_not_started), SAME)
ERROR("device or resource busy", L(CAUSE_not_started), SAME)
ERROR("no such device or address", L(CAUSE_not_a_file), SAME)
ERROR("no such device", L(CAUSE_not_started), SAME)
ERROR("no such process", L(CAUSE_not_started), SAME)
ERROR("no child processes", L(CAUSE_not_started), SAME)
ERROR("interrupted system call", L(CAUSE_not_started), SAME)
ERROR("required key not available", L(CAUSE_read_error), SAME)
ERROR("operation not supported", L(CAUSE_not_started), SAME)
ERROR("not supported", L(CAUSE_not_started), SAME)
ERROR("read-only file system", L(CAUSE_not_started), SAME)
ERROR("disk quota exceeded", L(CAUSE_host_limit), SAME)
ERROR("file exists", L(CAUSE_not_started), SAME)
ERROR("numerical result out of range", L(CAUSE_not_started), SAME)

/* ---- a program that a signal ended ---- */

SIGNAL_("killed", 9, L(CAUSE_killed), SAME)
SIGNAL_("segmentation fault", 11, L(CAUSE_elf_broken, CAUSE_crashed), SAME)
SIGNAL_("bad system call", 31, L(CAUSE_seccomp_own), L(CAUSE_host_denied))
SIGNAL_("illegal instruction", 4, L(CAUSE_processor, CAUSE_elf_broken, CAUSE_crashed), SAME)
SIGNAL_("bus error", 7, L(CAUSE_elf_broken, CAUSE_crashed), SAME)
SIGNAL_("aborted", 6, L(CAUSE_crashed), SAME)
SIGNAL_("trace/breakpoint trap", 5, L(CAUSE_crashed), SAME)
SIGNAL_("floating point exception", 8, L(CAUSE_crashed), SAME)
SIGNAL_("arithmetic exception", 8, L(CAUSE_crashed), SAME) /* musl */
SIGNAL_("broken pipe", 13, L(CAUSE_crashed), SAME)
SIGNAL_("terminated", 15, L(CAUSE_ended), SAME)
SIGNAL_("hangup", 1, L(CAUSE_ended), SAME)
SIGNAL_("interrupt", 2, L(CAUSE_ended), SAME)
SIGNAL_("quit", 3, L(CAUSE_ended), SAME)
SIGNAL_("alarm clock", 14, L(CAUSE_crashed), SAME)
SIGNAL_("user defined signal 1", 10, L(CAUSE_ended), SAME)
SIGNAL_("user defined signal 2", 12, L(CAUSE_ended), SAME)
SIGNAL_("cpu time limit exceeded", 24, L(CAUSE_cpu_limit), SAME)
SIGNAL_("CPU time limit exceeded", 24, L(CAUSE_cpu_limit), SAME)
SIGNAL_("file size limit exceeded", 25, L(CAUSE_size_limit), SAME)
SIGNAL_("virtual timer expired", 26, L(CAUSE_crashed), SAME)
SIGNAL_("profiling timer expired", 27, L(CAUSE_crashed), SAME)
SIGNAL_("stack fault", 16, L(CAUSE_crashed), SAME)
SIGNAL_("I/O possible", 29, L(CAUSE_crashed), SAME)
SIGNAL_("i/o possible", 29, L(CAUSE_crashed), SAME)
SIGNAL_("power failure", 30, L(CAUSE_ended), SAME)
SIGNAL_("real-time signal", 34, L(CAUSE_ended), SAME)
SIGNAL_("signal ", 64, L(CAUSE_crashed), SAME)

/* ---- a program that ended by itself; 128 and more is a signal ---- */

STATUS_(127, L(CAUSE_library_missing, CAUSE_library_unusable, CAUSE_command_missing), SAME)
STATUS_(126, L(CAUSE_command_unusable), SAME)

/* ---- crun: a status is its own as well, of a child that could not execute the program ---- */

STATUS_OF("crun", LONG_MIN, -1,
	  L(CAUSE_timeout_invalid, CAUSE_timeout_short, CAUSE_pids, CAUSE_nproc, CAUSE_seccomp))
STATUS_OF("crun", 1, 1,
	  L(CAUSE_ldconfig, CAUSE_program_missing, CAUSE_interpreter_missing, CAUSE_own_failure,
	    CAUSE_not_executable, CAUSE_unreachable, CAUSE_noexec, CAUSE_not_a_file,
	    CAUSE_interpreter_unusable, CAUSE_elf_broken, CAUSE_cwd, CAUSE_library_unusable,
	    CAUSE_seccomp, CAUSE_string_invalid, CAUSE_arguments_long, CAUSE_text_busy))
STATUS_OF("crun", 2, 2,
	  L(CAUSE_script_unreadable, CAUSE_not_a_program, CAUSE_other_machine, CAUSE_script_line,
	    CAUSE_own_failure))
STATUS_OF("crun", 126, 126, L(CAUSE_command_unusable, CAUSE_own_failure))
STATUS_OF("crun", 127, 127,
	  L(CAUSE_library_missing, CAUSE_library_unusable, CAUSE_not_a_program, CAUSE_other_machine,
	    CAUSE_command_missing))
STATUS_OF("crun", 3, 125, L(CAUSE_own_failure, CAUSE_not_a_program))
