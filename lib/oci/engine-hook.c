/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks that engines add by themselves and that create nothing below the root. */
#include "oci/engine-hook.h"
#include "base/utf8.h"
#include "base/words.h"

/* ---- shapes ---- */

/* "/proc/1234/exe": how a daemon names itself whatever it was started as. */
bool engine_hook_is_self(const char *path)
{
	size_t digits;

	if (!starts_with(path, "/proc/"))
		return false;
	path += strlen("/proc/");
	for (digits = 0; is_digit(path[digits]); digits++)
		;
	return digits > 0 && streq(path + digits, "/exe");
}

static bool is_called(const char *path, const char *name)
{
	return path[0] == '/' && streq(path_base(path), name);
}

static const char *arg(const struct spec_host_hook *hook, size_t i)
{
	return i < hook->args.n ? hook->args.items[i] : "";
}

/*
 * moby 20.10 to 27, daemon/oci_linux.go, and the builder's executor_unix.go: argv[0], the option,
 * the ids of container and controller. libnetwork/sandbox_externalkey_unix.go: it sends them with
 * the path of the network namespace to the daemon's socket and waits for the answer. The daemon
 * moves interfaces and fills its own resolv.conf and hosts, whose mounts the document has.
 */
static bool is_setkey(const struct spec_host_hook *hook)
{
	const size_t n = hook->args.n;
	const bool option = starts_with(arg(hook, 1), "-exec-root=");

	return engine_hook_is_self(hook->path) && streq(arg(hook, 0), "libnetwork-setkey") &&
	       n == (option ? 4U : 3U);
}

/*
 * nerdctl 0.5 to 2.1, pkg/cmd/container/create.go, withNerdctlOCIHook(): the program, its global
 * options as --NAME=VALUE, and these words. pkg/ocihook/ocihook.go: it loads an AppArmor profile,
 * has CNI's plugins set the network namespace up, and writes below its data root, its CNI
 * directories, and what annotations name, see below.
 */
static bool is_nerdctl(const struct spec_host_hook *hook)
{
	const size_t n = hook->args.n;

	if (!is_called(hook->path, "nerdctl") || n < 4)
		return false;
	for (size_t i = 1; i < n - 3; i++)
		if (!starts_with(hook->args.items[i], "--"))
			return false;
	return streq(hook->args.items[n - 3], "internal") &&
	       streq(hook->args.items[n - 2], "oci-hook") &&
	       streq(hook->args.items[n - 1], "createRuntime");
}

/* apply/guard.c: it opens nothing for writing. */
static bool is_guard(const struct spec_host_hook *hook)
{
	const size_t n = hook->args.n;

	return is_called(hook->path, "hookwright") && n >= 3 && streq(arg(hook, 1), "oci-hook") &&
	       streq(arg(hook, n - 1), hook_stage_name(STAGE_CREATE_RUNTIME));
}

/*
 * What is not here: nvidia-cdi-hook, nvidia-ctk and nvidia-container-runtime-hook make links, files
 * and the cache of libraries in the container; oci-systemd-hook and oci-umount change its mounts;
 * oci-seccomp-bpf-hook writes where an annotation tells it to. podman, CRI-O, containerd's CRI and
 * ctr, and docker from 28 have no hook of their own.
 */
static const struct row {
	bool (*is)(const struct spec_host_hook *hook);
	const char *places[3]; /* annotations that name what it writes */
} rows[] = {
	{ is_setkey, { NULL } },
	{ is_nerdctl, { "nerdctl/state-dir", "nerdctl/pid-file", NULL } },
	{ is_guard, { NULL } },
};

/* ---- annotations ---- */

/* By its text: what is not a plain absolute path may lead anywhere. */
static bool is_plain(const char *path)
{
	if (path[0] != '/')
		return false;
	while (*path) {
		const size_t len = strcspn(++path, "/");

		if (len == 0 || (path[0] == '.' && (len == 1 || (len == 2 && path[1] == '.'))))
			return false;
		path += len;
	}
	return true;
}

static bool holds(const char *dir, const char *path)
{
	size_t len = strlen(dir);

	while (len > 0 && dir[len - 1] == '/')
		len--;
	return strncmp(path, dir, len) == 0 && (path[len] == '/' || !path[len]);
}

/* A relative root or source is below the bundle, where no engine lets its hook write. */
static bool is_seen(const struct spec *spec, const char *path)
{
	if (spec->root_path[0] == '/' && holds(spec->root_path, path))
		return true;
	for (size_t i = 0; i < spec->n_mounts; i++)
		if (spec->mounts[i].source[0] == '/' && holds(spec->mounts[i].source, path))
			return true;
	return false;
}

/* An annotation may be a user's: it must not make a file in the container behind our back. */
static bool keeps_out(const struct spec *spec, const struct row *row)
{
	for (size_t i = 0; row->places[i]; i++) {
		const char *path = spec_annotation(spec, row->places[i]);

		if (path && path[0] && (!is_plain(path) || is_seen(spec, path)))
			return false;
	}
	return true;
}

/* ---- the whole ---- */

static bool is_known(const struct known_hook *known, const struct spec_host_hook *hook)
{
	if (!streq(known->path, hook->path) || (known->n_args && hook->args.n < known->n_args + 1))
		return false;
	for (size_t i = 0; i < known->n_args; i++)
		if (!streq(known->args[i], hook->args.items[i + 1]))
			return false;
	return true;
}

/* With another's code in it, it is another program. */
static bool loads_code(const struct spec_host_hook *hook)
{
	for (size_t i = 0; i < hook->env.n; i++)
		if (starts_with(hook->env.items[i], "LD_") &&
		    loading_variable_find(hook->env.items[i]))
			return true;
	return false;
}

bool engine_hook_is_guard(const struct spec_host_hook *hook)
{
	return hook->plain && is_guard(hook);
}

bool engine_hook_is_harmless(const struct spec *spec, enum hook_stage stage,
			     const struct spec_host_hook *hook, const struct known_hooks *more)
{
	if (!hook->plain || loads_code(hook))
		return false;
	for (size_t i = 0; more && i < more->n; i++)
		if (is_known(&more->items[i], hook))
			return true;
	/* Those of createContainer run in the container's mount namespace. */
	for (size_t i = 0; stage <= STAGE_CREATE_RUNTIME && i < ARRAY_SIZE(rows); i++)
		if (rows[i].is(hook))
			return keeps_out(spec, &rows[i]);
	return false;
}

size_t engine_hooks_count(const struct spec *spec, enum hook_stage stage,
			  const struct known_hooks *more)
{
	const struct spec_earlier *hooks = &spec->earlier[stage];
	size_t n = 0;

	for (size_t i = 0; i < hooks->n; i++)
		n += !engine_hook_is_harmless(spec, stage, &hooks->items[i], more);
	return n;
}

bool engine_hooks_may_create(const struct spec *spec, const struct known_hooks *more)
{
	for (size_t s = 0; s < SPEC_EARLIER_STAGES; s++)
		if (engine_hooks_count(spec, (enum hook_stage)s, more))
			return true;
	return false;
}
