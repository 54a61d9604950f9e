/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what a command line asks for: shells, env, busybox and other starters of programs. */
#include "program/command.h"

#include "base/words.h"

/* ---- arguments ---- */

static bool is_option(const char *arg)
{
	return (arg[0] == '-' || arg[0] == '+') && arg[1];
}

/* "-eu", "-o" with its value: what has an 'o' at its end takes the next argument. */
static bool takes_value(const char *option)
{
	return option[1] != '-' && option[strlen(option) - 1] == 'o';
}

/* Long options of shells that take no value. */
static bool is_plain_long(const char *option)
{
	static const char *const plain[] = { "--login", "--norc",	"--noprofile",
					     "--posix", "--restricted", "--verbose" };

	return IS_ONE_OF(option, plain);
}

static struct command none(void)
{
	return (struct command){ .kind = COMMAND_NONE };
}

/* What a shell's options ask for. */
struct shell_options {
	bool text, input; /* -c, -s */
};

/* One option, of which more may stand in one word; false if it is not known. */
static bool read_option(const char *option, struct shell_options *ret)
{
	if (option[1] == '-')
		return is_plain_long(option);
	if (option[strspn(option, "-+abcefhiklmnoprstuvxBCEHP")])
		return false;
	ret->text = ret->text || (option[0] == '-' && strchr(option, 'c'));
	ret->input = ret->input || (option[0] == '-' && strchr(option, 's'));
	return true;
}

/* sh [OPTION...] [-c TEXT | FILE] */
static struct command parse_shell(const char *const *args, size_t n)
{
	struct shell_options options = { false, false };
	size_t i = 1;

	for (; i < n && is_option(args[i]) && !streq(args[i], "--"); i++) {
		if (!read_option(args[i], &options))
			return none();
		i += takes_value(args[i]);
	}
	if (i < n && (streq(args[i], "--") || streq(args[i], "-")))
		i++;
	if (options.text)
		return i < n ? (struct command){ .kind = COMMAND_TEXT, .name = args[i] } : none();
	if (i >= n || options.input)
		return (struct command){ .kind = COMMAND_STDIN };
	return (struct command){ .kind = COMMAND_SCRIPT, .name = args[i] };
}

static struct command program(const char *const *args, size_t n, size_t i)
{
	if (i >= n)
		return none();
	return (struct command){
		.kind = COMMAND_PROGRAM, .name = args[i], .args = args + i, .n_args = n - i
	};
}

/* env [-i] [NAME=VALUE...] PROGRAM; other options are not followed. */
static struct command parse_env(const char *const *args, size_t n)
{
	bool clears = false;
	size_t i = 1, first;
	struct command c;

	for (; i < n && args[i][0] == '-'; i++) {
		if (streq(args[i], "--"))
			break;
		if (!streq(args[i], "-") && !streq(args[i], "-i"))
			return none();
		clears = true;
	}
	i += i < n && streq(args[i], "--");
	for (first = i; i < n && strchr(args[i], '='); i++)
		;
	c = program(args, n, i);
	c.clears = clears;
	c.variables = args + first;
	c.n_variables = i - first;
	return c;
}

/* Programs that become another one after so many operands. Options are not followed. */
static const struct {
	const char *name;
	size_t operands;
} wrappers[] = {
	{ "catatonit" },  { "chpst" }, { "docker-init" }, { "dumb-init" },
	{ "ionice" },	  { "nice" },  { "nohup" },	  { "setsid" },
	{ "timeout", 1 }, { "tini" },  { "tini-static" },
};

static struct command parse_wrapper(const char *name, const char *const *args, size_t n)
{
	size_t i = 1;

	for (size_t k = 0; k < ARRAY_SIZE(wrappers); k++) {
		if (!streq(name, wrappers[k].name))
			continue;
		if (i < n && streq(args[i], "--"))
			i++;
		else if (i < n && is_option(args[i]))
			return none();
		return program(args, n, i + wrappers[k].operands);
	}
	return none();
}

struct command command_parse(const char *name, const char *const *args, size_t n)
{
	name = path_base(name);
	if (shell_find(name))
		return parse_shell(args, n);
	if (streq(name, "env"))
		return parse_env(args, n);
	return parse_wrapper(name, args, n);
}

/* ---- a shell's text ---- */

/* A reading position, and where the words are put, one after the other. */
struct scan {
	const char *p;
	char *out;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_safe(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_./:=,@%+-^", c)) || (unsigned char)c >= 0x80;
}

/* What stands in quotes; false if something in it is expanded. */
static bool read_quoted(struct scan *s)
{
	const char quote = *s->p++;

	while (*s->p && *s->p != quote) {
		if (quote == '"' && strchr("$`\\", *s->p))
			return false;
		*s->out++ = *s->p++;
	}
	return *s->p && s->p++;
}

/* A word at the position, or NULL if there is none that means itself. */
static const char *read_word(struct scan *s)
{
	const char *word = s->out, *from = s->p;

	while (is_safe(*s->p) || *s->p == '\'' || *s->p == '"') {
		if (is_safe(*s->p))
			*s->out++ = *s->p++;
		else if (!read_quoted(s))
			return NULL;
	}
	if (s->p == from || (*s->p && !strchr(" \t\n;&|<>", *s->p)))
		return NULL;
	*s->out++ = '\0';
	return word;
}

/* "2>&1", ">FILE", ">>FILE", "<FILE"; 1 if there is one, 0 if not, -1 if it cannot be read. */
static int read_redirect(struct scan *s, struct shell_command *c)
{
	const char *p = s->p;
	struct redirect r = { .kind = REDIRECT_TO };

	p += *p >= '0' && *p <= '9';
	if (*p != '<' && *p != '>')
		return 0;
	r.kind = *p == '<' ? REDIRECT_FROM : REDIRECT_TO;
	p++;
	p += r.kind == REDIRECT_TO && *p == '>';
	if (*p == '&') {
		s->p = p + 2;
		return p[1] >= '0' && p[1] <= '9' && (!p[2] || strchr(" \t\n;&|<>", p[2])) ? 1 : -1;
	}
	while (is_blank(*p))
		p++;
	s->p = p;
	r.path = read_word(s);
	if (!r.path || c->n_redirects == SHELL_REDIRECTS_MAX)
		return -1;
	c->redirects[c->n_redirects++] = r;
	return 1;
}

/* A variable of the command's own; "a/b=c" is a word. */
static bool is_assignment(const char *word)
{
	const size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
					"0123456789");

	return len && word[len] == '=';
}

static bool is_decisive(const char *variable)
{
	return starts_with(variable, "PATH") || starts_with(variable, "LD_");
}

/* Take the next word: an assignment, "exec", or one of the command; false if it cannot be read. */
static bool take_word(struct scan *s, struct shell_command *c)
{
	const bool begins = c->n_words == 0 && *s->p != '\'' && *s->p != '"';
	const char *word = read_word(s);

	if (!word || c->n_words == SHELL_WORDS_MAX)
		return false;
	if (begins && is_assignment(word))
		return !is_decisive(word);
	if (begins && !c->exec && streq(word, "exec"))
		c->exec = true;
	else
		c->words[c->n_words++] = word;
	return true;
}

/* Up to what ends the command. */
static bool read_command(struct scan *s, struct shell_command *c)
{
	while (*s->p && !strchr("\n;&|", *s->p)) {
		int r;

		if (is_blank(*s->p)) {
			s->p++;
			continue;
		}
		r = read_redirect(s, c);
		if (r < 0 || (r == 0 && !take_word(s, c)))
			return false;
	}
	return true;
}

/* Whether all of what follows "&&" is joined by that: then each command must succeed. */
static bool is_chain(const char *rest)
{
	for (const char *p = rest; *p; p++) {
		if (*p == '\'' || *p == '"') {
			p = strchr(p + 1, *p);
			if (!p)
				return false;
		} else if (starts_with(p, "&&") || starts_with(p, ">&")) {
			p++;
		} else if (strchr(";\n|&", *p)) {
			return false;
		}
	}
	return true;
}

bool shell_text_next(const char **text, struct arena *arena, struct shell_command *ret, bool *oom)
{
	struct scan s = { .p = *text + strspn(*text, " \t\n;") };
	char *out;

	*ret = (struct shell_command){ 0 };
	if (!*s.p)
		return false;
	/* A word is never longer than what it is read from, and its end takes the place of one. */
	out = arena_alloc(arena, strlen(s.p) + 2, 1);
	*oom = !out;
	s.out = out;
	if (!out || !read_command(&s, ret))
		return false;
	if (starts_with(s.p, "&&") ? !is_chain(s.p + 2) : *s.p && *s.p != ';' && *s.p != '\n')
		return false;
	ret->required = starts_with(s.p, "&&");
	*text = s.p + (starts_with(s.p, "&&") ? 2 : strspn(s.p, "\n;"));
	ret->last = !(*text)[strspn(*text, " \t\n;")];
	ret->required = ret->required || ret->exec || ret->last;
	return ret->n_words || ret->n_redirects;
}

enum shell_word shell_word_of(const struct shell_command *c)
{
	static const char *const harmless[] = { ":",	"true", "echo",	 "printf",
						"test", "[",	"umask", "export",
						"set",	"pwd",	"unset", "readonly" };
	static const char *const others[] = {
		".",	    "source",	"eval",	   "exit",    "return",	   "break",   "continue",
		"local",    "let",	"declare", "if",      "then",	   "else",    "fi",
		"while",    "until",	"for",	   "do",      "done",	   "case",    "esac",
		"select",   "function", "!",	   "time",    "[[",	   "hash",    "jobs",
		"bg",	    "fg",	"kill",	   "getopts", "fc",	   "cd",      "trap",
		"read",	    "wait",	"alias",   "unalias", "command",   "ulimit",  "type",
		"shift",    "times",	"builtin", "shopt",   "false",	   "typeset", "pushd",
		"popd",	    "mapfile",	"exec",	   "history", "disown",	   "suspend", "logout",
		"dirs",	    "bind",	"enable",  "help",    "readarray", "caller",  "compgen",
		"complete", "print",	"whence",  "chdir",   "coproc",	   "newgrp",  "setopt",
		"autoload", "emulate"
	};

	if (c->n_words == 0)
		return SHELL_HARMLESS;
	if (!c->exec && IS_ONE_OF(c->words[0], others))
		return SHELL_OTHER;
	if (c->exec && c->words[0][0] == '-')
		return SHELL_OTHER;
	if (c->exec || !IS_ONE_OF(c->words[0], harmless))
		return SHELL_PROGRAM;
	for (size_t i = 1; i < c->n_words; i++)
		if (is_decisive(c->words[i]))
			return SHELL_OTHER;
	return SHELL_HARMLESS;
}

bool shell_text_is_exec(const char *text, struct arena *arena)
{
	struct shell_command c;
	bool oom;

	return shell_text_next(&text, arena, &c, &oom) && c.exec && c.n_words && c.last;
}
