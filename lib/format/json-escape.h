/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a JSON string. */
#pragma once

#include "base/buffer.h"

/* The @len bytes at @s as a JSON string, quotes included; see hw_json_escape() in tools.h. */
void json_put_string(struct text *out, const char *s, size_t len);
