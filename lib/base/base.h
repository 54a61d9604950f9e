/* SPDX-License-Identifier: Apache-2.0 */
/* Macros and small types that every source file uses: cleanup attributes, truth, array sizes. */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_CHECK	       __attribute__((warn_unused_result))
#define CLEANUP(fn)	       __attribute__((cleanup(fn)))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Whether a literal fits into an array of char with its NUL, which compilers do not ask for. */
#define FITS(literal, array) (sizeof(literal) <= sizeof(array))

/* Move the value out of an owning variable, so that its cleanup becomes a no-op. */
#define TAKE(p)                            \
	__extension__({                    \
		__typeof__(p) take_ = (p); \
		(p) = NULL;                \
		take_;                     \
	})
#define TAKE_FD(fd)               \
	__extension__({           \
		int take_ = (fd); \
		(fd) = -1;        \
		take_;            \
	})

/* DEFINE_CLEANUP(struct foo *, foo_free) makes CLEANUP(foo_freep) available. */
#define DEFINE_CLEANUP(type, fn)          \
	static inline void fn##p(type *p) \
	{                                 \
		if (*p)                   \
			fn(*p);           \
	}

#define auto_free  CLEANUP(cleanup_free)
#define auto_close CLEANUP(cleanup_close)

/* memcpy and not *(void **)p: reading a char * through a void ** is an aliasing violation. */
static inline void cleanup_free(void *p)
{
	void *owned;

	memcpy(&owned, p, sizeof(owned));
	free(owned);
}

static inline void cleanup_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		(void)close(*fd);
	errno = saved;
}

static inline bool streq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static inline bool starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* The part of @path after its last slash; all of it without a slash. */
static inline const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Kleene's three values, and the three verdicts: no/unusable, yes/usable, unknown. */
enum truth { NO, YES, UNKNOWN };
