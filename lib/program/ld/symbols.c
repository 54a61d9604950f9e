/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Symbols that no library has. Those with a version are not looked at: where the version is, the
 * symbol is. Of the others, one that is wanted by more than a call, or by a program that binds all
 * at once, ends the program before its main().
 */
#include "program/ld/loader-internal.h"

#define STEPS_SYMBOL 2 /* to look into one table */

int read_wanted(struct loading *l, struct file *f, struct object *o)
{
	enum elf_status status =
		file_wanted(l->j, f, &o->elf, &o->dynamic, &l->budget, &o->wanted, &o->n_wanted);

	if (status == ELF_NO_MEMORY)
		return error_oom(l->j->err);
	if (status != ELF_OK)
		o->n_wanted = 0;
	return 0;
}

static int open_object(struct loading *l, struct object *o)
{
	struct file *file = arena_alloc(l->j->arena, 1, sizeof(*file));
	int r;

	if (!file)
		return error_oom(l->j->err);
	r = file_find(l->j, o->real, NULL, NULL, file);
	if (r == 0)
		o->file = file;
	return r;
}

/* A copied variable must be in another object than @from. */
static int find_symbol(struct loading *l, const struct object *from, const struct elf_wanted *w,
		       enum truth *ret)
{
	*ret = NO;
	for (struct object *o = l->first; o && *ret != YES; o = o->next) {
		enum truth has;
		int r = o->file ? 0 : open_object(l, o);

		if (r < 0)
			return r;
		if (w->copied && o == from)
			continue;
		if (!budget_steps(l->j->budget, STEPS_SYMBOL))
			return 0;
		has = elf_defines(&o->file->source, &o->elf, &o->dynamic.tables, w->name);
		if (has != NO)
			*ret = has;
	}
	return 0;
}

/* musl has no late binding. */
static bool is_late(struct loading *l, const struct elf_wanted *w)
{
	if (l->binding_state == NOT_READ) {
		const char *now = hook_variable(l->j, "LD_BIND_NOW");

		l->bind_now = now && *now;
		l->binding_state = READ;
	}
	return w->late && l->kind == LOADER_GLIBC && !l->bind_now;
}

static int tell_symbol(struct loading *l, const struct object *o, const struct elf_wanted *w)
{
	const char *hint = "use the libraries that it was built for";

	if (is_late(l, w))
		return judge_doubt(l->j, o->path, hint,
				   "symbol %s, needed by %s, is in none of its libraries: the "
				   "first call of it fails",
				   w->name, o->path);
	return judge_refuse(l->j, o->path, hint,
			    "symbol %s, needed by %s, is in none of its libraries", w->name,
			    o->path);
}

static int check_object(struct loading *l, const struct object *o)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < o->n_wanted && !judge_is_over(l->j); i++) {
		enum truth found;

		r = find_symbol(l, o, &o->wanted[i], &found);
		if (r == 0 && found == NO && !judge_is_over(l->j))
			r = tell_symbol(l, o, &o->wanted[i]);
	}
	return r;
}

int check_symbols(struct loading *l)
{
	int r = 0;

	/* What is not loaded, or not known, may have any symbol. */
	if (l->j->verdict.usable != YES)
		return 0;
	for (const struct object *o = l->first; r == 0 && o && !judge_is_over(l->j); o = o->next)
		r = check_object(l, o);
	return r;
}
