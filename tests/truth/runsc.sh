#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Which hooks gVisor's runsc leaves out, and that lint says so of that version. Debian has a runsc;
# where it is not installed, HW_RUNSC names the program.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$top/tests/e2e/common.bash"

runsc=${HW_RUNSC:-runsc}
stages='prestart createRuntime createContainer startContainer poststart poststop'

# A hook that leaves a file: on the host beside the bundle, in the container in its root.
add_hook() { # STAGE
	local at=$work/$1 path=$work/$1
	[ "$1" != startContainer ] || at=$bundle/rootfs/startContainer path=/startContainer
	printf '#!/bin/sh\n: >%s\n' "$path.ran" >"$at"
	chmod 755 "$at"
	edit_config "$bundle" ".hooks.$1 = [{path: \"$path\"}]"
}

make_one() {
	bundle=$work/runsc
	make_bundle "$bundle" /bin/sh -c '[ ! -e /startContainer.ran ] || echo startContainer; echo it-works'
	for stage in $stages; do add_hook "$stage"; done
}

run_runsc() {
	containers+=("$runsc:hw-$$")
	out=$(cd / && nothing | timeout -k 5 60 "$runsc" --ignore-cgroups --network=none \
		--root "$work/run-$runsc" run --bundle "$bundle" "hw-$$" 2>&1)
}

lint_agrees() { # STAGE
	local ran=no says=yes
	[ ! -e "$work/$1.ran" ] || ran=yes
	[[ $1 != startContainer || $out != *startContainer* ]] || ran=yes
	! grep -q "[: ]$1 hook .* never runs under runsc" <<<"$said" || says=no
	want "what lint says of $1" "$says" "$ran"
}

if ! command -v "$runsc" >/dev/null; then
	result 0 "hooks of runsc # SKIP cannot be had: no runsc is installed"
	done_testing
fi
make_one
run_runsc
case $out in
*it-works*) ;;
*)
	result 0 "hooks of runsc # SKIP cannot be had: runsc runs nothing here: ${out//$'\n'/ }"
	done_testing
	;;
esac
version=$("$runsc" --version | sed -n '1s/.* //p')
said=$("$HOOKWRIGHT" lint --no-policies --runtime runsc --runtime-version "$version" "$bundle" 2>&1)
for stage in $stages; do
	check "runsc $version: $stage" lint_agrees "$stage"
done
done_testing
