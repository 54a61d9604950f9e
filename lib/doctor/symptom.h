/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of runtimes and engines, found in text. */
#pragma once

#include "base/arena.h"
#include "lint/rules.h"
#include "oci/hook.h"

/*
 * What a runtime or an engine printed when a container died: found in text that a user pasted,
 * which may be anything. Pure. The two tables, doctor/causes-table.h and doctor/symptom-table.h,
 * are the one place where messages and causes are told.
 */

enum cause {
#define CAUSE(id, rules, title, why, remedy) CAUSE_##id,
#include "doctor/causes-table.h"
#undef CAUSE
	N_CAUSES
};

#define CAUSE_RULES_MAX 20

/* Text in the rows: see lint/rules.c. */
struct cause_info {
	char id[32];			/* "program_missing" */
	uint8_t rules[CAUSE_RULES_MAX]; /* whose findings confirm it; N_RULES ends them */
	char title[80], why[288], remedy[160];
};

const struct cause_info *cause_get(enum cause cause);

/* Stages of hooks, as a set. */
#define STAGE_BIT(stage) (1u << (stage))
#define STAGE_ANY	 0u /* the message does not say */

#define SYMPTOMS_MAX	   16
#define SYMPTOM_ROWS_MAX   8
#define SYMPTOM_CAUSES_MAX 24

/* One message, put together of the lines that belong to it. */
struct symptom {
	const char *evidence;		    /* the line that says most, unwrapped and defused */
	const char *who, *versions;	    /* that prints so */
	const char *rows[SYMPTOM_ROWS_MAX]; /* ids of doctor/symptom-table.h, the best first */
	size_t n_rows;
	enum cause causes[SYMPTOM_CAUSES_MAX]; /* the likeliest first */
	size_t n_causes;
	bool of_hook;	    /* it says that a hook failed */
	unsigned stages;    /* those it may be of; STAGE_ANY: not known */
	long hook;	    /* number in its stage; -1: not known */
	const char *path;   /* of the program; NULL: not known */
	const char *status; /* as it stands there; NULL: not known */
};

struct symptoms {
	struct symptom items[SYMPTOMS_MAX];
	size_t n;
};

/*
 * Find messages in @text, @len bytes of anything: escape sequences are taken out, and what engines
 * wrap around a message (JSON lines, logfmt) is taken off. At most SYMPTOMS_MAX different ones, the
 * first. Texts are from @arena. 0 or -ENOMEM.
 */
int symptoms_find(const char *text, size_t len, struct arena *arena, struct symptoms *ret,
		  struct hw_error *err) MUST_CHECK;

/* doctor/symptom-text.c: @text without escape sequences and other controls; lines end in \n. */
char *symptom_clean(const char *text, size_t len, struct arena *arena) MUST_CHECK;

/*
 * The next quoted message in @line from *@at on, unescaped, from @arena; NULL if there is none, or
 * without memory, with *@failed set.
 */
char *symptom_unwrap(const char *line, size_t *at, struct arena *arena, bool *failed) MUST_CHECK;

/*
 * doctor/symptom-match.c: which wordings may stand in a line, found in one walk over it: those
 * whose longest word does. As many wordings as there are bits.
 */
#define WORDINGS_MAX	192
#define WORDING_BUCKETS 1024

struct wordings {
	const char *words[WORDINGS_MAX];
	uint8_t lens[WORDINGS_MAX];
	uint8_t next[WORDINGS_MAX];	  /* in the same bucket; 0: none, else the number plus 1 */
	uint8_t buckets[WORDING_BUCKETS]; /* by the first bytes of a word */
	uint64_t always[WORDINGS_MAX / 64]; /* those without a word that is long enough */
};

void wordings_add(struct wordings *all, size_t number, const char *wording);
/* Fill the bits of @found; false if there are none. */
bool wordings_find(const struct wordings *all, const char *line, size_t len,
		   uint64_t found[WORDINGS_MAX / 64]);

/* doctor/symptom-match.c: a wording and what its blanks and percent signs stood for. */
struct capture {
	const char *path; /* of @len bytes in the line; NULL: none */
	size_t path_len;
	const char *status;
	size_t status_len;
	long hook;	 /* -1: none */
	unsigned stages; /* 0: none */
};

/* Whether @wording stands in @line, see doctor/symptom-table.h; @ret is filled only then. */
bool symptom_match(const char *wording, const char *line, struct capture *ret);
