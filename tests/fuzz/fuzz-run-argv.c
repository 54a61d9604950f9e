/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any words, one a line, as the arguments of hookwright-run: they are not changed, and what is
 * accepted keeps to its limits; what is not is said in a sentence.
 */
#include <stdlib.h>
#include <string.h>

#include "../../cmd/run/options.c"
#include "fuzz.h"

#define WORDS_MAX 64

static void check_options(const struct options *o, char **args)
{
	char **dash = args;

	while (strcmp(*dash, "--") != 0)
		dash++;
	REQUIRE(o->program == dash[1] && o->program[0] == '/' && o->argv == dash + 2 && o->argv[0]);
	REQUIRE(o->timeout == NEVER || (o->timeout > 0 && o->timeout < (SECONDS_MAX + 1) * SECOND));
	REQUIRE(o->kill_after >= 0 && o->kill_after < (SECONDS_MAX + 1) * SECOND);
	REQUIRE(o->on_failure <= IGNORE);
	REQUIRE(!o->log || (o->log[0] == '/' && strlen(o->log) < 108));
	REQUIRE(o->log_bytes >= 0 && o->log_bytes <= SECONDS_MAX);
	REQUIRE(o->log_rate >= 0 && o->log_rate <= SECONDS_MAX);
	REQUIRE(strlen(o->policy) <= RECORD_POLICY_MAX && !strchr(o->policy, '\t'));
	REQUIRE(strlen(o->container) <= RECORD_CONTAINER_MAX && !strchr(o->container, '\t'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *copy = malloc(size + 1), *args[WORDS_MAX + 1], *p = text;
	struct complaint why = { "" };
	struct options o;
	size_t n = 0;

	REQUIRE(text && copy);
	for (size_t i = 0; i < size; i++)
		text[i] = data[i] == '\n' ? '\0' : (char)data[i];
	text[size] = '\0';
	memcpy(copy, text, size + 1);
	for (; p < text + size && n < WORDS_MAX; p += strlen(p) + 1)
		args[n++] = p;
	args[n] = NULL;
	if (options_parse(args, &o, &why))
		check_options(&o, args);
	else
		REQUIRE(why.text[0] && strchr(why.text, ':'));
	REQUIRE(memcmp(text, copy, size + 1) == 0);
	free(text);
	free(copy);
	return 0;
}
