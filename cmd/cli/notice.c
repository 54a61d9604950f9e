/* SPDX-License-Identifier: Apache-2.0 */
/* Sends what the front shows. */
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "cli/notice.h"

#define NAME "hookwright/" /* after the NUL that makes it abstract, before the token */

bool notice_address(const char *token, struct sockaddr_un *ret, socklen_t *len)
{
	if (strlen(token) != NOTICE_TOKEN || strspn(token, "0123456789abcdef") != NOTICE_TOKEN)
		return false;
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	strcat(strcpy(ret->sun_path + 1, NAME), token);
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(NAME) +
			   NOTICE_TOKEN);
	return true;
}

void notice_send(const char *token, const char *text)
{
	struct sockaddr_un address;
	socklen_t address_len;
	size_t len = strlen(text);
	int fd;

	if (!token || !notice_address(token, &address, &address_len))
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, text, len < NOTICE_MAX ? len : NOTICE_MAX, MSG_NOSIGNAL,
		     (const struct sockaddr *)&address, address_len);
	close(fd);
}
