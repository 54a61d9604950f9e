/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of conditions: each key with the values true, false and unknown. */
#include <stdio.h>

#include "base/buffer.h"
#include "facts-table.h"
#include "policy/cond.h"
#include "test.h"

static const char config[] =
	"{\"process\":{\"args\":[\"/usr/bin/app\"],\"env\":[\"A=1\",\"B=x\",\"T=1\",\"T=2\"],"
	"\"user\":{\"uid\":1000,\"gid\":50},"
	"\"capabilities\":{\"permitted\":[\"CAP_CHOWN\"],\"inheritable\":"
	"[\"CAP_CHOWN\"],\"ambient\":[\"CAP_CHOWN\"]}},"
	"\"root\":{\"path\":\"rootfs\",\"readonly\":true},"
	"\"mounts\":[{\"destination\":\"/proc\"},{\"destination\":\"/etc//./ld.so.cache\"}],"
	"\"annotations\":{\"com.example/a\":\"yes\",\"long\":\"%s\"}}";

static const struct fact_row rows[] = {
	{ "exists /bin/sh", YES, "/bin/sh is there" }, { "exists /dark", UNKNOWN, "it is dark" },
	{ "exists /hook", YES, "/hook is there" },     { "writable /tmp", YES, "tmp is open" },
	{ "writable /dark", UNKNOWN, "it is dark" },
};

struct world {
	struct arena *arena;
	char *text;
	struct json doc;
	struct spec spec;
	struct fact_table table;
	struct hw_policy *policy;
};

static void world_close(struct world *w)
{
	policy_free(w->policy);
	json_free(&w->doc);
	free(w->text);
	arena_free(w->arena);
}

static void world_open(struct world *w)
{
	static char value[RE2_VALUE_MAX + 2];
	size_t size = sizeof(config) + sizeof(value);

	*w = (struct world){ .arena = arena_new(), .text = malloc(size) };
	memset(value, 'v', sizeof(value));
	value[RE2_VALUE_MAX + 1] = '\0';
	snprintf(w->text, size, config, value);
	CHECK_INT(json_scan(&w->doc, "c.json", w->text, strlen(w->text), NULL), 0);
	CHECK_INT(spec_parse(&w->doc, w->arena, &w->spec, NULL), 0);
	w->table = (struct fact_table){ .rows = rows,
					.n = ARRAY_SIZE(rows),
					.libc = "glibc",
					.arch = NULL,
					.os_id = "debian",
					.os_version = "" };
}

static void parse_when(struct world *w, const char *when)
{
	struct hw_error err = { 0 };
	char text[2048], complaint[1200];

	snprintf(text, sizeof(text), "version: 1\nwhen:\n  %s\nhook: {path: [/nope, /hook]}\n",
		 when);
	if (policy_parse("p.yaml", "p", text, strlen(text), &w->policy, &err) == 0)
		return;
	hw_error_format(&err, complaint, sizeof(complaint));
	FAIL("%s: %s", when, complaint);
}

static enum truth eval(struct world *w, const char *when, bool everything, struct text *shown)
{
	struct fact_source source = table_source(&w->table);
	struct cond_lines lines = { 0 };
	struct cond_line culprit = { 0 };
	enum truth value;

	parse_when(w, when);

	const struct cond_context ctx = { .spec = &w->spec,
					  .facts = &source,
					  .policy = w->policy,
					  .runtime = "runc",
					  .arena = w->arena,
					  .everything = everything };

	CHECK_INT(cond_eval(&ctx, &w->policy->when, &value, &culprit, &lines, NULL), 0);
	for (size_t i = 0; shown && i < lines.n; i++)
		text_printf(shown, "%u|%s|%d|%s%s\n", lines.items[i].depth, lines.items[i].text,
			    (int)lines.items[i].value, lines.items[i].fact,
			    lines.items[i].decides ? "*" : "");
	CHECK(value == YES || culprit.text != NULL);
	return value;
}

/* Every key: true, false and unknown. Malformed ones are the policy reader's tests. */
static const struct {
	const char *when;
	enum truth want;
} keys[] = {
	{ "annotations: {com.example/a: \"yes\"}", YES },
	{ "annotations: {com.example/a: \"ye\"}", NO },
	{ "annotations: {com.example/A: \"yes\"}", NO },
	{ "annotations: {com.example/a: \"y.s\", none: \".*\"}", NO },
	{ "annotations: {long: \"v+\"}", UNKNOWN },
	{ "command: /usr/bin/.*", YES },
	{ "command: /usr/bin", NO },
	{ "command: [/bin/x, /usr/bin/app]", YES },
	{ "command: '(?i)/USR/\\w+/(?:sh|app)'", YES },
	{ "command: app", NO },
	{ "env: {A: \"1\"}", YES },
	{ "env: {A: \"2\"}", NO },
	{ "env: {A: \"1\", C: \".*\"}", NO },
	{ "env: {T: \"2\"}", UNKNOWN },
	{ "uid: 1000", YES },
	{ "uid: [0, 1000]", YES },
	{ "uid: 0", NO },
	{ "gid: 50", YES },
	{ "gid: [1, 2]", NO },
	{ "capabilities: CAP_CHOWN", YES },
	{ "capabilities: [CAP_CHOWN, CAP_KILL]", NO },
	{ "exists: /bin/sh", YES },
	{ "exists: [/bin/sh, /bin/bash]", NO },
	{ "exists: [/bin/sh, /dark]", UNKNOWN },
	{ "exists: [/dark, /bin/bash]", NO },
	{ "hookExists: true", YES },
	{ "writable: /tmp", YES },
	{ "writable: /etc", NO },
	{ "writable: [/tmp, /dark]", UNKNOWN },
	{ "mounts: /etc/ld.so.cache", YES },
	{ "mounts: /etc", YES },
	{ "mounts: /", YES },
	{ "mounts: /etc/ld.so", NO },
	{ "mounts: [/etc, /proc]", YES },
	{ "mounts: [/etc, /sys]", NO },
	{ "readonlyRoot: true", YES },
	{ "readonlyRoot: false", NO },
	{ "libc: glibc", YES },
	{ "libc: musl", NO },
	{ "libc: [musl, glibc]", YES },
	{ "os: {id: debian}", YES },
	{ "os: {id: debian, versionId: \"12\"}", NO },
	{ "os: [{id: fedora}, {id: deb.*}]", YES },
	{ "arch: amd64", UNKNOWN },
	{ "runtime: runc", YES },
	{ "runtime: [crun, youki]", NO },
};

static void every_key_is_true_false_or_unknown(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		CLEANUP(world_close) struct world w;

		world_open(&w);
		if (eval(&w, keys[i].when, true, NULL) != keys[i].want)
			FAIL("%s: want %d", keys[i].when, (int)keys[i].want);
		policy_free(TAKE(w.policy));
		if (eval(&w, keys[i].when, false, NULL) != keys[i].want)
			FAIL("%s, lazily: want %d", keys[i].when, (int)keys[i].want);
	}
}

static void what_is_unknown_stays_so(void)
{
	CLEANUP(world_close) struct world w;

	world_open(&w);
	w.table.libc = NULL;
	w.table.os_id = NULL;
	CHECK_INT(eval(&w, "libc: glibc", true, NULL), UNKNOWN);
	policy_free(TAKE(w.policy));
	CHECK_INT(eval(&w, "os: {id: debian}", true, NULL), UNKNOWN);
	w.spec.mounts = &(const struct spec_mount){ .destination = "/a/../etc" };
	w.spec.n_mounts = 1;
	policy_free(TAKE(w.policy));
	CHECK_INT(eval(&w, "mounts: /etc", true, NULL), UNKNOWN);
	w.spec.args.n = 0;
	policy_free(TAKE(w.policy));
	CHECK_INT(eval(&w, "command: .*", true, NULL), NO);
	policy_free(TAKE(w.policy));
	w.table.rows = &(const struct fact_row){ "exists /hook", UNKNOWN, "dark" };
	w.table.n = 1;
	CHECK_INT(eval(&w, "hookExists: true", true, NULL), UNKNOWN);
	policy_free(TAKE(w.policy));
	w.table.n = 0;
	CHECK_INT(eval(&w, "hookExists: true", true, NULL), NO);
}

static void no_runtime_told_is_unknown(void)
{
	CLEANUP(world_close) struct world w;
	struct fact_source source;
	enum truth value;

	world_open(&w);
	source = table_source(&w.table);
	parse_when(&w, "runtime: runc");

	const struct cond_context ctx = {
		.spec = &w.spec, .facts = &source, .policy = w.policy, .arena = w.arena
	};

	CHECK_INT(cond_eval(&ctx, &w.policy->when, &value, NULL, NULL, NULL), 0);
	CHECK_INT(value, UNKNOWN);
}

/* Every term that goes through what the container brings asks first, and says why it could not. */
static void a_spent_budget_is_unknown(void)
{
	static const char *const whens[] = { "annotations: {com.example/a: \"yes\"}",
					     "annotations: {none: \"yes\"}",
					     "command: /usr/.*",
					     "env: {A: \"1\"}",
					     "mounts: /etc",
					     "os: {id: debian}" };

	for (size_t i = 0; i < ARRAY_SIZE(whens); i++) {
		CLEANUP(world_close) struct world w;
		struct fact_source source;
		struct cond_line culprit = { 0 };
		struct budget budget;
		enum truth value;

		world_open(&w);
		source = table_source(&w.table);
		parse_when(&w, whens[i]);
		budget_init(&budget);
		budget.left[BUDGET_STEPS] = 0;

		const struct cond_context ctx = { .spec = &w.spec,
						  .facts = &source,
						  .policy = w.policy,
						  .arena = w.arena,
						  .budget = &budget };

		CHECK_INT(cond_eval(&ctx, &w.policy->when, &value, &culprit, NULL, NULL), 0);
		if (value != UNKNOWN)
			FAIL("%s", whens[i]);
		CHECK_STR(culprit.fact,
			  "this container needs more than the limit of 2000000 steps");
	}
}

/* Kleene's tables, with one condition known to be each value. */
#define T "{uid: 1000}"
#define F "{uid: 0}"
#define U "{exists: /dark}"

static const struct {
	const char *pair;
	enum truth all, any, none;
} kleene[] = {
	{ "[" T ", " T "]", YES, YES, NO },
	{ "[" T ", " F "]", NO, YES, NO },
	{ "[" T ", " U "]", UNKNOWN, YES, NO },
	{ "[" F ", " T "]", NO, YES, NO },
	{ "[" F ", " F "]", NO, NO, YES },
	{ "[" F ", " U "]", NO, UNKNOWN, UNKNOWN },
	{ "[" U ", " T "]", UNKNOWN, YES, NO },
	{ "[" U ", " F "]", NO, UNKNOWN, UNKNOWN },
	{ "[" U ", " U "]", UNKNOWN, UNKNOWN, UNKNOWN },
};

static void combinators_follow_kleene(void)
{
	static const char *const names[] = { "all", "any", "none" };

	for (size_t i = 0; i < ARRAY_SIZE(kleene); i++) {
		const enum truth want[] = { kleene[i].all, kleene[i].any, kleene[i].none };

		for (size_t j = 0; j < 6; j++) {
			CLEANUP(world_close) struct world w;
			char when[256];

			world_open(&w);
			snprintf(when, sizeof(when), "%s: %s", names[j % 3], kleene[i].pair);
			if (eval(&w, when, j < 3, NULL) != want[j % 3])
				FAIL("%s: want %d", when, (int)want[j % 3]);
		}
	}
}

static void the_rootfs_is_asked_last(void)
{
	CLEANUP(world_close) struct world w;

	world_open(&w);
	CHECK_INT(eval(&w, "{exists: /bin/sh, any: [{libc: musl}], uid: 0}", false, NULL), NO);
	CHECK_INT(w.table.asked, 0);
	policy_free(TAKE(w.policy));
	CHECK_INT(eval(&w, "any: [{uid: 1000}, {exists: /bin/sh}]", false, NULL), YES);
	CHECK_INT(w.table.asked, 0);
	policy_free(TAKE(w.policy));
	CHECK_INT(eval(&w, "{exists: /bin/sh, uid: 0}", true, NULL), NO);
	CHECK_INT(w.table.asked, 1);
}

static void explain_gets_a_line_for_every_term(void)
{
	CLEANUP(world_close) struct world w;
	CLEANUP(text_free) struct text shown = { 0 };

	world_open(&w);
	eval(&w, "{uid: [0, 1], exists: [/bin/sh, /x], none: [{mounts: /etc, libc: glibc}]}", true,
	     &shown);
	CHECK_STR(shown.data, "0|uid: [0, 1]|0|process.user.uid is 1000\n"
			      "0|exists: /bin/sh|1|/bin/sh is there\n"
			      "0|exists: /x|0|it is not there\n"
			      "0|none|0|1 of 1 holds\n"
			      "1|all of|1|*\n"
			      "2|mounts: /etc|1|mounts[1] is on /etc//./ld.so.cache\n"
			      "2|libc: glibc|1|the table says so\n");
}

/* The branch that settles a combinator is marked, the first of several. */
static void the_branch_that_decides_is_marked(void)
{
	static const struct {
		const char *when, *want;
	} cases[] = {
		{ "any: [{uid: 7}, {uid: 1000}, {gid: [100, 50]}]",
		  "0|any|1|2 of 3 hold\n"
		  "1|uid: 7|0|process.user.uid is 1000\n"
		  "1|uid: 1000|1|process.user.uid is 1000*\n"
		  "1|gid: [100, 50]|1|process.user.gid is 50\n" },
		{ "any: [{uid: 7}, {uid: 8}]", "0|any|0|0 of 2 hold\n"
					       "1|uid: 7|0|process.user.uid is 1000\n"
					       "1|uid: 8|0|process.user.uid is 1000\n" },
		{ "all: [{uid: 1000}, {none: [{uid: 8}, {uid: 1000}]}]",
		  "0|all|0|1 of 2 holds\n"
		  "1|uid: 1000|1|process.user.uid is 1000\n"
		  "1|none|0|1 of 2 holds*\n"
		  "2|uid: 8|0|process.user.uid is 1000\n"
		  "2|uid: 1000|1|process.user.uid is 1000*\n" },
		{ "none: [{uid: 7}, {uid: 8}]", "0|none|1|0 of 2 hold\n"
						"1|uid: 7|0|process.user.uid is 1000\n"
						"1|uid: 8|0|process.user.uid is 1000\n" },
		{ "any: [{uid: 7}, {exists: /dark}]", "0|any|2|0 of 2 hold, others are unknown\n"
						      "1|uid: 7|0|process.user.uid is 1000\n"
						      "1|exists: /dark|2|it is dark*\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(world_close) struct world w;
		CLEANUP(text_free) struct text shown = { 0 };

		world_open(&w);
		eval(&w, cases[i].when, true, &shown);
		CHECK_STR(shown.data, cases[i].want);
	}
}

static void hostile_values_are_cut_and_defused(void)
{
	CLEANUP(world_close) struct world w;
	CLEANUP(text_free) struct text shown = { 0 };
	const char *items[] = {
		"/bin/\033[31m\nforged: line, and so on until it is far too long to "
		"be shown in one message"
	};

	world_open(&w);
	w.spec.args = (struct spec_strings){ items, 1 };
	eval(&w, "command: x", true, &shown);
	CHECK_STR(shown.data, "0|command: x|0|process.args[0] is '/bin/?[31m?forged: line, and so "
			      "on until it is far too long '...\n");
}

int main(void)
{
	RUN(every_key_is_true_false_or_unknown);
	RUN(what_is_unknown_stays_so);
	RUN(no_runtime_told_is_unknown);
	RUN(a_spent_budget_is_unknown);
	RUN(combinators_follow_kleene);
	RUN(the_rootfs_is_asked_last);
	RUN(explain_gets_a_line_for_every_term);
	RUN(the_branch_that_decides_is_marked);
	RUN(hostile_values_are_cut_and_defused);
	return DONE();
}
