/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of arrays that grow in an arena. */
#include "base/list.h"
#include "test.h"

struct pair {
	uint32_t a;
	char b[9];
};

static void fill(struct arena *arena, struct pair **items, size_t *n, size_t *capacity)
{
	for (uint32_t i = 0; i < 1000; i++) {
		CHECK(LIST_ROOM(arena, *items, *n, *capacity));
		CHECK(*n < *capacity);
		(*items)[(*n)++] = (struct pair){ i, "x" };
	}
	CHECK_INT(*capacity, 1024);
	for (uint32_t i = 0; i < 1000; i++)
		CHECK_INT((*items)[i].a, i);
}

static void lists_grow_in_an_arena(void)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	size_t n = 0, capacity = 0;
	struct pair *items = NULL;

	CHECK(arena);
	fill(arena, &items, &n, &capacity);
}

static void lists_grow_by_malloc(void)
{
	size_t n = 0, capacity = 0;
	struct pair *items = NULL;

	fill(NULL, &items, &n, &capacity);
	free(items);
}

static void nothing_changes_while_there_is_room(void)
{
	size_t capacity = 3;
	int three[3], *items = three;

	CHECK(LIST_ROOM(NULL, items, 2, capacity));
	CHECK(items == three && capacity == 3);
}

static void a_list_that_is_too_large_is_refused(void)
{
	size_t capacity = SIZE_MAX / 4 + 1;
	int one, *items = &one;

	CHECK(!LIST_ROOM(NULL, items, capacity, capacity));
	CHECK(items == &one && capacity == SIZE_MAX / 4 + 1);
}

int main(void)
{
	RUN(lists_grow_in_an_arena);
	RUN(lists_grow_by_malloc);
	RUN(nothing_changes_while_there_is_room);
	RUN(a_list_that_is_too_large_is_refused);
	return DONE();
}
