#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The options of 'run' that the front knows (cmd/front/run-options-table.h) against what each engine
# that is here lists itself. The table may have more: those of other versions.
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

table=$(dirname "$0")/../../cmd/front/run-options-table.h

known() { # ENGINE: "--name letter value" of the table
	sed -nE "s/^RUN_OPTION\((\"--[a-z0-9-]+\"), ('.'|0), ([A-Z| ]*$1[A-Z| ]*), (true|false)\)/\1 \2 \4/p" "$table" |
		tr -d "\"'" | sort
}

listed() { # ENGINE VERB: the same of its --help
	"$1" "$2" --help 2>/dev/null |
		sed -nE 's/^ {2,6}(-(.), )?(--[a-z0-9-]+)( [^ ]+)?( .*)?$/\3 \20 \4/p' |
		while read -r name letter value; do
			[ "$letter" = 0 ] || letter=${letter%0}
			case $value in '' | *'[='*) value=false ;; *) value=true ;; esac
			echo "$name $letter $value"
		done | sort
}

compare() { # ENGINE
	local verb
	for verb in run create; do
		is "$(listed "$1" $verb | wc -l | sed 's/^[1-9][0-9]*$/some/')" some "$1 $verb: it lists options"
		is "$(comm -23 <(listed "$1" $verb) <(known "${1^^}"))" "" "$1 $verb: the table has each of them"
	done
}

for each in podman docker; do
	if command -v $each >/dev/null; then
		compare $each
	else
		echo "# no $each"
	fi
done
done_testing
