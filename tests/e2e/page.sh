#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The HTML report of lint in Chromium (page.py): its contents, its filters, its looks, and that nothing
# of a hostile text becomes markup.
# shellcheck disable=SC2317 # functions that check calls
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"
command -v chromium >/dev/null || {
	skip "the HTML report" "no chromium"
	done_testing
}
cd "$work" || exit 2

make_bundle clean
make_bundle web
edit_config web '.annotations["io.hookwright.ignore.HW119"] = "wanted" | .hooks = {
	startContainer: [
		{ path: "/bin/gone", args: ["gone"], env: ["PATH=/bin"], timeout: 0 },
		{ path: "bin/sh", args: ["sh"], env: ["A"], tiemout: 3 },
		{ path: "/bin/true", args: ["true"], env: [] } ],
	Prestart: [],
	poststop: [ { path: "/no/such/program", args: ["x"], env: ["PATH=/bin"] } ] }'
make_bundle db
edit_config db '.hooks.startContainer = [
	{ path: "/bin/gone", args: ["gone"], env: ["PATH=/bin"] },
	{ path: "/bin/gr\u00fc\u00dfe", args: ["\ud83d\ude00"], env: ["PATH=/bin"], timeout: 1.5 }]'
jq -c . db/config.json >c && cp c db/config.json
export hostile='<b>"'\''&amp;</script><script>console.log(1)</script><img src=x onerror=alert(1)>'
make_bundle "${hostile//\//}"
edit_config "${hostile//\//}" '.hooks.startContainer = [
	{ path: ("/" + env.hostile), args: ["a"], env: ["PATH=/bin"] },
	{ path: "/bin/\u202egnp.exe", args: ["a"], env: ["\u0085\u001b[31m --> ]]> <!-- "] },
	{ path: "/bin/sh", args: ["a"], env: [("style=" + env.hostile)], (env.hostile): 1 }]'

hw lint --no-settings --inline-ignore -f html -o page.html -f json -o report.json web db clean \
	"${hostile//\//}"
[ "$status" = 1 ] || echo "# status $status: $err"

look() { # FUNCTION
	want "$1" "$(timeout 240 /usr/bin/python3 "$top/tests/e2e/page.py" "$1" page.html report.json 2>&1)" ""
}
check "every finding is there, with its place marked" look contents
check "hostile texts are texts, nothing is loaded, the console is silent" look sound
check "search and filters" look filters
check "contrast, dark and light, narrow, on paper" look looks
check "all of it can be read without script" look unscripted
done_testing
