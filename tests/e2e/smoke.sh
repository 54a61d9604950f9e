#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The main job once, end to end, with each runtime.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

hw --version
is "$status:$out" "0:hookwright ${HW_VERSION:-0.1.0}" "--version"

hw --help
is "$status" 0 "--help succeeds"
for word in apply explain revert policy; do
	has "$out" "$word" "--help knows $word"
done

# It reads its standard input: crun 1.8 may fail a container whose hook does not.
policy "$work/touch.yaml" 'hook:' '  path: /bin/sh' \
	'  args: [sh, -c, "cat >/dev/null; touch /tmp/hook-ran"]'

for runtime in runc crun; do
	bundle=$work/$runtime
	make_bundle "$bundle" /bin/sh -c 'echo MAIN-RAN; ls /tmp'
	cp -p "$bundle/config.json" "$work/original"

	hw explain "$bundle" -p "$work/touch.yaml" --runtime $runtime
	is "$status" 0 "$runtime: explain succeeds"
	has "$out" "/bin/sh" "$runtime: explain names the program"
	ok "$runtime: explain writes nothing" cmp "$bundle/config.json" "$work/original"

	hw apply "$bundle" -p "$work/touch.yaml" --runtime $runtime
	is "$status:$err" "0:" "$runtime: apply succeeds and has nothing to complain of"
	ok "$runtime: nothing else is left in the bundle" test \
		"$(ls -A "$bundle")" = $'config.json\nrootfs'
	inode=$(stat -c '%i %y' "$bundle/config.json")
	hw apply "$bundle" -p "$work/touch.yaml" --runtime $runtime
	is "$status:$(stat -c '%i %y' "$bundle/config.json")" "0:$inode" \
		"$runtime: applying again writes nothing"

	if works $runtime; then
		run_container $runtime "$bundle"
		is "$status:$out" $'0:MAIN-RAN\nhook-ran' "$runtime: the hook ran before the workload"
	else
		skip "$runtime: the hook ran before the workload" "$why"
	fi

	hw revert "$bundle"
	is "$status" 0 "$runtime: revert succeeds"
	ok "$runtime: revert gives the original bytes" cmp "$bundle/config.json" "$work/original"
done

# What runtimes do not say: the reason why the program exists.
make_bundle "$work/gone"
policy "$work/gone.yaml" 'hook: { path: /no/such/program }'
hw apply "$work/gone" -p "$work/gone.yaml"
is "$status" 1 "a missing program stops apply"
has "$err" "/no/such/program" "the message names it"

# The demo judges itself.
if works runc; then
	ok "the demo shows what it tells" env -u HW_NAMESPACE HOOKWRIGHT="$HOOKWRIGHT" \
		"$top/tests/demo/demo.sh"
else
	skip "the demo shows what it tells" "$why"
fi
done_testing
