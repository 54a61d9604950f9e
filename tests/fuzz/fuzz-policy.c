/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a policy: a failure has an error and no result; a success has what the decision
 * relies on.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "policy/policy.h"

static void require_path(const char *path)
{
	REQUIRE(path[0] == '/' && strlen(path) <= PATH_BYTES_MAX);
	REQUIRE(!path[strcspn(path, "\n\r\t")]);
}

static void check_candidate(const char *path)
{
	require_path(path);
	REQUIRE(path[1] && path[strlen(path) - 1] != '/');
}

static void require_variable(const char *name)
{
	REQUIRE(name[0] && !(name[0] >= '0' && name[0] <= '9') && !strchr(name, '='));
	REQUIRE(strcmp(name, "_HOOKWRIGHT_POLICY") != 0);
}

static void check_conjunction(const struct conjunction *c, const char *value, unsigned depth,
			      unsigned *n_terms);

static void check_pattern(const struct cond_pattern *p, const char *value)
{
	struct re2 *re = NULL;
	enum truth matches;

	REQUIRE(p->source[0] && strlen(p->source) <= RE2_SOURCE_MAX && p->line && p->column);
	REQUIRE(re2_new(p->source, RE2_WHOLE, NOWHERE, &re, NULL) == 0);
	REQUIRE(re2_match(re, value, NULL, &matches) == 0);
	REQUIRE((matches == UNKNOWN) == (strlen(value) > RE2_VALUE_MAX));
	re2_free(re);
}

static void check_items(const struct cond_term *t, const char *value, unsigned depth,
			unsigned *n_terms)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->subs)
			check_conjunction(&t->subs[i], value, depth + 1, n_terms);
		if (t->patterns)
			check_pattern(&t->patterns[i], value);
		if (t->words)
			REQUIRE(t->words[i][0]);
		if (t->key == COND_EXISTS || t->key == COND_EXISTS_ANY || t->key == COND_WRITABLE ||
		    t->key == COND_MOUNTS)
			require_path(t->words[i]);
		for (size_t j = 0; t->os && j < t->os[i].n_patterns; j++)
			check_pattern(&t->os[i].patterns[j], value);
		REQUIRE(!t->os || t->os[i].n_patterns > 0);
	}
}

static void check_conjunction(const struct conjunction *c, const char *value, unsigned depth,
			      unsigned *n_terms)
{
	REQUIRE(depth <= TERM_DEPTH_MAX && c->n_terms > 0 && c->n_terms <= COND_KEYS);
	for (size_t i = 0; i < c->n_terms; i++) {
		const struct cond_term *t = &c->terms[i];
		const int arrays = !!t->subs + !!t->patterns + !!t->words + !!t->numbers + !!t->os;

		REQUIRE(++*n_terms <= TERMS_MAX);
		REQUIRE(t->key < COND_KEYS && t->line > 0 && t->column > 0 && t->n > 0);
		REQUIRE(arrays == (t->key != COND_HOOK_EXISTS && t->key != COND_READONLY_ROOT));
		for (size_t j = 0; j < i; j++)
			REQUIRE(c->terms[j].key != t->key);
		check_items(t, value, depth, n_terms);
	}
}

static void check_hook(const struct hw_policy *p)
{
	bool named = p->n_args == 0;

	REQUIRE(p->n_candidates > 0);
	for (size_t i = 0; i < p->n_candidates; i++) {
		const char *path = p->candidates[i];

		check_candidate(path);
		for (size_t j = 0; j < i; j++)
			REQUIRE(strcmp(path, p->candidates[j]) != 0);
		if (p->n_args)
			named = named || strcmp(p->args[0], path) == 0 ||
				strcmp(p->args[0], strrchr(path, '/') + 1) == 0;
	}
	REQUIRE(named);
	for (size_t i = 0; i < p->n_env; i++) {
		require_variable(p->env[i].name);
		REQUIRE(p->env[i].value);
		for (size_t j = 0; j < p->n_inherit_env; j++)
			REQUIRE(strcmp(p->env[i].name, p->inherit_env[j]) != 0);
	}
	for (size_t i = 0; i < p->n_inherit_env; i++)
		require_variable(p->inherit_env[i]);
	REQUIRE(p->timeout >= 0 && p->timeout <= INT32_MAX);
}

static void check_policy(const struct hw_policy *p, const char *value)
{
	unsigned n_terms = 0;
	struct hw_error warning;

	REQUIRE(strcmp(p->name, "name") == 0 && strcmp(p->path, "path") == 0 && p->description);
	REQUIRE(p->order >= -1000000 && p->order <= 1000000 && !p->by_file);
	REQUIRE(p->otherwise <= OTHERWISE_IGNORE);
	REQUIRE(p->has_when == (p->when.n_terms > 0) && p->has_needs == (p->needs.n_terms > 0));
	if (p->has_when)
		check_conjunction(&p->when, value, 0, &n_terms);
	if (p->has_needs)
		check_conjunction(&p->needs, value, 0, &n_terms);
	check_hook(p);
	for (size_t i = 0; hw_policy_warning(p, i, &warning); i++)
		REQUIRE(warning.line && warning.message[0] && warning.hint[0]);
}

static void check_text(const char *text, size_t size)
{
	REQUIRE(strnlen(text, size) < size);
	for (; *text; text++)
		REQUIRE((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void check_error(const struct hw_error *err, int r)
{
	REQUIRE(r == -EINVAL && err->errnum == EINVAL && err->message[0]);
	REQUIRE(strcmp(err->path, "path") == 0);
	REQUIRE((err->line == 0) == (err->column == 0));
	check_text(err->message, sizeof(err->message));
	check_text(err->hint, sizeof(err->hint));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hw_policy *p = NULL, *again = NULL;
	struct hw_error err, second;
	/* Hostile values meet the expressions: let the file itself be one. */
	char *value = malloc(size + 1);
	int r;

	REQUIRE(value);
	if (size)
		memcpy(value, data, size);
	value[size] = '\0';
	memset(&err, 0xff, sizeof(err));
	memset(&second, 0, sizeof(second));
	r = policy_parse("path", "name", (const char *)data, size, &p, &err);
	if (r == 0) {
		check_policy(p, value);
	} else {
		REQUIRE(!p);
		check_error(&err, r);
		REQUIRE(policy_parse("path", "name", (const char *)data, size, &again, &second) ==
			r);
		REQUIRE(strcmp(err.message, second.message) == 0 && err.line == second.line &&
			err.column == second.column);
	}
	policy_free(p);
	free(value);
	return 0;
}
