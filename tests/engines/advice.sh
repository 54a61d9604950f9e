#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Hints that name a command of an engine, as tests/e2e/advice.sh executes the others: with the real
# podman and docker.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$top/tests/e2e/common.bash"
fetch_docker
enter_private podman conmon runc crun dockerd docker
cgroups_are_writable || skip_all "cgroups cannot be written"

hookwright=$work/bin/hookwright
set_podman vfs
image=localhost/hw:1

# does STATUS COMMAND...: what it prints is $out, and is where the hints must be
does() {
	local wanted=$1
	shift
	run "$@"
	see "$out"
	[ "$wanted" = any ] || [ "$status" = "$wanted" ] ||
		complain "status $status instead of $wanted of: $*"$'\n'"$out"
}

# dies CAUSE: what doctor says of a message with that cause
dies() {
	awk -v cause="$1" '/^== /{ if (hit) exit; text = ""; hit = 0 }
		/^text: /{ text = text substr($0, 7) "\n" } /^causes?: /{ hit = hit || $2 == cause }
		END { if (hit) printf "%s", text }' "$top/tests/data/doctor/cases" >"$work/message"
	[ -s "$work/message" ] || complain "no message has cause $1"
	does 0 "$hookwright" doctor "$work/message"
}

an_image() {
	local bundle
	gzip -k "$work/image.tar"
	does 3 "$hookwright" lint "$work/image.tar.gz"
	does 0 "${podman[@]}" load -q -i "$work/image.tar"
	does 0 "${podman[@]}" create --name lint "${flags[@]}" "$image" sleep 60
	does 0 "${podman[@]}" init lint
	does 0 "${podman[@]}" inspect --format '{{.OCIConfigPath}}' lint
	bundle=$out
	does 0 "$hookwright" lint --no-policies --follow "$bundle"
	[[ $out == *"1 bundle inspected"* ]] || complain "$out"
	does 0 "${podman[@]}" rm -f -t 0 lint
}

logs() {
	local policy='version: 1\nactivation: requested\nhook: { path: /bin/sh, args: [sh, -c, "echo hook says no >&2; exit 3"] }\n'
	# shellcheck disable=SC2059 # a format
	printf "$policy" >/etc/hookwright/policies.d/dies.yaml
	does any "$hookwright" "${podman[@]}" run --oci-hook dies -d --name dead "${flags[@]}" "$image" sleep 60
	: >"$work/empty"
	does 1 "$hookwright" doctor "$work/empty"
	run "${podman[@]}" logs dead
	run "$hookwright" doctor - <<<"$out"
	"${podman[@]}" logs dead >"$work/message" 2>&1
	does 0 "$hookwright" doctor "$work/message"
	dies hook-silent
	does 0 "${podman[@]}" rm -f -t 0 dead
	run "${podman[@]}" --log-level debug run --rm "${flags[@]}" "$image" true
	[[ $out == *level=debug* ]] || complain "podman --log-level debug run: $out"
}

precreate() {
	mkdir -p "$work/hooks.d"
	printf '{"version":"1.0.0","hook":{"path":"%s","args":["hookwright","filter","-r","refused"]},"when":{"always":true},"stages":["precreate"]}\n' \
		"$hookwright" >"$work/hooks.d/a.json"
	printf 'version: 1\nactivation: requested\nneeds: { uid: 7 }\nhook: { path: /bin/true }\n' \
		>/etc/hookwright/policies.d/refused.yaml
	run "${podman[@]}" --hooks-dir "$work/hooks.d" run --rm "${flags[@]}" "$image" true
	printf '%s\n' "$out" >"$work/message"
	does 0 "$hookwright" doctor "$work/message"
	run journalctl -t hookwright --no-pager -o cat
	[[ $out == *"needs 'uid: 7'"* ]] || complain "the journal does not have the reason"$'\n'"$out"
	rm /etc/hookwright/policies.d/refused.yaml
}

limits() {
	dies limit-denied
	run "${podman[@]}" run --rm "${flags[@]}" --ulimit nofile=1024:1024 "$image" sh -c 'ulimit -n'
	[[ $out == *1024* ]] || complain "podman run --ulimit: $out"
	dies cgroup-failed
	run "${podman[@]}" --help
	[[ $out == *--cgroup-manager* ]] || complain "podman has no --cgroup-manager"
	dies helper-failed
	dies wrapper-died
	does 0 "$work/bin/hookwright-runtime" --version
}

# What podman 4.3 makes of a device: whether it is in the file, and that no other name is.
devices() {
	mkdir -p /etc/cdi
	dies cdi-unresolvable
	dies cdi-invalid
	"$hookwright" policy export --to cdi touch-asked >/etc/cdi/hookwright.json 2>"$work/said" ||
		complain "$(cat "$work/said")"
	run "${podman[@]}" run --rm --device hookwright.io/policy=touch-asked "${flags[@]}" "$image" sh -c "$in_container"
	[[ $out == *"found /asked"* ]] || complain "podman run --device: $out"
	does 3 "$hookwright" lint /etc/cdi/hookwright.json
	does 0 "${podman[@]}" create --name device --device hookwright.io/policy=touch-asked "${flags[@]}" "$image" true
	does 0 "${podman[@]}" init device
	does 0 "${podman[@]}" inspect --format '{{.OCIConfigPath}}' device
	does 0 "$hookwright" lint --no-policies --follow "$out"
	does 0 "${podman[@]}" rm -f -t 0 device
	rm /etc/cdi/hookwright.json
}

capability() {
	printf 'version: 1\nactivation: requested\nneeds: { capabilities: CAP_SYS_ADMIN }\nhook: { path: /bin/true }\n' \
		>/etc/hookwright/policies.d/admin.yaml
	does any "$hookwright" "${podman[@]}" run --oci-hook admin --rm "${flags[@]}" "$image" true
	[ "$status" != 0 ] || complain "it was not refused"
	does 0 "$hookwright" "${podman[@]}" run --oci-hook admin --cap-add SYS_ADMIN --rm "${flags[@]}" "$image" true
	rm /etc/hookwright/policies.d/admin.yaml
}

unmounted() {
	local bundle mounted
	does 0 "${podman[@]}" create --name gone "${flags[@]}" "$image" true
	does 0 "${podman[@]}" init gone
	does 0 "${podman[@]}" inspect --format '{{.OCIConfigPath}}' gone
	bundle=$out
	mkdir -p "$work/copy/rootfs"
	jq '.root.path = "rootfs"' "$bundle" >"$work/copy/config.json"
	does 1 "$hookwright" doctor "$work/copy"
	does 0 "${podman[@]}" mount gone
	mounted=$out
	does 1 "$hookwright" doctor --rootfs "$mounted" "$work/copy"
	[[ $out != *"is empty or missing here"* ]] || complain "after the advice: $out"
	does 0 "${podman[@]}" rm -f -t 0 gone
}

setting_up() {
	mkdir -p /etc/containers
	printf '[storage]\ndriver = "vfs"\ngraphroot = "%s"\nrunroot = "%s"\n' "$work/storage" "$work/run" \
		>/etc/containers/storage.conf
	does any "$hookwright" setup --check podman
	mkdir -p /etc/containers/containers.conf.d &&
		"$hookwright" setup podman >/etc/containers/containers.conf.d/50-hookwright.conf 2>/dev/null
	run "$hookwright" setup --check podman
	[[ $out == *"ok  registered"* ]] || complain "after the advice: $out"
	rm -f /etc/docker/daemon.json
	mkdir -p /etc/docker
	does any "$hookwright" setup --check docker
	"$hookwright" setup docker >/etc/docker/daemon.json 2>/dev/null
	run "$hookwright" setup --check docker
	[[ $out == *"ok  registered"* ]] || complain "after the advice: $out"
	echo '{ "debug": true }' >/etc/docker/daemon.json
	does any "$hookwright" setup --check docker
	"$hookwright" setup docker 2>/dev/null | jq '. + { debug: true }' >/etc/docker/daemon.json
	run "$hookwright" setup --check docker
	[[ $out == *"ok  registered"* ]] || complain "after the advice: $out"
	printf '{\n  "debug": true,\n}\n' >/etc/docker/daemon.json
	does any "$hookwright" setup --check docker
	[[ $out == *"correct it in line 3, or before"* ]] || complain "the line: $out"
	rm /etc/docker/daemon.json
	dies runtime-unknown
}

make_image && make_config || exit 2
prove "an archive of an image" an_image "make a bundle of the image: with podman, 'podman load', 'podman create'"
prove "the container's own log" logs \
	"'podman logs NAME', 'docker logs NAME', 'kubectl logs --previous POD'" "'podman --log-level debug run ...'" \
	"read the container's own log: 'podman logs', 'docker logs', 'kubectl logs --previous'"
if [ -x /lib/systemd/systemd-journald ] && start_journal; then
	prove "podman's precreate hook" precreate "if it is hookwright's, see 'journalctl -t hookwright'"
else
	skip "podman's precreate hook" "systemd-journald is not installed, or does not start here"
fi
prove "limits, cgroups, helpers" limits "lower process.rlimits ('--ulimit nofile=1024:1024')" \
	"'--cgroup-manager', and the delegation of controllers" "'podman --log-level debug'" " --version' by hand as root"
prove "CDI" devices "write the file there ('hookwright policy export --to cdi NAME')" \
	"correct the file; 'hookwright policy export' writes valid ones" \
	"an engine reads it for --device: have it create a container, and name the bundle that it makes"
prove "a capability" capability "add it when the container is created (--cap-add)"
prove "a root file system that is not mounted" unmounted "mount it first: 'podman mount NAME' prints where"
prove "setup" setting_up "mkdir -p " " && hookwright setup podman >" "hookwright setup docker >" \
	"add the member 'runtimes' that 'hookwright setup docker' prints" "see 'hookwright setup docker' or 'hookwright setup podman'"
done_testing
