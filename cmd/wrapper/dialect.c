/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a runtime's command line as that runtime does, to find the bundle and the container's id.
 */
#include <stdlib.h>
#include <string.h>

#include "wrapper/dialect-tables.h"
#include "wrapper/dialect.h"

enum dialect dialect_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;

	if (strncmp(base, "runc", 4) == 0)
		return DIALECT_RUNC;
	return strncmp(base, "crun", 4) == 0 ? DIALECT_CRUN : DIALECT_UNKNOWN;
}

/* Which commands make a container out of a bundle. */
static bool creates(const char *verb)
{
	return strcmp(verb, "create") == 0 || strcmp(verb, "run") == 0;
}

/*
 * Whether a command that creates may be among @words: where an option before the command is not
 * known, it is unclear which word the runtime takes for it.
 */
static bool may_create(char *const *words)
{
	for (; *words; words++)
		if (creates(*words) || strcmp(*words, "restore") == 0)
			return true;
	return false;
}

static const struct command *command_of(const char *verb)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, verb) == 0)
			return &commands[i];
	return NULL;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The parts of one option that a call needs. */
static void note(struct runtime_call *call, enum meaning meaning, const char *value)
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
	case NOTHING:
		break;
	}
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

/* strconv.ParseBool; false: it is an error to runc. */
static bool go_bool(const char *value, bool *ret)
{
	static const char words[][8] = { "1", "t", "T", "true",	 "TRUE",  "True",
					 "0", "f", "F", "false", "FALSE", "False" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], value) == 0) {
			*ret = i < 6;
			return true;
		}
	return false;
}

/* The result of reading a command line. */
struct go_reading {
	unsigned long long names, letters; /* options of the table that were given, by form */
	int next;			   /* index of the first word that is left */
	bool help;
};

/* One flag, the value of which may be the next word. */
static const char *go_take(struct table options, char *const *words, struct runtime_call *call,
			   struct go_reading *ret)
{
	struct go_flag flag;

	if (!go_flag(options, words[ret->next], &flag))
		return "runc does not know one of the options";
	if (flag.letter)
		ret->letters |= 1ULL << (flag.row - options.rows);
	else
		ret->names |= 1ULL << (flag.row - options.rows);
	if (flag.row->takes == VALUE) {
		if (!flag.value)
			flag.value = words[++ret->next];
		if (!flag.value)
			return "an option lacks its value";
		note(call, flag.row->meaning, flag.value);
	} else {
		bool on = true;

		if (flag.value && !go_bool(flag.value, &on))
			return "the value of one of the options is neither true nor false to runc";
		/* The last one counts; of --help and --version either is enough. */
		if (flag.row->meaning == HELP && flag.row->name[0] == 'h')
			ret->help = on;
		else if (flag.row->meaning == HELP)
			call->version = on;
	}
	ret->next++;
	return NULL;
}

/*
 * flag.FlagSet.Parse: stops at the first word that is not a flag, or after "--". @words ends with
 * NULL. Then urfave/cli refuses an option that was given in both of its forms.
 */
static const char *go_parse(struct table options, char *const *words, struct runtime_call *call,
			    struct go_reading *ret)
{
	*ret = (struct go_reading){ 0 };
	while (words[ret->next] && words[ret->next][0] == '-' && words[ret->next][1]) {
		const char *trouble;

		if (strcmp(words[ret->next], "--") == 0) {
			ret->next++;
			break;
		}
		trouble = go_take(options, words, call, ret);
		if (trouble)
			return trouble;
	}
	return ret->names & ret->letters ? "the two forms of an option exclude each other" : NULL;
}

/*
 * urfave/cli moves a command's flags, each with the word after it, before the other
 * words, so that "run ID --bundle X" works. What is a flag, and what goes with it,
 * differs from version to version.
 */
enum reorder {
	REORDER_VALUES, /* 1.22.10 to .17, in Debian's runc and runc 1.2 to 1.5: what it knows */
	REORDER_KNOWN,	/* 1.22.2 to .9: likewise, but a word after "-x=v" goes with it, too */
	REORDER_DASHED, /* 1.22.1, in runc 1.1: whatever begins with a dash */
	REORDERS,
};

static bool is_dashed(const char *word)
{
	return word[0] == '-' && word[1];
}

static bool is_known_flag(struct table options, const char *word)
{
	struct go_flag flag;

	return is_dashed(word) && strcmp(word, "--") != 0 && go_flag(options, word, &flag);
}

/* Whether @word goes before the others; *@value: it may be the value of the flag before it. */
static bool moves(enum reorder how, struct table options, const char *word, bool *value)
{
	const bool known = is_known_flag(options, word);
	const bool flag = how == REORDER_DASHED ? is_dashed(word) : known;

	if (*value && (how == REORDER_VALUES ? !known : word[0] != '-')) {
		*value = false;
		return true;
	}
	/* A word between them ends the wait, but not in all versions. */
	if (flag || how == REORDER_DASHED)
		*value = flag && (how == REORDER_KNOWN || !strchr(word, '='));
	return flag;
}

/* How many of @words come before the "--" that ends the options. */
static int count_before_end(enum reorder how, struct table options, char *const *words)
{
	bool value = false;
	int n;

	for (n = 0; words[n]; n++) {
		const bool end = strcmp(words[n], "--") == 0;

		if (end && !(how == REORDER_VALUES && value))
			break;
		(void)moves(how, options, words[n], &value);
	}
	return n;
}

/* @ret has room for all of @words and the NULL at their end. */
static void go_reorder(enum reorder how, struct table options, char *const *words, char **ret)
{
	const int n = count_before_end(how, options, words);
	char **out = ret;
	int rest = n;

	for (int pass = 0; pass < 2; pass++) {
		bool value = false;

		for (int i = 0; i < n; i++)
			if (moves(how, options, words[i], &value) == (pass == 0))
				*out++ = words[i];
		if (pass == 0 && how == REORDER_VALUES && words[n])
			*out++ = words[rest++];
	}
	while (words[rest])
		*out++ = words[rest++];
	*out = NULL;
}

/* @words are in the order in which Go's parser gets them. */
static const char *read_runc_command(const struct command *command, char *const *words,
				     struct runtime_call *ret)
{
	struct go_reading reading;
	const char *trouble = go_parse(command->runc, words, ret, &reading);

	if (trouble)
		return trouble;
	if (reading.help) {
		ret->creates = false;
		return NULL;
	}
	if (!words[reading.next] || (words[reading.next + 1] && !command->more))
		return "runc wants exactly one container id";
	ret->id = words[reading.next];
	/* runc treats an empty path as missing. */
	if (ret->bundle && !ret->bundle[0])
		ret->bundle = NULL;
	return NULL;
}

/* Another version of runc, which understands the words, has to understand the same. */
static const char *check_reorder(enum reorder how, const struct command *command, char *const *argv,
				 char **room, const struct runtime_call *want, bool understood)
{
	struct runtime_call other = { .creates = creates(command->name) };

	go_reorder(how, command->runc, argv, room);
	if (read_runc_command(command, room, &other))
		return NULL;
	if (understood && other.creates == want->creates && same(other.id, want->id) &&
	    same(other.bundle, want->bundle))
		return NULL;
	return "versions of runc read this command line differently: "
	       "put the options before the container id";
}

static const char *parse_runc_command(const struct command *command, int argc, char *const *argv,
				      struct runtime_call *ret)
{
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	const char *trouble, *differs = NULL;

	if (!words)
		return "out of memory";
	if (command->in_order)
		memcpy(words, argv, (size_t)argc * sizeof(*words));
	else
		go_reorder(REORDER_VALUES, command->runc, argv, words);
	trouble = read_runc_command(command, words, ret);
	for (int how = REORDER_VALUES + 1; how < REORDERS && !command->in_order && !differs; how++)
		differs = check_reorder((enum reorder)how, command, argv, words, ret, !trouble);
	free(words);
	/* Help for one version may be a container for the other. */
	if (differs)
		ret->creates |= creates(command->name);
	return trouble ? trouble : differs;
}

static const char *parse_runc(int argc, char *const *argv, struct runtime_call *ret)
{
	const struct command *command;
	struct go_reading reading;
	const char *trouble = go_parse((struct table)TABLE(runc_global), argv + 1, ret, &reading);
	int verb = 1 + reading.next;

	if (trouble) {
		ret->creates = may_create(argv + 1);
		return trouble;
	}
	if (reading.help || ret->version || !argv[verb])
		return NULL;
	ret->verb = argv[verb++];
	ret->creates = creates(ret->verb);
	command = command_of(ret->verb);
	if (!command || !command->runc.n)
		return NULL;
	return parse_runc_command(command, argc - verb, argv + verb, ret);
}

/* ---- crun: argp, which is glibc's getopt_long(3) that stops at the first operand ---- */

/* Our libc's may differ from crun's: musl's takes no abbreviation that begins two options alike. */
struct getopt {
	struct table options;
	char *const *argv;
	int next;	     /* of argv */
	const char *letters; /* what is left of a word of letters; NULL: none */
};

/* crun gives --rootless the key of --root, so that "--roo" is not ambiguous. */
static bool same_key(const struct known_option *a, const struct known_option *b)
{
	return strcmp(a->name, "root") == 0 && strcmp(b->name, "rootless") == 0 &&
	       a->takes == b->takes;
}

static const struct known_option *find_exact(struct table options, const char *name, size_t len)
{
	for (size_t i = 0; i < options.n; i++)
		if (strncmp(options.rows[i].name, name, len) == 0 && !options.rows[i].name[len])
			return &options.rows[i];
	return NULL;
}

/* The option of that name, or else the only one that begins with it; NULL: none. */
static const struct known_option *find_long(struct table options, const char *name, size_t len)
{
	const struct known_option *found = find_exact(options, name, len);

	if (found)
		return found;
	for (size_t i = 0; i < options.n; i++) {
		const struct known_option *row = &options.rows[i];

		if (strncmp(row->name, name, len) != 0)
			continue;
		if (found && !same_key(found, row))
			return NULL;
		found = found ? found : row;
	}
	return found;
}

static const struct known_option *find_letter(struct table options, char letter)
{
	for (size_t i = 0; i < options.n; i++)
		if (options.rows[i].letter == letter)
			return &options.rows[i];
	return NULL;
}

/* The value of @row, behind the option in its word if that is not NULL; false: it is missing. */
static bool take_value(struct getopt *g, const struct known_option *row, const char *behind,
		       const char **ret)
{
	*ret = behind ? behind : "";
	if (row->takes != VALUE || behind)
		return true;
	if (!g->argv[g->next])
		return false;
	*ret = g->argv[g->next++];
	return true;
}

static const struct known_option *take_long(struct getopt *g, const char **value)
{
	const char *name = g->argv[g->next++] + 2, *equals = strchr(name, '=');
	const size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct known_option *row = find_long(g->options, name, len);

	if (!row || (equals && row->takes == NO_VALUE))
		return NULL;
	return take_value(g, row, equals ? equals + 1 : NULL, value) ? row : NULL;
}

static const struct known_option *take_letter(struct getopt *g, const char **value)
{
	const struct known_option *row = find_letter(g->options, *g->letters);
	const char *behind = *++g->letters ? g->letters : NULL;

	*value = "";
	if (!row)
		return NULL;
	if (row->takes == NO_VALUE) {
		g->letters = behind;
		return row;
	}
	g->letters = NULL;
	return take_value(g, row, behind, value) ? row : NULL;
}

/* False: only operands follow. *@ret is NULL for what crun does not know. */
static bool next_option(struct getopt *g, const struct known_option **ret, const char **value)
{
	const char *word = g->argv[g->next];

	if (g->letters) {
		*ret = take_letter(g, value);
		return true;
	}
	if (!word || word[0] != '-' || word[1] == '\0')
		return false;
	if (strcmp(word, "--") == 0) {
		g->next++;
		return false;
	}
	if (word[1] == '-') {
		*ret = take_long(g, value);
		return true;
	}
	g->next++;
	g->letters = word + 1;
	*ret = take_letter(g, value);
	return true;
}

/* argv[0] is the program's or the command's name; *@next as in go_parse(), counted from it. */
static const char *crun_parse(struct table options, char *const *argv, struct runtime_call *call,
			      int *next, bool *help)
{
	struct getopt g = { .options = options, .argv = argv, .next = argv[0] ? 1 : 0 };
	const struct known_option *row;
	const char *value;

	*help = false;
	while (!*help && next_option(&g, &row, &value)) {
		if (!row)
			return "crun does not know one of the options, or it lacks its value";
		note(call, row->meaning, value);
		*help = row->meaning == HELP; /* crun prints it at once, and ends */
	}
	*next = g.next;
	return NULL;
}

static const char *parse_crun_command(const struct command *command, int argc, char *const *argv,
				      struct runtime_call *ret)
{
	bool help;
	int next;
	const char *trouble = crun_parse(command->crun, argv, ret, &next, &help);

	if (help)
		ret->creates = false;
	if (trouble || help)
		return trouble;
	if (next >= argc || (next != argc - 1 && !command->more))
		return "crun wants exactly one container id";
	ret->id = argv[next];
	return NULL;
}

static const char *parse_crun(int argc, char *const *argv, struct runtime_call *ret)
{
	const struct command *command;
	const char *trouble;
	int verb;
	bool help;

	trouble = crun_parse((struct table)TABLE(crun_global), argv, ret, &verb, &help);
	if (trouble)
		ret->creates = !help && may_create(argv + 1);
	if (trouble || help || verb >= argc)
		return trouble;
	ret->verb = argv[verb];
	ret->creates = creates(ret->verb);
	command = command_of(ret->verb);
	if (!command || !command->crun.n)
		return NULL;
	return parse_crun_command(command, argc - verb, argv + verb, ret);
}

/* ---- either ---- */

/* The common reading of both in *@ret; false if they differ. */
static bool agree(const struct runtime_call *runc, const struct runtime_call *crun,
		  struct runtime_call *ret)
{
	*ret = *runc;
	ret->creates = runc->creates || crun->creates;
	if (!same(runc->id, crun->id))
		ret->id = NULL;
	if (!same(runc->verb, crun->verb) || !same(runc->root, crun->root) ||
	    runc->creates != crun->creates)
		return false;
	return !ret->creates || (ret->id && same(runc->bundle, crun->bundle) && !crun->config);
}

static const char *parse_unknown(int argc, char *const *argv, struct runtime_call *ret)
{
	struct runtime_call runc = { 0 }, crun = { 0 };
	const char *trouble = parse_runc(argc, argv, &runc);
	const char *other = parse_crun(argc, argv, &crun);
	const bool alike = agree(&runc, &crun, ret);

	if (trouble && other)
		return trouble;
	if (trouble || other || !alike)
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
