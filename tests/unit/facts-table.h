/* SPDX-License-Identifier: Apache-2.0 */
/* Facts from a literal table, for tests of the decision. */
#pragma once

/* A source of facts that is a literal table: no file system is needed to test the decision. */
#include "policy/facts.h"

struct fact_row {
	const char *question; /* "exists /bin/sh", "writable /etc", "program /sbin/ldconfig" */
	enum truth value;
	const char *text;
};

struct fact_table {
	const struct fact_row *rows;
	size_t n;
	const char *libc, *arch, *os_id, *os_version; /* NULL: unknown */
	unsigned asked;				      /* how many questions so far */
	bool earlier_hooks;			      /* are expected */
	bool after_ldconfig;			      /* of the last program asked about */
	const char *last_env[8];		      /* its environment */
	size_t n_last_env;
};

static const struct fact_row *table_row(const struct fact_table *t, const char *verb,
					const char *path)
{
	const size_t len = strlen(verb);

	for (size_t i = 0; i < t->n; i++)
		if (strncmp(t->rows[i].question, verb, len) == 0 &&
		    t->rows[i].question[len] == ' ' && streq(t->rows[i].question + len + 1, path))
			return &t->rows[i];
	return NULL;
}

static int table_fact(void *ctx, const char *verb, const char *path, struct fact *ret)
{
	struct fact_table *t = ctx;
	const struct fact_row *row = table_row(t, verb, path);

	t->asked++;
	*ret = row ? (struct fact){ row->value, row->text }
		   : (struct fact){ NO, "it is not there" };
	return 0;
}

static int table_exists(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	(void)err;
	return table_fact(ctx, "exists", path, ret);
}

static int table_exists_any(void *ctx, const char *pattern, struct fact *ret, struct hw_error *err)
{
	(void)err;
	return table_fact(ctx, "matches", pattern, ret);
}

static int table_writable(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	(void)err;
	return table_fact(ctx, "writable", path, ret);
}

static int table_word(struct fact_table *t, const char *word, struct fact_word *ret)
{
	t->asked++;
	*ret = (struct fact_word){ word, word ? "the table says so" : "nobody knows" };
	return 0;
}

static int table_libc(void *ctx, struct fact_word *ret, struct hw_error *err)
{
	(void)err;
	return table_word(ctx, ((struct fact_table *)ctx)->libc, ret);
}

static int table_arch(void *ctx, struct fact_word *ret, struct hw_error *err)
{
	(void)err;
	return table_word(ctx, ((struct fact_table *)ctx)->arch, ret);
}

static int table_os(void *ctx, const char *field, struct fact_word *ret, struct hw_error *err)
{
	struct fact_table *t = ctx;

	(void)err;
	return table_word(t, streq(field, "ID") ? t->os_id : t->os_version, ret);
}

static int table_program(void *ctx, const struct fact_program_query *query,
			 struct fact_program *ret, struct hw_error *err)
{
	struct fact_table *t = ctx;
	const struct fact_row *row = table_row(t, "program", query->path);

	(void)err;
	t->asked++;
	t->after_ldconfig = query->after_ldconfig;
	t->n_last_env = query->n_env < 8 ? query->n_env : 8;
	for (size_t i = 0; i < t->n_last_env; i++)
		t->last_env[i] = query->env[i];
	*ret = (struct fact_program){
		.usable = row ? row->value : NO,
		.text = row ? row->text : "it is not there",
		.absent = !row,
	};
	return 0;
}

static int table_host_program(void *ctx, const char *path, struct fact *ret, struct hw_error *err)
{
	(void)err;
	return table_fact(ctx, "host", path, ret);
}

static void table_expect_earlier_hooks(void *ctx)
{
	((struct fact_table *)ctx)->earlier_hooks = true;
}

static struct fact_source table_source(struct fact_table *t)
{
	return (struct fact_source){ t,
				     table_exists,
				     table_exists_any,
				     table_writable,
				     table_libc,
				     table_arch,
				     table_os,
				     table_program,
				     table_host_program,
				     table_expect_earlier_hooks };
}
