/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much room and which system calls runtimes need, as measured with hooks that do next to
 * nothing. A little above that, it depends on the hook, the libc and the version of the runtime.
 */
#include "runtime/runtime.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)

/* ---- room ---- */

static const struct {
	char limit[16];
	struct runtime_room runc, crun; /* with a startContainer hook */
	struct runtime_room alone;	/* the container's program, without a hook */
} rooms[] = {
	/* The threads of runc's init count, too: Go has four or five, under load some more. */
	{ "pids.limit", { 6, 16 }, { 2, 2 }, { 0, 0 } },
	{ "RLIMIT_NPROC", { 2, 2 }, { 2, 2 }, { 0, 0 } },
	{ "RLIMIT_NOFILE", { 13, 32 }, { 7, 32 }, { 7, 10 } },
	/* runc wants stacks, of 8 MiB each, for as many threads as Go happens to start. */
	{ "RLIMIT_AS",
	  { 128 * KIB + 1, 2048 * MIB },
	  { 128 * KIB + 1, 64 * MIB },
	  { 128 * KIB + 1, 1 * MIB } },
	{ "RLIMIT_STACK", { 8 * KIB, 128 * KIB }, { 8 * KIB, 128 * KIB }, { 0, 128 * KIB } },
	{ "RLIMIT_DATA", { 4 * KIB + 1, 256 * MIB }, { 4 * KIB + 1, 4 * MIB }, { 0, 4 * MIB } },
	/* crun writes its files under the limit that it has set for itself. */
	{ "RLIMIT_FSIZE", { 0, 4 * KIB }, { 101, 4 * KIB }, { 0, 4 * KIB } },
};

/* Additional needs that follow from a behaviour. */
static const struct {
	enum behaviour behaviour;
	char limit[16];
	struct runtime_room hook, alone;
} more_rooms[] = {
	{ REOPENS_PROC, "RLIMIT_NOFILE", { 13, 32 }, { 13, 32 } },
	/* The threads of init then belong to the user, and execve(2) fails while there are too many. */
	{ THREADS_CHANGE_USER, "RLIMIT_NPROC", { 6, 16 }, { 4, 16 } },
};

static void add_room(struct runtime one, const char *limit, bool hook, struct runtime_room *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(more_rooms); i++) {
		const struct runtime_room *more = hook ? &more_rooms[i].hook : &more_rooms[i].alone;
		const enum truth does = runtime_does(one, more_rooms[i].behaviour);

		if (!streq(limit, more_rooms[i].limit) || does == NO)
			continue;
		ret->doubt = more->doubt;
		if (does == YES)
			ret->no = more->no;
	}
}

bool runtime_needs_room(struct runtime one, const char *limit, bool hook, struct runtime_room *ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(rooms); i++) {
		if (!streq(limit, rooms[i].limit))
			continue;
		*ret = !hook			  ? rooms[i].alone
		       : one.kind == RUNTIME_RUNC ? rooms[i].runc
						  : rooms[i].crun;
		add_room(one, limit, hook, ret);
		return true;
	}
	return false;
}

struct runtime_room runtime_most_room(const char *limit)
{
	for (size_t i = 0; i < ARRAY_SIZE(rooms); i++)
		if (streq(limit, rooms[i].limit))
			return rooms[i].runc;
	return (struct runtime_room){ 0 };
}

/* ---- system calls ---- */

/*
 * When a runtime's init makes a call under the filter: to start a hook, in any case, or to become
 * the container's user, which without noNewPrivileges the filter precedes. Doubt is about what
 * another version of the runtime may do without.
 */
enum need {
	NEVER,
	HOOK,
	HOOK_DOUBT,
	EARLY,
	EARLY_DOUBT,
	HOOK_EARLY,
	ALWAYS,
	ALWAYS_DOUBT,
	HOOK_ELSE_DOUBT,
	N_NEEDS
};

/* Whether it works where the call is denied: without hooks and with, late and early. */
static const enum truth without_call[N_NEEDS][2][2] = {
	[NEVER] = { { YES, YES }, { YES, YES } },
	[HOOK] = { { YES, YES }, { NO, NO } },
	[HOOK_DOUBT] = { { YES, YES }, { UNKNOWN, UNKNOWN } },
	[EARLY] = { { YES, NO }, { YES, NO } },
	[EARLY_DOUBT] = { { YES, UNKNOWN }, { YES, UNKNOWN } },
	[HOOK_EARLY] = { { YES, NO }, { NO, NO } },
	[ALWAYS] = { { NO, NO }, { NO, NO } },
	[ALWAYS_DOUBT] = { { UNKNOWN, UNKNOWN }, { UNKNOWN, UNKNOWN } },
	[HOOK_ELSE_DOUBT] = { { UNKNOWN, UNKNOWN }, { NO, NO } },
};

/* Measured one by one, with programs that make hardly a call of their own. */
static const struct {
	char name[16];
	uint8_t runc, crun; /* enum need */
} calls[] = {
	{ "clone", HOOK, HOOK },
	{ "execve", ALWAYS, ALWAYS },
	{ "pipe2", HOOK, HOOK },
	{ "close", ALWAYS, HOOK },
	{ "write", ALWAYS, EARLY },
	{ "dup3", HOOK, NEVER },
	{ "read", HOOK_EARLY, NEVER },
	{ "futex", HOOK_ELSE_DOUBT, NEVER },
	{ "rt_sigaction", HOOK, EARLY },
	{ "rt_sigprocmask", HOOK, EARLY },
	{ "rt_sigreturn", HOOK_DOUBT, NEVER },
	{ "wait4", NEVER, HOOK },
	{ "chdir", EARLY, HOOK },
	{ "getcwd", EARLY, HOOK },
	{ "openat", ALWAYS, HOOK },
	/* The hook runs, and what it reads is not the container's state. */
	{ "dup2", NEVER, HOOK_DOUBT },
	{ "setuid", EARLY, NEVER },
	{ "setgid", EARLY, NEVER },
	{ "setgroups", EARLY, NEVER },
	{ "setresuid", NEVER, EARLY },
	{ "setresgid", NEVER, EARLY },
	{ "getppid", EARLY, NEVER },
	{ "capget", EARLY, NEVER },
	{ "capset", EARLY, EARLY },
	{ "prctl", EARLY, EARLY },
	{ "fstat", EARLY_DOUBT, NEVER },
	{ "newfstatat", EARLY_DOUBT, NEVER },
	{ "fstatfs", ALWAYS_DOUBT, NEVER },
	{ "getdents64", ALWAYS_DOUBT, NEVER },
};

size_t runtime_calls_count(void)
{
	return ARRAY_SIZE(calls);
}

const char *runtime_call_name(size_t call)
{
	return calls[call].name;
}

enum truth runtime_works_without(struct runtime one, size_t call, bool hook, bool early)
{
	const enum need need = one.kind == RUNTIME_RUNC ? calls[call].runc : calls[call].crun;

	return without_call[need][hook][early];
}
