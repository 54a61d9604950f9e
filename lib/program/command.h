/* SPDX-License-Identifier: Apache-2.0 */
/* What the arguments of a program ask for: a script, a text, another program. */
#pragma once

#include "base/arena.h"

/*
 * What a program that starts others is asked for by its arguments: a shell by a script or by the
 * text after -c, env(1) and its like by a program. Only what is certain is read: of a shell's text
 * simple commands without expansions, and no more of it after the first that is anything else.
 */
enum command_kind {
	COMMAND_NONE,	 /* nothing, or nothing that can be read here */
	COMMAND_PROGRAM, /* a program, which execvp(3) looks up */
	COMMAND_SCRIPT,	 /* a file, which it opens and reads */
	COMMAND_STDIN,	 /* a shell reads commands from standard input */
	COMMAND_TEXT,	 /* a shell's text, see shell_text_next() */
};

struct command {
	enum command_kind kind;
	const char *name;	 /* the program, the file or the text */
	const char *const *args; /* of PROGRAM: its own, args[0] included */
	size_t n_args;
	/* of env(1): variables that are given, removed, or all that are not given, removed */
	const char *const *variables; /* a NAME=VALUE is given, a NAME removed */
	size_t n_variables;
	bool clears;
};

/* What program @name (a path, or an applet of busybox) is asked for by @args, args[0] included. */
struct command command_parse(const char *name, const char *const *args, size_t n_args);

/* One simple command of a shell's text. */
enum redirect_kind { REDIRECT_FROM, REDIRECT_TO };

struct redirect {
	enum redirect_kind kind;
	const char *path;
};

#define SHELL_REDIRECTS_MAX 8
#define SHELL_WORDS_MAX	    64

struct shell_command {
	const char *words[SHELL_WORDS_MAX]; /* the program and its arguments; none: redirections */
	size_t n_words;			    /* alone */
	struct redirect redirects[SHELL_REDIRECTS_MAX];
	size_t n_redirects;
	bool exec;     /* in place of the shell */
	bool required; /* the shell fails if it does */
	bool last;     /* nothing follows */
};

/*
 * The next command of *@text, which becomes the rest; false if there is none, or none that can be
 * read. -ENOMEM leaves it false with *@oom set.
 */
bool shell_text_next(const char **text, struct arena *arena, struct shell_command *ret, bool *oom);

/* What a shell does itself: not a program. _HARMLESS: whatever it does, programs after it are found
 * and run as before. */
enum shell_word { SHELL_PROGRAM, SHELL_HARMLESS, SHELL_OTHER };

enum shell_word shell_word_of(const struct shell_command *command);

/* Whether a shell that is asked for @text becomes the program that it runs. */
bool shell_text_is_exec(const char *text, struct arena *arena);
