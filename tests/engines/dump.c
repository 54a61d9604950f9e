/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A low-level runtime that says in which state it was started: arguments, environment, descriptors,
 * signals, limits and what else exec passes on. It writes to the file DUMP, which its environment
 * names. By the name "launch" it brings about an unusual such state and executes its arguments.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static void put_quoted(FILE *out, const char *title, const char *text)
{
	fprintf(out, "%s \"", title);
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		fprintf(out, *p < ' ' || *p > '~' || *p == '"' || *p == '\\' ? "\\%03o" : "%c", *p);
	fprintf(out, "\"\n");
}

static void put_link(FILE *out, const char *title, const char *path)
{
	char target[4096];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	target[n < 0 ? 0 : n] = '\0';
	put_quoted(out, title, target);
}

static void put_descriptors(FILE *out, int own)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[300], title[100];
		int fd = atoi(entry->d_name);

		if (entry->d_name[0] == '.' || fd == dirfd(dir) || fd == own)
			continue;
		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		snprintf(title, sizeof(title), "fd %d flags %x %x at %lld", fd,
			 (unsigned)fcntl(fd, F_GETFD), (unsigned)fcntl(fd, F_GETFL),
			 (long long)lseek(fd, 0, SEEK_CUR));
		put_link(out, title, path);
	}
	if (dir)
		closedir(dir);
}

/* The lines of /proc/self/status that an exec leaves as they are. */
static void put_status(FILE *out)
{
	static const char *const lines[] = {
		"Umask:",   "PPid:",	  "TracerPid:", "Uid:",	   "Gid:",	  "Groups:",
		"Threads:", "SigPnd:",	  "ShdPnd:",	"SigBlk:", "SigIgn:",	  "SigCgt:",
		"Cap",	    "NoNewPrivs", "Seccomp:",	"Cpus_",   "Mems_allowed"
	};
	FILE *in = fopen("/proc/self/status", "re");
	char line[4096];

	while (in && fgets(line, sizeof(line), in))
		for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
			if (strncmp(line, lines[i], strlen(lines[i])) == 0)
				fputs(line, out);
	if (in)
		fclose(in);
}

static void put_process(FILE *out)
{
	struct rlimit limit;
	int death = 0;

	put_link(out, "cwd", "/proc/self/cwd");
	put_link(out, "root", "/proc/self/root");
	put_link(out, "exe", "/proc/self/exe");
	fprintf(out, "group %d session %d foreground %d\n", getpgrp() - getppid(),
		getsid(0) - getppid(), tcgetpgrp(0) == getpgrp());
	fprintf(out, "nice %d personality %x\n", getpriority(PRIO_PROCESS, 0),
		(unsigned)personality(0xffffffff));
	prctl(PR_GET_PDEATHSIG, &death);
	fprintf(out, "death signal %d subreaper dumpable %d slack %d\n", death,
		prctl(PR_GET_DUMPABLE), prctl(PR_GET_TIMERSLACK));
	fprintf(out, "alarm %d\n", alarm(0) > 0);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (getrlimit((__rlimit_resource_t)i, &limit) == 0)
			fprintf(out, "limit %d %llx %llx\n", i, (unsigned long long)limit.rlim_cur,
				(unsigned long long)limit.rlim_max);
}

static int dump(int argc, char **argv)
{
	const char *path = getenv("DUMP");
	FILE *out = path ? fopen(path, "we") : NULL;

	if (!out)
		return 99;
	fprintf(out, "pid %d\n", getpid());
	for (int i = 0; i < argc; i++)
		put_quoted(out, "arg", argv[i]);
	for (char **e = environ; *e; e++)
		put_quoted(out, "env", *e);
	put_descriptors(out, fileno(out));
	put_process(out);
	put_status(out);
	return fclose(out) == 0 ? 42 : 99;
}

/* What an engine, a shell or a supervisor may have set up. */
static int launch(char **argv)
{
	static char odd[][16] = { "TWICE=1", "TWICE=2", "no-equals-sign",
				  "EMPTY=", "BYTES=\xff\xfe" };
	struct rlimit limit = { 333, 444 };
	char *env[64];
	size_t n = 0;
	sigset_t set;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (char **e = environ; *e && n < 50; e++)
		env[n++] = *e;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		env[n++] = odd[i];
	env[n] = NULL;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_SETMASK, &set, NULL);
	raise(SIGUSR1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	umask(057);
	/* Low and high, with gaps: a low one a careless program would close or use. */
	dup2(fd, 3);
	fcntl(3, F_SETFD, 0);
	dup2(fd, 7);
	dup2(fd, 200);
	fcntl(200, F_SETFL, O_NONBLOCK);
	setrlimit(RLIMIT_NOFILE, &limit);
	alarm(1000);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execve(argv[1], argv + 1, env);
	fprintf(stderr, "launch: %s: %s\n", argv[1], strerror(errno));
	return 98;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	return strcmp(name ? name + 1 : argv[0], "launch") == 0 ? launch(argv) : dump(argc, argv);
}
