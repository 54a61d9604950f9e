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

/*
 * gVisor's runsc logs a warning and leaves startContainer hooks out; Kata's runtimes (Go and Rust)
 * remove all hooks before the agent in the virtual machine sees the container. Any of their
 * flavours counts: "kata-qemu", "runsc-kvm".
 */
static const char *const hookless[] = { "runsc", "kata" };

/* "containerd-shim-kata-qemu-v2" and "io.containerd.kata-qemu.v2" both are "kata-qemu". */
static const char *const registered[] = { "containerd-shim-", "io.containerd." };

bool runtime_skips_start_hooks(const char *name)
{
	const char *base = name ? path_base(name) : "";

	for (size_t i = 0; i < ARRAY_SIZE(registered); i++)
		if (starts_with(base, registered[i]))
			base += strlen(registered[i]);
	for (size_t i = 0; i < ARRAY_SIZE(hookless); i++) {
		const size_t len = strlen(hookless[i]);

		if (starts_with(base, hookless[i]) &&
		    (!base[len] || base[len] == '-' || base[len] == '.'))
			return true;
	}
	return false;
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
