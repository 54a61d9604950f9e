#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: picture.sh - print the picture of lint's output (SVG) that README.md shows, from a real run.
# Two bundles: one as 'runc spec' lays it out, one as an engine does, in one line.
set -u
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
exec 3>&1 >&2
cd "$work" || exit 2

script() { # FILE INTERPRETER
	mkdir -p "${1%/*}"
	printf '#!%s\necho ready\n' "$2" >"$1" && chmod 755 "$1"
}

bundle() { # NAME HOOKS
	busybox_rootfs "$1/rootfs"
	HOOKS=", \"hooks\": $2" config_json "$1" /bin/sh
}

bundle web '{
    "startContainer": [
      { "path": "/sbin/warm", "args": ["warm"], "env": ["PATH=/bin"], "timeout": 0 }
    ]
  }'
script web/rootfs/usr/sbin/warm /bin/sh
bundle db '{ "startContainer": [ { "path": "/bin/seed", "args": ["seed"], "env": [] } ] }'
script db/rootfs/bin/seed /bin/sh
chmod a-x db/rootfs/bin/seed
jq -c . db/config.json >new.json && mv new.json db/config.json

"$HOOKWRIGHT" lint --no-settings --no-policies --color always web db >out.txt
[ $? -eq 1 ] || { cat out.txt; exit 1; }
/usr/bin/python3 "$top/tests/demo/picture.py" 'hookwright lint web db' <out.txt >&3
