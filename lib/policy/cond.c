/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluates the conditions of a policy ('when' and 'needs') and words the result of each. */
#include <stdio.h>

#include "base/buffer.h"
#include "base/list.h"
#include "base/words.h"
#include "policy/cond.h"

#define VALUE_SHOWN 60 /* bytes of a hostile value that a message repeats */

/* The result of one item of a term. */
struct answer {
	enum truth value;
	const char *fact;
};

typedef int eval_fn(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		    struct answer *ret, struct hw_error *err);

static enum truth kleene_not(enum truth v)
{
	return v == UNKNOWN ? UNKNOWN : v == YES ? NO : YES;
}

static enum truth truth_of(bool holds)
{
	return holds ? YES : NO;
}

static enum truth kleene_and(enum truth a, enum truth b)
{
	if (a == NO || b == NO)
		return NO;
	return a == UNKNOWN || b == UNKNOWN ? UNKNOWN : YES;
}

static enum truth kleene_or(enum truth a, enum truth b)
{
	return kleene_not(kleene_and(kleene_not(a), kleene_not(b)));
}

#define ANSWER(ctx, err, ret, v, ...)                                  \
	__extension__({                                                \
		(ret)->value = (v);                                    \
		(ret)->fact = arena_printf((ctx)->arena, __VA_ARGS__); \
		(ret)->fact ? 0 : error_oom(err);                      \
	})

/* ---- terms on the document ---- */

static int match(const struct cond_context *ctx, const struct cond_pattern *p, const char *value,
		 enum truth *ret, struct hw_error *err)
{
	CLEANUP(re2_freep) struct re2 *re = NULL;
	int r = re2_new(p->source, RE2_WHOLE, NOWHERE, &re, err);

	if (r < 0)
		return r;
	return re2_match(re, value, ctx->budget, ret) < 0 ? error_oom(err) : 0;
}

/* A value too long to be matched, or beyond the budget. */
static int unmatched(const struct cond_context *ctx, const char *what, const char *value,
		     struct answer *ret, struct hw_error *err)
{
	const char *spent = budget_reason(ctx->budget);

	if (spent && strlen(value) <= RE2_VALUE_MAX)
		return ANSWER(ctx, err, ret, UNKNOWN, "%s", spent);
	return ANSWER(ctx, err, ret, UNKNOWN, "%s is longer than %d bytes", what, RE2_VALUE_MAX);
}

static int matched(const struct cond_context *ctx, const struct cond_pattern *p, const char *what,
		   const char *value, struct answer *ret, struct hw_error *err)
{
	enum truth v;
	int r = match(ctx, p, value, &v, err);

	if (r < 0)
		return r;
	if (v == UNKNOWN)
		return unmatched(ctx, what, value, ret, err);
	return ANSWER(ctx, err, ret, v, "%s is '%.*s'%s", what, VALUE_SHOWN, value,
		      strlen(value) > VALUE_SHOWN ? "..." : "");
}

/* Whether a list of @n of the document's may be gone through; if not, *@ret is the answer. */
static bool may_compare(const struct cond_context *ctx, size_t n, struct answer *ret)
{
	/* A comparison is cheaper than a look-up, which is what a step is. */
	if (budget_take(ctx->budget, BUDGET_STEPS, 1 + n / 8))
		return true;
	*ret = (struct answer){ UNKNOWN, budget_reason(ctx->budget) };
	return false;
}

static int eval_annotation(const struct cond_context *ctx, const struct cond_term *t, size_t item,
			   struct answer *ret, struct hw_error *err)
{
	const struct cond_pattern *p = &t->patterns[item];
	const char *value;

	if (!may_compare(ctx, ctx->spec->n_annotations, ret))
		return 0;
	value = spec_annotation(ctx->spec, p->name);
	if (!value)
		return ANSWER(ctx, err, ret, NO, "the annotation does not exist");
	return matched(ctx, p, "it", value, ret, err);
}

static int eval_command(const struct cond_context *ctx, const struct cond_term *t, size_t item,
			struct answer *ret, struct hw_error *err)
{
	if (ctx->spec->args.n == 0)
		return ANSWER(ctx, err, ret, NO, "process.args is empty");
	return matched(ctx, &t->patterns[item], "process.args[0]", ctx->spec->args.items[0], ret,
		       err);
}

/* Twice with two values: runc takes the last, crun hands both on. */
static int eval_env(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		    struct answer *ret, struct hw_error *err)
{
	const struct cond_pattern *p = &t->patterns[item];
	const char *found = NULL;

	if (!may_compare(ctx, ctx->spec->env.n, ret))
		return 0;
	for (size_t i = 0; i < ctx->spec->env.n; i++) {
		const char *value = value_of_variable(ctx->spec->env.items[i], p->name);

		if (found && value && !streq(found, value))
			return ANSWER(ctx, err, ret, UNKNOWN,
				      "process.env has it twice, with different values");
		if (value)
			found = value;
	}
	if (!found)
		return ANSWER(ctx, err, ret, NO, "process.env does not have it");
	return matched(ctx, p, "it", found, ret, err);
}

static int eval_uid(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		    struct answer *ret, struct hw_error *err)
{
	return ANSWER(ctx, err, ret, truth_of(t->numbers[item] == ctx->spec->uid),
		      "process.user.uid is %u", ctx->spec->uid);
}

static int eval_gid(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		    struct answer *ret, struct hw_error *err)
{
	return ANSWER(ctx, err, ret, truth_of(t->numbers[item] == ctx->spec->gid),
		      "process.user.gid is %u", ctx->spec->gid);
}

struct capability_question {
	const struct spec *spec;
	int number;
};

static enum truth hook_has(void *ctx, struct runtime one)
{
	const struct capability_question *q = ctx;
	const struct spec under = spec_under(q->spec, one);

	return truth_of(spec_creds_hook(&under).capabilities >> q->number & 1);
}

/* Which sets of process.capabilities decide what execve(2) leaves to a hook. */
static const char *deciding_sets(const struct spec *spec)
{
	if (spec->uid != 0)
		return "ambient, permitted and inheritable at once";
	return spec->no_new_privileges ? "permitted, and bounding or inheritable"
				       : "bounding or inheritable";
}

static int eval_capability(const struct cond_context *ctx, const struct cond_term *t, size_t item,
			   struct answer *ret, struct hw_error *err)
{
	struct capability_question question = { ctx->spec, spec_capability(t->words[item]) };
	struct verdict_by has = { NO, "" };

	if (question.number >= 0)
		has = runtime_judge(ctx->runs, hook_has, &question);
	return ANSWER(ctx, err, ret, has.value,
		      "a hook of user %u %s it%s: execve(2) leaves what process.capabilities has "
		      "in %s",
		      ctx->spec->uid,
		      has.value == YES	? "has"
		      : has.value == NO ? "does not have"
					: "might not have",
		      has.under, deciding_sets(ctx->spec));
}

static int eval_readonly_root(const struct cond_context *ctx, const struct cond_term *t,
			      size_t item, struct answer *ret, struct hw_error *err)
{
	(void)item;
	return ANSWER(ctx, err, ret, truth_of(t->flag == ctx->spec->root_readonly),
		      "root.readonly is %s", ctx->spec->root_readonly ? "true" : "false");
}

/* Next component of a path, "." and empty ones skipped; *@rest moves on. NULL at the end. */
static const char *component(const char **rest, size_t *len)
{
	for (;;) {
		const char *start = *rest + strspn(*rest, "/");

		*len = strcspn(start, "/");
		*rest = start + *len;
		if (*len == 0)
			return NULL;
		if (*len != 1 || start[0] != '.')
			return start;
	}
}

static bool at_or_below(const char *path, const char *top)
{
	for (;;) {
		size_t want_len, have_len;
		const char *want = component(&top, &want_len), *have;

		if (!want)
			return true;
		have = component(&path, &have_len);
		if (!have || have_len != want_len || memcmp(have, want, want_len) != 0)
			return false;
	}
}

static bool has_dotdot(const char *path)
{
	const char *part;
	size_t len;

	while ((part = component(&path, &len)))
		if (len == 2 && memcmp(part, "..", 2) == 0)
			return true;
	return false;
}

static int eval_mounts(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		       struct answer *ret, struct hw_error *err)
{
	const struct spec *spec = ctx->spec;
	bool vague = false;

	if (!may_compare(ctx, spec->n_mounts, ret))
		return 0;
	for (size_t i = 0; i < spec->n_mounts; i++) {
		/* It may have megabytes. */
		if (!budget_steps(spec->budget, STEPS_SCAN(strlen(spec->mounts[i].destination))))
			return ANSWER(ctx, err, ret, UNKNOWN, "%s", budget_reason(spec->budget));
		if (at_or_below(spec->mounts[i].destination, t->words[item]))
			return ANSWER(ctx, err, ret, YES, "mounts[%zu] is on %s", i,
				      spec->mounts[i].destination);
		vague = vague || has_dotdot(spec->mounts[i].destination);
	}
	if (vague)
		return ANSWER(ctx, err, ret, UNKNOWN, "a mount's destination has '..' in it");
	return ANSWER(ctx, err, ret, NO, "no mount is at or below it");
}

static int eval_runtime(const struct cond_context *ctx, const struct cond_term *t, size_t item,
			struct answer *ret, struct hw_error *err)
{
	if (!ctx->runtime)
		return ANSWER(ctx, err, ret, UNKNOWN,
			      "the runtime is unknown (see --runtime NAME)");
	return ANSWER(ctx, err, ret, truth_of(streq(ctx->runtime, t->words[item])),
		      "the runtime is %s", ctx->runtime);
}

/* ---- terms on the rootfs ---- */

static int from_fact(const struct fact *fact, struct answer *ret)
{
	*ret = (struct answer){ fact->value, fact->text };
	return 0;
}

static int eval_exists(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		       struct answer *ret, struct hw_error *err)
{
	struct fact fact;
	int r = ctx->facts->exists(ctx->facts->ctx, t->words[item], &fact, err);

	return r < 0 ? r : from_fact(&fact, ret);
}

static int eval_exists_any(const struct cond_context *ctx, const struct cond_term *t, size_t item,
			   struct answer *ret, struct hw_error *err)
{
	struct fact fact;
	int r = ctx->facts->exists_any(ctx->facts->ctx, t->words[item], &fact, err);

	if (r < 0)
		return r;
	if (fact.value == NO && t->n > 1)
		fact.text = "nothing matches one of them";
	return from_fact(&fact, ret);
}

static int eval_writable(const struct cond_context *ctx, const struct cond_term *t, size_t item,
			 struct answer *ret, struct hw_error *err)
{
	struct fact fact;
	int r = ctx->facts->writable(ctx->facts->ctx, t->words[item], &fact, err);

	return r < 0 ? r : from_fact(&fact, ret);
}

static int eval_hook_exists(const struct cond_context *ctx, const struct cond_term *t, size_t item,
			    struct answer *ret, struct hw_error *err)
{
	const struct hw_policy *policy = ctx->policy;
	struct answer sum = { NO, policy->n_candidates == 1 ? "it does not exist"
							    : "none of the candidates exists" };

	(void)item;
	for (size_t i = 0; i < policy->n_candidates && sum.value != YES; i++) {
		struct fact fact;
		int r = ctx->facts->exists(ctx->facts->ctx, policy->candidates[i], &fact, err);

		if (r < 0)
			return r;
		if (fact.value != NO)
			sum = (struct answer){ fact.value, fact.text };
	}
	if (!t->flag)
		sum.value = kleene_not(sum.value);
	*ret = sum;
	return 0;
}

static int eval_word(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		     int (*ask)(void *, struct fact_word *, struct hw_error *), struct answer *ret,
		     struct hw_error *err)
{
	struct fact_word fact;
	int r = ask(ctx->facts->ctx, &fact, err);

	if (r < 0)
		return r;
	ret->value = fact.word ? truth_of(streq(fact.word, t->words[item])) : UNKNOWN;
	ret->fact = fact.text;
	return 0;
}

static int eval_libc(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		     struct answer *ret, struct hw_error *err)
{
	return eval_word(ctx, t, item, ctx->facts->libc, ret, err);
}

static int eval_arch(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		     struct answer *ret, struct hw_error *err)
{
	return eval_word(ctx, t, item, ctx->facts->arch, ret, err);
}

static int eval_os_pattern(const struct cond_context *ctx, const struct cond_pattern *p,
			   struct answer *ret, struct hw_error *err)
{
	const char *field = streq(p->name, "id") ? "ID" : "VERSION_ID";
	struct fact_word fact;
	int r = ctx->facts->os(ctx->facts->ctx, field, &fact, err);

	if (r < 0)
		return r;
	*ret = (struct answer){ UNKNOWN, fact.text };
	if (fact.word)
		r = match(ctx, p, fact.word, &ret->value, err);
	if (r == 0 && fact.word && ret->value == UNKNOWN)
		return unmatched(ctx, field, fact.word, ret, err);
	return r;
}

static int eval_os(const struct cond_context *ctx, const struct cond_term *t, size_t item,
		   struct answer *ret, struct hw_error *err)
{
	const struct cond_os *os = &t->os[item];

	*ret = (struct answer){ YES, "" };
	for (size_t i = 0; i < os->n_patterns; i++) {
		struct answer one;
		int r = eval_os_pattern(ctx, &os->patterns[i], &one, err);

		if (r < 0)
			return r;
		one.value = kleene_and(ret->value, one.value);
		if (i == 0 || one.value != ret->value)
			*ret = one;
	}
	return 0;
}

/* ---- how a term is written ---- */

static void put_conjunction(struct text *out, const struct conjunction *c);

static void put_words(struct text *out, const struct cond_term *t, size_t item)
{
	text_puts(out, t->words[item]);
}

static void put_number(struct text *out, const struct cond_term *t, size_t item)
{
	text_printf(out, "%u", t->numbers[item]);
}

static void put_source(struct text *out, const struct cond_term *t, size_t item)
{
	text_puts(out, t->patterns[item].source);
}

static void put_named_pattern(struct text *out, const struct cond_pattern *p)
{
	text_printf(out, "{%s: %s}", p->name, p->source);
}

static void put_named(struct text *out, const struct cond_term *t, size_t item)
{
	put_named_pattern(out, &t->patterns[item]);
}

static void put_flag(struct text *out, const struct cond_term *t, size_t item)
{
	(void)item;
	text_puts(out, t->flag ? "true" : "false");
}

static void put_os(struct text *out, const struct cond_term *t, size_t item)
{
	text_puts(out, "{");
	for (size_t i = 0; i < t->os[item].n_patterns; i++)
		text_printf(out, "%s%s: %s", i ? ", " : "", t->os[item].patterns[i].name,
			    t->os[item].patterns[i].source);
	text_puts(out, "}");
}

static void put_sub(struct text *out, const struct cond_term *t, size_t item)
{
	put_conjunction(out, &t->subs[item]);
}

enum quantity {
	ALTERNATIVES, /* one of the items suffices: the key names one value */
	EACH,	      /* every item must hold: the key names things */
};

static const struct {
	eval_fn *eval; /* NULL: a combinator */
	void (*put)(struct text *out, const struct cond_term *t, size_t item);
	enum quantity quantity;
	bool looks;	  /* asks the rootfs */
	const char *hint; /* what somebody who wants it to hold can change */
} keys[COND_KEYS] = {
	[COND_ALL] = { NULL, put_sub, EACH, false, NULL },
	[COND_ANY] = { NULL, put_sub, ALTERNATIVES, false, NULL },
	[COND_NONE] = { NULL, put_sub, EACH, false, NULL },
	[COND_ANNOTATIONS] = { eval_annotation, put_named, EACH, false,
			       "set the annotation when the container is created" },
	[COND_COMMAND] = { eval_command, put_source, ALTERNATIVES, false, NULL },
	[COND_ENV] = { eval_env, put_named, EACH, false,
		       "set the variable when the container is created" },
	[COND_UID] = { eval_uid, put_number, ALTERNATIVES, false,
		       "run the container as that user, or do the work of the hook when the "
		       "image is built" },
	[COND_GID] = { eval_gid, put_number, ALTERNATIVES, false,
		       "run the container with that group" },
	[COND_CAPABILITIES] = { eval_capability, put_words, EACH, false,
				"add it when the container is created (--cap-add)" },
	[COND_EXISTS] = { eval_exists, put_words, EACH, true, NULL },
	[COND_EXISTS_ANY] = { eval_exists_any, put_words, ALTERNATIVES, true, NULL },
	[COND_HOOK_EXISTS] = { eval_hook_exists, put_flag, EACH, true, NULL },
	[COND_WRITABLE] = { eval_writable, put_words, EACH, true,
			    "make it writable for the container's user, or do the work of the hook "
			    "when the image is built" },
	[COND_MOUNTS] = { eval_mounts, put_words, EACH, false, NULL },
	[COND_READONLY_ROOT] = { eval_readonly_root, put_flag, EACH, false, NULL },
	[COND_LIBC] = { eval_libc, put_words, ALTERNATIVES, true, NULL },
	[COND_OS] = { eval_os, put_os, ALTERNATIVES, true, NULL },
	[COND_ARCH] = { eval_arch, put_words, ALTERNATIVES, true, NULL },
	[COND_RUNTIME] = { eval_runtime, put_words, ALTERNATIVES, false,
			   "name the runtime with --runtime" },
};

static void put_items(struct text *out, const struct cond_term *t)
{
	text_puts(out, "[");
	for (size_t i = 0; i < t->n; i++) {
		text_puts(out, i ? ", " : "");
		keys[t->key].put(out, t, i);
	}
	text_puts(out, "]");
}

static void put_term(struct text *out, const struct cond_term *t)
{
	text_printf(out, "%s: ", cond_key_name(t->key));
	if (t->n == 1 && keys[t->key].eval)
		keys[t->key].put(out, t, 0);
	else
		put_items(out, t);
}

static void put_conjunction(struct text *out, const struct conjunction *c)
{
	text_puts(out, "{");
	for (size_t i = 0; i < c->n_terms; i++) {
		text_puts(out, i ? ", " : "");
		put_term(out, &c->terms[i]);
	}
	text_puts(out, "}");
}

static const char *kept(struct arena *arena, struct text *t)
{
	const char *copy = t->failed ? NULL : arena_printf(arena, "%s", t->data ? t->data : "");

	text_free(t);
	return copy;
}

/* ---- the record ---- */

#define WHOLE_TERM SIZE_MAX /* struct cond_line, item: it is about all of them */

/* Every term that is evaluated leaves a line; who needs no texts makes none. */
struct run {
	const struct cond_context *ctx;
	struct cond_lines *lines;
	struct hw_error *err;
};

static int eval_conjunction(struct run *run, const struct conjunction *c, unsigned depth,
			    enum truth *ret);

static int record(struct run *run, const struct cond_line *line)
{
	struct cond_lines *lines = run->lines;

	if (!LIST_ROOM(run->ctx->arena, lines->items, lines->n, lines->capacity))
		return error_oom(run->err);
	lines->items[lines->n++] = *line;
	return 0;
}

static int note(struct run *run, const struct cond_term *t, size_t item, unsigned depth,
		const struct answer *answer)
{
	const struct cond_line line = {
		.depth = depth,
		.value = answer->value,
		.fact = answer->fact,
		.line = t->line,
		.column = t->column,
		.hint = keys[t->key].hint,
		.term = t,
		.item = item,
	};

	return record(run, &line);
}

static bool is_combinator(const struct cond_line *line)
{
	return line->term && !keys[line->term->key].eval;
}

/* @whole: of a combinator all that stands in it, too. */
static int spell(struct arena *arena, struct cond_line *line, bool whole, struct hw_error *err)
{
	const struct cond_term *t = line->term;
	struct text out = { 0 };

	if (!t) {
		text_puts(&out, "all of");
	} else if (is_combinator(line) && !whole) {
		text_puts(&out, cond_key_name(t->key));
	} else if (line->item == WHOLE_TERM) {
		put_term(&out, t);
	} else {
		text_printf(&out, "%s: ", cond_key_name(t->key));
		keys[t->key].put(&out, t, line->item);
	}
	line->text = kept(arena, &out);
	return line->text ? 0 : error_oom(err);
}

/* Index after the lines of what stands in line @at. */
static size_t end_of(const struct cond_lines *lines, size_t at)
{
	size_t i = at + 1;

	while (i < lines->n && lines->items[i].depth > lines->items[at].depth)
		i++;
	return i;
}

/* ---- evaluation ---- */

/* The value settles the rest: only explain goes on. */
static bool settled(const struct run *run, enum truth value, enum truth by)
{
	return value == by && !run->ctx->everything;
}

/* Each item is a fact of its own, and a line of its own. */
static int eval_each(struct run *run, const struct cond_term *t, unsigned depth, enum truth *ret)
{
	*ret = YES;
	for (size_t i = 0; i < t->n && !settled(run, *ret, NO); i++) {
		struct answer answer;
		int r = keys[t->key].eval(run->ctx, t, i, &answer, run->err);

		if (r == 0)
			r = note(run, t, i, depth, &answer);
		if (r < 0)
			return r;
		*ret = kleene_and(*ret, answer.value);
	}
	return 0;
}

/* Alternatives are one line; its fact is the value that they are about, or the one that holds. */
static int eval_alternatives(struct run *run, const struct cond_term *t, unsigned depth,
			     enum truth *ret)
{
	struct answer answer = { NO, "" };

	for (size_t i = 0; i < t->n && answer.value != YES; i++) {
		struct answer one;
		int r = keys[t->key].eval(run->ctx, t, i, &one, run->err);

		if (r < 0)
			return r;
		one.value = kleene_or(answer.value, one.value);
		/* What is unknown stays the reason when a later alternative does not hold. */
		if (i == 0 || one.value != answer.value)
			answer = one;
	}
	*ret = answer.value;
	return note(run, t, WHOLE_TERM, depth, &answer);
}

static enum truth combine(enum cond_key key, enum truth sum, enum truth one)
{
	if (key == COND_ALL)
		return kleene_and(sum, one);
	return key == COND_ANY ? kleene_or(sum, one) : kleene_and(sum, kleene_not(one));
}

/* A branch of several lines has one above them. */
static bool has_own_line(const struct conjunction *c)
{
	return c->n_terms != 1 || (keys[c->terms[0].key].eval && c->terms[0].n != 1 &&
				   keys[c->terms[0].key].quantity == EACH);
}

static int eval_branch(struct run *run, const struct conjunction *c, unsigned depth,
		       enum truth *ret)
{
	const struct cond_line own = { .depth = depth, .fact = "" };
	const size_t at = run->lines->n;
	const bool has_own = has_own_line(c);
	int r = has_own ? record(run, &own) : 0;

	if (r == 0)
		r = eval_conjunction(run, c, depth + has_own, ret);
	if (r == 0 && has_own)
		run->lines->items[at].value = *ret;
	return r;
}

/* The value of a branch by which a combinator comes to @sum; YES of "all": by no single one. */
static enum truth deciding(enum cond_key key, enum truth sum)
{
	return key == COND_NONE ? kleene_not(sum) : sum;
}

/* What is settled is settled by one branch: the first of them. */
static void mark_decision(struct cond_lines *lines, size_t at, enum cond_key key)
{
	const struct cond_line *whole = &lines->items[at];
	const size_t end = end_of(lines, at);

	if (whole->value == (key == COND_ANY ? NO : YES))
		return;
	for (size_t i = at + 1; i < end; i = end_of(lines, i))
		if (lines->items[i].value == deciding(key, whole->value)) {
			lines->items[i].decides = true;
			return;
		}
}

static int eval_combinator(struct run *run, const struct cond_term *t, unsigned depth,
			   enum truth *ret)
{
	const enum truth settles = t->key == COND_ANY ? YES : NO;
	const size_t at = run->lines->n;
	struct answer answer = { t->key == COND_ANY ? NO : YES, "" };
	size_t yes = 0;
	int r = note(run, t, WHOLE_TERM, depth, &answer);

	for (size_t i = 0; r == 0 && i < t->n && !settled(run, answer.value, settles); i++) {
		enum truth one = UNKNOWN;

		r = eval_branch(run, &t->subs[i], depth + 1, &one);
		answer.value = combine(t->key, answer.value, one);
		yes += one == YES;
	}
	if (r == 0)
		r = ANSWER(run->ctx, run->err, &answer, answer.value, "%zu of %zu hold%s%s", yes,
			   t->n, yes == 1 ? "s" : "",
			   answer.value == UNKNOWN ? ", others are unknown" : "");
	if (r < 0)
		return r;
	run->lines->items[at].value = *ret = answer.value;
	run->lines->items[at].fact = answer.fact;
	mark_decision(run->lines, at, t->key);
	return 0;
}

static int eval_term(struct run *run, const struct cond_term *t, unsigned depth, enum truth *ret)
{
	if (!keys[t->key].eval)
		return eval_combinator(run, t, depth, ret);
	if (keys[t->key].quantity == EACH)
		return eval_each(run, t, depth, ret);
	return eval_alternatives(run, t, depth, ret);
}

static bool looks(const struct cond_term *t)
{
	if (keys[t->key].eval)
		return keys[t->key].looks;
	for (size_t i = 0; i < t->n; i++)
		for (size_t j = 0; j < t->subs[i].n_terms; j++)
			if (looks(&t->subs[i].terms[j]))
				return true;
	return false;
}

/* Two rounds, so that a look into the rootfs is spared where the document settles it. */
static int eval_conjunction(struct run *run, const struct conjunction *c, unsigned depth,
			    enum truth *ret)
{
	const bool everything = run->ctx->everything;
	enum truth sum = YES;

	for (int round = everything ? 1 : 0; round < 2; round++) {
		for (size_t i = 0; i < c->n_terms && !settled(run, sum, NO); i++) {
			enum truth one = UNKNOWN;
			int r;

			if (!everything && looks(&c->terms[i]) != (round == 1))
				continue;
			r = eval_term(run, &c->terms[i], depth, &one);
			if (r < 0)
				return r;
			sum = kleene_and(sum, one);
		}
	}
	*ret = sum;
	return 0;
}

/* ---- who is to blame ---- */

/*
 * The first line of [@from, @to) that was not YES. Of "all" the guilty term is the one inside; of
 * "any" and "none" it is the whole. lines->n: there is none.
 */
static size_t find_culprit(const struct cond_lines *lines, size_t from, size_t to)
{
	for (size_t i = from; i < to; i = end_of(lines, i)) {
		const struct cond_line *line = &lines->items[i];

		if (line->value == YES)
			continue;
		if (line->term && line->term->key != COND_ALL)
			return i;
		return find_culprit(lines, i + 1, end_of(lines, i));
	}
	return lines->n;
}

/* What "1 of 2 holds" means: a branch holds by all of its facts, and fails by the first. */
static const char *guilty_facts(struct arena *arena, const struct cond_lines *lines, size_t at)
{
	const struct cond_line *whole = &lines->items[at];
	const enum truth guilty = deciding(whole->term->key, whole->value);
	size_t branch = at + 1, i, end;
	struct text out = { 0 };
	const char *separator = ": ";

	while (branch < end_of(lines, at) && lines->items[branch].value != guilty)
		branch = end_of(lines, branch);
	text_puts(&out, whole->fact);
	end = branch < end_of(lines, at) ? end_of(lines, branch) : branch;
	i = branch < end && !lines->items[branch].term ? branch + 1 : branch;
	for (; i < end; i = end_of(lines, i)) {
		if (lines->items[i].value != guilty)
			continue;
		text_printf(&out, "%s%s", separator, lines->items[i].fact);
		separator = "; ";
		if (guilty != YES)
			break;
	}
	return kept(arena, &out);
}

static int blame(struct arena *arena, const struct cond_lines *lines, struct cond_line *ret,
		 struct hw_error *err)
{
	const size_t at = find_culprit(lines, 0, lines->n);

	if (at == lines->n)
		return 0;
	*ret = lines->items[at];
	if (is_combinator(ret))
		ret->fact = guilty_facts(arena, lines, at);
	return ret->fact ? spell(arena, ret, true, err) : error_oom(err);
}

int cond_eval(const struct cond_context *ctx, const struct conjunction *c, enum truth *ret,
	      struct cond_line *culprit, struct cond_lines *lines, struct hw_error *err)
{
	struct cond_lines own = { 0 };
	struct run run = { .ctx = ctx, .lines = lines ? lines : &own, .err = err };
	int r = eval_conjunction(&run, c, 0, ret);

	if (r == 0 && culprit && *ret != YES)
		r = blame(ctx->arena, run.lines, culprit, err);
	for (size_t i = 0; r == 0 && lines && i < lines->n; i++)
		r = spell(ctx->arena, &lines->items[i], false, err);
	return r;
}
