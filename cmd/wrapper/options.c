/* SPDX-License-Identifier: Apache-2.0 */
/* Parses the options --hookwright-*, which precede those of the runtime. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wrapper/options.h"

#define PREFIX "--hookwright-"

enum own_option { CONFIG, RUNTIME, POLICY, HOOKS_DIR, REQUEST, OWN_OPTIONS };

static const char names[OWN_OPTIONS][24] = {
	[CONFIG] = PREFIX "config",	  [RUNTIME] = PREFIX "runtime", [POLICY] = PREFIX "policy",
	[HOOKS_DIR] = PREFIX "hooks-dir", [REQUEST] = PREFIX "request",
};

/* Also without the last '-', which is a mistake: no runtime has such an option. */
static bool is_own(const char *word)
{
	return word && strncmp(word, PREFIX, strlen(PREFIX) - 1) == 0;
}

/* The option that @word names, before any "="; OWN_OPTIONS: none. */
static enum own_option find(const char *word, size_t len)
{
	for (size_t i = 0; i < OWN_OPTIONS; i++)
		if (strlen(names[i]) == len && memcmp(word, names[i], len) == 0)
			return (enum own_option)i;
	return OWN_OPTIONS;
}

static void add(struct words *words, const char *word)
{
	words->items[words->n++] = word;
}

static void keep(struct wrapper_options *options, enum own_option which, const char *value)
{
	if (which == CONFIG)
		options->config = value;
	else if (which == RUNTIME)
		options->runtime = value;
	else if (which == POLICY)
		add(&options->policies, value);
	else if (which == HOOKS_DIR)
		add(&options->hooks_dirs, value);
	else
		add(&options->requests, value);
}

/* Each list has room for all of argv. */
static bool make_room(struct wrapper_options *options, int argc)
{
	const char **room = calloc(3 * (size_t)argc, sizeof(*room));

	if (!room)
		return false;
	options->room = room;
	options->policies.items = room;
	options->hooks_dirs.items = room + argc;
	options->requests.items = room + 2 * (size_t)argc;
	return true;
}

static void unknown(const char *word, size_t len, char *trouble, size_t size)
{
	const char *candidates[OWN_OPTIONS], *near;
	char name[64];
	int n;

	for (size_t i = 0; i < OWN_OPTIONS; i++)
		candidates[i] = names[i];
	snprintf(name, sizeof(name), "%.*s", (int)len, word);
	near = hw_suggest(name, candidates, OWN_OPTIONS);
	n = snprintf(trouble, size, "unknown option '%s'\n  hint: ", name);
	if (near)
		snprintf(trouble + n, size - (size_t)n, "did you mean '%s'?", near);
	else
		snprintf(trouble + n, size - (size_t)n,
			 "allowed before the runtime's options are %s=FILE, %s=NAME, %s=FILE|DIR, "
			 "%s=DIR and %s=NAME, or alone " PREFIX "version",
			 names[CONFIG], names[RUNTIME], names[POLICY], names[HOOKS_DIR],
			 names[REQUEST]);
}

int wrapper_options_read(int argc, char **argv, struct wrapper_options *ret, char *trouble,
			 size_t size)
{
	int i = 1;

	*ret = (struct wrapper_options){ 0 };
	trouble[0] = '\0';
	if (is_own(argv[1]) && !make_room(ret, argc)) {
		snprintf(trouble, size, "out of memory");
		return 0;
	}
	while (is_own(argv[i])) {
		const size_t len = strcspn(argv[i], "=");
		const enum own_option which = find(argv[i], len);
		const char *value = argv[i][len] ? argv[i] + len + 1 : argv[i + 1];

		i += argv[i][len] || which == OWN_OPTIONS || !value ? 1 : 2;
		if (which == OWN_OPTIONS) {
			unknown(argv[i - 1], len, trouble, size);
			break;
		}
		if (!value) {
			snprintf(trouble, size, "%s needs a value\n  hint: write %s=VALUE",
				 names[which], names[which]);
			break;
		}
		keep(ret, which, value);
	}
	return i - 1;
}

void wrapper_options_free(struct wrapper_options *options)
{
	free(options->room);
}
