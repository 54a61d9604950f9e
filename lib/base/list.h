/* SPDX-License-Identifier: Apache-2.0 */
/* Arrays that grow by one element at a time: pointer, number of elements, capacity. */
#pragma once

#include "base/arena.h"

/*
 * LIST_ROOM(arena, items, n, capacity) makes room for one more element after the @n of @items,
 * an array of @capacity from @arena, or from malloc(3) where @arena is NULL. @items and @capacity
 * are lvalues, at first NULL and 0; the capacity doubles. False: out of memory, nothing changed.
 */
#define LIST_ROOM(arena, items, n, capacity) \
	list_room(arena, &(items), n, &(capacity), sizeof(*(items)))

bool list_room(struct arena *arena, void *items, size_t n, size_t *capacity,
	       size_t size) MUST_CHECK;
