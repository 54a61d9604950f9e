#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# podman of root: as its runtime, as its precreate filter, as its createRuntime guard.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private podman conmon runc crun
cgroups_are_writable || skip_all "cgroups cannot be written"

set_podman overlay
image=localhost/hw:1

# in_podman OPTION... -- COMMAND...: a container of the runtime $runtime
in_podman() {
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
	local runtime=$work/bin/hookwright-$1 name=podman/$1
	in_podman -e HW_TEST=touch -- sh -c "$in_container"
	is "$status $out" \
		"0 found /hooked"$'\n'"payload ran" "$name: run: the hook is applied, and nothing else is printed"
	in_podman -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: run: a container no policy concerns"
	in_podman -t -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: run -t" 0 "found /hooked" "payload ran"
	in_podman -e HW_TEST=touch -- sh -c 'exit 42'
	expect "$name: the status is the container's" 42

	in_podman --annotation io.hookwright.policies=touch-asked -- sh -c "$in_container"
	expect "$name: a policy requested by annotation" 0 "found /asked" "!/hooked" "payload ran"
	in_podman -- sh -c "$with_library"
	expect "$name: without ldconfig a library is not found" 127 "error while loading shared libraries"
	in_podman --annotation io.hookwright.policies=ldconfig-on-start -- sh -c "$with_library"
	expect "$name: ldconfig-on-start makes it visible" 0 "library found"
	in_podman --annotation io.hookwright.policies=no-such-policy -- sh -c "$in_container"
	expect "$name: an unknown request is refused" failure "no-such-policy" "!payload ran"

	in_podman -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: a refusal reaches the user" failure "${refusal[@]}" "!payload ran"
	in_podman -e HW_TEST=warn -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: a warning is not in the container's output"

	turn_off
	in_podman -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: the kill switch" 0 "payload ran" "!/hooked"
	in_podman -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: the kill switch ends refusals" 0 "payload ran"
	turn_on
	run "${podman[@]}" --runtime "$runtime" info --format '{{.Host.OCIRuntime.Version}}'
	expect "$name: podman info sees the runtime's version" 0 "$1 version"
	long_lived "$1"
	with_log_file "$1"
}

long_lived() {
	local runtime=$work/bin/observed-$1 name=podman/$1
	run "${podman[@]}" --runtime "$runtime" run -d --name one "${flags[@]}" -e HW_TEST=touch $image sleep 60
	expect_only_hook "$name: run -d: only our hook is new in config.json"
	run "${podman[@]}" --runtime "$runtime" exec one sh -c "$in_container"
	expect "$name: exec" 0 "found /hooked" "payload ran"
	run "${podman[@]}" --runtime "$runtime" run -d --name two "${flags[@]}" $image \
		sh -c 'echo out; echo err >&2; sleep 60'
	expect_untouched "$name: a second container, of no policy: config.json is the same file"
	run "${podman[@]}" --runtime "$runtime" ps --format '{{.Names}}'
	expect "$name: both run" 0 one two
	run "${podman[@]}" --runtime "$runtime" rm -f -t 0 one two
	expect "$name: both can be removed" 0

	run "${podman[@]}" --runtime "$runtime" create --name three "${flags[@]}" -e HW_TEST=warn $image \
		sh -c 'echo out; echo err >&2'
	for _ in 1 2; do
		run "${podman[@]}" start -a three
		is "$status $out" $'0 out\nerr' "$name: create, then start, again and again"
	done
	run "${podman[@]}" logs three
	is "$out" $'out\nerr\nout\nerr' "$name: no warning in the container's log"
	run "${podman[@]}" --runtime "$runtime" rm three
}

# Only a runtime that containers.conf says speaks JSON gets --log and --log-format.
with_log_file() {
	local runtime=wrapped-$1 name=podman/$1
	cat >"$work/containers.conf" <<-END
		[engine]
		runtime_supports_json = ["wrapped-$1"]
		[engine.runtimes]
		wrapped-$1 = ["$work/bin/hookwright-$1"]
	END
	export CONTAINERS_CONF=$work/containers.conf
	in_podman -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: by name, with a JSON log: the hook is applied" 0 "found /hooked"
	in_podman -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: by name, with a JSON log: a refusal reaches the user" failure \
		"${refusal[@]}" "!payload ran"
	in_podman -e HW_TEST=warn -- sh -c "$in_container"
	is "$status $out" \
		"0 payload ran" "$name: by name, with a JSON log: a warning is not in the output"
	unset CONTAINERS_CONF
}

# hooks_d DIRECTORY NAME PATH STAGE ARG...: a hook for every container
hooks_d() {
	local dir=$1 name=$2 path=$3 stage=$4
	shift 4
	mkdir -p "$dir"
	jq -n --arg path "$path" --arg stage "$stage" '{version: "1.0.0", when: {always: true},
		hook: {path: $path, args: $ARGS.positional}, stages: [$stage]}' \
		--args -- "$@" >"$dir/$name.json"
}

# hooked_podman DIRECTORY OPTION... -- COMMAND...
hooked_podman() {
	local dir=$1 saved=("${podman[@]}")
	shift
	podman+=(--hooks-dir "$dir")
	in_podman "$@"
	podman=("${saved[@]}")
}

own_hooks() {
	local runtime=$work/bin/hookwright-$1 name=podman/$1 dir=$work/own-$1
	hooks_d "$dir" own /bin/sh createRuntime sh -c "cat >/dev/null; : >$work/own-ran-$1"
	hooked_podman "$dir" -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: with a hook of podman's own" 0 "found /hooked"
	run ls "$work/own-ran-$1"
	expect "$name: podman's own hook has run" 0
}

as_filter() {
	local runtime=$1 name=podman/$1/filter dir=$work/filter-$1
	hooks_d "$dir" filter "$work/bin/hookwright" precreate hookwright filter
	hooked_podman "$dir" -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: the hook is applied" 0 "found /hooked" "payload ran"
	hooked_podman "$dir" -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: a container no policy concerns"
	# podman keeps the filter's stderr to itself; the reason is in our log only.
	hooked_podman "$dir" -e HW_TEST=refuse -- sh -c "$in_container"
	expect "$name: a refusal stops podman" failure "precreate hook: executing [hookwright filter]" \
		"!payload ran"
	hooked_podman "$dir" -e HW_TEST=warn -- sh -c "$in_container"
	expect "$name: a warning stops nothing" 0 "payload ran"
	hooked_podman "$dir" --annotation io.hookwright.policies=ldconfig-on-start -- sh -c "$with_library"
	expect "$name: ldconfig-on-start" 0 "library found"
}

# guarded DIRECTORY OPTION...: the output with what the guard said. runc shows it; crun throws a
# hook's stderr away unless this annotation names a file for it.
guarded() {
	local dir=$1 said=$work/guard-said
	shift
	: >"$said"
	hooked_podman "$dir" --annotation run.oci.hooks.stderr="$said" "$@" -- sh -c "$in_container"
	[ "$runtime" = runc ] || out+=$'\n'$(cat "$said")
}

as_guard() {
	local runtime=$1 name=podman/$1/guard dir=$work/guard-$1 host_only
	hooks_d "$dir" guard "$work/bin/hookwright" createRuntime hookwright oci-hook createRuntime
	sed -i '/^allowed/d; $a allowedAnnotations: run.oci.hooks.stderr' /etc/hookwright/config.yaml
	hooked_podman "$dir" -- sh -c "$in_container"
	is "$status $out" "0 payload ran" "$name: a container no policy concerns"
	guarded "$dir" -e HW_TEST=touch
	expect "$name: a hook that a policy wants is not there" failure "touch-hooked" "!payload ran"
	cp "$work/filter-$1/filter.json" "$dir/"
	hooked_podman "$dir" -e HW_TEST=touch -- sh -c "$in_container"
	expect "$name: with the filter it is there" 0 "found /hooked"
	# podman looks for the program on the host, where this one is; the container lacks it.
	host_only=$(command -v jq)
	cp "$host_only" "$work/host-only"
	hooks_d "$dir" zz-bad "$work/host-only" startContainer host-only
	guarded "$dir"
	expect "$name: a startContainer hook that the container lacks" failure \
		"$work/host-only" "!payload ran"
}

make_image && make_config && make_observers || exit 2
run "${podman[@]}" load -q -i "$work/image.tar"
expect "podman: the image loads" 0
for each in runc crun; do
	as_runtime $each
	own_hooks $each
	as_filter $each
	as_guard $each
done
done_testing
