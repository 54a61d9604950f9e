/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the parts that search libraries as a dynamic loader does. */
#pragma once

#include "program/memo-internal.h"

/*
 * How a dynamic loader finds libraries: ld.so(8) of glibc, and musl's. program/ld/loader.c walks
 * the needs of every object, program/ld/search.c finds one library, program/ld/dirs.c knows where
 * to look.
 */

struct object {
	struct object *next;
	const struct object *owner; /* who asked for it first; NULL for program and loader */
	const char *name;	    /* as it was asked for */
	const char *path;	    /* as the loader opened it: $ORIGIN is its directory */
	const char *real;	    /* resolved: two equal ones are one object */
	struct elf elf;
	struct elf_dynamic dynamic;
	struct elf_wanted *wanted; /* symbols of other objects */
	size_t n_wanted;
	struct file *file; /* once something is looked up in it */
};

/* What is read once, when it is first needed. */
enum lazy { NOT_READ, READ, NOT_KNOWN };

/* A directory of libraries, and whether it has subdirectories for some processors. */
struct special_dir {
	const char *path;
	bool special;
};

/* What an object can be asked for by: several may bear one name, the first of them counts. */
struct loaded_name {
	struct loaded_name *next;
	const char *name;
	const struct object *object;
};

#define NAME_BUCKETS 64

struct loading {
	struct judge *j;
	const struct dynamic_program *program;
	enum loader_kind kind;
	struct object *first, *last; /* in the order of loading; the program is the first */
	size_t n;
	struct loaded_name *names[NAME_BUCKETS];
	size_t budget;		  /* see ELF_BUDGET */
	const char *library_path; /* LD_LIBRARY_PATH; NULL if unset or empty */

	enum lazy cache_state;
	const struct ldcache *cache;
	const struct reason *cache_why; /* for NOT_KNOWN */

	enum lazy system_state;
	struct dirs system; /* compiled into ld.so */
	const struct reason *system_why;

	enum lazy binding_state;
	bool bind_now; /* LD_BIND_NOW */

	enum lazy origin_state;		     /* of the program's $ORIGIN; NOT_KNOWN: it has none */
	struct special_dir special_dirs[64]; /* looked at so far; more are not */
	size_t n_special_dirs;

	enum lazy musl_state;
	const char *musl_path;
	const struct reason *musl_why;
};

/* A library that is looked for. */
struct request {
	const char *name;
	const struct object *owner;
	bool optional;		    /* LD_PRELOAD: what is missing or broken is left out */
	bool processors;	    /* look only where some processors find more (glibc-hwcaps) */
	const char *elsewhere;	    /* what is sound, and taken instead by some processors */
	const char *near_miss;	    /* why a file of that name does not count */
	const struct reason *maybe; /* why it may be there all the same */
};

/* ---- program/ld/conf.c ---- */

/* A directory with library @name that is in /etc/ld.so.conf, for ldconfig to find; NULL if none. */
int find_in_conf(struct loading *l, const char *name, const char **dir) MUST_CHECK;

/* ---- program/ld/symbols.c ---- */

/* Fill in the symbols that @o, which is @f, wants of others. */
int read_wanted(struct loading *l, struct file *f, struct object *o) MUST_CHECK;

/* Whether all objects find their symbols, once all are loaded. */
int check_symbols(struct loading *l) MUST_CHECK;

/* What a look yields; all are >= 0, -ENOMEM is below. */
enum look {
	LOOK_ABSENT, /* go on in the next place */
	LOOK_FOUND,
	LOOK_STOP, /* this list of directories ends here */
	LOOK_OVER, /* found, but no good: judged already */
};

/* Find @q->name as the loader would. If FOUND, @f and @elf (its header) are set. */
int search_library(struct loading *l, struct request *q, struct file *f,
		   struct elf *elf) MUST_CHECK;

/* The same in @dir alone. */
int search_dir(struct loading *l, struct request *q, const char *dir, struct file *f,
	       struct elf *elf) MUST_CHECK;

/* LOOK_OVER: the loader stops at such a file, or may do so; @text follows its name. */
int library_fails(struct loading *l, const struct request *q, const struct file *f,
		  enum truth usable, const char *text) MUST_CHECK;

static inline int MUST_CHECK library_is_broken(struct loading *l, const struct request *q,
					       const struct file *f, const char *text)
{
	return library_fails(l, q, f, NO, text);
}

/* The hint where what comes first in the loader's directories is no good. */
extern const char broken_library_hint[];

/* musl: the libraries that are the loader itself. */
bool is_musl_itself(const struct loading *l, const char *name);

/* Fill in what is lazy; the state is then READ or NOT_KNOWN. */
int need_cache(struct loading *l) MUST_CHECK;
int need_system_dirs(struct loading *l) MUST_CHECK;
int need_musl_path(struct loading *l) MUST_CHECK;

/* Entries of the cache that are for the program's machine. */
bool cache_entry_fits(const struct loading *l, const struct ldcache_entry *entry);

/* What ld.so puts for $LIB: "lib64"; NULL if it is not known. need_system_dirs() comes first. */
const char *loader_lib(struct loading *l, size_t *len);
