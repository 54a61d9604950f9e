/* SPDX-License-Identifier: Apache-2.0 */
/* Recognises the pause container of a Kubernetes pod. */
#pragma once

#include "hookwright.h"
#include "oci/spec.h"

/*
 * Kubernetes' pause container, which holds a pod's namespaces and is not a container of the user. Its mark
 * is an annotation, and annotations are not evidence: an image's author, a pod's author or an
 * engine's client can write any. So the call itself must show that a CRI engine made it:
 *
 * - its id is 64 hexadecimal digits that the engine drew by lot, and the annotations name it as the
 *   sandbox's: who wrote annotations before the container was created could not know it;
 * - the runtime's --root and --bundle are those of that engine.
 */
enum sandbox {
	SANDBOX_NO,	 /* nothing says so */
	SANDBOX_CLAIMED, /* an annotation does, the call does not */
	SANDBOX_SHOWN,
};

struct sandbox_look {
	enum sandbox is;
	const char *key;      /* of the annotation; NULL for SANDBOX_NO */
	const char *evidence; /* what the call shows, for logs; with SANDBOX_SHOWN only */
};

/* @call may be NULL: then nothing is shown. Opens nothing. */
struct sandbox_look sandbox_look(const struct spec *spec, const struct hw_call *call);
