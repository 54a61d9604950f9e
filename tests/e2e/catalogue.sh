#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The shipped policies on real root file systems: what is decided on each (tests/golden/catalogue,
# written anew with HW_GOLDEN=update), what each does in containers of runc and crun, and that none
# breaks a container in which it cannot work.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"
# shellcheck source=tests/e2e/trees.bash
. "$(dirname "$0")/trees.bash"

golden=$top/tests/golden/catalogue
cd "$top" || exit 2

if [ "$(uname -m)" != x86_64 ]; then
	skip "the catalogue on real trees" "the goldens are of x86-64"
	done_testing
fi
if ! make_trees; then
	skip "the catalogue on real trees" "$why"
	done_testing
fi

policies=()
for each in policies/*.yaml; do
	[[ $each = *.test.yaml ]] || policies+=("$(basename "$each" .yaml)")
done
requests=("${policies[@]/#/--request=}")

# ---- what is decided ----

# bundle NAME TREE [FILTER]
bundle() {
	mkdir -p "$work/$1"
	config_json "$work/$1" /bin/sh
	edit_config "$work/$1" ".root.path = \"$2\" | ${3:-.}"
}

explained() { # NAME TREE [FILTER]
	local name=$1 got=$work/$1.txt
	bundle "$@"
	hw explain -p policies "${requests[@]}" --runtime runc "$work/$name"
	want stderr "$err" ""
	sed "s|$trees|TREES|g; s|$work|WORK|g" "$work/hw.out" >"$got"
	[ "${HW_GOLDEN-}" != update ] || cp "$got" "$golden/$name.txt"
	same "$got" "$golden/$name.txt"
}

mapped='.linux.namespaces += [{ type: "user" }]
	| .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }]
	| .linux.gidMappings = .linux.uidMappings'
for each in debian minimal unmerged ubuntu redhat musl distroless scratch; do
	check "explain: $each" explained "$each" "$trees/$each"
done
check "explain: Debian, read-only" explained debian-readonly "$trees/debian" '.root.readonly = true'
check "explain: Debian, not root" explained debian-nonroot "$trees/debian" \
	'.process.user = { uid: 1000, gid: 1000 }'
check "explain: Debian, in a user namespace that does not have its files' owner" \
	explained debian-userns "$trees/debian" "$mapped"

every_golden_is_of_a_test() {
	want files "$(ls "$golden")" "$(cd "$work" && ls -- *.txt)"
	want_ok test "$(find "$golden" -name '*.txt' | wc -l)" -ge 11
}
check "every golden file is of a tree" every_golden_is_of_a_test

# ---- what happens ----

runtimes=()
for each in runc crun; do
	if works $each; then
		runtimes+=("$each")
	else
		skip "the effects with $each" "$why"
	fi
done
[ ${#runtimes[@]} -gt 0 ] || done_testing

# What containers write is in memory, above the tree, and gone with the next fresh_tree.
fresh_tree() {
	umount -l "$work/rootfs" "$work/upper" 2>/dev/null
	mkdir -p "$work/rootfs" "$work/upper"
	mount -t tmpfs -o mode=755 tmpfs "$work/upper" && mkdir "$work/upper/"{up,work} &&
		mount -t overlay overlay "$work/rootfs" -o \
			"lowerdir=$trees/debian,upperdir=$work/upper/up,workdir=$work/upper/work" 2>/dev/null &&
		return
	umount -l "$work/rootfs" 2>/dev/null
	cp -a "$trees/debian/." "$work/rootfs" || complain "cannot make a tree"
}

prepare() { :; } # what the test does to a fresh tree

# runs RUNTIME STATUS TEXT: on the tree as it is
runs() {
	run_patiently "$1" "$work/b"
	want "status of $1" "$status" "$2"
	want_has "output of $1" "$out" "$3"
}

# effect POLICY FILTER STATUS WITHOUT WITH: what the container ends with and prints without the
# hook; with it, it succeeds
effect() {
	local runtime
	for runtime in "${runtimes[@]}"; do
		fresh_tree
		prepare
		bundle b "$work/rootfs" "$2"
		runs "$runtime" "$3" "$4"
		want_lacks "output without the hook" "$out" "$5"
		want_hw 0 apply -p policies --request "$1" --runtime "$runtime" "$work/b"
		want stderr "$err" ""
		want_has hooks "$(hooks_of "$work/b")" "_HOOKWRIGHT_POLICY=$1 "
		runs "$runtime" 0 "$5"
	done
}

sh() { # SCRIPT: a filter that makes it the container's program
	printf '.process.args = ["/bin/sh", "-c", %s]' "$(json_string "$1")"
}
bind() { # SOURCE DESTINATION
	printf '.mounts += [{ destination: "%s", type: "bind", source: "%s", options: ["bind", "ro"] }]' \
		"$2" "$1"
}

# What is mounted at run time, and where.
certificates=/usr/local/share/ca-certificates/company
fonts=/usr/local/share/fonts/company
loaders=/usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0/2.10.0
schemas=/usr/share/glib-2.0/schemas
declare -A mounted=(
	[ca-certificates-on-start]=$(bind "$work/certificates" $certificates)
	[fontconfig-cache-on-start]=$(bind "$work/fonts" $fonts)
	[gdk-pixbuf-loaders-on-start]=$(bind "$work/company.so" $loaders/loaders/company.so)
	[glib-schemas-on-start]=$(bind "$work/schema" $schemas/com.example.gschema.xml)
)
make_mounted() {
	fresh_tree
	mkdir "$work/certificates" "$work/fonts"
	chroot "$work/rootfs" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 2 -subj /CN=hookwright-test -keyout /tmp/key -out /tmp/certificate 2>/dev/null &&
		cp "$work/rootfs/tmp/certificate" "$work/certificates/company.crt" &&
		cp "$trees/debian/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf" \
			"$work/fonts/Company.ttf" &&
		cp "$trees/debian$loaders/loaders/libpixbufloader-xbm.so" "$work/company.so" &&
		cat >"$work/schema" <<-'END'
		<schemalist>
		<schema id="com.example.company" path="/com/example/company/">
		<key name="colour" type="s"><default>'blue'</default></key>
		</schema>
		</schemalist>
		END
}
check "what is mounted can be made" want_ok make_mounted

ca_certificates() {
	effect ca-certificates-on-start "${mounted[ca-certificates-on-start]} | $(sh "openssl verify \
		-CAfile /etc/ssl/certs/ca-certificates.crt -no-CApath $certificates/company.crt 2>&1")" \
		2 "self-signed certificate" "company.crt: OK"
}
check "a certificate that is mounted is trusted" ca_certificates

fontconfig() {
	effect fontconfig-cache-on-start "${mounted[fontconfig-cache-on-start]} |
		$(sh 'grep -q Company.ttf /var/cache/fontconfig/* && echo FONT-CACHED')" 1 "" FONT-CACHED
}
check "a font that is mounted is in the cache" fontconfig

gdk_pixbuf() {
	effect gdk-pixbuf-loaders-on-start "${mounted[gdk-pixbuf-loaders-on-start]} |
		$(sh "grep company.so $loaders/loaders.cache")" 1 "" "loaders/company.so\""
}
check "an image loader that is mounted is listed" gdk_pixbuf

glib_schemas() {
	effect glib-schemas-on-start "${mounted[glib-schemas-on-start]} |
		$(sh 'GSETTINGS_BACKEND=memory gsettings get com.example.company colour 2>&1')" \
		1 "No schemas installed" "'blue'"
}
check "a schema that is mounted is known" glib_schemas

image_id=0123456789abcdef0123456789abcdef
machine_id() { # what is in the image: file, link, empty or none
	local runtime ids=()
	rm -f "$work/rootfs/etc/machine-id"
	for runtime in "${runtimes[@]}"; do
		fresh_tree
		rm -f "$work/rootfs/etc/machine-id"
		case $1 in
		file) (umask 333 && echo "$image_id" >"$work/rootfs/etc/machine-id") ;;
		link) echo "$image_id" >"$work/rootfs/var/id" && ln -s ../var/id "$work/rootfs/etc/machine-id" ;;
		empty) : >"$work/rootfs/etc/machine-id" ;;
		esac
		bundle b "$work/rootfs" "$(sh 'cat /etc/machine-id')"
		want_hw 0 apply -p policies --request machine-id-on-start "$work/b"
		want stderr "$err" ""
		for _ in 1 2; do
			runs "$runtime" 0 ""
			[[ $out =~ ^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$ ]] ||
				complain "not a random UUID: $out"
			ids+=("$out")
		done
		[ "$1" != link ] || want_ok test -L "$work/rootfs/etc/machine-id"
	done
	want "ids that differ" "$(printf '%s\n' "${ids[@]}" | sort -u | wc -l)" ${#ids[@]}
}
for each in file link empty none; do
	check "a fresh machine-id, where the image has: $each" machine_id $each
done

arbitrary='.process.user = { uid: 1000620000, gid: 0 }
	| .process.capabilities = { bounding: [], effective: [], permitted: [] }'
nss_user() {
	prepare() { chmod g+w "$work/rootfs/etc/passwd"; }
	effect nss-user-on-start "$arbitrary | .process.env += [\"HOME=/home/app\"]
		| $(sh 'whoami 2>&1 && getent passwd 1000620000')" 1 "cannot find name" \
		$'uid1000620000\nuid1000620000:x:1000620000:0::/home/app:/bin/sh'
	prepare() { :; }
}
check "a user whom the image does not know has a name" nss_user

# passwd PASSWD HOME WANTED: the file afterwards, also after a second start
passwd() {
	local runtime
	for runtime in "${runtimes[@]}"; do
		fresh_tree
		printf '%s' "$1" >"$work/rootfs/etc/passwd"
		chmod g+w "$work/rootfs/etc/passwd"
		bundle b "$work/rootfs" "$arbitrary
			| .process.env += [$(json_string "HOME=$2")] | $(sh 'cat /etc/passwd')"
		want_hw 0 apply -p policies --request nss-user-on-start "$work/b"
		for _ in 1 2; do
			runs "$runtime" 0 ""
			want "/etc/passwd" "$out" "$3"
		done
	done
}
root=root:x:0:0:root:/root:/bin/sh
user=uid1000620000:x:1000620000:0::
check "passwd: HOME is taken" passwd $root$'\n' /srv/app $root$'\n'$user/srv/app:/bin/sh
check "passwd: a last line without a line break" passwd $root / $root$'\n'$user/:/bin/sh
check "passwd: a HOME with a colon" passwd $root$'\n' '/a:/bin/evil' $root$'\n'$user/:/bin/sh
check "passwd: a HOME with a line break" passwd $root$'\n' $'/a\nevil:x:0:0::/:' \
	$root$'\n'$user/:/bin/sh
check "passwd: a HOME with a command" passwd $root$'\n' '/$(id)`id`' $root$'\n'$user/:/bin/sh
check "passwd: a HOME that is no path" passwd $root$'\n' 'a' $root$'\n'$user/:/bin/sh
check "passwd: the user is known" passwd $root$'\nme:x:1000620000:0::/me:/bin/sh\n' / \
	$root$'\nme:x:1000620000:0::/me:/bin/sh'
check "passwd: an empty file" passwd '' / $user/:/bin/sh

# ---- where they would break ----

# stays_out FILTER POLICY...: those are refused or left out, as they say, and the container runs
# without them
stays_out() {
	local filter=$1 runtime each
	shift
	bundle b "$work/rootfs" "$filter | $(sh 'echo MAIN-RAN')"
	for each in "$@"; do
		if grep -q '^otherwise: fail' "policies/$each.yaml"; then
			want_hw 1 apply -p policies "--request=$each" "$work/b"
			want_has "what is told" "$err" "refused: policy '$each' "
		else
			want_hw 0 apply -p policies "--request=$each" "$work/b"
			want_has "what is told" "$err" "hook of '$each' left out: it "
		fi
		want hooks "$(hooks_of "$work/b")" ""
	done
	for runtime in "${runtimes[@]}"; do
		runs "$runtime" 0 MAIN-RAN
	done
}

fresh_tree
check "a read-only root file system: all stay out" stays_out '.root.readonly = true' "${policies[@]}"
check "another user: all stay out" stays_out '.process.user = { uid: 1000, gid: 1000 }' \
	"${policies[@]}"
without_programs() {
	local each
	for each in sbin/ldconfig sbin/update-ca-certificates bin/fc-cache bin/glib-compile-schemas \
		lib/x86_64-linux-gnu/glib-2.0/glib-compile-schemas \
		lib/x86_64-linux-gnu/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders; do
		rm "$work/rootfs/usr/$each" || complain "no $each"
	done
	stays_out . ca-certificates-on-start fontconfig-cache-on-start gdk-pixbuf-loaders-on-start \
		glib-schemas-on-start ldconfig-on-start
}
check "without their programs: all that need one stay out" without_programs

# without_needs POLICY: run in a read-only container with the hook that the policy would not add
without_needs() {
	sed '/^needs:/,/^otherwise:/{/^otherwise:/!d}; /^when:/,/^$/d' "policies/$1.yaml" \
		>"$work/$1.yaml"
	fresh_tree
	bundle b "$work/rootfs" "${mounted[$1]-.} | $(sh "echo MAIN-RAN; grep company.so $loaders/loaders.cache")
		| .process.user.uid = ${2-0}"
	run_patiently "${runtimes[0]}" "$work/b" # makes the places for the mounts
	edit_config "$work/b" '.root.readonly = true'
	want_hw 0 apply -q -p "$work/$1.yaml" "$work/b"
	want_has hooks "$(hooks_of "$work/b")" "_HOOKWRIGHT_POLICY=$1 "
	run_patiently "${runtimes[0]}" "$work/b"
}

# The needs are there for a reason: without them the container does not start...
breaks() { # POLICY [UID]
	without_needs "$@"
	want_ok test "$status" != 0
	want_lacks "output" "$out" MAIN-RAN
}
for each in ca-certificates-on-start fontconfig-cache-on-start glib-schemas-on-start \
	ldconfig-on-start machine-id-on-start; do
	check "$each without its needs stops a read-only container" breaks $each
done
check "nss-user-on-start without its needs stops a read-only container" \
	breaks nss-user-on-start 1000620000

# ...or, of one program, starts without what it was asked for.
in_vain() {
	without_needs gdk-pixbuf-loaders-on-start
	want_has output "$out" MAIN-RAN
	want_lacks output "$out" company.so
}
check "gdk-pixbuf-loaders-on-start without its needs does nothing in a read-only container" in_vain
done_testing
