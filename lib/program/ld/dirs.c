/* SPDX-License-Identifier: Apache-2.0 */
/* Where loaders search by default: system directories, ld.so.cache, musl's path file. */
#include <elf.h>

#include "program/ld/loader-internal.h"

#define LOADER_MAX    ((uint64_t)8 << 20)
#define CHUNK	      ((size_t)8192)
#define DIR_MAX	      256
#define DIRS_MAX      16
#define PATH_FILE_MAX ((size_t)65536)

/* Only nothing at all is as good as no file. */
static const struct reason *why_unread(const struct found *found)
{
	static const struct reason other = { .text = "it is not a regular file", .sure = UNKNOWN };

	if (found->kind == FOUND_NOTHING && found->errnum == ENOENT)
		return NULL;
	return found->reason ? found->reason : &other;
}

/*
 * A file that a loader reads for itself; absent or unreadable is as good as empty: *@data NULL,
 * the latter with *@why.
 */
static int read_for_loader(struct loading *l, const char *path, size_t max, struct found *found,
			   const char **data, size_t *len, enum lazy *state,
			   const struct reason **why)
{
	struct judge *j = l->j;
	struct file f;
	int r = file_find(j, path, &j->hook, NULL, &f);

	*found = f.found;
	*data = NULL;
	*state = READ;
	if (r < 0)
		return r;
	if (f.found.kind == FOUND_SPECIAL && S_ISFIFO(f.found.mode) &&
	    view_may(j->view, &f.found, &j->hook, MAY_READ, why) != NO)
		return judge_refuse(j, f.path, "remove it",
				    "%s is a FIFO: the loader waits there for ever", f.path);
	if (f.found.kind != FOUND_FILE) {
		*why = why_unread(&f.found);
		*state = f.found.kind == FOUND_UNKNOWN ? NOT_KNOWN : READ;
		return 0;
	}
	if (view_may(j->view, &f.found, &j->hook, MAY_READ, why) == NO)
		return 0;
	r = file_read(j, &f, max, data, len, why);
	*state = *data ? READ : NOT_KNOWN;
	return r;
}

/* ---- ld.so.cache ---- */

/* The cache that @found, whose bytes are @data, is, with an index; kept with the file. */
static int parse_cache(struct loading *l, const struct found *found, const char *data, size_t len)
{
	const bool is_big = l->program->elf->is_big;
	struct memo *memo = memo_of(l->j->view);
	struct known_file *known = memo ? memo_file(memo, found) : NULL;

	if (!known)
		return error_oom(l->j->err);
	if (!known->has_cache || known->cache.is_big != is_big) {
		known->cache = (struct ldcache){ .is_big = is_big };
		known->has_cache = true;
		if (ldcache_parse(data, len, is_big, &known->cache) &&
		    budget_steps(memo->budget, STEPS_COMPARE(2 * known->cache.n_entries)) &&
		    ldcache_index(&known->cache, memo->arena) < 0)
			return error_oom(l->j->err);
	}
	l->cache = &known->cache;
	return 0;
}

int need_cache(struct loading *l)
{
	struct found found;
	const char *data;
	size_t len;
	int r = 0;

	if (l->cache_state != NOT_READ)
		return 0;
	r = read_for_loader(l, "/etc/ld.so.cache", LDCACHE_MAX, &found, &data, &len,
			    &l->cache_state, &l->cache_why);
	return r == 0 && data ? parse_cache(l, &found, data, len) : r;
}

bool cache_entry_fits(const struct loading *l, const struct ldcache_entry *entry)
{
	/* sysdeps/generic/ldconfig.h of glibc; FLAG_ELF_LIBC6 is 3. */
	static const struct {
		uint16_t machine;
		bool is_64;
		uint32_t flags;
	} table[] = {
		{ EM_X86_64, true, 0x0303 },  { EM_386, false, 0x0003 },
		{ EM_X86_64, false, 0x0803 }, { EM_AARCH64, true, 0x0a03 },
		{ EM_PPC64, true, 0x0503 },   { EM_S390, true, 0x0403 },
		{ EM_RISCV, true, 0x1003 },
	};
	const struct elf *elf = l->program->elf;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].machine == elf->machine && table[i].is_64 == elf->is_64)
			return entry->flags == table[i].flags;
	/* Others have several; what the entry names is looked at anyway. */
	return (entry->flags & 0xff) == 3;
}

/* ---- the directories compiled into ld.so ---- */

/*
 * "/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0": strings that begin and
 * end in a slash, one after the other. Nothing else in a loader looks like that, and every
 * distribution has its own.
 */
struct run {
	size_t n;
	char items[DIRS_MAX][DIR_MAX];
};

struct scan {
	struct judge *j;
	const struct found *loader;
	struct run best;
};

/* The length of the directory that @text begins with, its slash at the end included; 0: none. */
static size_t dir_length(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && n < DIR_MAX && text[n] > ' ' && text[n] < 0x7f)
		n++;
	if (n < 2 || n == len || n == DIR_MAX || text[n] != '\0')
		return 0;
	return text[0] == '/' && text[n - 1] == '/' && memmem(text, n, "/lib", 4) ? n : 0;
}

/* The directories from @text on, if they are more than any so far. How many bytes they take. */
static size_t take_run(struct scan *s, const char *text, size_t len)
{
	struct run run = { .n = 0 };
	size_t at = 0, n;

	while (run.n < DIRS_MAX && (n = dir_length(text + at, len - at))) {
		memcpy(run.items[run.n], text + at, n);
		run.items[run.n++][n] = '\0';
		at += n + 1;
	}
	if (run.n > s->best.n)
		s->best = run;
	return at;
}

/*
 * "/lib" is at @hit of the file: what begins the string with it, what follows it, and how far the
 * search may skip. The first of a run has it, too, so that no run begins before.
 */
static uint64_t look_around(struct scan *s, uint64_t hit)
{
	char text[DIR_MAX * (DIRS_MAX + 1)];
	const uint64_t from = hit < DIR_MAX ? 0 : hit - DIR_MAX;
	size_t at = (size_t)(hit - from), end;
	ssize_t n = view_read(s->j->view, s->loader, from, text, sizeof(text));

	if (n <= 0 || (size_t)n <= at)
		return hit + 1;
	while (at > 0 && text[at - 1] != '\0')
		at--;
	/* It may be longer than a directory can be. */
	if (at == 0 && from > 0)
		return hit + 1;
	end = at + take_run(s, text + at, (size_t)n - at);
	return from + end > hit ? from + end : hit + 1;
}

/* Past @done a chunk may have begun with the end of what was looked at already. */
static void scan_loader(struct scan *s)
{
	char buf[CHUNK];
	uint64_t at = 0, done = 0;

	while (at < LOADER_MAX) {
		const ssize_t n = view_read(s->j->view, s->loader, at, buf, sizeof(buf));
		const char *hit = buf;

		if (n < 4)
			return;
		while ((hit = memmem(hit, (size_t)(buf + n - hit), "/lib", 4))) {
			const uint64_t place = at + (uint64_t)(hit - buf);

			if (place >= done)
				done = look_around(s, place);
			hit++;
		}
		at += (uint64_t)n - 3;
	}
}

static int keep_dirs(const struct scan *s, struct arena *arena, struct dirs *ret)
{
	const char **items = arena_alloc(arena, s->best.n, sizeof(*items));

	for (size_t i = 0; items && i < s->best.n; i++) {
		items[i] = arena_strdup(arena, s->best.items[i]);
		if (!items[i])
			return -ENOMEM;
	}
	*ret = (struct dirs){ items, s->best.n };
	return items ? 0 : -ENOMEM;
}

/* Once for each loader. */
static int need_dirs_of(struct judge *j, const struct found *loader, struct dirs *ret)
{
	struct memo *memo = memo_of(j->view);
	struct known_file *known = memo ? memo_file(memo, loader) : NULL;
	struct scan s = { .j = j, .loader = loader };

	if (!known)
		return error_oom(j->err);
	if (!known->has_dirs) {
		scan_loader(&s);
		if (keep_dirs(&s, memo->arena, &known->dirs) < 0)
			return error_oom(j->err);
		known->has_dirs = true;
	}
	*ret = known->dirs;
	return 0;
}

int need_system_dirs(struct loading *l)
{
	static const struct reason nowhere = {
		.text = "the directories built into its loader are not to be found there",
		.sure = UNKNOWN,
	};
	int r = l->system_state == NOT_READ
			? need_dirs_of(l->j, &l->program->loader->found, &l->system)
			: 0;

	if (r < 0)
		return r;
	l->system_state = l->system.n ? READ : NOT_KNOWN;
	l->system_why = &nowhere;
	return 0;
}

const char *loader_lib(struct loading *l, size_t *len)
{
	const char *dir;

	if (l->system_state != READ)
		return NULL;
	/* "/lib/x86_64-linux-gnu/" on Debian, "/lib64/" on Fedora, "/usr/lib/" where merged. */
	dir = l->system.items[0];
	if (starts_with(dir, "/usr/"))
		dir += strlen("/usr");
	*len = strlen(dir + 1) - 1;
	return dir + 1;
}

/* ---- musl's list ---- */

/* "/etc/ld-musl-ARCH.path", below what precedes "/lib/ld-musl-ARCH.so.1" in the loader's name. */
static const char *musl_path_file(struct loading *l)
{
	const char *name = l->program->interpreter, *base = path_base(name);
	const char *arch = elf_machine_name(l->program->elf), *dot;
	size_t prefix = 0, arch_len;

	for (const char *s = name, *last = name; name[0] == '/' && *s; s++) {
		if (*s != '/')
			continue;
		prefix = (size_t)(last - name);
		last = s;
	}
	if (!starts_with(base, "ld-musl-"))
		base = path_base(l->program->loader->found.path);
	if (starts_with(base, "ld-musl-"))
		arch = base + strlen("ld-musl-");
	if (!arch)
		return NULL;
	dot = strchr(arch, '.');
	arch_len = dot ? (size_t)(dot - arch) : strlen(arch);
	return arena_printf(l->j->arena, "%.*s/etc/ld-musl-%.*s.path", (int)prefix, name,
			    (int)arch_len, arch);
}

int need_musl_path(struct loading *l)
{
	const char *path, *data;
	struct found found;
	size_t len;
	int r;

	if (l->musl_state != NOT_READ)
		return 0;
	path = musl_path_file(l);
	if (!path)
		return error_oom(l->j->err);
	r = read_for_loader(l, path, PATH_FILE_MAX, &found, &data, &len, &l->musl_state,
			    &l->musl_why);
	if (r < 0)
		return r;
	/* A list that is there but cannot be read is an empty one. */
	l->musl_path = data ? data : l->musl_why ? "" : "/lib:/usr/local/lib:/usr/lib";
	return 0;
}
