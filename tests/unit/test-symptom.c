/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of recognising messages: the cases of tests/data/doctor, and texts as people paste them. */
#include <time.h>

#include "doctor/symptom-internal.h"
#include "test.h"

/*
 * tests/data/doctor/cases: messages and what is read in them; tests/data/doctor/strings: what the
 * sources of runtimes and engines say of hooks. tests/e2e/doctor.sh makes runtimes print them again.
 */
#define CASES	"tests/data/doctor/cases"
#define STRINGS "tests/data/doctor/strings"

static struct arena *arena;

static struct symptoms find(const char *text, size_t len)
{
	struct symptoms found;
	struct hw_error err;

	if (symptoms_find(text, len, arena, &found, &err) < 0)
		FAIL("%s", err.message);
	return found;
}

static size_t count(const char *text)
{
	return find(text, strlen(text)).n;
}

/* ---- the cases ---- */

#define LINE_MOST   4096
#define VALUES_MOST 16

static struct one {
	char title[256], from[LINE_MOST], text[LINE_MOST];
	char values[VALUES_MOST][LINE_MOST];
	size_t n;
} one;

static bool rows_seen[512];
static bool causes_seen[N_CAUSES];

static const char *dashed(const char *id)
{
	static char buf[64];

	snprintf(buf, sizeof(buf), "%s", id);
	for (char *p = buf; *p; p++)
		*p = *p == '_' ? '-' : *p;
	return buf;
}

static const char *first_cause(const struct symptom *s)
{
	return s->n_causes ? dashed(cause_get(s->causes[0])->id) : "-";
}

static const char *all_causes(const struct symptom *s)
{
	static char buf[LINE_MOST];
	size_t len = 0;

	snprintf(buf, sizeof(buf), "-");
	for (size_t i = 0; i < s->n_causes; i++)
		len += (size_t)snprintf(buf + len, sizeof(buf) - len, "%s%s", i ? " " : "",
					dashed(cause_get(s->causes[i])->id));
	return buf;
}

static const char *stages(const struct symptom *s)
{
	static char buf[256];
	size_t len = 0;

	snprintf(buf, sizeof(buf), "-");
	for (size_t i = 0; i < HOOK_STAGES; i++)
		if (s->stages & STAGE_BIT(i))
			len += (size_t)snprintf(buf + len, sizeof(buf) - len, "%s%s",
						len ? "," : "", hook_stage_name(i));
	return buf;
}

static bool has_row(const struct symptom *s, const char *row)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (streq(dashed(s->rows[i]), row))
			return true;
	return false;
}

static const char *number(long n)
{
	static char buf[32];

	snprintf(buf, sizeof(buf), "%ld", n);
	return buf;
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

/* What @found says of @key; NULL if there is no such key. */
static const char *value_of(const struct symptoms *found, const char *key)
{
	const struct symptom *s = &found->items[0];
	const struct {
		const char *key, *value;
	} values[] = {
		{ "path", or_dash(s->path) },	   { "status", or_dash(s->status) },
		{ "signal", or_dash(s->signal) },  { "kernel", or_dash(s->kernel) },
		{ "wrote", or_dash(s->wrote) },	   { "unread", or_dash(s->unread) },
		{ "whose", whose_name(s->whose) }, { "stages", stages(s) },
	};

	if (streq(key, "cause"))
		return first_cause(s);
	if (streq(key, "causes"))
		return all_causes(s);
	if (streq(key, "hook"))
		return s->hook < 0 ? "-" : number(s->hook);
	if (streq(key, "messages"))
		return number((long)found->n);
	if (streq(key, "next"))
		return found->n > 1 ? first_cause(&found->items[1]) : "-";
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (streq(key, values[i].key))
			return values[i].value;
	return NULL;
}

static void see(const struct symptoms *found)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct symptom *s = &found->items[i];

		for (size_t k = 0; k < n_symptom_rows; k++)
			rows_seen[k] = rows_seen[k] || has_row(s, dashed(symptom_rows[k].id));
		for (size_t k = 0; k < s->n_causes; k++)
			causes_seen[s->causes[k]] = true;
	}
}

static void check_value(const struct symptoms *found, char *line)
{
	char *value = strstr(line, ": ");
	const char *got;

	if (!value)
		FAIL("%s: not 'KEY: VALUE': %s", one.title, line);
	*value = '\0';
	value += 2;
	if (streq(line, "row")) {
		if (!has_row(&found->items[0], value))
			FAIL("%s: row %s does not read it, but %s does", one.title, value,
			     found->n ? found->items[0].rows[0] : "none");
		return;
	}
	got = value_of(found, line);
	if (!got || !streq(got, value))
		FAIL("%s: %s is\n#   %s, want\n#   %s", one.title, line, or_dash(got), value);
}

static bool names(const char *key)
{
	for (size_t i = 0; i < one.n; i++)
		if (starts_with(one.values[i], key))
			return true;
	return false;
}

/* ---- the same text as others paste it ---- */

static void as_json(const char *text, char *out)
{
	out += sprintf(out, "{\"stream\":\"stderr\",\"log\":\"");
	for (; *text; text++) {
		if (strchr("\"\\\n", *text))
			*out++ = '\\';
		*out++ = *text == '\n' ? 'n' : *text;
	}
	sprintf(out, "\",\"time\":\"2026-11-24T10:00:00Z\"}");
}

/* @before each line, @behind its end. */
static void as_log(const char *text, const char *before, const char *behind, char *out)
{
	while (*text) {
		const int len = (int)strcspn(text, "\n");

		out += sprintf(out, "%s%.*s%s\n", before, len, text, behind);
		text += len + (text[len] == '\n');
	}
	*out = '\0';
}

static void check_variant(const struct symptoms *plain, const char *text, const char *how)
{
	const struct symptoms other = find(text, strlen(text));
	const struct symptom *a = &plain->items[0], *b = &other.items[0];

	if (plain->n != other.n)
		FAIL("%s, %s: %zu messages instead of %zu", one.title, how, other.n, plain->n);
	if (a->n_causes && a->causes[0] != b->causes[0])
		FAIL("%s, %s: other causes", one.title, how);
	if (a->n_causes != b->n_causes || a->hook != b->hook || a->stages != b->stages ||
	    !streq(or_dash(a->path), or_dash(b->path)) ||
	    !streq(or_dash(a->status), or_dash(b->status)) ||
	    !streq(or_dash(a->wrote), or_dash(b->wrote)))
		FAIL("%s, %s: it is another message: %s, %s, %s", one.title, how, or_dash(b->path),
		     or_dash(b->status), or_dash(b->wrote));
}

#define VARIANT_MOST ((size_t)1 << 18)

static void check_variants(const struct symptoms *plain)
{
	static char out[VARIANT_MOST], again[VARIANT_MOST];
	static const char *const before[] = {
		"Nov 24 10:00:00 host conmon[12]: ",
		"web-1  | ",
		"2026-11-24T10:00:00.1234567Z ",
		"2026-11-24T10:00:00.123456789+01:00 stderr F ",
		"\033[31m",
	};

	if (starts_with(one.title, "pasted: wrapped")) /* in front of what is only now a line */
		return;
	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		as_log(one.text, before[i], "", out);
		check_variant(plain, out, before[i]);
	}
	as_log(one.text, "", "\033[0m\r", out);
	check_variant(plain, out, "coloured, with carriage returns");
	as_json(one.text, out);
	check_variant(plain, out, "in JSON");
	as_json(out, again);
	as_json(again, out);
	check_variant(plain, out, "in JSON in JSON in JSON");
}

static void check_case(void)
{
	struct symptoms found;

	if (!one.title[0])
		return;
	found = find(one.text, strlen(one.text));
	see(&found);
	if (!one.from[0] || !names("cause"))
		FAIL("%s: without 'from' or 'cause'", one.title);
	if (found.n != 1 && !names("messages"))
		FAIL("%s: %zu messages", one.title, found.n);
	for (size_t i = 0; i < one.n; i++)
		check_value(&found, one.values[i]);
	if (found.n)
		check_variants(&found);
}

static void read_line(char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (starts_with(line, "== ")) {
		check_case();
		memset(&one, 0, sizeof(one));
		snprintf(one.title, sizeof(one.title), "%.250s", line + 3);
	} else if (starts_with(line, "from: ")) {
		snprintf(one.from, sizeof(one.from), "%.4000s", line + 6);
	} else if (starts_with(line, "text: ")) {
		strncat(one.text, line + 6, sizeof(one.text) - strlen(one.text) - 2);
		strcat(one.text, "\n");
	} else if (one.title[0] && line[0] && one.n < VALUES_MOST) {
		snprintf(one.values[one.n++], LINE_MOST, "%.4000s", line);
	}
}

static void messages_are_read(void)
{
	char line[LINE_MOST];
	FILE *f = fopen(CASES, "r");

	CHECK(f);
	while (fgets(line, sizeof(line), f))
		read_line(line);
	check_case();
	fclose(f);
}

/* ---- the strings of the sources ---- */

/* What a source puts in place of a directive: of printf, of Go's fmt, of Rust's format! */
static const struct {
	const char *directive, *value;
} fillings[] = {
	{ "stage %s hook", "stage x hook" },
	{ "running %s hook", "running createRuntime hook" },
	{ "%+v", "{Path:/x Args:[x]}" },
	{ "%.1f", "1.0" },
	{ "exit status with {}", "exit status with 1" },
	{ "code: {0}", "code: 1" },
	{ "{:?}", "Hook { path: \"/x\" }" },
	{ "{msg}", "/x: timed out" },
	{ "{0}", "x" },
	{ "{}", "/x" },
	{ "%d", "1" },
	{ "%q", "\"/x\"" },
	{ "%w", "exit status 1" },
	{ "%v", "exit status 1" },
	{ "%s", "/x" },
	{ "%T", "x" },
	{ "\\n", "\n" },
	{ "\\\\", "\\" },
};

static void fill(const char *text, char *out, size_t size)
{
	size_t len = 0;

	while (*text && len + 64 < size) {
		size_t i = 0;

		while (i < ARRAY_SIZE(fillings) && !starts_with(text, fillings[i].directive))
			i++;
		if (i == ARRAY_SIZE(fillings)) {
			out[len++] = *text++;
			continue;
		}
		len += (size_t)snprintf(out + len, size - len, "%s", fillings[i].value);
		text += strlen(fillings[i].directive);
	}
	out[len] = '\0';
}

/* Whether some row other than that of a wrapper around nothing reads it. */
static void check_string(char *line, size_t *n_unread)
{
	char *program = strsep(&line, "\t"), *version = strsep(&line, "\t"),
	     *place = strsep(&line, "\t"), *text = strsep(&line, "\t"), *why = line;
	char filled[LINE_MOST];
	struct symptoms found;

	if (!program || !version || !place || !text)
		FAIL("not of five columns: %s", program);
	fill(text, filled, sizeof(filled));
	found = find(filled, strlen(filled));
	see(&found);
	if (found.n > 0 && why)
		FAIL("a row reads '%s', which is marked: %s", text, why);
	if (found.n > 0)
		return;
	printf("# no row reads: %s %s %s: %s (%s)\n", program, version, place, text,
	       why ? why : "NOT MARKED");
	*n_unread += !why;
}

static void strings_of_the_sources_are_read(void)
{
	char line[LINE_MOST];
	FILE *f = fopen(STRINGS, "r");
	size_t n = 0, n_unread = 0;

	CHECK(f);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || !line[0])
			continue;
		check_string(line, &n_unread);
		n++;
	}
	fclose(f);
	CHECK(n > 180);
	if (n_unread)
		FAIL("%zu strings are read by no row and not marked", n_unread);
}

/* After those two. */
static void every_row_has_a_case(void)
{
	for (size_t i = 0; i < n_symptom_rows; i++) {
		const struct row *row = &symptom_rows[i];

		if (!rows_seen[i])
			FAIL("no case of row %s", row->id);
		/* The first bytes find the row, so they are not what may be left out. */
		for (size_t k = 0; k < 4; k++)
			if (strchr("% `", row->wording[k]) && !(k > 0 && row->wording[k] == ' '))
				FAIL("the wording of row %s begins with '%c'", row->id,
				     row->wording[k]);
	}
}

static void every_cause_is_reached(void)
{
	for (int c = 0; c < N_CAUSES; c++) {
		const struct cause_info *info = cause_get((enum cause)c);

		CHECK(info->title[0] && info->why[0] && info->remedy[0]);
		/* Of no message: doctor/doctor.c adds it. */
		if (c != CAUSE_changed_since && !causes_seen[c])
			FAIL("no case of cause %s", info->id);
	}
}

/* ---- errnos, signals, stages, statuses: each with every runtime ---- */

static void every_error_of_execve_is_never_the_programs_own(void)
{
	char text[256];

	for (int number_ = 1; number_ < 134; number_++) {
		const char *words = strerror(number_);
		struct symptoms found;

		if (starts_with(words, "Unknown error"))
			continue;
		snprintf(text, sizeof(text),
			 "error running startContainer hook #0: fork/exec /x: %s", words);
		text[strlen(text) - strlen(words)] |= 0x20;
		found = find(text, strlen(text));
		CHECK_INT(found.n, 1);
		if (!found.items[0].n_causes || !found.items[0].kernel)
			FAIL("errno %d is not read: %s", number_, text);
		CHECK_STR(found.items[0].path, "/x");
		for (size_t i = 0; i < found.items[0].n_causes; i++)
			CHECK(found.items[0].causes[i] != CAUSE_own_failure);
	}
}

static void every_signal_is_read(void)
{
	char text[256];

	for (int number_ = 1; number_ < 32; number_++) {
		const char *words = strsignal(number_);
		struct symptoms found;

		if (number_ >= 17 && number_ <= 23) /* they stop or are ignored */
			continue;
		if (number_ == 28)
			continue;
		snprintf(
			text, sizeof(text),
			"error running hook #0: error running hook: signal: %s, stdout: , stderr: ",
			words);
		found = find(text, strlen(text));
		if (found.n != 1 || !found.items[0].signal || !found.items[0].n_causes)
			FAIL("signal %d (%s) is not read", number_, words);
		snprintf(text, sizeof(text), "error executing hook `/x` (exit code: %d)",
			 128 + number_);
		found = find(text, strlen(text));
		if (found.n != 1 || found.items[0].causes[0] == CAUSE_own_failure)
			FAIL("status %d is the program's own", 128 + number_);
	}
}

static void every_stage_is_read(void)
{
	char text[256];

	for (size_t i = 0; i < HOOK_STAGES; i++) {
		struct symptoms found;

		snprintf(text, sizeof(text),
			 "error running %s hook #%zu: exit status 1, stdout: , stderr: ",
			 hook_stage_name(i), i * 1000);
		found = find(text, strlen(text));
		CHECK_INT(found.n, 1);
		CHECK_INT(found.items[0].stages, STAGE_BIT(i));
		CHECK_INT(found.items[0].hook, (long)i * 1000);
		CHECK_STR(whose_name(found.items[0].whose),
			  i == STAGE_START_CONTAINER ? "start-hook" : "host-hook");
	}
}

/* ---- several lines ---- */

#define RUNC	     "error running hook #0: "
#define CRUN(status) "error executing hook `/x` (exit code: " status ")"

static void lines_that_belong_together(void)
{
	/* Two deaths are two messages, a repeated one is one. */
	CHECK_INT(count(CRUN("1") "\nerror executing hook `/y` (exit code: 1)\n"), 2);
	CHECK_INT(count(CRUN("1") "\n" CRUN("1") "\n\n" CRUN("1")), 1);
	CHECK_INT(count(CRUN("-1") "\n" CRUN("-2") "\nfork: Operation not permitted\n"), 2);
	/* What crun says of fork is not of runc's message. */
	CHECK_INT(count(RUNC "exec: no command\nfork: Operation not permitted\n"), 2);
	/* A hook's output has line ends, and none of it is a message without one. */
	CHECK_INT(count(RUNC "error running hook: exit status 1, stdout: a\nb\n, stderr: c\n"
			     "x: applet not found\n"),
		  1);
	CHECK_INT(count("x: applet not found\nRead-only file system\nsh: x: not found\n"), 0);
	/* A status says nothing beside a message. */
	CHECK_INT(count("x Exited (1) \n" CRUN("1")), 1);
	CHECK_INT(count("x Exited (15) \n"), 0);
	CHECK_INT(count("Exit Code: 1599"), 0);
}

static void more_messages_than_are_kept(void)
{
	char text[64 * 60], *p = text;

	for (int i = 0; i < 60; i++)
		p += sprintf(p, "error executing hook `/x%d` (exit code: 1)\n", i);
	CHECK_INT(count(text), SYMPTOMS_MAX);
}

static void unfinished_and_empty(void)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"\033",
		"\033[",
		"\033]0;title",
		"msg=\"",
		"msg=\"\\",
		"msg=\"\\u12",
		"\\x1",
		"\"msg\" : \"\\ud800\\u0000\"",
		"error executing hook `",
		"error executing hook `/x` (exit code: ",
		"error executing hook `/x` (exit code: -)",
		"error running hook #99999999: ",
		"error running noSuchStage hook #0: ",
		"fork/exec ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		/* Exactly as long as it is, for the sanitizers. */
		const size_t len = strlen(texts[i]);
		char *copy = malloc(len + !len);

		CHECK(copy);
		memcpy(copy, texts[i], len);
		if (find(copy, len).n)
			FAIL("a message in: %s", texts[i]);
		free(copy);
	}
}

static void check_crun(const char *text)
{
	struct symptoms found = find(text, strlen(text));

	if (found.n != 1 || !found.items[0].path)
		FAIL("%zu messages in: %s", found.n, text);
	CHECK_STR(found.items[0].path, "/bin/x");
	CHECK_STR(found.items[0].status, "3");
	CHECK_STR(found.items[0].evidence, "error executing hook `/bin/x` (exit code: 3)");
}

#define TEXT "error executing hook `/bin/x` (exit code: 3)"

static void escapes_and_prefixes(void)
{
	struct symptoms found;
	static const char text[] =
		"{\"msg\":\"error executing hook `/\\u00fc\\/\\\"\\\\x` (exit code: 3)\"}";

	check_crun(TEXT);
	check_crun("\033[31m\033]0;title\aerror executing \033[1mhook\033[0m `/bin/x` (exit code: "
		   "3)\033[0m\r\n");
	check_crun("error executing \\u001b[1mhook\\x1b[0m `/bin/x` (exit code: 3)");
	check_crun("#033[31merror executing hook `/bin/x` (exit code: 3)#033[0m");
	check_crun("^[[31merror executing hook `/bin/x` (exit code: 3)^[[0m");
	check_crun("Nov  4 10:00:00 host conmon[1]: " TEXT);
	check_crun("2026-11-24T10:00:00+0100 host conmon[1]: " TEXT);
	check_crun("E1124 10:00:00.123456     812 x.go:1] " TEXT);
	check_crun("ERRO[0000] " TEXT);
	check_crun("web-1  | " TEXT);
	check_crun("> > " TEXT);
	check_crun("time=\"2026\" level=error msg=\"" TEXT "\" x=y");
	found = find(text, strlen(text));
	CHECK_INT(found.n, 1);
	CHECK_STR(found.items[0].path, "/\xc3\xbc/\"\\x");
	CHECK_STR(found.items[0].evidence, "error executing hook `/\xc3\xbc/\"\\x` (exit code: 3)");
}

/* A status that any container ends with does not keep the message behind it from being found. */
static void weak_messages_make_room(void)
{
	char text[64 * 64], *p = text;
	struct symptoms found;

	for (int i = 1; i < 60; i++)
		p += sprintf(p, "container %d Exited (%d) \n", i, 100 + i % 20);
	p += sprintf(p, "x Exited (1) \nx Exited (141) \n");
	sprintf(p, CRUN("3") "\n");
	found = find(text, strlen(text));
	CHECK_INT(found.n, 1);
	CHECK_STR(found.items[0].path, "/x");
}

/* ---- wordings ---- */

static void wordings_fit_with_as_little_as_possible(void)
{
	static const struct {
		const char *wording, *text, *path; /* NULL: it does not fit */
	} cases[] = {
		{ "fork/exec %p: %e", "fork/exec /x: no such file or directory", "/x" },
		{ "fork/exec %p: %e", "fork/exec /a: b: permission denied", "/a: b" },
		{ "fork/exec %p: %e", "fork/exec   /x:Permission denied", "/x" },
		{ "fork/exec %p: %e", "fork/exec /x: no such filfork/exec", NULL },
		{ "hook %f failed", "hook #1 failed", NULL },
		{ "hook %f failed", "hook /a b failed", NULL },
		{ "a `%p` (%c)", "a 'x' (3)", "x" },
		{ "a `%p` (%c)", "a x (-3)", "x" },
		{ "a `%p` (%c)", "a x (y) (3)", "x (y)" },
		{ "a `%p` (%c)", "a x ()", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct seeks seeks = { 0 };
		struct capture c;

		if (wording_match(cases[i].wording, cases[i].text, &seeks, &c) != !!cases[i].path)
			FAIL("'%s' and '%s'", cases[i].wording, cases[i].text);
		if (cases[i].path && (c.path.len != strlen(cases[i].path) ||
				      memcmp(c.path.at, cases[i].path, c.path.len) != 0))
			FAIL("'%s' in '%s' is '%.*s'", cases[i].path, cases[i].text,
			     (int)c.path.len, c.path.at);
	}
}

/* ---- time ---- */

#define HEAVY ((size_t)10 << 20)
#if defined(__SANITIZE_ADDRESS__)
#define SECONDS_PER_HEAVY 20.0
#else
#define SECONDS_PER_HEAVY 0.5
#endif

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double time_of(const char *text, size_t len)
{
	struct arena *own = arena_new();
	const double start = seconds();
	struct symptoms found;
	struct hw_error err;

	CHECK(own);
	CHECK_INT(symptoms_find(text, len, own, &found, &err), 0);
	arena_free(own);
	return seconds() - start;
}

static void check_time(const char *unit, size_t size)
{
	const double most = SECONDS_PER_HEAVY * (double)size / (double)HEAVY;
	const size_t len = strlen(unit);
	char *text = malloc(size);
	double least = 1e9;

	CHECK(text);
	for (size_t i = 0; i < size; i++)
		text[i] = unit[i % len];
	/* The machine may be busy: the best of some counts. */
	for (int i = 0; i < 5 && least > most; i++) {
		const double one_time = time_of(text, size);

		least = one_time < least ? one_time : least;
	}
	free(text);
	if (least > most)
		FAIL("%.3f s for %zu bytes of: %s", least, size, unit);
	if (least > most / 2)
		printf("# %.3f s for %zu bytes of: %s\n", least, size, unit);
}

static void check_times(size_t size)
{
	static const char *const units[] = {
		"\n",
		"\"",
		"\\",
		"\\\"",
		"exec: ",
		"exec: \"",
		"fork/exec ",
		"fork/exec /x: ",
		"\033[1m",
		"\033]",
		"#033[",
		"{\"a\":",
		"msg=\"",
		"error running hook #0: ",
		"error running hook #0: exit status 1, stdout: , stderr: ",
		"error running hook #0: exit status 1, stdout: , stderr: \n",
		"error running hook #0: fork/exec /x: no such file or directory\n",
		"error executing hook `",
		"error executing hook `/x` (exit code: 1)",
		"unable to retrieve OCI runtime error (",
		"error while loading shared libraries: ",
		"json: cannot unmarshal x into Go struct field Hook.hooks.",
		"Exited (1) ",
		"a fairly common line of a log without any message of a runtime in it\n",
		"runc run failed: ",
		"stdout: ",
		"did not terminate successfully: exit status 1 ",
		"OCI permission denied ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		check_time(units[i], size);
}

static void any_text_is_read_in_linear_time(void)
{
	check_times(HEAVY / 10);
}

static void ten_megabytes_are_read_in_half_a_second(void)
{
	check_times(HEAVY);
}

/* Each string within a string has twice the backslashes and one. */
static void deep_strings_are_read_in_linear_time(void)
{
	char *text = malloc(HEAVY), *p = text;

	CHECK(text);
	for (size_t depth = 0; depth < 21; depth++) {
		memset(p, '\\', ((size_t)1 << depth) - 1);
		p += ((size_t)1 << depth) - 1;
		p += sprintf(p, "\"");
	}
	p += sprintf(p, "error executing hook `/x` (exit code: 3)");
	CHECK_INT(find(text, (size_t)(p - text)).n, 1);
	CHECK(time_of(text, (size_t)(p - text)) < SECONDS_PER_HEAVY);
	free(text);
}

int main(void)
{
	arena = arena_new();
	if (!arena)
		return 2;
	RUN(messages_are_read);
	RUN(strings_of_the_sources_are_read);
	RUN(every_row_has_a_case);
	RUN(every_cause_is_reached);
	RUN(every_error_of_execve_is_never_the_programs_own);
	RUN(every_signal_is_read);
	RUN(every_stage_is_read);
	RUN(lines_that_belong_together);
	RUN(more_messages_than_are_kept);
	RUN(unfinished_and_empty);
	RUN(escapes_and_prefixes);
	RUN(weak_messages_make_room);
	RUN(wordings_fit_with_as_little_as_possible);
	RUN(any_text_is_read_in_linear_time);
	RUN_SLOW(ten_megabytes_are_read_in_half_a_second);
	RUN(deep_strings_are_read_in_linear_time);
	arena_free(arena);
	return DONE();
}
