/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The symbols that an ELF file needs, by its relocations, and those it defines, by its hash table.
 */
#include "program/elf-internal.h"

#define RELOCATIONS_MAX 65536u /* of one table */
#define SYMBOLS_MAX	65536u /* of one file */
#define WANTED_MAX	4096u
#define CHAIN_MAX	4096u /* symbols with one hash value */
#define NAME_MAX_BYTES	512u  /* of a symbol: longer ones, of C++, are skipped */

/* Relocations that copy a variable of a library into the program. */
static const struct {
	uint16_t machine;
	uint32_t type;
} copies[] = {
	{ EM_X86_64, R_X86_64_COPY }, { EM_386, R_386_COPY },	  { EM_AARCH64, R_AARCH64_COPY },
	{ EM_ARM, R_ARM_COPY },	      { EM_RISCV, R_RISCV_COPY }, { EM_PPC64, R_PPC64_COPY },
	{ EM_S390, R_390_COPY },
};

struct finder {
	struct elf_source *src;
	const struct elf *elf;
	const struct elf_tables *tables;
	struct arena *arena;
	size_t *budget;
	unsigned char *seen; /* a bit for each symbol */
	struct elf_wanted *wanted;
	size_t n;
};

static bool at_address(struct elf_source *src, const struct elf *elf, uint64_t address, void *buf,
		       size_t size)
{
	uint64_t offset, left;

	return elf_locate(elf, address, &offset, &left) && left >= size &&
	       elf_copy(src, offset, buf, size);
}

/* The NUL-terminated name at @index, false if it is too long or not there. */
static bool name_at(struct elf_source *src, const struct elf *elf, const struct elf_tables *tables,
		    uint64_t index, char *buf)
{
	uint64_t offset, left;
	size_t len;

	if (!elf_locate(elf, tables->strings + index, &offset, &left))
		return false;
	len = left < NAME_MAX_BYTES ? (size_t)left : NAME_MAX_BYTES;
	return elf_copy(src, offset, buf, len) && memchr(buf, '\0', len);
}

struct symbol {
	uint64_t name, section;
	unsigned bind;
	uint64_t value;
};

static bool symbol_at(struct elf_source *src, const struct elf *elf,
		      const struct elf_tables *tables, uint64_t index, struct symbol *ret)
{
	unsigned char p[sizeof(Elf64_Sym)];
	const size_t size = SIZE(elf, Sym);

	if (!at_address(src, elf, tables->symbols + index * size, p, size))
		return false;
	*ret = (struct symbol){
		.name = FIELD(elf, p, Sym, st_name),
		.section = FIELD(elf, p, Sym, st_shndx),
		.bind = ELF64_ST_BIND((unsigned)FIELD(elf, p, Sym, st_info)),
		.value = FIELD(elf, p, Sym, st_value),
	};
	return true;
}

/* ---- wanted ---- */

static bool has_version(const struct finder *f, uint64_t index)
{
	unsigned char p[sizeof(Elf64_Versym)];

	return f->tables->versions &&
	       at_address(f->src, f->elf, f->tables->versions + index * sizeof(p), p, sizeof(p)) &&
	       (elf_number(f->elf, p, sizeof(p)) & 0x7fff) > VER_NDX_GLOBAL;
}

static enum elf_status take(struct finder *f, size_t bytes, void **ret)
{
	if (bytes > *f->budget)
		return ELF_NO_BUDGET;
	*f->budget -= bytes;
	*ret = arena_alloc(f->arena, bytes, 1);
	return *ret ? ELF_OK : ELF_NO_MEMORY;
}

/* The capacity is 16, then the next power of two. */
static enum elf_status grow(struct finder *f)
{
	enum elf_status status;
	void *more;

	if (f->n % 16 || (f->n & (f->n - 1)))
		return ELF_OK;
	status = take(f, (f->n ? 2 * f->n : 16) * sizeof(*f->wanted), &more);
	if (status != ELF_OK)
		return status;
	if (f->n)
		memcpy(more, f->wanted, f->n * sizeof(*f->wanted));
	f->wanted = more;
	return ELF_OK;
}

static enum elf_status add(struct finder *f, const char *name, bool late, bool copied)
{
	enum elf_status status;
	void *room = NULL;

	if (f->n == WANTED_MAX)
		return ELF_OK;
	status = grow(f);
	if (status == ELF_OK)
		status = take(f, strlen(name) + 1, &room);
	if (status != ELF_OK)
		return status;
	memcpy(room, name, strlen(name) + 1);
	f->wanted[f->n++] = (struct elf_wanted){ room, late, copied };
	return ELF_OK;
}

static bool is_copy(const struct elf *elf, uint64_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(copies); i++)
		if (copies[i].machine == elf->machine && copies[i].type == type)
			return true;
	return false;
}

static enum elf_status note(struct finder *f, uint64_t info, bool late)
{
	const uint64_t index = f->elf->is_64 ? ELF64_R_SYM(info) : ELF32_R_SYM(info);
	const uint64_t type = f->elf->is_64 ? ELF64_R_TYPE(info) : ELF32_R_TYPE(info);
	const bool copied = is_copy(f->elf, type);
	char name[NAME_MAX_BYTES];
	struct symbol s;

	if (index == 0 || index >= SYMBOLS_MAX || f->seen[index / 8] & 1u << index % 8)
		return ELF_OK;
	f->seen[index / 8] |= (unsigned char)(1u << index % 8);
	/* Versions first: their table is small, and with it most symbols need not be read. */
	if (has_version(f, index) || !symbol_at(f->src, f->elf, f->tables, index, &s) ||
	    s.bind != STB_GLOBAL || (s.section != SHN_UNDEF && !copied) ||
	    !name_at(f->src, f->elf, f->tables, s.name, name) || !name[0])
		return ELF_OK;
	return add(f, name, late, copied);
}

static enum elf_status read_table(struct finder *f, const struct elf_relocations *table, bool late)
{
	unsigned char p[64 * sizeof(Elf64_Rela)];
	const size_t size = table->with_addend ? SIZE(f->elf, Rela) : SIZE(f->elf, Rel);
	enum elf_status status = ELF_OK;
	uint64_t n = table->size / size;

	if (!table->address || n > RELOCATIONS_MAX)
		return ELF_OK;
	/* By the piece: the two windows are for the symbols and their versions. */
	for (uint64_t i = table->n_relative; status == ELF_OK && i < n;) {
		const size_t some = n - i < 64 ? (size_t)(n - i) : 64;

		if (!budget_steps(f->src->budget, some / 2 + some * (f->elf->n_loads / 16)))
			return ELF_SPENT;
		if (!at_address(f->src, f->elf, table->address + i * size, p, some * size))
			return ELF_OK;
		for (size_t k = 0; status == ELF_OK && k < some; k++)
			status = note(f, FIELD(f->elf, p + k * size, Rel, r_info), late);
		i += some;
	}
	return status;
}

enum elf_status elf_read_wanted(struct elf_source *src, const struct elf *elf,
				const struct elf_dynamic *dynamic, struct arena *arena,
				size_t *budget, struct elf_wanted **ret, size_t *n)
{
	const struct elf_tables *tables = &dynamic->tables;
	struct finder f = { src, elf, tables, arena, budget, NULL, NULL, 0 };
	enum elf_status status;
	unsigned char seen[SYMBOLS_MAX / 8] = { 0 };

	*ret = NULL;
	*n = 0;
	/* MIPS has its own tables. */
	if (!tables->symbols || !tables->strings || elf->machine == EM_MIPS)
		return ELF_OK;
	f.seen = seen;
	status = read_table(&f, &tables->relocations[0], false);
	if (status == ELF_OK)
		status = read_table(&f, &tables->relocations[1], false);
	if (status == ELF_OK)
		status = read_table(&f, &tables->relocations[2], !dynamic->bind_now);
	if (status != ELF_OK)
		return status;
	*ret = f.wanted;
	*n = f.n;
	return src->errnum ? ELF_UNREADABLE : ELF_OK;
}

/* ---- defined ---- */

struct lookup {
	struct elf_source *src;
	const struct elf *elf;
	const struct elf_tables *tables;
	const char *name;
};

static bool word(const struct lookup *l, uint64_t address, uint32_t *ret)
{
	unsigned char p[4];

	if (!budget_steps(l->src->budget, ELF_STEPS_LOCATE(l->elf)) ||
	    !at_address(l->src, l->elf, address, p, sizeof(p)))
		return false;
	*ret = (uint32_t)elf_number(l->elf, p, sizeof(p));
	return true;
}

static enum truth is_it(const struct lookup *l, uint32_t index)
{
	char name[NAME_MAX_BYTES];
	struct symbol s;

	if (!budget_steps(l->src->budget, 2 * ELF_STEPS_LOCATE(l->elf)) ||
	    !symbol_at(l->src, l->elf, l->tables, index, &s))
		return UNKNOWN;
	if (s.section == SHN_UNDEF || s.bind == STB_LOCAL)
		return NO;
	/* One that is too long is not it. */
	return name_at(l->src, l->elf, l->tables, s.name, name) && streq(name, l->name) ? YES : NO;
}

static uint32_t gnu_hash(const char *name)
{
	uint32_t h = 5381;

	for (; *name; name++)
		h = h * 33 + (unsigned char)*name;
	return h;
}

static enum truth find_gnu(const struct lookup *l)
{
	const uint64_t at = l->tables->gnu_hash;
	const uint32_t hash = gnu_hash(l->name);
	uint32_t n_buckets, first, n_bloom, index, value;
	uint64_t buckets, chain;

	if (!word(l, at, &n_buckets) || !word(l, at + 4, &first) || !word(l, at + 8, &n_bloom) ||
	    !n_buckets)
		return UNKNOWN;
	buckets = at + 16 + n_bloom * (uint64_t)(l->elf->is_64 ? 8 : 4);
	chain = buckets + n_buckets * UINT64_C(4);
	if (!word(l, buckets + hash % n_buckets * UINT64_C(4), &index))
		return UNKNOWN;
	for (uint32_t i = 0; index >= first && i < CHAIN_MAX; i++, index++) {
		enum truth is = NO;

		if (!word(l, chain + (index - first) * UINT64_C(4), &value))
			return UNKNOWN;
		if ((value | 1) == (hash | 1))
			is = is_it(l, index);
		if (is != NO)
			return is;
		if (value & 1)
			return NO;
	}
	return index < first ? NO : UNKNOWN;
}

static uint32_t sysv_hash(const char *name)
{
	uint32_t h = 0;

	for (; *name; name++) {
		h = (h << 4) + (unsigned char)*name;
		h = (h ^ (h >> 24 & 0xf0)) & 0x0fffffff;
	}
	return h;
}

static enum truth find_sysv(const struct lookup *l)
{
	const uint64_t at = l->tables->hash;
	uint32_t n_buckets, index;

	/* Its words have 8 bytes there. */
	if (l->elf->machine == EM_S390 && l->elf->is_64)
		return UNKNOWN;
	if (!word(l, at, &n_buckets) || !n_buckets ||
	    !word(l, at + 8 + sysv_hash(l->name) % n_buckets * UINT64_C(4), &index))
		return UNKNOWN;
	for (unsigned i = 0; index && i < CHAIN_MAX; i++) {
		enum truth is = is_it(l, index);

		if (is != NO)
			return is;
		if (!word(l, at + 8 + (n_buckets + (uint64_t)index) * 4, &index))
			return UNKNOWN;
	}
	return index ? UNKNOWN : NO;
}

enum truth elf_defines(struct elf_source *src, const struct elf *elf,
		       const struct elf_tables *tables, const char *name)
{
	const struct lookup l = { src, elf, tables, name };

	if (!tables->symbols || !tables->strings || elf->machine == EM_MIPS)
		return UNKNOWN;
	if (tables->gnu_hash)
		return find_gnu(&l);
	return tables->hash ? find_sysv(&l) : UNKNOWN;
}
