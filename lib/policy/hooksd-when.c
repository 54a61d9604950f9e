/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluates the conditions of a hooks.d file for a container. */
#include "base/buffer.h"
#include "base/utf8.h"
#include "policy/hooksd.h"

/* The conditions of a file, evaluated in the order of the reference engine. */
struct judge {
	const struct hw_hooks_file *file;
	const struct spec *spec;
	struct budget *budget;
	struct arena *arena;
	struct hooksd_match *match;
	struct hw_error *err;
};

static int add_line(struct judge *j, enum truth value, const char *text, const char *fact)
{
	if (!text || !fact)
		return error_oom(j->err);
	j->match->lines[j->match->n_lines++] = (struct hooksd_line){ text, value, fact };
	return 0;
}

/* ---- bind mounts ---- */

/*
 * Paths on which engines mount by themselves: podman, docker, containerd, nerdctl, CRI-O and the
 * kubelet. Entries that end with a slash mean all paths below.
 */
static const char *const engine_binds[] = {
	"/dev",
	"/dev/",
	"/etc/group",
	"/etc/hostname",
	"/etc/hosts",
	"/etc/localtime",
	"/etc/mtab",
	"/etc/passwd",
	"/etc/resolv.conf",
	"/proc",
	"/proc/",
	"/run/.containerenv",
	"/run/podman-init",
	"/run/secrets",
	"/run/secrets/",
	"/sbin/docker-init",
	"/sys",
	"/sys/",
	"/var/run/.containerenv",
	"/var/run/secrets",
	"/var/run/secrets/",
};

static bool is_engine_bind(const char *destination)
{
	for (size_t i = 0; i < ARRAY_SIZE(engine_binds); i++) {
		const char *path = engine_binds[i];
		const bool below = path[strlen(path) - 1] == '/';

		if (below ? starts_with(destination, path) : streq(destination, path))
			return true;
	}
	return false;
}

static bool is_bind(const struct spec_mount *m)
{
	return streq(m->type, "bind") || spec_mount_binds(m);
}

static int judge_binds(struct judge *j)
{
	static const char text[] = "hasBindMounts";

	if (j->file->binds == UNKNOWN)
		return 0;
	if (j->file->binds == NO)
		return add_line(j, NO, text, "false never holds");
	for (size_t i = 0; i < j->spec->n_mounts; i++) {
		const struct spec_mount *m = &j->spec->mounts[i];

		if (is_bind(m) && !is_engine_bind(m->destination))
			return add_line(
				j, YES, text,
				arena_printf(j->arena,
					     "on %s, where engines do not mount by themselves",
					     m->destination));
	}
	return add_line(j, NO, text, "none except where engines mount by themselves");
}

/* ---- annotations ---- */

static int compiled(const struct judge *j, const struct hooksd_pattern *p, struct re2 **ret)
{
	return re2_new(p->source, RE2_ANYWHERE, NOWHERE, ret, j->err);
}

/*
 * The line that decides the answer: a YES ends the search, an UNKNOWN is kept unless a YES comes.
 */
static int match_annotation(struct judge *j, const struct hooksd_annotation *a,
			    const struct spec_annotation **by, enum truth *ret)
{
	CLEANUP(re2_freep) struct re2 *key_re = NULL;
	CLEANUP(re2_freep) struct re2 *value_re = NULL;
	int r;

	*ret = budget_is_spent(j->budget) ? UNKNOWN : NO;
	if (*ret == UNKNOWN)
		return 0;
	r = compiled(j, &a->key, &key_re);
	if (r == 0)
		r = compiled(j, &a->value, &value_re);
	if (r < 0)
		return r;
	for (size_t i = 0; *ret != YES && !budget_is_spent(j->budget) && i < j->spec->n_annotations;
	     i++) {
		const struct spec_annotation *have = &j->spec->annotations[i];
		enum truth key, value = NO;

		r = re2_match(key_re, have->key, j->budget, &key);
		if (r == 0 && key != NO)
			r = re2_match(value_re, have->value, j->budget, &value);
		if (r < 0)
			return error_oom(j->err);
		if (key == NO || value == NO)
			continue;
		*ret = key == YES && value == YES ? YES : UNKNOWN;
		*by = have;
	}
	return 0;
}

static int judge_annotation(struct judge *j, const struct hooksd_annotation *a)
{
	const struct spec_annotation *by = NULL;
	const char *fact = "no annotation matches";
	enum truth value = UNKNOWN;
	int r = match_annotation(j, a, &by, &value);

	if (r < 0)
		return r;
	if (value == YES)
		fact = arena_printf(j->arena, "%.*s is '%.*s'",
				    utf8_excerpt(by->key, strlen(by->key)), by->key,
				    utf8_excerpt(by->value, strlen(by->value)), by->value);
	if (value == UNKNOWN && budget_is_spent(j->budget))
		fact = budget_reason(j->budget);
	else if (value == UNKNOWN)
		fact = arena_printf(j->arena, "%.*s is longer than %d bytes",
				    utf8_excerpt(by->key, strlen(by->key)), by->key, RE2_VALUE_MAX);
	return add_line(
		j, value,
		arena_printf(j->arena, "annotations: %s: %s", a->key.source, a->value.source),
		fact);
}

/* ---- commands ---- */

static int no_args(const struct judge *j)
{
	return error_set(j->err, EINVAL, json_at(&j->file->doc, j->file->commands[0].token),
			 "a container needs process.args",
			 "'commands' cannot be judged: process.args is empty");
}

static const char *commands_text(const struct judge *j)
{
	struct text list = { 0 };
	const char *copy;

	for (size_t i = 0; i < j->file->n_commands; i++) {
		text_puts(&list, i ? ", " : "commands: ");
		text_puts(&list, j->file->commands[i].source);
	}
	copy = list.failed ? NULL : arena_printf(j->arena, "%s", list.data);
	text_free(&list);
	return copy;
}

static int match_command(struct judge *j, const struct hooksd_pattern *p, const char *command,
			 enum truth *ret)
{
	CLEANUP(re2_freep) struct re2 *re = NULL;
	int r = compiled(j, p, &re);

	if (r < 0)
		return r;
	return re2_match(re, command, j->budget, ret) < 0 ? error_oom(j->err) : 0;
}

static const char *command_fact(const struct judge *j, const char *command, enum truth value)
{
	if (value == UNKNOWN && budget_is_spent(j->budget))
		return budget_reason(j->budget);
	if (value == UNKNOWN)
		return arena_printf(j->arena, "process.args[0] is longer than %d bytes",
				    RE2_VALUE_MAX);
	return arena_printf(j->arena, "process.args[0] is '%.*s'",
			    utf8_excerpt(command, strlen(command)), command);
}

static int judge_commands(struct judge *j)
{
	const struct hw_hooks_file *file = j->file;
	const char *command;
	enum truth value = NO;

	if (file->n_commands == 0)
		return 0;
	if (j->spec->args.n == 0)
		return no_args(j);
	command = j->spec->args.items[0];
	for (size_t i = 0; value == NO && i < file->n_commands; i++) {
		int r = match_command(j, &file->commands[i], command, &value);

		if (r < 0)
			return r;
	}
	return add_line(j, value, commands_text(j), command_fact(j, command, value));
}

/* ---- the whole ---- */

/* The first line whose value is @value, or NULL. */
static const struct hooksd_line *line_with(const struct hooksd_match *m, enum truth value)
{
	for (size_t i = 0; i < m->n_lines; i++)
		if (m->lines[i].value == value)
			return &m->lines[i];
	return NULL;
}

/* All must hold, or with @any one; without a condition nothing matches. */
static void conclude(const struct judge *j, const struct hooksd_line **because)
{
	const enum truth strong = j->file->any ? YES : NO, weak = j->file->any ? NO : YES;
	struct hooksd_match *m = j->match;

	m->value = NO;
	*because = NULL;
	if (m->n_lines == 0)
		return;
	m->value = strong;
	*because = line_with(m, strong);
	if (!*because) {
		m->value = UNKNOWN;
		*because = line_with(m, UNKNOWN);
	}
	if (!*because) {
		m->value = weak;
		*because = &m->lines[0];
	}
}

static bool is_decided(const struct judge *j)
{
	return line_with(j->match, j->file->any ? YES : NO) != NULL;
}

static int judge_all(struct judge *j)
{
	const struct hw_hooks_file *file = j->file;
	int r = 0;

	if (file->always != UNKNOWN)
		r = add_line(j, file->always, "always", file->always == YES ? "true" : "false");
	if (r == 0)
		r = judge_binds(j);
	for (size_t i = 0; r == 0 && i < file->n_annotations; i++)
		r = judge_annotation(j, &file->annotations[i]);
	/* Only who gets as far as to the commands fails for lack of them. */
	if (r == 0 && !(j->spec->args.n == 0 && is_decided(j)))
		r = judge_commands(j);
	return r;
}

int hooksd_matches(const struct hw_hooks_file *file, const struct spec *spec, struct budget *budget,
		   struct arena *arena, struct hooksd_match *ret, struct hw_error *err)
{
	struct hooksd_match match = { 0 };
	struct judge j = { file, spec, budget, arena, &match, err };
	const struct hooksd_line *because;
	int r;

	match.lines = arena_alloc(arena, 3 + file->n_annotations, sizeof(*match.lines));
	if (!match.lines)
		return error_oom(err);
	r = judge_all(&j);
	if (r < 0)
		return r;
	conclude(&j, &because);
	match.why = because ? arena_printf(arena, "'%s': %s", because->text, because->fact)
			    : "it does not have a condition";
	if (!match.why)
		return error_oom(err);
	*ret = match;
	return 0;
}
