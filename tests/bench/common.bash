# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Sourced after lib.sh by the benchmarks. $fast is a directory in memory.

fast=$work/tmpfs
mkdir "$fast"
if ! mount -t tmpfs tmpfs "$fast" 2>/dev/null; then
	echo "bench: cannot mount a tmpfs (no root?), measuring on $work" >&2
fi
"${CC:-cc}" -O2 -o "$work/peak" "$top/tests/bench/peak.c" || exit 1

# times FILE PREPARE COMMAND...: hyperfine's median and minimum in seconds, a line for each command
times() {
	local file=$1 prepare=$2
	shift 2
	hyperfine -N --style none --warmup "${warmup:-20}" --min-runs "$runs" --prepare "$prepare" \
		--export-json "$file" "$@" >/dev/null 2>"$work/hyperfine.err" || {
		cat "$work/hyperfine.err" >&2
		exit 1
	}
	/usr/bin/python3 -c '
import json, sys
for r in json.load(open(sys.argv[1]))["results"]:
    print(r["median"], r["min"])' "$file"
}

calc() { awk "BEGIN { printf \"%$1\", $2 }"; }

row() { # WHAT TARGET MEDIAN BEST UNIT
	printf '%-48s %8s %8s %8s %-5s %s\n' "$1" "$2" "$3" "$4" "$5" \
		"$(awk "BEGIN { print ($3 <= $2) ? \"\" : ($4 <= $2) ? \"missed, at best met\" : \"missed\" }")"
}

row_at_least() { # WHAT TARGET MEDIAN BEST UNIT
	printf '%-48s %8s %8s %8s %-5s %s\n' "$1" "$2" "$3" "$4" "$5" \
		"$(awk "BEGIN { print ($3 >= $2) ? \"\" : ($4 >= $2) ? \"missed, at best met\" : \"missed\" }")"
}
