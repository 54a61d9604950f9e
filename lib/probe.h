/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "facts.h"
#include "spec.h"

/*
 * The source of facts that looks into a real rootfs, through the container's view. Nothing is
 * opened before the first question; every question is answered once and remembered.
 */
struct probe;

/*
 * All pointers are borrowed for the probe's life; texts of facts come from @arena. @runtime is the
 * runtime's name or path, NULL if not told.
 */
struct probe *probe_new(const struct spec *spec, int bundle_dir, const char *bundle,
			const char *runtime, struct arena *arena) MUST_CHECK;
void probe_free(struct probe *probe); /* NULL is a no-op */

/* The interface that the plan asks. Its functions fail as view_new() does: no rootfs, no memory. */
struct fact_source probe_source(struct probe *probe);

DEFINE_CLEANUP(struct probe *, probe_free)
