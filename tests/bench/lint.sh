#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# As bench.sh: lint, on small bundles whose hook is a dynamic ELF file.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/bench/common.bash
. "$(dirname "$0")/common.bash"

make="/usr/bin/python3 $top/tests/bench/make-bundles.py"
lint="$HOOKWRIGHT lint --quiet --no-settings --no-policies --follow"

dynamic_bundle "$fast/one"
# shellcheck disable=SC2086 # commands with arguments
{
	$lint "$fast/one" || exit 1
	$make "$fast/one" "$fast/few" 100 || exit 1
	$make "$fast/one" "$fast/many" 10000 || exit 1
}

printf '%-48s %8s %8s %8s\n' "lint" target median best
warmup=1 runs=5
{
	read -r one_time one_best one_cpu
	read -r two_time two_best two_cpu
} < <(times - - "$lint -j 1 --recursive $fast/many" "$lint -j 2 --recursive $fast/many")
row_at_least "lint, 10,000 bundles, -j 1" 2000 "$(calc .0f "10000 / $one_time")" \
	"$(calc .0f "10000 / $one_best")" "a second"
# Other processes do not count here.
rate=$(calc .0f "10000 / $one_cpu")
row_at_least "... by its processor time" 2000 "$rate" "$rate" "a second"
row_at_least "lint, -j 2 against -j 1" 1.7 "$(calc .2f "$one_time / $two_time")" \
	"$(calc .2f "$one_best / $two_best")" times
gain=$(calc .2f "2 * $one_cpu / $two_cpu")
row_at_least "... if both processors were its own" 1.7 "$gain" "$gain" times

# shellcheck disable=SC2086 # commands with arguments
for jobs in 1 2; do
	few=$("$work/peak" $lint -j $jobs --recursive "$fast/few") || exit 1
	many=$("$work/peak" $lint -j $jobs --recursive "$fast/many") || exit 1
	ratio=$(calc .2f "$many / $few")
	row "lint -j $jobs, peak of 10,000 to 100 bundles ($few KiB)" 1.1 "$ratio" "$ratio" times
done

# growth NAME COMMAND: COMMAND with 1, 10, 100 and 1,000 in place of @
growth() {
	local n median best
	local -a each=()
	for n in 1 10 100 1000; do
		read -r median best _ < <(times - - "${2//@/$n}")
		each+=("$(calc .2f "$median * 1000")")
	done
	# What a tenfold number costs more, from 100 to 1,000 against from 10 to 100.
	printf '%-20s %10s %10s %10s %10s %14s\n' "$1" "${each[@]}" \
		"$(calc .1f "(${each[3]} - ${each[2]}) / (${each[2]} - ${each[1]} + 0.001)")"
}

printf '\n%-20s %10s %10s %10s %10s %14s\n' "lint, ms with" 1 10 100 1000 "growth (10)"
warmup=5 runs=20
for what in hooks mounts policies; do
	# shellcheck disable=SC2086 # a command with arguments
	$make "$fast/one" "$fast" $what || exit 1
done
growth hooks "$lint $fast/hooks-@"
growth mounts "$lint $fast/mounts-@"
growth policies "$HOOKWRIGHT lint --quiet --no-settings --fail-on error -p $fast/policies-@ $fast/one"
