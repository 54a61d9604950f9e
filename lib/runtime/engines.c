/* SPDX-License-Identifier: Apache-2.0 */
/* The runtimes that engines use where their configuration does not name another. */
#include "base/base.h"
#include "tools.h"

static const struct {
	const char *engine, *runtime;
} engines[] = {
	{ "podman", "crun, or runc where crun is not installed" },
	{ "docker", "runc" },
	{ "dockerd", "runc" },
	{ "containerd", "runc" },
	{ "nerdctl", "runc" },
	{ "buildkit", "runc" },
	{ "buildah", "crun, or runc where crun is not installed" },
	{ "crio", "crun, before version 1.31 runc" },
	{ "cri-o", "crun, before version 1.31 runc" },
	{ "kubernetes", "that of the node's containerd or CRI-O" },
};

const char *hw_engine_runtime(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(engines); i++)
		if (streq(name, engines[i].engine))
			return engines[i].runtime;
	return NULL;
}
