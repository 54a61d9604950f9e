#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The wrapper knows the version of the file that it executes, and starts it once to ask.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
enter_private strace runc crun "${CC:-cc}"
prepare_cgroups
works runc || skip_all "runc: $why"
works crun || skip_all "crun: $why"

wrapper=$work/bin/hookwright-runtime
bundle=$work/bundle
versions=/run/hookwright/versions
fake=$work/fake/runc
asked=$work/asked

mkdir -p /etc/hookwright "$work/fake"
make_bundle "$bundle" /bin/true

# As runc and crun name it, and no more than three numbers of it.
installed() { "$1" --version | sed -n '1s/.* version \([0-9]*\(\.[0-9]*\)\{0,2\}\).*/\1/p'; }
use() { printf 'version: 1\nruntime: %s\n' "$1" >/etc/hookwright/config.yaml; }
remembered() { find $versions -type l -printf '%l\n' 2>/dev/null | sort | tr '\n' ' '; }
create_in() { run "$wrapper" create --bundle "$bundle" x; }

# make_fake CODE: a runtime that counts how often it is asked for its version, and then does CODE
make_fake() {
	rm -f "$fake" "$asked"
	# shellcheck disable=SC2086 # CC may be words
	${CC:-cc} -O1 -o "$fake" -x c - <<-C
		#include <fcntl.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			char buf[8];
			if (argc != 2 || strcmp(argv[1], "--version") != 0)
				return 42;
			if (write(open("$asked", O_WRONLY | O_CREAT | O_APPEND, 0600), "x", 1) != 1)
				return 1;
			if (read(0, buf, sizeof(buf)) != 0 || getenv("SECRET"))
				return 1;
			$1
			return 0;
		}
	C
	use "$fake"
}
times_asked() { [ -f "$asked" ] && wc -c <"$asked" || echo 0; }

for runtime in runc crun; do
	rm -rf $versions
	use "$(type -P $runtime)"
	# The container keeps its standard output open.
	"$wrapper" --root "$work/state" create --bundle "$bundle" real >"$work/out" 2>&1 < <(nothing)
	$runtime --root "$work/state" delete --force real
	is "$(remembered)" "$(installed $runtime) " "the version of $runtime is remembered"
	is "$(ls $versions)" "$(stat -L -c '%d %i %.9Z' "$(type -P $runtime)" | awk '{
		split($3, t, "."); printf "%x-%x-%x.%x", $1, $2, t[1], t[2] }')" \
		"... by its device, inode and time of change"
done

rm -rf $versions
make_fake 'puts("runc version 1.2.3-rc.1+dev\nspec: 1.1.0");'
export SECRET=1
create_in
is "$status $(remembered)" "42 1.2.3 " "a version with more behind it"
create_in
create_in
is "$(times_asked)" 1 "it is asked once"
strace -f -qq -o "$work/trace" "$wrapper" create --bundle "$bundle" x >/dev/null 2>&1
is "$(grep -c "$versions" "$work/trace")" 2 "then it takes two system calls"
is "$(grep -c 'clone\|fork' "$work/trace")" 0 "... and no process"
run "$wrapper" state x
is "$(times_asked)" 1 "a state does not ask"

ln -sfn 9.9.9 "$versions/$(ls $versions)" && create_in
is "$(times_asked)" 1 "what is remembered is believed"
for text in '' 'x' '1..2' '1.2.3.4' '12345' "$(printf '%0100d' 1)" '1.2.3+dev'; do
	[ -z "$text" ] || ln -sfn "$text" "$versions/$(ls $versions)"
	[ -n "$text" ] || { rm -f $versions/*; }
	before=$(times_asked)
	create_in
	is "$(($(times_asked) - before)) $(remembered)" "1 1.2.3 " "a malformed one is not: '${text:0:10}'"
done
chown -h 1000 $versions/* && create_in
is "$(stat -c %u $versions/*)" 0 "one that another user made is asked for again"
touch -d 2020-01-01 "$fake" && create_in
is "$(remembered)" "1.2.3 1.2.3 " "a file that has changed is asked again"
cp -p "$fake" "$work/kept"
sed 's/1\.2\.3-rc/1.2.4-rc/' "$work/kept" >"$work/next"
cat "$work/next" >"$fake" && touch -r "$work/kept" "$fake" && create_in
has " $(remembered)" " 1.2.4 " "... also if it seems as old as before"
cat "$work/kept" >"$fake"
for i in $(seq 30); do ln -s 1.1 "$versions/1-$i-1.1"; done
touch -d 2020-01-02 "$fake" && create_in
is "$(remembered)" "1.2.3 " "what is stale is removed"

for code in 'puts("garbage");' 'puts("runc version new");' 'puts("runc version 1.2"); return 1;' \
	'for (;;) puts("garbage");' 'abort();' 'puts("x\nrunc version 1.2");'; do
	rm -rf $versions
	make_fake "$code"
	create_in
	create_in
	is "$status $(times_asked) $(remembered)" "42 1 - " "a runtime that prints no version: ${code:0:40}"
done

rm -rf $versions
make_fake 'puts("runc version 1.2.3"); fflush(stdout); sleep(60);'
SECONDS=0
create_in
create_in
is "$status $(times_asked) $(remembered)" "42 1 - " "a runtime that hangs is not waited for again"
is "$((SECONDS >= 2 && SECONDS < 8))" 1 "... and two seconds at first"
make_fake 'puts("runc version 1.2.3"); if (access("'"$work/busy"'", F_OK) == 0) return 1;'
rm -rf $versions
touch "$work/busy" && create_in
rm "$work/busy" && create_in
is "$(times_asked) $(remembered)" "1 - " "one that failed is not asked again at once"
touch -h -d '-2 minutes' $versions/* && create_in
is "$(times_asked) $(remembered)" "2 1.2.3 " "... but some time later"
touch -h -d '-2 minutes' $versions/* && create_in
is "$(times_asked)" 2 "an answer is remembered for longer"

rm -rf $versions
make_fake 'puts("runc version 1.2.3");'
mkdir -p $versions && mount -t tmpfs -o ro tmpfs $versions
create_in
is "$status $(times_asked)" "42 0" "where nothing can be remembered nothing is asked"
umount $versions

mv "$fake" "$work/fake/real"
printf '#!/bin/sh\nexec %s "$@"\n' "$work/fake/real" >"$fake" && chmod 755 "$fake"
create_in
is "$status $(times_asked) $(remembered)" "42 0 - " "a script may start another file tomorrow"

rm -rf $versions
cp "$work/fake/real" "$work/fake/other" && use "$work/fake/other"
create_in
is "$(times_asked) $(remembered)" "0 " "a runtime of another name is not asked"

# What it is for: a verdict that depends on it. crun 1.28 makes / read-only by that entry, 1.21 does not.
edit_config "$bundle" '.root.readonly = false | .linux.readonlyPaths = ["/"]'
printf 'version: 1\nwhen: {writable: /etc}\nhook: {path: /bin/true}\n' >"$work/p.yaml"
explain() { run "$work/bin/hookwright" explain --policy "$work/p.yaml" --runtime "$@" "$bundle"; }
explain crun --runtime-version 1.21
expect "crun 1.21 leaves it writable" any "!readonlyPaths"
explain crun --runtime-version 1.28
expect "crun 1.28 does not" any "readonlyPaths"
run "$work/bin/hookwright" apply --dry-run --runtime crun --runtime-version 1.x "$bundle"
expect "a version that is not one" 3 "'1.x' is not a version"
run "$work/bin/hookwright" apply --dry-run --runtime-version 1.2 "$bundle"
expect "a version needs its runtime" any ""

# A container that chooses its runtime does not make the version unknown.
fake=$work/fake/crun
make_fake 'puts("crun version 1.21");'
printf '%s\n' "policies: $work/chosen.yaml" 'runtimes:' "  same: $fake" "  other: $work/other/crun" >>/etc/hookwright/config.yaml
printf 'version: 1\nneeds: {writable: /etc}\notherwise: warn\nhook: {path: /bin/true}\n' >"$work/chosen.yaml"
mkdir "$work/other" && cp "$fake" "$work/other/crun"
for chosen in none same other; do
	edit_config "$bundle" "del(.hooks) | .annotations = if \"$chosen\" == \"none\" then {} else
		{ \"io.hookwright.runtime\": \"$chosen\" } end"
	create_in
	is "$status $(jq -c '[.hooks.startContainer[]?.path]' "$bundle/config.json")" '42 ["/bin/true"]' \
		"a verdict that depends on the version, the annotation chooses: $chosen"
done

done_testing
