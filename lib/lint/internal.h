/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the parts of lint: the state of one inspection, and how a finding is added. */
#pragma once

#include "lint/lint.h"
#include "oci/hook.h"
#include "plan/facts-rootfs.h"
#include "program/program.h"
#include "view/view.h"

/* A hook's member as the given runtime reads it. */
enum given { GIVEN_ABSENT, GIVEN_EMPTY, GIVEN_VALUES, GIVEN_WRONG };

/* A hook as it is in config.json, right or wrong. */
struct lint_hook {
	const struct stage *stage;
	uint32_t index;
	uint32_t token;	     /* the entry */
	uint32_t path_token; /* JSON_NONE if absent */
	const char *path;    /* NULL if the runtime would not have one either */
	enum given args_given, env_given;
	struct spec_strings args, env;
	uint32_t args_token, env_token, timeout_token;
	int64_t timeout; /* 0: none */
	bool broken;	 /* so wrong already that its program is of no interest */
};

/* execve(2), MAX_ARG_STRLEN: an argument or a variable, its NUL included. */
#define EXEC_STRING_MAX ((size_t)131072)

/* So many hooks of a bundle are inspected, fifty times those of any engine. */
#define LINT_HOOKS_MAX 1000

/* The state of one rule. */
struct tally {
	size_t kept;			    /* in the result; at most LINT_FINDINGS_MAX */
	size_t last;			    /* of them, once that many are: the last by its place */
	size_t more[HW_SEVERITY_ERROR + 1]; /* those beyond, by severity */
	bool unjudged[HW_SEVERITY_ERROR + 1];
};

/* A directory of the host, by its absolute path. */
struct writable {
	const char *dir;
	size_t number; /* in the order of the document */
};

/* One look at one bundle. */
struct look {
	const struct hw_lint *lint;
	struct hw_lint_result *result;
	struct bundle *bundle; /* of the result; its doc is scanned */
	struct arena *arena;   /* of the result */
	struct hw_error *err;
	struct tally tallies[N_RULES];
	bool found;	     /* nobody called it a bundle: it may be something else */
	bool understood;     /* bundle->spec is filled */
	bool plannable;	     /* and its hooks are, too, as policies want them */
	unsigned namespaces; /* those that the document names, by the table in lint/start.c */
	const char *version; /* ociVersion; NULL: none that can be read */
	unsigned version_numbers[3];
	bool has_version_numbers;
	struct lint_hook *hooks;
	size_t n_hooks, capacity;
	struct probe *probe;  /* of the container; NULL before */
	struct view *view;    /* the same; NULL: none, and a finding says so */
	struct blame *blames; /* see lint_tell_for() */
	size_t n_blames, blames_capacity;
	bool root_outside; /* why there is none: root.path leaves the bundle */
	struct spec host_spec;
	struct view *host;	 /* of this host; NULL until asked for */
	struct spec mapped_spec; /* the same as the root of the container's user namespace */
	struct view *mapped;	 /* sees it, who runs createContainer hooks; NULL: not asked for */
	const char *host_rootfs; /* absolute */
	const char *host_cwd;	 /* where its relative paths begin: the bundle, absolute */
	struct writable *writable; /* what containers can write of it, by directory */
	size_t n_writable;
	bool rootfs_first;     /* number 0 of them is the rootfs */
	const char *dangerous; /* a variable of process.env; NULL: none of those seen so far */
	size_t n_env_seen;
};

/* A finding to be; what is left out is filled by the look. */
struct note {
	enum rule rule;
	enum hw_severity severity;
	bool unjudged;
	uint32_t token;		      /* in config.json; JSON_NONE: the file as a whole */
	const struct lint_hook *hook; /* NULL: none */
	const char *hint;
};

/*
 * Whether the finding of @note is only counted, because enough of its rule precede it. Then its
 * message need not be made.
 */
bool lint_only_counts(struct look *l, const struct note *note);

/* Add a finding about config.json with the message made of @fmt. 0 or -ENOMEM. */
int lint_tell(struct look *l, const struct note *note, const char *fmt, ...)
	PRINTF_LIKE(3, 4) MUST_CHECK;

/* The same with a message and a place of its own; the texts are kept, not copied. */
int lint_add(struct look *l, const struct lint_finding *finding) MUST_CHECK;

/* @text, or how it begins if it is longer than LINT_TEXT_MAX; NULL for NULL, or without memory. */
const char *lint_shortened(struct look *l, const char *text);

/* "startContainer hook /sbin/ldconfig", or "startContainer[2]" without a path. */
const char *lint_hook_name(struct look *l, const struct lint_hook *hook);

/* Severity and certainty of something that is wrong. */
struct weight {
	enum hw_severity severity;
	bool unjudged;
};
enum effect { EFFECT_NONE, EFFECT_NOTE, EFFECT_WARNING, EFFECT_UNJUDGED, EFFECT_ERROR };
struct weight lint_weight_of(enum effect effect);

/*
 * The weight of what has effect @yes under a runtime that has @behaviour, else @no, for the runtime
 * and version that were named: the worst of several runtimes; an error under some versions of one
 * only cannot be judged.
 */
struct weight lint_weight(const struct look *l, enum behaviour behaviour, enum effect yes,
			  enum effect no);

/* The value at @path, a list of keys that ends with NULL; JSON_NONE if there is none. */
uint32_t lint_value_at(const struct look *l, const char *const *path);

#define LINT_AT(l, ...) lint_value_at((l), (const char *const[]){ __VA_ARGS__, NULL })

/* lint/document.c: JSON, numbers, the members that are not about hooks. */
int lint_document(struct look *l) MUST_CHECK;
/* lint/start.c: what a runtime refuses before it looks into the rootfs. */
int lint_start(struct look *l) MUST_CHECK;
/* lint/stages.c: the hooks in the stages; fills l->hooks. */
int lint_hooks(struct look *l) MUST_CHECK;
/* lint/hook-members.c: one hook's members. */
int lint_hook_read(struct look *l, struct lint_hook *hook) MUST_CHECK;
/* lint/program.c: an engine's own, which makes nothing in the container. */
bool lint_hook_is_harmless(const struct look *l, const struct lint_hook *hook);
/* Whether a startContainer hook makes libraries known; YES: it surely does. */
enum truth lint_runs_ldconfig(const struct look *l);
/* lint/container.c: the root file system, the workload, what all hooks in it need. */
int lint_container(struct look *l) MUST_CHECK;
/* lint/program.c: the programs of hooks, in the container and on the host. */
int lint_programs(struct look *l) MUST_CHECK;
/*
 * lint/host.c: dangers of a hook on the host. @named: the program's path as it is named, absolute;
 * @path: resolved, NULL if there is no such file.
 */
int lint_host_hook(struct look *l, const struct lint_hook *hook, const char *named,
		   const char *path) MUST_CHECK;
/*
 * The directory that containers can write and that holds @path, or NULL; whether it is the rootfs.
 */
int lint_writable(struct look *l, const char *path, const char **dir, bool *image) MUST_CHECK;
/* lint/host-input.c: its variables and its script; @cwd: where it runs. */
int lint_host_input(struct look *l, const struct lint_hook *hook, const char *cwd) MUST_CHECK;
int lint_secrets(struct look *l) MUST_CHECK;
/* lint/unsafe.c: annotations that runtimes obey, paths through /proc. */
int lint_unsafe(struct look *l) MUST_CHECK;
/* lint/annotations.c: keys that are nearly hookwright's. */
int lint_annotations(struct look *l) MUST_CHECK;
/*
 * lint/cause.c: as lint_tell() of something in the container, because of @why. What is unjudged for
 * a cause that other answers have, too, is left to lint_causes(), which reports each cause once.
 */
int lint_tell_for(struct look *l, const struct reason *why, const struct note *note,
		  const char *fmt, ...) PRINTF_LIKE(4, 5) MUST_CHECK;
/* @cause is reported already. */
int lint_reported(struct look *l, const struct reason *cause) MUST_CHECK;
int lint_causes(struct look *l) MUST_CHECK;
/* The value at @at; @otherwise where none is to blame. */
uint32_t lint_token_at(const struct look *l, struct doc_place at, uint32_t otherwise);
/* The rule for a verdict of program/program.h. */
enum rule lint_rule_of(enum program_part part, enum program_topic topic);
/* lint/policies.c: what the policies would do. */
int lint_policies(struct look *l) MUST_CHECK;
/* lint/lint.c: adds the findings that represent those that were only counted. */
int lint_sum_up(struct look *l) MUST_CHECK;
/* lint/ignore.c: marks the suppressed findings. */
int lint_ignore(struct look *l) MUST_CHECK;
