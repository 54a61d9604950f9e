/* SPDX-License-Identifier: Apache-2.0 */
/* Makes control characters and other hostile text harmless before it is printed. */
#pragma once

#include "base/buffer.h"

/*
 * Hostile texts for terminals, logs and reports. File names of images and texts of a config.json
 * are hostile: a newline forges a line of output, an escape sequence drives the terminal, a mark of
 * direction makes a name read as another, and a log that a CI runner reads is a channel of
 * commands: "::error::" at a line's start and "##[...]" anywhere in it (GitHub Actions),
 * "##vso[...]" (Azure Pipelines), "##teamcity[...]", "section_start:" (GitLab), "travis_fold:",
 * "--- " at a line's start (Buildkite). The table is in base/sanitize.c.
 *
 * All functions keep the length or the meaning, and applied twice they do what they do once.
 */

/*
 * Make @text fit to be printed as one line or a part of one, in place: every byte of a character
 * that is not plain (base/utf8.h) or not UTF-8 becomes '?', and so does one character of whatever a
 * runner would take for a command: "##[x]" becomes "#?[x]".
 */
void defuse(char *text);

/*
 * The same for a text of several lines whose control characters are hookwright's, such as
 * colours, or mean something, as tabs do: those of ASCII stay. Parts that are harmless each
 * may be a command together.
 */
void defuse_lines(char *text);

/*
 * Append JSON or XML text @s to @out with the commands in it written as escapes: the data is the
 * same. defuse_json() does it also to characters that are not plain and bytes that are not UTF-8.
 */
void defuse_json(struct text *out, const char *s);
void defuse_xml(struct text *out, const char *s);
