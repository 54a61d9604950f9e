#compdef hookwright
# SPDX-License-Identifier: Apache-2.0
# Completion of hookwright for zsh. The program itself knows its words: cmd/complete.c.

_hookwright() {
	local line engine=
	local -a described

	for line in "${(@f)$(hookwright __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
		case $line in
		'') ;;
		:files) _files ;;
		:dirs) _files -/ ;;
		:engine) engine=yes ;;
		*) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
		esac
	done
	(( ${#described} )) && _describe -V 'hookwright' described
	[[ -z $engine ]] && return
	shift words
	(( CURRENT-- ))
	_normal
}

_hookwright "$@"
