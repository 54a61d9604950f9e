/* SPDX-License-Identifier: Apache-2.0 */
/* policy test: finds the examples of the named policies and reports those that fail. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/document.h"
#include "commands.h"

#define SUFFIX	 ".yaml"
#define EXAMPLES ".test.yaml"

struct tally {
	size_t examples, failed, policies, findings;
	bool unreadable, verbose, json;
	struct hw_json out;
	cJSON *array; /* of findings */
};

static bool ends_with(const char *s, const char *end)
{
	const size_t len = strlen(s), n = strlen(end);

	return len > n && strcmp(s + len - n, end) == 0;
}

static void tell(struct tally *t, const struct hw_error *err)
{
	char text[sizeof(*err) + 64];

	if (t->json) {
		policy_finding(&t->out, t->array, "error", err);
		return;
	}
	hw_error_format(err, text, sizeof(text));
	puts(text);
}

static void found_error(void *ctx, const struct hw_error *err)
{
	struct tally *t = ctx;

	t->findings++;
	t->unreadable = t->unreadable || (err->errnum != EINVAL && err->errnum != EFBIG);
	tell(t, err);
}

/* What masks is a file, but none with examples. */
static void no_policy(struct tally *t)
{
	struct hw_error err = { .errnum = ENOENT };

	snprintf(err.message, sizeof(err.message), "nothing was tested: no policy is loaded");
	snprintf(err.hint, sizeof(err.hint),
		 "name a policy file, or a directory of them; an empty file is not a policy");
	found_error(t, &err);
}

static void no_examples(struct tally *t, const struct hw_policy *policy)
{
	const char *path = hw_policy_path(policy);
	struct hw_error err = { .errnum = ENOENT };

	t->findings++;
	snprintf(err.path, sizeof(err.path), "%s", path);
	hw_defuse(err.path, false);
	snprintf(err.message, sizeof(err.message), "no examples found");
	snprintf(err.hint, sizeof(err.hint), "add some to %.*s%s",
		 (int)(strlen(path) - strlen(SUFFIX)), path, EXAMPLES);
	hw_defuse(err.hint, false);
	tell(t, &err);
}

static int test_policy(struct tally *t, const struct hw_policy *policy)
{
	struct hw_policy_test *test = NULL;
	const size_t before = t->failed;
	struct hw_error err;
	int r = hw_policy_test(policy, &test, &err);

	if (r == -ENOMEM)
		return r;
	if (r == -ENOENT)
		no_examples(t, policy);
	else if (r < 0)
		found_error(t, &err);
	if (r < 0)
		return 0;
	t->policies++;
	for (size_t i = 0; i < hw_policy_test_count(test); i++) {
		t->examples++;
		if (hw_policy_test_passed(test, i, &err))
			continue;
		t->failed++;
		tell(t, &err);
	}
	if (t->verbose && !t->json && t->failed == before)
		print_stdout("%s: %zu passed\n", hw_policy_path(policy),
			     hw_policy_test_count(test));
	hw_policy_test_free(test);
	return 0;
}

/* ---- what is named ---- */

static bool has_policy(const char *dir, const char *examples)
{
	char path[4096];
	struct stat st;
	const int n = snprintf(path, sizeof(path), "%s/%.*s" SUFFIX, dir,
			       (int)(strlen(examples) - strlen(EXAMPLES)), examples);

	return n > 0 && (size_t)n < sizeof(path) && stat(path, &st) == 0;
}

static void orphan(struct tally *t, const char *dir, const char *name)
{
	struct hw_error err = { .errnum = ENOENT };

	if (snprintf(err.path, sizeof(err.path), "%s/%s", dir, name) >= (int)sizeof(err.path))
		memcpy(err.path, "...", 3);
	hw_defuse(err.path, false);
	snprintf(err.message, sizeof(err.message), "examples without a policy");
	snprintf(err.hint, sizeof(err.hint),
		 "rename it to NAME" EXAMPLES ", where the policy is NAME" SUFFIX);
	tell(t, &err);
}

/* Examples whose policy was renamed would otherwise never run again, without a word. */
static void find_orphans(struct tally *t, const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *d;

	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.' || !ends_with(d->d_name, EXAMPLES) ||
		    has_policy(path, d->d_name))
			continue;
		t->findings++;
		orphan(t, path, d->d_name);
	}
	if (dir)
		closedir(dir);
}

/* NAME.test.yaml means its policy. @buf has room for @arg. */
static const char *policy_of(const char *arg, char *buf)
{
	if (!ends_with(arg, EXAMPLES))
		return arg;
	sprintf(buf, "%.*s" SUFFIX, (int)(strlen(arg) - strlen(EXAMPLES)), arg);
	return buf;
}

struct names {
	const char **items;
	char **owned;
	int n;
};

static void free_names(struct names *names)
{
	for (int i = 0; names->owned && i < names->n; i++)
		free(names->owned[i]);
	free(names->owned);
	free(names->items);
}

static bool make_names(const struct invocation *in, struct names *ret)
{
	ret->n = in->n_args;
	ret->items = calloc((size_t)in->n_args, sizeof(*ret->items));
	ret->owned = calloc((size_t)in->n_args, sizeof(*ret->owned));
	if (!ret->items || !ret->owned)
		return false;
	for (int i = 0; i < in->n_args; i++) {
		ret->owned[i] = malloc(strlen(in->args[i]) + 1);
		if (!ret->owned[i])
			return false;
		ret->items[i] = policy_of(in->args[i], ret->owned[i]);
	}
	return true;
}

/* ---- the command ---- */

static enum exit_status test_status(const struct tally *t)
{
	if (t->unreadable)
		return STATUS_TROUBLE;
	return t->failed || t->findings || !t->examples ? STATUS_FINDINGS : STATUS_OK;
}

static enum exit_status print_document(struct tally *t)
{
	cJSON *root = document_new(&t->out);
	enum exit_status status;

	hw_json_number(&t->out, root, "examples", (double)t->examples);
	hw_json_number(&t->out, root, "failed", (double)t->failed);
	hw_json_number(&t->out, root, "policies", (double)t->policies);
	hw_json_add(&t->out, root, "findings", t->array);
	status = document_print(&t->out, root);
	return status == STATUS_OK ? test_status(t) : status;
}

static enum exit_status print_total(struct tally *t, bool quiet)
{
	if (t->json)
		return print_document(t);
	if (t->failed)
		printf("%zu of %zu examples failed\n", t->failed, t->examples);
	else if (!quiet && t->examples)
		printf("%zu example%s of %zu polic%s passed\n", t->examples,
		       t->examples == 1 ? "" : "s", t->policies, t->policies == 1 ? "y" : "ies");
	return test_status(t);
}

static int test_all(struct invocation *in, struct tally *t)
{
	struct hw_policies *policies = NULL;
	struct hw_error err;
	int r;

	in->options.complain = found_error;
	in->options.complain_ctx = t;
	r = hw_policies_load(&in->options, &policies, &err);
	if (r < 0 && r != -ENOMEM && !t->findings)
		found_error(t, &err); /* a directory that cannot be read is not a broken file */
	for (size_t i = 0; r == 0 && i < hw_policies_count(policies); i++)
		r = test_policy(t, hw_policies_get(policies, i));
	if (r == 0 && hw_policies_count(policies) == 0)
		no_policy(t);
	hw_policies_free(policies);
	return r == -ENOMEM ? r : 0;
}

enum exit_status cmd_policy_test(struct invocation *in)
{
	struct names names = { 0 };
	struct tally tally = { .verbose = in->verbose, .json = in->json };
	bool enough;

	if (in->n_args == 0)
		return misuse(in->command, "name the policies to test, or their directory");
	if (tally.json)
		tally.array = hw_json_new(&tally.out, '[');
	enough = make_names(in, &names);
	in->options.policies = names.items;
	in->options.n_policies = (size_t)names.n;
	enough = enough && test_all(in, &tally) == 0;
	for (int i = 0; enough && i < in->n_args; i++)
		find_orphans(&tally, in->args[i]);
	free_names(&names);
	if (!enough) {
		hw_json_free(tally.array);
		fputs("hookwright: out of memory\n", stderr);
		return STATUS_TROUBLE;
	}
	return print_total(&tally, in->quiet);
}
