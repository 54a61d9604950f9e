/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libhookwright - add OCI startContainer hooks to a bundle by policy, only such as will work.
 *
 * Conventions of every function below, stated once:
 *
 *   return   0 on success, a negative errno on failure; constructors return
 *            their object through *ret. *ret is written on success only.
 *   err      optional; filled on failure only. Plain memory: nothing to free.
 *            Every function that allocates may fail with -ENOMEM.
 *   const T* borrowed for the call. A returned const pointer lives as long as
 *            the object it came from. NULL is refused by assertion unless the
 *            parameter's text says what it means.
 *   threads  no global state; different objects may be used concurrently.
 *   process  the library never prints, never exits, never changes the cwd,
 *            the umask, the locale or a signal disposition.
 *   words    as in the OCI runtime specification: bundle, rootfs, hook, stage,
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
 * struct hw_error - why a call failed, where, and what to do about it
 * @errnum:  positive errno; 0 means "no error"
 * @line:    1-based line in @path; 0 when the failure has no position
 * @column:  1-based column in code points; 0 when the failure has no position
 * @path:    file the failure is about, "" if none; if too long, its tail
 * @message: one line, no trailing period or newline
 * @hint:    one line telling the user what to change, "" if none
 * @by_admin: the trouble is of what the administrator wrote, which no container can cause: the
 *           configuration, a policy, a hooks.d file, a request of the caller's; false: it is of the
 *           container's making, or may be
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
 * hw_error_set() - fill an error, for a caller that reports its own trouble as the library does
 * @errnum: positive errno, or 0
 * @path, @hint: may be NULL
 *
 * Control characters become '?': names of files may be hostile, and errors go to terminals.
 */
HW_API void hw_error_set(struct hw_error *err, int errnum, const char *path, const char *hint,
			 const char *message);

/** hw_version() - the library's version, "MAJOR.MINOR.PATCH"; static storage */
HW_API const char *hw_version(void);

struct hw_result;

/**
 * struct hw_call - what an engine's call of the runtime says of a container; members may be NULL
 * @id:     the container's id
 * @root:   the runtime's --root
 * @bundle: the runtime's --bundle
 */
struct hw_call {
	const char *id, *root, *bundle;
};

/**
 * struct hw_options - what a call may be told; zero-initialise, then set what you need
 * @config:     configuration file to read; NULL: the default ones, where absence is no error
 *              (rootless first $XDG_CONFIG_HOME/hookwright/config.yaml or
 *              $HOME/.config/hookwright/config.yaml, then /etc/hookwright/config.yaml)
 * @policies:   policy files and directories that replace the search path; may be NULL
 * @n_policies: how many
 * @hooks_dirs: directories of oci-hooks(5) files, later ones masking earlier ones, which replace
 * the configuration's "hooksDirs"; may be NULL
 * @n_hooks_dirs: how many
 * @requests:   names of policies that the caller asks for, as annotation
 *              io.hookwright.policies does; may be NULL
 * @n_requests: how many
 * @runtime:    name or path of the runtime that will run the bundle ("runc", "/usr/bin/crun");
 *              NULL: the configuration's, else not told
 * @prune:      remove entries of ours whose policy is not loaded, too
 * @dry_run:    change nothing, take no lock; hw_result_text() has what would be written
 * @no_sync:    leave out fsync(2) of the file and of its directory
 * @complain:   called for every broken policy file when policies are loaded, so that none
 *              hides another; NULL: only the first is reported, through err
 * @complain_ctx: passed to @complain
 * @loaded:     configuration to use instead of reading @config; may be NULL
 * @engine:     an engine calls us for its runtime, and this is its call: Kubernetes' pause
 * containers are skipped where the call shows that a CRI engine made it, unless the configuration
 *              says otherwise, and annotation io.hookwright.runtime chooses among the
 *              configuration's "runtimes"; needs @loaded; NULL: none does
 * @config_json: path of the bundle's configuration, if it is not config.json in the bundle (crun's
 *              option --config); NULL: it is
 * @before_write: called when everything is decided and before anything is written, so that what may
 *              fail, such as rendering the result, fails while the old file is there; a negative
 *              errno, with @err filled, stops the call and is what it returns; may be NULL
 * @before_write_ctx: passed to @before_write
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
};

/** struct hw_config - a configuration file, read */
struct hw_config;

/**
 * hw_config_load() - read the configuration file, but no policy
 * @file: NULL: the default ones, where absence is no error (struct hw_options, config)
 * @ret:  release it with hw_config_free(), after everything that was made with it
 *
 * Return: 0, or -EINVAL, -EACCES, -EPERM, -EFBIG, -ENOENT, -ENOMEM as hw_policies_load().
 */
HW_API int hw_config_load(const char *file, struct hw_config **ret, struct hw_error *err);

/** hw_config_free() - release @config; NULL is a no-op */
HW_API void hw_config_free(struct hw_config *config);

/**
 * hw_config_runtime() - the file of a runtime
 * @name: name (looked up in PATH) or path; NULL: the first of the configuration's "runtime" that
 *        exists, and without one runc, else crun
 * @ret:  its path; lives as long as @config
 *
 * Return: 0, -ENOENT if there is no such program, or -ENOMEM.
 */
HW_API int hw_config_runtime(const struct hw_config *config, const char *name, const char **ret,
			     struct hw_error *err);

/** hw_config_alternative() - what "runtimes" calls @name: a name or path, NULL if nothing */
HW_API const char *hw_config_alternative(const struct hw_config *config, const char *name);

/** hw_config_dialect() - "runc" or "crun" if the configuration says so, else NULL */
HW_API const char *hw_config_dialect(const struct hw_config *config);

/** struct hw_policies - a loaded set of policies, in the order of their application */
struct hw_policies;

/** struct hw_policy - one policy of a set; immutable, lives as long as its set */
struct hw_policy;

/**
 * hw_policies_load() - read the configuration and all policies it leads to
 * @options: NULL: all defaults
 * @ret:     the set; release it with hw_policies_free()
 * @err:     the first failure; see also struct hw_options, complain
 *
 * A file masks files of the same name in directories of lower precedence; an empty file or a
 * link to /dev/null masks to nothing. Of what struct hw_options, policies, names, the later masks
 * the earlier. Order is by "order", then by name.
 *
 * Return: 0, or
 *   -EINVAL  a file is not a policy or not a configuration: syntax, unknown, duplicate or
 *            missing key, wrong type, bad expression, bad name, or more than 10,000 files
 *   -EACCES, -EPERM  a file or directory may not be read, or another user could write it
 *   -EFBIG   a file is larger than 1 MiB
 *   -ENOENT  a file that was named does not exist, or none of the configuration's runtimes
 *   or what open(2), read(2) and opendir(3) return.
 *
 * Source: hookwright-policy(5); masking as in systemd.unit(5).
 */
HW_API int hw_policies_load(const struct hw_options *options, struct hw_policies **ret,
			    struct hw_error *err);

/** hw_policies_free() - release the set and every policy of it; NULL is a no-op */
HW_API void hw_policies_free(struct hw_policies *policies);

/** hw_policies_count() - how many policies are in the set */
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
 * hw_policy_warning() - the @index-th thing about a sound policy that its author should know
 * @index: from 0
 * @ret:   filled with path, line, column, message and hint; errnum is 0
 *
 * Return: true, or false when there is no such warning. Variables that change how programs are
 * loaded (LD_PRELOAD and the like) in the hook's environment are one.
 */
HW_API bool hw_policy_warning(const struct hw_policy *policy, size_t index, struct hw_error *ret);

/** struct hw_hooks_file - a file of oci-hooks(5); immutable, lives as long as its set */
struct hw_hooks_file;

/** hw_policies_hooks_count() - how many files of oci-hooks(5) are in the set */
HW_API size_t hw_policies_hooks_count(const struct hw_policies *policies);

/** hw_policies_hooks_get() - the file at @index, 0 <= @index < hw_policies_hooks_count() */
HW_API const struct hw_hooks_file *hw_policies_hooks_get(const struct hw_policies *policies,
							 size_t index);

/** hw_hooks_file_path() - where the file was read from; never NULL */
HW_API const char *hw_hooks_file_path(const struct hw_hooks_file *file);

/**
 * hw_hooks_file_warning() - the @index-th thing about a sound file that its author should know
 * @index: from 0
 * @ret:   filled with path, line, column, message and hint; errnum is 0
 * @note:  set to whether nothing is wrong with it, such as an expression that is looked for
 *         anywhere in the value; may be NULL
 *
 * Return: true, or false when there is no such warning. Unknown keys, conditions that never hold
 * and stages that stand twice are some, which podman and CRI-O pass over in silence.
 */
HW_API bool hw_hooks_file_warning(const struct hw_hooks_file *file, size_t index,
				  struct hw_error *ret, bool *note);

/**
 * hw_policy_schema() - the JSON Schema (draft 7) of the policy format
 * @ret: NUL-terminated JSON text; free() it
 *
 * Return: 0 or -ENOMEM. What a schema cannot express (expressions that do not compile, args[0]
 * that names no candidate) is refused by hw_policies_load() only.
 */
HW_API int hw_policy_schema(char **ret, struct hw_error *err);

/** enum hw_export - the forms of a policy for engines that do not know us */
enum hw_export {
	HW_EXPORT_OCI_HOOKS, /* a file of oci-hooks(5), schema 1.0.0: of one policy */
	HW_EXPORT_CDI,	     /* a CDI specification: a device for each policy */
};

/** hw_export_warning - hears what a form cannot say; errnum is 0 */
typedef void hw_export_warning(void *ctx, const struct hw_error *warning);

/**
 * hw_export() - policies in a form for engines
 * @policies: @n of a set; one for HW_EXPORT_OCI_HOOKS
 * @program:  of several programs of a policy, the one to name; NULL or none of them: the first
 * @warn:     called for everything that is lost, with its place; may be NULL
 * @ctx:      passed to @warn
 * @ret:      NUL-terminated JSON text; free() it
 *
 * The hook is what hw_apply() writes. Conditions are lost but for activation, annotations and
 * command in a hooks.d file; needs always.
 *
 * Return: 0, -EINVAL for several policies in a hooks.d file, or -ENOMEM.
 */
HW_API int hw_export(const struct hw_policy *const *policies, size_t n, enum hw_export to,
		     const char *program, hw_export_warning *warn, void *ctx, char **ret,
		     struct hw_error *err);

/** hw_policy_examples_schema() - the same for the format of a policy's examples */
HW_API int hw_policy_examples_schema(char **ret, struct hw_error *err);

/** struct hw_policy_test - the examples of one policy, and what became of each */
struct hw_policy_test;

/**
 * hw_policy_test() - decide about the examples that stand beside a policy, NAME.test.yaml
 * @policy: one whose file has the name NAME.yaml
 * @ret:    release it with hw_policy_test_free(), before the policy's set
 *
 * Looks at no container. An example that fails is no error of the call.
 *
 * Return: 0, -ENOENT if there is no such file, -EINVAL with line and column for what is no list of
 * examples, -EFBIG for more than 1 MiB, -ENOMEM, or as open(2) and read(2).
 */
HW_API int hw_policy_test(const struct hw_policy *policy, struct hw_policy_test **ret,
			  struct hw_error *err);

/** hw_policy_test_free() - release @test; NULL is a no-op */
HW_API void hw_policy_test_free(struct hw_policy_test *test);

/** hw_policy_test_count() - how many examples there are */
HW_API size_t hw_policy_test_count(const struct hw_policy_test *test);

/** hw_policy_test_name() - the name of the example at @index */
HW_API const char *hw_policy_test_name(const struct hw_policy_test *test, size_t index);

/**
 * hw_policy_test_passed() - whether the policy decided as the example at @index says
 * @ret: if not, filled with path, line, column, message and hint; errnum is 0
 */
HW_API bool hw_policy_test_passed(const struct hw_policy_test *test, size_t index,
				  struct hw_error *ret);

/** struct hw_result - what one look at a bundle found and did */
struct hw_result;

/**
 * hw_apply() - make a bundle's startContainer hooks what the policies want
 * @bundle:  directory of config.json; NULL: the current directory
 * @options: NULL: all defaults
 * @ret:     what was decided and done, also when a policy refused; hw_result_free() it
 * @err:     why it could not be done; nothing was written then
 *
 * Replaces config.json by rename(2), with its mode, owner and extended attributes, holding
 * flock(2) on the bundle directory; writes nothing when nothing is to change or when a policy
 * refused (hw_result_refused()). Bytes outside the hooks changed stay as they are.
 *
 * Return: 0, or
 *   -EINVAL   config.json is not strict JSON (RFC 8259) or not a Linux container's
 *             configuration, a policy is broken, or a request names no policy
 *   -ENOTUNIQ two of its keys are one for some runtimes, and two for others
 *   -ENOENT   no config.json there, or no rootfs
 *   -ELOOP    config.json is a symbolic link
 *   -ESTALE   config.json was changed by somebody else meanwhile
 *   -ETIMEDOUT another process held the lock for 10 seconds
 *   -EFBIG    config.json is larger than 16 MiB, or holds more than 262144 keys and values
 *   or what hw_policies_load(), open(2), write(2), fsync(2) and rename(2) return.
 *
 * Source: runtime-spec config.md, "POSIX-platform Hooks"; runtime.md, "Lifecycle" (changes
 * after create have no effect: call this before the runtime's create).
 */
HW_API int hw_apply(const char *bundle, const struct hw_options *options, struct hw_result **ret,
		    struct hw_error *err);

/**
 * hw_explain() - decide as hw_apply() would, evaluating every condition and every candidate
 *
 * Parameters and errors as hw_apply(). Writes nothing, takes no lock, follows a symbolic link
 * at config.json.
 */
HW_API int hw_explain(const char *bundle, const struct hw_options *options, struct hw_result **ret,
		      struct hw_error *err);

/**
 * hw_revert() - remove every hook of ours from a bundle, whatever policies exist now
 *
 * Parameters and errors as hw_apply(); of @options it reads dry_run and no_sync. Reads no
 * policy and does not look into the rootfs.
 */
HW_API int hw_revert(const char *bundle, const struct hw_options *options, struct hw_result **ret,
		     struct hw_error *err);

/**
 * hw_filter() - decide as hw_apply() on a config.json that is not in its bundle yet
 * @text:   config.json, @len bytes; at most 16 MiB
 * @bundle: directory that relative paths in it are relative to; NULL: then they are -EINVAL
 *
 * Writes nothing; hw_result_text() is what config.json shall become. Other parameters and errors
 * as hw_apply(). Source: oci-hooks(5), stage precreate of podman.
 */
HW_API int hw_filter(const char *text, size_t len, const char *bundle,
		     const struct hw_options *options, struct hw_result **ret,
		     struct hw_error *err);

/**
 * hw_guard() - check a container that is being created, from a createRuntime hook
 * @state:   OCI state (runtime-spec runtime.md, "State") as the runtime gives it on stdin, @len
 * bytes
 * @options: NULL: all defaults
 * @ret:     hw_result_refused() if a startContainer hook of config.json cannot run, or a policy
 *           wants a hook that is not there; hw_result_free() it
 *
 * Looks at the container's real mounts through /proc/PID/root. Changes nothing: the runtime has
 * read config.json already (runtime.md, "Lifecycle", step 2).
 *
 * Return: 0, or -EINVAL (no OCI state, or a broken config.json or policy), -ESRCH (no such
 * process), and as hw_explain().
 */
HW_API int hw_guard(const char *state, size_t len, const struct hw_options *options,
		    struct hw_result **ret, struct hw_error *err);

/**
 * hw_restore() - decide about a container that an engine restores from a checkpoint
 * @options: as for hw_apply(); needs loaded
 * @ret:     only hw_result_refused() and HW_FORMAT_MESSAGES mean anything; hw_result_free() it
 *
 * No startContainer hook runs in it. A policy for every container refuses it if its "otherwise" is
 * fail, and is told if not; the configuration's "restore" can refuse all, or let all pass. Looks at
 * no bundle.
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
 * hw_result_skipped() - why no policy was asked: the bundle is a pause container's
 *
 * Return: what in the call shows that; static storage. NULL: it is none, and policies were asked.
 */
HW_API const char *hw_result_skipped(const struct hw_result *result);

/**
 * hw_result_runtime() - the runtime that annotation io.hookwright.runtime chose
 *
 * Return: its path, owned by the configuration, or NULL if the annotation chose none.
 */
HW_API const char *hw_result_runtime(const struct hw_result *result);

/** hw_result_changed() - whether config.json was changed, or would be but for dry_run */
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
 * @HW_FORMAT_SUMMARY:  a line for each change, for stdout; empty if there is none
 * @HW_FORMAT_MESSAGES: what must be told: refusals and warnings with hints, for stderr
 * @HW_FORMAT_EXPLAIN:  every policy with its conditions, candidates and decision
 * @HW_FORMAT_DIFF:     the change as a unified diff
 */
enum hw_format {
	HW_FORMAT_SUMMARY,
	HW_FORMAT_MESSAGES,
	HW_FORMAT_EXPLAIN,
	HW_FORMAT_DIFF,
};

/**
 * hw_result_render() - write a result for people
 * @format: see enum hw_format
 * @colour: whether to use ECMA-48 colour sequences (HW_FORMAT_EXPLAIN and _DIFF only)
 * @ret:    NUL-terminated text, possibly ""; free() it
 *
 * Return: 0 or -ENOMEM.
 */
HW_API int hw_result_render(const struct hw_result *result, enum hw_format format, bool colour,
			    char **ret, struct hw_error *err);

/**
 * hw_result_json() - write a result for machines: all that hw_result_render() tells but the diff,
 * as one JSON object, documented in hookwright(1)
 * @ret: NUL-terminated text; free() it
 *
 * Return: 0 or -ENOMEM.
 */
HW_API int hw_result_json(const struct hw_result *result, char **ret, struct hw_error *err);

/* ---- lint ---- */

/** enum hw_severity - what a finding means; with --runtime R of hookwright(1), for R */
enum hw_severity {
	HW_SEVERITY_NOTE,    /* worth knowing, changes nothing */
	HW_SEVERITY_WARNING, /* works but is bad practice, or cannot be judged */
	HW_SEVERITY_ERROR,   /* the container would not start, the hook would not run or would fail
			      * before doing its work, or it is a security hole
			      */
};

/**
 * struct hw_rule - one thing that lint looks for; its texts are in static storage
 * @id:       "HW203"; never changes its meaning
 * @name:     "program-not-executable"
 * @severity: the usual one; a finding's own follows what the runtime would do
 * @brief:    one line
 * @why:      the runtime behaviour behind it, one or more sentences
 * @remedy:   what to change
 */
struct hw_rule {
	const char *id, *name;
	enum hw_severity severity;
	const char *brief, *why, *remedy;
};

/** hw_rules_count() - how many rules there are */
HW_API size_t hw_rules_count(void);

/**
 * hw_rules_get() - the rule at @index, in the order of the ids
 * @ret: filled
 *
 * Return: false where @index is not below hw_rules_count().
 */
HW_API bool hw_rules_get(size_t index, struct hw_rule *ret);

/**
 * hw_rules_find() - the rule whose id or name is @word; case does not count
 * @ret: filled; may be NULL
 *
 * Return: false if there is none.
 */
HW_API bool hw_rules_find(const char *word, struct hw_rule *ret);

/**
 * struct hw_ignore - a rule that is not to be heard of
 * @rule:   its id or name
 * @reason: why, for reports; may be NULL
 */
struct hw_ignore {
	const char *rule, *reason;
};

/**
 * struct hw_lint_options - what lint may be told; zero-initialise, then set what you need
 * @runtime:         "runc", "crun", "youki", "runsc" or "kata"; NULL or "any": the strictest of
 *                   runc and crun
 * @runtime_version: "1.1.5": where versions differ; NULL: not told, the worse is assumed
 * @arch:            GOARCH name of the machine that will run the bundles; NULL: this one's
 * @rootfs:          directory to look into instead of root.path; NULL: root.path
 * @host_mounts:     follow bind mounts whose source lies outside the bundle
 * @follow:          follow a config.json that is a symbolic link, and a root.path that leaves the
 *                   bundle; else they are findings that say nothing of what is there
 * @no_policies:     look only at what is in config.json already
 * @inline_ignore: heed annotations io.hookwright.ignore.ID, which are whoever's who wrote
 *                   config.json; without it they are told and change nothing
 * @no_inline_ignore: do not heed them in any case, and do not tell them
 * @ignores:         rules that are not to be heard of; borrowed until hw_lint_free()
 * @n_ignores:       how many
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
 * hw_lint_new() - prepare to look at any number of bundles
 * @options: of it config, policies, hooks_dirs, requests and complain are read; NULL: all defaults
 * @lint:    NULL: all defaults; its strings are borrowed until hw_lint_free()
 * @ret:     release it with hw_lint_free(); may be used by several threads at once
 *
 * Return: 0, -EINVAL for a runtime, version, architecture or rule that is not known, or as
 * hw_policies_load().
 */
HW_API int hw_lint_new(const struct hw_options *options, const struct hw_lint_options *lint,
		       struct hw_lint **ret, struct hw_error *err);

/** hw_lint_free() - release @lint, after every result that was made with it; NULL is a no-op */
HW_API void hw_lint_free(struct hw_lint *lint);

/** struct hw_lint_result - the findings about one bundle */
struct hw_lint_result;

/**
 * hw_lint_bundle() - look at every hook of a bundle, and at what the policies would do
 * @bundle: its directory, or its config.json
 *
 * Writes nothing, runs nothing. A bundle that is none, or cannot be read, is a finding.
 *
 * Return: 0 or -ENOMEM.
 */
HW_API int hw_lint_bundle(const struct hw_lint *lint, const char *bundle,
			  struct hw_lint_result **ret, struct hw_error *err);

/**
 * hw_lint_found() - the same for a directory with a config.json that nobody called a bundle
 * @ret: set to NULL where that file is another program's: it is JSON, no rootfs is beside it, and
 *       neither crun (which asks for ociVersion) nor runc (which asks for process and root, in any
 *       case) would take it
 */
HW_API int hw_lint_found(const struct hw_lint *lint, const char *dir, struct hw_lint_result **ret,
			 struct hw_error *err);

/**
 * hw_lint_text() - the same for a config.json in memory
 * @text:   @len bytes
 * @name:   what messages call it: "<stdin>"
 * @bundle: directory that relative paths in it are relative to; NULL: the current one
 */
HW_API int hw_lint_text(const struct hw_lint *lint, const char *text, size_t len, const char *name,
			const char *bundle, struct hw_lint_result **ret, struct hw_error *err);

/** hw_lint_result_free() - release a result; NULL is a no-op */
HW_API void hw_lint_result_free(struct hw_lint_result *result);

/**
 * hw_lint_result_count() - how many findings have that severity, ignored ones left out
 *
 * Of each rule the first 20 are kept and told; those beyond are counted here, too.
 */
HW_API size_t hw_lint_result_count(const struct hw_lint_result *result, enum hw_severity severity);

/** hw_lint_result_ignored() - how many findings are ignored, by option or by annotation */
HW_API size_t hw_lint_result_ignored(const struct hw_lint_result *result);

/** hw_lint_result_read() - false if the bundle could not be read at all */
HW_API bool hw_lint_result_read(const struct hw_lint_result *result);

/** hw_lint_result_judged() - false if some finding that is not ignored says "cannot be judged" */
HW_API bool hw_lint_result_judged(const struct hw_lint_result *result);

/**
 * hw_lint_result_status() - the exit status that a look at this bundle deserves
 * @fail_on: the least severity that counts as a failure
 *
 * Return: 3 if the bundle could not be read at all, else 1 if a finding that is not ignored is as
 * severe as @fail_on, else 3 if something could not be judged, else 0.
 */
HW_API int hw_lint_result_status(const struct hw_lint_result *result, enum hw_severity fail_on);

/** enum hw_report - the forms of a report on any number of bundles */
enum hw_report {
	HW_REPORT_TEXT,	  /* for people: grouped by bundle, with the source line */
	HW_REPORT_JSON,	  /* one object, documented in hookwright(1) */
	HW_REPORT_SARIF,  /* SARIF 2.1.0 */
	HW_REPORT_JUNIT,  /* JUnit XML: a suite for each bundle, a case for each finding */
	HW_REPORT_GITHUB, /* workflow commands of GitHub Actions */
};

/**
 * struct hw_report_totals - what the end of a report tells; the caller adds it up
 */
struct hw_report_totals {
	size_t bundles, errors, warnings, notes, ignored;
	size_t unjudged; /* bundles about which something could not be judged */
	size_t unread;	 /* bundles that could not be read at all */
	/* What was passed over below a directory. */
	size_t links;	 /* symbolic links to directories, which were not followed */
	size_t outside;	 /* symbolic links out of that directory, to whatever is there */
	size_t foreign;	 /* files named config.json that are not OCI configurations */
	bool incomplete; /* something that was asked for could not be looked through */
};

/**
 * hw_report_begin() - a report, piece by piece: this, hw_report_bundle() for each, hw_report_end()
 * @colour: whether to use ECMA-48 colour sequences (HW_REPORT_TEXT only)
 * @ret:    NUL-terminated text, possibly ""; free() it
 *
 * The pieces in this order, one piece a bundle, make the report; between two pieces of bundles that
 * are not "" stands hw_report_separator(). Pieces do not depend on each other: they may be made in
 * any order and by several threads, and memory does not grow with the number of bundles.
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
 * struct hw_doctor - a container that died at its start; zero-initialise, then set what you have
 * @output:  what its runtime or engine printed, in whatever wrapping; NULL: not known
 * @len:     bytes of it; they may be anything
 * @bundle:  its directory, or its config.json; NULL: not known
 * @options: as for hw_lint_new(); NULL: all defaults
 * @lint:    as for hw_lint_new(); without a runtime it is the one that printed the message.
 *           Policies are looked at only if the message is about one.
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
 * hw_diagnose() - say why a container died
 * @ret: release it with hw_diagnosis_free()
 *
 * Finds messages in the output and judges what may cause them by what hw_lint_bundle() finds in
 * the bundle. Writes nothing, runs nothing.
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
 * @json:   one object, documented in hookwright(1), instead of text for people
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
