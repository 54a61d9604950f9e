#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The truth test's driver fails when it should: with a lint that is wrong, that knows nothing or
# that dies, and with rows that are not what they say.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$top/tests/e2e/common.bash"

export HOOKWRIGHT
if ! works runc || ! works crun; then
	skip "the truth test's driver" "$why"
	done_testing
fi

# drive NAME... -- ARG...: sets out, of the rows of these names
drive() {
	local -a only=()
	while [ "$1" != -- ]; do
		only+=(--only "$1")
		shift
	done
	shift
	mkdir -p "$work/rows"
	# HW_ONLY is about the cases of this script.
	out=$(HW_ONLY='' /usr/bin/python3 "$top/tests/truth/truth.py" ${only[@]+"${only[@]}"} "$@" "$work/rows" 2>&1)
	status=$?
	# What was compiled stays for the next.
	find "$work/rows" -mindepth 1 -maxdepth 1 ! -name programs -exec rm -rf {} +
}

# results OK FAILED: how many there were of each
results() {
	want "the number of good results" "$(grep -c '^ok ' <<<"$out")" "$1"
	want "the number of bad results" "$(grep -c '^not ok ' <<<"$out")" "$2"
	want "the plan" "$(grep '^1\.\.' <<<"$out")" "1..$(($1 + $2))"
	[ -z "$complaints" ] || complain "$out"
}

# always STATUS: a lint that ends with it, whatever it is asked
always() {
	printf '#!/bin/sh\nexit %s\n' "$1" >"$work/always-$1"
	chmod 755 "$work/always-$1"
	echo "--lint $work/always-$1"
}

good='a plain path'
bad='a missing file'
differ='a symlinked root.path' # runc refuses it
unsure='a host mount in a bind'

wrong_predictions() {
	# shellcheck disable=SC2046 # words
	drive "$good" "$bad" "$differ" -- $(always 0)
	results 3 3
	want_has "what it says" "$out" "not ok 3 - runc: $bad"
	want_has "what it says" "$out" "not ok 4 - crun: $bad"
	want_has "what it says" "$out" "not ok 5 - runc: $differ"
	want_has "what it says" "$out" "# runc: 1 agree, 0 unknown, 2 disagree, 0 skipped"
	want "the status" "$status" 1
	# shellcheck disable=SC2046
	drive "$good" "$bad" "$differ" -- $(always 1)
	results 3 3
	want_has "what it says" "$out" "not ok 1 - runc: $good"
	want_has "what it says" "$out" "# crun: 1 agree, 0 unknown, 2 disagree, 0 skipped"
}

one_wrong_prediction() {
	printf '#!/bin/sh\nfor a; do :; done\n! grep -q /h/nope "$a/config.json"\n' >"$work/sees"
	chmod 755 "$work/sees"
	drive "$good" "$bad" -- --lint "$work/sees"
	results 4 0
	want "the status" "$status" 0
	drive "$good" "$bad" -- --lint "$work/sees" --invert "$bad"
	results 2 2
	want_has "what it says" "$out" "# lint says yes"
	drive "$good" "$bad" -- --lint "$work/sees" --invert "$good"
	results 2 2
	want_has "what it says" "$out" "# lint says no"
}

wrong_in_general() {
	printf '#!/bin/sh\ncase "$*" in *"--runtime any"*) exit 1 ;; esac\n' >"$work/general"
	chmod 755 "$work/general"
	drive "$good" -- --lint "$work/general"
	results 1 1
	want_has "what it says" "$out" "lint says no where no runtime is named"
	printf '#!/bin/sh\ncase "$*" in *"--runtime runc"*) exit 1 ;; esac\n' >"$work/general"
	drive "$differ" -- --lint "$work/general"
	results 1 1
	want_has "what it says" "$out" "lint says yes where no runtime is named"
}

# answers VALUE: an explain that says it of each condition
answers() {
	printf '#!/bin/sh\necho '\''{"policies": [{"needs": [{"condition": "c", "value": "%s", "fact": "f"}]}]}'\''\n' \
		"$1" >"$work/answers"
	chmod 755 "$work/answers"
	drive "${@:2}" -- --explain "$work/answers"
}

wrong_conditions() {
	local holds='existence: a file' not='writing: a missing directory'
	answers yes "$holds" "$not"
	results 2 2
	want_has "what it says" "$out" "# explain says yes"
	answers no "$holds" "$not"
	results 2 2
	want_has "what it says" "$out" "# explain says no"
	answers unknown "$holds" "$not"
	results 0 4
	want_has "what it says" "$out" "explain says unknown, and the row allows no such thing"
	answers maybe "$holds" "$not"
	results 0 4
	drive "$holds" "$not" --
	results 4 0
	drive "$not" -- --invert "$not"
	results 0 2
}

knows_nothing() {
	# shellcheck disable=SC2046
	drive "$good" "$unsure" -- $(always 3)
	results 2 2
	want_has "what it says" "$out" "not ok 1 - runc: $good"
	want_has "what it says" "$out" "the row allows no such thing"
	want_has "what it says" "$out" "ok 3 - runc: $unsure"
	want_has "what it says" "$out" "# runc: 0 agree, 1 unknown, 1 disagree, 0 skipped"
}

dies() {
	local each
	for each in 'exit 2' 'exit 127' 'kill -SEGV $$'; do
		printf '#!/bin/sh\n%s\n' "$each" >"$work/dies"
		chmod 755 "$work/dies"
		drive "$good" "$bad" -- --lint "$work/dies"
		results 0 4
	done
	want_has "what it says" "$out" "lint says status -11"
	printf '#!/bin/sh\necho '\''{"bundles": [{"verdict": "works", "findings": []}]}'\''\nexit 1\n' \
		>"$work/dies"
	drive "$good" "$bad" -- --lint "$work/dies"
	results 0 4
	want_has "what it says" "$out" "lint says status 1, but the verdict 'works'"
	drive "$good" -- --lint "$work/no-such-program"
	results 0 2
}

# rows LINE...: a table of these rows
rows() {
	{
		printf 'programs: {static: {flags: [-static]}}\ncases:\n'
		printf '%s\n' "$@"
	} >"$work/table.yaml"
	# shellcheck disable=SC2046
	drive -- --table "$work/table.yaml" $(always 0)
}

unproven() {
	rows '- {name: x, hook: {path: /bin/cat}}'
	results 0 2
	want_has "what it says" "$out" "0 of 1 hooks and the workload ran"
	rows '- {name: x, config: {process: {args: [/bin/true]}}}'
	results 0 2
	want_has "what it says" "$out" "1 of 1 hooks and the workload did not run"
	rows '- {name: x, hooks: {startContainer: [{path: /h/proof}], poststop: [{path: /nope}]}}'
	results 0 2
	want_has "what it says" "$out" "1 of 2 hooks and the workload ran"
}

another_reason() {
	rows '- {name: x, hook: /h/nope, because: {runc: no such file, crun: exit code}}' \
		'- {name: y, hook: /h/nope, because: permission denied}'
	want "the reasons that are not there" "$(grep -c "does not say 'permission denied'" <<<"$out")" 2
	want "the reasons that are there" "$(grep -c "does not say 'no such file'" <<<"$out")" 0
}

# What a row expects has to come, in the version for which it is expected.
unused_expectations() {
	rows '- {name: x, because: {runc: no such file}}'
	results 1 1
	want_has "what it says" "$out" "# the row has a reason why the hook does not run, and it runs"
	rows '- {name: x, unknown: {crun: nobody knows}}'
	results 1 1
	want_has "what it says" "$out" "# lint knows what the row allows to be unknown"
	rows '- {name: x, because: {runc: {"": "", "99": no such file}}, unknown: {crun: {"99": nobody knows}}}'
	results 2 0
	rows '- {name: x, because: {runc: {"": no such file, "99": ""}}}'
	results 1 1
	rows '- {name: x, because: {runc: {x: no such file}}}'
	want_has "what it says" "$out" "has no version: 'x'"
}

# A runtime of another version is one more that is tried, and an old one stands for a suite.
several_versions() {
	local version=1.0.3
	printf '#!/bin/sh
[ "$1" != --version ] || { echo runc version %s; exit; }
exec runc "$@"
' \
		"$version" >"$work/old"
	printf '#!/bin/sh
echo "$@" >>"%s/asked"
' "$work" >"$work/records"
	chmod 755 "$work/old" "$work/records"
	rows2 '- {name: x, because: {runc: {"": no such file, "1.1": ""}}}'
	results 2 1
	want_has "what it says" "$out" "not ok 2 - runc of old: x"
	want_has "what it says" "$out" "# runc of old: 0 agree, 0 unknown, 1 disagree, 0 skipped ($version)"
	want_has "what lint is told" "$(cat "$work/asked")" "--runtime runc --runtime-version $version"
	printf '#!/bin/sh
exec runc "$@"
' >"$work/old"
	rows2 '- {name: x}'
	results 2 0
	want_has "what it says" "$out" "# runc of old is $(runc --version | sed -n '1s/.* //p'), as runc"
}

rows2() {
	printf '%s
' 'programs: {static: {flags: [-static]}}' 'cases:' "$@" >"$work/table.yaml"
	drive -- --table "$work/table.yaml" --lint "$work/records" --runtime runc=runc \
		--runtime "runc of old=$work/old" --runtime crun=crun
}

# Of another suite: none is there, one that could not be had.
suites() {
	mkdir -p "$work/suites/old" "$work/suites/gone"
	echo 'cannot be had: no such suite' >"$work/suites/gone/crun.lacking"
	# shellcheck disable=SC2046 # words
	out=$(HW_ONLY='' HW_NAMESPACE='' HW_RUNTIMES=$work/suites HW_SUITES='old gone' \
		"$top/tests/truth/truth.sh" --only "$good" $(always 0) 2>&1)
	want_has "what it says" "$out" "- crun of gone # SKIP cannot be had: no such suite"
	want_has "what it says" "$out" "- runc of old # SKIP it is not there; 'make runtimes' fetches it"
	want_has "what it says" "$out" "- crun: $good"
	want_has "the plan" "$out" "1..6"
}

# What cannot be had is named, and stops nothing.
no_such_suite() {
	local each
	want_ok "$top/tests/truth/newer" "$work/fetched" no-such-suite
	for each in runc crun; do
		want_has "the reason" "$(cat "$work/fetched/no-such-suite/$each.lacking")" "cannot be had: "
	done
	out=$("$top/tests/truth/newer" "$work/fetched" no-such-suite)
	want_has "what it says" "$out" "skipped: crun of no-such-suite: cannot be had: "
}

bad_rows() {
	local each
	for each in 'rootfs: [{fil: /x}]' 'rootfs: [{file: /x, colour: red}]' 'rootfs: [nope]' \
		'with: [nope]' 'replace: [[nowhere, x]]' 'hooks: "{}"' 'rootfs: [{program: nope, to: /x}]' \
		'rootfs: [{patch: /nope, at: 0, bytes: [0]}]' 'rootfs: [{set: /h/proof, mode: [1]}]'; do
		rows "- {name: x, $each}"
		results 0 2
		want_has "what it says of $each" "$out" "the row cannot be tried"
	done
	for each in 'x, condition: {readable: /x}' 'x, stagge: prestart' 'x, unknown: {youki: no}' 'x} \n- {name: x'; do
		rows "$(printf -- '- {name: %b}' "$each")"
		want "the status of $each" "$status" 1
		want_has "what it says of $each" "$out" "truth.py: "
		want_lacks "what it says of $each" "$out" "1.."
	done
	drive 'no such row' --
	want "the status of no row" "$status" 1
}

skipped() {
	# shellcheck disable=SC2046
	drive "$good" -- $(always 0) --skip 'crun=not here'
	results 2 0
	want_has "what it says" "$out" "ok 1 - crun # SKIP not here"
	want_has "what it says" "$out" "# runc: 1 agree, 0 unknown, 0 disagree, 0 skipped"
	want_lacks "what it says" "$out" "# crun: "
	rows '- {name: x, machine: pdp11}'
	want_has "what it says" "$out" "ok 2 - crun: x # SKIP it is for pdp11"
}

report() {
	# shellcheck disable=SC2046
	drive "$good" "$bad" -- $(always 0) --report "$work/report"
	want "the rows in the report" "$(grep '^## ' "$work/report")" "## runc: $bad
## crun: $bad"
}

two_tables() {
	printf '%s\n' 'programs: {static: {}}' 'cases:' '- {name: z}' >"$work/other.yaml"
	rows '- {name: x}'
	drive -- --table "$work/table.yaml" --table "$work/other.yaml"
	want "the status of a program named twice" "$status" 1
	want_has "what it says" "$out" "are named twice"
	printf '%s\n' 'cases:' '- {name: x}' >"$work/other.yaml"
	drive -- --table "$work/table.yaml" --table "$work/other.yaml"
	want "the status of a row named twice" "$status" 1
	want_has "what it says" "$out" "two rows are named 'x'"
	printf '%s\n' 'cases:' '- {name: z}' >"$work/other.yaml"
	drive -- --table "$work/table.yaml" --table "$work/other.yaml"
	results 4 0
}

# Rows that fail before and after the container's cgroup is made.
nothing_left() {
	local pid
	mkdir "$work/kept"
	# shellcheck disable=SC2046
	HW_ONLY='' /usr/bin/python3 "$top/tests/truth/truth.py" --only 'host mount' --only 'pids.limit 1' \
		--only 'a missing source' --only immutable $(always 0) "$work/kept" >/dev/null &
	pid=$!
	wait "$pid"
	want "what is left" "$(cd "$work/kept" && echo b[0-9]*)" ""
	want "what is mounted" "$(grep -c "$work/kept" /proc/self/mountinfo)" 0
	want "the cgroups that are left" "$(find /sys/fs/cgroup -name "truth-$pid-*")" ""
}

# crun 1.8 gives its standard streams to the container's user. The device here is one of our own.
null_device() {
	local before runtime
	want_ok mknod -m 666 "$work/null" c 1 3
	want_ok mount --bind "$work/null" /dev/null
	before=$(stat -c '%u:%g %a' "$work/null")
	drive 'a user namespace' -- --table "$top/tests/truth/cases.yaml"
	make_bundle "$work/userns" /bin/echo it-works
	edit_config "$work/userns" '.linux.namespaces += [{type: "user"}] |
		.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
		.linux.gidMappings = .linux.uidMappings'
	for runtime in runc crun; do
		run_container "$runtime" "$work/userns"
		want "the container of $runtime" "$out" it-works
		create_start "$runtime" "$work/userns"
		want "the container of $runtime" "$out" it-works
	done
	want "its owner and mode" "$(stat -c '%u:%g %a' "$work/null")" "$before"
	umount /dev/null
}

check "a lint that is always of one opinion" wrong_predictions
check "a lint that is wrong once" one_wrong_prediction
check "a lint that is wrong where no runtime is named" wrong_in_general
check "an explain that is wrong about conditions" wrong_conditions
check "a lint that knows nothing" knows_nothing
check "a lint that dies or contradicts itself" dies
check "a hook or a workload that did not run" unproven
check "a row that fails for another reason" another_reason
check "an expectation that is never used" unused_expectations
check "runtimes of several versions" several_versions
check "suites that are not there" suites
check "a suite that cannot be had" no_such_suite
check "rows that nobody understands" bad_rows
check "a runtime that cannot run here" skipped
check "the report has the disagreements" report
check "several tables, each name once" two_tables
check "no bundle, no mount and no cgroup is left" nothing_left
check "no runtime changes the null device" null_device
done_testing
