/* SPDX-License-Identifier: Apache-2.0 */
/* The line of config.json that a finding is about, for display. */
#pragma once

#include "base/buffer.h"

/*
 * A line of config.json for the terminal, with the value at fault in it. Engines write the file as
 * one line, so a window of the line is shown. Tabs become spaces; control characters and bytes that
 * are not UTF-8 become '?'; widths are counted in code points.
 */
struct source_window {
	const char *start, *end; /* what is shown of the line */
	const char *stop;	 /* end of the whole text */
	bool cut_left, cut_right;
	size_t indent; /* columns before the value */
	size_t width;  /* columns of it that are shown; at least 1 */
};

/* The window of @text around bytes [@from, @to); 0 <= @from <= @len. */
struct source_window source_window(const char *text, size_t len, size_t from, size_t to);
void source_line(struct text *out, const struct source_window *window);
