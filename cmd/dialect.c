/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "dialect.h"

/* What an option is to us. Options of no interest still matter: they may take a value. */
enum meaning { NOTHING, BUNDLE, CONFIG, LOG, LOG_FORMAT, ROOT, HELP };

struct known_option {
	char name[16]; /* text, no pointer: nothing of these tables is corrected at each start */
	char letter;   /* 0: none */
	bool value;
	enum meaning meaning;
};

static const struct known_option runc_global[] = {
	{ "debug", 0, false, NOTHING },	       { "log", 0, true, LOG },
	{ "log-format", 0, true, LOG_FORMAT }, { "root", 0, true, ROOT },
	{ "criu", 0, true, NOTHING },	       { "systemd-cgroup", 0, false, NOTHING },
	{ "rootless", 0, true, NOTHING },      { "help", 'h', false, HELP },
	{ "version", 'v', false, HELP },
};

static const struct known_option runc_create[] = {
	{ "bundle", 'b', true, BUNDLE },      { "console-socket", 0, true, NOTHING },
	{ "pidfd-socket", 0, true, NOTHING }, { "pid-file", 0, true, NOTHING },
	{ "no-pivot", 0, false, NOTHING },    { "no-new-keyring", 0, false, NOTHING },
	{ "preserve-fds", 0, true, NOTHING }, { "help", 'h', false, HELP },
};

static const struct known_option runc_run[] = {
	{ "bundle", 'b', true, BUNDLE },      { "console-socket", 0, true, NOTHING },
	{ "pidfd-socket", 0, true, NOTHING }, { "pid-file", 0, true, NOTHING },
	{ "no-pivot", 0, false, NOTHING },    { "no-new-keyring", 0, false, NOTHING },
	{ "preserve-fds", 0, true, NOTHING }, { "detach", 'd', false, NOTHING },
	{ "keep", 0, false, NOTHING },	      { "no-subreaper", 0, false, NOTHING },
	{ "help", 'h', false, HELP },
};

static const struct known_option crun_global[] = {
	{ "cgroup-manager", 0, true, NOTHING },
	{ "debug", 0, false, NOTHING },
	{ "log", 0, true, LOG },
	{ "log-format", 0, true, LOG_FORMAT },
	{ "log-level", 0, true, NOTHING },
	{ "root", 0, true, ROOT },
	{ "rootless", 0, true, NOTHING },
	{ "systemd-cgroup", 0, false, NOTHING },
	{ "help", '?', false, HELP },
	{ "usage", 0, false, HELP },
	{ "version", 'V', false, HELP },
	{ "version", 'v', false, HELP },
};

static const struct known_option crun_create[] = {
	{ "bundle", 'b', true, BUNDLE },	{ "config", 'f', true, CONFIG },
	{ "console-socket", 0, true, NOTHING }, { "detach", 'd', false, NOTHING },
	{ "keep", 0, false, NOTHING },		{ "no-new-keyring", 0, false, NOTHING },
	{ "no-pivot", 0, false, NOTHING },	{ "no-subreaper", 0, false, NOTHING },
	{ "pid-file", 0, true, NOTHING },	{ "preserve-fds", 0, true, NOTHING },
	{ "help", '?', false, HELP },		{ "usage", 0, false, HELP },
};

struct table {
	const struct known_option *rows;
	size_t n;
};

#define TABLE(array) ((struct table){ (array), sizeof(array) / sizeof((array)[0]) })

enum dialect dialect_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;

	if (strncmp(base, "runc", 4) == 0)
		return DIALECT_RUNC;
	return strncmp(base, "crun", 4) == 0 ? DIALECT_CRUN : DIALECT_UNKNOWN;
}

static bool creates(const char *verb)
{
	return strcmp(verb, "create") == 0 || strcmp(verb, "run") == 0;
}

/* What of one option a call needs to know; false: the call does something else (--help). */
static bool note(struct runtime_call *call, enum meaning meaning, const char *value)
{
	switch (meaning) {
	case BUNDLE:
		call->bundle = value;
		break;
	case CONFIG:
		/* To crun that very word is the default: the bundle's. */
		call->config = strcmp(value, "config.json") == 0 ? NULL : value;
		break;
	case LOG:
		call->log = value;
		break;
	case ROOT:
		call->root = value;
		break;
	case LOG_FORMAT:
		call->log_json = strcmp(value, "json") == 0;
		break;
	case HELP:
		return false;
	case NOTHING:
		break;
	}
	return true;
}

/* ---- runc: Go's flag package, under urfave/cli ---- */

struct go_flag {
	const struct known_option *row;
	const char *value; /* after "=", NULL if there is none */
	bool letter;	   /* the short form was used */
};

/* "-x", "--x", "-x=v" and "--x=v" are the same to Go; false: not one of @options. */
static bool go_flag(struct table options, const char *word, struct go_flag *ret)
{
	const char *name = word + (word[0] == '-') + (word[0] == '-' && word[1] == '-');
	const size_t len = strcspn(name, "=");

	for (size_t i = 0; i < options.n; i++) {
		const struct known_option *row = &options.rows[i];
		const bool letter = len == 1 && row->letter && name[0] == row->letter;

		if (!letter && (strlen(row->name) != len || memcmp(name, row->name, len) != 0))
			continue;
		*ret = (struct go_flag){ row, name[len] ? name + len + 1 : NULL, letter };
		return true;
	}
	return false;
}

/*
 * flag.FlagSet.Parse: stops at the first word that is no flag, or after "--". *@next is the index
 * of the first word left. @words ends with NULL.
 */
static const char *go_parse(struct table options, char *const *words, struct runtime_call *call,
			    int *next, bool *help)
{
	int i = 0, forms = 0;

	*help = false;
	while (words[i] && words[i][0] == '-' && words[i][1]) {
		struct go_flag flag;
		const char *value;

		if (strcmp(words[i], "--") == 0) {
			i++;
			break;
		}
		if (!go_flag(options, words[i], &flag))
			return "runc does not know one of the options";
		value = flag.value;
		if (flag.row->value && !value)
			value = words[++i];
		if (flag.row->value && !value)
			return "an option lacks its value";
		if (flag.row->meaning == BUNDLE)
			forms |= flag.letter ? 2 : 1;
		/* A boolean takes "=false", too. */
		if (!note(call, flag.row->meaning, value ? value : ""))
			*help = true;
		i++;
	}
	*next = i;
	return forms == 3 ? "--bundle and -b exclude each other" : NULL;
}

/*
 * urfave/cli moves a command's flags, each with the word after it, before the other words, up to
 * "--": so "run ID --bundle X" works, but a word after a flag without a value goes with it, too.
 */
static bool moves(struct table options, const char *word, bool *after_flag)
{
	struct go_flag flag;

	if (*after_flag && word[0] != '-') {
		*after_flag = false;
		return true;
	}
	if (word[0] != '-' || !word[1] || !go_flag(options, word, &flag))
		return false;
	*after_flag = true;
	return true;
}

static int count_before_end(char *const *words)
{
	int n = 0;

	while (words[n] && strcmp(words[n], "--") != 0)
		n++;
	return n;
}

/* @ret has room for all of @words and the NULL at their end. */
static void go_reorder(struct table options, char *const *words, char **ret)
{
	const int n = count_before_end(words);
	char **out = ret;

	for (int pass = 0; pass < 2; pass++) {
		bool after_flag = false;

		for (int i = 0; i < n; i++)
			if (moves(options, words[i], &after_flag) == (pass == 0))
				*out++ = words[i];
	}
	for (int i = n; words[i]; i++)
		*out++ = words[i];
	*out = NULL;
}

static const char *parse_runc_verb(int argc, char *const *argv, struct runtime_call *ret)
{
	const struct table options =
		strcmp(ret->verb, "run") == 0 ? TABLE(runc_run) : TABLE(runc_create);
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	const char *trouble;
	bool help;
	int next;

	if (!words)
		return "out of memory";
	go_reorder(options, argv, words);
	trouble = go_parse(options, words, ret, &next, &help);
	if (!trouble && help)
		ret->creates = false;
	else if (!trouble && (!words[next] || words[next + 1]))
		trouble = "runc wants exactly one container id";
	else if (!trouble)
		ret->id = words[next];
	/* To runc an empty path is none. */
	if (ret->bundle && !ret->bundle[0])
		ret->bundle = NULL;
	free(words);
	return trouble;
}

static const char *parse_runc(int argc, char *const *argv, struct runtime_call *ret)
{
	const char *trouble;
	bool help;
	int next;

	trouble = go_parse(TABLE(runc_global), argv + 1, ret, &next, &help);
	if (trouble || help || !argv[1 + next])
		return trouble;
	ret->verb = argv[1 + next];
	ret->operands = 2 + next;
	ret->creates = creates(ret->verb);
	return ret->creates ? parse_runc_verb(argc, argv + 2 + next, ret) : NULL;
}

/* ---- crun: argp, which is getopt_long(3) that stops at the first operand ---- */

#define CRUN_OPTIONS_MAX 16

/* getopt_long(3)'s form of a table; a long option's value is 256 and its row. */
struct getopt_tables {
	struct option longs[CRUN_OPTIONS_MAX + 1];
	char shorts[2 * CRUN_OPTIONS_MAX + 3];
};

static void make_getopt_tables(struct table options, struct getopt_tables *t)
{
	size_t n = 0;

	*t = (struct getopt_tables){ 0 };
	t->shorts[n++] = '+'; /* stop at the first operand */
	t->shorts[n++] = ':'; /* tell a missing value from an unknown option */
	for (size_t i = 0; i < options.n; i++) {
		const struct known_option *row = &options.rows[i];

		t->longs[i] = (struct option){ row->name, row->value, NULL, (int)(256 + i) };
		/* crun gives --rootless the key of --root, so that "--roo" is not ambiguous. */
		if (i > 0 && strcmp(row->name, "rootless") == 0)
			t->longs[i].val = t->longs[i - 1].val;
		if (row->letter)
			t->shorts[n++] = row->letter;
		if (row->letter && row->value)
			t->shorts[n++] = ':';
	}
}

/* What getopt_long(3) returned: NULL if it is no option of the table. */
static const struct known_option *row_of(struct table options, int c)
{
	if (c >= 256)
		return &options.rows[c - 256];
	/* '?' is both getopt's complaint, which sets optopt, and crun's help. */
	if (c == ':' || (c == '?' && optopt != '?'))
		return NULL;
	for (size_t i = 0; i < options.n; i++)
		if (options.rows[i].letter == c)
			return &options.rows[i];
	return NULL;
}

/* argv[0] is the program's or the command's name; *@next as in go_parse(), counted from it. */
static const char *crun_parse(struct table options, int argc, char *const *argv,
			      struct runtime_call *call, int *next, bool *help)
{
	struct getopt_tables tables;
	int c;

	make_getopt_tables(options, &tables);
	*help = false;
	opterr = 0;
	optind = 0; /* start anew, also after another reading */
	for (;;) {
		const struct known_option *row;

		optopt = '?';
		c = getopt_long(argc, argv, tables.shorts, tables.longs, NULL);
		if (c == -1)
			break;
		row = row_of(options, c);
		if (!row)
			return "crun does not know one of the options, or it lacks its value";
		if (!note(call, row->meaning, optarg ? optarg : ""))
			*help = true;
	}
	*next = optind;
	return NULL;
}

static const char *parse_crun(int argc, char *const *argv, struct runtime_call *ret)
{
	const char *trouble;
	int verb, next;
	bool help;

	trouble = crun_parse(TABLE(crun_global), argc, argv, ret, &verb, &help);
	if (trouble || help || verb >= argc)
		return trouble;
	ret->verb = argv[verb];
	ret->operands = verb + 1;
	ret->creates = creates(ret->verb);
	if (!ret->creates)
		return NULL;
	trouble = crun_parse(TABLE(crun_create), argc - verb, argv + verb, ret, &next, &help);
	if (trouble)
		return trouble;
	ret->creates = !help;
	if (ret->creates && verb + next != argc - 1)
		return "crun wants exactly one container id";
	ret->id = argv[argc - 1];
	return NULL;
}

/* ---- either ---- */

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *parse_unknown(int argc, char *const *argv, struct runtime_call *ret)
{
	struct runtime_call runc = { 0 }, crun = { 0 };
	const char *trouble = parse_runc(argc, argv, &runc);
	const char *other = parse_crun(argc, argv, &crun);

	*ret = runc;
	if (trouble && other)
		return trouble;
	if (trouble || other || !same(runc.verb, crun.verb) || !same(runc.bundle, crun.bundle) ||
	    runc.creates != crun.creates || crun.config)
		return "runc and crun read this command line differently, and which of them the "
		       "runtime follows is not known: set 'dialect' in the configuration";
	return NULL;
}

const char *dialect_parse(enum dialect dialect, int argc, char *const *argv,
			  struct runtime_call *ret)
{
	*ret = (struct runtime_call){ 0 };
	if (dialect == DIALECT_RUNC)
		return parse_runc(argc, argv, ret);
	if (dialect == DIALECT_CRUN)
		return parse_crun(argc, argv, ret);
	return parse_unknown(argc, argv, ret);
}
