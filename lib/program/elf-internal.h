/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the parts of the ELF reader: reading numbers, and copying and locating bytes. */
#pragma once

#include <elf.h>

#include "program/elf.h"

/* Inside the reader of ELF files. */

/* @len bytes at @offset of the file, or false: they are not there, or errnum is set. */
bool elf_copy(struct elf_source *src, uint64_t offset, void *buf, size_t len) MUST_CHECK;

/* Where in the file memory at @address comes from, and how much of it follows. */
bool elf_locate(const struct elf *elf, uint64_t address, uint64_t *offset,
		uint64_t *left) MUST_CHECK;

/* The cost of locating an address: a file may have a thousand segments. */
#define ELF_STEPS_LOCATE(elf) (1 + (elf)->n_loads / 16)

/* ---- program/elf-map.c ---- */

/* Whether what is mapped of a file of @size bytes is there: ELF_OK, _SEGMENT_OUTSIDE, _PAST_END. */
enum elf_status elf_check_end(const struct elf *elf, const struct elf_load *load, uint64_t size);

/* Whether all segments can be mapped, each of which can be. */
enum elf_status elf_check_map(const struct elf *elf);

/* An integer of @size bytes in the file's byte order. */
uint64_t elf_number(const struct elf *elf, const unsigned char *p, size_t size);

/* A member of an on-disk structure, in the file's class and byte order. */
#define FIELD_OF(elf, p, type, member) \
	elf_number((elf), (p) + offsetof(type, member), sizeof(((const type *)NULL)->member))
#define FIELD(elf, p, type, member)                            \
	((elf)->is_64 ? FIELD_OF(elf, p, Elf64_##type, member) \
		      : FIELD_OF(elf, p, Elf32_##type, member))
#define SIZE(elf, type) ((elf)->is_64 ? sizeof(Elf64_##type) : sizeof(Elf32_##type))
