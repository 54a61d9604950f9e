/* SPDX-License-Identifier: Apache-2.0 */
/* Recognises a pod's pause container by the arguments with which its engine calls the runtime. */
#include "oci/sandbox.h"

#define ID_DIGITS 64

/* One CRI engine: its annotations, and the form of its calls. */
struct engine {
	const char *type;   /* annotation whose value is "sandbox" */
	const char *ids[2]; /* annotations whose value is the container's id */
	const char *root;   /* base name of --root; NULL: any, but it is there */
	const char *above;  /* the bundle's path ends with this, the id and */
	const char *below;  /* this */
	const char *evidence;
};

static const struct engine engines[] = {
	{
		/* The shim's runtime root and the bundle end with containerd's namespace. */
		.type = "io.kubernetes.cri.container-type",
		.ids = { "io.kubernetes.cri.sandbox-id" },
		.root = "k8s.io",
		.above = "/k8s.io/",
		.below = "",
		.evidence = "--root and --bundle are in containerd's namespace k8s.io, and the "
			    "container's id is the sandbox's",
	},
	{
		/*
		 * conmon passes --root for CRI-O; podman, whose bundles look alike, gives it none.
		 */
		.type = "io.kubernetes.cri-o.ContainerType",
		.ids = { "io.kubernetes.cri-o.SandboxID", "io.kubernetes.cri-o.ContainerID" },
		.above = "/overlay-containers/",
		.below = "/userdata",
		.evidence = "--root and --bundle are as CRI-O passes them, and "
			    "the container's id is the sandbox's",
	},
};

static bool is_drawn(const char *id)
{
	return id && strlen(id) == ID_DIGITS && strspn(id, "0123456789abcdef") == ID_DIGITS;
}

static bool names_itself(const struct spec *spec, const struct engine *engine, const char *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(engine->ids); i++) {
		const char *value = engine->ids[i] ? spec_annotation(spec, engine->ids[i]) : id;

		if (!value || !streq(value, id))
			return false;
	}
	return true;
}

/* Cut @end off a path of *@len bytes. */
static bool cut(const char *path, size_t *len, const char *end)
{
	const size_t n = strlen(end);

	if (*len < n || memcmp(path + *len - n, end, n) != 0)
		return false;
	*len -= n;
	return true;
}

static bool is_bundle_of(const struct engine *engine, const char *bundle, const char *id)
{
	size_t len = strlen(bundle);

	return cut(bundle, &len, engine->below) && cut(bundle, &len, id) &&
	       cut(bundle, &len, engine->above);
}

static bool shows(const struct spec *spec, const struct engine *engine, const struct hw_call *call)
{
	return call && is_drawn(call->id) && call->root && call->bundle && call->root[0] == '/' &&
	       (!engine->root || streq(path_base(call->root), engine->root)) &&
	       is_bundle_of(engine, call->bundle, call->id) && names_itself(spec, engine, call->id);
}

struct sandbox_look sandbox_look(const struct spec *spec, const struct hw_call *call)
{
	struct sandbox_look look = { SANDBOX_NO, NULL, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(engines); i++) {
		const char *value = spec_annotation(spec, engines[i].type);

		if (!value || !streq(value, "sandbox"))
			continue;
		if (shows(spec, &engines[i], call))
			return (struct sandbox_look){ SANDBOX_SHOWN, engines[i].type,
						      engines[i].evidence };
		look = (struct sandbox_look){ SANDBOX_CLAIMED, engines[i].type, NULL };
	}
	return look;
}
