/* SPDX-License-Identifier: Apache-2.0 */
#include <elf.h>

#include "program-loader.h"

#define LOADER_MAX    ((uint64_t)8 << 20)
#define CHUNK	      ((size_t)8192)
#define DIR_MAX	      256
#define DIRS_MAX      16
#define PATH_FILE_MAX ((size_t)65536)

/* Only nothing at all is as good as no file. */
static const char *why_unread(const struct found *found)
{
	if (found->kind == FOUND_NOTHING && found->errnum == ENOENT)
		return NULL;
	return found->reason ? found->reason : "it is no regular file";
}

/*
 * A file that a loader reads for itself; absent or unreadable is as good as empty: *@data NULL,
 * the latter with *@why.
 */
static int read_for_loader(struct loading *l, const char *path, size_t max, char **data,
			   size_t *len, enum lazy *state, const char **why)
{
	struct judge *j = l->j;
	struct file f;
	int r = file_find(j, path, &j->hook, NULL, &f);

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

int need_cache(struct loading *l)
{
	char *data;
	size_t len;
	int r = 0;

	if (l->cache_state != NOT_READ)
		return 0;
	r = read_for_loader(l, "/etc/ld.so.cache", LDCACHE_MAX, &data, &len, &l->cache_state,
			    &l->cache_why);
	if (r == 0 && data)
		(void)ldcache_parse(data, len, l->program->elf->is_big, &l->cache);
	return r;
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
	char text[DIR_MAX];
	size_t len;
	bool is_dir; /* the string so far may be a directory */
	struct run run, best;
};

static void end_run(struct scan *s)
{
	if (s->run.n > s->best.n)
		s->best = s->run;
	s->run.n = 0;
}

static void end_string(struct scan *s)
{
	if (s->is_dir && s->len > 1 && s->text[s->len - 1] == '/' && s->run.n < DIRS_MAX &&
	    memmem(s->text, s->len, "/lib", 4)) {
		memcpy(s->run.items[s->run.n], s->text, s->len);
		s->run.items[s->run.n++][s->len] = '\0';
	} else {
		end_run(s);
	}
	s->len = 0;
	s->is_dir = true;
}

static void scan_bytes(struct scan *s, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char c = bytes[i];

		if (c == '\0') {
			end_string(s);
			continue;
		}
		if (s->is_dir)
			s->is_dir =
				s->len < DIR_MAX - 1 && c > ' ' && c < 0x7f && (s->len || c == '/');
		if (s->is_dir)
			s->text[s->len++] = c;
	}
}

static void scan_loader(struct loading *l, struct scan *s)
{
	const struct found *found = &l->program->loader->found;
	char buf[CHUNK];
	uint64_t at = 0;
	ssize_t n = 1;

	while (n > 0 && at < LOADER_MAX) {
		n = view_read(l->j->view, found, at, buf, sizeof(buf));
		if (n > 0)
			scan_bytes(s, buf, (size_t)n);
		at += n > 0 ? (uint64_t)n : 0;
	}
	end_run(s);
}

int need_system_dirs(struct loading *l)
{
	struct scan s = { .is_dir = true };
	const char **items;

	if (l->system_state != NOT_READ)
		return 0;
	scan_loader(l, &s);
	items = arena_alloc(l->j->arena, DIRS_MAX, sizeof(*items));
	if (!items)
		return error_oom(l->j->err);
	for (size_t i = 0; i < s.best.n; i++) {
		items[i] = arena_strdup(l->j->arena, s.best.items[i]);
		if (!items[i])
			return error_oom(l->j->err);
	}
	l->system = (struct dirs){ items, s.best.n };
	l->system_state = s.best.n ? READ : NOT_KNOWN;
	l->system_why = "the directories built into its loader are not to be found there";
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
	const char *path;
	char *data;
	size_t len;
	int r;

	if (l->musl_state != NOT_READ)
		return 0;
	path = musl_path_file(l);
	if (!path)
		return error_oom(l->j->err);
	r = read_for_loader(l, path, PATH_FILE_MAX, &data, &len, &l->musl_state, &l->musl_why);
	if (r < 0)
		return r;
	/* A list that is there but cannot be read is an empty one. */
	l->musl_path = data ? data : l->musl_why ? "" : "/lib:/usr/local/lib:/usr/lib";
	return 0;
}
