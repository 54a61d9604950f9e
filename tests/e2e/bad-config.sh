#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the user reads when config.json is not what it must be, exactly; and that nothing is written.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

data=$top/tests/data/bad-configs
bundle=$work/b
mkdir -p "$bundle/rootfs"

# Each command that reads a config.json says the same of it.
run_on_bad() { # FILE
	local before command
	rm -rf "$bundle/config.json"
	cp "$1" "$bundle/config.json"
	before=$(identity "$bundle/config.json")
	cd "$bundle" || return
	for command in apply explain revert; do
		if [ "$command" = revert ]; then
			want_hw 3 revert
		else
			want_hw 3 "$command" -p /dev/null
		fi
		want "stdout of $command" "$out" ""
		want "message of $command" "$err" "$wanted"
	done
	cd "$OLDPWD" || return
	want "identity of config.json" "$(identity "$bundle/config.json")" "$before"
	no_residue "$bundle"
}

for file in "$data"/*.json; do
	wanted=$(<"${file%.json}.txt")
	check "bad-configs/${file##*/}" run_on_bad "$(realpath "$file")"
done

# Made here: what git or a reader would not like to keep.
deep() {
	printf '[%.0s' $(seq 100000) >"$work/deep"
	wanted="config.json:1:65: objects and arrays are nested deeper than 64
  hint: remove some levels"
	run_on_bad "$work/deep"
}
check "100,000 arrays in each other" deep

too_large() {
	rm -f "$bundle/config.json"
	truncate -s 17M "$bundle/config.json"
	want_hw 3 apply -p /dev/null "$bundle"
	want message "$err" "$bundle/config.json: larger than 16777216 bytes"
}
check "17 MB are over the limit" too_large

many_keys() {
	awk 'BEGIN { printf "{\"a\":[0"; for (i = 0; i < 300000; i++) printf ",0"; print "]}" }' \
		>"$bundle/config.json"
	want_hw 3 apply -p /dev/null "$bundle"
	want_has message "$err" "config.json:1:"
	want_has message "$err" "more than the limit of 262144 keys and values"
}
check "too many keys and values" many_keys

# ---- files that are none, and rootfs that is not there ----

complains() { # ARG...: it ends with status 3 and the wanted message
	want_hw 3 "$@"
	want stdout "$out" ""
	want message "$err" "$wanted"
}

no_config() {
	rm -rf "$bundle/config.json"
	wanted="$bundle: there is no config.json in this directory
  hint: name a bundle directory; 'runc spec' creates a config.json"
	complains apply -p /dev/null "$bundle"
	complains explain -p /dev/null "$bundle"
	complains revert "$bundle"
}
check "no config.json" no_config

config_is_directory() {
	mkdir "$bundle/config.json"
	wanted="$bundle/config.json: not a regular file but a directory"
	complains apply -p /dev/null "$bundle"
	rmdir "$bundle/config.json"
}
check "config.json is a directory" config_is_directory

config_is_fifo() {
	mkfifo "$bundle/config.json"
	wanted="$bundle/config.json: not a regular file but a FIFO"
	complains apply -p /dev/null "$bundle"
	complains explain -p /dev/null "$bundle"
	rm "$bundle/config.json"
}
check "config.json is a FIFO" config_is_fifo

config_is_device() {
	ln -s /dev/zero "$bundle/config.json"
	wanted="$bundle/config.json: not a regular file but a character device"
	complains explain -p /dev/null "$bundle"
	rm "$bundle/config.json"
}
check "config.json leads to /dev/zero" config_is_device

config_dangles() {
	ln -s nowhere "$bundle/config.json"
	wanted="$bundle: there is no config.json in this directory
  hint: name a bundle directory; 'runc spec' creates a config.json"
	complains explain -p /dev/null "$bundle"
	wanted="$bundle/config.json: a symbolic link, which is not followed for writing
  hint: name the target directory of the link"
	complains apply -p /dev/null "$bundle"
	complains revert "$bundle"
	rm "$bundle/config.json"
}
check "config.json is a dangling link" config_dangles

config_unreadable() {
	bare_config "$work/u"
	chmod 600 "$work/u/config.json"
	install -m 755 "$HOOKWRIGHT" "$work/program" # its own directory may be closed
	err=$(setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME=/nonexistent "$work/program" explain -p /dev/null "$work/u" 2>&1)
	want status $? 3
	want message "$err" "$work/u/config.json: cannot open: Permission denied"
}
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	check "config.json that may not be read" config_unreadable
else
	skip "config.json that may not be read" "needs root and setpriv"
fi

# The rootfs matters only when a policy looks into it.
rootfs_missing() {
	bare_config "$work/r"
	mkdir "$work/p"
	policy "$work/p/always.yaml" "hook: { path: /bin/true }"
	wanted="$work/r: cannot open the rootfs 'rootfs': No such file or directory
  hint: unpack or mount the rootfs, or correct 'root.path'"
	complains apply -p "$work/p" "$work/r"
	complains explain -p "$work/p" "$work/r"
	want_hw 0 apply -p /dev/null "$work/r"
	want_hw 0 revert "$work/r"
}
check "no rootfs" rootfs_missing

rootfs_is_file() {
	echo x >"$work/r/rootfs"
	wanted="$work/r: cannot open the rootfs 'rootfs': Not a directory
  hint: unpack or mount the rootfs, or correct 'root.path'"
	complains apply -p "$work/p" "$work/r"
}
check "rootfs is a file" rootfs_is_file

done_testing
