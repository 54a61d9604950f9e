/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of versions: what is known, and what is unknown between two versions. */
#include "hookwright.h"
#include "runtime/runtime.h"
#include "test.h"
#include "tools.h"

static void names_and_paths_name_runtimes(void)
{
	static const struct {
		const char *name;
		enum runtime_kind want;
	} rows[] = {
		{ NULL, RUNTIME_NOT_TOLD },	   { "", RUNTIME_NOT_TOLD },
		{ "/usr/bin/", RUNTIME_NOT_TOLD }, { "runc", RUNTIME_RUNC },
		{ "/usr/bin/runc", RUNTIME_RUNC }, { "./crun", RUNTIME_CRUN },
		{ "crun", RUNTIME_CRUN },	   { "krun", RUNTIME_OTHER },
		{ "crun-wasm", RUNTIME_OTHER },	   { "Runc", RUNTIME_OTHER },
		{ "/runc/youki", RUNTIME_OTHER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_INT(runtime_from_name(rows[i].name).kind, rows[i].want);
}

static void versions_are_read(void)
{
	static const struct {
		const char *text;
		bool ok;
		unsigned want[3];
	} rows[] = {
		{ "1.1.5", true, { 1, 1, 5 } },
		{ "1.28", true, { 1, 28, 0 } },
		{ "1.3.0-rc.1", true, { 1, 3, 0 } },
		{ "1.3.6+ds1", true, { 1, 3, 6 } },
		{ "1.2.3.4", true, { 1, 2, 3 } },
		{ "2", true, { 2, 0, 0 } },
		{ "20240729.0", true, { 24, 7, 29 } },
		{ "release-20260520.0", true, { 26, 5, 20 } },
		{ "", false, { 0 } },
		{ "v1.2", false, { 0 } },
		{ "1.2x", false, { 0 } },
		{ "1..2", false, { 0 } },
		{ "1.", false, { 0 } },
		{ "12345.1", false, { 0 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct runtime rt = runtime_from_name("runc");

		CHECK_INT(runtime_set_version(&rt, rows[i].text), rows[i].ok);
		CHECK_INT(rt.known, rows[i].ok);
		CHECK(memcmp(rt.version, rows[i].want, sizeof(rt.version)) == 0);
	}
}

/* "crun version 1.8.1\ncommit: ..." is read for the wrapper, too. */
static void a_version_ends_where_its_numbers_do(void)
{
	static const struct {
		const char *text;
		size_t want;
	} rows[] = {
		{ "1.1.5+ds1", 5 }, { "1.28", 4 },
		{ "1.2.3.4", 5 },   { "2 x", 1 },
		{ "1.2x", 3 },	    { "1..2", 0 },
		{ "", 0 },	    { "v1.2", 0 },
		{ "12345.1", 0 },   { "1234.1234.1234", 14 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_INT(hw_version_length(rows[i].text), rows[i].want);
}

static struct runtime version(const char *name, const char *text)
{
	struct runtime rt = runtime_from_name(name);

	CHECK(runtime_set_version(&rt, text));
	return rt;
}

/* Exact where the version of a change is known, unknown between two that were seen. */
static void versions_decide(void)
{
	CHECK_INT(runtime_does(version("crun", "1.14.2"), VERSION_MUST_BE_1_0), YES);
	CHECK_INT(runtime_does(version("crun", "1.14.3"), VERSION_MUST_BE_1_0), NO);
	CHECK_INT(runtime_does(version("runc", "1.1.5"), VERSION_MUST_BE_1_0), NO);
	CHECK_INT(runtime_does(version("crun", "1.8.1"), NAMESPACE_TWICE_REFUSED), NO);
	CHECK_INT(runtime_does(version("crun", "1.10"), NAMESPACE_TWICE_REFUSED), UNKNOWN);
	CHECK_INT(runtime_does(version("crun", "1.21"), NAMESPACE_TWICE_REFUSED), YES);
	CHECK_INT(runtime_does(version("runc", "1.0.0"), NAMESPACE_TWICE_REFUSED), YES);
	CHECK_INT(runtime_does(version("runc", "9.9.9"), NAMESPACE_TWICE_REFUSED), YES);
}

static void without_a_version_all_current_ones_must_agree(void)
{
	CHECK_INT(runtime_does(runtime_from_name("crun"), VERSION_MUST_BE_1_0), UNKNOWN);
	CHECK_INT(runtime_does(runtime_from_name("runc"), VERSION_MUST_BE_1_0), NO);
	CHECK_INT(runtime_does(runtime_from_name("crun"), ENOEXEC_RUNS_SHELL), YES);
	CHECK_INT(runtime_does(runtime_from_name(NULL), ENOEXEC_RUNS_SHELL), UNKNOWN);
	CHECK_INT(runtime_does(runtime_from_name("youki"), ENOEXEC_RUNS_SHELL), UNKNOWN);
	CHECK(runtime_may(runtime_from_name(NULL), ENOEXEC_RUNS_SHELL));
	CHECK(!runtime_may(runtime_from_name("runc"), ENOEXEC_RUNS_SHELL));
}

/* ctx: the verdict of runc, then of crun. */
static enum truth by_kind(void *ctx, struct runtime one)
{
	CHECK(one.known);
	return ((enum truth *)ctx)[one.kind == RUNTIME_CRUN];
}

static void runtimes_that_run_no_start_hooks_are_known(void)
{
	static const struct {
		const char *name;
		bool want;
	} rows[] = {
		{ NULL, false },
		{ "", false },
		{ "runc", false },
		{ "crun", false },
		{ "youki", false },
		{ "krun", false },
		{ "runsc", true },
		{ "/usr/local/bin/runsc", true },
		{ "runsc-kvm", true },
		{ "io.containerd.runsc.v1", true },
		{ "containerd-shim-runsc-v1", true },
		{ "runsc2", true },
		{ "docker-runsc", true },
		{ "runsc_kvm", true },
		{ "RunSC", true },
		{ "gvisor", true },
		{ "runv", true },
		{ "cc-runtime", true },
		{ "kata_qemu", true },
		{ "kata3", true },
		{ "katana", false },
		{ "runscd", false },
		{ "xrunsc", false },
		{ "runc-v2", false },
		{ "/runsc/runc", false },
		{ "kata", true },
		{ "kata-runtime", true },
		{ "/opt/kata/bin/kata-qemu", true },
		{ "io.containerd.kata.v2", true },
		{ "io.containerd.kata-clh.v2", true },
		{ "/usr/bin/containerd-shim-kata-v2", true },
		{ "containerd-shim-runc-v2", false },
		{ "io.containerd.runc.v2", false },
		{ "katamaran", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_INT(runtime_skips_start_hooks(rows[i].name, NULL), rows[i].want);
}

static void the_version_decides_what_is_skipped(void)
{
	static const struct {
		const char *name, *version;
		enum truth start, create;
	} rows[] = {
		{ "runc", "1.3.6", NO, NO },
		{ "runsc", NULL, YES, UNKNOWN },
		{ "runsc", "release-20260504.0", YES, YES },
		{ "runsc", "release-20260515.0", YES, UNKNOWN },
		{ "runsc", "20260520.0", YES, NO },
		{ "runsc", "0.0~20240729.0", YES, YES },
		{ "io.containerd.kata-qemu.v2", NULL, UNKNOWN, NO },
		{ "kata", "3.32.0", YES, NO },
		{ "kata", "4.0.0-rc0", NO, NO },
		{ "kata", "4.1.0", NO, NO },
		{ "runv", "1.0.0", YES, YES },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *name = rows[i].name, *version = rows[i].version;

		CHECK_INT(runtime_skips(name, version, SKIPS_START_HOOKS), rows[i].start);
		CHECK_INT(runtime_skips(name, version, SKIPS_CREATE_HOOKS), rows[i].create);
	}
}

static void the_named_runtime_decides(void)
{
	for (int runc = NO; runc <= UNKNOWN; runc++)
		for (int crun = NO; crun <= UNKNOWN; crun++) {
			enum truth both[] = { (enum truth)runc, (enum truth)crun };
			const int common = runc == crun ? runc : UNKNOWN;
			const struct runtime any = { .kind = RUNTIME_ANY };
			const int worse = runc == crun		     ? runc
					  : runc == NO || crun == NO ? NO
								     : UNKNOWN;

			CHECK_INT(runtime_judge(runtime_from_name("runc"), by_kind, both).value,
				  runc);
			CHECK_INT(runtime_judge(runtime_from_name("crun"), by_kind, both).value,
				  crun);
			CHECK_INT(runtime_judge(runtime_from_name(NULL), by_kind, both).value,
				  common);
			CHECK_INT(runtime_judge(any, by_kind, both).value, worse);
		}
}

static void the_one_at_fault_is_named(void)
{
	enum truth runc[] = { NO, YES }, crun[] = { UNKNOWN, NO }, none[] = { NO, NO };
	const struct runtime any = { .kind = RUNTIME_ANY };

	CHECK_STR(runtime_judge(any, by_kind, runc).under, " under runc");
	CHECK_STR(runtime_judge(any, by_kind, crun).under, " under crun");
	CHECK_STR(runtime_judge(any, by_kind, none).under, "");
	CHECK_STR(runtime_judge(runtime_from_name("runc"), by_kind, runc).under, "");
}

static void every_row_has_words(void)
{
	for (size_t i = 0; i < hw_behaviours_count(); i++) {
		struct hw_behaviour row;

		hw_behaviours_get(i, &row);
		CHECK(row.name && row.words && row.words[0] && row.proof && row.proof[0]);
		CHECK(runtime_from_name(row.runtime).kind != RUNTIME_OTHER ||
		      runtime_skips(row.runtime, NULL, SKIPS_START_HOOKS) != NO);
	}
}

static void what_is_judged_for_is_listed(void)
{
	char versions[8][HW_RUNTIME_VERSION_MAX];

	CHECK_INT(hw_runtime_versions("runc", versions, 8), 3);
	CHECK_STR(versions[2], "runc 1.3.6");
	CHECK_INT(hw_runtime_versions(NULL, versions, 8), 6);
	CHECK_STR(versions[3], "crun 1.8.1");
	CHECK_INT(hw_runtime_versions(NULL, versions, 2), 2);
}

int main(void)
{
	RUN(names_and_paths_name_runtimes);
	RUN(versions_are_read);
	RUN(a_version_ends_where_its_numbers_do);
	RUN(versions_decide);
	RUN(without_a_version_all_current_ones_must_agree);
	RUN(runtimes_that_run_no_start_hooks_are_known);
	RUN(the_version_decides_what_is_skipped);
	RUN(the_named_runtime_decides);
	RUN(the_one_at_fault_is_named);
	RUN(every_row_has_words);
	RUN(what_is_judged_for_is_listed);
	return DONE();
}
