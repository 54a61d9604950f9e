/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions of policy test: reads a policy and its examples, and keeps the results. */
#include <fcntl.h>

#include "base/fs.h"
#include "plan/test.h"

#define FILE_SIZE_MAX ((size_t)1 << 20)
#define POLICY_SUFFIX ".yaml"

struct hw_policy_test {
	struct arena *arena;
	const char *path;
	struct examples examples;
	struct trial *trials;
};

DEFINE_CLEANUP(struct hw_policy_test *, hw_policy_test_free)

void hw_policy_test_free(struct hw_policy_test *test)
{
	if (test)
		arena_free(test->arena);
}

/* Not arena_printf(): that is for messages, and changes what terminals must not see. */
static const char *path_beside(struct arena *arena, const char *policy)
{
	const size_t base = strlen(policy) - strlen(POLICY_SUFFIX);
	char *path = arena_alloc(arena, base + sizeof(EXAMPLES_SUFFIX), 1);

	if (!path)
		return NULL;
	memcpy(path, policy, base);
	memcpy(path + base, EXAMPLES_SUFFIX, sizeof(EXAMPLES_SUFFIX));
	return path;
}

static int read_examples(struct hw_policy_test *test, struct hw_error *err)
{
	auto_free char *text = NULL;
	size_t len;
	int r = fs_read_file(AT_FDCWD, test->path, 0, test->path, FILE_SIZE_MAX, &text, &len, NULL,
			     err);

	if (r < 0)
		return r;
	r = examples_parse(test->arena, test->path, text, len, &test->examples, err);
	return r < 0 ? fs_hide_linked(AT_FDCWD, test->path, test->path, r, err) : r;
}

static struct hw_policy_test *test_new(const struct hw_policy *policy)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_policy_test *test = arena ? arena_alloc(arena, 1, sizeof(*test)) : NULL;

	if (!test)
		return NULL;
	test->path = path_beside(arena, policy->path);
	if (!test->path)
		return NULL;
	test->arena = TAKE(arena);
	return test;
}

int hw_policy_test(const struct hw_policy *policy, struct hw_policy_test **ret,
		   struct hw_error *err)
{
	CLEANUP(hw_policy_test_freep) struct hw_policy_test *test = test_new(policy);
	int r = test ? read_examples(test, err) : error_oom(err);

	if (r < 0)
		return r;
	test->trials = arena_alloc(test->arena, test->examples.n, sizeof(*test->trials));
	if (!test->trials)
		return error_oom(err);
	for (size_t i = 0; r == 0 && i < test->examples.n; i++)
		r = trial_run(policy, &test->examples.items[i], test->arena, &test->trials[i], err);
	if (r == 0)
		*ret = TAKE(test);
	return r;
}

size_t hw_policy_test_count(const struct hw_policy_test *test)
{
	return test->examples.n;
}

const char *hw_policy_test_name(const struct hw_policy_test *test, size_t index)
{
	return test->examples.items[index].name;
}

bool hw_policy_test_passed(const struct hw_policy_test *test, size_t index, struct hw_error *ret)
{
	const struct trial *t = &test->trials[index];

	if (!t->passed)
		error_set(ret, 0, (struct where){ test->path, t->line, t->column }, t->hint, "%s",
			  t->message);
	return t->passed;
}
