/* SPDX-License-Identifier: Apache-2.0 */
/* Growth of an array in an arena. */
#include "base/list.h"

#define FIRST 8 /* elements that a list has room for at first */

static void *grow(struct arena *arena, void *old, size_t n, size_t capacity, size_t size)
{
	void *grown;

	if (capacity > SIZE_MAX / size)
		return NULL;
	if (!arena)
		return realloc(old, capacity * size);
	grown = arena_alloc(arena, capacity, size);
	if (grown && n)
		memcpy(grown, old, n * size);
	return grown;
}

bool list_room(struct arena *arena, void *items, size_t n, size_t *capacity, size_t size)
{
	const size_t more = *capacity ? *capacity * 2 : FIRST;
	void *old, *grown;

	if (n < *capacity)
		return true;
	/* @items is a pointer to a pointer of any type: memcpy(3) is not an aliasing violation. */
	memcpy(&old, items, sizeof(old));
	grown = grow(arena, old, n, more, size);
	if (!grown)
		return false;
	memcpy(items, &grown, sizeof(grown));
	*capacity = more;
	return true;
}
