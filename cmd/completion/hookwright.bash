# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Completion of hookwright for bash. The program itself knows its words: cmd/complete.c.

_hookwright() {
	local current=${COMP_WORDS[COMP_CWORD]} word line
	local -a words=()

	# bash makes a word of its own of the '=' in --option=value.
	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		[ "$word" = = ] || words+=("$word")
	done
	if [ "$current" = = ]; then
		current=
		words+=("")
	fi
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files)
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
			;;
		:dirs)
			compopt -o filenames 2>/dev/null
			mapfile -t COMPREPLY < <(compgen -d -- "$current")
			;;
		:engine)
			local -a own=("${COMPREPLY[@]}")
			if declare -F _command_offset >/dev/null; then
				_command_offset 1
				COMPREPLY+=("${own[@]}")
			fi
			;;
		*) COMPREPLY+=("${line%%$'\t'*}") ;;
		esac
	done < <(hookwright __complete "${words[@]}" 2>/dev/null)
}
complete -F _hookwright hookwright
