/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"
#include "test.h"

static void names_and_paths_name_runtimes(void)
{
	static const struct {
		const char *name;
		enum runtime want;
	} rows[] = {
		{ NULL, RUNTIME_NOT_TOLD },	   { "", RUNTIME_NOT_TOLD },
		{ "/usr/bin/", RUNTIME_NOT_TOLD }, { "runc", RUNTIME_RUNC },
		{ "/usr/bin/runc", RUNTIME_RUNC }, { "./crun", RUNTIME_CRUN },
		{ "crun", RUNTIME_CRUN },	   { "krun", RUNTIME_OTHER },
		{ "crun-wasm", RUNTIME_OTHER },	   { "Runc", RUNTIME_OTHER },
		{ "/runc/youki", RUNTIME_OTHER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_INT(runtime_from_name(rows[i].name), rows[i].want);
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
		CHECK_INT(runtime_skips_start_hooks(rows[i].name), rows[i].want);
}

static void the_named_runtime_decides(void)
{
	for (int runc = NO; runc <= UNKNOWN; runc++)
		for (int crun = NO; crun <= UNKNOWN; crun++) {
			int common = runc == crun ? runc : UNKNOWN;

			CHECK_INT(runtime_choose(RUNTIME_RUNC, runc, crun), runc);
			CHECK_INT(runtime_choose(RUNTIME_CRUN, runc, crun), crun);
			CHECK_INT(runtime_choose(RUNTIME_OTHER, runc, crun), common);
			CHECK_INT(runtime_choose(RUNTIME_NOT_TOLD, runc, crun), common);
		}
}

int main(void)
{
	RUN(names_and_paths_name_runtimes);
	RUN(runtimes_that_run_no_start_hooks_are_known);
	RUN(the_named_runtime_decides);
	return DONE();
}
