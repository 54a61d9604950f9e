/* SPDX-License-Identifier: Apache-2.0 */
/* Reading an engine's command line for --oci-hook. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * An engine's command line, read for --oci-hook and nothing else.
 *
 * The option belongs to hookwright only among the options of 'run' or 'create', and these only where
 * they are the engine's subcommand: before them there may be 'container' and the engine's own options.
 * Behind an option of 'run' that is not in run-options-table.h nothing is known: it may have a value.
 * An option that is not in the table is taken for one without a value, so that what follows it, if
 * it is no option, is the subcommand: then there is no --oci-hook. A word of a container's command
 * never is one.
 */

enum engine { ENGINE_DOCKER, ENGINE_NERDCTL, ENGINE_PODMAN, ENGINES /* how many */ };

struct front_words {
	int verb;    /* index of run or create; 0: there is no --oci-hook for hookwright */
	char **kept; /* words between the verb and rest that are the engine's; as hooks */
	size_t n_kept;
	int rest;	    /* index of the first word that was not read */
	const char **hooks; /* values of --oci-hook; as many as argc at most, the caller's */
	size_t n_hooks;
	const char *policies; /* the user's own annotation io.hookwright.policies, or NULL */
	const char *runtime;  /* the user's own --runtime, or NULL */
	int global_runtime;   /* index of podman's --runtime before the verb, 0: none */
	int global_words;     /* how many words that one has */
	bool remote;	      /* options that lead to another host's engine */
	bool local;	      /* an option that names this host's, whatever the environment says */
	const char *unknown;  /* the option behind which nothing is known, or NULL */
	bool misplaced;	      /* an --oci-hook behind that */
	const char *stray;    /* a word of the rest that would override it, or NULL */
};

#define POLICIES_ANNOTATION "io.hookwright.policies"

/* "docker", ...; ENGINES if @name is not one of them. */
enum engine engine_of(const char *name);

/*
 * Read @argv (NULL-terminated; @argv[0] is ignored) as @engine reads it. @ret->hooks is set
 * by the caller.
 *
 * Return: NULL, or the name of an option of hookwright that lacks its value.
 */
const char *front_read(enum engine engine, char *const *argv, struct front_words *ret);
