#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tests/cases/run itself: each way in which a case can be wrong is seen, and --update writes what is
# right. The program here is a shell script.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
work=$(realpath "$work")
unset HW_ONLY HW_GOLDEN
n=0

printf '#!/bin/sh\n[ "$1" != both ] || echo "to stderr" >&2\necho "to stdout $2"\nexit "${3-0}"\n' \
	>"$work/hookwright"
cp "$work/hookwright" "$work/hookwright-runtime"
chmod 755 "$work"/hookwright*
export HOOKWRIGHT=$work/hookwright

cases() { # ARG... <CASES: sets out
	cat >"$work/x.case"
	out=$("$top/tests/cases/run" "$@" "$work/x.case" 2>&1)
}

# expect NAME PART...: each is somewhere in out; a part that begins with ! is not
expect() {
	local name=$1 ok=ok part
	shift
	for part in "$@"; do
		if [[ $part == !* ]]; then
			[[ $out != *"${part#!}"* ]] || ok="not ok"
		else
			[[ $out == *"$part"* ]] || ok="not ok"
		fi
	done
	n=$((n + 1))
	[ "$ok" = ok ] || printf '%s\n' "$out" "want:" "$@" | sed 's/^/# /'
	echo "$ok $n - $name"
}

cases <<'END'
file given 600
	one

	three

$ both=both
== good
$ hookwright $both a 3
| to stdout a
! to stderr
= 3
$ cat given; stat -c %a given
| one
|
| three
| 600
$ printf 'a\nb\nc\nd'
| a
| ...
| d
| \ no newline at the end
$ echo "$W/x" >&2
! $W/x
$ cd /; pwd
| /
$ pwd
| /
$ echo one \
  two
| one two
END
expect "what is right passes" "ok 1 - " "good" "!not ok" "1..1"

wrong=("| to stdout b" "| to stdout a
| more" "| to stdout
| ..." "! to stdout a" "" "| to stdout a
= 1" "| to stdout a
! more" "! ...")
for each in "${wrong[@]}"; do
	cases <<-END
	== bad
	\$ hookwright x a
	$each
	== good
	\$ hookwright x a
	| to stdout a
	END
	expect "what is wrong fails: ${each//$'\n'/, }" "not ok 1 - " ": bad" "ok 2 - " "x.case:2: hookwright x a" \
		"got:  | to stdout a"
done
cases <<'END'
$ hookwright x a 1
== a command before all cases
$ true
END
expect "a command for all cases fails in each" "not ok 1"

cases <<'END'
needs sh
== run
needs no-such-program|sh
$ echo 1
| 1
== skipped
needs no-such-program|nor-this
$ false
END
expect "what a case needs" "ok 1 - " "run" "ok 2 - " "skipped # SKIP no-such-program|nor-this is not installed" "!not ok"

for each in "what is this" "file" "| before a command" "$(printf '\ta line of no file')" \
	$'== twice\n$ true\n== twice\n$ true'; do
	cases <<<"$each"
	expect "no case: ${each//$'\n'/, }" "tests/cases/run: " "!1.."
done

cases <<'END'
== first
$ echo 1
== second
$ echo 2
END
out=$(HW_ONLY='sec*' "$top/tests/cases/run" "$work/x.case")
expect "ONLY" "second" "!first" "1..1"

cases --update <<'END'
# a comment

file given
	$ echo no command

$ x=1
== one
$ hookwright both b 4
| old
= 2
$ cat given
== two
$ printf 'a\nb\n'
| ...
| b
END
out=$(cat "$work/x.case")
expect "--update writes what is printed, and leaves what is right" '# a comment

file given
	$ echo no command

$ x=1
== one
$ hookwright both b 4
| to stdout b
! to stderr
= 4
$ cat given
| $ echo no command
== two
$ printf '"'a\\nb\\n'"'
| ...
| b'
out=$("$top/tests/cases/run" "$work/x.case")
expect "and then it passes" "!not ok" "ok 2"
echo "1..$n"
