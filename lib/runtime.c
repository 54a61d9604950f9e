/* SPDX-License-Identifier: Apache-2.0 */
#include <strings.h>

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

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/*
 * gVisor's runsc logs a warning and leaves startContainer hooks out; Kata's runtimes (Go and Rust)
 * remove all hooks before the agent in the virtual machine sees the container. What Kata was made
 * of, runV and Clear Containers, ended before there were startContainer hooks.
 */
static const char *const hookless[] = { "runsc", "gvisor", "kata", "runv", "cc-runtime" };

/* Whether @name, whatever its case, begins with @word and no letter follows. */
static bool begins_with_word(const char *name, const char *word)
{
	const size_t len = strlen(word);

	return strncasecmp(name, word, len) == 0 && !is_letter(name[len]);
}

/*
 * Whoever installs a second one names it "runsc-kvm", "kata3", "docker-runsc", "kata_qemu"; what an
 * engine registers is "io.containerd.kata-qemu.v2" or "containerd-shim-runsc-v1".
 */
bool runtime_skips_start_hooks(const char *name)
{
	const char *base = name ? path_base(name) : "";

	for (const char *p = base; *p; p++) {
		if (p > base && is_letter(p[-1]))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(hookless); i++)
			if (begins_with_word(p, hookless[i]))
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
