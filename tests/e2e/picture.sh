#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The picture of lint in README.md is what lint prints today.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

picture=$top/tests/demo/lint.svg

up_to_date() {
	HOOKWRIGHT=$HOOKWRIGHT "$top/tests/demo/picture.sh" >"$work/lint.svg" ||
		complain "tests/demo/picture.sh fails"
	cmp -s "$picture" "$work/lint.svg" ||
		complain "run 'make picture':" "$(diff "$picture" "$work/lint.svg" | head -n 20)"
}
check "the picture in README.md is up to date" up_to_date

shown() {
	want_ok xmllint --noout --nonet "$picture"
	want_has README.md "$(cat "$top/README.md")" "(tests/demo/lint.svg)"
	want "references" "$(grep -cE 'href|url\(|<image|<style|@font|<script' "$picture")" 0
}
check "it is sound and refers to nothing" shown
done_testing
