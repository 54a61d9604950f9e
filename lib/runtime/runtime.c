/* SPDX-License-Identifier: Apache-2.0 */
/* Parses the kind and version of a runtime, and looks up what it does in runtime/behaviour-table.h. */
#include <stdio.h>
#include <strings.h>

#include "runtime/runtime.h"
#include "tools.h"

/* ---- names and versions ---- */

/* Only the plain names: krun and crun-vm are crun too, but run the container elsewhere. */
static const struct {
	char name[8]; /* text, no pointer: nothing is corrected at each start of the wrapper */
	enum runtime_kind kind;
} names[] = {
	{ "runc", RUNTIME_RUNC },
	{ "crun", RUNTIME_CRUN },
};

struct runtime runtime_from_name(const char *name)
{
	const char *slash = name ? strrchr(name, '/') : NULL;
	const char *base = slash ? slash + 1 : name;

	if (!base || !base[0])
		return (struct runtime){ .kind = RUNTIME_NOT_TOLD };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (streq(base, names[i].name))
			return (struct runtime){ .kind = names[i].kind };
	return (struct runtime){ .kind = RUNTIME_OTHER };
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Words of the names under which runtimes are known that leave out hooks. */
static const struct {
	char word[12];
	enum runtime_kind kind;
} families[] = {
	{ "runsc", RUNTIME_RUNSC }, { "gvisor", RUNTIME_RUNSC },    { "kata", RUNTIME_KATA },
	{ "runv", RUNTIME_RUNV },   { "cc-runtime", RUNTIME_RUNV },
};

/* Whether @name, whatever its case, begins with @word and no letter follows. */
static bool begins_with_word(const char *name, const char *word)
{
	const size_t len = strlen(word);

	return strncasecmp(name, word, len) == 0 && !is_letter(name[len]);
}

/*
 * Whoever installs a second one names it "runsc-kvm", "kata3", "docker-runsc", "kata_qemu"; what an
 * engine registers is "io.containerd.kata-qemu.v2" or "containerd-shim-runsc-v1".
 */
static enum runtime_kind family_of(const char *name)
{
	const char *base = name ? path_base(name) : "";

	for (const char *p = base; *p; p++) {
		if (p > base && is_letter(p[-1]))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(families); i++)
			if (begins_with_word(p, families[i].word))
				return families[i].kind;
	}
	return RUNTIME_OTHER;
}

/* Up to four digits, then ".", the end, or what distributions and pre-releases add. */
static const char *read_number(const char *text, unsigned *ret)
{
	size_t n = 0;

	for (*ret = 0; n < 4 && text[n] >= '0' && text[n] <= '9'; n++)
		*ret = *ret * 10 + (unsigned)(text[n] - '0');
	return n && !(text[n] >= '0' && text[n] <= '9') ? text + n : NULL;
}

/* gVisor's are dates: "release-20260525.0" is 26.5.25, as is Debian's "0.0~20260525.0". */
static bool read_date(const char *text, struct runtime *ret)
{
	const char *digits = strstr(text, "20");
	unsigned date = 0;

	if (!digits || strspn(digits, "0123456789") != 8)
		return false;
	for (size_t i = 2; i < 8; i++)
		date = date * 10 + (unsigned)(digits[i] - '0');
	*ret = (struct runtime){ ret->kind, true, { date / 10000, date / 100 % 100, date % 100 } };
	return true;
}

/* What is behind up to three of them; NULL: they are not a version. */
static const char *read_numbers(const char *text, unsigned version[static 3])
{
	for (size_t i = 0; i < 3; i++) {
		text = read_number(text, &version[i]);
		if (!text || *text != '.')
			break;
		if (i < 2)
			text++;
	}
	return text;
}

size_t hw_version_length(const char *text)
{
	unsigned version[3];
	const char *end = read_numbers(text, version);

	return end ? (size_t)(end - text) : 0;
}

bool runtime_set_version(struct runtime *runtime, const char *text)
{
	unsigned version[3] = { 0 };

	if (read_date(text, runtime))
		return true;
	text = read_numbers(text, version);
	if (!text || (*text && !strchr("+-~.", *text)))
		return false;
	memcpy(runtime->version, version, sizeof(version));
	runtime->known = true;
	return true;
}

bool runtime_is_other(struct runtime runtime)
{
	return runtime.kind == RUNTIME_OTHER;
}

bool runtime_same(struct runtime a, struct runtime b)
{
	return a.kind == b.kind && a.known == b.known &&
	       (!a.known || memcmp(a.version, b.version, sizeof(a.version)) == 0);
}

struct runtime runtime_versioned(const char *name, const char *version)
{
	struct runtime runtime = runtime_from_name(name);

	if (version)
		(void)runtime_set_version(&runtime, version);
	return runtime;
}

/* ---- the table ---- */

/* A version in one number; of each part ten bits. */
#define V(major, minor, patch) \
	((uint32_t)(major) << 20 | (uint32_t)(minor) << 10 | (uint32_t)(patch))

/* A change was not there yet in @no and is there in @yes; between them it is not known. */
struct change {
	uint32_t no, yes;
};

#define EVER         \
	{            \
		0, 0 \
	} /* since: always; until: still */
#define SEEN(old, new)       \
	{                    \
		(old), (new) \
	}
#define AT(version)                      \
	{                                \
		(version) - 1, (version) \
	}

static const struct row {
	uint32_t kind;
	struct change since, until;
} rows[] = {
#define BEHAVIOUR(...)
#define ROW(behaviour, runtime, since, until, proof) { RUNTIME_##runtime, since, until },
#include "runtime/behaviour-table.h"
#undef BEHAVIOUR
#undef ROW
};

/* Where the rows of a behaviour begin: those of each are adjacent, in the order of the enum. */
#define PASTE_(a, b) a##b
#define PASTE(a, b)  PASTE_(a, b)
enum {
#define BEHAVIOUR(name, words) FIRST_##name, BEFORE_##name = FIRST_##name - 1,
#define ROW(...)	       PASTE(ROW_OF_LINE_, __LINE__),
#include "runtime/behaviour-table.h"
#undef BEHAVIOUR
#undef ROW
	N_ROWS
};

static const uint8_t first_row[N_BEHAVIOURS + 1] = {
#define BEHAVIOUR(name, words) [name] = FIRST_##name,
#define ROW(...)
#include "runtime/behaviour-table.h"
#undef BEHAVIOUR
#undef ROW
	[N_BEHAVIOURS] = N_ROWS,
};
_Static_assert(N_ROWS == ARRAY_SIZE(rows) && N_ROWS <= UINT8_MAX, "an index of all rows");

/* The versions assumed if none is given: those of current distributions. */
static const struct {
	uint16_t kind;
	uint32_t version;
} current[] = {
	{ RUNTIME_RUNC, V(1, 1, 5) }, { RUNTIME_RUNC, V(1, 1, 15) }, { RUNTIME_RUNC, V(1, 3, 6) },
	{ RUNTIME_CRUN, V(1, 8, 1) }, { RUNTIME_CRUN, V(1, 21, 0) }, { RUNTIME_CRUN, V(1, 28, 0) },
};

static uint32_t number_of(const struct runtime *one)
{
	return V(one->version[0] & 1023, one->version[1] & 1023, one->version[2] & 1023);
}

static enum truth has_come(struct change change, uint32_t version)
{
	if (version >= change.yes)
		return YES;
	return version <= change.no ? NO : UNKNOWN;
}

static enum truth holds(const struct row *row, uint32_t version)
{
	const enum truth since = has_come(row->since, version);
	const enum truth gone = row->until.yes ? has_come(row->until, version) : NO;

	if (since == NO || gone == YES)
		return NO;
	return since == YES && gone == NO ? YES : UNKNOWN;
}

/* Of one runtime whose version is known. */
static enum truth does(struct runtime one, enum behaviour behaviour)
{
	enum truth value = NO;

	for (size_t i = first_row[behaviour]; value == NO && i < first_row[behaviour + 1]; i++)
		if (rows[i].kind == one.kind)
			value = holds(&rows[i], number_of(&one));
	return value;
}

/* Of one runtime in any version. */
static enum truth ever_does(enum runtime_kind kind, enum behaviour behaviour)
{
	for (size_t i = first_row[behaviour]; i < first_row[behaviour + 1]; i++)
		if (rows[i].kind == kind)
			return rows[i].since.yes || rows[i].until.yes ? UNKNOWN : YES;
	return NO;
}

enum truth runtime_skips(const char *name, const char *version, enum behaviour skips)
{
	struct runtime one = { .kind = family_of(name) };

	if (version && runtime_set_version(&one, version))
		return does(one, skips);
	return ever_does(one.kind, skips);
}

bool runtime_skips_start_hooks(const char *name, const char *version)
{
	return runtime_skips(name, version, SKIPS_START_HOOKS) != NO;
}

/* ---- which runtimes may be meant ---- */

size_t runtime_candidates(struct runtime runtime, struct runtime ret[RUNTIME_CANDIDATES_MAX])
{
	const bool one = runtime.kind == RUNTIME_RUNC || runtime.kind == RUNTIME_CRUN;
	size_t n = 0;

	_Static_assert(ARRAY_SIZE(current) <= RUNTIME_CANDIDATES_MAX, "no room for all");
	if (one && runtime.known) {
		ret[0] = runtime;
		return 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(current); i++) {
		const uint32_t v = current[i].version;

		if (!one || current[i].kind == runtime.kind)
			ret[n++] = (struct runtime){ (enum runtime_kind)current[i].kind,
						     true,
						     { v >> 20, v >> 10 & 1023, v & 1023 } };
	}
	return n;
}

size_t runtime_kinds(struct runtime runtime, struct runtime ret[RUNTIME_KINDS_MAX])
{
	struct runtime candidates[RUNTIME_CANDIDATES_MAX];
	const size_t all = runtime_candidates(runtime, candidates);
	size_t n = 0;

	for (size_t i = 0; i < all; i++) {
		if (n > 0 && ret[n - 1].kind == candidates[i].kind)
			continue;
		ret[n] = candidates[i];
		ret[n++].known = all == 1;
	}
	return n;
}

const char *runtime_name(struct runtime runtime)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].kind == runtime.kind)
			return names[i].name;
	return "the runtime";
}

void runtime_words(struct runtime one, char buf[RUNTIME_WORDS_MAX])
{
	snprintf(buf, RUNTIME_WORDS_MAX, "%s %u.%u.%u", runtime_name(one), one.version[0],
		 one.version[1], one.version[2]);
}

/* ---- answers ---- */

/* The answer of one kind of runtime for all its versions: UNKNOWN if those differ. */
struct answer {
	bool asked;
	enum truth value;
};

static void add_answer(struct answer *a, enum truth value)
{
	a->value = !a->asked || a->value == value ? value : UNKNOWN;
	a->asked = true;
}

struct verdict_by runtime_judge(struct runtime runtime,
				enum truth (*ask)(void *ctx, struct runtime one), void *ctx)
{
	struct runtime candidates[RUNTIME_CANDIDATES_MAX];
	const size_t n = runtime_candidates(runtime, candidates);
	struct answer runc = { 0 }, crun = { 0 };
	enum truth worse;

	for (size_t i = 0; i < n; i++)
		add_answer(candidates[i].kind == RUNTIME_RUNC ? &runc : &crun,
			   ask(ctx, candidates[i]));
	if (!crun.asked || !runc.asked || runc.value == crun.value)
		return (struct verdict_by){ runc.asked ? runc.value : crun.value, "" };
	worse = runc.value == NO || crun.value == NO ? NO : UNKNOWN;
	return (struct verdict_by){
		.value = runtime.kind == RUNTIME_ANY ? worse : UNKNOWN,
		.under = runc.value == worse ? " under runc" : " under crun",
	};
}

static enum truth ask_does(void *ctx, struct runtime one)
{
	return does(one, *(enum behaviour *)ctx);
}

enum truth runtime_does(struct runtime runtime, enum behaviour behaviour)
{
	/* Neither answer is the worse. */
	if (runtime.kind == RUNTIME_ANY)
		runtime.kind = RUNTIME_NOT_TOLD;
	return runtime_judge(runtime, ask_does, &behaviour).value;
}

bool runtime_may(struct runtime runtime, enum behaviour behaviour)
{
	return runtime_does(runtime, behaviour) != NO;
}

static enum truth ask_survives(void *ctx, struct runtime one)
{
	const enum truth fatal = does(one, *(enum behaviour *)ctx);

	return fatal == UNKNOWN ? UNKNOWN : fatal == YES ? NO : YES;
}

struct verdict_by runtime_survives(struct runtime runtime, enum behaviour fatal)
{
	return runtime_judge(runtime, ask_survives, &fatal);
}
