#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# hookwright-run as the hook of real containers, of each runtime that is here: runc and crun, and
# those of newer suites (HW_RUNTIMES). It lies in an overlay without an upper directory, which the
# workload cannot write to, and the host's socket in a directory that is bound read-only.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p "$work/in" "$work/empty" "$work/host"
cp "${HW_RUN:-$top/build/in/run}" "$work/in/run"
chmod 755 "$work/in" "$work/empty" "$work/host"
cd "$top" || exit 2
"${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -iquote lib -o "$work/records" tests/e2e/records.c lib/helper/record.c || exit 1
bundle=$work/b
make_bundle "$bundle"
"${CC:-cc}" -O2 -static -D_GNU_SOURCE -x c -o "$bundle/rootfs/bin/bomb" - <<-'C' || exit 1
	#include <signal.h>
	#include <unistd.h>
	int main(void)
	{
		signal(SIGTERM, SIG_IGN);
		for (;;) {
			fork();
			setsid();
		}
	}
C
cp "$bundle/config.json" "$work/spec.json"
# Whose names are too long for a socket's address otherwise.
socket=$work/host/s

# container RUNTIME FILTER WORKLOAD HOOK ARG...: run it, with the HOOK, a line for sh, behind
# hookwright-run ARG...; a reader listens. Sets status, out and heard.
container() {
	local runtime=$1 filter=$2 workload=$3 hook=$4
	shift 4
	jq --arg work "$work" --arg workload "$workload" \
		--argjson args "[$(json_strings run "$@" -- /bin/sh sh -c "$hook")]" "
		.process.args = [\"/bin/sh\", \"-c\", \$workload] |
		.mounts += [
			{ destination: \"/dev/.hookwright/bin\", type: \"overlay\", source: \"hookwright\",
			  options: [\"lowerdir=\(\$work)/in:\(\$work)/empty\", \"ro\", \"nosuid\", \"nodev\"] },
			{ destination: \"/dev/.hookwright/log\", type: \"bind\", source: (\$work + \"/host\"),
			  options: [\"bind\", \"ro\", \"nosuid\", \"nodev\", \"noexec\"] }] |
		.hooks.startContainer = [{ path: \"/dev/.hookwright/bin/run\", args: \$args }] |
		$filter" <"$work/spec.json" >"$bundle/config.json" || exit 2
	rm -f "$socket"
	"$work/records" "$socket" >"$work/heard" &
	reader=$!
	for ((i = 0; i < 250; i++)); do [ ! -S "$socket" ] || break; sleep 0.02; done
	chmod 666 "$socket"
	took=${EPOCHREALTIME/./}
	run_container "$runtime" "$bundle"
	took=$(((${EPOCHREALTIME/./} - took) / 1000))
	heard
}

# What nobody sends does not have to be waited for, once the runtime has ended.
heard() {
	local i
	for ((i = 0; i < 20; i++)); do
		kill -0 $reader 2>/dev/null || break
		sleep 0.02
	done
	kill $reader 2>/dev/null
	wait $reader 2>/dev/null
	heard=$(grep -av '^took: ' "$work/heard")
}

log=(--log=/dev/.hookwright/log/s --policy=pol)

# reason NAME TEXT: the last container did not start, and this is why
reason() {
	result "$((status == 0))" "$name: $1: the container does not start" "$out"
	has "$heard" "reason: $2" "... the host gets the reason"
	lacks "$out" workload "... and the workload does not run"
}

limits() { # RUNTIME
	local runtime=$1 args=("${log[@]}" --timeout=0.5 --kill-after=0.2)
	container "$runtime" . 'echo workload' 'echo one; sleep 600' "${args[@]}"
	reason "a child that sleeps" "the hook did not end within 0.5 s and was stopped by SIGTERM"
	has "$heard" "out: one" "... with what the hook wrote"
	is "$((took < 5000))" 1 "... in time ($took ms)"
	container "$runtime" . 'echo workload' 'trap "" TERM; sleep 600; sleep 600' "${args[@]}"
	reason "a child that ignores SIGTERM" "the hook did not end within 0.5 s and was stopped by SIGKILL"
	container "$runtime" . 'echo workload' '(busybox setsid sh -c "trap \"\" TERM; sleep 600; sleep 600" &); exit 0' "${args[@]}"
	reason "a double fork with setsid" "what the hook started, and left behind, did not end within 0.5 s and was stopped by SIGKILL"
	is "$((took < 5000))" 1 "... in time ($took ms)"
	container "$runtime" '.linux.resources.pids.limit = 500' 'echo workload' '/bin/bomb' "${args[@]}"
	reason "a fork bomb in sessions of its own" "the hook did not end within 0.5 s and was stopped by SIGKILL"
	is "$((took < 8000))" 1 "... in time ($took ms)"
	container "$runtime" . 'for p in /proc/[0-9]*; do cat $p/comm; done | grep -c sleep' \
		'(busybox setsid sleep 600 &); sleep 600' "${args[@]}" --on-failure=warn
	is "$status $out" "1 0" "$name: the workload does not find any of it"
	container "$runtime" . 'sleep 0.2 & wait; echo workload $?' 'sleep 0.1 & wait' "${log[@]}" --timeout=9
	is "$status $out" "0 workload 0" "$name: a workload that waits for children works with a limit"
}

failures() { # RUNTIME
	local runtime=$1
	container "$runtime" . 'echo workload' 'echo "cannot write /etc/x" >&2; exit 3' "${log[@]}"
	reason "a hook that fails" "the hook ended with status 3"
	has "$heard" "err: cannot write /etc/x" "... with what it wrote"
	container "$runtime" . 'echo workload' 'echo "cannot write /etc/x" >&2; exit 3' "${log[@]}" --on-failure=warn
	is "$status $out" "0 workload" "$name: one that only warns leaves the workload running"
	has "$heard" "err: cannot write /etc/x"$'\n'"end: exited 3" "... and the host has its reason"
	container "$runtime" . 'echo workload' 'exit 3' --on-failure=ignore
	is "$status $out" "0 workload" "$name: one that is ignored, too"
	container "$runtime" '.hooks.startContainer[0].args[-4:] = ["/no/such", "such"]' 'echo workload' '' "${log[@]}"
	reason "a program that is missing" "'/no/such' cannot be executed: No such file or directory"
	container "$runtime" '.annotations.large = ("x" * 900000)' 'echo workload' 'exec <&-; sleep 0.1' "${log[@]}"
	is "$status $out" "0 workload" "$name: a state of 900 KB that the hook does not read"
	container "$runtime" '.annotations.large = ("x" * 1100000)' 'echo workload' 'echo ran' "${log[@]}"
	reason "a state of 1,100 KB" "the hook was not started: the container's state has more than 1048576 bytes"
	container "$runtime" . 'echo workload' 'cat; echo' "${log[@]}"
	like "$heard" 'out: \{.*"id": ?"hw-.*' "$name: the hook gets the state"
	container "$runtime" . 'echo workload' 'yes "a line of this chatter" | head -c 10000000; echo; echo the reason >&2; exit 3' "${log[@]}"
	is "$((${#heard} > 50000 && ${#heard} < 300000 && ${#out} < 20000))" 1 "$name: 10 MB of chatter are bounded (${#heard}, ${#out})"
	has "$heard" "err: the reason" "... and the reason is there"
	# Nobody listens, and nobody ever did: the socket does not exist.
	container "$runtime" . 'echo workload' 'echo one; exit 3' --log=/dev/.hookwright/log/none --policy=pol
	is "$((status == 0)) $heard" "0 ready" "$name: without a reader it fails as well"
	if passes_on_errors "$runtime"; then
		like "$out" 'hookwright: pol: \[0\.[0-9]+ s\] one' "... and the container's standard error has the lines"
	fi
}

# Of runc the container's standard error shows what a hook that failed wrote; crun drops it.
passes_on_errors() { [[ ${1##*/} = runc ]]; }

places() { # RUNTIME
	local runtime=$1 filter profile
	works_with() { # NAME FILTER [HOOK]
		container "$runtime" "$2" 'echo workload' "${3:-sleep 0.1 & wait; cat >/dev/null}; echo fine" "${log[@]}" --container=c1 --timeout=9
		is "$status $out" "0 workload" "$name: $1"
		has "$heard" $'begin: pol c1 /bin/sh\nout: fine\nend: exited 0' "... and the host hears of it"
		container "$runtime" "$2" 'echo workload' '(busybox setsid sleep 600 &); sleep 600' "${log[@]}" --timeout=0.3 --kill-after=0.1
		reason "$1, a limit" "the hook did not end within 0.3 s and was stopped by SIGTERM"
	}
	works_with "uid 1000" '.process.user = { uid: 1000, gid: 1000 }'
	works_with "uid 1000 without capabilities" '.process.user = { uid: 1000, gid: 1000 } | .process.capabilities = {}'
	works_with "a read-only root" '.root.readonly = true'
	works_with "a user namespace" '.linux.namespaces += [{ type: "user" }] |
		.linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] |
		.linux.gidMappings = .linux.uidMappings'
	works_with "the PID namespace of the host" '.linux.namespaces |= map(select(.type != "pid"))'
	for profile in docker-20.10 docker-28.5 podman-5.8; do
		filter=$(jq -c '.linux.seccomp' "tests/data/engines/$profile.json")
		works_with "the seccomp profile of $profile" ".linux.seccomp = $filter"
	done
	works_with "LD_PRELOAD and GLIBC_TUNABLES" '.process.env += ["LD_PRELOAD=/no/such.so",
		"GLIBC_TUNABLES=glibc.malloc.check=9", "LD_LIBRARY_PATH=/tmp"]' '[ "$LD_PRELOAD" = /no/such.so ] || exit 9'
	works_with "a cwd through a descriptor" '.process.cwd = "/proc/self/cwd"'
}

# Where hookwright-run is mounted. Beside images whose own links lead there, a program of the image
# waits to be taken for it.
hostile() { # RUNTIME
	local runtime=$1 root=$bundle/rootfs before ran='^ready.*out: fine.end: exited 0'
	before=$(md5sum "$work/in/run")
	container "$runtime" '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"])' \
		'mount() { busybox mount "$@"; }
		mount -o remount,rw,bind /dev/.hookwright/bin && echo remounted; mount -o remount,rw /dev/.hookwright/bin
		echo x >/dev/.hookwright/bin/run; rm /dev/.hookwright/bin/run; echo workload' 'echo fine' "${log[@]}"
	has "$out" workload "$name: with CAP_SYS_ADMIN the workload runs"
	has "$out" "can't create /dev/.hookwright/bin/run: Read-only file system" "... and cannot write to the host's program"
	is "$(md5sum "$work/in/run")" "$before" "... which is as it was"

	mkdir "$work/noexec" && mount -t tmpfs -o noexec,nosuid,nodev tmpfs "$work/noexec" &&
		cp "$work/in/run" "$work/noexec"
	container "$runtime" '.mounts[-2].options[0] = "lowerdir=\($work)/noexec:\($work)/empty"' 'echo workload' 'echo fine' "${log[@]}"
	is "$status $out" "0 workload" "$name: a source on a noexec file system"
	umount "$work/noexec" && rmdir "$work/noexec"

	decoy() { # DIRECTORY: of the image, where a program waits
		mkdir -p "$root$1/bin"
		printf '#!/bin/sh\necho decoy >&2\n' >"$root$1/bin/run"
		chmod 755 "$root$1/bin/run"
	}
	tried() { # NAME: it ran ours, or the runtime refused the container
		lacks "$out" decoy "$name: $1: the image's program is not taken for it"
		[ "$status" != 0 ] || has "$heard" $'out: fine\nend: exited 0' "... but hookwright's"
	}
	decoy /etc/.hookwright
	decoy /tmp/image
	rmdir "$root/dev"
	ln -s /etc "$root/dev"
	container "$runtime" . 'echo workload' 'echo fine' "${log[@]}"
	tried "an image whose dev is a link"
	rm "$root/dev" && mkdir "$root/dev"
	ln -s /tmp/image "$root/dev/.hookwright"
	container "$runtime" . 'echo workload' 'echo fine' "${log[@]}"
	tried "an image whose dev/.hookwright is a link"
	is "$status $out" "0 workload" "... for the tmpfs is on it"
	rm "$root/dev/.hookwright"
	mkdir "$work/volume" && ln -s /tmp/image/bin "$work/volume/bin"
	container "$runtime" '.mounts = (.mounts[:-2] + [{ destination: "/dev/.hookwright", type: "bind",
		source: ($work + "/volume"), options: ["bind", "rw"] }] + .mounts[-2:])' 'echo workload' 'echo fine' "${log[@]}"
	tried "a volume on /dev/.hookwright"
	rm -rf "$work/volume" "$root/etc/.hookwright" "$root/tmp/image"
}

# Two containers at once have the same program.
together() { # RUNTIME
	local id="hw-$$-${#containers[@]}" other
	containers+=("$1:$id-1" "$1:$id-2")
	container "$1" . 'echo workload' 'sleep 0.5' --timeout=9
	cp -r "$bundle" "$work/b2"
	"$1" --root "$work/run-$1" run --bundle "$bundle" "$id-1" >"$work/one" 2>&1 < <(nothing) &
	other=$!
	"$1" --root "$work/run-$1" run --bundle "$work/b2" "$id-2" >"$work/two" 2>&1 < <(nothing)
	wait $other
	is "$(cat "$work/one" "$work/two")" $'workload\nworkload' "$name: two containers at once"
	rm -rf "$work/b2"
}

# least RUNTIME FROM FILTER ARG...: the least limit that is enough, if only once in five: how many
# threads runc's init has at that moment differs from run to run
least() {
	local runtime=$1 limit=$2 filter=$3 turn
	shift 3
	for (( ; limit < 20; limit++)); do
		for turn in 1 2 3 4 5; do
			container "$runtime" ".linux.resources.pids.limit = $limit | $filter" 'echo workload' '' "$@"
			[ "$status" != 0 ] || break 2
		done
	done
	least=$limit
}

room() { # RUNTIME
	local alone helped least
	[ -d /sys/fs/cgroup/pids ] || [ -f /sys/fs/cgroup/cgroup.controllers ] || return
	least "$1" 1 '.hooks.startContainer[0] = { path: "/bin/busybox", args: ["true"] }'
	alone=$least
	least "$1" "$alone" '.hooks.startContainer[0].args[-4:] = ["/bin/busybox", "true"]' --timeout=5
	helped=$least
	is "$((helped - alone <= 1 && helped < 20))" 1 "$name: one process more is enough (pids.limit $alone, $helped)"
}

for runtime in runc crun; do
	candidates=("$runtime")
	for suite in ${HW_SUITES-}; do
		candidates+=("${HW_RUNTIMES:-$top/build/runtimes}/$suite/bin/$runtime")
	done
	for candidate in "${candidates[@]}"; do
		[[ $candidate = "$runtime" || -x $candidate ]] || continue
		name=$("$candidate" --version 2>/dev/null | sed -n '1s/ version//p')
		if ! works "$candidate"; then
			skip "${name:-$candidate}" "$why"
			continue
		fi
		limits "$candidate"
		failures "$candidate"
		places "$candidate"
		hostile "$candidate"
		together "$candidate"
		room "$candidate"
	done
done
done_testing
