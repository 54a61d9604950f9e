#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# usage: tests/truth/findings.sh [--update]
# Every rule of lint, and the words in which it is told.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/../e2e/lib.sh"

export HOOKWRIGHT
/usr/bin/python3 "$top/tests/truth/findings.py" "$@" "$work"
