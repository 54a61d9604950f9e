/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libhookwright - add OCI startContainer hooks to a bundle by policy, and only hooks that will work.
 *
 * Conventions of all functions:
 *
 *   return   0 on success, a negative errno on failure; constructors return
 *            their object through *ret. *ret is written on success only.
 *   err      optional; filled on failure only. Plain memory: nothing to free.
 *            Every function that allocates may fail with -ENOMEM.
 *   const T* borrowed for the call. A returned const pointer lives as long as
 *            the object it came from. NULL is refused by assertion unless the
 *            description of the parameter defines its meaning.
 *   threads  no global state; different objects may be used concurrently.
 *   process  the library never prints, never exits, never changes the cwd,
 *            the umask, the locale or a signal disposition.
 *   terms    as in the OCI runtime specification: bundle, rootfs, hook, stage,
 *            runtime namespace, container namespace, annotation.
 */
#ifndef HOOKWRIGHT_H
#define HOOKWRIGHT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HW_API __attribute__((visibility("default")))

/**
 * struct hw_error - the reason why a call failed, its place, and a hint
 * @errnum:  positive errno; 0 means "no error"
 * @line:    1-based line in @path; 0 when the failure has no position
 * @column:  1-based column in code points; 0 when the failure has no position
 * @path:    file concerned, "" if none; if it is too long, its tail
 * @message: one line, no trailing period or newline
 * @hint:    one line that describes what to change, "" if none
 * @by_admin: the error is in input of the administrator, and a container cannot cause it: the
 *           configuration, a policy, a hooks.d file, a request of the caller; false: the container
 *           caused it, or may have caused it
 *
 * Caller-allocated so that reporting a failure can never itself fail.
 */
struct hw_error {
	int errnum;
	unsigned line;
	unsigned column;
	char path[256];
	char message[512];
	char hint[256];
	bool by_admin;
};

/**
 * hw_error_format() - render an error as "path:line:column: message\n  hint: ..."
 * @err:  a filled error
 * @buf:  destination, always NUL-terminated when @size > 0
 * @size: capacity of @buf in bytes; 1200 holds every error
 *
 * Return: length the full text needs in bytes, excluding the NUL (as snprintf(3)).
 */
HW_API size_t hw_error_format(const struct hw_error *err, char *buf, size_t size);

/**
 * hw_error_set() - fill an error, for a caller that reports its own errors like the library
 * @errnum: positive errno, or 0
 * @path, @hint: may be NULL
 *
 * Control characters are replaced by '?', because file names may be hostile and errors are printed
 * on terminals.
 */
HW_API void hw_error_set(struct hw_error *err, int errnum, const char *path, const char *hint,
			 const char *message);

/** hw_version() - the library's version, "MAJOR.MINOR.PATCH"; static storage */
HW_API const char *hw_version(void);

struct hw_result;

/**
 * struct hw_call - a container as the engine's call of the runtime identifies it; members may be NULL
 * @id:     the container's id
 * @root:   the runtime's --root
 * @bundle: the runtime's --bundle
 */
struct hw_call {
	const char *id, *root, *bundle;
};

/**
 * struct hw_options - options of a call; zero-initialise, then set the required members
 * @config:     configuration file to read; NULL: the default ones, whose absence is not an error
 *              (rootless first $XDG_CONFIG_HOME/hookwright/config.yaml or
 *              $HOME/.config/hookwright/config.yaml, then /etc/hookwright/config.yaml)
 * @policies:   policy files and directories that replace the search path; may be NULL
 * @n_policies: number of @policies
 * @hooks_dirs: directories of oci-hooks(5) files, later ones masking earlier ones, which replace
 *              the configuration's "hooksDirs"; may be NULL
 * @n_hooks_dirs: number of @hooks_dirs
 * @requests:   names of policies that the caller requests, like annotation
 *              io.hookwright.policies; may be NULL
 * @n_requests: number of @requests
 * @runtime:    name or path of the runtime that will run the bundle ("runc", "/usr/bin/crun");
 *              NULL: that of the configuration, else unknown
 * @runtime_version: its version, as in "1.1.5"; NULL: unknown. It is not that of another runtime
 *              which an annotation chooses
 * @prune:      also remove hookwright's entries whose policy is not loaded
 * @dry_run:    do not change the bundle or take a lock; hw_result_text() returns the new text
 * @no_sync:    do not fsync(2) the file and its directory
 * @complain:   called for every broken policy file when policies are loaded, so that all of them
 *              are reported; NULL: only the first is reported, through err
 * @complain_ctx: passed to @complain
 * @loaded:     configuration to use instead of reading @config; may be NULL
 * @engine:     the call, if an engine calls hookwright in place of its runtime: Kubernetes' pause
 *              containers are skipped if the call shows that a CRI engine created them, unless the
 *              configuration disables this, and annotation io.hookwright.runtime selects one of the
 *              configuration's "runtimes"; needs @loaded; NULL: not called by an engine
 * @config_json: path of the bundle's configuration, if it is not config.json in the bundle (crun's
 *              option --config); NULL: it is
 * @before_write: called after all decisions and before anything is written, so that a step that can
 *              fail, such as rendering the result, fails while the old file is still in place; a
 *              negative errno, with @err filled, aborts the call, which returns it; may be NULL
 * @before_write_ctx: passed to @before_write
 * @version_of: asked for the version of another runtime which an annotation chose; NULL, or a
 *              return of NULL: unknown
 * @version_of_ctx: passed to @version_of
 */
struct hw_options {
	const char *config;
	const char *const *policies;
	size_t n_policies;
	const char *const *hooks_dirs;
	size_t n_hooks_dirs;
	const char *const *requests;
	size_t n_requests;
	const char *runtime;
	const char *runtime_version;
	bool prune;
	bool dry_run;
	bool no_sync;
	void (*complain)(void *ctx, const struct hw_error *err);
	void *complain_ctx;
	const struct hw_config *loaded;
	const struct hw_call *engine;
	const char *config_json;
	int (*before_write)(void *ctx, const struct hw_result *result, struct hw_error *err);
	void *before_write_ctx;
	const char *(*version_of)(void *ctx, const char *runtime);
	void *version_of_ctx;
};

/** struct hw_config - a loaded configuration file */
struct hw_config;

/**
 * hw_config_load() - read the configuration file, without policies
 * @file: NULL: the default ones, whose absence is not an error (struct hw_options, config)
 * @ret:  release it with hw_config_free(), after all objects created with it
 *
 * Return: 0, or -EINVAL, -EACCES, -EPERM, -EFBIG, -ENOENT, -ENOMEM as hw_policies_load().
 */
HW_API int hw_config_load(const char *file, struct hw_config **ret, struct hw_error *err);

/** hw_config_free() - release @config; NULL is a no-op */
HW_API void hw_config_free(struct hw_config *config);

/**
 * hw_config_runtime() - the file of a runtime
 * @name: name (searched for in PATH) or path; NULL: the first of the configuration's "runtime" that
 *        exists, and without one runc, else crun
 * @ret:  its path; lives as long as @config
 *
 * Return: 0, -ENOENT if the program does not exist, or -ENOMEM.
 */
HW_API int hw_config_runtime(const struct hw_config *config, const char *name, const char **ret,
			     struct hw_error *err);

/** hw_config_alternative() - the name or path that "runtimes" gives for @name, or NULL */
HW_API const char *hw_config_alternative(const struct hw_config *config, const char *name);

/** hw_config_dialect() - "runc" or "crun" if the configuration sets it, else NULL */
HW_API const char *hw_config_dialect(const struct hw_config *config);

/** struct hw_policies - a loaded set of policies, in the order in which they are applied */
struct hw_policies;

/** struct hw_policy - one policy of a set; immutable, lives as long as its set */
struct hw_policy;

/**
 * hw_policies_load() - read the configuration and all of its policies
 * @options: NULL: all defaults
 * @ret:     the set; release it with hw_policies_free()
 * @err:     the first failure; see also struct hw_options, complain
 *
 * A file masks files of the same name in directories of lower precedence; an empty file or a
 * link to /dev/null disables the policy. In the list of struct hw_options, policies, later entries
 * mask earlier ones. Order is by "order", then by name.
 *
 * Return: 0, or
 *   -EINVAL  a file is not a policy or not a configuration: syntax, unknown, duplicate or
 *            missing key, wrong type, bad expression, bad name, or more than 10,000 files
 *   -EACCES, -EPERM  a file or directory cannot be read, or another user could write it
 *   -EFBIG   a file is larger than 1 MiB
 *   -ENOENT  a named file, or all of the configuration's runtimes, do not exist
 *   or what open(2), read(2) and opendir(3) return.
 *
 * Source: hookwright-policy(5); masking as in systemd.unit(5).
 */
HW_API int hw_policies_load(const struct hw_options *options, struct hw_policies **ret,
			    struct hw_error *err);

/** hw_policies_free() - release the set and every policy of it; NULL is a no-op */
HW_API void hw_policies_free(struct hw_policies *policies);

/** hw_policies_count() - number of policies in the set */
HW_API size_t hw_policies_count(const struct hw_policies *policies);

/** hw_policies_get() - the policy at @index, 0 <= @index < hw_policies_count() */
HW_API const struct hw_policy *hw_policies_get(const struct hw_policies *policies, size_t index);

/** hw_policies_find() - the policy called @name, or NULL */
HW_API const struct hw_policy *hw_policies_find(const struct hw_policies *policies,
						const char *name);

/** hw_policy_name() - the base name of the policy's file without ".yaml"; never NULL */
HW_API const char *hw_policy_name(const struct hw_policy *policy);

/** hw_policy_path() - the file the policy was read from; never NULL */
HW_API const char *hw_policy_path(const struct hw_policy *policy);

/** hw_policy_description() - the policy's "description", "" if it has none */
HW_API const char *hw_policy_description(const struct hw_policy *policy);

/** hw_policy_requested_only() - whether its activation is "requested" and not "always" */
HW_API bool hw_policy_requested_only(const struct hw_policy *policy);

/** hw_policy_order() - its "order"; lower comes first */
HW_API int hw_policy_order(const struct hw_policy *policy);

/**
 * hw_policy_warning() - the @index-th warning about a sound policy, for its author
 * @index: from 0
 * @ret:   filled with path, line, column, message and hint; errnum is 0
 *
 * Return: true, or false if there are no more warnings. An example is a variable in the hook's
 * environment that changes how programs are loaded (LD_PRELOAD and the like).
 */
HW_API bool hw_policy_warning(const struct hw_policy *policy, size_t index, struct hw_error *ret);

/** struct hw_hooks_file - an oci-hooks(5) file; immutable, lives as long as its set */
struct hw_hooks_file;

/** hw_policies_hooks_count() - number of oci-hooks(5) files in the set */
HW_API size_t hw_policies_hooks_count(const struct hw_policies *policies);

/** hw_policies_hooks_get() - the file at @index, 0 <= @index < hw_policies_hooks_count() */
HW_API const struct hw_hooks_file *hw_policies_hooks_get(const struct hw_policies *policies,
							 size_t index);

/** hw_hooks_file_path() - the path the file was read from; never NULL */
HW_API const char *hw_hooks_file_path(const struct hw_hooks_file *file);

/**
 * hw_hooks_file_warning() - the @index-th warning about a sound file, for its author
 * @index: from 0
 * @ret:   filled with path, line, column, message and hint; errnum is 0
 * @note:  set to true if it is not a mistake but only a note, such as an expression that matches
 *         anywhere in the value; may be NULL
 *
 * Return: true, or false if there are no more warnings. Examples are unknown keys, conditions that
 * never hold and duplicate stages, which podman and CRI-O silently ignore.
 */
HW_API bool hw_hooks_file_warning(const struct hw_hooks_file *file, size_t index,
				  struct hw_error *ret, bool *note);

/**
 * hw_policy_schema() - the JSON Schema (draft 7) of the policy format
 * @ret: NUL-terminated JSON text; free() it
 *
 * Return: 0 or -ENOMEM. Errors that a schema cannot express (expressions that do not compile, an
 * args[0] that does not name a candidate) are detected by hw_policies_load() only.
 */
HW_API int hw_policy_schema(char **ret, struct hw_error *err);

/** enum hw_export - the forms of a policy for engines that do not use hookwright */
enum hw_export {
	HW_EXPORT_OCI_HOOKS, /* a file of oci-hooks(5), schema 1.0.0: of one policy */
	HW_EXPORT_CDI,	     /* a CDI specification: a device for each policy */
};

/** hw_export_warning - called for each property that a form cannot express; errnum is 0 */
typedef void hw_export_warning(void *ctx, const struct hw_error *warning);

/** struct hw_export_options - which of a policy's programs an export names: an engine tries one */
struct hw_export_options {
	const char *program; /* this one, if it is one of them; may be NULL */
	const char *rootfs;  /* the first that can run in this root file system; may be NULL */
};

/**
 * hw_export() - policies in a form for engines
 * @policies: @n of a set; one for HW_EXPORT_OCI_HOOKS
 * @options:  which of a policy's programs to name; NULL: the one that most images have
 * @warn:     called for each property that is lost, with its place; may be NULL
 * @ctx:      passed to @warn
 * @ret:      NUL-terminated JSON text; free() it
 *
 * The hook is the one that hw_apply() writes. Needs are always lost, and so are conditions, except
 * activation, annotations and command in a hooks.d file.
 *
 * Return: 0, -EINVAL for several policies in a hooks.d file, -ENOENT or another if the root file
 * system cannot be opened, or -ENOMEM.
 */
HW_API int hw_export(const struct hw_policy *const *policies, size_t n, enum hw_export to,
		     const struct hw_export_options *options, hw_export_warning *warn, void *ctx,
		     char **ret, struct hw_error *err);

/** hw_policy_examples_schema() - the same for the format of a policy's examples */
HW_API int hw_policy_examples_schema(char **ret, struct hw_error *err);

/** struct hw_policy_test - the examples of one policy, and their results */
struct hw_policy_test;

/**
 * hw_policy_test() - decide the examples of a policy, in NAME.test.yaml next to it
 * @policy: a policy whose file is named NAME.yaml
 * @ret:    release it with hw_policy_test_free(), before the policy's set
 *
 * Does not inspect a container. An example that fails is not an error of the call.
 *
 * Return: 0, -ENOENT if the file does not exist, -EINVAL with line and column if it is not a list of
 * examples, -EFBIG for more than 1 MiB, -ENOMEM, or as open(2) and read(2).
 */
HW_API int hw_policy_test(const struct hw_policy *policy, struct hw_policy_test **ret,
			  struct hw_error *err);

/** hw_policy_test_free() - release @test; NULL is a no-op */
HW_API void hw_policy_test_free(struct hw_policy_test *test);

/** hw_policy_test_count() - number of examples */
HW_API size_t hw_policy_test_count(const struct hw_policy_test *test);

/** hw_policy_test_name() - the name of the example at @index */
HW_API const char *hw_policy_test_name(const struct hw_policy_test *test, size_t index);

/**
 * hw_policy_test_passed() - whether the policy decided as the example at @index expects
 * @ret: if not, filled with path, line, column, message and hint; errnum is 0
 */
HW_API bool hw_policy_test_passed(const struct hw_policy_test *test, size_t index,
				  struct hw_error *ret);

/** struct hw_result - the decisions about a bundle and the changes to it */
struct hw_result;

/**
 * hw_apply() - update a bundle's startContainer hooks as the policies require
 * @bundle:  directory of config.json; NULL: the current directory
 * @options: NULL: all defaults
 * @ret:     decisions and changes, also if a policy refused; hw_result_free() it
 * @err:     reason of a failure; nothing was written then
 *
 * Replaces config.json by rename(2), with its mode, owner and extended attributes, holding
 * flock(2) on the bundle directory; does not write if there is nothing to change or if a policy
 * refused (hw_result_refused()). Bytes outside the changed hooks are preserved.
 *
 * Return: 0, or
 *   -EINVAL   config.json is not strict JSON (RFC 8259) or not a Linux container's
 *             configuration, a policy is broken, or a requested policy does not exist
 *   -ENOTUNIQ two of its keys are equal for some runtimes, and different for others
 *   -ENOENT   config.json or the rootfs does not exist
 *   -ELOOP    config.json is a symbolic link
 *   -ESTALE   another process changed config.json meanwhile
 *   -ETIMEDOUT another process held the lock for 10 seconds
 *   -EFBIG    config.json is larger than 16 MiB, or holds more than 262144 keys and values
 *   or what hw_policies_load(), open(2), write(2), fsync(2) and rename(2) return.
 *
 * Source: runtime-spec config.md, "POSIX-platform Hooks"; runtime.md, "Lifecycle" (changes
 * after create do not have any effect: call this before the runtime's create).
 */
HW_API int hw_apply(const char *bundle, const struct hw_options *options, struct hw_result **ret,
		    struct hw_error *err);

/**
 * hw_explain() - decide as hw_apply() would, evaluating every condition and every candidate
 *
 * Parameters and errors as hw_apply(). Does not write or lock; follows a symbolic link at
 * config.json.
 */
HW_API int hw_explain(const char *bundle, const struct hw_options *options, struct hw_result **ret,
		      struct hw_error *err);

/**
 * hw_revert() - remove every hook of hookwright from a bundle, whatever policies exist now
 *
 * Parameters and errors as hw_apply(); of @options it reads dry_run and no_sync. Does not read
 * policies and does not inspect the rootfs.
 */
HW_API int hw_revert(const char *bundle, const struct hw_options *options, struct hw_result **ret,
		     struct hw_error *err);

/**
 * hw_filter() - decide as hw_apply() on a config.json that is not in its bundle yet
 * @text:   config.json, @len bytes; at most 16 MiB
 * @bundle: directory that relative paths in it are relative to; NULL: then they are -EINVAL
 *
 * Does not write; hw_result_text() returns the new config.json. Other parameters and errors as
 * hw_apply(). Source: oci-hooks(5), stage precreate of podman.
 */
HW_API int hw_filter(const char *text, size_t len, const char *bundle,
		     const struct hw_options *options, struct hw_result **ret,
		     struct hw_error *err);

/**
 * hw_guard() - check a container that is being created, from a createRuntime hook
 * @state:   OCI state (runtime-spec runtime.md, "State") as the runtime passes it on stdin, @len
 *           bytes
 * @options: NULL: all defaults
 * @ret:     hw_result_refused() if a startContainer hook of config.json cannot run, or a hook that
 *           a policy wants is missing; hw_result_free() it
 *
 * Inspects the container's real mounts through /proc/PID/root. Does not change anything, because
 * the runtime has already read config.json (runtime.md, "Lifecycle", step 2).
 *
 * Return: 0, or -EINVAL (not an OCI state, or a broken config.json or policy), -ESRCH (no such
 * process), and as hw_explain().
 */
HW_API int hw_guard(const char *state, size_t len, const struct hw_options *options,
		    struct hw_result **ret, struct hw_error *err);

/**
 * hw_restore() - decide about a container that an engine restores from a checkpoint
 * @options: as for hw_apply(); needs loaded
 * @ret:     only hw_result_refused() and HW_FORMAT_MESSAGES are meaningful; hw_result_free() it
 *
 * startContainer hooks do not run in it. A policy for every container refuses it if its "otherwise"
 * is fail, else it is reported; the configuration's "restore" can refuse all or accept all. Does
 * not inspect a bundle.
 *
 * Return: 0, or as hw_policies_load().
 */
HW_API int hw_restore(const struct hw_options *options, struct hw_result **ret,
		      struct hw_error *err);

/** hw_result_free() - release a result; NULL is a no-op */
HW_API void hw_result_free(struct hw_result *result);

/**
 * hw_result_refused() - whether the container must not start as it is
 *
 * A policy with "otherwise: fail" stopped the change, or an annotation asks for a policy or a
 * runtime that does not exist.
 */
HW_API bool hw_result_refused(const struct hw_result *result);

/**
 * hw_result_skipped() - why policies were not evaluated: the bundle is that of a pause container
 *
 * Return: the evidence in the call; static storage. NULL: it is not, and policies were evaluated.
 */
HW_API const char *hw_result_skipped(const struct hw_result *result);

/**
 * hw_result_runtime() - the runtime that annotation io.hookwright.runtime selected
 *
 * Return: its path, owned by the configuration, or NULL if the annotation did not select one.
 */
HW_API const char *hw_result_runtime(const struct hw_result *result);

/** hw_result_changed() - whether config.json was changed, or would be without dry_run */
HW_API bool hw_result_changed(const struct hw_result *result);

/**
 * hw_result_text() - config.json as it is or would be after the call
 * @len: set to the length in bytes; may be NULL
 *
 * Return: the text, NUL-terminated, owned by @result; unchanged text if nothing changed.
 */
HW_API const char *hw_result_text(const struct hw_result *result, size_t *len);

/**
 * enum hw_format - the forms in which a result can be rendered
 * @HW_FORMAT_SUMMARY:  a line for each change, for stdout; empty without changes
 * @HW_FORMAT_MESSAGES: refusals and warnings with hints, for stderr
 * @HW_FORMAT_EXPLAIN:  every policy with its conditions, candidates and decision
 * @HW_FORMAT_FOCUS:    the same of the policies that the options request, if they request any, and
 *                      a line for each of the others
 * @HW_FORMAT_OUTLINE:  a line for each policy
 * @HW_FORMAT_DIFF:     the change as a unified diff
 * @HW_FORMAT_SVG:      the mounts, the way of each path and the verdicts as an SVG picture
 */
enum hw_format {
	HW_FORMAT_SUMMARY,
	HW_FORMAT_MESSAGES,
	HW_FORMAT_EXPLAIN,
	HW_FORMAT_FOCUS,
	HW_FORMAT_OUTLINE,
	HW_FORMAT_DIFF,
	HW_FORMAT_SVG,
};

/**
 * hw_result_render() - write a result as text
 * @format: see enum hw_format
 * @colour: whether to use ECMA-48 colour sequences (not in HW_FORMAT_SUMMARY and _MESSAGES)
 * @ret:    NUL-terminated text, possibly ""; free() it
 *
 * Return: 0 or -ENOMEM.
 */
HW_API int hw_result_render(const struct hw_result *result, enum hw_format format, bool colour,
			    char **ret, struct hw_error *err);

/**
 * hw_result_json() - write a result as one JSON object, documented in hookwright(1): everything
 * that hw_result_render() writes, except the diff
 * @ret: NUL-terminated text; free() it
 *
 * Return: 0 or -ENOMEM.
 */
HW_API int hw_result_json(const struct hw_result *result, char **ret, struct hw_error *err);

/* ---- lint ---- */

/** enum hw_severity - severity of a finding; with --runtime R of hookwright(1), for R */
enum hw_severity {
	HW_SEVERITY_NOTE,    /* useful information without an effect */
	HW_SEVERITY_WARNING, /* works but is bad practice, or cannot be judged */
	HW_SEVERITY_ERROR,   /* the container would not start, the hook would not run or would fail
			      * before doing its work, or it is a security hole
			      */
};

/**
 * struct hw_rule - a rule of lint; its texts are in static storage
 * @id:       "HW203"; its meaning never changes
 * @name:     "program-not-executable"
 * @severity: the usual one; that of a finding depends on what the runtime would do
 * @brief:    one line
 * @why:      the reason in the behaviour of runtimes, one or more sentences
 * @remedy:   the change to make
 */
struct hw_rule {
	const char *id, *name;
	enum hw_severity severity;
	const char *brief, *why, *remedy;
};

/** hw_rules_count() - number of rules */
HW_API size_t hw_rules_count(void);

/**
 * hw_rules_get() - the rule at @index, in the order of the ids
 * @ret: filled
 *
 * Return: false where @index is not below hw_rules_count().
 */
HW_API bool hw_rules_get(size_t index, struct hw_rule *ret);

/**
 * hw_rules_find() - the rule whose id or name is @word, ignoring case
 * @ret: filled; may be NULL
 *
 * Return: false if there is none.
 */
HW_API bool hw_rules_find(const char *word, struct hw_rule *ret);

/**
 * struct hw_behaviour - one thing that a runtime does and that verdicts depend on
 * @name:    "MASKED_PROC_REFUSED"; one runtime or more have it
 * @words:   what it is, after "the runtime"
 * @runtime: "runc", "crun"; one that is not listed for a behaviour does not do it
 * @since:   the first version: "1.2.0", or "1.3.6 (not yet in 1.1.15)" where none between them
 *           was tried; "": every version
 * @before:  the first version that no longer does it, likewise; "": the newest still does
 * @proof:   the case of tests/truth or the test that shows it, or "source: ..."
 */
struct hw_behaviour {
	const char *name, *words, *runtime;
	char since[64], before[64];
	const char *proof;
};

/** hw_behaviours_count() - how many there are, counted for each runtime */
HW_API size_t hw_behaviours_count(void);

/** hw_behaviours_get() - the one at @index, 0 <= @index < hw_behaviours_count() */
HW_API void hw_behaviours_get(size_t index, struct hw_behaviour *ret);

/** HW_RUNTIME_VERSION_MAX - the size of "runc 1.1.5" */
#define HW_RUNTIME_VERSION_MAX 32

/**
 * hw_runtime_versions() - the versions that are judged for where none is told
 * @runtime:  "runc" or "crun"; NULL: both
 * @versions: the first @max of them, as in "runc 1.1.5"
 *
 * Return: how many were written.
 */
HW_API size_t hw_runtime_versions(const char *runtime, char versions[][HW_RUNTIME_VERSION_MAX],
				  size_t max);

/**
 * struct hw_ignore - a rule to suppress
 * @rule:   its id or name
 * @reason: the reason, for reports; may be NULL
 */
struct hw_ignore {
	const char *rule, *reason;
};

/**
 * struct hw_lint_options - options of lint; zero-initialise, then set the required members
 * @runtime:         "runc", "crun", "youki", "runsc" or "kata"; NULL or "any": the stricter of
 *                   runc and crun
 * @runtime_version: "1.1.5"; NULL: not told, the verdict is what those of hw_runtime_versions()
 *                   have in common, else unknown
 * @arch:            GOARCH name of the machine that will run the bundles; NULL: of this machine
 * @rootfs:          directory to inspect instead of root.path; NULL: root.path
 * @host_mounts:     follow bind mounts whose source is outside the bundle
 * @follow:          follow a config.json that is a symbolic link, and a root.path that leaves the
 *                   bundle; otherwise they are findings that do not reveal the target
 * @no_policies:     inspect only the hooks that are already in config.json
 * @inline_ignore:   apply annotations io.hookwright.ignore.ID, which the author of config.json
 *                   controls; otherwise they are reported and do not have any effect
 * @no_inline_ignore: never apply them, and do not report them
 * @ignores:         rules to suppress; borrowed until hw_lint_free()
 * @n_ignores:       number of @ignores
 */
struct hw_lint_options {
	const char *runtime;
	const char *runtime_version;
	const char *arch;
	const char *rootfs;
	bool host_mounts;
	bool follow;
	bool no_policies;
	bool inline_ignore;
	bool no_inline_ignore;
	const struct hw_ignore *ignores;
	size_t n_ignores;
};

/** struct hw_lint - a linter: options, configuration and policies, read once; immutable */
struct hw_lint;

/**
 * hw_lint_new() - prepare to inspect any number of bundles
 * @options: only config, policies, hooks_dirs, requests and complain are used; NULL: all defaults
 * @lint:    NULL: all defaults; its strings are borrowed until hw_lint_free()
 * @ret:     release it with hw_lint_free(); may be used by several threads at once
 *
 * Return: 0, -EINVAL for an unknown runtime, version, architecture or rule, or as
 * hw_policies_load().
 */
HW_API int hw_lint_new(const struct hw_options *options, const struct hw_lint_options *lint,
		       struct hw_lint **ret, struct hw_error *err);

/** hw_lint_free() - release @lint, after all results created with it; NULL is a no-op */
HW_API void hw_lint_free(struct hw_lint *lint);

/** struct hw_lint_result - the findings about one bundle */
struct hw_lint_result;

/**
 * hw_lint_bundle() - inspect every hook of a bundle, and the decisions of the policies
 * @bundle: its directory, or its config.json
 *
 * Does not write or execute anything. If it is not a bundle, or cannot be read, that is a finding.
 *
 * Return: 0 or -ENOMEM.
 */
HW_API int hw_lint_bundle(const struct hw_lint *lint, const char *bundle,
			  struct hw_lint_result **ret, struct hw_error *err);

/**
 * hw_lint_found() - the same for a directory with a config.json that was found, not named
 * @ret: set to NULL if that file belongs to another program: it is JSON, there is no rootfs next to
 *       it, and neither crun (which requires ociVersion) nor runc (which requires process and root,
 *       in any case) would accept it
 */
HW_API int hw_lint_found(const struct hw_lint *lint, const char *dir, struct hw_lint_result **ret,
			 struct hw_error *err);

/**
 * hw_lint_text() - the same for a config.json in memory
 * @text:   @len bytes
 * @name:   its name in messages: "<stdin>"
 * @bundle: directory that relative paths in it are relative to; NULL: the current one
 */
HW_API int hw_lint_text(const struct hw_lint *lint, const char *text, size_t len, const char *name,
			const char *bundle, struct hw_lint_result **ret, struct hw_error *err);

/** hw_lint_result_free() - release a result; NULL is a no-op */
HW_API void hw_lint_result_free(struct hw_lint_result *result);

/**
 * hw_lint_result_count() - number of findings of that severity, without ignored ones
 *
 * Of each rule the first 20 are kept and reported; those beyond are counted here, too.
 */
HW_API size_t hw_lint_result_count(const struct hw_lint_result *result, enum hw_severity severity);

/** hw_lint_result_ignored() - number of findings ignored by option or by annotation */
HW_API size_t hw_lint_result_ignored(const struct hw_lint_result *result);

/** hw_lint_result_read() - false if the bundle could not be read at all */
HW_API bool hw_lint_result_read(const struct hw_lint_result *result);

/** hw_lint_result_judged() - false if a finding that is not ignored could not be judged */
HW_API bool hw_lint_result_judged(const struct hw_lint_result *result);

/**
 * hw_lint_result_status() - the exit status for this bundle
 * @fail_on: the least severity that counts as a failure
 *
 * Return: 3 if the bundle could not be read at all, else 1 if a finding that is not ignored is as
 * severe as @fail_on, else 3 if something could not be judged, else 0.
 */
HW_API int hw_lint_result_status(const struct hw_lint_result *result, enum hw_severity fail_on);

/** enum hw_report - the forms of a report on any number of bundles */
enum hw_report {
	HW_REPORT_TEXT,	       /* plain text: grouped by bundle, with the source line */
	HW_REPORT_JSON,	       /* one object, documented in hookwright(1) */
	HW_REPORT_SARIF,       /* SARIF 2.1.0 */
	HW_REPORT_JUNIT,       /* JUnit XML: a suite for each bundle, a case for each finding */
	HW_REPORT_GITHUB,      /* workflow commands of GitHub Actions */
	HW_REPORT_GCC,	       /* a line for each finding, as gcc(1) writes diagnostics */
	HW_REPORT_CHECKSTYLE,  /* Checkstyle's XML */
	HW_REPORT_CODECLIMATE, /* Code Climate issues in one JSON array, as GitLab reads them */
	HW_REPORT_HTML,	       /* one HTML file for browsers, which loads nothing */
};

/**
 * struct hw_report_totals - the totals at the end of a report; the caller adds them up
 */
struct hw_report_totals {
	size_t bundles, errors, warnings, notes, ignored;
	size_t unjudged; /* bundles about which something could not be judged */
	size_t unread;	 /* bundles that could not be read at all */
	/* Files skipped below a directory. */
	size_t links;	 /* symbolic links to directories, which were not followed */
	size_t outside;	 /* symbolic links out of that directory */
	size_t foreign;	 /* files named config.json that are not OCI configurations */
	bool incomplete; /* a requested directory could not be searched completely */
};

/**
 * hw_report_begin() - a report, piece by piece: this, hw_report_bundle() for each, hw_report_end()
 * @colour: whether to use ECMA-48 colour sequences (HW_REPORT_TEXT only)
 * @ret:    NUL-terminated text, possibly ""; free() it
 *
 * The report consists of the pieces in this order, one for each bundle, with hw_report_separator()
 * between two pieces of bundles that are not "". Pieces are independent: they may be created in any
 * order and by several threads, and memory does not grow with the number of bundles.
 *
 * Return: 0 or -ENOMEM.
 */
HW_API int hw_report_begin(const struct hw_lint *lint, enum hw_report report, bool colour,
			   char **ret, struct hw_error *err);
/** hw_report_bundle() - see hw_report_begin() */
HW_API int hw_report_bundle(const struct hw_lint_result *result, enum hw_report report, bool colour,
			    char **ret, struct hw_error *err);
/** hw_report_separator() - see hw_report_begin(); static storage, possibly "" */
HW_API const char *hw_report_separator(enum hw_report report);
/** hw_report_end() - see hw_report_begin() */
HW_API int hw_report_end(const struct hw_lint *lint, enum hw_report report,
			 const struct hw_report_totals *totals, bool colour, char **ret,
			 struct hw_error *err);

/* ---- doctor ---- */

/** The most output that hw_diagnose() takes. */
#define HW_DOCTOR_OUTPUT_MAX ((size_t)16 << 20)

/**
 * struct hw_doctor - a container that died at its start; zero-initialise, then set known members
 * @output:  the output of its runtime or engine, in any wrapping; NULL: unknown
 * @len:     its length; it may contain any bytes
 * @bundle:  its directory, or its config.json; NULL: unknown
 * @options: as for hw_lint_new(); NULL: all defaults
 * @lint:    as for hw_lint_new(); if runtime is NULL it is the one that printed the message.
 *           Policies are inspected only if the message is about one.
 */
struct hw_doctor {
	const char *output;
	size_t len;
	const char *bundle;
	const struct hw_options *options;
	struct hw_lint_options lint;
};

/** struct hw_diagnosis - the likely causes, ranked */
struct hw_diagnosis;

/**
 * hw_diagnose() - find the likely causes why a container died
 * @ret: release it with hw_diagnosis_free()
 *
 * Finds messages in the output and judges their possible causes by the findings of
 * hw_lint_bundle(). Does not write or execute anything.
 *
 * Return: 0; -EFBIG for more output than HW_DOCTOR_OUTPUT_MAX; -EINVAL for a bundle that cannot be
 * read, unless a message was found; or as hw_lint_new() and hw_lint_bundle().
 */
HW_API int hw_diagnose(const struct hw_doctor *question, struct hw_diagnosis **ret,
		       struct hw_error *err);

/** hw_diagnosis_free() - release a diagnosis; NULL is a no-op */
HW_API void hw_diagnosis_free(struct hw_diagnosis *diagnosis);

/** hw_diagnosis_found() - whether a message was recognised, or the bundle alone shows a cause */
HW_API bool hw_diagnosis_found(const struct hw_diagnosis *diagnosis);

/**
 * hw_diagnosis_render() - write a diagnosis
 * @json:   one object, documented in hookwright(1), instead of plain text
 * @colour: whether to use ECMA-48 colour sequences (not with @json)
 * @ret:    NUL-terminated text; free() it
 *
 * Return: 0 or -ENOMEM.
 */
HW_API int hw_diagnosis_render(const struct hw_diagnosis *diagnosis, bool json, bool colour,
			       char **ret, struct hw_error *err);

#ifdef __cplusplus
}
#endif
#endif
