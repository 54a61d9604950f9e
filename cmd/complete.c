/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion of the command line, for all shells: cmd/completion/ calls this with the words up to
 * the cursor. A line for each candidate, and behind a tab what it is; ":files" and ":dirs" stand
 * for names of files, and ":engine" for what the engine's own completion has.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "setup/setup.h"

/* The word that is completed, and what of it each candidate repeats: "--color=". */
struct target {
	const char *word, *before;
	int before_len;
};

static void offer(const struct target *t, const char *candidate, const char *what)
{
	const int len = (int)strcspn(what, "\n");

	if (strncmp(candidate, t->word, strlen(t->word)) == 0)
		printf("%.*s%s\t%.*s\n", t->before_len, t->before, candidate, len, what);
}

/* ---- words ---- */

static void offer_policies(const struct target *t)
{
	struct hw_policies *policies = NULL;
	struct hw_error err;

	if (hw_policies_load(NULL, &policies, &err) < 0)
		return;
	for (size_t i = 0; i < hw_policies_count(policies); i++) {
		const struct hw_policy *policy = hw_policies_get(policies, i);

		offer(t, hw_policy_name(policy), hw_policy_description(policy));
	}
	hw_policies_free(policies);
}

static void offer_rules(const struct target *t)
{
	struct hw_rule rule;

	for (size_t i = 0; hw_rules_get(i, &rule); i++) {
		offer(t, rule.id, rule.brief);
		offer(t, rule.name, rule.brief);
	}
}

/* @engine: the forms of this one; NULL: the engines. */
static void offer_snippets(const struct target *t, const char *engine)
{
	const char *last = "";

	for (size_t i = 0; i < n_snippets; i++) {
		const struct snippet *s = &snippets[i];

		if (engine && s->form && strcmp(s->engine, engine) == 0)
			offer(t, s->form, s->file);
		else if (!engine && strcmp(s->engine, last) != 0)
			offer(t, s->engine, s->file);
		last = s->engine;
	}
}

static void offer_choice(const struct target *t, enum hw_choice choice)
{
	const char *word;

	for (size_t i = 0; (word = hw_choice_word(choice, i)); i++)
		offer(t, word, "");
}

static void offer_targets(const struct target *t)
{
	for (size_t i = 0; export_targets[i]; i++)
		offer(t, export_targets[i], "");
}

static void offer_schemas(const struct target *t)
{
	const char *name;

	for (size_t i = 0; (name = schema_name(i)); i++)
		offer(t, name, "");
}

/* ---- options ---- */

static void offer_options(const struct target *t, const struct command *command)
{
	struct option_info o;

	for (int id = 0; id < OPT_IDS; id++) {
		char word[64];

		if (!option_get(command, id, &o))
			continue;
		snprintf(word, sizeof(word), "--%s", o.name);
		offer(t, word, o.help);
	}
}

/* The option that @word is, of which the value is still to come; false: none. */
static bool wants_value(const struct command *command, const char *word, size_t len,
			struct option_info *ret)
{
	for (int id = 0; id < OPT_IDS; id++) {
		if (!option_get(command, id, ret) || !ret->what)
			continue;
		if (len == 2 && word[0] == '-' && ret->letter && word[1] == ret->letter)
			return true;
		if (len > 2 && strncmp(word, "--", 2) == 0 && strlen(ret->name) == len - 2 &&
		    memcmp(word + 2, ret->name, len - 2) == 0)
			return true;
	}
	return false;
}

static const char *engine_among(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		for (size_t k = 0; k < n_snippets; k++)
			if (strcmp(argv[i], snippets[k].engine) == 0)
				return snippets[k].engine;
	return "";
}

static void offer_value(const struct target *t, const struct option_info *o, int argc, char **argv)
{
	switch (o->value) {
	case VALUE_FILE:
		puts(":files");
		break;
	case VALUE_DIR:
		puts(":dirs");
		break;
	case VALUE_CHOICE:
		offer_choice(t, o->choice);
		break;
	case VALUE_POLICY:
		offer_policies(t);
		break;
	case VALUE_RULE:
		offer_rules(t);
		break;
	case VALUE_FORM:
		offer_snippets(t, engine_among(argc, argv));
		break;
	case VALUE_TARGET:
		offer_targets(t);
		break;
	case VALUE_OTHER:
		break;
	}
}

static void offer_operands(const struct target *t, const struct command *command)
{
	switch (command->operands) {
	case OPERAND_BUNDLE:
	case OPERAND_FILE:
		puts(":files");
		break;
	case OPERAND_POLICY:
		offer_policies(t);
		break;
	case OPERAND_ENGINE:
		offer_snippets(t, NULL);
		break;
	case OPERAND_STAGE:
		offer(t, "createRuntime", "");
		break;
	case OPERAND_SCHEMA:
		offer_schemas(t);
		break;
	case OPERAND_NONE:
	case OPERAND_THEIRS:
		break;
	}
}

/* ---- commands ---- */

/* The next word of each command that begins with the @argc words. */
static void offer_commands(const struct target *t, int argc, char **argv)
{
	const size_t len = argc ? strlen(argv[0]) : 0;
	char last[32] = "", word[32];

	for (size_t i = 0; i < n_commands; i++) {
		const char *name = commands[i].name, *rest = name;
		const bool group = strchr(name, ' ') != NULL;

		if (argc && (!group || strncmp(name, argv[0], len) != 0 || name[len] != ' '))
			continue;
		if (argc)
			rest = name + len + 1;
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(rest, " "), rest);
		if (strcmp(word, last) != 0)
			offer(t, word, group && !argc ? "" : commands[i].brief);
		snprintf(last, sizeof(last), "%s", word);
	}
}

static void offer_first(const struct target *t)
{
	if (t->word[0] == '-') {
		offer(t, "--help", "list the commands");
		offer(t, "--version", "print the version");
		return;
	}
	offer_commands(t, 0, NULL);
	offer(t, "help", "list the commands, or show the options of one");
	offer(t, "version", "print the version");
}

static const struct command *find_command(int argc, char **argv, int *words)
{
	for (size_t i = 0; i < n_commands; i++) {
		const char *name = commands[i].name, *space = strchr(name, ' ');
		const size_t len = strcspn(name, " ");

		*words = space ? 2 : 1;
		if (argc >= *words && strlen(argv[0]) == len && memcmp(argv[0], name, len) == 0 &&
		    (!space || strcmp(argv[1], space + 1) == 0))
			return &commands[i];
	}
	return NULL;
}

/* An engine's words are its own, but for our option, of the commands that create. */
static void offer_engine(const struct target *t, int argc, char **argv)
{
	bool creates = false;

	for (int i = 1; i < argc; i++)
		creates = creates || strcmp(argv[i], "run") == 0 || strcmp(argv[i], "create") == 0;
	if (creates && strcmp(argv[argc - 1], "--oci-hook") == 0) {
		offer_policies(t);
		return;
	}
	if (creates && t->word[0] == '-')
		offer(t, "--oci-hook", "add the hook of this policy");
	puts(":engine");
}

static void offer_rest(const struct target *t, const struct command *command, int argc, char **argv)
{
	const size_t len = strcspn(t->word, "=");
	struct option_info o;

	if (t->word[0] == '-' && t->word[len] && wants_value(command, t->word, len, &o)) {
		const struct target value = { t->word + len + 1, t->word, (int)len + 1 };

		offer_value(&value, &o, argc, argv);
	} else if (wants_value(command, argv[argc - 1], strlen(argv[argc - 1]), &o)) {
		offer_value(t, &o, argc, argv);
	} else if (t->word[0] == '-') {
		offer_options(t, command);
	} else {
		offer_operands(t, command);
	}
}

enum exit_status complete(int argc, char **argv)
{
	const struct target t = { .word = argc ? argv[argc - 1] : "", .before = "" };
	const struct command *command;
	int words;

	argc = argc ? argc - 1 : 0; /* those before it */
	if (argc && strcmp(argv[0], "help") == 0) {
		offer_commands(&t, argc - 1, argv + 1);
		return STATUS_OK;
	}
	command = find_command(argc, argv, &words);
	if (!argc)
		offer_first(&t);
	else if (!command)
		offer_commands(&t, argc, argv);
	else if (command->operands == OPERAND_THEIRS)
		offer_engine(&t, argc, argv);
	else
		offer_rest(&t, command, argc, argv);
	return STATUS_OK;
}
