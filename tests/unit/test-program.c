/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the program check, on a root file system of real programs. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "program/elf.h"
#include "program/program.h"
#include "test.h"

/* ---- a root file system of real programs, made once ---- */

static char world[] = "/tmp/test-program.XXXXXX";
static int world_fd = -1;
static char machine[32]; /* the host's: the compiler's programs are for it */

static void make_world(void)
{
	struct utsname name;
	char command[128];
	struct elf elf;

	CHECK(mkdtemp(world) != NULL && chmod(world, 0755) == 0);
	snprintf(command, sizeof(command), "tests/unit/program-world.sh %s | sed 's/^/# /'", world);
	CHECK_INT(system(command), 0);
	CHECK(uname(&name) == 0 && elf_of_machine(name.machine, &elf));
	snprintf(machine, sizeof(machine), "%s", elf_machine_name(&elf));
	world_fd = open(world, O_PATH | O_DIRECTORY);
	CHECK(world_fd >= 0);
}

static void remove_world(void)
{
	char command[128];

	close(world_fd);
	snprintf(command, sizeof(command), "chmod -R u+rwX %s; rm -rf %s", world, world);
	if (system(command) != 0)
		printf("# cannot remove %s\n", world);
}

/* ---- a container ---- */

#define BIT(n) (UINT64_C(1) << (n))
enum { DAC_OVERRIDE = 1, DAC_READ_SEARCH = 2, SYS_ADMIN = 21, SYS_RESOURCE = 24 };

static struct spec root_spec(void)
{
	static const char *const args[] = { "/h/static" }, *const env[] = { "PATH=/bin:/h" };
	const uint64_t all = BIT(DAC_OVERRIDE) | BIT(DAC_READ_SEARCH);

	return (struct spec){
		.root_path = "rootfs",
		.args = { args, 1 },
		.env = { env, 1 },
		.cwd = "/",
		.umask = -1,
		.has_capabilities = true,
		.capabilities = { .bounding = all, .effective = all, .permitted = all },
		.no_new_privileges = true,
		.nproc_soft = UINT64_MAX,
		.hooks = JSON_NONE,
		.start_container = JSON_NONE,
	};
}

/* One that is surely not who runs this test. */
static struct spec user_spec(void)
{
	struct spec spec = root_spec();

	spec.uid = spec.gid = 54321;
	spec.has_capabilities = false;
	spec.capabilities = (struct spec_capabilities){ 0 };
	return spec;
}

struct asked {
	struct arena *arena;
	struct trail trail;
	struct program_verdict verdict;
	struct hw_error err;
	char text[2048];
};

static const char *const words[] = { [NO] = "no", [YES] = "yes", [UNKNOWN] = "unknown" };

static void tell(struct asked *a)
{
	const struct program_verdict *v = &a->verdict;

	snprintf(a->text, sizeof(a->text), "%s: %s%s%s", words[v->usable],
		 v->why.text ? v->why.text : "", v->why.hint ? "; hint: " : "",
		 v->why.hint ? v->why.hint : "");
}

static void ask(struct asked *a, const struct spec *spec, const struct program_query *query)
{
	struct view *view = NULL;

	*a = (struct asked){ .arena = arena_new() };
	a->trail.arena = a->arena;
	CHECK_INT(view_new(spec, world_fd, world, query->runtime, &view, &a->err), 0);
	if (program_check(view, spec, query, a->arena, &a->trail, &a->verdict, &a->err) < 0)
		snprintf(a->text, sizeof(a->text), "error: %s", a->err.message);
	else
		tell(a);
	view_free(view);
}

/* "@" in what is wanted stands for the machine's name. */
static const char *expanded(const char *want)
{
	static char text[2048];
	size_t n = 0;

	for (; *want && n < sizeof(text) - sizeof(machine) - 1; want++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%.*s", *want == '@' ? 31 : 1,
				      *want == '@' ? machine : want);
	return text;
}

struct row {
	const char *path, *env; /* env: one variable besides PATH, or NULL; "-": not even PATH */
	const char *want;	/* "VERDICT: REASON; hint: HINT" */
};

/*
 * With as much as it takes the verdict is @want, with anything less it is unknown: no part of the
 * work is left uncounted, and none is skipped in silence.
 */
static void check_budgets(const struct spec *spec, const struct program_query *query,
			  const char *want)
{
	static const char spent[] = "unknown: this container needs more than the limit of ";
	const char *const texts[] = { [BUDGET_STEPS] = "2000000 steps",
				      [BUDGET_READ] = "256 MiB read",
				      [BUDGET_KEPT] = "48 MiB of memory" };
	struct spec limited = *spec;
	struct budget budget, full, left;
	struct asked a;

	limited.budget = &budget;
	budget_init(&full);
	budget = full;
	ask(&a, &limited, query);
	CHECK_STR(a.text, want);
	arena_free(a.arena);
	left = budget;
	for (int part = 0; part <= 8; part++) {
		const uint64_t used = full.left[BUDGET_STEPS] - left.left[BUDGET_STEPS];

		CHECK(used > 0);
		budget = full;
		budget.left[BUDGET_STEPS] = used * (uint64_t)part / 8;
		ask(&a, &limited, query);
		if (part == 8)
			CHECK_STR(a.text, want);
		else
			CHECK(starts_with(a.text, spent) &&
			      streq(a.text + strlen(spent), texts[BUDGET_STEPS]));
		arena_free(a.arena);
	}
	for (size_t kind = BUDGET_READ; kind < BUDGET_KINDS; kind++) {
		/* Memory is given back in the end. */
		const uint64_t used =
			kind == BUDGET_KEPT ? 1000 : full.left[kind] - left.left[kind];

		if (!used)
			continue;
		budget = full;
		budget.left[kind] = used - 1;
		ask(&a, &limited, query);
		CHECK(starts_with(a.text, spent) && streq(a.text + strlen(spent), texts[kind]));
		arena_free(a.arena);
	}
}

static void check_row(const struct spec *spec, const struct row *row)
{
	const char *const env[] = { "PATH=/bin:/h", row->env ? row->env : "A=B" };
	const bool bare = row->env && streq(row->env, "-");
	const struct program_query query = { .path = row->path,
					     .env = env,
					     .n_env = bare ? 0 : 2,
					     .runtime = { .kind = RUNTIME_RUNC } };
	char got[2048];
	struct asked a;

	ask(&a, spec, &query);
	snprintf(got, sizeof(got), "%s", a.text);
	arena_free(a.arena);
	if (strcmp(got, expanded(row->want)) != 0)
		printf("# %s\n", row->path);
	CHECK_STR(got, expanded(row->want));
	if (!spec->budget)
		check_budgets(spec, &query, got);
}

#define CHECK_ROWS(who, rows)                                    \
	do {                                                     \
		const struct spec spec_ = (who);                 \
		for (size_t i_ = 0; i_ < ARRAY_SIZE(rows); i_++) \
			check_row(&spec_, &(rows)[i_]);          \
	} while (0)

#define LOOKED_UP \
	"; hint: add it to the image, or name another path; it is looked up inside the container"
#define REPLACE "; hint: replace the file"
#define SHEBANG                                                                  \
	"; hint: begin it with a line like '#!/bin/sh': runc says 'exec format " \
	"error' of it, only crun hands it to /bin/sh"
#define LIBRARY	    "; hint: is it a library, not a program?"
#define INTERPRETER "; hint: install it, or name another interpreter in the script's first line"
#define EXECUTABLE  "; hint: make it executable for the container's user"
#define FOO_MISSING "library libfoo.so.1, needed by /h/foo, is in no directory the loader searches"
#define INSTALL                                                                        \
	"; hint: install it, set LD_LIBRARY_PATH in the hook's env, or have ldconfig " \
	"run before"
#define UNCACHED                                                                           \
	"no: " FOO_MISSING "; hint: it is in /l/good, which ld.so.conf names, but not in " \
	"ld.so.cache: run ldconfig when the image is built, or in a hook before (policy "  \
	"ldconfig-on-start)"
#define OUT_OF_THE_WAY "; hint: replace it, or keep its directory out of the way"

static void programs(void)
{
	static const struct row rows[] = {
		{ "/h/static", NULL, "yes: static ELF, @" },
		{ "/h/static-pie", NULL, "yes: static ELF, @" },
		{ "/h/dynamic", NULL, "yes: ELF, @, 1 library" },
		{ "h/static", NULL, "yes: static ELF, @" },
		{ "/h/nope", NULL, "no: /h/nope does not exist: no 'nope' in /h" LOOKED_UP },
		{ "/nope/x", NULL, "no: /nope/x does not exist: no 'nope' in /" LOOKED_UP },
		{ "/h/static/", NULL,
		  "no: /h/static/ cannot be reached: /h/static is not a directory" LOOKED_UP },
		{ "/h/dangling", NULL,
		  "no: /h/dangling does not exist: no 'nowhere' in /h" LOOKED_UP },
		{ "/h/round", NULL,
		  "no: /h/round cannot be reached: /h/round is a symbolic link loop" LOOKED_UP },
		{ "/h", NULL, "no: /h is a directory" },
		{ "/h/fifo", NULL, "no: /h/fifo is not a regular file" },
		{ "/h/plain", NULL,
		  "no: /h/plain cannot be executed: mode 0644, no execute bit" EXECUTABLE },
		{ "/h/empty", NULL, "no: /h/empty is empty" SHEBANG },
		{ "/h/two", NULL,
		  "no: /h/two is neither an ELF program nor a script with '#!'" SHEBANG },
		{ "/h/text", NULL,
		  "no: /h/text is neither an ELF program nor a script with '#!'" SHEBANG },
		{ "/h/\033[31m", NULL,
		  "no: /h/?[31m is neither an ELF program nor a script with '#!'" SHEBANG },
		{ "/h/foreign", NULL,
		  "no: /h/foreign is for another machine, /h/static is for @; hint: use a build "
		  "for the container's machine" },
		{ "/h/object", NULL,
		  "no: /h/object is an ELF file, but neither a program nor a library" REPLACE },
		{ "/h/short", NULL, "no: /h/short is truncated inside its ELF header" REPLACE },
		{ "/h/cut", NULL,
		  "no: /h/cut is truncated: a segment ends past the end of the file" REPLACE },
		{ "/h/library-entry", NULL,
		  "no: /h/library-entry needs libraries, but names no interpreter to load "
		  "them" LIBRARY },
		{ "/h/strange", NULL, "yes: ELF, @, 1 library" },
		{ "/h/library", NULL,
		  "no: /h/library does not have code at its entry point" LIBRARY },
		{ "/h/no-loader", NULL,
		  "no: interpreter /lib/ld-linux-none.so.2 of /h/no-loader does not exist: no "
		  "'ld-linux-none.so.2' in /lib; hint: it is built for glibc: install that, or "
		  "use a static build" },
		{ "/h/no-musl", NULL,
		  "no: interpreter /lib/ld-musl-none.so.1 of /h/no-musl does not exist: no "
		  "'ld-musl-none.so.1' in /lib; hint: it is built for musl: install that, or use "
		  "a static build" },
		{ "/h/other-loader", NULL,
		  "unknown: /h/static is not a loader known here: the libraries of /h/other-loader "
		  "are not followed" },
		{ "/proc/self/exe", NULL,
		  "unknown: /proc/self/exe cannot be judged: the proc mount on /proc (mounts[0]) "
		  "is "
		  "not inspected" },
	};
	struct spec spec = root_spec();
	static const struct row behind[] = {
		{ "/h/env-missing", "PATH=/proc",
		  "unknown: 'python3', which /h/env-missing asks env for, is not found: the proc "
		  "mount on /proc (mounts[0]) is not inspected; hint: install it, or set PATH in "
		  "the hook's env" },
	};
	const struct spec_mount proc = { .destination = "/proc", .type = "proc", .source = "proc" };

	spec.mounts = &proc;
	spec.n_mounts = 1;
	CHECK_ROWS(spec, rows);
	CHECK_ROWS(spec, behind);
}

static void a_forged_header_is_not_believed(void)
{
	static const struct row rows[] = {
		{ "/h/forged-class", NULL,
		  "unknown: /h/forged-class has an ELF header that contradicts itself" REPLACE },
		{ "/h/forged-order", NULL,
		  "unknown: /h/forged-order has an ELF header that contradicts itself" REPLACE },
		{ "/h/i386", NULL,
		  "unknown: /h/i386 is for i386, /h/static is for x86_64: not every kernel runs "
		  "both; hint: use a build for the container's machine" },
	};

	if (strcmp(machine, "x86_64") != 0)
		SKIP("the files are made for x86_64");
	CHECK_ROWS(root_spec(), rows);
}

static void scripts(void)
{
	static const struct row rows[] = {
		{ "/h/good", NULL, "yes: script of /bin/sh (static ELF, @)" },
		{ "/h/link", NULL, "yes: script of /bin/sh (static ELF, @)" },
		{ "/h/option", NULL, "yes: script of /bin/sh (static ELF, @)" },
		{ "/h/relative", NULL, "yes: script of h/static (static ELF, @)" },
		{ "/h/chain5", NULL, "yes: script of /h/chain4 (static ELF, @)" },
		{ "/h/chain6", NULL,
		  "no: interpreter /h/chain1 of /h/chain2 is the sixth script in a row: the "
		  "kernel follows 5; hint: name the last interpreter in the first script" },
		{ "/h/missing", NULL,
		  "no: interpreter /bin/bash of /h/missing does not exist: no 'bash' in "
		  "/bin" INTERPRETER },
		{ "/h/via-plain", NULL,
		  "no: interpreter /h/plain of /h/via-plain cannot be executed: mode 0644, no "
		  "execute bit" EXECUTABLE },
		{ "/h/crlf", NULL,
		  "no: /h/crlf has Windows line ends: its interpreter is '/bin/sh' with a "
		  "carriage return; hint: convert the script to Unix line ends" },
		{ "/h/crlf-option", NULL,
		  "no: /h/crlf-option has Windows line ends: it hands /bin/sh '-e' with a "
		  "carriage return; hint: convert the script to Unix line ends" },
		{ "/h/crlf-perl", NULL,
		  "unknown: /h/crlf-perl has Windows line ends: it hands /h/static '-w' with a "
		  "carriage return; hint: convert the script to Unix line ends" },
		{ "/h/busybox-sh", NULL, "yes: script of /x/busybox (static ELF, @)" },
		{ "/h/busybox", NULL,
		  "unknown: interpreter /x/busybox of /h/busybox is busybox, which may have no "
		  "applet 'busybox'; hint: name an interpreter such as '/bin/sh' in the script's "
		  "first line" },
		{ "/h/nameless", NULL, "no: /h/nameless names no interpreter after '#!'" SHEBANG },
		{ "/h/long", NULL,
		  "no: /h/long names an interpreter that does not end within the 255 bytes the "
		  "kernel reads; hint: name the interpreter by a shorter path" },
		{ "/h/two-options", NULL,
		  "no: /h/two-options hands /bin/sh the one option '-e -x': the kernel does not "
		  "split it; hint: write the options as one word, such as '-eu'" },
		{ "/h/zsh-two-options", NULL,
		  "no: /h/zsh-two-options hands /h/zsh the one option '-e -x': the kernel does not "
		  "split it; hint: write the options as one word, such as '-eu'" },
		{ "/h/zsh-crlf", NULL,
		  "unknown: /h/zsh-crlf has Windows line ends: it hands /h/zsh '-e' with a "
		  "carriage return; hint: convert the script to Unix line ends" },
		{ "/h/yash-long-option", NULL,
		  "unknown: /h/yash-long-option hands /h/yash the one option '-o errexit': the "
		  "kernel does not split it; hint: write the options as one word, such as '-eu'" },
		{ "/h/blank-end", NULL,
		  "unknown: /h/blank-end hands its interpreter an empty argument; hint: end the "
		  "first line in a newline, without a blank" },
	};

	CHECK_ROWS(root_spec(), rows);
}

static void what_env_is_asked_for(void)
{
	static const struct row rows[] = {
		{ "/h/env", NULL, "yes: script of /bin/env (static ELF, @)" },
		{ "/h/env-split", NULL, "yes: script of /bin/env (static ELF, @)" },
		{ "/h/env-script", NULL, "yes: script of /bin/env (static ELF, @)" },
		{ "/h/env-missing", NULL,
		  "no: 'python3', which /h/env-missing asks env for, is in no directory of the "
		  "hook's PATH, /bin:/h; hint: install it, or set PATH in the hook's env" },
		{ "/h/env-missing", "-",
		  "unknown: 'python3', which /h/env-missing asks env for, is not found: the hook "
		  "has no PATH; hint: install it, or set PATH in the hook's env" },
		{ "/h/env", "-", "yes: script of /bin/env (static ELF, @)" },
		{ "/h/env", "PATH=/x:/bin", "yes: script of /bin/env (static ELF, @)" },
		{ "/h/env-passes", "PATH=/x:/h", "yes: script of /bin/env (static ELF, @)" },
		{ "/h/env-passes", "PATH=/x",
		  "no: interpreter /bin/bash of /x/secret-sh does not exist: no 'bash' in "
		  "/bin" INTERPRETER },
		{ "/h/env", "PATH=/nope",
		  "no: 'sh', which /h/env asks env for, is in no directory of the hook's PATH, "
		  "/nope; hint: install it, or set PATH in the hook's env" },
		{ "/h/busybox-env", NULL,
		  "unknown: 'python3', which /h/busybox-env asks env for, is not found: busybox "
		  "may have it built in; hint: install it, or set PATH in the hook's env" },
		{ "/h/env-broken", NULL,
		  "no: interpreter /bin/bash of /h/missing does not exist: no 'bash' in "
		  "/bin" INTERPRETER },
		{ "/h/env-two", NULL,
		  "no: /h/env-two asks env for one program 'python3 -u': the kernel does not "
		  "split it; hint: give env one word, or name the interpreter itself" },
		{ "/h/env-options", NULL,
		  "unknown: /h/env-options hands env '-i', which is not followed; hint: name the "
		  "interpreter itself" },
		{ "/h/env-nothing", NULL,
		  "no: /h/env-nothing asks env for nothing, so env runs it again, for ever; "
		  "hint: name a program: '#!/usr/bin/env bash'" },
		{ "/h/env-loop", NULL,
		  "unknown: /h/env-loop asks env for more than 7 programs in a row; hint: name the "
		  "interpreter itself" },
	};

	CHECK_ROWS(root_spec(), rows);
}

static void libraries_of_glibc(void)
{
	static const struct row rows[] = {
		{ "/h/foo", NULL, "no: " FOO_MISSING INSTALL },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/good", "yes: ELF, @, 2 libraries" },
		{ "/h/foo", "LD_LIBRARY_PATH=/nope;/l/good", "yes: ELF, @, 2 libraries" },
		{ "/h/foo", "LD_LIBRARY_PATH=", "no: " FOO_MISSING INSTALL },
		{ "/h/foo", "LD_LIBRARY_PATH=l/good", "yes: ELF, @, 2 libraries" },
		{ "/h/foo", "LD_LIBRARY_PATH=/h/static:/l/good", "yes: ELF, @, 2 libraries" },
		{ "/h/bar", "LD_LIBRARY_PATH=l/both", "yes: ELF, @, 3 libraries" },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/odd",
		  "unknown: library libfoo.so.1, needed by /h/foo: /l/odd/libfoo.so.1 has an odd "
		  "ELF header; hint: replace it" },
		{ "/h/foo", "LD_LIBRARY_PATH=$ORIGIN/../l/good", "yes: ELF, @, 2 libraries" },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/garbage:/l/good",
		  "no: library libfoo.so.1, needed by /h/foo: /l/garbage/libfoo.so.1 is not an "
		  "ELF file" OUT_OF_THE_WAY },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/directory:/l/good",
		  "no: library libfoo.so.1, needed by /h/foo: /l/directory/libfoo.so.1 is not "
		  "a regular file" OUT_OF_THE_WAY },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/cut:/l/good",
		  "no: library libfoo.so.1, needed by /h/foo: /l/cut/libfoo.so.1 is truncated: a "
		  "segment ends past the end of the file" OUT_OF_THE_WAY },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/static:/l/good",
		  "no: library libfoo.so.1, needed by /h/foo: /l/static/libfoo.so.1 is a program, "
		  "not a library" OUT_OF_THE_WAY },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/program",
		  "unknown: library libfoo.so.1, needed by /h/foo: /l/program/libfoo.so.1 is a "
		  "program, which not every glibc loads" },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/loop:/l/good", "no: " FOO_MISSING INSTALL },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/$PLATFORM",
		  "unknown: library libfoo.so.1, needed by /h/foo, is not found: what the loader "
		  "puts into '/l/$PLATFORM' is not known" INSTALL },
		{ "/h/bar", "LD_LIBRARY_PATH=/l/bar",
		  "no: library libfoo.so.1, needed by /l/bar/libbar.so.1, is in no directory the "
		  "loader searches" INSTALL },
		{ "/h/bar", "LD_LIBRARY_PATH=/l/bar:/l/good", "yes: ELF, @, 3 libraries" },
		{ "/h/runpath", NULL, "yes: ELF, @, 2 libraries" },
		{ "/h/runpath-bar", NULL,
		  "no: library libfoo.so.1, needed by /l/bar/libbar.so.1, is in no directory the "
		  "loader searches" INSTALL },
		{ "/h/rpath", NULL, "yes: ELF, @, 2 libraries" },
		{ "/h/rpath-bar", NULL, "yes: ELF, @, 3 libraries" },
		/* The DT_RUNPATH of who needs it turns the DT_RPATH of others off. */
		{ "/h/inherit-bar", NULL,
		  "no: library libfoo.so.1, needed by /l/inherit/libbar.so.1, is in no directory "
		  "the loader searches" INSTALL },
		{ "/h/joined", NULL,
		  "no: library libfoo.so.1, needed by /h/joined, is in no directory the loader "
		  "searches" INSTALL },
		/* LD_LIBRARY_PATH comes after DT_RPATH and before DT_RUNPATH. */
		{ "/h/rpath", "LD_LIBRARY_PATH=/l/garbage", "yes: ELF, @, 2 libraries" },
		{ "/h/runpath", "LD_LIBRARY_PATH=/l/garbage",
		  "no: library libfoo.so.1, needed by /h/runpath: /l/garbage/libfoo.so.1 is "
		  "not an ELF file" OUT_OF_THE_WAY },
		{ "/h/origin", NULL, "yes: ELF, @, 2 libraries" },
		{ "/h/braces", NULL, "yes: ELF, @, 2 libraries" },
		{ "/h/unknown-token", NULL, "yes: ELF, @, 2 libraries" },
		{ "/h/nodefaultlib", NULL,
		  "unknown: library libfoo.so.1, needed by /h/nodefaultlib, is not found: the "
		  "object that needs it forbids the default directories" INSTALL },
		{ "/h/version", "LD_LIBRARY_PATH=/l/old",
		  "no: version V_2 of libfoo.so.1, needed by /h/version, is not in "
		  "/l/old/libfoo.so.1; hint: update the library, or use a build for an older one" },
		{ "/h/version", "LD_LIBRARY_PATH=/l/good",
		  "unknown: version V_2 of libfoo.so.1, needed by /h/version: "
		  "/l/good/libfoo.so.1 does not have any versions; hint: use the library that the "
		  "program was built for" },
		{ "/h/dynamic", "LD_PRELOAD=/l/garbage/libfoo.so.1 /nope.so",
		  "yes: ELF, @, 1 library" },
		{ "/h/foo", "LD_PRELOAD=/l/good/libfoo.so.1", "yes: ELF, @, 2 libraries" },
		{ "/h/dynamic", "LD_PRELOAD=/l/alias/one:/l/alias/two",
		  "yes: ELF, @, 2 libraries" },
		{ "/h/dynamic", "LD_PRELOAD=/l/good/libfoo.so.1:/l/bar/libbar.so.1",
		  "yes: ELF, @, 3 libraries" },
		{ "/h/dynamic", "LD_PRELOAD=/l/bar/libbar.so.1",
		  "no: library libfoo.so.1, needed by /l/bar/libbar.so.1, is in no directory the "
		  "loader searches" INSTALL },
	};

	CHECK_ROWS(root_spec(), rows);
}

static void shell(const char *command)
{
	char whole[1024];

	snprintf(whole, sizeof(whole), "cd %s && %s", world, command);
	CHECK_INT(system(whole), 0);
}

static int access_of(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/rootfs/%s", world, name);
	return access(path, F_OK);
}

#define MUSL_MISSING                                                                     \
	"no: library libfoo.so.1, needed by /h/musl-foo, is in no directory the loader " \
	"searches; hint: install it, or set LD_LIBRARY_PATH in the hook's env"

static void libraries_of_musl(void)
{
	static const struct row rows[] = {
		{ "/h/musl", NULL, "yes: ELF, @, 0 libraries" },
		{ "/h/musl-foo", NULL, MUSL_MISSING },
		{ "/h/musl-foo", "LD_LIBRARY_PATH=/l/musl", "yes: ELF, @, 1 library" },
		{ "/h/musl-foo", "LD_LIBRARY_PATH=/nope:/l/musl", "yes: ELF, @, 1 library" },
		{ "/h/musl-foo", "LD_LIBRARY_PATH=/nope;/l/musl", MUSL_MISSING },
		{ "/h/musl-foo", "LD_LIBRARY_PATH=$ORIGIN/../l/musl", MUSL_MISSING },
		{ "/h/musl-foo", "LD_LIBRARY_PATH=/l/loop:/l/musl", MUSL_MISSING },
		{ "/h/musl-foo", "LD_LIBRARY_PATH=/l/garbage:/l/musl",
		  "no: library libfoo.so.1, needed by /h/musl-foo: /l/garbage/libfoo.so.1 is not an "
		  "ELF "
		  "file" OUT_OF_THE_WAY },
		{ "/h/musl-foo", "LD_LIBRARY_PATH=/l/musl-class:/l/musl",
		  "unknown: library libfoo.so.1, needed by /h/musl-foo: /l/musl-class/libfoo.so.1 "
		  "has an ELF header that contradicts itself, which musl does not look "
		  "at" OUT_OF_THE_WAY },
		{ "/h/musl-foo", "LD_LIBRARY_PATH=/l/static:/l/musl",
		  "no: library libfoo.so.1, needed by /h/musl-foo: /l/static/libfoo.so.1 does not "
		  "have a dynamic section" OUT_OF_THE_WAY },
		{ "/h/musl-runpath", NULL, "yes: ELF, @, 1 library" },
		{ "/h/musl-rpath", NULL, "yes: ELF, @, 1 library" },
		{ "/h/musl-origin", NULL, "yes: ELF, @, 1 library" },
		{ "/h/musl-token", NULL,
		  "no: library libfoo.so.1, needed by /h/musl-token, is in no directory the loader "
		  "searches; hint: install it, or set LD_LIBRARY_PATH in the hook's env" },
		{ "/h/musl", "LD_PRELOAD=/nope.so:/l/musl/libfoo.so.1", "yes: ELF, @, 1 library" },
	};

	if (access_of("h/musl") < 0)
		SKIP("musl-gcc is not installed");
	CHECK_ROWS(root_spec(), rows);
}

static void musl_reads_a_list_of_directories(void)
{
	static const struct row found = { "/h/musl-foo", NULL, "yes: ELF, @, 1 library" };
	static const struct row absent = { "/h/musl-foo", NULL, MUSL_MISSING };
	struct spec spec = user_spec();

	if (access_of("h/musl") < 0)
		SKIP("musl-gcc is not installed");
	spec.cwd = "/l/musl";
	shell("printf '/nope\\n/l/musl\\n' >rootfs/etc/ld-musl-test.path");
	check_row(&spec, &found);
	/* An empty item is not the current directory. */
	shell("printf '\\n:\\n' >rootfs/etc/ld-musl-test.path");
	check_row(&spec, &absent);
	shell("mkdir -p rootfs/usr/lib && cp rootfs/l/musl/libfoo.so.1 rootfs/usr/lib");
	shell("rm rootfs/etc/ld-musl-test.path");
	check_row(&spec, &found);
	/* One that the user may not read is an empty list. */
	shell("echo /l/musl >rootfs/etc/ld-musl-test.path && chmod 0 rootfs/etc/ld-musl-test.path");
	check_row(&spec, &absent);
	shell("rm rootfs/etc/ld-musl-test.path rootfs/usr/lib/libfoo.so.1");
}

static void what_musl_cannot_be_seen_to_read_is_unknown(void)
{
	static const struct row row = {
		"/h/musl-foo", NULL,
		"unknown: library libfoo.so.1, needed by /h/musl-foo, is not found: the proc mount "
		"on /etc (mounts[0]) is not inspected; hint: install it, or set LD_LIBRARY_PATH "
		"in the hook's env"
	};
	const struct spec_mount mount = { .destination = "/etc", .type = "proc", .source = "proc" };
	struct spec spec = root_spec();

	if (access_of("h/musl") < 0)
		SKIP("musl-gcc is not installed");
	spec.mounts = &mount;
	spec.n_mounts = 1;
	check_row(&spec, &row);
}

/* Of two equal variables the last one counts. */
static void the_last_of_two_variables_counts(void)
{
	static const char *const env[] = { "LD_LIBRARY_PATH=/l/garbage",
					   "LD_LIBRARY_PATH=/l/good" };
	const struct program_query query = {
		.path = "/h/foo", .env = env, .n_env = 2, .runtime = { .kind = RUNTIME_RUNC }
	};
	const struct spec spec = root_spec();
	struct asked a;

	ask(&a, &spec, &query);
	CHECK_INT(a.verdict.usable, YES);
	arena_free(a.arena);
}

static void the_cache_is_searched(void)
{
	static const struct row found = { "/h/foo", NULL, "yes: ELF, @, 2 libraries" };
	static const struct row absent = { "/h/foo", NULL, "no: " FOO_MISSING INSTALL };
	static const struct row uncached = { "/h/foo", NULL, UNCACHED };
	const struct spec spec = root_spec();

	if (system("PATH=$PATH:/sbin:/usr/sbin command -v ldconfig >/dev/null") != 0)
		SKIP("ldconfig is not installed");
	check_row(&spec, &absent);
	shell("echo /l/good >rootfs/etc/ld.so.conf && PATH=$PATH:/sbin ldconfig -r rootfs 2>&1");
	check_row(&spec, &found);
	shell("mv rootfs/l/good rootfs/l/gone");
	check_row(&spec, &absent);
	shell("mv rootfs/l/gone rootfs/l/good && echo x >rootfs/etc/ld.so.cache");
	check_row(&spec, &uncached);
	shell("rm rootfs/etc/ld.so.cache rootfs/etc/ld.so.conf");
}

/* Each as /etc/ld.so.conf; the directory is known to ldconfig, so it is what the hint is about. */
static void what_only_ldconfig_finds_is_told(void)
{
	static const struct row uncached = { "/h/foo", NULL, UNCACHED };
	static const struct row absent = { "/h/foo", NULL, "no: " FOO_MISSING INSTALL };
	static const struct {
		const char *conf;
		bool found;
	} rows[] = {
		{ "/l/good", true },
		{ "/l/none\n \t/l/good \t# comment", true },
		{ "/l/good=libc6", true },
		{ "#/l/good", false },
		{ "l/good", false },
		{ "hwcap 1 /l/good", false },
		{ "include /etc/conf.d/*.conf", true },
		{ "include conf.d/a.conf", true },
		{ "include nope conf.d/*f", true },
		{ "include conf.d/a.conf.off", true },
		{ "include conf.d/*.none", false },
		{ "include conf*/a.conf", false },
		{ "include ld.so.conf", false },
		{ "include", false },
		{ "", false },
	};
	const struct spec spec = root_spec();

	shell("mkdir rootfs/etc/conf.d && echo /l/good >rootfs/etc/conf.d/a.conf && "
	      "echo include ../../etc/conf.d/a.conf >rootfs/etc/conf.d/a.conf.off");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char line[256];

		snprintf(line, sizeof(line), "printf '%%s\\n' '%s' >rootfs/etc/ld.so.conf",
			 rows[i].conf);
		shell(line);
		check_row(&spec, rows[i].found ? &uncached : &absent);
	}
	shell("rm -r rootfs/etc/conf.d rootfs/etc/ld.so.conf");
}

/* As large as no cache is; a sparse file costs nothing. */
static void a_huge_cache_is_not_read(void)
{
	static const struct row row = {
		"/h/foo", NULL,
		"unknown: library libfoo.so.1, needed by /h/foo, is not found: /etc/ld.so.cache "
		"has more than 4194304 bytes" INSTALL
	};
	const struct spec spec = root_spec();

	shell("truncate -s 100G rootfs/etc/ld.so.cache");
	check_row(&spec, &row);
	shell("rm rootfs/etc/ld.so.cache");
}

static void what_cannot_be_looked_at_may_be_there(void)
{
	static const struct row row = {
		"/h/foo", NULL,
		"unknown: library libfoo.so.1, needed by /h/foo, is not found: the proc mount on "
		"/etc (mounts[0]) is not inspected" INSTALL
	};
	const struct spec_mount mount = { .destination = "/etc", .type = "proc", .source = "proc" };
	struct spec spec = root_spec();

	spec.mounts = &mount;
	spec.n_mounts = 1;
	check_row(&spec, &row);
}

static void the_file_of_preloads_is_read(void)
{
	static const struct row comment = { "/h/dynamic", NULL, "yes: ELF, @, 1 library" };
	static const struct row row = {
		"/h/dynamic", NULL,
		"no: library libfoo.so.1, needed by /l/bar/libbar.so.1, is in no directory the "
		"loader searches" INSTALL
	};
	const struct spec spec = root_spec();

	shell("echo '# /l/bar/libbar.so.1' >rootfs/etc/ld.so.preload");
	check_row(&spec, &comment);
	shell("echo /l/bar/libbar.so.1 >>rootfs/etc/ld.so.preload");
	check_row(&spec, &row);
	shell("rm rootfs/etc/ld.so.preload");
}

static void some_libraries_only_some_processors_find(void)
{
	static const struct row rows[] = {
		{ "/h/foo", "LD_LIBRARY_PATH=/l/hw",
		  "unknown: library libfoo.so.1, needed by /h/foo, is not found: only some "
		  "processors look at /l/hw/glibc-hwcaps/x86-64-v2/libfoo.so.1" INSTALL },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/hw:/l/good", "yes: ELF, @, 2 libraries" },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/hw:/l/garbage",
		  "unknown: library libfoo.so.1, needed by /h/foo: /l/garbage/libfoo.so.1 is not an "
		  "ELF file, unless the processor has the loader take "
		  "/l/hw/glibc-hwcaps/x86-64-v2/libfoo.so.1; hint: replace it, or keep its "
		  "directory out of the way" },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/hw-garbage",
		  "unknown: library libfoo.so.1, needed by /h/foo: some processors have the loader "
		  "take /l/hw-garbage/tls/libfoo.so.1, which is broken; hint: replace it, or keep "
		  "its directory out of the way" },
	};

	if (strcmp(machine, "x86_64") != 0)
		SKIP("the directory is one of x86_64");
	CHECK_ROWS(root_spec(), rows);
}

static void without_proc_a_program_has_no_origin(void)
{
	static const struct row row = {
		"/h/origin", NULL,
		"no: library libfoo.so.1, needed by /h/origin, is not found: without "
		"/proc/self/exe the loader leaves out '$ORIGIN/../l/good'" INSTALL
	};
	const struct spec spec = root_spec();

	shell("mv rootfs/proc rootfs/no-proc");
	check_row(&spec, &row);
	shell("mv rootfs/no-proc rootfs/proc");
}

static void another_user_may_read_less(void)
{
	static const struct row rows[] = {
		{ "/h/good", NULL, "yes: script of /bin/sh (static ELF, @)" },
		{ "/h/secret", NULL,
		  "no: /h/secret cannot be read by its interpreter: mode 0711, uid 54321 cannot "
		  "read it; hint: make the script readable for the container's user" },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/closed",
		  "no: library libfoo.so.1, needed by /h/foo, is not found: "
		  "/l/closed/libfoo.so.1 is not used: mode 0600, uid 54321 cannot read "
		  "it" INSTALL },
		{ "/h/foo", "LD_LIBRARY_PATH=/l/closed:/l/good", "yes: ELF, @, 2 libraries" },
		{ "/closed/x", NULL,
		  "no: /closed/x cannot be reached: directory /closed has mode 0700, uid 54321 "
		  "cannot search it; hint: let the container's user search this directory" },
	};

	CHECK_ROWS(user_spec(), rows);
}

static void the_containers_library_path_is_not_the_hooks(void)
{
	static const struct row row = {
		"/h/foo", NULL,
		"no: " FOO_MISSING "; hint: process.env's LD_LIBRARY_PATH does not reach the hook: "
		"add 'inheritEnv: [LD_LIBRARY_PATH]'"
	};
	static const char *const env[] = { "LD_LIBRARY_PATH=/l/good" };
	struct spec spec = root_spec();

	spec.env = (struct spec_strings){ env, 1 };
	check_row(&spec, &row);
}

static void the_current_directory_counts(void)
{
	static const struct row rows[] = {
		{ "static", NULL, "yes: static ELF, @" },
		{ "/h/relative", NULL,
		  "no: interpreter h/static of /h/relative does not exist: no 'h' in "
		  "/h" INTERPRETER },
		{ "/h/foo", "LD_LIBRARY_PATH=/nope:", "no: " FOO_MISSING INSTALL },
	};
	static const struct row in_good[] = {
		{ "/h/foo", "LD_LIBRARY_PATH=/nope:", "yes: ELF, @, 2 libraries" },
	};
	struct spec spec = root_spec();

	spec.cwd = "/h";
	CHECK_ROWS(spec, rows);
	spec.cwd = "/l/good";
	CHECK_ROWS(spec, in_good);
}

static void mounts_decide(void)
{
	const struct spec_mount mounts[] = {
		{ .destination = "/h",
		  .type = "bind",
		  .source = "rootfs/h",
		  .options = (const char *const[]){ "bind", "noexec" },
		  .n_options = 2 },
		{ .destination = "/l/good",
		  .type = "bind",
		  .source = "rootfs/l/good",
		  .options = (const char *const[]){ "bind", "noexec" },
		  .n_options = 2 },
	};
	static const struct row rows[] = {
		{ "/h/static", NULL,
		  "no: /h/static cannot be executed: the bind mount on /h (mounts[0]) is noexec; "
		  "hint: have it on a mount that allows execution" },
	};
	static const struct row libraries[] = {
		{ "/h/foo", "LD_LIBRARY_PATH=/l/good",
		  "no: library libfoo.so.1, needed by /h/foo, cannot be mapped: the bind mount on "
		  "/l/good (mounts[0]) is noexec; hint: have it on a mount that allows execution" },
	};
	static const struct row preload[] = {
		{ "/h/dynamic", "LD_PRELOAD=/l/good/libfoo.so.1", "yes: ELF, @, 1 library" },
	};
	struct spec spec = root_spec();

	spec.mounts = mounts;
	spec.n_mounts = 1;
	CHECK_ROWS(spec, rows);
	spec.mounts = mounts + 1;
	CHECK_ROWS(spec, libraries);
	CHECK_ROWS(spec, preload);
}

static void after_ldconfig_nothing_is_missing(void)
{
	static const char *const env[] = { "PATH=/bin" };
	const struct program_query query = { .path = "/h/foo",
					     .env = env,
					     .n_env = 1,
					     .after_ldconfig = UNKNOWN,
					     .runtime = { .kind = RUNTIME_RUNC } };
	const struct spec spec = root_spec();
	struct asked a;

	ask(&a, &spec, &query);
	CHECK_STR(a.text, "unknown: library libfoo.so.1, needed by /h/foo, is not found: ldconfig, "
			  "which runs before, may make it known; hint: install it in a directory "
			  "that ld.so.conf names, or set LD_LIBRARY_PATH in the hook's env");
	arena_free(a.arena);
}

static void earlier_hooks_may_create_what_is_absent(void)
{
	static const char *const env[] = { "PATH=/bin" };
	struct program_query query = {
		.path = "/h/nope", .env = env, .n_env = 1, .runtime = { .kind = RUNTIME_RUNC }
	};
	struct spec spec = root_spec();
	struct asked a;

	ask(&a, &spec, &query);
	CHECK(a.verdict.usable == NO && a.verdict.absent);
	CHECK_STR(a.verdict.why.culprit, "/h/nope");
	arena_free(a.arena);
	spec.earlier_hooks = true;
	ask(&a, &spec, &query);
	CHECK(a.verdict.usable == UNKNOWN && a.verdict.absent);
	arena_free(a.arena);
	/* A candidate that is absent is none when the next one is there. */
	query.path = "/h/rpath";
	ask(&a, &spec, &query);
	CHECK_INT(a.verdict.usable, YES);
	arena_free(a.arena);
	query.path = "/h/missing";
	ask(&a, &spec, &query);
	CHECK(a.verdict.usable == UNKNOWN && !a.verdict.absent);
	arena_free(a.arena);
}

static void the_trail_tells_the_way(void)
{
	static const char *const env[] = { "PATH=/bin", "LD_LIBRARY_PATH=/l/good" };
	const struct program_query query = {
		.path = "/h/foo", .env = env, .n_env = 2, .runtime = { .kind = RUNTIME_RUNC }
	};
	const struct spec spec = root_spec();
	struct asked a;

	ask(&a, &spec, &query);
	CHECK_INT(a.trail.n, 5);
	CHECK(starts_with(a.trail.steps[0], "/h/foo: file 0755 "));
	CHECK_STR(a.trail.steps[1], "/h/foo: ELF with interpreter /lib/ld-linux-test.so.2");
	CHECK_STR(a.trail.steps[3], "libfoo.so.1 => /l/good/libfoo.so.1");
	arena_free(a.arena);
}

static void the_trail_tells_what_env_finds(void)
{
	static const char *const env[] = { "PATH=/nope:/bin" };
	const struct program_query query = {
		.path = "/h/env", .env = env, .n_env = 1, .runtime = { .kind = RUNTIME_RUNC }
	};
	const struct spec spec = root_spec();
	struct asked a;

	ask(&a, &spec, &query);
	CHECK_INT(a.trail.n, 5);
	CHECK_STR(a.trail.steps[1], "/h/env: script of /bin/env");
	CHECK_STR(a.trail.steps[3], "env finds /bin/sh");
	arena_free(a.arena);
}

/* ---- limits ---- */

static void look_ups_are_limited(void)
{
	const size_t n = 200000;
	char *path = malloc(n * 5 + 32);
	const char *env[] = { path };
	const struct program_query query = {
		.path = "/h/foo", .env = env, .n_env = 1, .runtime = { .kind = RUNTIME_RUNC }
	};
	struct spec spec = root_spec();
	struct budget budget;
	struct asked a;

	budget_init(&budget);
	spec.budget = &budget;
	CHECK(path != NULL);
	strcpy(path, "LD_LIBRARY_PATH=");
	for (size_t i = 0; i < n; i++)
		memcpy(path + strlen("LD_LIBRARY_PATH=") + 5 * i, "/l/x:", 6);
	ask(&a, &spec, &query);
	/* What was not spent is asked no more either: the next verdict is no better. */
	arena_free(a.arena);
	path[strlen("LD_LIBRARY_PATH=") + 5] = '\0';
	ask(&a, &spec, &query);
	free(path);
	CHECK_STR(a.text, "unknown: this container needs more than the limit of 2000000 steps");
	CHECK_INT(a.verdict.topic, TOPIC_WORK);
	arena_free(a.arena);
}

/* "/l/many/1 /l/many/2 ...", then the last one again and again. */
static const char *preloading(int n, int more)
{
	static char text[4000000];
	size_t len = (size_t)snprintf(text, sizeof(text), "LD_PRELOAD=");

	for (int i = 1; i <= n + more && len < sizeof(text) - 32; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "/l/many/%d ",
					i < n ? i : n);
	return text;
}

static void libraries_are_limited(void)
{
	const struct row row = { "/h/dynamic", preloading(520, 0),
				 "unknown: /h/dynamic takes more than 512 libraries" };
	const struct spec spec = root_spec();

	check_row(&spec, &row);
}

/* A name that is loaded is not looked for again, however many there are. */
static void loaded_names_cost_little(void)
{
	const struct row row = { "/h/dynamic", preloading(500, 100000),
				 "yes: ELF, @, 501 libraries" };
	struct spec spec = root_spec();
	struct budget budget;

	budget_init(&budget);
	spec.budget = &budget;
	check_row(&spec, &row);
	CHECK(budget.left[BUDGET_STEPS] > BUDGET_STEPS_MAX / 2);
}

/* Those that are not there are. */
static void missing_names_are_limited(void)
{
	static char names[1000000] = "LD_PRELOAD=";
	size_t len = strlen(names);
	const struct row row = { "/h/dynamic", names,
				 "unknown: this container needs more than the limit of 2000000 "
				 "steps" };
	struct spec spec = root_spec();
	struct budget budget;

	for (int i = 0; len < sizeof(names) - 32; i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, "%d ", i);
	budget_init(&budget);
	spec.budget = &budget;
	check_row(&spec, &row);
}

static void a_path_too_long_ends_its_list(void)
{
	char env[6000] = "LD_LIBRARY_PATH=/l/good:/";
	const struct program_query query = { .path = "/h/foo",
					     .env = (const char *[]){ env },
					     .n_env = 1,
					     .runtime = { .kind = RUNTIME_RUNC } };
	const struct spec spec = root_spec();
	struct asked a;

	memset(env + strlen(env), 'x', sizeof(env) - strlen(env) - 1);
	ask(&a, &spec, &query);
	CHECK_INT(a.verdict.usable, YES);
	arena_free(a.arena);
	memmove(env + strlen("LD_LIBRARY_PATH="), env + strlen("LD_LIBRARY_PATH=/l/good:"), 5900);
	strcpy(env + 5900, ":/l/good");
	ask(&a, &spec, &query);
	CHECK_INT(a.verdict.usable, NO);
	arena_free(a.arena);
}

/* ---- machine and C library ---- */

static const char *arch_of(const struct spec *spec, const char *path)
{
	static char text[512];
	struct arena *arena = arena_new();
	const char *arch = NULL, *reason = NULL;
	struct hw_error err = { 0 };
	struct view *view = NULL;
	int r = view_new(spec, world_fd, world, (struct runtime){ .kind = RUNTIME_RUNC }, &view,
			 &err);

	if (r == 0)
		r = program_arch(view, spec, path, arena, &arch, &reason, &err);
	snprintf(text, sizeof(text), "%s: %s", arch ? "arch" : r < 0 ? "error" : "none", reason);
	view_free(view);
	arena_free(arena);
	return text;
}

static void the_architecture_is_that_of_the_file(void)
{
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "/h/static", "arch: /h/static is for @" },
		{ "static", "arch: /h/static is for @" },
		{ "sh", "arch: /bin/sh is for @" },
		{ "nope",
		  "none: 'nope' is not found: it is in no directory of process.env's PATH" },
		{ "/h/nope", "none: /h/nope: no 'nope' in /h" },
		{ "/h/good", "none: /h/good is not an ELF file" },
		{ "/h/foreign", "none: /h/foreign is for a machine without a name here" },
		{ "/h", "none: /h: not a regular file" },
	};
	struct spec spec = root_spec();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_STR(arch_of(&spec, rows[i].path), expanded(rows[i].want));
	spec.env.n = 0;
	CHECK_STR(arch_of(&spec, "sh"), "none: 'sh' is not found: process.env has no PATH");
}

/* What runs on the host need not run in the container: process.args[0] tells what does. */
static void the_workload_decides_the_machine(void)
{
	static const char *const args[][2] = {
		{ "/h/static", "/h/static is for @" }, { "/h/good", "/h/good is for @" },
		{ "good", "/h/good is for @" },	       { "/h/nope", "this host is @" },
		{ "/h/empty", "this host is @" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(args); i++) {
		char want[256];
		const struct row row = { "/h/foreign", NULL, want };
		struct spec spec = root_spec();

		spec.args = (struct spec_strings){ args[i], 1 };
		snprintf(want, sizeof(want),
			 "no: /h/foreign is for another machine, %s; hint: use a build for the "
			 "container's machine",
			 args[i][1]);
		check_row(&spec, &row);
	}
}

static const char *libc_of_spec(struct spec *spec, const char *root, const char *program)
{
	static const char *const names[] = { [LIBC_UNKNOWN] = "unknown",
					     [LIBC_GLIBC] = "glibc",
					     [LIBC_MUSL] = "musl",
					     [LIBC_NONE] = "none" };
	static char text[512];
	struct arena *arena = arena_new();
	const char *reason = NULL;
	struct hw_error err = { 0 };
	struct view *view = NULL;
	enum libc libc = LIBC_UNKNOWN;
	int r;

	spec->root_path = root;
	spec->args = (struct spec_strings){ &program, 1 };
	r = view_new(spec, world_fd, world, (struct runtime){ .kind = RUNTIME_RUNC }, &view, &err);
	if (r == 0)
		r = program_libc(view, spec, arena, &libc, &reason, &err);
	snprintf(text, sizeof(text), "%s: %.400s", r < 0 ? "error" : names[libc],
		 r < 0 ? err.message : reason);
	view_free(view);
	arena_free(arena);
	return text;
}

static const char *libc_of(const char *root, const char *program)
{
	struct spec spec = root_spec();

	return libc_of_spec(&spec, root, program);
}

static void the_c_library_is_not_known_where_it_cannot_be_seen(void)
{
	struct spec_mount mount = { .destination = "/bin", .type = "proc", .source = "proc" };
	struct spec spec = root_spec();

	spec.mounts = &mount;
	spec.n_mounts = 1;
	CHECK_STR(libc_of_spec(&spec, "rootfs", "/h/static"),
		  "unknown: the proc mount on /bin (mounts[0]) is not inspected");
	CHECK_STR(libc_of_spec(&spec, "rootfs", "/h/dynamic"),
		  "glibc: /h/dynamic asks for /lib/ld-linux-test.so.2");
	mount.destination = "/h";
	CHECK_STR(libc_of_spec(&spec, "rootfs", "nope"),
		  "unknown: the proc mount on /h (mounts[0]) is not inspected");
}

static void the_c_library_is_found(void)
{
	CHECK_STR(libc_of("rootfs", "/h/dynamic"),
		  "glibc: /h/dynamic asks for /lib/ld-linux-test.so.2");
	CHECK_STR(libc_of("rootfs", "/h/no-musl"),
		  "musl: /h/no-musl asks for /lib/ld-musl-none.so.1");
	CHECK_STR(libc_of("rootfs", "/h/static"),
		  "none: no program asks for a loader, and none is there");
	/* /bin/sh comes first, also where it is a script. */
	shell("mkdir -p other/bin other/lib && cp rootfs/h/no-musl rootfs/h/dynamic other/bin");
	shell("ln -s no-musl other/bin/sh");
	CHECK_STR(libc_of("other", "/bin/dynamic"),
		  "musl: /bin/sh asks for /lib/ld-musl-none.so.1");
	shell("rm other/bin/sh && echo '#!/bin/dynamic' >other/bin/sh && chmod 755 other/bin/sh");
	CHECK_STR(libc_of("other", "/bin/no-musl"),
		  "glibc: /bin/sh asks for /lib/ld-linux-test.so.2");
	shell("rm other/bin/sh && cp rootfs/h/static other/lib/ld-musl-x86_64.so.1");
	CHECK_STR(libc_of("other", "/nope"), "musl: /lib/ld-musl-x86_64.so.1 is there");
	shell("cp rootfs/h/static other/lib/ld-linux-aarch64.so.1");
	CHECK_STR(libc_of("other", "/nope"),
		  "unknown: two loaders are there: /lib/ld-linux-aarch64.so.1 and "
		  "/lib/ld-musl-x86_64.so.1");
	CHECK_STR(libc_of("other", "no-musl"),
		  "musl: /bin/no-musl asks for /lib/ld-musl-none.so.1");
}

/* ---- the order ---- */

/* doctor takes what comes behind a verdict's part and topic for not looked at. */
static void programs_are_judged_in_the_order_of_the_topics(void)
{
	/* Each mends what was wrong before it; an ELF file is not a script. */
	static const struct {
		const char *command;
		bool anew;
	} steps[] = {
		{ "rm -rf rootfs/order && mkdir rootfs/order", true },
		{ "mkdir rootfs/order/x", false },
		{ "rmdir rootfs/order/x && : >rootfs/order/x && chmod 600 rootfs/order/x", false },
		{ "chmod 711 rootfs/order/x", false },
		{ "printf '#!\n' >rootfs/order/x", false },
		{ "printf '#!/order/y\r\n' >rootfs/order/x", false },
		{ "printf '#!/order/y\n' >rootfs/order/x", false },
		{ "chmod 755 rootfs/order/x", false },
		{ "cp rootfs/h/foo rootfs/order/x && printf '\377\177' |"
		  "dd of=rootfs/order/x bs=1 seek=18 conv=notrunc status=none",
		  true },
		{ "cp rootfs/h/foo rootfs/order/x && truncate -s 4096 rootfs/order/x", false },
	};
	const struct program_query query = { .path = "/order/x" };
	const struct spec spec = user_spec();
	unsigned last = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		static struct asked a;
		unsigned order;

		shell(steps[i].command);
		ask(&a, &spec, &query);
		order = 100 * a.verdict.part + a.verdict.topic;
		if (a.verdict.usable != NO || (!steps[i].anew && order <= last))
			FAIL("step %zu: %u after %u: %s", i, order, last, a.text);
		last = order;
		arena_free(a.arena);
	}
}

/* ---- room ---- */

static const char *room_for(const struct spec *spec, enum runtime_kind runtime,
			    enum room_hooks hooks)
{
	const struct room_query query = { { .kind = runtime }, hooks };
	static struct asked a;
	struct view *view = NULL;

	a = (struct asked){ .arena = arena_new() };
	CHECK_INT(
		view_new(spec, world_fd, world, (struct runtime){ .kind = runtime }, &view, &a.err),
		0);
	CHECK_INT(program_room(view, spec, &query, a.arena, &a.verdict, &a.err), 0);
	tell(&a);
	view_free(view);
	arena_free(a.arena);
	return a.text;
}

/* Without its texts. */
static struct program_verdict room_verdict(const struct spec *spec, enum runtime_kind runtime)
{
	const struct room_query query = { { .kind = runtime }, ROOM_START_HOOKS };
	struct program_verdict verdict = { .usable = UNKNOWN };
	struct arena *arena = arena_new();
	struct view *view = NULL;
	struct hw_error err;

	CHECK_INT(view_new(spec, world_fd, world, query.runtime, &view, &err), 0);
	CHECK_INT(program_room(view, spec, &query, arena, &verdict, &err), 0);
	verdict.why = (struct reason){ .sure = verdict.usable };
	view_free(view);
	arena_free(arena);
	return verdict;
}

static const char *room(const struct spec *spec, enum runtime_kind runtime)
{
	return room_for(spec, runtime, ROOM_START_HOOKS);
}

static void without_limits_there_is_room(void)
{
	const struct spec root = root_spec(), user = user_spec();

	CHECK_STR(room(&root, RUNTIME_NOT_TOLD), "yes: ");
	CHECK_STR(room(&user, RUNTIME_CRUN), "yes: ");
}

/* doctor takes what comes behind a verdict's topic for not looked at. */
static void room_is_judged_in_the_order_of_the_topics(void)
{
	static const char *const clone[] = { "execve" };
	struct spec_seccomp_rule rule = { .action = SECCOMP_DENIED, .names = clone, .n_names = 1 };
	struct spec spec = user_spec();
	enum program_topic last = TOPIC_CONTAINER;

	spec.capabilities.inheritable = ~spec.capabilities.bounding;
	spec.pids_limit = 1;
	spec.nproc_soft = 1;
	spec.seccomp = (struct spec_seccomp){
		.present = true, .default_action = SECCOMP_ALLOWED, .rules = &rule, .n_rules = 1
	};
	spec.cwd = "/closed";
	for (size_t i = 0; i < 5; i++) {
		const struct program_verdict v = room_verdict(&spec, RUNTIME_CRUN);

		CHECK_INT(v.usable, NO);
		CHECK(i == 0 ? v.topic == last : v.topic > last);
		last = v.topic;
		switch (v.topic) {
		case TOPIC_CONTAINER:
			spec.capabilities.inheritable = 0;
			break;
		case TOPIC_PIDS:
			spec.pids_limit = 0;
			break;
		case TOPIC_RLIMIT:
			spec.nproc_soft = 2;
			break;
		case TOPIC_SECCOMP:
			spec.seccomp.present = false;
			break;
		default:
			spec.cwd = "/";
		}
	}
	CHECK_INT(room_verdict(&spec, RUNTIME_CRUN).usable, YES);
}

static void the_limit_of_processes(void)
{
	static const struct {
		int64_t limit;
		enum truth runc, crun, neither;
	} rows[] = {
		{ -1, YES, YES, YES },
		{ 0, YES, YES, YES },
		{ 1, NO, NO, NO },
		{ 2, NO, YES, UNKNOWN },
		{ 5, NO, YES, UNKNOWN },
		{ 6, UNKNOWN, YES, UNKNOWN },
		{ 15, UNKNOWN, YES, UNKNOWN },
		{ 16, YES, YES, YES },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct spec spec = root_spec();

		spec.pids_limit = rows[i].limit;
		CHECK(starts_with(room(&spec, RUNTIME_RUNC), words[rows[i].runc]));
		CHECK(starts_with(room(&spec, RUNTIME_CRUN), words[rows[i].crun]));
		CHECK(starts_with(room(&spec, RUNTIME_NOT_TOLD), words[rows[i].neither]));
	}
}

static void the_texts_about_room(void)
{
	const struct spec_mount proc = { .destination = "/proc", .type = "proc", .source = "proc" };
	struct spec spec = root_spec();

	spec.pids_limit = 1;
	CHECK_STR(room(&spec, RUNTIME_CRUN),
		  "no: linux.resources.pids.limit is 1: there is no room for a hook's process; "
		  "hint: raise it to 16 or more");
	spec.pids_limit = 4;
	CHECK_STR(room(&spec, RUNTIME_RUNC),
		  "no: linux.resources.pids.limit is 4: too few for a hook, and the runtime's own "
		  "threads count; hint: raise it to 16 or more");
	spec = user_spec();
	spec.nproc_soft = 1;
	CHECK_STR(room(&spec, RUNTIME_CRUN), "no: RLIMIT_NPROC is 1: user 54321 has no room for a "
					     "hook's process; hint: raise it to 16 or more");
	spec = user_spec();
	spec.cwd = "/closed";
	CHECK_STR(room(&spec, RUNTIME_CRUN),
		  "no: crun enters process.cwd, /closed, before a hook, which user 54321 may not: "
		  "mode 0700, uid 54321 cannot search it; hint: let the container's user search "
		  "process.cwd, or choose another");
	CHECK_STR(room(&spec, RUNTIME_RUNC), "yes: ");
	spec.cwd = "/closed/below";
	CHECK(starts_with(room(&spec, RUNTIME_CRUN), "no: crun enters process.cwd, /closed/below"));
	CHECK(starts_with(room(&spec, RUNTIME_NOT_TOLD), "unknown: crun enters process.cwd"));
	spec = root_spec();
	spec.cwd = "/closed";
	CHECK_STR(room(&spec, RUNTIME_CRUN), "yes: ");
	spec.cwd = "/proc/self";
	spec.mounts = &proc;
	spec.n_mounts = 1;
	CHECK(starts_with(room(&spec, RUNTIME_CRUN),
			  "unknown: crun enters process.cwd, /proc/self"));
}

static void the_other_limits(void)
{
	static const struct {
		struct spec_rlimit limit;
		enum runtime_kind runtime;
		const char *want;
	} rows[] = {
		{ { "RLIMIT_NOFILE", 3, 9 },
		  RUNTIME_RUNC,
		  "no: RLIMIT_NOFILE is 3: too few descriptors to start a hook" },
		{ { "RLIMIT_NOFILE", 12, 12 },
		  RUNTIME_RUNC,
		  "no: RLIMIT_NOFILE is 12: too few descriptors to start a hook" },
		{ { "RLIMIT_NOFILE", 12, 12 },
		  RUNTIME_ANY,
		  "no: RLIMIT_NOFILE is 12: too few descriptors to start a hook under runc" },
		{ { "RLIMIT_NOFILE", 12, 12 },
		  RUNTIME_CRUN,
		  "unknown: RLIMIT_NOFILE is 12: perhaps too few descriptors to start a hook" },
		{ { "RLIMIT_NOFILE", 32, 32 }, RUNTIME_NOT_TOLD, "yes" },
		{ { "RLIMIT_FSIZE", 100, 100 },
		  RUNTIME_CRUN,
		  "no: RLIMIT_FSIZE is 100: too little room for what is written by a hook" },
		{ { "RLIMIT_CPU", 0, 0 },
		  RUNTIME_RUNC,
		  "unknown: RLIMIT_CPU is 0: the kernel ends every process at its first tick" },
		{ { "RLIMIT_CPU", 0, 1 },
		  RUNTIME_RUNC,
		  "unknown: RLIMIT_CPU is 0: the kernel ends every process at its first tick" },
		{ { "RLIMIT_CPU", 1, 1 }, RUNTIME_RUNC, "yes" },
		{ { "RLIMIT_CORE", 1, 0 },
		  RUNTIME_RUNC,
		  "no: the container will not start: the soft limit of RLIMIT_CORE is above the "
		  "hard one" },
		{ { "RLIMIT_core", 0, 0 },
		  RUNTIME_RUNC,
		  "no: the container will not start: there is no limit 'RLIMIT_core'" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct spec spec = root_spec();

		spec.rlimits = &rows[i].limit;
		spec.n_rlimits = 1;
		CHECK(starts_with(room(&spec, rows[i].runtime), rows[i].want));
	}
}

static void what_no_runtime_starts(void)
{
	struct spec spec = root_spec();
	static const char *const masked[] = { "/h/static/x" };

	spec.capabilities = (struct spec_capabilities){ .effective = 3, .permitted = 1 };
	CHECK(starts_with(room(&spec, RUNTIME_RUNC),
			  "no: the container will not start: process.capabilities.effective has "
			  "capabilities that permitted lacks"));
	spec.capabilities = (struct spec_capabilities){ .inheritable = 3, .bounding = 1 };
	CHECK(starts_with(room(&spec, RUNTIME_CRUN),
			  "no: the container will not start: process.capabilities.inheritable has "
			  "capabilities that bounding lacks"));
	spec = root_spec();
	spec.masked_paths = (struct spec_strings){ masked, 1 };
	CHECK_STR(
		room(&spec, RUNTIME_CRUN),
		"no: the container will not start: entry /h/static/x of maskedPaths: /h/static is "
		"not a directory; hint: remove the entry, or provide what it names in the "
		"rootfs");
}

static void the_limit_of_the_user(void)
{
	static const struct spec_mapping elsewhere = { 0, 100000, 65536 }, here = { 0, 0, 65536 },
					 joined = { 0, 0, 0 };
	static const struct {
		uint32_t uid;
		uint64_t limit, effective;
		const struct spec_mapping *mapping; /* of a user namespace */
		enum truth want;
	} rows[] = {
		{ 0, 0, 0, NULL, YES },
		{ 1000, 0, 0, NULL, NO },
		{ 1000, 1, 0, NULL, NO },
		{ 1000, 2, 0, NULL, UNKNOWN },
		{ 1000, 16, 0, NULL, YES },
		{ 1000, UINT64_MAX, 0, NULL, YES },
		{ 1000, 1, BIT(SYS_ADMIN), NULL, YES },
		{ 1000, 1, BIT(SYS_RESOURCE), NULL, YES },
		{ 1000, 1, BIT(DAC_OVERRIDE), NULL, NO },
		{ 0, 1, 0, &elsewhere, NO },
		{ 0, 1, BIT(SYS_ADMIN), &elsewhere, NO },
		{ 0, 1, 0, &here, YES },
		{ 70000, 1, 0, &elsewhere, UNKNOWN },
		{ 0, 16, 0, &elsewhere, YES },
		{ 0, 1, 0, &joined, UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct spec spec = root_spec();

		spec.uid = rows[i].uid;
		spec.nproc_soft = rows[i].limit;
		spec.capabilities.effective |= rows[i].effective;
		spec.capabilities.permitted |= rows[i].effective;
		if (rows[i].mapping) {
			spec.user_namespace = true;
			spec.uid_mappings = spec.gid_mappings =
				(struct spec_mappings){ rows[i].mapping,
							rows[i].mapping->size != 0 };
		}
		CHECK_STR(words[rows[i].want], strtok(strdupa(room(&spec, RUNTIME_RUNC)), ":"));
	}
}

#define RULE(action_, args_, ...)                                                               \
	{                                                                                       \
		.names = (const char *const[]){ __VA_ARGS__ },                                  \
		.n_names = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *), \
		.action = SECCOMP_##action_, .has_args = args_                                  \
	}

#define CLONE_RULE(action_, forks_)                                              \
	{                                                                        \
		.names = (const char *const[]){ "clone" }, .n_names = 1,         \
		.action = SECCOMP_##action_, .has_args = true, .forks = (forks_) \
	}

static void the_filter_of_system_calls(void)
{
	const struct {
		enum seccomp_action other;
		struct spec_seccomp_rule rules[3];
		size_t n;
		enum truth runc, crun;
	} rows[] = {
		{ SECCOMP_ALLOWED, { { 0 } }, 0, YES, YES },
		{ SECCOMP_DENIED, { { 0 } }, 0, NO, NO },
		{ SECCOMP_ALLOWED,
		  { RULE(DENIED, false, "clone3", "fork", "vfork") },
		  1,
		  YES,
		  YES },
		{ SECCOMP_ALLOWED, { RULE(DENIED, false, "mount", "clone") }, 1, NO, NO },
		{ SECCOMP_ALLOWED, { RULE(DENIED, false, "pipe2") }, 1, NO, NO },
		{ SECCOMP_ALLOWED, { RULE(DENIED, false, "execve") }, 1, NO, NO },
		{ SECCOMP_ALLOWED, { RULE(DENIED, false, "dup3") }, 1, NO, YES },
		{ SECCOMP_ALLOWED, { RULE(DENIED, false, "wait4") }, 1, YES, NO },
		{ SECCOMP_ALLOWED, { RULE(DENIED, false, "chdir") }, 1, YES, NO },
		{ SECCOMP_ALLOWED, { RULE(MAYBE, false, "pipe2") }, 1, UNKNOWN, UNKNOWN },
		{ SECCOMP_ALLOWED, { RULE(DENIED, true, "pipe2") }, 1, UNKNOWN, UNKNOWN },
		{ SECCOMP_ALLOWED, { RULE(ALLOWED, true, "pipe2") }, 1, YES, YES },
		/* What the profiles of the engines do: clone, but not for new namespaces. */
		{ SECCOMP_ALLOWED, { CLONE_RULE(DENIED, NO) }, 1, YES, YES },
		{ SECCOMP_ALLOWED, { CLONE_RULE(DENIED, YES) }, 1, NO, NO },
		{ SECCOMP_ALLOWED, { CLONE_RULE(DENIED, UNKNOWN) }, 1, UNKNOWN, UNKNOWN },
		{ SECCOMP_DENIED,
		  { CLONE_RULE(ALLOWED, YES),
		    RULE(ALLOWED, false, "execve", "pipe2", "dup3", "read", "futex", "rt_sigaction",
			 "rt_sigprocmask", "wait4", "chdir", "getcwd", "openat", "close", "write",
			 "rt_sigreturn", "dup2", "setuid", "setgid", "setgroups", "setresuid",
			 "setresgid", "getppid", "capget", "capset", "prctl", "fstat", "newfstatat",
			 "fstatfs", "getdents64"),
		    RULE(DENIED, false, "clone3") },
		  3,
		  YES,
		  YES },
		/* A rule without conditions supersedes those with. */
		{ SECCOMP_ALLOWED,
		  { RULE(DENIED, true, "pipe2"), RULE(ALLOWED, false, "pipe2") },
		  2,
		  YES,
		  YES },
		{ SECCOMP_ALLOWED,
		  { RULE(ALLOWED, true, "pipe2"), RULE(DENIED, false, "pipe2") },
		  2,
		  NO,
		  NO },
		{ SECCOMP_ALLOWED,
		  { RULE(ALLOWED, false, "pipe2"), RULE(DENIED, false, "pipe2") },
		  2,
		  UNKNOWN,
		  UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct spec spec = root_spec();

		spec.seccomp =
			(struct spec_seccomp){ true, rows[i].other, rows[i].rules, rows[i].n };
		if (!starts_with(room(&spec, RUNTIME_RUNC), words[rows[i].runc]))
			FAIL("row %zu: %s", i, room(&spec, RUNTIME_RUNC));
		if (!starts_with(room(&spec, RUNTIME_CRUN), words[rows[i].crun]))
			FAIL("row %zu: %s", i, room(&spec, RUNTIME_CRUN));
	}
}

static void the_texts_about_the_filter(void)
{
	const struct spec_seccomp_rule clone[] = { RULE(DENIED, false, "clone") },
				       wait[] = { RULE(MAYBE, false, "wait4") };
	struct spec spec = root_spec();

	spec.seccomp = (struct spec_seccomp){ true, SECCOMP_ALLOWED, clone, 1 };
	CHECK_STR(
		room(&spec, RUNTIME_RUNC),
		"no: linux.seccomp denies clone, which it takes to start a hook; hint: allow this "
		"system call in the profile");
	spec.seccomp.rules = wait;
	CHECK_STR(room(&spec, RUNTIME_CRUN),
		  "unknown: linux.seccomp may deny wait4, which it takes to start a hook; hint: "
		  "allow this system call in the profile");
	CHECK_STR(room(&spec, RUNTIME_ANY),
		  "unknown: linux.seccomp may deny wait4, which it takes to start a hook under "
		  "crun; hint: allow this system call in the profile");
}

static void what_the_filter_stops_without_a_hook(void)
{
	static const struct {
		const char *call;
		bool late;
		enum room_hooks hooks;
		const char *runc, *crun;
	} rows[] = {
		{ "clone", true, ROOM_CREATE_HOOKS, "yes", "yes" },
		{ "close", true, ROOM_START_HOOKS, "no", "no" },
		{ "close", true, ROOM_NO_HOOKS,
		  "no: linux.seccomp denies close, which it takes to start the container", "yes" },
		{ "execve", true, ROOM_NO_HOOKS,
		  "no: linux.seccomp denies execve, which it takes to start the container", "no" },
		{ "setgroups", true, ROOM_START_HOOKS, "yes", "yes" },
		{ "setgroups", false, ROOM_START_HOOKS,
		  "no: linux.seccomp denies setgroups, which it takes to start the container",
		  "yes" },
		{ "capset", false, ROOM_NO_HOOKS, "no", "no" },
		{ "dup2", true, ROOM_START_HOOKS, "yes",
		  "unknown: linux.seccomp denies dup2, which it takes to start a hook" },
		{ "getdents64", true, ROOM_NO_HOOKS, "unknown", "yes" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct spec_seccomp_rule rule = RULE(DENIED, false, rows[i].call);
		struct spec spec = root_spec();

		spec.no_new_privileges = rows[i].late;
		spec.seccomp = (struct spec_seccomp){ true, SECCOMP_ALLOWED, &rule, 1 };
		CHECK(starts_with(room_for(&spec, RUNTIME_RUNC, rows[i].hooks), rows[i].runc));
		CHECK(starts_with(room_for(&spec, RUNTIME_CRUN, rows[i].hooks), rows[i].crun));
	}
}

static void what_binds_without_a_hook(void)
{
	const struct spec_rlimit limit = { "RLIMIT_NOFILE", 5, 5 };
	struct spec spec = root_spec();

	spec.pids_limit = 1;
	CHECK_STR(room_for(&spec, RUNTIME_ANY, ROOM_NO_HOOKS), "yes: ");
	CHECK(starts_with(room_for(&spec, RUNTIME_ANY, ROOM_CREATE_HOOKS), "no"));
	spec = root_spec();
	spec.rlimits = &limit;
	spec.n_rlimits = 1;
	CHECK(starts_with(room_for(&spec, RUNTIME_ANY, ROOM_NO_HOOKS),
			  "no: RLIMIT_NOFILE is 5: too few descriptors to start the container's "
			  "program"));
}

int main(void)
{
	RUN(make_world);
	RUN(programs);
	RUN(a_forged_header_is_not_believed);
	RUN(scripts);
	RUN(what_env_is_asked_for);
	RUN(libraries_of_glibc);
	RUN(libraries_of_musl);
	RUN(musl_reads_a_list_of_directories);
	RUN(what_musl_cannot_be_seen_to_read_is_unknown);
	RUN(the_last_of_two_variables_counts);
	RUN(the_cache_is_searched);
	RUN(what_only_ldconfig_finds_is_told);
	RUN(a_huge_cache_is_not_read);
	RUN(what_cannot_be_looked_at_may_be_there);
	RUN(the_file_of_preloads_is_read);
	RUN(some_libraries_only_some_processors_find);
	RUN(without_proc_a_program_has_no_origin);
	RUN(another_user_may_read_less);
	RUN(the_containers_library_path_is_not_the_hooks);
	RUN(the_current_directory_counts);
	RUN(mounts_decide);
	RUN(after_ldconfig_nothing_is_missing);
	RUN(earlier_hooks_may_create_what_is_absent);
	RUN(the_trail_tells_the_way);
	RUN(the_trail_tells_what_env_finds);
	RUN(look_ups_are_limited);
	RUN(libraries_are_limited);
	RUN(loaded_names_cost_little);
	RUN(missing_names_are_limited);
	RUN(a_path_too_long_ends_its_list);
	RUN(the_architecture_is_that_of_the_file);
	RUN(the_workload_decides_the_machine);
	RUN(the_c_library_is_found);
	RUN(the_c_library_is_not_known_where_it_cannot_be_seen);
	RUN(without_limits_there_is_room);
	RUN(programs_are_judged_in_the_order_of_the_topics);
	RUN(room_is_judged_in_the_order_of_the_topics);
	RUN(the_limit_of_processes);
	RUN(the_texts_about_room);
	RUN(the_limit_of_the_user);
	RUN(the_other_limits);
	RUN(what_no_runtime_starts);
	RUN(the_filter_of_system_calls);
	RUN(the_texts_about_the_filter);
	RUN(what_the_filter_stops_without_a_hook);
	RUN(what_binds_without_a_hook);
	remove_world();
	return DONE();
}
