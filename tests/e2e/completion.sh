#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Completion in the shells themselves: bash, zsh and fish say the same.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

scripts=$top/cmd/completion
mkdir -p "$work/bin" "$work/home" "$work/here/bundle-dir" "$work/zsh"
ln -s "$HOOKWRIGHT" "$work/bin/hookwright"
ln -s "$scripts/hookwright.zsh" "$work/zsh/_hookwright"
touch "$work/here/bundle-file.yaml"
export PATH=$work/bin:$PATH HOME=$work/home

# What is typed, and all that can stand there, in the order of their bytes.
cases=(
	"hookwright exp|explain"
	"hookwright po|podman policy"
	"hookwright vers|version"
	"hookwright policy sh|show"
	"hookwright policy nonesuch x|"
	"hookwright apply --d|--diff --dry-run"
	"hookwright apply --dr|--dry-run"
	"hookwright policy check --reco|"
	"hookwright lint --fail-on w|warning"
	"hookwright explain --color a|always auto"
	"hookwright explain -f j|json"
	"hookwright lint -f j|json junit"
	"hookwright lint --runtime k|kata"
	"hookwright apply --runtime ru|runc runsc"
	"hookwright lint --arch amd|amd64"
	"hookwright lint --explain HW201|HW201"
	"hookwright lint --ignore program-miss|program-missing"
	"hookwright setup crio --form x|"
	"hookwright setup containerd --form 1|1.7"
	"hookwright setup pod|podman"
	"hookwright policy export --to c|cdi"
	"hookwright oci-hook c|createRuntime"
	"hookwright schema policy-l|policy-list"
	"hookwright help expl|explain"
	"hookwright help policy sc|schema"
	"hookwright podman run --oci|--oci-hook"
	"hookwright podman container create --oci|--oci-hook"
	"hookwright apply bundle-f|bundle-file.yaml"
	"hookwright lint --settings bundle-f|bundle-file.yaml"
)

# The candidates for a line, one a line, by each shell.
by_bash() {
	bash --norc -c '
		. "$1"
		read -ra COMP_WORDS <<<"$2"
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_hookwright
		printf "%s\n" "${COMPREPLY[@]}"' bash "$scripts/hookwright.bash" "$1"
}

by_fish() {
	fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$scripts/hookwright.fish" "$1" |
		cut -f1
}

each() { # SHELL
	local entry said
	cd "$work/here" || return
	for entry in "${cases[@]}"; do
		said=$("by_$1" "${entry%%|*}" 2>&1 | sed '/^$/d' | LC_ALL=C sort | paste -sd ' ')
		want "after '${entry%%|*}'" "$said" "${entry#*|}"
	done
	want_ok test "${#cases[@]}" -ge 25
}

values_after_equals() {
	cd "$work/here" || return
	want "words of bash" "$(bash --norc -c '. "$1"; COMP_WORDS=(hookwright lint --fail-on = w)
		COMP_CWORD=4; _hookwright; echo "${COMPREPLY[@]}"' bash "$scripts/hookwright.bash")" warning
}
check "bash" each bash
check "bash: --option=value" values_after_equals

if command -v fish >/dev/null; then
	check "fish" each fish
else
	skip "fish" "fish is not installed"
fi

# zsh completes in its line editor only: a terminal of its own types, and shows what became of it.
cat >"$work/type.zsh" <<'ZSH'
zmodload zsh/zpty
zpty w "TERM=dumb zsh -f -i"
zpty -w w "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; setopt no_beep no_auto_menu no_auto_list"
zpty -w w 'show() { zle complete-word; print -r -- "<<$BUFFER>>"; BUFFER=; }; zle -N show; bindkey "^I" show; PS1=; print READY$((1+1))'
zpty -r -m w REPLY '*READY2*'
while IFS= read -r line; do
	zpty -w -n w "$line"$'\t'
	zpty -r -m w REPLY '*<<*>>*' || break
	REPLY=${REPLY##*<<}
	print -r -- "${REPLY%%>>*}"
	zpty -w w ''
done
zpty -d w
ZSH

# zsh inserts what is certain: the one candidate, or what all begin with.
zsh_inserts() {
	local entry line want
	local -a candidates
	cd "$work/here" || return
	for entry in "${cases[@]}" "hookwright lint --fail-on=w|--fail-on=warning"; do
		read -ra candidates <<<"${entry#*|}"
		[ ${#candidates[@]} = 1 ] || continue
		printf '%s\n' "${entry%%|*}" >>"$work/typed"
		line=${entry%%|*}
		printf '%s\n' "${line% *} ${candidates[0]}" >>"$work/wanted"
	done
	timeout 60 zsh -f "$work/type.zsh" "$work/zsh" <"$work/typed" 2>&1 | tr -d '\r' |
		sed 's/ *$//' >"$work/said"
	want "lines" "$(<"$work/said")" "$(<"$work/wanted")"
	want_ok test "$(wc -l <"$work/wanted")" -ge 20
}
if command -v zsh >/dev/null; then
	check "zsh" zsh_inserts
else
	skip "zsh" "zsh is not installed"
fi
done_testing
