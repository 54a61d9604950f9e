/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of annotations that runtimes obey. Read in the sources of runc 1.1.5 to 1.5
 * (features.go, libcontainer/specconv, criu_linux.go, utils.go), crun 0.20 to 1.29.1 (container.c,
 * linux.c, cgroup*.c, custom-handler.c, handlers/, criu.c) and youki 0.7 (workload/); their
 * documents of features name these and no others (potentiallyUnsafeConfigAnnotations,
 * runtime-spec 1.2).
 */
#include "oci/unsafe.h"

/* A name of its own comes before the beginning that covers it. */
static const struct unsafe_row rows[] = {
	/* crun opens them as the caller, O_CREAT|O_APPEND, as soon as there is any hook. */
	{ "run.oci.hooks.stdout", false, UNSAFE_HOOK,
	  "it names a file of the host to which crun appends the output of hooks", true },
	{ "run.oci.hooks.stderr", false, UNSAFE_HOOK,
	  "it names a file of the host to which crun appends the output of hooks", true },
	{ "run.oci.hooks.", false, UNSAFE_HOOK, "it changes how crun runs hooks", true },
	{ "run.oci.seccomp.plugins", false, UNSAFE_HOOK,
	  "it names libraries of the host that crun loads and that answer system calls" },
	{ "run.oci.seccomp_bpf_data", false, UNSAFE_HOOK,
	  "crun reads the system call filter from it and not from linux.seccomp" },
	{ "run.oci.handler", false, UNSAFE_HOOK,
	  "it makes crun pass the container's program to a virtual machine or an interpreter",
	  false, true },
	{ "module.wasm.image/variant", false, UNSAFE_HOOK,
	  "it makes crun pass the container's program to a WebAssembly interpreter", false, true },
	{ "run.oci.seccomp.receiver", false, UNSAFE_HOST,
	  "it names a socket of the host to which crun sends a file descriptor" },
	{ "run.oci.pidfd_receiver", false, UNSAFE_HOST,
	  "it names a socket of the host to which crun sends a file descriptor" },
	/*
	 * Annotations that engines write themselves, or whose effect ends at the container's own
	 * cgroup or mounts.
	 */
	{ "run.oci.keep_original_groups", false, UNSAFE_NOT },
	{ "run.oci.mount_context_type", false, UNSAFE_NOT },
	{ "run.oci.seccomp_fail_unknown_syscall", false, UNSAFE_NOT },
	{ "run.oci.systemd.force_cgroup_v1", false, UNSAFE_NOT },
	{ "run.oci.systemd.subgroup", false, UNSAFE_NOT },
	{ "run.oci.delegate-cgroup", false, UNSAFE_NOT },
	{ "run.oci.timens_offset", false, UNSAFE_NOT },
	{ "run.oci.", false, UNSAFE_HOOK, "it is an annotation of crun whose effect is unknown",
	  true },
	{ "org.criu.", true, UNSAFE_HOST,
	  "it names a file of the host that CRIU reads at a checkpoint and that can name programs" },
	/* runc exec, without --process, reads the process's settings there. */
	{ "bundle", true, UNSAFE_HOST,
	  "it names a directory that 'runc exec' uses as the container's bundle" },
	{ "org.systemd.property.KillSignal", true, UNSAFE_NOT },
	{ "org.systemd.property.TimeoutStopUSec", true, UNSAFE_NOT },
	{ "org.systemd.property.TimeoutStopSec", true, UNSAFE_NOT },
	{ "org.systemd.property.CollectMode", true, UNSAFE_NOT },
	{ "org.systemd.property.DefaultDependencies", true, UNSAFE_NOT },
	{ "org.systemd.property.After", true, UNSAFE_NOT },
	{ "org.systemd.property.", true, UNSAFE_HOST,
	  "it becomes a property of the container's unit in the host's systemd" },
};

static bool is_beginning(const char *name)
{
	const size_t len = strlen(name);

	return len > 0 && name[len - 1] == '.';
}

/*
 * Names are looked up exactly, by all runtimes; but runc keeps annotations as "KEY=VALUE", so that
 * a key ends at its first '=' for it.
 */
static bool names(const char *row, const char *key, bool all)
{
	const size_t len = strlen(row);

	if (is_beginning(row))
		return starts_with(key, row);
	return strncmp(key, row, len) == 0 && (!key[len] || (all && key[len] == '='));
}

static bool ends_with(const char *s, const char *end)
{
	const size_t len = strlen(s), n = strlen(end);

	return len >= n && streq(s + len - n, end);
}

/* crun knows a program of WebAssembly by its name then. */
static bool spares(const struct unsafe_row *row, const char *value, const char *program)
{
	const bool smart = streq(value, "wasm-smart") || streq(value, "compat-smart");

	return row->smart && smart && program && !ends_with(program, ".wasm") &&
	       !ends_with(program, ".wat");
}

const struct unsafe_row *unsafe_row(const char *key, const char *value, const char *program,
				    struct runtime runtime)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct unsafe_row *row = &rows[i];

		if (!names(row->key, key, row->all))
			continue;
		if (spares(row, value, program) ||
		    (!row->all && !runtime_may(runtime, OBEYS_RUN_OCI_ANNOTATIONS)))
			return NULL;
		return row;
	}
	return NULL;
}

static bool is_allowed(const struct unsafe_allowed *allowed, const char *key)
{
	for (size_t i = 0; i < allowed->n; i++)
		if (names(allowed->items[i], key, false))
			return true;
	return false;
}

struct unsafe_found unsafe_find(const struct spec *spec, struct runtime runtime,
				const struct unsafe_allowed *allowed, bool host_stage)
{
	const char *program = spec->args.n ? spec->args.items[0] : NULL;

	for (size_t i = 0; i < spec->n_annotations; i++) {
		const struct spec_annotation *a = &spec->annotations[i];
		const struct unsafe_row *row = unsafe_row(a->key, a->value, program, runtime);

		if (row && row->danger == UNSAFE_HOOK && (row->host_stages || !host_stage) &&
		    !is_allowed(allowed, a->key))
			return (struct unsafe_found){ a, row };
	}
	return (struct unsafe_found){ NULL, NULL };
}

const char unsafe_hint[] =
	"remove the annotation, or name it by 'allowedAnnotations' in the configuration";

const char *unsafe_text(const struct unsafe_found *found, struct arena *arena)
{
	return arena_printf(arena, "annotation %.100s: %s", found->annotation->key,
			    found->row->does);
}

bool unsafe_may_allow(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].danger == UNSAFE_HOOK &&
		    (names(rows[i].key, name, false) ||
		     (is_beginning(name) && starts_with(rows[i].key, name))))
			return true;
	return false;
}
