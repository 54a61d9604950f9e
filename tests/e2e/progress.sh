#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Long runs of lint: the line that shows on a terminal how far it is (progress.py is the terminal), and
# what is left of the reports when a signal ends the run.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"
cd "$work" || exit 2
export TERM=xterm

make_bundle good
make_bundle bad
edit_config bad '.hooks.startContainer = [{ path: "/bin/gone", args: ["gone"], env: ["PATH=/bin"] }]'
mapfile -t many < <(yes good | head -n 15000) # takes seconds
lint=("$HOOKWRIGHT" lint --no-settings --no-policies)

terminal() { # ARG...: what the terminal showed, in terminal.json
	timeout 120 /usr/bin/python3 "$top/tests/e2e/progress.py" "$@" >terminal.json ||
		complain "no terminal: $*"
}

got() { # FILTER: of the terminal
	jq -r "$1" terminal.json
}

shown() {
	terminal "${lint[@]}" "${many[@]}"
	want status "$(got .status)" 0
	want "a line with all parts" \
		"$(got '.raw | test("\\r[0-9]+ of 15000 bundles, [0-9]+/s, [0-9]+ s left\u001b")')" true
	want "at most ten times a second" \
		"$(got '(.raw | split("/s,") | length - 1) <= .seconds * 10')" true
	want "the screen at the end" "$(got .screen)" "15000 bundles inspected, 0 findings"
	mkdir -p tree && cp -r good tree/
	terminal "${lint[@]}" "${many[@]}" --recursive tree
	want "no number of all" "$(got '.raw | test("\\r[0-9]+ bundles, [0-9]+/s\u001b")')" true
}
check "a line shows how far it is, and is gone at the end" shown

elsewhere() {
	local each
	terminal "${lint[@]}" -q "${many[@]}"
	want "with -q" "$(got .raw)" ""
	for each in TERM=dumb TERM=; do
		terminal env "$each" "${lint[@]}" "${many[@]}"
		want "$each" "$(got .raw | tr -d '\r')" "15000 bundles inspected, 0 findings"
	done
	"${lint[@]}" "${many[@]}" 2>hw.err
	want "a file" "$(cat hw.err)" "15000 bundles inspected, 0 findings"
}
check "not with -q, on a dumb terminal, or in a file" elsewhere

# What is printed meanwhile stands alone in its lines.
between() {
	local bundles=("${many[@]}" bad "${many[@]}" nowhere bad "${many[@]}")
	"${lint[@]}" "${bundles[@]}" 2>&1 | sort >wanted.txt # in a file the summary is first
	terminal bash -c 'exec "$@" >&2' bash "${lint[@]}" --color never "${bundles[@]}"
	want "a line was shown" "$(got '.raw | contains("s left")')" true
	got .screen | sed '$d' | sort >got.txt
	same got.txt wanted.txt
}
check "it is erased before anything is printed" between

stopped() { # SIGNAL STATUS JOBS
	local options=() format
	mkdir -p reports
	for format in json html text sarif junit gcc checkstyle codeclimate github; do
		echo old >"reports/$format"
		options+=(-f "$format" -o "reports/$format")
	done
	terminal "$1:/s" "${lint[@]}" -j "$3" "${options[@]}" bad "${many[@]}" "${many[@]}"
	want "status" "$(got .status)" "$2"
	want_has "the screen" "$(got .screen)" "interrupted: not every bundle was inspected"
	want "json" "$(jq '.totals.complete, (.totals.bundles | . > 1 and . < 30001)' reports/json |
		paste -sd ' ')" "false true"
	want "bundles" "$(jq '.bundles | length' reports/json)" "$(jq .totals.bundles reports/json)"
	want "sarif" "$(jq '.runs[0].invocations[0].executionSuccessful' reports/sarif)" false
	want_ok xmllint --noout --nonet reports/junit
	want "html" "$(grep -c 'This report is incomplete' reports/html),$(tail -n 1 reports/html)" "1,</html>"
	want_has "text" "$(cat reports/text)" "incomplete: not everything was inspected"
	for format in gcc checkstyle codeclimate github; do
		want "$format" "$(cat "reports/$format")" old
	done
	want "files" "$(find reports -type f | wc -l)" 9
}
for jobs in 1 3; do
	check "SIGINT leaves reports whole, -j $jobs" stopped INT -2 "$jobs"
	check "SIGTERM leaves reports whole, -j $jobs" stopped TERM -15 "$jobs"
done

ignored() {
	terminal INT:/s bash -c 'trap "" INT; exec "$@"' bash "${lint[@]}" "${many[@]}"
	want "status" "$(got .status)" 0
	want "the screen" "$(got .screen)" "15000 bundles inspected, 0 findings"
}
check "a signal that was ignored before stays so" ignored
done_testing
