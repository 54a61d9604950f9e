/* SPDX-License-Identifier: Apache-2.0 */
/* Reader of ELF files, for what the kernel and a dynamic loader look at. */
#pragma once

#include <sys/types.h>

#include "base/arena.h"

/*
 * A reader of ELF files (elf(5)) for what a loader looks at: header, segments, dynamic section,
 * symbol versions. It reads through a callback, in windows of 4 KiB, and believes nothing: every
 * offset, size and count is checked, every loop has a limit.
 */

/* As pread(2): bytes read, 0 at the end, or a negative errno. */
typedef ssize_t elf_read_fn(void *ctx, uint64_t offset, void *buf, size_t len);

#define ELF_WINDOW ((size_t)4096)

struct elf_window {
	uint64_t at; /* multiple of ELF_WINDOW */
	size_t len;  /* 0: unused */
};

/*
 * The bytes of one file. The first window stays, so that everybody shares one read of it. Their
 * bytes are at the end: memory that no window is read into is not touched.
 */
struct elf_source {
	elf_read_fn *read;
	void *ctx;
	struct budget *budget; /* of the container; NULL: none */
	uint64_t size;	       /* of the file, in bytes */
	int errnum;	       /* of a read that failed; 0 if none did */
	unsigned turn;
	bool has_head;
	struct elf_window windows[3]; /* the first is of the file's beginning */
	unsigned char data[3][ELF_WINDOW];
};

void elf_source_init(struct elf_source *src, elf_read_fn *read, void *ctx, uint64_t size);

/* The file's first bytes: at most ELF_WINDOW of them at *@ret. How many, or a negative errno. */
ssize_t elf_head(struct elf_source *src, const unsigned char **ret);

enum elf_status {
	ELF_OK,
	ELF_NO_MEMORY,
	ELF_UNREADABLE, /* see errnum of the source */
	/* Refused by execve(2): ENOEXEC; in an interpreter ELIBBAD. */
	ELF_NO_MAGIC,
	ELF_SHORT_HEADER,
	ELF_BAD_TYPE,
	ELF_BAD_HEADER_SIZE,
	ELF_NO_HEADERS,
	ELF_MANY_HEADERS,
	ELF_HEADERS_OUTSIDE,
	ELF_BAD_INTERPRETER,
	/* Killed by a signal, past execve(2)'s point of no return. */
	ELF_NO_SEGMENTS,
	ELF_SEGMENT_OUTSIDE,
	ELF_SMALL_SEGMENT, /* by execve(2); of a library only some loaders mind */
	ELF_BAD_SEGMENT,
	ELF_AT_ZERO,
	ELF_COVERED_ENTRY,
	/* Not judged: parts that only some loaders read, and hookwright's own limits. */
	ELF_PAST_END,
	ELF_STRANGE_PLACE,
	ELF_OVERLAP,
	ELF_LARGE,
	ELF_BAD_IDENT,
	ELF_BAD_DYNAMIC,
	ELF_MANY_DYNAMIC,
	ELF_MANY_NEEDED,
	ELF_MANY_VERSIONS,
	ELF_LONG_STRING,
	ELF_NO_BUDGET,
	ELF_SPENT, /* the source's budget */
};

/* The defect, to follow the file's name: "is truncated inside its ELF header". */
const char *elf_status_text(enum elf_status status);

/* NO: such a file cannot be run or loaded. UNKNOWN: it cannot be judged. YES: ELF_OK. */
enum truth elf_status_verdict(enum elf_status status);

struct elf_load {
	uint64_t address, offset, size; /* size: of the part that is in the file */
	uint64_t memory;		/* all of it */
	bool executable, writable;
};

struct elf_span {
	uint64_t offset, size;
};

struct elf {
	bool is_64, is_big; /* by e_ident, which the kernel does not look at */
	unsigned char ident[16];
	uint16_t type, machine; /* e_type, e_machine */
	uint32_t version;	/* e_version */
	uint64_t entry;		/* e_entry */
	uint64_t headers;	/* e_phoff */
	unsigned n_headers;
	struct elf_load *loads;
	size_t n_loads;
	bool has_interpreter;
	struct elf_span interpreter, dynamic; /* size 0: none */
};

/* The file header alone; enough for the functions at the end of this file. */
enum elf_status elf_read_header(struct elf_source *src, struct elf *ret) MUST_CHECK;

/* The program headers, into an @elf that elf_read_header() has filled; loads are from @arena. */
enum elf_status elf_read_segments(struct elf_source *src, struct elf *elf,
				  struct arena *arena) MUST_CHECK;

/* PT_INTERP's path, by the kernel's rules. Only if has_interpreter. */
enum elf_status elf_read_interpreter(struct elf_source *src, const struct elf *elf,
				     struct arena *arena, const char **ret) MUST_CHECK;

/* Whether the entry point lies in an executable segment. */
bool elf_entry_is_inside(const struct elf *elf);

/* A version that the file needs of another object (DT_VERNEED). */
struct elf_need {
	const char *file, *version;
	bool weak;
};

/* Where the tables of symbols and relocations are in memory; 0: there is none. */
struct elf_tables {
	uint64_t symbols, strings, versions, hash, gnu_hash;
	struct elf_relocations {
		uint64_t address, size; /* size in bytes */
		uint64_t n_relative;	/* so many at its beginning are of no symbol */
		bool with_addend;	/* Rela, not Rel */
	} relocations[3];		/* the last one: of calls, which may be bound late */
};

/* The dynamic section, as far as it decides what is loaded. Absent strings are NULL. */
struct elf_dynamic {
	const char **needed;
	size_t n_needed;
	const char *soname, *rpath, *runpath;
	bool no_default_dirs;		   /* DF_1_NODEFLIB */
	bool position_independent_program; /* DF_1_PIE */
	struct elf_need *needs;
	size_t n_needs;
	const char **versions; /* DT_VERDEF */
	size_t n_versions;
	bool has_versions;
	bool bind_now; /* DF_BIND_NOW, DF_1_NOW or DT_BIND_NOW */
	struct elf_tables tables;
	bool has_symbol_versions; /* DT_VERSYM: some symbol has one, be it of another object */
};

/* The share of @budget below for all objects of one program together. */
#define ELF_BUDGET ((size_t)4 << 20)

/*
 * @budget: how many bytes of memory may still be taken, counted down; running out of it is
 * ELF_NO_BUDGET. A file without a dynamic section yields an empty one.
 */
enum elf_status elf_read_dynamic(struct elf_source *src, const struct elf *elf, struct arena *arena,
				 size_t *budget, struct elf_dynamic *ret) MUST_CHECK;

/* ---- program/elf-symbols.c ---- */

/*
 * A symbol that relocations need from another object, without a version: versions
 * are checked by DT_VERNEED.
 */
struct elf_wanted {
	const char *name;
	bool late;   /* only calls want it: it is looked up at the first one */
	bool copied; /* the program has it itself, but a copy of another object's */
};

/*
 * The strong ones that @dynamic's relocations name. A file with tables that are too large or that
 * are not understood (MIPS) yields none. ELF_NO_BUDGET and so on as above.
 */
enum elf_status elf_read_wanted(struct elf_source *src, const struct elf *elf,
				const struct elf_dynamic *dynamic, struct arena *arena,
				size_t *budget, struct elf_wanted **ret, size_t *n) MUST_CHECK;

/* Whether the file defines @name, of whatever version, for others. */
enum truth elf_defines(struct elf_source *src, const struct elf *elf,
		       const struct elf_tables *tables, const char *name);

/* "x86_64", "aarch64", ...; NULL for a machine without a name here. */
const char *elf_machine_name(const struct elf *elf);

/* GOARCH, "amd64"; NULL for what has none. */
const char *elf_goarch(const struct elf *elf);

/* This host's machine, class and byte order by its uname(2) name; false if it is not known. */
bool elf_of_machine(const char *uname_machine, struct elf *ret);

/* Same machine, class and byte order. */
bool elf_same_machine(const struct elf *a, const struct elf *b);

/* Relatives such as i386 and x86_64: kernels of the one may run the other. */
bool elf_related_machine(const struct elf *a, const struct elf *b);
