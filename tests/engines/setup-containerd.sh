#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What 'setup containerd' prints, in a real containerd: pods over the CRI, as kubelet makes them, reach
# hookwright by the handler, and their annotations arrive.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private containerd ctr containerd-shim-runc-v2 runc
cgroups_are_writable || skip_all "cgroups cannot be written"
/usr/bin/python3 -c 'import grpc' 2>/dev/null || skip_all "no python3-grpcio"

hookwright=$work/bin/hookwright
config=/etc/containerd/config.toml
at=$work/containerd
ctr=(ctr -a "$at/sock" -n k8s.io)

# in_pod HANDLER ANNOTATION... -- COMMAND...
in_pod() {
	local handler=$1
	shift
	run /usr/bin/python3 "$top/tests/engines/cri.py" "$at/sock" "$handler" localhost/hw:1 \
		"/$cgroup_parent" "$work/pod" "$@"
}

# The image of a pause container: what the pod's own image is, but it stays.
pause_image() {
	local name
	name=$(containerd config default | sed -n 's/^ *sandbox\(_image\)* = ["'\'']\(.*\)["'\'']$/\2/p')
	mkdir "$work/pause-image" && cp "$work/image.tar" "$work/pod-image.tar"
	image_command='["/bin/sleep", "1000"]' make_archive
	sed -i "s|localhost/hw:1|$name|g" "$work/oci/index.json"
	tar -C "$work/oci" -cf "$work/pause.tar" .
}

# The file is the printed one; what it does not say stands below this test's directory.
start_containerd() {
	mkdir "$at"
	{
		cat "$config"
		printf '[plugins."io.containerd.internal.v1.opt"]\n  path = "%s"\n' "$at/opt"
		has_sys_resource || printf '[plugins."%s"]\n  restrict_oom_score_adj = true\n' \
			"$(sed -n 's/^.plugins.["'\'']\(io.containerd[^"'\'']*\).*hookwright.$/\1/p' $config)"
	} >"$at/config.toml"
	start_server "$at/log" containerd --config "$at/config.toml" --root "$at/root" \
		--state "$at/state" --address "$at/sock"
	wait_for 20 "${ctr[@]}" version || skip_all "containerd does not start: $(tail -n 1 "$at/log")"
}

checks() { # WHEN STATUS TEXT...
	local when=$1
	shift
	run "$hookwright" setup --check containerd
	expect "setup --check containerd: $when" "$@"
}

make_image && make_config && pause_image || exit 2
checks "before" 1 "NOT registered   its configuration does not have a runtime whose BinaryName is hookwright's"
case $(containerd --version) in
*" v2."* | *" 2."*) form=2 other=1.7 ;;
*) form=1.7 other=2 ;;
esac
"$hookwright" setup containerd >$config
is "$("$hookwright" setup containerd --form $form)" "$(cat $config)" "setup containerd: the form is that of what is installed"
is "$(grep -c "^version = 3" <<<"$("$hookwright" setup containerd --form 2)")$("$hookwright" \
	setup containerd --form 1.7 | grep -c "^version = 2")" 11 "each form has its version"
run containerd --config $config config dump
expect "containerd reads it" 0 "BinaryName = \"$work/bin/hookwright-runtime\"" 'pod_annotations = ["io.hookwright.*"]'
checks "after" 0 "ok  registered   its configuration calls it 'hookwright'" "ok  annotations"
sed -i 's/^  pod_annotations.*//' $config
checks "without the annotations" 1 "pod_annotations of 'hookwright' lacks"
"$hookwright" setup containerd >$config
turn_off
checks "with the kill switch" 1 "NOT kill switch" "next: rm /run/hookwright/disable"
turn_on

start_containerd
run "${ctr[@]}" image import "$work/pod-image.tar"
expect "the image loads" 0
run "${ctr[@]}" image import "$work/pause.tar"
expect "the pause image loads" 0
in_pod hookwright io.hookwright.policies=touch-asked -- sh -c "$in_container"
is "$status $out" "0 found /asked"$'\n'"payload ran" "a pod's request arrives"
in_pod hookwright io.hookwright.policies=ldconfig-on-start -- sh -c "$with_library"
expect "ldconfig-on-start" 0 "library found"
in_pod hookwright -- sh -c "$in_container"
is "$status $out" "0 payload ran" "a pod that requests nothing"
in_pod hookwright io.hookwright.policies=gone -- sh -c "$in_container"
expect "a refusal reaches the user" 125 "policy 'gone' was requested by annotation" "!payload ran" \
	"failed to create containerd task: failed to create shim task: OCI runtime create failed: "
# A policy that the pause container, a sleep, does not meet: what a real call shows lets it pass.
policy /etc/hookwright/policies.d/only-sh.yaml 'needs: { command: sh }' 'hook: { path: /bin/true }'
in_pod hookwright -- sh -c "$in_container"
is "$status $out" "0 payload ran" "the pause container passes, its pod's container meets the policy"
in_pod hookwright io.kubernetes.cri.container-type=sandbox -- cat /dev/null
expect "a pod's author cannot write his container off as a pause container" 125 \
	"policy 'only-sh' needs 'command: sh'"
echo 'sandboxes: apply' >>/etc/hookwright/config.yaml
in_pod hookwright -- sh -c "$in_container"
expect "sandboxes: apply: the pause container does not pass" 125 "policy 'only-sh' needs 'command: sh'"
sed -i '/^sandboxes/d' /etc/hookwright/config.yaml
rm /etc/hookwright/policies.d/only-sh.yaml
in_pod "" io.hookwright.policies=touch-asked -- sh -c "$in_container"
is "$status $out" "0 payload ran" "pods without a runtimeClassName have their runtime still"
done_testing
