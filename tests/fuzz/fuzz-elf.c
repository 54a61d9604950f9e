/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as an ELF file: there is an answer after a bounded number of reads, and all reads are
 * inside of the file.
 */
#include "fuzz.h"
#include "program/elf.h"

#define READS_MAX 30000

struct memory {
	const uint8_t *data;
	size_t size, reads;
};

static ssize_t read_memory(void *ctx, uint64_t offset, void *buf, size_t len)
{
	struct memory *m = ctx;

	if (++m->reads > READS_MAX)
		__builtin_trap();
	if (offset >= m->size)
		return 0;
	len = len < m->size - offset ? len : (size_t)(m->size - offset);
	memcpy(buf, m->data + offset, len);
	return (ssize_t)len;
}

static void expect(bool what)
{
	if (!what)
		__builtin_trap();
}

static void check_string(const char *s)
{
	expect(!s || strlen(s) < 4096);
}

static void check_segments(const struct elf *elf, size_t size)
{
	expect(elf->n_loads > 0 && elf->n_loads <= elf->n_headers);
	for (size_t i = 0; i < elf->n_loads; i++) {
		const struct elf_load *load = &elf->loads[i];

		expect(!load->size || (load->offset <= size && load->size <= size - load->offset));
	}
}

static void check_dynamic(const struct elf_dynamic *d)
{
	expect(d->n_needed <= 512 && d->n_needs <= 4096 && d->n_versions <= 4096);
	for (size_t i = 0; i < d->n_needed; i++)
		check_string(d->needed[i]);
	for (size_t i = 0; i < d->n_needs; i++) {
		expect(d->needs[i].file && d->needs[i].version);
		check_string(d->needs[i].version);
	}
	for (size_t i = 0; i < d->n_versions; i++)
		check_string(d->versions[i]);
	check_string(d->soname);
	check_string(d->rpath);
	check_string(d->runpath);
	expect(d->has_versions || !d->n_versions);
}

/* It may define the symbols it needs; any answer is right, in bounded time. */
static void check_symbols(struct elf_source *src, const struct elf *elf,
			  const struct elf_dynamic *d, struct arena *arena, size_t *budget)
{
	struct elf_wanted *wanted;
	size_t n;

	if (elf_read_wanted(src, elf, d, arena, budget, &wanted, &n) != ELF_OK)
		return;
	for (size_t i = 0; i < n; i++) {
		check_string(wanted[i].name);
		expect(wanted[i].name[0]);
		if (i < 8)
			(void)elf_defines(src, elf, &d->tables, wanted[i].name);
	}
	(void)elf_defines(src, elf, &d->tables, "main");
}

static enum elf_status read_all(struct elf_source *src, struct arena *arena)
{
	struct elf_dynamic dynamic;
	size_t budget = ELF_BUDGET;
	struct elf elf;
	const char *interpreter = NULL;
	enum elf_status status = elf_read_header(src, &elf);

	if (status == ELF_OK)
		status = elf_read_segments(src, &elf, arena);
	if (status != ELF_OK)
		return status;
	check_segments(&elf, src->size);
	(void)elf_entry_is_inside(&elf);
	if (elf.has_interpreter)
		status = elf_read_interpreter(src, &elf, arena, &interpreter);
	if (status == ELF_OK && interpreter)
		expect(interpreter[0] && strlen(interpreter) < elf.interpreter.size);
	status = elf_read_dynamic(src, &elf, arena, &budget, &dynamic);
	if (status == ELF_OK) {
		check_dynamic(&dynamic);
		check_symbols(src, &elf, &dynamic, arena, &budget);
	}
	expect(budget <= ELF_BUDGET);
	return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct memory m = { data, size, 0 };
	struct elf_source src;
	enum elf_status status;

	if (!arena)
		return 0;
	elf_source_init(&src, read_memory, &m, size);
	status = read_all(&src, arena);
	expect(status != ELF_UNREADABLE && status != ELF_NO_MEMORY && src.errnum == 0);
	expect(elf_status_text(status) != NULL);
	return 0;
}
