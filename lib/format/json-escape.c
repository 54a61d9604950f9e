/* SPDX-License-Identifier: Apache-2.0 */
/* JSON strings that are written without cJSON: in config.json, reports and logs. */
#include <stdio.h>

#include "format/json-escape.h"
#include "tools.h"

const char *hw_json_escape(unsigned char c, char *buf)
{
	static const char letters[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
					['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\' };

	if (c < sizeof(letters) && letters[c])
		snprintf(buf, HW_JSON_ESCAPE_MAX, "\\%c", letters[c]);
	else if (c < 0x20)
		snprintf(buf, HW_JSON_ESCAPE_MAX, "\\u%04x", c);
	else
		return NULL;
	return buf;
}

void json_put_string(struct text *out, const char *s, size_t len)
{
	const char *const end = s + len, *done = s;
	char buf[HW_JSON_ESCAPE_MAX];

	text_add(out, "\"", 1);
	for (; s < end; s++) {
		const char *instead = hw_json_escape((unsigned char)*s, buf);

		if (!instead)
			continue;
		text_add(out, done, (size_t)(s - done));
		text_puts(out, instead);
		done = s + 1;
	}
	text_add(out, done, (size_t)(s - done));
	text_add(out, "\"", 1);
}
