#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How config.json is replaced: on real file systems, full and read-only ones, beside other writers.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

plain=${HW_PLAIN:-$HOOKWRIGHT} # sanitizers do not like strace
shared=$work/shared-rootfs
busybox_rootfs "$shared"
mkdir "$work/p"
policy "$work/p/true.yaml" 'hook: { path: /bin/true }'

# bundle DIR: a bundle on another file system that shares the rootfs here
bundle() {
	bare_config "$1"
	sed -i "s|\"rootfs\"|\"$shared\"|" "$1/config.json"
}

# mounted NAME ARG...: mount(8) ARG... on $work/NAME
mounted() {
	local at=$work/$1
	shift
	mkdir -p "$at" && mount "$@" "$at" 2>/dev/null
}

image() { # FILE SIZE
	truncate -s "$2" "$1" && mkfs.ext4 -q -F "$1" 2>/dev/null
}

can_mount=false
if [ -n "${HW_NAMESPACE-}" ] && mounted probe -t tmpfs tmpfs; then can_mount=true; fi

# ---- what the new file keeps ----

attributes() { # FILE
	stat -c '%a %u:%g' "$1"
	getfattr --absolute-names -d -m '^(user\.|security\.selinux|system\.posix_acl)' "$1" |
		tail -n +2
	getfacl --absolute-names -n "$1" 2>/dev/null | tail -n +2
}

keeps_attributes() { # DIR
	local b=$1/b before
	bundle "$b"
	chown 1234:4321 "$b/config.json"
	chmod 640 "$b/config.json"
	want_ok setfacl -m u:1000:r "$b/config.json"
	setfattr -n user.note -v hello "$b/config.json" || complain "no user attributes here"
	setfattr -n security.selinux -v some_u:some_r:some_t:s0 "$b/config.json" 2>/dev/null
	before=$(attributes "$b/config.json")
	(umask 077 && "$HOOKWRIGHT" apply -q -p "$work/p" "$b") || complain "apply failed"
	want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=true /bin/true"
	want attributes "$(attributes "$b/config.json")" "$before"
	no_residue "$b"
}

# An access ACL would bring the mode with it.
keeps_mode() {
	local b=$work/mode mode
	bundle "$b"
	for mode in 600 604 640 4755 400; do
		chmod "$mode" "$b/config.json"
		(umask 0 && "$HOOKWRIGHT" apply -q -p "$work/p" "$b") || complain "apply failed"
		want mode "$(stat -c %a "$b/config.json")" "$mode"
		want_hw 0 revert -q "$b"
		want "mode after revert" "$(stat -c %a "$b/config.json")" "$mode"
	done
}
check "every mode stays" keeps_mode

drops_ima() { # DIR
	local b=$1/ima
	bundle "$b"
	setfattr -n security.ima -v 0x0404 "$b/config.json" || complain "no security.ima here"
	want_hw 0 apply -p "$work/p" "$b"
	want "security.ima" "$(getfattr --absolute-names -d -m security.ima "$b/config.json")" ""
}

if $can_mount; then
	if mounted tmpfs -t tmpfs tmpfs && setfattr -n user.x -v 1 "$work/tmpfs" 2>/dev/null; then
		check "tmpfs: mode, owner, attributes, access ACL stay" keeps_attributes "$work/tmpfs"
	else
		skip "tmpfs: mode, owner, attributes, access ACL stay" "tmpfs has no user attributes"
	fi
	if image "$work/ext4.img" 8M && mounted ext4 -o loop "$work/ext4.img"; then
		ext4=$work/ext4
		check "ext4: mode, owner, attributes, access ACL stay" keeps_attributes "$ext4"
		if setfattr -n security.ima -v 0x0404 "$ext4" 2>/dev/null; then
			setfattr -x security.ima "$ext4"
			check "ext4: security.ima, which vouches for the old bytes, goes" drops_ima "$ext4"
		else
			skip "ext4: security.ima, which vouches for the old bytes, goes" \
				"it cannot be set here"
		fi
	else
		ext4=
		skip "ext4: mode, owner, attributes, access ACL stay" "no loop device"
		skip "ext4: security.ima, which vouches for the old bytes, goes" "no loop device"
	fi
	mkdir -p "$work/tmpfs"/{lower,upper,work}
	bundle "$work/tmpfs/lower/below"
	if mounted overlay -t overlay overlay -o "lowerdir=$work/tmpfs/lower,upperdir=$work/tmpfs/upper,workdir=$work/tmpfs/work"; then
		check "overlay: mode, owner, attributes, access ACL stay" \
			keeps_attributes "$work/overlay"
		overlay_below() {
			want_hw 0 apply -p "$work/p" "$work/overlay/below"
			want hooks "$(hooks_of "$work/overlay/below")" \
				"_HOOKWRIGHT_POLICY=true /bin/true"
			want "hooks of the lower file" "$(hooks_of "$work/tmpfs/lower/below")" ""
		}
		check "overlay: a file of the lower layer" overlay_below
	else
		skip "overlay: mode, owner, attributes, access ACL stay" "no overlay"
		skip "overlay: a file of the lower layer" "no overlay"
	fi
else
	skip "tmpfs, ext4, overlay" "mounting needs root"
fi

# ---- where it cannot be written ----

# refused BUNDLE WANTED [COMMAND...]: apply (as COMMAND says) fails, says so, and nothing changed
refused() {
	local b=$1 wanted=$2 before
	shift 2
	before=$(identity "$b/config.json")
	err=$("$@" "$plain" apply -p "$work/p" "$b" 2>&1 >/dev/null)
	want status $? 3
	want message "$err" "$wanted"
	want identity "$(identity "$b/config.json")" "$before"
	no_residue "$b"
}

as_user() {
	setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/nonexistent "$@"
}

read_only_directory() {
	local b=$work/closed
	bundle "$b"
	chown 1000:1000 "$b" "$b/config.json"
	chmod 555 "$b"
	refused "$b" "$b: cannot replace 'config.json': creating the new one: Permission denied
  hint: hookwright must be able to create files in the bundle directory" as_user
}

owner_of_another() {
	local b=$work/others
	bundle "$b"
	chown 1000:1000 "$b"
	refused "$b" "$b: cannot replace 'config.json': setting the owner: Operation not permitted
  hint: the directory or file may be immutable (lsattr) or owned by another user" as_user
}

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null && as_user test -x "$plain"; then
	check "a directory that is closed for the user" read_only_directory
	check "a file of another owner" owner_of_another
else
	skip "a directory that is closed for the user" "needs root and a program open to others"
	skip "a file of another owner" "needs root and a program open to others"
fi

read_only_mount() {
	bundle "$work/tmpfs/ro"
	mounted ro --bind "$work/tmpfs/ro" && mount -o remount,bind,ro "$work/ro"
	refused "$work/ro" \
		"$work/ro: cannot replace 'config.json': creating the new one: Read-only file system
  hint: the bundle is on a read-only file system: use a writable copy"
	want_hw 0 apply -n -p "$work/p" "$work/ro"
	want_hw 0 explain -p "$work/p" "$work/ro"
}

immutable() {
	local b=$ext4/fixed
	bundle "$b"
	want_ok chattr +i "$b/config.json"
	refused "$b" "$b: cannot replace 'config.json': renaming the new one over it: \
Operation not permitted
  hint: the directory or file may be immutable (lsattr) or owned by another user"
	chattr -i "$b/config.json"
}

full() { # DIR: every block of its file system is taken
	local b=$1/full
	bundle "$b"
	# More than what a directory's or an inode's slack could take.
	edit_config "$b" '.annotations.big = "x" * 60000'
	dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null
	dd if=/dev/zero of="$1/filler2" bs=1 2>/dev/null
	refused "$b" "$b: cannot replace 'config.json': writing: No space left on device
  hint: free some space on the file system of the bundle, then run again"
	rm "$1/filler" "$1/filler2"
	want_hw 0 apply -p "$work/p" "$b"
}

no_inode() {
	local b=$work/inodes/b
	mounted inodes -t tmpfs -o nr_inodes=4 tmpfs || complain "no tmpfs"
	bundle "$b"
	touch "$work/inodes/1"
	refused "$b" "$b: cannot replace 'config.json': creating the new one: \
No space left on device
  hint: free some space on the file system of the bundle, then run again"
}

if $can_mount; then
	check "a read-only mount" read_only_mount
	check "a file system without inodes" no_inode
	mounted small -t tmpfs -o size=512k tmpfs
	check "a full tmpfs" full "$work/small"
	if [ -n "$ext4" ]; then
		image "$work/small.img" 1M && mounted small4 -o loop "$work/small.img"
		check "a full ext4" full "$work/small4"
	else
		skip "a full ext4" "no loop device"
	fi
	if [ -n "$ext4" ] && touch "$ext4/i" && chattr +i "$ext4/i" 2>/dev/null; then
		chattr -i "$ext4/i"
		check "an immutable config.json" immutable
	else
		skip "an immutable config.json" "chattr +i does not work here"
	fi
else
	skip "read-only mounts and full file systems" "mounting needs root"
fi

symbolic_link() {
	local b=$work/linked
	bundle "$work/real"
	mkdir "$b"
	ln -s ../real/config.json "$b/config.json"
	refused "$b" "$b/config.json: a symbolic link, which is not followed for writing
  hint: name the target directory of the link"
	want_hw 3 apply -n -p "$work/p" "$b"
	want_hw 3 revert "$b"
	want_hw 0 explain -p "$work/p" "$b"
	want "what the link is" "$(readlink "$b/config.json")" ../real/config.json
	want "hooks of its target" "$(hooks_of "$work/real")" ""
}
check "config.json is a symbolic link" symbolic_link

linked_bundle() {
	bundle "$work/named"
	ln -s named "$work/alias"
	want_hw 0 apply -p "$work/p" "$work/alias"
	want hooks "$(hooks_of "$work/named")" "_HOOKWRIGHT_POLICY=true /bin/true"
}
check "the bundle's directory is a symbolic link" linked_bundle

in_the_way() {
	local b=$work/way
	bundle "$b"
	mkdir "$b/.config.json.hookwright"
	hw apply -p "$work/p" "$b"
	want status "$status" 3
	want message "$err" "$b: cannot replace 'config.json': creating the new one: File exists
  hint: '.config.json.hookwright' is in the way: remove it"
	want hooks "$(hooks_of "$b")" ""
	rmdir "$b/.config.json.hookwright"
	echo precious >"$b/precious"
	ln -s precious "$b/.config.json.hookwright"
	want_hw 0 apply -p "$work/p" "$b"
	want "the file the old link led to" "$(cat "$b/precious")" precious
	no_residue "$b"
}
check "something has the temporary file's name" in_the_way

# ---- other writers ----

# apply_slowly BUNDLE: starts apply and returns while it is in its first fsync, the new file written
# but not looked at again; then 'wait "$slow"'
apply_slowly() {
	strace -D -o /dev/null -e trace=fsync -e inject=fsync:delay_enter=1000000:when=1 \
		"$plain" apply -p "$work/p" "$1" >"$work/slow.out" 2>&1 &
	slow=$!
	for ((i = 0; i < 200; i++)); do
		[ -s "$1/.config.json.hookwright" ] && return
		sleep 0.01
	done
	complain "apply wrote no temporary file"
}

changed_meanwhile() { # COMMAND: changes the config.json that $b has
	b=$work/changed
	rm -rf "$b"
	bundle "$b"
	apply_slowly "$b"
	eval "$1"
	cp "$b/config.json" "$work/theirs" 2>/dev/null
	wait "$slow"
	want status $? 3
	want message "$(cat "$work/slow.out")" \
		"$b: cannot replace 'config.json': another program changed it meanwhile
  hint: run again; nothing was written"
	same "$b/config.json" "$work/theirs"
	no_residue "$b"
}

# shellcheck disable=SC2016 # expanded by eval
changes=(
	'written in place' 'sed "s|/bin/sh|/bin/ls|" "$b/config.json" >"$work/new"; cat "$work/new" >"$b/config.json"'
	'replaced by an equal one' 'cp -p "$b/config.json" "$b/new"; mv "$b/new" "$b/config.json"'
	'written with the old size and time' 'touch -r "$b/config.json" "$work/time"; sed "s|/bin/sh|/bin/ls|" "$b/config.json" >"$work/new"; cat "$work/new" >"$b/config.json"; touch -r "$work/time" "$b/config.json"'
)

removed_meanwhile() {
	b=$work/removed
	bundle "$b"
	apply_slowly "$b"
	rm "$b/config.json"
	wait "$slow"
	want status $? 3
	want_has message "$(cat "$work/slow.out")" "No such file or directory
  hint: it was removed meanwhile: nothing was written"
	want "what is in the bundle" "$(ls -A "$b")" ""
}

killed() {
	b=$work/killed
	bundle "$b"
	cp "$b/config.json" "$work/before"
	apply_slowly "$b"
	kill -KILL "$slow"
	wait "$slow" 2>/dev/null
	want_ok test -e "$b/.config.json.hookwright"
	same "$b/config.json" "$work/before"
	want_hw 0 explain -p "$work/p" "$b"
	want_ok test -e "$b/.config.json.hookwright"
	want_hw 0 apply -p /dev/null "$b" # which changes nothing
	no_residue "$b"
	same "$b/config.json" "$work/before"
	echo rest >"$b/.config.json.hookwright"
	want_hw 0 apply -p "$work/p" "$b"
	no_residue "$b"
	echo rest >"$b/.config.json.hookwright"
	want_hw 0 revert "$b"
	no_residue "$b"
	same "$b/config.json" "$work/before"
}

if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	for ((c = 0; c < ${#changes[@]}; c += 2)); do
		check "config.json is ${changes[c]} meanwhile" changed_meanwhile "${changes[c + 1]}"
	done
	check "config.json is removed meanwhile" removed_meanwhile
	check "what a SIGKILL left is removed by the next run" killed
else
	skip "config.json changes meanwhile" "strace does not work here"
	skip "what a SIGKILL left is removed by the next run" "strace does not work here"
fi

# ---- the lock ----

hold_lock() { # DIR SECONDS: in the background
	(flock -x 9 && touch "$work/held" && exec sleep "$2") 9<"$1" &
	while [ ! -e "$work/held" ]; do sleep 0.01; done
	rm "$work/held"
}

lock_held() {
	local b=$work/locked start holder
	bundle "$b"
	hold_lock "$b" 30
	holder=$!
	start=$(date +%s%N)
	want_hw 0 apply -n -p "$work/p" "$b"
	want_hw 0 explain -p "$work/p" "$b"
	want_ok test $((($(date +%s%N) - start) / 1000000)) -lt 5000
	start=$(date +%s%N)
	hw apply -p "$work/p" "$b"
	local took=$((($(date +%s%N) - start) / 1000000))
	want status "$status" 3
	want message "$err" "$b: another process has held the bundle's lock for 10 seconds
  hint: find the process that holds it with fuser -v, or in /proc/locks"
	want_ok test "$took" -ge 9000 -a "$took" -lt 12000
	kill "$holder"
	wait "$holder" 2>/dev/null
	no_residue "$b"
	want hooks "$(hooks_of "$b")" ""
	hold_lock "$b" 1
	want_hw 0 apply -p "$work/p" "$b"
	want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=true /bin/true"
	wait $!
}
check "another process holds the lock" lock_held

concurrent() {
	local b=$work/concurrent i round names=
	bundle "$b"
	cp "$b/config.json" "$work/before"
	for i in {10..25}; do
		mkdir -p "$work/many"
		policy "$work/many/p$i.yaml" "order: $i" 'hook: { path: /bin/true }'
		names+="_HOOKWRIGHT_POLICY=p$i /bin/true"$'\n'
	done
	for round in 1 2 3 4 5; do
		cp "$work/before" "$b/config.json"
		for i in {10..25}; do
			"$HOOKWRIGHT" apply -q -p "$work/many/p$i.yaml" "$b" \
				2>"$work/concurrent-$i" &
		done
		for i in $(jobs -p); do
			wait "$i" || complain "round $round: an apply failed: $(cat "$work"/concurrent-*)"
		done
		want "hooks after round $round" "$(hooks_of "$b" | sort)" "${names%$'\n'}"
		no_residue "$b"
	done
	# And one run that knows them all puts them in order.
	want_hw 0 apply -q -p "$work/many" "$b"
	want "hooks in order" "$(hooks_of "$b")" "${names%$'\n'}"
	want_hw 0 revert -q "$b"
	same "$b/config.json" "$work/before"
}
check "sixteen at once, five times: every hook is there once" concurrent

# ---- what is called ----

traced() { # NAME ARG...: run it under strace; its calls are in $work/NAME.trace
	local name=$1
	shift
	strace -f -o "$work/$name.trace" "$plain" "$@" >/dev/null 2>&1 ||
		complain "strace hookwright $* failed"
}

syncs() {
	local b=$work/syncs
	bundle "$b"
	traced sync apply -p "$work/p" "$b"
	want "fsync calls" "$(grep -cE '^[0-9]+ +(fsync|fdatasync|syncfs)\(' "$work/sync.trace")" 2
	traced same apply -p "$work/p" "$b"
	want "fsync calls for nothing" "$(grep -cE '(fsync|fdatasync|syncfs)\(' "$work/same.trace")" 0
	traced revert revert --no-sync "$b"
	want "fsync calls of revert --no-sync" "$(grep -cE 'sync\(' "$work/revert.trace")" 0
	traced nosync apply --no-sync -p "$work/p" "$b"
	want "fsync calls of apply --no-sync" "$(grep -cE 'sync\(' "$work/nosync.trace")" 0
	want hooks "$(hooks_of "$b")" "_HOOKWRIGHT_POLICY=true /bin/true"
}

opens_nothing() {
	local b=$work/opens
	mkdir "$work/absent"
	bundle "$b"
	policy "$work/absent/a.yaml" 'when: { annotations: { wanted: "yes" }, libc: glibc }' \
		'needs: { writable: /etc }' 'hook: { path: /bin/true }'
	traced absent apply -p "$work/absent" "$b"
	want "looks into the rootfs" "$(grep -F "$shared" "$work/absent.trace")" ""
	want "calls for writing" "$(grep -E 'O_WRONLY|O_RDWR|O_CREAT|rename|unlink|ftruncate|fchmod|fchown|setxattr' "$work/absent.trace")" ""
	traced present apply -p "$work/p" "$b"
	want_ok grep -qF "$shared" "$work/present.trace"
	want_ok grep -q O_CREAT "$work/present.trace"
}

if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	check "file and directory are synced once, with --no-sync not at all" syncs
	check "a false annotations condition costs no look into the rootfs" opens_nothing
else
	skip "what is synced" "strace does not work here"
	skip "what is opened" "strace does not work here"
fi
done_testing
