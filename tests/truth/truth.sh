#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: tests/truth/truth.sh [OPTION...]
# Law "truth" for lint and explain: every row of the tables with real runs of runc and crun: those
# of this machine and those of other Debian suites that 'make runtimes' has put into
# $HW_RUNTIMES/SUITE/bin. The options are those of truth.py; --truth shows what the runtimes do,
# --only TEXT takes few rows.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"
HW_RUNTIMES=${HW_RUNTIMES:-$top/build/runtimes}
HW_SUITES=${HW_SUITES-$(sed -n 's/^SUITES *?= *//p' "$top/Makefile")}

# try NAME PROGRAM: an option for that runtime
try() {
	if works "$2"; then
		options+=(--runtime "$1=$2")
	else
		options+=(--skip "$1=$why")
	fi
}

options=()
for runtime in runc crun; do
	try $runtime $runtime
	for suite in $HW_SUITES; do
		program=$HW_RUNTIMES/$suite/bin/$runtime
		if [ -x "$program" ]; then
			try "$runtime of $suite" "$program"
		else
			why=$(cat "$HW_RUNTIMES/$suite/$runtime.lacking" 2>/dev/null) ||
				why="it is not there; 'make runtimes' fetches it"
			options+=(--skip "$runtime of $suite=$why")
		fi
	done
done
export HOOKWRIGHT
/usr/bin/python3 "$top/tests/truth/truth.py" "${options[@]}" "$@" "$work"
