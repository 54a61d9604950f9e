/* SPDX-License-Identifier: Apache-2.0 */
/* A growing text that remembers a failed allocation. */
#pragma once

#include "base/base.h"

/*
 * A growing text. A failed allocation is remembered in @failed, so that a writer checks once,
 * at the end; after it every call is a no-op. Zero-initialise; release with text_free().
 */
struct text {
	char *data; /* NUL-terminated once anything was written; NULL before */
	size_t len, capacity;
	bool failed;
};

void text_add(struct text *t, const char *bytes, size_t len);
void text_puts(struct text *t, const char *s);
void text_printf(struct text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
void text_pad(struct text *t, size_t spaces);
/* Its bytes into *@ret, for free(3), and @t is empty; or -ENOMEM if it failed, and it is freed. */
int text_take(struct text *t, char **ret) MUST_CHECK;
void text_free(struct text *t);
