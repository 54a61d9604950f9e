#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# hooks.d files: podman as the reference engine. Every case and every expression of tests/data/hooksd is
# measured, and hookwright works on the config.json that podman makes. Then what hookwright exports
# is given to podman, and the hook runs.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private podman conmon runc

podman=(podman --root "$work/storage" --runroot "$work/run" --tmpdir "$work/tmp"
	--storage-driver=vfs --cgroup-manager=cgroupfs --events-backend=none)
flags=(--network=none --cgroup-parent="/$cgroup_parent")
has_sys_resource || flags+=(--ulimit nofile=1024:1024 --ulimit nproc=1000:1000)
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
done_testing
