#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Policies bind: what of a call makes the wrapper pass a container on, hookwright-security(7). The
# runtime is a script that notes how it was called and exits with 42.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

wrapper=$HOOKWRIGHT-runtime
bundle=$work/bundle
conf=$work/config.yaml
log=$work/log
real=$work/real/runc
hook='["/bin/true"]'
mkdir "$work/real" "$work/policies"
for each in runc crun runsc kata-runtime; do
	printf '#!/bin/sh\necho "${0##*/} $*" >"%s"\nexit 42\n' "$work/called" >"$work/real/$each"
	chmod 755 "$work/real/$each"
done
policy "$work/policies/for-all.yaml" 'hook: { path: /bin/true }'
policy "$work/policies/asked.yaml" 'activation: requested' 'hook: { path: /bin/echo }'
policy "$work/policies/needy.yaml" 'activation: requested' 'needs: { uid: 77 }' \
	'hook: { path: /bin/true }'
make_bundle "$bundle"
cp "$bundle/config.json" "$work/spec.json"

# set_config LINE...: the configuration, for real/runc and the policies unless the lines say others
set_config() {
	printf '%s\n' 'version: 1' "$@" >"$conf"
	grep -q ^runtime: "$conf" || echo "runtime: $real" >>"$conf"
	grep -q ^policies: "$conf" || echo "policies: $work/policies" >>"$conf"
}

# bundle_with FILTER: a config.json with that change, of jq
bundle_with() {
	jq "$1" "$work/spec.json" >"$bundle/config.json"
	cp "$bundle/config.json" "$work/before.json"
	rm -f "$log" "$work/called"
}

# wrap ARG...: $status, $out (stdout and stderr), $called (the runtime) and $hooks
wrap() {
	rm -f "$work/called"
	out=$("$wrapper" --hookwright-config="$conf" --log "$log" "$@" 2>&1 < <(nothing))
	status=$?
	called=$(cut -d ' ' -f 1 "$work/called" 2>/dev/null)
	hooks=$(jq -c '[.hooks.startContainer[]?.path]' "$bundle/config.json" 2>/dev/null)
}

# refused NAME TEXT: the last call was stopped with that text, and nothing was changed
refused() {
	is "$status ${called:-not called}" "1 not called" "$1"
	has "$out" "$2" "... $2"
	ok "... and the file is untouched" cmp "$bundle/config.json" "$work/before.json"
}

logged() { # NAME TEXT
	has "$(cat "$log" 2>/dev/null)" "$2" "$1"
}

# sandbox NAME WANTED KEYS BUNDLE ARG...: a create of the bundle there, with these annotations
sandbox() {
	local name=$1 want=$2 at=$4
	bundle_with ".annotations = {$3}"
	shift 4
	mkdir -p "${at%/*}" && rm -rf "$at" && cp -R "$bundle" "$at"
	wrap "$@"
	is "$status $(jq -c '[.hooks.startContainer[]?.path]' "$at/config.json")" "42 $want" "$name"
}

# What containerd and CRI-O call for a pause container, and the same with one thing less.
sandboxes() {
	local id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef key
	local other=${id/0/f} cri='"io.kubernetes.cri.container-type": "sandbox"'
	local crio='"io.kubernetes.cri-o.ContainerType": "sandbox"'
	local cri_id='"io.kubernetes.cri.sandbox-id"' crio_id='"io.kubernetes.cri-o.SandboxID"'
	local crio_own='"io.kubernetes.cri-o.ContainerID"'
	local cd=$work/task/k8s.io/$id co=$work/overlay-containers/$id/userdata
	local root=(--root /run/containerd/runc/k8s.io) any=(--root=/run/runc)
	set_config 'log:' '  level: info' "  file: $work/own.log"

	rm -f "$work/own.log"
	sandbox "containerd's pause container passes" '[]' "$cri, $cri_id: \"$id\"" "$cd" \
		"${root[@]}" create --bundle "$cd" $id
	has "$(cat "$work/own.log")" "a pause container, passed through: --root and --bundle are in containerd's namespace k8s.io, and the container's id is the sandbox's" "... and the log says what showed it"
	sandbox "CRI-O's pause container passes" '[]' "$crio, $crio_id: \"$id\", $crio_own: \"$id\"" "$co" \
		"${any[@]}" create --bundle "$co" $id

	for key in "$cri" "$crio"; do
		sandbox "podman's client writes $key" "$hook" "$key" "$co" create --bundle "$co" $id
		logged "... and the log has a warning" \
			"marks a pause container, but the call is not from a CRI engine"
	done
	sandbox "containerd: another's sandbox id" "$hook" "$cri, $cri_id: \"$other\"" "$cd" \
		"${root[@]}" create --bundle "$cd" $id
	sandbox "containerd: no sandbox id" "$hook" "$cri" "$cd" "${root[@]}" create --bundle "$cd" $id
	sandbox "containerd: another namespace's root" "$hook" "$cri, $cri_id: \"$id\"" "$cd" \
		--root /run/containerd/runc/moby create --bundle "$cd" $id
	sandbox "containerd: no root" "$hook" "$cri, $cri_id: \"$id\"" "$cd" create --bundle "$cd" $id
	sandbox "containerd: another bundle" "$hook" "$cri, $cri_id: \"$id\"" "$co" \
		"${root[@]}" create --bundle "$co" $id
	sandbox "containerd: an id that was chosen" "$hook" "$cri, $cri_id: \"pause\"" \
		"$work/task/k8s.io/pause" "${root[@]}" create --bundle "$work/task/k8s.io/pause" pause
	sandbox "containerd's key under CRI-O" "$hook" \
		"$cri, $cri_id: \"$id\", $crio_id: \"$id\", $crio_own: \"$id\"" "$co" \
		"${any[@]}" create --bundle "$co" $id
	sandbox "CRI-O: a container of the pod" "$hook" "$crio, $crio_id: \"$other\", $crio_own: \"$id\"" \
		"$co" "${any[@]}" create --bundle "$co" $id
	sandbox "CRI-O: one key less" "$hook" "$crio, $crio_id: \"$id\"" "$co" \
		"${any[@]}" create --bundle "$co" $id
	sandbox "CRI-O: no root, as podman calls" "$hook" \
		"$crio, $crio_id: \"$id\", $crio_own: \"$id\"" "$co" create --bundle "$co" $id
	sandbox "CRI-O: type container" "$hook" \
		"\"io.kubernetes.cri-o.ContainerType\": \"container\", $crio_id: \"$id\", $crio_own: \"$id\"" \
		"$co" "${any[@]}" create --bundle "$co" $id

	set_config 'sandboxes: apply'
	sandbox "sandboxes: apply: also containerd's" "$hook" "$cri, $cri_id: \"$id\"" "$cd" \
		"${root[@]}" create --bundle "$cd" $id
	bundle_with ".annotations = {$cri, $cri_id: \"$id\"}"
	hw apply -n -p "$work/policies" "$bundle"
	has "$out" "added hook of 'for-all'" "apply skips none: it sees no call"
	hw explain -p "$work/policies" "$bundle"
	has "$out" "hook wanted" "explain neither"
}

# Nothing that a container can cause is tolerated.
on_error() {
	local filter
	while IFS='|' read -r filter text; do
		for each in fail warn; do
			set_config "onError: $each"
			bundle_with "$filter"
			wrap create --bundle "$bundle" c
			refused "onError: $each: $filter" "$text"
		done
	done <<-'END'
		.annotations["io.hookwright.policies"] = "nobody"|policy 'nobody' was requested by annotation
		.annotations["io.hookwright.policies"] = "asked,nobody"|policy 'nobody' was requested by annotation
		.annotations["io.hookwright.policies"] = "asked,needy"|refused: policy 'needy' needs 'uid: 77'
		.annotations["a\u0000b"] = "x"|config.json:
		.annotations["x"] = 1|config.json:
		.annotations = []|'annotations' must be an object
		.hooks = 1|'hooks' must be an object
		.hooks.startContainer = {}|'hooks.startContainer' must be an array
		.hooks.startcontainer = []|config.json:
		.process = null|'process' is null
		.root.path = "nowhere"|nowhere
		.vm = {}|'vm' is present
		.Annotations = {}|config.json:
	END
	for each in '{' '[]' '' '{"a":1,"a":1}' "$(printf '%0200d' 0 | tr 0 '[')"; do
		set_config 'onError: warn'
		printf '%s' "$each" >"$bundle/config.json"
		cp "$bundle/config.json" "$work/before.json"
		wrap create --bundle "$bundle" c
		refused "onError: warn: config.json is ${each:0:20}" config.json
	done
	bundle_with .
	chattr +i "$bundle" 2>/dev/null && {
		wrap create --bundle "$bundle" c
		is "$status ${called:-not called}" "1 not called" "onError: warn: the bundle cannot be written"
		chattr -i "$bundle"
	}
	# And this is what it is for.
	echo 'version: 2' >"$work/policies/broken.yaml"
	wrap create --bundle "$bundle" c
	is "$status $called $hooks" "42 runc []" "onError: warn: a broken policy is tolerated"
	logged "... and logged" "broken.yaml:1:"
	rm "$work/policies/broken.yaml"
	wrap --hookwright-request=nobody create --bundle "$bundle" c
	is "$status" 1 "our options come first"
	out=$("$wrapper" --hookwright-config="$conf" --hookwright-request=nobody create --bundle "$bundle" c 2>&1)
	is "$? $out" "42 " "onError: warn: a request of our own command line that no policy has"
}

# What annotations may do is the configuration's word.
powers() {
	local ask='.annotations["io.hookwright.policies"] = "asked"' line
	local choose='.annotations["io.hookwright.runtime"] = "second"'
	while IFS='|' read -r line want; do
		set_config ${line:+"$line"}
		bundle_with "$ask"
		wrap create --bundle "$bundle" c
		is "$status $hooks" "42 $want" "a request by annotation: ${line:-no key 'annotations'}"
		bundle_with "$ask"
		"$HOOKWRIGHT" filter --config "$conf" --bundle "$bundle" <"$bundle/config.json" >"$work/filtered" 2>/dev/null
		is "$(jq -c '[.hooks.startContainer[]?.path]' "$work/filtered")" "$want" "... filter"
		hw apply --config "$conf" "$bundle"
		is "$(jq -c '[.hooks.startContainer[]?.path]' "$bundle/config.json")" "$want" "... apply"
		hw explain --config "$conf" "$bundle"
		is "$([[ $out == *"is ignored"* ]] && echo unheeded)" \
			"$([[ $want == *echo* ]] || echo unheeded)" "... explain"
		hw lint -f json --config "$conf" "$bundle"
		is "$([[ $out == *"is ignored"* ]] && echo unheeded)" \
			"$([[ $want == *echo* ]] || echo unheeded)" "... lint"
	done <<-'END'
		|["/bin/echo","/bin/true"]
		annotations: [policies]|["/bin/echo","/bin/true"]
		annotations: policies|["/bin/echo","/bin/true"]
		annotations: [runtime]|["/bin/true"]
		annotations: []|["/bin/true"]
	END
	bundle_with "$ask"
	wrap create --bundle "$bundle" c
	logged "a request that is not heeded is in the log" "io.hookwright.policies is ignored"
	while IFS='|' read -r line want; do
		set_config 'runtimes:' "  second: $work/real/crun" ${line:+"$line"}
		bundle_with "$choose"
		rm -rf /run/hookwright/runtimes/@"w1-$$" 2>/dev/null
		wrap create --bundle "$bundle" "w1-$$"
		is "$status $called" "42 $want" "a choice by annotation: ${line:-no key 'annotations'}"
	done <<-'END'
		|crun
		annotations: [policies, runtime]|crun
		annotations: policies|runc
		annotations: []|runc
	END
	logged "a choice that is not heeded is in the log" "io.hookwright.runtime is ignored"
	set_config
	bundle_with "$choose"
	wrap create --bundle "$bundle" c
	is "$status $called" "42 runc" "without 'runtimes' an annotation chooses none"
	for each in fail warn; do
		set_config "onError: $each" 'runtimes:' "  second: $work/real/gone"
		bundle_with "$choose"
		wrap create --bundle "$bundle" c
		refused "onError: $each: the runtime that was chosen is not installed" "does not have the runtime 'second'"
		bundle_with '.annotations["io.hookwright.runtime"] = "third"'
		wrap create --bundle "$bundle" c
		refused "onError: $each: no such runtime" "'runtimes' in the configuration does not contain 'third'"
	done
}

# guard RUNTIME: as its createRuntime hook, of a container whose root is the host's
guard() {
	set_config "runtime: $work/real/$1"
	err=$(jq -n --arg b "$bundle" --argjson pid $sleeper '{id: "c", pid: $pid, bundle: $b}' |
		"$HOOKWRIGHT" oci-hook createRuntime --config "$conf" 2>&1)
	status=$?
}

guard_hookless() {
	sleep 1000 &
	sleeper=$!
	bundle_with .
	hw apply -p "$work/policies" "$bundle"
	guard runc
	is "$status $err" "0 " "the guard has nothing to say of what was applied, under runc"
	guard runsc
	is "$status" 1 "the guard stops it under runsc"
	has "$err" "policy 'for-all' cannot work: the runtime runsc never runs" "... for the policy"
	has "$err" "startContainer hook /bin/true does not run" "... and warns about the hook that is there"
	kill $sleeper
}

# A runtime that runs no startContainer hooks, also behind a link, and chosen by annotation.
hookless() {
	local name
	for each in runsc kata-runtime; do
		# Its own name shows nothing.
		ln -s "$each" "$work/real/link-${#each}"
		for name in "$each" "link-${#each}"; do
			set_config "runtime: $work/real/$name" 'dialect: runc'
			bundle_with .
			wrap create --bundle "$bundle" c
			refused "under $name" "policy 'for-all' cannot work: the runtime $each never runs startContainer hooks"
			hw apply --config "$conf" "$bundle"
			is "$status" 1 "... apply"
			hw explain --config "$conf" "$bundle"
			has "$out" "container refused: cannot work: the runtime $each never runs" "... explain"
			"$HOOKWRIGHT" filter --config "$conf" --bundle "$bundle" <"$bundle/config.json" \
				>"$work/filtered" 2>&1
			is "$?" 1 "... filter"
		done
	done
	hw apply -p "$work/policies" --runtime io.containerd.runsc.v1 "$bundle"
	is "$status" 1 "by the name that containerd knows it by"
	hw lint -f json -p "$work/policies" --runtime runsc "$bundle"
	has "$out" "policy 'for-all' cannot work: the runtime runsc never runs" "lint"
	set_config 'runtimes:' "  gvisor: $work/real/runsc" 'dialect: runc'
	bundle_with '.annotations["io.hookwright.runtime"] = "gvisor"'
	wrap create --bundle "$bundle" "w1-$$"
	refused "chosen by annotation" "the runtime runsc never runs startContainer hooks"
	guard_hookless
	policy "$work/lenient.yaml" 'otherwise: warn' 'hook: { path: /bin/true }'
	set_config "runtime: $work/real/runsc" 'dialect: runc' "policies: $work/lenient.yaml"
	bundle_with .
	wrap create --bundle "$bundle" c
	is "$status $called $hooks" "42 runsc []" "otherwise: warn lets the container start without it"
	logged "... and warns" "hook of 'lenient' left out: it cannot work: the runtime runsc never runs"
	mkdir "$work/hooks.d"
	echo '{"version":"1.0.0","hook":{"path":"/bin/true"},"when":{"always":true},"stages":["startContainer"]}' \
		>"$work/hooks.d/a.json"
	set_config "runtime: $work/real/runsc" 'dialect: runc' "policies: $work/lenient.yaml" "hooksDirs: $work/hooks.d"
	wrap create --bundle "$bundle" c
	is "$status $hooks" "42 []" "a hook of hooks.d is left out"
	logged "... with a warning" "startContainer hook /bin/true left out: the runtime runsc never runs"
}

restores() {
	local call=(restore --image-path /i --bundle "$bundle" c)
	mkdir "$work/none"
	set_config
	wrap "${call[@]}"
	refused "restore: for-all is for all, and fails" "refused: policy 'for-all' cannot be applied to a \
container that is restored from a checkpoint"
	set_config 'onError: warn'
	wrap "${call[@]}"
	refused "restore: onError: warn changes nothing" "policy 'for-all'"
	set_config 'restore: pass'
	wrap "${call[@]}"
	is "$status $called" "42 runc" "restore: pass"
	logged "... with a warning" "policy 'for-all' cannot be applied"
	set_config 'restore: fail' "policies: $work/none"
	wrap "${call[@]}"
	refused "restore: fail, without policies" "'restore: fail' applies to every container"
	set_config "policies: $work/none"
	wrap "${call[@]}"
	is "$status $called" "42 runc" "restore without policies"
	policy "$work/none/all.yaml" 'otherwise: warn' 'hook: { path: /bin/true }'
	rm -f "$log"
	wrap "${call[@]}"
	is "$status $called" "42 runc" "restore: a policy for all that only warns"
	logged "... does" "policy 'all' cannot be applied"
	policy "$work/none/all.yaml" 'activation: requested' 'hook: { path: /bin/true }'
	wrap "${call[@]}"
	is "$status $called" "42 runc" "restore: a policy on request"
	out=$("$wrapper" --hookwright-config="$conf" --hookwright-request=all "${call[@]}" 2>&1)
	has "$out" "refused: policy 'all' cannot be applied" "restore: a request of our own command line"
}

# An option that only a newer runtime knows hides no create.
unknown_options() {
	local verb
	set_config
	for verb in create run restore; do
		wrap --from-the-future $verb --bundle "$bundle" c
		is "$status ${called:-not called}" "1 not called" "--from-the-future $verb is not passed on"
	done
	wrap --from-the-future state c
	is "$status $called" "42 runc" "--from-the-future state is the runtime's to refuse"
}

# What an image makes of the messages' length leaves none of them out.
long_messages() {
	local i name where
	mkdir "$work/many"
	for i in {10..69}; do
		policy "$work/many/late-$i.yaml" 'otherwise: warn' 'hook: { path: /bin/long }'
	done
	set_config "policies: $work/many" 'log:' "  file: $work/own.log"
	bundle_with .
	name=$(printf '%0220d' 0)
	printf '#!/%s\n' "$name" >"$bundle/rootfs/bin/long"
	chmod 755 "$bundle/rootfs/bin/long"
	rm -f "$work/own.log"
	wrap create --bundle "$bundle" c
	is "$status $called" "42 runc" "an image with long names, and policies that only warn"
	for where in "$log" "$work/own.log"; do
		is "$(grep -o "hook of 'late-[0-9]*' left out: it cannot use" "$where" | sort -u | wc -l)" 60 \
			"... each of them is in ${where##*/}"
		is "$(wc -l <"$where")" 1 "... in one line"
	done
	wrap --log-format json create --bundle "$bundle" c
	has "$(tail -n 1 "$log" | jq -r .msg)" "hook of 'late-69' left out" "... and in one of JSON"
	rm "$bundle/rootfs/bin/long"
}

sandboxes
long_messages
on_error
powers
hookless
restores
unknown_options
done_testing
