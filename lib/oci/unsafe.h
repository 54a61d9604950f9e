/* SPDX-License-Identifier: Apache-2.0 */
/* Annotations that runtimes obey, and what each can do: hookwright-security(7). */
#pragma once

#include "oci/spec.h"

enum unsafe_danger {
	UNSAFE_NOT,  /* does nothing to a hook, or to the host */
	UNSAFE_HOST, /* reaches the host by itself, with hooks or without; a hook adds nothing to it
		      */
	UNSAFE_HOOK, /* changes how hooks run: hookwright does not add a hook beside it */
};

struct unsafe_row {
	const char *key; /* a name, or, if it ends with '.', the beginning of names */
	bool all;	 /* all runtimes obey it, or those with OBEYS_RUN_OCI_ANNOTATIONS */
	enum unsafe_danger danger;
	const char *does; /* a clause: who does what for it */
	bool host_stages; /* done to hooks of the host's stages, too */
	bool smart;	  /* its "-smart" values concern programs of WebAssembly only */
};

/*
 * The row for annotation @key = @value of a container whose program is @program (NULL: unknown)
 * under @runtime; NULL if no runtime that may be meant obeys it.
 */
const struct unsafe_row *unsafe_row(const char *key, const char *value, const char *program,
				    struct runtime runtime);

/* Annotations that the administrator allows: names, or prefixes that end with '.'. */
struct unsafe_allowed {
	const char *const *items;
	size_t n;
};

struct unsafe_found {
	const struct spec_annotation *annotation; /* NULL: there is none */
	const struct unsafe_row *row;
};

/*
 * The first annotation of @spec beside which no hook may be written, in the container or, with
 * @host_stage, on the host. A runtime that is not known is taken for one that obeys all.
 */
struct unsafe_found unsafe_find(const struct spec *spec, struct runtime runtime,
				const struct unsafe_allowed *allowed, bool host_stage);

/*
 * "annotation KEY: what is done for it", harmless on terminals, from @arena; NULL without memory.
 */
const char *unsafe_text(const struct unsafe_found *found, struct arena *arena);

/* The remedy. */
extern const char unsafe_hint[];

/* Whether @name, as the configuration has it, allows anything that would be refused without it. */
bool unsafe_may_allow(const char *name);
