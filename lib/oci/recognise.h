/* SPDX-License-Identifier: Apache-2.0 */
/* What a file or directory is that somebody took for a bundle, and which command reads it. */
#pragma once

#include "format/json.h"

struct recognised {
	const char *what; /* "a gzip archive" */
	const char *hint; /* how to come to a bundle, or what reads it */
};

/* So many bytes of the beginning tell. */
#define RECOGNISE_BYTES ((size_t)65536)

/* By the first bytes of what is not JSON; NULL: nothing that is known. */
const struct recognised *recognise_bytes(const char *text, size_t len);

/* By the keys of a document that no runtime takes; NULL for what is one for a runtime. */
const struct recognised *recognise_json(const struct json *doc);

/*
 * By what is in directory @dir, which has no config.json: names, and the beginning of a few files;
 * no link is followed. NULL also where it cannot be read.
 */
const struct recognised *recognise_dir(int dir);

/* File @name below @dir, opened with more @flags of open(2). */
const struct recognised *recognise_file(int dir, const char *name, int flags);
