/* SPDX-License-Identifier: Apache-2.0 */
/* The members of config.json that decisions depend on, decoded. */
#pragma once

#include "format/json.h"
#include "oci/hook.h"
#include "runtime/runtime.h"

/*
 * The members of a config.json that the decision reads (runtime-spec, config.md and
 * config-linux.md), as plain values. All strings live in the arena given to spec_parse().
 */

struct spec_mount {
	const char *destination;
	const char *type;   /* "" if absent */
	const char *source; /* "" if absent */
	const char *const *options;
	size_t n_options;
	bool id_mapped; /* uidMappings or gidMappings present, or option idmap/ridmap */
	uint32_t token, destination_token, options_token; /* the last two: token if absent */
};

/* Whether @m has @option in its options. */
bool spec_mount_has(const struct spec_mount *m, const char *option);

/* Whether runtimes make it a bind mount: by its options, whatever its type. */
bool spec_mount_binds(const struct spec_mount *m);

struct spec_mapping {
	uint32_t container, host, size;
};

struct spec_mappings {
	const struct spec_mapping *items;
	size_t n;
};

/* Capability sets as bit masks, bit N for capability number N of capabilities(7). */
struct spec_capabilities {
	uint64_t bounding, effective, permitted, inheritable, ambient;
};

enum seccomp_action { SECCOMP_ALLOWED, SECCOMP_DENIED, SECCOMP_MAYBE };

/* One rule: all of names get this action; with arguments to compare it only may apply. */
struct spec_seccomp_rule {
	const char *const *names;
	size_t n_names;
	enum seccomp_action action;
	bool has_args;
	enum truth forks; /* whether they match clone(2) as fork(3) calls it; YES without them */
};

struct spec_seccomp {
	bool present;
	enum seccomp_action default_action;
	const struct spec_seccomp_rule *rules;
	size_t n_rules;
};

struct spec_rlimit {
	const char *type;
	uint64_t soft, hard; /* 0 if absent, which is what the runtimes set then */
};

/* Types of namespaces that a container has of its own, or joins. */
enum { SPEC_PID = 1, SPEC_NETWORK = 2, SPEC_IPC = 4, SPEC_CGROUP = 8 };

struct spec_strings {
	const char *const *items;
	size_t n;
	uint32_t token; /* of the array; 0: it is not from config.json */
};

struct spec_annotation {
	const char *key, *value;
	uint32_t token; /* of the value */
};

/* An element of a stage. Elements that are not a valid hook have path NULL; they are foreign. */
struct spec_hook {
	const char *path;
	struct spec_strings args, env;
	bool args_given, env_given;
	int64_t timeout;  /* 0 when absent */
	bool plain;	  /* only path, args, env and a timeout that is not 0, of the right type */
	const char *ours; /* policy's name if it has the mark (startContainer only), else NULL */
	enum hook_before
		before; /* of hookwright's: what its env records, which @env does not have */
	uint32_t token;
};

/* prestart, createRuntime and createContainer, which come before the container's own stage. */
#define SPEC_EARLIER_STAGES ((size_t)STAGE_START_CONTAINER)

/* An element of one of them. Where plain is false, nothing is known of it. */
struct spec_host_hook {
	const char *path;
	struct spec_strings args, env;
	bool plain; /* as in struct spec_hook */
};

struct spec {
	const char *root_path;
	bool root_readonly;

	struct spec_strings args, env; /* of process */
	const char *cwd;
	uint32_t cwd_token, capabilities_token, rlimits_token; /* 0: absent */
	uint32_t uid, gid;
	int64_t umask; /* -1 when absent */
	const uint32_t *groups;
	size_t n_groups;
	bool has_capabilities;
	struct spec_capabilities capabilities;	     /* by their exact names, as runc takes them */
	struct spec_capabilities loose_capabilities; /* "cap_chown" and "0" too, as crun does */
	bool no_new_privileges;
	const struct spec_rlimit *rlimits;
	size_t n_rlimits;
	uint64_t nproc_soft; /* RLIMIT_NPROC; UINT64_MAX when not set */

	const struct spec_mount *mounts;
	size_t n_mounts;

	unsigned namespaces;	  /* SPEC_PID and so on, that linux.namespaces has */
	bool user_namespace;	  /* linux.namespaces has "user" */
	bool user_namespace_path; /* joined by path: mappings are not in config.json */
	uint32_t namespaces_token, user_namespace_element; /* the latter counted from 1 */
	struct spec_mappings uid_mappings, gid_mappings;
	struct spec_strings masked_paths, readonly_paths;
	struct spec_strings devices; /* paths of linux.devices */
	int64_t pids_limit;	     /* 0 or less: none */
	struct spec_seccomp seccomp;

	const struct spec_annotation *annotations;
	size_t n_annotations;
	const struct spec_annotation *const *annotations_by_key; /* NULL: they are few */

	uint32_t hooks;		  /* token of "hooks", JSON_NONE if absent */
	uint32_t start_container; /* token of the stage, JSON_NONE if absent */
	const struct spec_hook *start_hooks;
	size_t n_start_hooks;
	bool refused_by_all; /* after -EINVAL: no runtime takes what is wrong */
	struct spec_earlier {
		const struct spec_host_hook *items;
		size_t n;
	} earlier[SPEC_EARLIER_STAGES]; /* by their stage; see oci/engine-hook.h */
	bool earlier_hooks; /* one of them may make what is absent: all, as they are read */

	/* Not of the document: who looks sets them. */
	bool foreign_owners; /* the tree's owners are not those that the container will see */
	bool bundle_only;    /* bind sources outside the bundle's directory are not inspected */
	bool root_inside;    /* a root.path outside of it is not, either */
	struct budget
		*budget; /* of this container, for every loop over what it holds; NULL: none */
};

/*
 * Read @doc. -EINVAL with a position where a member that is read has the wrong type, is duplicate
 * or a case variant, or where it is not a Linux container's (no process, no root, "vm" or "windows"
 * present). -ENOMEM. Of *@ret only refused_by_all is set then.
 */
int spec_parse(const struct json *doc, struct arena *arena, struct spec *ret,
	       struct hw_error *err) MUST_CHECK;

/* The same, but "hooks" is left alone: somebody else looks at it. */
int spec_parse_without_hooks(const struct json *doc, struct arena *arena, struct spec *ret,
			     struct hw_error *err) MUST_CHECK;

/* Value of annotation @key, or NULL. */
const char *spec_annotation(const struct spec *spec, const char *key);

/* Number of capability @name ("CAP_CHOWN", case counts), or -1. */
int spec_capability(const char *name);

/* @spec as @runtime takes it, where runtimes differ in what they read: a shallow copy. */
struct spec spec_under(const struct spec *spec, struct runtime runtime);

/*
 * Who looks: ids are the container's. The file of a hook is opened for execution by the
 * container's init, whose capabilities are process.capabilities.effective whatever the uid; the
 * hook itself then has what execve(2) by process.user leaves (capabilities(7)).
 */
struct creds {
	uint32_t uid, gid;
	const uint32_t *groups;
	size_t n_groups;
	uint64_t capabilities; /* effective */
};

/* Whether the user namespace has @id inside. */
bool spec_maps(const struct spec_mappings *mappings, uint32_t id);

struct creds spec_creds_init(const struct spec *spec);
struct creds spec_creds_hook(const struct spec *spec);
