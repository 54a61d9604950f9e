/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands, and those that are one file each. */
#pragma once

#include "cli/cli.h"

extern const struct command commands[];
extern const size_t n_commands;

/* cmd_lint() and cmd_setup() are in their folders. */
enum exit_status cmd_apply(struct invocation *in);
enum exit_status cmd_explain(struct invocation *in);
enum exit_status cmd_revert(struct invocation *in);
enum exit_status cmd_doctor(struct invocation *in);
enum exit_status cmd_filter(struct invocation *in);
enum exit_status cmd_oci_hook(struct invocation *in);
enum exit_status cmd_policy_check(struct invocation *in);
enum exit_status cmd_policy_new(struct invocation *in);
enum exit_status cmd_policy_list(struct invocation *in);
enum exit_status cmd_policy_show(struct invocation *in);
enum exit_status cmd_policy_test(struct invocation *in);
enum exit_status cmd_policy_schema(struct invocation *in);
enum exit_status cmd_schema(struct invocation *in);
enum exit_status cmd_policy_export(struct invocation *in);

/* Completion: what may stand for the last of the words after "hookwright". */
enum exit_status complete(int argc, char **argv);
#define COMPLETE "__complete" /* the name by which shells call it */

extern const char *const export_targets[]; /* of --to; NULL ends them */
const char *schema_name(size_t index);	   /* NULL: there are no more */

/* A finding about a policy's file, into @array. */
void policy_finding(struct hw_json *json, cJSON *array, const char *severity,
		    const struct hw_error *err);

/* report that there is no policy @name; always STATUS_TROUBLE. */
enum exit_status unknown_policy(const struct hw_policies *policies, const char *name);
