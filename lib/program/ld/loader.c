/* SPDX-License-Identifier: Apache-2.0 */
/* Walks the libraries of a program in the loader's order. */
#include <elf.h>

#include "base/words.h"
#include "program/ld/loader-internal.h"

#define OBJECTS_MAX 512
#define PRELOAD_MAX ((size_t)65536)

enum loader_kind loader_kind_of(const char *path)
{
	static const struct {
		const char *prefix;
		enum loader_kind kind;
	} table[] = {
		{ "ld-musl-", LOADER_MUSL },  { "libc.musl-", LOADER_MUSL },
		{ "libc.so", LOADER_MUSL },   { "ld-linux", LOADER_GLIBC },
		{ "ld64.so.", LOADER_GLIBC }, { "ld.so.", LOADER_GLIBC },
		{ "ld-2.", LOADER_GLIBC },
	};
	const char *base = path_base(path);

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (starts_with(base, table[i].prefix))
			return table[i].kind;
	return LOADER_OTHER;
}

/* ---- the objects ---- */

static struct loaded_name **bucket_of(struct loading *l, const char *name)
{
	return &l->names[memo_hash(0, name) % NAME_BUCKETS];
}

static const struct object *find_loaded(struct loading *l, const char *name)
{
	const struct loaded_name *n = *bucket_of(l, name);
	size_t others = 0;

	for (; n && !streq(n->name, name); n = n->next)
		others++;
	return budget_steps(l->j->budget, STEPS_COMPARE(others)) && n ? n->object : NULL;
}

/* Behind those of the same name: the first one counts. */
static int add_name(struct loading *l, const struct object *o, const char *name)
{
	struct loaded_name *n = arena_alloc(l->j->arena, 1, sizeof(*n));
	struct loaded_name **end = bucket_of(l, name);

	if (!n)
		return error_oom(l->j->err);
	while (*end)
		end = &(*end)->next;
	*n = (struct loaded_name){ NULL, name, o };
	*end = n;
	return 0;
}

static bool is_loaded_file(struct loading *l, const char *real)
{
	const struct object *o = budget_steps(l->j->budget, STEPS_COMPARE(l->n)) ? l->first : NULL;

	while (o && !streq(o->real, real))
		o = o->next;
	return o;
}

static int add_object(struct loading *l, const struct object *object)
{
	struct object *o = arena_alloc(l->j->arena, 1, sizeof(*o));

	if (!o)
		return error_oom(l->j->err);
	*o = *object;
	if (l->last)
		l->last->next = o;
	else
		l->first = o;
	l->last = o;
	l->n++;
	if (o->name && add_name(l, o, o->name) < 0)
		return -ENOMEM;
	return l->kind == LOADER_GLIBC && o->dynamic.soname ? add_name(l, o, o->dynamic.soname) : 0;
}

static int read_dynamic(struct loading *l, struct file *f, const struct elf *elf,
			struct elf_dynamic *ret)
{
	*ret = (struct elf_dynamic){ 0 };
	return judge_elf(l->j, f, file_dynamic(l->j, f, elf, &l->budget, ret));
}

/* ---- one library ---- */

/* What the loader checks before it maps a library. */
static int check_library(struct loading *l, const struct request *q, struct file *f,
			 struct elf *elf)
{
	const struct reason *why = NULL;
	enum elf_status status = file_segments(l->j, f, elf);
	enum truth exec;
	int r;

	if (status == ELF_NO_MEMORY)
		return error_oom(l->j->err);
	/* Loaders map whole pages: it depends on what the segment's end holds. */
	if (status == ELF_SMALL_SEGMENT || status == ELF_PAST_END || status == ELF_OVERLAP ||
	    status == ELF_LARGE)
		return library_fails(l, q, f, UNKNOWN, elf_status_text(status));
	if (status != ELF_OK)
		return library_is_broken(l, q, f, elf_status_text(status));
	if (elf->type == ET_EXEC && l->kind == LOADER_GLIBC)
		return library_is_broken(l, q, f, "is a program, not a library");
	if (!elf->dynamic.size)
		return library_is_broken(l, q, f, "has no dynamic section");
	exec = view_mount_exec(l->j->view, &f->found, &why);
	if (exec == NO && q->optional)
		return LOOK_OVER;
	r = judge_for(l->j, exec, why, f->path, "have it on a mount that allows execution",
		      "library %s, needed by %s, may not be mapped", q->name, q->owner->path);
	return r < 0 ? r : judge_is_over(l->j) ? LOOK_OVER : LOOK_FOUND;
}

static int load_file(struct loading *l, const struct request *q, struct file *f, struct elf *elf)
{
	struct object object = {
		.owner = q->owner, .name = q->name, .path = f->path, .real = f->found.path
	};
	int r;

	if (is_loaded_file(l, f->found.path))
		return 0;
	r = check_library(l, q, f, elf);
	if (r != LOOK_FOUND)
		return r < 0 ? r : 0;
	object.elf = *elf;
	r = read_dynamic(l, f, elf, &object.dynamic);
	if (r == 0)
		r = read_wanted(l, f, &object);
	if (r == 0 && object.dynamic.position_independent_program && l->kind == LOADER_GLIBC)
		r = judge_doubt(l->j, f->path, NULL,
				"library %s, needed by %s: %s is a program, which not every "
				"glibc loads",
				q->name, q->owner->path, f->path);
	if (r == 0)
		r = judge_note(l->j, "%s => %s", q->name, f->path);
	return r < 0 ? r : add_object(l, &object);
}

/* ---- missing ---- */

static const char *missing_hint(const struct loading *l, const char *conf_dir)
{
	const struct spec_strings *env = &l->j->spec->env;

	if (conf_dir)
		return arena_printf(l->j->arena,
				    "it is in %s, which ld.so.conf names, but not in ld.so.cache: "
				    "run ldconfig when the image is built, or in a hook before "
				    "(policy ldconfig-on-start)",
				    conf_dir);
	if (l->j->after_ldconfig != NO)
		return "install it in a directory that ld.so.conf names, or set LD_LIBRARY_PATH in "
		       "the hook's env";
	if (!l->library_path && env_value(env->items, env->n, "LD_LIBRARY_PATH"))
		return "process.env's LD_LIBRARY_PATH does not reach the hook: add 'inheritEnv: "
		       "[LD_LIBRARY_PATH]'";
	if (l->kind == LOADER_MUSL)
		return "install it, or set LD_LIBRARY_PATH in the hook's env";
	return "install it, set LD_LIBRARY_PATH in the hook's env, or have ldconfig run before";
}

/* Where only some processors look, or only after ldconfig has run, it may yet be found. */
static int find_excuse(struct loading *l, struct request *q)
{
	static const struct reason ldconfig = {
		.text = "ldconfig, which runs before, may make it known",
		.sure = UNKNOWN,
	};
	struct arena *arena = l->j->arena;
	struct request second = {
		.name = q->name, .owner = q->owner, .optional = true, .processors = true
	};
	struct elf elf = { 0 };
	struct file f;
	int r = LOOK_ABSENT;

	if (q->maybe || l->kind != LOADER_GLIBC || strchr(q->name, '/'))
		return 0;
	if (l->j->after_ldconfig) {
		q->maybe = &ldconfig;
		return 0;
	}
	r = search_library(l, &second, &f, &elf);
	if (r == LOOK_FOUND)
		q->maybe = reason_new(
			arena, arena_printf(arena, "only some processors look at %s", f.path));
	return r < 0 ? r : r == LOOK_FOUND && !q->maybe ? error_oom(l->j->err) : 0;
}

static int tell_missing(struct loading *l, const struct request *q)
{
	struct judge *j = l->j;
	const char *conf_dir = NULL, *hint;
	int r = 0;

	if (l->kind == LOADER_GLIBC && !strchr(q->name, '/') && !j->after_ldconfig)
		r = find_in_conf(l, q->name, &conf_dir);
	if (r < 0)
		return r;
	hint = missing_hint(l, conf_dir);
	if (!hint)
		return error_oom(j->err);
	if (q->maybe)
		return judge_for(j, UNKNOWN, q->maybe, q->name, hint,
				 "library %s, needed by %s, is not found", q->name, q->owner->path);
	if (q->near_miss)
		return judge_refuse(j, q->name, hint, "library %s, needed by %s, is not found: %s",
				    q->name, q->owner->path, q->near_miss);
	if (strchr(q->name, '/'))
		return judge_refuse(j, q->name, "install it",
				    "library %s, needed by %s, does not exist", q->name,
				    q->owner->path);
	return judge_refuse(j, q->name, hint,
			    "library %s, needed by %s, is in no directory the loader searches",
			    q->name, q->owner->path);
}

static int missing(struct loading *l, struct request *q)
{
	int r = q->optional ? 0 : find_excuse(l, q);

	if (r < 0 || q->optional || judge_is_over(l->j))
		return r;
	l->j->topic = TOPIC_MISSING;
	r = tell_missing(l, q);
	l->j->topic = TOPIC_CONTENT;
	return r;
}

/*
 * ldconfig(8) takes files that are called as libraries are, and knows them by their SONAME, or by their
 * name if they have none.
 */
static bool is_taken_by_ldconfig(const char *name, const struct elf_dynamic *dynamic)
{
	return (starts_with(name, "lib") || starts_with(name, "ld-")) && strstr(name, ".so") &&
	       (!dynamic->soname || streq(dynamic->soname, name));
}

/* Where ld.so.conf leads a hook before to, the cache will say it: LOOK_FOUND, else LOOK_ABSENT. */
static int find_made_known(struct loading *l, const struct request *q, struct file *f,
			   struct elf *elf)
{
	struct request second = { .name = q->name, .owner = q->owner, .optional = true };
	struct elf_dynamic dynamic = { 0 };
	const char *dir = NULL;
	int r;

	if (l->j->after_ldconfig != YES || l->kind != LOADER_GLIBC || q->optional ||
	    strchr(q->name, '/'))
		return LOOK_ABSENT;
	r = find_in_conf(l, q->name, &dir);
	if (r < 0 || !dir)
		return r < 0 ? r : LOOK_ABSENT;
	r = search_dir(l, &second, dir, f, elf);
	if (r != LOOK_FOUND)
		return r < 0 ? r : LOOK_ABSENT;
	r = read_dynamic(l, f, elf, &dynamic);
	if (r < 0)
		return r;
	return is_taken_by_ldconfig(q->name, &dynamic) ? LOOK_FOUND : LOOK_ABSENT;
}

static int load(struct loading *l, const struct object *owner, const char *name, bool optional)
{
	struct request q = { .name = name, .owner = owner, .optional = optional };
	struct elf elf = { 0 };
	struct file f;
	int r;

	if (find_loaded(l, name) || (l->kind == LOADER_MUSL && is_musl_itself(l, name)))
		return 0;
	if (l->n > OBJECTS_MAX)
		return judge_doubt(l->j, l->program->file->path, NULL,
				   "%s takes more than %d libraries", l->program->file->path,
				   OBJECTS_MAX);
	r = search_library(l, &q, &f, &elf);
	if (r == LOOK_ABSENT)
		r = find_made_known(l, &q, &f, &elf);
	if (r == LOOK_FOUND)
		return load_file(l, &q, &f, &elf);
	return r < 0 || r == LOOK_OVER ? (r < 0 ? r : 0) : missing(l, &q);
}

/* ---- preloading ---- */

/* What cannot be loaded is left out with a message, but then everything that it needs is needed. */
static int preload(struct loading *l, const char *list, const char *separators)
{
	int r = 0;

	while (list && *list && r == 0 && !judge_is_over(l->j)) {
		const size_t len = strcspn(list, separators);
		const char *name = len ? arena_strndup(l->j->arena, list, len) : NULL;

		if (len && !name)
			return error_oom(l->j->err);
		if (name)
			r = load(l, l->first, name, true);
		list += len;
		list += *list != '\0';
	}
	return r;
}

/* In the file, '#' begins a comment. */
static void blank_comments(char *text)
{
	bool comment = false;

	for (char *c = text; *c; c++) {
		comment = *c == '#' || (comment && *c != '\n');
		if (comment)
			*c = ' ';
	}
}

static int preload_file(struct loading *l)
{
	struct judge *j = l->j;
	const struct reason *why;
	const char *text;
	struct file f;
	char *list;
	size_t len;
	int r = file_find(j, "/etc/ld.so.preload", &j->hook, NULL, &f);

	if (r < 0 || f.found.kind != FOUND_FILE ||
	    view_may(j->view, &f.found, &j->hook, MAY_READ, &why) == NO)
		return r;
	r = file_read(j, &f, PRELOAD_MAX, &text, &len, &why);
	if (r < 0)
		return r;
	if (!text)
		return judge_doubt(j, f.path, NULL, "%s", why->text);
	list = arena_strndup(j->arena, text, len);
	if (!list)
		return error_oom(j->err);
	blank_comments(list);
	return preload(l, list, ": \t\n");
}

/* ---- symbol versions ---- */

static bool has_version(struct loading *l, const struct object *o, const char *version)
{
	const size_t n = o->dynamic.n_versions;
	size_t i = budget_steps(l->j->budget, STEPS_COMPARE(n)) ? 0 : n;

	while (i < n && !streq(o->dynamic.versions[i], version))
		i++;
	return i < n;
}

/* Such a library is taken for any version; but ld.so has an assertion that symbols have one. */
static int check_unversioned(struct loading *l, const struct object *o, const struct elf_need *need,
			     const struct object *file)
{
	if (file->dynamic.has_symbol_versions)
		return 0;
	return judge_doubt(l->j, file->path, "use the library that the program was built for",
			   "version %s of %s, needed by %s: %s has no versions at all",
			   need->version, need->file, o->path, file->path);
}

static int check_need(struct loading *l, const struct object *o, const struct elf_need *need)
{
	const struct object *file = find_loaded(l, need->file);

	if (need->weak || !file)
		return 0;
	if (!file->dynamic.has_versions)
		return check_unversioned(l, o, need, file);
	if (has_version(l, file, need->version))
		return 0;
	return judge_refuse(l->j, file->path, "update the library, or use a build for an older one",
			    "version %s of %s, needed by %s, is not in %s", need->version,
			    need->file, o->path, file->path);
}

static int check_versions(struct loading *l)
{
	int r = 0;

	for (const struct object *o = l->first; o; o = o->next)
		for (size_t i = 0; r == 0 && i < o->dynamic.n_needs; i++) {
			if (judge_is_over(l->j))
				return 0;
			r = check_need(l, o, &o->dynamic.needs[i]);
		}
	return r;
}

/* ---- the whole ---- */

/* What a compatibility link leads to counts more than its name. */
static enum loader_kind kind_of(const struct dynamic_program *p, const char *soname)
{
	enum loader_kind kind = loader_kind_of(p->loader->found.path);

	if (kind == LOADER_OTHER && soname)
		return loader_kind_of(soname);
	return kind == LOADER_OTHER ? loader_kind_of(p->interpreter) : kind;
}

/* The program and its loader, which is there from the beginning. */
static int begin(struct loading *l)
{
	const struct dynamic_program *p = l->program;
	struct object program = { .path = p->file->found.path,
				  .real = p->file->found.path,
				  .elf = *p->elf };
	struct object loader = { .name = p->interpreter,
				 .path = p->interpreter,
				 .real = p->loader->found.path,
				 .elf = *p->loader_elf };
	int r = read_dynamic(l, p->file, p->elf, &program.dynamic);

	if (r == 0)
		r = read_wanted(l, p->file, &program);
	if (r == 0)
		r = read_dynamic(l, p->loader, p->loader_elf, &loader.dynamic);
	l->kind = kind_of(p, loader.dynamic.soname);
	if (r == 0)
		r = add_object(l, &program);
	/* The program waits for its turn; the loader's own needs are none. */
	loader.dynamic.n_needed = 0;
	if (r == 0)
		r = add_object(l, &loader);
	return r;
}

static int load_all(struct loading *l)
{
	int r = l->j->secure ? 0 : preload(l, hook_variable(l->j, "LD_PRELOAD"), ": ");

	if (r == 0 && l->kind == LOADER_GLIBC)
		r = preload_file(l);
	for (const struct object *o = l->first; r == 0 && o; o = o->next)
		for (size_t i = 0; r == 0 && i < o->dynamic.n_needed; i++) {
			if (judge_is_over(l->j) || l->n > OBJECTS_MAX)
				return 0;
			r = load(l, o, o->dynamic.needed[i], false);
		}
	if (r == 0 && l->kind == LOADER_GLIBC)
		r = check_versions(l);
	return r == 0 ? check_symbols(l) : r;
}

int judge_libraries(struct judge *j, const struct dynamic_program *program, size_t *n_libraries)
{
	const char *path = j->secure ? NULL : hook_variable(j, "LD_LIBRARY_PATH");
	struct loading l = {
		.j = j,
		.program = program,
		.budget = ELF_BUDGET,
		.library_path = path && *path ? path : NULL,
	};
	int r;

	j->part = PART_LIBRARY;
	j->topic = TOPIC_CONTENT;
	r = begin(&l);
	if (r < 0 || judge_is_over(j))
		return r;
	if (l.kind != LOADER_OTHER)
		r = load_all(&l);
	else if (l.first->dynamic.n_needed)
		r = judge_doubt(j, program->interpreter, NULL,
				"%s is no loader known here: the libraries of %s are not followed",
				program->interpreter, program->file->path);
	*n_libraries = l.n - 2;
	return r;
}
