/* SPDX-License-Identifier: Apache-2.0 */
/* What is already known about a container's files and programs. */
#pragma once

#include "program/internal.h"
#include "program/ld/cache.h"

/*
 * What is known already of one container's files and programs, so that nothing is read or judged
 * twice. It belongs to the view, and lives as long.
 */

/* How far a file is read as ELF; what comes of it stays the same. */
enum elf_part { PART_HEADER, PART_SEGMENTS, PART_DYNAMIC, PART_WANTED, N_ELF_PARTS };

struct dirs {
	const char *const *items;
	size_t n;
};

/* A file of the host, wherever it is seen. */
struct known_file {
	struct known_file *next;
	struct file_id id;

	bool has_part[N_ELF_PARTS];
	enum elf_status status[N_ELF_PARTS];
	size_t memory[N_ELF_PARTS]; /* that reading it took of ELF_BUDGET */
	struct elf elf;
	struct elf_dynamic dynamic;
	struct elf_wanted *wanted;
	size_t n_wanted;

	const char *text; /* the whole of it; NULL: not read */
	size_t len;
	bool has_cache;
	struct ldcache cache; /* of the text */
	bool has_dirs;
	struct dirs dirs; /* that are compiled into it, a loader */
};

/* Verdicts asked for, and the rooms. */
struct known_verdict;
struct known_room;

#define MEMO_BUCKETS 64

struct memo {
	struct arena *arena; /* of the view */
	struct budget *budget;
	struct known_file *files[MEMO_BUCKETS];
	struct known_verdict *verdicts[MEMO_BUCKETS];
	struct known_room *rooms;
	const char *const *env; /* hashed last: hooks share one */
	size_t n_env;
	uint32_t env_hash;
	bool has_conf;
	struct dirs conf; /* of ld.so.conf */
};

/* A hash of @text; the same in every run. */
uint32_t memo_hash(uint32_t seed, const char *text);

/* The view's; NULL: no memory. */
struct memo *memo_of(struct view *view);

/* What is known of @f; a blank one for what is nowhere else. NULL: no memory. */
struct known_file *memo_file(struct memo *memo, const struct found *found);

/*
 * The verdict on @query, with texts from @arena and its steps in @trail (may be NULL). _know: 1, or
 * 0 if it was not judged before, or -ENOMEM. _keep remembers it; @from: what the trail had before.
 */
int memo_know_program(struct memo *memo, const struct program_query *query, struct arena *arena,
		      struct trail *trail, struct program_verdict *ret) MUST_CHECK;
int memo_keep_program(struct memo *memo, const struct program_query *query,
		      const struct program_verdict *verdict, const struct trail *trail,
		      size_t from) MUST_CHECK;
int memo_know_room(const struct memo *memo, const struct room_query *query, struct arena *arena,
		   struct program_verdict *ret) MUST_CHECK;
int memo_keep_room(struct memo *memo, const struct room_query *query,
		   const struct program_verdict *verdict) MUST_CHECK;

/*
 * As the functions of program/elf.h, once for each file. @elf is what file_header() and
 * file_segments() filled in.
 */
enum elf_status file_header(struct judge *j, struct file *f, struct elf *ret) MUST_CHECK;
enum elf_status file_segments(struct judge *j, struct file *f, struct elf *elf) MUST_CHECK;
enum elf_status file_dynamic(struct judge *j, struct file *f, const struct elf *elf, size_t *budget,
			     struct elf_dynamic *ret) MUST_CHECK;
enum elf_status file_wanted(struct judge *j, struct file *f, const struct elf *elf,
			    const struct elf_dynamic *dynamic, size_t *budget,
			    struct elf_wanted **ret, size_t *n) MUST_CHECK;
