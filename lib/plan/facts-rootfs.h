/* SPDX-License-Identifier: Apache-2.0 */
/* Facts from a real root file system, through the container's view. */
#pragma once

#include "oci/spec.h"
#include "policy/facts.h"
#include "runtime/runtime.h"

/*
 * The source of facts that looks into a real rootfs, through the container's view. Nothing is
 * opened before the first question; every question is answered once and remembered.
 */
struct probe;
struct view;

/*
 * All pointers are borrowed for the probe's life; texts of facts come from @arena.
 */
struct probe *probe_new(const struct spec *spec, int bundle_dir, const char *bundle,
			struct runtime runtime, struct arena *arena) MUST_CHECK;
void probe_free(struct probe *probe); /* NULL is a no-op */

/* The view that the facts come from; lives as long as the probe. Fails as view_new() does. */
int probe_view(struct probe *probe, struct view **ret, struct hw_error *err) MUST_CHECK;

/* The interface that the plan asks. Its functions fail as view_new() does: no rootfs, no memory. */
struct fact_source probe_source(struct probe *probe);

DEFINE_CLEANUP(struct probe *, probe_free)
