#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Law "truth": what the view says of a path equals what happens to a startContainer hook there,
# with real runs of runc and crun, row by row.
# shellcheck disable=SC2016 # what a row prepares is expanded where it runs
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$work" || exit 2
driver=$work/view-driver
objects=${HW_OBJECTS:-$top/build}
# An archive, so that only what the view needs is linked.
ar rcs "$work/objects.a" "$objects"/lib/*.o
# shellcheck disable=SC2086 # flags are words
ok "the driver builds" ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -iquote "$top/lib" -o "$driver" \
	"$top/tests/e2e/view-driver.c" "$work/objects.a"

# The hook reads its input, as crun 1.8 now and then fails those that do not.
cat >cat.c <<-C
	#include <unistd.h>
	int main(void)
	{
		char buf[4096];
		while (read(0, buf, sizeof(buf)) > 0)
			;
		return 0;
	}
C
# shellcheck disable=SC2086
ok "the hook builds" ${CC:-cc} -static -s -o "$work/cat" cat.c
make_bundle "$work/model" /bin/echo MAIN-RAN
mkdir "$work/model/rootfs"/{h,opt,mnt}
cp "$work/cat" "$work/model/rootfs/h/cat"

# Filters for the column "change".
user() { printf '.process.user = {uid: 1000, gid: 1000} | .process.capabilities = {}'; }
caps() { # SET:NAME...: only these capabilities
	local each
	printf '.process.capabilities = {}'
	for each in "$@"; do
		printf ' | .process.capabilities.%s += ["CAP_%s"]' "${each%%:*}" "${each#*:}"
	done
}
mnt() { # DESTINATION TYPE SOURCE [OPTION...]
	local to=$1 type=$2 from=$3
	shift 3
	printf '.mounts += [{destination: "%s", type: "%s", source: "%s", options: [%s]}]' \
		"$to" "$type" "$from" "$(json_strings "$@")"
}
tmpfs() { local to=$1; shift; mnt "$to" tmpfs tmpfs "$@"; }
bind() { local to=$1; shift; mnt "$to" bind src "$@"; }
userns() { # HOST-ID
	printf '.linux.namespaces += [{type: "user"}]'
	printf ' | .linux.uidMappings = [{containerID: 0, hostID: %d, size: 65536}]' "$1"
	printf ' | .linux.gidMappings = [{containerID: 0, hostID: %d, size: 65536}]' "$1"
}

# Unmount and remove what a row left.
clear_row() { # ROW
	awk -v at="$1/" 'index($5, at) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
		while read -r each; do umount "$each"; done
	chattr -R -ia "$1" 2>/dev/null
	rm -rf --one-file-system "$1"
}

# A fresh copy of the model, in which "prepare" was run; ROW in a change is its directory.
new_row() { # ROW CHANGE PREPARE HOOK
	local row=$1
	clear_row "$row"
	cp -a "$work/model" "$row"
	mkdir "$row/src"
	cp "$work/cat" "$row/src/cat"
	(cd "$row" && eval "${3:-:}") || echo "# cannot prepare"
	jq "$4 | ${2:-.}" "$work/model/config.json" | sed "s|ROW|$row|g" >"$row/config.json"
}

# The verdicts for a runtime and for none, and what the container printed
run_row() { # RUNTIME WHAT PATH CHANGE PREPARE HOOK
	local row=$work/row-$1
	new_row "$row" "$4" "$5" "$6"
	"$driver" "$row" '' "$2" "$3" >"$work/none.$1" 2>&1
	"$driver" "$row" "$1" "$2" "$3" >"$work/said.$1" 2>&1
	out=
	! works "$1" || run_container "$1" "$row"
	echo "$out" >"$work/out.$1"
}

# compare NAME...: with each runtime, then with none named
compare() { # NAME WHAT PATH CHANGE PREPARE HOOK
	local name=$1 said none ran='' all='' runtime
	shift
	for runtime in runc crun; do
		containers+=("$runtime:") # the next container's name counts them
		run_row $runtime "$@" &
	done
	wait
	for runtime in runc crun; do
		if ! works $runtime; then
			skip "$runtime: $name" "$why"
			continue
		fi
		said=$(cat "$work/said.$runtime")
		out=$(cat "$work/out.$runtime")
		[[ $out == *MAIN-RAN* ]] && ran=yes || ran=no
		all+=$ran
		[[ " ${unsure-} " != *" $runtime "* ]] || ran=unknown
		[ "${said%%:*}" = $ran ]
		result $? "$runtime: $name" "verdict, want $ran:" "$said" "container:" "$out"
	done
	case $all in
	yesyes) ran='yes' ;;
	nono) ran='no' ;;
	yesno | noyes) ran='no or unknown' ;;
	*) return ;;
	esac
	[[ " ${unsure-} " != *" none "* ]] || ran=unknown
	none=$(cat "$work/none.runc")
	[[ " $ran " == *" ${none%%:*} "* ]]
	result $? "no runtime named: $name" "verdict, want $ran:" "$none"
}

# exec_row NAME PATH [CHANGE [PREPARE]]: whether a hook at PATH runs. With unsure="runc crun none"
# the verdict is unknown for those.
exec_row() {
	compare "$1" exec "$2" "${3-}" "${4-}" \
		".hooks.startContainer = [{path: \"$2\"}]"
}

# write_row NAME PATH [CHANGE [PREPARE]]: whether a hook can create and rename in directory PATH,
# or write to file PATH.
write_row() {
	local script='cat; [ -e "$0" ] || exit 1
		if [ -d "$0" ]; then echo >"$0/t" && mv "$0/t" "$0/u"; else echo >>"$0"; fi'
	compare "$1" write "$2" "${3-}" "${4-}" \
		".hooks.startContainer = [{path: \"/bin/busybox\",
			args: [\"sh\", \"-c\", $(json_string "$script"), \"$2\"],
			env: [\"PATH=/bin\"]}]"
}

works runc
works crun
if ! works runc && ! works crun; then
	skip "all rows" "$why"
	done_testing
fi

# --- paths -------------------------------------------------------------------------------------
exec_row 'a plain path' /h/cat
exec_row 'slashes and dots' '//h/..//h/./cat'
exec_row 'a missing file' /h/nope
exec_row 'a missing directory' /nope/cat
exec_row 'a trailing slash' /h/cat/
exec_row 'a file as a directory' /h/cat/x
exec_row 'a directory' /h
exec_row 'an absolute link' /l . 'ln -s /h/cat rootfs/l'
exec_row 'a relative link' /opt/cat . 'ln -s ../h/cat rootfs/opt/cat'
exec_row 'a link to a directory' /l/cat . 'ln -s /h rootfs/l'
exec_row 'a link that would escape' /l/cat . 'ln -s ../../../../../../h rootfs/l'
exec_row 'a link to a path of the host' /l . 'ln -s "$work/cat" rootfs/l'
exec_row 'a dangling link' /l . 'ln -s /nope rootfs/l'
exec_row 'a link loop' /l/cat . 'ln -s l rootfs/l'
exec_row '20 links' /l21 . 'ln -s h/cat rootfs/l40; for i in $(seq 39); do ln -s l$((i+1)) rootfs/l$i; done'
unsure="runc crun none" exec_row '40 links' /l1 . 'ln -s h/cat rootfs/l40; for i in $(seq 39); do ln -s l$((i+1)) rootfs/l$i; done'
exec_row '41 links' /l0 . 'ln -s h/cat rootfs/l40; for i in $(seq 0 39); do ln -s l$((i+1)) rootfs/l$i; done'
exec_row 'a relative path, cwd /opt' ../h/cat '.process.cwd = "/opt"'
exec_row 'a FIFO' /h/p . 'mkfifo -m 777 rootfs/h/p'
exec_row 'a device' /dev/null
exec_row 'a name that is too long' "/h/$(printf 'n%.0s' {1..256})"

# --- modes and capabilities --------------------------------------------------------------------
exec_row 'mode 0644' /h/cat . 'chmod 644 rootfs/h/cat'
exec_row 'uid 1000, mode 0755' /h/cat "$(user)"
exec_row 'uid 1000, mode 0700 of root' /h/cat "$(user)" 'chmod 700 rootfs/h/cat'
exec_row 'uid 1000, mode 0111' /h/cat "$(user)" 'chmod 111 rootfs/h/cat'
exec_row 'uid 1000, directory 0700' /h/cat "$(user)" 'chmod 700 rootfs/h'
exec_row 'uid 1000, directory 0711' /h/cat "$(user)" 'chmod 711 rootfs/h'
exec_row 'uid 1000, effective DAC_OVERRIDE' /h/cat \
	"$(user) | $(caps effective:DAC_OVERRIDE permitted:DAC_OVERRIDE bounding:DAC_OVERRIDE)" \
	'chmod 700 rootfs/h/cat'
exec_row 'uid 1000, permitted DAC_OVERRIDE' /h/cat \
	"$(user) | $(caps permitted:DAC_OVERRIDE bounding:DAC_OVERRIDE)" 'chmod 700 rootfs/h/cat'
for name in cap_dac_override Cap_DAC_Override DAC_OVERRIDE 1 CAP_FOO ' CAP_DAC_OVERRIDE' 99; do
	exec_row "uid 1000, effective '$name'" /h/cat \
		"$(user) | .process.capabilities = ({} | .bounding = [\"$name\"] |
			.effective = .bounding | .permitted = .bounding)" 'chmod 700 rootfs/h/cat'
done
exec_row 'DAC_OVERRIDE without any x bit' /h/cat . 'chmod 600 rootfs/h/cat'
exec_row 'DAC_READ_SEARCH searches' /h/cat \
	"$(user) | $(caps effective:DAC_READ_SEARCH permitted:DAC_READ_SEARCH bounding:DAC_READ_SEARCH)" \
	'chmod 700 rootfs/h'
exec_row 'DAC_READ_SEARCH does not execute' /h/cat \
	"$(user) | $(caps effective:DAC_READ_SEARCH permitted:DAC_READ_SEARCH bounding:DAC_READ_SEARCH)" \
	'chmod 700 rootfs/h/cat'
exec_row 'root without capabilities, mode 0001' /h/cat "$(caps)" 'chmod 1 rootfs/h/cat'
exec_row 'the owner, mode 0077' /h/cat "$(user)" 'chmod 077 rootfs/h/cat; chown 1000 rootfs/h/cat'
exec_row 'the group, mode 0707' /h/cat "$(user)" 'chmod 707 rootfs/h/cat; chgrp 1000 rootfs/h/cat'
exec_row 'an additional group' /h/cat "$(user) | .process.user.additionalGids = [5, 7]" \
	'chmod 710 rootfs/h/cat; chgrp 7 rootfs/h/cat'
exec_row 'a FIFO on the way, uid 1000' /h/p/x "$(user)" 'mkfifo rootfs/h/p'
exec_row 'a link in a sticky directory' /s/l "$(user)" \
	'mkdir -m 1777 rootfs/s; ln -s /h/cat rootfs/s/l; chown -h 5 rootfs/s/l'
exec_row 'a link in a sticky directory on the way' /s/l/cat "$(user)" \
	'mkdir -m 1777 rootfs/s; ln -s /h rootfs/s/l; chown -h 5 rootfs/s/l'
if setfacl -m u:1000:x "$work/cat" 2>/dev/null && setfacl -b "$work/cat"; then
	exec_row 'an ACL for the user' /h/cat "$(user)" 'chmod 700 rootfs/h/cat; setfacl -m u:1000:rx rootfs/h/cat'
	exec_row 'an ACL against the user' /h/cat "$(user)" 'setfacl -m u:1000:- rootfs/h/cat'
	exec_row 'an ACL with a mask' /h/cat "$(user)" 'setfacl -m u:1000:rx,m::r rootfs/h/cat'
	exec_row 'an ACL for a group' /h/cat "$(user)" 'chmod 700 rootfs/h/cat; setfacl -m g:1000:x,g:7:- rootfs/h/cat'
	exec_row 'an ACL for another group' /h/cat "$(user)" 'setfacl -m g:7:x,o:- rootfs/h/cat'
	exec_row 'an ACL on a directory' /h/cat "$(user)" 'chmod 700 rootfs/h; setfacl -m u:1000:x rootfs/h'
	exec_row 'an ACL in a user namespace' /h/cat "$(user) | $(userns 100000)" \
		'chmod -R a+rX .; chmod 700 rootfs/h; setfacl -m u:101000:x rootfs/h'
	exec_row 'an ACL is copied into a tmpfs or not' /h/cat "$(user) | $(tmpfs /h tmpcopyup)" \
		'chmod 700 rootfs/h/cat; setfacl -m u:1000:rx rootfs/h/cat'
else
	skip 'access ACLs' 'no setfacl or no file system with ACLs'
fi

# --- user namespaces ---------------------------------------------------------------------------
open='chmod -R a+rX .'
exec_row 'a user namespace' /h/cat "$(userns 100000)" "$open"
exec_row 'an unmapped owner, mode 0700' /h/cat "$(userns 100000)" "$open; chmod 700 rootfs/h/cat"
exec_row 'a mapped owner, mode 0700' /h/cat "$(userns 100000)" \
	"$open; chmod 700 rootfs/h/cat; chown 100005:100005 rootfs/h/cat"
exec_row 'an unmapped group, mode 0700' /h/cat "$(userns 100000)" \
	"$open; chmod 700 rootfs/h/cat; chown 100005:0 rootfs/h/cat"
exec_row 'an unmapped directory, mode 0700' /h/cat "$(userns 100000)" "$open; chmod 700 rootfs/h"
exec_row 'identity mapping, mode 0700' /h/cat "$(userns 0)" 'chmod 700 rootfs/h/cat'

# --- mounts ------------------------------------------------------------------------------------
exec_row 'masked file' /h/cat '.linux.maskedPaths = ["/h/cat"]'
exec_row 'masked directory' /h/cat '.linux.maskedPaths = ["/h"]'
exec_row 'masked through a link' /h/cat '.linux.maskedPaths = ["/l/cat"]' 'ln -s h rootfs/l'
exec_row 'masked path that is not there' /h/cat '.linux.maskedPaths = ["/h/nope", "/nope/x"]'
for path in / // /. /opt/.. '' /root-link; do
	exec_row "masked root, '$path'" /h/cat ".linux.maskedPaths = [\"$path\"]" 'ln -s / rootfs/root-link'
done
exec_row 'masked mount' /opt/cat "$(bind /opt bind) | .linux.maskedPaths = [\"/opt\"]"
exec_row 'masked path without a slash' /h/cat '.linux.maskedPaths = ["h"]'
exec_row 'masked dangling link' /h/cat '.linux.maskedPaths = ["/l"]' 'ln -s /nope rootfs/l'
exec_row 'masked FIFO' /h/cat '.linux.maskedPaths = ["/h/p"]' 'mkfifo rootfs/h/p'
exec_row 'hidden by a tmpfs' /h/cat "$(tmpfs /h)"
exec_row 'hidden by a tmpfs on the parent of a link' /l "$(tmpfs /h)" 'ln -s h/cat rootfs/l'
exec_row 'tmpcopyup' /h/cat "$(tmpfs /h tmpcopyup)"
exec_row 'tmpcopyup keeps owner and mode' /h/cat "$(user) | $(tmpfs /h tmpcopyup)" \
	'chmod 700 rootfs/h/cat; chown 1000 rootfs/h/cat'
exec_row 'tmpcopyup of mounts' /opt/x/cat "$(bind /opt/x rbind) | $(tmpfs /opt tmpcopyup)"
exec_row 'a bind' /opt/cat "$(bind /opt rbind)"
exec_row 'a bind of type none' /opt/cat "$(mnt /opt none src rbind)"
exec_row 'a bind of a file' /a/b/c "$(mnt /a/b/c bind src/cat bind)"
exec_row 'two mounts on one destination' /opt/cat "$(bind /opt rbind) | $(tmpfs /opt)"
exec_row 'a missing destination' /a/b/cat "$(bind /a/b rbind)"
exec_row 'a destination in a tmpfs' /opt/a/cat "$(tmpfs /opt) | $(bind /opt/a rbind)"
exec_row 'a destination without a leading slash' /opt/cat "$(bind opt rbind)"
exec_row 'a destination through a link' /opt/cat "$(bind /l rbind)" 'ln -s ../../opt rootfs/l'
exec_row 'a child before its parent' /opt/x/cat "$(bind /opt/x rbind) | $(tmpfs /opt)"
exec_row 'dots in a destination' /mnt/cat "$(bind /opt/../mnt rbind)"
exec_row 'dots above the root' /mnt/cat "$(bind /../../mnt rbind)"
unsure='runc none' exec_row 'dots behind a link' /usr/mnt/cat "$(bind /l/../mnt rbind)" \
	'mkdir -p rootfs/usr/lib rootfs/usr/mnt; ln -s usr/lib rootfs/l; cp src/cat rootfs/usr/mnt/cat'
exec_row 'made in one bind, seen in another' /mnt/new/../cat \
	"$(bind /opt rbind) | $(bind /mnt bind) | $(tmpfs /opt/new)"
exec_row 'not made in another source' /mnt/new/../cat \
	"$(bind /opt rbind) | $(mnt /mnt bind src2 bind) | $(tmpfs /opt/new)" 'cp -r src src2'
exec_row 'process.cwd, made in one bind' /mnt/cwd/../cat \
	"$(bind /opt rbind) | $(bind /mnt rbind) | .process.cwd = \"/opt/cwd\""
exec_row 'the rootfs in itself' /mnt/h/cat "$(mnt /mnt bind rootfs rbind) | $(tmpfs /h)"
unsure='runc crun none' exec_row 'the rootfs in itself, with a mount' /mnt/h/cat \
	"$(tmpfs /h) | $(mnt /mnt bind ROW/rootfs rbind)"
exec_row 'the rootfs in itself, without its mount' /mnt/h/cat \
	"$(tmpfs /h) | $(mnt /mnt bind ROW/rootfs bind)"
unsure='runc crun none' exec_row 'the bundle, with a mount' /mnt/rootfs/h/cat \
	"$(tmpfs /h) | $(mnt /mnt bind ROW rbind)"
exec_row 'the bundle, beside a mount' /mnt/src/cat "$(tmpfs /h) | $(mnt /mnt bind ROW rbind)"
unsure='runc crun none' exec_row 'a covered directory of the rootfs' /mnt/cat \
	"$(tmpfs /h) | $(mnt /mnt bind rootfs/h bind)"
exec_row 'process.cwd is missing' /w/x/../../h/cat '.process.cwd = "/w/x"'
exec_row 'a host mount in the rootfs' /opt/x . 'mount -t tmpfs t rootfs/opt; cp src/cat rootfs/opt/x'
exec_row 'a host mount in an rbind' /opt/s/x "$(bind /opt rbind)" \
	'mkdir src/s; mount -t tmpfs t src/s; cp src/cat src/s/x'
unsure='runc crun none' exec_row 'a host mount in a bind' /opt/s/x "$(bind /opt bind)" \
	'mkdir src/s; mount -t tmpfs t src/s; cp src/cat src/s/x'
unsure='runc crun none' exec_row 'beneath a host mount in a bind' /opt/s/x "$(bind /opt bind)" \
	'mkdir src/s; cp src/cat src/s/x; mount -t tmpfs t src/s'
unsure='runc crun none' exec_row 'a createContainer hook may make it' /h/new \
	'.hooks.createContainer = [{path: "/bin/cp", args: ["cp", "ROW/src/cat", "ROW/rootfs/h/new"]}]'
exec_row 'the root path is relative and odd' /h/cat '.root.path = "./src/../rootfs/."'

# --- noexec ------------------------------------------------------------------------------------
for options in noexec 'noexec exec' 'exec noexec' rnoexec; do
	# shellcheck disable=SC2086 # options are words
	exec_row "tmpfs, $options" /h/cat "$(tmpfs /h tmpcopyup $options)"
done
for options in noexec 'noexec exec' 'exec noexec' rnoexec 'rnoexec rexec' 'rexec rnoexec' \
	'noexec rexec' 'rnoexec exec'; do
	# shellcheck disable=SC2086
	exec_row "bind, $options" /opt/cat "$(bind /opt rbind $options)"
done
sub='mkdir src/s; mount -t tmpfs t src/s; cp src/cat src/s/x'
exec_row 'noexec does not reach a host mount below' /opt/s/x "$(bind /opt rbind noexec)" "$sub"
exec_row 'rnoexec reaches a host mount below' /opt/s/x "$(bind /opt rbind rnoexec)" "$sub"
exec_row 'a host mount below is noexec' /opt/s/x "$(bind /opt rbind ro)" \
	"$sub; mount -o remount,noexec src/s"
exec_row 'rexec reaches a host mount below' /opt/s/x "$(bind /opt rbind rexec)" \
	"$sub; mount -o remount,noexec src/s"
exec_row 'a host mount in the rootfs is noexec' /opt/x . \
	'mount -t tmpfs -o noexec t rootfs/opt; cp src/cat rootfs/opt/x'
noexec='cp -r src s2; mount -t tmpfs -o noexec t src; cp s2/cat src'
for options in '' rprivate nosuid nodev relatime noatime 'rw nosuid' rexec; do
	# shellcheck disable=SC2086
	exec_row "host noexec, rbind $options" /opt/cat "$(bind /opt rbind $options)" "$noexec"
done
for options in rw exec suid; do
	unsure=runc exec_row "host noexec, rbind $options" /opt/cat "$(bind /opt rbind $options)" "$noexec"
done
for options in ro 'ro nosuid'; do
	# shellcheck disable=SC2086
	unsure='crun none' exec_row "host noexec, rbind $options" /opt/cat \
		"$(bind /opt rbind $options)" "$noexec"
done
exec_row 'host noexec, rbind rro' /opt/cat "$(bind /opt rbind rro)" "$noexec"
for options in '' nosuid exec; do
	# shellcheck disable=SC2086
	exec_row "host noexec, user namespace, rbind $options" /opt/cat \
		"$(userns 0) | $(bind /opt rbind $options)" "$noexec"
done
root='mv rootfs r2; mkdir rootfs; mount --bind r2 rootfs; mount -o remount,bind,noexec rootfs'
exec_row 'rootfs noexec on the host' /h/cat . "$root"
exec_row 'rootfs noexec on the host, read-only' /h/cat '.root.readonly = true' "$root"
exec_row 'rootfs noexec on the host, user namespace' /h/cat "$(userns 0)" "$root"
unsure=crun exec_row 'readonlyPaths in a noexec tmpfs' /h/cat \
	"$(tmpfs /h tmpcopyup noexec) | .linux.readonlyPaths = [\"/h\"]"

# --- writing -----------------------------------------------------------------------------------
write_row 'a directory' /etc
write_row 'a file' /etc/passwd
write_row 'a missing directory' /nope
write_row 'read-only root' /etc '.root.readonly = true'
write_row 'read-only root, file' /etc/passwd '.root.readonly = true'
write_row 'read-only root, tmpfs' /etc ".root.readonly = true | $(tmpfs /etc)"
write_row 'read-only root, host mount' /opt '.root.readonly = true' 'mount -t tmpfs t rootfs/opt'
write_row 'read-only root, device' /dev/null '.root.readonly = true'
write_row 'uid 1000' /etc "$(user)"
write_row 'uid 1000, mode 0777' /etc "$(user)" 'chmod 777 rootfs/etc'
write_row 'uid 1000, writable file' /etc/passwd "$(user)" 'chmod 666 rootfs/etc/passwd'
write_row 'uid 1000, mode 0722 cannot be searched' /etc "$(user)" 'chmod 722 rootfs/etc'
write_row 'uid 1000, effective DAC_OVERRIDE is lost at exec' /etc \
	"$(user) | $(caps effective:DAC_OVERRIDE permitted:DAC_OVERRIDE bounding:DAC_OVERRIDE)"
write_row 'uid 1000, ambient DAC_OVERRIDE' /etc "$(user) | $(caps effective:DAC_OVERRIDE \
	permitted:DAC_OVERRIDE bounding:DAC_OVERRIDE inheritable:DAC_OVERRIDE ambient:DAC_OVERRIDE)"
write_row 'root, directory of another, no capabilities' /etc "$(caps)" 'chown 1000 rootfs/etc'
write_row 'an unmapped directory' /etc "$(userns 100000)" "$open"
write_row 'a mapped directory' /etc "$(userns 100000)" "$open; chown -R 100005:100005 rootfs/etc"
write_row 'readonlyPaths' /etc '.linux.readonlyPaths = ["/etc"]'
write_row 'readonlyPaths, below' /etc/passwd '.linux.readonlyPaths = ["/etc"]'
write_row 'readonlyPaths, mount below' /opt/t "$(tmpfs /opt/t) | .linux.readonlyPaths = [\"/opt\"]"
for path in / // /. /opt/.. '' /root-link; do
	for at in /etc /opt; do
		write_row "readonlyPaths '$path', $at" $at \
			"$(tmpfs /opt) | .linux.readonlyPaths = [\"$path\"]" 'ln -s / rootfs/root-link'
	done
done
write_row 'readonlyPaths, a mount' /opt "$(tmpfs /opt) | .linux.readonlyPaths = [\"/opt\"]"
write_row 'readonlyPaths, through a link' /etc '.linux.readonlyPaths = ["/l"]' 'ln -s etc rootfs/l'
write_row 'readonlyPaths, a link itself' /l '.linux.readonlyPaths = ["/etc"]' 'ln -s etc rootfs/l'
write_row 'readonlyPaths without a slash' /etc '.linux.readonlyPaths = ["etc"]'
write_row 'readonlyPaths, missing' /etc '.linux.readonlyPaths = ["/etc/nope", "/nope/x"]'
write_row 'readonlyPaths, a file in it' /etc '.linux.readonlyPaths = ["/etc/passwd"]'
write_row 'readonlyPaths in one bind of two' /mnt \
	"$(bind /opt bind) | $(bind /mnt bind) | .linux.readonlyPaths = [\"/opt\"]"
write_row 'masked directory' /etc '.linux.maskedPaths = ["/etc"]'
for options in ro rw 'ro rw' 'rw ro' rro 'rro rw' 'ro rrw' 'rro rrw'; do
	# shellcheck disable=SC2086
	write_row "bind, $options" /opt "$(bind /opt rbind $options)"
	# shellcheck disable=SC2086
	write_row "tmpfs, $options" /opt "$(tmpfs /opt $options)"
done
write_row 'ro does not reach a host mount below' /opt/s "$(bind /opt rbind ro)" "$sub"
write_row 'rro reaches a host mount below' /opt/s "$(bind /opt rbind rro)" "$sub"
rdonly='mount --bind src src; mount -o remount,bind,ro src'
unsure=crun write_row 'host read-only' /opt "$(bind /opt rbind)" "$rdonly"
unsure='runc crun none' write_row 'host read-only, nosuid' /opt "$(bind /opt rbind nosuid)" "$rdonly"
unsure=crun write_row 'rootfs read-only on the host' /etc . \
	'mv rootfs r2; mkdir rootfs; mount --bind r2 rootfs; mount -o remount,bind,ro rootfs'
write_row 'tmpfs, uid=1000' /opt "$(user) | $(tmpfs /opt uid=1000)"
write_row 'tmpfs over a directory of mode 0777' /opt "$(user) | $(tmpfs /opt)" 'chmod 777 rootfs/opt'
unsure='crun none' write_row 'tmpfs over a directory of mode 0755' /opt "$(user) | $(tmpfs /opt)"
unsure='runc none' write_row 'tmpfs, mode=0777' /opt "$(user) | $(tmpfs /opt mode=0777)"
write_row 'tmpcopyup, a directory of mode 0755' /opt/d "$(user) | $(tmpfs /opt tmpcopyup)" 'mkdir rootfs/opt/d'
unsure='runc none' write_row 'tmpcopyup, a directory of mode 0777' /opt/d \
	"$(user) | $(tmpfs /opt tmpcopyup)" 'mkdir -m 777 rootfs/opt/d'
write_row 'tmpfs, mode=0700' /opt "$(user) | $(tmpfs /opt mode=0700)" 'chmod 700 rootfs/opt'
unsure='crun none' write_row 'tmpfs on a missing directory' /a/b "$(user) | $(tmpfs /a/b)"
if chattr +i "$work/cat" 2>/dev/null && chattr -i "$work/cat"; then
	write_row 'an immutable file' /etc/passwd . 'chattr +i rootfs/etc/passwd'
	write_row 'an append-only directory' /etc . 'chattr +a rootfs/etc'
else
	skip 'file attributes' 'no chattr or no file system with attributes'
fi
clear_row "$work/row-runc"
clear_row "$work/row-crun"
containers=() # each was deleted when it ended
done_testing
