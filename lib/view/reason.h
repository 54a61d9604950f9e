/* SPDX-License-Identifier: Apache-2.0 */
/* A reason: why something is so, how sure that is, and the value of config.json at fault. */
#pragma once

#include "base/base.h"

/* A value of config.json; token 0, the document itself, where none is to blame. */
struct doc_place {
	uint32_t token;
	uint32_t element; /* of that array, counted from 1; 0: the value itself */
};

#define NO_PLACE ((struct doc_place){ 0, 0 })

/* Why something is so. One cause is one object, which is handed on and reported once. */
struct reason {
	struct doc_place at;
	const char *text;
	enum truth sure; /* NO: it is so, UNKNOWN: it may be so */
};
