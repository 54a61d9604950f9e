#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What 'setup docker' prints, as the daemon.json of a real docker.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
fetch_docker
enter_private dockerd docker containerd runc
cgroups_are_writable || skip_all "cgroups cannot be written"

hookwright=$work/bin/hookwright
at=$work/docker
export DOCKER_HOST=unix://$at/sock
image=hw:1

in_docker() { # OPTION... -- COMMAND...
	local options=()
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	run docker run --rm --network none --cgroup-parent "/$cgroup_parent" "${options[@]}" $image "$@"
}

checks() { # WHEN STATUS TEXT...
	local when=$1
	shift
	run "$hookwright" setup --check docker
	expect "setup --check docker: $when" "$@"
}

start_docker() {
	mkdir "$at"
	echo '{}' >"$at/daemon.json"
	start_dockerd "$at" "$1"
}

before() {
	rm -rf /etc/docker && mkdir /etc/docker
	checks before 1 "NOT registered   /etc/docker/daemon.json: No such file" "?   in effect"
	echo '{"runtimes": {' >/etc/docker/daemon.json
	checks "broken JSON" 1 "/etc/docker/daemon.json is not valid JSON"
	echo '{"runtimes": {"other": {"path": "/bin/true"}}} x' >/etc/docker/daemon.json
	checks "text after the JSON" 1 "/etc/docker/daemon.json is not valid JSON"
	echo '{"runtimes": {"other": {"path": "/bin/true"}, "none": {}}}' >/etc/docker/daemon.json
	checks "runtimes of others" 1 "does not have a runtime with hookwright's path"
	"$hookwright" setup docker >/etc/docker/daemon.json 2>"$work/notes"
	has "$(cat "$work/notes")" "systemctl reload docker" "the explanation is on stderr"
	checks "registered, not running" 1 "ok  registered   /etc/docker/daemon.json calls it 'hookwright'" \
		"?   in effect    docker does not answer"
}

make_image && make_config || exit 2
before
if ! start_docker overlay2; then
	stop_servers
	rm -rf "$at"
	start_docker vfs || skip_all "dockerd does not start: $(tail -n 1 "$at/log")"
fi
run docker import -c 'ENV PATH=/bin:/sbin' "$work/layer.tar" $image
expect "the image loads" 0
checks "a daemon that has not read it" 1 "ok  registered" \
	"NOT in effect    the daemon does not have a runtime with hookwright's path" "next: systemctl reload docker"
cp /etc/docker/daemon.json "$at/"
kill -HUP "${servers[-1]}" # what 'systemctl reload docker' does
wait_for 10 sh -c "docker info --format '{{json .Runtimes}}' | grep -q hookwright"
checks "reloaded" 0 "ok  in effect    docker run --runtime hookwright"
in_docker --runtime hookwright -e HW_TEST=touch -- sh -c "$in_container"
is "$status $out" "0 found /hooked"$'\n'"payload ran" "runtime hookwright: a policy that is always active"
in_docker --runtime hookwright -- sh -c "$in_container"
is "$status $out" "0 payload ran" "runtime hookwright: a container no policy concerns"
in_docker --runtime hookwright -e HW_TEST=refuse -- sh -c "$in_container"
expect "runtime hookwright: a refusal reaches the user" failure "${refusal[@]}" "!payload ran"
in_docker --runtime hookwright-ldconfig -- sh -c "$with_library"
expect "runtime hookwright-ldconfig: it requests ldconfig-on-start" 0 "library found"
in_docker -- sh -c "$with_library"
expect "docker's own runtime stays" 127 "error while loading shared libraries"

done_testing
