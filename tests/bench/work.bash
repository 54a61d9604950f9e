# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Sourced after lib.sh by what measures hostile inputs: those of hostile.py, looked at by every
# command that takes a bundle.

hostile="/usr/bin/python3 $top/tests/bench/hostile.py"
program=${HW_PLAIN:-$HOOKWRIGHT} # sanitizers take what they take
"${CC:-cc}" -O2 -D_GNU_SOURCE -o "$work/cost" "$top/tests/bench/cost.c" || exit 1

# costs RUNS DIR: a line for each command, "WHAT STATUS SECONDS KIB"
costs() {
	local runs=$1 dir=$2
	local -a policy=(-p "$dir/policy.yaml") hooks=()
	if [ -e "$dir/log" ]; then
		echo "doctor $("$work/cost" "$runs" "$program" doctor "$dir/log")"
		return
	fi
	[ ! -e "$dir/hooks.d" ] || hooks=(--hooks-dir "$dir/hooks.d")
	printf 'version: 1\nruntime: /bin/true\npolicies: %s\n' "$dir/policy.yaml" >"$dir/config.yaml"
	echo "lint $("$work/cost" "$runs" "$program" lint --no-settings --no-policies "$dir")"
	echo "apply $("$work/cost" "$runs" "$program" apply -n "${hooks[@]}" "${policy[@]}" "$dir")"
	echo "explain $("$work/cost" "$runs" "$program" explain "${hooks[@]}" "${policy[@]}" "$dir")"
	echo "wrapper $("$work/cost" "$runs" "$program-runtime" --hookwright-config \
		"$dir/config.yaml" create --bundle "$dir" x)"
}
