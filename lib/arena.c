/* SPDX-License-Identifier: Apache-2.0 */
#include <stdalign.h>
#include <stdio.h>

#include "arena.h"
#include "defuse.h"

#define CHUNK_MIN ((size_t)4096)

struct chunk {
	struct chunk *next;
	size_t used, capacity;
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct chunk *chunks;
};

struct arena *arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	while (a->chunks) {
		struct chunk *next = a->chunks->next;

		free(a->chunks);
		a->chunks = next;
	}
	free(a);
}

static struct chunk *add_chunk(struct arena *a, size_t need)
{
	size_t capacity = need > CHUNK_MIN ? need : CHUNK_MIN;
	struct chunk *c;

	if (capacity > SIZE_MAX - sizeof(*c))
		return NULL;
	c = calloc(1, sizeof(*c) + capacity);
	if (!c)
		return NULL;
	c->capacity = capacity;
	c->next = a->chunks;
	a->chunks = c;
	return c;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct chunk *c = a->chunks;
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - align)
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

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *copy = len == SIZE_MAX ? NULL : arena_alloc(a, len + 1, 1);

	if (copy)
		memcpy(copy, s, len);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1, 1);
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
