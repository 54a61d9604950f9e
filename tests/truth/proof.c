/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hook of the truth test. It reads the container's state to its end, as crun 1.8 asks of every
 * hook, and then proves that it ran: it sends a byte to the abstract socket that the driver has
 * bound and that is named after the container. That needs neither a writable file nor a privilege.
 * With -DCALL=f it calls f(), of which a library must be found before main() is reached, with
 * -DWEAK only if there is an f(); with -DDATA=v it reads the variable v of a library, with
 * -DEXPORT=f it has an f() for libraries; with -DWAIT=N it takes N milliseconds, so that a runtime
 * that kills it does so before the proof; with -DBSS=N it has N bytes of zeros.
 */
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#if defined(WEAK)
__attribute__((weak)) int CALL(void);
#define CALLED (CALL ? CALL() : 0)
#elif defined(CALL)
int CALL(void);
#define CALLED CALL()
#else
#define CALLED 0
#endif

#ifdef EXPORT
int EXPORT(void)
{
	return 0;
}
#endif

#ifdef DATA
extern int DATA;
#else
#define DATA 0
#endif

#ifndef WAIT
#define WAIT 0
#endif

#ifdef BSS
static char much[BSS];
#define TOUCHED much[8192]
#else
#define TOUCHED 0
#endif

static char state[8192];

/* The rest of a state that is longer is read and dropped; the identifier stands at its begin. */
static void read_state(void)
{
	char rest[4096];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(state) - 1 && (n = read(0, state + len, sizeof(state) - 1 - len)) > 0)
		len += (size_t)n;
	while (read(0, rest, sizeof(rest)) > 0)
		;
}

static const char *container(void)
{
	char *id = strstr(state, "\"id\":");

	if (!id)
		return NULL;
	id += strlen("\"id\":");
	id += strspn(id, " \t\n\"");
	id[strcspn(id, "\"")] = '\0';
	return id;
}

static int prove(const char *id)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = strlen(id);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || len > sizeof(to.sun_path) - 1)
		return 111;
	memcpy(to.sun_path + 1, id, len);
	if (sendto(fd, "", 1, 0, (struct sockaddr *)&to,
		   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + len)) != 1)
		return 112;
	return 0;
}

int main(void)
{
	const char *id;

	read_state();
	id = container();
	if (!id || CALLED != 0 || DATA != 0 || TOUCHED != 0)
		return 110;
	usleep(WAIT * 1000);
	return prove(id);
}
