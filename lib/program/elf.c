/* SPDX-License-Identifier: Apache-2.0 */
/* Reads ELF headers, segments and the dynamic section of hostile files. Pure but for its reader. */
#include "program/elf-internal.h"

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

#define PAGE		((uint64_t)4096) /* the smallest of any machine */
#define ADDRESS_MAX	(UINT64_C(1) << 56)
#define HEADERS_MAX	65536u /* bytes; fs/binfmt_elf.c */
#define INTERPRETER_MAX 4096u  /* PATH_MAX, with its NUL; likewise */
#define DYNAMIC_MAX	4096u
#define NEEDED_MAX	512u
#define VERSIONS_MAX	4096u
#define STRING_MAX	4096u /* with its NUL */

/* ---- bytes ---- */

void elf_source_init(struct elf_source *src, elf_read_fn *read, void *ctx, uint64_t size)
{
	src->read = read;
	src->ctx = ctx;
	src->budget = NULL;
	src->size = size;
	src->errnum = 0;
	src->turn = 0;
	src->has_head = false;
	for (size_t i = 0; i < ARRAY_SIZE(src->windows); i++)
		src->windows[i].len = 0;
}

static size_t fill(struct elf_source *src, size_t i, uint64_t at)
{
	struct elf_window *w = &src->windows[i];
	ssize_t n = src->read(src->ctx, at, src->data[i], ELF_WINDOW);

	w->at = at;
	w->len = n < 0 ? 0 : (size_t)n < ELF_WINDOW ? (size_t)n : ELF_WINDOW;
	if (n < 0)
		src->errnum = (int)-n;
	return i;
}

/* Which window has the bytes from @at on. */
static size_t window(struct elf_source *src, uint64_t at)
{
	if (at == 0) {
		if (!src->has_head)
			fill(src, 0, 0);
		src->has_head = true;
		return 0;
	}
	for (size_t i = 1; i < ARRAY_SIZE(src->windows); i++)
		if (src->windows[i].len && src->windows[i].at == at)
			return i;
	/* Two of them, in turn: tables and the strings they name lie apart. */
	src->turn ^= 1;
	return fill(src, 1 + src->turn, at);
}

/* The bytes at @offset that one window holds, at least one; NULL past the end of the file. */
static const unsigned char *peek(struct elf_source *src, uint64_t offset, size_t *len)
{
	size_t skip = (size_t)(offset % ELF_WINDOW), i;

	if (offset >= src->size)
		return NULL;
	i = window(src, offset - skip);
	if (src->windows[i].len <= skip)
		return NULL;
	*len = src->windows[i].len - skip;
	return src->data[i] + skip;
}

bool elf_copy(struct elf_source *src, uint64_t offset, void *buf, size_t len)
{
	unsigned char *to = buf;

	while (len) {
		size_t here;
		const unsigned char *from = peek(src, offset, &here);

		if (!from)
			return false;
		here = here < len ? here : len;
		memcpy(to, from, here);
		to += here;
		offset += here;
		len -= here;
	}
	return true;
}

ssize_t elf_head(struct elf_source *src, const unsigned char **ret)
{
	const size_t i = window(src, 0);

	*ret = src->data[i];
	return src->errnum ? -src->errnum : (ssize_t)src->windows[i].len;
}

/* A short read where bytes should be is @status, unless reading itself failed. */
static enum elf_status missing(const struct elf_source *src, enum elf_status status)
{
	return src->errnum ? ELF_UNREADABLE : status;
}

uint64_t elf_number(const struct elf *elf, const unsigned char *p, size_t size)
{
	uint64_t n = 0;

	for (size_t i = 0; i < size; i++)
		n = n << 8 | p[elf->is_big ? i : size - 1 - i];
	return n;
}

/* ---- what is wrong ---- */

static const struct {
	enum truth verdict;
	const char *text;
} statuses[] = {
	[ELF_OK] = { YES, "is sound" },
	[ELF_NO_MEMORY] = { UNKNOWN, "does not fit into memory" },
	[ELF_UNREADABLE] = { UNKNOWN, "cannot be read" },
	[ELF_NO_MAGIC] = { NO, "is not an ELF file" },
	[ELF_SHORT_HEADER] = { NO, "is truncated inside its ELF header" },
	[ELF_BAD_TYPE] = { NO, "is an ELF file, but neither a program nor a library" },
	[ELF_BAD_HEADER_SIZE] = { NO, "has ELF program headers of a wrong size" },
	[ELF_NO_HEADERS] = { NO, "does not have ELF program headers" },
	[ELF_MANY_HEADERS] = { NO, "has more than 65536 bytes of ELF program headers" },
	[ELF_HEADERS_OUTSIDE] = { NO, "is truncated: its ELF program headers lie past its end" },
	[ELF_BAD_INTERPRETER] = { NO, "names its loader (PT_INTERP) in a way that the kernel "
				      "does not accept" },
	[ELF_NO_SEGMENTS] = { NO, "does not have a segment to load" },
	[ELF_SEGMENT_OUTSIDE] = { NO, "is truncated: a segment ends past the end of the file" },
	[ELF_SMALL_SEGMENT] = { NO, "has a segment that is larger in the file than in memory" },
	[ELF_BAD_SEGMENT] = { NO, "has a segment that cannot be mapped" },
	[ELF_AT_ZERO] = { NO, "has a segment at address 0, which no process may map" },
	[ELF_COVERED_ENTRY] = { NO, "has a segment that covers its entry point" },
	[ELF_PAST_END] = { UNKNOWN, "is truncated: a segment ends past the end of the file" },
	[ELF_STRANGE_PLACE] = { UNKNOWN, "has a segment at an address that not every machine has" },
	[ELF_OVERLAP] = { UNKNOWN, "has two segments on one page" },
	[ELF_LARGE] = { UNKNOWN, "takes more than 64 GiB of memory at once" },
	[ELF_BAD_IDENT] = { UNKNOWN, "has an ELF header that contradicts itself" },
	[ELF_BAD_DYNAMIC] = { UNKNOWN, "has a damaged dynamic section" },
	[ELF_MANY_DYNAMIC] = { UNKNOWN, "has more than 4096 dynamic entries" },
	[ELF_MANY_NEEDED] = { UNKNOWN, "needs more than 512 libraries" },
	[ELF_MANY_VERSIONS] = { UNKNOWN, "names more than 4096 symbol versions" },
	[ELF_LONG_STRING] = { UNKNOWN, "contains a name of more than 4095 bytes" },
	[ELF_NO_BUDGET] = { UNKNOWN, "makes the names of all libraries exceed 4 MiB" },
	[ELF_SPENT] = { UNKNOWN, "needs more than the rest of the limit of this container" },
};

const char *elf_status_text(enum elf_status status)
{
	return statuses[status].text;
}

enum truth elf_status_verdict(enum elf_status status)
{
	return statuses[status].verdict;
}

/* ---- header and segments ---- */

/* e_ident decides how to read the rest; it is believed only if it makes sense. */
static bool read_ident(struct elf *elf, const unsigned char *p)
{
	memcpy(elf->ident, p, sizeof(elf->ident));
	elf->is_64 = elf->ident[EI_CLASS] != ELFCLASS32;
	elf->is_big = elf->ident[EI_DATA] == ELFDATA2MSB;
	return (elf->ident[EI_CLASS] == ELFCLASS64 || !elf->is_64) &&
	       (elf->ident[EI_DATA] == ELFDATA2LSB || elf->is_big);
}

static void read_fields(struct elf *elf, const unsigned char *p)
{
	elf->type = (uint16_t)FIELD(elf, p, Ehdr, e_type);
	elf->machine = (uint16_t)FIELD(elf, p, Ehdr, e_machine);
	elf->version = (uint32_t)FIELD(elf, p, Ehdr, e_version);
	elf->entry = FIELD(elf, p, Ehdr, e_entry);
	elf->headers = FIELD(elf, p, Ehdr, e_phoff);
	elf->n_headers = (unsigned)FIELD(elf, p, Ehdr, e_phnum);
}

static bool is_loadable(uint16_t type)
{
	return type == ET_EXEC || type == ET_DYN;
}

/* The kernel goes by its own class and byte order, whatever e_ident says. */
static bool is_of_other_class(const struct elf *elf, const unsigned char *p, size_t len)
{
	const struct elf other = { .is_64 = !elf->is_64, .is_big = elf->is_big };

	return len >= SIZE(&other, Ehdr) &&
	       FIELD(&other, p, Ehdr, e_phentsize) == SIZE(&other, Phdr);
}

enum elf_status elf_read_header(struct elf_source *src, struct elf *ret)
{
	struct elf elf = { 0 };
	const unsigned char *p;
	ssize_t n = elf_head(src, &p);
	bool known;

	if (n < 0)
		return ELF_UNREADABLE;
	if (n < SELFMAG || memcmp(p, ELFMAG, SELFMAG) != 0)
		return ELF_NO_MAGIC;
	if (n < EI_NIDENT)
		return ELF_SHORT_HEADER;
	known = read_ident(&elf, p);
	if ((size_t)n < SIZE(&elf, Ehdr))
		return ELF_SHORT_HEADER;
	read_fields(&elf, p);
	*ret = elf;
	if (!is_loadable(elf.type))
		return is_loadable(__builtin_bswap16(elf.type)) ? ELF_BAD_IDENT : ELF_BAD_TYPE;
	if (!known)
		return ELF_BAD_IDENT;
	if (FIELD(&elf, p, Ehdr, e_phentsize) != SIZE(&elf, Phdr))
		return is_of_other_class(&elf, p, (size_t)n) ? ELF_BAD_IDENT : ELF_BAD_HEADER_SIZE;
	if (elf.n_headers == 0)
		return ELF_NO_HEADERS;
	return elf.n_headers * SIZE(&elf, Phdr) > HEADERS_MAX ? ELF_MANY_HEADERS : ELF_OK;
}

/* A segment that mmap(2) refuses, or that ends past the file. */
static enum elf_status check_load(const struct elf_source *src, const struct elf *elf,
				  const struct elf_load *load)
{
	if (load->size > load->memory)
		return ELF_SMALL_SEGMENT;
	if ((load->address - load->offset) % PAGE != 0)
		return ELF_BAD_SEGMENT;
	if (load->address > ADDRESS_MAX || load->memory > ADDRESS_MAX)
		return ELF_BAD_SEGMENT;
	if (load->size && load->offset > ADDRESS_MAX)
		return ELF_SEGMENT_OUTSIDE;
	return elf_check_end(elf, load, src->size);
}

static enum elf_status read_segment(const struct elf_source *src, struct elf *elf,
				    const unsigned char *p)
{
	const struct elf_span span = { FIELD(elf, p, Phdr, p_offset),
				       FIELD(elf, p, Phdr, p_filesz) };

	switch (FIELD(elf, p, Phdr, p_type)) {
	case PT_LOAD:
		elf->loads[elf->n_loads++] = (struct elf_load){
			.address = FIELD(elf, p, Phdr, p_vaddr),
			.offset = span.offset,
			.size = span.size,
			.memory = FIELD(elf, p, Phdr, p_memsz),
			.executable = FIELD(elf, p, Phdr, p_flags) & PF_X,
			.writable = FIELD(elf, p, Phdr, p_flags) & PF_W,
		};
		return check_load(src, elf, &elf->loads[elf->n_loads - 1]);
	case PT_DYNAMIC:
		elf->dynamic = span;
		break;
	case PT_INTERP: /* the kernel takes the first one */
		if (!elf->has_interpreter)
			elf->interpreter = span;
		elf->has_interpreter = true;
		break;
	default:
		break;
	}
	return ELF_OK;
}

enum elf_status elf_read_segments(struct elf_source *src, struct elf *elf, struct arena *arena)
{
	enum elf_status status = ELF_OK, doubt = ELF_OK;
	const size_t size = SIZE(elf, Phdr);
	uint64_t end;

	if (__builtin_add_overflow(elf->headers, elf->n_headers * size, &end) || end > src->size)
		return ELF_HEADERS_OUTSIDE;
	if (!budget_steps(src->budget, STEPS_COMPARE(2 * elf->n_headers)))
		return ELF_SPENT;
	elf->loads = arena_alloc(arena, elf->n_headers, sizeof(*elf->loads));
	if (!elf->loads)
		return ELF_NO_MEMORY;
	for (unsigned i = 0; status == ELF_OK && i < elf->n_headers; i++) {
		unsigned char header[sizeof(Elf64_Phdr)];

		if (!elf_copy(src, elf->headers + i * size, header, size))
			return missing(src, ELF_HEADERS_OUTSIDE);
		status = read_segment(src, elf, header);
		if (status == ELF_PAST_END) {
			doubt = status;
			status = ELF_OK;
		}
	}
	if (status == ELF_OK)
		status = elf->n_loads ? elf_check_map(elf) : ELF_NO_SEGMENTS;
	return status == ELF_OK ? doubt : status;
}

enum elf_status elf_read_interpreter(struct elf_source *src, const struct elf *elf,
				     struct arena *arena, const char **ret)
{
	const struct elf_span *span = &elf->interpreter;
	char path[INTERPRETER_MAX];

	if (span->size < 2 || span->size > sizeof(path))
		return ELF_BAD_INTERPRETER;
	if (!elf_copy(src, span->offset, path, (size_t)span->size))
		return missing(src, ELF_BAD_INTERPRETER);
	if (path[span->size - 1] != '\0' || path[0] == '\0')
		return ELF_BAD_INTERPRETER;
	*ret = arena_strdup(arena, path);
	return *ret ? ELF_OK : ELF_NO_MEMORY;
}

bool elf_entry_is_inside(const struct elf *elf)
{
	for (size_t i = 0; i < elf->n_loads; i++) {
		const struct elf_load *load = &elf->loads[i];

		if (load->executable && elf->entry >= load->address &&
		    elf->entry - load->address < load->size)
			return true;
	}
	return false;
}

/* ---- dynamic section ---- */

/* The tags that are values of their own; of two equal ones a loader takes the last. */
enum slot {
	STRTAB,
	SONAME,
	RPATH,
	RUNPATH,
	FLAGS,
	FLAGS_1,
	BIND_NOW,
	VERNEED,
	VERDEF,
	VERSYM,
	SYMTAB,
	HASH,
	GNU_HASH,
	RELA,
	RELASZ,
	RELACOUNT,
	REL,
	RELSZ,
	RELCOUNT,
	JMPREL,
	PLTRELSZ,
	PLTREL,
	N_SLOTS
};

static const uint64_t slot_tags[N_SLOTS] = {
	[STRTAB] = DT_STRTAB,	    [SONAME] = DT_SONAME,   [RPATH] = DT_RPATH,
	[RUNPATH] = DT_RUNPATH,	    [FLAGS] = DT_FLAGS,	    [FLAGS_1] = DT_FLAGS_1,
	[BIND_NOW] = DT_BIND_NOW,   [VERNEED] = DT_VERNEED, [VERDEF] = DT_VERDEF,
	[VERSYM] = DT_VERSYM,	    [SYMTAB] = DT_SYMTAB,   [HASH] = DT_HASH,
	[GNU_HASH] = DT_GNU_HASH,   [RELA] = DT_RELA,	    [RELASZ] = DT_RELASZ,
	[RELACOUNT] = DT_RELACOUNT, [REL] = DT_REL,	    [RELSZ] = DT_RELSZ,
	[RELCOUNT] = DT_RELCOUNT,   [JMPREL] = DT_JMPREL,   [PLTRELSZ] = DT_PLTRELSZ,
	[PLTREL] = DT_PLTREL,
};

struct reader {
	struct elf_source *src;
	const struct elf *elf;
	struct arena *arena;
	size_t *budget;
	struct elf_dynamic *ret;
	bool given[N_SLOTS];
	uint64_t values[N_SLOTS];
};

bool elf_locate(const struct elf *elf, uint64_t address, uint64_t *offset, uint64_t *left)
{
	for (size_t i = 0; i < elf->n_loads; i++) {
		const struct elf_load *load = &elf->loads[i];
		uint64_t skip = address - load->address;

		if (address < load->address || skip >= load->size)
			continue;
		*offset = load->offset + skip;
		*left = load->size - skip;
		return true;
	}
	return false;
}

static enum elf_status structure(struct reader *r, uint64_t address, void *buf, size_t size)
{
	uint64_t offset, left;

	if (!budget_steps(r->src->budget, ELF_STEPS_LOCATE(r->elf)))
		return ELF_SPENT;
	if (!elf_locate(r->elf, address, &offset, &left) || left < size)
		return ELF_BAD_DYNAMIC;
	return elf_copy(r->src, offset, buf, size) ? ELF_OK : missing(r->src, ELF_BAD_DYNAMIC);
}

static enum elf_status take(struct reader *r, size_t bytes, void **ret)
{
	if (bytes > *r->budget)
		return ELF_NO_BUDGET;
	*r->budget -= bytes;
	*ret = arena_alloc(r->arena, bytes, 1);
	return *ret ? ELF_OK : ELF_NO_MEMORY;
}

/* Length of the string at @offset, which ends within @left bytes. */
static enum elf_status length(struct reader *r, uint64_t offset, uint64_t left, size_t *ret)
{
	const size_t max = left < STRING_MAX ? (size_t)left : STRING_MAX;
	size_t len = 0;

	while (len < max) {
		size_t here;
		const unsigned char *p = peek(r->src, offset + len, &here);
		const unsigned char *nul;

		if (!p)
			return missing(r->src, ELF_BAD_DYNAMIC);
		here = here < max - len ? here : max - len;
		nul = memchr(p, '\0', here);
		if (nul) {
			*ret = len + (size_t)(nul - p);
			return ELF_OK;
		}
		len += here;
	}
	return max == STRING_MAX ? ELF_LONG_STRING : ELF_BAD_DYNAMIC;
}

static enum elf_status string(struct reader *r, uint64_t index, const char **ret)
{
	enum elf_status status;
	uint64_t offset, left;
	size_t len;
	void *s;

	if (!budget_steps(r->src->budget, ELF_STEPS_LOCATE(r->elf)))
		return ELF_SPENT;
	if (!r->given[STRTAB] || !elf_locate(r->elf, r->values[STRTAB] + index, &offset, &left))
		return ELF_BAD_DYNAMIC;
	status = length(r, offset, left, &len);
	if (status == ELF_OK)
		status = take(r, len + 1, &s);
	if (status != ELF_OK)
		return status;
	if (!elf_copy(r->src, offset, s, len))
		return missing(r->src, ELF_BAD_DYNAMIC);
	*ret = s;
	return ELF_OK;
}

/* Room for one more element at *@items (a pointer to some type), which holds @n. */
static enum elf_status grow(struct reader *r, void *items, size_t n, size_t size)
{
	enum elf_status status;
	void *more, *old;

	/* The capacity is 8, then the next power of two. */
	if (n % 8 || (n & (n - 1)))
		return ELF_OK;
	status = take(r, (n ? 2 * n : 8) * size, &more);
	if (status != ELF_OK)
		return status;
	memcpy(&old, items, sizeof(old));
	if (n)
		memcpy(more, old, n * size);
	memcpy(items, &more, sizeof(more));
	return ELF_OK;
}

static enum elf_status add_needed(struct reader *r, uint64_t index)
{
	struct elf_dynamic *d = r->ret;
	enum elf_status status;

	if (d->n_needed == NEEDED_MAX)
		return ELF_MANY_NEEDED;
	status = grow(r, &d->needed, d->n_needed, sizeof(*d->needed));
	if (status == ELF_OK)
		status = string(r, index, &d->needed[d->n_needed]);
	if (status == ELF_OK)
		d->n_needed++;
	return status;
}

typedef enum elf_status entry_fn(struct reader *r, uint64_t tag, uint64_t value);

static enum elf_status note_slot(struct reader *r, uint64_t tag, uint64_t value)
{
	for (size_t i = 0; i < N_SLOTS; i++) {
		if (slot_tags[i] != tag)
			continue;
		r->given[i] = true;
		r->values[i] = value;
	}
	return ELF_OK;
}

static enum elf_status note_needed(struct reader *r, uint64_t tag, uint64_t value)
{
	return tag == DT_NEEDED ? add_needed(r, value) : ELF_OK;
}

static enum elf_status each_entry(struct reader *r, entry_fn *note)
{
	const struct elf_span *span = &r->elf->dynamic;
	const size_t size = SIZE(r->elf, Dyn);

	for (size_t i = 0; i < span->size / size; i++) {
		unsigned char entry[sizeof(Elf64_Dyn)];
		enum elf_status status;
		uint64_t tag;

		if (i == DYNAMIC_MAX)
			return ELF_MANY_DYNAMIC;
		if (i % 4 == 0 && !budget_steps(r->src->budget, 1))
			return ELF_SPENT;
		if (!elf_copy(r->src, span->offset + i * size, entry, size))
			return missing(r->src, ELF_BAD_DYNAMIC);
		tag = FIELD(r->elf, entry, Dyn, d_tag);
		if (tag == DT_NULL)
			return ELF_OK;
		status = note(r, tag, FIELD(r->elf, entry, Dyn, d_un));
		if (status != ELF_OK)
			return status;
	}
	return ELF_OK;
}

/* ---- symbol versions ---- */

/* The structures of symbol versions are the same in both classes. */
#define MEMBER(r, p, type, member) FIELD_OF((r)->elf, p, Elf64_##type, member)

static enum elf_status add_need(struct reader *r, const char *file, const unsigned char *aux)
{
	struct elf_dynamic *d = r->ret;
	struct elf_need need = { .file = file };
	enum elf_status status;

	if (d->n_needs == VERSIONS_MAX)
		return ELF_MANY_VERSIONS;
	need.weak = MEMBER(r, aux, Vernaux, vna_flags) & VER_FLG_WEAK;
	status = string(r, MEMBER(r, aux, Vernaux, vna_name), &need.version);
	if (status == ELF_OK)
		status = grow(r, &d->needs, d->n_needs, sizeof(*d->needs));
	if (status == ELF_OK)
		d->needs[d->n_needs++] = need;
	return status;
}

/* One file's chain; a loader goes by the links, not by the counts. */
static enum elf_status read_needs_of(struct reader *r, const char *file, uint64_t address)
{
	unsigned char aux[sizeof(Elf64_Vernaux)];
	uint64_t next;

	do {
		enum elf_status status = structure(r, address, aux, sizeof(aux));

		if (status == ELF_OK)
			status = add_need(r, file, aux);
		if (status != ELF_OK)
			return status;
		next = MEMBER(r, aux, Vernaux, vna_next);
		address += next;
	} while (next);
	return ELF_OK;
}

static enum elf_status read_needs(struct reader *r)
{
	unsigned char need[sizeof(Elf64_Verneed)];
	uint64_t next, address = r->values[VERNEED];

	if (!r->given[VERNEED])
		return ELF_OK;
	do {
		const char *file = NULL;
		enum elf_status status = structure(r, address, need, sizeof(need));

		if (status == ELF_OK && MEMBER(r, need, Verneed, vn_version) != VER_NEED_CURRENT)
			status = ELF_BAD_DYNAMIC;
		if (status == ELF_OK)
			status = string(r, MEMBER(r, need, Verneed, vn_file), &file);
		if (status == ELF_OK)
			status = read_needs_of(r, file, address + MEMBER(r, need, Verneed, vn_aux));
		if (status != ELF_OK)
			return status;
		next = MEMBER(r, need, Verneed, vn_next);
		address += next;
	} while (next);
	return ELF_OK;
}

static enum elf_status add_version(struct reader *r, uint64_t address)
{
	struct elf_dynamic *d = r->ret;
	unsigned char aux[sizeof(Elf64_Verdaux)];
	enum elf_status status;

	if (d->n_versions == VERSIONS_MAX)
		return ELF_MANY_VERSIONS;
	status = structure(r, address, aux, sizeof(aux));
	if (status == ELF_OK)
		status = grow(r, &d->versions, d->n_versions, sizeof(*d->versions));
	if (status == ELF_OK)
		status = string(r, MEMBER(r, aux, Verdaux, vda_name), &d->versions[d->n_versions]);
	if (status == ELF_OK)
		d->n_versions++;
	return status;
}

static enum elf_status read_versions(struct reader *r)
{
	unsigned char def[sizeof(Elf64_Verdef)];
	uint64_t next, address = r->values[VERDEF];

	if (!r->given[VERDEF])
		return ELF_OK;
	r->ret->has_versions = true;
	do {
		enum elf_status status = structure(r, address, def, sizeof(def));

		if (status == ELF_OK && MEMBER(r, def, Verdef, vd_version) != VER_DEF_CURRENT)
			status = ELF_BAD_DYNAMIC;
		if (status == ELF_OK)
			status = add_version(r, address + MEMBER(r, def, Verdef, vd_aux));
		if (status != ELF_OK)
			return status;
		next = MEMBER(r, def, Verdef, vd_next);
		address += next;
	} while (next);
	return ELF_OK;
}

static enum elf_status read_names(struct reader *r)
{
	enum elf_status status = each_entry(r, note_needed);

	if (status == ELF_OK && r->given[SONAME])
		status = string(r, r->values[SONAME], &r->ret->soname);
	if (status == ELF_OK && r->given[RPATH])
		status = string(r, r->values[RPATH], &r->ret->rpath);
	if (status == ELF_OK && r->given[RUNPATH])
		status = string(r, r->values[RUNPATH], &r->ret->runpath);
	return status;
}

static void note_tables(const struct reader *r, struct elf_tables *ret)
{
	const uint64_t *v = r->values;

	*ret = (struct elf_tables){
		.symbols = v[SYMTAB],
		.strings = v[STRTAB],
		.versions = v[VERSYM],
		.hash = v[HASH],
		.gnu_hash = v[GNU_HASH],
		.relocations = { { v[RELA], v[RELASZ], v[RELACOUNT], true },
				 { v[REL], v[RELSZ], v[RELCOUNT], false },
				 { v[JMPREL], v[PLTRELSZ], 0, v[PLTREL] == DT_RELA } },
	};
}

enum elf_status elf_read_dynamic(struct elf_source *src, const struct elf *elf, struct arena *arena,
				 size_t *budget, struct elf_dynamic *ret)
{
	struct elf_dynamic dynamic = { 0 };
	struct reader r = { src, elf, arena, budget, &dynamic, { false }, { 0 } };
	enum elf_status status = each_entry(&r, note_slot);

	if (status == ELF_OK)
		status = read_names(&r);
	if (status == ELF_OK)
		status = read_needs(&r);
	if (status == ELF_OK)
		status = read_versions(&r);
	if (status != ELF_OK)
		return status;
	dynamic.has_symbol_versions = r.given[VERSYM];
	dynamic.bind_now =
		r.given[BIND_NOW] || r.values[FLAGS] & DF_BIND_NOW || r.values[FLAGS_1] & DF_1_NOW;
	note_tables(&r, &dynamic.tables);
	if (r.given[FLAGS_1]) {
		dynamic.no_default_dirs = r.values[FLAGS_1] & DF_1_NODEFLIB;
		dynamic.position_independent_program = r.values[FLAGS_1] & DF_1_PIE;
	}
	*ret = dynamic;
	return ELF_OK;
}

/* ---- machines ---- */

/* @family: those whose kernels may run each other's programs. */
static const struct machine {
	uint16_t machine;
	bool is_64, is_big;
	unsigned family;
	const char *name, *goarch;
} machines[] = {
	{ EM_X86_64, true, false, 1, "x86_64", "amd64" },
	{ EM_386, false, false, 1, "i386", "386" },
	{ EM_X86_64, false, false, 1, "x32", NULL },
	{ EM_AARCH64, true, false, 2, "aarch64", "arm64" },
	{ EM_ARM, false, false, 2, "arm", "arm" },
	{ EM_PPC64, true, false, 3, "ppc64le", "ppc64le" },
	{ EM_PPC64, true, true, 4, "ppc64", "ppc64" },
	{ EM_PPC, false, true, 4, "ppc", "ppc" },
	{ EM_S390, true, true, 5, "s390x", "s390x" },
	{ EM_S390, false, true, 5, "s390", "s390" },
	{ EM_RISCV, true, false, 6, "riscv64", "riscv64" },
	{ EM_RISCV, false, false, 6, "riscv32", "riscv" },
	{ EM_LOONGARCH, true, false, 7, "loongarch64", "loong64" },
	{ EM_MIPS, true, false, 8, "mips64el", "mips64le" },
	{ EM_MIPS, false, false, 8, "mipsel", "mipsle" },
	{ EM_MIPS, true, true, 9, "mips64", "mips64" },
	{ EM_MIPS, false, true, 9, "mips", "mips" },
	{ EM_SPARCV9, true, true, 10, "sparc64", "sparc64" },
};

/* The name in uname(2) where it is not the one above. */
static const struct {
	const char *uname, *name;
} uname_names[] = {
	{ "i486", "i386" },  { "i586", "i386" },  { "i686", "i386" },	  { "armv6l", "arm" },
	{ "armv7l", "arm" }, { "armv8l", "arm" }, { "arm64", "aarch64" }, { "mips64", "mips64el" },
};

static const struct machine *machine_of(const struct elf *elf)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].machine == elf->machine && machines[i].is_64 == elf->is_64 &&
		    machines[i].is_big == elf->is_big)
			return &machines[i];
	return NULL;
}

const char *elf_machine_name(const struct elf *elf)
{
	const struct machine *m = machine_of(elf);

	return m ? m->name : NULL;
}

const char *elf_goarch(const struct elf *elf)
{
	const struct machine *m = machine_of(elf);

	return m ? m->goarch : NULL;
}

bool elf_of_machine(const char *uname_machine, struct elf *ret)
{
	const bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	const char *name = uname_machine;

	for (size_t i = 0; i < ARRAY_SIZE(uname_names); i++)
		if (streq(name, uname_names[i].uname))
			name = uname_names[i].name;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		const struct machine *m = &machines[i];

		if (!streq(m->name, name) || m->is_big != big)
			continue;
		*ret = (struct elf){ .machine = m->machine,
				     .is_64 = m->is_64,
				     .is_big = m->is_big };
		return true;
	}
	return false;
}

bool elf_same_machine(const struct elf *a, const struct elf *b)
{
	return a->machine == b->machine && a->is_64 == b->is_64 && a->is_big == b->is_big;
}

bool elf_related_machine(const struct elf *a, const struct elf *b)
{
	const struct machine *x = machine_of(a), *y = machine_of(b);

	return x && y && x != y && x->family == y->family;
}
