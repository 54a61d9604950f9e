/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the command line of podman, docker or nerdctl to find --oci-hook. Executes nothing. */
#include <string.h>

#include "front/words.h"

#define HOOK_OPTION	  "--oci-hook"
#define RUNTIME_OPTION	  "--runtime"
#define ANNOTATION_OPTION "--annotation"

#define DOCKER	(1u << ENGINE_DOCKER)
#define NERDCTL (1u << ENGINE_NERDCTL)
#define PODMAN	(1u << ENGINE_PODMAN)

enum meaning {
	PLAIN,
	RUNTIME, /* the runtime of every container */
	REMOTE,	 /* the engine is another process's, and maybe another host's */
	SOCKET,	 /* a URL; one of a local socket is this host's */
	CONTEXT, /* a name; "default" is this host's */
};

/*
 * Options before the subcommand: those with a value, for else the value would pass for the
 * subcommand, and those that choose the engine. Releases differ; an option missing here only means
 * that --oci-hook is not recognised after it.
 */
static const struct global {
	const char *name;
	unsigned engines;
	bool value;
	enum meaning meaning;
} globals[] = {
	{ "--host", DOCKER, true, SOCKET },
	{ "-H", DOCKER, true, SOCKET },
	{ "--context", DOCKER, true, CONTEXT },
	{ "-c", DOCKER, true, CONTEXT },
	{ "--config", DOCKER | PODMAN, true, PLAIN },
	{ "--log-level", DOCKER | PODMAN, true, PLAIN },
	{ "-l", DOCKER, true, PLAIN },
	{ "--tlscacert", DOCKER, true, PLAIN },
	{ "--tlscert", DOCKER, true, PLAIN },
	{ "--tlskey", DOCKER, true, PLAIN },

	{ "--address", NERDCTL, true, PLAIN },
	{ "-a", NERDCTL, true, PLAIN },
	{ "--host", NERDCTL, true, PLAIN },
	{ "-H", NERDCTL, true, PLAIN },
	{ "--namespace", NERDCTL | PODMAN, true, PLAIN },
	{ "-n", NERDCTL, true, PLAIN },
	{ "--snapshotter", NERDCTL, true, PLAIN },
	{ "--storage-driver", NERDCTL | PODMAN, true, PLAIN },
	{ "--cni-path", NERDCTL, true, PLAIN },
	{ "--cni-netconfpath", NERDCTL, true, PLAIN },
	{ "--data-root", NERDCTL, true, PLAIN },
	{ "--cgroup-manager", NERDCTL | PODMAN, true, PLAIN },
	{ "--hosts-dir", NERDCTL, true, PLAIN },
	{ "--host-gateway-ip", NERDCTL, true, PLAIN },
	{ "--bridge-ip", NERDCTL, true, PLAIN },
	{ "--cdi-spec-dirs", NERDCTL, true, PLAIN },
	{ "--userns-remap", NERDCTL, true, PLAIN },

	{ "--remote", PODMAN, false, REMOTE },
	{ "-r", PODMAN, false, REMOTE },
	{ "--url", PODMAN, true, REMOTE },
	{ "--connection", PODMAN, true, REMOTE },
	{ "-c", PODMAN, true, REMOTE },
	{ "--host", PODMAN, true, REMOTE },
	{ "-H", PODMAN, true, REMOTE },
	{ "--context", PODMAN, true, REMOTE },
	{ RUNTIME_OPTION, PODMAN, true, RUNTIME },
	{ "--runtime-flag", PODMAN, true, PLAIN },
	{ "--conmon", PODMAN, true, PLAIN },
	{ "--events-backend", PODMAN, true, PLAIN },
	{ "--hooks-dir", PODMAN, true, PLAIN },
	{ "--cdi-spec-dir", PODMAN, true, PLAIN },
	{ "--identity", PODMAN, true, PLAIN },
	{ "--imagestore", PODMAN, true, PLAIN },
	{ "--module", PODMAN, true, PLAIN },
	{ "--network-cmd-path", PODMAN, true, PLAIN },
	{ "--network-config-dir", PODMAN, true, PLAIN },
	{ "--out", PODMAN, true, PLAIN },
	{ "--root", PODMAN, true, PLAIN },
	{ "--runroot", PODMAN, true, PLAIN },
	{ "--ssh", PODMAN, true, PLAIN },
	{ "--storage-opt", PODMAN, true, PLAIN },
	{ "--tmpdir", PODMAN, true, PLAIN },
	{ "--tls-ca", PODMAN, true, PLAIN },
	{ "--tls-cert", PODMAN, true, PLAIN },
	{ "--tls-key", PODMAN, true, PLAIN },
	{ "--volumepath", PODMAN, true, PLAIN },
};

static const char *const names[ENGINES] = {
	[ENGINE_DOCKER] = "docker",
	[ENGINE_NERDCTL] = "nerdctl",
	[ENGINE_PODMAN] = "podman",
};

enum engine engine_of(const char *name)
{
	int i = 0;

	while (i < ENGINES && strcmp(names[i], name) != 0)
		i++;
	return (enum engine)i;
}

/*
 * If @word is option @name: its value, in the same word ("--name=VALUE", "-nVALUE") or in the next
 * one, NULL if there is none. *@words: how many words both are; 0 if @word is not that option.
 */
static const char *option_value(const char *name, char *const *word, int *words)
{
	const size_t len = strlen(name);
	const bool is_long = name[1] == '-';
	const char *after = *word + len;

	*words = 0;
	if (strncmp(*word, name, len) != 0 || (is_long && *after && *after != '='))
		return NULL;
	*words = *after || !word[1] ? 1 : 2;
	return *after ? after + (*after == '=') : word[1];
}

static const struct global *global_option(enum engine engine, char *const *word, const char **value,
					  int *words)
{
	for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
		const struct global *g = &globals[i];

		if (!(g->engines & 1u << engine))
			continue;
		if (g->value) {
			*value = option_value(g->name, word, words);
			if (*words)
				return g;
		} else if (strcmp(*word, g->name) == 0) {
			*words = 1;
			return g;
		}
	}
	*words = 1;
	return NULL;
}

static void note_global(struct front_words *f, const struct global *g, const char *value, int at,
			int words)
{
	bool local = false;

	switch (g->meaning) {
	case PLAIN:
		return;
	case RUNTIME:
		f->runtime = value;
		f->global_runtime = at;
		f->global_words = words;
		return;
	case REMOTE:
		break;
	case SOCKET:
		local = value && (strncmp(value, "unix:", 5) == 0 || strncmp(value, "fd:", 3) == 0);
		break;
	case CONTEXT:
		local = value && strcmp(value, "default") == 0;
		break;
	}
	f->local |= local;
	f->remote |= !local;
}

static bool creates(const char *word)
{
	return word && (strcmp(word, "run") == 0 || strcmp(word, "create") == 0);
}

static bool is_option(const char *word, const char *name)
{
	const size_t len = strlen(name);

	return strncmp(word, name, len) == 0 && (!word[len] || word[len] == '=');
}

/* Index of the subcommand if it is run or create, else 0. */
static int find_verb(enum engine engine, char *const *argv, struct front_words *f)
{
	int i = 1;

	while (argv[i] && argv[i][0] == '-' && strcmp(argv[i], "--") != 0) {
		const char *value = NULL;
		int words;
		const struct global *g = global_option(engine, argv + i, &value, &words);

		if (g)
			note_global(f, g, value, i, words);
		i += words;
	}
	if (argv[i] && strcmp(argv[i], "container") == 0)
		i++;
	return creates(argv[i]) ? i : 0;
}

/* The value of hookwright's annotation in an --annotation option, NULL if it is another option. */
static const char *own_annotation(char *const *word, int *words)
{
	const char *value = option_value(ANNOTATION_OPTION, word, words);
	const size_t len = strlen(POLICIES_ANNOTATION);

	if (!value || strncmp(value, POLICIES_ANNOTATION, len) != 0 || value[len] != '=')
		return NULL;
	return value + len + 1;
}

/* ---- the options of run and create ---- */

static const struct run_option {
	const char *name;
	char letter;
	unsigned engines;
	bool value;
} run_options[] = {
#define RUN_OPTION(...) { __VA_ARGS__ },
#include "front/run-options-table.h"
};

static const struct run_option *run_option(enum engine engine, const char *name, size_t len,
					   char letter)
{
	for (size_t i = 0; i < sizeof(run_options) / sizeof(run_options[0]); i++) {
		const struct run_option *o = &run_options[i];

		if (o->engines & 1u << engine &&
		    (name ? strncmp(o->name, name, len) == 0 && !o->name[len]
			  : o->letter == letter))
			return o;
	}
	return NULL;
}

/* "-itv VALUE": the first letter that takes a value takes the rest, or the next word. */
static int letters_words(enum engine engine, const char *word)
{
	for (const char *c = word + 1; *c; c++) {
		const struct run_option *o = run_option(engine, NULL, 0, *c);

		if (!o)
			return 0;
		/* "-d=false" */
		if (o->value || c[1] == '=')
			return c[1] ? 1 : 2;
	}
	return 1;
}

/* How many words the option of 'run' at @word is; 0 if that is not known. */
static int run_option_words(enum engine engine, const char *word)
{
	const size_t len = strcspn(word, "=");
	const struct run_option *o;

	if (word[1] != '-')
		return letters_words(engine, word);
	o = run_option(engine, word, len, 0);
	if (word[len])
		return 1;
	return !o ? 0 : o->value ? 2 : 1;
}

static bool is_run_option(const char *word)
{
	return word[0] == '-' && word[1] && strcmp(word, "--") != 0;
}

/* hookwright's option at @word, or one of the engine's that would conflict: how many words. */
static int read_own(char *const *word, struct front_words *f, const char **lacking)
{
	int words;
	const char *value = option_value(HOOK_OPTION, word, &words);

	if (words) {
		if (value)
			f->hooks[f->n_hooks++] = value;
		else
			*lacking = HOOK_OPTION;
		return words;
	}
	value = option_value(RUNTIME_OPTION, word, &words);
	if (words) {
		f->runtime = value;
		if (!value)
			*lacking = RUNTIME_OPTION;
		return words;
	}
	value = own_annotation(word, &words);
	if (!value)
		return 0;
	f->policies = value;
	return words;
}

/*
 * Engines take the last of two equal options, so one of the user's would silently override
 * hookwright's.
 */
static bool overrides(char *const *word)
{
	int words;
	const char *value;

	if (is_option(*word, RUNTIME_OPTION))
		return true;
	value = option_value(ANNOTATION_OPTION, word, &words);
	return value && strstr(value, POLICIES_ANNOTATION "=");
}

/* The options of run or create, up to the image. NULL, or the one without a value. */
static const char *read_ours(enum engine engine, char *const *argv, struct front_words *f)
{
	const char *lacking = NULL;
	int i = f->verb + 1, words;

	for (; argv[i] && is_run_option(argv[i]); i += words) {
		words = read_own(argv + i, f, &lacking);
		if (lacking)
			return lacking;
		if (words)
			continue;
		words = run_option_words(engine, argv[i]);
		if (!words) {
			f->unknown = argv[i];
			break;
		}
		if (!f->stray && overrides(argv + i))
			f->stray = argv[i];
		if (words == 2 && !argv[i + 1])
			words = 1;
		for (int k = 0; k < words; k++)
			f->kept[f->n_kept++] = argv[i + k];
	}
	f->rest = i;
	return NULL;
}

static bool is_hook_option(char *const *word)
{
	return is_option(*word, HOOK_OPTION);
}

/*
 * The first word from @i on that is @wanted and may be an option of 'run'. Which of these have a
 * value is not known here, and so not which word is the image: at the latest it is one that follows
 * neither an option nor "--"; beyond, all is the container's.
 */
static const char *find_option(char *const *argv, int i, bool (*wanted)(char *const *word))
{
	bool may_be_value = false;

	for (; argv[i] && strcmp(argv[i], "--") != 0; i++) {
		const bool option = argv[i][0] == '-' && argv[i][1];

		if (option && wanted(argv + i))
			return argv[i];
		if (!option && !may_be_value)
			return NULL;
		may_be_value = option && !strchr(argv[i], '=');
	}
	return NULL;
}

const char *front_read(enum engine engine, char *const *argv, struct front_words *ret)
{
	const char *lacking;

	ret->verb = find_verb(engine, argv, ret);
	if (!ret->verb)
		return NULL;
	lacking = read_ours(engine, argv, ret);
	if (lacking && (ret->n_hooks || strcmp(lacking, HOOK_OPTION) == 0))
		return lacking;
	if (ret->unknown && find_option(argv, ret->rest, is_hook_option))
		ret->misplaced = true;
	if (!ret->n_hooks)
		ret->verb = 0;
	else if (!ret->stray && ret->unknown)
		ret->stray = find_option(argv, ret->rest, overrides);
	return NULL;
}
