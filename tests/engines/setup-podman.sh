#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What 'setup podman' prints, in a real podman: containers.conf, the precreate hook, and the lines of
# a Quadlet unit.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private podman conmon runc crun
cgroups_are_writable || skip_all "cgroups cannot be written"

hookwright=$work/bin/hookwright
podman=(podman --root "$work/storage" --runroot "$work/run" --tmpdir "$work/tmp"
	--storage-driver=overlay --cgroup-manager=cgroupfs --events-backend=none)
flags=(--rm --network=none)
cgroup=(--cgroup-parent="/$cgroup_parent")
has_sys_resource || flags+=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
image=localhost/hw:1
ask=io.hookwright.policies=touch-asked

# in_podman OPTION... -- COMMAND...: options of podman run
in_podman() {
	local options=()
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	# Once in some hundreds podman 4.3 loses what a short container printed.
	for _ in 1 2; do
		run "${podman[@]}" run "${flags[@]}" "${cgroup[@]}" "${options[@]}" $image "$@"
		[ "$status$out" = 0 ] || break
	done
}

checks() { # WHEN STATUS TEXT...
	local when=$1
	shift
	run "$hookwright" setup --check podman
	expect "setup --check podman: $when" "$@"
}

containers_conf() {
	checks before 1 "NOT registered" "next: mkdir -p /etc/containers/containers.conf.d"
	mkdir -p /etc/containers/containers.conf.d
	"$hookwright" setup podman >/etc/containers/containers.conf.d/50-hookwright.conf
	checks after 0 "ok  registered   podman's 'hookwright-runtime' is $work/bin/hookwright-runtime" \
		"ok  in effect    for containers with --oci-hook"
	in_podman --runtime hookwright-runtime --annotation $ask -- sh -c "$in_container"
	is "$status $out" "0 found /asked"$'\n'"payload ran" "containers.conf: hookwright-runtime by name"
	local saved=("${cgroup[@]}")
	cgroup=(--cgroups=disabled)
	in_podman --runtime hookwright-crun --annotation $ask -- sh -c "$in_container"
	cgroup=("${saved[@]}")
	expect "containers.conf: hookwright-crun without cgroups" 0 "found /asked"
	in_podman --runtime hookwright-runc --annotation $ask -- sh -c "$in_container"
	expect "containers.conf: hookwright-runc" 0 "found /asked"
	in_podman -e HW_TEST=refuse --runtime hookwright-runtime -- sh -c "$in_container"
	expect "containers.conf: a refusal reaches the user" failure "${refusal[@]}" "!payload ran"
	named_runtimes
	in_podman --runtime crun -- sh -c "$in_container"
	expect "containers.conf: podman's own runtimes stay" 0 "payload ran"
	sed -i 's/^#runtime/runtime/' /etc/containers/containers.conf.d/50-hookwright.conf
	checks "with the commented line" 0 "ok  in effect    for every container"
	in_podman --annotation $ask -- sh -c "$in_container"
	expect "containers.conf: as the default runtime" 0 "found /asked"
	rm /etc/containers/containers.conf.d/50-hookwright.conf
}

# A runtime of these names is given a log for its errors: here one that notes its arguments.
named_runtimes() {
	local name conf=/etc/containers/containers.conf.d/50-hookwright.conf
	printf '#!/bin/sh\necho "$*" >>%s/noted\nexec %s/hookwright-runc "$@"\n' "$work" "$work/bin" \
		>"$work/bin/noting"
	chmod 755 "$work/bin/noting"
	cp $conf "$work/saved.conf"
	for name in hookwright-runtime hookwright-runc hookwright-crun; do
		sed -i "s|\"$work/bin/$name\"|\"$work/bin/noting\"|" $conf
		: >"$work/noted"
		in_podman --runtime $name -- true
		has "$(grep ' create ' "$work/noted")" "--log-format=json" "containers.conf: $name speaks JSON"
	done
	cp "$work/saved.conf" $conf
}

precreate() {
	local saved=("${podman[@]}")
	mkdir "$work/hooks.d"
	"$hookwright" setup podman --form precreate >"$work/hooks.d/hookwright.json" 2>"$work/notes"
	expect_notes "$work/notes" hooks.d
	podman+=(--hooks-dir "$work/hooks.d")
	in_podman --annotation $ask -- sh -c "$in_container"
	is "$status $out" "0 found /asked"$'\n'"payload ran" "precreate: the hook is added"
	in_podman -e HW_TEST=refuse -- sh -c "$in_container"
	expect "precreate: a refusal stops podman" failure "precreate hook" "!payload ran"
	podman=("${saved[@]}")
}

expect_notes() { # FILE TEXT: what cannot stand in the snippet is told
	has "$(cat "$1")" "$2" "the explanation is on stderr"
}

# Quadlet puts these words of the unit into 'podman run'. podman 4.3 has none to be asked.
quadlet() {
	local unit=$work/hookwright-demo.container
	"$hookwright" setup podman --form quadlet >"$unit"
	in_podman --annotation "$(sed -n 's/^Annotation=//p' "$unit")" \
		"$(sed -n 's/^PodmanArgs=//p' "$unit")" -- sh -c "$with_library"
	expect "quadlet: its annotation and its arguments" 0 "library found"
}

make_image && make_config || exit 2
# /var/lib is an overlay here, on which podman wants no other.
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$work/storage" "$work/run" \
	>/etc/containers/storage.conf
run "${podman[@]}" load -q -i "$work/image.tar"
expect "the image loads" 0
containers_conf
precreate
quadlet
done_testing
