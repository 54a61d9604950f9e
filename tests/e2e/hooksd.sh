#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What hookwright makes of oci-hooks(5) files: every case of the conformance table, and what is no
# case of it. tests/engines/hooksd.sh compares the table with a real podman.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

bare_bundle "$work/table"
cp "$work/table/rootfs/bin/busybox" "$work/table/rootfs/bin/only-in-container"
mkdir "$work/cases"
out=$(/usr/bin/python3 "$top/tests/e2e/hooksd.py" "$HOOKWRIGHT" "$top/tests/data/hooksd/cases" \
	"$work/table/rootfs" "$work/cases" 2>&1)
result $? "the conformance table" "$(grep -v '^ok' <<<"$out")"
want_cases() { want_ok test "$(grep -c '^ok' <<<"$out")" -ge 80; }
check "the table has at least 80 cases" want_cases

# hook FILE MEMBER...: a 1.0.0 file with these members
hook() {
	local file=$1
	shift
	mkdir -p "${file%/*}"
	jq -n '{version: "1.0.0", hook: {path: "/bin/sh"}, when: {always: true},
		stages: ["startContainer"]}' | jq "$*" >"$file"
}

stages_of() { jq -c '.hooks // {} | map_values(map(.path + " " + ((.args // []) | join(" "))))' "$1/config.json"; }

# ---- what is written, and where ----

layouts() {
	local layout before
	hook "$work/layout/a.json" '.hook.args = ["sh", "-c", "\u00e9\u0001"] | .stages = ["poststop", "createRuntime"]'
	bare_bundle "$work/layout-bundle"
	for layout in 'jq -c .' 'jq --tab .' 'jq --indent 4 .'; do
		$layout "$work/layout-bundle/config.json" >"$work/layout.json"
		cp "$work/layout.json" "$work/layout-bundle/config.json"
		before=$(jq -S 'del(.hooks)' "$work/layout.json")
		want_hw 0 apply --hooks-dir "$work/layout" "$work/layout-bundle"
		want "$layout: the rest" "$(jq -S 'del(.hooks)' "$work/layout-bundle/config.json")" "$before"
		want "$layout: its own printer's bytes" "$($layout "$work/layout-bundle/config.json" | md5sum)" \
			"$(md5sum <"$work/layout-bundle/config.json")"
		jq 'del(.hooks)' "$work/layout-bundle/config.json" >"$work/layout.json"
		cp "$work/layout.json" "$work/layout-bundle/config.json"
	done
}
check "hooks of two stages are written as the file is laid out" layouts

beside_policies() {
	bare_bundle "$work/beside"
	policy "$work/own.yaml" 'hook: { path: /bin/true }'
	hook "$work/beside-hooks/a.json" '.hook.args = ["sh", "a"]'
	want_hw 0 apply -p "$work/own.yaml" --hooks-dir "$work/beside-hooks" "$work/beside"
	want_has summary "$out" "added hook of 'a.json' to startContainer: /bin/sh"
	want order "$(stages_of "$work/beside")" '{"startContainer":["/bin/sh sh a","/bin/true /bin/true"]}'
	# Ours goes, theirs has no mark and stays.
	want_hw 0 revert "$work/beside"
	want left "$(stages_of "$work/beside")" '{"startContainer":["/bin/sh sh a"]}'
	want_hw 0 apply --hooks-dir "$work/beside-hooks" -p "$work/own.yaml" "$work/beside"
	want again "$(stages_of "$work/beside")" '{"startContainer":["/bin/sh sh a","/bin/true /bin/true"]}'
}
check "their hooks come before those of policies, and revert leaves them" beside_policies

equal_entries() {
	local before
	bare_bundle "$work/equal"
	hook "$work/equal-hooks/a.json" '.hook = {path: "/bin/sh", args: ["sh", "A/"], timeout: 5}'
	jq -c '.hooks.startContainer = [{timeout: 5, args: ["sh", "\u0041/"], path: "/bin/sh"}]' \
		"$work/equal/config.json" | sed 's|"A/"|"\\u0041\\/"|' >"$work/equal.json"
	cp "$work/equal.json" "$work/equal/config.json"
	before=$(stat -c %i.%Y "$work/equal/config.json")
	want_hw 0 apply --hooks-dir "$work/equal-hooks" "$work/equal"
	want_ok cmp "$work/equal.json" "$work/equal/config.json"
	want "inode and time" "$(stat -c %i.%Y "$work/equal/config.json")" "$before"
	# An engine that writes prestart's hooks to createRuntime has run it already.
	hook "$work/moment/a.json" '.stages = ["prestart"]'
	jq -c '.hooks = {createRuntime: [{path: "/bin/sh"}]}' "$work/equal.json" >"$work/equal/config.json"
	want_hw 0 apply --hooks-dir "$work/moment" "$work/equal"
	want "one moment" "$(stages_of "$work/equal")" '{"createRuntime":["/bin/sh "]}'
}
check "an equal entry, however it is written, is not added again" equal_entries

refused() {
	local before
	bare_bundle "$work/refused"
	policy "$work/refuse.yaml" 'needs: { uid: 4711 }' 'hook: { path: /bin/true }'
	hook "$work/refused-hooks/a.json" .
	before=$(md5sum <"$work/refused/config.json")
	want_hw 1 apply -p "$work/refuse.yaml" --hooks-dir "$work/refused-hooks" "$work/refused"
	want "the file" "$(md5sum <"$work/refused/config.json")" "$before"
}
check "a policy's refusal keeps their hooks out, too" refused

# What a hooks.d file adds is no news to the second run: neither ldconfig nor an earlier stage.
convergence() {
	local first
	bare_bundle "$work/converge"
	cp "$work/converge/rootfs/bin/busybox" "$work/converge/rootfs/bin/ldconfig"
	hook "$work/converge-hooks/a.json" '.hook.path = "/bin/made-later"'
	hook "$work/converge-hooks/b.json" '.hook.path = "/bin/ldconfig"'
	hook "$work/converge-hooks/c.json" '.stages = ["createContainer"]'
	want_hw 0 apply --hooks-dir "$work/converge-hooks" "$work/converge"
	want_has warning "$err" "startContainer hook /bin/made-later might not run: /bin/made-later cannot be judged: absent now"
	first=$(md5sum <"$work/converge/config.json")
	want all "$(stages_of "$work/converge")" \
		'{"createContainer":["/bin/sh "],"startContainer":["/bin/made-later ","/bin/ldconfig "]}'
	want_hw 0 apply --hooks-dir "$work/converge-hooks" "$work/converge"
	want "the second run" "$(md5sum <"$work/converge/config.json")" "$first"
}
check "applying twice is applying once, also where earlier hooks may make programs" convergence

# ---- where directories come from ----

configured() {
	bare_bundle "$work/configured"
	hook "$work/dirs/1/a.json" '.hook.args = ["1"]'
	hook "$work/dirs/2/a.json" '.hook.args = ["2"]'
	printf '%s\n' 'version: 1' "hooksDirs: [$work/dirs/1, $work/dirs/2, $work/dirs/absent]" >"$work/c.yaml"
	want_hw 0 apply --config "$work/c.yaml" "$work/configured"
	want "the later masks" "$(stages_of "$work/configured")" '{"startContainer":["/bin/sh 2"]}'
	want_hw 0 explain --config "$work/c.yaml" --hooks-dir "$work/dirs/1" "$work/configured"
	want_has "options replace it" "$out" "$work/dirs/1/a.json"
	want_hw 3 apply --hooks-dir "$work/dirs/absent" "$work/configured"
	want_has absent "$err" "$work/dirs/absent: cannot open"
	want_hw 3 apply --hooks-dir "$work/dirs/1/a.json" "$work/configured"
	want_has "a file" "$err" "not a directory"
}
check "directories of the configuration and of the command line" configured

every_error() {
	bare_bundle "$work/errors"
	mkdir -p "$work/broken"
	echo '{' >"$work/broken/a.json"
	echo '{"version": "1.0.0"}' >"$work/broken/b.json"
	want_hw 3 apply --hooks-dir "$work/broken" "$work/errors"
	want_has first "$err" "$work/broken/a.json:2:1"
	want_has second "$err" "$work/broken/b.json:1:1"
	head -c 1100000 /dev/zero | tr '\0' ' ' >"$work/broken/c.json"
	want_hw 3 apply --hooks-dir "$work/broken" "$work/errors"
	want_has large "$err" "c.json"
}
check "no broken file hides another" every_error

as_filter() {
	bare_bundle "$work/filter"
	hook "$work/filter-hooks/a.json" '.stages = ["createRuntime"]'
	(cd "$work/filter" && "$HOOKWRIGHT" filter --bundle . --hooks-dir "$work/filter-hooks" <config.json >new.json)
	want filtered "$(jq -c .hooks "$work/filter/new.json")" '{"createRuntime":[{"path":"/bin/sh"}]}'
}
check "filter" as_filter

as_runtime() {
	bare_bundle "$work/wrapped"
	hook "$work/wrapped-hooks/a.json" '.stages = ["createRuntime"]'
	ln -sf /bin/true "$work/runc"
	want_ok "$HOOKWRIGHT" runtime --hookwright-runtime "$work/runc" \
		--hookwright-hooks-dir "$work/wrapped-hooks" create --bundle "$work/wrapped" x
	want wrapped "$(jq -c .hooks "$work/wrapped/config.json")" '{"createRuntime":[{"path":"/bin/sh"}]}'
}
check "runtime" as_runtime

# What others could write is not read, whoever names it in the configuration.
trusted() {
	bare_bundle "$work/trusted"
	hook "$work/writable/a.json" .
	chmod 777 "$work/writable"
	mkdir -p /etc/hookwright
	printf '%s\n' 'version: 1' "hooksDirs: $work/writable" >/etc/hookwright/config.yaml
	want_hw 3 apply "$work/trusted"
	want_has complaint "$err" "other users can write to it"
	rm /etc/hookwright/config.yaml
}
if [ -n "${HW_NAMESPACE-}" ] && mount -t tmpfs tmpfs /etc 2>/dev/null; then
	check "a directory that others can write to" trusted
else
	skip "a directory that others can write to" "needs root"
fi
done_testing
