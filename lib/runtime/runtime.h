/* SPDX-License-Identifier: Apache-2.0 */
/* What container runtimes do, by kind and version. */
#pragma once

#include "base/base.h"

/*
 * What container runtimes do, by kind and version: the only place that knows. Everybody else asks
 * runtime_does() or runtime_judge(), and names neither a runtime nor a version in a condition.
 */
enum runtime_kind {
	RUNTIME_NOT_TOLD, /* nobody said */
	RUNTIME_RUNC,
	RUNTIME_CRUN,
	RUNTIME_OTHER, /* named, but not one whose behaviour is known */
	RUNTIME_ANY,   /* the bundle must work with runc and with crun */
	/* Of these only the table speaks, and only of hooks that they leave out: runtime_skips(). */
	RUNTIME_RUNSC,
	RUNTIME_KATA,
	RUNTIME_RUNV,
};

/* @version counts where @known: major, minor, patch. */
struct runtime {
	enum runtime_kind kind;
	bool known;
	unsigned version[3];
};

/* Of a name or path, "crun" or "/usr/bin/crun", without a version. NULL: RUNTIME_NOT_TOLD. */
struct runtime runtime_from_name(const char *name);

/* Add a version such as "1.1.5" or "1.3.0-rc.1"; false, and nothing changes, if it is not one. */
bool runtime_set_version(struct runtime *runtime, const char *text);

/* Whether another one was named than those whose behaviour is known. */
bool runtime_is_other(struct runtime runtime);

/* Whether no answer can differ between them. */
bool runtime_same(struct runtime a, struct runtime b);

/* Both at once; @version may be NULL, and one that is not a version is ignored. */
struct runtime runtime_versioned(const char *name, const char *version);

/* What runtimes do; runtime/behaviour-table.h says which and since when. */
#define BEHAVIOUR(name, words) name,
#define ROW(...)
enum behaviour {
#include "runtime/behaviour-table.h"
	N_BEHAVIOURS,
};
#undef BEHAVIOUR
#undef ROW

/*
 * Whether @runtime does that. Without a version: the answer that all versions of current
 * distributions share, else UNKNOWN. Likewise where several runtimes may be meant.
 */
enum truth runtime_does(struct runtime runtime, enum behaviour behaviour);

/* Whether some runtime that may be meant does that, or might. */
bool runtime_may(struct runtime runtime, enum behaviour behaviour);

/* A verdict and for which runtime it is so: "", " under runc" or " under crun". */
struct verdict_by {
	enum truth value;
	const char *under;
};

/*
 * Ask @ask for each runtime and version that may be meant, always with a known version. Where the
 * versions of one runtime differ: UNKNOWN. Where runtimes differ: the worse of RUNTIME_ANY, else
 * UNKNOWN; @under names the one at fault.
 */
struct verdict_by runtime_judge(struct runtime runtime,
				enum truth (*ask)(void *ctx, struct runtime one), void *ctx);

/* The same where @fatal is what a container does not survive. */
struct verdict_by runtime_survives(struct runtime runtime, enum behaviour fatal);

/*
 * Whether @name (a name or a path, or what an engine registers, such as
 * "io.containerd.kata-qemu.v2"; may be NULL) is known as a runtime that leaves out hooks as @skips
 * says, in @version (NULL: not told); UNKNOWN where versions differ. Goes by the base name alone.
 */
enum truth runtime_skips(const char *name, const char *version, enum behaviour skips);

/* Whether it may leave out startContainer hooks. */
bool runtime_skips_start_hooks(const char *name, const char *version);

/* The runtimes and versions that may be meant, in a fixed order. */
#define RUNTIME_CANDIDATES_MAX 8
size_t runtime_candidates(struct runtime runtime, struct runtime ret[RUNTIME_CANDIDATES_MAX]);

/* The same without versions, unless one was given: one of each kind. */
#define RUNTIME_KINDS_MAX 2
size_t runtime_kinds(struct runtime runtime, struct runtime ret[RUNTIME_KINDS_MAX]);

/* "runc", "crun"; else "the runtime". */
const char *runtime_name(struct runtime runtime);

/* "runc 1.1.5" of a runtime whose version is known; it is cut at the end of @buf. */
#define RUNTIME_WORDS_MAX 32
void runtime_words(struct runtime runtime, char buf[RUNTIME_WORDS_MAX]);

/* ---- quantities ---- */

/* Below @no nothing runs, below @doubt it might not. */
struct runtime_room {
	uint64_t no, doubt;
};

/*
 * How much of limit @type ("RLIMIT_NOFILE", "pids.limit") it takes to start a container, with or
 * without a startContainer hook. False if nothing is known of that limit. @one has a version.
 */
bool runtime_needs_room(struct runtime one, const char *type, bool hook, struct runtime_room *ret);

/* The room that is enough for a hook under every runtime. */
struct runtime_room runtime_most_room(const char *limit);

/* System calls that runtimes need once the container's seccomp filter is loaded. */
size_t runtime_calls_count(void);
const char *runtime_call_name(size_t call);

/*
 * Whether a container starts where system call @call is denied: with a startContainer @hook or
 * without, the filter loaded @early (no noNewPrivileges) or late. @one has a version.
 */
enum truth runtime_works_without(struct runtime one, size_t call, bool hook, bool early);
