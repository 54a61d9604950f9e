/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of runtimes and engines, found in text. */
#pragma once

#include "base/arena.h"
#include "lint/rules.h"
#include "oci/hook.h"

/*
 * What a runtime or an engine printed when a container died, in text that a user pasted, which may
 * be anything. Pure.
 *
 * A text is taken apart in three steps. doctor/symptom-text.c undoes what is around it: escape sequences,
 * escapes of JSON and of Go's %q to any depth, prefixes of logs. doctor/symptom-frames.c reads messages: a
 * message is a nest of frames, such as
 *
 *   docker: Error response from daemon: | OCI runtime create failed: |   ENGINE
 *   runc create failed: | unable to start container process: |          RUNTIME
 *   error running createRuntime hook #3: |                               HOOK
 *   exit status 1, | stdout: , stderr: | no such device                  STATUS, OUTPUT, SAID
 *
 * The same words mean something else in each frame, so a row is only tried where its frame may be.
 * doctor/symptom.c chooses causes by the innermost frame and by whose program it is. All facts are rows:
 * doctor/symptom-table.h has the wordings, doctor/errors-table.h what errnos, signals and statuses mean, and
 * doctor/causes-table.h the causes.
 */

enum cause {
#define CAUSE(id, rules, title, why, remedy) CAUSE_##id,
#define ON_HOST(id, title, why, remedy)
#include "doctor/causes-table.h"
#undef CAUSE
#undef ON_HOST
	N_CAUSES
};

#define CAUSE_RULES_MAX 20

/* Text in the rows: see lint/rules.c. */
struct cause_info {
	char id[32];			/* "program_missing" */
	uint8_t rules[CAUSE_RULES_MAX]; /* whose findings confirm it; N_RULES ends them */
	char title[80], why[288], remedy[192];
};

const struct cause_info *cause_get(enum cause cause);

/* Whose program it is that a message is about. */
enum whose {
	WHOSE_CONTAINER, /* none: the container as it is configured */
	WHOSE_HOOK,	 /* of a hook of a stage that is not known */
	WHOSE_START,	 /* of a startContainer hook: in the container */
	WHOSE_HOST,	 /* of a hook of any other stage: on the host */
	WHOSE_WORKLOAD,
	WHOSE_RUNTIME, /* the runtime itself */
	WHOSE_HELPER,  /* a program that an engine or a wrapper calls */
	N_WHOSE
};

const char *whose_name(enum whose whose); /* "container", "hook", ... */

/* The words of @cause, other ones where the program is the host's; never NULL. */
struct cause_words {
	const char *title, *why, *remedy;
};
struct cause_words cause_words(enum cause cause, enum whose whose);

/* In remedies: the path that the message names. */
#define REMEDY_PATH "{path}"

/* Stages of hooks, as a set. */
#define STAGE_BIT(stage) (1u << (stage))
#define STAGE_ANY	 0u /* the message does not say */

#define SYMPTOMS_MAX	   16
#define SYMPTOM_ROWS_MAX   12
#define SYMPTOM_CAUSES_MAX 24

/* One message. Texts are defused; those that are not known are NULL. */
struct symptom {
	const char *evidence;		    /* its text without what the hook wrote */
	const char *who, *versions;	    /* of the runtime or program that printed it */
	const char *engine;		    /* that passed it on */
	const char *rows[SYMPTOM_ROWS_MAX]; /* ids of doctor/symptom-table.h, the innermost first */
	size_t n_rows;
	enum cause causes[SYMPTOM_CAUSES_MAX]; /* the likeliest first; none if not recognised */
	size_t n_causes;
	enum whose whose;
	bool of_hook;	    /* it says that a hook failed */
	bool sequel;	    /* of another message: a hook after the container's end */
	bool weak;	    /* any container may end so */
	unsigned stages;    /* those it may be of; STAGE_ANY: not known */
	long hook;	    /* number in its stage; -1: not known */
	const char *path;   /* of the program, or what the message says is at fault */
	const char *status; /* as it is in the message, a number */
	const char *signal; /* in words */
	const char *kernel; /* what the kernel said, in words */
	const char *wrote;  /* the last line that the hook wrote */
	const char *unread; /* the innermost part, if no row reads it */
};

struct symptoms {
	struct symptom items[SYMPTOMS_MAX];
	size_t n;
};

/*
 * Find messages in @text, @len bytes of anything. At most SYMPTOMS_MAX different ones, the first;
 * those that follow from another one are last. Takes time and memory proportional to @len. Texts
 * are from @arena. 0 or -ENOMEM.
 */
int symptoms_find(const char *text, size_t len, struct arena *arena, struct symptoms *ret,
		  struct hw_error *err) MUST_CHECK;

/* Of hooks of these stages. */
enum whose whose_hook(unsigned stages);

/*
 * Turn @s, an engine's or a runtime's "fork/exec PATH: ERROR", into that of a hook, for who knows
 * that PATH is one. False, and nothing changes, if it is another message.
 */
bool symptom_as_hook(struct symptom *s);
