#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: compare.sh DIRECTORY REV
# The programs here against those of a commit, which is built below DIRECTORY, in one run: processor
# instructions, which are exact, and times beside those of a second copy of the programs here.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
# shellcheck source=tests/bench/common.bash
. "$(dirname "$0")/common.bash"

directory=${1:?} rev=${2:?}
hash=$(git -C "$top" rev-parse --verify --quiet "$rev^{commit}") || {
	echo "bench: $rev is not a commit of this repository" >&2
	exit 2
}
old=$directory/$hash
new=$(dirname "$HOOKWRIGHT")

build() {
	[ -x "$old/build/hookwright-runtime" ] && return
	rm -rf "$old" && mkdir -p "$old" && git -C "$top" archive "$hash" | tar -x -C "$old" &&
		MAKEFLAGS='' make -s -C "$old" -j"$(nproc)" O=build all >&2
}
build || { echo "bench: cannot build $rev" >&2; exit 1; }
mkdir "$fast/again" && cp "$new/hookwright" "$new/hookwright-runtime" "$fast/again" || exit 1

# ---- what is called ----

dynamic_bundle "$fast/one"
/usr/bin/python3 "$top/tests/bench/make-bundles.py" "$fast/one" "$fast/many" 100 || exit 1
mkdir "$fast/policies"
for i in 0 1 2 3 4 5 6 7 8 9; do
	policy "$fast/policies/policy-$i.yaml" 'hook: { path: /bin/env }'
done
policy "$fast/one.yaml" 'hook: { path: /bin/env }'
# Executable, and no format that the kernel knows: the wrapper's last call fails, and it is counted
# whole, because valgrind loses what was before an execve that succeeds.
: >"$fast/counted" && chmod 755 "$fast/counted"
for runtime in /bin/true "$fast/counted"; do
	printf 'version: 1\nruntime: %s\npolicies: %s\n' "$runtime" "$fast/policies" \
		>"$fast/${runtime##*/}.yaml"
done
cp "$fast/one/config.json" "$fast/original"

# Of @ the directory of the programs; of % the runtime's configuration.
names=("apply, one policy" "runtime state" "runtime create, ten policies" "lint, 100 bundles"
	"explain")
calls=("@/hookwright apply --no-sync -q -p $fast/one.yaml $fast/one"
	"@/hookwright-runtime --hookwright-config % state x"
	"@/hookwright-runtime --hookwright-config % create --bundle $fast/one x"
	"@/hookwright lint --quiet --no-settings --no-policies --follow -j 1 --recursive $fast/many"
	"@/hookwright explain -p $fast/policies $fast/one")

# instructions DIRECTORY CALL
instructions() {
	local call=${2//@/$1}
	cp "$fast/original" "$fast/one/config.json"
	# shellcheck disable=SC2086 # words
	valgrind --tool=callgrind --callgrind-out-file=/dev/null ${call//%/$fast/counted.yaml} \
		2>&1 >/dev/null | sed -n 's/.*Collected : //p'
}

# ratio NAME NEW OLD
ratio() {
	printf '%-32s %12s %12s %8s\n' "$1" "$2" "$3" "$(calc .4f "$2 / $3")"
}

printf '%-32s %12s %12s %8s\n' "instructions" "here" "${hash:0:10}" ratio
for i in "${!calls[@]}"; do
	ratio "${names[i]}" "$(instructions "$new" "${calls[i]}")" "$(instructions "$old/build" "${calls[i]}")"
done

printf '\n%-32s %12s %12s %8s\n' "best time, ms" "here" "${hash:0:10}" ratio
for i in "${!calls[@]}"; do
	call=${calls[i]//%/$fast/true.yaml} runs=200 warmup=5
	case $call in *lint*) runs=15 ;; esac
	{
		read -r _ here _
		read -r _ there _
		read -r _ again _
	} < <(times "$fast/original" "$fast/one/config.json" "${call//@/$new}" "${call//@/$old/build}" \
		"${call//@/$fast/again}")
	ratio "${names[i]}" "$(calc .3f "$here * 1000")" "$(calc .3f "$there * 1000")"
	ratio "... a copy of the same program" "$(calc .3f "$again * 1000")" "$(calc .3f "$here * 1000")"
done
