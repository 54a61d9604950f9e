/* SPDX-License-Identifier: Apache-2.0 */
/* A growing text: appending bytes and formatted output. */
#include <stdarg.h>
#include <stdio.h>

#include "base/buffer.h"

static bool reserve(struct text *t, size_t more)
{
	size_t need, capacity = t->capacity ? t->capacity : 256;
	char *data;

	if (t->failed)
		return false;
	t->failed = __builtin_add_overflow(t->len, more, &need) || need > SIZE_MAX / 2 - 1;
	if (t->failed)
		return false;
	while (capacity < need + 1)
		capacity *= 2;
	if (capacity == t->capacity)
		return true;
	data = realloc(t->data, capacity);
	t->failed = !data;
	if (!data)
		return false;
	t->data = data;
	t->capacity = capacity;
	return true;
}

void text_add(struct text *t, const char *bytes, size_t len)
{
	if (!reserve(t, len))
		return;
	if (len)
		memcpy(t->data + t->len, bytes, len);
	t->len += len;
	t->data[t->len] = '\0';
}

void text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void text_printf(struct text *t, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		t->failed = true;
	else if (reserve(t, (size_t)n)) {
		vsnprintf(t->data + t->len, (size_t)n + 1, fmt, again);
		t->len += (size_t)n;
	}
	va_end(again);
}

void text_pad(struct text *t, size_t spaces)
{
	while (spaces--)
		text_add(t, " ", 1);
}

int text_take(struct text *t, char **ret)
{
	if (t->failed) {
		text_free(t);
		return -ENOMEM;
	}
	*ret = TAKE(t->data);
	text_free(t);
	return 0;
}

void text_free(struct text *t)
{
	free(t->data);
	*t = (struct text){ 0 };
}
