/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the parts of the program check: the question that is being answered. */
#pragma once

#include "program/elf.h"
#include "program/program.h"
#include "program/script.h"

/*
 * One question being answered. A verdict only gets worse: the first NO stays, of doubts the first
 * stays until a NO. The functions below return 0 or -ENOMEM; whether it is worth while to go on is
 * judge_is_over().
 */
struct judge {
	struct view *view;
	const struct spec *spec;
	const struct spec *asked; /* the caller's, of which @spec is made for the runtime */
	struct budget *budget;	  /* of the spec */
	struct arena *arena;
	struct trail *trail; /* may be NULL */
	struct hw_error *err;
	const char *const *env; /* the hook's */
	size_t n_env;
	enum truth after_ldconfig;
	bool secure;		/* see struct identity */
	struct creds init;	/* with whose rights execve(2) opens what it opens */
	struct creds hook;	/* and the hook itself */
	enum program_part part; /* what is being looked at, and for what */
	enum program_topic topic;
	struct doc_place at; /* likewise, in config.json */
	struct program_verdict verdict;
	unsigned long long nr_open; /* of this host; 0: not asked for */
	struct elf workload;	    /* once asked for, see find_workload() */
	const char *workload_text;
	bool has_workload;
};

static inline bool judge_is_over(const struct judge *j)
{
	return j->verdict.usable == NO || budget_is_spent(j->budget);
}

/* Whatever @verdict is: once the budget is spent, it was made of half-answers. */
void judge_unless_spent(const struct budget *budget, struct program_verdict *verdict);

/*
 * By @truth: NO refuses, UNKNOWN doubts, YES does nothing. @culprit (a path) and @hint may be
 * NULL; they are kept, not copied.
 */
int judge_by(struct judge *j, enum truth truth, const char *culprit, const char *hint,
	     const char *fmt, ...) PRINTF_LIKE(5, 6) MUST_CHECK;

#define judge_refuse(j, ...) judge_by(j, NO, __VA_ARGS__)
#define judge_doubt(j, ...)  judge_by(j, UNKNOWN, __VA_ARGS__)

/* The same by @why, whose text becomes the end of the message; NULL: it is empty. */
int judge_for(struct judge *j, enum truth truth, const struct reason *why, const char *culprit,
	      const char *hint, const char *fmt, ...) PRINTF_LIKE(6, 7) MUST_CHECK;

/* env_value() of the hook's environment. */
const char *hook_variable(struct judge *j, const char *name);
const char *process_variable(struct judge *j, const char *name); /* of process.env */

/* One step for `explain`. */
int judge_note(struct judge *j, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST_CHECK;

/* A file of the container that is being looked at. */
struct file {
	struct view *view;
	const char *path; /* as it was asked for */
	const char *what; /* what messages call it: "interpreter /bin/bash of /opt/x.sh" */
	struct found found;
	struct elf_source source; /* reads it, once found.kind is FOUND_FILE */
};

/*
 * Find @path by @who (NULL: all may be searched). Returns 0 or -ENOMEM, the outcome is in
 * @f->found, the steps in @trail (may be NULL). Nothing is read yet.
 */
int file_find(struct judge *j, const char *path, const struct creds *who, struct trail *trail,
	      struct file *f) MUST_CHECK;

/*
 * All bytes of @f, which is a FOUND_FILE, NUL-terminated (not counted); NULL with the reason in
 * *@why if there are more than @max or it cannot be read. They are read once and remembered.
 */
int file_read(struct judge *j, struct file *f, size_t max, const char **data, size_t *len,
	      const struct reason **why) MUST_CHECK;

/*
 * The same for execve(2), with a verdict: regular, executable, not on a noexec mount. It can be
 * read if afterwards found.kind is FOUND_FILE and the judge is not over.
 */
int judge_executable(struct judge *j, const char *path, const char *what, const char *hint,
		     const struct creds *who, struct file *f) MUST_CHECK;

/* The verdict that @status means for @f. */
int judge_elf(struct judge *j, const struct file *f, enum elf_status status) MUST_CHECK;

/* ---- program/program.c, for program/args.c ---- */

/* The verdict on @path, which a program starts as the hook; @by_shell reads what is no program. */
int judge_started(struct judge *j, const char *path, const char *what, bool by_shell) MUST_CHECK;

/* ---- program/setid.c ---- */

/* Who a program is once it runs. */
struct identity {
	struct creds who;
	bool secure; /* AT_SECURE: of its environment the loader takes no directory */
};

/* The verdict on set-ID bits and file capabilities of @f, which @who executes. */
int judge_identity(struct judge *j, const struct file *f, const struct creds *who, bool dynamic,
		   struct identity *ret) MUST_CHECK;

/* ---- program/exec.c ---- */

/* Whether its arguments and variables are not too much for execve(2). */
int judge_size(struct judge *j, const struct program_query *query) MUST_CHECK;

/* ---- program/args.c ---- */

/* The verdict on what a sound program is asked for by its arguments. */
int judge_arguments(struct judge *j, const struct program_query *query) MUST_CHECK;

/* ---- program/busybox.c ---- */

/* By its file name, through links: "busybox", "busybox.static". */
bool is_busybox(const struct file *f);

/* Whether busybox @f has applet @name, or says 'applet not found'. */
enum truth busybox_has(const struct file *f, const char *name);

/* ---- program/room.c ---- */

/* Whether @value is enough of @limit, see runtime_needs_room(). */
struct verdict_by room_for(const struct room_query *query, const char *limit, uint64_t value);

/* ---- program/limits.c ---- */

/* Whether process.rlimits but RLIMIT_NPROC leave room for a hook, or for the program alone. */
int judge_limits(struct judge *j, const struct room_query *query) MUST_CHECK;

/* ---- program/ld/loader.c ---- */

/* How the loader looks for libraries. */
enum loader_kind { LOADER_OTHER, LOADER_GLIBC, LOADER_MUSL };

/* By the loader's file name, "/lib64/ld-linux-x86-64.so.2". */
enum loader_kind loader_kind_of(const char *path);

/* A dynamic program and its loader, both sound ELF files. */
struct dynamic_program {
	struct file *file, *loader;
	const struct elf *elf, *loader_elf;
	const char *interpreter; /* PT_INTERP */
};

/* Whether the loader will find and accept all libraries; *@n_libraries: how many. */
int judge_libraries(struct judge *j, const struct dynamic_program *program,
		    size_t *n_libraries) MUST_CHECK;

/* ---- program/chain.c ---- */

/*
 * "@dir/@name" byte for byte (arena_printf() would change hostile names); an empty @dir is the
 * current directory. NULL: no memory.
 */
const char *path_join(struct arena *arena, const char *dir, size_t dir_len, const char *name);

/*
 * One file of a chain of scripts, from *@path on, found by @who (NULL: everybody): @f, and its
 * header @elf if *@found. Of a script *@path is then the interpreter, else NULL.
 */
int look_behind_script(struct judge *j, const char **path, const struct creds *who, struct file *f,
		       struct elf *elf, bool *found) MUST_CHECK;

/*
 * Follow scripts from @path to an ELF file, as one who may open everything: @f and @elf (its
 * header) if *@found. Else @f is the file at which it ended.
 */
int find_elf(struct judge *j, const char *path, struct file *f, struct elf *elf,
	     bool *found) MUST_CHECK;

/*
 * Fill in the machine that the container's programs are for, j->workload: that of
 * process.args[0], also behind a script, else this host's. j->workload_text says whose it is:
 * "/bin/sh is for x86_64"; NULL if no machine is known.
 */
int find_workload(struct judge *j) MUST_CHECK;

/* ---- program/path.c ---- */

/*
 * The first file @name in the directories @path that @who (NULL: everybody) may execute. A name
 * with a slash is not looked up. *@ret is NULL if it was not found; then *@maybe (NULL if not)
 * says where it might be.
 */
int find_in_path(struct judge *j, const char *name, const char *path, const struct creds *who,
		 const char **ret, const struct reason **maybe) MUST_CHECK;

/*
 * The same as execvp(3) by @who does it, which goes on where execve(2) fails with ENOENT or
 * EACCES. If all fail *@ret is the first one that is there, to be judged.
 */
int find_by_execvp(struct judge *j, const char *name, const char *path, const struct creds *who,
		   const char **ret, const struct reason **maybe) MUST_CHECK;
