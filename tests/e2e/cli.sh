#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The command line: usage errors, help, statuses, output that cannot be written, policy commands.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

bare_bundle "$work/b"
mkdir "$work/p" "$work/none"
policy "$work/p/touch.yaml" 'description: Leave a mark.' 'order: 20' \
	'hook: { path: /bin/touch, args: [touch, /tmp/mark] }'
policy "$work/p/second.yaml" 'activation: requested' 'hook: { path: /bin/true }'

# ---- usage ----

misused() { # ARGUMENTS MESSAGE
	local -a words
	eval "words=($1)"
	want_hw 2 "${words[@]}"
	want stdout "$out" ""
	want stderr "$err" "$2"
}

see() { # COMMAND MESSAGE: as the commands themselves complain
	printf "hookwright %s: %s\n  hint: see 'hookwright %s --help'" "$1" "$2" "$1"
}

usage_errors=(
	aply "hookwright: unknown command 'aply'
  hint: did you mean 'apply'?"
	frobnicate "hookwright: unknown command 'frobnicate'
  hint: 'hookwright --help' lists the commands"
	"''" "hookwright: unknown command ''
  hint: 'hookwright --help' lists the commands"
	polcy "hookwright: unknown command 'polcy'
  hint: did you mean 'policy'?"
	'policy chek' "hookwright: unknown command 'policy chek'
  hint: did you mean 'policy check'?"
	policy "hookwright: 'policy' needs a subcommand
  hookwright policy check   check policy files without inspecting a container
  hookwright policy test    check the examples of policies, without a container
  hookwright policy list    list the policies in the order in which they are applied
  hookwright policy show    print policies' files
  hookwright policy export  print policies in a form for engines that do not use hookwright
  hookwright policy schema  print the JSON Schema of the policy format"
	'--dry-run apply' "hookwright: unknown option '--dry-run'
  hint: options follow the command; see 'hookwright --help'"
	'apply --dryrun' "$(see apply "unknown option '--dryrun'; did you mean '--dry-run'?")"
	'apply --frobnicate=3' "$(see apply "unknown option '--frobnicate'")"
	'apply -x' "$(see apply "unknown option '-x'")"
	'apply -xn b' "$(see apply "unknown option '-x'")"
	'apply -nx b' "$(see apply "unknown option '-x'")"
	'apply --p x' "$(see apply "option '--p' may be one of --policy, --prune")"
	'apply --diff=3' "$(see apply "option '--diff' takes no argument")"
	'apply -p' "$(see apply "option '-p' needs an argument")"
	'apply b --runtime' "$(see apply "option '--runtime' needs an argument")"
	'apply b --runtime=' "$(see apply "--runtime takes a name, not ''")"
	'apply a b' "$(see apply "unexpected argument 'b'")"
	'apply -- -n -n' "$(see apply "unexpected argument '-n'")"
	'apply --diff --json' "$(see apply "--diff and --json exclude each other")"
	'revert --json --diff' "$(see revert "--diff and --json exclude each other")"
	'explain --color=blue' "$(see explain "--color takes auto, always or never, not 'blue'")"
	'explain -n' "$(see explain "unknown option '-n'")"
	'explain --diff' "$(see explain "unknown option '--diff'")"
	'revert -p x' "$(see revert "unknown option '-p'")"
	'filter x' "$(see filter "unexpected argument 'x'")"
	'oci-hook' "$(see oci-hook 'name the stage: createRuntime')"
	'policy check -p x' "$(see 'policy check' "unknown option '-p'")"
	'policy show' "$(see 'policy show' 'name the policies to show')"
	'policy list x' "$(see 'policy list' "unexpected argument 'x'")"
	'policy schema x' "$(see 'policy schema' "unexpected argument 'x'")"
)
for ((i = 0; i < ${#usage_errors[@]}; i += 2)); do
	check "hookwright ${usage_errors[i]}" misused "${usage_errors[i]}" "${usage_errors[i + 1]}"
done

no_arguments() {
	want_hw 2
	want stdout "$out" ""
	want_has stderr "$err" "usage: hookwright COMMAND [OPTION...] [ARG...]"
	want_has stderr "$err" "  policy schema "
}
check "hookwright alone shows its usage" no_arguments

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

versions() {
	local flag
	for flag in --version -V; do
		want_hw 0 "$flag"
		want "$flag" "$out$err" "hookwright ${HW_VERSION:-0.1.0}"
	done
}
check "--version" versions

abbreviations() {
	want_hw 0 explain --pol "$work/p" --col never --req=second "$work/b"
	want_has output "$out" "requested by --request"
	want_hw 0 explain "$work/b" -p "$work/p" -rsecond
	want_has output "$out" "requested by --request"
}
check "options may be abbreviated and follow the operand" abbreviations

# ---- bundles that are none ----

trouble() { # MESSAGE ARG...
	local wanted=$1
	shift
	want_hw 3 "$@"
	want stdout "$out" ""
	want stderr "$err" "$wanted"
}

no_bundle() {
	local command
	for command in apply explain revert 'apply -n'; do
		# shellcheck disable=SC2086 # two words
		trouble "$work/nowhere: the bundle does not exist
  hint: name the bundle's directory" $command "$work/nowhere"
		# shellcheck disable=SC2086 # two words
		trouble "$work/b/config.json: not a directory
  hint: name the directory that contains config.json, not the file" $command "$work/b/config.json"
	done
	trouble "the bundle does not exist
  hint: name the bundle's directory" explain -p "$work/none" ''
	trouble "$work/none: there is no config.json in this directory
  hint: name a bundle directory; 'runc spec' creates a config.json" revert "$work/none"
	cd "$work/none" || return
	trouble ".: there is no config.json in this directory
  hint: name a bundle directory; 'runc spec' creates a config.json" revert
	cd "$OLDPWD" || return
}
check "what is no bundle" no_bundle

current_directory() {
	cd "$work/b" || return
	want_hw 0 apply -n -p "$work/p"
	want stdout "$out" "config.json: would have added hook of 'touch': /bin/touch"
	want_hw 0 apply -n -p "$work/p" .
	want stdout "$out" "config.json: would have added hook of 'touch': /bin/touch"
	want_hw 0 apply -n -p "$work/p" "$work/b/"
	want stdout "$out" "$work/b/config.json: would have added hook of 'touch': /bin/touch"
	cd "$OLDPWD" || return
}
check "without an operand it is the current directory" current_directory

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

quiet() {
	cp "$work/original" "$work/c/config.json"
	want_hw 0 apply -q -p "$work/p" "$work/c"
	want output "$out$err" ""
	want_hw 0 revert -q "$work/c"
	want output "$out$err" ""
	want_hw 0 policy check -q "$work/p"
	want output "$out$err" ""
	policy "$work/refuse.yaml" 'hook: { path: /bin/absent }'
	want_hw 1 apply -q -p "$work/refuse.yaml" "$work/c"
	want stdout "$out" ""
	want_has stderr "$err" "refused: policy 'refuse'"
}
check "--quiet leaves what needs attention" quiet

esc=$'\033['
colours() {
	hw explain -p "$work/p" "$work/b"
	want_lacks "explain into a pipe" "$out" "$esc"
	hw explain --color=always -p "$work/p" "$work/b"
	want_has "explain --color=always" "$out" "$esc"
	hw explain --color=never -p "$work/p" "$work/b"
	want_lacks "explain --color=never" "$out" "$esc"
	hw apply -n --diff --color=always -p "$work/p" "$work/b"
	want_has "apply --diff --color=always" "$out" "$esc"
	hw apply -n --json --color=always -p "$work/p" "$work/b"
	want_lacks "apply --json --color=always" "$out" "$esc"
}
check "colour only where it is asked for" colours

on_terminal() { # ENVIRONMENT OPTION
	env "$1" TERM=xterm script -qec "'$HOOKWRIGHT' explain $2 -p '$work/p' '$work/b'" /dev/null \
		</dev/null
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

# ---- policy check, list, show, schema ----

sound() {
	want_hw 0 policy check "$work/p"
	want stdout "$out" "2 policies are sound"
	want_hw 0 policy check "$work/p/touch.yaml"
	want stdout "$out" "1 policy is sound"
	want_hw 0 policy check --json "$work/p"
	want json "$(jq -cS . <<<"$out")" '{"findings":[],"policies":2}'
	want_hw 0 policy check "$work/none"
	want stdout "$out" "0 policies are sound"
}
check "policy check: sound ones" sound

mkdir "$work/bad"
printf 'version: 1\nhook: { pth: /bin/true }\n' >"$work/bad/one.yaml"
printf 'version: 2\nhook: { path: /bin/true }\n' >"$work/bad/two.yaml"
printf 'version: 1\nhook: { path: bin/true }\n' >"$work/bad/three.yaml"
policy "$work/bad/good.yaml" 'hook: { path: /bin/true }'

broken() {
	local name
	want_hw 1 policy check "$work/bad"
	want stderr "$err" ""
	want_has "where" "$out" "$work/bad/one.yaml:2:9: "
	want_has "what" "$out" "did you mean 'path'?"
	for name in one two three; do
		want "how often $name is told" "$(grep -c "^$work/bad/$name.yaml:" <<<"$out")" 1
	done
	want "lines about the sound one" "$(grep -c good.yaml <<<"$out")" 0
	want_hw 1 policy check --json "$work/bad"
	want "paths in the JSON" "$(jq -r '.findings[].path' <<<"$out" | sort)" \
		"$(printf '%s\n' "$work"/bad/{one,three,two}.yaml)"
	want "members of a finding" "$(jq -c '.findings[0] | keys_unsorted' <<<"$out")" \
		'["severity","path","line","column","message","hint"]'
	# apply tells them all, too, and each once.
	want_hw 3 apply -n -p "$work/bad" "$work/b"
	want stdout "$out" ""
	for name in one two three; do
		want "how often apply tells of $name" \
			"$(grep -c "^$work/bad/$name.yaml:" <<<"$err")" 1
	done
	want_hw 3 policy list -p "$work/bad"
	want "broken files told by list" "$(grep -c "^$work/bad/.*yaml:" <<<"$err")" 3
}
check "policy check: broken ones are all told, once" broken

unreadable() {
	want_hw 3 policy check "$work/nowhere.yaml"
	want_has stdout "$out" "$work/nowhere.yaml: "
	want_hw 3 policy check --json "$work/nowhere.yaml"
	want severity "$(jq -r '.findings[0].severity' <<<"$out")" error
	mkfifo "$work/fifo.yaml"
	want_hw 1 policy check "$work/fifo.yaml"
	want_has stdout "$out" "not a regular file but a FIFO"
}
check "policy check: files that cannot be read" unreadable

warned() {
	policy "$work/warned.yaml" 'hook:' '  path: /bin/true' '  env: { LD_PRELOAD: /x.so }'
	want_hw 1 policy check "$work/warned.yaml"
	want_has stdout "$out" "$work/warned.yaml:4:"
	want_has stdout "$out" "LD_PRELOAD"
	want_hw 1 policy check --json "$work/warned.yaml"
	want severity "$(jq -r '.findings[0].severity' <<<"$out")" warning
	want sound "$(jq -r .policies <<<"$out")" 1
}
check "policy check: what changes how programs are loaded is a warning" warned

lists() {
	want_hw 0 policy list -p "$work/p"
	want "lines" "$(awk '!/^ /{ print $1, $2, $3, $4 }' <<<"$out")" \
		"touch always 20 $work/p/touch.yaml
second requested 50 $work/p/second.yaml"
	want_has description "$out" "    Leave a mark."
	want_hw 0 policy list --json -p "$work/p"
	want json "$(jq -c '.policies' <<<"$out")" "[\
{\"name\":\"touch\",\"path\":\"$work/p/touch.yaml\",\"activation\":\"always\",\"order\":20,\
\"description\":\"Leave a mark.\"},\
{\"name\":\"second\",\"path\":\"$work/p/second.yaml\",\"activation\":\"requested\",\"order\":50,\
\"description\":\"\"}]"
	want_hw 0 policy list -p "$work/none"
	want "nothing" "$out" ""
	want_has stderr "$err" "no policy"
	want_hw 0 policy list --json -p "$work/none"
	want json "$(jq -c . <<<"$out")" '{"policies":[]}'
}
check "policy list" lists

shows() {
	want_hw 0 policy show -p "$work/p" second
	want stdout "$out" "# $work/p/second.yaml
$(cat "$work/p/second.yaml")"
	want_hw 0 policy show -p "$work/p" second touch
	want "headings" "$(grep -c '^# ' <<<"$out")" 2
	want_hw 3 policy show -p "$work/p" secnd
	want stderr "$err" "policy 'secnd' does not exist
  hint: did you mean 'second'?"
	want_hw 3 policy show -p "$work/p" frobnicate
	want stderr "$err" "policy 'frobnicate' does not exist
  hint: 'hookwright policy list' shows them"
}
check "policy show" shows

schema() {
	want_hw 0 policy schema
	want draft "$(jq -r '."$schema"' <<<"$out")" "http://json-schema.org/draft-07/schema#"
	want type "$(jq -r .type <<<"$out")" object
}
check "policy schema" schema

# ---- the configuration file ----

configured() {
	printf 'version: 1\npolicies: [%s]\nruntime: crun\n' "$work/p" >"$work/config.yaml"
	want_hw 0 policy list --config "$work/config.yaml"
	want "names" "$(awk '!/^ /{ print $1 }' <<<"$out")" $'touch\nsecond'
	want_hw 0 explain --config "$work/config.yaml" "$work/b"
	want_has explain "$out" "runtime  crun"
	want_hw 0 explain --config "$work/config.yaml" --runtime runc "$work/b"
	want_has explain "$out" "runtime  runc"
	want_hw 3 apply --config "$work/absent.yaml" "$work/b"
	want_has stderr "$err" "$work/absent.yaml: "
	printf 'version: 1\npolices: []\n' >"$work/config.yaml"
	want_hw 3 apply --config "$work/config.yaml" "$work/b"
	want_has stderr "$err" "$work/config.yaml:2:1: "
	want_has stderr "$err" "did you mean 'policies'?"
}
check "--config" configured
done_testing
