/* SPDX-License-Identifier: Apache-2.0 */
/* Searches one library as glibc's or musl's loader does. */
#include <elf.h>
#include <limits.h>

#include "program/ld/loader-internal.h"

#define STEPS_LOOK 2 /* to put its path together */

/* A path being put together; what is too long to be one is ENAMETOOLONG for the loader, too. */
struct buffer {
	char text[PATH_MAX];
	size_t len;
	bool too_long;
};

static void append(struct buffer *b, const char *bytes, size_t len)
{
	if (len >= sizeof(b->text) - b->len) {
		b->too_long = true;
		return;
	}
	memcpy(b->text + b->len, bytes, len);
	b->len += len;
	b->text[b->len] = '\0';
}

/* ---- one file ---- */

const char broken_library_hint[] = "replace it, or keep its directory out of the way";

int library_fails(struct loading *l, const struct request *q, const struct file *f,
		  enum truth usable, const char *text)
{
	int r = 0;

	if (q->optional)
		return LOOK_OVER;
	if (q->elsewhere)
		r = judge_doubt(l->j, f->path, broken_library_hint,
				"library %s, needed by %s: %s %s, unless the processor has the "
				"loader take %s",
				q->name, q->owner->path, f->path, text, q->elsewhere);
	else
		r = judge_by(l->j, usable, f->path, broken_library_hint,
			     "library %s, needed by %s: %s %s", q->name, q->owner->path, f->path,
			     text);
	return r < 0 ? r : LOOK_OVER;
}

static int near_miss(struct loading *l, struct request *q, const struct file *f, const char *why)
{
	if (!q->near_miss)
		q->near_miss = arena_printf(l->j->arena, "%s is not used: %s", f->path, why);
	return q->near_miss ? LOOK_ABSENT : error_oom(l->j->err);
}

/* Of the header musl looks at the type alone: what comes of the rest is not followed. */
static int odd_for_musl(struct loading *l, const struct request *q, const struct file *f,
			const char *text)
{
	int r = judge_doubt(l->j, f->path, broken_library_hint,
			    "library %s, needed by %s: %s %s, which musl does not look at", q->name,
			    q->owner->path, f->path, text);

	return r < 0 ? r : LOOK_OVER;
}

/* The type, without believing the rest of the header. */
static bool has_type(const struct loading *l, struct file *f)
{
	const bool is_big = l->program->elf->is_big;
	const unsigned char *head;
	ssize_t n = elf_head(&f->source, &head);
	unsigned type;

	if (n < (ssize_t)sizeof(Elf32_Ehdr))
		return false;
	type = (unsigned)head[EI_NIDENT + !is_big] << 8 | head[EI_NIDENT + is_big];
	return type == ET_EXEC || type == ET_DYN;
}

static int look_inside_as_musl(struct loading *l, struct request *q, struct file *f,
			       const struct elf *elf, enum elf_status status)
{
	const struct elf *program = l->program->elf;

	if (!has_type(l, f))
		return library_is_broken(l, q, f, elf_status_text(status));
	if (status == ELF_NO_MAGIC || status == ELF_BAD_IDENT)
		return odd_for_musl(l, q, f, elf_status_text(status));
	if (elf->is_64 != program->is_64 || elf->is_big != program->is_big ||
	    elf->machine != program->machine)
		return odd_for_musl(l, q, f, "is for another machine");
	return elf_status_verdict(status) == NO
		       ? library_is_broken(l, q, f, elf_status_text(status))
		       : LOOK_FOUND;
}

/* glibc passes over what is for another machine and stops at the rest. */
static int other_machine(struct loading *l, struct request *q, const struct file *f,
			 const struct elf *elf)
{
	const char *name = elf_machine_name(elf);

	return near_miss(l, q, f, name ? arena_printf(l->j->arena, "it is for %s", name) : "");
}

/* What only glibc looks at: it differs from port to port, so a difference is no certain end. */
static bool has_odd_ident(const struct elf *elf)
{
	for (size_t i = EI_ABIVERSION; i < EI_NIDENT; i++)
		if (elf->ident[i])
			return true;
	return elf->ident[EI_VERSION] != EV_CURRENT || elf->version != EV_CURRENT ||
	       (elf->ident[EI_OSABI] != ELFOSABI_SYSV && elf->ident[EI_OSABI] != ELFOSABI_GNU);
}

static int look_inside(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	const struct elf *program = l->program->elf;
	enum elf_status status = file_header(l->j, f, elf);
	int r = 0;

	if (status == ELF_UNREADABLE) {
		r = q->optional ? 0 : judge_elf(l->j, f, status);
		return r < 0 ? r : LOOK_OVER;
	}
	if (l->kind == LOADER_MUSL)
		return look_inside_as_musl(l, q, f, elf, status);
	if (status == ELF_NO_MAGIC || status == ELF_SHORT_HEADER)
		return library_is_broken(l, q, f, elf_status_text(status));
	if (elf->is_64 != program->is_64)
		return other_machine(l, q, f, elf);
	if (elf->is_big != program->is_big)
		return library_is_broken(l, q, f, "has another byte order");
	if (elf->machine != program->machine)
		return other_machine(l, q, f, elf);
	if (elf_status_verdict(status) == NO)
		return library_is_broken(l, q, f, elf_status_text(status));
	if (status != ELF_OK || (l->kind == LOADER_GLIBC && has_odd_ident(elf)))
		r = judge_doubt(l->j, f->path, "replace it",
				"library %s, needed by %s: %s has an odd ELF header", q->name,
				q->owner->path, f->path);
	return r < 0 ? r : LOOK_FOUND;
}

static int look_at_file(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	const struct reason *why = NULL;
	enum truth may = view_may(l->j->view, &f->found, &l->j->hook, MAY_READ, &why);
	int r = 0;

	if (may == NO)
		return near_miss(l, q, f, reason_text(why));
	if (may == UNKNOWN)
		r = judge_for(
			l->j, UNKNOWN, why, f->path, "make it readable for the container's user",
			"library %s, needed by %s, may not be readable", q->name, q->owner->path);
	if (r < 0)
		return r;
	if (f->found.kind != FOUND_FILE)
		return library_is_broken(l, q, f, "is no regular file");
	return look_inside(l, q, f, elf);
}

static int nothing_there(struct loading *l, struct request *q, const struct found *found)
{
	switch (found->kind) {
	case FOUND_DENIED:
		if (!q->near_miss)
			q->near_miss = found->reason->text;
		return LOOK_ABSENT;
	case FOUND_UNKNOWN:
		if (!q->maybe)
			q->maybe = found->reason;
		return LOOK_ABSENT;
	default:
		break;
	}
	if (found->errnum == ENOENT || found->errnum == ENOTDIR)
		return LOOK_ABSENT;
	return found->errnum == ENAMETOOLONG && l->kind == LOADER_MUSL ? LOOK_ABSENT : LOOK_STOP;
}

static int look_at(struct loading *l, struct request *q, const struct buffer *path, struct file *f,
		   struct elf *elf)
{
	struct judge *j = l->j;
	const char *kept;
	int r;

	if (!budget_steps(j->budget, STEPS_LOOK))
		return LOOK_OVER;
	if (path->too_long)
		return l->kind == LOADER_MUSL ? LOOK_ABSENT : LOOK_STOP;
	r = file_find(j, path->text, &j->hook, NULL, f);
	if (r < 0)
		return r;
	if (f->found.kind == FOUND_NOTHING || f->found.kind == FOUND_DENIED ||
	    f->found.kind == FOUND_UNKNOWN)
		return nothing_there(l, q, &f->found);
	kept = arena_strdup(j->arena, path->text);
	if (!kept)
		return error_oom(j->err);
	f->path = f->what = kept;
	return look_at_file(l, q, f, elf);
}

/* ---- $ORIGIN and its like ---- */

struct token {
	const char *name;
	bool (*expand)(struct loading *l, const struct object *owner, struct buffer *to);
};

static bool expand_origin(struct loading *l, const struct object *owner, struct buffer *to)
{
	const char *slash = strrchr(owner->path, '/');

	(void)l;
	if (!slash)
		append(to, ".", 1);
	else
		append(to, owner->path, slash == owner->path ? 1 : (size_t)(slash - owner->path));
	return true;
}

static bool expand_lib(struct loading *l, const struct object *owner, struct buffer *to)
{
	size_t len;
	const char *lib = loader_lib(l, &len);

	(void)owner;
	if (lib)
		append(to, lib, len);
	return lib;
}

/* The kernel's AT_PLATFORM, or on some processors a word of ld.so's own. */
static bool expand_platform(struct loading *l, const struct object *owner, struct buffer *to)
{
	(void)l;
	(void)owner;
	(void)to;
	return false;
}

static const struct token tokens[] = {
	{ "ORIGIN", expand_origin },
	{ "LIB", expand_lib },
	{ "PLATFORM", expand_platform },
};

static bool is_word(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* The token after a '$', as NAME or {NAME}; its length, 0 if it is none. */
static size_t match_token(const char *s, size_t len, const struct token **ret)
{
	const size_t braces = len && s[0] == '{';

	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++) {
		const size_t n = strlen(tokens[i].name);

		if (len < n + 2 * braces || strncmp(s + braces, tokens[i].name, n) != 0)
			continue;
		if (braces ? s[n + 1] != '}' : len > n && is_word(s[n]))
			continue;
		*ret = &tokens[i];
		return n + 2 * braces;
	}
	return 0;
}

/* Append @s with its tokens replaced; false where one has no certain value. */
static bool expand(struct loading *l, const struct object *owner, const char *s, size_t len,
		   struct buffer *to)
{
	for (size_t i = 0; i < len; i++) {
		const struct token *token;
		size_t n = s[i] == '$' ? match_token(s + i + 1, len - i - 1, &token) : 0;

		if (!n)
			append(to, s + i, 1);
		else if (!token->expand(l, owner, to))
			return false;
		i += n;
	}
	return true;
}

/* The view does not look into a mount of proc; crun runs hooks where all of it is masked. */
static bool is_proc_masked(const struct spec *spec)
{
	for (size_t i = 0; budget_steps(spec->budget, 1) && i < spec->masked_paths.n; i++)
		if (streq(spec->masked_paths.items[i], "/proc"))
			return true;
	return false;
}

/* The loader asks /proc/self/exe for the program's directory; what it is of others it knows. */
static int need_origin(struct loading *l)
{
	struct found exe = { 0 };
	int r;

	if (l->origin_state != NOT_READ)
		return 0;
	r = view_resolve(l->j->view, "/proc/self/exe", 0, &l->j->hook, NULL, &exe, l->j->err);
	l->origin_state =
		exe.kind == FOUND_NOTHING || exe.kind == FOUND_DENIED || is_proc_masked(l->j->spec)
			? NOT_KNOWN
			: READ;
	return r;
}

static bool lacks_origin(const struct loading *l, const struct object *owner, const char *s,
			 size_t len)
{
	const bool has_it = memmem(s, len, "ORIGIN", 6);

	/* Of a trusted directory, which is searched in any case, glibc would take it. */
	if (l->j->secure && (l->kind == LOADER_GLIBC || owner == l->first))
		return has_it;
	return owner == l->first && l->origin_state == NOT_KNOWN && has_it;
}

/* $LIB is compiled into ld.so. */
static int prepare_tokens(struct loading *l, const char *s)
{
	int r = strstr(s, "ORIGIN") ? need_origin(l) : 0;

	if (r < 0)
		return r;
	return strstr(s, "$LIB") || strstr(s, "${LIB}") ? need_system_dirs(l) : 0;
}

/* ---- lists of directories ---- */

/* Subdirectories that ld.so visits on some processors only. */
static const struct {
	uint16_t machine;
	const char *dir;
} processor_dirs[] = {
	{ EM_X86_64, "glibc-hwcaps/x86-64-v2/" },
	{ EM_X86_64, "glibc-hwcaps/x86-64-v3/" },
	{ EM_X86_64, "glibc-hwcaps/x86-64-v4/" },
	{ EM_X86_64, "haswell/" },
	{ EM_X86_64, "x86_64/" },
	{ EM_X86_64, "tls/" },
	{ EM_AARCH64, "atomics/" },
	{ EM_AARCH64, "tls/" },
	{ EM_PPC64, "glibc-hwcaps/power9/" },
	{ EM_PPC64, "glibc-hwcaps/power10/" },
	{ EM_S390, "glibc-hwcaps/z13/" },
	{ EM_S390, "glibc-hwcaps/z14/" },
	{ EM_S390, "glibc-hwcaps/z15/" },
	{ EM_S390, "glibc-hwcaps/z16/" },
};

static int look_for_processors(struct loading *l, struct request *q, const struct buffer *dir,
			       struct file *f, struct elf *elf)
{
	struct buffer path;
	int r = LOOK_ABSENT;

	for (size_t i = 0; r == LOOK_ABSENT && i < ARRAY_SIZE(processor_dirs); i++) {
		if (processor_dirs[i].machine != l->program->elf->machine)
			continue;
		path = *dir;
		append(&path, processor_dirs[i].dir, strlen(processor_dirs[i].dir));
		append(&path, q->name, strlen(q->name));
		r = look_at(l, q, &path, f, elf);
	}
	return r;
}

static int has_processor_dir(struct loading *l, const struct buffer *dir, bool *ret)
{
	int r = 0;

	*ret = false;
	for (size_t i = 0; r == 0 && !*ret && i < ARRAY_SIZE(processor_dirs); i++) {
		struct buffer path = *dir;
		struct file f;

		if (processor_dirs[i].machine != l->program->elf->machine)
			continue;
		append(&path, processor_dirs[i].dir, strlen(processor_dirs[i].dir));
		r = file_find(l->j, path.text, NULL, NULL, &f);
		*ret = r == 0 && f.found.kind == FOUND_DIR;
	}
	return r;
}

/* The same, remembered: few directories have one, and libraries are many. */
static int is_special_dir(struct loading *l, const struct buffer *dir, bool *ret)
{
	struct special_dir *d;
	int r;

	*ret = false;
	for (size_t i = 0; i < l->n_special_dirs; i++)
		if (streq(l->special_dirs[i].path, dir->text)) {
			*ret = l->special_dirs[i].special;
			return 0;
		}
	if (l->n_special_dirs == ARRAY_SIZE(l->special_dirs))
		return 0;
	d = &l->special_dirs[l->n_special_dirs];
	r = has_processor_dir(l, dir, &d->special);
	d->path = arena_strdup(l->j->arena, dir->text);
	if (r < 0 || !d->path)
		return r < 0 ? r : error_oom(l->j->err);
	l->n_special_dirs++;
	*ret = d->special;
	return 0;
}

/* What some processors find before the library itself is no part of the verdict if it is sound. */
static int look_aside(struct loading *l, struct request *q, const struct buffer *dir)
{
	struct request aside = {
		.name = q->name, .owner = q->owner, .optional = true, .processors = true
	};
	struct elf elf = { 0 };
	struct file f;
	bool special;
	int r;

	if (l->kind != LOADER_GLIBC || dir->too_long)
		return 0;
	r = is_special_dir(l, dir, &special);
	if (r < 0 || !special)
		return r;
	r = look_for_processors(l, &aside, dir, &f, &elf);
	if (r == LOOK_FOUND && !q->elsewhere)
		q->elsewhere = f.path;
	if (r != LOOK_OVER || q->optional || judge_is_over(l->j))
		return r < 0 ? r : 0;
	return judge_doubt(l->j, f.path, broken_library_hint,
			   "library %s, needed by %s: some processors have the loader take %s, "
			   "which is broken",
			   q->name, q->owner->path, f.path);
}

static int look_in_dir(struct loading *l, struct request *q, const struct buffer *dir,
		       struct file *f, struct elf *elf)
{
	struct buffer path = *dir;
	int r;

	if (q->processors)
		return look_for_processors(l, q, dir, f, elf);
	r = look_aside(l, q, dir);
	if (r < 0)
		return r;
	append(&path, q->name, strlen(q->name));
	return look_at(l, q, &path, f, elf);
}

static int look_in_item(struct loading *l, struct request *q, const struct object *owner,
			const char *item, size_t len, struct file *f, struct elf *elf)
{
	struct buffer dir = { .len = 0 };

	if (len == 0 && l->kind == LOADER_MUSL)
		return LOOK_ABSENT;
	if (owner && lacks_origin(l, owner, item, len)) {
		q->near_miss = arena_printf(l->j->arena,
					    "without /proc/self/exe the loader leaves out '%.*s'",
					    (int)len, item);
		return q->near_miss ? LOOK_ABSENT : error_oom(l->j->err);
	}
	if (!owner) {
		append(&dir, item, len);
	} else if (!expand(l, owner, item, len, &dir)) {
		if (!q->maybe)
			q->maybe = reason_new(
				l->j->arena,
				arena_printf(l->j->arena,
					     "what the loader puts into '%.*s' is not known",
					     (int)len, item));
		return q->maybe ? LOOK_ABSENT : error_oom(l->j->err);
	}
	if (dir.len && dir.text[dir.len - 1] != '/')
		append(&dir, "/", 1);
	return look_in_dir(l, q, &dir, f, elf);
}

int search_dir(struct loading *l, struct request *q, const char *dir, struct file *f,
	       struct elf *elf)
{
	return look_in_item(l, q, NULL, dir, strlen(dir), f, elf);
}

/* @list belongs to @owner, whose directory is its $ORIGIN; NULL: a '$' means nothing in it. */
static int look_in_list(struct loading *l, struct request *q, const struct object *owner,
			const char *list, const char *separators, struct file *f, struct elf *elf)
{
	int r = owner ? prepare_tokens(l, list) : 0;

	if (r < 0)
		return r;
	for (r = LOOK_ABSENT; r == LOOK_ABSENT && list;) {
		const size_t len = strcspn(list, separators);

		if (!budget_steps(l->j->budget, 1 + len / 16))
			return LOOK_OVER;
		r = look_in_item(l, q, owner, list, len, f, elf);
		list = list[len] ? list + len + 1 : NULL;
	}
	return r;
}

/* ---- glibc ---- */

static int glibc_list(struct loading *l, struct request *q, const struct object *owner,
		      const char *list, const char *separators, struct file *f, struct elf *elf)
{
	int r = list && *list ? look_in_list(l, q, owner, list, separators, f, elf) : LOOK_ABSENT;

	return r == LOOK_STOP ? LOOK_ABSENT : r;
}

/* DT_RPATH is inherited along the chain of who asked; DT_RUNPATH in the object turns that off. */
static int glibc_rpath(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	int r = LOOK_ABSENT;

	if (q->owner->dynamic.runpath)
		return LOOK_ABSENT;
	for (const struct object *o = q->owner; r == LOOK_ABSENT && o; o = o->owner)
		if (!o->dynamic.runpath)
			r = glibc_list(l, q, o, o->dynamic.rpath, ":", f, elf);
	return r;
}

static int glibc_cache(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	struct ldcache_entry entry;
	size_t position = 0;
	int r = need_cache(l);

	if (r < 0)
		return r;
	if (l->cache_state == NOT_KNOWN && !q->maybe)
		q->maybe = l->cache_why;
	while (l->cache && ldcache_next(l->cache, q->name, &position, &entry)) {
		struct buffer path = { .len = 0 };

		if (!budget_steps(l->j->budget, 1 + strlen(q->name) / 64))
			return LOOK_OVER;
		if (!cache_entry_fits(l, &entry) || entry.conditional != q->processors)
			continue;
		append(&path, entry.path, strlen(entry.path));
		r = look_at(l, q, &path, f, elf);
		/* One entry is chosen, and then it is that one or none. */
		return r == LOOK_STOP ? LOOK_ABSENT : r;
	}
	return LOOK_ABSENT;
}

static int glibc_default(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	int r = need_system_dirs(l);

	if (r < 0)
		return r;
	if (l->system_state == NOT_KNOWN && !q->maybe)
		q->maybe = l->system_why;
	r = LOOK_ABSENT;
	for (size_t i = 0; r == LOOK_ABSENT && i < l->system.n; i++) {
		struct buffer dir = { .len = 0 };

		append(&dir, l->system.items[i], strlen(l->system.items[i]));
		r = look_in_dir(l, q, &dir, f, elf);
	}
	return r == LOOK_STOP ? LOOK_ABSENT : r;
}

static int search_glibc(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	static const struct reason forbidden = {
		.text = "the object that needs it forbids the default directories",
		.sure = UNKNOWN,
	};
	int r = glibc_rpath(l, q, f, elf);

	if (r == LOOK_ABSENT)
		r = glibc_list(l, q, l->first, l->library_path, ":;", f, elf);
	if (r == LOOK_ABSENT)
		r = glibc_list(l, q, q->owner, q->owner->dynamic.runpath, ":", f, elf);
	if (r == LOOK_ABSENT && q->owner->dynamic.no_default_dirs) {
		q->maybe = &forbidden;
		return r;
	}
	if (r == LOOK_ABSENT)
		r = glibc_cache(l, q, f, elf);
	return r == LOOK_ABSENT ? glibc_default(l, q, f, elf) : r;
}

/* ---- musl ---- */

bool is_musl_itself(const struct loading *l, const char *name)
{
	static const char *const parts[] = {
		"c.", "pthread.", "rt.", "m.", "dl.", "util.", "xnet."
	};

	for (size_t i = 0; starts_with(name, "lib") && i < ARRAY_SIZE(parts); i++)
		if (starts_with(name + strlen("lib"), parts[i]))
			return true;
	return streq(name, l->program->interpreter);
}

/* It knows $ORIGIN only, and leaves out a list with anything else. */
static bool is_musl_list(const char *list)
{
	for (const char *s = list ? strchr(list, '$') : NULL; s; s = strchr(s + 1, '$'))
		if (!starts_with(s, "$ORIGIN") && !starts_with(s, "${ORIGIN}"))
			return false;
	return list;
}

/* DT_RUNPATH and DT_RPATH are one for musl, and both inherited. */
static int musl_rpath(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	int r = LOOK_ABSENT;

	for (const struct object *o = q->owner; r == LOOK_ABSENT && o; o = o->owner) {
		const char *list = o->dynamic.runpath ? o->dynamic.runpath : o->dynamic.rpath;

		if (is_musl_list(list))
			r = look_in_list(l, q, o, list, ":\n", f, elf);
	}
	return r;
}

static int search_musl(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	int r = LOOK_ABSENT;

	if (l->library_path)
		r = look_in_list(l, q, NULL, l->library_path, ":\n", f, elf);
	if (r == LOOK_ABSENT)
		r = musl_rpath(l, q, f, elf);
	if (r != LOOK_ABSENT)
		return r;
	r = need_musl_path(l);
	if (r < 0)
		return r;
	if (l->musl_state == NOT_KNOWN && !q->maybe)
		q->maybe = l->musl_why;
	return look_in_list(l, q, NULL, l->musl_path, ":\n", f, elf);
}

/* ---- */

/* A name with a slash is a path, relative to the current directory. */
static int search_path(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	struct buffer path = { .len = 0 };

	append(&path, q->name, strlen(q->name));
	return look_at(l, q, &path, f, elf);
}

/* DT_NEEDED may hold "$ORIGIN/libfoo.so". */
static int expand_name(struct loading *l, struct request *q)
{
	static const struct reason unknown = {
		.text = "what the loader puts into this name is not known",
		.sure = UNKNOWN,
	};
	struct buffer name = { .len = 0 };
	int r;

	if (l->kind != LOADER_GLIBC || !strchr(q->name, '$'))
		return 0;
	r = prepare_tokens(l, q->name);
	if (r < 0)
		return r;
	if (!expand(l, q->owner, q->name, strlen(q->name), &name) || name.too_long) {
		q->maybe = &unknown;
		return 0;
	}
	q->name = arena_strdup(l->j->arena, name.text);
	return q->name ? 0 : error_oom(l->j->err);
}

int search_library(struct loading *l, struct request *q, struct file *f, struct elf *elf)
{
	int r = q->processors ? 0 : expand_name(l, q);

	if (r < 0)
		return r;
	if (strchr(q->name, '/'))
		return search_path(l, q, f, elf);
	return l->kind == LOADER_MUSL ? search_musl(l, q, f, elf) : search_glibc(l, q, f, elf);
}
