#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: deb.sh STAGE OUT VERSION MAINTAINER
# A Debian package of what 'make install PREFIX=/usr' put below STAGE, as OUT/hookwright_*.deb. The
# files for developers go into a package of their own. SOURCE_DATE_EPOCH is the date of all files.
set -eu
stage=$1 out=$2 version=$3 maintainer=$4
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
arch=$(dpkg --print-architecture)
umask 022

# split FILE...: into the package for developers
split() {
	for file; do
		mkdir -p "$work/dev/${file%/*}" && mv "$work/hookwright/$file" "$work/dev/$file"
	done
}

describe() { # DIRECTORY PACKAGE
	doc=$1/usr/share/doc/$2
	mkdir -p "$doc"
	{
		printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n'
		printf 'Upstream-Name: hookwright\n\nFiles: *\nCopyright: 2026 the hookwright developers\n'
		printf 'License: Apache-2.0\n On Debian systems the text of the license is in\n'
		printf ' /usr/share/common-licenses/Apache-2.0.\n'
	} >"$doc/copyright"
	printf '%s (%s) unstable; urgency=medium\n\n  * See /usr/share/doc/hookwright/CHANGELOG.md.gz.\n\n -- %s  %s\n' \
		hookwright "$version" "$maintainer" "$(date -R -u -d "@$SOURCE_DATE_EPOCH")" |
		gzip -9n >"$doc/changelog.gz"
}

# What is the administrator's stays; what the programs made goes with a purge.
maintain() { # DIRECTORY
	cat >"$1/DEBIAN/postrm" <<-'END'
		#!/bin/sh
		set -e
		if [ "$1" = purge ]; then
			rm -rf /run/hookwright /var/log/hookwright
			for directory in /etc/hookwright/policies.d /etc/hookwright; do
				[ ! -d $directory ] || rmdir --ignore-fail-on-non-empty $directory
			done
		fi
	END
	chmod 755 "$1/DEBIAN/postrm"
}

# depends FILE...: what their libraries are in
depends() {
	mkdir -p "$work/deps/debian" && echo 'Source: hookwright' >"$work/deps/debian/control"
	(cd "$work/deps" && dpkg-shlibdeps -O "$@" 2>/dev/null) | sed -n 's/^shlibs:Depends=//p'
}

control() { # DIRECTORY PACKAGE SECTION DEPENDS DESCRIPTION
	mkdir -p "$1/DEBIAN"
	{
		printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: %s\n' "$2" "$version" "$arch" \
			"$maintainer"
		printf 'Section: %s\nPriority: optional\nInstalled-Size: %s\n' "$3" "$(du -sk "$1/usr" | cut -f 1)"
		[ -z "$4" ] || printf 'Depends: %s\n' "$4"
		[ "$2" != hookwright ] || printf 'Suggests: runc | crun, podman\n'
		printf 'Description: %s\n' "$5"
	} >"$1/DEBIAN/control"
	(cd "$1" && find usr -type f | LC_ALL=C sort | xargs md5sum >DEBIAN/md5sums)
}

pack() { # DIRECTORY PACKAGE
	find "$1" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
	dpkg-deb --root-owner-group -Zxz --build "$1" "$out/$2_${version}_$arch.deb" >/dev/null
	echo "$out/$2_${version}_$arch.deb"
}

mkdir -p "$work/dev" "$out"
cp -a "$stage" "$work/hookwright"
strip --strip-unneeded "$work/hookwright/usr/bin/hookwright" "$work/hookwright/usr/bin/hookwright-runtime"
find "$work/hookwright/usr/lib" -name '*.a' -exec strip --strip-debug {} +
multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
split usr/include/hookwright.h "usr/lib/$multiarch/libhookwright.a" "usr/lib/$multiarch/pkgconfig/hookwright.pc"
find "$work/hookwright" -depth -type d -empty -delete
"$here/compress-man.sh" "$work/hookwright/usr/share/man"
gzip -9n "$work/hookwright/usr/share/doc/hookwright/CHANGELOG.md"

describe "$work/hookwright" hookwright
mkdir -p "$work/hookwright/usr/share/lintian/overrides"
cp "$here/lintian-overrides" "$work/hookwright/usr/share/lintian/overrides/hookwright"
control "$work/hookwright" hookwright admin "$(depends "$work/hookwright/usr/bin/hookwright")" \
	"add OCI hooks to containers by policy, and only hooks that will work
 A startContainer hook that cannot run kills its container while 'create' and
 'start' both succeed. hookwright inspects the container's root file system,
 checks that the hook's program is there and can run, and only then writes the
 hook into config.json: as a wrapper of the runtime of podman, docker,
 containerd and CRI-O, as a filter, or as a lint in CI."
maintain "$work/hookwright"
pack "$work/hookwright" hookwright

describe "$work/dev" libhookwright-dev
control "$work/dev" libhookwright-dev libdevel "libcjson-dev, libyaml-dev" \
	"add OCI hooks to containers by policy (development files)
 The static library, the header and the pkg-config file of hookwright, for
 programs that apply policies to bundles themselves."
pack "$work/dev" libhookwright-dev
