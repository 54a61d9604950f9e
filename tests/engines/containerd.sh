#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# containerd, by ctr: the shim calls the wrapper with --log and --log-format json and can give it no
# argument of its own.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private containerd ctr containerd-shim-runc-v2 runc crun
cgroups_are_writable || skip_all "cgroups cannot be written"

at=$work/containerd
ctr=(ctr -a "$at/sock")
image=localhost/hw:1
count=0

start_containerd() {
	make_containerd_config "$at"
	start_server "$at/log" containerd --config "$at/config.toml" --state "$at/state"
	wait_for 20 "${ctr[@]}" version || skip_all "containerd does not start: $(tail -n 1 "$at/log")"
}

# in_ctr OPTION... -- COMMAND...: with the runtime $binary; gone afterwards unless the first is -d
in_ctr() {
	local options=() keep=--rm
	[ "$1" != -d ] || { keep=-d && shift; }
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	count=$((count + 1))
	run "${ctr[@]}" run "$keep" --runc-binary "$binary" --runc-root "$at/runtime" \
		--cgroup "/$cgroup_parent/c$count" "${options[@]}" $image "c$count" "$@"
}

as_runtime() { # NAME of the runtime
	local binary=$work/bin/hookwright-$1 name=containerd/$1
	in_ctr --env HW_TEST=touch -- sh -c "$in_container"
	is "$status $out" \
		"0 found /hooked"$'\n'"payload ran" "$name: run: the hook is applied, and nothing else is printed"
	in_ctr -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: run: a container no policy concerns"
	in_ctr --env HW_TEST=touch -- sh -c 'exit 42'
	expect "$name: the status is the container's" 42
	in_ctr --annotation io.hookwright.policies=touch-asked -- sh -c "$in_container"
	expect "$name: a policy requested by annotation" 0 "found /asked" "!/hooked" "payload ran"
	in_ctr -- sh -c "$with_library"
	expect "$name: without ldconfig a library is not found" 127 "error while loading shared libraries"
	in_ctr --annotation io.hookwright.policies=ldconfig-on-start -- sh -c "$with_library"
	expect "$name: ldconfig-on-start makes it visible" 0 "library found"

	in_ctr --env HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: a refusal reaches the user" failure "${refusal[@]}" "!payload ran"
	in_ctr --env HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: and not as a missing or broken log" failure "!EOF" "!unmarshal" "!log.json"
	in_ctr --env HW_TEST=warn -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: a warning is not in the container's output"

	turn_off
	in_ctr --env HW_TEST=refuse -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: the kill switch"
	turn_on
	long_lived "$1"
	own_hooks "$1"
}

long_lived() {
	local binary=$work/bin/observed-$1 name=containerd/$1
	in_ctr -d --env HW_TEST=touch -- sleep 60
	expect "$name: run -d" 0
	expect_only_hook "$name: run -d: only our hook is new in config.json"
	run "${ctr[@]}" task exec --exec-id e1 "c$count" sh -c "$in_container"
	expect "$name: exec" 0 "found /hooked" "payload ran"
	in_ctr -d -- sleep 60
	expect_untouched "$name: a second container, of no policy: config.json is the same file"
	run "${ctr[@]}" task ls
	expect "$name: both run" 0 "c$((count - 1))" "c$count" RUNNING
	for id in "c$((count - 1))" "c$count"; do
		run "${ctr[@]}" task kill -s KILL "$id"
		wait_for 10 sh -c "${ctr[*]} task ls | grep -q '^$id .*STOPPED'"
		run "${ctr[@]}" task rm "$id"
		expect "$name: $id can be removed" any "!rror"
		run "${ctr[@]}" container rm "$id"
	done
}

# nerdctl's way: a configuration of its own that has hooks already
own_hooks() {
	local binary=$work/bin/hookwright-$1 name=containerd/$1 spec=$work/own-$1.json
	mkdir -p "$work/own-rootfs" && tar -C "$work/own-rootfs" -xf "$work/layer.tar"
	(cd "$work" && rm -f config.json && runc spec) || return
	jq --arg root "$work/own-rootfs" --arg ran "$work/own-ran-$1" --arg cg "/$cgroup_parent/own-$1" \
		'.root.path = $root | .root.readonly = false | .process.terminal = false
		| .process.env += ["HW_TEST=touch"] | .linux.cgroupsPath = $cg
		| .process.args = ["sh", "-c", "test -e /hooked && echo found; rm /hooked"]
		| del(.process.rlimits)
		| .hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "cat >/dev/null; : >" + $ran],
			env: ["PATH=/a", "PATH=/bin"]}]' "$work/config.json" >"$spec"
	run "${ctr[@]}" run --rm --config "$spec" --runc-binary "$binary" --runc-root "$at/runtime" "own-$1"
	expect "$name: a configuration that has hooks: ours has run" 0 "found"
	run ls "$work/own-ran-$1"
	expect "$name: and so has its own" 0
}

make_image && make_config && make_observers || exit 2
start_containerd
run "${ctr[@]}" image import "$work/image.tar"
expect "containerd: the image loads" 0
for each in runc crun; do
	as_runtime $each
done
done_testing
