/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "start.h"

void occupy_standard_fds(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0) /* unlike /dev/null, "/" is everywhere */
			(void)open("/", O_RDONLY | O_CLOEXEC);
}

bool called_as_runtime(const char *argv0, const char **runtime)
{
	const char *slash = strrchr(argv0, '/'), *base = slash ? slash + 1 : argv0;

	*runtime = NULL;
	if (strcmp(base, "hookwright-runtime") == 0)
		return true;
	if (strcmp(base, "hookwright-runc") == 0 || strcmp(base, "hookwright-crun") == 0)
		*runtime = base + strlen("hookwright-");
	return *runtime != NULL;
}
