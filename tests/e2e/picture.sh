#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The pictures in README.md are what lint and explain print today.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

up_to_date() { # NAME
	local picture=$top/tests/demo/$1.svg
	HOOKWRIGHT=$HOOKWRIGHT "$top/tests/demo/picture.sh" "$1" >"$work/new.svg" ||
		complain "tests/demo/picture.sh $1 fails"
	cmp -s "$picture" "$work/new.svg" ||
		complain "run 'make picture':" "$(diff "$picture" "$work/new.svg" | head -n 20)"
}

shown() { # NAME
	local picture=$top/tests/demo/$1.svg
	want_ok xmllint --noout --nonet "$picture"
	want_has README.md "$(cat "$top/README.md")" "(tests/demo/$1.svg)"
	want "references" "$(grep -cE 'href|url\(|<image|@import|@font|<script' "$picture")" 0
}

for name in lint explain; do
	check "the picture of $name in README.md is up to date" up_to_date "$name"
	check "the picture of $name is sound and refers to nothing" shown "$name"
done

# Pixels differ between browsers: the page of which the picture was taken is compared.
page() {
	local picture=$top/tests/demo/page.png now
	now=$(HOOKWRIGHT=$HOOKWRIGHT "$top/tests/demo/picture.sh" page | sha256sum)
	want "the page of tests/demo/page.png (run 'make picture')" \
		"$(/usr/bin/python3 "$top/tests/demo/page.py" --of "$picture")" "${now%% *}"
	want_has README.md "$(cat "$top/README.md")" "(tests/demo/page.png)"
}
check "the picture of the HTML report in README.md is up to date" page

# What the picture says of a container that was made to break it.
cd "$work" || exit 2
hostile() {
	make_bundle bad
	mkdir -p 'bad/rootfs/<b>&"]]>'
	edit_config bad '.mounts += [{ destination: "/</svg><script>&\u202e\u0007", type: "tmpfs",
		source: "\u001b[31m", options: [ "<!--" ] }]'
	printf 'version: 1\nhook: { path: "/<b>&\\"]]>/x", args: [x] }\notherwise: ignore\n' >hostile.yaml
	want_hw 0 explain --format svg -p hostile.yaml bad
	printf '%s\n' "$out" >bad.svg
	want_ok xmllint --noout --nonet bad.svg
	want "elements" "$(xmllint --xpath '//*' bad.svg | grep -oE '^<[a-z]+' | sort -u | paste -sd ' ')" \
		"<circle <path <rect <style <svg <text <title"
	want_has "the picture" "$(xmllint --xpath 'string(/)' bad.svg)" '/<b>&"]]>/x'
	want_lacks "the picture" "$out" $'\u202e'
}
check "hostile texts are texts in the picture of explain" hostile

marked() {
	HOOKWRIGHT=$HOOKWRIGHT "$top/tests/demo/picture.sh" explain >way.svg
	want "mounts on the way" "$(grep -A1 'class="box on"' way.svg | grep -c '>/opt/tools ')" 1
	want "all marked" "$(grep -c 'class="box on"' way.svg)" 1
	want_has "the way" "$(cat way.svg)" "/usr/bin/warm -&gt; /opt/tools/warm"
	want_has "the verdict" "$(grep 'class="no"' way.svg)" "unusable: "
}
check "the mounts on the way are marked" marked
done_testing
