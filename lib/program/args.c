/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program's arguments name and it will need: the script of a shell, the program of env(1),
 * the applet of busybox. It is looked at as what a script's first line names.
 */
#include "base/words.h"
#include "oci/hook.h"
#include "program/command.h"
#include "program/internal.h"
#include "program/memo-internal.h"

/* A program that is asked for another, and that for the next, so many in a row. */
#define ARGS_CHAIN_MAX 8

/* Who is asked, by which arguments; a shell's text may ask for several. */
struct asked {
	const char *path;	 /* of the program, as it is found */
	const char *const *args; /* args[0] included */
	size_t n_args;
	const char *asker; /* what messages call it: "/bin/sh" */
	bool busybox;	   /* it has programs of its own */
	bool reads_state;  /* standard input is the container's state */
	unsigned chain;
	const struct file *file; /* of @path; with its buffers it is large */
};

static int judge_asked(struct judge *j, const struct asked *asked);

/* ---- files ---- */

/* @path as a program with the current directory of the process reads it. */
static const char *absolute(struct judge *j, const char *path)
{
	if (path[0] == '/')
		return path;
	return path_join(j->arena, j->spec->cwd, strlen(j->spec->cwd), path);
}

static int check_script_file(struct judge *j, const struct asked *asked, const char *name)
{
	const char *path = absolute(j, name);
	const struct reason *why = NULL;
	struct file f;
	enum truth may;
	int r = path ? file_find(j, path, &j->hook, NULL, &f) : error_oom(j->err);

	if (r < 0 || f.found.kind == FOUND_SPECIAL)
		return r;
	j->topic = TOPIC_SCRIPT;
	if (f.found.kind == FOUND_UNKNOWN)
		return judge_for(j, UNKNOWN, f.found.reason, path, NULL,
				 "%s is given %s, which cannot be judged", asked->asker, name);
	if (f.found.kind == FOUND_NOTHING || f.found.kind == FOUND_DENIED)
		return judge_for(j, strchr(name, '/') ? NO : UNKNOWN, f.found.reason, path,
				 "name a script that is in the container",
				 "%s is given the script %s, which it cannot open", asked->asker,
				 name);
	if (f.found.kind == FOUND_DIR)
		return judge_by(j, asked->busybox ? UNKNOWN : NO, path, "name a script",
				"%s is given %s, a directory", asked->asker, name);
	may = view_may(j->view, &f.found, &j->hook, MAY_READ, &why);
	return judge_for(j, may, why, path, "make the script readable for the container's user",
			 "%s is given the script %s, which it cannot read", asked->asker, name);
}

static bool is_of_the_kernel(const char *path)
{
	return starts_with(path, "/dev/") || starts_with(path, "/proc/");
}

/* What is opened for writing: the file, or else its directory must allow it. */
static int check_output(struct judge *j, const struct asked *asked, const char *path)
{
	const struct reason *reason;
	const char *dir = path;
	enum truth writable;
	struct found found;
	int r = view_resolve(j->view, path, VIEW_FOLLOW, &j->hook, NULL, &found, j->err);

	if (r < 0 || found.kind == FOUND_SPECIAL)
		return r;
	if (found.kind == FOUND_DIR)
		return judge_refuse(j, path, "name a file", "%s is to write to %s, a directory",
				    asked->asker, path);
	if (found.kind == FOUND_NOTHING)
		dir = arena_strndup(j->arena, path,
				    path_base(path) - path > 1 ? (size_t)(path_base(path) - path)
							       : 1);
	if (!dir)
		return error_oom(j->err);
	r = view_writable(j->view, dir, &j->hook, &writable, &reason, j->err);
	if (r < 0)
		return r;
	return judge_for(j, writable, reason, path,
			 "name a file that the container's user can write", "%s is to write to %s",
			 asked->asker, path);
}

static int check_input(struct judge *j, const struct asked *asked, const char *path)
{
	struct found found;
	int r = view_resolve(j->view, path, VIEW_FOLLOW, &j->hook, NULL, &found, j->err);

	if (r < 0 || (found.kind != FOUND_NOTHING && found.kind != FOUND_DENIED))
		return r;
	return judge_for(j, NO, found.reason, path, "name a file that is in the container",
			 "%s is to read from %s", asked->asker, path);
}

static int check_redirects(struct judge *j, const struct asked *asked,
			   const struct shell_command *c)
{
	int r = 0;

	j->topic = TOPIC_SCRIPT;
	for (size_t i = 0; r == 0 && i < c->n_redirects; i++) {
		const struct redirect *redirect = &c->redirects[i];
		const char *path = absolute(j, redirect->path);

		if (!path)
			return error_oom(j->err);
		if (is_of_the_kernel(path))
			continue;
		r = redirect->kind == REDIRECT_TO ? check_output(j, asked, path)
						  : check_input(j, asked, path);
	}
	return r;
}

/* ---- programs ---- */

/* The environment that env(1) makes, for what it starts. */
static int change_env(struct judge *j, const struct command *c)
{
	const size_t kept = c->clears ? 0 : j->n_env;
	const char **env;

	if (!c->clears && !c->n_variables)
		return 0;
	env = arena_alloc(j->arena, kept + c->n_variables, sizeof(*env));
	if (!env)
		return error_oom(j->err);
	if (kept)
		memcpy(env, j->env, kept * sizeof(*env));
	for (size_t i = 0; i < c->n_variables; i++)
		env[kept + i] = c->variables[i];
	j->env = env;
	j->n_env = kept + c->n_variables;
	return 0;
}

static int not_found(struct judge *j, const struct asked *asked, const char *name, const char *path,
		     const struct reason *maybe)
{
	static const char install[] = "install it, or name it by its path";
	static const struct reason built_in = {
		.text = "busybox may have it built in",
		.sure = UNKNOWN,
	};

	if (asked->busybox) {
		const enum truth has = busybox_has(asked->file, name);

		if (has == YES)
			return 0;
		if (has == UNKNOWN && !maybe)
			maybe = &built_in;
	}
	j->topic = TOPIC_MISSING;
	if (maybe)
		return judge_for(j, UNKNOWN, maybe, name, install,
				 "'%s', which %s is to run, is not in any directory of the PATH %s",
				 name, asked->asker, path);
	return judge_refuse(j, name, install,
			    "'%s', which %s is to run, is not in any directory of the PATH %s",
			    name, asked->asker, path);
}

/* A program that is looked up as execvp(3) does it; *@found is where, NULL if nowhere. */
static int check_named(struct judge *j, const struct asked *asked, const struct command *c,
		       bool by_shell, const char **found)
{
	const char *path = hook_variable(j, "PATH"), *what;
	const struct reason *maybe = NULL;
	int r;

	*found = NULL;
	if (!path && !strchr(c->name, '/'))
		return 0;
	r = find_by_execvp(j, c->name, path, &j->hook, found, &maybe);
	if (r < 0)
		return r;
	if (!*found)
		return not_found(j, asked, c->name, path, maybe);
	*found = absolute(j, *found);
	what = *found ? arena_printf(j->arena, "%s, which %s is to run,", *found, asked->asker)
		      : NULL;
	if (!what)
		return error_oom(j->err);
	r = judge_note(j, "%s runs %s", asked->asker, *found);
	return r < 0 ? r : judge_started(j, *found, what, by_shell);
}

static int check_command(struct judge *j, const struct asked *asked, const struct command *c,
			 bool by_shell)
{
	const char *const *const env = j->env;
	const size_t n_env = j->n_env;
	struct asked next = { .args = c->args, .n_args = c->n_args, .chain = asked->chain + 1 };
	int r = change_env(j, c);

	if (r == 0)
		r = check_named(j, asked, c, by_shell, &next.path);
	next.asker = next.path;
	next.reads_state = asked->reads_state;
	if (r == 0 && next.path && !judge_is_over(j))
		r = judge_asked(j, &next);
	j->env = env;
	j->n_env = n_env;
	return r;
}

/* ---- a shell's text ---- */

/* How far a text is read: whether more can be said, and whether programs made files before. */
struct progress {
	bool goes_on, creator;
};

/* A file that an earlier program may have made or changed is not known to be missing. */
static void soften(struct judge *j, const struct program_verdict *before)
{
	if (j->verdict.usable != NO || before->usable == NO)
		return;
	j->verdict.usable = UNKNOWN;
	if (before->usable == UNKNOWN)
		j->verdict = *before;
}

static int check_simple(struct judge *j, const struct asked *asked,
			const struct shell_command *simple, struct progress *progress)
{
	const struct program_verdict before = j->verdict;
	const enum shell_word word = shell_word_of(simple);
	const struct command c = { .kind = COMMAND_PROGRAM,
				   .name = simple->words[0],
				   .args = simple->words,
				   .n_args = simple->n_words };
	int r = 0;

	progress->goes_on = word != SHELL_OTHER && !simple->exec;
	if (simple->required && word != SHELL_OTHER) {
		r = check_redirects(j, asked, simple);
		if (r == 0 && word == SHELL_PROGRAM && !judge_is_over(j))
			r = check_command(j, asked, &c, true);
	}
	if (progress->creator)
		soften(j, &before);
	progress->creator = progress->creator || simple->n_redirects ||
			    (word == SHELL_PROGRAM && hook_may_create(simple->words[0]));
	return r;
}

static int check_text(struct judge *j, const struct asked *asked, const char *text)
{
	struct shell_command *simple = arena_alloc(j->arena, 1, sizeof(*simple));
	struct progress progress = { .goes_on = true };
	bool oom = !simple;
	int r = 0;

	budget_charge(j->budget, BUDGET_STEPS, 1 + strlen(text) / 64);
	while (r == 0 && !oom && progress.goes_on && !judge_is_over(j) &&
	       shell_text_next(&text, j->arena, simple, &oom))
		r = check_simple(j, asked, simple, &progress);
	return oom ? error_oom(j->err) : r;
}

/* ---- the whole ---- */

/* Commands are looked for in what the runtime writes: '{"ociVersion":...' */
static int check_stdin(struct judge *j, const struct asked *asked)
{
	j->topic = TOPIC_SCRIPT;
	if (!asked->reads_state)
		return 0;
	return judge_refuse(j, asked->path, "name a script, or give it a text with -c",
			    "%s is given no script, so that it takes the container's state on its "
			    "standard input for commands",
			    asked->asker);
}

/*
 * Busybox is what it is called; where that is its own name, the next word says what it is to be.
 * False: by itself it lists its programs.
 */
static bool read_applet(struct asked *a, const char **name)
{
	*name = path_base(a->args[0]);
	*name += **name == '-';
	if (!starts_with(*name, "busybox"))
		return true;
	a->args++;
	a->n_args--;
	if (!a->n_args || a->args[0][0] == '-')
		return false;
	*name = path_base(a->args[0]);
	return true;
}

static int check_applet(struct judge *j, const struct asked *asked, const char *name)
{
	const enum truth has = busybox_has(asked->file, name);

	j->topic = TOPIC_SCRIPT;
	return judge_by(j, has, asked->path, "name one that 'busybox --list' prints",
			"%s is busybox, which %s applet '%.60s'", asked->asker,
			has == NO ? "does not have the" : "might not have the", name);
}

/* A script's arguments are its own. A file that was judged is not read again for that. */
static bool is_elf(const struct judge *j, struct file *f)
{
	struct memo *memo = memo_of(j->view);
	const struct known_file *known =
		memo && f->found.kind == FOUND_FILE ? memo_file(memo, &f->found) : NULL;
	const unsigned char *head;

	if (known && known->has_part[PART_HEADER])
		return known->status[PART_HEADER] == ELF_OK;
	return f->found.kind == FOUND_FILE && elf_head(&f->source, &head) >= 4 &&
	       memcmp(head, "\177ELF", 4) == 0;
}

static int check_parsed(struct judge *j, const struct asked *a, const struct command *c)
{
	switch (c->kind) {
	case COMMAND_SCRIPT:
		return check_script_file(j, a, c->name);
	case COMMAND_STDIN:
		return check_stdin(j, a);
	case COMMAND_TEXT:
		return check_text(j, a, c->name);
	case COMMAND_PROGRAM:
		return check_command(j, a, c, false);
	default:
		return 0;
	}
}

static int judge_asked(struct judge *j, const struct asked *asked)
{
	struct asked a = *asked;
	const char *name = a.path;
	struct command c;
	struct file file;
	int r;

	if (!a.n_args || a.chain > ARGS_CHAIN_MAX)
		return 0;
	r = file_find(j, a.path, NULL, NULL, &file);
	if (r < 0 || !is_elf(j, &file))
		return r;
	a.file = &file;
	a.busybox = is_busybox(&file);
	if (a.busybox && !read_applet(&a, &name))
		return 0;
	j->part = PART_COMMAND;
	if (a.busybox)
		r = check_applet(j, &a, name);
	if (r < 0 || judge_is_over(j))
		return r;
	c = command_parse(name, a.args, a.n_args);
	return check_parsed(j, &a, &c);
}

int judge_arguments(struct judge *j, const struct program_query *query)
{
	const struct asked asked = {
		.path = query->path,
		.args = query->args,
		.n_args = query->n_args,
		.asker = query->path,
		.reads_state = query->reads_state,
	};
	const char *text = j->verdict.why.text;
	const int r = judge_asked(j, &asked);

	/* What the program is stays the answer, where nothing is wrong. */
	if (j->verdict.usable == YES)
		j->verdict.why.text = text;
	return r;
}
