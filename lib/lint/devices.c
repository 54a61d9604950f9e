/* SPDX-License-Identifier: Apache-2.0 */
/* linux.devices, labels of security modules, and a start without a mount namespace. */
#include <errno.h>
#include <unistd.h>

#include "lint/start.h"

/* ---- devices ---- */

static int check_type(struct look *l, uint32_t device)
{
	static const char *const types[] = { "b", "c", "p", "u", NULL };
	const uint32_t type = json_member(&l->bundle->doc, device, "type");

	if (is_absent(l, type))
		return lint_refuse(l, lint_refused_by_all(), device, "add the type, such as 'c'",
				   "a device of linux.devices does not have a type");
	if (!is_text(l, type) || is_one_of(l, type, types))
		return 0;
	return lint_refuse(l, lint_refused_by(l, DEVICE_TYPE_REFUSED), type,
			   "write 'b', 'c', 'p' or 'u'",
			   "a device of linux.devices has the type %.*s", WRITTEN(l, type));
}

/* Of mknod(2): major numbers have 12 bits and minor ones 20, of 32 that are read. */
static int check_number(struct look *l, uint32_t device, const char *name, uint32_t max)
{
	const uint32_t value = json_member(&l->bundle->doc, device, name);
	struct refusal by = lint_refused_by_all();
	int64_t number;

	if (!is_integer(l, value, &number) || (uint32_t)number <= max ||
	    is(l, json_member(&l->bundle->doc, device, "type"), "p"))
		return 0;
	if (number != -1)
		by = lint_refused_by(l, DEVICE_NUMBER_REFUSED);
	return lint_refuse(l, by, value, "write the number of a device",
			   "a device of linux.devices has the %s number %.*s", name,
			   WRITTEN(l, value));
}

static bool allows_devices(const struct look *l)
{
	EACH(l, LINT_AT(l, "linux", "resources", "devices"), rule)
	{
		const uint32_t allow = json_member(&l->bundle->doc, rule, "allow");

		if (allow != JSON_NONE && json_type(&l->bundle->doc, allow) == JSON_TRUE)
			return true;
	}
	return false;
}

/* Of the defaults that a runtime makes it is the only one that it needs itself. */
static int check_null(struct look *l, uint32_t path)
{
	if (!is(l, path, "/dev/null") || allows_devices(l))
		return 0;
	return lint_refuse(l, lint_refused_by(l, LISTED_NULL_NEEDS_RULE), path,
			   "remove it, as runtimes make it, or allow it in "
			   "linux.resources.devices",
			   "linux.devices has /dev/null, which is not allowed by any rule");
}

/* What runtimes make by themselves. */
static const char *const defaults[] = { "/dev/null",	"/dev/zero",   "/dev/full",
					"/dev/tty",	"/dev/random", "/dev/urandom",
					"/dev/console", "/dev/ptmx",   NULL };

/* Where devices cannot be made, the host's devices of the same path are bound. */
static int check_bound(struct look *l, uint32_t token)
{
	struct refusal by = lint_refused_perhaps();
	const char *path;
	int r;

	if (!l->bundle->spec.user_namespace || is_one_of(l, token, defaults))
		return 0;
	r = json_string(&l->bundle->doc, token, l->arena, &path, NULL);
	if (r < 0)
		return r == -ENOMEM ? error_oom(l->err) : 0;
	if (l->lint->options.host_mounts) {
		if (access(path, F_OK) == 0 || errno != ENOENT)
			return 0;
		by = lint_refused_by(l, DEVICE_IS_THE_HOSTS);
	} else {
		by.weight = lint_weight(l, DEVICE_IS_THE_HOSTS, EFFECT_UNJUDGED, EFFECT_NONE);
		by.under = runtime_survives(l->lint->runtime, DEVICE_IS_THE_HOSTS).under;
	}
	return lint_refuse(l, by, token,
			   l->lint->options.host_mounts
				   ? "remove it, or make it on the host"
				   : "give --host-mounts on the host that runs the container",
			   "%.60s of linux.devices is bound from the host, because there is a user "
			   "namespace, and must exist there",
			   path);
}

static int check_device_path(struct look *l, uint32_t device)
{
	const uint32_t path = json_member(&l->bundle->doc, device, "path");
	int r;

	if (is_absent(l, path) || is_empty(l, path))
		return lint_refuse(l, lint_refused_by(l, DEVICE_NEEDS_PATH), device,
				   "name the device's path",
				   "a device of linux.devices does not have a path");
	if (!is_text(l, path))
		return 0;
	if (written_text(l, path)[1] != '/')
		return lint_refuse(l, lint_refused_by(l, DEVICE_PATH_IS_ABSOLUTE), path,
				   "write an absolute path",
				   "the path %.*s of linux.devices is not absolute",
				   WRITTEN(l, path));
	r = check_null(l, path);
	return r < 0 ? r : check_bound(l, path);
}

int lint_devices(struct look *l)
{
	int r = 0;

	EACH(l, LINT_AT(l, "linux", "devices"), device)
	{
		if (r == 0)
			r = check_device_path(l, device);
		if (r == 0)
			r = check_type(l, device);
		if (r == 0)
			r = check_number(l, device, "major", 4095);
		if (r == 0)
			r = check_number(l, device, "minor", 1048575);
	}
	return r;
}

/* ---- labels ---- */

#define NOBODY N_BEHAVIOURS

/*
 * Engines write these by themselves, and only where the kernel has the module: without a host to
 * inspect they are taken for granted. A name that ends with '*' is a prefix.
 */
static const char *const default_profiles[] = {
	"docker-default",	     /* docker */
	"containers-default-*",	     /* podman, buildah */
	"crio-default*",	     /* CRI-O */
	"cri-containerd.apparmor.d", /* containerd, for Kubernetes */
	"nerdctl-default",	     /* nerdctl */
};

static const char *const default_types[] = {
	"container_t",	    /* docker, podman, CRI-O, containerd */
	"container_init_t", /* podman, of a container that runs systemd */
	"container_file_t", /* all of them, of mounts */
	"svirt_lxc_net_t",  /* docker, before container_t */
	"spc_t",	    /* all of them, of a privileged container */
};

static bool is_default_profile(const char *profile)
{
	for (size_t i = 0; i < ARRAY_SIZE(default_profiles); i++) {
		const size_t len = strcspn(default_profiles[i], "*");

		if (strncmp(profile, default_profiles[i], len) == 0 &&
		    (default_profiles[i][len] || !profile[len]))
			return true;
	}
	return false;
}

/* "user:role:type:level" */
static bool has_default_type(const char *label)
{
	for (int field = 0; field < 2; field++) {
		label += strcspn(label, ":");
		label += *label == ':';
	}
	for (size_t i = 0; i < ARRAY_SIZE(default_types); i++) {
		const size_t len = strlen(default_types[i]);

		if (strncmp(label, default_types[i], len) == 0 &&
		    (!label[len] || label[len] == ':'))
			return true;
	}
	return false;
}

/* 1: it is, 0: it is not, or a negative errno. */
static int is_by_default(struct look *l, uint32_t token, bool (*is_default)(const char *))
{
	const char *label;
	const int r = json_string(&l->bundle->doc, token, l->arena, &label, NULL);

	if (r < 0)
		return r == -ENOMEM ? error_oom(l->err) : 0;
	return is_default(label);
}

/* A label that is set, and where a host shows that it has the module. */
static const struct {
	const char *path[3], *module, *shown;
	enum behaviour refused, refused_empty; /* without the module */
	bool (*is_default)(const char *label);
} labels[] = {
	{ { "process", "apparmorProfile" },
	  "AppArmor",
	  "/sys/kernel/security/apparmor",
	  APPARMOR_IS_NEEDED,
	  EMPTY_APPARMOR_IS_NEEDED,
	  is_default_profile },
	{ { "process", "selinuxLabel" },
	  "SELinux",
	  "/sys/fs/selinux/enforce",
	  SELINUX_IS_NEEDED,
	  EMPTY_SELINUX_IS_NEEDED,
	  has_default_type },
	{ { "linux", "mountLabel" },
	  "SELinux",
	  "/sys/fs/selinux/enforce",
	  MOUNT_LABEL_IS_NEEDED,
	  NOBODY,
	  has_default_type },
};

/* 1: nothing speaks against @label, which is one of labels[@i]; 0 or a negative errno else. */
static int is_there(struct look *l, size_t i, uint32_t label)
{
	if (l->lint->options.host_mounts)
		return access(labels[i].shown, F_OK) == 0;
	return is_by_default(l, label, labels[i].is_default);
}

static int check_label(struct look *l, size_t i)
{
	const uint32_t label = lint_value_at(l, labels[i].path);
	const enum behaviour refused =
		is_empty(l, label) ? labels[i].refused_empty : labels[i].refused;
	const char *hint = "remove it";
	struct refusal by;
	int r;

	if (!is_text(l, label) || refused == NOBODY)
		return 0;
	r = is_there(l, i, label);
	if (r != 0)
		return r < 0 ? r : 0;
	by = lint_refused_by_host(l, refused, &hint);
	return lint_refuse(l, by, label, hint, "%s.%s requires a host with %s", labels[i].path[0],
			   labels[i].path[1], labels[i].module);
}

int lint_labels(struct look *l)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(labels); i++)
		r = check_label(l, i);
	return r;
}

/* ---- no mount namespace ---- */

int lint_mount_namespace(struct look *l)
{
	const struct spec *spec = &l->bundle->spec;
	const uint32_t token = LINT_AT(l, "linux");

	if (lint_has_namespace(l, "mount"))
		return 0;
	if (spec->masked_paths.n || spec->readonly_paths.n)
		return lint_refuse(l, lint_refused_by(l, PROTECTED_PATHS_NEED_MOUNT), token,
				   "add a namespace of type 'mount'",
				   "maskedPaths and readonlyPaths require a mount namespace");
	return 0;
}
