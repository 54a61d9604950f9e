/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base.h"

/*
 * The runtime that will run the bundle, as far as verdicts depend on it.
 * RUNTIME_NOT_TOLD: nobody said. RUNTIME_OTHER: named, but none whose behaviour we know.
 * RUNTIME_ANY: it shall do under runc and under crun.
 */
enum runtime { RUNTIME_NOT_TOLD, RUNTIME_RUNC, RUNTIME_CRUN, RUNTIME_OTHER, RUNTIME_ANY };

/* From a name or path: "crun", "/usr/bin/crun". NULL: RUNTIME_NOT_TOLD. */
enum runtime runtime_from_name(const char *name);

/*
 * Whether @name (a name or a path, or what an engine registers, such as
 * "io.containerd.kata-qemu.v2"; may be NULL) is known as a runtime that never runs startContainer
 * hooks. Goes by the base name alone.
 */
bool runtime_skips_start_hooks(const char *name);

/*
 * The verdict where runc and crun differ: the named one's; with no name (or an unknown one)
 * their common one, else UNKNOWN; of RUNTIME_ANY the worse.
 */
enum truth runtime_choose(enum runtime runtime, enum truth runc, enum truth crun);
