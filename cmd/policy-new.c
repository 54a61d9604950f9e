/* SPDX-License-Identifier: Apache-2.0 */
/* policy new: a commented policy to begin with. */
#include <stdio.h>
#include <string.h>

#include "commands.h"

/* A policy that is sound as it is; what is optional is in comments. */
static const char before_path[] =
	"# Save this as NAME.yaml; NAME is the name of the policy. hookwright-policy(5) describes every\n"
	"# key; 'hookwright policy check NAME.yaml' and 'hookwright explain -p NAME.yaml BUNDLE' check it.\n"
	"version: 1\n"
	"description: What the hook is for, in one sentence.\n"
	"\n"
	"# 'always' is for every container that 'when' describes, 'requested' only for those that ask for it,\n"
	"# by annotation io.hookwright.policies=NAME, --oci-hook NAME or --request NAME.\n"
	"activation: requested\n"
	"\n"
	"# Which containers does it concern? In others it does nothing and reports nothing.\n"
	"when:\n"
	"  hookExists: true\n"
	"  # libc: glibc\n"
	"  # env: { NAME: 'REGULAR EXPRESSION' }\n"
	"  # existsAny: '/usr/lib/*/libexample.so.*'\n"
	"\n"
	"# What does the hook need to succeed? It runs as the user of the container, in the container.\n"
	"# needs:\n"
	"#   uid: 0\n"
	"#   writable: /etc\n"
	"#   none: [ { readonlyRoot: true } ]\n"
	"\n"
	"# If a need is not met, or the program cannot run: fail refuses the container, warn and ignore\n"
	"# start it without the hook.\n"
	"otherwise: fail\n"
	"\n"
	"# The program is one of the image, and no shell reads this: '*', '|' and '$' are characters.\n"
	"hook:\n";

static const char after_path[] =
	"  # args: [NAME, ARGUMENT] # NAME: the last part of the path\n"
	"  # env: { LC_ALL: C }\n"
	"  # inheritEnv: [NAME]     # variables of the container's program\n"
	"order: 50 # lower runs first\n";

#define EXAMPLE_PATH "/usr/bin/refresh-cache"

/* As the loader takes paths, and without a quotation mark, since it is written between two. */
static bool is_path(const char *path)
{
	const size_t len = strlen(path);

	for (const char *c = path; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\'' || (unsigned char)*c >= 0x7f)
			return false;
	return path[0] == '/' && len > 1 && path[len - 1] != '/';
}

enum exit_status cmd_policy_new(struct invocation *in)
{
	const char *path = in->n_args ? in->args[0] : EXAMPLE_PATH;

	if (!is_path(path))
		return misuse(in->command,
			      "'%s' is not the absolute path of a program, such as " EXAMPLE_PATH,
			      path);
	fputs(before_path, stdout);
	printf("  path: '%s'\n", path);
	fputs(after_path, stdout);
	return STATUS_OK;
}
