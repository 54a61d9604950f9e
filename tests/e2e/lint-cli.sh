#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The command line of lint: options, statuses, the settings file, which bundles are found, several
# at once, where reports go.
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

# ---- usage ----

misused() { # ARGUMENTS MESSAGE
	local -a words
	eval "words=($1)"
	want_hw 2 lint "${words[@]}"
	want stdout "$out" ""
	want stderr "$err" "hookwright lint: $2
  hint: see 'hookwright lint --help'"
}

usage_errors=(
	'--runtme runc' "unknown option '--runtme'; did you mean '--runtime'?"
	'--runtime rnc' "--runtime takes any, runc, crun, youki, runsc or kata, not 'rnc'; did you \
mean 'runc'?"
	'--runtime gvisor' "--runtime takes any, runc, crun, youki, runsc or kata, not 'gvisor'; did \
you mean 'runsc'?"
	'--runtime /usr/bin/runc' "--runtime takes any, runc, crun, youki, runsc or kata, not \
'/usr/bin/runc'"
	'--arch aarch64' "--arch takes 386, amd64, arm, arm64, loong64, mips, mips64, mips64le, \
mipsle, ppc64, ppc64le, riscv64 or s390x, not 'aarch64'; did you mean 'arm64'?"
	'--fail-on warn' "--fail-on takes note, warning or error, not 'warn'; did you mean 'warning'?"
	'--format sarf' "--format takes text, json, sarif, junit or github, not 'sarf'; did you mean \
'sarif'?"
	'--color blue' "--color takes auto, always or never, not 'blue'"
	'-j x' "--jobs takes a number from 0 to 256, not 'x'"
	'-j -1' "--jobs takes a number from 0 to 256, not '-1'"
	'-j 257' "--jobs takes a number from 0 to 256, not '257'"
	'-j ""' "--jobs takes a number from 0 to 256, not ''"
	'--ignore HW999' "unknown rule 'HW999'; --rules lists them"
	'--ignore program-mising' "unknown rule 'program-mising'; did you mean 'program-missing' \
(HW201)?"
	'--ignore HW201:' "--ignore 'HW201:': write a reason after the ':', or omit it"
	'--explain HW999' "unknown rule 'HW999'; --rules lists them"
	'--explain script-invalit' "unknown rule 'script-invalit'; did you mean 'script-invalid' \
(HW207)?"
	'--rules good' "--rules, --runtimes and --explain do not take a bundle"
	'--rules --explain HW201' "--rules, --runtimes and --explain exclude each other"
	'--rules --runtimes' "--rules, --runtimes and --explain exclude each other"
	'--runtimes good' "--rules, --runtimes and --explain do not take a bundle"
	'--rules -f sarif' "--rules, --runtimes and --explain take --format text or json only"
	'--rules -f json -o x' "--rules, --runtimes and --explain print to standard output"
	'-o x.sarif' "--output applies to the preceding --format: write '--format FORMAT --output FILE'"
	'-f json -o x -o y' "--format json has two --output"
	'-f json -o ""' "--output needs the name of a file"
	'-f json -o x -f json' "--format json is given twice"
	'-f json -f sarif' "only one --format can go to standard output; give the others --output FILE"
	'--settings x --no-settings' "--settings and --no-settings exclude each other"
	'--no-policies -p x' "--no-policies excludes --policy, --hooks-dir and --request"
	'- -' "standard input can be read once only"
)
for ((i = 0; i < ${#usage_errors[@]}; i += 2)); do
	check "lint ${usage_errors[i]}" misused "${usage_errors[i]}" "${usage_errors[i + 1]}"
done

bad_version() {
	want_hw 2 lint --runtime runc --runtime-version latest good
	want_has stderr "$err" latest
}
check "lint --runtime-version latest" bad_version

# ---- statuses ----

statuses() {
	want_hw 0 lint -f json good
	want rules "$(rules)" ""
	want_hw 1 lint -f json bad
	want rules "$(rules)" HW201
	want_hw 3 lint -f json unknown
	want unjudged "$(jq .totals.unjudged <<<"$out")" 1
	want_hw 0 lint -f json --host-mounts unknown
	want_hw 1 lint good bad
	want_hw 3 lint good bad unknown
	want_hw 3 lint unknown bad
	want_hw 3 lint nowhere good
	want_hw 3 lint -f json absent good
	want bundles "$(bundles)" $'absent\ngood'
	want "bundles that could not be judged" "$(jq .totals.unjudged <<<"$out")" 1
}
check "statuses: 0, 1, 3, and the largest of several bundles" statuses

thresholds() {
	edit_config good '.hooks.prestart = [{ path: "/bin/sh", args: ["sh", "-c", "exec cat"],
		env: ["PATH=/bin"] }]'
	want_hw 0 lint -f json good
	want rules "$(rules)" HW120
	want_hw 0 lint --fail-on error good
	want_hw 1 lint --fail-on warning good
	want_hw 1 lint --fail-on note good
	want_hw 0 lint --fail-on note --ignore HW120 good
	edit_config good 'del(.hooks.prestart)'
	edit_config good '.hooks.startContainer[0] |= del(.env)'
	want_hw 0 lint -f json --fail-on warning good
	want rules "$(rules)" HW118
	want_hw 1 lint --fail-on note good
	edit_config good '.hooks.startContainer[0].env = ["PATH=/bin"]'
}
check "--fail-on" thresholds

untouched() {
	local before
	before=$(identity bad/config.json; find bad | sort | sha256sum)
	want_hw 1 lint -f text -f json -o out.json bad
	want bundle "$(identity bad/config.json; find bad | sort | sha256sum)" "$before"
}
check "nothing is written to the bundle" untouched

# ---- ignoring ----

ignored() {
	want_hw 0 lint -f json --ignore HW201 bad
	want rules "$(rules)" -HW201
	want totals "$(jq -c '[.totals.errors, .totals.ignored]' <<<"$out")" "[0,1]"
	want_hw 0 lint -f json --ignore "program-missing: a later layer has it" bad
	want reason "$(jq -r '.. | .reason? // empty' <<<"$out")" "a later layer has it"
	want_hw 0 lint --ignore hw201 --ignore HW120:because bad
	want_hw 1 lint --ignore HW202 bad
	want_hw 0 lint --ignore "HW201:because: really" bad
	# What cannot be judged does not count either.
	want_hw 3 lint -f json unknown
	want_hw 0 lint --ignore "$(rules):the host has it" unknown
}
check "--ignore" ignored

inline() {
	cp bad/config.json kept.json
	edit_config bad '.annotations["io.hookwright.ignore.HW201"] = "made later"'
	want_hw 1 lint -f json bad
	want rules "$(rules)" "HW126 HW201"
	want severity "$(jq -r '.bundles[].findings[] | select(.rule == "HW126").severity' <<<"$out")" note
	want_hw 0 lint -f json --inline-ignore bad
	want rules "$(rules)" -HW201
	want_hw 1 lint -f json --no-inline-ignore bad
	want rules "$(rules)" HW201
	want_hw 1 lint -f json --inline-ignore --no-inline-ignore bad
	want rules "$(rules)" HW201
	cp kept.json bad/config.json
}
check "an annotation ignores a rule with --inline-ignore only, and without is told" inline

# ---- which bundle ----

no_operand() {
	cd good || return
	want_hw 0 lint -f json
	want bundle "$(bundles)" .
	cd ..
	want_hw 0 lint -f json good/config.json
	want_hw 0 lint -f json -- good
}
check "without an operand it is the current directory; a config.json may be named" no_operand

stdin() {
	want_hw 1 lint -f json - # hw gives it /dev/null
	want "an empty one" "$(rules)" HW102
	out=$("$HOOKWRIGHT" lint -f json --rootfs good/rootfs - <bad/config.json 2>&1)
	want "status of a bad one" $? 1
	want rules "$(rules)" HW201
	want name "$(bundles)" "<stdin>"
	out=$("$HOOKWRIGHT" lint -f json --rootfs good/rootfs - <good/config.json 2>&1)
	want "status of a good one" $? 0
	out=$(cd good && "$HOOKWRIGHT" lint -f json - <config.json 2>&1)
	want "status of one in the current directory" $? 0
	out=$("$HOOKWRIGHT" lint -f json - good </ 2>"$work/stdin.err")
	want "status of a directory" $? 3
	want_has stderr "$(cat "$work/stdin.err")" "<stdin>: cannot read: Is a directory"
	want "what is looked at all the same" "$(bundles)" good
	jq -e . <<<"$out" >/dev/null || complain "not JSON: $out"
}
check "- is a config.json on standard input" stdin

other_rootfs() {
	mkdir -p apart/somewhere
	cp good/config.json apart/config.json
	cp -r good/rootfs apart/somewhere/root
	want_hw 1 lint -f json apart
	want rules "$(rules)" HW125
	want_hw 0 lint -f json --rootfs apart/somewhere/root apart/config.json
	want rules "$(rules)" ""
	want_hw 0 lint -f json --rootfs apart/somewhere/root apart
	rm -r apart
}
check "--rootfs" other_rootfs

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

nothing_inspected() {
	mkdir -p empty/other
	echo '{}' >empty/other/config.json
	want_hw 3 lint --recursive empty
	want_has stderr "$err" "empty: no bundle found below this directory"
	want_has stderr "$err" "0 bundles inspected, 0 findings; not everything"
	want_has stderr "$err" "no bundle was inspected"
	want_hw 3 lint -f sarif --recursive empty
	want sarif "$(jq -c '.runs[0].invocations[0] | [.executionSuccessful, .properties.otherConfigs]' <<<"$out")" "[false,1]"
	want_hw 0 lint good
	want stderr "$err" "1 bundle inspected, 0 findings"
	want_hw 0 lint -q good
	want stderr "$err" ""
	rm -r empty
}
check "a run that inspected nothing is not a success, and a clean one says what it saw" nothing_inspected

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

nothing_there() {
	want_hw 3 lint -f json --recursive "$tree/none" --recursive nowhere --recursive good/config.json
	want bundles "$(bundles)" ""
	want_has stderr "$err" "nowhere: No such file or directory
  hint: name a directory with bundles below it
good/config.json: Not a directory
  hint: name a directory with bundles below it
$tree/none: no bundle found below this directory
  hint: a bundle is a directory whose config.json is an OCI configuration
hookwright lint: no bundle was inspected"
	want_hw 3 lint -f json --recursive "$tree/none" good
	want bundles "$(bundles)" good
}
check "a directory without a bundle is not passed over in silence" nothing_there

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
	for format in text json sarif junit github; do
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

reports() {
	mkdir reports
	want_hw 1 lint bad -f json -o reports/a.json -f sarif -f junit --output=reports/c.xml
	want_has "standard output" "$out" '"runs"'
	want json "$(jq -r '.bundles[0].findings[0].rule' reports/a.json)" HW201
	want_has junit "$(cat reports/c.xml)" "<testsuite"
	want files "$(find reports -mindepth 1 -printf "%f\n" | sort | paste -sd " ")" "a.json c.xml"
	want_hw 1 lint bad -f json -o reports/a.json
	want "standard output" "$out" ""
	# An old one is replaced, where a link leads, with the mode of the umask.
	echo old >reports/real
	ln -s real reports/link
	(umask 027 && hw lint good -f json -o reports/link)
	want link "$(readlink reports/link)" real
	want mode "$(stat -c %a reports/real)" 640
	jq -e .totals reports/real >/dev/null || complain "no report: $(cat reports/real)"
	# No regular file: written as it is.
	want_hw 0 lint good -f json -o /dev/null
	want_ok test -c /dev/null
	mkfifo reports/fifo
	cat reports/fifo >fifo.out &
	want_hw 0 lint good -f json -o reports/fifo
	wait $!
	jq -e .totals fifo.out >/dev/null || complain "no report: $(cat fifo.out)"
	rm -r reports
}
check "several reports at once, in files and on standard output" reports

unwritable() {
	mkdir reports
	echo old >reports/a
	want_hw 3 lint good -f json -o reports/none/x
	want_has stderr "$err" "reports/none/x: cannot create a file in the same directory: No such file or directory"
	want_hw 3 lint good -f json -o /dev/full
	want_has stderr "$err" "/dev/full: cannot write: No space left on device"
	want_hw 3 lint good -f json -o reports
	want_has stderr "$err" "reports: cannot open: Is a directory"
	# One that fails keeps the others from being written by half.
	want_hw 3 lint good -f sarif -o reports/a -f json -o reports/none/x
	want "the old one" "$(cat reports/a)" old
	want files "$(find reports -mindepth 1 -printf "%f\n")" a
	"$HOOKWRIGHT" lint good >/dev/full 2>hw.err
	want "status of a full standard output" $? "$([ -n "$("$HOOKWRIGHT" lint good)" ] && echo 3 || echo 0)"
	"$HOOKWRIGHT" lint -f json good >/dev/full 2>hw.err
	want "status of a full standard output" $? 3
	rm -r reports
}
check "a report that cannot be written is an error, and the old file stays" unwritable

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

colours() {
	want_hw 1 lint bad
	want "escape sequences in a file" "$(grep -c $'\e' hw.out)" 0
	want_hw 1 lint --color always bad
	want_has "standard output" "$out" $'\e['
	want_hw 1 lint --color always bad -f text -o coloured
	want_has "a file" "$(cat coloured)" $'\e['
	want_hw 1 lint --color never bad
	want_lacks "standard output" "$out" $'\e'
}
check "--color" colours

# ---- the settings file ----

mkdir -p settings/bundles
cp -r good settings/bundles/good
cp -r bad settings/bundles/bad
cp -r unknown settings/bundles/unknown
policy settings/refuse.yaml 'activation: always' 'needs: { uid: 7 }' 'hook: { path: /bin/true }'

set_to() { # LINE...
	printf '%s\n' 'version: 1' "$@" >settings/.hookwright.yaml
}

lint_there() { # STATUS ARG...
	cd settings || return
	want_hw "$1" lint "${@:2}"
	cd ..
}

settings() {
	set_to 'recursive: bundles' 'format: json' 'noPolicies: true'
	lint_there 3
	want bundles "$(bundles | paste -sd ' ')" "bundles/bad bundles/good bundles/unknown"
	lint_there 0 bundles/good
	want bundles "$(bundles)" bundles/good
	set_to 'recursive: bundles' 'format: json' 'hostMounts: true'
	lint_there 3
	want_has stderr "$err" ".hookwright.yaml:4:13: 'hostMounts' leads lint out of the directory of this file"
	lint_there 1 --settings .hookwright.yaml
	set_to 'recursive: bundles' 'format: json' 'hostMounts: true' 'ignore:' \
		'  program-missing: it comes later'
	lint_there 0 --settings .hookwright.yaml
	want reason "$(jq -r '.. | .reason? // empty' <<<"$out")" "it comes later"
	lint_there 0 --settings .hookwright.yaml --ignore "HW201: first"
	want reason "$(jq -r '.. | .reason? // empty' <<<"$out")" "first"
	lint_there 2 --runtime rnc
	set_to 'format: json' 'failOn: note' 'color: always'
	edit_config settings/bundles/good '.hooks.startContainer[0] |= del(.env)'
	lint_there 1 bundles/good
	lint_there 0 --fail-on error bundles/good
	lint_there 0 --no-settings bundles/good
	want_has "format without it" "x$out" x
	lint_there 1 -f text bundles/good
	want_has "colour" "$out" $'\e['
	lint_there 1 -f text --color never bundles/good
	want_lacks "colour" "$out" $'\e['
	edit_config settings/bundles/good '.hooks.startContainer[0].env = ["PATH=/bin"]'
	set_to 'format: json' 'inlineIgnore: true'
	edit_config settings/bundles/bad '.annotations["io.hookwright.ignore.HW201"] = "made later"'
	lint_there 0 bundles/bad
	lint_there 1 --no-inline-ignore bundles/bad
	lint_there 1 --no-settings bundles/bad
	set_to 'format: json' 'noInlineIgnore: true'
	lint_there 1 --inline-ignore bundles/bad
}
check "settings: what the file says holds, and the command line wins" settings

settings_runtime() {
	edit_config settings/bundles/good '.hooks.createRuntime = [{ path: "/bin/cat", args: ["cat"],
		env: ["PATH=/bin"] }]'
	set_to 'format: json' 'runtime: kata'
	lint_there 1 bundles/good
	want runtime "$(jq -r .runtime <<<"$out")" kata
	lint_there 0 --runtime runc bundles/good
	want runtime "$(jq -r .runtime <<<"$out")" runc
	set_to 'format: json' 'runtime: runc' "runtimeVersion: '1.1.5'"
	lint_there 0 bundles/good
	lint_there 0 --runtime crun bundles/good
	set_to 'format: json' 'arch: s390x'
	lint_there 1 bundles/good
	lint_there 0 --arch "$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')" bundles/good
	edit_config settings/bundles/good 'del(.hooks.createRuntime)'
}
check "settings: runtime, runtimeVersion and arch" settings_runtime

settings_paths() {
	set_to 'format: json' 'policies: refuse.yaml'
	lint_there 1 bundles/good
	want rules "$(rules)" HW501
	want_hw 1 lint --settings settings/.hookwright.yaml good
	want_hw 0 lint --settings settings/.hookwright.yaml --no-policies good
	set_to 'format: json' 'policies: refuse.yaml' 'noPolicies: true'
	want_hw 0 lint --settings settings/.hookwright.yaml good
	want_hw 1 lint --settings settings/.hookwright.yaml -p settings/refuse.yaml good
	set_to 'format: json' 'rootfs: ../good/rootfs' 'requests: refuse' 'config: hw.yaml'
	printf 'version: 1\npolicies: %s\n' "$work/settings" >settings/hw.yaml
	mv settings/hw.yaml settings/.hookwright.yaml "$work"
	mkdir settings/p
	mv settings/refuse.yaml settings/p
	sed -i 's|settings$|settings/p|' hw.yaml
	sed -i 's|\.\./||' .hookwright.yaml
	rm -r settings/bundles/good/rootfs
	want_hw 1 lint settings/bundles/good
	want rules "$(rules)" HW501
	rm .hookwright.yaml
}
check "settings: paths are relative to the file" settings_paths

settings_mistakes() {
	set_to 'runtme: crun'
	cd settings || return
	want_hw 3 lint ../good
	want stderr "$err" ".hookwright.yaml:2:1: unknown key 'runtme'
  hint: did you mean 'runtime'?"
	want stdout "$out" ""
	want_hw 0 lint --no-settings ../good
	want_hw 3 lint --settings nowhere.yaml ../good
	want_has stderr "$err" "nowhere.yaml: cannot open: No such file or directory"
	rm .hookwright.yaml
	want_hw 0 lint ../good
	cd ..
}
check "settings: mistakes have a place and a remedy" settings_mistakes

# ---- policies ----

policies() {
	want_hw 1 lint -f json -p settings/p/refuse.yaml good
	want rules "$(rules)" HW501
	policy broken.yaml 'hok: x'
	want_hw 3 lint -p broken.yaml good
	want stdout "$out" ""
	want_has stderr "$err" "broken.yaml:2:1: unknown key 'hok'"
}
check "policies: one that refuses is a finding, a broken one an error" policies

hooks_dirs() {
	mkdir hooks.d
	echo '{ "version": "1.0.0", "hook": { "path": "/bin/nowhere" }, "when": { "always": true },
		"stages": ["startContainer"] }' >hooks.d/a.json
	want_hw 1 lint -f json --fail-on warning --hooks-dir hooks.d good
	want_has findings "$(jq -r '.bundles[].findings[] | .file' <<<"$out")" hooks.d/a.json
	printf 'version: 1\nhooksDirs: hooks.d\n' >hooks.yaml
	want_hw 1 lint --fail-on warning --settings hooks.yaml good
	want_hw 0 lint --fail-on warning --settings hooks.yaml --no-policies good
}
check "--hooks-dir" hooks_dirs

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
	want "first line" "${out%%$'\n'*}" "HW203 program-not-executable (usually: error)"
	want_has explanation "$out" $'\nRemedy:\n  Make it executable'
	want "long lines" "$(awk 'length > 82' <<<"$out")" ""
	mv hw.out by-id
	want_hw 0 lint --explain Program-Not-Executable
	same by-id hw.out
	want_hw 0 lint --explain HW203 -f json
	want "rules in JSON" "$(jq -r '.rules[].id' <<<"$out")" HW203
}
check "--rules and --explain" rules_listed

runtimes_listed() {
	want_hw 0 lint --runtimes
	want_ok grep -qx 'judged for where no version is told: runc .*, crun .*' <<<"$out"
	want_ok grep -qx 'VERSION_MUST_BE_1_0: the runtime refuses an ociVersion .*' <<<"$out"
	want_ok grep -qx '  crun before 1.14.3 (a version that is later)' <<<"$out"
	want_hw 0 lint --runtimes -f json
	want member "$(jq -c '.behaviours[] | select(.behaviour == "REOPENS_PROC")' <<<"$out")" \
		'{"behaviour":"REOPENS_PROC","words":"opens /proc anew for what it mounts, which takes more descriptors","runtime":"runc","since":"1.3.6 (not yet in 1.1.15)","before":null,"proof":"RLIMIT_NOFILE 12, and there is no hook"}'
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
