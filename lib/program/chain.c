/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the file behind a path and behind scripts, and reads its beginning. */
#include <sys/utsname.h>

#include "base/words.h"
#include "program/memo-internal.h"

const char *hook_variable(struct judge *j, const char *name)
{
	budget_charge(j->budget, BUDGET_STEPS, STEPS_COMPARE(j->n_env));
	return env_value(j->env, j->n_env, name);
}

/* Of the container's own program. */
const char *process_variable(struct judge *j, const char *name)
{
	const struct spec_strings *env = &j->spec->env;

	budget_charge(j->budget, BUDGET_STEPS, STEPS_COMPARE(env->n));
	return env_value(env->items, env->n, name);
}

const char *path_join(struct arena *arena, const char *dir, size_t dir_len, const char *name)
{
	const size_t name_len = strlen(name);
	char *joined = arena_alloc(arena, dir_len + name_len + 2, 1);

	if (!joined)
		return NULL;
	memcpy(joined, dir, dir_len);
	if (dir_len && dir[dir_len - 1] != '/')
		joined[dir_len++] = '/';
	memcpy(joined + dir_len, name, name_len);
	return joined;
}

static ssize_t read_found(void *ctx, uint64_t offset, void *buf, size_t len)
{
	struct file *f = ctx;

	return view_read(f->view, &f->found, offset, buf, len);
}

int file_find(struct judge *j, const char *path, const struct creds *who, struct trail *trail,
	      struct file *f)
{
	f->view = j->view;
	f->path = f->what = path;
	elf_source_init(&f->source, read_found, f, 0);
	f->source.budget = j->budget;

	int r = view_resolve(j->view, path, VIEW_FOLLOW, who, trail, &f->found, j->err);

	if (r == 0)
		f->source.size = f->found.size;
	return r;
}

/* Into *@known, unless it cannot be read, which *@why then says. */
static int read_whole(struct judge *j, struct file *f, struct memo *memo, struct known_file *known,
		      const struct reason **why)
{
	const size_t size = (size_t)f->found.size;
	char *buf = arena_alloc(memo->arena, size + 1, 1);
	size_t got = 0;

	if (!buf)
		return error_oom(j->err);
	while (got < size) {
		ssize_t n = view_read(j->view, &f->found, got, buf + got, size - got);

		if (n < 0) {
			errno = (int)-n;
			*why = reason_new(j->arena,
					  arena_printf(j->arena, "%s cannot be read: %m", f->path));
			return *why ? 0 : error_oom(j->err);
		}
		if (n == 0)
			break;
		got += (size_t)n;
	}
	known->text = buf;
	known->len = got;
	return 0;
}

int file_read(struct judge *j, struct file *f, size_t max, const char **data, size_t *len,
	      const struct reason **why)
{
	struct memo *memo = memo_of(j->view);
	struct known_file *known = memo ? memo_file(memo, &f->found) : NULL;
	int r = 0;

	*data = NULL;
	if (!known)
		return error_oom(j->err);
	if (f->found.size > max) {
		*why = reason_new(j->arena, arena_printf(j->arena, "%s has more than %zu bytes",
							 f->path, max));
		return *why ? 0 : error_oom(j->err);
	}
	if (!known->text)
		r = read_whole(j, f, memo, known, why);
	*data = known->text;
	*len = known->len;
	return r;
}

/* ---- behind scripts ---- */

int look_behind_script(struct judge *j, const char **path, const struct creds *who, struct file *f,
		       struct elf *elf, bool *found)
{
	struct script script;
	const unsigned char *head;
	ssize_t n;
	int r = file_find(j, *path, who, NULL, f);

	*path = NULL;
	*found = false;
	if (r < 0 || f->found.kind != FOUND_FILE)
		return r;
	n = elf_head(&f->source, &head);
	*found = n > 0 && file_header(j, f, elf) == ELF_OK;
	if (*found || n <= 0 || script_parse(head, (size_t)n, &script) != SCRIPT_RUNS)
		return 0;
	*path = arena_strdup(j->arena, script.interpreter);
	return *path ? 0 : error_oom(j->err);
}

int find_elf(struct judge *j, const char *path, struct file *f, struct elf *elf, bool *found)
{
	int r = 0;

	*found = false;
	for (int i = 0; r == 0 && path && !*found && i <= SCRIPT_DEPTH; i++)
		r = look_behind_script(j, &path, NULL, f, elf, found);
	return r;
}

/* ---- the workload's machine ---- */

const char *program_host_arch(void)
{
	struct elf elf = { 0 };
	struct utsname name;

	return uname(&name) == 0 && elf_of_machine(name.machine, &elf) ? elf_goarch(&elf) : NULL;
}

static int ask_host(struct judge *j)
{
	struct utsname name;

	if (uname(&name) < 0 || !elf_of_machine(name.machine, &j->workload))
		return 0;
	j->workload_text =
		arena_printf(j->arena, "this host is %s", elf_machine_name(&j->workload));
	return j->workload_text ? 0 : error_oom(j->err);
}

int find_workload(struct judge *j)
{
	const struct spec *spec = j->spec;
	const struct reason *maybe;
	const char *path = NULL;
	struct file f;
	bool found = false;
	int r = 0;

	if (j->has_workload)
		return 0;
	j->has_workload = true;
	if (spec->args.n)
		r = find_in_path(j, spec->args.items[0], process_variable(j, "PATH"), NULL, &path,
				 &maybe);
	if (r == 0 && path)
		r = find_elf(j, path, &f, &j->workload, &found);
	if (r < 0)
		return r;
	if (!found || !elf_machine_name(&j->workload))
		return ask_host(j);
	j->workload_text =
		arena_printf(j->arena, "%s is for %s", path, elf_machine_name(&j->workload));
	return j->workload_text ? 0 : error_oom(j->err);
}
