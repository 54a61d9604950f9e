/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base.h"

/*
 * Make @text fit for a terminal, a log and a JSON string, in place: every byte of what is no plain
 * character (chars.h) and of what is no UTF-8 becomes '?'. File names of images are hostile: a
 * newline forges a line of output, an escape sequence drives the terminal, a mark of direction
 * makes a name read as another.
 */
void defuse(char *text);
