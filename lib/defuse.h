/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base.h"

/*
 * Make @text fit for a terminal, a log and a JSON string, in place: control characters (C0, DEL,
 * C1) and bytes that are no UTF-8 become '?'. File names of images are hostile: a newline forges a
 * line of output, an escape sequence drives the terminal.
 */
void defuse(char *text);
