/* SPDX-License-Identifier: Apache-2.0 */
/* Names that several modules test for: shells, variables that load code, the default PATH. */
#pragma once

#include "base/base.h"

/* The PATH of a hook that is given none; also where programs are looked for on the host. */
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Whether @word is one of the @n @words. IS_ONE_OF() takes an array of known size. */
bool words_have(const char *const *words, size_t n, const char *word);
#define IS_ONE_OF(word, array) words_have(array, ARRAY_SIZE(array), word)

/* A shell, and how it reads the one argument that a script's first line gives to it. */
struct shell {
	const char *name;
	bool skips_cr;	  /* ignores a carriage return at the end of its options */
	bool takes_blank; /* reads some options with a blank inside: "-o errexit" */
};

/* By the name of its file, with or without a version; NULL: not a shell. "busybox" is not one. */
const struct shell *shell_find(const char *path);

/* A variable that decides what code or data a program loads. */
struct loading_variable {
	const char *name;
	bool prefix; /* each variable whose name begins so */
	bool list;   /* of directories: an empty or relative one is below the current one */
};

/* @variable: NAME or NAME=VALUE. NULL: not such a variable. PATH is not one. */
const struct loading_variable *loading_variable_find(const char *variable);

/* The value in @assignment, NAME=VALUE, if its variable is @name; or NULL. */
const char *value_of_variable(const char *assignment, const char *name);
/* The value of the last of @env that is of @name, which is the one that counts; or NULL. */
const char *env_value(const char *const *env, size_t n_env, const char *name);
