/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: peak COMMAND ARG... - print the most memory the command had resident, in KiB.
 * In C, because a child's figure is never below that of the process it was forked from.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t child;

	if (argc < 2)
		return 2;
	child = fork();
	if (child == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) < 0 || status != 0)
		return 1;
	printf("%ld\n", usage.ru_maxrss);
	return 0;
}
