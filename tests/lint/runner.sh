#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tests/run itself: a runner that misses a failure makes every test worthless.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
unset HW_ONLY HW_SLOW
n=0

fake() { # NAME LINE...: a test program
	local name=$1
	shift
	printf '%s\n' '#!/bin/sh' "$@" >"$name"
	chmod +x "$name"
}

# expect NAME STATUS TEXT CI PROGRAM...: the runner's status; TEXT is in its output; the last
# line of TEXT is the last line of the output
expect() {
	local name=$1 status=$2 text=$3 ci=$4 out got ok=ok
	shift 4
	out=$(CI=$ci "$top/tests/run" -t 2 "$@" 2>&1)
	got=$?
	n=$((n + 1))
	[ "$got" = "$status" ] || ok="not ok"
	while read -r line; do
		[[ $out == *"$line"* ]] || ok="not ok"
	done <<<"$text"
	[ "${out##*$'\n'}" = "${text##*$'\n'}" ] || ok="not ok"
	[ "$ok" = ok ] || printf '%s\n' "status $got, want $status" "$out" "want: $text" | sed 's/^/# /'
	echo "$ok $n - $name"
}

fake good 'echo "ok 1 - a"; echo "ok 2 - b"; echo 1..2'
fake bad 'echo "ok 1 - a"; echo "# why it failed"; echo "not ok 2 - b"; echo 1..2; exit 1'
fake bad-quiet 'echo "not ok 1 - b"; echo 1..1'
fake crash 'echo "ok 1 - a"; kill -SEGV $$'
# shellcheck disable=SC2016 # for the fake program
fake late-crash 'echo "ok 1 - a"; echo 1..1; kill -ABRT $$'
fake hang 'echo "ok 1 - a"; sleep 60; echo 1..1'
fake hang-child 'echo "ok 1 - a"; sleep 60 & wait; echo 1..1'
fake skips 'echo "ok 1 - a"; echo "ok 2 - b # SKIP no root"; echo 1..2'
fake lacks 'echo "ok 1 - a # SKIP cannot be had: no such suite"; echo 1..1'
fake skip-all 'echo "1..0 # SKIP no tool"'
fake short 'echo 1..3; echo "ok 1 - a"'
fake long 'echo "ok 1 - a"; echo "ok 2 - b"; echo 1..1'
fake silent 'exit 0'
fake renumbered 'echo "ok 1 - a"; echo "ok 1 - b"; echo 1..2'
fake status 'echo "ok 1 - a"; echo 1..1; echo "it broke" >&2; exit 3'

expect "what passes passes" 0 $'good\n2 passed, 0 failed, 0 skipped' "" good
expect "two programs are added up in order" 0 $'4 passed, 0 failed, 0 skipped' "" good good
expect "a failed test is shown with its reason" 1 \
	$'# why it failed\nnot ok 2 - b\n3 passed, 1 failed, 0 skipped' "" bad good
expect "a failure counts although the status is 0" 1 $'0 passed, 1 failed, 0 skipped' "" bad-quiet
expect "a crash is a failure" 1 $'killed by SIGSEGV\n1 passed, 1 failed, 0 skipped' "" crash
expect "a crash after the plan is a failure" 1 $'killed by SIGABRT\n1 passed, 1 failed, 0 skipped' \
	"" late-crash
expect "a hang ends and is a failure" 1 $'timeout after 2 seconds\n1 passed, 1 failed, 0 skipped' \
	"" hang
expect "a hanging child ends too" 1 $'timeout after 2 seconds\n1 passed, 1 failed, 0 skipped' \
	"" hang-child
expect "a skip is named" 0 $'skip - b: no root\n1 passed, 0 failed, 1 skipped' "" skips
expect "a skip in CI is a failure" 1 $'forbids: b: no root\n1 passed, 1 failed, 0 skipped' \
	true skips
expect "what cannot be had is skipped in CI, too" 0 \
	$'skip - a: cannot be had: no such suite\n0 passed, 0 failed, 1 skipped' true lacks
expect "a skipped program is named" 0 $'skip - all: no tool\n0 passed, 0 failed, 1 skipped' \
	"" skip-all
expect "a skipped program in CI is a failure" 1 $'no tool\n0 passed, 1 failed, 0 skipped' \
	true skip-all
expect "too few results are a failure" 1 \
	$'planned 3 tests, reported 1\n1 passed, 1 failed, 0 skipped' "" short
expect "too many results are a failure" 1 \
	$'planned 1 tests, reported 2\n2 passed, 1 failed, 0 skipped' "" long
expect "no plan is a failure" 1 $'printed no plan\n0 passed, 1 failed, 0 skipped' "" silent
expect "a wrong number is a failure" 1 $'has number 1\n2 passed, 1 failed, 0 skipped' "" renumbered
expect "a bad status is a failure, shown with stderr" 1 \
	$'stderr: it broke\nended with status 3\n1 passed, 1 failed, 0 skipped' "" status
expect "a missing program is a failure" 1 $'cannot run\n0 passed, 1 failed, 0 skipped' "" absent
expect "no program at all is a failure" 1 $'0 passed, 1 failed, 0 skipped' ""

# A device would take root.
touch null
fake good-null 'echo "ok 1 - $(stat -c %a null)"; [ "$(stat -c %a null)" = 666 ] && echo 1..1'
fake grabs 'chmod 644 null; echo "ok 1 - a"; echo 1..1'
chmod 666 null
expect "a program that changes the null device fails by its name" 1 \
	$'null was of\nwith mode 666 and is of\nwith mode 644, changed while these ran: grabs\n1 passed, 1 failed, 0 skipped' \
	"" -j 1 -n null grabs
expect "and the device is as before" 0 $'1 passed, 0 failed, 0 skipped' "" -n null good-null
fake both 'echo "ok 1 - reorders hooks"; echo "not ok 2 - keeps them"; echo 1..2; exit 1'
# shellcheck disable=SC2016 # for the fake program
fake obeys 'echo "ok 1 - got: $HW_ONLY"; echo 1..1'
fake left-out 'echo "# no case matches"; echo 1..0'

# only NAME PATTERN ARG...: as expect, with HW_ONLY
only() {
	local name=$1 HW_ONLY=$2
	shift 2
	export HW_ONLY
	expect "$name" "$@"
}

only "only the case that was asked for counts" "reorders" 0 $'1 passed, 0 failed, 0 skipped' "" both
only "its failure counts" "keep" 1 $'not ok 2 - keeps them\n0 passed, 1 failed, 0 skipped' "" both
only "a pattern is one of the shell" "re*s h[o]oks" 0 $'1 passed, 0 failed, 0 skipped' "" both
only "what has no such case counts for nothing" "reorders" 0 \
	$'2 of 3 programs have no such case\n1 passed, 0 failed, 0 skipped' true left-out both skip-all
only "a program of that name counts whole" "bot" 1 $'1 passed, 1 failed, 0 skipped' "" both left-out
only "the pattern is handed on" "got: g" 0 $'1 passed, 0 failed, 0 skipped' "" obeys
only "a check of nothing is a failure" "nowhere" 1 \
	"not ok - no case matches 'nowhere'"$'\n0 passed, 1 failed, 0 skipped' "" both left-out
only "a program that dies is a failure" "nowhere" 1 \
	$'killed by SIGSEGV\n0 passed, 1 failed, 0 skipped' "" crash
expect "a program without any test is a failure" 1 $'planned no test\n0 passed, 1 failed, 0 skipped' \
	"" left-out
expect "programs are counted" 0 $'1/2 ok\n2/2 ok\n4 passed, 0 failed, 0 skipped' "" good good
echo "1..$n"
