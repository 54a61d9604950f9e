# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Completion of hookwright for bash. The program itself lists its commands and options.

# The help lists "  apply ..." and "  policy check ...".
_hookwright_commands() {
	hookwright --help 2>/dev/null | awk '/^  [a-z]/ { print $1 }' | sort -u
}

_hookwright_policy_commands() {
	hookwright --help 2>/dev/null | awk '/^  policy / { print $2 }'
}

# From "  -p, --policy=FILE|DIR  ..." and "      --json  ...".
_hookwright_options() {
	hookwright "$@" --help 2>/dev/null | sed -n 's/^  *\(-[a-z], \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

_hookwright_policies() {
	hookwright policy list 2>/dev/null | sed 's/[[:blank:]].*//'
}

# Ids and names, from "HW101  error    bundle-unreadable  ...".
_hookwright_rules() {
	hookwright lint --rules 2>/dev/null | awk '{ print $1; print $3 }'
}

# From the message that lists them.
_hookwright_archs() {
	hookwright lint --arch '' 2>&1 | sed -n 's/.*--arch takes \(.*\), not .*/\1/p' | sed 's/,//g; s/ or / /'
}

_hookwright_words() { # WORDS CURRENT
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# The list of 'setup' alone: "  podman      conf          /etc/..." and, next, "              precreate ...".
_hookwright_engines() {
	hookwright setup 2>/dev/null | awk 'NR > 1 && /^  [a-z]/ { print $1 }'
}

_hookwright_forms() { # WORD...
	hookwright setup 2>/dev/null | awk -v words=" $* " 'NR > 1 {
		if (/^  [a-z]/) engine = $1
		if (index(words, " " engine " ")) print substr($0, 15, 13)
	}'
}

# An engine's words are completed by the engine's own completion, if there is one.
_hookwright_engine() { # PREVIOUS CURRENT
	case $1 in
	--oci-hook) _hookwright_words "$(_hookwright_policies)" "$2" && return ;;
	run | create) [[ --oci-hook != "$2"* || $2 != -* ]] || COMPREPLY=(--oci-hook) ;;
	esac
	local -a own=("${COMPREPLY[@]}")
	if declare -F _command_offset >/dev/null; then
		_command_offset 1
		COMPREPLY+=("${own[@]}")
	fi
}

_hookwright() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} second=${COMP_WORDS[2]-} words
	local -a path=("$command")

	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		if [[ $current == -* ]]; then
			_hookwright_words "--help --version" "$current"
		else
			_hookwright_words "$(_hookwright_commands)" "$current"
		fi
		return
	fi
	if [[ $command =~ ^(docker|nerdctl|podman)$ ]]; then
		_hookwright_engine "$previous" "$current"
		return
	fi
	if [ "$command" = policy ]; then
		if [ "$COMP_CWORD" -eq 2 ]; then
			_hookwright_words "$(_hookwright_policy_commands)" "$current"
			return
		fi
		path+=("$second")
	fi
	case $previous in
	--runtime)
		[[ $command =~ ^(lint|doctor)$ ]] && words="any runc crun youki runsc kata" || words="runc crun"
		_hookwright_words "$words" "$current"
		;;
	--form) _hookwright_words "$(_hookwright_forms "${COMP_WORDS[@]}")" "$current" ;;
	--color) _hookwright_words "auto always never" "$current" ;;
	--fail-on) _hookwright_words "error warning note" "$current" ;;
	--format | -f)
		[ "$command" = explain ] && _hookwright_words "text json svg" "$current" && return
		_hookwright_words "text json sarif junit github gcc checkstyle codeclimate html" "$current"
		;;
	--ignore | --explain) _hookwright_words "$(_hookwright_rules)" "$current" ;;
	--arch) _hookwright_words "$(_hookwright_archs)" "$current" ;;
	--runtime-version | --jobs | -j) ;;
	--to) _hookwright_words "oci-hooks cdi" "$current" ;;
	--request | -r) _hookwright_words "$(_hookwright_policies)" "$current" ;;
	--policy | -p | --config | --settings | --output | -o) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
	*)
		if [[ $current == -* ]]; then
			_hookwright_words "$(_hookwright_options "${path[@]}")" "$current"
		elif [ "$command" = setup ]; then
			_hookwright_words "$(_hookwright_engines)" "$current"
		elif [ "${path[*]}" = "policy show" ] || [ "${path[*]}" = "policy export" ]; then
			_hookwright_words "$(_hookwright_policies)" "$current"
		elif [[ ${path[*]} =~ ^(policy check|policy test|lint|doctor)$ ]]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
		else
			mapfile -t COMPREPLY < <(compgen -d -- "$current")
		fi
		;;
	esac
}
complete -o filenames -F _hookwright hookwright
