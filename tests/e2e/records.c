/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage: records SOCKET [ENDS [READ]]
 *
 * Stands for the host: binds SOCKET, prints "ready", and then what hookwright-run reports, a line
 * for each line of a record, until so many hooks have ended (1) or nothing comes for 5 seconds. What
 * is not a record is printed as "bad". READ: so many datagrams are read, and then none for 3 seconds.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "helper/record.h"

static const char *const streams[] = { "helper", "out", "err" };
static const char *const outcomes[] = { "",	   "exited",	   "signaled",	 "timed-out",
					"stopped", "not-executed", "not-started" };

/* Each line with @word before it; one that does not end, with '~'. */
static void print_lines(const char *word, struct record_bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (i == 0 || text.p[i - 1] == '\n')
			printf("%s: ", word);
		putchar(text.p[i]);
	}
	if (text.len == 0 || text.p[text.len - 1] != '\n')
		puts("~");
}

static bool print_record(const struct record *r)
{
	static uint32_t next;

	if (r->sequence != next)
		printf("lost: %u\n", r->sequence - next);
	next = r->sequence + 1;
	switch (r->type) {
	case RECORD_BEGIN:
		printf("begin: %.*s %.*s %.*s\n", (int)r->policy.len, r->policy.p,
		       (int)r->container.len, r->container.p, (int)r->text.len, r->text.p);
		break;
	case RECORD_OUTPUT:
		print_lines(streams[r->stream], r->text);
		break;
	case RECORD_END:
		printf("end: %s %u left %u written %llu omitted %llu\n", outcomes[r->outcome],
		       r->value, r->left, (unsigned long long)r->written,
		       (unsigned long long)r->omitted);
		printf("took: %llu\n", (unsigned long long)r->duration_us);
		printf("reason: %.*s\n", (int)r->text.len, r->text.p);
		next = 0;
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ends = argc > 2 ? atoi(argv[2]) : 1, rest = argc > 3 ? atoi(argv[3]) : -1;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	static char data[65536];
	struct record r;

	if (argc < 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		return 2;
	strcpy(address.sun_path, argv[1]);
	unlink(argv[1]);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		perror(argv[1]);
		return 1;
	}
	setlinebuf(stdout);
	puts("ready");
	while (ends > 0 && poll(&p, 1, 5000) > 0) {
		if (rest-- == 0)
			sleep(3);
		const ssize_t n = recv(fd, data, sizeof(data), 0);

		if (n < 0 || record_parse(data, (size_t)n, &r) < 0)
			puts("bad");
		else if (print_record(&r))
			ends--;
	}
	unlink(argv[1]);
	return 0;
}
