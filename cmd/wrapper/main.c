/* SPDX-License-Identifier: Apache-2.0 */
/* Entry point of hookwright-runtime, which is the wrapper and nothing else. */
#include <stdio.h>

#include "cli/start.h"
#include "wrapper/wrapper.h"

/* hookwright-runtime: whatever it is called, it is a runtime. */
static int run(int argc, char **argv)
{
	const char *runtime;

	if (argc < 1) {
		fputs("hookwright-runtime: argv[0] is missing\n", stderr);
		return STATUS_FINDINGS;
	}
	(void)called_as_runtime(argv[0], &runtime);
	return (int)run_as_runtime(runtime, argc, argv);
}

int main(int argc, char **argv)
{
	occupy_standard_fds();
	return run_with_stack(run, argc, argv);
}
