#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the user reads when a policy is not what it must be, exactly: tests/data/bad-policies has a
# file for each mistake and beside it the text. And that no command goes on with such a policy.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

data=$top/tests/data/bad-policies
bundle=$work/b
bare_config "$bundle"
mkdir "$bundle/rootfs"
cd "$data" || exit 2

# Every message ends with what to change, but for those that say what is allowed.
explains() { # TEXT
	[[ $1 == *$'\n  hint: '* || $1 =~ (at\ most|more\ than)\ [0-9]+ ]] ||
		complain "no hint and no limit in: $1"
}

run_on_bad() { # NAME
	local wanted
	wanted=$(<"$1.txt")
	want_hw 1 policy check "$1.yaml"
	want "stdout of policy check" "$out" "$wanted"
	want "stderr of policy check" "$err" ""
	want_hw 3 apply -p "$1.yaml" "$bundle"
	want "stdout of apply" "$out" ""
	want "stderr of apply" "$err" "$wanted"
	explains "$wanted"
}

before=$(identity "$bundle/config.json")
for file in *.yaml; do
	check "bad-policies/$file" run_on_bad "${file%.yaml}"
done

nothing_was_written() {
	want "config.json" "$(identity "$bundle/config.json")" "$before"
	no_residue "$bundle"
}
check "config.json is as it was" nothing_was_written

texts_have_policies() {
	local file
	for file in *.txt; do
		[ -e "${file%.txt}.yaml" ] || complain "$file is of no policy"
	done
	[ "$(printf '%s\n' *.yaml | wc -l)" -ge 60 ] || complain "fewer than 60 bad policies"
}
check "every text is one of a policy" texts_have_policies

# One broken file does not hide another, and the order is that of the names.
whole_directory() {
	want_hw 1 policy check .
	want "stdout" "$out" "$(printf '%s\n' *.yaml | sed 's/\.yaml$//' | sort | while read -r name; do
		sed 's/^[^ ]/.\/&/' "$name.txt"
	done)"
	want_hw 3 apply -p . "$bundle"
	want_has "stderr" "$err" "./when-text.yaml:2:7: "
	want_hw 1 policy check --json .
	want "errors" "$(jq '[.findings[] | select(.severity == "error")] | length' <<<"$out")" \
		"$(printf '%s\n' *.yaml | wc -l)"
}
check "a directory of bad policies: all are told, by name" whole_directory

# Made here: what git or a reader would not like to keep.
too_large() {
	{
		echo 'version: 1'
		head -c 1048576 /dev/zero | tr '\0' '#'
	} >"$work/large.yaml"
	want_hw 1 policy check "$work/large.yaml"
	want stdout "$out" "$work/large.yaml: larger than 1048576 bytes"
}
check "a policy over 1 MiB" too_large

many_values() {
	{
		printf 'version: 1\ndescription: [0'
		printf ',0%.0s' $(seq 20000)
		echo ']'
	} >"$work/many.yaml"
	want_hw 1 policy check "$work/many.yaml"
	want stdout "$out" "$work/many.yaml:2:40005: more than 20000 values in the file"
}
check "20,000 values" many_values

slow() { # NAME TEXT: refused in time
	printf 'version: 1\n' >"$work/slow.yaml"
	cat >>"$work/slow.yaml"
	# shellcheck disable=SC2016 # expanded by the shell inside
	timeout 20 "$HOOKWRIGHT" policy check "$work/slow.yaml" >"$work/slow.out" 2>&1
	want "status" $? 1
	want_has message "$(cut -c1-400 "$work/slow.out")" "$1"
}
brackets() {
	head -c 1000000 /dev/zero | tr '\0' '[' | slow "nested more than 64 levels deep"
}
check "a million brackets" brackets
keys() {
	seq 100000 | sed 's/$/: x/' | slow "unknown key '1'"
}
check "100,000 keys" keys
pairs() {
	seq 30000 | sed '1i hook: { path: /x, env: {' | sed '2,$s/.*/A&: x,/' | slow "more than 20000"
}
check "30,000 variables" pairs
question_marks() {
	head -c 1000000 /dev/zero | tr '\0' '?' | sed 's/?/? /g' | slow "nested more than 64 levels"
}
check "a million complex keys" question_marks
spaces() {
	{
		printf 'description: "'
		head -c 1000000 /dev/zero | tr '\0' '\n'
		echo '"'
	} | slow "'description' has"
}
check "a million line breaks in a text" spaces

done_testing
