# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034 # its variables are for the tests
# For the tests of this directory, after tests/e2e/lib.sh: real engines with hookwright as their
# runtime.
#
# A test calls enter_private first: it runs again in mount, pid, network and ipc namespaces of its
# own, with overlays on /etc and /var/lib, and a tmpfs on /run. So configuration can stand where it
# stands on a real machine, nothing reaches a network, and when the test ends, however it ends, no
# process, mount or file of it is left.
#
# $work                the directory of this test; all that an engine writes is below it
# $work/bin            the program under its four names
# $HOOKWRIGHT_RUNTIME  the program that is tested as a runtime, if it is not $HOOKWRIGHT-runtime

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../e2e/lib.sh"

# What a test may not take from whoever runs it
unset XDG_CONFIG_HOME XDG_RUNTIME_DIR CONTAINERS_CONF CONTAINER_HOST DOCKER_HOST
out='' status=0

skip_all() { echo "1..0 # SKIP $1" && exit 0; }

# run COMMAND...: $out is what it printed, stderr and all, $status its status. crun before 1.17 fails
# at random when a hook ends without having read its stdin, as ldconfig does.
run() {
	for _ in 1 2 3; do
		out=$(timeout -k 5 60 "$@" 2>&1 < <(nothing))
		status=$?
		[[ $out == *"writing to pipe: Broken pipe"* ]] || break
	done
}

# expect NAME STATUS TEXT...: of the last run; STATUS may be "any" or "failure"; every TEXT is in
# the output, and none of those that begin with '!'
expect() {
	local name=$1 want=$2 why='' text
	shift 2
	case $want in
	any) ;;
	failure) [ "$status" != 0 ] || why+=$'\nstatus 0, want a failure' ;;
	*) [ "$status" = "$want" ] || why+=$'\n'"status $status, want $want" ;;
	esac
	for text in "$@"; do
		case $text in
		!*) [[ $out != *"${text#!}"* ]] || why+=$'\n'"has: ${text#!}" ;;
		*) [[ $out == *"$text"* ]] || why+=$'\n'"lacks: $text" ;;
		esac
	done
	[ -z "$why" ]
	result $? "$name" "output:" "$out$why"
}

# wait_for SECONDS COMMAND...: until it succeeds
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# --- the private world ---

missing_tool() {
	local tool
	for tool in "$@"; do
		type -P "$tool" >/dev/null || { echo "$tool" && return; }
	done
}

private_flags=(--mount --propagation private --pid --fork --kill-child --mount-proc --net --ipc)

# enter_private TOOL...: only returns inside
enter_private() {
	local tool code=0
	if [ -n "${HW_PRIVATE-}" ]; then
		furnish
		return
	fi
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	tool=$(missing_tool unshare mount busybox jq "$@")
	[ -z "$tool" ] || skip_all "no $tool"
	unshare "${private_flags[@]}" true 2>/dev/null || skip_all "this host allows no private namespaces"
	# Its directory is inside this one, which outlives the namespace and every mount.
	HW_PRIVATE=hw-$(basename "$work") TMPDIR=$work unshare "${private_flags[@]}" "$BASH" "$0" &
	# A signal ends this shell only; the namespace, and all in it, goes with unshare.
	# shellcheck disable=SC2064 # the pid of now
	trap "kill -KILL $! 2>/dev/null; exit 130" HUP INT TERM
	wait $! || code=$?
	# Engines leave empty cgroups; theirs are below one of this name.
	find /sys/fs/cgroup -depth -type d -path "*/hw-$(basename "$work")*" -exec rmdir {} + 2>/dev/null
	exit "$code"
}

furnish() {
	umask 022
	trap stop_servers EXIT # the directory is the outer one's to remove, when no mount is left
	cgroup_parent=$HW_PRIVATE
	mkdir "$work/bin" "$work/home" "$work/over" || exit 2
	export HOME=$work/home TMPDIR=$work
	if ! mount -t tmpfs -o mode=755 tmpfs /run ||
		! mount -t tmpfs -o mode=755 tmpfs "$work/over" || ! overlay /etc || ! overlay /var/lib; then
		skip_all "cannot mount an overlay on /etc"
	fi
	rm -rf /etc/hookwright /etc/containers/containers.conf /etc/containers/containers.conf.d
	install_program
}

overlay() { # DIRECTORY: what is written there from now on is ours only
	local at=$work/over/${1//\//-}
	mkdir "$at" "$at/upper" "$at/work" &&
		mount -t overlay overlay -o "lowerdir=$1,upperdir=$at/upper,workdir=$at/work" "$1"
}

# The program stands where a user of rootless podman reaches it, under all its names.
install_program() {
	local name
	cp "$HOOKWRIGHT" "$work/bin/hookwright" &&
		cp "${HOOKWRIGHT_RUNTIME:-$HOOKWRIGHT-runtime}" "$work/bin/hookwright-runtime" || exit 2
	chmod 755 "$work/bin"/*
	for name in hookwright-runc hookwright-crun; do
		ln -s hookwright-runtime "$work/bin/$name"
	done
}

# What podman's default limits need; a runner without it gets limits it may set.
has_sys_resource() {
	[ $((0x$(sed -n 's/^CapEff:\t//p' /proc/self/status) >> 24 & 1)) = 1 ]
}

cgroups_are_writable() {
	local at=/sys/fs/cgroup
	[ -d $at/pids ] && at=$at/pids
	mkdir "$at/$cgroup_parent-probe" 2>/dev/null && rmdir "$at/$cgroup_parent-probe"
}

# --- servers, ended by pid ---

# $flags: what a container of docker or podman is given here
set_flags() {
	flags=(--network=none --cgroup-parent="/$cgroup_parent")
	has_sys_resource || flags+=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
}

# set_podman STORAGE-DRIVER [COMMAND...]: $podman, with a storage of its own, and $flags of its 'run'
set_podman() {
	local driver=$1
	shift
	[ $# != 0 ] || set -- podman
	podman=("$@" --root "$work/storage" --runroot "$work/run" --tmpdir "$work/tmp"
		--storage-driver="$driver" --cgroup-manager=cgroupfs --events-backend=none)
	set_flags
}

# DIRECTORY/config.toml. The name of a section and the version of the file changed; these have been
# read by all versions so far.
make_containerd_config() { # DIRECTORY
	mkdir "$1"
	cat >"$1/config.toml" <<-END
		version = 2
		root = "$1/root"
		disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
		[grpc]
		  address = "$1/sock"
		[ttrpc]
		  address = "$1/sock.ttrpc"
	END
}

servers=()
# start_server LOG COMMAND...
start_server() {
	local log=$1
	shift
	"$@" >"$log" 2>&1 < <(nothing) &
	servers+=($!)
}
stop_servers() {
	local pid
	for pid in "${servers[@]}"; do
		kill "$pid" 2>/dev/null
		wait_for 10 test ! -d "/proc/$pid" || kill -KILL "$pid" 2>/dev/null
	done
	servers=()
}

# --- docker ---

docker_cache=${XDG_CACHE_HOME:-/var/cache}/hookwright-tests/docker

# Call it before enter_private, for inside there is no network. The packages are unpacked into a cache
# and never installed, because their set-up starts a daemon.
fetch_docker() {
	if [ -z "${HW_PRIVATE-}" ] && [ "$(id -u)" = 0 ] && ! command -v dockerd >/dev/null; then
		unpack_docker
	fi
	command -v dockerd >/dev/null || PATH=$docker_cache/usr/bin:$docker_cache/usr/sbin:$PATH
}

unpack_docker() {
	local part=$docker_cache.$$ package
	[ -x "$docker_cache/usr/sbin/dockerd" ] && return
	command -v apt-get >/dev/null && mkdir -p "$part" || return
	(cd "$part" && timeout 240 apt-get -q download docker.io tini) >/dev/null 2>&1 &&
		for package in "$part"/*.deb; do
			dpkg-deb -x "$package" "$part" || break
			rm "$package"
		done
	[ -x "$part/usr/sbin/dockerd" ] && rm -rf "$docker_cache" && mv "$part" "$docker_cache"
	rm -rf "$part"
}

# start_dockerd DIRECTORY STORAGE-DRIVER: a daemon whose configuration is DIRECTORY/daemon.json and
# whose socket is DIRECTORY/sock; fails if it does not come up
start_dockerd() {
	[ ! -d /opt ] || overlay /opt # where its containerd makes a directory
	start_server "$1/log" dockerd --config-file "$1/daemon.json" --data-root "$1/data" \
		--exec-root "$1/exec" --pidfile "$1/pid" --host "unix://$1/sock" --iptables=false \
		--ip-masq=false --ip-forward=false --bridge=none --storage-driver="$2" \
		--exec-opt native.cgroupdriver=cgroupfs
	wait_for 30 sh -c "test ! -d /proc/${servers[-1]} || docker --host unix://$1/sock version"
	docker --host "unix://$1/sock" version >/dev/null 2>&1
}

# --- the container image ---

# The image, as a layer ($work/layer.tar) and as an OCI archive ($work/image.tar): busybox,
# a shell of glibc, ldconfig, and a program (jq) whose libraries only ldconfig makes visible.
make_image() {
	local root=$work/image applet lib
	mkdir -p "$root"/{bin,sbin,etc,proc,sys,dev,tmp,opt/lib}
	cp "$(command -v busybox)" "$root/bin/busybox"
	for applet in cat echo env id ls mkdir rm sleep test touch true; do
		ln -s busybox "$root/bin/$applet"
	done
	cp /bin/dash "$root/bin/sh" && cp /sbin/ldconfig "$root/sbin/ldconfig" || return 1
	cp "$(command -v jq)" "$root/bin/jq"
	# libc and the loader where they always are, the others where only the cache finds them
	ldd "$root/bin/sh" "$root/bin/jq" | grep -o '/[^ ]*\.so[^ ]*' | sort -u >"$work/libraries"
	while read -r lib; do
		case $lib in
		*/ld-*.so* | */libc.so* | */libm.so* | */libpthread.so*)
			mkdir -p "$root/${lib%/*}" && cp -L "$lib" "$root/$lib" ;;
		*) cp -L "$lib" "$root/opt/lib/" ;;
		esac
	done <"$work/libraries"
	echo /opt/lib >"$root/etc/ld.so.conf"
	echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	tar -C "$root" --owner=0 --group=0 -cf "$work/layer.tar" . && make_archive
}

blob() { # FILE: stores it, prints its digest
	local digest
	digest=$(sha256sum "$1" | cut -d' ' -f1)
	cp "$1" "$work/oci/blobs/sha256/$digest"
	echo "sha256:$digest"
}

# make_archive: $work/image.tar; $image_command is what the image runs, in JSON
make_archive() {
	local oci=$work/oci json=$work/json layer config manifest arch size
	arch=$(uname -m | sed 's/x86_64/amd64/;s/aarch64/arm64/')
	mkdir -p "$oci/blobs/sha256"
	layer=$(blob "$work/layer.tar")
	jq -nc --arg l "$layer" --arg a "$arch" --argjson c "${image_command:-[\"/bin/sh\"]}" '
		{architecture: $a, os: "linux", config: {Env: ["PATH=/bin:/sbin"], Cmd: $c},
		rootfs: {type: "layers", diff_ids: [$l]}}' >"$json"
	config=$(blob "$json")
	size=$(wc -c <"$json")
	jq -nc --arg c "$config" --argjson cs "$size" --arg l "$layer" \
		--argjson ls "$(wc -c <"$work/layer.tar")" '{schemaVersion: 2,
		mediaType: "application/vnd.oci.image.manifest.v1+json",
		config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $c, size: $cs},
		layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar", digest: $l, size: $ls}]
		}' >"$json"
	manifest=$(blob "$json")
	size=$(wc -c <"$json")
	jq -nc --arg m "$manifest" --argjson s "$size" '{schemaVersion: 2, manifests: [
		{mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $m, size: $s,
		annotations: {"org.opencontainers.image.ref.name": "localhost/hw:1",
			"io.containerd.image.name": "localhost/hw:1"}}]}' >"$oci/index.json"
	echo '{"imageLayoutVersion":"1.0.0"}' >"$oci/oci-layout"
	tar -C "$oci" -cf "$work/image.tar" .
}

# --- policies ---

# make_policies DIRECTORY: the policies of every test. Which of them concern a container its environment
# tells: every engine can set that, not every one can set annotations.
make_policies() {
	local dir=$1
	mkdir -p "$dir"
	cat >"$dir/touch-hooked.yaml" <<-'END'
		version: 1
		when: { env: { HW_TEST: touch } }
		hook:
		  path: /bin/sh
		  args: [sh, -c, "cat >/dev/null; touch /hooked"]
	END
	cat >"$dir/needs-missing.yaml" <<-'END'
		version: 1
		when: { env: { HW_TEST: refuse } }
		hook:
		  path: /no/such/hook
	END
	cat >"$dir/warns-missing.yaml" <<-'END'
		version: 1
		when: { env: { HW_TEST: warn } }
		otherwise: warn
		hook:
		  path: /no/such/warned
	END
	cat >"$dir/touch-asked.yaml" <<-'END'
		version: 1
		activation: requested
		hook:
		  path: /bin/sh
		  args: [sh, -c, "cat >/dev/null; touch /asked"]
	END
	cp "$top/policies/ldconfig-on-start.yaml" "$dir/"
	chmod 644 "$dir"/*.yaml
}

# The configuration of a machine where hookwright is installed for root; it has no journal.
make_config() {
	mkdir -p /etc/hookwright
	printf 'version: 1\nruntime: [runc, crun]\nlog: { file: %s/hookwright.log }\n' "$work" \
		>/etc/hookwright/config.yaml
	make_policies /etc/hookwright/policies.d
}

kill_switch=/run/hookwright/disable
turn_off() { mkdir -p "${kill_switch%/*}" && : >"$kill_switch"; }
turn_on() { rm -f "$kill_switch"; }

# What the tests run in a container.
# shellcheck disable=SC2016 # expanded there
in_container='for f in /hooked /asked; do test -e $f && echo "found $f"; done; echo payload ran'
with_library='/bin/jq -n "\"library \" + \"found\""'
# What our refusal of needs-missing must tell the engine's user.
refusal=(needs-missing /no/such/hook)

# start_journal: the real journald; false if there is none. It logs to below /run, the namespace's.
start_journal() {
	tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
	mkdir -p /run/systemd /run/log/journal
	SYSTEMD_LOG_TARGET=null start_server "$work/journald.log" /lib/systemd/systemd-journald
	wait_for 10 test -S /run/systemd/journal/socket
}

# --- the observer ---

# $work/bin/observed-RUNTIME: notes the bundle and keeps config.json as the engine wrote it, then
# becomes hookwright-RUNTIME.
make_observers() {
	local runtime
	mkdir -p "$work/seen"
	for runtime in runc crun; do
		cat >"$work/bin/observed-$runtime" <<-END
			#!/bin/bash
			args=("\$@")
			for ((i = 0; i < \$#; i++)); do
			    if [ "\${args[i]}" = --bundle ]; then
			        bundle=\${args[i + 1]}
			        echo "\$bundle" >$work/seen/bundle
			        cp "\$bundle/config.json" $work/seen/config.json
			        stat -c '%i %y %s' "\$bundle/config.json" >$work/seen/stat
			    fi
			done
			exec $work/bin/hookwright-$runtime "\$@"
		END
		chmod 755 "$work/bin/observed-$runtime"
	done
}

# expect_untouched NAME: the running container's config.json is the engine's own, inode and all
expect_untouched() {
	local bundle
	bundle=$(cat "$work/seen/bundle" 2>/dev/null)
	is "$(stat -c '%i %y %s' "$bundle/config.json" 2>&1; sha256sum "$bundle/config.json" | cut -c-64)" \
		"$(cat "$work/seen/stat"; sha256sum "$work/seen/config.json" | cut -c-64)" "$1"
}

# expect_only_hook NAME: all that differs from the engine's file is one startContainer hook, ours
expect_only_hook() {
	local bundle
	bundle=$(cat "$work/seen/bundle" 2>/dev/null)
	run jq -r --slurpfile was "$work/seen/config.json" '
		def rest: del(.hooks.startContainer) | if .hooks == {} then del(.hooks) else . end;
		if rest == ($was[0] | rest) then "rest is equal" else "rest differs" end,
		(.hooks.startContainer | length, map(.env[0]))' "$bundle/config.json"
	expect "$1" 0 "rest is equal" $'\n1\n' '"_HOOKWRIGHT_POLICY=touch-hooked"'
}
