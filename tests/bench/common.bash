# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Sourced after lib.sh by the benchmarks. $fast is a directory in memory.

fast=$work/tmpfs
mkdir "$fast"
if ! mount -t tmpfs tmpfs "$fast" 2>/dev/null; then
	echo "bench: cannot mount a tmpfs (no root?), measuring on $work" >&2
fi
for name in peak rounds; do
	"${CC:-cc}" -O2 -D_GNU_SOURCE -o "$work/$name" "$top/tests/bench/$name.c" || exit 1
done

# times FROM TO COMMAND...: median, minimum and processor time in seconds, a line for each command.
# They run in turn, $runs times; before each run FROM is copied over TO ("-" "-": nothing is).
times() {
	"$work/rounds" "${warmup:-20}" "$runs" "$@" || exit 1
}

calc() { awk "BEGIN { printf \"%$1\", $2 }"; }

row() { # WHAT TARGET MEDIAN BEST UNIT; TARGET "-": none
	local target=${2/#-/1000000}
	printf '%-48s %8s %8s %8s %-5s %s\n' "$1" "$2" "$3" "$4" "$5" \
		"$(awk "BEGIN { print ($3 <= $target) ? \"\" : ($4 <= $target) ? \"missed, at best met\" : \"missed\" }")"
}

row_at_least() { # WHAT TARGET MEDIAN BEST UNIT
	printf '%-48s %8s %8s %8s %-5s %s\n' "$1" "$2" "$3" "$4" "$5" \
		"$(awk "BEGIN { print ($3 >= $2) ? \"\" : ($4 >= $2) ? \"missed, at best met\" : \"missed\" }")"
}

# As little as a dynamic program needs: /bin/env, its loader, its libraries and their cache.
dynamic_bundle() { # DIR
	local file
	mkdir -p "$1/rootfs"/{bin,etc,proc,dev}
	cp "$(command -v env)" "$1/rootfs/bin/env"
	for file in $(ldd "$(command -v env)" | grep -o '/[^ ]*'); do
		mkdir -p "$1/rootfs${file%/*}"
		cp -L "$file" "$1/rootfs$file"
	done
	ldconfig -r "$1/rootfs" 2>/dev/null
	HOOKS=', "hooks": { "startContainer": [ { "path": "/bin/env", "args": ["env"],
		"env": ["PATH=/bin"] } ] }' config_json "$1" /bin/env
}
