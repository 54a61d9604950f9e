#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Documents and logs that mean harm: work, memory and output stay bounded, whatever they hold.
# The limits leave room for a loaded machine and for sanitizers; what grew faster than the input
# took minutes. tests/bench has the numbers.
# shellcheck disable=SC2317,SC2016 # functions that check calls, texts that eval expands
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/e2e/common.bash
. "$(dirname "$0")/common.bash"

inputs=$top/tests/bench/hostile_doc.py
b=$work/b
seconds=10 most=96
[ -z "${HW_SAN-}" ] || seconds=60 most=4096
printf 'version: 1\nhook: { path: /bin/true }\n' >"$work/bench.yaml"

# bounded ARG...: hookwright, with what it takes in $work/took: seconds of processor time, MiB
bounded() {
	/usr/bin/python3 - "$seconds" "$work/took" "$HOOKWRIGHT" "$@" >"$work/out" 2>"$work/err" <<'PYTHON'
import os, resource, sys
limit, took, *command = sys.argv[1:]
child = os.fork()
if child == 0:
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 1))
    os.execv(command[0], command)
_, status, usage = os.wait4(child, 0)
with open(took, "w", encoding="ascii") as file:
    print(round(usage.ru_utime + usage.ru_stime, 2), usage.ru_maxrss // 1024, file=file)
sys.exit(os.WTERMSIG(status) + 128 if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
PYTHON
}

# modest MOST ARG...: it ends by itself with a status up to MOST, within the memory, and prints less
# than a page for each rule
modest() {
	local worst=$1 status size took
	shift
	bounded "$@"
	status=$?
	read -r -a took <"$work/took"
	[ "$status" -le "$worst" ] || complain "status $status of: $*" "$(tail -c 300 "$work/err")"
	[ "${took[1]}" -le "$most" ] || complain "${took[1]} MiB: $*"
	size=$(cat "$work/out" "$work/err" | wc -c)
	[ "$size" -lt 300000 ] || complain "$size bytes of output: $*"
}

complain() {
	printf '%s\n' "$@" >>"$work/complaints"
}

document() { # NAME
	/usr/bin/python3 "$inputs" bundle "$1" "$b" || complain "no input $1"
	modest 3 lint --no-settings --no-policies "$b"
	modest 3 apply --dry-run -p "$work/bench.yaml" "$b"
}

output() { # NAME
	/usr/bin/python3 "$inputs" output "$1" 4000000 "$work/log" || complain "no input $1"
	modest 1 doctor "$work/log"
}

each() { # KIND FUNCTION
	local name
	for name in $(/usr/bin/python3 "$inputs" names "$1"); do
		: >"$work/complaints"
		"$2" "$name"
		is "$(cat "$work/complaints")" "" "$1: $name"
	done
}
each bundle document
each output output

# --- what is told of much that is wrong ---

bundle() { # CONFIG
	mkdir -p "$b/rootfs"
	printf '%s' "$1" >"$b/config.json"
}

frame() { # HOOKS-AND-OTHER-MEMBERS
	bundle '{"ociVersion":"1.0.2","root":{"path":"rootfs"},"process":{"cwd":"/","args":["/x"],
"user":{"uid":0,"gid":0}},"mounts":[{"destination":"/proc","type":"proc","source":"proc"}],
'"$1"'}'
}

numbers() { # N
	frame '"x":['"$(yes 1.5 | head -n "$1" | paste -sd,)"']'
}

lint() {
	"$HOOKWRIGHT" lint --no-settings --no-policies "$@"
}

as_json() { # EXPRESSION: of the report r and its bundle b
	/usr/bin/python3 -c "import json,sys; r = json.load(sys.stdin); b = r['bundles'][0]
of = lambda rule: [f for f in b['findings'] if f['rule'] == rule]
print($1)"
}

numbers 20
has "$(lint "$b")" "[HW122]" "twenty are told"
lacks "$(lint "$b")" "more finding" "twenty are all"
numbers 1000
text=$(lint "$b")
is "$(grep -c 'is not written as an integer' <<<"$text")" 20 "a thousand are told twenty times"
has "$text" "config.json: warning: ... and 980 more findings of HW122 in this bundle" \
	"and the others are counted"
has "$text" "1000 warnings" "the summary counts all"
is "$(lint --format=json "$b" | as_json 'len(of("HW122")), of("HW122")[19]["column"],
	[(o["rule"], o["severity"], o["count"]) for o in b["omitted"]], r["totals"]["warnings"]')" \
	"20 82 [('HW122', 'warning', 980)] 1000" "JSON has the first and the count"
is "$(lint --format=sarif "$b" | grep -c '"ruleId": "HW122"')" 21 "SARIF has one result more"
has "$(lint --format=sarif "$b")" '"omitted": 980' "with the count"
has "$(lint --format=junit "$b")" "... and 980 more findings of HW122" "JUnit tells it"
has "$(lint --format=github "$b")" "::... and 980 more findings of HW122" "GitHub hears of it"
lint --fail-on warning "$b" >/dev/null
is $? 1 "the status is as ever"
has "$(lint --ignore HW122:known "$b"; lint --ignore HW122:known --format=json "$b")" \
	'"ignored": 1000' "what is ignored is counted, too"

# Errors behind warnings of the same rule, and hooks in an order of no sense, count all the same.
frame '"x":['"$(yes 1.5 | head -n 30 | paste -sd,)"'],"z":{"uid":1.5}'
lint "$b" >"$work/out"
is $? 1 "an error that is only counted fails the run"
has "$(cat "$work/out")" "error: ... and 1 more finding of HW122" "and is told"
frame '"hooks":{"startContainer":['"$(
	for i in $(seq 99 -1 0); do printf '{"path":"/h%d"},{"path":"/h%d"},' "$i" "$i"; done
)"'{"path":"/h"}]}'
is "$(lint --format=json "$b" | as_json '[f["hook"] for f in of("HW123")], b["omitted"][0]["count"]>0,
	[o["count"] for o in b["omitted"] if o["rule"]=="HW123"]')" \
	"[$(seq -s', ' 1 2 39)] True [80]" "the first of the document are told"

# Texts of a megabyte in what is told 20 times.
: >"$work/complaints"
big=$(head -c 1000000 /dev/zero | tr '\0' x)
frame '"annotations":{"io.hookwright.ignore.HW118":"'"$big"'"},"hooks":{"startContainer":['"$(
	yes '{"path":"/h"}' | head -n 30 | paste -sd,)"']}'
modest 3 lint --no-settings --format=json "$b"
frame '"hooks":{"startContainer":[{"path":"/'"${big:0:120000}"'"}'"$(
	yes ',{"path":"/'"${big:0:120000}"'"}' | head -n 2)"']}'
modest 3 lint --no-settings --format=json "$b"
is "$(cat "$work/complaints")" "" "long texts are told as far as a path is long"

# --- limits ---

frame '"hooks":{"startContainer":['"$(yes '{"path":"/h","args":["h"],"env":["A=b"]}' |
	head -n 1001 | paste -sd,)"']}'
text=$(lint "$b")
has "$text" "config.json exceeds the limit of 1000 hooks" "hooks beyond the limit are told"
has "$text" "[HW130, unknown]" "as not inspected"
: >"$work/complaints"
frame '"x":['"$(yes 1 | head -n 5000000 | paste -sd,)"']'
modest 3 lint --no-settings "$b"
modest 3 apply --dry-run -p "$work/bench.yaml" "$b"
is "$(cat "$work/complaints")" "" "10 MB of values cost no more"
frame '"x":['"$(yes 1 | head -n 262144 | paste -sd,)"']'
text=$(lint "$b")
is $? 3 "too many values: not judged"
has "$text" "more than the limit of 262144 keys and values [HW130, unknown]" "they are told"
text=$("$HOOKWRIGHT" apply --dry-run -p "$work/bench.yaml" "$b" 2>&1)
is $? 3 "apply refuses them"
has "$text" "more than the limit of 262144 keys and values" "and says so"

# --- apply ---

frame '"hooks":{"startContainer":['"$(yes '{}' | head -n 500 | paste -sd,)"']}'
mkdir -p "$b/rootfs/bin" && cp /bin/true "$b/rootfs/bin/true"
text=$("$HOOKWRIGHT" explain -p "$work/bench.yaml" "$b" 2>&1)
is "$(grep -c 'does not have a path' <<<"$text")" 20 "apply's findings are cut"
has "$text" "config.json: ... and 480 more startContainer hooks without a path" "and counted"
has "$("$HOOKWRIGHT" explain --json -p "$work/bench.yaml" "$b")" '"omitted":	480' "also in JSON"

# --- hooks.d: a directory of a pull request ---

mkdir "$work/hooks.d"
hooks_file() { # HOOK WHEN
	printf '{"version":"1.0.0","hook":{"path":"/bin/true"%s},"when":{%s},"stages":["poststop"]}' \
		"$1" "$2" >"$work/hooks.d/a.json"
}
: >"$work/complaints"
hooks_file ',"env":['"$(yes '"A"' | head -n 200000 | paste -sd,)"']' '"always":true'
modest 0 apply --dry-run --hooks-dir "$work/hooks.d" "$b"
is "$(cat "$work/complaints")" "" "200,000 wrong variables in a hooks.d file"
is "$(grep -c "does not set an environment variable" "$work/err")" 20 "twenty are told"
has "$(cat "$work/err")" "... and 199980 more warnings about this file" "and the others counted"
hooks_file "" '"commands":['"$(yes '"^a$"' | head -n 256 | paste -sd,)"']'
ok "256 expressions are taken" "$HOOKWRIGHT" explain --hooks-dir "$work/hooks.d" "$b"
hooks_file "" '"commands":['"$(yes '"^a$"' | head -n 100000 | paste -sd,)"']'
modest 3 explain --hooks-dir "$work/hooks.d" "$b"
has "$(cat "$work/err")" "'when.commands' has 100000 expressions; at most 256 are allowed" \
	"100,000 are not"
done_testing
