/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the ELF reader, with files built byte by byte. */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "program/elf.h"
#include "test.h"

/* ---- files made byte by byte ---- */

/*
 * An ELF file of either class and byte order: header, program headers (one LOAD of everything, one
 * INTERP, one DYNAMIC), a dynamic section, strings, versions. What a test wants broken it pokes.
 */
struct made {
	unsigned char data[4096];
	size_t len;
	bool is_64, is_big;
	size_t headers, interpreter, dynamic, strings, needs, versions; /* offsets */
	size_t reads, failing;						/* of the callback */
};

#define BASE 0x10000u /* address of the LOAD */

static void put(struct made *m, size_t at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		m->data[at + i] =
			(unsigned char)(value >> (m->is_big ? 8 * (size - 1 - i) : 8 * i));
}

#define AT(m, type, member) \
	((m)->is_64 ? offsetof(Elf64_##type, member) : offsetof(Elf32_##type, member))
#define SIZE_OF(m, type, member)                                   \
	((m)->is_64 ? sizeof(((const Elf64_##type *)NULL)->member) \
		    : sizeof(((const Elf32_##type *)NULL)->member))
#define TYPE_SIZE(m, type) ((m)->is_64 ? sizeof(Elf64_##type) : sizeof(Elf32_##type))
#define PUT(m, at, type, member, value) \
	put(m, (at) + AT(m, type, member), SIZE_OF(m, type, member), value)

static void put_segment(struct made *m, unsigned i, uint32_t type, size_t offset, size_t size)
{
	const size_t at = m->headers + i * TYPE_SIZE(m, Phdr);

	PUT(m, at, Phdr, p_type, type);
	PUT(m, at, Phdr, p_flags, PF_R | PF_X);
	PUT(m, at, Phdr, p_offset, offset);
	PUT(m, at, Phdr, p_vaddr, BASE + offset);
	PUT(m, at, Phdr, p_filesz, size);
	PUT(m, at, Phdr, p_memsz, size);
}

static void put_entry(struct made *m, unsigned i, uint64_t tag, uint64_t value)
{
	const size_t at = m->dynamic + i * TYPE_SIZE(m, Dyn);

	PUT(m, at, Dyn, d_tag, tag);
	PUT(m, at, Dyn, d_un, value);
}

static uint32_t put_string(struct made *m, const char *s)
{
	const size_t at = m->len;

	memcpy(m->data + at, s, strlen(s) + 1);
	m->len += strlen(s) + 1;
	return (uint32_t)(at - m->strings);
}

/* One Verneed with two versions of libc.so.6, the second weak, and two Verdefs. */
static void put_versions(struct made *m, uint32_t file, uint32_t strong, uint32_t weak)
{
	m->needs = m->len;
	put(m, m->needs, 2, VER_NEED_CURRENT);
	put(m, m->needs + 4, 4, file);
	put(m, m->needs + 8, 4, 16);
	put(m, m->needs + 16 + 8, 4, strong);
	put(m, m->needs + 16 + 12, 4, 16);
	put(m, m->needs + 32 + 4, 2, VER_FLG_WEAK);
	put(m, m->needs + 32 + 8, 4, weak);
	m->versions = m->needs + 48;
	put(m, m->versions, 2, VER_DEF_CURRENT);
	put(m, m->versions + 12, 4, 20);
	put(m, m->versions + 16, 4, 28);
	put(m, m->versions + 20, 4, strong);
	put(m, m->versions + 28, 2, VER_DEF_CURRENT);
	put(m, m->versions + 28 + 12, 4, 20);
	put(m, m->versions + 28 + 20, 4, weak);
	m->len = m->versions + 28 + 28;
}

static void put_dynamic(struct made *m)
{
	const uint32_t libc = put_string(m, "libc.so.6"), libm = put_string(m, "libm.so.6");
	unsigned n = 0;

	put_entry(m, n++, DT_NEEDED, libc);
	put_entry(m, n++, DT_STRTAB, BASE + m->strings);
	put_entry(m, n++, DT_NEEDED, libm);
	put_entry(m, n++, DT_SONAME, put_string(m, "libmade.so"));
	put_entry(m, n++, DT_RPATH, put_string(m, "/old"));
	put_entry(m, n++, DT_RUNPATH, put_string(m, "$ORIGIN/lib"));
	put_entry(m, n++, DT_FLAGS_1, DF_1_NODEFLIB | DF_1_PIE);
	put_versions(m, libc, put_string(m, "MADE_1"), put_string(m, "MADE_2"));
	put_entry(m, n++, DT_VERNEED, BASE + m->needs);
	put_entry(m, n++, DT_VERDEF, BASE + m->versions);
	put_entry(m, n++, DT_VERSYM, BASE);
	put_entry(m, n++, DT_NULL, 0);
	put_entry(m, n++, DT_NEEDED, libc); /* past the end */
	put_segment(m, 2, PT_DYNAMIC, m->dynamic, n * TYPE_SIZE(m, Dyn));
}

static void make(struct made *m, bool is_64, bool is_big)
{
	static const char loader[] = "/lib/ld.so.1";

	*m = (struct made){ .is_64 = is_64, .is_big = is_big };
	memcpy(m->data, ELFMAG, SELFMAG);
	m->data[EI_CLASS] = is_64 ? ELFCLASS64 : ELFCLASS32;
	m->data[EI_DATA] = is_big ? ELFDATA2MSB : ELFDATA2LSB;
	m->data[EI_VERSION] = EV_CURRENT;
	PUT(m, 0, Ehdr, e_type, ET_DYN);
	PUT(m, 0, Ehdr, e_machine, is_big ? EM_S390 : is_64 ? EM_X86_64 : EM_386);
	PUT(m, 0, Ehdr, e_version, EV_CURRENT);
	PUT(m, 0, Ehdr, e_entry, BASE + 8);
	m->headers = TYPE_SIZE(m, Ehdr);
	PUT(m, 0, Ehdr, e_phoff, m->headers);
	PUT(m, 0, Ehdr, e_phentsize, TYPE_SIZE(m, Phdr));
	PUT(m, 0, Ehdr, e_phnum, 3);
	m->interpreter = m->headers + 3 * TYPE_SIZE(m, Phdr);
	memcpy(m->data + m->interpreter, loader, sizeof(loader));
	m->dynamic = (m->interpreter + sizeof(loader) + 15) / 16 * 16;
	m->strings = m->len = m->dynamic + 16 * TYPE_SIZE(m, Dyn);
	put_string(m, "");
	put_dynamic(m);
	put_segment(m, 0, PT_LOAD, 0, m->len);
	put_segment(m, 1, PT_INTERP, m->interpreter, sizeof(loader));
}

static ssize_t read_made(void *ctx, uint64_t offset, void *buf, size_t len)
{
	struct made *m = ctx;

	m->reads++;
	if (m->failing && m->reads >= m->failing)
		return -EIO;
	if (offset >= m->len)
		return 0;
	len = len < m->len - offset ? len : (size_t)(m->len - offset);
	memcpy(buf, m->data + offset, len);
	return (ssize_t)len;
}

/* All that can be read of a file; the first status that is not OK ends it. */
struct all {
	struct elf elf;
	const char *interpreter;
	struct elf_dynamic dynamic;
	size_t budget;
};

static struct arena *arena; /* of the test that runs */

static enum elf_status read_all(elf_read_fn *read, void *ctx, uint64_t size, struct all *ret)
{
	struct elf_source src;
	enum elf_status status;

	*ret = (struct all){ .budget = ELF_BUDGET };
	elf_source_init(&src, read, ctx, size);
	status = elf_read_header(&src, &ret->elf);
	if (status == ELF_OK)
		status = elf_read_segments(&src, &ret->elf, arena);
	if (status == ELF_OK && ret->elf.has_interpreter)
		status = elf_read_interpreter(&src, &ret->elf, arena, &ret->interpreter);
	if (status == ELF_OK)
		status = elf_read_dynamic(&src, &ret->elf, arena, &ret->budget, &ret->dynamic);
	return status;
}

static enum elf_status read_made_all(struct made *m, struct all *ret)
{
	return read_all(read_made, m, m->len, ret);
}

static void both_classes_and_byte_orders_are_read(void)
{
	for (unsigned i = 0; i < 4; i++) {
		struct made m;
		struct all all;

		make(&m, i & 1, i & 2);
		CHECK_STR(elf_status_text(read_made_all(&m, &all)), "is sound");
		CHECK_STR(all.interpreter, "/lib/ld.so.1");
		CHECK_INT(all.dynamic.n_needed, 2);
		CHECK_STR(all.dynamic.needed[0], "libc.so.6");
		CHECK_STR(all.dynamic.needed[1], "libm.so.6");
		CHECK_STR(all.dynamic.soname, "libmade.so");
		CHECK_STR(all.dynamic.rpath, "/old");
		CHECK_STR(all.dynamic.runpath, "$ORIGIN/lib");
		CHECK(all.dynamic.no_default_dirs && all.dynamic.position_independent_program);
		CHECK(all.dynamic.has_versions && all.dynamic.has_symbol_versions);
		CHECK_INT(all.dynamic.n_needs, 2);
		CHECK_STR(all.dynamic.needs[0].file, "libc.so.6");
		CHECK_STR(all.dynamic.needs[0].version, "MADE_1");
		CHECK(!all.dynamic.needs[0].weak && all.dynamic.needs[1].weak);
		CHECK_INT(all.dynamic.n_versions, 2);
		CHECK_STR(all.dynamic.versions[1], "MADE_2");
		CHECK(elf_entry_is_inside(&all.elf));
	}
}

static void the_first_interpreter_counts(void)
{
	struct made m;
	struct all all;

	make(&m, true, false);
	put_segment(&m, 2, PT_INTERP, m.strings, 2);
	CHECK_INT(read_made_all(&m, &all), ELF_OK);
	CHECK_STR(all.interpreter, "/lib/ld.so.1");
	CHECK_INT(all.dynamic.n_needed, 0);
}

static void the_entry_must_be_in_the_file_and_executable(void)
{
	struct made m;
	struct all all;

	make(&m, true, false);
	PUT(&m, 0, Ehdr, e_entry, BASE + m.len);
	CHECK_INT(read_made_all(&m, &all), ELF_OK);
	CHECK(!elf_entry_is_inside(&all.elf));
	PUT(&m, 0, Ehdr, e_entry, BASE + m.len - 1);
	CHECK_INT(read_made_all(&m, &all), ELF_OK);
	CHECK(elf_entry_is_inside(&all.elf));
	PUT(&m, m.headers, Phdr, p_flags, PF_R | PF_W);
	CHECK_INT(read_made_all(&m, &all), ELF_OK);
	CHECK(!elf_entry_is_inside(&all.elf));
	PUT(&m, 0, Ehdr, e_entry, 0);
	CHECK_INT(read_made_all(&m, &all), ELF_OK);
	CHECK(!elf_entry_is_inside(&all.elf));
}

/* Memory past the part of a segment that is in the file does not hold bytes of the file. */
static void a_structure_must_lie_in_its_segment(void)
{
	struct made m;
	struct all all;

	make(&m, true, false);
	PUT(&m, m.headers, Phdr, p_filesz, m.versions + 12);
	CHECK_INT(read_made_all(&m, &all), ELF_BAD_DYNAMIC);
}

/* A whole small file takes one read. */
static void the_head_is_read_once(void)
{
	struct made m;
	struct all all;

	make(&m, true, false);
	CHECK_INT(read_made_all(&m, &all), ELF_OK);
	CHECK_INT(m.reads, 1);
}

static void a_failing_read_is_told(void)
{
	struct made m;
	struct all all;

	make(&m, true, false);
	m.failing = 1;
	CHECK_INT(read_made_all(&m, &all), ELF_UNREADABLE);
}

/* ---- damage ---- */

/* Places, counted from where the name says. */
enum place { HEADER, LOAD, INTERP, DYNAMIC, ENTRIES, PATH, NEEDS, VERSIONS };

static size_t place_of(const struct made *m, enum place place)
{
	switch (place) {
	case HEADER:
		return 0;
	case LOAD:
	case INTERP:
	case DYNAMIC:
		return m->headers + (place - LOAD) * sizeof(Elf64_Phdr);
	case ENTRIES:
		return m->dynamic;
	case PATH:
		return m->interpreter;
	case NEEDS:
		return m->needs;
	default:
		return m->versions;
	}
}

static const uint64_t huge = UINT64_MAX - 4095;

static void damage_is_named(void)
{
	static const struct {
		enum place place;
		size_t at, size;
		uint64_t value;
		enum elf_status want;
	} rows[] = {
		{ HEADER, 0, 1, 0x7e, ELF_NO_MAGIC },
		{ HEADER, EI_CLASS, 1, 0, ELF_BAD_IDENT },
		{ HEADER, EI_CLASS, 1, ELFCLASS32, ELF_BAD_IDENT },
		{ HEADER, EI_DATA, 1, 7, ELF_BAD_IDENT },
		{ HEADER, EI_DATA, 1, ELFDATA2MSB, ELF_BAD_IDENT },
		{ HEADER, offsetof(Elf64_Ehdr, e_type), 2, ET_REL, ELF_BAD_TYPE },
		{ HEADER, offsetof(Elf64_Ehdr, e_type), 2, ET_CORE, ELF_BAD_TYPE },
		{ HEADER, offsetof(Elf64_Ehdr, e_phentsize), 2, 57, ELF_BAD_HEADER_SIZE },
		{ HEADER, offsetof(Elf64_Ehdr, e_phnum), 2, 0, ELF_NO_HEADERS },
		{ HEADER, offsetof(Elf64_Ehdr, e_phnum), 2, 1170, ELF_HEADERS_OUTSIDE },
		{ HEADER, offsetof(Elf64_Ehdr, e_phnum), 2, 1171, ELF_MANY_HEADERS },
		{ HEADER, offsetof(Elf64_Ehdr, e_phnum), 2, 0xffff, ELF_MANY_HEADERS },
		{ HEADER, offsetof(Elf64_Ehdr, e_phoff), 8, 4096, ELF_HEADERS_OUTSIDE },
		{ HEADER, offsetof(Elf64_Ehdr, e_phoff), 8, UINT64_MAX, ELF_HEADERS_OUTSIDE },
		{ LOAD, offsetof(Elf64_Phdr, p_type), 4, PT_NULL, ELF_NO_SEGMENTS },
		{ LOAD, offsetof(Elf64_Phdr, p_filesz), 8, 1, ELF_BAD_DYNAMIC },
		{ LOAD, offsetof(Elf64_Phdr, p_memsz), 8, 1, ELF_SMALL_SEGMENT },
		{ LOAD, offsetof(Elf64_Phdr, p_offset), 8, 4096, ELF_SEGMENT_OUTSIDE },
		{ LOAD, offsetof(Elf64_Phdr, p_offset), 8, 8, ELF_BAD_SEGMENT },
		{ LOAD, offsetof(Elf64_Phdr, p_offset), 8, huge, ELF_SEGMENT_OUTSIDE },
		{ LOAD, offsetof(Elf64_Phdr, p_vaddr), 8, huge, ELF_BAD_SEGMENT },
		{ LOAD, offsetof(Elf64_Phdr, p_memsz), 8, huge, ELF_BAD_SEGMENT },
		{ INTERP, offsetof(Elf64_Phdr, p_filesz), 8, 0, ELF_BAD_INTERPRETER },
		{ INTERP, offsetof(Elf64_Phdr, p_filesz), 8, 1, ELF_BAD_INTERPRETER },
		{ INTERP, offsetof(Elf64_Phdr, p_filesz), 8, 4097, ELF_BAD_INTERPRETER },
		{ INTERP, offsetof(Elf64_Phdr, p_filesz), 8, 12, ELF_BAD_INTERPRETER },
		{ INTERP, offsetof(Elf64_Phdr, p_offset), 8, UINT64_MAX, ELF_BAD_INTERPRETER },
		{ PATH, 0, 1, 0, ELF_BAD_INTERPRETER },
		{ PATH, 5, 1, 0, ELF_OK },
		{ DYNAMIC, offsetof(Elf64_Phdr, p_offset), 8, UINT64_MAX, ELF_BAD_DYNAMIC },
		{ DYNAMIC, offsetof(Elf64_Phdr, p_filesz), 8, UINT64_MAX, ELF_OK },
		{ DYNAMIC, offsetof(Elf64_Phdr, p_filesz), 8, 15, ELF_OK },
		{ ENTRIES, 8, 8, 1 << 20, ELF_BAD_DYNAMIC },   /* DT_NEEDED */
		{ ENTRIES, 16, 8, DT_DEBUG, ELF_BAD_DYNAMIC }, /* no DT_STRTAB */
		{ ENTRIES, 24, 8, 0, ELF_BAD_DYNAMIC },	       /* DT_STRTAB outside */
		{ ENTRIES, 24, 8, UINT64_MAX, ELF_BAD_DYNAMIC },
		{ ENTRIES, 56, 8, 5000, ELF_BAD_DYNAMIC }, /* DT_SONAME */
		{ NEEDS, 0, 2, 9, ELF_BAD_DYNAMIC },
		{ NEEDS, 8, 4, UINT32_MAX, ELF_BAD_DYNAMIC },  /* vn_aux */
		{ NEEDS, 12, 4, UINT32_MAX, ELF_BAD_DYNAMIC }, /* vn_next */
		{ NEEDS, 24, 4, UINT32_MAX, ELF_BAD_DYNAMIC }, /* vna_name */
		{ VERSIONS, 0, 2, 9, ELF_BAD_DYNAMIC },
		{ VERSIONS, 12, 4, UINT32_MAX, ELF_BAD_DYNAMIC }, /* vd_aux */
		{ VERSIONS, 16, 4, UINT32_MAX, ELF_BAD_DYNAMIC }, /* vd_next */
		{ VERSIONS, 20, 4, UINT32_MAX, ELF_BAD_DYNAMIC }, /* vda_name */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		enum elf_status status;
		struct made m;
		struct all all;

		make(&m, true, false);
		put(&m, place_of(&m, rows[i].place) + rows[i].at, rows[i].size, rows[i].value);
		status = read_made_all(&m, &all);
		if (status != rows[i].want)
			printf("# row %zu\n", i);
		CHECK_STR(elf_status_text(status), elf_status_text(rows[i].want));
	}
}

static void what_the_kernel_refuses_is_no_and_what_loaders_see_is_unknown(void)
{
	CHECK_INT(elf_status_verdict(ELF_OK), YES);
	for (int s = ELF_NO_MAGIC; s <= ELF_COVERED_ENTRY; s++)
		CHECK_INT(elf_status_verdict((enum elf_status)s), NO);
	for (int s = ELF_PAST_END; s <= ELF_NO_BUDGET; s++)
		CHECK_INT(elf_status_verdict((enum elf_status)s), UNKNOWN);
	CHECK_INT(elf_status_verdict(ELF_UNREADABLE), UNKNOWN);
}

static void every_truncation_is_seen(void)
{
	struct made whole;
	struct all all;

	make(&whole, true, false);
	for (size_t len = 0; len < whole.len; len++) {
		struct made m = whole;

		m.len = len;
		CHECK(elf_status_verdict(read_made_all(&m, &all)) != YES);
	}
}

/* The file got shorter since its size was asked for. */
static void a_file_that_shrinks_is_no_crash(void)
{
	struct made whole;
	struct all all;

	make(&whole, true, false);
	for (size_t len = 0; len < whole.len; len++) {
		struct made m = whole;

		m.len = len;
		CHECK(read_all(read_made, &m, whole.len, &all) != ELF_UNREADABLE);
	}
}

/* Any one byte, any value: an answer, and few reads. */
static void every_single_damage_is_safe(void)
{
	struct made whole;
	struct all all;

	make(&whole, true, false);
	for (size_t at = 0; at < whole.len; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			struct made m = whole;

			m.data[at] ^= (unsigned char)(1u << bit);
			CHECK(elf_status_text(read_made_all(&m, &all)) != NULL);
			CHECK(m.reads < 100);
		}
}

/* ---- limits: files that repeat one pattern for ever, from FROM on ---- */

#define FROM 1024u

struct endless {
	struct made m;
	uint64_t failing; /* from that offset on; 0: never */
	size_t step;	  /* of the pattern; 0: letters */
	unsigned char pattern[32];
};

static ssize_t read_endless(void *ctx, uint64_t offset, void *buf, size_t len)
{
	struct endless *e = ctx;
	unsigned char *to = buf;

	if (e->failing && offset >= e->failing)
		return -EIO;
	for (size_t i = 0; i < len; i++) {
		const uint64_t at = offset + i;

		if (at < e->m.len)
			to[i] = e->m.data[at];
		else
			to[i] = e->step ? e->pattern[at % e->step] : 'x';
	}
	return (ssize_t)len;
}

static const char *read_without_end(struct endless *e, size_t dynamic_size, size_t budget)
{
	const uint64_t size = (uint64_t)1 << 30;
	struct elf_dynamic dynamic;
	struct elf_source src;
	struct elf elf;

	put_segment(&e->m, 0, PT_LOAD, 0, size);
	if (dynamic_size)
		put_segment(&e->m, 2, PT_DYNAMIC, FROM, dynamic_size);
	elf_source_init(&src, read_endless, e, size);
	CHECK_INT(elf_read_header(&src, &elf), ELF_OK);
	CHECK_INT(elf_read_segments(&src, &elf, arena), ELF_OK);
	return elf_status_text(elf_read_dynamic(&src, &elf, arena, &budget, &dynamic));
}

static void too_many_entries_are_told(void)
{
	struct endless e = { .step = 16, .pattern = { DT_DEBUG } };

	make(&e.m, true, false);
	CHECK_STR(read_without_end(&e, (size_t)1 << 29, ELF_BUDGET),
		  "has more than 4096 dynamic entries");
}

static void too_many_needed_are_told(void)
{
	struct endless e = { .step = 16, .pattern = { DT_NEEDED } };

	make(&e.m, true, false);
	e.m.dynamic = FROM;
	put_entry(&e.m, 0, DT_STRTAB, BASE + e.m.strings);
	e.m.len = FROM + 16;
	CHECK_STR(read_without_end(&e, 514 * 16, ELF_BUDGET), "needs more than 512 libraries");
	CHECK_STR(read_without_end(&e, 513 * 16, ELF_BUDGET), "is sound");
}

static void too_many_versions_are_told(void)
{
	struct endless e = { .step = 32, .pattern = { VER_DEF_CURRENT, [12] = 20, [16] = 32 } };

	make(&e.m, true, false);
	put_entry(&e.m, 8, DT_VERDEF, BASE + FROM);
	CHECK_STR(read_without_end(&e, 0, ELF_BUDGET), "names more than 4096 symbol versions");
	CHECK_STR(read_without_end(&e, 0, 1000), "makes the names of all libraries exceed 4 MiB");
}

static void a_name_without_end_is_told(void)
{
	struct endless e = { .step = 0 };

	make(&e.m, true, false);
	put_entry(&e.m, 3, DT_SONAME, 8192);
	CHECK_STR(read_without_end(&e, 0, ELF_BUDGET), "contains a name of more than 4095 bytes");
}

static void a_later_read_that_fails_is_told(void)
{
	struct endless e = { .failing = 4096 };

	make(&e.m, true, false);
	put_entry(&e.m, 3, DT_SONAME, 8192);
	CHECK_STR(read_without_end(&e, 0, ELF_BUDGET), "cannot be read");
}

static void an_interpreter_of_more_than_a_path_is_refused(void)
{
	struct endless e = { .step = 16, .pattern = "0123456789abcde" };
	const uint64_t sizes[] = { 4096, 4097, 100000, UINT64_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct elf_source src;
		struct elf elf;
		const char *path = NULL;

		make(&e.m, true, false);
		put_segment(&e.m, 0, PT_LOAD, 0, (uint64_t)1 << 30);
		put_segment(&e.m, 1, PT_INTERP, 8192, sizes[i]);
		elf_source_init(&src, read_endless, &e, (uint64_t)1 << 30);
		CHECK_INT(elf_read_header(&src, &elf), ELF_OK);
		CHECK_INT(elf_read_segments(&src, &elf, arena), ELF_OK);
		CHECK_INT(elf_read_interpreter(&src, &elf, arena, &path),
			  i == 0 ? ELF_OK : ELF_BAD_INTERPRETER);
	}
}

/* ---- machines ---- */

static void machines_have_names(void)
{
	static const struct {
		const char *uname, *name, *goarch;
	} rows[] = {
		{ "x86_64", "x86_64", "amd64" },     { "i686", "i386", "386" },
		{ "aarch64", "aarch64", "arm64" },   { "arm64", "aarch64", "arm64" },
		{ "armv7l", "arm", "arm" },	     { "ppc64le", "ppc64le", "ppc64le" },
		{ "riscv64", "riscv64", "riscv64" }, { "loongarch64", "loongarch64", "loong64" },
	};
	struct elf elf;

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		SKIP("these are names of little-endian machines");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CHECK(elf_of_machine(rows[i].uname, &elf));
		CHECK_STR(elf_machine_name(&elf), rows[i].name);
		CHECK_STR(elf_goarch(&elf), rows[i].goarch);
	}
	CHECK(!elf_of_machine("s390x", &elf));
	CHECK(!elf_of_machine("vax", &elf));
	elf = (struct elf){ .machine = EM_VAX };
	CHECK_STR(elf_machine_name(&elf), NULL);
	CHECK_STR(elf_goarch(&elf), NULL);
}

static void relatives_are_known(void)
{
	const struct elf x86_64 = { .machine = EM_X86_64, .is_64 = true };
	const struct elf i386 = { .machine = EM_386 }, x32 = { .machine = EM_X86_64 };
	const struct elf arm = { .machine = EM_ARM }, vax = { .machine = EM_VAX };
	const struct elf s390x = { .machine = EM_S390, .is_64 = true, .is_big = true };

	CHECK(elf_same_machine(&x86_64, &x86_64) && !elf_same_machine(&x86_64, &x32));
	CHECK(elf_related_machine(&x86_64, &i386) && elf_related_machine(&i386, &x86_64));
	CHECK(elf_related_machine(&x86_64, &x32) && !elf_related_machine(&x86_64, &x86_64));
	CHECK(!elf_related_machine(&x86_64, &arm) && !elf_related_machine(&x86_64, &s390x));
	CHECK(!elf_related_machine(&vax, &x86_64));
}

/* ---- what a compiler makes ---- */

static unsigned reads;

static ssize_t read_file(void *ctx, uint64_t offset, void *buf, size_t len)
{
	reads++;
	ssize_t n = pread(*(int *)ctx, buf, len, (off_t)offset);

	return n < 0 ? -errno : n;
}

static enum elf_status read_real(const char *dir, const char *name, struct all *ret)
{
	enum elf_status status = ELF_UNREADABLE;
	char path[128];
	struct stat st;
	int fd;

	reads = 0;
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY);
	if (fd >= 0 && fstat(fd, &st) == 0)
		status = read_all(read_file, &fd, (uint64_t)st.st_size, ret);
	close(fd);
	return status;
}

static bool needs_version(const struct elf_dynamic *d, const char *file, const char *version)
{
	for (size_t i = 0; i < d->n_needs; i++)
		if (streq(d->needs[i].file, file) && streq(d->needs[i].version, version))
			return true;
	return false;
}

static void check_real(const char *dir)
{
	struct all all;

	CHECK_INT(read_real(dir, "lib.so", &all), ELF_OK);
	CHECK_STR(all.dynamic.soname, "libreal.so.1");
	CHECK(!all.elf.has_interpreter && all.dynamic.has_versions);
	CHECK_STR(all.dynamic.versions[1], "REAL_1");
	CHECK_INT(read_real(dir, "dynamic", &all), ELF_OK);
	CHECK(all.elf.has_interpreter && all.interpreter[0] == '/');
	CHECK_STR(all.dynamic.needed[0], "libreal.so.1");
	CHECK(needs_version(&all.dynamic, "libreal.so.1", "REAL_1"));
	CHECK_STR(all.dynamic.runpath, "$ORIGIN");
	/* Two windows are enough for tables and strings that lie apart. */
	CHECK(reads <= 4);
	CHECK_STR(all.dynamic.rpath, NULL);
	CHECK(all.dynamic.position_independent_program);
	CHECK_INT(read_real(dir, "rpath", &all), ELF_OK);
	CHECK_STR(all.dynamic.rpath, "/a:/b");
	CHECK_STR(all.dynamic.runpath, NULL);
	CHECK_INT(read_real(dir, "static", &all), ELF_OK);
	CHECK(!all.elf.has_interpreter && elf_entry_is_inside(&all.elf));
	CHECK_INT(all.dynamic.n_needed, 0);
	CHECK_INT(read_real(dir, "static-pie", &all), ELF_OK);
	CHECK(!all.elf.has_interpreter && elf_entry_is_inside(&all.elf));
	CHECK_INT(all.elf.type, ET_DYN);
	CHECK_INT(read_real(dir, "object.o", &all), ELF_BAD_TYPE);
}

static void files_of_the_real_compiler_are_read(void)
{
	static const char script[] =
		"cd %s && CC=${CC:-cc} && echo 'REAL_1 { global: f; local: *; };' >v &&"
		"echo 'int f(void) { return 0; }' >f.c &&"
		"echo 'int f(void); int main(void) { return f(); }' >m.c &&"
		"echo 'int main(void) { return 0; }' >s.c &&"
		"$CC -shared -fPIC -Wl,-soname,libreal.so.1,--version-script,v -o lib.so f.c &&"
		"$CC -fPIE -pie -Wl,--enable-new-dtags,-rpath,'$ORIGIN' -o dynamic m.c lib.so &&"
		"$CC -Wl,--disable-new-dtags,-rpath,/a:/b -o rpath m.c lib.so &&"
		"$CC -static -o static s.c && $CC -static-pie -o static-pie s.c &&"
		"$CC -c -o object.o s.c";
	char dir[] = "/tmp/test-elf.XXXXXX", command[1024];
	int made;

	CHECK(mkdtemp(dir) != NULL);
	snprintf(command, sizeof(command), script, dir);
	made = system(command);
	CHECK_INT(made, 0);
	check_real(dir);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	CHECK_INT(system(command), 0);
}

#define RUN_IN_ARENA(test)           \
	do {                         \
		arena = arena_new(); \
		RUN(test);           \
		arena_free(arena);   \
	} while (0)

int main(void)
{
	RUN_IN_ARENA(both_classes_and_byte_orders_are_read);
	RUN_IN_ARENA(the_first_interpreter_counts);
	RUN_IN_ARENA(the_entry_must_be_in_the_file_and_executable);
	RUN_IN_ARENA(a_structure_must_lie_in_its_segment);
	RUN_IN_ARENA(the_head_is_read_once);
	RUN_IN_ARENA(a_failing_read_is_told);
	RUN_IN_ARENA(damage_is_named);
	RUN_IN_ARENA(what_the_kernel_refuses_is_no_and_what_loaders_see_is_unknown);
	RUN_IN_ARENA(every_truncation_is_seen);
	RUN_IN_ARENA(a_file_that_shrinks_is_no_crash);
	RUN_IN_ARENA(every_single_damage_is_safe);
	RUN_IN_ARENA(too_many_entries_are_told);
	RUN_IN_ARENA(too_many_needed_are_told);
	RUN_IN_ARENA(too_many_versions_are_told);
	RUN_IN_ARENA(a_name_without_end_is_told);
	RUN_IN_ARENA(a_later_read_that_fails_is_told);
	RUN_IN_ARENA(an_interpreter_of_more_than_a_path_is_refused);
	RUN_IN_ARENA(machines_have_names);
	RUN_IN_ARENA(relatives_are_known);
	RUN_IN_ARENA(files_of_the_real_compiler_are_read);
	return DONE();
}
