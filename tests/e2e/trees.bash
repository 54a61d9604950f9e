# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Sourced after lib.sh: root file systems as distributions make them.
#
#	make_trees || skip...        makes them, or finds them made; sets $trees
#
# $trees/debian      Debian with all that the catalogue's policies run
# $trees/minimal     Debian as debootstrap --variant=minbase leaves it
# $trees/unmerged    the same with /bin, /sbin and /lib of their own, as dpkg knows the files
# $trees/ubuntu      the same with a script around ldconfig
# $trees/redhat      the same with what the policies look for on Red Hat and Fedora: the names and
#                    places, not the programs
# $trees/musl        Debian's musl and busybox-static, and no more
# $trees/distroless  a program, its loader and its C library
# $trees/scratch     a static program
#
# Debian comes by debootstrap from the mirror that apt is configured with. All is kept in the
# cache; what is alike is linked, so that a test must never write there. Who changes what is made
# here changes the number.

tree_cache=${XDG_CACHE_HOME:-/var/cache}/hookwright-tests/trees-1
trees=$tree_cache
suite=bookworm
extra=ca-certificates,fontconfig,libgdk-pixbuf2.0-bin,libglib2.0-bin

# Debian's site by apt's configuration, so that a mirror or a proxy of the machine's is used.
apt_site() {
	apt-get indextargets --format '$(SITE)' 'Created-By: Packages' "Codename: $suite" \
		'Origin: Debian' 2>/dev/null | head -n 1
}

# unpack_packages DIR PACKAGE...
unpack_packages() {
	local dir=$1 each debs
	shift
	debs=$(mktemp -d "$work/debs.XXXXXX")
	(cd "$debs" && timeout 60 apt-get -q download "$@") >/dev/null 2>&1 || return
	for each in "$debs"/*.deb; do
		dpkg-deb -x "$each" "$dir" || return
	done
	rm -rf "$debs"
}

# What a purge leaves, and what no test looks at.
strip_tree() { # TREE
	rm -rf "$1"/usr/share/{doc,man,info,locale,lintian,bug,zoneinfo} "$1"/var/lib/apt/lists/* \
		"$1"/var/cache/{apt,debconf,ldconfig}/* "$1"/var/log/*.log
}

# Maintainer scripts of thousands of fsync(2) calls: in memory where that can be.
bootstrap() { # DIR: makes DIR/debian and DIR/minimal
	local build=$work/bootstrap site
	site=$(apt_site)
	[ "$site" ] || { echo "apt has no source of $suite" && return 1; }
	mkdir -p "$build" "${tree_cache%/*}/debs"
	mount -t tmpfs -o mode=755 tmpfs "$build" 2>/dev/null
	timeout 280 debootstrap --variant=minbase --cache-dir="${tree_cache%/*}/debs" --include=$extra \
		$suite "$build/debian" "$site" >"$work/bootstrap.log" 2>&1 ||
		{ echo "debootstrap failed: $(tail -n 1 "$work/bootstrap.log")" && return 1; }
	cp -a "$build/debian" "$build/minimal" || return
	# shellcheck disable=SC2016 # expanded inside
	chroot "$build/minimal" /bin/sh -c '
		keep=$(dpkg-query -W -f "\${Package} \${Priority} \${Essential}\n" |
			awk "\$2 == \"required\" || \$1 == \"apt\" || \$3 == \"yes\" { print \$1 }")
		auto=$(dpkg-query -W -f "\${Package}\n" "*glib2.0*" "*gdk-pixbuf*" "*fontconfig*" \
			"fonts-*" ca-certificates openssl shared-mime-info 2>/dev/null)
		for each in $auto; do echo "$keep" | grep -qx "$each" || echo "$each"; done |
			DEBIAN_FRONTEND=noninteractive xargs dpkg --purge --force-depends' \
		>"$work/purge.log" 2>&1 ||
		{ echo "purging failed: $(tail -n 1 "$work/purge.log")" && return 1; }
	rm -rf "$build/minimal/usr/share/glib-2.0" "$build/minimal/var/cache/fontconfig"
	strip_tree "$build/debian"
	strip_tree "$build/minimal"
	cp -a "$build/debian" "$build/minimal" "$1"
}

# ---- the others ----

unmerge() { # TREE
	local each list=$work/unmerge.list
	# shellcheck disable=SC2086 # one file a package
	grep -hE '^/(bin|sbin|lib|lib64)/' "$1"/var/lib/dpkg/info/*.list | sort -u | while read -r each; do
		[ ! -e "$1/usr$each" ] && [ ! -L "$1/usr$each" ] || echo "${each#/}"
	done >"$list"
	for each in bin sbin lib lib64; do
		rm "$1/$each" && mkdir "$1/$each"
	done
	tar -C "$1/usr" --no-recursion -T "$list" -c | tar -C "$1" -x || return
	while read -r each; do
		[ -d "$1/$each" ] && [ ! -L "$1/$each" ] || rm "$1/usr/$each"
	done <"$list"
}

wrap_ldconfig() { # TREE
	mv "$1/usr/sbin/ldconfig" "$1/usr/sbin/ldconfig.real"
	cat >"$1/usr/sbin/ldconfig" <<-'END'
	#!/bin/sh
	exec /sbin/ldconfig.real "$@"
	END
	chmod 755 "$1/usr/sbin/ldconfig"
}

be_redhat() { # TREE
	rm "$1/usr/lib/os-release"
	printf 'ID=rhel\nVERSION_ID=9.4\n' >"$1/usr/lib/os-release"
	mkdir -p "$1"/etc/pki/ca-trust/extracted/{pem,openssl} "$1"/usr/lib/fontconfig/cache \
		"$1"/usr/lib64/gdk-pixbuf-2.0/2.10.0/loaders "$1"/usr/share/glib-2.0/schemas
	printf '#!/bin/sh\nexec /usr/bin/trust extract\n' >"$1/usr/bin/update-ca-trust"
	chmod 755 "$1/usr/bin/update-ca-trust"
	for each in trust fc-cache gdk-pixbuf-query-loaders-64 glib-compile-schemas; do
		cp "$1/usr/bin/true" "$1/usr/bin/$each"
	done
}

make_musl() { # TREE
	mkdir -p "$1"/{etc,proc,dev,tmp,usr/sbin,sbin}
	unpack_packages "$1" musl busybox-static || return
	rm -rf "$1/usr/share"
	[ -e "$1/bin/busybox" ] || cp "$1/usr/bin/busybox" "$1/bin/"
	ln -s busybox "$1/bin/sh"
	ln -s busybox "$1/bin/cat"
	printf 'root:x:0:0:root:/root:/bin/sh\n' >"$1/etc/passwd"
	printf 'ID=alpine\nVERSION_ID=3.20.0\n' >"$1/etc/os-release"
	# As Alpine's: without arguments it fails.
	printf '#!/bin/sh\necho "usage: ldconfig DIR"\nexit 1\n' >"$1/sbin/ldconfig"
	chmod 755 "$1/sbin/ldconfig"
}

make_distroless() { # TREE MINIMAL
	local minimal=$2 lib=lib/x86_64-linux-gnu
	mkdir -p "$1"/{etc/ssl/certs,proc,dev,tmp,bin,lib64} "$1/$lib"
	cp "$minimal/usr/bin/cat" "$1/bin/"
	cp "$minimal/$lib/libc.so.6" "$minimal/$lib/ld-linux-x86-64.so.2" "$1/$lib/"
	ln -s "/$lib/ld-linux-x86-64.so.2" "$1/lib64/"
	cp "$minimal/etc/passwd" "$minimal/etc/os-release" "$1/etc/"
}

make_scratch() { # TREE: of the musl one
	mkdir -p "$1"/{proc,dev}
	cp "$2/bin/busybox" "$1/cat"
}

make_others() { # DIR with debian and minimal
	local each
	for each in unmerged ubuntu redhat; do
		cp -al "$1/minimal" "$1/$each" || return
	done
	unmerge "$1/unmerged" && wrap_ldconfig "$1/ubuntu" && be_redhat "$1/redhat" &&
		make_musl "$1/musl" && make_distroless "$1/distroless" "$1/minimal" &&
		make_scratch "$1/scratch" "$1/musl"
}

# make_trees: fails where it cannot, and why says it
make_trees() {
	local part=$tree_cache.$$
	why=
	[ "$(id -u)" = 0 ] || { why="needs root" && return 1; }
	[ ! -d "$tree_cache" ] || return 0
	command -v debootstrap >/dev/null || { why="debootstrap is not installed" && return 1; }
	mkdir -p "$part" || return
	why=$(bootstrap "$part" && make_others "$part") ||
		{ why=${why:-cannot make the trees} && rm -rf "$part" && return 1; }
	# Somebody else may have been quicker.
	mv -T "$part" "$tree_cache" 2>/dev/null || rm -rf "$part"
}
