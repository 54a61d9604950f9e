/* SPDX-License-Identifier: Apache-2.0 */
/* The interface of a fuzz target, and what targets share. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Run the target on one input; it traps when an invariant does not hold. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An invariant: what the fuzzer is to find is a trap. */
#define REQUIRE(expr)                     \
	do {                              \
		if (!(expr))              \
			__builtin_trap(); \
	} while (0)
