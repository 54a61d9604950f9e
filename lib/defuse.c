/* SPDX-License-Identifier: Apache-2.0 */
#include "defuse.h"
#include "chars.h"

void defuse(char *text)
{
	unsigned char *p = (unsigned char *)text, *end = p + strlen(text);

	while (p < end) {
		int32_t c;
		size_t len = utf8_decode(p, end, &c);

		if (len && char_is_plain(c)) {
			p += len;
			continue;
		}
		for (len = len ? len : 1; len; len--)
			*p++ = '?';
	}
}
