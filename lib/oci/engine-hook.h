/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks that engines write for themselves, and that leave alone what the container sees. */
#pragma once

#include "oci/spec.h"

/* One that the administrator knows: it calls exactly this program, and its args begin so. */
struct known_hook {
	const char *path;
	const char *const *args; /* without argv[0] */
	size_t n_args;
};

struct known_hooks {
	const struct known_hook *items;
	size_t n;
};

/* The engine's own program, by a path that only leads to it while that engine runs. */
bool engine_hook_is_self(const char *path);

/* One of ours, which guards the container: hookwright oci-hook STAGE. */
bool engine_hook_is_guard(const struct spec_host_hook *hook);

/*
 * Whether @hook of @stage is known to make no file that the container of @spec has below its root:
 * an engine's own in prestart or createRuntime, one of ours, or one of @more (NULL: none).
 */
bool engine_hook_is_harmless(const struct spec *spec, enum hook_stage stage,
			     const struct spec_host_hook *hook, const struct known_hooks *more);

/* How many hooks of @stage, an earlier one, are not harmless. */
size_t engine_hooks_count(const struct spec *spec, enum hook_stage stage,
			  const struct known_hooks *more);

/* Whether one of all of them is not: what spec->earlier_hooks is to be. */
bool engine_hooks_may_create(const struct spec *spec, const struct known_hooks *more);
