/* SPDX-License-Identifier: Apache-2.0 */
/* The public function for JSON output, apart so that programs without it do not link cJSON. */
#include "apply/result.h"

/* In a file of its own: a program that does not call this needs no cJSON. */
int hw_result_json(const struct hw_result *result, char **ret, struct hw_error *err)
{
	const struct report_input in = result_report_input(result);
	struct text out = { 0 };

	report_json(&out, &in);
	return text_take(&out, ret) < 0 ? error_oom(err) : 0;
}
