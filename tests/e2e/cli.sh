#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The command line, where it takes a loop: the help of each command, output that cannot be written,
# closed descriptors, terminals. What is printed otherwise is in tests/cases/cli.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

bare_bundle "$work/b"
mkdir "$work/p"
policy "$work/p/touch.yaml" 'description: Leave a mark.' 'order: 20' \
	'hook: { path: /bin/touch, args: [touch, /tmp/mark] }'

commands=(apply explain lint doctor revert filter oci-hook setup 'policy check' 'policy test' 'policy list' 'policy show' 'policy schema')

helps() {
	local flag command top_help
	for flag in --help -h; do
		want_hw 0 "$flag"
		want stderr "$err" ""
		want "first line" "${out%%$'\n'*}" "usage: hookwright COMMAND [OPTION...] [ARG...]"
		want_hw 0 policy "$flag"
		want_has "list" "$out" "hookwright policy check"
	done
	want_hw 0 --help
	top_help=$out
	for command in "${commands[@]}"; do
		want_has "hookwright --help" "$top_help" "  $command "
		# shellcheck disable=SC2086 # two words
		want_hw 0 $command --help
		want stderr "$err" ""
		want_has "$command --help" "$out" "usage: hookwright $command [OPTION...]"
		want_has "$command --help" "$out" "-h, --help"
		want "longest line of $command --help" \
			"$(awk 'length > 110' <<<"$out")" ""
		# shellcheck disable=SC2086 # two words
		want_hw 0 $command -h
	done

}
check "--help" helps

# ---- output ----

output_lost() {
	local -a cases=('--help' '--version' 'apply --help' "explain -p $work/p $work/b"
		"apply -n --json -p $work/p $work/b" "apply -n --diff -p $work/p $work/b"
		"apply -n -p $work/p $work/b" "policy list -p $work/p" "policy schema"
		"policy show -p $work/p touch" "policy check $work/p" "policy list --json -p $work/p")
	local each
	for each in "${cases[@]}"; do
		# shellcheck disable=SC2086 # words
		err=$("$HOOKWRIGHT" $each 2>&1 >/dev/full)
		want "status of $each" $? 3
		want_has "stderr of $each" "$err" \
			"hookwright: standard output: No space left on device"
		# shellcheck disable=SC2086 # words
		err=$("$HOOKWRIGHT" $each 2>&1 >&-)
		want "status of $each with a closed stdout" $? 3
		want_has "stderr of $each" "$err" "hookwright: standard output: Bad file descriptor"
	done
}
if [ -c /dev/full ]; then
	check "output that cannot be written is told" output_lost
else
	skip "output that cannot be written is told" "no /dev/full"
fi

closed() {
	local how
	cp "$work/b/config.json" "$work/original"
	cp -r "$work/b" "$work/c"
	"$HOOKWRIGHT" apply -q -p "$work/p" "$work/c" || complain "apply failed"
	cp "$work/c/config.json" "$work/applied"
	for how in '<&-' '>&-' '2>&-' '<&- >&-' '>&- 2>&-' '<&- >&- 2>&-' '<&- 2>&-'; do
		cp "$work/original" "$work/c/config.json"
		eval "\"\$HOOKWRIGHT\" apply -p \"\$work/p\" \"\$work/c\" $how" >/dev/null 2>&1
		same "$work/c/config.json" "$work/applied"
		cp "$work/original" "$work/c/config.json"
		# A warning goes to stderr, too.
		eval "\"\$HOOKWRIGHT\" apply --json -p \"\$work/p\" \"\$work/c\" $how" >/dev/null 2>&1
		same "$work/c/config.json" "$work/applied"
	done
	no_residue "$work/c"
}
check "closed standard descriptors damage nothing" closed

# Nothing that is opened may stand where standard output was.
occupied() {
	strace -o "$work/trace" -e trace=openat,open "${HW_PLAIN:-$HOOKWRIGHT}" apply -n -p "$work/p" \
		"$work/c" <&- >&- 2>&-
	want_ok grep -qF "$work/c" "$work/trace"
	want "files of ours as standard descriptors" \
		"$(grep -F "$work/" "$work/trace" | grep -E '= [012]$')" ""
}
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
	check "no file becomes standard output" occupied
else
	skip "no file becomes standard output" "strace does not work here"
fi

esc=$'\033['
on_terminal() { # ENVIRONMENT OPTION
	env "$1" TERM=xterm script -qec "'$HOOKWRIGHT' explain $2 -p '$work/p' '$work/b'" /dev/null \
		< <(nothing)
}
terminal_colours() {
	want_has "on a terminal" "$(on_terminal A=1 '')" "$esc"
	want_lacks "with NO_COLOR" "$(on_terminal NO_COLOR=1 '')" "$esc"
	want_has "with NO_COLOR and --color=always" "$(on_terminal NO_COLOR=1 --color=always)" "$esc"
	want_lacks "with --color=never" "$(on_terminal A=1 --color=never)" "$esc"
	want_has "with an empty NO_COLOR" "$(on_terminal NO_COLOR= '')" "$esc"
}
if command -v script >/dev/null && [ -n "$(on_terminal A=1 '' 2>/dev/null)" ]; then
	check "on a terminal there is colour, unless NO_COLOR is set" terminal_colours
else
	skip "on a terminal there is colour, unless NO_COLOR is set" "script(1) does not work here"
fi

done_testing
