/* SPDX-License-Identifier: Apache-2.0 */
/* All that the hook started: found in /proc, also if it left the group and lost its parents. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "run/run.h"

#define PROC_MAGIC    0x9fa0		 /* linux/magic.h */
#define INITIAL_PIDS  "pid:[4026531836]" /* PROC_PID_INIT_INO of linux/proc_ns.h */
#define PROCESSES_MAX 32768
/* A child stands behind its parent, but where numbers began again; the rest is found next time. */
#define PASSES_MAX 32

struct process {
	pid_t pid, parent;
	char state; /* of its first thread */
	bool ours;
};

static struct process table[PROCESSES_MAX];

/* As getdents64(2) returns it. */
struct entry {
	uint64_t inode, offset;
	unsigned short size;
	unsigned char type;
	char name[];
};

/* -1 unless it is what the kernel shows of this container: images can have other things there. */
static int open_proc(void)
{
	const int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	char self[32] = "";
	struct statfs fs;

	if (fd < 0)
		return -1;
	if (fstatfs(fd, &fs) == 0 && fs.f_type == PROC_MAGIC &&
	    readlinkat(fd, "self", self, sizeof(self) - 1) > 0 && atoi(self) == getpid())
		return fd;
	close(fd);
	return -1;
}

/* Its parent and its state; false: it is gone, or cannot be read. */
static bool read_process(int proc, const char *pid, struct process *ret)
{
	char path[32], stat[512], *p;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%.16s/stat", pid);
	fd = openat(proc, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	stat[n > 0 ? n : 0] = '\0';
	/* ") S 123": a name can have anything in it, and what follows it are numbers. */
	p = strrchr(stat, ')');
	if (!p || p[1] != ' ' || !p[2] || p[3] != ' ')
		return false;
	*ret = (struct process){ .pid = atoi(pid), .parent = atoi(p + 4), .state = p[2] };
	return true;
}

static size_t read_entries(int proc, const char *entries, size_t size, size_t n)
{
	for (size_t at = 0; at < size && n < PROCESSES_MAX;) {
		const struct entry *e = (const struct entry *)(const void *)(entries + at);

		if (e->name[0] >= '1' && e->name[0] <= '9' &&
		    read_process(proc, e->name, &table[n]))
			n++;
		at += e->size;
	}
	return n;
}

static size_t read_table(int proc)
{
	static _Alignas(uint64_t) char entries[16384];
	size_t n = 0;
	long size;

	while ((size = syscall(SYS_getdents64, proc, entries, sizeof(entries))) > 0)
		n = read_entries(proc, entries, (size_t)size, n);
	return n;
}

static int by_pid(const void *a, const void *b)
{
	const pid_t x = ((const struct process *)a)->pid, y = ((const struct process *)b)->pid;

	return (x > y) - (x < y);
}

static bool is_ours(pid_t pid, size_t n)
{
	const struct process key = { .pid = pid };
	const struct process *found = bsearch(&key, table, n, sizeof(table[0]), by_pid);

	return found && found->ours;
}

/* Every descendant has this process above it, for it is their subreaper. */
static unsigned mark_ours(size_t n)
{
	const pid_t self = getpid();
	bool more = true;
	unsigned alive = 0;

	for (int pass = 0; more && pass < PASSES_MAX; pass++) {
		more = false;
		for (size_t i = 0; i < n; i++)
			if (!table[i].ours &&
			    (table[i].parent == self || is_ours(table[i].parent, n))) {
				table[i].ours = more = true;
				alive += table[i].state != 'Z';
			}
	}
	return alive;
}

/* Read what there is and mark what is ours; the number of entries. */
static size_t look(struct descendants *d, int proc)
{
	size_t n;

	d->seen = proc >= 0;
	d->count = 0;
	if (proc < 0)
		return 0;
	n = read_table(proc);
	qsort(table, n, sizeof(table[0]), by_pid);
	d->count = mark_ours(n);
	return n;
}

/*
 * Whether the container has a PID namespace of its own: the runtime was process 1 of it when this
 * one began, and still is, and it is not the host's.
 */
static bool has_own_processes(const struct descendants *d, int proc)
{
	char name[64] = "";

	return d->below_init && getppid() == 1 && proc >= 0 &&
	       readlinkat(proc, "self/ns/pid", name, sizeof(name) - 1) > 0 &&
	       strcmp(name, INITIAL_PIDS) != 0;
}

static void send_signal(pid_t to, int signal)
{
	kill(to, signal);
	/* One that is stopped gets it when it goes on. */
	if (signal != SIGKILL)
		kill(to, SIGCONT);
}

/*
 * While they are looked up nothing runs but this process and the runtime, or those that make others
 * all the time would do so between two looks, and leave no time for these: kill(2) of -1 spares both.
 */
void descendants_signal(struct descendants *d, int signal)
{
	const int proc = open_proc();
	const bool own = has_own_processes(d, proc);
	size_t n;

	if (own)
		kill(-1, SIGSTOP);
	n = look(d, proc);
	/* Without that, this is all that is known of them. */
	if (!d->reaped || !d->seen)
		send_signal(-d->hook, signal);
	for (size_t i = 0; i < n; i++)
		if (table[i].ours)
			send_signal(table[i].pid, signal);
	if (own)
		kill(-1, SIGCONT);
	if (proc >= 0)
		close(proc);
}
