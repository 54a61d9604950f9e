/* SPDX-License-Identifier: Apache-2.0 */
/* What the wrapper tells the front, which started the engine that started the wrapper. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

/*
 * Between the two there is an engine, which passes on neither descriptors nor the environment, but
 * the container's annotations. The front puts a random token there, and listens to an abstract
 * socket with that in its name. A token is no path: it cannot lead the wrapper, which may be root,
 * to any file.
 */

#define NOTICE_ANNOTATION "io.hookwright.front"
#define NOTICE_TOKEN	  32	/* lower-case hexadecimal digits */
#define NOTICE_MAX	  65536 /* bytes; the logs have the rest */

/* The socket of @token; false if that is not one. */
bool notice_address(const char *token, struct sockaddr_un *ret, socklen_t *len);

/*
 * Tell the front of a container with @token (NULL: it has none) @text: why hooks are left out; ""
 * if none is. Where nobody listens any more, as when the container is started again, nothing
 * happens.
 */
void notice_send(const char *token, const char *text);
