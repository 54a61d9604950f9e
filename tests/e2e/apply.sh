#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# apply, explain and revert on real bundles: what they write, say and return, and what runs then.
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
mkdir "$work/p" "$work/none"

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

default_args() {
	policy "$work/plain.yaml" 'hook: { path: /bin/true }'
	fresh
	want_hw 0 apply -q -p "$work/plain.yaml" "$b"
	want hook "$(jq -c '.hooks.startContainer[0] | del(.env)' "$b/config.json")" \
		'{"path":"/bin/true","args":["/bin/true"]}'
	policy "$work/plain.yaml" 'hook: { path: [/bin/absent, /bin/true, /bin/false] }'
	want_hw 0 apply -q -p "$work/plain.yaml" "$b"
	want hook "$(jq -c '.hooks.startContainer[0] | del(.env)' "$b/config.json")" \
		'{"path":"/bin/true","args":["/bin/true"]}'
}
check "the first usable candidate is taken, and is argv[0] by default" default_args

timeouts() {
	local runtime
	policy "$work/slow.yaml" 'hook: { path: /bin/true, timeout: 5 }'
	for runtime in crun /usr/local/bin/crun; do
		fresh
		want_hw 0 apply -q --runtime "$runtime" -p "$work/slow.yaml" "$b"
		want stderr "$err" "$work/slow.yaml: 'slow': the timeout is omitted, because crun would start the container's program with SIGCHLD blocked
  hint: limit the hook's time inside the program itself"
		want timeout "$(jq '.hooks.startContainer[0].timeout' "$b/config.json")" null
	done
	want_hw 0 apply -q --runtime runc -p "$work/slow.yaml" "$b"
	want stderr "$err" ""
	want timeout "$(jq '.hooks.startContainer[0].timeout' "$b/config.json")" 5
}
check "crun gets no timeout, with a warning" timeouts

# ---- convergence and revert ----

touches_nothing() { # ARG...: writes no file, by strace
	strace -f -o "$work/trace" "$plain" "$@" >/dev/null 2>&1 || complain "failed: hookwright $*"
	want "calls that write" "$(grep -E \
		'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|rename|unlink|truncate|chmod|chown|setxattr|utime|mkdir|[^a-z]link' \
		"$work/trace")" ""
}

converges() {
	local before
	rm -f "$work/p"/*
	writes "$work/p" one
	writes "$work/p" two
	fresh
	want_hw 0 apply -q -p "$work/p" "$b"
	before=$(identity "$b/config.json")
	want_hw 0 apply -p "$work/p" "$b"
	want output "$out$err" "$b/config.json: unchanged: 2 hooks are in place"
	want "config.json" "$(identity "$b/config.json")" "$before"
	if strace -o /dev/null true 2>/dev/null; then
		touches_nothing apply -p "$work/p" "$b"
		want "config.json" "$(identity "$b/config.json")" "$before"
	fi
	want_hw 0 revert -q "$b"
	same "$b/config.json" "$work/original"
	before=$(identity "$b/config.json")
	want_hw 0 revert "$b"
	want output "$out$err" "$b/config.json: unchanged: it does not have hooks of hookwright"
	want "config.json" "$(identity "$b/config.json")" "$before"
	[ ! -s "$work/trace" ] || touches_nothing revert "$b"
}
check "applying again and reverting again write nothing, by strace" converges

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
	rm -f "$work/p"/*
	writes "$work/p" one
	writes "$work/p" two
}
if strace -o /dev/null true 2>/dev/null; then
	check "a program that several policies name is looked at once" reads_once
fi

reverts() {
	fresh ".hooks = { poststop: [], startContainer: [(\"a\", \"b\") | $foreign] }"
	cp "$b/config.json" "$work/foreign"
	want_hw 0 apply -q -p "$work/p" "$b"
	want hooks "$(hooks_of "$b")" "- /bin/sh
- /bin/sh
_HOOKWRIGHT_POLICY=one /bin/sh
_HOOKWRIGHT_POLICY=two /bin/sh"
	want_hw 0 revert "$b"
	want stdout "$out" "$b/config.json: removed hook of 'one'
$b/config.json: removed hook of 'two'"
	same "$b/config.json" "$work/foreign"
}
check "revert gives the original bytes, foreign hooks stay" reverts

# ---- what differs is replaced, what is not wanted goes ----

replaces() {
	rm -f "$work/p"/*
	writes "$work/p" one
	writes "$work/p" two
	fresh ".hooks.startContainer = [\"a\" | $foreign]"
	want_hw 0 apply -q -p "$work/p" "$b"
	edit_config "$b" ".hooks.startContainer += [\"z\" | $foreign]"
	policy "$work/p/one.yaml" 'hook: { path: /bin/true }'
	want_hw 0 apply -p "$work/p" "$b"
	want stdout "$out" "$b/config.json: replaced hook of 'one': /bin/true"
	want hooks "$(hooks_of "$b")" "- /bin/sh
_HOOKWRIGHT_POLICY=one /bin/true
_HOOKWRIGHT_POLICY=two /bin/sh
- /bin/sh"
	policy "$work/p/one.yaml" 'when: { uid: 1000 }' 'hook: { path: /bin/true }'
	want_hw 0 apply -p "$work/p" "$b"
	want stdout "$out" "$b/config.json: removed hook of 'one'"
	want hooks "$(hooks_of "$b")" "- /bin/sh
_HOOKWRIGHT_POLICY=two /bin/sh
- /bin/sh"
}
check "a changed policy's hook is replaced in its place, an unwanted one removed" replaces

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

stays() {
	local line
	rm -f "$work/p"/*
	writes "$work/p" gone
	writes "$work/p" kept
	fresh
	want_hw 0 apply -q -p "$work/p" "$b"
	rm "$work/p/gone.yaml"
	cp "$b/config.json" "$work/applied"
	want_hw 0 apply -p "$work/p" "$b"
	want stdout "$out" "$b/config.json: unchanged: 1 hook is in place"
	line=$(grep -n '_HOOKWRIGHT_POLICY=gone' "$b/config.json" | cut -d: -f1)
	want_has stderr "$err" "hook of 'gone' is kept: its policy is not loaded
  hint: --prune removes it"
	want_ok test "$(cut -d: -f2 <<<"$err" | head -n 1)" -le "$line"
	same "$b/config.json" "$work/applied"
	want_hw 0 explain -p "$work/p" "$b"
	want_has explain "$out" "hook of 'gone' is kept: its policy is not loaded"
	want_hw 0 apply -n --prune -p "$work/p" "$b"
	want stdout "$out" "$b/config.json: would have removed hook of 'gone'"
	want_hw 0 apply --prune -p "$work/p" "$b"
	want stdout "$out" "$b/config.json: removed hook of 'gone'"
	want stderr "$err" ""
	want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=kept /bin/sh"
}
check "a hook whose policy is gone stays with a warning; --prune removes it" stays

damaged() {
	rm -f "$work/p"/*
	writes "$work/p" one
	fresh
	want_hw 0 apply -q -p "$work/p" "$b"
	cp "$b/config.json" "$work/applied"
	edit_config "$b" '.hooks.startContainer[0].args[2] = "exit 1"'
	want_hw 0 apply -q -p "$work/p" "$b"
	want arguments "$(jq -c '.hooks.startContainer[0].args' "$b/config.json")" \
		"$(jq -c '.hooks.startContainer[0].args' "$work/applied")"
	edit_config "$b" '.hooks.startContainer += .hooks.startContainer'
	want_hw 0 apply -q -p "$work/p" "$b"
	want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=one /bin/sh"
	edit_config "$b" '.hooks.startContainer[0].unknown = 1'
	want_hw 0 apply -q -p "$work/p" "$b"
	want hook "$(jq -cS '.hooks.startContainer[0]' "$b/config.json")" \
		"$(jq -cS '.hooks.startContainer[0]' "$work/applied")"
}
check "our hook that somebody changed or doubled is put right" damaged

# ---- activation ----

requests() {
	rm -f "$work/p"/*
	writes "$work/p" always
	writes "$work/p" asked 'activation: requested'
	fresh
	want_hw 0 apply -q -p "$work/p" "$b"
	want "hooks without a request" "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=always /bin/sh"
	want_hw 0 apply -q -p "$work/p" --request asked "$b"
	want "hooks with --request" "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=always /bin/sh
_HOOKWRIGHT_POLICY=asked /bin/sh"
	want_hw 0 apply -q -p "$work/p" "$b"
	want "hooks when it is not requested any more" "$(hooks_of "$b")" \
		"_HOOKWRIGHT_POLICY=always /bin/sh"
	fresh '.annotations."io.hookwright.policies" = " asked ,always,, "'
	want_hw 0 apply -q -p "$work/p" "$b"
	want "hooks with the annotation" "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=always /bin/sh
_HOOKWRIGHT_POLICY=asked /bin/sh"
	fresh
	want_hw 0 apply -q -p "$work/p/asked.yaml" "$b"
	want "hooks with -p FILE" "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=asked /bin/sh"
	writes "$work/none" asked 'activation: requested' 'order: 7'
	fresh
	want_hw 0 apply -q -p "$work/p" -p "$work/none/asked.yaml" "$b"
	want "hooks with -p DIR -p FILE" "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=asked /bin/sh
_HOOKWRIGHT_POLICY=always /bin/sh"
	rm "$work/none/asked.yaml"
}
check "requests: --request, the annotation, -p FILE" requests

asked_and_false() {
	rm -f "$work/p"/*
	writes "$work/p" asked 'activation: requested' 'when: { uid: 1000 }'
	writes "$work/p" always 'when: { uid: 1000 }'
	fresh
	want_hw 0 apply -p "$work/p" "$b"
	want output "$out$err" "$b/config.json: unchanged: none of 2 loaded policies wants a hook \
here (see 'hookwright explain')"
	want_hw 1 apply -p "$work/p" -r asked "$b"
	want stderr "$err" "$work/p/asked.yaml:3:9: refused: policy 'asked' is for containers with \
'uid: 1000', but process.user.uid is 0
  hint: run the container as that user, or do the work of the hook when the image is built"
	want_hw 1 apply -p "$work/p" -r always "$b"
}
check "who asked hears why not" asked_and_false

unknown_requests() {
	local line
	rm -f "$work/p"/*
	writes "$work/p" ldconfig-on-start
	fresh
	want_hw 3 apply -p "$work/p" -r ldconfig-on-strat "$b"
	want stderr "$err" "policy 'ldconfig-on-strat' was requested, but does not exist
  hint: did you mean 'ldconfig-on-start'?"
	want_hw 3 apply -p "$work/p" -r something-else "$b"
	want stderr "$err" "policy 'something-else' was requested, but does not exist
  hint: 'hookwright policy list' lists the loaded policies"
	fresh '.annotations."io.hookwright.policies" = "ldconfig-on-start,nothing"'
	cp "$b/config.json" "$work/annotated"
	line=$(grep -n 'io.hookwright.policies' "$b/config.json" | cut -d: -f1)
	want_hw 1 apply -p "$work/p" "$b"
	want_has stderr "$err" "$b/config.json:$line:"
	want_has stderr "$err" ": policy 'nothing' was requested by annotation io.hookwright.policies, but does not exist"
	same "$b/config.json" "$work/annotated"
}
check "a requested policy that does not exist is an error" unknown_requests

# ---- otherwise ----

otherwise() {
	local how
	for how in fail warn ignore; do
		rm -f "$work/p"/*
		writes "$work/p" other
		writes "$work/p" needy 'needs:' '  uid: 1000' "otherwise: $how"
		policy "$work/p/lost.yaml" "otherwise: $how" 'hook: { path: [/bin/x, /bin/y] }'
		fresh
		hw apply -p "$work/p" "$b"
		case $how in
		fail)
			want status "$status" 1
			want stdout "$out" ""
			want stderr "$err" "$work/p/lost.yaml: refused: policy 'lost' has no program in \
the container: /bin/x, /bin/y
  hint: add it to the image, or name another path; it is looked up inside the container
$work/p/needy.yaml:3:3: refused: policy 'needy' needs 'uid: 1000', but process.user.uid is 0
  hint: run the container as that user, or do the work of the hook when the image is built"
			same "$b/config.json" "$work/original"
			;;
		warn)
			want status "$status" 0
			want stderr "$err" "$work/p/lost.yaml: hook of 'lost' left out: it has no \
program in the container: /bin/x, /bin/y
  hint: add it to the image, or name another path; it is looked up inside the container
$work/p/needy.yaml:3:3: hook of 'needy' left out: it needs 'uid: 1000', but process.user.uid is 0
  hint: run the container as that user, or do the work of the hook when the image is built"
			want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=other /bin/sh"
			;;
		ignore)
			want status "$status" 0
			want stderr "$err" ""
			want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=other /bin/sh"
			;;
		esac
	done
}
check "otherwise: fail, warn, ignore" otherwise

left_out_later() {
	rm -f "$work/p"/*
	writes "$work/p" one
	fresh
	want_hw 0 apply -q -p "$work/p" "$b"
	writes "$work/p" one 'needs: { uid: 5 }' 'otherwise: warn'
	want_hw 0 apply -p "$work/p" "$b"
	want stdout "$out" "$b/config.json: removed hook of 'one'"
	same "$b/config.json" "$work/original"
	writes "$work/p" one
	want_hw 0 apply -q -p "$work/p" "$b"
	cp "$b/config.json" "$work/applied"
	writes "$work/p" one 'needs: { uid: 5 }'
	want_hw 1 apply -p "$work/p" "$b"
	same "$b/config.json" "$work/applied"
}
check "a hook that is left out now is removed, unless the container is refused" left_out_later

# ---- dry run, diff, JSON ----

dry() {
	local before
	rm -f "$work/p"/*
	writes "$work/p" one
	fresh
	before=$(identity "$b/config.json")
	want_hw 0 apply -n -p "$work/p" "$b"
	want stdout "$out" "$b/config.json: would have added hook of 'one': /bin/sh"
	want "config.json" "$(identity "$b/config.json")" "$before"
	want_hw 0 apply --dry-run --json -p "$work/p" "$b"
	want json "$(jq -c '[.changed, .written]' <<<"$out")" '[true,false]'
	want_hw 0 apply -q -p "$work/p" "$b"
	want_hw 0 revert -n "$b"
	want stdout "$out" "$b/config.json: would have removed hook of 'one'"
	want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=one /bin/sh"
}
check "--dry-run changes nothing" dry

diffs() {
	rm -f "$work/p"/*
	writes "$work/p" one
	writes "$work/p" two
	fresh ".hooks.poststop = [\"p\" | $foreign]"
	cp "$b/config.json" "$work/patched"
	want_hw 0 apply -n --diff -p "$work/p" "$b"
	cp "$work/hw.out" "$work/diff"
	want_has diff "$(head -n 2 "$work/diff")" "--- $b/config.json"
	want_hw 0 apply --diff -p "$work/p" "$b"
	same "$work/hw.out" "$work/diff"
	want_ok patch -s "$work/patched" "$work/diff"
	same "$work/patched" "$b/config.json"
	want_hw 0 apply --diff -p "$work/p" "$b"
	want "diff of nothing" "$out" ""
	want_hw 0 revert --diff "$b"
	want_ok patch -s "$work/patched" "$work/hw.out"
	same "$work/patched" "$b/config.json"
	# A last line without newline.
	printf %s "$(cat "$work/original")" >"$b/config.json"
	jq -c . "$work/original" | tr -d '\n' >"$b/config.json"
	cp "$b/config.json" "$work/patched"
	want_hw 0 apply --diff -p "$work/p" "$b"
	want_ok patch -s "$work/patched" "$work/hw.out"
	same "$work/patched" "$b/config.json"
}
if command -v patch >/dev/null; then
	check "--diff is what patch(1) applies" diffs
else
	skip "--diff is what patch(1) applies" "patch is not installed"
fi

keys() { # FILTER: the keys there, in order
	jq -c "$1 | keys_unsorted" <<<"$out"
}

json() {
	rm -f "$work/p"/*
	writes "$work/p" wanted 'when: { uid: 0, all: [ { gid: 0 } ] }' 'needs: { exists: /bin }'
	writes "$work/p" left 'needs: { uid: 7 }' 'otherwise: warn'
	writes "$work/p" other 'when: { uid: 7 }'
	writes "$work/p" quiet 'activation: requested'
	fresh '.hooks.startContainer = [{ path: "/bin/true", env: ["_HOOKWRIGHT_POLICY=gone"] }]'
	want_hw 0 explain --json --runtime /usr/sbin/runc -p "$work/p" "$b"
	want "the object" "$(keys .)" '["bundle","config","runtime","changed","written","refused","policies","hooks.d","removed","findings"]'
	want "a policy" "$(keys '.policies[0]')" '["name","path","activation","outcome","action","why","hint","when","needs","candidates","hook"]'
	want "a condition" "$(keys '.policies[] | select(.name == "wanted").when[0]')" \
		'["depth","condition","value","fact","line"]'
	want "a candidate" "$(keys '.policies[0].candidates[0]')" \
		'["path","verdict","reason","hint","steps"]'
	want "a finding" "$(keys '.findings[0]')" \
		'["severity","policy","path","line","column","message","hint"]'
	want "of the object" "$(jq -c '[.bundle, .config, .runtime, .changed, .written, .refused]' \
		<<<"$out")" "[\"$b\",\"$b/config.json\",\"runc\",true,false,false]"
	want outcomes "$(jq -r '.policies[] | "\(.name) \(.activation) \(.outcome) \(.action)"' \
		<<<"$out")" "left always left-out none
other always not-concerned none
quiet none not-requested none
wanted always wanted added"
	want conditions "$(jq -c '.policies[] | select(.name == "wanted").when[] |
		[.depth, .condition, .value, .line]' <<<"$out")" '[0,"uid: 0","yes",2]
[0,"all","yes",2]
[1,"gid: 0","yes",2]'
	want verdicts "$(jq -r '.policies[0].candidates[] | "\(.path) \(.verdict)"' <<<"$out")" \
		"/bin/sh usable"
	want "types of steps and hook" "$(jq -c '.policies[] | select(.name == "wanted") |
		[(.candidates[0].steps | type), (.hook | keys_unsorted)]' <<<"$out")" \
		'["array",["path","args","env"]]'
	want "hook of one not wanted" "$(jq -c '.policies[0].hook' <<<"$out")" null
	want findings "$(jq -r '.findings[] | "\(.severity) \(.policy)"' <<<"$out")" \
		"warning left
warning gone"
	# apply says the same, but evaluates no more than it must.
	want_hw 0 apply --json --prune -p "$work/p" "$b"
	want "stderr of apply" "$err" ""
	want "of the object" "$(jq -c '[.runtime, .changed, .written, .refused, .removed]' <<<"$out")" \
		'[null,true,true,false,["gone"]]'
	want "conditions of apply" "$(jq -c '[.policies[].when[]]' <<<"$out")" '[]'
	want_hw 0 apply --json --prune -p "$work/p" "$b"
	want "applied again" "$(jq -c '[.changed, .written, .policies[3].action]' <<<"$out")" \
		'[false,false,"kept"]'
	want_hw 0 revert --json "$b"
	want "of revert" "$(jq -c '[.changed, .written, .policies, .removed]' <<<"$out")" \
		'[true,true,[],["wanted"]]'
	writes "$work/p" refuse 'needs: { uid: 7 }'
	want_hw 1 apply --json -p "$work/p" "$b"
	want "refused" "$(jq -c '[.changed, .written, .refused]' <<<"$out")" '[false,false,true]'
	want "the error" "$(jq -r '.findings[] | select(.severity == "error") |
		"\(.policy):\(.line):\(.column)"' <<<"$out")" "refuse:2:10"
}
check "--json has every documented member" json

explained() {
	rm -f "$work/p"/*
	policy "$work/p/one.yaml" 'description: Says one.' 'when: { uid: 0 }' \
		'needs: { writable: /etc }' \
		'hook: { path: [/bin/absent, /bin/sh], args: [sh, -c, "echo one >>/tmp/order"] }'
	fresh
	want_hw 0 explain -p "$work/p" "$b"
	want stderr "$err" ""
	for part in "bundle   $b" "rootfs   rootfs" "process  uid 0, gid 0: /bin/sh" \
		"runtime  not told" "one  ($work/p/one.yaml)" "Says one." "always active" "when" \
		"uid: 0" "process.user.uid is 0" "needs" "writable: /etc" "/bin/absent" "/bin/sh" \
		"<- taken" "hook wanted; apply adds it" "_HOOKWRIGHT_POLICY=one"; do
		want_has explain "$out" "$part"
	done
	same "$b/config.json" "$work/original"
	want_hw 0 apply -q -p "$work/p" "$b"
	want_hw 0 explain -p "$work/p" "$b"
	want_has explain "$out" "it is in the file already"
	want_hw 0 explain -p "$work/none" "$b"
	want_has explain "$out" "no policy is loaded"
}
check "explain shows conditions, candidates and the decision" explained

# The same verdict and the same status for both.
explain_agrees() {
	rm -f "$work/p"/*
	writes "$work/p" one 'needs: { uid: 7 }'
	fresh
	want_hw 1 explain -p "$work/p" "$b"
	want_has explain "$out" "container refused"
	want_has explain "$out" "needs 'uid: 7', but process.user.uid is 0"
}
check "explain ends as apply would" explain_agrees
done_testing
