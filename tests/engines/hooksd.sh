#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# hooks.d files: podman as the reference engine. Every case and every expression of tests/data/hooksd is
# measured, and hookwright works on the config.json that podman makes. Then what hookwright exports
# is given to podman, and the hook runs.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private podman conmon runc

set_podman vfs
image=localhost/hw:1

# A runtime that keeps the config.json it is given, and creates nothing. conmon leaves it no variable.
cat >"$work/seer" <<-END
	#!/bin/sh
	[ "\$1" != --version ] || { echo runc version 1.1.5 && exit; }
	create='' bundle=''
	while [ \$# -gt 0 ]; do
	    case \$1 in create) create=yes ;; --bundle) bundle=\$2 ;; esac
	    shift
	done
	[ -z "\$create" ] || cp "\$bundle/config.json" "$work/cases/seen.json"
	exit 1
END
chmod +x "$work/seer"

make_image || exit 2
run "${podman[@]}" load -q -i "$work/image.tar"
expect "podman: the image loads" 0
mkdir "$work/cases"
cp "$work/image/bin/busybox" "$work/image/bin/only-in-container"

measured=$(/usr/bin/python3 "$top/tests/e2e/hooksd.py" "$work/bin/hookwright" \
	"$top/tests/data/hooksd/cases" "$work/image" "$work/cases" \
	"${podman[@]}" --runtime "$work/seer" run --rm "${flags[@]}" OPTIONS $image 2>&1)
result $? "the tables hold: $(grep -c '^ok - \|^ok [0-9]' <<<"$measured") comparisons" \
	"$(grep -v '^ok' <<<"$measured")"

# ---- what is exported ----

mkdir "$work/policies" "$work/exported" /etc/cdi
cat >"$work/policies/asked.yaml" <<-'END'
	version: 1
	activation: requested
	hook:
	  path: /bin/sh
	  args: [sh, -c, 'cat >/dev/null; echo exported >/hook-ran']
END
sed '/activation/d; s/exported/device/' "$work/policies/asked.yaml" >"$work/policies/other.yaml"
run "$work/bin/hookwright" policy export -p "$work/policies" --to oci-hooks -o "$work/exported" asked
expect "export: a hooks.d file" 0 "also exists on the host"
run "$work/bin/hookwright" policy export -p "$work/policies" --to cdi -o /etc/cdi asked other
expect "export: a CDI specification" 0 "the container is not inspected"

in_podman() { # OPTION... : what the hook left in a container of runc
	run "${podman[@]}" "${before[@]}" --runtime runc run --rm "${flags[@]}" "$@" $image \
		sh -c 'cat /hook-ran 2>/dev/null || echo no hook'
}
before=(--hooks-dir "$work/exported")
in_podman
is "$status $out" "0 no hook" "podman: the exported file concerns no container that does not ask"
in_podman --annotation io.hookwright.policies=asked
is "$status $out" "0 exported" "podman: the exported file's hook runs where it is asked for"
in_podman --annotation '"io.hookwright.policies=x, asked,y"'
is "$status $out" "0 exported" "podman: also among others"
in_podman --annotation io.hookwright.policies=asked-too
is "$status $out" "0 no hook" "podman: but not by a part of a name"
before=()
in_podman --device hookwright.io/policy=asked
is "$status $out" "0 exported" "podman: the CDI device's hook runs"
in_podman --device hookwright.io/policy=other
is "$status $out" "0 device" "podman: each policy is a device"
in_podman
is "$status $out" "0 no hook" "podman: no device, no hook"

# The wrapper finds the exported entry, and adds nothing.
hookwright_twice() {
	printf '%s\n' 'version: 1' 'runtime: runc' "policies: $work/policies" "hooksDirs: $work/exported" \
		>"$work/config.yaml"
	cat >"$work/wrapper" <<-END
		#!/bin/sh
		exec "$work/bin/hookwright" runtime --hookwright-config="$work/config.yaml" "\$@"
	END
	chmod +x "$work/wrapper"
	before=(--hooks-dir "$work/exported" --runtime "$work/wrapper")
	run "${podman[@]}" --hooks-dir "$work/exported" --runtime "$work/wrapper" run --rm "${flags[@]}" \
		--annotation io.hookwright.policies=asked $image sh -c 'cat /hook-ran'
}
mv "$work/policies/other.yaml" "$work"
hookwright_twice
is "$status $out" "0 exported" "podman and hookwright together: the hook is there and runs"
done_testing
