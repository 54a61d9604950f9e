/* SPDX-License-Identifier: Apache-2.0 */
/* What is known already of one container's files and programs, see program/memo-internal.h. */
#include "oci/hook.h"
#include "program/memo-internal.h"

/* The verdict on a program, and what it was asked with. */
struct known_verdict {
	struct known_verdict *next;
	uint32_t hash;
	struct program_query query;
	struct program_verdict verdict;
	bool has_steps;
	const char **steps;
	size_t n_steps;
};

struct known_room {
	struct known_room *next;
	struct room_query query;
	struct program_verdict verdict;
};

struct memo *memo_of(struct view *view)
{
	struct view_memory *memory = view_memory(view);
	struct memo *memo = memory->programs;

	if (memo)
		return memo;
	memo = arena_alloc(memory->arena, 1, sizeof(*memo));
	if (!memo)
		return NULL;
	memo->arena = memory->arena;
	memo->budget = memory->budget;
	memory->programs = memo;
	return memo;
}

uint32_t memo_hash(uint32_t seed, const char *text)
{
	uint32_t hash = seed;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	hash = hash * 31 + 1;
	return hash ^ hash >> 15;
}

/* ---- files ---- */

static bool same_id(const struct file_id *a, const struct file_id *b)
{
	return a->inode == b->inode && a->dev_major == b->dev_major && a->dev_minor == b->dev_minor;
}

struct known_file *memo_file(struct memo *memo, const struct found *found)
{
	struct known_file **bucket = &memo->files[found->file.inode % MEMO_BUCKETS], *k = *bucket;

	while (k && !same_id(&k->id, &found->file))
		k = k->next;
	if (k && found->file.inode)
		return k;
	k = arena_alloc(memo->arena, 1, sizeof(*k));
	if (!k)
		return NULL;
	k->id = found->file;
	if (!found->file.inode)
		return k;
	k->next = *bucket;
	*bucket = k;
	return k;
}

static struct known_file *known(struct judge *j, const struct file *f)
{
	struct memo *memo = memo_of(j->view);

	return memo ? memo_file(memo, &f->found) : NULL;
}

/* What could not be read may be read another time. */
static enum elf_status keep(struct known_file *k, enum elf_part part, enum elf_status status)
{
	k->has_part[part] = status != ELF_UNREADABLE && status != ELF_NO_MEMORY;
	k->status[part] = status;
	return status;
}

enum elf_status file_header(struct judge *j, struct file *f, struct elf *ret)
{
	struct known_file *k = known(j, f);

	if (!k)
		return ELF_NO_MEMORY;
	if (!k->has_part[PART_HEADER])
		keep(k, PART_HEADER, elf_read_header(&f->source, &k->elf));
	*ret = k->elf;
	return k->status[PART_HEADER];
}

enum elf_status file_segments(struct judge *j, struct file *f, struct elf *elf)
{
	struct known_file *k = known(j, f);
	struct memo *memo = memo_of(j->view);

	if (!k || !memo)
		return ELF_NO_MEMORY;
	if (!k->has_part[PART_HEADER])
		k->elf = *elf;
	if (!k->has_part[PART_SEGMENTS])
		keep(k, PART_SEGMENTS, elf_read_segments(&f->source, &k->elf, memo->arena));
	*elf = k->elf;
	return k->status[PART_SEGMENTS];
}

/* Read once, it still counts for every program that loads it. */
static bool pays(const struct known_file *k, enum elf_part part, size_t *budget)
{
	if (k->memory[part] > *budget)
		return false;
	*budget -= k->memory[part];
	return true;
}

enum elf_status file_dynamic(struct judge *j, struct file *f, const struct elf *elf, size_t *budget,
			     struct elf_dynamic *ret)
{
	struct known_file *k = known(j, f);
	struct memo *memo = memo_of(j->view);
	const size_t before = *budget;

	if (!k || !memo)
		return ELF_NO_MEMORY;
	if (k->has_part[PART_DYNAMIC] && !pays(k, PART_DYNAMIC, budget))
		return ELF_NO_BUDGET;
	if (!k->has_part[PART_DYNAMIC]) {
		keep(k, PART_DYNAMIC,
		     elf_read_dynamic(&f->source, elf, memo->arena, budget, &k->dynamic));
		k->memory[PART_DYNAMIC] = before - *budget;
	}
	if (k->status[PART_DYNAMIC] == ELF_OK)
		*ret = k->dynamic;
	return k->status[PART_DYNAMIC];
}

enum elf_status file_wanted(struct judge *j, struct file *f, const struct elf *elf,
			    const struct elf_dynamic *dynamic, size_t *budget,
			    struct elf_wanted **ret, size_t *n)
{
	struct known_file *k = known(j, f);
	struct memo *memo = memo_of(j->view);
	const size_t before = *budget;

	if (!k || !memo)
		return ELF_NO_MEMORY;
	if (k->has_part[PART_WANTED] && !pays(k, PART_WANTED, budget))
		return ELF_NO_BUDGET;
	if (!k->has_part[PART_WANTED]) {
		keep(k, PART_WANTED,
		     elf_read_wanted(&f->source, elf, dynamic, memo->arena, budget, &k->wanted,
				     &k->n_wanted));
		k->memory[PART_WANTED] = before - *budget;
	}
	*ret = k->wanted;
	*n = k->n_wanted;
	return k->status[PART_WANTED];
}

/* ---- verdicts ---- */

/* Our mark tells policies' hooks apart, and nothing else. */
static uint32_t hash_env(struct memo *memo, const char *const *env, size_t n)
{
	uint32_t hash = 2166136261u;

	if (memo->env == env && memo->n_env == n && n)
		return memo->env_hash;
	for (size_t i = 0; i < n && budget_steps(memo->budget, 1 + strlen(env[i]) / 64); i++)
		if (!hook_marked_policy(env[i]))
			hash = memo_hash(hash, env[i]);
	memo->env = env;
	memo->n_env = n;
	memo->env_hash = hash;
	return hash;
}

static size_t skip_marks(const struct program_query *q, size_t i)
{
	while (i < q->n_env && hook_marked_policy(q->env[i]))
		i++;
	return i;
}

static bool same_env(struct memo *memo, const struct program_query *a,
		     const struct program_query *b)
{
	size_t i, k;

	if (a->env == b->env && a->n_env == b->n_env)
		return true;
	budget_charge(memo->budget, BUDGET_STEPS, STEPS_COMPARE(a->n_env));
	for (i = skip_marks(a, 0), k = skip_marks(b, 0); i < a->n_env && k < b->n_env;
	     i = skip_marks(a, i + 1), k = skip_marks(b, k + 1))
		if (!streq(a->env[i], b->env[k]))
			return false;
	return i == a->n_env && k == b->n_env;
}

/* By where they are: hooks share an env, but not their arguments. */
static bool same_args(const struct program_query *a, const struct program_query *b)
{
	return a->n_args == b->n_args && a->args == b->args && a->reads_state == b->reads_state;
}

static bool same_query(struct memo *memo, const struct program_query *a,
		       const struct program_query *b)
{
	if (!same_args(a, b))
		return false;
	return runtime_same(a->runtime, b->runtime) && a->after_ldconfig == b->after_ldconfig &&
	       streq(a->path, b->path) && same_env(memo, a, b);
}

static uint32_t hash_query(struct memo *memo, const struct program_query *query)
{
	return memo_hash(hash_env(memo, query->env, query->n_env), query->path);
}

static int add_steps(const struct known_verdict *v, struct trail *trail)
{
	for (size_t i = 0; i < v->n_steps; i++)
		if (trail_add(trail, arena_strdup(trail->arena, v->steps[i])) < 0)
			return -ENOMEM;
	return 0;
}

int memo_know_program(struct memo *memo, const struct program_query *query, struct arena *arena,
		      struct trail *trail, struct program_verdict *ret)
{
	const uint32_t hash = hash_query(memo, query);
	const struct known_verdict *v = memo->verdicts[hash % MEMO_BUCKETS];
	size_t others = 0;

	while (v && (v->hash != hash || (trail && !v->has_steps) ||
		     !same_query(memo, query, &v->query))) {
		v = v->next;
		others++;
	}
	budget_charge(memo->budget, BUDGET_STEPS, others / 8);
	if (!v)
		return 0;
	*ret = v->verdict;
	if (trail && add_steps(v, trail) < 0)
		return -ENOMEM;
	return reason_copy_texts(&ret->why, arena) < 0 ? -ENOMEM : 1;
}

static int keep_steps(struct known_verdict *v, const struct trail *trail, size_t from,
		      struct arena *arena)
{
	v->has_steps = true;
	v->steps = arena_alloc(arena, trail->n - from, sizeof(*v->steps));
	if (!v->steps)
		return -ENOMEM;
	for (size_t i = from; i < trail->n; i++) {
		const char *step = arena_strdup(arena, trail->steps[i]);

		if (!step)
			return -ENOMEM;
		v->steps[v->n_steps++] = step;
	}
	return 0;
}

int memo_keep_program(struct memo *memo, const struct program_query *query,
		      const struct program_verdict *verdict, const struct trail *trail, size_t from)
{
	struct known_verdict *v = arena_alloc(memo->arena, 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	v->hash = hash_query(memo, query);
	v->query = *query;
	v->verdict = *verdict;
	v->query.path = arena_strdup(memo->arena, query->path);
	if (!v->query.path || reason_copy_texts(&v->verdict.why, memo->arena) < 0 ||
	    (trail && keep_steps(v, trail, from, memo->arena) < 0))
		return -ENOMEM;
	v->next = memo->verdicts[v->hash % MEMO_BUCKETS];
	memo->verdicts[v->hash % MEMO_BUCKETS] = v;
	return 0;
}

int memo_know_room(const struct memo *memo, const struct room_query *query, struct arena *arena,
		   struct program_verdict *ret)
{
	const struct known_room *k = memo->rooms;

	while (k &&
	       (!runtime_same(k->query.runtime, query->runtime) || k->query.hooks != query->hooks))
		k = k->next;
	if (!k)
		return 0;
	*ret = k->verdict;
	return reason_copy_texts(&ret->why, arena) < 0 ? -ENOMEM : 1;
}

int memo_keep_room(struct memo *memo, const struct room_query *query,
		   const struct program_verdict *verdict)
{
	struct known_room *k = arena_alloc(memo->arena, 1, sizeof(*k));

	if (!k)
		return -ENOMEM;
	*k = (struct known_room){ memo->rooms, *query, *verdict };
	if (reason_copy_texts(&k->verdict.why, memo->arena) < 0)
		return -ENOMEM;
	memo->rooms = k;
	return 0;
}
