/* SPDX-License-Identifier: Apache-2.0 */
/* Arena allocator. Each loaded object owns one arena. */
#pragma once

#include <stdarg.h>

#include "base/base.h"
#include "base/budget.h"

/*
 * Everything a loaded object owns comes from the object's arena, so its destructor is one
 * call and half-built objects need no unwinding. Memory is zeroed. NULL means out of memory.
 */
struct arena;

struct arena *arena_new(void) MUST_CHECK;
void arena_free(struct arena *a);

/*
 * Count what @a has and will have as BUDGET_KEPT of @budget, which must not go before it.
 * arena_free() gives it back. Nothing is refused: out of memory would be an error, and what is
 * spent is UNKNOWN. The loops that take memory ask the budget, too.
 */
void arena_charge(struct arena *a, struct budget *budget);

void *arena_alloc(struct arena *a, size_t count, size_t size) MUST_CHECK;
char *arena_strndup(struct arena *a, const char *s, size_t len) MUST_CHECK;
char *arena_strdup(struct arena *a, const char *s) MUST_CHECK;
/* "@one@two@three" byte for byte, where arena_printf() would defuse what is not a message. */
char *arena_join(struct arena *a, const char *one, const char *two, const char *three) MUST_CHECK;

/*
 * As asprintf(3); the result is defused (base/sanitize.h): a hostile image's file names are in it.
 */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3) MUST_CHECK;
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF_LIKE(2, 0) MUST_CHECK;

DEFINE_CLEANUP(struct arena *, arena_free)
