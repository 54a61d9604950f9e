#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The command line of lint, where it takes a loop, a mount or another user: which bundles are found,
# several at once. Options, statuses, reports and the settings file are in tests/cases/lint.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

# hooked DIR PATH: a bundle with one startContainer hook
hooked() {
	make_bundle "$1"
	edit_config "$1" ".hooks.startContainer = [{ path: \"$2\", args: [\"$2\"], env: [\"PATH=/bin\"] }]"
}

# rules: which rules the JSON report has found, "-" before those that are ignored
rules() {
	jq -r '.bundles[].findings[] | (if .ignored == null then "" else "-" end) + .rule' <<<"$out" |
		sort | paste -sd ' '
}

# bundles: which it has looked at
bundles() {
	jq -r '.bundles[].bundle' <<<"$out"
}

hooked "$work/good" /bin/true
hooked "$work/bad" /bin/nowhere
# The hook's program comes from a directory of the host, at which nobody looks without being told.
make_bundle "$work/unknown"
mkdir "$work/host"
cp "$(command -v busybox)" "$work/host/tool"
edit_config "$work/unknown" ".mounts += [{ destination: \"/opt\", type: \"bind\",
	source: \"$work/host\", options: [\"rbind\", \"ro\"] }] |
	.hooks.startContainer = [{ path: \"/opt/tool\", args: [\"true\"], env: [\"PATH=/bin\"] }]"
cd "$work" || exit 2

# ---- below a directory ----

# A tree that must not lead anybody astray.
tree=$work/tree
mkdir -p "$tree"/{2/rootfs/nested,10,sub/3,sub/deep,docker,pipe,linked,dir/config.json,none}
bare_config "$tree/2"
bare_config "$tree/2/rootfs/nested" # a bundle can be anywhere
bare_config "$tree/10"
bare_config "$tree/sub/3"
printf '{ "ociVersion": "1.0.2", broken' >"$tree/sub/deep/config.json"
mkdir -p "$tree/sub/bare/rootfs"
echo '{}' >"$tree/sub/bare/config.json" # no mark, but a rootfs beside it
echo '{ "auths": {} }' >"$tree/docker/config.json"
mkfifo "$tree/pipe/config.json"
ln -s ../2/config.json "$tree/linked/config.json"
ln -s . "$tree/loop"
ln -s ../bad "$tree/outside"
ln -s nowhere "$tree/dangling"
ln -s docker/config.json "$tree/file"
found="$tree/10
$tree/2
$tree/2/rootfs/nested
$tree/linked
$tree/pipe
$tree/sub/3
$tree/sub/bare
$tree/sub/deep"
passed="skipped: 1 symbolic link to a directory, 1 symbolic link out of the tree, 1 file named \
config.json that is not an OCI configuration"

recursion() {
	want_hw 3 lint -f json --recursive "$tree"
	want bundles "$(bundles)" "$found"
	want totals "$(jq -c '.totals | [.bundles, .unread, .linksToDirectories, .linksOutside,
		.otherConfigs, .complete]' <<<"$out")" "[8,2,1,1,1,true]"
	want messages "$(jq -r '.bundles[].findings[] | select(.rule == "HW101").message' <<<"$out")" \
		"a symbolic link, which is not followed
not a regular file but a FIFO"
	want stderr "$err" ""
	want_hw 3 lint --recursive "$tree"
	want_has stderr "$err" "6 bundles inspected, "
	want_has stderr "$err" "; 2 could not be read; $passed
  skipped: $tree/docker: file named config.json that is not an OCI configuration
  hint: --verbose lists the skipped files"
	want_hw 3 lint --verbose --recursive "$tree"
	want_has stderr "$err" "  skipped: $tree/loop: symbolic link to a directory
  skipped: $tree/outside: symbolic link out of the tree
  skipped: $tree/docker: file"
	want_hw 3 lint --quiet --recursive "$tree"
	want stderr "$err" ""
	rm -r "$tree/linked" "$tree/pipe"
	found=$(grep -v '/linked$\|/pipe$' <<<"$found")
	want_hw 1 lint -q -f json --recursive "$tree"
	want stderr "$err" ""
	want_hw 1 lint -f json --recursive "$tree/"
	want bundles "$(bundles)" "$found"
	want_hw 1 lint -f json --recursive tree --recursive good bad
	want bundles "$(bundles)" "bad
${found//$work\//}
good"
	ln -s tree named
	want_hw 1 lint -f json --recursive named
	want "below a link that is named" "$(bundles | wc -l)" 6
	(cd tree && want_hw 1 lint -f json --recursive .)
}
check "--recursive finds bundles, sorted, follows nothing, and says so" recursion

# As a hostile pull request would hide one: each is to be seen, whatever its directory is called.
hidden_bundles() {
	local each
	mkdir -p hide/{above/below,case/root,escaped/root,unversioned/root,image/rootfs/opt/app,trailing}
	hooked hide/above /bin/true
	hooked hide/above/below /bin/nowhere
	for each in case escaped unversioned trailing image/rootfs/opt/app; do
		cp good/config.json "hide/$each/config.json"
	done
	hooked hide/image /bin/true
	sed -i 's/"ociVersion"/"OCIversion"/; s/"root"/"\\u0052oot"/' hide/case/config.json
	sed -i 's/"ociVersion"/"oci\\u0056ersion"/' hide/escaped/config.json
	sed -i 's/"ociVersion"/"x"/; s/"process"/"pro\\u0063e\\u017fs"/' hide/unversioned/config.json
	printf 'garbage' >>hide/trailing/config.json
	mkdir -p hide/others/{list,word,empty,half}
	echo '[ "ociVersion" ]' >hide/others/list/config.json
	echo '"ociVersion"' >hide/others/word/config.json
	echo '{ "x": { "ociVersion": 1 } }' >hide/others/empty/config.json
	echo '{ "process": {} }' >hide/others/half/config.json
	mkdir -p hide/{nothing,comment,twice}
	: >hide/nothing/config.json
	printf '// a comment\n{}' >hide/comment/config.json
	printf '{} {"ociVersion": "1.0.2"}' >hide/twice/config.json
	want_hw 3 lint -f json --recursive hide
	want bundles "$(bundles)" "hide/above
hide/above/below
hide/case
hide/comment
hide/escaped
hide/image
hide/image/rootfs/opt/app
hide/nothing
hide/trailing
hide/twice
hide/unversioned"
	want "other files" "$(jq -r .totals.otherConfigs <<<"$out")" 4
	want "the bad one" "$(jq -r '.bundles[] | select(.bundle == "hide/above/below").findings[].rule' <<<"$out")" HW201
	rm -r hide
}
check "no spelling and no place hides a bundle" hidden_bundles

wide_tree() {
	/usr/bin/python3 -c 'import os
for i in range(300):
    for j in range(100):
        os.makedirs("wide/%d/%d" % (i, j))'
	hooked wide/299/99/z /bin/true
	want_hw 0 lint -f json --recursive wide
	want bundles "$(bundles)" wide/299/99/z
	if [ -z "${HW_SAN-}" ]; then
		(ulimit -v 60000 && want_hw 0 lint -f json --recursive wide)
	fi
	rm -r wide
}
check "30,000 directories take little memory" wide_tree

# chain DIRECTORY NAME N: N directories called NAME, each in the one before
chain() {
	/usr/bin/python3 - "$@" <<-'PYTHON'
	import os, sys
	os.mkdir(sys.argv[1])
	os.chdir(sys.argv[1])
	for _ in range(int(sys.argv[3])):
	    os.mkdir(sys.argv[2])
	    os.chdir(sys.argv[2])
	PYTHON
}

deep_tree() {
	local bundle=deep
	chain deep d 200
	bundle+=$(printf '/d%.0s' {1..150})/bundle
	hooked "$bundle" /bin/true
	ulimit -Sn 32
	want_hw 0 lint -f json --recursive deep
	ulimit -Sn "$(ulimit -Hn)"
	want bundles "$(bundles)" "$bundle"
	rm -r deep
}
check "a deep tree takes no descriptors" deep_tree

too_long() {
	chain long "$(printf 'x%.0s' {1..250})" 20
	want_hw 3 lint -f json --recursive long
	want rules "$(rules)" HW101
	rm -rf long
}
check "a path that is too long is one finding" too_long

bind_loop() {
	mkdir -p loop/a/b
	hooked loop/a/z /bin/true
	mount --bind loop/a loop/a/b || complain "cannot mount"
	want_hw 0 lint -f json --recursive loop
	want bundles "$(bundles)" loop/a/z
	umount loop/a/b
	rm -r loop
}
if [ -n "${HW_NAMESPACE-}" ]; then
	check "a mount that shows a directory below itself ends" bind_loop
else
	skip "a mount that shows a directory below itself ends" "needs root"
fi

hostile_names() {
	local name=$'evil\e[31m\nok 1 - forged'
	mkdir -p "names/$name"
	bare_config "names/$name"
	ln -s config.json "names/link"
	mkdir "names/$name-link"
	ln -s "../$name/config.json" "names/$name-link/config.json"
	want_hw 3 lint --recursive names
	want "escape sequences" "$(printf '%s' "$out$err" | grep -c $'\e')" 0
	want "forged lines" "$(printf '%s\n' "$out$err" | grep -c '^ok 1 - forged')" 0
	rm -r names
}
check "names of directories do not reach the terminal as they are" hostile_names

closed_directories() {
	mkdir -p shut/{closed,unlisted,open}
	chmod 755 shut
	hooked shut/open/b /bin/true
	hooked shut/unlisted/c /bin/true
	chmod 700 shut/closed
	chmod 711 shut/unlisted
	out=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$HOOKWRIGHT" lint -f json \
		-q --no-policies --recursive shut 2>closed.err)
	want status $? 3
	want stderr "$(cat closed.err)" ""
	want bundles "$(bundles)" "shut/closed
shut/open/b
shut/unlisted"
	want "rules of those that are closed" "$(jq -r '.bundles[] | select(.bundle != "shut/open/b") |
		.findings[].rule' <<<"$out" | sort -u)" HW101
	rm -r shut
}
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	check "a directory that may not be read is one finding" closed_directories
else
	skip "a directory that may not be read is one finding" "needs root"
fi

# ---- several at once ----

mkdir many
for ((i = 0; i < 40; i++)); do
	ln -s ../good/rootfs "many/rootfs-$i"
	mkdir "many/$i"
	for each in good bad unknown; do
		mkdir "many/$i/$each"
		sed 's|"rootfs"|"../../../good/rootfs"|' "$each/config.json" >"many/$i/$each/config.json"
	done
done

parallel() {
	local format
	for format in text json sarif junit github gcc checkstyle codeclimate html; do
		want_hw 3 lint -f "$format" -j 1 --follow --recursive many
		[ -n "$out" ] || complain "$format is empty"
		mv hw.out one.out
		for jobs in 0 2 8 256; do
			want_hw 3 lint -f "$format" -j "$jobs" --follow --recursive many
			same one.out hw.out
		done
	done
	want_hw 3 lint -f json -j 8 --follow --recursive many
	want bundles "$(bundles | wc -l)" 120
}
check "-j changes nothing in any report" parallel

no_threads() {
	want_hw 3 lint -f json --follow --recursive many
	mv hw.out one.out
	(
		# A program of another user: root's own are not limited.
		cp "$HOOKWRIGHT" alone && chmod 755 alone
		ulimit -u 1
		# LeakSanitizer would want a thread of its own.
		ASAN_OPTIONS=detect_leaks=0 setpriv --reuid 31337 --regid 31337 --clear-groups ./alone lint -f json -j 8 \
			--no-policies --follow --recursive many >few.out
	)
	want status $? 3
	want bundles "$(jq -r '.bundles[].bundle' few.out | wc -l)" 120
}
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	check "where no thread can be had the work is done without" no_threads
else
	skip "where no thread can be had the work is done without" "needs root"
fi

# ---- reports ----

full_disk() {
	mkdir small
	mount -t tmpfs -o size=16k tmpfs small || complain "cannot mount"
	echo old >small/a
	want_hw 3 lint -f json -o small/a --follow --recursive many
	want_has stderr "$err" "small/a: cannot write: No space left on device"
	want "the old one" "$(cat small/a)" old
	want files "$(find small -mindepth 1 -printf "%f\n")" a
	umount small
}
if [ -n "${HW_NAMESPACE-}" ]; then
	check "a disk that gets full leaves the old report" full_disk
else
	skip "a disk that gets full leaves the old report" "needs root"
fi

# ---- the rules ----

rules_listed() {
	local n
	want_hw 0 lint --rules
	n=$(wc -l <<<"$out")
	want_ok test "$n" -gt 50
	want "lines that are none" "$(grep -vE '^HW[1-5][0-9]{2}  (error|warning|note)  ' <<<"${out//  +/  }" |
		grep -vE '^HW[1-5][0-9]{2}  (error|warning|note) +[a-z0-9-]+  +[^ ]')" ""
	want order "$(cut -c 1-5 <<<"$out")" "$(cut -c 1-5 <<<"$out" | sort -u)"
	want_hw 0 lint --rules -f json
	want "rules in JSON" "$(jq '.rules | length' <<<"$out")" "$n"
	want "members that are empty" "$(jq '[.rules[][] | select(. == "")] | length' <<<"$out")" 0
	want_hw 0 lint --explain HW203
	want "long lines" "$(awk 'length > 82' <<<"$out")" ""
}
check "--rules and --explain" rules_listed

runtimes_listed() {
	want_hw 0 lint --runtimes
	want_ok grep -qx 'versions assumed if none is given: runc .*, crun .*' <<<"$out"
	want_ok grep -qx 'VERSION_MUST_BE_1_0: the runtime refuses an ociVersion .*' <<<"$out"
	want_ok grep -qx '  crun before 1.14.3 (a version that is later)' <<<"$out"
	want_hw 0 lint --runtimes -f json
	want member "$(jq -c '.behaviours[] | select(.behaviour == "REOPENS_PROC")' <<<"$out")" \
		'{"behaviour":"REOPENS_PROC","words":"opens /proc again for its mounts, which needs more descriptors","runtime":"runc","since":"1.3.6 (not yet in 1.1.15)","before":null,"proof":"RLIMIT_NOFILE 12, and there is no hook"}'
}
check "--runtimes" runtimes_listed

# Which versions a report is about.
judged_for() {
	local want_versions
	want_hw 0 lint --runtimes -f json
	want_versions=$(jq -c '[.runtimeVersions[] | select(startswith("crun"))]' <<<"$out")
	hw lint -f json --no-policies --runtime crun good
	want all "$(jq -c .runtimeVersions <<<"$out")" "$want_versions"
	hw lint -f json --no-policies --runtime crun --runtime-version 1.21 good
	want one "$(jq -c .runtimeVersions <<<"$out")" '["crun 1.21.0"]'
}
check "the versions that were judged for" judged_for
done_testing
