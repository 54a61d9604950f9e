/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the decision, on texts and tables of facts. */
#include <stdio.h>

#include "base/buffer.h"
#include "facts-table.h"
#include "plan/plan.h"
#include "test.h"

#define POLICIES 4

/* A bundle's text, policies as text, a table of facts: the plan needs no more. */
struct world {
	struct arena *arena;
	struct json doc;
	struct spec spec;
	struct fact_table table;
	struct fact_source source;
	struct hw_policy *policies[POLICIES];
	size_t n_policies;
	struct plan plan;
	struct hw_error err;
	struct plan_input in;
};

static void world_close(struct world *w)
{
	for (size_t i = 0; i < w->n_policies; i++)
		policy_free(w->policies[i]);
	json_free(&w->doc);
	arena_free(w->arena);
}

#define CONFIG(annotations, stage)                                               \
	"{\"process\":{\"args\":[\"/bin/app\"],\"user\":{\"uid\":1000},"         \
	"\"env\":[\"LANG=x\",\"LANG=C\",\"EVIL=1\"]},\"root\":{\"path\":\"r\"}," \
	"\"annotations\":{" annotations "},\"hooks\":{\"startContainer\":[" stage "]}}"

#define MEMBERS(name, path)                                                                 \
	"\"path\":\"" path "\",\"args\":[\"" path "\"],\"env\":[\"_HOOKWRIGHT_POLICY=" name \
	"\",\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"]"
#define OURS(name, path) "{" MEMBERS(name, path) "}"
#define FOREIGN		 "{\"path\":\"/bin/foreign\"}"

static const struct fact_row rows[] = {
	{ "program /a", YES, "static ELF" },
	{ "program /b", YES, "static ELF" },
	{ "program /c", YES, "static ELF" },
	{ "program /sbin/ldconfig", YES, "static ELF" },
	{ "program /broken", NO, "interpreter /bin/sh of /broken does not exist" },
	{ "program /dark", UNKNOWN, "it lies on an overlay" },
};

static void world_open(struct world *w, const char *config)
{
	*w = (struct world){ .arena = arena_new(),
			     .table = { .rows = rows, .n = ARRAY_SIZE(rows), .libc = "glibc" } };
	CHECK_INT(json_scan(&w->doc, "config.json", config, strlen(config), &w->err), 0);
	CHECK_INT(spec_parse(&w->doc, w->arena, &w->spec, &w->err), 0);
}

static void add_policy(struct world *w, const char *name, const char *text)
{
	char path[64], complaint[1200];

	snprintf(path, sizeof(path), "%s.yaml", name);
	if (policy_parse(arena_strdup(w->arena, path), name, text, strlen(text),
			 &w->policies[w->n_policies++], &w->err) == 0)
		return;
	hw_error_format(&w->err, complaint, sizeof(complaint));
	FAIL("%s", complaint);
}

static int plan(struct world *w)
{
	w->source = table_source(&w->table);
	w->in.doc = &w->doc;
	w->in.spec = &w->spec;
	w->in.policies = (const struct hw_policy *const *)w->policies;
	w->in.n_policies = w->n_policies;
	w->in.facts = &w->source;
	return plan_make(&w->in, w->arena, &w->plan, &w->err);
}

static const char *complaint_of(struct world *w)
{
	char text[1200];

	hw_error_format(&w->err, text, sizeof(text));
	return arena_strdup(w->arena, text);
}

/* "finding | finding" and "R0:a X1 +b": what is reported and done, in one line each. */
static const char *told(struct world *w)
{
	char out[2048] = "";

	for (size_t i = 0; i < w->plan.n_findings; i++) {
		const struct finding *f = &w->plan.findings[i];
		size_t len = strlen(out);

		snprintf(out + len, sizeof(out) - len, "%s%s:%u:%u: %s%s%s", i ? " | " : "",
			 f->at.path ? f->at.path : "", f->at.line, f->at.column, f->message,
			 f->hint ? " -- " : "", f->hint ? f->hint : "");
	}
	return arena_strdup(w->arena, out);
}

static const char *done(struct world *w)
{
	char out[512] = "";

	for (size_t i = 0; i < w->plan.n_changes; i++) {
		const struct change *c = &w->plan.changes[i];
		size_t len = strlen(out), nth = 0;

		for (size_t j = 0; j < w->spec.n_start_hooks; j++)
			if (w->spec.start_hooks[j].token == c->element)
				nth = j;
		if (c->kind == CHANGE_APPEND)
			snprintf(out + len, sizeof(out) - len, "%s+%s", i ? " " : "",
				 c->hook->path);
		else if (c->kind == CHANGE_REPLACE)
			snprintf(out + len, sizeof(out) - len, "%sR%zu:%s", i ? " " : "", nth,
				 c->hook->path);
		else
			snprintf(out + len, sizeof(out) - len, "%sX%zu", i ? " " : "", nth);
	}
	return arena_strdup(w->arena, out);
}

#define POLICY(path)	 "version: 1\nhook:\n  path: " path "\n"
#define ON_REQUEST(path) "version: 1\nactivation: requested\nhook:\n  path: " path "\n"
#define OTHERWISE(word, section, path) \
	"version: 1\notherwise: " word "\n" section "\n" POLICY_REST(path)
#define POLICY_REST(path) "hook:\n  path: " path "\n"

static void a_hook_is_written_out_in_full(void)
{
	CLEANUP(world_close) struct world w;
	const struct hook *hook;

	world_open(&w, CONFIG("", ""));
	add_policy(&w, "a",
		   "version: 1\nhook:\n  path: [/x, /a]\n  args: [a, -v]\n  env: {B: \"2\", A: "
		   "\"1\"}\n"
		   "  inheritEnv: [LANG, NOT_SET]\n  timeout: 7\n");
	CHECK_INT(plan(&w), 0);
	CHECK_STR(done(&w), "+/a");
	CHECK_STR(told(&w), "");
	hook = w.plan.decisions[0].hook;
	CHECK_INT(hook->n_args, 2);
	CHECK_STR(hook->args[0], "a");
	CHECK_INT(hook->n_env, 5);
	CHECK_STR(hook->env[0], "_HOOKWRIGHT_POLICY=a");
	CHECK_STR(hook->env[1],
		  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	CHECK_STR(hook->env[2], "B=2");
	CHECK_STR(hook->env[3], "A=1");
	CHECK_STR(hook->env[4], "LANG=C");
	CHECK_INT(hook->timeout, 7);
	CHECK_INT(w.plan.decisions[0].action, ACTION_ADDED);
	CHECK_STR(w.table.last_env[4], "LANG=C");
}

/* Twice in one environment is two values: runc takes the last, crun hands both on. */
static void an_inherited_path_is_the_only_one(void)
{
	CLEANUP(world_close) struct world w;
	const char *own[] = { "PATH=/own" };

	world_open(&w, CONFIG("", ""));
	add_policy(&w, "a", "version: 1\nhook: {path: /a, inheritEnv: [PATH]}\n");
	CHECK_INT(plan(&w), 0);
	CHECK_INT(w.plan.decisions[0].hook->n_env, 2);
	CHECK(starts_with(w.plan.decisions[0].hook->env[1], "PATH=/usr/local/sbin"));
	w.spec.env = (struct spec_strings){ own, 1 };
	CHECK_INT(plan(&w), 0);
	CHECK_INT(w.plan.decisions[0].hook->n_env, 2);
	CHECK_STR(w.plan.decisions[0].hook->env[1], "PATH=/own");
}

static void crun_gets_no_timeout_but_a_warning(void)
{
	CLEANUP(world_close) struct world w;

	world_open(&w, CONFIG("", ""));
	add_policy(&w, "a", "version: 1\nhook:\n  path: /a\n  timeout: 7\n");
	w.in.runtime = "crun";
	CHECK_INT(plan(&w), 0);
	CHECK_INT(w.plan.changes[0].hook->timeout, 0);
	CHECK_STR(told(&w),
		  "a.yaml:0:0: 'a': the timeout is omitted, because crun would start the "
		  "container's program with SIGCHLD blocked -- limit the hook's time inside the "
		  "program itself");
}

static void requests_activate(void)
{
	static const char *const request[] = { "a" };
	CLEANUP(world_close) struct world w;

	world_open(&w, CONFIG("\"io.hookwright.policies\":\" b ,, c\"", ""));
	add_policy(&w, "a", ON_REQUEST("/a"));
	add_policy(&w, "b", ON_REQUEST("/b"));
	add_policy(&w, "c", ON_REQUEST("/c"));
	add_policy(&w, "d", ON_REQUEST("/broken"));
	CHECK_INT(plan(&w), 0);
	CHECK_STR(done(&w), "+/b +/c");
	CHECK_INT(w.plan.decisions[3].outcome, OUTCOME_NOT_REQUESTED);
	w.in.requests = request;
	w.in.n_requests = 1;
	CHECK_INT(plan(&w), 0);
	CHECK_STR(done(&w), "+/a +/b +/c");
	w.policies[3]->by_file = true;
	CHECK_INT(plan(&w), 0);
	CHECK(w.plan.refused);
	CHECK_STR(done(&w), "");
}

static void names_are_separated_by_commas_or_blanks(void)
{
	static const char *const configs[] = {
		CONFIG("\"io.hookwright.policies\":\"b,c\"", ""),
		CONFIG("\"io.hookwright.policies\":\"b c\"", ""),
		CONFIG("\"io.hookwright.policies\":\"c\\tb,\"", ""),
		CONFIG("\"io.hookwright.policies\":\" c , b \"", ""),
	};

	for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++) {
		CLEANUP(world_close) struct world w;

		world_open(&w, configs[i]);
		add_policy(&w, "b", ON_REQUEST("/b"));
		add_policy(&w, "bc", ON_REQUEST("/broken"));
		add_policy(&w, "c", ON_REQUEST("/c"));
		CHECK_INT(plan(&w), 0);
		CHECK_STR(done(&w), "+/b +/c");
	}
}

static void an_unknown_request_is_an_error(void)
{
	static const char *const request[] = { "ldconfig-on-strat" };
	CLEANUP(world_close) struct world w;

	world_open(&w, CONFIG("\"io.hookwright.policies\":\"gone\"", ""));
	add_policy(&w, "ldconfig-on-start", ON_REQUEST("/a"));
	CHECK_INT(plan(&w), 0);
	CHECK(w.plan.refused && w.plan.findings[0].unknown_request);
	CHECK_STR(told(&w), "config.json:1:149: policy 'gone' was requested by annotation "
			    "io.hookwright.policies, but does not exist -- 'hookwright policy "
			    "list' lists the loaded policies");
	w.in.requests = request;
	w.in.n_requests = 1;
	CHECK_INT(plan(&w), -EINVAL);
	CHECK_STR(complaint_of(&w), "policy 'ldconfig-on-strat' was requested, but does not exist\n"
				    "  hint: did you mean 'ldconfig-on-start'?");
	CHECK(w.err.by_admin);
}

/* The container's request, and whether policy "always" (fail) is decided all the same. */
static void an_annotation_switches_nothing_off(void)
{
	static const char *const configs[] = {
		CONFIG("\"io.hookwright.policies\":\"gone\"", ""),
		CONFIG("\"io.hookwright.policies\":\"gone,gone,a-policy\"", ""),
		CONFIG("\"io.hookwright.policies\":\"a-policy\"", ""),
		CONFIG("\"io.hookwright.policies\":\"\"", ""),
		CONFIG("\"IO.hookwright.policies\":\"gone\"", ""),
		CONFIG("\"io.kubernetes.cri.container-type\":\"sandbox\"", ""),
		CONFIG("", "{\"path\":\"/x\",\"env\":[\"_HOOKWRIGHT_POLICY=always\"]}"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(configs); i++)
		for (int deaf = 0; deaf < 2; deaf++) {
			CLEANUP(world_close) struct world w;

			world_open(&w, configs[i]);
			add_policy(&w, "a-policy", ON_REQUEST("/a"));
			add_policy(&w, "always", OTHERWISE("fail", "needs: {uid: 0}", "/a"));
			w.in.deaf = deaf;
			CHECK_INT(plan(&w), 0);
			CHECK(w.plan.refused && w.plan.n_changes == 0);
			CHECK_INT(w.plan.decisions[1].outcome, OUTCOME_REFUSED);
			CHECK_INT(w.plan.decisions[0].activation,
				  (i == 1 || i == 2) && !deaf ? BY_ANNOTATION : NOT_ACTIVATED);
		}
}

static void an_annotation_that_is_not_heeded_is_told(void)
{
	CLEANUP(world_close) struct world w;

	world_open(&w, CONFIG("\"io.hookwright.policies\":\"a-policy,gone\"", ""));
	add_policy(&w, "a-policy", ON_REQUEST("/a"));
	w.in.deaf = true;
	CHECK_INT(plan(&w), 0);
	CHECK_STR(told(&w),
		  "config.json:1:149: annotation io.hookwright.policies is ignored: 'annotations' "
		  "in the configuration does not contain 'policies' -- request "
		  "policies with --request, or add 'policies' to 'annotations'");
	CHECK(!w.plan.refused);
	CHECK_STR(done(&w), "");
}

static void few_unknown_requests_are_told(void)
{
	CLEANUP(world_close) struct world w;

	world_open(&w, CONFIG("\"io.hookwright.policies\":\"a b c d e f g h i j k\"", ""));
	CHECK_INT(plan(&w), 0);
	CHECK_INT(w.plan.n_findings, 8);
}

#define USER \
	" -- run the container as that user, or do the work of the hook when the image is built"

/* One row a way in which a policy does not come to its hook. */
static const struct {
	const char *policy;
	bool refused;
	const char *told;
} unmet[] = {
	{ OTHERWISE("fail", "needs: {uid: 0}", "/a"), true,
	  "p.yaml:3:9: refused: policy 'p' needs 'uid: 0', but process.user.uid is 1000" USER },
	{ OTHERWISE("warn", "needs: {uid: 0}", "/a"), false,
	  "p.yaml:3:9: hook of 'p' left out: it needs 'uid: 0', but process.user.uid is "
	  "1000" USER },
	{ OTHERWISE("ignore", "needs: {uid: 0}", "/a"), false, "" },
	{ OTHERWISE("warn", "needs: {arch: amd64}", "/a"), false,
	  "p.yaml:3:9: hook of 'p' left out: it needs 'arch: amd64', which is unknown: nobody "
	  "knows" },
	{ OTHERWISE("warn", "needs: {none: [{libc: glibc}]}", "/a"), false,
	  "p.yaml:3:9: hook of 'p' left out: it needs 'none: [{libc: glibc}]', but 1 of 1 holds: "
	  "the table says so" },
	{ OTHERWISE("warn", "needs: {any: [{uid: 7, gid: 7}, {gid: 8}]}", "/a"), false,
	  "p.yaml:3:9: hook of 'p' left out: it needs 'any: [{uid: 7, gid: 7}, {gid: 8}]', but 0 "
	  "of "
	  "2 hold: process.user.uid is 1000" },
	{ OTHERWISE("warn", "needs: {all: [{libc: musl}]}", "/a"), false,
	  "p.yaml:3:16: hook of 'p' left out: it needs 'libc: musl', but the table says so" },
	{ OTHERWISE("fail", "", "/broken"), true,
	  "p.yaml:0:0: refused: policy 'p' cannot use /broken: interpreter /bin/sh of /broken does "
	  "not exist" },
	{ OTHERWISE("warn", "", "[/x, /broken]"), false,
	  "p.yaml:0:0: hook of 'p' left out: it cannot use /broken: interpreter /bin/sh of /broken "
	  "does not exist" },
	{ OTHERWISE("warn", "", "[/x, /y]"), false,
	  "p.yaml:0:0: hook of 'p' left out: it finds none of its programs in the container: /x, /y" },
	{ OTHERWISE("warn", "", "/x"), false,
	  "p.yaml:0:0: hook of 'p' left out: it cannot use /x: it is not there" },
	{ OTHERWISE("fail", "", "/dark"), true,
	  "p.yaml:0:0: refused: policy 'p' cannot be sure of /dark: it lies on an overlay" },
	{ OTHERWISE("fail", "when: {libc: musl}", "/a"), false, "" },
	{ OTHERWISE("fail", "when: {arch: amd64}", "/a"), true,
	  "p.yaml:3:8: refused: policy 'p' is for containers with 'arch: amd64', which is unknown: "
	  "nobody knows" },
	{ OTHERWISE("warn", "when: {libc: musl}\nactivation: requested", "/a"), false,
	  "p.yaml:3:8: hook of 'p' left out: it is for containers with 'libc: musl', but the table "
	  "says so" },
};

static void otherwise_decides_and_says_why(void)
{
	static const char *const request[] = { "p" };

	for (size_t i = 0; i < ARRAY_SIZE(unmet); i++) {
		CLEANUP(world_close) struct world w;

		world_open(&w, CONFIG("", ""));
		add_policy(&w, "p", unmet[i].policy);
		w.in.requests = request;
		w.in.n_requests = w.policies[0]->requested;
		CHECK_INT(plan(&w), 0);
		CHECK_STR(told(&w), unmet[i].told);
		CHECK_STR(done(&w), "");
		CHECK_INT(w.plan.refused, unmet[i].refused);
		w.in.everything = true;
		CHECK_INT(plan(&w), 0);
		CHECK_STR(told(&w), unmet[i].told);
	}
}

/* One row a policy under a runtime that runs no startContainer hooks. */
static const struct {
	const char *policy;
	bool refused;
	const char *told;
} hookless[] = {
#define NEVER                                                                                    \
	"cannot work: the runtime runsc never runs startContainer hooks -- use another runtime " \
	"for "                                                                                   \
	"this container, or do the work in the image"
	{ OTHERWISE("fail", "", "/a"), true, "p.yaml:0:0: refused: policy 'p' " NEVER },
	{ OTHERWISE("fail", "needs: {uid: 7}", "/x"), true,
	  "p.yaml:0:0: refused: policy 'p' " NEVER },
	{ OTHERWISE("warn", "", "/a"), false, "p.yaml:0:0: hook of 'p' left out: it " NEVER },
	{ OTHERWISE("ignore", "", "/a"), false, "" },
	{ OTHERWISE("fail", "when: {runtime: runc}", "/a"), false, "" },
};

static void a_runtime_without_start_hooks_is_an_unmet_need(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(hookless); i++) {
		CLEANUP(world_close) struct world w;

		world_open(&w, CONFIG("", OURS("p", "/a")));
		add_policy(&w, "p", hookless[i].policy);
		w.in.runtime = w.in.hookless = "runsc";
		CHECK_INT(plan(&w), 0);
		CHECK_STR(told(&w), hookless[i].told);
		CHECK_STR(done(&w), hookless[i].refused ? "" : "X0");
		CHECK_INT(w.plan.refused, hookless[i].refused);
		w.in.everything = true;
		CHECK_INT(plan(&w), 0);
		CHECK_STR(told(&w), hookless[i].told);
	}
}

/* The stage as it is, which of the policies a, b, c want their hook, and what is to be done. */
static const struct {
	const char *config;
	const char *wanted;
	bool prune;
	const char *done, *told;
} stages[] = {
	{ CONFIG("", ""), "ab", false, "+/a +/b", "" },
	{ CONFIG("", OURS("a", "/a")), "a", false, "", "" },
	{ CONFIG("", OURS("a", "/a")), "ab", false, "+/b", "" },
	{ CONFIG("", OURS("b", "/b")), "ab", false, "R0:/a +/b", "" },
	{ CONFIG("", OURS("a", "/old")), "a", false, "R0:/a", "" },
	{ CONFIG("", OURS("a", "/a") "," OURS("a", "/a")), "a", false, "X1", "" },
	/* No timeout, and one that runc takes for "at once" */
	{ CONFIG("", "{\"timeout\":0," MEMBERS("a", "/a") "}"), "a", false, "R0:/a", "" },
	{ CONFIG("", OURS("a", "/a")), "", false, "X0", "" },
	{ CONFIG("", FOREIGN "," OURS("b", "/b") "," FOREIGN "," OURS("a", "/a")), "ab", false,
	  "R1:/a R3:/b", "" },
	{ CONFIG("", FOREIGN "," OURS("a", "/a") "," FOREIGN), "a", false, "", "" },
	{ CONFIG("", OURS("z", "/a") "," OURS("a", "/a")), "a", false, "",
	  "config.json:1:153: hook of 'z' is kept: its policy is not loaded -- name its policy with --policy, or remove the hook with 'hookwright apply --prune'" },
	{ CONFIG("", "null"), "a", false, "+/a",
	  "config.json:1:153: this startContainer hook does not have a path: runtimes do not start "
	  "the container's program -- remove the entry, or give it a path" },
	{ CONFIG("", OURS("z", "/a") "," OURS("a", "/a")), "a", true, "R0:/a X1", "" },
	{ CONFIG("", OURS("z", "/a")), "", true, "X0", "" },
	{ CONFIG("",
		 "{\"path\":\"/a\",\"args\":[\"/a\"],\"env\":[\"X=1\",\"_HOOKWRIGHT_POLICY=a\"]}"),
	  "", true, "", "" },
};

static void applying_converges(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(stages); i++) {
		CLEANUP(world_close) struct world w;

		world_open(&w, stages[i].config);
		for (char name = 'a'; name <= 'c'; name++) {
			char policy[64];

			snprintf(policy, sizeof(policy), "version: 1\nhook: {path: /%c}\n%s", name,
				 strchr(stages[i].wanted, name) ? "" : "activation: requested\n");
			add_policy(&w, (char[]){ name, '\0' }, policy);
		}
		w.in.prune = stages[i].prune;
		CHECK_INT(plan(&w), 0);
		CHECK_STR(done(&w), stages[i].done);
		CHECK_STR(told(&w), stages[i].told);
	}
}

static void libraries_may_appear_after_ldconfig(void)
{
	CLEANUP(world_close) struct world w;

	world_open(&w, CONFIG("", ""));
	add_policy(&w, "a", POLICY("/a"));
	add_policy(&w, "b", POLICY("/sbin/ldconfig"));
	CHECK_INT(plan(&w), 0);
	CHECK(!w.table.after_ldconfig);
	add_policy(&w, "c", POLICY("/c"));
	CHECK_INT(plan(&w), 0);
	CHECK(w.table.after_ldconfig);
}

static void a_policy_that_is_not_active_asks_nothing(void)
{
	CLEANUP(world_close) struct world w;

	world_open(&w, CONFIG("", ""));
	add_policy(&w, "a", ON_REQUEST("/a"));
	add_policy(&w, "b",
		   "version: 1\nwhen: {libc: glibc, annotations: {x: y}}\nhook: {path: /a}\n");
	CHECK_INT(plan(&w), 0);
	CHECK_INT(w.table.asked, 0);
	w.in.everything = true;
	CHECK_INT(plan(&w), 0);
	CHECK(w.table.asked > 0);
	CHECK_STR(w.plan.decisions[1].why, "'annotations: {x: y}' does not hold: the annotation "
					   "does not exist");
}

#define WEAPON "\"run.oci.hooks.stdout\":\"/etc/x\""
#define WEAPON_FOR                                                                                \
	"annotation run.oci.hooks.stdout: it names a file of the host to which crun appends the " \
	"output of hooks"
#define WEAPON_HINT \
	" -- remove the annotation, or name it by 'allowedAnnotations' in the configuration"

/* Whatever 'otherwise' says: an annotation must not leave a policy out. */
static void no_hook_is_written_beside_a_weapon(void)
{
	static const char *const words[] = { "fail", "warn", "ignore" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		CLEANUP(world_close) struct world w;
		char text[128];

		world_open(&w, CONFIG(WEAPON, ""));
		snprintf(text, sizeof(text), "version: 1\notherwise: %s\nhook: {path: /a}\n",
			 words[i]);
		add_policy(&w, "a", text);
		CHECK_INT(plan(&w), 0);
		CHECK(w.plan.refused);
		CHECK_INT(w.plan.n_changes, 0);
		CHECK_INT(w.plan.decisions[0].outcome, OUTCOME_REFUSED);
		CHECK_STR(
			told(&w),
			"a.yaml:0:0: refused: policy 'a' cannot add its hook together with " WEAPON_FOR
				WEAPON_HINT);
	}
}

static void a_weapon_is_one_for_whom_it_works(void)
{
	static const struct {
		const char *runtime;
		enum runtime_kind obeys;
		bool refused;
	} cases[] = {
		{ NULL, RUNTIME_NOT_TOLD, true },    { "crun", RUNTIME_NOT_TOLD, true },
		{ "youki", RUNTIME_NOT_TOLD, true }, { "runc", RUNTIME_NOT_TOLD, false },
		{ "runc", RUNTIME_CRUN, true },	     { "crun", RUNTIME_CRUN, true },
		{ "oci", RUNTIME_RUNC, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		CLEANUP(world_close) struct world w;

		world_open(&w, CONFIG(WEAPON, ""));
		add_policy(&w, "a", POLICY("/a"));
		w.in.runtime = cases[i].runtime;
		w.in.obeys = (struct runtime){ .kind = cases[i].obeys };
		CHECK_INT(plan(&w), 0);
		CHECK_INT(w.plan.refused, cases[i].refused);
	}
}

static void a_weapon_concerns_hooks_of_ours_only(void)
{
	static const char *const allowed[] = { "run.oci.hooks.stdout" };
	CLEANUP(world_close) struct world w, there, orphan;

	/* None is wanted: nobody asked, it cannot run, it goes, or the administrator allows it. */
	world_open(&w, CONFIG(WEAPON, FOREIGN "," OURS("b", "/b")));
	add_policy(&w, "a", ON_REQUEST("/a"));
	add_policy(&w, "b", ON_REQUEST("/b"));
	add_policy(&w, "c", OTHERWISE("warn", "", "/broken"));
	CHECK_INT(plan(&w), 0);
	CHECK(!w.plan.refused);
	CHECK_STR(done(&w), "X1");
	add_policy(&w, "d", POLICY("/c"));
	w.in.allowed = (struct unsafe_allowed){ allowed, 1 };
	CHECK_INT(plan(&w), 0);
	CHECK(!w.plan.refused);

	/* It is there already, from before the annotation. */
	world_open(&there, CONFIG(WEAPON, OURS("a", "/a")));
	add_policy(&there, "a", POLICY("/a"));
	CHECK_INT(plan(&there), 0);
	CHECK(there.plan.refused);

	/* The same, and its policy is not loaded; 'apply --prune' removes it. */
	world_open(&orphan, CONFIG(WEAPON, OURS("gone", "/a")));
	CHECK_INT(plan(&orphan), 0);
	CHECK(orphan.plan.refused);
	CHECK_STR(
		told(&orphan),
		"config.json:1:147: refused: the hook of 'gone' is in config.json together with " WEAPON_FOR
			WEAPON_HINT);
	orphan.in.prune = true;
	CHECK_INT(plan(&orphan), 0);
	CHECK(!orphan.plan.refused);
	CHECK_STR(done(&orphan), "X0");
}

static void revert_removes_ours_and_nothing_else(void)
{
	CLEANUP(world_close) struct world w;

	world_open(&w, CONFIG("", OURS("z", "/a") "," FOREIGN "," OURS("a", "/a")));
	CHECK_INT(plan_revert(&w.spec, w.arena, &w.plan, NULL), 0);
	CHECK_STR(done(&w), "X0 X2");
	CHECK_INT(w.plan.n_dropped, 2);
	CHECK_STR(w.plan.dropped[0], "z");
}

/* N times @entry, as a stage. */
static const char *many(struct world *w, const char *entry, size_t n)
{
	struct text text = { 0 };
	const char *config;

	text_puts(&text, "{\"process\":{\"args\":[\"/bin/app\"]},\"root\":{\"path\":\"r\"},"
			 "\"hooks\":{\"startContainer\":[");
	for (size_t i = 0; i < n; i++)
		text_printf(&text, "%s%s", i ? "," : "", entry);
	text_puts(&text, "]}}");
	CHECK(!text.failed);
	w->arena = arena_new();
	config = arena_strdup(w->arena, text.data);
	text_free(&text);
	return config;
}

/*
 * A finding that a container can cause thousands of times is reported 20 times; the rest is a
 * number.
 */
static void findings_of_a_kind_are_cut(void)
{
	static const struct {
		const char *entry;
		size_t n, told;
		const char *last;
	} cases[] = {
		{ "{}", 20, 20,
		  "this startContainer hook does not have a path: runtimes do not start the container's program" },
		{ "{}", 21, 21, "... and 1 more startContainer hooks without a path" },
		{ "{}", 5000, 21, "... and 4980 more startContainer hooks without a path" },
		{ OURS("gone", "/a"), 20, 20, "hook of 'gone' is kept: its policy is not loaded" },
		{ OURS("gone", "/a"), 300, 21,
		  "... and 280 more hooks of policies that are not loaded" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct world texts, w;
		const struct finding *last;

		world_open(&w, many(&texts, cases[i].entry, cases[i].n));
		CHECK_INT(plan(&w), 0);
		CHECK_INT(w.plan.n_findings, cases[i].told);
		last = &w.plan.findings[w.plan.n_findings - 1];
		CHECK_STR(last->message, cases[i].last);
		CHECK_INT(last->omitted, cases[i].n > 20 ? cases[i].n - 20 : 0);
		CHECK_INT(last->severity, SEVERITY_WARNING);
		CHECK_STR(last->at.path, "config.json");
		world_close(&w);
		arena_free(texts.arena);
	}
}

/* The same policy's entry, many times over: one stays, the others go. */
static void a_policy_is_found_by_its_name_each_time(void)
{
	struct world texts, w;
	const char *config = many(&texts, OURS("b", "/a"), 2000);

	world_open(&w, config);
	add_policy(&w, "c", "version: 1\nhook: { path: /c }\n");
	add_policy(&w, "b", "version: 1\nhook: { path: /a }\n");
	CHECK_INT(plan(&w), 0);
	CHECK_INT(w.plan.decisions[0].action, ACTION_ADDED);
	CHECK_INT(w.plan.decisions[1].action, ACTION_KEPT);
	CHECK_INT(w.plan.n_changes, 1999); /* one is replaced, one stays */
	world_close(&w);
	arena_free(texts.arena);
}

int main(void)
{
	RUN(a_hook_is_written_out_in_full);
	RUN(an_inherited_path_is_the_only_one);
	RUN(crun_gets_no_timeout_but_a_warning);
	RUN(requests_activate);
	RUN(names_are_separated_by_commas_or_blanks);
	RUN(an_unknown_request_is_an_error);
	RUN(an_annotation_switches_nothing_off);
	RUN(an_annotation_that_is_not_heeded_is_told);
	RUN(few_unknown_requests_are_told);
	RUN(a_runtime_without_start_hooks_is_an_unmet_need);
	RUN(otherwise_decides_and_says_why);
	RUN(applying_converges);
	RUN(libraries_may_appear_after_ldconfig);
	RUN(a_policy_that_is_not_active_asks_nothing);
	RUN(no_hook_is_written_beside_a_weapon);
	RUN(a_weapon_is_one_for_whom_it_works);
	RUN(a_weapon_concerns_hooks_of_ours_only);
	RUN(revert_removes_ours_and_nothing_else);
	RUN(findings_of_a_kind_are_cut);
	RUN(a_policy_is_found_by_its_name_each_time);
	return DONE();
}
