#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The reports of lint, each read by those for whom it is made (consumers.py), and all telling the
# same: on bundles of many kinds, on one that is called and filled as badly as can be, and on none.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

python=/usr/bin/python3
for module in junitparser sarif_om; do
	$python -c "import $module" 2>/dev/null && continue
	skip "the reports" "no python3 with $module"
	done_testing
done
cd "$work" || exit 2

# lint STATUS REPORTS BUNDLE...: one run that writes all formats
lint() {
	local wanted=$1 to=$work/$2 format options=()
	shift 2
	mkdir -p "$to"
	for format in json sarif junit github gcc checkstyle codeclimate html text; do
		options+=(--format "$format" --output "$to/report.$format")
	done
	want_hw "$wanted" lint --no-settings "${options[@]}" "$@"
	want stdout "$out" ""
	want_has stderr "$err" inspected,
	[ "$(wc -l <<<"$err")" = 1 ] || complain "more on stderr: $err"
}

# told REPORTS N: every format tells the same N findings
told() {
	local got
	got=$($python "$top/tests/e2e/consumers.py" "$work/$1" 2>&1)
	want "findings in $1" "$got" "$2"
	want_ok xmllint --noout --nonet "$work/$1/report.junit"
}

# told_all REPORTS: the same where nothing says how many
told_all() {
	told "$1" "$(jq '[.bundles[].findings[]] | length' "$1/report.json")"
}

# ---- bundles of many kinds ----

make_bundle clean
make_bundle pretty
edit_config pretty '.hooks = {
	startContainer: [
		{ path: "/bin/gone", args: ["gone"], env: ["PATH=/bin"], timeout: 0 },
		{ path: "bin/sh", args: ["sh"], env: ["A"], tiemout: 3 },
		{ path: "/bin/true", args: ["true"], env: [] } ],
	Prestart: [],
	poststop: [ { path: "/no/such/program", args: ["x"], env: ["PATH=/bin"] } ] }'
make_bundle line
edit_config line '.hooks.startContainer = [
	{ path: "/bin/gone", args: ["gone"], env: ["PATH=/bin"] },
	{ path: "/bin/gr\u00fc\u00dfe", args: ["\ud83d\ude00"], env: ["PATH=/bin"], timeout: 1.5 }]'
jq -c . line/config.json >"$work/c" && cp "$work/c" line/config.json
make_bundle tabs
edit_config tabs '.hooks.startContainer = [{ path: "/bin/gone", args: ["a"], env: ["PATH=/bin"] }]'
jq --tab . tabs/config.json | sed 's/$/\r/' >"$work/c" && cp "$work/c" tabs/config.json
make_bundle ignored
edit_config ignored '.annotations["io.hookwright.ignore.HW201"] = "comes with a volume" |
	.hooks.startContainer = [{ path: "/bin/gone", args: ["a"], env: ["PATH=/bin"] }]'
make_bundle broken
printf '{\n  "ociVersion": "1.0.2",\n  "process": {\n' >broken/config.json
make_bundle empty
: >empty/config.json
mkdir no-config

all_kinds() {
	lint 3 many clean pretty line tabs ignored broken empty no-config nowhere "$work/clean" \
		"$work/tabs"
	told_all many
	want bundles "$(jq .totals.bundles many/report.json)" 11
	want "rules found" "$(jq -r '.bundles[].findings[] |
		select(.rule | IN("HW101", "HW102", "HW119", "HW201")) | .rule' many/report.json |
		sort | uniq -c | awk '{ print $2 "x" $1 }' | paste -sd ' ')" \
		"HW101x3 HW102x1 HW119x1 HW201x7"
}
check "every format tells the same of bundles of many kinds" all_kinds

one_each() {
	local bundle wanted
	for bundle in pretty line tabs broken empty no-config nowhere; do
		wanted=1
		[[ $bundle != no* && $bundle != empty ]] || wanted=3
		lint "$wanted" "one-$bundle" "$bundle"
		told_all "one-$bundle"
	done
}
check "a report on one bundle is whole, too" one_each

clean() {
	lint 0 none clean
	told none 0
	want "text" "$(cat none/report.text)" ""
	want "annotations" "$(cat none/report.github)" ""
	want "cases" "$(xmllint --xpath 'count(//testcase)' none/report.junit)" 1
	want "results" "$(jq -c '.runs[0].results' none/report.sarif)" "[]"
}
check "of a clean bundle only machines hear" clean

# The bundles without a finding are where a comma would be too many.
sparse() {
	lint 1 sparse clean clean pretty clean tabs clean
	told_all sparse
	lint 1 sparse-j -j 4 clean clean pretty clean tabs clean
	for format in json sarif junit github gcc checkstyle codeclimate html text; do
		same "sparse/report.$format" "sparse-j/report.$format"
	done
}
check "clean bundles between others leave no trace" sparse

ignored() {
	lint 0 ignored-out --inline-ignore ignored
	told ignored-out 1
	want "text" "$(cat ignored-out/report.text)" ""
	want "suppression" "$(jq -c '.runs[0].results[0].suppressions' ignored-out/report.sarif)" \
		'[{"kind":"inSource","justification":"comes with a volume"}]'
	want "skipped" "$(xmllint --xpath 'string(//skipped/@message)' ignored-out/report.junit)" \
		"comes with a volume"
	lint 0 ignored-option --ignore HW201 --no-inline-ignore ignored
	told ignored-option 1
	want "suppression" "$(jq -c '.runs[0].results[0].suppressions' ignored-option/report.sarif)" \
		'[{"kind":"external"}]'
}
check "ignored findings are marked where that can be told" ignored

# ---- policies ----

policies() {
	mkdir policies
	policy "policies/needs-root.yaml" 'needs: { exists: /nowhere }' 'hook: { path: /bin/true }'
	policy "policies/odd.yaml" 'otherwise: warn' 'hook:' '  path: /bin/gone' \
		'  env: { LD_PRELOAD: /x.so }'
	lint 1 policies-out -p policies clean
	told_all policies-out
	want_has "policies" "$(jq -r '.bundles[].findings[].policy' policies-out/report.json)" odd
	want_has "files" "$(jq -r '.runs[0].results[].locations[0].physicalLocation.artifactLocation.uri' \
		policies-out/report.sarif)" "policies/odd.yaml"
}
check "findings about policies point into their files" policies

# ---- colour ----

colour() {
	local plain
	want_hw 1 lint --no-settings --color never pretty line
	plain=$out
	want_lacks "plain text" "$plain" $'\e'
	want_hw 1 lint --no-settings --color always pretty line
	[ "$out" != "$plain" ] || complain "no colour"
	# shellcheck disable=SC2001 # a regular expression
	want "without its colours" "$(sed 's/\x1b\[[0-9;]*m//g' <<<"$out")" "$plain"
}
check "colour is nothing but colour" colour

# ---- fingerprints ----

prints() { jq -r '.runs[0].results[] | .ruleId + " " +
	.partialFingerprints.primaryLocationLineHash' "$1/report.sarif" | sort; }

fingerprints() {
	lint 1 before pretty
	jq -c . pretty/config.json >"$work/c"
	cp pretty/config.json "$work/kept" && cp "$work/c" pretty/config.json
	lint 1 after pretty
	cp "$work/kept" pretty/config.json
	want "fingerprints" "$(prints after)" "$(prints before)"
	[ "$(prints before | wc -l)" -gt 4 ] || complain "too few findings to tell"
}
check "fingerprints outlive a new layout of the file" fingerprints

# ---- the worst ----

evil=$'ev il\n::error::%0A,;&"<]]>\e[31m\x9b\xff\xc3\xbc'
make_bundle "$evil"
edit_config "$evil" '.hooks.startContainer = [
	{ path: "/bin/\u001b[2J\n]]><x>&\"%0A::error::\u009b\u202e", args: ["a"], env: ["PATH=/bin"] },
	{ path: "/bin/%s%n", args: ["a"], env: ["PATH=/bin"], "\u001b]0;x\u0007\n": 1 }] |
	.annotations["io.hookwright.ignore.HW107"] = "\u001b[5m\n]]>&<::%0D,"'

worst() {
	lint 1 evil "$evil"
	told_all evil
	want "lines of annotations" "$(grep -vc '^::\(error\|warning\|notice\) file=' evil/report.github)" 0
	want "uri" "$(jq -r '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri' \
		evil/report.sarif)" \
		"ev%20il%3F%3A%3Aerror%3A%3A%250A%2C%3B%26%22%3C%5D%5D%3E%3F%5B31m%3F%3F%C3%BC/config.json"
}
check "names and values of an image stay data in every format" worst

random() {
	local i name
	for i in 1 2 3 4; do
		name=$($python -c "
import random, sys
random.seed($i)
sys.stdout.buffer.write(bytes(random.choice([c for c in range(1, 256) if c not in (10, 47)])
                              for _ in range(40)) + b'_')")
		make_bundle "$name" && mkdir -p "random-$i"
		edit_config "$name" '.hooks.startContainer = [{ path: "/bin/gone" }]'
		lint 1 "random-$i" "$name"
		told_all "random-$i"
		rm -rf "$name"
	done
}
check "random names, too" random
done_testing
