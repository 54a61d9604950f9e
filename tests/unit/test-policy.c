/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of decoding policies. Refused policies and their messages are in tests/data/bad-policies,
 * which tests/e2e/bad-policy.sh reads.
 */
#include "oci/capabilities.h"
#include "oci/spec.h"
#include "policy/policy.h"
#include "test.h"

static struct hw_error err;

static struct hw_policy *parse(const char *text)
{
	struct hw_policy *p = NULL;

	memset(&err, 0xff, sizeof(err)); /* nothing may be read that was not written */
	if (policy_parse("dir/p.yaml", "p", text, strlen(text), &p, &err) < 0)
		FAIL("%s:%u:%u: %s", err.path, err.line, err.column, err.message);
	return p;
}

#define POLICY(name, text) CLEANUP(policy_freep) struct hw_policy *name = parse(text)

#define HEAD "version: 1\nhook: { path: /sbin/x }\n"

static void the_least_policy_has_the_defaults(void)
{
	POLICY(p, HEAD);

	CHECK_STR(hw_policy_name(p), "p");
	CHECK_STR(hw_policy_path(p), "dir/p.yaml");
	CHECK_STR(hw_policy_description(p), "");
	CHECK(!hw_policy_requested_only(p));
	CHECK_INT(hw_policy_order(p), 50);
	CHECK(!p->by_file && !p->has_when && !p->has_needs);
	CHECK_INT(p->otherwise, OTHERWISE_FAIL);
	CHECK_INT(p->n_candidates, 1);
	CHECK_STR(p->candidates[0], "/sbin/x");
	CHECK_INT(p->n_args, 0);
	CHECK_INT(p->n_env, 0);
	CHECK_INT(p->n_inherit_env, 0);
	CHECK_INT(p->timeout, 0);
	CHECK_INT(p->n_warnings, 0);
	CHECK(!hw_policy_warning(p, 0, &err));
}

static const char full[] = "---\n"
			   "hook:\n"
			   "  path: [/sbin/a.real, \"/sbin/a\"]\n"
			   "  args: [a, -v, 'two words', '']\n"
			   "  env: { LC_ALL: C, B: 'x=y', _c1: \"line\\nbreak\" }\n"
			   "  inheritEnv: [LANG, TZ]\n"
			   "  timeout: 2147483647\n"
			   "order: -1000000\n"
			   "description: >\n"
			   "  Two lines,\n"
			   "  folded.\n"
			   "activation: requested\n"
			   "otherwise: ignore\n"
			   "version: 1 # last\n"
			   "...\n";

static void every_key_arrives(void)
{
	POLICY(p, full);

	CHECK_STR(p->description, "Two lines, folded.\n");
	CHECK(p->requested);
	CHECK_INT(p->otherwise, OTHERWISE_IGNORE);
	CHECK_INT(p->n_candidates, 2);
	CHECK_STR(p->candidates[0], "/sbin/a.real");
	CHECK_STR(p->candidates[1], "/sbin/a");
	CHECK_INT(p->n_args, 4);
	CHECK_STR(p->args[0], "a");
	CHECK_STR(p->args[1], "-v");
	CHECK_STR(p->args[2], "two words");
	CHECK_STR(p->args[3], "");
	CHECK_INT(p->n_env, 3);
	CHECK_STR(p->env[0].name, "LC_ALL");
	CHECK_STR(p->env[0].value, "C");
	CHECK_STR(p->env[1].value, "x=y");
	CHECK_STR(p->env[2].name, "_c1");
	CHECK_STR(p->env[2].value, "line\nbreak");
	CHECK_INT(p->n_inherit_env, 2);
	CHECK_STR(p->inherit_env[1], "TZ");
	CHECK_INT(p->timeout, 2147483647);
	CHECK_INT(p->order, -1000000);
}

static void words_are_their_meaning(void)
{
	POLICY(fail, HEAD "otherwise: fail\nactivation: always\n");
	POLICY(warn, HEAD "otherwise: warn\n");
	POLICY(quoted, HEAD "otherwise: 'warn'\norder: 1000000\n");

	CHECK_INT(fail->otherwise, OTHERWISE_FAIL);
	CHECK(!fail->requested);
	CHECK_INT(warn->otherwise, OTHERWISE_WARN);
	CHECK_INT(quoted->otherwise, OTHERWISE_WARN);
	CHECK_INT(quoted->order, 1000000);
}

/* One row a key: the text of a condition, and what it is decoded to. */
static const struct {
	const char *text;
	enum cond_key key;
	size_t n;
	const char *first, *last; /* words or sources */
	const char *name;	  /* of the last pattern */
} terms[] = {
	{ "annotations: { a.b/c: x, d: 'y|z' }", COND_ANNOTATIONS, 2, "x", "y|z", "d" },
	{ "command: /bin/.*", COND_COMMAND, 1, "/bin/.*", "/bin/.*", NULL },
	{ "command: [a, b]", COND_COMMAND, 2, "a", "b", NULL },
	{ "env: { A: x }", COND_ENV, 1, "x", "x", "A" },
	{ "capabilities: CAP_CHOWN", COND_CAPABILITIES, 1, "CAP_CHOWN", "CAP_CHOWN", NULL },
	{ "capabilities: [CAP_KILL, CAP_BPF]", COND_CAPABILITIES, 2, "CAP_KILL", "CAP_BPF", NULL },
	{ "exists: /", COND_EXISTS, 1, "/", "/", NULL },
	{ "exists: [/a, /b/..c/d]", COND_EXISTS, 2, "/a", "/b/..c/d", NULL },
	{ "existsAny: /a/*.so", COND_EXISTS_ANY, 1, "/a/*.so", "/a/*.so", NULL },
	{ "existsAny: ['/a/?', '/[!b]/c']", COND_EXISTS_ANY, 2, "/a/?", "/[!b]/c", NULL },
	{ "writable: /etc", COND_WRITABLE, 1, "/etc", "/etc", NULL },
	{ "mounts: [/data, /a..b/..c]", COND_MOUNTS, 2, "/data", "/a..b/..c", NULL },
	{ "libc: [glibc, none]", COND_LIBC, 2, "glibc", "none", NULL },
	{ "arch: [amd64, '386']", COND_ARCH, 2, "amd64", "386", NULL },
	{ "runtime: runc", COND_RUNTIME, 1, "runc", "runc", NULL },
	{ "runtime: [kata-runtime, io.x_y+1]", COND_RUNTIME, 2, "kata-runtime", "io.x_y+1", NULL },
};

static const char *text_of(const struct cond_term *t, size_t item)
{
	return t->patterns ? t->patterns[item].source : t->words[item];
}

static void conditions_keep_what_they_say(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
		char text[256];

		snprintf(text, sizeof(text), HEAD "when: { %s }\n", terms[i].text);

		POLICY(p, text);
		const struct cond_term *t = p->when.terms;

		CHECK(p->has_when && !p->has_needs);
		CHECK_INT(p->when.n_terms, 1);
		CHECK_INT(t->key, terms[i].key);
		CHECK_INT(t->n, terms[i].n);
		CHECK_STR(text_of(t, 0), terms[i].first);
		CHECK_STR(text_of(t, t->n - 1), terms[i].last);
		if (t->patterns)
			CHECK_STR(t->patterns[t->n - 1].name, terms[i].name);
	}
}

static void numbers_and_flags(void)
{
	POLICY(p, HEAD "needs:\n"
		       "  uid: 0\n"
		       "  gid: [4294967295, 7]\n"
		       "  hookExists: true\n"
		       "  readonlyRoot: false\n");
	const struct cond_term *t = p->needs.terms;

	CHECK(!p->has_when && p->has_needs);
	CHECK_INT(p->needs.n_terms, 4);
	CHECK_INT(p->needs.line, 4);
	CHECK_INT(p->needs.column, 3);
	CHECK_INT(t[0].key, COND_UID);
	CHECK_INT(t[0].n, 1);
	CHECK_INT(t[0].numbers[0], 0);
	CHECK_INT(t[0].line, 4);
	CHECK_INT(t[0].column, 3);
	CHECK_INT(t[1].key, COND_GID);
	CHECK_INT(t[1].n, 2);
	CHECK_INT(t[1].numbers[0], 4294967295);
	CHECK_INT(t[1].numbers[1], 7);
	CHECK_INT(t[2].key, COND_HOOK_EXISTS);
	CHECK_INT(t[2].n, 1);
	CHECK(t[2].flag);
	CHECK_INT(t[3].key, COND_READONLY_ROOT);
	CHECK_INT(t[3].n, 1);
	CHECK(!t[3].flag);
	CHECK_INT(t[3].line, 7);
}

static void os_is_a_list_of_conjunctions(void)
{
	POLICY(p, HEAD "when: { os: [ { versionId: '12', id: debian }, { id: arch } ] }\n");
	POLICY(one, HEAD "when: { os: { id: debian } }\n");
	const struct cond_term *t = p->when.terms;

	CHECK_INT(t->key, COND_OS);
	CHECK_INT(t->n, 2);
	CHECK_INT(t->os[0].n_patterns, 2);
	CHECK_STR(t->os[0].patterns[0].name, "versionId");
	CHECK_STR(t->os[0].patterns[0].source, "12");
	CHECK_STR(t->os[0].patterns[1].name, "id");
	CHECK_STR(t->os[0].patterns[1].source, "debian");
	CHECK_INT(t->os[1].n_patterns, 1);
	CHECK_STR(t->os[1].patterns[0].source, "arch");
	CHECK_INT(one->when.terms->n, 1);
	CHECK_STR(one->when.terms->os[0].patterns[0].source, "debian");
}

static void combinators_nest(void)
{
	POLICY(p, HEAD "when:\n"
		       "  any:\n"
		       "    - { uid: 1, none: [ { gid: 2 } ] }\n"
		       "    - all: [ { exists: /a }, { exists: /b } ]\n");
	const struct cond_term *any = p->when.terms, *none, *all;

	CHECK_INT(any->key, COND_ANY);
	CHECK_INT(any->n, 2);
	CHECK_INT(any->subs[0].n_terms, 2);
	CHECK_INT(any->subs[0].line, 5);
	CHECK_INT(any->subs[0].column, 7);
	none = &any->subs[0].terms[1];
	CHECK_INT(none->key, COND_NONE);
	CHECK_INT(none->subs[0].terms[0].numbers[0], 2);
	all = any->subs[1].terms;
	CHECK_INT(all->key, COND_ALL);
	CHECK_INT(all->n, 2);
	CHECK_STR(all->subs[1].terms[0].words[0], "/b");
}

/* The limits themselves are accepted; one more is among the bad policies. */
static char large[16384];

static void repeat(const char *text, int n)
{
	while (n-- > 0)
		strcat(large, text);
}

static void sixteen_levels_of_conditions(void)
{
	strcpy(large, HEAD "when: { ");
	repeat("all: [ { ", 16);
	repeat("uid: 0", 1);
	repeat(" } ]", 16);
	repeat(" }\n", 1);
	POLICY(p, large);
	CHECK(p->has_when);
}

static void as_many_conditions_as_may_be(void)
{
	strcpy(large, HEAD "when:\n  any:\n");
	repeat("    - { uid: 1, gid: 1, libc: musl, hookExists: true, command: x }\n", 51);
	POLICY(p, large);
	CHECK_INT(p->when.terms->n, 51);
}

static void as_many_items_as_may_be(void)
{
	strcpy(large, HEAD "when: { uid: [0");
	for (int i = 1; i < 64; i++)
		sprintf(large + strlen(large), ", %d", i);
	repeat("] }\n", 1);
	POLICY(p, large);
	CHECK_INT(p->when.terms->n, 64);
}

static void as_many_candidates_as_may_be(void)
{
	strcpy(large, "version: 1\nhook: { path: [/0");
	for (int i = 1; i < 16; i++)
		sprintf(large + strlen(large), ", /%d", i);
	repeat("] }\n", 1);
	POLICY(p, large);
	CHECK_INT(p->n_candidates, 16);
}

static void the_longest_texts(void)
{
	strcpy(large, "version: 1\nhook: { path: ");
	repeat("/", 4094);
	repeat("x }\ndescription: ", 1);
	repeat("d", 1024);
	POLICY(p, large);
	CHECK_INT(strlen(p->candidates[0]), 4095);
	CHECK_INT(strlen(p->description), 1024);
}

static void args_may_begin_with_any_candidate(void)
{
	static const char *const first[] = { "a", "b", "/sbin/a", "/usr/sbin/b" };

	for (size_t i = 0; i < ARRAY_SIZE(first); i++) {
		char text[256];

		snprintf(text, sizeof(text),
			 "version: 1\nhook: { path: [/sbin/a, /usr/sbin/b], args: ['%s', x] }\n",
			 first[i]);

		POLICY(p, text);

		CHECK_STR(p->args[0], first[i]);
	}
}

static const struct {
	const char *hook;
	unsigned line, column;
	const char *message; /* NULL: none */
} warnings[] = {
	{ "env: { LD_PRELOAD: /x.so }", 2, 31,
	  "env: LD_PRELOAD controls the code that the hook's programs load or run" },
	{ "env: { LC_ALL: C, PATH: /bin, PYTHONPATH: /x }", 2, 54,
	  "env: PYTHONPATH controls the code that the hook's programs load or run" },
	{ "inheritEnv: LD_LIBRARY_PATH", 2, 36,
	  "inheritEnv: with LD_LIBRARY_PATH the container's own environment controls the code that "
	  "the hook loads or runs" },
	{ "inheritEnv: [TZ, ENV]", 2, 41,
	  "inheritEnv: with ENV the container's own environment controls the code that the hook "
	  "loads or runs" },
	{ "env: { GLIBC_TUNABLES: x }", 2, 31,
	  "env: GLIBC_TUNABLES controls the code that the hook's programs load or run" },
	{ "env: { GCONV_PATH: x }", 2, 31,
	  "env: GCONV_PATH controls the code that the hook's programs load or run" },
	{ "env: { BASH_ENV: x }", 2, 31,
	  "env: BASH_ENV controls the code that the hook's programs load or run" },
	{ "env: { BASH_FUNC_x: x }", 2, 31,
	  "env: BASH_FUNC_x controls the code that the hook's programs load or run" },
	{ "env: { PERL5LIB: x }", 2, 31,
	  "env: PERL5LIB controls the code that the hook's programs load or run" },
	{ "env: { OPENSSL_CONF: x }", 2, 31,
	  "env: OPENSSL_CONF controls the code that the hook's programs load or run" },
	{ "env: { PYTHONUNBUFFERED: '1', MALLOC_ARENA_MAX: '2', PERL_UNICODE: S }", 0, 0, NULL },
	{ "env: { LD: x, LDFLAGS: y, ENVIRONMENT: z, PATH: /bin, ld_preload: x }", 0, 0, NULL },
	{ "inheritEnv: [PATH, HOME, LANG]", 0, 0, NULL },
};

static void dangerous_variables_are_warned_of(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(warnings); i++) {
		char text[256];

		snprintf(text, sizeof(text), "version: 1\nhook: { path: /sbin/x, %s }\n",
			 warnings[i].hook);

		POLICY(p, text);
		struct hw_error w = { .errnum = 1 };

		CHECK_INT(p->n_warnings, warnings[i].message ? 1 : 0);
		CHECK_INT(hw_policy_warning(p, 0, &w), warnings[i].message != NULL);
		if (!warnings[i].message)
			continue;
		CHECK_STR(w.message, warnings[i].message);
		CHECK_STR(w.hint, "remove it, unless that is the purpose of the policy");
		CHECK_STR(w.path, "dir/p.yaml");
		CHECK_INT(w.errnum, 0);
		CHECK_INT(w.line, warnings[i].line);
		CHECK_INT(w.column, warnings[i].column);
		CHECK(!hw_policy_warning(p, 1, &w));
	}
}

/* The decision asks about capabilities by the specification's table. */
#define SAME_NUMBER(name) CHECK_INT(spec_capability("CAP_" #name), number++);

static void capabilities_are_those_of_the_specification(void)
{
	int number = 0;

	CAPABILITIES(SAME_NUMBER)
	CHECK_INT(number, 41);
}

static void columns_count_characters(void)
{
	struct hw_policy *p = NULL;
	static const char text[] =
		"version: 1\nhook: { path: /sbin/x }\n\"d\xc3\xa9\xf0\x9f\x98\x80\": "
		"x\n? \xc3\xa9\xc3\xa9\n: [1]\n";
	static const char value[] = HEAD "activation: \"\xc3\xa9\xc3\xa9\"\norder: x\n";

	CHECK_INT(policy_parse("p", "p", text, strlen(text), &p, &err), -EINVAL);
	CHECK_STR(err.message, "unknown key 'd\xc3\xa9\xf0\x9f\x98\x80'");
	CHECK_INT(err.line, 3);
	CHECK_INT(policy_parse("p", "p", value, strlen(value), &p, &err), -EINVAL);
	CHECK_INT(err.line, 3);
	CHECK_INT(err.column, 13);
	CHECK_STR(err.message, "'activation' cannot be '\xc3\xa9\xc3\xa9'");
	/* libyaml's reader knows the byte only. */
	CHECK_INT(policy_parse("p", "p", "a: b\n\xc3\xa9: \xe9\n", 11, &p, &err), -EINVAL);
	CHECK_STR(err.message, "not valid YAML: incomplete UTF-8 octet sequence");
	CHECK_INT(err.line, 2);
	CHECK_INT(err.column, 4);
}

static void byte_order_marks_and_line_ends_do_not_matter(void)
{
	POLICY(bom, "\xef\xbb\xbf" HEAD);
	POLICY(crlf, "version: 1\r\nhook:\r\n  path: /sbin/x\r\n");
	POLICY(json, "{\"version\": 1, \"hook\": {\"path\": \"/sbin/x\", \"args\": [\"x\"]}}");

	CHECK_STR(bom->candidates[0], "/sbin/x");
	CHECK_STR(crlf->candidates[0], "/sbin/x");
	CHECK_STR(json->args[0], "x");
}

/* Text need not end where a string does, and nothing of it is kept. */
static void the_text_is_only_borrowed(void)
{
	char text[] = HEAD "order: 123456";
	struct hw_policy *p = NULL;

	CHECK_INT(policy_parse("p", "p", text, sizeof(text) - 4, &p, &err), 0);
	memset(text, 'x', sizeof(text));
	CHECK_INT(p->order, 123);
	CHECK_STR(p->candidates[0], "/sbin/x");
	policy_free(p);
}

static void hostile_names_do_not_reach_the_terminal(void)
{
	struct hw_policy *p = NULL;
	static const char text[] = HEAD "\"a\\e[31m\\nb\": 1\n";

	CHECK_INT(policy_parse("p\n", "p", text, strlen(text), &p, &err), -EINVAL);
	CHECK_STR(err.message, "unknown key 'a?[31m?b'");
	CHECK_STR(err.path, "p?");
}

static void errors_are_optional(void)
{
	struct hw_policy *p = NULL;

	CHECK_INT(policy_parse("p", "p", "x", 1, &p, NULL), -EINVAL);
	CHECK_INT(policy_parse("p", "p", "", 0, &p, NULL), -EINVAL);
	CHECK_INT(policy_parse("p", "p", "version: 1\nx: 1\n", 16, &p, NULL), -EINVAL);
	CHECK_INT(policy_parse("p", "p", "a: [", 4, &p, NULL), -EINVAL);
	CHECK(!p);
	policy_free(NULL);
}

int main(void)
{
	RUN(the_least_policy_has_the_defaults);
	RUN(every_key_arrives);
	RUN(words_are_their_meaning);
	RUN(conditions_keep_what_they_say);
	RUN(numbers_and_flags);
	RUN(os_is_a_list_of_conjunctions);
	RUN(combinators_nest);
	RUN(sixteen_levels_of_conditions);
	RUN(as_many_conditions_as_may_be);
	RUN(as_many_items_as_may_be);
	RUN(as_many_candidates_as_may_be);
	RUN(the_longest_texts);
	RUN(args_may_begin_with_any_candidate);
	RUN(dangerous_variables_are_warned_of);
	RUN(capabilities_are_those_of_the_specification);
	RUN(columns_count_characters);
	RUN(byte_order_marks_and_line_ends_do_not_matter);
	RUN(the_text_is_only_borrowed);
	RUN(hostile_names_do_not_reach_the_terminal);
	RUN(errors_are_optional);
	return DONE();
}
