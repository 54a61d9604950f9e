#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# No command of a CI runner reaches a log from a hostile text: each syntax, in each place of a
# bundle, a policy or an engine's message, in each format of each command.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

helper=$top/tests/e2e/runner-commands.py
command -v /usr/bin/python3 >/dev/null || {
	skip "no runner takes a command" "needs python3"
	done_testing
}

# As python writes them; the bytes are UTF-8.
syntaxes=(
	'::error file=a,line=1::b'
	'::set-env name=A::b'
	'::stop-commands::token'
	'::add-matcher::/a'
	' \xc2\xa0::warning::b'
	'\xe3\x80\x80::debug::b'
	'##[command]b'
	'x##[error]b'
	'##[set-output name=a;]b'
	'##[add-matcher]/a'
	'##vso[task.setvariable variable=a]b'
	'##teamcity[buildStatus status=|b]'
	'section_start:1:a\r\x1b[0Kb'
	'section_end:1:a'
	'travis_fold:start:a'
	'--- a'
	'+++ a'
	'~~~ a'
	'^^^ +++'
	'a\n::error::b'
	'a\r\n##[error]b'
	'a\xe2\x80\xae::b'
	'a\xe2\x80\xa8::error::b'
	'\xe2\x80\x8b::error::b'
	'\xef\xbb\xbf::error::b'
	'\xc2\x85::error::b'
	'a\xe2\x81\xa6b\xe2\x80\x8fc'
)

# run NAME ARG...: keep what a command prints, on both
run() {
	local name=$1 status
	shift
	"$HOOKWRIGHT" "$@" >"out/$name.out" 2>"out/$name.err" </dev/null
	status=$?
	[ "$status" -le 3 ] || complain "$name ended with $status"
}

run_all() { # BUNDLE
	local format each
	for format in text json sarif junit github gcc checkstyle codeclimate html; do
		run "lint-$format" lint --no-settings --verbose -f "$format" --recursive . -p good
		run "lint-named-$format" lint --no-settings -f "$format" -p good --host-mounts \
			--runtime crun -- "$1" broken quoted "$1/none"
	done
	run lint-colour lint --no-settings --color always -- "$1" broken quoted
	run lint-policies lint --no-settings -p policies -- "$1"
	run doctor doctor log
	run doctor-json doctor --json log
	run doctor-colour doctor --color always --bundle "$1" log
	run doctor-bundle doctor -- "$1"
	for each in "$1" sound broken quoted; do
		run "explain-$each-x" explain -p good -- "$each"
		run explain-json explain -p good --json -- "$each"
		run apply-dry apply -n -p good -p added -r "$syntax" -- "$each"
		run apply-json apply -n -p good --json -- "$each"
		run apply-diff apply -n --diff -p added -- "$each"
		"$HOOKWRIGHT" filter -b "$1" -p good <"$each/config.json" 2>out/filter.err >/dev/null
		"$HOOKWRIGHT" filter -p policies <"$each/config.json" 2>out/filter-bad.err >/dev/null
	done
	run check policy check policies
	run check-json policy check --json policies good
	run check-good policy check good
	run list policy list -p good
	run list-json policy list --json -p good
	run test policy test good
	for each in --format --runtime --arch --ignore --rootfs --settings --fail-on "--$syntax" \
		--explain --jobs --request -p; do
		run "option-${each//\//|}" lint "$each" "$syntax"
	done
	run command "$syntax"
	run command-policy policy "$syntax"
	run show policy show "$syntax"
	run setup setup "$syntax"
	run apply-nowhere apply "$syntax/x"
	run doctor-nowhere doctor --bundle "$syntax" log
}

attack() { # SYNTAX
	local syntax got
	rm -rf attack && mkdir -p attack/out && cd attack || return
	/usr/bin/python3 "$helper" make . "$1" || complain "cannot make it"
	cp "$(command -v busybox)" sound/rootfs/busybox
	mkdir -p sound/rootfs/bin && mv sound/rootfs/busybox sound/rootfs/bin
	syntax=$(printf '%b.' "$1") syntax=${syntax%.}
	run_all "${syntax//\//|}"
	# Colours are ours.
	sed -i 's/\x1b\[[0-9;]*m//g' out/*colour*
	got=$(/usr/bin/python3 "$helper" check out/*)
	[ -z "$got" ] || complain "$(head -20 <<<"$got")"
	# The attack did arrive, or this shows nothing.
	[ "$(jq '[.bundles[].findings[]] | length' out/lint-named-json.out)" -gt 10 ] ||
		complain "few findings"
	want_has "what is needed" "$(cat out/lint-json.out)" "needed by /opt/needs"
	want "what was looked at" "$(jq -c '.totals.bundles' out/lint-json.out)" 4
	jq -e . out/lint-sarif.out out/doctor-json.out out/explain-json.out >/dev/null ||
		complain "not JSON"
	! command -v xmllint >/dev/null || want_ok xmllint --noout --nonet out/lint-junit.out
	cd ..
}

cd "$work" || exit 2
for each in "${syntaxes[@]}"; do
	check "no log obeys $each" attack "$each"
done

done_testing
