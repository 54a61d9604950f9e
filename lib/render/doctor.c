/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of doctor, as text and as JSON. */
#include <stdio.h>

#include "base/sanitize.h"
#include "doctor/doctor.h"
#include "render/render.h"
#include "tools.h"

/* ---- common to both formats ---- */

/* The next steps if nothing was recognised. */
static const char *const how_to_get_it[] = {
	"the only line about a failed startContainer hook is in the container's own log: 'podman "
	"logs NAME', 'docker logs NAME', 'kubectl logs --previous POD'",
	"the runtime's messages to its engine: 'podman --log-level debug run ...', 'journalctl -u "
	"docker', 'journalctl -u containerd'",
	"by hand, with the engine's bundle: 'runc --debug run --bundle DIR test', 'crun --debug "
	"run --bundle DIR test'",
	("crun discards a hook's output: run the program by hand in the same image, with the "
	 "hook's env, or have it write to a file in the container"),
	"without any message: check the bundle with 'hookwright doctor --bundle DIR'",
};

static const char *const nothing_else[] = {
	"'hookwright lint' also reports warnings; is it the bundle that died, unchanged since?",
	"paste the message on standard input to get an explanation",
};

static const char *const name_the_bundle[] = {
	"name the bundle to check these: 'hookwright doctor --bundle DIR'; podman keeps it in "
	".../overlay-containers/ID/userdata until the container is removed",
};

struct advice {
	const char *const *lines;
	size_t n;
};

static struct advice advice_for(const struct hw_diagnosis *d)
{
	if (d->recognised && d->bundle)
		return (struct advice){ NULL, 0 };
	if (d->recognised)
		return (struct advice){ name_the_bundle, ARRAY_SIZE(name_the_bundle) };
	if (d->bundle)
		return (struct advice){ nothing_else, d->n ? 0 : ARRAY_SIZE(nothing_else) };
	return (struct advice){ how_to_get_it, ARRAY_SIZE(how_to_get_it) };
}

/* "program_missing" is written with dashes, as the names of rules are. */
static const char *dashed(const char *id, char *buf, size_t size)
{
	snprintf(buf, size, "%s", id);
	for (char *p = buf; *p; p++)
		if (*p == '_')
			*p = '-';
	return buf;
}

/* ---- text ---- */

struct page {
	struct text *out;
	bool colour;
};

enum paint { BOLD, RED, YELLOW, GREEN, DIM };

static void painted(const struct page *p, enum paint paint, const char *words)
{
	static const char *const codes[] = { [BOLD] = "\033[1m",
					     [RED] = "\033[1;31m",
					     [YELLOW] = "\033[1;33m",
					     [GREEN] = "\033[1;32m",
					     [DIM] = "\033[2m" };

	if (p->colour)
		text_puts(p->out, codes[paint]);
	render_safe(p->out, words);
	if (p->colour)
		text_puts(p->out, "\033[0m");
}

#define COLUMNS 96

static void add_safe(struct text *out, const char *words, size_t len)
{
	const size_t start = out->len;

	text_add(out, words, len);
	if (!out->failed)
		defuse(out->data + start);
}

/* @words, broken between words and indented but for the first line, which is at column @at. */
static void wrapped(struct text *out, size_t indent, size_t at, const char *words)
{
	while (*words) {
		const size_t len = strcspn(words, " ");
		char word[256];

		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		if (at > indent && at + 1 + len > COLUMNS) {
			text_puts(out, "\n");
			text_pad(out, indent);
			at = indent;
		} else if (at > indent) {
			text_puts(out, " ");
			at++;
		}
		/* A longer word is a path, and is written as it is. */
		if (len < sizeof(word))
			render_safe(out, word);
		else
			add_safe(out, words, len);
		at += len;
		words += len + strspn(words + len, " ");
	}
	text_puts(out, "\n");
}

/* "failed", and how; a hook that never ran has no status. */
static void put_end_of_hook(struct text *words, const struct symptom *s)
{
	if (s->kernel && s->path)
		text_printf(words, " was not started: %s", s->kernel);
	else
		text_puts(words, " failed");
	if (s->status)
		text_printf(words, " with status %s", s->status);
	if (s->signal)
		text_printf(words, ", ended by a signal: %s", s->signal);
}

static void put_stages(struct text *out, unsigned stages)
{
	const char *separator = "";

	for (size_t i = 0; i < HOOK_STAGES; i++)
		if (stages & STAGE_BIT(i)) {
			text_printf(out, "%s%s", separator, hook_stage_name(i));
			separator = " or ";
		}
	text_puts(out, stages ? " hook" : "hook");
}

/* What died where no hook did. */
static const char *const deaths[N_WHOSE] = {
	[WHOSE_CONTAINER] = "the container did not start, or stopped at once",
	[WHOSE_WORKLOAD] = "the container's own program could not be started",
	[WHOSE_RUNTIME] = "the runtime could not start itself",
	[WHOSE_HELPER] = "the host could not prepare the container",
};

static void put_who(struct text *words, const struct symptom *s)
{
	if (s->sequel)
		text_puts(words, "afterwards: ");
	text_puts(words, s->who);
	if (!streq(s->versions, "every version"))
		text_printf(words, " (%s)", s->versions);
	if (s->engine && !streq(s->engine, s->who))
		text_printf(words, ", passed on by %s", s->engine);
	text_puts(words, ": ");
}

/* "runc (1.1): startContainer or poststop hook 0 '/sbin/x' failed with status 1" */
static void put_headline(struct text *words, const struct symptom *s)
{
	put_who(words, s);
	if (!s->of_hook) {
		text_puts(words, deaths[s->whose]);
		if (s->path)
			text_printf(words, ": '%s'", s->path);
		return;
	}
	put_stages(words, s->stages);
	if (s->hook >= 0)
		text_printf(words, " %ld", s->hook);
	if (s->path)
		text_printf(words, " '%s'", s->path);
	put_end_of_hook(words, s);
}

/* "The hook wrote: ..." is the answer that most users need, and what is not known is not hidden. */
static void put_words(const struct page *p, const char *label, const char *words)
{
	if (!words)
		return;
	text_puts(p->out, "  ");
	painted(p, YELLOW, label);
	text_puts(p->out, " ");
	render_safe(p->out, words);
	text_puts(p->out, "\n");
}

static void put_symptom(const struct page *p, const struct symptom *s)
{
	CLEANUP(text_free) struct text words = { 0 };

	if (!s->n_causes)
		put_words(p, "not recognised:",
			  s->unread ? s->unread : "the reason, which the message does not contain");
	put_headline(&words, s);
	p->out->failed = p->out->failed || words.failed;
	painted(p, BOLD, words.data ? words.data : "");
	text_puts(p->out, "\n");
	painted(p, DIM, "  | ");
	render_safe(p->out, s->evidence ? s->evidence : "");
	text_puts(p->out, "\n");
	put_words(p, "the hook wrote:", s->wrote);
}

static void put_where(struct text *out, const struct lint_finding *f)
{
	const size_t start = out->len;

	render_where(out, f);
	if (!out->failed)
		defuse(out->data + start);
}

/* What belongs to no message confirms none. */
static void put_findings(const struct page *p, const struct suspect *reason, bool of_message)
{
	static const enum paint paints[] = {
		[VERDICT_CONFIRMED] = RED, [VERDICT_POSSIBLE] = YELLOW
	};
	static const char *const words[] = { [VERDICT_CONFIRMED] = "the bundle confirms it: ",
					     [VERDICT_POSSIBLE] = "the bundle may show it: " };

	for (size_t i = 0; i < reason->n_findings; i++) {
		const struct lint_finding *f = reason->findings[i];

		text_pad(p->out, 4);
		painted(p, paints[reason->verdict],
			of_message ? words[reason->verdict] : "the bundle shows: ");
		text_printf(p->out, "[%s] ", rule_get(f->rule)->id);
		put_where(p->out, f);
		render_safe(p->out, f->message);
		text_puts(p->out, "\n");
	}
}

/* lint names the culprit in the bundle, so its hint is better. */
static const char *remedy_of(const struct suspect *reason)
{
	const struct lint_finding *f = reason->n_findings ? reason->findings[0] : NULL;

	return f && reason->verdict == VERDICT_CONFIRMED && f->hint ? f->hint : reason->remedy;
}

/* Everything about the first ones; of a long list the rest is short. */
#define TOLD_IN_FULL 3

static void put_reason(const struct page *p, const struct suspect *reason, size_t number,
		       bool of_message)
{
	CLEANUP(text_free) struct text remedy = { 0 };

	text_printf(p->out, "%2zu. ", number);
	painted(p, BOLD, reason->title);
	text_puts(p->out, "\n");
	put_findings(p, reason, of_message);
	if (reason->why && number <= TOLD_IN_FULL) {
		text_pad(p->out, 4);
		wrapped(p->out, 4, 4, reason->why);
	}
	render_remedy(&remedy, remedy_of(reason));
	p->out->failed = p->out->failed || remedy.failed;
	text_pad(p->out, 4);
	painted(p, GREEN, "hint:");
	wrapped(p->out, 4, strlen("    hint:"), remedy.data ? remedy.data : "");
}

static void put_ruled_out(const struct page *p, const struct complaint *c)
{
	CLEANUP(text_free) struct text words = { 0 };
	const char *separator = "";

	for (size_t i = 0; i < c->n; i++)
		if (c->reasons[i].verdict == VERDICT_RULED_OUT) {
			text_printf(&words, "%s%s", separator, c->reasons[i].title);
			separator = "; ";
		}
	p->out->failed = p->out->failed || words.failed;
	if (!words.len)
		return;
	text_puts(p->out, "\n");
	text_pad(p->out, 4);
	painted(p, DIM, "ruled out by the bundle:");
	wrapped(p->out, 4, strlen("    ruled out by the bundle:"), words.data);
}

static void put_complaint(const struct page *p, const struct hw_diagnosis *d,
			  const struct complaint *c)
{
	if (c->symptom) {
		put_symptom(p, c->symptom);
	} else {
		painted(p, BOLD, d->given ? "what the bundle shows by itself, " : "");
		painted(p, BOLD, d->bundle->name);
		text_puts(p->out, ":\n");
	}
	if (c->n)
		text_puts(p->out, "\n");
	if (c->hook_missing)
		text_puts(p->out,
			  "    the bundle does not have such a hook: is it the one that died, with "
			  "the hooks that the engine added?\n\n");
	for (size_t i = 0; i < c->n && c->reasons[i].verdict != VERDICT_RULED_OUT; i++)
		put_reason(p, &c->reasons[i], i + 1, c->symptom);
	put_ruled_out(p, c);
	text_puts(p->out, "\n");
}

static void put_end(const struct page *p, const struct hw_diagnosis *d)
{
	const struct advice advice = advice_for(d);

	if (d->others) {
		text_printf(p->out, "the bundle has %zu other error%s: see 'hookwright lint ",
			    d->others, d->others == 1 ? "" : "s");
		render_safe(p->out, d->bundle->name);
		text_puts(p->out, "'\n");
	}
	if (!d->n && d->bundle) {
		render_safe(p->out, d->bundle->name);
		text_puts(p->out, ": it does not contain a cause that keeps a hook or the "
				  "container from starting\n");
	} else if (!d->n && !d->given) {
		text_puts(p->out, "no message of a runtime or an engine was recognised\n");
	}
	for (size_t i = 0; i < advice.n; i++) {
		text_puts(p->out, "  ");
		painted(p, GREEN, "hint:");
		wrapped(p->out, 4, strlen("  hint:"), advice.lines[i]);
	}
}

/* The first line says what nothing below is about. */
static void put_begin(const struct page *p, const struct hw_diagnosis *d)
{
	CLEANUP(text_free) struct text words = { 0 };

	if (d->given && !d->symptoms.n)
		text_puts(p->out, "no message of a runtime or an engine was recognised\n");
	if (d->given && !d->symptoms.n && d->n)
		text_puts(p->out, "\n");
	if (!d->rootfs)
		return;
	text_printf(
		&words,
		"the root file system '%s' is empty or missing here, so it is not mounted: nothing "
		"in it can be judged, and nothing is ruled out for that",
		d->rootfs);
	p->out->failed = p->out->failed || words.failed;
	wrapped(p->out, 0, 0, words.data ? words.data : "");
	text_puts(p->out, "  ");
	painted(p, GREEN, "hint:");
	wrapped(p->out, 4, strlen("  hint:"),
		"mount it first: 'podman mount NAME' prints where (as a user: in 'podman unshare'), "
		"'buildah mount NAME'; then repeat this with --rootfs DIR");
	text_puts(p->out, "\n");
}

static void put_text(struct text *out, const struct hw_diagnosis *d, bool colour)
{
	const struct page page = { out, colour };

	put_begin(&page, d);
	for (size_t i = 0; i < d->n; i++)
		put_complaint(&page, d, &d->complaints[i]);
	put_end(&page, d);
	render_guard(out, RENDER_LINES);
}

/* ---- JSON; the words are an interface, documented in hookwright(1) ---- */

static const char *const verdicts[] = { [VERDICT_CONFIRMED] = "confirmed",
					[VERDICT_POSSIBLE] = "possible",
					[VERDICT_OPEN] = "open",
					[VERDICT_RULED_OUT] = "ruled-out" };

static void json_finding(struct writer *w, const struct lint_finding *f)
{
	writer_open(w, NULL, '{');
	writer_string(w, "rule", rule_get(f->rule)->id);
	writer_string(w, "file", f->path);
	if (f->line)
		writer_number(w, "line", f->line);
	else
		writer_string(w, "line", NULL);
	writer_string(w, "message", f->message);
	writer_close(w, '}');
}

static void json_reason(struct writer *w, const struct suspect *reason)
{
	char id[64];

	writer_open(w, NULL, '{');
	writer_string(w, "id", dashed(reason->id, id, sizeof(id)));
	writer_string(w, "verdict", verdicts[reason->verdict]);
	writer_string(w, "title", reason->title);
	writer_string(w, "why", reason->why);
	writer_string(w, "remedy", remedy_of(reason));
	writer_open(w, "findings", '[');
	for (size_t i = 0; i < reason->n_findings; i++)
		json_finding(w, reason->findings[i]);
	writer_close(w, ']');
	writer_close(w, '}');
}

static void json_symptom(struct writer *w, const struct symptom *s)
{
	char id[64];

	writer_string(w, "evidence", s->evidence);
	writer_string(w, "printedBy", s->who);
	writer_string(w, "versions", s->versions);
	writer_open(w, "rows", '[');
	for (size_t i = 0; i < s->n_rows; i++)
		writer_string(w, NULL, dashed(s->rows[i], id, sizeof(id)));
	writer_close(w, ']');
	writer_open(w, "stages", '[');
	for (size_t i = 0; i < HOOK_STAGES; i++)
		if (s->stages & STAGE_BIT(i))
			writer_string(w, NULL, hook_stage_name(i));
	writer_close(w, ']');
	if (s->hook >= 0)
		writer_number(w, "hook", (size_t)s->hook);
	else
		writer_string(w, "hook", NULL);
	writer_string(w, "path", s->path);
	writer_string(w, "status", s->status);
	writer_string(w, "signal", s->signal);
	writer_string(w, "kernel", s->kernel);
	writer_string(w, "hookWrote", s->wrote);
	writer_string(w, "unrecognised", s->n_causes ? NULL : s->unread);
	writer_string(w, "engine", s->engine);
	writer_flag(w, "sequel", s->sequel);
}

static void json_complaint(struct writer *w, const struct complaint *c)
{
	writer_open(w, NULL, '{');
	if (c->symptom) {
		json_symptom(w, c->symptom);
		writer_string(w, "whose", whose_name(c->whose));
	} else {
		writer_string(w, "evidence", NULL);
	}
	writer_flag(w, "hookMissing", c->hook_missing);
	writer_open(w, "causes", '[');
	for (size_t i = 0; i < c->n; i++)
		json_reason(w, &c->reasons[i]);
	writer_close(w, ']');
	writer_close(w, '}');
}

static void put_json(struct text *out, const struct hw_diagnosis *d)
{
	const struct advice advice = advice_for(d);
	struct writer w = { .out = out };

	writer_open(&w, NULL, '{');
	writer_number(&w, "version", HW_JSON_VERSION);
	writer_string(&w, "hookwright", hw_version());
	writer_flag(&w, "found", d->found);
	writer_flag(&w, "recognised", d->recognised);
	writer_string(&w, "bundle", d->bundle ? d->bundle->name : NULL);
	writer_string(&w, "rootfsNotMounted", d->rootfs);
	writer_open(&w, "messages", '[');
	for (size_t i = 0; i < d->n; i++)
		json_complaint(&w, &d->complaints[i]);
	writer_close(&w, ']');
	writer_number(&w, "otherErrors", d->others);
	writer_open(&w, "next", '[');
	for (size_t i = 0; i < advice.n; i++)
		writer_string(&w, NULL, advice.lines[i]);
	writer_close(&w, ']');
	writer_close(&w, '}');
	text_puts(out, "\n");
	render_guard(out, RENDER_JSON);
}

int hw_diagnosis_render(const struct hw_diagnosis *d, bool json, bool colour, char **ret,
			struct hw_error *err)
{
	struct text out = { 0 };

	if (json)
		put_json(&out, d);
	else
		put_text(&out, d, colour);
	return text_take(&out, ret) < 0 ? error_oom(err) : 0;
}
