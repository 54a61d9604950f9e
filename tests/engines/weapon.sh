#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Annotations that turn hooks against the host: with each way in, the file that crun would write does
# not come into being. First that it does without us, or nothing would be proved.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private podman conmon crun
prepare_cgroups
program=$work/bin/hookwright
bundle=$work/bundle
target=$work/host/loot # what an attacker would call /etc/cron.d/loot
mkdir "$work/host"
# shellcheck disable=SC2016 # expanded in the container
shout='cat >/dev/null; echo "* * * * * root id"; echo also >&2'
hook=$(jq -n --arg shout "$shout" '{path: "/bin/sh", args: ["sh", "-c", $shout], env: ["PATH=/bin"]}')
policy=$work/shout.yaml
jq -n --argjson hook "$hook" '{version: 1, otherwise: "warn", hook: $hook | del(.env)}' >"$policy"
says=(refused "annotation run.oci.hooks" "to which crun appends the output of hooks")

no_loot() {
	[ ! -e "$target" ]
	result $? "$1: nothing was written on the host" "$(cat "$target" 2>&1)"
	rm -f "$target"
}

# fresh [KEY [FILTER]]: a bundle with annotation KEY = $target
fresh() {
	rm -rf "$bundle" "$target"
	make_bundle "$bundle" /bin/echo payload ran
	edit_config "$bundle" ".annotations[\"${1-run.oci.hooks.stdout}\"] = \"$target\" | ${2-.}"
}

# Of every stage, and as the caller: that is why hooks.d is refused, too.
by_itself() {
	local stage
	for stage in startContainer createContainer createRuntime prestart poststart; do
		fresh run.oci.hooks.stdout ".hooks.$stage = [$hook]"
		run_crun "$bundle"
		grep -qx '\* \* \* \* \* root id' "$target"
		result $? "crun by itself: a $stage hook writes what it likes on the host" "$out"
	done
	fresh run.oci.hooks.stderr ".hooks.startContainer = [$hook]"
	run_crun "$bundle"
	is "$(cat "$target")" also "crun by itself: so does stderr"
	fresh run.oci.hooks.stdout '.hooks = {}'
	run_crun "$bundle"
	no_loot "crun by itself, without a hook"
	fresh Run.oci.hooks.stdout ".hooks.startContainer = [$hook]"
	run_crun "$bundle"
	no_loot "crun by itself, the name in other capitals"
	fresh run.oci.hooks.stdout ".hooks.startContainer = [$hook]"
	sed -i 's/"run.oci.hooks.stdout"/"run.oci.hooks.\\u0073tdout"/' "$bundle/config.json"
	run_crun "$bundle"
	grep -q root "$target"
	result $? "crun by itself: an escape in the name is read"
}

# The annotation's filter counts, not the profile's: what the engine forbids is allowed.
filter_by_itself() {
	local allow
	allow=$(printf '\x06\x00\x00\x00\x00\x00\xff\x7f' | base64) # BPF_RET, SECCOMP_RET_ALLOW
	fresh run.oci.seccomp_bpf_data '.root.readonly = false | .linux.seccomp = {
		defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"],
		action: "SCMP_ACT_ERRNO"}]} | .process.args = ["/bin/busybox", "mkdir", "/made"]'
	edit_config "$bundle" 'del(.annotations)'
	run_crun "$bundle"
	[ ! -e "$bundle/rootfs/made" ]
	result $? "crun by itself: the profile forbids mkdir" "$out"
	edit_config "$bundle" ".annotations[\"run.oci.seccomp_bpf_data\"] = \"$allow\""
	run_crun "$bundle"
	[ -e "$bundle/rootfs/made" ]
	result $? "crun by itself: run.oci.seccomp_bpf_data allows it" "$out"
	run "$program" apply -p "$policy" --runtime crun "$bundle"
	expect "apply: run.oci.seccomp_bpf_data" 1 "annotation run.oci.seccomp_bpf_data"
}

by_apply() {
	local key
	for key in run.oci.hooks.stdout run.oci.hooks.stderr; do
		fresh $key
		run "$program" apply -p "$policy" --runtime crun "$bundle"
		expect "apply: $key" 1 "${says[@]}"
		run_crun "$bundle"
		expect "apply: $key: what was refused has no hook" 0 "payload ran"
		no_loot "apply: $key"
	done
	fresh
	sed -i 's/"run.oci.hooks.stdout"/"run.oci.hooks.\\u0073tdout"/' "$bundle/config.json"
	run "$program" apply -p "$policy" "$bundle"
	expect "apply: no runtime told, an escape in the name" 1 "${says[@]}"
	fresh run.oci.hooks.stdout 'del(.annotations)'
	run "$program" apply -q -p "$policy" "$bundle"
	expect "apply: without the annotation" 0
	edit_config "$bundle" ".annotations[\"run.oci.hooks.stdout\"] = \"$target\""
	run "$program" apply -p "$policy" "$bundle"
	expect "apply: the hook is there, and then the annotation" 1 "${says[@]}"
	run "$program" apply "$bundle"
	expect "apply: the same, and the policy is not loaded" 1 refused "the hook of 'shout' is in config.json"
	run "$program" revert -q "$bundle"
	run_crun "$bundle"
	no_loot "revert takes the hook away"
	fresh
	printf 'version: 1\nallowedAnnotations: run.oci.hooks.stdout\n' >"$work/allows.yaml"
	run "$program" apply -q --config "$work/allows.yaml" -p "$policy" "$bundle"
	expect "apply: the administrator allows it" 0
	run_crun "$bundle"
	is "$(cat "$target")" '* * * * * root id' "and then crun does it"
	fresh
	run "$program" explain -p "$policy" "$bundle"
	expect "explain" any "container refused: cannot add its hook together with annotation run.oci.hooks.stdout"
}

by_filter() {
	fresh
	(cd "$bundle" && "$program" filter -b . -p "$policy" <config.json) >"$work/filtered" 2>"$work/said"
	is "$? $(wc -c <"$work/filtered")" "1 0" "filter: prints nothing"
	has "$(cat "$work/said")" "annotation run.oci.hooks.stdout" "filter: but the reason"
}

# A stage of the host, from a hooks.d file
by_hooks_dir() {
	mkdir "$work/hooks.d"
	jq -n --argjson hook "$hook" '{version: "1.0.0", when: {always: true}, hook: $hook,
		stages: ["createRuntime"]}' >"$work/hooks.d/shout.json"
	fresh
	run "$program" apply --hooks-dir "$work/hooks.d" "$bundle"
	expect "apply: a hooks.d file" 1 "${says[@]}" "shout.json wants its createRuntime hook"
	run_crun "$bundle"
	no_loot "apply: a hooks.d file"
	fresh run.oci.handler
	run "$program" apply -q --hooks-dir "$work/hooks.d" "$bundle"
	expect "apply: a hook of the host does not mind where the workload runs" 0
}

# The guard is itself a hook, and comes too late for what crun opens; it says so and stops the rest.
by_guard() {
	local guard
	guard=$(jq -n --arg program "$program" '{path: $program, env: ["PATH=/bin"],
		args: ["hookwright", "oci-hook", "createRuntime"]}')
	fresh run.oci.hooks.stderr ".hooks.createRuntime = [$guard] | .hooks.startContainer = [$hook]"
	run_crun "$bundle"
	expect "guard: stops the container" failure '!payload ran'
	has "$(cat "$target")" "annotation run.oci.hooks.stderr" "guard: with a reason"
	lacks "$(cat "$target")" "also" "guard: before the container's hook"
	rm -f "$target"
}

# by_wrapper OPTION...: as an engine calls it. A container that comes into being has the output open.
by_wrapper() {
	rm -f "$work/log"
	timeout -k 5 30 "$work/bin/hookwright-runtime" "$@" --root "$work/state" --log "$work/log" \
		create --bundle "$bundle" weapon >"$work/said" 2>&1 < <(nothing)
	status=$?
	out=$(cat "$work/said")
	crun --root "$work/state" delete --force weapon >/dev/null 2>&1
	expect "wrapper $*" failure "${says[@]}"
	has "$(cat "$work/log")" "annotation run.oci.hooks" "wrapper $*: the runtime's log says so"
	no_loot "wrapper $*"
}

through_wrapper() {
	mkdir -p /etc/hookwright/policies.d "$work/links"
	cp "$policy" /etc/hookwright/policies.d/
	ln -s "$(command -v crun)" "$work/links/runc"
	fresh
	by_wrapper --hookwright-runtime=crun
	fresh
	by_wrapper --hookwright-runtime="$work/links/runc"
}

# --- podman: whoever writes the image ---

set_podman overlay

# in_podman RUNTIME OPTION... IMAGE
in_podman() {
	local runtime=$1
	shift
	run "${podman[@]}" --runtime "$runtime" run --rm "${flags[@]}" "$@" sh -c 'echo payload ran'
}

# Whether this podman makes the image's annotations the container's; not from 4.6
heeds_images() {
	run "${podman[@]}" --runtime crun create --name probe "${flags[@]}" localhost/loot:1
	run "${podman[@]}" inspect --format '{{index .Config.Annotations "run.oci.hooks.stdout"}}' probe
	[ "$out" = "$target" ] || return
	run "${podman[@]}" rm probe
}

under_podman() {
	mkdir "$work/context"
	printf 'FROM localhost/hw:1\n' >"$work/context/Containerfile"
	make_image || return
	run "${podman[@]}" load -q -i "$work/image.tar"
	expect "podman: the image loads" 0
	in_podman "$work/bin/hookwright-crun" localhost/hw:1
	expect "podman: without the annotation" 0 "payload ran"
	in_podman "$work/bin/hookwright-crun" --annotation run.oci.hooks.stdout="$target" localhost/hw:1
	expect "podman: --annotation" failure "annotation run.oci.hooks.stdout" '!payload ran'
	no_loot "podman: --annotation"
	run "${podman[@]}" build -q --annotation run.oci.hooks.stdout="$target" -t localhost/loot:1 "$work/context"
	expect "podman: an image with annotations is built" 0
	if heeds_images; then
		in_podman "$work/bin/hookwright-crun" localhost/loot:1
		expect "podman: the image's annotation" failure "annotation run.oci.hooks.stdout" '!payload ran'
		no_loot "podman: the image's annotation"
	else
		skip "podman: the image's annotation" "this podman does not hand them on"
	fi
	# What podman writes itself is no reason to refuse anything.
	in_podman "$work/bin/hookwright-crun" --group-add keep-groups --stop-timeout 5 localhost/hw:1
	expect "podman: annotations of its own" 0 "payload ran"
}

if works crun; then
	by_itself
	filter_by_itself
	by_apply
	by_filter
	by_hooks_dir
	by_guard
	through_wrapper
	if cgroups_are_writable; then
		under_podman
	else
		skip "podman" "cgroups cannot be written"
	fi
else
	skip "crun" "$why"
fi
done_testing
