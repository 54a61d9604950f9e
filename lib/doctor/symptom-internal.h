/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the parts of the reader of messages. */
#pragma once

#include "doctor/symptom.h"

/* What the parts of doctor/symptom.c share. */

/* ---- doctor/symptom-text.c: what is around a message ---- */

/*
 * @data is the text without escape sequences, escapes and other controls, @len bytes and a NUL.
 * \n ends a line, \v is a line end that was escaped, so within a string. @depth has a byte for each
 * of @data: how deep the string is that it is in, 0 for none. A string's quotes belong to what is
 * around it. In front of @data is a \n, too.
 */
struct plain {
	char *data;
	uint8_t *depth;
	size_t len;
};

/* From @arena; false without memory. */
bool plain_make(const char *text, size_t len, struct arena *arena, struct plain *ret) MUST_CHECK;

/*
 * Join, in place, the lines of @text that a terminal has wrapped: those that are as long as the
 * longest. The new length: the old one if there are none.
 */
size_t unwrap_lines(char *text, size_t len);

/* The length of what logs put before a message at @line: times, names of hosts and containers. */
size_t log_prefix(const char *line, const char *end);

/* ---- rows ---- */

enum kind {
	ENGINE,	 /* an engine passes a message on */
	RUNTIME, /* what a runtime was doing */
	HOOK,	 /* names a hook */
	STATUS,	 /* how a program ended: see doctor/errors-table.h */
	SIGNAL,	 /* likewise */
	EXEC,	 /* a program could not be started: likewise */
	SPAWN,	 /* the same, without a path */
	REASON,	 /* another reason of a hook's failure */
	LOOKUP,	 /* likewise, but only behind a hook's name: without one it is the workload's */
	OUTPUT,	 /* what a hook wrote begins */
	SAID,	 /* in what a hook wrote */
	BODY,	 /* the container was refused, or could not be made */
	WORKLOAD,
	SELF,	/* the runtime itself */
	HELPER, /* a program of an engine or a wrapper */
	SUFFIX, /* an engine's words behind a message */
	WEAK,	/* only counts if there is nothing else */
};

#define ROW_CAUSES_MAX 16

struct row {
	char id[28], who[20], versions[28];
	uint8_t kind;			/* enum kind */
	uint8_t causes[ROW_CAUSES_MAX]; /* enum cause; N_CAUSES ends them */
	unsigned stages;
	char wording[104];
};

extern const struct row symptom_rows[];
extern const size_t n_symptom_rows;

/* ---- doctor/symptom-match.c: wordings ---- */

struct piece {
	const char *at; /* NULL: none */
	size_t len;
};

/* What percent signs stood for. */
struct capture {
	struct piece path, status, signal, error;
	long hook;	 /* -1: none */
	unsigned stages; /* 0: none */
	uint8_t which; /* of the errors or the signals in doctor/errors-table.h, plus 1; 0: none */
	size_t len;    /* of the text that fits */
};

/*
 * The search for the literal texts of one wording. Where it is tried only grows, and with that
 * where a text is looked for: no byte is looked at twice.
 */
#define SEEKS_MAX 4

struct seeks {
	struct seek {
		const char *from, *to; /* it begins nowhere in [from, to) */
		bool found;	       /* but at @to */
	} at[SEEKS_MAX];
};

/*
 * Whether @wording is at @text; @ret is filled only then. @seeks is all zero before the first text,
 * and kept while the same wording is tried further on.
 */
bool wording_match(const char *wording, const char *text, struct seeks *seeks, struct capture *ret);

/* ---- doctor/symptom-frames.c: messages ---- */

#define FRAMES_MAX 10

struct message {
	const struct row *frames[FRAMES_MAX]; /* from outside to inside, without OUTPUT and SAID */
	const struct row *said[SYMPTOM_ROWS_MAX];
	size_t n_frames, n_said;
	struct capture c;
	struct piece text;   /* all that belongs to it, but the hook's output */
	struct piece unread; /* behind the innermost frame */
	struct piece output; /* of the hook; at is NULL: none */
};

struct messages {
	struct message items[SYMPTOMS_MAX + 1]; /* and one to compare with */
	size_t n;
	size_t score;		/* how much of the best one was read */
	const struct row *best; /* its innermost frame */
};

/* The messages in @text, of which they are parts. False without memory. */
bool messages_find(const struct plain *text, struct arena *arena, struct messages *ret) MUST_CHECK;

/* The innermost frame of one of @kinds, a set of 1 << kind; NULL: none. */
const struct row *message_frame(const struct message *m, unsigned kinds);

#define KIND(kind)  (1u << (kind))
#define KINDS_OUTER (KIND(ENGINE) | KIND(RUNTIME))
#define KINDS_REASON \
	(KIND(STATUS) | KIND(SIGNAL) | KIND(EXEC) | KIND(SPAWN) | KIND(REASON) | KIND(LOOKUP))
#define KINDS_BODY (KIND(BODY) | KIND(WORKLOAD) | KIND(SELF) | KIND(HELPER) | KIND(WEAK))

/* ---- doctor/errors-table.h ---- */

/* What a way to end, or not to start, comes from: in the container, and, if not the same, on the host. */
#define MEANING_CAUSES_MAX 8

struct meaning {
	char words[44]; /* of Go and of the C library, which differ in the first letter */
	uint8_t causes[MEANING_CAUSES_MAX], host[MEANING_CAUSES_MAX];
};

extern const struct meaning symptom_errors[], symptom_signals[];

/* The number plus 1 of the words that @text begins with; 0: none. *@len is their length. */
uint8_t error_at(const char *text, size_t *len);
uint8_t signal_at(const char *text, size_t *len);

/* What an exit status means by itself; NULL: nothing. */
const struct meaning *status_meaning(long status);
/* What it means where @who, a runtime, prints it: ends with N_CAUSES; NULL: nothing else. */
const uint8_t *status_causes(const char *who, long status);

/* Whether @path is of a program that engines and runtimes call on the host, by how its name begins. */
bool is_helper(struct piece path);
