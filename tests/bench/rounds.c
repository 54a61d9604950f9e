/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: rounds WARMUP ROUNDS FROM TO COMMAND...
 *
 * Times commands, which are words separated by blanks, in turn: one run of each makes a round, so
 * that what the machine does besides hits all of them alike, and their ratio is what they differ
 * by. Before each run FROM is copied over TO, unless both are "-". Prints for each command the
 * median, the minimum and the mean processor time of a run, in seconds. Their output is dropped.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX 16
#define WORDS_MAX    64

struct command {
	const char *text;
	char *argv[WORDS_MAX + 1];
	double *times, cpu;
};

extern char **environ;

static void fail(const char *what)
{
	fprintf(stderr, "rounds: ");
	perror(what);
	exit(1);
}

static void split(char *text, struct command *ret)
{
	size_t n = 0;

	ret->text = strdup(text);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
		if (n < WORDS_MAX)
			ret->argv[n++] = word;
	if (!ret->text || n == 0 || n == WORDS_MAX)
		fail(text);
}

static char *read_whole(const char *path, size_t *len)
{
	FILE *file = fopen(path, "re");
	char *data = NULL;

	*len = 0;
	if (!file)
		fail(path);
	for (;;) {
		data = realloc(data, *len + 65536);
		if (!data)
			fail(path);
		size_t n = fread(data + *len, 1, 65536, file);
		if (n == 0)
			break;
		*len += n;
	}
	fclose(file);
	return data;
}

static void restore(const char *to, const char *data, size_t len)
{
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, data, len) != (ssize_t)len || close(fd) < 0)
		fail(to);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static double run(struct command *c, const posix_spawn_file_actions_t *quiet)
{
	const double start = now();
	struct rusage usage;
	double took;
	int status;
	pid_t pid;

	if (posix_spawn(&pid, c->argv[0], quiet, NULL, c->argv, environ) != 0)
		fail(c->argv[0]);
	if (wait4(pid, &status, 0, &usage) < 0)
		fail("wait4");
	took = now() - start;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "rounds: status 0x%x: %s\n", (unsigned)status, c->text);
		exit(1);
	}
	c->cpu += seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
	return took;
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static struct command commands[COMMANDS_MAX];
	const size_t n = argc > 5 ? (size_t)argc - 5 : 0;
	const long warmup = argc > 2 ? atol(argv[1]) : 0, rounds = argc > 2 ? atol(argv[2]) : 0;
	posix_spawn_file_actions_t quiet;
	size_t len = 0;
	char *data = NULL;

	if (n == 0 || n > COMMANDS_MAX || rounds < 1) {
		fputs("usage: rounds WARMUP ROUNDS FROM TO COMMAND...\n", stderr);
		return 2;
	}
	if (strcmp(argv[3], "-") != 0)
		data = read_whole(argv[3], &len);
	for (size_t i = 0; i < n; i++) {
		split(argv[5 + i], &commands[i]);
		commands[i].times = calloc((size_t)rounds, sizeof(double));
		if (!commands[i].times)
			fail("memory");
	}
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	for (long round = -warmup; round < rounds; round++)
		for (size_t i = 0; i < n; i++) {
			if (data)
				restore(argv[4], data, len);
			if (round == 0)
				commands[i].cpu = 0;
			double took = run(&commands[i], &quiet);
			if (round >= 0)
				commands[i].times[round] = took;
		}
	for (size_t i = 0; i < n; i++) {
		qsort(commands[i].times, (size_t)rounds, sizeof(double), by_size);
		printf("%.9f %.9f %.9f\n", commands[i].times[rounds / 2], commands[i].times[0],
		       commands[i].cpu / (double)rounds);
	}
	return 0;
}
