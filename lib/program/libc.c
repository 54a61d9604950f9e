/* SPDX-License-Identifier: Apache-2.0 */
/* Which C library a root file system has, and the architecture of a program. */
#include "program/memo-internal.h"

static struct judge plain_judge(struct view *view, const struct spec *spec, struct arena *arena,
				struct hw_error *err)
{
	return (struct judge){
		.view = view,
		.spec = spec,
		.budget = spec->budget,
		.arena = arena,
		.err = err,
		.init = spec_creds_init(spec),
		.hook = spec_creds_hook(spec),
		.verdict = { .usable = YES },
	};
}

/* ---- architecture ---- */

static int why_not_elf(struct judge *j, struct file *f, enum elf_status status, const char **reason)
{
	const struct found *found = &f->found;

	if (found->kind == FOUND_FILE && status == ELF_UNREADABLE) {
		errno = f->source.errnum;
		*reason = arena_printf(j->arena, "%s cannot be read: %m", f->path);
	} else if (found->kind == FOUND_FILE && status != ELF_OK) {
		*reason = arena_printf(j->arena, "%s %s", f->path, elf_status_text(status));
	} else if (found->kind == FOUND_FILE) {
		*reason =
			arena_printf(j->arena, "%s is for a machine without a name here", f->path);
	} else {
		*reason = arena_printf(j->arena, "%s: %s", f->path,
				       found->reason ? found->reason->text : "not a regular file");
	}
	return *reason ? 0 : error_oom(j->err);
}

static int look_up_program(struct judge *j, const char *name, const char **path,
			   const char **reason)
{
	const char *value = process_variable(j, "PATH");
	const struct reason *maybe;
	int r = find_in_path(j, name, value, NULL, path, &maybe);

	if (r < 0 || *path)
		return r;
	*reason = arena_printf(j->arena, "'%s' is not found: %s", name,
			       maybe   ? maybe->text
			       : value ? "it is in no directory of process.env's PATH"
				       : "process.env has no PATH");
	return *reason ? 0 : error_oom(j->err);
}

int program_arch(struct view *view, const struct spec *spec, const char *path, struct arena *arena,
		 const char **arch, const char **reason, struct hw_error *err)
{
	struct judge j = plain_judge(view, spec, arena, err);
	enum elf_status status = ELF_OK;
	struct elf elf = { 0 };
	const char *at;
	struct file f;
	int r = look_up_program(&j, path, &at, reason);

	*arch = NULL;
	if (r == 0 && budget_is_spent(spec->budget))
		*reason = budget_reason(spec->budget);
	if (r < 0 || !at)
		return r;
	r = file_find(&j, at, &j.init, NULL, &f);
	if (r < 0)
		return r;
	if (f.found.kind == FOUND_FILE)
		status = file_header(&j, &f, &elf);
	if (f.found.kind == FOUND_FILE && status == ELF_OK)
		*arch = elf_goarch(&elf);
	if (budget_is_spent(spec->budget)) {
		*arch = NULL;
		*reason = budget_reason(spec->budget);
		return 0;
	}
	if (!*arch)
		return why_not_elf(&j, &f, status, reason);
	*reason = arena_printf(arena, "%s is for %s", at, elf_machine_name(&elf));
	return *reason ? 0 : error_oom(err);
}

/* ---- C library ---- */

struct search {
	struct judge *j;
	enum libc libc;
	const char *reason; /* behind libc, NULL while it is not settled */
	const struct reason
		*unknown; /* a place that might have told; NULL if all could be looked at */
};

static int settle(struct search *s, enum libc libc, const char *reason)
{
	s->libc = libc;
	s->reason = reason;
	return reason ? 0 : error_oom(s->j->err);
}

/* The loader that @f asks for; NULL if it is none that is known here, or cannot be read. */
static int loader_of(struct judge *j, struct file *f, struct elf *elf, const char **ret)
{
	enum elf_status status = file_segments(j, f, elf);
	const char *interpreter = NULL;

	*ret = NULL;
	if (status == ELF_OK && elf->has_interpreter)
		status = elf_read_interpreter(&f->source, elf, j->arena, &interpreter);
	if (status == ELF_NO_MEMORY)
		return error_oom(j->err);
	if (status == ELF_OK && interpreter && loader_kind_of(interpreter) != LOADER_OTHER)
		*ret = interpreter;
	return 0;
}

/* By the loader that the ELF file at the end of @path asks for. */
static int ask_program(struct search *s, const char *path)
{
	struct judge *j = s->j;
	const char *interpreter;
	struct elf elf = { 0 };
	struct file f;
	bool found;
	int r = find_elf(j, path, &f, &elf, &found);

	if (r < 0)
		return r;
	if (f.found.kind == FOUND_UNKNOWN && !s->unknown)
		s->unknown = f.found.reason;
	if (!found)
		return 0;
	r = loader_of(j, &f, &elf, &interpreter);
	if (r < 0 || !interpreter)
		return r;
	return settle(s, loader_kind_of(interpreter) == LOADER_GLIBC ? LIBC_GLIBC : LIBC_MUSL,
		      arena_printf(j->arena, "%s asks for %s", path, interpreter));
}

static int ask_workload(struct search *s)
{
	const struct spec *spec = s->j->spec;
	const struct reason *maybe;
	const char *path;
	int r;

	if (!spec->args.n)
		return 0;
	r = find_in_path(s->j, spec->args.items[0], process_variable(s->j, "PATH"), NULL, &path,
			 &maybe);
	if (r == 0 && path)
		r = ask_program(s, path);
	if (r == 0 && !s->unknown)
		s->unknown = maybe;
	return r;
}

/* Where the C libraries have put their loaders since they exist, by machine. */
static const char *const loaders[] = {
	"/lib64/ld-linux-x86-64.so.2",
	"/lib/ld-linux-aarch64.so.1",
	"/lib/ld-linux-armhf.so.3",
	"/lib/ld-linux.so.3",
	"/lib/ld-linux.so.2",
	"/lib64/ld64.so.2",
	"/lib64/ld64.so.1",
	"/lib/ld64.so.1",
	"/lib/ld-linux-riscv64-lp64d.so.1",
	"/lib64/ld-linux-loongarch-lp64d.so.1",
	"/lib/ld-musl-x86_64.so.1",
	"/lib/ld-musl-aarch64.so.1",
	"/lib/ld-musl-armhf.so.1",
	"/lib/ld-musl-arm.so.1",
	"/lib/ld-musl-i386.so.1",
	"/lib/ld-musl-powerpc64le.so.1",
	"/lib/ld-musl-s390x.so.1",
	"/lib/ld-musl-riscv64.so.1",
	"/lib/ld-musl-loongarch64.so.1",
};

static int ask_loaders(struct search *s)
{
	const char *first = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(loaders); i++) {
		struct file f;
		int r = file_find(s->j, loaders[i], NULL, NULL, &f);

		if (r < 0)
			return r;
		if (f.found.kind == FOUND_UNKNOWN && !s->unknown)
			s->unknown = f.found.reason;
		if (f.found.kind != FOUND_FILE)
			continue;
		if (first && loader_kind_of(first) != loader_kind_of(loaders[i]))
			return settle(s, LIBC_UNKNOWN,
				      arena_printf(s->j->arena, "two loaders are there: %s and %s",
						   first, loaders[i]));
		if (!first)
			first = loaders[i];
	}
	if (!first)
		return 0;
	return settle(s, loader_kind_of(first) == LOADER_GLIBC ? LIBC_GLIBC : LIBC_MUSL,
		      arena_printf(s->j->arena, "%s is there", first));
}

int program_libc(struct view *view, const struct spec *spec, struct arena *arena, enum libc *ret,
		 const char **reason, struct hw_error *err)
{
	struct judge j = plain_judge(view, spec, arena, err);
	struct search s = { .j = &j };
	int r = ask_program(&s, "/bin/sh");

	if (r == 0 && !s.reason)
		r = ask_workload(&s);
	if (r == 0 && !s.reason)
		r = ask_loaders(&s);
	if (r < 0)
		return r;
	if (budget_is_spent(spec->budget))
		s = (struct search){ .libc = LIBC_UNKNOWN, .reason = budget_reason(spec->budget) };
	else if (!s.reason && s.unknown)
		s = (struct search){ .libc = LIBC_UNKNOWN, .reason = s.unknown->text };
	else if (!s.reason)
		s = (struct search){ .libc = LIBC_NONE,
				     .reason = "no program asks for a loader, and none is there" };
	*ret = s.libc;
	*reason = s.reason;
	return 0;
}
