/* SPDX-License-Identifier: Apache-2.0 */
/* Arena allocator: blocks that grow by doubling, freed all at once, charged to a budget. */
#include <stdalign.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/sanitize.h"

/* Many arenas stay small, one of each policy's; those that grow must do so in few steps. */
#define CHUNK_FIRST ((size_t)1024)
#define CHUNK_MOST  ((size_t)16384)

/* Under AddressSanitizer each object is a chunk of its own, so that it sees who leaves his own. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define CHUNKS_ARE_SHARED false
#else
#define CHUNKS_ARE_SHARED true
#endif

struct chunk {
	struct chunk *next;
	size_t used, capacity;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct chunk *chunks;	 /* the newest first */
	struct budget *budget;	 /* NULL: it is not counted */
	uint64_t bytes, charged; /* of all chunks; of the budget */
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	budget_return(a->budget, BUDGET_KEPT, a->charged);
	while (a->chunks) {
		struct chunk *next = a->chunks->next;

		free(a->chunks);
		a->chunks = next;
	}
	free(a);
}

static void count(struct arena *a, uint64_t bytes)
{
	a->bytes += bytes;
	if (a->budget && budget_take(a->budget, BUDGET_KEPT, bytes))
		a->charged += bytes;
}

void arena_charge(struct arena *a, struct budget *budget)
{
	if (a->budget == budget)
		return;
	budget_return(a->budget, BUDGET_KEPT, a->charged);
	a->budget = budget;
	a->charged = budget && budget_take(budget, BUDGET_KEPT, a->bytes) ? a->bytes : 0;
}

static struct chunk *add_chunk(struct arena *a, size_t need)
{
	size_t capacity = a->chunks ? 2 * a->chunks->capacity : CHUNK_FIRST;
	struct chunk *c;

	capacity = capacity < CHUNK_MOST ? capacity : CHUNK_MOST;
	if (capacity < need || !CHUNKS_ARE_SHARED)
		capacity = need;
	if (capacity > SIZE_MAX - sizeof(*c))
		return NULL;
	/* Not calloc(3): what is not taken need not be touched. */
	c = malloc(sizeof(*c) + capacity);
	if (!c)
		return NULL;
	*c = (struct chunk){ .next = a->chunks, .capacity = capacity };
	a->chunks = c;
	count(a, sizeof(*c) + capacity);
	return c;
}

/* @bytes with anything in them. */
static void *take(struct arena *a, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	struct chunk *c = a->chunks;
	void *p;

	if (bytes > SIZE_MAX - align)
		return NULL;
	/* An empty array still gets an address of its own: NULL means out of memory. */
	bytes = bytes ? (bytes + align - 1) & ~(align - 1) : align;
	if (!c || c->capacity - c->used < bytes)
		c = add_chunk(a, bytes);
	if (!c)
		return NULL;
	p = c->data + c->used;
	c->used += bytes;
	return p;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	size_t bytes;
	void *p = __builtin_mul_overflow(count, size, &bytes) ? NULL : take(a, bytes);

	return p ? memset(p, 0, bytes) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *copy = len == SIZE_MAX ? NULL : take(a, len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_join(struct arena *a, const char *one, const char *two, const char *three)
{
	const size_t n1 = strlen(one), n2 = strlen(two), n3 = strlen(three);
	char *text = take(a, n1 + n2 + n3 + 1);

	if (!text)
		return NULL;
	memcpy(text, one, n1);
	memcpy(text + n1, two, n2);
	memcpy(text + n1 + n2, three, n3 + 1);
	return text;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = n < 0 ? NULL : take(a, (size_t)n + 1);
	if (!text)
		return NULL;
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	defuse(text);
	return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return text;
}
