/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands, with the text of each --help. */
#include "commands.h"
#include "lint/cmd-lint.h"
#include "setup/setup.h"

#define AS_JSON (TAKES(OPT_JSON) | TAKES(OPT_PLAIN_FORMAT))

#define SELECTION                                                                            \
	(TAKES(OPT_POLICY) | TAKES(OPT_HOOKS_DIR) | TAKES(OPT_CONFIG) | TAKES(OPT_REQUEST) | \
	 TAKES(OPT_RUNTIME) | TAKES(OPT_RUNTIME_VERSION) | AS_JSON)
#define WRITING                                                                         \
	(TAKES(OPT_DRY_RUN) | TAKES(OPT_DIFF) | TAKES(OPT_NO_SYNC) | TAKES(OPT_QUIET) | \
	 TAKES(OPT_COLOR))

#define FRONT(engine)                                                                              \
	{                                                                                          \
		.name = engine, .args = "ARG...",                                                  \
		.brief = "execute " engine                                                         \
			 ", with --oci-hook NAME among the options of run, create",                \
		.help = "Adds the policy's hook to the containers that " engine " creates:\n"      \
			"  hookwright " engine " run --oci-hook NAME IMAGE ...\n\n"                \
			"Everything else is passed to " engine " unchanged, so that an alias can " \
			"stand for it.\n\nStatus: that of " engine "; before it is executed 2 "    \
			"usage, 3 an error.\n",                                                    \
		.max_args = -1, .operands = OPERAND_THEIRS,                                        \
	}

/* Every command takes these, so that a script can give them to all. */
#define COMMON (TAKES(OPT_QUIET) | TAKES(OPT_VERBOSE))

#define LINT                                                                                    \
	(TAKES(OPT_POLICY) | TAKES(OPT_HOOKS_DIR) | TAKES(OPT_CONFIG) | TAKES(OPT_REQUEST) |    \
	 TAKES(OPT_COLOR) | TAKES(OPT_RECURSIVE) | TAKES(OPT_ROOTFS) | TAKES(OPT_RUNTIME) |     \
	 TAKES(OPT_RUNTIME_VERSION) | TAKES(OPT_ARCH) | TAKES(OPT_HOST_MOUNTS) |                \
	 TAKES(OPT_FOLLOW) | TAKES(OPT_NO_POLICIES) | TAKES(OPT_JOBS) | TAKES(OPT_FAIL_ON) |    \
	 TAKES(OPT_IGNORE) | TAKES(OPT_INLINE_IGNORE) | TAKES(OPT_NO_INLINE_IGNORE) |           \
	 TAKES(OPT_FORMAT) | TAKES(OPT_JSON) | TAKES(OPT_OUTPUT) | TAKES(OPT_QUIET) |           \
	 TAKES(OPT_VERBOSE) | TAKES(OPT_SETTINGS) | TAKES(OPT_NO_SETTINGS) | TAKES(OPT_RULES) | \
	 TAKES(OPT_RUNTIMES) | TAKES(OPT_EXPLAIN))

const struct command commands[] = {
	{
		.name = "apply",
		.args = "[BUNDLE]",
		.brief = "update a bundle's startContainer hooks as the policies require",
		.help = "Reads the policies, inspects the container's root file system as its "
			"process will see it, and rewrites BUNDLE/config.json (default: that of "
			"the current directory) so that it has every wanted hook once. Does not "
			"write if there is nothing to change or if a policy refuses.\n\n"
			"Status: 0 done, 1 a policy refuses the container, 2 usage, 3 bad input "
			"or I/O.\n",
		.options = COMMON | SELECTION | WRITING | TAKES(OPT_PRUNE),
		.max_args = 1,
		.operands = OPERAND_BUNDLE,
		.run = cmd_apply,
	},
	{
		.name = "explain",
		.args = "[BUNDLE]",
		.brief = "show why each policy applies or not, and how each path resolves",
		.help = "Decides as 'apply' would, but evaluates every condition and every "
			"program, and does not write.\n\n"
			"Status: as 'apply'.\n",
		.options = COMMON | (SELECTION & ~TAKES(OPT_PLAIN_FORMAT)) | TAKES(OPT_COLOR) |
			   TAKES(OPT_PRUNE) | TAKES(OPT_EXPLAIN_FORMAT),
		.max_args = 1,
		.operands = OPERAND_BUNDLE,
		.run = cmd_explain,
	},
	{
		.name = "lint",
		.args = "[BUNDLE...]",
		.brief = "report problems of the hooks of bundles before they run",
		.help = "Inspects all hooks of all stages in each config.json, and those that the "
			"policies would add. Does not write to a bundle or execute anything in "
			"it. BUNDLE is a directory (default: the current one), its config.json, "
			"or - for a config.json on standard input.\n\n"
			"Status: 0 clean, 1 findings at or above --fail-on, 2 usage, 3 something "
			"could not be judged; of several bundles, the largest.\n",
		.options = COMMON | LINT,
		.max_args = -1,
		.operands = OPERAND_BUNDLE,
		.run = cmd_lint,
	},
	{
		.name = "doctor",
		.args = "[BUNDLE] [FILE|-]",
		.brief = "explain why a container died at its start, and how to fix it",
		.help = "Reads the output of its runtime or engine from FILE or, with - or "
			"without an operand, from standard input (on a terminal until an empty "
			"line), finds the message in it, and "
			"lists the likely causes. With the bundle, a directory, each cause is "
			"checked against it, like 'lint' does. With BUNDLE alone, reports the "
			"problems of the bundle and does not read standard input. With "
			"--container, both come from the engine, whose program is executed; else "
			"nothing is executed. Does not write.\n\n"
			"Status: 0 a cause was found, 1 no message was recognised, 2 usage, 3 bad "
			"input.\n",
		.options = COMMON | TAKES(OPT_DEAD_BUNDLE) | TAKES(OPT_CONTAINER) |
			   TAKES(OPT_ENGINE) | TAKES(OPT_RUNTIME) | TAKES(OPT_RUNTIME_VERSION) |
			   TAKES(OPT_ROOTFS) | TAKES(OPT_CONFIG) | AS_JSON | TAKES(OPT_COLOR),
		.max_args = 2,
		.operands = OPERAND_BUNDLE,
		.run = cmd_doctor,
	},
	{
		.name = "revert",
		.args = "[BUNDLE]",
		.brief = "remove every hook of hookwright from a bundle",
		.help = "These are the entries whose env begins with _HOOKWRIGHT_POLICY; policies "
			"are not read. Other hooks are not changed.\n\n"
			"Status: 0 done, 2 usage, 3 bad input or I/O.\n",
		.options = COMMON | WRITING | AS_JSON,
		.max_args = 1,
		.operands = OPERAND_BUNDLE,
		.run = cmd_revert,
	},
	{
		.name = "filter",
		.args = "",
		.brief = "rewrite a config.json from standard input to standard output",
		.help = "For the precreate stage of podman and for pipes. Decides as 'apply' "
			"would; on a refusal or an error standard output is empty. Without "
			"--bundle every path in the config.json must be absolute.\n\n"
			"Status: as 'apply'.\n",
		.options = COMMON | (SELECTION & ~AS_JSON) | TAKES(OPT_PRUNE) | TAKES(OPT_BUNDLE),
		.max_args = 0,
		.run = cmd_filter,
	},
	{
		.name = "oci-hook",
		.args = "STAGE",
		.brief = "guard a container that is being created, as its createRuntime hook",
		.help = "Reads the OCI state from standard input and stops the container's "
			"creation if a startContainer hook of its config.json cannot run, or if a "
			"hook that a policy wants is missing. It cannot add a hook, because the "
			"runtime has already read config.json. STAGE is createRuntime.\n\n"
			"Status: 0, 1 with the reason on standard error, 2 usage.\n",
		.options = COMMON | (SELECTION & ~AS_JSON),
		.max_args = 1,
		.operands = OPERAND_STAGE,
		.run = cmd_oci_hook,
	},
	{
		.name = "runtime",
		.args = "ARG...",
		.brief = "apply the policies, then execute the runtime with these arguments",
		.help = "For an engine to call in place of runc or crun. The program "
			"hookwright-runtime does the same and starts faster; its links "
			"hookwright-runc and hookwright-crun select the runtime. On 'create' and "
			"'run' the policies are applied to the bundle; all other commands are "
			"passed to the runtime. These options must precede those of the "
			"runtime:\n"
			"  --hookwright-config=FILE, --hookwright-runtime=NAME,\n"
			"  --hookwright-policy=FILE|DIR, --hookwright-request=NAME,\n"
			"  --hookwright-hooks-dir=DIR; --hookwright-version alone.\n\n"
			"Status: the runtime's, or 1 if the container is refused.\n",
		.max_args = -1,
		.operands = OPERAND_THEIRS,
		.run = NULL, /* main() passes its arguments on unchanged */
	},
	FRONT("nerdctl"),
	FRONT("docker"),
	FRONT("podman"),
	{
		.name = "setup",
		.args = "[ENGINE]",
		.brief = "print an engine's configuration, or check that it is in effect",
		.help = "Prints the configuration an engine needs, ready to be pasted or "
			"redirected into a file; if the format does not have comments, the "
			"explanation is printed on standard error. Without ENGINE, lists the "
			"engines and their snippets.\n\n"
			"Status: 0, 2 usage, 3 an error; with --check 0 if every row is good, "
			"else 1.\n",
		.options = COMMON | AS_JSON | TAKES(OPT_FORM) | TAKES(OPT_CHECK),
		.max_args = 1,
		.operands = OPERAND_ENGINE,
		.run = cmd_setup,
	},
	{
		.name = "policy check",
		.args = "[FILE|DIR...]",
		.brief = "check policy files without inspecting a container",
		.help = "Without arguments: the installed policies.\n\n"
			"Status: 0 sound, 1 findings, 2 usage, 3 a file could not be read.\n",
		.options = COMMON | TAKES(OPT_CONFIG) | AS_JSON | TAKES(OPT_QUIET),
		.max_args = -1,
		.operands = OPERAND_FILE,
		.run = cmd_policy_check,
	},
	{
		.name = "policy test",
		.args = "FILE|DIR...",
		.brief = "check the examples of policies, without a container",
		.help = "Decides the examples in NAME.test.yaml next to each policy NAME.yaml "
			"that is named or in a named directory; see hookwright-policy(5).\n\n"
			"Status: 0 all passed, 1 findings: an example failed or there are no "
			"examples, 2 usage, 3 a file could not be read.\n",
		.options = COMMON | AS_JSON | TAKES(OPT_CONFIG) | TAKES(OPT_QUIET),
		.max_args = -1,
		.operands = OPERAND_FILE,
		.run = cmd_policy_test,
	},
	{
		.name = "policy new",
		.args = "[PATH]",
		.brief = "print a commented policy to begin with",
		.help = "PATH is that of the hook's program in the container. Put the output into "
			"NAME.yaml and change it.\n\nStatus: 0, 2 usage.\n",
		.options = COMMON,
		.max_args = 1,
		.operands = OPERAND_FILE,
		.run = cmd_policy_new,
	},
	{
		.name = "policy list",
		.args = "",
		.brief = "list the policies in the order in which they are applied",
		.help = "Columns: name, activation, order, file.\n",
		.options = COMMON | TAKES(OPT_POLICY) | TAKES(OPT_CONFIG) | AS_JSON,
		.max_args = 0,
		.run = cmd_policy_list,
	},
	{
		.name = "policy show",
		.args = "NAME...",
		.brief = "print policies' files",
		.help = "Prints the file that is in effect for each NAME, with its path above.\n",
		.options = COMMON | AS_JSON | TAKES(OPT_POLICY) | TAKES(OPT_CONFIG),
		.max_args = -1,
		.operands = OPERAND_POLICY,
		.run = cmd_policy_show,
	},
	{
		.name = "policy export",
		.args = "NAME...",
		.brief = "print policies in a form for engines that do not use hookwright",
		.help = "A hooks.d file for podman and CRI-O, or a CDI specification with a "
			"device for each policy, --device hookwright.io/policy=NAME. The "
			"container is then not inspected: what is lost is reported on standard "
			"error.\n\n"
			"Status: 0 done, 2 usage, 3 the policy does not exist, or the output "
			"could not be written.\n",
		.options = COMMON | TAKES(OPT_POLICY) | TAKES(OPT_CONFIG) | TAKES(OPT_TO) |
			   TAKES(OPT_PROGRAM) | TAKES(OPT_EXPORT_DIR) | TAKES(OPT_ROOTFS),
		.max_args = -1,
		.operands = OPERAND_POLICY,
		.run = cmd_policy_export,
	},
	{
		.name = "policy schema",
		.args = "",
		.brief = "print the JSON Schema of the policy format",
		.help = "For an editor's YAML language server: put the output into a file and "
			"begin a policy with '# yaml-language-server: $schema=FILE'.\n",
		.options = COMMON | TAKES(OPT_TEST),
		.max_args = 0,
		.run = cmd_policy_schema,
	},
	{
		.name = "schema",
		.args = "[NAME]",
		.brief = "print the JSON Schema of what a command prints with --json",
		.help = "Without NAME, lists the schemas.\n\nStatus: 0, 2 usage.\n",
		.options = COMMON,
		.max_args = 1,
		.operands = OPERAND_SCHEMA,
		.run = cmd_schema,
	},
};

const size_t n_commands = sizeof(commands) / sizeof(commands[0]);
