# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For the tests of this directory: real engines with hookwright as their runtime.
#
# A test calls enter_private first: it runs again in mount, pid, network and ipc namespaces of its
# own, with overlays on /etc and
# /var/lib, and /run a tmpfs. So configuration can stand where it stands on a real
# machine, nothing reaches a network, and when the test ends, however it ends, no process, mount or
# file of it is left.
#
# $scratch           a directory of this test, root of everything an engine writes
# $scratch/bin       the program under its four names
# $HOOKWRIGHT        the program; $HOOKWRIGHT_RUNTIME instead of it where it acts as a runtime

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PATH=$PATH:/usr/sbin:/sbin
n=0 failures=0 out='' status=0
scratch=${HW_SCRATCH-}
# What a test may not take from whoever runs it.
unset XDG_CONFIG_HOME XDG_RUNTIME_DIR CONTAINERS_CONF CONTAINER_HOST DOCKER_HOST

# --- TAP ---

pass() { n=$((n + 1)) && echo "ok $n - $1"; }
skip() { n=$((n + 1)) && echo "ok $n - $1 # SKIP $2"; }
fail() { # NAME [WHY]
	n=$((n + 1)) failures=$((failures + 1))
	[ -z "${2-}" ] || printf '%s\n' "$2" | head -n 60 | sed 's/^/# /'
	echo "not ok $n - $1"
}
skip_all() { echo "1..0 # SKIP $1" && exit 0; }
finish() {
	echo "1..$n"
	[ "$failures" = 0 ]
	exit
}

# run COMMAND...: $out is what it printed, stderr and all, $status its status
run() {
	out=$(timeout -k 5 60 "$@" 2>&1 </dev/null)
	status=$?
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
	[ -z "$why" ] && pass "$name" || fail "$name" "output:"$'\n'"$out$why"
}

# expect_same NAME GOT WANT
expect_same() {
	[ "$2" = "$3" ] && pass "$1" || fail "$1" "got:"$'\n'"$2"$'\n'"want:"$'\n'"$3"
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
		command -v "$tool" >/dev/null || { echo "$tool" && return; }
	done
}

# A test that fails under one name for want of a file and passes under another would say nothing.
the_program() {
	local program=${HOOKWRIGHT_RUNTIME:-${HOOKWRIGHT-}}
	[ -n "$program" ] || skip_all "neither HOOKWRIGHT nor HOOKWRIGHT_RUNTIME is set"
	[ -x "$program" ] || { echo "not ok 1 - $program cannot be run" && exit 1; }
}

# enter_private TOOL...: only returns inside
enter_private() {
	local tool code=0
	if [ -n "$scratch" ]; then
		furnish
		return
	fi
	the_program
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	tool=$(missing_tool unshare mount busybox jq "$@")
	[ -z "$tool" ] || skip_all "no $tool"
	unshare --mount --pid --fork --net --ipc true 2>/dev/null ||
		skip_all "this host allows no private namespaces"
	scratch=$(mktemp -d) && chmod 755 "$scratch" || exit 2
	HW_SCRATCH=$scratch unshare --mount --propagation private --pid --fork --kill-child \
		--mount-proc --net --ipc "$BASH" "$0" &
	# Signals reach only this shell; the namespace then goes with unshare.
	# shellcheck disable=SC2064 # the pid of now
	trap "kill -KILL $! 2>/dev/null" HUP INT TERM
	wait $! || code=$?
	leave
	exit "$code"
}

# Engines leave empty cgroups of their own names' behind; ours are named after the scratch directory.
leave() {
	local tag
	tag=$(basename "$scratch")
	find /sys/fs/cgroup -depth -type d -path "*/hw-$tag*" -exec rmdir {} + 2>/dev/null
	rm -rf --one-file-system "$scratch"
}

furnish() {
	umask 022
	trap stop_servers EXIT
	cgroup_parent=hw-$(basename "$scratch")
	# crun refuses hosts that mount both cgroup hierarchies; without the second one they look
	# like plain v1 to everything that runs in here.
	mountpoint -q /sys/fs/cgroup/unified && umount /sys/fs/cgroup/unified
	mkdir "$scratch/bin" "$scratch/home" "$scratch/over" || exit 2
	export HOME=$scratch/home TMPDIR=$scratch
	mount -t tmpfs -o mode=755 tmpfs /run && mount -t tmpfs -o mode=755 tmpfs "$scratch/over" &&
		overlay /etc && overlay /var/lib || skip_all "cannot mount an overlay on /etc"
	rm -rf /etc/hookwright /etc/containers/containers.conf* /etc/containers/oci
	install_program
}

overlay() { # DIRECTORY: what is written there from now on is ours only
	local at=$scratch/over/${1//\//-}
	mkdir "$at" "$at/upper" "$at/work" &&
		mount -t overlay overlay -o "lowerdir=$1,upperdir=$at/upper,workdir=$at/work" "$1"
}

# The program stands where a user of rootless podman reaches it, under all its names.
install_program() {
	local name
	cp "${HOOKWRIGHT_RUNTIME:-$HOOKWRIGHT}" "$scratch/bin/hookwright" || exit 2
	chmod 755 "$scratch/bin/hookwright"
	for name in hookwright-runtime hookwright-runc hookwright-crun; do
		ln -s hookwright "$scratch/bin/$name"
	done
	hookwright=$scratch/bin/hookwright
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

servers=()
# start_server LOG COMMAND...
start_server() {
	local log=$1
	shift
	"$@" >"$log" 2>&1 </dev/null &
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

# --- the container image ---

# The image, as a layer ($scratch/layer.tar) and as an OCI archive ($scratch/image.tar): busybox,
# a shell of glibc, ldconfig, and a program (jq) whose libraries only ldconfig makes visible.
make_image() {
	local root=$scratch/image applet lib
	mkdir -p "$root"/{bin,sbin,etc,proc,sys,dev,tmp,opt/lib}
	cp "$(command -v busybox)" "$root/bin/busybox"
	for applet in cat echo env id ls mkdir rm sleep test touch true; do
		ln -s busybox "$root/bin/$applet"
	done
	cp /bin/dash "$root/bin/sh" && cp /sbin/ldconfig "$root/sbin/ldconfig" || return 1
	cp "$(command -v jq)" "$root/bin/jq"
	# libc and the loader where they always are, the others where only the cache finds them
	ldd "$root/bin/sh" "$root/bin/jq" | grep -o '/[^ ]*\.so[^ ]*' | sort -u >"$scratch/libraries"
	while read -r lib; do
		case $lib in
		*/ld-*.so* | */libc.so* | */libm.so* | */libpthread.so*)
			mkdir -p "$root/${lib%/*}" && cp -L "$lib" "$root/$lib" ;;
		*) cp -L "$lib" "$root/opt/lib/" ;;
		esac
	done <"$scratch/libraries"
	echo /opt/lib >"$root/etc/ld.so.conf"
	echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	tar -C "$root" --owner=0 --group=0 -cf "$scratch/layer.tar" . && make_archive
}

blob() { # FILE: stores it, prints its digest
	local digest
	digest=$(sha256sum "$1" | cut -d' ' -f1)
	cp "$1" "$scratch/oci/blobs/sha256/$digest"
	echo "sha256:$digest"
}

make_archive() {
	local oci=$scratch/oci json=$scratch/json layer config manifest arch
	arch=$(uname -m | sed 's/x86_64/amd64/;s/aarch64/arm64/')
	mkdir -p "$oci/blobs/sha256"
	layer=$(blob "$scratch/layer.tar")
	jq -nc --arg l "$layer" --arg a "$arch" '{architecture: $a, os: "linux",
		config: {Env: ["PATH=/bin:/sbin"], Cmd: ["/bin/sh"]},
		rootfs: {type: "layers", diff_ids: [$l]}}' >"$json"
	config=$(blob "$json")
	jq -nc --arg c "$config" --argjson cs "$(wc -c <"$json")" --arg l "$layer" \
		--argjson ls "$(wc -c <"$scratch/layer.tar")" '{schemaVersion: 2,
		mediaType: "application/vnd.oci.image.manifest.v1+json",
		config: {mediaType: "application/vnd.oci.image.config.v1+json", digest: $c, size: $cs},
		layers: [{mediaType: "application/vnd.oci.image.layer.v1.tar", digest: $l, size: $ls}]
		}' >"$json"
	manifest=$(blob "$json")
	jq -nc --arg m "$manifest" --argjson s "$(wc -c <"$json")" '{schemaVersion: 2, manifests: [
		{mediaType: "application/vnd.oci.image.manifest.v1+json", digest: $m, size: $s,
		annotations: {"org.opencontainers.image.ref.name": "localhost/hw:1",
			"io.containerd.image.name": "localhost/hw:1"}}]}' >"$oci/index.json"
	echo '{"imageLayoutVersion":"1.0.0"}' >"$oci/oci-layout"
	tar -C "$oci" -cf "$scratch/image.tar" .
}

# --- policies ---

# The policies of every test, in directory $1. Which of them concern a container its environment
# tells: every engine can set that, not every one can set annotations.
make_policies() {
	local dir=$1
	mkdir -p "$dir"
	cat >"$dir/touch-hooked.yaml" <<-'END'
		version: 1
		when: { env: { HW_TEST: touch } }
		hook:
		  path: /bin/touch
		  args: [touch, /hooked]
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
		  path: /bin/touch
		  args: [touch, /asked]
	END
	cp "$top/policies/ldconfig-on-start.yaml" "$dir/"
	chmod 644 "$dir"/*.yaml
}

# The configuration of a machine where hookwright is installed for root.
make_config() {
	mkdir -p /etc/hookwright
	printf 'version: 1\nruntime: [runc, crun]\n' >/etc/hookwright/config.yaml
	make_policies /etc/hookwright/policies.d
}

kill_switch=/run/hookwright/disable
turn_off() { mkdir -p "${kill_switch%/*}" && : >"$kill_switch"; }
turn_on() { rm -f "$kill_switch"; }

# What the tests run in a container.
in_container='for f in /hooked /asked; do test -e $f && echo "found $f"; done; echo payload ran'
with_library='/bin/jq -n "\"library \" + \"found\""'
# What our refusal of needs-missing must tell the engine's user.
refusal=(needs-missing /no/such/hook)

# --- the observer ---

# $scratch/bin/observed-RUNTIME: notes the bundle and keeps config.json as the engine wrote it, then
# becomes hookwright-RUNTIME.
make_observers() {
	local runtime
	mkdir -p "$scratch/seen"
	for runtime in runc crun; do
		cat >"$scratch/bin/observed-$runtime" <<-END
			#!/bin/bash
			args=("\$@")
			for ((i = 0; i < \$#; i++)); do
			    if [ "\${args[i]}" = --bundle ]; then
			        bundle=\${args[i + 1]}
			        echo "\$bundle" >$scratch/seen/bundle
			        cp "\$bundle/config.json" $scratch/seen/config.json
			        stat -c '%i %y %s' "\$bundle/config.json" >$scratch/seen/stat
			    fi
			done
			exec $scratch/bin/hookwright-$runtime "\$@"
		END
		chmod 755 "$scratch/bin/observed-$runtime"
	done
}

# expect_untouched NAME: the running container's config.json is the engine's own, inode and all
expect_untouched() {
	local bundle
	bundle=$(cat "$scratch/seen/bundle" 2>/dev/null)
	expect_same "$1" "$(stat -c '%i %y %s' "$bundle/config.json" 2>&1; sha256sum <"$bundle/config.json")" \
		"$(cat "$scratch/seen/stat"; sha256sum <"$scratch/seen/config.json")"
}

# expect_only_hook NAME: all that differs from the engine's file is one startContainer hook, ours
expect_only_hook() {
	local bundle
	bundle=$(cat "$scratch/seen/bundle" 2>/dev/null)
	run jq -r --slurpfile was "$scratch/seen/config.json" '
		def rest: del(.hooks.startContainer) | if .hooks == {} then del(.hooks) else . end;
		if rest == ($was[0] | rest) then "rest is equal" else "rest differs" end,
		(.hooks.startContainer | length, map(.env[0]))' "$bundle/config.json"
	expect "$1" 0 "rest is equal" $'\n1\n' '"_HOOKWRIGHT_POLICY=touch-hooked"'
}
