#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docker: runtimes of daemon.json, one of them with arguments, one of them the default. The packages
# are unpacked into a cache and never installed, because their set-up starts a daemon.
cache=${XDG_CACHE_HOME:-/var/cache}/hookwright-tests/docker
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

# Before the private world: it has no network.
fetch_docker() {
	local part=$cache.$$ package
	[ -x "$cache/usr/sbin/dockerd" ] && return
	command -v apt-get >/dev/null && mkdir -p "$part" || return
	(cd "$part" && timeout 240 apt-get -q download docker.io tini) >/dev/null 2>&1 &&
		for package in "$part"/*.deb; do
			dpkg-deb -x "$package" "$part" || break
			rm "$package"
		done
	[ -x "$part/usr/sbin/dockerd" ] && rm -rf "$cache" && mv "$part" "$cache"
	rm -rf "$part"
}

[ -n "${HW_PRIVATE-}" ] || [ "$(id -u)" != 0 ] || command -v dockerd >/dev/null || fetch_docker
command -v dockerd >/dev/null || PATH=$cache/usr/bin:$cache/usr/sbin:$PATH
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
	start_server "$at/log" dockerd --config-file "$at/daemon.json" --data-root "$at/data" \
		--exec-root "$at/exec" --pidfile "$at/pid" --host "unix://$at/sock" --iptables=false \
		--ip-masq=false --ip-forward=false --bridge=none --storage-driver="$1" \
		--exec-opt native.cgroupdriver=cgroupfs
	wait_for 30 sh -c "test ! -d /proc/${servers[-1]} || ${docker[*]} version"
	"${docker[@]}" version >/dev/null 2>&1
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
	is "$status $out" \
		"0 payload ran" "$name: ldconfig-on-start leaves another user's container alone"
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
