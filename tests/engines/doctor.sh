#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# 'doctor --container': what real engines know of a container that died.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

fetch_docker
enter_private podman conmon containerd ctr containerd-shim-runc-v2 runc crun
cgroups_are_writable || skip_all "cgroups cannot be written"

export CONTAINERS_STORAGE_CONF=$work/storage.conf CONTAINERS_CONF=$work/containers.conf
set_flags

doctor() { # ARG...
	run "$work/bin/hookwright" doctor "$@"
}

with_podman() {
	local gone
	cat >"$CONTAINERS_STORAGE_CONF" <<-END
		[storage]
		driver = "overlay"
		graphroot = "$work/storage"
		runroot = "$work/run"
	END
	cat >"$CONTAINERS_CONF" <<-END
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "none"
		tmp_dir = "$work/tmp"
	END
	run podman load -q -i "$work/image.tar"
	expect "podman: the image loads" 0
	# podman looks for the program on the host, where this one is; the container lacks it.
	cp "$(command -v jq)" "$work/host-only"
	mkdir "$work/hooks"
	jq -n --arg path "$work/host-only" '{version: "1.0.0", hook: {path: $path},
		when: {always: true}, stages: ["startContainer"]}' >"$work/hooks/a.json"
	run podman --hooks-dir "$work/hooks" --runtime runc run --name dead "${flags[@]}" localhost/hw:1 true
	expect "podman: the container dies" failure
	doctor --container dead
	expect "podman: its log and its bundle are read" 0 "podman: the bundle of 'dead' is /" \
		"$work/host-only" "is not mounted" "podman mount"
	doctor --json --container dead --engine podman
	expect "podman: named by --engine" 0 '"rootfsNotMounted"'
	doctor --container dead --engine containerd
	expect "podman: another engine does not know it" 3 "containerd does not know the container 'dead'"
	gone=$(podman container inspect --format '{{.OCIConfigPath}}' dead)
	rm -f "$gone"
	doctor --container dead
	expect "podman: without a bundle the log is read" 0 "only its log is read" "$work/host-only"
	run podman rm -f dead
}

with_containerd() {
	local at=$work/containerd
	export CONTAINERD_ADDRESS=$at/sock
	make_containerd_config "$at"
	start_server "$at/log" containerd --config "$at/config.toml"
	wait_for 20 ctr version || {
		is "$(tail -n 1 "$at/log")" "" "containerd: it starts"
		return
	}
	run ctr images import "$work/image.tar"
	expect "containerd: the image loads" 0
	run ctr run -d --cgroup "/$cgroup_parent/alive" localhost/hw:1 alive sleep 60
	expect "containerd: a container starts" 0
	doctor --container alive
	expect "containerd: its bundle is found" 1 \
		"containerd: the bundle of 'alive' is /run/containerd/io.containerd.runtime.v2.task/default/alive"
	run ctr tasks kill -s KILL alive
}

with_docker() {
	local at=$work/docker
	if ! command -v dockerd >/dev/null; then
		echo "# docker cannot be had: no dockerd"
		return
	fi
	export DOCKER_HOST=unix://$at/sock
	mkdir "$at"
	echo '{}' >"$at/daemon.json"
	ln -s "$at/exec" /run/docker # where a daemon of the host has its containerd
	start_dockerd "$at" vfs
	is $? 0 "docker: the daemon starts"
	docker import -c 'CMD ["/bin/sh"]' "$work/layer.tar" hw:1 >/dev/null
	run docker run --name dead --network none --cgroup-parent "/$cgroup_parent" hw:1 /nowhere
	expect "docker: the container dies" failure
	doctor --container dead --engine docker
	expect "docker: its error is read" 0 "/nowhere" "only its log is read"
	run docker run -d --name alive --network none --cgroup-parent "/$cgroup_parent" hw:1 sleep 60
	expect "docker: a container starts" 0
	doctor --container alive
	expect "docker: its bundle is found" 1 \
		"docker: the bundle of 'alive' is /run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/"
	run docker rm -f alive dead
}

make_image && make_config && make_observers || exit 2
with_podman
with_containerd
with_docker
done_testing
