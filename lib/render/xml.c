/* SPDX-License-Identifier: Apache-2.0 */
/* Text in the XML of the reports: content and attributes. */
#include <stdio.h>

#include "base/utf8.h"
#include "render/render.h"

/* XML 1.0, section 2.2: most control characters may not even be written as a reference. */
const char *render_xml_content(int32_t c, char *buf)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>': /* "]]>" is forbidden in content */
		return "&gt;";
	case '"':
		return "&quot;";
	case '\r': /* would be read as a newline */
		return "&#13;";
	case '\n':
	case '\t':
		return NULL;
	default:
		break;
	}
	if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xfffe || c == 0xffff)
		return "\xef\xbf\xbd";
	if (char_is_plain(c))
		return NULL;
	/* Marks of direction and the like: data, which no log takes for them. */
	snprintf(buf, RENDER_ESCAPE_MAX, "&#%d;", (int)c);
	return buf;
}

/* Blanks in an attribute would be read as spaces. */
const char *render_xml_attribute(int32_t c, char *buf)
{
	return c == '\n' ? "&#10;" : c == '\t' ? "&#9;" : render_xml_content(c, buf);
}

void render_attribute(struct text *out, const char *name, const char *value)
{
	text_printf(out, " %s=\"", name);
	render_escaped(out, value, render_xml_attribute);
	text_puts(out, "\"");
}
