# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Sourced by the end-to-end scripts, the demo and the benchmark:
#
#	#!/bin/bash
#	. "$(dirname "$0")/lib.sh"
#	make_bundle "$work/b" /bin/sh -c 'echo hello'
#	hw apply "$work/b" -p "$work/p.yaml"
#	is "$status" 0 "apply succeeds"
#	done_testing
#
# HW_ONLY=PATTERN leaves only the cases that have PATTERN, a shell pattern, somewhere in their name.
#
# As root the script runs in a mount namespace of its own, in which runc and crun work (they are
# particular about / and /sys/fs/cgroup) and whose mounts vanish with it, also in a chroot. $work is a directory that
# is removed at the end.
set -u
shopt -s nullglob
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
HOOKWRIGHT=${HOOKWRIGHT:-$top/build/hookwright}
HW_VERSION=${HW_VERSION:-$(sed -n 's/^VERSION *:= *//p' "$top/Makefile")}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# --- the namespace -----------------------------------------------------------------------------

# Start this script again in a mount namespace of its own; see enter.c.
enter_namespace() {
	local enter=${HW_ENTER:-$top/build/tests/e2e/enter}
	export HW_NAMESPACE=1
	if [ ! -x "$enter" ]; then
		enter=$(mktemp) && "${CC:-cc}" -D_GNU_SOURCE -o "$enter" "$top/tests/e2e/enter.c" || exit 2
		export HW_NAMESPACE=$enter
	fi
	exec "$enter" /bin/bash "$(realpath "$0")" "$@"
}

# crun refuses a hybrid host; without the v2 hierarchy it is a plain v1 host, which both like.
# Where nothing is mounted (a chroot), mount what the kernel has.
prepare_cgroups() {
	local at=/sys/fs/cgroup controllers name
	umount $at/unified 2>/dev/null
	case $(stat -f -c %T $at 2>/dev/null) in
	cgroup2fs | tmpfs) return ;;
	esac
	mount -t tmpfs -o mode=755 tmpfs $at 2>/dev/null || return
	while IFS=: read -r _ controllers _; do
		name=${controllers#name=}
		[ -n "$name" ] || continue
		mkdir -p "$at/$name"
		[ "$name" = "$controllers" ] || controllers=none,$controllers
		mount -t cgroup -o "$controllers" cgroup "$at/$name" 2>/dev/null || rmdir "$at/$name"
	done </proc/self/cgroup
	if [ -z "$(ls $at)" ]; then
		umount $at
		mount -t cgroup2 cgroup2 $at 2>/dev/null
	fi
}

if [ "$(id -u)" = 0 ] && [ -z "${HW_NAMESPACE-}" ]; then
	enter_namespace "$@"
fi
[ "${HW_NAMESPACE:-1}" = 1 ] || rm -f "$HW_NAMESPACE"

work=$(mktemp -d "${TMPDIR:-/tmp}/hookwright.XXXXXX") || exit 2
work=$(realpath "$work")
chmod 755 "$work"
containers=()

clean_up() {
	local each
	for each in ${containers[@]+"${containers[@]}"}; do
		"${each%%:*}" --root "$work/run-${each%%:*}" delete --force "${each#*:}" 2>/dev/null
	done
	# What a test mounted below its directory must not be emptied.
	awk -v at="$work/" 'index($5, at) == 1 { print $5 }' /proc/self/mountinfo 2>/dev/null |
		sort -r | while read -r each; do umount -l "$each" 2>/dev/null; done
	# Runtimes leave some, which a run that was killed cannot remove, and crun plain files where
	# "unified" is no mount.
	find /sys/fs/cgroup -depth -path "*/unified/hw-$$-*" -type f -exec rm -f {} + 2>/dev/null
	find /sys/fs/cgroup -depth -type d -path "*/hw-$$-*" -exec rmdir {} + 2>/dev/null
	chmod -R u+rwX "$work" 2>/dev/null
	rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
[ -z "${HW_NAMESPACE-}" ] || prepare_cgroups

# Tests run the program as another user, too; a tree below /root is closed to that one.
open_to_others() { # VARIABLE: a program's path; the wrapper beside it comes along
	local copy=$work/$1/hookwright
	[ -x "${!1-}" ] && [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || return
	setpriv --reuid 65534 --regid 65534 --clear-groups test -x "${!1}" && return
	mkdir "$work/$1" && cp "${!1}" "$copy" || return
	[ ! -x "${!1}-runtime" ] || cp "${!1}-runtime" "$copy-runtime"
	printf -v "$1" '%s' "$copy"
}
open_to_others HOOKWRIGHT
open_to_others HW_PLAIN

# --- results -----------------------------------------------------------------------------------

tests=0

# chosen NAME: whether HW_ONLY leaves this case
chosen() {
	# shellcheck disable=SC2053 # a pattern
	[[ -z ${HW_ONLY-} || $1 == *$HW_ONLY* ]]
}

# result STATUS NAME [LINE...]: the lines are shown when it failed
result() {
	local how=$1 name=$2
	shift 2
	chosen "$name" || return 0
	tests=$((tests + 1))
	if [ "$how" = 0 ]; then
		echo "ok $tests - $name"
		return
	fi
	[ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/# /'
	echo "not ok $tests - $name"
}

# ok NAME COMMAND...: the command succeeds
ok() {
	local name=$1 got how
	shift
	got=$("$@" 2>&1)
	how=$?
	result $how "$name" "status $how of: $*" "$got"
}

# nok NAME COMMAND...: the command fails
nok() {
	local name=$1 got
	shift
	if got=$("$@" 2>&1); then
		result 1 "$name" "succeeded: $*" "$got"
	else
		result 0 "$name"
	fi
}

# is GOT WANT NAME: equal texts
is() {
	[ "$1" = "$2" ]
	result $? "$3" "got:" "$1" "want:" "$2"
}

# has TEXT PART NAME: the text has that part
has() {
	[[ $1 == *"$2"* ]]
	result $? "$3" "got:" "$1" "want, somewhere in it:" "$2"
}

# lacks TEXT PART NAME: the text does not have that part
lacks() {
	[[ $1 != *"$2"* ]]
	result $? "$3" "got:" "$1" "want nowhere in it:" "$2"
}

# like TEXT ERE NAME: the text matches
like() {
	[[ $1 =~ $2 ]]
	result $? "$3" "got:" "$1" "want a match of:" "$2"
}

# skip NAME REASON
skip() {
	chosen "$1" || return 0
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# The last line of every script: a script that dies before it has no plan and counts as failed.
done_testing() {
	[ "$tests" != 0 ] || [ -z "${HW_ONLY-}" ] || echo "# no case matches $HW_ONLY"
	echo "1..$tests"
	exit 0
}

# --- the program -------------------------------------------------------------------------------

# hw ARG...: sets status, out (stdout) and err (stderr)
# shellcheck disable=SC2034 # for the scripts
hw() {
	"$HOOKWRIGHT" "$@" >"$work/hw.out" 2>"$work/hw.err" </dev/null
	status=$?
	out=$(cat "$work/hw.out")
	err=$(cat "$work/hw.err")
}

# policy FILE LINE...: write a policy; "version: 1" goes before the lines
policy() {
	local file=$1
	shift
	printf '%s\n' 'version: 1' "$@" >"$file"
}

# --- bundles -----------------------------------------------------------------------------------

# shellcheck source=tests/e2e/bundles.bash
. "$top/tests/e2e/bundles.bash"

# --- containers --------------------------------------------------------------------------------

# A pipe that ends at once is the standard input of a runtime: crun 1.8 gives what it has there to the
# container's user, and /dev/null is the host's.
nothing() { :; }

# run_container RUNTIME BUNDLE: 'RUNTIME run'. Sets status and out (stdout and stderr).
run_container() {
	local runtime=$1 id="hw-$$-${#containers[@]}"
	containers+=("$runtime:$id")
	out=$(nothing | timeout -k 5 60 "$runtime" --root "$work/run-$runtime" run --bundle "$2" "$id" 2>&1)
	status=$?
	"$runtime" --root "$work/run-$runtime" delete --force "$id" >/dev/null 2>&1
}
run_runc() { run_container runc "$@"; }
run_crun() { run_container crun "$@"; }

# create_start RUNTIME BUNDLE: 'RUNTIME create' and 'start', then wait until it has stopped. Sets
# create_status, start_status and out (what both and the container printed).
# shellcheck disable=SC2034 # for the scripts
create_start() {
	local runtime=$1 id="hw-$$-${#containers[@]}" i
	local -a base=("$runtime" --root "$work/run-$runtime")
	containers+=("$runtime:$id")
	start_status=none
	timeout -k 5 60 "${base[@]}" create --bundle "$2" "$id" < <(nothing) >"$work/container.out" 2>&1
	create_status=$?
	if [ "$create_status" = 0 ]; then
		timeout -k 5 60 "${base[@]}" start "$id" < <(nothing) >>"$work/container.out" 2>&1
		start_status=$?
		for ((i = 0; i < 200; i++)); do
			"${base[@]}" state "$id" 2>/dev/null | grep -q '"status": *"stopped"' && break
			sleep 0.05
		done
	fi
	out=$(cat "$work/container.out")
	"${base[@]}" delete --force "$id" >/dev/null 2>&1
}

# works RUNTIME: whether it, a name or a path, can run a container here; sets why if not
works() {
	local state="works_${1//[!a-z0-9]/_}"
	if [ -z "${!state-}" ]; then
		printf -v "$state" '%s' "$(try_runtime "$1")"
		containers+=("$1:hw-$$-${#containers[@]}")
	fi
	why=${!state}
	[ "$why" = yes ]
}

try_runtime() {
	if [ "$(id -u)" != 0 ]; then
		echo "running containers needs root"
	elif ! command -v "$1" >/dev/null; then
		echo "$1 is not installed"
	elif ! command -v busybox >/dev/null; then
		echo "busybox is not installed"
	else
		make_bundle "$work/works" /bin/echo it-works
		run_container "$1" "$work/works"
		rm -rf "$work/works"
		[ "$out" = it-works ] && echo yes || echo "$1 cannot run a container here: ${out//$'\n'/ }"
	fi
}
