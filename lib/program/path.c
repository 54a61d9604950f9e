/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a name without a slash is looked up in PATH: by execvp(3), by each runtime for the
 * container's program, and in plain.
 */
#include "program/memo-internal.h"

/* What is at @who's PATH is not known any more. */
static int give_up(const struct judge *j, const char **ret, const struct reason **maybe)
{
	*ret = NULL;
	*maybe = view_spent(j->view);
	return *maybe ? 0 : error_oom(j->err);
}

/* "DIR/NAME" of the first item of *@path, which becomes the rest of it, NULL after the last. */
static int next_candidate(struct judge *j, const char *name, const char **path, const char **ret)
{
	const size_t len = strcspn(*path, ":");

	budget_charge(j->budget, BUDGET_STEPS, 1 + (len + strlen(name)) / 16);
	*ret = path_join(j->arena, *path, len, name);
	*path = (*path)[len] ? *path + len + 1 : NULL;
	return *ret ? 0 : error_oom(j->err);
}

/* ---- plain ---- */

static bool is_candidate(struct judge *j, const struct found *found, const struct creds *who)
{
	const struct reason *why;

	if (found->kind != FOUND_FILE)
		return false;
	return !who || view_may(j->view, found, who, MAY_EXEC, &why) != NO;
}

int find_in_path(struct judge *j, const char *name, const char *path, const struct creds *who,
		 const char **ret, const struct reason **maybe)
{
	*ret = NULL;
	*maybe = NULL;
	if (strchr(name, '/'))
		*ret = name;
	while (path && !*ret && !budget_is_spent(j->budget)) {
		const char *candidate;
		struct found found;
		int r = next_candidate(j, name, &path, &candidate);

		if (r == 0)
			r = view_resolve(j->view, candidate, VIEW_FOLLOW, who, NULL, &found,
					 j->err);
		if (r < 0)
			return r;
		if (is_candidate(j, &found, who))
			*ret = candidate;
		else if (found.kind == FOUND_UNKNOWN && !*maybe)
			*maybe = found.reason;
	}
	return budget_is_spent(j->budget) ? give_up(j, ret, maybe) : 0;
}

int program_find(struct view *view, const struct spec *spec, const char *name, const char *path,
		 struct arena *arena, const char **ret, const struct reason **maybe,
		 struct hw_error *err)
{
	struct judge j = {
		.view = view, .spec = spec, .budget = spec->budget, .arena = arena, .err = err
	};
	const struct creds init = spec_creds_init(spec);

	return find_in_path(&j, name, path, &init, ret, maybe);
}

/* ---- the runtimes ---- */

/* A look-up of the container's program by a runtime. */
struct lookup {
	struct judge *j;
	struct runtime runtime;
	const char *name, *path;    /* path: what is left of PATH */
	const char *ret;	    /* as for find_in_path() */
	const struct reason *maybe; /* likewise */
	const char *closed;	    /* the first that is there but may not be executed */
};

static int end_lookup(struct lookup *l)
{
	if (!l->ret && !l->maybe)
		l->ret = l->closed;
	return 0;
}

/* Whether execve(2) of @found by @who would get as far as to read it. */
static bool is_open(struct judge *j, const struct found *found, const struct creds *who)
{
	const struct reason *why;

	return view_may(j->view, found, who, MAY_EXEC, &why) != NO &&
	       view_mount_exec(j->view, found, &why) != NO;
}

/* For Go any execute bit is enough, on whatever but a directory; since 1.20 it must be open, too.
 */
static int take_as_go(struct lookup *l, const char *candidate, const struct found *found,
		      const struct creds *who)
{
	struct arena *arena = l->j->arena;
	const char *text;

	if ((found->kind != FOUND_FILE && found->kind != FOUND_SPECIAL) || !(found->mode & 0111))
		return 0;
	if (!is_open(l->j, found, who)) {
		if (!l->closed)
			l->closed = candidate;
		return 0;
	}
	if (candidate[0] == '/' && !l->closed) {
		l->ret = candidate;
		return 0;
	}
	if (l->closed)
		text = arena_printf(arena, "a runtime built with Go before 1.20 stops at %s",
				    l->closed);
	else
		text = arena_printf(arena, "only a runtime built with Go before 1.19 takes %s",
				    candidate);
	l->maybe = reason_new(arena, text);
	return l->maybe ? 0 : error_oom(l->j->err);
}

/* exec.LookPath() of Go, by process.user. */
static int look_up_as_go(struct lookup *l)
{
	const struct creds init = spec_creds_init(l->j->spec);
	const struct reason *unknown = NULL;

	if (l->path && !*l->path)
		l->path = NULL;
	while (l->path && !l->ret && !l->maybe && !budget_is_spent(l->j->budget)) {
		const char *candidate;
		struct found found;
		int r = next_candidate(l->j, l->name, &l->path, &candidate);

		if (r == 0)
			r = view_resolve(l->j->view, candidate, VIEW_FOLLOW, &init, NULL, &found,
					 l->j->err);
		if (r == 0)
			r = take_as_go(l, candidate, &found, &init);
		if (r < 0)
			return r;
		if (found.kind == FOUND_UNKNOWN && !unknown)
			unknown = found.reason;
	}
	if (!l->ret && !l->maybe)
		l->maybe = unknown;
	return end_lookup(l);
}

/* An empty item is the current directory for some versions, and nothing for others. */
static int doubt_empty_item(struct lookup *l, const char *candidate)
{
	const char *text = arena_printf(l->j->arena,
					"only some versions take an empty item of PATH for the "
					"current directory, where %s is",
					candidate);

	l->path = NULL;
	l->maybe = reason_new(l->j->arena, text);
	return l->maybe ? 0 : error_oom(l->j->err);
}

/* What a search in PATH makes of @found. */
static int take_as_root(struct lookup *l, const char *candidate, const struct found *found,
			enum truth counts)
{
	const struct creds root = { .capabilities = UINT64_MAX };

	if (found->kind == FOUND_FILE && is_open(l->j, found, &root)) {
		if (counts == UNKNOWN)
			return doubt_empty_item(l, candidate);
		l->ret = candidate;
	} else if (found->kind == FOUND_FILE && !l->closed) {
		l->closed = candidate;
	} else if (found->kind == FOUND_UNKNOWN && !l->maybe) {
		l->maybe = found->reason;
	}
	return 0;
}

/* By the container's root, who passes over what is on noexec mounts. */
static int look_up_as_root(struct lookup *l)
{
	const struct creds root = { .capabilities = UINT64_MAX };
	const enum truth here = runtime_does(l->runtime, PATH_EMPTY_IS_HERE);

	while (l->path && !l->ret && !budget_is_spent(l->j->budget)) {
		const bool empty = !*l->path || *l->path == ':';
		const char *candidate;
		struct found found;
		int r = next_candidate(l->j, l->name, &l->path, &candidate);

		if (r == 0 && empty && here == NO)
			continue;
		if (r == 0)
			r = view_resolve(l->j->view, candidate, VIEW_FOLLOW, &root, NULL, &found,
					 l->j->err);
		if (r == 0)
			r = take_as_root(l, candidate, &found, empty ? here : YES);
		if (r < 0)
			return r;
	}
	return end_lookup(l);
}

static int look_up(struct lookup *l)
{
	return runtime_does(l->runtime, LOOKS_UP_AS_GO) == YES ? look_up_as_go(l)
							       : look_up_as_root(l);
}

/* The worst of the answers; where they are different programs, none is judged. */
static int look_up_as_all(struct lookup *l, const struct runtime *kinds, size_t n)
{
	struct lookup each = *l;

	for (size_t i = 0; i < n; i++) {
		struct lookup one = *l;
		int r;

		one.runtime = kinds[i];
		r = look_up(&one);
		if (r < 0)
			return r;
		if (!one.ret) {
			*l = one;
			return 0;
		}
		if (i > 0 && !streq(one.ret, each.ret)) {
			const char *text = arena_printf(l->j->arena, "%s takes %s, %s %s",
							runtime_name(each.runtime), each.ret,
							runtime_name(one.runtime), one.ret);

			l->maybe = reason_new(l->j->arena, text);
			return l->maybe ? 0 : error_oom(l->j->err);
		}
		each = one;
	}
	*l = each;
	return 0;
}

int program_find_workload(struct view *view, const struct spec *spec, struct runtime runtime,
			  struct arena *arena, const char **ret, const struct reason **maybe,
			  struct hw_error *err)
{
	struct judge j = {
		.view = view, .spec = spec, .budget = spec->budget, .arena = arena, .err = err
	};
	struct runtime kinds[RUNTIME_KINDS_MAX];
	const size_t n = runtime_kinds(runtime, kinds);
	struct lookup l = { .j = &j,
			    .name = spec->args.items[0],
			    .path = process_variable(&j, "PATH") };
	int r = 0;

	if (strchr(l.name, '/'))
		l.ret = l.name;
	else if (n > 1 && runtime.kind != RUNTIME_ANY)
		return program_find(view, spec, l.name, l.path, arena, ret, maybe, err);
	else
		r = look_up_as_all(&l, kinds, n);
	*ret = l.ret;
	*maybe = l.maybe;
	return r == 0 && budget_is_spent(j.budget) ? give_up(&j, ret, maybe) : r;
}

/* ---- execvp(3) ---- */

/* What execve(2) makes of a candidate. */
enum start {
	START_ABSENT, /* nothing is there */
	START_FAILS,  /* ENOENT or EACCES, though something is there */
	START_MAYBE,  /* that cannot be judged */
	START_ENDS,   /* it starts, or fails in a way that ends the search */
};

static enum start start_of(struct judge *j, const struct found *found, const struct creds *who)
{
	const struct reason *why;

	switch (found->kind) {
	case FOUND_NOTHING:
		return found->errnum == ENOENT || found->errnum == ENOTDIR ? START_ABSENT
									   : START_ENDS;
	case FOUND_UNKNOWN:
		return START_MAYBE;
	case FOUND_FILE:
		if (view_may(j->view, found, who, MAY_EXEC, &why) == NO ||
		    view_mount_exec(j->view, found, &why) == NO)
			return START_FAILS;
		return START_ENDS;
	default:
		return START_FAILS;
	}
}

/* The loader that the kernel starts for @f; NULL: none, or none that it finds. */
static int loader_of(struct judge *j, struct file *f, struct elf *elf, const char **ret)
{
	enum elf_status status = file_segments(j, f, elf);

	*ret = NULL;
	if (status == ELF_OK && elf->has_interpreter)
		status = elf_read_interpreter(&f->source, elf, j->arena, ret);
	return status == ELF_NO_MEMORY ? error_oom(j->err) : 0;
}

/* A missing or closed interpreter or loader is the program's own failure. */
static int try_candidate(struct judge *j, const char *path, const struct creds *who,
			 enum start *ret, const struct reason **maybe)
{
	bool is_elf = false;

	for (int i = 0; path && i <= SCRIPT_DEPTH; i++) {
		const bool last = is_elf;
		struct elf elf = { 0 };
		struct file f;
		int r = look_behind_script(j, &path, who, &f, &elf, &is_elf);

		if (r < 0)
			return r;
		*ret = start_of(j, &f.found, who);
		if (i && *ret != START_ENDS)
			*ret = *ret == START_MAYBE ? START_ENDS : START_FAILS;
		if (*ret == START_MAYBE)
			*maybe = f.found.reason;
		if (*ret != START_ENDS || last)
			return 0;
		r = is_elf ? loader_of(j, &f, &elf, &path) : 0;
		if (r < 0)
			return r;
	}
	return 0;
}

int find_by_execvp(struct judge *j, const char *name, const char *path, const struct creds *who,
		   const char **ret, const struct reason **maybe)
{
	const char *failing = NULL;

	*ret = NULL;
	*maybe = NULL;
	if (strchr(name, '/'))
		*ret = name;
	while (path && !*ret && !budget_is_spent(j->budget)) {
		const struct reason *why = NULL;
		const char *candidate;
		enum start start = START_ABSENT;
		int r = next_candidate(j, name, &path, &candidate);

		if (r == 0)
			r = try_candidate(j, candidate, who, &start, &why);
		if (r < 0)
			return r;
		if (start == START_ENDS)
			*ret = candidate;
		if (start == START_FAILS && !failing)
			failing = candidate;
		if (!*maybe)
			*maybe = why;
	}
	if (!*ret && !*maybe)
		*ret = failing;
	return budget_is_spent(j->budget) ? give_up(j, ret, maybe) : 0;
}
