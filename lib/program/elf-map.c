/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the kernel can map the segments of a file together, past execve(2)'s point of no return. */
#include <elf.h>

#include "program/elf-internal.h"

#define PAGE ((uint64_t)4096) /* the smallest of any machine */

/* vm.mmap_min_addr: most kernels have this one. */
#define LOWEST_USUAL ((uint64_t)65536)
/* Processors with more than 47 bits of an address are few. */
#define HIGHEST_USUAL (UINT64_C(1) << 47)
#define HIGHEST_32    (UINT64_C(1) << 32)
/* Memory that is promised at once and that most machines do not have. */
#define MEMORY_USUAL (UINT64_C(64) << 30)

static uint64_t page_of(uint64_t address)
{
	return address / PAGE * PAGE;
}

static uint64_t end_page_of(const struct elf_load *load)
{
	return page_of(load->address + load->memory + PAGE - 1);
}

/* A file that is not position-independent is where it says. */
static enum elf_status check_place(const struct elf *elf, const struct elf_load *load)
{
	const uint64_t first = page_of(load->address), end = load->address + load->memory;

	if (!elf->is_64 && end > HIGHEST_32)
		return ELF_BAD_SEGMENT;
	if (elf->type != ET_EXEC || !load->memory)
		return ELF_OK;
	if (first < PAGE)
		return ELF_AT_ZERO;
	return first < LOWEST_USUAL || end > HIGHEST_USUAL ? ELF_STRANGE_PLACE : ELF_OK;
}

/* Of two segments on one page the later one decides what is there. */
static enum elf_status check_overlap(const struct elf *elf, const struct elf_load *one,
				     const struct elf_load *next)
{
	const uint64_t entry = page_of(elf->entry);

	if (!one->memory || !next->memory || page_of(next->address) >= end_page_of(one) ||
	    page_of(one->address) >= end_page_of(next))
		return ELF_OK;
	if (one->executable && !next->executable && entry >= page_of(next->address) &&
	    entry < end_page_of(next))
		return ELF_COVERED_ENTRY;
	return one->executable == next->executable && one->writable == next->writable &&
			       one->address - one->offset == next->address - next->offset
		       ? ELF_OK
		       : ELF_OVERLAP;
}

static enum elf_status check_load(const struct elf *elf, size_t i)
{
	const enum elf_status status = check_place(elf, &elf->loads[i]);

	if (status != ELF_OK || i == 0)
		return status;
	return check_overlap(elf, &elf->loads[i - 1], &elf->loads[i]);
}

/*
 * What is past the end of the file is a fault once it is touched: the entry point at once, and the
 * rest of a page whose beginning is in the file, which the kernel or the loader fills with zeros.
 */
enum elf_status elf_check_end(const struct elf *elf, const struct elf_load *load, uint64_t size)
{
	const uint64_t end = load->offset + load->size;

	if (!load->size || (load->offset <= size && load->size <= size - load->offset))
		return ELF_OK;
	if (load->executable && elf->entry - load->address < load->size &&
	    elf->entry - load->address + load->offset >= size)
		return ELF_SEGMENT_OUTSIDE;
	if (load->writable && load->memory > load->size && end % PAGE &&
	    page_of(end) >= page_of(size + PAGE - 1))
		return ELF_SEGMENT_OUTSIDE;
	return ELF_PAST_END;
}

enum elf_status elf_check_map(const struct elf *elf)
{
	enum elf_status status = ELF_OK;
	uint64_t memory = 0;

	for (size_t i = 0; i < elf->n_loads; i++) {
		const enum elf_status one = check_load(elf, i);

		if (elf_status_verdict(one) == NO)
			return one;
		if (status == ELF_OK)
			status = one;
		memory += elf->loads[i].memory - elf->loads[i].size;
	}
	return status == ELF_OK && memory > MEMORY_USUAL ? ELF_LARGE : status;
}
