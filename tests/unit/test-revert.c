/* SPDX-License-Identifier: Apache-2.0 */
/* The laws of apply and revert over documents of every shape, made at random from a fixed seed. */
#include <stdio.h>

#include "base/buffer.h"
#include "facts-table.h"
#include "oci/edit.h"
#include "plan/plan.h"
#include "test.h"

#define POLICIES 3

/* One look at a document. */
struct world {
	struct arena *arena;
	struct json doc;
	struct spec spec;
	struct plan plan;
};

static struct hw_policy *policies[POLICIES];

static const struct fact_row rows[] = {
	{ "program /a", YES, "static ELF" },
	{ "program /b", YES, "static ELF" },
	{ "program /c", YES, "static ELF" },
};

static void world_open(struct world *w, const char *text)
{
	struct hw_error err;

	*w = (struct world){ .arena = arena_new() };
	CHECK_INT(json_scan(&w->doc, "config.json", text, strlen(text), &err), 0);
	CHECK_INT(spec_parse(&w->doc, w->arena, &w->spec, &err), 0);
}

static void world_close(struct world *w)
{
	json_free(&w->doc);
	arena_free(w->arena);
}

static char *edited(const struct world *w, const char *text)
{
	struct hw_error err;
	char *ret = NULL;
	size_t len;

	if (w->plan.n_changes == 0)
		return strdup(text);
	CHECK_INT(edit_hooks(&w->doc, w->plan.changes, w->plan.n_changes, &ret, &len, &err), 0);
	return ret;
}

/* @text with the hooks of those @wanted, a bit for each, and with none of the others. */
static char *apply(const char *text, unsigned wanted)
{
	CLEANUP(world_close) struct world w;
	struct fact_table table = { .rows = rows, .n = ARRAY_SIZE(rows), .libc = "glibc" };
	struct fact_source source = table_source(&table);
	const char *requests[POLICIES];
	struct plan_input in = { .doc = &w.doc,
				 .spec = &w.spec,
				 .policies = (const struct hw_policy *const *)policies,
				 .n_policies = POLICIES,
				 .requests = requests,
				 .facts = &source };
	struct hw_error err;

	for (size_t i = 0; i < POLICIES; i++)
		if (wanted & (1U << i))
			requests[in.n_requests++] = policies[i]->name;
	world_open(&w, text);
	CHECK_INT(plan_make(&in, w.arena, &w.plan, &err), 0);
	CHECK(!w.plan.refused);
	return edited(&w, text);
}

static char *revert(const char *text)
{
	CLEANUP(world_close) struct world w;
	struct hw_error err;

	world_open(&w, text);
	CHECK_INT(plan_revert(&w.spec, w.arena, &w.plan, &err), 0);
	return edited(&w, text);
}

/* ---- documents ---- */

static uint32_t seed = 1;

static unsigned pick(unsigned n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 16) % n;
}

static void put_blank(struct text *t)
{
	static const char *const blanks[] = { "",	"",	    "",	    " ",      "\n", "\n  ",
					      "\n\t\t", "\r\n    ", "\n\n", "      ", "\t" };

	text_puts(t, blanks[pick(ARRAY_SIZE(blanks))]);
}

static void put_word(struct text *t, const char *word)
{
	put_blank(t);
	text_puts(t, word);
	put_blank(t);
}

static void put_list(struct text *t)
{
	static const char *const others[] = {
		"{\"path\":\"/f\"}", "{ \"path\" : \"/g\",\n \"env\":[ ]}",
		"{\"path\":\"/h\",\"args\":[\"h\",\"_HOOKWRIGHT\"]}"
	};
	const unsigned n = pick(4);

	put_word(t, "[");
	for (unsigned i = 0; i < n && n < 3; i++) {
		put_word(t, i ? "," : "");
		put_word(t, others[pick(ARRAY_SIZE(others))]);
	}
	put_word(t, "]");
}

static void put_hooks(struct text *t)
{
	static const char *const keys[] = { "\"startContainer\"", "\"poststop\"", "\"prestart\"",
					    "\"start\\u0043ontainer\"", "\"other\"" };
	bool start = false, some = false;

	put_word(t, "{");
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const bool is_start = i == 0 || i == 3;

		if (pick(2) || (is_start && start))
			continue;
		start = start || is_start;
		put_word(t, some ? "," : "");
		put_word(t, keys[i]);
		put_word(t, ":");
		some = true;
		if (pick(4))
			put_list(t);
		else
			text_puts(t, "null");
	}
	put_word(t, "}");
}

static void put_member(struct text *t, unsigned which)
{
	static const char *const plain[] = { "\"process\":{}", "\"root\" : {\"path\":\"r\"}",
					     "\"big\":18446744073709551615" };

	if (which < ARRAY_SIZE(plain)) {
		put_word(t, plain[which]);
		return;
	}
	put_word(t, pick(5) ? "\"hooks\"" : "\"h\\u006foks\"");
	put_word(t, ":");
	if (pick(5))
		put_hooks(t);
	else
		put_word(t, "null");
}

/* Members in any order; hooks is absent from one in four. */
static char *make_document(void)
{
	unsigned order[] = { 0, 1, 2, 3 };
	struct text t = { 0 };
	char *ret = NULL;
	bool some = false;

	for (unsigned i = 3; i > 0; i--) {
		const unsigned j = pick(i + 1), was = order[i];

		order[i] = order[j];
		order[j] = was;
	}
	put_word(&t, "{");
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		if (order[i] == 3 && pick(4) == 0)
			continue;
		put_word(&t, some ? "," : "");
		put_member(&t, order[i]);
		some = true;
	}
	put_word(&t, "}");
	CHECK_INT(text_take(&t, &ret), 0);
	return ret;
}

/* ---- the laws ---- */

static void check_same(const char *law, const char *document, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		FAIL("%s, of\n%s\n# is\n%s\n# want\n%s", law, document, got, want);
}

/* Whatever is wanted and no longer wanted on the way, revert ends where it began. */
static void walk(const char *document)
{
	auto_free char *text = strdup(document);

	for (unsigned steps = 1 + pick(4); steps > 0; steps--) {
		const unsigned wanted = pick(1U << POLICIES);
		auto_free char *applied = apply(text, wanted), *again = apply(applied, wanted),
			       *back = revert(applied);

		check_same("apply twice", document, again, applied);
		check_same("apply and revert", document, back, document);
		if (wanted == 0)
			check_same("apply what nobody wants", document, applied, document);
		free(text);
		text = TAKE(applied);
	}
}

static void any_document_comes_back(void)
{
	for (size_t i = 0; i < 20000; i++) {
		auto_free char *document = make_document();

		walk(document);
	}
}

/* What an earlier version wrote says nothing, and goes as it did. */
static void entries_without_a_memory_are_understood(void)
{
#define START "{\"process\":{},\"root\":{\"path\":\"r\"}"
#define ENTRY "{\"path\":\"/a\",\"args\":[\"/a\"],\"env\":[\"_HOOKWRIGHT_POLICY=a\",\"" REST
#define REST  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"]}"
	const char *const text = START ",\"hooks\":{\"startContainer\":[" ENTRY "]}}";
	auto_free char *back = revert(text), *same = apply(text, 1);

	CHECK_STR(back, START "}");
	CHECK_STR(same, text);
}

int main(void)
{
	static const char *const texts[POLICIES][2] = {
		{ "a", "version: 1\nactivation: requested\nhook: { path: /a }\n" },
		{ "b",
		  "version: 1\nactivation: requested\norder: 1\nhook: { path: /b, env: { X: y } "
		  "}\n" },
		{ "c", "version: 1\nactivation: requested\nhook: { path: /c, timeout: 9 }\n" },
	};
	struct hw_error err;

	for (size_t i = 0; i < POLICIES; i++)
		CHECK_INT(policy_parse(texts[i][0], texts[i][0], texts[i][1], strlen(texts[i][1]),
				       &policies[i], &err),
			  0);
	RUN(any_document_comes_back);
	RUN(entries_without_a_memory_are_understood);
	for (size_t i = 0; i < POLICIES; i++)
		policy_free(policies[i]);
	return DONE();
}
