#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Containers that ask for more work than they are worth: every command ends soon, in little memory,
# and what was not inspected is unknown. tests/bench/work.sh has larger ones, and numbers.
# shellcheck disable=SC2317,SC2016 # functions that check calls, texts that eval expands
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"
# shellcheck source=tests/bench/work.bash
. "$top/tests/bench/work.bash"

b=$work/b
[ -z "${HW_NAMESPACE-}" ] || { mkdir "$work/m" && mount -t tmpfs tmpfs "$work/m" && b=$work/m/b; }

hostile() { # NAME N
	rm -rf "$b"
	$hostile "$1" "$2" "$b" || complain "there is no input $1"
}

# Two seconds and 96 MiB leave room for a loaded machine; what is wrong takes minutes.
bounded() { # NAME N
	local what status seconds kib
	hostile "$1" "$2"
	while read -r what status seconds kib; do
		[ "$status" -le 3 ] || complain "$what ends with status $status"
		awk "BEGIN { exit !($seconds <= 2) }" || complain "$what takes $seconds s"
		[ "$kib" -le 98304 ] || complain "$what takes $kib KiB"
	done < <(costs 1 "$b")
}

while read -r name n what; do
	check "$what ($name, $n)" bounded "$name" "$n"
done < <($hostile --list)

# As many as a document may have: what is quadratic shows there only.
for each in unsafe-annotations:120000 long-twins:120000 case-twins:120000; do
	check "the most ${each%:*}" bounded "${each%:*}" "${each#*:}"
done

# ---- what is spent is unknown ----

limit='this container needs more than the limit of '

# unknown NAME N: lint does not know, apply obeys the policy's "otherwise", a second run says the
# same to the letter
unknown() {
	local first
	hostile "$1" "$2"
	want_hw 3 lint --no-settings --no-policies "$b"
	want_has "lint's output" "$out" "$limit"
	want_has "lint's output" "$out" "HW314"
	first=$out
	want_hw 3 lint --no-settings --no-policies "$b"
	want "lint's second output" "$out" "$first"
	want_hw 0 apply -n -p "$b/policy.yaml" "$b"
	want_has "apply's warning" "$err" "hook of 'policy' left out: it cannot be sure of"
	want_has "apply's warning" "$err" "$limit"
	sed -i 's/^otherwise: .*/otherwise: fail/' "$b/policy.yaml"
	want_hw 1 apply -n -p "$b/policy.yaml" "$b"
	want_has "apply's refusal" "$err" "refused: policy 'policy' cannot be sure of"
	want_has "apply's refusal" "$err" "$limit"
}

for each in spellings:100 includes:512 hash-loop:1000 relocations:60000 groups:250000 \
	deep-directories:2000 mounts-from-links:500 path-items:25000; do
	check "spent: ${each%:*}" unknown "${each%:*}" "${each#*:}"
done

not_ignored() {
	hostile spellings 100
	jq '.annotations = { "io.hookwright.ignore.HW314": "I know" }' "$b/config.json" >"$work/c" &&
		cat "$work/c" >"$b/config.json"
	want_hw 1 lint --no-settings --no-policies --inline-ignore --fail-on warning "$b"
	want_has "lint's output" "$out" "HW314"
	want_has "lint's output" "$out" "cannot be ignored by an annotation"
}
check "no annotation hides that not all was inspected" not_ignored

# ---- what is large, and no more than that, is judged ----

judged() { # NAME N
	hostile "$1" "$2"
	hw lint --no-settings --no-policies "$b"
	want_lacks "lint's output" "$out" "$limit"
	want_hw 0 apply -n -p "$b/policy.yaml" "$b"
	want_has "apply's output" "$out" "would have added hook of 'policy'"
}
for each in mounts-over-parents:300 masked-paths:500 link-farm:100 seccomp-names:2000 \
	mappings:340 variables:2000 annotations:2000 same-hooks:200; do
	check "judged: ${each%:*}" judged "${each%:*}" "${each#*:}"
done

done_testing
