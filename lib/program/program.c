/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judges whether a program can run: its file, the interpreter of a script, an ELF file and
 * libraries.
 */
#include <stdarg.h>

#include "base/words.h"
#include "program/memo-internal.h"

/* Programs in a row that env(1) may start: a script that asks for itself goes round for ever. */
#define CHAIN_MAX 8

/* A program still to be looked at. */
struct step {
	const char *path, *what, *hint;
	struct creds who;
	unsigned depth;	     /* scripts on the way, counted as the kernel does */
	unsigned chain;	     /* programs that env(1) started */
	bool by_env;	     /* env(1) starts it itself */
	bool by_shell;	     /* a shell, which reads what is no program as a script */
	const char *command; /* what it, being env(1), will look for; NULL if it is not */
	const char *asker;   /* the script that asks for that */
	bool split;	     /* with env's option -S */
	bool busybox;	     /* which runs its own programs whether PATH has them or not */
	const char *outer;   /* the interpreter that the first script names; NULL if none */
	const char *applet;  /* what it, being busybox, will take for its name; NULL if unknown */
};

static const char exec_hint[] = "begin it with a line like '#!/bin/sh': runc says 'exec format "
				"error' of it, only crun hands it to /bin/sh";

static const char env_hint[] = "begin it with a line like '#!/bin/sh': not every env hands it to "
			       "/bin/sh";

/* ---- the judge ---- */

static bool changes_verdict(const struct judge *j, enum truth truth)
{
	return j->verdict.usable == YES ? truth != YES
					: j->verdict.usable == UNKNOWN && truth == NO;
}

static int set_verdict(struct judge *j, enum truth truth, const struct reason *why,
		       const char *culprit, const char *hint, const char *text)
{
	j->verdict = (struct program_verdict){
		.usable = truth,
		.why = {
			.at = j->at,
			.text = text,
			.hint = hint,
			.culprit = culprit,
			.sure = truth,
			.cause = why ? why->cause : NULL,
		},
		.part = j->part,
		.topic = j->topic,
	};
	return text ? 0 : error_oom(j->err);
}

int judge_by(struct judge *j, enum truth truth, const char *culprit, const char *hint,
	     const char *fmt, ...)
{
	const char *text;
	va_list ap;

	if (!changes_verdict(j, truth))
		return 0;
	va_start(ap, fmt);
	text = arena_vprintf(j->arena, fmt, ap);
	va_end(ap);
	return set_verdict(j, truth, NULL, culprit, hint, text);
}

int judge_for(struct judge *j, enum truth truth, const struct reason *why, const char *culprit,
	      const char *hint, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	if (!changes_verdict(j, truth))
		return 0;
	va_start(ap, fmt);
	text = arena_vprintf(j->arena, fmt, ap);
	va_end(ap);
	if (text)
		text = arena_printf(j->arena, "%s: %s", text, reason_text(why));
	return set_verdict(j, truth, why, culprit, hint, text);
}

void judge_unless_spent(const struct budget *budget, struct program_verdict *verdict)
{
	if (budget_is_spent(budget))
		*verdict = (struct program_verdict){ .usable = UNKNOWN,
						     .why = { .text = budget_reason(budget),
							      .sure = UNKNOWN },
						     .topic = TOPIC_WORK };
}

int judge_note(struct judge *j, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	if (!j->trail)
		return 0;
	va_start(ap, fmt);
	text = arena_vprintf(j->trail->arena, fmt, ap);
	va_end(ap);
	return trail_add(j->trail, text) < 0 ? error_oom(j->err) : 0;
}

static enum program_topic topic_of(const struct found *found)
{
	switch (found->kind) {
	case FOUND_NOTHING:
		return found->errnum == ENOENT ? TOPIC_MISSING : TOPIC_UNREACHABLE;
	case FOUND_UNKNOWN:
		return TOPIC_MISSING;
	case FOUND_DENIED:
		return TOPIC_UNREACHABLE;
	default:
		return TOPIC_KIND;
	}
}

static int judge_kind(struct judge *j, const struct file *f, const char *hint)
{
	const struct found *found = &f->found;

	j->topic = topic_of(found);
	switch (found->kind) {
	case FOUND_FILE:
		return 0;
	case FOUND_NOTHING:
		return judge_for(j, NO, found->reason, f->path, hint,
				 found->errnum == ENOENT ? "%s does not exist"
							 : "%s cannot be reached",
				 f->what);
	case FOUND_DENIED:
		return judge_for(j, NO, found->reason, f->path,
				 "let the container's user search this directory",
				 "%s cannot be reached", f->what);
	case FOUND_UNKNOWN:
		return judge_for(j, UNKNOWN, found->reason, f->path, found->reason->hint,
				 "%s cannot be judged", f->what);
	case FOUND_DIR:
		return judge_refuse(j, f->path, NULL, "%s is a directory", f->what);
	default:
		return judge_refuse(j, f->path, NULL, "%s is not a regular file", f->what);
	}
}

int judge_executable(struct judge *j, const char *path, const char *what, const char *hint,
		     const struct creds *who, struct file *f)
{
	const struct reason *why = NULL;
	enum truth may;
	int r = file_find(j, path, who, j->trail, f);

	f->what = what;
	if (r == 0)
		r = judge_kind(j, f, hint);
	if (r < 0 || f->found.kind != FOUND_FILE)
		return r;
	may = view_may(j->view, &f->found, who, MAY_EXEC, &why);
	j->topic = TOPIC_PERMISSION;
	r = judge_for(j, may, why, f->path, "make it executable for the container's user",
		      "%s cannot be executed", what);
	if (r < 0)
		return r;
	may = view_mount_exec(j->view, &f->found, &why);
	j->topic = TOPIC_NOEXEC;
	return judge_for(j, may, why, f->path, "have it on a mount that allows execution",
			 "%s cannot be executed", what);
}

int judge_elf(struct judge *j, const struct file *f, enum elf_status status)
{
	j->topic = TOPIC_CONTENT;
	if (status == ELF_NO_MEMORY)
		return error_oom(j->err);
	if (status == ELF_UNREADABLE) {
		errno = f->source.errnum;
		return judge_doubt(j, f->path, NULL, "%s cannot be read: %m", f->what);
	}
	return judge_by(j, elf_status_verdict(status), f->path, "replace the file", "%s %s",
			f->what, elf_status_text(status));
}

/* ---- scripts ---- */

/* "-e -x" is none of a shell's options; but the shell of busybox passes over all of "-- x". */
static int check_options(struct judge *j, const struct file *f, const struct script *script)
{
	const struct shell *named = shell_find(script->interpreter);
	struct file shell;
	int r;

	if (!named)
		return 0;
	r = file_find(j, script->interpreter, NULL, NULL, &shell);
	if (r < 0 || (starts_with(script->argument, "--") && is_busybox(&shell)))
		return r;
	return judge_by(j, named->takes_blank ? UNKNOWN : NO, f->path,
			"write the options as one word, such as '-eu'",
			"%s hands %s the one option '%s': the kernel does not split it", f->what,
			script->interpreter, script->argument);
}

static int check_argument(struct judge *j, const struct file *f, const struct script *script)
{
	const char *argument = script->argument;

	if (!script->has_argument)
		return 0;
	if (argument[0] == '\0')
		return judge_doubt(j, f->path, "end the first line in a newline, without a blank",
				   "%s hands its interpreter an empty argument", f->what);
	if (argument[0] == '-' && strpbrk(argument, " \t"))
		return check_options(j, f, script);
	return 0;
}

static const char unix_hint[] = "convert the script to Unix line ends";

/* Most shells know neither the option nor the file of that name; perl and zsh ignore its end. */
static int check_argument_end(struct judge *j, const struct file *f, const struct script *script)
{
	const struct shell *shell = shell_find(script->interpreter);
	const size_t len = strlen(script->argument);

	if (!len || script->argument[len - 1] != '\r')
		return 0;
	return judge_by(j, shell && !shell->skips_cr ? NO : UNKNOWN, f->path, unix_hint,
			"%s has Windows line ends: it hands %s '%.*s' with a carriage return",
			f->what, script->interpreter, (int)len - 1, script->argument);
}

/* Most often there is no such file, and an editor on another system is to blame. */
static int check_carriage_return(struct judge *j, const struct file *f, const char *interpreter)
{
	const size_t len = strlen(interpreter);
	struct file named;
	int r;

	if (interpreter[len - 1] != '\r')
		return 0;
	r = file_find(j, interpreter, NULL, NULL, &named);
	if (r < 0 || named.found.kind == FOUND_FILE)
		return r;
	return judge_refuse(j, f->path, unix_hint,
			    "%s has Windows line ends: its interpreter is '%.*s' with a carriage "
			    "return",
			    f->what, (int)len - 1, interpreter);
}

static int check_line(struct judge *j, const struct file *f, enum script_kind kind,
		      const struct script *script)
{
	int r;

	j->topic = TOPIC_NO_INTERPRETER;
	if (kind == SCRIPT_NAMELESS)
		return judge_refuse(j, f->path, exec_hint, "%s names no interpreter after '#!'",
				    f->what);
	if (kind == SCRIPT_CUT)
		return judge_refuse(j, f->path, "name the interpreter by a shorter path",
				    "%s names an interpreter that does not end within the 255 "
				    "bytes the kernel reads",
				    f->what);
	j->topic = TOPIC_SCRIPT;
	r = check_carriage_return(j, f, script->interpreter);
	if (r == 0)
		r = check_argument_end(j, f, script);
	return r < 0 || judge_is_over(j) ? r : check_argument(j, f, script);
}

/*
 * The interpreter opens the script as the hook; the kernel only needed to execute it, with
 * capabilities that the interpreter may not have.
 */
static int check_readable(struct judge *j, const struct file *f)
{
	const struct reason *why = NULL;
	enum truth may = view_may(j->view, &f->found, &j->hook, MAY_READ, &why);
	struct file opened;
	int r;

	j->topic = TOPIC_UNREADABLE;
	if (j->init.capabilities & ~j->hook.capabilities) {
		r = file_find(j, f->path, &j->hook, NULL, &opened);
		if (r < 0)
			return r;
		if (opened.found.kind == FOUND_DENIED)
			return judge_for(j, NO, opened.found.reason, f->path,
					 "let the container's user search this directory",
					 "%s cannot be opened by its interpreter", f->what);
	}
	return judge_for(j, may, why, f->path, "make the script readable for the container's user",
			 "%s cannot be read by its interpreter", f->what);
}

/* "#!/usr/bin/env python3": python3 is looked up once env itself is found sound. */
static int check_env(struct judge *j, const struct file *f, const struct script *script,
		     struct step *next)
{
	char command[SCRIPT_HEAD];
	enum env_kind kind;

	if (!streq(path_base(script->interpreter), "env"))
		return 0;
	kind = script_env_command(script, command);
	if (kind == ENV_LOOP)
		return judge_refuse(j, f->path, "name a program: '#!/usr/bin/env bash'",
				    "%s asks env for nothing, so env runs it again, for ever",
				    f->what);
	if (kind == ENV_UNKNOWN)
		return judge_doubt(j, f->path, "name the interpreter itself",
				   "%s hands env '%s', which is not followed", f->what,
				   script->argument);
	if (kind == ENV_ONE_NAME)
		return judge_refuse(j, f->path, "give env one word, or name the interpreter itself",
				    "%s asks env for one program '%s': the kernel does not split "
				    "it",
				    f->what, command);
	next->asker = f->path;
	next->split = kind == ENV_SPLIT;
	next->command = arena_strdup(j->arena, command);
	return next->command ? 0 : error_oom(j->err);
}

/*
 * Busybox is what it is called; where that is its own name, the next word says what it is to be.
 * Options of its own are not followed.
 */
static const char *applet_of(struct judge *j, const struct file *f, const struct script *script)
{
	const char *name = path_base(script->interpreter);

	if (starts_with(name, "busybox"))
		name = path_base(script->has_argument ? script->argument : f->path);
	return arena_strdup(j->arena, name);
}

/* Go on with the script's interpreter. */
static int follow(struct judge *j, const struct file *f, const struct script *script,
		  struct step *step)
{
	struct step next = {
		.who = step->who,
		.depth = step->depth + 1,
		.chain = step->chain,
		.outer = step->outer,
		.hint = "install it, or name another interpreter in the script's first line",
	};
	int r;

	next.path = arena_strdup(j->arena, script->interpreter);
	next.what = arena_printf(j->arena, "interpreter %s of %s", script->interpreter, f->path);
	next.applet = applet_of(j, f, script);
	if (!next.path || !next.what || !next.applet)
		return error_oom(j->err);
	if (!next.outer)
		next.outer = next.path;
	r = judge_note(j, "%s: script of %s", f->path, script->interpreter);
	if (r == 0)
		r = check_env(j, f, script, &next);
	*step = next;
	return r;
}

static int check_script(struct judge *j, const struct file *f, enum script_kind kind,
			const struct script *script, struct step *step)
{
	int r = check_line(j, f, kind, script);

	if (r == 0 && step->depth == SCRIPT_DEPTH)
		r = judge_refuse(j, f->path, "name the last interpreter in the first script",
				 "%s is the sixth script in a row: the kernel follows 5", f->what);
	if (r == 0)
		r = check_readable(j, f);
	return r < 0 || judge_is_over(j) ? r : follow(j, f, script, step);
}

/* ---- ELF ---- */

static const char *machine_text(const struct elf *elf)
{
	const char *name = elf_machine_name(elf);

	return name ? name : "another machine";
}

static int check_machine(struct judge *j, const struct file *f, const struct elf *elf)
{
	int r = find_workload(j);

	j->topic = TOPIC_MACHINE;
	if (r < 0 || !j->workload_text || elf_same_machine(elf, &j->workload))
		return r;
	if (elf_related_machine(elf, &j->workload))
		return judge_doubt(j, f->path, "use a build for the container's machine",
				   "%s is for %s, %s: not every kernel runs both", f->what,
				   machine_text(elf), j->workload_text);
	return judge_refuse(j, f->path, "use a build for the container's machine",
			    "%s is for %s, %s", f->what, machine_text(elf), j->workload_text);
}

/* Everything about an ELF file but what its loader does. */
static int check_elf(struct judge *j, struct file *f, struct elf *elf)
{
	enum elf_status status = file_header(j, f, elf);
	int r;

	if (status != ELF_OK)
		return judge_elf(j, f, status);
	r = check_machine(j, f, elf);
	if (r < 0 || judge_is_over(j))
		return r;
	return judge_elf(j, f, file_segments(j, f, elf));
}

static int check_entry(struct judge *j, const struct file *f, const struct elf *elf)
{
	j->topic = TOPIC_CONTENT;
	return judge_by(j, elf_entry_is_inside(elf) ? YES : NO, f->path,
			"is it a library, not a program?",
			"%s does not have code at its entry point", f->what);
}

static int check_static(struct judge *j, struct file *f, const struct elf *elf)
{
	struct elf_dynamic dynamic = { 0 };
	size_t budget = ELF_BUDGET;
	int r = check_entry(j, f, elf);

	if (r < 0 || judge_is_over(j) || !elf->dynamic.size)
		return r;
	r = judge_elf(j, f, file_dynamic(j, f, elf, &budget, &dynamic));
	if (r == 0 && dynamic.n_needed)
		r = judge_refuse(j, f->path, "is it a library, not a program?",
				 "%s needs libraries, but names no interpreter to load them",
				 f->what);
	return r;
}

static const char *loader_hint(const char *path)
{
	static const char *const hints[] = {
		[LOADER_OTHER] = "install this loader, or use a static build",
		[LOADER_GLIBC] = "it is built for glibc: install that, or use a static build",
		[LOADER_MUSL] = "it is built for musl: install that, or use a static build",
	};

	return hints[loader_kind_of(path)];
}

/* The loader that the kernel starts instead of the program: itself a sound program. */
static int check_loader(struct judge *j, const struct dynamic_program *program,
			const struct creds *who, struct elf *elf)
{
	const enum program_part part = j->part;
	const char *path = program->interpreter;
	const char *what =
		arena_printf(j->arena, "interpreter %s of %s", path, program->file->path);
	int r;

	if (!what)
		return error_oom(j->err);
	r = judge_note(j, "%s: ELF with interpreter %s", program->file->path, path);
	if (r < 0)
		return r;
	j->part = PART_INTERPRETER;
	r = judge_executable(j, path, what, loader_hint(path), who, program->loader);
	if (r < 0 || judge_is_over(j) || program->loader->found.kind != FOUND_FILE)
		return r;
	r = check_elf(j, program->loader, elf);
	if (r == 0 && !judge_is_over(j) && elf->n_loads)
		r = check_entry(j, program->loader, elf);
	j->part = part;
	return r;
}

static int check_dynamic(struct judge *j, struct file *f, const struct elf *elf,
			 const struct creds *who, size_t *n_libraries)
{
	struct elf loader_elf = { 0 };
	struct file loader;
	struct dynamic_program program = {
		.file = f, .loader = &loader, .elf = elf, .loader_elf = &loader_elf
	};
	enum elf_status status =
		elf_read_interpreter(&f->source, elf, j->arena, &program.interpreter);
	int r;

	if (status != ELF_OK)
		return judge_elf(j, f, status);
	r = check_loader(j, &program, who, &loader_elf);
	if (r < 0 || judge_is_over(j) || loader_elf.n_loads == 0)
		return r;
	return judge_libraries(j, &program, n_libraries);
}

/* Its libraries are opened by whom set-ID bits and file capabilities make of the hook. */
static int check_dynamic_as(struct judge *j, struct file *f, const struct elf *elf,
			    const struct step *step, const struct identity *identity,
			    size_t *n_libraries)
{
	const struct creds hook = j->hook;
	int r;

	j->hook = identity->who;
	j->secure = identity->secure;
	r = check_dynamic(j, f, elf, &step->who, n_libraries);
	j->hook = hook;
	j->secure = false;
	return r;
}

/* What a usable program is, in a line. */
static int praise(struct judge *j, const struct step *step, const struct elf *elf,
		  size_t n_libraries)
{
	const char *text;

	if (!elf->has_interpreter)
		text = arena_printf(j->arena, "static ELF, %s", machine_text(elf));
	else
		text = arena_printf(j->arena, "ELF, %s, %zu %s", machine_text(elf), n_libraries,
				    n_libraries == 1 ? "library" : "libraries");
	if (text && step->outer)
		text = arena_printf(j->arena, "script of %s (%s)", step->outer, text);
	if (j->verdict.usable == YES)
		j->verdict.why.text = text;
	return text ? 0 : error_oom(j->err);
}

static int check_elf_program(struct judge *j, struct file *f, const struct step *step)
{
	struct elf elf = { 0 };
	struct identity identity;
	size_t n_libraries = 0;
	int r = check_elf(j, f, &elf);

	/* Without segments, what is left to be doubted is more than what could be judged. */
	if (r < 0 || judge_is_over(j) || elf.n_loads == 0)
		return r;
	r = judge_identity(j, f, &step->who, elf.has_interpreter, &identity);
	if (r < 0 || judge_is_over(j))
		return r;
	if (elf.has_interpreter)
		r = check_dynamic_as(j, f, &elf, step, &identity, &n_libraries);
	else
		r = check_static(j, f, &elf);
	return r < 0 ? r : praise(j, step, &elf, n_libraries);
}

/* ---- busybox ---- */

static int check_applet(struct judge *j, const struct file *f, const struct step *step)
{
	enum truth has;

	if (!step->busybox || !step->applet)
		return 0;
	has = busybox_has(f, step->applet);
	j->part = PART_INTERPRETER;
	j->topic = TOPIC_SCRIPT;
	return judge_by(j, has, f->path,
			"name an interpreter such as '/bin/sh' in the script's first line",
			"%s is busybox, which %s applet '%s'", f->what,
			has == NO ? "has no" : "may have no", step->applet);
}

/* ---- the chain ---- */

static int not_in_path(struct judge *j, const struct step *step, const char *path,
		       const struct reason *maybe)
{
	static const struct reason builtin = { .text = "busybox may have it built in",
					       .sure = UNKNOWN };
	static const struct reason no_path = { .text = "the hook has no PATH", .sure = UNKNOWN };
	const char *hint = "install it, or set PATH in the hook's env";

	j->part = PART_INTERPRETER;
	j->topic = TOPIC_MISSING;
	if (!maybe && step->busybox)
		maybe = &builtin;
	if (path && !maybe)
		return judge_refuse(j, step->command, hint,
				    "'%s', which %s asks env for, is in no directory of the "
				    "hook's PATH, %s",
				    step->command, step->asker, path);
	return judge_for(j, UNKNOWN, maybe ? maybe : &no_path, step->command, hint,
			 "'%s', which %s asks env for, is not found", step->command, step->asker);
}

/* Go on with what env(1) is asked for; it looks as the hook does, in the hook's PATH. */
static int look_up(struct judge *j, struct step *step)
{
	const char *path = hook_variable(j, "PATH");
	const struct reason *maybe;
	struct step next = {
		.who = j->hook,
		.chain = step->chain + 1,
		.by_env = true,
		.outer = step->outer,
	};
	int r;

	if (step->split && step->busybox)
		return judge_doubt(j, step->command, "name the interpreter itself",
				   "%s needs env's option -S, which busybox has not had so far",
				   step->asker);
	r = find_by_execvp(j, step->command, path ? path : "/bin:/usr/bin", &j->hook, &next.path,
			   &maybe);
	if (r < 0)
		return r;
	if (!next.path)
		return not_in_path(j, step, path, maybe);
	if (next.chain == CHAIN_MAX)
		return judge_doubt(j, step->command, "name the interpreter itself",
				   "%s asks env for more than %d programs in a row", step->asker,
				   CHAIN_MAX - 1);
	next.what = arena_printf(j->arena, "%s, which %s asks env for,", next.path, step->asker);
	*step = next;
	return next.what ? judge_note(j, "env finds %s", next.path) : error_oom(j->err);
}

/* What the kernel does not run, runc refuses; execvp(3) of glibc hands it to /bin/sh. */
static int judge_format(struct judge *j, const struct file *f, const struct step *step,
			const char *text)
{
	return judge_by(j, step->by_env ? UNKNOWN : NO, f->path,
			step->by_env ? env_hint : exec_hint, "%s %s", f->what, text);
}

/* What a shell reads as a script itself, where the kernel does not. */
static bool is_text(const unsigned char *head, ssize_t n)
{
	return n >= 0 && !memchr(head, '\0', (size_t)n) && (n < 2 || memcmp(head, "#!", 2) != 0);
}

/* By its first bytes. step->path is then the next program to look at, or NULL. */
static int check_content(struct judge *j, struct file *f, struct step *step)
{
	struct script script;
	enum script_kind kind;
	const unsigned char *head;
	ssize_t n = elf_head(&f->source, &head);
	int r;

	j->topic = TOPIC_FORMAT;
	step->path = NULL;
	if (n < 0)
		return judge_elf(j, f, ELF_UNREADABLE);
	if (step->by_shell && is_text(head, n))
		return 0;
	if (n == 0)
		return judge_format(j, f, step, "is empty");
	kind = script_parse(head, (size_t)n, &script);
	if (kind != SCRIPT_NONE)
		return check_script(j, f, kind, &script, step);
	if (n < 4 || memcmp(head, "\177ELF", 4) != 0)
		return judge_format(j, f, step, "is neither an ELF program nor a script with '#!'");
	step->busybox = is_busybox(f);
	r = check_elf_program(j, f, step);
	if (r == 0 && !judge_is_over(j))
		r = check_applet(j, f, step);
	return r < 0 || judge_is_over(j) || !step->command ? r : look_up(j, step);
}

static bool is_absent(const struct found *found)
{
	return found->kind == FOUND_NOTHING || (found->kind == FOUND_UNKNOWN && found->errnum);
}

static int check_chain(struct judge *j, struct step step)
{
	bool first = j->part == PART_PROGRAM;
	int r = 0;

	while (r == 0 && step.path && !judge_is_over(j)) {
		struct file f;

		r = judge_executable(j, step.path, step.what, step.hint, &step.who, &f);
		if (r == 0 && first)
			j->verdict.absent = is_absent(&f.found);
		first = false;
		if (f.found.kind != FOUND_FILE)
			break;
		if (r == 0 && !judge_is_over(j))
			r = check_content(j, &f, &step);
		j->part = PART_INTERPRETER;
	}
	return r;
}

int judge_started(struct judge *j, const char *path, const char *what, bool by_shell)
{
	const struct step step = {
		.path = path,
		.what = what,
		.who = j->hook,
		.hint = "install it in the image, or name another program",
		.by_env = by_shell,
		.by_shell = by_shell,
	};

	return check_chain(j, step);
}

/* The program by itself, whatever its arguments are. */
static int check_alone(struct judge *j, const struct program_query *query)
{
	const struct step step = {
		.path = query->path,
		.what = query->path,
		.who = j->init,
		.hint = "add it to the image, or name another path; it is looked up inside the "
			"container",
	};

	return check_chain(j, step);
}

/* Then its arguments, which differ where hooks share a program: that is judged once. */
static int check_program(struct judge *j, const struct program_query *query)
{
	struct program_query alone = *query;
	int r;

	alone.args = NULL;
	alone.n_args = 0;
	alone.reads_state = false;
	r = query->n_args ? program_check(j->view, j->asked, &alone, j->arena, j->trail,
					  &j->verdict, j->err)
			  : check_alone(j, query);
	if (r == 0 && !judge_is_over(j))
		r = judge_size(j, query);
	return r < 0 || judge_is_over(j) ? r : judge_arguments(j, query);
}

static int check_anew(struct view *view, const struct spec *spec, const struct program_query *query,
		      struct trail *trail, struct arena *arena, struct program_verdict *ret,
		      struct hw_error *err)
{
	CLEANUP(arena_freep) struct arena *scratch = arena_new();
	const struct spec under = spec_under(spec, query->runtime);
	struct judge j = {
		.view = view,
		.spec = &under,
		.asked = spec,
		.budget = spec->budget,
		.arena = scratch,
		.trail = trail,
		.err = err,
		.env = query->env,
		.n_env = query->n_env,
		.after_ldconfig = query->after_ldconfig,
		.init = spec_creds_init(&under),
		.hook = spec_creds_hook(&under),
		.verdict = { .usable = YES },
	};
	int r;

	if (!scratch)
		return error_oom(err);
	arena_charge(scratch, spec->budget);
	r = check_program(&j, query);
	if (r < 0)
		return r;
	*ret = j.verdict;
	return reason_copy_texts(&ret->why, arena) < 0 ? error_oom(err) : 0;
}

int program_check(struct view *view, const struct spec *spec, const struct program_query *query,
		  struct arena *arena, struct trail *trail, struct program_verdict *ret,
		  struct hw_error *err)
{
	const size_t from = trail ? trail->n : 0;
	struct memo *memo = memo_of(view);
	int r;

	if (!memo)
		return error_oom(err);
	judge_unless_spent(spec->budget, ret);
	if (budget_is_spent(spec->budget))
		return 0;
	r = memo_know_program(memo, query, arena, trail, ret);
	if (r != 0)
		return r < 0 ? error_oom(err) : 0;
	r = check_anew(view, spec, query, trail, arena, ret, err);
	if (r < 0)
		return r;
	judge_unless_spent(spec->budget, ret);
	return memo_keep_program(memo, query, ret, trail, from) < 0 ? error_oom(err) : 0;
}
