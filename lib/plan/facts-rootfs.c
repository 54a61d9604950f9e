/* SPDX-License-Identifier: Apache-2.0 */
/* Facts from a real root file system: paths, programs, os-release, the C library. */
#include <fcntl.h>
#include <sys/stat.h>

#include "format/osrelease.h"
#include "plan/facts-rootfs.h"
#include "program/program.h"
#include "view/view.h"

#define OSRELEASE_MAX ((size_t)16384)

enum question { ASK_EXISTS, ASK_EXISTS_ANY, ASK_WRITABLE };

struct memo {
	struct memo *next;
	enum question question;
	const char *path;
	struct fact fact;
};

/* Fields of os-release that were asked for, at most so many. */
#define FIELDS 2

struct field {
	const char *name; /* NULL: none */
	struct fact_word word;
};

struct probe {
	const struct spec *spec;
	struct spec seen; /* a copy that says more, when spec points to it */
	int bundle_dir;
	const char *bundle;
	struct runtime runtime;
	struct arena *arena;
	struct view *view; /* NULL until somebody asks */
	struct memo *memos;
	struct field fields[FIELDS];
	struct fact_word libc, arch;
	const char *os_text; /* "" when there is no os-release; NULL until asked */
	const char *os_trouble;
	size_t os_len;
	const char *os_path;
};

struct probe *probe_new(const struct spec *spec, int bundle_dir, const char *bundle,
			struct runtime runtime, struct arena *arena)
{
	struct probe *probe = arena_alloc(arena, 1, sizeof(*probe));

	if (!probe)
		return NULL;
	arena_charge(arena, spec->budget);
	*probe = (struct probe){
		.spec = spec,
		.bundle_dir = bundle_dir,
		.bundle = bundle,
		.runtime = runtime,
		.arena = arena,
	};
	return probe;
}

void probe_free(struct probe *probe)
{
	if (probe)
		view_free(probe->view);
}

static int need_view(struct probe *p, struct hw_error *err)
{
	if (p->view)
		return 0;
	return view_new(p->spec, p->bundle_dir, p->bundle, p->runtime, &p->view, err);
}

int probe_view(struct probe *probe, struct view **ret, struct hw_error *err)
{
	int r = need_view(probe, err);

	if (r == 0)
		*ret = probe->view;
	return r;
}

static int remember(struct probe *p, enum question question, const char *path,
		    const struct fact *fact, struct fact *ret, struct hw_error *err)
{
	struct memo *m = arena_alloc(p->arena, 1, sizeof(*m));

	if (!m || !fact->text)
		return error_oom(err);
	*m = (struct memo){ p->memos, question, path, *fact };
	p->memos = m;
	*ret = *fact;
	return 0;
}

static const struct fact *recall(const struct probe *p, enum question question, const char *path)
{
	for (const struct memo *m = p->memos; m; m = m->next)
		if (m->question == question && streq(m->path, path))
			return &m->fact;
	return NULL;
}

static struct fact existence(struct probe *p, const char *path, const struct found *found)
{
	switch (found->kind) {
	case FOUND_NOTHING:
		return (struct fact){ NO, found->reason->text };
	case FOUND_DENIED:
	case FOUND_UNKNOWN:
		return (struct fact){ UNKNOWN, found->reason->text };
	default:
		if (streq(path, found->path))
			return (struct fact){ YES, arena_printf(p->arena, "%s is there", path) };
		return (struct fact){ YES, arena_printf(p->arena, "%s is %s", path, found->path) };
	}
}

/* Once the budget is spent, an answer was made of half-answers. */
static struct fact unless_spent(const struct probe *p, struct fact fact)
{
	if (budget_is_spent(p->spec->budget))
		fact = (struct fact){ UNKNOWN, budget_reason(p->spec->budget) };
	return fact;
}

/* An answer about @path, with the view. */
typedef int answer_fn(struct probe *p, const char *path, struct fact *ret, struct hw_error *err);

/* Each question is answered once. */
static int answer(struct probe *p, enum question question, answer_fn *find, const char *path,
		  struct fact *ret, struct hw_error *err)
{
	const struct fact *known = recall(p, question, path);
	struct fact fact;
	int r;

	if (known) {
		*ret = *known;
		return 0;
	}
	r = need_view(p, err);
	if (r == 0)
		r = find(p, path, &fact, err);
	return r < 0 ? r : remember(p, question, path, &fact, ret, err);
}

/* Existence is asked for the container as a whole, so as one who may search everything. */
static int find_existence(struct probe *p, const char *path, struct fact *ret, struct hw_error *err)
{
	struct found found;
	int r = view_resolve(p->view, path, VIEW_FOLLOW, NULL, NULL, &found, err);

	if (r == 0)
		*ret = unless_spent(p, existence(p, path, &found));
	return r;
}

static int find_match(struct probe *p, const char *pattern, struct fact *ret, struct hw_error *err)
{
	return view_glob(p->view, pattern, &ret->value, &ret->text, err);
}

static int find_writable(struct probe *p, const char *path, struct fact *ret, struct hw_error *err)
{
	const struct spec under = spec_under(p->spec, p->runtime);
	const struct creds hook = spec_creds_hook(&under);
	const struct reason *why = NULL;
	struct fact fact;
	int r = view_writable(p->view, path, &hook, &fact.value, &why, err);

	if (r < 0)
		return r;
	fact.text = why->text;
	*ret = unless_spent(p, fact);
	return 0;
}

static int probe_exists(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	return answer(ctx, ASK_EXISTS, find_existence, path, ret, err);
}

static int probe_exists_any(void *ctx, const char *pattern, struct fact *ret, struct hw_error *err)
{
	return answer(ctx, ASK_EXISTS_ANY, find_match, pattern, ret, err);
}

static int probe_writable(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	return answer(ctx, ASK_WRITABLE, find_writable, path, ret, err);
}

static int probe_libc(void *ctx, struct fact_word *ret, struct hw_error *err)
{
	static const char *const words[] = {
		[LIBC_UNKNOWN] = NULL,
		[LIBC_GLIBC] = "glibc",
		[LIBC_MUSL] = "musl",
		[LIBC_NONE] = "none",
	};
	struct probe *p = ctx;
	enum libc libc;
	int r;

	if (!p->libc.text) {
		r = need_view(p, err);
		if (r == 0)
			r = program_libc(p->view, p->spec, p->arena, &libc, &p->libc.text, err);
		if (r < 0)
			return r;
		p->libc.word = words[libc];
	}
	*ret = p->libc;
	return 0;
}

static int probe_arch(void *ctx, struct fact_word *ret, struct hw_error *err)
{
	struct probe *p = ctx;
	const struct spec *spec = p->spec;
	int r = 0;

	if (!p->arch.text && spec->args.n == 0)
		p->arch.text = "process.args is empty";
	if (!p->arch.text) {
		r = need_view(p, err);
		if (r == 0)
			r = program_arch(p->view, spec, spec->args.items[0], p->arena,
					 &p->arch.word, &p->arch.text, err);
	}
	*ret = p->arch;
	return r;
}

/* ---- os-release ---- */

static int read_osrelease(struct probe *p, const struct found *found, struct hw_error *err)
{
	char *text = arena_alloc(p->arena, OSRELEASE_MAX, 1);
	ssize_t n;

	if (!text)
		return error_oom(err);
	n = view_read(p->view, found, 0, text, OSRELEASE_MAX);
	p->os_path = found->path;
	p->os_text = text;
	p->os_len = n < 0 ? 0 : (size_t)n;
	if (budget_is_spent(p->spec->budget))
		p->os_trouble = budget_reason(p->spec->budget);
	else if (n < 0)
		p->os_trouble = arena_printf(p->arena, "%s cannot be read: %s", found->path,
					     strerror((int)-n));
	return n < 0 && !p->os_trouble ? error_oom(err) : 0;
}

/* os-release(5): /etc comes first; the other is read only if it does not exist. */
static int find_osrelease(struct probe *p, struct hw_error *err)
{
	static const char *const paths[] = { "/etc/os-release", "/usr/lib/os-release" };
	int r = need_view(p, err);

	p->os_text = "";
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(paths); i++) {
		struct found found;

		r = view_resolve(p->view, paths[i], VIEW_FOLLOW, NULL, NULL, &found, err);
		if (r == 0 && found.kind == FOUND_FILE)
			return read_osrelease(p, &found, err);
		if (r == 0 && found.kind != FOUND_NOTHING) {
			p->os_trouble =
				found.reason ? found.reason->text : "os-release is not a file";
			return 0;
		}
	}
	p->os_path = "there is no os-release";
	return r;
}

static int read_field(struct probe *p, const char *field, struct fact_word *ret,
		      struct hw_error *err)
{
	int r = p->os_text ? 0 : find_osrelease(p, err);

	if (r < 0)
		return r;
	if (!p->os_trouble && !budget_steps(p->spec->budget, STEPS_COMPARE(p->os_len / 8)))
		p->os_trouble = budget_reason(p->spec->budget);
	if (p->os_trouble) {
		*ret = (struct fact_word){ NULL, p->os_trouble };
		return 0;
	}
	ret->word = osrelease_value(p->os_text, p->os_len, field, p->arena);
	if (!ret->word)
		return error_oom(err);
	if (ret->word[0])
		ret->text =
			arena_printf(p->arena, "%s is '%s' in %s", field, ret->word, p->os_path);
	else if (p->os_path[0] == '/')
		ret->text = arena_printf(p->arena, "%s has no %s", p->os_path, field);
	else
		ret->text = p->os_path;
	return ret->text ? 0 : error_oom(err);
}

/* Each policy may ask: every field is looked for once. */
static int probe_os(void *ctx, const char *field, struct fact_word *ret, struct hw_error *err)
{
	struct probe *p = ctx;
	size_t i = 0;
	int r;

	while (i < FIELDS && p->fields[i].name && !streq(p->fields[i].name, field))
		i++;
	if (i < FIELDS && p->fields[i].name) {
		*ret = p->fields[i].word;
		return 0;
	}
	r = read_field(p, field, ret, err);
	if (r == 0 && i < FIELDS)
		p->fields[i] = (struct field){ field, *ret };
	return r;
}

/* ---- programs ---- */

/* A sound program still needs room to be started in. */
static int check(struct probe *p, const struct program_query *query, struct trail *trail,
		 struct program_verdict *verdict, struct hw_error *err)
{
	struct program_verdict room;
	int r = program_check(p->view, p->spec, query, p->arena, trail, verdict, err);

	if (r < 0 || verdict->usable == NO)
		return r;
	r = program_room(p->view, p->spec, &(struct room_query){ p->runtime, ROOM_START_HOOKS },
			 p->arena, &room, err);
	if (r == 0 && (room.usable == NO || (room.usable == UNKNOWN && verdict->usable == YES)))
		*verdict = room;
	return r;
}

static int probe_program(void *ctx, const struct fact_program_query *query,
			 struct fact_program *ret, struct hw_error *err)
{
	struct probe *p = ctx;
	struct trail trail = { .arena = p->arena };
	struct program_verdict verdict;
	const struct program_query asked = {
		.path = query->path,
		.env = query->env,
		.n_env = query->n_env,
		.after_ldconfig = query->after_ldconfig ? UNKNOWN : NO,
		.runtime = p->runtime,
		.args = query->args,
		.n_args = query->n_args,
	};
	int r = need_view(p, err);

	if (r == 0)
		r = check(p, &asked, &trail, &verdict, err);
	if (r < 0)
		return r;
	*ret = (struct fact_program){
		.usable = verdict.usable,
		.text = verdict.why.text,
		.hint = verdict.why.hint,
		.absent = verdict.absent,
		.steps = trail.steps,
		.n_steps = trail.n,
	};
	return 0;
}

/* ---- the host ---- */

/* Read through the effective ids, as execve(2) does. */
static const char *host_trouble(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR ? "it is not on the host"
							   : strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "on the host it is not a regular file";
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? "on the host it is not executable"
							       : NULL;
}

static int probe_host_program(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	const struct probe *p = ctx;
	const char *trouble = host_trouble(path);

	*ret = (struct fact){ trouble ? NO : YES,
			      trouble ? arena_strdup(p->arena, trouble) : "it is on the host" };
	return ret->text ? 0 : error_oom(err);
}

static void probe_expect_earlier_hooks(void *ctx)
{
	struct probe *p = ctx;

	p->seen = *p->spec;
	p->seen.earlier_hooks = true;
	p->spec = &p->seen;
}

struct fact_source probe_source(struct probe *probe)
{
	return (struct fact_source){
		.ctx = probe,
		.exists = probe_exists,
		.exists_any = probe_exists_any,
		.writable = probe_writable,
		.libc = probe_libc,
		.arch = probe_arch,
		.os = probe_os,
		.program = probe_program,
		.host_program = probe_host_program,
		.expect_earlier_hooks = probe_expect_earlier_hooks,
	};
}
