#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Rootless podman: there the wrapper is root of a user namespace, sees an /etc of nobody's, and has
# few variables. Its configuration is the user's own, then root's.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private podman conmon runc crun newuidmap setpriv useradd
cgroups_are_writable || skip_all "cgroups cannot be written"

user=hw-rootless
home=$work/user
# Short, as a real one: podman waits 20 seconds for each container where it is long.
runtime_dir=/run/hw-user
as_user=(setpriv --reuid "$user" --regid "$user" --init-groups env -i -C "$home" "HOME=$home"
	"XDG_RUNTIME_DIR=$runtime_dir" PATH=/usr/sbin:/usr/bin:/sbin:/bin)
podman=("${as_user[@]}" podman --cgroup-manager=cgroupfs --events-backend=none)
flags=(--network=none)
has_sys_resource || flags+=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
image=localhost/hw:1

make_user() {
	# On the overlay; it fills /etc/subuid too. The home must be the one in passwd: podman calls
	# "start" and "delete" without HOME, and "delete" even without PATH.
	useradd -M -d "$home" -s /bin/sh $user 2>/dev/null
	grep -q $user /etc/subuid || skip_all "useradd gives no subordinate ids"
	mkdir -p "$runtime_dir" "$home/.config" && chmod 700 "$runtime_dir" &&
		chown -R $user: "$runtime_dir" "$home"
	"${as_user[@]}" test -x "$work/bin/hookwright" || skip_all "other users cannot reach $work"
}

# The first run of podman pins its storage driver.
load_image() {
	local driver
	for driver in overlay vfs; do
		rm -rf "$home/.local"
		run "${podman[@]}" --storage-driver=$driver load -q -i "$work/image.tar"
		[ "$status" != 0 ] || break
	done
	podman+=("--storage-driver=$driver")
	expect "rootless: the image loads ($driver)" 0
}

in_podman() { # OPTION... -- COMMAND...
	local options=()
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	shift
	# Once in some hundreds podman 4.3 loses what a short container printed.
	for _ in 1 2; do
		run "${podman[@]}" --runtime "$runtime" run --rm "${flags[@]}" "${options[@]}" $image "$@"
		[ "$status$out" = 0 ] || break
	done
}

as_runtime() { # NAME of the runtime
	local runtime=$work/bin/hookwright-$1 name=rootless/$1
	in_podman -e HW_TEST=touch -- sh -c "$in_container"
	is "$status $out" "0 found /hooked"$'\n'"payload ran" "$name: run: root's policies are applied"
	in_podman -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: run: a container no policy concerns"
	in_podman --annotation io.hookwright.policies=ldconfig-on-start -- sh -c "$with_library"
	expect "$name: ldconfig-on-start makes a library visible" 0 "library found"
	in_podman --user 1 --annotation io.hookwright.policies=ldconfig-on-start -- sh -c "$in_container"
	expect "$name: ldconfig-on-start refuses another user's container" failure \
		"refused: policy 'ldconfig-on-start' needs 'uid: 0'" "!payload ran"
	in_podman -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: a refusal reaches the user" failure "${refusal[@]}" "!payload ran"
	in_podman -e HW_TEST=warn -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: a warning is not in the output"

	run "${podman[@]}" --runtime "$runtime" run -d --name one "${flags[@]}" -e HW_TEST=touch $image sleep 60
	run "${podman[@]}" --runtime "$runtime" exec one sh -c "$in_container"
	expect "$name: exec" 0 "found /hooked" "payload ran"
	run "${podman[@]}" --runtime "$runtime" rm -f -t 0 one
	expect "$name: rm" 0

	"${as_user[@]}" sh -c "mkdir -p $runtime_dir/hookwright && : >$runtime_dir/hookwright/disable"
	in_podman -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: the user's own kill switch" 0 "payload ran"
	rm "$runtime_dir/hookwright/disable"
}

own_configuration() {
	local runtime=$work/bin/hookwright-runtime own=$home/.config/hookwright name=rootless/own
	mkdir -p "$own/policies.d"
	printf 'version: 1\nruntime: crun\n' >"$own/config.yaml"
	sed 's/HW_TEST: touch/HW_TEST: own/' /etc/hookwright/policies.d/touch-hooked.yaml \
		>"$own/policies.d/mine.yaml"
	: >"$own/policies.d/needs-missing.yaml"
	chown -R $user: "$own"
	run "${podman[@]}" --runtime "$runtime" info --format '{{.Host.OCIRuntime.Version}}'
	expect "$name: the user's configuration chooses the runtime" 0 "crun version"
	in_podman -e HW_TEST=own -- sh -c "$in_container"
	expect "$name: the user's policy" 0 "found /hooked"
	in_podman -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: root's policies stay" 0 "found /hooked"
	in_podman -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: the user's empty file masks root's policy" 0 "payload ran"
	rm -r "$own"
}

as_filter() {
	local runtime=$1 name=rootless/$1/filter dir=$home/filter saved=("${podman[@]}")
	mkdir -p "$dir"
	jq -n --arg path "$work/bin/hookwright" '{version: "1.0.0", when: {always: true},
		hook: {path: $path, args: ["hookwright", "filter"]}, stages: ["precreate"]}' \
		>"$dir/filter.json"
	podman+=(--hooks-dir "$dir")
	in_podman -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: the hook is applied" 0 "found /hooked"
	in_podman -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: a refusal stops podman" failure "precreate hook: executing [hookwright filter]" \
		"!payload ran"
	podman=("${saved[@]}")
}

make_image && make_config && make_user || exit 2
load_image
for each in runc crun; do
	as_runtime $each
	as_filter $each
done
own_configuration
done_testing
