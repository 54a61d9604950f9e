#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What hookwright-engines(7) has a newcomer type under each engine that is here, line by line, and what
# it shows of refusals; the policy is README.md's. hookwright is installed under /usr/local; debian:12 is our own small image.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
fetch_docker
enter_private podman conmon runc crun docker dockerd containerd ctr
cgroups_are_writable || skip_all "cgroups cannot be written"
overlay /usr/local || skip_all "cannot mount an overlay on /usr/local"

shopt -s extglob
readme=$top/README.md
image=docker.io/library/debian:12

manual=$top/cmd/man/hookwright-engines.7

# blocks SECTION LANGUAGE: the literal displays, each ended by an empty line; those that show what is
# printed begin with a prompt and are of language "text", others are "sh"
blocks() {
	awk -v section=".Ss $1" -v language="$2" '
		/^\.S[sh] / { here = $0 == section }
		here && /^\.Bd -literal/ { inside = 1; kind = ""; next }
		/^\.Ed/ { if (inside && kind == language) print ""; inside = 0 }
		here && inside {
			if (kind == "") kind = /^\$ / ? "text" : "sh"
			gsub(/^\\&/, ""); gsub(/\\-/, "-"); gsub(/\\e/, "\\")
			if (kind == language) print
		}' "$manual"
}

install_here() {
	rm -rf /etc/docker /usr/local/share/hookwright
	mkdir -p /usr/local/bin /usr/local/share/hookwright/policies.d /etc/hookwright/policies.d /etc/docker
	cp "$work/bin/hookwright" "$work/bin/hookwright-runtime" /usr/local/bin
	ln -sf hookwright-runtime /usr/local/bin/hookwright-runc
	ln -sf hookwright-runtime /usr/local/bin/hookwright-crun
	cp "$top"/policies/*.yaml /usr/local/share/hookwright/policies.d/
	awk '$0 == "```yaml" { inside = 1; next } inside && /^```/ { exit } inside' "$readme" \
		>/etc/hookwright/policies.d/refresh-cache.yaml
	# Where there is no journal, 'setup --check' asks for a log.
	[ -S /run/systemd/journal/socket ] ||
		printf 'version: 1\nlog: { file: %s }\n' "$work/hookwright.log" >/etc/hookwright/config.yaml
	PATH=$work/shims:/usr/local/bin:$PATH
}

# What an engine must be told here and not on a real host; each becomes the real one.
make_shims() {
	mkdir "$work/shims"
	shim docker "--network none --cgroup-parent /$cgroup_parent"
	shim ctr "--cgroup /$cgroup_parent/demo"
	printf '#!/bin/sh\necho "$*" >>%s/systemctl\n' "$work" >"$work/shims/systemctl"
	chmod 755 "$work/shims"/*
	cat >/etc/containers/containers.conf <<-END
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "none"
		[containers]
		netns = "none"
		$(has_sys_resource || echo 'default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]')
	END
	printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$work/storage" \
		"$work/run" >/etc/containers/storage.conf
}

shim() { # ENGINE OPTIONS of its 'run'
	printf '#!/bin/sh\n[ "$1" = run ] || exec %s "$@"\nshift\nexec %s run %s "$@"\n' \
		"$(type -P "$1")" "$(type -P "$1")" "$2" >"$work/shims/$1"
}

# typed SECTION LINE
typed() {
	run bash -c "$2"
	case $2 in
	*"ls -l /etc/ld.so.cache") expect "the manual, $1: $2" 0 "/etc/ld.so.cache" "!No such file" ;;
	*) expect "the manual, $1: $2" 0 ;;
	esac
}

# type_all SECTION PATTERN: the lines of its shell blocks, but those that match PATTERN
type_all() {
	local line
	while read -r line; do
		[ -z "$line" ] || [[ $line =~ $2 ]] || typed "$1" "$line"
	done < <(blocks "$1" sh)
}

# shows SECTION TEXT: what the block shows is in the last output; "..." stands for anything
shows() {
	local want got part rest
	want=$(tr -s '[:space:]' ' ' <<<"$2")
	got=$(tr -s '[:space:]' ' ' <<<"$out")
	rest=$got
	while IFS= read -r part; do
		[[ $rest == *"${part%" "}"* ]] || break
		rest=${rest#*"${part%" "}"}
	done <<<"${want//...*( )/$'\n'}"
	[ -z "$part" ] && [ -n "$want" ]
	result $? "the manual, $1: what a refusal looks like" "got:" "$got" "want:" "$want"
}

refused() { # SECTION [SED]: the block's command, changed by SED, is refused as the block shows
	local block
	block=$(blocks "$1" text)
	run bash -c "$(sed -n 's/^\$ //p' <<<"$block" | sed "${2-}")"
	[ "$status" != 0 ] || out="status 0: $out"
	shows "$1" "$(sed '/^\$ /d' <<<"$block")"
}

with_podman() {
	podman load -q -i "$work/image.tar" >/dev/null && podman tag localhost/hw:1 $image
	run podman run --rm debian:12 ls -l /etc/ld.so.cache
	expect "without a hook there is no cache" failure "No such file"
	type_all podman '^$'
	refused podman
}

# Before the file is there the daemon runs without it, as on a newcomer's machine.
with_docker() {
	local at=$work/docker old='does not have --annotation'
	mkdir "$at" && ln -s /etc/docker/daemon.json "$at/daemon.json" && echo '{}' >"$at/daemon.json"
	start_dockerd "$at" overlay2 || start_dockerd "$at" vfs || { skip "docker" "it does not start"; return; }
	export DOCKER_HOST=unix://$at/sock
	docker import -c 'ENV PATH=/bin:/sbin' -c 'CMD ["/bin/sh"]' "$work/layer.tar" debian:12 >/dev/null
	printf '#!/bin/sh\nkill -HUP %s && sleep 1\n' "${servers[-1]}" >"$work/shims/systemctl"
	type_all docker '--oci-hook'
	run bash -c "$(blocks docker sh | grep -e --oci-hook)"
	if [[ $out == *"$old"* ]]; then
		expect "the manual, docker: before 24 it says so" 2 "$old"
		jq '.runtimes["hookwright-refresh"] = (.runtimes["hookwright-ldconfig"]
			| .runtimeArgs = ["--hookwright-request=refresh-cache"])' \
			/etc/docker/daemon.json >"$work/new" && cat "$work/new" >/etc/docker/daemon.json
		systemctl reload docker
		refused docker 's/^.*--oci-hook refresh-cache/docker run --runtime hookwright-refresh/'
	else
		expect "the manual, docker: --oci-hook" 0 "/etc/ld.so.cache"
		refused docker
	fi
}

with_containerd() {
	local config=$work/ctr.toml
	printf 'version = 2\ndisabled_plugins = ["%s", "%s"]\n' io.containerd.grpc.v1.cri \
		io.containerd.internal.v1.opt >"$config"
	start_server "$work/ctr.log" containerd --config "$config" --root "$work/ctr-root"
	wait_for 20 ctr version || { skip "containerd" "it does not start"; return; }
	ctr image import "$work/image.tar" >/dev/null && ctr image tag localhost/hw:1 $image >/dev/null
	type_all "containerd and nerdctl" nerdctl
	refused "containerd and nerdctl"
}

# The cluster is missing, and CRI-O; setup-containerd.sh makes pods.
with_kubernetes() {
	rm -rf /etc/containerd && mkdir /etc/containerd
	printf '#!/bin/sh\n' >"$work/shims/systemctl"
	type_all Kubernetes 'kubectl|crio'
	run bash -c 'mkdir -p /etc/crio/crio.conf.d; hookwright setup crio >/etc/crio/crio.conf.d/50-hookwright.conf'
	expect "the manual, Kubernetes: the file for CRI-O" 0
}

mkdir -p "$work/image/usr/bin" "$work/image/var/cache"
make_image || exit 2
make_shims
install_here
with_podman
with_docker
with_containerd
with_kubernetes
done_testing
