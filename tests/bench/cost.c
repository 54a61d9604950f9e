/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: cost RUNS COMMAND ARG... - run the command so often, without input and output, and print
 * its status, the least processor time of a run in seconds and the most memory in KiB. One that
 * takes more than 5 seconds is ended; one that takes long is not run again.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS_MAX 5 /* of processor time */

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void become(char **argv)
{
	const struct rlimit limit = { SECONDS_MAX, SECONDS_MAX + 1 };
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
	    setrlimit(RLIMIT_CPU, &limit) < 0)
		_exit(127);
	execv(argv[0], argv);
	_exit(127);
}

int main(int argc, char **argv)
{
	double least = 1e9, took = 0;
	struct rusage usage;
	long most = 0;
	int status = 0;

	if (argc < 3)
		return 2;
	for (int i = 0; i < atoi(argv[1]) && (i == 0 || took < 1); i++) {
		pid_t child = fork();

		if (child == 0)
			become(argv + 2);
		if (child < 0 || wait4(child, &status, 0, &usage) < 0)
			return 1;
		took = seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
		least = took < least ? took : least;
		most = usage.ru_maxrss > most ? usage.ru_maxrss : most;
	}
	printf("%d %.4f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
	       least, most);
	return 0;
}
