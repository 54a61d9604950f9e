/* SPDX-License-Identifier: Apache-2.0 */
/* Fills in, shortens and formats struct hw_error. */
#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"
#include "base/sanitize.h"
#include "tools.h"

static void mark_truncated(char *buf, size_t size, int needed)
{
	if (needed >= 0 && (size_t)needed >= size)
		memcpy(buf + size - sizeof("..."), "...", sizeof("..."));
}

/*
 * The tail of a path is more informative than its head: "/very/long/dir/a.yaml" ->
 * ".../dir/a.yaml".
 */
static void copy_tail(char *dst, size_t size, const char *src)
{
	size_t len = strlen(src);

	if (len < size) {
		memcpy(dst, src, len + 1);
		return;
	}
	memcpy(dst, "...", 3);
	memcpy(dst + 3, src + len - (size - 4), size - 3);
}

int error_set(struct hw_error *err, int errnum, struct where at, const char *hint, const char *fmt,
	      ...)
{
	va_list ap;
	int n;

	if (!err)
		return -errnum;

	*err = (struct hw_error){ .errnum = errnum, .line = at.line, .column = at.column };
	if (at.path)
		copy_tail(err->path, sizeof(err->path), at.path);

	errno = errnum;
	va_start(ap, fmt);
	n = vsnprintf(err->message, sizeof(err->message), fmt, ap);
	va_end(ap);
	mark_truncated(err->message, sizeof(err->message), n);

	n = snprintf(err->hint, sizeof(err->hint), "%s", hint ? hint : "");
	mark_truncated(err->hint, sizeof(err->hint), n);
	defuse(err->path);
	defuse(err->message);
	defuse(err->hint);
	return -errnum;
}

int error_oom(struct hw_error *err)
{
	return error_set(err, ENOMEM, NOWHERE, NULL, "out of memory");
}

void hw_error_set(struct hw_error *err, int errnum, const char *path, const char *hint,
		  const char *message)
{
	error_set(err, errnum, IN(path), hint, "%s", message);
}

size_t hw_error_format(const struct hw_error *err, char *buf, size_t size)
{
	char place[sizeof(err->path) + 32] = "";
	int n;

	if (err->path[0] && err->line)
		snprintf(place, sizeof(place), "%s:%u:%u: ", err->path, err->line, err->column);
	else if (err->path[0])
		snprintf(place, sizeof(place), "%s: ", err->path);

	n = snprintf(buf, size, "%s%s%s%s", place, err->message, err->hint[0] ? "\n  hint: " : "",
		     err->hint);
	if (size)
		defuse_lines(buf);
	return n < 0 ? 0 : (size_t)n;
}

void hw_defuse(char *text, bool lines)
{
	if (lines)
		defuse_lines(text);
	else
		defuse(text);
}

int hw_defuse_json(const char *json, char **ret)
{
	struct text out = { 0 };

	defuse_json(&out, json);
	return text_take(&out, ret);
}

const char *hw_version(void)
{
	return HW_VERSION;
}
