# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Sourced after lib.sh by scripts that look at many things of one run: a test is a function, and
# check NAME FUNCTION [ARG...] is one result. All that it complains about is shown.

complaints=

complain() {
	complaints+="$*"$'\n'
}

check() {
	local name=$1
	shift
	chosen "$name" || return 0
	complaints=
	"$@"
	[ -z "$complaints" ]
	result $? "$name" "${complaints%$'\n'}"
}

want() { # WHAT GOT WANTED
	[ "$2" = "$3" ] || complain "$1 is"$'\n'"$2"$'\n'"instead of"$'\n'"$3"
}

want_has() { # WHAT GOT PART
	[[ $2 == *"$3"* ]] || complain "$1 is"$'\n'"$2"$'\n'"without"$'\n'"$3"
}

want_lacks() { # WHAT GOT PART
	[[ $2 != *"$3"* ]] || complain "$1 is"$'\n'"$2"$'\n'"with"$'\n'"$3"
}

# want_hw STATUS ARG...: run hookwright, which ends with this status
want_hw() {
	local wanted=$1
	shift
	hw "$@"
	[ "$status" = "$wanted" ] ||
		complain "status $status instead of $wanted of: hookwright $*"$'\n'"$out"$'\n'"$err"
}

want_ok() { # COMMAND...
	local said
	said=$("$@" 2>&1) || complain "failed: $*"$'\n'"$said"
}

# prove NAME FUNCTION TEXT...: a check, during which something has printed each text; what prints
# adds it to $seen, with single blanks (see)
seen=
see() { seen+=" $(tr -s ' \n' ' ' <<<"$1")"; }
prove() {
	check "$1" proving "${@:2}"
}
proving() {
	local text
	seen=
	"$1"
	shift
	for text in "$@"; do
		[[ $seen == *"$text"* ]] || complain "not printed: $text"
	done
}

# yaml_of FILTER [N]: what jq makes of the N-th document on standard input
yaml_of() {
	/usr/bin/python3 -c 'import json, sys, yaml
json.dump(list(yaml.safe_load_all(sys.stdin))[int(sys.argv[1])], sys.stdout)' "${2:-0}" | jq -r "$1"
}

# DIRECTORY/bundles, as a repository has them: one is good, and the hook of one cannot run
make_repository() { # DIRECTORY
	mkdir -p "$1/bundles"
	make_bundle "$1/bundles/good"
	make_bundle "$1/bundles/bad"
	edit_config "$1/bundles/bad" \
		'.hooks.startContainer = [{ path: "/bin/nowhere", args: ["x"], env: ["PATH=/bin"] }]'
}

same() { # FILE FILE
	cmp -s "$1" "$2" || complain "$1 and $2 differ:"$'\n'"$(diff -a "$1" "$2" | head -n 20)"
}

# Whoever writes to a file or replaces it changes this; reading it does not.
identity() { # FILE
	stat -c '%d %i %s %a %u:%g %y %z' "$1" && sha256sum <"$1"
}

# Nothing of ours stays beside a config.json.
no_residue() { # BUNDLE
	local found
	found=$(find "$1" -maxdepth 1 -name '*hookwright*')
	[ -z "$found" ] || complain "left behind: $found"
}

# run_patiently RUNTIME BUNDLE: crun before 1.17 fails at random when a hook ends without having
# read its standard input.
run_patiently() {
	local try
	for try in 1 2 3 4; do
		run_container "$@"
		[[ $1 = crun && $out == *"writing to pipe: Broken pipe"* ]] || return
	done
	complain "crun failed $try times in a row"
}
