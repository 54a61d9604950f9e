/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any words, one a line, as a runtime's command line in each dialect: it is not changed, no create
 * is missed, and what is understood without knowing the runtime is understood in the same way by
 * both.
 */
#include <stdlib.h>
#include <string.h>

#include "../../cmd/wrapper/dialect.c"
#include "fuzz.h"

#define WORDS_MAX 64

struct line {
	char *text, *copy;
	size_t size;
	char *argv[WORDS_MAX + 2], *before[WORDS_MAX + 2];
	int argc;
};

static bool split(const uint8_t *data, size_t size, struct line *l)
{
	static char program[] = "runtime";
	char *p;

	*l = (struct line){ .size = size + 1 };
	l->text = malloc(l->size);
	l->copy = malloc(l->size);
	REQUIRE(l->text && l->copy);
	for (size_t i = 0; i < size; i++)
		l->text[i] = data[i] == '\n' ? '\0' : (char)data[i];
	l->text[size] = '\0';
	memcpy(l->copy, l->text, l->size);
	l->argv[l->argc++] = program;
	for (p = l->text; p < l->text + size; p += strlen(p) + 1) {
		if (l->argc > WORDS_MAX)
			return false;
		l->argv[l->argc++] = p;
	}
	memcpy(l->before, l->argv, sizeof(l->argv));
	return true;
}

static bool is_word(const struct line *l, const char *word)
{
	return !word || (word >= l->text && word < l->text + l->size);
}

/* Every way to let a command line pass without a look at a bundle. */
static void check(const struct line *l, enum dialect dialect, struct runtime_call *call,
		  const char **trouble)
{
	struct runtime_call again;
	bool any = false;

	*trouble = dialect_parse(dialect, l->argc, l->argv, call);
	REQUIRE(memcmp(l->before, l->argv, sizeof(l->argv)) == 0);
	REQUIRE(memcmp(l->copy, l->text, l->size) == 0);
	REQUIRE(is_word(l, call->verb) && is_word(l, call->bundle) && is_word(l, call->config));
	REQUIRE(is_word(l, call->id) && is_word(l, call->root) && is_word(l, call->log));
	for (int i = 1; i < l->argc; i++)
		any |= creates(l->argv[i]) || strcmp(l->argv[i], "restore") == 0;
	REQUIRE(any || !call->creates);
	if (!*trouble && call->creates)
		REQUIRE(call->verb && call->id && creates(call->verb));
	/* Of an unknown one check_agreement() says that it creates where either does. */
	if (*trouble && any && !call->creates && dialect != DIALECT_UNKNOWN)
		REQUIRE(call->verb && !creates(call->verb));
	REQUIRE(dialect_parse(dialect, l->argc, l->argv, &again) == *trouble);
	REQUIRE(same(again.id, call->id) && same(again.bundle, call->bundle));
}

static void check_agreement(const struct line *l)
{
	struct runtime_call calls[3];
	const char *troubles[3];

	for (int i = 0; i < 3; i++)
		check(l, (enum dialect)i, &calls[i], &troubles[i]);
	for (int i = 1; i < 3; i++) {
		if (calls[i].creates)
			REQUIRE(calls[DIALECT_UNKNOWN].creates);
		if (troubles[DIALECT_UNKNOWN])
			continue;
		REQUIRE(!troubles[i] && calls[i].creates == calls[DIALECT_UNKNOWN].creates);
		if (calls[i].creates)
			REQUIRE(same(calls[i].bundle, calls[DIALECT_UNKNOWN].bundle) &&
				!calls[i].config);
		REQUIRE(same(calls[i].root, calls[DIALECT_UNKNOWN].root));
		if (calls[DIALECT_UNKNOWN].id)
			REQUIRE(same(calls[i].id, calls[DIALECT_UNKNOWN].id));
	}
	/* The form that nobody can misread. */
	if (l->argc == 3 && creates(l->argv[1]) && l->argv[2][0] && l->argv[2][0] != '-')
		for (int i = 0; i < 3; i++)
			REQUIRE(!troubles[i] && calls[i].creates && calls[i].id == l->argv[2]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct line line;

	if (split(data, size, &line))
		check_agreement(&line);
	free(line.text);
	free(line.copy);
	return 0;
}
