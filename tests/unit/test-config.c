/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of loading a configuration from a tree of files. */
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config/config.h"
#include "test.h"
#include "tools.h"

/* ---- a tree of files in place of the system's ---- */

static char top[64];
static struct config_world world;
static struct hw_error err;

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static void remove_tree(void)
{
	if (top[0])
		nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	top[0] = '\0';
}

static void fresh_tree(void)
{
	static char home[80];
	const char *tmp = getenv("TMPDIR");

	remove_tree();
	snprintf(top, sizeof(top), "%.40s/hw-config.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(top) || chmod(top, 0755) < 0)
		FAIL("cannot make %s: %m", top);
	snprintf(home, sizeof(home), "%s/home", top);
	world = (struct config_world){ .trust = { .self = geteuid(), .overflow = 65534 },
				       .home = home,
				       .prefix = top,
				       .path = "/nowhere" };
}

static const char *at(const char *path)
{
	static char all[32][sizeof(top) + 256];
	static unsigned next;
	char *one = all[next++ % 32];

	snprintf(one, sizeof(all[0]), "%s/%s", top, path);
	return one;
}

static void make_parents(const char *path)
{
	char dir[256];

	for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		snprintf(dir, sizeof(dir), "%.*s", (int)(p - path), path);
		if (mkdir(at(dir), 0755) < 0 && errno != EEXIST)
			FAIL("mkdir %s: %m", dir);
	}
}

static void put(const char *path, const char *text)
{
	FILE *f;

	make_parents(path);
	f = fopen(at(path), "we");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0 || chmod(at(path), 0644) < 0)
		FAIL("cannot write %s: %m", path);
}

#define POLICY(more) "version: 1\nhook: { path: /sbin/x }\n" more

static void put_policy(const char *path)
{
	put(path, POLICY(""));
}

static void put_link(const char *path, const char *target)
{
	make_parents(path);
	if (symlink(target, at(path)) < 0)
		FAIL("symlink %s: %m", path);
}

#define USR   "usr/share/hookwright/policies.d/"
#define LOCAL "usr/local/share/hookwright/policies.d/"
#define RUN_D "run/hookwright/policies.d/"
#define ETC   "etc/hookwright/policies.d/"
#define HOME  "home/hookwright/policies.d/"

/* ---- loading ---- */

static char said[4096];

static void complain(void *ctx, const struct hw_error *e)
{
	char text[1200];

	CHECK(ctx == &said);
	hw_error_format(e, text, sizeof(text));
	strcat(said, text);
	strcat(said, "\n");
}

/* @text with every "TOP" being the tree. */
static const char *expand(const char *text)
{
	static char out[4096];
	char *p = out;

	while (*text && p < out + sizeof(out) - 100) {
		if (strncmp(text, "TOP", 3) == 0) {
			p += sprintf(p, "%s", top);
			text += 3;
		} else {
			*p++ = *text++;
		}
	}
	*p = '\0';
	return out;
}

static int load_with(const struct hw_options *options, struct hw_policies **ret)
{
	struct hw_options all = *options;

	said[0] = '\0';
	all.complain = complain;
	all.complain_ctx = &said;
	memset(&err, 0xff, sizeof(err));
	return config_load(&world, &all, ret, &err);
}

/* The names in order, each with a blank behind it. */
static const char *names_of(const struct hw_policies *set)
{
	static char names[1024];

	names[0] = '\0';
	for (size_t i = 0; i < hw_policies_count(set); i++) {
		strcat(names, hw_policy_name(hw_policies_get(set, i)));
		strcat(names, " ");
	}
	return names;
}

static void check_names(const struct hw_options *options, const char *want)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = NULL;

	if (load_with(options, &set) < 0)
		FAIL("%s: %s%s", err.path, err.message, said);
	CHECK_STR(names_of(set), want);
	CHECK_STR(said, "");
}

static void check_path_of(const struct hw_options *options, const char *name, const char *path)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = NULL;

	CHECK_INT(load_with(options, &set), 0);
	CHECK(hw_policies_find(set, name));
	CHECK_STR(hw_policy_path(hw_policies_find(set, name)), at(path));
}

/* All that is said of a set that does not load; the first of it is the error, too. */
static void check_said(const struct hw_options *options, int result, const char *text)
{
	struct hw_policies *set = NULL;
	char first[1200];

	CHECK_INT(load_with(options, &set), result);
	CHECK(!set);
	CHECK_STR(said, expand(text));
	hw_error_format(&err, first, sizeof(first));
	CHECK(strncmp(said, first, strlen(first)) == 0);
}

static const struct hw_options none;

/* An error of the configuration itself is reported once, by the call. */
static void check_error(const struct hw_options *options, int result, const char *text)
{
	struct hw_policies *set = NULL;
	char got[1200];

	CHECK_INT(load_with(options, &set), result);
	CHECK_STR(said, "");
	hw_error_format(&err, got, sizeof(got));
	CHECK_STR(got, expand(text));
}

/* ---- the search path ---- */

static void nothing_is_there(void)
{
	fresh_tree();
	check_names(&none, "");
	world.rootless = true;
	check_names(&none, "");
	world.home = "/dev/null"; /* what daemons have for a home */
	check_names(&none, "");
	world.home = NULL;
	check_names(&none, "");
}

static void every_directory_is_searched(void)
{
	fresh_tree();
	put_policy(USR "usr.yaml");
	put_policy(LOCAL "local.yaml");
	put_policy(RUN_D "run.yaml");
	put_policy(ETC "etc.yaml");
	put_policy(HOME "home.yaml");
	check_names(&none, "etc local run usr ");
	world.rootless = true;
	check_names(&none, "etc home local run usr ");
}

static void what_is_found_earlier_masks(void)
{
	static const char *const rising[] = { USR, LOCAL, RUN_D, ETC, HOME };

	fresh_tree();
	world.rootless = true;
	for (size_t i = 0; i < ARRAY_SIZE(rising); i++) {
		char path[128];

		snprintf(path, sizeof(path), "%sp.yaml", rising[i]);
		put_policy(path);
		check_names(&none, "p ");
		check_path_of(&none, "p", path);
	}
	world.rootless = false;
	check_path_of(&none, "p", ETC "p.yaml");
}

static void a_mask_is_empty_or_the_null_device(void)
{
	fresh_tree();
	put_policy(USR "a.yaml");
	put_policy(USR "b.yaml");
	put_policy(USR "c.yaml");
	put_policy(USR "d.yaml");
	put(ETC "a.yaml", "");
	put_link(ETC "b.yaml", "/dev/null");
	put_link(ETC "c.yaml", "../../../../../../../../../../dev/null");
	check_names(&none, "d ");
	/* A mask masks below itself only. */
	put_policy(ETC "x.yaml");
	put(USR "x.yaml", "");
	check_names(&none, "d x ");
}

static void what_is_masked_is_not_read(void)
{
	fresh_tree();
	put(USR "p.yaml", "broken: [");
	put_policy(ETC "p.yaml");
	check_names(&none, "p ");
	put(ETC "p.yaml", "");
	check_names(&none, "");
}

static void order_then_name(void)
{
	fresh_tree();
	put(USR "a.yaml", POLICY("order: 51\n"));
	put(USR "b.yaml", POLICY(""));
	put(ETC "c.yaml", POLICY(""));
	put(USR "d.yaml", POLICY("order: -5\n"));
	put(USR "ba.yaml", POLICY(""));
	put(USR "b-a.yaml", POLICY(""));
	put(USR "b0.yaml", POLICY("order: 50\n"));
	check_names(&none, "d b b-a b0 ba c a ");
}

static void other_files_are_ignored(void)
{
	fresh_tree();
	put_policy(ETC "p.yaml");
	put(ETC "README", "x");
	put(ETC "p.yaml~", "x");
	put(ETC "p.yaml.rpmsave", "x");
	put(ETC ".p.yaml.swp", "x");
	put(ETC ".hidden.yaml", "x");
	put(ETC ".hidden.yml", "x");
	put(ETC "hook.json", "x");
	put(ETC "sub/q.yaml", "x");
	check_names(&none, "p ");
}

static const struct {
	const char *file, *said;
} bad_names[] = {
	{ "p.yml", "the name of a policy file must end in .yaml\n  hint: rename it to p.yaml" },
	{ "p.YAML", "the name of a policy file must end in .yaml\n  hint: rename it to p.yaml" },
	{ "p.Yml", "the name of a policy file must end in .yaml\n  hint: rename it to p.yaml" },
#define RULE                                                                                       \
	"\n  hint: names consist of lower-case letters, digits and '-', begin with a letter or a " \
	"digit, "                                                                                  \
	"and have at most 64 characters"
	{ "Policy.yaml", "'Policy' is not a valid name of a policy" RULE },
	{ "my_policy.yaml", "'my_policy' is not a valid name of a policy" RULE },
	{ "-p.yaml", "'-p' is not a valid name of a policy" RULE },
	{ "a b.yaml", "'a b' is not a valid name of a policy" RULE },
	{ "p.q.yaml", "'p.q' is not a valid name of a policy" RULE },
	{ "p\xc3\xa9.yaml", "'p\xc3\xa9' is not a valid name of a policy" RULE },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.yaml",
	  "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is not a valid name "
	  "of a policy" RULE },
};

static void bad_names_are_told(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad_names); i++) {
		char path[256], text[1024];

		fresh_tree();
		snprintf(path, sizeof(path), USR "%s", bad_names[i].file);
		put_policy(path);
		/* Nothing masks what has no name. */
		snprintf(path, sizeof(path), ETC "%s", bad_names[i].file);
		put(path, "");
		snprintf(text, sizeof(text), "TOP/" ETC "%s: %s\nTOP/" USR "%s: %s\n",
			 bad_names[i].file, bad_names[i].said, bad_names[i].file,
			 bad_names[i].said);
		check_said(&none, -EINVAL, text);
	}
}

static void the_longest_name(void)
{
	fresh_tree();
	put_policy(ETC "0000000000000000000000000000000000000000000000000000000000000000.yaml");
	check_names(&none, "0000000000000000000000000000000000000000000000000000000000000000 ");
}

static void no_broken_file_hides_another(void)
{
	fresh_tree();
	put(USR "a.yaml", "version: 2\n");
	put_policy(USR "b.yaml");
	put(ETC "c.yaml", "x\n");
	put(ETC "d.yml", "x\n");
	put(USR "e.yaml", "# nothing\n");
	check_said(&none, -EINVAL,
		   "TOP/" USR
		   "a.yaml:1:10: unknown policy version 2; this program supports version "
		   "1\n"
		   "  hint: write 'version: 1'\n"
		   "TOP/" ETC "c.yaml:1:1: the file must be a mapping of 'key: value', not text\n"
		   "  hint: begin it with 'version: 1'; a file that masks others must be empty\n"
		   "TOP/" ETC "d.yml: the name of a policy file must end in .yaml\n"
		   "  hint: rename it to d.yaml\n"
		   "TOP/" USR "e.yaml: the file does not contain a policy\n"
		   "  hint: begin it with 'version: 1'; a file that masks others must be empty\n");
}

static void nobody_needs_to_listen(void)
{
	struct hw_policies *set = NULL;

	fresh_tree();
	put(USR "a.yaml", "version: 2\n");
	CHECK_INT(config_load(&world, &none, &set, &err), -EINVAL);
	CHECK_STR(err.path, at(USR "a.yaml"));
	CHECK_INT(config_load(&world, &none, &set, NULL), -EINVAL);
	CHECK(!set);
}

static void only_regular_files_are_read(void)
{
	fresh_tree();
	put_policy(ETC "p.yaml");
	CHECK_INT(mkfifo(at(ETC "fifo.yaml"), 0644), 0);
	CHECK_INT(mkdir(at(ETC "dir.yaml"), 0755), 0);
	put_link(ETC "link.yaml", "dir.yaml");
	put_link(ETC "loop.yaml", "loop.yaml");
	put_link(ETC "lost.yaml", "nowhere.yaml");
	put_link(ETC "zero.yaml", "/dev/zero");
	check_said(&none, -EINVAL,
		   "TOP/" ETC "dir.yaml: not a regular file but a directory\n"
		   "TOP/" ETC "fifo.yaml: not a regular file but a FIFO\n"
		   "TOP/" ETC "link.yaml: not a regular file but a directory\n"
		   "TOP/" ETC "loop.yaml: cannot open: " TEST_ELOOP "\n"
		   "TOP/" ETC "nowhere.yaml: cannot open: No such file or directory\n"
		   "TOP/" ETC "zero.yaml: not a regular file but a character device\n");
}

static void links_lead_to_policies(void)
{
	fresh_tree();
	put_policy("opt/store/other-name");
	put_link(ETC "a.yaml", "../../../opt/store/other-name");
	put_link("opt/link", "store");
	put_link(ETC "b.yaml", at("opt/./link//../store/other-name"));
	put_link(USR "c.yaml", at("opt/c"));
	put_link("opt/c", "link/other-name");
	check_names(&none, "a b c ");
	check_path_of(&none, "a", ETC "a.yaml");
}

static void a_whole_directory_may_be_a_link(void)
{
	fresh_tree();
	put_policy("opt/store/p.yaml");
	put_link("etc/hookwright/policies.d", "../../opt/store/");
	check_names(&none, "p ");
	put_link("run/hookwright/policies.d", at("opt/nowhere"));
	check_names(&none, "p ");
}

static void what_should_be_a_directory_is_a_file(void)
{
	fresh_tree();
	put("etc/hookwright/policies.d", "x");
	check_said(&none, -EINVAL, "TOP/etc/hookwright/policies.d: not a directory\n");
}

static void a_policy_has_a_largest_size(void)
{
	char *text = malloc((1 << 20) + 2);

	CHECK(text);
	fresh_tree();
	memset(text, '#', 1 << 20);
	memcpy(text, POLICY("#"), strlen(POLICY("#")));
	text[1 << 20] = '\0';
	put(ETC "p.yaml", text);
	check_names(&none, "p ");
	strcat(text, "#");
	put(ETC "p.yaml", text);
	free(text);
	check_said(&none, -EFBIG, "TOP/" ETC "p.yaml: larger than 1048576 bytes\n");
}

static void a_directory_has_a_largest_number(void)
{
	char path[64];

	fresh_tree();
	put(ETC "p0.yaml", "");
	for (int i = 1; i <= 10000; i++) {
		snprintf(path, sizeof(path), ETC "p%d.yaml", i);
		CHECK_INT(link(at(ETC "p0.yaml"), at(path)), 0);
		if (i == 9999)
			check_names(&none, "");
	}
	check_said(&none, -EINVAL, "TOP/etc/hookwright/policies.d: more than 10000 policy files\n");
}

/* A repository has one file once, however many names it has. */
static void a_directory_has_a_largest_size(void)
{
	char *text = malloc((1 << 20) + 1);
	char path[64];

	CHECK(text);
	fresh_tree();
	memset(text, '#', 1 << 20);
	memcpy(text, POLICY("#"), strlen(POLICY("#")));
	text[1 << 20] = '\0';
	put(ETC "a.yaml", text);
	free(text);
	for (char c = 'b'; c <= 'p'; c++) {
		snprintf(path, sizeof(path), ETC "%c.yaml", c);
		CHECK_INT(link(at(ETC "a.yaml"), at(path)), 0);
	}
	check_names(&none, "a b c d e f g h i j k l m n o p ");
	put_policy(ETC "q.yaml");
	put(ETC "r.yaml", "not read any more");
	check_said(&none, -EFBIG,
		   "TOP/" ETC
		   "q.yaml: with the policy files before it, larger than 16777216 bytes\n");
}

/* ---- what the caller names ---- */

static void named_files_and_directories_replace_all(void)
{
	fresh_tree();
	put_policy(ETC "etc.yaml");
	put("etc/hookwright/config.yaml", "version: 1\npolicies: /nowhere\n");
	put_policy("d/a.yaml");
	put_policy("d/b.yaml");
	put_policy("f.yaml");

	const char *const both[] = { at("d"), at("f.yaml") };
	const struct hw_options options = { .policies = both, .n_policies = 2 };
	CLEANUP(hw_policies_freep) struct hw_policies *set = NULL;

	CHECK_INT(load_with(&options, &set), 0);
	CHECK_STR(names_of(set), "a b f ");
	/* To name a policy's own file is to request it. */
	CHECK(!hw_policies_find(set, "a")->by_file);
	CHECK(hw_policies_find(set, "f")->by_file);
}

static void what_is_named_later_masks(void)
{
	fresh_tree();
	put_policy("one/p.yaml");
	put_policy("two/p.yaml");
	put_policy("two/q.yaml");
	put("three/q.yaml", "");

	const char *const order[] = { at("two"), at("one") };
	const char *const again[] = { order[1], order[0] };
	const char *const masked[] = { order[0], at("three") };

	check_path_of(&(struct hw_options){ .policies = order, .n_policies = 2 }, "p",
		      "one/p.yaml");
	check_path_of(&(struct hw_options){ .policies = again, .n_policies = 2 }, "p",
		      "two/p.yaml");
	check_names(&(struct hw_options){ .policies = masked, .n_policies = 2 }, "p ");
}

static void what_is_named_must_exist(void)
{
	fresh_tree();
	put_policy("good.yaml");
	put_policy("bad.yml");
	put("broken.yaml", "x\n");

	const char *const named[] = { at("nowhere"), at("good.yaml"), at("bad.yml"),
				      at("broken.yaml") };

	check_said(&(struct hw_options){ .policies = named, .n_policies = 4 }, -ENOENT,
		   "TOP/nowhere: cannot open: No such file or directory\n"
		   "  hint: name a policy file, or a directory of them\n"
		   "TOP/bad.yml: the name of a policy file must end in .yaml\n"
		   "  hint: rename it to bad.yaml\n"
		   "TOP/broken.yaml:1:1: the file must be a mapping of 'key: value', not text\n"
		   "  hint: begin it with 'version: 1'; a file that masks others must be empty\n");
}

static void what_is_named_is_the_callers_business(void)
{
	fresh_tree();
	put_policy("d/p.yaml");
	put_link("d/q.yaml", "p.yaml");
	put_link("d/r.yaml", "/dev/null");
	CHECK_INT(chmod(at("d/p.yaml"), 0666), 0);
	CHECK_INT(chmod(at("d"), 0777), 0);

	const char *const dir[] = { at("d/") };

	check_names(&(struct hw_options){ .policies = dir, .n_policies = 1 }, "p q ");
	check_path_of(&(struct hw_options){ .policies = dir, .n_policies = 1 }, "p", "d/p.yaml");
}

/* ---- the configuration file ---- */

static void the_first_configuration_counts_alone(void)
{
	fresh_tree();
	put_policy("one/a.yaml");
	put_policy("two/b.yaml");
	put_policy(USR "usr.yaml");
	put("etc/hookwright/config.yaml", expand("version: 1\npolicies: TOP/one\n"));
	put("home/hookwright/config.yaml", expand("version: 1\npolicies: [TOP/two]\n"));
	put("named", expand("version: 1\npolicies: [TOP/two, TOP/one]\n"));
	check_names(&none, "a ");
	world.rootless = true;
	check_names(&none, "b ");
	check_names(&(struct hw_options){ .config = at("named") }, "a b ");
	put("home/hookwright/config.yaml", "version: 1\n");
	check_names(&none, "usr ");
}

static void listed_places_are_in_falling_precedence(void)
{
	fresh_tree();
	put_policy("one/p.yaml");
	put_policy("two/p.yaml");
	put_policy("two/q.yaml");
	put("etc/hookwright/config.yaml",
	    expand("version: 1\npolicies: [TOP/one, TOP/two/q.yaml, TOP/two]\n"));
	check_names(&none, "p q ");
	check_path_of(&none, "p", "one/p.yaml");

	CLEANUP(hw_policies_freep) struct hw_policies *set = NULL;

	CHECK_INT(load_with(&none, &set), 0);
	CHECK(!hw_policies_find(set, "q")->by_file);
}

static void listed_places_must_exist(void)
{
	fresh_tree();
	put("etc/hookwright/config.yaml", expand("version: 1\npolicies: TOP/nowhere\n"));
	check_said(&none, -ENOENT, "TOP/nowhere: cannot open: No such file or directory\n");
}

static const struct {
	const char *text, *said;
} bad_settings[] = {
	{ "", "TOP/c: the file does not contain a configuration\n"
	      "  hint: begin it with 'version: 1', or remove it" },
	{ "runtime: runc\n", "TOP/c:1:1: missing key 'version'\n"
			     "  hint: begin the file with 'version: 1'" },
	{ "version: 3\n", "TOP/c:1:10: unknown configuration version 3; this program supports "
			  "version 1\n"
			  "  hint: write 'version: 1'" },
	{ "version: 1\npolicy: /x\n",
	  "TOP/c:2:1: unknown key 'policy'\n"
	  "  hint: known are version, runtime, runtimes, dialect, "
	  "policies, hooksDirs, annotations, "
	  "restore, allowedAnnotations, harmlessHooks, sandboxes, onError, log" },
	{ "version: 1\nallowedAnnotations: [run.oci.hooks.stderr, org.criu.config]\n",
	  "TOP/c:2:44: annotation 'org.criu.config' is not refused\n  hint: hookwright-security(7) "
	  "lists the refused ones; a name that ends with '.' matches all names that begin with it" },
	{ "version: 1\npolicie: /x\n", "TOP/c:2:1: unknown key 'policie'\n"
				       "  hint: did you mean 'policies'?" },
	{ "version: 1\nruntimes: [runc]\n",
	  "TOP/c:2:11: 'runtimes' must be a mapping, not a list\n  hint: write 'key: value'" },
	{ "version: 1\nruntimes: {a: bin/runc}\n",
	  "TOP/c:2:15: 'bin/runc' is not an absolute path\n  hint: begin it with '/'" },
	{ "version: 1\nruntimes: {a: runc, a: crun}\n",
	  "TOP/c:2:21: duplicate key 'a'\n  hint: remove one of the two" },
	{ "version: 1\ndialect: runk\n",
	  "TOP/c:2:10: 'dialect' cannot be 'runk'\n  hint: did you mean 'runc'?" },
	{ "version: 1\nsandboxes: yes\n",
	  "TOP/c:2:12: 'sandboxes' cannot be 'yes'\n  hint: known are skip, apply" },
	{ "version: 1\nannotations: [policies, hooks]\n",
	  "TOP/c:2:25: an item of 'annotations' cannot be 'hooks'\n  hint: known are policies, "
	  "runtime" },
	{ "version: 1\nrestore: check\n",
	  "TOP/c:2:10: 'restore' cannot be 'check'\n  hint: known are pass, fail" },
	{ "version: 1\nonError: ignore\n",
	  "TOP/c:2:10: 'onError' cannot be 'ignore'\n  hint: known are fail, warn" },
	{ "version: 1\nlog: info\n",
	  "TOP/c:2:6: 'log' must be a mapping, not text\n  hint: write 'key: value'" },
	{ "version: 1\nlog: {level: warn}\n",
	  "TOP/c:2:14: 'level' cannot be 'warn'\n  hint: did you mean 'warning'?" },
	{ "version: 1\nlog: {file: log}\n",
	  "TOP/c:2:13: 'log' is not an absolute path\n  hint: begin it with '/'" },
	{ "version: 1\nlog: {journal: 'true'}\n",
	  "TOP/c:2:16: 'journal' must be true or false, not text\n  hint: write it without "
	  "quotation marks" },
	{ "version: 1\nruntime: 5\n", "TOP/c:2:10: 'runtime' must be text, not a number\n"
				      "  hint: write a name or an absolute path" },
	{ "version: 1\nruntime: bin/runc\n", "TOP/c:2:10: 'bin/runc' is not an absolute path\n"
					     "  hint: begin it with '/'" },
	{ "version: 1\nruntime: 'runc --debug'\n",
	  "TOP/c:2:10: 'runc --debug' is not a valid name of a runtime\n"
	  "  hint: write one name or path, or a list of them" },
	{ "version: 1\nruntime: [runc, runc]\n", "TOP/c:2:17: the list contains 'runc' twice\n"
						 "  hint: remove one of the two" },
	{ "version: 1\nruntime: []\n", "TOP/c:2:10: 'runtime' is an empty list\n"
				       "  hint: write at least one, or remove the key" },
	{ "version: 1\npolicies: policies.d\n",
	  "TOP/c:2:11: 'policies.d' is not an absolute path\n  hint: begin it with '/'" },
	{ "version: 1\npolicies: { a: b }\n", "TOP/c:2:11: 'policies' must be text, not a mapping\n"
					      "  hint: write an absolute path" },
	{ "version: 1\npolicies: &p /x\n",
	  "TOP/c:2:11: anchors are not supported: '&p'\n"
	  "  hint: remove it, and write the value itself where it is needed" },
	{ "version: 1\nruntime: [no-such, /no/such]\n",
	  "TOP/c: 'runtime' does not name a program that exists: no-such, /no/such\n"
	  "  hint: install one of them, or correct 'runtime'" },
	{ "version: 1\nruntime: no-such\n",
	  "TOP/c: 'runtime' does not name a program that exists: no-such\n"
	  "  hint: install one of them, or correct 'runtime'" },
	{ "version: 1\nruntime: rucn\n", "TOP/c: 'runtime' does not name a program that exists: "
					 "rucn\n"
					 "  hint: did you mean 'runc'?" },
};

static void bad_configurations_are_told(void)
{
	fresh_tree();
	put_policy(ETC "p.yaml");
	for (size_t i = 0; i < ARRAY_SIZE(bad_settings); i++) {
		put("c", bad_settings[i].text);
		check_error(&(struct hw_options){ .config = at("c") },
			    strstr(bad_settings[i].said, "does not name a program") ? -ENOENT
										    : -EINVAL,
			    bad_settings[i].said);
	}
	check_error(&(struct hw_options){ .config = at("nowhere") }, -ENOENT,
		    "TOP/nowhere: cannot open: No such file or directory");
	check_error(&(struct hw_options){ .config = "/dev/null" }, -EINVAL,
		    "/dev/null: not a regular file but a character device");
	put("etc/hookwright/config.yaml", "x\n");
	check_error(&none, -EINVAL,
		    "TOP/etc/hookwright/config.yaml:1:1: the file must be a mapping of 'key: "
		    "value', not text\n  hint: begin it with 'version: 1', or remove it");
}

static void put_program(const char *path)
{
	put(path, "#!/bin/sh\n");
	CHECK_INT(chmod(at(path), 0755), 0);
}

static void check_runtime(const char *setting, const char *want)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = NULL;
	char text[512];

	snprintf(text, sizeof(text), "version: 1\nruntime: %s\n", setting);
	put("etc/hookwright/config.yaml", expand(text));
	if (load_with(&none, &set) < 0)
		FAIL("%s", err.message);
	CHECK_STR(set->runtime, want);
}

static void the_runtime_is_the_first_that_exists(void)
{
	char path[512];

	fresh_tree();
	put_program("bin/crun");
	put_program("sbin/runc");
	put_program("bin/runc");
	put("bin/data", "x");
	CHECK_INT(mkdir(at("bin/dir"), 0755), 0);
	snprintf(path, sizeof(path), "relative::%s:/nowhere:%s", at("sbin"), at("bin"));
	world.path = path;
	check_runtime("runc", at("sbin/runc"));
	check_runtime("crun", at("bin/crun"));
	check_runtime("[youki, crun, runc]", at("bin/crun"));
	check_runtime("[TOP/no, TOP/bin/dir, TOP/bin/data, TOP/bin/runc]", at("bin/runc"));
	check_runtime("[data, dir, runc]", at("sbin/runc"));
}

static void only_absolute_elements_of_path_count(void)
{
	char cwd[PATH_MAX], path[512];

	fresh_tree();
	put_program("bin/runc");
	put_program("runc");
	put_program("sbin/runc");
	snprintf(path, sizeof(path), "bin:.::%s", at("sbin"));
	world.path = path;
	CHECK(getcwd(cwd, sizeof(cwd)));
	CHECK_INT(chdir(top), 0);
	check_runtime("runc", at("sbin/runc"));
	CHECK_INT(chdir(cwd), 0);
}

static void a_caller_who_says_the_runtime_needs_no_other(void)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = NULL;

	fresh_tree();
	put("etc/hookwright/config.yaml", "version: 1\nruntime: no-such\n");
	CHECK_INT(load_with(&(struct hw_options){ .runtime = "crun" }, &set), 0);
	CHECK_STR(set->runtime, NULL);
}

static void no_configuration_names_no_runtime(void)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = NULL;

	fresh_tree();
	CHECK_INT(load_with(&none, &set), 0);
	CHECK_STR(set->runtime, NULL);
}

/* ---- who may change what is read ---- */

/* A path that somebody may write to, and what is said then. */
static const struct {
	const char *path;
	mode_t mode;
	const char *said; /* NULL: nothing */
} modes[] = {
	{ ETC "p.yaml", 0664, "TOP/" ETC "p.yaml: other users can write to it (mode 0664)" },
	{ ETC "p.yaml", 0646, "TOP/" ETC "p.yaml: other users can write to it (mode 0646)" },
	{ ETC "p.yaml", 0755, NULL },
	{ ETC, 0775, "TOP/etc/hookwright/policies.d: other users can write to it (mode 0775)" },
	{ ETC, 01777, "TOP/etc/hookwright/policies.d: other users can write to it (mode 1777)" },
	{ ETC, 0700, NULL },
	{ "etc/hookwright", 0777, "TOP/etc/hookwright: other users can write to it (mode 0777)" },
	{ "etc", 0775, "TOP/etc: other users can write to it (mode 0775)" },
	{ "etc", 01777, NULL },
	{ "", 0777, "TOP: other users can write to it (mode 0777)" },
	{ "", 01775, NULL },
};

static void nobody_else_may_write(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		char text[512];

		fresh_tree();
		put_policy(ETC "p.yaml");
		CHECK_INT(chmod(at(modes[i].path), modes[i].mode), 0);
		if (!modes[i].said) {
			check_names(&none, "p ");
			continue;
		}
		snprintf(text, sizeof(text), "%s\n  hint: remove the permission: chmod go-w\n",
			 modes[i].said);
		check_said(&none, -EPERM, text);
	}
}

static void what_is_absent_offends_nobody(void)
{
	fresh_tree();
	put("etc/other", "x");
	CHECK_INT(chmod(at("etc"), 0777), 0);
	check_names(&none, "");
}

static void a_configuration_is_checked_as_policies_are(void)
{
	fresh_tree();
	put("etc/hookwright/config.yaml", "version: 1\n");
	CHECK_INT(chmod(at("etc/hookwright/config.yaml"), 0666), 0);
	check_error(&none, -EPERM,
		    "TOP/etc/hookwright/config.yaml: other users can write to it (mode 0666)\n"
		    "  hint: remove the permission: chmod go-w");
	check_names(&(struct hw_options){ .config = at("etc/hookwright/config.yaml") }, "");
}

static void what_it_lists_is_checked_unless_it_was_named(void)
{
	fresh_tree();
	put_policy("d/p.yaml");
	CHECK_INT(chmod(at("d/p.yaml"), 0666), 0);
	put("etc/hookwright/config.yaml", expand("version: 1\npolicies: TOP/d\n"));
	check_said(&none, -EPERM,
		   "TOP/d/p.yaml: other users can write to it (mode 0666)\n"
		   "  hint: remove the permission: chmod go-w\n");
	put("etc/hookwright/config.yaml", expand("version: 1\npolicies: TOP/d/p.yaml\n"));
	check_said(&none, -EPERM,
		   "TOP/d/p.yaml: other users can write to it (mode 0666)\n"
		   "  hint: remove the permission: chmod go-w\n");
	check_names(&(struct hw_options){ .config = at("etc/hookwright/config.yaml") }, "p ");
}

static void a_link_is_followed_with_the_same_eyes(void)
{
	fresh_tree();
	put_policy("opt/x");
	put_link(ETC "p.yaml", "../../../opt/x");
	check_names(&none, "p ");
	CHECK_INT(chmod(at("opt"), 0777), 0);
	check_said(&none, -EPERM,
		   "TOP/opt: other users can write to it (mode 0777)\n"
		   "  hint: remove the permission: chmod go-w\n");
}

#define NOT_OURS "\n  hint: give it to root, or name it with -p\n"
#define STRANGER 12345

/* Owners: of what, whose, the current user, whether in a user namespace; and the message. */
static const struct {
	const char *path;
	uid_t owner;
	bool rootless, user_namespace;
	const char *said; /* NULL: nothing */
} owners[] = {
	{ ETC "p.yaml", STRANGER, false, false,
	  "TOP/" ETC "p.yaml: user 12345 owns it and could change it" },
	{ ETC, STRANGER, false, false,
	  "TOP/etc/hookwright/policies.d: user 12345 owns it and could change it" },
	{ "etc", STRANGER, false, false, "TOP/etc: user 12345 owns it and could change it" },
	{ ETC "p.yaml", 65534, false, false,
	  "TOP/" ETC "p.yaml: user 65534 owns it and could change it" },
	{ ETC "p.yaml", 65534, true, false,
	  "TOP/" ETC "p.yaml: user 65534 owns it and could change it" },
	/* In a user namespace the host's root is the overflow uid. */
	{ ETC "p.yaml", 65534, true, true, NULL },
	{ ETC, 65534, true, true, NULL },
	{ "etc", 65534, true, true, NULL },
	{ ETC "p.yaml", STRANGER, true, true,
	  "TOP/" ETC "p.yaml: user 12345 owns it and could change it" },
	/* The user's own files are not the host's root's. */
	{ HOME "p.yaml", 65534, true, true,
	  "TOP/" HOME "p.yaml: user 65534 owns it and could change it" },
	{ HOME, 65534, true, true,
	  "TOP/home/hookwright/policies.d: user 65534 owns it and could change it" },
	{ "home", 65534, true, true, "TOP/home: user 65534 owns it and could change it" },
};

static void only_roots_and_our_own_files_are_read(void)
{
	if (geteuid() != 0)
		SKIP("not root");
	for (size_t i = 0; i < ARRAY_SIZE(owners); i++) {
		char text[512];

		fresh_tree();
		world.rootless = owners[i].rootless;
		world.trust.user_namespace = owners[i].user_namespace;
		put_policy(strncmp(owners[i].path, "home", 4) == 0 ? HOME "p.yaml" : ETC "p.yaml");
		CHECK_INT(chown(at(owners[i].path), owners[i].owner, 0), 0);
		if (!owners[i].said) {
			check_names(&none, "p ");
			continue;
		}
		snprintf(text, sizeof(text), "%s" NOT_OURS, owners[i].said);
		check_said(&none, -EPERM, text);
	}
}

static void our_own_files_are_trusted(void)
{
	if (geteuid() != 0)
		SKIP("not root");
	fresh_tree();
	world.rootless = true;
	world.trust.self = STRANGER;
	put_policy(HOME "p.yaml");
	CHECK_INT(chown(at(HOME "p.yaml"), STRANGER, 0), 0);
	CHECK_INT(chown(at(HOME), STRANGER, 0), 0);
	CHECK_INT(chown(at("home"), STRANGER, 0), 0);
	check_names(&none, "p ");
}

/* /home is the host's root's, what is in it is the user's: the overflow uid is fine above only. */
static void above_the_home_the_hosts_root_is_fine(void)
{
	struct trust trust = { .self = 0, .user_namespace = true, .overflow = 65534 };
	struct place place = { .dir = -1 };

	if (geteuid() != 0)
		SKIP("not root");
	fresh_tree();
	/* Everything above @top is root's here: let that be somebody else. */
	trust.self = STRANGER;
	put_policy("user/d/p.yaml");
	CHECK_INT(chown(at("user"), 65534, 0), 0);
	CHECK_INT(trust_find(&trust, TRUST_USER, -1, NULL, at("user/d"), &place, &err), -EPERM);
	CHECK_INT(trust_find(&trust, TRUST_SYSTEM, -1, NULL, at("user/d"), &place, &err), 0);
	CHECK(place.is_dir);
	close(place.dir);
}

static void a_strangers_link_is_not_followed(void)
{
	if (geteuid() != 0)
		SKIP("not root");
	fresh_tree();
	put_policy("opt/x");
	put_link(ETC "p.yaml", at("opt/x"));
	CHECK_INT(lchown(at(ETC "p.yaml"), STRANGER, 0), 0);
	check_said(&none, -EPERM,
		   "TOP/" ETC "p.yaml: user 12345 owns it and could change it" NOT_OURS);
	/* Nor in a sticky directory, in which anybody may make one. */
	fresh_tree();
	put_policy("opt/hookwright/policies.d/p.yaml");
	put("tmp/x", "");
	CHECK_INT(chmod(at("tmp"), 01777), 0);
	put_link("tmp/link", at("opt"));
	put_link("etc", "tmp/link");
	check_names(&none, "p ");
	CHECK_INT(lchown(at("tmp/link"), STRANGER, 0), 0);
	check_said(&none, -EPERM, "TOP/tmp/link: user 12345 owns it and could change it" NOT_OURS);
}

static void a_strangers_null_device_is_a_mask(void)
{
	fresh_tree();
	put_policy(USR "p.yaml");
	put_link(ETC "p.yaml", "/dev/null");
	check_names(&none, "");
}

/* ---- the set ---- */

static void sets_are_searched(void)
{
	CLEANUP(hw_policies_freep) struct hw_policies *set = NULL;

	fresh_tree();
	put_policy(USR "ldconfig-on-start.yaml");
	put_policy(USR "other.yaml");
	CHECK_INT(load_with(&none, &set), 0);
	CHECK_INT(hw_policies_count(set), 2);
	CHECK(hw_policies_find(set, "other") == hw_policies_get(set, 1));
	CHECK(!hw_policies_find(set, "othe"));
	CHECK_STR(hw_policies_closest(set, "ldconfig-onstart"), "ldconfig-on-start");
	CHECK_STR(hw_policies_closest(set, "nothing-like-it"), NULL);
	hw_policies_free(NULL);
}

int main(void)
{
	umask(022);
	RUN(nothing_is_there);
	RUN(every_directory_is_searched);
	RUN(what_is_found_earlier_masks);
	RUN(a_mask_is_empty_or_the_null_device);
	RUN(what_is_masked_is_not_read);
	RUN(order_then_name);
	RUN(other_files_are_ignored);
	RUN(bad_names_are_told);
	RUN(the_longest_name);
	RUN(no_broken_file_hides_another);
	RUN(nobody_needs_to_listen);
	RUN(only_regular_files_are_read);
	RUN(links_lead_to_policies);
	RUN(a_whole_directory_may_be_a_link);
	RUN(what_should_be_a_directory_is_a_file);
	RUN(a_policy_has_a_largest_size);
	RUN(a_directory_has_a_largest_number);
	RUN(a_directory_has_a_largest_size);
	RUN(named_files_and_directories_replace_all);
	RUN(what_is_named_later_masks);
	RUN(what_is_named_must_exist);
	RUN(what_is_named_is_the_callers_business);
	RUN(the_first_configuration_counts_alone);
	RUN(listed_places_are_in_falling_precedence);
	RUN(listed_places_must_exist);
	RUN(bad_configurations_are_told);
	RUN(the_runtime_is_the_first_that_exists);
	RUN(only_absolute_elements_of_path_count);
	RUN(a_caller_who_says_the_runtime_needs_no_other);
	RUN(no_configuration_names_no_runtime);
	RUN(nobody_else_may_write);
	RUN(what_is_absent_offends_nobody);
	RUN(a_configuration_is_checked_as_policies_are);
	RUN(what_it_lists_is_checked_unless_it_was_named);
	RUN(a_link_is_followed_with_the_same_eyes);
	RUN(only_roots_and_our_own_files_are_read);
	RUN(our_own_files_are_trusted);
	RUN(above_the_home_the_hosts_root_is_fine);
	RUN(a_strangers_link_is_not_followed);
	RUN(a_strangers_null_device_is_a_mask);
	RUN(sets_are_searched);
	remove_tree();
	return DONE();
}
