/* SPDX-License-Identifier: Apache-2.0 */
/* What the checks of lint/start.c and its siblings share: values of the document, refusals. */
#pragma once

#include "lint/internal.h"

/* How bad it is, and for which runtime: "" or " under runc". */
struct refusal {
	struct weight weight;
	const char *under;
};

struct refusal lint_refused_as(struct weight weight);

/* No runtime starts it. */
struct refusal lint_refused_by_all(void);

/* Whether it starts depends on what is not in the bundle. */
struct refusal lint_refused_perhaps(void);

/* Runtimes that have @behaviour do not start it. */
struct refusal lint_refused_by(const struct look *l, enum behaviour behaviour);

/*
 * The same for what the host lacks, or may lack: not judged where it was not looked at
 * (--host-mounts), and then *@hint says how to have it judged.
 */
struct refusal lint_refused_by_host(const struct look *l, enum behaviour behaviour,
				    const char **hint);

/* A refusal of weight NOTE is not a finding. */
int lint_refuse(struct look *l, struct refusal by, uint32_t token, const char *hint,
		const char *fmt, ...) PRINTF_LIKE(5, 6) MUST_CHECK;

/* A member that only the runtime reads has the wrong type, or is not there. */
int lint_wrong(struct look *l, struct weight weight, uint32_t token,
	       const char *message) MUST_CHECK;

/* A namespace of @type is named; known once the namespaces are checked. */
bool lint_has_namespace(const struct look *l, const char *type);

/* It is joined by a path: the document does not have what is in it. */
bool lint_joins_namespace(const struct look *l, const char *type);

/* lint/sysctl.c, lint/idmap.c: what the kernel refuses of these. */
int lint_sysctls(struct look *l) MUST_CHECK;
int lint_id_maps(struct look *l) MUST_CHECK;

/* lint/resources.c, lint/devices.c, lint/seccomp.c: these, what security modules want of a host,
 * and what needs a mount namespace. */
int lint_resources(struct look *l) MUST_CHECK;
int lint_devices(struct look *l) MUST_CHECK;
int lint_labels(struct look *l) MUST_CHECK;
int lint_mount_namespace(struct look *l) MUST_CHECK;
int lint_seccomp_values(struct look *l) MUST_CHECK;

/* lint/newer.c: members that newer versions of runtimes read. */
int lint_newer(struct look *l) MUST_CHECK;

/* ---- values ---- */

/* @container is evaluated once: it is often a look-up. */
#define EACH(l, container, e)                                                                      \
	for (uint32_t e##_in = (container),                                                        \
		      e = e##_in == JSON_NONE ? JSON_NONE : json_first(&(l)->bundle->doc, e##_in); \
	     e != JSON_NONE; e = json_next(&(l)->bundle->doc, e##_in, e))

static inline bool is_text(const struct look *l, uint32_t value)
{
	return value != JSON_NONE && json_type(&l->bundle->doc, value) == JSON_STRING;
}

static inline bool is_absent(const struct look *l, uint32_t value)
{
	return value == JSON_NONE || json_type(&l->bundle->doc, value) == JSON_NULL;
}

static inline bool is_empty(const struct look *l, uint32_t value)
{
	const struct json_token *tokens = l->bundle->doc.tokens;

	return is_text(l, value) && tokens[value].end - tokens[value].start == strlen("\"\"");
}

static inline bool is(const struct look *l, uint32_t value, const char *text)
{
	return is_text(l, value) && json_match_key(&l->bundle->doc, value, text) == JSON_EQUALS;
}

static inline bool is_one_of(const struct look *l, uint32_t value, const char *const *texts)
{
	for (size_t i = 0; texts[i]; i++)
		if (is(l, value, texts[i]))
			return true;
	return false;
}

/* An integer that fits; false: it is something else, or absent. */
static inline bool is_integer(const struct look *l, uint32_t value, int64_t *ret)
{
	return value != JSON_NONE && json_type(&l->bundle->doc, value) == JSON_NUMBER &&
	       json_integer(&l->bundle->doc, value, ret, NULL) == 0;
}

/* As it is written there, for "%.*s". */
#define WRITTEN_MAX	  60
#define WRITTEN(l, value) written_len(l, value), written_text(l, value)

static inline int written_len(const struct look *l, uint32_t value)
{
	const struct json_token *t = &l->bundle->doc.tokens[value];

	return t->end - t->start < WRITTEN_MAX ? (int)(t->end - t->start) : WRITTEN_MAX;
}

static inline const char *written_text(const struct look *l, uint32_t value)
{
	return l->bundle->doc.text + l->bundle->doc.tokens[value].start;
}
