/* SPDX-License-Identifier: Apache-2.0 */
/* Facts for the decision from an example instead of a container. */
#include "base/glob.h"
#include "base/words.h"
#include "plan/test.h"

static bool in(const struct paths *paths, const char *path)
{
	return words_have(paths->items, paths->n, path);
}

static int put_fact(const struct trial_facts *t, struct fact *ret, enum truth value,
		    const char *path, const char *what, struct hw_error *err)
{
	*ret = (struct fact){ value, arena_printf(t->arena, "%s %s", path, what) };
	return ret->text ? 0 : error_oom(err);
}

static bool is_there(const struct example_facts *f, const char *path)
{
	return in(&f->exists, path) || in(&f->writable, path) || in(&f->programs, path) ||
	       in(&f->broken, path);
}

static int ask_exists(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	const struct trial_facts *t = ctx;

	if (in(&t->facts->unknown, path))
		return put_fact(t, ret, UNKNOWN, path, "is unknown", err);
	if (is_there(t->facts, path))
		return put_fact(t, ret, YES, path, "exists", err);
	return put_fact(t, ret, NO, path, "does not exist", err);
}

/* The first of @paths that @pattern matches, or NULL. */
static const char *first_match(const struct paths *paths, const char *pattern)
{
	for (size_t i = 0; i < paths->n; i++)
		if (glob_match_path(pattern, paths->items[i]))
			return paths->items[i];
	return NULL;
}

static int ask_exists_any(void *ctx, const char *pattern, struct fact *ret, struct hw_error *err)
{
	const struct trial_facts *t = ctx;
	const struct example_facts *f = t->facts;
	const struct paths *const there[] = { &f->exists, &f->writable, &f->programs, &f->broken };
	const char *unknown = first_match(&f->unknown, pattern), *match = NULL;

	for (size_t i = 0; !match && i < ARRAY_SIZE(there); i++)
		match = first_match(there[i], pattern);
	if (match)
		return put_fact(t, ret, YES, match, "matches it", err);
	if (unknown)
		return put_fact(t, ret, UNKNOWN, unknown, "is unknown", err);
	*ret = (struct fact){ NO, "nothing matches it" };
	return 0;
}

static int ask_writable(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	const struct trial_facts *t = ctx;

	if (in(&t->facts->unknown, path))
		return put_fact(t, ret, UNKNOWN, path, "is unknown", err);
	if (in(&t->facts->writable, path))
		return put_fact(t, ret, YES, path, "can be written", err);
	return put_fact(t, ret, NO, path,
			is_there(t->facts, path) ? "cannot be written" : "does not exist", err);
}

static int put_word(const char *word, struct fact_word *ret)
{
	*ret = (struct fact_word){ word, word ? "the example says so"
					      : "the example does not mention it" };
	return 0;
}

static int ask_libc(void *ctx, struct fact_word *ret, struct hw_error *err)
{
	(void)err;
	return put_word(((const struct trial_facts *)ctx)->facts->libc, ret);
}

static int ask_arch(void *ctx, struct fact_word *ret, struct hw_error *err)
{
	(void)err;
	return put_word(((const struct trial_facts *)ctx)->facts->arch, ret);
}

static int ask_os(void *ctx, const char *field, struct fact_word *ret, struct hw_error *err)
{
	const struct example_facts *facts = ((const struct trial_facts *)ctx)->facts;
	const char *word = streq(field, "ID") ? facts->os_id : facts->os_version;

	(void)err;
	return put_word(word ? word : "", ret);
}

static int ask_program(void *ctx, const struct fact_program_query *query, struct fact_program *ret,
		       struct hw_error *err)
{
	const struct trial_facts *t = ctx;
	const struct example_facts *facts = t->facts;

	(void)err;
	*ret = (struct fact_program){ .usable = NO, .text = "it does not exist" };
	if (in(&facts->unknown, query->path))
		*ret = (struct fact_program){ .usable = UNKNOWN, .text = "it is unknown" };
	else if (in(&facts->programs, query->path))
		*ret = (struct fact_program){ .usable = YES, .text = "it is usable" };
	else if (is_there(facts, query->path))
		ret->text = "it cannot be executed";
	else
		ret->absent = true;
	return 0;
}

/* Only hooks.d files ask, and an example is about one policy. */
static int ask_host_program(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	return put_fact(ctx, ret, UNKNOWN, path, "is on the host", err);
}

static void expect_earlier_hooks(void *ctx)
{
	(void)ctx;
}

struct fact_source trial_source(struct trial_facts *facts)
{
	return (struct fact_source){
		.ctx = facts,
		.exists = ask_exists,
		.exists_any = ask_exists_any,
		.writable = ask_writable,
		.libc = ask_libc,
		.arch = ask_arch,
		.os = ask_os,
		.program = ask_program,
		.host_program = ask_host_program,
		.expect_earlier_hooks = expect_earlier_hooks,
	};
}
