#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# apply and revert on real bundles: what runs then, and what is read and written, by strace. What
# they print is in tests/cases/apply.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

plain=${HW_PLAIN:-$HOOKWRIGHT} # sanitizers do not like strace
b=$work/b
make_bundle "$b" /bin/sh -c 'cat /tmp/order'
rootfs=$b/rootfs
cp -p "$b/config.json" "$work/original"
mkdir "$work/p"

# writes DIR NAME [LINE...]: a policy whose hook appends its name to /tmp/order. Hooks here read
# their standard input: of such that do not crun before 1.17 fails some at random.
writes() {
	policy "$1/$2.yaml" "${@:3}" \
		"hook: { path: /bin/sh, args: [sh, -c, 'cat >/dev/null; echo $2 >>/tmp/order'] }"
}

# fresh [FILTER]: the bundle as it was, changed by a jq filter
fresh() {
	cat "$work/original" >"$b/config.json"
	[ $# -eq 0 ] || edit_config "$b" "$1"
	rm -f "$rootfs/tmp/order"
}

foreign='{ path: "/bin/sh", args: ["sh", "-c", "cat >/dev/null; echo foreign-\(.) >>/tmp/order"] }'

# runs RUNTIME WANTED: the container prints the lines of /tmp/order
runs() {
	rm -f "$rootfs/tmp/order"
	run_container "$1" "$b"
	want "what ran with $1" "$status:${out//$'\n'/ }" "$2"
}

# each_runtime NAME FUNCTION: the test with every runtime there is
each_runtime() {
	local runtime
	for runtime in runc crun; do
		if works $runtime; then
			check "$runtime: $1" "$2" $runtime
		else
			skip "$runtime: $1" "$why"
		fi
	done
}

# ---- what is there before ----

# The reason why it exists: create and start are content, and the program never runs.
silent_death() {
	fresh '.hooks.startContainer = [{ path: "/bin/absent" }] |
		.process.args = ["/bin/sh", "-c", "echo MAIN-RAN >/tmp/order"]'
	create_start "$1" "$b"
	want "status of create" "$create_status" 0
	want "status of start" "$start_status" 0
	want_ok test ! -e "$rootfs/tmp/order"
	policy "$work/absent.yaml" 'hook: { path: /bin/absent }'
	fresh
	want_hw 1 apply --runtime "$1" -p "$work/absent.yaml" "$b"
	want stdout "$out" ""
	want stderr "$err" "$work/absent.yaml: refused: policy 'absent' cannot use /bin/absent: \
/bin/absent does not exist: no 'absent' in /bin
  hint: add it to the image, or name another path; it is looked up inside the container"
	same "$b/config.json" "$work/original"
}
each_runtime "a missing program: create and start exit 0, hookwright says so before" silent_death

# ---- adding, and what runs ----

order() {
	rm -f "$work/p"/*
	writes "$work/p" zeta 'order: 10'
	writes "$work/p" beta
	writes "$work/p" alpha
	writes "$work/p" last 'order: 99'
	fresh ".hooks.startContainer = [\"before\" | $foreign]"
	want_hw 0 apply --runtime "$1" -p "$work/p" "$b"
	want stderr "$err" ""
	want stdout "$out" "$b/config.json: added hook of 'zeta': /bin/sh
$b/config.json: added hook of 'alpha': /bin/sh
$b/config.json: added hook of 'beta': /bin/sh
$b/config.json: added hook of 'last': /bin/sh"
	runs "$1" "0:foreign-before zeta alpha beta last"
}
each_runtime "policies run by order, then by name, after foreign hooks" order

hook_in_full() {
	policy "$work/full.yaml" 'hook:' '  path: /bin/sh' \
		'  args: [sh, -c, "cat >/dev/null; env | sort >/tmp/order"]' \
		'  env: { LC_ALL: C, EMPTY: "" }' '  inheritEnv: [LANG, ABSENT, TERM]' '  timeout: 30'
	fresh '.process.env += ["LANG=old", "LANG=de_DE.UTF-8", "TERM=xterm", "SECRET=1"] |
		.process.cwd = "/"'
	want_hw 0 apply -q --runtime runc -p "$work/full.yaml" "$b"
	want hook "$(jq -c '.hooks.startContainer[0]' "$b/config.json")" \
		'{"path":"/bin/sh","args":["sh","-c","cat >/dev/null; env | sort >/tmp/order"],"env":["_HOOKWRIGHT_POLICY=full","PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin","LC_ALL=C","EMPTY=","LANG=de_DE.UTF-8","TERM=xterm"],"timeout":30}'
	[ "$1" = runc ] || want_hw 0 apply -q --runtime "$1" -p "$work/full.yaml" "$b"
	runs "$1" "0:EMPTY= LANG=de_DE.UTF-8 LC_ALL=C \
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin PWD=/ SHLVL=1 TERM=xterm \
_HOOKWRIGHT_POLICY=full"
}
each_runtime "the hook's environment is what the policy says, and nothing else" hook_in_full

# ---- convergence and revert ----

touches_nothing() { # ARG...: writes no file, by strace
	strace -f -o "$work/trace" "$plain" "$@" >/dev/null 2>&1 || complain "failed: hookwright $*"
	want "calls that write" "$(grep -E \
		'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|rename|unlink|truncate|chmod|chown|setxattr|utime|mkdir|[^a-z]link' \
		"$work/trace")" ""
}

converges() {
	rm -f "$work/p"/*
	writes "$work/p" one
	writes "$work/p" two
	fresh
	want_hw 0 apply -q -p "$work/p" "$b"
	touches_nothing apply -p "$work/p" "$b"
	want_hw 0 revert -q "$b"
	same "$b/config.json" "$work/original"
	touches_nothing revert "$b"
}
if strace -o /dev/null true 2>/dev/null; then
	check "applying again and reverting again write nothing, by strace" converges
else
	skip "applying again and reverting again write nothing, by strace" "strace does not work here"
fi

# The program is read as the hook's and as the workload's, however many policies name it.
reads_once() {
	local few n
	rm -f "$work/p"/*
	writes "$work/p" one
	fresh
	strace -y -qq -e trace=pread64 -o "$work/trace" "$plain" apply -q -p "$work/p" "$b"
	few=$(grep -c "<$rootfs/bin/busybox>" "$work/trace")
	want "reads by one policy" "$([ "$few" -gt 0 ] && [ "$few" -lt 5 ] || echo "$few")" ""
	for n in two three four five six; do
		writes "$work/p" "$n"
	done
	fresh
	strace -y -qq -e trace=pread64 -o "$work/trace" "$plain" apply -q -p "$work/p" "$b"
	want "reads by six policies" "$(grep -c "<$rootfs/bin/busybox>" "$work/trace")" "$few"
	policy "$work/p/seven.yaml" "hook: { path: /bin/sh, args: [sh, -c, ':'], env: { A: b } }"
	fresh
	strace -y -qq -e trace=pread64 -o "$work/trace" "$plain" apply -q -p "$work/p" "$b"
	want "reads by another environment" "$([ "$(grep -c "<$rootfs/bin/busybox>" "$work/trace")" \
		-gt "$few" ] || echo no more)" ""
}
if strace -o /dev/null true 2>/dev/null; then
	check "a program that several policies name is looked at once" reads_once
else
	skip "a program that several policies name is looked at once" "strace does not work here"
fi

# ---- the order ----

reorders() {
	rm -f "$work/p"/*
	writes "$work/p" one 'order: 1'
	writes "$work/p" two 'order: 2'
	fresh
	want_hw 0 apply -q -p "$work/p" "$b"
	writes "$work/p" one 'order: 3'
	want_hw 0 apply -q -p "$work/p" "$b"
	want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=two /bin/sh
_HOOKWRIGHT_POLICY=one /bin/sh"
	runs "$1" "0:two one"
}
each_runtime "a changed order is carried out" reorders

done_testing
