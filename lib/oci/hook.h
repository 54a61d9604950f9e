/* SPDX-License-Identifier: Apache-2.0 */
/* Stages of hooks, and the mark of hookwright's own. */
#pragma once

#include "base/base.h"

/* First element of the env of every entry of hookwright, followed by the policy's name. */
#define HOOK_MARK "_HOOKWRIGHT_POLICY="

#define HOOK_POLICY_NAME_MAX 64

/*
 * What stood in config.json where the first entry of ours came, so that it can be brought back. One
 * of our entries has it in its env, after the mark; without it there was no such member.
 */
#define HOOK_BEFORE "_HOOKWRIGHT_BEFORE="
enum hook_before {
	BEFORE_NOTHING,
	BEFORE_HOOKS_NULL,
	BEFORE_HOOKS_EMPTY, /* {} */
	BEFORE_HOOKS_BLANK, /* { }: its blanks stand before the brace that closes it now */
	BEFORE_STAGE_NULL,  /* startContainer */
	BEFORE_STAGE_EMPTY,
	BEFORE_STAGE_BLANK,
};

/* "_HOOKWRIGHT_BEFORE=hooks:{}"; not for BEFORE_NOTHING. */
const char *hook_before_variable(enum hook_before before);
/* The other way round; BEFORE_NOTHING for what is none. */
enum hook_before hook_before_find(const char *env);

/* Whether @name (@len bytes) may name a policy: [a-z0-9][a-z0-9-]*, at most 64 bytes. */
bool hook_policy_name_valid(const char *name, size_t len);

/*
 * The policy's name if @env, first of an entry's env, is hookwright's mark; it
 * points into @env. Else NULL.
 */
const char *hook_marked_policy(const char *env);

/* Whether the program at @path is an ldconfig: it can make libraries visible to hooks after it. */
bool hook_runs_ldconfig(const char *path);

/* The stages of a container's life, in their order (runtime-spec, runtime.md, Lifecycle). */
enum hook_stage {
	STAGE_PRESTART,
	STAGE_CREATE_RUNTIME,
	STAGE_CREATE_CONTAINER,
	STAGE_START_CONTAINER,
	STAGE_POSTSTART,
	STAGE_POSTSTOP,
	HOOK_STAGES, /* how many */
};

/* Where the hooks of a stage are looked up and run, and since when there is such a stage. */
struct stage {
	const char *name;
	bool in_container; /* the path is looked up inside the container */
	bool earlier;	   /* runs before startContainer, so that it may create things */
	bool deprecated;
	unsigned since[3]; /* ociVersion */
	enum hook_stage id;
};

extern const struct stage hook_stages[HOOK_STAGES];

/* As config.json calls it: "startContainer". */
const char *hook_stage_name(enum hook_stage stage);

/*
 * Whether the program at @path, run by a hook, may leave files that a later hook needs: all but a
 * few that are known not to.
 */
bool hook_may_create(const char *path);

/* A hook entry as it is to be written: every member in full (runtime-spec, config.md, Hooks). */
struct hook {
	const char *path;
	const char *const *args; /* args[0] included */
	size_t n_args;		 /* at least 1 */
	const char *const *env;	 /* env[0] is the mark */
	size_t n_env;		 /* at least 1 */
	long timeout;		 /* seconds; 0: the member is left out */
};

/* One step from a stage as it is to the stage as it must be. */
enum change_kind { CHANGE_REPLACE, CHANGE_REMOVE, CHANGE_APPEND };

struct json;

struct change {
	enum change_kind kind;
	enum hook_stage stage;
	uint32_t element;	 /* token of the entry replaced or removed; unused for APPEND */
	const struct hook *hook; /* what is written; NULL for REMOVE, and where entry is set */
	const struct json
		*entry; /* APPEND, and of mounts: this document, an object, is written instead */
	enum hook_before before; /* REMOVE: what its env says */
};
