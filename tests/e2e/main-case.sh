#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The product's own main case, that of the demo, by every command that reads a bundle: a program whose
# library comes with a volume, before and after the policy ldconfig-on-start, whose hook makes it known.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

bundle=$work/bundle
policy=$work/ldconfig-on-start.yaml
cp "$top/policies/ldconfig-on-start.yaml" "$policy"

has() { # PART...
	local each
	for each in "$@"; do want_has stdout "$out" "$each"; done
}

make_main_bundle() {
	local rootfs=$bundle/rootfs source=$top/tests/demo/greet.c
	glibc_rootfs "$rootfs"
	mkdir -p "$rootfs/etc/ld.so.conf.d" "$rootfs/opt/lib" "$work/volume"
	echo 'include /etc/ld.so.conf.d/*.conf' >"$rootfs/etc/ld.so.conf"
	echo /opt/lib >"$rootfs/etc/ld.so.conf.d/demo.conf"
	"${CC:-cc}" -shared -fPIC -DLIBRARY -Wl,-soname,libgreet.so.1 \
		-o "$work/volume/libgreet.so.1" "$source" &&
		"${CC:-cc}" -o "$rootfs/usr/bin/greet" "$source" "$work/volume/libgreet.so.1" &&
		ldconfig -r "$rootfs" || exit 2
	MOUNTS=", {\"destination\": \"/opt/lib\", \"type\": \"bind\", \"source\": \"$work/volume\",
		\"options\": [\"rbind\", \"ro\"]}" config_json "$bundle" /usr/bin/greet
	cp "$bundle/config.json" "$work/before.json"
}

lint() { hw lint --host-mounts --no-policies --runtime runc "$bundle"; }

lint_before() {
	lint
	want status "$status" 1
	has "the container's program cannot be started: library libgreet.so.1, needed by /usr/bin/greet" \
		"HW308" "policy ldconfig-on-start"
}

# What the hook makes known is there: the very thing that the policy is for is no error.
lint_after() {
	lint
	want status "$status" 0
	[[ $out$err != *HW308* && $out$err != *libgreet* ]] || complain "$out$err"
	hw lint --host-mounts -p "$policy" --runtime runc "$bundle"
	want status "$status" 0
	[[ $out$err != *HW503* ]] || complain "$out$err"
}

# ldconfig that writes no cache, another's cache, or that is only mentioned, changes nothing for sure.
lint_other() { # ARGS WORD: args of the hook in JSON, what lint calls the program
	cp "$bundle/config.json" "$work/kept.json"
	edit_config "$bundle" ".hooks.startContainer[0].args = $1"
	lint
	has "$2" HW308
	cp "$work/kept.json" "$bundle/config.json"
}

# A name that ldconfig does not keep, and a directory that ld.so.conf does not name
lint_elsewhere() {
	mv "$work/volume/libgreet.so.1" "$work/volume/libother.so.1"
	lint
	has "may make it known" HW308
	ln -s libother.so.1 "$work/volume/libgreet.so.1"
	lint
	want status "$status" 0
	rm "$work/volume/libgreet.so.1" && mv "$work/volume/libother.so.1" "$work/volume/libgreet.so.1"
	: >"$bundle/rootfs/etc/ld.so.conf.d/demo.conf"
	lint
	has "may make it known" "in a directory that ld.so.conf names"
	echo /opt/lib >"$bundle/rootfs/etc/ld.so.conf.d/demo.conf"
}

never_runs() {
	hw lint --host-mounts --no-policies --runtime runsc "$bundle"
	has "the container's program cannot be started" HW307
}

explained() { # TEXT...
	want_hw 0 explain -p "$policy" --runtime runc "$bundle"
	has "$@"
}

message='error while loading shared libraries: libgreet.so.1: cannot open shared object file: No such file or directory'
asked_doctor() { # PART...
	out=$(printf '/usr/bin/greet: %s\n' "$message" |
		"$HOOKWRIGHT" doctor --runtime runc "$bundle" - 2>&1)
	has "$@"
}

filtered() { # FROM TO
	"$HOOKWRIGHT" filter -p "$policy" --bundle "$bundle" --runtime runc <"$1" >"$work/filtered" || complain "filter failed"
	same "$work/filtered" "$2"
}

applied() {
	want_hw 0 apply -p "$policy" --runtime runc "$bundle"
	cp "$bundle/config.json" "$work/after.json"
	want_hw 0 apply -p "$policy" --runtime runc "$bundle"
	same "$bundle/config.json" "$work/after.json"
}

# guard STATUS: as a createRuntime hook of a container that stands still
guarded() {
	run_container runc "$bundle"
	want "status of runc" "$status" "$1"
	[[ $out == *"$2"* ]] || complain "$out"
}

with_guard() {
	edit_config "$bundle" ".hooks.createRuntime = [{path: \"$HOOKWRIGHT\", args: [\"hookwright\",
		\"oci-hook\", \"-p\", \"$policy\", \"createRuntime\"], env: [\"PATH=/usr/bin:/bin\"]}]"
}

reverted() {
	want_hw 0 revert "$bundle"
	same "$bundle/config.json" "$work/before.json"
}

make_main_bundle
check "lint before: the library is missing, and the policy is named" lint_before
check "explain before" explained "hook wanted; apply adds it" "usable   /sbin/ldconfig"
check "doctor before" asked_doctor "libgreet.so.1" ldconfig
if works runc; then
	check "before: the program does not find its library" guarded 127 "cannot open shared object file"
	with_guard
	check "guard before: what the policy wants is not there" guarded 1 "policy 'ldconfig-on-start' wants its hook"
	cp "$work/before.json" "$bundle/config.json"
else
	skip "the container before" "$why"
fi
check "apply, and again" applied
check "filter does the same" filtered "$work/before.json" "$work/after.json"
check "filter after changes nothing" filtered "$work/after.json" "$work/after.json"
check "lint after: sound" lint_after
for each in '["ldconfig", "-p"]' '["ldconfig", "-C", "/tmp/x"]' '["ldconfig", "-r", "/opt"]'; do
	check "lint after, with $each: not for sure" lint_other "$each" "might not start"
done
check "lint after: what ldconfig does not make known" lint_elsewhere
check "lint after, under a runtime that runs no such hook" never_runs
check "doctor after" asked_doctor "libgreet.so.1"
check "explain after" explained "hook wanted; it is in the file already"
if works runc; then
	check "after: the program finds its library" guarded 0 "hello from a library"
	with_guard
	check "guard after: nothing to object to" guarded 0 "hello from a library"
	cp "$work/after.json" "$bundle/config.json"
else
	skip "the container after" "$why"
fi
check "revert: the original bytes" reverted
done_testing
