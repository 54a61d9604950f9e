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
	RUN(the_named_runtime_decides);
	return DONE();
}
