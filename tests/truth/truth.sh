#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: tests/truth/truth.sh [OPTION...]
# Law "truth" for lint and explain: every row of the tables with real runs of runc and crun. The options are
# those of truth.py; --truth shows what the runtimes do, --only TEXT takes few rows.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"

export HOOKWRIGHT
for runtime in runc crun; do
	works $runtime || set -- --skip "$runtime=$why" "$@"
done
/usr/bin/python3 "$top/tests/truth/truth.py" "$@" "$work"
