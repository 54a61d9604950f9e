/* SPDX-License-Identifier: Apache-2.0 */
/* A picture of what explain found: the mounts, the way of each program's path, the verdicts. */
#include <stdio.h>

#include "apply/explain.h"
#include "base/utf8.h"

/*
 * Rows of text below each other: the root file system and what is mounted over it, the mounts on a
 * path's way marked; then each policy with its candidates, whose steps stand on a line that leads to
 * the verdict. The style is in the picture; dark or light is the viewer's choice.
 */
#define WIDTH  920
#define ROW    24
#define MARGIN 24
#define CHARS  108 /* of a row at its left margin; 7.8 pixels each */
#define INDENT 4   /* characters */

#define HEAD                                                                                       \
	"<style>\n"                                                                                \
	"svg { color-scheme: light dark; --ground: #fff; --box: #eef1f5; --text: #1c2128; "        \
	"--dim: #56606c; --line: #b4bcc6; --yes: #1a6b35; --no: #b3261e; --unknown: #8a5300; }\n"  \
	"@media (prefers-color-scheme: dark) { svg { --ground: #12161c; --box: #1f262f; "          \
	"--text: #e4e8ee; --dim: #9daab8; --line: #4a5563; --yes: #79d995; --no: #ff8a80; "        \
	"--unknown: #f2c260; } }\n"                                                                \
	"text { fill: var(--text); font: 13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', " \
	"monospace; white-space: pre; }\n"                                                         \
	".title { font-weight: bold; font-size: 15px; } .dim { fill: var(--dim); }\n"              \
	".yes { fill: var(--yes); } .no { fill: var(--no); } .unknown { fill: var(--unknown); }\n" \
	".ground { fill: var(--ground); } .box { fill: var(--box); } .on { stroke: var(--yes); "   \
	"stroke-width: 2; }\n"                                                                     \
	".way { stroke: var(--line); stroke-width: 2; } .dot { fill: var(--line); }\n"             \
	"</style>\n"

struct picture {
	struct text *out; /* what stands on the ground, whose height is known at the end */
	unsigned y;	  /* of the next row */
};

/* ---- text ---- */

static const char *reference(int32_t c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	default:
		return c >= 0 && char_is_plain(c) ? NULL : "\xef\xbf\xbd"; /* U+FFFD */
	}
}

/* At most @room characters of @s; the text may be the container's. */
static void put(struct text *out, const char *s, size_t room)
{
	const unsigned char *const end = (const unsigned char *)s + strlen(s);
	const unsigned char *p = (const unsigned char *)s;

	for (size_t n = 0; p < end; n++) {
		int32_t c = -1;
		size_t len = utf8_decode(p, end, &c);
		const char *instead = reference(len ? c : -1);

		len = len ? len : 1;
		if (n + 1 >= room && p + len < end) {
			text_puts(out, "\xe2\x80\xa6");
			return;
		}
		if (instead)
			text_puts(out, instead);
		else
			text_add(out, (const char *)p, len);
		p += len;
	}
}

static unsigned left_of(unsigned depth)
{
	return MARGIN + depth * INDENT * 8;
}

/* A row of text, @depth indents from the left. */
static void put_row(struct picture *p, unsigned depth, const char *class, const char *words)
{
	text_printf(p->out, "<text x=\"%u\" y=\"%u\" class=\"%s\">", left_of(depth), p->y + 17,
		    class);
	put(p->out, words, CHARS - depth * INDENT - 2);
	text_puts(p->out, "</text>\n");
	p->y += ROW;
}

static void put_row_of(struct picture *p, unsigned depth, const char *class, struct text *words)
{
	p->out->failed |= words->failed;
	if (!p->out->failed)
		put_row(p, depth, class, words->data);
	text_free(words);
}

/* ---- mounts ---- */

static bool is_on_way(const char *destination, const char *path)
{
	const size_t len = strlen(destination);

	return len > 1 && strncmp(path, destination, len) == 0 && (!path[len] || path[len] == '/');
}

/* A step begins with the path that was reached. */
static bool step_is_on_way(const char *destination, const char *step)
{
	const size_t len = strlen(destination);

	return len > 1 && strncmp(step, destination, len) == 0 && strchr("/ :", step[len]);
}

static bool crosses(const struct candidate *c, const char *destination)
{
	bool on = c->asked && is_on_way(destination, c->path);

	for (size_t i = 0; c->asked && !on && i < c->fact.n_steps; i++)
		on = step_is_on_way(destination, c->fact.steps[i]);
	return on;
}

static bool is_crossed(const struct plan *plan, const char *destination)
{
	for (size_t i = 0; i < plan->n_decisions; i++)
		for (size_t k = 0; k < plan->decisions[i].n_candidates; k++)
			if (crosses(&plan->decisions[i].candidates[k], destination))
				return true;
	return false;
}

static void put_box(struct picture *p, unsigned depth, bool on)
{
	text_printf(
		p->out,
		"<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"4\" class=\"box%s\"/>\n",
		left_of(depth) - 8, p->y + 1, WIDTH - MARGIN + 8 - left_of(depth), ROW - 2,
		on ? " on" : "");
}

static void put_mount(struct picture *p, const struct report_input *in, const struct spec_mount *m)
{
	struct text words = { 0 };

	put_box(p, 1, is_crossed(in->plan, m->destination));
	text_printf(&words, "%s  %s", m->destination, m->type[0] ? m->type : "bind");
	if (m->source[0])
		text_printf(&words, " of %s", m->source);
	for (size_t i = 0; i < m->n_options; i++)
		text_printf(&words, "%s%s", i ? "," : "  ", m->options[i]);
	put_row_of(p, 1, "mount", &words);
}

static void put_tree(struct picture *p, const struct report_input *in)
{
	struct text words = { 0 };

	put_box(p, 0, false);
	text_printf(&words, "/  root file system %s%s", in->spec->root_path,
		    in->spec->root_readonly ? "  ro" : "");
	put_row_of(p, 0, "title", &words);
	for (size_t i = 0; i < in->spec->n_mounts; i++)
		put_mount(p, in, &in->spec->mounts[i]);
}

/* ---- policies ---- */

static const char *const classes[] = { [NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown" };

/* From the row at @from to the one before the next. */
static void put_way(struct picture *p, unsigned from)
{
	const unsigned x = left_of(1) - 14;

	text_printf(p->out, "<path d=\"M%u %uV%u\" class=\"way\"/>\n", x, from + ROW / 2,
		    p->y - ROW / 2);
	for (unsigned y = from; y < p->y; y += ROW)
		text_printf(p->out, "<circle cx=\"%u\" cy=\"%u\" r=\"4\" class=\"dot\"/>\n", x,
			    y + ROW / 2);
}

static void put_candidate(struct picture *p, const struct candidate *c, bool taken)
{
	static const char *const words[] = {
		[NO] = "unusable: ", [YES] = "usable: ", [UNKNOWN] = "unknown: "
	};
	const unsigned from = p->y;
	struct text path = { 0 }, verdict = { 0 };

	text_printf(&path, "%s%s", c->path, taken ? "  \xe2\x86\x90 taken" : "");
	put_row_of(p, 1, "title", &path);
	for (size_t i = 0; i < c->fact.n_steps; i++)
		put_row(p, 1, "step", c->fact.steps[i]);
	text_printf(&verdict, "%s%s", words[c->fact.usable], c->fact.text);
	put_row_of(p, 1, classes[c->fact.usable], &verdict);
	put_way(p, from);
}

static void put_decision(struct picture *p, const struct decision *d)
{
	static const struct {
		const char *words;
		enum truth tone;
	} outcomes[] = {
		[OUTCOME_NOT_REQUESTED] = { "not requested", UNKNOWN },
		[OUTCOME_NOT_CONCERNED] = { "not concerned", UNKNOWN },
		[OUTCOME_WANTED] = { "hook wanted", YES },
		[OUTCOME_LEFT_OUT] = { "hook left out", UNKNOWN },
		[OUTCOME_REFUSED] = { "container refused", NO },
	};
	struct text words = { 0 };

	p->y += ROW / 2;
	put_box(p, 0, false);
	put_row(p, 0, "title", d->policy->name);
	for (size_t i = 0; i < d->n_candidates; i++)
		if (d->candidates[i].asked)
			put_candidate(p, &d->candidates[i],
				      d->hook && streq(d->hook->path, d->candidates[i].path));
	text_puts(&words, outcomes[d->outcome].words);
	if (d->why && d->outcome != OUTCOME_NOT_REQUESTED)
		text_printf(&words, ": %s", d->why);
	put_row_of(p, 0, classes[outcomes[d->outcome].tone], &words);
}

void report_svg(struct text *out, const struct report_input *in)
{
	CLEANUP(text_free) struct text body = { 0 };
	struct picture p = { .out = &body, .y = MARGIN };

	put_row(&p, 0, "title", in->bundle);
	put_tree(&p, in);
	for (size_t i = 0; i < in->plan->n_decisions; i++)
		put_decision(&p, &in->plan->decisions[i]);
	p.y += MARGIN;
	text_printf(out,
		    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"%u\" "
		    "viewBox=\"0 0 %u %u\">\n<title>hookwright explain</title>\n",
		    WIDTH, p.y, WIDTH, p.y);
	text_puts(out, HEAD);
	text_printf(out, "<rect width=\"%u\" height=\"%u\" class=\"ground\"/>\n", WIDTH, p.y);
	out->failed |= body.failed;
	if (!out->failed)
		text_add(out, body.data, body.len);
	text_puts(out, "</svg>\n");
}
