#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The guard as a real createRuntime hook of runc and crun, and the filter.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private runc crun
prepare_cgroups

program=$work/bin/hookwright
bundle=$work/bundle
errors=$work/hook-errors # crun keeps what a hook says only in a file
mkdir -p /etc/hookwright
printf 'version: 1\nallowedAnnotations: run.oci.hooks.stderr\n' >/etc/hookwright/config.yaml
hook() { jq -n --arg program "$program" '{path: $program, args: (["hookwright"] + $ARGS.positional),
	env: ["PATH=/usr/bin:/bin"]}' --args -- "$@"; }

# guarded RUNTIME FILTER [ARG...]: a container with the guard, config.json changed by a jq filter
guarded() {
	local runtime=$1 filter=$2
	shift 2
	rm -rf "$bundle"
	make_bundle "$bundle" /bin/echo payload ran
	edit_config "$bundle" ".hooks.createRuntime = [$(hook oci-hook "$@" createRuntime)] |
		.annotations[\"run.oci.hooks.stderr\"] = \"$errors\" | $filter"
	: >"$errors"
	"run_$runtime" "$bundle"
	out+=$(cat "$errors")
}

mkdir "$work/tools" && cp "$(type -P busybox)" "$work/tools/busybox"
printf 'version: 1\nhook:\n  path: /bin/cat\n' >"$work/always.yaml"

for runtime in runc crun; do
	works $runtime || { skip "the guard under $runtime" "$why" && continue; }
	guarded $runtime .
	expect "$runtime: no hook, nothing to guard" 0 "payload ran"
	# Hooks that run read their standard input: old crun may fail a container whose hook does not.
	guarded $runtime '.hooks.startContainer = [{path: "/bin/cat"}]'
	expect "$runtime: a hook that can run" 0 "payload ran"
	guarded $runtime '.hooks.startContainer = [{path: "/bin/nope"}]'
	expect "$runtime: a hook that is not there" failure "startContainer hook /bin/nope cannot run" \
		"no 'nope' in /bin" '!payload ran'
	guarded $runtime '.hooks.startContainer = [{path: "/bin/true"}, {path: "/etc"}]'
	expect "$runtime: the second of two" failure "/etc" '!payload ran'
	guarded $runtime '.hooks.startContainer = [{path: "/bin/true"}] |
		.mounts += [{destination: "/bin", type: "tmpfs", source: "tmpfs"}] |
		.process.args = ["/new/busybox", "true"] |
		.mounts += [{destination: "/new", type: "bind", source: "'"$work"'/tools", options: ["rbind"]}]'
	expect "$runtime: hidden by a real mount" failure "/bin/true cannot run" '!payload ran'
	guarded $runtime '.hooks.startContainer = [{path: "/opt/tools/busybox", args: ["cat"]}] |
		.mounts += [{destination: "/opt/tools", type: "bind", source: "'"$work"'/tools", options: ["rbind"]}]'
	expect "$runtime: provided by a real mount" 0 "payload ran"
	guarded $runtime '.hooks.startContainer = [{path: "bin/true"}]'
	expect "$runtime: a relative path" failure "does not have an absolute path" '!payload ran'

	guarded $runtime . -p "$work/always.yaml"
	expect "$runtime: a policy's hook that is not there" failure "policy 'always' wants its hook" \
		"a hook cannot add a hook" '!payload ran'
	guarded $runtime . -p "$work/always.yaml"
	(cd "$bundle" && "$program" apply -q -p "$work/always.yaml") || echo "# cannot apply"
	: >"$errors"
	"run_$runtime" "$bundle"
	expect "$runtime: a policy's hook that is there" 0 "payload ran"
done

# What it is told by itself
state() { run sh -c 'printf %s "$1" | "$2" oci-hook createRuntime' sh "$1" "$program"; }
state ''
expect "an empty state" 1 "<stdin>:1:1:"
state '{"bundle": "/nowhere", "pid": 99999999}'
expect "no such bundle" 1 "/nowhere: the bundle does not exist"
state '{"pid": 2}'
expect "no bundle" 1 "no OCI state: 'bundle' is missing"
state '{"bundle": "relative", "pid": 2}'
expect "a relative bundle" 1 "'bundle' is not absolute"
state '{"bundle": "/x", "pid": 1}'
expect "the pid of a container's own view" 1 "'pid' is not that of a container's process"
state '{"bundle": "/x", "pid": "2"}'
expect "a pid that is not a number" 1 "'pid' is missing"
state '{"bundle": "/x", "bundle": "/y", "pid": 2}'
expect "a state that says two things" 1 "duplicate key 'bundle'"
run sh -c 'head -c 3000000 /dev/zero | "$1" oci-hook createRuntime' sh "$program"
expect "an endless state" 1 "larger than 1048576 bytes"
run "$program" oci-hook startContainer
expect "a stage that cannot guard" 2 "'startContainer' is not a stage that can guard"
run "$program" oci-hook
expect "no stage" 2 "name the stage"

# The filter
rm -rf "$bundle"
make_bundle "$bundle" /bin/true
before=$(sha256sum <"$bundle/config.json")
(cd "$bundle" && "$program" filter -b . -p "$work/always.yaml" <config.json) >"$work/filtered"
is $? 0 "the filter adds a hook"
is "$(jq -c '[.hooks.startContainer[].path]' "$work/filtered")" '["/bin/cat"]' "and only that"
is "$(sha256sum <"$bundle/config.json")" "$before" "the file in the bundle is left alone"
"$program" apply -q -p "$work/always.yaml" "$bundle"
cmp "$work/filtered" "$bundle/config.json"
result $? "byte for byte what apply writes"
"$program" filter -b "$bundle" -p "$work/always.yaml" <"$work/filtered" >"$work/again"
cmp "$work/again" "$work/filtered"
result $? "filtering twice is filtering once"
printf 'version: 1\nhook:\n  path: /bin/nope\n' >"$work/missing.yaml"
"$program" filter -b "$bundle" -p "$work/missing.yaml" <"$work/filtered" >"$work/none" 2>"$work/said"
is "$? $(wc -c <"$work/none")" "1 0" "a refusal prints nothing"
has "$(cat "$work/said")" "policy 'missing' cannot use /bin/nope" "but the reason"
"$program" filter -p "$work/always.yaml" <"$work/filtered" >"$work/none" 2>"$work/said"
is "$? $(wc -c <"$work/none")" "3 0" "a relative root.path without --bundle"
has "$(cat "$work/said")" "'root.path' is relative, and its base directory is unknown" "is told"

done_testing
