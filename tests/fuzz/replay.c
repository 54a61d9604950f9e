/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in for libFuzzer's main: runs every file named on the command line, or every file of
 * tests/fuzz/corpus/NAME for program fuzz-NAME, and prints one TAP result. The inputs run in a
 * child, so that one that crashes or hangs is named and the others still run.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

enum { SECONDS_PER_INPUT = 20 };

static int run_one(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long len;

	if (!f || fseek(f, 0, SEEK_END) < 0 || (len = ftell(f)) < 0) {
		perror(path);
		return 1;
	}
	rewind(f);
	/* Exactly as large as the input, so that a sanitizer sees a read beyond it. */
	data = malloc(len ? (size_t)len : 1);
	if (!data || fread(data, 1, (size_t)len, f) != (size_t)len) {
		perror(path);
		return 1;
	}
	fclose(f);
	LLVMFuzzerTestOneInput(data, (size_t)len);
	free(data);
	return 0;
}

/* Run the inputs from *@at on; *@at, shared with the parent, is the one that runs now. */
static void run_from(char **paths, int n, volatile int *at)
{
	for (; *at < n; ++*at) {
		alarm(SECONDS_PER_INPUT);
		if (run_one(paths[*at]) != 0)
			_exit(1);
	}
	/* exit and not _exit: the leak check runs at exit. */
	exit(0);
}

static int replay(char **paths, int n)
{
	volatile int *at =
		mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int failures = 0;

	if (at == MAP_FAILED)
		return 1;
	for (*at = 0; *at < n; ++*at) {
		int status;
		pid_t child = fork();

		if (child == 0)
			run_from(paths, n, at);
		if (child < 0 || waitpid(child, &status, 0) < 0)
			return failures + 1;
		if (status == 0)
			break;
		failures++;
		if (*at == n)
			printf("# after the last input: status %#x\n", (unsigned)status);
		else
			printf("# %s: %s\n", paths[*at],
			       WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "failed");
		fflush(stdout);
	}
	return failures;
}

static int not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int corpus(const char *program, char ***ret)
{
	const char *base = strrchr(program, '/') ? strrchr(program, '/') + 1 : program;
	const char *name = strncmp(base, "fuzz-", 5) == 0 ? base + 5 : base;
	struct dirent **entries;
	char dir[256];
	int n;

	snprintf(dir, sizeof(dir), "tests/fuzz/corpus/%s", name);
	n = scandir(dir, &entries, not_hidden, alphasort);
	if (n <= 0)
		return 0;
	*ret = calloc((size_t)n, sizeof(**ret));
	for (int i = 0; i < n; i++) {
		if (!*ret || asprintf(&(*ret)[i], "%s/%s", dir, entries[i]->d_name) < 0)
			return 0;
		free(entries[i]);
	}
	free(entries);
	return n;
}

int main(int argc, char **argv)
{
	char **paths = argv + 1;
	int n = argc - 1, failures;

	if (n == 0)
		n = corpus(argv[0], &paths);
	failures = n == 0 ? 1 : replay(paths, n);
	if (n == 0)
		printf("# no corpus\n");
	printf("%sok 1 - %d inputs\n1..1\n", failures ? "not " : "", n);
	if (paths != argv + 1) {
		for (int i = 0; i < n; i++)
			free(paths[i]);
		free(paths);
	}
	return failures != 0;
}
