/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"

/* Only the plain names: krun and crun-vm are crun too, but run the container elsewhere. */
static const struct {
	const char *name;
	enum runtime runtime;
} names[] = {
	{ "runc", RUNTIME_RUNC },
	{ "crun", RUNTIME_CRUN },
};

enum runtime runtime_from_name(const char *name)
{
	const char *slash = name ? strrchr(name, '/') : NULL;
	const char *base = slash ? slash + 1 : name;

	if (!base || !base[0])
		return RUNTIME_NOT_TOLD;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (streq(base, names[i].name))
			return names[i].runtime;
	return RUNTIME_OTHER;
}

enum truth runtime_choose(enum runtime runtime, enum truth runc, enum truth crun)
{
	if (runtime == RUNTIME_RUNC)
		return runc;
	if (runtime == RUNTIME_CRUN)
		return crun;
	if (runtime == RUNTIME_ANY && (runc == NO || crun == NO))
		return NO;
	return runc == crun ? runc : UNKNOWN;
}
