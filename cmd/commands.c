/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd.h"

#define SELECTION                                                                            \
	(TAKES(OPT_POLICY) | TAKES(OPT_HOOKS_DIR) | TAKES(OPT_CONFIG) | TAKES(OPT_REQUEST) | \
	 TAKES(OPT_RUNTIME) | TAKES(OPT_THEIR_VERSION) | TAKES(OPT_JSON))
#define WRITING                                                                         \
	(TAKES(OPT_DRY_RUN) | TAKES(OPT_DIFF) | TAKES(OPT_NO_SYNC) | TAKES(OPT_QUIET) | \
	 TAKES(OPT_COLOR))

/* main() hands their arguments on as they are, --help too. */
#define FRONT(engine)                                                                        \
	{                                                                                    \
		.name = engine, .args = "ARG...",                                            \
		.brief = "become " engine ", with --oci-hook NAME after its run and create", \
		.help = "", .max_args = -1,                                                  \
	}

#define LINT                                                                                     \
	(TAKES(OPT_POLICY) | TAKES(OPT_HOOKS_DIR) | TAKES(OPT_CONFIG) | TAKES(OPT_REQUEST) |     \
	 TAKES(OPT_COLOR) | TAKES(OPT_RECURSIVE) | TAKES(OPT_ROOTFS) | TAKES(OPT_LINT_RUNTIME) | \
	 TAKES(OPT_RUNTIME_VERSION) | TAKES(OPT_ARCH) | TAKES(OPT_HOST_MOUNTS) |                 \
	 TAKES(OPT_NO_POLICIES) | TAKES(OPT_JOBS) | TAKES(OPT_FAIL_ON) | TAKES(OPT_IGNORE) |     \
	 TAKES(OPT_NO_INLINE_IGNORE) | TAKES(OPT_FORMAT) | TAKES(OPT_OUTPUT) |                   \
	 TAKES(OPT_SETTINGS) | TAKES(OPT_NO_SETTINGS) | TAKES(OPT_RULES) | TAKES(OPT_RUNTIMES) | \
	 TAKES(OPT_EXPLAIN))

const struct command commands[] = {
	{
		.name = "apply",
		.args = "[BUNDLE]",
		.brief = "make a bundle's startContainer hooks what the policies want",
		.help = "Reads the policies, looks into the container's root file system as its "
			"process will see it,\nand rewrites BUNDLE/config.json (default: the "
			"current directory's) so that every wanted hook\nis there once. Nothing "
			"is written when nothing is to change or when a policy refuses.\n\n"
			"Status: 0 done, 1 a policy refuses the container, 2 usage, 3 bad input or "
			"I/O.\n",
		.options = SELECTION | WRITING | TAKES(OPT_PRUNE),
		.max_args = 1,
		.run = cmd_apply,
	},
	{
		.name = "explain",
		.args = "[BUNDLE]",
		.brief = "show why each policy applies or not, and how each path resolves",
		.help = "Decides as 'apply' would, but evaluates every condition and every "
			"program, "
			"and writes nothing.\n\nStatus: as 'apply'.\n",
		.options = SELECTION | TAKES(OPT_COLOR) | TAKES(OPT_PRUNE),
		.max_args = 1,
		.run = cmd_explain,
	},
	{
		.name = "lint",
		.args = "[BUNDLE...]",
		.brief = "find what is wrong with the hooks of bundles before they run",
		.help = "Looks at all hooks of all stages that stand in each config.json, and at "
			"what "
			"the policies\nwould do. Writes nothing to a bundle and runs nothing of "
			"it. "
			"BUNDLE is a directory (default: the\ncurrent one), its config.json, or - "
			"for "
			"a config.json on standard input.\n\nStatus: 0 clean, 1 findings at or "
			"above "
			"--fail-on, 2 usage, 3 something could not be judged;\nof several bundles, "
			"the "
			"largest.\n",
		.options = LINT,
		.max_args = -1,
		.run = cmd_lint,
	},
	{
		.name = "doctor",
		.args = "[BUNDLE] [FILE|-]",
		.brief = "say why a container died at its start, and what to do",
		.help = "Reads what its runtime or engine printed, from FILE or, with - or without "
			"an operand,\nfrom standard input; finds the message in it, and lists the "
			"likely causes. With the\nbundle, a directory, each cause is checked "
			"against it, as 'lint' does. BUNDLE alone: what\nis wrong with it; "
			"standard input is not read then. Writes nothing and runs nothing.\n\n"
			"Status: 0 a cause was found, 1 nothing was recognised, 2 usage, 3 bad "
			"input.\n",
		.options = TAKES(OPT_DEAD_BUNDLE) | TAKES(OPT_LINT_RUNTIME) |
			   TAKES(OPT_RUNTIME_VERSION) | TAKES(OPT_ROOTFS) | TAKES(OPT_CONFIG) |
			   TAKES(OPT_JSON) | TAKES(OPT_COLOR),
		.max_args = 2,
		.run = cmd_doctor,
	},
	{
		.name = "revert",
		.args = "[BUNDLE]",
		.brief = "remove every hook of ours from a bundle",
		.help = "Ours are the entries whose env begins with _HOOKWRIGHT_POLICY; no policy "
			"is "
			"read.\nOther hooks stay as they are.\n\nStatus: 0 done, 2 usage, 3 bad "
			"input or I/O.\n",
		.options = WRITING | TAKES(OPT_JSON),
		.max_args = 1,
		.run = cmd_revert,
	},
	{
		.name = "filter",
		.args = "",
		.brief = "rewrite a config.json from standard input to standard output",
		.help = "For the precreate stage of podman and for pipes. Decides as 'apply' "
			"would; on a "
			"refusal or an\nerror nothing is printed. Without --bundle every path in "
			"the "
			"config.json must be absolute.\n\nStatus: as 'apply'.\n",
		.options = (SELECTION & ~TAKES(OPT_JSON)) | TAKES(OPT_PRUNE) | TAKES(OPT_BUNDLE),
		.max_args = 0,
		.run = cmd_filter,
	},
	{
		.name = "oci-hook",
		.args = "STAGE",
		.brief = "guard a container that is being created, as its createRuntime hook",
		.help = "Reads the OCI state from standard input and stops the container's "
			"creation when "
			"a startContainer\nhook of its config.json cannot run, or when a policy "
			"wants a "
			"hook that is not there. It cannot add\none: at this point the runtime has "
			"read "
			"config.json already. STAGE is createRuntime.\n\nStatus: 0, or 1 with the "
			"reason on standard error.\n",
		.options = SELECTION & ~TAKES(OPT_JSON),
		.max_args = 1,
		.run = cmd_oci_hook,
	},
	{
		.name = "runtime",
		.args = "ARG...",
		.brief = "apply the policies, then become the runtime with these arguments",
		.help = "For an engine to call in place of runc or crun. The program "
			"hookwright-runtime "
			"does the same\nand starts faster; its links hookwright-runc and "
			"hookwright-crun choose the runtime. On 'create'\nand 'run' the policies "
			"are "
			"applied to the bundle; everything else goes straight to the runtime.\n"
			"Options of ours stand before the runtime's:\n"
			"  --hookwright-config=FILE, --hookwright-runtime=NAME,\n"
			"  --hookwright-policy=FILE|DIR, --hookwright-request=NAME,\n"
			"  --hookwright-hooks-dir=DIR; --hookwright-version alone.\n\n"
			"Status: the runtime's, or 1 when the container is stopped before.\n",
		.max_args = -1,
		.run = NULL, /* main() hands its arguments on as they are */
	},
	FRONT("nerdctl"),
	FRONT("docker"),
	FRONT("podman"),
	{
		.name = "setup",
		.args = "[ENGINE]",
		.brief = "print an engine's configuration, or check that it is in effect",
		.help = "Prints what an engine needs, ready to be pasted or redirected into a "
			"file; "
			"where the format\nhas no comments, the explanation goes to standard "
			"error. "
			"Without ENGINE: which engines and\nsnippets there are.\n\n"
			"Status: 0, 2 usage, 3 trouble; with --check 0 if all is well, else 1.\n",
		.options = TAKES(OPT_FORM) | TAKES(OPT_CHECK),
		.max_args = 1,
		.run = cmd_setup,
	},
	{
		.name = "policy check",
		.args = "[FILE|DIR...]",
		.brief = "check policy files without looking at a container",
		.help = "Without arguments: the installed policies.\n\nStatus: 0 sound, 1 "
			"findings, 2 "
			"usage, 3 a file could not be read.\n",
		.options = TAKES(OPT_CONFIG) | TAKES(OPT_JSON) | TAKES(OPT_QUIET),
		.max_args = -1,
		.run = cmd_policy_check,
	},
	{
		.name = "policy test",
		.args = "FILE|DIR...",
		.brief = "decide about the examples beside policies, without a container",
		.help = "For each policy NAME.yaml that is named or in a directory: its examples "
			"are in NAME.test.yaml\nbeside it, see hookwright-policy(5).\n\nStatus: 0 "
			"all passed, 1 findings: an example failed or there is none, 2 usage,\n3 a "
			"file could not be read.\n",
		.options = TAKES(OPT_CONFIG) | TAKES(OPT_QUIET),
		.max_args = -1,
		.run = cmd_policy_test,
	},
	{
		.name = "policy list",
		.args = "",
		.brief = "list the policies in the order of their application",
		.help = "Columns: name, activation, order, file.\n",
		.options = TAKES(OPT_POLICY) | TAKES(OPT_CONFIG) | TAKES(OPT_JSON),
		.max_args = 0,
		.run = cmd_policy_list,
	},
	{
		.name = "policy show",
		.args = "NAME...",
		.brief = "print policies' files",
		.help = "Prints the file that is in effect for each NAME, with its path above.\n",
		.options = TAKES(OPT_POLICY) | TAKES(OPT_CONFIG),
		.max_args = -1,
		.run = cmd_policy_show,
	},
	{
		.name = "policy export",
		.args = "NAME...",
		.brief = "print policies in a form for engines that do not know hookwright",
		.help = "A hooks.d file for podman and CRI-O, or a CDI specification with a device "
			"for "
			"each policy,\n--device hookwright.io/policy=NAME. Nothing looks into the "
			"container then: what is lost is\ntold on standard error.\n\nStatus: 0 "
			"done, "
			"2 usage, 3 no such policy, or it could not be written.\n",
		.options = TAKES(OPT_POLICY) | TAKES(OPT_CONFIG) | TAKES(OPT_TO) |
			   TAKES(OPT_PROGRAM) | TAKES(OPT_EXPORT_DIR),
		.max_args = -1,
		.run = cmd_policy_export,
	},
	{
		.name = "policy schema",
		.args = "",
		.brief = "print the JSON Schema of the policy format",
		.help = "For an editor's YAML language server: put the output into a file and "
			"begin a "
			"policy with\n'# yaml-language-server: $schema=FILE'.\n",
		.options = TAKES(OPT_TEST),
		.max_args = 0,
		.run = cmd_policy_schema,
	},
};

const size_t n_commands = sizeof(commands) / sizeof(commands[0]);
