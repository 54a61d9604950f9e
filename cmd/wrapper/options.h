/* SPDX-License-Identifier: Apache-2.0 */
/* The wrapper's own options. */
#pragma once

#include "cli/cli.h"

/* The wrapper's own options, which precede the runtime's. */
struct wrapper_options {
	const char *config, *runtime; /* NULL: not said */
	struct words policies, hooks_dirs, requests;
	const char **room; /* of the three */
};

/*
 * Read them from @argv[1] on; strings point into @argv. Release with wrapper_options_free().
 *
 * Return: how many words were read. If one of them is wrong, @trouble (@size bytes) says what and
 * what to do, and it is the last that was counted; else @trouble is "".
 */
int wrapper_options_read(int argc, char **argv, struct wrapper_options *ret, char *trouble,
			 size_t size);
void wrapper_options_free(struct wrapper_options *options);
