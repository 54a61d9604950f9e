/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON document that a command prints on standard output, also where it fails. */
#pragma once

#include "cli/cli.h"

/* An object for standard output, which has "version" already. */
cJSON *document_new(struct hw_json *json);
/* Print @root, which @json built, and free it. */
enum exit_status document_print(const struct hw_json *json, cJSON *root);
/* A document goes to standard output, whoever writes it. */
void document_begun(void);

/*
 * The document of a command that failed with @status, if it should have printed one and did not:
 * what failure_note() was told.
 */
void document_failure(enum exit_status status);
