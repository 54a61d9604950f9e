#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: work.sh [NAME...]
# What hostile inputs of three sizes cost, against the targets: processor time and memory of the
# command that takes most, and how the time grows with the size. The status is 1 if one is missed.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/bench/common.bash
. "$(dirname "$0")/common.bash"
# shellcheck source=tests/bench/work.bash
. "$(dirname "$0")/work.bash"

seconds_most=1 kib_most=65536 growth_most=2.3 noise=0.02
runs=3 missed=0

# measure NAME N: "SECONDS KIB COMMAND" of the worst, in $took
measure() {
	rm -rf "$fast/h"
	$hostile "$1" "$2" "$fast/h" || exit 1
	took=$(costs $runs "$fast/h" | awk '
		$3 >= seconds { seconds = $3; what = $1 }
		$4 > kib { kib = $4 }
		$2 > 3 { what = $1 ":" $2 }
		END { print seconds, kib, what }')
}

verdict() { # T1 T2 T4 KIB COMMAND
	awk -v a="$1" -v b="$2" -v c="$3" -v kib="$4" -v what="$5" -v noise=$noise \
		-v growth=$growth_most -v seconds=$seconds_most -v most=$kib_most 'BEGIN {
		one = b > noise && a > 0 ? b / a : 1
		two = c > noise && b > 0 ? c / b : 1
		worst = one > two ? one : two
		printf "%6.2f %6.1f  ", worst, kib / 1024
		if (c > seconds || b > seconds || a > seconds) printf "missed: time "
		if (kib > most) printf "missed: memory "
		if (worst > growth) printf "missed: growth "
		if (what ~ /:/) printf "failed: %s", what
		print ""
	}'
}

printf '%-20s %8s %8s %8s %8s %6s %6s  %s\n' "hostile input" "4n" "ms, n" 2n 4n growth MiB ""
while read -r name n what; do
	[ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
	each=() worst=0
	for factor in 1 2 4; do
		measure "$name" $((factor * n))
		read -r seconds kib command <<<"$took"
		each+=("$seconds")
		[ "$kib" -lt "$worst" ] || worst=$kib
	done
	line=$(verdict "${each[@]}" "$worst" "$command")
	printf '%-20s %8d %8.1f %8.1f %8.1f %s%s\n' "$name" $((4 * n)) \
		"$(calc .4f "${each[0]} * 1000")" "$(calc .4f "${each[1]} * 1000")" \
		"$(calc .4f "${each[2]} * 1000")" "$line" "$what ($command)"
	case $line in *missed* | *failed*) missed=$((missed + 1)) ;; esac
done < <($hostile --list)
echo "$missed missed; targets: $seconds_most s, $((kib_most / 1024)) MiB, growth $growth_most for twice the size"
[ "$missed" = 0 ]
