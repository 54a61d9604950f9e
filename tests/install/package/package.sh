#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The packages that 'make deb tarball rpm' made: checked by their tools, the same when they are built
# elsewhere, installed on a Debian without anything, on a tree of musl, and removed.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../../e2e/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/../../e2e/common.bash"
# shellcheck source=tests/e2e/trees.bash
. "$(dirname "$0")/../../e2e/trees.bash"

out=$(dirname "$HOOKWRIGHT")/out
deb=$(echo "$out"/hookwright_*.deb)
tarball=$(echo "$out"/hookwright-*-linux-*.tar.gz)
rpm=$(echo "$out"/hookwright-*.rpm)

lints() {
	want lintian "$(lintian --fail-on error,warning "$out"/*.deb 2>&1 | grep -v 'root privileges')" ""
	want "errors and warnings of rpmlint" \
		"$(rpmlint -c "$top/cmd/package/rpmlint.toml" "$rpm" 2>&1 | grep -E ': [EW]: ')" ""
}
check "lintian and rpmlint find nothing" lints

boms() {
	local each
	for each in "$out"/*.cdx.json; do
		want "$each" "$(jq -r '.bomFormat, .metadata.component.version,
			([.components[] | .name, (.version | length > 0)] | join(" "))' "$each" | paste -sd ' ')" \
			"CycloneDX $HW_VERSION libyaml true cjson true musl true"
	done
	want "bills" "$(find "$out" -name '*.cdx.json' | wc -l)" 3
}
check "each package has a bill of materials" boms

# The same sources at another place and another time.
again() {
	local copy=$work/elsewhere
	mkdir "$copy" && git -C "$top" ls-files -z --cached --others --exclude-standard |
		(cd "$top" && tar --null -T - -c) | tar -x -C "$copy" || return
	mkdir -p "$copy/build" && cp -a "$(dirname "$HOOKWRIGHT")/musl" "$copy/build/" || return
	sed -i "s|$top|$copy|" "$copy"/build/musl/lib/pkgconfig/*.pc
	(cd "$copy" && MAKEFLAGS='' SOURCE_DATE_EPOCH=$(git -C "$top" log -1 --format=%ct) \
		make -s -j2 tarball) >"$work/again.log" 2>&1 || complain "$(tail -5 "$work/again.log")"
	cmp "$tarball" "$copy/build/out/${tarball##*/}" || complain "they differ"
}
check "the tarball is the same, built elsewhere" again

rpm_files() {
	want "programs" "$(rpm -qpl "$rpm" | grep bin/ | paste -sd ' ')" \
		"/usr/bin/hookwright /usr/bin/hookwright-crun /usr/bin/hookwright-runc /usr/bin/hookwright-runtime"
	want "requirements" "$(rpm -qpR "$rpm" | grep -v '^rpmlib(')" ""
}
check "the rpm has the programs and needs nothing" rpm_files

# ---- a Debian with nothing but itself ----

in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@" 2>&1 < <(nothing); }

files() {
	find "$root" -xdev \( -path "$root/proc" -o -path "$root/var/lib/dpkg" -o -path "$root/var/log" \
		-o -path "$root/var/cache" -o -path "$root/tmp" \) -prune -o -print | sort
}

# What libcjson1 and libyaml-0-2 are on a machine with a network.
prepare_debian() {
	root=$work/debian
	mkdir -p "$root" "$work/upper" "$work/debs" && mount -t tmpfs tmpfs "$work/upper" &&
		mkdir "$work/upper/u" "$work/upper/w" &&
		mount -t overlay -o "lowerdir=$trees/minimal,upperdir=$work/upper/u,workdir=$work/upper/w" \
			overlay "$root" || return
	mkdir -p "$root/tmp/debs" && mount -t proc proc "$root/proc" || return
	(cd "$root/tmp/debs" && timeout 60 apt-get -q download libcjson1 libyaml-0-2) >"$work/apt.log" 2>&1 ||
		return
	in_root sh -c 'dpkg -i /tmp/debs/*.deb' >"$work/dpkg.log" || return
	cp "$deb" "$root/tmp/hookwright.deb"
}

debian() {
	local said
	files >"$work/before"
	said=$(in_root dpkg -i /tmp/hookwright.deb) || complain "$said"
	want version "$(in_root hookwright --version)" "hookwright $HW_VERSION"
	want_has "policy list" "$(in_root hookwright policy list)" "ldconfig-on-start"
	want_has "setup --check podman" "$(in_root hookwright setup --check podman)" "podman"
	want "the wrapper" "$(in_root hookwright-runtime --hookwright-runtime=/bin/echo state x)" "state x"
	bare_bundle "$root/tmp/b"
	said=$(in_root hookwright apply -r ldconfig-on-start /tmp/b)
	want_has "apply" "$said" "ldconfig-on-start"
	said=$(in_root man -w hookwright-runtime 2>/dev/null; ls "$root/usr/share/man/man1")
	want_has "manual pages" "$said" "hookwright-runtime.1.gz"
	mkdir -p "$root/run/hookwright/containers"
	said=$(in_root dpkg --purge hookwright) || complain "$said"
	want "left after a purge" "$(files | diff "$work/before" -)" ""
}
administrator() {
	in_root dpkg -i /tmp/hookwright.deb >/dev/null
	mkdir -p "$root/etc/hookwright/policies.d" && echo 'version: 1' >"$root/etc/hookwright/config.yaml"
	in_root dpkg --purge hookwright >/dev/null
	want "the administrator's file" "$(cat "$root/etc/hookwright/config.yaml")" "version: 1"
	want "an empty directory" "$(ls -d "$root/etc/hookwright/policies.d" 2>/dev/null)" ""
}
if ! make_trees; then
	skip "the package on a fresh Debian" "no tree of Debian"
elif ! prepare_debian; then
	skip "the package on a fresh Debian" "cannot be had: $(tail -n 1 "$work/apt.log")"
else
	check "on a fresh Debian: installed, used, purged without a trace" debian
	check "... a purge leaves what the administrator wrote" administrator
fi

musl() {
	root=$work/musl
	cp -a "$trees/musl" "$root" && mkdir -p "$root/usr/local" "$root/proc" || return
	tar -xzf "$tarball" -C "$root/usr/local" --strip-components=1 || return
	mount -t proc proc "$root/proc" || return
	bare_bundle "$root/b"
	policy "$root/p.yaml" 'hook: { path: /bin/true }'
	want version "$(chroot "$root" /usr/local/bin/hookwright --version)" "hookwright $HW_VERSION"
	want_has "policies" "$(chroot "$root" /usr/local/bin/hookwright policy list)" "ldconfig-on-start"
	chroot "$root" /usr/local/bin/hookwright apply -q -p /p.yaml /b || complain "apply: $?"
	umount "$root/proc"
	want hooks "$(hooks_of "$root/b")" "_HOOKWRIGHT_POLICY=p /bin/true"
}
if [ -d "$trees/musl" ]; then
	check "the tarball on a tree of musl" musl
else
	skip "the tarball on a tree of musl" "no tree of musl"
fi

[ ! -d "$work/debian" ] || umount -l "$work/debian/proc" "$work/debian" "$work/upper" 2>/dev/null
done_testing
