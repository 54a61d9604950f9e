#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What hookwright is for, with real containers. Ends with status 1 if anything went otherwise than
# the text tells.
set -u
if [ "$(id -u)" != 0 ]; then
	echo "the demo runs containers with runc and needs root: run 'sudo make demo'" >&2
	exit 1
fi
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
fi
PATH=$(dirname "$HOOKWRIGHT"):$PATH
wrong=0

tell() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
typed() { printf '%s$ %s%s\n' "$dim" "$*" "$plain"; }

# expect WANT GOT: a status
expect() {
	printf '%s(status %s)%s\n' "$dim" "$2" "$plain"
	[ "$1" = "$2" ] || { echo "demo: status $2 where $1 was expected" >&2; wrong=1; }
}

run_it() { # STATUS TEXT
	typed "runc run -b bundle $3"
	run_container runc "$work/bundle"
	printf '%s\n' "$out"
	expect "$1" "$status"
	[[ $out == *"$2"* ]] || { echo "demo: '$2' was expected" >&2; wrong=1; }
}

try() { # STATUS COMMAND...: in $work
	local want=$1
	shift
	typed "$@"
	(cd "$work" && "$@")
	expect "$want" $?
}

# The image: a C library, its ldconfig, a program. The program's library is not part of it but
# comes with a volume at /opt/lib, a directory that only the cache of ldconfig makes known.
make_image() {
	local rootfs=$work/bundle/rootfs
	glibc_rootfs "$rootfs" && mkdir -p "$rootfs/etc/ld.so.conf.d" "$rootfs/opt/lib" "$work/volume"
	echo 'include /etc/ld.so.conf.d/*.conf' >"$rootfs/etc/ld.so.conf"
	echo /opt/lib >"$rootfs/etc/ld.so.conf.d/demo.conf"
	local source=$top/tests/demo/greet.c
	"${CC:-cc}" -shared -fPIC -DLIBRARY -Wl,-soname,libgreet.so.1 -o "$work/volume/libgreet.so.1" \
		"$source" &&
		"${CC:-cc}" -o "$rootfs/usr/bin/greet" "$source" "$work/volume/libgreet.so.1" &&
		ldconfig -r "$rootfs" || exit 1
	MOUNTS=",
    {
      \"destination\": \"/opt/lib\",
      \"type\": \"bind\",
      \"source\": \"$work/volume\",
      \"options\": [\"rbind\", \"ro\"]
    }" config_json "$work/bundle" /usr/bin/greet
}

works runc || { echo "demo: $why" >&2; exit 1; }
make_image
cp "$top/policies/ldconfig-on-start.yaml" "$work"

tell "1. A program whose library is mounted at run time. The image's ld.so.cache does not know it:"
run_it 127 "cannot open shared object file" greet

tell "2. A startContainer hook could run ldconfig inside. Would it work in this container?"
try 0 hookwright explain bundle -p ldconfig-on-start.yaml --runtime runc

tell "3. It would. Write it into config.json, and nothing else:"
try 0 hookwright apply --diff bundle -p ldconfig-on-start.yaml --runtime runc

tell "4. The same container again:"
run_it 0 "hello from a library" greet

tell "5. Now a hook whose program is not in the image, written by hand. What runc says:"
HOOKS=',
  "hooks": { "startContainer": [ { "path": "/usr/bin/prepare" } ] }' \
	config_json "$work/bundle" /bin/echo "the workload runs"
typed "runc create -b bundle c && runc start c"
create_start runc "$work/bundle"
printf '%s(create: status %s, start: status %s; yet the workload never ran. Only the\n' "$dim" \
	"$create_status" "$start_status"
printf 'container'\''s own stderr has it: %s)%s\n' "$out" "$plain"
[ "$create_status:$start_status" = 0:0 ] && [[ $out != *"the workload runs"* ]] || wrong=1

tell "   and what hookwright says, before anything runs:"
config_json "$work/bundle" /bin/echo "the workload runs"
policy "$work/prepare.yaml" 'hook: { path: /usr/bin/prepare }'
try 1 hookwright apply bundle -p prepare.yaml --runtime runc
exit $wrong
