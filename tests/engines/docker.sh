#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docker: runtimes of daemon.json, one of them with arguments, one of them the default.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_docker
enter_private dockerd docker containerd runc crun
cgroups_are_writable || skip_all "cgroups cannot be written"

at=$work/docker
docker=(docker --host "unix://$at/sock")
image=hw:1

start_docker() {
	mkdir "$at"
	jq -n --arg bin "$work/bin" --arg conf "$work/args.yaml" '{"default-runtime": "hw-runc",
		runtimes: {"hw-runc": {path: "\($bin)/hookwright-runc"},
			"hw-crun": {path: "\($bin)/hookwright-crun"},
			"seen-runc": {path: "\($bin)/observed-runc"},
			"seen-crun": {path: "\($bin)/observed-crun"},
			"hw-args": {path: "\($bin)/hookwright-runtime",
				runtimeArgs: ["--hookwright-config", $conf]}}}' >"$at/daemon.json"
	start_dockerd "$at" "$1"
}

in_docker() { # OPTION... -- COMMAND...
	local options=()
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	run "${docker[@]}" run --runtime "$runtime" --network none --cgroup-parent "/$cgroup_parent" \
		"${options[@]}" $image "$@"
}

as_runtime() { # NAME of the runtime
	local runtime=hw-$1 name=docker/$1
	in_docker --rm -e HW_TEST=touch -- sh -c "$in_container"
	is "$status $out" \
		"0 found /hooked"$'\n'"payload ran" "$name: run: the hook is applied, and nothing else is printed"
	in_docker --rm -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: run: a container no policy concerns"
	in_docker --rm -t -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: run -t" 0 "found /hooked" "payload ran"
	in_docker --rm -e HW_TEST=touch -- sh -c 'exit 42'
	expect "$name: the status is the container's" 42
	in_docker --rm -- sh -c "$with_library"
	expect "$name: without ldconfig a library is not found" 127 "error while loading shared libraries"

	in_docker --rm -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: a refusal reaches the user" failure "${refusal[@]}" "!payload ran"
	in_docker --rm -e HW_TEST=warn -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: a warning is not in the container's output"
	turn_off
	in_docker --rm -e HW_TEST=refuse -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: the kill switch"
	turn_on
	long_lived "$1"
}

long_lived() {
	local runtime=seen-$1 name=docker/$1
	in_docker -d --name one -e HW_TEST=touch -- sleep 60
	expect_only_hook "$name: run -d: only our hook is new in config.json"
	run "${docker[@]}" exec one sh -c "$in_container"
	expect "$name: exec" 0 "found /hooked" "payload ran"
	in_docker -d --name two -- sleep 60
	expect_untouched "$name: a second container, of no policy: config.json is the same file"
	run "${docker[@]}" ps --format '{{.Names}}'
	expect "$name: both run" 0 one two
	run "${docker[@]}" rm -f one two
	expect "$name: both can be removed" 0

	in_docker --name three -e HW_TEST=warn -- sh -c 'echo out; echo err >&2'
	run "${docker[@]}" start -a three
	expect "$name: start a second time" 0 out err
	run "${docker[@]}" logs three
	is "$(sort <<<"$out")" $'err\nerr\nout\nout' "$name: no warning in the container's log"
	run "${docker[@]}" rm three
}

# daemon.json can give arguments: here a configuration in which the shipped policy is always active,
# for docker 20.10 has no annotations to request it by.
with_arguments() {
	local runtime=hw-args name=docker/arguments
	mkdir "$work/always"
	sed 's/^activation: requested.*/activation: always/' "$top/policies/ldconfig-on-start.yaml" \
		>"$work/always/ldconfig-on-start.yaml"
	printf 'version: 1\nruntime: crun\npolicies: [%s]\n' "$work/always" >"$work/args.yaml"
	in_docker --rm -- sh -c "$with_library"
	expect "$name: ldconfig-on-start makes a library visible" 0 "library found"
	in_docker --rm -e HW_TEST=refuse -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: only the policies of the given configuration"
	in_docker --rm -u 1 -- sh -c "$in_container"
	expect "$name: ldconfig-on-start refuses another user's container" failure \
		"refused: policy 'ldconfig-on-start' needs 'uid: 0'" "!payload ran"
}

as_default() {
	local name=docker/default
	run "${docker[@]}" info --format '{{.DefaultRuntime}} {{.RuncCommit.ID}}'
	expect "$name: docker info reads the runtime's version" 0 "hw-runc " "!N/A"
	run "${docker[@]}" run --rm --network none --cgroup-parent "/$cgroup_parent" \
		-e HW_TEST=touch $image sh -c "$in_container"
	expect "$name: run" 0 "found /hooked"
	mkdir "$work/context"
	printf 'FROM %s\nENV HW_TEST=touch\nRUN test -e /hooked\n' $image >"$work/context/Dockerfile"
	run env DOCKER_BUILDKIT=0 "${docker[@]}" build --network none --cgroup-parent "/$cgroup_parent" \
		"$work/context"
	expect "$name: build: a step is a container too" 0 "Successfully built"
}

make_image && make_config && make_observers || exit 2
if ! start_docker overlay2; then
	stop_servers
	rm -rf "$at"
	start_docker vfs || skip_all "dockerd does not start: $(tail -n 1 "$at/log")"
fi
run "${docker[@]}" import -c 'ENV PATH=/bin:/sbin' "$work/layer.tar" $image
expect "docker: the image loads" 0
for each in runc crun; do
	as_runtime $each
done
with_arguments
as_default
done_testing
