/* SPDX-License-Identifier: Apache-2.0 */
/* lint: the public functions, the order of the checks, and the list of findings. */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/list.h"
#include "base/suggest.h"
#include "base/words.h"
#include "lint/internal.h"
#include "runtime/version.h"
#include "tools.h"

/* ---- findings ---- */

uint32_t lint_value_at(const struct look *l, const char *const *path)
{
	uint32_t value = JSON_ROOT;

	for (size_t i = 0; path[i] && value != JSON_NONE; i++)
		value = json_member(&l->bundle->doc, value, path[i]);
	return value;
}

/* By place; findings about other files come last, findings without a place first. */
static int compare_places(const struct lint_finding *a, const struct lint_finding *b)
{
	if (a->elsewhere != b->elsewhere)
		return a->elsewhere ? 1 : -1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return 0;
}

static void count_more(struct look *l, const struct lint_finding *f)
{
	struct tally *tally = &l->tallies[f->rule];

	tally->more[f->severity] += lint_finding_weight(f);
	tally->unjudged[f->severity] = tally->unjudged[f->severity] || f->unjudged;
}

static void find_last(struct look *l, enum rule rule)
{
	const struct hw_lint_result *r = l->result;
	struct tally *tally = &l->tallies[rule];
	size_t last = r->n;

	for (size_t i = 0; i < r->n; i++)
		if (r->findings[i].rule == rule && !r->findings[i].omitted &&
		    (last == r->n || compare_places(&r->findings[i], &r->findings[last]) >= 0))
			last = i;
	tally->last = last;
}

/* Whether as many findings of that rule as are kept precede @f. */
static bool comes_too_late(const struct look *l, const struct lint_finding *f)
{
	const struct tally *tally = &l->tallies[f->rule];

	return tally->kept == LINT_FINDINGS_MAX &&
	       compare_places(f, &l->result->findings[tally->last]) >= 0;
}

/* In the place of the last of its rule, which is only counted then. */
static void replace_last(struct look *l, const struct lint_finding *f)
{
	struct lint_finding *last = &l->result->findings[l->tallies[f->rule].last];

	count_more(l, last);
	*last = *f;
	find_last(l, f->rule);
}

const char *lint_shortened(struct look *l, const char *text)
{
	size_t len = LINT_TEXT_MAX;

	if (!text || strnlen(text, len + 1) <= len)
		return text;
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return arena_printf(l->arena, "%.*s...", (int)len, text);
}

static int keep(struct look *l, const struct lint_finding *finding)
{
	struct tally *tally = &l->tallies[finding->rule];
	struct hw_lint_result *r = l->result;

	if (tally->kept == LINT_FINDINGS_MAX) {
		replace_last(l, finding);
		return 0;
	}
	if (!LIST_ROOM(r->arena, r->findings, r->n, r->capacity))
		return error_oom(l->err);
	r->findings[r->n++] = *finding;
	if (++tally->kept == LINT_FINDINGS_MAX)
		find_last(l, finding->rule);
	return 0;
}

int lint_add(struct look *l, const struct lint_finding *finding)
{
	struct lint_finding f = *finding;

	if (!f.message)
		return error_oom(l->err);
	if (f.omitted || comes_too_late(l, &f)) {
		count_more(l, &f);
		return 0;
	}
	f.message = lint_shortened(l, f.message);
	f.hint = lint_shortened(l, f.hint);
	f.program = lint_shortened(l, f.program);
	return f.message ? keep(l, &f) : error_oom(l->err);
}

/* A finding that represents those of @rule that are only counted. */
static int sum_up(struct look *l, enum rule rule, enum hw_severity severity)
{
	struct tally *tally = &l->tallies[rule];
	const size_t n = tally->more[severity];
	const struct lint_finding sum = {
		.rule = rule,
		.severity = severity,
		.unjudged = tally->unjudged[severity],
		.path = l->bundle->config_path,
		.omitted = n,
		.message = arena_printf(l->arena, "... and %zu more finding%s of %s in this bundle",
					n, n == 1 ? "" : "s", rule_get(rule)->id),
	};

	tally->more[severity] = 0;
	if (!sum.message ||
	    !LIST_ROOM(l->result->arena, l->result->findings, l->result->n, l->result->capacity))
		return error_oom(l->err);
	l->result->findings[l->result->n++] = sum;
	return 0;
}

int lint_sum_up(struct look *l)
{
	int r = 0;

	for (size_t rule = 0; rule < N_RULES; rule++)
		for (int s = HW_SEVERITY_NOTE; r == 0 && s <= HW_SEVERITY_ERROR; s++)
			if (l->tallies[rule].more[s])
				r = sum_up(l, (enum rule)rule, (enum hw_severity)s);
	return r;
}

static struct lint_finding finding_of(const struct look *l, const struct note *note)
{
	/* A missing member is a fault of the document. */
	const uint32_t token = note->token == JSON_NONE ? JSON_ROOT : note->token;
	struct lint_finding f = {
		.rule = note->rule,
		.severity = note->severity,
		.unjudged = note->unjudged,
		.path = l->bundle->config_path,
		.in_config = true,
		.start = l->bundle->doc.tokens[token].start,
		.end = l->bundle->doc.tokens[token].end,
		.hint = note->hint,
	};

	if (note->hook) {
		f.stage = note->hook->stage->name;
		f.index = note->hook->index;
		f.program = note->hook->path;
	}
	return f;
}

bool lint_only_counts(struct look *l, const struct note *note)
{
	const struct lint_finding f = finding_of(l, note);

	if (!comes_too_late(l, &f))
		return false;
	count_more(l, &f);
	return true;
}

int lint_tell(struct look *l, const struct note *note, const char *fmt, ...)
{
	struct lint_finding f = finding_of(l, note);
	struct where at;
	va_list ap;

	/* Of what is not known once the budget is spent, tell_work() reports once. */
	if (note->unjudged && note->rule != RULE_HW314 && budget_is_spent(&l->result->budget))
		return 0;
	if (lint_only_counts(l, note))
		return 0;
	at = json_where(&l->bundle->doc, f.start);
	f.line = at.line;
	f.column = at.column;
	va_start(ap, fmt);
	f.message = arena_vprintf(l->arena, fmt, ap);
	va_end(ap);
	return lint_add(l, &f);
}

const char *lint_hook_name(struct look *l, const struct lint_hook *hook)
{
	const char *name;

	if (hook->path && hook->path[0])
		name = arena_printf(l->arena, "%s hook %.200s", hook->stage->name, hook->path);
	else
		name = arena_printf(l->arena, "%s[%u]", hook->stage->name, hook->index);
	return name ? name : hook->stage->name;
}

/* ---- the runtime ---- */

struct weight lint_weight_of(enum effect effect)
{
	static const struct weight weights[] = {
		[EFFECT_NONE] = { HW_SEVERITY_NOTE, false },
		[EFFECT_NOTE] = { HW_SEVERITY_NOTE, false },
		[EFFECT_WARNING] = { HW_SEVERITY_WARNING, false },
		[EFFECT_UNJUDGED] = { HW_SEVERITY_WARNING, true },
		[EFFECT_ERROR] = { HW_SEVERITY_ERROR, false },
	};

	return weights[effect];
}

/* The effects that all versions of one runtime have so far. */
struct span {
	bool any;
	enum effect least, most;
};

static void extend(struct span *s, enum effect effect)
{
	s->least = s->any && s->least < effect ? s->least : effect;
	s->most = s->any && s->most > effect ? s->most : effect;
	s->any = true;
}

/* An error under some versions only cannot be judged. */
static enum effect effect_of(const struct span *s)
{
	if (!s->any)
		return EFFECT_NONE;
	return s->most == EFFECT_ERROR && s->least != EFFECT_ERROR ? EFFECT_UNJUDGED : s->most;
}

struct weight lint_weight(const struct look *l, enum behaviour behaviour, enum effect yes,
			  enum effect no)
{
	struct runtime candidates[RUNTIME_CANDIDATES_MAX];
	const size_t n = runtime_candidates(l->lint->runtime, candidates);
	struct span spans[RUNTIME_ANY + 1] = { 0 };
	enum effect worst = EFFECT_NONE;

	for (size_t i = 0; i < n; i++) {
		const enum truth does = runtime_does(candidates[i], behaviour);

		if (does != NO)
			extend(&spans[candidates[i].kind], yes);
		if (does != YES)
			extend(&spans[candidates[i].kind], no);
	}
	for (size_t i = 0; i < ARRAY_SIZE(spans); i++)
		if (effect_of(&spans[i]) > worst)
			worst = effect_of(&spans[i]);
	return lint_weight_of(worst);
}

/* ---- options ---- */

static const char *const runtime_names[] = { "any", "runc", "crun", "youki", "runsc", "kata" };
static const char *const arch_names[] = { "386",     "amd64",	"arm",	    "arm64",  "loong64",
					  "mips",    "mips64",	"mips64le", "mipsle", "ppc64",
					  "ppc64le", "riscv64", "s390x" };

static int refuse_word(struct hw_error *err, const char *what, const char *word,
		       const char *const *words, size_t n)
{
	const char *near = hw_suggest(word, words, n);
	char hint[sizeof(err->hint)] = "it is one of";
	size_t len = strlen(hint);

	for (size_t i = 0; i < n && len < sizeof(hint); i++)
		len += (size_t)snprintf(hint + len, sizeof(hint) - len, "%s%s", i ? ", " : " ",
					words[i]);
	if (near)
		snprintf(hint, sizeof(hint), "did you mean '%s'?", near);
	return error_set(err, EINVAL, NOWHERE, hint, "unknown %s '%s'", what, word);
}

static int check_ignores(const struct hw_lint_options *o, struct hw_error *err)
{
	for (size_t i = 0; i < o->n_ignores; i++) {
		const char *word = o->ignores[i].rule;
		struct suggestion s = SUGGEST_FOR(word);
		char hint[64] = "'hookwright lint --rules' lists the rules";

		if (rule_find(word))
			continue;
		for (size_t k = 0; k < N_RULES; k++) {
			suggest_consider(&s, rule_get((enum rule)k)->id);
			suggest_consider(&s, rule_get((enum rule)k)->name);
		}
		if (s.best)
			snprintf(hint, sizeof(hint), "did you mean '%s'?", s.best);
		return error_set(err, EINVAL, NOWHERE, hint, "unknown rule '%s'", word);
	}
	return 0;
}

static int check_options(struct hw_lint *lint, struct hw_error *err)
{
	struct hw_lint_options *o = &lint->options;
	int r;

	lint->runtime_name = o->runtime ? o->runtime : "any";
	if (!IS_ONE_OF(lint->runtime_name, runtime_names))
		return refuse_word(err, "runtime", o->runtime, runtime_names,
				   ARRAY_SIZE(runtime_names));
	lint->runtime = runtime_from_name(lint->runtime_name);
	if (streq(lint->runtime_name, "any"))
		lint->runtime = (struct runtime){ .kind = RUNTIME_ANY };
	r = version_set(&lint->runtime, lint->runtime.kind != RUNTIME_ANY, o->runtime_version, err);
	if (r < 0)
		return r;
	if (o->arch && !IS_ONE_OF(o->arch, arch_names))
		return refuse_word(err, "architecture", o->arch, arch_names,
				   ARRAY_SIZE(arch_names));
	return check_ignores(o, err);
}

/*
 * Derived from the options: root.path is relative to each bundle, --rootfs
 * to the current directory.
 */
static int fill(struct hw_lint *lint, struct hw_error *err)
{
	const char *rootfs = lint->options.rootfs;
	char cwd[PATH_MAX];
	ssize_t n;

	lint->arch = lint->options.arch ? lint->options.arch : program_host_arch();
	lint->rootfs = rootfs;
	if (!rootfs || rootfs[0] == '/')
		return 0;
	n = fs_path_of(AT_FDCWD, cwd, sizeof(cwd));
	if (n < 0)
		return error_set(err, (int)-n, IN(rootfs), NULL,
				 "cannot determine the current directory: %m");
	lint->rootfs = arena_join(lint->arena, cwd, "/", rootfs);
	return lint->rootfs ? 0 : error_oom(err);
}

void hw_lint_free(struct hw_lint *lint)
{
	if (!lint)
		return;
	hw_policies_free(lint->policies);
	arena_free(lint->arena);
}

int hw_lint_new(const struct hw_options *options, const struct hw_lint_options *lint_options,
		struct hw_lint **ret, struct hw_error *err)
{
	static const struct hw_options no_options;
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_lint *lint = arena ? arena_alloc(arena, 1, sizeof(*lint)) : NULL;
	int r;

	if (!lint)
		return error_oom(err);
	lint->arena = arena;
	if (options)
		lint->engine = *options;
	if (lint_options)
		lint->options = *lint_options;
	r = check_options(lint, err);
	if (r == 0)
		r = fill(lint, err);
	if (r == 0 && !lint->options.no_policies)
		r = hw_policies_load(options ? options : &no_options, &lint->policies, err);
	if (r < 0)
		return r;
	arena = NULL;
	*ret = lint;
	return 0;
}

/* ---- one bundle ---- */

void hw_lint_result_free(struct hw_lint_result *result)
{
	if (!result)
		return;
	bundle_close(&result->bundle);
	arena_free(result->arena);
}

DEFINE_CLEANUP(struct hw_lint_result *, hw_lint_result_free)

static int result_start(const char *name, struct hw_lint_result **ret, struct hw_error *err)
{
	CLEANUP(arena_freep) struct arena *arena = arena_new();
	struct hw_lint_result *result = arena ? arena_alloc(arena, 1, sizeof(*result)) : NULL;

	if (!result)
		return error_oom(err);
	result->name = arena_strdup(arena, name);
	if (!result->name)
		return error_oom(err);
	budget_init(&result->budget);
	result->bundle.dir = result->bundle.config_dir = -1;
	result->arena = TAKE(arena);
	*ret = result;
	return 0;
}

static int by_place(const void *one, const void *two)
{
	const struct lint_finding *a = one, *b = two;
	const int places = compare_places(a, b);

	if (!a->omitted != !b->omitted)
		return a->omitted ? 1 : -1;
	if (places)
		return places;
	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return strcmp(a->message, b->message);
}

/* A file that could not be read is one finding, and the only one. */
static int unreadable(struct look *l, int r, const struct hw_error *why)
{
	struct lint_finding f = { .rule = RULE_HW101,
				  .severity = HW_SEVERITY_ERROR,
				  .unjudged = true };

	if (r == -ENOMEM)
		return error_oom(l->err);
	l->result->unread = true;
	f.path = arena_strdup(l->arena, why->path[0] ? why->path : l->result->name);
	f.message = arena_strdup(l->arena, why->message);
	f.hint = why->hint[0] ? arena_strdup(l->arena, why->hint) : NULL;
	return f.path ? lint_add(l, &f) : error_oom(l->err);
}

/* Reports that not everything could be inspected. */
static int tell_work(struct look *l)
{
	const struct note note = { .rule = RULE_HW314,
				   .severity = HW_SEVERITY_WARNING,
				   .unjudged = true,
				   .token = JSON_NONE };
	const char *reason = budget_reason(&l->result->budget);

	return reason ? lint_tell(l, &note, "%s: the rest was not inspected", reason) : 0;
}

static bool has_key(const struct json *doc, const char *name)
{
	for (uint32_t v = json_first(doc, JSON_ROOT); v != JSON_NONE;
	     v = json_next(doc, JSON_ROOT, v))
		if (json_match_key(doc, json_key(doc, v), name) != JSON_DIFFERS)
			return true;
	return false;
}

/*
 * Other programs have files of this name. What is JSON and neither runtime takes, in any
 * spelling, is theirs, unless a rootfs beside it speaks of a bundle; what is not JSON is
 * nobody's, and an error: parsers differ in what they forgive.
 */
static bool has_rootfs(const struct look *l)
{
	struct stat st;

	return fstatat(l->bundle->dir, "rootfs", &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool lacks_keys(const struct json *doc)
{
	if (json_type(doc, JSON_ROOT) != JSON_OBJECT)
		return true;
	return !has_key(doc, "ociVersion") && !(has_key(doc, "process") && has_key(doc, "root"));
}

static bool is_foreign(const struct look *l)
{
	return l->found && l->result->scanned && !has_rootfs(l) && lacks_keys(&l->bundle->doc);
}

static bool begins_as_object(const struct bundle *b)
{
	size_t i = 0;

	while (i < b->len && memchr(" \t\r\n", b->text[i], 4))
		i++;
	return i < b->len && b->text[i] == '{';
}

/* What was named is none, whatever it is. Broken JSON is one that a runtime refuses. */
static const struct recognised *what_else(const struct look *l)
{
	static const struct recognised document = {
		"another JSON document",
		"name the bundle's directory; its config.json has 'ociVersion', 'process' and "
		"'root'",
	};
	static const struct recognised file = { "a file of another format",
						"name the bundle's directory" };
	const struct bundle *b = l->bundle;
	const bool scanned = l->result->scanned;
	const struct recognised *is =
		scanned ? recognise_json(&b->doc) : recognise_bytes(b->text, b->len);

	if (is || has_rootfs(l) || (scanned ? !lacks_keys(&b->doc) : begins_as_object(b)))
		return is;
	return scanned ? &document : &file;
}

/* Somebody named it as a bundle, and it is none: that is all there is to say. */
static int tell_other(struct look *l, const struct recognised *is)
{
	struct hw_error why;
	int r = bundle_is_other(l->bundle->config_path, is, &why);

	l->result->n = 0;
	memset(l->tallies, 0, sizeof(l->tallies));
	return unreadable(l, r, &why);
}

static int examine(struct look *l)
{
	static int (*const steps[])(struct look *) = {
		lint_document, lint_start,   lint_hooks,  lint_container,   lint_programs,
		lint_causes,   lint_secrets, lint_unsafe, lint_annotations, lint_policies,
		tell_work,     lint_sum_up,  lint_ignore, lint_sum_up,
	};
	const struct recognised *is;
	int r;

	/* The first step scans the document. */
	r = steps[0](l);
	l->result->foreign = r == 0 && is_foreign(l);
	is = r == 0 && !l->found ? what_else(l) : NULL;
	if (is)
		return tell_other(l, is);
	for (size_t i = 1; r == 0 && !l->result->foreign && i < ARRAY_SIZE(steps); i++)
		r = steps[i](l);
	return r;
}

static int finish(struct look *l, int r, const struct hw_error *why, struct hw_lint_result **ret,
		  struct hw_lint_result **owned)
{
	r = r < 0 ? unreadable(l, r, why) : examine(l);
	view_free(l->host);
	view_free(l->mapped);
	probe_free(l->probe);
	if (r < 0)
		return r;
	bundle_unlock(l->bundle);
	if (l->result->foreign)
		return 0;
	if (l->result->n)
		qsort(l->result->findings, l->result->n, sizeof(*l->result->findings), by_place);
	*ret = TAKE(*owned);
	return 0;
}

static struct look look_at(const struct hw_lint *lint, struct hw_lint_result *result,
			   struct hw_error *err)
{
	return (struct look){
		.lint = lint,
		.result = result,
		.bundle = &result->bundle,
		.arena = result->arena,
		.err = err,
	};
}

static bool is_linked_config(const char *name)
{
	struct stat st;

	return streq(path_base(name), BUNDLE_CONFIG) && lstat(name, &st) == 0 &&
	       S_ISLNK(st.st_mode);
}

/*
 * A file means the directory it is in; a link to one is a config.json that is a link.
 * Links to directories were named by the caller and are followed.
 */
static int read_bundle(struct look *l, const char *name, struct hw_error *why)
{
	const enum bundle_mode mode = l->lint->options.follow ? BUNDLE_READ : BUNDLE_HERE;
	struct bundle *b = l->bundle;
	const char *slash = strrchr(name, '/'), *dir = ".";
	struct stat st;

	if (!is_linked_config(name) && (stat(name, &st) < 0 || !S_ISREG(st.st_mode)))
		return bundle_read(name, NULL, mode, l->arena, b, why);
	if (slash)
		dir = slash == name ? "/" : arena_strndup(l->arena, name, (size_t)(slash - name));
	return dir ? bundle_read(dir, name, mode, l->arena, b, why) : error_oom(why);
}

static int look_into(const struct hw_lint *lint, const char *bundle, bool found,
		     struct hw_lint_result **ret, struct hw_error *err)
{
	CLEANUP(hw_lint_result_freep) struct hw_lint_result *result = NULL;
	struct hw_error why;
	struct look l;
	int r = result_start(bundle, &result, err);

	if (r < 0)
		return r;
	l = look_at(lint, result, err);
	l.found = found;
	return finish(&l, read_bundle(&l, result->name, &why), &why, ret, &result);
}

int hw_lint_bundle(const struct hw_lint *lint, const char *bundle, struct hw_lint_result **ret,
		   struct hw_error *err)
{
	return look_into(lint, bundle, false, ret, err);
}

int hw_lint_found(const struct hw_lint *lint, const char *dir, struct hw_lint_result **ret,
		  struct hw_error *err)
{
	*ret = NULL;
	return look_into(lint, dir, true, ret, err);
}

int hw_lint_text(const struct hw_lint *lint, const char *text, size_t len, const char *name,
		 const char *bundle, struct hw_lint_result **ret, struct hw_error *err)
{
	CLEANUP(hw_lint_result_freep) struct hw_lint_result *result = NULL;
	struct hw_error why;
	struct look l;
	int r = result_start(name, &result, err);

	if (r < 0)
		return r;
	l = look_at(lint, result, err);
	r = bundle_read_text(bundle ? bundle : ".", result->name, text, len, result->arena,
			     &result->bundle, &why);
	return finish(&l, r, &why, ret, &result);
}

/* ---- asking a result ---- */

size_t hw_lint_result_count(const struct hw_lint_result *result, enum hw_severity severity)
{
	size_t count = 0;

	for (size_t i = 0; i < result->n; i++)
		if (!result->findings[i].ignored && result->findings[i].severity == severity)
			count += lint_finding_weight(&result->findings[i]);
	return count;
}

size_t hw_lint_result_ignored(const struct hw_lint_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->n; i++)
		if (result->findings[i].ignored)
			count += lint_finding_weight(&result->findings[i]);
	return count;
}

bool hw_lint_result_read(const struct hw_lint_result *result)
{
	return !result->unread;
}

bool hw_lint_result_judged(const struct hw_lint_result *result)
{
	for (size_t i = 0; i < result->n; i++)
		if (!result->findings[i].ignored && result->findings[i].unjudged)
			return false;
	return true;
}

int hw_lint_result_status(const struct hw_lint_result *result, enum hw_severity fail_on)
{
	if (result->unread)
		return 3;
	for (int s = HW_SEVERITY_ERROR; s >= (int)fail_on; s--)
		if (hw_lint_result_count(result, (enum hw_severity)s))
			return 1;
	return hw_lint_result_judged(result) ? 0 : 3;
}
