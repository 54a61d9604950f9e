/* SPDX-License-Identifier: Apache-2.0 */
/* Paths below the run-time directory: /run as root, else XDG_RUNTIME_DIR. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/run-dir.h"

bool run_path(bool rootless, const char *below, char buf[static RUN_PATH_MAX])
{
	const char *dir = rootless ? getenv("XDG_RUNTIME_DIR") : "/run";

	buf[0] = '\0';
	if (!dir || dir[0] != '/' || strlen(dir) + strlen(below) >= RUN_PATH_MAX)
		return false;
	strcpy(stpcpy(buf, dir), below);
	return true;
}

void run_make_dir(bool rootless, const char *below)
{
	const char *const parts[] = { "/hookwright", below };
	char path[RUN_PATH_MAX];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (run_path(rootless, parts[i], path))
			(void)mkdir(path, 0755);
}
