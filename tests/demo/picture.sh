#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: picture.sh lint|explain|page - print a picture (SVG) that README.md shows, or the HTML page
# of which page.py takes one, from a real run.
# lint: what a terminal shows of two bundles: one as 'runc spec' lays it out, one as an engine does, in one line.
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

if [ "$1" = explain ]; then
	bundle web '{}'
	mkdir web/tools web/rootfs/opt
	script web/tools/warm /bin/sh
	ln -s /opt/tools/warm web/rootfs/usr/bin/warm
	jq '.mounts += [{ destination: "/opt/tools", type: "bind", source: "tools",
		options: ["rbind", "ro"] }]' web/config.json >new.json && mv new.json web/config.json
	cat >warm.yaml <<-EOF
		version: 1
		description: Warms the cache up.
		when: { hookExists: true }
		hook: { path: [/sbin/warm, /usr/bin/warm], args: [warm] }
	EOF
	"$HOOKWRIGHT" explain --format svg -p warm.yaml web >&3
	exit
fi

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

if [ "$1" = page ]; then
	# Where the page of rules is published is not in the picture.
	"$HOOKWRIGHT" lint -q --no-settings --no-policies -f html web db |
		sed 's|href="[^"]*#|href="#|' >&3
	exit
fi
"$HOOKWRIGHT" lint -q --no-settings --no-policies --color always web db >out.txt
[ $? -eq 1 ] || { cat out.txt; exit 1; }
/usr/bin/python3 "$top/tests/demo/picture.py" 'hookwright lint web db' <out.txt >&3
