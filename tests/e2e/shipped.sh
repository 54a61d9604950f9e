#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The shipped policy on the images there are: its decision, its message, and what really happens.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

shipped=$top/policies/ldconfig-on-start.yaml
loader=/lib64/ld-linux-x86-64.so.2
if [ "$(id -u)" != 0 ] || ! [ -e $loader ] || ! command -v busybox >/dev/null ||
	! "${CC:-cc}" --version >/dev/null 2>&1; then
	skip "the shipped policy" "needs root, a C compiler, busybox and glibc of x86-64"
	done_testing
fi

# ---- a program whose library is bind-mounted where only the cache makes it visible ----

mkdir "$work/src" "$work/mounted"
echo 'const char *demo(void) { return "library found"; }' >"$work/src/demo.c"
cat >"$work/src/main.c" <<'END'
#include <stdio.h>
const char *demo(void);
int main(void) { puts(demo()); return 0; }
END
(cd "$work/src" && "${CC:-cc}" -shared -fPIC -o "$work/mounted/libdemo.so" demo.c &&
	"${CC:-cc}" -o program main.c "$work/mounted/libdemo.so" -Wl,-rpath-link,. &&
	"${CC:-cc}" -shared -fPIC -Wl,-soname,libdemo.so -o "$work/mounted/libdemo.so" demo.c &&
	"${CC:-cc}" -o program main.c -L"$work/mounted" -ldemo) || complain "cannot compile"

# tree NAME: a bundle with Debian's files and the program
tree() {
	local b=$work/$1
	mkdir -p "$b"
	glibc_rootfs "$b/rootfs"
	cp /bin/dash "$b/rootfs/bin/sh.dash" 2>/dev/null || cp "$(realpath /bin/sh)" "$b/rootfs/bin/sh.dash"
	ln -sf sh.dash "$b/rootfs/bin/sh"
	cp "$work/src/program" "$b/rootfs/bin/program"
	mkdir -p "$b/rootfs/opt/lib" "$b/rootfs/etc/ld.so.conf.d"
	echo 'include /etc/ld.so.conf.d/*.conf' >"$b/rootfs/etc/ld.so.conf"
	echo /opt/lib >"$b/rootfs/etc/ld.so.conf.d/demo.conf"
	chroot "$b/rootfs" /sbin/ldconfig # the image's cache, without the library
	configure "$1"
}

configure() { # NAME [FILTER]
	MOUNTS=", { \"destination\": \"/opt/lib\", \"type\": \"bind\", \"source\": \"$work/mounted\",
		\"options\": [ \"bind\", \"ro\" ] }" config_json "$work/$1" /bin/program
	[ $# -eq 1 ] || edit_config "$work/$1" "$2"
}

runs() { # NAME STATUS OUTPUT: with every runtime that works here
	local runtime
	for runtime in runc crun; do
		works "$runtime" || continue
		run_patiently "$runtime" "$work/$1"
		want "status of $runtime" "$status" "$2"
		want_has "output of $runtime" "$out" "$3"
	done
}

lost="error while loading shared libraries: libdemo.so"

# injected NAME PROGRAM: asked for, the hook is added, and the library is found
injected() {
	local b=$work/$1
	runs "$1" 127 "$lost"
	want_hw 0 apply -p "$top/policies" "$b"
	want "hooks without a request" "$(hooks_of "$b")" ""
	want_hw 0 apply -p "$top/policies" --request ldconfig-on-start "$b"
	want stderr "$err" ""
	want hook "$(jq -c '.hooks.startContainer' "$b/config.json")" \
		"[{\"path\":\"$2\",\"args\":[\"ldconfig\"],\"env\":[\"_HOOKWRIGHT_POLICY=ldconfig-on-start\",\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\",\"LC_ALL=C\"]}]"
	runs "$1" 0 "library found"
	rm -f "$b/rootfs/etc/ld.so.cache"
	chroot "$b/rootfs" "$2" # without the mount: the cache that the image has
}

# refused NAME MESSAGE STATUS OUTPUT: asked for, the container is refused with this message; with
# 'otherwise: warn' the hook is left out, and it starts as it would without us
refused() {
	local b=$work/$1 copy=$work/ldconfig-on-start.yaml
	cp "$b/config.json" "$work/before"
	want_hw 1 apply -p "$shipped" "$b"
	want stderr "$err" "$shipped:${2/WHAT/refused: policy \'ldconfig-on-start\'}"
	same "$b/config.json" "$work/before"
	want_hw 1 explain -p "$shipped" "$b"
	want_has explain "$out" "refused"
	sed 's/^otherwise: fail/otherwise: warn/' "$shipped" >"$copy"
	want_hw 0 apply -p "$copy" "$b"
	want stdout "$out" "$b/config.json: unchanged: none of 1 loaded policy wants a hook here \
(see 'hookwright explain')"
	want stderr "$err" "$copy:${2/WHAT/hook of \'ldconfig-on-start\' left out: it}"
	same "$b/config.json" "$work/before"
	runs "$1" "$3" "$4"
}

at() { # TEXT: LINE:COLUMN of it in the policy
	awk -v text="$1" '(i = index($0, text)) && !/^#/ { print NR ":" i; exit }' "$shipped"
}

libc=$(at 'libc: glibc')
exists=$(at 'hookExists:')
needs=$(at '  uid: 0')
needs=${needs%%:*}
gone() { # WHERE WHAT HINT
	printf "%s: WHAT %s" "$1" "$2"
	[ -z "$3" ] || printf '\n  hint: %s' "$3"
}

# ---- Debian and what descends from it ----

tree debian
check "Debian, not usr-merged" injected debian /sbin/ldconfig

merged() {
	local b=$work/merged each
	tree merged
	for each in bin sbin lib lib64; do
		mkdir -p "$b/rootfs/usr/$each"
		cp -a "$b/rootfs/$each/." "$b/rootfs/usr/$each/"
		rm -rf "${b:?}/rootfs/$each"
		ln -s "usr/$each" "$b/rootfs/$each"
	done
	injected merged /sbin/ldconfig
}
check "Debian, usr-merged" merged

absolute() {
	local b=$work/absolute
	tree absolute
	mv "$b/rootfs/sbin/ldconfig" "$b/rootfs/usr/sbin/ldconfig"
	ln -s /usr/sbin/ldconfig "$b/rootfs/sbin/ldconfig"
	injected absolute /sbin/ldconfig
}
check "ldconfig is an absolute link" absolute

ubuntu() {
	local b=$work/ubuntu
	tree ubuntu
	mv "$b/rootfs/sbin/ldconfig" "$b/rootfs/sbin/ldconfig.real"
	cat >"$b/rootfs/sbin/ldconfig" <<-'END'
	#!/bin/sh

	if  test $# = 0							\
	    && test x"$LDCONFIG_NOTRIGGER" = x				\
	 && test x"$DPKG_MAINTSCRIPT_PACKAGE" != x			\
	 && dpkg-trigger --check-supported 2>/dev/null
	then
		if dpkg-trigger --no-await ldconfig; then
			if test x"$LDCONFIG_TRIGGER_DEBUG" != x; then
				echo "ldconfig: wrapper deferring update (trigger activated)"
			fi
			exit 0
		fi
	fi

	exec /sbin/ldconfig.real "$@"
	END
	chmod 755 "$b/rootfs/sbin/ldconfig"
	injected ubuntu /sbin/ldconfig.real
}
check "Ubuntu: the program behind the wrapper" ubuntu

wrapper() {
	local b=$work/ubuntu
	cp -a "$b" "$work/wrapper"
	b=$work/wrapper
	mkdir "$b/rootfs/lib/real"
	mv "$b/rootfs/sbin/ldconfig.real" "$b/rootfs/lib/real/ldconfig"
	sed -i 's|/sbin/ldconfig.real|/lib/real/ldconfig|' "$b/rootfs/sbin/ldconfig"
	configure wrapper
	injected wrapper /sbin/ldconfig
}
check "a wrapper around a program elsewhere" wrapper

# ---- images that it is not for ----

plain_main() { # NAME: process.args is a program that always works
	configure "$1" '.process.args = ["/bin/echo", "MAIN-RAN"] | del(.mounts[] | select(.destination == "/opt/lib"))'
}

musl() {
	local b=$work/musl
	mkdir -p "$b"
	busybox_rootfs "$b/rootfs"
	mkdir -p "$b/rootfs/lib"
	cp -L /lib/ld-musl-x86_64.so.1 "$b/rootfs/lib/"
	printf 'int main(void) { return 0; }\n' >"$work/src/musl.c"
	musl-gcc -o "$b/rootfs/bin/sh.musl" "$work/src/musl.c" || complain "cannot compile"
	printf '#!/bin/sh\necho "usage: ldconfig DIR"\nexit 1\n' >"$b/rootfs/sbin/ldconfig"
	chmod 755 "$b/rootfs/sbin/ldconfig"
	plain_main musl
	# Alpine's /bin/sh is a dynamic program.
	rm "$b/rootfs/bin/sh"
	cp "$b/rootfs/bin/sh.musl" "$b/rootfs/bin/sh"
	refused musl "$(gone "$libc" "is for containers with 'libc: glibc', but \
/bin/sh asks for /lib/ld-musl-x86_64.so.1" "")" 0 MAIN-RAN
	# With a static shell the loader that is there tells.
	ln -sf busybox "$b/rootfs/bin/sh"
	refused musl "$(gone "$libc" "is for containers with 'libc: glibc', but \
/lib/ld-musl-x86_64.so.1 is there" "")" 0 MAIN-RAN
}
if [ -e /lib/ld-musl-x86_64.so.1 ] && command -v musl-gcc >/dev/null; then
	check "musl, whose ldconfig exits 1" musl
else
	skip "musl, whose ldconfig exits 1" "musl-gcc is not installed"
fi

distroless() {
	local b=$work/distroless
	tree distroless
	rm -rf "$b/rootfs/bin"/* "$b/rootfs/sbin"/*
	cp "$work/src/program" "$b/rootfs/bin/"
	cp "$work/mounted/libdemo.so" "$b/rootfs/lib/x86_64-linux-gnu/"
	refused distroless "$(gone "$exists" "is for containers with 'hookExists: true', but \
none of the candidates exists" "")" 0 "library found"
}
check "distroless: a program and glibc, nothing else" distroless

scratch() {
	local b=$work/scratch
	mkdir -p "$b/rootfs/bin" "$b/rootfs/proc" "$b/rootfs/dev"
	cp "$(command -v busybox)" "$b/rootfs/bin/echo"
	configure scratch '.process.args = ["/bin/echo", "MAIN-RAN"]'
	refused scratch "$(gone "$libc" "is for containers with 'libc: glibc', but \
no program asks for a loader, and none is there" "")" 0 MAIN-RAN
}
check "scratch: a static program, nothing else" scratch

# ---- containers in which ldconfig would fail ----

non_root() {
	configure debian '.process.user = { uid: 1000, gid: 1000 }
		| .process.args = ["/bin/echo", "MAIN-RAN"]'
	refused debian "$(gone "$needs:3" "needs 'uid: 0', but process.user.uid is 1000" \
		"run the container as that user, or do the work of the hook when the image is built")" \
		0 MAIN-RAN
}
check "a user who is not root" non_root

read_only() {
	configure debian '.root.readonly = true | .process.args = ["/bin/echo", "MAIN-RAN"]'
	refused debian "$(gone "$((needs + 1)):3" "needs 'writable: /etc', but \
/etc cannot be written: the rootfs is read-only (root.readonly)" \
		"make it writable for the container's user, or do the work of the hook when the image is built")" \
		0 MAIN-RAN
}
check "a read-only root file system" read_only

tmpfs_etc() {
	configure debian '.root.readonly = true |
		.mounts += [{ destination: "/etc", type: "tmpfs", source: "tmpfs" }] |
		.process.args = ["/bin/sh", "-c", "test -s /etc/ld.so.cache && echo CACHE-THERE"]'
	want_hw 0 apply -p "$shipped" "$work/debian"
	want stderr "$err" ""
	want hooks "$(hooks_of "$work/debian")" \
		"_HOOKWRIGHT_POLICY=ldconfig-on-start /sbin/ldconfig"
	runs debian 0 CACHE-THERE
}
check "a read-only root file system with a tmpfs on /etc" tmpfs_etc

cache_mounted() {
	cp "$work/debian/rootfs/etc/ld.so.cache" "$work/cache"
	configure debian '.mounts += [{ destination: "/etc/ld.so.cache", type: "bind",
		source: "'"$work"'/cache", options: ["bind"] }] |
		.process.args = ["/bin/echo", "MAIN-RAN"]'
	refused debian "$(gone "$((needs + 2)):3" "needs 'none: [{mounts: /etc/ld.so.cache}]', but \
1 of 1 holds: mounts[3] is on /etc/ld.so.cache" "")" 0 MAIN-RAN
	# As it would be with the hook: the container does not start.
	policy "$work/forced.yaml" 'hook: { path: /sbin/ldconfig, args: [ldconfig] }'
	want_hw 0 apply -q -p "$work/forced.yaml" "$work/debian"
	runs debian 1 ""
}
check "a mount on /etc/ld.so.cache" cache_mounted

by_annotation() {
	configure debian '.annotations."io.hookwright.policies" = "ldconfig-on-start"'
	want_hw 0 apply -p "$top/policies" "$work/debian"
	want hooks "$(hooks_of "$work/debian")" \
		"_HOOKWRIGHT_POLICY=ldconfig-on-start /sbin/ldconfig"
	runs debian 0 "library found"
}
check "asked for by the annotation" by_annotation

for runtime in runc crun; do
	works $runtime || skip "the shipped policy with $runtime" "$why"
done
done_testing
