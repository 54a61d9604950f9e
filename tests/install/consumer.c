/* SPDX-License-Identifier: Apache-2.0 */
/* A program outside of the tree that links the installed library. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include <hookwright.h>

/* Names that the library uses inside: they must not collide with ours. */
int error_set(int a);
int json_scan(int a);
void *arena_new(int a);

int error_set(int a)
{
	return a;
}

int json_scan(int a)
{
	return a + 1;
}

void *arena_new(int a)
{
	static char place;

	return a ? &place : NULL;
}

/* The lock ends with the work, not with the result. */
static const char *lock_of(const char *bundle)
{
	const int fd = open(bundle, O_RDONLY);

	return fd < 0 ? "unknown" : flock(fd, LOCK_EX | LOCK_NB) == 0 ? "free" : "held";
}

/* usage: consumer [BUNDLE POLICY [apply]] */
int main(int argc, char **argv)
{
	struct hw_options options = { .dry_run = argc < 4 };
	const char *policy = argc > 2 ? argv[2] : NULL;
	struct hw_result *result = NULL;
	struct hw_error err = { 0 };
	char text[1200];

	printf("%s\n", hw_version());
	if (!policy)
		return error_set(0) + json_scan(-1) + (arena_new(0) != NULL);
	options.policies = &policy;
	options.n_policies = 1;
	if (hw_apply(argv[1], &options, &result, &err) < 0) {
		hw_error_format(&err, text, sizeof(text));
		printf("%s\n", text);
		return 1;
	}
	printf("%s\n", hw_result_changed(result) ? "would change" : "no change");
	if (!options.dry_run)
		printf("lock %s\n", lock_of(argv[1]));
	hw_result_free(result);
	return 0;
}
